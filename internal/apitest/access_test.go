package apitest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/membership"
	"github.com/shopsight/shopsight/internal/viewer"
)

// open are the root fields that work without a credential.
var open = []string{"signup", "login", "refresh", "viewer", "metricDefinitions"}

// scopes are what the roles hold, as the contract says.
var scopes = map[viewer.Role][]string{
	viewer.Owner:   {"READ_ANALYTICS", "READ_ORDERS", "READ_CUSTOMERS", "READ_CUSTOMER_PII", "READ_PRODUCTS", "WRITE_DATA", "ADMIN"},
	viewer.Admin:   {"READ_ANALYTICS", "READ_ORDERS", "READ_CUSTOMERS", "READ_CUSTOMER_PII", "READ_PRODUCTS", "WRITE_DATA", "ADMIN"},
	viewer.Analyst: {"READ_ANALYTICS", "READ_ORDERS", "READ_CUSTOMERS", "READ_CUSTOMER_PII", "READ_PRODUCTS"},
	viewer.Viewing: {"READ_ANALYTICS", "READ_ORDERS", "READ_PRODUCTS"},
}

// Every field of a root, those of a later day too, asks for a credential, but for the ones that are listed.
func TestWithoutCredential(t *testing.T) {
	t.Parallel()
	s := contract(t)
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		before := summary(t, p.Client)
		for _, root := range []struct {
			def  *ast.Definition
			word string
		}{{s.Query, "query "}, {s.Mutation, "mutation "}} {
			for _, f := range rootFields(root.def) {
				q := root.word + "{ " + call(s, f) + " }"
				a := say(w.Anonymous(), q)
				refused := strings.Join(verdict(a), " | ") == "UNAUTHENTICATED "+f.Name
				if a.Status != 200 || refused == slices.Contains(open, f.Name) {
					t.Errorf("%s: %d %s", q, a.Status, a.Body)
				}
				if !refused && strings.Contains(string(a.Body), "UNAUTHENTICATED") {
					t.Errorf("%s: %s", q, a.Body)
				}
				if refused && strings.Contains(string(a.Body), `"__typename"`) {
					t.Errorf("%s has data: %s", q, a.Body)
				}
			}
		}
		for q, want := range map[string]string{
			`{ __typename }`: "", `{ viewer { role } }`: "", `mutation { __typename }`: "",
			`{ __schema { types { name } } }`: "UNAUTHENTICATED __schema", `{ __type(name: "Order") { name } }`: "UNAUTHENTICATED __type",
			`{ viewer: tenant { slug } }`: "UNAUTHENTICATED viewer", `{ __typename: tenant { slug } }`: "GRAPHQL_VALIDATION_FAILED",
			`{ ...A } fragment A on Query { ... on Query { t: tenant { slug } } }`:                      "UNAUTHENTICATED t",
			`{ tenant @include(if: true) { slug } metricDefinitions { key } }`:                          "UNAUTHENTICATED tenant",
			`mutation { login(input: {email: "x", password: "x"}) { accessToken } logout { success } }`: "UNAUTHENTICATED logout",
		} {
			a := say(w.Anonymous(), q)
			if got := strings.Join(verdict(a), " | "); got != want && !(strings.HasPrefix(q, "{ __typename: ") && strings.HasPrefix(got, "UNAUTHENTICATED")) {
				t.Errorf("%s is refused as %q, want %q", q, got, want)
			}
		}
		if got := ask(t, w.Anonymous(), `{ viewer { role } }`); at(got, "viewer") != nil {
			t.Errorf("nobody is %v", got)
		}
		if after := summary(t, p.Client); after != before {
			t.Errorf("changed %s to %s", before, after)
		}
	})
}

