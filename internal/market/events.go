package market

import (
	"time"

	"github.com/shopsight/shopsight/internal/money"
)

// Per mille of the orders that are cancelled, and that are given back in part or in full.
const (
	cancelled = 20
	refunded  = 65 // a few of them in the future, which has not happened
)

// proceed tells what became of the order after its sale: paid, sent, cancelled, edited, given back.
func (o *draft) proceed() {
	o.out.FinancialStatus, o.out.FulfillmentStatus = "PAID", "UNFULFILLED"
	fate := o.dice.IntN(1000)
	if o.out.Test || o.cards() {
		fate = 1000
	}
	switch {
	case fate < cancelled && !o.pos() && o.cancel():
		return
	case fate >= cancelled && fate < cancelled+refunded:
		o.send()
		o.giveBack()
		return
	}
	o.send()
	o.pay()
	if o.every(perEdit, o.number) && !o.out.Test && !o.cards() {
		o.edit()
	}
}

// cards tells whether the order has a gift card, which is not taken back.
func (o *draft) cards() bool { return o.out.Lines[len(o.out.Lines)-1].GiftCard }

// send ships the order in the days after it was placed.
func (o *draft) send() {
	age := int(o.today - o.day)
	if o.pos() {
		o.out.FulfillmentStatus = "FULFILLED"
		return
	}
	if at, past := o.later(o.dice, o.slot, 1, 4); past {
		o.out.FulfillmentStatus = "FULFILLED"
		if age < 10 && len(o.out.Lines) > 1 && o.dice.chance(120) {
			o.out.FulfillmentStatus = "PARTIALLY_FULFILLED"
		}
		o.touched(at)
		return
	}
	if age > 0 {
		o.out.FulfillmentStatus = []string{"UNFULFILLED", "IN_PROGRESS", "ON_HOLD", "SCHEDULED"}[o.dice.weighted([]int{55, 30, 8, 7})]
	}
}

// pay says whether the money is there. Most buyers pay at once; invoices take a while, and a few are never paid.
func (o *draft) pay() {
	age := int(o.today - o.day)
	switch n := o.dice.IntN(1000); {
	case o.pos() || o.out.Test:
	case n < 40 && age < 14:
		o.out.FinancialStatus = "PENDING"
	case n < 90 && age < 3:
		o.out.FinancialStatus = "AUTHORIZED"
	case n < 6:
		o.out.FinancialStatus = "PARTIALLY_PAID"
	case n < 10 && age >= 14: // never captured, so never sent
		o.out.FinancialStatus, o.out.FulfillmentStatus = "EXPIRED", "UNFULFILLED"
	}
}

// cancel calls the order off before it is sent, and tells whether that has happened by now.
func (o *draft) cancel() bool {
	at, past := o.soon(o.dice, o.slot, 20, 30*60)
	if !past {
		return false
	}
	o.out.CancelledAt = &at
	o.touched(at)
	if o.dice.chance(500) || o.extras {
		o.out.FinancialStatus = "VOIDED" // it had not been paid
		return true
	}
	o.out.FinancialStatus, o.out.FulfillmentStatus = "REFUNDED", "RESTOCKED"
	o.refundAll(at, "Order cancelled")
	return true
}

var reasons = []string{"Arrived damaged", "Wrong size", "Changed my mind", "Not as described", "Found it cheaper", "Late delivery",
	"贈り物が重複しました", "Falsche Größe geliefert"}

// giveBack refunds the order in full or in part, once it has been sent.
func (o *draft) giveBack() {
	at, past := o.later(o.dice, o.slot, 4, 26)
	if !past {
		return
	}
	o.touched(at)
	note := of(o.dice, reasons)
	if !o.extras && o.dice.chance(450) {
		o.out.FinancialStatus = "REFUNDED"
		o.refundAll(at, note)
		return
	}
	o.out.FinancialStatus = "PARTIALLY_REFUNDED"
	i := o.dice.IntN(len(o.out.Lines))
	if len(o.out.Lines) == 1 && o.out.Lines[0].Quantity == 1 { // a reduction: the buyer keeps the goods
		l := o.out.Lines[0]
		part := money.MulDiv(o.net(l), int64(o.dice.between(10, 40)), 100)
		o.refund(at, note, 0, Refund{Amount: part, Tax: money.MulDiv(l.Tax, part, max(o.net(l), 1))})
		return
	}
	o.refundLine(at, note, i, int64(o.dice.between(1, max(1, int(o.out.Lines[i].Quantity)-1))))
	if len(o.out.Lines) > 2 && o.dice.chance(300) { // and another one comes back later
		if again := at.Add(time.Duration(o.dice.between(1, 9)*24) * time.Hour); again.Before(o.cutoff) {
			i = (i + 1) % len(o.out.Lines)
			o.refundLine(again, of(o.dice, reasons), i, 1)
			o.touched(again)
		}
	}
}

// refundLine takes back some pieces of one line.
func (o *draft) refundLine(at time.Time, note string, i int, quantity int64) {
	back := o.part(i, quantity)
	back.Restocked = o.dice.chance(700)
	o.refund(at, note, i, Refund{Amount: back.Amount, Tax: back.Tax, Lines: []RefundLine{back}})
}

// refundAll takes back everything, with the shipping.
func (o *draft) refundAll(at time.Time, note string) {
	r := Refund{Tax: o.out.ShippingTax, Shipping: o.out.Shipping, ShippingTax: o.out.ShippingTax}
	if o.included {
		r.Shipping -= r.ShippingTax
	}
	for i, l := range o.out.Lines {
		back := o.part(i, l.Quantity)
		back.Restocked = true
		r.Amount += back.Amount
		r.Tax += back.Tax
		r.Lines = append(r.Lines, back)
	}
	o.refund(at, note, 0, r)
}

// part is what some pieces of a line are worth.
func (o *draft) part(i int, quantity int64) RefundLine {
	l := o.out.Lines[i]
	return RefundLine{Line: i, Quantity: quantity, Amount: money.MulDiv(o.net(l), quantity, l.Quantity),
		Tax: money.MulDiv(l.Tax, quantity, l.Quantity)}
}

// refund adds a refund. There is at most one that begins with a line, so that the line's place makes its number.
func (o *draft) refund(at time.Time, note string, line int, r Refund) {
	r.Number, r.At, r.Note = o.number*maxLines+line, at, note
	o.out.Refunds = append(o.out.Refunds, r)
}

// edit takes pieces of the first line off the order soon after it was placed: some of several, or the only one, in whose
// place the buyer gets something else.
func (o *draft) edit() {
	at, past := o.soon(o.dice, o.slot, 30, 40*60)
	if !past || o.net(o.out.Lines[0]) == 0 {
		return
	}
	off := int64(1)
	if q := o.out.Lines[0].Quantity; q > 1 {
		off = int64(o.dice.between(1, int(q)-1))
	} else if len(o.out.Lines) < maxLines {
		l := o.add(o.choose(o.dice, o.day), 1)
		l.AddedAt, l.Tax = at, o.taxOn(l.base())
		o.out.Taxes += l.Tax
	}
	p := o.part(0, off)
	o.out.Edits = append(o.out.Edits, Edit{Number: o.number, At: at, Line: 0, Quantity: off, Amount: p.Amount, Tax: p.Tax})
	o.out.Tags = append(o.out.Tags, "edited")
	o.touched(at)
}
