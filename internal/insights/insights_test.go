package insights_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/insights"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
)

// monday is the present of the tests that are worked out by hand.
var monday = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return monday }

// Records that go in through ingest come out as the numbers that were worked out by hand.
func TestWorkedExample(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on *store.Store) {
		ctx, other := testkit.Tenants(t, on)
		at := func(s string) time.Time {
			when, err := time.Parse(time.RFC3339, "2026-11-"+s+":00Z")
			if err != nil {
				t.Fatal(err)
			}
			return when
		}
		item := func(quantity int, price string) []ingest.OrderItemInput {
			return []ingest.OrderItemInput{{Title: "Tea", Quantity: quantity, UnitPrice: price}}
		}
		giftCard := item(1, "25.00")
		giftCard[0].GiftCard = true
		inclusive := item(1, "100.00")
		inclusive[0].Discount = "25.00"
		batch := ingest.Batch{
			Source:    ingest.SourceAPI,
			Customers: []ingest.CustomerInput{{ShopifyID: "7"}, {ShopifyID: "9"}},
			Orders: []ingest.OrderInput{
				{ShopifyID: "1", CustomerShopifyID: new("7"), ProcessedAt: at("09T10:00"), Items: item(2, "10.00"), Shipping: "5.00",
					Refunds: []ingest.RefundInput{{ShopifyID: "1", CreatedAt: at("23T09:00"), Amount: "4.00", ShippingAmount: "1.00"}}},
				{ShopifyID: "2", CustomerShopifyID: new("7"), ProcessedAt: at("16T09:00"), Items: inclusive, Taxes: "6.82", TaxesIncluded: true},
				{ShopifyID: "3", ProcessedAt: at("16T13:00"), Items: item(1, "30.00")},                               // after the cut
				{ShopifyID: "8", CustomerShopifyID: new("10"), ProcessedAt: at("16T12:00"), Items: item(1, "20.00")}, // at it
				{ShopifyID: "4", CustomerShopifyID: new("8"), ProcessedAt: at("23T08:00"), Items: item(1, "50.00"), Tips: "3.00", Duties: "2.00", Fees: "1.00"},
				{ShopifyID: "5", CustomerShopifyID: new("7"), ProcessedAt: at("23T08:30"), Items: item(1, "10.00")},
				{ShopifyID: "6", CustomerShopifyID: new("9"), ProcessedAt: at("23T08:30"), Items: item(1, "99.00"), Test: true},
				{ShopifyID: "7", ProcessedAt: at("23T10:00"), Items: giftCard},
			},
		}
		if result, err := ingest.New(on, clock).Apply(ctx, batch); err != nil || result.Rejected > 0 {
			t.Fatal(result, err)
		}
		service := insights.New(on, clock)

		o, err := service.Overview(ctx, preset(period.WeekToDate), period.PreviousPeriod)
		if err != nil {
			t.Fatal(err)
		}
		for name, m := range map[string]struct {
			got         insights.MoneyMetric
			now, before string
			percent     *float64
		}{
			"total revenue":   {o.TotalRevenue, "58.00", "75.00", new(-100 * 1700 / 7500.0)},
			"gross sales":     {o.GrossSales, "60.00", "90.91", new(-100 * 3091 / 9091.0)},
			"discounts":       {o.Discounts, "0.00", "22.73", new(-100.0)},
			"sales reversals": {o.SalesReversals, "4.00", "0.00", nil},
			"net sales":       {o.NetSales, "56.00", "68.18", new(-100 * 1218 / 6818.0)},
			"shipping":        {o.Shipping, "-1.00", "0.00", nil},
			"taxes":           {o.Taxes, "0.00", "6.82", new(-100.0)},
			"duties":          {o.Duties, "2.00", "0.00", nil},
			"fees":            {o.Fees, "1.00", "0.00", nil},
		} {
			change := m.got.Value.Minor - m.got.Previous.Minor
			if m.got.Value.Amount() != m.now || m.got.Previous.Amount() != m.before || m.got.Change.Minor != change || !same(m.got.ChangePercent, m.percent) {
				t.Errorf("%s: %s", name, dump(m.got))
			}
		}
		for name, m := range map[string]struct {
			got         insights.CountMetric
			now, before int
		}{
			"orders":              {o.Orders, 3, 1},
			"units sold":          {o.UnitsSold, 2, 1},
			"customers":           {o.Customers, 2, 1},
			"new customers":       {o.NewCustomers, 1, 0},
			"returning customers": {o.ReturningCustomers, 1, 1},
			"guest orders":        {o.GuestOrders, 1, 0},
		} {
			if m.got.Value != m.now || *m.got.Previous != m.before || *m.got.Change != m.now-m.before {
				t.Errorf("%s: %s", name, dump(m.got))
			}
		}
		if a := o.AverageOrderValue; a.Value.Amount() != "20.00" || a.Previous.Amount() != "68.18" || a.Change.Amount() != "-48.18" {
			t.Errorf("average order value: %s", dump(a))
		}
		if r := o.ReturningCustomerRate; *r.Value != 0.5 || *r.Previous != 1 || *r.ChangePoints != -50 {
			t.Errorf("returning customer rate: %s", dump(r))
		}
		if e := o.Excluded; e.TestOrders != 1 || e.GiftCardSales.Amount() != "25.00" || e.Tips.Amount() != "3.00" || o.TotalCustomerRecords != 2 {
			t.Errorf("excluded %+v, %d records", e, o.TotalCustomerRecords)
		}
		wantOther := insights.ResolvedRange{
			From: period.NewDay(2026, 11, 16), To: period.NewDay(2026, 11, 16),
			StartsAt: at("16T00:00"), EndsBefore: at("16T12:00"), Timezone: "UTC",
		}
		if o.Range.From != period.NewDay(2026, 11, 23) || *o.ComparedTo != wantOther {
			t.Errorf("range %+v compared to %+v", o.Range, o.ComparedTo)
		}

		top, err := service.TopCustomers(ctx, preset(period.AllTime), 5, insights.ByTotalSales)
		if err != nil || len(top) != 3 {
			t.Fatal(top, err)
		}
		if c := top[0]; c.Rank != 1 || c.Orders != 3 || c.TotalSales.Amount() != "105.00" || c.NetSales.Amount() != "94.18" || *c.ShareOfSales != 105.0/208 {
			t.Errorf("first customer %+v", c)
		}
		if c := top[1]; c.Rank != 2 || c.Orders != 1 || c.TotalSales.Amount() != "53.00" || c.NetSales.Amount() != "50.00" || *c.ShareOfSales != 53.0/208 {
			t.Errorf("second customer %+v", c)
		}
		from, to := period.NewDay(2026, 11, 23), period.NewDay(2026, 11, 23)
		today, err := service.TopCustomers(ctx, period.Input{From: &from, To: &to}, 5, insights.ByOrders)
		if err != nil || len(today) != 2 || today[0].CustomerID != top[0].CustomerID || today[0].TotalSales.Amount() != "5.00" {
			t.Errorf("of equal customers the one with the smaller number comes first, with its refund of today: %+v, %v", today, err)
		}

		if o, err := service.Overview(other, preset(period.AllTime), period.PreviousPeriod); err != nil || o.Orders.Value != 0 || o.ComparedTo != nil {
			t.Errorf("another tenant sees %+v, %v", o, err)
		}
	})
}

