package apitest_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// counts matches a statement that counts rows.
var counts = regexp.MustCompile(`(?i)\bcount\(`)

// A page costs the same few statements however long it is, and counts the list only when that is asked for.
func cost(t *testing.T, w *world, p *person) {
	// The credential is looked up once in half a second, with one statement, and costs no page anything after that.
	w.pass(time.Second)
	if n := len(w.during(func() { ask(t, p.Client, `{ __typename }`) })); n != 1 {
		t.Errorf("a credential costs %d statements", n)
	}
	spent := func(q string, vars object) []string {
		return w.during(func() { ask(t, p.Client, q, vars) })
	}
	for _, c := range []struct {
		name, query string
		sizes       []int
		most        int
	}{
		{"orders with lines, products and customers", `query($n: Int!) { orders(first: $n) { nodes { id items { title product { title } } customer { displayName } } } }`, []int{10, 50, 100}, 6},
		{"orders by edges", `query($n: Int!) { orders(last: $n) { edges { cursor node { items { product { id } } customer { id } } } pageInfo { hasNextPage } } }`, []int{10, 50, 100}, 6},
		{"all of orders", `query($n: Int!) { orders(first: $n) { nodes { items { product { id } } refunds { id } customerOrderNumber customer { id } } } }`, []int{10, 50, 100}, 8},
		{"customers with their last orders", `query($n: Int!) { customers(first: $n) { nodes { id orders(first: 3) { nodes { id items { title } } } } } }`, []int{5, 20, 40}, 6},
		{"customers with orders, lines, products", `query($n: Int!) { customers(first: $n) { nodes { orders(first: 3) { totalCount nodes { items { product { title } } customer { id } } } } } }`, []int{5, 20, 40}, 8},
		{"top customers", `query($n: Int!) { topCustomers(first: $n) { rank customer { displayName } } }`, []int{2, 10, 20}, 8},
	} {
		var first []string
		for _, n := range c.sizes {
			got := spent(c.query, object{"n": n})
			if first == nil {
				first = got
			}
			if len(got) != len(first) || len(got) > c.most {
				t.Errorf("%s, %d of them: %d statements, at most %d:\n%s", c.name, n, len(got), c.most, shorten(got))
			}
		}
		t.Logf("%s: %d statements", c.name, len(first))
	}
	for _, k := range kinds {
		filter := object{"search": "a", "tags": []string{"gift", "vip", "new"}}
		for name, f := range map[string]object{"all": nil, "filtered": filter} {
			without := spent(k.query("nodes { id } pageInfo { hasNextPage }"), object{"filter": f})
			for _, statement := range without {
				if counts.MatchString(statement) {
					t.Errorf("%s, %s: counts without being asked: %s", k.name, name, statement)
				}
			}
			with := spent(k.query("totalCount nodes { id } pageInfo { hasNextPage }"), object{"filter": f})
			if len(with) != len(without)+1 {
				t.Errorf("%s, %s: totalCount costs %d statements more", k.name, name, len(with)-len(without))
			}
			skipped := spent(k.query("totalCount @skip(if: true) nodes { id } pageInfo { hasNextPage }"), object{"filter": f})
			if len(skipped) != len(without) {
				t.Errorf("%s, %s: a totalCount that is skipped costs %d statements", k.name, name, len(skipped)-len(without))
			}
		}
	}
	without := spent(`{ customers { nodes { orders(first: 2) { nodes { id } } } } }`, nil)
	if strings.Contains(strings.ToLower(fmt.Sprint(without)), "count(") {
		t.Errorf("histories count without being asked: %v", without)
	}
}

// shorten returns the beginning of each statement.
func shorten(statements []string) string {
	var b strings.Builder
	for _, s := range statements {
		fmt.Fprintf(&b, "%.100s\n", strings.Join(strings.Fields(s), " "))
	}
	return b.String()
}
