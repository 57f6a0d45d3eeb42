package period_test

import (
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/period"
)

var presets = []period.Preset{
	period.Today, period.Yesterday, period.Last7Days, period.Last30Days, period.Last90Days, period.Last12Months,
	period.WeekToDate, period.MonthToDate, period.QuarterToDate, period.YearToDate,
	period.LastWeek, period.LastMonth, period.LastQuarter, period.LastYear, period.AllTime,
}

func newYork(t testing.TB, now string) period.Calendar {
	t.Helper()
	return period.Calendar{Zone: zone(t, "America/New_York"), WeekStart: time.Monday, Now: instant(t, now)}
}

func days(t testing.TB, from, to string) period.Range {
	t.Helper()
	return period.Range{From: day(t, from), To: day(t, to)}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	type dates struct{ from, to string }
	for _, tt := range []struct {
		now   string
		week  time.Weekday
		today string
		want  map[period.Preset]dates
	}{
		{"2024-02-29T12:30:00-05:00", time.Sunday, "2024-02-29", map[period.Preset]dates{ // a Thursday
			period.Today:         {"2024-02-29", "2024-02-29"},
			period.Yesterday:     {"2024-02-28", "2024-02-28"},
			period.Last7Days:     {"2024-02-23", "2024-02-29"},
			period.Last30Days:    {"2024-01-31", "2024-02-29"},
			period.Last90Days:    {"2023-12-02", "2024-02-29"},
			period.Last12Months:  {"2023-03-01", "2024-02-29"},
			period.WeekToDate:    {"2024-02-25", "2024-02-29"},
			period.MonthToDate:   {"2024-02-01", "2024-02-29"},
			period.QuarterToDate: {"2024-01-01", "2024-02-29"},
			period.YearToDate:    {"2024-01-01", "2024-02-29"},
			period.LastWeek:      {"2024-02-18", "2024-02-24"},
			period.LastMonth:     {"2024-01-01", "2024-01-31"},
			period.LastQuarter:   {"2023-10-01", "2023-12-31"},
			period.LastYear:      {"2023-01-01", "2023-12-31"},
			period.AllTime:       {"2019-05-05", "2024-02-29"},
		}},
		{"2026-03-08T23:59:59-04:00", time.Monday, "2026-03-08", map[period.Preset]dates{ // a Sunday of 23 hours
			period.Today:         {"2026-03-08", "2026-03-08"},
			period.Yesterday:     {"2026-03-07", "2026-03-07"},
			period.Last7Days:     {"2026-03-02", "2026-03-08"},
			period.Last30Days:    {"2026-02-07", "2026-03-08"},
			period.Last90Days:    {"2025-12-09", "2026-03-08"},
			period.Last12Months:  {"2025-03-09", "2026-03-08"},
			period.WeekToDate:    {"2026-03-02", "2026-03-08"},
			period.MonthToDate:   {"2026-03-01", "2026-03-08"},
			period.QuarterToDate: {"2026-01-01", "2026-03-08"},
			period.YearToDate:    {"2026-01-01", "2026-03-08"},
			period.LastWeek:      {"2026-02-23", "2026-03-01"},
			period.LastMonth:     {"2026-02-01", "2026-02-28"},
			period.LastQuarter:   {"2025-10-01", "2025-12-31"},
			period.LastYear:      {"2025-01-01", "2025-12-31"},
			period.AllTime:       {"2019-05-05", "2026-03-08"},
		}},
		{"2026-08-31T04:00:00Z", time.Monday, "2026-08-31", map[period.Preset]dates{ // the first instant of a Monday
			period.Last12Months:  {"2025-09-01", "2026-08-31"},
			period.WeekToDate:    {"2026-08-31", "2026-08-31"},
			period.QuarterToDate: {"2026-07-01", "2026-08-31"},
			period.LastWeek:      {"2026-08-24", "2026-08-30"},
			period.LastMonth:     {"2026-07-01", "2026-07-31"},
			period.LastQuarter:   {"2026-04-01", "2026-06-30"},
		}},
		{"2025-02-28T12:00:00-05:00", time.Saturday, "2025-02-28", map[period.Preset]dates{ // a Friday
			period.Last12Months: {"2024-02-29", "2025-02-28"},
			period.WeekToDate:   {"2025-02-22", "2025-02-28"},
			period.LastWeek:     {"2025-02-15", "2025-02-21"},
		}},
		{"2026-01-01T00:00:00-05:00", time.Monday, "2026-01-01", map[period.Preset]dates{
			period.Yesterday:     {"2025-12-31", "2025-12-31"},
			period.Last12Months:  {"2025-01-02", "2026-01-01"},
			period.MonthToDate:   {"2026-01-01", "2026-01-01"},
			period.QuarterToDate: {"2026-01-01", "2026-01-01"},
			period.YearToDate:    {"2026-01-01", "2026-01-01"},
			period.LastMonth:     {"2025-12-01", "2025-12-31"},
			period.LastQuarter:   {"2025-10-01", "2025-12-31"},
			period.LastYear:      {"2025-01-01", "2025-12-31"},
		}},
	} {
		c := newYork(t, tt.now)
		c.WeekStart = tt.week
		if got := c.Today().String(); got != tt.today {
			t.Errorf("at %s today is %s, want %s", tt.now, got, tt.today)
		}
		for p, want := range tt.want {
			got := c.Resolve(p, day(t, "2019-05-05"), day(t, "2020-01-01"))
			if got != days(t, want.from, want.to) {
				t.Errorf("%s: %s is %s to %s, want %s to %s", tt.now, p, got.From, got.To, want.from, want.to)
			}
		}
	}
}

