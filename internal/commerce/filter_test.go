package commerce_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/commerce"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

// twins are two tenants with the same records, so that whatever reaches across shows up twice.
func twins(t *testing.T, s *store.Store) (a, b *shop) {
	t.Helper()
	a, b = newShop(t, s, "EUR", "America/New_York"), newShop(t, s, "EUR", "America/New_York")
	b.example(t)
	a.example(t)
	return a, b
}

func day(s string) *period.Day {
	d, err := period.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return &d
}

func days(from, to string) *period.Input {
	return &period.Input{From: day(from), To: day(to)}
}

func preset(p period.Preset) *period.Input { return &period.Input{Preset: &p} }

// numbers returns the store's numbers of records, in order.
func numbers[N any](nodes []*N, gid func(*N) string) string {
	var list []string
	for _, n := range nodes {
		id := gid(n)
		list = append(list, id[strings.LastIndex(id, "/")+1:])
	}
	return strings.Join(list, " ")
}

func orderNumbers(nodes []*commerce.Order) string {
	return numbers(nodes, func(o *commerce.Order) string { return o.ShopifyID })
}

// orderFilters are the filters of orders with what they find in the example, by number.
func orderFilters(s *shop, t *testing.T) []struct {
	name string
	f    commerce.OrderFilter
	want string
} {
	search := func(words string) commerce.OrderFilter { return commerce.OrderFilter{Search: &words} }
	return []struct {
		name string
		f    commerce.OrderFilter
		want string
	}{
		{"none", commerce.OrderFilter{}, "101 102 103 104 106"},
		{"tests too", commerce.OrderFilter{IncludeTest: true}, "101 102 103 104 105 106 107"},
		{"empty lists", commerce.OrderFilter{Tags: []string{}, Country: []string{}, FinancialStatus: []commerce.FinancialStatus{}}, "101 102 103 104 106"},

		{"search nothing", search(" "), "101 102 103 104 106"},
		{"search name", search("#100"), "101 102 103"},
		{"search name without #", search("1001"), "101"},
		{"search name in lower case", search("b2b"), "104"},
		{"search name with a # it lacks", search("#b2b-77"), "104"},
		{"search name that the source gave none", search("#106"), "106"},
		{"search inside a name", search("001"), ""},
		{"search # alone", search("#"), "101 102 103 106"},
		{"search sku", search("ts-blue"), "101"},
		{"search sku with a space", search("mug"), "102"},
		{"search product", search("SHIRT"), "101 103 106"},
		{"search product by a compound", search("t-shi"), "101 103 106"},
		{"search product by two words", search("tea set"), "103"},
		{"search two products", search("tea blue"), "103"},
		{"search title of the line only", search("wrapping"), ""},
		{"search customer", search("ann"), "101 103"},
		{"search customer's compound name", search("o'brien"), "102"},
		{"search customer's email", search("anna.lee@example.com"), "101 103"},
		{"search the beginning of an email", search("Anna.Lee@ex"), "101 103"},
		{"search a part of an email", search("example"), "101 102 103"},
		{"search product and customer", search("anna shirt"), "101 103"},
		{"search all of five words", search("anna shirt #1003 tea blue"), "103"},
		{"search one word too few", search("anna mug"), ""},
		{"search wildcards", search("%"), ""},
		{"search a quote", search("' OR 1=1 --"), ""},

		{"day in the store's zone", commerce.OrderFilter{Range: days("2026-05-31", "2026-05-31")}, "101"},
		{"days, both inclusive", commerce.OrderFilter{Range: days("2026-06-01", "2026-06-10")}, "102 103"},
		{"to the end of time", commerce.OrderFilter{Range: days("2026-06-02", "9998-12-31")}, "103 104"},
		{"from the beginning", commerce.OrderFilter{Range: days("1970-01-01", "2026-05-31")}, "101 106"},
		{"today", commerce.OrderFilter{Range: preset(period.Today)}, "104"},
		{"last year", commerce.OrderFilter{Range: preset(period.LastYear)}, "106"},
		{"all time", commerce.OrderFilter{Range: preset(period.AllTime)}, "101 102 103 104 106"},

		{"financial status", commerce.OrderFilter{FinancialStatus: []commerce.FinancialStatus{commerce.FinancialPending, commerce.FinancialRefunded}}, "102 103"},
		{"fulfillment status", commerce.OrderFilter{FulfillmentStatus: []commerce.FulfillmentStatus{commerce.FulfillmentFulfilled}}, "101"},
		{"customer", commerce.OrderFilter{CustomerID: ptr(s.row(t, "customers", 11))}, "101 103"},
		{"customer who does not exist", commerce.OrderFilter{CustomerID: ptr(int64(1))}, ""},
		{"product", commerce.OrderFilter{ProductID: ptr(s.row(t, "products", 1))}, "101 103 106"},
		{"product without a record", commerce.OrderFilter{ProductID: ptr(s.row(t, "products", 4))}, "104"},
		{"country", commerce.OrderFilter{Country: []string{"FR", "US"}}, "102 104"},
		{"channel", commerce.OrderFilter{Channel: []string{"web", "nowhere"}}, "101"},
		{"channel in other case", commerce.OrderFilter{Channel: []string{"WEB"}}, ""},
		{"code", commerce.OrderFilter{DiscountCode: []string{"SPRING10"}}, "101"},
		{"code is no tag", commerce.OrderFilter{DiscountCode: []string{"gift"}}, ""},
		{"tags", commerce.OrderFilter{Tags: []string{" GIFT", "b2b"}}, "101 104"},
		{"least total", commerce.OrderFilter{MinTotal: ptr("7")}, "101 103 104"},
		{"most total", commerce.OrderFilter{MaxTotal: ptr("7.00")}, "102 104 106"},
		{"total between", commerce.OrderFilter{MinTotal: ptr("5.00"), MaxTotal: ptr("21.51")}, "101 102 104"},
		{"total just below", commerce.OrderFilter{MaxTotal: ptr("21.50"), MinTotal: ptr("7.01")}, ""},
		{"negative total", commerce.OrderFilter{MaxTotal: ptr("-1")}, ""},
		{"cancelled", commerce.OrderFilter{Cancelled: ptr(true)}, "103"},
		{"not cancelled", commerce.OrderFilter{Cancelled: ptr(false), Country: []string{"DE"}}, "101"},
		{"all at once", commerce.OrderFilter{Search: ptr("anna"), Range: days("2026-01-01", "2026-12-31"), Tags: []string{"gift"},
			DiscountCode: []string{"spring10"}, CustomerID: ptr(s.row(t, "customers", 11)), ProductID: ptr(s.row(t, "products", 1))}, "101"},
	}
}

