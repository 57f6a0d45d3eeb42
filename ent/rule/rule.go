// Package rule holds the privacy rules: who may see and change which rows.
//
// Every entity has exactly one of these policies, and all of them deny when nobody is known to ask. A rule narrows the
// statement itself, so that a row of another tenant is not refused but absent: counts, sums, eager loads and
// traversals pass through it as well. What a rule cannot see (ids of another tenant in foreign keys) the database
// refuses by keys that include tenant_id.
package rule

import (
	"context"

	entgo "entgo.io/ent"
	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/intercept"
	"github.com/shopsight/shopsight/ent/privacy"
	"github.com/shopsight/shopsight/internal/viewer"
)

// narrow returns the condition on the rows of an entity that the viewer reaches; nil reaches none.
type narrow func(v *viewer.Viewer) func(*sql.Selector)

// Tenant is the policy of a tenant's data: its rows are read and written by viewers of the tenant alone. A new row is
// stamped with the viewer's tenant; one that names another is refused.
func Tenant() entgo.Policy {
	return policy{read: ofTenant, write: ofTenant, create: stampTenant}
}

// Membership is the policy of memberships: those of the tenant, and for reading one's own everywhere.
func Membership() entgo.Policy {
	return policy{read: either(ofTenant, ofUser), write: ofTenant, create: stampTenant}
}

// Session is the policy of sessions: a person's own. They are opened by sign-up and login alone, as the system.
func Session() entgo.Policy {
	return policy{read: ofUser, write: ofUser}
}

// User is the policy of people: oneself, and for reading those who share the opened tenant.
func User() entgo.Policy {
	return policy{read: either(self, coMembers), write: self}
}

// Account is the policy of tenants: the opened one, and for reading every tenant the person belongs to.
func Account() entgo.Policy {
	return policy{read: either(opened, joined), write: opened}
}

// Ledger is the policy of a tenant's write lock: read by the tenant, made by sign-up.
func Ledger() entgo.Policy { return policy{read: ofTenant, write: nobody} }

// policy decides for one entity. Without create, rows are made by the system alone.
type policy struct {
	read, write narrow
	create      func(*viewer.Viewer, ent.Mutation) error
}

// EvalQuery narrows a query to what the viewer may read.
func (p policy) EvalQuery(ctx context.Context, q ent.Query) error {
	v := viewer.FromContext(ctx)
	if v.IsSystem() {
		return privacy.Allow
	}
	where, err := reach(p.read, v)
	if err != nil {
		return err
	}
	iq, err := intercept.NewQuery(q)
	if err != nil {
		return privacy.Denyf("privacy: %w", err)
	}
	iq.WhereP(where)
	return nil
}

// EvalMutation checks a new row, and narrows a change to the rows that the viewer may write.
func (p policy) EvalMutation(ctx context.Context, m ent.Mutation) error {
	v := viewer.FromContext(ctx)
	if v.IsSystem() {
		return privacy.Allow
	}
	if m.Op().Is(ent.OpCreate) {
		if p.create == nil || v == nil {
			return privacy.Denyf("privacy: %s rows are not made by this viewer", m.Type())
		}
		return p.create(v, m)
	}
	where, err := reach(p.write, v)
	if err != nil {
		return err
	}
	w, ok := m.(interface{ WhereP(...func(*sql.Selector)) })
	if !ok {
		return privacy.Denyf("privacy: %s cannot be narrowed", m.Type())
	}
	w.WhereP(where)
	return nil
}

// reach returns the viewer's condition, or a denial for a viewer who reaches nothing.
func reach(n narrow, v *viewer.Viewer) (func(*sql.Selector), error) {
	if v == nil {
		return nil, privacy.Denyf("privacy: nobody is asking")
	}
	if where := n(v); where != nil {
		return where, nil
	}
	return nil, privacy.Denyf("privacy: the viewer reaches no rows")
}

func stampTenant(v *viewer.Viewer, m ent.Mutation) error {
	if v.TenantID == 0 {
		return privacy.Denyf("privacy: the viewer has opened no tenant")
	}
	if id, ok := m.Field("tenant_id"); ok {
		if id != v.TenantID {
			return privacy.Denyf("privacy: the row names another tenant")
		}
		return nil
	}
	return m.SetField("tenant_id", v.TenantID)
}

func either(a, b narrow) narrow {
	return func(v *viewer.Viewer) func(*sql.Selector) {
		x, y := a(v), b(v)
		switch {
		case x == nil:
			return y
		case y == nil:
			return x
		}
		return sql.OrPredicates(x, y)
	}
}

func nobody(*viewer.Viewer) func(*sql.Selector)     { return nil }
func ofTenant(v *viewer.Viewer) func(*sql.Selector) { return equals("tenant_id", v.TenantID) }
func ofUser(v *viewer.Viewer) func(*sql.Selector)   { return equals("user_id", v.UserID) }
func opened(v *viewer.Viewer) func(*sql.Selector)   { return equals("id", v.TenantID) }
func self(v *viewer.Viewer) func(*sql.Selector)     { return equals("id", v.UserID) }

// coMembers reaches the people who belong to the opened tenant.
func coMembers(v *viewer.Viewer) func(*sql.Selector) {
	return through("user_id", "tenant_id", v.TenantID)
}

// joined reaches the tenants that the person belongs to.
func joined(v *viewer.Viewer) func(*sql.Selector) { return through("tenant_id", "user_id", v.UserID) }

func equals(column string, id int64) func(*sql.Selector) {
	if id == 0 {
		return nil
	}
	return sql.FieldEQ(column, id)
}

// through selects rows by id from the memberships whose column by is id.
func through(column, by string, id int64) func(*sql.Selector) {
	if id == 0 {
		return nil
	}
	return func(s *sql.Selector) {
		m := sql.Dialect(s.Dialect()).Table("memberships")
		s.Where(sql.In(s.C("id"), sql.Dialect(s.Dialect()).Select(m.C(column)).From(m).Where(sql.EQ(m.C(by), id))))
	}
}
