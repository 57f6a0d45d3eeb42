package shopify_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/shopsight/shopsight/internal/shopify"
)

// operated returns a client of a server on this machine, as an operator may set.
func operated(t *testing.T, h http.HandlerFunc) *shopify.Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	clock := newClock()
	return shopify.New(shopify.Options{
		Endpoint: func(d shopify.Domain) string { return server.URL + "/" + string(d) }, Now: clock.Now, After: clock.After,
	}).Client(domain, shopify.Static(token))
}

func TestEndpoint(t *testing.T) {
	t.Parallel()
	c := operated(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/"+string(domain) || r.Header.Get("X-Shopify-Access-Token") != token {
			t.Errorf("asked %s with %v", r.URL, r.Header)
		}
		w.Header().Set("X-Shopify-API-Version", shopify.Version)
		fmt.Fprint(w, `{"data":{"productsCount":{"count":3,"precision":"EXACT"}}}`)
	})
	if n, err := c.Count(t.Context(), shopify.Products, shopify.Window{}); n != 3 || err != nil {
		t.Errorf("Count = %d, %v", n, err)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var trapped atomic.Int32
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { trapped.Add(1) }))
	t.Cleanup(trap.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		c := operated(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, trap.URL, status) })
		_, err := c.Shop(t.Context())
		wantCode(t, err, shopify.CodeShopUnreachable, false)
	}
	if trapped.Load() > 0 {
		t.Error("a redirect was followed")
	}
}

// A connection that ends within an answer, or at once, is tried again.
func TestTruncatedBodies(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	whole := `{"data":{"productsCount":{"count":3,"precision":"EXACT"}}}`
	c := operated(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Shopify-API-Version", shopify.Version)
		switch calls.Add(1) {
		case 1:
			w.Header().Set("Content-Length", fmt.Sprint(len(whole)))
			_, _ = io.WriteString(w, whole[:20])
		case 2:
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				conn.Close()
			}
		case 3:
			_, _ = io.WriteString(w, whole[:20])
		default:
			_, _ = io.WriteString(w, whole)
		}
	})
	if n, err := c.Count(t.Context(), shopify.Products, shopify.Window{}); n != 3 || err != nil || calls.Load() != 4 {
		t.Errorf("Count = %d, %v after %d calls", n, err, calls.Load())
	}
}

// An answer without an end is cut off.
func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	var read atomic.Int64
	endless := iotest.DataErrReader(readFunc(func(p []byte) (int, error) {
		clear(p)
		read.Add(int64(len(p)))
		return len(p), nil
	}))
	clock := newClock()
	c := shopify.New(shopify.Options{Now: clock.Now, After: clock.After, Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: io.NopCloser(endless)}, nil
	})}).Client(domain, shopify.Static(token))
	_, err := c.Shop(t.Context())
	wantCode(t, err, shopify.CodeInvalidData, true)
	if n := read.Load(); n > 8*(65<<20) {
		t.Errorf("read %d bytes", n)
	}
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }
