package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/sample"
	"github.com/shopsight/shopsight/internal/viewer"
)

// shop is a store of the database, with a token of its owner.
type shop struct {
	orders int
	token  string
	tenant int64
}

// made returns the generator of a store of so many orders over a year. The numbers are a real store's: those of sample
// data are refused at the API's door.
func made(orders int) (*sample.Generator, error) {
	zone, err := period.LoadZone("America/New_York")
	if err != nil {
		return nil, err
	}
	return sample.Shop(1, sample.Options{Days: 365, Orders: orders, Currency: "USD", Zone: zone, Now: now, FirstID: 1}), nil
}

// loadShops fills a store of each size, as far as a run before this one has not done it.
func loadShops(ctx context.Context, set settings, s *service, engine string, r *report) ([]shop, error) {
	var shops []shop
	for _, size := range set.sizes {
		token, tenant, err := s.enter(fmt.Sprintf("shop-%d", size))
		if err != nil {
			return nil, err
		}
		shops = append(shops, shop{size, token, tenant})
		var have struct {
			Tenant struct{ DataSummary struct{ Orders int } }
		}
		if err := s.ask(token, `{ tenant { dataSummary { orders } } }`, nil, &have); err != nil {
			return nil, err
		}
		done := have.Tenant.DataSummary.Orders
		notes := filepath.Join(s.db.folder, fmt.Sprintf("load-%d.json", size))
		if done < size {
			var l loaded
			if err := profiled(set, fmt.Sprintf("%s-load-%d", engine, size), func() (err error) {
				l, err = load(viewer.NewContext(ctx, viewer.Tenant(tenant)), s, size, done, engine)
				return err
			}); err != nil {
				return nil, err
			}
			if done == 0 {
				text, err := json.Marshal(l)
				if err != nil {
					return nil, err
				}
				if err := os.WriteFile(notes, text, 0o600); err != nil {
					return nil, err
				}
			}
		}
		// What it took is told by later runs too.
		var l loaded
		if text, err := os.ReadFile(notes); err == nil && json.Unmarshal(text, &l) == nil {
			r.load(engine, size, l)
		}
	}
	if s.db.mysql {
		// What the server would do itself in a while.
		for _, table := range []string{"orders", "order_items", "customers", "products", "ledger_entries", "daily_sales"} {
			if _, err := s.db.raw.ExecContext(ctx, "ANALYZE TABLE "+table); err != nil {
				return nil, err
			}
		}
	}
	return shops, nil
}

// loaded is what filling a store took: the time of each tenth of its orders, and the greatest memory in MB.
type loaded struct {
	Tenths [10]time.Duration
	Peak   int
}

// load writes the orders of a store from the given one on, in batches as a bulk import does.
func load(ctx context.Context, s *service, size, done int, engine string) (l loaded, err error) {
	g, err := made(size)
	if err != nil {
		return l, err
	}
	resetPeak()
	began, told, n := time.Now(), time.Now(), 0
	for b := range g.Batches() {
		if n += len(b.Orders); len(b.Orders) > 0 && n <= done {
			continue
		}
		b.Source = ingest.SourceAPI
		at := time.Now()
		res, err := s.Ingest.Apply(ctx, b)
		if err != nil {
			return l, err
		}
		if res.Rejected > 0 {
			return l, fmt.Errorf("%d records were refused: %v", res.Rejected, res.UserErrors)
		}
		if len(b.Orders) > 0 {
			l.Tenths[min((n-1)*10/size, 9)] += time.Since(at)
		}
		if time.Since(told) > 20*time.Second {
			told = time.Now()
			say("%s: %d of %d orders", engine, n, size)
		}
	}
	say("%s: loaded %d orders in %s", engine, size, time.Since(began).Round(time.Millisecond))
	l.Peak = peak()
	return l, nil
}
