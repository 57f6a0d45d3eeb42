package graph_test

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/shopsight/shopsight/graph"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
)

func write(m graphql.Marshaler) string {
	var b strings.Builder
	m.MarshalGQL(&b)
	return b.String()
}

// TestScalars gives each scalar what a client may send, and reads back what it would be sent: "" is a refusal.
func TestScalars(t *testing.T) {
	t.Parallel()
	through := func(read, write any) func(any) (string, error) {
		return func(v any) (string, error) {
			in := reflect.ValueOf(&v).Elem()
			got := reflect.ValueOf(read).Call([]reflect.Value{in})
			if err, _ := got[1].Interface().(error); err != nil {
				return "", err
			}
			var b strings.Builder
			reflect.ValueOf(write).Call(got[:1])[0].Interface().(graphql.Marshaler).MarshalGQL(&b)
			return b.String(), nil
		}
	}
	var (
		text     = through(graph.UnmarshalString, graph.MarshalString)
		number   = through(graph.UnmarshalInt, graph.MarshalInt)
		float    = through(graph.UnmarshalFloat, graph.MarshalFloat)
		boolean  = through(graph.UnmarshalBoolean, graph.MarshalBoolean)
		id       = through(graph.UnmarshalID, graph.MarshalID)
		instant  = through(graph.UnmarshalDateTime, graph.MarshalDateTime)
		day      = through(graph.UnmarshalDate, graph.MarshalDate)
		decimal  = through(graph.UnmarshalDecimal, graph.MarshalDecimal)
		currency = through(graph.UnmarshalCurrencyCode, graph.MarshalCurrencyCode)
		country  = through(graph.UnmarshalCountryCode, graph.MarshalCountryCode)
		address  = through(graph.UnmarshalURL, graph.MarshalURL)
		weekday  = through(graph.UnmarshalWeekday, graph.MarshalWeekday)
	)
	num := func(s string) any { return json.Number(s) }
	for _, c := range []struct {
		name  string
		scale func(any) (string, error)
		in    any
		want  string
	}{
		{"String", text, "é\"", `"é\""`},
		{"String", text, num("1"), ""},
		{"String", text, true, ""},
		{"String", text, []any{"a"}, ""},
		{"Int", number, num("2147483647"), "2147483647"},
		{"Int", number, int64(-2147483648), "-2147483648"},
		{"Int", number, num("2147483648"), ""},
		{"Int", number, int64(3_000_000_000), ""},
		{"Int", number, num("99999999999999999999"), ""},
		{"Int", number, num("1.0"), ""},
		{"Int", number, "1", ""},
		{"Int", number, 1.0, ""},
		{"Float", float, num("0.25"), "0.25"},
		{"Float", float, int64(3), "3"},
		{"Float", float, num("1e999"), ""},
		{"Float", float, math.NaN(), ""},
		{"Float", float, "NaN", ""},
		{"Boolean", boolean, true, "true"},
		{"Boolean", boolean, "true", ""},
		{"Boolean", boolean, num("1"), ""},
		{"ID", id, "gid://shopify/Order/1", `"gid://shopify/Order/1"`},
		{"ID", id, num("9223372036854775807"), `"9223372036854775807"`},
		{"ID", id, int64(7), `"7"`},
		{"ID", id, num("1.5"), ""},
		{"ID", id, num("1e3"), ""},
		{"ID", id, true, ""},
		{"DateTime", instant, "2026-11-23T07:21:00Z", `"2026-11-23T07:21:00Z"`},
		{"DateTime", instant, "2026-11-23T07:21:00.123456789+05:30", `"2026-11-23T01:51:00.123456Z"`},
		{"DateTime", instant, "2026-11-23t07:21:00z", ""},
		{"DateTime", instant, "9999-12-31T23:59:59Z", `"9999-12-31T23:59:59Z"`},
		{"DateTime", instant, "9999-12-31T23:59:59-01:00", ""},
		{"DateTime", instant, "0001-01-01T00:00:00Z", ""},
		{"DateTime", instant, "0000-01-01T00:00:00Z", ""},
		{"DateTime", instant, "10000-01-01T00:00:00Z", ""},
		{"DateTime", instant, "2026-02-30T00:00:00Z", ""},
		{"DateTime", instant, "2026-11-23 07:21:00Z", ""},
		{"DateTime", instant, "2026-11-24T7:21:00Z", ""},
		{"DateTime", instant, "2026-11-23T07:21:00,5Z", ""},
		{"DateTime", instant, "2026-11-24T07:21:00", ""},
		{"DateTime", instant, "2026-11-24", ""},
		{"DateTime", instant, "", ""},
		{"DateTime", instant, num("1700000000"), ""},
		{"Date", day, "2026-11-23", `"2026-11-23"`},
		{"Date", day, "1969-12-31", ""},
		{"Date", day, "2026-2-3", ""},
		{"Date", day, num("20261123"), ""},
		{"Decimal", decimal, "19.90", `"19.90"`},
		{"Decimal", decimal, "-0.05", `"-0.05"`},
		{"Decimal", decimal, num("19.90"), ""},
		{"Decimal", decimal, 19.9, ""},
		{"Decimal", decimal, int64(19), ""},
		{"Decimal", decimal, "1e3", ""},
		{"Decimal", decimal, "NaN", ""},
		{"Decimal", decimal, "Infinity", ""},
		{"Decimal", decimal, "1,000", ""},
		{"Decimal", decimal, "+1", ""},
		{"Decimal", decimal, " 1", ""},
		{"Decimal", decimal, ".5", ""},
		{"Decimal", decimal, "5.", ""},
		{"Decimal", decimal, "--5", ""},
		{"Decimal", decimal, "٣", ""},
		{"Decimal", decimal, "", ""},
		{"Decimal", decimal, repeat("9", 65), ""},
		{"CurrencyCode", currency, "EUR", `"EUR"`},
		{"CurrencyCode", currency, "eur", ""},
		{"CurrencyCode", currency, "EURO", ""},
		{"CurrencyCode", currency, "ABC", ""},
		{"CurrencyCode", currency, num("978"), ""},
		{"CountryCode", country, "DE", `"DE"`},
		{"CountryCode", country, "GB", `"GB"`},
		{"CountryCode", country, "US", `"US"`},
		{"CountryCode", country, "XK", `"XK"`},
		{"CountryCode", country, "UK", ""},
		{"CountryCode", country, "de", ""},
		{"CountryCode", country, "DEU", ""},
		{"CountryCode", country, "276", ""},
		{"CountryCode", country, "ZZ", ""},
		{"CountryCode", country, "", ""},
		{"URL", address, "https://example.com/a.png?b=c", `"https://example.com/a.png?b=c"`},
		{"URL", address, "HTTP://example.com", `"HTTP://example.com"`},
		{"URL", address, "javascript:alert(1)", ""},
		{"URL", address, "//example.com/a", ""},
		{"URL", address, "/a.png", ""},
		{"URL", address, "https://", ""},
		{"URL", address, "https://:80/", ""},
		{"URL", address, "https://user:secret@example.com/", ""},
		{"URL", address, "https://example.com/" + repeat("a", 2028), `"https://example.com/` + repeat("a", 2028) + `"`},
		{"URL", address, "https://example.com/" + repeat("a", 2029), ""},
		{"Weekday", weekday, "SUNDAY", `"SUNDAY"`},
		{"Weekday", weekday, "SATURDAY", `"SATURDAY"`},
		{"Weekday", weekday, "Sunday", ""},
	} {
		got, err := c.scale(c.in)
		if got != c.want {
			t.Errorf("%s %v: got %s, want %s", c.name, c.in, got, c.want)
		}
		if c.want == "" && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s %v: error %v", c.name, c.in, err)
		}
		if s, ok := c.in.(string); ok && err != nil && len(s) > 4 && strings.Contains(err.Error(), s) {
			t.Errorf("%s: the message repeats the value: %s", c.name, err)
		}
	}
}

