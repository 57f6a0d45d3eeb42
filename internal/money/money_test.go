package money_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/bojanz/currency"
	"github.com/shopsight/shopsight/internal/money"
)

// iso4217 is the minor-unit column of ISO 4217 (list one), for every currency that does not have two digits and some
// that do.
var iso4217 = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0,
	"UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
	"CLF": 4, "UYW": 4,
	"AUD": 2, "BRL": 2, "CAD": 2, "CHF": 2, "CNY": 2, "COP": 2, "CZK": 2, "DKK": 2, "EUR": 2, "GBP": 2,
	"HUF": 2, "IDR": 2, "INR": 2, "IRR": 2, "LBP": 2, "MGA": 2, "MRU": 2, "MXN": 2, "NOK": 2, "PKR": 2,
	"PLN": 2, "RSD": 2, "SEK": 2, "SLE": 2, "TRY": 2, "TWD": 2, "TZS": 2, "USD": 2, "UZS": 2, "XCG": 2,
}

func TestDigitsAreThoseOfISO4217(t *testing.T) {
	t.Parallel()
	for code, want := range iso4217 {
		c, err := money.ParseCurrency(code)
		if err != nil {
			t.Errorf("ParseCurrency(%q): %v", code, err)
		} else if got := c.Digits(); got != want {
			t.Errorf("%s has %d digits, ISO 4217 says %d", code, got, want)
		}
	}
	// Every exception is in the table above, so whatever else the library knows must have two digits.
	for _, code := range currency.GetCurrencyCodes() {
		if _, listed := iso4217[code]; !listed && money.Currency(code).Digits() != 2 {
			t.Errorf("%s has %d digits, ISO 4217 says 2", code, money.Currency(code).Digits())
		}
	}
}

func TestParseCurrencyRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "usd", "Usd", " USD", "USD ", "US", "USDT", "XXX", "ZZZ", "ÚSD", "840", "XAU"} {
		if c, err := money.ParseCurrency(s); !errors.Is(err, money.ErrCurrency) || c != "" {
			t.Errorf("ParseCurrency(%q) = %q, %v, want ErrCurrency", s, c, err)
		}
	}
	if got := money.Currency("").Digits(); got != 0 {
		t.Errorf("no currency has %d digits, want 0", got)
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		minor    int64
		currency money.Currency
		want     string
	}{
		{1990, "USD", "19.90"},
		{-5, "USD", "-0.05"},
		{0, "USD", "0.00"},
		{100, "USD", "1.00"},
		{-100, "EUR", "-1.00"},
		{100, "JPY", "100"},
		{-7, "JPY", "-7"},
		{0, "KRW", "0"},
		{1, "KWD", "0.001"},
		{1234567, "KWD", "1234.567"},
		{12345, "CLF", "1.2345"},
		{math.MaxInt64, "USD", "92233720368547758.07"},
		{math.MinInt64, "USD", "-92233720368547758.08"},
		{math.MinInt64, "JPY", "-9223372036854775808"},
	} {
		if got := (money.Money{Minor: tt.minor, Currency: tt.currency}).Amount(); got != tt.want {
			t.Errorf("%d %s: got %q, want %q", tt.minor, tt.currency, got, tt.want)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text     string
		currency money.Currency
		want     int64
		err      error
		rounded  int64 // what ParseRounded gives
		rerr     error
	}{
		{"19.90", "USD", 1990, nil, 1990, nil},
		{"19.9", "USD", 1990, nil, 1990, nil},
		{"19", "USD", 1900, nil, 1900, nil},
		{"-0.05", "USD", -5, nil, -5, nil},
		{"-0", "USD", 0, nil, 0, nil},
		{"-0.00", "USD", 0, nil, 0, nil},
		{"007.10", "USD", 710, nil, 710, nil},
		{strings.Repeat("0", 5000) + "1", "USD", 100, nil, 100, nil},
		{"100", "JPY", 100, nil, 100, nil},
		{"1.5", "KWD", 1500, nil, 1500, nil},
		{"100000000000.00", "USD", money.MaxAmount, nil, money.MaxAmount, nil},
		{"-100000000000.00", "USD", -money.MaxAmount, nil, -money.MaxAmount, nil},

		{"1.500", "USD", 0, money.ErrDigits, 150, nil},
		{"100.0", "JPY", 0, money.ErrDigits, 100, nil},
		{"0.0001", "KWD", 0, money.ErrDigits, 0, nil},
		{"0.005", "USD", 0, money.ErrDigits, 0, nil},
		{"0.015", "USD", 0, money.ErrDigits, 2, nil},
		{"0.025", "USD", 0, money.ErrDigits, 2, nil},
		{"0.0250000000000000000000000000000001", "USD", 0, money.ErrDigits, 3, nil},
		{"0.0249999999999999999999999999999999", "USD", 0, money.ErrDigits, 2, nil},
		{"0.02500", "USD", 0, money.ErrDigits, 2, nil},
		{"-0.015", "USD", 0, money.ErrDigits, -2, nil},
		{"-0.004", "USD", 0, money.ErrDigits, 0, nil},
		{"0.999", "USD", 0, money.ErrDigits, 100, nil},
		{"0.5", "JPY", 0, money.ErrDigits, 0, nil},
		{"1.5", "JPY", 0, money.ErrDigits, 2, nil},
		{"2.5", "JPY", 0, money.ErrDigits, 2, nil},

		{"100000000000.01", "USD", 0, money.ErrRange, 0, money.ErrRange},
		{"-100000000000.01", "USD", 0, money.ErrRange, 0, money.ErrRange},
		{"100000000000.005", "USD", 0, money.ErrDigits, money.MaxAmount, nil},
		{"100000000000.0051", "USD", 0, money.ErrDigits, 0, money.ErrRange},
		{"92233720368547758.08", "USD", 0, money.ErrRange, 0, money.ErrRange},
		{"18446744073709551616", "JPY", 0, money.ErrRange, 0, money.ErrRange},
		{strings.Repeat("9", 400), "USD", 0, money.ErrRange, 0, money.ErrRange},
	} {
		if got, err := money.Parse(tt.text, tt.currency); got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("Parse(%q, %s) = %d, %v, want %d, %v", tt.text, tt.currency, got, err, tt.want, tt.err)
		}
		if got, err := money.ParseRounded(tt.text, tt.currency); got != tt.rounded || !errors.Is(err, tt.rerr) {
			t.Errorf("ParseRounded(%q, %s) = %d, %v, want %d, %v", tt.text, tt.currency, got, err, tt.rounded, tt.rerr)
		}
	}
}

