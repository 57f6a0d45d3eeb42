package oracle_test

import (
	"slices"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/testkit/oracle"
)

// TestDays holds starts of local days that are known from the rules of the zones.
func TestDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone, from, to, startsAt, endsBefore string
		hours                                int // real local hours; a half one counts too
		firstHour                            string
	}{
		{"UTC", "2026-01-01", "2026-01-01", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", 24, "2026-01-01T00:00+00:00"},
		{"America/New_York", "2026-03-08", "2026-03-08", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z", 23, "2026-03-08T00:00-05:00"},
		{"America/New_York", "2026-11-01", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", 25, "2026-11-01T00:00-04:00"},
		{"Europe/Berlin", "2026-03-29", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 23, "2026-03-29T00:00+01:00"},
		{"America/Santiago", "2025-09-07", "2025-09-07", "2025-09-07T04:00:00Z", "2025-09-08T03:00:00Z", 23, "2025-09-07T01:00-03:00"}, // no midnight
		{"Asia/Beirut", "2026-03-29", "2026-03-29", "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z", 23, "2026-03-29T01:00+03:00"},      // no midnight
		{"Australia/Lord_Howe", "2026-04-05", "2026-04-05", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z", 25, "2026-04-05T00:00+11:00"},
		{"Australia/Lord_Howe", "2025-10-05", "2025-10-05", "2025-10-04T13:30:00Z", "2025-10-05T13:00:00Z", 24, "2025-10-05T00:00+10:30"},
		{"Pacific/Apia", "2011-12-30", "2011-12-30", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", 0, ""}, // did not exist
		{"Pacific/Apia", "2011-12-29", "2011-12-31", "2011-12-29T10:00:00Z", "2011-12-31T10:00:00Z", 48, "2011-12-29T00:00-10:00"},
		{"Asia/Kolkata", "2026-01-01", "2026-01-02", "2025-12-31T18:30:00Z", "2026-01-02T18:30:00Z", 48, "2026-01-01T00:00+05:30"},
	} {
		t.Run(c.zone+" "+c.from, func(t *testing.T) {
			t.Parallel()
			o := oracle.New(shop(t, "USD", 2, c.zone))
			got, err := o.Trend(oracle.Days(c.from, c.to), "HOUR", "")
			if err != nil {
				t.Fatal(err)
			}
			if !got.Range.StartsAt.Equal(at(t, c.startsAt)) || !got.Range.EndsBefore.Equal(at(t, c.endsBefore)) {
				t.Errorf("%v to %v, want %s to %s", got.Range.StartsAt, got.Range.EndsBefore, c.startsAt, c.endsBefore)
			}
			if len(got.Points) != c.hours {
				t.Errorf("%d hours, want %d", len(got.Points), c.hours)
			} else if c.hours > 0 && got.Points[0].Label != c.firstHour {
				t.Errorf("first hour %s, want %s", got.Points[0].Label, c.firstHour)
			}
		})
	}
}

// TestLeftOutDay: Samoa went from 2011-12-29 to 2011-12-31. The day between makes no point, and a point that would begin
// on it is named after the day on which it does.
func TestLeftOutDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to, interval string
		labels             []string
	}{
		{"2011-12-29", "2012-01-01", "DAY", []string{"2011-12-29", "2011-12-31", "2012-01-01"}},
		{"2011-12-30", "2012-01-01", "MONTH", []string{"2011-12-31", "2012-01-01"}},
		{"2011-12-30", "2011-12-30", "DAY", nil},
	} {
		t.Run(c.from+" "+c.interval, func(t *testing.T) {
			t.Parallel()
			got, err := oracle.New(shop(t, "USD", 2, "Pacific/Apia")).Trend(oracle.Days(c.from, c.to), c.interval, "")
			if err != nil {
				t.Fatal(err)
			}
			var labels []string
			for _, p := range got.Points {
				labels = append(labels, p.Label)
			}
			if !slices.Equal(labels, c.labels) {
				t.Errorf("points %v, want %v", labels, c.labels)
			}
		})
	}
}

// TestRepeatedHour: 01:00 comes twice in New York on 2026-11-01, and an order stands in the one in which it was placed.
func TestRepeatedHour(t *testing.T) {
	t.Parallel()
	o := oracle.New(shop(t, "USD", 2, "America/New_York"))
	first, second := simple("1", "", "1.00", nil), simple("2", "", "2.00", nil)
	first.ProcessedAt, second.ProcessedAt = at(t, "2026-11-01T05:59:59.999999Z"), at(t, "2026-11-01T06:00:00Z")
	apply(t, o, orders(first, second))
	got, err := o.Trend(oracle.Days("2026-11-01", "2026-11-01"), "HOUR", "")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "points", []map[string]any{
		{"label": "2026-11-01T01:00-04:00", "netSales": map[string]any{"amount": "1.00"}},
		{"label": "2026-11-01T01:00-05:00", "netSales": map[string]any{"amount": "2.00"}},
		{"label": "2026-11-01T02:00-05:00", "netSales": map[string]any{"amount": "0.00"}},
	}, got.Points[1:4])
}

// TestRanges holds presets and comparisons at Wednesday 2026-07-15 14:30 in Berlin (12:30 UTC), weeks from Monday.
func TestRanges(t *testing.T) {
	t.Parallel()
	type period struct{ from, to, ends string } // ends: only where the comparison is cut
	for _, c := range []struct {
		r                       oracle.Range
		from, to                string
		previous, year, weekday period
	}{
		{oracle.Range{Preset: "TODAY"}, "2026-07-15", "2026-07-15",
			period{"2026-07-14", "2026-07-14", "2026-07-14T12:30:00Z"},
			period{"2025-07-15", "2025-07-15", "2025-07-15T12:30:00Z"},
			period{"2025-07-16", "2025-07-16", "2025-07-16T12:30:00Z"}},
		{oracle.Range{Preset: "YESTERDAY"}, "2026-07-14", "2026-07-14",
			period{"2026-07-13", "2026-07-13", ""}, period{"2025-07-14", "2025-07-14", ""}, period{"2025-07-15", "2025-07-15", ""}},
		{oracle.Range{Preset: "LAST_7_DAYS"}, "2026-07-09", "2026-07-15",
			period{"2026-07-02", "2026-07-08", "2026-07-08T12:30:00Z"},
			period{"2025-07-09", "2025-07-15", "2025-07-15T12:30:00Z"},
			period{"2025-07-10", "2025-07-16", "2025-07-16T12:30:00Z"}},
		{oracle.Range{Preset: "LAST_12_MONTHS"}, "2025-07-16", "2026-07-15",
			period{"2024-07-16", "2025-07-15", "2025-07-15T12:30:00Z"},
			period{"2024-07-16", "2025-07-15", "2025-07-15T12:30:00Z"},
			period{"2024-07-17", "2025-07-16", "2025-07-16T12:30:00Z"}},
		{oracle.Range{Preset: "WEEK_TO_DATE"}, "2026-07-13", "2026-07-15",
			period{"2026-07-06", "2026-07-08", "2026-07-08T12:30:00Z"},
			period{"2025-07-13", "2025-07-15", "2025-07-15T12:30:00Z"},
			period{"2025-07-14", "2025-07-16", "2025-07-16T12:30:00Z"}},
		{oracle.Range{Preset: "LAST_WEEK"}, "2026-07-06", "2026-07-12",
			period{"2026-06-29", "2026-07-05", ""}, period{"2025-07-06", "2025-07-12", ""}, period{"2025-07-07", "2025-07-13", ""}},
		{oracle.Range{Preset: "MONTH_TO_DATE"}, "2026-07-01", "2026-07-15",
			period{"2026-06-01", "2026-06-15", "2026-06-15T12:30:00Z"},
			period{"2025-07-01", "2025-07-15", "2025-07-15T12:30:00Z"},
			period{"2025-07-02", "2025-07-16", "2025-07-16T12:30:00Z"}},
		{oracle.Range{Preset: "LAST_MONTH"}, "2026-06-01", "2026-06-30",
			period{"2026-05-01", "2026-05-31", ""}, period{"2025-06-01", "2025-06-30", ""}, period{"2025-06-02", "2025-07-01", ""}},
		{oracle.Range{Preset: "QUARTER_TO_DATE"}, "2026-07-01", "2026-07-15",
			period{"2026-04-01", "2026-04-15", "2026-04-15T12:30:00Z"},
			period{"2025-07-01", "2025-07-15", "2025-07-15T12:30:00Z"},
			period{"2025-07-02", "2025-07-16", "2025-07-16T12:30:00Z"}},
		{oracle.Range{Preset: "LAST_QUARTER"}, "2026-04-01", "2026-06-30",
			period{"2026-01-01", "2026-03-31", ""}, period{"2025-04-01", "2025-06-30", ""}, period{"2025-04-02", "2025-07-01", ""}},
		{oracle.Range{Preset: "YEAR_TO_DATE"}, "2026-01-01", "2026-07-15",
			period{"2025-01-01", "2025-07-15", "2025-07-15T12:30:00Z"},
			period{"2025-01-01", "2025-07-15", "2025-07-15T12:30:00Z"},
			period{"2025-01-02", "2025-07-16", "2025-07-16T12:30:00Z"}},
		{oracle.Range{Preset: "LAST_YEAR"}, "2025-01-01", "2025-12-31",
			period{"2024-01-01", "2024-12-31", ""}, period{"2024-01-01", "2024-12-31", ""}, period{"2024-01-03", "2025-01-01", ""}},
		{oracle.Days("2024-02-29", "2024-03-01"), "2024-02-29", "2024-03-01",
			period{"2024-02-27", "2024-02-28", ""}, period{"2023-02-28", "2023-03-01", ""}, period{"2023-03-02", "2023-03-03", ""}},
	} {
		t.Run(c.r.Preset+c.r.From, func(t *testing.T) {
			t.Parallel()
			o := oracle.New(shop(t, "EUR", 2, "Europe/Berlin"))
			o.Now = at(t, "2026-07-15T12:30:00Z")
			for how, want := range map[string]period{
				"PREVIOUS_PERIOD": c.previous, "PREVIOUS_YEAR": c.year, "PREVIOUS_YEAR_MATCH_DAY_OF_WEEK": c.weekday,
			} {
				got, err := o.Overview(c.r, how)
				if err != nil {
					t.Fatal(err)
				}
				if got.Range.From != c.from || got.Range.To != c.to {
					t.Errorf("range %s to %s, want %s to %s", got.Range.From, got.Range.To, c.from, c.to)
				}
				if got.ComparedTo.From != want.from || got.ComparedTo.To != want.to {
					t.Errorf("%s: %s to %s, want %s to %s", how, got.ComparedTo.From, got.ComparedTo.To, want.from, want.to)
				}
				if want.ends != "" && !got.ComparedTo.EndsBefore.Equal(at(t, want.ends)) {
					t.Errorf("%s: ends %v, want %s", how, got.ComparedTo.EndsBefore, want.ends)
				}
			}
		})
	}
}

// TestShorterMonth: on 31 March the whole of February has passed.
func TestShorterMonth(t *testing.T) {
	t.Parallel()
	o := oracle.New(shop(t, "EUR", 2, "UTC"))
	o.Now = at(t, "2026-03-31T09:00:00Z")
	got, err := o.Overview(oracle.Range{Preset: "MONTH_TO_DATE"}, "PREVIOUS_PERIOD")
	if err != nil {
		t.Fatal(err)
	}
	if got.ComparedTo.From != "2026-02-01" || !got.ComparedTo.EndsBefore.Equal(at(t, "2026-03-01T00:00:00Z")) {
		t.Errorf("compared to %+v", got.ComparedTo)
	}
}

// TestAllTime: the refund before the sale is the first entry, and the last one is later than today.
func TestAllTime(t *testing.T) {
	t.Parallel()
	o := oracle.New(shop(t, "EUR", 2, "UTC"))
	o.Now = at(t, "2026-03-31T09:00:00Z")
	span := func() string {
		got, err := o.Overview(oracle.Range{Preset: "ALL_TIME"}, "PREVIOUS_PERIOD")
		if err != nil {
			t.Fatal(err)
		}
		if got.ComparedTo != nil {
			t.Error("ALL_TIME has a comparison")
		}
		return got.Range.From + " " + got.Range.To
	}
	if got := span(); got != "2026-03-31 2026-03-31" {
		t.Errorf("empty store: %s", got)
	}
	ord := simple("1", "", "1.00", nil)
	ord.ProcessedAt = at(t, "2026-04-01T08:00:00Z")
	ord.Refunds = []oracle.RefundInput{{ShopifyID: "2", CreatedAt: at(t, "2026-01-05T23:00:00Z"), Amount: "1"}}
	test := simple("3", "", "1.00", nil)
	test.ProcessedAt, test.Test = at(t, "2025-01-01T00:00:00Z"), true
	apply(t, o, orders(ord, test))
	if got := span(); got != "2026-01-05 2026-04-01" {
		t.Errorf("with orders: %s", got)
	}
}

// TestBuckets: the edges are clipped, weeks begin when the shop says, and a thousand points are the most.
func TestBuckets(t *testing.T) {
	t.Parallel()
	s := shop(t, "EUR", 2, "Europe/Berlin")
	s.WeekStart = time.Sunday
	o := oracle.New(s)
	o.Now = at(t, "2026-03-10T12:00:00Z") // a Tuesday
	labels := func(interval string) (out []string) {
		got, err := o.Trend(oracle.Days("2026-02-25", "2026-03-10"), interval, "")
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range got.Points {
			out = append(out, p.Label)
			if p.Partial != (i == len(got.Points)-1) {
				t.Errorf("%s: partial is %v", p.Label, p.Partial)
			}
		}
		return out
	}
	for interval, want := range map[string][]string{
		"WEEK": {"2026-02-25", "2026-03-01", "2026-03-08"}, "MONTH": {"2026-02-25", "2026-03-01"},
		"QUARTER": {"2026-02-25"}, "YEAR": {"2026-02-25"},
	} {
		if got := labels(interval); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", interval, got, want)
		}
	}
	if _, err := o.Trend(oracle.Days("2020-01-01", "2022-09-26"), "DAY", ""); err != nil {
		t.Errorf("1,000 days: %v", err)
	}
	if _, err := o.Trend(oracle.Days("2020-01-01", "2022-09-27"), "DAY", ""); err == nil {
		t.Error("1,001 days were answered")
	}
}
