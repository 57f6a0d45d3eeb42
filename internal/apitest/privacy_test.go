package apitest_test

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/privacy"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/testkit/api"
	"github.com/shopsight/shopsight/internal/viewer"
)

const (
	privacyRequests = `{ privacyRequests { totalCount nodes { id kind status receivedAt dueAt completedAt customerNumber customer { displayName } orders outcome export } } }`
	// numbers are what must not change when somebody is forgotten.
	numbers = `{ overview { netSales { value { amount } } totalRevenue { value { amount } } orders { value } customers { value } newCustomers { value } }
		customers(first: 100, sort: {key: CREATED_AT}) { nodes { ordersCount totalSpent { amount } firstOrderAt lastOrderAt country } }
		orders(first: 100, filter: {includeTest: true}) { nodes { name processedAt total { shopMoney { amount } } netSales { amount } customerOrderNumber items { title quantity } refunds { amount { amount } } } } }`
)

// marked is a customer, and orders of it, with a word in every place that a person may be recognised by.
func marked(word string, id int, updated string) (customer object, orders []any) {
	customer = object{"shopifyId": id, "firstName": word + "given", "lastName": word + "family", "email": word + "@example.com",
		"phone": word + "-phone", "city": word + "town", "country": "DE", "tags": []string{word + " fan"}, "updatedAt": updated, "createdAt": "2026-10-01T00:00:00Z"}
	for n := range 3 {
		orders = append(orders, order(id*100+n, object{"customerShopifyId": id, "updatedAt": updated, "shippingCity": word + "ville", "shippingRegion": word + "shire", "shippingCountry": "DE",
			"tags": []string{"for " + word}, "discountCodes": []string{word + "10"},
			"items":   []any{object{"shopifyId": id*100 + n, "title": "Mug", "quantity": 2, "unitPrice": "10.00"}},
			"refunds": []any{object{"shopifyId": id*100 + n, "createdAt": "2026-11-02T10:00:00Z", "amount": "1.00", "note": word + " was unhappy"}}}))
	}
	return customer, orders
}

// mark sends what marked returns.
func mark(t *testing.T, p *person, word string, id int, updated string) {
	t.Helper()
	customer, orders := marked(word, id, updated)
	send(t, p, ingestCustomers, customer)
	send(t, p, ingestOrders, orders...)
}

func tenantContext(ctx context.Context, p *person) context.Context {
	return viewer.NewContext(ctx, viewer.Tenant(p.tenant))
}

func (w *world) receive(t *testing.T, p *person, r privacy.Received) {
	t.Helper()
	r.ReceivedAt = w.time()
	if err := w.Privacy.Receive(tenantContext(t.Context(), p), r); err != nil {
		t.Fatal(err)
	}
}

func (w *world) due(t *testing.T) {
	t.Helper()
	if err := w.Privacy.Due(w.system); err != nil {
		t.Fatal(err)
	}
}

// found returns where a word stands: in tables, in the files of the database, in the data folder, in the log.
func (w *world) found(t *testing.T, word string) []string {
	t.Helper()
	var places []string
	add := func(place, text string) {
		if strings.Contains(strings.ToLower(text), strings.ToLower(word)) && !slices.Contains(places, place) {
			places = append(places, place)
		}
	}
	st := testkit.Open(t, w.url, testkit.Unguarded())
	defer st.Close()
	db := testkit.DB(t, st)
	list := "SHOW TABLES"
	path, isFile := strings.CutPrefix(w.url, "sqlite:")
	if isFile {
		list = "SELECT name FROM sqlite_master WHERE type = 'table'"
	}
	for _, table := range rowsOf(t, db, list) {
		for _, row := range rowsOf(t, db, "SELECT * FROM "+table) {
			add(table, row)
		}
	}
	files := []string{w.data}
	if isFile {
		files = append(files, path, path+"-wal")
	}
	for _, root := range files {
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				text, _ := os.ReadFile(path)
				add(filepath.Base(path), string(text))
			}
			return nil
		})
	}
	add("log", w.log.String())
	return places
}

