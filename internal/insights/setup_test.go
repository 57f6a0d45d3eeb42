package insights_test

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/ledger"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

// sales is what a test's store has sold: the truth that reports are compared with. Ledger and rollups are filled from it
// by fill, in the plainest way.
type sales struct {
	zone      *time.Location
	customers []int64 // numbers in the store; a position is a customer
	ids       []int64 // row ids of the customers; made by fill
	orders    []order
	records   int64 // customers on file

	ledger []entry          // of the orders, in the order of instants; made by sealed
	placed map[int][]*order // by each customer, the first one first, without tests; made by sealed
}

type order struct {
	id       int64
	number   int64
	at       time.Time
	customer int // position, -1 for a guest
	test     bool
	entries  []ledger.Entry // the sale first
}

// entry is an entry with its order.
type entry struct {
	ledger.Entry
	order *order
}

// sealed prepares the sales for questions: afterwards they may not change.
func (s *sales) sealed() *sales {
	s.placed = map[int][]*order{}
	for i := range s.orders {
		o := &s.orders[i]
		for _, e := range o.entries {
			s.ledger = append(s.ledger, entry{e, o})
		}
		if !o.test {
			s.placed[o.customer] = append(s.placed[o.customer], o)
		}
	}
	for _, orders := range s.placed {
		slices.SortFunc(orders, func(a, b *order) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.number, b.number)) })
	}
	slices.SortFunc(s.ledger, func(a, b entry) int { return a.At.Compare(b.At) })
	return s
}

// entries returns the entries from an instant up to, not including, another.
func (s *sales) entries(from, to time.Time) []entry {
	at := func(t time.Time) int {
		return sort.Search(len(s.ledger), func(i int) bool { return !s.ledger[i].At.Before(t) })
	}
	return s.ledger[at(from):at(to)]
}

// random makes sales between two instants. Days without sales, guests, tests, orders that are refunded before they were
// placed, equal amounts and equal instants are all among them.
func random(rng *rand.Rand, zone *time.Location, from, to time.Time, orders, customers int) *sales {
	s := &sales{zone: zone, records: rng.Int64N(100)}
	for i := range customers {
		s.customers = append(s.customers, int64(1000+i*3)-int64(i%2)*5) // not in the order of position
	}
	moment := func() time.Time {
		at := from.Add(time.Duration(rng.Int64N(int64(to.Sub(from))))).Truncate(time.Microsecond)
		if rng.IntN(3) == 0 {
			at = at.Truncate(time.Hour)
		}
		return at.UTC()
	}
	for i := range orders {
		o := order{number: int64(i + 1), at: moment(), customer: rng.IntN(customers), test: rng.IntN(20) == 0}
		if i > 0 && rng.IntN(10) == 0 {
			o.at = s.orders[i-1].at
		}
		if rng.IntN(6) == 0 {
			o.customer = -1
		}
		if rng.IntN(3) > 0 {
			o.customer = min(o.customer, customers/4) // some order often
		}
		if !o.test {
			gross := 100 * rng.Int64N(50)
			o.entries = []ledger.Entry{{Kind: ledger.Sale, At: o.at, Amounts: ledger.Amounts{
				Gross: gross, Discount: gross / (1 + rng.Int64N(9)) / 2, Shipping: rng.Int64N(700), Tax: rng.Int64N(900),
				Duty: rng.Int64N(20), Fee: rng.Int64N(20), Tip: rng.Int64N(300), GiftCard: rng.Int64N(2) * 2500, Units: rng.Int64N(4),
			}}}
			for ref := range rng.Int64N(3) * rng.Int64N(2) {
				o.entries = append(o.entries, ledger.Entry{Kind: ledger.Refunded, Ref: ref + 1, At: moment(), Amounts: ledger.Amounts{
					Reversal: rng.Int64N(6000), Shipping: -rng.Int64N(300), Tax: -rng.Int64N(300),
				}})
			}
			if rng.IntN(15) == 0 {
				o.entries = append(o.entries, ledger.Entry{Kind: ledger.Cancelled, At: moment(), Amounts: ledger.Amounts{
					Reversal: rng.Int64N(5000), Duty: -rng.Int64N(20), Fee: -rng.Int64N(20),
				}})
			}
		}
		s.orders = append(s.orders, o)
	}
	return s
}

