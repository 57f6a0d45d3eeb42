package sync_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

const (
	appSecret  = "the key that signs"
	webhookURL = "https://insights.test" + sync.WebhookPath
)

// into delivers webhooks to a service, and notes what was said 200 to.
type into struct {
	*world
	mu    gosync.Mutex
	taken map[string]bool
	last  []delivered
	slow  time.Duration
}

type delivered struct {
	header http.Header
	body   []byte
}

func (d *into) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	status, began := http.StatusOK, time.Now()
	switch err := d.svc.Receive(r.Context(), r.Header, body); {
	case errors.Is(err, sync.ErrForged):
		status = http.StatusUnauthorized
	case errors.Is(err, sync.ErrMalformed):
		status = http.StatusBadRequest
	case err != nil:
		status = http.StatusServiceUnavailable
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.slow = max(d.slow, time.Since(began))
	if status == http.StatusOK {
		h, _ := shopify.ParseWebhook(r.Header, body, []byte(appSecret))
		d.taken[fmt.Sprint(h.Topic, " ", h.EventID, " ", h.RecordID)] = true
		d.last = append(d.last, delivered{r.Header.Clone(), body})
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
}

// hooked is a tenant whose store is connected and tells of everything, with a worker that goes on.
func hooked(t *testing.T, s *store.Store, shop simshop.Options) (*world, *into) {
	t.Helper()
	d := &into{taken: map[string]bool{}}
	shop.Webhooks.Secret, shop.Webhooks.Transport, shop.Webhooks.Retry = appSecret, d, time.Second
	w := newWorld(t, s, options{shop: shop, webhookURL: webhookURL})
	d.world = w
	w.shop.SetScopes("read_products", "read_customers", "read_orders", "read_all_orders", "read_customer_merge")
	w.secret = appSecret
	w.synced()
	w.until("the store to be subscribed", func() bool { return w.connection().Webhooks == sync.Active })
	return w, d
}

func (w *world) connection() *sync.Store {
	w.Helper()
	st, err := w.svc.Current(w.ctx)
	if err != nil || st == nil {
		w.Fatal(st, err)
	}
	return st
}

// drained waits until every event that is due is done. Those that wait for a time are hurried on.
func (w *world) drained() {
	w.Helper()
	w.until("the events to be done", func() bool {
		n := w.number("SELECT COUNT(*) FROM webhook_events WHERE done_at IS NULL AND tenant_id = ?")
		if n > 0 {
			w.clock.pass(time.Second) // well within a lease
			w.svc.Nudge()
		}
		return n == 0
	})
}

// events returns what is kept of them, by their outcome.
func (w *world) events() map[string]int {
	w.Helper()
	rows, err := testkit.DB(w, w.store).Query("SELECT COALESCE(outcome, 'PENDING'), COUNT(*) FROM webhook_events WHERE tenant_id = ? GROUP BY 1",
		viewer.FromContext(w.ctx).TenantID)
	if err != nil {
		w.Fatal(err)
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var outcome string
		var n int
		if err := rows.Scan(&outcome, &n); err != nil {
			w.Fatal(err)
		}
		out[outcome] = n
	}
	return out
}

// Whatever happens in the store is here as soon as the store has told of it: without a run, and with cursors where they were.
func TestWebhooksBringChanges(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w, _ := hooked(t, s, simshop.Options{Orders: 60})
		cursors := w.cursors()
		for round := range 6 {
			w.clock.pass(2 * time.Second)
			w.shop.Change(20)
			order := w.shop.Sell()
			customer := w.shop.Customers()
			if round%2 == 0 {
				if err := w.shop.MergeCustomers(customer[round].ID, customer[len(customer)-1-round].ID); err != nil {
					t.Fatal(err)
				}
			} else {
				must(t, w.shop.Delete(simshop.KindOrder, order.ID, false))
				must(t, w.shop.Delete(simshop.KindProduct, w.shop.Products()[round].ID, false))
			}
			w.shop.Deliver(w.Context())
			w.drained()
		}
		w.equal()
		if after := w.cursors(); fmt.Sprint(after) != fmt.Sprint(cursors) {
			t.Errorf("a cursor moved from %v to %v", cursors, after)
		}
		if n := w.number("SELECT COUNT(*) FROM sync_runs WHERE tenant_id = ?"); n != 1 {
			t.Errorf("%d runs", n)
		}
		if st := w.shop.Stats().Webhooks; st.Failed > 0 || st.Accepted == 0 {
			t.Errorf("%+v", st)
		}
		if w.connection().LastWebhookAt == nil {
			t.Error("nobody knows when the store last told of something")
		}
		if e := w.events(); e["READ"] == 0 || e["DELETED"] == 0 || e["MERGED"] == 0 || e["FAILED"] > 0 {
			t.Errorf("%v", e)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Deliveries that are lost, doubled and out of order leave one event each, and after one run everything is as it is in the
// store.
func TestWebhooksLostDoubledShuffled(t *testing.T) {
	n := testkit.Size(1000, 10_000)
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w, d := hooked(t, s, simshop.Options{Orders: 200, Webhooks: simshop.WebhookOptions{Workers: 8}})
		w.shop.SetFaults(simshop.Faults{Webhooks: simshop.WebhookFaults{Loss: 0.05, Duplicates: 5, Reorder: true, Delay: time.Second}})
		ctx, stop := context.WithCancel(w.Context())
		var delivering gosync.WaitGroup
		delivering.Go(func() { w.shop.RunWebhooks(ctx) })
		began := time.Now()
		for w.shop.Stats().Webhooks.Accepted+w.shop.Stats().Webhooks.Lost < n {
			w.shop.Change(10)
			w.clock.pass(50 * time.Millisecond)
			time.Sleep(50 * time.Millisecond)
		}
		w.until("everything to be delivered", func() bool {
			w.clock.pass(100 * time.Millisecond)
			return w.shop.Stats().Webhooks.Waiting == 0
		})
		stats := w.shop.Stats().Webhooks
		t.Logf("%d deliveries in %s, the slowest answer after %s", stats.Accepted, time.Since(began).Round(time.Millisecond), d.slow)
		stop()
		delivering.Wait()
		w.shop.SetFaults(simshop.Faults{})
		w.drained()
		if stats.Failed > 0 || stats.Lost == 0 {
			t.Errorf("%+v", stats)
		}
		if got := w.number("SELECT COUNT(*) FROM webhook_events WHERE tenant_id = ?"); got != len(d.taken) {
			t.Errorf("%d events are kept of %d that were taken", got, len(d.taken))
		}
		w.clock.pass(time.Minute)
		w.good(w.sync(sync.Incremental))
		w.equal()
	})
}

// Nothing is kept of what is not shown to be from the store, and a store tells of itself alone.
func TestForgedWebhooks(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w, d := hooked(t, s, simshop.Options{Orders: 5})
		w.shop.Sell()
		w.shop.Deliver(w.Context())
		w.drained()
		good := d.last[0]
		before := w.number("SELECT COUNT(*) FROM webhook_events WHERE tenant_id = ?")
		send := func(change func(h http.Header, body []byte) []byte) error {
			h := good.header.Clone()
			h.Set("X-Shopify-Event-Id", rand.Text())
			return w.svc.Receive(w.Context(), h, change(h, slices.Clone(good.body)))
		}
		for name, change := range map[string]func(h http.Header, body []byte) []byte{
			"one bit":              func(h http.Header, b []byte) []byte { b[len(b)/2] ^= 1; return b },
			"no body":              func(h http.Header, b []byte) []byte { return nil },
			"another body":         func(h http.Header, b []byte) []byte { return append(b, ' ') },
			"no signature":         func(h http.Header, b []byte) []byte { h.Del("X-Shopify-Hmac-Sha256"); return b },
			"two signatures":       func(h http.Header, b []byte) []byte { h.Add("X-Shopify-Hmac-Sha256", "x"); return b },
			"an empty signature":   func(h http.Header, b []byte) []byte { h.Set("X-Shopify-Hmac-Sha256", ""); return b },
			"two stores":           func(h http.Header, b []byte) []byte { h.Add("X-Shopify-Shop-Domain", w.domain); return b },
			"an unknown store":     func(h http.Header, b []byte) []byte { h.Set("X-Shopify-Shop-Domain", "x.myshopify.com"); return b },
			"no store":             func(h http.Header, b []byte) []byte { h.Set("X-Shopify-Shop-Domain", "127.0.0.1"); return b },
			"encoded":              func(h http.Header, b []byte) []byte { h.Set("Content-Encoding", "gzip"); return b },
			"another topic":        func(h http.Header, b []byte) []byte { h.Set("X-Shopify-Topic", "products/update"); return b },
			"a request of the law": func(h http.Header, b []byte) []byte { h.Set("X-Shopify-Topic", "shop/redact"); return b },
		} {
			if err := send(change); !errors.Is(err, sync.ErrForged) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := send(func(h http.Header, b []byte) []byte { h.Set("X-Shopify-Topic", "orders/paid"); return b }); !errors.Is(err, sync.ErrMalformed) {
			t.Errorf("an unknown topic: %v", err)
		}
		// By the secret of another app of the same store.
		w.shop.SetSecret("another")
		w.shop.Sell()
		w.shop.Deliver(w.Context())
		if got := w.number("SELECT COUNT(*) FROM webhook_events WHERE tenant_id = ?"); got != before {
			t.Errorf("%d events were kept of forgeries", got-before)
		}
		if w.shop.Stats().Webhooks.Failed == 0 {
			t.Error("what another secret signed was taken")
		}
		if err := send(func(h http.Header, b []byte) []byte { return b }); err != nil {
			t.Errorf("the original: %v", err)
		}
	})
}

