package ingest

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/live"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/store"
)

// A rebuild writes a new generation of ledger and rollups beside the one that reads use, an order after the other in
// the order of the store's numbers, in transactions of bounded size. Where it stands is a row in the database, so
// that it resumes after any interruption; writers meanwhile keep both generations. In the end one transaction swaps them.

// Rezone gives the tenant another timezone: it begins to work out local days anew, and does so to the end when that is
// a matter of a moment. Otherwise Resume goes on; until it is done, reads keep the old zone. A zone that is not
// known is fault.Invalid.
func (s *Service) Rezone(ctx context.Context, zone string) error {
	if _, err := period.LoadZone(zone); err != nil {
		return fault.Errorf(fault.Invalid, "%q is not an IANA timezone such as Europe/Berlin", zone)
	}
	if err := s.start(ctx, zone); err != nil {
		return fmt.Errorf("rezone: %w", err)
	}
	const moment = time.Second
	for begun := time.Now(); time.Since(begun) < moment; {
		if more, _, err := s.step(ctx); err != nil || !more {
			return err
		}
	}
	return nil
}

// start begins a generation for a zone; an empty one is the present zone. A rebuild for another zone that is under
// way is given up.
func (s *Service) start(ctx context.Context, zone string) error {
	return s.store.Commerce(ctx, func(q *store.SQL) error {
		w, err := s.begin(ctx, q, "")
		if err != nil {
			return err
		}
		last := w.active.number
		switch {
		case w.next != nil && (zone == "" || zone == w.next.zone.String()):
			return nil
		case w.next != nil:
			last = w.next.number
		case zone == w.active.zone.String():
			return nil
		}
		if zone == "" {
			zone = w.active.zone.String()
		}
		number := last + 1
		if zone == w.active.zone.String() && w.next != nil {
			number = 0 // back to where it was: nothing to build
		}
		_, err = q.Exec(ctx, "UPDATE tenant_writes SET next_generation = ?, next_timezone = ?, rebuilt_to = 0 WHERE tenant_id = ?",
			number, zone, q.Tenant())
		return err
	})
}

// Resume goes on with a rebuild that is under way, to its end, and removes the generations that no read uses any more.
func (s *Service) Resume(ctx context.Context) error {
	for {
		more, _, err := s.step(ctx)
		if err != nil {
			return fmt.Errorf("rebuild: %w", err)
		}
		if !more {
			return s.sweep(ctx)
		}
	}
}

// Rebuild works out every number of the tenant anew from the orders and puts it in the place of the old ones, while the
// service runs. progress is told how many orders are done; it may be nil.
func (s *Service) Rebuild(ctx context.Context, progress func(done int)) error {
	if progress == nil {
		progress = func(int) {}
	}
	if err := s.start(ctx, ""); err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	for done, more := 0, true; more; progress(done) {
		var n int
		var err error
		if more, n, err = s.step(ctx); err != nil {
			return fmt.Errorf("rebuild: %w", err)
		}
		done += n
	}
	for after, more := int64(0), true; more; {
		err := s.store.Commerce(ctx, func(q *store.SQL) error {
			w, err := s.begin(ctx, q, "")
			if err != nil {
				return err
			}
			after, more, err = w.relive(ctx, after)
			return err
		})
		if err != nil {
			return fmt.Errorf("rebuild customers: %w", err)
		}
	}
	return s.sweep(ctx)
}

// step adds some orders to the next generation, or swaps it in when there are none left. more is false when no rebuild
// is under way any longer.
func (s *Service) step(ctx context.Context) (more bool, n int, err error) {
	err = s.write(ctx, "", func(w *writer) error {
		more, n = false, 0
		if w.next == nil {
			return nil
		}
		recs, err := loadOrders(ctx, w.q, w.next.upTo)
		if err != nil {
			return err
		}
		if len(recs) == 0 {
			w.touch(live.All, 0)
			return w.swap(ctx)
		}
		more, n = true, len(recs)
		return w.extend(ctx, recs)
	})
	return more, n, err
}

