package main

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// rowset is the rows of one table of a tenant, in memory.
type rowset struct {
	table   string
	columns []string
	rows    [][]any
}

func (r *rowset) column(name string) int { return slices.Index(r.columns, name) }

// value is a number of a row, 0 for none.
func (r *rowset) value(row []any, column string) int64 {
	n, _ := row[r.column(column)].(int64)
	return n
}

// readRows returns a tenant's rows of a table, all or those that a condition narrows them to.
func readRows(ctx context.Context, db *database, table string, tenant int64, where string) (*rowset, error) {
	rows, err := db.raw.QueryContext(ctx, "SELECT * FROM "+table+" WHERE tenant_id = ?"+where, tenant)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := &rowset{table: table}
	if out.columns, err = rows.Columns(); err != nil {
		return nil, err
	}
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		row, to := make([]any, len(types)), make([]any, len(types))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			return nil, err
		}
		for i, v := range row {
			if b, ok := v.([]byte); ok && !strings.Contains(types[i].DatabaseTypeName(), "B") {
				row[i] = string(b) // MySQL hands out text as bytes, and would take bytes for a binary value
			}
		}
		out.rows = append(out.rows, row)
	}
	return out, rows.Err()
}

// identity says which columns hold the number of a row that the service made, and must differ in a copy.
var identity = []string{"id", "order_id", "customer_id", "product_id", "first_order_id"}

// moved returns the rows as another tenant's, with numbers of their own that refer to each other as before.
func (r *rowset) moved(tenant int64, number func(int64) int64) *rowset {
	out := &rowset{table: r.table, columns: r.columns, rows: make([][]any, len(r.rows))}
	var ids []int
	for _, name := range identity {
		if i := r.column(name); i >= 0 {
			ids = append(ids, i)
		}
	}
	of := r.column("tenant_id")
	for n, row := range r.rows {
		row = slices.Clone(row)
		row[of] = tenant
		for _, i := range ids {
			if id, ok := row[i].(int64); ok {
				row[i] = number(id)
			}
		}
		out.rows[n] = row
	}
	return out
}

// insert writes rows by plain statements of up to 500 rows.
func (r *rowset) insert(ctx context.Context, tx *sql.Tx, rows [][]any) error {
	most := min(500, 30_000/len(r.columns))
	one := "(?" + strings.Repeat(",?", len(r.columns)-1) + ")"
	for some := range slices.Chunk(rows, most) {
		args := make([]any, 0, len(some)*len(r.columns))
		for _, row := range some {
			args = append(args, row...)
		}
		text := "INSERT INTO " + r.table + " (" + strings.Join(quoted(r.columns), ",") + ") VALUES " + one + strings.Repeat(","+one, len(some)-1)
		if _, err := tx.ExecContext(ctx, text, args...); err != nil {
			return fmt.Errorf("insert into %s: %w", r.table, err)
		}
	}
	return nil
}

func quoted(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = "`" + n + "`"
	}
	return out
}
