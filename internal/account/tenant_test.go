package account_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/account"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

func TestUpdateTenant(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		f := setup(t, s)
		ctx := f.as(f.signup("ada@example.com", "Before"))
		other := f.as(f.signup("bob@example.com", "Other"))
		name, logo, currency, zone, day := " After ", "https://example.com/x.png", "JPY", "Asia/Tokyo", time.Sunday
		before, err := f.Tenant(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if p, err := f.UpdateTenant(ctx, account.UpdateTenantInput{}); err != nil || len(p.UserErrors) > 0 || *p.Tenant != *before {
			t.Errorf("nothing to change: %+v, %v", p, err)
		}
		p, err := f.UpdateTenant(ctx, account.UpdateTenantInput{
			Name: &name, LogoURL: &logo, CurrencyCode: &currency, Timezone: &zone, WeekStartsOn: &day,
		})
		if err != nil || len(p.UserErrors) > 0 {
			t.Fatalf("%+v, %v", p, err)
		}
		want := *before
		want.Name, want.CurrencyCode, want.Timezone, want.WeekStartsOn = "After", "JPY", "Asia/Tokyo", time.Sunday
		want.LogoURL = p.Tenant.LogoURL
		if *p.Tenant != want || p.Tenant.LogoURL == nil || *p.Tenant.LogoURL != logo {
			t.Errorf("tenant %+v, want %+v", p.Tenant, want)
		}
		if !slices.Equal(f.zones, []string{"Asia/Tokyo"}) {
			t.Errorf("rezoned to %v", f.zones)
		}
		if p, err := f.UpdateTenant(ctx, account.UpdateTenantInput{CurrencyCode: &currency, Name: &name}); err != nil || len(p.UserErrors) > 0 {
			t.Errorf("the same again: %+v, %v", p, err)
		}
		if got, err := f.Tenant(other); err != nil || got.Name != "Other" || got.CurrencyCode != "USD" || got.Timezone != "UTC" {
			t.Errorf("the other tenant became %+v, %v", got, err)
		}
	})
}

func TestUpdateTenantRefuses(t *testing.T) {
	t.Parallel()
	f := setup(t, testkit.SQLite(t))
	ctx := f.as(f.signup("ada@example.com", "Before"))
	before, err := f.Tenant(ctx)
	if err != nil {
		t.Fatal(err)
	}
	good, empty, bad, long, eighth := "Good", " ", "nonsense", strings.Repeat("x", 256), time.Weekday(7)
	for name, c := range map[string]struct {
		in   account.UpdateTenantInput
		want string
	}{
		"empty name": {account.UpdateTenantInput{Name: &empty}, "name REQUIRED"},
		"long name":  {account.UpdateTenantInput{Name: &long}, "name TOO_LONG"},
		"all wrong": {account.UpdateTenantInput{Name: &empty, LogoURL: &bad, CurrencyCode: &bad, Timezone: &bad, WeekStartsOn: &eighth},
			"name REQUIRED, logoUrl INVALID, currencyCode INVALID, timezone INVALID, weekStartsOn INVALID"},
		"one wrong of two": {account.UpdateTenantInput{Name: &good, Timezone: &bad}, "timezone INVALID"},
	} {
		p, err := f.UpdateTenant(ctx, c.in)
		if err != nil || told(p.UserErrors) != c.want || p.Tenant != nil {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	if after, err := f.Tenant(ctx); err != nil || *after != *before || len(f.zones) != 0 {
		t.Errorf("tenant became %+v, %v", after, err)
	}
}

func TestUpdateTenantNeedsAdmin(t *testing.T) {
	t.Parallel()
	f := setup(t, testkit.SQLite(t))
	v := f.signup("ada@example.com", "A").Viewer
	name := "Taken over"
	for role, want := range map[viewer.Role]fault.Kind{
		viewer.Owner: "", viewer.Admin: "", viewer.Analyst: fault.Forbidden, viewer.Viewing: fault.Forbidden, "": fault.Forbidden,
	} {
		ctx := viewer.NewContext(t.Context(), viewer.Person(v.TenantID, v.UserID, v.SessionID, role))
		if _, err := f.UpdateTenant(ctx, account.UpdateTenantInput{Name: &name}); fault.KindOf(err) != want {
			t.Errorf("update by %q: %v", role, err)
		}
		if _, err := f.Members(ctx); fault.KindOf(err) != want {
			t.Errorf("members by %q: %v", role, err)
		}
	}
	for name, call := range map[string]func(context.Context) error{
		"User":        func(ctx context.Context) error { _, err := f.User(ctx); return err },
		"Tenant":      func(ctx context.Context) error { _, err := f.Tenant(ctx); return err },
		"Members":     func(ctx context.Context) error { _, err := f.Members(ctx); return err },
		"Memberships": func(ctx context.Context) error { _, err := f.Memberships(ctx); return err },
		"Logout":      func(ctx context.Context) error { _, err := f.Logout(ctx, false); return err },
		"UpdateTenant": func(ctx context.Context) error {
			_, err := f.UpdateTenant(ctx, account.UpdateTenantInput{})
			return err
		},
	} {
		if err := call(t.Context()); fault.KindOf(err) != fault.Unauthenticated {
			t.Errorf("%s by nobody: %v", name, err)
		}
	}
}

// The currency is free until something is counted in it.
func TestCurrencyIsFixedByAmounts(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		f := setup(t, s)
		db := testkit.DB(t, s)
		exec := func(statement string, args ...any) {
			t.Helper()
			if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
				t.Fatal(err)
			}
		}
		product := func(tenant int64, known bool, price any) {
			t.Helper()
			id := s.NewID()
			exec(`INSERT INTO products (id, tenant_id, shopify_id, source, known, title, title_key, status, tags, price, inventory_key,
				created_key, updated_key) VALUES (?, ?, ?, 'API', ?, 'T', 't', 'ACTIVE', '[]', ?, 0, ?, ?)`,
				id, tenant, id, known, price, f.clock.read(), f.clock.read())
		}
		order := func(tenant int64) { t.Helper(); insertOrder(t, s, exec, tenant, f.clock.read()) }
		other := f.signup("other@example.com", "Other").Viewer.TenantID
		order(other)
		product(other, true, 100)
		for i, c := range []struct {
			name  string
			rows  func(tenant int64)
			fixed bool
		}{
			{"nothing", func(int64) {}, false},
			{"product without a price", func(id int64) { product(id, true, nil) }, false},
			{"product that is gone", func(id int64) { product(id, false, 100) }, false},
			{"product with a price", func(id int64) { product(id, true, 0) }, true},
			{"order", order, true},
		} {
			ctx := f.as(f.signup(fmt.Sprintf("c%d@example.com", i), "Shop"))
			c.rows(viewer.FromContext(ctx).TenantID)
			eur, usd, name := "EUR", "USD", "New name"
			p, err := f.UpdateTenant(ctx, account.UpdateTenantInput{CurrencyCode: &eur, Name: &name})
			if err != nil {
				t.Fatal(err)
			}
			want, currency, called := "", "EUR", "New name"
			if c.fixed {
				want, currency, called = "currencyCode CONFLICT", "USD", "Shop"
			}
			if got := told(p.UserErrors); got != want {
				t.Errorf("%s: %q, want %q", c.name, got, want)
			}
			if got, err := f.Tenant(ctx); err != nil || string(got.CurrencyCode) != currency || got.Name != called {
				t.Errorf("%s: tenant %+v, %v", c.name, got, err)
			}
			if p, err := f.UpdateTenant(ctx, account.UpdateTenantInput{CurrencyCode: &usd}); err != nil || len(p.UserErrors) > 0 {
				t.Errorf("%s: the first currency: %+v, %v", c.name, p, err)
			}
		}
	})
}

