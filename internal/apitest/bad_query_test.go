package apitest_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

func TestBadArguments(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p, other := w.signUp(nil), w.signUp(nil)
		for _, q := range []*person{p, other} {
			send(t, q, ingestCustomers, object{"shopifyId": 1}, object{"shopifyId": 2})
			send(t, q, ingestOrders, order(1, object{"customerShopifyId": 1}), order(2, object{"customerShopifyId": 1}), order(3))
		}
		const all = `{ orders(first: 1) { pageInfo { endCursor } } byName: orders(first: 1, sort: {key: NAME}) { pageInfo { endCursor } }
			up: orders(first: 1, sort: {direction: ASC}) { pageInfo { endCursor } } paid: orders(first: 1, filter: {financialStatus: PAID}) { pageInfo { endCursor } }
			customers(first: 1) { pageInfo { endCursor } nodes { id } }
			history: customers(filter: {minOrders: 1}) { nodes { orders(first: 1) { pageInfo { endCursor } } } } }`
		own, foreign := ask(t, p.Client, all), ask(t, other.Client, all)
		cursor := func(v any, path string) string { return text(v, path+".pageInfo.endCursor") }
		good := cursor(own, "orders")
		raw, err := base64.RawURLEncoding.DecodeString(good)
		if err != nil {
			t.Fatal(err)
		}
		raw[0]++
		version := base64.RawURLEncoding.EncodeToString(raw)

		var cases []refusal
		add := func(name, query, want string) { cases = append(cases, refusal{name, query, nil, want}) }
		for _, l := range []string{"orders", "customers", "products"} {
			of := func(args string) string { return fmt.Sprintf(`{ %s(%s) { pageInfo { endCursor } } }`, l, args) }
			for args, field := range map[string]string{
				"first: 0": "first", "first: -1": "first", "first: 101": "first", "first: 2147483647": "first",
				"last: 0": "last", "last: 101": "last", "first: 1, last: 1": "last", "first: 1, before: \"x\"": "before",
				"after: \"x\", last: 1": "last", "after: \"x\", before: \"x\"": "before",
			} {
				add(l+" "+args, of(args), "BAD_USER_INPUT "+l+" ("+field+")")
			}
			for name, c := range map[string]string{"empty": "", "garbage": "hidden", "cut": good[:len(good)-1], "longer": good + "AAAA", "version": version, "endless": strings.Repeat("A", 10_000)} {
				add(l+" after "+name, of(`after: "`+c+`"`), "INVALID_CURSOR "+l+" (after)")
				add(l+" before "+name, of(`before: "`+c+`"`), "INVALID_CURSOR "+l+" (before)")
			}
			add(l+" first beyond 32 bits", of("first: 2147483648"), "BAD_USER_INPUT "+l+".first")
			add(l+" first a fraction", of("first: 1.5"), "GRAPHQL_VALIDATION_FAILED")
			add(l+" sort unknown", of("sort: {key: HIDDEN}"), "GRAPHQL_VALIDATION_FAILED")
			add(l+" unknown argument", of("offset: 5"), "GRAPHQL_VALIDATION_FAILED")
			add(l+" six words", of(`filter: {search: "a b c d e f"}`), "BAD_USER_INPUT "+l+" (filter.search)")
			add(l+" long search", of(`filter: {search: "`+strings.Repeat("a", 256)+`"}`), "BAD_USER_INPUT "+l+" (filter.search)")
			add(l+" 251 tags", of(`filter: {tags: [`+strings.Repeat(`"a" `, 251)+`]}`), "BAD_USER_INPUT "+l+" (filter.tags)")
		}
		for name, c := range map[string]string{
			"customers": cursor(own, "customers"), "another sort": cursor(own, "byName"), "another direction": cursor(own, "up"),
			"another filter": cursor(own, "paid"), "history": cursor(own, "history.nodes.0.orders"), "another tenant": cursor(foreign, "orders"),
		} {
			add("cursor of "+name, `{ orders(after: "`+c+`") { pageInfo { endCursor } } }`, "INVALID_CURSOR orders (after)")
		}
		// The history of the customer alone is wrong; where it stands in the answer says whose.
		id := text(own, "customers.nodes.0.id")
		history := func(args string) string {
			return `{ customer(id: "` + id + `") { orders(` + args + `) { totalCount } } }`
		}
		add("history after a cursor of orders", history(`after: "`+good+`"`), "INVALID_CURSOR customer.orders (after)")
		add("history of another tenant", history(`after: "`+cursor(foreign, "history.nodes.0.orders")+`"`), "INVALID_CURSOR customer.orders (after)")
		add("history first 0", history("first: 0"), "BAD_USER_INPUT customer.orders (first)")
		add("history first 101", history("first: 101"), "BAD_USER_INPUT customer.orders (first)")

		for r, wrong := range map[string]string{
			`{from: "2026-11-02", to: "2026-11-01"}`: "", `{from: "2026-11-01"}`: "", `{to: "2026-11-01"}`: "", `{}`: "",
			`{preset: TODAY, from: "2026-11-01", to: "2026-11-02"}`: "", `{preset: TODAY, to: "2026-11-02"}`: "",
			`{from: "2026-02-29", to: "2026-11-02"}`: ".from", `{from: "1969-12-31", to: "2026-11-02"}`: ".from", `{from: "2026-11-01", to: "10000-01-01"}`: ".to",
			`{from: "2026-11-01", to: "2026-11-31"}`: ".to", `{from: "26-11-01", to: "2026-11-02"}`: ".from", `{from: "2026-11-01T00:00:00Z", to: "2026-11-02"}`: ".from",
			`{from: "", to: "2026-11-02"}`: ".from",
		} {
			for field, selection := range map[string]string{"overview": "{ currencyCode }", "salesTrend": "{ interval }", "topCustomers": "{ rank }"} {
				want := "BAD_USER_INPUT " + field + " (range)"
				if wrong != "" {
					want = "BAD_USER_INPUT " + field + ".range" + wrong
				}
				add(field+" "+r, "{ "+field+"(range: "+r+") "+selection+" }", want)
			}
			want := "BAD_USER_INPUT orders (filter.range)"
			if wrong != "" {
				want = "BAD_USER_INPUT orders.filter.range" + wrong
			}
			add("orders "+r, "{ orders(filter: {range: "+r+"}) { totalCount } }", want)
		}
		add("unknown preset", `{ overview(range: {preset: HIDDEN}) { currencyCode } }`, "GRAPHQL_VALIDATION_FAILED")
		add("1,001 points", `{ salesTrend(range: {from: "2024-01-01", to: "2026-09-27"}) { interval } }`, "BAD_USER_INPUT salesTrend (interval)")
		add("hours of a year", `{ salesTrend(range: {preset: LAST_12_MONTHS}, interval: HOUR) { interval } }`, "BAD_USER_INPUT salesTrend (interval)")
		add("no top customer", `{ topCustomers(first: 0) { rank } }`, "BAD_USER_INPUT topCustomers (first)")
		add("101 top customers", `{ topCustomers(first: 101) { rank } }`, "BAD_USER_INPUT topCustomers (first)")
		add("unknown ranking", `{ topCustomers(by: HIDDEN) { rank } }`, "GRAPHQL_VALIDATION_FAILED")
		add("unknown metric", `{ metricDefinitions(keys: [HIDDEN]) { name } }`, "GRAPHQL_VALIDATION_FAILED")
		add("total with too many digits", `{ orders(filter: {minTotal: "1.234"}) { totalCount } }`, "BAD_USER_INPUT orders (filter.minTotal)")
		add("total beyond 64 bits", `{ orders(filter: {maxTotal: "999999999999999999999"}) { totalCount } }`, "BAD_USER_INPUT orders (filter.maxTotal)")
		add("total that is no number", `{ orders(filter: {maxTotal: "NaN"}) { totalCount } }`, "BAD_USER_INPUT orders.filter.maxTotal")
		add("total as a number", `{ orders(filter: {maxTotal: 5}) { totalCount } }`, "BAD_USER_INPUT orders.filter.maxTotal")
		add("spent with too many digits", `{ customers(filter: {minSpent: "0.001"}) { totalCount } }`, "BAD_USER_INPUT customers (filter.minSpent)")
		add("unknown country", `{ orders(filter: {country: ["XX"]}) { totalCount } }`, "BAD_USER_INPUT orders.filter.country.0")
		add("malformed customer", `{ orders(filter: {customerId: "hidden"}) { totalCount } }`, "BAD_USER_INPUT orders.filter.customerId")
		add("customer of another kind", `{ orders(filter: {customerId: "`+encodeID("Product", 1)+`"}) { totalCount } }`, "BAD_USER_INPUT orders.filter.customerId")
		add("malformed product", `{ customers(filter: {boughtProductId: "1"}) { totalCount } }`, "BAD_USER_INPUT customers.filter.boughtProductId")
		add("101 nodes", `{ nodes(ids: [`+strings.Repeat(`"a" `, 101)+`]) { id } }`, "BAD_USER_INPUT nodes (ids)")
		add("no operation", `fragment A on Query { __typename }`, "GRAPHQL_VALIDATION_FAILED")
		add("no such field", `{ hidden }`, "GRAPHQL_VALIDATION_FAILED")
		for i, c := range cases {
			// What was asked for by name is no secret.
			cases[i].query = strings.ReplaceAll(strings.ReplaceAll(c.query, "HIDDEN", "NOWHERE"), "{ hidden }", "{ nowhere }")
		}
		w.refuse(t, p, p.Client, cases)

		// A report that fails leaves the others of its request alone.
		a := say(p.Client, `{ overview { orders { value } } orders(first: 0) { totalCount } salesTrend(range: {}) { interval } tenant { slug } }`)
		if v := decode(t, a.Data); text(v, "overview.orders.value") != "3" || text(v, "tenant.slug") != p.slug || at(v, "orders") != nil || len(a.Errors) != 2 {
			t.Errorf("%s", a.Body)
		}
	})
}

