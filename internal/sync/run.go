package sync

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/syncrun"
	"github.com/shopsight/shopsight/ent/syncstep"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/viewer"
)

// Run is one sync, as people may see it.
type Run struct {
	ID         int64
	Resources  []string
	Mode       string
	Status     string
	Trigger    string
	QueuedAt   time.Time
	StartedAt  *time.Time
	FinishedAt *time.Time
	Attempts   int
	// DeadLetter tells that it has failed for good, and that what it lacks has not come since.
	DeadLetter bool
	Progress   []Progress
	// Proof has one entry for each kind of record that is finished.
	Proof []Proof
	Error *Error
}

// Progress is how far a run is with one kind of record.
type Progress struct {
	Resource                                     string
	Status                                       string
	Fetched, Created, Updated, Unchanged, Failed int
	ExpectedTotal                                *int
	ThrottledUntil                               *time.Time
}

// Proof shows that nothing is missing: what the store counts against what is stored, and the pieces on the lines of the
// orders that were read against those that the orders announce.
type Proof struct {
	Resource                 string
	Expected                 *int
	Stored                   int
	LinesExpected, LinesRead *int
	Matches                  bool
}

// Error is why a run failed, or what is left of it. Code is of the API's enum SyncErrorCode.
type Error struct {
	Code      string
	Message   string
	Retryable bool
}

// IsNode makes a run a Node of the API.
func (*Run) IsNode() {}

// Active tells whether the run has not ended.
func (r *Run) Active() bool { return r.Status == Queued || r.Status == Running }

// finished tells whether every kind of record was brought in and proved.
func (r *Run) finished() bool { return len(r.Proof) == len(r.Resources) }

func runOf(row *ent.SyncRun) *Run {
	r := &Run{ID: row.ID, Mode: row.Mode, Status: row.Status, Trigger: row.Trigger, QueuedAt: row.QueuedAt.UTC(),
		StartedAt: row.StartedAt, FinishedAt: row.FinishedAt, Attempts: row.Attempts, DeadLetter: row.DeadLetter}
	steps := slices.Clone(row.Edges.Steps)
	slices.SortFunc(steps, func(a, b *ent.SyncStep) int { return cmp.Compare(a.Position, b.Position) })
	for _, st := range steps {
		r.Resources = append(r.Resources, st.Resource)
		r.Progress = append(r.Progress, Progress{Resource: st.Resource, Status: st.Status, Fetched: int(st.Fetched),
			Created: int(st.Created), Updated: int(st.Updated), Unchanged: int(st.Unchanged), Failed: int(st.Failed),
			ExpectedTotal: number(st.Expected), ThrottledUntil: st.ThrottledUntil})
		if st.ProofStored == nil {
			continue
		}
		p := Proof{Resource: st.Resource, Expected: number(st.ProofExpected), Stored: int(*st.ProofStored)}
		p.Matches = p.Expected == nil || *p.Expected == p.Stored
		if st.Resource == "ORDERS" {
			p.LinesExpected, p.LinesRead = number(&st.LinesExpected), number(&st.LinesRead)
			p.Matches = p.Matches && st.LinesRead >= st.LinesExpected
		}
		r.Proof = append(r.Proof, p)
	}
	if row.ErrorCode != nil {
		r.Error = &Error{Code: *row.ErrorCode, Retryable: row.ErrorRetryable}
		if row.ErrorMessage != nil {
			r.Error.Message = *row.ErrorMessage
		}
	}
	return r
}

func number(n *int64) *int {
	if n == nil {
		return nil
	}
	i := int(*n)
	return &i
}

// StartInput says what to sync.
type StartInput struct {
	// Resources are of the API's enum SyncResource; empty is all.
	Resources []string
	Mode      string
	// WaitSeconds is how long the answer may wait for the run to end, 0 to 30.
	WaitSeconds int
}

// Payload is the answer to Start, Cancel and Retry.
type Payload struct {
	Run        *Run
	UserErrors []fault.UserError
}

