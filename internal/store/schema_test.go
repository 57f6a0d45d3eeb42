package store_test

import (
	"bytes"
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/sqltool"
	entsql "entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/schema"

	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
)

// drift returns the statements that lead from a database to the tables of package store.
func drift(t *testing.T, dialect string, db *sql.DB) string {
	t.Helper()
	var statements bytes.Buffer
	driver := &schema.WriteDriver{Driver: entsql.OpenDB(dialect, db), Writer: &statements}
	m, err := schema.NewMigrate(driver, schema.WithForeignKeys(true), schema.WithDropColumn(true), schema.WithDropIndex(true))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Create(t.Context(), store.Tables()...); err != nil {
		t.Fatal(err)
	}
	return statements.String()
}

// Not parallel: ent completes the descriptions of the tables, which other tests read.
func TestMigrationsMakeTheTables(t *testing.T) {
	for _, open := range []func(testing.TB, ...testkit.Option) *store.Store{testkit.SQLite, testkit.MySQL} {
		s := open(t, testkit.Fresh())
		db := testkit.DB(t, s)
		if got := drift(t, s.Dialect(), db); got != "" {
			t.Fatalf("%s: the migrations lack these statements: make migration NAME=...\n%s", s.Dialect(), got)
		}
		for _, damage := range []string{
			"ALTER TABLE tombstones DROP COLUMN deleted_at",
			"ALTER TABLE tombstones ADD COLUMN deleted_at varchar(10) NOT NULL DEFAULT ''",
			"DROP TABLE customer_gaps",
		} {
			if _, err := db.ExecContext(t.Context(), damage); err != nil {
				t.Fatal(err)
			}
			if drift(t, s.Dialect(), db) == "" {
				t.Errorf("%s: no difference was seen after %s", s.Dialect(), damage)
			}
		}
	}
}

// Both dialects take the same steps, and none was changed after it was made.
func TestMigrationFiles(t *testing.T) {
	t.Parallel()
	var steps [2][]string
	for i, dialect := range []string{"sqlite", "mysql"} {
		path := filepath.Join(testkit.Root(t), "internal/store/migrations", dialect)
		dir, err := sqltool.NewGooseDir(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := migrate.Validate(dir); err != nil {
			t.Errorf("%s: %v", dialect, err)
		}
		if steps[i], err = fs.Glob(os.DirFS(path), "*.sql"); err != nil || len(steps[i]) == 0 {
			t.Errorf("%s: no migrations: %v", dialect, err)
		}
	}
	if !slices.Equal(steps[0], steps[1]) {
		t.Errorf("SQLite has the steps %v, MySQL %v", steps[0], steps[1])
	}
}

// everybodys are the tables that are no tenant's own.
var everybodys = []string{"tenants", "users"}

// shared are the columns that are unique across tenants, since they name something outside: rows with one of them are
// never written by an upsert, which would change another tenant's row on a server of the MySQL family.
var shared = []string{"stores.held_domain"}

// The database keeps tenants apart by itself only when every key of a tenant's table says whose row it is.
func TestTenantSchema(t *testing.T) {
	t.Parallel()
	for _, table := range store.Tables() {
		if !table.HasColumn("tenant_id") {
			if !slices.Contains(everybodys, table.Name) {
				t.Errorf("%s has no tenant_id", table.Name)
			}
			continue
		}
		for _, c := range table.Columns {
			if c.Name == "tenant_id" && c.Nullable {
				t.Errorf("%s.tenant_id may be null", table.Name)
			}
			if c.Unique && c.Name != "id" && c.Name != "tenant_id" && !slices.Contains(shared, table.Name+"."+c.Name) {
				t.Errorf("%s.%s is unique across tenants", table.Name, c.Name)
			}
		}
		if key := names(table.PrimaryKey); key[0] != "tenant_id" && !slices.Equal(key, []string{"id"}) {
			t.Errorf("%s: the primary key (%s) does not begin with tenant_id", table.Name, strings.Join(key, ", "))
		}
		for _, index := range table.Indexes {
			if index.Unique && index.Columns[0].Name != "tenant_id" {
				t.Errorf("%s: the unique index (%s) does not begin with tenant_id", table.Name, strings.Join(names(index.Columns), ", "))
			}
		}
		for _, key := range table.ForeignKeys {
			if !key.RefTable.HasColumn("tenant_id") {
				continue
			}
			if key.Columns[0].Name != "tenant_id" || key.RefColumns[0].Name != "tenant_id" {
				t.Errorf("%s: the reference (%s) to %s does not begin with tenant_id",
					table.Name, strings.Join(names(key.Columns), ", "), key.RefTable.Name)
			}
			if key.OnDelete == schema.SetNull {
				t.Errorf("%s: deleting from %s would set tenant_id to null", table.Name, key.RefTable.Name)
			}
		}
	}
}

func names(columns []*schema.Column) (all []string) {
	for _, c := range columns {
		all = append(all, c.Name)
	}
	return all
}
