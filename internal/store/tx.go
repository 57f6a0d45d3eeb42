package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/go-sql-driver/mysql"
	"modernc.org/sqlite"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/failpoint"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/viewer"
)

// SQL runs hand-written statements in a transaction that belongs to one tenant. ent's privacy rules do not see them:
// every statement names tenant_id itself, with Tenant as its value.
type SQL struct {
	tx      *sql.Tx
	tenant  int64
	dialect string
	observe Observer
}

// Tenant is the tenant that the transaction belongs to.
func (q *SQL) Tenant() int64 { return q.tenant }

// Build returns ent's statement builder for the database at hand.
func (q *SQL) Build() *entsql.DialectBuilder { return entsql.Dialect(q.dialect) }

// Dialect returns dialect.SQLite or dialect.MySQL.
func (q *SQL) Dialect() string { return q.dialect }

// Query runs a statement that returns rows. The caller closes them; Each does it all.
func (q *SQL) Query(ctx context.Context, statement string, args ...any) (*sql.Rows, error) {
	q.observe.tell(ctx, statement, args)
	return q.tx.QueryContext(ctx, statement, args...)
}

// Exec runs a statement that returns none, and tells how many rows it changed.
func (q *SQL) Exec(ctx context.Context, statement string, args ...any) (int64, error) {
	q.observe.tell(ctx, statement, args)
	res, err := q.tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Each runs a statement and calls row for each row of the answer; row scans it.
func (q *SQL) Each(ctx context.Context, row func(scan func(...any) error) error, statement string, args ...any) error {
	rows, err := q.Query(ctx, statement, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Tx runs fn in a transaction on accounts, through ent and its privacy rules. It may run fn again after a deadlock.
func (s *Store) Tx(ctx context.Context, fn func(tx *ent.Client) error) error {
	return s.again(ctx, func() error {
		tx, err := s.client.Tx(ctx)
		if err != nil {
			return err
		}
		if err := fn(tx.Client()); err != nil {
			_ = tx.Rollback() // the first error is the one that counts
			return err
		}
		failpoint.Here(failpoint.AccountBefore)
		if err := tx.Commit(); err != nil {
			return err
		}
		failpoint.Here(failpoint.AccountAfter)
		return nil
	})
}

// Read runs fn on one snapshot of the viewer's tenant, so that the parts of a report agree with each other.
// Without a viewer of a tenant it is refused.
func (s *Store) Read(ctx context.Context, fn func(q *SQL) error) error {
	tenant, err := tenantOf(ctx)
	if err != nil {
		return err
	}
	var opts sql.TxOptions
	if s.dialect == dialect.MySQL {
		opts.Isolation = sql.LevelRepeatableRead
	}
	return s.again(ctx, func() error { return s.in(ctx, s.read, &opts, tenant, fn) })
}

// Commerce runs fn as the one writer of the viewer's tenant. Writers of a tenant are serial, here and in every other
// process on the same database: each waits for its turn in memory, so that waiting takes no connection, and then takes
// the tenant's row lock. fn may run again after a deadlock or a lost connection lock; it must have no other effect.
func (s *Store) Commerce(ctx context.Context, fn func(q *SQL) error) error {
	tenant, err := tenantOf(ctx)
	if err != nil {
		return err
	}
	leave, err := s.enter(ctx, tenant)
	if err != nil {
		return err
	}
	defer leave()
	var opts sql.TxOptions
	if s.dialect == dialect.MySQL {
		opts.Isolation = sql.LevelReadCommitted
	}
	err = s.again(ctx, func() error {
		return s.in(ctx, s.write, &opts, tenant, func(q *SQL) error {
			n, err := q.Exec(ctx, "UPDATE tenant_writes SET seq = seq + 1 WHERE tenant_id = ?", tenant)
			if err != nil {
				return err
			}
			if n != 1 {
				return fmt.Errorf("store: tenant %d has no write lock", tenant)
			}
			if err := fn(q); err != nil {
				return err
			}
			failpoint.Here(failpoint.CommitBefore)
			return nil
		})
	})
	if err != nil {
		return err
	}
	failpoint.Here(failpoint.CommitAfter)
	return nil
}

func tenantOf(ctx context.Context) (int64, error) {
	v := viewer.FromContext(ctx)
	if v == nil || v.TenantID == 0 {
		return 0, fault.Errorf(fault.Unauthenticated, "sign in to see a tenant's data")
	}
	return v.TenantID, nil
}

func (s *Store) in(ctx context.Context, db *sql.DB, opts *sql.TxOptions, tenant int64, fn func(q *SQL) error) error {
	tx, err := db.BeginTx(ctx, opts)
	if err != nil {
		return err
	}
	if err := fn(&SQL{tx: tx, tenant: tenant, dialect: s.dialect, observe: s.observe}); err != nil {
		_ = tx.Rollback() // the first error is the one that counts
		return err
	}
	return tx.Commit()
}

// attempts bounds how often a transaction is tried: with the pauses of pause, about five seconds of bad luck.
const attempts = 10

// again runs a transaction, and runs it again while the database says that it merely lost a race.
func (s *Store) again(ctx context.Context, tx func() error) error {
	for n := 1; ; n++ {
		err := tx()
		if err == nil || n == attempts || !lostRace(err) {
			return err
		}
		pause := time.Duration(rand.Int64N(int64(10*time.Millisecond) << min(n, 7)))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// lostRace tells errors after which the whole transaction may simply be run again: deadlocks, lock timeouts and
// conflicts of MariaDB, MySQL, TiDB and SQLite.
func lostRace(err error) bool {
	if e, ok := errors.AsType[*mysql.MySQLError](err); ok {
		switch e.Number {
		case 1213, 1205, 1020, 9004, 9007, 8002, 8022, 8028:
			return true
		}
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		code := e.Code() & 0xff
		return code == 5 || code == 6 // SQLITE_BUSY, SQLITE_LOCKED
	}
	return false
}

// queue is the line of one tenant's writers in this process.
type queue struct {
	turn    chan struct{} // holds the one token
	waiting int
}

// enter waits for the tenant's turn and returns how to give it up.
func (s *Store) enter(ctx context.Context, tenant int64) (leave func(), err error) {
	s.mu.Lock()
	q := s.queues[tenant]
	if q == nil {
		q = &queue{turn: make(chan struct{}, 1)}
		s.queues[tenant] = q
	}
	q.waiting++
	s.mu.Unlock()
	gone := func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if q.waiting--; q.waiting == 0 {
			delete(s.queues, tenant)
		}
	}
	select {
	case q.turn <- struct{}{}:
		return func() { <-q.turn; gone() }, nil
	case <-ctx.Done():
		gone()
		return nil, ctx.Err()
	}
}
