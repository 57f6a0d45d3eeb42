package sync_test

import (
	"context"
	"slices"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/testkit"
)

var pages = []string{"Products", "Customers", "Orders"}

// exact fails the test unless a first run has counted each record once.
func (w *world) exact(run *sync.Run) {
	w.Helper()
	w.good(run)
	there := []int{len(w.shop.Products()), len(w.shop.Customers()), len(w.shop.Orders())}
	for i, p := range run.Progress {
		if p.Fetched != there[i] || p.Fetched != p.Created || p.Updated+p.Unchanged+p.Failed != 0 || *p.ExpectedTotal != there[i] {
			w.Errorf("the store has %d: %+v", there[i], p)
		}
		if *run.Proof[i].Expected != there[i] || run.Proof[i].Stored != there[i] {
			w.Errorf("the store has %d: %+v", there[i], run.Proof[i])
		}
	}
	w.equal()
}

func (w *world) pagesRead() (n int) {
	calls := w.shop.Stats().Operations
	return calls["productsPage"] + calls["customersPage"] + calls["ordersPage"]
}

// A process may end at every page, before it asks and after it was answered: the run goes on at its saved cursor in the
// next one, and at most one page is read again each time.
func TestStops(t *testing.T) {
	t.Parallel()
	for _, asked := range []bool{false, true} {
		t.Run(map[bool]string{false: "before the answer", true: "after the answer"}[asked], func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, s *store.Store) {
				w := newWorld(t, s, options{shop: simshop.Options{Orders: testkit.Size(200, 800)}, pageSize: 40})
				w.clock.pass(time.Minute)
				run := w.connect()
				needed := 0
				for _, n := range []int{len(w.shop.Products()), len(w.shop.Customers()), len(w.shop.Orders())} {
					needed += (n + 39) / 40
				}
				stops := 0
				for run.Active() {
					ctx, cancel := context.WithCancel(t.Context())
					mine := 0
					w.meet(func(_ context.Context, call string) error {
						if slices.Contains(pages, strings.TrimSuffix(call, " answered")) && strings.HasSuffix(call, "answered") == asked {
							if mine++; mine == 2 {
								stops++
								cancel()
							}
						}
						return nil
					})
					done := make(chan struct{})
					go func() { defer close(done); w.svc.Work(ctx) }()
					for alive := true; alive && run.Active(); {
						select {
						case <-done:
							alive = false
						case <-time.After(5 * time.Millisecond):
						}
						var err error
						if run, err = w.svc.Run(w.ctx, run.ID); err != nil {
							t.Fatal(err)
						}
					}
					cancel()
					<-done
				}
				w.exact(run)
				if read := w.pagesRead(); read > needed+stops || stops < needed-2 {
					t.Errorf("%d pages were read where %d are enough, with %d stops", read, needed, stops)
				}
			})
		})
	}
}

// A process may hang at every page until its run is taken by another one. When it comes to itself again, nothing of what it
// then writes stays.
func TestFence(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: testkit.Size(250, 800)}, pageSize: 20})
		w.clock.pass(time.Minute)
		run := w.connect()
		other := testkit.Open(t, testkit.URL(t, s))
		stores := []*store.Store{s, other}
		type process struct {
			stuck, free chan struct{}
			stop        func()
		}
		start := func(n int) *process {
			p := &process{stuck: make(chan struct{}), free: make(chan struct{})}
			var mu gosync.Mutex
			mine := 0
			o := options{pageSize: 20, before: func(_ context.Context, call string) error {
				mu.Lock()
				if slices.Contains(pages, call) {
					mine++
				}
				hang := mine == 2 && slices.Contains(pages, call)
				mu.Unlock()
				if hang {
					close(p.stuck)
					<-p.free
				}
				return nil
			}}
			p.stop = w.worker(w.service(stores[n%2], o))
			return p
		}
		state := func() (n [4]int) {
			n[0] = w.number("SELECT SUM(fetched) FROM sync_steps WHERE tenant_id = ?")
			n[1] = w.number("SELECT COUNT(*) FROM orders WHERE tenant_id = ?")
			n[2] = w.number("SELECT SUM(fence) FROM sync_runs WHERE tenant_id = ?")
			n[3] = w.number("SELECT COUNT(*) FROM sync_steps WHERE tenant_id = ? AND phase = 'READ'")
			return n
		}
		var late *process
		takeovers := 0
		for n := 0; run.Active(); n++ {
			p := start(n)
			hangs := false
			for !hangs && run.Active() {
				select {
				case <-p.stuck:
					hangs = true
				case <-time.After(5 * time.Millisecond):
				}
				var err error
				if run, err = w.svc.Run(w.ctx, run.ID); err != nil {
					t.Fatal(err)
				}
			}
			if late != nil {
				before := state()
				close(late.free)
				late.stop()
				if after := state(); after != before {
					t.Fatalf("the late process has changed %v to %v", before, after)
				}
				takeovers++
			}
			if late = p; hangs {
				w.clock.pass(time.Minute) // longer than a lease
			}
		}
		late.stop()
		w.exact(run)
		if takeovers < 5 {
			t.Errorf("the run was taken over %d times", takeovers)
		}
	})
}

// A store is given up while it makes the run wait, and nothing of it is written.
func TestCancelled(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 120}, pageSize: 20})
		w.clock.pass(time.Minute)
		first := w.connect()
		w.every(0)
		reached := make(chan struct{})
		n := 0
		w.meet(func(ctx context.Context, call string) error {
			if n++; call == "Orders" && n > 9 {
				select {
				case <-reached:
				default:
					close(reached)
				}
				<-ctx.Done()
				return context.Cause(ctx)
			}
			return nil
		})
		w.working()
		<-reached
		p, err := w.svc.Cancel(w.ctx, first.ID)
		if err != nil || len(p.UserErrors) > 0 || p.Run.Status != sync.Cancelled || p.Run.FinishedAt == nil || p.Run.Error.Code != "CANCELLED" {
			t.Fatalf("%+v %v", p, err)
		}
		for _, pr := range p.Run.Progress {
			if pr.Status != sync.Cancelled {
				t.Errorf("%+v", pr)
			}
		}
		there := w.number("SELECT COUNT(*) FROM products WHERE tenant_id = ? AND known = TRUE")
		if there == 0 {
			t.Errorf("what was written is gone: %+v\n%s", p.Run.Progress, w.log)
		}
		if p, err = w.svc.Cancel(w.ctx, first.ID); err != nil || len(p.UserErrors) != 1 || p.UserErrors[0].Code != "CONFLICT" {
			t.Errorf("%+v %v", p, err)
		}
		if p, err = w.svc.Cancel(w.ctx, 1); err != nil || len(p.UserErrors) != 1 || p.UserErrors[0].Code != "NOT_FOUND" {
			t.Errorf("%+v %v", p, err)
		}
		w.meet(nil)
		w.good(w.sync(sync.Incremental))
		w.equal()
		if run, err := w.svc.Run(w.ctx, first.ID); err != nil || run.Status != sync.Cancelled {
			t.Errorf("%+v %v", run, err)
		}
	})
}
