// Package money is exact arithmetic on amounts of one currency.
//
// Inside the service an amount is a plain int64 that counts minor units (cents, yen, fils). It is never a float, and it
// becomes a decimal string only where it leaves the service. The package knows how many digits a currency has, reads and
// writes decimal strings, and divides with stated rounding: half to even for one quotient, largest remainder for a split
// whose parts must add up.
package money

import (
	"errors"
	"strconv"
	"strings"

	"github.com/bojanz/currency"
)

// Bounds of what the service takes in. Sums of many amounts may go beyond them, up to the 64 bits; see Add.
const (
	// MaxAmount is the largest single amount, in minor units.
	MaxAmount = 10_000_000_000_000
	// MaxQuantity is the largest quantity of one line.
	MaxQuantity = 1_000_000
	// MaxLine is the largest value of one line, price times quantity, in minor units.
	MaxLine = 1_000_000_000_000_000
)

// ErrCurrency says that a text is not the code of a currency.
var ErrCurrency = errors.New("not an ISO 4217 currency code")

// Currency is an ISO 4217 code. Make it with ParseCurrency, or from a column that holds only such codes.
type Currency string

// ParseCurrency reads a currency code: three upper-case letters of a currency in use. It never folds case or trims.
// Any other text is ErrCurrency.
func ParseCurrency(s string) (Currency, error) {
	if _, ok := minorDigits(s); !ok {
		return "", ErrCurrency
	}
	return Currency(s), nil
}

// Digits returns how many digits ISO 4217 puts after the decimal point: 0 for JPY, 2 for USD, 3 for KWD. For a value
// that is no currency it is 0, so that a fraction of it is refused rather than misread.
func (c Currency) Digits() int {
	d, _ := minorDigits(string(c))
	return d
}

// minorDigits knows the currencies. The table of bojanz/currency is made from the ISO 4217 list and agrees with it in
// every minor unit (a test holds a copy), but version 1.3.1 lacks the Caribbean guilder, which replaced ANG in Curaçao
// and Sint Maarten on 2025-03-31.
func minorDigits(code string) (int, bool) {
	if code == "XCG" {
		return 2, true
	}
	d, ok := currency.GetDigits(code)
	return int(d), ok
}

// Money is an amount together with its currency, as it leaves the service.
type Money struct {
	// Minor counts minor units of Currency.
	Minor int64
	// Currency says what Minor counts.
	Currency Currency
}

// Amount returns the amount as Format writes it, without the currency.
func (m Money) Amount() string { return Format(m.Minor, m.Currency) }

// Format writes minor units as a decimal with exactly the digits of the currency: "19.90", "-0.05", "100" for JPY.
// It takes every int64, and Parse reads the result back to the same number where that is within MaxAmount.
func Format(minor int64, c Currency) string {
	magnitude := strconv.FormatUint(abs(minor), 10)
	digits := c.Digits()
	var b strings.Builder
	if minor < 0 {
		b.WriteByte('-')
	}
	if digits == 0 {
		b.WriteString(magnitude)
		return b.String()
	}
	if pad := digits + 1 - len(magnitude); pad > 0 {
		magnitude = strings.Repeat("0", pad) + magnitude
	}
	point := len(magnitude) - digits
	b.WriteString(magnitude[:point])
	b.WriteByte('.')
	b.WriteString(magnitude[point:])
	return b.String()
}

// abs returns the magnitude of n, which for the least int64 needs the unsigned type.
func abs(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}