func TestParseRefusesEverythingElse(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "-", ".", "-.", "+1", "+1.00", "--1", "-+1", ".5", "-.5", "5.", "-5.", "1..2", "1.2.3", "1.-2", "1-", "1e3", "1E3",
		"1.0e2", "0x10", "1_000", "1,000.00", "1,5", "1 000", " 1", "1 ", "1\n", "\t1", "1\x00", "NaN", "nan", "Inf", "-Inf",
		"Infinity", "null", "true", "١٢", "1٫5", "１.００", "½", "$1", "1USD", "−1", "\xff", "1.\xff",
	} {
		for name, parse := range map[string]func(string, money.Currency) (int64, error){
			"Parse": money.Parse, "ParseRounded": money.ParseRounded,
		} {
			if got, err := parse(s, "USD"); got != 0 || !errors.Is(err, money.ErrSyntax) {
				t.Errorf("%s(%q) = %d, %v, want ErrSyntax", name, s, got, err)
			}
		}
	}
}

// FuzzParse holds Parse to its contract from outside: what it reads is what a plain-text comparison expects.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"19.90", "-0.05", "1.500", "", "1e9", "100000000000.00", "99999999999999999999", "0.025", "-0"} {
		f.Add(s, uint8(0))
		f.Add(s, uint8(1))
		f.Add(s, uint8(2))
	}
	currencies := []money.Currency{"USD", "JPY", "KWD", "CLF"}
	f.Fuzz(func(t *testing.T, s string, pick uint8) {
		c := currencies[int(pick)%len(currencies)]
		exact, err := money.Parse(s, c)
		rounded, rerr := money.ParseRounded(s, c)
		if err != nil {
			if exact != 0 || !slices.Contains([]error{money.ErrSyntax, money.ErrDigits, money.ErrRange}, err) {
				t.Fatalf("Parse(%q, %s) = %d, %v", s, c, exact, err)
			}
			if (err == money.ErrSyntax) != (rerr == money.ErrSyntax) {
				t.Fatalf("Parse(%q) says %v, ParseRounded %v", s, err, rerr)
			}
			return
		}
		if rerr != nil || rounded != exact {
			t.Fatalf("Parse(%q, %s) = %d, but ParseRounded = %d, %v", s, c, exact, rounded, rerr)
		}
		if max(exact, -exact) > money.MaxAmount {
			t.Fatalf("Parse(%q, %s) = %d, beyond the bound", s, c, exact)
		}
		formatted := money.Format(exact, c)
		if again, err := money.Parse(formatted, c); err != nil || again != exact {
			t.Fatalf("Parse(%q) = %d, Format %q, Parse %d, %v", s, exact, formatted, again, err)
		}
		if got, want := canonical(formatted), canonical(s); got != want {
			t.Fatalf("Format(Parse(%q)) = %q: %q is not %q", s, formatted, got, want)
		}
	})
}

// canonical strips what does not change the value of a plain decimal.
func canonical(s string) string {
	s, negative := strings.CutPrefix(s, "-")
	whole, fraction, _ := strings.Cut(s, ".")
	s = strings.TrimLeft(whole, "0") + "." + strings.TrimRight(fraction, "0")
	if negative && s != "." {
		s = "-" + s
	}
	return s
}

func FuzzFormat(f *testing.F) {
	for _, n := range []int64{0, 1, -1, 99, 100, -100, money.MaxAmount, -money.MaxAmount, math.MaxInt64, math.MinInt64} {
		f.Add(n)
	}
	f.Fuzz(func(t *testing.T, n int64) {
		for _, c := range []money.Currency{"USD", "JPY", "KWD"} {
			s := money.Format(n, c)
			got, err := money.Parse(s, c)
			if inside := n >= -money.MaxAmount && n <= money.MaxAmount; inside && (err != nil || got != n) {
				t.Errorf("%d %s: Format %q, Parse %d, %v", n, c, s, got, err)
			} else if !inside && err != money.ErrRange {
				t.Errorf("%d %s: Format %q, Parse %d, %v, want ErrRange", n, c, s, got, err)
			}
		}
	})
}
