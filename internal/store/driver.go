package store

import (
	"context"
	"database/sql"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
)

// driver is what ent talks to: statements outside a transaction read, transactions write.
type driver struct {
	dialect.Driver                // reads
	write          *entsql.Driver // transactions
	observe        Observer
}

func newDriver(s *Store) *driver {
	return &driver{
		Driver:  entsql.OpenDB(s.dialect, s.read),
		write:   entsql.OpenDB(s.dialect, s.write),
		observe: s.observe,
	}
}

// Query reads.
func (d *driver) Query(ctx context.Context, query string, args, v any) error {
	d.observe.tell(ctx, query, list(args))
	return d.Driver.Query(ctx, query, args, v)
}

// Exec goes the way of reads: on SQLite a write outside a transaction is refused.
func (d *driver) Exec(ctx context.Context, query string, args, v any) error {
	d.observe.tell(ctx, query, list(args))
	return d.Driver.Exec(ctx, query, args, v)
}

// Tx begins a transaction that may write.
func (d *driver) Tx(ctx context.Context) (dialect.Tx, error) { return d.BeginTx(ctx, nil) }

// BeginTx begins a transaction that may write.
func (d *driver) BeginTx(ctx context.Context, opts *sql.TxOptions) (dialect.Tx, error) {
	tx, err := d.write.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	return &observedTx{Tx: tx, observe: d.observe}, nil
}

type observedTx struct {
	dialect.Tx
	observe Observer
}

func (t *observedTx) Query(ctx context.Context, query string, args, v any) error {
	t.observe.tell(ctx, query, list(args))
	return t.Tx.Query(ctx, query, args, v)
}

func (t *observedTx) Exec(ctx context.Context, query string, args, v any) error {
	t.observe.tell(ctx, query, list(args))
	return t.Tx.Exec(ctx, query, args, v)
}

// list returns the arguments as ent hands them on.
func list(args any) []any {
	l, _ := args.([]any)
	return l
}
