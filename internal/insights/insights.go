// Package insights answers what the numbers are: the overview of a period, its course over time, the customers who
// bought the most, and what each metric means.
//
// Reports are computed from the ledger and its rollups, never from orders and their items, so that a large store is
// answered as fast as a small one:
//
//	daily_sales     money, orders and new customers of whole local days
//	customer_gaps   distinct customers of a run of days (see distinct)
//	ledger_entries  hours, the last day of a period that is cut at an instant, and customers ranked over a period
//	customers       customers ranked over all time, and which order was a customer's first
//
// The types of this package are those of the API's contract: GraphQL binds to them as they are. The formulas are pure
// functions over integers (figures.go, metric.go); the statements around them only read sums. Each report reads one
// snapshot of one tenant, so that its parts agree with each other, in a small number of statements that does not depend
// on how much the store has sold.
package insights

import (
	"context"
	"fmt"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/store"
)

// Service computes the reports of the tenant of whoever asks. Its methods may be called at once by many.
//
// Each of them returns fault.Unauthenticated without a viewer of a tenant, and fault.Invalid with the path of the
// argument for input that cannot be right. A sum beyond 64 bits is an ordinary error, never a wrong number.
type Service struct {
	store *store.Store
	now   func() time.Time
}

// New returns the service over an open database. now tells the present instant.
func New(s *store.Store, now func() time.Time) *Service {
	return &Service{store: s, now: now}
}

// check returns fault.Invalid for a period that no caller can mean.
func check(in period.Input) error {
	if err := in.Check(); err != nil {
		return fault.Errorf(fault.Invalid, "%s", err).At("range")
	}
	return nil
}

// ResolvedRange is the period that a report really covered.
type ResolvedRange struct {
	From, To period.Day
	// StartsAt is the first instant of the period, EndsBefore the first one after it.
	StartsAt, EndsBefore time.Time
	// Timezone is the IANA name of the zone in which the days were read.
	Timezone string
}

// report runs read on one snapshot, after its first statement. read may run again after a lost race of the database.
func (s *Service) report(ctx context.Context, name string, read func(r reader) error) error {
	now := s.now().UTC().Truncate(time.Microsecond)
	err := s.store.Read(ctx, func(q *store.SQL) error {
		about, err := readShop(ctx, q, now)
		if err != nil {
			return err
		}
		return read(reader{sql: q, shop: about})
	})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
