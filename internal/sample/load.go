package sample

import (
	"context"
	"fmt"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/ingest"
)

// Bounds of what Load makes up.
const (
	MaxDays   = 1095
	MaxOrders = 20_000
)

// LoadInput says what store to make up; it has no defaults.
type LoadInput struct {
	Seed         int64
	Days, Orders int
}

// Loaded counts the records that were written.
type Loaded struct{ Products, Customers, Orders, OrderItems int }

// Loader fills tenants with sample data.
type Loader struct {
	ingest *ingest.Service
	now    func() time.Time
}

// NewLoader returns a loader that writes through svc. now is the clock.
func NewLoader(svc *ingest.Service, now func() time.Time) *Loader {
	return &Loader{svc, now}
}

// Load fills the viewer's tenant with sample data up to now, through the same writer as every other door, in the place
// of the sample data that is there already. Input out of bounds is a user error, and so is, as a CONFLICT, a tenant with
// records that are no sample data; nothing is changed then. progress is told how many of how many records are written;
// it may be nil.
//
// It works in many transactions. After an interruption the part that was written stays, with numbers that agree, and is
// replaced by the next call. When somebody else loads sample data at the same time, one of the two fails with
// fault.Conflict.
func (l *Loader) Load(ctx context.Context, in LoadInput, progress func(done, total int)) (Loaded, []fault.UserError, error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	if errs := in.check(); len(errs) > 0 {
		return Loaded{}, errs, nil
	}
	currency, zone, others, err := l.ingest.Shop(ctx)
	if err != nil {
		return Loaded{}, nil, fmt.Errorf("load sample data: %w", err)
	}
	if others {
		return Loaded{}, []fault.UserError{{Code: fault.CodeConflict,
			Message: "this tenant has records of its own; sample data would mix with them. Clear all data first"}}, nil
	}
	if _, err := l.ingest.ClearSample(ctx); err != nil {
		return Loaded{}, nil, fmt.Errorf("load sample data: %w", err)
	}
	shop := Options{Days: in.Days, Orders: in.Orders, Currency: currency, Zone: zone, Now: l.now()}
	loaded, err := write(ctx, l.ingest, Shop(in.Seed, shop), progress)
	if err != nil {
		return loaded, nil, fmt.Errorf("load sample data: %w", err)
	}
	return loaded, nil, nil
}

func (in LoadInput) check() (errs []fault.UserError) {
	for _, b := range []struct {
		name    string
		n, most int
	}{{"days", in.Days, MaxDays}, {"orders", in.Orders, MaxOrders}} {
		if b.n < 1 || b.n > b.most {
			errs = append(errs, fault.UserError{Field: []string{"input", b.name}, Code: fault.CodeInvalid,
				Message: fmt.Sprintf("must lie between 1 and %d", b.most)})
		}
	}
	return errs
}

// write applies the batches. The tenant had no record of these numbers, so each has to be new.
func write(ctx context.Context, svc *ingest.Service, g *Generator, progress func(done, total int)) (Loaded, error) {
	var loaded Loaded
	done, total := 0, g.Records()
	progress(done, total)
	for b := range g.Batches() {
		res, err := svc.Apply(ctx, b)
		switch {
		case err != nil:
			return loaded, err
		case res.Rejected > 0:
			return loaded, fmt.Errorf("%d made-up records were refused, the first as %+v", res.Rejected, res.UserErrors[0])
		case res.Created != res.Received:
			return loaded, fault.Errorf(fault.Conflict, "sample data were loaded by somebody else at the same time; load them again if need be")
		}
		loaded.Products += len(b.Products)
		loaded.Customers += len(b.Customers)
		loaded.Orders += len(b.Orders)
		for _, o := range b.Orders {
			loaded.OrderItems += len(o.Items)
		}
		done += res.Received
		progress(done, total)
	}
	return loaded, nil
}
