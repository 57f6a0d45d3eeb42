package commerce_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/commerce"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

func euros(s string) money.Money {
	minor, err := money.Parse(s, "EUR")
	if err != nil {
		panic(err)
	}
	return money.Money{Minor: minor, Currency: "EUR"}
}

// TestRecords: every field of every record, as it went in.
func TestRecords(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		a, _ := twins(t, s)
		id := a.row(t, "orders", 101)
		orders, err := a.reader.OrdersByID(a.ctx, []int64{id, id})
		if err != nil || len(orders) != 1 {
			t.Fatal(orders, err)
		}
		o := orders[id]
		if o.ID != id || o.ShopifyID != "gid://shopify/Order/101" || o.Source != commerce.SourceAPI || o.Name != "#1001" ||
			!o.ProcessedAt.Equal(at("2026-06-01T03:30:00Z")) || o.ProcessedAt.Location() != time.UTC ||
			o.CreatedAt != nil || o.UpdatedAt != nil || o.CancelledAt != nil ||
			o.FinancialStatus != commerce.FinancialPaid || o.FulfillmentStatus != commerce.FulfillmentFulfilled ||
			o.Test || *o.Channel != "web" || *o.CustomerID != a.row(t, "customers", 11) || *o.ShippingCountry != "DE" ||
			o.ShippingRegion != nil || !slices.Equal(o.DiscountCodes, []string{"Spring10"}) || !slices.Equal(o.Tags, []string{"Gift"}) {
			t.Errorf("order: %+v", o)
		}
		total := euros("21.51")
		if o.Subtotal != euros("18.01") || o.Shipping != euros("1") || o.Taxes != euros("0.5") || o.Tips != euros("2") ||
			o.Discounts != euros("0") || o.Duties != euros("0") || o.Fees != euros("0") ||
			o.Total != (commerce.MoneyBag{ShopMoney: total, PresentmentMoney: total}) ||
			o.Refunded != euros("11.5") || o.NetSales != euros("8.01") {
			t.Errorf("amounts of the order: %+v", o)
		}
		items, err := a.reader.ItemsByOrder(a.ctx, []int64{id, a.row(t, "orders", 103), 1})
		if err != nil || len(items) != 2 || len(items[id]) != 2 || len(items[a.row(t, "orders", 103)]) != 3 {
			t.Fatal(items, err)
		}
		line := items[id][0]
		if line.OrderID != id || line.Title != "T-Shirt, blue" || *line.SKU != "TS-Blue-M" || line.VariantTitle != nil ||
			*line.ProductID != a.row(t, "products", 1) || line.Quantity != 2 || line.RefundedQuantity != 1 || line.GiftCard ||
			line.UnitPrice != euros("9") || line.GrossSales != euros("18") || line.Discounts != euros("0") || line.NetSales != euros("18") ||
			items[id][1].Title != "Wrapping" || items[id][1].ProductID != nil {
			t.Errorf("line: %+v", line)
		}
		if again, err := a.reader.OrderItemsByID(a.ctx, []int64{line.ID}); err != nil || again[line.ID].Title != line.Title {
			t.Error("line by itself:", again, err)
		}
		refunds, err := a.reader.RefundsByOrder(a.ctx, []int64{id})
		if err != nil || len(refunds[id]) != 2 {
			t.Fatal(refunds, err)
		}
		if r := refunds[id][0]; r.Amount != euros("9") || r.TaxAmount != euros("0.25") || r.ShippingAmount != euros("0") ||
			r.Note != nil || r.RestockedQuantity != 1 || !r.CreatedAt.Equal(at("2026-06-03T00:00:00Z")) || *refunds[id][1].Note != "late" {
			t.Errorf("refund: %+v", r)
		}
		if r := refunds[id][1]; r.DutyAmount != euros("0.75") || r.FeeAmount != euros("0.5") {
			t.Errorf("refund of duties and fees: %+v", r)
		}
		p1, p4 := a.row(t, "products", 1), a.row(t, "products", 4)
		products, err := a.reader.ProductsByID(a.ctx, []int64{p1, p4, a.row(t, "products", 2)})
		if err != nil || len(products) != 2 || products[p4] != nil {
			t.Fatal("a product without a record:", products, err)
		}
		if p := products[p1]; p.ShopifyID != "gid://shopify/Product/1" || p.Title != "Blue T-Shirt" || *p.Handle != "blue-t-shirt" ||
			*p.Vendor != "Acme" || *p.ProductType != "Shirts" || p.Status != commerce.ProductActive || *p.Price != euros("19.9") ||
			*p.InventoryQuantity != 5 || !slices.Equal(p.Tags, []string{"Summer", "sale"}) || p.ImageURL != nil ||
			!p.CreatedAt.Equal(at("2025-01-01T08:00:00Z")) || p.UpdatedAt != nil {
			t.Errorf("product: %+v", p)
		}
		if p := products[a.row(t, "products", 2)]; p.Price != nil || *p.InventoryQuantity != -3 {
			t.Errorf("product: %+v", p)
		}
		c11, c16 := a.row(t, "customers", 11), a.row(t, "customers", 16)
		customers, err := a.reader.CustomersByID(a.ctx, []int64{c11, c16, a.row(t, "customers", 15)})
		if err != nil || len(customers) != 3 {
			t.Fatal(customers, err)
		}
		// Placed: 18.01 and 100.00; the refunds and the cancellation of the second take 110.00 of sales, 0.25 of taxes
		// and 1.25 of duties and fees.
		if c := customers[c11]; c.OrdersCount != 2 || c.TotalSpent != euros("8.01") || *c.AverageOrderValue != euros("59") ||
			!c.FirstOrderAt.Equal(at("2026-06-01T03:30:00Z")) || !c.LastOrderAt.Equal(at("2026-06-10T10:00:00Z")) {
			t.Errorf("customer: %+v, average %v", c, c.AverageOrderValue)
		}
		if c := customers[c16]; c.OrdersCount != 0 || c.AverageOrderValue != nil || c.LastOrderAt != nil || c.DisplayName != "Customer 16" {
			t.Errorf("customer with a test order alone: %+v", c)
		}
	})
}

