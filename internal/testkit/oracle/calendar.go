package oracle

import (
	"fmt"
	"time"
)

// Range marshals to the GraphQL input DateRangeInput: either Preset, or From and To as YYYY-MM-DD.
type Range struct {
	Preset string `json:"preset,omitempty"`
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
}

// Days is the explicit range of these days.
func Days(from, to string) Range { return Range{From: from, To: to} }

// Presets are all values of the enum DateRangePreset.
func Presets() []string {
	return []string{
		"TODAY", "YESTERDAY", "LAST_7_DAYS", "LAST_30_DAYS", "LAST_90_DAYS", "LAST_12_MONTHS",
		"WEEK_TO_DATE", "MONTH_TO_DATE", "QUARTER_TO_DATE", "YEAR_TO_DATE",
		"LAST_WEEK", "LAST_MONTH", "LAST_QUARTER", "LAST_YEAR", "ALL_TIME",
	}
}

// Comparisons are all values of the enum Comparison.
func Comparisons() []string {
	return []string{"NONE", "PREVIOUS_PERIOD", "PREVIOUS_YEAR", "PREVIOUS_YEAR_MATCH_DAY_OF_WEEK"}
}

// Intervals are all values of the enum Interval.
func Intervals() []string { return []string{"HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"} }

// A local calendar day is kept as midnight UTC of the same date: only its date is ever looked at.
func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func plusDays(d time.Time, n int) time.Time { return d.AddDate(0, 0, n) }

// plusMonths goes to the same day of another month, or to its last day where that is shorter.
func plusMonths(d time.Time, n int) time.Time {
	first := date(d.Year(), d.Month()+time.Month(n), 1)
	last := plusDays(date(first.Year(), first.Month()+1, 1), -1)
	if d.Day() > last.Day() {
		return last
	}
	return date(first.Year(), first.Month(), d.Day())
}

func daysBetween(from, to time.Time) int { return int(to.Sub(from) / (24 * time.Hour)) }

func (o *Oracle) startOfWeek(d time.Time) time.Time {
	for d.Weekday() != o.shop.WeekStart {
		d = plusDays(d, -1)
	}
	return d
}

func startOfMonth(d time.Time) time.Time { return date(d.Year(), d.Month(), 1) }

func startOfQuarter(d time.Time) time.Time {
	for (d.Month()-1)%3 != 0 {
		d = plusMonths(startOfMonth(d), -1)
	}
	return startOfMonth(d)
}

func startOfYear(d time.Time) time.Time { return date(d.Year(), 1, 1) }

// localDay is what the calendar on the shop's wall shows.
func (o *Oracle) localDay(t time.Time) time.Time {
	y, m, d := t.In(o.shop.Zone).Date()
	return date(y, m, d)
}

func (o *Oracle) today() time.Time { return o.localDay(o.Now) }

// startOf is the first instant whose local date is that day, or, where that date does not exist, the first of the next
// that does. It looks at every minute from long before until the calendar shows it: changes of the clock fall on whole
// minutes in all zones that a store may have since 1972.
func (o *Oracle) startOf(d time.Time) time.Time {
	if known, ok := o.starts[d]; ok {
		return known
	}
	t := d.Add(-30 * time.Hour)
	for o.localDay(t).Before(d) {
		t = t.Add(time.Minute)
	}
	o.starts[d] = t
	return t
}

// span is a period: local days, both included, that count only up to an instant.
type span struct {
	from, to             time.Time // days
	startsAt, endsBefore time.Time // instants
	cut                  bool      // only the part of its days between the instants
}

func (o *Oracle) span(from, to time.Time) span {
	return span{from, to, o.startOf(from), o.startOf(plusDays(to, 1)), false}
}

func (o *Oracle) in(s span, t time.Time) bool {
	d := o.localDay(t)
	return !d.Before(s.from) && !d.After(s.to) && (!s.cut || !t.Before(s.startsAt) && t.Before(s.endsBefore))
}

func (o *Oracle) resolve(r Range, v view) (span, error) {
	today := o.today()
	week, month, quarter, year := o.startOfWeek(today), startOfMonth(today), startOfQuarter(today), startOfYear(today)
	yesterday := plusDays(today, -1)
	switch r.Preset {
	case "":
		from, err := time.Parse(time.DateOnly, r.From)
		if err != nil {
			return span{}, err
		}
		to, err := time.Parse(time.DateOnly, r.To)
		if err != nil {
			return span{}, err
		}
		if to.Before(from) {
			return span{}, fmt.Errorf("%s is before %s", r.To, r.From)
		}
		return o.span(from, to), nil
	case "TODAY":
		return o.span(today, today), nil
	case "YESTERDAY":
		return o.span(yesterday, yesterday), nil
	case "LAST_7_DAYS":
		return o.span(plusDays(today, -6), today), nil
	case "LAST_30_DAYS":
		return o.span(plusDays(today, -29), today), nil
	case "LAST_90_DAYS":
		return o.span(plusDays(today, -89), today), nil
	case "LAST_12_MONTHS":
		return o.span(plusDays(plusMonths(today, -12), 1), today), nil
	case "WEEK_TO_DATE":
		return o.span(week, today), nil
	case "MONTH_TO_DATE":
		return o.span(month, today), nil
	case "QUARTER_TO_DATE":
		return o.span(quarter, today), nil
	case "YEAR_TO_DATE":
		return o.span(year, today), nil
	case "LAST_WEEK":
		return o.span(plusDays(week, -7), plusDays(week, -1)), nil
	case "LAST_MONTH":
		return o.span(plusMonths(month, -1), plusDays(month, -1)), nil
	case "LAST_QUARTER":
		return o.span(plusMonths(quarter, -3), plusDays(quarter, -1)), nil
	case "LAST_YEAR":
		return o.span(plusMonths(year, -12), plusDays(year, -1)), nil
	case "ALL_TIME":
		from, to := today, today
		for i, e := range v.entries {
			d := o.localDay(e.at)
			if i == 0 || d.Before(from) {
				from = d
			}
			if d.After(to) {
				to = d
			}
		}
		return o.span(from, to), nil
	}
	return span{}, fmt.Errorf("%q is no preset", r.Preset)
}

