// Package outbound makes the HTTP clients that follow addresses which somebody else has named: a store's, a picture's.
// They reach public addresses only, and go nowhere but there.
package outbound

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// Transport returns a transport that connects to public addresses only. The address is looked at after the name was
// resolved, at the moment of connecting, so that no answer of a name server leads inside. It takes no proxy from the
// environment: what a proxy connects to cannot be seen here.
func Transport(resolver *net.Resolver) *http.Transport {
	return transport(&net.Dialer{Resolver: resolver, ControlContext: refusePrivate})
}

// OpenTransport connects anywhere. It is for the endpoints that an operator sets.
func OpenTransport() *http.Transport { return transport(&net.Dialer{}) }

func transport(d *net.Dialer) *http.Transport {
	d.Timeout = 10 * time.Second
	return &http.Transport{
		DialContext:           d.DialContext,
		ForceAttemptHTTP2:     true,
		TLSHandshakeTimeout:   10 * time.Second,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConns:          256,
		MaxIdleConnsPerHost:   8,
		ExpectContinueTimeout: time.Second,
	}
}

// Client returns a client that follows no redirects: where they lead is not ours to trust, and a token would go along.
func Client(t http.RoundTripper) *http.Client {
	return &http.Client{
		Transport:     t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func refusePrivate(_ context.Context, network, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !public(at.Addr()) {
		return fmt.Errorf("%s %s is no public address", network, address)
	}
	return nil
}

// special are the blocks inside the public ranges that lead nowhere or inside (RFC 6890 and its registries). IPv6 has
// one public range, 2000::/3, and of it those are left out that carry an IPv4 address.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
	"224.0.0.0/3", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

var publicIPv6 = netip.MustParsePrefix("2000::/3")

func prefixes(texts ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		all[i] = netip.MustParsePrefix(text)
	}
	return all
}

// public tells whether an address is one of the internet's.
func public(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsValid() || ip.Is6() && !publicIPv6.Contains(ip) {
		return false
	}
	for _, p := range special {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}
