package insights_test

import (
	"errors"
	"math"
	"testing"

	"github.com/shopsight/shopsight/internal/insights"
	"github.com/shopsight/shopsight/internal/money"
)

func TestPercent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		change, before int64
		want           *float64
	}{
		{125, 1000, new(12.5)},
		{-125, 1000, new(-12.5)},
		{7, 100, new(7.0)},
		{1, 3, new(100.0 / 3)},
		{0, 5, new(0.0)},
		{150, -100, new(150.0)}, // from -100 to 50 is a rise
		{-50, -100, new(-50.0)},
		{5, 0, nil},
		{0, 0, nil},
		{math.MaxInt64, math.MaxInt64, new(100.0)},
	} {
		if got := insights.Percent(c.change, c.before); !same(got, c.want) {
			t.Errorf("percent(%d, %d) = %v, want %v", c.change, c.before, show(got), show(c.want))
		}
	}
}

func TestPoints(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		now, of, before, ofBefore int64
		want                      *float64
	}{
		{9, 40, 1, 5, new(2.5)}, // 0.225 and 0.2, of which floats make 2.4999999999999996
		{1, 5, 9, 40, new(-2.5)},
		{0, 3, 0, 7, new(0.0)},
		{3, 3, 0, 7, new(100.0)},
		{0, 0, 1, 2, nil},
		{1, 2, 0, 0, nil},
		{2_000_000_000, 4_000_000_000, 1_000_000_000, 4_000_000_000, new(25.0)},
	} {
		if got := insights.Points(c.now, c.of, c.before, c.ofBefore); !same(got, c.want) {
			t.Errorf("points(%d/%d, %d/%d) = %v, want %v", c.now, c.of, c.before, c.ofBefore, show(got), show(c.want))
		}
	}
}

func TestDerive(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		gross, discount, reversal, shipping, tax, duty, fee, orders, customers, fresh int64
		want                                                                          insights.Derived
	}{
		"nothing":                                {},
		"all parts":                              {1000, 100, 50, 20, 30, 4, 5, 3, 3, 1, insights.Derived{Net: 850, Total: 909, Returning: 2, Average: new(int64(300))}},
		"a day of refunds":                       {0, 0, 500, -20, -30, 0, 0, 0, 0, 0, insights.Derived{Net: -500, Total: -550}},
		"half to even: 2.5 is 2":                 {5, 0, 0, 0, 0, 0, 0, 2, 0, 0, insights.Derived{Net: 5, Total: 5, Average: new(int64(2))}},
		"half to even: 3.5 is 4":                 {7, 0, 0, 0, 0, 0, 0, 2, 0, 0, insights.Derived{Net: 7, Total: 7, Average: new(int64(4))}},
		"two thirds are 1":                       {2, 0, 0, 0, 0, 0, 0, 3, 0, 0, insights.Derived{Net: 2, Total: 2, Average: new(int64(1))}},
		"average without reversals, and at zero": {100, 100, 7, 0, 0, 0, 0, 2, 0, 0, insights.Derived{Net: -7, Total: -7, Average: new(int64(0))}},
	} {
		got, err := insights.Derive(c.gross, c.discount, c.reversal, c.shipping, c.tax, c.duty, c.fee, c.orders, c.customers, c.fresh)
		if err != nil || got.Net != c.want.Net || got.Total != c.want.Total || got.Returning != c.want.Returning ||
			(got.Average == nil) != (c.want.Average == nil) || got.Average != nil && *got.Average != *c.want.Average {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, c.want)
		}
	}
}

// A result beyond 64 bits is an error and never a number that has wrapped.
func TestBeyond64Bits(t *testing.T) {
	t.Parallel()
	for name, got := range map[string]func() error{
		"net":   func() error { _, err := insights.Derive(math.MinInt64, 1, 0, 0, 0, 0, 0, 0, 0, 0); return err },
		"total": func() error { _, err := insights.Derive(math.MaxInt64, 0, 0, 1, 0, 0, 0, 0, 0, 0); return err },
		"change": func() error {
			_, err := insights.OverviewOf(math.MaxInt64, -1)
			return err
		},
	} {
		if err := got(); !errors.Is(err, money.ErrRange) {
			t.Errorf("%s: error is %v, want money.ErrRange", name, err)
		}
	}
	for _, value := range []any{[]byte("9223372036854775808"), []byte("1.5"), 9.3e18, "12", true} {
		if n, err := insights.ScanSum(value); err == nil {
			t.Errorf("the sum %v of type %T is read as %d", value, value, n)
		}
	}
	for value, want := range map[any]int64{nil: 0, int64(-7): -7} {
		if n, err := insights.ScanSum(value); err != nil || n != want {
			t.Errorf("the sum %v is read as %d, %v", value, n, err)
		}
	}
	if n, err := insights.ScanSum([]byte("-9223372036854775808")); err != nil || n != math.MinInt64 {
		t.Errorf("the least sum is read as %d, %v", n, err)
	}
}

func same(a, b *float64) bool {
	return (a == nil) == (b == nil) && (a == nil || *a == *b)
}

func show(f *float64) any {
	if f == nil {
		return nil
	}
	return *f
}