// A store's webhooks have no effect on other tenants, also when these had the store before, or sign with its secret.
func TestWebhooksKeepTenantsApart(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w, d := hooked(t, s, simshop.Options{Orders: 5})
		other := w.neighbour(simshop.Options{Orders: 5})
		token, secret := other.shop.Token(), appSecret
		p, err := w.svc.Connect(other.ctx, sync.ConnectStoreInput{ShopDomain: other.domain, AccessToken: &token, APISecretKey: &secret})
		if err != nil || len(p.UserErrors) > 0 {
			t.Fatal(p, err)
		}
		other.ended(p.FirstSync.ID)
		w.shop.Change(10)
		w.shop.Deliver(w.Context())
		w.drained()
		// The same secret, which their apps happen to share, and the other's store: the other's own record is read again.
		h := d.last[0].header.Clone()
		h.Set("X-Shopify-Shop-Domain", other.domain)
		must(t, w.svc.Receive(w.Context(), h, d.last[0].body))
		w.until("the other's event", func() bool {
			other.clock.pass(time.Second)
			w.svc.Nudge()
			return other.number("SELECT COUNT(*) FROM webhook_events WHERE done_at IS NULL AND tenant_id = ?") == 0
		})
		w.equal()
		other.equal()
		if n := other.number("SELECT COUNT(*) FROM webhook_events WHERE tenant_id = ?"); n != 1 {
			t.Errorf("%d events of the other tenant", n)
		}
	})
}

