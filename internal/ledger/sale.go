package ledger

import "github.com/shopsight/shopsight/internal/money"

// sell works out the sale of an order, per line and as a whole.
//
// Tax-exclusive prices are the special case of tax-inclusive ones in which no price holds any tax: net is the base
// then, and a line's gross is price × quantity exactly.
func sell(o Order) ([]LineAmounts, Amounts) {
	sale := Amounts{Shipping: o.Shipping, Duty: o.Duties, Fee: o.Fees, Tip: o.Tips}
	held := taxes{lines: make([]int64, len(o.Lines))}
	if o.TaxesIncluded {
		held = taxesHeld(o)
		// The tax is what was taken out of the prices, neither more nor less: so that net, shipping and tax together
		// are what the buyer was charged, whatever nonsense the source says about its taxes.
		sale.Tax = held.sum()
		sale.Shipping -= held.shipping
	} else {
		// Taxes are on top. A source that taxes its lines and leaves the order's taxes out is believed: the whole is
		// not less than its parts.
		sale.Tax = max(o.Taxes, givenTaxes(o))
	}

	base, net := countedBase(o, held)
	lines := make([]LineAmounts, len(o.Lines))
	for i, l := range o.Lines {
		lineNet := l.base() - held.lines[i]
		if l.GiftCard {
			sale.GiftCard += lineNet
			continue
		}
		gross := l.list()
		switch {
		case l.base() > 0:
			gross = money.MulDiv(gross, lineNet, l.base())
		case base > 0:
			// A line that was given away has no ratio of its own: its list price still includes tax, at the rate of
			// what was charged beside it.
			gross = money.MulDiv(gross, net, base)
		}
		lines[i] = LineAmounts{Gross: gross, Discount: gross - lineNet, Net: lineNet}
		sale.Gross += gross
		sale.Discount += gross - lineNet
		sale.Units += l.Quantity
	}
	return lines, sale
}

// countedBase returns what was charged for counted lines and shipping, and the part of it that is not tax.
func countedBase(o Order, held taxes) (base, net int64) {
	base, net = o.Shipping, o.Shipping-held.shipping
	for i, l := range o.Lines {
		if !l.GiftCard {
			base += l.base()
			net += l.base() - held.lines[i]
		}
	}
	return base, net
}

// taxes are the parts of an order's taxes that lie within its prices.
type taxes struct {
	// lines has one element for each line of the order.
	lines    []int64
	shipping int64
}

func (t taxes) sum() int64 {
	s := t.shipping
	for _, n := range t.lines {
		s += n
	}
	return s
}

// taxesHeld works out how much tax is within each tax-inclusive price of an order.
//
//   - A price whose tax the source gave holds that, but never more than the whole price.
//   - What the given taxes leave of the order's taxes is split by largest remainder over the prices of the other
//     counted lines and, last, of the shipping, in proportion to the prices; again never more than those prices.
//   - Given taxes that exceed the order's leave nothing for the others, and stand: they are the finer statement.
//   - A gift card has no share in the split, because gift cards are rarely taxed. Tax that was given for one is tax
//     of the order all the same: it leaves less for the others and is taken out of the gift card's value.
//   - Tax that no price can hold is dropped. It cannot have been charged, as these prices are all that was charged.
func taxesHeld(o Order) taxes {
	held := taxes{lines: make([]int64, len(o.Lines))}
	weights := make([]int64, len(o.Lines)+1)
	var open int64
	for i, l := range o.Lines {
		switch {
		case l.Tax != nil:
			held.lines[i] = min(*l.Tax, l.base())
		case !l.GiftCard:
			weights[i] = l.base()
			open += l.base()
		}
	}
	if o.ShippingTax != nil {
		held.shipping = min(*o.ShippingTax, o.Shipping)
	} else {
		weights[len(o.Lines)] = o.Shipping
		open += o.Shipping
	}

	rest := min(max(0, o.Taxes-givenTaxes(o)), open)
	if rest == 0 {
		return held
	}
	// As rest is at most the sum of the weights, no share exceeds its weight, and a weight of 0 gets nothing.
	shares := money.Allocate(rest, weights)
	for i := range o.Lines {
		held.lines[i] += shares[i]
	}
	held.shipping += shares[len(o.Lines)]
	return held
}

// givenTaxes sums the taxes that the source attributed to a line or to the shipping, gift cards among them.
func givenTaxes(o Order) int64 {
	var sum int64
	for _, l := range o.Lines {
		if l.Tax != nil {
			sum += *l.Tax
		}
	}
	if o.ShippingTax != nil {
		sum += *o.ShippingTax
	}
	return sum
}

// list is the line at its price, before the discount.
func (l Line) list() int64 { return l.Price * l.Quantity }

// base is what was charged for the line.
func (l Line) base() int64 { return l.list() - l.Discount }
