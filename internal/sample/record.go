package sample

import (
	"strconv"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/market"
	"github.com/shopsight/shopsight/internal/money"
)

// id returns the number of the nth record of a kind, as the store would write it.
func (g *Generator) id(n int) string { return strconv.FormatInt(g.firstID+int64(n), 10) }

// amount writes minor units in the store's currency.
func (g *Generator) amount(minor int64) string { return money.Format(minor, g.currency) }

// some writes an amount that most orders have not: empty for 0.
func (g *Generator) some(minor int64) string {
	if minor == 0 {
		return ""
	}
	return g.amount(minor)
}

// text is optional text: nil when it is empty.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// product keeps those that were deleted: orders name them, and a tenant should see what they are.
func (g *Generator) product(p market.Product) ingest.ProductInput {
	return ingest.ProductInput{ShopifyID: g.id(p.Number), Title: p.Title, Handle: &p.Handle, Vendor: &p.Vendor, ProductType: &p.Kind,
		Status: p.Status, Tags: p.Tags, Price: text(g.amount(p.Price)), InventoryQuantity: p.Inventory, CreatedAt: &p.CreatedAt,
		UpdatedAt: &p.UpdatedAt}
}

func (g *Generator) customer(c market.Customer) ingest.CustomerInput {
	return ingest.CustomerInput{ShopifyID: g.id(c.Number), FirstName: text(c.FirstName), LastName: text(c.LastName),
		Email: text(c.Email), Phone: text(c.Phone), Country: text(c.Country), City: text(c.City), Tags: c.Tags,
		CreatedAt: &c.CreatedAt, UpdatedAt: &c.UpdatedAt}
}

func (g *Generator) order(o market.Order) ingest.OrderInput {
	in := ingest.OrderInput{ShopifyID: g.id(o.Number), Name: &o.Name, ProcessedAt: o.PlacedAt, CreatedAt: &o.PlacedAt,
		UpdatedAt: &o.UpdatedAt, CancelledAt: o.CancelledAt, CurrencyCode: &g.currency, FinancialStatus: o.FinancialStatus,
		FulfillmentStatus: o.FulfillmentStatus, Test: o.Test, Channel: &o.Channel, DiscountCodes: o.DiscountCodes, Tags: o.Tags,
		Shipping: g.amount(o.Shipping), ShippingTax: text(g.amount(o.ShippingTax)), Taxes: g.amount(o.Taxes), Tips: g.some(o.Tips),
		Fees: g.some(o.Fees), Duties: g.some(o.Duties), TaxesIncluded: o.TaxesIncluded}
	if o.Customer != nil {
		in.CustomerShopifyID = text(g.id(*o.Customer))
	}
	if o.ShipTo != nil {
		in.ShippingCountry, in.ShippingRegion, in.ShippingCity = &o.ShipTo.Country, &o.ShipTo.Region, &o.ShipTo.City
	}
	rough := rough(o)
	if rough {
		in.ShippingTax = nil
	}
	for _, l := range o.Lines {
		item := ingest.OrderItemInput{ShopifyID: text(g.id(l.Number)), ProductShopifyID: text(g.id(l.Product)), Title: l.Title,
			VariantTitle: text(l.Variant), Sku: &l.SKU, Vendor: &l.Vendor, Quantity: int(l.Quantity), UnitPrice: g.amount(l.Price),
			Discount: g.amount(l.Discount), GiftCard: l.GiftCard}
		if !rough && !l.GiftCard {
			item.Tax = text(g.amount(l.Tax))
		}
		in.Items = append(in.Items, item)
	}
	for _, r := range o.Refunds {
		in.Refunds = append(in.Refunds, g.refund(o, r))
	}
	for _, e := range o.Edits {
		in.Adjustments = append(in.Adjustments, ingest.AdjustmentInput{ShopifyID: g.id(e.Number), HappenedAt: e.At,
			Amount: g.amount(e.Amount), TaxAmount: g.amount(e.Tax)})
	}
	return in
}

func (g *Generator) refund(o market.Order, r market.Refund) ingest.RefundInput {
	in := ingest.RefundInput{ShopifyID: g.id(r.Number), CreatedAt: r.At, Amount: g.amount(r.Amount), TaxAmount: g.amount(r.Tax),
		ShippingAmount: g.some(r.Shipping), Note: &r.Note}
	for _, l := range r.Lines {
		in.Lines = append(in.Lines, ingest.RefundLineInput{ItemShopifyID: g.id(o.Lines[l.Line].Number), Quantity: int(l.Quantity),
			Amount: g.amount(l.Amount), Restocked: l.Restocked})
	}
	return in
}

// rough tells whether the order's source tells the tax of the whole order alone, as some do. An order of which something
// is given back tells that of each line, for the refund refers to it.
func rough(o market.Order) bool {
	return len(o.Refunds) == 0 && len(o.Edits) == 0 && o.Number%7 == 3
}
