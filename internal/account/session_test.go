package account_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/membership"
	"github.com/shopsight/shopsight/internal/account"
	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

const refused = "refreshToken INVALID_CREDENTIALS"

// refresh exchanges a token that must count.
func (f *fixture) refresh(token string) *account.AuthPayload {
	f.t.Helper()
	p, err := f.Refresh(f.t.Context(), token)
	if err != nil || len(p.UserErrors) > 0 {
		f.t.Fatalf("refresh: %+v, %v", p, err)
	}
	return p
}

// refuses tells how a refresh token that must not count is answered.
func (f *fixture) refuses(token string) string {
	f.t.Helper()
	p, err := f.Refresh(f.t.Context(), token)
	if err != nil || p.Viewer != nil || p.AccessToken != "" || p.RefreshToken != "" {
		f.t.Fatalf("refresh: %+v, %v", p, err)
	}
	return told(p.UserErrors)
}

func TestRefreshRotates(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		f := setup(t, s)
		p := f.signup("ada@example.com", "A")
		for range 5 {
			f.clock.move(20 * 24 * time.Hour / 5)
			next := f.refresh(p.RefreshToken)
			if *viewerOf(next) != *viewerOf(p) || next.RefreshToken == p.RefreshToken || !f.admits(next.AccessToken) {
				t.Fatalf("refreshed %+v from %+v", next, p)
			}
			p = next
		}
	})
}

// viewerOf leaves out what cannot be compared.
func viewerOf(p *account.AuthPayload) *struct{ tenant, user, session int64 } {
	return &struct{ tenant, user, session int64 }{p.Viewer.TenantID, p.Viewer.UserID, p.Viewer.SessionID}
}

// Whichever old generation is shown, and however late, the session ends with all its tokens; others go on.
func TestRefreshOfAUsedTokenEndsTheSession(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		for shown := range 3 {
			f := setup(t, s)
			email := string(rune('a'+shown)) + "@example.com"
			generations := []*account.AuthPayload{f.signup(email, "A")}
			for i := range 3 {
				generations = append(generations, f.refresh(generations[i].RefreshToken))
			}
			other, err := f.login(email, goodPassword)
			if err != nil {
				t.Fatal(err)
			}
			last := generations[3]
			if !f.admits(last.AccessToken) {
				t.Fatal("the session does not count before")
			}
			if got := f.refuses(generations[shown].RefreshToken); got != refused {
				t.Errorf("generation %d: %s", shown, got)
			}
			for i, g := range generations {
				if got := f.refuses(g.RefreshToken); got != refused {
					t.Errorf("generation %d after the end: %s", i, got)
				}
				if f.admits(g.AccessToken) {
					t.Errorf("access token %d outlives its session", i)
				}
			}
			if !f.admits(other.AccessToken) {
				t.Error("another session of the person ended too")
			}
			f.refresh(other.RefreshToken)
		}
	})
}

func TestRefreshByManyAtOnceHasOneWinner(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		for round := range 3 {
			f := setup(t, s)
			p := f.signup(string(rune('a'+round))+"@example.com", "A")
			var (
				wg      sync.WaitGroup
				mu      sync.Mutex
				answers = map[string]int{}
			)
			for range 20 {
				wg.Go(func() {
					p, err := f.Refresh(t.Context(), p.RefreshToken)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					defer mu.Unlock()
					answers[told(p.UserErrors)]++
				})
			}
			wg.Wait()
			if answers[""] != 1 || answers[refused] != 19 {
				t.Errorf("answers %v, want one winner", answers)
			}
		}
	})
}

