package commerce_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"entgo.io/ent/dialect"

	"github.com/shopsight/shopsight/internal/commerce"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
)

// recorder keeps the statements that a test runs.
type recorder struct {
	mu         sync.Mutex
	statements []string
}

func (r *recorder) observe(_ context.Context, statement string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.statements = append(r.statements, statement)
}

// take returns what was run since it was last called.
func (r *recorder) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.statements
	r.statements = nil
	return list
}

// TestPagesReadTheirRows: every list in every order, the first page and a deep one, is read from the index of its order:
// no sorting, and on the server no more rows than the page has, however long the list.
func TestPagesReadTheirRows(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		var log recorder
		// The observer of Each would be shared by both engines.
		s = testkit.Open(t, testkit.URL(t, s), testkit.Observe(log.observe))
		rng := seeded(t)
		a, b := newShop(t, s, "USD", "UTC"), newShop(t, s, "USD", "UTC")
		a.random(t, rng, 240)
		b.random(t, rng, 60)
		if _, err := a.db.Exec("UPDATE products SET known = 1 WHERE tenant_id = ?", a.tenant); err != nil {
			t.Fatal(err)
		}
		if s.Dialect() == dialect.MySQL {
			for _, table := range []string{"orders", "customers", "products"} {
				if _, err := a.db.Exec("ANALYZE TABLE " + table); err != nil {
					t.Fatal(err)
				}
			}
		}
		ctx := commerce.WithSettings(a.ctx)
		for _, list := range sortings() {
			first, err := list.read(ctx, a.reader, commerce.Page{First: ptr(100)})
			if err != nil {
				t.Fatal(err)
			}
			deep := len(first.ids) / 2
			for name, page := range map[string]commerce.Page{
				"first page":        {First: ptr(5)},
				"last page":         {Last: ptr(5)},
				"deep page":         {First: ptr(5), After: &first.cursors[deep]},
				"deep page, behind": {Last: ptr(5), Before: &first.cursors[deep]},
			} {
				log.take()
				if _, err := list.read(ctx, a.reader, page); err != nil {
					t.Fatal(err)
				}
				run := log.take()
				if len(run) != 1 {
					t.Fatalf("%s, %s: %d statements", list.name, name, len(run))
				}
				args := []any{a.tenant}
				if page.After != nil || page.Before != nil {
					var value any
					var number int64
					if err := a.db.QueryRow("SELECT "+list.column+", shopify_id FROM "+list.table+" WHERE id = ?", first.ids[deep]).Scan(&value, &number); err != nil {
						t.Fatal(err)
					}
					args = []any{value, value, value, number, a.tenant}
				}
				index := strings.TrimSuffix(list.table, "s") + "_tenant_id_" + list.column + "_shopify_id"
				a.wantIndex(t, list.name+", "+name, index, run[0], args)
			}
		}
	})
}

// wantIndex fails unless the statement is answered from the index, without sorting and without reading more than it
// returns.
func (s *shop) wantIndex(t *testing.T, name, index, statement string, args []any) {
	t.Helper()
	conn, err := s.db.Conn(s.ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	explain := "EXPLAIN QUERY PLAN "
	if s.store.Dialect() == dialect.MySQL {
		explain = "EXPLAIN "
	}
	rows, err := conn.QueryContext(s.ctx, explain+statement, args...)
	if err != nil {
		t.Fatal(err)
	}
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var plan string
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new([]byte)
		}
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		for _, v := range values {
			plan += string(*v.(*[]byte)) + " "
		}
		plan += "\n"
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(plan, index+" ") || strings.Contains(plan, "filesort") || strings.Contains(plan, "TEMP B-TREE") {
		t.Errorf("%s: not from %s:\n%s%s", name, index, plan, statement)
	}
	if s.store.Dialect() != dialect.MySQL {
		return
	}
	if _, err := conn.ExecContext(s.ctx, "FLUSH STATUS"); err != nil {
		t.Fatal(err)
	}
	rows, err = conn.QueryContext(s.ctx, statement, args...)
	if err != nil {
		t.Fatal(err)
	}
	returned := 0
	for rows.Next() {
		returned++
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	read := 0
	rows, err = conn.QueryContext(s.ctx, "SHOW SESSION STATUS LIKE 'Handler_read%'")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var what string
		var n int
		if err := rows.Scan(&what, &n); err != nil {
			t.Fatal(err)
		}
		read += n
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	// The test orders in between are passed over.
	if read > 3*returned+10 {
		t.Errorf("%s: read %d rows to return %d:\n%s", name, read, returned, statement)
	}
}

// TestStatements counts what a page of orders costs with everything that belongs to it: the same for any size.
func TestStatements(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		var log recorder
		s = testkit.Open(t, testkit.URL(t, s), testkit.Observe(log.observe))
		a := newShop(t, s, "USD", "UTC")
		a.random(t, seeded(t), 160)
		for _, size := range []int{10, 50, 100} {
			log.take()
			ctx := commerce.WithSettings(a.ctx)
			c, err := a.reader.Orders(ctx, commerce.Page{First: &size}, commerce.OrderFilter{}, commerce.OrderSort{})
			if err != nil || len(c.Nodes) != size {
				t.Fatal(len(c.Nodes), err)
			}
			var orders, customers, products []int64
			for _, o := range c.Nodes {
				orders = append(orders, o.ID)
				if o.CustomerID != nil {
					customers = append(customers, *o.CustomerID)
				}
			}
			items, err := a.reader.ItemsByOrder(ctx, orders)
			if err != nil {
				t.Fatal(err)
			}
			for _, lines := range items {
				for _, line := range lines {
					products = append(products, *line.ProductID)
				}
			}
			if err := second(a.reader.ProductsByID(ctx, products)); err != nil {
				t.Fatal(err)
			}
			if err := second(a.reader.CustomersByID(ctx, customers)); err != nil {
				t.Fatal(err)
			}
			if run := log.take(); len(run) != 5 {
				t.Errorf("page of %d: %d statements:\n%s", size, len(run), strings.Join(run, "\n"))
			}
			if err := second(c.TotalCount(ctx)); err != nil {
				t.Fatal(err)
			}
			if run := log.take(); len(run) != 1 || !strings.Contains(run[0], "tenant_writes") {
				t.Errorf("total of an unfiltered list is counted: %s", run)
			}
			if _, err := a.reader.OrdersByCustomer(ctx, customers, commerce.Page{}, commerce.OrderFilter{}, commerce.OrderSort{}); err != nil {
				t.Fatal(err)
			}
			if run := log.take(); len(run) != 2 {
				t.Errorf("histories of %d: %d statements", len(customers), len(run))
			}
		}
	})
}
