package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
)

// Orders of a customer who was merged follow the survivor, whether the deletion came before or not, and every number stays
// what the orders give.
func TestMergeCustomers(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		ctx, other := testkit.Tenants(t, s)
		svc := ingest.New(s, clock)
		batch := ingest.Batch{Source: ingest.SourceShopify, Orders: []ingest.OrderInput{
			order(1, "2026-11-01T10:00:00Z", by("7")), order(2, "2026-11-03T10:00:00Z", by("8")), order(3, "2026-11-05T10:00:00Z", by("9")),
			order(4, "2026-11-06T10:00:00Z", by("6"))},
			Customers: []ingest.CustomerInput{{ShopifyID: "7"}, {ShopifyID: "8"}, {ShopifyID: "9"}}}
		for _, who := range []context.Context{ctx, other} {
			if res, err := svc.Apply(who, batch); err != nil || res.Rejected > 0 {
				t.Fatal(res, err)
			}
		}
		// 9 is deleted before it is known that it was merged.
		if _, err := svc.Apply(ctx, ingest.Batch{Source: ingest.SourceShopify,
			Deletions: []ingest.Deletion{{Kind: ingest.KindCustomer, ShopifyID: 9, At: now}}}); err != nil {
			t.Fatal(err)
		}
		merge := func(commit error, m ...ingest.Merge) error {
			return svc.MergeCustomers(ctx, m, func(context.Context, *store.SQL) error { return commit })
		}
		all := []ingest.Merge{{Gone: 7, Kept: 8, At: now}, {Gone: 9, Kept: 8, At: now}, {Gone: 6, Kept: 5, At: now}, {Gone: 8, Kept: 8, At: now}}
		if err := merge(errors.New("no"), all...); err == nil {
			t.Error("an error of commit is lost")
		}
		whose := func(who context.Context) (out string) {
			if err := s.Read(who, func(q *store.SQL) error {
				return q.Each(who, func(scan func(...any) error) error {
					var order, named int64
					var customer *int64
					err := scan(&order, &named, &customer)
					out += fmt.Sprint(order, ":", named, "/")
					if customer != nil {
						out += fmt.Sprint(*customer)
					}
					out += " "
					return err
				}, `SELECT o.shopify_id, o.customer_shopify_id, c.shopify_id FROM orders o LEFT JOIN customers c
					ON c.tenant_id = o.tenant_id AND c.id = o.customer_id WHERE o.tenant_id = ? ORDER BY o.shopify_id`, q.Tenant())
			}); err != nil {
				t.Fatal(err)
			}
			return out
		}
		if got, want := whose(ctx), "1:7/7 2:8/8 3:9/ 4:6/6 "; got != want {
			t.Errorf("before: %s, not %s", got, want)
		}
		for range 2 { // once more does no harm
			if err := merge(nil, all...); err != nil {
				t.Fatal(err)
			}
			clean(t, ctx, svc)
			if got, want := whose(ctx), "1:8/8 2:8/8 3:8/8 4:5/5 "; got != want {
				t.Errorf("after: %s, not %s", got, want)
			}
		}
		// An order as it was before the merge does not bring the customer back.
		if res, err := svc.Apply(ctx, ingest.Batch{Source: ingest.SourceShopify, Orders: batch.Orders}); err != nil || res.Unchanged != 4 {
			t.Errorf("%+v %v", res, err)
		}
		clean(t, ctx, svc)
		clean(t, other, svc)
		if got, want := whose(other), "1:7/7 2:8/8 3:9/9 4:6/6 "; got != want {
			t.Errorf("the other tenant: %s, not %s", got, want)
		}
	})
}
