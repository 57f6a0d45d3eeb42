package simshop

import (
	"bytes"
	"container/heap"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/shopsight/shopsight/internal/shopify"
)

// WebhookOptions say how webhooks are delivered.
type WebhookOptions struct {
	// Secret is the app's, which signs. Shop.SetSecret changes it.
	Secret string
	// Compliance is the address for what the law asks for, as it stands in the app's configuration; empty: nobody hears.
	Compliance string
	// Transport sends them; nil connects as Shopify does, within a second. Into is one that ends in a handler.
	Transport http.RoundTripper
	// Retry is how long after the first failure a delivery is tried again, each time twice as long: by default eight
	// retries take the four hours that they take Shopify.
	Retry time.Duration
	// Workers is how many deliveries go on at once, 16 if 0.
	Workers int
}

// WebhookFaults are what goes wrong with webhooks: Loss, Duplicates and Delay with those that are made while it is set, the
// others with those that are sent. Shares lie between 0 and 1.
type WebhookFaults struct {
	Loss         float64       // never sent
	Duplicates   int           // each is sent from once up to so many times
	Reorder      bool          // those that are due go out in any order
	Delay        time.Duration // each waits for up to so long
	BadSignature float64       // attempts that are signed with another secret
}

// WebhookStats counts webhooks.
type WebhookStats struct {
	Lost     int // by Faults
	Waiting  int // not delivered yet, those under way too
	Sent     int // attempts, of which
	Accepted int // answered 2xx
	Failed   int // not
	GivenUp  int // deliveries that failed with their last retry
	Removed  int // subscriptions that were removed for it
}

// How Shopify delivers: https://shopify.dev/docs/apps/build/webhooks/troubleshooting-webhooks and
// https://shopify.dev/changelog/updates-to-webhook-retry-mechanism.
const (
	connectTimeout  = time.Second
	answerTimeout   = 5 * time.Second
	deliveryRetries = 8
	retryPeriod     = 4 * time.Hour
	deliveryWorkers = 16
	// nap is how long workers sleep at most: the store's clock may be one that nobody hears moving.
	nap = 250 * time.Millisecond
)

// delivery is one webhook to one address. Its body is that of the time when it was made.
type delivery struct {
	topic        shopify.Topic
	subscription int64 // 0: what the law asks for
	uri          string
	body         []byte
	id, event    string
	triggered    time.Time

	due      time.Time
	order    uint64 // among those that are due
	failures int
}

// queue is a heap of deliveries, the next one first.
type queue []*delivery

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if q[i].due.Equal(q[j].due) {
		return q[i].order < q[j].order
	}
	return q[i].due.Before(q[j].due)
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(*delivery)) }
func (q *queue) Pop() any {
	last := len(*q) - 1
	d := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	return d
}

// enqueue puts a webhook on its way, or what faults make of it. The caller holds the lock.
func (s *Shop) enqueue(topic shopify.Topic, subscription int64, uri string, body []byte) {
	if s.occasion == "" {
		s.occasion = s.uuid()
	}
	f := s.faults.Webhooks
	first := &delivery{topic: topic, subscription: subscription, uri: uri, body: body, id: s.uuid(), event: s.occasion,
		triggered: s.opt.Now().UTC()}
	if f.Loss > 0 && s.post.Float64() < f.Loss {
		s.stats.Webhooks.Lost++
		return
	}
	copies := 1
	if f.Duplicates > 1 {
		copies += s.post.IntN(f.Duplicates)
	}
	for range copies {
		d := *first
		d.due = d.triggered
		if f.Delay > 0 {
			d.due = d.due.Add(time.Duration(s.post.Int64N(int64(f.Delay))))
		}
		s.made++
		d.order = s.made
		heap.Push(&s.queue, &d)
		s.stats.Webhooks.Waiting++
	}
}

// Deliver sends all webhooks that are due, one after the other, with those that become due meanwhile, and returns how many
// attempts that took. What fails is due again later.
func (s *Shop) Deliver(ctx context.Context) (sent int) {
	for ctx.Err() == nil {
		d, _ := s.take()
		if d == nil {
			break
		}
		s.send(ctx, d)
		sent++
	}
	return sent
}

// RunWebhooks keeps sending webhooks, several at once, until the context ends.
func (s *Shop) RunWebhooks(ctx context.Context) {
	workers := s.opt.Webhooks.Workers
	if workers <= 0 {
		workers = deliveryWorkers
	}
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for ctx.Err() == nil {
				d, wait := s.take()
				if d != nil {
					s.ring() // there may be more
					s.send(ctx, d)
					continue
				}
				timer := time.NewTimer(min(wait, nap))
				select {
				case <-ctx.Done():
				case <-timer.C:
				case <-s.bell:
				}
				timer.Stop()
			}
		})
	}
	all.Wait()
}