func TestOrderFilters(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		a, b := twins(t, s)
		for _, shop := range []*shop{a, b} {
			for _, test := range orderFilters(shop, t) {
				c, err := shop.reader.Orders(shop.ctx, commerce.Page{First: ptr(100)}, test.f, commerce.OrderSort{})
				if err != nil {
					t.Fatalf("%s: %v", test.name, err)
				}
				got := strings.Fields(orderNumbers(c.Nodes))
				slices.Sort(got)
				if strings.Join(got, " ") != test.want {
					t.Errorf("%s: %v, want %s", test.name, got, test.want)
				}
				if n, err := c.TotalCount(shop.ctx); err != nil || n != len(got) {
					t.Errorf("%s: total %d, %v, want %d", test.name, n, err, len(got))
				}
			}
		}
		// A record of the other tenant is like one that does not exist.
		for name, f := range map[string]commerce.OrderFilter{
			"customer": {CustomerID: ptr(b.row(t, "customers", 11))},
			"product":  {ProductID: ptr(b.row(t, "products", 1))},
		} {
			if c, err := a.reader.Orders(a.ctx, commerce.Page{}, f, commerce.OrderSort{}); err != nil || len(c.Nodes) != 0 {
				t.Errorf("%s of the other tenant: %v, %v", name, c, err)
			}
		}
	})
}

