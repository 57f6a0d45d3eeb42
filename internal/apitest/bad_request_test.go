package apitest_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// Requests that are not what GraphQL over HTTP allows: none is executed, and neither answer nor log repeats them.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	const good = `{"query":"mutation { ingestCustomers(customers: [{shopifyId: 1}]) { created } }"}`
	const guess = `{"query":"mutation { login(input: {email: \"a@example.com\", password: \"hidden\"}) { accessToken } }"`
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		before, accounts := summary(t, p.Client), w.accounts(t)
		for _, c := range []struct {
			name, method, target, body string
			headers                    []string
			status                     int
			code, message              string
		}{
			{name: "body over the limit", body: `{"query":"{ __typename }","hidden":"` + strings.Repeat("x", 8<<20) + `"}`, status: 413, message: "longer than 8388608 bytes"},
			{name: "batch", body: "[" + good + "," + good + "]", status: 400, message: "is a list"},
			{name: "empty batch", body: "[]", status: 400, message: "is a list"},
			{name: "form", body: "query=" + url.QueryEscape(`mutation { ingestCustomers(customers: [{shopifyId: 1}]) { created } }`), headers: []string{"Content-Type", "application/x-www-form-urlencoded"}, status: 415},
			{name: "multipart", body: good, headers: []string{"Content-Type", "multipart/form-data; boundary=x"}, status: 415},
			{name: "text", body: good, headers: []string{"Content-Type", "text/plain"}, status: 415},
			{name: "graphql", body: "mutation { ingestCustomers(customers: [{shopifyId: 1}]) { created } }", headers: []string{"Content-Type", "application/graphql"}, status: 415},
			{name: "no type", body: good, headers: []string{"Content-Type", ""}, status: 415},
			{name: "two types", body: good, headers: []string{"Content-Type", "application/json, text/plain"}, status: 415},
			{name: "odd charset", body: good, headers: []string{"Content-Type", "application/json; charset=utf-7"}, status: 415},
			{name: "compressed", body: good, headers: []string{"Content-Encoding", "gzip"}, status: 415},
			{name: "mutation by GET", method: "GET", target: "/graphql?query=" + url.QueryEscape(`mutation { ingestCustomers(customers: [{shopifyId: 1}]) { created } }`), status: 405, message: "by POST"},
			{name: "login by GET", method: "GET", target: "/graphql?query=" + url.QueryEscape(`mutation { login(input: {email: "a@example.com", password: "hidden"}) { accessToken } }`), status: 405, message: "by POST"},
			{name: "malformed GET", method: "GET", target: "/graphql?query=%zz&password=hidden", status: 400},
			{name: "PUT", method: "PUT", body: good, status: 405},
			{name: "DELETE", method: "DELETE", status: 405},
			{name: "malformed with a password", body: guess, status: 400, message: "not valid JSON"},
			{name: "bare password", body: "hidden", status: 400, message: "not valid JSON"},
			{name: "password after the object", body: guess + `} hidden`, status: 400, message: "more after"},
			{name: "variables as text", body: guess + `,"variables":"hidden"}`, status: 400, message: "variables"},
			{name: "invalid UTF-8", body: strings.Replace(guess, "hidden", "hidden\xff\xfe", 1) + "}", status: 400, message: "not valid UTF-8"},
			{name: "invalid UTF-8 in a record", body: strings.Replace(good, "shopifyId: 1", "shopifyId: 1, firstName: \\\"\xc3\x28\\\"", 1), status: 400, message: "not valid UTF-8"},
			{name: "overlong encoding", body: strings.Replace(guess, "hidden", "hidden\xc0\x80", 1) + "}", status: 400, message: "not valid UTF-8"},
			{name: "NUL", body: strings.Replace(guess, "hidden", "hidden\x00", 1) + "}", status: 400, message: "NUL"},
			{name: "escaped NUL", body: `{"query":"mutation($f: String) { ingestCustomers(customers: [{shopifyId: 1, firstName: $f}]) { created } }","variables":{"f":"hidden\u0000"}}`, status: 400, message: "NUL"},
			{name: "NUL in the document", body: strings.Replace(good, "shopifyId: 1", `shopifyId: 1, firstName: \"hidden\\u0000\"`, 1), status: 200, message: "NUL"},
			{name: "lone surrogate", body: `{"query":"mutation($f: String) { ingestCustomers(customers: [{shopifyId: 1, firstName: $f}]) { created } }","variables":{"f":"hidden\ud83d"}}`, status: 400, message: "surrogate"},
			{name: "lone surrogate in the document", body: strings.Replace(good, "shopifyId: 1", `shopifyId: 1, firstName: \"hidden\\ud83d\"`, 1), status: 200, message: "surrogate"},
			{name: "query twice", body: `{"query":"{ __typename }",` + good[1:], status: 400, message: "twice"},
			{name: "no query", body: `{"mutation":"hidden"}`, status: 400, message: "query"},
			{name: "syntax", body: `{"query":"mutation { login(input: {password: \"hidden\" "}`, status: 200, code: "GRAPHQL_PARSE_FAILED"},
		} {
			t.Run(c.name, func(t *testing.T) {
				method, target := "POST", "/graphql"
				if c.method != "" {
					method = c.method
				}
				if c.target != "" {
					target = c.target
				}
				r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(c.body))
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("Authorization", "Bearer "+p.Token)
				r.Header.Set("User-Agent", "hidden agent")
				r.Header.Set("X-Forwarded-For", "192.0.2.77")
				for i := 0; i < len(c.headers); i += 2 {
					r.Header.Set(c.headers[i], c.headers[i+1])
				}
				rec := httptest.NewRecorder()
				w.Handler.ServeHTTP(rec, r)
				body := rec.Body.String()
				v := decode(t, rec.Body.Bytes())
				code := c.code
				if code == "" {
					code = "BAD_USER_INPUT"
				}
				if rec.Code != c.status || text(v, "errors.0.extensions.code") != code || !strings.Contains(text(v, "errors.0.message"), c.message) || at(v, "data") != nil {
					t.Errorf("%d %.600s", rec.Code, body)
				}
				if strings.Contains(body, "hidden") {
					t.Errorf("the answer repeats the request: %.600s", body)
				}
				if h := rec.Header(); h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(h.Get("Content-Type"), "application/json") {
					t.Errorf("headers %v", h)
				}
				if rec.Code == http.StatusMethodNotAllowed && rec.Header().Get("Allow") == "" {
					t.Error("no Allow header")
				}
			})
		}
		if after := summary(t, p.Client); after != before {
			t.Errorf("changed %s to %s", before, after)
		}
		if after := w.accounts(t); after != accounts {
			t.Errorf("people, tenants and sessions were %v and are %v", accounts, after)
		}
		w.discreet(t, p)
		if strings.Contains(w.log.String(), "192.0.2.77") {
			t.Error("the log believes a header about the address")
		}
	})
}

// A credential counts in its header alone, and a header that is no credential is refused.
func TestCredentialElsewhere(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		for name, change := range map[string]func(r *http.Request){
			"cookie":     func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "access_token", Value: p.Token}) },
			"URL":        func(r *http.Request) { r.URL.RawQuery = "access_token=" + p.Token },
			"basic":      func(r *http.Request) { r.SetBasicAuth(p.email, p.password) },
			"two":        func(r *http.Request) { r.Header["Authorization"] = []string{"Bearer " + p.Token, "Bearer " + p.Token} },
			"bare token": func(r *http.Request) { r.Header.Set("Authorization", p.Token) },
		} {
			r := httptest.NewRequestWithContext(t.Context(), "POST", "/graphql", strings.NewReader(`{"query":"{ tenant { slug } }"}`))
			r.Header.Set("Content-Type", "application/json")
			change(r)
			rec := httptest.NewRecorder()
			w.Handler.ServeHTTP(rec, r)
			if v := decode(t, rec.Body.Bytes()); text(v, "errors.0.extensions.code") != "UNAUTHENTICATED" || strings.Contains(rec.Body.String(), p.slug) {
				t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
			}
		}
		w.discreet(t, p)
	})
}