// An id that names nothing is null: malformed, unknown, or of another kind.
func TestIDsOfNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		send(t, p, ingestOrders, order(1))
		orderID := text(ask(t, p.Client, `{ orders { nodes { id } } }`), "orders.nodes.0.id")
		_, row, _ := decodeID(orderID)
		for _, id := range []string{"", "x", "1", encodeID("Order", 1), encodeID("Customer", row), encodeID("Product", row), encodeID("OrderItem", row),
			encodeID("Tenant", row), encodeID("User", p.user), orderID + "=", orderID[1:], strings.Repeat("x", 10_000)} {
			got := ask(t, p.Client, `query($id: ID!) { order(id: $id) { id } customer(id: $id) { id } product(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }`, object{"id": id})
			if s := fmt.Sprint(got); s != "map[customer:<nil> node:<nil> nodes:[<nil>] order:<nil> product:<nil>]" {
				t.Errorf("%.50q: %s", id, s)
			}
		}
		if got := ask(t, p.Client, `query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }`, object{"ids": []string{"x", orderID, encodeID("Tenant", p.tenant), orderID}}); fmt.Sprint(texts(got, "nodes", "__typename")) != "[<nil> Order Tenant Order]" {
			t.Errorf("%v", got)
		}
	})
}

// An explicit null says the same as leaving it out, for every argument and input field of a query that may be null.
func TestNullIsTheDefault(t *testing.T) {
	t.Parallel()
	s := contract(t)
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		send(t, p, ingestCustomers, object{"shopifyId": 1, "email": nil, "country": nil})
		send(t, p, ingestProducts, object{"shopifyId": 1, "title": "Mug", "price": nil, "imageUrl": nil, "inventoryQuantity": nil, "updatedAt": nil})
		send(t, p, ingestOrders, order(1, object{"customerShopifyId": 1, "test": true}), order(2, object{"customerShopifyId": nil, "name": nil, "currencyCode": nil,
			"shippingTax": nil, "updatedAt": nil, "channel": nil, "items": []any{object{"title": "Mug", "quantity": 1, "unitPrice": "1.00", "shopifyId": nil, "productShopifyId": nil, "tax": nil, "sku": nil}}}), order(3, object{"customerShopifyId": 1}))
		selections := map[string]string{"orders": "{ totalCount nodes { id } }", "customers": "{ totalCount nodes { id } }", "products": "{ totalCount nodes { id } }",
			"syncRuns": "{ totalCount nodes { id } }", "privacyRequests": "{ totalCount nodes { id } }", "customerDataAccess": "{ totalCount nodes { fields } }", "metricDefinitions": "{ key }"}
		tested := 0
		for _, f := range rootFields(s.Query) {
			want := say(p.Client, "{ "+callWith(s, f, selections[f.Name])+" }")
			for _, a := range f.Arguments {
				for _, given := range nulls(s, a.Name, a.Type) {
					nulled := strings.Replace("{ "+f.Name+"("+given+") "+selections[f.Name]+" }", "()", "", 1)
					if got := say(p.Client, nulled); string(got.Body) != string(want.Body) || len(got.Errors) > 0 {
						t.Errorf("%s answers %s, not %s", nulled, got.Body, want.Body)
					}
					tested++
				}
			}
		}
		if tested < 40 {
			t.Errorf("only %d nulls", tested)
		}
		got := ask(t, p.Client, `mutation { updateTenant(input: {name: null, logoUrl: null, currencyCode: null, timezone: null, weekStartsOn: null}) { tenant { currencyCode timezone weekStartsOn } userErrors { code } } }`)
		if fmt.Sprint(at(got, "updateTenant")) != "map[tenant:map[currencyCode:EUR timezone:UTC weekStartsOn:MONDAY] userErrors:[]]" {
			t.Errorf("%v", got)
		}
	})
}

// nulls returns an argument with null in each place that may be null.
func nulls(s *ast.Schema, name string, typ *ast.Type) (out []string) {
	if !typ.NonNull {
		out = append(out, name+": null")
	}
	if def := s.Types[typ.Name()]; typ.Elem == nil && def.Kind == ast.InputObject && def.Name != "DateRangeInput" {
		for _, f := range def.Fields {
			for _, inside := range nulls(s, f.Name, f.Type) {
				out = append(out, name+": {"+inside+"}")
			}
		}
	}
	return out
}
