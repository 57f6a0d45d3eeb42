package propertytest_test

import (
	"math/rand/v2"
	"time"

	"github.com/shopsight/shopsight/internal/testkit/oracle"
)

// chooser chooses what to ask a store.
type chooser struct {
	*rand.Rand
	scenario oracle.Scenario
	zone     *time.Location
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// day is a day on which something may go wrong: one around a change of the clock, one of a record, the present, or any.
func (c chooser) day() time.Time {
	var at time.Time
	switch c.IntN(10) {
	case 0, 1, 2:
		at = c.clockChange()
	case 3, 4, 5:
		at = c.recordTime()
	case 6, 7:
		at = c.scenario.Now
	default:
		at = c.scenario.Now.AddDate(0, 0, -c.IntN(800))
	}
	local := at.In(c.zone).AddDate(0, 0, c.IntN(5)-2)
	return time.Date(local.Year(), local.Month(), local.Day(), 12, 0, 0, 0, time.UTC)
}

// clockChange is an instant within three days of a change of the zone's distance from UTC, if there is one.
func (c chooser) clockChange() time.Time {
	at := c.scenario.Now.AddDate(0, 0, -c.IntN(700))
	for range 80 {
		next := at.AddDate(0, 0, 3)
		_, before := at.In(c.zone).Zone()
		if _, after := next.In(c.zone).Zone(); before != after {
			return next
		}
		at = next
	}
	return at
}

func (c chooser) recordTime() time.Time {
	for range 8 {
		if op := pick(c.Rand, c.scenario.Requests); len(op.Orders) > 0 {
			ord := pick(c.Rand, op.Orders)
			if len(ord.Refunds) > 0 && c.IntN(3) == 0 {
				return ord.Refunds[0].CreatedAt
			}
			return ord.ProcessedAt
		}
	}
	return c.scenario.Now
}

// days is an explicit period of at most so many days.
func (c chooser) days(most int) oracle.Range {
	from := c.day()
	return oracle.Days(from.Format(time.DateOnly), from.AddDate(0, 0, c.IntN(1+c.IntN(most))).Format(time.DateOnly))
}

func (c chooser) period() oracle.Range {
	switch k := c.IntN(20); {
	case k < 10:
		return oracle.Range{Preset: pick(c.Rand, oracle.Presets())}
	case k < 12:
		return oracle.Range{Preset: "ALL_TIME"}
	case k < 13:
		return c.days(1200)
	}
	return c.days(70)
}

// trend chooses an interval, and a period in which it gives a number of points that the oracle bears.
func (c chooser) trend() question {
	interval, compareTo := pick(c.Rand, oracle.Intervals()), pick(c.Rand, oracle.Comparisons())
	switch interval {
	case "HOUR":
		if c.IntN(3) == 0 {
			return trend(oracle.Range{Preset: pick(c.Rand, []string{"TODAY", "YESTERDAY"})}, interval, compareTo)
		}
		if c.IntN(40) == 0 { // about as many points as there may be
			from := c.day()
			return trend(oracle.Days(from.Format(time.DateOnly), from.AddDate(0, 0, 41).Format(time.DateOnly)), interval, compareTo)
		}
		return trend(c.days(4), interval, compareTo)
	case "DAY":
		switch c.IntN(5) {
		case 0:
			return trend(oracle.Range{Preset: pick(c.Rand, oracle.Presets())}, interval, compareTo)
		case 1, 2:
			return trend(oracle.Range{Preset: pick(c.Rand, []string{"LAST_7_DAYS", "WEEK_TO_DATE", "MONTH_TO_DATE", "LAST_WEEK", "LAST_MONTH"})}, interval, compareTo)
		}
		return trend(c.days(30), interval, compareTo)
	}
	return trend(c.period(), interval, compareTo)
}

// reports chooses questions about periods: n of each kind.
func (c chooser) reports(n int) []question {
	var out []question
	for range n {
		out = append(out,
			overview(c.period(), pick(c.Rand, oracle.Comparisons())),
			c.trend(),
			topCustomers(c.period(), pick(c.Rand, []int{1, 3, 100}), pick(c.Rand, ranks)))
	}
	return append(out, overview(oracle.Range{Preset: "ALL_TIME"}, "NONE"))
}

var ranks = []string{"TOTAL_SALES", "NET_SALES", "ORDERS", "UNITS"}
