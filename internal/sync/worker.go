package sync

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	entstore "github.com/shopsight/shopsight/ent/store"
	"github.com/shopsight/shopsight/ent/syncrun"
	"github.com/shopsight/shopsight/ent/syncstep"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/viewer"
)

// errTaken ends the work on a run that is no longer this worker's: it was cancelled, or somebody else has taken it.
var errTaken = errors.New("the run belongs to somebody else now")

// Work starts the syncs that are due and works on those that wait, several at a time, until ctx ends. Several processes
// may do so on one database. A run that is under way when ctx ends is given back, and goes on where it stood.
func (s *Service) Work(ctx context.Context) {
	var workers sync.WaitGroup
	defer workers.Wait()
	slots := make(chan struct{}, parallel)
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	for {
		if err := s.schedule(ctx); err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "sync: schedule", "error", err)
		}
		if err := s.take(ctx, &workers, slots); err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "sync: take a run", "error", err)
		}
		select {
		case <-ticker.C:
		case <-s.wake:
		case <-ctx.Done():
			return
		}
	}
}

// schedule starts the runs of the stores that are due. A store is moved on before its run is made, so that of several
// processes one makes it; should that one end in between, the store waits for its next turn.
func (s *Service) schedule(ctx context.Context) error {
	system := viewer.NewContext(ctx, viewer.System("find the stores whose sync is due"))
	now := s.Now().UTC().Truncate(time.Microsecond)
	due, err := s.Store.Client().Store.Query().
		Where(entstore.NextSyncAtLTE(now), entstore.Status(Connected)).Order(entstore.ByNextSyncAt()).Limit(100).All(system)
	if err != nil {
		return err
	}
	for _, row := range due {
		ctx := viewer.NewContext(ctx, viewer.Tenant(row.TenantID))
		moved := 0
		err := s.Store.Tx(ctx, func(tx *ent.Client) (err error) {
			moved, err = tx.Store.Update().Where(entstore.ID(row.ID), entstore.NextSyncAt(*row.NextSyncAt), entstore.Status(Connected)).
				SetNextSyncAt(s.next(now, row.SyncEveryMinutes)).Save(ctx)
			return err
		})
		if err != nil {
			return err
		}
		if moved == 0 {
			continue
		}
		if _, _, err := s.start(ctx, startInput{trigger: Scheduled, mode: Incremental, resources: allResources()}); err != nil {
			return err
		}
	}
	return nil
}

// take works on the runs that nobody does, as many as there are free slots for.
func (s *Service) take(ctx context.Context, workers *sync.WaitGroup, slots chan struct{}) error {
	system := viewer.NewContext(ctx, viewer.System("find the syncs that wait for a worker"))
	rows, err := s.Store.Client().SyncRun.Query().
		Where(syncrun.Active(true), syncrun.LeaseUntilLTE(s.Now().UTC())).
		Order(syncrun.ByLeaseUntil(), syncrun.ByID(sql.OrderAsc())).Limit(2 * parallel).All(system)
	if err != nil {
		return err
	}
	for _, row := range rows {
		select {
		case slots <- struct{}{}:
		default:
			return nil
		}
		ctx := viewer.NewContext(ctx, viewer.Tenant(row.TenantID))
		j, err := s.claim(ctx, row)
		if err != nil && ctx.Err() == nil { // it keeps nobody else waiting
			s.Log.ErrorContext(ctx, "sync: take a run", "run", row.ID, "error", err)
		}
		if j == nil {
			<-slots
			continue
		}
		workers.Go(func() {
			defer func() { <-slots; s.nudge() }()
			j.work(ctx)
		})
	}
	return nil
}

// job is a run that this worker has taken.
type job struct {
	*Service
	run    *ent.SyncRun
	fence  int64
	cancel context.CancelCauseFunc
	src    Source
	// token is the store's, as it is sealed.
	token []byte
	// at is the step that is worked on, which throttling is shown at.
	at int64
	// recent tells that the store shows us no orders but those of the last weeks.
	recent bool
	log    func(ctx context.Context, message string, args ...any)
}

