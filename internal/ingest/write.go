package ingest

import (
	"context"

	"github.com/shopsight/shopsight/internal/live"
	"github.com/shopsight/shopsight/internal/store"
)

// write runs fn as the one writer of the tenant, and tells what it has changed once that is committed.
func (s *Service) write(ctx context.Context, source Source, fn func(w *writer) error) error {
	var w *writer
	err := s.store.Commerce(ctx, func(q *store.SQL) (err error) {
		if w, err = s.begin(ctx, q, source); err != nil {
			return err
		}
		return fn(w)
	})
	if err != nil || len(w.changed) == 0 {
		return err
	}
	events, at := make([]live.Event, 0, len(w.changed)), s.now().UTC()
	for _, c := range w.changed {
		events = append(events, live.Event{Tenant: w.q.Tenant(), Kind: c.kind, Record: c.record, At: at})
	}
	for _, tell := range s.tell {
		tell(events...)
	}
	return nil
}

// changed is a kind of data that a transaction changes.
type changed struct {
	kind   live.Kind
	record int64 // the one record that was written, 0 for several
}

// touch notes that a record is written, 0 for one that is removed. When everything changes, nothing else is worth telling.
func (w *writer) touch(kind live.Kind, record int64) {
	for i, c := range w.changed {
		switch c.kind {
		case live.All:
			return
		case kind:
			if c.record != record {
				w.changed[i].record = 0
			}
			return
		}
	}
	if kind == live.All {
		w.changed = nil
	}
	w.changed = append(w.changed, changed{kind, record})
}
