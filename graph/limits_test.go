package graph_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/shopsight/shopsight/graph"
)

// nested returns a query that is so many levels deep.
func nested(levels int) string {
	fields := []string{"orders", "nodes", "customer"}
	var b strings.Builder
	for i := range levels - 1 {
		b.WriteString("{" + fields[i%3])
	}
	return b.String() + "{__typename" + repeat("}", levels)
}

// bomb returns a query whose fragments spread the next one twice; body wraps the two spreads.
func bomb(levels int, body string) string {
	var b strings.Builder
	b.WriteString("{ order(id: 1) { ...F0 } }")
	for i := range levels {
		spread := fmt.Sprintf("...F%d", i+1)
		b.WriteString(fmt.Sprintf(" fragment F%d on Order { %s }", i, strings.ReplaceAll(body, "*", spread)))
	}
	b.WriteString(fmt.Sprintf(" fragment F%d on Order { id }", levels))
	return b.String()
}

func TestLimits(t *testing.T) {
	t.Parallel()
	inRoot := func(body string) string { return "{ order(id: 1) {" + body + "} }" }
	for _, c := range []struct{ name, query, want string }{
		{"depth 12", nested(12), ""},
		{"depth 13", nested(13), "13 levels deep; the limit is 12"},
		{"depth in fragments", "{ ...A } fragment A on Query { orders { ...B } } fragment B on OrderConnection { nodes { " +
			"customer { orders { nodes { customer { orders { nodes { customer { orders { nodes { customer { id } } } } } } } } } } } }", "13 levels"},
		{"inline fragments are no level", inRoot(repeat("... {", 20) + "id" + repeat("}", 20)), ""},
		{"introspection apart", "{ __schema { types { fields { type {" + repeat("ofType {", 12) + "name" + repeat("}", 12) + "} } } } }", ""},
		{"introspection in a root fragment", "{ ...A } fragment A on Query { __type(name: \"Order\") {" + repeat("ofType {", 12) + "name" + repeat("}", 12) + "} }", ""},
		{"alias __schema", strings.Replace(nested(13), "orders", "__schema: orders", 1), "13 levels"},
		{"fragment __schema", "{ ...__schema } fragment __schema on Query " + nested(13), "13 levels"},
		{"nested field __schema", "{ orders { __schema " + nested(12) + " } }", "14 levels"},
		{"15 aliases", inRoot(aliases(15)), ""},
		{"16 aliases", inRoot(aliases(16)), "16 aliases; the limit is 15"},
		{"aliased __typename", "{" + strings.ReplaceAll(aliases(16), "id", "__typename") + "}", "16 aliases"},
		{"aliases by spreads", "{ order(id: 1) { ...A customer { orders { nodes { ...A } } } } } fragment A on Order {" + aliases(8) + "}", "16 aliases"},
		{"aliases in introspection", "{ __schema { types {" + strings.ReplaceAll(aliases(16), "id", "name") + "} } }", "16 aliases"},
		{"aliases of a second operation", "query A { __typename } query B { order(id: 1) {" + aliases(16) + "} }", "16 aliases"},
		{"20 root fields", "{" + repeat("tenant { id } ", 20) + "}", ""},
		{"21 root fields", "{" + repeat("tenant { id } ", 21) + "}", "21 fields at its root; the limit is 20"},
		{"root fields by spreads", "{ ...A ...A ... { ...A } } fragment A on Query {" + repeat("tenant { id } ", 7) + "}", "21 fields at its root"},
		{"2,000 tokens", inRoot(repeat("id ", 1990)), ""},
		{"2,001 tokens", inRoot(repeat("id ", 1991)), "more than 2000 tokens"},
		{"200 ways to name a field", inRoot(ways(200)), ""},
		{"201 ways to name a field", inRoot(ways(200) + "... { customer{id} }"), "in 201 ways"},
		{"unknown fragment", "{ ...Nowhere }", "Unknown fragment"},
		{"cycle of one", "{ ...A } fragment A on Query { ...A }", "within itself"},
		{"cycle of two", "{ ...A } fragment A on Query { tenant { id } ...B } fragment B on Query { ... { ...A } }", "within itself"},
		{"bomb, nested", bomb(30, "customer { orders { nodes { * * } } }"), "92 levels"},
		{"bomb, flat", bomb(30, "* *"), "1073741825 fields"},
		{"bomb, flat, inline", bomb(60, "... { * } ... on Order { * }"), "at least 2147483647 fields"},
		{"bomb of aliases", bomb(30, "a: name b: name * *"), "2147483646 aliases"},
		{"many records", "{ customers(first: 99) { nodes { orders(first: 100) { nodes { id } } } } }", ""},
		{"too many records", "{ customers(first: 100) { nodes { orders(last: 100) { nodes { customer { orders { nodes { id } } } } } } } }", "Unknown argument"},
		{"page sizes multiplied", "{ orders(last: 100) { nodes { customer { orders(first: 100) { nodes { customer { orders(first: 33) { nodes { id } } } } } } } } }", "340100 records; the limit is 200000"},
		{"page sizes in fragments", "{ a: orders(first: 100) { ...A } orders(first: 100) { ...A } } fragment A on OrderConnection { nodes { customer { orders(first: 100) { nodes { customer { orders(first: 10) { totalCount } } } } } } }", "220200 records"},
		{"too expensive", dear, "costs 5135739; the limit is 5000000"},
		{"page sizes by default", "{ orders { nodes { customer { orders { nodes { customer { orders { nodes { id } } } } } } } } }", ""},
		{"a page beyond the largest is for the field", "{ orders(first: 2000000000) { nodes { id } } }", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t, owner()).ask(c.query)
			if c.want == "" {
				if len(r.Errors) > 0 && r.code() != graph.CodeInternal {
					t.Fatalf("refused: %s", r.Errors[0].Message)
				}
				return
			}
			if !strings.Contains(r.message(), c.want) {
				t.Fatalf("message %q, want %q", r.message(), c.want)
			}
			want := graph.CodeQueryTooComplex
			if strings.Contains(c.want, "itself") || strings.HasPrefix(c.want, "Unknown") {
				want = graph.CodeValidationFailed
			}
			if r.code() != want {
				t.Fatalf("code %v, want %s", r.code(), want)
			}
			if r.Data != nil {
				t.Fatalf("data: %s", r.Data)
			}
		})
	}
}

