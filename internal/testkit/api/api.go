// Package api lets tests speak to the whole service through its one door, in the process and without a network: the
// handler that serves the world, on a database of testkit.
package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/account"
	"github.com/shopsight/shopsight/internal/app"
	"github.com/shopsight/shopsight/internal/config"
	"github.com/shopsight/shopsight/internal/store"
)

// Options changes the service under test.
type Options struct {
	// Now is the clock; the real one when nil.
	Now func() time.Time
	// Observe is told of every statement.
	Observe store.Observer
	// Shopify answers for every store; without it none is there.
	Shopify http.RoundTripper
	// App is the service's own Shopify app, and PublicURL where browsers reach the service.
	App       config.App
	PublicURL string
	// NATS is the URL of a NATS server; "" is one inside the service.
	NATS string
	// Data is the data folder, with the keys, when another service shares it.
	Data string
	// Log takes what the service logs; when nil, its errors are part of the test's output.
	Log io.Writer
}

// Service is a running service.
type Service struct {
	*app.App
	tb testing.TB
}

// Start starts the service on a migrated database (testkit.SQLiteURL, testkit.MySQLURL). It ends with the test.
func Start(tb testing.TB, databaseURL string, o Options) *Service {
	tb.Helper()
	// Without a log of its own, a test that fails shows what the service took for its own fault.
	level := slog.LevelInfo
	if o.Log == nil {
		o.Log, level = tb.Output(), slog.LevelError
	}
	if o.Data == "" {
		o.Data = tb.TempDir()
	}
	cfg := config.Config{Database: config.Database{URL: databaseURL, Data: o.Data}, Addr: "127.0.0.1:0", NATS: o.NATS,
		App: o.App, PublicURL: o.PublicURL}
	unlimited := account.Limits{LoginsPerAccount: -1, LoginsPerAddress: -1, SignupsPerAccount: -1, SignupsPerAddress: -1}
	a, err := app.New(tb.Context(), cfg, slog.New(slog.NewJSONHandler(o.Log, &slog.HandlerOptions{Level: level})), app.Parts{Now: o.Now, Observe: o.Observe, Limits: unlimited, Shopify: o.Shopify})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { a.Close() })
	return &Service{App: a, tb: tb}
}

// For returns the same service to another test, such as a subtest of the one that started it.
func (s *Service) For(tb testing.TB) *Service { return &Service{s.App, tb} }

// Error is one entry of an answer's errors.
type Error struct {
	Message    string         `json:"message"`
	Path       []any          `json:"path"`
	Extensions map[string]any `json:"extensions"`
}

// Code is the error's extensions.code.
func (e Error) Code() string { c, _ := e.Extensions["code"].(string); return c }

// Answer is what the service said.
type Answer struct {
	Status int
	Body   []byte
	Data   json.RawMessage `json:"data"`
	Errors []Error         `json:"errors"`
}

// Client asks with one credential.
type Client struct {
	*Service
	// Token is the access token; without one nobody asks.
	Token string
}

// Anonymous returns a client without a credential.
func (s *Service) Anonymous() *Client { return &Client{Service: s} }

var people atomic.Int64

// SignUp makes a tenant with the given settings and returns its owner's client.
func (s *Service) SignUp(currency, timezone, weekStartsOn string) *Client {
	s.tb.Helper()
	c := s.Anonymous()
	var out struct {
		Signup struct {
			AccessToken string
			UserErrors  []any
		}
	}
	n := people.Add(1)
	c.Must(`mutation($in: SignupInput!) { signup(input: $in) { accessToken userErrors { field message code } } }`, map[string]any{
		"in": map[string]any{"email": fmt.Sprintf("owner%d@example.com", n), "password": "correct horse battery " + fmt.Sprint(n),
			"tenantName": fmt.Sprintf("Store %d", n), "currencyCode": currency, "timezone": timezone}}, &out)
	if out.Signup.AccessToken == "" {
		s.tb.Fatalf("sign-up: %v", out.Signup.UserErrors)
	}
	c.Token = out.Signup.AccessToken
	if weekStartsOn != "" && weekStartsOn != "MONDAY" {
		c.Must(`mutation($in: UpdateTenantInput!) { updateTenant(input: $in) { userErrors { message } } }`,
			map[string]any{"in": map[string]any{"weekStartsOn": weekStartsOn}}, nil)
	}
	return c
}

// Do asks, and returns whatever the answer is.
func (c *Client) Do(query string, variables map[string]any) Answer {
	c.tb.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		c.tb.Fatal(err)
	}
	return c.Post(string(body), "application/json")
}

// Post sends a body as it is.
func (c *Client) Post(body, contentType string) Answer {
	c.tb.Helper()
	r := httptest.NewRequestWithContext(c.tb.Context(), http.MethodPost, "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	if c.Token != "" {
		r.Header.Set("Authorization", "Bearer "+c.Token)
	}
	w := httptest.NewRecorder()
	c.Handler.ServeHTTP(w, r)
	a := Answer{Status: w.Code, Body: w.Body.Bytes()}
	d := json.NewDecoder(bytes.NewReader(a.Body))
	d.UseNumber()
	if err := d.Decode(&a); err != nil {
		c.tb.Fatalf("answer is no JSON: %v: %.200s", err, a.Body)
	}
	return a
}

// Must asks, fails the test on any error of the answer, and decodes its data.
func (c *Client) Must(query string, variables map[string]any, into any) {
	c.tb.Helper()
	a := c.Do(query, variables)
	if len(a.Errors) > 0 {
		c.tb.Fatalf("%v\nin: %.500s", a.Errors, query)
	}
	if into != nil {
		if err := json.Unmarshal(a.Data, into); err != nil {
			c.tb.Fatal(err)
		}
	}
}
