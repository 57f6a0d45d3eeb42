package shopify

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// How often a document is sent. A busy store is no failure: it is waited for much longer.
const (
	maxFailures  = 8
	maxThrottles = 100
)

// ask sends a document until it is answered as it should be. It returns an *Error, the context's error, or errChanged.
// What call returns besides, and its attempt did not, is what is wrong with the answer.
func ask[T any](
	ctx context.Context, c *Client, subject Kind, size *size, call func(a *attempt) (T, error),
) (got T, denied []string, err error) {
	var none T
	var failures, throttles, cost int
	var spent string
	for {
		a := &attempt{Client: c, subject: subject, atLeast: cost, spent: spent}
		got, err = call(a)
		if err == nil {
			size.grow()
			return got, a.denied, nil
		}
		if ctx.Err() != nil {
			return none, nil, fmt.Errorf("ask %s: %w", c.domain, context.Cause(ctx))
		}
		if errors.Is(err, errChanged) {
			return none, nil, err
		}
		f, ok := errors.AsType[*failure](err)
		if !ok {
			f = a.malformed(err)
		}
		var wait time.Duration
		switch {
		case f.void && spent == "":
			another, err := c.tokens(ctx, a.token)
			if e, ok := errors.AsType[*Error](err); ok {
				return none, nil, e.clean(a.token)
			}
			if err != nil {
				return none, nil, fmt.Errorf("ask %s: %w", c.domain, err)
			}
			if another == a.token { // there is none
				return none, nil, f.as.clean(a.token)
			}
			spent = a.token
			continue
		case f.retry == later && throttles < maxThrottles:
			cost = max(cost, f.cost)
			// Where the answer says how long to wait, the limiter does. Otherwise somebody else takes the points.
			if f.after == 0 {
				wait = backoff(50*time.Millisecond, 5*time.Second, throttles)
				c.tell(c.api.clock.now().Add(wait))
			}
			throttles++
		case f.retry == again && failures < maxFailures-1:
			if f.smaller {
				size.shrink()
			}
			wait = backoff(500*time.Millisecond, 30*time.Second, failures)
			failures++
		default:
			return none, nil, f.as.clean(a.token)
		}
		c.api.log.WarnContext(ctx, "ask shopify again", "shop", string(c.domain), "code", string(f.as.Code),
			"error", f.as.clean(a.token), "wait", wait.String(), "failures", failures, "throttles", throttles)
		if err := c.pause(ctx, wait); err != nil {
			return none, nil, fmt.Errorf("ask %s: %w", c.domain, context.Cause(ctx))
		}
	}
}

// pause waits.
func (c *Client) pause(ctx context.Context, wait time.Duration) error {
	if wait <= 0 {
		return nil
	}
	select {
	case <-c.api.clock.after(wait):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// backoff returns a wait that doubles with each try, up to a bound, and of which half is chance, so that those who failed
// together do not come back together.
func backoff(first, last time.Duration, tries int) time.Duration {
	d := last
	if tries < 16 {
		d = min(first<<tries, last)
	}
	return d/2 + rand.N(d/2)
}

// size is how many records a page of one kind asks for. Pages shrink when a store fails to answer, and grow back.
type size struct {
	largest int

	mu   sync.Mutex
	now  int
	good int
}

// smallestPage is no longer worth halving.
const smallestPage = 10

func newSize(largest int) *size { return &size{largest: largest, now: largest} }

func (s *size) get() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *size) shrink() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now, s.good = max(s.now/2, min(smallestPage, s.largest)), 0
}

// grow doubles the size after some pages in a row that went well.
func (s *size) grow() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.good++; s.good >= 4 {
		s.now, s.good = min(s.now*2, s.largest), 0
	}
}