// Start asks for a sync of the viewer's tenant. While one is active, that is returned with ALREADY_RUNNING.
func (s *Service) Start(ctx context.Context, in StartInput) (*Payload, error) {
	bad := func(field string, code fault.UserErrorCode, message string) (*Payload, error) {
		return &Payload{UserErrors: []fault.UserError{{Field: []string{"input", field}, Code: code, Message: message}}}, nil
	}
	if in.WaitSeconds < 0 || in.WaitSeconds > 30 {
		return bad("waitSeconds", fault.CodeInvalid, "must lie between 0 and 30")
	}
	var names []string
	for _, r := range resources {
		if slices.Contains(in.Resources, r.name) {
			names = append(names, r.name)
		}
	}
	if len(names) == 0 {
		return bad("resources", fault.CodeRequired, "must name at least one kind of record")
	}
	row, err := s.row(ctx)
	if err != nil {
		return nil, err
	}
	status := Disconnected
	if row != nil {
		status = row.Status
	}
	if problems := unavailable(status); len(problems) > 0 {
		return &Payload{UserErrors: problems}, nil
	}
	run, fresh, err := s.start(ctx, startInput{trigger: Manual, mode: in.Mode, resources: names})
	if err != nil {
		return nil, err
	}
	p := &Payload{Run: run}
	if !fresh {
		p.UserErrors = []fault.UserError{alreadyRunning}
	}
	p.Run, err = s.await(ctx, run, time.Duration(in.WaitSeconds)*time.Second)
	return p, err
}

var alreadyRunning = fault.UserError{Code: fault.CodeAlreadyRunning, Message: "a sync is running; this is it"}

// await returns a run as it is when it ends, or when the time is up.
func (s *Service) await(ctx context.Context, run *Run, most time.Duration) (*Run, error) {
	if most == 0 {
		return run, nil
	}
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	for run.Active() {
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return run, nil
		}
		now, err := s.Run(ctx, run.ID)
		if err != nil || now == nil {
			return run, nil
		}
		run = now
	}
	return run, nil
}

type startInput struct {
	trigger, mode string
	resources     []string
}

func allResources() []string {
	var names []string
	for _, r := range resources {
		names = append(names, r.name)
	}
	return names
}

// start writes the rows of a run, and wakes a worker. When another is active, that is returned.
func (s *Service) start(ctx context.Context, in startInput) (run *Run, fresh bool, err error) {
	for tries := 0; ; tries++ {
		var row *ent.SyncRun
		err = s.Store.Tx(ctx, func(tx *ent.Client) (err error) {
			row, err = s.create(ctx, tx, in)
			return err
		})
		if err == nil {
			s.changed(ctx, row.ID)
			s.wake(ctx, row)
			run, err = s.Run(ctx, row.ID)
			return run, true, err
		}
		if !ent.IsConstraintError(err) || tries == 100 {
			return nil, false, fmt.Errorf("start a sync: %w", err)
		}
		row, err := s.active(ctx)
		if err != nil {
			return nil, false, err
		}
		if row != nil { // else it has ended just now: try again
			return runOf(row), false, nil
		}
	}
}

// create writes the rows of a run in a transaction on accounts.
func (s *Service) create(ctx context.Context, tx *ent.Client, in startInput) (*ent.SyncRun, error) {
	lane, err := laneOf(ctx, tx, in)
	if err != nil {
		return nil, err
	}
	now := s.Now().UTC().Truncate(time.Microsecond)
	run, err := tx.SyncRun.Create().SetID(s.Store.NewID()).SetActive(true).SetMode(in.mode).SetTrigger(in.trigger).SetStatus(Queued).
		SetLane(lane).SetQueuedAt(now).SetLeaseUntil(now).Save(ctx)
	if err != nil {
		return nil, err
	}
	for i, name := range in.resources {
		if err := tx.SyncStep.Create().SetID(s.Store.NewID()).SetRunID(run.ID).SetPosition(i).SetResource(name).
			SetStatus(Queued).SetPhase(phaseRead).Exec(ctx); err != nil {
			return nil, err
		}
	}
	return run, nil
}

// active returns the tenant's run that has not ended, nil when there is none.
func (s *Service) active(ctx context.Context) (*ent.SyncRun, error) {
	row, err := s.Store.Client().SyncRun.Query().Where(syncrun.Active(true)).WithSteps().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the running sync: %w", err)
	}
	return row, nil
}

