// Package testkit gives tests real databases and people to use them.
//
// Each runs a test on every engine that the service supports, on a migrated database of its own. SQLite databases are
// copies of one that is migrated once per process. MySQL databases are made once, kept on the server and emptied
// before each use, because creating the tables takes longer than most tests; a lock that the server drops with the
// process keeps two processes from using the same one. The server is the one of TEST_MYSQL_URL, by default
// mysql://root@127.0.0.1:3306/. Without it the tests fail: a run that tests half of the engines is no run.
//
// Every statement of a test is watched: one that reads or writes a tenant's records without naming the tenant fails
// the test.
package testkit

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/shopsight/shopsight/internal/store"
)

// Option changes what a test is given.
type Option func(*options)

type options struct {
	observers []store.Observer
	unguarded bool
	fresh     bool
	empty     bool
}

// Observe has every statement shown to an observer before it runs.
func Observe(o store.Observer) Option {
	return func(opts *options) { opts.observers = append(opts.observers, o) }
}

// Unguarded lets statements on a tenant's records leave out the tenant.
func Unguarded() Option { return func(opts *options) { opts.unguarded = true } }

// Fresh asks for a new database that is dropped after the test, for a test that changes tables or leaves so many
// rows that deleting them takes long.
func Fresh() Option { return func(opts *options) { opts.fresh = true } }

// Empty asks for a new database without tables, which is dropped after the test.
func Empty() Option { return func(opts *options) { opts.fresh, opts.empty = true, true } }

// Each runs fn once per engine, as the parallel subtests "sqlite" and "mysql", each on an empty migrated database. The
// subtests run when the test function has returned, so what they share ends in t.Cleanup, not in a defer; fn does not
// call t.Parallel itself.
func Each(t *testing.T, fn func(t *testing.T, s *store.Store), opts ...Option) {
	t.Helper()
	for _, engine := range []struct {
		name string
		open func(testing.TB, ...Option) *store.Store
	}{{"sqlite", SQLite}, {"mysql", MySQL}} {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			fn(t, engine.open(t, opts...))
		})
	}
}

// EachURL is Each for a test that opens the database itself, by its URL.
func EachURL(t *testing.T, fn func(t *testing.T, databaseURL string), opts ...Option) {
	t.Helper()
	for _, engine := range []struct {
		name string
		url  func(testing.TB, ...Option) string
	}{{"sqlite", SQLiteURL}, {"mysql", MySQLURL}} {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			fn(t, engine.url(t, opts...))
		})
	}
}

// SQLite returns a store on an empty migrated SQLite database. It is closed and removed after the test.
func SQLite(tb testing.TB, opts ...Option) *store.Store {
	tb.Helper()
	return Open(tb, SQLiteURL(tb, opts...), opts...)
}

// MySQL returns a store on an empty migrated database of the MySQL family. It is closed after the test.
func MySQL(tb testing.TB, opts ...Option) *store.Store {
	tb.Helper()
	return Open(tb, MySQLURL(tb, opts...), opts...)
}

// Open opens a database that SQLiteURL or MySQLURL gave once more, as another process would: with a write queue of its
// own. It is closed after the test.
func Open(tb testing.TB, databaseURL string, opts ...Option) *store.Store {
	tb.Helper()
	o := options{}
	for _, opt := range opts {
		opt(&o)
	}
	observers := o.observers
	if !o.unguarded {
		observers = append(observers, guard(tb))
	}
	s, err := store.Open(tb.Context(), databaseURL, func(ctx context.Context, statement string) {
		for _, observe := range observers {
			observe(ctx, statement)
		}
	})
	if err != nil {
		tb.Fatal(err)
	}
	urls.Store(s, databaseURL)
	tb.Cleanup(func() {
		urls.Delete(s)
		if db, ok := plain.LoadAndDelete(s); ok {
			db.(*sql.DB).Close()
		}
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// urls remembers where each open store is, for DB.
var urls sync.Map // *store.Store → string

// URL returns the URL of a store that this package opened.
func URL(tb testing.TB, s *store.Store) string {
	tb.Helper()
	u, ok := urls.Load(s)
	if !ok {
		tb.Fatal("testkit: the store is not one of testkit's, or is closed")
	}
	return u.(string)
}

// plain remembers what DB opened for each store: servers take few connections.
var plain sync.Map // *store.Store → *sql.DB

// DB returns plain connections to a store's database, past privacy rules, write lock and guard: for a test that looks
// at rows, or damages them. They are closed with the store.
func DB(tb testing.TB, s *store.Store) *sql.DB {
	tb.Helper()
	if db, ok := plain.Load(s); ok {
		return db.(*sql.DB)
	}
	db, err := openPlain(URL(tb, s))
	if err != nil {
		tb.Fatal(err)
	}
	if first, loaded := plain.LoadOrStore(s, db); loaded {
		db.Close()
		return first.(*sql.DB)
	}
	return db
}

// Root returns the folder of the module, for tests that read its files.
func Root(tb testing.TB) string {
	tb.Helper()
	root, err := moduleRoot()
	if err != nil {
		tb.Fatal(err)
	}
	return root
}

// moduleRoot looks upwards from the working directory, which go test sets to the package's folder.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", os.ErrNotExist
		}
		dir = parent
	}
}
