package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/shopsight/shopsight/ent/rule"
)

// Tenant is one store's account.
type Tenant struct{ ent.Schema }

// Annotations names the table.
func (Tenant) Annotations() []schema.Annotation { return table("tenants") }

// Fields of a tenant.
func (Tenant) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("slug").Immutable().Unique().Comment("Lower-case name for URLs and confirmations."),
		field.String("name"),
		field.String("email").Comment("Contact address of the owner."),
		field.String("logo_url").Optional().Nillable().SchemaType(varchar(2048)),
		field.String("currency").SchemaType(varchar(3)).Comment("ISO 4217; fixed once an order exists."),
		field.String("timezone").Comment("IANA zone that the reports are in; changed only when its local days are ready."),
		field.Int8("week_starts_on").Default(1).Comment("0 is Sunday, as in Go's time.Weekday."),
		field.Time("created_at").SchemaType(datetime).Immutable(),
	}
}

// Policy shows a tenant to its members.
func (Tenant) Policy() ent.Policy { return rule.Account() }

// Edges of a tenant.
func (Tenant) Edges() []ent.Edge {
	return []ent.Edge{edge.To("memberships", Membership.Type)}
}

// User is a person. A person is no tenant's data: one address, one person, any number of tenants.
type User struct{ ent.Schema }

// Annotations names the table.
func (User) Annotations() []schema.Annotation { return table("users") }

// Fields of a person.
func (User) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("email").Unique().Comment("Lower-cased."),
		field.String("password_hash").Sensitive().Comment("argon2id in PHC form."),
		field.String("name").Optional().Nillable(),
		field.Bool("email_verified").Default(false),
		field.Time("created_at").SchemaType(datetime).Immutable(),
	}
}

// Policy shows a person to those who share a tenant.
func (User) Policy() ent.Policy { return rule.User() }

// Edges of a person.
func (User) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("memberships", Membership.Type),
		edge.To("sessions", Session.Type).Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Membership is a person's place in a tenant.
type Membership struct{ ent.Schema }

// Annotations names the table.
func (Membership) Annotations() []schema.Annotation { return table("memberships") }

// Policy shows the memberships of a tenant to its members, and to a person their own.
func (Membership) Policy() ent.Policy { return rule.Membership() }

// Fields of a membership.
func (Membership) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.Int64("tenant_id").Immutable(),
		field.Int64("user_id").Immutable(),
		field.String("role").SchemaType(varchar(16)).Comment("The API's enum Role."),
		field.Time("joined_at").SchemaType(datetime).Immutable(),
		field.Time("last_used_at").SchemaType(datetime).Comment("Which tenant login opens by default: the one used last."),
	}
}

// Edges of a membership.
func (Membership) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("tenant", Tenant.Type).Ref("memberships").Field("tenant_id").Unique().Required().Immutable(),
		edge.From("user", User.Type).Ref("memberships").Field("user_id").Unique().Required().Immutable(),
	}
}

// Indexes of a membership.
func (Membership) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("tenant_id", "user_id").Unique(),
		index.Fields("user_id"),
	}
}

// Session is a signed-in device of a person, in one tenant.
type Session struct{ ent.Schema }

// Annotations names the table.
func (Session) Annotations() []schema.Annotation { return table("sessions") }

// Policy shows a session to its person.
func (Session) Policy() ent.Policy { return rule.Session() }

// Fields of a session.
func (Session) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.Int64("tenant_id").Immutable(),
		field.Int64("user_id").Immutable(),
		field.Int("generation").Default(1).
			Comment("Number of the one refresh token that still counts; any older one that is shown ends the session."),
		field.Time("created_at").SchemaType(datetime).Immutable(),
		field.Time("last_seen_at").SchemaType(datetime),
		field.Time("expires_at").SchemaType(datetime),
		field.Time("revoked_at").SchemaType(datetime).Optional().Nillable(),
		field.String("user_agent").Optional().Nillable(),
		field.String("ip_address").Optional().Nillable().SchemaType(varchar(45)),
	}
}

// Edges of a session.
func (Session) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("user", User.Type).Ref("sessions").Field("user_id").Unique().Required().Immutable(),
	}
}

// Indexes of a session.
func (Session) Indexes() []ent.Index {
	return []ent.Index{index.Fields("user_id")}
}

// TenantWrites is a tenant's write lock and what is counted under it: a commerce transaction begins by raising seq. It is
// apart from the tenant, so that whoever reads or refers to that never waits for an import.
type TenantWrites struct{ ent.Schema }

// Annotations names the table.
func (TenantWrites) Annotations() []schema.Annotation { return table("tenant_writes") }

// Policy shows it to the tenant. It is made by sign-up, and changed by hand-written statements.
func (TenantWrites) Policy() ent.Policy { return rule.Ledger() }

// Fields of the lock.
func (TenantWrites) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id").StorageKey("tenant_id").Immutable().Annotations(entsql.Annotation{Incremental: new(false)}),
		field.Int64("seq").Default(0),
		field.Int32("generation").Default(1).Comment("Of ledger and rollups, that reads use."),
		field.Int32("next_generation").Default(0).
			Comment("The one being built, for another timezone or by rebuild; 0 when none is."),
		field.String("next_timezone").Default(""),
		field.Int64("rebuilt_to").Default(0).Comment("The next generation holds the orders up to this shopify_id."),
		field.Int64("products").Default(0).Comment("Known ones."),
		field.Int64("customers").Default(0).Comment("Known ones."),
		field.Int64("listed_customers").Default(0),
		field.Int64("orders").Default(0).Comment("With tests."),
		field.Int64("test_orders").Default(0),
		field.Int64("order_items").Default(0),
	}
}
