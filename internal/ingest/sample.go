package ingest

import (
	"context"
	"fmt"
	"time"

	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/store"
)

// FirstSampleID is the least number that sample data uses: far from any that a store gives out.
const FirstSampleID = 9_000_000_000_000_000_000

// Shop tells what sample data has to fit: the tenant's currency and timezone, and whether it has records of its own.
func (s *Service) Shop(ctx context.Context) (currency money.Currency, zone *time.Location, own bool, err error) {
	err = s.store.Read(ctx, func(q *store.SQL) error {
		w, err := s.begin(ctx, q, SourceSample)
		if err != nil {
			return err
		}
		currency, zone = w.currency, w.active.zone
		all, err := countRecords(ctx, q, false)
		if err != nil || all == (Deleted{}) {
			return err
		}
		made, err := countRecords(ctx, q, true)
		own = all != made
		return err
	})
	return currency, zone, own, err
}

// ClearSample removes the records of the sample data alone and counts them, as Clear does but without a slug to confirm:
// sample data can be made again.
func (s *Service) ClearSample(ctx context.Context) (Deleted, error) {
	gone, err := s.clear(ctx, true)
	if err != nil {
		return gone, fmt.Errorf("clear sample data: %w", err)
	}
	return gone, nil
}

// clear removes all records, or those of the sample data alone, in transactions of bounded size.
func (s *Service) clear(ctx context.Context, sampleOnly bool) (gone Deleted, err error) {
	for _, step := range []func(context.Context, *writer, bool, *Deleted) (bool, error){
		clearOrders, clearCustomers, clearProducts, clearRest,
	} {
		for more := true; more; {
			var now Deleted
			err := s.store.Commerce(ctx, func(q *store.SQL) error {
				now = Deleted{}
				w, err := s.begin(ctx, q, SourceAPI)
				if err != nil {
					return err
				}
				if more, err = step(ctx, w, sampleOnly, &now); err != nil {
					return err
				}
				return w.finish(ctx)
			})
			if err != nil {
				return gone, err
			}
			gone.Products += now.Products
			gone.Customers += now.Customers
			gone.Orders += now.Orders
			gone.OrderItems += now.OrderItems
		}
	}
	return gone, nil
}
