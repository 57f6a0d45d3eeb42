package period_test

import (
	"testing"

	"github.com/shopsight/shopsight/internal/period"
)

// span is a hand-computed answer: dates, instants in UTC, and whether the last day is cut.
type span struct {
	from, to     string
	starts, ends string
	cut          bool
}

func checkSpan(t *testing.T, name string, got period.Span, want span) {
	t.Helper()
	if got.Range != days(t, want.from, want.to) || !got.StartsAt.Equal(instant(t, want.starts)) ||
		!got.EndsBefore.Equal(instant(t, want.ends)) || got.Cut != want.cut {
		t.Errorf("%s:\n got %s to %s, %s to %s, cut %t\nwant %+v", name,
			got.Range.From, got.Range.To, got.StartsAt, got.EndsBefore, got.Cut, want)
	}
}

// TestCompareEveryPreset stands at noon of a Sunday that lost an hour: 11 hours have passed since 05:00Z. On a winter day
// these end at 16:00Z.
func TestCompareEveryPreset(t *testing.T) {
	t.Parallel()
	c := newYork(t, "2026-03-08T12:00:00-04:00")
	for p, want := range map[period.Preset][3]span{ // previous period, previous year, the year's same weekdays
		period.Today: { // 2026-03-08
			{"2026-03-07", "2026-03-07", "2026-03-07T05:00:00Z", "2026-03-07T16:00:00Z", true},
			{"2025-03-08", "2025-03-08", "2025-03-08T05:00:00Z", "2025-03-08T16:00:00Z", true},
			{"2025-03-09", "2025-03-09", "2025-03-09T05:00:00Z", "2025-03-09T16:00:00Z", true},
		},
		period.Yesterday: {
			{"2026-03-06", "2026-03-06", "2026-03-06T05:00:00Z", "2026-03-07T05:00:00Z", false},
			{"2025-03-07", "2025-03-07", "2025-03-07T05:00:00Z", "2025-03-08T05:00:00Z", false},
			{"2025-03-08", "2025-03-08", "2025-03-08T05:00:00Z", "2025-03-09T05:00:00Z", false},
		},
		period.Last7Days: { // from 2026-03-02
			{"2026-02-23", "2026-03-01", "2026-02-23T05:00:00Z", "2026-03-01T16:00:00Z", true},
			{"2025-03-02", "2025-03-08", "2025-03-02T05:00:00Z", "2025-03-08T16:00:00Z", true},
			{"2025-03-03", "2025-03-09", "2025-03-03T05:00:00Z", "2025-03-09T16:00:00Z", true},
		},
		period.Last30Days: { // from 2026-02-07
			{"2026-01-08", "2026-02-06", "2026-01-08T05:00:00Z", "2026-02-06T16:00:00Z", true},
			{"2025-02-07", "2025-03-08", "2025-02-07T05:00:00Z", "2025-03-08T16:00:00Z", true},
			{"2025-02-08", "2025-03-09", "2025-02-08T05:00:00Z", "2025-03-09T16:00:00Z", true},
		},
		period.Last90Days: { // from 2025-12-09
			{"2025-09-10", "2025-12-08", "2025-09-10T04:00:00Z", "2025-12-08T16:00:00Z", true},
			{"2024-12-09", "2025-03-08", "2024-12-09T05:00:00Z", "2025-03-08T16:00:00Z", true},
			{"2024-12-10", "2025-03-09", "2024-12-10T05:00:00Z", "2025-03-09T16:00:00Z", true},
		},
		period.Last12Months: { // from 2025-03-09
			{"2024-03-09", "2025-03-08", "2024-03-09T05:00:00Z", "2025-03-08T16:00:00Z", true},
			{"2024-03-09", "2025-03-08", "2024-03-09T05:00:00Z", "2025-03-08T16:00:00Z", true},
			{"2024-03-10", "2025-03-09", "2024-03-10T05:00:00Z", "2025-03-09T16:00:00Z", true},
		},
		period.WeekToDate: { // from Monday 2026-03-02, the seventh day
			{"2026-02-23", "2026-03-01", "2026-02-23T05:00:00Z", "2026-03-01T16:00:00Z", true},
			{"2025-03-02", "2025-03-08", "2025-03-02T05:00:00Z", "2025-03-08T16:00:00Z", true},
			{"2025-03-03", "2025-03-09", "2025-03-03T05:00:00Z", "2025-03-09T16:00:00Z", true},
		},
		period.MonthToDate: { // the eighth day
			{"2026-02-01", "2026-02-08", "2026-02-01T05:00:00Z", "2026-02-08T16:00:00Z", true},
			{"2025-03-01", "2025-03-08", "2025-03-01T05:00:00Z", "2025-03-08T16:00:00Z", true},
			{"2025-03-02", "2025-03-09", "2025-03-02T05:00:00Z", "2025-03-09T16:00:00Z", true},
		},
		period.QuarterToDate: { // the 67th day, 31 + 28 + 8; in October 31 + 30 + 6
			{"2025-10-01", "2025-12-06", "2025-10-01T04:00:00Z", "2025-12-06T16:00:00Z", true},
			{"2025-01-01", "2025-03-08", "2025-01-01T05:00:00Z", "2025-03-08T16:00:00Z", true},
			{"2025-01-02", "2025-03-09", "2025-01-02T05:00:00Z", "2025-03-09T16:00:00Z", true},
		},
		period.YearToDate: {
			{"2025-01-01", "2025-03-08", "2025-01-01T05:00:00Z", "2025-03-08T16:00:00Z", true},
			{"2025-01-01", "2025-03-08", "2025-01-01T05:00:00Z", "2025-03-08T16:00:00Z", true},
			{"2025-01-02", "2025-03-09", "2025-01-02T05:00:00Z", "2025-03-09T16:00:00Z", true},
		},
		period.LastWeek: { // 2026-02-23 to 03-01
			{"2026-02-16", "2026-02-22", "2026-02-16T05:00:00Z", "2026-02-23T05:00:00Z", false},
			{"2025-02-23", "2025-03-01", "2025-02-23T05:00:00Z", "2025-03-02T05:00:00Z", false},
			{"2025-02-24", "2025-03-02", "2025-02-24T05:00:00Z", "2025-03-03T05:00:00Z", false},
		},
		period.LastMonth: { // February: the whole of January
			{"2026-01-01", "2026-01-31", "2026-01-01T05:00:00Z", "2026-02-01T05:00:00Z", false},
			{"2025-02-01", "2025-02-28", "2025-02-01T05:00:00Z", "2025-03-01T05:00:00Z", false},
			{"2025-02-02", "2025-03-01", "2025-02-02T05:00:00Z", "2025-03-02T05:00:00Z", false},
		},
		period.LastQuarter: { // October to December 2025
			{"2025-07-01", "2025-09-30", "2025-07-01T04:00:00Z", "2025-10-01T04:00:00Z", false},
			{"2024-10-01", "2024-12-31", "2024-10-01T04:00:00Z", "2025-01-01T05:00:00Z", false},
			{"2024-10-02", "2025-01-01", "2024-10-02T04:00:00Z", "2025-01-02T05:00:00Z", false},
		},
		period.LastYear: { // 2025: all 366 days of 2024
			{"2024-01-01", "2024-12-31", "2024-01-01T05:00:00Z", "2025-01-01T05:00:00Z", false},
			{"2024-01-01", "2024-12-31", "2024-01-01T05:00:00Z", "2025-01-01T05:00:00Z", false},
			{"2024-01-03", "2025-01-01", "2024-01-03T05:00:00Z", "2025-01-02T05:00:00Z", false},
		},
	} {
		for i, how := range []period.Comparison{
			period.PreviousPeriod, period.PreviousYear, period.PreviousYearMatchDayOfWeek,
		} {
			got, ok := c.Compare(c.Resolve(p, 0, 0), p, how)
			if !ok {
				t.Errorf("%s has no %s", p, how)
				continue
			}
			checkSpan(t, string(p)+" "+string(how), got, want[i])
		}
	}
}

