package sync_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

// refused fails the test unless connecting was refused for a field, and nothing was kept.
func (w *world) refused(p *sync.ConnectStorePayload, err error, field string, code fault.UserErrorCode, message string) {
	w.Helper()
	if err != nil || p.Store != nil || p.FirstSync != nil || len(p.UserErrors) != 1 || p.UserErrors[0].Code != code ||
		!slices.Equal(p.UserErrors[0].Field, []string{"input", field}) || !strings.Contains(p.UserErrors[0].Message, message) {
		w.Errorf("%s: %+v %v", code, p, err)
	}
}

func input(domain, token string) sync.ConnectStoreInput {
	return sync.ConnectStoreInput{ShopDomain: domain, AccessToken: &token}
}

// What cannot be connected is refused with the reason, and what is no store of Shopify's is never asked.
func TestConnectRefuses(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 5}})
		token := w.shop.Token()
		for _, name := range []string{"", "tea", "tea.example.com", "tea.myshopify.com.example.com", "127.0.0.1", "localhost:8080",
			"http://169.254.169.254/latest", "https://tea.myshopify.com@example.com", "tea.myshopify.com/../x", "té.myshopify.com",
			"-tea.myshopify.com", "tea.myshopify.com:8443", "tea\n.myshopify.com", strings.Repeat("a", 64) + ".myshopify.com"} {
			p, err := w.svc.Connect(w.ctx, input(name, token))
			w.refused(p, err, "shopDomain", fault.CodeInvalid, "")
		}
		p, err := w.svc.Connect(w.ctx, sync.ConnectStoreInput{ShopDomain: domain})
		w.refused(p, err, "accessToken", fault.CodeRequired, "Admin API access token")
		p, err = w.svc.Connect(w.ctx, input(domain, " \t"))
		w.refused(p, err, "accessToken", fault.CodeRequired, "Admin API access token")
		p, err = w.svc.Connect(w.ctx, input(domain, "shpat\r\nX-Evil: 1"))
		w.refused(p, err, "accessToken", fault.CodeInvalidCredentials, "")
		if n := w.shop.Stats().Calls; n != 0 {
			t.Errorf("the store was asked %d times", n)
		}
		p, err = w.svc.Connect(w.ctx, input(domain, "shpat_wrong"))
		w.refused(p, err, "accessToken", fault.CodeInvalidCredentials, "Admin API access token")
		w.shop.SetScopes("read_products", "read_all_orders")
		p, err = w.svc.Connect(w.ctx, input(domain, token))
		w.refused(p, err, "accessToken", fault.CodeScopeMissing, "read_customers, read_orders")
		w.shop.SetScopes("read_products", "read_customers", "read_orders")
		w.shop.SetFaults(simshop.Faults{ServerError: 1})
		p, err = w.svc.Connect(w.ctx, input(domain, token))
		w.refused(p, err, "shopDomain", fault.CodeShopUnreachable, "failed to answer")
		w.shop.SetFaults(simshop.Faults{Version: "2026-07"})
		p, err = w.svc.Connect(w.ctx, input(domain, token))
		w.refused(p, err, "shopDomain", fault.CodeShopUnreachable, "another version")
		w.shop.SetFaults(simshop.Faults{})
		if at, err := w.svc.Current(w.ctx); err != nil || at != nil {
			t.Errorf("%+v %v", at, err)
		}
		if p, err := w.svc.Start(w.ctx, sync.StartInput{Resources: []string{"ORDERS"}, Mode: sync.Full}); err != nil || p.Run != nil || p.UserErrors[0].Code != "NOT_FOUND" {
			t.Errorf("%+v %v", p, err)
		}
		if p, err := w.svc.Disconnect(w.ctx, true); err != nil || p.Store != nil || p.UserErrors[0].Code != "NOT_FOUND" {
			t.Errorf("%+v %v", p, err)
		}
		w.connect()
	})
}