// What the law asks for goes to whoever ever had the store, and is not taken while nobody keeps it.
func TestComplianceWebhooks(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		var mu gosync.Mutex
		var got []string
		fail := errors.New("not now")
		d := &into{taken: map[string]bool{}}
		w := newWorld(t, s, options{webhookURL: webhookURL, app: simshop.App{Secret: "newer"}, oldSecret: appSecret,
			shop: simshop.Options{Orders: 5, Webhooks: simshop.WebhookOptions{Secret: appSecret, Transport: d, Compliance: webhookURL, Retry: time.Second}},
			compliance: func(ctx context.Context, h shopify.Webhook) error {
				mu.Lock()
				defer mu.Unlock()
				if fail == nil {
					got = append(got, fmt.Sprint(h.Topic, " ", viewer.FromContext(ctx).TenantID == viewer.FromContext(d.ctx).TenantID))
				}
				return fail
			}})
		d.world = w
		w.synced()
		p, err := w.svc.Disconnect(w.ctx, false)
		if err != nil || len(p.UserErrors) > 0 {
			t.Fatal(p, err)
		}
		w.shop.Redact(w.shop.Customers()[0].ID)
		w.shop.Deliver(w.Context())
		if st := w.shop.Stats().Webhooks; st.Accepted != 0 || st.Failed == 0 {
			t.Errorf("taken although it was not kept: %+v", st)
		}
		mu.Lock()
		fail = nil
		mu.Unlock()
		w.clock.pass(time.Minute)
		w.shop.RequestData(w.shop.Customers()[0].ID)
		w.shop.RedactShop()
		w.shop.Deliver(w.Context())
		slices.Sort(got)
		if want := []string{"customers/data_request true", "customers/redact true", "shop/redact true"}; !slices.Equal(got, want) {
			t.Errorf("%v", got)
		}
		if n := w.number("SELECT COUNT(*) FROM webhook_events WHERE tenant_id = ?"); n != 0 {
			t.Errorf("%d events", n)
		}
	})
}