// TestOtherTenant: the records of another tenant are absent from every lookup.
func TestOtherTenant(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		a, b := twins(t, s)
		order, customer, product := b.row(t, "orders", 101), b.row(t, "customers", 11), b.row(t, "products", 1)
		items, err := b.reader.ItemsByOrder(b.ctx, []int64{order})
		if err != nil {
			t.Fatal(err)
		}
		for name, n := range map[string]func() (int, error){
			"orders": func() (int, error) { m, err := a.reader.OrdersByID(a.ctx, []int64{order}); return len(m), err },
			"items": func() (int, error) {
				m, err := a.reader.OrderItemsByID(a.ctx, []int64{items[order][0].ID})
				return len(m), err
			},
			"lines":     func() (int, error) { m, err := a.reader.ItemsByOrder(a.ctx, []int64{order}); return len(m), err },
			"refunds":   func() (int, error) { m, err := a.reader.RefundsByOrder(a.ctx, []int64{order}); return len(m), err },
			"customers": func() (int, error) { m, err := a.reader.CustomersByID(a.ctx, []int64{customer}); return len(m), err },
			"products":  func() (int, error) { m, err := a.reader.ProductsByID(a.ctx, []int64{product}); return len(m), err },
			"history": func() (int, error) {
				m, err := a.reader.OrdersByCustomer(a.ctx, []int64{customer}, commerce.Page{}, commerce.OrderFilter{}, commerce.OrderSort{})
				if err != nil {
					return 0, err
				}
				n, err := m[customer].TotalCount(a.ctx)
				return n + len(m[customer].Nodes), err
			},
			"number": func() (int, error) {
				p := commerce.Place{Customer: customer, At: now.UnixMicro(), Number: 1 << 60}
				m, err := a.reader.CustomerOrderNumbers(a.ctx, []commerce.Place{p})
				return m[p], err
			},
		} {
			if n, err := n(); err != nil || n != 0 {
				t.Errorf("%s of the other tenant: %d, %v", name, n, err)
			}
		}
	})
}

