package loader_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopsight/shopsight/graph/loader"
	"github.com/shopsight/shopsight/internal/commerce"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

var now = time.Date(2026, time.June, 15, 12, 0, 0, 0, time.UTC)

func ptr[T any](v T) *T { return &v }

// counter counts statements.
type counter struct {
	mu         sync.Mutex
	statements []string
}

func (c *counter) observe(_ context.Context, statement string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.statements = append(c.statements, statement)
}

func (c *counter) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.statements
	c.statements = nil
	return list
}

// setup makes a store with 120 orders: each with two lines, one of a product without a record, and every fourth of a
// guest.
func setup(t *testing.T, s *store.Store) (context.Context, *commerce.Reader) {
	t.Helper()
	ctx := testkit.Tenant(t, s, "EUR", "UTC")
	b := ingest.Batch{Source: ingest.SourceAPI}
	for n := 1; n <= 10; n++ {
		b.Products = append(b.Products, ingest.ProductInput{ShopifyID: strconv.Itoa(n), Title: fmt.Sprint("Product ", n)})
	}
	for n := 1; n <= 120; n++ {
		o := ingest.OrderInput{ShopifyID: strconv.Itoa(n), ProcessedAt: now.Add(time.Duration(n-120) * time.Hour), Test: n%10 == 0,
			Items: []ingest.OrderItemInput{
				{ProductShopifyID: ptr(strconv.Itoa(1 + n%10)), Title: "a", Quantity: 1, UnitPrice: "1.00"},
				{ProductShopifyID: ptr("99"), Title: "b", Quantity: 1, UnitPrice: "1.00"},
				{Title: "c", Quantity: 1, UnitPrice: "1.00"},
			},
			Refunds: []ingest.RefundInput{{ShopifyID: "1", CreatedAt: now, Amount: "0.50"}}}
		if n%4 > 0 {
			o.CustomerShopifyID = ptr(strconv.Itoa(1 + n%30))
		}
		b.Orders = append(b.Orders, o)
	}
	if res, err := ingest.New(s, func() time.Time { return now }).Apply(ctx, b); err != nil || res.Rejected > 0 {
		t.Fatal(res, err)
	}
	return ctx, commerce.New(s, func() time.Time { return now })
}

// counted opens the store once more with a counter.
func counted(t *testing.T, s *store.Store) (*store.Store, *counter) {
	c := &counter{}
	return testkit.Open(t, testkit.URL(t, s), testkit.Observe(c.observe)), c
}

// TestPage reads a page as an executor does, every field of every record at once: the statements are the same for any
// size, and the values those of the records.
func TestPage(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		s, statements := counted(t, s)
		base, reader := setup(t, s)
		for _, size := range []int{10, 50, 100} {
			statements.take()
			ctx := loader.NewContext(base, reader)
			page, err := reader.Orders(ctx, commerce.Page{First: &size}, commerce.OrderFilter{IncludeTest: true}, commerce.OrderSort{})
			if err != nil || len(page.Nodes) != size {
				t.Fatal(len(page.Nodes), err)
			}
			var all sync.WaitGroup
			for _, o := range page.Nodes {
				set := loader.For(ctx)
				all.Go(func() {
					items, err := set.ItemsOf(o)
					if err != nil || len(items) != 3 || items[0].OrderID != o.ID {
						t.Errorf("items of %s: %v, %v", o.ShopifyID, items, err)
						return
					}
					for i, item := range items {
						all.Go(func() {
							p, err := set.ProductOf(item)
							if err != nil || (p != nil) != (i == 0) || p != nil && p.ID != *item.ProductID {
								t.Errorf("product of line %d: %v, %v", i, p, err)
							}
						})
					}
				})
				all.Go(func() {
					c, err := set.CustomerOf(o)
					if err != nil || (c != nil) != (o.CustomerID != nil) || c != nil && c.ID != *o.CustomerID {
						t.Errorf("customer of %s: %v, %v", o.ShopifyID, c, err)
					}
				})
			}
			all.Wait()
			if run := statements.take(); len(run) != 5 {
				t.Errorf("page of %d: %d statements:\n%s", size, len(run), strings.Join(run, "\n"))
			}
			for _, o := range page.Nodes {
				set := loader.For(ctx)
				all.Go(func() {
					if refunds, err := set.RefundsOf(o); err != nil || len(refunds) != 1 {
						t.Errorf("refunds of %s: %v, %v", o.ShopifyID, refunds, err)
					}
				})
				all.Go(func() {
					n, err := set.NumberOf(o)
					if err != nil || (n != nil) != (o.CustomerID != nil && !o.Test) || n != nil && *n < 1 {
						t.Errorf("number of %s: %v, %v", o.ShopifyID, n, err)
					}
				})
			}
			all.Wait()
			if run := statements.take(); len(run) != 2 {
				t.Errorf("page of %d: %d more statements:\n%s", size, len(run), strings.Join(run, "\n"))
			}
		}
	})
}

