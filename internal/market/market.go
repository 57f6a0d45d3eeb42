// Package market makes up a believable store: what it sells, who buys it and what became of each order.
//
// The records are a pure function of a seed, the store's currency and timezone, and its local day: no clock and no
// global randomness is read, so the same seed gives the same store all day long. They are generated while they are
// read, so that a million orders take no more memory than one day of them. Amounts are minor units of the store's
// currency, exact: the parts of an order add up to its whole.
package market

import (
	"time"

	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
)

// Options say what store to make up.
type Options struct {
	// Days is how many local days the orders cover, the last of which is the one of Now; less than 1 counts as 1.
	Days int
	// Orders is how many there are, exactly; less than 0 counts as 0.
	Orders int
	// Products and Customers are how many there are; 0 stands for what goes with so many orders. There are at least two
	// products, one of them the gift card, and as many customers as buy something, at most so many.
	Products, Customers int
	Currency            money.Currency
	// Zone is the store's timezone; nil is UTC.
	Zone *time.Location
	Now  time.Time
	// TaxesIncluded says whether prices include tax; nil stands for what is usual where the currency is.
	TaxesIncluded *bool
}

// Product is something that the store sells, or sold.
type Product struct {
	// Number is the product's place in the catalogue, from 0.
	Number int
	Title  string
	Handle string
	Vendor string
	Kind   string
	// Status is ACTIVE, ARCHIVED or DRAFT.
	Status string
	Tags   []string
	Price  int64
	// Inventory is nil for what has none, a gift card; below 0 when more was sold than there was.
	Inventory            *int
	GiftCard             bool
	CreatedAt, UpdatedAt time.Time
	// DeletedAt is when a product that is no longer sold was taken out of the catalogue; zero: it never was.
	DeletedAt time.Time
}

// Customer is somebody who buys, or looked around. Texts that the store does not know are empty.
type Customer struct {
	// Number is the customer's place in the order of first purchases, from 0. Those who never bought follow.
	Number               int
	FirstName, LastName  string
	Email, Phone         string
	Country, City        string
	Tags                 []string
	CreatedAt, UpdatedAt time.Time
}

// Order is a sale with everything that happened to it.
type Order struct {
	// Number is the order's place in time, from 0.
	Number                int
	Name                  string
	PlacedAt              time.Time
	UpdatedAt             time.Time
	CancelledAt           *time.Time
	Test                  bool
	TaxesIncluded         bool
	Customer              *int // nil: a guest
	Channel               string
	Tags                  []string
	DiscountCodes         []string
	ShipTo                *Place // nil: handed over the counter
	FinancialStatus       string
	FulfillmentStatus     string
	Lines                 []Line
	Shipping, ShippingTax int64 // Shipping includes ShippingTax when TaxesIncluded
	Tips, Fees, Duties    int64
	Taxes                 int64 // those of all lines and of the shipping
	Refunds               []Refund
	Edits                 []Edit
}

// Place is where an order goes.
type Place struct{ Country, Region, City string }

// Line is one product in an order, as it was sold: what is taken off or given back later does not change it.
type Line struct {
	Number         int // unique among all lines of the store
	Product        int
	Title, Variant string
	SKU, Vendor    string
	Price          int64
	Quantity       int64
	Discount, Tax  int64
	GiftCard       bool
	// AddedAt is when an edit put the line into the order; zero: it was sold at first.
	AddedAt time.Time
}

// base is what the line costs as it is priced.
func (l Line) base() int64 { return l.Price*l.Quantity - l.Discount }

// Refund is money given back. Amount and Shipping are without tax, and Tax is that of both.
type Refund struct {
	Number                             int // unique among all refunds of the store
	At                                 time.Time
	Note                               string
	Amount, Tax, Shipping, ShippingTax int64
	// Lines say what was taken back; none: the buyer kept it all. Their amounts and taxes add up to Amount and to Tax
	// without ShippingTax.
	Lines []RefundLine
}

// RefundLine is the part of a refund that is for one line, given by its index in the order.
type RefundLine struct {
	Line        int
	Quantity    int64
	Amount, Tax int64
	Restocked   bool
}

// Edit takes pieces of one line off an order. A line that comes in their place stands in the order, with its AddedAt.
type Edit struct {
	Number      int // unique among all edits of the store
	At          time.Time
	Line        int
	Quantity    int64
	Amount, Tax int64 // of the pieces; Amount is without tax
}

// Generator is a made-up store. It never changes: its records may be read many times, and by many at once.
type Generator struct {
	opt   Options
	seed  uint64
	today period.Day
	first period.Day
	// cutoff is the start of today. Whatever happens to an order after its sale happens before it, for the present
	// time of day must not show in the data.
	cutoff    time.Time
	market    market
	included  bool
	perDay    []int64 // orders of each day, from first on
	catalogue []article
	popular   []int64 // running sum of the articles' popularity
	buyers    int     // customers who order; those who never do follow them
	prospects int
}

// Shop makes up a store. Seeds that differ give stores that differ in everything but their kind.
//
// Today has a few orders too, all of them subscriptions that renew in its first minute: later ones would lie in the
// future when the data are made in the morning. Nothing is later than Options.Now.
func Shop(seed int64, o Options) *Generator {
	o.Days, o.Orders = max(o.Days, 1), max(o.Orders, 0)
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	g := &Generator{opt: o, seed: uint64(seed), market: marketOf(o.Currency)}
	g.included = g.market.included
	if o.TaxesIncluded != nil {
		g.included = *o.TaxesIncluded
	}
	g.today = period.DayOf(o.Now, o.Zone)
	g.first = g.today - period.Day(o.Days-1)
	g.cutoff = g.today.Start(o.Zone)
	g.perDay = g.spread()
	g.stock()
	for k := range o.Orders {
		if g.visit(k, g.buyers) == newcomer {
			g.buyers++
		}
	}
	g.prospects = g.buyers / 20
	if o.Customers > 0 {
		g.prospects = max(o.Customers-g.buyers, 0)
	}
	return g
}

// Counts returns how many products, customers (with those who never ordered) and orders there are.
func (g *Generator) Counts() (products, customers, orders int) {
	return len(g.catalogue), g.buyers + g.prospects, g.opt.Orders
}
