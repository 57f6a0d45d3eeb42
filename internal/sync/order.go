package sync

import (
	"math/big"
	"slices"
	"time"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/shopify"
)

// order puts an order into the terms of ingest. What was sold, and what was taken back and when, is told by the order's
// sales, of which Shopify's own reports are made: lines tell what the sales are of.
//
// The sale of the order holds what was agreed at first and what edits, exchanges and fees added, on the day of the order,
// since a line tells nothing of when it came. What edits and returns took away reduces sales on its own day, and so does
// each refund. No money is lost: what no line can hold is among the fees.
func order(r shopify.Order) ingest.OrderInput {
	currency := money.Currency(r.CurrencyCode)
	in := ingest.OrderInput{
		ShopifyID: digits(r.ID), Name: text(r.Name), CustomerShopifyID: optionalDigits(r.CustomerID),
		ProcessedAt: r.ProcessedAt, CreatedAt: instant(r.CreatedAt), UpdatedAt: instant(r.UpdatedAt), CancelledAt: r.CancelledAt,
		CurrencyCode: &currency, FinancialStatus: financialStatus(r.FinancialStatus), FulfillmentStatus: fulfillmentStatus(r.FulfillmentStatus),
		Test: r.Test, Channel: text(r.SourceName), ShippingCountry: countryOf(r.ShippingCountry), ShippingRegion: text(r.ShippingRegion),
		ShippingCity: text(r.ShippingCity), DiscountCodes: labels(r.DiscountCodes), Tags: labels(r.Tags), TaxesIncluded: r.TaxesIncluded,
	}
	t := newTally(r)
	for _, a := range r.Agreements {
		t.add(a)
	}
	if !t.sold {
		t.old()
	}
	in.Refunds = t.refundInputs() // first: what a refund charges belongs to the sale
	in.Adjustments = t.adjustments
	in.Items = t.items()
	t.rest(&in)
	return in
}

// sum adds up sales: after discounts, with tax, and the tax in it.
type sum struct{ amount, tax big.Rat }

func (s *sum) add(amount, tax *big.Rat) {
	s.amount.Add(&s.amount, amount)
	s.tax.Add(&s.tax, tax)
}

// net is the amount without tax.
func (s *sum) net() *big.Rat { return new(big.Rat).Sub(&s.amount, &s.tax) }

// bound brings a sum into the bounds of ingest: nothing is negative, and the tax is within the amount. It returns by how
// much the amount was below zero.
func (s *sum) bound() *big.Rat {
	short := new(big.Rat)
	if s.amount.Sign() < 0 {
		short.Neg(&s.amount)
		s.amount.SetInt64(0)
	}
	if s.tax.Sign() < 0 {
		s.tax.SetInt64(0)
	}
	if s.tax.Cmp(&s.amount) > 0 {
		s.tax.Set(&s.amount)
	}
	return short
}

// reversal is what one refund, edit or return took back, as positive amounts.
type reversal struct {
	at              time.Time
	goods, shipping sum
	duties, fees    big.Rat // with their tax, as they were sold
	lines           []ingest.RefundLineInput
}

// tally sorts the sales of an order into what was sold and what was taken back. Its amounts have the digits of the order's
// currency, so that sums and differences of them do too.
type tally struct {
	order shopify.Order
	unit  int64 // minor units in one of the currency
	// pieces are those of each line that becomes an item.
	pieces   map[int64]int
	lines    map[int64]*sum
	shipping sum
	sold     bool // whether there is any sale: orders that are older than agreements have none
	// duties, fees and tips are with their tax: the ledger splits the order's tax over goods and shipping alone.
	duties, fees, tips big.Rat
	refunds            map[int64]*reversal
	adjustments        []ingest.AdjustmentInput
}

