package simshop

import (
	"cmp"
	"slices"
	"time"
)

// record is what lists are made of. A record never changes: another one takes its place, so that whoever has got one may
// read it without a lock.
type record interface {
	key() int64
	// when returns the instant that a sort key stands for, and whether there is such a key.
	when(sortKey string) (time.Time, bool)
	// terms returns what a filter on a field compares with, and whether there is such a field. "" is what a bare word
	// searches.
	terms(field string) ([]string, bool)
}

// table holds the records of one kind, and lists of them in every order that was asked for.
type table struct {
	rows    map[int64]*row
	ids     []int64 // of all rows
	lag     time.Duration
	version int
	changed time.Time
	views   map[viewKey]*view
}

// row is a record with what it was before, as long as a search may still find that.
type row struct {
	now  record // nil: deleted
	past []version
}

// version is a record, or none yet, until an instant.
type version struct {
	record record
	until  time.Time
}

type viewKey struct {
	sort    string
	indexed bool
}

// view is a sorted list. It is never changed, only replaced.
type view struct {
	items   []item
	version int
	at      time.Time
}

// item is a place in a view: the record that makes its position, and the one that is there now, nil when it was deleted.
type item struct {
	position
	seen, now record
}

// position is where an item stands: by the value of the sort key, then by id.
type position struct{ Value, ID int64 }

func (p position) compare(q position) int {
	return cmp.Or(cmp.Compare(p.Value, q.Value), cmp.Compare(p.ID, q.ID))
}

func newTable(lag time.Duration) *table {
	return &table{rows: make(map[int64]*row), lag: lag, views: make(map[viewKey]*view)}
}

// load adds a record that has been there for long.
func (t *table) load(r record) {
	t.row(r.key()).now = r
	t.version++
}

// row returns the row of an id, a new one if there is none.
func (t *table) row(id int64) *row {
	r := t.rows[id]
	if r == nil {
		r = &row{}
		t.rows[id] = r
		t.ids = append(t.ids, id)
	}
	return r
}

// put replaces the record of an id from an instant on; nil deletes it.
func (t *table) put(id int64, r record, at time.Time) {
	there := t.row(id)
	if t.lag > 0 {
		there.past = slices.DeleteFunc(there.past, func(v version) bool { return !v.until.Add(t.lag).After(at) })
		there.past = append(there.past, version{there.now, at})
	}
	there.now = r
	t.version++
	if at.After(t.changed) {
		t.changed = at
	}
}

func (t *table) get(id int64) record {
	if r := t.rows[id]; r != nil {
		return r.now
	}
	return nil
}

// indexed returns the record as searches see it at an instant.
func (r *row) indexed(at time.Time, lag time.Duration) record {
	for _, v := range r.past {
		if v.until.Add(lag).After(at) {
			return v.record
		}
	}
	return r.now
}

// list returns the records in the order of a sort key, and whether there is such a key: as they are, or as searches see
// them. The caller may write to the table.
func (t *table) list(sortKey string, search bool, at time.Time) ([]item, bool) {
	key := viewKey{sortKey, search && t.lag > 0}
	if v := t.views[key]; v != nil && v.version == t.version &&
		(!key.indexed || v.at.Equal(at) || !v.at.Before(t.changed.Add(t.lag))) {
		return v.items, true
	}
	v := &view{items: make([]item, 0, len(t.rows)), version: t.version, at: at}
	for id, r := range t.rows {
		seen := r.now
		if key.indexed {
			seen = r.indexed(at, t.lag)
		}
		if seen == nil {
			continue
		}
		p := position{ID: id}
		if sortKey != "ID" {
			value, ok := seen.when(sortKey)
			if !ok {
				return nil, false
			}
			p.Value = value.Unix()
		}
		v.items = append(v.items, item{p, seen, r.now})
	}
	slices.SortFunc(v.items, func(a, b item) int { return a.compare(b.position) })
	t.views[key] = v
	return v.items, true
}

func (p *Product) key() int64  { return p.ID }
func (c *Customer) key() int64 { return c.ID }
func (o *Order) key() int64    { return o.ID }
func (e *event) key() int64    { return e.id }

func (p *Product) when(sortKey string) (time.Time, bool) {
	return either(sortKey, p.CreatedAt, p.UpdatedAt)
}

func (c *Customer) when(sortKey string) (time.Time, bool) {
	return either(sortKey, c.CreatedAt, c.UpdatedAt)
}

func (o *Order) when(sortKey string) (time.Time, bool) {
	if sortKey == "PROCESSED_AT" {
		return o.ProcessedAt, true
	}
	return either(sortKey, o.CreatedAt, o.UpdatedAt)
}

func (e *event) when(sortKey string) (time.Time, bool) { return e.at, sortKey == "CREATED_AT" }

func either(sortKey string, created, updated time.Time) (time.Time, bool) {
	switch sortKey {
	case "UPDATED_AT":
		return updated, true
	case "CREATED_AT":
		return created, true
	}
	return time.Time{}, false
}
