package ingest_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
)

// Writers of one tenant neither fail nor lose anything, in one process and in several: two services on one database
// do not share the queue in memory, so the row lock alone keeps them apart.
func TestConcurrentWriters(t *testing.T) {
	testkit.EachURL(t, func(t *testing.T, url string) {
		var services []*ingest.Service
		var first *store.Store
		for range 2 {
			s, err := store.Open(t.Context(), url, nil)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			if first == nil {
				first = s
			}
			services = append(services, ingest.New(s, clock))
		}
		ctx := testkit.Tenant(t, first, "USD", "Europe/Berlin")
		const requests, workers, ids = 200, 8, 60
		seed := testkit.Seed(t)
		work := make(chan int)
		var wg sync.WaitGroup
		for n := range workers {
			wg.Go(func() {
				for i := range work {
					r := rand.New(rand.NewPCG(seed, uint64(i)))
					b := ingest.Batch{Source: ingest.SourceAPI}
					for range 10 {
						id, version := 1+r.IntN(ids), r.IntN(20)
						updated := now.Add(-time.Hour + time.Duration(version)*time.Minute)
						o := order(id, fmt.Sprintf("2026-11-%02dT%02d:00:00Z", 1+(id+version)%20, version), by(fmt.Sprint(1+(id*version)%9)))
						o.UpdatedAt = &updated
						b.Orders = append(b.Orders, o)
					}
					if _, err := services[n%len(services)].Apply(ctx, b); err != nil {
						t.Errorf("request %d: %v", i, err)
					}
				}
			})
		}
		for i := range requests {
			work <- i
		}
		close(work)
		wg.Wait()
		clean(t, ctx, services[0])
	})
}
