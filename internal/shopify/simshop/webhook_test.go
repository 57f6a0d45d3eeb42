package simshop_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
)

const (
	appSecret = "shpss_hush"
	hookURI   = "https://service.example/webhooks/shopify"
)

// service is what webhooks are sent to. It reads them as the real one does.
type service struct {
	answer func(attempt int, w http.ResponseWriter, r *http.Request) // nil: 200

	mu      sync.Mutex
	got     []shopify.Webhook // whatever the answer was
	bodies  []string
	refused int
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	hook, err := shopify.ParseWebhook(r.Header, body, []byte(appSecret))
	s.mu.Lock()
	if err != nil {
		s.refused++
		s.mu.Unlock()
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	s.got, s.bodies = append(s.got, hook), append(s.bodies, string(body))
	attempt := len(s.got)
	s.mu.Unlock()
	if s.answer != nil {
		s.answer(attempt, w, r)
	}
}

// take returns what came since it was called last.
func (s *service) take() []shopify.Webhook {
	s.mu.Lock()
	defer s.mu.Unlock()
	got := s.got
	s.got, s.bodies, s.refused = nil, nil, 0
	return got
}

func status(code int) func(int, http.ResponseWriter, *http.Request) {
	return func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// subscribe makes a store that delivers to a service, with subscriptions to the topics, all of them when there are none.
func subscribe(t testing.TB, o simshop.Options, topics ...shopify.Topic) (*simshop.Shop, *clock, *service, *shopify.Client) {
	t.Helper()
	s := &service{}
	o.Webhooks.Secret, o.Webhooks.Compliance, o.Webhooks.Transport = appSecret, hookURI, simshop.Into(s)
	o.Scopes = []string{"read_all_orders", "read_customer_merge", "read_customers", "read_orders", "read_products"}
	shop, c := setup(t, o)
	client := shopify.New(shopify.Options{Transport: shop}).Client(shopify.Domain(shop.Domain()), shopify.Static(shop.Token()))
	if topics == nil {
		topics = shopify.Topics()
	}
	for _, topic := range topics {
		if got, err := client.Subscribe(t.Context(), topic, hookURI); err != nil || got.Topic != topic || !got.Fits() {
			t.Fatalf("%s: %v, %+v", topic, err, got)
		}
	}
	return shop, c, s, client
}

func TestWebhookSubscriptions(t *testing.T) {
	t.Parallel()
	shop, _, _, c := subscribe(t, simshop.Options{Orders: 10})
	all, err := c.Webhooks(t.Context())
	if err != nil || len(all) != len(shopify.Topics()) || len(shop.Subscriptions()) != len(all) {
		t.Fatalf("%v, %+v", err, all)
	}
	again, err := c.Subscribe(t.Context(), shopify.OrdersCreate, hookURI)
	if err != nil || again.ID != all[0].ID || len(shop.Subscriptions()) != len(all) {
		t.Errorf("the second time: %v, %+v", err, again)
	}
	for range 2 {
		if err := c.Unsubscribe(t.Context(), again.ID); err != nil {
			t.Error(err)
		}
	}
	shop.DropSubscription(all[1].ID)
	if left := shop.Subscriptions(); len(left) != len(all)-2 || left[0].ID != all[2].ID {
		t.Errorf("%+v are left", left)
	}
	for uri, good := range map[string]bool{
		"https://other.example/x": true, "http://127.0.0.1:8080/x": true, "http://service.example/x": false, "ftp://service.example": false,
		"https://localhost/x": false, "https://other.myshopify.com/x": false, "": false,
	} {
		if _, err := c.Subscribe(t.Context(), shopify.OrdersCreate, uri); (err == nil) != good {
			t.Errorf("%q: %v", uri, err)
		}
	}
	shop.SetFaults(simshop.Faults{Denied: simshop.Protected()})
	if _, err := c.Subscribe(t.Context(), shopify.CustomersUpdate, hookURI+"/2"); err == nil {
		t.Error("hears of personal data that it may not have")
	}
	shop.SetFaults(simshop.Faults{})
	shop.SetScopes("read_orders")
	if _, err := c.Subscribe(t.Context(), shopify.CustomersMerge, hookURI+"/2"); err == nil {
		t.Error("hears of merges without the scope")
	}
}

// Each thing that happens is told, of what it happened to, and all that is told can be understood.
func TestWhatWebhooksTell(t *testing.T) {
	t.Parallel()
	shop, clock, service, _ := subscribe(t, simshop.Options{Orders: 30})
	told := func(do func()) map[shopify.Topic]shopify.Webhook {
		t.Helper()
		clock.move(time.Minute)
		do()
		shop.Deliver(t.Context())
		if service.refused > 0 {
			t.Errorf("%d were not understood", service.refused)
		}
		for _, b := range service.bodies {
			if strings.Contains(b, "@") && !strings.Contains(b, "shop_domain") {
				t.Errorf("%s is personal", b)
			}
		}
		by := map[shopify.Topic]shopify.Webhook{}
		for _, w := range service.take() {
			by[w.Topic] = w
		}
		return by
	}
	want := func(name string, got map[shopify.Topic]shopify.Webhook, topics ...shopify.Topic) {
		t.Helper()
		if !slices.Equal(slices.Sorted(maps.Keys(got)), slices.Sorted(slices.Values(topics))) {
			t.Errorf("%s told of %v, want %v", name, slices.Sorted(maps.Keys(got)), topics)
		}
	}
	var p *simshop.Product
	var a, b *simshop.Customer
	var o *simshop.Order
	got := told(func() { p = shop.CreateProduct(simshop.Product{Title: "Tea", Price: 500}) })
	if want("a product", got, shopify.ProductsCreate); got[shopify.ProductsCreate].RecordID != p.ID {
		t.Errorf("%+v", got)
	}
	got = told(func() {
		a = shop.CreateCustomer(simshop.Customer{FirstName: "Ada", Email: "ada@example.com"})
		b = shop.CreateCustomer(simshop.Customer{FirstName: "Bob", Email: "bob@example.com"})
	})
	want("a customer", got, shopify.CustomersCreate)
	got = told(func() {
		o = shop.CreateOrder(simshop.OrderInput{CustomerID: b.ID, Lines: []simshop.LineInput{{ProductID: p.ID, Price: 500, Quantity: 3}}})
	})
	want("an order", got, shopify.OrdersCreate)
	if w := got[shopify.OrdersCreate]; w.RecordID != o.ID || !w.UpdatedAt.Equal(o.UpdatedAt) || w.TriggeredAt.IsZero() {
		t.Errorf("%+v is not of %+v", w, o)
	}
	got = told(func() { err(t, shop.Edit(o.ID, simshop.EditInput{Remove: map[int64]int64{o.Lines[0].ID: 1}})) })
	want("an edit", got, shopify.OrdersUpdated, shopify.OrdersEdited)
	if got[shopify.OrdersEdited].RecordID != o.ID || got[shopify.OrdersEdited].EventID != got[shopify.OrdersUpdated].EventID ||
		got[shopify.OrdersEdited].ID == got[shopify.OrdersUpdated].ID {
		t.Errorf("the two of an edit: %+v", got)
	}
	got = told(func() { err(t, shop.Refund(o.ID, simshop.RefundInput{Lines: map[int64]int64{o.Lines[0].ID: 1}})) })
	want("a refund", got, shopify.OrdersUpdated, shopify.RefundsCreate)
	if w := got[shopify.RefundsCreate]; w.RecordID != o.ID || w.RefundID != shop.Order(o.ID).Refunds[0].ID {
		t.Errorf("%+v", w)
	}
	got = told(func() { err(t, shop.MergeCustomers(a.ID, b.ID)) })
	want("a merge", got, shopify.CustomersMerge, shopify.CustomersUpdate, shopify.OrdersUpdated)
	if w := got[shopify.CustomersMerge]; w.RecordID != a.ID || w.MergedID != b.ID || shop.Customer(b.ID) != nil || shop.Order(o.ID).CustomerID != a.ID {
		t.Errorf("%+v", w)
	}
	got = told(func() { shop.RequestData(a.ID) })
	want("a request", got, shopify.CustomersDataRequest)
	if w := got[shopify.CustomersDataRequest]; w.Privacy.CustomerID != a.ID || !slices.Equal(w.Privacy.Orders, []int64{o.ID}) || w.Privacy.ID == 0 {
		t.Errorf("%+v", w.Privacy)
	}
	got = told(func() { shop.Redact(a.ID) })
	want("a redaction", got, shopify.CustomersRedact)
	if w := got[shopify.CustomersRedact]; w.Privacy.CustomerID != a.ID || !slices.Equal(w.Privacy.Orders, []int64{o.ID}) {
		t.Errorf("%+v", w.Privacy)
	}
	got = told(func() { err(t, shop.Touch(simshop.KindProduct, p.ID, shop.Products()[0].ID)) })
	want("a bulk edit", got, shopify.ProductsUpdate)
	got = told(func() {
		for kind, id := range map[simshop.Kind]int64{simshop.KindOrder: o.ID, simshop.KindProduct: p.ID, simshop.KindCustomer: a.ID} {
			err(t, shop.Delete(kind, id, false))
		}
	})
	want("deletions", got, shopify.OrdersDelete, shopify.ProductsDelete, shopify.CustomersDelete)
	if got[shopify.OrdersDelete].RecordID != o.ID || got[shopify.CustomersDelete].RecordID != a.ID {
		t.Errorf("%+v", got)
	}
	got = told(func() { err(t, shop.Delete(simshop.KindOrder, shop.Orders()[0].ID, true)) })
	want("a silent deletion", got)
	got = told(func() { shop.RenameShop("Other") })
	want("a new name", got, shopify.ShopUpdate)
	got = told(func() { shop.SetScopes("read_orders", "read_products") })
	if want("scopes", got, shopify.AppScopesUpdate); !slices.Equal(got[shopify.AppScopesUpdate].Scopes, []string{"read_orders", "read_products"}) {
		t.Errorf("%+v", got)
	}
	got = told(func() { shop.Uninstall() })
	want("the end", got, shopify.AppUninstalled)
	if len(shop.Subscriptions()) != 0 {
		t.Error("subscriptions outlive the app")
	}
	want("what comes after", told(func() { shop.Sell() }))
	want("the very end", told(func() { shop.RedactShop() }), shopify.ShopRedact)
}

func err(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// An operation that ends is told of once, as soon as the clock is there.
func TestWebhookOfBulkOperation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shop, clock, service, c := subscribe(t, simshop.Options{Orders: 30}, shopify.BulkOperationsDone)
		o, failed := c.StartBulk(t.Context(), shopify.Orders, shopify.Window{})
		err(t, failed)
		synctest.Wait()
		if n := shop.Deliver(t.Context()); n != 0 {
			t.Errorf("%d before it ended", n)
		}
		clock.move(time.Hour)
		shop.Deliver(t.Context())
		shop.Deliver(t.Context())
		if got := service.take(); len(got) != 1 || got[0].BulkID != o.ID {
			t.Errorf("%+v", got)
		}
	})
}

