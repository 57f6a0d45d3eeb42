package ledger_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/ledger"
)

// TestCases posts the orders of testdata, whose numbers were worked out by hand.
func TestCases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, file := range files {
		cases := readCases(t, file)
		total += len(cases)
		for _, c := range cases {
			t.Run(filepath.Base(file)+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				c.run(t)
			})
		}
	}
	if total < 80 {
		t.Errorf("only %d cases were read", total)
	}
}

func (c *testCase) run(t *testing.T) {
	got := ledger.Post(c.order)
	if len(got.Entries) != len(c.want) {
		t.Fatalf("got %d entries, want %d: %+v", len(got.Entries), len(c.want), got.Entries)
	}
	var sum ledger.Amounts
	for i, w := range c.want {
		e := got.Entries[i]
		what := fmt.Sprintf("entry %d, %s %d of %s", i, w.Kind, w.Ref, w.At.Format(time.DateOnly))
		if e.Kind != w.Kind || e.Ref != w.Ref || !e.At.Equal(w.At) {
			t.Errorf("%s: got %s %d of %s", what, e.Kind, e.Ref, e.At.Format(time.DateOnly))
		}
		w.check(t, what, e.Amounts)
		sum = sum.Add(e.Amounts)
	}
	if c.wantSum != nil {
		c.wantSum.check(t, "sum", sum)
	}
	if len(got.Lines) != len(c.order.Lines) {
		t.Fatalf("got %d lines, want %d", len(got.Lines), len(c.order.Lines))
	}
	for i, l := range c.order.Lines {
		if want, ok := c.wantLines[l.Key]; ok && got.Lines[i] != want {
			t.Errorf("line %s:\n got %+v\nwant %+v", l.Key, got.Lines[i], want)
		}
		delete(c.wantLines, l.Key)
	}
	for key := range c.wantLines {
		t.Errorf("the case wants a line %q that its order does not have", key)
	}
}

// TestPostLeavesOrderAlone holds Post to what a pure function promises.
func TestPostLeavesOrderAlone(t *testing.T) {
	t.Parallel()
	tax, at := int64(100), processed.Add(time.Hour)
	order := func() ledger.Order {
		return ledger.Order{
			ProcessedAt: processed, CancelledAt: &at, TaxesIncluded: true, Taxes: 300, Shipping: 500,
			Lines: []ledger.Line{{Key: "a", Price: 1100, Quantity: 1, Tax: &tax}, {Key: "b", Price: 2200, Quantity: 1}},
			Refunds: []ledger.Refund{
				{ID: 1, At: at, Amount: 10, Lines: []ledger.RefundLine{{LineKey: "a", Amount: 20}, {LineKey: "b", Amount: 5}}},
			},
		}
	}
	o := order()
	first := fmt.Sprintf("%+v", ledger.Post(o))
	if second := fmt.Sprintf("%+v", ledger.Post(o)); second != first {
		t.Errorf("posted twice:\n%s\n%s", first, second)
	}
	if got, want := fmt.Sprintf("%+v%+v", o.Lines, o.Refunds), fmt.Sprintf("%+v%+v", order().Lines, order().Refunds); got != want {
		t.Errorf("the order was changed:\n got %s\nwant %s", got, want)
	}
}

func TestAmounts(t *testing.T) {
	t.Parallel()
	a := ledger.Amounts{Gross: 100, Discount: 10, Reversal: 20, Shipping: 5, Tax: 7, Duty: 3, Fee: 2, Tip: 4, GiftCard: 50, Units: 6}
	if got := a.Net(); got != 70 {
		t.Errorf("Net is %d, want 100 - 10 - 20 = 70", got)
	}
	if got := a.Total(); got != 87 {
		t.Errorf("Total is %d, want 70 + 5 + 7 + 3 + 2 = 87, without tips and gift cards", got)
	}
	b := ledger.Amounts{Gross: 1, Discount: 2, Reversal: 3, Shipping: 4, Tax: 5, Duty: 6, Fee: 7, Tip: 8, GiftCard: 9, Units: 10}
	want := ledger.Amounts{Gross: 101, Discount: 12, Reversal: 23, Shipping: 9, Tax: 12, Duty: 9, Fee: 9, Tip: 12, GiftCard: 59, Units: 16}
	if got := a.Add(b); got != want {
		t.Errorf("Add: got %+v, want %+v", got, want)
	}
	if got := want.Sub(b); got != a {
		t.Errorf("Sub: got %+v, want %+v", got, a)
	}
	if got := a.Add(a.Neg()); !got.IsZero() {
		t.Errorf("Neg: a + -a is %+v", got)
	}
	if a.IsZero() {
		t.Error("IsZero of amounts that are not")
	}
}

func TestKindString(t *testing.T) {
	t.Parallel()
	for kind, want := range map[ledger.Kind]string{
		ledger.Sale: "sale", ledger.Refunded: "refund", ledger.Edited: "edit", ledger.Cancelled: "cancellation", 0: "unknown",
	} {
		if got := kind.String(); got != want {
			t.Errorf("Kind(%d) is %q, want %q", kind, got, want)
		}
	}
}
