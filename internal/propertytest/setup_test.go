package propertytest_test

import (
	"context"
	"encoding/base64"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/testkit/api"
	"github.com/shopsight/shopsight/internal/testkit/oracle"
	"github.com/shopsight/shopsight/internal/viewer"
)

var (
	oneSeed = flag.Uint64("seed", 0, "run only the store of this seed, which a failure names")
	howMany = flag.Int("stores", 0, "how many random stores there are; 0 is the usual number")
)

// engine is a service on one database, with a clock that is set for each store: it has many stores, one after another.
type engine struct {
	name    string
	service *api.Service
	clock   atomic.Pointer[time.Time]
}

// startEngines starts a service on each kind of database.
func startEngines(t *testing.T) []*engine {
	t.Helper()
	engines := []*engine{{name: "sqlite"}, {name: "mysql"}}
	for i, url := range []string{testkit.SQLiteURL(t), testkit.MySQLURL(t)} {
		e := engines[i]
		now := time.Now().UTC()
		e.clock.Store(&now)
		e.service = api.Start(t, url, api.Options{Now: func() time.Time { return *e.clock.Load() }})
	}
	return engines
}

// store is a tenant on one engine.
type store struct {
	*testing.T
	engine string
	client *api.Client
	// owner is a context in which the tenant's numbers may be verified and rebuilt.
	owner context.Context
}

// open makes a tenant for a shop whose present is now.
func (e *engine) open(t *testing.T, shop oracle.Shop, now time.Time) *store {
	t.Helper()
	e.clock.Store(&now)
	s := &store{T: t, engine: e.name, client: e.service.For(t).SignUp(shop.Currency, shop.Zone.String(), shop.WeekStartsOn())}
	var got struct{ Tenant struct{ ID string } }
	s.client.Must(`{ tenant { id } }`, nil, &got)
	text, err := base64.RawURLEncoding.DecodeString(got.Tenant.ID)
	if err != nil {
		t.Fatal(err)
	}
	id, err := strconv.ParseInt(strings.TrimPrefix(string(text), "Tenant:"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	s.owner = viewer.NewContext(t.Context(), viewer.Tenant(id))
	return s
}

// Errorf says on which engine something is wrong.
func (s *store) Errorf(format string, args ...any) {
	s.Helper()
	s.T.Errorf(s.engine+": "+format, args...)
}

// stopIfFailed ends the test at the end of a step, so that what follows from a failure is not reported too.
func (s *store) stopIfFailed(step string) {
	s.Helper()
	if s.Failed() {
		s.Fatalf("%s: failed in the step: %s", s.engine, step)
	}
}

// verify recomputes every number of the store from its orders.
func (s *store) verify() {
	s.Helper()
	n := 0
	err := s.client.Ingest.Verify(s.owner, func(d ingest.Difference) {
		if n++; n <= 10 {
			s.Errorf("verify: %s", d)
		}
	})
	if err != nil {
		s.Fatal(err)
	}
}

// filled is an oracle that has applied all these requests.
func filled(t *testing.T, shop oracle.Shop, now time.Time, requests []oracle.Op) *oracle.Oracle {
	t.Helper()
	o := oracle.New(shop)
	o.Now = now
	for _, op := range requests {
		if _, err := o.Apply(op); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// summary describes a request for a failure.
func summary(op oracle.Op) string {
	switch {
	case op.Delete != nil:
		return fmt.Sprintf("deletion of %d, %d, %d", len(op.Delete.Products), len(op.Delete.Customers), len(op.Delete.Orders))
	case op.Products != nil:
		return fmt.Sprintf("%d products", len(op.Products))
	case op.Customers != nil:
		return fmt.Sprintf("%d customers", len(op.Customers))
	}
	return fmt.Sprintf("%d orders", len(op.Orders))
}
