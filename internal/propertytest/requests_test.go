package propertytest_test

import (
	"math/rand/v2"
	"testing"

	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/testkit/oracle"
)

// TestOverlappingRequests sends at least 200 requests at once, each of records that others send too, while somebody reads. No
// request may fail or be lost, no report may contradict itself, and in the end the numbers are the oracle's.
func TestOverlappingRequests(t *testing.T) {
	t.Parallel()
	seed := *oneSeed
	if seed == 0 {
		seed = testkit.Seed(t)
	}
	r := rand.New(rand.NewPCG(seed, 2))
	const together = 200
	for range testkit.Size(1, 20) {
		scenario := oracle.Random(r.Uint64(), testkit.Size(20, 200))
		requests := scenario.Requests
		for len(requests) < together {
			requests = append(requests, scenario.Shuffled(r.Uint64()).Requests...)
		}
		r.Shuffle(len(requests), func(i, j int) { requests[i], requests[j] = requests[j], requests[i] })
		want := filled(t, scenario.Shop, scenario.Now, requests)
		var stores []*store
		for _, e := range startEngines(t) {
			stores = append(stores, e.open(t, scenario.Shop, scenario.Now))
		}
		for _, s := range stores {
			done := make(chan struct{})
			go func() {
				defer close(done)
				s.sendAll(requests, together, nil)
			}()
			for reading := true; reading; {
				s.addsUp(oracle.Range{Preset: "ALL_TIME"}, "QUARTER")
				select {
				case <-done:
					reading = false
				default:
				}
			}
			s.verify()
		}
		compare(want, stores, append(recorded(), chooser{r, scenario, scenario.Shop.Zone}.reports(3)...))
		for _, s := range stores {
			s.holdsTogether("MONTH")
		}
		if t.Failed() {
			t.Fatalf("repeat it by -run TestOverlappingRequests -seed %d", seed)
		}
	}
}
