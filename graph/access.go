package graph

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/viewer"
)

// open are the root fields that work without a credential.
var open = []string{"signup", "login", "refresh", "viewer", "metricDefinitions", "__typename"}

// signsIn are the mutations after which the rest of the answer is read as the person who has just signed in.
var signsIn = []string{"signup", "login", "refresh"}

// requirement is what a viewer must be to read a field.
type requirement struct {
	signedIn bool
	person   bool
	scopes   []viewer.Scope
}

func (r requirement) none() bool { return !r.signedIn && !r.person && len(r.scopes) == 0 }

// check returns the fault of a viewer who may not read, nil for one who may.
func (r requirement) check(v *viewer.Viewer) error {
	if r.none() {
		return nil
	}
	if anonymous(v) {
		return fault.Errorf(fault.Unauthenticated, "this needs a credential: send one as Authorization: Bearer <accessToken>")
	}
	for _, s := range r.scopes {
		if !v.Can(s) {
			return fault.Errorf(fault.Forbidden, "this needs the scope %s", s)
		}
	}
	if r.person && v.UserID == 0 {
		return fault.Errorf(fault.Forbidden, "this needs a signed-in person")
	}
	return nil
}

func anonymous(v *viewer.Viewer) bool {
	return v == nil || v.TenantID == 0 && v.UserID == 0 && !v.IsSystem()
}

// access enforces @requiresScope and @requiresPerson as the schema states them, and that nothing but the open fields
// works without a credential.
//
// Before an operation runs, one walk finds the fields that its viewer may not read. If there are none, as is usual,
// fields cost nothing more. A field whose type is guarded is refused itself, and so is every field of a guarded type, so
// that no way around through an interface is left open; resolvers of interfaces call RequireType before they return a
// record, as a query may select nothing of the concrete type.
type access struct {
	fields map[*ast.FieldDefinition]requirement
	types  map[string]requirement
}

var _ graphql.OperationInterceptor = (*access)(nil)

// newAccess reads the directives of the schema.
func newAccess(schema *ast.Schema) *access {
	a := &access{fields: map[*ast.FieldDefinition]requirement{}, types: map[string]requirement{}}
	for name, def := range schema.Types {
		if def.Kind == ast.Object {
			a.types[name] = requirement{scopes: typeScopes(schema, def)}
		}
	}
	for name, def := range schema.Types {
		for _, f := range def.Fields {
			var r requirement
			r.scopes = append(r.scopes, scopesOf(f.Directives)...)
			r.scopes = append(r.scopes, a.types[f.Type.Name()].scopes...)
			r.scopes = append(r.scopes, a.types[name].scopes...)
			slices.Sort(r.scopes)
			r.scopes = slices.Compact(r.scopes)
			r.person = f.Directives.ForName("requiresPerson") != nil
			root := def == schema.Query || def == schema.Mutation || def == schema.Subscription
			r.signedIn = root && !slices.Contains(open, f.Name)
			if !r.none() {
				a.fields[f] = r
			}
		}
	}
	return a
}

// typeScopes returns what a type asks for. The pages and edges of guarded records are guarded as the records are: their
// number alone says something.
func typeScopes(schema *ast.Schema, def *ast.Definition) []viewer.Scope {
	own := scopesOf(def.Directives)
	for _, f := range def.Fields {
		page := strings.HasSuffix(def.Name, "Connection") && f.Name == "nodes"
		edge := strings.HasSuffix(def.Name, "Edge") && f.Name == "node"
		if node := schema.Types[f.Type.Name()]; (page || edge) && node != nil {
			own = append(own, scopesOf(node.Directives)...)
		}
	}
	return own
}

func scopesOf(directives ast.DirectiveList) []viewer.Scope {
	var scopes []viewer.Scope
	for _, d := range directives.ForNames("requiresScope") {
		if scope := d.Arguments.ForName("scope"); scope != nil {
			scopes = append(scopes, viewer.Scope(scope.Value.Raw))
		}
	}
	return scopes
}