// A store without anything answers zeros, and null where there is nothing to divide by.
func TestEmptyStore(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on *store.Store) {
		ctx := testkit.Tenant(t, on, "KWD", "Asia/Kuwait")
		service := insights.New(on, clock)
		o, err := service.Overview(ctx, preset(period.AllTime), period.PreviousPeriod)
		if err != nil {
			t.Fatal(err)
		}
		if o.Range.From != o.Range.To || o.ComparedTo != nil || o.TotalRevenue.Value.Amount() != "0.000" || o.TotalRevenue.Previous != nil ||
			o.AverageOrderValue.Value != nil || o.ReturningCustomerRate.Value != nil || o.Customers.ChangePercent != nil {
			t.Errorf("overview %+v", o)
		}
		trend, err := service.SalesTrend(ctx, preset(period.Last7Days), period.ByDay, period.NoComparison)
		if err != nil || len(trend.Points) != 7 || trend.PreviousPoints == nil || len(trend.PreviousPoints) != 0 ||
			!trend.Points[6].Partial || trend.Points[5].Partial || trend.Points[6].Label != "2026-11-23" {
			t.Errorf("trend %+v, %v", trend, err)
		}
		top, err := service.TopCustomers(ctx, preset(period.AllTime), 100, insights.ByOrders)
		if err != nil || top == nil || len(top) != 0 {
			t.Errorf("top %+v, %v", top, err)
		}
	})
}

