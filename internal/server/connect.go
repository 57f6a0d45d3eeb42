package server

import (
	"context"
	"crypto/rand"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/shopsight/shopsight/graph"
	"github.com/shopsight/shopsight/internal/sync"
)

// Connector takes merchants through OAuth: sync.Service.
type Connector interface {
	Way(ctx context.Context, state string) (sync.Way, sync.Denial, error)
	Depart(ctx context.Context, state, browser string) (to string, denied sync.Denial, err error)
	Launched(rawQuery string) (shop string, denied sync.Denial)
	Arrive(ctx context.Context, rawQuery, browser string) (sync.Denial, error)
}

// connecting is the routes of OAuth. Browsers come to them by navigation: they know no credential, and what they answer is
// a page of the dashboard, of the store, or a question.
type connecting struct {
	Connector
	origin string
	log    *slog.Logger
}

// settings is the page of the dashboard on which stores are connected.
const settings = "/settings"

// begin is where connectStore sends the browser. From a page of our own it goes on to the store. From elsewhere somebody
// else may have sent the address, to have this person's store connected to an account of theirs: so it is asked first.
//
// Shopify sends merchants here too who open or install the app from its side. For them nothing is begun: the dashboard, where
// they sign in, asks.
func (c *connecting) begin(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Has("hmac") || !q.Has("state") {
		shop, denied := c.Launched(r.URL.RawQuery)
		if denied != "" {
			c.back(w, r, denied)
			return
		}
		http.Redirect(w, r, settings+"?connect="+url.QueryEscape(shop), http.StatusSeeOther)
		return
	}
	if r.Header.Get("Sec-Fetch-Site") == "same-origin" {
		c.depart(w, r, q.Get("state"))
		return
	}
	way, denied, err := c.Way(r.Context(), q.Get("state"))
	if err != nil || denied != "" {
		c.fail(w, r, denied, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Connect a store</title></head><body><main><h1>Connect %[1]s?</h1>
<p>Its orders, products and customers will be read by the Shopsight account <strong>%[2]s</strong>, and by the people of that account.</p>
<p>Go on only if that account is yours, and you asked for this yourself.</p>
<form method="post" action="/auth/shopify"><input type="hidden" name="state" value="%[3]s"><button>Go on to Shopify</button></form>
</main></body></html>
`, html.EscapeString(way.Shop), html.EscapeString(way.Account), html.EscapeString(q.Get("state")))
}

// confirm is the answer to the question that begin asks. Only that page gives it.
func (c *connecting) confirm(w http.ResponseWriter, r *http.Request) {
	site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
	if site != "same-origin" && (site != "" || origin != c.origin) {
		text(w, http.StatusForbidden, "forbidden")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	if err := r.ParseForm(); err != nil {
		text(w, http.StatusBadRequest, "bad request")
		return
	}
	c.depart(w, r, r.PostForm.Get("state"))
}

// depart gives the browser what it has to bring back, and sends it to the store. The secret of an earlier departure is kept,
// so that two tabs do not end each other's.
func (c *connecting) depart(w http.ResponseWriter, r *http.Request, state string) {
	browser := c.browser(r)
	if browser == "" {
		browser = rand.Text()
	}
	to, denied, err := c.Depart(r.Context(), state, browser)
	if err != nil || denied != "" {
		c.fail(w, r, denied, err)
		return
	}
	http.SetCookie(w, c.cookie(browser, 15*60))
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// arrive is where the store sends the browser back to.
func (c *connecting) arrive(w http.ResponseWriter, r *http.Request) {
	denied, err := c.Arrive(r.Context(), r.URL.RawQuery, c.browser(r))
	if err != nil || denied != "" {
		c.fail(w, r, denied, err)
		return
	}
	http.SetCookie(w, c.cookie("", -1))
	http.Redirect(w, r, settings+"?connected=1", http.StatusSeeOther)
}

// cookie is what binds a way to the browser that goes it. It has to be lax: it comes back from the store's page.
func (c *connecting) cookie(value string, age int) *http.Cookie {
	secure := strings.HasPrefix(c.origin, "https://")
	name := "__Host-shopsight-connect"
	if !secure { // this machine alone, from which not every browser takes the other
		name = "shopsight-connect"
	}
	return &http.Cookie{Name: name, Value: value, MaxAge: age, Path: "/", Secure: secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// browser is the secret that the browser brings, "" when it has none or several.
func (c *connecting) browser(r *http.Request) string {
	held := r.CookiesNamed(c.cookie("", 0).Name)
	if len(held) != 1 || len(held[0].Value) != len(rand.Text()) {
		return ""
	}
	return held[0].Value
}

func (c *connecting) fail(w http.ResponseWriter, r *http.Request, denied sync.Denial, err error) {
	if err != nil {
		c.log.ErrorContext(r.Context(), "request failed", "error", err, "request_id", graph.RequestID(r.Context()))
		denied = "INTERNAL"
	}
	c.back(w, r, denied)
}

// back sends the browser to the dashboard with one of the fixed words for what is wrong.
func (c *connecting) back(w http.ResponseWriter, r *http.Request, denied sync.Denial) {
	http.Redirect(w, r, settings+"?connect_error="+url.QueryEscape(string(denied)), http.StatusSeeOther)
}