// extend adds orders to the next generation, and repairs the columns that follow from the ledger.
func (w *writer) extend(ctx context.Context, recs []*orderRecord) error {
	g := *w.next
	g.upTo = recs[len(recs)-1].row.ShopifyID
	changes := make(map[int64]*change, len(recs))
	var fresh []*entry
	var rows []*ent.Order
	var lines []*ent.OrderItem
	for _, r := range recs {
		was := r.derived()
		r.post()
		if !reflect.DeepEqual(was, r.derived()) {
			rows, lines = append(rows, &r.row), append(lines, r.items...)
		}
		c := &change{shopifyID: r.row.ShopifyID, after: r.entries(g)}
		if r.row.Test {
			c.testAfter = &r.row.ProcessedAt
		}
		for i := range c.after {
			fresh = append(fresh, &c.after[i])
		}
		changes[r.row.ID] = c
	}
	if err := orders.upsert(ctx, w.q, rows); err != nil {
		return err
	}
	if err := items.upsert(ctx, w.q, lines); err != nil {
		return err
	}
	if err := entries.insert(ctx, w.q, fresh); err != nil {
		return err
	}
	if err := w.roll(ctx, g, changes); err != nil {
		return err
	}
	_, err := w.q.Exec(ctx, "UPDATE tenant_writes SET rebuilt_to = ? WHERE tenant_id = ?", g.upTo, w.q.Tenant())
	return err
}

// swap makes the next generation the one that reads use, and counts the records anew.
func (w *writer) swap(ctx context.Context) error {
	if _, err := w.q.Exec(ctx, "UPDATE tenants SET timezone = ? WHERE id = ?", w.next.zone.String(), w.q.Tenant()); err != nil {
		return err
	}
	c, err := recount(ctx, w.q)
	if err != nil {
		return err
	}
	_, err = w.q.Exec(ctx, `UPDATE tenant_writes SET generation = ?, next_generation = 0, next_timezone = '', rebuilt_to = 0,
		products = ?, customers = ?, listed_customers = ?, orders = ?, test_orders = ?, order_items = ? WHERE tenant_id = ?`,
		w.next.number, c.products, c.customers, c.listed, c.orders, c.tests, c.items, w.q.Tenant())
	return err
}

