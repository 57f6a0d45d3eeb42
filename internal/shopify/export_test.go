package shopify

import (
	"net"
	"net/http"
	"net/netip"
)

// NewHTTPClient is the client that reaches real stores, with names resolved by the given resolver.
func NewHTTPClient(r *net.Resolver) *http.Client { return newHTTPClient(newTransport(r)) }

// Public tells whether an address may be connected to.
func Public(ip netip.Addr) bool { return public(ip) }
