package insights_test

import (
	"cmp"
	"math/big"
	"slices"
	"time"

	"github.com/shopsight/shopsight/internal/insights"
	"github.com/shopsight/shopsight/internal/ledger"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
)

// This file computes reports from the entries one by one, by instants alone, without days, rollups or shortcuts.

// figures is what brute force finds.
type figures struct {
	ledger.Amounts
	orders, guests, tests, customers, fresh int64
}

func (f figures) net() int64   { return f.Gross - f.Discount - f.Reversal }
func (f figures) total() int64 { return f.net() + f.Shipping + f.Tax + f.Duty + f.Fee }

// average is the average order value by rational numbers; nil without orders.
func (f figures) average() *int64 {
	if f.orders == 0 {
		return nil
	}
	exact := big.NewRat(f.Gross-f.Discount, f.orders)
	floor := new(big.Int).Div(exact.Num(), exact.Denom()).Int64()
	switch rest := new(big.Rat).Sub(exact, new(big.Rat).SetInt64(floor)); rest.Cmp(big.NewRat(1, 2)) {
	case 1:
		floor++
	case 0:
		floor += floor & 1
	}
	return &floor
}

// between adds up what happened from an instant up to, not including, another.
func (s *sales) between(from, to time.Time) figures {
	in := func(at time.Time) bool { return !at.Before(from) && at.Before(to) }
	var f figures
	ordered := map[int]bool{}
	for _, e := range s.entries(from, to) {
		f.Amounts = f.Amounts.Add(e.Amounts)
		if e.Kind != ledger.Sale {
			continue
		}
		f.orders++
		if e.order.customer < 0 {
			f.guests++
			continue
		}
		ordered[e.order.customer] = true
	}
	for customer := range ordered {
		f.customers++
		if in(s.placed[customer][0].at) {
			f.fresh++
		}
	}
	for i := range s.orders {
		if s.orders[i].test && in(s.orders[i].at) {
			f.tests++
		}
	}
	return f
}

// lifetime adds up all of a customer.
func (s *sales) lifetime(customer int) figures {
	var f figures
	for _, o := range s.placed[customer] {
		f.orders++
		for _, e := range o.entries {
			f.Amounts = f.Amounts.Add(e.Amounts)
		}
	}
	return f
}

func (s *sales) boughtBetween(customer int, from, to time.Time) figures {
	var f figures
	for _, e := range s.entries(from, to) {
		if e.order.customer == customer {
			f.Amounts = f.Amounts.Add(e.Amounts)
			if e.Kind == ledger.Sale {
				f.orders++
			}
		}
	}
	return f
}

// firstAndLast returns the first and the last day with an entry.
func (s *sales) firstAndLast() (first, last period.Day) {
	first, last = period.NoDay, period.NoDay
	for _, e := range s.ledger {
		d := period.DayOf(e.At, s.zone)
		if first == period.NoDay || d < first {
			first = d
		}
		last = max(last, d)
	}
	return first, last
}

// resolve returns the range of an input.
func (s *sales) resolve(c period.Calendar, in period.Input) (period.Range, period.Preset) {
	if in.Preset == nil {
		return period.Range{From: *in.From, To: *in.To}, ""
	}
	first, last := s.firstAndLast()
	return c.Resolve(*in.Preset, first, last), *in.Preset
}

// trend is the course that SalesTrend should return.
func (s *sales) trend(c period.Calendar, in period.Input, every period.Interval, how period.Comparison) (*insights.SalesTrend, error) {
	r, preset := s.resolve(c, in)
	span := c.Span(r)
	points := func(span period.Span) ([]insights.SalesPoint, error) {
		all := []insights.SalesPoint{}
		buckets, err := c.Buckets(span, every)
		for _, b := range buckets {
			all = append(all, s.point(b.StartsAt, b.EndsBefore, b.Label, b.Partial))
		}
		return all, err
	}
	t := &insights.SalesTrend{
		Range: s.resolved(span), Interval: every, PreviousPoints: []insights.SalesPoint{},
		Totals: s.point(span.StartsAt, span.EndsBefore, r.From.String(), c.Now.Before(span.EndsBefore)),
	}
	var err error
	if t.Points, err = points(span); err != nil {
		return nil, err
	}
	if other, ok := c.Compare(r, preset, how); ok {
		if t.PreviousPoints, err = points(other); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (s *sales) resolved(span period.Span) insights.ResolvedRange {
	return insights.ResolvedRange{
		From: span.Range.From, To: span.Range.To, StartsAt: span.StartsAt, EndsBefore: span.EndsBefore, Timezone: s.zone.String(),
	}
}

func usd(minor int64) money.Money { return money.Money{Minor: minor, Currency: "USD"} }

func (s *sales) point(from, to time.Time, label string, partial bool) insights.SalesPoint {
	f := s.between(from, to)
	p := insights.SalesPoint{
		StartsAt: from, Label: label, Partial: partial,
		Orders: int(f.orders), GuestOrders: int(f.guests), UnitsSold: int(f.Units), Customers: int(f.customers),
		NewCustomers: int(f.fresh), ReturningCustomers: int(f.customers - f.fresh),
		GrossSales: usd(f.Gross), Discounts: usd(f.Discount), SalesReversals: usd(f.Reversal), NetSales: usd(f.net()),
		Shipping: usd(f.Shipping), Taxes: usd(f.Tax), Duties: usd(f.Duty), Fees: usd(f.Fee), TotalSales: usd(f.total()),
	}
	if a := f.average(); a != nil {
		p.AverageOrderValue = new(usd(*a))
	}
	return p
}

// top is the ranking that TopCustomers should return.
func (s *sales) top(c period.Calendar, in period.Input, first int, by insights.RankBy) []insights.RankedCustomer {
	r, _ := s.resolve(c, in)
	span := c.Span(r)
	type place struct {
		customer int
		figures
		value int64
	}
	var places []place
	for i := range s.customers {
		f := s.boughtBetween(i, span.StartsAt, span.EndsBefore)
		value := map[insights.RankBy]int64{
			insights.ByTotalSales: f.total(), insights.ByNetSales: f.net(), insights.ByOrders: f.orders, insights.ByUnits: f.Units,
		}[by]
		if f.orders > 0 {
			places = append(places, place{i, f, value})
		}
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(s.customers[a.customer], s.customers[b.customer]))
	})
	all := s.between(span.StartsAt, span.EndsBefore).total()
	ranked := []insights.RankedCustomer{}
	for i, p := range places[:min(first, len(places))] {
		rc := insights.RankedCustomer{
			Rank: i + 1, CustomerID: s.ids[p.customer], Orders: int(p.orders), NetSales: usd(p.net()), TotalSales: usd(p.total()),
		}
		if all != 0 {
			rc.ShareOfSales = new(float64(p.total()) / float64(all))
		}
		ranked = append(ranked, rc)
	}
	return ranked
}
