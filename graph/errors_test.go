package graph_test

import (
	"bytes"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/go-sql-driver/mysql"

	"github.com/shopsight/shopsight/graph"
	"github.com/shopsight/shopsight/internal/fault"
)

func TestErrorsOfFields(t *testing.T) {
	t.Parallel()
	fails := func(err error) resolver {
		return func(context.Context, map[string]any) (any, error) { return nil, err }
	}
	late := fault.Errorf(fault.RateLimited, "too often")
	late.RetryAfter = 1500 * time.Millisecond
	for _, c := range []struct {
		name       string
		resolve    resolver
		message    string
		extensions map[string]any
		logged     bool
	}{
		{"invalid", fails(fault.Errorf(fault.Invalid, "first must be 1 to 100")), "first must be 1 to 100",
			map[string]any{"code": "BAD_USER_INPUT"}, false},
		{"with a field", fails(fmt.Errorf("read: %w", fault.Errorf(fault.Invalid, "ends before it starts").At("range", "to"))), "ends before it starts",
			map[string]any{"code": "BAD_USER_INPUT", "field": []any{"range", "to"}}, false},
		{"cursor", fails(fault.Errorf(fault.InvalidCursor, "of another list")), "of another list", map[string]any{"code": "INVALID_CURSOR"}, false},
		{"conflict", fails(fault.Errorf(fault.Conflict, "in use")), "in use", map[string]any{"code": "BAD_USER_INPUT"}, false},
		{"forbidden", fails(fault.Errorf(fault.Forbidden, "no")), "no", map[string]any{"code": "FORBIDDEN"}, false},
		{"unauthenticated", fails(fault.Errorf(fault.Unauthenticated, "who?")), "who?", map[string]any{"code": "UNAUTHENTICATED"}, false},
		{"too complex", fails(fault.Errorf(fault.TooComplex, "less")), "less", map[string]any{"code": "QUERY_TOO_COMPLEX"}, false},
		{"rate limited", fails(late), "too often", map[string]any{"code": "RATE_LIMITED", "retryAfter": 2.0}, false},
		{"timeout", fails(fault.Errorf(fault.Timeout, "slow filter")), "slow filter", map[string]any{"code": "TIMEOUT"}, false},
		{"ours", fails(errors.New("SELECT hunter2 FROM users")), "", map[string]any{"code": "INTERNAL", "requestId": "req-1"}, true},
		{"fault of ours", fails(fault.Errorf(fault.Internal, "hunter2")), "", map[string]any{"code": "INTERNAL", "requestId": "req-1"}, true},
		{"panic", func(context.Context, map[string]any) (any, error) { panic("hunter2") }, "",
			map[string]any{"code": "INTERNAL", "requestId": "req-1"}, true},
		{"Int beyond 32 bits", func(context.Context, map[string]any) (any, error) {
			return record{"orders": record{"value": 1 << 40}}, nil
		}, "", map[string]any{"code": "INTERNAL", "requestId": "req-1"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := shop()
			s.query["overview"] = c.resolve
			var log bytes.Buffer
			cl := client{t, graph.NewHandler(s, graph.Options{Log: slog.New(slog.NewJSONHandler(&log, nil))}), owner()}
			r := cl.ask(`{ tenant { name } o: overview { orders { value } } }`)
			if len(r.Errors) != 1 || !reflect.DeepEqual(r.Errors[0].Extensions, c.extensions) || r.Errors[0].Path[0] != "o" {
				t.Fatalf("errors %+v", r.Errors)
			}
			if c.message != "" && r.message() != c.message || strings.Contains(r.message(), "hunter2") {
				t.Errorf("message %q", r.message())
			}
			if len(r.Errors[0].Locations) == 0 && !strings.Contains(c.name, "panic") && !strings.Contains(c.name, "Int") {
				t.Error("no location")
			}
			if !strings.Contains(string(r.Data), `"tenant":{"name":"Acme"}`) {
				t.Errorf("the other fields: %s", r.Data)
			}
			if n := strings.Count(log.String(), "\n"); (n == 1) != c.logged || n > 1 {
				t.Errorf("%d lines: %s", n, &log)
			}
		})
	}
}

