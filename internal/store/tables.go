package store

import (
	"strings"
	"sync"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/schema/field"

	"github.com/shopsight/shopsight/ent/migrate"
)

// Tables returns every table of the database: those that ent generates a client for, and those below, which have
// composite keys and are touched by hand-written statements alone. The migrations are made from it and tested against
// it.
//
// Foreign keys between two tables of a tenant's data are widened to (tenant_id, x_id), so that the database itself
// refuses a reference into another tenant, whoever writes it.
var Tables = sync.OnceValue(func() []*schema.Table {
	orders, customers, products := find("orders"), find("customers"), find("products")

	// What an order did to sales, one row for the sale and each reversal, in the order of local days.
	entries := table("ledger_entries", "tenant_id", "generation:int", "day:int", "order_id", "kind:tiny", "ref").
		AddColumn(instant("at")).
		AddColumn(instant("hour_at")). // first instant of the store's local hour that holds at
		AddColumn(nullable(big("customer_id"))).
		AddColumn(big("gross")).AddColumn(big("discount")).AddColumn(big("reversal")).
		AddColumn(big("shipping")).AddColumn(big("tax")).AddColumn(big("duty")).AddColumn(big("fee")).
		AddColumn(big("tip")).AddColumn(big("gift_card")).AddColumn(big("units"))
	addIndex(entries, "tenant_id", "order_id")
	refer(entries, orders, "order_id")

	daily := table("daily_sales", "tenant_id", "generation:int", "day:int").
		AddColumn(big("entries")).
		AddColumn(big("orders")).AddColumn(big("guest_orders")).AddColumn(big("test_orders")).
		AddColumn(big("customers")).AddColumn(big("new_customers")).
		AddColumn(big("gross")).AddColumn(big("discount")).AddColumn(big("reversal")).
		AddColumn(big("shipping")).AddColumn(big("tax")).AddColumn(big("duty")).AddColumn(big("fee")).
		AddColumn(big("tip")).AddColumn(big("gift_card")).AddColumn(big("units"))

	// On which days a customer ordered.
	customerDays := table("customer_days", "tenant_id", "generation:int", "customer_id", "day:int").
		AddColumn(big("orders"))
	addIndex(customerDays, "tenant_id", "customer_id")
	refer(customerDays, customers, "customer_id")

	// How many customers ordered on day and before that last on prev_day. Distinct customers do not sum over days,
	// but these gaps do: see insights.
	gaps := table("customer_gaps", "tenant_id", "generation:int", "day:int", "prev_day:int").
		AddColumn(big("customers"))

	refundLines := table("refund_lines", "tenant_id", "order_id", "refund_shopify_id", "position:int").
		AddColumn(text("line_key", 24)).
		AddColumn(big("quantity")).AddColumn(big("amount")).AddColumn(flag("restocked"))
	refer(refundLines, orders, "order_id")

	adjustments := table("adjustments", "tenant_id", "order_id", "shopify_id").
		AddColumn(instant("happened_at")).
		AddColumn(big("amount")).AddColumn(big("tax_amount")).AddColumn(big("shipping_amount")).
		AddColumn(zero("duty_amount")).AddColumn(zero("fee_amount"))
	refer(adjustments, orders, "order_id")

	// Words, tags and codes under which a record is found; kind says which.
	terms := func(name, column string, parent *schema.Table) *schema.Table {
		t := table(name, "tenant_id", "kind:tiny", "term:text", column)
		addIndex(t, "tenant_id", column)
		refer(t, parent, column)
		return t
	}
	orderTerms := terms("order_terms", "order_id", orders)
	customerTerms := terms("customer_terms", "customer_id", customers)
	productTerms := terms("product_terms", "product_id", products)

	// What the store deleted and when, so that a late older record does not bring it back.
	tombstones := table("tombstones", "tenant_id", "kind:tiny", "shopify_id").
		AddColumn(instant("deleted_at"))

	// Customers and orders that the law wants forgotten: their records come in without what is personal, for ever.
	redactions := table("redactions", "tenant_id", "kind:tiny", "shopify_id").
		AddColumn(instant("redacted_at"))

	// A session ends with the membership that it was opened under.
	sessions, memberships := find("sessions"), find("memberships")
	sessions.AddForeignKey(&schema.ForeignKey{
		Symbol:  "sessions_membership",
		Columns: []*schema.Column{column(sessions, "tenant_id"), column(sessions, "user_id")}, RefTable: memberships,
		RefColumns: []*schema.Column{column(memberships, "tenant_id"), column(memberships, "user_id")},
		OnDelete:   schema.Cascade,
	})
	addIndex(sessions, "tenant_id", "user_id")

	all := append(migrate.Tables[:len(migrate.Tables):len(migrate.Tables)], entries, daily, customerDays, gaps,
		refundLines, adjustments, orderTerms, customerTerms, productTerms, tombstones, redactions)
	for _, t := range all {
		widen(t)
	}
	return all
})