func TestCompareWithNothing(t *testing.T) {
	t.Parallel()
	c := newYork(t, "2026-03-08T12:00:00-04:00")
	hows := []period.Comparison{
		period.NoComparison, "", "LAST_CENTURY",
		period.PreviousPeriod, period.PreviousYear, period.PreviousYearMatchDayOfWeek,
	}
	for _, p := range presets {
		for i, how := range hows {
			_, ok := c.Compare(c.Resolve(p, 0, 0), p, how)
			if want := i >= 3 && p != period.AllTime; ok != want {
				t.Errorf("%s compared with %q: %t, want %t", p, how, ok, want)
			}
		}
	}
	if s, ok := c.Compare(days(t, "1970-01-01", "9998-12-31"), "", period.PreviousPeriod); ok {
		t.Errorf("the time before the year 1 is compared with: %+v", s)
	}
}

func TestCompareUnfinished(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, now string
		preset    period.Preset
		from, to  string // when there is no preset
		how       period.Comparison
		want      span
	}{
		{"leap day a year ago", "2024-02-29T12:30:00-05:00", period.Today, "", "", period.PreviousYear,
			span{"2023-02-28", "2023-02-28", "2023-02-28T05:00:00Z", "2023-02-28T17:30:00Z", true}},
		{"leap day, month before", "2024-02-29T12:30:00-05:00", period.MonthToDate, "", "", period.PreviousPeriod,
			span{"2024-01-01", "2024-01-29", "2024-01-01T05:00:00Z", "2024-01-29T17:30:00Z", true}},
		{"29 days do not fit 28", "2024-02-29T12:30:00-05:00", period.MonthToDate, "", "", period.PreviousYear,
			span{"2023-02-01", "2023-02-28", "2023-02-01T05:00:00Z", "2023-03-01T05:00:00Z", false}},
		{"60 days do not fit 59", "2024-02-29T12:30:00-05:00", period.YearToDate, "", "", period.PreviousYear,
			span{"2023-01-01", "2023-02-28", "2023-01-01T05:00:00Z", "2023-03-01T05:00:00Z", false}},
		{"the 60th day of a common year", "2024-02-29T12:30:00-05:00", period.YearToDate, "", "", period.PreviousPeriod,
			span{"2023-01-01", "2023-03-01", "2023-01-01T05:00:00Z", "2023-03-01T17:30:00Z", true}},
		{"the 64th day of a leap year", "2025-03-05T12:00:00-05:00", period.YearToDate, "", "", period.PreviousYear,
			span{"2024-01-01", "2024-03-04", "2024-01-01T05:00:00Z", "2024-03-04T17:00:00Z", true}},
		{"366 days do not fit 365", "2024-02-29T12:30:00-05:00", period.Last12Months, "", "", period.PreviousPeriod,
			span{"2022-03-01", "2023-02-28", "2022-03-01T05:00:00Z", "2023-03-01T05:00:00Z", false}},
		{"twelve months before a leap day", "2025-02-28T12:00:00-05:00", period.Last12Months, "", "", period.PreviousPeriod,
			span{"2023-03-01", "2024-02-28", "2023-03-01T05:00:00Z", "2024-02-29T05:00:00Z", false}},
		{"31 March", "2026-03-31T14:00:00-04:00", period.MonthToDate, "", "", period.PreviousPeriod,
			span{"2026-02-01", "2026-02-28", "2026-02-01T05:00:00Z", "2026-03-01T05:00:00Z", false}},
		{"28 March", "2026-03-28T14:00:00-04:00", period.MonthToDate, "", "", period.PreviousPeriod,
			span{"2026-02-01", "2026-02-28", "2026-02-01T05:00:00Z", "2026-02-28T19:00:00Z", true}},
		{"31 May to 30 April", "2026-05-31T14:00:00-04:00", period.MonthToDate, "", "", period.PreviousPeriod,
			span{"2026-04-01", "2026-04-30", "2026-04-01T04:00:00Z", "2026-05-01T04:00:00Z", false}},
		{"24.5 hours do not fit 24", "2026-11-01T23:30:00-05:00", period.Today, "", "", period.PreviousPeriod,
			span{"2026-10-31", "2026-10-31", "2026-10-31T04:00:00Z", "2026-11-01T04:00:00Z", false}},
		{"24 hours of 25", "2026-11-02T23:59:59-05:00", period.Today, "", "", period.PreviousPeriod,
			span{"2026-11-01", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T03:59:59Z", true}},
		{"noon of a day of 25 hours", "2026-11-01T12:00:00-05:00", period.Today, "", "", period.PreviousPeriod,
			span{"2026-10-31", "2026-10-31", "2026-10-31T04:00:00Z", "2026-10-31T17:00:00Z", true}},
		{"to a day of 23 hours", "2026-03-09T12:00:00-04:00", period.Today, "", "", period.PreviousPeriod,
			span{"2026-03-08", "2026-03-08", "2026-03-08T05:00:00Z", "2026-03-08T17:00:00Z", true}},
		{"23.5 hours do not fit 23", "2026-03-09T23:30:00-04:00", period.Today, "", "", period.PreviousPeriod,
			span{"2026-03-08", "2026-03-08", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z", false}},
		{"the first instant of today", "2026-11-02T00:00:00-05:00", period.Today, "", "", period.PreviousPeriod,
			span{"2026-11-01", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-01T04:00:00Z", true}},
		{"the first instant of the second day", "2026-11-02T00:00:00-05:00", "", "2026-11-01", "2026-11-02", period.PreviousPeriod,
			span{"2026-10-30", "2026-10-31", "2026-10-30T04:00:00Z", "2026-10-31T04:00:00Z", true}},
		{"microseconds", "2026-11-23T12:00:00.123456-05:00", period.Today, "", "", period.PreviousPeriod,
			span{"2026-11-22", "2026-11-22", "2026-11-22T05:00:00Z", "2026-11-22T17:00:00.123456Z", true}},
		{"dates that go on", "2026-11-10T12:00:00-05:00", "", "2026-11-01", "2026-11-30", period.PreviousPeriod,
			span{"2026-10-02", "2026-10-11", "2026-10-02T04:00:00Z", "2026-10-11T16:00:00Z", true}},
		{"dates that go on, a year ago", "2026-11-10T12:00:00-05:00", "", "2026-11-01", "2026-11-30", period.PreviousYear,
			span{"2025-11-01", "2025-11-10", "2025-11-01T04:00:00Z", "2025-11-10T17:00:00Z", true}},
		{"dates to come", "2026-11-01T12:00:00-05:00", "", "2026-11-10", "2026-11-12", period.PreviousPeriod,
			span{"2026-11-07", "2026-11-09", "2026-11-07T05:00:00Z", "2026-11-10T05:00:00Z", false}},
		{"dates that have passed", "2026-11-01T12:00:00-05:00", "", "2024-02-01", "2024-02-29", period.PreviousYear,
			span{"2023-02-01", "2023-02-28", "2023-02-01T05:00:00Z", "2023-03-01T05:00:00Z", false}},
		{"a month by its dates is 31 days", "2026-11-01T12:00:00-05:00", "", "2026-03-01", "2026-03-31", period.PreviousPeriod,
			span{"2026-01-29", "2026-02-28", "2026-01-29T05:00:00Z", "2026-03-01T05:00:00Z", false}},
		{"a leap day by its date", "2026-11-01T12:00:00-05:00", "", "2024-02-29", "2024-02-29", period.PreviousYear,
			span{"2023-02-28", "2023-02-28", "2023-02-28T05:00:00Z", "2023-03-01T05:00:00Z", false}},
	} {
		c := newYork(t, tt.now)
		var r period.Range
		if tt.preset != "" {
			r = c.Resolve(tt.preset, 0, 0)
		} else {
			r = days(t, tt.from, tt.to)
		}
		got, ok := c.Compare(r, tt.preset, tt.how)
		if !ok {
			t.Errorf("%s: nothing to compare with", tt.name)
			continue
		}
		checkSpan(t, tt.name, got, tt.want)
	}
}

func TestCompareWithADateThatWasLeftOut(t *testing.T) {
	t.Parallel()
	c := period.Calendar{Zone: zone(t, "Pacific/Apia"), Now: instant(t, "2011-12-31T12:00:00+14:00")}
	got, ok := c.Compare(c.Resolve(period.Today, 0, 0), period.Today, period.PreviousPeriod)
	if !ok {
		t.Fatal("nothing to compare with")
	}
	checkSpan(t, "Apia", got,
		span{"2011-12-30", "2011-12-30", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", false})
}
