package market_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/market"
	"github.com/shopsight/shopsight/internal/money"
)

var now = time.Date(2026, time.November, 30, 15, 4, 5, 0, time.UTC)

// What is read of a store twice is the same, and so is another store of the same options.
func TestSameSeed(t *testing.T) {
	t.Parallel()
	o := market.Options{Days: 90, Orders: 500, Currency: "EUR", Now: now}
	a, b := market.Shop(7, o), market.Shop(7, o)
	if !reflect.DeepEqual(slices.Collect(a.Orders()), slices.Collect(b.Orders())) ||
		!reflect.DeepEqual(slices.Collect(a.Orders()), slices.Collect(a.Orders())) ||
		!reflect.DeepEqual(slices.Collect(a.Products()), slices.Collect(b.Products())) ||
		!reflect.DeepEqual(slices.Collect(a.Customers()), slices.Collect(b.Customers())) {
		t.Error("the same seed makes another store")
	}
	if reflect.DeepEqual(slices.Collect(a.Orders()), slices.Collect(market.Shop(8, o).Orders())) {
		t.Error("another seed makes the same store")
	}
}

// The parts of an order come to its whole, in every currency and with taxes either way.
func TestAmounts(t *testing.T) {
	t.Parallel()
	for _, currency := range []money.Currency{"USD", "EUR", "JPY", "KWD"} {
		for _, included := range []bool{true, false} {
			seen := map[string]int{}
			g := market.Shop(3, market.Options{Days: 365, Orders: 3000, Currency: currency, Now: now, TaxesIncluded: &included})
			for o := range g.Orders() {
				taxes := o.ShippingTax
				for _, l := range o.Lines {
					taxes += l.Tax
					if l.Discount < 0 || l.Discount > l.Price*l.Quantity || l.Tax < 0 || l.Quantity < 1 || l.GiftCard && l.Tax+l.Discount > 0 {
						t.Fatalf("%s: line %+v", o.Name, l)
					}
					if !l.AddedAt.IsZero() {
						seen["added"]++
					}
				}
				if taxes != o.Taxes || o.TaxesIncluded != included {
					t.Fatalf("%s: taxes %d, of the parts %d", o.Name, o.Taxes, taxes)
				}
				back := make(map[int]int64)
				for _, r := range o.Refunds {
					amount, tax := int64(0), r.ShippingTax
					for _, l := range r.Lines {
						amount += l.Amount
						tax += l.Tax
						back[l.Line] += l.Quantity
					}
					if len(r.Lines) > 0 && (amount != r.Amount || tax != r.Tax) {
						t.Fatalf("%s: refund %+v of %d and %d", o.Name, r, amount, tax)
					}
					seen["refund"]++
				}
				for _, e := range o.Edits {
					back[e.Line] += e.Quantity
					seen["edit"]++
				}
				for line, n := range back {
					if n > o.Lines[line].Quantity {
						t.Fatalf("%s: %d of %d taken back", o.Name, n, o.Lines[line].Quantity)
					}
				}
			}
			if len(seen) != 3 {
				t.Errorf("%s: there are only %v", currency, seen)
			}
		}
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	for _, o := range []market.Options{{}, {Orders: 300}, {Orders: 300, Products: 500, Customers: 40}, {Products: 1, Customers: 9},
		{Orders: 50, Products: 3, Customers: 1}} {
		o.Days, o.Currency, o.Now = 200, "USD", now
		g := market.Shop(1, o)
		products, customers, orders := g.Counts()
		handles := make(map[string]bool)
		for p := range g.Products() {
			handles[p.Handle] = true
			if !p.DeletedAt.IsZero() && (p.Status != "ARCHIVED" || p.DeletedAt.After(now)) {
				t.Errorf("deleted: %+v", p)
			}
		}
		n := len(slices.Collect(g.Customers()))
		if len(handles) != products || n != customers || len(slices.Collect(g.Orders())) != orders || orders != o.Orders {
			t.Errorf("%+v: %d products, %d handles, %d customers of %d, %d orders", o, products, len(handles), n, customers, orders)
		}
		if o.Products > 1 && products != o.Products || o.Customers > 0 && customers != o.Customers {
			t.Errorf("%+v: %d products, %d customers", o, products, customers)
		}
	}
}

// A store goes on selling: to those who are known, and to new ones.
func TestSell(t *testing.T) {
	t.Parallel()
	g := market.Shop(2, market.Options{Days: 100, Orders: 400, Currency: "EUR", Now: now})
	_, known, number := g.Counts()
	came, back := 0, 0
	for i := range 300 {
		at := now.Add(time.Duration(i) * time.Hour)
		o := g.Sell(number+i, known, at)
		if len(o.Lines) == 0 || !o.PlacedAt.Equal(at) || o.CancelledAt != nil || len(o.Refunds) > 0 || len(o.Edits) > 0 {
			t.Fatalf("%+v", o)
		}
		switch {
		case o.Customer == nil:
		case *o.Customer == known:
			if c := g.NewCustomer(known, at); c.LastName == "" || !c.CreatedAt.Equal(at) {
				t.Errorf("%+v", c)
			}
			known++
			came++
		case *o.Customer < known:
			back++
		default:
			t.Fatalf("customer %d of %d", *o.Customer, known)
		}
	}
	if came == 0 || back == 0 {
		t.Errorf("%d came, %d came back", came, back)
	}
}
