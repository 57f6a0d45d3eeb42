package graph_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// Every element of the contract says what it is.
func TestEverythingIsDescribed(t *testing.T) {
	t.Parallel()
	s := contract()
	described := func(what, description string) {
		if d := strings.TrimSpace(description); len(d) < 4 || !strings.HasSuffix(d, ".") {
			t.Errorf("%s: description %q", what, d)
		}
	}
	arguments := func(what string, list ast.ArgumentDefinitionList) {
		for _, a := range list {
			described(what+"("+a.Name+":)", a.Description)
		}
	}
	described("schema", s.Description)
	for name, d := range s.Types {
		if d.BuiltIn {
			continue
		}
		described(name, d.Description)
		for _, f := range d.Fields {
			if !strings.HasPrefix(f.Name, "__") {
				described(name+"."+f.Name, f.Description)
				arguments(name+"."+f.Name, f.Arguments)
			}
		}
		for _, v := range d.EnumValues {
			described(name+"."+v.Name, v.Description)
		}
	}
	for name, d := range s.Directives {
		if d.Position == nil || d.Position.Src.BuiltIn {
			continue
		}
		described("@"+name, d.Description)
		arguments("@"+name, d.Arguments)
	}
}

// The conventions of the contract, as far as a program can see them.
func TestConventions(t *testing.T) {
	t.Parallel()
	s := contract()
	for name, d := range s.Types {
		if d.BuiltIn {
			continue
		}
		if strings.HasSuffix(name, "Payload") {
			f := d.Fields.ForName("userErrors")
			if f == nil || f.Type.String() != "[UserError!]!" {
				t.Errorf("%s has no userErrors", name)
			}
		}
		if strings.HasSuffix(name, "Connection") && d.Kind == ast.Object {
			for _, f := range []string{"edges", "nodes", "pageInfo", "totalCount"} {
				if d.Fields.ForName(f) == nil {
					t.Errorf("%s has no %s", name, f)
				}
			}
		}
		for _, f := range d.Fields {
			if instant := f.Type.Name() == "DateTime"; instant && !strings.HasSuffix(f.Name, "At") &&
				!slices.Contains([]string{"asOf", "endsBefore", "throttledUntil"}, f.Name) {
				t.Errorf("%s.%s: an instant's name ends in At", name, f.Name)
			}
			for _, a := range f.Arguments {
				if strings.Contains(strings.ToLower(a.Name), "tenant") {
					t.Errorf("%s.%s: the tenant comes from the credential", name, f.Name)
				}
			}
		}
	}
	for _, f := range s.Mutation.Fields {
		if f.Type.NonNull {
			t.Errorf("mutation %s hides the results of others when it fails", f.Name)
		}
	}
}
