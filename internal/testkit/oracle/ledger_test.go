package oracle_test

import (
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/testkit/oracle"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	got, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func atp(t *testing.T, s string) *time.Time {
	t.Helper()
	got := at(t, s)
	return &got
}

func shop(t *testing.T, currency string, digits int, zone string) oracle.Shop {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return oracle.Shop{Currency: currency, Digits: digits, Zone: loc, WeekStart: time.Monday}
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	for _, d := range oracle.Diff(want, got) {
		t.Errorf("%s%s", what, d)
	}
}

// TestEntries holds entries that were worked out by hand with a calculator, amount by amount.
func TestEntries(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 3, n, 12, 0, 0, 0, time.UTC) }
	line := func(quantity int, price, discount string) oracle.OrderItemInput {
		return oracle.OrderItemInput{Title: "x", Quantity: quantity, UnitPrice: price, Discount: discount}
	}
	taxed := func(it oracle.OrderItemInput, tax string) oracle.OrderItemInput { it.Tax = tax; return it }
	gift := func(it oracle.OrderItemInput) oracle.OrderItemInput { it.GiftCard = true; return it }
	order := func(items ...oracle.OrderItemInput) oracle.OrderInput {
		return oracle.OrderInput{ShopifyID: "1", ProcessedAt: day(1), Items: items}
	}
	with := func(o oracle.OrderInput, f func(*oracle.OrderInput)) oracle.OrderInput { f(&o); return o }
	none := oracle.Entry{Gross: "0.00", Discount: "0.00", Reversal: "0.00", Shipping: "0.00", Tax: "0.00",
		Duty: "0.00", Fee: "0.00", Tip: "0.00", GiftCard: "0.00", Net: "0.00", Total: "0.00"}
	entry := func(kind, ref string, at time.Time, f func(*oracle.Entry)) oracle.Entry {
		e := none
		e.Kind, e.Ref, e.At = kind, ref, at
		f(&e)
		return e
	}
	day4 := day(4)

	for _, c := range []struct {
		name  string
		order oracle.OrderInput
		want  []oracle.Entry
	}{
		{"the example of the definitions: 100.00 including 10 %, 25 % off",
			with(order(line(1, "100.00", "25.00")), func(o *oracle.OrderInput) { o.TaxesIncluded, o.Taxes = true, "6.82" }),
			[]oracle.Entry{entry("SALE", "", day(1), func(e *oracle.Entry) {
				e.Gross, e.Discount, e.Net, e.Tax, e.Total, e.Units = "90.91", "22.73", "68.18", "6.82", "75.00", 1
			})}},
		{"tax on top, with everything that adds to the total, and a tip that does not",
			with(order(line(2, "19.90", "4.90"), line(1, "5", "")), func(o *oracle.OrderInput) {
				o.Shipping, o.Taxes, o.Duties, o.Fees, o.Tips = "7.50", "8.11", "3", "1.25", "2.00"
			}),
			// gross 39.80 + 5.00, net 44.80 - 4.90 = 39.90, total 39.90 + 7.50 + 8.11 + 3.00 + 1.25
			[]oracle.Entry{entry("SALE", "", day(1), func(e *oracle.Entry) {
				e.Gross, e.Discount, e.Net, e.Shipping, e.Tax = "44.80", "4.90", "39.90", "7.50", "8.11"
				e.Duty, e.Fee, e.Tip, e.Total, e.Units = "3.00", "1.25", "2.00", "59.76", 3
			})}},
		{"gift cards are no sale and carry no included tax",
			with(order(line(1, "10.70", ""), gift(line(2, "50.00", "10.00"))), func(o *oracle.OrderInput) {
				o.TaxesIncluded, o.Taxes = true, "0.70"
			}),
			[]oracle.Entry{entry("SALE", "", day(1), func(e *oracle.Entry) {
				e.Gross, e.Net, e.Tax, e.Total, e.Units, e.GiftCard = "10.00", "10.00", "0.70", "10.70", 1, "90.00"
			})}},
		{"a tax that a gift card states is taken out of it and counts in the order's",
			// 3.00 - 1.00 - 0.50 stated: 1.50 over the one open base of 16.50.
			with(order(taxed(gift(line(1, "10.00", "")), "1.00"), line(1, "16.50", ""), taxed(line(1, "5.50", ""), "0.50")), func(o *oracle.OrderInput) {
				o.TaxesIncluded, o.Taxes = true, "3.00"
			}),
			[]oracle.Entry{entry("SALE", "", day(1), func(e *oracle.Entry) {
				e.Gross, e.Net, e.Tax, e.Total, e.Units, e.GiftCard = "20.00", "20.00", "3.00", "23.00", 2, "9.00"
			})}},
		{"no more tax is taken out than the price",
			// 9.00 stated for 4.00, 3.00 for 2.00 of shipping; 20.00 - 12.00 = 8.00 for an open base of 5.00.
			with(order(taxed(line(1, "4.00", ""), "9.00"), line(1, "6.00", "1.00")), func(o *oracle.OrderInput) {
				o.TaxesIncluded, o.Taxes, o.Shipping, o.ShippingTax = true, "20.00", "2.00", "3.00"
			}),
			[]oracle.Entry{entry("SALE", "", day(1), func(e *oracle.Entry) {
				e.Tax, e.Total, e.Units = "11.00", "11.00", 2 // no net, hence no gross and no discount
			})}},
		{"tax on top: the larger of the order's taxes and what its parts state",
			with(order(taxed(line(1, "4.00", ""), "0.40"), taxed(gift(line(1, "1.00", "")), "0.10")), func(o *oracle.OrderInput) {
				o.Taxes, o.ShippingTax = "0.45", "0.05"
			}),
			[]oracle.Entry{entry("SALE", "", day(1), func(e *oracle.Entry) {
				e.Gross, e.Net, e.Tax, e.Total, e.Units, e.GiftCard = "4.00", "4.00", "0.55", "4.55", 1, "1.00"
			})}},
		{"a refund line of a gift card is apart from the refund's amount; a refund of nothing is no entry",
			with(order(line(1, "4.00", ""), gift(oracle.OrderItemInput{ShopifyID: "5", Title: "g", Quantity: 1, UnitPrice: "10.00"})), func(o *oracle.OrderInput) {
				o.Tips, o.CancelledAt = "2.00", &day4
				o.Refunds = []oracle.RefundInput{
					{ShopifyID: "6", CreatedAt: day(2), Amount: "0.00"},
					{ShopifyID: "7", CreatedAt: day(3), Amount: "1.00", Lines: []oracle.RefundLineInput{{ItemShopifyID: "5", Quantity: 1, Amount: "3.00"}}},
				}
			}),
			[]oracle.Entry{
				entry("SALE", "", day(1), func(e *oracle.Entry) {
					e.Gross, e.Net, e.Total, e.Units, e.Tip, e.GiftCard = "4.00", "4.00", "4.00", 1, "2.00", "10.00"
				}),
				entry("REFUND", "7", day(3), func(e *oracle.Entry) {
					e.Reversal, e.Net, e.Total, e.GiftCard = "1.00", "-1.00", "-1.00", "-3.00"
				}),
				entry("CANCELLATION", "", day(4), func(e *oracle.Entry) {
					e.Reversal, e.Net, e.Total, e.Tip, e.GiftCard = "3.00", "-3.00", "-3.00", "-2.00", "-7.00"
				}),
			}},
		{"the rest of the taxes goes by base over lines and shipping without one, the largest remainder first",
			// 1.00 - 0.10 stated = 0.90 over bases 3.33, 3.33, 3.34 shipping: exactly 29.97, 29.97, 30.06 cents:
			// whole 29, 29, 30, the two that are left go to the first two. Nets 3.03, 3.03, 0.90; shipping 3.04.
			with(order(line(1, "3.33", ""), line(1, "3.33", ""), taxed(line(1, "1.00", ""), "0.10")), func(o *oracle.OrderInput) {
				o.TaxesIncluded, o.Taxes, o.Shipping = true, "1.00", "3.34"
			}),
			[]oracle.Entry{entry("SALE", "", day(1), func(e *oracle.Entry) {
				e.Gross, e.Net, e.Shipping, e.Tax, e.Total, e.Units = "6.96", "6.96", "3.04", "1.00", "11.00", 3
			})}},
		{"a line that is wholly discounted takes the ratio of the order",
			// The other line: base 12.00, tax 2.00, net 10.00: ratio 10/12. 6.00 x 10/12 = 5.00 gross and discount.
			with(order(line(1, "12.00", ""), line(1, "6.00", "6.00")), func(o *oracle.OrderInput) {
				o.TaxesIncluded, o.Taxes = true, "2.00"
			}),
			[]oracle.Entry{entry("SALE", "", day(1), func(e *oracle.Entry) {
				e.Gross, e.Discount, e.Net, e.Tax, e.Total, e.Units = "15.00", "5.00", "10.00", "2.00", "12.00", 2
			})}},
		{"an order that is wholly discounted takes nothing out",
			with(order(line(1, "12.00", "12.00")), func(o *oracle.OrderInput) { o.TaxesIncluded = true }),
			[]oracle.Entry{entry("SALE", "", day(1), func(e *oracle.Entry) {
				e.Gross, e.Discount, e.Units = "12.00", "12.00", 1
			})}},
		{"halves go to the even cent",
			// Two lines of base 0.10 and price 0.25 (0.15 off), each half tax: net 0.05, gross 0.25 x 5/10 = 0.125 -> 0.12.
			with(order(taxed(line(1, "0.25", "0.15"), "0.05"), taxed(line(3, "0.25", "0.65"), "0.05")), func(o *oracle.OrderInput) {
				o.TaxesIncluded, o.Taxes = true, "0.10"
			}),
			// The second: 0.75 x 5/10 = 0.375 -> 0.38. Together 0.50, net 0.10.
			[]oracle.Entry{entry("SALE", "", day(1), func(e *oracle.Entry) {
				e.Gross, e.Discount, e.Net, e.Tax, e.Total, e.Units = "0.50", "0.40", "0.10", "0.10", "0.20", 4
			})}},
		{"refund, edit and cancellation: each on its day, the cancellation takes what remains of each component",
			with(order(line(2, "50.00", "")), func(o *oracle.OrderInput) {
				o.Shipping, o.Taxes, o.Duties, o.Fees, o.Tips = "10.00", "20.00", "4.00", "3.00", "5.00"
				o.Refunds = []oracle.RefundInput{{ShopifyID: "7", CreatedAt: day(3), Amount: "30.00", TaxAmount: "6.00", ShippingAmount: "12.00"}}
				o.Adjustments = []oracle.AdjustmentInput{{ShopifyID: "8", HappenedAt: day(6), Amount: "10.00", TaxAmount: "2.00"}}
				o.CancelledAt = &day4
			}),
			[]oracle.Entry{
				entry("SALE", "", day(1), func(e *oracle.Entry) {
					e.Gross, e.Net, e.Shipping, e.Tax, e.Duty, e.Fee = "100.00", "100.00", "10.00", "20.00", "4.00", "3.00"
					e.Tip, e.Total, e.Units = "5.00", "137.00", 2
				}),
				entry("REFUND", "7", day(3), func(e *oracle.Entry) {
					e.Reversal, e.Net, e.Tax, e.Shipping, e.Total = "30.00", "-30.00", "-6.00", "-12.00", "-48.00"
				}),
				entry("EDIT", "8", day(6), func(e *oracle.Entry) {
					e.Reversal, e.Net, e.Tax, e.Total = "10.00", "-10.00", "-2.00", "-12.00"
				}),
				// Goods 60.00, tax 12.00, shipping max(0, 10 - 12) = 0, duty 4.00, fee 3.00, tip 5.00.
				entry("CANCELLATION", "", day(4), func(e *oracle.Entry) {
					e.Reversal, e.Net, e.Tax, e.Duty, e.Fee, e.Total = "60.00", "-60.00", "-12.00", "-4.00", "-3.00", "-79.00"
					e.Tip = "-5.00"
				}),
			}},
		{"a refund beyond what was paid counts in full, and nothing remains to be cancelled",
			with(order(line(1, "10.00", "")), func(o *oracle.OrderInput) {
				o.Refunds = []oracle.RefundInput{{ShopifyID: "7", CreatedAt: day(1).Add(-48 * time.Hour), Amount: "15.00"}}
				o.CancelledAt = &day4
			}),
			[]oracle.Entry{
				entry("SALE", "", day(1), func(e *oracle.Entry) { e.Gross, e.Net, e.Total, e.Units = "10.00", "10.00", "10.00", 1 }),
				entry("REFUND", "7", day(1).Add(-48*time.Hour), func(e *oracle.Entry) {
					e.Reversal, e.Net, e.Total = "15.00", "-15.00", "-15.00"
				}),
			}},
		{"voided without an instant reverses nothing",
			with(order(line(1, "10.00", "")), func(o *oracle.OrderInput) { o.FinancialStatus = "VOIDED" }),
			[]oracle.Entry{entry("SALE", "", day(1), func(e *oracle.Entry) {
				e.Gross, e.Net, e.Total, e.Units = "10.00", "10.00", "10.00", 1
			})}},
		{"test orders make no entry", with(order(line(1, "10.00", "")), func(o *oracle.OrderInput) { o.Test = true }), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := oracle.New(shop(t, "EUR", 2, "UTC")).Entries(c.order)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "", c.want, got)
		})
	}
}