// A store belongs to one tenant, and to whom it is given up.
func TestHeld(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 5}})
		tenants := []context.Context{w.ctx}
		for range 7 {
			tenants = append(tenants, testkit.Tenant(t, s, "USD", "UTC"))
		}
		services := []*sync.Service{w.svc, w.another(options{})}
		for round := range 4 {
			var everybody gosync.WaitGroup
			var mu gosync.Mutex
			var winners []context.Context
			for n, ctx := range tenants {
				everybody.Go(func() {
					p, err := services[n%2].Connect(ctx, input(domain, w.shop.Token()))
					switch {
					case err == nil && p.Store != nil && p.FirstSync != nil:
						mu.Lock()
						winners = append(winners, ctx)
						mu.Unlock()
					default:
						w.refused(p, err, "shopDomain", fault.CodeTaken, "another account")
					}
				})
			}
			everybody.Wait()
			if len(winners) != 1 {
				t.Fatalf("round %d: %d tenants have the store", round, len(winners))
			}
			if _, err := w.svc.Disconnect(winners[0], round%2 == 0); err != nil {
				t.Fatal(err)
			}
		}
		// The same tenant twice at once is connected once.
		alone := testkit.Tenant(t, s, "USD", "UTC")
		var both gosync.WaitGroup
		for _, svc := range services {
			both.Go(func() {
				p, err := svc.Connect(alone, input(domain, w.shop.Token()))
				if err != nil || len(p.UserErrors) > 0 && p.UserErrors[0].Code != fault.CodeConflict {
					t.Errorf("%+v %v", p, err)
				}
			})
		}
		both.Wait()
		if at, err := w.svc.Current(alone); err != nil || at == nil || at.Status != sync.Connected {
			t.Errorf("%+v %v", at, err)
		}
	})
}

// A store that was given up forgets its token, keeps its records unless told otherwise, and is connected again over what is
// left.
func TestDisconnect(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 60}, pageSize: 20})
		w.synced()
		other := simshop.New(simshop.Options{Domain: "coffee.myshopify.com", Seed: 1, Now: w.clock.Now, Token: w.shop.Token(),
			Bucket: simshop.Bucket{Max: 1e6, Restore: 1e6}})

		p, err := w.svc.Connect(w.ctx, input("coffee.myshopify.com", w.shop.Token()))
		w.refused(p, err, "shopDomain", fault.CodeConflict, "tea.myshopify.com is connected; disconnect it first")
		d, err := w.svc.Disconnect(w.ctx, false)
		if err != nil || d.Store.Status != sync.Disconnected || d.Store.NextSyncAt != nil || len(d.Store.Scopes) != 0 || d.Store.LastSyncedAt == nil {
			t.Fatalf("%+v %v", d.Store, err)
		}
		if n := w.number("SELECT COUNT(*) FROM stores WHERE tenant_id = ? AND access_token IS NULL AND api_secret IS NULL AND held_domain IS NULL"); n != 1 {
			t.Error("something is kept")
		}
		w.equal()
		p, err = w.svc.Connect(w.ctx, input("coffee.myshopify.com", w.shop.Token()))
		w.refused(p, err, "shopDomain", fault.CodeConflict, "the records of tea.myshopify.com are still here")

		// The same store again: what has changed meanwhile comes.
		w.shop.Change(40)
		if err := w.shop.Delete(simshop.KindProduct, w.shop.Orders()[0].Lines[0].ProductID, false); err != nil {
			t.Log(err) // or it is gone already
		}
		w.clock.pass(30 * 24 * time.Hour)
		run := w.connect()
		if run.Mode != sync.Incremental {
			t.Errorf("it reads all again: %s", run.Mode)
		}
		w.good(w.ended(run.ID))
		w.every(0)
		w.equal()

		// In the middle of a run, with its records.
		reached, goOn := make(chan struct{}), make(chan struct{})
		n := 0
		w.meet(func(context.Context, string) error {
			if n++; n == 5 {
				close(reached)
				<-goOn
			}
			return nil
		})
		started, err := w.svc.Start(w.ctx, sync.StartInput{Resources: []string{"PRODUCTS", "CUSTOMERS", "ORDERS"}, Mode: sync.Full})
		if err != nil {
			t.Fatal(err)
		}
		<-reached
		if d, err = w.svc.Disconnect(w.ctx, true); err != nil || d.Store.Status != sync.Disconnected {
			t.Fatal(d, err)
		}
		close(goOn)
		if run := w.ended(started.Run.ID); run.Status != sync.Cancelled {
			t.Errorf("%s %+v", run.Status, run.Error)
		}
		for _, table := range []string{"orders", "customers", "sync_cursors", "ledger_entries"} {
			if n := w.number("SELECT COUNT(*) FROM " + table + " WHERE tenant_id = ?"); n != 0 {
				t.Errorf("%d rows in %s", n, table)
			}
		}
		w.meet(nil)

		// Another store in its place: how far the first was known counts for nothing.
		w.run("INSERT INTO sync_cursors (id, tenant_id, resource, updated_at, shopify_id) VALUES (1, ?, 'ORDERS', ?, 1)",
			viewer.FromContext(w.ctx).TenantID, w.clock.Now().AddDate(1, 0, 0))
		w.mu.Lock()
		w.shop = other
		w.mu.Unlock()
		p, err = w.svc.Connect(w.ctx, input("coffee.myshopify.com", w.shop.Token()))
		if err != nil || len(p.UserErrors) > 0 || p.Store.ShopDomain != "coffee.myshopify.com" || p.Store.LastSyncedAt != nil || p.FirstSync.Mode != sync.Full {
			t.Fatalf("%+v %v", p, err)
		}
		w.good(w.ended(p.FirstSync.ID))
		w.equal()
		if at := w.cursors()["ORDERS"]; !strings.HasPrefix(at, "0001") {
			t.Errorf("the orders of a store without orders are known to %s", at)
		}
	})
}

