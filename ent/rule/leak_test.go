package rule_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/privacy"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

// entity is one table of ent's client, used through reflection: a new one is covered when it is migrated.
type entity struct {
	name, table string
	client      reflect.Value
}

// entities are all that the client has.
func entities(c *ent.Client) []entity {
	var out []entity
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || f.Name == "Schema" || !v.Field(i).MethodByName("Query").IsValid() {
			continue
		}
		out = append(out, entity{name: f.Name, client: v.Field(i)})
	}
	return out
}

// call calls a method by name and returns its results.
func call(v reflect.Value, method string, args ...any) []reflect.Value {
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		in[i] = reflect.ValueOf(a)
	}
	return v.MethodByName(method).Call(in)
}

// err returns the error that a call ended with.
func err(results []reflect.Value) error {
	e, _ := results[len(results)-1].Interface().(error)
	return e
}

func (e entity) query() reflect.Value { return call(e.client, "Query")[0] }

func (e entity) ids(ctx context.Context) ([]int64, error) {
	r := call(e.query(), "IDs", ctx)
	ids, _ := r[0].Interface().([]int64)
	return ids, err(r)
}

// fill writes at least one row of every entity for the tenant of a context.
func fill(t *testing.T, s *store.Store, ctx context.Context) {
	t.Helper()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	customer, product, item := "7", "8", "9"
	res, e := ingest.New(s, func() time.Time { return now }).Apply(ctx, ingest.Batch{Source: ingest.SourceAPI,
		Products:  []ingest.ProductInput{{ShopifyID: product, Title: "Tea", Tags: []string{"hot"}}},
		Customers: []ingest.CustomerInput{{ShopifyID: customer, Tags: []string{"vip"}}},
		Orders: []ingest.OrderInput{{ShopifyID: "1", CustomerShopifyID: &customer, ProcessedAt: now, Tags: []string{"x"},
			Items:       []ingest.OrderItemInput{{ShopifyID: &item, ProductShopifyID: &product, Title: "Tea", Quantity: 2, UnitPrice: "10.00"}},
			Refunds:     []ingest.RefundInput{{ShopifyID: "3", CreatedAt: now, Amount: "1.00", Lines: []ingest.RefundLineInput{{ItemShopifyID: item, Quantity: 1, Amount: "1.00"}}}},
			Adjustments: []ingest.AdjustmentInput{{ShopifyID: "4", HappenedAt: now, Amount: "1.00"}}}}})
	if e != nil || res.Rejected > 0 {
		t.Fatal(res, e)
	}
	e = s.Tx(ctx, func(tx *ent.Client) error {
		run, e := tx.SyncRun.Create().SetID(s.NewID()).SetMode("FULL").SetTrigger("MANUAL").SetStatus("QUEUED").SetQueuedAt(now).
			SetLeaseUntil(now).Save(ctx)
		if e != nil {
			return e
		}
		return errors.Join(
			tx.Store.Create().SetID(s.NewID()).SetShopDomain("x.myshopify.com").SetName("X").SetStatus("CONNECTED").
				SetScopes([]string{}).SetConnectedAt(now).SetSyncEveryMinutes(0).Exec(ctx),
			tx.SyncStep.Create().SetID(s.NewID()).SetRun(run).SetPosition(0).SetResource("ORDERS").SetStatus("QUEUED").
				SetPhase("READ").Exec(ctx),
			tx.SyncCursor.Create().SetID(s.NewID()).SetResource("ORDERS").Exec(ctx),
			tx.SyncRefusal.Create().SetID(s.NewID()).SetResource("ORDERS").SetShopifyID(5).SetReason("x").SetRefusedAt(now).Exec(ctx),
			tx.WebhookEvent.Create().SetID(s.NewID()).SetTopic("x").SetEventID("x").SetWebhookID("x").SetReceivedAt(now).SetDueAt(now).Exec(ctx),
			tx.PrivacyRequest.Create().SetID(s.NewID()).SetKind("CUSTOMER_DATA").SetEventID("x").SetOrders([]int64{1}).SetTriggeredAt(now).
				SetReceivedAt(now).SetDueAt(now).SetStatus("PENDING").Exec(ctx),
			tx.AccessRecord.Create().SetID(s.NewID()).SetHourAt(now).SetUserID(7).SetOperation("x").SetFields("email").SetCustomers(1).
				SetAnswers(1).Exec(ctx),
			tx.OAuthState.Create().SetID(s.NewID()).SetUserID(6).SetShopDomain("x.myshopify.com").SetStateHash(make([]byte, 32)).
				SetCreatedAt(now).SetExpiresAt(now).Exec(ctx))
	})
	if e != nil {
		t.Fatal(e)
	}
	v := viewer.FromContext(ctx)
	system := viewer.NewContext(ctx, viewer.System("a test opens a session"))
	e = s.Tx(system, func(tx *ent.Client) error {
		return tx.Session.Create().SetID(s.NewID()).SetTenantID(v.TenantID).SetUserID(v.UserID).SetCreatedAt(now).
			SetLastSeenAt(now).SetExpiresAt(now).Exec(system)
	})
	if e != nil {
		t.Fatal(e)
	}
}

