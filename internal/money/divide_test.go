package money_test

import (
	"encoding/binary"
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/shopsight/shopsight/internal/money"
)

func TestAdd(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b, want int64
		err        error
	}{
		{1, 2, 3, nil},
		{-5, 5, 0, nil},
		{math.MaxInt64, 0, math.MaxInt64, nil},
		{math.MinInt64, 0, math.MinInt64, nil},
		{math.MaxInt64, math.MinInt64, -1, nil},
		{math.MaxInt64, 1, 0, money.ErrRange},
		{math.MinInt64, -1, 0, money.ErrRange},
		{math.MinInt64, math.MinInt64, 0, money.ErrRange},
		{math.MaxInt64, math.MaxInt64, 0, money.ErrRange},
	} {
		if got, err := money.Add(tt.a, tt.b); got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("Add(%d, %d) = %d, %v, want %d, %v", tt.a, tt.b, got, err, tt.want, tt.err)
		}
	}
}

func TestMulDiv(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ a, b, c, want int64 }{
		{10000, 6818, 7500, 9091}, // 100.00 including 10 %, 25 % off: gross 90.91
		{1, 1, 2, 0},              // half to even
		{3, 1, 2, 2},
		{5, 1, 2, 2},
		{7, 1, 2, 4},
		{-1, 1, 2, 0},
		{-3, 1, 2, -2},
		{5, -1, 2, -2},
		{5, 1, -2, -2},
		{-5, -1, -2, -2},
		{2, 1, 3, 1},
		{1, 1, 3, 0},
		{0, 9, 7, 0},
		{9, 7, 0, 0},
		{money.MaxLine, money.MaxLine, money.MaxLine, money.MaxLine},
		{math.MaxInt64, math.MaxInt64, math.MaxInt64, math.MaxInt64},
		{math.MinInt64, math.MaxInt64, math.MaxInt64, math.MinInt64},
		{math.MinInt64, 1, 1, math.MinInt64},
		{math.MinInt64, math.MinInt64, math.MinInt64, math.MinInt64},
		{math.MinInt64, 1, -1, math.MaxInt64}, // too large: the nearest
		{math.MaxInt64, math.MaxInt64, 1, math.MaxInt64},
		{math.MaxInt64, math.MinInt64, 1, math.MinInt64},
		{math.MinInt64, math.MaxInt64, 3, math.MinInt64},
	} {
		if got := money.MulDiv(tt.a, tt.b, tt.c); got != tt.want {
			t.Errorf("MulDiv(%d, %d, %d) = %d, want %d", tt.a, tt.b, tt.c, got, tt.want)
		}
	}
}

// FuzzMulDiv compares with arbitrary precision: the result is the nearest number, and of two nearest the even one.
func FuzzMulDiv(f *testing.F) {
	f.Add(int64(10000), int64(6818), int64(7500))
	f.Add(int64(math.MinInt64), int64(math.MinInt64), int64(math.MinInt64))
	f.Add(int64(math.MaxInt64), int64(5), int64(10))
	f.Fuzz(func(t *testing.T, a, b, c int64) {
		if c == 0 {
			return
		}
		product := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
		// floor((2p + c) / 2c) is the half-up rounding; it is one too many when p/c is midway and it is odd.
		twice := new(big.Int).Lsh(product, 1)
		q, r := new(big.Int).DivMod(new(big.Int).Add(twice, big.NewInt(c)), new(big.Int).Lsh(big.NewInt(c), 1), new(big.Int))
		if c < 0 { // DivMod is Euclidean: make the divisor positive instead
			twice.Neg(twice)
			positive := new(big.Int).Neg(big.NewInt(c))
			q, r = new(big.Int).DivMod(new(big.Int).Add(twice, positive), new(big.Int).Lsh(positive, 1), new(big.Int))
		}
		if r.Sign() == 0 && q.Bit(0) == 1 {
			q.Sub(q, big.NewInt(1))
		}
		want := int64(math.MaxInt64)
		if q.IsInt64() {
			want = q.Int64()
		} else if q.Sign() < 0 {
			want = math.MinInt64
		}
		if got := money.MulDiv(a, b, c); got != want {
			t.Errorf("MulDiv(%d, %d, %d) = %d, want %d", a, b, c, got, want)
		}
	})
}

