package apitest_test

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Lists, on one shop.
func TestLists(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(object{"timezone": zone})
		shop(t, p)
		for name, test := range map[string]func(*testing.T, *world, *person){"paging": paging, "history": history, "filters": filters, "cost": cost} {
			t.Run(name, func(t *testing.T) { test(t, w, p) })
		}
		w.verify(t, p)
		w.discreet(t, p)
	})
}

// Every sort, in both directions, read forward and backward, gives each record exactly once and in order.
func paging(t *testing.T, w *world, p *person) {
	s := contract(t)
	for _, k := range kinds {
		if got := len(s.Types[k.typ+"SortKey"].EnumValues); got != len(k.sorts) {
			t.Errorf("%s have %d sorts, and %d are tested", k.name, got, len(k.sorts))
		}
		filter := object{}
		if k.name == "orders" {
			filter["includeTest"] = true
		}
		records, total := k.all(t, p, filter, k.fields)
		byID := map[string]any{}
		for _, r := range records {
			byID[text(r, "id")] = r
		}
		if len(byID) != len(records) || strconv.Itoa(len(records)) != total || len(records) < 20 {
			t.Fatalf("%d %s, %d ids, and totalCount says %s", len(records), k.name, len(byID), total)
		}
		for key, path := range k.sorts {
			for _, direction := range []string{"ASC", "DESC"} {
				sort := object{"key": key, "direction": direction}
				forward := k.pages(t, p, object{"sort": sort, "filter": filter, "first": 41}, false)
				backward := k.pages(t, p, object{"sort": sort, "filter": filter, "last": 37}, true)
				if !slices.Equal(forward, backward) {
					t.Errorf("%s by %s %s: forward\n%v\nbackward\n%v", k.name, key, direction, forward, backward)
				}
				if n := len(slices.Compact(slices.Sorted(slices.Values(forward)))); n != len(records) || len(forward) != len(records) {
					t.Errorf("%s by %s %s: %d records, %d of them different, of %d", k.name, key, direction, len(forward), n, len(records))
				}
				if !slices.IsSortedFunc(forward, func(x, y string) int {
					c := compare(key, at(byID[x], path), at(byID[y], path))
					if direction == "DESC" {
						return -c
					}
					return c
				}) {
					var values []any
					for _, id := range forward {
						values = append(values, at(byID[id], path))
					}
					t.Errorf("%s by %s %s: %v", k.name, key, direction, values)
				}
			}
		}
	}
}

// compare compares two values of a sort column as the schema says: nothing comes before everything.
func compare(key string, x, y any) int {
	if x == nil || y == nil {
		return cmp.Compare(btoi(x != nil), btoi(y != nil))
	}
	a, b := fmt.Sprint(x), fmt.Sprint(y)
	switch key {
	case "NAME", "TITLE":
		return strings.Compare(fold(a), fold(b))
	case "TOTAL", "TOTAL_SPENT", "ORDERS_COUNT", "INVENTORY":
		m, _ := strconv.ParseFloat(a, 64)
		n, _ := strconv.ParseFloat(b, 64)
		return cmp.Compare(m, n)
	}
	return strings.Compare(a, b)
}

