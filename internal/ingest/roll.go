package ingest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/ledger"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
)

// change is what happens to the numbers of one order: its ledger rows, of every generation, before and after. A test
// order has none and is counted by its instant alone.
type change struct {
	shopifyID             int64
	before, after         []entry
	testBefore, testAfter *time.Time
}

// person is a customer whose orders change.
type person struct {
	row   *ent.Customer
	moved bool // a lifetime number has changed, or the row is new
	// recheck says that the first or the last order may be another one now, which only the orders themselves can tell.
	recheck bool
}

// people loads the customers that the changes touch, and works out their lifetime numbers. loaded are rows that are at
// hand already; new ones among them are written in any case.
func (w *writer) people(ctx context.Context, changes map[int64]*change, loaded ...*ent.Customer) (map[int64]*person, error) {
	out := make(map[int64]*person)
	for _, c := range loaded {
		out[c.ID] = &person{row: c, moved: !c.Known && c.OrdersCount == 0}
	}
	var missing []int64
	for _, id := range slices.Sorted(maps.Keys(changes)) {
		for _, e := range slices.Concat(changes[id].before, changes[id].after) {
			if e.CustomerID != nil && out[*e.CustomerID] == nil {
				out[*e.CustomerID] = &person{}
				missing = append(missing, *e.CustomerID)
			}
		}
	}
	rows, err := readIn(ctx, w.q, customers, "id", missing)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		out[rows[i].ID].row = &rows[i]
	}
	var over overflow
	for _, id := range slices.Sorted(maps.Keys(changes)) {
		c := changes[id]
		for _, e := range c.before {
			w.live(out, e, -1, &over)
		}
		for _, e := range c.after {
			w.live(out, e, 1, &over)
		}
		w.firstAndLast(out, id, c)
	}
	for _, p := range out {
		if listed := p.row.Known || p.row.OrdersCount > 0; listed != p.row.Listed {
			p.row.Listed = listed
			if p.moved = true; listed {
				w.counts.listed++
			} else {
				w.counts.listed--
			}
		}
	}
	return out, over.err()
}

// live adds an entry of the active generation to the lifetime numbers of its customer, or takes it away.
func (w *writer) live(people map[int64]*person, e entry, sign int64, over *overflow) {
	if e.CustomerID == nil || e.Generation != w.active.number {
		return
	}
	p := people[*e.CustomerID]
	p.moved = true
	if e.Kind == ledger.Sale {
		p.row.OrdersCount += sign
		over.add(&p.row.PlacedValue, sign*(e.Gross-e.Discount))
	}
	over.add(&p.row.UnitsSold, sign*e.Units)
	over.add(&p.row.NetSales, sign*e.Net())
	over.add(&p.row.TotalSpent, sign*e.Total())
}

// firstAndLast moves the first and the last order of the customers of one changed order, as far as the change itself
// tells; otherwise they are marked to be looked up.
func (w *writer) firstAndLast(people map[int64]*person, orderID int64, c *change) {
	sale := func(rows []entry) *entry {
		for i := range rows {
			if rows[i].Kind == ledger.Sale && rows[i].Generation == w.active.number && rows[i].CustomerID != nil {
				return &rows[i]
			}
		}
		return nil
	}
	was, is := sale(c.before), sale(c.after)
	if was != nil && is != nil && *was.CustomerID == *is.CustomerID && was.At.Equal(is.At) {
		return
	}
	if was != nil {
		p := people[*was.CustomerID]
		if p.row.FirstOrderID != nil && *p.row.FirstOrderID == orderID || p.row.LastOrderAt != nil && !was.At.Before(*p.row.LastOrderAt) {
			p.recheck = true
		}
	}
	if is != nil {
		p := people[*is.CustomerID]
		at := is.At
		switch r := p.row; {
		case r.FirstOrderAt == nil || at.Before(*r.FirstOrderAt):
			r.FirstOrderID, r.FirstOrderAt = &orderID, &at
		case at.Equal(*r.FirstOrderAt):
			p.recheck = true // the lesser number is first
		}
		if r := p.row; r.LastOrderAt == nil || at.After(*r.LastOrderAt) {
			r.LastOrderAt, r.LastOrderKey = &at, at
		}
	}
}

