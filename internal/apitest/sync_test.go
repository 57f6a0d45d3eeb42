package apitest_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
)

const (
	runFields = `id resources mode status trigger queuedAt startedAt finishedAt attempts error { code message retryable }
		progress { resource status fetched created updated unchanged failed expectedTotal throttledUntil }
		proof { resource expected stored linesExpected linesRead matches }`
	syncStore  = `mutation($in: SyncStoreInput!) { syncStore(input: $in) { run { ` + runFields + ` } userErrors { field code message } } }`
	storeOf    = `{ tenant { currencyCode timezone store { name shopDomain status scopes connectedAt lastSyncedAt syncEveryMinutes nextSyncAt } } overview { orders { value } netSales { value { amount } } freshness { lastSyncedAt complete } } }`
	disconnect = `mutation($in: DisconnectStoreInput!) { disconnectStore(input: $in) { store { status scopes nextSyncAt } userErrors { code } } }`
)

// working runs the worker until the test ends.
func (w *world) working(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); w.Sync.Work(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
}

// A merchant connects a store, watches it come in, and sees its numbers; runs can be paged through, and fetched again.
func TestSync(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(object{"currencyCode": "EUR", "timezone": "Europe/Berlin"})
		zone, err := time.LoadLocation("Asia/Tokyo")
		if err != nil {
			t.Fatal(err)
		}
		shop, run := w.simulate(t, p, simshop.Options{Orders: 120, CurrencyCode: "JPY", Timezone: zone, Seed: 7})
		got := ask(t, p.Client, storeOf)
		if s := text(got, "tenant.store.status") + text(got, "tenant.currencyCode") + text(got, "tenant.timezone"); s != "CONNECTEDJPYAsia/Tokyo" {
			t.Errorf("%v", got)
		}
		if fmt.Sprint(at(got, "overview.freshness")) != "map[complete:false lastSyncedAt:<nil>]" {
			t.Errorf("before the first sync: %v", got)
		}
		if s := verdict(say(p.Client, syncStore, object{"in": object{}})); strings.Join(s, "") != "! ALREADY_RUNNING" {
			t.Errorf("a second run: %s", s)
		}
		server := httptest.NewServer(w.Handler)
		t.Cleanup(server.Close)
		progress := events(t, server.URL, p.Token, fmt.Sprintf(`subscription { syncProgress(runId: %q) { status progress { fetched } } }`, run))
		if first := text(progress.hear(), "syncProgress.status"); first != "QUEUED" {
			t.Errorf("the first answer says %s", first)
		}
		w.working(t)
		last := ""
		for {
			answer, end := progress.receive()
			if end != "" {
				if end != "complete" {
					t.Errorf("the progress ended with %q", end)
				}
				break
			}
			last = text(decode(t, answer.Data), "syncProgress.status")
		}
		if last != "SUCCEEDED" {
			t.Errorf("the last answer says %s", last)
		}
		got = ask(t, p.Client, `query($id: ID!) { syncRun(id: $id) { `+runFields+` } node(id: $id) { __typename id ... on SyncRun { status } } }`, object{"id": run})
		if text(got, "syncRun.mode")+text(got, "syncRun.trigger") != "FULLFIRST_CONNECT" || text(got, "node.status") != "SUCCEEDED" {
			t.Errorf("%v", got)
		}
		for i, want := range []int{len(shop.Products()), len(shop.Customers()), len(shop.Orders())} {
			part := fmt.Sprintln(at(got, fmt.Sprintf("syncRun.proof.%d.expected", i)), at(got, fmt.Sprintf("syncRun.proof.%d.stored", i)), at(got, fmt.Sprintf("syncRun.proof.%d.matches", i)),
				at(got, fmt.Sprintf("syncRun.progress.%d.created", i)))
			if part != fmt.Sprintln(want, want, true, want) {
				t.Errorf("proof %d is %s, the store has %d", i, part, want)
			}
		}
		got = ask(t, p.Client, `{ orders(first: 1) { nodes { source } } customers(first: 1) { nodes { source } } products(first: 1) { nodes { source } } }`)
		for _, kind := range []string{"orders", "customers", "products"} {
			if source := text(got, kind+".nodes.0.source"); source != "SHOPIFY" || contract(t).Types["DataSource"].EnumValues.ForName(source) == nil {
				t.Errorf("%s come from %q", kind, source)
			}
		}
		orders := 0
		for _, o := range shop.Orders() {
			if !o.Test {
				orders++
			}
		}
		got = ask(t, p.Client, storeOf)
		if fmt.Sprint(at(got, "overview.orders.value")) != fmt.Sprint(orders) || fmt.Sprint(at(got, "overview.freshness.complete")) != "true" || text(got, "tenant.store.lastSyncedAt") == "" {
			t.Errorf("%d orders: %v", orders, got)
		}
		w.verify(t, p)

		// Something changes; a run that is waited for brings it.
		w.pass(time.Minute)
		shop.Change(30)
		w.pass(time.Minute)
		got = ask(t, p.Client, syncStore, object{"in": object{"waitSeconds": 30}})
		if text(got, "syncStore.run.status") != "SUCCEEDED" || text(got, "syncStore.run.mode") != "INCREMENTAL" {
			t.Errorf("%v", got)
		}
		w.verify(t, p)
		pages := ask(t, p.Client, `{ syncRuns(first: 1) { totalCount nodes { id status } edges { cursor } pageInfo { hasNextPage endCursor } } }`)
		next := ask(t, p.Client, `query($after: String) { syncRuns(first: 1, after: $after, status: null) { nodes { id } pageInfo { hasNextPage } } }`, object{"after": text(pages, "syncRuns.pageInfo.endCursor")})
		if fmt.Sprintln(at(pages, "syncRuns.totalCount"), at(pages, "syncRuns.pageInfo.hasNextPage"), at(next, "syncRuns.pageInfo.hasNextPage")) != "2 true false\n" || text(next, "syncRuns.nodes.0.id") != run {
			t.Errorf("%v %v", pages, next)
		}
		if s := verdict(say(p.Client, `query($after: String) { syncRuns(after: $after, status: [FAILED]) { nodes { id } } }`, object{"after": text(pages, "syncRuns.pageInfo.endCursor")})); !strings.Contains(strings.Join(s, ""), "INVALID_CURSOR") {
			t.Errorf("a cursor of another list: %s", s)
		}

		// A connected tenant takes no sample data, and can be cleared: the next run brings everything back.
		if s := verdict(say(p.Client, `mutation { loadSampleData { userErrors { code } } }`)); strings.Join(s, "") != "! CONFLICT" {
			t.Errorf("sample data beside a store: %s", s)
		}
		ask(t, p.Client, clearData, object{"in": object{"confirmSlug": p.slug}})
		got = ask(t, p.Client, syncStore, object{"in": object{"waitSeconds": 30}})
		if text(got, "syncStore.run.status") != "SUCCEEDED" || fmt.Sprint(at(got, "syncStore.run.progress.2.created")) != fmt.Sprint(len(shop.Orders())) {
			t.Errorf("after clearing: %v", got)
		}
		got = ask(t, p.Client, disconnect, object{"in": object{"deleteData": true}})
		if text(got, "disconnectStore.store.status") != "DISCONNECTED" {
			t.Errorf("%v", got)
		}
		got = ask(t, p.Client, storeOf)
		if fmt.Sprint(at(got, "overview.orders.value")) != "0" || text(got, "tenant.store.status") != "DISCONNECTED" {
			t.Errorf("after disconnecting: %v", got)
		}
		if s := verdict(say(p.Client, syncStore, object{"in": object{}})); strings.Join(s, "") != "! NOT_FOUND" {
			t.Errorf("a sync without a store: %s", s)
		}
		if strings.Contains(w.log.String(), shop.Token()) {
			t.Error("the log holds the store's token")
		}
	})
}

