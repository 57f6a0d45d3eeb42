package commerce

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/order"
	"github.com/shopsight/shopsight/internal/store"
)

// OrdersByCustomer returns the same page of orders for many customers, by the customer's row, each a list of its own:
// the histories of a page of customers cost two statements. Every customer that is asked for has a page; one that the
// viewer cannot see has an empty one. Errors are those of Orders, and concern all customers alike.
//
// A cursor is good for the same filter and sort, whichever customer's list it is from.
func (r *Reader) OrdersByCustomer(ctx context.Context, customers []int64, p Page, f OrderFilter, s OrderSort) (map[int64]*OrderConnection, error) {
	a, err := r.ask(ctx)
	if err != nil {
		return nil, err
	}
	l, where, _, err := r.orderList(a, true, f, s)
	if err != nil {
		return nil, err
	}
	w, err := p.window(l)
	if err != nil {
		return nil, err
	}
	customers = slices.Clone(customers)
	slices.Sort(customers)
	customers = slices.Compact(customers)
	ids, err := r.histories(ctx, customers, l, w, where)
	if err != nil {
		return nil, fail(ctx, "list orders of customers", err)
	}
	rows, _, err := byID(ctx, r, ids, "read orders", func(some []int64) ([]*ent.Order, error) {
		return r.db.Client().Order.Query().Where(order.IDIn(some...)).All(ctx)
	})
	if err != nil {
		return nil, err
	}
	lists := make(map[int64][]*ent.Order, len(customers))
	for _, row := range rows {
		if row.CustomerID != nil { // else it has lost its customer since
			lists[*row.CustomerID] = append(lists[*row.CustomerID], row)
		}
	}
	infos := make(map[int64]PageInfo, len(customers))
	rows = rows[:0]
	for _, id := range customers {
		slices.SortFunc(lists[id], func(x, y *ent.Order) int {
			c := orderPlace(l, x).compare(orderPlace(l, y))
			if l.desc != w.backward {
				return -c
			}
			return c
		})
		lists[id], infos[id] = cut(w, lists[id])
		rows = append(rows, lists[id]...)
	}
	// Orders of all pages are peers: what is asked of one is asked of those of the other customers too.
	nodes := a.orders(rows)
	counts := r.countHistories(customers, where)
	pages := make(map[int64]*OrderConnection, len(customers))
	for _, id := range customers {
		n := len(lists[id])
		pages[id] = orderPage(l, lists[id], nodes[:n:n], infos[id],
			func(ctx context.Context) (int, error) { return counts(ctx, id) })
		nodes = nodes[n:]
	}
	return pages, nil
}

// SQLite takes 500 arms of a union and 32,766 parameters. An arm of a history may hold a whole search, so it takes fewer.
const (
	maxArms      = 400
	maxHistories = 100
	maxParams    = 30_000
)

// histories returns the rows of the orders on the customers' pages: the first few of each customer, by an arm of its own
// that stops where the page is full. A window function would number every order of every customer first.
func (r *Reader) histories(ctx context.Context, customers []int64, l list, w window, where cond) (ids []int64, err error) {
	err = r.db.Read(ctx, func(q *store.SQL) error {
		ids = ids[:0]
		var u union
		for i, id := range customers {
			arm := q.Build().Select(order.FieldID).From(q.Build().Table(order.Table))
			all(sql.FieldEQ(order.FieldTenantID, q.Tenant()), sql.FieldEQ(order.FieldCustomerID, id),
				where, w.beyond(l), w.sorted(l))(arm)
			statement, args := arm.Limit(w.fetch()).Query()
			// Not every engine takes ORDER BY and LIMIT in an arm, nor brackets around it.
			u.add("SELECT * FROM ("+statement+") AS arm", args...)
			if i < len(customers)-1 && len(u.arms) < maxHistories && len(u.args)+len(args) <= maxParams {
				continue
			}
			if err := q.Each(ctx, func(scan func(...any) error) error {
				ids = append(ids, 0)
				return scan(&ids[len(ids)-1])
			}, u.statement(), u.args...); err != nil {
				return err
			}
			u = union{}
		}
		return nil
	})
	return ids, err
}

