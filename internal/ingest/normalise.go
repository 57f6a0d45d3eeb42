package ingest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/ledger"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/store"
)

// orderRecord is an order as rows, complete but for ids.
type orderRecord struct {
	row         ent.Order
	items       []*ent.OrderItem
	products    []int64 // the store's number of each item's product, 0 for none
	refunds     []*ent.Refund
	refundLines []*refundLine
	adjustments []*adjustment
	posted      ledger.Result
}

// product turns a product into its row.
func (c *checker) product(in ProductInput) ent.Product {
	r := ent.Product{
		ShopifyID:   c.id("shopifyId", in.ShopifyID, "Product"),
		Title:       c.required("title", in.Title),
		Handle:      c.optional("handle", in.Handle, maxText),
		Vendor:      c.optional("vendor", in.Vendor, maxText),
		ProductType: c.optional("productType", in.ProductType, maxText),
		Status:      c.oneOf("status", in.Status, "ACTIVE", "DRAFT", "ARCHIVED"),
		Tags:        c.labels("tags", in.Tags),
		ImageURL:    c.optional("imageUrl", in.ImageURL, maxURL),
		Price:       c.optionalAmount("price", in.Price),
		CreatedAt:   c.optionalInstant("createdAt", in.CreatedAt),
		UpdatedAt:   c.optionalInstant("updatedAt", in.UpdatedAt),
		Known:       true,
	}
	r.TitleKey = store.Fold(r.Title)
	r.CreatedKey = orNone(r.CreatedAt)
	r.InventoryKey = math.MinInt64
	if in.InventoryQuantity != nil {
		n := int64(*in.InventoryQuantity)
		if n < -maxInventory || n > maxInventory {
			c.fail("inventoryQuantity", fault.CodeInvalid, "must lie between -%d and %d", maxInventory, maxInventory)
		}
		r.InventoryQuantity, r.InventoryKey = &n, n
	}
	r.ContentHash = digest(withoutTime(r, func(r *ent.Product) { r.UpdatedAt = nil }))
	return r
}

// customer turns a customer into the row, without lifetime numbers.
func (c *checker) customer(in CustomerInput) ent.Customer {
	r := ent.Customer{
		ShopifyID: c.id("shopifyId", in.ShopifyID, "Customer"),
		FirstName: c.optional("firstName", in.FirstName, maxText),
		LastName:  c.optional("lastName", in.LastName, maxText),
		Email:     c.optional("email", in.Email, maxText),
		Phone:     c.optional("phone", in.Phone, maxText),
		Country:   c.country("country", in.Country),
		City:      c.optional("city", in.City, maxText),
		Tags:      c.labels("tags", in.Tags),
		CreatedAt: c.optionalInstant("createdAt", in.CreatedAt),
		UpdatedAt: c.optionalInstant("updatedAt", in.UpdatedAt),
		Known:     true, Listed: true,
	}
	r.CreatedKey = orNone(r.CreatedAt)
	r.NameKey = nameKey(r.FirstName, r.LastName, r.ShopifyID)
	r.ContentHash = customerDigest(r)
	return r
}

// customerDigest is the digest of a customer's record, before the row is given what is ours.
func customerDigest(r ent.Customer) []byte {
	r.ContentHash = nil
	return digest(withoutTime(r, func(r *ent.Customer) { r.UpdatedAt = nil }))
}

// nameKey is the name that a customer is shown and sorted by, folded: first and last name, else the number.
func nameKey(first, last *string, shopifyID int64) string {
	name := strings.TrimSpace(deref(first) + " " + deref(last))
	if name == "" {
		name = fmt.Sprintf("customer %d", shopifyID)
	}
	return strings.ToLower(name)
}

