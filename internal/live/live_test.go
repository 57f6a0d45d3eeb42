package live_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopsight/shopsight/internal/live"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// waiting returns what a listener would hear without waiting.
func waiting(t *testing.T, l *live.Listener) (out []live.Event) {
	t.Helper()
	for {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		e, err := l.Next(ctx)
		if err != nil {
			return out
		}
		out = append(out, e)
	}
}

func equal(t *testing.T, got []live.Event, want ...live.Event) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("heard %v, want %v", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("heard %v, want %v", got[i], want[i])
		}
	}
}

func event(kind live.Kind, record int64, at time.Duration) live.Event {
	return live.Event{Tenant: 1, Kind: kind, Record: record, At: noon.Add(at)}
}

func TestEventsOfOneKindBecomeOne(t *testing.T) {
	t.Parallel()
	var h live.Hub
	l := h.Listen(1, live.Orders, live.Customers)
	defer l.Close()
	h.Publish(event(live.Orders, 7, 0), event(live.Customers, 3, 1))
	h.Publish(event(live.Orders, 7, 2), event(live.Products, 0, 3))
	equal(t, waiting(t, l), event(live.Orders, 7, 2), event(live.Customers, 3, 1))
	equal(t, waiting(t, l))
	h.Publish(event(live.Orders, 7, 4))
	h.Publish(event(live.Orders, 8, 5))
	h.Publish(event(live.Orders, 8, 6))
	equal(t, waiting(t, l), event(live.Orders, 0, 6))
	for range 100_000 {
		h.Publish(event(live.Orders, 1, 7), event(live.Customers, 1, 7))
	}
	equal(t, waiting(t, l), event(live.Orders, 1, 7), event(live.Customers, 1, 7))
}

func TestTenantsHearTheirOwn(t *testing.T) {
	t.Parallel()
	var h live.Hub
	first, second, other := h.Listen(1, live.All), h.Listen(1, live.All), h.Listen(2, live.All)
	h.Publish(event(live.All, 0, 0))
	equal(t, waiting(t, first), event(live.All, 0, 0))
	equal(t, waiting(t, second), event(live.All, 0, 0))
	equal(t, waiting(t, other))
	first.Close()
	h.Publish(event(live.All, 0, 1))
	equal(t, waiting(t, first))
	equal(t, waiting(t, second), event(live.All, 0, 1))
	second.Close()
	second.Close()
	h.Publish(event(live.All, 0, 2), live.Event{Tenant: 2, Kind: live.All})
	equal(t, waiting(t, other), live.Event{Tenant: 2, Kind: live.All})
}

func TestPublishAll(t *testing.T) {
	t.Parallel()
	var h live.Hub
	data, syncs, orders := h.Listen(1, live.Data...), h.Listen(2, live.Syncs), h.Listen(2, live.Orders)
	defer data.Close()
	defer syncs.Close()
	defer orders.Close()
	h.PublishAll(noon)
	equal(t, waiting(t, data), event(live.All, 0, 0))
	equal(t, waiting(t, syncs), live.Event{Tenant: 2, Kind: live.Syncs, At: noon})
	equal(t, waiting(t, orders)) // who listens for data listens for all of it
}

func TestNextWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var h live.Hub
		l := h.Listen(1, live.Orders)
		go func() {
			time.Sleep(time.Hour)
			h.Publish(event(live.Customers, 0, 0), event(live.Orders, 5, 0))
		}()
		begun := time.Now()
		e, err := l.Next(t.Context())
		if err != nil || e != event(live.Orders, 5, 0) || time.Since(begun) != time.Hour {
			t.Errorf("after %v: %v, %v", time.Since(begun), e, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if e, err := l.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v, %v", e, err)
		}
	})
}

// Whatever a listener does meanwhile, it hears of a kind after the last change of that kind.
func TestNoChangeIsLost(t *testing.T) {
	t.Parallel()
	var h live.Hub
	l := h.Listen(1, live.Orders)
	const last = 2000
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range last + 1 {
			h.Publish(event(live.Orders, 0, time.Duration(i)))
		}
	})
	for heard := noon; heard != noon.Add(last); {
		e, err := l.Next(t.Context())
		if err != nil || e.At.Before(heard) {
			t.Fatalf("%v after %v: %v", e, heard, err)
		}
		heard = e.At
	}
	wg.Wait()
}
