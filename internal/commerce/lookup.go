package commerce

import (
	"cmp"
	"context"
	"slices"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/customer"
	"github.com/shopsight/shopsight/ent/order"
	"github.com/shopsight/shopsight/ent/orderitem"
	"github.com/shopsight/shopsight/ent/product"
	"github.com/shopsight/shopsight/ent/refund"
)

// The methods below take rows of any number and return those that the viewer can see, by row. What does not exist, or
// belongs to another tenant, is absent from the answer.

// maxIDs is how many rows one statement asks for. SQLite takes 32,766 parameters, MariaDB turns longer lists into
// temporary tables.
const maxIDs = 1000

// OrdersByID returns orders by row.
func (r *Reader) OrdersByID(ctx context.Context, ids []int64) (map[int64]*Order, error) {
	rows, a, err := byID(ctx, r, ids, "read orders", func(some []int64) ([]*ent.Order, error) {
		return r.db.Client().Order.Query().Where(order.IDIn(some...)).All(ctx)
	})
	return index(a.orders(rows), func(o *Order) int64 { return o.ID }), err
}

// OrderItemsByID returns lines of orders by row.
func (r *Reader) OrderItemsByID(ctx context.Context, ids []int64) (map[int64]*OrderItem, error) {
	rows, a, err := byID(ctx, r, ids, "read order items", func(some []int64) ([]*ent.OrderItem, error) {
		return r.db.Client().OrderItem.Query().Where(orderitem.IDIn(some...)).All(ctx)
	})
	return index(a.items(rows), func(i *OrderItem) int64 { return i.ID }), err
}

// CustomersByID returns customers by row, also those that the list leaves out.
func (r *Reader) CustomersByID(ctx context.Context, ids []int64) (map[int64]*Customer, error) {
	rows, a, err := byID(ctx, r, ids, "read customers", func(some []int64) ([]*ent.Customer, error) {
		return r.db.Client().Customer.Query().Where(customer.IDIn(some...)).All(ctx)
	})
	return index(a.customers(rows), func(c *Customer) int64 { return c.ID }), err
}

// ProductsByID returns products by row. One that was deleted, or whose record has not come, is absent.
func (r *Reader) ProductsByID(ctx context.Context, ids []int64) (map[int64]*Product, error) {
	rows, a, err := byID(ctx, r, ids, "read products", func(some []int64) ([]*ent.Product, error) {
		return r.db.Client().Product.Query().Where(product.IDIn(some...), product.Known(true)).All(ctx)
	})
	return index(a.products(rows), func(p *Product) int64 { return p.ID }), err
}

// ItemsByOrder returns the lines of orders by the order's row, each in the order of the source.
func (r *Reader) ItemsByOrder(ctx context.Context, orders []int64) (map[int64][]*OrderItem, error) {
	rows, a, err := byID(ctx, r, orders, "read order items", func(some []int64) ([]*ent.OrderItem, error) {
		return r.db.Client().OrderItem.Query().Where(orderitem.OrderIDIn(some...)).All(ctx)
	})
	slices.SortFunc(rows, func(x, y *ent.OrderItem) int {
		return cmp.Or(cmp.Compare(x.OrderID, y.OrderID), cmp.Compare(x.Position, y.Position), cmp.Compare(x.ID, y.ID))
	})
	return group(a.items(rows), func(i *OrderItem) int64 { return i.OrderID }), err
}

// RefundsByOrder returns the refunds of orders by the order's row, each the oldest first.
func (r *Reader) RefundsByOrder(ctx context.Context, orders []int64) (map[int64][]*Refund, error) {
	rows, a, err := byID(ctx, r, orders, "read refunds", func(some []int64) ([]*ent.Refund, error) {
		return r.db.Client().Refund.Query().Where(refund.OrderIDIn(some...)).All(ctx)
	})
	slices.SortFunc(rows, func(x, y *ent.Refund) int {
		return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), cmp.Compare(x.ShopifyID, y.ShopifyID))
	})
	refunds := make([]*Refund, len(rows))
	for i, row := range rows {
		refunds[i] = a.refund(row)
	}
	return group(refunds, func(f *Refund) int64 { return f.OrderID }), err
}

// byID reads the rows of distinct ids, asking for a bounded number at once.
func byID[R any](ctx context.Context, r *Reader, ids []int64, doing string, read func([]int64) ([]R, error)) ([]R, asker, error) {
	a, err := r.ask(ctx)
	if err != nil {
		return nil, a, err
	}
	ids = slices.Clone(ids)
	slices.Sort(ids)
	var rows []R
	for some := range slices.Chunk(slices.Compact(ids), maxIDs) {
		more, err := read(some)
		if err != nil {
			return nil, a, fail(ctx, doing, err)
		}
		rows = append(rows, more...)
	}
	return rows, a, nil
}

func index[N any](nodes []*N, id func(*N) int64) map[int64]*N {
	out := make(map[int64]*N, len(nodes))
	for _, n := range nodes {
		out[id(n)] = n
	}
	return out
}

func group[N any](nodes []*N, id func(*N) int64) map[int64][]*N {
	out := map[int64][]*N{}
	for _, n := range nodes {
		out[id(n)] = append(out[id(n)], n)
	}
	return out
}
