package insights_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/insights"
	"github.com/shopsight/shopsight/internal/ledger"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
)

// worlds are zones with a present instant: near a change of the clocks, at a midnight that is not there, or soon after a
// date that was left out.
var worlds = []struct{ zone, now string }{
	{"UTC", "2026-11-23T15:30:12.345678Z"},
	{"America/New_York", "2026-11-03T20:10:00Z"},    // clocks went back two days ago
	{"Europe/Berlin", "2026-03-29T10:00:00Z"},       // clocks went forward today
	{"Australia/Lord_Howe", "2026-04-05T00:20:00Z"}, // half an hour back today
	{"Asia/Kathmandu", "2026-07-31T18:14:59Z"},      // the last minute of a month, at an odd offset
	{"Pacific/Apia", "2012-01-02T04:00:00Z"},        // 2011-12-30 was left out
	{"America/Santiago", "2026-09-07T05:00:00Z"},    // yesterday began at one o'clock
	{"America/St_Johns", "2010-11-07T14:00:00Z"},    // clocks went back over midnight
}

var (
	presets = []period.Preset{
		period.Today, period.Yesterday, period.Last7Days, period.Last30Days, period.Last90Days, period.Last12Months,
		period.WeekToDate, period.MonthToDate, period.QuarterToDate, period.YearToDate,
		period.LastWeek, period.LastMonth, period.LastQuarter, period.LastYear, period.AllTime,
	}
	comparisons = []period.Comparison{
		period.NoComparison, period.PreviousPeriod, period.PreviousYear, period.PreviousYearMatchDayOfWeek,
	}
	intervals = []period.Interval{period.ByHour, period.ByDay, period.ByWeek, period.ByMonth, period.ByQuarter, period.ByYear}
	ranks     = []insights.RankBy{insights.ByTotalSales, insights.ByNetSales, insights.ByOrders, insights.ByUnits}
)

// Every report equals brute force over the entries, on random sales in many zones, and knows nothing of another tenant
// or of another generation.
func TestReportsEqualBruteForce(t *testing.T) {
	t.Parallel()
	for _, world := range worlds {
		t.Run(world.zone, func(t *testing.T) {
			t.Parallel()
			seed := testkit.Seed(t)
			testkit.Each(t, func(t *testing.T, on *store.Store) {
				rng := rand.New(rand.NewPCG(seed, 1))
				now, err := time.Parse(time.RFC3339Nano, world.now)
				if err != nil {
					t.Fatal(err)
				}
				z := zone(t, world.zone)
				mine, other := testkit.Tenant(t, on, "USD", world.zone), testkit.Tenant(t, on, "EUR", world.zone)
				// Most sales lie near now, where the cuts are, the rest up to two years back and a day ahead.
				s := random(rng, z, now.AddDate(0, 0, -3), now.Add(20*time.Hour), 60, 30)
				far := random(rng, z, now.AddDate(-2, 0, -rng.IntN(200)), now.AddDate(0, 0, -2), 220, 30)
				for _, o := range far.orders {
					o.number += int64(len(s.orders))
					s.orders = append(s.orders, o)
				}
				s.sealed().fill(t, mine, on)
				random(rng, z, now.AddDate(-1, 0, 0), now, 50, 10).sealed().fill(t, other, on)
				decoy(t, mine, on)

				service := insights.New(on, func() time.Time { return now })
				calendar := period.Calendar{Zone: z, WeekStart: time.Monday, Now: now}
				var inputs []period.Input
				for _, i := range rng.Perm(len(presets))[:testkit.Size(6, len(presets))] {
					inputs = append(inputs, preset(presets[i]))
				}
				for range testkit.Size(4, 100) {
					from := calendar.Today() + 2 - period.Day(rng.IntN(500))
					inputs = append(inputs, period.Input{From: &from, To: new(from + period.Day(rng.IntN(400)))})
				}
				for _, in := range inputs {
					for _, i := range rng.Perm(len(comparisons))[:testkit.Size(1, 4)] {
						s.checkOverview(t, mine, service, calendar, in, comparisons[i])
					}
					for _, i := range rng.Perm(len(intervals))[:testkit.Size(2, 6)] {
						s.checkTrend(t, mine, service, calendar, in, intervals[i], comparisons[rng.IntN(len(comparisons))])
					}
					s.checkTop(t, mine, service, calendar, in, 1+rng.IntN(12), ranks[rng.IntN(len(ranks))])
				}
				for _, by := range ranks {
					for _, first := range []int{1 + rng.IntN(3), 4 + rng.IntN(10), len(s.customers)} {
						s.checkTop(t, mine, service, calendar, preset(period.AllTime), first, by)
					}
				}
			})
		})
	}
}

