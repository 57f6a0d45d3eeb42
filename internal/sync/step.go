package sync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/synccursor"
	"github.com/shopsight/shopsight/internal/failpoint"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/store"
)

// What comes next in a step. The value is stored: a run that is taken up again begins there.
const (
	// phaseBulk reads what the store exports of all that it has.
	phaseBulk = "BULK"
	// phaseRead reads pages of what has changed.
	phaseRead = "READ"
	// phaseProve compares what is stored with what the store has.
	phaseProve = "PROVE"
	// phaseDone has nothing left to do.
	phaseDone = "DONE"
)

// all does what is left of the run: it reads every kind of record, applies the deletions, and proves each kind.
func (j *job) all(ctx context.Context) error {
	row, err := j.row(ctx)
	if err != nil {
		return err
	}
	if row == nil || len(row.AccessToken) == 0 {
		return &shopify.Error{Code: shopify.CodeUnauthorized, Message: "No store is connected. Connect one with a token."}
	}
	j.src, j.cred = j.source(row, func(until time.Time) { j.throttled(ctx, until) })
	began := j.Now()
	shop, err := j.src.Shop(ctx)
	if err != nil {
		return fmt.Errorf("ask the store: %w", err)
	}
	j.recent = !slices.Contains(shop.Scopes, "read_all_orders")
	j.log(ctx, "sync: begin", "shop", row.ShopDomain, "mode", j.run.Mode, "attempt", j.run.Attempts)
	// First what there is to be read of each kind, so that the progress has something to be measured by.
	for _, st := range j.run.Edges.Steps {
		if st.LastID != nil {
			continue
		}
		j.at = st.ID
		if err := j.begin(ctx, st); err != nil {
			return fmt.Errorf("count %s: %w", strings.ToLower(st.Resource), err)
		}
	}
	if err := j.startExports(ctx); err != nil {
		return err
	}
	for _, st := range j.run.Edges.Steps {
		if st.Phase != phaseBulk && st.Phase != phaseRead {
			continue
		}
		j.at = st.ID
		if err := j.backfill(ctx, st); err != nil {
			return fmt.Errorf("export %s: %w", strings.ToLower(st.Resource), err)
		}
		if err := j.read(ctx, st); err != nil {
			return fmt.Errorf("read %s: %w", strings.ToLower(st.Resource), err)
		}
	}
	if err := j.deletions(ctx, row); err != nil {
		return fmt.Errorf("read deletions: %w", err)
	}
	for _, st := range j.run.Edges.Steps {
		if st.Phase != phaseProve {
			continue
		}
		j.at = st.ID
		if err := j.prove(ctx, st); err != nil {
			return fmt.Errorf("prove %s: %w", strings.ToLower(st.Resource), err)
		}
	}
	j.log(ctx, "sync: end", "shop", row.ShopDomain, "took", j.Now().Sub(began))
	return nil
}

// save writes a step as it stands, in a writer's transaction of this run.
func (j *job) save(ctx context.Context, q *store.SQL, st *ent.SyncStep) error {
	if err := j.progress(ctx, q); err != nil {
		return err
	}
	_, err := q.Exec(ctx, `UPDATE sync_steps SET status = ?, phase = ?, fetched = ?, created = ?, updated = ?, unchanged = ?, failed = ?,
		deleted = ?, expected = ?, throttled_until = NULL, window_from = ?, page_after = ?, bulk_id = ?,
		bulk_place = ?, bulk_failures = ?, last_id = ?, swept_to = ?, rounds = ?,
		proof_expected = ?, proof_stored = ?, lines_expected = ?, lines_read = ? WHERE tenant_id = ? AND id = ?`,
		st.Status, st.Phase, st.Fetched, st.Created, st.Updated, st.Unchanged, st.Failed, st.Deleted, st.Expected, st.WindowFrom,
		st.After, st.BulkID, st.BulkPlace, st.BulkFailures, st.LastID, st.SweptTo, st.Rounds,
		st.ProofExpected, st.ProofStored, st.LinesExpected, st.LinesRead,
		q.Tenant(), st.ID)
	return err
}

// saveAlone is save in a transaction of its own.
func (j *job) saveAlone(ctx context.Context, st *ent.SyncStep) error {
	err := j.Store.Commerce(ctx, func(q *store.SQL) error { return j.save(ctx, q, st) })
	j.changed(ctx, j.run.ID)
	return err
}

// throttled shows that the store makes the run wait, and for a long wait gives the run back until then. A short one is not
// worth a write.
func (j *job) throttled(ctx context.Context, until time.Time) {
	wait := until.Sub(j.Now())
	if wait < 2*time.Second {
		return
	}
	err := j.Store.Commerce(ctx, func(q *store.SQL) error {
		if err := j.hold(ctx, q); err != nil {
			return err
		}
		_, err := q.Exec(ctx, "UPDATE sync_steps SET throttled_until = CASE WHEN id = ? THEN ? ELSE NULL END WHERE tenant_id = ? AND run_id = ?",
			j.at, until.UTC().Truncate(time.Microsecond), q.Tenant(), j.run.ID)
		return err
	})
	if errors.Is(err, errTaken) {
		j.cancel(errTaken)
	} else if err != nil && ctx.Err() == nil {
		j.Log.ErrorContext(ctx, "sync: show the throttling", "run", j.run.ID, "error", err)
	}
	if wait >= giveWay {
		j.cancel(waiting{until})
	}
	j.changed(ctx, j.run.ID)
}

