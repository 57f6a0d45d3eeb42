package graph

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/shopsight/shopsight/graph/loader"
	"github.com/shopsight/shopsight/internal/account"
	"github.com/shopsight/shopsight/internal/commerce"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/insights"
	"github.com/shopsight/shopsight/internal/live"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/privacy"
	"github.com/shopsight/shopsight/internal/sample"
	"github.com/shopsight/shopsight/internal/sync"
)

//go:generate go tool gqlgen generate

// Resolver answers the fields of the schema. It translates arguments into one call of a service and decides nothing.
type Resolver struct {
	Account  *account.Service
	Ingest   *ingest.Service
	Sample   *sample.Loader
	Sync     *sync.Service
	Privacy  *privacy.Service
	Commerce *commerce.Reader
	Insights *insights.Service
	Live     *live.Hub
}

// longWork is how long a mutation may take that works in many transactions, each of which leaves the numbers in order:
// longer than other operations, and less than the server waits for an answer.
const longWork = 80 * time.Second

// patient returns a context for such a mutation: it goes on to the end even when the caller does not wait for it.
func patient(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), longWork)
}

// values returns what the pointers of a list argument point to.
func values[T any](in []*T) []T {
	out := make([]T, len(in))
	for i, p := range in {
		out[i] = *p
	}
	return out
}

// pointers returns what a service answers by value in the form that the generated code writes.
func pointers[T any](in []T) []*T {
	out := make([]*T, len(in))
	for i := range in {
		out[i] = &in[i]
	}
	return out
}

// or returns the value of an optional argument, or its zero value.
func or[T any](p *T) T {
	if p == nil {
		return *new(T)
	}
	return *p
}

// removed shows what a deletion counted.
func removed(d ingest.Deleted, errs []fault.UserError) *commerce.DataSummary {
	if len(errs) > 0 && d == (ingest.Deleted{}) {
		return nil
	}
	return &commerce.DataSummary{Products: int(d.Products), Customers: int(d.Customers), Orders: int(d.Orders),
		OrderItems: int(d.OrderItems)}
}

// record returns the record that a global id names, nil when there is none that the viewer can see.
func (r *Resolver) record(ctx context.Context, id string) (Node, error) {
	kind, row, ok := DecodeID(id)
	if !ok {
		return nil, nil
	}
	if err := RequireType(ctx, string(kind)); err != nil {
		return nil, err
	}
	set := loader.For(ctx)
	switch kind {
	case KindOrder:
		return orNil(set.Order(row))
	case KindOrderItem:
		return orNil(set.OrderItem(row))
	case KindProduct:
		return orNil(set.Product(row))
	case KindCustomer:
		return orNil(set.Customer(row))
	case KindSyncRun:
		return orNil(r.Sync.Run(ctx, row))
	case KindPrivacyRequest:
		return orNil(r.Privacy.Request(ctx, row))
	case KindTenant:
		t, err := r.Account.Tenant(ctx)
		if err != nil || t.ID != row {
			return nil, err
		}
		return t, nil
	}
	return nil, nil
}

// topCustomers ranks customers, and reads them when they are asked for. One may be deleted between the two, and a ranking
// has no place without its customer, so it is made again then.
func (r *Resolver) topCustomers(ctx context.Context, in period.Input, first int, by insights.RankBy) ([]*insights.RankedCustomer, error) {
	for tries := 1; ; tries++ {
		ranked, err := r.Insights.TopCustomers(ctx, in, first, by)
		if err != nil {
			return nil, err
		}
		if allThere(ctx, ranked) || tries == 3 {
			return pointers(ranked), nil
		}
	}
}

// allThere reads the customers of a ranking at once if the query asks for them, and tells whether none is missing. They
// come from no list of customers, so that they do not know each other, and on a busy machine the loader's short wait
// would end before all of them have asked.
func allThere(ctx context.Context, ranked []insights.RankedCustomer) bool {
	if !graphql.FieldRequested(ctx, "customer") || RequireType(ctx, "Customer") != nil {
		return true
	}
	ids := make([]int64, len(ranked))
	for i, c := range ranked {
		ids[i] = c.CustomerID
	}
	customers, err := loader.For(ctx).Customers(ids)
	// What goes wrong here goes wrong again where the customer is asked for, and is said there.
	return err != nil || !slices.Contains(customers, nil)
}

// maxNodes is how many records one field fetches.
const maxNodes = 100

// records returns the records that global ids name, in their order. One that the viewer may not read is refused at its own
// place, and the others arrive: the list itself must not be null, so an error of its own would take the whole answer.
func (r *Resolver) records(ctx context.Context, ids []string) ([]Node, error) {
	if len(ids) > maxNodes {
		return nil, fault.Errorf(fault.Invalid, "ids has %d entries, more than %d", len(ids), maxNodes).At("ids")
	}
	rows := make(map[Kind][]int64)
	for _, id := range ids {
		if kind, row, ok := DecodeID(id); ok {
			rows[kind] = append(rows[kind], row)
		}
	}
	// Read each kind at once; what the viewer may not read is refused below.
	set := loader.For(ctx)
	_, orders := set.Orders(rows[KindOrder])
	_, items := set.OrderItems(rows[KindOrderItem])
	_, products := set.Products(rows[KindProduct])
	_, customers := set.Customers(rows[KindCustomer])
	if err := errors.Join(orders, items, products, customers); err != nil {
		return nil, err
	}
	out := make([]Node, len(ids))
	for i, id := range ids {
		n, err := r.record(ctx, id)
		switch {
		case fault.KindOf(err) == fault.Forbidden:
			graphql.AddError(graphql.WithPathContext(ctx, graphql.NewPathWithIndex(i)), err)
		case err != nil:
			return nil, err
		default:
			out[i] = n
		}
	}
	return out, nil
}

// orNil keeps a nil pointer from becoming an interface that is not nil.
func orNil[T any, P interface {
	*T
	Node
}](p P, err error) (Node, error) {
	if p == nil || err != nil {
		return nil, err
	}
	return p, nil
}