// What the store has set decides how its numbers are read.
func TestSettings(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on *store.Store) {
		ctx, other := testkit.Tenants(t, on)
		service := insights.New(on, clock)
		freshness := func(of context.Context) insights.Freshness {
			t.Helper()
			o, err := service.Overview(of, preset(period.Today), period.NoComparison)
			if err != nil {
				t.Fatal(err)
			}
			return o.Freshness
		}
		if got := freshness(ctx); got != (insights.Freshness{AsOf: monday, Complete: true}) {
			t.Errorf("at first: %+v", got)
		}
		addProducts(t, on, ctx, "API", 9_000_000_000_000_000_007)
		if freshness(ctx).ContainsSampleData {
			t.Error("a product of the store's own counts as sample data because of its large number")
		}
		addProducts(t, on, ctx, "SAMPLE", 9_000_000_000_000_000_008)
		if !freshness(ctx).ContainsSampleData || freshness(other).ContainsSampleData {
			t.Error("sample data is not seen, or seen by another tenant")
		}
		exec(t, on, "UPDATE tenant_writes SET next_generation = 2, next_timezone = 'UTC' WHERE tenant_id = ?", tenantOf(ctx))
		if freshness(ctx).Rebuilding {
			t.Error("a rebuild in the same timezone is told of")
		}
		exec(t, on, "UPDATE tenant_writes SET next_timezone = 'Europe/Berlin' WHERE tenant_id = ?", tenantOf(ctx))
		if !freshness(ctx).Rebuilding {
			t.Error("a rebuild for another timezone is not told of")
		}
		exec(t, on, "UPDATE tenants SET week_starts_on = 0 WHERE id = ?", tenantOf(ctx))
		trend, err := service.SalesTrend(ctx, preset(period.WeekToDate), period.ByWeek, period.NoComparison)
		if err != nil || trend.Points[0].Label != "2026-11-22" {
			t.Errorf("the week that begins on Sunday: %+v, %v", trend, err)
		}
	})
}

// Sums beyond 64 bits are an error of ours, not a number.
func TestOverflow(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on *store.Store) {
		ctx := testkit.Tenant(t, on, "USD", "UTC")
		today := int(period.DayOf(monday, time.UTC))
		for day := today - 1; day <= today; day++ {
			exec(t, on, "INSERT INTO daily_sales (tenant_id, generation, day, entries, orders, guest_orders, test_orders, customers, new_customers, "+
				"gross, discount, reversal, shipping, tax, duty, fee, tip, gift_card, units) VALUES (?, 1, ?, 1, 1, 1, 0, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, 1)",
				tenantOf(ctx), day, int64(math.MaxInt64))
		}
		service := insights.New(on, clock)
		o, err := service.Overview(ctx, preset(period.Today), period.PreviousPeriod)
		if err != nil || o.TotalRevenue.Value.Amount() != "92233720368547758.07" {
			t.Errorf("one day: %+v, %v", o, err)
		}
		if o, err := service.Overview(ctx, preset(period.Last7Days), period.NoComparison); fault.KindOf(err) != fault.Internal {
			t.Errorf("two days: %+v, %v", o, err)
		}
		if trend, err := service.SalesTrend(ctx, preset(period.Last7Days), period.ByMonth, period.NoComparison); fault.KindOf(err) != fault.Internal {
			t.Errorf("two days: %+v, %v", trend, err)
		}
	})
}

