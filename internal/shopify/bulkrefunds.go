package shopify

import (
	"context"
	"errors"
	"slices"
)

// maxNested is how many parts of one sort an order has at most in a file that is to be believed. Shopify was seen to cut
// such lists in silence at about as many: what has that many is read by itself.
const maxNested = 100

// suspect tells whether a list of the order may have been cut.
func (o *order) suspect() bool {
	return len(o.LineItems.Nodes) >= maxNested || len(o.ShippingLines.Nodes) >= maxNested || len(o.Agreements.Edges) >= maxNested ||
		slices.ContainsFunc(o.Agreements.Edges, func(a agreementEdge) bool { return len(a.Node.Sales.Nodes) >= maxNested })
}

// refundsAtOnce is how many refunds are asked for by id at once.
const refundsAtOnce = 80

// refundLines asks for the lines of the orders' refunds, and returns the orders that have to be read anew: they changed
// since the file was written, or are suspect.
func (c *Client) refundLines(ctx context.Context, orders []*order) (anew []int64, err error) {
	type owned struct {
		order  *order
		refund *refund
	}
	var all []owned
	stale := map[*order]bool{}
	for _, o := range orders {
		if o.suspect() {
			stale[o] = true
			continue
		}
		for i := range o.Refunds {
			all = append(all, owned{o, &o.Refunds[i]})
		}
	}
	for some := range slices.Chunk(all, refundsAtOnce) {
		ids := make([]string, len(some))
		for i, r := range some {
			ids[i] = r.refund.Id
		}
		nodes, _, err := ask(ctx, c, Orders, nil, func(a *attempt) ([]*refundNode, error) {
			resp, err := refundsByID(ctx, a, ids, inPage.refunded)
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
				if n.ID != ids[i] {
					return nil, errors.New("the node of another id")
				}
				if err := n.RefundLineItems.check(nil); err != nil {
					return nil, err
				}
			}
			return resp.Nodes, nil
		})
		if err != nil {
			return nil, err
		}
		for i, n := range nodes {
			if n == nil || !n.Order.UpdatedAt.Equal(some[i].order.UpdatedAt) {
				stale[some[i].order] = true
				continue
			}
			some[i].refund.RefundLineItems = n.RefundLineItems
		}
	}
	for o := range stale {
		id, _ := localID("Order", o.Id)
		anew = append(anew, id)
	}
	slices.Sort(anew)
	return anew, nil
}
