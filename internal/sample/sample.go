// Package sample fills a tenant with a made-up store, to try the service with and to measure it by.
//
// The store is one of package market: a pure function of a seed, the currency, the timezone and the local day. Its
// records come in batches that any door of the service could have sent.
package sample

import (
	"iter"
	"time"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/market"
	"github.com/shopsight/shopsight/internal/money"
)

// Options say what store to make up.
type Options struct {
	// Days is how many local days the orders cover, the last of which is the one of Now; less than 1 counts as 1.
	Days int
	// Orders is how many there are, exactly; less than 0 counts as 0.
	Orders   int
	Currency money.Currency
	// Zone is the store's timezone; nil is UTC.
	Zone *time.Location
	Now  time.Time
	// FirstID is the least number that a record gets; 0 stands for ingest.FirstSampleID.
	FirstID int64
}

// Generator is a made-up store. It never changes: its batches may be read many times, and by many at once.
type Generator struct {
	market   *market.Generator
	currency money.Currency
	firstID  int64
}

// Shop makes up a store, as market.Shop does.
func Shop(seed int64, o Options) *Generator {
	if o.FirstID == 0 {
		o.FirstID = ingest.FirstSampleID
	}
	return &Generator{currency: o.Currency, firstID: o.FirstID, market: market.Shop(seed, market.Options{Days: o.Days,
		Orders: o.Orders, Currency: o.Currency, Zone: o.Zone, Now: o.Now})}
}

// Products returns how many products there are.
func (g *Generator) Products() int { n, _, _ := g.market.Counts(); return n }

// Customers returns how many customers there are, with those who never ordered.
func (g *Generator) Customers() int { _, n, _ := g.market.Counts(); return n }

// Records returns how many records all batches hold together.
func (g *Generator) Records() int {
	products, customers, orders := g.market.Counts()
	return products + customers + orders
}

// Batches yields the records: the products, then the customers, then the orders in the order of time. A batch holds
// records of one kind, at most ingest.MaxRecords of them, and says that it is sample data.
func (g *Generator) Batches() iter.Seq[ingest.Batch] {
	return func(yield func(ingest.Batch) bool) {
		ok := inBatches(g.market.Products(), g.product, func(part []ingest.ProductInput) bool {
			return yield(ingest.Batch{Source: ingest.SourceSample, Products: part})
		}) && inBatches(g.market.Customers(), g.customer, func(part []ingest.CustomerInput) bool {
			return yield(ingest.Batch{Source: ingest.SourceSample, Customers: part})
		})
		if ok {
			inBatches(g.market.Orders(), g.order, func(part []ingest.OrderInput) bool {
				return yield(ingest.Batch{Source: ingest.SourceSample, Orders: part})
			})
		}
	}
}

// inBatches collects records into batches, and tells whether yield took them all.
func inBatches[M, R any](records iter.Seq[M], record func(M) R, yield func([]R) bool) bool {
	var part []R
	for m := range records {
		if part = append(part, record(m)); len(part) == ingest.MaxRecords {
			if !yield(part) {
				return false
			}
			part = nil
		}
	}
	return len(part) == 0 || yield(part)
}
