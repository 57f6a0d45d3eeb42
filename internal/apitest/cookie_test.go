package apitest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// browser asks as a page of the service does, and keeps the cookies that it is given.
type browser struct {
	w       *world
	origin  string
	token   string // of the Authorization header
	cookies map[string]string
}

// ask sends an operation with the header that asks for the cookie, or without it.
func (b *browser) ask(t *testing.T, query string, transport bool, variables ...object) (any, *httptest.ResponseRecorder) {
	t.Helper()
	var vars object
	if len(variables) > 0 {
		vars = variables[0]
	}
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/graphql", requestBody(t, query, vars))
	u, err := url.Parse(b.origin)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = u.Host
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", b.origin)
	if transport {
		r.Header.Set("X-Token-Transport", "cookie")
	}
	if b.token != "" {
		r.Header.Set("Authorization", "Bearer "+b.token)
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.w.Handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return decode(t, w.Body.Bytes()), w
}

func requestBody(t *testing.T, query string, variables object) io.Reader {
	t.Helper()
	b, err := json.Marshal(object{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b)
}

// A page in a browser signs up, comes again and leaves, and never sees a refresh token.
func TestSessionInACookie(t *testing.T) {
	t.Parallel()
	const (
		logIn   = `mutation($in: LoginInput!) { auth: login(input: $in) { ` + credentials + ` } }`
		refresh = `mutation { auth: refresh { ` + credentials + ` } }`
		logout  = `mutation { logout { success } }`
		who     = `{ viewer { user { email } } }`
	)
	each(t, func(t *testing.T, w *world) {
		b := &browser{w: w, origin: "https://shop.example", cookies: map[string]string{}}
		got, answer := b.ask(t, `mutation($in: SignupInput!) { auth: signup(input: $in) { `+credentials+` } }`, true, object{"in": object{
			"email": "hidden.page@example.com", "password": "hidden horse battery", "tenantName": "Page"}})
		if text(got, "data.auth.accessToken") == "<nil>" || at(got, "data.auth.refreshToken") != nil {
			t.Fatalf("signed up: %v", got)
		}
		if set := answer.Header().Get("Set-Cookie"); !strings.HasPrefix(set, "__Host-shopsight=") || !strings.HasSuffix(set, "; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict") {
			t.Errorf("cookie %s", set)
		}
		first := b.cookies["__Host-shopsight"]
		if strings.Contains(answer.Body.String(), first) {
			t.Error("the refresh token is in the answer too")
		}

		// The cookie is no credential, and without the header it does not exist.
		if got, _ := b.ask(t, who, true); at(got, "data.viewer") != nil {
			t.Errorf("a cookie opens the API: %v", got)
		}
		if got, _ := b.ask(t, `{ tenant { id } }`, true); text(got, "errors.0.extensions.code") != "UNAUTHENTICATED" {
			t.Errorf("a cookie opens the API: %v", got)
		}
		if got, _ := b.ask(t, refresh, false); text(got, "data.auth.userErrors.0.code") != "REQUIRED" {
			t.Errorf("refreshed without the header: %v", got)
		}
		// A page of another origin gets nothing, and changes nothing.
		for _, query := range []string{refresh, logout, logIn} {
			r := httptest.NewRequestWithContext(t.Context(), "POST", "/graphql", requestBody(t, query, nil))
			r.Host = "shop.example"
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Origin", "https://evil.example")
			r.Header.Set("X-Token-Transport", "cookie")
			r.AddCookie(&http.Cookie{Name: "__Host-shopsight", Value: first})
			rec := httptest.NewRecorder()
			w.Handler.ServeHTTP(rec, r)
			if rec.Code != 403 || rec.Header().Get("Set-Cookie") != "" || text(decode(t, rec.Body.Bytes()), "errors.0.extensions.code") != "FORBIDDEN" {
				t.Errorf("from elsewhere: %d %s", rec.Code, rec.Body)
			}
		}

		// Refresh rotates the cookie.
		w.pass(10 * time.Minute)
		got, _ = b.ask(t, refresh, true)
		second := b.cookies["__Host-shopsight"]
		if text(got, "data.auth.viewer.user.id") == "<nil>" || at(got, "data.auth.refreshToken") != nil || second == first || second == "" {
			t.Fatalf("refreshed: %v", got)
		}
		b.token = text(got, "data.auth.accessToken")
		if got, _ := b.ask(t, who, false); text(got, "data.viewer.user.email") != "hidden.page@example.com" {
			t.Errorf("%v", got)
		}
		// A refused login leaves the cookie as it is.
		if got, _ := b.ask(t, logIn, true, object{"in": object{"email": "hidden.page@example.com", "password": "hidden wrong"}}); text(got, "data.auth.userErrors.0.code") != "INVALID_CREDENTIALS" || b.cookies["__Host-shopsight"] != second {
			t.Errorf("%v", got)
		}

		// Logging out empties the cookie, and ends the session that it holds even if somebody else has signed in meanwhile.
		other := w.signUp(nil)
		leaving := b.token
		b.token = ""
		got, _ = b.ask(t, logIn, true, object{"in": object{"email": other.email, "password": other.password}})
		theirs := text(got, "data.auth.accessToken")
		b.token = leaving
		if got, _ := b.ask(t, logout, true); text(got, "data.logout.success") != "true" || len(b.cookies) != 0 {
			t.Errorf("logged out: %v, %v", got, b.cookies)
		}
		for _, token := range []string{leaving, theirs} {
			b.token = token
			if _, answer := b.ask(t, who, false); answer.Code != 401 {
				t.Errorf("a session outlives logout: %s", answer.Body)
			}
		}
		if say(other.Client, `{ tenant { id } }`).Status != 200 {
			t.Error("logging out ended a session that is not in the browser")
		}
		// A login without the header is as before.
		b.token = ""
		got, _ = b.ask(t, logIn, false, object{"in": object{"email": other.email, "password": other.password}})
		if text(got, "data.auth.refreshToken") == "<nil>" || len(b.cookies) != 0 {
			t.Errorf("%v, %v", got, b.cookies)
		}
		w.discreet(t, other)
	})
}