// Every range of a short history, from two days before it to two days after it, in which every way to count distinct
// customers is taken, and every comparison of it, with a present instant at which something was sold.
func TestEveryRange(t *testing.T) {
	t.Parallel()
	seed := testkit.Seed(t)
	testkit.Each(t, func(t *testing.T, on *store.Store) {
		rng := rand.New(rand.NewPCG(seed, 2))
		ctx := testkit.Tenant(t, on, "USD", "Europe/Berlin")
		z := zone(t, "Europe/Berlin")
		begin := time.Date(2026, 10, 18, 22, 0, 0, 0, time.UTC) // clocks go back on the 25th
		now := begin.AddDate(0, 0, 7).Add(12 * time.Hour)
		// Cuts fall on 9:00 and 10:00 UTC, before and after the change.
		near := func(at time.Time, jitter int) time.Time {
			return at.Truncate(24 * time.Hour).Add(time.Duration(9+rng.IntN(2))*time.Hour + time.Duration(jitter)*time.Microsecond)
		}
		s := random(rng, z, begin, begin.AddDate(0, 0, testkit.Size(9, 30)), 60, 30)
		for i := range s.orders {
			o := &s.orders[i]
			if rng.IntN(3) > 0 {
				o.at = near(o.at, rng.IntN(3)-1)
			}
			for j := range o.entries {
				if o.entries[j].Kind == ledger.Sale {
					o.entries[j].At = o.at
				} else if rng.IntN(3) > 0 {
					o.entries[j].At = near(o.entries[j].At, rng.IntN(2)-1)
				}
			}
		}
		s.sealed().fill(t, ctx, on)
		service := insights.New(on, func() time.Time { return now })
		calendar := period.Calendar{Zone: z, WeekStart: time.Monday, Now: now}
		first, last := s.firstAndLast()
		for from := first - 2; from <= last+2; from++ {
			for to := from; to <= last+2; to++ {
				in := period.Input{From: &from, To: &to}
				s.checkOverview(t, ctx, service, calendar, in, period.PreviousPeriod)
				every := []period.Interval{period.ByHour, period.ByDay, period.ByWeek}[rng.IntN(3)]
				s.checkTrend(t, ctx, service, calendar, in, every, period.PreviousPeriod)
			}
		}
	})
}

// Ten years of two customers who come back every few days: more buckets than one statement counts customers of, and
// ranges of more days than are listed one by one.
func TestLongHistory(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on *store.Store) {
		ctx := testkit.Tenant(t, on, "USD", "UTC")
		now := time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)
		s := &sales{zone: time.UTC, customers: []int64{2, 1}}
		for at := now.AddDate(-10, 0, 0); !at.After(now); at = at.AddDate(0, 0, 2) {
			o := order{number: int64(len(s.orders) + 1), at: at, customer: len(s.orders) / 3 % 2}
			o.entries = []ledger.Entry{{Kind: ledger.Sale, At: at, Amounts: ledger.Amounts{Gross: o.number, Units: 1}}}
			s.orders = append(s.orders, o)
		}
		s.sealed().fill(t, ctx, on)
		service := insights.New(on, func() time.Time { return now })
		calendar := period.Calendar{Zone: time.UTC, WeekStart: time.Monday, Now: now}
		s.checkTrend(t, ctx, service, calendar, preset(period.AllTime), period.ByWeek, period.NoComparison)
		first, last := s.firstAndLast()
		for _, r := range []period.Range{{From: first + 10, To: last - 10}, {From: first + 2000, To: last - 100}, {From: first + 10, To: last}} {
			s.checkOverview(t, ctx, service, calendar, period.Input{From: &r.From, To: &r.To}, period.PreviousYear)
		}
	})
}

func preset(p period.Preset) period.Input { return period.Input{Preset: &p} }

func (s *sales) checkTop(t *testing.T, ctx context.Context, service *insights.Service, c period.Calendar,
	in period.Input, first int, by insights.RankBy,
) {
	t.Helper()
	got, err := service.TopCustomers(ctx, in, first, by)
	if want := s.top(c, in, first, by); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("top %d by %s of %s:\ngot  %+v %v\nwant %+v", first, by, inputName(in), got, err, want)
	}
}

