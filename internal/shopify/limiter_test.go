package shopify_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/cost"
	"github.com/shopsight/shopsight/internal/testkit"
)

// model is a store with a bucket, as Shopify has one: the price of a document is taken when it arrives, and what was too
// much is given back when it is answered.
type model struct {
	t          testing.TB
	schema     *ast.Schema
	size, rate float64
	// latency is how long a request is on its way, is worked on, and an answer is on its way.
	latency func() time.Duration
	// refund is the part of a price that is given back.
	refund float64

	mu        sync.Mutex
	level     float64
	at        time.Time
	spent     float64
	arrived   []string
	throttled int
}

func newModel(t testing.TB, size, rate float64) *model {
	return &model{t: t, schema: loadSchema(t, "slice", shopify.AdminSchema), size: size, rate: rate, level: size, at: time.Now(),
		latency: func() time.Duration { return 0 }}
}

// restore fills the bucket; the caller holds the lock.
func (m *model) restore() {
	now := time.Now()
	m.level = min(m.size, m.level+now.Sub(m.at).Seconds()*m.rate)
	m.at = now
}

func (m *model) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var c call
	if err := json.Unmarshal(body, &c); err != nil {
		return nil, err
	}
	doc, errs := gqlparser.LoadQuery(m.schema, c.Query)
	if errs != nil {
		return nil, errs
	}
	price := float64(cost.Of(m.schema, doc.Operations[0], c.Vars))
	time.Sleep(m.latency())
	m.mu.Lock()
	m.arrived = append(m.arrived, c.Op)
	m.restore()
	enough := m.level >= price
	if enough {
		m.level -= price
	} else {
		m.throttled++
	}
	m.mu.Unlock()
	time.Sleep(m.latency())
	m.mu.Lock()
	m.restore()
	actual := price
	if enough {
		actual = price * (1 - m.refund)
		m.level = min(m.size, m.level+price-actual)
		m.spent += actual
	}
	status := object{"maximumAvailable": m.size, "currentlyAvailable": m.level, "restoreRate": m.rate}
	m.mu.Unlock()
	time.Sleep(m.latency())

	answer := object{"data": object{
		"products": connection(""), "orders": connection(""), "productsCount": object{"count": 1, "precision": "EXACT"},
	}}
	costs := object{"requestedQueryCost": price, "actualQueryCost": actual, "throttleStatus": status}
	if !enough {
		costs["actualQueryCost"] = nil
		answer = object{"errors": list{object{"message": "Throttled", "extensions": object{"code": "THROTTLED"}}}}
	}
	answer["extensions"] = object{"cost": costs}
	text, err := json.Marshal(answer)
	return &http.Response{StatusCode: 200, Header: http.Header{"X-Shopify-Api-Version": {shopify.Version}},
		Body: io.NopCloser(strings.NewReader(string(text)))}, err
}

func (m *model) client() *shopify.Client {
	return shopify.New(shopify.Options{Transport: m}).Client(domain, shopify.Static(token))
}

// Many who share a store never ask for more than there is, and waste little of it.
func TestLimiterFitsTheBucket(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name              string
		size, rate        float64
		goroutines, calls int
		latency           time.Duration
		refund            float64
	}{
		{"standard plan", 2000, 100, 20, 10, 300 * time.Millisecond, 0},
		{"with refunds", 2000, 100, 20, 10, 300 * time.Millisecond, 0.7},
		{"plus", 20000, 1000, 20, 20, 300 * time.Millisecond, 0.5},
		{"slow answers", 2000, 100, 20, 5, 9 * time.Second, 0.5},
		{"small bucket", 1000, 50, 20, 5, 100 * time.Millisecond, 0.2},
		{"alone", 2000, 100, 1, 50, 100 * time.Millisecond, 0.1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				seed := testkit.Seed(t)
				dice := rand.New(rand.NewPCG(seed, 1))
				var mu sync.Mutex
				m := newModel(t, test.size, test.rate)
				m.refund = test.refund
				m.latency = func() time.Duration {
					mu.Lock()
					defer mu.Unlock()
					return time.Duration(dice.Int64N(int64(test.latency)))
				}
				c, start := m.client(), time.Now()
				var all sync.WaitGroup
				for range test.goroutines {
					all.Go(func() {
						for range test.calls {
							_, err1 := c.Orders(t.Context(), shopify.Window{}, "")
							_, err2 := c.Count(t.Context(), shopify.Products, shopify.Window{})
							if err := errors.Join(err1, err2); err != nil {
								t.Error(err)
								return
							}
						}
					})
				}
				all.Wait()
				if m.throttled > 0 {
					t.Errorf("throttled %d times (seed %d)", m.throttled, seed)
				}
				passed := time.Since(start).Seconds()
				least := max(0, m.spent-m.size) / m.rate
				if test.latency < time.Second && test.goroutines > 1 && passed > 1.1*least+10 {
					t.Errorf("took %.0f s for %.0f points, which come in %.0f s (seed %d)", passed, m.spent, least, seed)
				}
			})
		})
	}
}