// TestHistories: the orders of a page of customers, twice with different arguments, and what belongs to those orders.
func TestHistories(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		s, statements := counted(t, s)
		base, reader := setup(t, s)
		ctx := loader.NewContext(base, reader)
		set := loader.For(ctx)
		page, err := reader.Customers(ctx, commerce.Page{First: ptr(50)}, commerce.CustomerFilter{}, commerce.CustomerSort{})
		if err != nil || len(page.Nodes) < 20 {
			t.Fatal(len(page.Nodes), err)
		}
		statements.take()
		var all sync.WaitGroup
		for _, c := range page.Nodes {
			for _, f := range []commerce.OrderFilter{{}, {IncludeTest: true}} {
				all.Go(func() {
					orders, err := set.OrdersOf(c, commerce.Page{First: ptr(2)}, f, commerce.OrderSort{})
					if err != nil || len(orders.Nodes) == 0 {
						t.Errorf("orders of %s: %v, %v", c.DisplayName, orders, err)
						return
					}
					for _, o := range orders.Nodes {
						if *o.CustomerID != c.ID {
							t.Errorf("order %s is not of %s", o.ShopifyID, c.DisplayName)
						}
						all.Go(func() {
							if items, err := set.ItemsOf(o); err != nil || len(items) != 3 {
								t.Errorf("items of %s: %v, %v", o.ShopifyID, items, err)
							}
						})
						all.Go(func() {
							if again, err := set.CustomerOf(o); err != nil || again.ID != c.ID {
								t.Errorf("customer of %s: %v, %v", o.ShopifyID, again, err)
							}
						})
					}
				})
			}
		}
		all.Wait()
		// Two for each list and at most one for the lines of each, and one for the customers.
		if run := statements.take(); len(run) > 8 {
			t.Errorf("%d statements:\n%s", len(run), strings.Join(run, "\n"))
		}
		if _, err := set.OrdersOf(page.Nodes[0], commerce.Page{First: ptr(0)}, commerce.OrderFilter{}, commerce.OrderSort{}); err == nil {
			t.Error("a page of 0")
		}
	})
}

// TestByID: many ids at once keep their order, those of another tenant and those that do not exist are nil, and what is
// known is not read again.
func TestByID(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		s, statements := counted(t, s)
		a, reader := setup(t, s)
		b, _ := setup(t, s)
		page := func(ctx context.Context) []*commerce.Order {
			c, err := reader.Orders(ctx, commerce.Page{First: ptr(3)}, commerce.OrderFilter{}, commerce.OrderSort{})
			if err != nil {
				t.Fatal(err)
			}
			return c.Nodes
		}
		own, foreign := page(a), page(b)
		set := loader.New(commerce.WithSettings(a), reader)
		statements.take()
		got, err := set.Orders([]int64{own[1].ID, foreign[0].ID, 5, own[0].ID, own[1].ID})
		if err != nil || len(got) != 5 || got[0].ID != own[1].ID || got[1] != nil || got[2] != nil || got[3].ID != own[0].ID || got[4] != got[0] {
			t.Fatal(got, err)
		}
		one, err := set.Order(own[0].ID)
		if err != nil || one != got[3] {
			t.Error(one, err)
		}
		if none, err := set.Order(foreign[0].ID); err != nil || none != nil {
			t.Error(none, err)
		}
		if run := statements.take(); len(run) != 2 {
			t.Errorf("%d statements:\n%s", len(run), strings.Join(run, "\n"))
		}
		for name, read := range map[string]func() (bool, error){
			"customer":   func() (bool, error) { c, err := set.Customer(*foreign[0].CustomerID); return c != nil, err },
			"customers":  func() (bool, error) { c, err := set.Customers([]int64{1}); return c[0] != nil, err },
			"product":    func() (bool, error) { p, err := set.Product(1); return p != nil, err },
			"products":   func() (bool, error) { p, err := set.Products([]int64{1}); return p[0] != nil, err },
			"order item": func() (bool, error) { i, err := set.OrderItem(1); return i != nil, err },
			"items":      func() (bool, error) { i, err := set.OrderItems([]int64{1}); return i[0] != nil, err },
			"items of a foreign order": func() (bool, error) {
				i, err := set.ItemsOf(foreign[0])
				return len(i) > 0, err
			},
		} {
			if found, err := read(); found || err != nil {
				t.Errorf("%s: %v, %v", name, found, err)
			}
		}
	})
}

// TestErrors: a failure reaches everybody who asked, and is the context's when the context has ended.
func TestErrors(t *testing.T) {
	t.Parallel()
	s := testkit.SQLite(t)
	base, reader := setup(t, s)
	page, err := reader.Orders(base, commerce.Page{}, commerce.OrderFilter{}, commerce.OrderSort{})
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithDeadline(base, now.Add(-time.Hour*24*365))
	defer cancel()
	set := loader.New(ended, reader)
	var all sync.WaitGroup
	for _, o := range page.Nodes {
		for name, read := range map[string]func() error{
			"items":  func() error { _, err := set.ItemsOf(o); return err },
			"by id":  func() error { _, err := set.Order(o.ID); return err },
			"number": func() error { _, err := set.NumberOf(page.Nodes[1]); return err },
		} {
			all.Go(func() {
				if err := read(); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
	}
	all.Wait()

	// A bug in a batch is an error of the batch, not the end of the process.
	broken := loader.New(viewer.NewContext(base, viewer.FromContext(base)), nil)
	if _, err := broken.Order(1); err == nil || !strings.Contains(err.Error(), "panic") {
		t.Error(err)
	}
	if loader.For(base) != nil {
		t.Error("a set out of nowhere")
	}
}