func (s *Service) changed(ctx context.Context, run int64) {
	s.Changed(viewer.FromContext(ctx).TenantID, run)
}

// Cancel ends a run of the viewer's tenant. What it has written stays, and the next run goes on from there.
func (s *Service) Cancel(ctx context.Context, id int64) (*Payload, error) {
	run, err := s.Run(ctx, id)
	if err != nil {
		return nil, err
	}
	if run == nil {
		return &Payload{UserErrors: []fault.UserError{{Field: []string{"runId"}, Code: fault.CodeNotFound, Message: "there is no such run"}}}, nil
	}
	if !run.Active() {
		return &Payload{Run: run, UserErrors: []fault.UserError{{Field: []string{"runId"}, Code: fault.CodeConflict, Message: "the run has ended"}}}, nil
	}
	cancelExports := s.exports(ctx)
	if err := s.Store.Commerce(ctx, func(q *store.SQL) error { return s.stop(ctx, q) }); err != nil {
		return nil, fmt.Errorf("cancel the sync: %w", err)
	}
	s.interrupt(ctx)
	cancelExports()
	run, err = s.Run(ctx, id)
	return &Payload{Run: run}, err
}

// stop ends the tenant's active run, if there is one, in a writer's transaction: no page of it is written any more.
func (s *Service) stop(ctx context.Context, q *store.SQL) error {
	now := s.Now().UTC().Truncate(time.Microsecond)
	_, err := q.Exec(ctx, `UPDATE sync_steps SET status = ?, throttled_until = NULL WHERE tenant_id = ? AND status IN (?, ?)
		AND run_id IN (SELECT id FROM sync_runs WHERE tenant_id = ? AND active = TRUE)`,
		Cancelled, q.Tenant(), Queued, Running, q.Tenant())
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `UPDATE sync_runs SET active = NULL, status = ?, finished_at = ?, fence = fence + 1,
		error_code = 'CANCELLED', error_message = 'the run was cancelled; the next one goes on from there', error_retryable = TRUE
		WHERE tenant_id = ? AND active = TRUE`, Cancelled, now, q.Tenant())
	return err
}

// interrupt ends the work on the tenant's run in this process. Elsewhere the next page finds out.
func (s *Service) interrupt(ctx context.Context) {
	tenant := viewer.FromContext(ctx).TenantID
	s.mu.Lock()
	defer s.mu.Unlock()
	if j := s.running[tenant]; j != nil {
		j.cancel(errTaken)
	}
}

// Forget ends the tenant's run and forgets how far its records are known, so that the next run reads everything. It is
// given to ingest when records are cleared.
func (s *Service) Forget(ctx context.Context, q *store.SQL) error {
	if err := s.stop(ctx, q); err != nil {
		return err
	}
	if _, err := q.Exec(ctx, "UPDATE stores SET last_synced_at = NULL WHERE tenant_id = ?", q.Tenant()); err != nil {
		return err
	}
	if _, err := q.Exec(ctx, "UPDATE sync_runs SET dead_letter = FALSE WHERE tenant_id = ? AND dead_letter = TRUE", q.Tenant()); err != nil {
		return err
	}
	if _, err := q.Exec(ctx, "DELETE FROM sync_refusals WHERE tenant_id = ?", q.Tenant()); err != nil {
		return err
	}
	_, err := q.Exec(ctx, "DELETE FROM sync_cursors WHERE tenant_id = ?", q.Tenant())
	return err
}

// Run returns one run of the viewer's tenant, nil when there is none of that id.
func (s *Service) Run(ctx context.Context, id int64) (*Run, error) {
	row, err := s.Store.Client().SyncRun.Query().Where(syncrun.ID(id)).WithSteps().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the run: %w", err)
	}
	return runOf(row), nil
}

// Latest returns the run of the viewer's tenant that is active, else the last one, nil when there was none.
func (s *Service) Latest(ctx context.Context) (*Run, error) {
	row, err := s.active(ctx)
	if err != nil {
		return nil, err
	}
	if row != nil {
		return runOf(row), nil
	}
	row, err = s.Store.Client().SyncRun.Query().Order(syncrun.ByID(sql.OrderDesc())).WithSteps().First(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the last run: %w", err)
	}
	return runOf(row), nil
}

