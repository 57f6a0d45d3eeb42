package apitest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/viewer"
)

// nest returns a query so many levels deep, whose pages have one record.
func nest(levels int) string {
	fields := []string{"orders(first: 1) {", " nodes {", " customer {"}
	q := "{ "
	for i := range levels - 1 {
		q += fields[i%3]
	}
	return q + " __typename" + strings.Repeat(" }", levels)
}

// aliases returns n fields under other names.
func aliases(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " a%d: id", i)
	}
	return b.String()
}

// Each limit lets through what is at it, and refuses what is one beyond, before anything is read.
func TestLimits(t *testing.T) {
	t.Parallel()
	repeat := strings.Repeat
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		ids := stock(t, p, "Ada")
		one := func(body string) string { return `{ order(id: "` + ids["Order"] + `") {` + body + ` } }` }
		ask(t, p.Client, `{ __typename }`)
		for _, c := range []struct {
			name, query string
			refused     bool
		}{
			{"depth 12", nest(12), false},
			{"depth 13", nest(13), true},
			{"depth 12 in fragments", `{ ...A } fragment A on Query { orders(first: 1) { ...B } } fragment B on OrderConnection ` + strings.Replace(strings.TrimPrefix(nest(12), "{ orders(first: 1) "), " }", "", 1), false},
			{"depth 13 in fragments", `{ ...A } fragment A on Query { orders(first: 1) { ...B } } fragment B on OrderConnection ` + strings.Replace(strings.TrimPrefix(nest(13), "{ orders(first: 1) "), " }", "", 1), true},
			{"depth 13 in the operation that is not asked for", `query A { __typename } query B ` + nest(13), true},
			{"inline fragments are no level", one(repeat(" ... {", 30) + " id" + repeat(" }", 30)), false},
			{"15 aliases", one(aliases(15)), false},
			{"16 aliases", one(aliases(16)), true},
			{"16 aliases of __typename", "{" + strings.ReplaceAll(aliases(16), "id", "__typename") + " }", true},
			{"15 aliases by spreads", one(" ...A customer { orders(first: 1) { nodes { ...A ...A } } }") + " fragment A on Order {" + aliases(5) + " }", false},
			{"16 aliases by spreads", one(" ...A a: id customer { orders(first: 1) { nodes { ...A ...A } } }") + " fragment A on Order {" + aliases(5) + " }", true},
			{"20 root fields", "{" + repeat(" tenant { id }", 20) + " }", false},
			{"21 root fields", "{" + repeat(" tenant { id }", 21) + " }", true},
			{"20 root fields by spreads", "{ ...A ...A } fragment A on Query {" + repeat(" tenant { id }", 10) + " }", false},
			{"21 root fields by spreads", "{ ...A ... { ...A } __typename } fragment A on Query {" + repeat(" tenant { id }", 10) + " }", true},
			{"21 logins", "mutation {" + repeat(` login(input: {email: "x", password: "x"}) { accessToken }`, 21) + " }", true},
			{"2,000 tokens", one(repeat(" id", 1990)), false},
			{"2,001 tokens", one(repeat(" id", 1991)), true},
			{"records within reach", `{ customers(first: 99) { nodes { orders(first: 100) { nodes { id } } } } }`, false},
			{"a million records", `{ orders(first: 100) { nodes { customer { orders(first: 100) { nodes { customer { orders(first: 100) { nodes { id } } } } } } } } }`, true},
			{"5,000 fields by spreads", one(" ...A") + bomb(13, "...F%[2]d ...F%[2]d"), true},
			{"a bomb of 40 levels", one(" ...A") + bomb(40, "...F%[2]d ...F%[2]d"), true},
			{"introspection is deep", `{ __schema { types { fields { type {` + repeat(" ofType {", 14) + " name" + repeat(" }", 14) + ` } } } } }`, false},
			{"introspection by a fragment", `{ ...A } fragment A on Query { __type(name: "Order") {` + repeat(" ofType {", 14) + " name" + repeat(" }", 14) + ` } }`, false},
			{"what is only called __schema is not introspection", strings.Replace(nest(13), "orders", "__schema: orders", 1), true},
		} {
			var v []string
			statements := w.during(func() { v = verdict(say(p.Client, c.query)) })
			if c.refused && (strings.Join(v, "") != "QUERY_TOO_COMPLEX" || len(statements) > 0) || !c.refused && len(v) > 0 {
				t.Errorf("%s: %v, %d statements: %.300s", c.name, v, len(statements), c.query)
			}
			if !c.refused || strings.HasPrefix(c.name, "21 logins") {
				continue
			}
			// The limits hold for strangers as well, and tell them nothing else.
			if v := verdict(say(w.Anonymous(), c.query)); strings.Join(v, "") != "QUERY_TOO_COMPLEX" {
				t.Errorf("%s, asked by nobody: %v", c.name, v)
			}
		}
		if v := verdict(say(p.Client, `{ ...A } fragment A on Query { tenant { id } ...A }`)); strings.Join(v, "") != "GRAPHQL_VALIDATION_FAILED" {
			t.Errorf("a cycle: %v", v)
		}
		w.discreet(t, p)
	})
}

// bomb returns fragments A, F1, F2, ... each of which spreads the next one as body says.
func bomb(levels int, body string) string {
	var b strings.Builder
	b.WriteString(" fragment A on Order { ...F0 }")
	for i := range levels {
		fmt.Fprintf(&b, " fragment F%[1]d on Order { "+body+" }", i, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on Order { id }", levels)
	return b.String()
}

// A request that takes too long, here because somebody else holds the tenant, answers TIMEOUT and has done nothing.
func TestTimeout(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		until := func(ctx context.Context, body string) (int, any) {
			r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+p.Token)
			rec := httptest.NewRecorder()
			w.Handler.ServeHTTP(rec, r)
			return rec.Code, decode(t, rec.Body.Bytes())
		}
		const write = `{"query":"mutation { ingestCustomers(customers: [{shopifyId: 1}]) { created } }"}`
		held, release, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			done <- w.Store.Commerce(viewer.NewContext(t.Context(), viewer.Tenant(p.tenant)), func(*store.SQL) error {
				close(held)
				<-release
				return errors.New("nothing to write")
			})
		}()
		<-held
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		if status, v := until(ctx, write); status != 200 || text(v, "errors.0.extensions.code") != "TIMEOUT" || at(v, "data.ingestCustomers") != nil || at(v, "errors.0.extensions.requestId") != nil {
			t.Errorf("%d %v", status, v)
		}
		// Readers do not wait for the writer.
		if got := summary(t, p.Client); !strings.Contains(got, "customers:0") {
			t.Errorf("summary %s", got)
		}
		close(release)
		<-done
		if status, v := until(t.Context(), write); status != 200 || text(v, "data.ingestCustomers.created") != "1" {
			t.Errorf("afterwards: %d %v", status, v)
		}
		w.discreet(t, p)
	})
}
