package graph

import (
	"encoding/json"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// The size of a page when the query does not say, and the largest that any field gives: a larger one is refused by the
// field itself, with a better message.
const (
	defaultPage = 20
	largestPage = 100
)

// pages adds up how many records a validated operation may return: the page of each field that has one, times the pages
// around it. Which arguments say the size stands in the schema, in @cost(multipliers:).
type pages struct {
	vars map[string]any
	memo map[string]int // by fragment
}

func (p pages) selection(set ast.SelectionSet) int {
	total := 0
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			inside := p.selection(s.SelectionSet)
			if size := p.size(s); size > 0 {
				// Below 2^31 times 100: no overflow.
				inside = min(size*add(inside, 1), saturated)
			}
			total = add(total, inside)
		case *ast.InlineFragment:
			total = add(total, p.selection(s.SelectionSet))
		case *ast.FragmentSpread:
			n, ok := p.memo[s.Name]
			if !ok {
				n = p.selection(s.Definition.SelectionSet)
				p.memo[s.Name] = n
			}
			total = add(total, n)
		}
	}
	return total
}

// size returns how many records a field gives at most, 0 for a field without a page.
func (p pages) size(f *ast.Field) int {
	if f.Definition == nil {
		return 0
	}
	cost := f.Definition.Directives.ForName("cost")
	if cost == nil {
		return 0
	}
	multipliers := cost.Arguments.ForName("multipliers")
	if multipliers == nil {
		return 0
	}
	size := 0
	for _, m := range multipliers.Value.Children {
		size = max(size, p.argument(f, m.Value.Raw))
	}
	if size == 0 {
		size = defaultPage
	}
	return min(size, largestPage)
}

// argument returns the number that an argument gives, or the length of its list; 0 when it says nothing.
func (p pages) argument(f *ast.Field, name string) int {
	var v *ast.Value
	if a := f.Arguments.ForName(name); a != nil {
		v = a.Value
	} else if d := f.Definition.Arguments.ForName(name); d != nil {
		v = d.DefaultValue
	}
	if v == nil {
		return 0
	}
	got, err := v.Value(p.vars)
	if err != nil {
		return largestPage
	}
	switch n := got.(type) {
	case int64:
		return int(max(0, min(n, largestPage)))
	case int:
		return max(0, min(n, largestPage))
	case json.Number:
		i, err := strconv.ParseInt(string(n), 10, 64)
		if err != nil {
			return largestPage
		}
		return int(max(0, min(i, largestPage)))
	case []any:
		return min(len(n), largestPage)
	case nil:
		return 0
	}
	return largestPage
}
