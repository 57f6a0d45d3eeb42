package shopify

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
)

// In the file of an operation for orders each order, line, shipping line, agreement and sale is a line of its own, with
// the id of what it belongs to: a sale names its agreement, and that its order. Where they stand is anybody's guess.
//
// Shopify would put the parts below their order (groupObjects), and says that it is slower then and times out more
// often. An export is what takes longest anyway, so the grouping is done here, in memory that does not grow with the
// store. The first pass deals the lines out to parts of a spill by the number of the order, those of agreements and sales
// to another by the agreement's. The second gives these to the order that the agreement names. Then all that makes an
// order is in one part, and a part fits into memory. It costs a spill of the size of the file, a smaller one, and reading
// each line two or three times, none of which counts against the time of the export.
//
// A part holds the orders of a range of numbers, so that orders are read by their numbers, as they were made: the same file
// is always read in the same order, and what is written of one order lies beside what was written of the last. Samples of
// the file tell where the ranges begin.

// The kinds of lines.
const (
	anOrder     = 'o'
	aLine       = 'l'
	aShipping   = 's'
	anAgreement = 'a'
	aSale       = 'x'
)

// BulkOrders reads the orders of an operation from the file that DownloadBulk fetched, behind the one at a place; 0 is all.
// Each is whole: what a file cannot hold or lacks is asked for. One that is deleted meanwhile is left out, and keeps its
// place; one that changes may be newer than the file. It needs room for twice the file beside it, under names that begin with
// path, and nothing else may read the file meanwhile. It ends with the first error; a file that cannot be right is removed.
func (c *Client) BulkOrders(ctx context.Context, o BulkOperation, path string, behind int64) iter.Seq2[Exported[Order], error] {
	return func(yield func(Exported[Order], error) bool) {
		err := c.eachOrder(ctx, o, path, behind, func(got Order, place int64) error {
			if !yield(Exported[Order]{got, place}, nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(Exported[Order]{}, c.unread(ctx, path, err))
		}
	}
}

// eachOrder calls f with each order behind a place, until it returns an error.
func (c *Client) eachOrder(ctx context.Context, o BulkOperation, path string, behind int64, f func(Order, int64) error) error {
	parts, err := group(ctx, o, path)
	if err != nil {
		return err
	}
	defer parts.close()
	place := int64(0)
	for i := range parts.parts {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if n := parts.parts[i].orders; n > 0 && place+n <= behind {
			place += n
			continue
		}
		orders, err := assemble(parts, i)
		if err != nil {
			return err
		}
		if done := behind - place; done > 0 {
			orders, place = orders[done:], behind
		}
		if err := c.eachWhole(ctx, orders, func(got Order, at int) error { return f(got, place+int64(at)+1) }); err != nil {
			return err
		}
		place += int64(len(orders))
	}
	return nil
}

// eachWhole calls f with each of some orders, and with which of them it is.
func (c *Client) eachWhole(ctx context.Context, orders []*order, f func(Order, int) error) error {
	anew, err := c.refundLines(ctx, orders)
	if err != nil {
		return err
	}
	read, _, err := c.OrdersByID(ctx, anew)
	if err != nil {
		return err
	}
	found := make(map[int64]Order, len(read))
	for _, got := range read {
		found[got.ID] = got
	}
	for i, o := range orders {
		id, _ := localID("Order", o.Id)
		got, ok := found[id]
		if _, again := slices.BinarySearch(anew, id); !ok && !again {
			if got, ok, err = c.whole(ctx, o); err != nil {
				return err
			}
		}
		if !ok { // it is deleted
			continue
		}
		if err := f(got, i); err != nil {
			return err
		}
	}
	return nil
}

// header is what tells what a line is.
type header struct {
	Typename string `json:"__typename"`
	ID       string `json:"id"`
	ParentID string `json:"__parentId"`
}

// read returns the kind of a line, and the numbers of itself and of what it belongs to.
func (h *header) read(line []byte) (kind byte, id, parent int64, err error) {
	*h = header{}
	if err := json.Unmarshal(line, h); err != nil {
		return 0, 0, 0, errLine(err)
	}
	id, ok := localID("", h.ID)
	if h.ParentID == "" {
		if _, is := localID("Order", h.ID); !is {
			return 0, 0, 0, errLine(errors.New("a line that belongs to nothing and is no order"))
		}
		return anOrder, id, 0, nil
	}
	parent, known := localID("", h.ParentID)
	kind = aSale
	if _, is := localID("Order", h.ParentID); is {
		switch h.Typename {
		case "LineItem":
			kind = aLine
		case "ShippingLine":
			kind = aShipping
		default: // agreements and sales are of many types, and there may be new ones
			kind = anAgreement
		}
	}
	if !known || kind == anAgreement && !ok {
		return 0, 0, 0, errLine(errors.New("a line without an id, or of something without one"))
	}
	return kind, id, parent, nil
}

// group deals the lines of a file out, so that all that makes an order is in one part.
func group(ctx context.Context, o BulkOperation, path string) (*spill, error) {
	n := portions(o.Size)
	bounds, err := sample(path, o.Size, n)
	if err != nil {
		return nil, err
	}
	parts, err := newSpill(path+".orders", len(bounds)+1, ranges(bounds))
	if err != nil {
		return nil, err
	}
	agreements, err := newSpill(path+".agreements", n, mixed(n))
	if err == nil {
		if err = deal(ctx, o, path, parts, agreements); err == nil {
			err = route(ctx, agreements, parts)
		}
		agreements.close()
	}
	if err != nil {
		parts.close()
		return nil, err
	}
	return parts, nil
}

const (
	samples    = 8 // of the file for each part
	sampleSize = 8 << 10
)

// sample returns the numbers of orders that split a file into at most so many parts of about the same size.
func sample(path string, size int64, parts int) (bounds []int64, err error) {
	if parts == 1 {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var numbers []int64
	var h header
	buf := make([]byte, sampleSize)
	for i := range int64(parts * samples) {
		n, err := file.ReadAt(buf, size/int64(parts*samples)*i)
		if err != nil && err != io.EOF {
			return nil, err
		}
		_, rest, _ := bytes.Cut(buf[:n], []byte{'\n'}) // the first line begins somewhere before
		for {
			line, after, whole := bytes.Cut(rest, []byte{'\n'})
			if !whole {
				break
			}
			// What is wrong with a line is found out when it is dealt.
			if kind, id, parent, err := h.read(line); err == nil && kind == anOrder {
				numbers = append(numbers, id)
				break
			} else if err == nil && kind != aSale {
				numbers = append(numbers, parent)
				break
			}
			rest = after
		}
	}
	slices.Sort(numbers)
	for i := 1; i < parts && len(numbers) > 0; i++ {
		bounds = append(bounds, numbers[len(numbers)*i/parts])
	}
	return slices.Compact(bounds), nil
}

// deal puts what names its order into parts, and the rest into agreements.
func deal(ctx context.Context, o BulkOperation, path string, parts, agreements *spill) error {
	var h header
	var roots int64
	n, err := eachLine(ctx, path, func(line []byte) error {
		kind, id, parent, err := h.read(line)
		switch {
		case err != nil:
			return err
		case kind == anOrder:
			roots++
			return parts.add(id, kind, line)
		case kind == anAgreement:
			return agreements.add(id, kind, line)
		case kind == aSale:
			return agreements.add(parent, kind, line)
		}
		return parts.add(parent, kind, line)
	})
	if err == nil && (n != o.Objects || roots != o.Roots) {
		err = errLine(fmt.Errorf("%d lines with %d orders where %d with %d are counted", n, roots, o.Objects, o.Roots))
	}
	return err
}

// route gives agreements, and the sales of each, to the part of their order.
func route(ctx context.Context, agreements, parts *spill) error {
	var h header
	for i := range agreements.parts {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		owner := map[string]int64{}
		err := agreements.each(i, string(anAgreement), func(kind byte, line []byte) error {
			_, _, order, err := h.read(line)
			if err != nil {
				return err
			}
			owner[h.ID] = order
			return parts.add(order, kind, line)
		})
		if err != nil {
			return err
		}
		err = agreements.each(i, string(aSale), func(kind byte, line []byte) error {
			if _, _, _, err := h.read(line); err != nil {
				return err
			}
			order, ok := owner[h.ParentID]
			if !ok {
				return errLine(errors.New("a sale without its agreement"))
			}
			return parts.add(order, kind, line)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// The lines of parts, with what they belong to.
type (
	lineNode struct {
		ParentID string `json:"__parentId"`
		line
	}
	shippingNode struct {
		ID       string `json:"id"`
		ParentID string `json:"__parentId"`
		shippingLine
	}
	agreementLine struct {
		ParentID string `json:"__parentId"`
		agreementNode
	}
	saleLine struct {
		ParentID string `json:"__parentId"`
		saleNode
	}
)

// assembled is an order while its parts are collected.
type assembled struct {
	*order
	shipping []shippingNode
}

// assemble puts the orders of a part together.
func assemble(parts *spill, part int) (orders []*order, err error) {
	var all []*assembled
	byID := map[string]*assembled{}
	err = parts.each(part, string(anOrder), func(_ byte, line []byte) error {
		o := &assembled{order: new(order)}
		if err := json.Unmarshal(line, o.order); err != nil {
			return errLine(err)
		}
		if o.UpdatedAt.IsZero() || o.Refunds == nil || byID[o.Id] != nil {
			return errLine(errors.New("an order twice, or without updatedAt or refunds"))
		}
		byID[o.Id] = o
		all = append(all, o)
		return nil
	})
	if err != nil {
		return nil, err
	}
	agreements := map[string]*agreementLine{}
	err = parts.each(part, string([]byte{aLine, aShipping, anAgreement}), func(kind byte, line []byte) error {
		switch kind {
		case aLine:
			return child(line, byID, func(l *lineNode) string { return l.ParentID }, func(o *assembled, l *lineNode) {
				o.LineItems.Nodes = append(o.LineItems.Nodes, l.line)
			})
		case aShipping:
			return child(line, byID, func(l *shippingNode) string { return l.ParentID }, func(o *assembled, l *shippingNode) {
				o.shipping = append(o.shipping, *l)
			})
		}
		return child(line, byID, func(a *agreementLine) string { return a.ParentID }, func(_ *assembled, a *agreementLine) {
			a.Sales.Nodes = []saleNode{}
			agreements[a.ID] = a
		})
	})
	if err != nil {
		return nil, err
	}
	err = parts.each(part, string(aSale), func(_ byte, line []byte) error {
		return child(line, agreements, func(s *saleLine) string { return s.ParentID }, func(a *agreementLine, s *saleLine) {
			a.Sales.Nodes = append(a.Sales.Nodes, s.saleNode)
		})
	})
	if err != nil {
		return nil, err
	}
	for _, a := range agreements {
		o := byID[a.ParentID]
		o.Agreements.Edges = append(o.Agreements.Edges, agreementEdge{Node: a.agreementNode})
	}
	slices.SortFunc(all, func(a, b *assembled) int { return byNumber(a.Id, b.Id) })
	for _, o := range all {
		o.sort()
		orders = append(orders, o.order)
	}
	return orders, nil
}

// child reads a line and gives it to its parent.
func child[N, P any](line []byte, parents map[string]*P, parent func(*N) string, add func(*P, *N)) error {
	n := new(N)
	if err := json.Unmarshal(line, n); err != nil {
		return errLine(err)
	}
	p := parents[parent(n)]
	if p == nil {
		return errLine(errors.New("a part of an order without the order"))
	}
	add(p, n)
	return nil
}

// sort puts the parts of an order into the order in which pages have them: as they were made.
func (o *assembled) sort() {
	slices.SortStableFunc(o.LineItems.Nodes, func(a, b line) int { return byNumber(a.Id, b.Id) })
	slices.SortStableFunc(o.shipping, func(a, b shippingNode) int { return byNumber(a.ID, b.ID) })
	for _, s := range o.shipping {
		o.ShippingLines.Nodes = append(o.ShippingLines.Nodes, s.shippingLine)
	}
	slices.SortStableFunc(o.Agreements.Edges, func(a, b agreementEdge) int {
		return cmp.Or(a.Node.HappenedAt.Compare(b.Node.HappenedAt), byNumber(a.Node.ID, b.Node.ID))
	})
	for i := range o.Agreements.Edges {
		slices.SortStableFunc(o.Agreements.Edges[i].Node.Sales.Nodes, func(a, b saleNode) int { return byNumber(a.ID, b.ID) })
	}
}

func byNumber(a, b string) int {
	first, _ := localID("", a)
	second, _ := localID("", b)
	return cmp.Compare(first, second)
}
