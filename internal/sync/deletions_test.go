package sync_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

// What a store deletes goes here too: told by an event, or noticed by its absence, the newest record of a kind as well.
func TestDeletions(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 120}, pageSize: 20})
		w.synced()
		remove := func(silent bool) {
			t.Helper()
			w.clock.pass(time.Minute)
			p, c, o := w.shop.Products(), w.shop.Customers(), w.shop.Orders()
			for _, d := range []struct {
				kind simshop.Kind
				id   int64
			}{{simshop.KindProduct, p[0].ID}, {simshop.KindProduct, p[len(p)-1].ID}, {simshop.KindCustomer, c[0].ID},
				{simshop.KindCustomer, c[len(c)-1].ID}, {simshop.KindOrder, o[0].ID}, {simshop.KindOrder, o[len(o)-1].ID}} {
				if err := w.shop.Delete(d.kind, d.id, silent); err != nil {
					t.Fatal(err)
				}
			}
			w.clock.pass(time.Minute)
		}
		swept := func() int {
			n := 0
			for name, calls := range w.shop.Stats().Operations {
				if strings.HasSuffix(name, "IDs") {
					n += calls
				}
			}
			return n
		}
		before := swept()
		remove(false)
		w.good(w.sync(sync.Incremental))
		w.equal()
		// The greatest id of each kind is asked for, and nothing is compared: the events say all.
		if n := swept() - before; n != 3 {
			t.Errorf("%d lists of ids were asked for", n)
		}
		remove(true)
		w.good(w.sync(sync.Incremental))
		w.equal()
		// One is too many here and one is missing: the counts are equal, and a full run finds out.
		if err := w.shop.Delete(simshop.KindOrder, w.shop.Orders()[5].ID, true); err != nil {
			t.Fatal(err)
		}
		gone, _, err := ingest.New(s, w.clock.Now).Delete(w.ctx, ingest.DeleteRecordsInput{Orders: []string{fmt.Sprint(w.shop.Orders()[6].ID)}})
		if err != nil || gone.Orders != 1 {
			t.Fatal(gone, err)
		}
		w.good(w.sync(sync.Incremental))
		w.good(w.sync(sync.Full))
		w.equal()
	})
}

// A store that shows only its latest orders has not deleted the others.
func TestOldOrdersStay(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 120}, pageSize: 20})
		w.synced()
		w.shop.SetScopes("read_products", "read_customers", "read_orders")
		w.clock.pass(24 * time.Hour)
		newest := w.shop.Orders()[119].ID
		if err := w.shop.Delete(simshop.KindOrder, newest, true); err != nil {
			t.Fatal(err)
		}
		for _, mode := range []string{sync.Incremental, sync.Full} {
			run := w.sync(mode)
			w.good(run)
			if n := w.number("SELECT COUNT(*) FROM orders WHERE tenant_id = ?"); n != 119 {
				t.Fatalf("%s: %d orders are left of 120, of which one was deleted", mode, n)
			}
			if p := run.Proof[2]; *p.Expected != p.Stored || p.Stored >= 119 {
				t.Errorf("%+v", p)
			}
		}
		w.equal()
	})
}

// Records that somebody pushes beside the store are no part of its proof.
func TestForeignRecords(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 60}, pageSize: 20})
		known, price := w.shop.Orders()[7], "1.00"
		alien := known.ID - 1000
		res, err := ingest.New(s, w.clock.Now).Apply(w.ctx, ingest.Batch{Source: ingest.SourceAPI,
			Products: []ingest.ProductInput{{ShopifyID: "17", Title: "Alien", Price: &price}},
			Orders: []ingest.OrderInput{
				{ShopifyID: fmt.Sprint(alien), ProcessedAt: known.ProcessedAt, Items: []ingest.OrderItemInput{{Title: "Alien", Quantity: 1, UnitPrice: "5"}}},
				{ShopifyID: fmt.Sprint(known.ID), ProcessedAt: known.ProcessedAt, Items: []ingest.OrderItemInput{{Title: "Wrong", Quantity: 1, UnitPrice: "5"}}},
			}})
		if err != nil || res.Created != 3 {
			t.Fatalf("%+v %v", res, err)
		}
		w.synced()
		w.shop.Change(30)
		w.clock.pass(time.Minute)
		for _, mode := range []string{sync.Incremental, sync.Full} {
			run := w.sync(mode)
			w.good(run)
			if p := run.Proof[2]; p.Stored != len(w.shop.Orders()) && mode == sync.Full {
				t.Errorf("%+v, the store has %d", p, len(w.shop.Orders()))
			}
			if n := w.number(fmt.Sprintf("SELECT COUNT(*) FROM orders WHERE tenant_id = ? AND shopify_id = %d", alien)); n != 1 {
				t.Error("what was pushed is gone")
			}
		}
		gone, _, err := ingest.New(s, w.clock.Now).Delete(w.ctx, ingest.DeleteRecordsInput{Orders: []string{fmt.Sprint(alien)}, Products: []string{"17"}})
		if err != nil || gone.Orders != 1 || gone.Products != 1 {
			t.Fatal(gone, err)
		}
		w.equal()
	})
}

