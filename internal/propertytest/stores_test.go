package propertytest_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/testkit/oracle"
)

// TestStores leads random stores through their lives on every engine and compares whatever they say with the oracle.
func TestStores(t *testing.T) {
	t.Parallel()
	seeds := []uint64{*oneSeed}
	if *oneSeed == 0 {
		r := rand.New(rand.NewPCG(testkit.Seed(t), 0))
		seeds = make([]uint64, cmp.Or(*howMany, testkit.Size(300, 500)))
		for i := range seeds {
			seeds[i] = 1 + r.Uint64N(1<<40)
		}
	}
	pool := make(chan []*engine, 3)
	for range min(cap(pool), len(seeds)) {
		pool <- startEngines(t)
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			t.Parallel()
			engines := <-pool
			t.Cleanup(func() { pool <- engines })
			live(t, engines, seed)
		})
	}
}

// size is about how many orders a store has: few, so that there can be many stores, which finds more.
func size(r *rand.Rand) int {
	if r.IntN(25) == 0 {
		return 1 + r.IntN(testkit.Size(50, 400))
	}
	return 1 + r.IntN(testkit.Size(12, 80))
}

// life is one scenario that several engines live through side by side.
type life struct {
	*testing.T
	*rand.Rand
	scenario oracle.Scenario
	oracle   *oracle.Oracle
	stores   []*store
}

// live is the whole life of a store.
func live(t *testing.T, engines []*engine, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 1))
	l := &life{T: t, Rand: r, scenario: oracle.Random(seed, size(r))}
	if r.IntN(6) > 0 { // fewer requests, which is faster
		l.scenario.Requests = joined(r, l.scenario.Requests)
	}
	l.oracle = filled(t, l.scenario.Shop, l.scenario.Now, nil)
	for _, e := range engines {
		l.stores = append(l.stores, e.open(t, l.scenario.Shop, l.scenario.Now))
	}
	if l.IntN(20) == 0 {
		l.step("empty", func() { l.compare(2) })
	}
	l.step("fill", l.fill)
	l.step("compare", func() { l.compare(testkit.Size(1, 12)); l.verify() })
	// In a short run a store takes at most one of the ways on, in a long one most of them.
	if testkit.Size(0, 1) == 1 {
		l.step("send again", l.sendAgain)
		if l.IntN(2) == 0 {
			l.step("another timezone", l.rezone)
		}
		if l.IntN(3) == 0 {
			l.step("rebuild", l.rebuild)
		}
		l.step("delete", l.delete)
		return
	}
	switch k := l.IntN(20); {
	case k < 6:
		l.step("send again", l.sendAgain)
	case k < 9:
		l.step("another timezone", l.rezone)
	case k < 10:
		l.step("rebuild", l.rebuild)
	case k < 14:
		l.step("delete", l.delete)
	}
}

// step ends the test when something is wrong after it.
func (l *life) step(name string, do func()) {
	do()
	if l.Failed() {
		l.Fatalf("failed in the step %q of a store of %d requests in %s, %s, on %s; repeat it by -run 'TestStores' -seed %s",
			name, len(l.scenario.Requests), l.scenario.Shop.Zone, l.scenario.Shop.Currency,
			l.scenario.Now.Format(time.RFC3339Nano), l.Name()[len("TestStores/seed="):])
	}
}

// fill sends all requests: one after the other, where the service must count as the oracle does, or from several clients
// at once, which comes to the same numbers.
func (l *life) fill() {
	serial := l.IntN(3) > 0
	for _, op := range l.scenario.Requests {
		want, err := l.oracle.Apply(op)
		if err != nil {
			l.Fatal(err)
		}
		if serial {
			for _, s := range l.stores {
				s.sendAs(op, want)
			}
		}
	}
	if !serial {
		for _, s := range l.stores {
			s.sendAll(l.scenario.Requests, 2+l.IntN(2), nil)
		}
	}
}

// compare asks everything about the records, and n reports of each kind.
func (l *life) compare(n int) {
	c := chooser{l.Rand, l.scenario, l.oracle.Shop().Zone}
	compare(l.oracle, l.stores, append(recorded(), c.reports(n)...))
	if l.IntN(3) == 0 {
		for _, s := range l.stores {
			s.holdsTogether(pick(l.Rand, []string{"MONTH", "QUARTER", "YEAR"}))
		}
	}
}

