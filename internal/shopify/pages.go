package shopify

import (
	"context"
	"errors"
	"slices"
)

// Products returns products of a window in the order of their updatedAt, after the cursor of an earlier page or from the
// beginning.
func (c *Client) Products(ctx context.Context, w Window, after string) (Page[Product], error) {
	size := c.shop.pages[Products]
	p, denied, err := ask(ctx, c, Products, size, func(a *attempt) (Page[Product], error) {
		resp, err := productsPage(ctx, a, size.get(), optional(after), w.query())
		if err != nil {
			return Page[Product]{}, err
		}
		return page(resp.Products.Nodes, resp.Products.PageInfo, after, (*reader).product)
	})
	p.Denied = denied
	return p, err
}

// Customers returns customers of a window, and maybe more of its first and last day, in the order of their updatedAt,
// after the cursor of an earlier page or from the beginning.
func (c *Client) Customers(ctx context.Context, w Window, after string) (Page[Customer], error) {
	size := c.shop.pages[Customers]
	p, denied, err := ask(ctx, c, Customers, size, func(a *attempt) (Page[Customer], error) {
		resp, err := customersPage(ctx, a, size.get(), optional(after), w.query())
		if err != nil {
			return Page[Customer]{}, err
		}
		return page(resp.Customers.Nodes, resp.Customers.PageInfo, after, (*reader).customer)
	})
	p.Denied = denied
	return p, err
}

// page reads the nodes of a page.
func page[N, T any](nodes []N, info pageInfo, after string, read func(*reader, *N) T) (Page[T], error) {
	if err := info.check(nodes != nil, optional(after)); err != nil {
		return Page[T]{}, err
	}
	p, r := Page[T]{Records: make([]T, len(nodes)), Next: next(info)}, reader{}
	for i := range nodes {
		p.Records[i] = read(&r, &nodes[i])
	}
	return p, r.err
}

// How many records are asked for by id at once; what they cost grows with their number.
const (
	productsAtOnce  = 150
	customersAtOnce = 200
	ordersAtOnce    = 10
)

// ProductsByID returns products, and the ids that the store does not have.
func (c *Client) ProductsByID(ctx context.Context, ids []int64) (found []Product, missing []int64, err error) {
	for some := range slices.Chunk(ids, productsAtOnce) {
		got, _, err := ask(ctx, c, Products, nil, func(a *attempt) ([]Product, error) {
			resp, err := productsByID(ctx, a, globalIDs(Products, some))
			if err != nil {
				return nil, err
			}
			return byID(some, resp.Nodes, (*reader).product)
		})
		if err != nil {
			return nil, nil, err
		}
		found = append(found, got...)
		missing = append(missing, without(some, got, func(p Product) int64 { return p.ID })...)
	}
	return found, missing, nil
}

// CustomersByID returns customers, and the ids that the store does not have.
func (c *Client) CustomersByID(ctx context.Context, ids []int64) (found []Customer, missing []int64, err error) {
	for some := range slices.Chunk(ids, customersAtOnce) {
		got, _, err := ask(ctx, c, Customers, nil, func(a *attempt) ([]Customer, error) {
			resp, err := customersByID(ctx, a, globalIDs(Customers, some))
			if err != nil {
				return nil, err
			}
			return byID(some, resp.Nodes, (*reader).customer)
		})
		if err != nil {
			return nil, nil, err
		}
		found = append(found, got...)
		missing = append(missing, without(some, got, func(c Customer) int64 { return c.ID })...)
	}
	return found, missing, nil
}

// byID reads the nodes that there are.
func byID[N, T any](ids []int64, nodes []*N, read func(*reader, *N) T) ([]T, error) {
	if len(nodes) != len(ids) {
		return nil, errors.New("not as many nodes as ids")
	}
	var found []T
	var r reader
	for _, n := range nodes {
		if n != nil {
			found = append(found, read(&r, n))
		}
	}
	return found, r.err
}

func globalIDs(kind Kind, ids []int64) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = globalID(kind, id)
	}
	return all
}

// without returns the ids that no record has.
func without[T any](ids []int64, found []T, id func(T) int64) (missing []int64) {
	for _, want := range ids {
		if !slices.ContainsFunc(found, func(t T) bool { return id(t) == want }) {
			missing = append(missing, want)
		}
	}
	return missing
}
