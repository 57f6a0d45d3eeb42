package ingest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/ledger"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/store"
)

// Difference is a stored number that is not what the orders give.
type Difference struct {
	// Table, Key and Column say where it is.
	Table, Key, Column string
	// Stored and Expected are the number there and the one that the orders give; none stands for a missing row.
	Stored, Expected string
}

// String writes the difference as a line for people.
func (d Difference) String() string {
	return fmt.Sprintf("%s %s: %s is %s, should be %s", d.Table, d.Key, d.Column, d.Stored, d.Expected)
}

// Verify works out every number of the tenant from the orders, on one snapshot, and reports each that is stored
// otherwise. It keeps the days of each customer in memory.
func (s *Service) Verify(ctx context.Context, report func(Difference)) error {
	err := s.store.Read(ctx, func(q *store.SQL) error {
		w, err := s.begin(ctx, q, "")
		if err != nil {
			return err
		}
		v := &verifier{writer: w, report: report, days: map[period.Day]*daily{}, people: map[int64]*lifetime{}}
		if err := v.orders(ctx); err != nil {
			return err
		}
		if err := v.rollups(ctx); err != nil {
			return err
		}
		if err := v.customers(ctx); err != nil {
			return err
		}
		return v.counts(ctx)
	})
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	return nil
}

type verifier struct {
	*writer
	report func(Difference)
	days   map[period.Day]*daily
	people map[int64]*lifetime
}

// lifetime is what the orders give a customer.
type lifetime struct {
	days                              map[period.Day]int64
	orders, units, placed, net, total int64
	first, last                       *ent.Order
}

func (v *verifier) compare(table, key, column string, stored, expected any) {
	if s, e := fmt.Sprint(stored), fmt.Sprint(expected); s != e {
		v.report(Difference{table, key, column, s, e})
	}
}

func (v *verifier) day(d period.Day) *daily {
	if v.days[d] == nil {
		v.days[d] = &daily{Day: d}
	}
	return v.days[d]
}

// orders goes through all orders: it compares their own columns and ledger rows, and sums up what they give.
func (v *verifier) orders(ctx context.Context) error {
	for after := int64(0); ; {
		recs, err := loadOrders(ctx, v.q, after)
		if err != nil || len(recs) == 0 {
			return err
		}
		after = recs[len(recs)-1].row.ShopifyID
		ids := make([]int64, len(recs))
		for i, r := range recs {
			ids[i] = r.row.ID
		}
		rows, err := readIn(ctx, v.q, entries, "order_id", ids)
		if err != nil {
			return err
		}
		stored := make(map[int64][]entry, len(recs))
		for _, e := range rows {
			if e.Generation == v.active.number {
				stored[e.OrderID] = append(stored[e.OrderID], e)
			}
		}
		for _, r := range recs {
			v.order(r, stored[r.row.ID])
		}
	}
}

func (v *verifier) order(r *orderRecord, stored []entry) {
	key := itoa(r.row.ShopifyID)
	was := r.derived()
	r.post()
	for i, is := range r.derived() {
		names, table := []string{"refunded_quantity", "gross_sales", "discounts", "net_sales"}, items.name
		at := key
		if i == 0 {
			names, table = []string{"subtotal", "discounts", "total", "refunded", "net_sales"}, orders.name
		} else {
			at += " item " + strconv.Itoa(i-1)
		}
		for n := range is {
			v.compare(table, at, names[n], was[i][n], is[n])
		}
	}
	expected := r.entries(v.active)
	describe := func(rows []entry) map[string]string {
		out := make(map[string]string, len(rows))
		for _, e := range rows {
			out[fmt.Sprintf("order %s %s %d", key, e.Kind, e.Ref)] = fmt.Sprintf("%s %s %s customer %s %+v", e.Day,
				e.At.UTC().Format("2006-01-02T15:04:05.999999Z"), e.HourAt.UTC().Format("2006-01-02T15:04:05Z"), customerKey(e.CustomerID), e.Amounts)
		}
		return out
	}
	v.both(entries.name, "row", describe(stored), describe(expected))
	for _, e := range expected {
		d := v.day(e.Day)
		d.Entries++
		d.Amounts = d.Amounts.Add(e.Amounts)
		if e.Kind == ledger.Sale {
			d.Orders++
			if e.CustomerID == nil {
				d.GuestOrders++
			}
		}
		if e.CustomerID != nil {
			v.person(*e.CustomerID).take(e, &r.row)
		}
	}
	if r.row.Test {
		v.day(period.DayOf(r.row.ProcessedAt, v.active.zone)).TestOrders++
	}
}

func (v *verifier) person(id int64) *lifetime {
	if v.people[id] == nil {
		v.people[id] = &lifetime{days: map[period.Day]int64{}}
	}
	return v.people[id]
}

func (l *lifetime) take(e entry, o *ent.Order) {
	l.units += e.Units
	l.net += e.Net()
	l.total += e.Total()
	if e.Kind != ledger.Sale {
		return
	}
	l.days[e.Day]++
	l.orders++
	l.placed += e.Gross - e.Discount
	// Orders come in the order of their numbers: the first of equal instants is the least.
	if l.first == nil || o.ProcessedAt.Before(l.first.ProcessedAt) {
		l.first = o
	}
	if l.last == nil || !o.ProcessedAt.Before(l.last.ProcessedAt) {
		l.last = o
	}
}

