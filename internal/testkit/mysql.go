package testkit

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/shopsight/shopsight/internal/store"
)

// prefix begins the name of every database that tests make on a server.
const prefix = "shopsight_test_"

// MySQLURL returns the URL of an empty migrated database on the test server. It fails the test without one.
func MySQLURL(tb testing.TB, opts ...Option) string {
	tb.Helper()
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	sv, err := connected()
	if err != nil {
		tb.Fatal(err)
	}
	// Not the test's context: it ends before the clean-up does.
	ctx := context.Background()
	var name string
	if o.fresh {
		if name, err = sv.create(ctx); err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() {
			if err := sv.drop(ctx, name); err != nil {
				tb.Error(err)
			}
		})
	} else {
		if name, err = sv.take(ctx); err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() { sv.giveBack(name) })
	}
	if !o.empty {
		if err := sv.ready(ctx, name); err != nil {
			tb.Fatal(err)
		}
	}
	if err := tally(tb.Name()); err != nil {
		tb.Fatal(err)
	}
	return sv.url(name)
}

// tally writes one line for each test that was given a MySQL database into the file TEST_MYSQL_TALLY, so that the run
// as a whole can tell that there were any.
func tally(test string) error {
	path := os.Getenv("TEST_MYSQL_TALLY")
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteString(test + "\n")
	return err
}

// server is the MySQL-family server that the tests of this process share.
type server struct {
	base   *url.URL
	schema string // digest of the migrations
	db     *sql.DB

	mu   sync.Mutex
	lock *sql.Conn       // its session holds the lock of each database that this process uses
	held map[string]bool // databases whose lock it holds
	free []string        // those that no test uses now
}

var connected = sync.OnceValues(func() (*server, error) {
	return connect(context.Background(), cmp.Or(os.Getenv("TEST_MYSQL_URL"), "mysql://root@127.0.0.1:3306/"))
})

func connect(ctx context.Context, serverURL string) (*server, error) {
	u, err := url.Parse(serverURL)
	if err != nil || u.Host == "" || (u.Scheme != "mysql" && u.Scheme != "mariadb") {
		return nil, errors.New("testkit: TEST_MYSQL_URL must have the form mysql://user:password@host:port/")
	}
	root, err := moduleRoot()
	if err != nil {
		return nil, fmt.Errorf("testkit: find the module: %w", err)
	}
	sum, err := os.ReadFile(filepath.Join(root, "internal/store/migrations/mysql/atlas.sum"))
	if err != nil {
		return nil, fmt.Errorf("testkit: %w", err)
	}
	digest := sha256.Sum256(sum)
	db, err := openServer(u, "")
	if err != nil {
		return nil, err
	}
	sv := &server{base: u, schema: hex.EncodeToString(digest[:4]), db: db, held: map[string]bool{}}
	wait, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if sv.lock, err = db.Conn(wait); err != nil {
		return nil, fmt.Errorf("testkit: no MySQL-family server lets us in at %s; `make test` finds or starts one: %w", u.Redacted(), err)
	}
	if _, err := sv.lock.ExecContext(ctx, "SET SESSION wait_timeout = 28800"); err != nil {
		return nil, fmt.Errorf("testkit: %w", err)
	}
	return sv, sv.sweep(ctx)
}

// openServer opens the server of a URL, with the settings of package store that decide how values look.
func openServer(u *url.URL, database string) (*sql.DB, error) {
	cfg := serverConfig(u, database)
	cfg.ParseTime, cfg.Loc, cfg.InterpolateParams = true, time.UTC, true
	cfg.Params = map[string]string{"time_zone": "'+00:00'"}
	cfg.Collation = "utf8mb4_bin"
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, fmt.Errorf("testkit: %w", err)
	}
	return sql.OpenDB(connector), nil
}

func serverConfig(u *url.URL, database string) *mysql.Config {
	cfg := mysql.NewConfig()
	cfg.Net, cfg.Addr, cfg.DBName = "tcp", u.Host, database
	if u.Port() == "" {
		cfg.Addr = u.Host + ":3306"
	}
	cfg.User = u.User.Username()
	cfg.Passwd, _ = u.User.Password()
	cfg.TLSConfig = u.Query().Get("tls")
	return cfg
}

func (sv *server) url(name string) string {
	u := *sv.base
	u.Path = "/" + name
	return u.String()
}

// take returns a database that no other test and no other process uses.
func (sv *server) take(ctx context.Context) (string, error) {
	sv.mu.Lock()
	defer sv.mu.Unlock()
	if n := len(sv.free); n > 0 {
		name := sv.free[n-1]
		sv.free = sv.free[:n-1]
		return name, nil
	}
	for n := 1; ; n++ {
		name := fmt.Sprintf("%s%s_%d", prefix, sv.schema, n)
		if sv.held[name] {
			continue
		}
		ok, err := sv.claim(ctx, name)
		if err != nil || ok {
			return name, err
		}
	}
}

func (sv *server) giveBack(name string) {
	sv.mu.Lock()
	defer sv.mu.Unlock()
	sv.free = append(sv.free, name)
}

