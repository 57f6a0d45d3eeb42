package testkit

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/shopsight/shopsight/internal/store"
)

// SQLiteURL returns the URL of an empty migrated SQLite database that is removed after the test.
func SQLiteURL(tb testing.TB, opts ...Option) string {
	tb.Helper()
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	// Not TempDir: a test's own name may be too long for a file name, and a store may close after it was removed.
	dir, err := os.MkdirTemp("", "shopsight-test-")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "shopsight.db")
	if !o.empty {
		file, err := template()
		if err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, file, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return "sqlite:" + path
}

// template is the file of a migrated database without rows.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "shopsight-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	ctx := context.Background()
	s, err := store.Open(ctx, "sqlite:"+path, nil)
	if err != nil {
		return nil, err
	}
	_, err = s.Migrate(ctx)
	// The last connection that closes moves the write-ahead log into the file.
	if e := s.Close(); err == nil {
		err = e
	}
	if err != nil {
		return nil, fmt.Errorf("testkit: template: %w", err)
	}
	return os.ReadFile(path)
})

// openPlain opens a database by URL with the settings of package store that decide how values look.
func openPlain(databaseURL string) (*sql.DB, error) {
	if path, ok := strings.CutPrefix(databaseURL, "sqlite:"); ok {
		q := url.Values{
			"_pragma":      {"busy_timeout(10000)", "foreign_keys(1)"},
			"_time_format": {"sqlite"}, "_timezone": {"UTC"}, "_txlock": {"immediate"},
		}
		return sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	}
	u, err := url.Parse(databaseURL)
	if err != nil {
		return nil, err
	}
	return openServer(u, strings.TrimPrefix(u.Path, "/"))
}
