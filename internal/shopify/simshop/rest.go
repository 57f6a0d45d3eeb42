package simshop

import (
	"slices"
	"strings"
	"time"

	"github.com/shopsight/shopsight/internal/money"
)

// The bodies of webhooks are resources of the REST API: https://shopify.dev/docs/api/webhooks. These have what a service
// might look at, personal data among it.

const (
	shopID = 68_123_456_789
	appID  = 512_345_678
)

func (s *Shop) restProduct(p *Product) object {
	return object{{"id", p.ID}, {"admin_graphql_api_id", gid(KindProduct, p.ID)}, {"title", p.Title}, {"handle", p.Handle},
		{"vendor", p.Vendor}, {"product_type", p.ProductType}, {"status", strings.ToLower(p.Status)},
		{"tags", strings.Join(p.Tags, ", ")}, {"created_at", s.local(p.CreatedAt)}, {"updated_at", s.local(p.UpdatedAt)},
		{"variants", []any{object{{"product_id", p.ID}, {"price", s.price(p.Price)}, {"inventory_quantity", p.Inventory}}}}}
}

func (s *Shop) restCustomer(c *Customer) object {
	return object{{"id", c.ID}, {"admin_graphql_api_id", gid(KindCustomer, c.ID)}, {"email", text(c.Email)},
		{"first_name", text(c.FirstName)}, {"last_name", text(c.LastName)}, {"phone", text(c.Phone)},
		{"tags", strings.Join(c.Tags, ", ")}, {"created_at", s.local(c.CreatedAt)}, {"updated_at", s.local(c.UpdatedAt)},
		{"default_address", object{{"customer_id", c.ID}, {"city", text(c.City)}, {"country_code", text(c.CountryCode)}}}}
}

func (s *Shop) restOrder(o *Order) object {
	var customer, address any
	email := ""
	if c, ok := s.tables[KindCustomer].get(o.CustomerID).(*Customer); ok {
		customer, email = s.restCustomer(c), c.Email
	}
	if o.ShipTo != nil {
		address = object{{"city", text(o.ShipTo.City)}, {"province_code", text(o.ShipTo.ProvinceCode)},
			{"country_code", text(o.ShipTo.CountryCode)}}
	}
	return object{{"id", o.ID}, {"admin_graphql_api_id", gid(KindOrder, o.ID)}, {"name", o.Name}, {"email", text(email)},
		{"created_at", s.local(o.CreatedAt)}, {"processed_at", s.local(o.ProcessedAt)}, {"updated_at", s.local(o.UpdatedAt)},
		{"cancelled_at", s.local(o.CancelledAt)}, {"test", o.Test}, {"taxes_included", o.TaxesIncluded},
		{"currency", string(s.opt.CurrencyCode)}, {"current_total_price", s.price(o.sales("ORDER", "ORDER_EDIT", "REFUND"))},
		{"total_price", s.price(o.sales("ORDER", "ORDER_EDIT"))}, {"financial_status", strings.ToLower(o.FinancialStatus)},
		{"fulfillment_status", strings.ToLower(o.FulfillmentStatus)}, {"tags", strings.Join(o.Tags, ", ")}, {"source_name", o.SourceName},
		{"customer", customer}, {"shipping_address", address},
		{"line_items", list(o.Lines, func(l *Line) any {
			return object{{"id", l.ID}, {"admin_graphql_api_id", gid("LineItem", l.ID)}, {"product_id", l.ProductID}, {"title", l.Title},
				{"sku", l.SKU}, {"vendor", l.Vendor}, {"quantity", l.Quantity}, {"price", s.price(l.UnitPrice)}, {"gift_card", l.GiftCard}}
		})},
		{"refunds", list(o.Refunds, func(r *Refund) any { return s.restRefund(o, r) })}}
}

func (s *Shop) restRefund(o *Order, r *Refund) object {
	return object{{"id", r.ID}, {"admin_graphql_api_id", gid("Refund", r.ID)}, {"order_id", o.ID},
		{"created_at", s.local(r.CreatedAt)}, {"processed_at", s.local(r.CreatedAt)}, {"note", text(r.Note)},
		{"refund_line_items", list(r.Lines, func(l *RefundLine) any {
			return object{{"id", l.ID}, {"line_item_id", l.LineID}, {"quantity", l.Quantity}}
		})},
		{"transactions", []any{object{{"order_id", o.ID}, {"kind", "refund"}, {"amount", s.price(r.Total)}}}}}
}

func (s *Shop) restEdit(o *Order, a *Agreement) object {
	additions, removals := []any{}, []any{}
	for _, sale := range a.Sales {
		if change := (object{{"id", sale.LineID}, {"delta", max(sale.Quantity, -sale.Quantity)}}); sale.Quantity > 0 {
			additions = append(additions, change)
		} else {
			removals = append(removals, change)
		}
	}
	return object{{"order_edit", object{{"id", a.ID}, {"app_id", int64(appID)}, {"order_id", o.ID},
		{"created_at", s.local(a.HappenedAt)}, {"committed_at", s.local(a.HappenedAt)}, {"notify_customer", false},
		{"reason", nil}, {"staff_note", ""}, {"user_id", nil},
		{"line_items", object{{"additions", additions}, {"removals", removals}}}}}}
}

// deletion is what is said of a record that is gone: of a customer its global id too.
func deletion(kind Kind, id int64) object {
	if kind == KindCustomer {
		return object{{"id", id}, {"tax_exemptions", []any{}}, {"admin_graphql_api_id", gid(kind, id)}}
	}
	return object{{"id", id}}
}

func (s *Shop) restShop() object {
	return object{{"id", int64(shopID)}, {"name", s.opt.Name}, {"email", "owner@example.com"}, {"domain", s.opt.Domain},
		{"myshopify_domain", s.opt.Domain}, {"shop_owner", "Ada Owner"}, {"currency", string(s.opt.CurrencyCode)},
		{"iana_timezone", s.opt.Timezone.String()}, {"created_at", s.local(s.now().AddDate(0, 0, -s.opt.Days))},
		{"updated_at", s.local(s.now())}}
}

// restBulk is in lower case, other than the API.
func (s *Shop) restBulk(o *operation) object {
	return object{{"admin_graphql_api_id", gid(kindBulk, o.id)}, {"completed_at", s.local(o.completed)},
		{"created_at", s.local(o.created)}, {"error_code", text(strings.ToLower(o.code))}, {"status", strings.ToLower(o.status)},
		{"type", "query"}}
}

// local writes an instant with the offset of the store's zone, as REST does.
func (s *Shop) local(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.In(s.opt.Timezone).Format(time.RFC3339)
}

func (s *Shop) price(minor int64) string { return money.Format(minor, s.opt.CurrencyCode) }

// trim leaves of a body what a subscription asks for; a period leads into a field. No fields are all.
func trim(o object, fields []string) object {
	if len(fields) == 0 {
		return o
	}
	out := object{}
	for _, m := range o {
		if slices.Contains(fields, m.key) {
			out = append(out, m)
			continue
		}
		var within []string
		for _, f := range fields {
			if rest, ok := strings.CutPrefix(f, m.key+"."); ok {
				within = append(within, rest)
			}
		}
		if len(within) == 0 {
			continue
		}
		switch v := m.value.(type) {
		case object:
			out = append(out, member{m.key, trim(v, within)})
		case []any:
			out = append(out, member{m.key, list(v, func(e *any) any {
				if o, ok := (*e).(object); ok {
					return trim(o, within)
				}
				return *e
			})})
		}
	}
	return out
}
