package sync_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	gosync "sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

// large returns options of a world whose store is read by operations, in chunks of so many records.
func large(t *testing.T, orders, chunk int) options {
	return options{shop: simshop.Options{Orders: orders, BulkRate: 1e6}, pageSize: 40,
		bulk: sync.Bulk{Dir: filepath.Join(t.TempDir(), "exports"), From: 1, Chunk: chunk}}
}

// exports counts the operations that were begun.
func (w *world) exports() int { return w.shop.Stats().Operations["bulkRun"] }

// leftovers are the files in the folder of exports.
func (w *world) leftovers() (names []string) {
	w.Helper()
	entries, err := os.ReadDir(w.opt.bulk.Dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		w.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// client is another client of the store.
func (w *world) client() *shopify.Client {
	return shopify.New(shopify.Options{Transport: w.shop, Now: w.clock.Now, After: w.clock.After}).Client(domain, shopify.Static(w.shop.Token()))
}

// contents returns all that a tenant's tables hold, without the numbers that we gave out.
func (w *world) contents() (all []string) {
	w.Helper()
	db := testkit.DB(w, w.store)
	for _, table := range []string{"products", "customers", "orders", "order_items", "refunds", "refund_lines", "adjustments",
		"ledger_entries", "daily_sales", "customer_days", "customer_gaps"} {
		real := ""
		if table == "customer_gaps" { // where nobody is left, a row may stay
			real = " AND customers <> 0"
		}
		rows, err := db.Query("SELECT * FROM "+table+" WHERE tenant_id = ?"+real, viewer.FromContext(w.ctx).TenantID)
		if err != nil {
			w.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			w.Fatal(err)
		}
		for rows.Next() {
			values, to := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				to[i] = &values[i]
			}
			if err := rows.Scan(to...); err != nil {
				w.Fatal(err)
			}
			line := table
			for i, name := range columns {
				if name == "id" || strings.HasSuffix(name, "_id") && !strings.HasSuffix(name, "shopify_id") {
					continue
				}
				if b, ok := values[i].([]byte); ok {
					values[i] = string(b)
				}
				line += fmt.Sprintf(" %s=%v", name, values[i])
			}
			all = append(all, line)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			w.Fatal(err)
		}
	}
	slices.Sort(all)
	return all
}

// A large store is read from exports, and comes to the same rows as by pages, whatever becomes of the calls.
func TestBackfillEqualsPages(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string]simshop.Faults{
		"calm":      {},
		"stormy":    {Throttled: 0.3, TooMany: 0.1, ServerError: 0.02, Truncated: 0.03, Malformed: 0.01, Internal: 0.01},
		"cut lists": {Bulk: simshop.BulkFaults{Nested: 100}},
		"in pieces": {Bulk: simshop.BulkFaults{Chunk: 40_009}},
	} {
		for range testkit.Size(1, 10) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				testkit.Each(t, func(t *testing.T, s *store.Store) {
					o := large(t, testkit.Size(300, 3000), 70)
					o.shop.Seed = rand.Int64()
					paged := o
					paged.bulk = sync.Bulk{}
					var worlds []*world
					for _, o := range []options{o, paged} {
						w := newWorld(t, s, o)
						w.shop.Change(100)
						var lines []simshop.LineInput
						for i := range 130 {
							lines = append(lines, simshop.LineInput{Title: fmt.Sprint("Tea ", i), Price: 995, Quantity: 2, Tax: 100})
						}
						w.shop.CreateOrder(simshop.OrderInput{Lines: lines, Shipping: 490})
						w.clock.pass(time.Hour)
						w.shop.SetFaults(faults)
						first := w.connect()
						stop := w.working()
						run := w.ended(first.ID)
						w.shop.SetFaults(simshop.Faults{})
						w.exact(run)
						stop()
						worlds = append(worlds, w)
						w.every(0)
						if p, err := w.svc.Disconnect(w.ctx, false); err != nil || len(p.UserErrors) > 0 {
							t.Fatal(p, err) // the other world has the same domain
						}
					}
					w := worlds[0]
					if w.pagesRead() != 0 || w.exports() < 3 || worlds[1].exports() != 0 {
						t.Errorf("%d pages were read and %d operations begun\n%s", w.pagesRead(), w.exports(), w.log)
					}
					if left := w.leftovers(); len(left) > 0 {
						t.Errorf("left behind: %v", left)
					}
					if a, b := w.contents(), worlds[1].contents(); !slices.Equal(a, b) {
						t.Errorf("%d rows differ from %d", len(a), len(b))
						for i := range a {
							if a[i] != b[i] {
								t.Fatalf("\n%s\n%s", a[i], b[i])
							}
						}
					}
					// No sweep was needed to prove it. In a storm the question for the greatest number may be asked again.
					if n := w.shop.Stats().Operations["orderIDs"]; n > 1 && name != "stormy" {
						t.Errorf("ids were listed %d times", n)
					}
				})
			})
		}
	}
}

