package sync_test

import (
	"context"
	gosync "sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/testkit"
)

// broken has the database refuse to insert into a table until the function that it returns is called, or the test ends.
func (w *world) broken(table string) (mend func()) {
	w.Helper()
	raise := "FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'broken'"
	if w.store.Dialect() == "sqlite3" {
		raise = "BEGIN SELECT RAISE(ABORT, 'broken'); END"
	}
	w.run("CREATE TRIGGER broken_" + table + " BEFORE INSERT ON " + table + " " + raise)
	var once gosync.Once
	mend = func() { once.Do(func() { w.run("DROP TRIGGER broken_" + table) }) }
	w.Cleanup(mend)
	return mend
}

// A turn is taken once, however many processes look, and is lost neither when making its run fails in the middle, nor when
// another run is active.
func TestTurns(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 5}})
		first := w.connect()
		if _, err := w.svc.Cancel(w.ctx, first.ID); err != nil {
			t.Fatal(err)
		}
		services := []*sync.Service{w.svc}
		for range 3 {
			services = append(services, w.another(options{}))
		}
		const scheduled = "SELECT COUNT(*) FROM sync_runs WHERE tenant_id = ? AND started_by = 'SCHEDULED'"
		look := func() {
			var all gosync.WaitGroup
			for _, svc := range services {
				all.Go(svc.Nudge)
			}
			all.Wait()
		}
		due := func() time.Time {
			t.Helper()
			at, err := w.svc.Current(w.ctx)
			if err != nil || at.NextSyncAt == nil {
				t.Fatalf("%+v %v", at, err)
			}
			return *at.NextSyncAt
		}
		for n := range 6 {
			look()
			if got := w.number(scheduled); got != n {
				t.Fatalf("%d runs, and %d turns have come", got, n)
			}
			w.clock.pass(17 * time.Minute)
			was := due()
			mend := w.broken("sync_steps")
			look()
			mend()
			if got := w.number(scheduled); got != n || !due().Equal(was) {
				t.Fatalf("half a turn is kept: %d runs instead of %d, due at %v instead of %v", got, n, due(), was)
			}
			look()
			if got := w.number(scheduled); got != n+1 {
				t.Fatalf("%d runs after %d turns", got, n+1)
			}
			// While that is active, the next turn only moves on.
			w.clock.pass(17 * time.Minute)
			look()
			if got := w.number(scheduled); got != n+1 || !due().After(w.clock.Now()) {
				t.Fatalf("%d runs after %d turns, the next due at %v", got, n+1, due())
			}
			run, err := w.svc.Latest(w.ctx)
			if err != nil || !run.Active() || len(run.Resources) != 3 {
				t.Fatalf("%+v %v", run, err)
			}
			if _, err := w.svc.Cancel(w.ctx, run.ID); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// While imports of others are under way in every slot for such, what has changed in a store comes in without delay; and a
// run that is asked for meanwhile is an import as long as there are kinds of records that were never read.
func TestLanes(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 30}, pageSize: 20})
		var large []*world
		for range 4 {
			large = append(large, w.neighbour(simshop.Options{Orders: 10}))
		}
		w.synced()
		var mu gosync.Mutex
		under := map[string]bool{}
		full, free := make(chan struct{}), make(chan struct{})
		var first []*sync.Run
		for _, n := range large {
			n.meet(func(ctx context.Context, _ string) error {
				mu.Lock()
				if under[n.domain] = true; len(under) == 2 {
					select {
					case <-full:
					default:
						close(full)
					}
				}
				mu.Unlock()
				select {
				case <-free:
				case <-ctx.Done():
				}
				return ctx.Err()
			})
			run := n.connect()
			n.every(0)
			if n == large[3] { // asked for as changes, with nothing there yet
				if _, err := n.svc.Cancel(n.ctx, run.ID); err != nil {
					t.Fatal(err)
				}
				p, err := n.svc.Start(n.ctx, sync.StartInput{Resources: []string{"PRODUCTS", "CUSTOMERS", "ORDERS"}, Mode: sync.Incremental})
				if err != nil || len(p.UserErrors) > 0 {
					t.Fatal(p, err)
				}
				run = p.Run
			}
			first = append(first, run)
		}
		<-full
		for range 3 {
			w.shop.Change(10)
			w.clock.pass(time.Second)
			w.good(w.sync(sync.Incremental))
			w.equal()
		}
		mu.Lock()
		if len(under) != 2 {
			t.Errorf("%d imports are under way at once", len(under))
		}
		mu.Unlock()
		for i, n := range large {
			if run, err := n.svc.Run(n.ctx, first[i].ID); err != nil || !run.Active() {
				t.Errorf("%+v %v", run, err)
			}
		}
		close(free)
		for i, n := range large {
			n.exact(n.ended(first[i].ID))
		}
	})
}

