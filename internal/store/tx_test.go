package store_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"github.com/go-sql-driver/mysql"
	"golang.org/x/sync/errgroup"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

// meeting lets two parties wait for each other, for a while.
type meeting struct {
	mu      sync.Mutex
	waiting int
	both    chan struct{}
}

func newMeeting() *meeting { return &meeting{both: make(chan struct{})} }

// wait returns when both are there, or when the other does not come: then this one leaves.
func (m *meeting) wait() {
	m.mu.Lock()
	if m.waiting++; m.waiting == 2 {
		close(m.both)
	}
	m.mu.Unlock()
	select {
	case <-m.both:
	case <-time.After(300 * time.Millisecond):
		m.mu.Lock()
		defer m.mu.Unlock()
		m.waiting--
	}
}

// happened tells whether both were there at once.
func (m *meeting) happened() bool {
	select {
	case <-m.both:
		return true
	default:
		return false
	}
}

// querier is what a writer needs of its transaction.
type querier struct {
	read  func(day int) (int, error)
	write func(day, orders int) error
}

// raise does what ingest does with a rollup: it reads the row, which may be missing, and writes it with one more. All
// of it before the other has written, if the other is let in.
func raise(q querier, m *meeting) error {
	n, err := q.read(1)
	if err != nil {
		return err
	}
	m.wait()
	return q.write(1, n+1)
}

const (
	readGaps  = "SELECT customers FROM customer_gaps WHERE tenant_id = ? AND day = ?"
	clearGaps = "DELETE FROM customer_gaps WHERE tenant_id = ? AND day = ?"
	addGaps   = "INSERT INTO customer_gaps (tenant_id, generation, day, prev_day, customers) VALUES (?, 1, ?, 0, ?)"
)

func ofSQL(ctx context.Context, q *store.SQL) querier {
	return querier{
		read: func(day int) (n int, err error) {
			err = q.Each(ctx, func(scan func(...any) error) error { return scan(&n) }, readGaps, q.Tenant(), day)
			return n, err
		},
		write: func(day, n int) error {
			if _, err := q.Exec(ctx, clearGaps, q.Tenant(), day); err != nil {
				return err
			}
			_, err := q.Exec(ctx, addGaps, q.Tenant(), day, n)
			return err
		},
	}
}

func ofTx(ctx context.Context, tx *sql.Tx, tenant int64) querier {
	return querier{
		read: func(day int) (n int, err error) {
			err = tx.QueryRowContext(ctx, readGaps, tenant, day).Scan(&n)
			if errors.Is(err, sql.ErrNoRows) {
				err = nil
			}
			return n, err
		},
		write: func(day, n int) error {
			if _, err := tx.ExecContext(ctx, clearGaps, tenant, day); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, addGaps, tenant, day, n)
			return err
		},
	}
}

