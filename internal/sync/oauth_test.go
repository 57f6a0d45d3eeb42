package sync_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/membership"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

var ourApp = simshop.App{ClientID: "our-app", Secret: "shpss_hush"}

// byApp is a world whose service has an app, and whose store may install it.
func byApp(t *testing.T, s *store.Store, o simshop.Options) *world {
	t.Helper()
	life := o.App.TokenLife
	o.App = ourApp
	o.App.TokenLife = life
	return newWorld(t, s, options{shop: o, pageSize: 20, app: ourApp})
}

// begin sets out to connect a store, and returns the state.
func (w *world) begin(domain string) (state string) {
	w.Helper()
	p, err := w.svc.Connect(w.ctx, sync.ConnectStoreInput{ShopDomain: domain})
	if err != nil || len(p.UserErrors) > 0 || p.Store != nil || p.FirstSync != nil || p.AuthorizeURL == nil {
		w.Fatalf("%+v, %v", p, err)
	}
	state, ok := strings.CutPrefix(*p.AuthorizeURL, publicURL+"/auth/shopify?state=")
	if !ok || len(state) < 43 {
		w.Fatal(*p.AuthorizeURL)
	}
	return state
}

// depart goes to the store's page by a browser.
func (w *world) depart(state, browser string) (page string) {
	w.Helper()
	page, denied, err := w.svc.Depart(w.Context(), state, browser)
	if err != nil || denied != "" {
		w.Fatal(denied, err)
	}
	return page
}

// grant clicks there, and returns the query that the browser is sent back with.
func (w *world) grant(page string) (query string) {
	w.Helper()
	back, err := w.shop.Grant(page)
	if err != nil {
		w.Fatal(err)
	}
	address, query, _ := strings.Cut(back, "?")
	if address != publicURL+"/auth/shopify/callback" {
		w.Fatal(back)
	}
	return query
}

// install connects the tenant by OAuth.
func (w *world) install() {
	w.Helper()
	if denied, err := w.svc.Arrive(w.Context(), w.grant(w.depart(w.begin(w.domain), "browser")), "browser"); denied != "" || err != nil {
		w.Fatal(denied, err, w.log)
	}
}

// dump is everything in the tables that connecting a store writes, but for the ways themselves.
func (w *world) dump() string {
	w.Helper()
	var b strings.Builder
	for _, query := range []string{
		"SELECT id, status, COALESCE(held_domain, ''), COALESCE(access_token, ''), COALESCE(refresh_token, ''), token_fence FROM stores ORDER BY id",
		"SELECT id, status, '', '', '', 0 FROM sync_runs ORDER BY id",
	} {
		rows, err := testkit.DB(w, w.store).Query(query)
		if err != nil {
			w.Fatal(err)
		}
		for rows.Next() {
			var id, fence int64
			var status, held string
			var token, refresh []byte
			if err := rows.Scan(&id, &status, &held, &token, &refresh, &fence); err != nil {
				w.Fatal(err)
			}
			fmt.Fprintf(&b, "%d %s %s %x %x %d\n", id, status, held, token, refresh, fence)
		}
		rows.Close()
	}
	return b.String()
}

func TestOAuth(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := byApp(t, s, simshop.Options{Orders: 30})
		if got := fmt.Sprint(w.svc.Connections()); got != "[CUSTOM_APP OAUTH]" {
			t.Error(got)
		}
		w.install()
		w.working()
		w.good(w.latest())
		st, err := w.svc.Current(w.ctx)
		if err != nil || st.Connection != sync.ByOAuth || st.Status != sync.Connected || len(st.Scopes) != 4 {
			t.Fatalf("%+v, %v", st, err)
		}
		// The app is taken off, and installed again over what is left.
		w.shop.Revoke()
		w.clock.pass(time.Minute)
		if run := w.sync(sync.Incremental); run.Error == nil || run.Error.Code != "UNAUTHORIZED" {
			t.Fatalf("%+v", run.Error)
		}
		if st, _ := w.svc.Current(w.ctx); st.Status != sync.NeedsReauth {
			t.Errorf("%+v", st)
		}
		w.install()
		w.good(w.latest())
		if st, _ := w.svc.Current(w.ctx); st.Status != sync.Connected {
			t.Errorf("%+v", st)
		}
		// No secret stands anywhere in plain.
		if strings.Contains(w.log.String(), "shpat_") || strings.Contains(w.log.String(), "shprt_") || strings.Contains(w.log.String(), "hush") {
			t.Error(w.log)
		}
		if p, err := w.svc.Disconnect(w.ctx, false); err != nil || len(p.UserErrors) > 0 || p.Store.Connection != sync.CustomApp {
			t.Fatal(p, err)
		}
		if n := w.number("SELECT COUNT(*) FROM stores WHERE tenant_id = ? AND (access_token IS NOT NULL OR refresh_token IS NOT NULL OR by_app)"); n != 0 {
			t.Error("something of the token is left")
		}
	})
}

