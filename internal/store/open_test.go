package store_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		url  string
		kind fault.Kind
	}{
		{"", fault.Invalid},
		{"postgres://u:hunter2@127.0.0.1/db", fault.Invalid},
		{"/var/lib/shopsight.db", fault.Invalid},
		{"sqlite:", fault.Invalid},
		{"sqlite::memory:", fault.Invalid},
		{"mysql://u:hunter2@127.0.0.1:3306", fault.Invalid},
		{"mysql://u:hunter2@127.0.0.1:3306/", fault.Invalid},
		{"mysql://u:hunter2@127.0.0.1:3306/a/b", fault.Invalid},
		{"mysql:///db", fault.Invalid},
		{"mysql://u:hunter2@%zz/db", fault.Invalid},
		{"mysql://u:hunter2 @127.0.0.1:port/db", fault.Invalid},
		{"mysql://u:hunter2@127.0.0.1:3306/db?tls=maybe", fault.Invalid},
		{"mysql://u:hunter2@127.0.0.1:1/db", fault.Internal},
		{"sqlite:" + filepath.Join(t.TempDir(), "no", "such", "folder.db"), fault.Internal},
	} {
		t.Run(test.url, func(t *testing.T) {
			t.Parallel()
			s, err := store.Open(t.Context(), test.url, nil)
			if err == nil {
				s.Close()
				t.Fatal("opened")
			}
			if got := fault.KindOf(err); got != test.kind {
				t.Errorf("kind = %s, want %s: %v", got, test.kind, err)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the message holds the password: %v", err)
			}
		})
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ url, want string }{
		{"sqlite:./shopsight-data/shopsight.db", "sqlite:./shopsight-data/shopsight.db"},
		{"mysql://root@127.0.0.1:3306/db", "mysql://root@127.0.0.1:3306/db"},
		{"mysql://u:hunter2@db.example.com:3306/db?tls=true", "mysql://u:xxxxx@db.example.com:3306/db?tls=true"},
		{"mysql://u:hunter2%40@host/db", "mysql://u:xxxxx@host/db"},
		{"mysql://u:hunter2@%zz/db", "mysql:…"},
	} {
		if got := store.Redact(test.url); got != test.want {
			t.Errorf("Redact(%s) = %s, want %s", test.url, got, test.want)
		}
	}
}

// As replicas that start together do.
func TestMigrateByManyAtOnce(t *testing.T) {
	t.Parallel()
	testkit.EachURL(t, func(t *testing.T, url string) {
		var done [6]int
		g, ctx := errgroup.WithContext(t.Context())
		for i := range done {
			s := testkit.Open(t, url)
			g.Go(func() (err error) {
				done[i], err = s.Migrate(ctx)
				return err
			})
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		if slices.Max(done[:]) == 0 {
			t.Error("nobody took a step")
		}
		s := testkit.Open(t, url)
		if ok, err := s.Migrated(t.Context()); !ok || err != nil {
			t.Errorf("Migrated() = %v, %v", ok, err)
		}
		if n, err := s.Migrate(t.Context()); n != 0 || err != nil {
			t.Errorf("Migrate() again = %d, %v", n, err)
		}
	}, testkit.Empty())
}

func TestNewID(t *testing.T) {
	t.Parallel()
	s := testkit.SQLite(t)
	last := int64(0)
	for range 10000 {
		id := s.NewID()
		if id <= last {
			t.Fatalf("%d came after %d", id, last)
		}
		last = id
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		if v, err := s.Version(t.Context()); v == "" || err != nil {
			t.Errorf("Version() = %q, %v", v, err)
		}
	})
}

// What a transaction of accounts wrote is there when it succeeds, and is not when it fails.
func TestTx(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		owner, _ := testkit.Tenants(t, s)
		rename := func(name string, err error) error {
			return s.Tx(owner, func(tx *ent.Client) error {
				if e := tx.Tenant.UpdateOneID(viewer.FromContext(owner).TenantID).SetName(name).Exec(owner); e != nil {
					return e
				}
				return err
			})
		}
		if err := rename("kept", nil); err != nil {
			t.Fatal(err)
		}
		if err := rename("lost", context.Canceled); err != context.Canceled {
			t.Errorf("Tx returned %v", err)
		}
		if got := s.Client().Tenant.Query().OnlyX(owner).Name; got != "kept" {
			t.Errorf("the name is %q", got)
		}
	})
}