// stock gives a tenant one of everything, and returns the ids by type.
func stock(t *testing.T, p *person, mark string) map[string]string {
	t.Helper()
	send(t, p, ingestProducts, object{"shopifyId": 1, "title": mark + " mug", "vendor": mark, "tags": []string{mark}})
	send(t, p, ingestCustomers, object{"shopifyId": 1, "firstName": mark, "lastName": "Lovelace", "email": mark + "@example.com", "phone": mark, "city": mark, "country": "DE"})
	send(t, p, ingestOrders, order(1, object{"customerShopifyId": 1, "name": mark + "1", "tags": []string{mark}, "discountCodes": []string{mark}, "channel": mark,
		"items":   []any{object{"shopifyId": 1, "productShopifyId": 1, "title": mark + " mug", "sku": mark + "-sku", "quantity": 2, "unitPrice": "10.00"}},
		"refunds": []any{object{"shopifyId": 1, "createdAt": "2026-11-02T10:00:00Z", "amount": "1.00", "note": mark}}}))
	got := ask(t, p.Client, `{ orders { nodes { id customer { id } items { id product { id } } refunds { id } } } tenant { id } viewer { user { id } } }`)
	ids := map[string]string{"Order": "orders.nodes.0.id", "Customer": "orders.nodes.0.customer.id", "OrderItem": "orders.nodes.0.items.0.id",
		"Product": "orders.nodes.0.items.0.product.id", "Refund": "orders.nodes.0.refunds.0.id", "Tenant": "tenant.id", "User": "viewer.user.id"}
	for kind, path := range ids {
		if ids[kind] = text(got, path); ids[kind] == "<nil>" {
			t.Fatalf("no %s: %v", kind, got)
		}
	}
	return ids
}

// Every role reads exactly the fields that the schema's scopes let it read, however deep they lie.
func TestRoles(t *testing.T) {
	t.Parallel()
	s := contract(t)
	each(t, func(t *testing.T, w *world) {
		owner := w.signUp(nil)
		ids := stock(t, owner, "Ada")
		for role, held := range scopes {
			p := owner
			if role != viewer.Owner {
				p = w.join(owner, role)
			}
			if got := ask(t, p.Client, `{ viewer { role scopes tenant { id } user { email } memberships { role } } }`); text(got, "viewer.role") != string(role) ||
				fmt.Sprint(at(got, "viewer.scopes")) != fmt.Sprint(held) || text(got, "viewer.user.email") != p.email {
				t.Errorf("%s is %v", role, got)
			}
			may := func(f *ast.FieldDefinition) bool {
				return !slices.ContainsFunc(scopesOf(s, f), func(scope string) bool { return !slices.Contains(held, scope) })
			}
			guarded := 0
			for name, way := range ways(t, s) {
				if way[0].field.Type.Name() == "Node" {
					continue
				}
				want, refused := "", false
				for i := range way {
					if way[i].field == nil {
						continue
					}
					way[i].text = strings.Replace(way[i].text, `(id: "x")`, `(id: "`+ids[way[i].field.Type.Name()]+`")`, 1)
					if !refused {
						want = strings.TrimPrefix(want+"."+way[i].field.Name, ".")
						refused = !may(way[i].field)
					}
				}
				if refused {
					want = "FORBIDDEN " + want
					guarded++
				} else {
					want = ""
				}
				a := say(p.Client, query(s, way))
				got := verdict(a)
				for i := range got {
					got[i] = position.ReplaceAllString(got[i], "")
				}
				slices.Sort(got)
				if got := strings.Join(slices.Compact(got), " | "); got != want {
					t.Errorf("%s, %s: refused as %q, want %q: %s\n%.300s", role, name, got, want, query(s, way), a.Body)
				}
			}
			if n := map[viewer.Role]int{viewer.Analyst: 1, viewer.Viewing: 10}[role]; guarded < n {
				t.Errorf("%s: only %d fields were refused", role, guarded)
			}
			before := summary(t, owner.Client)
			for _, f := range rootFields(s.Mutation) {
				if slices.Contains(open, f.Name) || f.Name == "logout" {
					continue
				}
				a := say(p.Client, "mutation { "+call(s, f)+" }")
				if refused := strings.Join(verdict(a), " | ") == "FORBIDDEN "+f.Name; refused == may(f) {
					t.Errorf("%s, %s: %s", role, f.Name, a.Body)
				}
			}
			if after := summary(t, owner.Client); after != before {
				t.Errorf("%s changed %s to %s", role, before, after)
			}
			nodes(t, p, held, ids)
		}
	})
}

