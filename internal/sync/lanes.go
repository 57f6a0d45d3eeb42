package sync

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	entstore "github.com/shopsight/shopsight/ent/store"
	"github.com/shopsight/shopsight/ent/synccursor"
	"github.com/shopsight/shopsight/ent/syncrun"
	"github.com/shopsight/shopsight/internal/failpoint"
	"github.com/shopsight/shopsight/internal/queue"
	"github.com/shopsight/shopsight/internal/viewer"
)

// lanes are whose slots a run waits for, with how many of each a process has: a long import of one tenant keeps no other
// tenant's changes waiting. The names are stored.
var lanes = []struct {
	name  string
	slots int
}{
	// What reads everything of a kind: it takes minutes to hours, and much memory.
	{backfill, 2},
	// What reads changes: mostly one question for each kind, and waiting for its answer.
	{increment, 6},
}

const (
	backfill  = "backfill"
	increment = "increment"
)

// The reconciler sees to what no wake is for: what waits for a time, and what got lost. At each turn it wakes so many runs
// of each lane, and starts so many that are due; what is beyond comes with the next.
const (
	reconcileRuns = 100
	reconcileDue  = 500
)

// reconcileEvery is how long it is about from one turn to the next.
var reconcileEvery = failpoint.Duration("reconcile", 5*time.Second)

// Work starts the syncs that are due and works on those that wait, several at a time, until ctx ends. Several processes
// may do so on one database. A run that is under way when ctx ends is given back, and goes on where it stood.
func (s *Service) Work(ctx context.Context) {
	s.clearExports(ctx)
	var parts sync.WaitGroup
	defer parts.Wait()
	for _, lane := range lanes {
		parts.Go(func() { s.Queue.Work(ctx, lane.name, lane.slots, s.claim) })
	}
	parts.Go(func() { s.Queue.Work(ctx, inboxes, inboxSlots, s.claimInbox) })
	parts.Go(func() { s.Queue.Work(ctx, checks, checkSlots, s.claimCheck) })
	parts.Go(func() { s.forward(ctx) })
	for {
		s.reconcile(ctx)
		select {
		// Processes that were started together do not stay together.
		case <-time.After(reconcileEvery - reconcileEvery/10 + rand.N(reconcileEvery/5)):
		case <-ctx.Done():
			return
		}
	}
}

func (s *Service) reconcile(ctx context.Context) {
	if err := s.schedule(ctx); err != nil && ctx.Err() == nil {
		s.Log.ErrorContext(ctx, "sync: start what is due", "error", err)
	}
	if err := s.rouse(ctx); err != nil && ctx.Err() == nil {
		s.Log.ErrorContext(ctx, "sync: look for runs that wait", "error", err)
	}
	if err := s.rouseInboxes(ctx); err != nil && ctx.Err() == nil {
		s.Log.ErrorContext(ctx, "sync: look for events that wait", "error", err)
	}
	if err := s.rouseChecks(ctx); err != nil && ctx.Err() == nil {
		s.Log.ErrorContext(ctx, "sync: look for webhooks that are to be checked", "error", err)
	}
	if err := s.tidy(ctx); err != nil && ctx.Err() == nil {
		s.Log.ErrorContext(ctx, "sync: forget old events", "error", err)
	}
	if err := s.renewIdle(ctx); err != nil && ctx.Err() == nil {
		s.Log.ErrorContext(ctx, "sync: look for tokens that end unused", "error", err)
	}
}

// rouse wakes the runs that nobody has, those that wait longest first.
func (s *Service) rouse(ctx context.Context) error {
	system := viewer.NewContext(ctx, viewer.System("find the syncs that wait for a worker"))
	for _, lane := range lanes {
		rows, err := s.Store.Client().SyncRun.Query().
			Where(syncrun.Active(true), syncrun.Lane(lane.name), syncrun.LeaseUntilLTE(s.Now().UTC())).
			Order(syncrun.ByLeaseUntil(), syncrun.ByID(sql.OrderAsc())).Limit(reconcileRuns).All(system)
		if err != nil {
			return err
		}
		for _, row := range rows {
			s.wake(ctx, row)
		}
	}
	return nil
}

// wake asks for a worker to look at a run, here or in another process.
func (s *Service) wake(ctx context.Context, run *ent.SyncRun) {
	s.Queue.Wake(ctx, run.Lane, queue.Job{Tenant: run.TenantID, ID: run.ID})
}

// schedule starts the runs of the stores that are due.
func (s *Service) schedule(ctx context.Context) error {
	system := viewer.NewContext(ctx, viewer.System("find the stores whose sync is due"))
	due, err := s.Store.Client().Store.Query().Where(entstore.NextSyncAtLTE(s.Now().UTC()), entstore.Status(Connected)).
		Order(entstore.ByNextSyncAt()).Limit(reconcileDue).All(system)
	if err != nil {
		return err
	}
	for _, row := range due {
		ctx := viewer.NewContext(ctx, viewer.Tenant(row.TenantID))
		if err := s.turn(ctx, row); err != nil && ctx.Err() == nil { // it keeps nobody else waiting
			s.Log.ErrorContext(ctx, "sync: start a run that is due", "tenant", row.TenantID, "error", err)
		}
	}
	return nil
}

// turn moves a store to its next turn and makes the run of this one, in one transaction: of several processes one does it,
// and none does half of it. While a run is active the turn is that one's.
func (s *Service) turn(ctx context.Context, row *ent.Store) error {
	now := s.Now().UTC().Truncate(time.Microsecond)
	for tries := 0; ; tries++ {
		var run *ent.SyncRun
		err := s.Store.Tx(ctx, func(tx *ent.Client) error {
			run = nil
			moved, err := tx.Store.Update().Where(entstore.ID(row.ID), entstore.NextSyncAt(*row.NextSyncAt), entstore.Status(Connected)).
				SetNextSyncAt(s.next(now, row.SyncEveryMinutes)).Save(ctx)
			if err != nil || moved == 0 {
				return err
			}
			active, err := tx.SyncRun.Query().Where(syncrun.Active(true)).Exist(ctx)
			if err != nil || active {
				return err
			}
			run, err = s.create(ctx, tx, startInput{trigger: Scheduled, mode: Incremental, resources: allResources()})
			return err
		})
		switch {
		case ent.IsConstraintError(err) && tries < 10: // somebody asked for a run just now: look again
		case err != nil:
			return err
		default:
			if run != nil {
				s.changed(ctx, run.ID)
				s.wake(ctx, run)
			}
			return nil
		}
	}
}

// laneOf tells which lane a run is for: one that reads a kind of record that was never read to its end is long.
func laneOf(ctx context.Context, tx *ent.Client, in startInput) (string, error) {
	if in.mode == Full {
		return backfill, nil
	}
	n, err := tx.SyncCursor.Query().Where(synccursor.ResourceIn(in.resources...), synccursor.DeletionsAtNotNil()).Count(ctx)
	if err != nil {
		return "", fmt.Errorf("see what was read before: %w", err)
	}
	if n < len(in.resources) {
		return backfill, nil
	}
	return increment, nil
}