func TestWhatHasNoScalar(t *testing.T) {
	t.Parallel()
	if got := write(graph.MarshalDateTime(time.Time{})); got != "null" {
		t.Errorf("zero time: %s", got)
	}
	if got := write(graph.MarshalDate(period.NoDay)); got != "null" {
		t.Errorf("no day: %s", got)
	}
	for name, f := range map[string]func(){
		"Int above 32 bits": func() { graph.MarshalInt(1 << 31) },
		"Int below 32 bits": func() { graph.MarshalInt64(-1<<31 - 1) },
		"NaN":               func() { graph.MarshalFloat(math.NaN()) },
		"infinity":          func() { graph.MarshalFloat(math.Inf(1)) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was written", name)
				}
			}()
			f()
		}()
	}
}

// An amount is written as the executor would write it: by alias, through fragments, without what is skipped.
func TestMoney(t *testing.T) {
	t.Parallel()
	doc, err := parser.ParseQuery(&ast.Source{Input: `
		{ total { value: amount ...code __typename amount @skip(if: true) ... on Money { amount @include(if: true) } } }
		fragment code on Money { currencyCode }`})
	if err != nil {
		t.Fatal(err)
	}
	total := doc.Operations[0].SelectionSet[0].(*ast.Field)
	ctx := graphql.WithOperationContext(t.Context(), &graphql.OperationContext{Doc: doc})
	ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{
		Field: graphql.CollectedField{Field: total, Selections: total.SelectionSet},
	})
	var b strings.Builder
	if err := graph.MarshalMoney(money.Money{Minor: -5, Currency: "EUR"}).MarshalGQLContext(ctx, &b); err != nil {
		t.Fatal(err)
	}
	for _, f := range contract().Types["Money"].Fields {
		if len(f.Directives) > 0 {
			t.Errorf("Money.%s has directives, which nothing enforces", f.Name)
		}
	}
	if want := `{"value":"-0.05","currencyCode":"EUR","__typename":"Money","amount":"-0.05"}`; b.String() != want {
		t.Errorf("got %s, want %s", b.String(), want)
	}
}
