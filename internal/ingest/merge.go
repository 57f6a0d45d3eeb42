package ingest

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/live"
	"github.com/shopsight/shopsight/internal/store"
)

// Merge is one customer record that the store has made part of another.
type Merge struct {
	// Gone is the customer that is no more, Kept the one that has its orders now.
	Gone, Kept int64
	At         time.Time
}

// MergeCustomers moves all orders of customers to those that the store merged them into, with the numbers, and deletes the
// customers: also orders that became a guest's because the deletion came first. A survivor that is not known yet becomes a
// placeholder. A merge that was done before changes nothing. commit runs in the transaction, as that of a Batch.
func (s *Service) MergeCustomers(ctx context.Context, merges []Merge, commit func(ctx context.Context, q *store.SQL) error) error {
	err := s.write(ctx, SourceShopify, func(w *writer) error {
		for _, m := range merges {
			if err := w.merge(ctx, m); err != nil {
				return err
			}
		}
		if err := w.finish(ctx); err != nil {
			return err
		}
		return commit(ctx, w.q)
	})
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	return nil
}

func (w *writer) merge(ctx context.Context, m Merge) error {
	if m.Gone == m.Kept {
		return nil
	}
	rows, err := byShopifyID(ctx, w.q, customers, []int64{m.Gone, m.Kept}, func(r *ent.Customer) int64 { return r.ShopifyID })
	if err != nil {
		return err
	}
	of := []*sql.Predicate{sql.And(sql.IsNull("customer_id"), sql.EQ("customer_shopify_id", m.Gone))}
	if gone := rows[m.Gone]; gone != nil {
		of = append(of, sql.EQ("customer_id", gone.ID))
	}
	for _, whose := range of {
		for {
			part, err := w.some(ctx, whose)
			if err != nil {
				return err
			}
			if len(part) == 0 {
				break
			}
			if rows[m.Kept] == nil {
				p := w.customerPlaceholder(m.Kept)
				if err := customers.upsert(ctx, w.q, []*ent.Customer{p}); err != nil {
					return err
				}
				rows[m.Kept] = p
			}
			w.touch(live.Orders, 0)
			if err := w.relink(ctx, part, func(o *ent.Order) *int64 {
				o.CustomerShopifyID = &m.Kept
				return &rows[m.Kept].ID
			}); err != nil {
				return err
			}
		}
	}
	return w.delete(ctx, []Deletion{{KindCustomer, m.Gone, m.At}}, &Deleted{})
}
