package simshop_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit"
)

// parts checks that everything an order says about its amounts agrees.
func parts(o *simshop.Order) error {
	total := func(amounts []int64) (n int64) {
		for _, a := range amounts {
			n += a
		}
		return n
	}
	sold, taxed, left := map[int64]int64{}, map[int64]int64{}, map[int64]int64{}
	byType, refunds := map[string]int64{}, map[int64]int64{}
	last := time.Time{}
	for _, a := range o.Agreements {
		if a.HappenedAt.Before(last) || a.HappenedAt.After(o.UpdatedAt) || (a.Reason == "REFUND") != (a.RefundID != 0) {
			return fmt.Errorf("agreement %+v", a)
		}
		last = a.HappenedAt
		for _, s := range a.Sales {
			if (s.Action == "ORDER") != (s.Total >= 0 && a.Reason != "REFUND" && s.Quantity >= 0) && s.Total != 0 {
				return fmt.Errorf("sale %+v", s)
			}
			if s.Action == "ORDER" {
				sold[s.LineID] += s.Total
				taxed[s.LineID] += s.Tax
				byType[s.LineType] += s.Total
			}
			left[s.LineID] += s.Quantity
			if a.RefundID != 0 {
				refunds[a.RefundID] -= s.Total
			}
		}
	}
	for _, l := range o.Lines {
		want := l.UnitPrice*l.Quantity - total(l.Discounts)
		if !o.TaxesIncluded {
			want += total(l.Taxes)
		}
		if sold[l.ID] != want || taxed[l.ID] != total(l.Taxes) || left[l.ID] != l.CurrentQuantity || l.CurrentQuantity < 0 {
			return fmt.Errorf("line %+v: sold for %d, taxed %d, %d left", l, sold[l.ID], taxed[l.ID], left[l.ID])
		}
	}
	var shipping int64
	for _, l := range o.Shipping {
		shipping += l.Price
		if !o.TaxesIncluded {
			shipping += total(l.Taxes)
		}
	}
	if shipping != byType["SHIPPING"] || o.Tips != byType["TIP"] || o.Duties != byType["DUTY"] || o.Fees != byType["ADDITIONAL_FEE"] {
		return fmt.Errorf("shipping %d, tips %d, duties %d, fees %d; sold %v", shipping, o.Tips, o.Duties, o.Fees, byType)
	}
	for _, r := range o.Refunds {
		if r.Total != refunds[r.ID] || r.Total < 0 {
			return fmt.Errorf("refund %+v, sales %d", r, refunds[r.ID])
		}
	}
	if len(refunds) > len(o.Refunds) {
		return errors.New("an agreement about no refund")
	}
	return nil
}

func TestAmounts(t *testing.T) {
	t.Parallel()
	for i, currency := range []money.Currency{"USD", "EUR", "JPY", "KWD"} {
		included := i%2 == 0
		for _, o := range []simshop.Options{{}, {TaxesIncluded: &included}} {
			o.CurrencyCode, o.Seed = currency, int64(testkit.Seed(t))
			o.Orders = testkit.Size(1500, 20_000)
			s, c := setup(t, o)
			c.move(time.Hour)
			s.Change(1500)
			edits, cards, refunds, cancelled, tests, guests := 0, 0, 0, 0, 0, 0
			for _, o := range s.Orders() {
				if err := parts(o); err != nil {
					t.Fatalf("%s %s: %v", currency, o.Name, err)
				}
				for _, a := range o.Agreements {
					if a.Reason == "ORDER_EDIT" {
						edits++
					}
				}
				for _, l := range o.Lines {
					if l.GiftCard {
						cards++
					}
				}
				refunds += len(o.Refunds)
				if !o.CancelledAt.IsZero() {
					cancelled++
				}
				if o.Test {
					tests++
				}
				if o.CustomerID == 0 {
					guests++
				}
			}
			if min(edits, cards, refunds, cancelled, tests, guests) == 0 {
				t.Errorf("%s: %d edits, %d gift cards, %d refunds, %d cancelled, %d tests, %d guests", currency, edits, cards, refunds, cancelled, tests, guests)
			}
		}
	}
}

