package sync

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/syncrun"
	"github.com/shopsight/shopsight/ent/syncstep"
	"github.com/shopsight/shopsight/internal/failpoint"
	"github.com/shopsight/shopsight/internal/queue"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/viewer"
)

// errTaken ends the work on a run that is no longer this worker's: it was cancelled, or somebody else has taken it.
var errTaken = errors.New("the run belongs to somebody else now")

// waiting ends the work on a run that the store makes wait for long, so that its slot is free for others.
type waiting struct{ until time.Time }

func (w waiting) Error() string {
	return "the store lets nothing through until " + w.until.Format(time.RFC3339)
}

// job is a run that this worker has taken.
type job struct {
	*Service
	run    *ent.SyncRun
	fence  int64
	cancel context.CancelCauseFunc
	src    Source
	// cred is what the store is read by; nil before it is asked.
	cred *credential
	// at is the step that is worked on, which throttling is shown at.
	at int64
	// recent tells that the store shows us no orders but those of the last weeks.
	recent bool
	// cleared is called when the run has got on, or its work has ended.
	cleared func()
	log     func(ctx context.Context, message string, args ...any)
}

// claim takes the run that a wake names: nil when there is nothing to do, since it has ended, waits or is somebody else's.
func (s *Service) claim(ctx context.Context, woken queue.Job) (work func(context.Context), err error) {
	ctx = viewer.NewContext(ctx, viewer.Tenant(woken.Tenant))
	row, err := s.Store.Client().SyncRun.Query().
		Where(syncrun.ID(woken.ID), syncrun.Active(true), syncrun.LeaseUntilLTE(s.Now().UTC())).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read a run that is to be taken: %w", err)
	}
	cleared := func() {}
	if row.Strikes >= suspicious && row.Strikes < maxAttempts {
		select {
		case s.suspect <- struct{}{}:
			cleared = sync.OnceFunc(func() { <-s.suspect })
		default:
			return nil, nil // the reconciler comes back to it
		}
	}
	j, err := s.take(ctx, row)
	if err != nil || j == nil {
		cleared()
		return nil, err
	}
	j.cleared = cleared
	if row.Strikes >= maxAttempts {
		// Its workers ended so often, without a word and without getting on, that it may be what ends them.
		err := j.finish(ctx, &shopify.Error{Code: shopify.CodeInternal, Message: fmt.Sprintf("Work on this sync was cut off %d times "+
			"in a row before it got on, as when the service is killed or out of memory. Look at its log, then retry the sync.", row.Strikes)})
		j.changed(ctx, row.ID)
		if errors.Is(err, errTaken) {
			err = nil
		}
		return nil, err
	}
	return func(ctx context.Context) {
		defer cleared()
		j.work(viewer.NewContext(ctx, viewer.Tenant(woken.Tenant)))
	}, nil
}

// take makes a run this worker's, unless somebody else was quicker: then it returns nil. It is a strike until the run gets
// on, or is given back in good order.
func (s *Service) take(ctx context.Context, row *ent.SyncRun) (*job, error) {
	now := s.Now().UTC().Truncate(time.Microsecond)
	worked := 1
	if row.Strikes >= maxAttempts {
		worked = 0
	}
	taken := false
	failpoint.Here(failpoint.ClaimBefore)
	err := s.Store.Commerce(ctx, func(q *store.SQL) error {
		n, err := q.Exec(ctx, `UPDATE sync_runs SET fence = fence + 1, attempts = attempts + ?, strikes = strikes + ?, status = ?,
			lease_until = ?, started_at = COALESCE(started_at, ?) WHERE tenant_id = ? AND id = ? AND active = TRUE AND fence = ?
			AND lease_until <= ?`, worked, worked, Running, now.Add(lease), now, q.Tenant(), row.ID, row.Fence, now)
		if taken = n == 1; err != nil || !taken {
			return err
		}
		_, err = q.Exec(ctx, "UPDATE sync_steps SET throttled_until = NULL WHERE tenant_id = ? AND run_id = ?", q.Tenant(), row.ID)
		return err
	})
	if err != nil || !taken {
		return nil, err
	}
	failpoint.Here(failpoint.ClaimAfter)
	s.changed(ctx, row.ID) // a step that goes on where it stood tells of nothing before the store has answered
	fresh, err := s.Store.Client().SyncRun.Query().Where(syncrun.ID(row.ID)).
		WithSteps(func(q *ent.SyncStepQuery) { q.Order(syncstep.ByPosition()) }).Only(ctx)
	if err != nil {
		return nil, err
	}
	log := s.Log.With("run", row.ID)
	j := &job{Service: s, run: fresh, fence: row.Fence + 1, log: func(ctx context.Context, message string, args ...any) {
		log.InfoContext(ctx, message, args...)
	}}
	for _, st := range slices.Backward(fresh.Edges.Steps) {
		if st.Phase != phaseDone {
			j.at = st.ID
		}
	}
	return j, nil
}

