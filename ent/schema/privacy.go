package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// PrivacyRequest is a demand of the law that came from Shopify or was started by hand: to show what is known of a person,
// to forget the person, or to forget the store. It says nothing of the person but the store's number.
type PrivacyRequest struct{ ent.Schema }

// Annotations names the table.
func (PrivacyRequest) Annotations() []schema.Annotation { return table("privacy_requests") }

// Mixin makes it a tenant's data.
func (PrivacyRequest) Mixin() []ent.Mixin { return []ent.Mixin{TenantMixin{}} }

// Fields of a request.
func (PrivacyRequest) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("kind").SchemaType(varchar(16)).Immutable().Comment("The API's enum PrivacyRequestKind."),
		field.String("event_id").SchemaType(varchar(191)).Immutable().Comment("Shopify's id of the event: it has one effect, however often it comes."),
		field.Int64("customer_number").Optional().Nillable().Immutable().Comment("The store's own number of the customer."),
		field.JSON("orders", []int64{}).Immutable().Comment("The store's own numbers of orders that the request names."),
		field.Time("triggered_at").SchemaType(datetime).Immutable().Comment("When it happened at Shopify."),
		field.Time("received_at").SchemaType(datetime).Immutable(),
		field.Time("due_at").SchemaType(datetime).Immutable(),
		field.String("status").SchemaType(varchar(16)).Comment("The API's enum PrivacyRequestStatus."),
		field.Time("work_at").SchemaType(datetime).Optional().Nillable().
			Comment("When the service does its part, or tries it again; null when there is nothing for it to do."),
		field.Int("attempts").Default(0).Comment("How often that failed."),
		field.Time("done_at").SchemaType(datetime).Optional().Nillable(),
		field.String("outcome").Optional().Nillable().SchemaType(map[string]string{dialect.MySQL: "text"}).
			Comment("What was done, for people: counts, nothing of the person."),
	}
}

// Indexes: one effect an event, the list, what is to be done, and what is new for the journal.
func (PrivacyRequest) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("tenant_id", "event_id").Unique(),
		index.Fields("tenant_id", "status", "id"),
		index.Fields("tenant_id", "id").Unique(),
		index.Fields("work_at"),
		index.Fields("received_at"),
	}
}

// AccessRecord says who was shown personal fields of customers, by the hour.
type AccessRecord struct{ ent.Schema }

// Annotations names the table.
func (AccessRecord) Annotations() []schema.Annotation { return table("access_records") }

// Mixin makes it a tenant's data.
func (AccessRecord) Mixin() []ent.Mixin { return []ent.Mixin{TenantMixin{}} }

// Fields of a record.
func (AccessRecord) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.Time("hour_at").SchemaType(datetime).Immutable().Comment("The first instant of the hour, UTC."),
		field.Int64("user_id").Immutable().Comment("The person; 0 when no person asked."),
		field.String("operation").SchemaType(varchar(64)).Immutable().Comment("The name that the query gave itself."),
		field.String("fields").SchemaType(varchar(64)).Immutable().Comment("The personal fields that were in the answers, with spaces between."),
		field.Int64("customers").Comment("How many customers the answers showed, each answer by itself."),
		field.Int64("answers"),
	}
}

// Indexes: one row for each hour and kind of access, the list, and what is old.
func (AccessRecord) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("tenant_id", "hour_at", "user_id", "operation", "fields").Unique(),
		index.Fields("tenant_id", "id").Unique(),
		index.Fields("hour_at"),
	}
}
