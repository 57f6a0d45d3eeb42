package commerce_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/commerce"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

// now is the present of every test: noon in London, eight in the morning in New York.
var now = time.Date(2026, time.June, 15, 12, 0, 0, 0, time.UTC)

// shop is a tenant with the means to look at it.
type shop struct {
	ctx    context.Context
	tenant int64
	store  *store.Store
	db     *sql.DB
	reader *commerce.Reader
}

func newShop(t testing.TB, s *store.Store, currency, zone string) *shop {
	t.Helper()
	ctx := testkit.Tenant(t, s, currency, zone)
	return &shop{
		ctx: ctx, tenant: viewer.FromContext(ctx).TenantID, store: s, db: testkit.DB(t, s),
		reader: commerce.New(s, func() time.Time { return now }),
	}
}

// as returns the shop's context for a person with other scopes than the owner's.
func (s *shop) as(role viewer.Role, without ...viewer.Scope) context.Context {
	v := viewer.Person(s.tenant, 1, 1, role)
	var scopes []viewer.Scope
	for _, scope := range v.Scopes {
		if len(without) == 0 || scope != without[0] {
			scopes = append(scopes, scope)
		}
	}
	v.Scopes = scopes
	return viewer.NewContext(s.ctx, v)
}

func (s *shop) put(t testing.TB, b ingest.Batch) {
	t.Helper()
	if b.Source == "" {
		b.Source = ingest.SourceAPI
	}
	res, err := ingest.New(s.store, func() time.Time { return now }).Apply(s.ctx, b)
	if err != nil {
		t.Fatal(err)
	}
	if res.Rejected > 0 {
		t.Fatalf("refused: %+v", res.UserErrors)
	}
}

// row returns the row of a record by the store's number.
func (s *shop) row(t testing.TB, table string, number int64) int64 {
	t.Helper()
	var id int64
	err := s.db.QueryRow("SELECT id FROM "+table+" WHERE tenant_id = ? AND shopify_id = ?", s.tenant, number).Scan(&id)
	if err != nil {
		t.Fatalf("%s %d: %v", table, number, err)
	}
	return id
}

func ptr[T any](v T) *T { return &v }

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// example puts a small store into the tenant, worked out by hand: what is in it stands in the tests.
func (s *shop) example(t testing.TB) {
	t.Helper()
	day := func(d string) *time.Time { return ptr(at(d + "T08:00:00Z")) }
	s.put(t, ingest.Batch{
		Products: []ingest.ProductInput{
			{ShopifyID: "1", Title: "Blue T-Shirt", Handle: ptr("blue-t-shirt"), Vendor: ptr("Acme"), ProductType: ptr("Shirts"),
				Tags: []string{"Summer", "sale"}, Price: ptr("19.90"), InventoryQuantity: ptr(5), CreatedAt: day("2025-01-01")},
			{ShopifyID: "2", Title: "red mug", Vendor: ptr("Acme"), ProductType: ptr("Mugs"), Status: "DRAFT",
				Tags: []string{"SALE"}, InventoryQuantity: ptr(-3), UpdatedAt: day("2025-02-01")},
			{ShopifyID: "3", Title: "Green Tea Set", Vendor: ptr("Tea & Co"), Status: "ARCHIVED"},
		},
		Customers: []ingest.CustomerInput{
			{ShopifyID: "11", FirstName: ptr("Anna"), LastName: ptr("Lee"), Email: ptr("anna.lee@example.com"), Phone: ptr("+49 30 1"),
				Country: ptr("DE"), City: ptr("Berlin"), Tags: []string{"VIP"}, CreatedAt: day("2026-01-01")},
			{ShopifyID: "12", FirstName: ptr("Bob"), LastName: ptr("O'Brien"), Email: ptr("bob@example.org"), Country: ptr("US")},
			{ShopifyID: "13", Email: ptr("zoe@example.com")},
			{ShopifyID: "15", FirstName: ptr("Dora"), Tags: []string{"vip", "new"}},
		},
		Orders: []ingest.OrderInput{
			{ShopifyID: "101", Name: ptr("#1001"), CustomerShopifyID: ptr("11"),
				ProcessedAt:     at("2026-06-01T03:30:00Z"), // 31 May in New York
				FinancialStatus: "PAID", FulfillmentStatus: "FULFILLED", Channel: ptr("web"), ShippingCountry: ptr("DE"),
				DiscountCodes: []string{"Spring10"}, Tags: []string{"Gift"}, Shipping: "1.00", Taxes: "0.50", Tips: "2.00",
				Items: []ingest.OrderItemInput{
					{ShopifyID: ptr("9"), ProductShopifyID: ptr("1"), Title: "T-Shirt, blue", Sku: ptr("TS-Blue-M"), Quantity: 2, UnitPrice: "9.00"},
					{ShopifyID: ptr("8"), Title: "Wrapping", Quantity: 1, UnitPrice: "0.01"},
				},
				Refunds: []ingest.RefundInput{
					{ShopifyID: "2", CreatedAt: at("2026-06-04T00:00:00Z"), Amount: "1.00", DutyAmount: "0.75", FeeAmount: "0.50", Note: ptr("late")},
					{ShopifyID: "1", CreatedAt: at("2026-06-03T00:00:00Z"), Amount: "9.00", TaxAmount: "0.25",
						Lines: []ingest.RefundLineInput{{ItemShopifyID: "9", Quantity: 1, Amount: "9.00", Restocked: true}}},
				}},
			{ShopifyID: "102", Name: ptr("#1002"), CustomerShopifyID: ptr("12"),
				ProcessedAt:     at("2026-06-01T04:00:00Z"), // midnight in New York
				FinancialStatus: "PENDING", Channel: ptr("pos"), ShippingCountry: ptr("US"), UpdatedAt: day("2026-06-02"),
				Items: []ingest.OrderItemInput{{ProductShopifyID: ptr("2"), Title: "Mug", Sku: ptr("MUG 1"), Quantity: 1, UnitPrice: "5.00"}}},
			{ShopifyID: "103", Name: ptr("#1003"), CustomerShopifyID: ptr("11"), ProcessedAt: at("2026-06-10T10:00:00Z"),
				CancelledAt: day("2026-06-11"), FinancialStatus: "REFUNDED", ShippingCountry: ptr("DE"), DiscountCodes: []string{"VIP"},
				Items: []ingest.OrderItemInput{
					{ProductShopifyID: ptr("3"), Title: "Tea", Quantity: 1, UnitPrice: "60.00"},
					{ProductShopifyID: ptr("1"), Title: "Shirt", Quantity: 4, UnitPrice: "10.00"},
					{ProductShopifyID: ptr("1"), Title: "Shirt", Quantity: 1, UnitPrice: "10.00", Discount: "10.00"},
				}},
			{ShopifyID: "104", Name: ptr("B2B-77"), ProcessedAt: at("2026-06-15T10:00:00Z"), ShippingCountry: ptr("FR"),
				Tags:  []string{"gift", "b2b"},
				Items: []ingest.OrderItemInput{{ProductShopifyID: ptr("4"), Title: "Unheard of", Quantity: 7, UnitPrice: "1.00"}}},
			{ShopifyID: "105", Name: ptr("#1005"), CustomerShopifyID: ptr("13"), ProcessedAt: at("2026-06-12T10:00:00Z"), Test: true,
				Items: []ingest.OrderItemInput{{ProductShopifyID: ptr("1"), Title: "Shirt", Quantity: 1, UnitPrice: "3.00"}}},
			{ShopifyID: "106", CustomerShopifyID: ptr("14"), ProcessedAt: at("2025-12-31T10:00:00Z"),
				Items: []ingest.OrderItemInput{{ProductShopifyID: ptr("1"), Title: "Shirt", Quantity: 1, UnitPrice: "1.00"}}},
			{ShopifyID: "107", Name: ptr("#1007"), CustomerShopifyID: ptr("16"), ProcessedAt: at("2026-06-13T10:00:00Z"), Test: true,
				Items: []ingest.OrderItemInput{{Title: "Try", Quantity: 1, UnitPrice: "1.00"}}},
		},
	})
}

