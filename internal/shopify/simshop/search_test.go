package simshop_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
)

// Three records of each kind, of which the names are a, b and c: a at 10:00, b at 10:00:01, c the day after, all in
// Berlin's winter, an hour ahead of UTC.
func timed(t *testing.T) *simshop.Shop {
	t.Helper()
	zone, err := period.LoadZone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	s, c := setup(t, simshop.Options{Timezone: zone})
	for _, p := range s.Products() {
		if err := s.Delete(simshop.KindProduct, p.ID, true); err != nil {
			t.Fatal(err)
		}
	}
	c.at = time.Date(2026, 11, 23, 10, 0, 0, 0, zone)
	for i, name := range []string{"a", "b", "c"} {
		s.CreateProduct(simshop.Product{Title: name, Status: []string{"ACTIVE", "DRAFT", "ACTIVE"}[i], Tags: []string{"x" + name}})
		s.CreateCustomer(simshop.Customer{FirstName: name})
		s.CreateOrder(simshop.OrderInput{Test: i == 1})
		c.move([]time.Duration{time.Second, 24 * time.Hour, 0}[i])
	}
	return s
}

func TestFilters(t *testing.T) {
	t.Parallel()
	s := timed(t)
	for _, test := range []struct {
		list, query, want string
		warning           string // field, code and value of each
	}{
		{"orders", "", "abc", ""},
		{"orders", "updated_at:>='2026-11-23T09:00:01Z'", "bc", ""},
		{"orders", "updated_at:<='2026-11-23T09:00:01Z'", "ab", ""},
		{"orders", `updated_at:>="2026-11-23T10:00:01+01:00"`, "bc", ""},
		// > and < are inclusive too.
		{"orders", "updated_at:>'2026-11-23T09:00:01Z'", "bc", ""},
		{"orders", "updated_at:<'2026-11-23T09:00:00Z'", "a", ""},
		{"orders", "updated_at:'2026-11-23T09:00:01Z'", "b", ""},
		{"orders", "updated_at:>='2026-11-23T09:00:01Z' AND updated_at:<='2026-11-23T09:00:01Z'", "b", ""},
		{"orders", "updated_at:>='2026-11-23T09:00:01Z' updated_at:<='2026-11-23T09:00:01Z'", "b", ""},
		{"orders", "created_at:>='2026-11-24T00:00:00Z' OR processed_at:<='2026-11-23T09:00:00Z'", "ac", ""},
		{"orders", "NOT (updated_at:>='2026-11-23T09:00:01Z')", "a", ""},
		{"orders", "-updated_at:>='2026-11-23T09:00:01Z'", "a", ""},
		// Without quotes nothing is left but the day, and it is the store's.
		{"orders", "updated_at:>=2026-11-23T22:00:00Z", "abc", ""},
		{"orders", "updated_at:<=2026-11-23T00:00:00Z", "ab", ""},
		{"orders", "updated_at:>=2026-11-24", "c", ""},
		{"orders", "updated_at:2026-11-23", "ab", ""},
		{"orders", "updated_at:>='2026-11-24'", "c", ""},
		// The time of day never counts for customers.
		{"customers", "updated_at:>='2026-11-23T22:00:00Z'", "abc", ""},
		{"customers", "updated_at:>='2026-11-23T23:00:00Z'", "c", ""},
		{"customers", "updated_at:<='2026-11-23T00:00:00Z'", "ab", ""},
		{"customers", "customer_date:<='2026-11-23T00:00:00Z'", "ab", ""},
		// Ids are exact.
		{"products", "id:>7900000000066", "bc", ""},
		{"products", "id:>=7900000000066", "abc", ""},
		{"products", "id:7900000000067", "b", ""},
		{"products", "id:<gid://shopify/Product/7900000000067", "a", ""},
		{"products", "status:active", "ac", ""},
		{"products", "tag:xb OR title:'c'", "bc", ""},
		{"products", "b", "b", ""},
		{"orders", "test:true", "b", ""},
		// What is not understood finds everything.
		{"orders", "updated_on:>='2026-11-24T00:00:00Z'", "abc", "updated_on invalid_field >=2026-11-24T00:00:00Z"},
		{"orders", "updated_at:>='yesterday'", "abc", "updated_at invalid_value >=yesterday"},
		{"orders", "updated_at:>='2026-11-23 10:00'", "abc", "updated_at invalid_value >=2026-11-23 10:00"},
		{"orders", "id:>abc", "abc", "id invalid_value >abc"},
		{"orders", "nothing:1 updated_at:>='2026-11-24T00:00:00Z'", "c", "nothing invalid_field 1"},
		{"customers", "created_at:>='2026-11-24T00:00:00Z'", "abc", "created_at invalid_field >=2026-11-24T00:00:00Z"},
		// Odd forms do no harm.
		{"orders", " ( ( ", "abc", ""},
		{"orders", "AND OR", "abc", ""},
	} {
		t.Run(test.list+" "+test.query, func(t *testing.T) {
			t.Parallel()
			field := map[string]string{"orders": "name", "customers": "firstName", "products": "title"}[test.list]
			a := ask(t, s, fmt.Sprintf(`query($q:String){%s(first:9,query:$q,sortKey:ID){nodes{name:%s}} n:%[1]sCount(query:$q){count}}`,
				test.list, field), map[string]any{"q": test.query})
			var got []byte
			nodes, _ := at(a.Data, test.list, "nodes").([]any)
			for i := range nodes {
				name := at(nodes[i], "name").(string)
				got = append(got, strings.NewReplacer("#1001", "a", "#1002", "b", "#1003", "c").Replace(name)...)
			}
			if string(got) != test.want {
				t.Errorf("found %s, want %s", got, test.want)
			}
			if n := at(a.Data, "n", "count"); n != float64(len(test.want)) {
				t.Errorf("%v counted, want %d", n, len(test.want))
			}
			var warnings []string
			for _, w := range a.Extensions.Search {
				warnings = append(warnings, fmt.Sprint(at(w, "path"), at(w, "warnings", 0, "field"), " ", at(w, "warnings", 0, "code"), " ",
					at(w, "parsed", "match_all")))
			}
			var want []string
			if test.warning != "" {
				want = []string{"[" + test.list + "]" + test.warning, "[" + test.list + "Count]" + test.warning}
			}
			if !slices.Equal(warnings, want) {
				t.Errorf("warnings %q, want %q", warnings, want)
			}
		})
	}
}