func TestRefreshRefuses(t *testing.T) {
	t.Parallel()
	f := setup(t, testkit.SQLite(t))
	p := f.signup("ada@example.com", "A")
	bob := f.signup("bob@example.com", "B")
	issue := func(c auth.RefreshClaims) string {
		token, _, err := f.tokens.IssueRefresh(c)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	for name, c := range map[string]struct{ token, want string }{
		"nothing":                 {"", "refreshToken REQUIRED"},
		"no token":                {"x", refused},
		"an access token":         {p.AccessToken, refused},
		"an unknown session":      {issue(auth.RefreshClaims{UserID: p.Viewer.UserID, SessionID: 99, Generation: 1}), refused},
		"somebody else's session": {issue(auth.RefreshClaims{UserID: bob.Viewer.UserID, SessionID: p.Viewer.SessionID, Generation: 1}), refused},
		"a generation to come":    {issue(auth.RefreshClaims{UserID: p.Viewer.UserID, SessionID: p.Viewer.SessionID, Generation: 2}), refused},
	} {
		if got := f.refuses(c.token); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if !f.admits(p.AccessToken) {
		t.Error("the session ended")
	}
	f.refresh(p.RefreshToken)
}

// A session that rests for 30 days is over, and so is one of 90 days however busy.
func TestSessionsAge(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	f := setup(t, testkit.SQLite(t))
	idle, busy := f.signup("idle@example.com", "A"), f.signup("busy@example.com", "B")
	f.clock.move(30*day - time.Second)
	busy = f.refresh(busy.RefreshToken)
	f.clock.move(2 * time.Second)
	if got := f.refuses(idle.RefreshToken); got != refused {
		t.Errorf("idle: %s", got)
	}
	for range 2 {
		f.clock.move(29 * day)
		busy = f.refresh(busy.RefreshToken)
	}
	f.clock.move(2*day - 2*time.Second) // 90 days less a second
	busy = f.refresh(busy.RefreshToken)
	if !f.admits(busy.AccessToken) {
		t.Error("the session ended early")
	}
	f.clock.move(time.Second)
	if f.admits(busy.AccessToken) {
		t.Error("an access token outlives the session's 90 days")
	}
	if got := f.refuses(busy.RefreshToken); got != refused {
		t.Errorf("after 90 days: %s", got)
	}
}

func TestLogout(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		f := setup(t, s)
		a := f.signup("ada@example.com", "A")
		b, err := f.login("ada@example.com", goodPassword)
		if err != nil {
			t.Fatal(err)
		}
		c, err := f.login("ada@example.com", goodPassword)
		if err != nil {
			t.Fatal(err)
		}
		bob := f.signup("bob@example.com", "B")
		counts := func(want ...bool) {
			t.Helper()
			for i, p := range []*account.AuthPayload{a, b, c, bob} {
				if f.admits(p.AccessToken) != want[i] {
					t.Errorf("session %d counts: %v", i, !want[i])
				}
			}
		}
		counts(true, true, true, true)
		if p, err := f.Logout(f.as(a), false); err != nil || !p.Success {
			t.Fatalf("%+v, %v", p, err)
		}
		counts(false, true, true, true)
		if got := f.refuses(a.RefreshToken); got != refused {
			t.Errorf("refresh after logout: %s", got)
		}
		if p, err := f.Logout(f.as(b), true); err != nil || !p.Success {
			t.Fatalf("%+v, %v", p, err)
		}
		counts(false, false, false, true)
		if got := f.refuses(c.RefreshToken); got != refused {
			t.Errorf("refresh after logout everywhere: %s", got)
		}
		if _, err := f.Logout(t.Context(), true); fault.KindOf(err) != fault.Unauthenticated {
			t.Errorf("logout of nobody: %v", err)
		}
		counts(false, false, false, true)
	})
}