// widen puts tenant_id before the columns of each foreign key whose two tables have it.
func widen(t *schema.Table) {
	for _, fk := range t.ForeignKeys {
		own, parent := column(t, "tenant_id"), column(fk.RefTable, "tenant_id")
		if own == nil || parent == nil || fk.Columns[0] == own {
			continue
		}
		fk.Columns = append([]*schema.Column{own}, fk.Columns...)
		fk.RefColumns = append([]*schema.Column{parent}, fk.RefColumns...)
		if fk.OnDelete == schema.SetNull {
			fk.OnDelete = schema.NoAction // would null tenant_id
		}
	}
}

// table starts a table whose primary key is the given columns, each "name" (64 bits) or "name:type".
func table(name string, key ...string) *schema.Table {
	t := schema.NewTable(name).
		SetAnnotation(&entsql.Annotation{Charset: "utf8mb4", Collation: "utf8mb4_bin"})
	for _, k := range key {
		n, kind, _ := strings.Cut(k, ":")
		c := big(n)
		switch kind {
		case "int":
			c = num(n)
		case "tiny":
			c.Type = field.TypeInt8
		case "text":
			c = text(n, 255)
		}
		t.AddPrimary(c)
	}
	return t
}

func big(name string) *schema.Column { return &schema.Column{Name: name, Type: field.TypeInt64} }
func zero(name string) *schema.Column {
	return &schema.Column{Name: name, Type: field.TypeInt64, Default: 0}
}
func num(name string) *schema.Column  { return &schema.Column{Name: name, Type: field.TypeInt32} }
func flag(name string) *schema.Column { return &schema.Column{Name: name, Type: field.TypeBool} }

func text(name string, size int64) *schema.Column {
	return &schema.Column{Name: name, Type: field.TypeString, Size: size}
}

func instant(name string) *schema.Column {
	return &schema.Column{Name: name, Type: field.TypeTime, SchemaType: map[string]string{dialect.MySQL: "datetime(6)"}}
}

func nullable(c *schema.Column) *schema.Column {
	c.Nullable = true
	return c
}

func addIndex(t *schema.Table, columns ...string) {
	index := &schema.Index{Name: t.Name + "_" + strings.Join(columns, "_")}
	for _, c := range columns {
		index.Columns = append(index.Columns, column(t, c))
	}
	t.Indexes = append(t.Indexes, index)
}

// refer adds a foreign key from column to the parent's id; widen completes it.
func refer(t, parent *schema.Table, name string) {
	t.AddForeignKey(&schema.ForeignKey{
		Symbol:  t.Name + "_" + name,
		Columns: []*schema.Column{column(t, name)}, RefTable: parent,
		RefColumns: []*schema.Column{column(parent, "id")},
		OnDelete:   schema.NoAction,
	})
}

func find(name string) *schema.Table {
	for _, t := range migrate.Tables {
		if t.Name == name {
			return t
		}
	}
	panic("store: no table " + name) // a mistake of this file, found by its first test
}

func column(t *schema.Table, name string) *schema.Column {
	for _, c := range t.Columns {
		if c.Name == name {
			return c
		}
	}
	return nil
}
