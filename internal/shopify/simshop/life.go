package simshop

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/shopsight/shopsight/internal/money"
)

// Changes counts what happened at random.
type Changes struct {
	Sold, Updated, Refunded, Edited, Cancelled, Deleted int
}

// Sell lets somebody buy something now, and returns the order. Stock and customer change with it.
func (s *Shop) Sell() *Order {
	defer s.act()()
	return s.sell()
}

func (s *Shop) sell() *Order {
	now := s.now()
	m := s.market.Sell(s.sold, s.known, now)
	if m.Customer != nil && *m.Customer == s.known {
		c := customer(s.market.NewCustomer(s.known, now))
		s.put(KindCustomer, c.ID, c, now)
		s.known++
	}
	s.sold++
	o := s.order(m)
	if o.CustomerID != 0 && s.touch(KindCustomer, o.CustomerID) != nil {
		o.CustomerID = 0 // deleted: who comes back is a stranger
	}
	for i := range o.Lines {
		l := &o.Lines[i]
		if update(s, KindProduct, l.ProductID, func(p *Product, now time.Time) error {
			p.UpdatedAt = now
			if p.TracksInventory {
				p.Inventory -= int(l.Quantity)
			}
			return nil
		}) != nil {
			l.ProductID = 0
		}
	}
	s.put(KindOrder, o.ID, o, now)
	return o
}

// Run keeps selling, so many orders an hour on average, until the context ends. Some orders are sent, changed, cancelled
// or given back meanwhile.
func (s *Shop) Run(ctx context.Context, perHour float64) {
	if perHour <= 0 {
		return
	}
	for {
		s.mu.Lock()
		pause := time.Duration(s.dice.ExpFloat64() / perHour * float64(time.Hour))
		s.mu.Unlock()
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		done := s.act()
		s.sell()
		if s.dice.IntN(3) == 0 {
			s.occasion = ""
			s.change(&Changes{})
		}
		done()
	}
}

// Change makes so many random changes: new orders, refunds, edits, cancellations, changed and deleted records of every
// kind. Deletions leave events.
func (s *Shop) Change(n int) Changes {
	defer s.act()()
	var c Changes
	for range n {
		s.occasion = ""
		s.change(&c)
	}
	return c
}

func (s *Shop) change(c *Changes) {
	switch n := s.dice.IntN(100); {
	case n < 10:
		s.sell()
		c.Sold++
	case n < 40:
		if s.changeOrder(c) {
			return
		}
		s.sell()
		c.Sold++
	case n < 58:
		c.Updated += s.random(KindOrder, func(id int64) error {
			return s.updateOrder(id, func(o *Order, _ time.Time) error {
				o.FulfillmentStatus = []string{"FULFILLED", "IN_PROGRESS", "UNFULFILLED", "ON_HOLD"}[s.dice.IntN(4)]
				o.Tags = append(o.Tags, fmt.Sprintf("batch-%02d", s.dice.IntN(30)))
				o.Tags = tags(slices.Compact(tags(o.Tags)))
				return nil
			})
		})
	case n < 76:
		c.Updated += s.random(KindProduct, func(id int64) error {
			return update(s, KindProduct, id, func(p *Product, now time.Time) error {
				p.Inventory, p.UpdatedAt = s.dice.IntN(300), now
				p.Price += p.Price * int64(s.dice.IntN(21)-10) / 100
				return nil
			})
		})
	case n < 91:
		c.Updated += s.random(KindCustomer, func(id int64) error {
			return update(s, KindCustomer, id, func(c *Customer, now time.Time) error {
				c.Phone, c.UpdatedAt = fmt.Sprintf("+1212555%04d", 100+s.dice.IntN(100)), now
				c.City = []string{c.City, "Springfield", "Łódź", "大阪"}[s.dice.IntN(4)]
				return nil
			})
		})
	default:
		kind := []Kind{KindOrder, KindOrder, KindCustomer, KindProduct}[s.dice.IntN(4)]
		c.Deleted += s.random(kind, func(id int64) error { return s.delete(kind, id, false) })
	}
}

// random does something to a record, and returns how many records there were to do it to: one or none.
func (s *Shop) random(kind Kind, do func(id int64) error) int {
	r, ok := s.tables[kind].pick(s.dice)
	if !ok || do(r.key()) != nil {
		return 0
	}
	return 1
}

// pick returns a random record that is there.
func (t *table) pick(dice *rand.Rand) (record, bool) {
	for range 100 {
		if len(t.ids) == 0 {
			break
		}
		if r := t.get(t.ids[dice.IntN(len(t.ids))]); r != nil {
			return r, true
		}
	}
	return nil, false
}

// changeOrder refunds, edits or cancels an order, and tells whether there was one that it could be done to.
func (s *Shop) changeOrder(c *Changes) bool {
	for range 20 {
		r, _ := s.tables[KindOrder].pick(s.dice)
		o, ok := r.(*Order)
		if !ok {
			return false
		}
		if i := o.open(); i >= 0 && !o.Test && o.CancelledAt.IsZero() {
			s.alter(o, i, c)
			return true
		}
	}
	return false
}

// open returns a line of which there are units left, -1 if there is none.
func (o *Order) open() int {
	return slices.IndexFunc(o.Lines, func(l Line) bool { return l.CurrentQuantity > 0 && !l.GiftCard })
}

func (s *Shop) alter(o *Order, line int, c *Changes) {
	l := o.Lines[line]
	some := map[int64]int64{l.ID: 1 + s.dice.Int64N(l.CurrentQuantity)}
	_ = s.updateOrder(o.ID, func(o *Order, now time.Time) error {
		switch n := s.dice.IntN(10); {
		case n < 5:
			s.giveBack(o, now, RefundInput{Lines: some, Restock: s.dice.IntN(2) == 0, Note: "Changed my mind"})
			c.Refunded++
		case n < 6:
			part := l.UnitPrice / 10
			s.giveBack(o, now, RefundInput{Adjustment: part, Note: "Arrived late"})
			c.Refunded++
		case n < 9:
			more := 1 + s.dice.Int64N(3)
			in := EditInput{Remove: some, Add: []LineInput{{ProductID: l.ProductID, Title: l.Title, Price: l.UnitPrice,
				Quantity: more, Tax: money.MulDiv(sum(l.Taxes), more, l.Quantity)}}}
			if n == 8 {
				in.Remove = nil
			}
			s.edit(o, now, in)
			c.Edited++
		default:
			s.cancel(o, now, s.dice.IntN(2) == 0)
			c.Cancelled++
		}
		return nil
	})
}
