package auth

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/shopsight/shopsight/internal/config"
)

// TransportHeader asks, with the value "cookie", that the refresh token of an answer be kept in a cookie. A page of
// another origin cannot send it unasked.
const TransportHeader = "X-Token-Transport"

// secureCookie is the cookie's name where the page came over https. Browsers take a name with this prefix from the host
// itself alone, with Secure, and for every path.
const secureCookie = "__Host-shopsight"

// Cookie is where a browser keeps its refresh token, out of reach of scripts.
type Cookie struct {
	name   string
	secure bool
	token  string
	w      http.ResponseWriter
}

// CookieTransport returns the handler that serves next, and lets those that send TransportHeader keep their refresh token
// in a cookie: next finds it with CookieFrom. To everybody else the cookie does not exist, and it is never a credential.
//
// Such a request must be a POST whose Origin is the host that it was sent to, or one of the origins that are given, which
// must be of the same site, so that a page elsewhere cannot use the cookie; otherwise it is answered with 403 and a GraphQL
// error FORBIDDEN. The origin must be https. A service on this machine alone may also be http: as not every browser takes a
// Secure cookie from there, the cookie has another name then, with the port, since cookies do not know ports.
func CookieTransport(next http.Handler, origins ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(TransportHeader) != "cookie" {
			next.ServeHTTP(w, r)
			return
		}
		c := &Cookie{w: w}
		if !ours(r, origins) || !c.place(r) {
			refuseOrigin(w, r)
			return
		}
		// Of several that share the name, nobody can tell which is ours.
		if held := r.CookiesNamed(c.name); len(held) == 1 {
			c.token = held[0].Value
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), cookieKey{}, c)))
	})
}

type cookieKey struct{}

// CookieFrom returns the cookie of a request, nil when its client keeps the refresh token by itself.
func CookieFrom(ctx context.Context) *Cookie {
	c, _ := ctx.Value(cookieKey{}).(*Cookie)
	return c
}

// Token returns the refresh token that came with the request, "" when none did.
func (c *Cookie) Token() string { return c.token }

// Keep has the browser keep a refresh token instead of the one it has. It must be called before the answer is written.
func (c *Cookie) Keep(token string) { c.set(token, int(RefreshLifetime.Seconds())) }

// Clear has the browser forget the refresh token.
func (c *Cookie) Clear() { c.set("", -1) }

func (c *Cookie) set(value string, maxAge int) {
	http.SetCookie(c.w, &http.Cookie{Name: c.name, Value: value, MaxAge: maxAge, Path: "/", Secure: c.secure, HttpOnly: true,
		SameSite: http.SameSiteStrictMode})
}

// place decides on name and kind of the cookie by the origin of the page, and tells whether there may be one.
func (c *Cookie) place(r *http.Request) bool {
	if strings.HasPrefix(r.Header.Get("Origin"), "https://") {
		c.name, c.secure = secureCookie, true
		return true
	}
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		host, port = strings.Trim(r.Host, "[]"), "80"
	}
	c.name = "shopsight-" + port
	return config.Loopback(host)
}

// ours tells whether a page of the host that the request was sent to has sent it, or one of the given origins. The site is
// looked at too: browsers keep a strict cookie to itself where it is another.
func ours(r *http.Request, origins []string) bool {
	if r.Method != http.MethodPost || len(r.Header.Values("Origin")) != 1 {
		return false
	}
	from := r.Header.Get("Origin")
	named := slices.Contains(origins, from)
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin":
	case "same-site":
		if !named {
			return false
		}
	default:
		return false
	}
	origin, err := url.Parse(from)
	return err == nil && (origin.Scheme == "https" || origin.Scheme == "http") && origin.Host != "" &&
		(named || strings.EqualFold(origin.Host, r.Host))
}

const originBody = `{"errors":[{"message":"sessions in a cookie are for pages of this address, and of the origins on the ` +
	`same site that the service is told of, over https, or http on this machine; a proxy in front must pass the Host header on","extensions":{"code":"FORBIDDEN"}}]}` + "\n"

func refuseOrigin(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", contentType(r.Header.Values("Accept")))
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept")
	w.WriteHeader(http.StatusForbidden)
	_, _ = io.WriteString(w, originBody)
}
