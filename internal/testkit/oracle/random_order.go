package oracle

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
)

const largestAmount = 10_000_000_000_000 // minor units

// money writes minor units as a caller may: with all digits, or without the zeros at the end.
func (m *maker) money(n int64) string {
	text := decimal(big.NewInt(n), m.shop.Digits)
	if m.shop.Digits > 0 && m.chance(25) {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// moneyOrNone leaves a zero out half of the time.
func (m *maker) moneyOrNone(n int64) string {
	if n == 0 && m.chance(50) {
		return ""
	}
	return m.money(n)
}

// upTo is a number from 0 to n, of which both ends are likely.
func (m *maker) upTo(n int64) int64 {
	switch k := m.IntN(100); {
	case n <= 0 || k < 10:
		return 0
	case k < 20:
		return n
	}
	return m.Int64N(n + 1)
}

// customer is the number that an order names, 0 for a guest. A few customers order again and again.
func (m *maker) customer() int64 {
	switch {
	case m.chance(20):
		return 0
	case m.chance(50):
		return m.customerIDs[m.IntN(min(3, len(m.customerIDs)))]
	}
	return pick(m, m.customerIDs)
}

func (m *maker) placed() time.Time {
	if len(m.placedAt) > 0 && m.chance(12) { // the same instant as another order
		return pick(m, m.placedAt)
	}
	at := m.past()
	m.placedAt = append(m.placedAt, at)
	return at
}

// order is a new order: lines, extras and taxes, then what came back of it.
func (m *maker) order(id int64) OrderInput {
	ord := OrderInput{
		ProcessedAt:       m.placed(),
		FinancialStatus:   pick(m, []string{"", "PAID", "PENDING", "AUTHORIZED", "PARTIALLY_PAID", "VOIDED"}),
		FulfillmentStatus: pick(m, []string{"", "UNFULFILLED", "FULFILLED"}),
		Test:              m.chance(7),
		TaxesIncluded:     m.chance(50),
		Channel:           pick(m, []string{"", "web", "pos"}),
		ShippingCountry:   pick(m, []string{"", "DE", "US"}),
		Items:             []OrderItemInput{},
	}
	if c := m.customer(); c != 0 {
		ord.CustomerShopifyID = m.write("Customer", c)
	}
	if m.chance(50) {
		ord.Name = fmt.Sprintf("#%d", 1000+id%1000)
	}
	if m.chance(30) {
		ord.CurrencyCode = m.shop.Currency
	}
	onlyGifts := m.chance(3)
	for i := range 1 + m.IntN(4) {
		it := m.item()
		it.GiftCard = onlyGifts || m.chance(8)
		if i > 0 && m.chance(25) { // two lines of one product
			it.ProductShopifyID = ord.Items[i-1].ProductShopifyID
		}
		ord.Items = append(ord.Items, it)
	}
	var freight int64
	if m.chance(60) {
		freight = m.Int64N(3000)
	}
	ord.Shipping = m.moneyOrNone(freight)
	if m.chance(10) {
		ord.Duties = m.money(m.Int64N(5000))
	}
	if m.chance(10) {
		ord.Fees = m.money(m.Int64N(2000))
	}
	if m.chance(15) {
		ord.Tips = m.money(m.Int64N(2000))
	}
	m.setTaxes(&ord, freight)
	m.setReversals(&ord)
	return ord
}

func (m *maker) item() OrderItemInput {
	quantity, price := 1+m.IntN(5), m.Int64N(30_000)
	switch k := m.IntN(1000); {
	case k < 30:
		price = 0
	case k < 40:
		quantity, price = 1_000_000, m.Int64N(1_000_000_000)+1 // near the bound of 10^15
	case k < 50:
		quantity, price = 100, largestAmount
	case k < 60:
		price = m.Int64N(largestAmount)
	case k < 90:
		quantity = 1 + m.IntN(50_000)
	}
	line := price * int64(quantity)
	it := OrderItemInput{Title: fmt.Sprintf("Thing %d", m.IntN(50)), Quantity: quantity, UnitPrice: m.money(price)}
	if m.chance(80) {
		it.ShopifyID = m.write("LineItem", m.newID())
	}
	if m.chance(85) {
		it.ProductShopifyID = m.write("Product", pick(m, m.productIDs))
	}
	if m.chance(40) {
		it.Discount = m.money(min(m.upTo(line), largestAmount))
	}
	return it
}

// value reads an amount that the maker wrote.
func (m *maker) value(s string) int64 {
	n, err := minor(s, m.shop.Digits)
	if err != nil {
		return 0
	}
	return n.Int64()
}

// after is what a line was charged.
func (m *maker) after(it OrderItemInput) int64 {
	return m.value(it.UnitPrice)*int64(it.Quantity) - m.value(it.Discount)
}

// setTaxes gives an order one rate of tax, which some lines state and others leave to be worked out.
func (m *maker) setTaxes(ord *OrderInput, freight int64) {
	rate := pick(m, []int64{0, 50, 70, 77, 100, 190, 250})
	taxOf := func(base int64) int64 {
		of := int64(1000)
		if ord.TaxesIncluded {
			of += rate
		}
		return halfEven(ratio(times(big.NewInt(base), big.NewInt(rate)), big.NewInt(of))).Int64()
	}
	states := m.IntN(3) // none, some, all
	says := func() bool { return states == 2 || states == 1 && m.chance(50) }
	var total, open int64
	for i, it := range ord.Items {
		if it.GiftCard {
			if tax := taxOf(m.after(it)); m.chance(10) && tax <= largestAmount { // rare, but it happens
				ord.Items[i].Tax = m.money(tax)
				total += tax
			}
			continue
		}
		amount := taxOf(m.after(it))
		if amount <= largestAmount && says() {
			ord.Items[i].Tax = m.money(amount)
		} else {
			open += m.after(it)
		}
		total += amount
	}
	ofShipping := taxOf(freight)
	if says() {
		ord.ShippingTax = m.money(ofShipping)
	} else {
		open += freight
	}
	total += ofShipping
	if open > 100 && m.chance(20) { // a sum that was rounded elsewhere
		total++
	}
	if total > largestAmount { // too large to be stated: nothing is
		total = 0
		ord.ShippingTax = ""
		for i := range ord.Items {
			ord.Items[i].Tax = ""
		}
	}
	ord.Taxes = m.moneyOrNone(total)
	switch k := m.IntN(100); { // taxes that do not fit
	case k < 3:
		ord.Taxes = ""
	case k < 6:
		ord.Taxes = m.money(m.upTo(total))
	case k < 8:
		ord.Taxes = m.money(min(2*total+m.Int64N(50), largestAmount))
	case k < 10:
		ord.Items[m.IntN(len(ord.Items))].Tax = m.money(m.Int64N(100_000))
	case k < 12:
		ord.ShippingTax = m.money(m.Int64N(5_000))
	}
}

// setReversals gives an order refunds, edits and a cancellation, or takes those away that it has.
func (m *maker) setReversals(ord *OrderInput) {
	ord.Refunds, ord.Adjustments, ord.CancelledAt = nil, nil, nil
	if m.chance(35) {
		for range 1 + m.IntN(2) {
			ord.Refunds = append(ord.Refunds, m.refund(ord))
		}
		ord.FinancialStatus = pick(m, []string{"PARTIALLY_REFUNDED", "REFUNDED"})
	}
	if m.chance(10) {
		worth, taxes, freight := m.worth(ord)
		ord.Adjustments = append(ord.Adjustments, AdjustmentInput{
			ShopifyID: m.write("SalesAgreement", m.newID()), HappenedAt: m.later(ord.ProcessedAt),
			Amount: m.money(m.upTo(worth / 2)), TaxAmount: m.moneyOrNone(m.upTo(taxes / 2)), ShippingAmount: m.moneyOrNone(m.upTo(freight / 2)),
			DutyAmount: m.moneyOrNone(m.upTo(m.value(ord.Duties))), FeeAmount: m.moneyOrNone(m.upTo(m.value(ord.Fees))),
		})
	}
	if m.chance(12) {
		at := m.later(ord.ProcessedAt)
		ord.CancelledAt = &at
	}
}

// worth is roughly what an order's goods, taxes and shipping come to, within the bounds of an amount.
func (m *maker) worth(ord *OrderInput) (goods, taxes, freight int64) {
	for _, it := range ord.Items {
		if !it.GiftCard {
			goods += m.after(it)
		}
	}
	return min(goods, largestAmount/4), m.value(ord.Taxes), m.value(ord.Shipping)
}

// later is mostly some time after an order, sometimes before it.
func (m *maker) later(placed time.Time) time.Time {
	switch {
	case m.chance(10):
		return m.soon(placed.Add(-time.Duration(m.Int64N(int64(72 * time.Hour)))))
	case m.chance(10):
		return placed
	case m.chance(50):
		return m.soon(placed.Add(time.Duration(m.Int64N(int64(60 * 24 * time.Hour)))))
	}
	return m.past()
}

func (m *maker) refund(ord *OrderInput) RefundInput {
	goods, taxes, freight := m.worth(ord)
	f := RefundInput{
		ShopifyID: m.write("Refund", m.newID()), CreatedAt: m.later(ord.ProcessedAt),
		TaxAmount: m.moneyOrNone(m.upTo(taxes)), ShippingAmount: m.moneyOrNone(m.upTo(freight)),
		DutyAmount: m.moneyOrNone(m.upTo(m.value(ord.Duties))), FeeAmount: m.moneyOrNone(m.upTo(m.value(ord.Fees))),
	}
	largest := goods
	if m.chance(15) { // more than was ever paid
		largest = goods*2 + 100
	}
	if m.chance(50) {
		var sum int64
		for _, it := range ord.Items {
			if it.ShopifyID == "" || m.chance(30) || it.GiftCard && m.chance(50) {
				continue
			}
			amount := min(m.upTo(m.after(it)), largestAmount/4)
			f.Lines = append(f.Lines, RefundLineInput{
				ItemShopifyID: it.ShopifyID, Quantity: m.IntN(it.Quantity/2 + 1), Amount: m.money(amount), Restocked: m.chance(50),
			})
			if !it.GiftCard { // the amount is without gift cards
				sum += amount
			}
		}
		if len(f.Lines) > 0 {
			if m.chance(4) { // the amount counts, whatever its lines come to
				sum += m.Int64N(100)
			}
			f.Amount = m.money(sum)
			return f
		}
	}
	if goods == 0 {
		largest = 0 // gift cards alone: there are no goods to give back
	}
	f.Amount = m.money(m.upTo(largest))
	return f
}

// changed is a later version of an order.
func (m *maker) changed(ord OrderInput, id int64) OrderInput {
	ord.Items = slices.Clone(ord.Items)
	ord.Refunds = slices.Clone(ord.Refunds)
	ord.Adjustments = slices.Clone(ord.Adjustments)
	switch m.IntN(8) {
	case 0: // to somebody else
		ord.CustomerShopifyID = m.write("Customer", pick(m, m.customerIDs))
	case 1:
		ord.CustomerShopifyID = ""
	case 2:
		ord.Refunds = append(ord.Refunds, m.refund(&ord))
	case 3:
		at := m.later(ord.ProcessedAt)
		ord.CancelledAt = &at
	case 4:
		ord.CancelledAt = nil
	case 5:
		ord.ProcessedAt = m.placed()
	case 6:
		ord.Test = !ord.Test
	case 7: // other amounts
		fresh := m.order(id)
		fresh.CustomerShopifyID, fresh.ProcessedAt = ord.CustomerShopifyID, ord.ProcessedAt
		return fresh
	}
	return ord
}
