package country_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/country"
)

func TestValid(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"DE": true, "GB": true, "US": true, "AD": true, "ZW": true, "XK": true, "AC": true, "AN": true, "TA": true,
		// Territories of the United States, which Shopify counts as states.
		"PR": true, "GU": true, "AQ": true,
		"UK": false, "SU": false, "EU": false, "ZZ": false, "QQ": false, "Q1": false, "IC": false, "CS": false,
		"": false, " ": false, "D": false, "de": false, "De": false, "DEU": false, "276": false, "DE ": false, "E A": false, "D E": false, "AC AD": false,
	} {
		if got := country.Valid(code); got != want {
			t.Errorf("Valid(%q) = %v", code, got)
		}
	}
}

// ISO 3166-1 has 249 codes, and Shopify four more.
func TestHowManyAreValid(t *testing.T) {
	t.Parallel()
	n := 0
	for a := range 256 {
		for b := range 256 {
			if country.Valid(string([]byte{byte(a), byte(b)})) {
				n++
			}
		}
	}
	if n != 253 {
		t.Errorf("%d countries", n)
	}
}

var (
	enum  = regexp.MustCompile(`(?s)\nenum CountryCode \{\n(.*?)\n\}`)
	value = regexp.MustCompile(`(?m)^  ([A-Z]{2})$`)
)

// Every country of Shopify's is valid, so that no record of a store is refused for its country. ZZ is the region that
// Shopify does not know either.
func TestShopifyCountriesAreValid(t *testing.T) {
	t.Parallel()
	schema, err := os.ReadFile(filepath.Join("..", "shopify", "admin.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	codes := value.FindAllStringSubmatch(string(enum.Find(schema)), -1)
	if len(codes) < 200 {
		t.Fatalf("%d countries in Shopify's schema", len(codes))
	}
	for _, code := range codes {
		if want := code[1] != "ZZ"; country.Valid(code[1]) != want {
			t.Errorf("Valid(%s) = %v", strings.TrimSpace(code[0]), !want)
		}
	}
}
