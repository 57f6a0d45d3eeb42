package period_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/period"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := period.LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func instant(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func day(t testing.TB, s string) period.Day {
	t.Helper()
	d, err := period.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestLoadZone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "America/Port-au-Prince", "Etc/GMT+5", "EST5EDT", "US/Eastern",
	} {
		for range 2 { // loaded, then from memory
			if loc, err := period.LoadZone(name); err != nil || loc.String() != name {
				t.Errorf("LoadZone(%q) = %v, %v", name, loc, err)
			}
		}
	}
	for _, name := range []string{
		"", "Local", "localtime", "posixrules", "Factory", "right/Europe/Berlin", "posix/Europe/Berlin", "Europe", "Europe/",
		"Europe/Berlin/", "Europe//Berlin", "/Europe/Berlin", "../Europe/Berlin", "Europe/../Europe/Berlin", "europe/berlin",
		"Europe/Berlin ", " UTC", "UTC\x00", "+02:00", "CEST", "Mars/Olympus", "tzdata.zi", "Zürich", "Europe/Z\xff",
	} {
		if loc, err := period.LoadZone(name); fault.KindOf(err) != fault.Invalid || loc != nil {
			t.Errorf("LoadZone(%q) = %v, %v, want fault.Invalid", name, loc, err)
		}
	}
}

// The instants are worked out by hand from the zones' history.
func TestDayStartsAtItsFirstInstant(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ zone, day, start, why string }{
		{"UTC", "2026-11-23", "2026-11-23T00:00:00Z", "midnight"},
		{"Asia/Kathmandu", "2026-11-23", "2026-11-22T18:15:00Z", "+05:45"},
		{"America/New_York", "2026-03-08", "2026-03-08T05:00:00Z", "before clocks go forward"},
		{"America/New_York", "2026-03-09", "2026-03-09T04:00:00Z", "after a day of 23 hours"},
		{"America/New_York", "2026-11-02", "2026-11-02T05:00:00Z", "after a day of 25 hours"},
		{"America/Santiago", "2023-09-03", "2023-09-03T04:00:00Z", "00:00 became 01:00"},
		{"America/Santiago", "2023-04-02", "2023-04-02T04:00:00Z", "24:00 became 23:00 of the day before"},
		{"America/Havana", "2023-03-12", "2023-03-12T05:00:00Z", "00:00 became 01:00"},
		{"America/Havana", "2023-11-05", "2023-11-05T04:00:00Z", "01:00 became 00:00: the first of two midnights"},
		{"Africa/Cairo", "2023-04-28", "2023-04-27T22:00:00Z", "00:00 became 01:00"},
		{"Asia/Beirut", "2022-03-27", "2022-03-26T22:00:00Z", "00:00 became 01:00"},
		{"America/St_Johns", "2010-11-07", "2010-11-07T02:30:00Z", "00:01 became 23:01 of the day before"},
		{"Antarctica/Casey", "2010-03-05", "2010-03-04T13:00:00Z", "02:00 became 23:00 of the day before"},
		{"Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", "the last day east of the date line"},
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", "left out: the start of the 31st"},
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z", "follows the 29th"},
		{"Pacific/Kwajalein", "1993-08-21", "1993-08-21T12:00:00Z", "left out: the start of the 22nd"},
		{"Pacific/Kwajalein", "1993-08-22", "1993-08-21T12:00:00Z", "follows the 20th"},
		{"Australia/Lord_Howe", "2026-04-06", "2026-04-05T13:30:00Z", "after a day of 24.5 hours"},
		{"Africa/Monrovia", "1971-06-01", "1971-06-01T00:44:30Z", "-00:44:30"},
		{"Africa/Monrovia", "1972-01-07", "1972-01-07T00:44:30Z", "00:00:00 became 00:44:30"},
		{"Europe/Berlin", "9998-12-31", "9998-12-30T23:00:00Z", "the last day of input"},
	} {
		loc := zone(t, tt.zone)
		got := day(t, tt.day).Start(loc)
		if !got.Equal(instant(t, tt.start)) || got.Location() != time.UTC {
			t.Errorf("%s in %s (%s) starts at %s, want %s", tt.day, tt.zone, tt.why, got, tt.start)
		}
	}
}

