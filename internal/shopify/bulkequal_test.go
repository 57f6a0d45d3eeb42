package shopify_test

import (
	"errors"
	"iter"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit"
)

// exported returns all records of an operation. An order that is found to be incomplete is read again, as a later run
// would.
func exported[T any](t testing.TB, all iter.Seq2[shopify.Exported[T], error]) (records []T) {
	t.Helper()
	for tries := 0; ; tries++ {
		records, err := gather(all)
		if e, ok := errors.AsType[*shopify.Error](err); ok && e.Code == shopify.CodeIncomplete && tries < 20 {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		return records
	}
}

func gather[T any](all iter.Seq2[shopify.Exported[T], error]) (records []T, err error) {
	for r, err := range all {
		if err != nil {
			return records, err
		}
		records = append(records, r.Record)
	}
	return records, nil
}

// fetched exports the records of a kind and downloads them.
func fetched(t testing.TB, c *shopify.Client, kind shopify.Kind, w shopify.Window) (shopify.BulkOperation, string) {
	t.Helper()
	o := export(t, c, kind, w)
	path := filepath.Join(t.TempDir(), "export")
	if err := c.DownloadBulk(t.Context(), o, path); err != nil {
		t.Fatal(err)
	}
	return o, path
}

// Exports hold just what pages hold, and what the store knows of itself.
func TestBulkEqualsPages(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string]simshop.Faults{
		"calm":       {},
		"stormy":     {Throttled: 0.3, TooMany: 0.1, ServerError: 0.02, Hanging: 0.01, Truncated: 0.05, Malformed: 0.01, Internal: 0.01},
		"truncating": {Cut: 0.02},
		"cutting":    {Bulk: simshop.BulkFaults{Nested: 100}},
		"in pieces":  {Bulk: simshop.BulkFaults{Chunk: 10_007}},
	} {
		for range testkit.Size(1, 20) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					shop, c := simulate(t, simshop.Options{Orders: 400}, 0)
					large(t, shop)
					shop.SetFaults(faults)
					w := shopify.Window{To: time.Now()}
					op, path := fetched(t, c, shopify.Products, w)
					products := exported(t, c.BulkProducts(t.Context(), op, path, 0))
					op, path = fetched(t, c, shopify.Customers, shopify.Window{})
					customers := exported(t, c.BulkCustomers(t.Context(), op, path, 0))
					op, path = fetched(t, c, shopify.Orders, w)
					orders := exported(t, c.BulkOrders(t.Context(), op, path, 0))
					again := exported(t, c.BulkOrders(t.Context(), op, path, 0))
					if left, err := filepath.Glob(path + ".*"); len(left) > 0 || err != nil {
						t.Errorf("left behind: %v, %v", left, err)
					}
					if !slices.EqualFunc(orders, again, func(a, b shopify.Order) bool { return a.ID == b.ID }) {
						t.Error("the same file is read in another order")
					}
					pages := every(t, func(after string) (shopify.Page[shopify.Order], error) { return c.Orders(t.Context(), w, after) })
					equal(t, orders, pointers(pages), func(o shopify.Order) int64 { return o.ID }, func(o *shopify.Order) shopify.Order { return *o })
					for i := range orders {
						plain(&orders[i])
					}
					equal(t, products, shop.Products(), func(p shopify.Product) int64 { return p.ID }, expectProduct)
					equal(t, customers, shop.Customers(), func(c shopify.Customer) int64 { return c.ID }, expectCustomer)
					equal(t, orders, shop.Orders(), func(o shopify.Order) int64 { return o.ID },
						func(o *simshop.Order) shopify.Order { return expectOrder(shop, o) })
					if stats := shop.Stats(); name == "calm" && (stats.Throttled+stats.Failed > 0 || stats.Downloads != 3) {
						t.Errorf("%+v", stats)
					}
				})
			})
		}
	}
}

// pointers returns the records by id.
func pointers(all []shopify.Order) []*shopify.Order {
	slices.SortFunc(all, func(a, b shopify.Order) int { return int(a.ID - b.ID) })
	out := make([]*shopify.Order, len(all))
	for i := range all {
		out[i] = &all[i]
	}
	return out
}
