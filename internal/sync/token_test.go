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

	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/testkit"
)

const shortLife = 30 * time.Second

// renewing asks the world's store by the token that a process has.
func (w *world) renewing(svc *sync.Service) *shopify.Client {
	return shopify.New(shopify.Options{Transport: inProcess{w}, Now: w.clock.Now, After: w.clock.After}).Client(domain, svc.Tokens(w.ctx))
}

// A token that lives for thirty seconds ends again and again while a sync reads, and while twenty others in two processes
// ask. Answers get lost. Never do two ask for the next token at once, and nothing fails or lacks.
func TestTokensEndInARun(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		orders := testkit.Size(400, 20_000)
		w := byApp(t, s, simshop.Options{Orders: orders, App: simshop.App{TokenLife: shortLife}})
		w.install()
		var passed atomic.Int64
		tick := func(context.Context, string) error {
			w.clock.pass(2 * time.Second)
			if n := passed.Add(2); n%60 == 0 {
				w.shop.SetOAuthFaults(simshop.OAuthFaults{Lost: 1, Slow: 5 * time.Millisecond})
			}
			return nil
		}
		w.meet(tick)
		ctx, stop := context.WithCancel(t.Context())
		var asking gosync.WaitGroup
		for i := range 20 {
			svc := w.svc
			if i%2 == 0 {
				svc = w.another(options{})
			}
			c := w.renewing(svc)
			asking.Go(func() {
				for ctx.Err() == nil {
					_, err := c.Count(ctx, shopify.Orders, shopify.Window{})
					// A lost answer where nothing is good any more is for whoever asked to try again.
					if e, ok := errors.AsType[*shopify.Error](err); err != nil && ctx.Err() == nil && (!ok || !e.Retryable) {
						t.Error(err)
						return
					}
					time.Sleep(25 * time.Millisecond)
				}
			})
		}
		w.working()
		w.good(w.latest())
		stop()
		asking.Wait()
		stats := w.shop.Stats()
		if n := len(w.shop.Orders()); n != w.number("SELECT COUNT(*) FROM orders WHERE tenant_id = ?") {
			t.Errorf("of %d orders some are missing", n)
		}
		t.Logf("%d s passed, %d questions for tokens", passed.Load(), stats.Grants)
		if stats.GrantsAtOnce != 1 || stats.Grants < int(passed.Load())/int(shortLife.Seconds()) {
			t.Errorf("in %d s %d questions for tokens, %d at once", passed.Load(), stats.Grants, stats.GrantsAtOnce)
		}
		if st, err := w.svc.Current(w.ctx); err != nil || st.Status != sync.Connected {
			t.Error(st, err)
		}
	})
}

// dies is a box in whose process everything ends before a new pair is sealed, and so written.
type dies struct {
	box
	armed *atomic.Bool
}

func (d dies) Seal(plain []byte, bound string) ([]byte, error) {
	if strings.HasSuffix(bound, "/refresh_token") && d.armed.CompareAndSwap(true, false) {
		panic("the end")
	}
	return d.box.Seal(plain, bound)
}

// A process ends when the store has given the next pair and nothing of it is written: the pair before goes on working.
func TestEndBetweenAnswerAndWrite(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := byApp(t, s, simshop.Options{Orders: 10, App: simshop.App{TokenLife: shortLife}})
		w.install()
		armed := &atomic.Bool{}
		dying := w.another(options{box: dies{box{7}, armed}})
		for range 3 {
			w.clock.pass(shortLife)
			armed.Store(true)
			func() {
				defer func() { recover() }()
				token, err := dying.Tokens(w.ctx)(t.Context(), "")
				t.Errorf("it did not end: %s, %v", token, err)
			}()
			w.clock.pass(time.Minute) // the lease of who has ended
			if _, err := w.renewing(w.svc).Shop(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if n := w.shop.Stats().Grants; n != 1+2*3 {
			t.Errorf("%d questions", n)
		}
	})
}

// Who renews a token while the store is connected anew writes nothing over the new one.
func TestLateRenewal(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := byApp(t, s, simshop.Options{Orders: 10, App: simshop.App{TokenLife: shortLife}})
		w.install()
		query := w.grant(w.depart(w.begin(w.domain), "b"))
		w.clock.pass(shortLife)
		w.shop.SetOAuthFaults(simshop.OAuthFaults{Slow: 300 * time.Millisecond})
		done := make(chan error)
		late := w.another(options{})
		go func() { _, err := late.Tokens(w.ctx)(t.Context(), ""); done <- err }()
		for w.shop.Stats().Grants < 2 {
			time.Sleep(5 * time.Millisecond)
		}
		w.shop.SetOAuthFaults(simshop.OAuthFaults{})
		if denied, err := w.svc.Arrive(t.Context(), query, "b"); denied != "" || err != nil {
			t.Fatal(denied, err)
		}
		row := w.dump()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if after := w.dump(); after != row {
			t.Errorf("%s became %s", row, after)
		}
		if _, err := w.renewing(late).Shop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// A token that does not expire is exchanged once for one that does, and a wrong secret of ours says nothing about a store.
func TestUpgradeToken(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 10, App: simshop.App{ClientID: ourApp.ClientID, Secret: ourApp.Secret, Everlasting: true}},
			pageSize: 20, app: ourApp})
		w.install()
		expiring := func() int {
			return w.number("SELECT COUNT(*) FROM stores WHERE tenant_id = ? AND token_expires_at IS NOT NULL AND refresh_token IS NOT NULL")
		}
		if expiring() != 0 {
			t.Error("it expires")
		}
		w.shop.SetOAuthFaults(simshop.OAuthFaults{Down: 1})
		if _, err := w.renewing(w.svc).Shop(t.Context()); err != nil || expiring() != 0 {
			t.Error(err)
		}
		for range 2 {
			if _, err := w.renewing(w.svc).Shop(t.Context()); err != nil || expiring() != 1 {
				t.Error(err, expiring())
			}
		}
		if n := w.shop.Stats().Grants; n != 3 {
			t.Errorf("%d questions", n)
		}
		changed := ourApp
		changed.Secret = "changed"
		w.shop.SetApp(changed)
		w.clock.pass(time.Hour)
		_, err := w.renewing(w.svc).Shop(t.Context())
		if e, ok := errors.AsType[*shopify.Error](err); !ok || e.Code != shopify.CodeInternal || !e.Retryable {
			t.Error(err)
		}
		if st, _ := w.svc.Current(w.ctx); st.Status != sync.Connected {
			t.Errorf("%+v", st)
		}
	})
}

// What nobody asks for in sixty days is renewed all the same, in time.
func TestIdleToken(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := byApp(t, s, simshop.Options{Orders: 1})
		w.install()
		for day := range 200 {
			w.clock.pass(24 * time.Hour)
			if err := w.svc.RenewIdle(t.Context()); err != nil {
				t.Fatal(day, err)
			}
		}
		if n := w.shop.Stats().Grants; n < 3 || n > 5 {
			t.Errorf("%d questions in 200 days", n)
		}
		if _, err := w.renewing(w.svc).Shop(t.Context()); err != nil {
			t.Error(err, fmt.Sprint(w.log))
		}
	})
}
