package store_test

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/schema/field"

	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
)

// Every reference between two tables of a tenant's data is tried across tenants, past all code of the service: the
// database has to refuse it, when a row is made and when it is changed.
func TestReferencesStayInTheTenant(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := &rowWriter{t: t, db: testkit.DB(t, s), made: map[string]row{}}
		const us, them = 101, 202
		tried := 0
		for _, table := range store.Tables() {
			for _, key := range table.ForeignKeys {
				if !table.HasColumn("tenant_id") || !key.RefTable.HasColumn("tenant_id") {
					continue
				}
				tried++
				name := fmt.Sprintf("%s(%s)", table.Name, strings.Join(names(key.Columns), ", "))
				own, foreign := w.parent(key.RefTable, us), w.parent(key.RefTable, them)

				child := w.fill(table, us, point(key, own))
				if err := w.insert(table, child); err != nil {
					t.Fatalf("%s refused a reference within the tenant: %v", name, err)
				}
				if err := w.update(table, child, point(key, foreign)); !refused(err) {
					t.Errorf("%s was changed to another tenant's row: %v", name, err)
				}
				if err := w.insert(table, w.fill(table, us, point(key, foreign))); !refused(err) {
					t.Errorf("%s took another tenant's row: %v", name, err)
				}
			}
		}
		if tried < 10 {
			t.Errorf("only %d references were tried", tried)
		}
	})
}

func refused(err error) bool {
	return err != nil && strings.Contains(strings.ToLower(err.Error()), "foreign key constraint fail")
}

type row map[string]any

// point returns the columns, without the tenant, that make a row refer to a parent.
func point(key *schema.ForeignKey, parent row) row {
	r := row{}
	for i, c := range key.Columns {
		if c.Name != "tenant_id" {
			r[c.Name] = parent[key.RefColumns[i].Name]
		}
	}
	return r
}

// rowWriter makes rows of any table out of its description.
type rowWriter struct {
	t    *testing.T
	db   *sql.DB
	made map[string]row
	last int64
}

// parent returns a row of the tenant to refer to, one per table and tenant.
func (w *rowWriter) parent(table *schema.Table, tenant int64) row {
	w.t.Helper()
	key := fmt.Sprintf("%s/%d", table.Name, tenant)
	if w.made[key] == nil {
		r := w.fill(table, tenant, nil)
		if table.Name == "tenants" {
			r["id"] = tenant
		}
		if err := w.insert(table, r); err != nil {
			w.t.Fatalf("%s: %v", table.Name, err)
		}
		w.made[key] = r
	}
	return w.made[key]
}

// fill returns a new row of the tenant with the given columns, with parents where they must be, and without where they
// may be absent.
func (w *rowWriter) fill(table *schema.Table, tenant int64, given row) row {
	w.t.Helper()
	r := row{}
	maps.Copy(r, given)
	if table.HasColumn("tenant_id") {
		r["tenant_id"] = tenant
	}
	for _, key := range table.ForeignKeys {
		var free []int
		for i, c := range key.Columns {
			if _, ok := given[c.Name]; !ok && !c.Nullable && c.Name != "tenant_id" {
				free = append(free, i)
			}
		}
		if slices.Equal(names(key.Columns), []string{"tenant_id"}) {
			w.parent(key.RefTable, tenant)
		}
		for _, i := range free {
			r[key.Columns[i].Name] = w.parent(key.RefTable, tenant)[key.RefColumns[i].Name]
		}
	}
	for _, c := range table.Columns {
		if _, ok := r[c.Name]; !ok && !c.Nullable {
			r[c.Name] = w.value(c)
		}
	}
	return r
}

// value returns a value of a column that no other row has, where the type has enough of them.
func (w *rowWriter) value(c *schema.Column) any {
	w.last++
	switch c.Type {
	case field.TypeTime:
		return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	case field.TypeBool:
		return false
	case field.TypeInt8:
		return int8(w.last % 100)
	case field.TypeString:
		return fmt.Sprint(w.last)
	case field.TypeJSON:
		return "[]"
	case field.TypeBytes:
		return []byte("0123456789abcdef")
	}
	return w.last
}

func (w *rowWriter) insert(table *schema.Table, r row) error {
	columns := slices.Sorted(maps.Keys(r))
	var values []any
	for _, c := range columns {
		values = append(values, r[c])
	}
	_, err := w.db.ExecContext(w.t.Context(), fmt.Sprintf("INSERT INTO %s (`%s`) VALUES (?%s)",
		table.Name, strings.Join(columns, "`, `"), strings.Repeat(", ?", len(columns)-1)), values...)
	return err
}

// update changes columns of the row that has r's primary key.
func (w *rowWriter) update(table *schema.Table, r, change row) error {
	var set, where []string
	var args, keys []any
	for _, c := range slices.Sorted(maps.Keys(change)) {
		set, args = append(set, "`"+c+"` = ?"), append(args, change[c])
	}
	for _, c := range table.PrimaryKey {
		where, keys = append(where, "`"+c.Name+"` = ?"), append(keys, r[c.Name])
	}
	_, err := w.db.ExecContext(w.t.Context(), fmt.Sprintf("UPDATE %s SET %s WHERE %s",
		table.Name, strings.Join(set, ", "), strings.Join(where, " AND ")), append(args, keys...)...)
	return err
}
