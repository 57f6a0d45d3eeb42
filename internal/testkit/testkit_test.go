package testkit_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

// More databases than run at once, so that some are used again: each must be empty.
func TestEachGivesEmptyDatabases(t *testing.T) {
	t.Parallel()
	for range 6 {
		testkit.Each(t, func(t *testing.T, s *store.Store) {
			a, b := testkit.Tenants(t, s)
			if viewer.FromContext(a).TenantID == viewer.FromContext(b).TenantID {
				t.Error("both tenants have the same id")
			}
			for _, ctx := range []context.Context{a, b} {
				if n, err := s.Client().Tenant.Query().Count(ctx); n != 1 || err != nil {
					t.Errorf("an owner sees %d tenants, %v", n, err)
				}
				if err := s.Commerce(ctx, func(*store.SQL) error { return nil }); err != nil {
					t.Errorf("write: %v", err)
				}
			}
			var n int
			if err := testkit.DB(t, s).QueryRowContext(t.Context(), "SELECT COUNT(*) FROM tenants").Scan(&n); n != 2 || err != nil {
				t.Errorf("the database has %d tenants, %v", n, err)
			}
		})
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	var seen atomic.Int64
	testkit.EachURL(t, func(t *testing.T, url string) {
		s := testkit.Open(t, url, testkit.Observe(func(context.Context, string) { seen.Add(1) }))
		if done, err := s.Migrated(t.Context()); done || err != nil {
			t.Errorf("an empty database says Migrated() = %v, %v", done, err)
		}
		if n, err := s.Migrate(t.Context()); n == 0 || err != nil {
			t.Errorf("Migrate() = %d, %v", n, err)
		}
		before := seen.Load()
		testkit.Tenants(t, s)
		if seen.Load() == before {
			t.Error("the observer saw nothing")
		}
	}, testkit.Empty())
}