func TestAllocate(t *testing.T) {
	t.Parallel()
	const huge = math.MaxInt64
	for _, tt := range []struct {
		total   int64
		weights []int64
		want    []int64
	}{
		{100, []int64{1, 1, 1}, []int64{34, 33, 33}},
		{-100, []int64{1, 1, 1}, []int64{-34, -33, -33}},
		{2, []int64{1, 1, 1}, []int64{1, 1, 0}},
		{10, []int64{1, 2, 4}, []int64{1, 3, 6}}, // 1.43, 2.86, 5.71: the unit goes to 0.86, the next to 0.71
		{5, []int64{3, 0, 7}, []int64{2, 0, 3}},  // 1.5 and 3.5: a tie, the lower index
		{7, []int64{0, 0}, []int64{4, 3}},
		{7, []int64{-3, 0}, []int64{4, 3}},
		{7, []int64{-3, 1}, []int64{0, 7}},
		{0, []int64{5, 5}, []int64{0, 0}},
		{5, []int64{}, []int64{}},
		{5, []int64{9}, []int64{5}},
		{math.MinInt64, []int64{1}, []int64{math.MinInt64}},
		{math.MaxInt64, []int64{huge}, []int64{math.MaxInt64}},
		{math.MinInt64, []int64{1, 1}, []int64{math.MinInt64 / 2, math.MinInt64 / 2}},
		{10, []int64{huge, huge, huge}, []int64{4, 3, 3}}, // the sum of the weights needs more than 64 bits
		{math.MinInt64, []int64{huge, huge, huge, huge}, slices.Repeat([]int64{math.MinInt64 / 4}, 4)},
	} {
		if got := money.Allocate(tt.total, tt.weights); !slices.Equal(got, tt.want) {
			t.Errorf("Allocate(%d, %v) = %v, want %v", tt.total, tt.weights, got, tt.want)
		}
	}
}

// FuzzAllocate checks the three promises against arbitrary precision: the sum is exact, each part is the proportional
// share rounded down or up, and whoever was rounded up had a remainder no smaller than whoever was not.
func FuzzAllocate(f *testing.F) {
	weights := func(ws ...int64) []byte {
		var b []byte
		for _, w := range ws {
			b = binary.LittleEndian.AppendUint64(b, uint64(w))
		}
		return b
	}
	f.Add(int64(100), weights(1, 1, 1))
	f.Add(int64(-1), weights(0, 0, 0, 0))
	f.Add(int64(math.MinInt64), weights(math.MaxInt64, math.MaxInt64, math.MaxInt64, 1, 0, -1))
	f.Add(int64(math.MaxInt64), weights(1, math.MaxInt64))
	f.Add(int64(12345), weights(999, 1001, 250, 250, 250))
	f.Fuzz(func(t *testing.T, total int64, raw []byte) {
		var ws []int64
		for ; len(raw) >= 8 && len(ws) < 50; raw = raw[8:] {
			ws = append(ws, int64(binary.LittleEndian.Uint64(raw)))
		}
		given := slices.Clone(ws)
		parts := money.Allocate(total, ws)
		if !slices.Equal(ws, given) || len(parts) != len(ws) {
			t.Fatalf("Allocate(%d, %v) = %v, weights now %v", total, given, parts, ws)
		}
		if len(ws) == 0 {
			return
		}
		checkAllocation(t, total, ws, parts)
	})
}

func checkAllocation(t *testing.T, total int64, weights, parts []int64) {
	t.Helper()
	sum, all := new(big.Int), new(big.Int)
	ws := make([]*big.Int, len(weights))
	for i, w := range weights {
		ws[i] = big.NewInt(max(w, 0))
		all.Add(all, ws[i])
	}
	if all.Sign() == 0 {
		for _, w := range ws {
			w.SetInt64(1)
			all.Add(all, w)
		}
	}
	size := new(big.Int).Abs(big.NewInt(total))
	var least, most *big.Int // least remainder rounded up, largest rounded down
	for i, p := range parts {
		sum.Add(sum, big.NewInt(p))
		if p != 0 && (p < 0) != (total < 0) {
			t.Fatalf("Allocate(%d, %v) = %v: part %d has the other sign", total, weights, parts, i)
		}
		part := new(big.Int).Abs(big.NewInt(p))
		floor, rest := new(big.Int).QuoRem(new(big.Int).Mul(size, ws[i]), all, new(big.Int))
		switch new(big.Int).Sub(part, floor).String() {
		case "0":
			if most == nil || rest.Cmp(most) > 0 {
				most = rest
			}
		case "1":
			if least == nil || rest.Cmp(least) < 0 {
				least = rest
			}
			if rest.Sign() == 0 {
				t.Fatalf("Allocate(%d, %v) = %v: part %d was whole and got one more", total, weights, parts, i)
			}
		default:
			t.Fatalf("Allocate(%d, %v) = %v: part %d is %s, its share is %s", total, weights, parts, i, part, floor)
		}
	}
	if !sum.IsInt64() || sum.Int64() != total {
		t.Fatalf("Allocate(%d, %v) = %v: the sum is %s", total, weights, parts, sum)
	}
	if least != nil && most != nil && least.Cmp(most) < 0 {
		t.Fatalf("Allocate(%d, %v) = %v: not by largest remainder", total, weights, parts)
	}
}
