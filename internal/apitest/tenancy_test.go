package apitest_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit"
)

// idArguments returns every place of the schema where a caller may put an id, as Type.field.argument.field.
func idArguments(s *ast.Schema) []string {
	var out []string
	var walk func(path string, typ *ast.Type)
	walk = func(path string, typ *ast.Type) {
		switch def := s.Types[typ.Name()]; {
		case def.Name == "ID":
			out = append(out, path)
		case def.Kind == ast.InputObject:
			for _, f := range def.Fields {
				walk(path+"."+f.Name, f.Type)
			}
		}
	}
	for name, def := range s.Types {
		if def.Kind != ast.Object || def.BuiltIn {
			continue
		}
		for _, f := range rootFields(def) {
			for _, a := range f.Arguments {
				walk(name+"."+f.Name+"."+a.Name, a.Type)
			}
		}
	}
	slices.Sort(out)
	return out
}

// whole is all that a tenant has.
const whole = `{ tenant { id name slug dataSummary { products customers orders orderItems } members { user { email } } }
	orders(first: 100, sort: {key: NAME}, filter: {includeTest: true}) { nodes { id shopifyId name customer { id displayName email ordersCount } customerOrderNumber tags total { shopMoney { amount } } netSales { amount } items { id title sku product { id title } refundedQuantity } refunds { id note amount { amount } } } }
	customers(first: 100, sort: {key: NAME}) { nodes { id displayName email phone city totalSpent { amount } } } products(first: 100) { nodes { id title vendor } }
	privacyRequests { nodes { id status outcome } } overview { netSales { value { amount } } customers { value } } }`