func (l *life) verify() {
	for _, s := range l.stores {
		s.verify()
	}
}

// sendAgain sends everything once more in another order and other requests: no request and no number may change
// anything.
func (l *life) sendAgain() {
	again, clients := l.scenario.Shuffled(l.Uint64()), 1+l.IntN(3)
	for _, s := range l.stores {
		s.sendAgain(joined(l.Rand, again.Requests), clients)
	}
	l.compare(1)
	l.verify()
}

// zones are those into which stores move.
var zones = []string{
	"UTC", "America/New_York", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo",
	"Asia/Kolkata", "Pacific/Kiritimati", "America/Havana",
}

// rezone moves the store into another zone, at times while it is written to: the grand totals stay, and the rest is as
// if it had always been there.
func (l *life) rezone() {
	shop := l.scenario.Shop
	for shop.Zone.String() == l.scenario.Shop.Zone.String() {
		zone, err := time.LoadLocation(pick(l.Rand, zones))
		if err != nil {
			l.Fatal(err)
		}
		shop.Zone = zone
	}
	l.oracle = filled(l.T, shop, l.scenario.Now, l.scenario.Requests)
	writes := l.IntN(3) == 0
	for _, s := range l.stores {
		before := s.grandTotals()
		done := make(chan struct{})
		go func() {
			defer close(done)
			if writes {
				s.sendAgain(l.scenario.Shuffled(1).Requests, 2)
			}
		}()
		s.move(shop.Zone.String())
		<-done
		if after := s.grandTotals(); after != before {
			s.Errorf("the grand totals depend on the zone:\nin %s %s\nin %s %s", l.scenario.Shop.Zone, before, shop.Zone, after)
		}
	}
	l.compare(2)
	l.verify()
}

// move changes the timezone and waits for the rebuild.
func (s *store) move(zone string) {
	answer, code := s.ask("updateTenant", `mutation($in: UpdateTenantInput!) { updateTenant(input: $in) { userErrors { message } } }`,
		map[string]any{"in": map[string]any{"timezone": zone}})
	var got struct{ UserErrors []json.RawMessage }
	s.decode(answer, &got)
	if code != "" || len(got.UserErrors) > 0 {
		s.Errorf("updateTenant: %s %s", code, answer)
	}
	if err := s.client.Ingest.Resume(s.owner); err != nil {
		s.Errorf("resume: %v", err)
	}
}

// rebuild works out all numbers anew, which come to the same.
func (l *life) rebuild() {
	for _, s := range l.stores {
		if err := s.client.Ingest.Rebuild(s.owner, nil); err != nil {
			l.Fatal(err)
		}
	}
	l.compare(1)
	l.verify()
}

// delete removes some records, some of which are not there, at an instant or now.
func (l *life) delete() {
	for range 1 + l.IntN(3) {
		op := oracle.Op{Delete: &oracle.DeleteRecordsInput{}}
		for range 1 + l.IntN(4) {
			some := pick(l.Rand, l.scenario.Requests)
			for _, p := range some.Products[:min(len(some.Products), 2)] {
				op.Delete.Products = append(op.Delete.Products, p.ShopifyID)
			}
			for _, c := range some.Customers[:min(len(some.Customers), 3)] {
				op.Delete.Customers = append(op.Delete.Customers, c.ShopifyID)
			}
			for _, o := range some.Orders[:min(len(some.Orders), 3)] {
				op.Delete.Orders = append(op.Delete.Orders, o.ShopifyID)
				if o.CustomerShopifyID != "" && l.IntN(3) == 0 { // perhaps one without a record
					op.Delete.Customers = append(op.Delete.Customers, o.CustomerShopifyID)
				}
			}
		}
		if l.IntN(3) == 0 {
			at := l.scenario.Now.AddDate(0, 0, -l.IntN(200))
			op.Delete.DeletedAt = &at
		}
		want, err := l.oracle.Apply(op)
		if err != nil {
			l.Fatal(err)
		}
		for _, s := range l.stores {
			s.sendAs(op, want)
		}
	}
	l.compare(1)
	l.verify()
}