// Every entity, on every path of ent's client: reads, counts, aggregates, lookups by id, traversals, eager loads, changes
// and deletions, outside and inside a transaction. Nobody sees nothing; a tenant sees its own rows and no others.
func TestNoLeak(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		a, b := testkit.Tenants(t, s)
		fill(t, s, a)
		fill(t, s, b)
		system := viewer.NewContext(t.Context(), viewer.System("a test counts all rows"))
		nobody := viewer.NewContext(t.Context(), nil)
		powerless := viewer.NewContext(t.Context(), &viewer.Viewer{})
		for _, e := range entities(s.Client()) {
			t.Run(e.name, func(t *testing.T) {
				all, e1 := e.ids(system)
				mine, e2 := e.ids(a)
				theirs, e3 := e.ids(b)
				if e1 != nil || e2 != nil || e3 != nil {
					t.Fatal(e1, e2, e3)
				}
				if len(mine) == 0 || len(theirs) == 0 {
					t.Fatalf("no rows to leak: %d and %d", len(mine), len(theirs))
				}
				for _, id := range mine {
					if slices.Contains(theirs, id) {
						t.Errorf("row %d is visible to both", id)
					}
				}
				if len(mine)+len(theirs) != len(all) {
					t.Errorf("%d and %d of %d rows", len(mine), len(theirs), len(all))
				}
				for _, ctx := range []context.Context{nobody, powerless} {
					for _, method := range []string{"Count", "All", "IDs", "Exist", "First"} {
						if got := err(call(e.query(), method, ctx)); !errors.Is(got, privacy.Deny) {
							t.Errorf("%s without a viewer: %v", method, got)
						}
					}
				}
				count := call(e.query(), "Count", a)
				if n := count[0].Int(); err(count) != nil || int(n) != len(mine) {
					t.Errorf("count is %d: %v", n, err(count))
				}
				sum := call(call(e.query(), "Aggregate", ent.As(ent.Count(), "n"))[0], "Int", a)
				if n := sum[0].Int(); err(sum) != nil || int(n) != len(mine) {
					t.Errorf("aggregate counts %d: %v", n, err(sum))
				}
				selected := call(call(e.query(), "Unique", true)[0], "IDs", a)
				if ids, _ := selected[0].Interface().([]int64); len(ids) != len(mine) {
					t.Errorf("distinct ids: %v %v", ids, err(selected))
				}
				if got := err(call(e.client, "Get", a, theirs[0])); !ent.IsNotFound(got) {
					t.Errorf("get of a foreign row: %v", got)
				}
				changes(t, s, e.name, a, b, theirs)
			})
		}
	}, testkit.Unguarded())
}

