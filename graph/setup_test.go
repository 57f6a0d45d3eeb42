package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/shopsight/shopsight/graph"
	"github.com/shopsight/shopsight/internal/viewer"
)

// contract returns the schema as it is served.
var contract = sync.OnceValue(func() *ast.Schema {
	b, err := os.ReadFile("../schema.graphql")
	if err != nil {
		panic(err)
	}
	return gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphql", Input: string(b)})
})

// record is a value of an object type. A member is a value, another record, a list of records, or a function.
type record map[string]any

type resolver func(ctx context.Context, args map[string]any) (any, error)

// interpreter executes operations against the contract with records in memory. It stands for the generated code, whose
// hooks it calls in the same places, so that the edge can be tested by itself.
type interpreter struct{ query, mutation record }

func (interpreter) Schema() *ast.Schema { return contract() }

func (interpreter) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (in interpreter) Exec(ctx context.Context) graphql.ResponseHandler {
	oc := graphql.GetOperationContext(ctx)
	return func(ctx context.Context) *graphql.Response {
		root, name := in.query, "Query"
		if oc.Operation.Operation == ast.Mutation {
			root, name = in.mutation, "Mutation"
		}
		ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: name})
		var b bytes.Buffer
		in.object(ctx, oc.Operation.SelectionSet, name, root).MarshalGQL(&b)
		return &graphql.Response{Data: b.Bytes()}
	}
}

func (in interpreter) object(ctx context.Context, set ast.SelectionSet, typeName string, r record) graphql.Marshaler {
	oc := graphql.GetOperationContext(ctx)
	def := contract().Types[typeName]
	out := &orderedObject{}
	for _, f := range graphql.CollectFields(oc, set, append([]string{typeName}, def.Interfaces...)) {
		if f.Name == "__typename" {
			out.add(f.Alias, graphql.MarshalString(typeName))
			continue
		}
		out.add(f.Alias, in.field(graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: typeName, Field: f}), f, r))
	}
	return out
}

func (in interpreter) field(ctx context.Context, f graphql.CollectedField, r record) (out graphql.Marshaler) {
	oc := graphql.GetOperationContext(ctx)
	defer func() {
		if v := recover(); v != nil {
			oc.Error(ctx, oc.Recover(ctx, v))
			out = graphql.Null
		}
	}()
	v, err := oc.ResolverMiddleware(ctx, func(rctx context.Context) (any, error) {
		ctx = rctx
		if resolve, ok := r[f.Name].(resolver); ok {
			return resolve(ctx, f.ArgumentMap(oc.Variables))
		}
		return r[f.Name], nil
	})
	if err != nil {
		oc.Error(ctx, graphql.AddFieldLocationToError(ctx, err))
		return graphql.Null
	}
	return in.value(ctx, f, v)
}

func (in interpreter) value(ctx context.Context, f graphql.CollectedField, v any) graphql.Marshaler {
	switch v := v.(type) {
	case login:
		return in.value(ctx, f, v.record)
	case record:
		name := f.Definition.Type.Name()
		if n, ok := v["__typename"].(string); ok {
			name = n
		}
		return in.object(ctx, f.Selections, name, v)
	case []record:
		list := make(graphql.Array, len(v))
		for i := range v {
			list[i] = in.value(graphql.WithFieldContext(ctx, &graphql.FieldContext{Index: &i}), f, v[i])
		}
		return list
	case string:
		return graph.MarshalString(v)
	case int:
		return graph.MarshalInt(v)
	case nil:
		return graphql.Null
	}
	panic("value of an unknown type")
}

type orderedObject struct {
	names  []string
	values []graphql.Marshaler
}

func (o *orderedObject) add(name string, v graphql.Marshaler) {
	o.names, o.values = append(o.names, name), append(o.values, v)
}