// rowsOf returns each row of an answer as text.
func rowsOf(t *testing.T, db *sql.DB, query string) (out []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	for rows.Next() {
		values, to := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			to[i] = &values[i]
		}
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		parts := make([]string, len(values))
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			parts[i] = fmt.Sprint(v)
		}
		out = append(out, strings.Join(parts, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// A person is forgotten: nowhere is a word of theirs left, no number changes, and no record that comes later brings them
// back, by whichever door. Another customer, and another tenant's customer of the same number, are left alone.
func TestRedaction(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a, b := w.signUp(nil), w.signUp(nil)
		// The file has held several versions of the person, some of them on pages that are free again.
		for i := range 4 {
			mark(t, a, "xyzzyquux", 7, fmt.Sprintf("2026-11-0%dT00:00:00Z", i+3))
		}
		mark(t, a, "staying", 8, "2026-11-03T00:00:00Z")
		mark(t, b, "neighbour", 7, "2026-11-03T00:00:00Z")
		// A guest's order, which the request names by its number; the customer was deleted before.
		_, guest := marked("xyzzyquux", 9, "2026-11-03T00:00:00Z")
		delete(guest[0].(object), "customerShopifyId")
		send(t, a, ingestOrders, guest[0])
		before := fmt.Sprint(ask(t, a.Client, numbers))
		if places := w.found(t, "xyzzyquux"); len(places) < 5 {
			t.Fatalf("the word is only in %v: the test would prove nothing", places)
		}
		request := privacy.Received{Kind: privacy.CustomerRedact, CustomerID: 7, Orders: []int64{700, 900, 123456}, EventID: "event-1"}
		w.receive(t, a, request)
		w.receive(t, a, request) // Shopify delivers again
		w.due(t)
		w.receive(t, a, request)
		w.due(t)
		forgotten := func(when string) {
			t.Helper()
			if places := w.found(t, "xyzzyquux"); len(places) > 0 {
				t.Errorf("%s the word is in %v", when, places)
			}
			got := ask(t, a.Client, `{ customers(filter: {search: "xyzzyquux"}) { totalCount } orders(filter: {search: "xyzzyquux"}) { totalCount } named: customers(filter: {search: "7"}) { nodes { displayName firstName email phone city tags } } }`)
			if s := fmt.Sprint(got); strings.Contains(s, "xyzzyquux") || text(got, "customers.totalCount") != "0" || text(got, "named.nodes.0.displayName") != "Customer 7" {
				t.Errorf("%s: %v", when, got)
			}
			w.verify(t, a)
		}
		forgotten("afterwards")
		if after := fmt.Sprint(ask(t, a.Client, numbers)); after != before {
			t.Errorf("the numbers were\n%s\nand are\n%s", before, after)
		}
		got := ask(t, a.Client, privacyRequests)
		if s := fmt.Sprint(at(got, "privacyRequests.nodes.0")); text(got, "privacyRequests.totalCount") != "1" || text(got, "privacyRequests.nodes.0.status") != "DONE" ||
			text(got, "privacyRequests.nodes.0.outcome") != "1 customer and 4 orders are anonymous; records of theirs that come later will be too." ||
			text(got, "privacyRequests.nodes.0.dueAt") != "2026-12-20T12:00:00Z" || text(got, "privacyRequests.nodes.0.customer.displayName") != "Customer 7" {
			t.Errorf("the request is %s", s)
		}
		for _, word := range []string{"staying", "neighbour"} {
			if places := w.found(t, word); len(places) < 5 {
				t.Errorf("%s is only in %v", word, places)
			}
		}

		// What comes late, newer than what is stored; as a change of what is stored, as a deleted record that is there again.
		mark(t, a, "xyzzyquux", 7, "2026-11-19T00:00:00Z")
		forgotten("after a late record")
		// Orders whose customer the store has deleted come as a guest's: one that was there, and one that was not.
		_, orders := marked("xyzzyquux", 7, "2026-11-19T01:00:00Z")
		late := order(750, orders[0].(object), object{"shopifyId": "750", "items": []any{object{"title": "Mug", "quantity": 1, "unitPrice": "1.00"}}, "refunds": []any{}, "updatedAt": "2026-11-19T00:00:00Z"})
		send(t, a, ingestOrders, late)
		for _, o := range []object{orders[0].(object), late} {
			delete(o, "customerShopifyId")
			o["updatedAt"] = "2026-11-19T02:00:00Z"
			send(t, a, ingestOrders, o)
		}
		forgotten("after the store has deleted the customer")
		ask(t, a.Client, deletion, object{"in": object{"customers": []string{"7"}, "orders": []string{"700"}}})
		mark(t, a, "xyzzyquux", 7, "2026-11-20T13:00:00Z")
		delete(guest[0].(object), "updatedAt")
		send(t, a, ingestOrders, guest[0])
		forgotten("after a deletion")
		ask(t, a.Client, clearData, object{"in": object{"confirmSlug": a.slug}})
		mark(t, a, "xyzzyquux", 7, "2026-11-20T11:30:00Z")
		send(t, a, ingestOrders, guest[0])
		forgotten("after everything was cleared")
		if places := w.found(t, "neighbour"); len(places) < 5 {
			t.Errorf("the neighbour is only in %v", places)
		}
		again := text(ask(t, a.Client, numbers), "orders.nodes")
		mark(t, a, "xyzzyquux", 7, "2026-11-20T11:30:00Z")
		if now := text(ask(t, a.Client, numbers), "orders.nodes"); now != again {
			t.Errorf("the same records make %s of %s", now, again)
		}
		// The sample data has the same people whenever it is made up.
		ask(t, a.Client, clearData, object{"in": object{"confirmSlug": a.slug}})
		sample := func() string {
			t.Helper()
			ask(t, a.Client, `mutation { loadSampleData(input: {orders: 50, seed: 3}) { userErrors { code } } }`)
			return text(ask(t, a.Client, `{ customers(first: 1, sort: {key: CREATED_AT}) { nodes { shopifyId email } } }`), "customers.nodes.0")
		}
		var number int64
		var address string
		if _, err := fmt.Sscanf(strings.NewReplacer("map[email:", "", "shopifyId:gid://shopify/Customer/", "", "]", "").Replace(sample()), "%s %d", &address, &number); err != nil {
			t.Fatal(err)
		}
		w.receive(t, a, privacy.Received{Kind: privacy.CustomerRedact, CustomerID: number, EventID: "event-2"})
		w.due(t)
		ask(t, a.Client, clearData, object{"in": object{"confirmSlug": a.slug, "sampleOnly": true}})
		if now := sample(); now != fmt.Sprintf("map[email:<nil> shopifyId:gid://shopify/Customer/%d]", number) {
			t.Errorf("%s of the sample data comes back as %s", address, now)
		}
		w.verify(t, a)
		for _, bad := range []privacy.Received{{Kind: "ELSE", CustomerID: 1, EventID: "x"}, {Kind: privacy.CustomerRedact, CustomerID: 1}, {Kind: privacy.CustomerData, CustomerID: -1, EventID: "x"}, {Kind: privacy.CustomerRedact, Orders: []int64{0}, EventID: "x"}} {
			bad.ReceivedAt = w.time()
			if err := w.Privacy.Receive(tenantContext(t.Context(), a), bad); err == nil {
				t.Errorf("%+v was taken", bad)
			}
		}
	})
}

// The forgetting is cut off at each of its statements, and is done all the same.
func TestRedactionIsResumed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		cuts := 0
		for n := 1; ; n++ {
			mark(t, p, "xyzzyquux", n, "2026-11-03T00:00:00Z")
			w.receive(t, p, privacy.Received{Kind: privacy.CustomerRedact, CustomerID: int64(n), EventID: fmt.Sprint("event ", n)})
			ctx, cancel := context.WithCancel(w.system)
			statements := 0
			w.watching(func(string) {
				if statements++; statements == n {
					cancel()
				}
			})
			err := w.Privacy.Due(ctx)
			w.watching(nil)
			cancel()
			w.pass(time.Minute)
			p = w.logIn(p.email, p.password)
			w.due(t)
			if places := w.found(t, "xyzzyquux"); len(places) > 0 {
				t.Errorf("cut off at statement %d, the word is in %v", n, places)
			}
			if err == nil && statements < n {
				break
			}
			cuts++
		}
		if cuts < 10 {
			t.Errorf("cut off %d times", cuts)
		}
		if got := ask(t, p.Client, `{ privacyRequests(status: PENDING) { totalCount } }`); text(got, "privacyRequests.totalCount") != "0" {
			t.Errorf("%v", got)
		}
		w.verify(t, p)
	})
}