// A store may be connected at once with signing up. One that cannot be is named, and the account is there all the same.
func TestSignUpWithAStore(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		shop := simshop.New(simshop.Options{Domain: "fresh.myshopify.com", Orders: 5, Now: w.time, CurrencyCode: "EUR"})
		w.shops.Store("fresh.myshopify.com", shop)
		signup := `mutation($in: SignupInput!) { signup(input: $in) { accessToken viewer { tenant { currencyCode store { status } } } userErrors { field code } } }`
		for i, c := range []struct {
			domain, token any
			want, store   string
		}{
			{"fresh.myshopify.com", shop.Token(), "[]", "map[status:CONNECTED]"},
			{"fresh.myshopify.com", shop.Token(), "[map[code:TAKEN field:[input shopDomain]]]", "<nil>"},
			{"fresh.myshopify.com", nil, "[map[code:REQUIRED field:[input accessToken]]]", "<nil>"},
			{nil, "x", "[map[code:INVALID field:[input shopDomain]]]", "<nil>"},
			{nil, nil, "[]", "<nil>"},
		} {
			got := ask(t, w.Anonymous(), signup, object{"in": object{"email": fmt.Sprintf("merchant%d@example.com", i), "password": "a long enough passphrase",
				"tenantName": "Tea", "shopDomain": c.domain, "accessToken": c.token}})
			if text(got, "signup.userErrors") != c.want || text(got, "signup.viewer.tenant.store") != c.store || text(got, "signup.accessToken") == "<nil>" {
				t.Errorf("%v %v: %v", c.domain, c.token, got)
			}
		}
	})
}

