package oracle

import "math/big"

// lineAmounts are the goods amounts of one line, without tax. Those of a gift card are zero.
type lineAmounts struct {
	gross, discount, net *big.Int
}

// saleLines works out every line of an order as it was sold.
func (o *Oracle) saleLines(ord *OrderInput) []lineAmounts {
	held := o.includedTaxes(ord)
	// The ratio of net to base of the whole order, for lines without a base.
	bases := o.amount(ord.Shipping)
	nets := minus(bases, held.shipping)
	for i, it := range ord.Items {
		if !it.GiftCard {
			bases = plus(bases, o.charged(it))
			nets = plus(nets, minus(o.charged(it), held.lines[i]))
		}
	}
	var lines []lineAmounts
	for i, it := range ord.Items {
		if it.GiftCard {
			lines = append(lines, lineAmounts{new(big.Int), new(big.Int), new(big.Int)})
			continue
		}
		base := o.charged(it)
		net := minus(base, held.lines[i])
		part := big.NewRat(1, 1) // take nothing out
		switch {
		case base.Sign() != 0:
			part = ratio(net, base)
		case bases.Sign() != 0:
			part = ratio(nets, bases)
		}
		sold := halfEven(product(new(big.Rat).SetInt(o.list(it)), part))
		lines = append(lines, lineAmounts{gross: sold, discount: minus(sold, net), net: net})
	}
	return lines
}

// refundedQuantity is how much of a line its refunds name.
func refundedQuantity(ord *OrderInput, it OrderItemInput) int {
	n := 0
	for _, f := range ord.Refunds {
		for _, l := range f.Lines {
			if it.ShopifyID != "" && l.ItemShopifyID == it.ShopifyID {
				n += l.Quantity
			}
		}
	}
	return n
}
