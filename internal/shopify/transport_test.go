package shopify_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/shopsight/shopsight/internal/shopify"
)

func TestPublic(t *testing.T) {
	t.Parallel()
	for _, text := range strings.Fields("23.227.38.65 1.1.1.1 8.8.8.8 172.15.0.1 172.32.0.1 100.63.255.255 100.128.0.0 " +
		"192.167.255.255 223.255.255.255 2606:4700::1111 2620:127:f00f:5::1 ::ffff:1.1.1.1") {
		if !shopify.Public(netip.MustParseAddr(text)) {
			t.Errorf("%s is refused", text)
		}
	}
	for _, text := range strings.Fields("0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 " +
		"127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 " +
		"198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 " +
		"::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 100::1 2001::1 2001:db8::1 2002:7f00:1::1 " +
		"3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1") {
		if shopify.Public(netip.MustParseAddr(text)) {
			t.Errorf("%s is let through", text)
		}
	}
	if shopify.Public(netip.Addr{}) {
		t.Error("no address is let through")
	}
}

// A name that leads inside is found out after it was resolved: nothing is connected to.
func TestPrivateAddressesAreNotConnectedTo(t *testing.T) {
	t.Parallel()
	var trapped atomic.Int32
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(trap.Close)
	trap.Config.ConnState = func(net.Conn, http.ConnState) { trapped.Add(1) }
	_, port, _ := net.SplitHostPort(trap.Listener.Addr().String())

	client := shopify.NewHTTPClient(nameServer(t, netip.MustParseAddr("127.0.0.1")))
	for _, host := range []string{
		"example.myshopify.com", "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0.0.0.0", "[::]",
	} {
		resp, err := client.Get("http://" + net.JoinHostPort(strings.Trim(host, "[]"), port))
		if err == nil {
			resp.Body.Close()
			t.Errorf("%s answered", host)
		}
	}
	_, err := client.Get("http://example.myshopify.com:" + port)
	if err == nil || !strings.Contains(err.Error(), "127.0.0.1:"+port+" is no public address") {
		t.Errorf("example.myshopify.com: %v, which is not the refusal", err)
	}
	if n := trapped.Load(); n > 0 {
		t.Errorf("%d connections were made", n)
	}
}

// nameServer resolves every name to one IPv4 address.
func nameServer(t *testing.T, to netip.Addr) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 512)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			question := buf[12:n]
			end := strings.IndexByte(string(question), 0) + 5
			answer := append([]byte{}, buf[:2]...)
			answer = append(answer, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0) // a response with one question
			answer = append(answer, question[:end]...)
			if binary.BigEndian.Uint16(question[end-4:]) == 1 { // A
				answer[7] = 1
				answer = append(answer, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
				answer = append(answer, to.AsSlice()...)
			}
			_, _ = conn.WriteTo(answer, from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// operated returns a client of a server on this machine, as an operator may set.
func operated(t *testing.T, h http.HandlerFunc) *shopify.Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	clock := newClock()
	return shopify.New(shopify.Options{
		Endpoint: func(d shopify.Domain) string { return server.URL + "/" + string(d) }, Now: clock.Now, After: clock.After,
	}).Client(domain, token)
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
	})}).Client(domain, token)
	_, err := c.Shop(t.Context())
	wantCode(t, err, shopify.CodeInvalidData, true)
	if n := read.Load(); n > 8*(65<<20) {
		t.Errorf("read %d bytes", n)
	}
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }
