package main

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// What a dashboard asks for when it opens.
const dashboardQuery = `query Dashboard {
	overview {
		range { from to }
		currencyCode
		freshness { asOf complete rebuilding containsSampleData }
		totalRevenue { value { amount currencyCode } }
		grossSales { value { amount currencyCode } }
		discounts { value { amount currencyCode } }
		salesReversals { value { amount currencyCode } }
		netSales { value { amount currencyCode } }
		orders { value }
		unitsSold { value }
		customers { value }
		newCustomers { value }
		returningCustomers { value }
		averageOrderValue { value { amount currencyCode } }
		returningCustomerRate { value }
	}
	salesTrend(range: { preset: LAST_30_DAYS }, interval: DAY) {
		range { from to }
		points { label startsAt partial orders customers netSales { amount currencyCode } totalSales { amount currencyCode } }
		totals { orders customers netSales { amount currencyCode } totalSales { amount currencyCode } }
	}
	topCustomers(first: 5) {
		rank orders shareOfSales
		totalSales { amount currencyCode }
		customer { id displayName email }
	}
}`

// What a table of orders with their lines shows.
const orderFields = ` {
	nodes {
		id name processedAt financialStatus fulfillmentStatus tags
		subtotal { amount currencyCode }
		shipping { amount currencyCode }
		taxes { amount currencyCode }
		total { shopMoney { amount currencyCode } }
		netSales { amount currencyCode }
		customer { id displayName email }
		items {
			id title variantTitle sku quantity
			unitPrice { amount currencyCode }
			netSales { amount currencyCode }
			product { id title imageUrl }
		}
	}
	pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
}`

const pageQuery = `query Page($after: String) { orders(first: 50, after: $after)` + orderFields + `}`

const historyQuery = `query History($id: ID!) {
	customer(id: $id) {
		id displayName email ordersCount firstOrderAt lastOrderAt
		totalSpent { amount currencyCode }
		orders(first: 20) {
			nodes {
				id name processedAt financialStatus fulfillmentStatus
				total { shopMoney { amount currencyCode } }
				netSales { amount currencyCode }
				items { id title variantTitle sku quantity unitPrice { amount currencyCode } netSales { amount currencyCode } }
			}
			pageInfo { hasNextPage endCursor }
		}
	}
}`

// pair is one request to the service and to its floor.
type pair struct {
	name       string
	shop       shop
	target     float64
	statements int
	service    func() error
	floor      func() error
}

// newPair lets the service answer once, and builds the floor from what was seen.
func (s *service) newPair(sh shop, name string, target float64, snapshot bool, query string, variables map[string]any) (pair, error) {
	p := pair{name: name, shop: sh, target: target}
	r, err := newRequest(sh.token, query, variables)
	if err != nil {
		return p, err
	}
	var answer []byte
	seen := s.record(func() { answer, err = r.send(s.Handler) })
	if err != nil {
		return p, fmt.Errorf("%s: %w", name, err)
	}
	f := &floor{db: s.db, tokens: s.tokens, statements: seen, snapshot: snapshot}
	if f.answer, err = shaped(answer); err != nil {
		return p, fmt.Errorf("%s: %w", name, err)
	}
	bare, err := r.send(f)
	if err != nil {
		return p, fmt.Errorf("%s: floor: %w", name, err)
	}
	if !same(answer, bare) {
		return p, fmt.Errorf("%s: the floor answers something else", name)
	}
	p.statements = len(seen)
	p.service = func() error { _, err := r.send(s.Handler); return err }
	p.floor = func() error { _, err := r.send(f); return err }
	return p, nil
}

// same tells whether two answers say the same, in whatever order of members.
func same(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	p, err1 := json.Marshal(x)
	q, err2 := json.Marshal(y)
	return err1 == nil && err2 == nil && bytes.Equal(p, q)
}

// measureReads measures every request in every store, all sizes of one request in turns.
func measureReads(set settings, s *service, engine string, shops []shop, r *report) error {
	kinds := []struct {
		name string
		of   func(shop) ([]pair, error)
	}{{dashboardKind, s.dashboard}, {"page", s.pages}, {"history", s.history}}
	for _, kind := range kinds {
		say("%s: %s", engine, kind.name)
		var pairs []pair
		for _, sh := range shops {
			some, err := kind.of(sh)
			if err != nil {
				return err
			}
			pairs = append(pairs, some...)
		}
		var fs []func() error
		for _, p := range pairs {
			fs = append(fs, p.service, p.floor)
		}
		resetPeak()
		if err := profiled(set, engine+"-"+kind.name, func() error {
			costs, err := turns(set.rounds, fs...)
			if err != nil {
				return err
			}
			r.reads(engine, kind.name, pairs, costs, peak())
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

func (s *service) dashboard(sh shop) ([]pair, error) {
	p, err := s.newPair(sh, "dashboard", 3, true, dashboardQuery, nil)
	return []pair{p}, err
}

// pages are the first page and the last but for what follows it: as deep as a cursor goes.
func (s *service) pages(sh shop) ([]pair, error) {
	first, err := s.newPair(sh, firstPage, 2, false, pageQuery, nil)
	if err != nil {
		return nil, err
	}
	var out struct {
		Orders struct{ PageInfo struct{ StartCursor string } }
	}
	if err := s.ask(sh.token, `{ orders(last: 51) { pageInfo { startCursor } } }`, nil, &out); err != nil {
		return nil, err
	}
	deep, err := s.newPair(sh, deepPage, 2, false, pageQuery, map[string]any{"after": out.Orders.PageInfo.StartCursor})
	return []pair{first, deep}, err
}

func (s *service) history(sh shop) ([]pair, error) {
	var out struct {
		Customers struct{ Nodes []struct{ ID string } }
	}
	if err := s.ask(sh.token, `{ customers(first: 1, sort: { key: ORDERS_COUNT }) { nodes { id } } }`, nil, &out); err != nil {
		return nil, err
	}
	p, err := s.newPair(sh, "customer history", 2, false, historyQuery, map[string]any{"id": out.Customers.Nodes[0].ID})
	return []pair{p}, err
}