// lifetimeColumns are those that a customer's orders change.
var lifetimeColumns = []string{"listed", "orders_count", "units_sold", "placed_value", "net_sales", "total_spent",
	"first_order_id", "first_order_at", "last_order_at", "last_order_key"}

// writePeople writes the customers whose rows have changed: new ones in full, of the others the numbers alone.
func (w *writer) writePeople(ctx context.Context, people map[int64]*person) error {
	var rows []*ent.Customer
	for _, id := range slices.Sorted(maps.Keys(people)) {
		if people[id].moved {
			people[id].moved = false
			rows = append(rows, people[id].row)
		}
	}
	return customers.upsertOnly(ctx, w.q, rows, lifetimeColumns)
}

// post replaces the ledger rows of the changed orders.
func (w *writer) post(ctx context.Context, changes map[int64]*change) error {
	var stale []int64
	var fresh []*entry
	for _, id := range slices.Sorted(maps.Keys(changes)) {
		c := changes[id]
		if sameEntries(c.before, c.after) {
			continue
		}
		if len(c.before) > 0 {
			stale = append(stale, id)
		}
		for i := range c.after {
			fresh = append(fresh, &c.after[i])
		}
	}
	if _, err := remove(ctx, w.q, entries.name, "order_id", stale); err != nil {
		return err
	}
	return entries.insert(ctx, w.q, fresh)
}

// settle brings customers and rollups to what the ledger says now. The orders themselves are written already.
func (w *writer) settle(ctx context.Context, changes map[int64]*change, people map[int64]*person) error {
	if err := w.lookUp(ctx, people); err != nil {
		return err
	}
	if err := w.writePeople(ctx, people); err != nil {
		return err
	}
	if err := w.roll(ctx, w.active, changes); err != nil {
		return err
	}
	if w.next != nil {
		return w.roll(ctx, *w.next, changes)
	}
	return nil
}

// roll brings the rollups of one generation from the old entries to the new ones.
func (w *writer) roll(ctx context.Context, g generation, changes map[int64]*change) error {
	days := make(map[period.Day]*daily)
	day := func(d period.Day) *daily {
		if days[d] == nil {
			days[d] = &daily{TenantID: w.q.Tenant(), Generation: g.number, Day: d}
		}
		return days[d]
	}
	orders := make(map[int64]map[period.Day]int64) // how many more orders of a customer on a day
	count := func(rows []entry, sign int64) {
		for _, e := range rows {
			if e.Generation != g.number {
				continue
			}
			d := day(e.Day)
			d.Entries += sign
			if sign > 0 {
				d.Amounts = d.Amounts.Add(e.Amounts)
			} else {
				d.Amounts = d.Amounts.Sub(e.Amounts)
			}
			if e.Kind != ledger.Sale {
				continue
			}
			d.Orders += sign
			if e.CustomerID == nil {
				d.GuestOrders += sign
				continue
			}
			if orders[*e.CustomerID] == nil {
				orders[*e.CustomerID] = make(map[period.Day]int64)
			}
			orders[*e.CustomerID][e.Day] += sign
		}
	}
	for _, c := range changes {
		if c.shopifyID > g.upTo {
			continue
		}
		count(c.before, -1)
		count(c.after, 1)
		if c.testBefore != nil {
			day(period.DayOf(*c.testBefore, g.zone)).TestOrders--
		}
		if c.testAfter != nil {
			day(period.DayOf(*c.testAfter, g.zone)).TestOrders++
		}
	}
	if err := w.rollCustomers(ctx, g, orders, day); err != nil {
		return err
	}
	return w.rollDays(ctx, g, days)
}