// A record that somebody deleted here by mistake comes back: the store has it.
func TestMistakenDeletion(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 60}, pageSize: 20})
		w.synced()
		gone, _, err := ingest.New(s, w.clock.Now).Delete(w.ctx, ingest.DeleteRecordsInput{
			Orders: []string{fmt.Sprint(w.shop.Orders()[3].ID)}, Customers: []string{fmt.Sprint(w.shop.Customers()[3].ID)},
			Products: []string{fmt.Sprint(w.shop.Products()[3].ID)}})
		if err != nil || gone.Orders != 1 {
			t.Fatal(gone, err)
		}
		w.good(w.sync(sync.Incremental))
		// The orders of the customer do not say so anew before they change.
		if err := w.shop.Touch(simshop.KindOrder); err != nil {
			t.Fatal(err)
		}
		w.clock.pass(time.Minute)
		w.good(w.sync(sync.Incremental))
		w.equal()
	})
}

// Records come in the order in which they name each other, and one that is named before it is read is completed.
func TestPlaceholders(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 60}, pageSize: 20})
		w.clock.pass(time.Minute)
		var made *simshop.Product
		var order []string
		w.meet(func(_ context.Context, call string) error {
			if strings.HasSuffix(call, "answered") || call == "Count" || call == "IDs" {
				return nil
			}
			if len(order) == 0 || order[len(order)-1] != call {
				order = append(order, call)
			}
			if call == "Orders" && made == nil {
				made = w.shop.CreateProduct(simshop.Product{Title: "New", Price: 500})
				w.shop.CreateOrder(simshop.OrderInput{Lines: []simshop.LineInput{{ProductID: made.ID, Price: 500, Quantity: 2}}})
			}
			return nil
		})
		first := w.connect()
		w.working()
		run := w.ended(first.ID)
		w.good(run)
		if got := strings.Join(order, " "); got != "Products Customers Orders Deletions" {
			t.Errorf("read %s", got)
		}
		const unknown = "SELECT COUNT(*) FROM products WHERE tenant_id = ? AND known = FALSE"
		if n := w.number(unknown); n != 1 {
			t.Errorf("%d products are only named", n)
		}
		w.clock.pass(time.Minute)
		w.good(w.sync(sync.Incremental))
		if n := w.number(unknown); n != 0 {
			t.Errorf("%d products are only named", n)
		}
		w.equal()
	})
}

// A record that ingest refuses is named by every run until it is mended or gone, keeps nothing else out, and is not asked
// for again by runs that have nothing new of it.
func TestRefusedRecords(t *testing.T) {
	t.Parallel()
	for _, silent := range []bool{false, true} {
		t.Run(map[bool]string{false: "deletion told", true: "deletion not told"}[silent], func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, s *store.Store) { refusedRecords(t, s, silent) })
		})
	}
}

