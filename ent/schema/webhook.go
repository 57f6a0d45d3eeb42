package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// WebhookEvent is what a store has told us of, once, however often it was delivered: which record to read again, and never
// what it said of it.
type WebhookEvent struct{ ent.Schema }

// Annotations names the table.
func (WebhookEvent) Annotations() []schema.Annotation { return table("webhook_events") }

// Mixin makes it a tenant's data.
func (WebhookEvent) Mixin() []ent.Mixin { return []ent.Mixin{TenantMixin{}} }

// Fields of an event.
func (WebhookEvent) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("topic").SchemaType(varchar(32)).Immutable().Comment("As the header names it, such as orders/create."),
		field.String("event_id").SchemaType(varchar(128)).Immutable().Comment("Of what has happened; several topics may tell of it."),
		field.String("webhook_id").SchemaType(varchar(128)).Immutable().Comment("Of the delivery that was taken."),
		field.Int64("shopify_id").Default(0).Immutable().Comment("The record to read again; of a merge the customer that is kept; 0 for none."),
		field.Int64("merged_id").Default(0).Immutable().Comment("The customer that a merge did away with."),
		field.Time("triggered_at").SchemaType(datetime).Optional().Nillable().Immutable().Comment("When it happened, if the store said so."),
		field.Time("received_at").SchemaType(datetime).Immutable(),
		field.Time("due_at").SchemaType(datetime).Comment("When it may be done; later than received_at when it did not work yet."),
		field.Int("attempts").Default(0).Comment("How often it was tried and is to be tried again."),
		field.Time("done_at").SchemaType(datetime).Optional().Nillable(),
		field.String("outcome").SchemaType(varchar(24)).Optional().Comment("What became of it; see internal/sync."),
	}
}

// Indexes: one effect for each event, what waits, which customer went where, and what has been kept for long enough.
func (WebhookEvent) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("tenant_id", "topic", "event_id", "shopify_id").Unique(),
		index.Fields("tenant_id", "done_at", "due_at"),
		index.Fields("tenant_id", "merged_id"),
		index.Fields("done_at", "due_at"),
	}
}