// The forgetting of a store is cut off at one statement after the other, and is done in the end, once.
func TestShopRedactionIsResumed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p, other := w.signUp(nil), w.signUp(nil)
		shop, _ := w.simulate(t, p, simshop.Options{Orders: 60, Seed: 3})
		w.working(t)
		w.finished(t, p)
		mark(t, other, "neighbour", 7, "2026-11-03T00:00:00Z")
		w.receive(t, p, privacy.Received{Kind: privacy.ShopRedact, EventID: "event-1", TriggeredAt: w.time().Add(72 * time.Hour)})
		cuts := 0
		for done := false; !done; cuts++ {
			if cuts > 500 {
				t.Fatal("it is not done")
			}
			ctx, cancel := context.WithCancel(w.system)
			var statements atomic.Int64 // workers that sync make some too
			w.watching(func(string) {
				if statements.Add(1) == int64(cuts)+1 {
					cancel()
				}
			})
			err := w.Privacy.Due(ctx)
			w.watching(nil)
			cancel()
			w.pass(2 * time.Hour)
			done = err == nil && statements.Load() <= int64(cuts)
		}
		t.Logf("cut off %d times", cuts)
		if cuts < 10 {
			t.Errorf("cut off %d times", cuts)
		}
		p = w.logIn(p.email, p.password)
		got := ask(t, p.Client, `{ tenant { store { status } dataSummary { orders customers products } } syncRuns { totalCount } privacyRequests { totalCount nodes { status } } }`)
		if at(got, "tenant.store") != nil || text(got, "tenant.dataSummary") != "map[customers:0 orders:0 products:0]" || text(got, "syncRuns.totalCount") != "0" ||
			text(got, "privacyRequests.totalCount") != "1" || text(got, "privacyRequests.nodes.0.status") != "DONE" {
			t.Errorf("%v", got)
		}
		if places := w.found(t, shop.Domain()); !slices.Equal(places, []string{"log"}) {
			t.Errorf("the store is still in %v", places)
		}
		if places := w.found(t, "neighbour"); len(places) < 5 {
			t.Errorf("the neighbour is only in %v", places)
		}
		w.verify(t, p)
	})
}

