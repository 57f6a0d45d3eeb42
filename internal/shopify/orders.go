package shopify

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// shape is how many children an order is asked for with.
type shape struct{ lines, shipping, refunded, agreements, sales int }

var (
	// inPage holds nearly every order whole, and lets a hundred of them fit into what a document may cost.
	inPage = shape{lines: 20, shipping: 5, refunded: 5, agreements: 4, sales: 15}
	// byItself is for one order of which something was missing.
	byItself = shape{lines: 250, shipping: 250, refunded: 250, agreements: 50, sales: 100}
)

// The bounds of putting an order together.
const (
	maxChanges    = 5 // of the order meanwhile
	linesPage     = 250
	agreementPage = 50
	salesPage     = 250
)

// Orders returns orders of a window in the order of their updatedAt, after the cursor of an earlier page or from the
// beginning. Each is whole: what did not fit into the page is asked for. One that is deleted meanwhile is left out.
func (c *Client) Orders(ctx context.Context, w Window, after string) (Page[Order], error) {
	size := c.shop.pages[Orders]
	type rawPage struct {
		nodes []order
		next  string
	}
	raw, denied, err := ask(ctx, c, Orders, size, func(a *attempt) (rawPage, error) {
		resp, err := ordersPage(ctx, a, size.get(), optional(after), w.query(),
			inPage.lines, inPage.shipping, inPage.refunded, inPage.agreements, inPage.sales)
		if err != nil {
			return rawPage{}, err
		}
		p := resp.Orders
		if err := p.PageInfo.check(p.Nodes != nil, optional(after)); err != nil {
			return rawPage{}, err
		}
		for i := range p.Nodes {
			if err := p.Nodes[i].check(); err != nil {
				return rawPage{}, err
			}
		}
		return rawPage{p.Nodes, next(p.PageInfo)}, nil
	})
	if err != nil {
		return Page[Order]{}, err
	}
	p := Page[Order]{Next: raw.next, Denied: denied}
	for i := range raw.nodes {
		got, ok, err := c.whole(ctx, &raw.nodes[i])
		if err != nil {
			return Page[Order]{}, err
		}
		if ok {
			p.Records = append(p.Records, got)
		}
	}
	return p, nil
}

// OrdersByID returns whole orders, and the ids that the store does not have.
func (c *Client) OrdersByID(ctx context.Context, ids []int64) (found []Order, missing []int64, err error) {
	for len(ids) > 0 {
		some := ids[:min(ordersAtOnce, len(ids))]
		ids = ids[len(some):]
		nodes, err := c.ordersByID(ctx, some, inPage)
		if err != nil {
			return nil, nil, err
		}
		var got []Order
		for _, n := range nodes {
			if n == nil {
				continue
			}
			o, ok, err := c.whole(ctx, n)
			if err != nil {
				return nil, nil, err
			}
			if ok {
				got = append(got, o)
			}
		}
		found = append(found, got...)
		missing = append(missing, without(some, got, func(o Order) int64 { return o.ID })...)
	}
	return found, missing, nil
}

// ordersByID returns a node for each id, nil where there is no such order.
func (c *Client) ordersByID(ctx context.Context, ids []int64, s shape) ([]*order, error) {
	nodes, _, err := ask(ctx, c, Orders, nil, func(a *attempt) ([]*order, error) {
		resp, err := ordersByID(ctx, a, globalIDs(Orders, ids), s.lines, s.shipping, s.refunded, s.agreements, s.sales)
		if err != nil {
			return nil, err
		}
		if len(resp.Nodes) != len(ids) {
			return nil, errors.New("not as many nodes as ids")
		}
		for i, n := range resp.Nodes {
			if n == nil {
				continue
			}
			if err := n.check(); err != nil {
				return nil, err
			}
			if n.Id != globalID(Orders, ids[i]) {
				return nil, errors.New("the node of another id")
			}
		}
		return resp.Nodes, nil
	})
	return nodes, err
}

