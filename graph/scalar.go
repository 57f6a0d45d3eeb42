// Package graph is the GraphQL edge of the service: it reads requests, checks them, asks one service and writes answers.
//
// What protects the service stands here and runs before any resolver: the strict reading of a request (body.go), the
// limits of a query (limits.go), the values of variables (variables.go) and who may read what (access.go). Resolvers only
// translate.
package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"github.com/shopsight/shopsight/internal/country"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
)

// The functions below are how gqlgen reads and writes the scalars of the schema. A value that is not of the scalar's form
// is fault.Invalid, and the message never repeats it: it may be a secret in the wrong place.

const maxURL = 2048

// MarshalString writes text.
func MarshalString(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalString reads text. Numbers and booleans are no text.
func UnmarshalString(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", fault.Errorf(fault.Invalid, "must be a string")
	}
	return s, nil
}

// MarshalInt writes a number. One beyond 32 bits has no place in the contract's Int: it panics, which the executor
// turns into an error of the field, as an error of a marshaler that came later could no longer reach the parent of a
// field that must not be null.
func MarshalInt(i int) graphql.Marshaler { return MarshalInt64(int64(i)) }

// UnmarshalInt reads a whole number of 32 bits.
func UnmarshalInt(v any) (int, error) {
	n, err := UnmarshalInt64(v)
	return int(n), err
}

// MarshalInt64 is MarshalInt for numbers that the service keeps in 64 bits.
func MarshalInt64(i int64) graphql.Marshaler {
	if i < math.MinInt32 || i > math.MaxInt32 {
		panic(fmt.Errorf("number does not fit into Int: %d", i))
	}
	return graphql.MarshalInt64(i)
}

// UnmarshalInt64 reads a whole number of 32 bits.
func UnmarshalInt64(v any) (int64, error) {
	var n int64
	switch v := v.(type) {
	case json.Number:
		var err error
		if n, err = strconv.ParseInt(string(v), 10, 64); err != nil {
			return 0, fault.Errorf(fault.Invalid, "must be a whole number of 32 bits")
		}
	case int64:
		n = v
	case int:
		n = int64(v)
	default:
		return 0, fault.Errorf(fault.Invalid, "must be a whole number")
	}
	if n < math.MinInt32 || n > math.MaxInt32 {
		return 0, fault.Errorf(fault.Invalid, "must be a whole number of 32 bits")
	}
	return n, nil
}

// MarshalFloat writes a finite number; see MarshalInt for the others.
func MarshalFloat(f float64) graphql.Marshaler {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		panic(fmt.Errorf("number is not finite: %v", f))
	}
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = io.WriteString(w, strconv.FormatFloat(f, 'g', -1, 64))
	})
}

// UnmarshalFloat reads a finite number.
func UnmarshalFloat(v any) (float64, error) {
	var f float64
	switch v := v.(type) {
	case json.Number:
		var err error
		if f, err = strconv.ParseFloat(string(v), 64); err != nil {
			return 0, fault.Errorf(fault.Invalid, "must be a finite number")
		}
	case float64:
		f = v
	case int64:
		f = float64(v)
	case int:
		f = float64(v)
	default:
		return 0, fault.Errorf(fault.Invalid, "must be a number")
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, fault.Errorf(fault.Invalid, "must be a finite number")
	}
	return f, nil
}

// MarshalBoolean writes a truth value.
func MarshalBoolean(b bool) graphql.Marshaler { return graphql.MarshalBoolean(b) }

// UnmarshalBoolean reads a truth value; the words "true" and "false" as text are none.
func UnmarshalBoolean(v any) (bool, error) {
	b, ok := v.(bool)
	if !ok {
		return false, fault.Errorf(fault.Invalid, "must be true or false")
	}
	return b, nil
}

// MarshalDateTime writes an instant in UTC to the microsecond; the zero time is null.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	if t.IsZero() {
		return graphql.Null
	}
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = io.WriteString(w, t.UTC().Format(`"2006-01-02T15:04:05.999999Z"`))
	})
}

// UnmarshalDateTime reads an instant in RFC 3339 with any offset, from year 1 to 9999 as the text says and in UTC. It is
// returned in UTC, cut to the microsecond.
func UnmarshalDateTime(v any) (time.Time, error) {
	s, ok := v.(string)
	if !ok {
		return time.Time{}, fault.Errorf(fault.Invalid, "must be an instant in RFC 3339, e.g. 2026-11-23T07:21:00Z")
	}
	t, err := time.Parse(time.RFC3339, s)
	// time.Parse is lenient in two points that RFC 3339 is not: a comma before the fraction, and one digit for the hour.
	if err != nil || len(s) < len("2006-01-02T15:04:05Z") || s[13] != ':' || strings.Contains(s, ",") {
		return time.Time{}, fault.Errorf(fault.Invalid, "must be an instant in RFC 3339, e.g. 2026-11-23T07:21:00Z")
	}
	t = t.UTC().Truncate(time.Microsecond)
	// The zero time is how Go says that there is none.
	if y := t.Year(); y < 1 || y > 9999 || t.IsZero() || strings.HasPrefix(s, "0000") {
		return time.Time{}, fault.Errorf(fault.Invalid, "must lie in the years 1 to 9999")
	}
	return t, nil
}