// dear is a query within every limit but that of the cost.
const dear = "{ customers(first: 19) { nodes { orders(first: 100) { nodes { customer { orders(first: 100) { nodes { " +
	"items { id } id name source shopifyId channel } } } } } } } }"

// An answer says what its operation cost: what the fields cost by the schema, each times the pages that it lies in.
func TestAnswersSayWhatTheyCost(t *testing.T) {
	t.Parallel()
	c := setup(t, owner())
	for _, q := range []struct {
		query string
		vars  any
		want  int
	}{
		{"{ __typename }", nil, 1},
		{"mutation { __typename }", nil, 1},
		{"{ overview(range: {preset: TODAY}) { orders { value } } }", nil, 12},
		{"{ orders(first: 10) { nodes { id items { title } } } }", nil, 1 + 10*(1+1+20+1)},
		{"{ orders { nodes { id } } }", nil, 1 + 20*2},
		{"query($n: Int!) { orders(last: $n) { ...A } } fragment A on OrderConnection { nodes { ... { id refunds { id } } } }",
			map[string]any{"n": 3}, 1 + 3*(1+1+2+1)},
		{"{ customers(first: 2) { nodes { orders(first: 3) { nodes { id } } } } }", nil, 1 + 2*(1+1+3*2)},
		{"{ nodes(ids: [1, 2]) { id } }", nil, 1 + 2},
		{"{ __schema { types { name } } }", nil, 3},
		{"query A { __typename } query B { __typename }", nil, 0}, // of which none is chosen
		{"{ nothing }", nil, 0},
		{dear, nil, 5135739},
	} {
		want := fmt.Sprintf(`{"cost":{"requested":%d,"maximum":5000000}}`, q.want)
		if q.want == 0 {
			want = ""
		}
		if got := string(c.ask(q.query, q.vars).Extensions); got != want {
			t.Errorf("%s: %q, want %q", q.query, got, want)
		}
	}
}

func aliases(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d: id ", i)
	}
	return b.String()
}

// ways returns so many different selections of one field.
func ways(n int) string {
	fields := strings.Fields("id source shopifyId displayName firstName lastName email phone country city tags createdAt " +
		"firstOrderAt lastOrderAt ordersCount totalSpent{amount} totalSpent{currencyCode} averageOrderValue{amount} " +
		"averageOrderValue{currencyCode} __typename averageOrderValue{__typename}")
	var b strings.Builder
	for i, f := range fields {
		for _, g := range fields[:i] {
			if n--; n >= 0 {
				b.WriteString("customer{" + f + " " + g + "} ")
			}
		}
	}
	return b.String()
}