// Where exports do not lead there, another one or pages do, and no cursor moves before all is in.
func TestBackfillFallsBack(t *testing.T) {
	t.Parallel()
	type setting struct {
		name string
		// wrong makes something go wrong; the function that it returns is called before each question.
		wrong func(w *world) func(call string)
		// pages tells whether pages bring the records in the end, after so many operations.
		pages      bool
		operations int
		log        string
	}
	bulk := func(f simshop.BulkFaults) func(*world) func(string) {
		return func(w *world) func(string) { w.shop.SetFaults(simshop.Faults{Bulk: f}); return nil }
	}
	once := func(f simshop.BulkFaults) func(*world) func(string) {
		return func(w *world) func(string) {
			w.shop.SetFaults(simshop.Faults{Bulk: f})
			n := 0
			return func(call string) {
				if call == "StartBulk" {
					if n++; n > 3 {
						w.shop.SetFaults(simshop.Faults{})
					}
				}
			}
		}
	}
	for _, c := range []setting{
		{"failed", bulk(simshop.BulkFaults{Fail: "INTERNAL_SERVER_ERROR"}), true, 6, "INTERNAL_SERVER_ERROR"},
		{"timeout with partial data", bulk(simshop.BulkFaults{Fail: "TIMEOUT", After: 20}), true, 6, "TIMEOUT"},
		{"timeout once", once(simshop.BulkFaults{Fail: "TIMEOUT", After: 20}), false, 6, "TIMEOUT"},
		{"denied", bulk(simshop.BulkFaults{Fail: "ACCESS_DENIED", After: 5}), true, 3, "ACCESS_DENIED"},
		{"wrong counts", bulk(simshop.BulkFaults{Missing: 3}), true, 6, "lines, and says"},
		{"wrong counts once", once(simshop.BulkFaults{Missing: 3}), false, 6, "lines, and says"},
		{"records left out in silence", bulk(simshop.BulkFaults{Omitted: 3}), true, 6, "of at least"},
		{"records left out once", once(simshop.BulkFaults{Omitted: 3}), false, 6, "of at least"},
		{"expired", bulk(simshop.BulkFaults{Expired: true}), true, 6, "status 400"},
		{"stuck", bulk(simshop.BulkFaults{Stuck: true}), true, 6, "does not get on"},
		{"canceled by somebody", func(w *world) func(string) {
			c := w.client()
			return func(call string) {
				if call != "Bulk" {
					return
				}
				for id := int64(8_001_977_286_962); ; id++ {
					op, err := c.Bulk(w.ctx, id)
					if err != nil {
						return
					}
					if op.Live() {
						_ = c.CancelBulk(w.ctx, id)
					}
				}
			}
		}, true, 6, "CANCELED"},
		{"no slot", func(w *world) func(string) {
			w.shop.SetFaults(simshop.Faults{Bulk: simshop.BulkFaults{Stuck: true}})
			for day := range 5 { // others' operations, of which none ends
				if _, err := w.client().StartBulk(w.ctx, shopify.Orders, shopify.Window{From: w.clock.Now().AddDate(0, 0, -day)}); err != nil {
					w.Fatal(err)
				}
			}
			w.shop.SetFaults(simshop.Faults{})
			return nil
		}, true, 5, "all slots"},
		{"a folder that is a file", func(w *world) func(string) {
			if err := os.WriteFile(w.opt.bulk.Dir, nil, 0o600); err != nil {
				w.Fatal(err)
			}
			w.Cleanup(func() { _ = os.Remove(w.opt.bulk.Dir) })
			return nil
		}, true, 3, "not a directory"},
		{"a file that is damaged", func(w *world) func(string) {
			return func(call string) {
				if call != "DownloadBulk answered" {
					return
				}
				for _, name := range w.leftovers() {
					path := filepath.Join(w.opt.bulk.Dir, name)
					text, err := os.ReadFile(path)
					if err != nil {
						w.Error(err)
						continue
					}
					text[len(text)/2] = 0
					if err := os.WriteFile(path, text, 0o600); err != nil {
						w.Error(err)
					}
				}
			}
		}, true, 3, "garbled"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			testkit.Each(t, func(t *testing.T, s *store.Store) {
				w := newWorld(t, s, large(t, 150, 20))
				w.clock.pass(time.Hour)
				act := c.wrong(w)
				kinds := map[string]bool{}
				w.meet(func(_ context.Context, call string) error {
					if act != nil {
						act(call)
					}
					// As long as a kind is not read whole, nothing is known of it.
					for _, name := range pages {
						at, moved := w.cursors()[strings.ToUpper(name)]
						if call == name && !kinds[call] && moved {
							t.Errorf("before the first page of %s its cursor is at %s", name, at)
						}
						if call == name {
							kinds[call] = true
						}
					}
					return nil
				})
				first := w.connect()
				w.every(0)
				w.working()
				run := w.ended(first.ID)
				w.shop.SetFaults(simshop.Faults{})
				w.meet(nil)
				w.good(run)
				w.equal()
				if n := w.exports(); n < c.operations || n > c.operations+3 && c.name != "no slot" {
					t.Errorf("%d operations were begun", n)
				}
				if got := w.pagesRead() > 0; got != c.pages {
					t.Errorf("%d pages were read\n%s", w.pagesRead(), w.log)
				}
				if !strings.Contains(w.log.String(), c.log) {
					t.Errorf("the log does not say %q:\n%s", c.log, w.log)
				}
				if c.name != "a folder that is a file" && len(w.leftovers()) > 0 {
					t.Errorf("left behind: %v", w.leftovers())
				}
				// What changes afterwards comes.
				w.shop.Change(20)
				w.clock.pass(time.Hour)
				w.good(w.sync(sync.Incremental))
				w.equal()
			})
		})
	}
}