func gaps(t *testing.T, ctx context.Context, s *store.Store) (n int) {
	t.Helper()
	err := s.Read(ctx, func(q *store.SQL) (err error) {
		n, err = ofSQL(ctx, q).read(1)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Two writers of a tenant that both read before either writes would count one order instead of two.
func TestCommerceIsSerial(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(testing.TB, *store.Store) *store.Store{
		"in one process":   func(_ testing.TB, s *store.Store) *store.Store { return s },
		"in two processes": func(tb testing.TB, s *store.Store) *store.Store { return testkit.Open(tb, testkit.URL(tb, s)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.Each(t, func(t *testing.T, s *store.Store) {
				ctx, _ := testkit.Tenants(t, s)
				m := newMeeting()
				var g errgroup.Group
				for _, s := range []*store.Store{s, open(t, s)} {
					g.Go(func() error {
						return s.Commerce(ctx, func(q *store.SQL) error { return raise(ofSQL(ctx, q), m) })
					})
				}
				if err := g.Wait(); err != nil {
					t.Fatal(err)
				}
				if n := gaps(t, ctx, s); n != 2 || m.happened() {
					t.Errorf("two writers wrote %d; inside together: %v", n, m.happened())
				}
			})
		})
	}
}

// The same without the lock goes wrong, so TestCommerceIsSerial can tell. SQLite has one writer anyway.
func TestWithoutLockWritesAreLost(t *testing.T) {
	t.Parallel()
	s := testkit.MySQL(t)
	ctx, _ := testkit.Tenants(t, s)
	db, m := testkit.DB(t, s), newMeeting()
	var g errgroup.Group
	for range 2 {
		g.Go(func() error {
			tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
			if err != nil {
				return err
			}
			defer tx.Rollback() //nolint:errcheck // committed, or failed already
			if err := raise(ofTx(ctx, tx, viewer.FromContext(ctx).TenantID), m); err != nil {
				return err
			}
			return tx.Commit()
		})
	}
	err := g.Wait()
	if n := gaps(t, ctx, s); err == nil && n != 1 || !m.happened() {
		t.Errorf("without the lock two writers wrote %d, %v; inside together: %v", n, err, m.happened())
	}
}

// Many writers in two processes, none of which waits inside.
func TestCommerceManyWriters(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		ctx, other := testkit.Tenants(t, s)
		stores := []*store.Store{s, testkit.Open(t, testkit.URL(t, s))}
		var g errgroup.Group
		const writers = 60
		for i := range writers {
			g.Go(func() error {
				ctx := ctx
				if i%3 == 0 {
					ctx = other
				}
				return stores[i%2].Commerce(ctx, func(q *store.SQL) error {
					n, err := ofSQL(ctx, q).read(1)
					if err != nil {
						return err
					}
					return ofSQL(ctx, q).write(1, n+1)
				})
			})
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		if a, b := gaps(t, ctx, s), gaps(t, other, s); a != writers*2/3 || b != writers/3 {
			t.Errorf("%d and %d were written of %d and %d", a, b, writers*2/3, writers/3)
		}
	})
}

// One tenant's writers do not wait for another's, where the database has more than one writer.
func TestCommerceOfTwoTenantsRunsTogether(t *testing.T) {
	t.Parallel()
	s := testkit.MySQL(t)
	a, b := testkit.Tenants(t, s)
	m := newMeeting()
	var g errgroup.Group
	for _, ctx := range []context.Context{a, b} {
		g.Go(func() error {
			return s.Commerce(ctx, func(*store.SQL) error { m.wait(); return nil })
		})
	}
	if err := g.Wait(); err != nil || !m.happened() {
		t.Errorf("two tenants' writers were not inside together: %v", err)
	}
}

// A writer that gives up while it waits leaves the line, and the next one gets its turn.
func TestCommerceGivesUpWaiting(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		ctx, _ := testkit.Tenants(t, s)
		err := s.Commerce(ctx, func(*store.SQL) error {
			hurried, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
			defer cancel()
			err := s.Commerce(hurried, func(*store.SQL) error { return errors.New("got in") })
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("waiting ended with %v", err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if err := s.Commerce(ctx, func(*store.SQL) error { return nil }); err != nil {
			t.Error(err)
		}
	})
}

func TestCommerceRunsAgainAfterALostRace(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		ctx, _ := testkit.Tenants(t, s)
		tries := 0
		err := s.Commerce(ctx, func(q *store.SQL) error {
			if err := ofSQL(ctx, q).write(1, 7); err != nil {
				return err
			}
			if tries++; tries < 3 {
				return &mysql.MySQLError{Number: 1213, Message: "Deadlock found"}
			}
			return nil
		})
		if n := gaps(t, ctx, s); err != nil || tries != 3 || n != 7 {
			t.Errorf("after %d tries %d was written, %v", tries, n, err)
		}

		tries = 0
		broken := errors.New("broken")
		err = s.Commerce(ctx, func(q *store.SQL) error {
			tries++
			if err := ofSQL(ctx, q).write(1, 8); err != nil {
				return err
			}
			return broken
		})
		if n := gaps(t, ctx, s); !errors.Is(err, broken) || tries != 1 || n != 7 {
			t.Errorf("a failed write was tried %d times, left %d and %v", tries, n, err)
		}
	})
}

// The parts of a report agree, whatever is written meanwhile.
func TestReadIsOneSnapshot(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		ctx, _ := testkit.Tenants(t, s)
		put := func(n int) {
			if err := s.Commerce(ctx, func(q *store.SQL) error { return ofSQL(ctx, q).write(1, n) }); err != nil {
				t.Error(err)
			}
		}
		put(1)
		err := s.Read(ctx, func(q *store.SQL) error {
			before, err := ofSQL(ctx, q).read(1)
			if err != nil {
				return err
			}
			put(2)
			after, err := ofSQL(ctx, q).read(1)
			if before != 1 || after != 1 {
				t.Errorf("one report read %d and then %d", before, after)
			}
			return err
		})
		if n := gaps(t, ctx, s); err != nil || n != 2 {
			t.Errorf("afterwards %d, %v", n, err)
		}
	})
}

func TestTransactionsNeedATenant(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		nothing := func(*store.SQL) error { t.Error("got in"); return nil }
		for name, v := range map[string]*viewer.Viewer{
			"nobody": nil, "the system": viewer.System("a test"), "a person without a tenant": viewer.Person(0, 5, 0, viewer.Owner),
		} {
			ctx := viewer.NewContext(t.Context(), v)
			for what, err := range map[string]error{"Read": s.Read(ctx, nothing), "Commerce": s.Commerce(ctx, nothing)} {
				if fault.KindOf(err) != fault.Unauthenticated {
					t.Errorf("%s by %s: %v", what, name, err)
				}
			}
		}
		gone := viewer.NewContext(t.Context(), viewer.Tenant(12345))
		if err := s.Commerce(gone, nothing); err == nil {
			t.Error("a tenant without a write lock was written to")
		}
	})
}

// On SQLite the connections that read cannot write, so that no statement gets past the queue of writers.
func TestSQLiteReadsDoNotWrite(t *testing.T) {
	t.Parallel()
	s := testkit.SQLite(t)
	ctx, _ := testkit.Tenants(t, s)
	if s.Dialect() != dialect.SQLite {
		t.Fatal(s.Dialect())
	}
	if err := s.Read(ctx, func(q *store.SQL) error { return ofSQL(ctx, q).write(1, 1) }); err == nil {
		t.Error("a report wrote")
	}
	if err := s.Client().Tenant.Update().SetName("other").Exec(ctx); err == nil {
		t.Error("a statement outside a transaction wrote")
	}
}