// natsServer is a NATS server with JetStream on a port of this machine, until the test ends.
func natsServer(t *testing.T) string {
	t.Helper()
	srv, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, JetStream: true, StoreDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	srv.Start()
	t.Cleanup(func() { srv.Shutdown(); srv.WaitForShutdown() })
	if !srv.ReadyForConnections(time.Minute) {
		t.Fatal("the server does not start")
	}
	return srv.ClientURL()
}

// Two processes on one database and one NATS server share the work, whoever was asked for it, and each run is done once.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		nats := natsServer(t)
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 10}, pageSize: 20, nats: nats})
		all := []*world{w}
		for range 7 {
			all = append(all, w.neighbour(simshop.Options{Orders: 10}))
		}
		// None goes on before both have a run.
		var mu gosync.Mutex
		at := map[int]bool{}
		both := make(chan struct{})
		var services []*sync.Service
		for n := range 2 {
			services = append(services, w.service(testkit.Open(t, testkit.URL(t, s)), options{pageSize: 20, nats: nats,
				before: func(ctx context.Context, _ string) error {
					mu.Lock()
					if !at[n] {
						if at[n] = true; len(at) == 2 {
							close(both)
						}
					}
					mu.Unlock()
					select {
					case <-both:
					case <-ctx.Done():
					}
					return ctx.Err()
				}}))
		}
		for _, svc := range services {
			w.worker(svc)
		}
		w.clock.pass(time.Minute)
		runs := map[*world]*sync.Run{}
		for _, n := range all {
			runs[n] = n.connect() // by a third process, which does not work
			n.every(0)
		}
		for _, n := range all {
			run := n.ended(runs[n].ID)
			n.exact(run)
			if run.Attempts != 1 {
				t.Errorf("%s was taken up %d times", n.domain, run.Attempts)
			}
		}
		if run, err := w.svc.Retry(w.ctx, runs[w].ID); err != nil || run.UserErrors[0].Code != fault.CodeConflict {
			t.Errorf("%+v %v", run, err)
		}
	})
}

// A store that lets nothing through for long holds no slot: nine of ten shops come in while the tenth waits, and says until
// when. In the end all are equal to their stores, and nothing counts as an attempt that failed.
func TestThrottledShops(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		const shops = 100
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 3, Seed: 1}, pageSize: 60})
		all := []*world{w}
		for n := range shops - 1 {
			all = append(all, w.neighbour(simshop.Options{Orders: testkit.Size(3, 30), Seed: int64(n + 2)}))
		}
		w.clock.pass(time.Minute)
		runs := map[*world]*sync.Run{}
		for i, n := range all {
			runs[n] = n.connect()
			n.every(0)
			if i%10 == 0 { // so the first that come are some of them
				n.shop.SetFaults(simshop.Faults{TooMany: 1, RetryAfter: "600"})
			}
		}
		w.working()
		for i, n := range all {
			if i%10 != 0 {
				n.exact(n.ended(runs[n].ID))
			}
		}
		for i, n := range all {
			if i%10 != 0 {
				continue
			}
			n.until("it waits, and says until when", func() bool {
				run, err := n.svc.Run(n.ctx, runs[n].ID)
				if err != nil || !run.Active() || run.Error != nil {
					t.Fatalf("%+v %v", run, err)
				}
				until := n.waitsUntil(run)
				return run.Status == sync.Queued && until != nil && until.After(w.clock.Now())
			})
		}
		// It is looked at again when the store has said, and no sooner: one question each time, however often that is.
		calls := w.shop.Stats().Calls
		for range 8 {
			w.svc.Nudge()
			w.clock.pass(11 * time.Minute)
			w.svc.Nudge()
			calls++
			w.until("it is asked again, and gives the slot back", func() bool {
				run, err := w.svc.Run(w.ctx, runs[w].ID)
				return err == nil && w.shop.Stats().Calls >= calls && run.Status == sync.Queued
			})
			if got := w.shop.Stats().Calls; got != calls {
				t.Fatalf("it was asked %d times instead of %d", got, calls)
			}
		}
		for i, n := range all {
			if i%10 == 0 {
				n.shop.SetFaults(simshop.Faults{})
			}
		}
		w.clock.pass(11 * time.Minute)
		w.svc.Nudge()
		for _, n := range all {
			n.exact(n.ended(runs[n].ID))
			if strikes := n.number("SELECT SUM(strikes) FROM sync_runs WHERE tenant_id = ?"); strikes != 0 {
				t.Errorf("%s has %d strikes", n.domain, strikes)
			}
		}
	})
}

