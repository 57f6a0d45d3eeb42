//go:build unix

package crashtest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/failpoint"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit"
)

// world is one service on one database, which brings in one store, however often it dies.
type world struct {
	*account
	dir, database string
	deaths        int
	// settings are variables of every process.
	settings []string
}

// each runs a test on every engine. The embedded database is made by the service itself.
func each(t *testing.T, orders int, do func(w *world, r *rand.Rand)) {
	t.Helper()
	eachOf(t, func() simshop.Options { return simshop.Options{Orders: orders} }, do)
}

// eachOf is each with stores of one's own making.
func eachOf(t *testing.T, of func() simshop.Options, do func(w *world, r *rand.Rand)) {
	t.Helper()
	seed := testkit.Seed(t)
	for _, engine := range []string{"sqlite", "mysql"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 0))
			dir := t.TempDir()
			database := databaseIn(dir)
			if engine == "mysql" {
				database = testkit.MySQLURL(t)
			}
			g := newGate(t)
			o := of()
			o.Domain, o.Seed = "tea.myshopify.com", r.Int64()
			shop := g.open(o)
			do(&world{account: newAccount(t, g, shop), dir: dir, database: database}, r)
		})
	}
}

// env is the settings of a process.
func (w *world) env(more ...string) []string {
	return append([]string{"SHOPSIGHT_DATA=" + w.dir, "DATABASE_URL=" + w.database, "SHOPSIGHT_ADDR=127.0.0.1:0",
		"SHOPSIGHT_SHOPIFY_URL=" + w.gate.url + "/only"}, slices.Concat(quick, w.settings, more)...)
}

// serve starts the service.
func (w *world) serve(more ...string) *child {
	w.Helper()
	return launch(w, fmt.Sprintf("life %d", w.deaths+1), w.env(more...), "serve")
}

// died counts the death of a process, which must have been a violent one.
func (w *world) died(c *child) {
	w.Helper()
	c.gone()
	c.killed()
	w.deaths++
}

// follow watches the run in a process until it has ended, the process has died, or enough is true of it. It returns the
// run as it was last seen.
func (w *world) follow(c *child, enough func(*syncRun) bool) (r *syncRun, err error) {
	w.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(8 * time.Millisecond) {
		now, err := w.look(c)
		if err != nil {
			return r, err
		}
		if r == nil || now.fetched() != r.fetched() {
			deadline = time.Now().Add(patience)
		}
		if r = now; !r.active() || enough != nil && enough(r) {
			return r, nil
		}
		if time.Now().After(deadline) {
			w.Fatalf("the run does not go on: %+v", r)
		}
	}
}

// done lets the service bring the run to its end in peace, and fails the test unless everything is right.
func (w *world) done() {
	w.Helper()
	c := w.serve()
	if _, err := w.follow(c, nil); err != nil {
		w.Fatal(err)
	}
	tenant := w.exact(c)
	c.stop()
	w.frugal(w.deaths, 0)
	s := testkit.Open(w, w.database)
	w.equal(s, tenant)
	sound(w.T, w.env(), s)
}

// A process may be killed at any moment of a backfill.
func TestKilledAtRandom(t *testing.T) {
	t.Parallel()
	each(t, testkit.Size(2000, 20_000), func(w *world, r *rand.Rand) {
		total := len(w.shop.Products()) + len(w.shop.Customers()) + len(w.shop.Orders())
		kills := testkit.Size(5, 100)
		// One death in each part of the work, and some at the start of a process.
		for n := range kills {
			at := total*n/kills + r.IntN(total/kills+1)
			delay := time.Duration(r.Int64N(int64(60 * time.Millisecond)))
			if n%10 == 3 {
				delay = time.Duration(r.Int64N(int64(500 * time.Millisecond)))
				w.Logf("death %d: %s after the start", n+1, delay)
				c := w.serve()
				time.Sleep(delay)
				c.kill()
				w.died(c)
				continue
			}
			w.Logf("death %d: %s after %d of %d records", n+1, delay, at, total)
			c := w.serve()
			if _, err := w.follow(c, func(r *syncRun) bool { return r.fetched() >= at }); err != nil {
				w.Fatal(err)
			}
			time.Sleep(delay)
			c.kill()
			w.died(c)
		}
		w.done()
	})
}

// A process may be killed at every point: at one after the other in two backfills, and in a long run at each point
// alone, twice in a row.
func TestKilledAtPoints(t *testing.T) {
	t.Parallel()
	points := failpoint.SyncPoints()
	if testkit.Size(0, 1) == 0 {
		half := len(points) / 2
		for name, some := range map[string][]failpoint.Point{"begin": points[:half], "end": points[half:]} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				each(t, 2100, func(w *world, r *rand.Rand) {
					for _, p := range some {
						w.killAt(p, 1+r.IntN(2))
					}
					w.done()
				})
			})
		}
		return
	}
	for _, p := range points {
		t.Run(string(p), func(t *testing.T) {
			t.Parallel()
			each(t, 2100, func(w *world, r *rand.Rand) {
				w.killAt(p, 1+r.IntN(2))
				if p != failpoint.ExportAfter && p != failpoint.EndAfter { // what is behind these is done for good
					w.killAt(p, 1)
				}
				w.done()
			})
		})
	}
}

// once are the points that a process comes by once, or may come by once.
var once = []failpoint.Point{failpoint.AccountBefore, failpoint.AccountAfter, failpoint.PublishBefore, failpoint.PublishAfter,
	failpoint.ClaimBefore, failpoint.ClaimAfter, failpoint.AckBefore, failpoint.AckAfter,
	failpoint.ExportBefore, failpoint.ExportAfter, failpoint.DownloadBefore, failpoint.DownloadAfter, failpoint.EndBefore, failpoint.EndAfter}

// killAt runs the service until it has died at a point that it comes by for the nth time.
func (w *world) killAt(p failpoint.Point, n int) {
	w.Helper()
	if slices.Contains(once, p) {
		n = 1
	}
	w.Logf("death %d: at %s for the time %d", w.deaths+1, p, n)
	c := w.serve(fmt.Sprintf("SHOPSIGHT_FAILPOINT=%s:%d", p, n))
	if r, err := w.follow(c, nil); err == nil {
		select {
		case <-c.ended: // the point lies behind the end of the run
		case <-time.After(10 * time.Second):
			w.Fatalf("the run has ended and the process has not come by %s: %+v", p, r)
		}
	}
	w.died(c)
}
