package insights

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
)

// SalesTrend is sales over time.
type SalesTrend struct {
	Range    ResolvedRange
	Interval period.Interval
	// Points has one point per interval, oldest first, those without sales too.
	Points []SalesPoint
	// PreviousPoints is empty without a comparison. Position i belongs with Points[i]; it may be longer or shorter.
	PreviousPoints []SalesPoint
	// Totals is the whole range as one point; the same numbers as the overview's.
	Totals SalesPoint
}

// SalesPoint is the numbers of one bucket of time.
type SalesPoint struct {
	StartsAt           time.Time
	Label              string
	Partial            bool
	Orders             int
	GuestOrders        int
	UnitsSold          int
	Customers          int
	NewCustomers       int
	ReturningCustomers int
	GrossSales         money.Money
	Discounts          money.Money
	SalesReversals     money.Money
	NetSales           money.Money
	Shipping           money.Money
	Taxes              money.Money
	Duties             money.Money
	Fees               money.Money
	TotalSales         money.Money
	// AverageOrderValue is nil without orders.
	AverageOrderValue *money.Money
}

// SalesTrend returns the course of a period, and of the one that it is compared with. More than 1,000 points are
// fault.Invalid. A period that is not over is compared over the same elapsed time: the last of PreviousPoints is cut
// then. ALL_TIME is compared with nothing, whatever how says.
func (s *Service) SalesTrend(ctx context.Context, in period.Input, every period.Interval, how period.Comparison) (*SalesTrend, error) {
	if err := check(in); err != nil {
		return nil, err
	}
	var trend *SalesTrend
	err := s.report(ctx, "sales trend", func(r reader) error {
		days, preset := in.Resolve(r.shop.calendar, r.shop.first, r.shop.last)
		lines := []*line{{span: r.calendar.Span(days)}}
		if other, compared := r.calendar.Compare(days, preset, how); compared {
			lines = append(lines, &line{span: other})
		}
		for _, l := range lines {
			var err error
			if l.buckets, err = r.calendar.Buckets(l.span, every); err != nil {
				if refused, ok := errors.AsType[*fault.Error](err); ok {
					return refused.At("interval")
				}
				return err
			}
			l.tallies = make([]tally, len(l.buckets))
		}
		totals, err := r.totals(ctx, days)
		if err != nil {
			return err
		}
		stretches := []stretch{{days, &totals[0]}}
		if every == period.ByHour {
			err = r.fillHours(ctx, lines)
		} else {
			err = r.fillDays(ctx, lines)
			for _, l := range lines {
				stretches = append(stretches, l.stretches()...)
			}
		}
		if err != nil {
			return err
		}
		if err := r.distinct(ctx, stretches); err != nil {
			return err
		}
		if every != period.ByHour {
			if err := r.fillCutDays(ctx, lines); err != nil {
				return err
			}
		}
		trend, err = newTrend(r.shop, every, lines, totals[0])
		return err
	})
	if err != nil {
		return nil, err
	}
	return trend, nil
}

// line is one course of sales: a span and, for each of its buckets, the tally.
type line struct {
	span    period.Span
	buckets []period.Bucket
	tallies []tally
}

// stretches returns the whole days of each bucket: all but the cut day.
func (l *line) stretches() []stretch {
	stretches := make([]stretch, len(l.buckets))
	for i, b := range l.buckets {
		days := b.Range
		days.To = min(days.To, wholeDays(l.span).To)
		stretches[i] = stretch{days, &l.tallies[i]}
	}
	return stretches
}

// put adds to the bucket that a search by its beginning found, or else to the one before, inside of which it ended. Where
// the rules of a zone were changed after the ledger was written, days and hours in it may be none of the calendar; they
// stay in the report, beside where they belong, until the ledger is rebuilt.
func (l *line) put(i int, found bool, t tally) error {
	if len(l.tallies) == 0 {
		return nil // a date that the zone left out: it lasts no time
	}
	if !found {
		i = max(i-1, 0)
	}
	into := &l.tallies[i]
	if err := into.add(t); err != nil {
		return err
	}
	var err error
	into.customers, err = money.Add(into.customers, t.customers)
	return err
}

// fillDays adds up the whole days of each bucket.
func (r reader) fillDays(ctx context.Context, lines []*line) error {
	ranges := make([]period.Range, len(lines))
	for i, l := range lines {
		ranges[i] = wholeDays(l.span)
	}
	return r.days(ctx, ranges, func(part int, day period.Day, t tally) error {
		l := lines[part]
		i, found := slices.BinarySearchFunc(l.buckets, day, func(b period.Bucket, d period.Day) int {
			return int(b.Range.From) - int(d)
		})
		return l.put(i, found, t)
	})
}

