package shopify_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/shopify"
)

func TestShop(t *testing.T) {
	t.Parallel()
	c, f, _ := connect(t, always(data(shopAnswer())))
	got, err := c.Shop(t.Context())
	want := shopify.Shop{
		ID: 1, Name: "Example", Domain: string(domain), CurrencyCode: "EUR", Timezone: "Europe/Berlin",
		Scopes: []string{"read_orders", "read_products"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Shop = %+v, %v, want %+v", got, err, want)
	}
	if got, want := f.calls[0].URL, "https://example.myshopify.com/admin/api/2026-10/graphql.json"; got != want {
		t.Errorf("asked %s, want %s", got, want)
	}
	if got := f.calls[0].Header.Get("X-Shopify-Access-Token"); got != token {
		t.Errorf("sent the token %q", got)
	}
}

func TestRecords(t *testing.T) {
	t.Parallel()
	c, _, _ := connect(t, always(data(object{
		"products":  connection("next", product(51), with(product(52), "tracksInventory", false, "featuredMedia", nil)),
		"customers": connection("", customer(7), with(customer(8), "defaultEmailAddress", nil, "defaultAddress", nil)),
	})))
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	price, inventory := "9.95", 5
	tea := shopify.Product{
		ID: 51, Title: "Tea", Handle: "tea", Vendor: "Ada", ProductType: "Tea", Status: "ACTIVE", Tags: []string{"a"},
		ImageURL: "https://cdn.example/tea.png", Price: &price, Inventory: &inventory,
		CreatedAt: day, UpdatedAt: day.AddDate(0, 0, 1),
	}
	other := tea
	other.ID, other.ImageURL, other.Inventory = 52, "", nil
	products, err := c.Products(t.Context(), shopify.Window{}, "")
	if want := (shopify.Page[shopify.Product]{Records: []shopify.Product{tea, other}, Next: "next"}); err != nil ||
		!reflect.DeepEqual(products, want) {
		t.Errorf("Products = %+v, %v, want %+v", products, err, want)
	}
	ada := shopify.Customer{
		ID: 7, FirstName: "Ada", Email: "ada@example.com", City: "Berlin", Country: "DE", Tags: []string{},
		CreatedAt: day, UpdatedAt: day.AddDate(0, 0, 1),
	}
	nobody := ada
	nobody.ID, nobody.Email, nobody.City, nobody.Country = 8, "", "", ""
	customers, err := c.Customers(t.Context(), shopify.Window{}, "")
	if want := (shopify.Page[shopify.Customer]{Records: []shopify.Customer{ada, nobody}}); err != nil ||
		!reflect.DeepEqual(customers, want) {
		t.Errorf("Customers = %+v, %v, want %+v", customers, err, want)
	}
}

// Without quotes Shopify drops the time of day in silence: no filter may go out without them.
func TestFiltersAreQuoted(t *testing.T) {
	t.Parallel()
	const when = `'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ'`
	good := regexp.MustCompile(`^updated_at:(>=` + when + `|<=` + when + `|>=` + when + ` AND updated_at:<=` + when + `)$`)
	c, f, _ := connect(t, always(data(object{
		"products": connection(""), "customers": connection(""), "orders": connection(""), "events": connection(""),
		"productsCount": object{"count": 0, "precision": "EXACT"},
	})))
	for range 200 {
		w := shopify.Window{From: anyTime(), To: anyTime()}
		_, err1 := c.Products(t.Context(), w, "")
		_, err2 := c.Customers(t.Context(), w, "")
		_, err3 := c.Orders(t.Context(), w, "")
		_, err4 := c.Count(t.Context(), shopify.Products, w)
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			t.Fatal(err)
		}
		for _, call := range f.calls[len(f.calls)-4:] {
			switch q := call.Vars["query"].(type) {
			case nil:
				if !w.From.IsZero() || !w.To.IsZero() {
					t.Errorf("%v: no filter", w)
				}
			case string:
				if !good.MatchString(q) {
					t.Errorf("%v: filter %q", w, q)
				}
			}
		}
	}
	if _, err := c.Deletions(t.Context(), time.Date(2026, 11, 22, 12, 0, 0, 5, time.FixedZone("", 7200)), ""); err != nil {
		t.Fatal(err)
	}
	if got, want := f.calls[len(f.calls)-1].Vars["query"], "action:destroy AND created_at:>='2026-11-22T10:00:00Z'"; got != want {
		t.Errorf("filter %q, want %q", got, want)
	}
}

