package graph

import (
	"math"
	"strconv"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Limits bounds what a query may ask for. A query beyond one of them is refused with QUERY_TOO_COMPLEX before it is
// validated and before any resolver runs, at a cost that grows with the length of its text and not with what it expands
// to: a fragment is measured once, however often it is spread.
type Limits struct {
	// Depth is how many fields may lie within one another; what is inside __schema and __type is not counted.
	Depth int
	// Aliases is how many fields may be renamed; each spread of a fragment counts those inside again.
	Aliases int
	// RootFields is how many fields may stand at the root, each spread counted.
	RootFields int
	// Tokens is how many words and signs the document may have.
	Tokens int
	// Fields is how many fields the operation has when all fragments are written out. It ends bombs of fragments that
	// double without growing deeper.
	Fields int
	// Repeats is how often one selection set may name the same field with something else inside. The rule that merges such
	// fields compares each with each.
	Repeats int
	// Records is how many records the page sizes of the query may add up to, nested pages multiplied.
	Records int
	// Cost is what the fields of the query may cost, nested pages multiplied. Every answer says what its query cost.
	Cost int
}

// DefaultLimits are the limits of the contract. Fields, Repeats, Records and Cost stand far above what a client needs; they
// close what the others leave open.
var DefaultLimits = Limits{
	Depth: 12, Aliases: 15, RootFields: 20, Tokens: 2000, Fields: 5000, Repeats: 200, Records: 200_000, Cost: 5_000_000,
}

func tooComplex(format string, args ...any) *gqlerror.Error {
	err := gqlerror.Errorf(format, args...)
	errcode.Set(err, CodeQueryTooComplex)
	return err
}

// check measures every operation of a document that nobody has validated yet.
func (l Limits) check(doc *ast.QueryDocument) *gqlerror.Error {
	m := newMeasurer(doc)
	for _, op := range doc.Operations {
		got := m.selection(op.SelectionSet, true)
		if m.cycle != nil {
			return m.cycle
		}
		for _, c := range []struct {
			got, limit int
			format     string
		}{
			{got.depth, l.Depth, "the query is %s levels deep; the limit is %d"},
			{got.aliases, l.Aliases, "the query has %s aliases; the limit is %d"},
			{got.roots, l.RootFields, "the query has %s fields at its root; the limit is %d"},
			{got.fields, l.Fields, "the query has %s fields with its fragments written out; the limit is %d"},
		} {
			if c.got > c.limit {
				return tooComplex(c.format, atLeast(c.got), c.limit)
			}
		}
	}
	return nil
}

// saturated is where counting ends: a bomb of 30 levels would wrap an int.
const saturated = math.MaxInt32

func atLeast(n int) string {
	if n >= saturated {
		return "at least " + strconv.Itoa(saturated)
	}
	return strconv.Itoa(n)
}

func add(a, b int) int { return min(a+b, saturated) }

// size is what a selection set measures with all fragments in it.
type size struct{ depth, aliases, fields, roots int }

func (s size) plus(o size) size {
	return size{max(s.depth, o.depth), add(s.aliases, o.aliases), add(s.fields, o.fields), add(s.roots, o.roots)}
}

// measurer measures a parsed document, which nobody has validated yet: fragments may be missing, doubled or in a circle.
type measurer struct {
	fragments map[string]*ast.FragmentDefinition
	memo      map[fragmentUse]size
	open      map[string]bool
	cycle     *gqlerror.Error
}

// fragmentUse is a fragment at the root of an operation, where __schema and __type stand, or elsewhere.
type fragmentUse struct {
	name string
	root bool
}

func newMeasurer(doc *ast.QueryDocument) *measurer {
	m := &measurer{
		fragments: make(map[string]*ast.FragmentDefinition, len(doc.Fragments)),
		memo:      map[fragmentUse]size{},
		open:      map[string]bool{},
	}
	for _, f := range doc.Fragments {
		if m.fragments[f.Name] == nil {
			m.fragments[f.Name] = f
		}
	}
	return m
}

func (m *measurer) selection(set ast.SelectionSet, root bool) size {
	var total size
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			total = total.plus(m.field(s, root))
		case *ast.InlineFragment:
			total = total.plus(m.selection(s.SelectionSet, root))
		case *ast.FragmentSpread:
			total = total.plus(m.fragment(s, root))
		}
	}
	return total
}

func (m *measurer) field(f *ast.Field, root bool) size {
	inside := m.selection(f.SelectionSet, false)
	own := size{depth: inside.depth + 1, aliases: inside.aliases, fields: add(inside.fields, 1), roots: 1}
	// The name decides, not the alias, and only at the root: elsewhere such a field does not exist.
	if root && (f.Name == "__schema" || f.Name == "__type") {
		own.depth = 1
	}
	if f.Alias != f.Name {
		own.aliases = add(own.aliases, 1)
	}
	return own
}

func (m *measurer) fragment(s *ast.FragmentSpread, root bool) size {
	def := m.fragments[s.Name]
	if def == nil {
		return size{}
	}
	use := fragmentUse{s.Name, root}
	if got, ok := m.memo[use]; ok {
		return got
	}
	if m.open[s.Name] {
		if m.cycle == nil {
			m.cycle = gqlerror.ErrorPosf(s.Position, "Cannot spread fragment %q within itself.", s.Name)
			errcode.Set(m.cycle, errcode.ValidationFailed)
		}
		return size{}
	}
	m.open[s.Name] = true
	got := m.selection(def.SelectionSet, root)
	delete(m.open, s.Name)
	m.memo[use] = got
	return got
}