// A warning has exactly the form of the one that was captured.
func TestWarningForm(t *testing.T) {
	t.Parallel()
	a := ask(t, timed(t), `{orders(first:1,query:"updated_at:EXPIRED"){nodes{name}}}`, nil)
	same(t, "search", any(a.Extensions.Search), `[{"path":["orders"],"query":"updated_at:EXPIRED","parsed":{"field":"updated_at","match_all":"EXPIRED"},
		"warnings":[{"field":"updated_at","message":"Input `+"`EXPIRED`"+` is not an accepted value.","code":"invalid_value"}]}]`)
}

func TestComparatorWithoutValue(t *testing.T) {
	t.Parallel()
	for _, query := range []string{"updated_at:>", "id:>= status:open"} {
		a := ask(t, timed(t), `query($q:String){orders(first:1,query:$q){nodes{name}}}`, map[string]any{"q": query})
		if a.Data != nil || len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "INTERNAL_SERVER_ERROR" {
			t.Errorf("%s: %s", query, a.text)
		}
	}
}

func TestLag(t *testing.T) {
	t.Parallel()
	s, c := setup(t, simshop.Options{Orders: 20, Lag: 5 * time.Second})
	found := func() string {
		a := ask(t, s, `query($q:String){orders(first:250,query:$q){nodes{id}} ordersCount(query:$q){count} all:orders(first:250){nodes{id}}
			exact:ordersCount{count} new:orders(first:9,query:"updated_at:>='2026-11-23T15:00:00Z'"){nodes{tags}}}`, map[string]any{"q": "id:>0"})
		nodes, _ := at(a.Data, "orders", "nodes").([]any)
		all, _ := at(a.Data, "all", "nodes").([]any)
		newest, _ := at(a.Data, "new", "nodes").([]any)
		return fmt.Sprint(len(nodes), at(a.Data, "ordersCount", "count"), len(all), at(a.Data, "exact", "count"), len(newest))
	}
	orders := s.Orders()
	step := func(what, want string) {
		t.Helper()
		if got := found(); got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	step("before", "20 20 20 20 0")
	s.CreateOrder(simshop.OrderInput{})
	step("created", "20 20 21 21 0")
	c.move(3 * time.Second)
	if err := s.UpdateOrder(orders[3].ID, func(o *simshop.Order) { o.Tags = []string{"late"} }); err != nil {
		t.Fatal(err)
	}
	step("changed", "20 20 21 21 0")
	c.move(2 * time.Second)
	step("the first is seen", "21 21 21 21 1")
	if err := s.Delete(simshop.KindOrder, orders[5].ID, false); err != nil {
		t.Fatal(err)
	}
	// The search still finds it, but there is nothing to show.
	step("deleted", "20 21 20 20 1")
	c.move(4 * time.Second)
	step("the second is seen", "20 21 20 20 2")
	c.move(2 * time.Second)
	step("all is seen", "20 20 20 20 2")
}