func anyTime() time.Time {
	if rand.N(4) == 0 {
		return time.Time{}
	}
	zone := time.FixedZone("", rand.N(86400)-43200)
	return time.Unix(rand.Int64N(4e9), rand.Int64N(1e9)).In(zone)
}

func TestWindowRoundsOutwards(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		w    shopify.Window
		want any
	}{
		{shopify.Window{}, nil},
		{shopify.Window{From: at}, "updated_at:>='2026-11-22T10:00:00Z'"},
		{shopify.Window{From: at.Add(999 * time.Millisecond)}, "updated_at:>='2026-11-22T10:00:00Z'"},
		{shopify.Window{To: at}, "updated_at:<='2026-11-22T10:00:00Z'"},
		{shopify.Window{To: at.Add(1)}, "updated_at:<='2026-11-22T10:00:01Z'"},
		{shopify.Window{UpTo: 7}, "id:<=7"},
		{shopify.Window{From: at, UpTo: 7}, "updated_at:>='2026-11-22T10:00:00Z' AND id:<=7"},
		{shopify.Window{From: at, To: at}, "updated_at:>='2026-11-22T10:00:00Z' AND updated_at:<='2026-11-22T10:00:00Z'"},
	} {
		c, f, _ := connect(t, always(data(object{"products": connection("")})))
		if _, err := c.Products(t.Context(), test.w, ""); err != nil {
			t.Fatal(err)
		}
		if got := f.calls[0].Vars["query"]; got != test.want {
			t.Errorf("%v: filter %v, want %v", test.w, got, test.want)
		}
	}
}

// What loses records in silence fails at once, however good the data looks.
// What passes is tried again; what does not pass ends.
// A store may answer with what it was sent: no error may hand the token on.
func TestCount(t *testing.T) {
	t.Parallel()
	c, f, _ := connect(t, always(data(object{
		"productsCount":  object{"count": 12345, "precision": "EXACT"},
		"customersCount": object{"count": 10000, "precision": "AT_LEAST"},
		"ordersCount":    nil,
	})))
	if n, err := c.Count(t.Context(), shopify.Products, shopify.Window{}); n != 12345 || err != nil {
		t.Errorf("Count = %d, %v", n, err)
	}
	if !strings.Contains(f.calls[0].Query, "limit: null") {
		t.Error("the count ends at 10,000")
	}
	_, err := c.Count(t.Context(), shopify.Customers, shopify.Window{})
	wantCode(t, err, shopify.CodeIncomplete, false)
	_, err = c.Count(t.Context(), shopify.Orders, shopify.Window{})
	wantCode(t, err, shopify.CodeInvalidData, true)
	_, err = c.Count(t.Context(), 0, shopify.Window{})
	wantCode(t, err, shopify.CodeInternal, false)
}

