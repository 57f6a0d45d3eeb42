package account_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/session"
	"github.com/shopsight/shopsight/internal/account"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		f := setup(t, s)
		first := f.signup("ada@example.com", "A")
		p, err := f.login(" ADA@Example.com ", goodPassword)
		if err != nil || len(p.UserErrors) > 0 {
			t.Fatalf("%+v, %v", p, err)
		}
		if p.Viewer.UserID != first.Viewer.UserID || p.Viewer.TenantID != first.Viewer.TenantID || p.Viewer.Role != viewer.Owner {
			t.Errorf("viewer %+v, want that of %+v", p.Viewer, first.Viewer)
		}
		if p.Viewer.SessionID == first.Viewer.SessionID || !f.admits(p.AccessToken) || !f.admits(first.AccessToken) {
			t.Error("login opens a session beside the others")
		}
	})
}

// Nothing tells a wrong password from an unknown address.
func TestLoginRefusesAlike(t *testing.T) {
	t.Parallel()
	f := setup(t, testkit.SQLite(t))
	f.signup("ada@example.com", "A")
	want, err := f.login("ada@example.com", "not the password")
	if err != nil || told(want.UserErrors) != "- INVALID_CREDENTIALS" {
		t.Fatalf("%+v, %v", want, err)
	}
	for name, c := range map[string]struct{ email, password string }{
		"unknown address":         {"bob@example.com", goodPassword},
		"no address at all":       {"not an address", goodPassword},
		"empty address":           {"", ""},
		"endless address":         {strings.Repeat("x", 1<<20) + "@example.com", goodPassword},
		"empty password":          {"ada@example.com", ""},
		"endless password":        {"ada@example.com", strings.Repeat("x", 1<<20)},
		"right password and more": {"ada@example.com", goodPassword + strings.Repeat("\x00", 600)},
		"other case":              {"ada@example.com", strings.ToUpper(goodPassword)},
		"invalid UTF-8":           {"ada@example.com", "\xff\xfe"},
	} {
		if got, err := f.login(c.email, c.password); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestLoginOpensTheTenantUsedLast(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		f := setup(t, s)
		own := f.signup("ada@example.com", "Own").Viewer
		other := f.signup("bob@example.com", "Other").Viewer
		foreign := f.signup("eve@example.com", "Foreign").Viewer
		f.clock.move(time.Second)
		f.join(own.UserID, other.TenantID, viewer.Analyst)

		open := func(tenant int64) *account.AuthPayload {
			t.Helper()
			f.clock.move(time.Second)
			p, err := f.Login(t.Context(), account.LoginInput{Email: "ada@example.com", Password: goodPassword, TenantID: tenant}, device)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		for i, c := range []struct {
			ask, want int64
			role      viewer.Role
		}{
			{0, other.TenantID, viewer.Analyst}, // joined last
			{own.TenantID, own.TenantID, viewer.Owner},
			{0, own.TenantID, viewer.Owner},
			{other.TenantID, other.TenantID, viewer.Analyst},
			{0, other.TenantID, viewer.Analyst},
		} {
			if p := open(c.ask); len(p.UserErrors) > 0 || p.Viewer.TenantID != c.want || p.Viewer.Role != c.role {
				t.Errorf("%d: %+v", i, p)
			}
		}
		for name, id := range map[string]int64{"foreign": foreign.TenantID, "absent": 12345} {
			if p := open(id); told(p.UserErrors) != "tenantId NOT_FOUND" || p.Viewer != nil {
				t.Errorf("%s tenant: %+v", name, p)
			}
		}
	})
}

// join makes a person a member of a tenant.
func (f *fixture) join(userID, tenantID int64, role viewer.Role) {
	f.t.Helper()
	ctx := system(f.t)
	err := f.store.Tx(ctx, func(tx *ent.Client) error {
		return tx.Membership.Create().SetID(f.store.NewID()).SetTenantID(tenantID).SetUserID(userID).SetRole(string(role)).
			SetJoinedAt(f.clock.read()).SetLastUsedAt(f.clock.read()).Exec(ctx)
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

func TestLoginIsLimitedByAccount(t *testing.T) {
	t.Parallel()
	f := setup(t, testkit.SQLite(t))
	f.signup("ada@example.com", "A")
	for _, email := range []string{"ada@example.com", "nobody@example.com"} {
		for i := range 10 {
			if i == 5 && email == "ada@example.com" { // a right guess in between is not counted and clears nothing
				if p, err := f.login(email, goodPassword); err != nil || len(p.UserErrors) > 0 {
					t.Fatalf("%+v, %v", p, err)
				}
			}
			if _, err := f.login(email, fmt.Sprint("guess ", i)); err != nil {
				t.Fatalf("%s, guess %d: %v", email, i, err)
			}
		}
		f.clock.move(5 * time.Minute)
		for _, spelling := range []string{email, strings.ToUpper(email), " " + email} {
			_, err := f.login(spelling, goodPassword)
			var limited *fault.Error
			if !errors.As(err, &limited) || limited.Kind != fault.RateLimited || limited.RetryAfter != 10*time.Minute {
				t.Errorf("%q after ten guesses: %+v", spelling, err)
			}
		}
		f.clock.move(10*time.Minute - time.Second)
		if _, err := f.login(email, "x"); fault.KindOf(err) != fault.RateLimited {
			t.Errorf("a second too early: %v", err)
		}
		f.clock.move(time.Second)
	}
	if p, err := f.login("ada@example.com", goodPassword); err != nil || len(p.UserErrors) > 0 {
		t.Errorf("a window later: %+v, %v", p, err)
	}
}

func TestLoginLimitHoldsForParallelGuesses(t *testing.T) {
	t.Parallel()
	f := setup(t, testkit.SQLite(t))
	f.signup("ada@example.com", "A")
	var (
		wg             sync.WaitGroup
		mu             sync.Mutex
		looked, turned int
	)
	for i := range 40 {
		wg.Go(func() {
			_, err := f.login("ada@example.com", fmt.Sprint("guess ", i))
			mu.Lock()
			defer mu.Unlock()
			switch fault.KindOf(err) {
			case "":
				looked++
			case fault.RateLimited:
				turned++
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if looked != 10 || turned != 30 {
		t.Errorf("%d guesses were looked at, %d turned away", looked, turned)
	}
}

// Right passwords are not limited, however many come at once.
func TestLoginsOfOnePersonAtOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		f := setup(t, s)
		f.signup("ada@example.com", "A")
		var wg sync.WaitGroup
		for range 12 {
			wg.Go(func() {
				if p, err := f.login("ada@example.com", goodPassword); err != nil || len(p.UserErrors) > 0 {
					t.Errorf("%+v, %v", p, err)
				}
			})
		}
		wg.Wait()
	})
}

func TestLoginIsLimitedByAddress(t *testing.T) {
	t.Parallel()
	f := setup(t, testkit.SQLite(t), func(c *account.Config) { c.Limits.LoginsPerAddress = 3 })
	try := func(ip string) error {
		_, err := f.Login(t.Context(), account.LoginInput{Email: ip + "@example.com", Password: "x"}, account.Device{IP: netip.MustParseAddr(ip)})
		return err
	}
	for i, c := range []struct {
		ip      string
		limited bool
	}{
		{"203.0.113.1", false}, {"203.0.113.1", false}, {"::ffff:203.0.113.1", false}, {"203.0.113.1", true},
		{"203.0.113.2", false},
		{"2001:db8::1", false}, {"2001:db8::2", false}, {"2001:db8:0:0:f::3", false}, {"2001:db8::4", true},
		{"2001:db8:0:1::1", false},
		{"127.0.0.1", false}, {"127.0.0.1", false}, {"127.0.0.1", false}, {"127.0.0.1", false}, {"::1", false},
	} {
		if err := try(c.ip); (fault.KindOf(err) == fault.RateLimited) != c.limited {
			t.Errorf("%d, from %s: %v", i, c.ip, err)
		}
	}
}

func TestLoginRenewsAnOldHash(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		f := setup(t, s)
		id := f.signup("ada@example.com", "A").Viewer.UserID
		ctx := system(t)
		old, err := argon2id.CreateHash(goodPassword, &argon2id.Params{Memory: 8 << 10, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Tx(ctx, func(tx *ent.Client) error { return tx.User.UpdateOneID(id).SetPasswordHash(old).Exec(ctx) }); err != nil {
			t.Fatal(err)
		}
		hash := func() string {
			t.Helper()
			row, err := s.Client().User.Get(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			return row.PasswordHash
		}
		if _, err := f.login("ada@example.com", "wrong"); err != nil || hash() != old {
			t.Errorf("a wrong password changed the hash (%v)", err)
		}
		if p, err := f.login("ada@example.com", goodPassword); err != nil || len(p.UserErrors) > 0 {
			t.Fatalf("%+v, %v", p, err)
		}
		fresh := hash()
		if !strings.HasPrefix(fresh, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("hash %q", fresh)
		}
		if p, err := f.login("ada@example.com", goodPassword); err != nil || len(p.UserErrors) > 0 || hash() != fresh {
			t.Errorf("second login: %+v, %v", p, err)
		}
	})
}

func TestLoginDropsSessionsThatEndedLongAgo(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		f := setup(t, s)
		old := f.signup("ada@example.com", "A").Viewer
		f.clock.move(45 * 24 * time.Hour)
		for range 2 {
			if p, err := f.login("ada@example.com", goodPassword); err != nil || len(p.UserErrors) > 0 {
				t.Fatalf("%+v, %v", p, err)
			}
			f.clock.move(20 * 24 * time.Hour)
		}
		ids, err := s.Client().Session.Query().Where(session.UserID(old.UserID)).IDs(system(t))
		if err != nil || len(ids) != 2 || ids[0] == old.SessionID || ids[1] == old.SessionID {
			t.Errorf("sessions %v, %v", ids, err)
		}
	})
}

func TestLoginWaitsForATurnToHash(t *testing.T) {
	t.Parallel()
	f := setup(t, testkit.SQLite(t), func(c *account.Config) { c.Hashes = 1 })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Login(ctx, account.LoginInput{Email: "ada@example.com", Password: "x"}, device); !errors.Is(err, context.Canceled) {
		t.Errorf("a request that has gone away: %v", err)
	}
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			if _, err := f.login(fmt.Sprintf("p%d@example.com", i), "x"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
