package ingest

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/live"
	"github.com/shopsight/shopsight/internal/store"
)

func kindIs(kind Kind) *sql.Predicate { return sql.EQ("kind", kind) }

// putProducts applies products of which no two have the same key.
func (w *writer) putProducts(ctx context.Context, recs []ent.Product, res *Result) error {
	ids := make([]int64, len(recs))
	for i, r := range recs {
		ids[i] = r.ShopifyID
	}
	old, err := byShopifyID(ctx, w.q, products, ids, func(r *ent.Product) int64 { return r.ShopifyID })
	if err != nil {
		return err
	}
	tombs, err := w.tombs(ctx, KindProduct, ids)
	if err != nil {
		return err
	}
	var write []*ent.Product
	var words []*term
	var retold, revived []int64
	for i := range recs {
		r := &recs[i]
		s := stored{deleted: tombs[r.ShopifyID]}
		o := old[r.ShopifyID]
		if o != nil {
			s.known, s.updated, s.hash = o.Known, o.UpdatedAt, string(o.ContentHash)
		}
		v := s.judge(r.UpdatedAt, r.ContentHash)
		s.tally(v, res)
		if !v.apply {
			continue
		}
		r.TenantID, r.Source, r.UpdatedAt, r.UpdatedKey = w.q.Tenant(), string(w.source), v.at, orNone(v.at)
		if o == nil {
			r.ID = w.store.NewID()
		} else {
			r.ID = o.ID
			retold = append(retold, o.ID)
		}
		if !s.known {
			w.counts.products++
		}
		if !v.same {
			w.touch(live.Products, r.ID)
		}
		if s.deleted != nil {
			revived = append(revived, r.ShopifyID)
		}
		words = addTerms(words, r.TenantID, r.ID, store.TermTag, r.Tags)
		words = addTerms(words, r.TenantID, r.ID, store.TermWord, store.Words(r.Title))
		write = append(write, r)
	}
	if _, err := remove(ctx, w.q, productTerms.name, "product_id", retold); err != nil {
		return err
	}
	if err := products.upsert(ctx, w.q, write); err != nil {
		return err
	}
	if err := productTerms.insert(ctx, w.q, words); err != nil {
		return err
	}
	return w.revive(ctx, KindProduct, revived)
}

// putCustomers applies customers of which no two have the same key. Their lifetime numbers stay.
func (w *writer) putCustomers(ctx context.Context, recs []ent.Customer, res *Result) error {
	ids := make([]int64, len(recs))
	for i, r := range recs {
		ids[i] = r.ShopifyID
	}
	old, err := byShopifyID(ctx, w.q, customers, ids, func(r *ent.Customer) int64 { return r.ShopifyID })
	if err != nil {
		return err
	}
	tombs, err := w.tombs(ctx, KindCustomer, ids)
	if err != nil {
		return err
	}
	hidden, err := w.hidden(ctx, KindCustomer, ids)
	if err != nil {
		return err
	}
	var write []*ent.Customer
	var words []*term
	var retold, revived []int64
	for i := range recs {
		r := &recs[i]
		if hidden[r.ShopifyID] {
			hideCustomer(r)
			r.ContentHash = customerDigest(*r)
		}
		s := stored{deleted: tombs[r.ShopifyID]}
		o := old[r.ShopifyID]
		if o != nil {
			s.known, s.updated, s.hash = o.Known, o.UpdatedAt, string(o.ContentHash)
		}
		v := s.judge(r.UpdatedAt, r.ContentHash)
		s.tally(v, res)
		if !v.apply {
			continue
		}
		r.TenantID, r.Source, r.UpdatedAt = w.q.Tenant(), string(w.source), v.at
		if o == nil {
			r.ID, r.LastOrderKey = w.store.NewID(), NoInstant
		} else {
			r.ID = o.ID
			keepLifetime(r, o)
			retold = append(retold, o.ID)
		}
		if !s.known {
			w.counts.customers++
		}
		if o == nil || !o.Listed {
			w.counts.listed++
		}
		if !v.same {
			w.touch(live.Customers, r.ID)
		}
		if s.deleted != nil {
			revived = append(revived, r.ShopifyID)
		}
		words = addTerms(words, r.TenantID, r.ID, store.TermTag, r.Tags)
		words = addTerms(words, r.TenantID, r.ID, store.TermWord, customerWords(r))
		write = append(write, r)
	}
	if _, err := remove(ctx, w.q, customerTerms.name, "customer_id", retold); err != nil {
		return err
	}
	if err := customers.upsert(ctx, w.q, write); err != nil {
		return err
	}
	if err := customerTerms.insert(ctx, w.q, words); err != nil {
		return err
	}
	if len(revived) == 0 {
		return nil
	}
	if err := w.revive(ctx, KindCustomer, revived); err != nil {
		return err
	}
	return w.adopt(ctx, write, revived)
}

