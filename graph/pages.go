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

// price is what a selection asks for at most.
type price struct {
	records int // that it may return: the page of each field that has one, times the pages around it
	cost    int // of its fields, times the pages around them
}

func (p price) plus(o price) price { return price{add(p.records, o.records), add(p.cost, o.cost)} }

// prices measures a validated operation with its variables. What a field costs and which of its arguments say the size of a
// page stands in the schema, in @cost.
type prices struct {
	vars map[string]any
	memo map[string]price // by fragment
}

func (p prices) selection(set ast.SelectionSet) price {
	var total price
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			total = total.plus(p.field(s))
		case *ast.InlineFragment:
			total = total.plus(p.selection(s.SelectionSet))
		case *ast.FragmentSpread:
			got, ok := p.memo[s.Name]
			if !ok {
				got = p.selection(s.Definition.SelectionSet)
				p.memo[s.Name] = got
			}
			total = total.plus(got)
		}
	}
	return total
}

func (p prices) field(f *ast.Field) price {
	got := p.selection(f.SelectionSet)
	own := 1
	if cost := costOf(f); cost != nil {
		if c := cost.Arguments.ForName("complexity"); c != nil {
			own, _ = strconv.Atoi(c.Value.Raw) // a number, or the schema would not have been read
		}
		if size := p.size(f, cost); size > 0 {
			// Below 2^31 times 100: no overflow.
			got = price{min(size*add(got.records, 1), saturated), min(size*got.cost, saturated)}
		}
	}
	got.cost = add(got.cost, own)
	return got
}

// costOf returns the directive that says what a field costs, nil for a plain field.
func costOf(f *ast.Field) *ast.Directive {
	if f.Definition == nil {
		return nil
	}
	return f.Definition.Directives.ForName("cost")
}

// size returns how many records a field gives at most, 0 for a field without a page.
func (p prices) size(f *ast.Field, cost *ast.Directive) int {
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
func (p prices) argument(f *ast.Field, name string) int {
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
