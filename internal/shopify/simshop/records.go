package simshop

import "strconv"

// place is an address with its id.
type place struct {
	id string
	Address
}

var productFields = map[string]resolver{
	"id":               of(func(p *Product) any { return gid(KindProduct, p.ID) }),
	"legacyResourceId": of(func(p *Product) any { return strconv.FormatInt(p.ID, 10) }),
	"title":            of(func(p *Product) any { return p.Title }),
	"handle":           of(func(p *Product) any { return p.Handle }),
	"vendor":           of(func(p *Product) any { return p.Vendor }),
	"productType":      of(func(p *Product) any { return p.ProductType }),
	"status":           of(func(p *Product) any { return p.Status }),
	"tags":             of(func(p *Product) any { return texts(p.Tags) }),
	"isGiftCard":       of(func(p *Product) any { return p.GiftCard }),
	"totalInventory":   of(func(p *Product) any { return p.Inventory }),
	"tracksInventory":  of(func(p *Product) any { return p.TracksInventory }),
	"createdAt":        of(func(p *Product) any { return instant(p.CreatedAt) }),
	"updatedAt":        of(func(p *Product) any { return instant(p.UpdatedAt) }),
	"priceRangeV2":     of(func(p *Product) any { return amount(p.Price) }),
	"featuredMedia": of(func(p *Product) any {
		if p.ImageURL == "" {
			return nil
		}
		return image(p.ImageURL)
	}),
}

var customerFields = map[string]resolver{
	"id":                  of(func(c *Customer) any { return gid(KindCustomer, c.ID) }),
	"legacyResourceId":    of(func(c *Customer) any { return strconv.FormatInt(c.ID, 10) }),
	"firstName":           of(func(c *Customer) any { return text(c.FirstName) }),
	"lastName":            of(func(c *Customer) any { return text(c.LastName) }),
	"tags":                of(func(c *Customer) any { return texts(c.Tags) }),
	"createdAt":           of(func(c *Customer) any { return instant(c.CreatedAt) }),
	"updatedAt":           of(func(c *Customer) any { return instant(c.UpdatedAt) }),
	"defaultEmailAddress": of(func(c *Customer) any { return reachable(c.Email) }),
	"defaultPhoneNumber":  of(func(c *Customer) any { return reachable(c.Phone) }),
	"defaultAddress": of(func(c *Customer) any {
		if c.City == "" && c.CountryCode == "" {
			return nil
		}
		home := Address{City: c.City, CountryCode: c.CountryCode}
		return place{gid("MailingAddress", c.ID) + "?model_name=CustomerAddress", home}
	}),
}

func reachable(at string) any {
	if at == "" {
		return nil
	}
	return contact(at)
}

var orderFields = map[string]resolver{
	"id":                             of(func(o *Order) any { return gid(KindOrder, o.ID) }),
	"legacyResourceId":               of(func(o *Order) any { return strconv.FormatInt(o.ID, 10) }),
	"name":                           of(func(o *Order) any { return o.Name }),
	"createdAt":                      of(func(o *Order) any { return instant(o.CreatedAt) }),
	"processedAt":                    of(func(o *Order) any { return instant(o.ProcessedAt) }),
	"updatedAt":                      of(func(o *Order) any { return instant(o.UpdatedAt) }),
	"cancelledAt":                    of(func(o *Order) any { return instant(o.CancelledAt) }),
	"test":                           of(func(o *Order) any { return o.Test }),
	"sourceName":                     of(func(o *Order) any { return text(o.SourceName) }),
	"tags":                           of(func(o *Order) any { return texts(o.Tags) }),
	"discountCodes":                  of(func(o *Order) any { return texts(o.DiscountCodes) }),
	"currencyCode":                   about((*Shop).currency),
	"taxesIncluded":                  of(func(o *Order) any { return o.TaxesIncluded }),
	"displayFinancialStatus":         of(func(o *Order) any { return text(o.FinancialStatus) }),
	"displayFulfillmentStatus":       of(func(o *Order) any { return o.FulfillmentStatus }),
	"subtotalLineItemsQuantity":      of(func(o *Order) any { return o.units() }),
	"totalTaxSet":                    of(func(o *Order) any { return bag(o.taxes()) }),
	"originalTotalPriceSet":          of(func(o *Order) any { return bag(o.sales("ORDER")) }),
	"totalPriceSet":                  of(func(o *Order) any { return bag(o.sales("ORDER", "ORDER_EDIT")) }),
	"currentTotalPriceSet":           of(func(o *Order) any { return bag(o.sales("ORDER", "ORDER_EDIT", "REFUND")) }),
	"totalRefundedSet":               of(func(o *Order) any { return bag(o.refunded()) }),
	"totalTipReceivedSet":            of(func(o *Order) any { return bag(o.Tips) }),
	"originalTotalDutiesSet":         of(func(o *Order) any { return some(o.Duties) }),
	"originalTotalAdditionalFeesSet": of(func(o *Order) any { return some(o.Fees) }),
	"customer": with(func(c *call, o *Order, _ map[string]any) (any, error) {
		return c.record(KindCustomer, o.CustomerID), nil
	}),
	"shippingAddress": of(func(o *Order) any {
		if o.ShipTo == nil {
			return nil
		}
		return place{gid("MailingAddress", o.ID) + "?model_name=Address", *o.ShipTo}
	}),
	"refunds": of(func(o *Order) any { return list(o.Refunds, func(r *Refund) any { return refundOf{o, r} }) }),
	"lineItems": with(func(c *call, o *Order, args map[string]any) (any, error) {
		p, err := nested(args, o.Lines, func(l *Line) (position, any) { return position{ID: l.ID}, lineOf{o, l} })
		return c.cut(p), err
	}),
	"shippingLines": with(func(_ *call, o *Order, args map[string]any) (any, error) {
		return connection(nested(args, o.Shipping, func(l *ShippingLine) (position, any) { return position{ID: l.ID}, l }))
	}),
	"agreements": with(func(_ *call, o *Order, args map[string]any) (any, error) {
		return connection(nested(args, o.Agreements, func(a *Agreement) (position, any) {
			return position{a.HappenedAt.Unix(), a.ID}, agreementOf{o, a}
		}))
	}),
}