func (*access) ExtensionName() string { return "Access" }

func (*access) Validate(graphql.ExecutableSchema) error { return nil }

type accessKey struct{}

// InterceptOperation finds what the viewer may not read, and has it refused where it is reached.
func (a *access) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	ctx = context.WithValue(ctx, accessKey{}, a)
	oc := graphql.GetOperationContext(ctx)
	refused, signs := a.guarded(oc.Operation, viewer.FromContext(ctx))
	if len(refused) == 0 && !signs {
		return next(ctx)
	}
	inner := oc.ResolverMiddleware
	oc.ResolverMiddleware = func(ctx context.Context, resolve graphql.Resolver) (any, error) {
		fc := graphql.GetFieldContext(ctx)
		if r, ok := refused[fc.Field.Field]; ok {
			if err := r.check(viewer.FromContext(ctx)); err != nil {
				return nil, err
			}
		}
		if signs && fc.Object == "Mutation" && slices.Contains(signsIn, fc.Field.Name) {
			return signIn(ctx, resolve, inner)
		}
		return inner(ctx, resolve)
	}
	return next(ctx)
}

// signIn runs a mutation that signs somebody in. What is selected inside its payload runs in the context that the
// resolver was given, so that context carries a viewer who may do nothing and who becomes the person once that is known.
func signIn(ctx context.Context, resolve graphql.Resolver, inner graphql.FieldMiddleware) (any, error) {
	v := &viewer.Viewer{}
	payload, err := inner(viewer.NewContext(ctx, v), resolve)
	if p, ok := payload.(interface{ SignedIn() *viewer.Viewer }); ok && err == nil {
		if person := p.SignedIn(); person != nil {
			*v = *person
		}
	}
	return payload, err
}

// guarded returns the fields of the operation that the viewer may not read, and whether the operation signs somebody in.
// What lies inside such a mutation is listed whenever it asks for anything: its viewer is not known yet.
func (a *access) guarded(op *ast.OperationDefinition, v *viewer.Viewer) (map[*ast.Field]requirement, bool) {
	w := guardWalk{access: a, viewer: v, seen: map[guardUse]bool{}}
	w.selection(op.SelectionSet, true, false, op.Operation == ast.Mutation)
	return w.found, w.signs
}

// guardUse is a fragment at the root or elsewhere, inside a mutation that signs in or not.
type guardUse struct {
	name       string
	root, late bool
}

type guardWalk struct {
	*access
	viewer *viewer.Viewer
	seen   map[guardUse]bool
	found  map[*ast.Field]requirement
	signs  bool
}

func (w *guardWalk) selection(set ast.SelectionSet, root, late, mutation bool) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			w.field(s, root, late, mutation)
		case *ast.InlineFragment:
			w.selection(s.SelectionSet, root, late, mutation)
		case *ast.FragmentSpread:
			if use := (guardUse{s.Name, root, late}); !w.seen[use] {
				w.seen[use] = true
				w.selection(s.Definition.SelectionSet, root, late, mutation)
			}
		}
	}
}

func (w *guardWalk) field(f *ast.Field, root, late, mutation bool) {
	r := w.fields[f.Definition]
	// gqlparser makes the definitions of the introspection fields part of the query type, so that they are found above.
	if late && !r.none() || r.check(w.viewer) != nil {
		if w.found == nil {
			w.found = map[*ast.Field]requirement{}
		}
		w.found[f] = r
	}
	if root && mutation && slices.Contains(signsIn, f.Name) {
		w.signs, late = true, true
	}
	w.selection(f.SelectionSet, false, late, mutation)
}

// RequireType tells whether the viewer may read records of a type of the schema, for resolvers that return an interface:
// nil, fault.Unauthenticated or fault.Forbidden. Outside an operation the answer is an error.
func RequireType(ctx context.Context, typeName string) error {
	a, ok := ctx.Value(accessKey{}).(*access)
	if !ok {
		return errors.New("require type: outside an operation")
	}
	return a.types[typeName].check(viewer.FromContext(ctx))
}
