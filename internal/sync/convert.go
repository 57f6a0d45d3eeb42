package sync

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopsight/shopsight/internal/country"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/shopify"
)

// The longest texts that ingest takes. A record is not lost for a longer one: it is cut.
const (
	maxText = 255
	maxNote = 5000
	maxURL  = 2048
	maxTags = 250
)

func addProduct(p *page, r shopify.Product) {
	p.saw(r.ID, r.UpdatedAt)
	in := ingest.ProductInput{
		ShopifyID: digits(r.ID), Title: title(r.Title), Handle: text(r.Handle), Vendor: text(r.Vendor), ProductType: text(r.ProductType),
		Status: r.Status, Tags: labels(r.Tags), ImageURL: orNil(r.ImageURL), Price: r.Price, InventoryQuantity: r.Inventory,
		CreatedAt: instant(r.CreatedAt), UpdatedAt: instant(r.UpdatedAt),
	}
	// A product that is unlisted is sold all the same, to whoever has its address.
	if !slices.Contains([]string{"ACTIVE", "DRAFT", "ARCHIVED"}, in.Status) {
		in.Status = "ACTIVE"
	}
	if len(r.ImageURL) > maxURL {
		in.ImageURL = nil
	}
	p.batch.Products = append(p.batch.Products, in)
}

func addCustomer(p *page, r shopify.Customer) {
	p.saw(r.ID, r.UpdatedAt)
	p.batch.Customers = append(p.batch.Customers, ingest.CustomerInput{
		ShopifyID: digits(r.ID), FirstName: text(r.FirstName), LastName: text(r.LastName), Email: text(r.Email), Phone: text(r.Phone),
		Country: countryOf(r.Country), City: text(r.City), Tags: labels(r.Tags),
		CreatedAt: instant(r.CreatedAt), UpdatedAt: instant(r.UpdatedAt),
	})
}

func addOrder(p *page, r shopify.Order) {
	p.saw(r.ID, r.UpdatedAt)
	p.announced += r.LineQuantity
	for _, l := range r.Lines {
		if !l.GiftCard {
			p.read += l.Quantity
		}
	}
	p.batch.Orders = append(p.batch.Orders, order(r))
}

// order puts an order into the terms of ingest. What was sold, and what was taken back and when, is told by the order's
// sales, of which Shopify's own reports are made: lines tell what the sales are of.
//
// The sale of the order holds what was agreed at first and what edits and exchanges added, on the day of the order, since
// a line tells nothing of when it came. What edits and returns took away reduces sales on its own day, and so does each
// refund.
func order(r shopify.Order) ingest.OrderInput {
	currency := money.Currency(r.CurrencyCode)
	in := ingest.OrderInput{
		ShopifyID: digits(r.ID), Name: text(r.Name), CustomerShopifyID: optionalDigits(r.CustomerID),
		ProcessedAt: r.ProcessedAt, CreatedAt: instant(r.CreatedAt), UpdatedAt: instant(r.UpdatedAt), CancelledAt: r.CancelledAt,
		CurrencyCode: &currency, FinancialStatus: financialStatus(r.FinancialStatus), FulfillmentStatus: fulfillmentStatus(r.FulfillmentStatus),
		Test: r.Test, Channel: text(r.SourceName), ShippingCountry: countryOf(r.ShippingCountry), ShippingRegion: text(r.ShippingRegion),
		ShippingCity: text(r.ShippingCity), DiscountCodes: labels(r.DiscountCodes), Tags: labels(r.Tags), TaxesIncluded: r.TaxesIncluded,
	}
	t := tally{order: r, lines: map[int64]*sum{}, refunds: map[int64]*reversal{}}
	for _, a := range r.Agreements {
		t.add(a)
	}
	in.Items = t.items()
	in.Refunds = t.refundInputs()
	in.Adjustments = t.adjustments
	t.rest(&in)
	return in
}

// sum adds up sales: after discounts, with tax, and the tax in it.
type sum struct{ amount, tax big.Rat }

func (s *sum) add(amount, tax *big.Rat) {
	s.amount.Add(&s.amount, amount)
	s.tax.Add(&s.tax, tax)
}

// net is the amount without tax.
func (s *sum) net() *big.Rat { return new(big.Rat).Sub(&s.amount, &s.tax) }

// reversal is what one refund, edit or return took back, as positive amounts.
type reversal struct {
	at              time.Time
	goods, shipping sum
	lines           []ingest.RefundLineInput
}

func (v *reversal) empty() bool {
	return v.goods.amount.Sign() == 0 && v.shipping.amount.Sign() == 0 && len(v.lines) == 0
}

