// Package cost knows what a query of Shopify's Admin API costs, before it is sent.
//
// Shopify publishes rough rules only. The formula here was fitted to 189 answers of a real store and is exact for nine
// of ten: a scalar costs nothing; an object 1, but amounts and page infos nothing; a connection 2, and for a page of n
// nodes [Page] times what a node costs; a count at the root 10, a mutation 10.
package cost

import (
	"encoding/json"
	"math"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Max is the most that one document may cost, on every plan.
const Max = 1000

// Of returns what Shopify asks for an operation before it runs it. The document has been validated against the schema;
// vars hold the variables as they are sent, as Go values or decoded from JSON.
//
// Where a selection depends on the type of what is found it counts the dearest. A list of ids costs for each of them.
func Of(schema *ast.Schema, op *ast.OperationDefinition, vars map[string]any) int {
	w := walker{schema, vars}
	root := schema.Query
	if op.Operation == ast.Mutation {
		root = schema.Mutation
	}
	return w.selected(root, []ast.SelectionSet{op.SelectionSet})
}

// Page returns by how much a page of n nodes multiplies the cost of one. It grows like a logarithm: large pages are
// cheap.
func Page(n int) int {
	if n < 1 {
		return 1
	}
	return max(1, int(2*math.Log(float64(n))))
}

// Field returns what a field of a type costs by itself: without what is selected of it.
func Field(schema *ast.Schema, parent *ast.Definition, field *ast.FieldDefinition) int {
	name := field.Type.Name()
	def := schema.Types[name]
	switch {
	case def == nil || def.IsLeafType():
		return 0
	case parent == schema.Mutation, parent == schema.Query && name == "Count":
		return 10
	case IsConnection(field):
		return 2
	case field.Name == "edges" || name == "MoneyBag" || name == "MoneyV2" || name == "PageInfo":
		return 0
	}
	return 1
}

// IsConnection tells whether a field is a list that is read by pages.
func IsConnection(field *ast.FieldDefinition) bool {
	return strings.HasSuffix(field.Type.Name(), "Connection")
}

// Fields returns what is selected of an object type, in the order in which it is answered: the fields of one answer key
// together, since they are answered once. Fragments on other types and what @skip and @include take away is not there.
func Fields(schema *ast.Schema, typ *ast.Definition, sets []ast.SelectionSet, vars map[string]any) (found [][]*ast.Field) {
	at := make(map[string]int)
	var collect func(set ast.SelectionSet)
	collect = func(set ast.SelectionSet) {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				if !included(s.Directives, vars) {
					continue
				}
				i, ok := at[s.Alias]
				if !ok {
					i = len(found)
					at[s.Alias], found = i, append(found, nil)
				}
				found[i] = append(found[i], s)
			case *ast.InlineFragment:
				if included(s.Directives, vars) && applies(schema, s.TypeCondition, typ) {
					collect(s.SelectionSet)
				}
			case *ast.FragmentSpread:
				if included(s.Directives, vars) && applies(schema, s.Definition.TypeCondition, typ) {
					collect(s.Definition.SelectionSet)
				}
			}
		}
	}
	for _, set := range sets {
		collect(set)
	}
	return found
}

// Sets returns the selections of fields that are answered together.
func Sets(same []*ast.Field) []ast.SelectionSet {
	sets := make([]ast.SelectionSet, len(same))
	for i, f := range same {
		sets[i] = f.SelectionSet
	}
	return sets
}

// applies tells whether a fragment with a type condition is about an object type.
func applies(schema *ast.Schema, condition string, typ *ast.Definition) bool {
	if condition == "" || condition == typ.Name {
		return true
	}
	for _, d := range schema.GetImplements(typ) {
		if d.Name == condition {
			return true
		}
	}
	return false
}

// included says what @skip and @include decide.
func included(directives ast.DirectiveList, vars map[string]any) bool {
	for _, d := range directives {
		on, _ := value(d.Arguments, "if", vars).(bool)
		if d.Name == "skip" && on || d.Name == "include" && !on {
			return false
		}
	}
	return true
}

func value(args ast.ArgumentList, name string, vars map[string]any) any {
	arg := args.ForName(name)
	if arg == nil {
		return nil
	}
	v, err := arg.Value.Value(vars)
	if err != nil {
		return nil
	}
	return v
}

// walker adds up an operation.
type walker struct {
	schema *ast.Schema
	vars   map[string]any
}

// selected returns what the selections of an object cost, of the dearest type that it may have.
func (w walker) selected(def *ast.Definition, sets []ast.SelectionSet) int {
	most := 0
	for _, typ := range w.schema.GetPossibleTypes(def) {
		sum := 0
		for _, same := range Fields(w.schema, typ, sets, w.vars) {
			sum += w.field(typ, same)
		}
		most = max(most, sum)
	}
	return most
}

func (w walker) field(parent *ast.Definition, same []*ast.Field) int {
	def := same[0].Definition
	own := Field(w.schema, parent, def)
	typ := w.schema.Types[def.Type.Name()]
	if typ == nil || typ.IsLeafType() || parent == w.schema.Mutation {
		return own
	}
	inner := w.selected(typ, Sets(same))
	switch {
	case IsConnection(def):
		return own + Page(max(w.number(same[0], "first"), w.number(same[0], "last")))*inner
	case parent == w.schema.Query && def.Name == "nodes":
		return w.length(same[0], "ids") * (own + inner)
	}
	return own + inner
}

func (w walker) number(f *ast.Field, name string) int {
	switch n := value(f.Arguments, name, w.vars).(type) {
	case int:
		return n
	case int64:
		return int(n)
	case float64:
		return int(n)
	case json.Number:
		i, _ := n.Int64()
		return int(i)
	}
	return 0
}

func (w walker) length(f *ast.Field, name string) int {
	switch list := value(f.Arguments, name, w.vars).(type) {
	case nil:
		return 0
	case []any:
		return len(list)
	case []string:
		return len(list)
	}
	return 1 // GraphQL takes one value for a list of one
}
