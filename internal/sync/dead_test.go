package sync_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	gosync "sync"
	"sync/atomic"
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

// deadLetters lists the ids of the tenant's dead letters.
func (w *world) deadLetters() (ids []int64) {
	w.Helper()
	for _, dead := range []bool{true, false} {
		p, err := w.svc.Runs(w.ctx, 100, nil, sync.RunFilter{DeadLetter: &dead})
		if err != nil {
			w.Fatal(err)
		}
		for _, r := range p.Runs {
			if r.DeadLetter != dead {
				w.Errorf("the list of %t has %+v", dead, r)
			} else if dead {
				ids = append(ids, r.ID)
			}
		}
		if n, err := w.svc.CountRuns(w.ctx, sync.RunFilter{DeadLetter: &dead}); err != nil || n != len(p.Runs) {
			w.Errorf("%d are counted, %d listed: %v", n, len(p.Runs), err)
		}
	}
	return ids
}

// dead fails the test unless a run, and no other, is a dead letter, for a reason.
func (w *world) dead(run *sync.Run, code, message string) {
	w.Helper()
	if run.Status != sync.Failed || !run.DeadLetter || run.FinishedAt == nil || run.Error == nil || run.Error.Code != code ||
		!strings.Contains(run.Error.Message, message) {
		w.Fatalf("%+v %+v\n%s", run, run.Error, w.log)
	}
	if ids := w.deadLetters(); len(ids) != 1 || ids[0] != run.ID {
		w.Errorf("dead letters: %v, not %d", ids, run.ID)
	}
}

// retried takes a run up again.
func (w *world) retried(id int64) *sync.Run {
	w.Helper()
	p, err := w.svc.Retry(w.ctx, id)
	if err != nil || len(p.UserErrors) > 0 || p.Run.ID != id || !p.Run.Active() || p.Run.DeadLetter || p.Run.FinishedAt != nil || p.Run.Error != nil {
		w.Fatalf("%+v %v", p, err)
	}
	return p.Run
}

// notRetried fails the test unless a retry is refused.
func (w *world) notRetried(ctx context.Context, id int64, code fault.UserErrorCode, message string) *sync.Run {
	w.Helper()
	p, err := w.svc.Retry(ctx, id)
	if err != nil || len(p.UserErrors) != 1 || p.UserErrors[0].Code != code || !strings.Contains(p.UserErrors[0].Message, message) {
		w.Fatalf("not refused with %s: %+v %v", code, p, err)
	}
	return p.Run
}

// pagesNeeded is how many pages a first run reads.
func (w *world) pagesNeeded() (n int) {
	for _, there := range []int{len(w.shop.Products()), len(w.shop.Customers()), len(w.shop.Orders())} {
		n += (there + w.opt.pageSize - 1) / w.opt.pageSize
	}
	return n
}

// A record that always makes the work panic makes a dead letter after some attempts, while others go on. Once the fault is
// gone, the same run is retried, and reads no page again that was in.
func TestPoison(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 100}, pageSize: 20})
		n := w.neighbour(simshop.Options{Orders: 20})
		w.clock.pass(time.Minute)
		run := w.connect()
		w.every(0)
		pages := 0
		w.meet(func(_ context.Context, call string) error {
			if call == "Orders" {
				if pages++; pages >= 3 {
					panic("a bug")
				}
			}
			return nil
		})
		w.working()
		run = w.ended(run.ID)
		w.dead(run, "INTERNAL", "on our side")
		if run.Attempts != 7 { // the first got on, and six in a row did not
			t.Errorf("%d attempts", run.Attempts)
		}
		there := w.number("SELECT COUNT(*) FROM orders WHERE tenant_id = ?")
		if there != 40 {
			t.Errorf("%d orders of two pages are in", there)
		}
		other := n.connect()
		n.every(0)
		n.exact(n.ended(other.ID))
		if ids := n.deadLetters(); len(ids) != 0 {
			t.Errorf("the neighbour has dead letters: %v", ids)
		}

		w.meet(nil)
		w.retried(run.ID)
		again := w.ended(run.ID)
		w.exact(again)
		if again.DeadLetter || again.Attempts != 8 || len(w.deadLetters()) != 0 {
			t.Errorf("%+v", again)
		}
		if read, needed := w.pagesRead(), w.pagesNeeded(); read != needed {
			t.Errorf("%d pages were read where %d are enough", read, needed)
		}
		w.notRetried(w.ctx, run.ID, fault.CodeConflict, "brought everything")
	})
}