// RunPage is a page of runs, the newest first.
type RunPage struct {
	Runs    []*Run
	HasNext bool
	list    list
}

// RunFilter is which runs a list has: those in any of some states, or in all with none, and with a value those that are
// dead letters, or are not.
type RunFilter struct {
	Status     []string
	DeadLetter *bool
}

// Cursor returns the cursor that stands on a run of the page.
func (p *RunPage) Cursor(r *Run) string { return p.list.cursor(r.ID) }

// list names what is paged through: the records, the tenant, and which of them. A cursor is of one list alone.
type list string

func (l list) cursor(id int64) string {
	sum := sha256.Sum256([]byte(l))
	return base64.RawURLEncoding.EncodeToString(append(binary.BigEndian.AppendUint64(nil, uint64(id)), sum[:8]...))
}

// open returns where a page begins; a cursor of another list is fault.InvalidCursor.
func (l list) open(cursor string) (id int64, err error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) != 16 || l.cursor(int64(binary.BigEndian.Uint64(b))) != cursor {
		return 0, fault.Errorf(fault.InvalidCursor, "after is not a cursor of this list").At("after")
	}
	return int64(binary.BigEndian.Uint64(b)), nil
}

// sized refuses a page of a size outside of 1 to 100.
func sized(first int) error {
	if first < 1 || first > 100 {
		return fault.Errorf(fault.Invalid, "first must lie between 1 and 100").At("first")
	}
	return nil
}

// Runs returns a page of the tenant's runs. A size outside of 1 to 100 is fault.Invalid, a cursor of another list
// fault.InvalidCursor.
func (s *Service) Runs(ctx context.Context, first int, after *string, filter RunFilter) (*RunPage, error) {
	if err := sized(first); err != nil {
		return nil, err
	}
	q, l, err := s.runs(ctx, filter)
	if err != nil {
		return nil, err
	}
	if after != nil {
		id, err := l.open(*after)
		if err != nil {
			return nil, err
		}
		q.Where(syncrun.IDLT(id))
	}
	rows, err := q.Order(syncrun.ByID(sql.OrderDesc())).Limit(first + 1).
		WithSteps(func(q *ent.SyncStepQuery) { q.Order(syncstep.ByPosition()) }).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the runs: %w", err)
	}
	p := &RunPage{list: l, HasNext: len(rows) > first}
	for _, row := range rows[:min(first, len(rows))] {
		p.Runs = append(p.Runs, runOf(row))
	}
	return p, nil
}

// CountRuns counts what Runs pages through.
func (s *Service) CountRuns(ctx context.Context, filter RunFilter) (int, error) {
	q, _, err := s.runs(ctx, filter)
	if err != nil {
		return 0, err
	}
	return q.Count(ctx)
}

func (s *Service) runs(ctx context.Context, filter RunFilter) (*ent.SyncRunQuery, list, error) {
	tenant, err := signedIn(ctx)
	if err != nil {
		return nil, "", err
	}
	q := s.Store.Client().SyncRun.Query()
	filter.Status = slices.Compact(slices.Sorted(slices.Values(filter.Status)))
	if len(filter.Status) > 0 {
		q.Where(syncrun.StatusIn(filter.Status...))
	}
	name := fmt.Sprintf("sync runs of %d: %s", tenant, strings.Join(filter.Status, ","))
	if filter.DeadLetter != nil {
		q.Where(syncrun.DeadLetter(*filter.DeadLetter))
		name += fmt.Sprintf("; dead letters: %t", *filter.DeadLetter)
	}
	return q, list(name), nil
}

// signedIn returns the tenant of the viewer.
func signedIn(ctx context.Context) (tenant int64, err error) {
	v := viewer.FromContext(ctx)
	if v == nil || v.TenantID == 0 {
		return 0, fault.Errorf(fault.Unauthenticated, "sign in to see a tenant's syncs")
	}
	return v.TenantID, nil
}
