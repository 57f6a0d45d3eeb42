package account

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/viewer"
)

const (
	// cacheAge is how late this process may notice what another one, or a hand in the database, has changed. The promise
	// is one second.
	cacheAge = 500 * time.Millisecond
	// cacheSize is how many sessions are remembered at once.
	cacheSize = 10_000
)

// held is what was read about a session.
type held struct {
	claims auth.AccessClaims
	role   viewer.Role
	at     time.Time
}

// viewer returns a new viewer for the session.
func (h held) viewer() *viewer.Viewer {
	return viewer.Person(h.claims.TenantID, h.claims.UserID, h.claims.SessionID, h.role)
}

// cache remembers for a moment which sessions count, by session.
type cache struct {
	now func() time.Time

	mu   sync.Mutex
	rows *simplelru.LRU[int64, held]
	ends uint64 // how often something was forgotten
}

func newCache(now func() time.Time) *cache {
	rows, _ := simplelru.NewLRU[int64, held](cacheSize, nil) // fails for no positive size
	return &cache{now: now, rows: rows}
}

// epoch is taken before a session is read and given to put with what was read: a row that was read before a logout must
// not be remembered after it.
func (c *cache) epoch() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ends
}

func (c *cache) put(h held, epoch uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ends == epoch {
		c.rows.Add(h.claims.SessionID, h)
	}
}

func (c *cache) get(claims auth.AccessClaims) (held, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h, ok := c.rows.Get(claims.SessionID)
	age := c.now().Sub(h.at)
	return h, ok && h.claims == claims && age >= 0 && age < cacheAge
}

func (c *cache) forget(session int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ends++
	c.rows.Remove(session)
}

func (c *cache) forgetAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ends++
	c.rows.Purge()
}
