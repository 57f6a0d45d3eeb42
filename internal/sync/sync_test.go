package sync_test

import (
	"context"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/testkit"
)

// A store comes in from nothing, changes while it is read, and is equal after the next run, although most calls are
// throttled, some fail, and many orders have changed in one second.
func TestEqualsTheStore(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		orders, changes, ties := testkit.Size(800, 20_000), testkit.Size(200, 1000), testkit.Size(300, 5000)
		w := newWorld(t, s, options{shop: simshop.Options{Orders: orders}, pageSize: testkit.Size(60, 0)})
		var same []int64
		for _, o := range w.shop.Orders()[:ties] {
			same = append(same, o.ID)
		}
		w.clock.pass(time.Minute)
		if err := w.shop.Touch(simshop.KindOrder, same...); err != nil {
			t.Fatal(err)
		}
		w.clock.pass(time.Minute)
		w.shop.SetFaults(simshop.Faults{Throttled: 0.6, ServerError: 0.02, Truncated: 0.01, Malformed: 0.01, Internal: 0.01})
		first := w.connect()
		changing, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range changes {
				select {
				case <-time.After(time.Millisecond):
					w.clock.pass(time.Second)
					w.shop.Change(1)
				case <-changing.Done():
					return
				}
			}
		}()
		w.working()
		run := w.ended(first.ID)
		stop()
		<-done
		if run.Status == sync.Failed || run.Trigger != sync.FirstConnect || run.Mode != sync.Full {
			t.Fatalf("%+v %+v\n%s", run, run.Error, w.log)
		}
		w.clock.pass(time.Minute)
		w.good(w.sync(sync.Incremental))
		w.equal()

		// Nothing more to do costs next to nothing, and changes nothing.
		before := w.shop.Stats().Calls
		run = w.sync(sync.Incremental)
		w.good(run)
		w.equal()
		w.shop.SetFaults(simshop.Faults{})
		t.Logf("%d calls, of them %d throttled; %d for nothing new", before, w.shop.Stats().Throttled, w.shop.Stats().Calls-before)
	})
}

// What a store's searches see only later, and what changes behind the page that was just read, comes with a later run.
func TestLag(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 150, Lag: 30 * time.Second}, pageSize: 20})
		w.synced()
		w.shop.SetFaults(simshop.Faults{Churn: 0.3})
		for range 6 {
			w.shop.Change(15)
			w.clock.pass(time.Second)
			w.sync(sync.Incremental) // which may give up: the store has not found itself yet
		}
		w.shop.SetFaults(simshop.Faults{})
		w.clock.pass(time.Minute)
		w.good(w.sync(sync.Incremental))
		w.equal()
		for range 3 {
			w.shop.Change(15)
			w.clock.pass(time.Minute)
			w.good(w.sync(sync.Incremental))
			w.equal()
		}
		// What is too new for a list of ids is not taken for deleted.
		w.shop.Sell()
		w.good(w.sync(sync.Full))
		w.equal()
	})
}
