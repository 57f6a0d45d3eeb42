package sample

import (
	"iter"
	"strconv"
	"time"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/money"
)

// How often rare things happen: to one of so many orders. All are primes; see every.
const (
	perTest       = 151
	perGiftCard   = 61
	perTip        = 31
	perFee        = 83
	perDuty       = 7 // of those that leave the customs area
	perAdjustment = 101
)

// maxLines bounds the lines of an order; line numbers leave room for so many.
const maxLines = 6

// isTest tells whether the kth order is one that the store's staff placed to try something.
func (g *Generator) isTest(k int) bool { return g.every(perTest, k) }

// draft is an order in the making, in minor units.
type draft struct {
	*Generator
	arrival
	dice  dice
	sale  sale
	in    ingest.OrderInput
	lines []line
	// rate is the tax on the goods, in thousandths of a percent; home says that they stay in the customs area.
	rate                  int64
	home                  bool
	shipping, shippingTax int64
	extras                bool // tips, fees or duties, which no refund gives back
}

// line is one line of an order.
type line struct {
	id                             string
	price, quantity, discount, tax int64
	giftCard                       bool
}

// base is what the line costs as it is priced.
func (l line) base() int64 { return l.price*l.quantity - l.discount }

// orders yields the orders in the order of time.
func (g *Generator) orders() iter.Seq[ingest.OrderInput] {
	return func(yield func(ingest.OrderInput) bool) {
		for a := range g.arrivals(true) {
			if !yield(g.order(a)) {
				return
			}
		}
	}
}

func (g *Generator) order(a arrival) ingest.OrderInput {
	o := &draft{Generator: g, arrival: a, dice: g.dice(aboutOrders, a.number), sale: saleOn(a.day)}
	at, name := a.at, "#"+strconv.Itoa(1001+a.number)
	o.in = ingest.OrderInput{ShopifyID: g.id(a.number), Name: &name, ProcessedAt: at, CreatedAt: &at, UpdatedAt: &at,
		CurrencyCode: &g.opt.Currency, Test: g.isTest(a.number), TaxesIncluded: g.market.included}
	if a.visitor != guest {
		o.in.CustomerShopifyID = text(g.id(a.buyer))
	}
	o.deliver()
	o.fill()
	o.discounts()
	o.charge()
	o.proceed()
	o.in.Items = o.items(o.in.Items)
	return o.in
}

// deliver says where the order came from and where it goes.
func (o *draft) deliver() {
	s, n := aboutGuests, o.number
	if o.visitor != guest {
		s, n = aboutPlaces, o.buyer
	}
	land, to := o.place(s, n)
	hour := o.at.In(o.opt.Zone).Hour()
	counter := o.dice.chance(280) && hour >= 10 && hour < 19 && land.code == o.market.home().code
	channel := "Online Store"
	switch c := o.dice.IntN(100); {
	case o.renewal && o.visitor == regular:
		o.in.Tags = append(o.in.Tags, "Subscription")
	case counter:
		channel = "Point of Sale"
	case c < 12:
		channel = "Shop"
	case c < 20:
		channel = "Instagram"
	}
	o.in.Channel = &channel
	if o.pos() {
		to = o.market.home().cities[0] // over the counter: nothing is shipped, and taxes are those of the shop
	} else {
		if o.dice.chance(70) {
			to = of(o.dice, land.cities) // a present
			o.in.Tags = append(o.in.Tags, "gift-wrap")
		}
		o.in.ShippingCountry, o.in.ShippingRegion, o.in.ShippingCity = text(land.code), text(to.region), text(to.name)
	}
	area := o.market.home().area
	o.rate, o.home = land.rate(to, area), land.area == area
}

func (o *draft) pos() bool { return *o.in.Channel == "Point of Sale" }

// fill puts goods into the basket.
func (o *draft) fill() {
	wholesale := o.visitor != guest && o.isWholesale(o.buyer)
	if wholesale {
		o.in.Tags = append(o.in.Tags, "wholesale")
	}
	n := 1 + o.dice.weighted([]int{44, 27, 15, 8, 4, 2})
	gift := o.every(perGiftCard, o.number)
	switch {
	case gift && o.dice.chance(400):
		n = 0 // nothing but the gift card
	case gift:
		n = min(n, maxLines-1)
	}
	for range n {
		q := 1
		switch c := o.dice.IntN(100); {
		case wholesale:
			q = o.dice.between(6, 24)
		case c >= 97:
			q = o.dice.between(3, 6)
		case c >= 82:
			q = 2
		}
		o.add(o.choose(o.dice, o.day), q)
	}
	if gift {
		o.add(o.giftCard(), 1)
	}
}