func newTally(r shopify.Order) *tally {
	t := &tally{order: r, unit: 1, pieces: map[int64]int{}, lines: map[int64]*sum{}, refunds: map[int64]*reversal{}}
	for range money.Currency(r.CurrencyCode).Digits() {
		t.unit *= 10
	}
	sold := map[int64]int{}
	for _, a := range r.Agreements {
		for _, s := range a.Sales {
			if s.LineID != nil && s.Action == "ORDER" {
				sold[*s.LineID] += s.Quantity
			}
		}
	}
	for _, l := range r.Lines {
		if t.pieces[l.ID] = l.Quantity; l.Quantity < 1 { // of which all was taken off, maybe
			t.pieces[l.ID] = sold[l.ID]
		}
	}
	return t
}

func (t *tally) add(a shopify.Agreement) {
	back := &reversal{at: a.HappenedAt}
	if a.RefundID != nil {
		if v := t.refunds[*a.RefundID]; v != nil {
			back = v
		}
		t.refunds[*a.RefundID] = back
	}
	for _, s := range a.Sales {
		amount, tax := t.rat(s.Amount), t.rat(s.Tax)
		// An adjustment says by how much a refund differs from what was taken back: it may be either way.
		if amount.Sign() < 0 || amount.Sign() == 0 && s.Action == "RETURN" || a.RefundID != nil && s.LineType == "ADJUSTMENT" {
			t.takeBack(back, s, &sum{*amount.Neg(amount), *tax.Neg(tax)})
		} else {
			t.sell(s, amount, tax)
		}
	}
	if a.RefundID != nil {
		return
	}
	t.settle(back)
	if back.goods.amount.Sign() != 0 || back.shipping.amount.Sign() != 0 || back.duties.Sign() != 0 || back.fees.Sign() != 0 {
		t.adjustments = append(t.adjustments, ingest.AdjustmentInput{ShopifyID: digits(a.ID), HappenedAt: a.HappenedAt,
			Amount: decimal(back.goods.net()), TaxAmount: decimal(plus(&back.goods.tax, &back.shipping.tax)),
			ShippingAmount: decimal(back.shipping.net()), DutyAmount: decimal(&back.duties), FeeAmount: decimal(&back.fees)})
	}
}

func (t *tally) sell(s shopify.Sale, amount, tax *big.Rat) {
	t.sold = true
	switch s.LineType {
	case "SHIPPING":
		t.shipping.add(amount, tax)
		return
	case "DUTY":
		t.duties.Add(&t.duties, amount)
		return
	case "TIP":
		t.tips.Add(&t.tips, amount)
		return
	case "PRODUCT", "GIFT_CARD":
		if s.LineID != nil && t.pieces[*s.LineID] > 0 {
			if t.lines[*s.LineID] == nil {
				t.lines[*s.LineID] = &sum{}
			}
			t.lines[*s.LineID].add(amount, tax)
			return
		}
		if s.LineType == "GIFT_CARD" { // its line has a price of its own
			return
		}
	}
	t.fees.Add(&t.fees, amount)
}

// takeBack adds to a reversal, as what sell made of it. Gift cards and tips are no sales, so that giving them back takes
// nothing back; a line tells of the gift card.
func (t *tally) takeBack(v *reversal, s shopify.Sale, of *sum) {
	known := s.LineID != nil && t.pieces[*s.LineID] > 0
	switch s.LineType {
	case "TIP":
		return
	case "SHIPPING":
		v.shipping.add(&of.amount, &of.tax)
		return
	case "DUTY":
		v.duties.Add(&v.duties, &of.amount)
		return
	case "ADJUSTMENT":
		v.goods.add(&of.amount, &of.tax)
		return
	case "PRODUCT":
		if known {
			v.goods.add(&of.amount, &of.tax)
		}
	case "GIFT_CARD":
		if !known {
			return
		}
	default:
		known = false
	}
	if !known {
		v.fees.Add(&v.fees, &of.amount)
		return
	}
	of.bound()
	l := ingest.RefundLineInput{ItemShopifyID: digits(*s.LineID), Amount: decimal(of.net())}
	if s.Action == "RETURN" { // a changed price is no piece that came back
		l.Quantity = max(s.Quantity, -s.Quantity)
	}
	v.lines = append(v.lines, l)
}

