package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Product is something the store sells, or a placeholder for one that an order named before its record came.
type Product struct{ ent.Schema }

// Annotations names the table.
func (Product) Annotations() []schema.Annotation { return table("products") }

// Mixin makes it a tenant's data.
func (Product) Mixin() []ent.Mixin { return []ent.Mixin{TenantMixin{}, ShopMixin{}} }

// Fields of a product.
func (Product) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.Bool("known").Comment("False for a placeholder and for a product that was deleted."),
		field.String("title"),
		field.String("title_key").Comment("Title in lower case, for order."),
		field.String("handle").Optional().Nillable(),
		field.String("vendor").Optional().Nillable(),
		field.String("product_type").Optional().Nillable(),
		field.String("status").SchemaType(varchar(16)),
		field.Strings("tags"),
		field.String("image_url").Optional().Nillable().SchemaType(varchar(2048)),
		field.Int64("price").Optional().Nillable().Comment("Minor units of the tenant's currency."),
		field.Int64("inventory_quantity").Optional().Nillable(),
		field.Int64("inventory_key").Comment("inventory_quantity, or the least number."),
		field.Time("created_at").SchemaType(datetime).Optional().Nillable(),
		field.Time("created_key").SchemaType(datetime),
		field.Time("updated_at").SchemaType(datetime).Optional().Nillable(),
		field.Time("updated_key").SchemaType(datetime),
	}
}

// Indexes: one for each order of the list.
func (Product) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("tenant_id", "title_key", "shopify_id"),
		index.Fields("tenant_id", "created_key", "shopify_id"),
		index.Fields("tenant_id", "updated_key", "shopify_id"),
		index.Fields("tenant_id", "inventory_key", "shopify_id"),
	}
}

// Customer is somebody who buys, or a placeholder for one that an order named before the record came.
type Customer struct{ ent.Schema }

// Annotations names the table.
func (Customer) Annotations() []schema.Annotation { return table("customers") }

// Mixin makes it a tenant's data.
func (Customer) Mixin() []ent.Mixin { return []ent.Mixin{TenantMixin{}, ShopMixin{}} }

// Fields of a customer: the record, then the lifetime numbers that ingest keeps by difference.
func (Customer) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.Bool("known").Comment("False for a placeholder."),
		field.Bool("listed").Comment("Known, or with an order: what the list of customers shows."),
		field.String("first_name").Optional().Nillable(),
		field.String("last_name").Optional().Nillable(),
		field.String("name_key").SchemaType(varchar(512)).Comment("Name as it is shown, in lower case, for order."),
		field.String("email").Optional().Nillable(),
		field.String("phone").Optional().Nillable(),
		field.String("country").Optional().Nillable().SchemaType(varchar(2)),
		field.String("city").Optional().Nillable(),
		field.Strings("tags"),
		field.Time("created_at").SchemaType(datetime).Optional().Nillable(),
		field.Time("created_key").SchemaType(datetime),
		field.Time("updated_at").SchemaType(datetime).Optional().Nillable(),
		field.Int64("orders_count").Comment("Orders on file, without tests."),
		field.Int64("units_sold"),
		field.Int64("placed_value").Comment("Gross sales less discounts of the orders as placed: what the average order value divides."),
		field.Int64("net_sales"),
		field.Int64("total_spent").Comment("Lifetime total sales."),
		field.Int64("first_order_id").Optional().Nillable().Comment("The least (processed_at, shopify_id) of the orders that are no tests."),
		field.Time("first_order_at").SchemaType(datetime).Optional().Nillable(),
		field.Time("last_order_at").SchemaType(datetime).Optional().Nillable(),
		field.Time("last_order_key").SchemaType(datetime),
	}
}

// Indexes: one for each order of the list and each rank.
func (Customer) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("tenant_id", "last_order_key", "shopify_id"),
		index.Fields("tenant_id", "total_spent", "shopify_id"),
		index.Fields("tenant_id", "net_sales", "shopify_id"),
		index.Fields("tenant_id", "orders_count", "shopify_id"),
		index.Fields("tenant_id", "units_sold", "shopify_id"),
		index.Fields("tenant_id", "name_key", "shopify_id"),
		index.Fields("tenant_id", "created_key", "shopify_id"),
	}
}

// Order is a purchase. Amounts are minor units of the tenant's currency.
type Order struct{ ent.Schema }

// Annotations names the table.
func (Order) Annotations() []schema.Annotation { return table("orders") }

// Mixin makes it a tenant's data.
func (Order) Mixin() []ent.Mixin { return []ent.Mixin{TenantMixin{}, ShopMixin{}} }

