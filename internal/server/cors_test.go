package server_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/server"
)

// A page of an origin that is named may ask and read; nothing is said to any other.
func TestOrigins(t *testing.T) {
	t.Parallel()
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept")
		_, _ = io.WriteString(w, "answer to "+r.Method)
	})
	config := server.Config{GraphQL: answer, Media: answer, Origins: []string{"https://dashboard.example", "https://other.example:8443", "http://localhost:5000"}}
	h := handler(t, config)
	for name, c := range map[string]struct {
		origins []string
		allowed bool
	}{
		"named":             {[]string{"https://dashboard.example"}, true},
		"with its port":     {[]string{"https://other.example:8443"}, true},
		"this machine":      {[]string{"http://localhost:5000"}, true},
		"another":           {[]string{"https://evil.example"}, false},
		"null":              {[]string{"null"}, false},
		"a star":            {[]string{"*"}, false},
		"a longer name":     {[]string{"https://dashboard.example.evil.example"}, false},
		"a longer port":     {[]string{"http://localhost:50000"}, false},
		"below":             {[]string{"https://evil.dashboard.example"}, false},
		"http":              {[]string{"http://dashboard.example"}, false},
		"https":             {[]string{"https://localhost:5000"}, false},
		"without its port":  {[]string{"https://other.example"}, false},
		"with another port": {[]string{"https://dashboard.example:8443"}, false},
		"upper case":        {[]string{"https://Dashboard.example"}, false},
		"a path":            {[]string{"https://dashboard.example/"}, false},
		"a user":            {[]string{"https://dashboard.example@evil.example"}, false},
		"empty":             {[]string{""}, false},
		"two":               {[]string{"https://dashboard.example", "https://evil.example"}, false},
		"none":              {nil, false},
	} {
		for _, path := range []string{"/graphql", "/media/abc"} {
			for _, method := range []string{"GET", "OPTIONS"} {
				r := httptest.NewRequest(method, path, nil)
				r.Header["Origin"] = c.origins
				if method == "OPTIONS" {
					r.Header.Set("Access-Control-Request-Method", "POST")
					r.Header.Set("Access-Control-Request-Headers", "authorization,content-type,x-token-transport")
				}
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				got := w.Header()
				if !slices.Contains(got.Values("Vary"), "Origin") {
					t.Errorf("%s: %s %s varies by %v", name, method, path, got.Values("Vary"))
				}
				if !c.allowed {
					for header := range got {
						if strings.HasPrefix(header, "Access-Control-") {
							t.Errorf("%s: %s %s says %s", name, method, path, header)
						}
					}
					if method == "GET" && w.Body.String() != "answer to GET" {
						t.Errorf("%s: %s %s: %s", name, method, path, w.Body)
					}
					continue
				}
				want := map[string]string{"Access-Control-Allow-Origin": c.origins[0], "Access-Control-Allow-Credentials": "true"}
				if method == "OPTIONS" {
					want["Access-Control-Allow-Methods"] = "GET, POST"
					want["Access-Control-Allow-Headers"] = "Authorization, Content-Type, X-Token-Transport"
					want["Access-Control-Max-Age"] = "600"
					if w.Code != 204 || w.Body.Len() > 0 {
						t.Errorf("%s: %s %s: %d %s", name, method, path, w.Code, w.Body)
					}
				} else {
					want["Access-Control-Expose-Headers"] = "X-Request-Id, Date"
				}
				for header, value := range want {
					if got.Get(header) != value {
						t.Errorf("%s: %s %s: %s is %q", name, method, path, header, got.Get(header))
					}
				}
			}
		}
	}
	for _, c := range []struct{ method, path string }{{"GET", "/livez"}, {"OPTIONS", "/livez"}, {"GET", "/"}} {
		if w := get(h, c.method, c.path, "Origin", "https://dashboard.example", "Access-Control-Request-Method", "GET"); w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s %s is open", c.method, c.path)
		}
	}
	config.Origins = nil
	if w := get(handler(t, config), "GET", "/graphql", "Origin", "https://dashboard.example"); w.Header().Get("Access-Control-Allow-Origin") != "" || slices.Contains(w.Header().Values("Vary"), "Origin") {
		t.Errorf("without origins: %v", w.Header())
	}
}