func refusedRecords(t *testing.T, s *store.Store, silent bool) {
	w := newWorld(t, s, options{shop: simshop.Options{Orders: 60}, pageSize: 20})
	w.clock.pass(time.Minute)
	many := make([]simshop.LineInput, 501)
	for i := range many {
		many[i] = simshop.LineInput{Title: "Tea", Price: 100, Quantity: 1}
	}
	big := w.shop.CreateOrder(simshop.OrderInput{Lines: many})
	w.shop.Sell()
	first := w.connect()
	w.every(0)
	w.working()
	check := func(run *sync.Run, failed int) {
		t.Helper()
		if run.Status != sync.PartiallySucceeded || run.Error == nil || run.Error.Code != "INVALID_DATA" || run.Error.Retryable || run.Attempts != 1 ||
			!strings.HasPrefix(run.Error.Message, fmt.Sprintf("1 order could not be taken over; the first: %d", big.ID)) ||
			!strings.Contains(run.Error.Message, "501 items") {
			t.Fatalf("%s %+v\n%s", run.Status, run.Error, w.log)
		}
		p := run.Proof[2]
		if !p.Matches || *p.Expected != len(w.shop.Orders())-1 || p.Stored != *p.Expected {
			t.Errorf("%+v, the store has %d", p, len(w.shop.Orders()))
		}
		if run.Progress[2].Status != sync.PartiallySucceeded || run.Progress[2].Failed != failed {
			t.Errorf("%+v", run.Progress[2])
		}
		if pr := run.Progress[2]; pr.Fetched != pr.Created+pr.Updated+pr.Unchanged+pr.Failed {
			t.Errorf("%+v", pr)
		}
	}
	listed := func(want ...string) {
		t.Helper()
		p, err := w.svc.Refusals(w.ctx, 10, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, r := range p.Refusals {
			if r.Resource != "ORDERS" || !strings.Contains(r.Reason, "501 items") || r.RefusedAt.After(w.clock.Now()) {
				t.Errorf("%+v", r)
			}
			got = append(got, r.ShopifyID)
		}
		if n, err := w.svc.CountRefusals(w.ctx); err != nil || n != len(want) || !slices.Equal(got, want) {
			t.Errorf("%d refused: %v, want %v (%v)", n, got, want, err)
		}
	}
	id := fmt.Sprint(big.ID)
	check(w.ended(first.ID), 1)
	listed(id)
	w.clock.pass(time.Hour)
	w.shop.Sell()
	check(w.sync(sync.Incremental), 1) // the last one that had changed: read again with the overlap
	w.clock.pass(time.Hour)
	calls := w.shop.Stats().Operations
	check(w.sync(sync.Incremental), 0)
	now := w.shop.Stats().Operations
	if n := now["orderIDs"] - calls["orderIDs"]; n != 1 { // for the greatest
		t.Errorf("the numbers of orders were asked for %d times", n)
	}
	if n := now["ordersByID"] - calls["ordersByID"]; n != 0 {
		t.Errorf("orders were asked for %d times", n)
	}
	listed(id)
	check(w.sync(sync.Full), 1)
	listed(id)
	// Forgotten and read anew, it is refused anew.
	w.clock.pass(time.Hour)
	w.run("DELETE FROM sync_refusals WHERE tenant_id = ?", viewer.FromContext(w.ctx).TenantID)
	check(w.sync(sync.Incremental), 1)
	listed(id)
	// Once it is gone, so is the problem: the store tells of the deletion, or nobody does.
	if err := w.shop.Delete(simshop.KindOrder, big.ID, silent); err != nil {
		t.Fatal(err)
	}
	w.clock.pass(time.Minute)
	w.good(w.sync(sync.Incremental))
	listed()
	w.equal()
}

// Orders in another currency are never added to the tenant's.
func TestForeignCurrency(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 30}, pageSize: 20})
		w.clock.pass(time.Minute)
		first := w.connect()
		w.every(0)
		w.run("UPDATE tenants SET currency = 'EUR'")
		w.working()
		run := w.ended(first.ID)
		if run.Status != sync.PartiallySucceeded || run.Error.Code != "INVALID_DATA" || !strings.Contains(run.Error.Message, "must be EUR") ||
			run.Progress[2].Failed != 30 || run.Proof[2].Stored != 0 || *run.Proof[2].Expected != 0 {
			t.Errorf("%s %+v %+v", run.Status, run.Error, run.Proof)
		}
		if n := w.number("SELECT COUNT(*) FROM orders WHERE tenant_id = ?"); n != 0 {
			t.Errorf("%d orders", n)
		}
		if n, err := w.svc.CountRefusals(w.ctx); err != nil || n != 30 {
			t.Errorf("%d refused (%v)", n, err)
		}
		w.run("UPDATE tenants SET currency = 'USD'")
		w.good(w.sync(sync.Full))
		if n, err := w.svc.CountRefusals(w.ctx); err != nil || n != 0 {
			t.Errorf("%d refused (%v)", n, err)
		}
		w.equal()
	})
}
