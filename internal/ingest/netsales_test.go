package ingest_test

import (
	"testing"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
)

// A test order shows the net sales that it would have otherwise, even where no line can take the reversal: here goods are
// given back of an order of gift cards alone.
func TestNetSalesOfTestOrders(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		ctx, _ := testkit.Tenants(t, s)
		svc := ingest.New(s, clock)
		gifts := func(test bool) func(*ingest.OrderInput) {
			return func(o *ingest.OrderInput) {
				o.Test = test
				o.Items = []ingest.OrderItemInput{{Title: "Gift card", Quantity: 1, UnitPrice: "50", GiftCard: true}}
				o.Refunds = []ingest.RefundInput{{ShopifyID: "1", CreatedAt: o.ProcessedAt, Amount: "0.08"}}
			}
		}
		res, err := svc.Apply(ctx, ingest.Batch{Source: ingest.SourceAPI, Orders: []ingest.OrderInput{
			order(1, "2026-11-01T10:00:00Z", gifts(false)), order(2, "2026-11-01T10:00:00Z", gifts(true))}})
		if err != nil || res.Created != 2 {
			t.Fatal(res, err)
		}
		err = s.Read(ctx, func(q *store.SQL) error {
			return q.Each(ctx, func(scan func(...any) error) error {
				var id, net int64
				if err := scan(&id, &net); err != nil {
					return err
				}
				if net != -8 {
					t.Errorf("order %d has net sales of %d, want -8", id, net)
				}
				return nil
			}, "SELECT shopify_id, net_sales FROM orders WHERE tenant_id = ?", q.Tenant())
		})
		if err != nil {
			t.Fatal(err)
		}
		clean(t, ctx, svc)
	})
}
