package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/server"
	"github.com/shopsight/shopsight/internal/sync"
)

func TestWebhookAnswers(t *testing.T) {
	t.Parallel()
	var answer error
	var got []byte
	calls := 0
	h := handler(t, server.Config{
		GraphQL: http.NotFoundHandler(), Log: slog.New(slog.DiscardHandler),
		Auth: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
		},
		Webhooks: func(_ context.Context, _ http.Header, body []byte) error {
			calls++
			got = body
			return answer
		},
	})
	for _, c := range []struct {
		name, method string
		body         string
		answer       error
		status       int
		called       bool
	}{
		{"kept", "POST", "{}", nil, 200, true},
		{"of nobody", "POST", "{}", fmt.Errorf("x: %w", sync.ErrForged), 401, true},
		{"not understood", "POST", "{}", sync.ErrMalformed, 400, true},
		{"no database", "POST", "{}", errors.New("secret words"), 503, true},
		{"as long as may be", "POST", strings.Repeat(" ", 2<<20), nil, 200, true},
		{"too long", "POST", strings.Repeat(" ", 2<<20+1), nil, 413, false},
		{"by GET", "GET", "", nil, 405, false},
		{"by PUT", "PUT", "{}", nil, 405, false},
		{"by OPTIONS", "OPTIONS", "", nil, 405, false},
	} {
		answer, calls, got = c.answer, 0, nil
		for _, known := range []bool{true, false} { // with a Content-Length, and without
			body := io.Reader(strings.NewReader(c.body))
			if !known {
				body = struct{ io.Reader }{body}
			}
			r := httptest.NewRequest(c.method, "/webhooks/shopify?shop=x", body)
			r.Header.Set("Cookie", "__Host-refresh=x")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != c.status || (calls > 0) != c.called || c.called && !bytes.Equal(got, []byte(c.body)) {
				t.Errorf("%s: %d after %d calls", c.name, w.Code, calls)
			}
			if strings.Contains(w.Body.String(), "secret") || w.Header().Get("Set-Cookie") != "" {
				t.Errorf("%s: says %q", c.name, w.Body)
			}
			if after := w.Header().Get("Retry-After"); (after != "") != (c.status == 503) {
				t.Errorf("%s: Retry-After %q", c.name, after)
			}
			if c.status == 405 && w.Header().Get("Allow") != "POST" {
				t.Errorf("%s: Allow %q", c.name, w.Header().Get("Allow"))
			}
		}
	}
}

// Whoever sends slowly is cut off, and whoever sends more than it says holds nobody up.
func TestSlowWebhook(t *testing.T) {
	t.Parallel()
	called := make(chan struct{}, 1)
	h := handler(t, server.Config{GraphQL: http.NotFoundHandler(), Log: slog.New(slog.DiscardHandler),
		Webhooks: func(context.Context, http.Header, []byte) error { called <- struct{}{}; return nil }})
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	began := time.Now()
	if _, err := io.WriteString(c, "POST /webhooks/shopify HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(c)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 408 ") || time.Since(began) > 20*time.Second {
		t.Errorf("%q %v after %s", answer, err, time.Since(began))
	}
	select {
	case <-called:
		t.Error("half a webhook was taken")
	default:
	}
}