// Every way of coming back that is not exactly the right one is refused, and nothing of it is kept.
func TestOAuthForged(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := byApp(t, s, simshop.Options{Orders: 10})
		other := w.neighbour(simshop.Options{App: ourApp})
		third := w.neighbour(simshop.Options{App: ourApp})
		change := func(query, key, value string) string {
			q, err := url.ParseQuery(query)
			if err != nil {
				t.Fatal(err)
			}
			q.Set(key, value)
			return q.Encode()
		}
		come := func(query, browser string) sync.Denial {
			denied, err := w.svc.Arrive(t.Context(), query, browser)
			if err != nil {
				t.Error(err)
			}
			return denied
		}
		whole := func() (state, query string) {
			state = w.begin(w.domain)
			return state, w.grant(w.depart(state, "mine"))
		}
		before := w.dump()
		for name, test := range map[string]struct {
			do   func() sync.Denial
			want sync.Denial
		}{
			"nothing at all": {func() sync.Denial { return come("", "mine") }, sync.DeniedInvalid},
			"no state": {func() sync.Denial {
				return come(w.grant(strings.Split(w.depart(w.begin(w.domain), "mine"), "&state=")[0]), "mine")
			}, sync.DeniedInvalid},
			"a state of nobody's": {func() sync.Denial {
				return come(w.grant(change2(w.depart(w.begin(w.domain), "mine"), "state", "x")), "mine")
			}, sync.DeniedInvalid},
			"another browser": {func() sync.Denial { _, q := whole(); return come(q, "theirs") }, sync.DeniedInvalid},
			"no browser":      {func() sync.Denial { _, q := whole(); return come(q, "") }, sync.DeniedInvalid},
			"before departure": {func() sync.Denial {
				state := w.begin(w.domain)
				return come(w.grant(change2(w.depart(w.begin(w.domain), "mine"), "state", state)), "mine")
			}, sync.DeniedInvalid},
			"another person's state in my browser": {func() sync.Denial {
				state := other.begin(other.domain)
				query := other.grant(other.depart(state, "theirs"))
				w.depart(w.begin(w.domain), "mine")
				return come(query, "mine")
			}, sync.DeniedInvalid},
			"one digit of the signature": {func() sync.Denial {
				_, q := whole()
				u, _ := url.ParseQuery(q)
				return come(change(q, "hmac", strings.Repeat("0", 63)+u.Get("hmac")[63:]), "mine")
			}, sync.DeniedInvalid},
			"the code twice":      {func() sync.Denial { _, q := whole(); return come(q+"&code=x", "mine") }, sync.DeniedInvalid},
			"the state twice":     {func() sync.Denial { s, q := whole(); return come(q+"&state="+s, "mine") }, sync.DeniedInvalid},
			"another shop's name": {func() sync.Denial { _, q := whole(); return come(change(q, "shop", other.domain), "mine") }, sync.DeniedInvalid},
			"another shop, signed by it": {func() sync.Denial {
				return come(other.grant(w.depart(w.begin(w.domain), "mine")), "mine")
			}, sync.DeniedInvalid},
			"too slow a browser": {func() sync.Denial { _, q := whole(); w.clock.pass(91 * time.Second); return come(q, "mine") }, sync.DeniedInvalid},
			"too slow a person": {func() sync.Denial {
				page := w.depart(w.begin(w.domain), "mine")
				w.clock.pass(10 * time.Minute)
				return come(w.grant(page), "mine")
			}, sync.DeniedExpired},
			"a code that is over": {func() sync.Denial { _, q := whole(); w.clock.pass(61 * time.Second); return come(q, "mine") }, sync.DeniedInvalid},
			"a code that was used": {func() sync.Denial {
				_, q := whole()
				w.shop.SetOAuthFaults(simshop.OAuthFaults{Lost: 1})
				if got := come(q, "mine"); got != sync.DeniedUnreachable {
					t.Error(got)
				}
				return come(q, "mine")
			}, sync.DeniedInvalid},
			"less than was asked for": {func() sync.Denial {
				cut := ourApp
				cut.Scopes = []string{"read_products", "read_orders"}
				w.shop.SetApp(cut)
				defer w.shop.SetApp(ourApp)
				_, q := whole()
				return come(q, "mine")
			}, sync.DeniedScope},
			"another secret": {func() sync.Denial {
				changed := ourApp
				changed.Secret = "other"
				w.shop.SetApp(changed)
				defer w.shop.SetApp(ourApp)
				_, q := whole()
				return come(q, "mine")
			}, sync.DeniedInvalid},
			"a store that gives nothing": {func() sync.Denial {
				w.shop.SetOAuthFaults(simshop.OAuthFaults{Down: 1})
				_, q := whole()
				return come(q, "mine")
			}, sync.DeniedUnreachable},
			"a person who may no longer": {func() sync.Denial {
				_, q := whole()
				role := func(r viewer.Role) {
					system := viewer.NewContext(t.Context(), viewer.System("a test changes a role"))
					if err := s.Tx(system, func(tx *ent.Client) error {
						return tx.Membership.Update().Where(membership.UserID(viewer.FromContext(w.ctx).UserID)).SetRole(string(r)).Exec(system)
					}); err != nil {
						t.Error(err)
					}
				}
				role(viewer.Analyst)
				defer role(viewer.Owner)
				return come(q, "mine")
			}, sync.DeniedForbidden},
		} {
			if got := test.do(); got != test.want {
				t.Errorf("%s: %q, want %q", name, got, test.want)
			}
			if after := w.dump(); after != before {
				t.Fatalf("%s leaves something: %s", name, after)
			}
		}
		// One browser takes a state, and then no other.
		state := w.begin(w.domain)
		w.depart(state, "mine")
		w.depart(state, "mine")
		if _, denied, err := w.svc.Depart(t.Context(), state, "theirs"); denied != sync.DeniedInvalid || err != nil {
			t.Error(denied, err)
		}
		if way, denied, err := w.svc.Way(t.Context(), state); way.Shop != w.domain || way.Account == "" || denied != "" || err != nil {
			t.Error(way, denied, err)
		}
		// Many who come back with one query at once: one counts. Once more: none.
		query := w.grant(w.depart(state, "mine"))
		var wait gosync.WaitGroup
		var mu gosync.Mutex
		good := 0
		for range 8 {
			wait.Go(func() {
				if denied, err := w.svc.Arrive(t.Context(), query, "mine"); denied == "" && err == nil {
					mu.Lock()
					good++
					mu.Unlock()
				}
			})
		}
		wait.Wait()
		if got := come(query, "mine"); good != 1 || got != sync.DeniedInvalid {
			t.Errorf("%d counted, and once more: %q", good, got)
		}
		// The store is another tenant's now; and a tenant that has a store begins with no other.
		third.domain = w.domain
		before = w.dump()
		state = third.begin(w.domain)
		if got := come(w.grant(third.depart(state, "third")), "third"); got != sync.DeniedTaken || w.dump() != before {
			t.Error(got)
		}
		p, err := w.svc.Connect(w.ctx, sync.ConnectStoreInput{ShopDomain: other.domain})
		if err != nil || len(p.UserErrors) != 1 || p.UserErrors[0].Code != fault.CodeConflict || p.AuthorizeURL != nil {
			t.Error(p, err)
		}
	})
}