// some is null when the order has none of it.
func some(minor int64) any {
	if minor == 0 {
		return nil
	}
	return bag(minor)
}

var lineFields = map[string]resolver{
	"id":              of(func(l lineOf) any { return gid("LineItem", l.ID) }),
	"title":           of(func(l lineOf) any { return l.Title }),
	"variantTitle":    of(func(l lineOf) any { return text(l.VariantTitle) }),
	"sku":             of(func(l lineOf) any { return text(l.SKU) }),
	"vendor":          of(func(l lineOf) any { return text(l.Vendor) }),
	"quantity":        of(func(l lineOf) any { return l.Quantity }),
	"currentQuantity": of(func(l lineOf) any { return l.CurrentQuantity }),
	"isGiftCard":      of(func(l lineOf) any { return l.GiftCard }),
	"product": with(func(c *call, l lineOf, _ map[string]any) (any, error) {
		return c.record(KindProduct, l.ProductID), nil
	}),
	"originalUnitPriceSet": of(func(l lineOf) any { return bag(l.UnitPrice) }),
	"originalTotalSet":     of(func(l lineOf) any { return bag(l.UnitPrice * l.Quantity) }),
	"discountAllocations":  of(func(l lineOf) any { return bags(l.Discounts) }),
	"taxLines":             of(func(l lineOf) any { return bags(l.Taxes) }),
}

var shippingFields = map[string]resolver{
	"id":                 of(func(l *ShippingLine) any { return gid("ShippingLine", l.ID) }),
	"title":              of(func(l *ShippingLine) any { return l.Title }),
	"discountedPriceSet": of(func(l *ShippingLine) any { return bag(l.Price) }),
	"taxLines":           of(func(l *ShippingLine) any { return bags(l.Taxes) }),
}

var refundFields = map[string]resolver{
	"id":               of(func(r refundOf) any { return gid("Refund", r.ID) }),
	"legacyResourceId": of(func(r refundOf) any { return strconv.FormatInt(r.ID, 10) }),
	"createdAt":        of(func(r refundOf) any { return instant(r.CreatedAt) }),
	"updatedAt":        of(func(r refundOf) any { return instant(r.CreatedAt) }),
	"processedAt":      of(func(r refundOf) any { return instant(r.CreatedAt) }),
	"note":             of(func(r refundOf) any { return text(r.Note) }),
	"totalRefundedSet": of(func(r refundOf) any { return bag(r.Total) }),
	"order":            of(func(r refundOf) any { return r.order }),
	"refundLineItems": with(func(_ *call, r refundOf, args map[string]any) (any, error) {
		return connection(nested(args, r.Lines, func(l *RefundLine) (position, any) {
			return position{ID: l.ID}, refundLineOf{r.order, l}
		}))
	}),
}

var refundLineFields = map[string]resolver{
	"quantity":  of(func(l refundLineOf) any { return l.Quantity }),
	"restocked": of(func(l refundLineOf) any { return l.Restocked }),
	"lineItem":  of(func(l refundLineOf) any { return l.order.line(l.LineID) }),
}

var agreementFields = map[string]resolver{
	"id":         of(func(a agreementOf) any { return gid(Kind(typename(a)), a.ID) }),
	"reason":     of(func(a agreementOf) any { return a.Reason }),
	"happenedAt": of(func(a agreementOf) any { return instant(a.HappenedAt) }),
	"refund":     of(func(a agreementOf) any { return a.order.refund(a.RefundID) }),
	"sales": with(func(_ *call, a agreementOf, args map[string]any) (any, error) {
		return connection(nested(args, a.Sales, func(s *Sale) (position, any) {
			return position{ID: s.ID}, saleOf{a.order, s}
		}))
	}),
}

var saleFields = map[string]resolver{
	"id":         of(func(s saleOf) any { return gid(Kind(typename(s)), s.ID) }),
	"actionType": of(func(s saleOf) any { return s.Action }),
	"lineType":   of(func(s saleOf) any { return s.LineType }),
	"quantity": of(func(s saleOf) any {
		if s.Quantity == 0 {
			return nil
		}
		return s.Quantity
	}),
	"totalAmount":    of(func(s saleOf) any { return bag(s.Total) }),
	"totalTaxAmount": of(func(s saleOf) any { return bag(s.Tax) }),
	"lineItem":       of(func(s saleOf) any { return s.order.line(s.LineID) }),
}

// line returns a line of the order, nil if there is none.
func (o *Order) line(id int64) any {
	for i := range o.Lines {
		if o.Lines[i].ID == id {
			return lineOf{o, &o.Lines[i]}
		}
	}
	return nil
}

// refund returns a refund of the order, nil if there is none.
func (o *Order) refund(id int64) any {
	for i := range o.Refunds {
		if o.Refunds[i].ID == id {
			return refundOf{o, &o.Refunds[i]}
		}
	}
	return nil
}
