package store

import (
	"context"
	sqldriver "database/sql/driver"
	"embed"
	"fmt"
	"io/fs"

	"entgo.io/ent/dialect"
	"github.com/pressly/goose/v3"

	"github.com/shopsight/shopsight/internal/fault"
)

//go:embed migrations
var migrations embed.FS

// Migrate brings the database to the present schema and tells how many steps it took. Several processes may call it
// at once: one migrates, the others wait.
func (s *Store) Migrate(ctx context.Context) (int, error) {
	p, err := s.migrator()
	if err != nil {
		return 0, err
	}
	if s.dialect == dialect.MySQL {
		// Data definition is not transactional there; the lock belongs to one connection.
		conn, err := s.write.Conn(ctx)
		if err != nil {
			return 0, fmt.Errorf("migrate: %w", err)
		}
		defer conn.Close()
		// It says nothing until all is done, which may take longer than idle.
		if _, err := conn.ExecContext(ctx, "SET SESSION wait_timeout = 28800"); err != nil {
			return 0, fmt.Errorf("migrate: %w", err)
		}
		defer conn.Raw(func(any) error { return sqldriver.ErrBadConn }) //nolint:errcheck // it is not for others
		var got int
		const lock = "shopsight_migrate_" // and the database: another one on the same server may migrate meanwhile
		if err := conn.QueryRowContext(ctx, "SELECT COALESCE(GET_LOCK(CONCAT(?, MD5(DATABASE())), 300), 0)", lock).Scan(&got); err != nil {
			return 0, fmt.Errorf("migrate: lock: %w", err)
		}
		if got != 1 {
			return 0, fault.Errorf(fault.Conflict, "another process has been migrating this database for five minutes; try again when it is done")
		}
		defer conn.ExecContext(context.WithoutCancel(ctx), "DO RELEASE_LOCK(CONCAT(?, MD5(DATABASE())))", lock) //nolint:errcheck // goes with the connection
	}
	done, err := p.Up(ctx)
	// On SQLite another process may have been faster with a step. A step is one transaction there, so the loser left
	// nothing and goes on after it.
	for n := 0; err != nil && s.dialect == dialect.SQLite && n <= len(p.ListSources()) && ctx.Err() == nil; n++ {
		done, err = p.Up(ctx)
	}
	if err != nil {
		return len(done), fmt.Errorf("migrate: %w", err)
	}
	return len(done), nil
}

// Migrated tells whether the database has the present schema.
func (s *Store) Migrated(ctx context.Context) (bool, error) {
	p, err := s.migrator()
	if err != nil {
		return false, err
	}
	pending, err := p.HasPending(ctx)
	return !pending, err
}

func (s *Store) migrator() (*goose.Provider, error) {
	dir, d := "migrations/sqlite", goose.DialectSQLite3
	if s.dialect == dialect.MySQL {
		dir, d = "migrations/mysql", goose.DialectMySQL
	}
	files, err := fs.Sub(migrations, dir)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(d, s.write, files)
}
