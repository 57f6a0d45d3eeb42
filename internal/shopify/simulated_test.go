package shopify_test

import (
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit"
)

// simulate makes a store of some hundred orders and a client of it, in a bubble where waiting takes no time.
func simulate(t *testing.T, o simshop.Options, pageSize int) (*simshop.Shop, *shopify.Client) {
	t.Helper()
	if o.Seed == 0 {
		o.Seed = int64(testkit.Seed(t))
	}
	o.Domain, o.Token, o.CurrencyCode = string(domain), token, "EUR"
	shop := simshop.New(o)
	api := shopify.New(shopify.Options{Transport: shop, PageSize: pageSize})
	return shop, api.Client(domain, shopify.Static(token))
}

// every reads all pages of a list. A page that is found to be incomplete is asked for again, as a later run would.
func every[T any](t *testing.T, page func(after string) (shopify.Page[T], error)) (all []T) {
	t.Helper()
	for after, pages, incomplete := "", 0, 0; ; pages++ {
		p, err := page(after)
		if e, ok := errors.AsType[*shopify.Error](err); ok && e.Code == shopify.CodeIncomplete && incomplete < 20 {
			incomplete++
			continue
		}
		if err != nil {
			t.Fatalf("page %d: %v", pages, err)
		}
		all = append(all, p.Records...)
		if after = p.Next; after == "" {
			return all
		}
	}
}

// compare reads a whole store and holds it against what the store knows of itself.
func compare(t *testing.T, shop *simshop.Shop, c *shopify.Client, w shopify.Window) {
	t.Helper()
	products := every(t, func(after string) (shopify.Page[shopify.Product], error) { return c.Products(t.Context(), w, after) })
	customers := every(t, func(after string) (shopify.Page[shopify.Customer], error) { return c.Customers(t.Context(), w, after) })
	orders := every(t, func(after string) (shopify.Page[shopify.Order], error) { return c.Orders(t.Context(), w, after) })
	for i := range orders {
		plain(&orders[i])
	}
	equal(t, products, shop.Products(), func(p shopify.Product) int64 { return p.ID }, expectProduct)
	equal(t, customers, shop.Customers(), func(c shopify.Customer) int64 { return c.ID }, expectCustomer)
	equal(t, orders, shop.Orders(), func(o shopify.Order) int64 { return o.ID },
		func(o *simshop.Order) shopify.Order { return expectOrder(shop, o) })
	for kind, want := range map[shopify.Kind]int{
		shopify.Products: len(shop.Products()), shopify.Customers: len(shop.Customers()), shopify.Orders: len(shop.Orders()),
	} {
		if n, err := c.Count(t.Context(), kind, w); n != want || err != nil {
			t.Errorf("Count of %s = %d, %v, want %d", kind, n, err, want)
		}
	}
}

func equal[T, S any](t *testing.T, got []T, store []*S, id func(T) int64, expect func(*S) T) {
	t.Helper()
	if len(got) != len(store) {
		t.Errorf("got %d of %T, the store has %d", len(got), *new(T), len(store))
	}
	slices.SortFunc(got, func(a, b T) int { return int(id(a) - id(b)) })
	for i := range min(len(got), len(store)) {
		if want := expect(store[i]); !reflect.DeepEqual(got[i], want) {
			t.Fatalf("got  %+v\nwant %+v", got[i], want)
		}
	}
}

func minor(n int64) string { return money.Format(n, "EUR") }

func sum(all []int64) (n int64) {
	for _, v := range all {
		n += v
	}
	return n
}

// plain writes an order's amounts with two digits.
func plain(o *shopify.Order) {
	two := func(amounts ...*string) {
		for _, a := range amounts {
			if d, ok := new(big.Rat).SetString(*a); ok {
				*a = d.FloatString(2)
			}
		}
	}
	two(&o.Taxes, &o.Duties, &o.Fees, &o.Tips)
	for i := range o.Shipping {
		two(&o.Shipping[i].Price, &o.Shipping[i].Tax)
	}
	for i := range o.Lines {
		two(&o.Lines[i].UnitPrice, &o.Lines[i].Discount, &o.Lines[i].Tax)
	}
	for i := range o.Refunds {
		two(&o.Refunds[i].Total)
	}
	for i := range o.Agreements {
		for j := range o.Agreements[i].Sales {
			two(&o.Agreements[i].Sales[j].Amount, &o.Agreements[i].Sales[j].Tax)
		}
	}
}