// fill writes the sales of the context's tenant: orders, customers, ledger and rollups.
func (s *sales) fill(t testing.TB, ctx context.Context, on *store.Store) {
	t.Helper()
	db, tenant := testkit.DB(t, on), viewer.FromContext(ctx).TenantID
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // after the commit it does nothing
	w := &filler{t: t, ctx: ctx, tx: tx}

	for i := range s.orders {
		s.orders[i].id = on.NewID()
	}
	for i, number := range s.customers {
		s.ids = append(s.ids, on.NewID())
		c := s.lifetime(i)
		var firstID any
		if len(s.placed[i]) > 0 {
			firstID = s.placed[i][0].id
		}
		w.add("customers", row{
			"id": s.ids[i], "tenant_id": tenant, "shopify_id": number, "source": "API", "known": true, "listed": true,
			"name_key": "", "tags": "[]", "created_key": epoch, "last_order_key": epoch, "first_order_id": firstID,
			"orders_count": c.orders, "units_sold": c.Units, "placed_value": 0, "net_sales": c.net(), "total_spent": c.total(),
		})
	}
	for i := range s.orders {
		o := &s.orders[i]
		w.add("orders", row{
			"id": o.id, "tenant_id": tenant, "shopify_id": o.number, "source": "API", "name": "", "name_key": "",
			"processed_at": o.at, "updated_key": epoch, "financial_status": "PAID", "fulfillment_status": "UNFULFILLED",
			"test": o.test, "discount_codes": "[]", "tags": "[]", "taxes_included": false, "shipping": 0, "taxes": 0,
			"duties": 0, "fees": 0, "tips": 0, "subtotal": 0, "discounts": 0, "total": 0, "refunded": 0, "net_sales": 0,
		})
	}
	s.fillGeneration(w, tenant, 1)
	w.flush()
	if _, err := tx.ExecContext(ctx, "UPDATE tenant_writes SET customers = ? WHERE tenant_id = ?", s.records, tenant); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// fillGeneration writes ledger and rollups in the days of the zone.
func (s *sales) fillGeneration(w *filler, tenant, generation int64) {
	day := func(at time.Time) period.Day { return period.DayOf(at, s.zone) }
	type total struct {
		ledger.Amounts
		entries, orders, guests, tests, customers, fresh int64
	}
	days := map[period.Day]*total{}
	on := func(d period.Day) *total {
		if days[d] == nil {
			days[d] = &total{}
		}
		return days[d]
	}
	for _, e := range s.ledger {
		var customer any
		if e.order.customer >= 0 {
			customer = s.ids[e.order.customer]
		}
		r := amountsOf(e.Amounts)
		maps.Copy(r, row{
			"tenant_id": tenant, "generation": generation, "day": int64(day(e.At)), "order_id": e.order.id,
			"kind": int64(e.Kind), "ref": e.Ref, "at": e.At, "hour_at": period.HourStart(e.At, s.zone), "customer_id": customer,
		})
		w.add("ledger_entries", r)
		d := on(day(e.At))
		d.Amounts = d.Amounts.Add(e.Amounts)
		d.entries++
		if e.Kind == ledger.Sale {
			d.orders++
			if e.order.customer < 0 {
				d.guests++
			}
		}
	}
	for i := range s.orders {
		if s.orders[i].test {
			on(day(s.orders[i].at)).tests++
		}
	}
	gaps := map[[2]period.Day]int64{}
	for i := range s.customers {
		ordered := map[period.Day]int64{}
		for _, o := range s.placed[i] {
			ordered[day(o.at)]++
		}
		previous := period.NoDay
		for _, d := range slices.Sorted(maps.Keys(ordered)) {
			w.add("customer_days", row{"tenant_id": tenant, "generation": generation, "customer_id": s.ids[i], "day": int64(d), "orders": ordered[d]})
			gaps[[2]period.Day{d, previous}]++
			on(d).customers++
			if previous == period.NoDay {
				on(d).fresh++
			}
			previous = d
		}
		if previous != period.NoDay {
			gaps[[2]period.Day{period.Forever, previous}]++
			gaps[[2]period.Day{period.Forever, previous - 1}] += 0 // counts of zero may linger
			gaps[[2]period.Day{previous, previous - 1}] += 0
		}
	}
	for k, n := range gaps {
		w.add("customer_gaps", row{"tenant_id": tenant, "generation": generation, "day": int64(k[0]), "prev_day": int64(k[1]), "customers": n})
	}
	for d, sum := range days {
		r := amountsOf(sum.Amounts)
		maps.Copy(r, row{
			"tenant_id": tenant, "generation": generation, "day": int64(d), "entries": sum.entries, "orders": sum.orders,
			"guest_orders": sum.guests, "test_orders": sum.tests, "customers": sum.customers, "new_customers": sum.fresh,
		})
		w.add("daily_sales", r)
	}
}

var epoch = time.Unix(0, 0).UTC()

func amountsOf(a ledger.Amounts) row {
	return row{
		"gross": a.Gross, "discount": a.Discount, "reversal": a.Reversal, "shipping": a.Shipping, "tax": a.Tax, "duty": a.Duty,
		"fee": a.Fee, "tip": a.Tip, "gift_card": a.GiftCard, "units": a.Units,
	}
}

type row map[string]any

// filler inserts rows, hundreds at a time.
type filler struct {
	t       testing.TB
	ctx     context.Context
	tx      *sql.Tx
	table   string
	columns []string
	args    []any
}

func (w *filler) add(table string, r row) {
	w.t.Helper()
	if table != w.table || len(w.args) > 5000 {
		w.flush()
		w.table, w.columns = table, slices.Sorted(maps.Keys(r))
	}
	for _, c := range w.columns {
		w.args = append(w.args, r[c])
	}
}

func (w *filler) flush() {
	w.t.Helper()
	if len(w.args) == 0 {
		return
	}
	one := "(?" + strings.Repeat(",?", len(w.columns)-1) + ")"
	statement := fmt.Sprintf("INSERT INTO %s (%s) VALUES %s", w.table, strings.Join(w.columns, ","),
		one+strings.Repeat(","+one, len(w.args)/len(w.columns)-1))
	if _, err := w.tx.ExecContext(w.ctx, statement, w.args...); err != nil {
		w.t.Fatalf("fill %s: %v", w.table, err)
	}
	w.args = nil
}

// exec runs a statement past all rules.
func exec(t testing.TB, s *store.Store, statement string, args ...any) {
	t.Helper()
	if _, err := testkit.DB(t, s).ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

// addProducts writes products of the context's tenant.
func addProducts(t testing.TB, s *store.Store, ctx context.Context, source string, numbers ...int64) {
	t.Helper()
	tx, err := testkit.DB(t, s).BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // after the commit it does nothing
	w := &filler{t: t, ctx: ctx, tx: tx}
	for _, number := range numbers {
		w.add("products", row{
			"id": s.NewID(), "tenant_id": tenantOf(ctx), "shopify_id": number, "source": source, "known": true, "title": "",
			"title_key": "", "status": "ACTIVE", "tags": "[]", "inventory_key": 0, "created_key": epoch, "updated_key": epoch,
		})
	}
	w.flush()
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := period.LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func tenantOf(ctx context.Context) int64 { return viewer.FromContext(ctx).TenantID }
