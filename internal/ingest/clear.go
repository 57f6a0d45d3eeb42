package ingest

import (
	"context"
	"fmt"
	"math"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/store"
)

// ClearAllDataInput says what to clear.
type ClearAllDataInput struct {
	ConfirmSlug string
	DryRun      bool
	SampleOnly  bool
	// Forget, when it is set, runs in a transaction of its own before the first record goes and again after the last:
	// whoever fills the tenant from elsewhere stops, and begins at the beginning the next time.
	Forget func(ctx context.Context, q *store.SQL) error
}

// only returns the source whose records are to be cleared, "" for all.
func (in ClearAllDataInput) only() Source {
	if in.SampleOnly {
		return SourceSample
	}
	return ""
}

// Clear removes the tenant's records, or those of the sample data alone, and counts them. It works in transactions of
// bounded size, each of which leaves numbers that agree with the orders that are left: after an interruption it may be
// called again. A dry run only counts. A slug that does not confirm is a user error.
func (s *Service) Clear(ctx context.Context, in ClearAllDataInput) (Deleted, []fault.UserError, error) {
	var slug string
	var counted Deleted
	err := s.store.Read(ctx, func(q *store.SQL) (err error) {
		if err = q.Each(ctx, func(scan func(...any) error) error { return scan(&slug) },
			"SELECT slug FROM tenants WHERE id = ?", q.Tenant()); err != nil {
			return err
		}
		counted, err = countRecords(ctx, q, in.only())
		return err
	})
	if err != nil {
		return Deleted{}, nil, fmt.Errorf("clear: %w", err)
	}
	if in.ConfirmSlug != slug {
		return Deleted{}, []fault.UserError{{Field: []string{"input", "confirmSlug"}, Code: fault.CodeConfirmationMismatch,
			Message: "must be the slug of the tenant, exactly"}}, nil
	}
	if in.DryRun {
		return counted, nil, nil
	}
	gone, err := s.clear(ctx, in.only(), in.Forget)
	if err != nil {
		return gone, nil, fmt.Errorf("clear: %w", err)
	}
	return gone, nil, nil
}

// countRecords counts what Clear would remove.
func countRecords(ctx context.Context, q *store.SQL, only Source) (d Deleted, err error) {
	if only == "" {
		err = q.Each(ctx, func(scan func(...any) error) error {
			return scan(&d.Products, &d.Customers, &d.Orders, &d.OrderItems)
		}, "SELECT products, customers, orders, order_items FROM tenant_writes WHERE tenant_id = ?", q.Tenant())
		return d, err
	}
	for _, c := range []struct {
		to    *int64
		query string
	}{
		{&d.Products, "SELECT COUNT(*) FROM products WHERE tenant_id = ? AND shopify_id >= ? AND source = ? AND known = TRUE"},
		{&d.Customers, "SELECT COUNT(*) FROM customers WHERE tenant_id = ? AND shopify_id >= ? AND source = ? AND known = TRUE"},
		{&d.Orders, "SELECT COUNT(*) FROM orders WHERE tenant_id = ? AND shopify_id >= ? AND source = ?"},
		{&d.OrderItems, "SELECT COUNT(*) FROM orders o JOIN order_items i ON i.tenant_id = o.tenant_id AND i.order_id = o.id " +
			"WHERE o.tenant_id = ? AND o.shopify_id >= ? AND o.source = ?"},
	} {
		if err = q.Each(ctx, func(scan func(...any) error) error { return scan(c.to) },
			c.query, q.Tenant(), only.firstID(), string(only)); err != nil {
			return d, err
		}
	}
	return d, nil
}

// firstID is the least number of the records of a source.
func (s Source) firstID() int64 {
	if s == SourceSample {
		return FirstSampleID
	}
	return 0
}

// from narrows to the records of a source, or not at all. The number comes first because there is an index on it.
func from(only Source) []*sql.Predicate {
	if only == "" {
		return nil
	}
	return []*sql.Predicate{sql.GTE("shopify_id", only.firstID()), sql.EQ("source", string(only))}
}

func clearOrders(ctx context.Context, w *writer, only Source, gone *Deleted) (bool, error) {
	rows, err := w.some(ctx, from(only)...)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	return true, w.removeOrders(ctx, rows, gone)
}

func clearCustomers(ctx context.Context, w *writer, only Source, gone *Deleted) (bool, error) {
	query, args := w.q.Build().Select(customers.columns...).From(w.q.Build().Table(customers.name)).
		Where(sql.And(append(from(only), sql.EQ("tenant_id", w.q.Tenant()))...)).Limit(chunkRows).Query()
	rows, err := customers.scan(ctx, w.q, query, args...)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	return true, w.removeCustomers(ctx, rows, gone)
}

// clearProducts removes products. One that an order which stays refers to is left as a placeholder.
func clearProducts(ctx context.Context, w *writer, only Source, gone *Deleted) (bool, error) {
	query, args := w.q.Build().Select(products.columns...).From(w.q.Build().Table(products.name)).
		Where(sql.And(append(from(only), sql.EQ("tenant_id", w.q.Tenant()), w.notForgotten(only))...)).
		Limit(chunkRows).Query()
	rows, err := products.scan(ctx, w.q, query, args...)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	if err := w.forgetProducts(ctx, rows, gone); err != nil {
		return false, err
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	used := make(map[int64]bool)
	query, args = w.q.Build().Select("product_id").Distinct().From(w.q.Build().Table(items.name)).
		Where(sql.And(sql.EQ("tenant_id", w.q.Tenant()), sql.In("product_id", anys(ids)...))).Query()
	if err := w.q.Each(ctx, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		used[id] = true
		return err
	}, query, args...); err != nil {
		return false, err
	}
	free := ids[:0]
	for _, id := range ids {
		if !used[id] {
			free = append(free, id)
		}
	}
	_, err = remove(ctx, w.q, products.name, "id", free)
	return len(free) > 0 || only != "", err
}

// notForgotten keeps clearProducts from seeing the placeholders again that it left.
func (w *writer) notForgotten(only Source) *sql.Predicate {
	if only != "" {
		return sql.EQ("known", true)
	}
	return sql.GT("id", 0)
}

// clearRest removes what no record holds on to: the memory of deletions, and empty rows of the rollups.
func clearRest(ctx context.Context, w *writer, only Source, _ *Deleted) (bool, error) {
	if _, err := w.q.Exec(ctx, "DELETE FROM customer_gaps WHERE tenant_id = ? AND customers = 0", w.q.Tenant()); err != nil {
		return false, err
	}
	// A record that somebody deleted comes back when its source is read again.
	least, most := only.firstID(), int64(math.MaxInt64)
	if only != "" && only != SourceSample {
		most = FirstSampleID - 1
	}
	query, args := w.q.Build().Select("shopify_id").From(w.q.Build().Table(tombstones.name)).
		Where(sql.And(sql.EQ("tenant_id", w.q.Tenant()), sql.GTE("shopify_id", least), sql.LTE("shopify_id", most))).Limit(chunkRows).Query()
	var ids []int64
	err := w.q.Each(ctx, func(scan func(...any) error) error {
		ids = append(ids, 0)
		return scan(&ids[len(ids)-1])
	}, query, args...)
	if err != nil || len(ids) == 0 {
		return false, err
	}
	_, err = remove(ctx, w.q, tombstones.name, "shopify_id", ids)
	return true, err
}
