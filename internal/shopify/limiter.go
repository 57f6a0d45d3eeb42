package shopify

import (
	"context"
	"math"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// clock is the time and how to wait; tests have their own.
type clock struct {
	now   func() time.Time
	after func(time.Duration) <-chan time.Time
}

// limiter keeps the calls to one store within what Shopify gives an app there: a bucket of points that fills at a
// steady rate. How large, how fast and how full it is, each answer tells.
//
// It never takes the bucket for fuller than it is. What is asked for is taken out before it is sent, which is earlier
// than Shopify does, and what was asked for too much is put back with the answer, which is later. Who else uses the
// same bucket is seen by the answers.
type limiter struct {
	clock
	// turn is held by the one who waits for points. The others queue behind, so that nobody with a dear document is
	// overtaken for ever by many with cheap ones.
	turn *semaphore.Weighted

	mu sync.Mutex
	// known says that an answer told of the bucket. Until then calls go one at a time.
	known bool
	// level points were in a bucket of size points at the time at, without those in flight; rate come back a second.
	level, size, rate float64
	at                time.Time
	// flying is what is taken out for calls without an answer yet, of which taken went out so far.
	flying float64
	taken  int
	// closed is until when nothing goes out at all.
	closed time.Time
	// changed is closed when a wait may be shorter than it was.
	changed chan struct{}
}

// bucket is what an answer tells of it: extensions.cost.throttleStatus.
type bucket struct {
	MaximumAvailable   float64 `json:"maximumAvailable"`
	CurrentlyAvailable float64 `json:"currentlyAvailable"`
	RestoreRate        float64 `json:"restoreRate"`
}

func (b *bucket) valid() bool { return b != nil && b.MaximumAvailable >= 1 && b.RestoreRate >= 1 }

// longestWait bounds a single wait, so that nonsense in an answer does not stop a store for ever.
const longestWait = 15 * time.Minute

func newLimiter(c clock) *limiter {
	return &limiter{clock: c, turn: semaphore.NewWeighted(1), changed: make(chan struct{})}
}

// grant is leave to send one document. Settle it once.
type grant struct {
	limiter *limiter
	cost    float64
	// alone says that it holds the turn until it is settled.
	alone bool
	// number is its place among all, if nothing else was in flight when it went out; 0 otherwise.
	number int
}

// take waits until a document of the given cost may be sent; first come, first served. It tells of each wait, and fails
// only when the context ends.
func (l *limiter) take(ctx context.Context, cost int, tell func(until time.Time)) (*grant, error) {
	if err := l.turn.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	for {
		g, wait, changed := l.try(float64(cost))
		if g != nil {
			if !g.alone {
				l.turn.Release(1)
			}
			return g, nil
		}
		tell(l.now().Add(wait))
		select {
		case <-l.after(wait):
		case <-changed:
		case <-ctx.Done():
			l.turn.Release(1)
			return nil, ctx.Err()
		}
	}
}

// try returns a grant, or how long to wait before another try is worth it.
func (l *limiter) try(cost float64) (*grant, time.Duration, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if wait := l.closed.Sub(now); wait > 0 {
		return nil, min(wait, longestWait), l.changed
	}
	if !l.known {
		return &grant{limiter: l, alone: true}, 0, nil
	}
	l.restore(now)
	cost = min(cost, l.size) // what is dearer than a full bucket is for Shopify to refuse
	if missing := cost - l.level; missing > 0 {
		return nil, seconds(missing / l.rate), l.changed
	}
	g := &grant{limiter: l, cost: cost}
	l.taken++
	if l.flying == 0 {
		g.number = l.taken
	}
	l.level -= cost
	l.flying += cost
	return g, 0, nil
}

// restore fills the bucket up to now. What is in flight may not have arrived: it is kept free.
func (l *limiter) restore(now time.Time) {
	if passed := now.Sub(l.at).Seconds(); passed > 0 {
		l.level += passed * l.rate
	}
	l.level = min(l.level, l.size-l.flying)
	l.at = now
}

// settle ends a grant with what its answer told: the bucket, and what the document cost in the end. Without an answer
// the bucket is nil: then it counts as spent.
func (g *grant) settle(b *bucket, spent float64) {
	l := g.limiter
	l.mu.Lock()
	l.flying -= g.cost
	if b.valid() {
		now := l.now()
		l.restore(now)
		l.level += max(0, g.cost-spent)
		l.size, l.rate = b.MaximumAvailable, b.RestoreRate
		available := min(max(b.CurrentlyAvailable, -maxCost), l.size) // so that nonsense costs no more than minutes
		// Of answers that cross, one may be older than what another call took. Only what was told to a call that had the
		// bucket to itself may raise the level.
		if g.alone || g.number == l.taken {
			l.level = available
		}
		l.level = min(l.level, available, l.size-l.flying)
		l.known, l.at = true, now
	}
	l.wake()
	l.mu.Unlock()
	if g.alone {
		l.turn.Release(1)
	}
}

// close lets nothing out for a while.
func (l *limiter) close(wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := l.now().Add(min(wait, longestWait)); until.After(l.closed) {
		l.closed = until
	}
}

func (l *limiter) wake() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// seconds returns a wait, rounded up to a millisecond.
func seconds(s float64) time.Duration {
	ms := math.Ceil(s * 1000)
	if !(ms < float64(longestWait/time.Millisecond)) {
		return longestWait
	}
	return time.Duration(max(ms, 1)) * time.Millisecond
}
