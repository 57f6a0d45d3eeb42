package oracle_test

import (
	"math/big"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/testkit/oracle"
)

// TestRandom: every scenario can be applied, is within the bounds, and gives the same numbers in any order and twice
// over. What a report says of itself must add up.
func TestRandom(t *testing.T) {
	t.Parallel()
	seeds := uint64(15)
	if testing.Short() {
		seeds = 10
	}
	for seed := range seeds {
		s := oracle.Random(seed, 4+int(seed%25))
		if !reflect.DeepEqual(s, oracle.Random(seed, 4+int(seed%25))) {
			t.Fatalf("seed %d: not the same twice", seed)
		}
		checkBounds(t, s)
		want := filled(t, s)
		other := s.Shuffled(seed + 1)
		twice := other
		twice.Requests = slices.Concat(s.Requests, other.Requests)
		for name, again := range map[string]oracle.Scenario{"shuffled": other, "twice": twice} {
			got := filled(t, again)
			same(t, name+": orders", want.Orders(), got.Orders())
			same(t, name+": customers", want.Customers(), got.Customers())
			same(t, name+": summary", want.DataSummary(), got.DataSummary())
			same(t, name+": overview", must(want.Overview(oracle.Range{Preset: "LAST_30_DAYS"}, "PREVIOUS_YEAR"))(t),
				must(got.Overview(oracle.Range{Preset: "LAST_30_DAYS"}, "PREVIOUS_YEAR"))(t))
		}
		checkSums(t, want, s.Now)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func filled(t *testing.T, s oracle.Scenario) *oracle.Oracle {
	t.Helper()
	o := oracle.New(s.Shop)
	o.Now = s.Now
	for _, op := range s.Requests {
		n, err := o.Apply(op)
		if err != nil {
			t.Fatal(err)
		}
		if n.Received != n.Created+n.Updated+n.Unchanged {
			t.Errorf("counts do not add up: %+v", n)
		}
	}
	return o
}

// checkSums: net and total of the overview, and the points against the totals and the overview.
func checkSums(t *testing.T, o *oracle.Oracle, now time.Time) {
	t.Helper()
	add := func(a ...oracle.Money) *big.Rat {
		sum := new(big.Rat)
		for _, m := range a {
			r, ok := new(big.Rat).SetString(m.Amount)
			if !ok {
				t.Fatalf("amount %q", m.Amount)
			}
			sum.Add(sum, r)
		}
		return sum
	}
	year := now.Year()
	for r, interval := range map[oracle.Range]string{
		{Preset: "ALL_TIME"}: "MONTH", {Preset: "LAST_7_DAYS"}: "HOUR", {Preset: "LAST_90_DAYS"}: "DAY",
		oracle.Days(time.Date(year, 1, 10, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), time.Date(year, 8, 9, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)): "WEEK",
	} {
		v := must(o.Overview(r, "PREVIOUS_PERIOD"))(t)
		tr := must(o.Trend(r, interval, "PREVIOUS_PERIOD"))(t)
		if add(v.NetSales.Value, v.Discounts.Value, v.SalesReversals.Value).Cmp(add(v.GrossSales.Value)) != 0 {
			t.Error("net is not gross - discounts - reversals")
		}
		if add(v.TotalRevenue.Value).Cmp(add(v.NetSales.Value, v.Shipping.Value, v.Taxes.Value, v.Duties.Value, v.Fees.Value)) != 0 {
			t.Error("total is not the sum of its parts")
		}
		if v.NewCustomers.Value+v.ReturningCustomers.Value != v.Customers.Value || v.ReturningCustomers.Value < 0 {
			t.Error("new and returning are not all customers")
		}
		var total, gross []oracle.Money
		var orders, fresh int
		for _, p := range tr.Points {
			total, gross = append(total, p.TotalSales), append(gross, p.GrossSales)
			orders, fresh = orders+p.Orders, fresh+p.NewCustomers
			if p.ReturningCustomers < 0 {
				t.Errorf("%s: more new customers than customers", p.Label)
			}
		}
		if add(total...).Cmp(add(tr.Totals.TotalSales)) != 0 || add(gross...).Cmp(add(tr.Totals.GrossSales)) != 0 ||
			orders != tr.Totals.Orders || fresh != tr.Totals.NewCustomers {
			t.Errorf("%v: points do not sum to the totals", r)
		}
		same(t, "totals", map[string]any{
			"orders": v.Orders.Value, "guestOrders": v.GuestOrders.Value, "unitsSold": v.UnitsSold.Value,
			"customers": v.Customers.Value, "newCustomers": v.NewCustomers.Value, "totalSales": v.TotalRevenue.Value,
			"netSales": v.NetSales.Value, "averageOrderValue": v.AverageOrderValue.Value,
		}, tr.Totals)
		if v.ComparedTo != nil && !slices.ContainsFunc(tr.PreviousPoints, func(p oracle.SalesPoint) bool { return p.StartsAt.Equal(v.ComparedTo.StartsAt) }) {
			t.Errorf("%v: no previous point begins at %v", r, v.ComparedTo.StartsAt)
		}
	}
	// A customer's history is numbered without gaps.
	numbers := map[string]int{}
	for _, ord := range o.Orders() {
		if ord.CustomerOrderNumber == nil {
			continue
		}
		numbers[ord.Customer.ShopifyID]++
		if *ord.CustomerOrderNumber != numbers[ord.Customer.ShopifyID] {
			t.Errorf("order %s has number %d", ord.ShopifyID, *ord.CustomerOrderNumber)
		}
	}
}

// checkBounds: amounts, quantities, ids and instants are those that the contract takes.
func checkBounds(t *testing.T, s oracle.Scenario) {
	t.Helper()
	unit := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(s.Shop.Digits)), nil))
	units := func(text string) *big.Rat {
		if text == "" {
			return new(big.Rat)
		}
		r, ok := new(big.Rat).SetString(text)
		if !ok {
			t.Fatalf("amount %q", text)
		}
		if r.Mul(r, unit); !r.IsInt() || r.Sign() < 0 {
			t.Errorf("amount %q", text)
		}
		return r
	}
	amount := func(texts ...string) {
		for _, text := range texts {
			if units(text).Cmp(big.NewRat(10_000_000_000_000, 1)) > 0 {
				t.Errorf("amount %q is too large", text)
			}
		}
	}
	instant := func(at *time.Time) {
		if at != nil && (at.After(s.Now.Add(24*time.Hour)) || at.Year() < 1970) {
			t.Errorf("instant %v", at)
		}
	}
	for _, op := range s.Requests {
		if max(len(op.Products), len(op.Customers), len(op.Orders)) > 500 {
			t.Error("more than 500 records in a request")
		}
		if op.Delete != nil {
			instant(op.Delete.DeletedAt)
		}
		for _, ord := range op.Orders {
			instant(&ord.ProcessedAt)
			instant(ord.UpdatedAt)
			instant(ord.CancelledAt)
			amount(ord.Shipping, ord.ShippingTax, ord.Taxes, ord.Duties, ord.Fees, ord.Tips)
			known := map[string]bool{}
			for _, it := range ord.Items {
				amount(it.UnitPrice, it.Discount, it.Tax)
				line := new(big.Rat).Mul(units(it.UnitPrice), big.NewRat(int64(it.Quantity), 1))
				if it.Quantity < 1 || it.Quantity > 1_000_000 || line.Cmp(big.NewRat(1_000_000_000_000_000, 1)) > 0 || units(it.Discount).Cmp(line) > 0 {
					t.Errorf("item %+v", it)
				}
				if it.ShopifyID != "" && known[it.ShopifyID] {
					t.Errorf("item %s twice", it.ShopifyID)
				}
				known[it.ShopifyID] = true
			}
			for _, f := range ord.Refunds {
				instant(&f.CreatedAt)
				amount(f.Amount, f.TaxAmount, f.ShippingAmount, f.DutyAmount, f.FeeAmount)
				for _, l := range f.Lines {
					amount(l.Amount)
					if !known[l.ItemShopifyID] {
						t.Errorf("refund of unknown item %s", l.ItemShopifyID)
					}
				}
			}
			for _, a := range ord.Adjustments {
				instant(&a.HappenedAt)
				amount(a.Amount, a.TaxAmount, a.ShippingAmount, a.DutyAmount, a.FeeAmount)
			}
		}
	}
}