func TestResolveAllTime(t *testing.T) {
	t.Parallel()
	c := newYork(t, "2026-11-23T12:00:00Z")
	today := day(t, "2026-11-23")
	for _, tt := range []struct{ first, last, from, to period.Day }{
		{period.NoDay, period.NoDay, today, today},
		{today - 9, today - 5, today - 9, today},
		{today - 9, today + 1, today - 9, today + 1},
		{today + 1, today + 1, today + 1, today + 1},
		{today + 1, period.NoDay, today + 1, today + 1},
	} {
		if got := c.Resolve(period.AllTime, tt.first, tt.last); got != (period.Range{From: tt.from, To: tt.to}) {
			t.Errorf("entries from %s to %s: got %s to %s", tt.first, tt.last, got.From, got.To)
		}
	}
	if got := c.Resolve("SOMETIME", today-9, today); got != (period.Range{From: today, To: today}) {
		t.Errorf("an unknown preset is %s to %s", got.From, got.To)
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ zone, from, to, starts, ends string }{
		{"America/New_York", "2026-03-08", "2026-03-08", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"},
		{"America/New_York", "2026-10-31", "2026-11-01", "2026-10-31T04:00:00Z", "2026-11-02T05:00:00Z"},
		{"Pacific/Apia", "2011-12-29", "2011-12-31", "2011-12-29T10:00:00Z", "2011-12-31T10:00:00Z"},
		{"Pacific/Apia", "2011-12-30", "2011-12-30", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"},
		{"UTC", "1970-01-01", "9998-12-31", "1970-01-01T00:00:00Z", "9999-01-01T00:00:00Z"},
	} {
		c := period.Calendar{Zone: zone(t, tt.zone)}
		r := days(t, tt.from, tt.to)
		s := c.Span(r)
		if s.Range != r || s.Cut || !s.StartsAt.Equal(instant(t, tt.starts)) || !s.EndsBefore.Equal(instant(t, tt.ends)) {
			t.Errorf("%s to %s in %s: got %+v", tt.from, tt.to, tt.zone, s)
		}
	}
}