// work brings a run to its end, or gives it back: at once when the process ends, later when the store makes it wait or after
// an error that may pass.
func (j *job) work(process context.Context) {
	ctx, cancel := context.WithCancelCause(process)
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

	defer j.Changed(tenant, j.run.ID)
	defer j.clearExports(context.WithoutCancel(ctx))
	if errors.Is(err, errTaken) || errors.Is(context.Cause(ctx), errTaken) {
		return
	}
	end := func(ctx context.Context) error {
		failpoint.Here(failpoint.EndBefore)
		defer failpoint.Here(failpoint.EndAfter)
		return j.finish(ctx, err)
	}
	if err != nil && ctx.Err() != nil {
		until := j.Now()
		if w, ok := errors.AsType[waiting](context.Cause(ctx)); ok {
			until = w.until
		}
		end = func(ctx context.Context) error { return j.giveBack(ctx, until, nil) }
	} else if err != nil {
		j.Log.WarnContext(ctx, "sync: a run failed", "run", j.run.ID, "code", explain(err).Code, "attempt", j.run.Attempts, "error", err)
	}
	if err := j.insist(process, end); err != nil && !errors.Is(err, errTaken) {
		j.Log.ErrorContext(ctx, "sync: end a run", "run", j.run.ID, "error", err)
	}
}