// claim takes a run, unless somebody else was quicker: then it returns nil.
func (s *Service) claim(ctx context.Context, row *ent.SyncRun) (*job, error) {
	now := s.Now().UTC().Truncate(time.Microsecond)
	taken := false
	err := s.Store.Commerce(ctx, func(q *store.SQL) error {
		n, err := q.Exec(ctx, `UPDATE sync_runs SET fence = fence + 1, attempts = attempts + 1, status = ?, lease_until = ?,
			started_at = COALESCE(started_at, ?) WHERE tenant_id = ? AND id = ? AND active = TRUE AND fence = ? AND lease_until <= ?`,
			Running, now.Add(lease), now, q.Tenant(), row.ID, row.Fence, now)
		taken = n == 1
		return err
	})
	if err != nil || !taken {
		return nil, err
	}
	fresh, err := s.Store.Client().SyncRun.Query().Where(syncrun.ID(row.ID)).
		WithSteps(func(q *ent.SyncStepQuery) { q.Order(syncstep.ByPosition()) }).Only(ctx)
	if err != nil {
		return nil, err
	}
	log := s.Log.With("run", row.ID)
	return &job{Service: s, run: fresh, fence: row.Fence + 1, log: func(ctx context.Context, message string, args ...any) {
		log.InfoContext(ctx, message, args...)
	}}, nil
}

// work brings a run to its end, or gives it back: at once when the process ends, later after an error that may pass.
func (j *job) work(ctx context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	tenant := viewer.FromContext(ctx).TenantID
	j.cancel = cancel
	j.mu.Lock()
	j.running[tenant] = j
	j.mu.Unlock()
	defer func() {
		j.mu.Lock()
		if j.running[tenant] == j { // else somebody has taken the run over
			delete(j.running, tenant)
		}
		j.mu.Unlock()
	}()
	var beating sync.WaitGroup
	stop := make(chan struct{})
	beating.Go(func() { j.beat(ctx, cancel, stop) })
	err := j.safely(ctx)
	close(stop)
	beating.Wait()

	// What is still to be written is written although the process ends.
	end, done := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer done()
	if errors.Is(err, errTaken) || errors.Is(context.Cause(ctx), errTaken) {
		j.Changed(tenant, j.run.ID)
		return
	}
	if err != nil && ctx.Err() != nil {
		err = j.giveBack(end, j.Now(), nil)
	} else {
		err = j.finish(end, err)
	}
	if err != nil && !errors.Is(err, errTaken) {
		j.Log.ErrorContext(end, "sync: end a run", "run", j.run.ID, "error", err)
	}
	j.Changed(tenant, j.run.ID)
}

// safely does all. A record that makes it panic fails this run: taken up again at every start, it would end the process
// each time. A transaction that it leaves open ends with the context.
func (j *job) safely(ctx context.Context) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return j.all(ctx)
}

// beat says from time to time that the worker is still there, and ends the work when the run is no longer its own.
func (j *job) beat(ctx context.Context, cancel context.CancelCauseFunc, stop <-chan struct{}) {
	ticker := time.NewTicker(lease / 5)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-stop:
			return
		case <-ctx.Done():
			return
		}
		err := j.Store.Commerce(ctx, func(q *store.SQL) error { return j.hold(ctx, q) })
		if errors.Is(err, errTaken) {
			cancel(errTaken)
			return
		}
	}
}

// hold keeps the run for this worker, in a writer's transaction; errTaken when it is no longer its own, so that nothing
// that the transaction writes stays.
func (j *job) hold(ctx context.Context, q *store.SQL) error {
	mine := false
	if err := q.Each(ctx, func(scan func(...any) error) error { mine = true; return scan(new(int64)) },
		"SELECT id FROM sync_runs WHERE tenant_id = ? AND id = ? AND active = TRUE AND fence = ?", q.Tenant(), j.run.ID, j.fence); err != nil {
		return err
	}
	if !mine {
		return errTaken
	}
	_, err := q.Exec(ctx, "UPDATE sync_runs SET lease_until = ? WHERE tenant_id = ? AND id = ?",
		j.Now().UTC().Add(lease).Truncate(time.Microsecond), q.Tenant(), j.run.ID)
	return err
}