// For every argument that takes an id, another tenant's id does exactly what an id of nothing does, and the other tenant
// does not notice.
func TestForeignIDs(t *testing.T) {
	t.Parallel()
	s := contract(t)
	each(t, func(t *testing.T, w *world) {
		a, b := w.signUp(object{"tenantName": "Zebra"}), w.signUp(nil)
		ids := stock(t, a, "Zebra")
		own := stock(t, b, "Own")
		// The numbers of stock are 1 for both; these are a's alone.
		send(t, a, ingestProducts, object{"shopifyId": 70071, "title": "Zebra pot"})
		send(t, a, ingestCustomers, object{"shopifyId": 70072, "firstName": "Zebra"})
		send(t, a, ingestOrders, order(70073, object{"customerShopifyId": 70072, "items": []any{object{"shopifyId": 70074, "productShopifyId": 70071, "title": "Zebra pot", "quantity": 1, "unitPrice": "5.00"}},
			"refunds": []any{object{"shopifyId": 70075, "createdAt": "2026-11-02T10:00:00Z", "amount": "1.00", "lines": []any{object{"itemShopifyId": 70074, "amount": "1.00"}}}}}))
		_, run := w.simulate(t, a, simshop.Options{Orders: 3})
		ids["SyncRun"] = run
		got := ask(t, a.Client, `mutation($id: ID!) { requestCustomerData(customerId: $id) { privacyRequest { id } userErrors { code } } }`, object{"id": ids["Customer"]})
		ids["PrivacyRequest"] = text(got, "requestCustomerData.privacyRequest.id")
		ordersOf := func(change func(id string) object) func(id string) (string, object) {
			return func(id string) (string, object) {
				return ingestOrders, object{"in": []any{order(500, change(id))}}
			}
		}
		del := func(kind string) func(id string) (string, object) {
			return func(id string) (string, object) {
				return `mutation($in: DeleteRecordsInput!) { deleteRecords(input: $in) { deleted { orders customers products orderItems } userErrors { field code } } }`, object{"in": object{kind: []string{id}}}
			}
		}
		filter := func(q string) func(id string) (string, object) {
			return func(id string) (string, object) { return q, object{"id": id} }
		}
		type foreign struct {
			ids []string // a's
			ask func(id string) (string, object)
		}
		var all []string
		for _, kind := range slices.Sorted(maps.Keys(ids)) {
			all = append(all, ids[kind])
		}
		cases := map[string]foreign{
			"Query.node.id":                            {all, filter(`query($id: ID!) { node(id: $id) { __typename id } }`)},
			"Query.nodes.ids":                          {all, filter(`query($id: ID!) { nodes(ids: [$id, "` + own["Order"] + `"]) { __typename id } }`)},
			"Query.order.id":                           {all, filter(`query($id: ID!) { order(id: $id) { id name } }`)},
			"Query.customer.id":                        {all, filter(`query($id: ID!) { customer(id: $id) { id displayName } }`)},
			"Query.product.id":                         {all, filter(`query($id: ID!) { product(id: $id) { id title } }`)},
			"Query.orders.filter.customerId":           {[]string{ids["Customer"]}, filter(`query($id: ID!) { orders(filter: {customerId: $id}) { totalCount nodes { id } pageInfo { endCursor } } }`)},
			"Query.orders.filter.productId":            {[]string{ids["Product"]}, filter(`query($id: ID!) { orders(filter: {productId: $id}) { totalCount nodes { id } } }`)},
			"Query.customers.filter.boughtProductId":   {[]string{ids["Product"]}, filter(`query($id: ID!) { customers(filter: {boughtProductId: $id}) { totalCount nodes { id } } }`)},
			"Customer.orders.filter.customerId":        {[]string{ids["Customer"]}, filter(`query($id: ID!) { customers { nodes { orders(filter: {customerId: $id}) { totalCount nodes { id } } } } }`)},
			"Customer.orders.filter.productId":         {[]string{ids["Product"]}, filter(`query($id: ID!) { customers { nodes { orders(filter: {productId: $id}) { totalCount nodes { id } } } } }`)},
			"Query.syncRun.id":                         {all, filter(`query($id: ID!) { syncRun(id: $id) { id status } }`)},
			"Mutation.cancelSync.runId":                {all, filter(`mutation($id: ID!) { cancelSync(runId: $id) { run { id } userErrors { field code message } } }`)},
			"Mutation.retrySync.runId":                 {all, filter(`mutation($id: ID!) { retrySync(runId: $id) { run { id } userErrors { field code message } } }`)},
			"Mutation.redactCustomer.input.customerId": {all, filter(`mutation($id: ID!) { redactCustomer(input: {customerId: $id, confirm: "1"}) { privacyRequest { id } userErrors { field code message } } }`)},
			"Mutation.requestCustomerData.customerId":  {all, filter(`mutation($id: ID!) { requestCustomerData(customerId: $id) { privacyRequest { id } userErrors { field code message } } }`)},
			"Mutation.completePrivacyRequest.id":       {all, filter(`mutation($id: ID!) { completePrivacyRequest(id: $id) { privacyRequest { id } userErrors { field code message } } }`)},
			"Subscription.syncProgress.runId":          {all, filter(`subscription($id: ID!) { syncProgress(runId: $id) { id } }`)},
			"Mutation.login.input.tenantId": {[]string{ids["Tenant"]}, func(id string) (string, object) {
				return login, object{"in": object{"email": b.email, "password": b.password, "tenantId": id}}
			}},
			"Mutation.ingestProducts.products.shopifyId": {[]string{"70071"}, func(id string) (string, object) {
				return ingestProducts, object{"in": []any{object{"shopifyId": id, "title": "Pot"}}}
			}},
			"Mutation.ingestCustomers.customers.shopifyId": {[]string{"70072"}, func(id string) (string, object) { return ingestCustomers, object{"in": []any{object{"shopifyId": id}}} }},
			"Mutation.ingestOrders.orders.shopifyId": {[]string{"70073"}, func(id string) (string, object) {
				o := order(1)
				o["shopifyId"] = id
				return ingestOrders, object{"in": []any{o}}
			}},
			"Mutation.ingestOrders.orders.customerShopifyId":      {[]string{"70072"}, ordersOf(func(id string) object { return object{"customerShopifyId": id} })},
			"Mutation.ingestOrders.orders.items.shopifyId":        {[]string{"70074"}, ordersOf(func(id string) object { return line(object{"shopifyId": id}) })},
			"Mutation.ingestOrders.orders.items.productShopifyId": {[]string{"70071"}, ordersOf(func(id string) object { return line(object{"productShopifyId": id}) })},
			"Mutation.ingestOrders.orders.refunds.shopifyId": {[]string{"70075"}, ordersOf(func(id string) object {
				return object{"refunds": []any{object{"shopifyId": id, "createdAt": "2026-11-02T10:00:00Z", "amount": "1.00"}}}
			})},
			"Mutation.ingestOrders.orders.adjustments.shopifyId": {[]string{"70075"}, ordersOf(func(id string) object {
				return object{"adjustments": []any{object{"shopifyId": id, "happenedAt": "2026-11-02T10:00:00Z", "amount": "1.00"}}}
			})},
			"Mutation.ingestOrders.orders.refunds.lines.itemShopifyId": {[]string{"70074"}, ordersOf(func(id string) object {
				return object{"refunds": []any{object{"shopifyId": 1, "createdAt": "2026-11-02T10:00:00Z", "amount": "1.00", "lines": []any{object{"itemShopifyId": id, "amount": "1.00"}}}}}
			})},
			"Mutation.deleteRecords.input.orders":    {[]string{"70073"}, del("orders")},
			"Mutation.deleteRecords.input.customers": {[]string{"70072"}, del("customers")},
			"Mutation.deleteRecords.input.products":  {[]string{"70071"}, del("products")},
		}
		if got := slices.Sorted(maps.Keys(cases)); !slices.Equal(got, idArguments(s)) {
			t.Errorf("the table has\n%v\nand the schema\n%v", got, idArguments(s))
		}
		theirs := fmt.Sprint(ask(t, a.Client, whole))
		absent := 9000
		for _, name := range slices.Sorted(maps.Keys(cases)) {
			c := cases[name]
			for _, id := range c.ids {
				absent++
				nothing := fmt.Sprint(absent)
				if kind, row, ok := decodeID(id); ok {
					nothing = encodeID(kind, row/2)
				}
				// What a mutation leaves behind counts as part of its answer.
				do := func(id string) string {
					q, vars := c.ask(id)
					got := string(say(b.Client, q, vars).Body)
					if strings.HasPrefix(name, "Mutation.") {
						got += fmt.Sprint(ask(t, b.Client, whole))
						ask(t, b.Client, deletion, object{"in": object{"orders": []string{"500", nothing, "70073"}, "customers": []string{nothing, "70072"}, "products": []string{nothing, "70071"}}})
					}
					return alike(masked(got, id))
				}
				if foreign, none := do(id), do(nothing); foreign != none {
					t.Errorf("%s: a foreign id answers\n%s\nand none\n%s", name, foreign, none)
				} else if strings.Contains(strings.ToLower(foreign), "zebra") {
					t.Errorf("%s shows what is another tenant's: %s", name, foreign)
				}
			}
		}
		if after := fmt.Sprint(ask(t, a.Client, whole)); after != theirs {
			t.Errorf("the other tenant had\n%s\nand has\n%s", theirs, after)
		}
		// Nor does the other's slug confirm anything.
		if foreign, none := say(b.Client, clearData, object{"in": object{"confirmSlug": a.slug}}), say(b.Client, clearData, object{"in": object{"confirmSlug": "nowhere"}}); string(foreign.Body) != string(none.Body) ||
			strings.Join(verdict(foreign), "") != "! CONFIRMATION_MISMATCH input.confirmSlug" {
			t.Errorf("a foreign slug answers %s, none %s", foreign.Body, none.Body)
		}
		w.verify(t, a)
		w.verify(t, b)
		w.discreet(t, a, b)
	})
}

