package sync_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/queue"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

const (
	domain    = "tea.myshopify.com"
	publicURL = "https://shopsight.example.com"
)

// world is a tenant, a simulated store, and the service that brings them together.
type world struct {
	*testing.T
	store *store.Store
	shop  *simshop.Shop
	svc   *sync.Service
	ctx   context.Context
	clock *clock
	log   *lines
	opt   options
	// domain is the shop's.
	domain string
	// stop ends the worker that working has begun.
	stop func()
	// neighbours are the worlds of other tenants in the same processes, by their shop's domain.
	neighbours map[string]*world

	mu     gosync.Mutex
	before func(ctx context.Context, call string) error
	named  func(ids []int64) error
	mangle func(operation string, body []byte) []byte
	told   func(run int64)
	// secret is what connect gives for the shop's webhooks.
	secret string
}

// meetIDs has do called before orders are asked for by their numbers; its error is the answer.
func (w *world) meetIDs(do func(ids []int64) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.named = do
}

// meet has do called before each question to the store, by the name of the method; its error is the answer.
func (w *world) meet(do func(ctx context.Context, call string) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.before = do
}

// damage has do change the store's answers, by the name of the operation.
func (w *world) damage(do func(operation string, body []byte) []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mangle = do
}

// hear has do called with each run that somebody is told about.
func (w *world) hear(do func(run int64)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = do
}

// changed is what the service calls when a run has changed.
func (w *world) changed(_, run int64) {
	w.mu.Lock()
	do := w.told
	w.mu.Unlock()
	if do != nil {
		do(run)
	}
}

// clock goes on only when somebody waits by it, and waiting takes no time.
type clock struct {
	mu  gosync.Mutex
	now time.Time
	// long, unless nil, is when what is waited for from ten seconds on comes.
	long chan time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// reach lets time pass until a moment, unless it is past.
func (c *clock) reach(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.now) {
		c.now = at
	}
}

// After lets little time pass, however long the wait: other clients of the clock hold leases.
func (c *clock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	long := c.long
	c.mu.Unlock()
	if long != nil && d >= 10*time.Second {
		return long
	}
	c.pass(min(d, 20*time.Millisecond))
	done := make(chan time.Time, 1)
	done <- c.Now()
	return done
}

