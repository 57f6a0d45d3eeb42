package sync

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql/sqlgraph"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/store"
)

// A run that has failed for good is a dead letter, so that people see it, until what it lacks has come: a run that was asked
// for later has finished the same kinds of records, or Retry has taken it up again. Where its records and cursors are
// forgotten, or another store has taken the place of its own, there is nothing left of it to go on with, and it is none.

// brought ends the dead letters of which a run has finished all that they lacked, in a writer's transaction. Runs of a tenant
// come one after the other, so that a later one has read up to a later time.
func brought(ctx context.Context, q *store.SQL, run int64) error {
	_, err := q.Exec(ctx, `UPDATE sync_runs SET dead_letter = FALSE WHERE tenant_id = ? AND dead_letter = TRUE AND id < ?
		AND NOT EXISTS (SELECT 1 FROM sync_steps lacks WHERE lacks.tenant_id = ? AND lacks.run_id = sync_runs.id AND lacks.phase <> ?
			AND NOT EXISTS (SELECT 1 FROM sync_steps has WHERE has.tenant_id = ? AND has.run_id = ? AND has.resource = lacks.resource
				AND has.phase = ?))`, q.Tenant(), run, q.Tenant(), phaseDone, q.Tenant(), run, phaseDone)
	return err
}

// Retry takes a dead letter of the viewer's tenant up again, with all attempts, where it stood: what is done stays done, and
// pages that are in are not read again. NOT_FOUND when there is no such run or no store is connected, CONFLICT when the run
// is no dead letter or the store refuses the token, ALREADY_RUNNING with the run that is active.
func (s *Service) Retry(ctx context.Context, id int64) (*Payload, error) {
	run, err := s.Run(ctx, id)
	if err != nil {
		return nil, err
	}
	if run == nil {
		return &Payload{UserErrors: []fault.UserError{{Field: []string{"runId"}, Code: fault.CodeNotFound, Message: "there is no such run"}}}, nil
	}
	for tries := 0; ; tries++ {
		if !run.DeadLetter && !run.Active() {
			return &Payload{Run: run, UserErrors: []fault.UserError{{Field: []string{"runId"}, Code: fault.CodeConflict, Message: settled(run)}}}, nil
		}
		if active, err := s.active(ctx); err != nil {
			return nil, err
		} else if active != nil {
			return &Payload{Run: runOf(active), UserErrors: []fault.UserError{alreadyRunning}}, nil
		}
		var refused []fault.UserError
		revived := false
		err := s.Store.Commerce(ctx, func(q *store.SQL) (err error) {
			revived = false
			if refused, err = unfit(ctx, q); err != nil || len(refused) > 0 {
				return err
			}
			revived, err = s.revive(ctx, q, id)
			return err
		})
		switch {
		case sqlgraph.IsUniqueConstraintError(err) && tries < 100: // a run was started just now: it is returned, unless it has ended
		case err != nil:
			return nil, fmt.Errorf("retry the sync: %w", err)
		case len(refused) > 0:
			return &Payload{Run: run, UserErrors: refused}, nil
		case revived:
			s.changed(ctx, id)
			if row, err := s.active(ctx); err != nil {
				return nil, err
			} else if row != nil {
				s.wake(ctx, row)
			}
			run, err = s.Run(ctx, id)
			return &Payload{Run: run}, err
		}
		if run, err = s.Run(ctx, id); err != nil || run == nil {
			return nil, fmt.Errorf("retry the sync: %w", err)
		}
	}
}

// revive makes a dead letter the tenant's active run; false when it is none. Rounds begin anew: a proof that failed as often
// as it may would fail at once.
func (s *Service) revive(ctx context.Context, q *store.SQL, id int64) (bool, error) {
	n, err := q.Exec(ctx, `UPDATE sync_runs SET active = TRUE, dead_letter = FALSE, strikes = 0, fence = fence + 1, status = ?,
		lease_until = ?, finished_at = NULL, error_code = NULL, error_message = NULL, error_retryable = FALSE
		WHERE tenant_id = ? AND id = ? AND dead_letter = TRUE`, Queued, s.Now().UTC().Truncate(time.Microsecond), q.Tenant(), id)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = q.Exec(ctx, "UPDATE sync_steps SET status = ?, rounds = 0 WHERE tenant_id = ? AND run_id = ? AND phase <> ?",
		Queued, q.Tenant(), id, phaseDone)
	return true, err
}

// unfit says why the tenant's store cannot be read, in a writer's transaction: whoever gives the store up ends the active
// run in a later one.
func unfit(ctx context.Context, q *store.SQL) ([]fault.UserError, error) {
	status := Disconnected
	err := q.Each(ctx, func(scan func(...any) error) error { return scan(&status) },
		"SELECT status FROM stores WHERE tenant_id = ?", q.Tenant())
	return unavailable(status), err
}

// unavailable says why a store in some state cannot be read; nothing when it can.
func unavailable(status string) []fault.UserError {
	switch status {
	case Disconnected:
		return noStore().UserErrors
	case NeedsReauth:
		return []fault.UserError{{Code: fault.CodeConflict, Message: "the store refuses our token: connect it again with a new one"}}
	}
	return nil
}

// settled says why a run that has ended is not to be retried, and what to do instead.
func settled(run *Run) string {
	switch run.Status {
	case Succeeded:
		return "the run has brought everything; to look for changes, start a new one"
	case Cancelled:
		return "the run was cancelled; start a new one, which goes on from there"
	case PartiallySucceeded:
		if run.finished() {
			return "the run is finished but for records that were refused, and would be again; correct them in the store, then start a new one"
		}
	}
	return "what the run lacks has come with a later one, or its data was cleared; start a new one"
}
