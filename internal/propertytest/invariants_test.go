package propertytest_test

import (
	"encoding/json"
	"math/big"

	"github.com/shopsight/shopsight/internal/testkit/oracle"
)

// amount is a sum of money, exactly.
func (s *store) amount(sums ...oracle.Money) *big.Rat {
	s.Helper()
	total := new(big.Rat)
	for _, m := range sums {
		r, ok := new(big.Rat).SetString(m.Amount)
		if !ok {
			s.Fatalf("%s: amount %q", s.engine, m.Amount)
		}
		total.Add(total, r)
	}
	return total
}

func (s *store) equal(what string, a, b *big.Rat) {
	s.Helper()
	if a.Cmp(b) != 0 {
		s.Errorf("%s: %s is not %s", what, a.RatString(), b.RatString())
	}
}

func (s *store) equalCounts(what string, a, b int) {
	s.Helper()
	if a != b {
		s.Errorf("%s: %d is not %d", what, a, b)
	}
}

// period is what one request says of one period. Each of the two is read at once and agrees with itself whatever is
// written meanwhile.
type period struct {
	Overview   oracle.Overview
	SalesTrend oracle.SalesTrend
}

// addsUp asks for a period and holds what the service says of it against itself: the formulas, and that the points of
// the trend sum to its totals.
func (s *store) addsUp(r oracle.Range, interval string) period {
	s.Helper()
	a := s.client.Do(`query($r: DateRangeInput!, $i: Interval!) {
		overview(range: $r) `+oracle.OverviewFields+` salesTrend(range: $r, interval: $i) `+oracle.TrendFields+` }`,
		map[string]any{"r": r, "i": interval})
	if len(a.Errors) > 0 {
		s.Errorf("%+v by %s: %v", r, interval, a.Errors)
		return period{}
	}
	var p period
	if err := json.Unmarshal(a.Data, &p); err != nil {
		s.Errorf("%v in %.200s", err, a.Data)
		return period{}
	}
	v := p.Overview
	s.formulas("overview", oracle.SalesPoint{
		Orders: v.Orders.Value, GuestOrders: v.GuestOrders.Value, UnitsSold: v.UnitsSold.Value,
		Customers: v.Customers.Value, NewCustomers: v.NewCustomers.Value, ReturningCustomers: v.ReturningCustomers.Value,
		GrossSales: v.GrossSales.Value, Discounts: v.Discounts.Value, SalesReversals: v.SalesReversals.Value,
		NetSales: v.NetSales.Value, Shipping: v.Shipping.Value, Taxes: v.Taxes.Value, Duties: v.Duties.Value,
		Fees: v.Fees.Value, TotalSales: v.TotalRevenue.Value, AverageOrderValue: v.AverageOrderValue.Value,
	})
	s.formulas("totals", p.SalesTrend.Totals)
	for _, point := range p.SalesTrend.Points {
		s.formulas("point "+point.Label, point)
	}
	s.points(p.SalesTrend)
	return p
}

// formulas: net = gross - discounts - reversals; total = net + shipping + taxes + duties + fees; new + returning =
// customers, none of them negative.
func (s *store) formulas(what string, p oracle.SalesPoint) {
	s.Helper()
	s.equal(what+": gross = net + discounts + reversals", s.amount(p.GrossSales), s.amount(p.NetSales, p.Discounts, p.SalesReversals))
	s.equal(what+": total = net + shipping + taxes + duties + fees", s.amount(p.TotalSales),
		s.amount(p.NetSales, p.Shipping, p.Taxes, p.Duties, p.Fees))
	s.equalCounts(what+": new + returning = customers", p.NewCustomers+p.ReturningCustomers, p.Customers)
	if p.NewCustomers < 0 || p.ReturningCustomers < 0 || p.GuestOrders < 0 || p.Orders < p.Customers+p.GuestOrders {
		s.Errorf("%s: %d orders of %d new and %d returning customers and %d of guests",
			what, p.Orders, p.NewCustomers, p.ReturningCustomers, p.GuestOrders)
	}
	if (p.AverageOrderValue == nil) != (p.Orders == 0) {
		s.Errorf("%s: average order value %v of %d orders", what, p.AverageOrderValue, p.Orders)
	}
}