func fold(s string) string { return strings.TrimSpace(strings.ToLower(s)) }

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// pages reads a list to its end in one direction and returns the ids in the order of the list. Each page must agree with
// itself.
func (k kind) pages(t *testing.T, p *person, vars object, backward bool) (ids []string) {
	t.Helper()
	q := k.query("edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }")
	for n := 0; n < 200; n++ {
		got := ask(t, p.Client, q, vars)
		page, cursors := texts(got, "list.nodes", "id"), texts(got, "list.edges", "cursor")
		info := at(got, "list.pageInfo")
		if !slices.Equal(page, texts(got, "list.edges", "node.id")) || len(page) == 0 ||
			text(info, "startCursor") != cursors[0] || text(info, "endCursor") != cursors[len(cursors)-1] {
			t.Fatalf("a page of %s does not agree with itself: %v", k.name, got)
		}
		next, previous := text(info, "hasNextPage") == "true", text(info, "hasPreviousPage") == "true"
		if backward {
			ids = append(page, ids...)
			if next != (n > 0) {
				t.Errorf("hasNextPage is %v on page %d from the end", next, n)
			}
			if !previous {
				return ids
			}
			vars["before"] = cursors[0]
			continue
		}
		ids = append(ids, page...)
		if previous != (n > 0) {
			t.Errorf("hasPreviousPage is %v on page %d", previous, n)
		}
		if !next {
			return ids
		}
		vars["after"] = cursors[len(cursors)-1]
	}
	t.Fatalf("%s do not end", k.name)
	return nil
}

// The history of each customer is that customer's orders, in every sort, to the end.
func history(t *testing.T, w *world, p *person) {
	records, _ := kinds[0].all(t, p, nil, kinds[0].fields)
	of := map[string][]any{}
	for _, r := range records {
		if c := text(r, "customer.id"); c != "<nil>" {
			of[c] = append(of[c], r)
		}
	}
	customers, _ := kinds[1].all(t, p, nil, "id ordersCount")
	for key, path := range kinds[0].sorts {
		got := map[string][]string{}
		after := map[string]any{}
		// Everybody's first page at once, then each one's own.
		q := `query($sort: OrderSort) { customers(first: 100) { nodes { id orders(first: 2, sort: $sort) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } } } }`
		for _, c := range list(ask(t, p.Client, q, object{"sort": object{"key": key}}), "customers.nodes") {
			id := text(c, "id")
			got[id] = texts(c, "orders.nodes", "id")
			if text(c, "orders.pageInfo.hasNextPage") == "true" {
				after[id] = at(c, "orders.pageInfo.endCursor")
			}
			if text(c, "orders.totalCount") != strconv.Itoa(len(of[id])) {
				t.Errorf("customer %s has %s orders, not %d", id, text(c, "orders.totalCount"), len(of[id]))
			}
		}
		for id, cursor := range after {
			for more := true; more; {
				c := at(ask(t, p.Client, `query($id: ID!, $after: String, $sort: OrderSort) { customer(id: $id) { orders(first: 3, after: $after, sort: $sort) { nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } } } }`,
					object{"id": id, "after": cursor, "sort": object{"key": key}}), "customer.orders")
				got[id] = append(got[id], texts(c, "nodes", "id")...)
				more, cursor = text(c, "pageInfo.hasNextPage") == "true", at(c, "pageInfo.endCursor")
			}
		}
		for _, c := range customers {
			id := text(c, "id")
			want := slices.Clone(of[id])
			slices.SortStableFunc(want, func(x, y any) int {
				return cmp.Or(-compare(key, at(x, path), at(y, path)), -cmp.Compare(number(x), number(y)))
			})
			if ids := texts(object{"l": want}, "l", "id"); !slices.Equal(got[id], ids) {
				t.Errorf("history of %s by %s is\n%v, not\n%v", id, key, got[id], ids)
			}
			if text(c, "ordersCount") != strconv.Itoa(len(want)) {
				t.Errorf("%s has ordersCount %s, not %d", id, text(c, "ordersCount"), len(want))
			}
		}
	}
}

// number is the store's own number of a record.
func number(record any) int {
	id := text(record, "shopifyId")
	n, _ := strconv.Atoi(id[strings.LastIndex(id, "/")+1:])
	return n
}

// filtered is a filter and which records pass it.
type filtered struct {
	filter object
	passes func(r any) bool
}

