package account

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/shopsight/shopsight/internal/fault"
)

// Limits bounds how often strangers may try, in each process. 0 is the default, a negative number no limit.
//
// An address is an IPv4 address or the /64 of an IPv6 one. Loopback is not limited by address: behind it stands the
// operator, or a proxy that hides who is asking, and then one guesser would lock everybody out.
type Limits struct {
	// LoginsPerAccount is how many guesses at one account's password may fail in 15 minutes: 10.
	LoginsPerAccount int
	// LoginsPerAddress is how many logins from one address may fail in 15 minutes: 100.
	LoginsPerAddress int
	// SignupsPerAccount is how often one email address may be tried in an hour: 10.
	SignupsPerAccount int
	// SignupsPerAddress is how many sign-ups may come from one address in an hour: 100.
	SignupsPerAddress int
}

// limiter holds the counters of all limits.
type limiter struct {
	loginAccount, loginAddress, signupAccount, signupAddress *throttle
}

func newLimiter(l Limits, now func() time.Time) *limiter {
	of := func(limit, standard int, window time.Duration) *throttle {
		if limit == 0 {
			limit = standard
		}
		return newThrottle(limit, window, now)
	}
	return &limiter{
		loginAccount:  of(l.LoginsPerAccount, 10, 15*time.Minute),
		loginAddress:  of(l.LoginsPerAddress, 100, 15*time.Minute),
		signupAccount: of(l.SignupsPerAccount, 10, time.Hour),
		signupAddress: of(l.SignupsPerAddress, 100, time.Hour),
	}
}

// login lets one guess through; done tells afterwards whether it failed. Guesses that are being looked at count as failed
// until then, so that parallel ones gain nothing: those that might be too many wait. After too many failures it is
// fault.RateLimited, the same for accounts that do not exist.
func (l *limiter) login(ctx context.Context, ip netip.Addr, email string) (done func(failed bool), err error) {
	return takeBoth(ctx, l.loginAddress, l.loginAccount, ip, email)
}

// signup counts one sign-up. After too many it is fault.RateLimited.
func (l *limiter) signup(ctx context.Context, ip netip.Addr, email string) error {
	done, err := takeBoth(ctx, l.signupAddress, l.signupAccount, ip, email)
	if err == nil {
		done(true)
	}
	return err
}

func takeBoth(ctx context.Context, byAddress, byAccount *throttle, ip netip.Addr, email string) (func(failed bool), error) {
	doneAddress := func(bool) {}
	if key := addressKey(ip); key != "" {
		var err error
		if doneAddress, err = byAddress.take(ctx, key); err != nil {
			return nil, err
		}
	}
	doneAccount, err := byAccount.take(ctx, email)
	if err != nil {
		doneAddress(false) // it was not looked at
		return nil, err
	}
	return func(failed bool) { doneAddress(failed); doneAccount(failed) }, nil
}

func tooMany(wait time.Duration) error {
	f := fault.Errorf(fault.RateLimited, "too many attempts; try again later")
	f.RetryAfter = (wait + time.Second - 1).Truncate(time.Second)
	return f
}

// addressKey returns the unit in which addresses are counted, "" for none.
func addressKey(ip netip.Addr) string {
	ip = ip.Unmap().WithZone("")
	switch {
	case !ip.IsValid() || ip.IsLoopback():
		return ""
	case ip.Is6():
		return netip.PrefixFrom(ip, 64).Masked().String()
	}
	return ip.String()
}

// throttleKeys bounds a throttle's memory. To make it forget a key, a guesser has to make it count this many others,
// and each costs a password hash: more than a machine does in a window.
const throttleKeys = 1 << 17

// throttle lets each key fail limit times in any window.
type throttle struct {
	limit  int
	window time.Duration
	now    func() time.Time

	mu   sync.Mutex
	keys *simplelru.LRU[[sha256.Size]byte, *tries]
}

// tries is what a throttle knows of one key.
type tries struct {
	failed  []time.Time // in the last window, oldest first
	pending int
	changed chan struct{} // closed when a pending try is done
}

func newThrottle(limit int, window time.Duration, now func() time.Time) *throttle {
	keys, _ := simplelru.NewLRU[[sha256.Size]byte, *tries](throttleKeys, nil) // fails for no positive size
	return &throttle{limit: limit, window: window, now: now, keys: keys}
}

// take lets one try of key through; done must be called once with how it went. It waits while the tries that are pending
// might use up what is left, and is fault.RateLimited when nothing is left.
func (t *throttle) take(ctx context.Context, key string) (done func(failed bool), err error) {
	if t.limit < 0 {
		return func(bool) {}, nil
	}
	sum := sha256.Sum256([]byte(key)) // keys come from strangers and may be long
	for {
		k, changed, err := t.enter(sum)
		if err != nil {
			return nil, err
		}
		if changed == nil {
			return func(failed bool) { t.leave(k, failed) }, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for other attempts: %w", ctx.Err())
		}
	}
}

// enter adds a pending try, or returns a channel to wait on before the next attempt to enter.
func (t *throttle) enter(sum [sha256.Size]byte) (*tries, <-chan struct{}, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	k, ok := t.keys.Get(sum)
	if !ok {
		k = &tries{}
		t.keys.Add(sum, k)
	}
	k.failed = slices.DeleteFunc(k.failed, func(at time.Time) bool { return now.Sub(at) >= t.window })
	if len(k.failed) >= t.limit {
		return nil, nil, tooMany(k.failed[0].Add(t.window).Sub(now))
	}
	if len(k.failed)+k.pending < t.limit {
		k.pending++
		return k, nil, nil
	}
	if k.changed == nil {
		k.changed = make(chan struct{})
	}
	return nil, k.changed, nil
}

// leave ends a pending try and wakes those who wait for it.
func (t *throttle) leave(k *tries, failed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	k.pending--
	if failed {
		k.failed = append(k.failed, t.now())
	}
	if k.changed != nil {
		close(k.changed)
		k.changed = nil
	}
}
