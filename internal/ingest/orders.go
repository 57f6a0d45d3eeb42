package ingest

import (
	"context"
	"slices"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/live"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/store"
)

// putOrders applies orders of which no two have the same key.
func (w *writer) putOrders(ctx context.Context, recs []*orderRecord, res *Result) error {
	ids := make([]int64, len(recs))
	for i, r := range recs {
		ids[i] = r.row.ShopifyID
	}
	if err := w.hideOrders(ctx, recs); err != nil {
		return err
	}
	old, err := byShopifyID(ctx, w.q, orders, ids, func(r *ent.Order) int64 { return r.ShopifyID })
	if err != nil {
		return err
	}
	tombs, err := w.tombs(ctx, KindOrder, ids)
	if err != nil {
		return err
	}
	var write []*orderRecord
	var revived []int64
	known := make(map[int64]*ent.Order) // the stored rows that change, by id
	for _, r := range recs {
		s := stored{deleted: tombs[r.row.ShopifyID]}
		o := old[r.row.ShopifyID]
		if o != nil {
			s.known, s.updated, s.hash = true, o.UpdatedAt, string(o.ContentHash)
		}
		v := s.judge(r.row.UpdatedAt, r.row.ContentHash)
		s.tally(v, res)
		if !v.apply {
			continue
		}
		r.row.TenantID, r.row.Source, r.row.UpdatedAt, r.row.UpdatedKey = w.q.Tenant(), string(w.source), v.at, orNone(v.at)
		if o != nil {
			r.row.ID = o.ID
			known[o.ID] = o
		} else {
			w.counts.orders++
			r.row.ID = w.store.NewID()
		}
		if !v.same {
			w.touch(live.Orders, r.row.ID)
		}
		if s.deleted != nil {
			revived = append(revived, r.row.ShopifyID)
		}
		write = append(write, r)
	}
	if len(write) == 0 {
		return nil
	}
	if err := w.revive(ctx, KindOrder, revived); err != nil {
		return err
	}
	return w.writeOrders(ctx, write, known)
}

// writeOrders writes orders that are new or replace those in old.
func (w *writer) writeOrders(ctx context.Context, recs []*orderRecord, old map[int64]*ent.Order) error {
	named, err := w.linkCustomers(ctx, recs)
	if err != nil {
		return err
	}
	if err := w.linkProducts(ctx, recs); err != nil {
		return err
	}
	changes, err := w.changes(ctx, recs, old)
	if err != nil {
		return err
	}
	people, err := w.people(ctx, changes, named...)
	if err != nil {
		return err
	}
	rows := make([]*ent.Order, len(recs))
	for i, r := range recs {
		rows[i] = &r.row
	}
	if err := w.writePeople(ctx, people); err != nil { // before the orders that refer to them
		return err
	}
	if err := orders.upsert(ctx, w.q, rows); err != nil {
		return err
	}
	if err := w.writeChildren(ctx, recs, old); err != nil {
		return err
	}
	if err := w.post(ctx, changes); err != nil {
		return err
	}
	return w.settle(ctx, changes, people)
}

// linkCustomers finds the customers that orders name, and makes placeholders of those not known yet. The orders of a
// customer who was deleted are a guest's.
func (w *writer) linkCustomers(ctx context.Context, recs []*orderRecord) ([]*ent.Customer, error) {
	var ids []int64
	seen := make(map[int64]bool)
	for _, r := range recs {
		if id := r.row.CustomerShopifyID; id != nil && !seen[*id] {
			seen[*id] = true
			ids = append(ids, *id)
		}
	}
	rows, err := byShopifyID(ctx, w.q, customers, ids, func(r *ent.Customer) int64 { return r.ShopifyID })
	if err != nil {
		return nil, err
	}
	missing := slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return rows[id] != nil })
	tombs, err := w.tombs(ctx, KindCustomer, missing)
	if err != nil {
		return nil, err
	}
	for _, id := range missing {
		if tombs[id] == nil {
			rows[id] = w.customerPlaceholder(id)
		}
	}
	var found []*ent.Customer
	for _, id := range ids {
		if c := rows[id]; c != nil {
			found = append(found, c)
		}
	}
	for _, r := range recs {
		r.row.CustomerID = nil
		if id := r.row.CustomerShopifyID; id != nil && rows[*id] != nil {
			r.row.CustomerID = &rows[*id].ID
		}
	}
	return found, nil
}