// Fields that a store keeps to itself fail its exports. Pages go without.
func TestBackfillWithoutProtectedFields(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, large(t, 60, 20))
		w.shop.SetFaults(simshop.Faults{Denied: simshop.Protected()})
		w.synced()
		if n := w.number("SELECT COUNT(*) FROM customers WHERE tenant_id = ? AND known = TRUE"); n != len(w.shop.Customers()) {
			t.Errorf("%d customers", n)
		}
		if w.exports() != 3 {
			t.Errorf("%d operations were begun", w.exports())
		}
		w.shop.SetFaults(simshop.Faults{})
		w.good(w.sync(sync.Full))
		w.equal()
	})
}

// A process may end at any point of an export: the run goes on where it stood, no operation is begun twice, and at most one
// chunk is read again each time.
func TestBackfillStops(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		const chunk = 25
		w := newWorld(t, s, large(t, testkit.Size(200, 1500), chunk))
		w.clock.pass(time.Hour)
		w.shop.SetFaults(simshop.Faults{Bulk: simshop.BulkFaults{Chunk: 30_011}})
		run := w.connect()
		there := len(w.shop.Products()) + len(w.shop.Customers()) + len(w.shop.Orders())
		points := map[string]int{}
		stops, read := 0, 0
		for run.Active() && stops <= 300 {
			ctx, cancel := context.WithCancel(t.Context())
			left := 1 + rand.IntN(3*chunk)
			if stops < 8 {
				left = 1 + stops/2 // the first points are met one by one
			}
			var mu gosync.Mutex
			stopped := false
			w.meet(func(_ context.Context, call string) error {
				mu.Lock()
				defer mu.Unlock()
				if call == "Exported" {
					read++
				}
				if call != "Bulk" || rand.IntN(30) == 0 { // an operation is looked at again and again
					left--
				}
				if left == 0 && !stopped {
					stopped = true
					stops++
					points[call]++
					cancel()
				}
				return nil
			})
			done := make(chan struct{})
			go func() { defer close(done); w.svc.Work(ctx) }()
			for alive := true; alive && run.Active(); {
				select {
				case <-done:
					alive = false
				case <-time.After(2 * time.Millisecond):
				}
				var err error
				if run, err = w.svc.Run(w.ctx, run.ID); err != nil {
					t.Fatal(err)
				}
			}
			cancel()
			<-done
		}
		if stops > 300 {
			t.Fatal("the run does not get on")
		}
		w.exact(run)
		if n := w.exports(); n != 3 || w.pagesRead() != 0 {
			t.Errorf("%d operations were begun, %d pages read\n%s", n, w.pagesRead(), w.log)
		}
		if most := there + stops*chunk; read > most {
			t.Errorf("%d records were read of %d, with %d stops", read, there, stops)
		}
		if left := w.leftovers(); len(left) > 0 || stops < 8 || len(points) < 4 {
			t.Errorf("left behind: %v, after stops at %v", left, points)
		}
		t.Logf("%d stops, at %v; %d records read of %d", stops, points, read, there)
	})
}

