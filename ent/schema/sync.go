package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Store is the Shopify store of a tenant, of which there is one at most.
type Store struct{ ent.Schema }

// Annotations names the table.
func (Store) Annotations() []schema.Annotation { return table("stores") }

// Mixin makes it a tenant's data.
func (Store) Mixin() []ent.Mixin { return []ent.Mixin{TenantMixin{}} }

// Fields of a store. Secrets are sealed, and bound to the tenant and the column.
func (Store) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("shop_domain").Comment("name.myshopify.com"),
		field.String("held_domain").Optional().Nillable().Unique().
			Comment("The domain while the store is connected; null afterwards, when another tenant may connect it."),
		field.String("name"),
		field.String("status").SchemaType(varchar(16)).Comment("The API's enum StoreStatus."),
		field.Strings("scopes").Comment("What the token may do, in the shop's words."),
		field.Bytes("access_token").Optional().Sensitive().SchemaType(varbinary).Comment("Sealed; null when disconnected."),
		field.Bytes("api_secret").Optional().Sensitive().SchemaType(varbinary).
			Comment("Sealed: the custom app's key that signs its webhooks; null without one."),
		field.Bool("by_app").Default(false).Comment("The token was given to the service's own app, by OAuth, and can be renewed."),
		field.Bytes("refresh_token").Optional().Sensitive().SchemaType(varbinary).
			Comment("Sealed: gets the next token; null where the token does not expire."),
		field.Time("token_expires_at").SchemaType(datetime).Optional().Nillable().Comment("Null where the token does not expire."),
		field.Time("token_renew_at").SchemaType(datetime).Optional().Nillable().Comment("When it is time to renew the token, some while before it expires."),
		field.Time("refresh_expires_at").SchemaType(datetime).Optional().Nillable().Comment("When the token can be renewed no longer."),
		field.Int64("token_fence").Default(0).
			Comment("Raised whenever the token changes, or somebody sets out to renew it; who has an older number writes none."),
		field.Time("token_lease_until").SchemaType(datetime).Optional().Nillable().
			Comment("Until when the one that raised the fence renews the token; null when nobody does."),
		field.Time("connected_at").SchemaType(datetime),
		field.Time("last_synced_at").SchemaType(datetime).Optional().Nillable(),
		field.Int("sync_every_minutes").Comment("0 is off."),
		field.Time("next_sync_at").SchemaType(datetime).Optional().Nillable().Comment("Null when nothing is scheduled."),
		field.String("webhooks").SchemaType(varchar(16)).Default("NOT_AVAILABLE").Comment("The API's enum WebhookStatus."),
		field.String("webhook_problem").SchemaType(varchar(1024)).Optional().Nillable().Comment("What is wrong with the webhooks, for people."),
		field.Time("webhooks_check_at").SchemaType(datetime).Optional().Nillable().
			Comment("When the subscriptions are compared with what they should be; null for at once."),
		field.Time("last_webhook_at").SchemaType(datetime).Optional().Nillable().Comment("When the last event came that is done."),
		field.Int64("webhook_fence").Default(0).Comment("Raised whenever a worker takes up the store's events."),
		field.Time("webhook_lease").SchemaType(datetime).Optional().Nillable().Comment("When another worker may take them up; null for at once."),
		field.Int("webhook_strikes").Default(0).Comment("How often in a row they were taken up and none was done."),
	}
}

// Indexes: one store a tenant, which syncs and checks of webhooks are due, which tokens can soon be renewed no longer, and whose
// store has told of something.
func (Store) Indexes() []ent.Index {
	return []ent.Index{index.Fields("tenant_id").Unique(), index.Fields("next_sync_at"), index.Fields("refresh_expires_at"),
		index.Fields("status", "webhooks_check_at"), index.Fields("shop_domain")}
}

// OAuthState is a person on the way through a store's page that lets the app in. It is there for minutes, and counts once.
type OAuthState struct{ ent.Schema }

// Annotations names the table.
func (OAuthState) Annotations() []schema.Annotation { return table("oauth_states") }

// Mixin makes it a tenant's data.
func (OAuthState) Mixin() []ent.Mixin { return []ent.Mixin{TenantMixin{}} }

