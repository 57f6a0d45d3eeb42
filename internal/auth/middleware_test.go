package auth_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/viewer"
)

// sessions answers by session id: 7 counts, 8 has ended, everything else cannot be asked.
type sessions struct{}

func (sessions) Viewer(_ context.Context, c auth.AccessClaims) (*viewer.Viewer, error) {
	switch c.SessionID {
	case 7:
		return viewer.Person(c.TenantID, c.UserID, c.SessionID, viewer.Analyst), nil
	case 8:
		return nil, fmt.Errorf("session 8: %w", fault.Errorf(fault.Unauthenticated, "the session has ended"))
	}
	return nil, errors.New("the database is away")
}

// serve runs one request through the middleware. It returns the response and who asked, if the request got that far.
func serve(t *testing.T, k keySet, r *http.Request) (res *http.Response, who *viewer.Viewer, passed bool) {
	t.Helper()
	fail := func(w http.ResponseWriter, _ *http.Request, err error) { http.Error(w, err.Error(), 599) }
	h := auth.Middleware(k.tokens(), sessions{}, fail)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		who, passed = viewer.FromContext(r.Context()), true
	}))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result(), who, passed
}

func TestMiddleware(t *testing.T) {
	t.Parallel()
	k := newKeySet(t)
	issue := func(session int64) string {
		token, _, err := k.tokens().IssueAccess(auth.AccessClaims{UserID: 5, TenantID: 3, SessionID: session})
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	good := issue(7)
	for name, c := range map[string]struct {
		header []string
		status int
		person bool
	}{
		"no header":              {nil, 200, false},
		"good":                   {[]string{"Bearer " + good}, 200, true},
		"scheme in lower case":   {[]string{"bearer " + good}, 200, true},
		"empty header":           {[]string{""}, 401, false},
		"scheme alone":           {[]string{"Bearer"}, 401, false},
		"no token":               {[]string{"Bearer "}, 401, false},
		"two spaces":             {[]string{"Bearer  " + good}, 401, false},
		"something after it":     {[]string{"Bearer " + good + " x"}, 401, false},
		"other scheme":           {[]string{"Basic ZGVtbzpkZW1v"}, 401, false},
		"no scheme":              {[]string{good}, 401, false},
		"two headers":            {[]string{"Bearer " + good, "Bearer " + good}, 401, false},
		"session has ended":      {[]string{"Bearer " + issue(8)}, 401, false},
		"sessions cannot answer": {[]string{"Bearer " + issue(9)}, 599, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
			if c.header != nil {
				r.Header["Authorization"] = c.header
			}
			res, who, passed := serve(t, k, r)
			if res.StatusCode != c.status || passed != (c.status == 200) {
				t.Fatalf("status %d, passed on: %v", res.StatusCode, passed)
			}
			if (who != nil) != c.person {
				t.Fatalf("viewer %+v", who)
			}
			if who != nil && (who.UserID != 5 || who.TenantID != 3 || who.SessionID != 7 || who.Role != viewer.Analyst) {
				t.Errorf("viewer %+v", who)
			}
		})
	}
}

func TestMiddlewareReadsNoTokenElsewhere(t *testing.T) {
	t.Parallel()
	k := newKeySet(t)
	token, _, err := k.tokens().IssueAccess(auth.AccessClaims{UserID: 5, TenantID: 3, SessionID: 7})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/graphql?access_token="+token, nil)
	r.AddCookie(&http.Cookie{Name: "access_token", Value: token})
	if _, who, passed := serve(t, k, r); !passed || who != nil {
		t.Errorf("passed on: %v, viewer %+v", passed, who)
	}
}

func TestEveryRefusalIsTheSame(t *testing.T) {
	t.Parallel()
	k := newKeySet(t)
	const want = `{"errors":[{"message":"the token is invalid or has expired","extensions":{"code":"UNAUTHENTICATED"}}]}`
	for name, token := range forgeries(t, k) {
		r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		auth.Middleware(k.tokens(), sessions{}, nil)(http.NotFoundHandler()).ServeHTTP(w, r)
		if w.Code != 401 || w.Body.String() != want+"\n" || !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		for header, value := range map[string]string{
			"WWW-Authenticate": `Bearer error="invalid_token"`,
			"Content-Type":     "application/json; charset=utf-8",
			"Cache-Control":    "no-store",
		} {
			if got := w.Header().Get(header); got != value {
				t.Errorf("%s: %s = %q", name, header, got)
			}
		}
	}
}

func TestRefusalSpeaksTheMediaTypeOfTheClient(t *testing.T) {
	t.Parallel()
	const graphQL, plain = "application/graphql-response+json; charset=utf-8", "application/json; charset=utf-8"
	k := newKeySet(t)
	for accept, want := range map[string]string{
		"":                                  plain,
		"*/*":                               plain,
		"application/json":                  plain,
		"application/graphql-response+json": graphQL,
		"application/graphql-response+json, application/json;q=0.9":                  graphQL,
		"application/json, application/graphql-response+json":                        plain,
		"application/json;q=0.5, application/graphql-response+json; charset=utf-8":   graphQL,
		"application/graphql-response+json;q=0, */*":                                 plain,
		"application/graphql-response+json;q=NaN, ;;, application/json; q=0.1, text": plain,
	} {
		r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
		r.Header.Set("Authorization", "Bearer x")
		if accept != "" {
			r.Header.Set("Accept", accept)
		}
		if res, _, _ := serve(t, k, r); res.Header.Get("Content-Type") != want {
			t.Errorf("Accept %q: %q, want %q", accept, res.Header.Get("Content-Type"), want)
		}
	}
}
