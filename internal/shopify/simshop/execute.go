package simshop

import (
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/shopsight/shopsight/internal/shopify/cost"
)

// call is one document in execution. It knows nothing of the kinds of records: resolvers give it values, and it follows
// the schema and what is selected.
type call struct {
	shop   *Shop
	schema *ast.Schema
	vars   map[string]any
	at     time.Time
	scopes []string
	faults Faults
	files  string

	errors []any
	search []any
	pages  []shown // the records that were answered in lists
	// exports are the files of the bulk operations that begin with this document.
	exports []*writer
}

// shown is a record that was answered.
type shown struct {
	kind Kind
	id   int64
}

// problem is an error of a field, whose value is null then.
type problem struct {
	message    string
	extensions object
}

func (p *problem) Error() string { return p.message }

// plan is what is selected of an object type. It is made once for all objects of the type.
type plan struct {
	typ    *ast.Definition
	fields []*planned
}

// planned is one field of the answer.
type planned struct {
	key  string
	same []*ast.Field
	args map[string]any
	own  int // cost
	// resolve answers the field.
	resolve resolver
	// plans are those for what the field's value is, by its type.
	plans map[*ast.Definition]*plan
}

func (c *call) plan(typ *ast.Definition, sets []ast.SelectionSet) *plan {
	p := &plan{typ: typ}
	for _, same := range cost.Fields(c.schema, typ, sets, c.vars) {
		f := same[0]
		one := &planned{key: f.Alias, same: same, plans: make(map[*ast.Definition]*plan)}
		if f.Definition != nil {
			one.args = f.ArgumentMap(c.vars)
			one.own = cost.Field(c.schema, typ, f.Definition)
			one.resolve = c.resolver(typ.Name, f.Name)
		}
		p.fields = append(p.fields, one)
	}
	return p
}

// path is where a value stands in the answer.
type path struct {
	up *path
	at any // a key or an index
}

func (p *path) list() (out []any) {
	if p == nil {
		return nil
	}
	return append(p.up.list(), p.at)
}

// object answers what is planned of a value. It returns what that cost, and ok is false when a field that cannot be null
// is: then there is no object either.
func (c *call) object(p *plan, src any, at *path) (out object, points int, ok bool) {
	out = make(object, 0, len(p.fields))
	for _, f := range p.fields {
		v, n, fine := c.field(p.typ, f, src, &path{at, f.key})
		if !fine {
			return nil, points, false
		}
		out = append(out, member{f.key, v})
		points += n
	}
	return out, points, true
}

func (c *call) field(typ *ast.Definition, f *planned, src any, at *path) (v any, points int, ok bool) {
	name := f.same[0].Name
	if name == "__typename" {
		return typ.Name, 0, true
	}
	v, err := f.resolve(c, src, f.args)
	if err != nil {
		c.fail(err, f.same[0], at)
		v = nil
	}
	def := f.same[0].Definition
	if v == nil && err == nil && def.Type.NonNull {
		c.fail(&problem{message: "Cannot return null for non-nullable field " + typ.Name + "." + name}, f.same[0], at)
	}
	v, points, ok = c.complete(def.Type, f, v, at)
	if v == nil {
		return nil, f.least(), ok
	}
	if p, paged := c.paged(def, v, points); paged {
		points = p
	}
	return v, f.own + points, ok
}

// least is what a field costs that is answered by null.
func (f *planned) least() int {
	if f.own > 1 {
		return f.own
	}
	return 0
}

// paged returns what the nodes of a connection cost together: not each counts, but a page of so many.
func (c *call) paged(def *ast.FieldDefinition, v any, points int) (int, bool) {
	if !cost.IsConnection(def) {
		return 0, false
	}
	n := 0
	for _, m := range v.(object) {
		if list, ok := m.value.([]any); ok {
			n = max(n, len(list))
		}
	}
	if n == 0 {
		return 0, true
	}
	return (points*cost.Page(n) + n - 1) / n, true
}

// complete makes of a resolver's value what the schema says that it is.
func (c *call) complete(t *ast.Type, f *planned, v any, at *path) (out any, points int, ok bool) {
	if v == nil {
		return nil, 0, !t.NonNull
	}
	if t.Elem != nil {
		return c.list(t, f, v.([]any), at)
	}
	def := c.schema.Types[t.NamedType]
	if def.IsLeafType() {
		return v, 0, true
	}
	typ := def
	if def.IsAbstractType() {
		typ = c.schema.Types[typename(v)]
		if typ == nil {
			c.fail(&problem{message: "simshop: a type that the schema does not know: " + typename(v)}, f.same[0], at)
			return nil, 0, !t.NonNull
		}
	}
	p := f.plans[typ]
	if p == nil {
		p = c.plan(typ, cost.Sets(f.same))
		f.plans[typ] = p
	}
	o, points, ok := c.object(p, v, at)
	if !ok {
		return nil, points, !t.NonNull
	}
	return o, points, true
}

// list answers each element. In a page each costs by itself; any other list costs as much as its dearest element.
func (c *call) list(t *ast.Type, f *planned, elements []any, at *path) (any, int, bool) {
	def := f.same[0]
	each := strings.HasSuffix(def.ObjectDefinition.Name, "Connection") || def.ObjectDefinition == c.schema.Query
	out, points := make([]any, len(elements)), 0
	for i, e := range elements {
		v, n, ok := c.complete(t.Elem, f, e, &path{at, i})
		if !ok {
			return nil, points, !t.NonNull
		}
		out[i] = v
		switch {
		case !each:
			points = max(points, n)
		case v != nil:
			points += n + f.own
		}
	}
	if each {
		points -= f.own // the field itself adds it once
	}
	return out, points, true
}

// fail adds an error to the answer.
func (c *call) fail(err error, f *ast.Field, at *path) {
	e := object{{"message", err.Error()}}
	if f.Position != nil {
		e = append(e, member{"locations", []any{object{{"line", f.Position.Line}, {"column", f.Position.Column}}}})
	}
	if p, ok := err.(*problem); ok && len(p.extensions) > 0 {
		e = append(e, member{"extensions", p.extensions})
	}
	c.errors = append(c.errors, append(e, member{"path", at.list()}))
}
