package oracle

import (
	"math/big"
	"time"
)

// SalesPoint is the GraphQL type of the same name.
type SalesPoint struct {
	StartsAt           time.Time `json:"startsAt"`
	Label              string    `json:"label"`
	Partial            bool      `json:"partial"`
	Orders             int       `json:"orders"`
	GuestOrders        int       `json:"guestOrders"`
	UnitsSold          int       `json:"unitsSold"`
	Customers          int       `json:"customers"`
	NewCustomers       int       `json:"newCustomers"`
	ReturningCustomers int       `json:"returningCustomers"`
	GrossSales         Money     `json:"grossSales"`
	Discounts          Money     `json:"discounts"`
	SalesReversals     Money     `json:"salesReversals"`
	NetSales           Money     `json:"netSales"`
	Shipping           Money     `json:"shipping"`
	Taxes              Money     `json:"taxes"`
	Duties             Money     `json:"duties"`
	Fees               Money     `json:"fees"`
	TotalSales         Money     `json:"totalSales"`
	AverageOrderValue  *Money    `json:"averageOrderValue"`
}

// SalesTrend is the GraphQL type of the same name.
type SalesTrend struct {
	Range          ResolvedRange `json:"range"`
	Interval       string        `json:"interval"`
	Points         []SalesPoint  `json:"points"`
	PreviousPoints []SalesPoint  `json:"previousPoints"`
	Totals         SalesPoint    `json:"totals"`
}

// Trend answers the query salesTrend. More than [MaxPoints] points are an error.
func (o *Oracle) Trend(r Range, interval, compareTo string) (SalesTrend, error) {
	v := o.look()
	s, err := o.resolve(r, v)
	if err != nil {
		return SalesTrend{}, err
	}
	other, err := o.compare(s, r, compareTo)
	if err != nil {
		return SalesTrend{}, err
	}
	out := SalesTrend{
		Range: o.resolved(s), Interval: interval, PreviousPoints: []SalesPoint{},
		Totals: o.point(v, bucket{s, s.from.Format(time.DateOnly)}),
	}
	if out.Points, err = o.points(v, s, interval); err != nil {
		return SalesTrend{}, err
	}
	if other != nil {
		if out.PreviousPoints, err = o.points(v, *other, interval); err != nil {
			return SalesTrend{}, err
		}
	}
	return out, nil
}

func (o *Oracle) points(v view, s span, interval string) ([]SalesPoint, error) {
	buckets, err := o.buckets(s, interval)
	if err != nil {
		return nil, err
	}
	points := []SalesPoint{}
	for _, b := range buckets {
		points = append(points, o.point(v, b))
	}
	return points, nil
}

func (o *Oracle) point(v view, b bucket) SalesPoint {
	t := o.tally(v, b.span)
	m := func(n *big.Int) Money { return o.money(n) }
	return SalesPoint{
		StartsAt: b.startsAt, Label: b.label, Partial: o.Now.Before(b.endsBefore),
		Orders: t.orders, GuestOrders: t.guestOrders, UnitsSold: int(t.sums.get(units).Int64()),
		Customers: t.customers, NewCustomers: t.newCustomers, ReturningCustomers: t.customers - t.newCustomers,
		GrossSales: m(t.sums.get(gross)), Discounts: m(t.sums.get(discount)), SalesReversals: m(t.sums.get(reversal)),
		NetSales: m(t.sums.net()), Shipping: m(t.sums.get(shipping)), Taxes: m(t.sums.get(tax)),
		Duties: m(t.sums.get(duty)), Fees: m(t.sums.get(fee)), TotalSales: m(t.sums.total()),
		AverageOrderValue: o.moneyOf(t.averageOrder()),
	}
}
