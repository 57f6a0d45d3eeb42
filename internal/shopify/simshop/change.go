package simshop

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/shopsight/shopsight/internal/money"
)

// ErrNone says that there is no such record.
var ErrNone = errors.New("simshop: no such record")

// LineInput is a line of an order that a test places. Amounts are those of the whole line but for Price.
type LineInput struct {
	ProductID       int64 // 0: no product, with a Title
	Title           string
	Price, Quantity int64
	Discount, Tax   int64
	GiftCard        bool
}

// OrderInput is an order that a test places. Shipping is priced as lines are: with its tax when prices include tax.
type OrderInput struct {
	CustomerID            int64     // 0: a guest
	At                    time.Time // zero: now
	Test, TaxesIncluded   bool
	Lines                 []LineInput
	Shipping, ShippingTax int64
	Tips, Duties, Fees    int64
}

// CreateProduct adds a product. Its id and instants are the store's; what is returned is as it was stored.
func (s *Shop) CreateProduct(p Product) *Product {
	defer s.act()()
	p.ID = s.next(KindProduct)
	p.CreatedAt, p.UpdatedAt = s.now(), s.now()
	if p.Status == "" {
		p.Status = "ACTIVE"
	}
	s.put(KindProduct, p.ID, &p, s.now())
	s.event("create", subjects[KindProduct], p.ID, s.now(), false)
	return &p
}

// CreateCustomer adds a customer, as CreateProduct does.
func (s *Shop) CreateCustomer(c Customer) *Customer {
	defer s.act()()
	c.ID = s.next(KindCustomer)
	c.CreatedAt, c.UpdatedAt = s.now(), s.now()
	s.put(KindCustomer, c.ID, &c, s.now())
	return &c
}

// CreateOrder places an order that is paid for.
func (s *Shop) CreateOrder(in OrderInput) *Order {
	defer s.act()()
	now := s.now()
	at := now
	if !in.At.IsZero() {
		at = second(in.At)
	}
	o := &Order{ID: s.next(KindOrder), CreatedAt: at, ProcessedAt: at, UpdatedAt: now, Test: in.Test,
		TaxesIncluded: in.TaxesIncluded, SourceName: "web", CustomerID: in.CustomerID, FinancialStatus: "PAID",
		FulfillmentStatus: "UNFULFILLED", Tips: in.Tips, Duties: in.Duties, Fees: in.Fees}
	o.Name = "#" + strconv.FormatInt(1001+o.ID-firstOrder, 10)
	for _, l := range in.Lines {
		o.Lines = append(o.Lines, s.line(l))
	}
	if in.Shipping != 0 {
		o.Shipping = []ShippingLine{{s.id(), "Standard", in.Shipping, parts(in.ShippingTax, false)}}
	}
	s.agree(o, "ORDER", at, s.placed(o, func(int) bool { return true }))
	s.put(KindOrder, o.ID, o, now)
	return o
}

func (s *Shop) line(in LineInput) Line {
	l := Line{ID: s.id(), ProductID: in.ProductID, Title: in.Title, Quantity: in.Quantity, CurrentQuantity: in.Quantity,
		UnitPrice: in.Price, Discounts: parts(in.Discount, false), Taxes: parts(in.Tax, false), GiftCard: in.GiftCard}
	if p, ok := s.tables[KindProduct].get(in.ProductID).(*Product); ok {
		l.Vendor = p.Vendor
		if l.Title == "" {
			l.Title = p.Title
		}
	}
	return l
}

// next returns the id of a new record: ids of a kind only rise. An order has the next number, and so has a customer.
func (s *Shop) next(kind Kind) int64 {
	switch kind {
	case KindOrder:
		s.sold++
		return firstOrder + int64(s.sold) - 1
	case KindCustomer:
		s.known++
		return firstCustomer + int64(s.known) - 1
	}
	products, _, _ := s.market.Counts()
	s.added++
	return firstProduct + int64(products+s.added) - 1
}

