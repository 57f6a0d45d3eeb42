package app_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopsight/shopsight/internal/app"
	"github.com/shopsight/shopsight/internal/live"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// heard returns what a listener would hear without waiting.
func heard(t *testing.T, l *live.Listener) (all []live.Event) {
	t.Helper()
	for {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		e, err := l.Next(ctx)
		if err != nil {
			return all
		}
		all = append(all, e)
	}
}

// pair is two processes.
type pair struct {
	hubs    [2]live.Hub
	relays  [2]*app.Relay
	signals [2][][]byte // that each has sent
}

func newPair() *pair {
	p := &pair{}
	for i := range p.relays {
		p.relays[i] = app.NewRelay(&p.hubs[i], func(data []byte) {
			p.signals[i] = append(p.signals[i], data)
			p.relays[1-i].Hear(data)
		})
	}
	return p
}

func (p *pair) close() {
	p.relays[0].Close()
	p.relays[1].Close()
}

func TestRelay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPair()
		defer p.close()
		kinds := append(slices.Clone(live.Data), live.Syncs)
		here, there := p.hubs[0].Listen(7, kinds...), p.hubs[1].Listen(7, kinds...)
		var want []live.Event
		for i, kind := range kinds {
			want = append(want, live.Event{Tenant: 7, Kind: kind, Record: int64(i) << 59, At: noon.Add(time.Duration(i) * time.Microsecond)})
		}
		p.relays[0].Publish(want...)
		if got := heard(t, here); !slices.Equal(got, want) {
			t.Errorf("here: %v", got)
		}
		synctest.Wait()
		got := heard(t, there)
		slices.SortFunc(got, func(a, b live.Event) int { return a.At.Compare(b.At) })
		if !slices.Equal(got, want) {
			t.Errorf("there: %v, want %v", got, want)
		}
		if len(p.signals[0]) != 1 || len(p.signals[1]) != 0 {
			t.Errorf("%d signals, %d back", len(p.signals[0]), len(p.signals[1]))
		}
		p.relays[0].Publish(live.Event{Tenant: 7, Kind: live.Orders, Record: 1, At: noon}, live.Event{Tenant: 7, Kind: live.Orders, Record: 2, At: noon})
		time.Sleep(time.Second)
		if got := heard(t, there); !slices.Equal(got, []live.Event{{Tenant: 7, Kind: live.Orders, At: noon}}) {
			t.Errorf("two records: %v", got)
		}
	})
}

// However much a tenant writes, others hear of it some times a second, and of the last change for sure.
func TestRelayIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPair()
		there := p.hubs[1].Listen(7, live.Orders)
		last := time.Time{}
		for range 20_000 {
			time.Sleep(500 * time.Microsecond) // in ten seconds
			last = time.Now().UTC().Truncate(time.Microsecond)
			p.relays[0].Publish(live.Event{Tenant: 7, Kind: live.Orders, Record: 3, At: last})
		}
		p.close()
		if n := len(p.signals[0]); n < 10 || n > 50 {
			t.Errorf("%d signals", n)
		}
		if got := heard(t, there); len(got) != 1 || !got[0].At.Equal(last) || got[0].Record != 3 {
			t.Errorf("the last that was heard is %v, at %v", got, last)
		}
	})
}

func TestRelayOfManyTenants(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPair()
		defer p.close()
		const tenants = 5000
		var listeners [tenants]*live.Listener
		var events []live.Event
		for i := range listeners {
			listeners[i] = p.hubs[1].Listen(int64(i+1), live.Orders)
			events = append(events, live.Event{Tenant: int64(i + 1), Kind: live.Orders, At: noon})
		}
		p.relays[0].Publish(events...)
		synctest.Wait()
		for i, l := range listeners {
			if got := heard(t, l); len(got) != 1 {
				t.Fatalf("tenant %d hears %v", i+1, got)
			}
		}
		for _, s := range p.signals[0] {
			if len(s) > 64<<10 {
				t.Errorf("a signal of %d bytes", len(s))
			}
		}
	})
}

// What may have been lost, in either direction, makes everybody look again, once.
func TestRelayAfterLoss(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPair()
		here, there := p.hubs[0].Listen(7, live.Data...), p.hubs[1].Listen(8, live.Syncs)
		p.relays[0].Hear(nil)
		p.relays[0].Hear(nil)
		time.Sleep(time.Minute)
		if got := heard(t, here); len(got) != 1 || got[0].Kind != live.All {
			t.Errorf("here: %v", got)
		}
		if got := heard(t, there); len(got) != 1 || got[0].Kind != live.Syncs {
			t.Errorf("there: %v", got)
		}
		if n := len(p.signals[0]) + len(p.signals[1]); n > 2 {
			t.Errorf("%d signals: they answer each other", n)
		}
		p.close()
	})
}

// Whoever may connect to the cluster may send anything. It is ignored, or it is an event that can be shown.
func FuzzRelayHear(f *testing.F) {
	hub := live.Hub{}
	var good [][]byte
	r := app.NewRelay(&hub, func(data []byte) { good = append(good, data) })
	r.Publish(live.Event{Tenant: 7, Kind: live.Orders, Record: 1 << 60, At: noon}, live.Event{Tenant: 7, Kind: live.Syncs, At: noon})
	r.Close()
	for _, data := range good {
		f.Add(data)
		f.Add(data[:len(data)-1])
	}
	f.Add([]byte{})
	f.Add([]byte{2, 'o', 14, 2, 0})
	f.Add([]byte("\x01o\x0e\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Add([]byte("\x01x\x0e\x02\x00{\"kind\":1}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if data == nil {
			data = []byte{}
		}
		hub := live.Hub{}
		r := app.NewRelay(&hub, func([]byte) { t.Error("it is passed on") })
		defer r.Close()
		l := hub.Listen(7, append(slices.Clone(live.Data), live.Syncs)...)
		r.Hear(data)
		for _, e := range heard(t, l) {
			if _, err := e.At.MarshalText(); err != nil || e.Record < 0 || e.Tenant != 7 {
				t.Errorf("%v: %v", e, err)
			}
		}
		if len(data) == 0 || data[0] != 1 {
			if got := heard(t, l); len(got) > 0 {
				t.Errorf("of another version: %v", got)
			}
		}
	})
}
