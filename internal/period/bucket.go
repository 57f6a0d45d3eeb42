package period

import (
	"time"

	"github.com/shopsight/shopsight/internal/fault"
)

// Interval is the length of the points of a trend. The values are those of the API's enum Interval.
type Interval string

// The intervals.
const (
	ByHour    Interval = "HOUR"
	ByDay     Interval = "DAY"
	ByWeek    Interval = "WEEK"
	ByMonth   Interval = "MONTH"
	ByQuarter Interval = "QUARTER"
	ByYear    Interval = "YEAR"
)

// MaxBuckets is how many points a trend may have.
const MaxBuckets = 1000

// Bucket is one point of a trend: from StartsAt up to, not including, EndsBefore.
type Bucket struct {
	// Range holds the days of the bucket; for HOUR the one day that the hour is in.
	Range Range
	// StartsAt and EndsBefore are the bucket's instants. They lie within the span.
	StartsAt, EndsBefore time.Time
	// Label is Range.From as YYYY-MM-DD, for HOUR the local hour with its offset: "2026-11-01T01:00-04:00".
	Label string
	// Partial says that the bucket has not ended at Now: it is under way, or still to come. A bucket that the span cuts
	// short ends where the span does, so those of a comparison with the past are not partial.
	Partial bool
}

// Buckets divides a span into buckets, oldest first. They follow one another without gap or overlap, begin with the
// span and end with it: the first and the last are clipped. Weeks begin on WeekStart, quarters in January, April, July
// and October, and hours are the real local hours that HourStart describes. A date that the zone left out, or of which
// a cut leaves no time, makes no bucket, so a span that lasts no time has none.
//
// More than MaxBuckets of them are fault.Invalid, as is an unknown interval. The work is bounded by MaxBuckets, however
// long the span.
func (c Calendar) Buckets(s Span, i Interval) ([]Bucket, error) {
	next, ok := c.divider(i)
	if !ok {
		return nil, fault.Errorf(fault.Invalid, "%.20q is not an interval", string(i))
	}
	var buckets []Bucket
	for t := s.StartsAt; t.Before(s.EndsBefore); {
		if len(buckets) == MaxBuckets {
			return nil, fault.Errorf(fault.Invalid,
				"the range has more than %d points: choose a longer interval or a shorter range", MaxBuckets)
		}
		end := next(t)
		if end.After(s.EndsBefore) {
			end = s.EndsBefore
		}
		b := Bucket{StartsAt: t, EndsBefore: end, Partial: c.Now.Before(end)}
		b.Range = Range{DayOf(t, c.Zone), DayOf(end.Add(-1), c.Zone)}
		if b.Label = b.Range.From.String(); i == ByHour {
			b.Label = hourLabel(t, c.Zone)
		}
		buckets = append(buckets, b)
		t = end
	}
	return buckets, nil
}

// divider returns the function from an instant to the first one after its interval.
func (c Calendar) divider(i Interval) (func(time.Time) time.Time, bool) {
	days := func(next func(Day) Day) func(time.Time) time.Time {
		return func(t time.Time) time.Time { return next(DayOf(t, c.Zone)).Start(c.Zone) }
	}
	switch i {
	case ByHour:
		return func(t time.Time) time.Time { _, end := hour(t, c.Zone); return end }, true
	case ByDay:
		return days(func(d Day) Day { return d + 1 }), true
	case ByWeek:
		return days(func(d Day) Day { return d.weekStart(c.WeekStart) + 7 }), true
	case ByMonth:
		return days(func(d Day) Day { return d.monthStart(1).addMonths(1) }), true
	case ByQuarter:
		return days(func(d Day) Day { return d.monthStart(3).addMonths(3) }), true
	case ByYear:
		return days(func(d Day) Day { return d.monthStart(12).addMonths(12) }), true
	}
	return nil, false
}