// The database is replaced by a copy from before: what was forgotten is forgotten again, by what the journal has.
func TestRedactionSurvivesRestore(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		mark(t, p, "xyzzyquux", 7, "2026-11-03T00:00:00Z")
		w.receive(t, p, privacy.Received{Kind: privacy.CustomerRedact, CustomerID: 7, Orders: []int64{700}, EventID: "event-1"})
		w.due(t)
		st := testkit.Open(t, w.url, testkit.Unguarded())
		for _, table := range []string{"redactions", "privacy_requests"} {
			if _, err := testkit.DB(t, st).ExecContext(t.Context(), "DELETE FROM "+table); err != nil {
				t.Fatal(err)
			}
		}
		st.Close()
		mark(t, p, "xyzzyquux", 7, "2026-11-04T00:00:00Z")
		if places := w.found(t, "xyzzyquux"); len(places) < 5 {
			t.Fatalf("the word is only in %v: the test would prove nothing", places)
		}
		// A line that was cut off at the end is no harm.
		journal := filepath.Join(w.data, "redactions.jsonl")
		text, err := os.ReadFile(journal)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(journal, append(text, text[:len(text)/2]...), 0o600); err != nil {
			t.Fatal(err)
		}
		other := w.start(t)
		ctx, cancel := context.WithCancel(w.system)
		done := make(chan struct{})
		go func() { defer close(done); other.Privacy.Work(ctx) }()
		for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			n, err := w.Privacy.CountRequests(tenantContext(t.Context(), p), privacy.Done)
			if err != nil {
				t.Fatal(err)
			}
			if n == 1 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("the journal is not taken over")
			}
		}
		cancel()
		<-done
		if places := w.found(t, "xyzzyquux"); len(places) > 0 {
			t.Errorf("after the restore the word is in %v", places)
		}
		mark(t, p, "xyzzyquux", 7, "2026-11-05T00:00:00Z")
		if places := w.found(t, "xyzzyquux"); len(places) > 0 {
			t.Errorf("after a late record the word is in %v", places)
		}
	})
}

// A customer of a store is forgotten while syncs go on, and stays so; then the store itself is forgotten.
func TestRedactionAndSync(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p, other := w.signUp(nil), w.signUp(nil)
		shop, _ := w.simulate(t, p, simshop.Options{Orders: 60, Seed: 3})
		var who int64
		for _, o := range shop.Orders() {
			if o.CustomerID != 0 && !o.Test {
				who = o.CustomerID
			}
		}
		word := "xyzzyquux"
		if err := shop.UpdateCustomer(who, func(c *simshop.Customer) { c.FirstName, c.LastName, c.Email = word, word+"son", word+"@example.com" }); err != nil {
			t.Fatal(err)
		}
		w.working(t)
		ask(t, p.Client, syncStore, object{"in": object{"waitSeconds": 30}})
		w.finished(t, p)
		if places := w.found(t, word); len(places) < 2 {
			t.Fatalf("the word is only in %v: the test would prove nothing", places)
		}
		w.receive(t, p, privacy.Received{Kind: privacy.CustomerRedact, CustomerID: who, EventID: "event-1"})
		w.due(t)
		w.pass(time.Hour)
		if err := shop.UpdateCustomer(who, func(c *simshop.Customer) { c.LastName = word + "dottir" }); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Minute)
		p = w.logIn(p.email, p.password)
		for _, mode := range []string{"INCREMENTAL", "FULL"} {
			got := ask(t, p.Client, syncStore, object{"in": object{"waitSeconds": 30, "mode": mode}})
			if text(got, "syncStore.run.status") != "SUCCEEDED" {
				t.Errorf("%v", got)
			}
			if places := w.found(t, word); len(places) > 0 {
				t.Errorf("after a sync (%s) the word is in %v", mode, places)
			}
			w.verify(t, p)
			w.pass(time.Minute)
		}

		// The store is forgotten; what came by the API stays. A store that was connected again is not.
		mark(t, p, "staying", 8, "2026-11-03T00:00:00Z")
		other = w.logIn(other.email, other.password)
		mark(t, other, "neighbour", 7, "2026-11-03T00:00:00Z")
		w.receive(t, p, privacy.Received{Kind: privacy.ShopRedact, EventID: "event-2"})
		w.due(t)
		got := ask(t, p.Client, `{ tenant { store { status } dataSummary { orders } } privacyRequests(first: 1) { nodes { kind status outcome } } }`)
		if text(got, "tenant.store.status") != "CONNECTED" || text(got, "privacyRequests.nodes.0.outcome") != "Nothing was deleted: the store was connected again." {
			t.Errorf("connected again: %v", got)
		}
		w.receive(t, p, privacy.Received{Kind: privacy.ShopRedact, EventID: "event-3", TriggeredAt: w.time().Add(72 * time.Hour)})
		w.due(t)
		got = ask(t, p.Client, `{ tenant { store { status } dataSummary { orders customers } } syncRuns { totalCount } privacyRequests(first: 1) { nodes { kind status outcome } } }`)
		if at(got, "tenant.store") != nil || text(got, "tenant.dataSummary") != "map[customers:1 orders:3]" || text(got, "syncRuns.totalCount") != "0" ||
			text(got, "privacyRequests.nodes.0.status") != "DONE" {
			t.Errorf("the store is forgotten: %v", got)
		}
		if places := w.found(t, shop.Domain()); !slices.Equal(places, []string{"log"}) {
			t.Errorf("the store is still in %v", places)
		}
		if places := w.found(t, "neighbour"); len(places) < 5 {
			t.Errorf("the neighbour is only in %v", places)
		}
		w.verify(t, p)
	})
}