// order turns an order into its rows.
func (c *checker) order(in OrderInput) *orderRecord {
	rec := &orderRecord{row: ent.Order{
		ShopifyID:       c.id("shopifyId", in.ShopifyID, "Order"),
		ProcessedAt:     c.instant("processedAt", in.ProcessedAt),
		CreatedAt:       c.optionalInstant("createdAt", in.CreatedAt),
		UpdatedAt:       c.optionalInstant("updatedAt", in.UpdatedAt),
		CancelledAt:     c.optionalInstant("cancelledAt", in.CancelledAt),
		FinancialStatus: c.oneOf("financialStatus", in.FinancialStatus, financialStatuses...),
		FulfillmentStatus: c.oneOf("fulfillmentStatus", in.FulfillmentStatus,
			fulfillmentStatuses...),
		Test:              in.Test,
		Channel:           c.optional("channel", in.Channel, maxText),
		CustomerShopifyID: c.optionalID("customerShopifyId", in.CustomerShopifyID, "Customer"),
		ShippingCountry:   c.country("shippingCountry", in.ShippingCountry),
		ShippingRegion:    c.optional("shippingRegion", in.ShippingRegion, maxText),
		ShippingCity:      c.optional("shippingCity", in.ShippingCity, maxText),
		DiscountCodes:     c.labels("discountCodes", in.DiscountCodes),
		Tags:              c.labels("tags", in.Tags),
		TaxesIncluded:     in.TaxesIncluded,
		Shipping:          c.amount("shipping", in.Shipping),
		ShippingTax:       c.optionalAmount("shippingTax", in.ShippingTax),
		Taxes:             c.amount("taxes", in.Taxes),
		Duties:            c.amount("duties", in.Duties),
		Fees:              c.amount("fees", in.Fees),
		Tips:              c.amount("tips", in.Tips),
	}}
	r := &rec.row
	if name := c.optional("name", in.Name, maxText); name != nil {
		r.Name = *name
	} else {
		r.Name = "#" + strconv.FormatInt(r.ShopifyID, 10)
	}
	r.NameKey = store.Fold(r.Name)
	if in.CurrencyCode != nil && *in.CurrencyCode != c.currency {
		c.fail("currencyCode", fault.CodeInvalid, "must be %s, the currency of the tenant; amounts of another one are never added", c.currency)
	}
	c.items(rec, in.Items)
	c.refunds(rec, in.Refunds)
	c.adjustments(rec, in.Adjustments)
	if len(c.errs) > 0 {
		return rec
	}
	rec.post()
	rec.row.ContentHash = rec.digest()
	return rec
}

// digest is the digest of an order's record, before its rows are given what is ours.
func (r *orderRecord) digest() []byte {
	row := r.row
	row.ContentHash = nil
	return digest(orderContent{withoutTime(row, func(r *ent.Order) { r.UpdatedAt = nil }),
		r.items, r.products, r.refunds, r.refundLines, r.adjustments})
}

var (
	financialStatuses = []string{"PAID", "PENDING", "AUTHORIZED", "PARTIALLY_PAID", "PARTIALLY_REFUNDED", "REFUNDED",
		"VOIDED", "EXPIRED"}
	fulfillmentStatuses = []string{"UNFULFILLED", "PARTIALLY_FULFILLED", "FULFILLED", "RESTOCKED", "ON_HOLD", "SCHEDULED",
		"IN_PROGRESS"}
)

func (c *checker) items(rec *orderRecord, in []OrderItemInput) {
	if len(in) > maxItems {
		c.fail("items", fault.CodeTooLong, "has %d items, more than %d", len(in), maxItems)
		return
	}
	seen := make(map[string]int, len(in))
	for i, it := range in {
		leave := c.in("items", strconv.Itoa(i))
		r := &ent.OrderItem{
			Position:     i,
			ShopifyID:    c.optionalID("shopifyId", it.ShopifyID, "LineItem"),
			Title:        c.required("title", it.Title),
			VariantTitle: c.optional("variantTitle", it.VariantTitle, maxText),
			Sku:          c.optional("sku", it.Sku, maxText),
			Vendor:       c.optional("vendor", it.Vendor, maxText),
			Quantity:     c.quantity("quantity", it.Quantity, 1),
			UnitPrice:    c.amount("unitPrice", it.UnitPrice),
			Discount:     c.amount("discount", it.Discount),
			Tax:          c.optionalAmount("tax", it.Tax),
			GiftCard:     it.GiftCard,
		}
		r.SkuKey = store.Fold(deref(r.Sku))
		r.LineKey = "#" + strconv.Itoa(i)
		if r.ShopifyID != nil {
			r.LineKey = strconv.FormatInt(*r.ShopifyID, 10)
		}
		if first, twice := seen[r.LineKey]; twice {
			c.fail("shopifyId", fault.CodeInvalid, "is the same as that of item %d", first)
		}
		seen[r.LineKey] = i
		// Both factors are within their bounds, so the product fits 64 bits.
		if value := r.UnitPrice * r.Quantity; value > money.MaxLine {
			c.fail("unitPrice", fault.CodeInvalid, "times quantity must not be more than %s", money.Format(money.MaxLine, c.currency))
		} else if r.Discount > value {
			c.fail("discount", fault.CodeInvalid, "must not be more than unitPrice times quantity, %s", money.Format(value, c.currency))
		}
		var of int64
		if id := c.optionalID("productShopifyId", it.ProductShopifyID, "Product"); id != nil {
			of = *id
		}
		rec.items, rec.products = append(rec.items, r), append(rec.products, of)
		leave()
	}
}