// decoy writes rows of a generation that is not in force, which no report may count.
func decoy(t *testing.T, ctx context.Context, on *store.Store) {
	t.Helper()
	db := testkit.DB(t, on)
	tenant := tenantOf(ctx)
	for table, columns := range map[string]string{
		"daily_sales": "day, entries, orders, guest_orders, test_orders, customers, new_customers, " +
			"gross, discount, reversal, shipping, tax, duty, fee, tip, gift_card, units",
		"customer_gaps": "day, prev_day, customers",
		"customer_days": "customer_id, day, orders",
		"ledger_entries": "day, order_id, kind, ref, at, hour_at, customer_id, " +
			"gross, discount, reversal, shipping, tax, duty, fee, tip, gift_card, units",
	} {
		if _, err := db.ExecContext(ctx, fmt.Sprintf(
			"INSERT INTO %[1]s (tenant_id, generation, %[2]s) SELECT tenant_id, 2, %[2]s FROM %[1]s WHERE tenant_id = ?",
			table, columns), tenant); err != nil {
			t.Fatal(err)
		}
	}
}

func (s *sales) checkTrend(t *testing.T, ctx context.Context, service *insights.Service, c period.Calendar,
	in period.Input, every period.Interval, how period.Comparison,
) {
	t.Helper()
	name := fmt.Sprintf("trend of %s by %s against %s", inputName(in), every, how)
	want, wantErr := s.trend(c, in, every, how)
	got, err := service.SalesTrend(ctx, in, every, how)
	if wantErr != nil || err != nil {
		if fault.KindOf(wantErr) != fault.Invalid || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: error %v, want %v", name, err, wantErr)
		}
		return
	}
	if reflect.DeepEqual(got, want) {
		return
	}
	for i := range min(len(got.Points), len(want.Points)) {
		if !reflect.DeepEqual(got.Points[i], want.Points[i]) {
			t.Errorf("%s: point %d\ngot  %+v\nwant %+v", name, i, got.Points[i], want.Points[i])
		}
	}
	for i := range min(len(got.PreviousPoints), len(want.PreviousPoints)) {
		if !reflect.DeepEqual(got.PreviousPoints[i], want.PreviousPoints[i]) {
			t.Errorf("%s: previous point %d\ngot  %+v\nwant %+v", name, i, got.PreviousPoints[i], want.PreviousPoints[i])
		}
	}
	t.Errorf("%s:\ngot  %+v, %d and %d points\nwant %+v, %d and %d points", name,
		got.Totals, len(got.Points), len(got.PreviousPoints), want.Totals, len(want.Points), len(want.PreviousPoints))
}

