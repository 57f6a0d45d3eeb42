package sync

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strings"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/failpoint"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/queue"
	"github.com/shopsight/shopsight/internal/shopify"
)

// The first read of a large store goes by a bulk operation: the store writes a file of all records of a kind, which costs no
// points, and it is downloaded and written in chunks, each in a transaction with the place in the file that it reaches. A
// run that is taken up again finds the operation by its number, goes on with the download at the byte where it ended, and
// behind the last place.
//
// A file is not in the order of changes. So the cursor moves with its last chunk alone, and to the instant at which the
// operation was made, by the store's clock: each record is in the file as it was then or later. What changes meanwhile comes
// with the next run, and what is deleted by its event. What is not complete moves nothing.
//
// Where operations do not lead there, pages do: when the store has no slot for long, when an operation fails for a reason
// that another would meet too, and after two that failed.

// Bulk says how large stores are read.
type Bulk struct {
	// Dir is a folder for the files of stores, which belongs to the service and its database alone. It is made when it is
	// missing. "" is none: every store is read by pages.
	Dir string
	// From is how many records of a kind make a store large, and Chunk how many are written at a time; 0 is what the package
	// thinks right.
	From, Chunk int
}

// exportFrom is how many records of a kind make a store large: for what pages need a minute, on the plan that lets least
// through. There 100 orders take at least four seconds, and 250 products or customers half a one. An operation is made,
// done and downloaded within a minute too, if it is small.
var exportFrom = map[shopify.Kind]int{shopify.Products: 25_000, shopify.Customers: 25_000, shopify.Orders: 2_000}

const (
	// firstLook and lastLook are the pauses between looks at an operation, which double from the one to the other.
	firstLook, lastLook = time.Second, 30 * time.Second
	// slotPatience is how long a slot is waited for, and stuckPatience how long an operation may take for its next line.
	// Shopify lets one run for days, and a queue before it may be long.
	slotPatience, stuckPatience = 5 * time.Minute, 6 * time.Hour
	// maxExports is how many operations of a step may fail.
	maxExports = 2
)

// large tells whether so many records of a kind are read by an operation.
func (s *Service) large(res resource, records int) bool {
	from := s.Bulk.From
	if from == 0 {
		from = exportFrom[res.kind]
	}
	return s.Bulk.Dir != "" && records >= from
}

func (s *Service) chunk() int {
	if s.Bulk.Chunk > 0 {
		return s.Bulk.Chunk
	}
	return ingest.MaxRecords
}

// unread is why an operation did not bring its records.
type unread struct {
	error
	// pages says that another operation would not either.
	pages bool
	// keep says that the operation is good, and may be read again; later, that this is to wait.
	keep, later bool
}

func (u *unread) Unwrap() error { return u.error }

// startExports has the store begin with all its files, since it works at several at once. Where it has no slot, each step
// waits for one when its turn has come.
func (j *job) startExports(ctx context.Context) error {
	for _, st := range j.run.Edges.Steps {
		if st.Phase != phaseBulk || st.BulkID != nil {
			continue
		}
		j.at = st.ID
		_, err := j.startExport(ctx, st)
		if _, full := errors.AsType[*shopify.NoSlotError](err); full {
			return nil
		}
		if err := j.settle(ctx, st, err); err != nil {
			return fmt.Errorf("export %s: %w", strings.ToLower(st.Resource), err)
		}
	}
	return nil
}

// backfill reads the records of a step by an operation. When it returns without an error, the step is past that: the
// records are in, or pages are to bring them.
func (j *job) backfill(ctx context.Context, st *ent.SyncStep) error {
	st.Status = Running
	var w wait
	for st.Phase == phaseBulk {
		pause, err := j.look(ctx, st, &w)
		if err := j.settle(ctx, st, err); err != nil {
			return err
		}
		if pause == 0 { // what comes next is another operation, or none
			w = wait{}
		} else if err := j.await(ctx, pause); err != nil {
			return err
		}
	}
	return nil
}

