package shopify_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/testkit"
)

func TestParseDomain(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]shopify.Domain{
		"example.myshopify.com":                           "example.myshopify.com",
		"  Example.MyShopify.com\n":                       "example.myshopify.com",
		"0-tea.myshopify.com":                             "0-tea.myshopify.com",
		"a.myshopify.com":                                 "a.myshopify.com",
		strings.Repeat("a", 63) + ".myshopify.com":        shopify.Domain(strings.Repeat("a", 63) + ".myshopify.com"),
		"xn--bcher-kva.myshopify.com":                     "xn--bcher-kva.myshopify.com",
		"\u00a0example.myshopify.com\u2003":               "example.myshopify.com",
		"169-254-169-254-metadata-google.myshopify.com  ": "169-254-169-254-metadata-google.myshopify.com",
	} {
		if got, err := shopify.ParseDomain(text); got != want || err != nil {
			t.Errorf("ParseDomain(%q) = %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestHostileDomainsReachNothing(t *testing.T) {
	t.Parallel()
	f := &fake{t: t, answers: []func(call) reply{always(data(shopAnswer()))}}
	direct := shopify.New(shopify.Options{Transport: f})
	operated := shopify.New(shopify.Options{Transport: f, Endpoint: func(d shopify.Domain) string { return "http://" + string(d) }})
	for _, name := range testkit.HostileShops {
		if d, err := shopify.ParseDomain(name); d != "" || fault.KindOf(err) != fault.Invalid {
			t.Errorf("ParseDomain(%q) = %q, %v", name, d, err)
		}
		for _, api := range []*shopify.API{direct, operated} {
			_, err := api.Client(shopify.Domain(name), shopify.Static(token)).Shop(t.Context())
			wantCode(t, err, shopify.CodeInternal, false)
		}
	}
	if len(f.calls) != 0 {
		t.Errorf("%d requests went out, the first to %s", len(f.calls), f.calls[0].URL)
	}
}

func FuzzParseDomain(f *testing.F) {
	for _, name := range testkit.HostileShops {
		f.Add(name)
	}
	f.Add("example.myshopify.com")
	plain := regexp.MustCompile(`^[a-z0-9-]+$`)
	f.Fuzz(func(t *testing.T, s string) {
		d, err := shopify.ParseDomain(s)
		if err != nil {
			if d != "" || fault.KindOf(err) != fault.Invalid {
				t.Fatalf("ParseDomain(%q) = %q, %v", s, d, err)
			}
			return
		}
		name, ok := strings.CutSuffix(string(d), ".myshopify.com")
		if !ok || !plain.MatchString(name) || len(name) > 63 || name[0] == '-' {
			t.Fatalf("ParseDomain(%q) = %q", s, d)
		}
		if again, err := shopify.ParseDomain(string(d)); again != d || err != nil {
			t.Fatalf("ParseDomain(%q) = %q, %v", d, again, err)
		}
	})
}