// TestNobodyAsks: without a viewer of a tenant, every method refuses.
func TestNobodyAsks(t *testing.T) {
	t.Parallel()
	s := testkit.SQLite(t)
	r := commerce.New(s, time.Now)
	for name, ctx := range map[string]context.Context{
		"nobody": t.Context(),
		"system": viewer.NewContext(t.Context(), viewer.System("a test")),
		"person": viewer.NewContext(t.Context(), viewer.Person(0, 1, 1, viewer.Owner)),
	} {
		for what, err := range map[string]error{
			"orders":    second(r.Orders(ctx, commerce.Page{}, commerce.OrderFilter{}, commerce.OrderSort{})),
			"customers": second(r.Customers(ctx, commerce.Page{}, commerce.CustomerFilter{}, commerce.CustomerSort{})),
			"products":  second(r.Products(ctx, commerce.Page{}, commerce.ProductFilter{}, commerce.ProductSort{})),
			"by id":     second(r.CustomersByID(ctx, []int64{1})),
			"items":     second(r.ItemsByOrder(ctx, []int64{1})),
			"history":   second(r.OrdersByCustomer(ctx, []int64{1}, commerce.Page{}, commerce.OrderFilter{}, commerce.OrderSort{})),
			"numbers":   second(r.CustomerOrderNumbers(ctx, []commerce.Place{{Customer: 1}})),
			"summary":   second(r.DataSummary(ctx)),
		} {
			if fault.KindOf(err) != fault.Unauthenticated {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestDataSummary(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		empty := newShop(t, s, "EUR", "UTC")
		a, _ := twins(t, s)
		if got, err := empty.reader.DataSummary(empty.ctx); err != nil || *got != (commerce.DataSummary{}) {
			t.Errorf("empty: %+v, %v", got, err)
		}
		got, err := a.reader.DataSummary(a.ctx)
		if err != nil {
			t.Fatal(err)
		}
		if got.Products != 3 || got.Customers != 4 || got.Orders != 7 || got.OrderItems != 10 ||
			!got.FirstOrderAt.Equal(at("2025-12-31T10:00:00Z")) || !got.LastOrderAt.Equal(at("2026-06-15T10:00:00Z")) {
			t.Errorf("%+v", got)
		}
	})
}

// TestHistories: the pages of many customers are those that each has alone, in every order and direction.
func TestHistories(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		rng := seeded(t)
		a, b := newShop(t, s, "EUR", "UTC"), newShop(t, s, "EUR", "UTC")
		a.random(t, rng, 60)
		b.random(t, rng, 30)
		list, err := a.reader.Customers(a.ctx, commerce.Page{First: ptr(100)}, commerce.CustomerFilter{}, commerce.CustomerSort{})
		if err != nil {
			t.Fatal(err)
		}
		var ids []int64
		for _, c := range list.Nodes {
			ids = append(ids, c.ID)
		}
		filters := []commerce.OrderFilter{{}, {IncludeTest: true}, {Search: ptr("a"), MinTotal: ptr("1")}}
		keys := []commerce.OrderSortKey{commerce.OrderProcessedAt, commerce.OrderTotal, commerce.OrderName, commerce.OrderUpdatedAt}
		directions := []commerce.SortDirection{commerce.Ascending, commerce.Descending}
		shapes := []commerce.Page{{First: ptr(1)}, {First: ptr(2)}, {Last: ptr(2)}, {}}
		for round := range 3 * len(keys) {
			f, p := filters[round%len(filters)], shapes[rng.IntN(len(shapes))]
			sort := commerce.OrderSort{Key: keys[round%len(keys)], Direction: directions[rng.IntN(2)]}
			pages, err := a.reader.OrdersByCustomer(a.ctx, ids, p, f, sort)
			if err != nil || len(pages) != len(ids) {
				t.Fatal(len(pages), err)
			}
			for range 6 {
				id := ids[rng.IntN(len(ids))]
				a.sameHistory(t, id, pages[id], p, f, sort)
			}
		}
	})
}

