package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/live"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

// What a transaction changes is told when it is committed; nothing is told of one that changes nothing, or that fails.
func TestChangesAreTold(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		ctx := testkit.Tenant(t, s, "USD", "Europe/Berlin")
		tenant := viewer.FromContext(ctx).TenantID
		var told []string
		svc := ingest.New(s, clock, func(events ...live.Event) {
			for _, e := range events {
				if e.Tenant != tenant || !e.At.Equal(now) {
					t.Errorf("told %+v", e)
				}
				told = append(told, fmt.Sprint(e.Kind, map[bool]string{true: " one"}[e.Record != 0]))
			}
		})
		want := func(step, want string, err error) {
			t.Helper()
			if got := strings.Join(told, ", "); got != want || err != nil {
				t.Errorf("%s: told %q, want %q; %v", step, got, want, err)
			}
			told = nil
		}
		apply := func(step, told string, b ingest.Batch) {
			t.Helper()
			b.Source = ingest.SourceAPI
			_, err := svc.Apply(ctx, b)
			want(step, told, err)
		}
		mug, ada, first := ingest.ProductInput{ShopifyID: "1", Title: "Mug"}, ingest.CustomerInput{ShopifyID: "1"}, order(1, "2026-11-01T10:00:00Z")
		apply("nothing", "", ingest.Batch{})
		all := ingest.Batch{Products: []ingest.ProductInput{mug}, Customers: []ingest.CustomerInput{ada}, Orders: []ingest.OrderInput{first}}
		apply("one of each", "PRODUCTS one, CUSTOMERS one, ORDERS one", all)
		apply("the same", "", all)
		later := now
		first.UpdatedAt = &later
		apply("the same, later", "", ingest.Batch{Orders: []ingest.OrderInput{first}})
		apply("refused", "", ingest.Batch{Orders: []ingest.OrderInput{order(0, "2026-11-01T10:00:00Z")}})
		second, third := order(2, "2026-11-01T10:00:00Z"), order(3, "2026-11-01T10:00:00Z")
		apply("one of two", "ORDERS one", ingest.Batch{Orders: []ingest.OrderInput{first, second}})
		fourth := order(4, "2026-11-01T10:00:00Z")
		apply("two", "ORDERS", ingest.Batch{Orders: []ingest.OrderInput{third, fourth}})
		failure := errors.New("no cursor today")
		_, err := svc.Apply(ctx, ingest.Batch{Source: ingest.SourceAPI, Orders: []ingest.OrderInput{order(5, "2026-11-01T10:00:00Z")},
			Commit: func(context.Context, *store.SQL, ingest.Result) error { return failure }})
		if !errors.Is(err, failure) {
			t.Errorf("failed with %v", err)
		}
		want("undone", "", nil)
		_, _, err = svc.Delete(ctx, ingest.DeleteRecordsInput{Orders: []string{"4", "5"}, Customers: []string{"9"}, Products: []string{"9"}})
		want("deleted", "ORDERS", err)
		_, _, err = svc.Delete(ctx, ingest.DeleteRecordsInput{Orders: []string{"4"}})
		want("deleted again", "", err)
		_, _, err = svc.Delete(ctx, ingest.DeleteRecordsInput{Customers: []string{"1"}, Products: []string{"1"}})
		want("others deleted", "CUSTOMERS, PRODUCTS", err)
		want("the same zone", "", svc.Rezone(ctx, "Europe/Berlin"))
		want("another zone", "ALL", svc.Rezone(ctx, "Asia/Tokyo"))
		want("swept", "", svc.Resume(ctx))
		_, err = svc.ClearSample(ctx)
		want("no sample data", "", err)
		clean(t, ctx, svc)
	})
}
