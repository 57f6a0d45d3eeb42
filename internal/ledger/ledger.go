// Package ledger turns an order into the entries that every report is summed from.
//
// It is a pure function over values: [Post] reads no clock, no database and no configuration, so that the same order
// gives the same entries wherever and whenever it is posted. All amounts are integer minor units of one currency,
// which the package does not need to know.
//
// # What an order becomes
//
// One [Sale] on the day the order was placed, and one entry for each refund, each edit and the cancellation on the
// day that happened. An entry says what it adds to each metric, so a report is a plain sum: a refund of goods has a
// positive Reversal, and a negative Shipping and Tax where it gives those back.
//
// # Bounds
//
// The caller has checked its input: no amount is negative, an amount is at most 10^13, price × quantity at most
// 10^15, a discount at most price × quantity, and an order has at most 500 lines and 100 refunds. Nothing can wrap
// then: the lines of an order come to at most 500 × 10^15 = 5×10^17 and everything else of a sale to less than 10^16,
// while an int64 holds 9.2×10^18. Refund lines and edits have no limit of their own, but a request is at most
// 8 MiB and none of them takes less than 30 bytes in it, so that they come to less than 280,000 × 10^13 = 2.8×10^18 at
// the very worst. Products of two amounts go through 128 bits in package money.
//
// This is about one order: whoever sums up many of them has to look after that sum.
package ledger

import "time"

// Order is what the ledger needs to know of an order. Amounts are minor units, as the source gave them, not negative.
type Order struct {
	// ProcessedAt is when the order was placed: the instant of its sale.
	ProcessedAt time.Time
	// CancelledAt is the instant of the cancellation. Without one nothing is reversed, even when the order's status
	// says that it was voided: there would be no day to put it on.
	CancelledAt *time.Time
	// Test orders are posted nowhere.
	Test bool
	// TaxesIncluded says that line prices, line discounts and Shipping include tax. The amounts of refunds and
	// adjustments never do.
	TaxesIncluded bool
	Lines         []Line
	Shipping      int64
	// ShippingTax is the part of Taxes that is on the shipping; nil when the source did not say.
	ShippingTax *int64
	// Taxes are all taxes of the order, those of lines and shipping among them.
	Taxes       int64
	Duties      int64
	Fees        int64
	Tips        int64
	Refunds     []Refund
	Adjustments []Adjustment
}

// Line is an item of an order.
type Line struct {
	// Key names the line within its order; a refund line refers to it, to the first of two lines with one key.
	Key      string
	Price    int64
	Quantity int64
	// Discount is that of the whole line, at most Price × Quantity.
	Discount int64
	// Tax is the part of the order's Taxes that is on this line; nil when the source did not say.
	Tax *int64
	// GiftCard lines are not sales: they are kept apart, in Amounts.GiftCard, and have no share in anything else.
	GiftCard bool
}

// Refund is money that was given back. Amount is the value of goods without tax, shipping, duties, fees, tips and gift cards.
type Refund struct {
	ID       int64
	At       time.Time
	Amount   int64
	Tax      int64
	Shipping int64
	Duty     int64
	Fee      int64
	// Lines say which lines the Amount belongs to. They never change the Amount itself.
	Lines []RefundLine
}

// RefundLine is the part of a refund that is for one line of the order.
type RefundLine struct {
	LineKey  string
	Quantity int64
	Amount   int64
}

// Adjustment is a dated edit of an order that reduces its sales. Amount is without tax, shipping, duties and fees.
type Adjustment struct {
	ID       int64
	At       time.Time
	Amount   int64
	Tax      int64
	Shipping int64
	Duty     int64
	Fee      int64
}

// Kind says what an entry stands for. The numbers are stored, so they never change.
type Kind int8

// The kinds of entries.
const (
	// Sale is the order itself. Each order that is not a test has exactly one, which is how orders are counted.
	Sale Kind = 1
	// Refunded is one refund.
	Refunded Kind = 2
	// Edited is one adjustment.
	Edited Kind = 3
	// Cancelled is the cancellation of the order.
	Cancelled Kind = 4
)

// String returns the word for the kind that people read: sale, refund, edit or cancellation.
func (k Kind) String() string {
	switch k {
	case Sale:
		return "sale"
	case Refunded:
		return "refund"
	case Edited:
		return "edit"
	case Cancelled:
		return "cancellation"
	}
	return "unknown"
}

// Entry is one event of an order with what it adds to each metric.
type Entry struct {
	Kind Kind
	// Ref is the ID of the refund or the adjustment; 0 for the others.
	Ref int64
	At  time.Time
	Amounts
}

// Result is what Post makes of an order.
type Result struct {
	// Entries are the sale, then the refunds and the adjustments in the order they were given, then the cancellation;
	// not in the order of time. Empty for a test order.
	Entries []Entry
	// Lines has one element for each of Order.Lines, in the same order, for test orders too.
	Lines []LineAmounts
}

// LineAmounts are the numbers of one line. A gift-card line has none but RefundedQuantity, because it is no sale.
//
// Over all lines, Gross, Discount and Net sum to those of the sale. Reversed sums to the Reversal of all entries
// together, unless the order has no counted line that it could belong to.
type LineAmounts struct {
	// Gross, Discount and Net are those of the sale, without tax: Net = Gross - Discount, before any reversal.
	Gross    int64
	Discount int64
	Net      int64
	// RefundedQuantity is the sum of what refund lines say. It is not limited to the quantity that was sold.
	RefundedQuantity int64
	// Reversed is the line's part of all refunds, edits and the cancellation. It can exceed Net.
	Reversed int64
}