// What another process changes is noticed within a second, in both directions.
func TestChangesElsewhereAreNoticed(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		f := setup(t, s)
		owner := f.signup("ada@example.com", "A").Viewer
		p := f.signup("bob@example.com", "B")
		f.join(p.Viewer.UserID, owner.TenantID, viewer.Analyst)
		p, err := f.Login(t.Context(), account.LoginInput{Email: "bob@example.com", Password: goodPassword, TenantID: owner.TenantID}, device)
		if err != nil {
			t.Fatal(err)
		}
		claims := auth.AccessClaims{UserID: p.Viewer.UserID, TenantID: p.Viewer.TenantID, SessionID: p.Viewer.SessionID}
		role := func() viewer.Role {
			t.Helper()
			v, err := f.Viewer(t.Context(), claims)
			if err == auth.ErrToken {
				return ""
			}
			if err != nil {
				t.Fatal(err)
			}
			if v.UserID != claims.UserID || v.TenantID != claims.TenantID || v.SessionID != claims.SessionID {
				t.Fatalf("viewer %+v", v)
			}
			return v.Role
		}
		ctx := system(t)
		change := func(fn func(tx *ent.Client) error) {
			t.Helper()
			if err := s.Tx(ctx, fn); err != nil {
				t.Fatal(err)
			}
			f.clock.move(time.Second)
		}
		own := membership.And(membership.UserID(claims.UserID), membership.TenantID(claims.TenantID))
		if got := role(); got != viewer.Analyst {
			t.Fatalf("role %q", got)
		}
		change(func(tx *ent.Client) error { return tx.Membership.Update().Where(own).SetRole("VIEWER").Exec(ctx) })
		if got := role(); got != viewer.Viewing {
			t.Errorf("after the change: role %q", got)
		}
		change(func(tx *ent.Client) error {
			return tx.Session.UpdateOneID(claims.SessionID).SetRevokedAt(f.clock.read()).Exec(ctx)
		})
		if got := role(); got != "" {
			t.Errorf("after the end of the session: role %q", got)
		}
		change(func(tx *ent.Client) error { return tx.Session.UpdateOneID(claims.SessionID).ClearRevokedAt().Exec(ctx) })
		if got := role(); got != viewer.Viewing {
			t.Errorf("after its return: role %q", got)
		}
		change(func(tx *ent.Client) error {
			_, err := tx.Membership.Delete().Where(own).Exec(ctx)
			return err
		})
		if got := role(); got != "" {
			t.Errorf("after the end of the membership: role %q", got)
		}
		if got := f.refuses(p.RefreshToken); got != refused {
			t.Errorf("refresh after the end of the membership: %s", got)
		}
	})
}

// Claims that do not fit together are no session, even when each of them is somebody's.
func TestViewerTakesNoMixedClaims(t *testing.T) {
	t.Parallel()
	f := setup(t, testkit.SQLite(t))
	a, b := f.signup("ada@example.com", "A").Viewer, f.signup("bob@example.com", "B").Viewer
	for range 2 { // the second time from memory
		for _, c := range []auth.AccessClaims{
			{UserID: a.UserID, TenantID: b.TenantID, SessionID: a.SessionID},
			{UserID: a.UserID, TenantID: a.TenantID, SessionID: b.SessionID},
			{UserID: b.UserID, TenantID: a.TenantID, SessionID: a.SessionID},
			{UserID: a.UserID, TenantID: a.TenantID, SessionID: 77},
		} {
			if v, err := f.Viewer(t.Context(), c); v != nil || err != auth.ErrToken {
				t.Errorf("%+v: %+v, %v", c, v, err)
			}
		}
		if v, err := f.Viewer(t.Context(), auth.AccessClaims{UserID: a.UserID, TenantID: a.TenantID, SessionID: a.SessionID}); err != nil || v.Role != viewer.Owner {
			t.Errorf("%+v, %v", v, err)
		}
	}
}

// A busy session is read from the database a few times a second, not at each request.
func TestViewerIsRemembered(t *testing.T) {
	t.Parallel()
	var (
		mu sync.Mutex
		n  int
	)
	f := setup(t, testkit.SQLite(t, testkit.Observe(func(context.Context, string) {
		mu.Lock()
		defer mu.Unlock()
		n++
	})))
	p := f.signup("ada@example.com", "A")
	mu.Lock()
	n = 0
	mu.Unlock()
	for range 100 {
		if !f.admits(p.AccessToken) {
			t.Fatal("the session does not count")
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if n != 1 {
		t.Errorf("%d statements for 100 requests, want 1", n)
	}
}

// While sessions are being read, a logout takes effect at once all the same.
func TestLogoutIsNeverForgotten(t *testing.T) {
	t.Parallel()
	f := setup(t, testkit.SQLite(t))
	p := f.signup("ada@example.com", "A")
	claims := auth.AccessClaims{UserID: p.Viewer.UserID, TenantID: p.Viewer.TenantID, SessionID: p.Viewer.SessionID}
	var (
		wg   sync.WaitGroup
		done = make(chan struct{})
	)
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					if _, err := f.Viewer(t.Context(), claims); err != nil && err != auth.ErrToken {
						t.Error(err)
						return
					}
					f.clock.move(time.Millisecond)
				}
			}
		})
	}
	if _, err := f.Logout(f.as(p), false); err != nil {
		t.Error(err)
	}
	for range 20 {
		if _, err := f.Viewer(t.Context(), claims); err != auth.ErrToken {
			t.Errorf("after logout: %v", err)
		}
	}
	close(done)
	wg.Wait()
}
