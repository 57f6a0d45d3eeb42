package commerce

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/order"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/store"
)

// OrderFilter says which orders are wanted: those that meet every condition. A field that is not set is no condition, and
// neither is an empty list; another list means any of its values.
type OrderFilter struct {
	// Search has up to five words; each must begin the order's name, an item's SKU, a word of a product's title or, with
	// READ_CUSTOMER_PII, of the customer's name or email.
	Search            *string
	Range             *period.Input
	FinancialStatus   []FinancialStatus
	FulfillmentStatus []FulfillmentStatus
	// CustomerID and ProductID are rows; those of another tenant match nothing.
	CustomerID, ProductID *int64
	Country, Channel      []string
	// DiscountCode and Tags are compared without regard to case.
	DiscountCode, Tags []string
	// MinTotal and MaxTotal are decimals of the tenant's currency.
	MinTotal, MaxTotal *string
	Cancelled          *bool
	// IncludeTest shows test orders too.
	IncludeTest bool
}

// OrderSortKey is by what orders are sorted. The values are those of the API's enum.
type OrderSortKey string

// The sort keys of orders.
const (
	OrderProcessedAt OrderSortKey = "PROCESSED_AT"
	OrderTotal       OrderSortKey = "TOTAL"
	OrderName        OrderSortKey = "NAME"
	OrderUpdatedAt   OrderSortKey = "UPDATED_AT"
)

// OrderSort is the order of a list of orders; the zero value is the newest first.
type OrderSort struct {
	Key       OrderSortKey
	Direction SortDirection
}

// OrderConnection is a page of orders.
type OrderConnection struct {
	Edges    []*OrderEdge
	Nodes    []*Order
	PageInfo PageInfo

	count func(context.Context) (int, error)
}

// OrderEdge is an order with its place in the list.
type OrderEdge struct {
	Cursor string
	Node   *Order
}

// TotalCount counts the orders of the whole list. It asks the database when it is called.
func (c *OrderConnection) TotalCount(ctx context.Context) (int, error) { return c.count(ctx) }

// Orders returns a page of the tenant's orders. A wrong page, filter or sort is fault.Invalid, a cursor of another list
// fault.InvalidCursor.
func (r *Reader) Orders(ctx context.Context, p Page, f OrderFilter, s OrderSort) (*OrderConnection, error) {
	a, err := r.ask(ctx)
	if err != nil {
		return nil, err
	}
	l, where, unfiltered, err := r.orderList(a, false, f, s)
	if err != nil {
		return nil, err
	}
	w, err := p.window(l)
	if err != nil {
		return nil, err
	}
	rows, err := r.db.Client().Order.Query().Where(where, w.beyond(l)).Order(w.sorted(l)).Limit(w.fetch()).All(ctx)
	if err != nil {
		return nil, fail(ctx, "list orders", err)
	}
	count := func(ctx context.Context) (int, error) {
		n, err := r.db.Client().Order.Query().Where(where).Count(ctx)
		if err != nil {
			return 0, fail(ctx, "count orders", err)
		}
		return n, nil
	}
	if unfiltered {
		count = func(ctx context.Context) (int, error) {
			n, err := r.counts(ctx)
			if !f.IncludeTest {
				n.orders -= n.testOrders
			}
			return n.orders, err
		}
	}
	rows, info := cut(w, rows)
	return orderPage(l, rows, a.orders(rows), info, count), nil
}

// orderPage builds a page of its rows and what was made of them.
func orderPage(l list, rows []*ent.Order, nodes []*Order, info PageInfo, count func(context.Context) (int, error)) *OrderConnection {
	at := cursors(l, rows, func(row *ent.Order) place { return orderPlace(l, row) }, &info)
	c := &OrderConnection{Nodes: nodes, PageInfo: info, Edges: make([]*OrderEdge, len(rows)), count: count}
	for i, node := range nodes {
		c.Edges[i] = &OrderEdge{at[i], node}
	}
	return c
}

// orderList turns sort and filter into the list and its condition. ofCustomers says that the reader adds a condition on
// the customer. unfiltered tells that the condition is at most the one on test orders.
func (r *Reader) orderList(a asker, ofCustomers bool, in OrderFilter, s OrderSort) (l list, where cond, unfiltered bool, err error) {
	switch s.Key {
	case "", OrderProcessedAt:
		l = list{column: order.FieldProcessedAt, kind: instants}
	case OrderTotal:
		l = list{column: order.FieldTotal, kind: numbers}
	case OrderName:
		l = list{column: order.FieldNameKey, kind: words}
	case OrderUpdatedAt:
		l = list{column: order.FieldUpdatedKey, kind: instants}
	default:
		return l, nil, false, fault.Errorf(fault.Invalid, "orders are not sorted by that").At("sort", "key")
	}
	if l.desc, err = direction(s.Direction, Descending); err != nil {
		return l, nil, false, err
	}
	f := r.filter(a)
	f.searchOrders(&in.Search)
	f.during("range", order.FieldProcessedAt, in.Range)
	oneOf(f, "financialStatus", order.FieldFinancialStatus, &in.FinancialStatus)
	oneOf(f, "fulfillmentStatus", order.FieldFulfillmentStatus, &in.FulfillmentStatus)
	if in.CustomerID != nil {
		f.bound(order.FieldCustomerID, sql.FieldEQ(order.FieldCustomerID, *in.CustomerID))
	}
	if in.ProductID != nil {
		f.pick("SELECT order_id FROM order_items WHERE tenant_id = ? AND product_id = ?", a.tenant, *in.ProductID)
	}
	oneOf(f, "country", order.FieldShippingCountry, &in.Country)
	oneOf(f, "channel", order.FieldChannel, &in.Channel)
	f.tagged("discountCode", orderTerms, store.TermCode, &in.DiscountCode)
	f.tagged("tags", orderTerms, store.TermTag, &in.Tags)
	f.between(order.FieldTotal, "minTotal", &in.MinTotal, "maxTotal", &in.MaxTotal)
	if in.Cancelled != nil && *in.Cancelled {
		f.where(sql.FieldNotNull(order.FieldCancelledAt))
	} else if in.Cancelled != nil {
		f.where(sql.FieldIsNull(order.FieldCancelledAt))
	}
	unfiltered = len(f.conds) == 0
	if !in.IncludeTest {
		f.where(sql.FieldEQ(order.FieldTest, false))
	}
	columns := []string{l.column, byNumber}
	if (in.CustomerID != nil || ofCustomers) && l.column == order.FieldProcessedAt {
		columns = []string{order.FieldCustomerID, l.column, byNumber}
	} else if ofCustomers {
		f.bounds = append(f.bounds, order.FieldCustomerID)
	}
	name := "orders"
	if ofCustomers {
		name = "customer orders"
	}
	return f.seal(l, name, order.Table, in, columns...), all(f.conds...), unfiltered, f.err
}

// orderPlace returns where an order stands in a list.
func orderPlace(l list, row *ent.Order) place {
	p := place{row.ProcessedAt, row.ShopifyID}
	switch l.column {
	case order.FieldTotal:
		p.value = row.Total
	case order.FieldNameKey:
		p.value = row.NameKey
	case order.FieldUpdatedKey:
		p.value = row.UpdatedKey
	}
	return p
}
