package oracle_test

import (
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/testkit/oracle"
)

// smallStore is eight orders in New York, seen on Tuesday 2026-03-10 at noon (16:00 UTC). Days as local ones:
//
//	1  9 Mar 23:59:59  customer 9    20.00, shipping 5.00, tax 2.00, tip 1.00
//	2 10 Mar 00:00:00  customer 9    30.00 less 10.00
//	3 10 Mar 08:00     customer 10   40.00, and 15.00 of it refunded on 10 Mar at 09:00, tax 1.00 of 4.00
//	4 10 Mar 09:00     guest         50.00 gift card less 5.00, and 0.01
//	5 10 Mar 10:00     test          99.00
//	6  9 Mar 10:00     customer 10   7.00, cancelled on 10 Mar at 11:00
//	7  9 Mar 13:00     customer 11   100.00, after the cut of a comparison at noon
//	8  1 Feb 12:00     customer 11   1.00
func smallStore(t *testing.T) *oracle.Oracle {
	t.Helper()
	o := oracle.New(shop(t, "USD", 2, "America/New_York"))
	o.Now = at(t, "2026-03-10T16:00:00Z")
	ord := func(id, customer, placed, price, discount string, change func(*oracle.OrderInput)) oracle.OrderInput {
		in := oracle.OrderInput{ShopifyID: id, CustomerShopifyID: customer, ProcessedAt: at(t, placed),
			Items: []oracle.OrderItemInput{{Title: "x", Quantity: 1, UnitPrice: price, Discount: discount}}}
		if change != nil {
			change(&in)
		}
		return in
	}
	apply(t, o, customers(oracle.CustomerInput{ShopifyID: "9"}, oracle.CustomerInput{ShopifyID: "10"},
		oracle.CustomerInput{ShopifyID: "11"}, oracle.CustomerInput{ShopifyID: "12"}), orders(
		ord("1", "9", "2026-03-10T03:59:59Z", "20", "", func(o *oracle.OrderInput) { o.Shipping, o.Taxes, o.Tips = "5", "2", "1" }),
		ord("2", "9", "2026-03-10T04:00:00Z", "30", "10", nil),
		ord("3", "10", "2026-03-10T12:00:00Z", "40", "", func(o *oracle.OrderInput) {
			o.Taxes = "4"
			o.Refunds = []oracle.RefundInput{{ShopifyID: "1", CreatedAt: at(t, "2026-03-10T13:00:00Z"), Amount: "15", TaxAmount: "1"}}
		}),
		ord("4", "", "2026-03-10T13:00:00Z", "50", "5", func(o *oracle.OrderInput) {
			o.Items[0].GiftCard = true
			o.Items = append(o.Items, oracle.OrderItemInput{Title: "y", Quantity: 1, UnitPrice: "0.01"})
		}),
		ord("5", "9", "2026-03-10T14:00:00Z", "99", "", func(o *oracle.OrderInput) { o.Test = true }),
		ord("6", "10", "2026-03-09T14:00:00Z", "7", "", func(o *oracle.OrderInput) { o.CancelledAt = atp(t, "2026-03-10T15:00:00Z") }),
		ord("7", "11", "2026-03-09T17:00:00Z", "100", "", nil),
		ord("8", "11", "2026-02-01T17:00:00Z", "1", "", nil),
	))
	return o
}

func TestOverview(t *testing.T) {
	t.Parallel()
	usd := func(amount string) map[string]any { return map[string]any{"amount": amount, "currencyCode": "USD"} }
	// Today: gross 30 + 40 + 0.01, discounts 10, reversals 15 + 7, taxes 4 - 1; orders 2, 3, 4 of customers 9 and 10 and
	// a guest, of whom nobody is new. Yesterday until noon: order 6 alone (1 and 7 came later), whose customer is new.
	same(t, "overview", map[string]any{
		"comparedTo":            map[string]any{"from": "2026-03-09", "to": "2026-03-09", "endsBefore": "2026-03-09T16:00:00Z"},
		"currencyCode":          "USD",
		"grossSales":            map[string]any{"value": usd("70.01"), "previous": usd("7.00"), "change": usd("63.01"), "changePercent": 6301.0 / 7},
		"discounts":             map[string]any{"value": usd("10.00"), "previous": usd("0.00"), "change": usd("10.00"), "changePercent": nil},
		"salesReversals":        map[string]any{"value": usd("22.00")},
		"netSales":              map[string]any{"value": usd("38.01"), "previous": usd("7.00")},
		"shipping":              map[string]any{"value": usd("0.00")},
		"taxes":                 map[string]any{"value": usd("3.00")},
		"totalRevenue":          map[string]any{"value": usd("41.01"), "previous": usd("7.00")},
		"orders":                map[string]any{"value": 3, "previous": 1, "change": 2, "changePercent": 200},
		"unitsSold":             map[string]any{"value": 3},
		"customers":             map[string]any{"value": 2, "previous": 1},
		"newCustomers":          map[string]any{"value": 0, "previous": 1, "change": -1, "changePercent": -100},
		"returningCustomers":    map[string]any{"value": 2, "previous": 0, "changePercent": nil},
		"guestOrders":           map[string]any{"value": 1, "previous": 0},
		"totalCustomerRecords":  4,
		"averageOrderValue":     map[string]any{"value": usd("20.00"), "previous": usd("7.00"), "change": usd("13.00")}, // 60.01 / 3
		"returningCustomerRate": map[string]any{"value": 1, "previous": 0, "changePoints": 100},
		"excluded":              map[string]any{"testOrders": 1, "giftCardSales": usd("45.00"), "tips": usd("0.00")},
	}, must(smallStore(t).Overview(oracle.Range{Preset: "TODAY"}, "PREVIOUS_PERIOD"))(t))

	// An empty day has nothing to average.
	same(t, "empty", map[string]any{
		"averageOrderValue":     map[string]any{"value": nil, "previous": nil, "change": nil, "changePercent": nil},
		"returningCustomerRate": map[string]any{"value": nil, "previous": nil, "changePoints": nil},
		"grossSales":            map[string]any{"value": usd("0.00"), "previous": usd("0.00"), "changePercent": nil},
	}, must(smallStore(t).Overview(oracle.Days("2026-03-01", "2026-03-01"), "PREVIOUS_PERIOD"))(t))
}

