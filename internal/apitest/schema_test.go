package apitest_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/shopsight/shopsight/graph"
	"github.com/shopsight/shopsight/internal/testkit"
)

// contract returns the schema as it is written.
func contract(t *testing.T) *ast.Schema {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(testkit.Root(t), "schema.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: string(b)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// rootFields returns the fields of a root type that the schema itself lists.
func rootFields(def *ast.Definition) []*ast.FieldDefinition {
	return slices.DeleteFunc(slices.Clone(def.Fields), func(f *ast.FieldDefinition) bool { return strings.HasPrefix(f.Name, "__") })
}

// call returns the text of a field with a value for each argument that needs one, and something small selected.
func call(s *ast.Schema, f *ast.FieldDefinition) string { return callWith(s, f, smallest(s, f.Type)) }

func callWith(s *ast.Schema, f *ast.FieldDefinition, selection string) string {
	var args []string
	for _, a := range f.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil {
			args = append(args, a.Name+": "+value(s, a.Type))
		}
	}
	out := f.Name
	if len(args) > 0 {
		out += "(" + strings.Join(args, ", ") + ")"
	}
	return out + selection
}

// value returns a literal that is well-formed for a type.
func value(s *ast.Schema, t *ast.Type) string {
	if t.Elem != nil {
		return "[]"
	}
	def := s.Types[t.NamedType]
	switch def.Kind {
	case ast.Enum:
		return def.EnumValues[0].Name
	case ast.InputObject:
		var fields []string
		for _, f := range def.Fields {
			if f.Type.NonNull && f.DefaultValue == nil {
				fields = append(fields, f.Name+": "+value(s, f.Type))
			}
		}
		return "{" + strings.Join(fields, ", ") + "}"
	}
	return map[string]string{"Int": "1", "Boolean": "true", "Float": "1.5", "DateTime": `"2026-01-01T00:00:00Z"`, "Date": `"2026-01-01"`,
		"Decimal": `"1.00"`, "CurrencyCode": `"EUR"`, "CountryCode": `"DE"`, "URL": `"https://example.com/"`}[t.NamedType] +
		map[bool]string{true: `"x"`}[t.NamedType == "String" || t.NamedType == "ID"]
}

// smallest returns a selection of one thing of a type, "" for a type without parts.
func smallest(s *ast.Schema, t *ast.Type) string {
	switch s.Types[t.Name()].Kind {
	case ast.Object, ast.Interface, ast.Union:
		return " { __typename }"
	}
	return ""
}

// scopesOf returns the scopes that a field asks for: its own, and those of the type it leads to, a page of records being
// guarded as the records are.
func scopesOf(s *ast.Schema, f *ast.FieldDefinition) []string {
	scopes := directiveScopes(f.Directives)
	def := s.Types[f.Type.Name()]
	scopes = append(scopes, directiveScopes(def.Directives)...)
	if nodes := def.Fields.ForName("nodes"); nodes != nil && strings.HasSuffix(def.Name, "Connection") {
		scopes = append(scopes, directiveScopes(s.Types[nodes.Type.Name()].Directives)...)
	}
	return scopes
}

func directiveScopes(directives ast.DirectiveList) []string {
	var scopes []string
	for _, d := range directives.ForNames("requiresScope") {
		scopes = append(scopes, d.Arguments.ForName("scope").Value.Raw)
	}
	return scopes
}

// step is one field on the way from a root to what is tested.
type step struct {
	field *ast.FieldDefinition // nil for several fields
	text  string               // with arguments; without selection, unless for several
}

// ways returns the shortest way to each field of each type that a query can reach, by name; fields of a type that ask for
// nothing themselves share a way, whose last step has all of them.
func ways(t *testing.T, s *ast.Schema) map[string][]step {
	t.Helper()
	out := map[string][]step{}
	seen := map[string]bool{"Query": true}
	type place struct {
		name string
		way  []step
	}
	for queue := []place{{"Query", nil}}; len(queue) > 0; queue = queue[1:] {
		here := queue[0]
		var together []string
		for _, f := range rootFields(s.Types[here.name]) {
			way := append(slices.Clone(here.way), step{f, callWith(s, f, "")})
			def := s.Types[f.Type.Name()]
			if def.Kind == ast.Object && !seen[def.Name] {
				seen[def.Name] = true
				queue = append(queue, place{def.Name, way})
			}
			if len(here.way) > 0 && len(scopesOf(s, f)) == 0 {
				together = append(together, call(s, f))
			} else {
				out[here.name+"."+f.Name] = way
			}
		}
		if len(together) > 0 {
			out[here.name+" in general"] = append(slices.Clone(here.way), step{text: strings.Join(together, " ")})
		}
	}
	return out
}

// query returns the text of a query along a way.
func query(s *ast.Schema, way []step) string {
	text := ""
	if last := way[len(way)-1].field; last != nil {
		text = smallest(s, last.Type)
	}
	for i := len(way) - 1; i >= 0; i-- {
		text = " { " + way[i].text + text + " }"
	}
	return text
}

func decodeID(id string) (kind string, row int64, ok bool) {
	k, n, ok := graph.DecodeID(id)
	return string(k), n, ok
}

func encodeID(kind string, row int64) string { return graph.EncodeID(graph.Kind(kind), row) }
