package loader

import (
	"encoding/json"
	"fmt"

	"github.com/shopsight/shopsight/internal/commerce"
)

// Orders returns orders by row: position i belongs with ids[i], nil for one that the viewer cannot see.
func (s *Set) Orders(ids []int64) ([]*commerce.Order, error) {
	l := s.orders
	if err := ahead(&l.mu, &l.cache, l.unsafeSet, l.maxBatch, l.fetch, ids); err != nil {
		return nil, err
	}
	return each(ids, l.Load)
}

// OrderItems returns lines of orders by row, as Orders does.
func (s *Set) OrderItems(ids []int64) ([]*commerce.OrderItem, error) {
	l := s.items
	if err := ahead(&l.mu, &l.cache, l.unsafeSet, l.maxBatch, l.fetch, ids); err != nil {
		return nil, err
	}
	return each(ids, l.Load)
}

// Customers returns customers by row, as Orders does.
func (s *Set) Customers(ids []int64) ([]*commerce.Customer, error) {
	l := s.customers
	if err := ahead(&l.mu, &l.cache, l.unsafeSet, l.maxBatch, l.fetch, ids); err != nil {
		return nil, err
	}
	return each(ids, l.Load)
}

// Products returns products by row, as Orders does.
func (s *Set) Products(ids []int64) ([]*commerce.Product, error) {
	l := s.products
	if err := ahead(&l.mu, &l.cache, l.unsafeSet, l.maxBatch, l.fetch, ids); err != nil {
		return nil, err
	}
	return each(ids, l.Load)
}

// Order returns an order by row, nil when the viewer cannot see it. It waits a moment for others to ask too.
func (s *Set) Order(id int64) (*commerce.Order, error) { return s.orders.Load(id) }

// OrderItem returns a line of an order by row, as Order does.
func (s *Set) OrderItem(id int64) (*commerce.OrderItem, error) { return s.items.Load(id) }

// Customer returns a customer by row, as Order does.
func (s *Set) Customer(id int64) (*commerce.Customer, error) { return s.customers.Load(id) }

// Product returns a product by row, as Order does.
func (s *Set) Product(id int64) (*commerce.Product, error) { return s.products.Load(id) }

// ItemsOf returns the lines of an order, and reads those of its peers.
func (s *Set) ItemsOf(o *commerce.Order) ([]*commerce.OrderItem, error) {
	l := s.lines
	if err := s.together(groupKey{l, first(o.Peers(), o)}, func() error {
		return ahead(&l.mu, &l.cache, l.unsafeSet, l.maxBatch, l.fetch, orderIDs(o))
	}); err != nil {
		return nil, err
	}
	return l.Load(o.ID)
}

// RefundsOf returns the refunds of an order, and reads those of its peers.
func (s *Set) RefundsOf(o *commerce.Order) ([]*commerce.Refund, error) {
	l := s.refunds
	if err := s.together(groupKey{l, first(o.Peers(), o)}, func() error {
		return ahead(&l.mu, &l.cache, l.unsafeSet, l.maxBatch, l.fetch, orderIDs(o))
	}); err != nil {
		return nil, err
	}
	return l.Load(o.ID)
}

// CustomerOf returns the customer of an order, nil for a guest, and reads those of its peers.
func (s *Set) CustomerOf(o *commerce.Order) (*commerce.Customer, error) {
	if o.CustomerID == nil {
		return nil, nil
	}
	l := s.customers
	if err := s.together(groupKey{l, first(o.Peers(), o)}, func() error {
		ids := []int64{*o.CustomerID}
		for _, p := range o.Peers() {
			if p.CustomerID != nil {
				ids = append(ids, *p.CustomerID)
			}
		}
		return ahead(&l.mu, &l.cache, l.unsafeSet, l.maxBatch, l.fetch, ids)
	}); err != nil {
		return nil, err
	}
	return l.Load(*o.CustomerID)
}

// NumberOf returns which of its customer's orders an order is, and reads the numbers of its peers; nil for a guest's
// order and for a test.
func (s *Set) NumberOf(o *commerce.Order) (*int, error) {
	place, ok := o.Place()
	if !ok {
		return nil, nil
	}
	l := s.numbers
	if err := s.together(groupKey{l, first(o.Peers(), o)}, func() error {
		places := []commerce.Place{place}
		for _, p := range o.Peers() {
			if place, ok := p.Place(); ok {
				places = append(places, place)
			}
		}
		return ahead(&l.mu, &l.cache, l.unsafeSet, l.maxBatch, l.fetch, places)
	}); err != nil {
		return nil, err
	}
	n, err := l.Load(place)
	return &n, err
}

// ProductOf returns the product of a line, nil when there is none to be seen, and reads those of its peers.
func (s *Set) ProductOf(i *commerce.OrderItem) (*commerce.Product, error) {
	if i.ProductID == nil {
		return nil, nil
	}
	l := s.products
	if err := s.together(groupKey{l, first(i.Peers(), i)}, func() error {
		ids := []int64{*i.ProductID}
		for _, p := range i.Peers() {
			if p.ProductID != nil {
				ids = append(ids, *p.ProductID)
			}
		}
		return ahead(&l.mu, &l.cache, l.unsafeSet, l.maxBatch, l.fetch, ids)
	}); err != nil {
		return nil, err
	}
	return l.Load(*i.ProductID)
}

// OrdersOf returns a page of a customer's orders, and reads the same page of the orders of its peers.
func (s *Set) OrdersOf(c *commerce.Customer, p commerce.Page, f commerce.OrderFilter, sort commerce.OrderSort) (*commerce.OrderConnection, error) {
	l, err := s.history(p, f, sort)
	if err != nil {
		return nil, err
	}
	if err := s.together(groupKey{l, first(c.Peers(), c)}, func() error {
		ids := []int64{c.ID}
		for _, p := range c.Peers() {
			ids = append(ids, p.ID)
		}
		return ahead(&l.mu, &l.cache, l.unsafeSet, l.maxBatch, l.fetch, ids)
	}); err != nil {
		return nil, err
	}
	return l.Load(c.ID)
}

// history returns the loader of the pages with these arguments: a query may ask for several under different names.
func (s *Set) history(p commerce.Page, f commerce.OrderFilter, sort commerce.OrderSort) (*HistoryLoader, error) {
	args, err := json.Marshal([]any{p, f, sort})
	if err != nil {
		return nil, fmt.Errorf("loader: arguments: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.histories[string(args)]
	if l == nil {
		l = s.newHistory(p, f, sort)
		s.histories[string(args)] = l
	}
	return l, nil
}

// first returns the record that stands for a group; a record without peers is its own.
func first[N any](peers []*N, own *N) *N {
	if len(peers) > 0 {
		return peers[0]
	}
	return own
}

func orderIDs(o *commerce.Order) []int64 {
	ids := []int64{o.ID}
	for _, p := range o.Peers() {
		ids = append(ids, p.ID)
	}
	return ids
}

// each loads what is in the loader's memory already.
func each[V any](ids []int64, load func(int64) (V, error)) ([]V, error) {
	out := make([]V, len(ids))
	for i, id := range ids {
		var err error
		if out[i], err = load(id); err != nil {
			return nil, err
		}
	}
	return out, nil
}