// random puts many records with few different values into the tenant, so that nearly every place of a list is a tie.
func (s *shop) random(t testing.TB, rng *rand.Rand, orders int) {
	t.Helper()
	some := func(n int) string { return strconv.Itoa(1 + rng.IntN(n)) }
	instant := func() *time.Time {
		if rng.IntN(4) == 0 {
			return nil
		}
		return ptr(now.Add(-time.Duration(rng.IntN(3))*time.Hour - time.Duration(rng.IntN(2))*time.Microsecond))
	}
	names := []string{"#7", "#07", "a", "A", "Ä", "ß", "z", "日本", "🙂", "a b"}
	var b ingest.Batch
	for n := range orders / 3 {
		p := ingest.ProductInput{ShopifyID: strconv.Itoa(1 + n), Title: names[rng.IntN(len(names))], CreatedAt: instant(), UpdatedAt: instant()}
		if rng.IntN(3) > 0 {
			p.InventoryQuantity = ptr(rng.IntN(4) - 1)
		}
		b.Products = append(b.Products, p)
		c := ingest.CustomerInput{ShopifyID: strconv.Itoa(1 + n), CreatedAt: instant()}
		if rng.IntN(3) > 0 {
			c.FirstName = &names[rng.IntN(len(names))]
		}
		b.Customers = append(b.Customers, c)
	}
	for n := range orders {
		o := ingest.OrderInput{
			ShopifyID: strconv.Itoa(1 + n), Name: &names[rng.IntN(len(names))], UpdatedAt: instant(), Test: rng.IntN(8) == 0,
			ProcessedAt: now.Add(-time.Duration(rng.IntN(4)) * 500 * time.Millisecond),
		}
		if rng.IntN(5) > 0 {
			o.CustomerShopifyID = ptr(some(orders / 2))
		}
		for range 1 + rng.IntN(2) {
			o.Items = append(o.Items, ingest.OrderItemInput{ProductShopifyID: ptr(some(orders / 2)), Title: "x", Quantity: 1, UnitPrice: some(2)})
		}
		b.Orders = append(b.Orders, o)
	}
	rng.Shuffle(len(b.Orders), func(i, j int) { b.Orders[i], b.Orders[j] = b.Orders[j], b.Orders[i] })
	s.put(t, b)
}

// seeded returns random numbers that a failing test can be run with again.
func seeded(t testing.TB) *rand.Rand {
	return rand.New(rand.NewPCG(testkit.Seed(t), 1))
}

func names(orders []*commerce.Order) string {
	out := ""
	for _, o := range orders {
		out += fmt.Sprintf("%s ", o.ShopifyID[len("gid://shopify/Order/"):])
	}
	return out
}
