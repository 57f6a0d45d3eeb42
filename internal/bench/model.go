package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
)

// model is the rows that the service made of the orders, by the request that first made each. Those of request -1 were
// there before.
type model struct {
	sets     []*rowset
	requests [][]int // of the rows of each set
	products *rowset
}

// modelTables are the tables that orders are written to, parents first.
var modelTables = []string{"customers", "orders", "order_items", "refunds", "refund_lines", "adjustments", "order_terms",
	"ledger_entries", "customer_days", "daily_sales", "customer_gaps"}

func (*model) tables() []string { return modelTables }

// total is how many rows there are to write.
func (m *model) total() (n int) {
	for _, list := range m.requests {
		for _, request := range list {
			if request >= 0 {
				n++
			}
		}
	}
	return n
}

// readModel reads the rows of a tenant to whom only these requests were sent.
func readModel(ctx context.Context, db *database, tenant int64, requests [][]any) (*model, error) {
	m := &model{}
	sets := map[string]*rowset{}
	for _, table := range modelTables {
		set, err := readRows(ctx, db, table, tenant, "")
		if err != nil {
			return nil, err
		}
		if id := set.column("id"); id >= 0 {
			slices.SortFunc(set.rows, func(a, b []any) int { return cmp.Compare(a[id].(int64), b[id].(int64)) })
		}
		sets[table] = set
		m.sets = append(m.sets, set)
	}
	var err error
	if m.products, err = readRows(ctx, db, "products", tenant, ""); err != nil {
		return nil, err
	}
	firsts := firstRequests(sets, requests)
	for _, set := range m.sets {
		list := make([]int, len(set.rows))
		for i, row := range set.rows {
			list[i] = firsts(set, row)
		}
		m.requests = append(m.requests, list)
	}
	return m, nil
}

// firstRequests returns the function that tells which request first made a row.
func firstRequests(sets map[string]*rowset, requests [][]any) func(*rowset, []any) int {
	number := map[string]int{}
	for n, list := range requests {
		for _, o := range list {
			number[o.(map[string]any)["shopifyId"].(string)] = n
		}
	}
	first := map[string]int{}
	note := func(key string, n int) {
		if old, ok := first[key]; !ok || n < old {
			first[key] = n
		}
	}
	orders := sets["orders"]
	for _, row := range orders.rows {
		n := number[strconv.FormatInt(orders.value(row, "shopify_id"), 10)]
		note(fmt.Sprint("order", orders.value(row, "id")), n)
		note(fmt.Sprint("customer", orders.value(row, "customer_id")), n)
	}
	entries := sets["ledger_entries"]
	for _, row := range entries.rows {
		n := first[fmt.Sprint("order", entries.value(row, "order_id"))]
		day := entries.value(row, "day")
		note(fmt.Sprint("day", day), n)
		note(fmt.Sprint("customer", entries.value(row, "customer_id"), "day", day), n)
	}
	return func(set *rowset, row []any) int {
		var key string
		otherwise := len(requests) - 1
		switch set.table {
		case "customers":
			key, otherwise = fmt.Sprint("customer", set.value(row, "id")), -1
		case "orders":
			key = fmt.Sprint("order", set.value(row, "id"))
		case "customer_days":
			key = fmt.Sprint("customer", set.value(row, "customer_id"), "day", set.value(row, "day"))
		case "daily_sales", "customer_gaps":
			key = fmt.Sprint("day", set.value(row, "day"))
		default:
			key = fmt.Sprint("order", set.value(row, "order_id"))
		}
		if n, ok := first[key]; ok {
			return n
		}
		return otherwise
	}
}

// copier writes the model into another tenant.
type copier struct {
	db   *database
	sets []*rowset
	// rows are those of each request, by set.
	rows [][][][]any
}

// copier makes a tenant that holds products and customers already: all of them, or those that the requests do not write.
func (w *writer) copier(ctx context.Context, name string, m *model, tables []string, allCustomers bool) (*copier, error) {
	_, tenant, err := w.enter(name)
	if err != nil {
		return nil, err
	}
	numbers := map[int64]int64{}
	number := func(old int64) int64 {
		if numbers[old] == 0 {
			numbers[old] = w.Store.NewID()
		}
		return numbers[old]
	}
	c := &copier{db: w.db}
	tx, err := w.db.begin(ctx, true)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() //nolint:errcheck // committed, or failed already
	products := m.products.moved(tenant, number)
	if err := products.insert(ctx, tx, products.rows); err != nil {
		return nil, err
	}
	for i, from := range m.sets {
		set := from.moved(tenant, number)
		byRequest := make([][][]any, len(w.bodies))
		var before [][]any
		for n, row := range set.rows {
			switch k := m.requests[i][n]; {
			case k < 0 || set.table == "customers" && allCustomers:
				before = append(before, row)
			default:
				byRequest[k] = append(byRequest[k], row)
			}
		}
		if err := set.insert(ctx, tx, before); err != nil {
			return nil, err
		}
		if slices.Contains(tables, set.table) {
			c.sets, c.rows = append(c.sets, set), append(c.rows, byRequest)
		}
	}
	return c, tx.Commit()
}

// write inserts the rows of one request in one transaction.
func (c *copier) write(ctx context.Context, request int) error {
	tx, err := c.db.begin(ctx, true)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // committed, or failed already
	for i, set := range c.sets {
		if err := set.insert(ctx, tx, c.rows[i][request]); err != nil {
			return err
		}
	}
	return tx.Commit()
}
