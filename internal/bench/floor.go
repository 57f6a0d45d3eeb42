package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/shopsight/shopsight/internal/auth"
)

// floor is the bare handler: token, statements, JSON, and nothing else.
type floor struct {
	db         *database
	tokens     *auth.Tokens
	statements []statement
	// snapshot has the statements run in one transaction, as a report does.
	snapshot bool
	// answer is what is encoded: a struct of the very shape of the service's answer, filled with it.
	answer any
}

func (f *floor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		http.Error(w, "no token", http.StatusUnauthorized)
		return
	}
	if _, err := f.tokens.VerifyAccess(token); err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err == nil {
		var in struct {
			Query     string
			Variables map[string]any
		}
		if err = json.Unmarshal(body, &in); err == nil {
			err = f.query(r.Context())
		}
	}
	var out []byte
	if err == nil {
		out, err = json.Marshal(f.answer)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(out)
}

// query runs the statements and reads their rows.
func (f *floor) query(ctx context.Context) error {
	var db interface {
		QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	} = f.db.raw
	if f.snapshot {
		tx, err := f.db.begin(ctx, false)
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // it has read
		db = tx
	}
	for _, s := range f.statements {
		rows, err := db.QueryContext(ctx, s.text, s.args...)
		if err != nil {
			return err
		}
		if err := drain(rows); err != nil {
			return err
		}
	}
	return nil
}

func drain(rows *sql.Rows) error {
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, to := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		to[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			return err
		}
	}
	return rows.Err()
}
