package media

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/sync/singleflight"
)

// The bounds of what is remembered, and of how many fetches are under way.
const (
	maxCached  = 64 << 20 // bytes of all pictures together
	maxEntries = 10_000
	maxAtWork  = 32
	keptFor    = 24 * time.Hour
	refusedFor = 5 * time.Minute
)

// cache remembers what was fetched, and that something could not be. What was not used for the longest time goes first.
type cache struct {
	fetch  func(ctx context.Context, address string) *picture
	now    func() time.Time
	flight singleflight.Group
	slots  chan struct{}

	mu      sync.Mutex
	entries *simplelru.LRU[string, entry]
	bytes   int
}

// entry is what is known of an address: a picture, or nil that there is none to serve.
type entry struct {
	picture *picture
	until   time.Time
}

func (e entry) size() int {
	if e.picture == nil {
		return 0
	}
	return len(e.picture.body)
}

func newCache(fetch func(context.Context, string) *picture, now func() time.Time) *cache {
	c := &cache{fetch: fetch, now: now, slots: make(chan struct{}, maxAtWork)}
	// The size is positive, which is all that can be wrong.
	c.entries, _ = simplelru.NewLRU(maxEntries, func(_ string, gone entry) { c.bytes -= gone.size() })
	return c
}

// get returns the picture of an address, nil when there is none to serve, or when ctx ends before there is. Whoever asks
// while it is fetched waits for the same answer; it is fetched to its end even if nobody waits any more.
func (c *cache) get(ctx context.Context, address string) *picture {
	if e, ok := c.known(address); ok {
		return e.picture
	}
	fetched := c.flight.DoChan(address, func() (any, error) {
		c.slots <- struct{}{}
		defer func() { <-c.slots }()
		if e, ok := c.known(address); ok { // another flight has ended in between
			return e.picture, nil
		}
		p := c.fetch(context.WithoutCancel(ctx), address)
		c.keep(address, p)
		return p, nil
	})
	select {
	case r := <-fetched:
		return r.Val.(*picture)
	case <-ctx.Done():
		return nil
	}
}

func (c *cache) known(address string) (entry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries.Get(address)
	return e, ok && c.now().Before(e.until)
}

func (c *cache) keep(address string, p *picture) {
	e := entry{p, c.now().Add(keptFor)}
	if p == nil {
		e.until = c.now().Add(refusedFor)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries.Remove(address) // what is replaced is not told to be gone
	c.entries.Add(address, e)
	for c.bytes += e.size(); c.bytes > maxCached; {
		c.entries.RemoveOldest()
	}
}
