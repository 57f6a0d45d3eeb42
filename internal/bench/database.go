package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/go-sql-driver/mysql"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// database is where a service under measurement keeps its data.
type database struct {
	// url is what the service opens, folder its data folder with the keys.
	url, folder string
	// raw is a connection to the same data with the settings of the service, past all of its code.
	raw     *sql.DB
	mysql   bool
	discard func() error
}

// kept is the name of the database that outlives the run on a server.
const kept = "shopsight_bench"

// openDatabase opens the database that is kept between runs, or an empty one that is removed when it is closed.
func openDatabase(ctx context.Context, set settings, engine string, keep bool) (*database, error) {
	db := &database{mysql: engine == "mysql", discard: func() error { return nil }}
	var err error
	if keep {
		db.folder = filepath.Join(set.keep, engine)
		err = os.MkdirAll(db.folder, 0o700)
	} else {
		db.folder, err = os.MkdirTemp("", "shopsight-bench-")
		db.discard = func() error { return os.RemoveAll(db.folder) }
	}
	if err != nil {
		return nil, err
	}
	switch engine {
	case "sqlite":
		err = db.openSQLite()
	case "mysql":
		err = db.openMySQL(ctx, set, keep)
	default:
		err = errors.New("BENCH_ENGINES knows sqlite and mysql")
	}
	if err != nil {
		return nil, errors.Join(err, db.discard())
	}
	return db, nil
}

func (db *database) openSQLite() (err error) {
	path := filepath.Join(db.folder, "shopsight.db")
	db.url = "sqlite:" + path
	q := url.Values{
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
			"cache_size(-65536)", "temp_store(MEMORY)", "wal_autocheckpoint(16384)"},
		"_time_format": {"sqlite"}, "_timezone": {"UTC"},
	}
	db.raw, err = sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	return err
}

func (db *database) openMySQL(ctx context.Context, set settings, keep bool) error {
	u, err := url.Parse(set.server)
	if err != nil || u.Host == "" {
		return errors.New("TEST_MYSQL_URL must have the form mysql://user:password@host:port/")
	}
	name := kept
	if !keep {
		name = fmt.Sprintf("%s_%d", kept, time.Now().UnixNano())
	}
	cfg := mysql.NewConfig()
	cfg.Net, cfg.Addr, cfg.User = "tcp", u.Host, u.User.Username()
	cfg.Passwd, _ = u.User.Password()
	if u.Port() == "" {
		cfg.Addr = u.Host + ":3306"
	}
	cfg.ParseTime, cfg.Loc, cfg.InterpolateParams = true, time.UTC, true
	cfg.Params = map[string]string{"time_zone": "'+00:00'"}
	cfg.Collation, cfg.MaxAllowedPacket = "utf8mb4_bin", 0
	open := func() (*sql.DB, error) {
		connector, err := mysql.NewConnector(cfg)
		if err != nil {
			return nil, err
		}
		return sql.OpenDB(connector), nil
	}
	server, err := open()
	if err != nil {
		return err
	}
	if _, err := server.ExecContext(ctx, "CREATE DATABASE IF NOT EXISTS "+name); err != nil {
		return errors.Join(err, server.Close())
	}
	discard := db.discard
	db.discard = func() error {
		var err error
		if !keep {
			_, err = server.ExecContext(context.WithoutCancel(ctx), "DROP DATABASE "+name)
		}
		return errors.Join(err, server.Close(), discard())
	}
	u.Path, cfg.DBName = "/"+name, name
	db.url = u.String()
	db.raw, err = open()
	return err
}

// begin starts a transaction as the service does: a snapshot to read from, or one that writes.
func (db *database) begin(ctx context.Context, write bool) (*sql.Tx, error) {
	var opts sql.TxOptions
	if db.mysql {
		opts.Isolation = sql.LevelRepeatableRead
		if write {
			opts.Isolation = sql.LevelReadCommitted
		}
	}
	return db.raw.BeginTx(ctx, &opts)
}

func (db *database) close() error { return errors.Join(db.raw.Close(), db.discard()) }
