package simshop_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
)

// walk reads a list to its end and returns the ids, page by page; between pages it calls meanwhile.
func walk(t *testing.T, s *simshop.Shop, arguments string, first int, meanwhile func()) (ids []string) {
	t.Helper()
	vars := map[string]any{"first": first}
	for {
		a := ask(t, s, `query($first:Int!,$after:String){list:`+arguments+`{nodes{id} pageInfo{hasNextPage endCursor}}}`, vars)
		nodes, ok := at(a.Data, "list", "nodes").([]any)
		if !ok {
			t.Fatal(a.text)
		}
		for i := range nodes {
			ids = append(ids, at(nodes[i], "id").(string))
		}
		if at(a.Data, "list", "pageInfo", "hasNextPage") != true {
			return ids
		}
		vars["after"] = at(a.Data, "list", "pageInfo", "endCursor")
		if meanwhile != nil {
			meanwhile()
		}
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	s, _ := setup(t, simshop.Options{Orders: 60})
	if err := s.Touch(simshop.KindOrder); err != nil { // all on one instant
		t.Fatal(err)
	}
	for _, list := range []string{"orders(first:$first,after:$after)", "orders(first:$first,after:$after,sortKey:UPDATED_AT)",
		"orders(first:$first,after:$after,sortKey:CREATED_AT)", "orders(first:$first,after:$after,sortKey:ID,query:\"id:>0\")"} {
		for _, first := range []int{1, 7, 30, 59, 60, 61} {
			ids := walk(t, s, list, first, nil)
			slices.Sort(ids)
			if n := len(ids); n != 60 || len(slices.Compact(ids)) != 60 {
				t.Errorf("%s by %d: %d", list, first, n)
			}
		}
	}
	if n := len(walk(t, s, `events(first:$first,after:$after)`, 3, nil)); n < 10 {
		t.Errorf("%d events", n)
	}
}

// Records that do not change while pages are read are met once each, whatever happens to the others.
func TestPagesUnderChange(t *testing.T) {
	t.Parallel()
	for _, lag := range []time.Duration{0, 5 * time.Second} {
		s, c := setup(t, simshop.Options{Orders: 400, Seed: 3, Lag: lag})
		before := s.Orders()
		var changed int
		ids := walk(t, s, `orders(first:$first,after:$after,sortKey:UPDATED_AT,query:"updated_at:>='2020-01-01T00:00:00Z'")`, 9, func() {
			c.move(time.Second)
			sum := s.Change(7)
			changed += sum.Updated + sum.Deleted
		})
		met := make(map[string]int)
		for _, id := range ids {
			met[id]++
		}
		still := 0
		for _, o := range before {
			if s.Order(o.ID) == o {
				if still++; met[gid("Order", o.ID)] != 1 {
					t.Errorf("lag %s: %s was met %d times", lag, o.Name, met[gid("Order", o.ID)])
				}
			}
		}
		if still == 0 || changed == 0 {
			t.Errorf("%d orders stayed, %d changes", still, changed)
		}
	}
}

// What belongs to an order is paged too, and the cursor of an agreement finds the one after it.
func TestNestedPages(t *testing.T) {
	t.Parallel()
	s, c := setup(t, simshop.Options{})
	in := simshop.OrderInput{}
	for i := range 260 {
		in.Lines = append(in.Lines, simshop.LineInput{Title: fmt.Sprint(i), Price: 100, Quantity: 1})
	}
	o := s.CreateOrder(in)
	for i := range 12 {
		c.move(time.Duration(i%2) * time.Second) // some on one instant
		if err := s.Refund(o.ID, simshop.RefundInput{Lines: map[int64]int64{o.Lines[i].ID: 1}}); err != nil {
			t.Fatal(err)
		}
	}
	id := gid("Order", o.ID)
	read := func(document string, vars map[string]any) answer {
		vars["id"] = id
		return ask(t, s, document, vars)
	}
	var lines, agreements, sales int
	vars := map[string]any{}
	for more := true; more; {
		a := read(`query($id:ID!,$after:String){order(id:$id){list:lineItems(first:50,after:$after){nodes{title} pageInfo{hasNextPage endCursor}}}}`, vars)
		for i := range at(a.Data, "order", "list", "nodes").([]any) {
			if got := at(a.Data, "order", "list", "nodes", i, "title"); got != fmt.Sprint(lines) {
				t.Fatalf("line %d is %v", lines, got)
			}
			lines++
		}
		more = at(a.Data, "order", "list", "pageInfo", "hasNextPage").(bool)
		vars["after"] = at(a.Data, "order", "list", "pageInfo", "endCursor")
	}
	vars = map[string]any{}
	for {
		a := read(`query($id:ID!,$previous:String){order(id:$id){agreements(first:1,after:$previous){edges{cursor node{id reason
			sales(first:250){nodes{id} pageInfo{hasNextPage}}}}}}}`, vars)
		edge := at(a.Data, "order", "agreements", "edges", 0)
		if edge == nil {
			break
		}
		agreements++
		sales += len(at(edge, "node", "sales", "nodes").([]any))
		vars["previous"] = at(edge, "cursor")
	}
	if lines != 260 || agreements != 13 || sales != 250+12 {
		t.Errorf("%d lines, %d agreements, %d sales", lines, agreements, sales)
	}
}