func TestCustomerFilters(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		a, b := twins(t, s)
		search := func(words string) commerce.CustomerFilter { return commerce.CustomerFilter{Search: &words} }
		for _, test := range []struct {
			name string
			f    commerce.CustomerFilter
			want string
		}{
			// 16 has no record and no order but a test.
			{"none", commerce.CustomerFilter{}, "11 12 13 14 15"},
			{"search first name", search("ANNA"), "11"},
			{"search last name", search("le"), "11"},
			{"search both", search("lee anna"), "11"},
			{"search compound", search("o'brien"), "12"},
			{"search email", search("zoe@example.com"), "13"},
			{"search domain", search("example"), "11 12 13"},
			{"search number", search("14"), "14"},
			{"search shown name", search("Customer 14"), "14"},
			{"search half a number", search("1"), ""},
			{"search number beyond", search("99999999999999999999"), ""},
			{"search nobody", search("anna bob"), ""},
			{"least orders", commerce.CustomerFilter{MinOrders: ptr(1)}, "11 12 14"},
			{"orders between", commerce.CustomerFilter{MinOrders: ptr(1), MaxOrders: ptr(1)}, "12 14"},
			{"no orders", commerce.CustomerFilter{MaxOrders: ptr(0)}, "13 15"},
			{"least spent", commerce.CustomerFilter{MinSpent: ptr("5")}, "11 12"},
			{"most spent", commerce.CustomerFilter{MaxSpent: ptr("4.99")}, "13 14 15"},
			{"first order", commerce.CustomerFilter{FirstOrder: days("2026-05-31", "2026-05-31")}, "11"},
			{"last order", commerce.CustomerFilter{LastOrder: days("2026-06-01", "2026-06-01")}, "12"},
			{"last order ever", commerce.CustomerFilter{LastOrder: preset(period.AllTime)}, "11 12 13 14 15"},
			{"country", commerce.CustomerFilter{Country: []string{"DE", "FR"}}, "11"},
			{"tags", commerce.CustomerFilter{Tags: []string{"vip"}}, "11 15"},
			{"bought", commerce.CustomerFilter{BoughtProductID: ptr(a.row(t, "products", 1))}, "11 14"},
			{"bought elsewhere", commerce.CustomerFilter{BoughtProductID: ptr(b.row(t, "products", 1))}, ""},
		} {
			c, err := a.reader.Customers(a.ctx, commerce.Page{}, test.f, commerce.CustomerSort{})
			if err != nil {
				t.Fatalf("%s: %v", test.name, err)
			}
			got := strings.Fields(numbers(c.Nodes, func(c *commerce.Customer) string { return c.ShopifyID }))
			slices.Sort(got)
			if strings.Join(got, " ") != test.want {
				t.Errorf("%s: %v, want %s", test.name, got, test.want)
			}
			if n, err := c.TotalCount(a.ctx); err != nil || n != len(got) {
				t.Errorf("%s: total %d, %v, want %d", test.name, n, err, len(got))
			}
		}
	})
}

func TestProductFilters(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		a, _ := twins(t, s)
		search := func(words string) commerce.ProductFilter { return commerce.ProductFilter{Search: &words} }
		for _, test := range []struct {
			name string
			f    commerce.ProductFilter
			want string
		}{
			{"none", commerce.ProductFilter{}, "1 3 2"},
			{"search word", search("sh"), "1"},
			{"search compound", search("T-Shirt"), "1"},
			{"search words in any order", search("set green"), "3"},
			{"search two products", search("mug blue"), ""},
			{"status", commerce.ProductFilter{Status: []commerce.ProductStatus{commerce.ProductDraft, commerce.ProductArchived}}, "3 2"},
			{"vendor", commerce.ProductFilter{Vendor: []string{"Acme"}}, "1 2"},
			{"type", commerce.ProductFilter{ProductType: []string{"Mugs", "Hats"}}, "2"},
			{"tags", commerce.ProductFilter{Tags: []string{"Sale"}}, "1 2"},
			{"inventory", commerce.ProductFilter{MaxInventory: ptr(4)}, "2"},
			{"any inventory", commerce.ProductFilter{MaxInventory: ptr(1000)}, "1 2"},
		} {
			c, err := a.reader.Products(a.ctx, commerce.Page{}, test.f, commerce.ProductSort{})
			if err != nil {
				t.Fatalf("%s: %v", test.name, err)
			}
			if got := numbers(c.Nodes, func(p *commerce.Product) string { return p.ShopifyID }); got != test.want {
				t.Errorf("%s: %s, want %s", test.name, got, test.want)
			}
			if n, err := c.TotalCount(a.ctx); err != nil || n != len(c.Nodes) {
				t.Errorf("%s: total %d, %v, want %d", test.name, n, err, len(c.Nodes))
			}
		}
	})
}

