package oracle

import (
	"math/big"
	"time"
)

// Money is an amount of the shop's currency with all its digits.
type Money struct {
	Amount       string `json:"amount"`
	CurrencyCode string `json:"currencyCode"`
}

// ResolvedRange is the GraphQL type of the same name.
type ResolvedRange struct {
	From       string    `json:"from"`
	To         string    `json:"to"`
	StartsAt   time.Time `json:"startsAt"`
	EndsBefore time.Time `json:"endsBefore"`
	Timezone   string    `json:"timezone"`
}

// MoneyMetric is the GraphQL type of the same name.
type MoneyMetric struct {
	Value         Money    `json:"value"`
	Previous      *Money   `json:"previous"`
	Change        *Money   `json:"change"`
	ChangePercent *float64 `json:"changePercent"`
}

// CountMetric is the GraphQL type of the same name.
type CountMetric struct {
	Value         int      `json:"value"`
	Previous      *int     `json:"previous"`
	Change        *int     `json:"change"`
	ChangePercent *float64 `json:"changePercent"`
}

// AverageMetric is the GraphQL type of the same name.
type AverageMetric struct {
	Value         *Money   `json:"value"`
	Previous      *Money   `json:"previous"`
	Change        *Money   `json:"change"`
	ChangePercent *float64 `json:"changePercent"`
}

// RateMetric is the GraphQL type of the same name.
type RateMetric struct {
	Value        *float64 `json:"value"`
	Previous     *float64 `json:"previous"`
	ChangePoints *float64 `json:"changePoints"`
}

// Excluded is the GraphQL type ExcludedSummary.
type Excluded struct {
	TestOrders    int   `json:"testOrders"`
	GiftCardSales Money `json:"giftCardSales"`
	Tips          Money `json:"tips"`
}

// Overview is the GraphQL type of the same name, without freshness.
type Overview struct {
	Range                 ResolvedRange  `json:"range"`
	ComparedTo            *ResolvedRange `json:"comparedTo"`
	CurrencyCode          string         `json:"currencyCode"`
	TotalRevenue          MoneyMetric    `json:"totalRevenue"`
	GrossSales            MoneyMetric    `json:"grossSales"`
	Discounts             MoneyMetric    `json:"discounts"`
	SalesReversals        MoneyMetric    `json:"salesReversals"`
	NetSales              MoneyMetric    `json:"netSales"`
	Shipping              MoneyMetric    `json:"shipping"`
	Taxes                 MoneyMetric    `json:"taxes"`
	Duties                MoneyMetric    `json:"duties"`
	Fees                  MoneyMetric    `json:"fees"`
	Orders                CountMetric    `json:"orders"`
	UnitsSold             CountMetric    `json:"unitsSold"`
	Customers             CountMetric    `json:"customers"`
	NewCustomers          CountMetric    `json:"newCustomers"`
	ReturningCustomers    CountMetric    `json:"returningCustomers"`
	GuestOrders           CountMetric    `json:"guestOrders"`
	TotalCustomerRecords  int            `json:"totalCustomerRecords"`
	AverageOrderValue     AverageMetric  `json:"averageOrderValue"`
	ReturningCustomerRate RateMetric     `json:"returningCustomerRate"`
	Excluded              Excluded       `json:"excluded"`
}

// view is everything that one report is worked out from.
type view struct {
	orders  []*OrderInput         // all but tests, by (processedAt, number)
	entries []entry               // of those orders
	firsts  map[int64]*OrderInput // the first order of each customer
}

func (o *Oracle) look() view {
	v := view{entries: o.entries(), firsts: map[int64]*OrderInput{}}
	for _, ord := range o.ordered() {
		if ord.Test {
			continue
		}
		v.orders = append(v.orders, ord)
		if c := o.customerOf(ord); c != 0 && v.firsts[c] == nil {
			v.firsts[c] = ord
		}
	}
	return v
}

// tally is every number of one period.
type tally struct {
	sums         sums
	orders       int
	guestOrders  int
	customers    int
	newCustomers int
}

func (o *Oracle) tally(v view, s span) tally {
	t := tally{sums: sums{}}
	seen := map[int64]bool{}
	for _, ord := range v.orders {
		if !o.in(s, ord.ProcessedAt) {
			continue
		}
		t.orders++
		if c := o.customerOf(ord); c == 0 {
			t.guestOrders++
		} else {
			seen[c] = true
		}
	}
	t.customers = len(seen)
	for _, first := range v.firsts {
		if o.in(s, first.ProcessedAt) {
			t.newCustomers++
		}
	}
	for _, e := range v.entries {
		if o.in(s, e.at) {
			t.sums.addAll(e.sums)
		}
	}
	return t
}

// averageOrder is (gross - discounts) / orders, half to even; nil without orders.
func (t tally) averageOrder() *big.Int {
	if t.orders == 0 {
		return nil
	}
	return halfEven(ratio(minus(t.sums.get(gross), t.sums.get(discount)), whole(t.orders)))
}