// change2 changes a key of an address.
func change2(address, key, value string) string {
	u, err := url.Parse(address)
	if err != nil {
		return err.Error()
	}
	q := u.Query()
	q.Set(key, value)
	u.RawQuery = q.Encode()
	return u.String()
}

// Who set out and did not come back leaves nothing behind for long.
func TestWaysAreForgotten(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := byApp(t, s, simshop.Options{Orders: 1})
		w.begin(w.domain)
		count := func() int { return w.number("SELECT COUNT(*) FROM oauth_states WHERE tenant_id = ?") }
		w.clock.pass(69 * time.Minute)
		w.svc.Nudge()
		if n := count(); n != 1 {
			t.Errorf("%d after 69 minutes", n)
		}
		w.clock.pass(time.Minute)
		w.svc.Nudge()
		if n := count(); n != 0 {
			t.Errorf("%d after 70 minutes", n)
		}
	})
}

// What Shopify sends from its side names a store, and begins nothing.
func TestLaunched(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := byApp(t, s, simshop.Options{Orders: 1})
		_, query, _ := strings.Cut(w.shop.Launch(publicURL+"/auth/shopify"), "?")
		if shop, denied := w.svc.Launched(query); shop != w.domain || denied != "" {
			t.Error(shop, denied)
		}
		if shop, denied := w.svc.Launched(strings.Replace(query, "tea", "tee", 1)); shop != "" || denied != sync.DeniedInvalid {
			t.Error(shop, denied)
		}
		if n := w.number("SELECT COUNT(*) FROM oauth_states WHERE tenant_id = ?"); n != 0 {
			t.Error(n)
		}
	})
}

// Without an app, nothing of it is there.
func TestWithoutApp(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 1, App: ourApp}})
		p, err := w.svc.Connect(w.ctx, sync.ConnectStoreInput{ShopDomain: w.domain})
		if err != nil || p.AuthorizeURL != nil || len(p.UserErrors) != 1 || p.UserErrors[0].Code != fault.CodeRequired {
			t.Error(p, err)
		}
		_, query, _ := strings.Cut(w.shop.Launch(publicURL), "?")
		if _, denied := w.svc.Launched(query); denied == "" {
			t.Error("launched")
		}
		if denied, err := w.svc.Arrive(context.WithoutCancel(t.Context()), query, "b"); denied != sync.DeniedInvalid || err != nil {
			t.Error(denied, err)
		}
		if got := fmt.Sprint(w.svc.Connections()); got != "[CUSTOM_APP]" {
			t.Error(got)
		}
	})
}