// What Shopify demands comes by webhooks: to the tenant whose store it is, once, and from nobody but Shopify.
func TestComplianceWebhooks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p, other := w.signUp(nil), w.signUp(nil)
		mark(t, other, "neighbour", 7, "2026-11-03T00:00:00Z")
		const secret = "shpss_of_the_custom_app"
		o := simshop.Options{Domain: fmt.Sprintf("privacy-%d.myshopify.com", p.tenant), Orders: 40, Seed: 5, Now: w.time}
		o.Webhooks.Secret, o.Webhooks.Compliance, o.Webhooks.Transport = secret, "https://shopsight.example.com/webhooks/shopify", simshop.Into(w.Handler)
		shop := simshop.New(o)
		w.shops.Store(o.Domain, shop)
		got := ask(t, p.Client, connectStore, object{"in": object{"shopDomain": o.Domain, "accessToken": shop.Token(), "apiSecretKey": secret}})
		if text(got, "connectStore.store.status") != "CONNECTED" {
			t.Fatalf("%v", got)
		}
		w.working(t)
		w.finished(t, p)
		var who int64
		for _, o := range shop.Orders() {
			if o.CustomerID != 0 {
				who = o.CustomerID
			}
		}
		email := shop.Customer(who).Email
		if email == "" || len(w.found(t, email)) == 0 {
			t.Fatalf("%q is not here: the test would prove nothing", email)
		}
		shop.SetFaults(simshop.Faults{Webhooks: simshop.WebhookFaults{Duplicates: 3}})
		shop.RequestData(who)
		shop.Redact(who)
		shop.Deliver(t.Context())
		w.due(t)
		got = ask(t, p.Client, privacyRequests)
		if kinds := texts(got, "privacyRequests.nodes", "kind"); len(kinds) != 2 || !slices.Contains(kinds, "CUSTOMER_DATA") || !slices.Contains(kinds, "CUSTOMER_REDACT") ||
			text(got, "privacyRequests.nodes.0.customerNumber") != fmt.Sprint(who) {
			t.Errorf("%v", got)
		}
		if places := w.found(t, email); len(places) > 0 {
			t.Errorf("%s is still in %v", email, places)
		}
		w.pass(49 * time.Hour)
		shop.RedactShop()
		shop.Deliver(t.Context())
		w.due(t)
		p = w.logIn(p.email, p.password)
		got = ask(t, p.Client, `{ tenant { store { status } dataSummary { orders } } privacyRequests(status: DONE) { totalCount } }`)
		if at(got, "tenant.store") != nil || text(got, "tenant.dataSummary.orders") != "0" || text(got, "privacyRequests.totalCount") != "2" {
			t.Errorf("the store is forgotten: %v", got)
		}
		if places := w.found(t, "neighbour"); len(places) < 5 {
			t.Errorf("the neighbour is only in %v", places)
		}
		w.verify(t, p)
	})
}

// finished waits until no run of the person's tenant is active.
func (w *world) finished(t *testing.T, p *person) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		got := ask(t, p.Client, `{ syncRuns(first: 1) { nodes { status } } }`)
		if s := text(got, "syncRuns.nodes.0.status"); s != "QUEUED" && s != "RUNNING" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the run does not end")
		}
	}
}