// A delivery that fails is tried eight times more, in four hours, as the same one; then its subscription is gone.
func TestWebhookRetries(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(int, http.ResponseWriter, *http.Request){
		"an error": status(http.StatusInternalServerError),
		"a redirect": func(_ int, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", hookURI)
			w.WriteHeader(http.StatusTemporaryRedirect)
		},
		"no answer": func(_ int, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				shop, clock, service, _ := subscribe(t, simshop.Options{Orders: 10}, shopify.OrdersCreate, shopify.OrdersUpdated)
				service.answer = answer
				o := shop.CreateOrder(simshop.OrderInput{})
				began := time.Now()
				shop.Deliver(t.Context())
				if took := time.Since(began); name == "no answer" && took != 5*time.Second {
					t.Errorf("waited %s for an answer", took)
				}
				// What happens later does not change what is sent.
				clock.move(time.Second)
				want := shop.Order(o.ID).UpdatedAt
				err(t, shop.UpdateOrder(o.ID, func(o *simshop.Order) { o.Test = true }))
				service.answer = func(n int, w http.ResponseWriter, r *http.Request) {
					if service.got[n-1].Topic == shopify.OrdersCreate {
						answer(n, w, r)
					}
				}
				var passed time.Duration
				for ; len(shop.Subscriptions()) == 2 && passed < 5*time.Hour; passed += 10 * time.Second {
					clock.move(10 * time.Second)
					shop.Deliver(t.Context())
				}
				got := slices.DeleteFunc(service.take(), func(w shopify.Webhook) bool { return w.Topic != shopify.OrdersCreate })
				if len(got) != 9 || passed < 4*time.Hour-2*time.Minute || passed > 4*time.Hour+2*time.Minute {
					t.Errorf("%d attempts within %s", len(got), passed)
				}
				for _, w := range got {
					if w.ID != got[0].ID || w.EventID != got[0].EventID || w.RecordID != o.ID || !w.UpdatedAt.Equal(want) || !w.TriggeredAt.Equal(got[0].TriggeredAt) {
						t.Errorf("%+v is another than %+v", w, got[0])
					}
				}
				if left := shop.Subscriptions(); len(left) != 1 || left[0].Topic != shopify.OrdersUpdated {
					t.Errorf("%+v are left", left)
				}
				stats := shop.Stats().Webhooks
				if stats != (simshop.WebhookStats{Sent: 10, Accepted: 1, Failed: 9, GivenUp: 1, Removed: 1}) {
					t.Errorf("%+v", stats)
				}
			})
		})
	}
}