// Fields of a state. Neither the state nor what the browser keeps can be read from them.
func (OAuthState) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.Int64("user_id").Immutable().Comment("The person who began."),
		field.String("shop_domain").Immutable().Comment("The store that is to be connected, and no other."),
		field.Bytes("state_hash").Immutable().SchemaType(map[string]string{dialect.MySQL: "binary(32)"}).Comment("SHA-256 of the state."),
		field.Bytes("browser_hash").Optional().SchemaType(map[string]string{dialect.MySQL: "binary(32)"}).
			Comment("SHA-256 of what the browser keeps that went to the store's page; null before one did."),
		field.Time("created_at").SchemaType(datetime).Immutable(),
		field.Time("expires_at").SchemaType(datetime).Immutable(),
		field.Time("used_at").SchemaType(datetime).Optional().Nillable().Comment("When it was brought back; then it counts no longer."),
	}
}

// Indexes of a state: by what comes back, and those of a tenant.
func (OAuthState) Indexes() []ent.Index {
	return []ent.Index{index.Fields("tenant_id", "state_hash").Unique(), index.Fields("state_hash")}
}

// SyncRun is one attempt to make the tenant's records equal the store's: the truth of the job that does it.
type SyncRun struct{ ent.Schema }

// Annotations names the table.
func (SyncRun) Annotations() []schema.Annotation { return table("sync_runs") }

// Mixin makes it a tenant's data.
func (SyncRun) Mixin() []ent.Mixin { return []ent.Mixin{TenantMixin{}} }

// Fields of a run.
func (SyncRun) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.Bool("active").Optional().Nillable().
			Comment("True from the request to the end, then null: a unique key lets a tenant have one such run."),
		field.String("mode").SchemaType(varchar(16)).Immutable().Comment("The API's enum SyncMode."),
		field.String("trigger").StorageKey("started_by").SchemaType(varchar(16)).Immutable().Comment("The API's enum SyncTrigger."),
		field.String("status").SchemaType(varchar(24)).Comment("The API's enum SyncStatus."),
		field.Time("queued_at").SchemaType(datetime).Immutable(),
		field.Time("started_at").SchemaType(datetime).Optional().Nillable(),
		field.Time("finished_at").SchemaType(datetime).Optional().Nillable(),
		field.Int("attempts").Default(0).Comment("How often a worker took it up."),
		field.Int("strikes").Default(0).Comment("How often in a row a worker took it up and nothing came of it; an end in good order does not count."),
		field.Bool("dead_letter").Default(false).
			Comment("It has failed for good, and what it lacks has not come since; see internal/sync."),
		field.String("lane").SchemaType(varchar(16)).Default("backfill").Immutable().Comment("Whose slots it waits for; see internal/sync."),
		field.Bool("cancel_requested").Default(false),
		field.Int64("fence").Default(0).
			Comment("Raised whenever a worker takes the run; what a worker with an older number writes is refused."),
		field.Time("lease_until").SchemaType(datetime).Comment("When another worker may take the run; while it waits, when the next may."),
		field.String("error_code").Optional().Nillable().SchemaType(varchar(24)).Comment("The API's enum SyncErrorCode."),
		field.String("error_message").Optional().Nillable().SchemaType(map[string]string{dialect.MySQL: "text"}),
		field.Bool("error_retryable").Default(false),
	}
}

// Edges of a run.
func (SyncRun) Edges() []ent.Edge { return []ent.Edge{edge.To("steps", SyncStep.Type)} }

// Indexes: one active run a tenant, the list of runs and that of the dead letters, and which are to be taken up.
func (SyncRun) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("tenant_id", "active").Unique(),
		index.Fields("tenant_id", "queued_at", "id"),
		index.Fields("tenant_id", "dead_letter", "id"),
		index.Fields("active", "lane", "lease_until"),
		index.Fields("tenant_id", "id").Unique(),
	}
}

// SyncStep is what a run does about one kind of record: its progress, where it stands, and its proof.
type SyncStep struct{ ent.Schema }

// Annotations names the table.
func (SyncStep) Annotations() []schema.Annotation { return table("sync_steps") }

// Mixin makes it a tenant's data.
func (SyncStep) Mixin() []ent.Mixin { return []ent.Mixin{TenantMixin{}} }