// A run whose worker is killed each time, before it gets on and without a word, is not taken up for ever.
func TestKiller(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 30}, pageSize: 20})
		w.clock.pass(time.Minute)
		run := w.connect()
		w.every(0)
		free := make(chan struct{})
		var stops []func()
		for n := range 6 {
			stuck := make(chan struct{})
			var once gosync.Once
			stops = append(stops, w.worker(w.service(s, options{pageSize: 20, before: func(context.Context, string) error {
				once.Do(func() { close(stuck) })
				<-free
				return errors.New("the process has come to life again")
			}})))
			<-stuck
			if now, err := w.svc.Run(w.ctx, run.ID); err != nil || now.Status != sync.Running || now.Attempts != n+1 || now.DeadLetter {
				t.Fatalf("%+v %v", now, err)
			}
			w.clock.pass(time.Minute) // longer than a lease
		}
		stop := w.working()
		run = w.ended(run.ID)
		w.dead(run, "INTERNAL", "cut off 6 times")
		if run.Attempts != 6 || run.Error.Retryable || w.shop.Stats().Operations["productsPage"] != 0 {
			t.Errorf("%+v %+v", run, run.Error)
		}
		close(free)
		for _, stop := range stops {
			stop()
		}
		if now, err := w.svc.Run(w.ctx, run.ID); err != nil || !now.DeadLetter || now.Status != sync.Failed {
			t.Errorf("a late process has changed it: %+v %v", now, err)
		}
		stop()
		// It may be stopped in good order as often as anybody likes.
		w.retried(run.ID)
		for range 8 {
			ctx, cancel := context.WithCancel(t.Context())
			w.meet(func(context.Context, string) error { cancel(); return ctx.Err() })
			w.svc.Work(ctx)
		}
		w.meet(nil)
		w.working()
		w.exact(w.ended(run.ID))
	})
}

// Runs that died together before they got on are taken up again one at a time, so that the one that kills the process does
// not take the others with it; those without strikes go on beside them.
func TestSuspects(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 10}, pageSize: 20})
		w.clock.pass(time.Minute)
		run := w.connect()
		w.every(0)
		stop := w.working()
		w.good(w.ended(run.ID))
		stop()
		var first []*sync.Run
		two := []*world{w.neighbour(simshop.Options{Orders: 10}), w.neighbour(simshop.Options{Orders: 10})}
		taken, goOn := make(chan *world, 2), make(chan struct{})
		for _, n := range two {
			var once gosync.Once
			n.meet(func(context.Context, string) error {
				once.Do(func() { taken <- n; <-goOn })
				return nil
			})
			run := n.connect()
			n.run("UPDATE sync_runs SET strikes = 2, attempts = 2 WHERE id = ?", run.ID)
			first = append(first, run)
		}
		w.working()
		one := <-taken
		other := two[0]
		if one == other {
			other = two[1]
		}
		for range 5 {
			w.svc.Nudge()
			w.good(w.sync(sync.Incremental))
		}
		if n := other.number("SELECT SUM(attempts) FROM sync_runs WHERE tenant_id = ?"); n != 2 {
			t.Errorf("the other one was taken up too: %d times", n)
		}
		goOn <- struct{}{}
		for next := false; !next; {
			w.svc.Nudge()
			select {
			case <-taken:
				next = true
			case <-time.After(20 * time.Millisecond):
			}
		}
		goOn <- struct{}{}
		for i, n := range two {
			n.exact(n.ended(first[i].ID))
		}
	})
}

