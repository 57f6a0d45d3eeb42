package sync_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

const domain = "tea.myshopify.com"

// world is a tenant, a simulated store, and the service that brings them together.
type world struct {
	*testing.T
	store *store.Store
	shop  *simshop.Shop
	svc   *sync.Service
	ctx   context.Context
	clock *clock
	log   *lines
}

// clock goes on only when somebody waits by it, and waiting takes no time.
type clock struct {
	mu  gosync.Mutex
	now time.Time
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

// After lets little time pass, however long the wait: other clients of the clock hold leases.
func (c *clock) After(d time.Duration) <-chan time.Time {
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
}

// newWorld makes a store and a tenant that is not connected to it yet.
func newWorld(t *testing.T, s *store.Store, o options) *world {
	t.Helper()
	w := &world{T: t, store: s, clock: &clock{now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}, log: &lines{}}
	if o.shop.Seed == 0 {
		o.shop.Seed = rand.Int64()
	}
	t.Logf("seed %d", o.shop.Seed)
	o.shop.Domain, o.shop.Now = domain, w.clock.Now
	if o.shop.Bucket == (simshop.Bucket{}) {
		o.shop.Bucket = simshop.Bucket{Max: 1e6, Restore: 1e6}
	}
	w.shop = simshop.New(o.shop)
	w.ctx = testkit.Tenant(t, s, "USD", "UTC")
	w.svc = w.service(s, o)
	return w
}

// service is one process's part of the world.
func (w *world) service(s *store.Store, o options) *sync.Service {
	api := shopify.New(shopify.Options{Transport: inProcess{w.shop}, Now: w.clock.Now, After: w.clock.After, PageSize: o.pageSize})
	if o.adopt == nil {
		o.adopt = func(context.Context, string, string) ([]fault.UserError, error) { return nil, nil }
	}
	return sync.New(sync.Config{
		Store: s, Ingest: ingest.New(s, w.clock.Now), Box: box{7}, Adopt: o.adopt,
		Source: func(d shopify.Domain, token string, throttled func(time.Time)) sync.Source {
			return api.Client(d, token).Throttled(throttled)
		},
		Changed: func(int64, int64) {}, Now: w.clock.Now, After: w.clock.After,
		Log: slog.New(slog.NewTextHandler(w.log, nil)),
	})
}

// inProcess sends requests to a handler.
type inProcess struct{ http.Handler }

func (h inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	resp := rec.Result()
	if resp.ContentLength >= 0 && int(resp.ContentLength) > rec.Body.Len() {
		return nil, errors.New("the answer was cut off")
	}
	return resp, nil
}

// working runs the worker until the function that it returns is called, or the test ends.
func (w *world) working() (stop func()) {
	ctx, cancel := context.WithCancel(w.Context())
	done := make(chan struct{})
	go func() { defer close(done); w.svc.Work(ctx) }()
	stop = func() { cancel(); <-done }
	w.Cleanup(stop)
	return stop
}

// connect connects the tenant, and returns the first run.
func (w *world) connect() *sync.Run {
	w.Helper()
	token := w.shop.Token()
	p, err := w.svc.Connect(w.ctx, sync.ConnectStoreInput{ShopDomain: domain, AccessToken: &token})
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
		if run.Status == sync.Queued && run.Attempts > 0 {
			w.clock.pass(time.Hour)
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-w.Context().Done():
			w.Fatal("the run does not end")
		}
	}
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

// equal compares every record and every number here with the store's.
func (w *world) equal() {
	w.Helper()
	db := testkit.DB(w, w.store)
	tenant := viewer.FromContext(w.ctx).TenantID
	currency := money.Currency("USD")

	want := map[string]string{}
	for _, p := range w.shop.Products() {
		inventory := "-"
		if p.TracksInventory {
			inventory = fmt.Sprint(p.Inventory)
		}
		want[fmt.Sprint("product ", p.ID)] = fmt.Sprint(p.Title, p.Vendor, p.Price, inventory, p.UpdatedAt.Unix())
	}
	got := w.rows(db, "product", `SELECT shopify_id, title, vendor, price, inventory_quantity, updated_at FROM products
		WHERE tenant_id = ? AND known = TRUE`, tenant, func(scan func(...any) error) (string, error) {
		var title string
		var vendor sql.NullString
		var price, inventory sql.NullInt64
		var at time.Time
		err := scan(&title, &vendor, &price, &inventory, &at)
		n := "-"
		if inventory.Valid {
			n = fmt.Sprint(inventory.Int64)
		}
		return fmt.Sprint(title, vendor.String, price.Int64, n, at.Unix()), err
	})
	for _, c := range w.shop.Customers() {
		want[fmt.Sprint("customer ", c.ID)] = fmt.Sprint(c.FirstName, "|", c.LastName, "|", c.Email, "|", c.Phone, "|", c.City, "|", c.UpdatedAt.Unix())
	}
	maps.Copy(got, w.rows(db, "customer", `SELECT shopify_id, first_name, last_name, email, phone, city, updated_at FROM customers
		WHERE tenant_id = ? AND known = TRUE`, tenant, func(scan func(...any) error) (string, error) {
		var first, last, email, phone, city sql.NullString
		var at time.Time
		err := scan(&first, &last, &email, &phone, &city, &at)
		return fmt.Sprint(first.String, "|", last.String, "|", email.String, "|", phone.String, "|", city.String, "|", at.Unix()), err
	}))
	var gross int64
	for _, o := range w.shop.Orders() {
		n := numbersOf(o)
		customer := o.CustomerID
		if w.shop.Customer(customer) == nil {
			customer = 0
		}
		want[fmt.Sprint("order ", o.ID)] = fmt.Sprint(o.Name, customer, o.ProcessedAt.Unix(), o.UpdatedAt.Unix(), o.Test, len(o.Lines), " ",
			money.Format(n.total, currency), " ", money.Format(n.refunded, currency), " ", money.Format(n.net, currency))
		if !o.Test {
			gross += n.net
		}
	}
	maps.Copy(got, w.rows(db, "order", `SELECT o.shopify_id, o.name, COALESCE(c.shopify_id, 0), o.processed_at, o.updated_at, o.test,
		(SELECT COUNT(*) FROM order_items i WHERE i.tenant_id = o.tenant_id AND i.order_id = o.id), o.total, o.refunded, o.net_sales
		FROM orders o LEFT JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id WHERE o.tenant_id = ?`, tenant,
		func(scan func(...any) error) (string, error) {
			var name string
			var customer, lines, total, refunded, net int64
			var at, updated time.Time
			var test bool
			err := scan(&name, &customer, &at, &updated, &test, &lines, &total, &refunded, &net)
			return fmt.Sprint(name, customer, at.Unix(), updated.Unix(), test, lines, " ",
				money.Format(total, currency), " ", money.Format(refunded, currency), " ", money.Format(net, currency)), err
		}))
	wrong := 0
	for key, text := range want {
		if got[key] != text {
			if wrong++; wrong < 5 {
				w.Errorf("%s: %q, the store has %q", key, got[key], text)
			}
		}
		delete(got, key)
	}
	for key := range got {
		if wrong++; wrong < 5 {
			w.Errorf("%s is not in the store", key)
		}
	}
	if wrong > 0 {
		w.Fatalf("%d records differ of %d", wrong, len(want))
	}
	var net int64
	if err := db.QueryRow(`SELECT COALESCE(SUM(gross - discount - reversal), 0) FROM daily_sales WHERE tenant_id = ?`, tenant).Scan(&net); err != nil || net != gross {
		w.Errorf("net sales of all days are %d, those of the store's orders %d: %v", net, gross, err)
	}
	err := ingest.New(w.store, w.clock.Now).Verify(w.ctx, func(d ingest.Difference) { w.Errorf("verify: %s", d) })
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) rows(db *sql.DB, kind, query string, tenant int64, text func(scan func(...any) error) (string, error)) map[string]string {
	w.Helper()
	rows, err := db.Query(query, tenant)
	if err != nil {
		w.Fatal(err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var id int64
		line, err := text(func(to ...any) error { return rows.Scan(append([]any{&id}, to...)...) })
		if err != nil {
			w.Fatal(err)
		}
		out[fmt.Sprint(kind, " ", id)] = line
	}
	return out
}

// numbers are what an order comes to, worked out from the store's own sales.
type numbers struct{ total, refunded, net int64 }

func numbersOf(o *simshop.Order) (n numbers) {
	gift := map[int64]bool{}
	for _, l := range o.Lines {
		gift[l.ID] = l.GiftCard
	}
	sold := int64(0) // goods without tax: what a cancellation can still take back
	for _, a := range o.Agreements {
		for _, s := range a.Sales {
			if a.RefundID == 0 && s.Total > 0 {
				n.total += s.Total
			}
			goods := !gift[s.LineID] && !slices.Contains([]string{"SHIPPING", "TIP", "GIFT_CARD", "DUTY", "FEE", "ADDITIONAL_FEE"}, s.LineType)
			back := a.RefundID != 0 && (goods || s.LineType == "SHIPPING" || s.LineType == "DUTY")
			if goods || a.RefundID != 0 && s.LineType == "DUTY" {
				n.net += s.Total - s.Tax
				if s.Total > 0 && a.RefundID == 0 {
					sold += s.Total - s.Tax
				}
			}
			if back {
				n.refunded -= s.Total
			}
		}
	}
	if !o.CancelledAt.IsZero() && n.net > 0 {
		n.net = 0
	}
	return n
}
