package apitest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

const minute = time.Minute

func many(n int, of func(i int) any) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = of(i)
	}
	return out
}

func tags(n int) []any { return many(n, func(i int) any { return fmt.Sprint("t", i) }) }

// Syntax refuses the whole request: the good record before the bad one is not written either.
func TestBadSyntaxOfRecords(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		batch := func(bad any) object { return object{"in": []any{order(1), bad}} }
		var cases []refusal
		add := func(name, mutation string, bad any, want string) {
			cases = append(cases, refusal{name, mutation, batch(bad), want})
		}
		for _, amount := range []any{
			json.Number("19.9"), json.Number("19"), json.Number("1e999"), true, []any{"1.00"}, object{"amount": "1.00"},
			"NaN", "nan", "Infinity", "-Infinity", "inf", "1e3", "0x10", "1,000.00", " 1", "1 ", "", "+1", ".5", "5.", "--1", "-", "1.2.3", "١٢", "1_000",
			strings.Repeat("9", 65),
		} {
			add(fmt.Sprintf("amount %v", amount), ingestOrders, order(2, line(object{"unitPrice": amount})), "BAD_USER_INPUT ingestOrders.orders.1.items.0.unitPrice")
		}
		for _, at := range []any{
			"yesterday", "2026-11-01", "2026-11-01 10:00:00Z", "2026-11-01T10:00:00", "2026-02-30T10:00:00Z", "2026-13-01T10:00:00Z",
			"2026-11-01T24:00:00Z", "2026-11-01T10:00:60Z", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "2026-11-01T1:00:00Z", "", json.Number("1793527200"), true,
		} {
			add(fmt.Sprintf("instant %v", at), ingestOrders, order(2, object{"processedAt": at}), "BAD_USER_INPUT ingestOrders.orders.1.processedAt")
		}
		for _, n := range []any{json.Number("2147483648"), json.Number("-2147483649"), "1"} {
			add(fmt.Sprintf("quantity %v", n), ingestOrders, order(2, line(object{"quantity": n})), "BAD_USER_INPUT ingestOrders.orders.1.items.0.quantity")
		}
		for _, n := range []any{json.Number("1.5"), json.Number("1e2"), json.Number("99999999999999999999"), true} {
			add(fmt.Sprintf("quantity %v", n), ingestOrders, order(2, line(object{"quantity": n})), "BAD_USER_INPUT variable.in.1.items.0.quantity")
		}
		add("unknown status", ingestOrders, order(2, object{"financialStatus": "SETTLED"}), "BAD_USER_INPUT variable.in.1.financialStatus")
		add("status in lower case", ingestOrders, order(2, object{"financialStatus": "paid"}), "BAD_USER_INPUT variable.in.1.financialStatus")
		add("status of another enum", ingestOrders, order(2, object{"fulfillmentStatus": "PAID"}), "BAD_USER_INPUT variable.in.1.fulfillmentStatus")
		add("status null", ingestOrders, order(2, object{"financialStatus": nil}), "BAD_USER_INPUT variable.in.1.financialStatus")
		add("status a number", ingestOrders, order(2, object{"financialStatus": 1}), "BAD_USER_INPUT variable.in.1.financialStatus")
		add("unknown currency", ingestOrders, order(2, object{"currencyCode": "ZZZ"}), "BAD_USER_INPUT ingestOrders.orders.1.currencyCode")
		add("unknown country", ingestOrders, order(2, object{"shippingCountry": "UK"}), "BAD_USER_INPUT ingestOrders.orders.1.shippingCountry")
		add("country by name", ingestOrders, order(2, object{"shippingCountry": "Germany"}), "BAD_USER_INPUT ingestOrders.orders.1.shippingCountry")
		add("unknown field", ingestOrders, order(2, object{"colour": 1}), "BAD_USER_INPUT variable.in.1.colour")
		add("no items", ingestOrders, object{"shopifyId": "2", "processedAt": "2026-11-01T10:00:00Z"}, "BAD_USER_INPUT variable.in.1.items")
		add("items null", ingestOrders, order(2, object{"items": nil}), "BAD_USER_INPUT variable.in.1.items")
		add("an item null", ingestOrders, order(2, object{"items": []any{nil}}), "BAD_USER_INPUT variable.in.1.items.0")
		add("no title", ingestOrders, order(2, object{"items": []any{object{"quantity": 1, "unitPrice": "1.00"}}}), "BAD_USER_INPUT variable.in.1.items.0.title")
		add("title null", ingestOrders, order(2, line(object{"title": nil})), "BAD_USER_INPUT variable.in.1.items.0.title")
		add("title a number", ingestOrders, order(2, line(object{"title": 5})), "BAD_USER_INPUT ingestOrders.orders.1.items.0.title")
		add("yes for true", ingestOrders, order(2, object{"test": "true"}), "BAD_USER_INPUT variable.in.1.test")
		add("a tag null", ingestOrders, order(2, object{"tags": []any{"a", nil}}), "BAD_USER_INPUT variable.in.1.tags.1")
		add("id a fraction", ingestOrders, order(2, object{"shopifyId": json.Number("2.5")}), "BAD_USER_INPUT ingestOrders.orders.1.shopifyId")
		add("id a truth", ingestOrders, order(2, object{"shopifyId": true}), "BAD_USER_INPUT variable.in.1.shopifyId")
		add("order null", ingestOrders, nil, "BAD_USER_INPUT variable.in.1")
		add("order a word", ingestOrders, "hidden", "BAD_USER_INPUT variable.in.1")
		cases = append(cases,
			refusal{"no variable", ingestOrders, object{}, "BAD_USER_INPUT variable.in"},
			refusal{"amount without quotes", `mutation { ingestOrders(orders: [{shopifyId: 1, processedAt: "2026-11-01T10:00:00Z", items: [{title: "x", quantity: 1, unitPrice: 19.90}]}]) { received } }`, nil,
				"BAD_USER_INPUT ingestOrders.orders.0.items.0.unitPrice"},
			refusal{"status in quotes", `mutation { ingestOrders(orders: [{shopifyId: 1, financialStatus: "PAID", processedAt: "2026-11-01T10:00:00Z", items: []}]) { received } }`, nil, "GRAPHQL_VALIDATION_FAILED"},
			refusal{"501 orders", ingestOrders, object{"in": many(501, func(i int) any { return order(i + 1) })}, "BAD_USER_INPUT ingestOrders (orders)"},
			refusal{"501 customers", ingestCustomers, object{"in": many(501, func(i int) any { return object{"shopifyId": i + 1} })}, "BAD_USER_INPUT ingestCustomers (customers)"},
			refusal{"501 products", ingestProducts, object{"in": many(501, func(i int) any { return object{"shopifyId": i + 1, "title": "x"} })}, "BAD_USER_INPUT ingestProducts (products)"},
			refusal{"501 ids", `mutation($in: DeleteRecordsInput!) { deleteRecords(input: $in) { userErrors { field code } } }`,
				object{"in": object{"orders": many(501, func(i int) any { return i + 1 })}}, "BAD_USER_INPUT deleteRecords (input.orders)"},
			refusal{"picture a script", ingestProducts, object{"in": []any{object{"shopifyId": 1, "title": "x"}, object{"shopifyId": 2, "title": "x", "imageUrl": "javascript:alert(1)"}}}, "BAD_USER_INPUT ingestProducts.products.1.imageUrl"},
			refusal{"picture elsewhere", ingestProducts, object{"in": []any{object{"shopifyId": 1, "title": "x", "imageUrl": "//example.com/x.png"}}}, "BAD_USER_INPUT ingestProducts.products.0.imageUrl"},
			refusal{"price a number", ingestProducts, object{"in": []any{object{"shopifyId": 1, "title": "x", "price": 5}}}, "BAD_USER_INPUT ingestProducts.products.0.price"},
			refusal{"unknown product status", ingestProducts, object{"in": []any{object{"shopifyId": 1, "title": "x", "status": "SOLD"}}}, "BAD_USER_INPUT variable.in.0.status"},
			refusal{"customer's unknown country", ingestCustomers, object{"in": []any{object{"shopifyId": 1}, object{"shopifyId": 2, "country": "XX"}}}, "BAD_USER_INPUT ingestCustomers.customers.1.country"},
		)
		w.refuse(t, p, p.Client, cases)
	})
}

