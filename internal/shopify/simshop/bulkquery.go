package simshop

import (
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/shopsight/shopsight/internal/shopify/cost"
)

// The bounds of a bulk query.
const (
	maxBulkText        = 65_535
	maxBulkConnections = 5
	maxBulkDepth       = 2
)

// bulkQuery reads the query of a bulk operation: the selections of its one field, or why Shopify does not take it, in
// Shopify's words where they are known.
func (s *Shop) bulkQuery(query string) (ast.SelectionSet, []string) {
	if len(query) > maxBulkText {
		return nil, []string{"Query is too long (maximum is 65535 bytes)"}
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		return nil, []string{"Invalid bulk query: " + err.Error()}
	}
	if len(doc.Operations) != 1 {
		return nil, []string{"Bulk queries must contain exactly one operation."}
	}
	if doc.Operations[0].Operation != ast.Query {
		return nil, []string{"Invalid operation type. Only `query` operations are supported."}
	}
	doc, errs := gqlparser.LoadQuery(s.schema, query)
	if len(errs) > 0 {
		return nil, []string{"Invalid bulk query: " + errs[0].Message}
	}
	op := doc.Operations[0]
	k := check{}
	k.look(op.SelectionSet, nil, 0, within{})
	problems := k.problems()
	for _, selected := range op.SelectionSet {
		if f, ok := selected.(*ast.Field); ok && (f.Name == "node" || f.Name == "nodes") {
			problems = append([]string{"Bulk queries cannot contain a top level `node` field."}, problems...)
		}
	}
	switch {
	case len(problems) > 0:
	case len(op.VariableDefinitions) > 0:
		problems = []string{"Bulk queries cannot contain variables."}
	case len(op.SelectionSet) != 1:
		problems = []string{"Bulk queries cannot contain more than one top level field."}
	case kindOf(op.SelectionSet) == "":
		problems = []string{"simshop does not simulate this bulk query"}
	}
	return op.SelectionSet, problems
}

// bulkKinds are the kinds of the lists that a bulk query may begin with.
var bulkKinds = map[string]Kind{"products": KindProduct, "customers": KindCustomer, "orders": KindOrder}

func kindOf(root ast.SelectionSet) Kind {
	if f, ok := root[0].(*ast.Field); ok {
		return bulkKinds[f.Name]
	}
	return ""
}

// check collects what is wrong with the connections of a query.
type check struct {
	connections   int
	deep, inList  bool
	nodes, idless []string // connections that select nodes, and those whose nodes lack an id
	inObject      bool
}

// within is what stands between a field and the node that it belongs to.
type within struct{ list, object bool }

// look walks the selections of a node of the connection owner, nil for the root.
func (k *check) look(set ast.SelectionSet, owner *ast.Field, depth int, in within) {
	for _, selected := range set {
		switch sel := selected.(type) {
		case *ast.InlineFragment:
			k.look(sel.SelectionSet, owner, depth, in)
		case *ast.FragmentSpread:
			k.look(sel.Definition.SelectionSet, owner, depth, in)
		case *ast.Field:
			switch {
			case sel.Definition == nil:
			case cost.IsConnection(sel.Definition):
				k.connection(sel, owner, depth, in)
			default:
				below := within{in.list || sel.Definition.Type.Elem != nil, true}
				k.look(sel.SelectionSet, owner, depth, below)
			}
		}
	}
}

func (k *check) connection(f, owner *ast.Field, depth int, in within) {
	k.connections++
	k.inList = k.inList || in.list
	k.inObject = k.inObject || in.object && !in.list
	k.deep = k.deep || depth > maxBulkDepth
	if owner != nil && !selects(nodeOf(owner), "id") {
		k.idless = append(k.idless, owner.Name)
	}
	node := nodeOf(f)
	if node == nil || selects(f.SelectionSet, "nodes") {
		k.nodes = append(k.nodes, f.Name)
		return
	}
	k.look(node, f, depth+1, within{})
}

// nodeOf returns what is selected of the nodes of a connection by its edges, nil if nothing is.
func nodeOf(f *ast.Field) ast.SelectionSet {
	for _, name := range []string{"edges", "node"} {
		i := index(f.SelectionSet, name)
		if i < 0 {
			return nil
		}
		f = f.SelectionSet[i].(*ast.Field)
	}
	return f.SelectionSet
}

func selects(set ast.SelectionSet, name string) bool { return index(set, name) >= 0 }

// index returns where a set selects a field without an alias, -1 if it does not.
func index(set ast.SelectionSet, name string) int {
	for i, selected := range set {
		if f, ok := selected.(*ast.Field); ok && f.Name == name && f.Alias == name {
			return i
		}
	}
	return -1
}

func (k *check) problems() (all []string) {
	if k.connections == 0 {
		all = append(all, "Bulk queries must contain at least one connection.")
	}
	if k.connections > maxBulkConnections {
		all = append(all, "Bulk queries cannot contain more than 5 connections.")
	}
	if k.deep {
		all = append(all, "Bulk queries cannot contain connections with a nesting depth greater than 2.")
	}
	if len(k.nodes) > 0 {
		all = append(all, "All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: '"+k.nodes[0]+
			" { edges { node {'. Selecting via 'nodes' is not supported. Invalid connection fields: '"+strings.Join(k.nodes, "', '")+"'.")
	}
	if len(k.idless) > 0 {
		all = append(all, "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' "+
			"return type. Connection fields without 'id': "+strings.Join(k.idless, ", ")+".")
	}
	if k.inList {
		all = append(all, "Queries that contain a connection field within a list field are not currently supported.")
	}
	if k.inObject && len(all) == 0 {
		all = append(all, "simshop does not simulate a connection within an object")
	}
	return all
}
