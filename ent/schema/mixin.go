// Package schema describes the tables that people's questions are answered from.
//
// Three rules hold for all of them. Ids are made by the application and never change. A table of a tenant's data has
// TenantMixin, and each of its unique indexes begins with tenant_id. A column that a list is ordered by is never null:
// where the value may be missing, a companion column ending in _key carries it or a sentinel, since a keyset page loses
// rows whose sort column is null.
//
// Tables that only the write path and the reports touch (ledger, rollups, search terms) have composite keys and no
// generated client: they are described in internal/store.
package schema

import (
	"fmt"

	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"entgo.io/ent/schema/mixin"

	"github.com/shopsight/shopsight/ent/rule"
)

// TenantMixin makes a table part of a tenant's data: every row names its tenant, and the privacy rule filters reads and
// checks writes by it.
type TenantMixin struct{ mixin.Schema }

// Fields returns the tenant column.
func (TenantMixin) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("tenant_id").Immutable().Comment("The tenant whose data the row is."),
	}
}

// Policy keeps tenants apart.
func (TenantMixin) Policy() ent.Policy { return rule.Tenant() }

// ShopMixin is a record that has its identity in the store: unique by the store's own number.
type ShopMixin struct{ mixin.Schema }

// Fields returns identity and origin of a record.
func (ShopMixin) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("shopify_id").Immutable().Comment("The store's own number of the record."),
		field.String("source").SchemaType(varchar(16)).Comment("Where the record came from: the API's enum DataSource."),
		field.Bytes("content_hash").Optional().SchemaType(map[string]string{dialect.MySQL: "binary(16)"}).
			Comment("Digest of the normalised record, which tells a repeat from a change; null for a placeholder."),
	}
}

// Indexes returns the natural key, and the key that references from other tables of the tenant need.
func (ShopMixin) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("tenant_id", "shopify_id").Unique(),
		index.Fields("tenant_id", "id").Unique(),
	}
}

// id is the primary key of every table: made by the application, so that rows can be linked before they are written.
func id() ent.Field {
	return field.Int64("id").Immutable().Annotations(entsql.Annotation{Incremental: new(false)})
}

// datetime holds an instant in UTC, to the microsecond. MySQL's default, timestamp, loses sub-seconds and ends in 2038.
var datetime = map[string]string{dialect.MySQL: "datetime(6)"}

// table names the table, and its collation because the servers' defaults differ: bytes decide, as they do in SQLite.
func table(name string) []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: name, Charset: "utf8mb4", Collation: "utf8mb4_bin"}}
}

// varchar bounds a text column to n characters where the database wants a bound.
func varchar(n int) map[string]string {
	return map[string]string{dialect.MySQL: fmt.Sprintf("varchar(%d)", n)}
}

// varbinary holds sealed secrets.
var varbinary = map[string]string{dialect.MySQL: "varbinary(2048)"}