// masked replaces an id, but not digits of another one that are the same.
func masked(answer, id string) string {
	if _, err := strconv.Atoi(id); err == nil {
		return regexp.MustCompile(`\b`+id+`\b`).ReplaceAllString(answer, "ID")
	}
	return strings.ReplaceAll(answer, id, "ID")
}

// Two tenants ask and write at the same time, on the same connections, each with the ids of both: nothing that was ever
// the one's stands in an answer to the other.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	seed := testkit.Seed(t)
	s := contract(t)
	each(t, func(t *testing.T, w *world) {
		a, b := w.signUp(object{"tenantName": "Zebra", "name": "Zebra"}), w.signUp(object{"tenantName": "Plain"})
		var pool []string
		for p, mark := range map[*person]string{a: "Zebra", b: "Plain"} {
			for _, id := range stock(t, p, mark) {
				pool = append(pool, id)
			}
		}
		slices.Sort(pool)
		var calls []string
		for _, way := range ways(t, s) {
			calls = append(calls, query(s, way))
		}
		slices.Sort(calls)
		var wg sync.WaitGroup
		const workers = 4
		for worker := range workers {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(seed, uint64(worker)))
				for range testkit.Size(40, 250) {
					p, mark := a, "Zebra"
					if r.IntN(3) > 0 {
						p, mark = b, "Plain"
					}
					q, vars := random(r, calls, pool, mark)
					answer := say(p.Client, q, vars)
					if p == b && strings.Contains(strings.ToLower(string(answer.Body)), "zebra") {
						t.Errorf("%s\n%v\nshows what is another tenant's: %s", q, vars, answer.Body)
					}
					for _, e := range answer.Errors {
						if e.Code() == "INTERNAL" {
							t.Errorf("%s\n%v\n%s", q, vars, answer.Body)
						}
					}
				}
			})
		}
		wg.Wait()
		w.verify(t, a)
		w.verify(t, b)
		w.discreet(t, a, b)
	})
}