// MarshalDate writes a day; no day is null.
func MarshalDate(d period.Day) graphql.Marshaler {
	if d == period.NoDay {
		return graphql.Null
	}
	return graphql.MarshalString(d.String())
}

// UnmarshalDate reads a day.
func UnmarshalDate(v any) (period.Day, error) {
	s, ok := v.(string)
	if !ok {
		return period.NoDay, fault.Errorf(fault.Invalid, "must be a day of the form YYYY-MM-DD")
	}
	d, err := period.ParseDay(s)
	if err != nil {
		return period.NoDay, fault.Errorf(fault.Invalid, "must be a day of the form YYYY-MM-DD, from 1970-01-01 to 9999-12-31")
	}
	return d, nil
}

// MarshalDecimal writes an exact number, which the service formats itself.
func MarshalDecimal(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalDecimal reads an exact number as its text: an optional minus, digits, and optionally a point and digits. How
// many digits are allowed depends on the currency, which the service knows.
func UnmarshalDecimal(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", fault.Errorf(fault.Invalid, `must be a decimal number in a string, e.g. "19.90"`)
	}
	whole, fraction, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if !digits(whole) || point && !digits(fraction) || len(s) > 64 {
		return "", fault.Errorf(fault.Invalid, `must be a plain decimal number, e.g. "19.90"`)
	}
	return s, nil
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// moneyFields is where gqlgen finds the fields of Money, which MarshalMoney writes; no value of it exists.
type moneyFields struct{ money.Money }

// MarshalMoney writes an amount. It is an object, but more than half of the fields of a page of orders lie in one, so it is
// written here and not field by field by the executor: nobody is refused a field of it, and none can fail.
func MarshalMoney(m money.Money) graphql.ContextMarshaler {
	return graphql.ContextWriterFunc(func(ctx context.Context, w io.Writer) error {
		selected := graphql.GetFieldContext(ctx).Field.Selections
		separator := "{"
		for _, f := range graphql.CollectFields(graphql.GetOperationContext(ctx), selected, []string{"Money"}) {
			var value string
			switch f.Name {
			case "amount":
				value = m.Amount()
			case "currencyCode":
				value = string(m.Currency)
			case "__typename":
				value = "Money"
			}
			for _, s := range []string{separator, `"`, f.Alias, `":"`, value, `"`} {
				_, _ = io.WriteString(w, s)
			}
			separator = ","
		}
		_, _ = io.WriteString(w, "}")
		return nil
	})
}

// MarshalCurrencyCode writes a currency.
func MarshalCurrencyCode(c money.Currency) graphql.Marshaler { return graphql.MarshalString(string(c)) }

// UnmarshalCurrencyCode reads a currency that is in use.
func UnmarshalCurrencyCode(v any) (money.Currency, error) {
	s, _ := v.(string)
	c, err := money.ParseCurrency(s)
	if err != nil {
		return "", fault.Errorf(fault.Invalid, "must be an ISO 4217 currency code in upper case, e.g. EUR")
	}
	return c, nil
}

// MarshalCountryCode writes a country.
func MarshalCountryCode(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalCountryCode reads a country that country.Valid takes.
func UnmarshalCountryCode(v any) (string, error) {
	if s, _ := v.(string); country.Valid(s) {
		return s, nil
	}
	return "", fault.Errorf(fault.Invalid, "must be an ISO 3166-1 alpha-2 country code in upper case, e.g. DE")
}

// MarshalURL writes a URL.
func MarshalURL(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalURL reads an absolute http or https URL with a host. One with a user or password in it is refused.
func UnmarshalURL(v any) (string, error) {
	s, _ := v.(string)
	if utf8.RuneCountInString(s) > maxURL {
		return "", fault.Errorf(fault.Invalid, "must have at most %d characters", maxURL)
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return "", fault.Errorf(fault.Invalid, "must be an absolute http or https URL")
	}
	return s, nil
}

var weekdays = [...]string{"SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"}

// MarshalWeekday writes a day of the week.
func MarshalWeekday(d time.Weekday) graphql.Marshaler { return graphql.MarshalString(weekdays[d%7]) }

// UnmarshalWeekday reads a day of the week.
func UnmarshalWeekday(v any) (time.Weekday, error) {
	for i, name := range weekdays {
		if v == name {
			return time.Weekday(i), nil
		}
	}
	return 0, fault.Errorf(fault.Invalid, "must be a day of the week")
}