// What connectStore, updateStore and syncStore refuse is named.
func TestSyncRefuses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p, other := w.signUp(nil), w.signUp(nil)
		shop, _ := w.simulate(t, other, simshop.Options{Domain: "taken.myshopify.com", Orders: 1})
		poor := simshop.New(simshop.Options{Domain: "poor.myshopify.com", Orders: 1, Scopes: []string{"read_orders", "read_products"}, Now: w.time})
		w.shops.Store("poor.myshopify.com", poor)
		for _, c := range []struct {
			domain, token any
			want          string
		}{
			{"taken.myshopify.com", shop.Token(), "! TAKEN input.shopDomain"},
			{"taken.myshopify.com", "wrong", "! INVALID_CREDENTIALS input.accessToken"},
			{"poor.myshopify.com", poor.Token(), "! SCOPE_MISSING input.accessToken"},
			{"poor.myshopify.com", nil, "! REQUIRED input.accessToken"},
			{"evil.example/x.myshopify.com", "x", "! INVALID input.shopDomain"},
			{"127.0.0.1", "x", "! INVALID input.shopDomain"},
			{"", "x", "! INVALID input.shopDomain"},
		} {
			got := verdict(say(p.Client, connectStore, object{"in": object{"shopDomain": c.domain, "accessToken": c.token}}))
			if strings.Join(got, "") != c.want {
				t.Errorf("%v: %s, want %s", c.domain, got, c.want)
			}
		}
		if got := ask(t, p.Client, storeOf); at(got, "tenant.store") != nil {
			t.Errorf("a store was kept: %v", got)
		}
		update := `mutation($in: UpdateStoreInput!) { updateStore(input: $in) { store { syncEveryMinutes nextSyncAt } userErrors { field code message } } }`
		for minutes, want := range map[int]string{4: "! INVALID input.syncEveryMinutes", 1441: "! INVALID input.syncEveryMinutes", -1: "! INVALID input.syncEveryMinutes"} {
			if got := verdict(say(other.Client, update, object{"in": object{"syncEveryMinutes": minutes}})); strings.Join(got, "") != want {
				t.Errorf("%d minutes: %s", minutes, got)
			}
		}
		if got := ask(t, other.Client, update, object{"in": object{"syncEveryMinutes": 0}}); at(got, "updateStore.store.nextSyncAt") != nil {
			t.Errorf("off: %v", got)
		}
		if got := verdict(say(p.Client, update, object{"in": object{"syncEveryMinutes": 5}})); strings.Join(got, "") != "! NOT_FOUND" {
			t.Errorf("without a store: %s", got)
		}
		for in, want := range map[string]string{`{resources: []}`: "! REQUIRED input.resources", `{waitSeconds: 31}`: "! INVALID input.waitSeconds"} {
			if got := verdict(say(other.Client, `mutation { syncStore(input: `+in+`) { run { id } userErrors { field code } } }`)); strings.Join(got, "") != want {
				t.Errorf("%s: %s", in, got)
			}
		}
	})
}