func expectProduct(p *simshop.Product) shopify.Product {
	price, _ := new(big.Rat).SetString(minor(p.Price))
	text := price.FloatString(1)
	if exact, _ := new(big.Rat).SetString(text); exact.Cmp(price) != 0 {
		text = price.FloatString(2)
	}
	got := shopify.Product{
		ID: p.ID, Title: p.Title, Handle: p.Handle, Vendor: p.Vendor, ProductType: p.ProductType, Status: p.Status,
		Tags: append([]string{}, p.Tags...), ImageURL: p.ImageURL, Price: &text, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
	if p.TracksInventory {
		got.Inventory = &p.Inventory
	}
	return got
}

func expectCustomer(c *simshop.Customer) shopify.Customer {
	return shopify.Customer{
		ID: c.ID, FirstName: c.FirstName, LastName: c.LastName, Email: c.Email, Phone: c.Phone, City: c.City,
		Country: c.CountryCode, Tags: append([]string{}, c.Tags...), CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
	}
}

func expectOrder(shop *simshop.Shop, o *simshop.Order) shopify.Order {
	got := shopify.Order{
		ID: o.ID, Name: o.Name, CreatedAt: o.CreatedAt, ProcessedAt: o.ProcessedAt, UpdatedAt: o.UpdatedAt, Test: o.Test,
		SourceName: o.SourceName, Tags: append([]string{}, o.Tags...), CurrencyCode: "EUR", TaxesIncluded: o.TaxesIncluded,
		FinancialStatus: o.FinancialStatus, FulfillmentStatus: o.FulfillmentStatus,
		DiscountCodes: append([]string{}, o.DiscountCodes...),
		Duties:        minor(o.Duties), Fees: minor(o.Fees), Tips: minor(o.Tips),
	}
	if !o.CancelledAt.IsZero() {
		got.CancelledAt = &o.CancelledAt
	}
	if shop.Customer(o.CustomerID) != nil {
		got.CustomerID = &o.CustomerID
	}
	if a := o.ShipTo; a != nil {
		got.ShippingCity, got.ShippingRegion, got.ShippingCountry = a.City, a.ProvinceCode, a.CountryCode
	}
	taxes := int64(0)
	for _, s := range o.Shipping {
		taxes += sum(s.Taxes)
		got.Shipping = append(got.Shipping, shopify.ShippingLine{Price: minor(s.Price), Tax: minor(sum(s.Taxes))})
	}
	for _, l := range o.Lines {
		taxes += sum(l.Taxes)
		if !l.GiftCard {
			got.LineQuantity += int(l.Quantity)
		}
		line := shopify.Line{
			ID: l.ID, Title: l.Title, VariantTitle: l.VariantTitle, SKU: l.SKU, Vendor: l.Vendor, Quantity: int(l.Quantity),
			UnitPrice: minor(l.UnitPrice), Discount: minor(sum(l.Discounts)), Tax: minor(sum(l.Taxes)), GiftCard: l.GiftCard,
		}
		if shop.Product(l.ProductID) != nil {
			line.ProductID = &l.ProductID
		}
		got.Lines = append(got.Lines, line)
	}
	got.Taxes = minor(taxes)
	for _, r := range o.Refunds {
		refund := shopify.Refund{ID: r.ID, CreatedAt: r.CreatedAt, Note: r.Note, Total: minor(r.Total)}
		for _, l := range r.Lines {
			refund.Lines = append(refund.Lines, shopify.RefundLine{LineID: l.LineID, Quantity: int(l.Quantity), Restocked: l.Restocked})
		}
		got.Refunds = append(got.Refunds, refund)
	}
	for _, a := range o.Agreements {
		agreement := shopify.Agreement{ID: a.ID, Reason: a.Reason, HappenedAt: a.HappenedAt}
		if a.RefundID != 0 {
			agreement.RefundID = &a.RefundID
		}
		for _, s := range a.Sales {
			sale := shopify.Sale{
				ID: s.ID, Action: s.Action, LineType: s.LineType, Quantity: int(s.Quantity), Amount: minor(s.Total), Tax: minor(s.Tax),
			}
			if s.LineID != 0 {
				sale.LineID = &s.LineID
			}
			agreement.Sales = append(agreement.Sales, sale)
		}
		got.Agreements = append(got.Agreements, agreement)
	}
	return got
}

// large changes some records and adds an order whose children fit into no page.
func large(t *testing.T, shop *simshop.Shop) {
	t.Helper()
	shop.Change(200)
	var lines []simshop.LineInput
	for i := range 300 {
		lines = append(lines, simshop.LineInput{Title: fmt.Sprint("Tea ", i), Price: 995, Quantity: 2, Tax: 100, GiftCard: i%50 == 0})
	}
	big := shop.CreateOrder(simshop.OrderInput{Lines: lines, Shipping: 490, Tips: 100, Duties: 5, Fees: 7})
	many := make(map[int64]int64) // more lines than fit beside the order
	for _, l := range big.Lines {
		many[l.ID] = 1
	}
	if err := shop.Refund(big.ID, simshop.RefundInput{Lines: many, Restock: true}); err != nil {
		t.Fatal(err)
	}
	for i := range 60 {
		l := big.Lines[i]
		if err := shop.Refund(big.ID, simshop.RefundInput{Lines: map[int64]int64{l.ID: 1}, Note: "late"}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSimulatedStore(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string]simshop.Faults{
		"calm": {},
		"stormy": {
			Throttled: 0.5, TooMany: 0.1, ServerError: 0.01, Hanging: 0.01, Truncated: 0.01, Malformed: 0.01, Internal: 0.01,
		},
		"truncating": {Cut: 0.1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				shop, c := simulate(t, simshop.Options{Orders: 400}, 17)
				large(t, shop)
				shop.SetFaults(faults)
				s, err := c.Shop(t.Context())
				if err != nil || s.Domain != string(domain) || s.CurrencyCode != "EUR" || len(s.Scopes) < 3 {
					t.Fatalf("Shop = %+v, %v", s, err)
				}
				compare(t, shop, c, shopify.Window{})
				if stats := shop.Stats(); name != "stormy" && stats.Throttled+stats.Failed > 0 {
					t.Errorf("the limiter asked for too much: %+v", stats)
				}
			})
		})
	}
}