// sameHistory compares a customer's page with what the list of orders says of the customer alone.
func (s *shop) sameHistory(t *testing.T, customer int64, got *commerce.OrderConnection, p commerce.Page, f commerce.OrderFilter, sort commerce.OrderSort) {
	t.Helper()
	alone := f
	alone.CustomerID = &customer
	want, err := s.reader.Orders(s.ctx, p, alone, sort)
	if err != nil {
		t.Fatal(err)
	}
	if names(got.Nodes) != names(want.Nodes) || got.PageInfo.HasNextPage != want.PageInfo.HasNextPage ||
		got.PageInfo.HasPreviousPage != want.PageInfo.HasPreviousPage {
		t.Fatalf("%v %v of customer %d: %s %+v, want %s %+v", sort, p, customer,
			names(got.Nodes), got.PageInfo, names(want.Nodes), want.PageInfo)
	}
	n, err := got.TotalCount(s.ctx)
	if m, err2 := want.TotalCount(s.ctx); n != m || err != nil || err2 != nil {
		t.Fatalf("total of customer %d: %d, %v, want %d, %v", customer, n, err, m, err2)
	}
	if p.Last != nil || !got.PageInfo.HasNextPage {
		return
	}
	// The next page is the rest, read with the cursor of this one.
	rest := commerce.Page{First: ptr(100), After: got.PageInfo.EndCursor}
	next, err := s.reader.OrdersByCustomer(s.ctx, []int64{customer}, rest, f, sort)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := s.reader.Orders(s.ctx, commerce.Page{First: ptr(100)}, alone, sort)
	if err != nil || names(got.Nodes)+names(next[customer].Nodes) != names(whole.Nodes) {
		t.Fatalf("the rest of customer %d: %s, want the end of %s, %v", customer, names(next[customer].Nodes), names(whole.Nodes), err)
	}
}

// TestOrderNumbers compares the numbers of all orders with counting them here.
func TestOrderNumbers(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		rng := seeded(t)
		a, b := newShop(t, s, "EUR", "UTC"), newShop(t, s, "EUR", "UTC")
		a.random(t, rng, 100)
		b.random(t, rng, 100)
		c, err := a.reader.Orders(a.ctx, commerce.Page{First: ptr(100)}, commerce.OrderFilter{IncludeTest: true},
			commerce.OrderSort{Direction: commerce.Ascending})
		if err != nil {
			t.Fatal(err)
		}
		want := map[commerce.Place]int{}
		var some []commerce.Place
		seen := map[int64]int{}
		for _, o := range c.Nodes { // in the order of the history
			place, ok := o.Place()
			if ok != (o.CustomerID != nil && !o.Test) {
				t.Fatalf("%+v: place %v", o, ok)
			}
			if !ok {
				continue
			}
			seen[place.Customer]++
			if rng.IntN(3) > 0 { // with gaps
				want[place] = seen[place.Customer]
				some = append(some, place, place)
			}
		}
		rng.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
		got, err := a.reader.CustomerOrderNumbers(a.ctx, some)
		if err != nil || len(got) != len(want) {
			t.Fatal(len(got), len(want), err)
		}
		for p, n := range want {
			if got[p] != n {
				t.Errorf("%+v: %d, want %d", p, got[p], n)
			}
		}
	})
}

// TestManyIDs: more rows than one statement asks for, and none.
func TestManyIDs(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		a, _ := twins(t, s)
		ids := []int64{a.row(t, "orders", 101)}
		for i := range int64(2500) {
			ids = append(ids, i+1)
		}
		if got, err := a.reader.OrdersByID(a.ctx, ids); err != nil || len(got) != 1 {
			t.Error(len(got), err)
		}
		pages, err := a.reader.OrdersByCustomer(a.ctx, append(ids[:120], a.row(t, "customers", 11)), commerce.Page{},
			commerce.OrderFilter{MinTotal: ptr("1")}, commerce.OrderSort{})
		if err != nil || len(pages) != 121 || len(pages[a.row(t, "customers", 11)].Nodes) != 2 {
			t.Error(len(pages), err)
		}
		var places []commerce.Place
		for i := range int64(420) {
			places = append(places, commerce.Place{Customer: a.row(t, "customers", 11), At: now.UnixMicro() + i, Number: 1})
		}
		got, err := a.reader.CustomerOrderNumbers(a.ctx, places)
		if err != nil || len(got) != 420 || got[places[0]] != 2 || got[places[419]] != 2 {
			t.Error(got[places[0]], got[places[419]], err)
		}
		none, err := a.reader.OrdersByID(a.ctx, nil)
		if err != nil || len(none) != 0 {
			t.Error(none, err)
		}
	})
}

