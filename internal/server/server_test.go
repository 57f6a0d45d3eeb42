package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/graph"
	"github.com/shopsight/shopsight/internal/server"
)

func handler(t *testing.T, c server.Config) http.Handler {
	t.Helper()
	h, err := server.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func endpoint(t *testing.T, f http.HandlerFunc) http.Handler {
	t.Helper()
	return handler(t, server.Config{GraphQL: f, Log: slog.New(slog.DiscardHandler)})
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	broken := errors.New("no database")
	h := handler(t, server.Config{
		GraphQL: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "answer") }),
		Ready:   func(context.Context) error { return broken },
		Log:     slog.New(slog.DiscardHandler),
	})
	for _, c := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"POST", "/graphql", 200, "answer"},
		{"GET", "/graphql", 200, "answer"},
		{"DELETE", "/graphql", 200, "answer"}, // the endpoint says what it takes
		{"GET", "/livez", 200, "alive\n"},
		{"GET", "/readyz", 503, "not ready\n"},
		{"POST", "/livez", 405, "method not allowed\n"},
		{"GET", "/", 404, "not found\n"},
		{"GET", "/graphql/", 404, "not found\n"},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
		if w.Code != c.status || w.Body.String() != c.body {
			t.Errorf("%s %s: %d %q", c.method, c.path, w.Code, w.Body)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options":  "nosniff",
			"Referrer-Policy":         "no-referrer",
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
			"Cache-Control":           "no-store",

			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Strict-Transport-Security":    "max-age=31536000",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s %s: %s is %q", c.method, c.path, name, got)
			}
		}
	}
}

func TestReadyWithoutACheck(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	endpoint(t, nil).ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
	if w.Code != 200 {
		t.Errorf("status %d", w.Code)
	}
}

func TestRequestIDsAreMadeHere(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	h := endpoint(t, func(_ http.ResponseWriter, r *http.Request) { seen[graph.RequestID(r.Context())] = true })
	for range 10 {
		r := httptest.NewRequest("POST", "/graphql", nil)
		r.Header.Set("X-Request-Id", "forged")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if id := w.Header().Get("X-Request-Id"); id == "forged" || len(id) < 16 || !seen[id] {
			t.Errorf("id %q", id)
		}
	}
	if len(seen) != 10 {
		t.Errorf("%d ids of 10 requests", len(seen))
	}
}

func TestDevice(t *testing.T) {
	t.Parallel()
	h := endpoint(t, func(w http.ResponseWriter, r *http.Request) {
		d := graph.Device(r.Context())
		_, _ = io.WriteString(w, d.IP.String()+" "+d.UserAgent)
	})
	r := httptest.NewRequest("POST", "/graphql", nil)
	r.RemoteAddr = "[::ffff:192.0.2.7]:5000"
	r.Header.Set("X-Forwarded-For", "203.0.113.9")
	r.Header.Set("User-Agent", "curl\n\x00"+strings.Repeat("é", 300)+"\xff")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if want := "192.0.2.7 curl  " + strings.Repeat("é", 249); w.Body.String() != want {
		t.Errorf("device %q", w.Body)
	}
}

func TestPanicIsAnswered(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := handler(t, server.Config{
		GraphQL: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("kaboom") }),
		Log:     slog.New(slog.NewJSONHandler(&log, nil)),
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("POST", "/graphql", nil))
	id := w.Header().Get("X-Request-Id")
	if w.Code != 500 || strings.Contains(w.Body.String(), "kaboom") || !strings.Contains(w.Body.String(), id) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if n := strings.Count(log.String(), "kaboom"); n != 1 || !strings.Contains(log.String(), id) {
		t.Errorf("logged %d times: %s", n, &log)
	}
}

func TestOneLineARequestWithoutSecrets(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := handler(t, server.Config{
		GraphQL: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }),
		Log:     slog.New(slog.NewJSONHandler(&log, nil)),
	})
	r := httptest.NewRequest("POST", "/graphql?query=secret-in-url", strings.NewReader("secret-in-body"))
	r.Header.Set("Authorization", "Bearer secret-token")
	r.Header.Set("User-Agent", "secret-agent")
	h.ServeHTTP(httptest.NewRecorder(), r)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/livez", nil))
	var line map[string]any
	if err := json.Unmarshal(log.Bytes(), &line); err != nil {
		t.Fatalf("not one line: %v: %s", err, &log)
	}
	if line["method"] != "POST" || line["path"] != "/graphql" || line["status"] != 418.0 || line["request_id"] == "" {
		t.Errorf("line %v", line)
	}
	if strings.Contains(log.String(), "secret") {
		t.Errorf("secret in the log: %s", &log)
	}
}

// A connection that another protocol takes over is logged as such when it ends.
func TestTakenOver(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := handler(t, server.Config{
		GraphQL: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}),
		Log:     slog.New(slog.NewJSONHandler(&log, nil)),
	})
	r := httptest.NewRequest("GET", "/graphql", nil)
	r.Header.Set("Upgrade", "websocket")
	h.ServeHTTP(httptest.NewRecorder(), r)
	if !strings.Contains(log.String(), `"status":101`) {
		t.Errorf("log: %s", &log)
	}
}

func TestFail(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "/graphql", nil)
	r = r.WithContext(graph.WithRequestID(r.Context(), "req-7"))
	server.Fail(slog.New(slog.NewTextHandler(&log, nil)))(w, r, errors.New("dial tcp 10.0.0.1"))
	if w.Code != 500 || strings.Contains(w.Body.String(), "dial") || !strings.Contains(w.Body.String(), `"requestId":"req-7"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "dial tcp") {
		t.Errorf("log: %s", &log)
	}
}

func TestServeFinishesWhatItHasBegun(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	begun, finish := make(chan struct{}), make(chan struct{})
	h := endpoint(t, func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-finish
		_, _ = io.WriteString(w, "done")
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, l, h, slog.New(slog.DiscardHandler)) }()
	answer := make(chan string, 1)
	go func() {
		resp, err := http.Post("http://"+l.Addr().String()+"/graphql", "application/json", nil)
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		answer <- string(b)
	}()
	<-begun
	stop()
	close(finish)
	if got := <-answer; got != "done" {
		t.Errorf("answer %q", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("serve: %v", err)
	}
}

func TestServeReportsADeadListener(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if err := server.Serve(t.Context(), l, endpoint(t, nil), slog.New(slog.DiscardHandler)); err == nil {
		t.Error("no error")
	}
}