// fillCutDays adds the part of the cut day that counts to the last bucket of each line that is cut, once the customers of
// its whole days are set. A cut that leaves no time of its day leaves no bucket for it either.
func (r reader) fillCutDays(ctx context.Context, lines []*line) error {
	for _, l := range lines {
		last := len(l.buckets) - 1
		if !l.span.Cut || last < 0 || l.buckets[last].Range.To != l.span.Range.To {
			continue
		}
		if err := r.cutDay(ctx, l.span, l.buckets[last].Range.From, &l.tallies[last]); err != nil {
			return err
		}
	}
	return nil
}

// fillHours adds up the entries of each hour, of all lines in one statement. It reads the ledger itself, of at most
// 1,000 hours a line; a customer is looked up for each sale, to see whether it was the first.
func (r reader) fillHours(ctx context.Context, lines []*line) error {
	columns := ""
	for _, name := range amounts {
		columns += ", SUM(e." + name + ")"
	}
	var all union
	for part, l := range lines {
		arm := "SELECT " + []string{"0", "1"}[part] + `, e.hour_at, SUM(CASE WHEN e.kind = 1 THEN 1 ELSE 0 END),
  SUM(CASE WHEN e.kind = 1 AND e.customer_id IS NULL THEN 1 ELSE 0 END),
  COUNT(DISTINCT CASE WHEN e.kind = 1 THEN e.customer_id END), COUNT(c.id)` + columns + `
FROM ledger_entries e LEFT JOIN customers c
  ON c.tenant_id = e.tenant_id AND c.id = e.customer_id AND c.first_order_id = e.order_id AND e.kind = 1
WHERE e.tenant_id = ? AND e.generation = ? AND e.day BETWEEN ? AND ?`
		args := []any{r.sql.Tenant(), r.generation, l.span.Range.From, l.span.Range.To}
		if l.span.Cut {
			arm += " AND (e.day < ? OR e.at < ?)"
			args = append(args, l.span.Range.To, l.span.EndsBefore)
		}
		all.add(arm+" GROUP BY e.hour_at", args...)
	}
	return all.each(ctx, r.sql, "hours", func(scan func(...any) error) error {
		var (
			part int
			at   instant
			t    tally
		)
		if err := scan(append([]any{
			&part, &at, (*sum)(&t.orders), (*sum)(&t.guests), (*sum)(&t.customers), (*sum)(&t.fresh),
		}, t.amounts()...)...); err != nil {
			return err
		}
		l := lines[part]
		i, found := slices.BinarySearchFunc(l.buckets, time.Time(at), func(b period.Bucket, hour time.Time) int {
			return b.StartsAt.Compare(hour)
		})
		return l.put(i, found, t)
	})
}

// newTrend computes the points from the tallies of the lines: the period's and, if there is a second one, that of the
// period it is compared with.
func newTrend(s shop, every period.Interval, lines []*line, totals tally) (*SalesTrend, error) {
	points := [2][]SalesPoint{{}, {}}
	for n, l := range lines {
		for i, b := range l.buckets {
			p, err := newPoint(s, b.StartsAt, b.Label, b.Partial, l.tallies[i])
			if err != nil {
				return nil, err
			}
			points[n] = append(points[n], p)
		}
	}
	span := lines[0].span
	partial := s.calendar.Now.Before(span.EndsBefore)
	total, err := newPoint(s, span.StartsAt, span.Range.From.String(), partial, totals)
	if err != nil {
		return nil, err
	}
	return &SalesTrend{
		Range: s.resolved(span), Interval: every, Points: points[0], PreviousPoints: points[1], Totals: total,
	}, nil
}

func newPoint(s shop, startsAt time.Time, label string, partial bool, t tally) (SalesPoint, error) {
	f, err := derive(t)
	if err != nil {
		return SalesPoint{}, err
	}
	p := SalesPoint{
		StartsAt: startsAt, Label: label, Partial: partial,
		Orders: int(f.orders), GuestOrders: int(f.guests), UnitsSold: int(f.units),
		Customers: int(f.customers), NewCustomers: int(f.fresh), ReturningCustomers: int(f.returning),
		GrossSales: s.money(f.gross), Discounts: s.money(f.discount), SalesReversals: s.money(f.reversal),
		NetSales: s.money(f.net), Shipping: s.money(f.shipping), Taxes: s.money(f.tax),
		Duties: s.money(f.duty), Fees: s.money(f.fee), TotalSales: s.money(f.total),
	}
	if f.average != nil {
		p.AverageOrderValue = new(s.money(*f.average))
	}
	return p, nil
}
