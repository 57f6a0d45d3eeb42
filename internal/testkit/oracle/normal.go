package oracle

import (
	"fmt"
	"strconv"
	"time"
)

// instant is the form in which instants are kept.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func instantOrNil(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	at := instant(*t)
	return &at
}

// reader brings fields into normal form and keeps the first error.
type reader struct {
	digits int
	err    error
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *reader) id(s string) string {
	n, err := Number(s)
	if err != nil {
		r.fail(err)
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func (r *reader) idOrNone(s string) string {
	if s == "" {
		return ""
	}
	return r.id(s)
}

// amount is a decimal whose default is zero.
func (r *reader) amount(s string) string {
	n, err := minor(s, r.digits)
	if err != nil {
		r.fail(err)
		return ""
	}
	return decimal(n, r.digits)
}

// amountOrNone is a decimal that may be left out.
func (r *reader) amountOrNone(s string) string {
	if s == "" {
		return ""
	}
	return r.amount(s)
}

func fallback(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func (p ProductInput) normal(digits int) (ProductInput, error) {
	r := reader{digits: digits}
	p.ShopifyID = r.id(p.ShopifyID)
	p.Status = fallback(p.Status, "ACTIVE")
	p.Price = r.amountOrNone(p.Price)
	p.CreatedAt, p.UpdatedAt = instantOrNil(p.CreatedAt), instantOrNil(p.UpdatedAt)
	return p, r.err
}

func (p ProductInput) id() string                   { return p.ShopifyID }
func (p ProductInput) updated() *time.Time          { return p.UpdatedAt }
func (p ProductInput) withoutUpdated() ProductInput { p.UpdatedAt = nil; return p }

func (c CustomerInput) normal(digits int) (CustomerInput, error) {
	r := reader{digits: digits}
	c.ShopifyID = r.id(c.ShopifyID)
	c.CreatedAt, c.UpdatedAt = instantOrNil(c.CreatedAt), instantOrNil(c.UpdatedAt)
	return c, r.err
}

func (c CustomerInput) id() string                    { return c.ShopifyID }
func (c CustomerInput) updated() *time.Time           { return c.UpdatedAt }
func (c CustomerInput) withoutUpdated() CustomerInput { c.UpdatedAt = nil; return c }

func (ord OrderInput) normal(digits int) (OrderInput, error) {
	r := reader{digits: digits}
	ord.ShopifyID = r.id(ord.ShopifyID)
	ord.CustomerShopifyID = r.idOrNone(ord.CustomerShopifyID)
	ord.ProcessedAt = instant(ord.ProcessedAt)
	ord.CreatedAt, ord.UpdatedAt = instantOrNil(ord.CreatedAt), instantOrNil(ord.UpdatedAt)
	ord.CancelledAt = instantOrNil(ord.CancelledAt)
	ord.CurrencyCode = "" // always the store's: another one is refused
	ord.FinancialStatus = fallback(ord.FinancialStatus, "PAID")
	ord.FulfillmentStatus = fallback(ord.FulfillmentStatus, "UNFULFILLED")
	ord.Shipping, ord.ShippingTax = r.amount(ord.Shipping), r.amountOrNone(ord.ShippingTax)
	ord.Taxes, ord.Duties, ord.Fees, ord.Tips = r.amount(ord.Taxes), r.amount(ord.Duties), r.amount(ord.Fees), r.amount(ord.Tips)

	items := make([]OrderItemInput, len(ord.Items))
	for i, it := range ord.Items {
		it.ShopifyID, it.ProductShopifyID = r.idOrNone(it.ShopifyID), r.idOrNone(it.ProductShopifyID)
		it.UnitPrice, it.Discount, it.Tax = r.amount(it.UnitPrice), r.amount(it.Discount), r.amountOrNone(it.Tax)
		if it.Quantity < 1 {
			r.fail(fmt.Errorf("item %d: quantity %d", i, it.Quantity))
		}
		items[i] = it
	}
	ord.Items = items

	refunds := make([]RefundInput, len(ord.Refunds))
	for i, f := range ord.Refunds {
		f.ShopifyID, f.CreatedAt = r.id(f.ShopifyID), instant(f.CreatedAt)
		f.Amount, f.TaxAmount, f.ShippingAmount = r.amount(f.Amount), r.amount(f.TaxAmount), r.amount(f.ShippingAmount)
		f.DutyAmount, f.FeeAmount = r.amount(f.DutyAmount), r.amount(f.FeeAmount)
		lines := make([]RefundLineInput, len(f.Lines))
		for j, l := range f.Lines {
			l.ItemShopifyID, l.Amount = r.id(l.ItemShopifyID), r.amount(l.Amount)
			lines[j] = l
		}
		f.Lines = lines
		refunds[i] = f
	}
	ord.Refunds = refunds

	adjustments := make([]AdjustmentInput, len(ord.Adjustments))
	for i, a := range ord.Adjustments {
		a.ShopifyID, a.HappenedAt = r.id(a.ShopifyID), instant(a.HappenedAt)
		a.Amount, a.TaxAmount, a.ShippingAmount = r.amount(a.Amount), r.amount(a.TaxAmount), r.amount(a.ShippingAmount)
		a.DutyAmount, a.FeeAmount = r.amount(a.DutyAmount), r.amount(a.FeeAmount)
		adjustments[i] = a
	}
	ord.Adjustments = adjustments
	return ord, r.err
}

func (ord OrderInput) id() string                 { return ord.ShopifyID }
func (ord OrderInput) updated() *time.Time        { return ord.UpdatedAt }
func (ord OrderInput) withoutUpdated() OrderInput { ord.UpdatedAt = nil; return ord }
