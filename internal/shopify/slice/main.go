// Command slice cuts what the project's documents use out of the official schema of the Admin API, which is too large to
// be kept:
//
//	go run ./internal/shopify/slice official.graphql internal/shopify/{operations,bulk_*}.graphql > admin.graphql
//
// Of a type it keeps the fields that a document selects, of a field the arguments that one gives, of an enum every value:
// a store may answer any of them. Of an interface it keeps every implementation, for the same reason, but of Node, which
// nearly everything implements, those alone that a document names.
package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: slice official.graphql document.graphql...")
		os.Exit(2)
	}
	if err := run(os.Stdout, os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "slice:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, official string, documents []string) error {
	text, err := os.ReadFile(official)
	if err != nil {
		return err
	}
	schema, err := validator.LoadSchema(validator.Prelude, &ast.Source{Name: official, Input: string(text)})
	if err != nil {
		return err
	}
	s := slicer{schema: schema, fields: map[string]map[string]map[string]bool{}}
	for _, name := range documents {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		doc, err := parser.ParseQuery(&ast.Source{Name: name, Input: string(text)})
		if err != nil {
			return err
		}
		if errs := validator.ValidateWithRules(schema, doc, rules.NewDefaultRules()); len(errs) > 0 {
			return fmt.Errorf("%s: %w", name, errs)
		}
		s.document(doc)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# The slice of Shopify's Admin API, version 2026-10, that the documents beside this file use. Cut by ./slice.\n\n")
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchema(s.cut())
	if _, err := validator.LoadSchema(validator.Prelude, &ast.Source{Name: "slice", Input: b.String()}); err != nil {
		return err
	}
	_, err = io.WriteString(out, b.String())
	return err
}

// slicer collects what is used: type, field, arguments.
type slicer struct {
	schema *ast.Schema
	fields map[string]map[string]map[string]bool
}

func (s *slicer) document(doc *ast.QueryDocument) {
	for _, op := range doc.Operations {
		for _, v := range op.VariableDefinitions {
			s.keep(v.Type.Name())
		}
		s.selection(op.SelectionSet)
	}
	for _, f := range doc.Fragments {
		s.keep(f.TypeCondition)
		s.selection(f.SelectionSet)
	}
}

func (s *slicer) selection(set ast.SelectionSet) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			s.field(sel)
			s.selection(sel.SelectionSet)
		case *ast.InlineFragment:
			s.keep(sel.TypeCondition)
			s.selection(sel.SelectionSet)
		}
	}
}

func (s *slicer) field(f *ast.Field) {
	if strings.HasPrefix(f.Name, "__") {
		return
	}
	owners := []*ast.Definition{f.ObjectDefinition}
	if f.ObjectDefinition.IsAbstractType() {
		s.keep(f.ObjectDefinition.Name)
		owners = append(owners, s.implementations(f.ObjectDefinition)...)
	}
	for _, owner := range owners {
		s.keep(owner.Name)
		args := s.fields[owner.Name][f.Name]
		if args == nil {
			args = map[string]bool{}
			s.fields[owner.Name][f.Name] = args
		}
		for _, arg := range f.Arguments {
			args[arg.Name] = true
			s.keep(f.Definition.Arguments.ForName(arg.Name).Type.Name())
		}
	}
	s.keep(f.Definition.Type.Name())
}

// implementations returns the types that an answer of an interface may have.
func (s *slicer) implementations(d *ast.Definition) []*ast.Definition {
	if d.Name == "Node" {
		return nil
	}
	return s.schema.GetPossibleTypes(d)
}

// keep takes a type up, with all it cannot be without.
func (s *slicer) keep(name string) {
	d := s.schema.Types[name]
	if name == "" || d == nil || s.fields[name] != nil {
		return
	}
	s.fields[name] = map[string]map[string]bool{}
	switch d.Kind {
	case ast.InputObject:
		for _, f := range d.Fields {
			s.fields[name][f.Name] = nil
			s.keep(f.Type.Name())
		}
	case ast.Interface:
		if name == "Node" {
			s.fields[name]["id"] = map[string]bool{}
		}
		for _, t := range s.implementations(d) {
			s.keep(t.Name)
		}
	}
}

// cut returns the slice as a schema.
func (s *slicer) cut() *ast.Schema {
	// What a kept interface asks of its implementations is theirs too.
	for name := range s.fields {
		for _, i := range s.schema.Types[name].Interfaces {
			for field := range s.fields[i] {
				if s.fields[name][field] == nil {
					s.fields[name][field] = maps.Clone(s.fields[i][field])
				}
			}
		}
	}
	out := &ast.Schema{Types: map[string]*ast.Definition{}, Directives: map[string]*ast.DirectiveDefinition{}}
	for name, fields := range s.fields {
		d := *s.schema.Types[name]
		if d.BuiltIn {
			continue
		}
		d.Description, d.Directives = "", nil
		d.Interfaces = slices.DeleteFunc(slices.Clone(d.Interfaces), func(i string) bool { return s.fields[i] == nil })
		d.EnumValues = slices.Clone(d.EnumValues)
		for i, v := range d.EnumValues {
			d.EnumValues[i] = &ast.EnumValueDefinition{Name: v.Name}
		}
		d.Fields = nil
		for _, f := range s.schema.Types[name].Fields {
			args, ok := fields[f.Name]
			if !ok {
				continue
			}
			field := *f
			field.Description, field.Directives, field.Arguments = "", nil, nil
			for _, a := range f.Arguments {
				if args[a.Name] {
					arg := *a
					arg.Description, arg.Directives = "", nil
					field.Arguments = append(field.Arguments, &arg)
				}
			}
			d.Fields = append(d.Fields, &field)
		}
		out.Types[name] = &d
		switch {
		case s.schema.Query == s.schema.Types[name]:
			out.Query = &d
		case s.schema.Mutation == s.schema.Types[name]:
			out.Mutation = &d
		}
	}
	return out
}
