// Package store opens the database and hands out the three ways to use it.
//
// Client is ent's client, with the privacy rules in force; outside a transaction it only reads. Tx is a write of
// accounts through ent. Commerce and Read give hand-written statements a transaction that is bound to the viewer's
// tenant: the serial write path of a tenant's records, and one consistent snapshot for a report.
//
// SQLite and the MySQL family behave alike behind it. SQLite has one connection that writes and several that read;
// a statement that would write through the latter fails.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"

	"entgo.io/ent/dialect"
	"github.com/bwmarrin/snowflake"

	"github.com/shopsight/shopsight/ent"
	_ "github.com/shopsight/shopsight/ent/runtime" // the privacy rules; without it every statement is refused
	"github.com/shopsight/shopsight/internal/fault"
)

// Store is an open database. Close it when done.
type Store struct {
	dialect string
	client  *ent.Client
	write   *sql.DB
	read    *sql.DB // the same as write for MySQL
	observe Observer
	ids     *snowflake.Node

	mu     sync.Mutex
	queues map[int64]*queue
}

// Observer is told of every statement before it runs: tests count and check them. Args tells its arguments.
type Observer func(ctx context.Context, statement string)

type argsKey struct{}

// Args returns the arguments of the statement that an observer is being told of, by the context that it is given.
func Args(ctx context.Context) []any {
	args, _ := ctx.Value(argsKey{}).([]any)
	return args
}

// tell calls the observer, if there is one.
func (o Observer) tell(ctx context.Context, statement string, args []any) {
	if o != nil {
		o(context.WithValue(ctx, argsKey{}, args), statement)
	}
}

// Open opens the database that a URL names: `sqlite:PATH`, or `mysql://user:password@host:port/database` for MariaDB,
// MySQL and TiDB. It does not migrate. A URL that cannot be read is fault.Invalid, and its message never holds the
// password. observe may be nil.
func Open(ctx context.Context, databaseURL string, observe Observer) (*Store, error) {
	node, err := snowflake.NewNode(rand.Int64N(1024))
	if err != nil {
		return nil, fmt.Errorf("store: ids: %w", err)
	}
	s := &Store{observe: observe, ids: node, queues: map[int64]*queue{}}
	scheme, rest, _ := strings.Cut(databaseURL, ":")
	switch scheme {
	case "sqlite":
		s.dialect = dialect.SQLite
		s.write, s.read, err = openSQLite(rest)
	case "mysql", "mariadb":
		s.dialect = dialect.MySQL
		s.write, err = openMySQL(databaseURL)
		s.read = s.write
	default:
		return nil, fault.Errorf(fault.Invalid, "DATABASE_URL must begin with sqlite: or mysql://")
	}
	if err != nil {
		return nil, err
	}
	if err := s.Ping(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	s.client = ent.NewClient(ent.Driver(newDriver(s)))
	return s, nil
}

// Redact returns a database URL without its password, for messages.
func Redact(databaseURL string) string {
	u, err := url.Parse(databaseURL)
	if err != nil {
		scheme, _, _ := strings.Cut(databaseURL, ":")
		return scheme + ":…"
	}
	return u.Redacted()
}

// Client returns ent's client. Every statement runs under the privacy rules of the viewer in its context.
func (s *Store) Client() *ent.Client { return s.client }

// Dialect returns dialect.SQLite or dialect.MySQL.
func (s *Store) Dialect() string { return s.dialect }

// NewID returns a new row id: positive, unique in the database, and rising with time so that new rows lie together.
func (s *Store) NewID() int64 { return s.ids.Generate().Int64() }

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.read.PingContext(ctx); err != nil {
		return err
	}
	return s.write.PingContext(ctx)
}

// Version returns the name and version that the server gives itself, for people.
func (s *Store) Version(ctx context.Context) (string, error) {
	query := "SELECT VERSION()"
	if s.dialect == dialect.SQLite {
		query = "SELECT 'SQLite ' || sqlite_version()"
	}
	var v string
	err := s.read.QueryRowContext(ctx, query).Scan(&v)
	return v, err
}

// Scrub has the database forget what was deleted or overwritten, as far as it keeps it in files of its own: SQLite's log is
// brought into the database file and emptied. It fails while a long read is going on; then try again. A server removes old
// versions of rows by itself.
func (s *Store) Scrub(ctx context.Context) error {
	if s.dialect != dialect.SQLite {
		return nil
	}
	var busy, log, moved int
	if err := s.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved); err != nil {
		return fmt.Errorf("empty the log of the database: %w", err)
	}
	if busy != 0 {
		return errors.New("empty the log of the database: it is being read")
	}
	return nil
}

// Close closes every connection. Transactions in progress are rolled back.
func (s *Store) Close() error {
	err := s.write.Close()
	if s.read != s.write {
		if e := s.read.Close(); err == nil {
			err = e
		}
	}
	return err
}