func TestWebhookFaults(t *testing.T) {
	t.Parallel()
	const n = 200
	run := func(f simshop.WebhookFaults) (*simshop.Shop, *service, []int64) {
		shop, clock, service, _ := subscribe(t, simshop.Options{Orders: 1, Seed: 5, Webhooks: simshop.WebhookOptions{Retry: time.Second}}, shopify.OrdersCreate)
		shop.SetFaults(simshop.Faults{Webhooks: f})
		for range n {
			shop.CreateOrder(simshop.OrderInput{})
		}
		shop.Deliver(t.Context())
		if f.Delay > 0 && len(service.got) > 0 {
			t.Errorf("%d came at once", len(service.got))
		}
		for range 600 {
			clock.move(time.Second)
			shop.Deliver(t.Context())
		}
		var ids []int64
		for _, w := range service.got {
			ids = append(ids, w.RecordID)
		}
		return shop, service, ids
	}
	different := func(ids []int64) int { return len(slices.Compact(slices.Sorted(slices.Values(ids)))) }
	if _, _, ids := run(simshop.WebhookFaults{}); len(ids) != n || !slices.IsSorted(ids) {
		t.Errorf("without faults: %d, in order: %v", len(ids), slices.IsSorted(ids))
	}
	if s, _, ids := run(simshop.WebhookFaults{Loss: 0.05}); len(ids) == n || len(ids) < n*8/10 || s.Stats().Webhooks.Lost != n-len(ids) {
		t.Errorf("%d with losses", len(ids))
	}
	_, service, ids := run(simshop.WebhookFaults{Duplicates: 5})
	if len(ids) < 2*n || len(ids) > 4*n || different(ids) != n {
		t.Errorf("%d of %d with duplicates", len(ids), different(ids))
	}
	deliveries := map[int64]string{}
	for _, w := range service.got {
		if id := deliveries[w.RecordID]; id != "" && id != w.ID {
			t.Errorf("a duplicate of %s is %s", id, w.ID)
		}
		deliveries[w.RecordID] = w.ID
	}
	if _, _, ids = run(simshop.WebhookFaults{Reorder: true}); len(ids) != n || different(ids) != n || slices.IsSorted(ids) {
		t.Errorf("%d of %d, in order: %v", len(ids), different(ids), slices.IsSorted(ids))
	}
	if _, _, ids = run(simshop.WebhookFaults{Delay: time.Minute}); len(ids) != n || slices.IsSorted(ids) {
		t.Errorf("%d delayed, in order: %v", len(ids), slices.IsSorted(ids))
	}
	s, service, ids := run(simshop.WebhookFaults{BadSignature: 0.2})
	if len(ids) != n || service.refused < n/10 || s.Stats().Webhooks.Failed != service.refused {
		t.Errorf("%d came, %d were refused", len(ids), service.refused)
	}
}

