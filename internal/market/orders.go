package market

import (
	"iter"
	"strconv"
	"time"

	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
)

// How often rare things happen: to one of so many orders. All are primes; see every.
const (
	perTest     = 151
	perGiftCard = 61
	perTip      = 31
	perFee      = 83
	perDuty     = 7 // of those that leave the customs area
	perEdit     = 101
)

// maxLines bounds the lines of an order; line numbers leave room for so many.
const maxLines = 6

// isTest tells whether the kth order is one that the store's staff placed to try something.
func (g *Generator) isTest(k int) bool { return g.every(perTest, k) }

// draft is an order in the making, in minor units.
type draft struct {
	*Generator
	arrival
	dice dice
	sale sale
	out  Order
	// rate is the tax on the goods, in thousandths of a percent; home says that they stay in the customs area.
	rate   int64
	home   bool
	extras bool // tips, fees or duties, which no refund gives back
}

// Orders yields the orders in the order of time.
func (g *Generator) Orders() iter.Seq[Order] {
	return func(yield func(Order) bool) {
		for a := range g.arrivals(true) {
			if !yield(g.order(a)) {
				return
			}
		}
	}
}

// Sell makes up one more order, beyond those of Orders: the one of a number that is not below their count, placed now,
// when so many customers are known. Nothing has become of it yet. When its customer's number is that of known, somebody
// new has come, whom NewCustomer describes.
func (g *Generator) Sell(number, known int, at time.Time) Order {
	a := arrival{slot: slot{at: at, day: period.DayOf(at, g.opt.Zone)}, number: number, buyer: known}
	a.visitor = g.visit(number, known)
	if a.visitor == regular {
		a.buyer = g.comesBack(number, known)
	}
	return g.order(a)
}

// NewCustomer returns the customer of a number who comes at an instant.
func (g *Generator) NewCustomer(number int, at time.Time) Customer { return g.customer(number, at, at) }

func (g *Generator) order(a arrival) Order {
	o := &draft{Generator: g, arrival: a, dice: g.dice(aboutOrders, a.number), sale: saleOn(a.day)}
	o.out = Order{Number: a.number, Name: "#" + strconv.Itoa(1001+a.number), PlacedAt: a.at, UpdatedAt: a.at,
		Test: g.isTest(a.number), TaxesIncluded: g.included}
	if a.visitor != guest {
		o.out.Customer = &a.buyer
	}
	o.deliver()
	o.fill()
	o.discounts()
	o.charge()
	o.proceed()
	return o.out
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
		o.out.Tags = append(o.out.Tags, "Subscription")
	case counter:
		channel = "Point of Sale"
	case c < 12:
		channel = "Shop"
	case c < 20:
		channel = "Instagram"
	}
	o.out.Channel = channel
	if o.pos() {
		to = o.market.home().cities[0] // over the counter: nothing is shipped, and taxes are those of the shop
	} else {
		if o.dice.chance(70) {
			to = of(o.dice, land.cities) // a present
			o.out.Tags = append(o.out.Tags, "gift-wrap")
		}
		o.out.ShipTo = &Place{land.code, to.region, to.name}
	}
	area := o.market.home().area
	o.rate, o.home = land.rate(to, area), land.area == area
}

func (o *draft) pos() bool { return o.out.Channel == "Point of Sale" }

// fill puts goods into the basket.
func (o *draft) fill() {
	wholesale := o.visitor != guest && o.isWholesale(o.buyer)
	if wholesale {
		o.out.Tags = append(o.out.Tags, "wholesale")
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

func (o *draft) add(a *article, quantity int) *Line {
	v := of(o.dice, a.skus)
	o.out.Lines = append(o.out.Lines, Line{Number: o.number*maxLines + len(o.out.Lines), Product: a.number, Title: a.title,
		Variant: v.title, SKU: v.code, Vendor: a.vendor, Price: v.price, Quantity: int64(quantity), GiftCard: a.giftCard})
	return &o.out.Lines[len(o.out.Lines)-1]
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
	for i := range o.out.Lines {
		if l := &o.out.Lines[i]; !l.GiftCard {
			l.Discount = money.MulDiv(l.Price*l.Quantity, percent, 100)
		}
	}
	if code != "" {
		o.out.DiscountCodes = append(o.out.DiscountCodes, code)
	}
}

// charge works out shipping, taxes and whatever else there is to pay.
func (o *draft) charge() {
	var goods, taxes int64
	for i := range o.out.Lines {
		if l := &o.out.Lines[i]; !l.GiftCard {
			l.Tax = o.taxOn(l.base())
			goods += l.base()
			taxes += l.Tax
		}
	}
	cents := int64(590)
	if !o.home {
		cents = 1490
	}
	switch {
	case goods == 0 || o.pos() || goods >= o.price(7500, false):
	case o.dice.chance(40):
		o.out.DiscountCodes = append(o.out.DiscountCodes, "FREESHIP")
	default:
		o.out.Shipping = o.price(cents, true)
	}
	if o.included { // elsewhere delivery is not taxed
		o.out.ShippingTax = o.taxOn(o.out.Shipping)
	}
	o.out.Taxes = taxes + o.out.ShippingTax
	if o.every(perTip, o.number) && goods > 0 {
		o.out.Tips = o.extra(max(money.MulDiv(goods, int64(o.dice.between(5, 10)), 100), 1))
	}
	if o.every(perFee, o.number) && !o.pos() && goods > 0 {
		o.out.Fees = o.extra(o.price(350, false)) // for packing it as a present
	}
	if o.every(perDuty, o.number) && !o.home && goods > 0 {
		o.out.Duties = o.extra(max(money.MulDiv(goods, 6, 100), 1))
	}
}

func (o *draft) extra(minor int64) int64 {
	o.extras = true
	return minor
}

// taxOn returns the tax on an amount, or the tax within it.
func (o *draft) taxOn(base int64) int64 {
	whole := int64(100_000)
	if o.included {
		whole += o.rate
	}
	return money.MulDiv(base, o.rate, whole)
}

// net is what a line brings without tax.
func (o *draft) net(l Line) int64 {
	if o.included {
		return l.base() - l.Tax
	}
	return l.base()
}

// touched moves the instant of the order's last change.
func (o *draft) touched(at time.Time) {
	if at.After(o.out.UpdatedAt) {
		o.out.UpdatedAt = at
	}
}