// points: orders, units, money and new customers of the points sum to the totals.
func (s *store) points(t oracle.SalesTrend) {
	s.Helper()
	var orders, guests, units, fresh int
	money := make([][]oracle.Money, 9)
	of := func(p oracle.SalesPoint) []oracle.Money {
		return []oracle.Money{p.GrossSales, p.Discounts, p.SalesReversals, p.NetSales, p.Shipping, p.Taxes, p.Duties, p.Fees, p.TotalSales}
	}
	most := 0
	for _, p := range t.Points {
		orders, guests, units, fresh = orders+p.Orders, guests+p.GuestOrders, units+p.UnitsSold, fresh+p.NewCustomers
		most = max(most, p.Customers)
		for i, m := range of(p) {
			money[i] = append(money[i], m)
		}
	}
	s.equalCounts("orders of the points", orders, t.Totals.Orders)
	s.equalCounts("guest orders of the points", guests, t.Totals.GuestOrders)
	s.equalCounts("units of the points", units, t.Totals.UnitsSold)
	s.equalCounts("new customers of the points", fresh, t.Totals.NewCustomers)
	if t.Totals.Customers < most {
		s.Errorf("%d customers in all, but %d in one point", t.Totals.Customers, most)
	}
	for i, total := range of(t.Totals) {
		s.equal("money of the points", s.amount(money[i]...), s.amount(total))
	}
}

// holdsTogether compares what different answers of a store at rest say of the same thing.
func (s *store) holdsTogether(interval string) {
	s.Helper()
	all := s.addsUp(oracle.Range{Preset: "ALL_TIME"}, interval)
	v, t := all.Overview, all.SalesTrend.Totals
	s.equalCounts("orders of overview and trend", v.Orders.Value, t.Orders)
	s.equalCounts("customers of overview and trend", v.Customers.Value, t.Customers)
	s.equalCounts("new customers of overview and trend", v.NewCustomers.Value, t.NewCustomers)
	s.equalCounts("units of overview and trend", v.UnitsSold.Value, t.UnitsSold)
	s.equal("total of overview and trend", s.amount(v.TotalRevenue.Value), s.amount(t.TotalSales))
	s.equal("net of overview and trend", s.amount(v.NetSales.Value), s.amount(t.NetSales))
	text, _ := s.list("orders", `sort: {key: TOTAL, direction: DESC}`, `{ netSales { amount currencyCode } items { quantity giftCard } }`)
	var orders []struct {
		NetSales oracle.Money
		Items    []struct {
			Quantity int
			GiftCard bool
		}
	}
	s.decode(text, &orders)
	var net []oracle.Money
	units := 0
	for _, o := range orders {
		net = append(net, o.NetSales)
		for _, it := range o.Items {
			if !it.GiftCard {
				units += it.Quantity
			}
		}
	}
	s.equalCounts("orders of the list", len(orders), v.Orders.Value)
	s.equalCounts("units of the list", units, v.UnitsSold.Value)
	s.equal("net sales of the list", s.amount(net...), s.amount(v.NetSales.Value))

	text, _ = s.list("customers", `sort: {key: TOTAL_SPENT, direction: ASC}`, `{ ordersCount }`)
	var customers []struct{ OrdersCount int }
	s.decode(text, &customers)
	placed, buyers := 0, 0
	for _, c := range customers {
		placed += c.OrdersCount
		if c.OrdersCount > 0 {
			buyers++
		}
	}
	s.equalCounts("orders of customers and guests", placed+v.GuestOrders.Value, v.Orders.Value)
	s.equalCounts("customers with an order", buyers, v.Customers.Value)
	s.equalCounts("customers who once were new", buyers, v.NewCustomers.Value)
}

// grandTotals are the numbers of all time that are the same in every zone.
func (s *store) grandTotals() string {
	s.Helper()
	var got struct{ Overview oracle.Overview }
	s.client.Must(`{ overview(range: {preset: ALL_TIME}) `+oracle.OverviewFields+` }`, nil, &got)
	got.Overview.Range = oracle.ResolvedRange{}
	got.Overview.Excluded.TestOrders = 0 // a test order makes no entry, so it may lie outside the range
	return string(s.encode(got.Overview))
}
