package sync_test

import (
	"context"
	"math/rand/v2"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"entgo.io/ent/dialect"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/testkit"
)

// The database goes away in the middle of whatever is being written, again and again, and comes back: the run goes on where
// it stood, without waiting for its lease, and nothing is lost or there twice. A server is cut off after some bytes; SQLite
// refuses a row in the middle of a page.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: testkit.Size(120, 2000)}, pageSize: 20})
		chance := rand.New(rand.NewPCG(testkit.Seed(t), 0))
		direct := w.svc
		cut := func(call string) (away func() bool, mend func()) {
			mend = w.broken(map[string]string{"Products": "products", "Customers": "customers", "Orders": "order_items"}[call])
			return func() bool { return true }, mend
		}
		mine := s
		if s.Dialect() == dialect.MySQL {
			proxied, proxy := testkit.Proxied(t, s)
			mine = proxied
			cut = func(string) (func() bool, func()) {
				proxy.CutAfter(chance.IntN(30_000))
				return proxy.Away, proxy.Mend
			}
		}
		svc := w.service(mine, w.opt)
		w.svc = svc
		w.clock.pass(time.Minute)
		run := w.connect()
		id := run.ID
		w.every(0)
		failures := func() int { return strings.Count(w.log.String(), "a run failed") }
		cuts, pages := 0, 0
		var mu gosync.Mutex
		var mending gosync.WaitGroup
		under := false
		w.meet(func(_ context.Context, call string) error {
			mu.Lock()
			defer mu.Unlock()
			call, answered := strings.CutSuffix(call, " answered")
			if !answered {
				return nil
			}
			if pages++; pages%2 == 0 || under {
				return nil
			}
			under = true
			before := failures()
			away, mend := cut(call)
			mending.Go(func() {
				// It stays away until the work has failed by it, but for a commit of which only the answer is lost.
				for since := (time.Time{}); failures() == before; time.Sleep(time.Millisecond) {
					if away() && since.IsZero() {
						since = time.Now()
					} else if !since.IsZero() && time.Since(since) > 3*time.Second {
						break
					}
					if run, err := direct.Run(w.ctx, id); err != nil || !run.Active() {
						break // it ended before the cut came
					}
				}
				mend()
				mu.Lock()
				defer mu.Unlock()
				cuts++
				under = false
			})
			return nil
		})
		w.worker(svc)
		for {
			now, err := direct.Run(w.ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			if run = now; !run.Active() {
				break
			}
			mu.Lock()
			back := !under
			mu.Unlock()
			if back && run.Status == sync.Queued && run.Error != nil {
				w.clock.pass(10 * time.Second) // less than a lease
				svc.Nudge()
			}
			time.Sleep(5 * time.Millisecond)
		}
		mending.Wait()
		w.meet(nil)
		w.exact(run)
		if cuts < 5 || run.Attempts > cuts+1 {
			t.Errorf("it was taken up %d times, and the database was away %d times", run.Attempts, cuts)
		}
		if read := w.pagesRead(); read > w.pagesNeeded()+cuts {
			t.Errorf("%d pages were read where %d are enough", read, w.pagesNeeded())
		}
		t.Logf("away %d times, taken up %d times", cuts, run.Attempts)
	})
}
