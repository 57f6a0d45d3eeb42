package sync

import (
	"context"
	"fmt"
	"slices"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/predicate"
	entstore "github.com/shopsight/shopsight/ent/store"
	"github.com/shopsight/shopsight/internal/viewer"
)

// Reseal seals again what was sealed by a key that is no longer the first, and tells how many secrets still are. It goes
// through all tenants. A secret that does not open is lost, and is forgotten: its store is to be connected again.
func (s *Service) Reseal(ctx context.Context) (remaining int, err error) {
	system := viewer.NewContext(ctx, viewer.System("seal every store's secrets by the present key"))
	rows, err := s.Store.Client().Store.Query().All(system)
	if err != nil {
		return 0, fmt.Errorf("read the stores: %w", err)
	}
	for _, row := range rows {
		ctx := viewer.NewContext(ctx, viewer.Tenant(row.TenantID))
		for _, c := range secrets(row) {
			if err := s.reseal(ctx, row, c); err != nil {
				return 0, fmt.Errorf("seal the %s of store %d: %w", c.name, row.ID, err)
			}
		}
	}
	if rows, err = s.Store.Client().Store.Query().All(system); err != nil {
		return 0, fmt.Errorf("read the stores: %w", err)
	}
	for _, row := range rows {
		for _, c := range secrets(row) {
			if !s.Box.Current(c.sealed) {
				remaining++
			}
		}
	}
	return remaining, nil
}

// column is a sealed secret of a store, and how it is replaced.
type column struct {
	name   string
	sealed []byte
	is     func([]byte) predicate.Store
	set    func(*ent.StoreUpdate, []byte)
	clear  func(*ent.StoreUpdate)
}

// secrets are those that a store has.
func secrets(row *ent.Store) []column {
	return slices.DeleteFunc([]column{
		{"access_token", row.AccessToken, entstore.AccessToken,
			func(u *ent.StoreUpdate, v []byte) { u.SetAccessToken(v) }, func(u *ent.StoreUpdate) { u.ClearAccessToken() }},
		{"refresh_token", row.RefreshToken, entstore.RefreshToken,
			func(u *ent.StoreUpdate, v []byte) { u.SetRefreshToken(v) }, func(u *ent.StoreUpdate) { u.ClearRefreshToken() }},
		{"api_secret", row.APISecret, entstore.APISecret,
			func(u *ent.StoreUpdate, v []byte) { u.SetAPISecret(v) }, func(u *ent.StoreUpdate) { u.ClearAPISecret() }},
	}, func(c column) bool { return len(c.sealed) == 0 })
}

// reseal seals one secret by the present key, unless it is already, or is another one by now: that was sealed by it.
func (s *Service) reseal(ctx context.Context, row *ent.Store, c column) error {
	if s.Box.Current(c.sealed) {
		return nil
	}
	bound := boundTo(row.TenantID, c.name)
	change := func(u *ent.StoreUpdate) {
		if c.clear(u); row.Status != Disconnected { // one that has left has nothing but its app's secret, and needs no token
			u.SetStatus(NeedsReauth).ClearNextSyncAt()
		}
	}
	if plain, err := s.Box.Open(c.sealed, bound); err != nil {
		s.Log.ErrorContext(ctx, "sync: a secret is lost, its store has to be connected again", "tenant", row.TenantID,
			"shop", row.ShopDomain, "secret", c.name, "error", err)
	} else {
		sealed, err := s.Box.Seal(plain, bound)
		if err != nil {
			return err
		}
		change = func(u *ent.StoreUpdate) { c.set(u, sealed) }
	}
	return s.Store.Tx(ctx, func(tx *ent.Client) error {
		u := tx.Store.Update().Where(entstore.ID(row.ID), c.is(c.sealed))
		change(u)
		return u.Exec(ctx)
	})
}