// A process may hang at any point of an export until its run is taken by another one. When it comes to itself again,
// nothing of what it then does is kept.
func TestBackfillFence(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, large(t, testkit.Size(200, 1500), 20))
		w.clock.pass(time.Hour)
		run := w.connect()
		stores := []*store.Store{s, testkit.Open(t, testkit.URL(t, s))}
		type process struct {
			stuck, free chan struct{}
			stop        func()
		}
		var unknown atomic.Int32
		start := func(n int) *process {
			p := &process{stuck: make(chan struct{}), free: make(chan struct{})}
			var mu gosync.Mutex
			left := 1 + rand.IntN(90)
			o := w.opt
			o.before = func(_ context.Context, call string) error {
				mu.Lock()
				if call != "Bulk" || rand.IntN(30) == 0 {
					left--
				}
				hang := left == 0
				if hang {
					left = -1
					if strings.HasPrefix(call, "StartBulk") {
						unknown.Add(1)
					}
				}
				mu.Unlock()
				if hang {
					close(p.stuck)
					<-p.free
				}
				return nil
			}
			p.stop = w.worker(w.service(stores[n%2], o))
			return p
		}
		state := func() (n [4]int) {
			n[0] = w.number("SELECT SUM(fetched) FROM sync_steps WHERE tenant_id = ?")
			n[1] = w.number("SELECT COUNT(*) FROM orders WHERE tenant_id = ?")
			n[2] = w.number("SELECT SUM(fence) FROM sync_runs WHERE tenant_id = ?")
			n[3] = w.number("SELECT SUM(bulk_place) FROM sync_steps WHERE tenant_id = ?")
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
				before, files := state(), w.leftovers()
				close(late.free)
				late.stop()
				if after := state(); after != before {
					t.Fatalf("the late process has changed %v to %v", before, after)
				}
				for _, name := range files {
					if strings.Contains(name, fmt.Sprintf("-%d.jsonl", before[2])) && !slices.Contains(w.leftovers(), name) {
						t.Errorf("the late process has taken %s", name)
					}
				}
				takeovers++
			}
			if late = p; hangs {
				w.clock.pass(time.Minute) // longer than a lease
			}
		}
		late.stop()
		w.exact(run)
		// An operation whose number nobody has kept is done before somebody else could take it over, or begun too late.
		if n := w.exports(); takeovers < 3 || n < 3 || n > 3+int(unknown.Load()) {
			t.Errorf("the run was taken over %d times, %d operations were begun, %d of them in vain at most", takeovers, n, unknown.Load())
		}
	})
}

// A process that has lost its run, and goes on with an export, leaves the file of the one that has taken it alone.
func TestBackfillFileOfAnother(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, large(t, 80, 20))
		w.clock.pass(time.Hour)
		run := w.connect()
		hangs, free, goesOn := make(chan struct{}), make(chan struct{}), make(chan struct{})
		started, hung := false, false
		late := w.opt
		late.before = func(_ context.Context, call string) error {
			switch {
			case call == "StartBulk":
				started = true
			case call == "Count" && started && !hung: // an export is there
				hung = true
				close(hangs)
				<-free
			case call == "DownloadBulk":
				close(goesOn)
				return errors.New("that is enough")
			}
			return nil
		}
		stopLate := w.worker(w.service(s, late))
		<-hangs
		w.clock.pass(time.Minute)
		reads, end := make(chan struct{}), make(chan struct{})
		reading := false
		other := w.opt
		other.before = func(_ context.Context, call string) error {
			if call == "Exported" && !reading {
				reading = true
				close(reads)
				<-end
			}
			return nil
		}
		w.worker(w.service(testkit.Open(t, testkit.URL(t, s)), other))
		<-reads
		files := w.leftovers()
		close(free)
		<-goesOn
		if now := w.leftovers(); len(files) == 0 || !slices.Equal(now[len(now)-len(files):], files) {
			t.Errorf("there were %v, and are %v", files, now)
		}
		stopLate()
		close(end)
		w.exact(w.ended(run.ID))
	})
}

