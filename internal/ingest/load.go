package ingest

import (
	"context"
	"slices"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/store"
)

// loadOrders reads stored orders with all their children back into records, in the order of the store's numbers, from
// the one after the given number on. What the records say follows from the columns of the source alone; the columns
// that the ledger fills are as stored until post is called.
func loadOrders(ctx context.Context, q *store.SQL, after int64) ([]*orderRecord, error) {
	query, args := q.Build().Select(orders.columns...).From(q.Build().Table(orders.name)).
		Where(sql.And(sql.EQ("tenant_id", q.Tenant()), sql.GT("shopify_id", after))).
		OrderBy("shopify_id").Limit(chunkRows).Query()
	rows, err := orders.scan(ctx, q, query, args...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	recs := make([]*orderRecord, len(rows))
	byID := make(map[int64]*orderRecord, len(rows))
	ids := make([]int64, len(rows))
	for i := range rows {
		recs[i] = &orderRecord{row: rows[i]}
		ids[i] = rows[i].ID
		byID[rows[i].ID] = recs[i]
	}
	lines, err := readIn(ctx, q, items, "order_id", ids)
	if err != nil {
		return nil, err
	}
	for i := range lines {
		r := byID[lines[i].OrderID]
		r.items = append(r.items, &lines[i])
	}
	back, err := readIn(ctx, q, refunds, "order_id", ids)
	if err != nil {
		return nil, err
	}
	for i := range back {
		r := byID[back[i].OrderID]
		r.refunds = append(r.refunds, &back[i])
	}
	of, err := readIn(ctx, q, refundLines, "order_id", ids)
	if err != nil {
		return nil, err
	}
	for i := range of {
		r := byID[of[i].OrderID]
		r.refundLines = append(r.refundLines, &of[i])
	}
	edits, err := readIn(ctx, q, adjustments, "order_id", ids)
	if err != nil {
		return nil, err
	}
	for i := range edits {
		r := byID[edits[i].OrderID]
		r.adjustments = append(r.adjustments, &edits[i])
	}
	for _, r := range recs {
		slices.SortFunc(r.items, func(a, b *ent.OrderItem) int { return a.Position - b.Position })
		slices.SortFunc(r.refundLines, func(a, b *refundLine) int { return int(a.Position - b.Position) })
	}
	return recs, nil
}

// derived are the columns that the ledger fills, of an order and its items: what rebuild repairs and verify compares.
func (rec *orderRecord) derived() [][]int64 {
	r := &rec.row
	out := [][]int64{{r.Subtotal, r.Discounts, r.Total, r.Refunded, r.NetSales}}
	for _, it := range rec.items {
		out = append(out, []int64{it.RefundedQuantity, it.GrossSales, it.Discounts, it.NetSales})
	}
	return out
}