// compare is the period that s, which r resolved to, is compared with; nil without a comparison.
func (o *Oracle) compare(s span, r Range, how string) (*span, error) {
	if r.Preset == "ALL_TIME" {
		return nil, nil
	}
	var from, to time.Time
	switch how {
	case "", "NONE":
		return nil, nil
	case "PREVIOUS_PERIOD":
		from, to = o.unitBefore(s, r.Preset)
	case "PREVIOUS_YEAR":
		from, to = plusMonths(s.from, -12), plusMonths(s.to, -12)
	case "PREVIOUS_YEAR_MATCH_DAY_OF_WEEK":
		from, to = plusDays(s.from, -364), plusDays(s.to, -364)
	default:
		return nil, fmt.Errorf("%q is no comparison", how)
	}
	other := o.span(from, to)
	if o.Now.Before(s.endsBefore) {
		other = o.sameElapsed(s, other)
	}
	return &other, nil
}

// unitBefore is the calendar unit before that of a calendar preset, twelve months before twelve months, else as many
// days as s has, before it.
func (o *Oracle) unitBefore(s span, preset string) (from, to time.Time) {
	to = plusDays(s.from, -1)
	switch preset {
	case "WEEK_TO_DATE", "LAST_WEEK":
		return plusDays(s.from, -7), to
	case "MONTH_TO_DATE", "LAST_MONTH":
		return plusMonths(s.from, -1), to
	case "QUARTER_TO_DATE", "LAST_QUARTER":
		return plusMonths(s.from, -3), to
	case "YEAR_TO_DATE", "LAST_YEAR":
		return plusMonths(s.from, -12), to
	case "LAST_12_MONTHS": // the twelve months before these twelve
		return plusDays(plusMonths(to, -12), 1), to
	}
	return plusDays(s.from, -daysBetween(s.from, s.to)-1), to
}

// sameElapsed cuts the other period to what has passed of s, which has not ended: as many whole days, and of the day
// after those as much time as has passed today since today began. A shorter period counts whole.
func (o *Oracle) sameElapsed(s, other span) span {
	passed := daysBetween(s.from, o.today())
	if passed < 0 { // s has not begun: there is no elapsed time to go by
		return other
	}
	cutDay := plusDays(other.from, passed)
	if cutDay.After(other.to) {
		return other
	}
	ends := o.startOf(cutDay).Add(o.Now.Sub(o.startOf(o.today())))
	if next := o.startOf(plusDays(cutDay, 1)); ends.After(next) {
		ends = next
	}
	other.to, other.endsBefore, other.cut = cutDay, ends, true
	return other
}

// MaxPoints is the most points that a trend may have.
const MaxPoints = 1000

type bucket struct {
	span
	label string
}

// buckets divides a period. Edge buckets end where the period does.
func (o *Oracle) buckets(s span, interval string) ([]bucket, error) {
	if interval == "HOUR" {
		return o.hours(s)
	}
	unit := map[string]func(time.Time) time.Time{
		"DAY": func(d time.Time) time.Time { return d }, "WEEK": o.startOfWeek,
		"MONTH": startOfMonth, "QUARTER": startOfQuarter, "YEAR": startOfYear,
	}[interval]
	if unit == nil {
		return nil, fmt.Errorf("%q is no interval", interval)
	}
	var out []bucket
	from := s.from
	for d := s.from; !d.After(s.to); d = plusDays(d, 1) {
		if next := plusDays(d, 1); next.After(s.to) || !unit(next).Equal(unit(d)) {
			b := o.span(from, d)
			if s.cut && d.Equal(s.to) {
				b.cut, b.endsBefore = true, s.endsBefore
			}
			from = next
			if !b.startsAt.Before(b.endsBefore) {
				continue // only days that the zone left out, or of which the cut leaves nothing
			}
			out = append(out, bucket{b, o.localDay(b.startsAt).Format(time.DateOnly)})
			if len(out) > MaxPoints {
				return nil, errTooMany
			}
		}
	}
	return out, nil
}

var errTooMany = fmt.Errorf("more than %d points", MaxPoints)

// hours divides a period into the hours that the shop's clock really showed, by looking at it every minute: another
// hour begins when it shows another date or hour, or the same again at another distance from UTC.
func (o *Oracle) hours(s span) ([]bucket, error) {
	shown := func(t time.Time) string { return t.In(o.shop.Zone).Format("2006-01-02T15-07:00") }
	var out []bucket
	from := s.startsAt
	for t := s.startsAt; t.Before(s.endsBefore); {
		next := t.Add(time.Minute)
		if next.After(s.endsBefore) {
			next = s.endsBefore
		}
		if next.Equal(s.endsBefore) || shown(next) != shown(t) {
			d := o.localDay(from)
			out = append(out, bucket{span{d, d, from, next, true}, from.In(o.shop.Zone).Format("2006-01-02T15:00-07:00")})
			from = next
			if len(out) > MaxPoints {
				return nil, errTooMany
			}
		}
		t = next
	}
	return out, nil
}
