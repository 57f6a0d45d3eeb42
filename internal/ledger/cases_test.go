package ledger_test

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/ledger"
)

// processed is when every order of the cases is placed.
var processed = day("2026-03-01")

// A testCase is one case of testdata; the format is described in testdata/README.md.
type testCase struct {
	file, name string
	order      ledger.Order
	want       []wanted
	wantLines  map[string]ledger.LineAmounts
	wantSum    *wanted
	digits     int
}

// A wanted entry, with the derived metrics and the units that the case states.
type wanted struct {
	ledger.Entry
	derived map[string]int64
}

func (w wanted) check(t *testing.T, what string, got ledger.Amounts) {
	t.Helper()
	want := w.Amounts
	if _, ok := w.derived["units"]; !ok {
		want.Units = got.Units
	}
	if got != want {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
	if n, ok := w.derived["net"]; ok && got.Net() != n {
		t.Errorf("%s: net is %d, want %d", what, got.Net(), n)
	}
	if n, ok := w.derived["total"]; ok && got.Total() != n {
		t.Errorf("%s: total is %d, want %d", what, got.Total(), n)
	}
}

// readCases reads one file of cases and fails the test at the first line that it does not understand.
func readCases(t *testing.T, file string) []*testCase {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var cases []*testCase
	in := bufio.NewScanner(f)
	for n := 1; in.Scan(); n++ {
		verb, rest, _ := strings.Cut(in.Text(), " ")
		switch verb {
		case "", "#", "why":
			continue
		case "case":
			cases = append(cases, &testCase{file: file, name: rest, wantLines: map[string]ledger.LineAmounts{}})
			continue
		}
		if len(cases) == 0 {
			t.Fatalf("%s:%d: no case yet", file, n)
		}
		if err := cases[len(cases)-1].read(verb, strings.Fields(rest)); err != nil {
			t.Fatalf("%s:%d: %v", file, n, err)
		}
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
	return cases
}

func (c *testCase) read(verb string, words []string) error {
	w := fields{words: words}
	switch verb {
	case "order":
		c.digits = map[string]int{"JPY": 0, "EUR": 2, "GBP": 2, "USD": 2, "KWD": 3}[w.word()]
		w.digits = c.digits
		c.order = ledger.Order{
			ProcessedAt: processed, TaxesIncluded: w.flag("included"), Test: w.flag("test"),
			Shipping: w.money("shipping"), ShippingTax: w.optional("shippingtax"), Taxes: w.money("taxes"),
			Duties: w.money("duties"), Fees: w.money("fees"), Tips: w.money("tips"),
		}
		if s, ok := w.take("cancelled"); ok {
			at := day(s)
			c.order.CancelledAt = &at
		}
	case "line":
		w.digits = c.digits
		l := ledger.Line{
			Key: w.word(), GiftCard: w.flag("gift"), Price: w.money("price"), Quantity: w.number("qty", 1),
			Discount: w.money("discount"), Tax: w.optional("tax"),
		}
		times := w.number("times", 0)
		if times == 0 {
			c.order.Lines = append(c.order.Lines, l)
		}
		for i := range times {
			n := l
			n.Key += strconv.FormatInt(i+1, 10)
			c.order.Lines = append(c.order.Lines, n)
		}
	case "refund":
		w.digits = c.digits
		c.order.Refunds = append(c.order.Refunds, ledger.Refund{
			ID: w.id(), At: day(w.word()), Amount: w.money("amount"), Tax: w.money("tax"), Shipping: w.money("shipping"),
			Duty: w.money("duty"), Fee: w.money("fee"),
		})
	case "of":
		w.digits = c.digits
		r := &c.order.Refunds[len(c.order.Refunds)-1]
		r.Lines = append(r.Lines, ledger.RefundLine{
			LineKey: w.word(), Quantity: w.number("qty", 0), Amount: w.money("amount"),
		})
	case "edit":
		w.digits = c.digits
		c.order.Adjustments = append(c.order.Adjustments, ledger.Adjustment{
			ID: w.id(), At: day(w.word()), Amount: w.money("amount"), Tax: w.money("tax"), Shipping: w.money("shipping"),
			Duty: w.money("duty"), Fee: w.money("fee"),
		})
	case "want":
		w.digits = c.digits
		c.readWant(&w)
	default:
		return fmt.Errorf("unknown word %q", verb)
	}
	return w.end()
}

func (c *testCase) readWant(w *fields) {
	switch what := w.word(); what {
	case "nothing":
	case "line":
		c.wantLines[w.word()] = ledger.LineAmounts{
			Gross: w.money("gross"), Discount: w.money("discount"), Net: w.money("net"),
			RefundedQuantity: w.number("refunded", 0), Reversed: w.money("reversed"),
		}
	case "sum":
		sum := w.amounts()
		c.wantSum = &sum
	default:
		e := ledger.Entry{At: processed}
		switch what {
		case "sale":
			e.Kind = ledger.Sale
		case "refund":
			e.Kind, e.Ref, e.At = ledger.Refunded, w.id(), day(w.word())
		case "edit":
			e.Kind, e.Ref, e.At = ledger.Edited, w.id(), day(w.word())
		case "cancellation":
			e.Kind, e.At = ledger.Cancelled, day(w.word())
		default:
			w.fail("unknown entry %q", what)
		}
		a := w.amounts()
		a.Kind, a.Ref, a.At = e.Kind, e.Ref, e.At
		c.want = append(c.want, a)
	}
}

// fields takes the words of one line apart and keeps the first error.
type fields struct {
	words  []string
	digits int
	err    error
}

func (f *fields) fail(format string, args ...any) {
	if f.err == nil {
		f.err = fmt.Errorf(format, args...)
	}
}

// end reports the first error, or the words that nobody asked for.
func (f *fields) end() error {
	if len(f.words) > 0 {
		f.fail("left over: %q", f.words)
	}
	return f.err
}

func (f *fields) word() string {
	if len(f.words) == 0 {
		f.fail("a word is missing")
		return ""
	}
	w := f.words[0]
	f.words = f.words[1:]
	return w
}

func (f *fields) id() int64 {
	n, err := strconv.ParseInt(f.word(), 10, 64)
	if err != nil {
		f.fail("id: %v", err)
	}
	return n
}

func (f *fields) flag(name string) bool {
	for i, w := range f.words {
		if w == name {
			f.words = append(f.words[:i:i], f.words[i+1:]...)
			return true
		}
	}
	return false
}

func (f *fields) take(key string) (string, bool) {
	for i, w := range f.words {
		if v, ok := strings.CutPrefix(w, key+"="); ok {
			f.words = append(f.words[:i:i], f.words[i+1:]...)
			return v, true
		}
	}
	return "", false
}

func (f *fields) number(key string, missing int64) int64 {
	v, ok := f.take(key)
	if !ok {
		return missing
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		f.fail("%s: %v", key, err)
	}
	return n
}

func (f *fields) money(key string) int64 {
	if n := f.optional(key); n != nil {
		return *n
	}
	return 0
}

// optional reads a decimal with exactly the digits of the currency; nil when the key is missing. It does not use
// package money, so that the cases depend on nothing but the ledger.
func (f *fields) optional(key string) *int64 {
	v, ok := f.take(key)
	if !ok {
		return nil
	}
	whole, fraction, _ := strings.Cut(v, ".")
	n, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil || len(fraction) != f.digits {
		f.fail("%s: %q is no amount of %d digits", key, v, f.digits)
	}
	return &n
}

func (f *fields) amounts() wanted {
	w := wanted{derived: map[string]int64{}}
	for _, key := range []string{"net", "total"} {
		if n := f.optional(key); n != nil {
			w.derived[key] = *n
		}
	}
	if n := f.number("units", -1); n >= 0 {
		w.derived["units"], w.Units = n, n
	}
	w.Gross, w.Discount, w.Reversal = f.money("gross"), f.money("discount"), f.money("reversal")
	w.Shipping, w.Tax, w.Duty, w.Fee = f.money("shipping"), f.money("tax"), f.money("duty"), f.money("fee")
	w.Tip, w.GiftCard = f.money("tip"), f.money("giftcard")
	return w
}

// day is noon of a date, UTC; the zero time for what is no date, which no case expects.
func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}
	}
	return t.Add(12 * time.Hour)
}
