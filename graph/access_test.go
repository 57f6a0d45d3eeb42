package graph_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/graph"
	"github.com/shopsight/shopsight/internal/viewer"
)

func TestAccess(t *testing.T) {
	t.Parallel()
	const (
		denied    = graph.CodeForbidden
		strangers = graph.CodeUnauthenticated
	)
	var (
		nobody  *viewer.Viewer
		visitor = viewer.Person(1, 2, 3, viewer.Viewing)
		analyst = viewer.Person(1, 2, 3, viewer.Analyst)
		job     = viewer.Tenant(1)
		orders  = &viewer.Viewer{TenantID: 1, UserID: 2, Scopes: []viewer.Scope{viewer.ReadOrders}}
		people  = &viewer.Viewer{TenantID: 1, UserID: 2, Scopes: []viewer.Scope{viewer.ReadCustomers}}
	)
	for _, c := range []struct {
		name   string
		viewer *viewer.Viewer
		query  string
		want   map[string]string // path and code
	}{
		{"open fields", nobody, `{ __typename viewer { role } metricDefinitions { name } }`, nil},
		{"open mutation", nobody, `mutation { login(input: {email: "a@b.c", password: "x"}) { accessToken } }`, nil},
		{"closed field", nobody, `{ tenant { name } }`, map[string]string{"tenant": strangers}},
		{"closed beside open", nobody, `{ viewer { role } overview { currencyCode } }`, map[string]string{"overview": strangers}},
		{"closed mutation", nobody, `mutation { logout { success } }`, map[string]string{"logout": strangers}},
		{"introspection", nobody, `{ __schema { types { name } } }`, map[string]string{"__schema": strangers}},
		{"introspection of a type", nobody, `{ viewer: __type(name: "Order") { name } }`, map[string]string{"viewer": strangers}},
		{"closed in a fragment", nobody, `{ ...A } fragment A on Query { ... { t: tenant { name } } }`, map[string]string{"t": strangers}},
		{"zero viewer", &viewer.Viewer{}, `{ tenant { name } }`, map[string]string{"tenant": strangers}},
		{"system", viewer.System("a test"), `{ tenant { name } }`, nil},

		{"owner", owner(), `{ overview { currencyCode } orders { nodes { customer { id } } } tenant { members { role } } __schema { types { name } } }`, nil},
		{"root field", visitor, `{ customers { nodes { id } } }`, map[string]string{"customers": denied}},
		{"beside allowed", visitor, `{ orders { nodes { id } } c: customer(id: 1) { id } }`, map[string]string{"c": denied}},
		{"field of a guarded type", visitor, `{ orders { nodes { name customer { id } } } }`, map[string]string{"orders.nodes.0.customer": denied}},
		{"in a shared fragment", visitor, `{ orders { nodes { ...O } } order(id: 1) { ...O } } fragment O on Order { customer { id } }`,
			map[string]string{"orders.nodes.0.customer": denied, "order.customer": denied}},
		{"in a list", visitor, `{ topCustomers { rank customer { id } } }`, map[string]string{"topCustomers.0.customer": denied}},
		{"guarded field", analyst, `{ tenant { name members { role } } }`, map[string]string{"tenant.members": denied}},
		{"another scope", orders, `{ overview { currencyCode } }`, map[string]string{"overview": denied}},
		{"page of a guarded type", people, `{ customers { nodes { orders { totalCount } } } }`, map[string]string{"customers.nodes.0.orders": denied}},
		{"excluded by a variable", visitor, `{ orders { nodes { customer @skip(if: true) { id } } } }`, nil},

		{"node", owner(), `{ node(id: "order") { id ... on Order { name } } }`, nil},
		{"node of a guarded type", people, `{ node(id: "order") { ... on Order { name } } }`, map[string]string{"node": denied}},
		{"node without its fields", people, `{ node(id: "order") { __typename } }`, map[string]string{"node": denied}},
		{"node of another type", people, `{ node(id: "tenant") { id ... on Order { name } ... on Tenant { name } } }`, nil},

		{"write", visitor, `mutation { ingestOrders(orders: []) { received } }`, map[string]string{"ingestOrders": denied}},
		{"person", owner(), `mutation { clearAllData(input: {confirmSlug: "x"}) { deleted { orders } } }`, nil},
		{"no person", job, `mutation { clearAllData(input: {confirmSlug: "x"}) { deleted { orders } } }`, map[string]string{"clearAllData": denied}},
		{"job may write", job, `mutation { ingestOrders(orders: []) { received } }`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := map[string]string{}
			r := setup(t, c.viewer).ask(c.query)
			for _, e := range r.Errors {
				var path []string
				for _, p := range e.Path {
					b, _ := json.Marshal(p)
					path = append(path, strings.Trim(string(b), `"`))
				}
				got[strings.Join(path, ".")] = e.Extensions["code"].(string)
			}
			if len(got) != len(c.want) {
				t.Fatalf("refused %v, want %v", got, c.want)
			}
			for path, code := range c.want {
				if got[path] != code {
					t.Errorf("%s: %s, want %s", path, got[path], code)
				}
			}
		})
	}
}

// login is a mutation whose payload signs somebody in.
type login struct{ record }

func (login) SignedIn() *viewer.Viewer { return viewer.Person(1, 2, 3, viewer.Analyst) }

func TestWhoSignsInReadsThePayload(t *testing.T) {
	t.Parallel()
	s := shop()
	s.mutation["login"] = resolver(func(ctx context.Context, _ map[string]any) (any, error) {
		if v := viewer.FromContext(ctx); v == nil || v.TenantID != 0 {
			t.Errorf("the mutation itself ran as %v", v)
		}
		tenant := record{
			"name":    "Acme",
			"members": []record{{"role": "OWNER"}},
			"slug": resolver(func(ctx context.Context, _ map[string]any) (any, error) {
				return string(viewer.FromContext(ctx).Role), nil
			}),
		}
		return login{record{"viewer": record{"tenant": tenant}}}, nil
	})
	c := client{t, graph.NewHandler(s, graph.Options{Log: quiet()}), nil}
	r := c.ask(`mutation { login(input: {email: "a@b.c", password: "x"}) { viewer { tenant { name slug members { role } } } } updateTenant(input: {}) { tenant { name } } }`)
	if want := `"slug":"ANALYST"`; !strings.Contains(string(r.Data), want) {
		t.Errorf("data %s", r.Data)
	}
	var codes []string
	for _, e := range r.Errors {
		codes = append(codes, e.Extensions["code"].(string))
	}
	slices.Sort(codes)
	if !slices.Equal(codes, []string{graph.CodeForbidden, graph.CodeUnauthenticated}) {
		t.Errorf("codes %v: %v", codes, r.Errors)
	}
}

func TestRequireTypeOutsideAnOperation(t *testing.T) {
	t.Parallel()
	if graph.RequireType(viewer.NewContext(t.Context(), owner()), "Order") == nil {
		t.Error("no error")
	}
}
