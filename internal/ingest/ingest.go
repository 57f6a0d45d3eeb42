// Package ingest is the only writer of commerce rows and of the numbers that are kept beside them.
//
// Every door hands it a Batch. In one transaction, as the one writer of the tenant, it brings the records into the form
// of rows, applies those that are not older than what is stored, and changes ledger and rollups by the difference
// between the old entries of an order and its new ones. So a record that comes twice, late or out of order does no
// harm, and the numbers are those of the orders at every commit.
package ingest

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/live"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/store"
)

// Service writes. Its methods act on the tenant of the viewer in their context.
type Service struct {
	store *store.Store
	now   func() time.Time
	tell  []func(...live.Event)
}

// New returns a service on an open database. now is the clock. Each tell is told what has changed after each transaction
// that changed something, when it is committed; it must not wait.
func New(s *store.Store, now func() time.Time, tell ...func(...live.Event)) *Service {
	return &Service{store: s, now: now, tell: tell}
}

// Apply writes a batch and tells what became of each record. A record whose meaning is wrong (a foreign currency, too
// many digits, a bound) is refused alone, by index and field, and the others are written. More than MaxRecords of one
// kind are fault.Invalid, and nothing is written. Deletions remove records and remember it, so that an older record that
// comes later does not bring one back: the orders of a deleted customer become a guest's, the items of a deleted product
// stay without one.
func (s *Service) Apply(ctx context.Context, b Batch) (Result, error) {
	for _, l := range []struct {
		name string
		n    int
	}{{"products", len(b.Products)}, {"customers", len(b.Customers)}, {"orders", len(b.Orders)}} {
		if l.n > MaxRecords {
			return Result{}, fault.Errorf(fault.Invalid, "%s has %d records, more than the %d of one request", l.name, l.n, MaxRecords).At(l.name)
		}
	}
	var res Result
	err := s.write(ctx, b.Source, func(w *writer) error {
		res = Result{}
		if err := w.apply(ctx, b, &res); err != nil {
			return err
		}
		if err := w.delete(ctx, b.Deletions, &res.Deleted); err != nil {
			return err
		}
		if err := w.finish(ctx); err != nil || b.Commit == nil {
			return err
		}
		return b.Commit(ctx, w.q, res)
	})
	if err != nil {
		return Result{}, fmt.Errorf("ingest: %w", err)
	}
	return res, nil
}

func (w *writer) apply(ctx context.Context, b Batch, res *Result) error {
	products := checked(w, res, "products", b.Products, (*checker).product)
	for _, round := range rounds(products, func(r ent.Product) int64 { return r.ShopifyID }) {
		if err := w.putProducts(ctx, round, res); err != nil {
			return err
		}
	}
	customers := checked(w, res, "customers", b.Customers, (*checker).customer)
	for _, round := range rounds(customers, func(r ent.Customer) int64 { return r.ShopifyID }) {
		if err := w.putCustomers(ctx, round, res); err != nil {
			return err
		}
	}
	orders := checked(w, res, "orders", b.Orders, (*checker).order)
	for _, round := range rounds(orders, func(r *orderRecord) int64 { return r.row.ShopifyID }) {
		if err := w.putOrders(ctx, round, res); err != nil {
			return err
		}
	}
	return nil
}

// checked normalises the records of one kind, and leaves out those that are refused.
func checked[I, R any](w *writer, res *Result, name string, in []I, normalise func(*checker, I) R) []R {
	out := make([]R, 0, len(in))
	for i, rec := range in {
		c := &checker{currency: w.currency, rounds: w.source == SourceShopify,
			latest: w.now.Add(24 * time.Hour), path: []string{name, strconv.Itoa(i)}}
		r := normalise(c, rec)
		res.Received++
		if len(c.errs) > 0 {
			res.Rejected++
			res.UserErrors = append(res.UserErrors, c.errs...)
			continue
		}
		out = append(out, r)
	}
	return out
}

// rounds splits records so that each key stands in a round at most once, in the order given: a record that comes twice
// in one batch is applied twice, one after the other.
func rounds[R any](records []R, key func(R) int64) [][]R {
	var out [][]R
	times := make(map[int64]int, len(records))
	for _, r := range records {
		n := times[key(r)]
		times[key(r)]++
		if n == len(out) {
			out = append(out, make([]R, 0, len(records)-len(out)))
		}
		out[n] = append(out[n], r)
	}
	return out
}

// writer is one commerce transaction of one tenant.
type writer struct {
	*Service
	q        *store.SQL
	source   Source
	now      time.Time
	currency money.Currency
	active   generation
	next     *generation // while a rebuild is running
	redacts  bool        // somebody of the tenant is to be forgotten
	counts   counts
	changed  []changed
}