// Meaning refuses the one record, by index and field; the records before and after it are written.
func TestBadMeaningOfRecords(t *testing.T) {
	t.Parallel()
	const gid = "gid://shopify/Order/"
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		refund := func(change object) object {
			r := object{"shopifyId": "1", "createdAt": "2026-11-02T10:00:00Z", "amount": "1.00"}
			for k, v := range change {
				r[k] = v
			}
			return object{"items": line(nil)["items"], "refunds": []any{r}}
		}
		adjustment := func(change object) object {
			r := object{"shopifyId": "1", "happenedAt": "2026-11-02T10:00:00Z", "amount": "1.00"}
			for k, v := range change {
				r[k] = v
			}
			return object{"adjustments": []any{r}}
		}
		type c struct {
			name string
			bad  object
			want string
		}
		cases := []c{
			{"negative price", line(object{"unitPrice": "-0.01"}), "INVALID items.0.unitPrice"},
			{"too many digits", line(object{"unitPrice": "1.999"}), "INVALID items.0.unitPrice"},
			{"too many zeros", line(object{"unitPrice": "1.500"}), "INVALID items.0.unitPrice"},
			{"beyond 64 bits", line(object{"unitPrice": "92233720368547758.08"}), "INVALID items.0.unitPrice"},
			{"far beyond 64 bits", line(object{"unitPrice": "99999999999999999999999999999"}), "INVALID items.0.unitPrice"},
			{"one beyond the largest amount", line(object{"unitPrice": "100000000000.01", "quantity": 1}), "INVALID items.0.unitPrice"},
			{"line beyond its bound", line(object{"unitPrice": "100000000000.00", "quantity": 101}), "INVALID items.0.unitPrice"},
			{"negative quantity", line(object{"quantity": -1}), "INVALID items.0.quantity"},
			{"no quantity", line(object{"quantity": 0}), "INVALID items.0.quantity"},
			{"quantity beyond a million", line(object{"quantity": 1_000_001, "unitPrice": "0.01"}), "INVALID items.0.quantity"},
			{"discount above the price", line(object{"discount": "20.01"}), "INVALID items.0.discount"},
			{"negative discount", line(object{"discount": "-1.00"}), "INVALID items.0.discount"},
			{"negative tax of a line", line(object{"tax": "-1.00"}), "INVALID items.0.tax"},
			{"empty title", line(object{"title": " "}), "REQUIRED items.0.title"},
			{"title of 256 characters", line(object{"title": strings.Repeat("ä", 256)}), "TOO_LONG items.0.title"},
			{"line id", line(object{"shopifyId": "x"}), "INVALID items.0.shopifyId"},
			{"gid of another kind", line(object{"productShopifyId": gid + "1"}), "INVALID items.0.productShopifyId"},
			{"two lines of one id", object{"items": append(line(nil)["items"].([]any), line(nil)["items"].([]any)...)}, "INVALID items.1.shopifyId"},
			{"501 items", object{"items": many(501, func(int) any { return object{"title": "x", "quantity": 1, "unitPrice": "1.00"} })}, "TOO_LONG items"},
			{"foreign currency", object{"currencyCode": "USD"}, "INVALID currencyCode"},
			{"negative taxes", object{"taxes": "-1"}, "INVALID taxes"},
			{"negative shipping", object{"shipping": "-1"}, "INVALID shipping"},
			{"negative duties", object{"duties": "-1"}, "INVALID duties"},
			{"negative fees", object{"fees": "-1"}, "INVALID fees"},
			{"negative tips", object{"tips": "-1"}, "INVALID tips"},
			{"negative shipping tax", object{"shippingTax": "-0.01"}, "INVALID shippingTax"},
			{"before 1970", object{"processedAt": "1969-12-31T23:59:59Z"}, "INVALID processedAt"},
			{"later than a day ahead", object{"processedAt": "2026-11-21T12:00:00.000001Z"}, "INVALID processedAt"},
			{"year 9999", object{"cancelledAt": "9999-12-31T23:59:59Z"}, "INVALID cancelledAt"},
			{"year 1", object{"createdAt": "0001-01-02T00:00:00Z"}, "INVALID createdAt"},
			{"updated tomorrow", object{"updatedAt": "2026-11-22T12:00:00Z"}, "INVALID updatedAt"},
			{"id 0", object{"shopifyId": "0"}, "INVALID shopifyId"},
			{"negative id", object{"shopifyId": -5}, "INVALID shopifyId"},
			{"id beyond 63 bits", object{"shopifyId": "9223372036854775808"}, "INVALID shopifyId"},
			{"id with a leading zero", object{"shopifyId": "007"}, "INVALID shopifyId"},
			{"id with a plus", object{"shopifyId": "+7"}, "INVALID shopifyId"},
			{"empty id", object{"shopifyId": ""}, "INVALID shopifyId"},
			{"id of a customer", object{"shopifyId": "gid://shopify/Customer/7"}, "INVALID shopifyId"},
			{"customer's id", object{"customerShopifyId": "x"}, "INVALID customerShopifyId"},
			{"251 tags", object{"tags": tags(251)}, "TOO_LONG tags"},
			{"251 codes", object{"discountCodes": tags(251)}, "TOO_LONG discountCodes"},
			{"tag of 256 characters", object{"tags": []any{"a", strings.Repeat("b", 256)}}, "TOO_LONG tags.1"},
			{"name of 256 characters", object{"name": strings.Repeat("n", 256)}, "TOO_LONG name"},
			{"101 refunds", object{"refunds": many(101, func(i int) any {
				return object{"shopifyId": i + 1, "createdAt": "2026-11-02T10:00:00Z", "amount": "0.01"}
			})}, "TOO_LONG refunds"},
			{"negative refund", refund(object{"amount": "-1.00"}), "INVALID refunds.0.amount"},
			{"refund before 1970", refund(object{"createdAt": "1969-01-01T00:00:00Z"}), "INVALID refunds.0.createdAt"},
			{"note of 5,001 characters", refund(object{"note": strings.Repeat("n", 5001)}), "TOO_LONG refunds.0.note"},
			{"refund of another line", refund(object{"lines": []any{object{"itemShopifyId": 2, "amount": "1.00"}}}), "NOT_FOUND refunds.0.lines.0.itemShopifyId"},
			{"negative pieces back", refund(object{"lines": []any{object{"itemShopifyId": 1, "amount": "1.00", "quantity": -1}}}), "INVALID refunds.0.lines.0.quantity"},
			{"too many digits back", refund(object{"lines": []any{object{"itemShopifyId": 1, "amount": "1.001"}}}), "INVALID refunds.0.lines.0.amount"},
			{"negative edit", adjustment(object{"amount": "-1.00"}), "INVALID adjustments.0.amount"},
			{"edit too late", adjustment(object{"happenedAt": "2026-11-22T12:00:00Z"}), "INVALID adjustments.0.happenedAt"},
			{"two at once", object{"currencyCode": "USD", "taxes": "1.001"}, "INVALID taxes; INVALID currencyCode"},
		}
		for i, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				first, last := order(1000+2*i), order(1001+2*i)
				got := ask(t, p.Client, ingestOrders, object{"in": []any{first, order(500+i, c.bad), last}})
				var want []any
				for e := range strings.SplitSeq(c.want, "; ") {
					code, field, _ := strings.Cut(e, " ")
					want = append(want, code+" orders.1."+field)
				}
				var errs []any
				for _, e := range list(got, "ingestOrders.userErrors") {
					errs = append(errs, text(e, "code")+" "+dotted(list(e, "field")))
					if text(e, "message") == "" {
						t.Error("no message")
					}
				}
				if !slices.Equal(errs, want) {
					t.Errorf("refused as %v, want %v", errs, want)
				}
				if counts := text(got, "ingestOrders.received") + text(got, "ingestOrders.created") + text(got, "ingestOrders.rejected"); counts != "321" {
					t.Errorf("received, created, rejected: %s", counts)
				}
			})
		}
		if n := text(ask(t, p.Client, summaryQuery), "tenant.dataSummary.orders"); n != fmt.Sprint(2*len(cases)) {
			t.Errorf("%s orders, want %d", n, 2*len(cases))
		}
		for _, c := range []struct {
			mutation string
			bad      object
			want     string
		}{
			{ingestProducts, object{"shopifyId": 2, "title": "x", "price": "-1.00"}, "! INVALID products.1.price"},
			{ingestProducts, object{"shopifyId": 2, "title": "x", "price": "1.234"}, "! INVALID products.1.price"},
			{ingestProducts, object{"shopifyId": 0, "title": "x"}, "! INVALID products.1.shopifyId"},
			{ingestProducts, object{"shopifyId": 2, "title": ""}, "! REQUIRED products.1.title"},
			{ingestProducts, object{"shopifyId": 2, "title": "x", "createdAt": "1969-01-01T00:00:00Z"}, "! INVALID products.1.createdAt"},
			{ingestProducts, object{"shopifyId": 2, "title": "x", "tags": tags(251)}, "! TOO_LONG products.1.tags"},
			{ingestProducts, object{"shopifyId": 2, "title": "x", "inventoryQuantity": -2147483648}, "! INVALID products.1.inventoryQuantity"},
			{ingestCustomers, object{"shopifyId": "x"}, "! INVALID customers.1.shopifyId"},
			{ingestCustomers, object{"shopifyId": 2, "email": strings.Repeat("hidden", 50)}, "! TOO_LONG customers.1.email"},
			{ingestCustomers, object{"shopifyId": 2, "firstName": strings.Repeat("x", 256)}, "! TOO_LONG customers.1.firstName"},
			{ingestCustomers, object{"shopifyId": 2, "updatedAt": "2026-11-23T00:00:00Z"}, "! INVALID customers.1.updatedAt"},
		} {
			a := say(p.Client, c.mutation, object{"in": []any{object{"shopifyId": 1, "title": "x"}, c.bad}})
			if c.mutation == ingestCustomers {
				a = say(p.Client, c.mutation, object{"in": []any{object{"shopifyId": 1}, c.bad}})
			}
			if got := strings.Join(verdict(a), " | "); got != c.want {
				t.Errorf("refused as %q, want %q", got, c.want)
			}
		}
		if got := ask(t, p.Client, summaryQuery); text(got, "tenant.dataSummary.products") != "1" || text(got, "tenant.dataSummary.customers") != "1" {
			t.Errorf("summary %v", got)
		}
		w.verify(t, p)
		w.discreet(t, p)
	})
}