// recount counts the tenant's records one by one.
func recount(ctx context.Context, q *store.SQL) (c counts, err error) {
	for _, x := range []struct {
		to    []any
		query string
	}{
		{[]any{&c.products}, "SELECT COUNT(*) FROM products WHERE tenant_id = ? AND known = TRUE"},
		{[]any{&c.customers, &c.listed}, `SELECT COALESCE(SUM(CASE WHEN known = TRUE THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN known = TRUE OR orders_count > 0 THEN 1 ELSE 0 END), 0) FROM customers WHERE tenant_id = ?`},
		{[]any{&c.orders, &c.tests}, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN test = TRUE THEN 1 ELSE 0 END), 0)
			FROM orders WHERE tenant_id = ?`},
		{[]any{&c.items}, "SELECT COUNT(*) FROM order_items WHERE tenant_id = ?"},
	} {
		if err = q.Each(ctx, func(scan func(...any) error) error { return scan(x.to...) }, x.query, q.Tenant()); err != nil {
			return c, err
		}
	}
	return c, nil
}

// relive works out the lifetime numbers of some customers anew, from the ledger and the orders.
func (w *writer) relive(ctx context.Context, after int64) (last int64, more bool, err error) {
	query, args := w.q.Build().Select(customers.columns...).From(w.q.Build().Table(customers.name)).
		Where(sql.And(sql.EQ("tenant_id", w.q.Tenant()), sql.GT("id", after))).OrderBy("id").Limit(chunkRows).Query()
	rows, err := customers.scan(ctx, w.q, query, args...)
	if err != nil || len(rows) == 0 {
		return after, false, err
	}
	people := make(map[int64]*person, len(rows))
	ids := make([]int64, len(rows))
	for i := range rows {
		r := &rows[i]
		ids[i] = r.ID
		r.OrdersCount, r.UnitsSold, r.PlacedValue, r.NetSales, r.TotalSpent = 0, 0, 0, 0, 0
		people[r.ID] = &person{row: r, recheck: true}
	}
	// customer_days has one row for each day of a customer, so the ledger is reached through the orders' own index.
	o, e := w.q.Build().Table(orders.name).As("o"), w.q.Build().Table(entries.name).As("e")
	columns := make([]string, len(entries.columns))
	for i, c := range entries.columns {
		columns[i] = e.C(c)
	}
	query, args = w.q.Build().Select(columns...).From(o).Join(e).OnP(sql.And(
		sql.ColumnsEQ(e.C("tenant_id"), o.C("tenant_id")), sql.ColumnsEQ(e.C("order_id"), o.C("id")),
		sql.EQ(e.C("generation"), w.active.number))).
		Where(sql.And(sql.EQ(o.C("tenant_id"), w.q.Tenant()), sql.In(o.C("customer_id"), anys(ids)...))).Query()
	var over overflow
	var row entry
	err = w.q.Each(ctx, func(scan func(...any) error) error {
		row = entry{}
		if err := scan(entries.bind(&row)...); err != nil {
			return err
		}
		w.live(people, row, 1, &over)
		return nil
	}, query, args...)
	if err != nil {
		return after, false, err
	}
	if err := over.err(); err != nil {
		return after, false, err
	}
	for _, p := range people {
		p.moved = true
		p.row.Listed = p.row.Known || p.row.OrdersCount > 0
	}
	if err := w.lookUp(ctx, people); err != nil {
		return after, false, err
	}
	return ids[len(ids)-1], true, w.writePeople(ctx, people)
}

// sweep removes the generations that came before the one in use, some rows at a time.
func (s *Service) sweep(ctx context.Context) error {
	for more := true; more; {
		err := s.store.Commerce(ctx, func(q *store.SQL) error {
			w, err := s.begin(ctx, q, "")
			if err != nil {
				return err
			}
			more, err = w.sweep(ctx)
			return err
		})
		if err != nil {
			return fmt.Errorf("remove old rollups: %w", err)
		}
	}
	return nil
}

// sweepDays and sweepRows bound what one transaction of a sweep deletes.
const (
	sweepDays = 7
)

func (w *writer) sweep(ctx context.Context) (more bool, err error) {
	one := func(query string, args ...any) (n int64, err error) {
		n = math.MaxInt64
		err = w.q.Each(ctx, func(scan func(...any) error) error { return scan(&n) }, query, args...)
		return n, err
	}
	tenant := w.q.Tenant()
	for _, t := range []struct{ table, from, upTo string }{
		{"ledger_entries",
			"SELECT COALESCE(MIN(day), 0) FROM ledger_entries WHERE tenant_id = ? AND generation = ?", ""},
		{"customer_days", "",
			"SELECT customer_id FROM customer_days WHERE tenant_id = ? AND generation = ? ORDER BY customer_id LIMIT 1 OFFSET 2000"},
		{"daily_sales", "", ""},
		{"customer_gaps", "", ""},
	} {
		oldest, err := one("SELECT COALESCE(MIN(generation), 0) FROM "+t.table+" WHERE tenant_id = ?", tenant)
		if err != nil {
			return false, err
		}
		if oldest == 0 || oldest >= int64(w.active.number) {
			continue
		}
		query, args := "DELETE FROM "+t.table+" WHERE tenant_id = ? AND generation = ?", []any{tenant, oldest}
		switch {
		case t.from != "":
			first, err := one(t.from, tenant, oldest)
			if err != nil {
				return false, err
			}
			query, args = query+" AND day <= ?", append(args, first+sweepDays)
		case t.upTo != "":
			last, err := one(t.upTo, tenant, oldest)
			if err != nil {
				return false, err
			}
			query, args = query+" AND customer_id <= ?", append(args, last)
		}
		_, err = w.q.Exec(ctx, query, args...)
		return true, err
	}
	return false, nil
}
