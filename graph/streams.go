package graph

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
)

// Streams bounds what stays open: subscriptions over server-sent events, and WebSockets.
type Streams struct {
	// Process is how many may be open in this process.
	Process int
	// Tenant is how many of them may belong to one tenant.
	Tenant int
	// Operations is how many operations may run at once on one WebSocket.
	Operations int
}

// DefaultStreams are the bounds of the contract.
var DefaultStreams = Streams{Process: 10_000, Tenant: 500, Operations: 50}

// writeTimeout is how long a client may take to receive one message before it is given up.
const writeTimeout = 10 * time.Second

// errClosing ends what is open when the service stops.
var errClosing = errors.New("the service is going away")

// streams knows what is open.
type streams struct {
	limits  Streams
	running sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	open    map[*stream]context.CancelCauseFunc
	tenants map[int64]int
}

func newStreams(limits Streams) *streams {
	return &streams{limits: limits, open: map[*stream]context.CancelCauseFunc{}, tenants: map[int64]int{}}
}

// stream is the place of one connection.
type stream struct {
	among  *streams
	tenant int64
}

// enter takes a place for a connection, which is to be left. The context ends with the service, or by the function that
// comes with it. When the process is full or stops, it is a fault.RateLimited.
func (s *streams) enter(ctx context.Context) (context.Context, context.CancelCauseFunc, *stream, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.open) >= s.limits.Process {
		return nil, nil, nil, busy("too many connections are open; come back later")
	}
	ctx, end := context.WithCancelCause(ctx)
	place := &stream{among: s}
	s.open[place] = end
	s.running.Add(1)
	return ctx, end, place, nil
}

func busy(message string) error {
	f := fault.Errorf(fault.RateLimited, "%s", message)
	f.RetryAfter = 5 * time.Second
	return f
}

// of counts a place as one of the tenant's, which must not be 0. When the tenant has too many, it is a fault.RateLimited.
func (p *stream) of(tenant int64) error {
	p.among.mu.Lock()
	defer p.among.mu.Unlock()
	if p.among.tenants[tenant] >= p.among.limits.Tenant {
		return busy("the tenant has too many open connections; close some, or come back later")
	}
	p.tenant = tenant
	p.among.tenants[tenant]++
	return nil
}

// leave gives the place up.
func (p *stream) leave() {
	p.among.mu.Lock()
	defer p.among.mu.Unlock()
	p.among.open[p](context.Canceled)
	delete(p.among.open, p)
	if p.tenant != 0 {
		if p.among.tenants[p.tenant]--; p.among.tenants[p.tenant] == 0 {
			delete(p.among.tenants, p.tenant)
		}
	}
	p.among.running.Done()
}

// close ends everything that is open, lets nothing in any more, and waits for the end.
func (s *streams) close() {
	s.mu.Lock()
	s.closed = true
	for _, end := range s.open {
		end(errClosing)
	}
	s.mu.Unlock()
	s.running.Wait()
}
