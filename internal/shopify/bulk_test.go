package shopify_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
)

// bulk is an operation as a store tells of it.
func bulk(status string) object {
	return object{
		"id": "gid://shopify/BulkOperation/1", "status": status, "errorCode": nil, "createdAt": moment, "completedAt": nil,
		"objectCount": "2", "rootObjectCount": "2", "fileSize": "10", "url": "https://storage.googleapis.com/export", "query": "{}",
	}
}

// export starts an operation and waits for its end.
func export(t testing.TB, c *shopify.Client, kind shopify.Kind, w shopify.Window) shopify.BulkOperation {
	t.Helper()
	o, err := c.StartBulk(t.Context(), kind, w)
	if err != nil {
		t.Fatal(err)
	}
	return wait(t, c, o)
}

func wait(t testing.TB, c *shopify.Client, o shopify.BulkOperation) shopify.BulkOperation {
	t.Helper()
	for polls := 0; o.Live(); polls++ {
		if polls > 1000 {
			t.Fatalf("still %+v", o)
		}
		time.Sleep(5 * time.Second)
		var err error
		if o, err = c.Bulk(t.Context(), o.ID); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// What a bulk operation is asked with is what Shopify takes: no variables, the filter in its place.
func TestBulkQueries(t *testing.T) {
	t.Parallel()
	schema := official(t)
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for _, kind := range []shopify.Kind{shopify.Products, shopify.Customers, shopify.Orders} {
		for w, filter := range map[shopify.Window]string{
			{}:                          "query: null",
			{From: at, To: at, UpTo: 7}: `query: "updated_at:>='2026-11-23T10:00:00Z' AND updated_at:<='2026-11-23T10:00:00Z' AND id:<=7"`,
		} {
			shop := simshop.New(simshop.Options{Domain: string(domain), Token: token, Schema: schema})
			c := shopify.New(shopify.Options{Transport: shop}).Client(domain, shopify.Static(token))
			if _, err := c.StartBulk(t.Context(), kind, w); err != nil {
				t.Errorf("%s of %v: %v", kind, w, err)
			}
			c, f, _ := connect(t, always(data(object{"bulkOperations": object{"nodes": list{}}})),
				always(data(object{"bulkOperationRunQuery": object{"bulkOperation": bulk("CREATED"), "userErrors": list{}}})))
			if _, err := c.StartBulk(t.Context(), kind, w); err != nil {
				t.Fatal(err)
			}
			if query := f.calls[1].Vars["query"].(string); !strings.Contains(query, filter) || strings.Contains(query, "$") || len(query) > 65_535 {
				t.Errorf("%s of %v is asked with %s", kind, w, query)
			}
		}
	}
}

func TestBulkSlots(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shop, c := simulate(t, simshop.Options{Orders: 20}, 0)
		shop.SetFaults(simshop.Faults{Bulk: simshop.BulkFaults{Stuck: true}})
		ctx, running := t.Context(), []int64{}
		window := func(i int) shopify.Window { return shopify.Window{UpTo: int64(i + 1)} }
		for i := range 5 {
			o, err := c.StartBulk(ctx, shopify.Orders, window(i))
			if err != nil || !o.Live() || !o.Reads(shopify.Orders, window(i)) || o.Reads(shopify.Customers, window(i)) || o.Reads(shopify.Orders, window(i+1)) {
				t.Fatalf("%+v, %v", o, err)
			}
			running = append(running, o.ID)
		}
		// What runs already is taken over, slot or none.
		again, err := c.StartBulk(ctx, shopify.Orders, window(3))
		if err != nil || again.ID != running[3] {
			t.Errorf("%+v, %v, want %d", again, err, running[3])
		}
		_, err = c.StartBulk(ctx, shopify.Products, shopify.Window{})
		if e, ok := errors.AsType[*shopify.NoSlotError](err); !ok || !slices.Equal(e.Running, running) {
			t.Fatalf("a sixth: %v", err)
		}
		if err := c.CancelBulk(ctx, running[0]); err != nil {
			t.Fatal(err)
		}
		if o, err := c.Bulk(ctx, running[0]); err != nil || o.Status != "CANCELING" || !o.Live() {
			t.Errorf("%+v, %v", o, err)
		}
		time.Sleep(5 * time.Second)
		if o, err := c.Bulk(ctx, running[0]); err != nil || o.Status != "CANCELED" || o.Live() || o.Completed() {
			t.Errorf("%+v, %v", o, err)
		}
		shop.SetFaults(simshop.Faults{})
		o, err := c.StartBulk(ctx, shopify.Products, shopify.Window{})
		if err != nil {
			t.Fatal(err)
		}
		if o = wait(t, c, o); !o.Completed() || o.Roots != int64(len(shop.Products())) || o.Objects != o.Roots || o.Size == 0 {
			t.Errorf("%+v", o)
		}
		if err := c.CancelBulk(ctx, o.ID); err != nil {
			t.Error(err)
		}
		_, err = c.Bulk(ctx, 1)
		wantCode(t, err, shopify.CodeIncomplete, false)
	})
}

