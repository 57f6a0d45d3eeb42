package testkit

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/viewer"
)

// Tenants makes two tenants (USD, UTC) and returns the contexts in which their owners ask; viewer.FromContext tells the
// ids. The contexts end with the test.
func Tenants(tb testing.TB, s *store.Store) (a, b context.Context) {
	tb.Helper()
	return Tenant(tb, s, "USD", "UTC"), Tenant(tb, s, "USD", "UTC")
}

// Tenant makes a tenant with the given currency and timezone, whose week starts on Monday, and returns the context in
// which its owner asks.
func Tenant(tb testing.TB, s *store.Store, currency, timezone string) context.Context {
	tb.Helper()
	ctx := viewer.NewContext(tb.Context(), viewer.System("a test makes a tenant"))
	tenant, user, now := s.NewID(), s.NewID(), time.Now().UTC().Truncate(time.Microsecond)
	err := s.Tx(ctx, func(tx *ent.Client) error {
		email := fmt.Sprintf("owner-%d@example.com", tenant)
		if err := tx.Tenant.Create().SetID(tenant).SetSlug(fmt.Sprintf("store-%d", tenant)).
			SetName("Test store").SetEmail(email).SetCurrency(currency).SetTimezone(timezone).
			SetCreatedAt(now).Exec(ctx); err != nil {
			return err
		}
		if err := tx.User.Create().SetID(user).SetEmail(email).SetPasswordHash("none").SetName("Test owner").
			SetCreatedAt(now).Exec(ctx); err != nil {
			return err
		}
		if err := tx.TenantWrites.Create().SetID(tenant).Exec(ctx); err != nil {
			return err
		}
		return tx.Membership.Create().SetID(s.NewID()).SetTenantID(tenant).SetUserID(user).
			SetRole(string(viewer.Owner)).SetJoinedAt(now).SetLastUsedAt(now).Exec(ctx)
	})
	if err != nil {
		tb.Fatal(err)
	}
	return viewer.NewContext(tb.Context(), viewer.Person(tenant, user, 0, viewer.Owner))
}