func TestVariablesCountAsPageSizes(t *testing.T) {
	t.Parallel()
	const q = `query($n: Int!, $ids: [ID!]!) {
		orders(first: $n) { nodes { customer { orders(first: $n) { nodes { customer { orders(first: $n) { totalCount } } } } } } }
		nodes(ids: $ids) { id }
	}`
	c := setup(t, owner())
	if r := c.ask(q, map[string]any{"n": 10, "ids": []string{"a"}}); r.code() == graph.CodeQueryTooComplex {
		t.Errorf("refused: %s", r.message())
	}
	if r := c.ask(q, map[string]any{"n": 100, "ids": []string{"a"}}); r.code() != graph.CodeQueryTooComplex {
		t.Errorf("code %v: %s", r.code(), r.message())
	}
}

// Whatever a query of 2,000 tokens does, refusing or admitting it is quick. The bound is far above what it takes and far
// below what an exponential walk would.
func TestHostileQueriesAreCheap(t *testing.T) {
	t.Parallel()
	var spreads, fragments strings.Builder
	for i := range 90 {
		fmt.Fprintf(&spreads, "...F%d ", i)
		fmt.Fprintf(&fragments, " fragment F%d on Order { id name test channel tags source shopifyId createdAt updatedAt cancelledAt }", i)
	}
	many := "{ order(id: 1) {" + spreads.String() + "} }" + fragments.String()
	c := setup(t, owner())
	for name, q := range map[string]string{
		"nested bomb":       bomb(60, "customer { orders { nodes { * * } } }"),
		"flat bomb":         bomb(60, "* *"),
		"repeated field":    "{ order(id: 1) {" + repeat("id ", 1980) + "} }",
		"repeated fields":   "{ order(id: 1) {" + repeat(repeat("customer { id email phone city country } ", 1), 50) + repeat(repeat("total { shopMoney { amount } } ", 1), 50) + repeat("subtotal { amount } ", 50) + repeat("refunded { amount currencyCode } ", 50) + "} }",
		"repeated in depth": "{ order(id: 1) {" + repeat("customer {"+repeat("orders {"+repeat("nodes { id } ", 7)+"} ", 7)+"} ", 7) + "} }",
		"many fragments":    many,
		"unknown fields":    "{ order(id: 1) {" + distinct(1980) + "} }",
		"directives":        "{ order(id: 1) { id " + repeat("@skip ", 980) + "} }",
	} {
		started := time.Now()
		r := c.ask(q)
		if took := time.Since(started); took > 2*time.Second {
			t.Errorf("%s: took %s", name, took)
		} else {
			t.Logf("%s: %s, %v", name, took, r.code())
		}
		if len(r.Errors) > 20 {
			t.Errorf("%s: %d errors", name, len(r.Errors))
		}
	}
}

func distinct(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "x%d ", i)
	}
	return b.String()
}

func BenchmarkLimitsOfABomb(b *testing.B) {
	doc, err := parser.ParseQuery(&ast.Source{Input: bomb(60, "customer { orders { nodes { * * } } }")})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if graph.CheckLimits(graph.DefaultLimits, doc) == nil {
			b.Fatal("admitted")
		}
	}
}

// FuzzLimits holds that measuring ends, never panics, and admits nothing that is deeper than the limit when written out.
func FuzzLimits(f *testing.F) {
	for _, q := range []string{nested(13), bomb(5, "* *"), bomb(3, "a: id * customer { orders { nodes { * } } }"), "{ ...A } fragment A on Query { ...A }"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: q}, 200)
		if err != nil {
			return
		}
		if graph.CheckLimits(graph.DefaultLimits, doc) != nil {
			return
		}
		for _, op := range doc.Operations {
			budget := 10_000
			if depth := writtenOut(doc, op.SelectionSet, &budget); depth > graph.DefaultLimits.Depth {
				t.Fatalf("admitted a query that is %d levels deep: %s", depth, q)
			}
		}
	})
}

// writtenOut measures depth in the plain way: every spread is walked again.
func writtenOut(doc *ast.QueryDocument, set ast.SelectionSet, budget *int) int {
	deepest := 0
	for _, s := range set {
		if *budget--; *budget < 0 {
			return 1000
		}
		switch s := s.(type) {
		case *ast.Field:
			if s.Name != "__schema" && s.Name != "__type" {
				deepest = max(deepest, 1+writtenOut(doc, s.SelectionSet, budget))
			}
		case *ast.InlineFragment:
			deepest = max(deepest, writtenOut(doc, s.SelectionSet, budget))
		case *ast.FragmentSpread:
			if def := doc.Fragments.ForName(s.Name); def != nil {
				deepest = max(deepest, writtenOut(doc, def.SelectionSet, budget))
			}
		}
	}
	return deepest
}
