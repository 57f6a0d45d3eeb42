package ingest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/live"
	"github.com/shopsight/shopsight/internal/store"
)

// DeleteRecordsInput names records that no longer exist in the store.
type DeleteRecordsInput struct {
	Orders    []string
	Customers []string
	Products  []string
	DeletedAt *time.Time // nil: now
}

// Deleted counts what was removed.
type Deleted struct{ Products, Customers, Orders, OrderItems int64 }

// Delete removes records as the deletions of a batch do. Ids that are wrong are named in the user errors, and the others
// are deleted; more than MaxRecords of one kind are fault.Invalid.
func (s *Service) Delete(ctx context.Context, in DeleteRecordsInput) (Deleted, []fault.UserError, error) {
	c := &checker{latest: s.now().Add(24 * time.Hour), path: []string{"input"}}
	at := s.now()
	if in.DeletedAt != nil {
		at = c.instant("deletedAt", *in.DeletedAt)
		if len(c.errs) > 0 {
			return Deleted{}, c.errs, nil
		}
	}
	var deletions []Deletion
	for _, k := range []struct {
		kind      Kind
		name, gid string
		in        []string
	}{{KindOrder, "orders", "Order", in.Orders}, {KindCustomer, "customers", "Customer", in.Customers}, {KindProduct, "products", "Product", in.Products}} {
		if len(k.in) > MaxRecords {
			return Deleted{}, nil, fault.Errorf(fault.Invalid, "%s has %d ids, more than the %d of one request", k.name, len(k.in), MaxRecords).
				At("input", k.name)
		}
		leave := c.in(k.name)
		for n, id := range k.in {
			if number := c.id(strconv.Itoa(n), id, k.gid); number != 0 {
				deletions = append(deletions, Deletion{k.kind, number, at})
			}
		}
		leave()
	}
	res, err := s.Apply(ctx, Batch{Source: SourceAPI, Deletions: deletions})
	if err != nil {
		return Deleted{}, nil, fmt.Errorf("delete: %w", err)
	}
	return res.Deleted, c.errs, nil
}

// Recall forgets that records were deleted, because their source has them: they come in again however old they are. commit
// runs in the transaction, as that of a Batch.
func (s *Service) Recall(ctx context.Context, kind Kind, ids []int64, commit func(ctx context.Context, q *store.SQL) error) error {
	err := s.write(ctx, SourceShopify, func(w *writer) error {
		if err := w.revive(ctx, kind, ids); err != nil {
			return err
		}
		return commit(ctx, w.q)
	})
	if err != nil {
		return fmt.Errorf("recall: %w", err)
	}
	return nil
}

// delete removes records and leaves tombstones.
func (w *writer) delete(ctx context.Context, deletions []Deletion, gone *Deleted) error {
	at := map[Kind]map[int64]time.Time{KindOrder: {}, KindCustomer: {}, KindProduct: {}}
	for _, d := range deletions {
		if t := d.At.UTC().Truncate(time.Microsecond); t.After(at[d.Kind][d.ShopifyID]) {
			at[d.Kind][d.ShopifyID] = t
		}
	}
	ordersThere, err := bury(ctx, w, orders, KindOrder, at[KindOrder], func(r *ent.Order) (int64, *time.Time) { return r.ShopifyID, r.UpdatedAt })
	if err != nil {
		return err
	}
	if err := w.removeOrders(ctx, ordersThere, gone); err != nil {
		return err
	}
	customersThere, err := bury(ctx, w, customers, KindCustomer, at[KindCustomer], func(r *ent.Customer) (int64, *time.Time) { return r.ShopifyID, r.UpdatedAt })
	if err != nil {
		return err
	}
	if err := w.removeCustomers(ctx, customersThere, gone); err != nil {
		return err
	}
	productsThere, err := bury(ctx, w, products, KindProduct, at[KindProduct], func(r *ent.Product) (int64, *time.Time) { return r.ShopifyID, r.UpdatedAt })
	if err != nil {
		return err
	}
	return w.forgetProducts(ctx, productsThere, gone)
}