// insist writes how the work on a run ended, although the database may be away for a while, and although the process ends:
// then it has ten seconds. What it does not get written, the end of the lease says.
func (j *job) insist(process context.Context, write func(context.Context) error) error {
	ctx, done := context.WithTimeout(context.WithoutCancel(process), lease)
	defer done()
	defer context.AfterFunc(process, func() { time.AfterFunc(10*time.Second, done) })()
	for {
		err := write(ctx)
		if err == nil || errors.Is(err, errTaken) || ctx.Err() != nil {
			return err
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return err
		}
	}
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
func (j *job) hold(ctx context.Context, q *store.SQL) error { return j.keepOn(ctx, q, "") }

// progress is hold for a transaction after which less is left to do: whoever takes the run up next has all attempts.
func (j *job) progress(ctx context.Context, q *store.SQL) error {
	return j.keepOn(ctx, q, ", strikes = 0")
}

func (j *job) keepOn(ctx context.Context, q *store.SQL, also string) error {
	mine := false
	if err := q.Each(ctx, func(scan func(...any) error) error { mine = true; return scan(new(int64)) },
		"SELECT id FROM sync_runs WHERE tenant_id = ? AND id = ? AND active = TRUE AND fence = ?", q.Tenant(), j.run.ID, j.fence); err != nil {
		return err
	}
	if !mine {
		j.log(ctx, "sync: a late write is refused: the run has ended, or is somebody else's", "fence", j.fence)
		return errTaken
	}
	_, err := q.Exec(ctx, "UPDATE sync_runs SET lease_until = ?"+also+" WHERE tenant_id = ? AND id = ?",
		j.Now().UTC().Add(lease).Truncate(time.Microsecond), q.Tenant(), j.run.ID)
	return err
}

// giveBack lets the run wait until a time, with the error for which it does. Without one it was given back in good order,
// and that it was taken is no strike.
func (j *job) giveBack(ctx context.Context, until time.Time, why *shopify.Error) error {
	err := j.Store.Commerce(ctx, func(q *store.SQL) error {
		if err := j.hold(ctx, q); err != nil {
			return err
		}
		var code, message *string
		back := 1
		if why != nil {
			c := string(why.Code)
			code, message, back = &c, &why.Message, 0
		}
		_, err := q.Exec(ctx, `UPDATE sync_runs SET status = ?, lease_until = ?, error_code = ?, error_message = ?, error_retryable = ?,
			strikes = CASE WHEN strikes > ? THEN strikes - ? ELSE 0 END WHERE tenant_id = ? AND id = ?`, Queued,
			until.UTC().Truncate(time.Microsecond), code, message, why != nil, back, back, q.Tenant(), j.run.ID)
		return err
	})
	if err == nil && !until.After(j.Now()) {
		j.wake(ctx, j.run)
	}
	return err
}

// finish ends a run whose work is done, or has failed. After an error that may pass it is given back instead.
func (j *job) finish(ctx context.Context, failure error) error {
	why := explain(failure)
	if why != nil {
		strikes, err := j.strikes(ctx)
		if err != nil {
			return err
		}
		if why.Retryable && strikes < maxAttempts {
			return j.giveBack(ctx, j.Now().Add(backOff(strikes)), why)
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
		status, note, err := j.verdict(ctx, q, why)
		if err != nil {
			return err
		}
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
			if why.Code == shopify.CodeUnauthorized && j.cred != nil { // unless there is another token meanwhile
				if _, err := q.Exec(ctx, "UPDATE stores SET status = ?, next_sync_at = NULL WHERE tenant_id = ? AND status = ? AND token_fence = ?",
					NeedsReauth, q.Tenant(), Connected, j.cred.version()); err != nil {
					return err
				}
			}
		} else if _, err := q.Exec(ctx, "UPDATE stores SET last_synced_at = ? WHERE tenant_id = ?", now, q.Tenant()); err != nil {
			return err
		}
		_, err = q.Exec(ctx, `UPDATE sync_runs SET active = NULL, status = ?, finished_at = ?, error_code = ?, error_message = ?,
			error_retryable = ?, dead_letter = ? WHERE tenant_id = ? AND id = ?`,
			status, now, code, message, note != nil && note.Retryable, why != nil, q.Tenant(), j.run.ID)
		if err != nil {
			return err
		}
		return brought(ctx, q, j.run.ID)
	})
}

// strikes tells how often in a row the run was taken up, this time too, and nothing came of it. A proof that has failed as
// often as it may is nothing, however much was compared for it.
func (j *job) strikes(ctx context.Context) (int, error) {
	n, err := j.Store.Client().SyncRun.Query().Where(syncrun.ID(j.run.ID)).Select(syncrun.FieldStrikes).Int(ctx)
	for _, st := range j.run.Edges.Steps {
		if st.Phase != phaseDone {
			n = max(n, st.Rounds-maxRounds+1)
		}
	}
	return n, err
}

// verdict says how a run has ended, and why if not well.
func (j *job) verdict(ctx context.Context, q *store.SQL, why *shopify.Error) (status string, note *shopify.Error, err error) {
	if why != nil {
		for _, st := range j.run.Edges.Steps {
			if st.Status == Succeeded || st.Status == PartiallySucceeded {
				return PartiallySucceeded, why, nil
			}
		}
		return Failed, why, nil
	}
	if note, err = j.complaint(ctx, q); err != nil || note != nil {
		return PartiallySucceeded, note, err
	}
	return Succeeded, nil, nil
}

// backOff is how long a run waits after an error that may pass: not long where it had got on, else a minute, then twice as
// long each time.
func backOff(strikes int) time.Duration {
	if strikes == 0 {
		return soon
	}
	return min(time.Minute<<(strikes-1), 30*time.Minute)
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
