package ledger_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/ledger"
	"pgregory.net/rapid"
)

const (
	maxAmount = 10_000_000_000_000
	maxLine   = 1_000_000_000_000_000
)

// amount draws small amounts, in which ties and zeros are frequent, as often as those up to the bound.
func amount(bound int64) *rapid.Generator[int64] {
	return rapid.OneOf(
		rapid.Just(int64(0)), rapid.Int64Range(0, min(20, bound)), rapid.Int64Range(0, min(100_000, bound)),
		rapid.Int64Range(0, bound), rapid.Just(bound),
	)
}

func optionalAmount(t *rapid.T, name string) *int64 {
	if !rapid.Bool().Draw(t, name+" given") {
		return nil
	}
	n := amount(maxAmount).Draw(t, name)
	return &n
}

func instant(t *rapid.T, name string) time.Time {
	return processed.Add(time.Duration(rapid.Int64Range(-1000, 1000).Draw(t, name)) * time.Hour)
}

// anyOrder draws an order within the bounds, however little sense its amounts make together.
func anyOrder(t *rapid.T) ledger.Order {
	o := ledger.Order{
		ProcessedAt: processed, TaxesIncluded: rapid.Bool().Draw(t, "included"),
		Shipping: amount(maxAmount).Draw(t, "shipping"), ShippingTax: optionalAmount(t, "shipping tax"),
		Taxes: amount(maxAmount).Draw(t, "taxes"), Duties: amount(maxAmount).Draw(t, "duties"),
		Fees: amount(maxAmount).Draw(t, "fees"), Tips: amount(maxAmount).Draw(t, "tips"),
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "lines") {
		l := ledger.Line{
			Key: fmt.Sprint(i), Quantity: rapid.Int64Range(1, 1_000_000).Draw(t, "quantity"), Tax: optionalAmount(t, "tax"),
			GiftCard: rapid.IntRange(0, 4).Draw(t, "gift card") == 0,
		}
		if rapid.Bool().Draw(t, "one") {
			l.Quantity = 1
		}
		l.Price = amount(min(maxAmount, maxLine/l.Quantity)).Draw(t, "price")
		l.Discount = amount(l.Price*l.Quantity).Draw(t, "discount")
		o.Lines = append(o.Lines, l)
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "refunds") {
		r := ledger.Refund{
			ID: int64(i + 1), At: instant(t, "refunded"), Amount: amount(maxAmount).Draw(t, "refund"),
			Tax: amount(maxAmount).Draw(t, "refund tax"), Shipping: amount(maxAmount).Draw(t, "refund shipping"),
			Duty: amount(maxAmount).Draw(t, "refund duty"), Fee: amount(maxAmount).Draw(t, "refund fee"),
		}
		for range rapid.IntRange(0, 3).Draw(t, "refund lines") {
			r.Lines = append(r.Lines, ledger.RefundLine{
				LineKey:  fmt.Sprint(rapid.IntRange(0, 8).Draw(t, "refunded line")),
				Quantity: rapid.Int64Range(0, 1_000_000).Draw(t, "refunded quantity"),
				Amount:   amount(maxAmount).Draw(t, "refund line"),
			})
		}
		o.Refunds = append(o.Refunds, r)
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "edits") {
		o.Adjustments = append(o.Adjustments, ledger.Adjustment{
			ID: int64(i + 1), At: instant(t, "edited"), Amount: amount(maxAmount).Draw(t, "edit"),
			Tax: amount(maxAmount).Draw(t, "edit tax"), Shipping: amount(maxAmount).Draw(t, "edit shipping"),
			Duty: amount(maxAmount).Draw(t, "edit duty"), Fee: amount(maxAmount).Draw(t, "edit fee"),
		})
	}
	if rapid.Bool().Draw(t, "cancelled") {
		at := instant(t, "cancelled at")
		o.CancelledAt = &at
	}
	return o
}

// sum adds entries up without any limit of size.
func sum(entries []ledger.Entry, of func(ledger.Entry) int64) *big.Int {
	s := new(big.Int)
	for _, e := range entries {
		s.Add(s, big.NewInt(of(e)))
	}
	return s
}