// A sync that has failed for good is listed, until it is retried and has brought everything.
func TestDeadLetters(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		shop, first := w.simulate(t, p, simshop.Options{Orders: 20})
		w.working(t)
		const retry = `mutation($id: ID!) { retrySync(runId: $id) { run { id status deadLetter error { code } } userErrors { field code } } }`
		list := func() string {
			t.Helper()
			got := ask(t, p.Client, `{ all: syncRuns { totalCount } dead: syncRuns(deadLetter: true) { totalCount nodes { id } } others: syncRuns(deadLetter: false) { totalCount } }`)
			return fmt.Sprint(at(got, "all.totalCount"), "=", at(got, "dead.totalCount"), "+", at(got, "others.totalCount"), at(got, "dead.nodes"))
		}
		ended := func(id string) (run any) {
			t.Helper()
			for {
				got := ask(t, p.Client, `query($id: ID!) { syncRun(id: $id) { id status attempts deadLetter error { code } } }`, object{"id": id})
				if s := text(got, "syncRun.status"); s != "QUEUED" && s != "RUNNING" {
					return at(got, "syncRun")
				}
				select {
				case <-time.After(20 * time.Millisecond):
				case <-t.Context().Done():
					t.Fatal("the run does not end")
				}
			}
		}
		if run := fmt.Sprint(ended(first)); !strings.Contains(run, "SUCCEEDED") || !strings.Contains(run, "deadLetter:false") {
			t.Fatal(run)
		}
		w.pass(time.Minute)
		shop.Change(20)
		w.pass(time.Minute)
		shop.SetFaults(simshop.Faults{Warning: true})
		dead := text(ask(t, p.Client, syncStore, object{"in": object{}}), "syncStore.run.id")
		if run := fmt.Sprint(ended(dead)); !strings.Contains(run, "FAILED") || !strings.Contains(run, "deadLetter:true") {
			t.Fatal(run)
		}
		if got := list(); got != "2=1+1[map[id:"+dead+"]]" {
			t.Errorf("listed are %s", got)
		}
		page := ask(t, p.Client, `{ syncRuns(first: 1, deadLetter: true) { pageInfo { endCursor } } }`)
		for _, filter := range []string{"", "deadLetter: false"} {
			s := verdict(say(p.Client, `query($after: String) { syncRuns(after: $after `+filter+`) { nodes { id } } }`, object{"after": text(page, "syncRuns.pageInfo.endCursor")}))
			if !strings.Contains(strings.Join(s, ""), "INVALID_CURSOR") {
				t.Errorf("a cursor of the dead letters in the list %q: %s", filter, s)
			}
		}
		for id, want := range map[string]string{first: "CONFLICT", "nothing": "NOT_FOUND"} {
			if s := verdict(say(p.Client, retry, object{"id": id})); strings.Join(s, "") != "! "+want+" runId" {
				t.Errorf("retry %s: %s", id, s)
			}
		}
		shop.SetFaults(simshop.Faults{})
		got := ask(t, p.Client, retry, object{"id": dead})
		if text(got, "retrySync.run.id") != dead || fmt.Sprint(at(got, "retrySync.userErrors")) != "[]" || fmt.Sprint(at(got, "retrySync.run.deadLetter")) != "false" {
			t.Fatal(got)
		}
		if run := fmt.Sprint(ended(dead)); !strings.Contains(run, "SUCCEEDED") || !strings.Contains(run, "attempts:2") || !strings.Contains(run, "deadLetter:false") {
			t.Error(run)
		}
		if got := list(); got != "2=0+2[]" {
			t.Errorf("listed are %s", got)
		}
		w.verify(t, p)
	})
}