// insertOrder writes the least row of an order: every column that may not be null gets a zero of its type.
func insertOrder(t *testing.T, s *store.Store, exec func(string, ...any), tenant int64, now time.Time) {
	t.Helper()
	id := s.NewID()
	columns, values := []string{"id", "tenant_id", "shopify_id"}, []any{id, tenant, id}
	for _, table := range store.Tables() {
		if table.Name != "orders" {
			continue
		}
		for _, c := range table.Columns {
			if c.Nullable || slices.Contains(columns, c.Name) {
				continue
			}
			columns = append(columns, c.Name)
			switch {
			case c.Type.Numeric(), c.Type.String() == "bool":
				values = append(values, 0)
			case c.Type.String() == "time.Time":
				values = append(values, now)
			case c.Type.String() == "json.RawMessage":
				values = append(values, "[]")
			default:
				values = append(values, "x")
			}
		}
	}
	exec(fmt.Sprintf("INSERT INTO orders (%s) VALUES (?%s)", strings.Join(columns, ", "), strings.Repeat(", ?", len(columns)-1)), values...)
}

func TestMembershipsStayApart(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		f := setup(t, s)
		ada, bob := f.signup("ada@example.com", "A"), f.signup("bob@example.com", "B")
		f.signup("eve@example.com", "C")
		f.clock.move(time.Second)
		f.join(ada.Viewer.UserID, bob.Viewer.TenantID, viewer.Analyst)

		list := func(m []account.Membership, err error) string {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, m := range m {
				out = append(out, fmt.Sprintf("%s in %s as %s", m.User.Email, m.Tenant.Slug, m.Role))
			}
			return strings.Join(out, "; ")
		}
		if got, want := list(f.Members(f.as(bob))), "bob@example.com in b as OWNER; ada@example.com in b as ANALYST"; got != want {
			t.Errorf("members %q, want %q", got, want)
		}
		if got, want := list(f.Memberships(f.as(ada))), "ada@example.com in a as OWNER; ada@example.com in b as ANALYST"; got != want {
			t.Errorf("memberships %q, want %q", got, want)
		}
		if got, want := list(f.Members(f.as(ada))), "ada@example.com in a as OWNER"; got != want {
			t.Errorf("members %q, want %q", got, want)
		}
		if got, want := list(f.Memberships(f.as(bob))), "bob@example.com in b as OWNER"; got != want {
			t.Errorf("memberships %q, want %q", got, want)
		}
	})
}