func TestRefusedInput(t *testing.T) {
	t.Parallel()
	day, earlier, first := period.NewDay(2026, 11, 23), period.NewDay(2026, 11, 22), period.NewDay(1970, 1, 1)
	on := testkit.SQLite(t)
	ctx := testkit.Tenant(t, on, "USD", "UTC")
	service := insights.New(on, clock)
	overview := func(in period.Input) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := service.Overview(ctx, in, period.NoComparison)
			return err
		}
	}
	trend := func(in period.Input, every period.Interval) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := service.SalesTrend(ctx, in, every, period.NoComparison)
			return err
		}
	}
	top := func(in period.Input, first int, by insights.RankBy) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := service.TopCustomers(ctx, in, first, by)
			return err
		}
	}
	backwards := period.Input{From: &day, To: &earlier}
	for name, c := range map[string]struct {
		ask   func(context.Context) error
		field string
	}{
		"nothing":                {overview(period.Input{}), "range"},
		"preset and from":        {overview(period.Input{Preset: new(period.Today), From: &day}), "range"},
		"preset and both":        {overview(period.Input{Preset: new(period.Today), From: &day, To: &day}), "range"},
		"from alone":             {overview(period.Input{From: &day}), "range"},
		"to alone":               {overview(period.Input{To: &day}), "range"},
		"backwards":              {overview(backwards), "range"},
		"trend backwards":        {trend(backwards, period.ByDay), "range"},
		"top backwards":          {top(backwards, 5, insights.ByUnits), "range"},
		"too many points":        {trend(period.Input{From: &first, To: &day}, period.ByDay), "interval"},
		"unknown interval":       {trend(preset(period.Today), "MINUTE"), "interval"},
		"first 0":                {top(preset(period.Today), 0, insights.ByUnits), "first"},
		"first 101":              {top(preset(period.Today), 101, insights.ByUnits), "first"},
		"unknown ranking":        {top(preset(period.Today), 5, "LUCK"), "by"},
		"a ranking with a quote": {top(preset(period.AllTime), 5, "ORDERS; DROP TABLE orders"), "by"},
	} {
		err := c.ask(ctx)
		var refused *fault.Error
		if fault.KindOf(err) != fault.Invalid || !errors.As(err, &refused) || !slices.Equal(refused.Field, []string{c.field}) {
			t.Errorf("%s: %v, want a refusal of %s", name, err, c.field)
		}
	}
	for name, ask := range map[string]func(context.Context) error{
		"overview": overview(preset(period.Today)), "trend": trend(preset(period.Today), period.ByDay),
		"top": top(preset(period.Today), 5, insights.ByUnits),
	} {
		if err := ask(t.Context()); fault.KindOf(err) != fault.Unauthenticated {
			t.Errorf("%s without a viewer: %v", name, err)
		}
	}
}

// Every metric of the schema is defined, in its order, with all that a reader needs.
func TestMetricDefinitions(t *testing.T) {
	t.Parallel()
	schema, err := os.ReadFile(filepath.Join(testkit.Root(t), "schema.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	enum := regexp.MustCompile(`(?s)\nenum MetricKey \{(.*?)\n\}`).FindSubmatch(schema)
	if enum == nil {
		t.Fatal("the schema has no enum MetricKey")
	}
	var want, got []insights.MetricKey
	for _, name := range regexp.MustCompile(`(?m)^  ([A-Z_]+)$`).FindAllSubmatch(enum[1], -1) {
		want = append(want, insights.MetricKey(name[1]))
	}
	service := insights.New(nil, clock) // definitions need no database
	for _, d := range service.MetricDefinitions(nil) {
		got = append(got, d.Key)
		texts := append([]string{d.Name, d.Formula, d.DateBasis}, append(d.Includes, d.Excludes...)...)
		if d.ShopifyDifference != nil {
			texts = append(texts, *d.ShopifyDifference)
		}
		if len(d.Includes) == 0 || len(d.Excludes) == 0 || slices.Contains(texts, "") || slices.ContainsFunc(texts, func(s string) bool {
			return s != strings.TrimSpace(s) || strings.Contains(s, "  ")
		}) {
			t.Errorf("%s is not told in full: %+v", d.Key, d)
		}
	}
	if len(want) != 21 || !slices.Equal(got, want) {
		t.Errorf("defined are %v, the schema has %v", got, want)
	}
	some := service.MetricDefinitions([]insights.MetricKey{insights.Orders, "NONSENSE", insights.Fees, insights.Orders})
	if len(some) != 3 || some[0].Key != insights.Orders || some[1].Key != insights.Fees || !reflect.DeepEqual(some[2], some[0]) {
		t.Errorf("asked for ORDERS, FEES, ORDERS: %+v", some)
	}
	if none := service.MetricDefinitions([]insights.MetricKey{}); none == nil || len(none) != 0 {
		t.Errorf("asked for none: %+v", none)
	}
}