// quantity checks a number of pieces.
func (c *checker) quantity(field string, n, least int) int64 {
	if n < least || n > money.MaxQuantity {
		c.fail(field, fault.CodeInvalid, "must lie between %d and %d", least, money.MaxQuantity)
		return 0
	}
	return int64(n)
}

func (c *checker) refunds(rec *orderRecord, in []RefundInput) {
	if len(in) > maxRefunds {
		c.fail("refunds", fault.CodeTooLong, "has %d refunds, more than %d", len(in), maxRefunds)
		return
	}
	lines := make(map[string]bool, len(rec.items))
	for _, it := range rec.items {
		lines[it.LineKey] = true
	}
	seen := make(map[int64]int, len(in))
	back := make(map[string]int64) // refunded pieces of each item
	for i, re := range in {
		leave := c.in("refunds", strconv.Itoa(i))
		r := &ent.Refund{
			ShopifyID:      c.id("shopifyId", re.ShopifyID, "Refund"),
			CreatedAt:      c.instant("createdAt", re.CreatedAt),
			Amount:         c.amount("amount", re.Amount),
			TaxAmount:      c.amount("taxAmount", re.TaxAmount),
			ShippingAmount: c.amount("shippingAmount", re.ShippingAmount),
			DutyAmount:     c.amount("dutyAmount", re.DutyAmount),
			FeeAmount:      c.amount("feeAmount", re.FeeAmount),
			Note:           c.optional("note", re.Note, maxNote),
		}
		if first, twice := seen[r.ShopifyID]; twice && r.ShopifyID != 0 {
			c.fail("shopifyId", fault.CodeInvalid, "is the same as that of refund %d", first)
		}
		seen[r.ShopifyID] = i
		if len(re.Lines) > maxItems {
			c.fail("lines", fault.CodeTooLong, "has %d lines, more than %d", len(re.Lines), maxItems)
			re.Lines = nil
		}
		for n, l := range re.Lines {
			leave := c.in("lines", strconv.Itoa(n))
			line := &refundLine{
				RefundShopifyID: r.ShopifyID,
				Position:        int32(n),
				LineKey:         strconv.FormatInt(c.id("itemShopifyId", l.ItemShopifyID, "LineItem"), 10),
				Quantity:        c.quantity("quantity", l.Quantity, 0),
				Amount:          c.amount("amount", l.Amount),
				Restocked:       l.Restocked,
			}
			if line.LineKey != "0" && !lines[line.LineKey] {
				c.fail("itemShopifyId", fault.CodeNotFound, "is not the shopifyId of an item of this order")
			}
			if back[line.LineKey] += line.Quantity; back[line.LineKey] > math.MaxInt32 {
				c.fail("quantity", fault.CodeInvalid, "makes more than %d refunded pieces of the item", math.MaxInt32)
			}
			if l.Restocked {
				r.RestockedQuantity += line.Quantity
			}
			rec.refundLines = append(rec.refundLines, line)
			leave()
		}
		rec.refunds = append(rec.refunds, r)
		leave()
	}
}

// maxAdjustments bounds the edits of one order; the sources know orders with dozens.
const maxAdjustments = 1000

func (c *checker) adjustments(rec *orderRecord, in []AdjustmentInput) {
	if len(in) > maxAdjustments {
		c.fail("adjustments", fault.CodeTooLong, "has %d adjustments, more than %d", len(in), maxAdjustments)
		return
	}
	seen := make(map[int64]int, len(in))
	for i, a := range in {
		leave := c.in("adjustments", strconv.Itoa(i))
		r := &adjustment{
			ShopifyID:      c.id("shopifyId", a.ShopifyID, "SalesAgreement"),
			HappenedAt:     c.instant("happenedAt", a.HappenedAt),
			Amount:         c.amount("amount", a.Amount),
			TaxAmount:      c.amount("taxAmount", a.TaxAmount),
			ShippingAmount: c.amount("shippingAmount", a.ShippingAmount),
			DutyAmount:     c.amount("dutyAmount", a.DutyAmount),
			FeeAmount:      c.amount("feeAmount", a.FeeAmount),
		}
		if first, twice := seen[r.ShopifyID]; twice && r.ShopifyID != 0 {
			c.fail("shopifyId", fault.CodeInvalid, "is the same as that of adjustment %d", first)
		}
		seen[r.ShopifyID] = i
		rec.adjustments = append(rec.adjustments, r)
		leave()
	}
}

