package cost_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/cost"
	"github.com/shopsight/shopsight/internal/testkit"
)

func load(t *testing.T, name, schema string) *ast.Schema {
	t.Helper()
	s, err := gqlparser.LoadSchema(&ast.Source{Name: name, Input: schema})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func parse(t *testing.T, schema *ast.Schema, document string) *ast.QueryDocument {
	t.Helper()
	doc, errs := gqlparser.LoadQuery(schema, document)
	if errs != nil {
		t.Fatal(errs)
	}
	return doc
}

func TestPage(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{-1: 1, 0: 1, 1: 1, 2: 1, 5: 3, 10: 4, 25: 6, 50: 7, 100: 9, 250: 11} {
		if got := cost.Page(n); got != want {
			t.Errorf("Page(%d) = %d, want %d", n, got, want)
		}
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	schema := load(t, "slice", shopify.AdminSchema)
	for _, test := range []struct {
		document string
		vars     map[string]any
		want     int
	}{
		{`{shop{id name currencyCode}}`, nil, 1},
		{`{shop{id} again: shop{name} shop{name}}`, nil, 2},
		{`{shop @skip(if: true){id} currentAppInstallation @include(if: false){id}}`, nil, 0},
		{`query($no: Boolean!){shop @include(if: $no){id}}`, map[string]any{"no": true}, 1},
		{`{currentAppInstallation{accessScopes{handle}}}`, nil, 2},
		{`{ordersCount{count} productsCount{count precision}}`, nil, 20},
		{`{orders(first:250){pageInfo{hasNextPage}}}`, nil, 2},
		{`{orders(first:250){nodes{id}}}`, nil, 13},
		{`{orders(first:250){nodes{totalTaxSet{shopMoney{amount}}}}}`, nil, 13},
		{`{orders(first:250){nodes{id refunds{id}}}}`, nil, 24},
		{`{order(id:1){agreements(first:10){edges{cursor node{id}}}}}`, nil, 7},
		{`query($n:Int=10){orders(first:$n){nodes{id}}}`, nil, 6},
		{`query($n:Int=10){orders(first:$n){nodes{id}}}`, map[string]any{"n": 50}, 9},
		{`query($n:Int=10){orders(first:$n){nodes{id}}}`, map[string]any{"n": json.Number("100")}, 11},
		{`query($n:Int=10){orders(first:$n){nodes{id}}}`, map[string]any{"n": 250.0}, 13},
		{`query($ids:[ID!]!){nodes(ids:$ids){id ... on Order{customer{id}}}}`, map[string]any{"ids": []string{"a", "b", "c"}}, 6},
		{`query($ids:[ID!]!){nodes(ids:$ids){id ... on Order{customer{id}}}}`, map[string]any{"ids": []any{"a"}}, 2},
		// Of several types the dearest counts: a refund's agreement here.
		{`{order(id:1){agreements(first:1){nodes{id ... on RefundAgreement{refund{id}} ... on OrderAgreement{id}}}}}`, nil, 5},
	} {
		doc := parse(t, schema, test.document)
		if got := cost.Of(schema, doc.Operations[0], test.vars); got != test.want {
			t.Errorf("%s with %v costs %d, want %d", test.document, test.vars, got, test.want)
		}
	}
}

// What a real store asked for documents that need more of the schema than the project's slice of it.
func TestMeasured(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(testkit.Root(t), "..", "shared", "shopify")
	official, err := os.ReadFile(filepath.Join(folder, "admin-2026-10.graphql"))
	if err != nil {
		t.Skip("the official schema is not here")
	}
	documents, err := os.ReadFile(filepath.Join(folder, "operations.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	schema := load(t, "official", string(official))
	doc := parse(t, schema, string(documents))
	for _, test := range []struct {
		name string
		vars map[string]any
		want int
	}{
		{"OrdersPage", map[string]any{"first": 50, "lineItemsFirst": 25}, 268},
		{"OrdersPage", map[string]any{"first": 100, "lineItemsFirst": 25}, 344},
		{"OrdersPage", map[string]any{"first": 250, "lineItemsFirst": 50}, 475},
		{"ProductsPage", map[string]any{"first": 50, "variantsFirst": 25}, 198},
		{"ProductsPage", map[string]any{"first": 250, "variantsFirst": 100}, 409},
		{"CustomersPage", map[string]any{"first": 250}, 68},
		{"RefundsOfOrders", map[string]any{"orderIds": []any{"gid://shopify/Order/1"}}, 46},
		{"RefundedOrdersPage", map[string]any{"first": 250}, 24},
		{"BulkRunQuery", nil, 10},
		{"BulkOperationById", nil, 1},
		{"EntityCounts", nil, 30},
	} {
		if got := cost.Of(schema, doc.Operations.ForName(test.name), test.vars); got != test.want {
			t.Errorf("%s with %v costs %d, want %d", test.name, test.vars, got, test.want)
		}
	}
}
