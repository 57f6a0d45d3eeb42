package outbound_test

import (
	"context"
	"encoding/binary"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/shopsight/shopsight/internal/outbound"
)

func TestPublic(t *testing.T) {
	t.Parallel()
	for _, text := range strings.Fields("23.227.38.65 1.1.1.1 8.8.8.8 172.15.0.1 172.32.0.1 100.63.255.255 100.128.0.0 " +
		"192.167.255.255 223.255.255.255 2606:4700::1111 2620:127:f00f:5::1 ::ffff:1.1.1.1") {
		if !outbound.Public(netip.MustParseAddr(text)) {
			t.Errorf("%s is refused", text)
		}
	}
	for _, text := range strings.Fields("0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 " +
		"127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 " +
		"198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 " +
		"::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 100::1 2001::1 2001:db8::1 2002:7f00:1::1 " +
		"3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1") {
		if outbound.Public(netip.MustParseAddr(text)) {
			t.Errorf("%s is let through", text)
		}
	}
	if outbound.Public(netip.Addr{}) {
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

	client := outbound.Client(outbound.Transport(nameServer(t, netip.MustParseAddr("127.0.0.1"))))
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
