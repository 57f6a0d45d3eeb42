package auth_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/auth"
)

// reading answers with the token that came in the cookie, and keeps another.
var reading = auth.CookieTransport(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	c := auth.CookieFrom(r.Context())
	if c == nil {
		_, _ = io.WriteString(w, "no cookie")
		return
	}
	if r.URL.Path == "/out" {
		c.Clear()
	} else {
		c.Keep("next")
	}
	_, _ = io.WriteString(w, "token "+c.Token())
}), "https://dashboard.example", "http://localhost:5000")

func TestCookieTransport(t *testing.T) {
	t.Parallel()
	const refused = "403"
	for name, c := range map[string]struct {
		method, host, origin, site, cookie, path string
		want, set                                string
	}{
		"https":               {host: "shop.example", origin: "https://shop.example", cookie: "__Host-shopsight=a", want: "token a", set: "__Host-shopsight=next; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict"},
		"https with a port":   {host: "shop.example:8443", origin: "https://shop.example:8443", want: "token ", set: "__Host-shopsight=next; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict"},
		"another spelling":    {host: "Shop.Example", origin: "https://shop.example", site: "same-origin", want: "token ", set: "__Host-shopsight=next; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict"},
		"this machine":        {host: "127.0.0.1:8080", origin: "http://127.0.0.1:8080", cookie: "shopsight-8080=b", want: "token b", set: "shopsight-8080=next; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict"},
		"localhost":           {host: "localhost", origin: "http://localhost", cookie: "shopsight-8080=b", want: "token ", set: "shopsight-80=next; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict"},
		"IPv6":                {host: "[::1]:8080", origin: "http://[::1]:8080", want: "token ", set: "shopsight-8080=next; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict"},
		"clearing":            {host: "shop.example", origin: "https://shop.example", path: "/out", want: "token ", set: "__Host-shopsight=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict"},
		"two of the name":     {host: "localhost:1", origin: "http://localhost:1", cookie: "shopsight-1=a; shopsight-1=b", want: "token ", set: "shopsight-1=next; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict"},
		"the name of http":    {host: "shop.example", origin: "https://shop.example", cookie: "shopsight-443=a; shopsight-80=b", want: "token ", set: "__Host-shopsight=next; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict"},
		"http elsewhere":      {host: "shop.example", origin: "http://shop.example", want: refused},
		"http in the network": {host: "192.168.1.7:8080", origin: "http://192.168.1.7:8080", want: refused},
		"rebound name":        {host: "evil.example:8080", origin: "http://evil.example:8080", want: refused},
		"another host":        {host: "shop.example", origin: "https://evil.example", want: refused},
		"another port":        {host: "localhost:8080", origin: "http://localhost:3000", want: refused},
		"a longer host":       {host: "shop.example", origin: "https://shop.example.evil.example", want: refused},
		"user of a host":      {host: "shop.example", origin: "https://shop.example@evil.example", want: refused},
		"sandbox":             {host: "shop.example", origin: "null", want: refused},
		"no origin":           {host: "shop.example", want: refused},
		"another scheme":      {host: "shop.example", origin: "file://shop.example", want: refused},
		"site":                {host: "shop.example", origin: "https://shop.example", site: "cross-site", want: refused},
		"same site":           {host: "shop.example", origin: "https://shop.example", site: "same-site", want: refused},
		"elsewhere, named":    {host: "shop.example", origin: "https://dashboard.example", site: "same-site", cookie: "__Host-shopsight=a", want: "token a", set: "__Host-shopsight=next; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict"},
		"an older browser":    {host: "shop.example", origin: "https://dashboard.example", cookie: "__Host-shopsight=a", want: "token a", set: "__Host-shopsight=next; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict"},
		"named, here":         {host: "localhost:8080", origin: "http://localhost:5000", site: "same-site", cookie: "shopsight-8080=b", want: "token b", set: "shopsight-8080=next; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict"},
		"named, another site": {host: "shop.example", origin: "https://dashboard.example", site: "cross-site", want: refused},
		"named, a bookmark":   {host: "shop.example", origin: "https://dashboard.example", site: "none", want: refused},
		"named, over http":    {host: "shop.example", origin: "http://dashboard.example", site: "same-site", want: refused},
		"http to elsewhere":   {host: "shop.example", origin: "http://localhost:5000", site: "same-site", want: refused},
		"longer than named":   {host: "shop.example", origin: "https://dashboard.example.evil.example", site: "same-site", want: refused},
		"a port of the named": {host: "shop.example", origin: "https://dashboard.example:8443", site: "same-site", want: refused},
		"GET from elsewhere":  {method: "GET", host: "shop.example", origin: "https://dashboard.example", site: "same-site", want: refused},
		"GET":                 {method: "GET", host: "shop.example", origin: "https://shop.example", want: refused},
	} {
		r := httptest.NewRequest(or(c.method, "POST"), or(c.path, "/graphql"), nil)
		r.Host = c.host
		r.Header.Set(auth.TransportHeader, "cookie")
		for name, value := range map[string]string{"Origin": c.origin, "Sec-Fetch-Site": c.site, "Cookie": c.cookie} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		w := httptest.NewRecorder()
		reading.ServeHTTP(w, r)
		got := w.Body.String()
		if w.Code == http.StatusForbidden && strings.Contains(got, `"code":"FORBIDDEN"`) {
			got = refused
		}
		if set := w.Header().Get("Set-Cookie"); got != c.want || set != c.set {
			t.Errorf("%s: %q, sets %q", name, got, set)
		}
	}
}

// Who does not ask for the cookie does not get it, whatever else the request says.
func TestCookieIsAskedFor(t *testing.T) {
	t.Parallel()
	for _, transport := range []string{"", "Cookie", "body", "cookie "} {
		r := httptest.NewRequest("POST", "/graphql", nil)
		r.Host = "shop.example"
		r.Header.Set("Origin", "https://shop.example")
		r.Header.Set("Cookie", "__Host-shopsight=a")
		r.Header[auth.TransportHeader] = []string{transport}
		w := httptest.NewRecorder()
		reading.ServeHTTP(w, r)
		if w.Body.String() != "no cookie" || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%q: %s, %v", transport, w.Body, w.Header())
		}
	}
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
