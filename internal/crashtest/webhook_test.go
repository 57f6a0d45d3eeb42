//go:build unix

package crashtest_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/failpoint"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/testkit/twin"
)

const webhookSecret = "the key that signs"

// letterbox is the public address of a service, whichever process answers there just now. It notes what was said 200 to.
type letterbox struct {
	url string

	mu    sync.Mutex
	to    *child
	taken map[string]bool
	slow  []time.Duration
}

func newLetterbox(t *testing.T) *letterbox {
	b := &letterbox{taken: map[string]bool{}}
	server := httptest.NewServer(b)
	b.url = server.URL
	t.Cleanup(server.Close)
	return b
}

// at has webhooks go to a process that answers.
func (b *letterbox) at(c *child) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.to = c
}

var postman = &http.Client{Timeout: 5 * time.Second}

func (b *letterbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	b.mu.Lock()
	to := b.to
	b.mu.Unlock()
	if err != nil || to == nil || !to.alive() {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	began := time.Now()
	out, err := http.NewRequestWithContext(r.Context(), r.Method, to.url+r.URL.Path, bytes.NewReader(body))
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	out.Header = r.Header.Clone()
	resp, err := postman.Do(out)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	resp.Body.Close()
	if resp.StatusCode == http.StatusOK {
		h, err := shopify.ParseWebhook(r.Header, body, []byte(webhookSecret))
		b.mu.Lock()
		b.slow = append(b.slow, time.Since(began))
		if err == nil {
			b.taken[fmt.Sprint(h.Topic, " ", h.EventID, " ", h.RecordID)] = true
		}
		b.mu.Unlock()
	}
	w.WriteHeader(resp.StatusCode)
}

// events counts those that a delivery was answered 200 of.
func (b *letterbox) events() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.taken)
}

// answers says how long those with 200 took.
func (b *letterbox) answers() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	slices.Sort(b.slow)
	at := func(share float64) time.Duration {
		return b.slow[int(share*float64(len(b.slow)-1))].Round(100 * time.Microsecond)
	}
	return fmt.Sprintf("p50 %s, p99 %s, the slowest %s", at(0.5), at(0.99), at(1))
}