// lines collects a log.
type lines struct {
	mu   gosync.Mutex
	text strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// box seals by turning the bytes round, and binds by name: enough to see that it is used.
type box struct{ key byte }

func (b box) Seal(plain []byte, bound string) ([]byte, error) {
	text := slices.Clone([]byte(bound + "\x00" + string(plain)))
	for i := range text {
		text[i] ^= b.key
	}
	return append([]byte{b.key}, text...), nil
}

func (b box) Open(sealed []byte, bound string) ([]byte, error) {
	text := slices.Clone(sealed[1:])
	for i := range text {
		text[i] ^= sealed[0]
	}
	name, plain, ok := strings.Cut(string(text), "\x00")
	if !ok || name != bound {
		return nil, errors.New("sealed for another row")
	}
	return []byte(plain), nil
}

func (b box) Current(sealed []byte) bool { return len(sealed) > 0 && sealed[0] == b.key }

// options change the world.
type options struct {
	shop     simshop.Options
	pageSize int
	adopt    func(ctx context.Context, currency, timezone string) ([]fault.UserError, error)
	// before is what the source of this process meets; that of the world when nil.
	before func(ctx context.Context, call string) error
	box    sync.Box
	// bulk is how large stores are read; the zero value reads all by pages.
	bulk sync.Bulk
	// nats is the server of the queue; one of its own when empty.
	nats string
	// webhookURL and compliance are those of sync.Config.
	webhookURL string
	compliance func(context.Context, shopify.Webhook) error
	// app is the service's own app; none without a client id.
	app simshop.App
	// oldSecret is that of the app before its present one.
	oldSecret string
}

// newWorld makes a store and a tenant that is not connected to it yet.
func newWorld(t *testing.T, s *store.Store, o options) *world {
	t.Helper()
	w := &world{T: t, store: s, clock: &clock{now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}, log: &lines{}, opt: o,
		domain: domain, neighbours: map[string]*world{}}
	w.open(o.shop)
	w.svc = w.service(s, o)
	return w
}

// neighbour is another tenant that is not connected yet, with a store of its own, in the same processes. They do not run yet.
func (w *world) neighbour(o simshop.Options) *world {
	w.Helper()
	if o.Seed == 0 {
		o.Seed = int64(testkit.Seed(w)) + int64(len(w.neighbours)) + 1
	}
	n := &world{T: w.T, store: w.store, svc: w.svc, clock: w.clock, log: w.log, opt: w.opt,
		domain: fmt.Sprintf("shop-%d.myshopify.com", len(w.neighbours)+1)}
	n.open(o)
	w.neighbours[n.domain] = n
	return n
}

// open makes the world's tenant and its shop.
func (w *world) open(o simshop.Options) {
	w.Helper()
	if o.Seed == 0 {
		o.Seed = int64(testkit.Seed(w))
	}
	o.Domain, o.Now = w.domain, w.clock.Now
	if o.Bucket == (simshop.Bucket{}) {
		o.Bucket = simshop.Bucket{Max: 1e6, Restore: 1e6}
	}
	w.shop = simshop.New(o)
	currency, zone := string(o.CurrencyCode), "UTC"
	if currency == "" {
		currency = "USD"
	}
	if o.Timezone != nil {
		zone = o.Timezone.String()
	}
	w.ctx = testkit.Tenant(w, w.store, currency, zone)
}

// of returns the world of a shop.
func (w *world) of(domain string) *world {
	if n := w.neighbours[domain]; n != nil {
		return n
	}
	return w
}

// asked is called before each question to the world's store.
func (w *world) asked(ctx context.Context, call string) error {
	w.mu.Lock()
	before := w.before
	w.mu.Unlock()
	if before == nil {
		return nil
	}
	return before(ctx, call)
}

// askedFor is called before orders are asked for by their numbers.
func (w *world) askedFor(ids []int64) error {
	w.mu.Lock()
	named := w.named
	w.mu.Unlock()
	if named == nil {
		return nil
	}
	return named(ids)
}

// another is a second process on the same database.
func (w *world) another(o options) *sync.Service {
	o.pageSize, o.bulk, o.app = w.opt.pageSize, w.opt.bulk, w.opt.app
	return w.service(testkit.Open(w, testkit.URL(w, w.store)), o)
}

// service is one process's part of the world.
func (w *world) service(s *store.Store, o options) *sync.Service {
	api := shopify.New(shopify.Options{Transport: inProcess{w}, Now: w.clock.Now, After: w.clock.After, PageSize: o.pageSize})
	if o.adopt == nil {
		o.adopt = func(context.Context, string, string) ([]fault.UserError, error) { return nil, nil }
	}
	if o.box == nil {
		o.box = box{7}
	}
	wakes, err := queue.Open(w.Context(), queue.Config{URL: o.nats, Log: slog.New(slog.NewTextHandler(w.log, nil))})
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(wakes.Close)
	return sync.New(sync.Config{
		Queue: wakes,
		Store: s, Ingest: ingest.New(s, w.clock.Now), Box: o.box, Adopt: o.adopt,
		Source: func(d shopify.Domain, token shopify.Tokens, throttled func(time.Time)) sync.Source {
			before := o.before
			if before == nil {
				before = w.of(string(d)).asked
			}
			return source{api.Client(d, token).Throttled(throttled), before, w.of(string(d)).askedFor}
		},
		OAuth: api, App: shopify.App{ClientID: o.app.ClientID, Secret: o.app.Secret, OldSecret: o.oldSecret}, PublicURL: publicURL,
		WebhookURL: o.webhookURL, Compliance: o.compliance,
		AppScopes: []string{"read_products", "read_customers", "read_orders", "read_all_orders"},
		Changed:   w.changed, Now: w.clock.Now, After: w.clock.After, Bulk: o.bulk,
		Log: slog.New(slog.NewTextHandler(w.log, nil)),
	})
}

// inProcess sends requests to the world's store.
type inProcess struct{ *world }

func (h inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := h.of(r.URL.Host)
	var request struct {
		OperationName string `json:"operationName"`
	}
	if r.Body == nil { // a download
		return h.shop.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(body, &request) != nil {
		return nil, errors.New("no request")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	w.mu.Lock()
	shop, mangle := w.shop, w.mangle
	w.mu.Unlock()
	resp, err := shop.RoundTrip(r)
	if err != nil || mangle == nil {
		return resp, err
	}
	if body, err = io.ReadAll(resp.Body); err != nil {
		return nil, err
	}
	body = mangle(request.OperationName, body)
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return resp, nil
}

// source is a store that lets a test act before it is asked for a page or a list, and after a page is there.
type source struct {
	sync.Source
	before func(ctx context.Context, call string) error
	named  func(ids []int64) error
}

func (s source) OrdersByID(ctx context.Context, ids []int64) ([]shopify.Order, []int64, error) {
	if err := s.named(ids); err != nil {
		return nil, nil, err
	}
	return s.Source.OrdersByID(ctx, ids)
}

func (s source) Products(ctx context.Context, w shopify.Window, after string) (p shopify.Page[shopify.Product], err error) {
	if err := s.before(ctx, "Products"); err != nil {
		return p, err
	}
	if p, err = s.Source.Products(ctx, w, after); err == nil {
		err = s.before(ctx, "Products answered")
	}
	return p, err
}

func (s source) Customers(ctx context.Context, w shopify.Window, after string) (p shopify.Page[shopify.Customer], err error) {
	if err := s.before(ctx, "Customers"); err != nil {
		return p, err
	}
	if p, err = s.Source.Customers(ctx, w, after); err == nil {
		err = s.before(ctx, "Customers answered")
	}
	return p, err
}

func (s source) Orders(ctx context.Context, w shopify.Window, after string) (p shopify.Page[shopify.Order], err error) {
	if err := s.before(ctx, "Orders"); err != nil {
		return p, err
	}
	if p, err = s.Source.Orders(ctx, w, after); err == nil {
		err = s.before(ctx, "Orders answered")
	}
	return p, err
}

func (s source) Deletions(ctx context.Context, since time.Time, after string) (p shopify.Page[shopify.Deletion], err error) {
	if err := s.before(ctx, "Deletions"); err != nil {
		return p, err
	}
	return s.Source.Deletions(ctx, since, after)
}

func (s source) Count(ctx context.Context, k shopify.Kind, w shopify.Window) (int, error) {
	if err := s.before(ctx, "Count"); err != nil {
		return 0, err
	}
	return s.Source.Count(ctx, k, w)
}

func (s source) IDs(ctx context.Context, k shopify.Kind, greaterThan int64, first int) ([]int64, bool, error) {
	if err := s.before(ctx, "IDs"); err != nil {
		return nil, false, err
	}
	return s.Source.IDs(ctx, k, greaterThan, first)
}

func (s source) StartBulk(ctx context.Context, k shopify.Kind, w shopify.Window) (o shopify.BulkOperation, err error) {
	if err := s.before(ctx, "StartBulk"); err != nil {
		return o, err
	}
	if o, err = s.Source.StartBulk(ctx, k, w); err == nil {
		err = s.before(ctx, "StartBulk answered")
	}
	return o, err
}

func (s source) Bulk(ctx context.Context, id int64) (shopify.BulkOperation, error) {
	if err := s.before(ctx, "Bulk"); err != nil {
		return shopify.BulkOperation{}, err
	}
	return s.Source.Bulk(ctx, id)
}

func (s source) DownloadBulk(ctx context.Context, o shopify.BulkOperation, path string) error {
	if err := s.before(ctx, "DownloadBulk"); err != nil {
		return err
	}
	if err := s.Source.DownloadBulk(ctx, o, path); err != nil {
		return err
	}
	return s.before(ctx, "DownloadBulk answered")
}

func (s source) BulkProducts(ctx context.Context, o shopify.BulkOperation, path string, behind int64) iter.Seq2[shopify.Exported[shopify.Product], error] {
	return exported(ctx, s, s.Source.BulkProducts(ctx, o, path, behind))
}

func (s source) BulkCustomers(ctx context.Context, o shopify.BulkOperation, path string, behind int64) iter.Seq2[shopify.Exported[shopify.Customer], error] {
	return exported(ctx, s, s.Source.BulkCustomers(ctx, o, path, behind))
}

func (s source) BulkOrders(ctx context.Context, o shopify.BulkOperation, path string, behind int64) iter.Seq2[shopify.Exported[shopify.Order], error] {
	return exported(ctx, s, s.Source.BulkOrders(ctx, o, path, behind))
}

// exported lets a test act before each record of an export.
func exported[R any](ctx context.Context, s source, all iter.Seq2[shopify.Exported[R], error]) iter.Seq2[shopify.Exported[R], error] {
	return func(yield func(shopify.Exported[R], error) bool) {
		for r, err := range all {
			if err == nil {
				err = s.before(ctx, "Exported")
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// working runs the worker until the function that it returns is called, or the test ends.
func (w *world) working() (stop func()) {
	w.stop = w.worker(w.svc)
	return w.stop
}

func (w *world) worker(svc *sync.Service) (stop func()) {
	ctx, cancel := context.WithCancel(w.Context())
	done := make(chan struct{})
	go func() { defer close(done); svc.Work(ctx) }()
	stop = func() { cancel(); <-done }
	w.Cleanup(stop)
	return stop
}

// connect connects the tenant, and returns the first run.
func (w *world) connect() *sync.Run {
	w.Helper()
	token := w.shop.Token()
	p, err := w.svc.Connect(w.ctx, sync.ConnectStoreInput{ShopDomain: w.domain, AccessToken: &token, APISecretKey: &w.secret})
	if err != nil || len(p.UserErrors) > 0 {
		w.Fatal(p, err)
	}
	return p.FirstSync
}

// sync runs a sync to its end. Runs that wait for another attempt are hurried on.
func (w *world) sync(mode string) *sync.Run {
	w.Helper()
	p, err := w.svc.Start(w.ctx, sync.StartInput{Resources: []string{"PRODUCTS", "CUSTOMERS", "ORDERS"}, Mode: mode})
	if err != nil || len(p.UserErrors) > 0 {
		w.Fatal(p, err)
	}
	return w.ended(p.Run.ID)
}

// latest waits for the last run to end.
func (w *world) latest() *sync.Run {
	w.Helper()
	run, err := w.svc.Latest(w.ctx)
	if err != nil || run == nil {
		w.Fatal(run, err)
	}
	return w.ended(run.ID)
}

// synced connects the tenant and brings everything in, with a worker that goes on.
func (w *world) synced() {
	w.Helper()
	w.clock.pass(time.Minute)
	run := w.connect()
	w.working()
	w.good(w.ended(run.ID))
	w.every(0)
	w.clock.pass(time.Minute)
}

// every sets how often the store is synced by itself.
func (w *world) every(minutes int) {
	w.Helper()
	if p, err := w.svc.Update(w.ctx, minutes); err != nil || len(p.UserErrors) > 0 {
		w.Fatal(p, err)
	}
}

// cursors tells how far each kind of record is known.
func (w *world) cursors() map[string]string {
	w.Helper()
	rows, err := testkit.DB(w, w.store).Query("SELECT resource, updated_at, shopify_id FROM sync_cursors WHERE tenant_id = ?",
		viewer.FromContext(w.ctx).TenantID)
	if err != nil {
		w.Fatal(err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var resource string
		var at sql.NullTime
		var id int64
		if err := rows.Scan(&resource, &at, &id); err != nil {
			w.Fatal(err)
		}
		out[resource] = fmt.Sprint(at.Time.UTC(), " ", id)
	}
	return out
}

// number returns the first column of the first row of a statement that has the tenant as its one parameter.
func (w *world) number(query string) (n int) {
	w.Helper()
	if err := testkit.DB(w, w.store).QueryRow(query, viewer.FromContext(w.ctx).TenantID).Scan(&n); err != nil {
		w.Fatal(err)
	}
	return n
}

// run changes rows behind the service's back.
func (w *world) run(statement string, args ...any) {
	w.Helper()
	if _, err := testkit.DB(w, w.store).Exec(statement, args...); err != nil {
		w.Fatal(err)
	}
}

// ended waits for a run to end.
func (w *world) ended(id int64) *sync.Run {
	w.Helper()
	for {
		run, err := w.svc.Run(w.ctx, id)
		if err != nil || run == nil {
			w.Fatal(run, err)
		}
		if !run.Active() {
			return run
		}
		if run.Status == sync.Queued && run.Error != nil {
			w.due(id)
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-w.Context().Done():
			w.Fatal("the run does not end")
		}
	}
}

// due lets time pass until a run that waits may be taken up, and no further: whoever has taken it meanwhile keeps it.
func (w *world) due(id int64) {
	w.Helper()
	var at time.Time
	err := testkit.DB(w, w.store).QueryRow("SELECT lease_until FROM sync_runs WHERE id = ? AND status = ?", id, sync.Queued).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return
	}
	if err != nil {
		w.Fatal(err)
	}
	w.clock.reach(at)
	w.svc.Nudge()
}

// good fails the test when a run has not brought everything.
func (w *world) good(run *sync.Run) {
	w.Helper()
	if run.Status != sync.Succeeded || run.Error != nil {
		w.Fatalf("%s: %+v, %+v\n%s", run.Status, run.Error, run.Progress, w.log)
	}
	for _, p := range run.Proof {
		if !p.Matches {
			w.Errorf("no proof: %+v", p)
		}
	}
	if len(run.Proof) != len(run.Resources) {
		w.Errorf("%d proofs of %v", len(run.Proof), run.Resources)
	}
}
