package graph

import (
	"context"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/shopsight/shopsight/internal/account"
	"github.com/shopsight/shopsight/internal/commerce"
	"github.com/shopsight/shopsight/internal/privacy"
	"github.com/shopsight/shopsight/internal/viewer"
)

// PrivacyRequestConnection is a page of privacy requests.
type PrivacyRequestConnection struct {
	Edges    []*PrivacyRequestEdge
	Nodes    []*privacy.Request
	PageInfo *commerce.PageInfo
	count    func(context.Context) (int, error)
}

// TotalCount counts the whole list. It asks the database when it is called.
func (c *PrivacyRequestConnection) TotalCount(ctx context.Context) (int, error) { return c.count(ctx) }

// privacyRequests returns a page of privacy requests.
func (r *Resolver) privacyRequests(ctx context.Context, first int, after *string, status string) (*PrivacyRequestConnection, error) {
	p, err := r.Privacy.Requests(ctx, first, after, status)
	if err != nil {
		return nil, err
	}
	c := &PrivacyRequestConnection{Nodes: p.Requests, Edges: []*PrivacyRequestEdge{},
		PageInfo: &commerce.PageInfo{HasNextPage: p.HasNext, HasPreviousPage: after != nil},
		count:    func(ctx context.Context) (int, error) { return r.Privacy.CountRequests(ctx, status) }}
	for _, request := range p.Requests {
		c.Edges = append(c.Edges, &PrivacyRequestEdge{Cursor: p.Cursor(request), Node: request})
	}
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c, nil
}

// CustomerDataAccess says who was shown personal fields of customers in an hour.
type CustomerDataAccess struct {
	HourAt    time.Time
	Actor     *account.User
	Operation string
	Fields    []string
	Customers int
	Answers   int
}

// CustomerDataAccessConnection is a page of records of access.
type CustomerDataAccessConnection struct {
	Edges    []*CustomerDataAccessEdge
	Nodes    []*CustomerDataAccess
	PageInfo *commerce.PageInfo
	count    func(context.Context) (int, error)
}

// TotalCount counts the whole list. It asks the database when it is called.
func (c *CustomerDataAccessConnection) TotalCount(ctx context.Context) (int, error) {
	return c.count(ctx)
}

// customerDataAccess returns a page of records of access, with the people who are still there.
func (r *Resolver) customerDataAccess(ctx context.Context, first int, after *string) (*CustomerDataAccessConnection, error) {
	p, err := r.Privacy.Access(ctx, first, after)
	if err != nil {
		return nil, err
	}
	members, err := r.Account.Members(ctx)
	if err != nil {
		return nil, err
	}
	people := make(map[int64]*account.User, len(members))
	for i := range members {
		people[members[i].User.ID] = &members[i].User
	}
	c := &CustomerDataAccessConnection{Nodes: []*CustomerDataAccess{}, Edges: []*CustomerDataAccessEdge{},
		PageInfo: &commerce.PageInfo{HasNextPage: p.HasNext, HasPreviousPage: after != nil}, count: r.Privacy.CountAccess}
	for _, e := range p.Entries {
		node := &CustomerDataAccess{HourAt: e.Hour, Actor: people[e.UserID], Operation: e.Operation, Fields: e.Fields,
			Customers: e.Customers, Answers: e.Answers}
		c.Nodes = append(c.Nodes, node)
		c.Edges = append(c.Edges, &CustomerDataAccessEdge{Cursor: p.Cursor(e), Node: node})
	}
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c, nil
}

// personal says under which name a field that identifies a customer is recorded, by Type.field.
var personal = map[string]string{
	"Customer.displayName": "name", "Customer.firstName": "name", "Customer.lastName": "name",
	"Customer.email": "email", "Customer.phone": "phone", "Customer.city": "city",
	"PrivacyRequest.export": "export",
}