// countHistories returns the function that counts a customer's orders. The first call counts those of all customers.
func (r *Reader) countHistories(customers []int64, where cond) func(context.Context, int64) (int, error) {
	var (
		mu     sync.Mutex
		counts map[int64]int
	)
	return func(ctx context.Context, id int64) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		if counts == nil {
			var rows []struct {
				CustomerID int64 `json:"customer_id"`
				Count      int   `json:"count"`
			}
			err := r.db.Client().Order.Query().Where(where, order.CustomerIDIn(customers...)).
				GroupBy(order.FieldCustomerID).Aggregate(ent.Count()).Scan(ctx, &rows)
			if err != nil {
				return 0, fail(ctx, "count orders of customers", err)
			}
			counts = make(map[int64]int, len(rows))
			for _, row := range rows {
				counts[row.CustomerID] = row.Count
			}
		}
		return counts[id], nil
	}
}

// Place is where an order stands among its customer's; see Order.Place.
type Place struct {
	// Customer is the customer's row.
	Customer int64
	// At is when the order was placed, in microseconds since 1970, and Number the store's own number of it, which decides
	// between orders of one instant.
	At, Number int64
}

// CustomerOrderNumbers tells for each place how many of the customer's orders lead up to it, itself counted and tests
// not: 1 for the first order of a customer. It is one statement for up to 400 places, and counts each order of a
// customer at most once, however many places there are.
func (r *Reader) CustomerOrderNumbers(ctx context.Context, places []Place) (map[Place]int, error) {
	places = slices.Clone(places)
	slices.SortFunc(places, func(x, y Place) int {
		return cmp.Or(cmp.Compare(x.Customer, y.Customer), cmp.Compare(x.At, y.At), cmp.Compare(x.Number, y.Number))
	})
	places = slices.Compact(places)
	steps := make([]int, len(places)) // orders after the place before, up to this one
	err := r.db.Read(ctx, func(q *store.SQL) error {
		for first := 0; first < len(places); first += maxArms {
			var u union
			for n := first; n < min(first+maxArms, len(places)); n++ {
				p := places[n]
				at := time.UnixMicro(p.At).UTC()
				arm := "SELECT " + strconv.Itoa(n) + ", COUNT(*) FROM orders WHERE tenant_id = ? AND customer_id = ? AND test = ?" +
					" AND processed_at <= ? AND (processed_at < ? OR shopify_id <= ?)"
				args := []any{q.Tenant(), p.Customer, false, at, at, p.Number}
				if n > 0 && places[n-1].Customer == p.Customer {
					from := time.UnixMicro(places[n-1].At).UTC()
					arm += " AND processed_at >= ? AND (processed_at > ? OR shopify_id > ?)"
					args = append(args, from, from, places[n-1].Number)
				}
				u.add(arm, args...)
			}
			if err := q.Each(ctx, func(scan func(...any) error) error {
				var i, n int
				if err := scan(&i, &n); err != nil {
					return err
				}
				steps[i] = n
				return nil
			}, u.statement(), u.args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fail(ctx, "number orders of customers", err)
	}
	numbers := make(map[Place]int, len(places))
	for i, p := range places {
		numbers[p] = steps[i]
		if i > 0 && places[i-1].Customer == p.Customer {
			numbers[p] += numbers[places[i-1]]
		}
	}
	return numbers, nil
}

// union collects the arms of a UNION ALL.
type union struct {
	arms []string
	args []any
}

func (u *union) add(arm string, args ...any) {
	u.arms = append(u.arms, arm)
	u.args = append(u.args, args...)
}

func (u *union) statement() string { return strings.Join(u.arms, " UNION ALL ") }

// compare orders places as the databases do.
func (p place) compare(o place) int {
	c := 0
	switch v := p.value.(type) {
	case time.Time:
		c = v.Compare(o.value.(time.Time))
	case int64:
		c = cmp.Compare(v, o.value.(int64))
	case string:
		c = strings.Compare(v, o.value.(string))
	}
	return cmp.Or(c, cmp.Compare(p.number, o.number))
}
