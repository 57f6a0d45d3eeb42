package ingest

import (
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/customer"
	"github.com/shopsight/shopsight/ent/order"
	"github.com/shopsight/shopsight/ent/orderitem"
	"github.com/shopsight/shopsight/ent/product"
	"github.com/shopsight/shopsight/ent/refund"
	"github.com/shopsight/shopsight/internal/ledger"
	"github.com/shopsight/shopsight/internal/period"
)

var products = table[ent.Product]{
	name: product.Table, key: []string{"tenant_id", "shopify_id"}, fixed: []string{"id"},
	columns: []string{"id", "tenant_id", "shopify_id", "source", "content_hash", "known", "title", "title_key", "handle",
		"vendor", "product_type", "status", "tags", "image_url", "price", "inventory_quantity", "inventory_key",
		"created_at", "created_key", "updated_at", "updated_key"},
	bind: func(r *ent.Product) []any {
		return []any{&r.ID, &r.TenantID, &r.ShopifyID, &r.Source, &r.ContentHash, &r.Known, &r.Title, &r.TitleKey, &r.Handle,
			&r.Vendor, &r.ProductType, &r.Status, list{&r.Tags}, &r.ImageURL, &r.Price, &r.InventoryQuantity, &r.InventoryKey,
			&r.CreatedAt, &r.CreatedKey, &r.UpdatedAt, &r.UpdatedKey}
	},
}

var customers = table[ent.Customer]{
	name: customer.Table, key: []string{"tenant_id", "shopify_id"}, fixed: []string{"id"},
	columns: []string{"id", "tenant_id", "shopify_id", "source", "content_hash", "known", "listed", "first_name",
		"last_name", "name_key", "email", "phone", "country", "city", "tags", "created_at", "created_key", "updated_at",
		"orders_count", "units_sold", "placed_value", "net_sales", "total_spent", "first_order_id", "first_order_at",
		"last_order_at", "last_order_key"},
	bind: func(r *ent.Customer) []any {
		return []any{&r.ID, &r.TenantID, &r.ShopifyID, &r.Source, &r.ContentHash, &r.Known, &r.Listed, &r.FirstName,
			&r.LastName, &r.NameKey, &r.Email, &r.Phone, &r.Country, &r.City, list{&r.Tags}, &r.CreatedAt, &r.CreatedKey, &r.UpdatedAt,
			&r.OrdersCount, &r.UnitsSold, &r.PlacedValue, &r.NetSales, &r.TotalSpent, &r.FirstOrderID, &r.FirstOrderAt,
			&r.LastOrderAt, &r.LastOrderKey}
	},
}

var orders = table[ent.Order]{
	name: order.Table, key: []string{"tenant_id", "shopify_id"}, fixed: []string{"id"},
	columns: []string{"id", "tenant_id", "shopify_id", "source", "content_hash", "name", "name_key", "processed_at",
		"created_at", "updated_at", "updated_key", "cancelled_at", "financial_status", "fulfillment_status", "test",
		"channel", "customer_id", "customer_shopify_id", "shipping_country", "shipping_region", "shipping_city",
		"discount_codes", "tags", "taxes_included", "shipping", "shipping_tax", "taxes", "duties", "fees", "tips",
		"subtotal", "discounts", "total", "refunded", "net_sales"},
	bind: func(r *ent.Order) []any {
		return []any{&r.ID, &r.TenantID, &r.ShopifyID, &r.Source, &r.ContentHash, &r.Name, &r.NameKey, &r.ProcessedAt,
			&r.CreatedAt, &r.UpdatedAt, &r.UpdatedKey, &r.CancelledAt, &r.FinancialStatus, &r.FulfillmentStatus, &r.Test,
			&r.Channel, &r.CustomerID, &r.CustomerShopifyID, &r.ShippingCountry, &r.ShippingRegion, &r.ShippingCity,
			list{&r.DiscountCodes}, list{&r.Tags}, &r.TaxesIncluded, &r.Shipping, &r.ShippingTax, &r.Taxes, &r.Duties, &r.Fees, &r.Tips,
			&r.Subtotal, &r.Discounts, &r.Total, &r.Refunded, &r.NetSales}
	},
}

