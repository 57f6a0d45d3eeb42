package money

import (
	"errors"
	"strings"
)

// What Parse and ParseRounded refuse, and Add. They are bare: callers turn them into a message that names the field.
var (
	// ErrSyntax says that a text is not a plain decimal number.
	ErrSyntax = errors.New("not a plain decimal number")
	// ErrDigits says that a number has more digits after the point than its currency.
	ErrDigits = errors.New("more digits than the currency has")
	// ErrRange says that a number is too large to be kept.
	ErrRange = errors.New("amount out of range")
)

// Parse reads an amount exactly, as people and the ingest API write it: an optional minus, digits, and optionally a
// point and digits. Fewer digits than the currency's are fine, leading zeros too, and "-0" is 0.
//
// Nothing else is read: no plus, exponent, space, grouping, NaN, Inf, no digits of other scripts, and there is a digit
// on both sides of a point; all that is ErrSyntax. More digits than the currency has are ErrDigits even when they are
// zeros, so that "1.500" is never guessed at. A magnitude above MaxAmount is ErrRange. Of several faults the first in
// this order is returned.
func Parse(s string, c Currency) (int64, error) {
	d, err := scan(s)
	if err != nil {
		return 0, err
	}
	if len(d.fraction) > c.Digits() {
		return 0, ErrDigits
	}
	return d.minor(c.Digits())
}

// ParseRounded reads the same texts as Parse, but rounds digits beyond the currency's half to even instead of refusing
// them. It is for amounts that Shopify computed. The bound holds for the rounded amount.
func ParseRounded(s string, c Currency) (int64, error) {
	d, err := scan(s)
	if err != nil {
		return 0, err
	}
	return d.minor(c.Digits())
}

// decimal is a number that has been checked but not yet valued: both texts hold only ASCII digits, whole at least one.
type decimal struct {
	negative        bool
	whole, fraction string
}

func scan(s string) (decimal, error) {
	s, negative := strings.CutPrefix(s, "-")
	whole, fraction, point := strings.Cut(s, ".")
	if !digitsOnly(whole) || point && !digitsOnly(fraction) {
		return decimal{}, ErrSyntax
	}
	return decimal{negative, whole, fraction}, nil
}

func digitsOnly(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// minor values the number in units of the given digits, rounding half to even. The bound is checked after every digit,
// so the sum cannot wrap, however long the text.
func (d decimal) minor(digits int) (int64, error) {
	kept, dropped := d.fraction, ""
	if len(kept) > digits {
		kept, dropped = kept[:digits], kept[digits:]
	}
	var v int64
	for _, part := range []string{d.whole, kept, strings.Repeat("0", digits-len(kept))} {
		for i := range len(part) {
			if v = 10*v + int64(part[i]-'0'); v > MaxAmount {
				return 0, ErrRange
			}
		}
	}
	if roundsUp(v, dropped) {
		v++
	}
	if v > MaxAmount {
		return 0, ErrRange
	}
	if d.negative {
		v = -v
	}
	return v, nil
}

// roundsUp tells whether the magnitude v followed by the dropped digits is nearer to v+1, or midway with v odd.
func roundsUp(v int64, dropped string) bool {
	switch {
	case dropped == "" || dropped[0] < '5':
		return false
	case dropped[0] > '5' || strings.Trim(dropped[1:], "0") != "":
		return true
	}
	return v%2 == 1
}