// What is signed with a secret that nobody knows is refused, and comes through once the secret is known again.
func TestWebhookSecret(t *testing.T) {
	t.Parallel()
	shop, clock, service, _ := subscribe(t, simshop.Options{Orders: 1}, shopify.OrdersCreate)
	shop.SetSecret("shpss_new")
	shop.CreateOrder(simshop.OrderInput{})
	shop.Deliver(t.Context())
	if service.refused != 1 || len(service.got) != 0 {
		t.Errorf("%d refused, %+v came", service.refused, service.got)
	}
	shop.SetSecret(appSecret)
	clock.move(time.Minute)
	if shop.Deliver(t.Context()); len(service.got) != 1 {
		t.Errorf("%+v came", service.got)
	}
}

// A store that lives sends over the network while it sells, and stops when it is told to.
func TestRunWebhooks(t *testing.T) {
	t.Parallel()
	service := &service{}
	server := httptest.NewServer(service)
	defer server.Close()
	shop := simshop.New(simshop.Options{Orders: 10, Webhooks: simshop.WebhookOptions{Secret: appSecret}})
	c := shopify.New(shopify.Options{Transport: shop}).Client(shopify.Domain(shop.Domain()), shopify.Static(shop.Token()))
	if _, failed := c.Subscribe(t.Context(), shopify.OrdersCreate, server.URL+"/webhooks"); failed != nil {
		t.Fatal(failed)
	}
	const n = 100
	all := make(chan struct{})
	service.answer = func(attempt int, _ http.ResponseWriter, _ *http.Request) {
		if attempt == n {
			close(all)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { shop.RunWebhooks(ctx) })
	for range 4 {
		running.Go(func() {
			for range n / 4 {
				shop.Sell()
			}
		})
	}
	<-all
	cancel()
	running.Wait()
	seen := map[string]bool{}
	for _, w := range service.got {
		seen[fmt.Sprint(w.RecordID)] = true
	}
	if stats := shop.Stats().Webhooks; len(seen) != n || stats.Lost+stats.Failed > 0 {
		t.Errorf("%d of %d came: %+v", len(seen), n, stats)
	}
}

// A store that is made anew with the same seed makes other deliveries.
func TestWebhookIDsDiffer(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for _, name := range []string{"one.myshopify.com", "two.myshopify.com"} {
		shop, _, service, _ := subscribe(t, simshop.Options{Orders: 1, Domain: name}, shopify.OrdersCreate)
		shop.CreateOrder(simshop.OrderInput{})
		shop.Deliver(t.Context())
		ids[service.got[0].ID], ids[service.got[0].EventID] = true, true
	}
	if len(ids) != 4 {
		t.Errorf("%v", ids)
	}
}

// Whole bodies have no key that captured ones lack, but for those that Shopify has added since.
func TestWebhookShapes(t *testing.T) {
	t.Parallel()
	var samples map[string]map[string]any
	if failed := json.Unmarshal([]byte(shared(t, "samples/webhook-rest-shapes.json")), &samples); failed != nil {
		t.Fatal(failed)
	}
	newer := []string{"admin_graphql_api_id", "status", "refunds", "phone"}
	shop, _, service, _ := subscribe(t, simshop.Options{Orders: 10}, shopify.BulkOperationsDone)
	for name, do := range map[string]func(){
		"orders/create|updated (REST order resource)": func() { shop.CreateOrder(simshop.OrderInput{CustomerID: shop.Customers()[0].ID}) },
		"customers/create|update":                     func() { shop.CreateCustomer(simshop.Customer{FirstName: "Ada", City: "Berlin"}) },
		"products/create|update":                      func() { shop.CreateProduct(simshop.Product{Title: "Tea"}) },
		"shop/update":                                 func() { shop.RenameShop("Other") },
	} {
		topic, _, _ := strings.Cut(name, "|")
		ask(t, shop, `mutation{webhookSubscriptionCreate(topic:`+shopify.Topic(topic).Enum()+
			`,webhookSubscription:{uri:"https://service.example/whole"}){userErrors{message}}}`, nil)
		do()
		shop.Deliver(t.Context())
		if len(service.bodies) != 1 {
			t.Fatalf("%s: %q", name, service.bodies)
		}
		var body map[string]any
		if failed := json.Unmarshal([]byte(service.bodies[0]), &body); failed != nil {
			t.Fatal(failed)
		}
		service.take()
		if len(body) < 8 {
			t.Errorf("%s is %v", name, body)
		}
		for key, value := range body {
			if _, ok := samples[name][key]; !ok && !slices.Contains(newer, key) {
				t.Errorf("%s has %s", name, key)
			}
			captured, ok := samples[name][key].(map[string]any)
			for inner := range object(value) {
				if _, known := captured[inner]; ok && !known && !slices.Contains(newer, inner) {
					t.Errorf("%s has %s.%s", name, key, inner)
				}
			}
		}
	}
}

func object(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}