// ring wakes a worker.
func (s *Shop) ring() {
	select {
	case s.bell <- struct{}{}:
	default:
	}
}

// take returns the next delivery that is due, or nil and how long until one is.
func (s *Shop) take() (*delivery, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tellBulks()
	if len(s.queue) == 0 {
		return nil, nap
	}
	now := s.opt.Now()
	if wait := s.queue[0].due.Sub(now); wait > 0 {
		return nil, wait
	}
	if s.faults.Webhooks.Reorder {
		if i := s.post.IntN(len(s.queue)); !s.queue[i].due.After(now) {
			return heap.Remove(&s.queue, i).(*delivery), 0
		}
	}
	return heap.Pop(&s.queue).(*delivery), 0
}

// tellBulks tells of the bulk operations that have ended: with the clock, nothing else happens then.
func (s *Shop) tellBulks() {
	for _, b := range s.bulks {
		if b.told {
			continue
		}
		if o := b.at(s.now()); !o.live() {
			b.told, s.occasion = true, ""
			s.emit(shopify.BulkOperationsDone, func() object { return s.restBulk(o) })
		}
	}
}

// send tries a delivery once.
func (s *Shop) send(ctx context.Context, d *delivery) {
	s.mu.Lock()
	secret := s.opt.Webhooks.Secret
	if bad := s.faults.Webhooks.BadSignature; bad > 0 && s.post.Float64() < bad {
		secret += " of somebody else"
	}
	s.stats.Webhooks.Sent++
	s.mu.Unlock()
	accepted := s.accepted(ctx, d, secret)
	s.mu.Lock()
	defer s.mu.Unlock()
	stats := &s.stats.Webhooks
	switch {
	case accepted:
		stats.Accepted++
		stats.Waiting--
	case ctx.Err() != nil: // the store was stopped, the service did not fail
		stats.Sent--
		heap.Push(&s.queue, d)
	case d.failures == deliveryRetries:
		stats.Failed++
		stats.GivenUp++
		stats.Waiting--
		if d.subscription != 0 && s.unsubscribe(d.subscription) {
			stats.Removed++
		}
	default:
		stats.Failed++
		d.due = s.opt.Now().Add(s.opt.Webhooks.Retry << d.failures)
		d.failures++
		heap.Push(&s.queue, d)
	}
}

// accepted sends a delivery and tells whether the answer was 2xx, in time.
func (s *Shop) accepted(ctx context.Context, d *delivery, secret string) bool {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.uri, bytes.NewReader(d.body))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write(d.body)
	for name, value := range map[string]string{
		"Content-Type":           "application/json",
		"User-Agent":             "Shopify-Captain-Hook",
		"X-Shopify-Topic":        string(d.topic),
		"X-Shopify-Hmac-Sha256":  base64.StdEncoding.EncodeToString(mac.Sum(nil)),
		"X-Shopify-Shop-Domain":  s.opt.Domain,
		"X-Shopify-API-Version":  Version,
		"X-Shopify-Webhook-Id":   d.id,
		"X-Shopify-Event-Id":     d.event,
		"X-Shopify-Triggered-At": d.triggered.Format(time.RFC3339Nano),
	} {
		r.Header.Set(name, value)
	}
	resp, err := s.client.Do(r)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 1<<16)
	return resp.StatusCode >= 200 && resp.StatusCode < 300
}

// deliverer is a client as Shopify's: it follows no redirect.
func deliverer(transport http.RoundTripper) *http.Client {
	if transport == nil {
		dialer := &net.Dialer{Timeout: connectTimeout}
		transport = &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: deliveryWorkers,
			IdleConnTimeout: time.Minute, TLSHandshakeTimeout: answerTimeout}
	}
	return &http.Client{Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Into returns a transport that ends in a handler, without a network.
func Into(h http.Handler) http.RoundTripper { return into{h} }

type into struct{ handler http.Handler }

// RoundTrip answers a request as a server would, once the handler is done.
func (i into) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	in.RequestURI, in.RemoteAddr, in.Host = r.URL.RequestURI(), "203.0.113.7:40000", r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	in.URL.Scheme, in.URL.Host = "", ""
	w := &memory{header: http.Header{}, status: http.StatusOK}
	i.handler.ServeHTTP(w, in)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return response(r, w.status, w.header, io.NopCloser(strings.NewReader(w.body.String())), int64(w.body.Len())), nil
}
