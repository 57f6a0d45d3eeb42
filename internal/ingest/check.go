package ingest

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopsight/shopsight/internal/country"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/money"
)

// Limits of what a record may hold.
const (
	maxText      = 255
	maxNote      = 5000
	maxURL       = 2048
	maxTags      = 250
	maxItems     = 500
	maxRefunds   = 100
	maxInventory = math.MaxInt32
)

// checker reads one record's fields, and collects what is wrong with them under the path of the record. The record is
// refused when anything is; reading goes on, so that the caller learns everything at once.
type checker struct {
	currency money.Currency
	rounds   bool      // amounts with too many digits
	latest   time.Time // no instant may be later
	path     []string
	errs     []fault.UserError
}

// in reads a part of the record: what is wrong there is reported under the longer path.
func (c *checker) in(path ...string) func() {
	n := len(c.path)
	c.path = append(c.path, path...)
	return func() { c.path = c.path[:n] }
}

func (c *checker) fail(field string, code fault.UserErrorCode, format string, args ...any) {
	path := append([]string(nil), c.path...)
	if field != "" {
		path = append(path, field)
	}
	c.errs = append(c.errs, fault.UserError{Field: path, Code: code, Message: fmt.Sprintf(format, args...)})
}

// id reads the store's number of a record, given as digits or as a gid of the kind.
func (c *checker) id(field, s, kind string) int64 {
	digits := strings.TrimPrefix(s, "gid://shopify/"+kind+"/")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 1 || digits[0] == '+' || digits[0] == '0' {
		c.fail(field, fault.CodeInvalid, "must be a whole number from 1 to %d, or gid://shopify/%s/ and that number", int64(math.MaxInt64), kind)
		return 0
	}
	return n
}

func (c *checker) optionalID(field string, s *string, kind string) *int64 {
	if s == nil {
		return nil
	}
	n := c.id(field, *s, kind)
	return &n
}

// text checks text of the source. It is kept as it is.
func (c *checker) text(field, s string, most int) string {
	switch {
	case !utf8.ValidString(s):
		c.fail(field, fault.CodeInvalid, "is not valid UTF-8")
	case strings.ContainsRune(s, 0):
		c.fail(field, fault.CodeInvalid, "must not hold the character NUL")
	case utf8.RuneCountInString(s) > most:
		c.fail(field, fault.CodeTooLong, "is longer than %d characters", most)
	}
	return s
}

// optional checks text that may be missing; empty text counts as missing.
func (c *checker) optional(field string, s *string, most int) *string {
	if s == nil || *s == "" {
		return nil
	}
	c.text(field, *s, most)
	return s
}

func (c *checker) required(field, s string) string {
	if strings.TrimSpace(s) == "" {
		c.fail(field, fault.CodeRequired, "must not be empty")
	}
	return c.text(field, s, maxText)
}

// labels checks tags and discount codes: without space around them, without empty ones and repeats.
func (c *checker) labels(field string, in []string) []string {
	if len(in) > maxTags {
		c.fail(field, fault.CodeTooLong, "has %d entries, more than %d", len(in), maxTags)
		return nil
	}
	out := make([]string, 0, len(in))
	seen := make(map[string]bool, len(in))
	for i, s := range in {
		leave := c.in(field)
		c.text(strconv.Itoa(i), s, maxText)
		leave()
		if s = strings.TrimSpace(s); s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

func (c *checker) country(field string, s *string) *string {
	if s == nil || *s == "" {
		return nil
	}
	if !country.Valid(*s) {
		c.fail(field, fault.CodeInvalid, "must be a country code of ISO 3166-1, such as DE")
	}
	return s
}

// oneOf checks a value of an enum; empty is the first.
func (c *checker) oneOf(field, s string, values ...string) string {
	if s == "" {
		return values[0]
	}
	for _, v := range values {
		if s == v {
			return s
		}
	}
	c.fail(field, fault.CodeInvalid, "must be one of %s", strings.Join(values, ", "))
	return s
}

// amount reads a decimal of the tenant's currency, not negative and within bounds; empty is 0.
func (c *checker) amount(field, s string) int64 {
	if s == "" {
		return 0
	}
	parse := money.Parse
	if c.rounds {
		parse = money.ParseRounded
	}
	n, err := parse(s, c.currency)
	switch {
	case errors.Is(err, money.ErrDigits):
		c.fail(field, fault.CodeInvalid, "has more than the %d decimals of %s", c.currency.Digits(), c.currency)
	case errors.Is(err, money.ErrRange) || err == nil && n > money.MaxAmount:
		c.fail(field, fault.CodeInvalid, "must not be more than %s", money.Format(money.MaxAmount, c.currency))
	case err != nil:
		c.fail(field, fault.CodeInvalid, "must be a decimal number such as 19.90")
	case n < 0:
		c.fail(field, fault.CodeInvalid, "must not be negative")
	default:
		return n
	}
	return 0
}

func (c *checker) optionalAmount(field string, s *string) *int64 {
	if s == nil {
		return nil
	}
	n := c.amount(field, *s)
	return &n
}

var epoch = time.Unix(0, 0).UTC()

// instant checks a point in time, and brings it to what the database keeps.
func (c *checker) instant(field string, t time.Time) time.Time {
	if t.Before(epoch) || t.After(c.latest) {
		c.fail(field, fault.CodeInvalid, "must lie between 1970 and a day from now")
		return epoch
	}
	return t.UTC().Truncate(time.Microsecond)
}

func (c *checker) optionalInstant(field string, t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := c.instant(field, *t)
	return &u
}