var items = table[ent.OrderItem]{
	name: orderitem.Table, key: []string{"tenant_id", "order_id", "line_key"}, fixed: []string{"id"},
	columns: []string{"id", "tenant_id", "order_id", "line_key", "position", "shopify_id", "product_id", "title",
		"variant_title", "sku", "sku_key", "vendor", "quantity", "unit_price", "discount", "tax", "gift_card",
		"refunded_quantity", "gross_sales", "discounts", "net_sales"},
	bind: func(r *ent.OrderItem) []any {
		return []any{&r.ID, &r.TenantID, &r.OrderID, &r.LineKey, &r.Position, &r.ShopifyID, &r.ProductID, &r.Title,
			&r.VariantTitle, &r.Sku, &r.SkuKey, &r.Vendor, &r.Quantity, &r.UnitPrice, &r.Discount, &r.Tax, &r.GiftCard,
			&r.RefundedQuantity, &r.GrossSales, &r.Discounts, &r.NetSales}
	},
}

var refunds = table[ent.Refund]{
	name: refund.Table, key: []string{"tenant_id", "order_id", "shopify_id"}, fixed: []string{"id"},
	columns: []string{"id", "tenant_id", "order_id", "shopify_id", "created_at", "amount", "tax_amount",
		"shipping_amount", "duty_amount", "fee_amount", "note", "restocked_quantity"},
	bind: func(r *ent.Refund) []any {
		return []any{&r.ID, &r.TenantID, &r.OrderID, &r.ShopifyID, &r.CreatedAt, &r.Amount, &r.TaxAmount,
			&r.ShippingAmount, &r.DutyAmount, &r.FeeAmount, &r.Note, &r.RestockedQuantity}
	},
}

// refundLine is a row of refund_lines.
type refundLine struct {
	TenantID, OrderID, RefundShopifyID int64
	Position                           int32
	LineKey                            string
	Quantity, Amount                   int64
	Restocked                          bool
}

var refundLines = table[refundLine]{
	name: "refund_lines", key: []string{"tenant_id", "order_id", "refund_shopify_id", "position"},
	columns: []string{"tenant_id", "order_id", "refund_shopify_id", "position", "line_key", "quantity", "amount", "restocked"},
	bind: func(r *refundLine) []any {
		return []any{&r.TenantID, &r.OrderID, &r.RefundShopifyID, &r.Position, &r.LineKey, &r.Quantity, &r.Amount, &r.Restocked}
	},
}

// adjustment is a row of adjustments.
type adjustment struct {
	TenantID, OrderID, ShopifyID      int64
	HappenedAt                        time.Time
	Amount, TaxAmount, ShippingAmount int64
	DutyAmount, FeeAmount             int64
}

var adjustments = table[adjustment]{
	name: "adjustments", key: []string{"tenant_id", "order_id", "shopify_id"},
	columns: []string{"tenant_id", "order_id", "shopify_id", "happened_at", "amount", "tax_amount", "shipping_amount",
		"duty_amount", "fee_amount"},
	bind: func(r *adjustment) []any {
		return []any{&r.TenantID, &r.OrderID, &r.ShopifyID, &r.HappenedAt, &r.Amount, &r.TaxAmount, &r.ShippingAmount,
			&r.DutyAmount, &r.FeeAmount}
	},
}

// term is a row of order_terms, customer_terms or product_terms.
type term struct {
	TenantID int64
	Kind     int8
	Term     string
	Record   int64
}

func terms(name, column string) table[term] {
	return table[term]{
		name: name, key: []string{"tenant_id", "kind", "term", column},
		columns: []string{"tenant_id", "kind", "term", column},
		bind:    func(r *term) []any { return []any{&r.TenantID, &r.Kind, &r.Term, &r.Record} },
	}
}

var (
	orderTerms    = terms("order_terms", "order_id")
	customerTerms = terms("customer_terms", "customer_id")
	productTerms  = terms("product_terms", "product_id")
)

// tombstone is a row of tombstones.
type tombstone struct {
	TenantID  int64
	Kind      Kind
	ShopifyID int64
	DeletedAt time.Time
}

