package shopify

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// reader turns parts of an answer into records. It keeps the first thing that cannot be right.
type reader struct {
	// record names what is read, for the error.
	record string
	// currency is what its amounts must be in; the first of them decides when empty.
	currency string
	err      error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%s %s", r.record, fmt.Sprintf(format, args...))
	}
}

func (r *reader) id(typ, gid string) int64 {
	id, ok := localID(typ, gid)
	if !ok {
		r.fail("has the id %q", gid)
	}
	return id
}

func (r *reader) time(name string, t time.Time) time.Time {
	if t.IsZero() {
		r.fail("lacks %s", name)
	}
	return t.UTC()
}

// amount reads an amount of the store's currency.
func (r *reader) amount(m moneyBag) string { return r.sum(m) }

// amountOrZero reads an amount that there may not be.
func (r *reader) amountOrZero(m *moneyBag) string {
	if m == nil {
		return "0"
	}
	return r.sum(*m)
}

// sum adds amounts exactly. The sum of none is 0, the sum of one is that one as it is written.
func (r *reader) sum(all ...moneyBag) string {
	total, digits, text := new(big.Rat), 0, "0"
	for _, m := range all {
		text = m.ShopMoney.Amount
		if r.currency == "" {
			r.currency = m.ShopMoney.CurrencyCode
		}
		if m.ShopMoney.CurrencyCode != r.currency {
			r.fail("has amounts in %q and %q", r.currency, m.ShopMoney.CurrencyCode)
		}
		part, err := decimal(text)
		if err != nil {
			r.fail("has the amount %q", text)
			return "0"
		}
		total.Add(total, part)
		_, fraction, _ := strings.Cut(text, ".")
		digits = max(digits, len(fraction))
	}
	if len(all) == 1 {
		return text
	}
	return total.FloatString(digits)
}

func (r *reader) taxes(lines []taxLine) string {
	all := make([]moneyBag, len(lines))
	for i, l := range lines {
		all[i] = l.PriceSet
	}
	return r.sum(all...)
}