// Every field of every filter lets through exactly the records that a plain look at each would.
func filters(t *testing.T, w *world, p *person) {
	s := contract(t)
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	local := func(r any, path string) string {
		v, _ := at(r, path).(string)
		if v == "" {
			return ""
		}
		instant, err := time.Parse(time.RFC3339, v)
		if err != nil {
			t.Error(err)
		}
		return instant.In(location).Format(time.DateOnly)
	}
	within := func(path, from, to string) func(any) bool {
		return func(r any) bool { d := local(r, path); return d != "" && d >= from && d <= to }
	}
	is := func(path string, values ...string) func(any) bool {
		return func(r any) bool { return slices.Contains(values, text(r, path)) }
	}
	has := func(path string, values ...string) func(any) bool {
		return func(r any) bool {
			return slices.ContainsFunc(list(r, path), func(v any) bool { return slices.Contains(values, fold(fmt.Sprint(v))) })
		}
	}
	amount := func(path string, low, high float64) func(any) bool {
		return func(r any) bool {
			n, err := strconv.ParseFloat(text(r, path), 64)
			return err == nil && n >= low && n <= high
		}
	}
	const most = 1e12
	records := map[string][]any{}
	for _, k := range kinds {
		filter := object{}
		if k.name == "orders" {
			filter["includeTest"] = true
		}
		records[k.name], _ = k.all(t, p, filter, k.fields)
	}
	customer, product := text(records["orders"], "0.id"), ""
	for _, r := range records["orders"] {
		if id := text(r, "customer.id"); id != "<nil>" {
			customer = id
		}
		if id := text(r, "items.0.product.id"); id != "<nil>" {
			product = id
		}
	}
	sold := func(r any) bool { return slices.Contains(texts(r, "items", "product.id"), product) }
	buyers := map[string]bool{}
	for _, r := range records["orders"] {
		if sold(r) && text(r, "test") == "false" {
			buyers[text(r, "customer.id")] = true
		}
	}
	cases := map[string]map[string][]filtered{
		"orders": {
			"search": {
				{object{"search": "#1001"}, search("#1001")}, {object{"search": "1001"}, search("1001")}, {object{"search": " #10 "}, search("#10")}, {object{"search": "ÉM"}, search("ém")},
				{object{"search": "sku"}, search("sku")}, {object{"search": "SKU-2"}, search("sku-2")}, {object{"search": "mug"}, search("mug")}, {object{"search": "pot mug"}, search("pot", "mug")},
				{object{"search": "zür"}, search("zür")}, {object{"search": "love"}, search("love")}, {object{"search": "ada pot"}, search("ada", "pot")}, {object{"search": "emmy.1"}, search("emmy.1")},
				{object{"search": "ada3@example.com"}, search("ada3@example.com")}, {object{"search": "nothing"}, search("nothing")}, {object{"search": "%"}, search("%")}, {object{"search": "_"}, search("_")},
				{object{"search": "'"}, search("'")}, {object{"search": ""}, every}, {object{"search": "   "}, every},
			},
			"range": {
				{object{"range": object{"from": "2026-11-01", "to": "2026-11-07"}}, within("processedAt", "2026-11-01", "2026-11-07")}, // the clocks go back on the first
				{object{"range": object{"from": "2026-11-20", "to": "2026-11-20"}}, within("processedAt", "2026-11-20", "2026-11-20")},
				{object{"range": object{"preset": "LAST_7_DAYS"}}, within("processedAt", "2026-11-14", "2026-11-20")},
				{object{"range": object{"preset": "LAST_MONTH"}}, within("processedAt", "2026-10-01", "2026-10-31")},
				{object{"range": object{"preset": "WEEK_TO_DATE"}}, within("processedAt", "2026-11-16", "2026-11-20")},
				{object{"range": object{"preset": "ALL_TIME"}}, every}, {object{"range": object{"from": "1970-01-01", "to": "9998-12-31"}}, every},
			},
			"financialStatus":   {{object{"financialStatus": []string{"PENDING"}}, is("financialStatus", "PENDING")}, {object{"financialStatus": []string{"PAID", "REFUNDED", "PAID"}}, is("financialStatus", "PAID", "REFUNDED")}, {object{"financialStatus": []string{"VOIDED"}}, is("financialStatus", "VOIDED")}},
			"fulfillmentStatus": {{object{"fulfillmentStatus": []string{"ON_HOLD"}}, is("fulfillmentStatus", "ON_HOLD")}},
			"customerId":        {{object{"customerId": customer}, is("customer.id", customer)}, {object{"customerId": encodeID("Customer", 5)}, is("customer.id")}},
			"productId":         {{object{"productId": product}, sold}, {object{"productId": encodeID("Product", 5)}, is("id")}},
			"country":           {{object{"country": []string{"DE"}}, is("shippingCountry", "DE")}, {object{"country": []string{"DE", "US"}}, is("shippingCountry", "DE", "US")}},
			"channel":           {{object{"channel": []string{"web"}}, is("channel", "web")}, {object{"channel": []string{"Web", "pos"}}, is("channel", "Web", "pos")}},
			"discountCode":      {{object{"discountCode": []string{"Summer"}}, has("discountCodes", "summer")}, {object{"discountCode": []string{"summ"}}, has("discountCodes", "summ")}},
			"tags":              {{object{"tags": []string{"GIFT"}}, has("tags", "gift")}, {object{"tags": []string{"été", "none"}}, has("tags", "été")}},
			"minTotal":          {{object{"minTotal": "15.90"}, amount("total.shopMoney.amount", 15.90, most)}, {object{"minTotal": "-1"}, every}},
			"maxTotal":          {{object{"maxTotal": "15.90"}, amount("total.shopMoney.amount", -most, 15.90)}, {object{"minTotal": "10", "maxTotal": "15"}, amount("total.shopMoney.amount", 10, 15)}, {object{"minTotal": "20", "maxTotal": "10"}, is("id")}},
			"cancelled":         {{object{"cancelled": true}, func(r any) bool { return at(r, "cancelledAt") != nil }}, {object{"cancelled": false}, is("cancelledAt", "<nil>")}},
			"includeTest": {{object{"includeTest": false}, every}, {object{"includeTest": true}, every}, {object{"includeTest": true, "cancelled": false, "tags": []string{"gift"}, "country": []string{"DE"}, "search": "mug"},
				func(r any) bool {
					return is("cancelledAt", "<nil>")(r) && has("tags", "gift")(r) && is("shippingCountry", "DE")(r) && search("mug")(r)
				}}},
		},
		"customers": {
			"search":          {{object{"search": "ada"}, named("ada")}, {object{"search": "LOVE ada"}, named("love", "ada")}, {object{"search": "émi"}, named("émi")}, {object{"search": "emmy.1"}, named("emmy.1")}, {object{"search": "brien"}, named("brien")}, {object{"search": "7"}, named("7")}, {object{"search": "Customer 7"}, named("customer", "7")}, {object{"search": "example"}, named("example")}},
			"minOrders":       {{object{"minOrders": 3}, amount("ordersCount", 3, most)}},
			"maxOrders":       {{object{"maxOrders": 2}, amount("ordersCount", 0, 2)}, {object{"minOrders": 1, "maxOrders": 1}, is("ordersCount", "1")}},
			"minSpent":        {{object{"minSpent": "40.00"}, amount("totalSpent.amount", 40, most)}},
			"maxSpent":        {{object{"maxSpent": "0"}, amount("totalSpent.amount", -most, 0)}},
			"firstOrder":      {{object{"firstOrder": object{"from": "2026-10-20", "to": "2026-11-05"}}, within("firstOrderAt", "2026-10-20", "2026-11-05")}},
			"lastOrder":       {{object{"lastOrder": object{"preset": "LAST_7_DAYS"}}, within("lastOrderAt", "2026-11-14", "2026-11-20")}},
			"country":         {{object{"country": []string{"FR"}}, is("country", "FR")}},
			"tags":            {{object{"tags": []string{"Vip", "b2b"}}, has("tags", "vip", "b2b")}},
			"boughtProductId": {{object{"boughtProductId": product}, func(r any) bool { return buyers[text(r, "id")] }}},
		},
		"products": {
			"search":       {{object{"search": "mug"}, title("mug")}, {object{"search": "éc MUG"}, title("éc", "mug")}, {object{"search": "straße"}, title("straße")}, {object{"search": "green"}, title("green")}, {object{"search": "blue-green"}, title("blue", "green")}, {object{"search": "acme"}, title("acme")}},
			"status":       {{object{"status": []string{"DRAFT", "ARCHIVED"}}, is("status", "DRAFT", "ARCHIVED")}},
			"vendor":       {{object{"vendor": []string{"Acme"}}, is("vendor", "Acme")}},
			"productType":  {{object{"productType": []string{"Pot"}}, is("productType", "Pot")}},
			"tags":         {{object{"tags": []string{"NEW"}}, has("tags", "new")}, {object{"tags": []string{"ÉTÉ"}}, has("tags", "été")}},
			"maxInventory": {{object{"maxInventory": 0}, amount("inventoryQuantity", -most, 0)}, {object{"maxInventory": -4}, is("id")}},
		},
	}
	for _, k := range kinds {
		for _, f := range s.Types[k.typ+"Filter"].Fields {
			if len(cases[k.name][f.Name]) == 0 {
				t.Errorf("no case for the filter %s of %s", f.Name, k.name)
			}
			for _, c := range cases[k.name][f.Name] {
				want := []string{}
				for _, r := range records[k.name] {
					if c.passes(r) && (k.name != "orders" || c.filter["includeTest"] == true || text(r, "test") == "false") {
						want = append(want, text(r, "id"))
					}
				}
				got, total := k.all(t, p, c.filter, "id")
				ids := texts(object{"l": got}, "l", "id")
				slices.Sort(ids)
				slices.Sort(want)
				if !slices.Equal(ids, want) || total != strconv.Itoa(len(want)) {
					t.Errorf("%s %v: %d records, totalCount %s, want %d", k.name, c.filter, len(ids), total, len(want))
				}
			}
		}
	}
}