// generation is one set of ledger and rollups: the one that reads use, or the next one while it is being built.
type generation struct {
	number int32
	zone   *time.Location
	// upTo is the last order, by the store's number, that the generation holds.
	upTo int64
}

// counts are the numbers of records in tenant_writes, or changes of them.
type counts struct{ products, customers, listed, orders, tests, items int64 }

// begin reads what the tenant's writers share. The transaction has taken the tenant's lock.
func (s *Service) begin(ctx context.Context, q *store.SQL, source Source) (*writer, error) {
	w := &writer{Service: s, q: q, source: source, now: s.now().UTC()}
	var zone, nextZone string
	var next generation
	err := q.Each(ctx, func(scan func(...any) error) error {
		return scan(&w.currency, &zone, &w.active.number, &next.number, &nextZone, &next.upTo, &w.redacts)
	}, `SELECT t.currency, t.timezone, w.generation, w.next_generation, w.next_timezone, w.rebuilt_to,
		EXISTS (SELECT 1 FROM redactions r WHERE r.tenant_id = w.tenant_id)
		FROM tenant_writes w JOIN tenants t ON t.id = w.tenant_id WHERE w.tenant_id = ?`, q.Tenant())
	if err != nil {
		return nil, fmt.Errorf("read tenant: %w", err)
	}
	if w.active.zone, err = period.LoadZone(zone); err != nil {
		return nil, err
	}
	w.active.upTo = math.MaxInt64
	if next.number != 0 {
		if next.zone, err = period.LoadZone(nextZone); err != nil {
			return nil, err
		}
		w.next = &next
	}
	return w, nil
}

// generations returns those that hold the order.
func (w *writer) generations(shopifyID int64) []generation {
	if w.next != nil && shopifyID <= w.next.upTo {
		return []generation{w.active, *w.next}
	}
	return []generation{w.active}
}

// finish writes what was counted.
func (w *writer) finish(ctx context.Context) error {
	c := w.counts
	if c == (counts{}) {
		return nil
	}
	_, err := w.q.Exec(ctx, `UPDATE tenant_writes SET products = products + ?, customers = customers + ?,
		listed_customers = listed_customers + ?, orders = orders + ?, test_orders = test_orders + ?,
		order_items = order_items + ? WHERE tenant_id = ?`,
		c.products, c.customers, c.listed, c.orders, c.tests, c.items, w.q.Tenant())
	return err
}

// stored is what is known of a record before a newer one comes.
type stored struct {
	known   bool
	updated *time.Time
	hash    string
	deleted *time.Time // by its tombstone
}

// verdict is what is to be done with a record.
type verdict struct {
	// apply says that the row is written, with at as its updatedAt.
	apply bool
	at    *time.Time
	// same says that the content is what is stored already, and at most its updatedAt moves.
	same bool
}

// judge compares a record with what is stored. An older one changes nothing, and one that says what is stored already
// counts as unchanged; one without updatedAt is applied without moving what is stored.
func (s stored) judge(updated *time.Time, hash []byte) verdict {
	if s.deleted != nil && updated != nil && !updated.After(*s.deleted) {
		return verdict{same: true}
	}
	if !s.known {
		return verdict{apply: true, at: updated}
	}
	if updated == nil {
		updated = s.updated
	}
	if later(s.updated, updated) {
		return verdict{same: true}
	}
	same := s.hash == string(hash)
	return verdict{apply: !same || later(updated, s.updated), at: updated, same: same}
}

// tally counts what becomes of a record.
func (s stored) tally(v verdict, res *Result) {
	switch {
	case v.same:
		res.Unchanged++
	case s.known:
		res.Updated++
	default:
		res.Created++
	}
}

// tombs returns when records of a kind were deleted.
func (w *writer) tombs(ctx context.Context, kind Kind, ids []int64) (map[int64]*time.Time, error) {
	rows, err := readIn(ctx, w.q, tombstones, "shopify_id", ids, kindIs(kind))
	if err != nil {
		return nil, err
	}
	out := make(map[int64]*time.Time, len(rows))
	for _, r := range rows {
		out[r.ShopifyID] = &r.DeletedAt
	}
	return out, nil
}

// revive removes the tombstones of records that are there again.
func (w *writer) revive(ctx context.Context, kind Kind, ids []int64) error {
	_, err := remove(ctx, w.q, tombstones.name, "shopify_id", ids, kindIs(kind))
	return err
}

// addTerms builds the rows under which a record is found.
func addTerms(rows []*term, tenant, record int64, kind int8, words []string) []*term {
	seen := make(map[string]bool, len(words))
	for _, word := range words {
		if word = store.Fold(word); word != "" && !seen[word] {
			seen[word] = true
			rows = append(rows, &term{tenant, kind, word, record})
		}
	}
	return rows
}