// tally sorts the sales of an order into what was sold and what was taken back.
type tally struct {
	order    shopify.Order
	lines    map[int64]*sum
	shipping sum
	sold     bool // whether there is any sale: orders that are older than agreements have none
	// duties, fees and tips are with their tax: the ledger splits the order's tax over goods and shipping alone.
	duties, fees, tips big.Rat
	refunds            map[int64]*reversal
	adjustments        []ingest.AdjustmentInput
}

func (t *tally) add(a shopify.Agreement) {
	back := &reversal{}
	if a.RefundID != nil {
		if t.refunds[*a.RefundID] == nil {
			t.refunds[*a.RefundID] = &reversal{at: a.HappenedAt}
		}
		back = t.refunds[*a.RefundID]
	}
	for _, s := range a.Sales {
		amount, tax := rat(s.Amount), rat(s.Tax)
		if a.RefundID != nil || amount.Sign() < 0 || amount.Sign() == 0 && s.Action == "RETURN" {
			t.takeBack(back, s, amount.Neg(amount), tax.Neg(tax))
			continue
		}
		t.sold = true
		switch {
		case s.LineType == "PRODUCT" || s.LineType == "GIFT_CARD":
			if s.LineID == nil {
				break // a gift card's sale does not name its line
			}
			if t.lines[*s.LineID] == nil {
				t.lines[*s.LineID] = &sum{}
			}
			t.lines[*s.LineID].add(amount, tax)
		case s.LineType == "SHIPPING":
			t.shipping.add(amount, tax)
		case s.LineType == "DUTY":
			t.duties.Add(&t.duties, amount)
		case s.LineType == "TIP":
			t.tips.Add(&t.tips, amount)
		default:
			t.fees.Add(&t.fees, amount)
		}
	}
	if a.RefundID == nil && !back.empty() {
		t.adjustments = append(t.adjustments, ingest.AdjustmentInput{ShopifyID: digits(a.ID), HappenedAt: a.HappenedAt,
			Amount: t.decimal(back.goods.net()), TaxAmount: t.decimal(plus(&back.goods.tax, &back.shipping.tax)),
			ShippingAmount: t.decimal(back.shipping.net())})
	}
}

// takeBack adds to a reversal. Gift cards and tips are no sales, so that giving them back takes nothing back.
func (t *tally) takeBack(v *reversal, s shopify.Sale, amount, tax *big.Rat) {
	switch s.LineType {
	case "GIFT_CARD", "TIP":
	case "SHIPPING":
		v.shipping.add(amount, tax)
	default:
		v.goods.add(amount, tax)
		if s.LineID != nil {
			l := ingest.RefundLineInput{ItemShopifyID: digits(*s.LineID), Quantity: max(s.Quantity, -s.Quantity),
				Amount: t.decimal(new(big.Rat).Sub(amount, tax))}
			v.lines = append(v.lines, l)
		}
	}
}

// items are the order's lines, at what their sales bring.
func (t *tally) items() []ingest.OrderItemInput {
	var out []ingest.OrderItemInput
	for _, l := range t.order.Lines {
		if l.Quantity < 1 {
			continue
		}
		id := digits(l.ID)
		it := ingest.OrderItemInput{ShopifyID: &id, ProductShopifyID: optionalDigits(l.ProductID), Title: title(l.Title),
			VariantTitle: text(l.VariantTitle), Sku: text(l.SKU), Vendor: text(l.Vendor), Quantity: l.Quantity,
			UnitPrice: l.UnitPrice, Discount: l.Discount, Tax: &l.Tax, GiftCard: l.GiftCard}
		if s := t.lines[l.ID]; s != nil {
			paid := s.net()
			if t.order.TaxesIncluded {
				paid = &s.amount
			}
			pieces := new(big.Rat).SetInt64(int64(l.Quantity))
			full := new(big.Rat).Mul(rat(l.UnitPrice), pieces)
			if full.Cmp(paid) < 0 {
				// An edit raised the price: the least one that is enough, less what is too much.
				price := t.up(new(big.Rat).Quo(paid, pieces))
				it.UnitPrice = t.decimal(price)
				full.Mul(price, pieces)
			}
			it.Discount = t.decimal(full.Sub(full, paid))
			tax := t.decimal(&s.tax)
			it.Tax = &tax
		}
		out = append(out, it)
	}
	return out
}