// Witness is told what personal fields of how many customers an answer to the viewer of the context showed.
type Witness func(ctx context.Context, operation string, fields []string, customers int)

// witness tells of answers that show personal fields. Operations that select none cost one look at their fields; of the
// others each field costs a look.
type witness struct {
	tell   Witness
	fields map[*ast.FieldDefinition]string
}

var _ graphql.OperationInterceptor = (*witness)(nil)

func newWitness(schema *ast.Schema, tell Witness) *witness {
	w := &witness{tell: tell, fields: map[*ast.FieldDefinition]string{}}
	for name, def := range schema.Types {
		for _, f := range def.Fields {
			if as := personal[name+"."+f.Name]; as != "" {
				w.fields[f] = as
			}
		}
	}
	return w
}

func (*witness) ExtensionName() string { return "Witness" }

func (*witness) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptOperation counts what each answer shows.
func (w *witness) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	oc := graphql.GetOperationContext(ctx)
	if !w.selects(oc.Operation.SelectionSet, map[string]bool{}) {
		return next(ctx)
	}
	shown := &shown{}
	inner := oc.ResolverMiddleware
	oc.ResolverMiddleware = func(ctx context.Context, resolve graphql.Resolver) (any, error) {
		fc := graphql.GetFieldContext(ctx)
		as := w.fields[fc.Field.Definition]
		if as == "" {
			return inner(ctx, resolve)
		}
		value, err := inner(ctx, resolve)
		if err == nil && says(fc, value) {
			shown.add(as, fc.Parent.Result, viewer.FromContext(ctx))
		}
		return value, err
	}
	respond := next(ctx)
	return func(ctx context.Context) *graphql.Response {
		answer := respond(ctx)
		if v, fields, customers := shown.take(); customers > 0 {
			w.tell(viewer.NewContext(ctx, v), oc.Operation.Name, fields, customers)
		}
		return answer
	}
}

// selects tells whether a selection has a personal field. Each fragment is looked at once.
func (w *witness) selects(set ast.SelectionSet, seen map[string]bool) bool {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if w.fields[s.Definition] != "" || w.selects(s.SelectionSet, seen) {
				return true
			}
		case *ast.InlineFragment:
			if w.selects(s.SelectionSet, seen) {
				return true
			}
		case *ast.FragmentSpread:
			if !seen[s.Name] {
				seen[s.Name] = true
				if w.selects(s.Definition.SelectionSet, seen) {
					return true
				}
			}
		}
	}
	return false
}

// says tells whether the value of a personal field says anything of a person: null does not, nor does a number for a name.
func says(fc *graphql.FieldContext, value any) bool {
	if text, ok := value.(*string); ok {
		return text != nil
	}
	c, ok := customerOf(fc.Parent.Result)
	return !ok || c.FirstName != nil || c.LastName != nil
}

// customerOf returns the customer that a result is: an element of a list is a pointer to a pointer.
func customerOf(result any) (*commerce.Customer, bool) {
	switch c := result.(type) {
	case *commerce.Customer:
		return c, c != nil
	case **commerce.Customer:
		return *c, *c != nil
	}
	return nil, false
}

// shown is what one answer has shown so far. Resolvers run at the same time.
type shown struct {
	mu     sync.Mutex
	viewer *viewer.Viewer
	fields map[string]bool
	people map[any]bool
}

func (s *shown) add(field string, of any, v *viewer.Viewer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fields == nil {
		s.viewer, s.fields, s.people = v, map[string]bool{}, map[any]bool{}
	}
	if c, ok := customerOf(of); ok {
		of = c.ID
	}
	s.fields[field], s.people[of] = true, true
}

// take returns what was shown, and begins anew.
func (s *shown) take() (v *viewer.Viewer, fields []string, customers int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for f := range s.fields {
		fields = append(fields, f)
	}
	v, customers = s.viewer, len(s.people)
	s.viewer, s.fields, s.people = nil, nil, nil
	return v, fields, customers
}