// All orders of one instant are read, whatever the size of a page.
func TestSimulatedTies(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shop, c := simulate(t, simshop.Options{Orders: 200}, 7)
		for _, kind := range []simshop.Kind{simshop.KindProduct, simshop.KindCustomer, simshop.KindOrder} {
			if err := shop.Touch(kind); err != nil {
				t.Fatal(err)
			}
		}
		at := shop.Orders()[0].UpdatedAt
		compare(t, shop, c, shopify.Window{From: at, To: at})
	})
}

func TestSimulatedDeletions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shop, c := simulate(t, simshop.Options{Orders: 300}, 0)
		since := time.Now()
		time.Sleep(time.Minute)
		victims := map[shopify.Kind]int64{}
		for kind, id := range map[simshop.Kind]int64{
			simshop.KindProduct: shop.Products()[3].ID, simshop.KindCustomer: shop.Customers()[5].ID, simshop.KindOrder: shop.Orders()[7].ID,
		} {
			if err := shop.Delete(kind, id, false); err != nil {
				t.Fatal(err)
			}
			victims[map[simshop.Kind]shopify.Kind{
				simshop.KindProduct: shopify.Products, simshop.KindCustomer: shopify.Customers, simshop.KindOrder: shopify.Orders,
			}[kind]] = id
		}
		told := every(t, func(after string) (shopify.Page[shopify.Deletion], error) {
			return c.Deletions(t.Context(), since, after)
		})
		if len(told) != 3 {
			t.Errorf("told of %+v", told)
		}
		for _, d := range told {
			if victims[d.Kind] != d.ID || d.At.Before(since) {
				t.Errorf("told of %+v, deleted %v", d, victims)
			}
		}
		var want []int64
		for _, o := range shop.Orders() {
			want = append(want, o.ID)
		}
		var got []int64
		for last, more := int64(0), true; more; {
			ids, goesOn, err := c.IDs(t.Context(), shopify.Orders, last, 50)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, ids...)
			last, more = got[len(got)-1], goesOn
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %d ids, want %d", len(got), len(want))
		}
		gone := victims[shopify.Orders]
		found, missing, err := c.OrdersByID(t.Context(), append(slices.Clone(want[:25]), gone))
		if len(found) != 25 || !slices.Equal(missing, []int64{gone}) || err != nil {
			t.Errorf("OrdersByID = %d, %v, %v", len(found), missing, err)
		}
	})
}

