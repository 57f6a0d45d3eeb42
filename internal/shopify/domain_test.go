package shopify_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/shopify"
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

// hostile are names that would send a request, and the token with it, somewhere else.
var hostile = []string{
	"", " ", ".", "example", "myshopify.com", ".myshopify.com", "-.myshopify.com", "-a.myshopify.com", "_.myshopify.com",
	"example.com", "example.myshopify.com.", "example.myshopify.com.evil.com", "example.myshopify.comevil.com",
	"evil.com/example.myshopify.com", "evil.com/.myshopify.com", "evil.com?.myshopify.com", "evil.com#.myshopify.com",
	"evil.com\\.myshopify.com", "evil.com%2f.myshopify.com", "evil.com%00.myshopify.com", "evil.com\x00.myshopify.com",
	"evil.com:80#.myshopify.com", "a@evil.com", "a@b.myshopify.com", "user:pass@example.myshopify.com",
	"example.myshopify.com@evil.com", "example.myshopify.com:443", "example.myshopify.com:@evil.com",
	"https://example.myshopify.com", "http://example.myshopify.com", "//example.myshopify.com", "file:///etc/passwd",
	"gopher://evil.com/.myshopify.com", "example.myshopify.com/", "example.myshopify.com/admin", "example.myshopify.com?x",
	"example.myshopify.com#x", "example.myshopify.com\nevil.com", "evil.com\nexample.myshopify.com",
	"evil.com\r\nHost: example.myshopify.com", "example.myshopify.com\r\nX: y", "ex ample.myshopify.com",
	"ex\tample.myshopify.com", "example.my\u200bshopify.com", "exam\u00adple.myshopify.com", "ｅxample.myshopify.com",
	"example．myshopify．com", "example。myshopify。com", "exämple.myshopify.com", "еxample.myshopify.com", "ſ.myshopify.com",
	"\u212a.myshopify.com", "a.b.myshopify.com", "a_b.myshopify.com", "*.myshopify.com", "example.myshopify.io",
	"example.shopify.com", "example.myshopify.co", "example.myshopifyxcom", "example-myshopify.com", "examplemyshopify.com",
	"127.0.0.1", "127.0.0.1.myshopify.com", "localhost", "[::1]", "[::1].myshopify.com", "169.254.169.254", "0x7f000001",
	"2130706433", "0", "${jndi:ldap://evil.com}.myshopify.com", "../example.myshopify.com", "'.myshopify.com",
	strings.Repeat("a", 64) + ".myshopify.com", strings.Repeat("a", 1<<16) + ".myshopify.com", "\xff.myshopify.com",
}

func TestHostileDomainsReachNothing(t *testing.T) {
	t.Parallel()
	f := &fake{t: t, answers: []func(call) reply{always(data(shopAnswer()))}}
	direct := shopify.New(shopify.Options{Transport: f})
	operated := shopify.New(shopify.Options{Transport: f, Endpoint: func(d shopify.Domain) string { return "http://" + string(d) }})
	for _, name := range hostile {
		if d, err := shopify.ParseDomain(name); d != "" || fault.KindOf(err) != fault.Invalid {
			t.Errorf("ParseDomain(%q) = %q, %v", name, d, err)
		}
		for _, api := range []*shopify.API{direct, operated} {
			_, err := api.Client(shopify.Domain(name), token).Shop(t.Context())
			wantCode(t, err, shopify.CodeInternal, false)
		}
	}
	if len(f.calls) != 0 {
		t.Errorf("%d requests went out, the first to %s", len(f.calls), f.calls[0].URL)
	}
}

func FuzzParseDomain(f *testing.F) {
	for _, name := range hostile {
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