// settle ends a reversal. One that charges more than it gives back adds to the order's sale.
func (t *tally) settle(v *reversal) {
	t.fees.Add(&t.fees, v.goods.bound())
	t.shipping.amount.Add(&t.shipping.amount, v.shipping.bound())
}

// old fills in what an order without sales says of itself.
func (t *tally) old() {
	for _, l := range t.order.Shipping {
		price, tax := t.rat(l.Price), t.rat(l.Tax)
		if !t.order.TaxesIncluded {
			price.Add(price, tax)
		}
		t.shipping.add(price, tax)
	}
	t.duties, t.fees, t.tips = *t.rat(t.order.Duties), *t.rat(t.order.Fees), *t.rat(t.order.Tips)
	whole, tax := new(big.Rat).Set(&t.shipping.amount), new(big.Rat).Set(&t.shipping.tax)
	for _, l := range t.order.Lines {
		if of := t.own(l); !l.GiftCard {
			whole.Add(whole, &of.amount)
			tax.Add(tax, &of.tax)
		}
	}
	// A refund says no more than how much it was: the tax in it is as much of it as of the order.
	for _, r := range t.order.Refunds {
		if v := t.refunds[r.ID]; v == nil && whole.Sign() > 0 {
			v = &reversal{at: r.CreatedAt}
			v.goods.amount.Set(t.rat(r.Total))
			v.goods.tax.Quo(v.goods.tax.Mul(&v.goods.amount, tax), whole)
			v.goods.tax.Set(t.rat(v.goods.tax.FloatString(6)))
			for _, l := range r.Lines {
				if t.pieces[l.LineID] > 0 {
					v.lines = append(v.lines, ingest.RefundLineInput{ItemShopifyID: digits(l.LineID), Quantity: l.Quantity, Amount: "0"})
				}
			}
			t.refunds[r.ID] = v
		}
	}
}

// own is what a line says of itself.
func (t *tally) own(l shopify.Line) *sum {
	paid := new(big.Rat).Mul(t.rat(l.UnitPrice), new(big.Rat).SetInt64(int64(l.Quantity)))
	of := &sum{*paid.Sub(paid, t.rat(l.Discount)), *t.rat(l.Tax)}
	if !t.order.TaxesIncluded {
		of.amount.Add(&of.amount, &of.tax)
	}
	return of
}

// items are the order's lines, at what their sales bring.
func (t *tally) items() []ingest.OrderItemInput {
	var out []ingest.OrderItemInput
	for _, l := range t.order.Lines {
		n := t.pieces[l.ID]
		if n < 1 {
			continue
		}
		s := t.lines[l.ID]
		if s == nil {
			s = t.own(l)
		}
		s.bound()
		paid := s.net()
		if t.order.TaxesIncluded {
			paid = &s.amount
		}
		price, pieces := t.rat(l.UnitPrice), new(big.Rat).SetInt64(int64(n))
		full := new(big.Rat).Mul(price, pieces)
		if full.Cmp(paid) < 0 {
			// An edit raised the price: the least one that is enough, less what is too much.
			price = t.up(new(big.Rat).Quo(paid, pieces))
			full.Mul(price, pieces)
		}
		id, tax := digits(l.ID), decimal(&s.tax)
		out = append(out, ingest.OrderItemInput{ShopifyID: &id, ProductShopifyID: optionalDigits(l.ProductID), Title: title(l.Title),
			VariantTitle: text(l.VariantTitle), Sku: text(l.SKU), Vendor: text(l.Vendor), Quantity: n, GiftCard: l.GiftCard,
			UnitPrice: decimal(price), Discount: decimal(full.Sub(full, paid)), Tax: &tax})
	}
	return out
}