// Fields of an order: the record, then what the ledger makes of it.
func (Order) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("name"),
		field.String("name_key").Comment("Name in lower case, for order and search."),
		field.Time("processed_at").SchemaType(datetime),
		field.Time("created_at").SchemaType(datetime).Optional().Nillable(),
		field.Time("updated_at").SchemaType(datetime).Optional().Nillable(),
		field.Time("updated_key").SchemaType(datetime),
		field.Time("cancelled_at").SchemaType(datetime).Optional().Nillable(),
		field.String("financial_status").SchemaType(varchar(24)),
		field.String("fulfillment_status").SchemaType(varchar(24)),
		field.Bool("test"),
		field.String("channel").Optional().Nillable(),
		field.Int64("customer_id").Optional().Nillable().Comment("Null for a guest and for a deleted customer."),
		field.Int64("customer_shopify_id").Optional().Nillable().Comment("The customer that the record names."),
		field.String("shipping_country").Optional().Nillable().SchemaType(varchar(2)),
		field.String("shipping_region").Optional().Nillable(),
		field.String("shipping_city").Optional().Nillable(),
		field.Strings("discount_codes"),
		field.Strings("tags"),
		field.Bool("taxes_included"),
		field.Int64("shipping"),
		field.Int64("shipping_tax").Optional().Nillable(),
		field.Int64("taxes"),
		field.Int64("duties"),
		field.Int64("fees"),
		field.Int64("tips"),
		field.Int64("subtotal").Comment("Lines after discounts, as charged."),
		field.Int64("discounts").Comment("Discounts of all lines, as given."),
		field.Int64("total").Comment("What the buyer was charged before refunds."),
		field.Int64("refunded").Comment("Goods, tax and shipping of all refunds."),
		field.Int64("net_sales").Comment("Gross sales less discounts less reversals, by the ledger."),
	}
}

// Edges of an order.
func (Order) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("customer", Customer.Type).Field("customer_id").Unique(),
		edge.To("items", OrderItem.Type),
		edge.To("refunds", Refund.Type),
	}
}

// Indexes: one for each order of the list, and a customer's history.
func (Order) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("tenant_id", "processed_at", "shopify_id"),
		index.Fields("tenant_id", "total", "shopify_id"),
		index.Fields("tenant_id", "name_key", "shopify_id"),
		index.Fields("tenant_id", "updated_key", "shopify_id"),
		index.Fields("tenant_id", "customer_id", "processed_at", "shopify_id", "test"),
	}
}

// OrderItem is a line of an order.
type OrderItem struct{ ent.Schema }

// Annotations names the table.
func (OrderItem) Annotations() []schema.Annotation { return table("order_items") }

// Mixin makes it a tenant's data.
func (OrderItem) Mixin() []ent.Mixin { return []ent.Mixin{TenantMixin{}} }

// Fields of a line: the record, then what the ledger makes of it.
func (OrderItem) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.Int64("order_id").Immutable(),
		field.String("line_key").Immutable().SchemaType(varchar(24)).
			Comment("The store's number of the line, or # and the position."),
		field.Int("position"),
		field.Int64("shopify_id").Optional().Nillable(),
		field.Int64("product_id").Optional().Nillable(),
		field.String("title"),
		field.String("variant_title").Optional().Nillable(),
		field.String("sku").Optional().Nillable(),
		field.String("sku_key").Comment("SKU in lower case, for search; empty without one."),
		field.String("vendor").Optional().Nillable(),
		field.Int64("quantity"),
		field.Int64("unit_price"),
		field.Int64("discount").Comment("As given."),
		field.Int64("tax").Optional().Nillable().Comment("As given."),
		field.Bool("gift_card"),
		field.Int64("refunded_quantity"),
		field.Int64("gross_sales"),
		field.Int64("discounts").Comment("By the ledger: without tax."),
		field.Int64("net_sales"),
	}
}

// Edges of a line.
func (OrderItem) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("order", Order.Type).Ref("items").Field("order_id").Unique().Required().Immutable(),
		edge.To("product", Product.Type).Field("product_id").Unique(),
	}
}

// Indexes of a line.
func (OrderItem) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("tenant_id", "order_id", "line_key").Unique(),
		index.Fields("tenant_id", "product_id", "order_id"),
		index.Fields("tenant_id", "sku_key", "order_id"),
	}
}

// Refund gives back part of an order.
type Refund struct{ ent.Schema }

// Annotations names the table.
func (Refund) Annotations() []schema.Annotation { return table("refunds") }

// Mixin makes it a tenant's data.
func (Refund) Mixin() []ent.Mixin { return []ent.Mixin{TenantMixin{}} }

// Fields of a refund.
func (Refund) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.Int64("order_id").Immutable(),
		field.Int64("shopify_id").Immutable(),
		field.Time("created_at").SchemaType(datetime),
		field.Int64("amount").Comment("Goods, without tax, shipping, duties and fees."),
		field.Int64("tax_amount"),
		field.Int64("shipping_amount"),
		field.Int64("duty_amount").Default(0),
		field.Int64("fee_amount").Default(0),
		field.String("note").Optional().Nillable().SchemaType(map[string]string{dialect.MySQL: "text"}),
		field.Int64("restocked_quantity"),
	}
}

// Edges of a refund.
func (Refund) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("order", Order.Type).Ref("refunds").Field("order_id").Unique().Required().Immutable(),
	}
}

// Indexes of a refund.
func (Refund) Indexes() []ent.Index {
	return []ent.Index{index.Fields("tenant_id", "order_id", "shopify_id").Unique()}
}
