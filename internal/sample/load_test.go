package sample_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/sample"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
)

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

// contents is what a tenant holds, but for the ids that the service gives: a line for each table.
func contents(t *testing.T, ctx context.Context, s *store.Store) (out []string) {
	t.Helper()
	for _, query := range []string{
		"SELECT COUNT(*), SUM(price), SUM(inventory_quantity), COUNT(DISTINCT title), MAX(updated_at) FROM products WHERE tenant_id = ?",
		`SELECT COUNT(*), SUM(total_spent), SUM(orders_count), COUNT(DISTINCT name_key), MAX(updated_at) FROM customers
			WHERE tenant_id = ?`,
		"SELECT COUNT(*), SUM(total), SUM(net_sales), COUNT(DISTINCT shopify_id), MAX(updated_at) FROM orders WHERE tenant_id = ?",
		`SELECT COUNT(*), SUM(gross_sales), SUM(net_sales), SUM(quantity), COUNT(DISTINCT sku) FROM order_items
			WHERE tenant_id = ?`,
		"SELECT COUNT(*), SUM(amount), SUM(tax_amount), MIN(created_at), MAX(created_at) FROM refunds WHERE tenant_id = ?",
		"SELECT COUNT(*), SUM(gross), SUM(tax), SUM(orders), SUM(new_customers) FROM daily_sales WHERE tenant_id = ?",
		"SELECT products, customers, listed_customers, orders, order_items FROM tenant_writes WHERE tenant_id = ?",
	} {
		err := s.Read(ctx, func(q *store.SQL) error {
			return q.Each(ctx, func(scan func(...any) error) error {
				var v [5]any
				err := scan(&v[0], &v[1], &v[2], &v[3], &v[4])
				for i := range v {
					if b, ok := v[i].([]byte); ok {
						v[i] = string(b)
					}
				}
				out = append(out, fmt.Sprint(v[:]...))
				return err
			}, query, q.Tenant())
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func load(t *testing.T, ctx context.Context, svc *ingest.Service, s *store.Store, in sample.LoadInput) sample.Loaded {
	t.Helper()
	loaded, errs, err := sample.NewLoader(svc, func() time.Time { return now }).Load(ctx, in, nil)
	if err != nil || len(errs) > 0 {
		t.Fatal(errs, err)
	}
	return loaded
}

func TestLoad(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		svc := ingest.New(s, clock)
		for _, shop := range []struct {
			currency, zone string
			orders         int
		}{
			{"USD", "America/New_York", testkit.Size(510, 20_000)}, {"JPY", "Asia/Tokyo", testkit.Size(150, 5000)},
			{"KWD", "Asia/Kuwait", testkit.Size(150, 5000)}, {"EUR", "Europe/Berlin", testkit.Size(150, 5000)},
		} {
			ctx := testkit.Tenant(t, s, shop.currency, shop.zone)
			var last, steps int
			in := sample.LoadInput{Seed: 1, Days: 200, Orders: shop.orders}
			loaded, errs, err := sample.NewLoader(svc, func() time.Time { return now }).Load(ctx, in, func(done, total int) {
				if done < last || done > total {
					t.Errorf("progress went from %d to %d of %d", last, done, total)
				}
				last = done
				steps++
			})
			if err != nil || len(errs) > 0 {
				t.Fatal(shop, errs, err)
			}
			if loaded.Orders != in.Orders || last != loaded.Products+loaded.Customers+loaded.Orders || steps < 4 {
				t.Errorf("%v: %+v loaded, %d records in %d steps", shop, loaded, last, steps)
			}
			clean(t, ctx, svc)
			once := contents(t, ctx, s)
			if want := fmt.Sprint(loaded.Products, loaded.Customers, loaded.Customers, loaded.Orders, loaded.OrderItems); once[6] != want {
				t.Errorf("%v: the tenant counts %s, want %s", shop, once[6], want)
			}
		}
	})
}

func TestLoadAgain(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		svc := ingest.New(s, clock)
		ctx, other := testkit.Tenants(t, s)
		in := sample.LoadInput{Seed: -3, Days: 60, Orders: 120}
		load(t, ctx, svc, s, in)
		load(t, other, svc, s, sample.LoadInput{Seed: 9, Days: 30, Orders: 40})
		once, others := contents(t, ctx, s), contents(t, other, s)
		// Records that somebody deleted in between come back; more of them do not stay.
		if _, errs, err := svc.Delete(ctx, ingest.DeleteRecordsInput{Orders: []string{"9000000000000000003"},
			Customers: []string{"9000000000000000001"}, Products: []string{"9000000000000000002"}}); err != nil || len(errs) > 0 {
			t.Fatal(errs, err)
		}
		load(t, ctx, svc, s, in)
		if again := contents(t, ctx, s); !slices.Equal(once, again) {
			t.Errorf("loaded once:\n%s\nand again:\n%s", strings.Join(once, "\n"), strings.Join(again, "\n"))
		}
		load(t, ctx, svc, s, sample.LoadInput{Seed: 4, Days: 3, Orders: 60})
		load(t, ctx, svc, s, in)
		if again := contents(t, ctx, s); !slices.Equal(once, again) {
			t.Errorf("loaded once:\n%s\nand after another store:\n%s", strings.Join(once, "\n"), strings.Join(again, "\n"))
		}
		clean(t, ctx, svc)
		if !slices.Equal(others, contents(t, other, s)) {
			t.Error("another tenant's records changed")
		}
		gone, err := svc.ClearSample(ctx)
		if err != nil || gone.Orders != 120 {
			t.Errorf("%+v %v", gone, err)
		}
		clean(t, ctx, svc)
		for _, line := range contents(t, ctx, s) {
			if !strings.HasPrefix(line, "0 ") {
				t.Errorf("after clearing there is left: %s", line)
			}
		}
	})
}