// TestFilterMistakes: input that cannot be right is refused with the name of the field.
func TestFilterMistakes(t *testing.T) {
	t.Parallel()
	shop := newShop(t, testkit.SQLite(t), "JPY", "UTC")
	many := make([]string, 251)
	for i := range many {
		many[i] = strings.Repeat("x", i)
	}
	for name, test := range map[string]struct {
		f     commerce.OrderFilter
		field string
	}{
		"six words":         {commerce.OrderFilter{Search: ptr("a b c d e f")}, "search"},
		"a long word":       {commerce.OrderFilter{Search: ptr(strings.Repeat("x", 256))}, "search"},
		"digits":            {commerce.OrderFilter{MinTotal: ptr("1.0")}, "minTotal"},
		"no number":         {commerce.OrderFilter{MaxTotal: ptr("NaN")}, "maxTotal"},
		"beyond 64 bits":    {commerce.OrderFilter{MaxTotal: ptr("99999999999999999999")}, "maxTotal"},
		"many values":       {commerce.OrderFilter{Tags: many}, "tags"},
		"ends too early":    {commerce.OrderFilter{Range: days("2026-01-02", "2026-01-01")}, "range"},
		"half a range":      {commerce.OrderFilter{Range: &period.Input{From: day("2026-01-02")}}, "range"},
		"no range":          {commerce.OrderFilter{Range: &period.Input{}}, "range"},
		"range and preset":  {commerce.OrderFilter{Range: &period.Input{Preset: ptr(period.Today), To: day("2026-01-02")}}, "range"},
		"five words are ok": {commerce.OrderFilter{Search: ptr("a b c d e")}, ""},
	} {
		_, err := shop.reader.Orders(shop.ctx, commerce.Page{}, test.f, commerce.OrderSort{})
		kind := fault.Invalid
		if test.field == "" {
			kind = ""
		}
		wantFault(t, name, err, kind, test.field)
	}
	_, err := shop.reader.Orders(shop.ctx, commerce.Page{}, commerce.OrderFilter{}, commerce.OrderSort{Key: "SIZE"})
	wantFault(t, "sort", err, fault.Invalid, "key")
	_, err = shop.reader.Customers(shop.ctx, commerce.Page{}, commerce.CustomerFilter{}, commerce.CustomerSort{Direction: "UP"})
	wantFault(t, "direction", err, fault.Invalid, "direction")
	_, err = shop.reader.Customers(shop.ctx, commerce.Page{}, commerce.CustomerFilter{LastOrder: days("2026-01-02", "2026-01-01")}, commerce.CustomerSort{})
	wantFault(t, "last order", err, fault.Invalid, "lastOrder")
}

// TestPersonalData: without READ_CUSTOMER_PII nobody learns who a customer is, neither by reading nor by searching nor
// by sorting.
func TestPersonalData(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		a, _ := twins(t, s)
		blind := a.as(viewer.Owner, viewer.ReadCustomerPII)
		byName := commerce.CustomerSort{Key: commerce.CustomerName, Direction: commerce.Ascending}
		list := func(ctx context.Context, search *string, sort commerce.CustomerSort) *commerce.CustomerConnection {
			t.Helper()
			c, err := a.reader.Customers(ctx, commerce.Page{}, commerce.CustomerFilter{Search: search}, sort)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		shown := func(c *commerce.CustomerConnection) string {
			var all []string
			for _, n := range c.Nodes {
				all = append(all, n.DisplayName)
			}
			return strings.Join(all, ", ")
		}
		open, closed := list(a.ctx, nil, byName), list(blind, nil, byName)
		if got := shown(open); got != "Anna Lee, Bob O'Brien, Customer 13, Customer 14, Dora" {
			t.Error("seen:", got)
		}
		if got := shown(closed); got != "Customer 11, Customer 12, Customer 13, Customer 14, Customer 15" {
			t.Error("not seen:", got)
		}
		for _, c := range closed.Nodes {
			if c.FirstName != nil || c.LastName != nil || c.Email != nil || c.Phone != nil || c.City != nil {
				t.Errorf("%s: %+v", c.DisplayName, c)
			}
		}
		if c := open.Nodes[0]; *c.FirstName != "Anna" || *c.LastName != "Lee" || *c.Email != "anna.lee@example.com" ||
			*c.Phone != "+49 30 1" || *c.City != "Berlin" || *c.Country != "DE" {
			t.Errorf("%+v", c)
		}
		if _, err := a.reader.Customers(blind, commerce.Page{After: open.PageInfo.StartCursor}, commerce.CustomerFilter{}, byName); fault.KindOf(err) != fault.InvalidCursor {
			t.Error("a cursor that holds a name:", err)
		}
		for word, want := range map[string]string{"anna": "", "example": "", "lee@": "", "11": "Customer 11", "customer 12": "Customer 12"} {
			if got := shown(list(blind, &word, commerce.CustomerSort{})); got != want {
				t.Errorf("search %s: %s", word, got)
			}
		}
		for word, want := range map[string]string{"anna": "", "shirt": "101 103 106"} {
			c, err := a.reader.Orders(blind, commerce.Page{}, commerce.OrderFilter{Search: &word},
				commerce.OrderSort{Key: commerce.OrderName, Direction: commerce.Ascending})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Fields(orderNumbers(c.Nodes)); strings.Join(got, " ") != want {
				t.Errorf("search orders for %s: %s", word, got)
			}
		}
		one, err := a.reader.CustomersByID(blind, []int64{open.Nodes[0].ID})
		if err != nil || one[open.Nodes[0].ID].Email != nil || one[open.Nodes[0].ID].DisplayName != "Customer 11" {
			t.Error("looked up:", one, err)
		}
	})
}