func TestDeletions(t *testing.T) {
	t.Parallel()
	event := func(typ, action, id string) object {
		return object{"__typename": "BasicEvent", "id": "gid://shopify/BasicEvent/1", "createdAt": moment, "action": action,
			"subjectId": id, "subjectType": typ}
	}
	c, f, _ := connect(t, always(data(object{"events": connection("more",
		event("PRODUCT", "destroy", "gid://shopify/Product/51"),
		event("ARTICLE", "destroy", "gid://shopify/Article/51"),
		event("ORDER", "create", "gid://shopify/Order/1"),
		object{"__typename": "CommentEvent", "id": "gid://shopify/CommentEvent/1", "createdAt": moment},
		object{"__typename": "FutureEvent", "id": "gid://shopify/FutureEvent/1", "createdAt": moment},
		event("ORDER", "destroy", "gid://shopify/Order/2"),
		event("CUSTOMER", "destroy", "gid://shopify/Customer/3"),
	)})))
	at, _ := time.Parse(time.RFC3339, moment)
	got, err := c.Deletions(t.Context(), time.Time{}, "here")
	want := shopify.Page[shopify.Deletion]{Next: "more", Records: []shopify.Deletion{
		{Kind: shopify.Products, ID: 51, At: at}, {Kind: shopify.Orders, ID: 2, At: at}, {Kind: shopify.Customers, ID: 3, At: at},
	}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Deletions = %+v, %v, want %+v", got, err, want)
	}
	if f.calls[0].Vars["query"] != "action:destroy" || f.calls[0].Vars["after"] != "here" {
		t.Errorf("asked with %v", f.calls[0].Vars)
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	nodes := func(ids ...int) (all list) {
		for _, id := range ids {
			all = append(all, object{"id": fmt.Sprintf("gid://shopify/Order/%d", id)})
		}
		return all
	}
	c, f, _ := connect(t, always(data(object{"orders": connection("more", nodes(7, 8, 10)...)})))
	// 7 itself comes where Shopify takes > for >=.
	ids, more, err := c.IDs(t.Context(), shopify.Orders, 7, 1000)
	if !slices.Equal(ids, []int64{8, 10}) || !more || err != nil {
		t.Errorf("IDs = %v, %v, %v", ids, more, err)
	}
	if v := f.calls[0].Vars; v["query"] != "id:>7" || v["first"] != 250.0 {
		t.Errorf("asked with %v", v)
	}
	for _, bad := range []object{connection("more", nodes(8, 10, 9)...), connection("more", nodes(7)...), {"nodes": nodes(8)}} {
		c, _, _ := connect(t, always(data(object{"orders": bad})))
		_, _, err := c.IDs(t.Context(), shopify.Orders, 7, 0)
		wantCode(t, err, shopify.CodeInvalidData, true)
	}
}

func TestLastID(t *testing.T) {
	t.Parallel()
	node := object{"id": "gid://shopify/Customer/9"}
	c, f, _ := connect(t, always(data(object{"customers": connection("more", node)})))
	if id, err := c.LastID(t.Context(), shopify.Customers); id != 9 || err != nil {
		t.Errorf("LastID = %d, %v", id, err)
	}
	if v := f.calls[0].Vars; v["query"] != nil || v["first"] != 1.0 || v["reverse"] != true {
		t.Errorf("asked with %v", v)
	}
	c, _, _ = connect(t, always(data(object{"orders": connection("")})))
	if id, err := c.LastID(t.Context(), shopify.Orders); id != 0 || err != nil {
		t.Errorf("LastID = %d, %v of no orders", id, err)
	}
	for _, bad := range []object{connection("", node, node), {"pageInfo": object{"hasNextPage": false}}} {
		c, _, _ = connect(t, always(data(object{"customers": bad})))
		_, err := c.LastID(t.Context(), shopify.Customers)
		wantCode(t, err, shopify.CodeInvalidData, true)
	}
}

func TestByID(t *testing.T) {
	t.Parallel()
	var ids []int64
	for id := range int64(170) {
		ids = append(ids, id+1)
	}
	c, f, _ := connect(t, func(c call) reply {
		var nodes list
		for _, gid := range c.Vars["ids"].([]any) {
			if n := (product(0)); gid != "gid://shopify/Product/3" {
				nodes = append(nodes, with(n, "id", gid))
			} else {
				nodes = append(nodes, nil)
			}
		}
		return data(object{"nodes": nodes})
	})
	found, missing, err := c.ProductsByID(t.Context(), ids)
	if len(found) != 169 || !slices.Equal(missing, []int64{3}) || err != nil || len(f.calls) != 2 {
		t.Errorf("ProductsByID = %d, %v, %v after %d calls", len(found), missing, err, len(f.calls))
	}
	// A list of another length says nothing about who is missing.
	c, _, _ = connect(t, always(data(object{"nodes": list{customer(1)}})))
	_, _, err = c.CustomersByID(t.Context(), []int64{1, 2})
	wantCode(t, err, shopify.CodeInvalidData, true)
}