func TestLoadRefused(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		svc := ingest.New(s, clock)
		ctx, _ := testkit.Tenants(t, s)
		for _, c := range []struct {
			in     sample.LoadInput
			fields []string
		}{
			{sample.LoadInput{Days: 0, Orders: 1}, []string{"input.days"}},
			{sample.LoadInput{Days: 1096, Orders: 1}, []string{"input.days"}},
			{sample.LoadInput{Days: 1, Orders: 0}, []string{"input.orders"}},
			{sample.LoadInput{Days: -1, Orders: 20_001}, []string{"input.days", "input.orders"}},
		} {
			_, errs, err := sample.NewLoader(svc, func() time.Time { return now }).Load(ctx, c.in, nil)
			var fields []string
			for _, e := range errs {
				fields = append(fields, strings.Join(e.Field, "."))
			}
			if err != nil || !slices.Equal(fields, c.fields) {
				t.Errorf("%+v: %v %v", c.in, errs, err)
			}
		}
		if _, _, err := sample.NewLoader(svc, func() time.Time { return now }).Load(t.Context(), sample.LoadInput{Days: 1, Orders: 1}, nil); fault.KindOf(err) != fault.Unauthenticated {
			t.Errorf("without a viewer: %v", err)
		}

		load(t, ctx, svc, s, sample.LoadInput{Seed: 1, Days: 1, Orders: 1})
		own := ingest.Batch{Source: ingest.SourceAPI, Products: []ingest.ProductInput{{ShopifyID: "5", Title: "Tea"}}}
		if _, err := svc.Apply(ctx, own); err != nil {
			t.Fatal(err)
		}
		before := contents(t, ctx, s)
		_, errs, err := sample.NewLoader(svc, func() time.Time { return now }).Load(ctx, sample.LoadInput{Seed: 2, Days: 10, Orders: 10}, nil)
		if err != nil || len(errs) != 1 || errs[0].Code != fault.CodeConflict || errs[0].Field != nil {
			t.Errorf("beside a record of the tenant's own: %v %v", errs, err)
		}
		if !slices.Equal(before, contents(t, ctx, s)) {
			t.Error("a refused call changed something")
		}
		if _, _, err := svc.Delete(ctx, ingest.DeleteRecordsInput{Products: []string{"5"}}); err != nil {
			t.Fatal(err)
		}
		load(t, ctx, svc, s, sample.LoadInput{Seed: 2, Days: 10, Orders: 10})
		clean(t, ctx, svc)
	})
}
