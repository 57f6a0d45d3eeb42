package apitest_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

const (
	clearData  = `mutation($in: ClearAllDataInput!) { clearAllData(input: $in) { deleted { products customers orders orderItems } userErrors { field message code } } }`
	loadSample = `mutation($in: LoadSampleDataInput!) { loadSampleData(input: $in) { summary { products customers orders orderItems firstOrderAt lastOrderAt } userErrors { field message code } } }`
	deletion   = `mutation($in: DeleteRecordsInput!) { deleteRecords(input: $in) { deleted { products customers orders orderItems } userErrors { field message code } } }`
)

func TestSampleDataAndClearing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p, other := w.signUp(nil), w.signUp(nil)
		stock(t, other, "Other")
		theirs := fmt.Sprint(ask(t, other.Client, whole))
		do := func(mutation string, in object) (any, string) {
			a := say(p.Client, mutation, object{"in": in})
			return decode(t, a.Data), strings.Join(verdict(a), " | ")
		}
		for want, in := range map[string]object{
			"! INVALID input.days":                          {"days": 0},
			"! INVALID input.orders":                        {"orders": 20_001},
			"! INVALID input.days | ! INVALID input.orders": {"days": 1096, "orders": -1},
			"BAD_USER_INPUT loadSampleData.input.seed":      {"seed": int64(1) << 31},
		} {
			if got, v := do(loadSample, in); v != want || at(got, "loadSampleData.summary") != nil {
				t.Errorf("%v: %q %v", in, v, got)
			}
		}
		loaded, v := do(loadSample, object{"seed": 7, "days": 10, "orders": 20})
		if v != "" || text(loaded, "loadSampleData.summary.orders") != "20" {
			t.Fatalf("%s %v", v, loaded)
		}
		w.verify(t, p)
		state := ask(t, p.Client, `{ overview { orders { value } excluded { testOrders } freshness { containsSampleData } } orders(first: 1) { nodes { source } } tenant { dataSummary { products customers orders orderItems firstOrderAt lastOrderAt } } }`)
		if text(state, "overview.freshness.containsSampleData") != "true" || text(state, "orders.nodes.0.source") != "SAMPLE" ||
			fmt.Sprint(at(state, "tenant.dataSummary")) != fmt.Sprint(at(loaded, "loadSampleData.summary")) {
			t.Errorf("%v, and loaded %v", state, loaded)
		}
		first := fmt.Sprint(ask(t, p.Client, `{ overview { netSales { value { amount } } } topCustomers { totalSales { amount } customer { displayName } } }`))
		// The same again, in its own place.
		if got, v := do(loadSample, object{"seed": 7, "days": 10, "orders": 20}); v != "" || fmt.Sprint(got) != fmt.Sprint(loaded) {
			t.Errorf("%s %v", v, got)
		}
		if again := fmt.Sprint(ask(t, p.Client, `{ overview { netSales { value { amount } } } topCustomers { totalSales { amount } customer { displayName } } }`)); again != first {
			t.Errorf("the same seed gives %s, then %s", first, again)
		}
		w.verify(t, p)

		// Beside records of one's own there is no sample data.
		send(t, p, ingestProducts, object{"shopifyId": 1, "title": "Own"})
		send(t, p, ingestOrders, order(1, object{"customerShopifyId": 1}))
		before := summary(t, p.Client)
		if got, v := do(loadSample, object{}); v != "! CONFLICT" || at(got, "loadSampleData.summary") != nil || summary(t, p.Client) != before {
			t.Errorf("%s %v", v, got)
		}
		have := ask(t, p.Client, `{ tenant { dataSummary { products customers orders orderItems } } }`)
		for _, slug := range []string{"", "nowhere", strings.ToUpper(p.slug), p.slug + " ", other.slug} {
			if got, v := do(clearData, object{"confirmSlug": slug}); v != "! CONFIRMATION_MISMATCH input.confirmSlug" || at(got, "clearAllData.deleted") != nil {
				t.Errorf("%q: %s %v", slug, v, got)
			}
		}
		if got, _ := do(clearData, object{"confirmSlug": p.slug, "dryRun": true}); fmt.Sprint(at(got, "clearAllData.deleted")) != fmt.Sprint(at(have, "tenant.dataSummary")) {
			t.Errorf("a dry run counts %v of %v", got, have)
		}
		sample, _ := do(clearData, object{"confirmSlug": p.slug, "dryRun": true, "sampleOnly": true})
		if text(sample, "clearAllData.deleted.orders") != "20" || summary(t, p.Client) != before {
			t.Errorf("a dry run of the sample data counts %v; %s", sample, summary(t, p.Client))
		}
		if got, v := do(clearData, object{"confirmSlug": p.slug, "sampleOnly": true}); v != "" || fmt.Sprint(got) != fmt.Sprint(sample) {
			t.Errorf("clearing the sample data: %s %v, counted %v", v, got, sample)
		}
		w.verify(t, p)
		rest := ask(t, p.Client, `{ overview { orders { value } freshness { containsSampleData } } tenant { dataSummary { products customers orders orderItems } } products { totalCount } }`)
		if fmt.Sprint(at(rest, "tenant.dataSummary")) != "map[customers:0 orderItems:1 orders:1 products:1]" || text(rest, "overview.orders.value") != "1" || text(rest, "overview.freshness.containsSampleData") != "false" {
			t.Errorf("left is %v", rest)
		}
		if got, v := do(clearData, object{"confirmSlug": p.slug}); v != "" || fmt.Sprint(at(got, "clearAllData.deleted")) != "map[customers:0 orderItems:1 orders:1 products:1]" {
			t.Errorf("clearing: %s %v", v, got)
		}
		if got, v := do(clearData, object{"confirmSlug": p.slug}); v != "" || fmt.Sprint(at(got, "clearAllData.deleted")) != "map[customers:0 orderItems:0 orders:0 products:0]" {
			t.Errorf("clearing nothing: %s %v", v, got)
		}
		w.verify(t, p)
		empty := fmt.Sprint(ask(t, p.Client, `{ orders { totalCount nodes { id } } customers { totalCount nodes { id } } products { totalCount } topCustomers { rank } overview { orders { value } totalCustomerRecords } tenant { dataSummary { orders lastOrderAt } members { role } } }`))
		if empty != "map[customers:map[nodes:[] totalCount:0] orders:map[nodes:[] totalCount:0] overview:map[orders:map[value:0] totalCustomerRecords:0] products:map[totalCount:0] tenant:map[dataSummary:map[lastOrderAt:<nil> orders:0] members:[map[role:OWNER]]] topCustomers:[]]" {
			t.Errorf("empty: %s", empty)
		}
		// What was cleared may come again.
		send(t, p, ingestOrders, order(1, object{"updatedAt": "2026-11-01T10:00:00Z"}))
		if got := text(ask(t, p.Client, `{ orders { totalCount } }`), "orders.totalCount"); got != "1" {
			t.Errorf("%s orders after clearing and sending again", got)
		}
		w.verify(t, p)
		w.verify(t, other)
		if after := fmt.Sprint(ask(t, other.Client, whole)); after != theirs {
			t.Errorf("another tenant had\n%s\nand has\n%s", theirs, after)
		}
		w.discreet(t, p, other)
	})
}

