package sample

import (
	"time"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/money"
)

// Per mille of the orders that are cancelled, and that are given back in part or in full.
const (
	cancelled = 20
	refunded  = 65 // a few of them in the future, which has not happened
)

// proceed tells what became of the order after its sale: paid, sent, cancelled, edited, given back.
func (o *draft) proceed() {
	o.in.FinancialStatus, o.in.FulfillmentStatus = "PAID", "UNFULFILLED"
	fate := o.dice.IntN(1000)
	if o.in.Test || o.cards() {
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
	if o.every(perAdjustment, o.number) && !o.in.Test {
		o.edit()
	}
}

// cards tells whether the order has a gift card, which is not taken back.
func (o *draft) cards() bool { return o.lines[len(o.lines)-1].giftCard }

// send ships the order in the days after it was placed.
func (o *draft) send() {
	age := int(o.today - o.day)
	if o.pos() {
		o.in.FulfillmentStatus = "FULFILLED"
		return
	}
	if at, past := o.later(o.dice, o.slot, 1, 4); past {
		o.in.FulfillmentStatus = "FULFILLED"
		if age < 10 && len(o.lines) > 1 && o.dice.chance(120) {
			o.in.FulfillmentStatus = "PARTIALLY_FULFILLED"
		}
		o.touched(at)
		return
	}
	if age > 0 {
		o.in.FulfillmentStatus = []string{"UNFULFILLED", "IN_PROGRESS", "ON_HOLD", "SCHEDULED"}[o.dice.weighted([]int{55, 30, 8, 7})]
	}
}

// pay says whether the money is there. Most buyers pay at once; invoices take a while, and a few are never paid.
func (o *draft) pay() {
	age := int(o.today - o.day)
	switch n := o.dice.IntN(1000); {
	case o.pos() || o.in.Test:
	case n < 40 && age < 14:
		o.in.FinancialStatus = "PENDING"
	case n < 90 && age < 3:
		o.in.FinancialStatus = "AUTHORIZED"
	case n < 6:
		o.in.FinancialStatus = "PARTIALLY_PAID"
	case n < 10 && age >= 14: // never captured, so never sent
		o.in.FinancialStatus, o.in.FulfillmentStatus = "EXPIRED", "UNFULFILLED"
	}
}

// cancel calls the order off before it is sent, and tells whether that has happened by now.
func (o *draft) cancel() bool {
	at, past := o.soon(o.dice, o.slot, 20, 30*60)
	if !past {
		return false
	}
	o.in.CancelledAt = &at
	o.touched(at)
	if o.dice.chance(500) || o.extras {
		o.in.FinancialStatus = "VOIDED" // it had not been paid
		return true
	}
	o.in.FinancialStatus, o.in.FulfillmentStatus = "REFUNDED", "RESTOCKED"
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
		o.in.FinancialStatus = "REFUNDED"
		o.refundAll(at, note)
		return
	}
	o.in.FinancialStatus = "PARTIALLY_REFUNDED"
	i := o.dice.IntN(len(o.lines))
	if len(o.lines) == 1 && o.lines[0].quantity == 1 { // a reduction: the buyer keeps the goods
		part := money.MulDiv(o.net(o.lines[0]), int64(o.dice.between(10, 40)), 100)
		o.refund(at, note, 0, ingest.RefundInput{Amount: o.amount(part), TaxAmount: o.amount(money.MulDiv(o.lines[0].tax, part, max(o.net(o.lines[0]), 1)))})
		return
	}
	o.refundLine(at, note, i, int64(o.dice.between(1, max(1, int(o.lines[i].quantity)-1))))
	if len(o.lines) > 2 && o.dice.chance(300) { // and another one comes back later
		if again := at.Add(time.Duration(o.dice.between(1, 9)*24) * time.Hour); again.Before(o.cutoff) {
			i = (i + 1) % len(o.lines)
			o.refundLine(again, of(o.dice, reasons), i, 1)
			o.touched(again)
		}
	}
}

// refundLine takes back some pieces of one line.
func (o *draft) refundLine(at time.Time, note string, i int, quantity int64) {
	l := o.lines[i]
	amount := o.amount(money.MulDiv(o.net(l), quantity, l.quantity))
	o.refund(at, note, i, ingest.RefundInput{Amount: amount, TaxAmount: o.amount(money.MulDiv(l.tax, quantity, l.quantity)),
		Lines: []ingest.RefundLineInput{{ItemShopifyID: l.id, Quantity: int(quantity), Amount: amount, Restocked: o.dice.chance(700)}}})
}

// refundAll takes back everything, with the shipping.
func (o *draft) refundAll(at time.Time, note string) {
	var amount, tax int64
	var lines []ingest.RefundLineInput
	for _, l := range o.lines {
		amount += o.net(l)
		tax += l.tax
		lines = append(lines, ingest.RefundLineInput{ItemShopifyID: l.id, Quantity: int(l.quantity), Amount: o.amount(o.net(l)), Restocked: true})
	}
	shipping := o.shipping
	if o.market.included {
		shipping -= o.shippingTax
	}
	o.refund(at, note, 0, ingest.RefundInput{Amount: o.amount(amount), TaxAmount: o.amount(tax + o.shippingTax),
		ShippingAmount: o.amount(shipping), Lines: lines})
}

// refund adds a refund. There is at most one that begins with a line, so that the line's place makes its number.
func (o *draft) refund(at time.Time, note string, line int, in ingest.RefundInput) {
	in.ShopifyID, in.CreatedAt, in.Note = o.id(o.number*maxLines+line), at, &note
	o.in.Refunds = append(o.in.Refunds, in)
}

// edit takes something off the order soon after it was placed.
func (o *draft) edit() {
	at, past := o.soon(o.dice, o.slot, 30, 40*60)
	if !past || o.net(o.lines[0]) == 0 {
		return
	}
	l := o.lines[0]
	part := max(money.MulDiv(o.net(l), int64(o.dice.between(5, 25)), 100), 1)
	o.in.Adjustments = append(o.in.Adjustments, ingest.AdjustmentInput{ShopifyID: o.id(o.number), HappenedAt: at,
		Amount: o.amount(part), TaxAmount: o.amount(money.MulDiv(l.tax, part, o.net(l)))})
	o.in.Tags = append(o.in.Tags, "edited")
	o.touched(at)
}
