// Command diff writes the next migration of each dialect: the statements that lead from the migrations on file to the
// tables of package store.
//
//	go run ./internal/store/diff -mysql 'root@tcp(127.0.0.1:3306)/empty' NAME
//	go run ./internal/store/diff -sum
//
// SQLite's is worked out in memory. MySQL's needs an empty database to replay the older migrations in. Read what was
// written: for SQLite a new column makes a whole new table of an old one, where ALTER TABLE ADD COLUMN is enough. After
// a change by hand -sum writes the checksums anew.
package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/sqltool"
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/schema"
	_ "github.com/go-sql-driver/mysql"
	_ "modernc.org/sqlite"

	"github.com/shopsight/shopsight/internal/store"
)

const migrations = "internal/store/migrations/"

func main() {
	mysql := flag.String("mysql", "", "data source name of an empty MySQL-family database")
	sums := flag.Bool("sum", false, "write the checksums of the migrations that are there")
	flag.Parse()
	err := errors.New("a name and -mysql are needed, or -sum")
	switch {
	case *sums:
		err = errors.Join(sum(migrations+"sqlite"), sum(migrations+"mysql"))
	case *mysql != "" && flag.Arg(0) != "":
		err = run(context.Background(), *mysql, flag.Arg(0))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "diff:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, mysqlDSN, name string) error {
	for _, db := range []struct{ dialect, driver, dsn, dir string }{
		{dialect.SQLite, "sqlite", "file:diff?mode=memory&_pragma=foreign_keys(1)", migrations + "sqlite"},
		{dialect.MySQL, "mysql", mysqlDSN + "?parseTime=true", migrations + "mysql"},
	} {
		if err := diff(ctx, db.dialect, db.driver, db.dsn, db.dir, name); err != nil {
			return fmt.Errorf("%s: %w", db.dialect, err)
		}
	}
	return nil
}

func diff(ctx context.Context, d, driver, dsn, path, name string) error {
	conn, err := sql.Open(driver, dsn)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetMaxOpenConns(1)
	dir, err := sqltool.NewGooseDir(path)
	if err != nil {
		return err
	}
	m, err := schema.NewMigrate(entsql.OpenDB(d, conn),
		schema.WithDir(dir), schema.WithFormatter(sqltool.GooseFormatter), schema.WithMigrationMode(schema.ModeReplay),
		schema.WithDialect(d), schema.WithForeignKeys(true), schema.WithDropColumn(true), schema.WithDropIndex(true))
	if err != nil {
		return err
	}
	if err := m.NamedDiff(ctx, name, store.Tables()...); err != nil {
		return err
	}
	return number(path, name)
}

// timed is the name of a file that was just written: it begins with the time of day.
var timed = regexp.MustCompile(`^\d{14}_`)

// number gives the new file, if there is one, the next number, the same for both dialects, in place of the time of day.
func number(path, name string) error {
	files, err := filepath.Glob(filepath.Join(path, "*.sql"))
	if err != nil {
		return err
	}
	for _, f := range files {
		if !timed.MatchString(filepath.Base(f)) {
			continue
		}
		if err := os.Rename(f, filepath.Join(path, fmt.Sprintf("%05d_%s.sql", len(files), name))); err != nil {
			return err
		}
	}
	return sum(path)
}

func sum(path string) error {
	dir, err := sqltool.NewGooseDir(path)
	if err != nil {
		return err
	}
	digest, err := dir.Checksum()
	if err != nil {
		return err
	}
	return migrate.WriteSumFile(dir, digest)
}
