package auth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/viewer"
)

// answers is one answer of the sessions to everybody.
type answers struct{ err error }

func (a *answers) Viewer(_ context.Context, c auth.AccessClaims) (*viewer.Viewer, error) {
	if a.err != nil {
		return nil, a.err
	}
	return viewer.Person(c.TenantID, c.UserID, c.SessionID, viewer.Analyst), nil
}

// A credential counts as long as its token and its session do, each time it is asked.
func TestCredential(t *testing.T) {
	t.Parallel()
	k, now, away := newKeySet(t), noon, errors.New("the database is away")
	s := &answers{}
	tokens := auth.NewTokens(k.keys, func() time.Time { return now })
	token, expires, err := tokens.IssueAccess(accessClaims)
	if err != nil {
		t.Fatal(err)
	}
	a := auth.NewAuthenticator(tokens, s)
	c, v, err := a.Authenticate(t.Context(), "Bearer "+token)
	if err != nil || v.TenantID != accessClaims.TenantID || v.UserID != accessClaims.UserID || v.SessionID != accessClaims.SessionID {
		t.Fatalf("%+v, %v", v, err)
	}
	for _, test := range []struct {
		name string
		now  time.Time
		err  error
		want error
	}{
		{"at once", noon, nil, nil},
		{"its session has ended", noon, auth.ErrToken, auth.ErrToken},
		{"nobody knows", noon, away, away},
		{"until it expires", expires.Add(30*time.Second - 1), nil, nil},
		{"expired", expires.Add(30 * time.Second), nil, auth.ErrToken},
		{"expired, and nobody knows", expires.Add(30 * time.Second), away, auth.ErrToken},
	} {
		now, s.err = test.now, test.err
		got, err := c.Viewer(t.Context())
		if err != test.want || (got != nil) != (err == nil) {
			t.Errorf("%s: %+v, %v", test.name, got, err)
		}
	}
	if _, _, err := a.Authenticate(t.Context(), "Bearer "+token); err != auth.ErrToken {
		t.Errorf("an expired token: %v", err)
	}
}

func TestMiddlewarePassesTheCredentialOn(t *testing.T) {
	t.Parallel()
	k := newKeySet(t)
	token, _, err := k.tokens().IssueAccess(accessClaims)
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]bool{"": false, "Bearer " + token: true} {
		r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
		if header != "" {
			r.Header.Set("Authorization", header)
		}
		passed := false
		auth.Middleware(k.tokens(), &answers{}, nil)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			passed = true
			if got := auth.FromContext(r.Context()) != nil; got != want {
				t.Errorf("a credential: %v, want %v", got, want)
			}
		})).ServeHTTP(httptest.NewRecorder(), r)
		if !passed {
			t.Error("not passed on")
		}
	}
}
