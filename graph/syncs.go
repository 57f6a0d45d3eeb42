package graph

import (
	"context"
	"time"

	"github.com/shopsight/shopsight/internal/commerce"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/live"
	"github.com/shopsight/shopsight/internal/sync"
)

// SyncRunConnection is a page of syncs.
type SyncRunConnection struct {
	Edges    []*SyncRunEdge
	Nodes    []*sync.Run
	PageInfo *commerce.PageInfo
	count    func(context.Context) (int, error)
}

// TotalCount counts the whole list. It asks the database when it is called.
func (c *SyncRunConnection) TotalCount(ctx context.Context) (int, error) { return c.count(ctx) }

// syncRuns returns a page of syncs.
func (r *Resolver) syncRuns(ctx context.Context, first int, after *string, filter sync.RunFilter) (*SyncRunConnection, error) {
	p, err := r.Sync.Runs(ctx, first, after, filter)
	if err != nil {
		return nil, err
	}
	c := &SyncRunConnection{Nodes: p.Runs, Edges: []*SyncRunEdge{},
		PageInfo: &commerce.PageInfo{HasNextPage: p.HasNext, HasPreviousPage: after != nil},
		count:    func(ctx context.Context) (int, error) { return r.Sync.CountRuns(ctx, filter) }}
	for _, run := range p.Runs {
		c.Edges = append(c.Edges, &SyncRunEdge{Cursor: p.Cursor(run), Node: run})
	}
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c, nil
}

// RefusedRecordConnection is a page of the store's records that could not be taken over.
type RefusedRecordConnection struct {
	Edges    []*RefusedRecordEdge
	Nodes    []*sync.Refusal
	PageInfo *commerce.PageInfo
	count    func(context.Context) (int, error)
}

// TotalCount counts the whole list. It asks the database when it is called.
func (c *RefusedRecordConnection) TotalCount(ctx context.Context) (int, error) { return c.count(ctx) }

// refusedRecords returns a page of what was refused.
func (r *Resolver) refusedRecords(ctx context.Context, first int, after *string) (*RefusedRecordConnection, error) {
	p, err := r.Sync.Refusals(ctx, first, after)
	if err != nil {
		return nil, err
	}
	c := &RefusedRecordConnection{Nodes: p.Refusals, Edges: []*RefusedRecordEdge{},
		PageInfo: &commerce.PageInfo{HasNextPage: p.HasNext, HasPreviousPage: after != nil}, count: r.Sync.CountRefusals}
	for _, record := range p.Refusals {
		c.Edges = append(c.Edges, &RefusedRecordEdge{Cursor: p.Cursor(record), Node: record})
	}
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c, nil
}

// syncProgress answers each change of a run, or of the tenant's runs, at most twice a second.
func (r *Resolver) syncProgress(ctx context.Context, id *string) (<-chan *sync.Run, error) {
	read := func(ctx context.Context, e live.Event) (*sync.Run, bool, error) {
		run, err := r.latest(ctx, e.Record)
		return run, false, err
	}
	if id != nil {
		row, ok := RowID(*id, KindSyncRun)
		read = func(ctx context.Context, _ live.Event) (*sync.Run, bool, error) {
			run, err := r.Sync.Run(ctx, row)
			if err != nil {
				return nil, false, err
			}
			if !ok || run == nil {
				return nil, true, fault.Errorf(fault.Invalid, "there is no such run").At("runId")
			}
			return run, !run.Active(), nil
		}
	}
	return follow(ctx, r.Live, feed[sync.Run]{kinds: []live.Kind{live.Syncs}, now: true, every: 500 * time.Millisecond, read: read})
}

// latest returns the run that an event is about, the last one when it is about none.
func (r *Resolver) latest(ctx context.Context, id int64) (*sync.Run, error) {
	if id != 0 {
		return r.Sync.Run(ctx, id)
	}
	return r.Sync.Latest(ctx)
}