// Units that are taken back one by one come to the whole line, to the last minor unit.
func TestRefundsToTheEnd(t *testing.T) {
	t.Parallel()
	s, _ := setup(t, simshop.Options{})
	o := s.CreateOrder(simshop.OrderInput{Lines: []simshop.LineInput{{Title: "Tea", Price: 333, Quantity: 7, Discount: 100, Tax: 199}}, Shipping: 500, ShippingTax: 41})
	line := o.Lines[0].ID
	for range 9 { // more than there are
		if err := s.Refund(o.ID, simshop.RefundInput{Lines: map[int64]int64{line: 1}}); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.Order(o.ID); got.FinancialStatus != "PARTIALLY_REFUNDED" || got.Lines[0].CurrentQuantity != 0 || parts(got) != nil {
		t.Errorf("%+v", got)
	}
	if err := s.Refund(o.ID, simshop.RefundInput{Shipping: true}); err != nil {
		t.Fatal(err)
	}
	got := s.Order(o.ID)
	var back int64
	for _, r := range got.Refunds {
		back += r.Total
	}
	if got.FinancialStatus != "REFUNDED" || back != 333*7-100+199+541 || parts(got) != nil {
		t.Errorf("%d given back: %+v", back, got)
	}
	if o.Lines[0].CurrentQuantity != 7 || len(o.Refunds) != 0 {
		t.Error("a record that was handed out has changed")
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	s, c := setup(t, simshop.Options{Orders: 50})
	o, p, who := s.Orders()[10], s.Products()[3], s.Customers()[4]
	c.move(90 * time.Second)
	now := c.now().Truncate(time.Second)
	for _, err := range []error{
		s.UpdateProduct(p.ID, func(p *simshop.Product) { p.Title = "New" }),
		s.UpdateCustomer(who.ID, func(c *simshop.Customer) { c.LastName = "New" }),
		s.UpdateOrder(o.ID, func(o *simshop.Order) { o.Tags = append(o.Tags, "new") }),
		s.Edit(o.ID, simshop.EditInput{Remove: map[int64]int64{o.Lines[0].ID: 1}, Add: []simshop.LineInput{{ProductID: p.ID, Price: 5, Quantity: 2}}}),
		s.Cancel(o.ID, true),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	got := s.Order(o.ID)
	if !got.UpdatedAt.Equal(now) || !got.CancelledAt.Equal(now) || parts(got) != nil || len(got.Lines) != len(o.Lines)+1 {
		t.Errorf("%+v: %v", got, parts(got))
	}
	if a := s.Product(p.ID); a.Title != "New" || !a.UpdatedAt.Equal(now) || p.Title == "New" || s.Customer(who.ID).LastName != "New" {
		t.Error("not updated")
	}
	if err := s.Touch(simshop.KindCustomer); err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Customers() {
		if !c.UpdatedAt.Equal(now) {
			t.Fatalf("%+v was not touched", c)
		}
	}
	gone := len(s.Deletions())
	for kind, id := range map[simshop.Kind]int64{simshop.KindProduct: p.ID, simshop.KindCustomer: who.ID, simshop.KindOrder: o.ID} {
		if err := s.Delete(kind, id, kind == simshop.KindOrder); err != nil {
			t.Fatal(err)
		}
		if err := s.Delete(kind, id, false); !errors.Is(err, simshop.ErrNone) {
			t.Errorf("deleted twice: %v", err)
		}
	}
	if d := s.Deletions(); len(d) != gone+2 || s.Order(o.ID) != nil || !d[gone].At.Equal(now) {
		t.Errorf("%+v", d)
	}
	a := ask(t, s, `{events(first:9,sortKey:CREATED_AT,query:"action:destroy AND created_at:>='2026-11-23T15:05:00Z'"){nodes{__typename createdAt
		... on BasicEvent{action subjectType subjectId}}}}`, nil)
	for i, d := range s.Deletions()[gone:] {
		if e := at(a.Data, "events", "nodes", i); at(e, "subjectId") != gid(string(d.Kind), d.SubjectID) || at(e, "action") != "destroy" {
			t.Errorf("event %v, want %+v", e, d)
		}
	}
	// What was sold keeps its line, without the product.
	for _, o := range s.Orders() {
		for _, l := range o.Lines {
			if l.ProductID == p.ID {
				a := ask(t, s, `query($id:ID!){order(id:$id){lineItems(first:50){nodes{id product{id}}}}}`, map[string]any{"id": gid("Order", o.ID)})
				for _, n := range at(a.Data, "order", "lineItems", "nodes").([]any) {
					if at(n, "id") == gid("LineItem", l.ID) && at(n, "product") != nil {
						t.Errorf("%v still has its product", n)
					}
				}
			}
		}
	}
	for _, err := range []error{s.Refund(1, simshop.RefundInput{}), s.Touch(simshop.KindOrder, 1), s.Cancel(1, true), s.UpdateProduct(1, nil)} {
		if !errors.Is(err, simshop.ErrNone) {
			t.Errorf("of no record: %v", err)
		}
	}
}

// The same options make the same store, and the same changes after it.
func TestSameSeed(t *testing.T) {
	t.Parallel()
	run := func(seed int64) []*simshop.Order {
		s, c := setup(t, simshop.Options{Orders: 200, Seed: seed})
		c.move(time.Hour)
		s.Change(200)
		return s.Orders()
	}
	if !reflect.DeepEqual(run(1), run(1)) {
		t.Error("the same seed makes another store")
	}
	if reflect.DeepEqual(run(1), run(2)) {
		t.Error("another seed makes the same store")
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	s, _ := setup(t, simshop.Options{Orders: 500, Products: 400, Customers: 100})
	deleted := 0
	for _, d := range s.Deletions() {
		if d.Kind == simshop.KindProduct {
			deleted++
		}
	}
	if len(s.Products())+deleted != 400 || deleted == 0 || len(s.Customers()) != 100 || len(s.Orders()) != 500 {
		t.Errorf("%d products and %d deleted, %d customers, %d orders", len(s.Products()), deleted, len(s.Customers()), len(s.Orders()))
	}
	empty, _ := setup(t, simshop.Options{})
	empty.Change(50)
	if len(empty.Orders()) == 0 {
		t.Error("nobody bought anything")
	}
}

// Readers and writers do not get in each other's way.
func TestConcurrently(t *testing.T) {
	t.Parallel()
	s, _ := setup(t, simshop.Options{Orders: 300, Lag: time.Second})
	text := operations(t)
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			for range 20 {
				post(t, s, text, "ordersPage", map[string]any{"first": 50, "lines": 5, "shipping": 5, "refunded": 5, "agreements": 5, "sales": 5,
					"query": "updated_at:>='2026-01-01T00:00:00Z'"})
				_, _, _ = s.Orders(), s.Stats(), s.Token()
			}
		})
	}
	work.Go(func() {
		for range 50 {
			s.Change(5)
			s.SetFaults(simshop.Faults{Churn: 0.5, Cut: 0.1})
			s.SetScopes("read_orders", "read_customers", "read_products", "read_all_orders")
		}
	})
	work.Wait()
	for _, o := range s.Orders() {
		if err := parts(o); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := simshop.New(simshop.Options{Orders: 50})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Hour)
		defer cancel()
		done := make(chan struct{})
		go func() { s.Run(ctx, 60); close(done) }()
		<-done
		if n := len(s.Orders()); n < 500 || n > 800 {
			t.Errorf("%d orders after ten hours", n)
		}
		newest := s.Orders()[len(s.Orders())-1]
		if time.Since(newest.CreatedAt) > time.Hour || parts(newest) != nil {
			t.Errorf("%+v", newest)
		}
		s.Run(t.Context(), 0)
	})
}