func (o *draft) add(a *article, quantity int) {
	i := len(o.lines)
	v := of(o.dice, a.skus)
	l := line{id: o.id(o.number*maxLines + i), price: v.price, quantity: int64(quantity), giftCard: a.giftCard}
	o.lines = append(o.lines, l)
	item := ingest.OrderItemInput{ShopifyID: &l.id, ProductShopifyID: text(o.id(a.number)), Title: a.title, Sku: &v.code,
		Vendor: &a.vendor, Quantity: quantity, UnitPrice: o.amount(v.price), GiftCard: a.giftCard}
	if v.title != "" {
		item.VariantTitle = &v.title
	}
	o.in.Items = append(o.in.Items, item)
}

// discounts applies the one offer that the buyer takes.
func (o *draft) discounts() {
	var percent int64
	code := ""
	switch {
	case o.sale.code != "" && o.dice.chance(o.sale.uptake):
		percent, code = o.sale.percent, o.sale.code
	case o.visitor == newcomer && o.dice.chance(220):
		percent, code = 10, "WELCOME10"
	case o.visitor == regular && o.isLoyal(o.buyer) && o.dice.chance(180):
		percent, code = 15, "THANKYOU15"
	case o.dice.chance(45): // a price that was reduced in the shop, without a code
		percent = 5
	}
	for i := range o.lines {
		if l := &o.lines[i]; !l.giftCard {
			l.discount = money.MulDiv(l.price*l.quantity, percent, 100)
		}
	}
	if code != "" {
		o.in.DiscountCodes = append(o.in.DiscountCodes, code)
	}
}

// charge works out shipping, taxes and whatever else there is to pay.
func (o *draft) charge() {
	var goods, taxes int64
	for i := range o.lines {
		if l := &o.lines[i]; !l.giftCard {
			l.tax = o.taxOn(l.base())
			goods += l.base()
			taxes += l.tax
		}
	}
	cents := int64(590)
	if !o.home {
		cents = 1490
	}
	switch {
	case goods == 0 || o.pos() || goods >= o.price(7500, false):
	case o.dice.chance(40):
		o.in.DiscountCodes = append(o.in.DiscountCodes, "FREESHIP")
	default:
		o.shipping = o.price(cents, true)
	}
	if o.market.included { // elsewhere delivery is not taxed
		o.shippingTax = o.taxOn(o.shipping)
	}
	taxes += o.shippingTax
	o.in.Shipping, o.in.Taxes = o.amount(o.shipping), o.amount(taxes)
	o.in.ShippingTax = text(o.amount(o.shippingTax))
	if o.every(perTip, o.number) && goods > 0 {
		o.in.Tips = o.extra(max(money.MulDiv(goods, int64(o.dice.between(5, 10)), 100), 1))
	}
	if o.every(perFee, o.number) && !o.pos() && goods > 0 {
		o.in.Fees = o.extra(o.price(350, false)) // for packing it as a present
	}
	if o.every(perDuty, o.number) && !o.home && goods > 0 {
		o.in.Duties = o.extra(max(money.MulDiv(goods, 6, 100), 1))
	}
}

func (o *draft) extra(minor int64) string {
	o.extras = true
	return o.amount(minor)
}

// taxOn returns the tax on an amount, or the tax within it.
func (o *draft) taxOn(base int64) int64 {
	whole := int64(100_000)
	if o.market.included {
		whole += o.rate
	}
	return money.MulDiv(base, o.rate, whole)
}

// net is what a line brings without tax.
func (o *draft) net(l line) int64 {
	if o.market.included {
		return l.base() - l.tax
	}
	return l.base()
}

// items writes what has been worked out into the order's items. Some sources tell the tax of the whole order alone; an
// order of which something is given back tells that of each line, for the refund refers to it.
func (o *draft) items(items []ingest.OrderItemInput) []ingest.OrderItemInput {
	whole := len(o.in.Refunds) == 0 && len(o.in.Adjustments) == 0 && o.dice.chance(150)
	if whole {
		o.in.ShippingTax = nil
	}
	for i, l := range o.lines {
		items[i].Discount = o.amount(l.discount)
		if !whole && !l.giftCard {
			items[i].Tax = text(o.amount(l.tax))
		}
	}
	return items
}

// touched moves the instant of the order's last change.
func (o *draft) touched(at time.Time) {
	if at.After(*o.in.UpdatedAt) {
		o.in.UpdatedAt = &at
	}
}