// TestRandomVariety: what the scenarios are for does occur in a hundred of them.
func TestRandomVariety(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	zones, currencies := map[string]bool{}, map[int]bool{}
	note := func(what string, is bool) {
		if is {
			seen[what]++
		} else {
			seen[what] += 0
		}
	}
	for seed := range uint64(100) {
		s := oracle.Random(seed, 20)
		zones[s.Shop.Zone.String()], currencies[s.Shop.Digits] = true, true
		for _, op := range s.Requests {
			note("deletion", op.Delete != nil)
			for _, ord := range op.Orders {
				note("test", ord.Test)
				note("guest", ord.CustomerShopifyID == "")
				note("included", ord.TaxesIncluded && ord.Taxes != "" && ord.Taxes != "0")
				note("cancelled", ord.CancelledAt != nil)
				note("cancelled before it was placed", ord.CancelledAt != nil && ord.CancelledAt.Before(ord.ProcessedAt))
				note("edited", len(ord.Adjustments) > 0)
				note("undated", ord.UpdatedAt == nil)
				note("tip", ord.Tips != "")
				note("duty", ord.Duties != "")
				note("fee", ord.Fees != "")
				for i, it := range ord.Items {
					note("gift card", it.GiftCard)
					note("line tax", it.Tax != "")
					note("two lines of a product", i > 0 && it.ProductShopifyID != "" && it.ProductShopifyID == ord.Items[i-1].ProductShopifyID)
				}
				for _, f := range ord.Refunds {
					note("refund with lines", len(f.Lines) > 0)
					note("refund without lines", len(f.Lines) == 0)
					note("refund before the order", f.CreatedAt.Before(ord.ProcessedAt))
				}
			}
		}
		o := oracle.New(s.Shop)
		o.Now = s.Now
		for _, op := range s.Requests {
			n := must(o.Apply(op))(t)
			note("updated", n.Updated > 0)
			note("unchanged", n.Unchanged > 0)
			note("order deleted", n.Deleted.Orders > 0)
			note("customer deleted", n.Deleted.Customers > 0)
		}
		for _, c := range o.Customers() {
			note("placeholder", c.Placeholder)
			note("repeat customer", c.OrdersCount > 2)
		}
	}
	for what, n := range seen {
		if n < 10 {
			t.Errorf("%s: %d times only", what, n)
		}
	}
	if len(zones) < 9 || len(currencies) != 3 {
		t.Errorf("zones %v, digits %v", zones, currencies)
	}
	t.Logf("%v", seen)
}
