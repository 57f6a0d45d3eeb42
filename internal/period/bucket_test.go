package period_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/testkit"
)

var intervals = []period.Interval{
	period.ByHour, period.ByDay, period.ByWeek, period.ByMonth, period.ByQuarter, period.ByYear,
}

func TestBucketsOfDays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		zone, from, to string
		interval       period.Interval
		want           []string // label, last day
	}{
		{"UTC", "2026-11-22", "2026-11-24", period.ByDay,
			[]string{"2026-11-22 2026-11-22", "2026-11-23 2026-11-23", "2026-11-24 2026-11-24"}},
		{"UTC", "2026-11-04", "2026-11-23", period.ByWeek, // a Wednesday to a Monday
			[]string{"2026-11-04 2026-11-08", "2026-11-09 2026-11-15", "2026-11-16 2026-11-22", "2026-11-23 2026-11-23"}},
		{"UTC", "2023-12-15", "2024-03-01", period.ByMonth,
			[]string{"2023-12-15 2023-12-31", "2024-01-01 2024-01-31", "2024-02-01 2024-02-29", "2024-03-01 2024-03-01"}},
		{"UTC", "2025-11-30", "2026-07-04", period.ByQuarter,
			[]string{"2025-11-30 2025-12-31", "2026-01-01 2026-03-31", "2026-04-01 2026-06-30", "2026-07-01 2026-07-04"}},
		{"UTC", "2024-12-31", "2026-01-01", period.ByYear,
			[]string{"2024-12-31 2024-12-31", "2025-01-01 2025-12-31", "2026-01-01 2026-01-01"}},
		{"UTC", "2026-11-10", "2026-11-12", period.ByYear, []string{"2026-11-10 2026-11-12"}},
		{"Pacific/Apia", "2011-12-29", "2011-12-31", period.ByDay, []string{"2011-12-29 2011-12-29", "2011-12-31 2011-12-31"}},
		{"Pacific/Apia", "2011-12-30", "2011-12-31", period.ByMonth, []string{"2011-12-31 2011-12-31"}},
		{"Pacific/Apia", "2011-12-30", "2011-12-30", period.ByDay, nil},
		{"America/St_Johns", "2010-11-06", "2010-11-07", period.ByDay, []string{"2010-11-06 2010-11-06", "2010-11-07 2010-11-07"}},
	} {
		c := period.Calendar{Zone: zone(t, tt.zone), WeekStart: time.Monday, Now: instant(t, "2030-01-01T00:00:00Z")}
		buckets, err := c.Buckets(c.Span(days(t, tt.from, tt.to)), tt.interval)
		if err != nil {
			t.Errorf("%s to %s by %s: %v", tt.from, tt.to, tt.interval, err)
		}
		var got []string
		for _, b := range buckets {
			got = append(got, b.Label+" "+b.Range.To.String())
			if b.Label != b.Range.From.String() || b.Partial {
				t.Errorf("%s to %s by %s: %+v", tt.from, tt.to, tt.interval, b)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s to %s by %s: got %q, want %q", tt.from, tt.to, tt.interval, got, tt.want)
		}
	}
}

