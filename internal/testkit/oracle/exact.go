package oracle

import (
	"fmt"
	"math/big"
	"regexp"
	"sort"
	"strings"
)

var plainDecimal = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

// minor reads a decimal as minor units of a currency with so many digits; the empty string is zero.
func minor(s string, digits int) (*big.Int, error) {
	if s == "" {
		return new(big.Int), nil
	}
	if !plainDecimal.MatchString(s) {
		return nil, fmt.Errorf("%q is no plain decimal", s)
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil, fmt.Errorf("%q is no number", s)
	}
	r.Mul(r, new(big.Rat).SetInt(power(digits)))
	if !r.IsInt() {
		return nil, fmt.Errorf("%q has more than %d digits", s, digits)
	}
	return new(big.Int).Set(r.Num()), nil
}

// decimal writes minor units with all the digits of the currency.
func decimal(n *big.Int, digits int) string {
	text := new(big.Int).Abs(n).String()
	if len(text) <= digits {
		text = strings.Repeat("0", digits+1-len(text)) + text
	}
	if digits > 0 {
		text = text[:len(text)-digits] + "." + text[len(text)-digits:]
	}
	if n.Sign() < 0 {
		text = "-" + text
	}
	return text
}

func power(digits int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
}

func whole(n int) *big.Int { return big.NewInt(int64(n)) }

func plus(a ...*big.Int) *big.Int {
	sum := new(big.Int)
	for _, n := range a {
		sum.Add(sum, n)
	}
	return sum
}

func minus(a, b *big.Int) *big.Int   { return new(big.Int).Sub(a, b) }
func times(a, b *big.Int) *big.Int   { return new(big.Int).Mul(a, b) }
func negative(a *big.Int) *big.Int   { return new(big.Int).Neg(a) }
func ratio(a, b *big.Int) *big.Rat   { return new(big.Rat).SetFrac(a, b) }
func product(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }

func larger(a, b *big.Int) *big.Int {
	if a.Cmp(b) < 0 {
		return b
	}
	return a
}

func smaller(a, b *big.Int) *big.Int {
	if a.Cmp(b) > 0 {
		return b
	}
	return a
}

// halfEven rounds to the nearest integer, and to the even one of two that are equally near.
func halfEven(r *big.Rat) *big.Int {
	below, rest := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int)) // the denominator is positive: this is floor
	switch twice := times(whole(2), rest); twice.Cmp(r.Denom()) {
	case -1:
		return below
	case +1:
		return plus(below, whole(1))
	}
	if below.Bit(0) == 1 {
		return plus(below, whole(1))
	}
	return below
}

// spread divides a total in proportion to the weights by largest remainder: everybody gets the whole part of the
// exact share, and the units that are left go one each to the largest fractions, of equal ones to the first.
// Weights that are all zero get nothing.
func spread(total *big.Int, weights []*big.Int) []*big.Int {
	sum := plus(weights...)
	shares := make([]*big.Int, len(weights))
	if sum.Sign() == 0 {
		for i := range shares {
			shares[i] = new(big.Int)
		}
		return shares
	}
	fractions := make([]*big.Rat, len(weights))
	order := make([]int, len(weights))
	left := new(big.Int).Set(total)
	for i, w := range weights {
		exact := ratio(times(total, w), sum)
		shares[i] = new(big.Int).Div(exact.Num(), exact.Denom())
		fractions[i] = new(big.Rat).Sub(exact, new(big.Rat).SetInt(shares[i]))
		left.Sub(left, shares[i])
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return fractions[order[a]].Cmp(fractions[order[b]]) > 0 })
	for i := 0; left.Sign() > 0; i++ {
		shares[order[i]] = plus(shares[order[i]], whole(1))
		left.Sub(left, whole(1))
	}
	return shares
}

// float is the nearest float64.
func float(r *big.Rat) float64 {
	f, _ := r.Float64()
	return f
}