// An answer that is lost leaves an operation behind: it is found again, and no second one is begun.
func TestBulkIsBegunOnce(t *testing.T) {
	t.Parallel()
	c, f, _ := connect(t,
		always(data(object{"bulkOperations": object{"nodes": list{}}})), // nothing runs
		always(reply{err: errors.New("reset by peer")}),                 // the answer is lost
		func(call) reply {
			return data(object{"bulkOperations": object{"nodes": list{bulk("RUNNING")}}})
		},
		always(data(object{"bulkOperationRunQuery": object{"bulkOperation": bulk("CREATED"), "userErrors": list{}}})),
	)
	f.answers[2] = func(call) reply {
		o := with(bulk("RUNNING"), "id", "gid://shopify/BulkOperation/77", "query", f.calls[1].Vars["query"])
		return data(object{"bulkOperations": object{"nodes": list{bulk("RUNNING"), o}}})
	}
	o, err := c.StartBulk(t.Context(), shopify.Orders, shopify.Window{})
	if err != nil || o.ID != 77 || !slices.Equal(f.ops(), []string{"bulkRunning", "bulkRun", "bulkRunning"}) {
		t.Errorf("%+v, %v after %v", o, err, f.ops())
	}
}

func TestBulkRefused(t *testing.T) {
	t.Parallel()
	run := func(payload any) func(call) reply {
		return func(c call) reply {
			if c.Op == "bulkRunning" {
				return data(object{"bulkOperations": object{"nodes": list{}}})
			}
			return data(object{"bulkOperationRunQuery": payload})
		}
	}
	refusal := func(code any, message string) object {
		return object{"bulkOperation": nil, "userErrors": list{object{"message": message, "code": code}}}
	}
	c, f, _ := connect(t, run(refusal("INVALID", "no")))
	_, err := c.StartBulk(t.Context(), shopify.Orders, shopify.Window{})
	wantCode(t, err, shopify.CodeInternal, false)
	if len(f.calls) != 2 {
		t.Errorf("asked %v", f.ops())
	}
	for message, want := range map[string][]int64{
		"try later": nil,
		"already in progress: gid://shopify/BulkOperation/5, gid://shopify/BulkOperation/6.": {5, 6},
	} {
		c, _, _ = connect(t, run(refusal("LIMIT_REACHED", message)))
		_, err = c.StartBulk(t.Context(), shopify.Orders, shopify.Window{})
		if e, ok := errors.AsType[*shopify.NoSlotError](err); !ok || !slices.Equal(e.Running, want) {
			t.Errorf("%s: %v", message, err)
		}
	}
	for name, payload := range map[string]any{
		"nothing": nil, "no operation": object{"bulkOperation": nil, "userErrors": list{}},
		"an id":   object{"bulkOperation": with(bulk("CREATED"), "id", "x"), "userErrors": list{}},
		"a count": object{"bulkOperation": with(bulk("CREATED"), "objectCount", "-1"), "userErrors": list{}},
		"a size":  object{"bulkOperation": with(bulk("CREATED"), "fileSize", "much"), "userErrors": list{}},
		"a time":  object{"bulkOperation": with(bulk("CREATED"), "createdAt", nil), "userErrors": list{}},
	} {
		c, _, _ = connect(t, run(payload))
		if _, err := c.StartBulk(t.Context(), shopify.Orders, shopify.Window{}); err == nil {
			t.Errorf("%s passed", name)
		} else {
			wantCode(t, err, shopify.CodeInvalidData, true)
		}
	}
}