// rest fills what an order has besides goods.
func (t *tally) rest(in *ingest.OrderInput) {
	taxes := new(big.Rat)
	for _, it := range in.Items {
		if !it.GiftCard {
			taxes.Add(taxes, rat(*it.Tax))
		}
	}
	if !t.sold {
		for _, l := range t.order.Shipping {
			price, tax := rat(l.Price), rat(l.Tax)
			if !t.order.TaxesIncluded {
				price.Add(price, tax)
			}
			t.shipping.add(price, tax)
		}
		t.duties, t.fees, t.tips = *rat(t.order.Duties), *rat(t.order.Fees), *rat(t.order.Tips)
	}
	shipping, tax := t.shipping.net(), t.decimal(&t.shipping.tax)
	if t.order.TaxesIncluded {
		shipping = &t.shipping.amount
	}
	in.Shipping, in.ShippingTax = t.decimal(shipping), &tax
	in.Taxes = t.decimal(taxes.Add(taxes, &t.shipping.tax))
	in.Duties, in.Fees, in.Tips = t.decimal(&t.duties), t.decimal(&t.fees), t.decimal(&t.tips)
}

// refundInputs are the order's refunds, with what their sales took back.
func (t *tally) refundInputs() []ingest.RefundInput {
	var out []ingest.RefundInput
	for _, r := range t.order.Refunds {
		in := ingest.RefundInput{ShopifyID: digits(r.ID), CreatedAt: r.CreatedAt, Note: note(r.Note)}
		if v := t.refunds[r.ID]; v != nil {
			if in.CreatedAt.IsZero() { // Shopify may not tell; the agreement always does
				in.CreatedAt = v.at
			}
			in.Amount, in.ShippingAmount = t.decimal(v.goods.net()), t.decimal(v.shipping.net())
			in.TaxAmount = t.decimal(plus(&v.goods.tax, &v.shipping.tax))
			in.Lines = v.lines
		}
		out = append(out, in)
	}
	return out
}

// decimal writes an amount. Sums and differences of decimals are decimals again; a quotient was rounded by up.
func (t *tally) decimal(r *big.Rat) string {
	digits, _ := r.FloatPrec()
	return r.FloatString(digits)
}

// up rounds up to the digits of the order's currency.
func (t *tally) up(r *big.Rat) *big.Rat {
	unit := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(money.Currency(t.order.CurrencyCode).Digits())), nil))
	n := new(big.Rat).Mul(r, unit)
	q, m := new(big.Int).DivMod(n.Num(), n.Denom(), new(big.Int))
	if m.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return new(big.Rat).Quo(new(big.Rat).SetInt(q), unit)
}

func plus(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) }

// rat reads a decimal; the client has checked that it is one. Empty is 0.
func rat(s string) *big.Rat {
	r := new(big.Rat)
	if s != "" {
		r.SetString(s)
	}
	return r
}

// financialStatus translates the status that Shopify shows. One that we do not know is pending: nothing says that it is paid.
func financialStatus(s string) string {
	switch s {
	case "PAID", "PENDING", "AUTHORIZED", "PARTIALLY_PAID", "PARTIALLY_REFUNDED", "REFUNDED", "VOIDED", "EXPIRED":
		return s
	}
	return "PENDING"
}

// fulfillmentStatus translates the status that Shopify shows, some of which are only older names of others.
func fulfillmentStatus(s string) string {
	switch s {
	case "PARTIALLY_FULFILLED", "FULFILLED", "RESTOCKED", "ON_HOLD", "SCHEDULED", "IN_PROGRESS":
		return s
	case "FULFILLMENT_NOT_REQUIRED":
		return "FULFILLED"
	case "PENDING_FULFILLMENT":
		return "IN_PROGRESS"
	}
	return "UNFULFILLED"
}

// countryOf drops what is no country: Shopify has a code for unknown places.
func countryOf(s string) *string {
	if !country.Valid(s) {
		return nil
	}
	return &s
}

func digits(id int64) string { return strconv.FormatInt(id, 10) }

func optionalDigits(id *int64) *string {
	if id == nil {
		return nil
	}
	s := digits(*id)
	return &s
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func text(s string) *string { return orNil(cut(s, maxText)) }
func note(s string) *string { return orNil(cut(s, maxNote)) }

// cut takes away what ingest would refuse: what is too long, and what is no text.
func cut(s string, most int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most])
	}
	return s
}

// title is text that must not be empty.
func title(s string) string {
	if s = cut(s, maxText); strings.TrimSpace(s) != "" {
		return s
	}
	return "(untitled)"
}

func labels(in []string) []string {
	out := make([]string, 0, len(in))
	for _, s := range in {
		out = append(out, cut(s, maxText))
	}
	return out[:min(len(out), maxTags)]
}