// rest fills what an order has besides goods.
func (t *tally) rest(in *ingest.OrderInput) {
	t.shipping.bound()
	taxes := new(big.Rat).Set(&t.shipping.tax)
	for _, it := range in.Items {
		taxes.Add(taxes, t.rat(*it.Tax))
	}
	shipping, tax := t.shipping.net(), decimal(&t.shipping.tax)
	if t.order.TaxesIncluded {
		shipping = &t.shipping.amount
	}
	in.Shipping, in.ShippingTax, in.Taxes = decimal(shipping), &tax, decimal(taxes)
	in.Duties, in.Fees, in.Tips = decimal(&t.duties), decimal(&t.fees), decimal(&t.tips)
}

// refundInputs are the order's refunds, with what their sales took back.
func (t *tally) refundInputs() []ingest.RefundInput {
	refunds := slices.Clone(t.order.Refunds)
	for _, a := range t.order.Agreements {
		if id := a.RefundID; id != nil && !slices.ContainsFunc(refunds, func(r shopify.Refund) bool { return r.ID == *id }) {
			refunds = append(refunds, shopify.Refund{ID: *id})
		}
	}
	var out []ingest.RefundInput
	for _, r := range refunds {
		in := ingest.RefundInput{ShopifyID: digits(r.ID), CreatedAt: r.CreatedAt, Note: note(r.Note)}
		if v := t.refunds[r.ID]; v != nil {
			t.settle(v)
			if in.CreatedAt.IsZero() { // Shopify may not tell; the agreement always does
				in.CreatedAt = v.at
			}
			in.Amount, in.ShippingAmount = decimal(v.goods.net()), decimal(v.shipping.net())
			in.TaxAmount = decimal(plus(&v.goods.tax, &v.shipping.tax))
			in.DutyAmount, in.FeeAmount = decimal(&v.duties), decimal(&v.fees)
			in.Lines = t.restock(v.lines, r.Lines)
		}
		if in.CreatedAt.IsZero() {
			in.CreatedAt = t.order.ProcessedAt
		}
		out = append(out, in)
	}
	return out
}

// restock marks the pieces that a refund put back on the shelf, of which its sales say nothing. Where that happened to some
// pieces of a line only, they become a line of their own.
func (t *tally) restock(lines []ingest.RefundLineInput, told []shopify.RefundLine) (out []ingest.RefundLineInput) {
	shelved := map[string]int{}
	for _, l := range told {
		if l.Restocked {
			shelved[digits(l.LineID)] += l.Quantity
		}
	}
	for _, l := range lines {
		n := min(shelved[l.ItemShopifyID], l.Quantity)
		shelved[l.ItemShopifyID] -= n
		if rest := l.Quantity - n; n > 0 && rest > 0 {
			whole := t.rat(l.Amount)
			part := new(big.Rat).Mul(whole, big.NewRat(int64(n), int64(l.Quantity)))
			part = t.rat(part.FloatString(6))
			kept := l
			kept.Quantity, kept.Amount = rest, decimal(whole.Sub(whole, part))
			l.Quantity, l.Amount = n, decimal(part)
			out = append(out, kept)
		}
		l.Restocked = n > 0
		out = append(out, l)
	}
	return out
}

// rat reads an amount, which the client has checked to be a decimal, and rounds it as ingest does. Empty is 0. One that is
// out of bounds stays as it is, and ingest refuses it.
func (t *tally) rat(s string) *big.Rat {
	r := new(big.Rat)
	if n, err := money.ParseRounded(s, money.Currency(t.order.CurrencyCode)); err == nil {
		return r.SetFrac64(n, t.unit)
	}
	if s != "" {
		r.SetString(s)
	}
	return r
}

// up rounds up to the digits of the order's currency.
func (t *tally) up(r *big.Rat) *big.Rat {
	n := new(big.Rat).Mul(r, new(big.Rat).SetInt64(t.unit))
	q, m := new(big.Int).DivMod(n.Num(), n.Denom(), new(big.Int))
	if m.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return new(big.Rat).SetFrac(q, big.NewInt(t.unit))
}

// decimal writes an amount.
func decimal(r *big.Rat) string {
	digits, _ := r.FloatPrec()
	return r.FloatString(digits)
}

func plus(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) }
