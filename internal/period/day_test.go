package period_test

import (
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/period"
)

func TestParseDay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text    string
		day     period.Day
		weekday time.Weekday
	}{
		{"1970-01-01", 0, time.Thursday},
		{"1970-01-02", 1, time.Friday},
		{"2000-02-29", 11016, time.Tuesday},
		{"2026-11-23", 20780, time.Monday},
		{"9998-12-31", 2932531, time.Thursday},
	} {
		d, err := period.ParseDay(tt.text)
		if err != nil || d != tt.day || d.String() != tt.text || d.Weekday() != tt.weekday {
			t.Errorf("ParseDay(%q) = %d (%s, %s), %v, want %d (%s)", tt.text, d, d, d.Weekday(), err, tt.day, tt.weekday)
		}
		if y, m, n := d.Date(); period.NewDay(y, m, n) != d {
			t.Errorf("%s has the date %d %s %d", d, y, m, n)
		}
	}
	for _, text := range []string{
		"", "2026", "2026-11", "2026-1-1", "2026-11-3", "26-11-23", "2026-13-01", "2026-00-10", "2026-02-29", "2100-02-29",
		"2026-04-31", "2026-11-00", "2026/11/23", "20261123", "2026-11-23T00:00:00Z", " 2026-11-23", "2026-11-23 ", "+026-11-23",
		"-026-11-23", "10000-01-01", "1969-12-31", "0000-01-01", "0001-01-01", "none", "forever", "today", "٢٠٢٦-11-23", "2026-11-2\xff",
	} {
		if d, err := period.ParseDay(text); fault.KindOf(err) != fault.Invalid || d != period.NoDay {
			t.Errorf("ParseDay(%q) = %s, %v, want fault.Invalid", text, d, err)
		}
	}
}

func TestDaysThatAreNoDates(t *testing.T) {
	t.Parallel()
	if got := period.NoDay.String() + " " + period.Forever.String(); got != "none forever" {
		t.Errorf("got %q", got)
	}
	if got := period.NewDay(2026, time.March, 0).String(); got != "2026-02-28" {
		t.Errorf("day 0 of March is %s", got)
	}
	if got := period.NewDay(1969, time.December, 31); got != -1 {
		t.Errorf("1969-12-31 is day %d", got)
	}
}

func FuzzParseDay(f *testing.F) {
	for _, s := range []string{"1970-01-01", "2024-02-29", "9998-12-31", "1969-12-31", "2026-1-1", "", "+026-11-23"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := period.ParseDay(s)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid || d != period.NoDay {
				t.Fatalf("ParseDay(%q) = %s, %v", s, d, err)
			}
			return
		}
		if d.String() != s || d < 0 || period.DayOf(d.Start(time.UTC), time.UTC) != d {
			t.Fatalf("ParseDay(%q) = %s", s, d)
		}
	})
}
