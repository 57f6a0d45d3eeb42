package insights

import (
	"context"
	"time"

	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
)

// Overview is the headline numbers of a period.
type Overview struct {
	Range ResolvedRange
	// ComparedTo is nil without a comparison.
	ComparedTo           *ResolvedRange
	CurrencyCode         money.Currency
	Freshness            Freshness
	TotalRevenue         MoneyMetric
	GrossSales           MoneyMetric
	Discounts            MoneyMetric
	SalesReversals       MoneyMetric
	NetSales             MoneyMetric
	Shipping             MoneyMetric
	Taxes                MoneyMetric
	Duties               MoneyMetric
	Fees                 MoneyMetric
	Orders               CountMetric
	UnitsSold            CountMetric
	Customers            CountMetric
	NewCustomers         CountMetric
	ReturningCustomers   CountMetric
	GuestOrders          CountMetric
	TotalCustomerRecords int
	AverageOrderValue    AverageMetric
	// ReturningCustomerRate is the share of customers that had ordered before the period.
	ReturningCustomerRate RateMetric
	Excluded              ExcludedSummary
}

// Freshness says how fresh and how complete the numbers are.
type Freshness struct {
	AsOf time.Time
	// LastSyncedAt is nil where no sync with a connected store has ended.
	LastSyncedAt *time.Time
	// Complete is false while a first import is running.
	Complete bool
	// Rebuilding is true while the numbers are made anew for a changed timezone; they are still the old zone's.
	Rebuilding         bool
	ContainsSampleData bool
}

// ExcludedSummary is what a report left out, so that it can be reconciled.
type ExcludedSummary struct {
	TestOrders    int
	GiftCardSales money.Money
	Tips          money.Money
}

// Overview returns the headline numbers of a period, and how they changed against another. A period that is not over is
// compared over the same elapsed time. ALL_TIME is compared with nothing, whatever how says.
func (s *Service) Overview(ctx context.Context, in period.Input, how period.Comparison) (*Overview, error) {
	if err := check(in); err != nil {
		return nil, err
	}
	var overview *Overview
	err := s.report(ctx, "overview", func(r reader) error {
		days, preset := in.Resolve(r.shop.calendar, r.shop.first, r.shop.last)
		span := r.calendar.Span(days)
		ranges := []period.Range{days}
		other, compared := r.calendar.Compare(days, preset, how)
		if compared {
			ranges = append(ranges, wholeDays(other))
		}
		tallies, err := r.totals(ctx, ranges...)
		if err != nil {
			return err
		}
		stretches := make([]stretch, len(ranges))
		for i := range ranges {
			stretches[i] = stretch{ranges[i], &tallies[i]}
		}
		if err := r.distinct(ctx, stretches); err != nil {
			return err
		}
		if compared && other.Cut {
			if err := r.cutDay(ctx, other, other.Range.From, &tallies[1]); err != nil {
				return err
			}
		}
		if overview, err = newOverview(r.shop, tallies); err != nil {
			return err
		}
		overview.Range = r.resolved(span)
		if compared {
			overview.ComparedTo = new(r.resolved(other))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return overview, nil
}

// wholeDays returns the days of a span that count in full, an empty range when there is none.
func wholeDays(s period.Span) period.Range {
	if s.Cut {
		return period.Range{From: s.Range.From, To: s.Range.To - 1}
	}
	return s.Range
}

// newOverview computes everything but the ranges from the tally of the period and, if there is a second one, of the
// period that it is compared with.
func newOverview(s shop, tallies []tally) (*Overview, error) {
	m := metrics{shop: s}
	for i, f := range []**figures{&m.now, &m.before}[:len(tallies)] {
		derived, err := derive(tallies[i])
		if err != nil {
			return nil, err
		}
		*f = &derived
	}
	o := &Overview{
		CurrencyCode: s.currency,
		Freshness: Freshness{
			AsOf: s.calendar.Now, LastSyncedAt: s.synced, Complete: !s.importing, Rebuilding: s.rebuilding, ContainsSampleData: s.sample,
		},
		TotalRevenue:         m.money(TotalSales, func(f *figures) int64 { return f.total }),
		GrossSales:           m.money(GrossSales, func(f *figures) int64 { return f.gross }),
		Discounts:            m.money(Discounts, func(f *figures) int64 { return f.discount }),
		SalesReversals:       m.money(SalesReversals, func(f *figures) int64 { return f.reversal }),
		NetSales:             m.money(NetSales, func(f *figures) int64 { return f.net }),
		Shipping:             m.money(Shipping, func(f *figures) int64 { return f.shipping }),
		Taxes:                m.money(Taxes, func(f *figures) int64 { return f.tax }),
		Duties:               m.money(Duties, func(f *figures) int64 { return f.duty }),
		Fees:                 m.money(Fees, func(f *figures) int64 { return f.fee }),
		Orders:               m.count(Orders, func(f *figures) int64 { return f.orders }),
		UnitsSold:            m.count(UnitsSold, func(f *figures) int64 { return f.units }),
		Customers:            m.count(Customers, func(f *figures) int64 { return f.customers }),
		NewCustomers:         m.count(NewCustomers, func(f *figures) int64 { return f.fresh }),
		ReturningCustomers:   m.count(ReturningCustomers, func(f *figures) int64 { return f.returning }),
		GuestOrders:          m.count(GuestOrders, func(f *figures) int64 { return f.guests }),
		TotalCustomerRecords: int(s.records),
		AverageOrderValue:    m.average(AverageOrderValue, func(f *figures) *int64 { return f.average }),
		ReturningCustomerRate: m.rate(ReturningCustomerRate, func(f *figures) fraction {
			return fraction{f.returning, f.customers}
		}),
		Excluded: ExcludedSummary{
			TestOrders: int(m.now.tests), GiftCardSales: s.money(m.now.giftCard), Tips: s.money(m.now.tip),
		},
	}
	return o, m.err
}