func (o *orderedObject) MarshalGQL(w io.Writer) {
	_, _ = io.WriteString(w, "{")
	for i, n := range o.names {
		if i > 0 {
			_, _ = io.WriteString(w, ",")
		}
		graphql.MarshalString(n).MarshalGQL(w)
		_, _ = io.WriteString(w, ":")
		o.values[i].MarshalGQL(w)
	}
	_, _ = io.WriteString(w, "}")
}

// shop is a store with one of everything.
func shop() interpreter {
	customer := record{"id": "c1", "displayName": "Ada Lovelace"}
	order := record{"__typename": "Order", "id": "o1", "name": "#1001", "customer": customer}
	orders := record{"nodes": []record{order}, "totalCount": 1}
	customer["orders"] = orders
	tenant := record{
		"__typename": "Tenant", "id": "t1", "name": "Acme", "slug": "acme",
		"members": []record{{"role": "OWNER"}},
	}
	me := record{"role": "OWNER", "tenant": tenant}
	return interpreter{
		query: record{
			"viewer": resolver(func(ctx context.Context, _ map[string]any) (any, error) {
				if viewer.FromContext(ctx) == nil {
					return nil, nil
				}
				return me, nil
			}),
			"tenant": tenant,
			"node": resolver(func(ctx context.Context, args map[string]any) (any, error) {
				n := map[any]record{"order": order, "tenant": tenant}[args["id"]]
				if n == nil {
					return nil, nil
				}
				return n, graph.RequireType(ctx, n["__typename"].(string))
			}),
			"overview":          record{"currencyCode": "EUR", "orders": record{"value": 1}},
			"orders":            orders,
			"order":             order,
			"customers":         record{"nodes": []record{customer}, "totalCount": 1},
			"topCustomers":      []record{{"rank": 1, "customer": customer}},
			"metricDefinitions": []record{{"name": "Net sales"}},
			"__schema":          record{},
		},
		mutation: record{
			"login":        record{"accessToken": "secret", "viewer": me},
			"clearAllData": record{},
			"ingestOrders": record{"received": 1},
		},
	}
}

// response is what a client reads.
type response struct {
	Errors []struct {
		Message    string
		Path       []any
		Locations  []struct{ Line, Column int }
		Extensions map[string]any
	}
	Data       json.RawMessage
	Extensions json.RawMessage
}

// code returns the code of the first error.
func (r response) code() any {
	if len(r.Errors) == 0 {
		return nil
	}
	return r.Errors[0].Extensions["code"]
}

func (r response) message() string {
	if len(r.Errors) == 0 {
		return ""
	}
	return r.Errors[0].Message
}

// client asks a handler as one viewer.
type client struct {
	t      *testing.T
	h      http.Handler
	viewer *viewer.Viewer
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func setup(t *testing.T, v *viewer.Viewer) client {
	t.Helper()
	return client{t, graph.NewHandler(shop(), graph.Options{Log: quiet()}), v}
}

func (c client) do(r *http.Request) *httptest.ResponseRecorder {
	ctx := graph.WithRequestID(r.Context(), "req-1")
	if c.viewer != nil {
		ctx = viewer.NewContext(ctx, c.viewer)
	}
	w := httptest.NewRecorder()
	c.h.ServeHTTP(w, r.WithContext(ctx))
	return w
}

// ask sends a query by POST and reads the answer, which must be 200.
func (c client) ask(query string, variables ...any) response {
	c.t.Helper()
	body := map[string]any{"query": query}
	if len(variables) > 0 {
		body["variables"] = variables[0]
	}
	b, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(b))
	r.Header.Set("Content-Type", "application/json")
	w := c.do(r)
	if w.Code != http.StatusOK {
		c.t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return read(c.t, w)
}

func read(t *testing.T, w *httptest.ResponseRecorder) response {
	t.Helper()
	var r response
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		t.Fatalf("answer is not JSON: %v: %s", err, w.Body)
	}
	return r
}

func owner() *viewer.Viewer { return viewer.Person(1, 2, 3, viewer.Owner) }

func repeat(s string, n int) string { return strings.Repeat(s, n) }
