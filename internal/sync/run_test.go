package sync_test

import (
	"context"
	"fmt"
	gosync "sync"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

// A tenant has one run at a time, whoever asks for it and in how many processes.
func TestOneRun(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 20}})
		w.clock.pass(time.Minute)
		first := w.connect()
		in := sync.StartInput{Resources: []string{"ORDERS"}, Mode: sync.Full}
		p, err := w.svc.Start(w.ctx, in)
		if err != nil || p.Run == nil || p.Run.ID != first.ID || len(p.UserErrors) != 1 || p.UserErrors[0].Code != "ALREADY_RUNNING" {
			t.Fatalf("%+v %v", p, err)
		}
		if p, err := w.svc.Cancel(w.ctx, first.ID); err != nil || p.Run.Status != sync.Cancelled {
			t.Fatalf("%+v %v", p, err)
		}
		var everybody gosync.WaitGroup
		var mu gosync.Mutex
		ids, made := map[int64]bool{}, 0
		other := w.another(options{})
		for n := range 20 {
			everybody.Go(func() {
				p, err := []*sync.Service{w.svc, other}[n%2].Start(w.ctx, in)
				if err != nil || p.Run == nil {
					t.Errorf("%+v %v", p, err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				ids[p.Run.ID] = true
				if len(p.UserErrors) == 0 {
					made++
				}
			})
		}
		everybody.Wait()
		if len(ids) != 1 || made != 1 {
			t.Errorf("%d runs, %d of them new", len(ids), made)
		}
		w.working()
		w.good(w.latest())
	})
}

// Of two processes one makes the run that is due, and the store waits for its next turn.
func TestSchedule(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 20}})
		w.synced()
		w.every(15)
		other := w.another(options{})
		w.worker(other)
		const scheduled = "SELECT COUNT(*) FROM sync_runs WHERE tenant_id = ? AND started_by = 'SCHEDULED'"
		for n := range 8 {
			w.shop.Sell()
			w.clock.pass(17 * time.Minute) // the interval and the tenth of it that is chance
			w.svc.Nudge()
			other.Nudge()
			for w.number(scheduled) == n {
				select {
				case <-time.After(5 * time.Millisecond):
				case <-t.Context().Done():
					t.Fatal("nothing is started")
				}
			}
			run := w.latest()
			w.good(run)
			if run.Trigger != sync.Scheduled || run.Mode != sync.Incremental {
				t.Errorf("%s %s", run.Trigger, run.Mode)
			}
			at, err := w.svc.Current(w.ctx)
			if err != nil || at.NextSyncAt == nil || at.NextSyncAt.Sub(w.clock.Now()) < 14*time.Minute || at.NextSyncAt.Sub(w.clock.Now()) > 17*time.Minute {
				t.Errorf("next at %v, it is %v", at.NextSyncAt, w.clock.Now())
			}
			if got := w.number(scheduled); got != n+1 {
				t.Fatalf("%d runs after %d intervals", got, n+1)
			}
		}
		w.equal()
		for _, minutes := range []int{-1, 4, 1441} {
			if p, err := w.svc.Update(w.ctx, minutes); err != nil || len(p.UserErrors) != 1 || p.UserErrors[0].Code != "INVALID" {
				t.Errorf("every %d minutes: %+v %v", minutes, p, err)
			}
		}
	})
}

// Records are cleared in the middle of a run: it ends, all is gone, and the next run brings everything.
func TestForget(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 120}, pageSize: 20})
		w.synced()
		reached, goOn := make(chan struct{}), make(chan struct{})
		n := 0
		w.meet(func(context.Context, string) error {
			if n++; n == 9 {
				close(reached)
				<-goOn
			}
			return nil
		})
		p, err := w.svc.Start(w.ctx, sync.StartInput{Resources: []string{"PRODUCTS", "CUSTOMERS", "ORDERS"}, Mode: sync.Full})
		if err != nil || len(p.UserErrors) > 0 {
			t.Fatal(p, err)
		}
		<-reached
		tenant := viewer.FromContext(w.ctx).TenantID
		gone, problems, err := ingest.New(s, w.clock.Now).Clear(w.ctx,
			ingest.ClearAllDataInput{ConfirmSlug: fmt.Sprintf("store-%d", tenant), Forget: w.svc.Forget})
		if err != nil || len(problems) > 0 || gone.Orders == 0 {
			t.Fatal(gone, problems, err)
		}
		close(goOn)
		if run := w.ended(p.Run.ID); run.Status != sync.Cancelled {
			t.Errorf("%s %+v", run.Status, run.Error)
		}
		for _, table := range []string{"orders", "customers", "products", "sync_cursors", "tombstones", "ledger_entries"} {
			if n := w.number("SELECT COUNT(*) FROM " + table + " WHERE tenant_id = ?"); n != 0 {
				t.Errorf("%d rows in %s", n, table)
			}
		}
		if at, err := w.svc.Current(w.ctx); err != nil || at.LastSyncedAt != nil {
			t.Errorf("%+v %v", at, err)
		}
		run := w.sync(sync.Incremental)
		w.exact(run)
	})
}

// The runs of a tenant are listed by pages, newest first, and its own alone.
func TestRuns(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 5}})
		w.synced()
		for range 4 {
			w.good(w.sync(sync.Incremental))
		}
		var seen []int64
		var after *string
		for {
			p, err := w.svc.Runs(w.ctx, 2, after, sync.RunFilter{})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range p.Runs {
				seen = append(seen, r.ID)
				c := p.Cursor(r)
				after = &c
			}
			if !p.HasNext {
				break
			}
		}
		if n, err := w.svc.CountRuns(w.ctx, sync.RunFilter{}); err != nil || n != 5 || len(seen) != 5 {
			t.Errorf("%d runs, listed %v: %v", n, seen, err)
		}
		for i := 1; i < len(seen); i++ {
			if seen[i] >= seen[i-1] {
				t.Errorf("not newest first: %v", seen)
			}
		}
		if _, err := w.svc.Runs(w.ctx, 2, after, sync.RunFilter{Status: []string{sync.Failed}}); err == nil {
			t.Error("a cursor of another list is taken")
		}
		stranger := testkit.Tenant(t, s, "USD", "UTC")
		if run, err := w.svc.Run(stranger, seen[0]); run != nil || err != nil {
			t.Errorf("a stranger sees %+v, %v", run, err)
		}
		if p, err := w.svc.Cancel(stranger, seen[0]); err != nil || len(p.UserErrors) != 1 {
			t.Errorf("%+v %v", p, err)
		}
		if _, err := w.svc.Runs(stranger, 2, after, sync.RunFilter{}); err == nil {
			t.Error("a stranger's cursor is taken")
		}
	})
}