// TestSaleConservesWhatWasCharged holds the sale to what the buyer was charged: every unit of it is in exactly one
// metric, with its share of the tax, whatever the source says about the taxes.
func TestSaleConservesWhatWasCharged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := anyOrder(t)
		sale := ledger.Post(o).Entries[0]
		charged := o.Shipping + o.Duties + o.Fees + o.Tips
		given := int64(0)
		if o.ShippingTax != nil {
			given = *o.ShippingTax
		}
		for _, l := range o.Lines {
			charged += l.Price*l.Quantity - l.Discount
			if l.Tax != nil {
				given += *l.Tax
			}
		}
		if !o.TaxesIncluded {
			if want := max(o.Taxes, given); sale.Tax != want {
				t.Fatalf("tax is %d, want %d", sale.Tax, want)
			}
			charged += sale.Tax
		}
		if got := sale.Total() + sale.Tip + sale.GiftCard; got != charged {
			t.Fatalf("the sale accounts for %d of %d that were charged: %+v", got, charged, sale)
		}
		if most := max(o.Taxes, given); sale.Tax > most {
			t.Fatalf("tax is %d, but the source knows of %d at most", sale.Tax, most)
		}
		a := sale.Amounts
		if slices.Min([]int64{a.Gross, a.Discount, a.Net(), a.Shipping, a.Tax, a.GiftCard, a.Units}) < 0 {
			t.Fatalf("a sale is never negative: %+v", a)
		}
	})
}

// TestConsistentTaxesAreKept holds tax-inclusive orders whose taxes fit into their open prices to the source's tax, and
// each share of it to the largest remainder: the exact share, rounded down or up.
func TestConsistentTaxesAreKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := ledger.Order{TaxesIncluded: true, Shipping: amount(maxAmount).Draw(t, "shipping")}
		charged := o.Shipping
		for range rapid.IntRange(1, 20).Draw(t, "lines") {
			l := ledger.Line{Price: amount(maxAmount).Draw(t, "price"), Quantity: 1}
			l.Discount = amount(l.Price).Draw(t, "discount")
			charged += l.Price - l.Discount
			o.Lines = append(o.Lines, l)
		}
		o.Taxes = amount(min(maxAmount, charged)).Draw(t, "taxes")
		got := ledger.Post(o)
		sale := got.Entries[0]
		if sale.Tax != o.Taxes {
			t.Fatalf("tax is %d, want %d", sale.Tax, o.Taxes)
		}
		for i, l := range o.Lines {
			base := l.Price - l.Discount
			checkShare(t, base-got.Lines[i].Net, o.Taxes, base, charged)
			checkGross(t, l, got.Lines[i], base, sale.Net()+sale.Shipping, charged)
		}
		checkShare(t, o.Shipping-sale.Shipping, o.Taxes, o.Shipping, charged)
	})
}

// checkShare fails unless share is total × weight / sum, rounded down or up.
func checkShare(t *rapid.T, share, total, weight, sum int64) {
	if sum == 0 {
		return
	}
	exact, rest := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(total), big.NewInt(weight)), big.NewInt(sum), new(big.Int))
	if d := share - exact.Int64(); d != 0 && (d != 1 || rest.Sign() == 0) {
		t.Fatalf("share of %d in %d is %d, but the exact one is %v and %v/%d", weight, total, share, exact, rest, sum)
	}
}

// checkGross fails unless the gross of a line is its list price × net / base, of the line or else of the order, within
// half a unit.
func checkGross(t *rapid.T, l ledger.Line, got ledger.LineAmounts, base, orderNet, orderBase int64) {
	net := got.Net
	if base == 0 {
		net, base = orderNet, orderBase
	}
	if base == 0 {
		net, base = 1, 1
	}
	// 2 × |gross × base - list × net| <= base, with 2 × the difference equal to base only for an even gross.
	diff := new(big.Int).Mul(big.NewInt(got.Gross), big.NewInt(base))
	diff.Sub(diff, new(big.Int).Mul(big.NewInt(l.Price*l.Quantity), big.NewInt(net)))
	switch diff.Abs(diff).Lsh(diff, 1).Cmp(big.NewInt(base)) {
	case 1:
		t.Fatalf("gross %d is off by more than half a unit: list %d, net %d of %d", got.Gross, l.Price*l.Quantity, net, base)
	case 0:
		if got.Gross%2 != 0 {
			t.Fatalf("gross %d of a tie is odd: list %d, net %d of %d", got.Gross, l.Price*l.Quantity, net, base)
		}
	}
}

// TestLinesSumToEntries holds the numbers of the lines to those of the entries.
func TestLinesSumToEntries(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := anyOrder(t)
		got := ledger.Post(o)
		sale := got.Entries[0]
		var lines ledger.LineAmounts
		counted := false
		for i, l := range got.Lines {
			if l.Net != l.Gross-l.Discount || slices.Min([]int64{l.Gross, l.Discount, l.Net, l.RefundedQuantity, l.Reversed}) < 0 {
				t.Fatalf("line %d: %+v", i, l)
			}
			if o.Lines[i].GiftCard {
				if l.Gross != 0 || l.Discount != 0 || l.Net != 0 || l.Reversed != 0 {
					t.Fatalf("gift card %d has amounts: %+v", i, l)
				}
				continue
			}
			counted = true
			lines.Gross += l.Gross
			lines.Discount += l.Discount
			lines.Net += l.Net
			lines.Reversed += l.Reversed
		}
		if lines.Gross != sale.Gross || lines.Discount != sale.Discount || lines.Net != sale.Net() {
			t.Fatalf("lines come to %+v, the sale is %+v", lines, sale)
		}
		reversed := sum(got.Entries, func(e ledger.Entry) int64 { return e.Reversal })
		if counted && reversed.Cmp(big.NewInt(lines.Reversed)) != 0 {
			t.Fatalf("lines are reversed by %d, the entries by %v", lines.Reversed, reversed)
		}
	})
}

