package oracle

import (
	"math/big"
	"sort"
	"strconv"
	"time"
)

// The components that an entry adds to. Refunded money is a positive reversal and a negative shipping and tax.
const (
	gross    = "gross"
	discount = "discount"
	reversal = "reversal"
	shipping = "shipping"
	tax      = "tax"
	duty     = "duty"
	fee      = "fee"
	tip      = "tip"
	giftCard = "giftCard" // sold, which is no sale
	units    = "units"
)

// sums are amounts by component, in minor units; a component that is not there is zero.
type sums map[string]*big.Int

func (s sums) get(component string) *big.Int {
	if n := s[component]; n != nil {
		return n
	}
	return new(big.Int)
}

func (s sums) add(component string, n *big.Int) { s[component] = plus(s.get(component), n) }

func (s sums) addAll(other sums) {
	for component, n := range other {
		s.add(component, n)
	}
}

func (s sums) net() *big.Int {
	return minus(minus(s.get(gross), s.get(discount)), s.get(reversal))
}

func (s sums) total() *big.Int {
	return plus(s.net(), s.get(shipping), s.get(tax), s.get(duty), s.get(fee))
}

// entry is one dated change that an order makes to the numbers.
type entry struct {
	kind  string // SALE, REFUND, EDIT, CANCELLATION
	ref   string // the id of the refund or edit
	at    time.Time
	order *OrderInput
	sums  sums
}

// isZero says that the entry changes nothing.
func (s sums) isZero() bool {
	for _, n := range s {
		if n.Sign() != 0 {
			return false
		}
	}
	return true
}

// post turns an order in normal form into its entries. A test order has none.
func (o *Oracle) post(ord *OrderInput) []entry {
	if ord.Test {
		return nil
	}
	return o.postAnyway(ord)
}

// postAnyway is post as if the order were no test.
func (o *Oracle) postAnyway(ord *OrderInput) []entry {
	held := o.includedTaxes(ord)
	sale := sums{}
	for i, line := range o.saleLines(ord) {
		it := ord.Items[i]
		if it.GiftCard {
			sale.add(giftCard, minus(o.charged(it), held.lines[i]))
			continue
		}
		sale.add(gross, line.gross)
		sale.add(discount, line.discount)
		sale.add(units, whole(it.Quantity))
	}
	sale.add(shipping, minus(o.amount(ord.Shipping), held.shipping))
	if ord.TaxesIncluded {
		sale.add(tax, plus(append(held.lines, held.shipping)...))
	} else {
		sale.add(tax, larger(o.amount(ord.Taxes), o.statedTaxes(ord)))
	}
	sale.add(duty, o.amount(ord.Duties))
	sale.add(fee, o.amount(ord.Fees))
	sale.add(tip, o.amount(ord.Tips))
	entries := []entry{{"SALE", "", ord.ProcessedAt, ord, sale}}

	// A reversal that changes nothing is no entry.
	reverse := func(kind, ref string, at time.Time, by sums) {
		if !by.isZero() {
			entries = append(entries, entry{kind, ref, at, ord, by})
		}
	}
	gifts := map[string]bool{}
	for _, it := range ord.Items {
		if it.GiftCard && it.ShopifyID != "" {
			gifts[it.ShopifyID] = true
		}
	}
	for _, f := range ord.Refunds {
		by := o.givenBack(f.Amount, f.TaxAmount, f.ShippingAmount, f.DutyAmount, f.FeeAmount)
		for _, l := range f.Lines {
			if gifts[l.ItemShopifyID] { // the refund's amount is without gift cards
				by.add(giftCard, negative(o.amount(l.Amount)))
			}
		}
		reverse("REFUND", f.ShopifyID, f.CreatedAt, by)
	}
	for _, a := range ord.Adjustments {
		reverse("EDIT", a.ShopifyID, a.HappenedAt, o.givenBack(a.Amount, a.TaxAmount, a.ShippingAmount, a.DutyAmount, a.FeeAmount))
	}

	if ord.CancelledAt != nil {
		remains := sums{}
		for _, e := range entries {
			remains.addAll(e.sums)
		}
		cancellation := sums{reversal: larger(new(big.Int), remains.net())}
		for _, component := range []string{shipping, tax, duty, fee, tip, giftCard} {
			cancellation[component] = negative(larger(new(big.Int), remains.get(component)))
		}
		reverse("CANCELLATION", "", *ord.CancelledAt, cancellation)
	}
	return entries
}

func (o *Oracle) givenBack(amount, taxAmount, shippingAmount, dutyAmount, feeAmount string) sums {
	return sums{
		reversal: o.amount(amount),
		tax:      negative(o.amount(taxAmount)),
		shipping: negative(o.amount(shippingAmount)),
		duty:     negative(o.amount(dutyAmount)),
		fee:      negative(o.amount(feeAmount)),
	}
}

