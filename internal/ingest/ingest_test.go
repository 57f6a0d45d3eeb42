package ingest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return now }

// clean fails the test when a stored number is not what the orders give.
func clean(t *testing.T, ctx context.Context, svc *ingest.Service) {
	t.Helper()
	n := 0
	if err := svc.Verify(ctx, func(d ingest.Difference) {
		if n++; n <= 20 {
			t.Error(d)
		}
	}); err != nil {
		t.Fatal(err)
	}
}

func order(id int, at string, change ...func(*ingest.OrderInput)) ingest.OrderInput {
	when, err := time.Parse(time.RFC3339, at)
	if err != nil {
		panic(err)
	}
	o := ingest.OrderInput{ShopifyID: fmt.Sprint(id), ProcessedAt: when, Items: []ingest.OrderItemInput{
		{Title: "Tea", Quantity: 2, UnitPrice: "10.00"}, {Title: "Tea", Quantity: 1, UnitPrice: "5.50", Discount: "0.50"}}}
	for _, c := range change {
		c(&o)
	}
	return o
}

func by(customer string) func(*ingest.OrderInput) {
	return func(o *ingest.OrderInput) { o.CustomerShopifyID = &customer }
}

func TestApply(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		ctx, other := testkit.Tenants(t, s)
		svc := ingest.New(s, clock)
		apply := func(b ingest.Batch) ingest.Result {
			t.Helper()
			b.Source = ingest.SourceAPI
			res, err := svc.Apply(ctx, b)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range res.UserErrors {
				t.Error(e)
			}
			clean(t, ctx, svc)
			return res
		}
		first := ingest.Batch{Orders: []ingest.OrderInput{
			order(1, "2026-11-01T10:00:00Z", by("7")), order(2, "2026-11-03T10:00:00Z", by("7")),
			order(3, "2026-11-03T11:00:00Z"), order(4, "2026-11-04T11:00:00Z", by("8"))}}
		if r := apply(first); r.Created != 4 {
			t.Errorf("%+v", r)
		}
		if r := apply(first); r.Unchanged != 4 {
			t.Errorf("%+v", r)
		}
		// The first order of 7 moves to 8, and becomes the first there.
		if r := apply(ingest.Batch{Orders: []ingest.OrderInput{order(1, "2026-11-01T10:00:00Z", by("8"))}}); r.Updated != 1 {
			t.Errorf("%+v", r)
		}
		name := "Ada"
		apply(ingest.Batch{Customers: []ingest.CustomerInput{{ShopifyID: "8", FirstName: &name, Tags: []string{"VIP", "vip "}}},
			Products: []ingest.ProductInput{{ShopifyID: "5", Title: "Tea"}}})
		gone, errs, err := svc.Delete(ctx, ingest.DeleteRecordsInput{Customers: []string{"8"}, Orders: []string{"2"}, Products: []string{"5", "6"}})
		if err != nil || len(errs) > 0 || gone != (ingest.Deleted{Products: 1, Customers: 1, Orders: 1, OrderItems: 2}) {
			t.Errorf("%+v %v %v", gone, errs, err)
		}
		clean(t, ctx, svc)
		apply(ingest.Batch{Customers: []ingest.CustomerInput{{ShopifyID: "8", FirstName: &name}}})
		if err := svc.Rezone(ctx, "America/New_York"); err != nil {
			t.Fatal(err)
		}
		clean(t, ctx, svc)
		if err := svc.Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
		clean(t, ctx, svc)
		if _, err := svc.Apply(other, ingest.Batch{Source: ingest.SourceAPI, Orders: first.Orders}); err != nil {
			t.Fatal(err)
		}
		slug := ""
		if err := s.Read(ctx, func(q *store.SQL) error {
			return q.Each(ctx, func(scan func(...any) error) error { return scan(&slug) }, "SELECT slug FROM tenants WHERE id = ?", q.Tenant())
		}); err != nil {
			t.Fatal(err)
		}
		gone, errs, err = svc.Clear(ctx, ingest.ClearAllDataInput{ConfirmSlug: slug})
		if err != nil || len(errs) > 0 || gone.Orders != 3 {
			t.Errorf("%+v %v %v", gone, errs, err)
		}
		clean(t, ctx, svc)
		clean(t, other, svc)
	})
}