// TestCancellationLeavesNothing holds every component to max(0, original - refunds and edits) reversed: after the
// cancellation each is at zero, or as far below as it was overdrawn. It sums in numbers without limit, so it also shows
// that nothing wraps.
func TestCancellationLeavesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := anyOrder(t)
		at := instant(t, "cancelled at")
		o.CancelledAt = nil
		before := ledger.Post(o).Entries
		o.CancelledAt = &at
		after := ledger.Post(o).Entries
		if extra := after[len(before):]; len(extra) > 1 || len(extra) == 1 && (extra[0].Kind != ledger.Cancelled || !extra[0].At.Equal(at)) {
			t.Fatalf("a cancellation made of %+v\n%+v", before, after)
		}
		for name, of := range map[string]func(ledger.Entry) int64{
			"net":       func(e ledger.Entry) int64 { return e.Net() },
			"shipping":  func(e ledger.Entry) int64 { return e.Shipping },
			"tax":       func(e ledger.Entry) int64 { return e.Tax },
			"duty":      func(e ledger.Entry) int64 { return e.Duty },
			"fee":       func(e ledger.Entry) int64 { return e.Fee },
			"tip":       func(e ledger.Entry) int64 { return e.Tip },
			"gift card": func(e ledger.Entry) int64 { return e.GiftCard },
		} {
			want := sum(before, of)
			if want.Sign() > 0 {
				want.SetInt64(0)
			}
			if got := sum(after, of); got.Cmp(want) != 0 {
				t.Fatalf("%s is %v after the cancellation, want %v", name, got, want)
			}
		}
		for _, of := range []func(ledger.Entry) int64{
			func(e ledger.Entry) int64 { return e.Gross },
			func(e ledger.Entry) int64 { return e.Discount },
			func(e ledger.Entry) int64 { return e.Units },
		} {
			if sum(after, of).Cmp(sum(before[:1], of)) != 0 {
				t.Fatal("gross, discount and units are those of the sale")
			}
		}
	})
}

// TestEntries holds the list of entries to its contract: one sale first, no other entry that changes nothing, refunds
// and edits as they were given, and no effect of any date on any amount.
func TestEntries(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := anyOrder(t)
		entries := ledger.Post(o).Entries
		reversal, shipping, tax := new(big.Int), new(big.Int), new(big.Int)
		for i, e := range entries {
			if (i == 0) != (e.Kind == ledger.Sale) {
				t.Fatalf("entry %d of %+v", i, entries)
			}
			if i > 0 && (e.IsZero() || e.Kind < entries[i-1].Kind) {
				t.Fatalf("entry %d changes nothing or is out of order: %+v", i, entries)
			}
			if e.Kind == ledger.Refunded || e.Kind == ledger.Edited {
				reversal.Add(reversal, big.NewInt(e.Reversal))
				shipping.Sub(shipping, big.NewInt(e.Shipping))
				tax.Sub(tax, big.NewInt(e.Tax))
			}
		}
		for _, r := range o.Refunds {
			reversal.Sub(reversal, big.NewInt(r.Amount))
			shipping.Sub(shipping, big.NewInt(r.Shipping))
			tax.Sub(tax, big.NewInt(r.Tax))
		}
		for _, a := range o.Adjustments {
			reversal.Sub(reversal, big.NewInt(a.Amount))
			shipping.Sub(shipping, big.NewInt(a.Shipping))
			tax.Sub(tax, big.NewInt(a.Tax))
		}
		if reversal.Sign() != 0 || shipping.Sign() != 0 || tax.Sign() != 0 {
			t.Fatalf("refunds and edits are off by %v, %v shipping, %v tax", reversal, shipping, tax)
		}

		moved := o
		moved.ProcessedAt = instant(t, "moved")
		moved.Refunds = slices.Clone(o.Refunds)
		for i := range moved.Refunds {
			moved.Refunds[i].At = instant(t, "moved refund")
		}
		for i, e := range ledger.Post(moved).Entries {
			if e.Amounts != entries[i].Amounts {
				t.Fatalf("another date changes entry %d: %+v, before %+v", i, e, entries[i])
			}
		}

		o.Test = true
		if got := ledger.Post(o); len(got.Entries) != 0 || len(got.Lines) != len(o.Lines) {
			t.Fatalf("a test order makes %+v", got)
		}
	})
}
