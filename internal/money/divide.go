package money

import (
	"cmp"
	"math"
	"math/big"
	"math/bits"
	"slices"
)

// Add returns a + b, or ErrRange when that is beyond 64 bits.
func Add(a, b int64) (int64, error) {
	sum := a + b
	if (sum > a) != (b > 0) {
		return 0, ErrRange
	}
	return sum, nil
}

// MulDiv returns a × b / c, rounded half to even. The product has 128 bits, so only the result can be too large: it is
// then the nearest int64. A division by 0 gives 0. Callers that cannot rule these two out by the bounds of their values
// check before the call.
func MulDiv(a, b, c int64) int64 {
	if c == 0 {
		return 0
	}
	negative := (a < 0) != (b < 0) != (c < 0)
	divisor := abs(c)
	hi, lo := bits.Mul64(abs(a), abs(b))
	if hi >= divisor {
		return signed(math.MaxUint64, negative)
	}
	q, r := bits.Div64(hi, lo, divisor)
	// r > divisor-r is 2r > divisor without the carry. When q is the largest uint64 one more would wrap it; it is far
	// beyond the result's range already.
	if rest := divisor - r; (r > rest || r == rest && q%2 == 1) && q < math.MaxUint64 {
		q++
	}
	return signed(q, negative)
}

// signed gives the magnitude its sign, at the nearest int64.
func signed(magnitude uint64, negative bool) int64 {
	switch {
	case negative && magnitude > math.MaxInt64:
		return math.MinInt64
	case negative:
		return -int64(magnitude)
	case magnitude > math.MaxInt64:
		return math.MaxInt64
	}
	return int64(magnitude)
}

// Allocate splits total in proportion to the weights by largest remainder. The parts add up to total exactly, and each
// is the proportional share rounded down or up: the units left over after rounding down go one each to the largest
// remainders, of equal ones to the lower index. A negative total is split like the positive one.
//
// A negative weight counts as 0, and a weight of 0 gets nothing, unless all are 0: then the split is even. Without
// weights there is nobody to give to and the result is empty.
func Allocate(total int64, weights []int64) []int64 {
	parts := make([]int64, len(weights))
	ws := make([]uint64, len(weights))
	var sum wide
	for i, w := range weights {
		ws[i] = uint64(max(w, 0))
		sum = sum.plus(ws[i])
	}
	if sum == (wide{}) {
		for i := range ws {
			ws[i] = 1
		}
		sum.lo = uint64(len(ws))
	}
	left := abs(total)
	remainders := make([]wide, len(ws))
	order := make([]int, len(ws))
	for i, w := range ws {
		var q uint64
		q, remainders[i] = share(abs(total), w, sum)
		left -= q
		order[i] = i
		parts[i] = int64(q)
	}
	slices.SortStableFunc(order, func(a, b int) int { return remainders[b].compare(remainders[a]) })
	for _, i := range order {
		if left == 0 {
			break
		}
		parts[i]++
		left--
	}
	if total < 0 {
		// The least int64 given to one weight alone has wrapped above, and its negation is itself.
		for i := range parts {
			parts[i] = -parts[i]
		}
	}
	return parts
}

// share returns total × weight / sum, rounded down, and the remainder. The weight is part of the sum, so the quotient is
// at most total and Div64 cannot overflow.
func share(total, weight uint64, sum wide) (uint64, wide) {
	if sum.hi == 0 {
		hi, lo := bits.Mul64(total, weight)
		q, r := bits.Div64(hi, lo, sum.lo)
		return q, wide{lo: r}
	}
	// Weights of this size are not amounts of this service; exact all the same.
	product := new(big.Int).Mul(new(big.Int).SetUint64(total), new(big.Int).SetUint64(weight))
	divisor := new(big.Int).SetUint64(sum.hi)
	divisor.Lsh(divisor, 64).Add(divisor, new(big.Int).SetUint64(sum.lo))
	q, r := product.QuoRem(product, divisor, new(big.Int))
	return q.Uint64(), wide{hi: new(big.Int).Rsh(r, 64).Uint64(), lo: low(r)}
}

// low returns the lowest 64 bits of a number that is not negative.
func low(n *big.Int) uint64 {
	return new(big.Int).And(n, new(big.Int).SetUint64(math.MaxUint64)).Uint64()
}

// wide is an unsigned number of 128 bits.
type wide struct{ hi, lo uint64 }

func (w wide) plus(n uint64) wide {
	lo, carry := bits.Add64(w.lo, n, 0)
	return wide{w.hi + carry, lo}
}

func (w wide) compare(o wide) int {
	return cmp.Or(cmp.Compare(w.hi, o.hi), cmp.Compare(w.lo, o.lo))
}
