package main

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/viewer"
)

const (
	// written is how many orders each tenant of this part gets, in requests of the most that one may hold.
	written     = 10_000
	writeRounds = 3
	clients     = 4
)

const ingestMutation = `mutation($orders: [OrderInput!]!) {
	ingestOrders(orders: $orders) { received created updated unchanged rejected userErrors { field message } }
}`

// writer writes the same orders in different ways.
type writer struct {
	*service
	base   []ingest.Batch // customers and products, which are there before the clock runs
	orders [][]any        // the variables of each request
	bodies [][]byte
}

// measureWrites measures ingest through the API against plain inserts of the rows that it wrote: request by request in
// turns, each into a tenant of its own. Each turn of each is one transaction. Then several clients write to one tenant
// at once.
func measureWrites(ctx context.Context, set settings, s *service, engine string, r *report) error {
	w, err := newWriter(s)
	if err != nil {
		return err
	}
	m, statements, err := w.model(ctx)
	if err != nil {
		return err
	}
	var rounds []writeCosts
	for n := range writeRounds {
		say("%s: ingest, round %d of %d", engine, n+1, writeRounds)
		if err := profiled(set, fmt.Sprintf("%s-ingest-%d", engine, n), func() error {
			c, err := w.round(ctx, n, m)
			rounds = append(rounds, c)
			return err
		}); err != nil {
			return err
		}
	}
	r.writes(engine, rounds, m.total(), statements)
	say("%s: %d clients", engine, clients)
	took, failed, err := w.together(ctx)
	if err != nil {
		return err
	}
	r.together(engine, took, failed)
	return nil
}

func newWriter(s *service) (*writer, error) {
	g, err := made(written)
	if err != nil {
		return nil, err
	}
	w := &writer{service: s}
	for b := range g.Batches() {
		b.Source = ingest.SourceAPI
		if len(b.Orders) == 0 {
			w.base = append(w.base, b)
			continue
		}
		list := input(reflect.ValueOf(b.Orders)).([]any)
		body, err := json.Marshal(map[string]any{"query": ingestMutation, "variables": map[string]any{"orders": list}})
		if err != nil {
			return nil, err
		}
		w.orders, w.bodies = append(w.orders, list), append(w.bodies, body)
	}
	return w, nil
}

// tenant makes a tenant, with customers and products if they are to come by the service.
func (w *writer) tenant(ctx context.Context, name string, base bool) (token string, tenant int64, err error) {
	if token, tenant, err = w.enter(name); err != nil || !base {
		return token, tenant, err
	}
	ctx = viewer.NewContext(ctx, viewer.Tenant(tenant))
	for _, b := range w.base {
		if _, err := w.Ingest.Apply(ctx, b); err != nil {
			return "", 0, err
		}
	}
	return token, tenant, nil
}

// put sends one request of orders and fails unless each of them was made.
func (w *writer) put(token string, n int) error {
	b, err := request{w.bodies[n], token}.send(w.Handler)
	if err != nil {
		return err
	}
	var out struct {
		Data struct {
			IngestOrders struct {
				Created    int
				UserErrors []any
			}
		}
	}
	if err := json.Unmarshal(b, &out); err != nil {
		return err
	}
	if got := out.Data.IngestOrders; got.Created != len(w.orders[n]) {
		return fmt.Errorf("%d of %d orders were made: %v", got.Created, len(w.orders[n]), got.UserErrors)
	}
	return nil
}

// model writes everything once, and returns the rows that came of it and how many statements a request took.
func (w *writer) model(ctx context.Context) (m *model, statements int, err error) {
	token, tenant, err := w.tenant(ctx, "model", true)
	if err != nil {
		return nil, 0, err
	}
	for n := range w.bodies {
		seen := w.record(func() { err = w.put(token, n) })
		if err != nil {
			return nil, 0, err
		}
		statements = max(statements, len(seen))
	}
	m, err = readModel(ctx, w.db, tenant, w.orders)
	return m, statements, err
}

// writeCosts is what writing all orders took: through the API, the same rows raw, and orders and items alone.
type writeCosts struct{ api, raw, bare cost }

func (w *writer) round(ctx context.Context, round int, m *model) (c writeCosts, err error) {
	token, _, err := w.tenant(ctx, fmt.Sprintf("api-%d", round), true)
	if err != nil {
		return c, err
	}
	raw, err := w.copier(ctx, fmt.Sprintf("raw-%d", round), m, m.tables(), false)
	if err != nil {
		return c, err
	}
	bare, err := w.copier(ctx, fmt.Sprintf("bare-%d", round), m, []string{"orders", "order_items"}, true)
	if err != nil {
		return c, err
	}
	for n := range w.bodies {
		for _, side := range []struct {
			to  *cost
			run func() error
		}{
			{&c.api, func() error { return w.put(token, n) }},
			{&c.raw, func() error { return raw.write(ctx, n) }},
			{&c.bare, func() error { return bare.write(ctx, n) }},
		} {
			runtime.GC()
			one, err := timed(1, side.run)
			if err != nil {
				return c, err
			}
			*side.to = side.to.plus(one)
		}
	}
	return c, nil
}

// together has several clients write to one tenant at once, and tells how long it took and how many requests failed.
func (w *writer) together(ctx context.Context) (took time.Duration, failed int, err error) {
	token, _, err := w.tenant(ctx, "together", true)
	if err != nil {
		return 0, 0, err
	}
	var wait sync.WaitGroup
	var errs atomic.Int64
	next := make(chan int)
	began := time.Now()
	for range clients {
		wait.Go(func() {
			for n := range next {
				if err := w.put(token, n); err != nil {
					say("a client failed: %v", err)
					errs.Add(1)
				}
			}
		})
	}
	for n := range w.bodies {
		next <- n
	}
	close(next)
	wait.Wait()
	took = time.Since(began)
	var have struct {
		Tenant struct{ DataSummary struct{ Orders int } }
	}
	if err := w.ask(token, `{ tenant { dataSummary { orders } } }`, nil, &have); err != nil {
		return 0, 0, err
	}
	if got := have.Tenant.DataSummary.Orders; got != written && errs.Load() == 0 {
		return 0, 0, fmt.Errorf("%d clients wrote %d orders instead of %d", clients, got, written)
	}
	return took, int(errs.Load()), nil
}