// UpdateProduct changes a product, and when it was changed.
func (s *Shop) UpdateProduct(id int64, change func(*Product)) error {
	defer s.act()()
	return update(s, KindProduct, id, func(p *Product, now time.Time) error {
		p.Tags = slices.Clone(p.Tags)
		change(p)
		p.UpdatedAt = now
		return nil
	})
}

// UpdateCustomer changes a customer, and when it was changed.
func (s *Shop) UpdateCustomer(id int64, change func(*Customer)) error {
	defer s.act()()
	return update(s, KindCustomer, id, func(c *Customer, now time.Time) error {
		c.Tags = slices.Clone(c.Tags)
		change(c)
		c.UpdatedAt = now
		return nil
	})
}

// UpdateOrder changes an order, and when it was changed. It is for what does not touch amounts: those follow from Refund,
// Edit and Cancel.
func (s *Shop) UpdateOrder(id int64, change func(*Order)) error {
	defer s.act()()
	return s.updateOrder(id, func(o *Order, _ time.Time) error {
		change(o)
		return nil
	})
}

func (s *Shop) updateOrder(id int64, change func(o *Order, now time.Time) error) error {
	return update(s, KindOrder, id, func(o *Order, now time.Time) error {
		o.Tags, o.DiscountCodes = slices.Clone(o.Tags), slices.Clone(o.DiscountCodes)
		o.Lines, o.Shipping = slices.Clone(o.Lines), slices.Clone(o.Shipping)
		o.Refunds, o.Agreements = slices.Clone(o.Refunds), slices.Clone(o.Agreements)
		if err := change(o, now); err != nil {
			return err
		}
		o.UpdatedAt = now
		return nil
	})
}

// update puts a changed copy of a record in its place.
func update[T any, R interface {
	*T
	record
}](s *Shop, kind Kind, id int64, change func(R, time.Time) error) error {
	before, ok := s.tables[kind].get(id).(R)
	if !ok {
		return ErrNone
	}
	after, now := *before, s.now()
	if err := change(&after, now); err != nil {
		return err
	}
	s.put(kind, id, R(&after), now)
	return nil
}

// RefundInput says what to give back of an order.
type RefundInput struct {
	// Lines are the units of each line by its id.
	Lines map[int64]int64
	// Shipping gives back what the deliveries cost.
	Shipping bool
	// Duties gives back the duties and the fees.
	Duties bool
	// Adjustment is given back besides, while the buyer keeps all; AdjustmentTax of it is tax.
	Adjustment, AdjustmentTax int64
	// Restock puts the units back on the shelf.
	Restock bool
	Note    string
}

// Refund gives back a part of an order, or all. Of a line no more units are given back than are left.
func (s *Shop) Refund(id int64, in RefundInput) error {
	defer s.act()()
	return s.updateOrder(id, func(o *Order, now time.Time) error {
		s.giveBack(o, now, in)
		return nil
	})
}

func (s *Shop) giveBack(o *Order, now time.Time, in RefundInput) {
	sales := s.removed(o, in.Lines)
	var lines []RefundLine
	for _, sale := range sales {
		lines = append(lines, RefundLine{s.id(), sale.LineID, -sale.Quantity, in.Restock})
	}
	if in.Shipping {
		for _, l := range o.Shipping {
			total := l.Price
			if !o.TaxesIncluded {
				total += sum(l.Taxes)
			}
			sales = append(sales, Sale{s.id(), "RETURN", "SHIPPING", 0, -total, -sum(l.Taxes), 0})
		}
	}
	if in.Duties {
		for _, extra := range o.extras() {
			if extra.LineType != "TIP" {
				sales = append(sales, Sale{s.id(), "RETURN", extra.LineType, 0, -extra.Total, 0, 0})
			}
		}
	}
	if in.Adjustment != 0 {
		sales = append(sales, Sale{s.id(), "UPDATE", "ADJUSTMENT", 0, -in.Adjustment, -in.AdjustmentTax, 0})
	}
	s.refund(o, now, in.Note, sales, lines)
	o.FinancialStatus = "PARTIALLY_REFUNDED"
	if o.refunded() >= o.sales("ORDER", "ORDER_EDIT") {
		o.FinancialStatus = "REFUNDED"
	}
}

