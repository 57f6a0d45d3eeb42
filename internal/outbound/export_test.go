package outbound

import "net/netip"

// Public tells whether an address may be connected to.
func Public(ip netip.Addr) bool { return public(ip) }