// amount reads a decimal of a record in normal form, which is known to be well formed.
func (o *Oracle) amount(s string) *big.Int {
	n, err := minor(s, o.shop.Digits)
	if err != nil {
		return new(big.Int)
	}
	return n
}

// list is price x quantity of a line.
func (o *Oracle) list(it OrderItemInput) *big.Int {
	return times(o.amount(it.UnitPrice), whole(it.Quantity))
}

// charged is price x quantity less the discount: what the buyer pays for a line, or its base where tax is included.
func (o *Oracle) charged(it OrderItemInput) *big.Int {
	return minus(o.list(it), o.amount(it.Discount))
}

// statedTaxes is the sum of the taxes that the parts of an order state themselves.
func (o *Oracle) statedTaxes(ord *OrderInput) *big.Int {
	sum := o.amount(ord.ShippingTax)
	for _, it := range ord.Items {
		sum = plus(sum, o.amount(it.Tax))
	}
	return sum
}

// includedTax is the tax that the prices of an order hold: nothing unless tax is included.
type includedTax struct {
	lines    []*big.Int // as the items of the order
	shipping *big.Int
}

// includedTaxes takes the taxes as stated, but no more than the price; what is then left of the order's taxes is spread
// over the prices without a stated one, the shipping last, but no more than these come to. A gift card holds what it
// states and takes no part in the rest.
func (o *Oracle) includedTaxes(ord *OrderInput) includedTax {
	held := includedTax{shipping: new(big.Int)}
	for range ord.Items {
		held.lines = append(held.lines, new(big.Int))
	}
	if !ord.TaxesIncluded {
		return held
	}
	var open []**big.Int // where the shares of the rest go
	var bases []*big.Int
	for i, it := range ord.Items {
		switch {
		case it.Tax != "":
			held.lines[i] = smaller(o.amount(it.Tax), o.charged(it))
		case !it.GiftCard:
			open, bases = append(open, &held.lines[i]), append(bases, o.charged(it))
		}
	}
	if ord.ShippingTax != "" {
		held.shipping = smaller(o.amount(ord.ShippingTax), o.amount(ord.Shipping))
	} else {
		open, bases = append(open, &held.shipping), append(bases, o.amount(ord.Shipping))
	}
	rest := larger(new(big.Int), minus(o.amount(ord.Taxes), o.statedTaxes(ord)))
	for k, share := range spread(smaller(rest, plus(bases...)), bases) {
		*open[k] = share
	}
	return held
}

// entries are the entries of all orders, in no order that matters.
func (o *Oracle) entries() []entry {
	var all []entry
	for _, ord := range o.ordered() {
		all = append(all, o.post(ord)...)
	}
	return all
}

// ordered are all stored orders, tests too, by (processedAt, number).
func (o *Oracle) ordered() []*OrderInput {
	var all []*OrderInput
	for _, r := range o.orders.records {
		all = append(all, &r.value)
	}
	sort.Slice(all, func(i, j int) bool {
		if !all[i].ProcessedAt.Equal(all[j].ProcessedAt) {
			return all[i].ProcessedAt.Before(all[j].ProcessedAt)
		}
		return number(all[i].ShopifyID) < number(all[j].ShopifyID)
	})
	return all
}

// number reads an id in normal form.
func number(id string) int64 {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// customerOf is the number of the customer whose order this is; 0 for a guest. The orders of a deleted customer are
// guest orders for as long as the customer does not come back.
func (o *Oracle) customerOf(ord *OrderInput) int64 {
	if ord.CustomerShopifyID == "" {
		return 0
	}
	if n := number(ord.CustomerShopifyID); !o.customers.deleted(n) {
		return n
	}
	return 0
}

// Entry is an entry of an order as text, to be read by people and written by hand in tests.
type Entry struct {
	Kind, Ref                                                                      string
	At                                                                             time.Time
	Gross, Discount, Reversal, Shipping, Tax, Duty, Fee, Tip, GiftCard, Net, Total string
	Units                                                                          int
}

// Entries are the entries of one order, as if it were stored, in the order sale, refunds, edits, cancellation.
func (o *Oracle) Entries(ord OrderInput) ([]Entry, error) {
	normal, err := ord.normal(o.shop.Digits)
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, e := range o.post(&normal) {
		text := func(component string) string { return decimal(e.sums.get(component), o.shop.Digits) }
		out = append(out, Entry{
			Kind: e.kind, Ref: e.ref, At: e.at,
			Gross: text(gross), Discount: text(discount), Reversal: text(reversal), Shipping: text(shipping),
			Tax: text(tax), Duty: text(duty), Fee: text(fee), Tip: text(tip), GiftCard: text(giftCard),
			Net: decimal(e.sums.net(), o.shop.Digits), Total: decimal(e.sums.total(), o.shop.Digits),
			Units: int(e.sums.get(units).Int64()),
		})
	}
	return out, nil
}
