//go:build unix

package crashtest_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/failpoint"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit"
)

// origin is where browsers believe the service to be.
const origin = "http://127.0.0.1:8080"

var ourApp = simshop.App{ClientID: "our-app", Secret: "shpss_hush", TokenLife: time.Second}

// install goes the way of a merchant: to the store's page, which lets the app in, and back.
func (a *account) install(c *child) error {
	a.Helper()
	var begun struct {
		ConnectStore struct {
			AuthorizeURL string
			UserErrors   userErrors
		}
	}
	if err := a.ask(c, `mutation($d: String!) { connectStore(input: {shopDomain: $d}) { authorizeUrl userErrors { code message } } }`,
		map[string]any{"d": a.shop.Domain()}, &begun); err != nil {
		return err
	}
	if len(begun.ConnectStore.UserErrors) > 0 {
		a.Fatal(begun.ConnectStore.UserErrors)
	}
	there, cookies, err := a.visit(c, begun.ConnectStore.AuthorizeURL, nil)
	if err != nil {
		return err
	}
	_, page, _ := strings.Cut(there, "/only") // behind the gate
	back, err := a.shop.Grant("https://" + a.shop.Domain() + page)
	if err != nil {
		a.Fatal(err)
	}
	end, _, err := a.visit(c, back, cookies)
	if err == nil && end != "/settings?connected=1" {
		a.Fatalf("the way ends at %s", end)
	}
	return err
}

// visit opens an address of the service in a browser, and returns where it is sent to and what it is to keep.
func (a *account) visit(c *child, address string, cookies []*http.Cookie) (to string, keeps []*http.Cookie, err error) {
	a.Helper()
	u, err := url.Parse(address)
	if err != nil {
		a.Fatal(err)
	}
	r, err := http.NewRequestWithContext(a.Context(), http.MethodGet, c.url+u.RequestURI(), nil)
	if err != nil {
		a.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, cookie := range cookies {
		r.AddCookie(cookie)
	}
	resp, err := browser.Transport.RoundTrip(r)
	if err != nil {
		<-c.ended
		return "", nil, errDead
	}
	resp.Body.Close()
	return resp.Header.Get("Location"), resp.Cookies(), nil
}

// A token lives for a second while a store is read for the first time, and the process is killed when the store has given
// the next one and nothing of it is written, and when it is written and nobody has used it. The one before goes on working
// until then: the store never has to be connected again, and nothing is lost.
func TestKilledWhileTokensEnd(t *testing.T) {
	t.Parallel()
	eachOf(t, func() simshop.Options { return simshop.Options{Orders: testkit.Size(600, 20_000), App: ourApp} }, func(w *world, r *rand.Rand) {
		w.byApp = true
		w.settings = []string{"SHOPSIGHT_APP_CLIENT_ID=" + ourApp.ClientID, "SHOPSIGHT_APP_SECRET=" + ourApp.Secret,
			"SHOPSIGHT_PUBLIC_URL=" + origin, "SHOPSIGHT_TEST_TOKEN_LEASE=" + lease.String()}
		w.gate.onPage(func(string, *simshop.Shop) { time.Sleep(300 * time.Millisecond) }) // so that tokens end on the way
		deaths := 0
		for range testkit.Size(1, 5) {
			for _, p := range failpoint.Renewals() {
				if w.killedAt(p, 1+r.IntN(testkit.Size(1, 3))) {
					deaths++
				}
			}
		}
		if deaths < 2 {
			w.Errorf("%d deaths at the points: the run is too short", deaths)
		}
		grants := w.shop.Stats().Grants
		w.done()
		c := w.serve()
		var got struct {
			Tenant struct {
				Store struct{ Status, Connection string }
			}
		}
		if err := w.ask(c, `{ tenant { store { status connection } } }`, nil, &got); err != nil {
			w.Fatal(err)
		}
		c.stop()
		stats := w.shop.Stats()
		w.Logf("%d deaths, %d questions for tokens, %d of them in the last life", w.deaths, stats.Grants, stats.Grants-grants)
		if st := got.Tenant.Store; st.Status != "CONNECTED" || st.Connection != "OAUTH" || stats.GrantsAtOnce != 1 {
			w.Errorf("%+v, %d questions for tokens at once", st, stats.GrantsAtOnce)
		}
	})
}

// killedAt runs the service until it has died at a point that it comes by for the nth time, or the run has ended: then it
// returns false.
func (w *world) killedAt(p failpoint.Point, n int) bool {
	w.Helper()
	w.Logf("death %d: at %s for the time %d", w.deaths+1, p, n)
	c := w.serve(fmt.Sprintf("SHOPSIGHT_FAILPOINT=%s:%d", p, n))
	if _, err := w.follow(c, nil); err == nil {
		c.stop()
		return false
	}
	w.died(c)
	return true
}
