package sync

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/oauthstate"
	"github.com/shopsight/shopsight/ent/predicate"
	"github.com/shopsight/shopsight/ent/webhookevent"
	"github.com/shopsight/shopsight/internal/viewer"
)

const (
	// keptEvents is for how long events are remembered that are done: longer than the store delivers one again.
	keptEvents = 7 * 24 * time.Hour
	// lostEvents is for how long they wait for a store to be connected again.
	lostEvents = 30 * 24 * time.Hour
	// lateWays is for how long who comes back too late is told so.
	lateWays = time.Hour
	// tidyPart is how many events are forgotten at a time.
	tidyPart = 500
)

// tidy forgets events that have been done for long, gives up those that no store was connected for, and removes what is left of
// people who set out to connect a store and can come back no longer.
func (s *Service) tidy(ctx context.Context) error {
	system := viewer.NewContext(ctx, viewer.System("forget the events that have been done for long"))
	now := s.Now().UTC().Truncate(time.Microsecond)
	for _, old := range []predicate.WebhookEvent{
		webhookevent.DoneAtLT(now.Add(-keptEvents)),
		webhookevent.And(webhookevent.DoneAtIsNil(), webhookevent.DueAtLT(now.Add(-lostEvents))),
	} {
		ids, err := s.Store.Client().WebhookEvent.Query().Where(old).Limit(tidyPart).IDs(system)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			continue
		}
		slices.SortFunc(ids, cmp.Compare[int64])
		if err := s.Store.Tx(system, func(tx *ent.Client) error {
			_, err := tx.WebhookEvent.Delete().Where(webhookevent.IDIn(ids...)).Exec(system)
			return err
		}); err != nil {
			return err
		}
	}
	over := oauthstate.ExpiresAtLTE(now.Add(-lateWays))
	left, err := s.Store.Client().OAuthState.Query().Where(over).Exist(system)
	if err != nil || !left {
		return err
	}
	return s.Store.Tx(system, func(tx *ent.Client) error {
		_, err := tx.OAuthState.Delete().Where(over).Exec(system)
		return err
	})
}
