package commerce

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/customer"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/store"
)

// CustomerFilter says which customers are wanted: those that meet every condition. A field that is not set is no
// condition, and neither is an empty list; another list means any of its values.
type CustomerFilter struct {
	// Search has up to five words; each must begin a word of the name or the email, which needs READ_CUSTOMER_PII, or be
	// the customer's number.
	Search *string
	// MinOrders and MaxOrders bound the lifetime number of orders.
	MinOrders, MaxOrders *int
	// MinSpent and MaxSpent bound lifetime total sales; they are decimals of the tenant's currency.
	MinSpent, MaxSpent    *string
	FirstOrder, LastOrder *period.Input
	Country               []string
	// Tags are compared without regard to case.
	Tags []string
	// BoughtProductID is the row of a product that is in an order of the customer's, tests apart.
	BoughtProductID *int64
}

// CustomerSortKey is by what customers are sorted. The values are those of the API's enum.
type CustomerSortKey string

// The sort keys of customers.
const (
	CustomerLastOrderAt CustomerSortKey = "LAST_ORDER_AT"
	CustomerTotalSpent  CustomerSortKey = "TOTAL_SPENT"
	CustomerOrdersCount CustomerSortKey = "ORDERS_COUNT"
	// CustomerName sorts by the name as it is shown. A viewer who sees numbers alone gets the order of the numbers.
	CustomerName      CustomerSortKey = "NAME"
	CustomerCreatedAt CustomerSortKey = "CREATED_AT"
)

// CustomerSort is the order of a list of customers; the zero value is the last to order first.
type CustomerSort struct {
	Key       CustomerSortKey
	Direction SortDirection
}

// CustomerConnection is a page of customers.
type CustomerConnection struct {
	Edges    []*CustomerEdge
	Nodes    []*Customer
	PageInfo PageInfo

	count func(context.Context) (int, error)
}

// CustomerEdge is a customer with its place in the list.
type CustomerEdge struct {
	Cursor string
	Node   *Customer
}

// TotalCount counts the customers of the whole list. It asks the database when it is called.
func (c *CustomerConnection) TotalCount(ctx context.Context) (int, error) { return c.count(ctx) }

// Customers returns a page of the tenant's customers: those whose record is known, and those with an order. A wrong page,
// filter or sort is fault.Invalid, a cursor of another list fault.InvalidCursor.
func (r *Reader) Customers(ctx context.Context, p Page, f CustomerFilter, s CustomerSort) (*CustomerConnection, error) {
	a, err := r.ask(ctx)
	if err != nil {
		return nil, err
	}
	l, where, unfiltered, err := r.customerList(a, f, s)
	if err != nil {
		return nil, err
	}
	w, err := p.window(l)
	if err != nil {
		return nil, err
	}
	rows, err := r.db.Client().Customer.Query().Where(where, w.beyond(l)).Order(w.sorted(l)).Limit(w.fetch()).All(ctx)
	if err != nil {
		return nil, fail(ctx, "list customers", err)
	}
	rows, info := cut(w, rows)
	at := cursors(l, rows, func(row *ent.Customer) place { return customerPlace(l, row) }, &info)
	c := &CustomerConnection{Nodes: a.customers(rows), PageInfo: info, Edges: make([]*CustomerEdge, len(rows))}
	for i, node := range c.Nodes {
		c.Edges[i] = &CustomerEdge{at[i], node}
	}
	c.count = func(ctx context.Context) (int, error) {
		if unfiltered {
			n, err := r.counts(ctx)
			return n.listedCustomers, err
		}
		n, err := r.db.Client().Customer.Query().Where(where).Count(ctx)
		if err != nil {
			return 0, fail(ctx, "count customers", err)
		}
		return n, nil
	}
	return c, nil
}

func (r *Reader) customerList(a asker, in CustomerFilter, s CustomerSort) (l list, where cond, unfiltered bool, err error) {
	switch s.Key {
	case "", CustomerLastOrderAt:
		l = list{column: customer.FieldLastOrderKey, kind: instants}
	case CustomerTotalSpent:
		l = list{column: customer.FieldTotalSpent, kind: numbers}
	case CustomerOrdersCount:
		l = list{column: customer.FieldOrdersCount, kind: numbers}
	case CustomerName:
		// The order of the names would tell who is who.
		if l = (list{column: byNumber, kind: numbers}); a.pii {
			l = list{column: customer.FieldNameKey, kind: words}
		}
	case CustomerCreatedAt:
		l = list{column: customer.FieldCreatedKey, kind: instants}
	default:
		return l, nil, false, fault.Errorf(fault.Invalid, "customers are not sorted by that").At("sort", "key")
	}
	if l.desc, err = direction(s.Direction, Descending); err != nil {
		return l, nil, false, err
	}
	f := r.filter(a)
	f.searchCustomers(&in.Search)
	if in.MinOrders != nil {
		f.bound(customer.FieldOrdersCount, sql.FieldGTE(customer.FieldOrdersCount, *in.MinOrders))
	}
	if in.MaxOrders != nil {
		f.bound(customer.FieldOrdersCount, sql.FieldLTE(customer.FieldOrdersCount, *in.MaxOrders))
	}
	f.between(customer.FieldTotalSpent, "minSpent", &in.MinSpent, "maxSpent", &in.MaxSpent)
	f.during("firstOrder", customer.FieldFirstOrderAt, in.FirstOrder)
	// The sentinel of those without an order is before every day.
	f.during("lastOrder", customer.FieldLastOrderKey, in.LastOrder)
	oneOf(f, "country", customer.FieldCountry, &in.Country)
	f.tagged("tags", customerTerms, store.TermTag, &in.Tags)
	if in.BoughtProductID != nil {
		f.pick(`SELECT customer_id FROM orders WHERE tenant_id = ? AND test = ? AND customer_id IS NOT NULL AND
			id IN (SELECT order_id FROM order_items WHERE tenant_id = ? AND product_id = ?)`,
			a.tenant, false, a.tenant, *in.BoughtProductID)
	}
	unfiltered = len(f.conds) == 0
	f.where(sql.FieldEQ(customer.FieldListed, true))
	columns := []string{l.column, byNumber}
	if l.column == byNumber {
		columns = columns[:1]
	}
	return f.seal(l, "customers", customer.Table, in, columns...), all(f.conds...), unfiltered, f.err
}

// customerPlace returns where a customer stands in a list.
func customerPlace(l list, row *ent.Customer) place {
	p := place{row.LastOrderKey, row.ShopifyID}
	switch l.column {
	case customer.FieldTotalSpent:
		p.value = row.TotalSpent
	case customer.FieldOrdersCount:
		p.value = row.OrdersCount
	case customer.FieldNameKey:
		p.value = row.NameKey
	case customer.FieldCreatedKey:
		p.value = row.CreatedKey
	case byNumber:
		p.value = row.ShopifyID
	}
	return p
}
