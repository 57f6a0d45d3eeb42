package period

import (
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // zones must be known where the machine has no zone files, as in the container image

	"github.com/shopsight/shopsight/internal/fault"
)

// zones holds every zone that was loaded. Only names that exist get in, so it is bounded.
var zones sync.Map // string to *time.Location

// LoadZone returns the zone of an IANA name such as "Europe/Berlin" or "UTC". It is fault.Invalid for any other text,
// among them "", "Local" and the names that Go would take from the machine's zone folder though they are no zones:
// "localtime", "posixrules", "right/…" (which counts leap seconds) and "posix/…". It may be called often and at once by
// many.
func LoadZone(name string) (*time.Location, error) {
	if loc, ok := zones.Load(name); ok {
		return loc.(*time.Location), nil
	}
	if zoneName(name) {
		if loc, err := time.LoadLocation(name); err == nil {
			zones.Store(name, loc)
			return loc, nil
		}
	}
	return nil, fault.Errorf(fault.Invalid, "%.50q is not a time zone of the IANA database, such as Europe/Berlin", name)
}

// zoneName tells whether s has the form of a zone's name. The machine's other files begin with a small letter.
func zoneName(s string) bool {
	if s == "" || len(s) > 50 || s == "Local" || s == "Factory" || strings.Contains(s, "//") || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (c < '0' || c > '9') && !strings.ContainsRune("/_+-", rune(c)) {
			return false
		}
	}
	return true
}

// farthest is longer than any offset from UTC and than any step that clocks ever took back, 24 hours in Alaska in 1867.
const farthest = 36 * time.Hour

// DayOf returns the local day that holds the instant: the date on the wall.
//
// There is one exception. Clocks that go back over midnight (St. John's until 2011, at 00:01; Casey in 2010) show the old
// date again after the new one has begun. These instants stay with the new day, because a day is one stretch of time:
// otherwise a range could not be told by its first instant and the first one after it.
func DayOf(t time.Time, loc *time.Location) Day {
	local := t.In(loc)
	day := wallDay(local)
	if change, _ := local.ZoneBounds(); !change.IsZero() && local.Sub(change) < farthest {
		day = max(day, wallDay(change.Add(-1)))
	}
	return day
}

// Start returns the first instant of the day in the zone: the first whose local date is d, which need not be midnight
// (Santiago, Havana, Cairo and Beirut have skipped it) and of two midnights is the first (Havana in autumn). The start of
// a date that the zone left out is that of the next date.
func (d Day) Start(loc *time.Location) time.Time {
	midnight := int64(d) * secondsPerDay // on the wall, as if the wall showed UTC
	// Walk the stretches of constant offset from one where the date cannot have begun, to the first that reaches it.
	t := time.Unix(midnight, 0).Add(-farthest).In(loc)
	for {
		reached := max(midnight-offset(t), t.Unix())
		change, more := nextChange(t)
		if !more || reached < change.Unix() {
			return time.Unix(reached, 0).UTC()
		}
		t = change
	}
}

// HourStart returns the first instant of the real local hour that holds t. An hour is the longest stretch of time with
// one local date, one hour on the wall and one offset from UTC. So an hour that clocks repeat is two hours, and where
// they move by half an hour (Lord Howe Island) the hour in which they do has 30 minutes: after going back it is the rest
// of an hour that has already passed in full.
func HourStart(t time.Time, loc *time.Location) time.Time {
	start, _ := hour(t, loc)
	return start
}

// hour returns the first instant of the local hour that holds t, and the first one after it.
func hour(t time.Time, loc *time.Location) (start, end time.Time) {
	local := t.In(loc)
	off := offset(local)
	first := wallHour(local) - off
	last := first + 3600
	// A change need not be one of the wall: zone data also note changes of name or rule, and the library ends its
	// stretches with the year where a rule goes on for ever. Look behind those.
	for s := local; ; {
		change, _ := s.ZoneBounds()
		if change.IsZero() || change.Unix() <= first {
			break
		}
		if s = change.Add(-1); offset(s) != off {
			first = change.Unix()
			break
		}
	}
	for s := local; ; {
		change, more := nextChange(s)
		if !more || change.Unix() >= last {
			break
		}
		if s = change; offset(s) != off {
			last = change.Unix()
			break
		}
	}
	return time.Unix(first, 0).UTC(), time.Unix(last, 0).UTC()
}

// nextChange returns the first instant after the stretch of constant offset that holds the instant, and whether there is
// one. It is always later than the instant.
func nextChange(local time.Time) (time.Time, bool) {
	_, change := local.ZoneBounds()
	if change.IsZero() {
		return change, false
	}
	if !change.After(local) {
		// Where a rule goes on for ever, Go (1.26, zoneinfo.go, tzset) lets every year end after 365 days, so on the last
		// day of a leap year the stretch has ended before it began. No rule changes clocks on that day.
		change = local.Truncate(24 * time.Hour).Add(24 * time.Hour)
	}
	return change, true
}

// hourLabel names the local hour that holds t: the full hour on the wall, even when the hour begins within it, and the
// offset from UTC, which tells the two hours of a repeated one apart. Offsets with seconds are history (Monrovia, until
// 1972) but would be wrong without them.
func hourLabel(t time.Time, loc *time.Location) string {
	local := t.In(loc)
	off := offset(local)
	layout := "2006-01-02T15:04-07:00"
	if off%60 != 0 {
		layout += ":00"
	}
	return time.Unix(wallHour(local)-off, 0).In(time.FixedZone("", int(off))).Format(layout)
}

// offset returns the seconds that the wall is ahead of UTC.
func offset(local time.Time) int64 {
	_, off := local.Zone()
	return int64(off)
}

// wall returns what the wall shows, in seconds since 1970 as if it showed UTC.
func wall(local time.Time) int64 { return local.Unix() + offset(local) }

func wallDay(local time.Time) Day { return Day(floor(wall(local), secondsPerDay) / secondsPerDay) }

func wallHour(local time.Time) int64 { return floor(wall(local), 3600) }

// floor returns the greatest multiple of unit that is not above n.
func floor(n, unit int64) int64 { return n - (n%unit+unit)%unit }