// The process is killed while a store tells of its changes, of which some are never told, and the others several times and
// in any order: at random, and at each point. What was answered 2xx is kept, once, and after one more run everything is as it
// is in the store.
func TestKilledWithWebhooks(t *testing.T) {
	t.Parallel()
	// least is how many events there are, told of or lost; pause is up to how long a process lives.
	rounds, least := testkit.Size(9, 14), testkit.Size(500, 10_000)
	pause := time.Duration(testkit.Size(500, 5000)) * time.Millisecond
	// With eight retries, each after twice the time, none is given up for good, however often it meets nobody.
	retry := time.Duration(testkit.Size(100, 400)) * time.Millisecond
	eachOf(t, func() simshop.Options {
		return simshop.Options{Orders: 150, Webhooks: simshop.WebhookOptions{Secret: webhookSecret, Retry: retry}}
	}, func(w *world, r *rand.Rand) {
		box := newLetterbox(w.T)
		public := "SHOPSIGHT_PUBLIC_URL=" + box.url
		c := w.serve(public)
		if run, err := w.follow(c, nil); err != nil || run.Status != "SUCCEEDED" {
			w.Fatal(run, err)
		}
		w.hook(c)
		box.at(c)

		w.shop.SetFaults(simshop.Faults{Webhooks: simshop.WebhookFaults{Loss: 0.05, Duplicates: 5, Reorder: true, Delay: 300 * time.Millisecond}})
		ctx, stop := context.WithCancel(w.Context())
		defer stop()
		living, end := context.WithCancel(ctx)
		var parts sync.WaitGroup
		parts.Go(func() { w.shop.RunWebhooks(ctx) })
		parts.Go(func() { // about 200 events a second
			tick := time.NewTicker(40 * time.Millisecond)
			defer tick.Stop()
			for living.Err() == nil {
				w.shop.Change(5)
				<-tick.C
			}
		})
		began := time.Now()
		points := failpoint.WebhookPoints()
		for n := range rounds {
			time.Sleep(time.Duration(r.Int64N(int64(pause))))
			c.kill()
			w.died(c)
			if n%2 == 0 {
				p := points[n/2%len(points)]
				w.Logf("death %d: at %s", w.deaths+1, p)
				c = w.serve(public, fmt.Sprintf("SHOPSIGHT_FAILPOINT=%s:%d", p, 1+r.IntN(5)))
				if c.up() {
					box.at(c)
				}
				w.died(c)
			}
			c = w.serve(public)
			if c.up() {
				box.at(c)
			}
		}
		eventually(w, "so much is told of", func() bool { return box.events()+w.shop.Stats().Webhooks.Lost >= least })
		took := time.Since(began)
		end()
		eventually(w, "all is delivered", func() bool { return w.shop.Stats().Webhooks.Waiting == 0 })
		stop()
		parts.Wait()
		w.shop.SetFaults(simshop.Faults{})

		s := testkit.Open(w, w.database)
		kept := func(where string) (n int) {
			if err := testkit.DB(w, s).QueryRow("SELECT COUNT(*) FROM webhook_events" + where).Scan(&n); err != nil {
				w.Fatal(err)
			}
			return n
		}
		eventually(w, "all events are done", func() bool { return kept(" WHERE done_at IS NULL") == 0 })
		stats := w.shop.Stats().Webhooks
		box.mu.Lock()
		taken := len(box.taken)
		for event := range box.taken {
			var topic, id string
			var record int64
			_, _ = fmt.Sscan(event, &topic, &id, &record)
			var n int
			if err := testkit.DB(w, s).QueryRow("SELECT COUNT(*) FROM webhook_events WHERE topic = ? AND event_id = ? AND shopify_id = ?",
				topic, id, record).Scan(&n); err != nil || n != 1 {
				w.Errorf("%s was answered 200 and is kept %d times: %v", event, n, err)
			}
		}
		box.mu.Unlock()
		w.Logf("%d deaths; %d events lost; %d deliveries were answered with 200, of %d events, of which %d are kept; %.0f deliveries a second for %s; answers: %s",
			w.deaths, stats.Lost, stats.Accepted, taken, kept(""), float64(stats.Accepted)/took.Seconds(), took.Round(time.Second), box.answers())
		if stats.Lost == 0 || stats.Removed > 0 {
			w.Errorf("%+v", stats)
		}
		w.reconcile(c)
		tenant := w.tenantID(c)
		c.stop()
		w.equal(s, tenant)
		sound(w.T, w.env(), s)
	})
}

// A new order is in the overview as soon as the store has told of it: nothing has to look whether there is something to do.
func TestSeenAtOnce(t *testing.T) {
	t.Parallel()
	eachOf(t, func() simshop.Options {
		return simshop.Options{Orders: 150, Webhooks: simshop.WebhookOptions{Secret: webhookSecret}}
	}, func(w *world, _ *rand.Rand) {
		box := newLetterbox(w.T)
		c := w.serve("SHOPSIGHT_PUBLIC_URL="+box.url, "SHOPSIGHT_TEST_RECONCILE=1h")
		if run, err := w.follow(c, nil); err != nil || run.Status != "SUCCEEDED" {
			w.Fatal(run, err)
		}
		w.hook(c)
		box.at(c)
		ctx, stop := context.WithCancel(w.Context())
		defer stop()
		var delivering sync.WaitGroup
		delivering.Go(func() { w.shop.RunWebhooks(ctx) })
		var after []time.Duration
		for range testkit.Size(5, 100) {
			w.shop.Sell()
			began, want := time.Now(), twin.SumsOf(w.shop).Orders
			eventually(w, "the overview counts the order", func() bool {
				var got struct {
					Overview struct{ Orders struct{ Value int } }
				}
				if err := w.ask(c, `{ overview(range: {preset: ALL_TIME}) { orders { value } } }`, nil, &got); err != nil {
					w.Fatal(err)
				}
				return got.Overview.Orders.Value == want
			})
			after = append(after, time.Since(began))
		}
		stop()
		delivering.Wait()
		slices.Sort(after)
		w.Logf("a new order is in the overview after %s, the slowest of %d after %s", after[len(after)/2].Round(time.Millisecond), len(after),
			after[len(after)-1].Round(time.Millisecond))
	})
}