// linkProducts finds the products that items name, and makes placeholders of those not known yet.
func (w *writer) linkProducts(ctx context.Context, recs []*orderRecord) error {
	var ids []int64
	seen := make(map[int64]bool)
	for _, r := range recs {
		for _, id := range r.products {
			if id != 0 && !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	rowID := make(map[int64]int64, len(ids))
	for part := range chunks(ids, chunkRows) {
		t := w.q.Build().Table(products.name)
		query, args := w.q.Build().Select("shopify_id", "id").From(t).
			Where(sql.And(sql.EQ("tenant_id", w.q.Tenant()), sql.In("shopify_id", anys(part)...))).Query()
		err := w.q.Each(ctx, func(scan func(...any) error) error {
			var number, id int64
			err := scan(&number, &id)
			rowID[number] = id
			return err
		}, query, args...)
		if err != nil {
			return err
		}
	}
	var holders []*ent.Product
	for _, id := range ids {
		if rowID[id] == 0 {
			p := w.productPlaceholder(id)
			rowID[id] = p.ID
			holders = append(holders, p)
		}
	}
	for _, r := range recs {
		for i, id := range r.products {
			if id != 0 {
				row := rowID[id]
				r.items[i].ProductID = &row
			}
		}
	}
	return products.insert(ctx, w.q, holders)
}

// changes pairs the old entries of each order with the new ones.
func (w *writer) changes(ctx context.Context, recs []*orderRecord, old map[int64]*ent.Order) (map[int64]*change, error) {
	out := make(map[int64]*change, len(recs))
	var replaced []int64
	for _, r := range recs {
		c := &change{shopifyID: r.row.ShopifyID, after: w.entriesOf(r)}
		if r.row.Test {
			c.testAfter = &r.row.ProcessedAt
			w.counts.tests++
		}
		if o := old[r.row.ID]; o != nil {
			replaced = append(replaced, o.ID)
			if o.Test {
				c.testBefore = &o.ProcessedAt
				w.counts.tests--
			}
		}
		out[r.row.ID] = c
	}
	rows, err := readIn(ctx, w.q, entries, "order_id", replaced)
	if err != nil {
		return nil, err
	}
	for _, e := range rows {
		out[e.OrderID].before = append(out[e.OrderID].before, e)
	}
	return out, nil
}

// entriesOf returns the ledger rows of an order, in each generation that holds it.
func (w *writer) entriesOf(r *orderRecord) []entry {
	var out []entry
	for _, g := range w.generations(r.row.ShopifyID) {
		out = append(out, r.entries(g)...)
	}
	return out
}

// entries returns the ledger rows of an order in one generation.
func (r *orderRecord) entries(g generation) []entry {
	out := make([]entry, len(r.posted.Entries))
	for i, e := range r.posted.Entries {
		out[i] = entry{TenantID: r.row.TenantID, Generation: g.number, Day: period.DayOf(e.At, g.zone), OrderID: r.row.ID,
			Kind: e.Kind, Ref: e.Ref, At: e.At, HourAt: period.HourStart(e.At, g.zone).UTC(), CustomerID: r.row.CustomerID,
			Amounts: e.Amounts}
	}
	return out
}

// writeChildren writes items, refunds and the rest of the orders, and removes what they no longer have. Items and
// refunds that stay keep their ids, which the outside world may hold.
func (w *writer) writeChildren(ctx context.Context, recs []*orderRecord, old map[int64]*ent.Order) error {
	replaced := make([]int64, 0, len(old))
	for id := range old {
		replaced = append(replaced, id)
	}
	slices.Sort(replaced)
	oldItems, err := w.childIDs(ctx, items.name, "line_key", replaced)
	if err != nil {
		return err
	}
	oldRefunds, err := w.childIDs(ctx, refunds.name, "shopify_id", replaced)
	if err != nil {
		return err
	}
	w.counts.items -= int64(len(oldItems))
	var newItems []*ent.OrderItem
	var newRefunds []*ent.Refund
	var lines []*refundLine
	var edits []*adjustment
	var words []*term
	for _, r := range recs {
		tenant, id := r.row.TenantID, r.row.ID
		w.counts.items += int64(len(r.items))
		for _, it := range r.items {
			it.TenantID, it.OrderID = tenant, id
			it.ID = w.keepID(oldItems, childKey{id, it.LineKey})
		}
		for _, re := range r.refunds {
			re.TenantID, re.OrderID = tenant, id
			re.ID = w.keepID(oldRefunds, childKey{id, itoa(re.ShopifyID)})
		}
		for _, l := range r.refundLines {
			l.TenantID, l.OrderID = tenant, id
		}
		for _, a := range r.adjustments {
			a.TenantID, a.OrderID = tenant, id
		}
		newItems, newRefunds = append(newItems, r.items...), append(newRefunds, r.refunds...)
		lines, edits = append(lines, r.refundLines...), append(edits, r.adjustments...)
		words = addTerms(words, tenant, id, store.TermTag, r.row.Tags)
		words = addTerms(words, tenant, id, store.TermCode, r.row.DiscountCodes)
	}
	for _, t := range []string{refundLines.name, adjustments.name, orderTerms.name} {
		if _, err := remove(ctx, w.q, t, "order_id", replaced); err != nil {
			return err
		}
	}
	if _, err := remove(ctx, w.q, items.name, "id", left(oldItems)); err != nil {
		return err
	}
	if _, err := remove(ctx, w.q, refunds.name, "id", left(oldRefunds)); err != nil {
		return err
	}
	if err := items.upsert(ctx, w.q, newItems); err != nil {
		return err
	}
	if err := refunds.upsert(ctx, w.q, newRefunds); err != nil {
		return err
	}
	if err := refundLines.insert(ctx, w.q, lines); err != nil {
		return err
	}
	if err := adjustments.insert(ctx, w.q, edits); err != nil {
		return err
	}
	return orderTerms.insert(ctx, w.q, words)
}

// childKey is the natural key of an item or a refund.
type childKey struct {
	order int64
	key   string
}

// childIDs returns the ids of the items or refunds of orders, by natural key.
func (w *writer) childIDs(ctx context.Context, table, key string, orderIDs []int64) (map[childKey]int64, error) {
	out := make(map[childKey]int64)
	for part := range chunks(orderIDs, chunkRows) {
		t := w.q.Build().Table(table)
		query, args := w.q.Build().Select("order_id", key, "id").From(t).
			Where(sql.And(sql.EQ("tenant_id", w.q.Tenant()), sql.In("order_id", anys(part)...))).Query()
		err := w.q.Each(ctx, func(scan func(...any) error) error {
			var k childKey
			var id int64
			err := scan(&k.order, &k.key, &id)
			out[k] = id
			return err
		}, query, args...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// keepID takes a child's id out of the old ones, or makes a new one. What is left in the end is gone from the order.
func (w *writer) keepID(old map[childKey]int64, k childKey) int64 {
	if id, ok := old[k]; ok {
		delete(old, k)
		return id
	}
	return w.store.NewID()
}

func left(old map[childKey]int64) []int64 {
	out := make([]int64, 0, len(old))
	for _, id := range old {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}