// Fields of a step.
func (SyncStep) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.Int64("run_id").Immutable(),
		field.Int("position").Immutable().Comment("Products before customers before orders, which name both."),
		field.String("resource").SchemaType(varchar(16)).Immutable().Comment("The API's enum SyncResource."),
		field.String("status").SchemaType(varchar(24)).Comment("The API's enum SyncStatus."),
		field.String("phase").SchemaType(varchar(16)).Comment("What comes next; see internal/sync."),
		field.Int64("fetched").Default(0),
		field.Int64("created").Default(0),
		field.Int64("updated").Default(0),
		field.Int64("unchanged").Default(0),
		field.Int64("failed").Default(0),
		field.Int64("deleted").Default(0),
		field.Int64("expected").Optional().Nillable().Comment("How many the store says there are to be read."),
		field.Time("throttled_until").SchemaType(datetime).Optional().Nillable(),
		field.Time("window_from").SchemaType(datetime).Optional().Nillable().Comment("Null reads everything."),
		field.String("after").StorageKey("page_after").Optional().Nillable().SchemaType(varchar(2048)).
			Comment("The store's cursor of the last page that was written."),
		field.Int64("bulk_id").Optional().Nillable().Comment("The store's operation whose file is read; null before it is started."),
		field.Int64("bulk_place").Default(0).Comment("The place in the file of the last record that was written."),
		field.Int("bulk_failures").Default(0).Comment("How many operations of the run came to nothing."),
		field.Int64("last_id").Optional().Nillable().Comment("The store's greatest number when the step began: what the proof goes up to."),
		field.Int64("swept_to").Default(0).Comment("The sweep has compared the numbers up to this one."),
		field.Int("rounds").Default(0).Comment("How often the proof failed and what it lacked was sought."),
		field.Int64("proof_expected").Optional().Nillable(),
		field.Int64("proof_stored").Optional().Nillable(),
		field.Int64("lines_expected").Default(0),
		field.Int64("lines_read").Default(0),
	}
}

// Edges of a step.
func (SyncStep) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("run", SyncRun.Type).Ref("steps").Field("run_id").Unique().Required().Immutable(),
	}
}

// Indexes of a step.
func (SyncStep) Indexes() []ent.Index {
	return []ent.Index{index.Fields("tenant_id", "run_id", "resource").Unique()}
}

// SyncCursor is how far the tenant's records of one kind are known to equal the store's. It moves in the transaction
// that writes the records, and never back.
type SyncCursor struct{ ent.Schema }

// Annotations names the table.
func (SyncCursor) Annotations() []schema.Annotation { return table("sync_cursors") }

// Mixin makes it a tenant's data.
func (SyncCursor) Mixin() []ent.Mixin { return []ent.Mixin{TenantMixin{}} }

// Fields of a cursor.
func (SyncCursor) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("resource").SchemaType(varchar(16)).Immutable().Comment("The API's enum SyncResource."),
		field.Time("updated_at").SchemaType(datetime).Optional().Nillable().
			Comment("Of the last record that was written; all that were changed before it are in."),
		field.Int64("shopify_id").Default(0).Comment("Of the same record: several may have changed in one second."),
		field.Time("deletions_at").SchemaType(datetime).Optional().Nillable().Comment("Deletions up to then are applied."),
	}
}

// Indexes of a cursor.
func (SyncCursor) Indexes() []ent.Index {
	return []ent.Index{index.Fields("tenant_id", "resource").Unique()}
}

// SyncRefusal is a record of the store that could not be taken over as it is now. The row goes when the record is taken
// over after all, or is gone from the store: until then every run says that it is missing, and none looks for it again.
type SyncRefusal struct{ ent.Schema }

// Annotations names the table.
func (SyncRefusal) Annotations() []schema.Annotation { return table("sync_refusals") }

// Mixin makes it a tenant's data.
func (SyncRefusal) Mixin() []ent.Mixin { return []ent.Mixin{TenantMixin{}} }

// Fields of a refusal.
func (SyncRefusal) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("resource").SchemaType(varchar(16)).Immutable().Comment("The API's enum SyncResource."),
		field.Int64("shopify_id").Immutable().Comment("The store's own number of the record."),
		field.String("reason").SchemaType(map[string]string{dialect.MySQL: "text"}).Comment("The field and what is wrong with it, for people."),
		field.Time("refused_at").SchemaType(datetime).Comment("The last time."),
	}
}

// Indexes of a refusal: by the record; the list of them is in the order of their ids.
func (SyncRefusal) Indexes() []ent.Index {
	return []ent.Index{index.Fields("tenant_id", "resource", "shopify_id").Unique(), index.Fields("tenant_id", "id").Unique()}
}