// rollCustomers changes customer_days and customer_gaps, and the customers of the days. All days of a customer are
// read: at most one row for each day of the calendar, however many orders there are.
func (w *writer) rollCustomers(ctx context.Context, g generation, more map[int64]map[period.Day]int64, day func(period.Day) *daily) error {
	for id, on := range more {
		maps.DeleteFunc(on, func(_ period.Day, n int64) bool { return n == 0 })
		if len(on) == 0 {
			delete(more, id)
		}
	}
	ids := slices.Sorted(maps.Keys(more))
	rows, err := readIn(ctx, w.q, customerDays, "customer_id", ids, sql.EQ("generation", g.number))
	if err != nil {
		return err
	}
	before := make(map[int64]map[period.Day]int64, len(ids))
	for _, r := range rows {
		if before[r.CustomerID] == nil {
			before[r.CustomerID] = make(map[period.Day]int64)
		}
		before[r.CustomerID][r.Day] = r.Orders
	}
	gaps := make(map[[2]period.Day]int64)
	var write []*customerDay
	var gone []*sql.Predicate
	for _, id := range ids {
		was := slices.Sorted(maps.Keys(before[id]))
		is := maps.Clone(before[id])
		if is == nil {
			is = make(map[period.Day]int64)
		}
		for _, d := range slices.Sorted(maps.Keys(more[id])) {
			switch n := is[d] + more[id][d]; {
			case n < 0:
				return fmt.Errorf("customer %d would have %d orders on %s: the rollups have drifted, run shopsight rebuild", id, n, d)
			case n == 0:
				delete(is, d)
				day(d).Customers--
				gone = append(gone, sql.And(sql.EQ("customer_id", id), sql.EQ("day", int32(d))))
			default:
				if is[d] == 0 {
					day(d).Customers++
				}
				is[d] = n
				write = append(write, &customerDay{w.q.Tenant(), g.number, id, d, n})
			}
		}
		now := slices.Sorted(maps.Keys(is))
		if len(was) > 0 {
			day(was[0]).NewCustomers--
		}
		if len(now) > 0 {
			day(now[0]).NewCustomers++
		}
		chain(was, func(d, prev period.Day) { gaps[[2]period.Day{d, prev}]-- })
		chain(now, func(d, prev period.Day) { gaps[[2]period.Day{d, prev}]++ })
	}
	for part := range chunks(gone, 200) {
		query, args := w.q.Build().Delete(customerDays.name).Where(sql.And(
			sql.EQ("tenant_id", w.q.Tenant()), sql.EQ("generation", g.number), sql.Or(part...))).Query()
		if _, err := w.q.Exec(ctx, query, args...); err != nil {
			return fmt.Errorf("delete customer_days: %w", err)
		}
	}
	if err := customerDays.upsert(ctx, w.q, write); err != nil {
		return err
	}
	var moved []*gap
	for _, k := range slices.SortedFunc(maps.Keys(gaps), func(a, b [2]period.Day) int { return slices.Compare(a[:], b[:]) }) {
		if gaps[k] != 0 {
			moved = append(moved, &gap{w.q.Tenant(), g.number, k[0], k[1], gaps[k]})
		}
	}
	return customerGaps.add(ctx, w.q, moved)
}

// chain yields the gaps of a customer who ordered on the given days, in order: from each day to the one before it, and
// from the end of time to the last.
func chain(days []period.Day, yield func(day, prev period.Day)) {
	prev := period.NoDay
	for _, d := range days {
		yield(d, prev)
		prev = d
	}
	if len(days) > 0 {
		yield(period.Forever, prev)
	}
}

// rollDays adds changes to the sums of days.
func (w *writer) rollDays(ctx context.Context, g generation, more map[period.Day]*daily) error {
	for d, m := range more {
		if m.idle() {
			delete(more, d)
		}
	}
	days := slices.Sorted(maps.Keys(more))
	rows, err := readIn(ctx, w.q, dailySales, "day", ints(days), sql.EQ("generation", g.number))
	if err != nil {
		return err
	}
	stored := make(map[period.Day]*daily, len(rows))
	for i := range rows {
		stored[rows[i].Day] = &rows[i]
	}
	var over overflow
	var write []*daily
	var empty []int32
	for _, d := range days {
		m := more[d]
		if s := stored[d]; s != nil {
			m.plus(s, &over)
		}
		if m.idle() {
			empty = append(empty, int32(d))
		} else {
			write = append(write, m)
		}
	}
	if err := over.err(); err != nil {
		return err
	}
	if _, err := remove(ctx, w.q, dailySales.name, "day", empty, sql.EQ("generation", g.number)); err != nil {
		return err
	}
	return dailySales.upsert(ctx, w.q, write)
}

