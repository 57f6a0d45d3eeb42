package server_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"

	"github.com/shopsight/shopsight/internal/server"
)

const page = `<meta property="csp-nonce" nonce="__CSP_NONCE__"><script type="module" src="./index.js" nonce="__CSP_NONCE__"></script>`

var script = strings.Repeat("console.log('all of it');\n", 200)

func dashboard(t *testing.T, built fstest.MapFS) http.Handler {
	t.Helper()
	return handler(t, server.Config{
		GraphQL:   http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "answer") }),
		Dashboard: built,
	})
}

func built(js string) fstest.MapFS {
	return fstest.MapFS{
		"index.html":          {Data: []byte(page)},
		"index.js":            {Data: []byte(js)},
		"assets/Overview.css": {Data: []byte("a{}")},
	}
}

func get(h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var prefixed = regexp.MustCompile(`src="(/_/[0-9a-f]{12}/)index\.js" nonce="([A-Z2-7]{26})"`)

func TestDashboardPage(t *testing.T) {
	t.Parallel()
	h := dashboard(t, built(script))
	nonces := map[string]bool{}
	for _, path := range []string{"/", "/sync", "/orders/7", "/graphql/"} {
		w := get(h, "GET", path)
		m := prefixed.FindStringSubmatch(w.Body.String())
		if w.Code != 200 || m == nil || strings.Contains(w.Body.String(), "__CSP") {
			t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		nonces[m[2]] = true
		policy := w.Header().Get("Content-Security-Policy")
		if !strings.Contains(policy, "style-src 'self' 'nonce-"+m[2]+"';") || !strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %s", path, policy)
		}
		if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: %v", path, w.Header())
		}
	}
	if len(nonces) != 4 {
		t.Errorf("%d nonces in 4 answers", len(nonces))
	}
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/graphql", 200}, {"GET", "/livez", 200}, {"GET", "/robots.txt", 404}, {"GET", "/index.html", 404}, {"GET", "/index.js", 404},
		{"GET", "/_/", 404}, {"GET", "/_/000000000000/index.js", 404}, {"GET", "/_/../index.js", 404}, {"POST", "/", 405}, {"POST", "/sync", 405},
		{"HEAD", "/", 200},
	} {
		w := get(h, c.method, c.path)
		if w.Code != c.status || strings.Contains(w.Body.String(), "nonce") {
			t.Errorf("%s %s: %d %s", c.method, c.path, w.Code, w.Body)
		}
	}
}

func TestDashboardFiles(t *testing.T) {
	t.Parallel()
	h := dashboard(t, built(script))
	prefix := prefixed.FindStringSubmatch(get(h, "GET", "/").Body.String())[1]
	for _, c := range []struct{ accept, encoding string }{
		{"", ""}, {"gzip, deflate, br, zstd", "br"}, {"gzip;q=1.0, br;q=0", "gzip"}, {"br;q=0, gzip;q=0", ""}, {"GZIP", "gzip"}, {"identity", ""},
	} {
		w := get(h, "GET", prefix+"index.js", "Accept-Encoding", c.accept)
		if got := w.Header().Get("Content-Encoding"); got != c.encoding {
			t.Errorf("%q: encoding %q", c.accept, got)
		}
		var body io.Reader = w.Body
		length := w.Body.Len()
		switch c.encoding {
		case "br":
			body = brotli.NewReader(body)
		case "gzip":
			body, _ = gzip.NewReader(body)
		}
		if b, err := io.ReadAll(body); err != nil || string(b) != script {
			t.Errorf("%q: %d bytes, %v", c.accept, len(b), err)
		}
		if c.encoding != "" && length > 200 {
			t.Errorf("%q: %d bytes", c.accept, length)
		}
		for name, want := range map[string]string{"Cache-Control": "public, max-age=31536000, immutable", "Content-Type": "text/javascript; charset=utf-8",
			"Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%q: %s is %q", c.accept, name, got)
			}
		}
	}
	if w := get(h, "GET", prefix+"assets/Overview.css"); w.Body.String() != "a{}" || w.Header().Get("Content-Type") != "text/css; charset=utf-8" || w.Header().Get("Content-Length") != "3" {
		t.Errorf("%s %v", w.Body, w.Header())
	}
	if w := get(h, "HEAD", prefix+"index.js"); w.Body.Len() != 0 || w.Header().Get("Content-Length") != "5200" {
		t.Errorf("HEAD: %v", w.Header())
	}
	// Another build has another prefix.
	if other := prefixed.FindStringSubmatch(get(dashboard(t, built(script+" ")), "GET", "/").Body.String())[1]; other == prefix {
		t.Error("two builds under one prefix")
	}
}

func TestDashboardWithoutAPage(t *testing.T) {
	t.Parallel()
	if _, err := server.New(server.Config{Dashboard: fstest.MapFS{"index.js": {Data: []byte("x")}}}); err == nil {
		t.Error("no error")
	}
}
