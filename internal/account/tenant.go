package account

import (
	"context"
	"fmt"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/membership"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/viewer"
)

// Tenant returns the tenant that the viewer has opened; fault.Unauthenticated without one.
func (s *Service) Tenant(ctx context.Context) (*Tenant, error) {
	v, err := member(ctx)
	if err != nil {
		return nil, err
	}
	row, err := s.store.Client().Tenant.Get(ctx, v.TenantID)
	if err != nil {
		return nil, fmt.Errorf("read the tenant: %w", err)
	}
	return tenantOf(row), nil
}

// Members returns everybody who belongs to the opened tenant, in the order in which they joined. It needs the scope ADMIN.
func (s *Service) Members(ctx context.Context) ([]Membership, error) {
	v, err := admin(ctx)
	if err != nil {
		return nil, err
	}
	return s.memberships(ctx, s.store.Client().Membership.Query().Where(membership.TenantID(v.TenantID)))
}

// Memberships returns every tenant that the viewer's person belongs to, in the order of joining.
func (s *Service) Memberships(ctx context.Context) ([]Membership, error) {
	v, err := person(ctx)
	if err != nil {
		return nil, err
	}
	return s.memberships(ctx, s.store.Client().Membership.Query().Where(membership.UserID(v.UserID)))
}

func (s *Service) memberships(ctx context.Context, q *ent.MembershipQuery) ([]Membership, error) {
	rows, err := q.WithUser().WithTenant().Order(membership.ByJoinedAt(), membership.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the memberships: %w", err)
	}
	out := make([]Membership, len(rows))
	for i, row := range rows {
		u, err := row.Edges.UserOrErr()
		if err != nil {
			return nil, fmt.Errorf("read the memberships: %w", err)
		}
		t, err := row.Edges.TenantOrErr()
		if err != nil {
			return nil, fmt.Errorf("read the memberships: %w", err)
		}
		out[i] = Membership{
			User: userOf(u), Tenant: TenantRef{ID: t.ID, Slug: t.Slug, Name: t.Name},
			Role: viewer.Role(row.Role), JoinedAt: row.JoinedAt.UTC(),
		}
	}
	return out, nil
}

// UpdateTenantInput is what to change about a tenant; nil leaves a part as it is.
type UpdateTenantInput struct {
	Name         *string
	LogoURL      *string
	CurrencyCode *string
	Timezone     *string
	WeekStartsOn *time.Weekday
}

// TenantPayload is the answer to UpdateTenant: the tenant as it is now, or user errors and no change.
type TenantPayload struct {
	Tenant     *Tenant
	UserErrors []fault.UserError
}

// UpdateTenant changes the opened tenant. It needs the scope ADMIN.
//
// The currency is a CONFLICT once an order or a product with a price exists: their amounts are minor units of the old one.
// A new timezone may take a while; until the reports are ready the tenant shows the old one.
func (s *Service) UpdateTenant(ctx context.Context, in UpdateTenantInput) (*TenantPayload, error) {
	v, err := admin(ctx)
	if err != nil {
		return nil, err
	}
	bad := checkTenant(&in)
	if len(bad) == 0 && in.CurrencyCode != nil {
		ok, err := s.changeCurrency(ctx, *in.CurrencyCode)
		if err != nil {
			return nil, fmt.Errorf("change the currency: %w", err)
		}
		if !ok {
			bad.add(fault.CodeConflict, "currencyCode",
				"the currency is fixed while orders or prices exist; clear the data first")
		}
	}
	if len(bad) > 0 {
		return &TenantPayload{UserErrors: bad}, nil
	}
	if in.Name != nil || in.LogoURL != nil || in.WeekStartsOn != nil {
		err := s.store.Tx(ctx, func(tx *ent.Client) error {
			u := tx.Tenant.UpdateOneID(v.TenantID).SetNillableName(in.Name).SetNillableLogoURL(in.LogoURL)
			if in.WeekStartsOn != nil {
				u.SetWeekStartsOn(int8(*in.WeekStartsOn))
			}
			return u.Exec(ctx)
		})
		if err != nil {
			return nil, fmt.Errorf("change the tenant: %w", err)
		}
	}
	if in.Timezone != nil {
		if err := s.rezone(ctx, v.TenantID, *in.Timezone); err != nil {
			return nil, fmt.Errorf("change the timezone: %w", err)
		}
	}
	t, err := s.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	return &TenantPayload{Tenant: t}, nil
}

// checkTenant checks the parts that are given and brings them into the form in which they are stored.
func checkTenant(in *UpdateTenantInput) problems {
	var bad problems
	if in.Name != nil {
		name := bad.text("name", *in.Name, true)
		in.Name = &name
	}
	if in.LogoURL != nil {
		bad.link("logoUrl", *in.LogoURL)
	}
	if in.CurrencyCode != nil {
		bad.currency("currencyCode", *in.CurrencyCode)
	}
	if in.Timezone != nil {
		bad.timezone("timezone", *in.Timezone)
	}
	if in.WeekStartsOn != nil && (*in.WeekStartsOn < time.Sunday || *in.WeekStartsOn > time.Saturday) {
		bad.add(fault.CodeInvalid, "weekStartsOn", "this is not a day of the week")
	}
	return bad
}

// changeCurrency sets the tenant's currency unless amounts exist, and tells whether the tenant has it now. It is a writer
// of the tenant like any other: a batch of orders that is being written comes before it or after it.
func (s *Service) changeCurrency(ctx context.Context, code string) (ok bool, err error) {
	err = s.store.Commerce(ctx, func(q *store.SQL) error {
		ok = false
		var present string
		err := q.Each(ctx, func(scan func(...any) error) error { return scan(&present) },
			"SELECT currency FROM tenants WHERE id = ?", q.Tenant())
		if err != nil || present == code {
			ok = err == nil
			return err
		}
		n, err := q.Exec(ctx, `UPDATE tenants SET currency = ? WHERE id = ?
			AND NOT EXISTS (SELECT 1 FROM orders WHERE tenant_id = ?)
			AND NOT EXISTS (SELECT 1 FROM products WHERE tenant_id = ? AND known = ? AND price IS NOT NULL)`,
			code, q.Tenant(), q.Tenant(), q.Tenant(), true)
		ok = n == 1
		return err
	})
	return ok, err
}
