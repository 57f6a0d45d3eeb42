package store

import (
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/shopsight/shopsight/internal/failpoint"
	"github.com/shopsight/shopsight/internal/fault"
)

// openSQLite opens a file twice: one connection that writes, since SQLite has one writer anyway and queueing in
// the process is fairer than its busy loop; and several that read beside it, which write-ahead logging allows.
func openSQLite(path string) (write, read *sql.DB, err error) {
	if path == "" || strings.Contains(path, ":memory:") {
		return nil, nil, fault.Errorf(fault.Invalid, "DATABASE_URL: sqlite: needs the path of a file")
	}
	dsn := func(own url.Values) string {
		// busy_timeout comes first, so that the other pragmas wait for a lock instead of failing. A batch of orders changes
		// thousands of pages, many of them again and again: the log may grow to 64 MB before they are copied to their place.
		q := url.Values{
			"_pragma": append([]string{
				"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
				"temp_store(MEMORY)", "wal_autocheckpoint(16384)",
			}, own["_pragma"]...),
			"_time_format": {"sqlite"}, "_timezone": {"UTC"},
		}
		if own.Has("_txlock") {
			q.Set("_txlock", own.Get("_txlock"))
		}
		return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(), RawQuery: q.Encode()}).String()
	}
	// A deferred transaction that turns to writing deadlocks with another one: take the lock at the beginning.
	// What is deleted or overwritten leaves no trace in the file: a person who is to be forgotten would stay readable in it.
	if write, err = sql.Open("sqlite", dsn(url.Values{"_txlock": {"immediate"}, "_pragma": {"cache_size(-65536)", "secure_delete(1)"}})); err != nil {
		return nil, nil, err
	}
	write.SetMaxOpenConns(1)
	// Every connection has a cache of its own, and a count over a large table fills it: those that read share as much as the
	// one that writes has.
	readers := max(4, runtime.NumCPU())
	cache := fmt.Sprintf("cache_size(-%d)", 65536/readers)
	if read, err = sql.Open("sqlite", dsn(url.Values{"_pragma": {"query_only(1)", cache}})); err != nil {
		write.Close()
		return nil, nil, err
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return write, read, nil
}

// idle is for how long a server waits for the next statement of a connection before it closes it and rolls back what was
// begun. A process that hangs in the middle of a transaction, or whose machine or network has gone, holds its locks no
// longer: that is less than the lease of a sync, so that whoever takes over never waits for the dead.
var idle = failpoint.Duration("idle", 30*time.Second)

// openMySQL opens a server of the MySQL family by URL, the form in which hosting providers print it.
func openMySQL(databaseURL string) (*sql.DB, error) {
	u, err := url.Parse(databaseURL)
	if err != nil || u.Host == "" || len(u.Path) < 2 || strings.Contains(u.Path[1:], "/") {
		return nil, fault.Errorf(fault.Invalid, "DATABASE_URL must have the form mysql://user:password@host:port/database; "+
			"special characters of the password are written percent-encoded")
	}
	cfg := mysql.NewConfig()
	cfg.Net, cfg.Addr, cfg.DBName = "tcp", u.Host, u.Path[1:]
	if u.Port() == "" {
		cfg.Addr = u.Host + ":3306"
	}
	cfg.User = u.User.Username()
	cfg.Passwd, _ = u.User.Password()
	// Instants go in and out in UTC whatever the server's zone. Parameters are put into the text by the driver:
	// one round trip instead of three.
	cfg.ParseTime, cfg.Loc, cfg.InterpolateParams = true, time.UTC, true
	cfg.Params = map[string]string{"time_zone": "'+00:00'", "wait_timeout": strconv.Itoa(int(idle.Seconds()))}
	cfg.Collation = "utf8mb4_bin"
	cfg.MaxAllowedPacket = 0 // ask the server
	switch u.Query().Get("tls") {
	case "", "false":
	case "true", "skip-verify", "preferred":
		cfg.TLSConfig = u.Query().Get("tls")
	default:
		return nil, fault.Errorf(fault.Invalid, "DATABASE_URL: tls must be true, false, preferred or skip-verify")
	}
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, fault.Errorf(fault.Invalid, "DATABASE_URL cannot be used: %v", err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(32)
	db.SetMaxIdleConns(16)
	db.SetConnMaxLifetime(30 * time.Minute)
	db.SetConnMaxIdleTime(idle / 2) // before the server does it
	return db, nil
}