var tombstones = table[tombstone]{
	name: "tombstones", key: []string{"tenant_id", "kind", "shopify_id"},
	columns: []string{"tenant_id", "kind", "shopify_id", "deleted_at"},
	bind:    func(r *tombstone) []any { return []any{&r.TenantID, &r.Kind, &r.ShopifyID, &r.DeletedAt} },
}

// redaction is a row of redactions.
type redaction struct {
	TenantID   int64
	Kind       Kind
	ShopifyID  int64
	RedactedAt time.Time
}

var redactions = table[redaction]{
	name: "redactions", key: []string{"tenant_id", "kind", "shopify_id"},
	columns: []string{"tenant_id", "kind", "shopify_id", "redacted_at"},
	bind:    func(r *redaction) []any { return []any{&r.TenantID, &r.Kind, &r.ShopifyID, &r.RedactedAt} },
}

// entry is a row of ledger_entries: what an event of an order adds to each metric, on its local day.
type entry struct {
	TenantID   int64
	Generation int32
	Day        period.Day
	OrderID    int64
	Kind       ledger.Kind
	Ref        int64
	At, HourAt time.Time
	CustomerID *int64
	ledger.Amounts
}

var entries = table[entry]{
	name: "ledger_entries", key: []string{"tenant_id", "generation", "day", "order_id", "kind", "ref"},
	columns: []string{"tenant_id", "generation", "day", "order_id", "kind", "ref", "at", "hour_at", "customer_id",
		"gross", "discount", "reversal", "shipping", "tax", "duty", "fee", "tip", "gift_card", "units"},
	bind: func(r *entry) []any {
		return []any{&r.TenantID, &r.Generation, &r.Day, &r.OrderID, &r.Kind, &r.Ref, &r.At, &r.HourAt, &r.CustomerID,
			&r.Gross, &r.Discount, &r.Reversal, &r.Shipping, &r.Tax, &r.Duty, &r.Fee, &r.Tip, &r.GiftCard, &r.Units}
	},
}

// daily is a row of daily_sales: the sums of a local day.
type daily struct {
	TenantID                        int64
	Generation                      int32
	Day                             period.Day
	Entries                         int64
	Orders, GuestOrders, TestOrders int64
	Customers, NewCustomers         int64
	ledger.Amounts
}

var dailySales = table[daily]{
	name: "daily_sales", key: []string{"tenant_id", "generation", "day"},
	columns: []string{"tenant_id", "generation", "day", "entries", "orders", "guest_orders", "test_orders", "customers",
		"new_customers", "gross", "discount", "reversal", "shipping", "tax", "duty", "fee", "tip", "gift_card", "units"},
	bind: func(r *daily) []any {
		return []any{&r.TenantID, &r.Generation, &r.Day, &r.Entries, &r.Orders, &r.GuestOrders, &r.TestOrders, &r.Customers,
			&r.NewCustomers, &r.Gross, &r.Discount, &r.Reversal, &r.Shipping, &r.Tax, &r.Duty, &r.Fee, &r.Tip, &r.GiftCard, &r.Units}
	},
}

// customerDay is a row of customer_days: how many orders a customer placed on a local day.
type customerDay struct {
	TenantID   int64
	Generation int32
	CustomerID int64
	Day        period.Day
	Orders     int64
}

var customerDays = table[customerDay]{
	name: "customer_days", key: []string{"tenant_id", "generation", "customer_id", "day"},
	columns: []string{"tenant_id", "generation", "customer_id", "day", "orders"},
	bind: func(r *customerDay) []any {
		return []any{&r.TenantID, &r.Generation, &r.CustomerID, &r.Day, &r.Orders}
	},
}

// gap is a row of customer_gaps: how many customers ordered on Day and before that last on PrevDay.
type gap struct {
	TenantID     int64
	Generation   int32
	Day, PrevDay period.Day
	Customers    int64
}

var customerGaps = table[gap]{
	name: "customer_gaps", key: []string{"tenant_id", "generation", "day", "prev_day"},
	columns: []string{"tenant_id", "generation", "day", "prev_day", "customers"},
	bind: func(r *gap) []any {
		return []any{&r.TenantID, &r.Generation, &r.Day, &r.PrevDay, &r.Customers}
	},
}
