package sync

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/syncrun"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/viewer"
)

// A file of a store is named by the run, the operation and the fence, as run-7-8001-2.jsonl, and what is worked at beside it
// begins with that name. The fence keeps a process that has lost the run, and does not know it yet, from the file of the one
// that has taken it.

func exportName(run, operation int64) string { return fmt.Sprintf("run-%d-%d-", run, operation) }

// exportPath returns where the file of an operation is. What an earlier worker has of it is taken over.
func (j *job) exportPath(operation int64) (string, error) {
	if err := os.MkdirAll(j.Bulk.Dir, 0o700); err != nil {
		return "", err
	}
	name := exportName(j.run.ID, operation)
	path := filepath.Join(j.Bulk.Dir, fmt.Sprintf("%s%d.jsonl", name, j.fence))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	entries, err := os.ReadDir(j.Bulk.Dir)
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), name)
		number, _, _ := strings.Cut(rest, ".")
		if fence, err := strconv.ParseInt(number, 10, 64); !ours || err != nil || fence >= j.fence {
			continue
		}
		old := filepath.Join(j.Bulk.Dir, e.Name())
		if strings.HasSuffix(old, ".jsonl") {
			err = os.Rename(old, path)
		} else {
			err = os.Remove(old)
		}
		if err != nil {
			return "", err
		}
	}
	return path, nil
}

// removeExports removes the files whose path begins so. What cannot be removed is tried again when the run has ended.
func removeExports(path string) {
	entries, _ := os.ReadDir(filepath.Dir(path))
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), filepath.Base(path)) {
			_ = os.Remove(filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
}

// clearExports removes the files of runs that have ended.
func (s *Service) clearExports(ctx context.Context) {
	if s.Bulk.Dir == "" {
		return
	}
	files := map[int64][]string{}
	entries, err := os.ReadDir(s.Bulk.Dir)
	for _, e := range entries {
		id, _, _ := strings.Cut(strings.TrimPrefix(e.Name(), "run-"), "-")
		if run, err := strconv.ParseInt(id, 10, 64); err == nil && strings.HasPrefix(e.Name(), "run-") {
			files[run] = append(files[run], filepath.Join(s.Bulk.Dir, e.Name()))
		}
	}
	for run, paths := range files {
		system := viewer.NewContext(ctx, viewer.System("see whether the run of an export has ended"))
		var active bool
		if active, err = s.Store.Client().SyncRun.Query().Where(syncrun.ID(run), syncrun.Active(true)).Exist(system); err != nil {
			break
		}
		for _, path := range paths {
			if !active {
				err = errors.Join(err, os.Remove(path))
			}
		}
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) && ctx.Err() == nil {
		s.Log.WarnContext(ctx, "sync: remove exports", "error", err)
	}
}

// goodbye is how long a store may take to hear that an operation is not wanted any more.
const goodbye = 5 * time.Second

// cancelExport tells the store that an operation is not wanted any more. It takes a slot until it ends, and does no harm.
func (j *job) cancelExport(ctx context.Context, operation int64) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
	defer cancel()
	if err := j.src.CancelBulk(ctx, operation); err != nil {
		j.Log.WarnContext(ctx, "sync: cancel an export", "run", j.run.ID, "operation", operation, "error", err)
	}
}

// orphaned cancels an operation whose number could not be kept because the run has ended. When somebody else has taken the
// run, the operation is taken over too.
func (j *job) orphaned(ctx context.Context, err error, operation int64) {
	if !errors.Is(err, errTaken) && !errors.Is(context.Cause(ctx), errTaken) {
		return
	}
	if run, err := j.Run(context.WithoutCancel(ctx), j.run.ID); err == nil && run != nil && !run.Active() {
		j.cancelExport(ctx, operation)
	}
}

// exports returns what cancels the operations of the tenant's active run at the store, as far as that can be reached. It is
// to be made while run and token are there, and called when the run has ended.
func (s *Service) exports(ctx context.Context) (cancel func()) {
	nothing := func() {}
	run, err := s.Store.Client().SyncRun.Query().Where(syncrun.Active(true)).WithSteps().Only(ctx)
	if err != nil {
		return nothing
	}
	steps := slices.DeleteFunc(run.Edges.Steps, func(st *ent.SyncStep) bool { return st.BulkID == nil })
	if len(steps) == 0 {
		return nothing
	}
	row, err := s.row(ctx)
	if err != nil || row == nil || len(row.AccessToken) == 0 {
		return nothing
	}
	token, err := s.Box.Open(row.AccessToken, boundTo(row.TenantID, "access_token"))
	if err != nil {
		return nothing
	}
	src := s.Source(shopify.Domain(row.ShopDomain), shopify.Static(string(token)), func(time.Time) {})
	return func() {
		ctx, done := context.WithTimeout(ctx, goodbye)
		defer done()
		for _, st := range steps {
			if err := src.CancelBulk(ctx, *st.BulkID); err != nil {
				s.Log.WarnContext(ctx, "sync: cancel an export", "operation", *st.BulkID, "error", err)
				return
			}
		}
	}
}