// check returns an error for an order that cannot be put together.
func (o *order) check() error {
	if _, ok := localID("Order", o.Id); !ok || o.UpdatedAt.IsZero() {
		return fmt.Errorf("an order %q without an id or updatedAt", o.Id)
	}
	if o.Refunds == nil || o.ShippingLines.Nodes == nil || o.ShippingLines.PageInfo.HasNextPage == nil {
		return errors.New("an order without a list of refunds or shipping lines")
	}
	if err := o.LineItems.check(nil); err != nil {
		return err
	}
	for i := range o.Refunds {
		if err := o.Refunds[i].RefundLineItems.check(nil); err != nil {
			return err
		}
	}
	return o.Agreements.check(nil)
}

func (c *lineConnection) check(after *string) error { return c.PageInfo.check(c.Nodes != nil, after) }

func (c *refundLineConnection) check(after *string) error {
	return c.PageInfo.check(c.Nodes != nil, after)
}

func (c *agreementConnection) check(after *string) error {
	if err := c.PageInfo.check(c.Edges != nil, after); err != nil {
		return err
	}
	for i := range c.Edges {
		if err := c.Edges[i].Node.Sales.check(nil); err != nil {
			return err
		}
		if c.Edges[i].Cursor == "" {
			return errors.New("an agreement without a cursor")
		}
	}
	return nil
}

func (c *saleConnection) check(after *string) error { return c.PageInfo.check(c.Nodes != nil, after) }

// errChanged says that an order is no longer the one whose rest was asked for.
var errChanged = errors.New("the order changed meanwhile")

// whole asks for what an order lacks and returns it, or false when it was deleted meanwhile. An order that changes while
// it is put together is begun again, since its parts would be of two states. One whose lines are fewer than the store
// says is read once more, by itself.
func (c *Client) whole(ctx context.Context, o *order) (Order, bool, error) {
	id, _ := localID("Order", o.Id)
	changes, short := 0, false
	for {
		err := c.rest(ctx, o)
		switch {
		case errors.Is(err, errChanged):
			if changes++; changes > maxChanges {
				return Order{}, false, c.incomplete(id, true, "changes faster than it can be read")
			}
		case err != nil:
			return Order{}, false, err
		case o.lacks() == "":
			r := reader{}
			got := r.order(o)
			if r.err != nil {
				return Order{}, false, (&attempt{Client: c}).malformed(r.err).as.clean(c.last())
			}
			return got, true, nil
		case short:
			return Order{}, false, c.incomplete(id, false, o.lacks())
		default:
			short = true
		}
		nodes, err := c.ordersByID(ctx, []int64{id}, byItself)
		if err != nil {
			return Order{}, false, err
		}
		if nodes[0] == nil {
			return Order{}, false, nil
		}
		o = nodes[0]
	}
}

func (c *Client) incomplete(id int64, retryable bool, why string) *Error {
	return &Error{
		Code: CodeIncomplete, Retryable: retryable, cause: fmt.Errorf("order %d %s", id, why),
		Message: fmt.Sprintf("Shopify did not tell all of an order (number %d in the address of its admin page). Nothing of it was "+
			"kept. If it does not pass, please report it.", id),
	}
}

// lacks says what is missing of an order of which nothing is left to ask for. Lines of gift cards are in no quantity that
// the store tells; their sales name them.
func (o *order) lacks() string {
	if o.ShippingLines.PageInfo.more() {
		return "has more shipping lines than were told"
	}
	quantity, lines := 0, map[string]bool{}
	for _, l := range o.LineItems.Nodes {
		lines[l.Id] = true
		if !l.IsGiftCard {
			quantity += l.Quantity
		}
	}
	if quantity < o.SubtotalLineItemsQuantity {
		return fmt.Sprintf("has lines for %d units, and says %d", quantity, o.SubtotalLineItemsQuantity)
	}
	for i := range o.Agreements.Edges {
		for _, s := range o.Agreements.Edges[i].Node.Sales.Nodes {
			if s.LineType == "GIFT_CARD" && s.LineItem != nil && !lines[s.LineItem.ID] {
				return "has a sale of a gift card without its line"
			}
		}
	}
	return ""
}