// claim takes the lock of a database for as long as the process lives. Under mu.
func (sv *server) claim(ctx context.Context, name string) (bool, error) {
	var got sql.NullInt64
	if err := sv.lock.QueryRowContext(ctx, "SELECT GET_LOCK(?, 0)", name).Scan(&got); err != nil {
		return false, fmt.Errorf("testkit: claim %s: %w", name, err)
	}
	if got.Int64 == 1 {
		sv.held[name] = true
	}
	return got.Int64 == 1, nil
}

// release gives the lock of a database back. Under mu.
func (sv *server) release(ctx context.Context, name string) error {
	delete(sv.held, name)
	_, err := sv.lock.ExecContext(ctx, "DO RELEASE_LOCK(?)", name)
	return err
}

// create makes a database that is new and without tables.
func (sv *server) create(ctx context.Context) (string, error) {
	name := fmt.Sprintf("%sfresh_%d_%08x", prefix, os.Getpid(), rand.Uint32())
	sv.mu.Lock()
	ok, err := sv.claim(ctx, name)
	sv.mu.Unlock()
	if err != nil {
		return "", err
	}
	if !ok {
		return "", fmt.Errorf("testkit: the new database %s is in use", name)
	}
	return name, sv.exec(ctx, "CREATE DATABASE "+name+" CHARACTER SET utf8mb4")
}

func (sv *server) drop(ctx context.Context, name string) error {
	if err := sv.exec(ctx, "DROP DATABASE IF EXISTS "+name); err != nil {
		return err
	}
	sv.mu.Lock()
	defer sv.mu.Unlock()
	return sv.release(ctx, name)
}

func (sv *server) exec(ctx context.Context, statement string) error {
	if _, err := sv.db.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("testkit: %s: %w", statement, err)
	}
	return nil
}

// ready migrates a claimed database where needed, and deletes what an earlier test left in it.
func (sv *server) ready(ctx context.Context, name string) error {
	if err := sv.exec(ctx, "CREATE DATABASE IF NOT EXISTS "+name+" CHARACTER SET utf8mb4"); err != nil {
		return err
	}
	if err := sv.migrate(ctx, name); err != nil {
		// A process that was killed in the middle of migrating leaves half of the tables.
		if err := errors.Join(sv.exec(ctx, "DROP DATABASE "+name), sv.exec(ctx, "CREATE DATABASE "+name+" CHARACTER SET utf8mb4")); err != nil {
			return err
		}
		if err := sv.migrate(ctx, name); err != nil {
			return err
		}
	}
	return sv.clean(ctx, name)
}

func (sv *server) migrate(ctx context.Context, name string) error {
	s, err := store.Open(ctx, sv.url(name), nil)
	if err != nil {
		return err
	}
	defer s.Close()
	done, err := s.Migrated(ctx)
	if err != nil || done {
		return err
	}
	_, err = s.Migrate(ctx)
	return err
}

// clean deletes the rows of every table that has any. TRUNCATE would make each table anew.
func (sv *server) clean(ctx context.Context, name string) error {
	var look []string
	for _, t := range store.Tables() {
		look = append(look, fmt.Sprintf("SELECT '%s' FROM (SELECT 1 FROM %s.%s LIMIT 1) t", t.Name, name, t.Name))
	}
	rows, err := sv.db.QueryContext(ctx, strings.Join(look, " UNION ALL "))
	if err != nil {
		return fmt.Errorf("testkit: clean %s: %w", name, err)
	}
	defer rows.Close()
	var full []string
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			return err
		}
		full = append(full, table)
	}
	if err := rows.Err(); err != nil || len(full) == 0 {
		return err
	}
	// On one connection, since the variable belongs to it, and in one transaction, so that the disk is waited for once.
	conn, err := sv.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	statements := []string{"SET foreign_key_checks = 0", "BEGIN"}
	for _, table := range full {
		statements = append(statements, "DELETE FROM "+name+"."+table)
	}
	for _, statement := range append(statements, "COMMIT", "SET foreign_key_checks = 1") {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("testkit: clean %s: %w", name, err)
		}
	}
	return nil
}

// sweep drops the databases of other schemas, and of tests that were killed, that no process uses any more.
func (sv *server) sweep(ctx context.Context) error {
	names, err := sv.databases(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if strings.HasPrefix(name, prefix+sv.schema+"_") {
			continue
		}
		if err := sv.dropUnused(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (sv *server) dropUnused(ctx context.Context, name string) error {
	sv.mu.Lock()
	defer sv.mu.Unlock()
	if ok, err := sv.claim(ctx, name); err != nil || !ok {
		return err
	}
	return errors.Join(sv.exec(ctx, "DROP DATABASE IF EXISTS `"+name+"`"), sv.release(ctx, name))
}

// databases returns the names of every database that tests made.
func (sv *server) databases(ctx context.Context) ([]string, error) {
	rows, err := sv.db.QueryContext(ctx, "SHOW DATABASES")
	if err != nil {
		return nil, fmt.Errorf("testkit: %w", err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	return names, rows.Err()
}