// decimal reads a plain decimal number: an optional minus, digits, and optionally a point and digits.
func decimal(s string) (*big.Rat, error) {
	whole, fraction, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if len(s) > 64 || !digits(whole) || point && !digits(fraction) {
		return nil, errors.New("not a plain decimal number")
	}
	d, _ := new(big.Rat).SetString(s)
	return d, nil
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (r *reader) product(p *product) Product {
	r.record = "product " + p.Id
	got := Product{
		ID: r.id("Product", p.Id), Title: p.Title, Handle: p.Handle, Vendor: p.Vendor, ProductType: p.ProductType,
		Status: p.Status, Tags: p.Tags, CreatedAt: r.time("createdAt", p.CreatedAt), UpdatedAt: r.time("updatedAt", p.UpdatedAt),
	}
	if price := p.PriceRangeV2.MinVariantPrice.Amount; price != "" {
		if _, err := decimal(price); err != nil {
			r.fail("has the price %q", price)
		}
		got.Price = &price
	}
	if p.TracksInventory {
		got.Inventory = &p.TotalInventory
	}
	if m := p.FeaturedMedia; m != nil && m.Preview != nil && m.Preview.Image != nil {
		got.ImageURL = m.Preview.Image.Url
	}
	return got
}

func (r *reader) customer(c *customer) Customer {
	r.record = "customer " + c.Id
	got := Customer{
		ID: r.id("Customer", c.Id), FirstName: text(c.FirstName), LastName: text(c.LastName), Tags: c.Tags,
		CreatedAt: r.time("createdAt", c.CreatedAt), UpdatedAt: r.time("updatedAt", c.UpdatedAt),
	}
	if e := c.DefaultEmailAddress; e != nil {
		got.Email = e.EmailAddress
	}
	if p := c.DefaultPhoneNumber; p != nil {
		got.Phone = p.PhoneNumber
	}
	if a := c.DefaultAddress; a != nil {
		got.City, got.Country = text(a.City), text(a.CountryCodeV2)
	}
	return got
}

// order reads an order of which nothing is left to ask for.
func (r *reader) order(o *order) Order {
	r.record, r.currency = "order "+o.Id, o.CurrencyCode
	got := Order{
		ID: r.id("Order", o.Id), Name: o.Name,
		CreatedAt: r.time("createdAt", o.CreatedAt), ProcessedAt: r.time("processedAt", o.ProcessedAt),
		UpdatedAt: r.time("updatedAt", o.UpdatedAt), CancelledAt: o.CancelledAt, Test: o.Test,
		SourceName: text(o.SourceName), Tags: o.Tags, CurrencyCode: o.CurrencyCode, TaxesIncluded: o.TaxesIncluded,
		FinancialStatus: text(o.DisplayFinancialStatus), FulfillmentStatus: o.DisplayFulfillmentStatus,
		DiscountCodes: o.DiscountCodes, LineQuantity: o.SubtotalLineItemsQuantity,
		Taxes: r.amountOrZero(o.TotalTaxSet), Duties: r.amountOrZero(o.OriginalTotalDutiesSet),
		Fees: r.amountOrZero(o.OriginalTotalAdditionalFeesSet), Tips: r.amount(o.TotalTipReceivedSet),
	}
	if o.CurrencyCode == "" {
		r.fail("lacks a currency")
	}
	if o.Customer != nil {
		id := r.id("Customer", o.Customer.Id)
		got.CustomerID = &id
	}
	if a := o.ShippingAddress; a != nil {
		got.ShippingCity, got.ShippingRegion, got.ShippingCountry = text(a.City), text(a.ProvinceCode), text(a.CountryCodeV2)
	}
	for _, s := range o.ShippingLines.Nodes {
		got.Shipping = append(got.Shipping, ShippingLine{r.amount(s.DiscountedPriceSet), r.taxes(s.TaxLines)})
	}
	for i := range o.LineItems.Nodes {
		got.Lines = append(got.Lines, r.line(&o.LineItems.Nodes[i]))
	}
	for _, f := range o.Refunds {
		refund := Refund{ID: r.id("Refund", f.Id), Note: text(f.Note), Total: r.amount(f.TotalRefundedSet)}
		if f.CreatedAt != nil {
			refund.CreatedAt = f.CreatedAt.UTC()
		}
		for _, l := range f.RefundLineItems.Nodes {
			refund.Lines = append(refund.Lines, RefundLine{r.id("LineItem", l.LineItem.Id), l.Quantity, l.Restocked})
		}
		got.Refunds = append(got.Refunds, refund)
	}
	for i := range o.Agreements.Edges {
		got.Agreements = append(got.Agreements, r.agreement(&o.Agreements.Edges[i].Node))
	}
	return got
}

func (r *reader) line(l *line) Line {
	discounts := make([]moneyBag, len(l.DiscountAllocations))
	for i, d := range l.DiscountAllocations {
		discounts[i] = d.AllocatedAmountSet
	}
	got := Line{
		ID: r.id("LineItem", l.Id), Title: l.Title, VariantTitle: text(l.VariantTitle), SKU: text(l.Sku),
		Vendor: text(l.Vendor), Quantity: l.Quantity, UnitPrice: r.amount(l.OriginalUnitPriceSet),
		Discount: r.sum(discounts...), Tax: r.taxes(l.TaxLines), GiftCard: l.IsGiftCard,
	}
	if l.Product != nil {
		id := r.id("Product", l.Product.Id)
		got.ProductID = &id
	}
	return got
}

func (r *reader) agreement(n *agreementNode) Agreement {
	got := Agreement{ID: r.id("", n.ID), Reason: n.Reason, HappenedAt: r.time("happenedAt", n.HappenedAt)}
	if n.Refund != nil {
		id := r.id("Refund", n.Refund.ID)
		got.RefundID = &id
	}
	for _, s := range n.Sales.Nodes {
		sale := Sale{
			ID: r.id("", s.ID), Action: s.ActionType, LineType: s.LineType,
			Amount: r.amount(s.TotalAmount), Tax: r.amount(s.TotalTaxAmount),
		}
		if s.Quantity != nil {
			sale.Quantity = *s.Quantity
		}
		if s.LineItem != nil {
			id := r.id("LineItem", s.LineItem.ID)
			sale.LineID = &id
		}
		got.Sales = append(got.Sales, sale)
	}
	return got
}
