// Package period reads time the way a store does: in local days, in ranges of them, in comparisons and in buckets.
//
// A day is the store's local day and runs from the first instant with its date to the first instant with a later date.
// So days follow one another without gap or overlap, whatever the zone does to its clocks, and every instant belongs to
// exactly one. A day lasts 24 hours but for the days on which clocks change (23, 25, and 23.5 or 24.5 on Lord Howe
// Island), and a date that a zone left out (Apia, 2011-12-30) lasts no time at all.
//
// Everything here is a pure function: the zone, the first day of the week and the present instant come in with Calendar.
// Instants are returned in UTC.
package period

import (
	"fmt"
	"math"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
)

// Day is a calendar date, counted from 1970-01-01 as day 0, so that days compare and subtract as numbers.
type Day int32

// Days that are no dates.
const (
	// NoDay stands for the absence of a day. It is before every date.
	NoDay Day = math.MinInt32
	// Forever is after every date.
	Forever Day = math.MaxInt32
)

const secondsPerDay = 24 * 60 * 60

// The dates that ParseDay takes, and the first date that prints with a year of four digits.
var (
	firstInput = NewDay(1970, time.January, 1)
	lastInput  = NewDay(9998, time.December, 31)
	firstYear  = NewDay(1, time.January, 1)
)

// NewDay returns the day of a date. Values out of range carry over as with time.Date: month 13 is the next January, day
// 0 the last of the month before.
func NewDay(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// ParseDay reads a date as YYYY-MM-DD, from 1970-01-01 to 9998-12-31, so that the instant after it has a year of four
// digits in every zone. Everything else is fault.Invalid: other formats,
// dates that no calendar has, years outside.
func ParseDay(s string) (Day, error) {
	// time.Parse takes the layout's digits only as such, two of them for month and day, and checks the calendar.
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return NoDay, fault.Errorf(fault.Invalid, "%.20q is not a date of the form YYYY-MM-DD", s)
	}
	d := NewDay(t.Date())
	if d < firstInput || d > lastInput {
		return NoDay, fault.Errorf(fault.Invalid, "%s is not between %s and %s", s, firstInput, lastInput)
	}
	return d, nil
}

// Date returns the parts of the date.
func (d Day) Date() (year int, month time.Month, day int) { return d.utc().Date() }

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.utc().Weekday() }

// String returns the date as YYYY-MM-DD; "none" and "forever" for the days that are no dates.
func (d Day) String() string {
	switch d {
	case NoDay:
		return "none"
	case Forever:
		return "forever"
	}
	year, month, day := d.Date()
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}

// utc is the midnight of the date in UTC, where the calendar needs no zone.
func (d Day) utc() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// addMonths returns the same day of another month, or that month's last day when it is shorter.
func (d Day) addMonths(n int) Day {
	year, month, day := d.Date()
	last := NewDay(year, month+time.Month(n)+1, 0)
	return min(NewDay(year, month+time.Month(n), 1)+Day(day-1), last)
}

// monthStart returns the first day of the group of months that d is in: groups of 1 are months, of 3 quarters, of 12
// years.
func (d Day) monthStart(group int) Day {
	year, month, _ := d.Date()
	return NewDay(year, month-time.Month((int(month)-1)%group), 1)
}

// weekStart returns the first day of the week that d is in.
func (d Day) weekStart(first time.Weekday) Day {
	return d - Day((d.Weekday()-first+7)%7)
}