// removed takes units of lines back: in the order of the lines, each for its exact share, so that all units taken back
// one by one come to the whole line.
func (s *Shop) removed(o *Order, units map[int64]int64) (sales []Sale) {
	for i := range o.Lines {
		l := &o.Lines[i]
		n := min(units[l.ID], l.CurrentQuantity)
		if n <= 0 {
			continue
		}
		gone := l.Quantity - l.CurrentQuantity
		share := func(whole int64) int64 {
			return money.MulDiv(whole, gone+n, l.Quantity) - money.MulDiv(whole, gone, l.Quantity)
		}
		tax := share(sum(l.Taxes))
		sales = append(sales, s.back(o, i, n, share(l.total(o.TaxesIncluded)-sum(l.Taxes)), tax))
	}
	return sales
}

// EditInput says how to edit an order: which units of which lines to remove, by id, and which lines to add.
type EditInput struct {
	Remove map[int64]int64
	Add    []LineInput
}

// Edit changes what an order is of, as a merchant may do before it is sent.
func (s *Shop) Edit(id int64, in EditInput) error {
	defer s.act()()
	return s.updateOrder(id, func(o *Order, now time.Time) error {
		s.edit(o, now, in)
		return nil
	})
}

func (s *Shop) edit(o *Order, now time.Time, in EditInput) {
	sales := s.removed(o, in.Remove)
	for _, l := range in.Add {
		o.Lines = append(o.Lines, s.line(l))
		sales = append(sales, s.sale(o, len(o.Lines)-1))
	}
	s.agree(o, "ORDER_EDIT", now, sales)
}

// Cancel calls an order off, and gives all of it back if that is asked.
func (s *Shop) Cancel(id int64, refund bool) error {
	defer s.act()()
	return s.updateOrder(id, func(o *Order, now time.Time) error {
		s.cancel(o, now, refund)
		return nil
	})
}

func (s *Shop) cancel(o *Order, now time.Time, refund bool) {
	o.CancelledAt, o.FinancialStatus = now, "VOIDED"
	if refund {
		in := RefundInput{Lines: make(map[int64]int64), Shipping: true, Duties: true, Restock: true, Note: "Order cancelled"}
		for _, l := range o.Lines {
			in.Lines[l.ID] = l.CurrentQuantity
		}
		s.giveBack(o, now, in)
		o.FulfillmentStatus = "RESTOCKED"
	}
}

// Delete removes a record. It leaves an event behind and a webhook, unless it is silent: then nothing but its absence tells
// of it.
func (s *Shop) Delete(kind Kind, id int64, silent bool) error {
	defer s.act()()
	return s.delete(kind, id, silent)
}

func (s *Shop) delete(kind Kind, id int64, silent bool) error {
	if s.tables[kind].get(id) == nil {
		return ErrNone
	}
	if silent {
		s.tables[kind].put(id, nil, s.now())
	} else {
		s.put(kind, id, nil, s.now())
		s.event("destroy", subjects[kind], id, s.now(), false)
	}
	return nil
}

// Touch changes nothing but when records were changed, as a bulk edit does: all of them at one instant. Without ids it
// touches all of the kind.
func (s *Shop) Touch(kind Kind, ids ...int64) error {
	defer s.act()()
	if len(ids) == 0 {
		items, _ := s.tables[kind].list("ID", false, time.Time{})
		for _, it := range items {
			ids = append(ids, it.ID)
		}
	}
	for _, id := range ids {
		s.occasion = "" // each record's own
		if err := s.touch(kind, id); err != nil {
			return err
		}
	}
	return nil
}

func (s *Shop) touch(kind Kind, id int64) error {
	switch kind {
	case KindProduct:
		return update(s, kind, id, func(p *Product, now time.Time) error { p.UpdatedAt = now; return nil })
	case KindCustomer:
		return update(s, kind, id, func(c *Customer, now time.Time) error { c.UpdatedAt = now; return nil })
	}
	return update(s, kind, id, func(o *Order, now time.Time) error { o.UpdatedAt = now; return nil })
}
