//go:build unix

package crashtest_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/shopsight/shopsight/internal/failpoint"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit"
)

// pair is a database that several processes share.
type pair struct {
	*testing.T
	gate     *gate
	database string
	nats     string
	dirs     map[string]string
	rand     *rand.Rand
	accounts []*account
	lives    int
}

func newPair(t *testing.T) *pair {
	t.Helper()
	p := &pair{T: t, gate: newGate(t), database: testkit.MySQLURL(t), dirs: map[string]string{},
		rand: rand.New(rand.NewPCG(testkit.Seed(t), 0))}
	p.nats = natsServer(t)
	if out, err := run(t, p.env("a"), "migrate"); err != nil {
		t.Fatal(err, out)
	}
	return p
}

// natsServer runs a NATS server with streams and returns its address.
func natsServer(t *testing.T) string {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(patience) {
		t.Fatal("the NATS server does not start")
	}
	return s.ClientURL()
}

// env is the settings of a process. Each has a folder of its own; what all need, the keys, are those of the first.
func (p *pair) env(name string, more ...string) []string {
	if p.dirs[name] == "" {
		p.dirs[name] = p.TempDir()
	}
	env := []string{"SHOPSIGHT_DATA=" + p.dirs[name], "DATABASE_URL=" + p.database, "SHOPSIGHT_ADDR=127.0.0.1:0",
		"SHOPSIGHT_SHOPIFY_URL=" + p.gate.url + "/" + name, "SHOPSIGHT_TEST_LEASE=4s", "SHOPSIGHT_TEST_IDLE=2s", "SHOPSIGHT_TEST_RECONCILE=500ms",
		"NATS_URL=" + p.nats}
	if name != "a" {
		env = append(env, "SHOPSIGHT_KEYS="+filepath.Join(p.dirs["a"], "keys.json"))
	}
	return append(env, more...)
}

// serve starts a process. The first one is "a".
func (p *pair) serve(name string, more ...string) *child {
	p.Helper()
	p.lives++
	c := launch(p, fmt.Sprintf("%s, life %d", name, p.lives), p.env(name, more...), "serve")
	if !c.up() {
		p.Fatalf("%s has died", name)
	}
	return c
}

// signUp connects n stores through a process.
func (p *pair) signUp(c *child, n, orders int) {
	p.Helper()
	for range n {
		shop := p.gate.open(simshop.Options{Domain: fmt.Sprintf("tea-%d.myshopify.com", len(p.accounts)+1), Seed: p.rand.Int64(), Orders: orders})
		a := newAccount(p.T, p.gate, shop)
		if err := a.connect(c); err != nil {
			p.Fatal(err)
		}
		p.accounts = append(p.accounts, a)
	}
}

// done waits in a process until every run has ended, and fails the test unless everything is right.
func (p *pair) done(c *child, others ...*child) {
	p.Helper()
	tenants := make([]int64, len(p.accounts))
	for i, a := range p.accounts {
		r := a.ended(c)
		tenants[i] = a.exact(c)
		a.frugal(r.Attempts-1, r.Attempts-1)
	}
	for _, c := range append(others, c) {
		c.stop()
	}
	s := testkit.Open(p, p.database)
	for i, a := range p.accounts {
		a.equal(s, tenants[i])
	}
	sound(p.T, p.env("a"), s)
}

// ended waits for the first run to end.
func (a *account) ended(c *child) (r *syncRun) {
	a.Helper()
	eventually(a.T, "the run of "+a.shop.Domain()+" ends", func() bool {
		var err error
		if r, err = a.look(c); err != nil {
			a.Fatal(err)
		}
		return !r.active()
	})
	return r
}

// readers remembers which process has asked for pages of which store.
type readers struct {
	mu   sync.Mutex
	seen map[string]map[*simshop.Shop]bool
}

func (g *gate) readers() *readers {
	r := &readers{seen: map[string]map[*simshop.Shop]bool{}}
	g.onPage(func(process string, shop *simshop.Shop) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.seen[process] == nil {
			r.seen[process] = map[*simshop.Shop]bool{}
		}
		r.seen[process][shop] = true
	})
	return r
}

func (r *readers) read(process string, shop *simshop.Shop) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen[process][shop]
}

// hold lets nobody have a page until release is called.
func (g *gate) hold() (release func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	meet, held := g.meet, make(chan struct{})
	g.meet = func(process string, shop *simshop.Shop) {
		if meet != nil {
			meet(process, shop)
		}
		<-held
	}
	return sync.OnceFunc(func() { close(held) })
}

// Two processes share the work of one database. One of them is stopped with a page in its hand for longer than its lease:
// the other takes its runs over, and what the first still has to write is refused. Then one is killed, and the other ends
// what both had begun.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	seen := p.gate.readers()
	orders := testkit.Size(400, 3000)
	a := p.serve("a", fmt.Sprintf("SHOPSIGHT_FAILPOINT=%s:%d:stop", failpoint.PageBefore, 4))
	b := p.serve("b")
	release := p.gate.hold()
	defer release()
	p.signUp(a, 2, orders)
	release()
	eventually(t, "a process stops with a page in its hand", func() bool { return testkit.Stopped(a.cmd.Process.Pid) })
	p.signUp(b, 2, orders)
	// Whatever it had begun, the other ends.
	for _, acc := range p.accounts {
		acc.ended(b)
	}
	began := 0
	for _, acc := range p.accounts {
		if seen.read("a", acc.shop) {
			if began++; !seen.read("b", acc.shop) {
				t.Errorf("%s was not taken over", acc.shop.Domain())
			}
		}
	}
	if began == 0 {
		t.Error("the process that stopped had begun nothing")
	}
	a.signal(syscall.SIGCONT)
	eventually(t, "what the late process has to write is refused", func() bool { return a.log.has("a late write is refused") })
	for _, acc := range p.accounts {
		acc.exact(b)
	}

	first := len(p.accounts)
	p.signUp(a, 3, orders)
	p.signUp(b, 3, orders)
	eventually(t, "both have begun to work on new stores", func() bool {
		n := map[string]bool{}
		for _, acc := range p.accounts[first:] {
			n["a"] = n["a"] || seen.read("a", acc.shop)
			n["b"] = n["b"] || seen.read("b", acc.shop)
		}
		return n["a"] && n["b"]
	})
	time.Sleep(time.Duration(p.rand.Int64N(int64(200 * time.Millisecond))))
	b.kill()
	b.killed()
	p.done(a)
}

// A process that is stopped in the middle of a transaction holds the lock of one tenant's writers. It keeps nobody else
// waiting, and not even that tenant for long.
func TestStoppedInTransaction(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	orders := testkit.Size(400, 3000)
	a := p.serve("a", fmt.Sprintf("SHOPSIGHT_FAILPOINT=%s:%d:stop", failpoint.CursorAfter, 3))
	release := p.gate.hold()
	defer release()
	p.signUp(a, 3, orders)
	release()
	eventually(t, "a process stops in a transaction", func() bool { return testkit.Stopped(a.cmd.Process.Pid) })
	b := p.serve("b")
	began := time.Now()
	for _, acc := range p.accounts {
		acc.ended(b)
		t.Logf("%s: after %s", acc.shop.Domain(), time.Since(began))
	}
	a.signal(syscall.SIGCONT)
	eventually(t, "what the late process has to write is refused", func() bool { return a.log.has("a late write is refused") })
	p.done(b, a)
}