// bury writes the tombstones of one kind of record, and returns the rows that the deletions concern: not those that are
// newer.
func bury[R any](ctx context.Context, w *writer, t table[R], kind Kind, at map[int64]time.Time, key func(*R) (int64, *time.Time)) ([]R, error) {
	if len(at) == 0 {
		return nil, nil
	}
	ids := slices.Sorted(maps.Keys(at))
	rows, err := readIn(ctx, w.q, t, "shopify_id", ids)
	if err != nil {
		return nil, err
	}
	newer := make(map[int64]bool)
	rows = slices.DeleteFunc(rows, func(r R) bool {
		id, updated := key(&r)
		newer[id] = updated != nil && updated.After(at[id])
		return newer[id]
	})
	tombs, err := w.tombs(ctx, kind, ids)
	if err != nil {
		return nil, err
	}
	var write []*tombstone
	for _, id := range ids {
		if !newer[id] && (tombs[id] == nil || at[id].After(*tombs[id])) {
			write = append(write, &tombstone{w.q.Tenant(), kind, id, at[id]})
		}
	}
	return rows, tombstones.upsert(ctx, w.q, write)
}

// removeOrders removes orders with all that belongs to them.
func (w *writer) removeOrders(ctx context.Context, rows []ent.Order, gone *Deleted) error {
	if len(rows) == 0 {
		return nil
	}
	ids := make([]int64, len(rows))
	changes := make(map[int64]*change, len(rows))
	for i := range rows {
		o := &rows[i]
		ids[i] = o.ID
		changes[o.ID] = &change{shopifyID: o.ShopifyID}
		if o.Test {
			changes[o.ID].testBefore = &o.ProcessedAt
			w.counts.tests--
		}
	}
	old, err := readIn(ctx, w.q, entries, "order_id", ids)
	if err != nil {
		return err
	}
	for _, e := range old {
		changes[e.OrderID].before = append(changes[e.OrderID].before, e)
	}
	people, err := w.people(ctx, changes)
	if err != nil {
		return err
	}
	if err := w.post(ctx, changes); err != nil {
		return err
	}
	for _, t := range []string{refundLines.name, adjustments.name, orderTerms.name, refunds.name} {
		if _, err := remove(ctx, w.q, t, "order_id", ids); err != nil {
			return err
		}
	}
	lines, err := remove(ctx, w.q, items.name, "order_id", ids)
	if err != nil {
		return err
	}
	n, err := remove(ctx, w.q, orders.name, "id", ids)
	if err != nil {
		return err
	}
	w.touch(live.Orders, 0)
	gone.Orders += n
	gone.OrderItems += lines
	w.counts.orders -= n
	w.counts.items -= lines
	return w.settle(ctx, changes, people)
}

// removeCustomers makes the customers' orders a guest's and removes the customers.
func (w *writer) removeCustomers(ctx context.Context, rows []ent.Customer, gone *Deleted) error {
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	for part := range chunks(ids, chunkRows) {
		for {
			of, err := w.some(ctx, sql.In("customer_id", anys(part)...))
			if err != nil {
				return err
			}
			if len(of) == 0 {
				break
			}
			if err := w.relink(ctx, of, func(*ent.Order) *int64 { return nil }); err != nil {
				return err
			}
		}
	}
	rows, err := readIn(ctx, w.q, customers, "id", ids) // as they are without their orders
	if err != nil {
		return err
	}
	for _, r := range rows {
		w.touch(live.Customers, 0)
		if r.Known {
			gone.Customers++
			w.counts.customers--
		}
		if r.Listed {
			w.counts.listed--
		}
	}
	for _, t := range []string{customerTerms.name, customerDays.name} {
		if _, err := remove(ctx, w.q, t, "customer_id", ids); err != nil {
			return err
		}
	}
	_, err = remove(ctx, w.q, customers.name, "id", ids)
	return err
}

// some returns at most a chunk of the orders for which where holds.
func (w *writer) some(ctx context.Context, where ...*sql.Predicate) ([]ent.Order, error) {
	query, args := w.q.Build().Select(orders.columns...).From(w.q.Build().Table(orders.name)).
		Where(sql.And(append([]*sql.Predicate{sql.EQ("tenant_id", w.q.Tenant())}, where...)...)).Limit(chunkRows).Query()
	return orders.scan(ctx, w.q, query, args...)
}

// forgetProducts turns products back into the placeholders that order items refer to.
func (w *writer) forgetProducts(ctx context.Context, rows []ent.Product, gone *Deleted) error {
	var ids []int64
	var write []*ent.Product
	for _, r := range rows {
		if !r.Known {
			continue
		}
		w.touch(live.Products, 0)
		p := w.productPlaceholder(r.ShopifyID)
		p.ID = r.ID
		ids, write = append(ids, r.ID), append(write, p)
	}
	gone.Products += int64(len(ids))
	w.counts.products -= int64(len(ids))
	if _, err := remove(ctx, w.q, productTerms.name, "product_id", ids); err != nil {
		return err
	}
	return products.upsert(ctx, w.q, write)
}