// complied is a store that was connected by a custom app, with what the law asks for of its tenant.
func complied(t *testing.T, s *store.Store) (w *world, taken func() []shopify.Topic) {
	t.Helper()
	var mu gosync.Mutex
	var got []shopify.Topic
	d := &into{taken: map[string]bool{}}
	w = newWorld(t, s, options{webhookURL: webhookURL, app: simshop.App{Secret: "of the service's app"},
		shop: simshop.Options{Orders: 5, Webhooks: simshop.WebhookOptions{Secret: appSecret, Transport: d, Compliance: webhookURL, Retry: time.Second}},
		compliance: func(_ context.Context, h shopify.Webhook) error {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, h.Topic)
			return nil
		}})
	d.world, w.secret = w, appSecret
	w.synced()
	return w, func() []shopify.Topic {
		w.shop.Deliver(w.Context())
		mu.Lock()
		defer mu.Unlock()
		out := got
		got = nil
		return out
	}
}

// A custom app signs by its own secret, and what the law asks for comes when the store has left: while records of it are
// here, the demand is understood. With the last record goes the secret.
func TestComplianceOfStoresThatLeft(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w, taken := complied(t, s)
		w.until("the store to be subscribed", func() bool { return w.connection().Webhooks == sync.Active })
		w.shop.Uninstall()
		w.shop.Deliver(w.Context())
		w.until("the store to be left", func() bool { return w.connection().Status == sync.Disconnected })
		w.clock.pass(48 * time.Hour)
		w.shop.Redact(w.shop.Customers()[0].ID)
		w.shop.RedactShop()
		if got := taken(); !slices.Equal(got, []shopify.Topic{shopify.CustomersRedact, shopify.ShopRedact}) {
			t.Errorf("after the app was removed: %v", got)
		}
		w.shop.SetToken("another")
		w.good(w.ended(w.connect().ID))
		if p, err := w.svc.Disconnect(w.ctx, false); err != nil || len(p.UserErrors) > 0 {
			t.Fatal(p, err)
		}
		w.shop.RequestData(w.shop.Customers()[0].ID)
		if got := taken(); !slices.Equal(got, []shopify.Topic{shopify.CustomersDataRequest}) {
			t.Errorf("after the store was disconnected: %v", got)
		}
		if p, err := w.svc.Disconnect(w.ctx, true); err != nil || len(p.UserErrors) > 0 {
			t.Fatal(p, err)
		}
		if n := w.number("SELECT COUNT(*) FROM stores WHERE api_secret IS NOT NULL AND tenant_id = ?"); n != 0 {
			t.Error("the secret is kept although nothing of the store is")
		}
	})
}