func TestDayOfIsTheDateOnTheWall(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ zone, at, day string }{
		{"UTC", "1969-12-31T23:59:59.999999999Z", "1969-12-31"},
		{"UTC", "1970-01-01T00:00:00Z", "1970-01-01"},
		{"America/New_York", "2026-11-24T04:59:59.999999Z", "2026-11-23"},
		{"America/New_York", "2026-11-24T05:00:00Z", "2026-11-24"},
		{"America/New_York", "2026-11-24T00:00:00-05:00", "2026-11-24"},
		{"America/Havana", "2023-11-05T05:30:00Z", "2023-11-05"},   // the second 00:30
		{"America/Santiago", "2023-04-02T03:30:00Z", "2023-04-01"}, // the second 23:30
		{"Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29"},
		{"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31"},
		{"America/St_Johns", "2010-11-07T02:29:59Z", "2010-11-06"},
		{"America/St_Johns", "2010-11-07T02:30:30Z", "2010-11-07"}, // 00:00:30
		{"America/St_Johns", "2010-11-07T03:00:00Z", "2010-11-07"}, // 23:30 of the 6th again, but the 7th has begun
		{"Antarctica/Casey", "2010-03-04T15:30:00Z", "2010-03-05"}, // 23:30 of the 4th again
	} {
		if got := period.DayOf(instant(t, tt.at), zone(t, tt.zone)).String(); got != tt.day {
			t.Errorf("%s in %s is on %s, want %s", tt.at, tt.zone, got, tt.day)
		}
	}
}

func TestHourStart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ zone, at, start string }{
		{"UTC", "2026-11-23T10:59:59.999Z", "2026-11-23T10:00:00Z"},
		{"Asia/Kolkata", "2026-11-23T10:10:00Z", "2026-11-23T09:30:00Z"},
		{"America/New_York", "2026-11-01T05:59:00Z", "2026-11-01T05:00:00Z"},    // the first 01:59
		{"America/New_York", "2026-11-01T06:01:00Z", "2026-11-01T06:00:00Z"},    // the second 01:01
		{"Australia/Lord_Howe", "2026-04-04T14:59:00Z", "2026-04-04T14:00:00Z"}, // 01:59+11:00
		{"Australia/Lord_Howe", "2026-04-04T15:29:00Z", "2026-04-04T15:00:00Z"}, // 01:59+10:30, begins at 01:30
		{"Australia/Lord_Howe", "2026-10-03T15:59:00Z", "2026-10-03T15:30:00Z"}, // 02:59+11:00, begins at 02:30
		{"Africa/Monrovia", "1972-01-07T00:59:00Z", "1972-01-07T00:44:30Z"},
		{"Africa/Monrovia", "1972-01-07T00:44:29Z", "1972-01-06T23:44:30Z"},
		{"Australia/Adelaide", "2040-01-01T00:10:00Z", "2039-12-31T23:30:00Z"}, // no change at the turn of the UTC year
	} {
		if got := period.HourStart(instant(t, tt.at), zone(t, tt.zone)); !got.Equal(instant(t, tt.start)) || got.Location() != time.UTC {
			t.Errorf("%s in %s: the hour starts at %s, want %s", tt.at, tt.zone, got, tt.start)
		}
	}
}

