package propertytest_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/testkit/oracle"
)

// receipt is the answer to a request that writes: of an ingest mutation, or of a deletion.
type receipt struct {
	oracle.Counts
	Deleted    *oracle.Deleted
	UserErrors []struct {
		Field         []string
		Message, Code string
	}
}

// send sends one request and returns what the service says of it. It may be called by several goroutines at once.
//
// A request that waited too long for its turn is sent again, as any client would: on a slow machine many clients at once
// have to wait for longer than a request may take.
func (s *store) send(op oracle.Op) (receipt, bool) {
	query, field, variables := op.Request()
	a := s.client.Do(query, variables)
	for tries := 0; tries < 20 && len(a.Errors) > 0 && a.Errors[0].Code() == "TIMEOUT"; tries++ {
		a = s.client.Do(query, variables)
	}
	if len(a.Errors) > 0 {
		s.Errorf("%s: %v", summary(op), a.Errors)
		return receipt{}, false
	}
	var data map[string]receipt
	if err := json.Unmarshal(a.Data, &data); err != nil {
		s.Errorf("%s: %v in %s", summary(op), err, a.Data)
		return receipt{}, false
	}
	r := data[field]
	if len(r.UserErrors) > 0 || r.Rejected > 0 {
		s.Errorf("%s: refused: %+v", summary(op), r.UserErrors)
		return r, false
	}
	if r.Received != r.Created+r.Updated+r.Unchanged {
		s.Errorf("%s: the counts do not add up: %+v", summary(op), r.Counts)
	}
	return r, true
}

// sendAs sends a request whose counts are known beforehand.
func (s *store) sendAs(op oracle.Op, want oracle.Counts) {
	s.Helper()
	got, ok := s.send(op)
	if !ok {
		return
	}
	if op.Delete != nil {
		if got.Deleted == nil || *got.Deleted != want.Deleted {
			s.Errorf("%s: deleted %+v, want %+v", summary(op), got.Deleted, want.Deleted)
		}
		return
	}
	want.Deleted = oracle.Deleted{}
	if got.Counts != want {
		s.Errorf("%s: counted %+v, want %+v", summary(op), got.Counts, want)
	}
}

// sendAll sends requests from several clients at once, in about the order given, and shows each receipt.
func (s *store) sendAll(requests []oracle.Op, clients int, each func(oracle.Op, receipt)) {
	work := make(chan oracle.Op)
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for op := range work {
				if r, ok := s.send(op); ok && each != nil {
					each(op, r)
				}
			}
		})
	}
	for _, op := range requests {
		work <- op
	}
	close(work)
	wg.Wait()
}

// sendAgain sends what the store has seen already, in another order. None of it may change anything.
func (s *store) sendAgain(requests []oracle.Op, clients int) {
	s.sendAll(requests, clients, func(op oracle.Op, r receipt) {
		switch {
		case op.Delete != nil && *r.Deleted != (oracle.Deleted{}):
			s.Errorf("sent again, %s deletes %+v", summary(op), *r.Deleted)
		case op.Delete == nil && r.Unchanged != r.Received:
			s.Errorf("sent again, %s change the store: %+v", summary(op), r.Counts)
		}
	})
}

// joined appends most requests to an earlier one of the same kind.
func joined(r *rand.Rand, requests []oracle.Op) []oracle.Op {
	var out []oracle.Op
	for _, op := range requests {
		i := slices.IndexFunc(out, func(before oracle.Op) bool {
			all := oracle.Op{Products: slices.Concat(before.Products, op.Products),
				Customers: slices.Concat(before.Customers, op.Customers), Orders: slices.Concat(before.Orders, op.Orders)}
			one := len(all.Products) == 0 || len(all.Customers)+len(all.Orders) == 0
			one = one && (len(all.Customers) == 0 || len(all.Orders) == 0)
			return one && before.Delete == nil && op.Delete == nil && r.IntN(2) == 0 &&
				max(len(all.Products), len(all.Customers), len(all.Orders)) <= ingest.MaxRecords
		})
		if i < 0 {
			out = append(out, op)
			continue
		}
		out[i] = oracle.Op{Products: slices.Concat(out[i].Products, op.Products),
			Customers: slices.Concat(out[i].Customers, op.Customers), Orders: slices.Concat(out[i].Orders, op.Orders)}
	}
	return out
}
