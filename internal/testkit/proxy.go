package testkit

import (
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/shopsight/shopsight/internal/store"
)

// Proxy stands between a service and its database server, and cuts the connection on demand.
type Proxy struct {
	listener net.Listener
	target   string

	mu    sync.Mutex
	conns map[net.Conn]bool
	away  bool
	// left is how many bytes more may pass, when limited.
	left    int
	limited bool
}

// Proxied opens the database of a store once more, with a proxy between: the part of another process, whose server may go
// away. The store is one on a database server.
func Proxied(tb testing.TB, s *store.Store) (*store.Store, *Proxy) {
	tb.Helper()
	u, err := url.Parse(URL(tb, s))
	if err != nil || u.Host == "" {
		tb.Fatal("testkit: no server's database")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	p := &Proxy{listener: l, target: serverConfig(u, "").Addr, conns: map[net.Conn]bool{}}
	var accepting sync.WaitGroup
	accepting.Go(p.accept)
	tb.Cleanup(func() {
		l.Close()
		accepting.Wait()
		p.Cut()
	})
	u.Host = l.Addr().String()
	return Open(tb, u.String()), p
}

// Cut ends every connection, and lets none through until Mend.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away, p.limited = true, false
	for c := range p.conns {
		c.Close()
	}
	clear(p.conns)
}

// CutAfter is Cut as soon as so many bytes have passed, to and fro: in the middle of whatever that is.
func (p *Proxy) CutAfter(bytes int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left, p.limited = bytes, true
}

// Mend lets connections through again.
func (p *Proxy) Mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away, p.limited = false, false
}

// Away tells whether connections are cut.
func (p *Proxy) Away() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.away
}

func (p *Proxy) accept() {
	var all sync.WaitGroup
	defer all.Wait()
	defer p.Cut() // or they would not end
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.target)
		if err != nil || !p.joined(client, server) {
			client.Close()
			if server != nil {
				server.Close()
			}
			continue
		}
		all.Go(func() { p.pass(server, client) })
		all.Go(func() { p.pass(client, server) })
	}
}

// joined notes two connections, unless none is let through.
func (p *Proxy) joined(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		if !p.away {
			p.conns[c] = true
		}
	}
	return !p.away
}

// pass passes bytes on until either side ends.
func (p *Proxy) pass(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 4<<10)
	for {
		n, err := from.Read(buffer)
		allowed, cut := p.allow(n)
		if _, failed := to.Write(buffer[:allowed]); failed != nil || err != nil {
			return
		}
		if cut {
			p.Cut()
			return
		}
	}
}

// allow tells how many of n bytes may pass, and whether they are the last.
func (p *Proxy) allow(n int) (allowed int, cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.limited {
		return n, false
	}
	allowed = min(n, p.left)
	p.left -= allowed
	return allowed, p.left == 0
}