// Another process that spends from the same bucket is seen by the answers.
func TestLimiterCorrectsItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newModel(t, 2000, 100)
		c := m.client()
		ask := func() {
			t.Helper()
			if _, err := c.Orders(t.Context(), shopify.Window{}, ""); err != nil {
				t.Fatal(err)
			}
		}
		ask()
		m.level = 0
		start := time.Now()
		ask() // is throttled, and waits for what is missing and no longer
		price := m.spent / 2
		if m.throttled != 1 {
			t.Errorf("throttled %d times", m.throttled)
		}
		if passed, want := time.Since(start).Seconds(), price/100; passed < want || passed > want+0.01 {
			t.Errorf("took %.3f s, want %.3f", passed, want)
		}
		m.size, m.rate, m.level = 20000, 1000, 20000 // the store moves to another plan
		time.Sleep(time.Minute)
		start = time.Now()
		for range 20 {
			ask()
		}
		if passed := time.Since(start); passed > 0 || m.throttled != 1 {
			t.Errorf("took %s for what was there, throttled %d times", passed, m.throttled)
		}
	})
}

// A dear document is not overtaken for ever by cheap ones.
func TestLimiterIsFair(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newModel(t, 2000, 100)
		c := m.client()
		if _, err := c.Count(t.Context(), shopify.Products, shopify.Window{}); err != nil {
			t.Fatal(err)
		}
		m.level = 0
		if _, err := c.Count(t.Context(), shopify.Products, shopify.Window{}); err != nil {
			t.Fatal(err)
		}
		m.arrived = nil
		var all sync.WaitGroup
		var want []string
		for i := range 20 {
			if i%7 == 0 {
				want = append(want, "ordersPage")
				all.Go(func() { _, _ = c.Orders(t.Context(), shopify.Window{}, "") })
			} else {
				want = append(want, "productsCount")
				all.Go(func() { _, _ = c.Count(t.Context(), shopify.Products, shopify.Window{}) })
			}
			synctest.Wait()
		}
		all.Wait()
		if !slices.Equal(m.arrived, want) {
			t.Errorf("arrived as %v, asked as %v", m.arrived, want)
		}
	})
}

// While a store wants to be left alone, nobody asks it anything.
func TestRetryAfterHoldsTheWholeStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newModel(t, 2000, 100)
		var mu sync.Mutex
		var calls []time.Duration
		start := time.Now()
		refused := false
		api := shopify.New(shopify.Options{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			calls = append(calls, time.Since(start))
			if len(calls) > 1 && !refused {
				refused = true
				return &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {"7.5"}}, Body: http.NoBody}, nil
			}
			return m.RoundTrip(r)
		})})
		ask := func(d shopify.Domain) {
			if _, err := api.Client(d, shopify.Static(token)).Count(t.Context(), shopify.Products, shopify.Window{}); err != nil {
				t.Error(err)
			}
		}
		ask(domain)
		ask2 := func() { time.Sleep(time.Second); ask(domain) }
		var all sync.WaitGroup
		all.Go(func() { ask(domain) })
		synctest.Wait()
		for range 5 {
			all.Go(ask2)
		}
		all.Go(func() { time.Sleep(2 * time.Second); ask("other.myshopify.com") })
		all.Wait()
		want := []time.Duration{0, 0, 2 * time.Second}
		want = append(want, slices.Repeat([]time.Duration{7500 * time.Millisecond}, 6)...)
		if !slices.Equal(calls, want) {
			t.Errorf("asked at %v, want %v", calls, want)
		}
	})
}

// Who gives up while waiting gives up its turn too.
func TestLimiterLetsGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newModel(t, 2000, 1)
		c := m.client()
		for range 3 {
			if _, err := c.Orders(t.Context(), shopify.Window{}, ""); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				if _, err := c.Orders(ctx, shopify.Window{}, ""); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v", err)
				}
			})
		}
		all.Wait()
		if passed := time.Since(start); passed != time.Second {
			t.Errorf("gave up after %s", passed)
		}
		if _, err := c.Count(t.Context(), shopify.Products, shopify.Window{}); err != nil {
			t.Error(err)
		}
		if passed := time.Since(start); passed > time.Minute {
			t.Errorf("the next took until %s", passed)
		}
	})
}