// A dead letter is one until what it lacks has come, or there is nothing left to go on with. Then it is not to be retried.
func TestDeadLetterEnds(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 60}, pageSize: 20})
		w.synced()
		good, err := w.svc.Latest(w.ctx)
		if err != nil {
			t.Fatal(err)
		}
		all := []string{"PRODUCTS", "CUSTOMERS", "ORDERS"}
		start := func(resources ...string) *sync.Run {
			t.Helper()
			p, err := w.svc.Start(w.ctx, sync.StartInput{Resources: resources, Mode: sync.Incremental})
			if err != nil || len(p.UserErrors) > 0 {
				t.Fatal(p, err)
			}
			return w.ended(p.Run.ID)
		}
		// fail makes a run that lacks orders, and has the rest, after it has read one page of them.
		fail := func() *sync.Run {
			t.Helper()
			w.shop.Change(10)
			if err := w.shop.Touch(simshop.KindOrder); err != nil {
				t.Fatal(err)
			}
			w.clock.pass(time.Minute)
			pages := 0
			w.meet(func(_ context.Context, call string) error {
				if call == "Orders" {
					if pages++; pages == 2 {
						w.shop.SetFaults(simshop.Faults{Warning: true})
					}
				}
				return nil
			})
			run := start("CUSTOMERS", "ORDERS")
			w.meet(nil)
			w.shop.SetFaults(simshop.Faults{})
			w.dead(run, "INCOMPLETE", "did not understand")
			return run
		}
		is := func(run *sync.Run, dead bool) {
			t.Helper()
			if now, err := w.svc.Run(w.ctx, run.ID); err != nil || now.DeadLetter != dead || now.Status != run.Status {
				t.Errorf("dead is to be %t: %+v %v", dead, now, err)
			}
		}

		run := fail()
		w.good(start("PRODUCTS"))
		is(run, true)
		w.good(start("ORDERS")) // and not customers
		is(run, true)
		w.good(start(all...))
		is(run, false)
		w.notRetried(w.ctx, run.ID, fault.CodeConflict, "start a new one")
		w.equal()

		w.notRetried(w.ctx, good.ID, fault.CodeConflict, "brought everything")
		w.notRetried(w.ctx, 1, fault.CodeNotFound, "no such run")

		// Another run is active: that is returned.
		run = fail()
		stranger := testkit.Tenant(t, s, "USD", "UTC")
		w.notRetried(stranger, run.ID, fault.CodeNotFound, "no such run")
		reached, goOn := make(chan struct{}), make(chan struct{})
		var once gosync.Once
		w.meet(func(context.Context, string) error { once.Do(func() { close(reached) }); <-goOn; return nil })
		p, err := w.svc.Start(w.ctx, sync.StartInput{Resources: all, Mode: sync.Incremental})
		if err != nil {
			t.Fatal(err)
		}
		<-reached
		if active := w.notRetried(w.ctx, run.ID, fault.CodeAlreadyRunning, ""); active.ID != p.Run.ID {
			t.Errorf("%d is returned, and %d runs", active.ID, p.Run.ID)
		}
		if active := w.notRetried(w.ctx, p.Run.ID, fault.CodeAlreadyRunning, ""); active.ID != p.Run.ID {
			t.Errorf("%d is returned, and %d runs", active.ID, p.Run.ID)
		}
		if _, err := w.svc.Cancel(w.ctx, p.Run.ID); err != nil {
			t.Fatal(err)
		}
		close(goOn)
		w.meet(nil)
		w.notRetried(w.ctx, p.Run.ID, fault.CodeConflict, "was cancelled")
		is(run, true)
		// Of several at once, one takes it up.
		other := w.another(options{})
		var everybody gosync.WaitGroup
		var mu gosync.Mutex
		taken := 0
		for n := range 8 {
			everybody.Go(func() {
				p, err := []*sync.Service{w.svc, other}[n%2].Retry(w.ctx, run.ID)
				if err != nil || p.Run == nil || p.Run.ID != run.ID {
					t.Errorf("%+v %v", p, err)
				} else if len(p.UserErrors) == 0 {
					mu.Lock()
					taken++
					mu.Unlock()
				} else if c := p.UserErrors[0].Code; c != fault.CodeAlreadyRunning && c != fault.CodeConflict {
					t.Errorf("%+v", p.UserErrors)
				}
			})
		}
		everybody.Wait()
		if taken != 1 {
			t.Errorf("it was taken up %d times", taken)
		}
		w.good(w.ended(run.ID))
		w.good(start(all...))
		w.equal()

		// The store refuses the token: it is connected again first, and then everything comes.
		run = fail()
		w.shop.SetToken("shpat_another")
		last := start(all...)
		if last.Error == nil || last.Error.Code != "UNAUTHORIZED" || !last.DeadLetter {
			t.Fatalf("%+v %+v", last, last.Error)
		}
		w.notRetried(w.ctx, last.ID, fault.CodeConflict, "connect it again")
		w.notRetried(w.ctx, run.ID, fault.CodeConflict, "connect it again")
		w.good(w.ended(w.connect().ID))
		w.every(0)
		is(run, false)
		is(last, false)
		w.equal()

		// What a run had brought is cleared: it is not gone on with.
		run = fail()
		gone, problems, err := ingest.New(s, w.clock.Now).Clear(w.ctx, ingest.ClearAllDataInput{
			ConfirmSlug: fmt.Sprintf("store-%d", viewer.FromContext(w.ctx).TenantID), Forget: w.svc.Forget})
		if err != nil || len(problems) > 0 || gone.Orders == 0 {
			t.Fatal(gone, problems, err)
		}
		is(run, false)
		w.notRetried(w.ctx, run.ID, fault.CodeConflict, "was cleared")
		w.good(start(all...))
		w.equal()

		// The store is given up: nothing is to be retried, until it is there again.
		run = fail()
		if _, err := w.svc.Disconnect(w.ctx, false); err != nil {
			t.Fatal(err)
		}
		is(run, true)
		w.notRetried(w.ctx, run.ID, fault.CodeNotFound, "no store")
		reached, goOn = make(chan struct{}), make(chan struct{})
		once = gosync.Once{}
		w.meet(func(context.Context, string) error { once.Do(func() { close(reached) }); <-goOn; return nil })
		back := w.connect()
		w.every(0)
		<-reached
		if _, err := w.svc.Cancel(w.ctx, back.ID); err != nil {
			t.Fatal(err)
		}
		close(goOn)
		held := make(chan struct{})
		w.meet(func(context.Context, string) error { <-held; return nil })
		w.retried(run.ID)
		// What is active comes first, although another was asked for later.
		if at, err := w.svc.Latest(w.ctx); err != nil || at.ID != run.ID {
			t.Errorf("%+v %v", at, err)
		}
		close(held)
		w.good(w.ended(run.ID))
		w.meet(nil)
		w.good(start(all...))
		w.equal()
	})
}

