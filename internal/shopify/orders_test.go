package shopify_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/shopify"
)

func orders(nodes ...any) func(call) reply {
	return always(data(object{"orders": connection("", nodes...)}))
}

func nodes(all ...any) func(call) reply { return always(data(object{"nodes": all})) }

func TestOrder(t *testing.T) {
	t.Parallel()
	refund := with(agreement(2, connection("", with(sale(9), "quantity", nil, "lineItem", nil, "totalAmount", amount("-9.65")))),
		"__typename", "RefundAgreement", "reason", "REFUND", "refund", object{"id": "gid://shopify/Refund/5"})
	c, _, _ := connect(t, orders(with(order(1, 1), "agreements", edges("", order(1, 1)["agreements"].(object)["edges"].(list)[0].(object)["node"].(object), refund))))
	at, _ := time.Parse(time.RFC3339, moment)
	id := func(n int64) *int64 { return &n }
	want := shopify.Order{
		ID: 1, Name: "#1", CreatedAt: at, ProcessedAt: at, UpdatedAt: at, SourceName: "web", Tags: []string{}, CurrencyCode: "EUR",
		TaxesIncluded: true, FinancialStatus: "PAID", FulfillmentStatus: "UNFULFILLED", DiscountCodes: []string{"TEA"},
		CustomerID: id(7), ShippingCity: "Berlin", ShippingCountry: "DE", Taxes: "1.00", Duties: "0", Fees: "0", Tips: "0.0",
		Shipping:     []shopify.ShippingLine{{Price: "4.90", Tax: "0.78"}},
		LineQuantity: 1,
		Lines: []shopify.Line{{
			ID: 1, ProductID: id(51), Title: "Tea", SKU: "T", Vendor: "Ada", Quantity: 1, UnitPrice: "9.95", Discount: "0.30", Tax: "1.59",
		}},
		Refunds: []shopify.Refund{{ID: 5, CreatedAt: at, Total: "1.0", Lines: []shopify.RefundLine{{LineID: 1, Quantity: 1, Restocked: true}}}},
		Agreements: []shopify.Agreement{
			{ID: 1, Reason: "ORDER", HappenedAt: at, Sales: []shopify.Sale{
				{ID: 1, Action: "ORDER", LineType: "PRODUCT", Quantity: 1, Amount: "9.65", Tax: "1.59", LineID: id(1)},
			}},
			{ID: 2, Reason: "REFUND", HappenedAt: at, RefundID: id(5), Sales: []shopify.Sale{
				{ID: 9, Action: "ORDER", LineType: "PRODUCT", Amount: "-9.65", Tax: "1.59"},
			}},
		},
	}
	got, err := c.Orders(t.Context(), shopify.Window{}, "")
	if err != nil || !reflect.DeepEqual(got.Records, []shopify.Order{want}) {
		t.Errorf("Orders = %+v, %v, want %+v", got, err, want)
	}
}

// Amounts are added without a float.
func TestSumsAreExact(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		parts []string
		want  string
	}{
		{nil, "0"}, {[]string{"5"}, "5"}, {[]string{"1.50"}, "1.50"}, {[]string{"0.1", "0.2"}, "0.3"}, {[]string{"1", "0.005"}, "1.005"},
		{[]string{"-0.1", "0.10"}, "0.00"}, {slices.Repeat([]string{"0.1"}, 10), "1.0"},
		{[]string{"90071992547409.93", "0.01", "90071992547409.93"}, "180143985094819.87"},
	} {
		taxes := list{}
		for _, p := range test.parts {
			taxes = append(taxes, object{"priceSet": amount(p)})
		}
		c, _, _ := connect(t, orders(with(order(1, 1), "lineItems", connection("", with(line(1), "taxLines", taxes)))))
		p, err := c.Orders(t.Context(), shopify.Window{}, "")
		if err != nil || p.Records[0].Lines[0].Tax != test.want {
			t.Errorf("%v: %+v, %v, want %s", test.parts, p.Records, err, test.want)
		}
	}
	for _, bad := range []string{"", "-", "1.", ".5", "1e3", "+1", "0x10", "1/2", "NaN", "1,5", " 1", "--1", strings.Repeat("9", 100)} {
		c, _, _ := connect(t, orders(with(order(1, 1), "totalTaxSet", amount(bad))))
		_, err := c.Orders(t.Context(), shopify.Window{}, "")
		wantCode(t, err, shopify.CodeInvalidData, true)
	}
	other := object{"shopMoney": object{"amount": "1", "currencyCode": "USD"}}
	c, _, _ := connect(t, orders(with(order(1, 1), "totalTaxSet", other)))
	_, err := c.Orders(t.Context(), shopify.Window{}, "")
	wantCode(t, err, shopify.CodeInvalidData, true)
}