// cursor returns how far the records of a kind are known, nil when nothing is.
func (s *Service) cursor(ctx context.Context, resource string) (*ent.SyncCursor, error) {
	row, err := s.Store.Client().SyncCursor.Query().Where(synccursor.Resource(resource)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	return row, err
}

// read reads the pages of one kind of record, oldest change first, and writes each with the cursor and the progress.
func (j *job) read(ctx context.Context, st *ent.SyncStep) error {
	res := resourceOf(st.Resource)
	st.Status = Running
	w := shopify.Window{}
	if st.WindowFrom != nil {
		w.From = *st.WindowFrom
	}
	var denied []string
	for st.Phase == phaseRead {
		after := ""
		if st.After != nil {
			after = *st.After
		}
		p, err := j.page(ctx, res, w, after)
		if err != nil {
			return err
		}
		if len(p.denied) > 0 && len(denied) == 0 {
			j.log(ctx, "sync: the store keeps fields to itself", "resource", st.Resource, "fields", strings.Join(p.denied, " "))
			denied = p.denied
		}
		next := *st
		next.After = &p.next
		if p.next == "" {
			next.Phase = phaseProve
		}
		if err := j.write(ctx, &next, p, true); err != nil {
			return err
		}
		*st = next
	}
	return nil
}

// begin settles what a step reads, and up to which number it is proved: the greatest that the store has, or that it gave
// out before, since the newest record may be the one that is deleted.
func (j *job) begin(ctx context.Context, st *ent.SyncStep) error {
	res := resourceOf(st.Resource)
	last, err := j.src.LastID(ctx, res.kind)
	if err != nil {
		return err
	}
	ours, err := j.greatest(ctx, res)
	if err != nil {
		return err
	}
	last = max(last, ours)
	var w shopify.Window
	if j.run.Mode == Incremental {
		c, err := j.cursor(ctx, st.Resource)
		if err != nil {
			return err
		}
		if c != nil && c.UpdatedAt != nil {
			w.From = c.UpdatedAt.Add(-overlap)
			st.WindowFrom = &w.From
		}
	}
	n, err := j.src.Count(ctx, res.kind, w)
	if err != nil {
		return err
	}
	expected := int64(n)
	st.LastID, st.Expected = &last, &expected
	if st.WindowFrom == nil && j.large(res, n) {
		st.Phase = phaseBulk
	}
	return j.saveAlone(ctx, st)
}

// page is what one answer of the store brings, whatever its kind.
type page struct {
	batch ingest.Batch
	// ids are those of the records, in the order of the batch.
	ids []int64
	// updated and id are those of the last record; of the last part of an export, what the cursor moves to.
	updated time.Time
	id      int64
	// announced and read are the pieces on the lines of orders.
	announced, read int
	next            string
	// denied are the fields that the store keeps to itself.
	denied []string
}

func (j *job) page(ctx context.Context, res resource, w shopify.Window, after string) (page, error) {
	switch res.kind {
	case shopify.Products:
		p, err := j.src.Products(ctx, w, after)
		return fold(p, addProduct), err
	case shopify.Customers:
		p, err := j.src.Customers(ctx, w, after)
		return fold(p, addCustomer), err
	default:
		p, err := j.src.Orders(ctx, w, after)
		return fold(p, addOrder), err
	}
}

func fold[R any](from shopify.Page[R], add func(*page, R)) page {
	p := page{next: from.Next, denied: from.Denied, batch: ingest.Batch{Source: ingest.SourceShopify}}
	for _, r := range from.Records {
		add(&p, r)
	}
	return p
}

func (p *page) saw(id int64, updated time.Time) {
	p.ids, p.id, p.updated = append(p.ids, id), id, updated
}

// write writes a page of records, and in the same transaction the step and, where all that changed before the page's last
// record is in then, the cursor.
func (j *job) write(ctx context.Context, st *ent.SyncStep, p page, inOrder bool) error {
	base := *st
	p.batch.Commit = func(ctx context.Context, q *store.SQL, res ingest.Result) error {
		*st = base
		failpoint.Here(failpoint.CursorBefore)
		j.count(st, p, res)
		if err := j.refuse(ctx, q, st.Resource, p, res.UserErrors); err != nil {
			return err
		}
		if inOrder && !p.updated.IsZero() {
			if err := j.move(ctx, q, st.Resource, p.updated, p.id); err != nil {
				return err
			}
		}
		if err := j.save(ctx, q, st); err != nil {
			return err
		}
		failpoint.Here(failpoint.CursorAfter)
		return nil
	}
	failpoint.Here(failpoint.PageBefore)
	res, err := j.Ingest.Apply(ctx, p.batch)
	if err != nil {
		return err
	}
	failpoint.Here(failpoint.PageAfter)
	for _, e := range res.UserErrors {
		j.log(ctx, "sync: a record is refused", "resource", st.Resource, "field", strings.Join(e.Field, "."), "reason", e.Message)
	}
	j.changed(ctx, j.run.ID)
	return nil
}

// count adds to a step what became of a page.
func (j *job) count(st *ent.SyncStep, p page, res ingest.Result) {
	st.Fetched += int64(res.Received)
	st.Created += int64(res.Created)
	st.Updated += int64(res.Updated)
	st.Unchanged += int64(res.Unchanged)
	st.Failed += int64(res.Rejected)
	st.LinesExpected += int64(p.announced)
	st.LinesRead += int64(p.read)
}

// move moves the cursor of a kind of record, and never back.
func (j *job) move(ctx context.Context, q *store.SQL, resource string, updated time.Time, id int64) error {
	known := false
	var at *time.Time
	var last int64
	if err := q.Each(ctx, func(scan func(...any) error) error { known = true; return scan(&at, &last) },
		"SELECT updated_at, shopify_id FROM sync_cursors WHERE tenant_id = ? AND resource = ?", q.Tenant(), resource); err != nil {
		return err
	}
	updated = updated.UTC().Truncate(time.Microsecond)
	switch {
	case !known:
		_, err := q.Exec(ctx, "INSERT INTO sync_cursors (id, tenant_id, resource, updated_at, shopify_id) VALUES (?, ?, ?, ?, ?)",
			j.Store.NewID(), q.Tenant(), resource, updated, id)
		return err
	case at == nil || updated.After(*at) || updated.Equal(*at) && id > last:
		_, err := q.Exec(ctx, "UPDATE sync_cursors SET updated_at = ?, shopify_id = ? WHERE tenant_id = ? AND resource = ?",
			updated, id, q.Tenant(), resource)
		return err
	}
	return nil
}

// kept is for how long a store remembers what was deleted: a year, less some days.
const kept = 350 * 24 * time.Hour

// deletions applies what the store says was deleted since the last run that did. What is missing for another reason, the
// proof finds.
func (j *job) deletions(ctx context.Context, row *ent.Store) error {
	since := j.Now()
	kinds := map[shopify.Kind]resource{}
	for _, st := range j.run.Edges.Steps {
		res := resourceOf(st.Resource)
		kinds[res.kind] = res
		c, err := j.cursor(ctx, st.Resource)
		if err != nil {
			return err
		}
		from := row.ConnectedAt
		if c != nil && c.DeletionsAt != nil {
			from = *c.DeletionsAt
		}
		since = earlier(since, from)
	}
	since = later(since.Add(-overlap), j.Now().Add(-kept))
	until := j.Now()
	for after := ""; ; {
		p, err := j.src.Deletions(ctx, since, after)
		if err != nil {
			return err
		}
		b := ingest.Batch{Source: ingest.SourceShopify}
		for _, d := range p.Records {
			if res, ok := kinds[d.Kind]; ok {
				b.Deletions = append(b.Deletions, ingest.Deletion{Kind: res.records, ShopifyID: d.ID, At: d.At})
			}
		}
		after = p.Next
		b.Commit = func(ctx context.Context, q *store.SQL, _ ingest.Result) error {
			for _, res := range kinds {
				if err := forgive(ctx, q, res.name, of(b.Deletions, res.records)); err != nil {
					return err
				}
			}
			if after == "" {
				for _, res := range kinds {
					if err := j.deletedUntil(ctx, q, res.name, until); err != nil {
						return err
					}
				}
			}
			return j.hold(ctx, q)
		}
		if _, err := j.Ingest.Apply(ctx, b); err != nil {
			return err
		}
		if after == "" {
			return nil
		}
	}
}

// of returns the numbers of the records of a kind among deletions.
func of(deletions []ingest.Deletion, kind ingest.Kind) (ids []int64) {
	for _, d := range deletions {
		if d.Kind == kind {
			ids = append(ids, d.ShopifyID)
		}
	}
	return ids
}

// deletedUntil keeps how far deletions are applied.
func (j *job) deletedUntil(ctx context.Context, q *store.SQL, resource string, until time.Time) error {
	until = until.UTC().Truncate(time.Microsecond)
	n, err := q.Exec(ctx, "UPDATE sync_cursors SET deletions_at = ? WHERE tenant_id = ? AND resource = ?", until, q.Tenant(), resource)
	if err != nil || n > 0 {
		return err
	}
	known := false
	if err := q.Each(ctx, func(scan func(...any) error) error { known = true; return scan(new(int64)) },
		"SELECT id FROM sync_cursors WHERE tenant_id = ? AND resource = ?", q.Tenant(), resource); err != nil || known {
		return err
	}
	_, err = q.Exec(ctx, "INSERT INTO sync_cursors (id, tenant_id, resource, deletions_at) VALUES (?, ?, ?, ?)",
		j.Store.NewID(), q.Tenant(), resource, until)
	return err
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// pause waits, unless ctx ends.
func (s *Service) pause(ctx context.Context, d time.Duration) error {
	select {
	case <-s.After(d):
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