func TestBucketsOfRealHours(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		zone, day string
		count     int
		total     time.Duration
		odd       []string // labels and lengths around the change, consecutive
	}{
		{"America/New_York", "2026-11-02", 24, 24 * time.Hour,
			[]string{"2026-11-02T00:00-05:00 1h0m0s", "2026-11-02T01:00-05:00 1h0m0s"}},
		{"America/New_York", "2026-11-01", 25, 25 * time.Hour,
			[]string{"2026-11-01T01:00-04:00 1h0m0s", "2026-11-01T01:00-05:00 1h0m0s", "2026-11-01T02:00-05:00 1h0m0s"}},
		{"America/New_York", "2026-03-08", 23, 23 * time.Hour,
			[]string{"2026-03-08T01:00-05:00 1h0m0s", "2026-03-08T03:00-04:00 1h0m0s"}},
		{"Europe/London", "2026-01-01", 24, 24 * time.Hour, []string{"2026-01-01T00:00+00:00 1h0m0s"}},
		{"Asia/Kolkata", "2026-11-23", 24, 24 * time.Hour, []string{"2026-11-23T00:00+05:30 1h0m0s"}},
		{"America/Santiago", "2023-09-03", 23, 23 * time.Hour, []string{"2023-09-03T01:00-03:00 1h0m0s"}},
		{"America/Havana", "2023-11-05", 25, 25 * time.Hour,
			[]string{"2023-11-05T00:00-04:00 1h0m0s", "2023-11-05T00:00-05:00 1h0m0s", "2023-11-05T01:00-05:00 1h0m0s"}},
		{"Australia/Lord_Howe", "2026-04-05", 25, 24*time.Hour + 30*time.Minute,
			[]string{"2026-04-05T01:00+11:00 1h0m0s", "2026-04-05T01:00+10:30 30m0s", "2026-04-05T02:00+10:30 1h0m0s"}},
		{"Australia/Lord_Howe", "2026-10-04", 24, 23*time.Hour + 30*time.Minute,
			[]string{"2026-10-04T01:00+10:30 1h0m0s", "2026-10-04T02:00+11:00 30m0s", "2026-10-04T03:00+11:00 1h0m0s"}},
		{"America/St_Johns", "2010-11-07", 26, 25 * time.Hour,
			[]string{"2010-11-07T00:00-02:30 1m0s", "2010-11-06T23:00-03:30 59m0s", "2010-11-07T00:00-03:30 1h0m0s"}},
		{"Africa/Monrovia", "1971-06-01", 24, 24 * time.Hour, []string{"1971-06-01T00:00-00:44:30 1h0m0s"}},
		{"Africa/Monrovia", "1972-01-07", 24, 23*time.Hour + 15*time.Minute + 30*time.Second,
			[]string{"1972-01-07T00:00+00:00 15m30s", "1972-01-07T01:00+00:00 1h0m0s"}},
	} {
		c := period.Calendar{Zone: zone(t, tt.zone), Now: instant(t, "2030-01-01T00:00:00Z")}
		d := day(t, tt.day)
		buckets, err := c.Buckets(c.Span(period.Range{From: d, To: d}), period.ByHour)
		if err != nil || len(buckets) != tt.count {
			t.Errorf("%s in %s: %d buckets, %v, want %d", tt.day, tt.zone, len(buckets), err, tt.count)
			continue
		}
		var got []string
		var total time.Duration
		for _, b := range buckets {
			length := b.EndsBefore.Sub(b.StartsAt)
			got = append(got, fmt.Sprint(b.Label, " ", length))
			total += length
			if b.Range != (period.Range{From: d, To: d}) {
				t.Errorf("%s in %s: %s is in %s to %s", tt.day, tt.zone, b.Label, b.Range.From, b.Range.To)
			}
		}
		at := slices.Index(got, tt.odd[0])
		if total != tt.total || at < 0 || !slices.Equal(got[at:at+len(tt.odd)], tt.odd) {
			t.Errorf("%s in %s: %s, want %s and %q in %q", tt.day, tt.zone, total, tt.total, tt.odd, got)
		}
		if slices.Sort(got); len(slices.Compact(got)) != tt.count {
			t.Errorf("%s in %s: a label stands twice", tt.day, tt.zone)
		}
	}
}

func TestBucketsAreAtMostAThousand(t *testing.T) {
	t.Parallel()
	c := newYork(t, "2026-11-23T12:00:00Z")
	first := day(t, "2020-01-01")
	for _, tt := range []struct {
		interval period.Interval
		days     int
		want     int // 0: refused
	}{
		{period.ByDay, 1000, 1000},
		{period.ByDay, 1001, 0},
		{period.ByHour, 41, 984},
		{period.ByHour, 42, 0},
		{period.ByWeek, 2 + 999*7, 1000}, // from a Wednesday: 5 days, 998 weeks, 4 days
		{period.ByWeek, 5 + 999*7 + 1, 0},
		{period.ByYear, 366, 1},
		{"MINUTE", 1, 0},
		{"", 1, 0},
	} {
		buckets, err := c.Buckets(c.Span(period.Range{From: first, To: first + period.Day(tt.days) - 1}), tt.interval)
		if len(buckets) != tt.want || (tt.want == 0) != (fault.KindOf(err) == fault.Invalid) {
			t.Errorf("%d days by %s: %d buckets, %v, want %d", tt.days, tt.interval, len(buckets), err, tt.want)
		}
	}
	if _, err := c.Buckets(c.Span(days(t, "1970-01-01", "9998-12-31")), period.ByHour); fault.KindOf(err) != fault.Invalid {
		t.Errorf("all hours there are: %v", err)
	}
}

