package apitest_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// zone is where the shop of the list tests stands.
const zone = "America/New_York"

// shop fills a tenant with records that have many ties in every column that lists are sorted by, nothing at all in some,
// and all kinds of letters.
func shop(t *testing.T, p *person) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(values ...any) any { return values[r.IntN(len(values))] }
	some := func(values ...string) []string {
		out := []string{}
		for _, v := range values {
			if r.IntN(3) == 0 {
				out = append(out, v)
			}
		}
		return out
	}
	day := func(n int) any { return noon.AddDate(0, 0, -r.IntN(n)).Format(time.RFC3339) }
	var products, customers, orders []any
	for i := range 25 {
		products = append(products, object{"shopifyId": i + 1, "title": fmt.Sprint(pick("Mug", "mug", "Éclair mug", "Zürich Pot", "Straße pot", "😀 Pot", "blue-green pot"), pick("", " ", fmt.Sprint(" ", i))),
			"vendor": pick(nil, "Acme", "acme", "Zed"), "productType": pick(nil, "Mug", "Pot"), "status": pick("ACTIVE", "DRAFT", "ARCHIVED"),
			"tags": some("New", "new", "Sale", "été"), "inventoryQuantity": pick(nil, -3, 0, 0, 5, 2147483647), "price": pick(nil, "1.00"),
			"createdAt": pick(nil, day(3)), "updatedAt": pick(nil, day(3), day(40))})
	}
	for i := range 40 {
		customers = append(customers, object{"shopifyId": i + 1, "firstName": pick(nil, "Ada", "ada", "Émile", "Zoë"), "lastName": pick(nil, "Lovelace", "Noether", "O'Brien"),
			"email": pick(nil, fmt.Sprintf("ada%d@example.com", i), fmt.Sprintf("Emmy.%d@example.org", i)), "country": pick(nil, "DE", "FR"), "city": pick(nil, "Ulm"), "tags": some("VIP", "vip", "b2b"),
			"createdAt": pick(nil, day(3)), "updatedAt": pick(nil, day(3))})
	}
	for i := range 120 {
		var items []any
		for n := range 1 + r.IntN(3) {
			items = append(items, object{"productShopifyId": pick(nil, 1+r.IntN(25), 1+r.IntN(28)), "title": "Line", "sku": pick(nil, "SKU-1", "sku-2", fmt.Sprint("X", i)),
				"quantity": 1 + n, "unitPrice": pick("5.00", "10.00"), "discount": pick("0", "1.00")})
		}
		o := object{"shopifyId": i + 1, "name": pick(nil, "#1001", "#a", "#A", "Émile", "ze"), "customerShopifyId": pick(nil, 1+r.IntN(30), 1+r.IntN(44), 7),
			"processedAt": noon.Add(-time.Duration(r.IntN(60)) * 13 * time.Hour).Format(time.RFC3339), "createdAt": pick(nil, day(9)), "updatedAt": pick(nil, day(3), noon.Format(time.RFC3339)),
			"financialStatus": pick("PAID", "PENDING", "REFUNDED"), "fulfillmentStatus": pick("FULFILLED", "UNFULFILLED", "ON_HOLD"), "test": r.IntN(15) == 0,
			"channel": pick(nil, "web", "Web", "pos"), "shippingCountry": pick(nil, "DE", "US"), "discountCodes": some("SUMMER", "summer", "X"), "tags": some("gift", "Gift", "ÉTÉ"),
			"shipping": pick("0", "4.90"), "taxes": pick("0", "1.00"), "items": items}
		if r.IntN(8) == 0 {
			o["cancelledAt"] = noon.Format(time.RFC3339)
		}
		if r.IntN(6) == 0 {
			o["refunds"] = []any{object{"shopifyId": 1, "createdAt": noon.Format(time.RFC3339), "amount": "1.00"}}
		}
		orders = append(orders, o)
	}
	// Orders first: they are completed when their customers and products come.
	send(t, p, ingestOrders, orders...)
	send(t, p, ingestCustomers, customers...)
	send(t, p, ingestProducts, products...)
}

// kind is one of the three lists.
type kind struct {
	name, typ string
	fields    string
	// sorts has the sort keys with what they compare: a path into the record, and what null is.
	sorts map[string]string
}

var kinds = []kind{
	{"orders", "Order", `id shopifyId name processedAt updatedAt cancelledAt financialStatus fulfillmentStatus test channel shippingCountry discountCodes tags
		total { shopMoney { amount } } customer { id firstName lastName email } items { sku product { id title } }`,
		map[string]string{"PROCESSED_AT": "processedAt", "TOTAL": "total.shopMoney.amount", "NAME": "name", "UPDATED_AT": "updatedAt"}},
	{"customers", "Customer", `id shopifyId displayName firstName lastName email country tags createdAt firstOrderAt lastOrderAt ordersCount totalSpent { amount }`,
		map[string]string{"LAST_ORDER_AT": "lastOrderAt", "TOTAL_SPENT": "totalSpent.amount", "ORDERS_COUNT": "ordersCount", "NAME": "displayName", "CREATED_AT": "createdAt"}},
	{"products", "Product", `id shopifyId title vendor productType status tags createdAt updatedAt inventoryQuantity`,
		map[string]string{"TITLE": "title", "CREATED_AT": "createdAt", "UPDATED_AT": "updatedAt", "INVENTORY": "inventoryQuantity"}},
}

// query returns the text of a query for a page, whose arguments are variables.
func (k kind) query(selection string) string {
	return fmt.Sprintf(`query($first: Int, $after: String, $last: Int, $before: String, $sort: %[2]sSort, $filter: %[2]sFilter) {
		list: %[1]s(first: $first, after: $after, last: $last, before: $before, sort: $sort, filter: $filter) { %[3]s } }`, k.name, k.typ, selection)
}

// all returns every record that passes a filter, in the order of the default sort, and how many the list says there are.
func (k kind) all(t *testing.T, p *person, filter object, selection string) (records []any, total string) {
	t.Helper()
	vars := object{"first": 100, "filter": filter}
	for {
		got := ask(t, p.Client, k.query("totalCount pageInfo { hasNextPage endCursor } nodes { "+selection+" }"), vars)
		records, total = append(records, list(got, "list.nodes")...), text(got, "list.totalCount")
		if text(got, "list.pageInfo.hasNextPage") != "true" {
			return records, total
		}
		vars["after"] = text(got, "list.pageInfo.endCursor")
	}
}