// What would lose records in silence fails aloud.
func TestSimulatedTraps(t *testing.T) {
	t.Parallel()
	window := shopify.Window{From: time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)}
	for name, test := range map[string]struct {
		trap func(*simshop.Shop)
		code shopify.Code
	}{
		"a search warning":   {func(s *simshop.Shop) { s.SetFaults(simshop.Faults{Warning: true}) }, shopify.CodeIncomplete},
		"an older version":   {func(s *simshop.Shop) { s.SetFaults(simshop.Faults{Version: "2026-01"}) }, shopify.CodeIncomplete},
		"truncated lines":    {func(s *simshop.Shop) { s.SetFaults(simshop.Faults{Cut: 1}) }, shopify.CodeIncomplete},
		"a revoked token":    {func(s *simshop.Shop) { s.SetToken("shpat_other") }, shopify.CodeUnauthorized},
		"no scope":           {func(s *simshop.Shop) { s.SetScopes("read_products") }, shopify.CodeScopeMissing},
		"no customers scope": {func(s *simshop.Shop) { s.SetScopes("read_orders", "read_all_orders") }, shopify.CodeScopeMissing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				shop, c := simulate(t, simshop.Options{Orders: 50}, 0)
				test.trap(shop)
				_, err := c.Orders(t.Context(), window, "")
				wantCode(t, err, test.code, false)
			})
		})
	}
	t.Run("personal data", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			shop, c := simulate(t, simshop.Options{Orders: 50}, 0)
			shop.SetFaults(simshop.Faults{Denied: simshop.Protected()})
			p, err := c.Customers(t.Context(), shopify.Window{}, "")
			if err != nil || len(p.Records) == 0 || p.Records[0].Email != "" || !slices.Contains(p.Denied, "customer.firstName") {
				t.Errorf("Customers = %d, denied %q, %v", len(p.Records), p.Denied, err)
			}
			o, err := c.Orders(t.Context(), shopify.Window{}, "")
			if err != nil || len(o.Records) == 0 {
				t.Errorf("Orders = %d, %v", len(o.Records), err)
			}
		})
	})
}

// A store that goes on selling while it is read loses nothing that was there before.
func TestSimulatedChanges(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shop, c := simulate(t, simshop.Options{Orders: 300}, 11)
		shop.SetFaults(simshop.Faults{Churn: 0.5})
		known := map[int64]bool{}
		for after, pages := "", 0; pages < 500; pages++ {
			p, err := c.Orders(t.Context(), shopify.Window{}, after)
			if e, ok := errors.AsType[*shopify.Error](err); ok && e.Retryable {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range p.Records {
				known[o.ID] = true
			}
			if after = p.Next; after == "" {
				break
			}
			time.Sleep(time.Second)
		}
		for _, o := range shop.Orders() {
			if !known[o.ID] {
				t.Errorf("order %d was not read", o.ID)
			}
		}
	})
}