// await waits for an operation: for long without the slot, since a store may take hours for its file.
func (j *job) await(ctx context.Context, d time.Duration) error {
	pause := func() error { return j.pause(ctx, d) }
	if d < giveWay {
		return pause()
	}
	return queue.Aside(ctx, pause)
}

// wait is how long an operation has been waited for.
type wait struct {
	pause, waited time.Duration
	objects       int64
}

// next returns the next pause, 0 when so much patience is at its end.
func (w *wait) next(patience time.Duration) time.Duration {
	if w.waited >= patience {
		return 0
	}
	w.pause = min(max(2*w.pause, firstLook), lastLook)
	w.waited += w.pause
	return w.pause
}

// look does what can be done about a step's operation now, and returns after how long it is to be looked at again; 0 when
// there is nothing to wait for.
func (j *job) look(ctx context.Context, st *ent.SyncStep, w *wait) (time.Duration, error) {
	var op shopify.BulkOperation
	var err error
	if st.BulkID == nil {
		op, err = j.startExport(ctx, st)
	} else {
		op, err = j.src.Bulk(ctx, *st.BulkID)
		if e, ok := errors.AsType[*shopify.Error](err); ok && e.Code == shopify.CodeIncomplete {
			err = &unread{error: err}
		}
	}
	if _, full := errors.AsType[*shopify.NoSlotError](err); full {
		if pause := w.next(slotPatience); pause > 0 {
			return pause, nil
		}
		return 0, &unread{error: err, pages: true}
	}
	switch {
	case err != nil:
		return 0, err
	case op.Live():
		if op.Objects != w.objects {
			w.objects, w.waited = op.Objects, 0
		}
		if pause := w.next(stuckPatience); pause > 0 {
			return pause, nil
		}
		j.cancelExport(ctx, op.ID)
		return 0, &unread{error: fmt.Errorf("operation %d does not get on", op.ID)}
	case !op.Completed():
		return 0, &unread{error: fmt.Errorf("operation %d is %s %s", op.ID, op.Status, op.ErrorCode), pages: op.ErrorCode == "ACCESS_DENIED"}
	}
	return 0, j.fetch(ctx, st, op)
}

// startExport has the store begin with the file of a step, and keeps the number of the operation. A process that ends
// between the two leaves one behind that the next start takes over.
func (j *job) startExport(ctx context.Context, st *ent.SyncStep) (shopify.BulkOperation, error) {
	op, err := j.src.StartBulk(ctx, resourceOf(st.Resource).kind, shopify.Window{})
	if e, ok := errors.AsType[*shopify.Error](err); ok && e.Code == shopify.CodeInternal { // it takes no such question
		return op, &unread{error: err, pages: true}
	}
	if err != nil {
		return op, err
	}
	next := *st
	next.Status, next.BulkID, next.BulkPlace = Running, &op.ID, 0
	failpoint.Here(failpoint.ExportBefore)
	if err := j.saveAlone(ctx, &next); err != nil {
		j.orphaned(ctx, err, op.ID)
		return op, err
	}
	*st = next
	failpoint.Here(failpoint.ExportAfter)
	j.log(ctx, "sync: the store exports", "resource", st.Resource, "operation", op.ID)
	return op, nil
}

// settle keeps what has become of an operation that did not bring its records. Other errors it returns.
func (j *job) settle(ctx context.Context, st *ent.SyncStep, err error) error {
	why, ok := errors.AsType[*unread](err)
	if !ok || ctx.Err() != nil {
		return err
	}
	next := *st
	next.BulkFailures++
	if why.pages || next.BulkFailures >= maxExports {
		next.Phase = phaseRead
	}
	if !why.keep || next.Phase == phaseRead {
		next.BulkID, next.BulkPlace = nil, 0
	}
	if err := j.saveAlone(ctx, &next); err != nil {
		return err
	}
	if st.BulkID != nil && next.BulkID == nil {
		removeExports(filepath.Join(j.Bulk.Dir, exportName(j.run.ID, *st.BulkID)))
	}
	*st = next
	message := "sync: an export came to nothing"
	if st.Phase == phaseRead {
		message = "sync: no export can be had, so pages are read"
	}
	j.log(ctx, message, "resource", st.Resource, "failures", st.BulkFailures, "error", why.error)
	if why.later && st.Phase == phaseBulk {
		return why.error
	}
	return nil
}