func every(any) bool { return true }

// begins tells whether each word begins one of the texts.
func begins(words []string, texts ...string) bool {
	return !slices.ContainsFunc(words, func(word string) bool {
		return !slices.ContainsFunc(texts, func(t string) bool { return strings.HasPrefix(fold(t), word) })
	})
}

// parts splits text into its words.
func parts(values ...any) (out []string) {
	for _, v := range values {
		if v != nil {
			out = append(out, strings.FieldsFunc(fmt.Sprint(v), func(r rune) bool { return strings.ContainsRune(" -'.@", r) || r == '😀' })...)
		}
	}
	return out
}

func plain(v any) string { s, _ := v.(string); return s }

func search(words ...string) func(any) bool {
	return func(r any) bool {
		name := text(r, "name")
		found := []string{name, strings.TrimPrefix(name, "#"), "#" + name, plain(at(r, "customer.email"))}
		found = append(found, parts(at(r, "customer.firstName"), at(r, "customer.lastName"), at(r, "customer.email"))...)
		for _, i := range list(r, "items") {
			found = append(found, plain(at(i, "sku")))
			found = append(found, parts(at(i, "product.title"))...)
		}
		return begins(words, found...)
	}
}

func named(words ...string) func(any) bool {
	return func(r any) bool {
		found := append(parts(at(r, "firstName"), at(r, "lastName"), at(r, "email")), plain(at(r, "email")))
		number := strconv.Itoa(number(r))
		for i, word := range words {
			if word == number || word == "customer" && i+1 < len(words) && words[i+1] == number {
				found = append(found, word)
			}
		}
		return begins(words, found...)
	}
}

func title(words ...string) func(any) bool {
	return func(r any) bool { return begins(words, parts(at(r, "title"))...) }
}