func TestTrend(t *testing.T) {
	t.Parallel()
	net := func(s string) map[string]any { return map[string]any{"amount": s} }
	same(t, "trend", map[string]any{
		"points": []map[string]any{
			{"label": "2026-03-08", "orders": 0, "customers": 0, "netSales": net("0.00"), "averageOrderValue": nil, "startsAt": "2026-03-08T05:00:00Z"},
			{"label": "2026-03-09", "orders": 3, "customers": 3, "newCustomers": 2, "returningCustomers": 1, "netSales": net("127.00"), "totalSales": net("134.00"), "partial": false},
			{"label": "2026-03-10", "orders": 3, "customers": 2, "newCustomers": 0, "returningCustomers": 2, "netSales": net("38.01"), "partial": true, "startsAt": "2026-03-10T04:00:00Z"},
		},
		"previousPoints": []map[string]any{{"label": "2026-03-05"}, {"label": "2026-03-06"}, {"label": "2026-03-07"}},
		"totals":         map[string]any{"orders": 6, "customers": 3, "newCustomers": 2, "returningCustomers": 1, "netSales": net("165.01")},
	}, must(smallStore(t).Trend(oracle.Days("2026-03-08", "2026-03-10"), "DAY", "PREVIOUS_PERIOD"))(t))
}

func TestCustomers(t *testing.T) {
	t.Parallel()
	amount := func(s string) map[string]any { return map[string]any{"amount": s} }
	o := smallStore(t)
	same(t, "customers", []map[string]any{
		{"shopifyId": "gid://shopify/Customer/9", "ordersCount": 2, "totalSpent": amount("47.00"), "averageOrderValue": amount("20.00"),
			"firstOrderAt": "2026-03-10T03:59:59Z", "lastOrderAt": "2026-03-10T04:00:00Z"},
		{"ordersCount": 2, "totalSpent": amount("28.00"), "averageOrderValue": amount("23.50")}, // 44 - 16; 47 / 2
		{"ordersCount": 2, "totalSpent": amount("101.00"), "firstOrderAt": "2026-02-01T17:00:00Z"},
		{"ordersCount": 0, "totalSpent": amount("0.00"), "averageOrderValue": nil, "lastOrderAt": nil},
	}, o.Customers())
	all := oracle.Range{Preset: "ALL_TIME"}
	same(t, "by total", []map[string]any{
		{"rank": 1, "customer": map[string]any{"shopifyId": "gid://shopify/Customer/11"}, "totalSales": amount("101.00"), "shareOfSales": 101 / 176.01},
		{"rank": 2, "customer": map[string]any{"shopifyId": "gid://shopify/Customer/9"}, "netSales": amount("40.00")},
	}, must(o.TopCustomers(all, 2, "TOTAL_SALES"))(t))
	same(t, "by orders, all equal", []map[string]any{
		{"customer": map[string]any{"shopifyId": "gid://shopify/Customer/9"}},
		{"customer": map[string]any{"shopifyId": "gid://shopify/Customer/10"}},
		{"customer": map[string]any{"shopifyId": "gid://shopify/Customer/11"}},
	}, must(o.TopCustomers(all, 5, "ORDERS"))(t))
}

// TestOrderAmounts: as charged on the order, without tax on its lines.
func TestOrderAmounts(t *testing.T) {
	t.Parallel()
	amount := func(s string) map[string]any { return map[string]any{"amount": s} }
	o := oracle.New(shop(t, "USD", 2, "UTC"))
	apply(t, o, orders(oracle.OrderInput{
		ShopifyID: "1", ProcessedAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), TaxesIncluded: true, Taxes: "3.00", Shipping: "11.00", Tips: "1.00",
		Items: []oracle.OrderItemInput{
			{ShopifyID: "5", Title: "a", Quantity: 2, UnitPrice: "5.50"},
			{ShopifyID: "6", Title: "b", Quantity: 1, UnitPrice: "22.00", Discount: "11.00"},
		},
		Refunds: []oracle.RefundInput{
			{ShopifyID: "8", CreatedAt: *minute(0), Amount: "4.01", TaxAmount: "0.40"}, // equal nets: 2.01 and 2.00
			{ShopifyID: "9", CreatedAt: *minute(1), Amount: "3", ShippingAmount: "1", Lines: []oracle.RefundLineInput{{ItemShopifyID: "6", Quantity: 1, Amount: "3"}}},
		},
	}))
	same(t, "orders", []map[string]any{{
		"subtotal": amount("22.00"), "discounts": amount("11.00"), "shipping": amount("11.00"), "taxes": amount("3.00"), "tips": amount("1.00"),
		"total": map[string]any{"shopMoney": amount("34.00")}, "refunded": amount("8.41"), "netSales": amount("12.99"),
		"items": []map[string]any{
			{"unitPrice": amount("5.50"), "grossSales": amount("10.00"), "discounts": amount("0.00"), "netSales": amount("10.00"), "refundedQuantity": 0},
			{"unitPrice": amount("22.00"), "grossSales": amount("20.00"), "discounts": amount("10.00"), "netSales": amount("10.00"), "refundedQuantity": 1},
		},
	}}, o.Orders())
}

// must takes the answer out of a call that cannot fail.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