// rest asks for the lines, refunded lines, agreements and sales that did not fit. It returns errChanged when the order is
// another by then.
func (c *Client) rest(ctx context.Context, o *order) error {
	err := follow(ctx, c, o, o.LineItems.PageInfo, func(a *attempt, after *string) (*lineConnection, time.Time, error) {
		resp, err := orderLines(ctx, a, o.Id, linesPage, after)
		if err != nil || resp.Order == nil {
			return nil, time.Time{}, err
		}
		return &resp.Order.LineItems, resp.Order.UpdatedAt, nil
	}, func(more *lineConnection) pageInfo {
		o.LineItems.Nodes = append(o.LineItems.Nodes, more.Nodes...)
		return more.PageInfo
	})
	if err != nil {
		return err
	}
	for i := range o.Refunds {
		if err := c.restOfRefund(ctx, o, &o.Refunds[i]); err != nil {
			return err
		}
	}
	err = follow(ctx, c, o, o.Agreements.PageInfo, func(a *attempt, after *string) (*agreementConnection, time.Time, error) {
		resp, err := orderAgreements(ctx, a, o.Id, agreementPage, after, inPage.sales)
		if err != nil || resp.Order == nil {
			return nil, time.Time{}, err
		}
		return &resp.Order.Agreements, resp.Order.UpdatedAt, nil
	}, func(more *agreementConnection) pageInfo {
		o.Agreements.Edges = append(o.Agreements.Edges, more.Edges...)
		return more.PageInfo
	})
	if err != nil {
		return err
	}
	for i := range o.Agreements.Edges {
		if err := c.restOfSales(ctx, o, i); err != nil {
			return err
		}
	}
	return nil
}

func (c *Client) restOfRefund(ctx context.Context, o *order, r *refund) error {
	lines := &r.RefundLineItems
	return follow(ctx, c, o, lines.PageInfo, func(a *attempt, after *string) (*refundLineConnection, time.Time, error) {
		resp, err := refundLinesPage(ctx, a, r.Id, linesPage, after)
		if err != nil || resp.Refund == nil {
			return nil, time.Time{}, err
		}
		return &resp.Refund.RefundLineItems, resp.Refund.Order.UpdatedAt, nil
	}, func(more *refundLineConnection) pageInfo {
		lines.Nodes = append(lines.Nodes, more.Nodes...)
		return more.PageInfo
	})
}

// restOfSales asks for the sales of an agreement that did not fit. It has no query of its own: it is the first agreement
// after the one before it.
func (c *Client) restOfSales(ctx context.Context, o *order, i int) error {
	var previous *string
	if i > 0 {
		previous = &o.Agreements.Edges[i-1].Cursor
	}
	n := &o.Agreements.Edges[i].Node
	return follow(ctx, c, o, n.Sales.PageInfo, func(a *attempt, after *string) (*saleConnection, time.Time, error) {
		resp, err := agreementSales(ctx, a, o.Id, previous, salesPage, after)
		if err != nil || resp.Order == nil || len(resp.Order.Agreements.Nodes) == 0 || resp.Order.Agreements.Nodes[0].Id != n.ID {
			return nil, time.Time{}, err
		}
		return &resp.Order.Agreements.Nodes[0].Sales, resp.Order.UpdatedAt, nil
	}, func(more *saleConnection) pageInfo {
		n.Sales.Nodes = append(n.Sales.Nodes, more.Nodes...)
		return more.PageInfo
	})
}

// part is a page of what belongs to an order.
type part[T any] interface {
	*T
	check(after *string) error
}

// follow asks for the pages of a list after the one that info is of, each with the updatedAt of its order, and gives them
// to add, which returns their info. It returns errChanged when there is none, or it belongs to another state.
func follow[T any, P part[T]](ctx context.Context, c *Client, o *order, info pageInfo,
	call func(a *attempt, after *string) (P, time.Time, error), add func(P) pageInfo) error {
	for info.more() {
		after := info.EndCursor
		got, _, err := ask(ctx, c, Orders, nil, func(a *attempt) (P, error) {
			more, at, err := call(a, &after)
			switch {
			case err != nil:
				return nil, err
			case more == nil || !at.Equal(o.UpdatedAt):
				return nil, errChanged
			}
			return more, more.check(&after)
		})
		if err != nil {
			return err
		}
		info = add(got)
	}
	return nil
}