// TestAverageRoundsToEven: 5 cents over 2 orders are 2, 7 over 2 are 4.
func TestAverageRoundsToEven(t *testing.T) {
	t.Parallel()
	shop := newShop(t, testkit.SQLite(t), "KWD", "UTC")
	order := func(number, customer, price string) ingest.OrderInput {
		return ingest.OrderInput{ShopifyID: number, CustomerShopifyID: &customer, ProcessedAt: now,
			Items: []ingest.OrderItemInput{{Title: "x", Quantity: 1, UnitPrice: price}}}
	}
	shop.put(t, ingest.Batch{Orders: []ingest.OrderInput{
		order("1", "1", "0.002"), order("2", "1", "0.003"), order("3", "2", "0.003"), order("4", "2", "0.004")}})
	c, err := shop.reader.Customers(shop.ctx, commerce.Page{}, commerce.CustomerFilter{},
		commerce.CustomerSort{Key: commerce.CustomerTotalSpent, Direction: commerce.Ascending})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Nodes[0].AverageOrderValue.Amount() + " " + c.Nodes[1].AverageOrderValue.Amount(); got != "0.002 0.004" {
		t.Error(got)
	}
}

// TestSettingsOfTwoTenants: an operation that logs in to another tenant reads each by its own currency and zone, whichever
// was asked for first.
func TestSettingsOfTwoTenants(t *testing.T) {
	t.Parallel()
	s := testkit.SQLite(t)
	a, b := newShop(t, s, "EUR", "UTC"), newShop(t, s, "JPY", "Asia/Tokyo")
	order := ingest.OrderInput{ShopifyID: "1", ProcessedAt: at("2026-06-01T16:00:00Z"),
		Items: []ingest.OrderItemInput{{Title: "x", Quantity: 1, UnitPrice: "500"}}}
	a.put(t, ingest.Batch{Orders: []ingest.OrderInput{order}})
	b.put(t, ingest.Batch{Orders: []ingest.OrderInput{order}})
	operation := commerce.WithSettings(t.Context())
	for range 2 {
		for _, c := range []struct {
			shop *shop
			day  string
			want money.Money
		}{{a, "2026-06-01", euros("500")}, {b, "2026-06-02", money.Money{Minor: 500, Currency: "JPY"}}} {
			ctx := viewer.NewContext(operation, viewer.FromContext(c.shop.ctx))
			got, err := c.shop.reader.Orders(ctx, commerce.Page{}, commerce.OrderFilter{Range: days(c.day, c.day)}, commerce.OrderSort{})
			if err != nil || len(got.Nodes) != 1 || got.Nodes[0].Total.ShopMoney != c.want {
				t.Errorf("%s: %+v, %v, want one order of %v", c.day, got, err, c.want)
			}
		}
	}
}

// TestTimeLimit: when the context has ended, that is the error, in whatever words the driver reports it.
func TestTimeLimit(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		a := newShop(t, s, "EUR", "UTC")
		a.example(t)
		ctx, cancel := context.WithDeadline(a.ctx, time.Now().Add(-time.Second))
		defer cancel()
		for name, err := range map[string]error{
			"orders":  second(a.reader.Orders(ctx, commerce.Page{}, commerce.OrderFilter{}, commerce.OrderSort{})),
			"items":   second(a.reader.ItemsByOrder(ctx, []int64{1})),
			"history": second(a.reader.OrdersByCustomer(ctx, []int64{1}, commerce.Page{}, commerce.OrderFilter{}, commerce.OrderSort{})),
			"summary": second(a.reader.DataSummary(ctx)),
		} {
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