// nodes holds that node and nodes ask for the scope of what they return, whatever is selected of it.
func nodes(t *testing.T, p *person, held []string, ids map[string]string) {
	t.Helper()
	needs := map[string]string{"Order": "READ_ORDERS", "OrderItem": "READ_ORDERS", "Product": "READ_PRODUCTS", "Customer": "READ_CUSTOMERS", "Tenant": ""}
	for kind, id := range ids {
		scope, isNode := needs[kind]
		allowed := isNode && (scope == "" || slices.Contains(held, scope))
		for _, selection := range []string{"__typename", "id", "... on Node { id }", "... on " + map[bool]string{true: kind, false: "Order"}[isNode] + " { __typename }"} {
			a := say(p.Client, `query($id: ID!) { node(id: $id) { `+selection+` } tenant { slug } }`, object{"id": id})
			want := ""
			if isNode && !allowed {
				want = "FORBIDDEN node"
			}
			data := decode(t, a.Data)
			if got := strings.Join(verdict(a), " | "); got != want || (at(data, "node") != nil) != allowed || text(data, "tenant.slug") == "<nil>" {
				t.Errorf("node of a %s: %s", kind, a.Body)
			}
		}
	}
	a := say(p.Client, `query($ids: [ID!]!) { nodes(ids: $ids) { __typename } tenant { slug } }`, object{"ids": []string{ids["Order"], ids["Customer"], "x", ids["Product"]}})
	want, customer := "", "Customer"
	if !slices.Contains(held, "READ_CUSTOMERS") {
		want, customer = "FORBIDDEN nodes.1", "<nil>"
	}
	if got, data := strings.Join(verdict(a), " | "), decode(t, a.Data); got != want || text(data, "tenant.slug") == "<nil>" ||
		fmt.Sprint(texts(data, "nodes", "__typename")) != "[Order "+customer+" <nil> Product]" {
		t.Errorf("nodes: %s", a.Body)
	}
}

// A field that is refused deep in a list says where, and the rest of the answer arrives.
func TestForbiddenInside(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		owner := w.signUp(nil)
		stock(t, owner, "Ada")
		send(t, owner, ingestOrders, order(2, object{"customerShopifyId": 1, "processedAt": "2026-11-03T10:00:00Z"}), order(3, object{"processedAt": "2026-10-01T10:00:00Z"}))
		p := w.join(owner, viewer.Viewing)
		for q, want := range map[string]string{
			`{ orders { nodes { name customer { displayName } } } }`:                                                     "FORBIDDEN orders.nodes.0.customer | FORBIDDEN orders.nodes.1.customer | FORBIDDEN orders.nodes.2.customer",
			`{ orders(first: 1) { edges { node { c: customer { id } items { product { title } } } } } }`:                 "FORBIDDEN orders.edges.0.node.c",
			`{ orders(first: 1) { ...A } } fragment A on OrderConnection { nodes { ... on Order { customer { id } } } }`: "FORBIDDEN orders.nodes.0.customer",
			`{ topCustomers { rank totalSales { amount } customer { __typename } } }`:                                    "FORBIDDEN topCustomers.0.customer",
			`{ tenant { name members { role } } }`:                                                                       "FORBIDDEN tenant.members",
			`{ viewer { tenant { members { role } } } }`:                                                                 "FORBIDDEN viewer.tenant.members",
			`{ customers { totalCount } }`:                                                                               "FORBIDDEN customers",
			`{ customers { pageInfo { hasNextPage } } }`:                                                                 "FORBIDDEN customers",
			`{ orders(first: 1) { nodes { customer @skip(if: true) { id } } } }`:                                         "",
		} {
			a := say(p.Client, q)
			got := verdict(a)
			slices.Sort(got)
			if got := strings.Join(got, " | "); got != want {
				t.Errorf("%s: refused as %q, want %q", q, got, want)
			}
			if strings.Contains(string(a.Body), "Lovelace") || want != "" && strings.Contains(string(a.Body), "Ada@") {
				t.Errorf("%s: %s", q, a.Body)
			}
		}
		a := say(p.Client, `{ orders { nodes { name customer { id } } } }`)
		if got := texts(decode(t, a.Data), "orders.nodes", "name"); fmt.Sprint(got) != "[#2 Ada1 #3]" {
			t.Errorf("names %v", got)
		}
		// Who a customer is cannot be asked by way of a search either.
		for _, word := range []string{"lovelace", "ada@example.com"} {
			q := fmt.Sprintf(`{ orders(filter: {search: %q}) { totalCount } }`, word)
			if n := text(ask(t, p.Client, q), "orders.totalCount"); n != "0" {
				t.Errorf("a viewer finds %s orders by %s", n, word)
			}
			if n := text(ask(t, owner.Client, q), "orders.totalCount"); n != "2" {
				t.Errorf("the owner finds %s orders by %s", n, word)
			}
		}
		// Signing in within a request gives no more than the role.
		a = say(w.Anonymous(), `mutation($in: LoginInput!) { login(input: $in) { viewer { role tenant { name members { role } } } } }`,
			object{"in": object{"email": p.email, "password": p.password}})
		if v := decode(t, a.Data); strings.Join(verdict(a), "") != "FORBIDDEN login.viewer.tenant.members" || at(v, "login.viewer.tenant.members") != nil {
			t.Errorf("%s", a.Body)
		}
		w.discreet(t, p, owner)
	})
}