// giveBack lets the run wait until a time, with the error for which it does.
func (j *job) giveBack(ctx context.Context, until time.Time, why *shopify.Error) error {
	return j.Store.Commerce(ctx, func(q *store.SQL) error {
		if err := j.hold(ctx, q); err != nil {
			return err
		}
		var code, message *string
		if why != nil {
			c := string(why.Code)
			code, message = &c, &why.Message
		}
		_, err := q.Exec(ctx, `UPDATE sync_runs SET status = ?, lease_until = ?, error_code = ?, error_message = ?, error_retryable = ?
			WHERE tenant_id = ? AND id = ?`, Queued, until.UTC().Truncate(time.Microsecond), code, message, why != nil, q.Tenant(), j.run.ID)
		return err
	})
}

// finish ends a run whose work is done, or has failed. After an error that may pass it is given back instead.
func (j *job) finish(ctx context.Context, failure error) error {
	why := explain(failure)
	if why != nil {
		j.Log.WarnContext(ctx, "sync: a run failed", "run", j.run.ID, "code", why.Code, "attempt", j.run.Attempts, "error", failure)
		if why.Retryable && j.run.Attempts < maxAttempts {
			return j.giveBack(ctx, j.Now().Add(backOff(j.run.Attempts)), why)
		}
		if why.Code == shopify.CodeUnauthorized { // nothing but a new token helps
			why.Retryable = false
		}
	}
	now := j.Now().UTC().Truncate(time.Microsecond)
	return j.Store.Commerce(ctx, func(q *store.SQL) error {
		if err := j.hold(ctx, q); err != nil {
			return err
		}
		status, note := j.verdict(why)
		var code, message *string
		if note != nil {
			c := string(note.Code)
			code, message = &c, &note.Message
		}
		if why != nil {
			if _, err := q.Exec(ctx, "UPDATE sync_steps SET status = ?, throttled_until = NULL WHERE tenant_id = ? AND run_id = ? AND status IN (?, ?)",
				Failed, q.Tenant(), j.run.ID, Queued, Running); err != nil {
				return err
			}
			if why.Code == shopify.CodeUnauthorized { // unless there is another token meanwhile
				if _, err := q.Exec(ctx, "UPDATE stores SET status = ?, next_sync_at = NULL WHERE tenant_id = ? AND status = ? AND access_token = ?",
					NeedsReauth, q.Tenant(), Connected, j.token); err != nil {
					return err
				}
			}
		} else if _, err := q.Exec(ctx, "UPDATE stores SET last_synced_at = ? WHERE tenant_id = ?", now, q.Tenant()); err != nil {
			return err
		}
		_, err := q.Exec(ctx, `UPDATE sync_runs SET active = NULL, status = ?, finished_at = ?, error_code = ?, error_message = ?,
			error_retryable = ? WHERE tenant_id = ? AND id = ?`,
			status, now, code, message, note != nil && note.Retryable, q.Tenant(), j.run.ID)
		return err
	})
}

// verdict says how a run has ended, and why if not well.
func (j *job) verdict(why *shopify.Error) (status string, note *shopify.Error) {
	if why != nil {
		for _, st := range j.run.Edges.Steps {
			if st.Status == Succeeded || st.Status == PartiallySucceeded {
				return PartiallySucceeded, why
			}
		}
		return Failed, why
	}
	for _, st := range j.run.Edges.Steps {
		if st.Failed > 0 {
			what := resourceOf(st.Resource).table
			if st.Failed == 1 {
				what = strings.TrimSuffix(what, "s")
			}
			message := fmt.Sprintf("%d %s could not be taken over", st.Failed, what)
			if st.Problem != nil {
				message += "; the first: " + *st.Problem
			}
			return PartiallySucceeded, &shopify.Error{Code: shopify.CodeInvalidData, Message: message}
		}
	}
	return Succeeded, nil
}

// backOff is how long a run waits after an error that may pass: a minute, then twice as long each time.
func backOff(attempt int) time.Duration {
	return min(time.Minute<<(attempt-1), 30*time.Minute)
}

// explain puts an error into the words of the API.
func explain(err error) *shopify.Error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*shopify.Error](err); ok {
		return e
	}
	return &shopify.Error{Code: shopify.CodeInternal, Message: "Something went wrong on our side.", Retryable: true}
}