// A store may have types that are newer than the schema.
func TestUnknownTypes(t *testing.T) {
	t.Parallel()
	future := with(agreement(1, connection("", with(sale(1), "__typename", "FutureSale", "lineType", "FUTURE", "lineItem", nil))),
		"__typename", "FutureAgreement", "reason", "FUTURE")
	c, _, _ := connect(t, orders(with(order(1, 1), "agreements", edges("", future), "displayFinancialStatus", "FUTURE",
		"displayFulfillmentStatus", "FUTURE")))
	p, err := c.Orders(t.Context(), shopify.Window{}, "")
	if err != nil {
		t.Fatal(err)
	}
	if o := p.Records[0]; o.FinancialStatus != "FUTURE" || o.Agreements[0].Sales[0].LineType != "FUTURE" {
		t.Errorf("got %+v", o)
	}
}

// cut is an order whose children go on.
func cut() object {
	refund := with(order(1, 1)["refunds"].(list)[0].(object), "refundLineItems", connection("r1", refundLine(1, true)))
	return with(order(1, 3), "lineItems", connection("l1", line(1)), "subtotalLineItemsQuantity", 3, "refunds", list{refund},
		"agreements", edges("a2", agreement(1, connection("")), agreement(2, connection("s1", sale(1)))))
}

// part answers for a part of an order.
func part(field string, value object) func(call) reply {
	return always(data(object{"order": object{"updatedAt": moment, field: value}}))
}

// refundPart answers for a part of a refund.
func refundPart(lines object) func(call) reply {
	return always(data(object{"refund": object{"order": object{"updatedAt": moment}, "refundLineItems": lines}}))
}

func TestOrdersAreWhole(t *testing.T) {
	t.Parallel()
	third := agreement(3, connection("s2", sale(5)))
	c, f, _ := connect(t,
		orders(cut(), order(2, 1)),
		part("lineItems", connection("l2", line(2))),
		part("lineItems", connection("", line(3))),
		refundPart(connection("r2", refundLine(2, false))),
		refundPart(connection("", refundLine(3, true))),
		part("agreements", edges("a3", third)),
		part("agreements", edges("")),
		part("agreements", object{"nodes": list{object{
			"__typename": "OrderEditAgreement", "id": "gid://shopify/SalesAgreement/2", "sales": connection("s3", sale(2))}}}),
		part("agreements", object{"nodes": list{object{"id": "gid://shopify/SalesAgreement/2", "sales": connection("", sale(3))}}}),
		part("agreements", object{"nodes": list{object{"id": "gid://shopify/SalesAgreement/3", "sales": connection("", sale(6))}}}),
	)
	p, err := c.Orders(t.Context(), shopify.Window{}, "")
	if err != nil {
		t.Fatal(err)
	}
	o := p.Records[0]
	var lines, sales []int64
	for _, l := range o.Lines {
		lines = append(lines, l.ID)
	}
	for _, a := range o.Agreements {
		for _, s := range a.Sales {
			sales = append(sales, 10*a.ID+s.ID)
		}
	}
	if !slices.Equal(lines, []int64{1, 2, 3}) || !slices.Equal(sales, []int64{21, 22, 23, 35, 36}) || len(p.Records) != 2 {
		t.Errorf("got lines %v and sales %v of %d orders", lines, sales, len(p.Records))
	}
	back := []shopify.RefundLine{{LineID: 1, Quantity: 1, Restocked: true}, {LineID: 2, Quantity: 1}, {LineID: 3, Quantity: 1, Restocked: true}}
	if got := o.Refunds[0].Lines; !slices.Equal(got, back) {
		t.Errorf("got refunded lines %v", got)
	}
	want := []string{"ordersPage", "orderLines", "orderLines", "refundLinesPage", "refundLinesPage", "orderAgreements", "orderAgreements", "agreementSales", "agreementSales",
		"agreementSales"}
	if !slices.Equal(f.ops(), want) {
		t.Errorf("asked %v, want %v", f.ops(), want)
	}
	if v := f.calls[7].Vars; v["previous"] != "at gid://shopify/SalesAgreement/1" || v["after"] != "s1" {
		t.Errorf("asked for sales with %v", v)
	}
	if v := f.calls[9].Vars; v["previous"] != "at gid://shopify/SalesAgreement/2" || v["after"] != "s2" {
		t.Errorf("asked for sales with %v", v)
	}
}