func (s *sales) checkOverview(t *testing.T, ctx context.Context, service *insights.Service, c period.Calendar,
	in period.Input, how period.Comparison,
) {
	t.Helper()
	name := fmt.Sprintf("overview of %s against %s", inputName(in), how)
	o, err := service.Overview(ctx, in, how)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	r, preset := s.resolve(c, in)
	span := c.Span(r)
	now := s.between(span.StartsAt, span.EndsBefore)
	var before *figures
	other, compared := c.Compare(r, preset, how)
	if compared {
		before = new(s.between(other.StartsAt, other.EndsBefore))
	}
	if compared != (o.ComparedTo != nil) || compared && *o.ComparedTo != s.resolved(other) || o.Range != s.resolved(span) {
		t.Errorf("%s: range is %+v compared to %+v", name, o.Range, o.ComparedTo)
	}
	for _, m := range []struct {
		key   insights.MetricKey
		got   insights.MoneyMetric
		value func(figures) int64
	}{
		{insights.TotalSales, o.TotalRevenue, figures.total},
		{insights.GrossSales, o.GrossSales, func(f figures) int64 { return f.Gross }},
		{insights.Discounts, o.Discounts, func(f figures) int64 { return f.Discount }},
		{insights.SalesReversals, o.SalesReversals, func(f figures) int64 { return f.Reversal }},
		{insights.NetSales, o.NetSales, figures.net},
		{insights.Shipping, o.Shipping, func(f figures) int64 { return f.Shipping }},
		{insights.Taxes, o.Taxes, func(f figures) int64 { return f.Tax }},
		{insights.Duties, o.Duties, func(f figures) int64 { return f.Duty }},
		{insights.Fees, o.Fees, func(f figures) int64 { return f.Fee }},
	} {
		want := insights.MoneyMetric{Value: usd(m.value(now)), Definition: m.got.Definition}
		if before != nil {
			previous := m.value(*before)
			want.Previous, want.Change = new(usd(previous)), new(usd(m.value(now)-previous))
			want.ChangePercent = changePercent(m.value(now), previous)
		}
		check(t, name, m.key, m.got.Definition, m.got.ChangePercent, &want.ChangePercent, m.got, &want)
	}
	for _, m := range []struct {
		key   insights.MetricKey
		got   insights.CountMetric
		value func(figures) int64
	}{
		{insights.Orders, o.Orders, func(f figures) int64 { return f.orders }},
		{insights.UnitsSold, o.UnitsSold, func(f figures) int64 { return f.Units }},
		{insights.Customers, o.Customers, func(f figures) int64 { return f.customers }},
		{insights.NewCustomers, o.NewCustomers, func(f figures) int64 { return f.fresh }},
		{insights.ReturningCustomers, o.ReturningCustomers, func(f figures) int64 { return f.customers - f.fresh }},
		{insights.GuestOrders, o.GuestOrders, func(f figures) int64 { return f.guests }},
	} {
		want := insights.CountMetric{Value: int(m.value(now)), Definition: m.got.Definition}
		if before != nil {
			previous := m.value(*before)
			want.Previous, want.Change = new(int(previous)), new(int(m.value(now)-previous))
			want.ChangePercent = changePercent(m.value(now), previous)
		}
		check(t, name, m.key, m.got.Definition, m.got.ChangePercent, &want.ChangePercent, m.got, &want)
	}

	average := insights.AverageMetric{Definition: o.AverageOrderValue.Definition}
	rate := insights.RateMetric{Value: ratio(now), Definition: o.ReturningCustomerRate.Definition}
	if a := now.average(); a != nil {
		average.Value = new(usd(*a))
	}
	if before != nil {
		if b := before.average(); b != nil {
			if average.Previous = new(usd(*b)); average.Value != nil {
				average.Change = new(usd(average.Value.Minor - *b))
				average.ChangePercent = changePercent(average.Value.Minor, *b)
			}
		}
		if rate.Previous = ratio(*before); rate.Previous != nil && rate.Value != nil {
			rate.ChangePoints = new((*rate.Value - *rate.Previous) * 100)
		}
	}
	check(t, name, insights.AverageOrderValue, average.Definition, o.AverageOrderValue.ChangePercent, &average.ChangePercent,
		o.AverageOrderValue, &average)
	check(t, name, insights.ReturningCustomerRate, rate.Definition, o.ReturningCustomerRate.ChangePoints, &rate.ChangePoints,
		o.ReturningCustomerRate, &rate)

	wantExcluded := insights.ExcludedSummary{TestOrders: int(now.tests), GiftCardSales: usd(now.GiftCard), Tips: usd(now.Tip)}
	wantFresh := insights.Freshness{AsOf: c.Now.Truncate(time.Microsecond), Complete: true}
	if o.Excluded != wantExcluded || o.Freshness != wantFresh || o.CurrencyCode != "USD" || o.TotalCustomerRecords != int(s.records) {
		t.Errorf("%s: excluded %+v, freshness %+v, currency %s, %d records; want %+v, %+v, USD, %d", name,
			o.Excluded, o.Freshness, o.CurrencyCode, o.TotalCustomerRecords, wantExcluded, wantFresh, s.records)
	}
}

// check compares one metric. The computed change may differ in the last digits of the float and is made equal first.
func check[M any](t *testing.T, name string, key insights.MetricKey, d insights.MetricDefinition, got *float64, wanted **float64, metric M, want *M) {
	t.Helper()
	if got != nil && *wanted != nil && math.Abs(*got-**wanted) <= 1e-9*max(1, math.Abs(**wanted)) {
		*wanted = got
	}
	if d.Key != key || !reflect.DeepEqual(metric, *want) {
		t.Errorf("%s: %s (defined as %s)\ngot  %s\nwant %s", name, key, d.Key, dump(metric), dump(*want))
	}
}

func changePercent(now, before int64) *float64 {
	if before == 0 {
		return nil
	}
	return new((float64(now) - float64(before)) / math.Abs(float64(before)) * 100)
}

func ratio(f figures) *float64 {
	if f.customers == 0 {
		return nil
	}
	return new(float64(f.customers-f.fresh) / float64(f.customers))
}

// dump writes a metric with what its pointers point to.
func dump(metric any) string {
	v, text := reflect.ValueOf(metric), ""
	for i := range v.NumField() {
		if f := v.Field(i); v.Type().Field(i).Name != "Definition" {
			if f.Kind() == reflect.Pointer && !f.IsNil() {
				f = f.Elem()
			}
			text += fmt.Sprintf("%s %v  ", v.Type().Field(i).Name, f)
		}
	}
	return text
}

func inputName(in period.Input) string {
	if in.Preset != nil {
		return string(*in.Preset)
	}
	return fmt.Sprintf("%s to %s", *in.From, *in.To)
}
