// Package commerce answers questions about single records: lists with filters, sorts and keyset pages, lookups by id, and
// the batches that keep a list of n records from costing n statements. It only reads.
//
// Everything happens under the viewer in the context. Reads go through ent and its privacy rules; the few statements that
// ent cannot say are bound to the viewer's tenant by store.Read. A record of another tenant is like one that does not
// exist.
//
// Errors that the caller can do something about are faults: fault.Invalid names the argument in Field,
// fault.InvalidCursor is a cursor of another list, fault.Unauthenticated a context without a tenant. When the context
// has ended, the error is the context's, whatever the driver made of it.
package commerce

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent/tenant"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/viewer"
)

// Reader reads records. It holds nothing of a request and may be used by many at once.
type Reader struct {
	db  *store.Store
	now func() time.Time
}

// New returns a reader of the store. now tells the present instant, which named date ranges depend on.
func New(db *store.Store, now func() time.Time) *Reader { return &Reader{db: db, now: now} }

// asker is who asks, and how the tenant's amounts and days are read.
type asker struct {
	settings
	tenant int64
	// pii tells whether the viewer may see who a customer is.
	pii bool
}

// settings are the columns of a tenant that every answer depends on.
type settings struct {
	currency  money.Currency
	zone      *time.Location
	weekStart time.Weekday
}

type memoKey struct{}

// memo remembers the settings of the tenants that an operation has asked for.
type memo struct {
	mu    sync.Mutex
	known map[int64]settings
}

// WithSettings returns a context in which each tenant's settings are read once. It is for one operation: settings that
// change are not noticed within it.
func WithSettings(ctx context.Context) context.Context {
	return context.WithValue(ctx, memoKey{}, &memo{known: map[int64]settings{}})
}

// ask returns who asks. Without a tenant it is fault.Unauthenticated.
func (r *Reader) ask(ctx context.Context) (asker, error) {
	v := viewer.FromContext(ctx)
	if v == nil || v.TenantID == 0 {
		return asker{}, fault.Errorf(fault.Unauthenticated, "sign in to see a tenant's data")
	}
	a := asker{tenant: v.TenantID, pii: v.Can(viewer.ReadCustomerPII)}
	m, _ := ctx.Value(memoKey{}).(*memo)
	if m == nil {
		m = &memo{known: map[int64]settings{}}
	}
	m.mu.Lock() // over the statement too: whoever else needs the settings waits for them
	defer m.mu.Unlock()
	set, ok := m.known[v.TenantID]
	if !ok {
		var err error
		if set, err = r.settings(ctx, v.TenantID); err != nil {
			return asker{}, err
		}
		m.known[v.TenantID] = set
	}
	a.settings = set
	return a, nil
}

func (r *Reader) settings(ctx context.Context, id int64) (settings, error) {
	row, err := r.db.Client().Tenant.Query().Where(tenant.ID(id)).Only(ctx)
	if err != nil {
		return settings{}, fail(ctx, "read the tenant's settings", err)
	}
	zone, err := period.LoadZone(row.Timezone)
	if err != nil {
		// Not the caller's mistake: the column holds only zones that were known when they were written.
		return settings{}, fmt.Errorf("read the tenant's settings: timezone: %s", err.Error())
	}
	return settings{money.Currency(row.Currency), zone, time.Weekday(row.WeekStartsOn)}, nil
}

// money returns an amount of the tenant's currency.
func (s settings) money(minor int64) money.Money {
	return money.Money{Minor: minor, Currency: s.currency}
}

func (s settings) maybe(minor *int64) *money.Money {
	if minor == nil {
		return nil
	}
	m := s.money(*minor)
	return &m
}

// fail wraps an error of the database with what was being done. Drivers name a deadline in their own ways, or report a
// broken connection; the context knows better.
func fail(ctx context.Context, doing string, err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	if ended := ctx.Err(); ended != nil && !errors.Is(err, ended) {
		return fmt.Errorf("%s: %w: %w", doing, ended, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// cond is one condition on the rows of a list.
type cond = func(*sql.Selector)

// all holds where each condition does.
func all(conds ...cond) cond {
	return func(s *sql.Selector) {
		for _, c := range conds {
			c(s)
		}
	}
}
