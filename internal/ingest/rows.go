package ingest

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/internal/store"
)

// table is how rows of type R lie in the database: whole rows are read, changed in memory and written back.
type table[R any] struct {
	name string
	// key is the natural key, tenant_id first: a row that is there already under it is updated.
	key []string
	// fixed columns are never changed by an update: identity.
	fixed []string
	// columns are all columns, and bind returns pointers to the fields of a row in the same order.
	columns []string
	bind    func(*R) []any
}

// One statement holds at most so many rows, parameters and bytes.
const (
	chunkRows   = 500
	chunkParams = 30_000
	chunkBytes  = 4 << 20
)

// read returns the tenant's rows for which where holds.
func (t table[R]) read(ctx context.Context, q *store.SQL, where ...*sql.Predicate) ([]R, error) {
	from := q.Build().Table(t.name)
	query, args := q.Build().Select(t.columns...).From(from).
		Where(sql.And(append([]*sql.Predicate{sql.EQ("tenant_id", q.Tenant())}, where...)...)).Query()
	return t.scan(ctx, q, query, args...)
}

// scan returns the rows of a statement that selects the table's columns.
func (t table[R]) scan(ctx context.Context, q *store.SQL, query string, args ...any) ([]R, error) {
	var out []R
	err := q.Each(ctx, func(scan func(...any) error) error {
		out = append(out, *new(R))
		return scan(t.bind(&out[len(out)-1])...)
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", t.name, err)
	}
	return out, nil
}

// readIn returns the tenant's rows whose column has one of the values, asking for a bounded number at once.
func readIn[R any, V any](ctx context.Context, q *store.SQL, t table[R], column string, values []V, where ...*sql.Predicate) ([]R, error) {
	var out []R
	for part := range chunks(values, chunkRows) {
		rows, err := t.read(ctx, q, append([]*sql.Predicate{sql.In(column, anys(part)...)}, where...)...)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// upsert writes whole rows: new ones are inserted, those there already under the natural key are replaced but for their
// identity.
func (t table[R]) upsert(ctx context.Context, q *store.SQL, rows []*R) error {
	var columns []string
	for _, c := range t.columns {
		if !contains(t.fixed, c) && !contains(t.key, c) {
			columns = append(columns, c)
		}
	}
	return t.upsertOnly(ctx, q, rows, columns)
}

// upsertOnly is upsert for rows of which nothing but the given columns has changed: SQLite leaves the indexes of the
// other columns alone.
func (t table[R]) upsertOnly(ctx context.Context, q *store.SQL, rows []*R, columns []string) error {
	return t.insert(ctx, q, rows, sql.ConflictColumns(t.key...), sql.ResolveWith(func(u *sql.UpdateSet) {
		for _, c := range columns {
			u.SetExcluded(c)
		}
	}))
}

// add writes rows of numbers: where one is there already under the key, the numbers of the others columns are added to
// its own.
func (t table[R]) add(ctx context.Context, q *store.SQL, rows []*R) error {
	return t.insert(ctx, q, rows, sql.ConflictColumns(t.key...), sql.ResolveWith(func(u *sql.UpdateSet) {
		for _, c := range t.columns {
			if !contains(t.key, c) {
				u.Set(c, sql.ExprFunc(func(b *sql.Builder) {
					b.Ident(t.name).WriteByte('.').Ident(c).WriteString(" + ")
					if b.Dialect() == "mysql" {
						b.WriteString("VALUES(").Ident(c).WriteByte(')')
					} else {
						b.WriteString("excluded.").Ident(c)
					}
				}))
			}
		}
	}))
}

// insert writes new rows in statements of many rows.
func (t table[R]) insert(ctx context.Context, q *store.SQL, rows []*R, conflict ...sql.ConflictOption) error {
	if len(rows) == 0 {
		return nil
	}
	// The text for one row, in which the row is repeated: building it for each parameter takes longer than all the rest.
	b := q.Build().Insert(t.name).Columns(t.columns...).Values(t.bind(rows[0])...)
	if len(conflict) > 0 {
		b.OnConflict(conflict...)
	}
	text, _ := b.Query()
	row := "(?" + strings.Repeat(", ?", len(t.columns)-1) + ")"
	before, after, ok := strings.Cut(text, row)
	if !ok {
		return fmt.Errorf("write %s: the statement has no row", t.name)
	}
	most := min(chunkRows, chunkParams/len(t.columns))
	for len(rows) > 0 {
		n, size := 0, 0
		args := make([]any, 0, min(most, len(rows))*len(t.columns))
		for n < len(rows) && n < most {
			values := t.bind(rows[n])
			if size += bytesOf(values); size > chunkBytes && n > 0 {
				break
			}
			args = append(args, values...)
			n++
		}
		if _, err := q.Exec(ctx, before+row+strings.Repeat(", "+row, n-1)+after, args...); err != nil {
			return fmt.Errorf("write %s: %w", t.name, err)
		}
		rows = rows[n:]
	}
	return nil
}

// remove deletes the tenant's rows whose column has one of the values, and tells how many there were.
func remove[V any](ctx context.Context, q *store.SQL, table, column string, values []V, where ...*sql.Predicate) (int64, error) {
	var gone int64
	for part := range chunks(values, chunkRows) {
		query, args := q.Build().Delete(table).Where(sql.And(append([]*sql.Predicate{
			sql.EQ("tenant_id", q.Tenant()), sql.In(column, anys(part)...)}, where...)...)).Query()
		n, err := q.Exec(ctx, query, args...)
		if err != nil {
			return gone, fmt.Errorf("delete %s: %w", table, err)
		}
		gone += n
	}
	return gone, nil
}

// bytesOf estimates the size of a row's parameters.
func bytesOf(values []any) int {
	size := 12 * len(values)
	for _, v := range values {
		switch v := v.(type) {
		case *string:
			size += len(*v)
		case **string:
			if *v != nil {
				size += len(**v)
			}
		case list:
			for _, s := range *v.to {
				size += len(s) + 4
			}
		}
	}
	return size
}

// list keeps a list of strings in a JSON column.
type list struct{ to *[]string }

// Value writes the list; none is [].
func (l list) Value() (driver.Value, error) {
	if len(*l.to) == 0 {
		return "[]", nil
	}
	b, err := json.Marshal(*l.to)
	return string(b), err
}

// Scan reads the list.
func (l list) Scan(v any) error {
	switch v := v.(type) {
	case string:
		return json.Unmarshal([]byte(v), l.to)
	case []byte:
		return json.Unmarshal(v, l.to)
	}
	return fmt.Errorf("a list cannot be read from %T", v)
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func anys[V any](values []V) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

// chunks yields values in parts of at most n.
func chunks[V any](values []V, n int) func(yield func([]V) bool) {
	return func(yield func([]V) bool) {
		for len(values) > 0 {
			part := values[:min(n, len(values))]
			if !yield(part) {
				return
			}
			values = values[len(part):]
		}
	}
}

// NoInstant stands in sort columns for an instant that is not known: it is before all that are.
var NoInstant = time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC)

// orNone returns what a sort column holds for an instant that may be missing.
func orNone(t *time.Time) time.Time {
	if t == nil {
		return NoInstant
	}
	return *t
}