// The parts of an order must be of one state.
func TestOrdersThatChangeAreBegunAgain(t *testing.T) {
	t.Parallel()
	moved := always(data(object{"order": object{"updatedAt": "2026-01-03T00:00:00Z", "lineItems": connection("", line(9))}}))
	other := always(data(object{"order": object{"updatedAt": moment, "agreements": object{"nodes": list{object{
		"id": "gid://shopify/SalesAgreement/99", "sales": connection("", sale(3))}}}}}))
	cutSales := with(order(1, 1), "agreements", edges("", agreement(2, connection("s1", sale(1)))))
	for name, answers := range map[string][]func(call) reply{
		"moved":             {orders(cut()), moved, nodes(order(1, 1))},
		"gone, then back":   {orders(cut()), always(data(object{"order": nil})), nodes(order(1, 1))},
		"another agreement": {orders(cutSales), other, nodes(order(1, 1))},
		"twice":             {orders(cut()), moved, nodes(cut()), moved, nodes(order(1, 1))},
	} {
		c, f, _ := connect(t, answers...)
		p, err := c.Orders(t.Context(), shopify.Window{}, "")
		if err != nil || len(p.Records) != 1 || len(p.Records[0].Lines) != 1 || len(f.calls) != len(answers) {
			t.Errorf("%s: %+v, %v after %v", name, p.Records, err, f.ops())
		}
	}

	c, _, _ := connect(t, orders(cut()), always(data(object{"order": nil})), nodes(nil))
	if p, err := c.Orders(t.Context(), shopify.Window{}, ""); err != nil || len(p.Records) != 0 {
		t.Errorf("a deleted order: %+v, %v", p.Records, err)
	}
	c, _, _ = connect(t, nodes(cut()), always(data(object{"order": nil})), nodes(nil))
	if found, missing, err := c.OrdersByID(t.Context(), []int64{1}); err != nil || len(found) != 0 || !slices.Equal(missing, []int64{1}) {
		t.Errorf("a deleted order by id: %+v, %v, %v", found, missing, err)
	}

	answers := []func(call) reply{orders(cut())}
	for range 20 {
		answers = append(answers, moved, nodes(cut()))
	}
	c, _, _ = connect(t, answers...)
	_, err := c.Orders(t.Context(), shopify.Window{}, "")
	wantCode(t, err, shopify.CodeIncomplete, true)
}