// The owner is given what is known of a person, hands it over and says so; starts a request by hand; and sees who has looked.
func TestPrivacyByHand(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a, b := w.signUp(nil), w.signUp(nil)
		mark(t, a, "ada", 7, "2026-11-03T00:00:00Z")
		mark(t, b, "neighbour", 7, "2026-11-03T00:00:00Z")
		w.receive(t, a, privacy.Received{Kind: privacy.CustomerData, CustomerID: 7, Orders: []int64{700}, EventID: "event-1"})
		w.due(t)
		w.receive(t, b, privacy.Received{Kind: privacy.CustomerData, EventID: "of a stranger"})
		if got := ask(t, b.Client, privacyRequests); !strings.Contains(text(got, "privacyRequests.nodes.0.export"), `"orders": []`) {
			t.Errorf("of a stranger is known %v", got)
		}
		got := ask(t, a.Client, privacyRequests)
		export := text(got, "privacyRequests.nodes.0.export")
		for _, part := range []string{"adagiven", "adafamily", "ada@example.com", "ada-phone", "adatown", "ada fan", "adaville", "ada10", "for ada", "ada was unhappy", `"20.00"`, "#700", "#702"} {
			if !strings.Contains(export, part) {
				t.Errorf("the export lacks %s:\n%s", part, export)
			}
		}
		if strings.Contains(export, "neighbour") || text(got, "privacyRequests.nodes.0.status") != "PENDING" || text(got, "privacyRequests.nodes.0.orders") != "1" {
			t.Errorf("%v", got)
		}
		const complete = `mutation($id: ID!) { completePrivacyRequest(id: $id) { privacyRequest { status completedAt outcome } userErrors { field code } } }`
		id := text(got, "privacyRequests.nodes.0.id")
		if v := verdict(say(b.Client, complete, object{"id": id})); strings.Join(v, "") != "! NOT_FOUND id" {
			t.Errorf("another tenant's request: %v", v)
		}
		got = ask(t, a.Client, complete, object{"id": id})
		if s := text(got, "completePrivacyRequest"); s != "map[privacyRequest:map[completedAt:2026-11-20T12:00:00Z outcome:The data was handed over. status:DONE] userErrors:[]]" {
			t.Error(s)
		}

		customer := text(ask(t, a.Client, `{ customers { nodes { id } } }`), "customers.nodes.0.id")
		const redact = `mutation($id: ID!, $confirm: String!) { redactCustomer(input: {customerId: $id, confirm: $confirm}) { privacyRequest { id status } userErrors { field code } } }`
		if v := verdict(say(a.Client, redact, object{"id": customer, "confirm": "8"})); strings.Join(v, "") != "! CONFIRMATION_MISMATCH input.confirm" {
			t.Errorf("%v", v)
		}
		got = ask(t, a.Client, redact, object{"id": customer, "confirm": "7"})
		if v := verdict(say(a.Client, complete, object{"id": text(got, "redactCustomer.privacyRequest.id")})); strings.Join(v, "") != "! CONFLICT id" {
			t.Errorf("%v", v)
		}
		w.due(t)
		if places := w.found(t, "adagiven"); len(places) > 0 {
			t.Errorf("the name is in %v", places)
		}
		got = ask(t, a.Client, `{ privacyRequests(first: 1) { totalCount nodes { id kind status } pageInfo { endCursor hasNextPage } } }`)
		if text(got, "privacyRequests.nodes.0.status") != "DONE" || text(got, "privacyRequests.totalCount") != "2" || text(got, "privacyRequests.pageInfo.hasNextPage") != "true" {
			t.Errorf("%v", got)
		}
		cursor := text(got, "privacyRequests.pageInfo.endCursor")
		got = ask(t, a.Client, `query($c: String) { privacyRequests(first: 1, after: $c) { nodes { id } pageInfo { hasNextPage } } node(id: "`+id+`") { id __typename } }`, object{"c": cursor})
		if text(got, "privacyRequests.nodes.0.id") != id || text(got, "node.__typename") != "PrivacyRequest" {
			t.Errorf("%v", got)
		}
		if v := verdict(say(a.Client, `query($c: String) { privacyRequests(status: DONE, after: $c) { totalCount } }`, object{"c": cursor})); strings.Join(v, "") != "INVALID_CURSOR privacyRequests (after)" {
			t.Errorf("a cursor of another list: %v", v)
		}
		if got := ask(t, b.Client, privacyRequests); text(got, "privacyRequests.totalCount") != "1" {
			t.Errorf("the other tenant has %v", got)
		}
	})
}