// random returns some call, with ids of anybody and texts with the caller's mark.
func random(r *rand.Rand, calls, pool []string, mark string) (string, object) {
	id := func() string { return pool[r.IntN(len(pool))] }
	number := func() int { return 1 + r.IntN(20) }
	word := func() string {
		return []string{"zebra", "Zebra1", "plain", "mug", "zebra@example.com", mark}[r.IntN(6)]
	}
	switch r.IntN(12) {
	case 0:
		return `query($id: ID!) { node(id: $id) { id ... on Order { name tags customer { displayName } } ... on Customer { displayName email } ... on Product { title } ... on Tenant { name slug } ... on OrderItem { title sku } } }`, object{"id": id()}
	case 1:
		return `query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Order { name items { title } } ... on Customer { displayName orders { nodes { name } } } } }`, object{"ids": []string{id(), id(), id()}}
	case 2:
		return `query($s: String) { orders(filter: {search: $s}) { totalCount nodes { name customer { displayName } items { title product { title } } refunds { note } } } }`, object{"s": word()}
	case 3:
		return `query($s: String) { customers(filter: {search: $s}) { totalCount nodes { displayName email phone orders(first: 3) { nodes { name items { title } } } } } products(filter: {search: $s}) { nodes { title vendor } } }`, object{"s": word()}
	case 4:
		return `query($w: [String!]) { orders(filter: {tags: $w, discountCode: $w, channel: $w}) { nodes { name tags discountCodes channel } } products(filter: {vendor: $w}) { nodes { title } } }`, object{"w": []string{word(), word()}}
	case 5:
		return whole, nil
	case 6:
		return `{ topCustomers { rank customer { displayName email } totalSales { amount } } salesTrend { totals { orders } } viewer { user { name email } tenant { name members { user { name email } } } memberships { tenant { name slug } } } }`, nil
	case 7:
		return ingestOrders, object{"in": []any{order(number(), object{"name": fmt.Sprint(mark, number()), "customerShopifyId": number(), "tags": []string{mark},
			"items": []any{object{"productShopifyId": number(), "title": mark, "sku": mark, "quantity": number(), "unitPrice": "1.00"}}}), order(-1)}}
	case 8:
		return ingestCustomers, object{"in": []any{object{"shopifyId": number(), "firstName": mark, "email": mark + "@example.com"}}}
	case 9:
		return `mutation($in: DeleteRecordsInput!) { deleteRecords(input: $in) { deleted { orders customers products } userErrors { message } } }`,
			object{"in": object{"orders": []any{number()}, "customers": []any{number()}, "products": []any{number()}}}
	case 10:
		return `mutation($in: UpdateTenantInput!, $clear: ClearAllDataInput!) { updateTenant(input: $in) { tenant { name logoUrl } userErrors { message } } clearAllData(input: $clear) { userErrors { message } } }`,
			object{"in": object{"name": mark, "weekStartsOn": "SUNDAY"}, "clear": object{"confirmSlug": "zebra", "dryRun": true}}
	}
	return calls[r.IntN(len(calls))], nil
}

// opaque matches what differs between two records made alike: their ids.
var opaque = regexp.MustCompile(`(T3JkZXI6|T3JkZXJJdGVtO|UmVmdW5kO|UHJvZHVjdDo|Q3VzdG9tZXI6|Q3VzdG9tZXI|eyJ)[A-Za-z0-9_.-]+`)

// alike returns an answer without what differs between two records made alike.
func alike(s string) string { return opaque.ReplaceAllString(s, "ID") }