// changes tries to change and delete foreign rows in a transaction that is rolled back.
func changes(t *testing.T, s *store.Store, name string, a, b context.Context, theirs []int64) {
	t.Helper()
	undo := errors.New("undo")
	try := func(what string, fn func(e entity) error) {
		t.Helper()
		got := s.Tx(a, func(tx *ent.Client) error {
			for _, e := range entities(tx) {
				if e.name == name {
					if e := fn(e); e != nil {
						return e
					}
					left, e := e.ids(b)
					if e != nil || len(left) != len(theirs) {
						t.Errorf("%s: %d of %d foreign rows are left: %v", what, len(left), len(theirs), e)
					}
				}
			}
			return undo
		})
		if !errors.Is(got, undo) {
			t.Errorf("%s: %v", what, got)
		}
	}
	try("delete one", func(e entity) error {
		got := err(call(call(e.client, "DeleteOneID", theirs[0])[0], "Exec", a))
		if !ent.IsNotFound(got) && !errors.Is(got, privacy.Deny) {
			return fmt.Errorf("a foreign row is deleted: %v", got)
		}
		return nil
	})
	try("update one", func(e entity) error {
		u := call(e.client, "UpdateOneID", theirs[0])[0]
		touch(t, u)
		got := err(call(u, "Exec", a))
		if !ent.IsNotFound(got) && !errors.Is(got, privacy.Deny) {
			return fmt.Errorf("a foreign row is changed: %v", got)
		}
		return nil
	})
	try("update all", func(e entity) error {
		u := call(e.client, "Update")[0]
		touch(t, u)
		r := call(u, "Save", a)
		if got := err(r); got != nil {
			if errors.Is(got, privacy.Deny) {
				return nil
			}
			return got
		}
		mine, e2 := e.ids(a)
		if n := int(r[0].Int()); e2 != nil || n > len(mine) {
			return fmt.Errorf("%d rows changed, %d are visible: %v", n, len(mine), e2)
		}
		return nil
	})
	try("create for another", func(e entity) error {
		c := call(e.client, "Create")[0]
		m := call(c, "Mutation")[0].Interface().(ent.Mutation)
		if e2 := m.SetField("tenant_id", viewer.FromContext(b).TenantID); e2 != nil {
			return nil // no tenant column: the rows of these are made by the system alone
		}
		if got := err(call(c, "Save", a)); !errors.Is(got, privacy.Deny) {
			return fmt.Errorf("a row for another tenant: %v", got)
		}
		return nil
	})
	try("create as nobody", func(e entity) error {
		c := call(e.client, "Create")[0]
		if got := err(call(c, "Save", viewer.NewContext(a, nil))); !errors.Is(got, privacy.Deny) {
			return fmt.Errorf("a row by nobody: %v", got)
		}
		return nil
	})
}

// touch has an update change some column: one without changes asks the database nothing.
func touch(t *testing.T, update reflect.Value) {
	t.Helper()
	m := call(update, "Mutation")[0].Interface().(ent.Mutation)
	for name, value := range map[string]any{"name": "x", "title": "x", "role": "VIEWER", "city": "x", "reason": "x", "outcome": "x", "answers": int64(9), "amount": int64(1),
		"generation": 9, "seq": int64(9), "fence": int64(9), "rounds": 9, "deletions_at": time.Unix(9, 0), "attempts": 9, "used_at": time.Unix(9, 0)} {
		if m.SetField(name, value) == nil {
			return
		}
	}
	t.Errorf("no column of %s is known to this test: add one", m.Type())
}

// Edges lead to the own tenant alone, by traversal and by eager loading.
func TestEdgesStayInTheTenant(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		a, b := testkit.Tenants(t, s)
		fill(t, s, a)
		fill(t, s, b)
		tenant := viewer.FromContext(a).TenantID
		rows, e := s.Client().Order.Query().WithCustomer().WithItems(func(q *ent.OrderItemQuery) { q.WithProduct() }).WithRefunds().All(a)
		if e != nil || len(rows) != 1 {
			t.Fatal(len(rows), e)
		}
		o := rows[0]
		if o.Edges.Customer.TenantID != tenant || len(o.Edges.Items) != 1 || o.Edges.Items[0].TenantID != tenant ||
			o.Edges.Items[0].Edges.Product.TenantID != tenant || len(o.Edges.Refunds) != 1 || o.Edges.Refunds[0].TenantID != tenant {
			t.Errorf("%+v", o.Edges)
		}
		if n, e := s.Client().Order.Query().QueryItems().QueryProduct().Count(a); e != nil || n != 1 {
			t.Error(n, e)
		}
		// The start of a traversal is filtered too: b's order has no items for a.
		theirs, e := s.Client().Order.Query().OnlyID(b)
		if e != nil {
			t.Fatal(e)
		}
		if _, e := s.Client().Order.Get(a, theirs); !ent.IsNotFound(e) {
			t.Error(e)
		}
		if _, e := s.Client().Order.Query().QueryItems().Count(viewer.NewContext(a, nil)); !errors.Is(e, privacy.Deny) {
			t.Error(e)
		}
	}, testkit.Unguarded())
}