// Each answer with personal fields is recorded, by whom, to which query, and of how many customers; others are not.
func TestAccessRecords(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a, b := w.signUp(nil), w.signUp(nil)
		for id := 1; id <= 3; id++ {
			mark(t, a, fmt.Sprint("person", id), id, "2026-11-03T00:00:00Z")
		}
		send(t, a, ingestCustomers, object{"shopifyId": 4})
		mark(t, b, "neighbour", 7, "2026-11-03T00:00:00Z")
		analyst, viewing := w.join(a, viewer.Analyst), w.join(a, viewer.Viewing)
		const access = `{ customerDataAccess { totalCount nodes { hourAt actor { email } operation fields customers answers } } }`
		if got := ask(t, a.Client, access); text(got, "customerDataAccess.totalCount") != "0" {
			t.Errorf("nobody has looked: %v", got)
		}
		ask(t, a.Client, `query List { customers { nodes { ...F } } } fragment F on Customer { displayName email }`)
		ask(t, a.Client, `query List { customers { nodes { displayName email } } }`)
		ask(t, a.Client, `query Plain { customers { nodes { id ordersCount country } } overview { netSales { value { amount } } } }`)
		ask(t, analyst.Client, `{ orders(first: 1) { nodes { customer { city phone } } } }`)
		say(viewing.Client, `query Refused { customers { nodes { email } } orders { nodes { customer { email } } } }`)
		ask(t, b.Client, `query Elsewhere { customers { nodes { firstName } } }`)
		entries := func(c *api.Client) (out []string) {
			for _, e := range list(ask(t, c, access), "customerDataAccess.nodes") {
				out = append(out, fmt.Sprint(text(e, "hourAt"), " ", text(e, "actor.email"), " ", text(e, "operation"), " ", text(e, "fields"), " ", text(e, "customers"), " ", text(e, "answers")))
			}
			slices.Sort(out)
			return out
		}
		want := []string{"2026-11-20T12:00:00Z " + a.email + " List [email name] 6 2", "2026-11-20T12:00:00Z " + analyst.email + "  [city phone] 1 1"}
		slices.Sort(want)
		if got := entries(a.Client); !slices.Equal(got, want) {
			t.Errorf("the records are\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if got := entries(b.Client); len(got) != 1 || !strings.Contains(got[0], "Elsewhere [name] 1 1") {
			t.Errorf("the other tenant's records are %v", got)
		}
		if v := verdict(say(analyst.Client, access)); strings.Join(v, "") != "FORBIDDEN customerDataAccess" {
			t.Errorf("an analyst: %v", v)
		}
		// An hour later it is another record; a year later the first are gone.
		w.pass(time.Hour)
		refreshed := w.logIn(a.email, a.password)
		ask(t, refreshed.Client, `query List { customers { nodes { displayName email } } }`)
		if got := entries(refreshed.Client); len(got) != 3 {
			t.Errorf("an hour later: %v", got)
		}
		w.pass(365*24*time.Hour - 30*time.Minute)
		ctx, cancel := context.WithCancel(w.system)
		done := make(chan struct{})
		go func() { defer close(done); w.Privacy.Work(ctx) }()
		later := w.logIn(a.email, a.password)
		for deadline := time.Now().Add(20 * time.Second); len(entries(later.Client)) != 1; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("a year later: %v", entries(later.Client))
			}
		}
		cancel()
		<-done
	})
}