// fetch downloads the file of a completed operation and writes its records.
func (j *job) fetch(ctx context.Context, st *ent.SyncStep, op shopify.BulkOperation) error {
	if err := j.complete(ctx, st, op); err != nil {
		return err
	}
	path, err := j.exportPath(op.ID)
	if err != nil {
		return &unread{error: err, pages: true}
	}
	failpoint.Here(failpoint.DownloadBefore)
	if err := j.src.DownloadBulk(ctx, op, path); err != nil {
		u := &unread{error: err}
		if e, ok := errors.AsType[*shopify.Error](err); ok {
			// A disk that is full or not ours stays so; what the storage does not give now it may give later.
			u.pages, u.keep, u.later = e.Code == shopify.CodeInternal, e.Retryable, e.Retryable
		}
		return u
	}
	failpoint.Here(failpoint.DownloadAfter)
	j.log(ctx, "sync: an export is here", "resource", st.Resource, "operation", op.ID, "records", op.Roots, "bytes", op.Size,
		"behind", st.BulkPlace)
	switch resourceOf(st.Resource).kind {
	case shopify.Products:
		err = pour(ctx, j, st, op, j.src.BulkProducts(ctx, op, path, st.BulkPlace), addProduct)
	case shopify.Customers:
		err = pour(ctx, j, st, op, j.src.BulkCustomers(ctx, op, path, st.BulkPlace), addCustomer)
	default:
		err = pour(ctx, j, st, op, j.src.BulkOrders(ctx, op, path, st.BulkPlace), addOrder)
	}
	if err == nil {
		removeExports(path)
	}
	return err
}

// complete compares what an operation has read with what the store has of the records that were there before it: all of
// them have to be in. Counts lag, so they may be asked for again.
func (j *job) complete(ctx context.Context, st *ent.SyncStep, op shopify.BulkOperation) error {
	for tries := 1; ; tries++ {
		n, err := j.src.Count(ctx, resourceOf(st.Resource).kind, shopify.Window{UpTo: *st.LastID})
		if err != nil {
			return err
		}
		if op.Roots >= int64(n) {
			return nil
		}
		if tries == maxRounds {
			return &unread{error: fmt.Errorf("operation %d has %d records of at least %d", op.ID, op.Roots, n)}
		}
		if err := j.pause(ctx, time.Duration(tries)*5*time.Second); err != nil {
			return err
		}
	}
}

// pour writes records chunk by chunk, and with the last one the cursor.
func pour[R any](ctx context.Context, j *job, st *ent.SyncStep, op shopify.BulkOperation,
	records iter.Seq2[shopify.Exported[R], error], add func(*page, R)) error {
	next, p := *st, page{batch: ingest.Batch{Source: ingest.SourceShopify}}
	for r, err := range records {
		if err != nil {
			return unreadable(err)
		}
		add(&p, r.Record)
		next.BulkPlace = r.Place
		if len(p.ids) < j.chunk() {
			continue
		}
		if err := j.write(ctx, &next, p, false); err != nil {
			return err
		}
		*st, p = next, page{batch: ingest.Batch{Source: ingest.SourceShopify}}
	}
	next.Phase, next.BulkID = phaseProve, nil
	p.updated, p.id = op.CreatedAt, 0
	if err := j.write(ctx, &next, p, true); err != nil {
		return err
	}
	*st = next
	return nil
}

// unreadable sorts an error of reading a file: what is wrong with it, and what is wrong with the store, which is asked for
// parts of orders meanwhile.
func unreadable(err error) error {
	e, ok := errors.AsType[*shopify.Error](err)
	if !ok {
		return err
	}
	switch e.Code {
	case shopify.CodeInvalidData, shopify.CodeIncomplete:
		return &unread{error: err, keep: true}
	case shopify.CodeInternal:
		return &unread{error: err, pages: true}
	}
	return err
}
