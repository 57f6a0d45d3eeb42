package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/shopsight/shopsight/internal/account"
	"github.com/shopsight/shopsight/internal/app"
	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/config"
	"github.com/shopsight/shopsight/internal/store"
)

// now is the clock of the service: stores that are kept stay as old as they were.
var now = time.Date(2026, time.June, 30, 15, 0, 0, 0, time.UTC)

func clock() time.Time { return now }

// service is the whole service on a database.
type service struct {
	*app.App
	db     *database
	tokens *auth.Tokens

	mu        sync.Mutex
	recording bool
	seen      []statement
}

// statement is one that the service ran.
type statement struct {
	text string
	args []any
}

func start(ctx context.Context, db *database, now func() time.Time, shopify string) (*service, error) {
	s := &service{db: db}
	cfg := config.Config{Database: config.Database{URL: db.url, Data: db.folder}, Addr: "127.0.0.1:0", Migrate: true, Shopify: shopify}
	var err error
	s.App, err = app.New(ctx, cfg, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})), app.Parts{
		Now: now, Observe: s.observe,
		Limits: account.Limits{LoginsPerAccount: -1, LoginsPerAddress: -1, SignupsPerAccount: -1, SignupsPerAddress: -1},
	})
	if err != nil {
		return nil, err
	}
	keys, err := readKeys(filepath.Join(db.folder, "keys.json"))
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.tokens = auth.NewTokens(keys, now)
	return s, nil
}

// readKeys returns the keys that the service has made.
func readKeys(path string) (*auth.Keys, error) {
	d, err := auth.KeyFile{Path: path, Private: true}.Read()
	if err != nil {
		return nil, err
	}
	return auth.NewKeys(d)
}

func (s *service) observe(ctx context.Context, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.recording {
		s.seen = append(s.seen, statement{text, store.Args(ctx)})
	}
}

// record returns the statements that f makes the service run.
func (s *service) record(f func()) []statement {
	s.mu.Lock()
	s.recording, s.seen = true, nil
	s.mu.Unlock()
	f()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recording = false
	return s.seen
}

// request is one that is sent many times.
type request struct {
	body  []byte
	token string
}

func newRequest(token, query string, variables map[string]any) (request, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	return request{body, token}, err
}

// send lets a handler answer, and returns the body of the answer.
func (r request) send(h http.Handler) ([]byte, error) {
	in := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(r.body))
	in.Header.Set("Content-Type", "application/json")
	if r.token != "" {
		in.Header.Set("Authorization", "Bearer "+r.token)
	}
	out := httptest.NewRecorder()
	h.ServeHTTP(out, in)
	if out.Code != http.StatusOK || bytes.HasPrefix(out.Body.Bytes(), []byte(`{"errors"`)) {
		return nil, fmt.Errorf("answered %d: %.500s", out.Code, out.Body.Bytes())
	}
	return out.Body.Bytes(), nil
}

// ask sends a query and decodes the data of the answer.
func (s *service) ask(token, query string, variables map[string]any, into any) error {
	r, err := newRequest(token, query, variables)
	if err != nil {
		return err
	}
	b, err := r.send(s.Handler)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, &struct{ Data any }{into})
}

// enter returns a token of the owner of the named store, which is made if it is missing.
func (s *service) enter(name string) (token string, tenant int64, err error) {
	email, password := name+"@example.com", "correct horse battery staple"
	var out struct{ Login, Signup struct{ AccessToken string } }
	if err := s.ask("", `mutation($in: LoginInput!) { login(input: $in) { accessToken } }`,
		map[string]any{"in": map[string]any{"email": email, "password": password}}, &out); err != nil {
		return "", 0, err
	}
	token = out.Login.AccessToken
	if token == "" {
		if err := s.ask("", `mutation($in: SignupInput!) { signup(input: $in) { accessToken userErrors { message } } }`,
			map[string]any{"in": map[string]any{"email": email, "password": password, "tenantName": name,
				"currencyCode": "USD", "timezone": "America/New_York"}}, &out); err != nil {
			return "", 0, err
		}
		token = out.Signup.AccessToken
	}
	claims, err := s.tokens.VerifyAccess(token)
	return token, claims.TenantID, err
}