// customerWords are the words that a customer is found by: those of the name, the address and its parts.
func customerWords(r *ent.Customer) []string {
	return append(store.Words(deref(r.FirstName), deref(r.LastName), deref(r.Email)), deref(r.Email))
}

// keepLifetime carries the numbers that orders give a customer from the stored row to the new one.
func keepLifetime(to, from *ent.Customer) {
	to.OrdersCount, to.UnitsSold, to.PlacedValue = from.OrdersCount, from.UnitsSold, from.PlacedValue
	to.NetSales, to.TotalSpent = from.NetSales, from.TotalSpent
	to.FirstOrderID, to.FirstOrderAt = from.FirstOrderID, from.FirstOrderAt
	to.LastOrderAt, to.LastOrderKey = from.LastOrderAt, from.LastOrderKey
}

// adopt gives customers who were deleted and are there again the orders that name them.
func (w *writer) adopt(ctx context.Context, written []*ent.Customer, revived []int64) error {
	back := make(map[int64]int64, len(revived))
	for _, c := range written {
		back[c.ShopifyID] = c.ID
	}
	guests, err := readIn(ctx, w.q, orders, "customer_shopify_id", revived, sql.IsNull("customer_id"))
	if err != nil {
		return err
	}
	return w.relink(ctx, guests, func(o *ent.Order) *int64 {
		id := back[*o.CustomerShopifyID]
		return &id
	})
}

// relink moves orders from one customer to another, or to none, and the numbers with them.
func (w *writer) relink(ctx context.Context, rows []ent.Order, to func(*ent.Order) *int64) error {
	for part := range chunks(rows, chunkRows) {
		ids := make([]int64, len(part))
		changes := make(map[int64]*change, len(part))
		var write []*ent.Order
		for i := range part {
			o := &part[i]
			ids[i] = o.ID
			o.CustomerID = to(o)
			changes[o.ID] = &change{shopifyID: o.ShopifyID}
			write = append(write, o)
		}
		old, err := readIn(ctx, w.q, entries, "order_id", ids)
		if err != nil {
			return err
		}
		byID := make(map[int64]*ent.Order, len(write))
		for _, o := range write {
			byID[o.ID] = o
		}
		for _, e := range old {
			c := changes[e.OrderID]
			c.before = append(c.before, e)
			e.CustomerID = byID[e.OrderID].CustomerID
			c.after = append(c.after, e)
		}
		people, err := w.people(ctx, changes)
		if err != nil {
			return err
		}
		if err := orders.upsert(ctx, w.q, write); err != nil {
			return err
		}
		if err := w.post(ctx, changes); err != nil {
			return err
		}
		if err := w.settle(ctx, changes, people); err != nil {
			return err
		}
	}
	return nil
}

// byShopifyID returns the stored rows of records, by the store's number.
func byShopifyID[R any](ctx context.Context, q *store.SQL, t table[R], ids []int64, key func(*R) int64) (map[int64]*R, error) {
	rows, err := readIn(ctx, q, t, "shopify_id", ids)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]*R, len(rows))
	for i := range rows {
		out[key(&rows[i])] = &rows[i]
	}
	return out, nil
}

// placeholder is a customer whom an order names before the record comes.
func (w *writer) customerPlaceholder(shopifyID int64) *ent.Customer {
	return &ent.Customer{ID: w.store.NewID(), TenantID: w.q.Tenant(), ShopifyID: shopifyID, Source: string(w.source),
		NameKey: nameKey(nil, nil, shopifyID), CreatedKey: NoInstant, LastOrderKey: NoInstant}
}

// productPlaceholder is a product that an order names before its record comes.
func (w *writer) productPlaceholder(shopifyID int64) *ent.Product {
	return &ent.Product{ID: w.store.NewID(), TenantID: w.q.Tenant(), ShopifyID: shopifyID, Source: string(w.source),
		Status: "ACTIVE", InventoryKey: -1 << 63, CreatedKey: NoInstant, UpdatedKey: NoInstant}
}
