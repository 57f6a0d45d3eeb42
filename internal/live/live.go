// Package live tells those who listen that something of a tenant has changed.
//
// An event says that what was read before may be stale, not what is new: who hears one reads again. So the events of one
// kind that wait for a slow listener become one, a listener holds at most one event of each kind, and nobody who has
// something to tell waits for one who listens.
package live

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// Kind is what changed.
type Kind string

// The kinds of changed data. The values are those of the API's enum DataChangeKind.
const (
	Orders    Kind = "ORDERS"
	Customers Kind = "CUSTOMERS"
	Products  Kind = "PRODUCTS"
	All       Kind = "ALL"
)

// Syncs is the progress of a sync; the record is its run.
const Syncs Kind = "SYNC"

// Data are the kinds of changed data.
var Data = []Kind{Orders, Customers, Products, All}

// Event is one change, or several of one kind.
type Event struct {
	Tenant int64
	Kind   Kind
	// Record is the one record that changed; 0 when there were several, or when it is gone.
	Record int64
	// At is when it changed, the last time when there were several changes.
	At time.Time
}

// Then returns the one event that stands for e and a later one of the same tenant and kind.
func (e Event) Then(later Event) Event {
	if e.Record != later.Record {
		later.Record = 0
	}
	return later
}

// Hub hands events to the listeners of this process. Events of other processes reach them when whatever carries these
// calls Publish. The zero value is ready; it is safe for concurrent use.
type Hub struct {
	mu        sync.RWMutex
	listeners map[int64]map[*Listener]struct{} // by tenant
}

// Publish hands events to those who listen for them. It never waits.
func (h *Hub) Publish(events ...Event) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, e := range events {
		for l := range h.listeners[e.Tenant] {
			l.take(e)
		}
	}
}

// PublishAll tells every listener that anything may have changed: what was to be carried here may have been lost.
func (h *Hub) PublishAll(at time.Time) {
	h.mu.RLock()
	tenants := slices.Collect(maps.Keys(h.listeners))
	h.mu.RUnlock()
	for _, id := range tenants {
		h.Publish(Event{Tenant: id, Kind: All, At: at}, Event{Tenant: id, Kind: Syncs, At: at})
	}
}

// Listen returns a listener for the kinds of events of a tenant, which is to be closed. It hears what is published from
// now on.
func (h *Hub) Listen(tenant int64, kinds ...Kind) *Listener {
	l := &Listener{hub: h, tenant: tenant, kinds: kinds, wake: make(chan struct{}, 1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.listeners == nil {
		h.listeners = map[int64]map[*Listener]struct{}{}
	}
	if h.listeners[tenant] == nil {
		h.listeners[tenant] = map[*Listener]struct{}{}
	}
	h.listeners[tenant][l] = struct{}{}
	return l
}

// Listener hears events of one tenant. One goroutine at a time may call Next.
type Listener struct {
	hub    *Hub
	tenant int64
	kinds  []Kind
	wake   chan struct{}

	mu      sync.Mutex
	waiting []Event // at most one of each kind, in the order in which they came
}

func (l *Listener) take(e Event) {
	if !slices.Contains(l.kinds, e.Kind) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.IndexFunc(l.waiting, func(w Event) bool { return w.Kind == e.Kind }); i >= 0 {
		l.waiting[i] = l.waiting[i].Then(e)
	} else {
		l.waiting = append(l.waiting, e)
	}
	select {
	case l.wake <- struct{}{}:
	default: // it has been woken already
	}
}

// Next waits for an event and returns it; the error is that of ctx.
func (l *Listener) Next(ctx context.Context) (Event, error) {
	for {
		if e, ok := l.first(); ok {
			return e, nil
		}
		select {
		case <-l.wake:
		case <-ctx.Done():
			return Event{}, ctx.Err()
		}
	}
}

func (l *Listener) first() (e Event, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		return e, false
	}
	e = l.waiting[0]
	l.waiting = slices.Delete(l.waiting, 0, 1)
	return e, true
}

// Close ends the listening.
func (l *Listener) Close() {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	delete(l.hub.listeners[l.tenant], l)
	if len(l.hub.listeners[l.tenant]) == 0 {
		delete(l.hub.listeners, l.tenant)
	}
}
