// Package sample makes up a believable store, to try the service with and to measure it by.
//
// The records are a pure function of a seed, the store's currency and timezone, and its local day: no clock and no
// global randomness is read, so the same seed gives the same store all day long. They come in batches that any door of
// the service could have sent, and are generated while they are read, so that a million orders take no more memory
// than one day of them.
package sample

import (
	"iter"
	"strconv"
	"time"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
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
	opt   Options
	seed  uint64
	today period.Day
	first period.Day
	// cutoff is the start of today. Whatever happens to an order after its sale happens before it, for the present
	// time of day must not show in the data.
	cutoff    time.Time
	market    market
	perDay    []int64 // orders of each day, from first on
	catalogue []article
	popular   []int64 // running sum of the articles' popularity
	buyers    int     // customers who order; those who never do follow them
	prospects int
}

// Shop makes up a store. Seeds that differ give stores that differ in everything but their kind.
//
// Today has a few orders too, all of them subscriptions that renew in its first minute: later ones would lie in the
// future when the data are made in the morning. Nothing is later than Options.Now.
func Shop(seed int64, o Options) *Generator {
	o.Days, o.Orders = max(o.Days, 1), max(o.Orders, 0)
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.FirstID == 0 {
		o.FirstID = ingest.FirstSampleID
	}
	g := &Generator{opt: o, seed: uint64(seed), market: marketOf(o.Currency)}
	g.today = period.DayOf(o.Now, o.Zone)
	g.first = g.today - period.Day(o.Days-1)
	g.cutoff = g.today.Start(o.Zone)
	g.perDay = g.spread()
	g.stock()
	for k := range o.Orders {
		if g.visit(k, g.buyers) == newcomer {
			g.buyers++
		}
	}
	g.prospects = g.buyers / 20
	return g
}

// Products returns how many products there are.
func (g *Generator) Products() int { return len(g.catalogue) }

// Customers returns how many customers there are, with those who never ordered.
func (g *Generator) Customers() int { return g.buyers + g.prospects }

// Records returns how many records all batches hold together.
func (g *Generator) Records() int { return g.Products() + g.Customers() + g.opt.Orders }

// Batches yields the records: the products, then the customers, then the orders in the order of time. A batch holds
// records of one kind, at most ingest.MaxRecords of them, and says that it is sample data.
func (g *Generator) Batches() iter.Seq[ingest.Batch] {
	return func(yield func(ingest.Batch) bool) {
		ok := inBatches(g.products(), func(part []ingest.ProductInput) bool {
			return yield(ingest.Batch{Source: ingest.SourceSample, Products: part})
		}) && inBatches(g.customers(), func(part []ingest.CustomerInput) bool {
			return yield(ingest.Batch{Source: ingest.SourceSample, Customers: part})
		})
		if ok {
			inBatches(g.orders(), func(part []ingest.OrderInput) bool {
				return yield(ingest.Batch{Source: ingest.SourceSample, Orders: part})
			})
		}
	}
}

// inBatches collects records into batches, and tells whether yield took them all.
func inBatches[R any](records iter.Seq[R], yield func([]R) bool) bool {
	var part []R
	for r := range records {
		if part = append(part, r); len(part) == ingest.MaxRecords {
			if !yield(part) {
				return false
			}
			part = nil
		}
	}
	return len(part) == 0 || yield(part)
}

// id returns the number of the nth record of a kind, as the store would write it.
func (g *Generator) id(n int) string { return strconv.FormatInt(g.opt.FirstID+int64(n), 10) }

// amount writes minor units in the store's currency.
func (g *Generator) amount(minor int64) string { return money.Format(minor, g.opt.Currency) }
