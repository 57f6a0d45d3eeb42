package graph

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// simplify takes selections out of a document that say the same as one before them in the same place, which changes
// nothing about the answer, and returns how many different selections of one response name the fullest place has left.
//
// It is for the rule that fields of one name can be merged, which compares each with each: 2,000 times the same field
// cost it 200 ms.
func simplify(doc *ast.QueryDocument) (repeats int) {
	s := simplifier{}
	for _, op := range doc.Operations {
		op.SelectionSet, _ = s.selection(op.SelectionSet, map[string]int{})
	}
	for _, f := range doc.Fragments {
		f.SelectionSet, _ = s.selection(f.SelectionSet, map[string]int{})
	}
	return s.repeats
}

type simplifier struct{ repeats int }

// selection returns the set without repetitions, and its text. names counts the fields of the whole place, to which the
// fields of inline fragments belong.
func (s *simplifier) selection(set ast.SelectionSet, names map[string]int) (ast.SelectionSet, string) {
	if len(set) == 0 {
		return set, ""
	}
	var all strings.Builder
	seen := make(map[string]bool, len(set))
	kept := make(ast.SelectionSet, 0, len(set))
	for _, sel := range set {
		text := s.text(sel, names)
		if seen[text] {
			continue
		}
		seen[text] = true
		kept = append(kept, sel)
		all.WriteString(text)
		if f, ok := sel.(*ast.Field); ok {
			names[f.Alias]++
			s.repeats = max(s.repeats, names[f.Alias])
		}
	}
	return kept, "{" + all.String() + "}"
}

// text returns what a selection says; equal texts say the same.
func (s *simplifier) text(sel ast.Selection, names map[string]int) string {
	var b strings.Builder
	var inside string
	switch sel := sel.(type) {
	case *ast.Field:
		b.WriteString(sel.Alias + ":" + sel.Name)
		arguments(&b, sel.Arguments)
		directives(&b, sel.Directives)
		sel.SelectionSet, inside = s.selection(sel.SelectionSet, map[string]int{})
	case *ast.InlineFragment:
		b.WriteString("... on " + sel.TypeCondition)
		directives(&b, sel.Directives)
		sel.SelectionSet, inside = s.selection(sel.SelectionSet, names)
	case *ast.FragmentSpread:
		b.WriteString("..." + sel.Name)
		directives(&b, sel.Directives)
	}
	return b.String() + inside + " "
}

func arguments(b *strings.Builder, list ast.ArgumentList) {
	b.WriteByte('(')
	for _, a := range list {
		b.WriteString(a.Name + ":" + a.Value.String() + ",")
	}
	b.WriteByte(')')
}

func directives(b *strings.Builder, list ast.DirectiveList) {
	for _, d := range list {
		b.WriteString("@" + d.Name)
		arguments(b, d.Arguments)
	}
}
