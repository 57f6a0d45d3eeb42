package app

import (
	"encoding/binary"
	"slices"
	"sync"
	"time"

	"github.com/shopsight/shopsight/internal/live"
)

// relay carries the events of this process to the listeners of the others, and theirs to those of this one. The events
// of one kind of one tenant are sent at most once in relayPause, as one.
type relay struct {
	hub    *live.Hub
	signal func([]byte)
	now    func() time.Time

	wake chan struct{}
	end  chan struct{}
	done sync.WaitGroup

	mu      sync.Mutex
	waiting map[relayed]live.Event
	// missed tells that something of this process may not have reached the others.
	missed bool
}

type relayed struct {
	tenant int64
	kind   live.Kind
}

const (
	relayPause = 250 * time.Millisecond
	// relayMost bounds the events of a signal; one takes about 20 bytes.
	relayMost = 1000
)

// newRelay begins to send. Close it when done.
func newRelay(hub *live.Hub, signal func([]byte), now func() time.Time) *relay {
	r := &relay{hub: hub, signal: signal, now: now, wake: make(chan struct{}, 1), end: make(chan struct{}), waiting: map[relayed]live.Event{}}
	r.done.Go(r.run)
	return r
}

// Publish hands events to the listeners of this process, and to those of the others within moments. It never waits.
func (r *relay) Publish(events ...live.Event) {
	r.hub.Publish(events...)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range events {
		key := relayed{e.Tenant, e.Kind}
		if first, ok := r.waiting[key]; ok {
			e = first.Then(e)
		}
		r.waiting[key] = e
	}
	r.nudge()
}

func (r *relay) nudge() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// run sends what waits, until the relay is closed.
func (r *relay) run() {
	for {
		select {
		case <-r.wake:
		case <-r.end:
			r.send()
			return
		}
		r.send()
		select {
		case <-time.After(relayPause):
		case <-r.end:
			r.send()
			return
		}
	}
}

func (r *relay) send() {
	r.mu.Lock()
	events := make([]live.Event, 0, len(r.waiting))
	for _, e := range r.waiting {
		events = append(events, e)
	}
	clear(r.waiting)
	missed := r.missed
	r.missed = false
	r.mu.Unlock()
	if missed {
		r.signal(encodeEvents(nil))
	}
	for part := range slices.Chunk(events, relayMost) {
		r.signal(encodeEvents(part))
	}
}

// Hear takes a signal of another process, which may be anything. nil says that some may have been lost, in either
// direction: then everybody looks again.
func (r *relay) Hear(data []byte) {
	if data == nil {
		r.mu.Lock()
		r.missed = true
		r.mu.Unlock()
		r.nudge()
		r.hub.PublishAll(r.now())
		return
	}
	events, ok := decodeEvents(data)
	switch {
	case !ok: // of another version, or nobody's
	case len(events) == 0:
		r.hub.PublishAll(r.now())
	default:
		r.hub.Publish(events...)
	}
}

// Close sends what waits and ends.
func (r *relay) Close() {
	close(r.end)
	r.done.Wait()
}

// A signal is its version and its events: each a letter for its kind, then as varints its tenant, its record, and the
// microseconds of its time since 1970. One without events says that any may have been lost.
const signalVersion = 1

// kindLetters are the letters of the kinds. One that is unknown is of a later release: nobody here listens for its kind.
var kindLetters = map[live.Kind]byte{live.Orders: 'o', live.Customers: 'c', live.Products: 'p', live.All: 'a', live.Syncs: 's'}

func encodeEvents(events []live.Event) []byte {
	data := []byte{signalVersion}
	for _, e := range events {
		letter, ok := kindLetters[e.Kind]
		if !ok {
			continue
		}
		data = binary.AppendVarint(append(data, letter), e.Tenant)
		data = binary.AppendVarint(data, e.Record)
		data = binary.AppendVarint(data, e.At.UnixMicro())
	}
	return data
}

// decodeEvents returns the events of a signal, and false when it is none of this version.
func decodeEvents(data []byte) (events []live.Event, ok bool) {
	if len(data) == 0 || data[0] != signalVersion {
		return nil, false
	}
	for data = data[1:]; len(data) > 0; {
		letter := data[0]
		data = data[1:]
		var numbers [3]int64
		for i := range numbers {
			n := 0
			if numbers[i], n = binary.Varint(data); n <= 0 {
				return nil, false
			}
			data = data[n:]
		}
		e := live.Event{Tenant: numbers[0], Record: numbers[1], At: time.UnixMicro(numbers[2]).UTC()}
		for kind, l := range kindLetters {
			if l == letter {
				e.Kind = kind
			}
		}
		// A time outside of these years could not be written as the API has it.
		if y := e.At.Year(); e.Tenant <= 0 || e.Record < 0 || y < 2000 || y > 9999 {
			return nil, false
		}
		events = append(events, e)
	}
	return events, true
}