// TestDigits holds amounts of currencies with no and with three decimals.
func TestDigits(t *testing.T) {
	t.Parallel()
	order := func(price, taxes string) oracle.OrderInput {
		return oracle.OrderInput{ShopifyID: "1", ProcessedAt: at(t, "2026-03-01T00:00:00Z"), TaxesIncluded: true, Taxes: taxes,
			Items: []oracle.OrderItemInput{{Title: "x", Quantity: 3, UnitPrice: price}}}
	}
	for _, c := range []struct {
		currency, price, taxes, gross, total string
		digits                               int
	}{
		{"JPY", "110", "30", "300", "330", 0},
		{"KWD", "0.35", "0.05", "1.000", "1.050", 3},
	} {
		got, err := oracle.New(shop(t, c.currency, c.digits, "UTC")).Entries(order(c.price, c.taxes))
		if err != nil {
			t.Fatal(err)
		}
		if got[0].Gross != c.gross || got[0].Total != c.total {
			t.Errorf("%s: gross %s, total %s, want %s and %s", c.currency, got[0].Gross, got[0].Total, c.gross, c.total)
		}
	}
	if _, err := oracle.New(shop(t, "JPY", 0, "UTC")).Entries(order("1.5", "")); err == nil {
		t.Error("half a yen was taken")
	}
}
