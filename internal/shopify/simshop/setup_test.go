package simshop_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit"
)

var start = time.Date(2026, time.November, 23, 15, 4, 5, 678_000_000, time.UTC)

// clock is a store's clock that stands until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// setup makes a store with a clock that stands, and more points than any test spends unless it says otherwise.
func setup(t testing.TB, o simshop.Options) (*simshop.Shop, *clock) {
	t.Helper()
	c := &clock{at: start}
	o.Now = c.now
	if o.Bucket == (simshop.Bucket{}) {
		o.Bucket = simshop.Bucket{Max: 1e9, Restore: 1e9}
	}
	return simshop.New(o), c
}

// answer is what a store answers, decoded.
type answer struct {
	Data   any
	Errors []struct {
		Message    string
		Path       []any
		Extensions map[string]any
	}
	Extensions struct {
		Cost struct {
			RequestedQueryCost int
			ActualQueryCost    *int
			ThrottleStatus     struct{ MaximumAvailable, CurrentlyAvailable, RestoreRate float64 }
		}
		Search []any
	}
	text string
}

// post sends a document and returns the recorded response.
func post(t testing.TB, s *simshop.Shop, document, name string, vars map[string]any) *httptest.ResponseRecorder {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "operationName": name, "variables": vars})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/admin/api/2026-10/graphql.json", bytes.NewReader(body))
	r.Header.Set("X-Shopify-Access-Token", s.Token())
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func ask(t testing.TB, s *simshop.Shop, document string, vars map[string]any) answer {
	t.Helper()
	return decode(t, post(t, s, document, "", vars))
}

func decode(t testing.TB, w *httptest.ResponseRecorder) (a answer) {
	t.Helper()
	text, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if a.text = string(text); w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, text)
	}
	if err := json.Unmarshal(text, &a); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return a
}

// at takes a value out of decoded JSON by keys and indexes, nil where there is none.
func at(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

// same compares decoded JSON with a text of it.
func same(t *testing.T, what string, got any, want string) {
	t.Helper()
	var w any
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, w) {
		text, _ := json.Marshal(got)
		t.Errorf("%s:\n got %s\nwant %s", what, text, want)
	}
}

// shared reads a file of the facts beside the repository, and skips the test where they are not.
func shared(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "..", "shared", "shopify", name))
	if err != nil {
		t.Skip("the facts about Shopify are not here")
	}
	return string(text)
}

// official is the whole schema of the Admin API.
func official(t *testing.T) *ast.Schema {
	t.Helper()
	text := shared(t, "admin-2026-10.graphql")
	return parseOnce(text)
}

var once sync.Map

func parseOnce(text string) *ast.Schema {
	f, _ := once.LoadOrStore("official", sync.OnceValue(func() *ast.Schema {
		return gqlparser.MustLoadSchema(&ast.Source{Name: "official", Input: text})
	}))
	return f.(func() *ast.Schema)()
}

// operations are the documents of the client, by name.
func operations(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "internal", "shopify", "operations.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func gid(kind string, id int64) string { return fmt.Sprintf("gid://shopify/%s/%d", kind, id) }

// decoded takes a value out of an answer's text.
func decoded(t *testing.T, text string, path ...any) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return at(v, path...)
}
