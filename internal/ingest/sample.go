package ingest

import (
	"context"
	"fmt"
	"time"

	"github.com/shopsight/shopsight/internal/live"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/store"
)

// FirstSampleID is the least number that sample data uses: far from any that a store gives out.
const FirstSampleID = 9_000_000_000_000_000_000

// Shop tells what sample data has to fit: the tenant's currency and timezone, and whether it has records of its own, or a
// store from which they come.
func (s *Service) Shop(ctx context.Context) (currency money.Currency, zone *time.Location, own bool, err error) {
	err = s.store.Read(ctx, func(q *store.SQL) error {
		w, err := s.begin(ctx, q, SourceSample)
		if err != nil {
			return err
		}
		currency, zone = w.currency, w.active.zone
		if err := q.Each(ctx, func(scan func(...any) error) error { own = true; return scan(new(int)) },
			"SELECT 1 FROM stores WHERE tenant_id = ? AND status <> 'DISCONNECTED'", q.Tenant()); err != nil || own {
			return err
		}
		all, err := countRecords(ctx, q, "")
		if err != nil || all == (Deleted{}) {
			return err
		}
		made, err := countRecords(ctx, q, SourceSample)
		own = all != made
		return err
	})
	return currency, zone, own, err
}

// ClearSample removes the records of the sample data alone and counts them, as Clear does but without a slug to confirm:
// sample data can be made again.
func (s *Service) ClearSample(ctx context.Context) (Deleted, error) {
	gone, err := s.clear(ctx, SourceSample, nil)
	if err != nil {
		return gone, fmt.Errorf("clear sample data: %w", err)
	}
	return gone, nil
}

// ClearShopify removes the records that came from the tenant's Shopify store, as ClearSample does those of the sample
// data. forget is that of ClearAllDataInput.
func (s *Service) ClearShopify(ctx context.Context, forget func(ctx context.Context, q *store.SQL) error) (Deleted, error) {
	gone, err := s.clear(ctx, SourceShopify, forget)
	if err != nil {
		return gone, fmt.Errorf("clear the store's data: %w", err)
	}
	return gone, nil
}

// clear removes all records, or those of one source, in transactions of bounded size.
func (s *Service) clear(ctx context.Context, only Source, forget func(context.Context, *store.SQL) error) (gone Deleted, err error) {
	if forget != nil {
		if err := s.store.Commerce(ctx, func(q *store.SQL) error { return forget(ctx, q) }); err != nil {
			return gone, err
		}
	}
	for _, step := range []func(context.Context, *writer, Source, *Deleted) (bool, error){
		clearOrders, clearCustomers, clearProducts, clearRest,
	} {
		for more := true; more; {
			var now Deleted
			err := s.write(ctx, SourceAPI, func(w *writer) (err error) {
				now = Deleted{}
				if more, err = step(ctx, w, only, &now); err != nil {
					return err
				}
				if len(w.changed) > 0 {
					w.touch(live.All, 0)
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
	if forget != nil {
		err = s.store.Commerce(ctx, func(q *store.SQL) error { return forget(ctx, q) })
	}
	return gone, err
}
