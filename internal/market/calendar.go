package market

import (
	"slices"
	"time"

	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
)

// The rhythm of a store: relative numbers of orders.
var (
	byMonth   = [...]int64{84, 86, 94, 96, 100, 97, 91, 93, 100, 107, 126, 146} // from January
	byWeekday = [...]int64{112, 105, 100, 98, 100, 96, 89}                      // from Sunday
	byHour    = []int{6, 3, 2, 1, 1, 2, 5, 12, 22, 34, 42, 48, 52, 46, 42, 40, 42, 46, 54, 62, 70, 66, 44, 20}
)

// growth is how many per mille more orders there are after a year.
const growth = 300

// renewals is which share of a day's orders are subscriptions that renew in its first minute: one of so many.
const renewals = 25

// sale is an event that moves people to buy.
type sale struct {
	code    string // empty: no discount
	percent int64
	rush    int64 // orders, as percent of an ordinary day
	uptake  int   // per mille of the orders that use the code
}

// saleOn returns what happens on a date.
func saleOn(d period.Day) sale {
	year, month, day := d.Date()
	// Black Friday follows the fourth Thursday of November.
	first := period.NewDay(year, time.November, 1)
	friday := first + period.Day((time.Thursday-first.Weekday()+7)%7) + 22
	switch {
	case d >= friday && d < friday+3:
		return sale{"BLACKFRIDAY", 25, 310, 750}
	case d == friday+3:
		return sale{"CYBERMONDAY", 20, 260, 700}
	case month == time.July && day >= 8 && day <= 14:
		return sale{"SUMMER15", 15, 150, 500}
	case month == time.January && day >= 2 && day <= 6:
		return sale{"NEWYEAR10", 10, 125, 450}
	case month == time.December && day >= 24 && day <= 26:
		return sale{rush: 40}
	case d%49 >= 1 && d%49 <= 3: // a weekend every seven weeks, from Friday to Sunday
		return sale{"FLASH20", 20, 165, 550}
	}
	return sale{rush: 100}
}

// spread divides the orders over the days.
func (g *Generator) spread() []int64 {
	weights := make([]int64, g.opt.Days)
	for i := range weights {
		d := g.first + period.Day(i)
		if d.Start(g.opt.Zone).Equal((d + 1).Start(g.opt.Zone)) {
			continue // a date that the zone left out
		}
		_, month, _ := d.Date()
		w := byMonth[month-1] * byWeekday[d.Weekday()] * saleOn(d).rush * (1000 + growth*int64(i)/365)
		weights[i] = w / 1000 * int64(g.dice(aboutDays, int(d)).between(78, 122))
	}
	last := len(weights) - 1
	weights[last] /= renewals
	n := money.Allocate(int64(g.opt.Orders), weights)
	if n[last] == 0 && g.opt.Orders > 0 { // the orders end today
		most := slices.Index(n, slices.Max(n))
		n[most]--
		n[last]++
	}
	return n
}

// slot is the moment of one order.
type slot struct {
	at      time.Time
	day     period.Day
	renewal bool
}

// slots returns the moments of all orders of a day, in order.
func (g *Generator) slots(d period.Day) []slot {
	n := int(g.perDay[d-g.first])
	start, end := d.Start(g.opt.Zone), (d + 1).Start(g.opt.Zone)
	renewed := n / renewals
	if d == g.today {
		renewed = n
	}
	out := make([]slot, 0, n)
	for i := range renewed {
		at := start.Add(time.Minute * time.Duration(i+1) / time.Duration(renewed+1)).Truncate(time.Millisecond)
		if at.After(g.opt.Now) { // made in the very minute
			at = g.opt.Now
		}
		out = append(out, slot{at, d, true})
	}
	dice := g.dice(aboutTimes, int(d))
	for range n - renewed {
		wall := time.Duration(dice.weighted(byHour))*time.Hour + time.Duration(dice.IntN(3600))*time.Second
		out = append(out, slot{start.Add(wall % end.Sub(start)), d, false})
	}
	slices.SortFunc(out, func(a, b slot) int { return a.at.Compare(b.at) })
	return out
}

// later returns a moment in the working hours of a later day, and whether that is before today.
func (g *Generator) later(d dice, s slot, least, most int) (time.Time, bool) {
	day := s.day + period.Day(d.between(least, most))
	at := day.Start(g.opt.Zone).Add(time.Duration(d.between(9*3600, 17*3600)) * time.Second)
	return at, at.After(s.at) && at.Before(g.cutoff)
}

// soon returns a moment some minutes after the order, and whether that is before today.
func (g *Generator) soon(d dice, s slot, least, most int) (time.Time, bool) {
	at := s.at.Add(time.Duration(d.between(least*60, most*60)) * time.Second)
	return at, at.Before(g.cutoff)
}