// post runs the order through the ledger, and fills the columns that follow from it.
func (rec *orderRecord) post() {
	r := &rec.row
	rec.posted = ledger.Post(rec.ledgerOrder())
	r.Subtotal, r.Discounts, r.Refunded = 0, 0, 0
	for i, it := range rec.items {
		a := rec.posted.Lines[i]
		it.GrossSales, it.Discounts, it.NetSales, it.RefundedQuantity = a.Gross, a.Discount, a.Net, a.RefundedQuantity
		r.Subtotal += it.UnitPrice*it.Quantity - it.Discount
		r.Discounts += it.Discount
	}
	r.Total = r.Subtotal + r.Shipping + r.Duties + r.Fees + r.Tips
	if !r.TaxesIncluded {
		r.Total += r.Taxes
	}
	for _, re := range rec.refunds {
		r.Refunded += re.Amount + re.TaxAmount + re.ShippingAmount + re.DutyAmount + re.FeeAmount
	}
	// The order's own net sales are shown for test orders too, which have no entries: as if they were none.
	entries := rec.posted.Entries
	if r.Test {
		o := rec.ledgerOrder()
		o.Test = false
		entries = ledger.Post(o).Entries
	}
	r.NetSales = 0
	for _, e := range entries {
		r.NetSales += e.Net()
	}
}

func (rec *orderRecord) ledgerOrder() ledger.Order {
	r := &rec.row
	o := ledger.Order{
		ProcessedAt: r.ProcessedAt, CancelledAt: r.CancelledAt, Test: r.Test, TaxesIncluded: r.TaxesIncluded,
		Shipping: r.Shipping, ShippingTax: r.ShippingTax, Taxes: r.Taxes, Duties: r.Duties, Fees: r.Fees, Tips: r.Tips,
		Lines: make([]ledger.Line, len(rec.items)),
	}
	for i, it := range rec.items {
		o.Lines[i] = ledger.Line{Key: it.LineKey, Price: it.UnitPrice, Quantity: it.Quantity, Discount: it.Discount,
			Tax: it.Tax, GiftCard: it.GiftCard}
	}
	for _, re := range rec.refunds {
		x := ledger.Refund{ID: re.ShopifyID, At: re.CreatedAt, Amount: re.Amount, Tax: re.TaxAmount, Shipping: re.ShippingAmount,
			Duty: re.DutyAmount, Fee: re.FeeAmount}
		for _, l := range rec.refundLines {
			if l.RefundShopifyID == re.ShopifyID {
				x.Lines = append(x.Lines, ledger.RefundLine{LineKey: l.LineKey, Quantity: l.Quantity, Amount: l.Amount})
			}
		}
		o.Refunds = append(o.Refunds, x)
	}
	for _, a := range rec.adjustments {
		o.Adjustments = append(o.Adjustments, ledger.Adjustment{ID: a.ShopifyID, At: a.HappenedAt, Amount: a.Amount,
			Tax: a.TaxAmount, Shipping: a.ShippingAmount, Duty: a.DutyAmount, Fee: a.FeeAmount})
	}
	return o
}

// orderContent is what two records of an order are compared by.
type orderContent struct {
	Order       ent.Order
	Items       []*ent.OrderItem
	Products    []int64
	Refunds     []*ent.Refund
	RefundLines []*refundLine
	Adjustments []*adjustment
}

// withoutTime returns a copy of a row as it is compared: when the source last touched a record is no content.
func withoutTime[R any](r R, clear func(*R)) R {
	clear(&r)
	return r
}

// digest is a short fingerprint of a record. Rows have no ids yet when it is taken.
func digest(content any) []byte {
	b, err := json.Marshal(content)
	if err != nil {
		return nil // rows hold nothing that JSON cannot; without a fingerprint a record counts as changed
	}
	sum := sha256.Sum256(b)
	return sum[:16]
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// later tells whether a is known and after b; an unknown b is before everything.
func later(a, b *time.Time) bool { return a != nil && (b == nil || a.After(*b)) }