func TestErrorsOfDocuments(t *testing.T) {
	t.Parallel()
	const ordersOf = `query($n: Int, $s: [FinancialStatus!], $f: OrderFilter) {
		orders(first: $n, filter: $f) { totalCount } b: orders(filter: {financialStatus: $s}) { totalCount } }`
	for _, c := range []struct {
		name, query string
		variables   map[string]any
		code, want  string
		path        []any
	}{
		{"syntax", `{ tenant "hunter2" }`, nil, graph.CodeParseFailed, "found String", nil},
		{"a string at the top", `{ tenant { id } } "hunter2" 5`, nil, graph.CodeParseFailed, "", nil},
		{"a block string in a variable's place", `query($a: """hunter2""") { tenant { id } }`, nil, graph.CodeParseFailed, "", nil},
		{"a value in a type's place", `query A($a: Int = $hunter) @a(b: "hunter2" "hunter2") { tenant { id } }`, nil, graph.CodeParseFailed, "", nil},
		{"unknown field", `{ tenants }`, nil, graph.CodeValidationFailed, `Cannot query field "tenants" on type "Query".`, nil},
		{"unknown argument", `{ orders(frist: 1) { totalCount } }`, nil, graph.CodeValidationFailed, "Unknown argument", nil},
		{"unknown type", `{ ... on Ordre { id } }`, nil, graph.CodeValidationFailed, "Ordre", nil},
		{"literal of another type", `mutation { login(input: {email: "a", password: 123456}) { accessToken } }`, nil,
			graph.CodeValidationFailed, "String cannot represent a non string value.", nil},
		{"literal without quotes", `mutation { login(input: {email: "a", password: hunter2}) { accessToken } }`, nil,
			graph.CodeValidationFailed, "String cannot represent a non string value.", nil},
		{"enum as text", `{ orders(sort: {key: "hunter2"}) { totalCount } }`, nil, graph.CodeValidationFailed, "cannot represent non-enum value.", nil},
		{"unknown enum value", `{ orders(sort: {key: hunter2}) { totalCount } }`, nil, graph.CodeValidationFailed, "The value does not exist in", nil},
		{"unknown input field", `{ orders(sort: {kee: NAME}) { totalCount } }`, nil, graph.CodeValidationFailed, `"kee" is not defined`, nil},

		{"variable of another type", ordersOf, map[string]any{"n": "hunter2"}, graph.CodeBadUserInput, "", []any{"variable", "n"}},
		{"fraction", ordersOf, map[string]any{"n": 1.5}, graph.CodeBadUserInput, "cannot be used as Int", []any{"variable", "n"}},
		{"unknown enum variable", ordersOf, map[string]any{"s": []any{"PAID", "hunter2"}}, graph.CodeBadUserInput, "is not a valid FinancialStatus", []any{"variable", "s", 1.0}},
		{"enum in lower case", ordersOf, map[string]any{"s": []any{"paid"}}, graph.CodeBadUserInput, "is not a valid FinancialStatus", []any{"variable", "s", 0.0}},
		{"one enum for a list, in lower case", ordersOf, map[string]any{"s": "paid"}, graph.CodeBadUserInput, "is not a valid FinancialStatus", []any{"variable", "s", 0.0}},
		{"enum in an object", ordersOf, map[string]any{"f": map[string]any{"range": map[string]any{"preset": "today"}}}, graph.CodeBadUserInput,
			"is not a valid DateRangePreset", []any{"variable", "f", "range", "preset"}},
		{"unknown member", ordersOf, map[string]any{"f": map[string]any{"hunter3": 1}}, graph.CodeBadUserInput, "unknown field", []any{"variable", "f", "hunter3"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t, owner()).ask(c.query, c.variables)
			if r.code() != c.code || !strings.Contains(r.message(), c.want) || !reflect.DeepEqual(r.Errors[0].Path, c.path) {
				t.Fatalf("code %v, message %q, path %v", r.code(), r.message(), r.Errors)
			}
			for _, e := range r.Errors {
				if strings.Contains(e.Message, "hunter2") || strings.Contains(e.Message, "123456") || strings.Contains(e.Message, "Did you mean") {
					t.Errorf("message %q", e.Message)
				}
			}
		})
	}
}

func TestEveryErrorOfADocumentUpToTwenty(t *testing.T) {
	t.Parallel()
	c := setup(t, owner())
	if r := c.ask(`{ a b c }`); len(r.Errors) != 3 {
		t.Errorf("%d errors", len(r.Errors))
	}
	if r := c.ask("{ order(id: 1) {" + distinct(30) + "} }"); len(r.Errors) != 20 {
		t.Errorf("%d errors", len(r.Errors))
	}
}

// A connection keeps the deadline by a clock of its own, and may fail a moment before the context has ended. What fails in
// the same words long before the deadline is a fault of ours, which is logged.
func TestErrorsAtTheDeadline(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		err  error
	}{
		{"file deadline", fmt.Errorf("read the orders: %w", os.ErrDeadlineExceeded)},
		{"dial", &net.OpError{Op: "dial", Net: "tcp", Err: dialTimeout{}}},
		{"name lookup", &net.DNSError{Err: "i/o timeout", Name: "db", IsTimeout: true, UnwrapErr: context.DeadlineExceeded}},
		{"driver", fmt.Errorf("read the orders: %w", mysql.ErrInvalidConn)},
		{"bad connection", driver.ErrBadConn},
		{"interrupted statement", errors.New("interrupted (9)")},
		{"another deadline", fmt.Errorf("query: %w", context.DeadlineExceeded)},
		{"another's cancellation", context.Canceled},
	} {
		for left, want := range map[time.Duration]string{-time.Nanosecond: graph.CodeTimeout, time.Hour: graph.CodeInternal} {
			t.Run(fmt.Sprintf("%s, %v left", c.name, left), func(t *testing.T) {
				t.Parallel()
				s := shop()
				s.query["overview"] = resolver(func(context.Context, map[string]any) (any, error) { return nil, c.err })
				var log bytes.Buffer
				late := func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
					respond := next(ctx)
					return func(ctx context.Context) *graphql.Response { return respond(lagging{ctx, time.Now().Add(left)}) }
				}
				r := client{t, graph.NewHandler(s, graph.Options{Log: slog.New(slog.NewJSONHandler(&log, nil)),
					Around: []graphql.OperationMiddleware{late}}), owner()}.ask(`{ overview { currencyCode } }`)
				if r.code() != want || (log.Len() > 0) != (want == graph.CodeInternal) {
					t.Errorf("code %v, %s, want %s; logged: %s", r.code(), r.message(), want, &log)
				}
			})
		}
	}
}

// dialTimeout is the timeout of a dial, as package net has it.
type dialTimeout struct{}

func (dialTimeout) Error() string        { return "i/o timeout" }
func (dialTimeout) Timeout() bool        { return true }
func (dialTimeout) Is(target error) bool { return target == context.DeadlineExceeded }

// lagging is a context whose timer has not run yet.
type lagging struct {
	context.Context
	deadline time.Time
}

func (l lagging) Deadline() (time.Time, bool) { return l.deadline, true }