// Who watches a run hears that it is running before the store is asked anything for it: what comes of the question may take
// long, and until then only this tells that the run no longer waits for its turn.
func TestTakenIsTold(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 60}, pageSize: 20})
		w.clock.pass(time.Minute)
		pages := 0
		w.meet(func(_ context.Context, call string) error {
			if call == "Orders" {
				if pages++; pages == 2 {
					w.shop.SetFaults(simshop.Faults{Warning: true})
				}
			}
			return nil
		})
		run := w.connect()
		w.working()
		w.dead(w.ended(run.ID), "INCOMPLETE", "did not understand")
		w.shop.SetFaults(simshop.Faults{})
		var running atomic.Bool
		w.hear(func(id int64) {
			// The last telling may come when the test is over.
			if now, err := w.svc.Run(w.ctx, id); err == nil && now.Status == sync.Running {
				running.Store(true)
			}
		})
		before := make(chan bool, 1)
		w.meet(func(context.Context, string) error {
			select {
			case before <- running.Load():
			default:
			}
			return nil
		})
		w.retried(run.ID)
		if !<-before {
			t.Error("the store was asked, and nobody had been told that the run is running")
		}
		w.good(w.ended(run.ID))
	})
}

// A run of one store is never gone on with in another that has taken its place.
func TestDeadLetterOfAnotherStore(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 20}, pageSize: 20})
		w.clock.pass(time.Minute)
		w.meet(func(_ context.Context, call string) error {
			w.shop.SetScopes("read_products", "read_customers") // before anything is in
			return nil
		})
		first := w.connect()
		w.working()
		run := w.ended(first.ID)
		w.dead(run, "SCOPE_MISSING", "")
		if _, err := w.svc.Disconnect(w.ctx, false); err != nil {
			t.Fatal(err)
		}
		other := simshop.New(simshop.Options{Domain: "coffee.myshopify.com", Seed: 1, Orders: 20, Now: w.clock.Now,
			Token: w.shop.Token(), Bucket: simshop.Bucket{Max: 1e6, Restore: 1e6}})
		w.mu.Lock()
		w.shop, w.before = other, nil
		w.mu.Unlock()
		p, err := w.svc.Connect(w.ctx, input("coffee.myshopify.com", w.shop.Token()))
		if err != nil || len(p.UserErrors) > 0 {
			t.Fatal(p, err)
		}
		if ids := w.deadLetters(); len(ids) != 0 {
			t.Errorf("dead letters of the store before: %v", ids)
		}
		w.exact(w.ended(p.FirstSync.ID))
		w.notRetried(w.ctx, run.ID, fault.CodeConflict, "start a new one")
	})
}

// A proof that never comes out right is not sought for ever, however much is compared for it, and a retry begins it anew.
func TestHopelessProof(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 30}, pageSize: 20})
		w.clock.pass(time.Minute)
		// The store counts an order, and lists it, that nobody finds.
		orders := w.shop.Orders()
		last := fmt.Sprintf(`{"id":"gid://shopify/Order/%d"}`, orders[len(orders)-1].ID)
		ghost := fmt.Sprintf(`{"id":"gid://shopify/Order/%d"}`, orders[len(orders)-1].ID+1)
		w.damage(func(operation string, body []byte) []byte {
			text := string(body)
			switch operation {
			case "ordersCount":
				text = strings.ReplaceAll(text, `"count":30`, `"count":31`)
			case "orderIDs":
				if strings.Count(text, "gid:") == 1 { // the greatest
					text = strings.ReplaceAll(text, last, ghost)
				} else {
					text = strings.ReplaceAll(text, last, last+","+ghost)
				}
			}
			return []byte(text)
		})
		run := w.connect()
		w.every(0)
		w.working()
		run = w.ended(run.ID)
		if run.Status != sync.PartiallySucceeded || !run.DeadLetter || run.Error.Code != "INCOMPLETE" || run.Attempts != 6 {
			t.Fatalf("%+v %+v\n%s", run, run.Error, w.log)
		}
		lists := w.shop.Stats().Operations["orderIDs"]
		if lists < 8 { // four rounds, then one with each attempt; and one question for the greatest number
			t.Errorf("orders were listed %d times", lists)
		}
		w.damage(nil)
		w.retried(run.ID)
		w.good(w.ended(run.ID))
		w.equal()
	})
}