// Stores that take long for their files hold no slot meanwhile: those that come after them come in.
func TestSlowExports(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		o := large(t, 200, 50)
		o.bulk.From = 200
		w := newWorld(t, s, o)
		all := []*world{w}
		for i := range 5 {
			all = append(all, w.neighbour(simshop.Options{Orders: []int{200, 30}[i/3], BulkRate: 1e6}))
		}
		w.clock.pass(time.Minute)
		w.clock.long = make(chan time.Time)
		runs := map[*world]*sync.Run{}
		slow := all[:4] // twice as many as there are slots
		for _, n := range slow {
			n.shop.SetFaults(simshop.Faults{Bulk: simshop.BulkFaults{Stuck: true}})
			runs[n] = n.connect()
			n.every(0)
		}
		w.working()
		for _, n := range slow {
			n.until("it waits for its file", func() bool {
				run, err := n.svc.Run(n.ctx, runs[n].ID)
				return err == nil && run.Status == sync.Running && n.shop.Stats().Operations["bulkByID"] >= 5
			})
		}
		for _, n := range all[4:] {
			runs[n] = n.connect()
			n.every(0)
			n.exact(n.ended(runs[n].ID))
		}
		for _, n := range slow {
			n.shop.SetFaults(simshop.Faults{})
		}
		close(w.clock.long)
		for _, n := range slow {
			run := n.ended(runs[n].ID)
			n.exact(run)
			if run.Attempts != 1 {
				t.Errorf("%s was taken up %d times", n.domain, run.Attempts)
			}
		}
	})
}

// until waits for something to be so.
func (w *world) until(what string, so func() bool) {
	w.Helper()
	for !so() {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-w.Context().Done():
			w.Fatal("waited in vain until " + what)
		}
	}
}

// A bucket that fills slowly makes a run wait for long before each page: it gives its slot back each time, and each time
// that it is taken up it gets at least one page further.
func TestSlowBucket(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 400, Bucket: simshop.Bucket{Max: 1000, Restore: 2}}, pageSize: 50})
		w.clock.pass(time.Hour)
		run := w.connect()
		w.every(0)
		w.working()
		waited := 0
		for {
			var err error
			if run, err = w.svc.Run(w.ctx, run.ID); err != nil {
				t.Fatal(err)
			}
			if !run.Active() {
				break
			}
			until := w.waitsUntil(run)
			if run.Status != sync.Queued || until == nil {
				time.Sleep(time.Millisecond)
				continue
			}
			waited++
			calls := w.shop.Stats()
			w.clock.reach(*until)
			w.svc.Nudge()
			w.until("it is given back again", func() bool {
				now, err := w.svc.Run(w.ctx, run.ID)
				if err != nil {
					t.Fatal(err)
				}
				return now.Attempts > run.Attempts && now.Status != sync.Running
			})
			if got := w.shop.Stats(); got.Calls-calls.Calls < 2 {
				t.Fatalf("%d calls got through", got.Calls-calls.Calls)
			}
		}
		w.exact(run)
		if read := w.pagesRead(); waited < 5 || read != w.pagesNeeded() || w.shop.Stats().Throttled != 0 {
			t.Errorf("given back %d times; %d pages were read where %d are enough; %d calls throttled", waited, read, w.pagesNeeded(), w.shop.Stats().Throttled)
		}
	})
}

// waitsUntil returns until when a run waits for its store.
func (w *world) waitsUntil(run *sync.Run) *time.Time {
	w.Helper()
	var until *time.Time
	for _, p := range run.Progress {
		if p.ThrottledUntil != nil && until != nil {
			w.Errorf("two kinds of records wait: %+v", run.Progress)
		} else if p.ThrottledUntil != nil {
			until = p.ThrottledUntil
		}
	}
	return until
}