// A store that is connected by one app is not forgotten because another was removed from it, whose signature is good as
// well. What people ask for counts, whoever passes it on.
func TestAnotherAppIsRemoved(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w, taken := complied(t, s)
		w.shop.SetSecret("of the service's app")
		w.shop.Redact(w.shop.Customers()[0].ID)
		w.shop.RedactShop()
		if got := taken(); !slices.Equal(got, []shopify.Topic{shopify.CustomersRedact}) {
			t.Errorf("of the app that the store is not connected by: %v", got)
		}
		if st := w.shop.Stats().Webhooks; st.Failed != 0 {
			t.Errorf("it will come again: %+v", st)
		}
		w.shop.SetSecret(appSecret)
		w.shop.RedactShop()
		if got := taken(); !slices.Equal(got, []shopify.Topic{shopify.ShopRedact}) {
			t.Errorf("of the app that it is connected by: %v", got)
		}
	})
}

// An app that is removed from the store forgets the token, keeps the records, and may be installed again, which an older
// webhook does not undo.
func TestUninstalled(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w, d := hooked(t, s, simshop.Options{Orders: 5})
		w.clock.pass(time.Minute)
		w.shop.RenameShop("Another name")
		w.shop.Deliver(w.Context())
		w.drained()
		if st := w.connection(); st.Name != "Another name" || st.Status != sync.Connected {
			t.Errorf("%+v", st)
		}
		w.shop.Uninstall()
		w.shop.Deliver(w.Context())
		w.until("the store to be left", func() bool { return w.connection().Status == sync.Disconnected })
		if n := w.number("SELECT COUNT(*) FROM stores WHERE (access_token IS NOT NULL OR refresh_token IS NOT NULL OR held_domain IS NOT NULL) AND tenant_id = ?"); n != 0 {
			t.Error("a token is left")
		}
		w.equal()
		if e := w.events(); e["UNINSTALLED"] != 1 || e["PENDING"] != 0 {
			t.Errorf("%v", e)
		}
		d.mu.Lock()
		gone := d.last[len(d.last)-1]
		d.mu.Unlock()
		if err := w.svc.Receive(w.Context(), gone.header, gone.body); !errors.Is(err, sync.ErrForged) {
			t.Errorf("of a store that is left: %v", err)
		}
		w.clock.pass(time.Minute)
		w.shop.SetToken("another")
		w.good(w.ended(w.connect().ID))
		gone.header.Set("X-Shopify-Event-Id", "again")
		must(t, w.svc.Receive(w.Context(), gone.header, gone.body))
		w.drained()
		if st := w.connection(); st.Status != sync.Connected {
			t.Errorf("an old webhook has undone it: %+v", st)
		}
	})
}

// A store that takes rights away says so, and what it told of before is kept until it is connected again.
func TestScopesTakenAway(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w, _ := hooked(t, s, simshop.Options{Orders: 5})
		w.clock.pass(time.Minute)
		w.shop.SetScopes("read_products", "read_customers")
		w.shop.Deliver(w.Context())
		w.until("the loss to be seen", func() bool { return w.connection().Status == sync.NeedsReauth })
		if p := w.connection().WebhookProblem; p == nil || !strings.Contains(*p, "read_orders") {
			t.Errorf("%v", p)
		}
		w.shop.Sell()
		w.shop.Deliver(w.Context())
		w.shop.SetScopes("read_products", "read_customers", "read_orders", "read_all_orders", "read_customer_merge")
		w.shop.Deliver(w.Context())
		w.clock.pass(time.Minute)
		w.good(w.ended(w.connect().ID))
		w.drained()
		w.equal()
	})
}

