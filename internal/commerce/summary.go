package commerce

import (
	"context"
	"time"

	"github.com/shopsight/shopsight/internal/store"
)

// DataSummary says how many records a tenant has.
type DataSummary struct {
	// Products and Customers are those whose record is known.
	Products, Customers int
	// Orders are all orders, tests too; OrderItems their lines; FirstOrderAt and LastOrderAt when the first and the last
	// of them were placed, nil without any.
	Orders, OrderItems        int
	FirstOrderAt, LastOrderAt *time.Time
}

// DataSummary returns what the viewer's tenant has, without counting: the writer keeps the numbers.
func (r *Reader) DataSummary(ctx context.Context) (*DataSummary, error) {
	var sum *DataSummary
	err := r.db.Read(ctx, func(q *store.SQL) error {
		n, err := readCounts(ctx, q)
		if err != nil {
			return err
		}
		sum = &DataSummary{Products: n.products, Customers: n.customers, Orders: n.orders, OrderItems: n.orderItems}
		// Two statements, because each is one step into an index: SQLite reads the whole index for MIN and MAX at once.
		for _, end := range []struct {
			direction string
			at        **time.Time
		}{{"ASC", &sum.FirstOrderAt}, {"DESC", &sum.LastOrderAt}} {
			if err := q.Each(ctx, func(scan func(...any) error) error { return scan(end.at) },
				"SELECT processed_at FROM orders WHERE tenant_id = ? ORDER BY processed_at "+end.direction+" LIMIT 1",
				q.Tenant()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fail(ctx, "summarise data", err)
	}
	return sum, nil
}

// counts are the numbers of records that the writer keeps.
type counts struct {
	products, customers, listedCustomers, orders, testOrders, orderItems int
}

// counts returns the numbers of the viewer's tenant.
func (r *Reader) counts(ctx context.Context) (n counts, err error) {
	err = r.db.Read(ctx, func(q *store.SQL) error {
		n, err = readCounts(ctx, q)
		return err
	})
	if err != nil {
		return counts{}, fail(ctx, "count records", err)
	}
	return n, nil
}

func readCounts(ctx context.Context, q *store.SQL) (n counts, err error) {
	err = q.Each(ctx, func(scan func(...any) error) error {
		return scan(&n.products, &n.customers, &n.listedCustomers, &n.orders, &n.testOrders, &n.orderItems)
	}, "SELECT products, customers, listed_customers, orders, test_orders, order_items FROM tenant_writes WHERE tenant_id = ?",
		q.Tenant())
	return n, err
}