// rollups compares days, customers' days and gaps.
func (v *verifier) rollups(ctx context.Context) error {
	expectDays, expectGaps := map[string]string{}, map[string]string{}
	gaps := map[[2]period.Day]int64{}
	for id, p := range v.people {
		on := slices.Sorted(maps.Keys(p.days))
		for i, d := range on {
			expectDays[fmt.Sprintf("customer %d on %s", id, d)] = itoa(p.days[d])
			v.day(d).Customers++
			if i == 0 {
				v.day(d).NewCustomers++
			}
		}
		chain(on, func(d, prev period.Day) { gaps[[2]period.Day{d, prev}]++ })
	}
	for k, n := range gaps {
		expectGaps[fmt.Sprintf("%d after %d", k[0], k[1])] = itoa(n)
	}
	storedDays, storedGaps, storedSales := map[string]string{}, map[string]string{}, map[string]string{}
	err := scanAll(ctx, v, customerDays, func(r *customerDay) {
		storedDays[fmt.Sprintf("customer %d on %s", r.CustomerID, r.Day)] = itoa(r.Orders)
	})
	if err != nil {
		return err
	}
	err = scanAll(ctx, v, customerGaps, func(r *gap) {
		if r.Customers != 0 {
			storedGaps[fmt.Sprintf("%d after %d", r.Day, r.PrevDay)] = itoa(r.Customers)
		}
	})
	if err != nil {
		return err
	}
	describe := func(d *daily) string {
		out := ""
		for i, n := range d.numbers() {
			out += dailySales.columns[3+i] + "=" + itoa(*n) + " "
		}
		return out
	}
	if err := scanAll(ctx, v, dailySales, func(r *daily) { storedSales[r.Day.String()] = describe(r) }); err != nil {
		return err
	}
	expectSales := map[string]string{}
	for d, row := range v.days {
		expectSales[d.String()] = describe(row)
	}
	v.both(customerDays.name, "orders", storedDays, expectDays)
	v.both(customerGaps.name, "customers", storedGaps, expectGaps)
	v.both(dailySales.name, "row", storedSales, expectSales)
	return nil
}

// scanAll calls each for all rows of the active generation of a table.
func scanAll[R any](ctx context.Context, v *verifier, t table[R], each func(*R)) error {
	query, args := v.q.Build().Select(t.columns...).From(v.q.Build().Table(t.name)).Where(sql.And(
		sql.EQ("tenant_id", v.q.Tenant()), sql.EQ("generation", v.active.number))).Query()
	return v.q.Each(ctx, func(scan func(...any) error) error {
		var r R
		if err := scan(t.bind(&r)...); err != nil {
			return err
		}
		each(&r)
		return nil
	}, query, args...)
}

// both compares two sets of rows by key.
func (v *verifier) both(table, column string, stored, expected map[string]string) {
	keys := maps.Clone(stored)
	maps.Copy(keys, expected)
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		s, isStored := stored[k]
		e, isExpected := expected[k]
		if !isStored {
			s = "none"
		}
		if !isExpected {
			e = "none"
		}
		v.compare(table, k, column, s, e)
	}
}

// customers compares the lifetime numbers.
func (v *verifier) customers(ctx context.Context) error {
	query, args := v.q.Build().Select(customers.columns...).From(v.q.Build().Table(customers.name)).
		Where(sql.EQ("tenant_id", v.q.Tenant())).Query()
	return v.q.Each(ctx, func(scan func(...any) error) error {
		var r ent.Customer
		if err := scan(customers.bind(&r)...); err != nil {
			return err
		}
		p := v.people[r.ID]
		if p == nil {
			p = &lifetime{}
		}
		first, last, firstID := "none", "none", "none"
		if p.first != nil {
			first, last, firstID = p.first.ProcessedAt.UTC().String(), p.last.ProcessedAt.UTC().String(), itoa(p.first.ID)
		}
		storedFirst, storedLast, storedFirstID := "none", "none", "none"
		if r.FirstOrderAt != nil && r.LastOrderAt != nil && r.FirstOrderID != nil {
			storedFirst, storedLast, storedFirstID = r.FirstOrderAt.UTC().String(), r.LastOrderAt.UTC().String(), itoa(*r.FirstOrderID)
		}
		key := itoa(r.ShopifyID)
		v.compare(customers.name, key, "orders_count", r.OrdersCount, p.orders)
		v.compare(customers.name, key, "units_sold", r.UnitsSold, p.units)
		v.compare(customers.name, key, "placed_value", r.PlacedValue, p.placed)
		v.compare(customers.name, key, "net_sales", r.NetSales, p.net)
		v.compare(customers.name, key, "total_spent", r.TotalSpent, p.total)
		v.compare(customers.name, key, "first_order_at", storedFirst, first)
		v.compare(customers.name, key, "first_order_id", storedFirstID, firstID)
		v.compare(customers.name, key, "last_order_at", storedLast, last)
		v.compare(customers.name, key, "last_order_key", r.LastOrderKey.UTC(), orNone(r.LastOrderAt).UTC())
		v.compare(customers.name, key, "listed", r.Listed, r.Known || p.orders > 0)
		return nil
	}, query, args...)
}

// counts compares the numbers of records.
func (v *verifier) counts(ctx context.Context) error {
	is, err := recount(ctx, v.q)
	if err != nil {
		return err
	}
	var s counts
	err = v.q.Each(ctx, func(scan func(...any) error) error {
		return scan(&s.products, &s.customers, &s.listed, &s.orders, &s.tests, &s.items)
	}, `SELECT products, customers, listed_customers, orders, test_orders, order_items FROM tenant_writes
		WHERE tenant_id = ?`, v.q.Tenant())
	if err != nil {
		return err
	}
	const table = "tenant_writes"
	v.compare(table, "", "products", s.products, is.products)
	v.compare(table, "", "customers", s.customers, is.customers)
	v.compare(table, "", "listed_customers", s.listed, is.listed)
	v.compare(table, "", "orders", s.orders, is.orders)
	v.compare(table, "", "test_orders", s.tests, is.tests)
	v.compare(table, "", "order_items", s.items, is.items)
	return nil
}