// A list that ends too early, and says that it is the end, shows in the quantities.
func TestTruncatedLines(t *testing.T) {
	t.Parallel()
	short := with(order(1, 2), "lineItems", connection("", line(1), with(line(2), "isGiftCard", true)))
	c, f, _ := connect(t, orders(short, order(2, 1)), nodes(order(1, 2)))
	p, err := c.Orders(t.Context(), shopify.Window{}, "")
	if err != nil || len(p.Records) != 2 || len(p.Records[0].Lines) != 2 {
		t.Errorf("Orders = %+v, %v", p.Records, err)
	}
	if v := f.calls[1].Vars; f.calls[1].Op != "ordersByID" || v["lines"] != 250.0 {
		t.Errorf("read again by %s with %v", f.calls[1].Op, v)
	}
	c, f, _ = connect(t, orders(short), nodes(short))
	_, err = c.Orders(t.Context(), shopify.Window{}, "")
	e := wantCode(t, err, shopify.CodeIncomplete, false)
	if len(f.calls) != 2 || !strings.Contains(e.Message, "number 1 ") {
		t.Errorf("after %v: %s", f.ops(), e.Message)
	}
	// Gift cards are in no quantity: a sale tells of the line.
	gift := with(order(1, 1), "agreements", edges("", agreement(1, connection("", with(sale(7), "lineType", "GIFT_CARD")))))
	c, f, _ = connect(t, orders(gift), nodes(gift))
	_, err = c.Orders(t.Context(), shopify.Window{}, "")
	wantCode(t, err, shopify.CodeIncomplete, false)
	// What was removed from an order, or refunded, still stands in its lines.
	c, _, _ = connect(t, orders(with(order(1, 3), "subtotalLineItemsQuantity", 1)))
	if _, err := c.Orders(t.Context(), shopify.Window{}, ""); err != nil {
		t.Error(err)
	}
	// Shipping lines have no page of their own.
	long := with(order(1, 1), "shippingLines", connection("more"))
	c, _, _ = connect(t, orders(long), nodes(order(1, 1)))
	if p, err := c.Orders(t.Context(), shopify.Window{}, ""); err != nil || len(p.Records[0].Shipping) != 1 {
		t.Errorf("Orders = %+v, %v", p.Records, err)
	}
	c, _, _ = connect(t, orders(long), nodes(long))
	_, err = c.Orders(t.Context(), shopify.Window{}, "")
	wantCode(t, err, shopify.CodeIncomplete, false)
}

// An order that lacks a list is not one with an empty list.
func TestOrdersWithoutAList(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]object{
		"lines":              with(order(1, 1), "lineItems", nil),
		"nodes":              with(order(1, 1), "lineItems", object{"pageInfo": object{"hasNextPage": false}}),
		"page info":          with(order(1, 1), "lineItems", object{"nodes": list{line(1)}}),
		"shipping":           with(order(1, 1), "shippingLines", nil),
		"refunds":            with(order(1, 1), "refunds", nil),
		"refunded lines":     with(order(1, 1), "refunds", list{with(order(1, 1)["refunds"].(list)[0].(object), "refundLineItems", nil)}),
		"agreements":         with(order(1, 1), "agreements", nil),
		"sales":              with(order(1, 1), "agreements", edges("", agreement(1, nil))),
		"the agreement's id": with(order(1, 1), "agreements", edges("", with(agreement(1, connection("")), "id", "x"))),
		"an instant":         with(order(1, 1), "agreements", edges("", with(agreement(1, connection("")), "happenedAt", nil))),
		"tips":               with(order(1, 1), "totalTipReceivedSet", nil),
		"currency":           with(order(1, 1), "currencyCode", ""),
	} {
		c, _, _ := connect(t, orders(bad))
		if _, err := c.Orders(t.Context(), shopify.Window{}, ""); err == nil {
			t.Errorf("an order without %s passed", name)
		} else {
			wantCode(t, err, shopify.CodeInvalidData, true)
		}
	}
	// A page that never ends does.
	c, f, _ := connect(t, orders(cut()), part("lineItems", connection("l1", line(2))))
	_, err := c.Orders(t.Context(), shopify.Window{}, "")
	wantCode(t, err, shopify.CodeInvalidData, true)
	if len(f.calls) > 20 {
		t.Errorf("after %d calls", len(f.calls))
	}
}