// A store takes the place of sample data, and its currency that of the tenant, unless records are in another one.
func TestAdopt(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		berlin, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			t.Fatal(err)
		}
		var asked []string
		var answer []fault.UserError
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 20, CurrencyCode: "EUR", Timezone: berlin},
			adopt: func(ctx context.Context, currency, timezone string) ([]fault.UserError, error) {
				if viewer.FromContext(ctx).TenantID == 0 {
					t.Error("nobody adopts")
				}
				asked = append(asked, currency, timezone)
				return answer, nil
			}})
		made := fmt.Sprint(ingest.FirstSampleID + 1)
		res, err := ingest.New(s, w.clock.Now).Apply(w.ctx, ingest.Batch{Source: ingest.SourceSample, Orders: []ingest.OrderInput{
			{ShopifyID: made, ProcessedAt: w.clock.Now(), Items: []ingest.OrderItemInput{{Title: "Tea", Quantity: 1, UnitPrice: "5"}}}}})
		if err != nil || res.Created != 1 {
			t.Fatalf("%+v %v", res, err)
		}
		answer = []fault.UserError{{Code: fault.CodeConflict, Message: "the currency is fixed while orders or prices exist; clear the data first"}}
		p, err := w.svc.Connect(w.ctx, input(domain, w.shop.Token()))
		w.refused(p, err, "shopDomain", fault.CodeConflict, "the store's currency is EUR and its timezone Europe/Berlin: the currency is fixed")
		if !slices.Equal(asked, []string{"EUR", "Europe/Berlin"}) {
			t.Errorf("adopted %v", asked)
		}
		if n := w.number("SELECT COUNT(*) FROM orders WHERE tenant_id = ?"); n != 0 {
			t.Errorf("%d orders of the sample data are left", n)
		}
		answer = nil
		w.synced()
		if n := w.number("SELECT COUNT(*) FROM orders WHERE tenant_id = ?"); n != 20 {
			t.Errorf("%d orders", n)
		}
		// What comes by the API beside it stays.
		if _, _, own, err := ingest.New(s, w.clock.Now).Shop(w.ctx); err != nil || !own {
			t.Error("sample data could come again", err)
		}
	})
}