// What changes while a store exports is proved and read: what is gone goes, and the rest comes with the next run.
func TestBackfillOfAStoreThatChanges(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, large(t, testkit.Size(200, 1500), 30))
		w.clock.pass(time.Hour)
		looks := 0
		w.meet(func(_ context.Context, call string) error {
			if call == "Bulk" {
				looks++
			}
			if call == "StartBulk answered" || call == "DownloadBulk" || call == "Exported" && rand.IntN(20) == 0 || call == "Bulk" && looks%20 == 0 {
				w.shop.Change(3)
				w.clock.pass(time.Second)
			}
			if call == "DownloadBulk" { // longer than the next run looks back from its cursor
				w.clock.pass(15 * time.Minute)
			}
			return nil
		})
		first := w.connect()
		w.every(0)
		w.working()
		run := w.ended(first.ID)
		if w.meet(nil); run.Status != sync.Succeeded || w.pagesRead() > 0 {
			t.Fatalf("%s %+v, %d pages\n%s", run.Status, run.Error, w.pagesRead(), w.log)
		}
		w.good(run)
		w.clock.pass(time.Minute)
		w.good(w.sync(sync.Incremental))
		w.equal()
		// And so it is when all is read again over what is there.
		w.shop.Change(30)
		w.clock.pass(time.Minute)
		before := w.exports()
		w.good(w.sync(sync.Full))
		w.equal()
		if w.exports() == before {
			t.Error("pages were read")
		}
	})
}

// Who cancels a run, or disconnects, ends what the store does for it, and its files go.
func TestBackfillCancelled(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *world, run *sync.Run) error{
		"cancelled": func(w *world, run *sync.Run) error {
			p, err := w.svc.Cancel(w.ctx, run.ID)
			return cmp.Or(err, problem(len(p.UserErrors) > 0))
		},
		"disconnected": func(w *world, _ *sync.Run) error {
			p, err := w.svc.Disconnect(w.ctx, true)
			return cmp.Or(err, problem(len(p.UserErrors) > 0))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.Each(t, func(t *testing.T, s *store.Store) {
				w := newWorld(t, s, large(t, 120, 20))
				w.clock.pass(time.Hour)
				n, reached := 0, make(chan struct{})
				w.meet(func(ctx context.Context, call string) error {
					if call == "StartBulk" {
						n++
						w.shop.SetFaults(simshop.Faults{Bulk: simshop.BulkFaults{Stuck: n > 1}})
					}
					if call != "Exported" {
						return nil
					}
					close(reached)
					<-ctx.Done()
					return context.Cause(ctx)
				})
				run := w.connect()
				stop := w.working()
				<-reached
				if len(w.leftovers()) == 0 {
					t.Error("there is no file")
				}
				if err := end(w, run); err != nil {
					t.Fatal(err)
				}
				stop()
				w.clock.pass(time.Minute)
				for i := range 3 {
					op, err := w.client().Bulk(w.ctx, 8_001_977_286_962+int64(i))
					if err != nil || op.Status != []string{"COMPLETED", "CANCELED", "CANCELED"}[i] {
						t.Errorf("operation %d is %s, %v", i, op.Status, err)
					}
				}
				if left := w.leftovers(); len(left) > 0 {
					t.Errorf("left behind: %v", left)
				}
				w.meet(nil)
				w.shop.SetFaults(simshop.Faults{})
				w.working()
				if name == "disconnected" {
					run = w.connect()
					w.exact(w.ended(run.ID))
				} else {
					w.good(w.sync(sync.Full))
					w.equal()
				}
			})
		})
	}
}

func problem(there bool) error {
	if there {
		return errors.New("it is refused")
	}
	return nil
}

// Files of runs that have ended are removed when a process starts; those of a run that waits, and what is not ours, stay.
func TestLeftovers(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, large(t, 60, 20))
		w.clock.pass(time.Hour)
		ended := w.connect()
		stop := w.working()
		w.good(w.ended(ended.ID))
		stop()
		p, err := w.svc.Start(w.ctx, sync.StartInput{Resources: []string{"ORDERS"}, Mode: sync.Incremental})
		if err != nil || len(p.UserErrors) > 0 {
			t.Fatal(p, err)
		}
		// A worker that may not ask the store keeps the run waiting.
		w.meet(func(context.Context, string) error {
			return &shopify.Error{Code: shopify.CodeThrottled, Retryable: true}
		})
		stay := []string{fmt.Sprintf("run-%d-8001-1.jsonl", p.Run.ID), "run-notes.txt", "something else"}
		slices.Sort(stay)
		for _, name := range append(stay, fmt.Sprintf("run-%d-8001-1.jsonl", ended.ID), fmt.Sprintf("run-%d-8001-1.jsonl.orders", ended.ID), "run-1-8001-1.jsonl") {
			if err := os.WriteFile(filepath.Join(w.opt.bulk.Dir, name), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		w.working()
		for len(w.leftovers()) > len(stay) {
			select {
			case <-time.After(5 * time.Millisecond):
			case <-t.Context().Done():
				t.Fatal("they stay")
			}
		}
		if got := w.leftovers(); !slices.Equal(got, stay) {
			t.Errorf("there are %v", got)
		}
	})
}