// numbers are the columns of a day that sum up.
func (d *daily) numbers() []*int64 {
	return []*int64{&d.Entries, &d.Orders, &d.GuestOrders, &d.TestOrders, &d.Customers, &d.NewCustomers,
		&d.Gross, &d.Discount, &d.Reversal, &d.Shipping, &d.Tax, &d.Duty, &d.Fee, &d.Tip, &d.GiftCard, &d.Units}
}

// idle tells whether nothing happened on the day.
func (d *daily) idle() bool {
	for _, n := range d.numbers() {
		if *n != 0 {
			return false
		}
	}
	return true
}

func (d *daily) plus(other *daily, over *overflow) {
	more := other.numbers()
	for i, n := range d.numbers() {
		over.add(n, *more[i])
	}
}

// lookUp finds the first and last order of the customers that are marked for it.
func (w *writer) lookUp(ctx context.Context, people map[int64]*person) error {
	var ids []int64
	for _, id := range slices.Sorted(maps.Keys(people)) {
		p := people[id]
		if !p.recheck {
			continue
		}
		r := p.row
		r.FirstOrderID, r.FirstOrderAt, r.LastOrderAt, r.LastOrderKey = nil, nil, nil, NoInstant
		p.moved = true
		if r.OrdersCount > 0 {
			ids = append(ids, id)
		}
	}
	for part := range chunks(ids, 100) {
		var arms []string
		var args []any
		for _, id := range part {
			for last, direction := range []string{"ASC", "DESC"} {
				arms = append(arms, `SELECT * FROM (SELECT `+strconv.Itoa(last)+` AS last, customer_id, id, processed_at
					FROM orders WHERE tenant_id = ? AND customer_id = ? AND test = ?
					ORDER BY processed_at `+direction+`, shopify_id `+direction+` LIMIT 1) AS o`)
				args = append(args, w.q.Tenant(), id, false)
			}
		}
		err := w.q.Each(ctx, func(scan func(...any) error) error {
			var last, customer, id int64
			var at time.Time
			if err := scan(&last, &customer, &id, &at); err != nil {
				return err
			}
			if r := people[customer].row; last == 1 {
				r.LastOrderAt, r.LastOrderKey = &at, at
			} else {
				r.FirstOrderID, r.FirstOrderAt = &id, &at
			}
			return nil
		}, strings.Join(arms, " UNION ALL "), args...)
		if err != nil {
			return fmt.Errorf("look up first orders: %w", err)
		}
	}
	return nil
}

// sameEntries tells whether nothing changes in the ledger.
func sameEntries(a, b []entry) bool {
	if len(a) != len(b) {
		return false
	}
	key := func(e entry) string {
		return fmt.Sprint(e.Generation, e.Day, e.Kind, e.Ref, e.At.UnixMicro(), e.HourAt.UnixMicro(), e.Amounts) + customerKey(e.CustomerID)
	}
	had := make(map[string]bool, len(a))
	for _, e := range a {
		had[key(e)] = true
	}
	for _, e := range b {
		if !had[key(e)] {
			return false
		}
	}
	return true
}

func customerKey(id *int64) string {
	if id == nil {
		return ""
	}
	return itoa(*id)
}

// overflow adds with a check of 64 bits, and remembers that a sum went beyond.
type overflow struct{ happened bool }

func (o *overflow) add(to *int64, n int64) {
	sum, err := money.Add(*to, n)
	if err != nil {
		o.happened = true
		return
	}
	*to = sum
}

func (o *overflow) err() error {
	if o.happened {
		return fault.Errorf(fault.Invalid, "the sum of a day or of a customer would go beyond 64 bits; nothing was written")
	}
	return nil
}

func ints(days []period.Day) []int32 {
	out := make([]int32, len(days))
	for i, d := range days {
		out[i] = int32(d)
	}
	return out
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