// Access ends with the session, the membership or the role, within a second, whoever ends it.
func TestAccessEnds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		owner := w.signUp(nil)
		stock(t, owner, "Ada")
		lost := func(p *person) bool {
			t.Helper()
			a := say(p.Client, `{ tenant { slug } orders { totalCount } }`)
			if a.Status == 401 && strings.Join(verdict(a), "") != "UNAUTHENTICATED" {
				t.Errorf("%d %s", a.Status, a.Body)
			}
			return a.Status == 401
		}
		// Logout, at once.
		p := w.join(owner, viewer.Analyst)
		second := w.logIn(p.email, p.password)
		ask(t, p.Client, `mutation { logout { success userErrors { code } } }`)
		if !lost(p) || lost(second) {
			t.Error("logout ended the wrong session")
		}
		ask(t, second.Client, `mutation { logout(allSessions: true) { success } }`)
		if !lost(second) {
			t.Error("the session outlives logout")
		}
		if got := ask(t, w.Anonymous(), `mutation($t: String) { refresh(refreshToken: $t) { accessToken userErrors { code } } }`, object{"t": second.refresh}); text(got, "refresh.userErrors.0.code") != "INVALID_CREDENTIALS" {
			t.Errorf("refresh after logout: %v", got)
		}
		// A session that another process, or a hand in the database, ends.
		p = w.logIn(p.email, p.password)
		if lost(p) {
			t.Fatal("cannot log in again")
		}
		if err := w.Store.Tx(w.system, func(tx *ent.Client) error {
			return tx.Session.Update().SetRevokedAt(w.time()).Exec(w.system)
		}); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Second)
		if !lost(p) || !lost(owner) {
			t.Error("a revoked session is good for more than a second")
		}
		// A role that shrinks.
		p, owner = w.logIn(p.email, p.password), w.logIn(owner.email, owner.password)
		ask(t, p.Client, `{ customers { totalCount } }`)
		if err := w.Store.Tx(w.system, func(tx *ent.Client) error {
			return tx.Membership.Update().Where(membership.TenantID(owner.tenant), membership.UserID(p.user)).
				SetRole(string(viewer.Viewing)).Exec(w.system)
		}); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Second)
		if a := say(p.Client, `{ customers { totalCount } }`); strings.Join(verdict(a), "") != "FORBIDDEN customers" {
			t.Errorf("with less of a role: %s", a.Body)
		}
		// A membership that ends.
		if err := w.Store.Tx(w.system, func(tx *ent.Client) error {
			_, err := tx.Membership.Delete().Where(membership.TenantID(owner.tenant), membership.UserID(p.user)).Exec(w.system)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Second)
		if !lost(p) || lost(owner) {
			t.Error("a member who left still reads")
		}
		if got := ask(t, w.Anonymous(), `mutation($t: String) { refresh(refreshToken: $t) { accessToken userErrors { code } } }`, object{"t": p.refresh}); text(got, "refresh.userErrors.0.code") != "INVALID_CREDENTIALS" {
			t.Errorf("refresh after leaving: %v", got)
		}
		if again := w.logIn(p.email, p.password); again.tenant == owner.tenant {
			t.Error("a member who left logs in to the tenant")
		}
		w.discreet(t, p, owner)
	})
}
