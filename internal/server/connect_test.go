package server_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/server"
	"github.com/shopsight/shopsight/internal/sync"
)

// connector knows one state, and one browser after it has departed.
type connector struct {
	browser string
	arrived []string
	err     error
}

func (c *connector) Way(_ context.Context, state string) (sync.Way, sync.Denial, error) {
	if state != "good" {
		return sync.Way{}, sync.DeniedExpired, nil
	}
	return sync.Way{Shop: "tea.myshopify.com", Account: `Tea & <script>alert(1)</script>`}, "", c.err
}

func (c *connector) Depart(_ context.Context, state, browser string) (string, sync.Denial, error) {
	if state != "good" {
		return "", sync.DeniedExpired, nil
	}
	c.browser = browser
	return "https://tea.myshopify.com/admin/oauth/authorize?state=good", "", c.err
}

func (c *connector) Launched(query string) (string, sync.Denial) {
	if !strings.Contains(query, "hmac=good") {
		return "", sync.DeniedInvalid
	}
	return "tea.myshopify.com", ""
}

func (c *connector) Arrive(_ context.Context, query, browser string) (sync.Denial, error) {
	c.arrived = append(c.arrived, query)
	if browser == "" || browser != c.browser {
		return sync.DeniedInvalid, nil
	}
	return "", c.err
}

func TestConnect(t *testing.T) {
	t.Parallel()
	for _, origin := range []string{"https://shop.example.com", "http://localhost:8080"} {
		c := &connector{}
		h, err := server.New(server.Config{GraphQL: http.NotFoundHandler(), Connect: c, PublicURL: origin})
		if err != nil {
			t.Fatal(err)
		}
		ask := func(method, path string, cookies []*http.Cookie, header ...string) *http.Response {
			var r *http.Request
			if method == http.MethodPost {
				r = httptest.NewRequest(method, path, strings.NewReader(url.Values{"state": {"good"}}.Encode()))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			} else {
				r = httptest.NewRequest(method, path, nil)
			}
			for i := 0; i < len(header); i += 2 {
				r.Header.Set(header[i], header[i+1])
			}
			for _, c := range cookies {
				r.AddCookie(c)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w.Result()
		}
		goes := func(name string, r *http.Response, to string) {
			t.Helper()
			if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != to {
				t.Errorf("%s: %d to %q, want %q", name, r.StatusCode, r.Header.Get("Location"), to)
			}
			if r.Header.Get("Referrer-Policy") != "no-referrer" || r.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %v", name, r.Header)
			}
		}
		const store = "https://tea.myshopify.com/admin/oauth/authorize?state=good"
		// From elsewhere it is asked first, and nothing is given to the browser.
		for _, site := range []string{"", "none", "cross-site", "same-site"} {
			r := ask("GET", "/auth/shopify?state=good", nil, "Sec-Fetch-Site", site)
			body := make([]byte, 4096)
			n, _ := r.Body.Read(body)
			if text := string(body[:n]); r.StatusCode != 200 || len(r.Cookies()) != 0 || !strings.Contains(text, "Tea &amp; &lt;script&gt;") ||
				!strings.Contains(text, "tea.myshopify.com") || strings.Contains(text, "<script") || c.browser != "" {
				t.Errorf("%s: %d %s", site, r.StatusCode, text)
			}
		}
		for _, forged := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site", "Origin", origin}, {"Origin", "https://evil.example.com"}, {}} {
			if r := ask("POST", "/auth/shopify", nil, forged...); r.StatusCode != http.StatusForbidden || c.browser != "" {
				t.Errorf("%v: %d", forged, r.StatusCode)
			}
		}
		goes("the answer", ask("POST", "/auth/shopify", nil, "Sec-Fetch-Site", "same-origin", "Origin", origin), store)
		goes("an old browser's answer", ask("POST", "/auth/shopify", nil, "Origin", origin), store)
		r := ask("GET", "/auth/shopify?state=good", nil, "Sec-Fetch-Site", "same-origin")
		goes("from the dashboard", r, store)
		cookies := r.Cookies()
		if len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode || cookies[0].Value != c.browser ||
			len(c.browser) < 26 || cookies[0].Secure != strings.HasPrefix(origin, "https:") || strings.HasPrefix(cookies[0].Name, "__Host-") != cookies[0].Secure {
			t.Fatalf("%+v", cookies)
		}
		first := c.browser
		ask("GET", "/auth/shopify?state=good", cookies, "Sec-Fetch-Site", "same-origin")
		if c.browser != first {
			t.Error("another tab ends the way of the first")
		}
		goes("a state that is over", ask("GET", "/auth/shopify?state=bad", nil), "/settings?connect_error=EXPIRED")
		// Back from the store.
		goes("another browser", ask("GET", "/auth/shopify/callback?code=1&state=good", nil), "/settings?connect_error=INVALID")
		two := append(cookies, &http.Cookie{Name: cookies[0].Name, Value: strings.Repeat("A", 26)})
		goes("a cookie beside ours", ask("GET", "/auth/shopify/callback?code=1&state=good", two), "/settings?connect_error=INVALID")
		r = ask("GET", "/auth/shopify/callback?code=1&code=2&state=good", cookies)
		goes("the same browser", r, "/settings?connected=1")
		if len(r.Cookies()) != 1 || r.Cookies()[0].MaxAge >= 0 || c.arrived[len(c.arrived)-1] != "code=1&code=2&state=good" {
			t.Errorf("%+v %v", r.Cookies(), c.arrived)
		}
		c.err = errors.New("the database is away")
		goes("a fault of ours", ask("GET", "/auth/shopify/callback?code=1&state=good", cookies), "/settings?connect_error=INTERNAL")
		// From Shopify's side.
		goes("an install link", ask("GET", "/auth/shopify?shop=tea.myshopify.com&hmac=good", nil), "/settings?connect=tea.myshopify.com")
		goes("a forged one", ask("GET", "/auth/shopify?shop=tea.myshopify.com&hmac=bad&state=good", nil), "/settings?connect_error=INVALID")
		goes("nothing", ask("GET", "/auth/shopify", nil), "/settings?connect_error=INVALID")
	}
}