func TestPartialBuckets(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		now, from, to string
		interval      period.Interval
		want          string // one letter a bucket, p for partial
	}{
		{"2026-11-23T12:00:00-05:00", "2026-11-20", "2026-11-23", period.ByDay, "---p"},
		{"2026-11-23T12:00:00-05:00", "2026-11-21", "2026-11-25", period.ByDay, "--ppp"},
		{"2026-11-23T12:00:00-05:00", "2026-11-01", "2026-11-22", period.ByMonth, "-"},
		{"2026-11-23T12:00:00-05:00", "2026-09-01", "2026-11-23", period.ByMonth, "--p"},
		{"2026-11-23T21:00:00-05:00", "2026-11-23", "2026-11-23", period.ByHour, "---------------------ppp"},
		{"2026-11-23T20:59:59.999999-05:00", "2026-11-23", "2026-11-23", period.ByHour, "--------------------pppp"},
	} {
		c := newYork(t, tt.now)
		buckets, err := c.Buckets(c.Span(days(t, tt.from, tt.to)), tt.interval)
		got := ""
		for _, b := range buckets {
			got += map[bool]string{true: "p", false: "-"}[b.Partial]
		}
		if err != nil || got != tt.want {
			t.Errorf("%s: %s to %s by %s: %s, %v, want %s", tt.now, tt.from, tt.to, tt.interval, got, err, tt.want)
		}
	}
}

func TestBucketsOfACutSpan(t *testing.T) {
	t.Parallel()
	c := newYork(t, "2026-11-23T12:30:00-05:00")
	compare := func(p period.Preset) period.Span {
		s, _ := c.Compare(c.Resolve(p, 0, 0), p, period.PreviousPeriod)
		return s
	}
	yesterday, err := c.Buckets(compare(period.Today), period.ByHour)
	if err != nil || len(yesterday) != 13 {
		t.Fatalf("yesterday up to 12:30: %d hours, %v", len(yesterday), err)
	}
	last := yesterday[12]
	if last.Label != "2026-11-22T12:00-05:00" || last.Partial || last.EndsBefore.Sub(last.StartsAt) != 30*time.Minute {
		t.Errorf("the last hour is %+v", last)
	}
	month, err := c.Buckets(compare(period.MonthToDate), period.ByWeek)
	if err != nil || len(month) != 4 {
		t.Fatalf("October up to the 23rd: %d weeks, %v", len(month), err)
	}
	if last := month[3]; last.Range != days(t, "2026-10-19", "2026-10-23") || last.Partial ||
		!last.EndsBefore.Equal(instant(t, "2026-10-23T16:30:00Z")) {
		t.Errorf("the last week is %+v", last)
	}

	c.Now = instant(t, "2026-11-23T00:00:00-05:00")
	if none, err := c.Buckets(compare(period.Today), period.ByHour); len(none) != 0 || err != nil {
		t.Errorf("a span that lasts no time has %d buckets, %v", len(none), err)
	}
}

// TestBucketsTileTheirSpan draws spans around the odd days of odd zones and checks what holds for all buckets.
func TestBucketsTileTheirSpan(t *testing.T) {
	t.Parallel()
	seed := testkit.Seed(t)
	rng := rand.New(rand.NewPCG(seed, 0))
	zones := []string{
		"America/New_York", "America/Havana", "America/Santiago", "Africa/Cairo", "Asia/Beirut", "America/St_Johns",
		"Pacific/Apia", "Australia/Lord_Howe", "Antarctica/Casey", "Africa/Monrovia", "Asia/Kathmandu",
	}
	for range 2000 {
		name := zones[rng.IntN(len(zones))]
		year := []int{1971, 1985, 2010, 2011, 2023, 2026, 2040}[rng.IntN(7)]
		from := period.NewDay(year, time.January, 1) + period.Day(rng.IntN(366))
		c := period.Calendar{
			Zone: zone(t, name), WeekStart: time.Weekday(rng.IntN(7)),
			Now: from.Start(time.UTC).Add(time.Duration(rng.Int64N(int64(60 * 24 * time.Hour)))),
		}
		s := c.Span(period.Range{From: from, To: from + period.Day(rng.IntN(40))})
		if other, ok := c.Compare(s.Range, "", period.PreviousPeriod); ok && rng.IntN(2) == 0 {
			s = other
		}
		interval := intervals[rng.IntN(len(intervals))]
		buckets, err := c.Buckets(s, interval)
		if err != nil {
			t.Fatal(err)
		}
		at, labels := s.StartsAt, map[string]bool{}
		for _, b := range buckets {
			if !b.StartsAt.Equal(at) || !b.EndsBefore.After(at) || labels[b.Label] ||
				period.DayOf(b.StartsAt, c.Zone) != b.Range.From || period.DayOf(b.EndsBefore.Add(-1), c.Zone) != b.Range.To ||
				b.Partial != b.EndsBefore.After(c.Now) || b.Range.From < s.Range.From || b.Range.To > s.Range.To {
				t.Fatalf("%s in %s by %s: after %s comes %+v", s.Range, name, interval, at, b)
			}
			at, labels[b.Label] = b.EndsBefore, true
		}
		if !at.Equal(s.EndsBefore) {
			t.Fatalf("%s in %s by %s: buckets end at %s, the span at %s", s.Range, name, interval, at, s.EndsBefore)
		}
	}
}