// Subscriptions are made once, and again when the store has dropped them or the service has moved; those of others stay.
func TestSubscriptionsAreRepaired(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w, _ := hooked(t, s, simshop.Options{Orders: 5})
		api := shopify.New(shopify.Options{Transport: inProcess{w}, Now: w.clock.Now, After: w.clock.After}).Client(domain, shopify.Static(w.shop.Token()))
		topics := func() (out []string) {
			all, err := api.Webhooks(w.Context())
			must(t, err)
			for _, sub := range all {
				out = append(out, string(sub.Topic)+" "+sub.URI)
			}
			slices.Sort(out)
			return out
		}
		before := topics()
		if len(before) != len(shopify.Topics())-1 {
			t.Errorf("%v", before)
		}
		all, err := api.Webhooks(w.Context())
		must(t, err)
		must(t, api.Unsubscribe(w.Context(), all[0].ID))
		must(t, api.Unsubscribe(w.Context(), all[3].ID))
		for _, uri := range []string{"https://old.test" + sync.WebhookPath, "https://other.test/hooks"} {
			_, err := api.Subscribe(w.Context(), shopify.OrdersCreate, uri)
			must(t, err)
		}
		p, err := w.svc.RepairWebhooks(w.ctx)
		if err != nil || len(p.UserErrors) > 0 || p.Store.Webhooks != sync.Active || p.Store.WebhookProblem != nil {
			t.Fatal(p, err)
		}
		if got, want := topics(), append(before, "orders/create https://other.test/hooks"); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("%v", got)
		}
		// Once a day by itself.
		all, err = api.Webhooks(w.Context())
		must(t, err)
		must(t, api.Unsubscribe(w.Context(), all[1].ID))
		w.clock.pass(27 * time.Hour)
		w.svc.Nudge()
		w.until("the repair", func() bool { return len(topics()) == len(before)+1 })
		if p, err := w.svc.Disconnect(w.ctx, false); err != nil || p.Store.Webhooks != sync.NotAvailable {
			t.Fatal(p, err)
		}
		if got := topics(); len(got) != 1 {
			t.Errorf("left behind: %v", got)
		}
		// Without the secret there is nothing to subscribe for.
		w.secret = ""
		w.good(w.ended(w.connect().ID))
		w.until("the check", func() bool { return w.connection().Webhooks == sync.NotAvailable })
		p, err = w.svc.RepairWebhooks(w.ctx)
		if err != nil || len(p.UserErrors) != 1 || p.Store.WebhookProblem == nil || len(topics()) != 1 {
			t.Errorf("%+v %v", p, err)
		}
	})
}

// While the store does not answer, what it told of waits; a record that makes the work fail keeps no other from coming.
func TestEventsOutlastTrouble(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w, _ := hooked(t, s, simshop.Options{Orders: 20})
		bad := w.shop.Orders()[3].ID
		w.meetIDs(func(ids []int64) error {
			if slices.Contains(ids, bad) {
				panic("a bug")
			}
			return nil
		})
		w.clock.pass(time.Minute)
		must(t, w.shop.Touch(simshop.KindOrder, w.shop.Orders()[1].ID, bad, w.shop.Orders()[9].ID))
		w.shop.Sell()
		w.shop.Deliver(w.Context())
		w.until("the bad one to be given up", func() bool {
			w.clock.pass(time.Minute) // nobody works in vain for so long that it would be another's
			w.svc.Nudge()
			return w.events()["PENDING"] == 0
		})
		if e := w.events(); e["FAILED"] != 1 || e["READ"] < 3 {
			t.Errorf("%v", e)
		}
		w.meetIDs(nil)
		w.clock.pass(time.Hour)
		w.good(w.sync(sync.Incremental))
		w.equal()
	})
}

// Events that are done are remembered for longer than the store repeats them, and not for ever.
func TestEventsAreForgotten(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w, _ := hooked(t, s, simshop.Options{Orders: 5})
		w.shop.Change(10)
		w.shop.Deliver(w.Context())
		w.drained()
		w.every(0)
		count := func() int { return w.number("SELECT COUNT(*) FROM webhook_events WHERE tenant_id = ?") }
		before := count()
		w.clock.pass(6 * 24 * time.Hour)
		w.svc.Nudge()
		if n := count(); n != before || n == 0 {
			t.Errorf("%d of %d after six days", n, before)
		}
		w.clock.pass(25 * time.Hour)
		w.svc.Nudge()
		if n := count(); n != 0 {
			t.Errorf("%d after a week", n)
		}
	})
}