// returningRate is returning / customers; nil without customers.
func (t tally) returningRate() *big.Rat {
	if t.customers == 0 {
		return nil
	}
	return big.NewRat(int64(t.customers-t.newCustomers), int64(t.customers))
}

// Overview answers the query of the same name.
func (o *Oracle) Overview(r Range, compareTo string) (Overview, error) {
	v := o.look()
	s, err := o.resolve(r, v)
	if err != nil {
		return Overview{}, err
	}
	other, err := o.compare(s, r, compareTo)
	if err != nil {
		return Overview{}, err
	}
	now := o.tally(v, s)
	var before *tally
	if other != nil {
		t := o.tally(v, *other)
		before = &t
	}

	amount := func(of func(tally) *big.Int) MoneyMetric {
		value := of(now)
		m := MoneyMetric{Value: o.money(value)}
		if before != nil {
			previous := of(*before)
			m.Previous, m.Change = o.moneyOf(previous), o.moneyOf(minus(value, previous))
			m.ChangePercent = percent(value, previous)
		}
		return m
	}
	component := func(name string) MoneyMetric {
		return amount(func(t tally) *big.Int { return t.sums.get(name) })
	}
	count := func(of func(tally) int) CountMetric {
		m := CountMetric{Value: of(now)}
		if before != nil {
			previous := of(*before)
			change := m.Value - previous
			m.Previous, m.Change, m.ChangePercent = &previous, &change, percent(whole(m.Value), whole(previous))
		}
		return m
	}
	out := Overview{
		Range:          o.resolved(s),
		CurrencyCode:   o.shop.Currency,
		TotalRevenue:   amount(func(t tally) *big.Int { return t.sums.total() }),
		GrossSales:     component(gross),
		Discounts:      component(discount),
		SalesReversals: component(reversal),
		NetSales:       amount(func(t tally) *big.Int { return t.sums.net() }),
		Shipping:       component(shipping),
		Taxes:          component(tax),
		Duties:         component(duty),
		Fees:           component(fee),
		Orders:         count(func(t tally) int { return t.orders }),
		UnitsSold:      count(func(t tally) int { return int(t.sums.get(units).Int64()) }),
		Customers:      count(func(t tally) int { return t.customers }),
		NewCustomers:   count(func(t tally) int { return t.newCustomers }),
		ReturningCustomers: count(func(t tally) int {
			return t.customers - t.newCustomers
		}),
		GuestOrders:          count(func(t tally) int { return t.guestOrders }),
		TotalCustomerRecords: len(o.customers.records),
		Excluded:             o.excluded(s, now),
	}
	if other != nil {
		resolved := o.resolved(*other)
		out.ComparedTo = &resolved
	}
	out.AverageOrderValue, out.ReturningCustomerRate = o.average(now, before), rate(now, before)
	return out, nil
}

func (o *Oracle) average(now tally, before *tally) AverageMetric {
	value := now.averageOrder()
	m := AverageMetric{Value: o.moneyOf(value)}
	if before != nil {
		previous := before.averageOrder()
		m.Previous = o.moneyOf(previous)
		if value != nil && previous != nil {
			m.Change, m.ChangePercent = o.moneyOf(minus(value, previous)), percent(value, previous)
		}
	}
	return m
}

func rate(now tally, before *tally) RateMetric {
	var m RateMetric
	value := now.returningRate()
	if value != nil {
		f := float(value)
		m.Value = &f
	}
	if before != nil {
		if previous := before.returningRate(); previous != nil {
			f := float(previous)
			m.Previous = &f
			if value != nil {
				points := float(product(new(big.Rat).Sub(value, previous), big.NewRat(100, 1)))
				m.ChangePoints = &points
			}
		}
	}
	return m
}

// percent is (now - before) / |before| x 100; nil when before is zero.
func percent(now, before *big.Int) *float64 {
	if before.Sign() == 0 {
		return nil
	}
	f := float(ratio(times(minus(now, before), whole(100)), new(big.Int).Abs(before)))
	return &f
}

// excluded is what the numbers leave out: gift cards and tips as the entries of the period add up.
func (o *Oracle) excluded(s span, t tally) Excluded {
	tests := 0
	for _, ord := range o.ordered() {
		if ord.Test && o.in(s, ord.ProcessedAt) {
			tests++
		}
	}
	return Excluded{tests, o.money(t.sums.get(giftCard)), o.money(t.sums.get(tip))}
}

func (o *Oracle) money(n *big.Int) Money {
	return Money{decimal(n, o.shop.Digits), o.shop.Currency}
}

func (o *Oracle) moneyOf(n *big.Int) *Money {
	if n == nil {
		return nil
	}
	m := o.money(n)
	return &m
}

func (o *Oracle) resolved(s span) ResolvedRange {
	return ResolvedRange{
		From: s.from.Format(time.DateOnly), To: s.to.Format(time.DateOnly),
		StartsAt: s.startsAt, EndsBefore: s.endsBefore, Timezone: o.shop.Zone.String(),
	}
}