// TestAgainstAScanOfTheWall steps through the days around each change of clocks, and around the turn of the year, and
// keeps the books by what the wall shows: the latest date so far, and a new hour whenever date, hour or offset change.
// The package must find the same.
func TestAgainstAScanOfTheWall(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		zone  string
		years []int
		step  time.Duration // divides every instant at which something changes
	}{
		{"America/New_York", []int{1974, 2026, 2060}, time.Minute},
		{"Europe/Berlin", []int{1980, 2026}, time.Minute},
		{"America/Santiago", []int{1990, 2019, 2022, 2023}, time.Minute},
		{"America/Havana", []int{1998, 2013, 2023, 2040}, time.Minute},
		{"Africa/Cairo", []int{1971, 2010, 2014, 2023, 2026}, time.Minute},
		{"Asia/Beirut", []int{1984, 2022, 2023, 2026}, time.Minute},
		{"Asia/Gaza", []int{2011, 2015}, time.Minute},
		{"Africa/Casablanca", []int{2012, 2018, 2026}, time.Minute},
		{"America/St_Johns", []int{1988, 2010, 2011}, time.Minute},
		{"America/Goose_Bay", []int{1990, 2010}, time.Minute},
		{"Antarctica/Casey", []int{2010, 2018, 2020}, time.Minute},
		{"Antarctica/Troll", []int{2026}, time.Minute},
		{"Pacific/Apia", []int{2010, 2011, 2012}, time.Minute},
		{"Pacific/Kwajalein", []int{1993}, time.Minute},
		{"Pacific/Kiritimati", []int{1979, 1994, 1995}, time.Minute},
		{"Australia/Lord_Howe", []int{1981, 1985, 2026, 2045}, time.Minute},
		{"Australia/Adelaide", []int{2026, 2039, 2040}, time.Minute},
		{"Asia/Kathmandu", []int{1985, 1986}, time.Minute},
		{"Pacific/Chatham", []int{2026}, time.Minute},
		{"Africa/Monrovia", []int{1971, 1972}, 30 * time.Second},
	} {
		t.Run(tt.zone, func(t *testing.T) {
			t.Parallel()
			loc := zone(t, tt.zone)
			for _, year := range tt.years {
				turn := time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC)
				scan(t, loc, turn, tt.step)
				for at := turn; at.Year() == year; at = at.AddDate(0, 0, 1) {
					_, before := at.In(loc).Zone()
					if _, after := at.AddDate(0, 0, 1).In(loc).Zone(); after != before {
						scan(t, loc, at, tt.step)
					}
				}
				scan(t, loc, turn.AddDate(1, 0, 0), tt.step)
			}
		})
	}
}

func scan(t *testing.T, loc *time.Location, around time.Time, step time.Duration) {
	t.Helper()
	at, stop := around.AddDate(0, 0, -3), around.AddDate(0, 0, 4)
	starts := map[period.Day]time.Time{} // the first instant of each date
	var first, latest period.Day
	var hourStart time.Time
	var lastHour string
	for ; at.Before(stop); at = at.Add(step) {
		local := at.In(loc)
		y, m, d := local.Date()
		_, offset := local.Zone()
		if date := period.NewDay(y, m, d); len(starts) == 0 || date > latest {
			if len(starts) == 0 {
				first = date
			}
			latest, starts[date] = date, at
		}
		if hour := fmt.Sprint(y, m, d, local.Hour(), offset); hour != lastHour {
			lastHour, hourStart = hour, at
		}
		for _, at := range []time.Time{at, at.Add(step - 1)} {
			if got := period.DayOf(at, loc); got != latest {
				t.Fatalf("%s: DayOf is %s, the scan says %s", at.In(loc), got, latest)
			}
			// The first hour and day may have begun before the scan.
			if got := period.HourStart(at, loc); latest > first && !got.Equal(hourStart) {
				t.Fatalf("%s: HourStart is %s, the scan says %s", at.In(loc), got, hourStart.In(loc))
			}
		}
	}
	for d := first + 1; d <= latest; d++ {
		start, exists := starts[d]
		next := d
		for !exists {
			next++
			start, exists = starts[next]
		}
		got := d.Start(loc)
		if !got.Equal(start) {
			t.Fatalf("%s starts at %s, the scan says %s", d, got.In(loc), start.In(loc))
		}
		if on := period.DayOf(got, loc); on != next {
			t.Fatalf("%s starts at %s, which is on %s, want %s", d, got.In(loc), on, next)
		}
		if on := period.DayOf(got.Add(-1), loc); on >= d {
			t.Fatalf("just before %s starts it is %s", d, on)
		}
		if h := period.HourStart(got, loc); !h.Equal(got) {
			t.Fatalf("%s starts at %s, within the hour of %s", d, got.In(loc), h.In(loc))
		}
	}
}