// What lies just within its bound is taken, in currencies of 0, 2 and 3 digits.
func TestBoundsOfRecords(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for currency, c := range map[string]struct{ largest, digits, more string }{
			"JPY": {"10000000000000", "7", "7.0"}, "EUR": {"100000000000.00", "0.07", "0.070"}, "KWD": {"10000000000.000", "0.007", "0.0070"},
		} {
			p := w.signUp(object{"currencyCode": currency})
			item := func(quantity int, price string) object {
				return object{"title": strings.Repeat("ä", 255), "quantity": quantity, "unitPrice": price}
			}
			good := []any{
				order(1, object{"items": []any{item(1, c.largest)}}),
				order(2, object{"items": []any{item(100, c.largest)}}), // 10^15
				order(3, object{"items": []any{item(1_000_000, c.digits)}, "processedAt": "1970-01-01T00:00:00Z"}),
				order(4, object{"items": []any{item(1, "0")}, "processedAt": "2026-11-21T12:00:00Z"}),
				order(5, object{"shopifyId": "gid://shopify/Order/9223372036854775807", "tags": tags(250), "currencyCode": currency, "items": []any{item(1, "1")},
					"refunds": []any{object{"shopifyId": 1, "createdAt": "2026-11-02T10:00:00Z", "amount": "0", "note": strings.Repeat("n", 5000)}}}),
				order(6, object{"items": many(500, func(int) any { return item(1, "1") })}),
			}
			send(t, p, ingestOrders, good...)
			a := say(p.Client, ingestOrders, object{"in": []any{order(7, object{"items": []any{item(1, c.more)}})}})
			if got := strings.Join(verdict(a), " | "); got != "! INVALID orders.0.items.0.unitPrice" {
				t.Errorf("%s %s refused as %q", currency, c.more, got)
			}
			if got := ask(t, p.Client, `{ overview { grossSales { value { amount currencyCode } } } tenant { dataSummary { orders orderItems } } }`); text(got, "tenant.dataSummary.orders") != "6" ||
				text(got, "tenant.dataSummary.orderItems") != "505" || text(got, "overview.grossSales.value.currencyCode") != currency {
				t.Errorf("%v", got)
			}
			w.verify(t, p)
			w.discreet(t, p)
		}
	})
}