func TestDeleteRecords(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		at12 := func(id int, change object) object {
			o := order(id, object{"customerShopifyId": 1, "updatedAt": "2026-11-10T12:00:00Z", "items": []any{object{"productShopifyId": 1, "title": "Mug", "quantity": 1, "unitPrice": "10.00"}}})
			for k, v := range change {
				o[k] = v
			}
			return o
		}
		send(t, p, ingestProducts, object{"shopifyId": 1, "title": "Mug", "updatedAt": "2026-11-10T12:00:00Z"})
		send(t, p, ingestCustomers, object{"shopifyId": 1, "firstName": "Ada", "updatedAt": "2026-11-10T12:00:00Z"})
		send(t, p, ingestOrders, at12(1, nil), at12(2, object{"processedAt": "2026-11-03T10:00:00Z"}), at12(3, object{"updatedAt": "2026-11-15T12:00:00Z"}))
		del := func(in object) (string, string) {
			a := say(p.Client, deletion, object{"in": in})
			d := at(decode(t, a.Data), "deleteRecords.deleted")
			return fmt.Sprint(text(d, "orders"), text(d, "orderItems"), text(d, "customers"), text(d, "products")), strings.Join(verdict(a), " | ")
		}
		state := func() string {
			got := ask(t, p.Client, `{ overview { orders { value } guestOrders { value } customers { value } netSales { value { amount } } } orders { nodes { name customer { displayName } customerOrderNumber items { title product { title } } } } tenant { dataSummary { products customers orders } } }`)
			var lines []string
			for _, o := range list(got, "orders.nodes") {
				lines = append(lines, fmt.Sprint(text(o, "name"), " ", text(o, "customer.displayName"), " ", text(o, "customerOrderNumber"), " ", text(o, "items.0.product.title")))
			}
			return fmt.Sprintf("%s orders %s guests %s net %s; %s", text(got, "overview.orders.value"), text(got, "overview.customers.value"), text(got, "overview.guestOrders.value"), text(got, "overview.netSales.value.amount"), strings.Join(lines, ", "))
		}
		expect := func(what, want string) {
			t.Helper()
			if got := state(); got != want {
				t.Errorf("%s:\n%s\nwant\n%s", what, got, want)
			}
			w.verify(t, p)
		}
		expect("at first", "3 orders 1 guests 0 net 30.00; #2 Ada 3 Mug, #3 Ada 2 Mug, #1 Ada 1 Mug")
		// The third order changed after the deletion that arrives now.
		if n, v := del(object{"orders": []any{1, 3, "gid://shopify/Order/77"}, "deletedAt": "2026-11-12T12:00:00Z"}); n != "1100" || v != "" {
			t.Errorf("deleted %s, %s", n, v)
		}
		expect("without the first", "2 orders 1 guests 0 net 20.00; #2 Ada 2 Mug, #3 Ada 1 Mug")
		if n, v := del(object{"orders": []any{1}, "deletedAt": "2026-11-12T12:00:00Z"}); n != "0000" || v != "" {
			t.Errorf("deleted again %s, %s", n, v)
		}
		// Older records do not come back, also of one that was never here; newer ones do.
		for _, c := range []struct {
			record object
			want   string
		}{
			{at12(1, nil), "000 1"}, {at12(77, object{"updatedAt": "2026-11-12T12:00:00Z"}), "000 1"},
			{at12(77, object{"updatedAt": "2026-11-12T12:00:00.000001Z", "processedAt": "2026-11-04T10:00:00Z"}), "100 0"},
		} {
			r := at(ask(t, p.Client, ingestOrders, object{"in": []any{c.record}}), "ingestOrders")
			if got := text(r, "created") + text(r, "updated") + text(r, "rejected") + " " + text(r, "unchanged"); got != c.want {
				t.Errorf("%v: %s, want %s", c.record["shopifyId"], got, c.want)
			}
		}
		expect("one came", "3 orders 1 guests 0 net 30.00; #77 Ada 3 Mug, #2 Ada 2 Mug, #3 Ada 1 Mug")
		if n, v := del(object{"products": []any{1}}); n != "0001" || v != "" {
			t.Errorf("deleted product %s, %s", n, v)
		}
		expect("without the product", "3 orders 1 guests 0 net 30.00; #77 Ada 3 <nil>, #2 Ada 2 <nil>, #3 Ada 1 <nil>")
		if n, v := del(object{"customers": []any{1}}); n != "0010" || v != "" {
			t.Errorf("deleted customer %s, %s", n, v)
		}
		expect("without the customer", "3 orders 0 guests 3 net 30.00; #77 <nil> <nil> <nil>, #2 <nil> <nil> <nil>, #3 <nil> <nil> <nil>")
		// What is wrong is named, and the rest goes.
		if n, v := del(object{"orders": []any{"x", 2, 0}, "customers": []any{"gid://shopify/Order/1"}}); n != "1100" || v != "! INVALID input.orders.0 | ! INVALID input.orders.2 | ! INVALID input.customers.0" {
			t.Errorf("deleted %s, %s", n, v)
		}
		for _, at := range []string{"1969-12-31T23:59:59Z", "2026-11-22T12:00:00Z"} {
			if n, v := del(object{"orders": []any{3}, "deletedAt": at}); n != "<nil><nil><nil><nil>" || v != "! INVALID input.deletedAt" {
				t.Errorf("deleted %s, %s", n, v)
			}
		}
		expect("in the end", "2 orders 0 guests 2 net 20.00; #77 <nil> <nil> <nil>, #3 <nil> <nil> <nil>")
		if n, v := del(object{"orders": []any{}, "customers": []any{}, "products": []any{}}); n != "0000" || v != "" {
			t.Errorf("deleted nothing: %s, %s", n, v)
		}
		w.discreet(t, p)
	})
}

// A customer who is deleted while a ranking is made is in it with everything or not at all.
func TestDeletedWhileRanked(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		send(t, p, ingestCustomers, object{"shopifyId": 1, "firstName": "Ada"}, object{"shopifyId": 2, "firstName": "Emmy"})
		send(t, p, ingestOrders, order(1, object{"customerShopifyId": 1}), order(2, object{"customerShopifyId": 1}), order(3, object{"customerShopifyId": 2}))
		var once sync.Once
		w.watching(func(statement string) {
			if strings.Contains(statement, "FROM `customers`") {
				once.Do(func() {
					w.watching(nil)
					ask(t, p.Client, deletion, object{"in": object{"customers": []any{1}}})
				})
			}
		})
		got := ask(t, p.Client, `{ topCustomers { rank customer { displayName } orders } }`)
		if fmt.Sprint(at(got, "topCustomers")) != "[map[customer:map[displayName:Emmy] orders:1 rank:1]]" {
			t.Errorf("%v", got)
		}
		w.discreet(t, p)
	})
}
