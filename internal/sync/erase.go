package sync

import (
	"context"
	"fmt"
	"time"

	"github.com/shopsight/shopsight/internal/store"
)

// Erase removes what is known of the tenant's store: the records that came from it, its syncs and events, its name and
// its credentials. It may be called again after an interruption.
func (s *Service) Erase(ctx context.Context) error {
	row, err := s.row(ctx)
	if err != nil {
		return err
	}
	if row != nil && row.Status != Disconnected {
		if _, err := s.Disconnect(ctx, false); err != nil {
			return err
		}
	}
	if _, err := s.Ingest.ClearShopify(ctx, s.Forget); err != nil {
		return err
	}
	err = s.Store.Commerce(ctx, func(q *store.SQL) error {
		anew := false // connected meanwhile: what it has now was not to be forgotten
		if err := q.Each(ctx, func(scan func(...any) error) error { anew = true; return scan(new(int64)) },
			"SELECT id FROM stores WHERE tenant_id = ? AND status <> ?", q.Tenant(), Disconnected); err != nil || anew {
			return err
		}
		for _, table := range []string{"sync_steps", "sync_runs", "sync_cursors", "sync_refusals", "webhook_events", "stores"} {
			if _, err := q.Exec(ctx, "DELETE FROM "+table+" WHERE tenant_id = ?", q.Tenant()); err != nil {
				return fmt.Errorf("delete %s: %w", table, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("erase the store: %w", err)
	}
	s.RemoveExports(ctx)
	return nil
}

// ConnectedSince tells whether the tenant's store is connected, and was connected after an instant.
func (s *Service) ConnectedSince(ctx context.Context, at time.Time) (bool, error) {
	row, err := s.row(ctx)
	if err != nil || row == nil {
		return false, err
	}
	return row.Status == Connected && row.ConnectedAt.After(at), nil
}

// RemoveExports removes the files of stores that no run reads any more. What is being read goes when its run ends.
func (s *Service) RemoveExports(ctx context.Context) { s.clearExports(ctx) }
