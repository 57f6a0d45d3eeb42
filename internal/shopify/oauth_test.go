package shopify_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit"
)

var app = shopify.App{ClientID: "c1", Secret: "hush", OldSecret: "hush of old"}

// signed adds a signature to a query that is written as encodeURIComponent writes it, in order.
func signed(query, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(query))
	return query + "&hmac=" + hex.EncodeToString(mac.Sum(nil))
}

func TestParseSigned(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_795_000_000, 0)
	query := func(code, shop string, at time.Time) string {
		return fmt.Sprintf("code=%s&host=YWRt&shop=%s&state=s1&timestamp=%d", code, shop, at.Unix())
	}
	good := query("c0de", "example.myshopify.com", now)
	ok := signed(good, "hush")
	for name, test := range map[string]struct {
		query string
		want  shopify.Signed
	}{
		"as it comes":           {ok, shopify.Signed{Shop: domain, Code: "c0de", State: "s1"}},
		"in another order":      {"state=s1&" + strings.Replace(ok, "&state=s1", "", 1), shopify.Signed{Shop: domain, Code: "c0de", State: "s1"}},
		"the secret of before":  {signed(good, "hush of old"), shopify.Signed{Shop: domain, Code: "c0de", State: "s1"}},
		"what is to be escaped": {signed(query("a%20b%26c%3Dd!~*'()%2B%C3%A9", "example.myshopify.com", now), "hush"), shopify.Signed{Shop: domain, Code: "a b&c=d!~*'()+é", State: "s1"}},
		"upper case hex":        {good + "&hmac=" + strings.ToUpper(ok[strings.Index(ok, "hmac=")+5:]), shopify.Signed{Shop: domain, Code: "c0de", State: "s1"}},
		"slow":                  {signed(query("c", "example.myshopify.com", now.Add(-90*time.Second)), "hush"), shopify.Signed{Shop: domain, Code: "c", State: "s1"}},
		"no code":               {signed(fmt.Sprintf("shop=example.myshopify.com&timestamp=%d", now.Unix()), "hush"), shopify.Signed{Shop: domain}},
	} {
		if got, err := shopify.ParseSigned(test.query, app, now); got != test.want || err != nil {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	flip := func(at int) string {
		b := []byte(ok)
		i := strings.Index(ok, "hmac=") + 5 + at
		if b[i]++; b[i] == '9'+1 || b[i] == 'g' {
			b[i] = '0'
		}
		return string(b)
	}
	forged := map[string]string{
		"empty": "", "no signature": good, "an empty signature": good + "&hmac=", "no hex": good + "&hmac=zz",
		"half a signature": ok[:len(ok)-32], "one bit more": ok + "00",
		"the first digit": flip(0), "the last digit": flip(63), "another secret": signed(good, "shush"), "no secret": signed(good, ""),
		"another shop":        strings.Replace(ok, "example.", "other.", 1),
		"another code":        strings.Replace(ok, "c0de", "c1de", 1),
		"another state":       strings.Replace(ok, "s1", "s2", 1),
		"another time":        strings.Replace(ok, "timestamp=1795000000", "timestamp=1795000001", 1),
		"a key more":          ok + "&x=y",
		"two codes":           ok + "&code=other",
		"the same code twice": ok + "&code=c0de",
		"two shops":           "shop=example.myshopify.com&" + ok,
		"two signatures":      ok + ok[strings.Index(ok, "&hmac="):],
		"two states, signed":  signed("code=c0de&shop=example.myshopify.com&state=s1&state=s2&timestamp=1795000000", "hush"),
		"keys that merge":     signed("code=c0de&shop=example.myshopify.com%26state%3Ds1&timestamp=1795000000", "hush"),
		"too old":             signed(query("c", "example.myshopify.com", now.Add(-91*time.Second)), "hush"),
		"of the future":       signed(query("c", "example.myshopify.com", now.Add(91*time.Second)), "hush"),
		"no time":             signed("code=c0de&shop=example.myshopify.com&state=s1", "hush"),
		"a time beyond":       signed("code=c0de&shop=example.myshopify.com&state=s1&timestamp=99999999999999999999", "hush"),
		"a semicolon":         ok + ";a=b",
		"a bad escape":        ok + "&a=%zz",
		"very long":           signed(good+"&x="+strings.Repeat("y", 10_000), "hush"),
	}
	for _, name := range testkit.HostileShops {
		forged["shop "+name] = signed("code=c0de&shop="+url.PathEscape(name)+"&state=s1&timestamp=1795000000", "hush")
	}
	for name, query := range forged {
		if got, err := shopify.ParseSigned(query, app, now); got != (shopify.Signed{}) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if _, err := shopify.ParseSigned(signed(good, ""), shopify.App{}, now); err == nil {
		t.Error("without an app anything is signed")
	}
}

// No question for a token, and no page for a merchant, is for a name that is no store's.
func TestHostileDomainsGetNoSecret(t *testing.T) {
	t.Parallel()
	f := &fake{t: t}
	api := shopify.New(shopify.Options{Transport: f})
	for _, name := range testkit.HostileShops {
		d := shopify.Domain(name)
		if page, err := api.Authorize(d, app, "https://us.example.com/back", "s", nil); err == nil {
			t.Errorf("%q: %s", name, page)
		}
		_, err := api.Exchange(t.Context(), d, app, "code")
		wantCode(t, err, shopify.CodeInternal, false)
		_, err = api.Refresh(t.Context(), d, app, "token")
		wantCode(t, err, shopify.CodeInternal, false)
		_, err = api.Upgrade(t.Context(), d, app, "token")
		wantCode(t, err, shopify.CodeInternal, false)
	}
	if len(f.calls) != 0 {
		t.Errorf("%d requests went out, the first to %s", len(f.calls), f.calls[0].URL)
	}
}

// installed lets the app in, and returns the first grant.
func installed(t *testing.T, o simshop.Options) (*simshop.Shop, *shopify.API, *clock, shopify.Grant) {
	t.Helper()
	c := newClock()
	o.Domain, o.Now = string(domain), c.Now
	if o.App.ClientID == "" {
		o.App.ClientID, o.App.Secret = app.ClientID, app.Secret
	}
	shop := simshop.New(o)
	api := shopify.New(shopify.Options{Transport: shop, Now: c.Now, After: c.After})
	page, err := api.Authorize(domain, app, "https://us.example.com/back?x=1", "st&te", []string{"read_products", "read_orders"})
	if err != nil {
		t.Fatal(err)
	}
	back, err := shop.Grant(page)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(back)
	if err != nil || u.Host != "us.example.com" {
		t.Fatal(back, err)
	}
	got, err := shopify.ParseSigned(u.RawQuery, app, c.Now())
	if err != nil || got.Shop != domain || got.State != "st&te" {
		t.Fatal(got, err)
	}
	g, err := api.Exchange(t.Context(), domain, app, got.Code)
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.Exchange(t.Context(), domain, app, got.Code)
	wantCode(t, err, shopify.CodeUnauthorized, false)
	return shop, api, c, g
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestGrant(t *testing.T) {
	t.Parallel()
	shop, api, c, first := installed(t, simshop.Options{})
	if first.Life != time.Hour || first.RefreshLife != 90*24*time.Hour || strings.Join(first.Scopes, " ") != "read_products read_orders" {
		t.Errorf("%+v", first)
	}
	good := func(g shopify.Grant) error {
		_, err := api.Client(domain, shopify.Static(g.AccessToken)).Shop(t.Context())
		return err
	}
	if err := good(first); err != nil {
		t.Error(err)
	}
	// A grant that got lost is asked for again with the same refresh token.
	shop.SetOAuthFaults(simshop.OAuthFaults{Lost: 1})
	_, err := api.Refresh(t.Context(), domain, app, first.RefreshToken)
	wantCode(t, err, shopify.CodeShopUnreachable, true)
	second, err := api.Refresh(t.Context(), domain, app, first.RefreshToken)
	if err != nil || second.RefreshToken == first.RefreshToken || good(first) != nil || good(second) != nil {
		t.Fatal(second, err)
	}
	// Once the new one was used, the one before counts no longer.
	_, err = api.Refresh(t.Context(), domain, app, first.RefreshToken)
	wantCode(t, err, shopify.CodeUnauthorized, false)
	wantCode(t, good(first), shopify.CodeUnauthorized, false)
	c.pass(time.Hour)
	wantCode(t, good(second), shopify.CodeUnauthorized, false)
	if third, err := api.Refresh(t.Context(), domain, app, second.RefreshToken); err != nil || good(third) != nil {
		t.Error(err)
	}
	shop.SetOAuthFaults(simshop.OAuthFaults{Down: 1})
	_, err = api.Refresh(t.Context(), domain, app, second.RefreshToken)
	wantCode(t, err, shopify.CodeShopUnreachable, true)
	// A secret that is wrong is no word of the merchant's.
	_, err = api.Refresh(t.Context(), domain, shopify.App{ClientID: "c1", Secret: "wrong"}, second.RefreshToken)
	wantCode(t, err, shopify.CodeInternal, true)
}

func TestUpgrade(t *testing.T) {
	t.Parallel()
	shop, api, _, g := installed(t, simshop.Options{App: simshop.App{ClientID: app.ClientID, Secret: app.Secret, Everlasting: true}})
	if g.Expires() || g.Life != 0 {
		t.Fatalf("%+v", g)
	}
	next, err := api.Upgrade(t.Context(), domain, app, g.AccessToken)
	if err != nil || !next.Expires() || shop.Stats().Grants != 3 {
		t.Fatalf("%+v, %v", next, err)
	}
	_, err = api.Upgrade(t.Context(), domain, app, g.AccessToken)
	wantCode(t, err, shopify.CodeUnauthorized, false)
}

// A token that the store refuses is replaced once; one that cannot be replaced is an error.
func TestRefusedTokenIsReplaced(t *testing.T) {
	t.Parallel()
	shop, api, _, g := installed(t, simshop.Options{})
	asked := []string{}
	c := api.Client(domain, func(_ context.Context, refused string) (string, error) {
		asked = append(asked, refused)
		if refused == "" {
			return "shpat_void", nil
		}
		return g.AccessToken, nil
	})
	if _, err := c.Shop(t.Context()); err != nil || asked[0] != "" || asked[1] != "shpat_void" {
		t.Error(err, asked)
	}
	shop.Revoke()
	calls := shop.Stats().Calls
	_, err := c.Shop(t.Context())
	wantCode(t, err, shopify.CodeUnauthorized, false)
	if n := shop.Stats().Calls - calls; n != 2 {
		t.Errorf("asked %d times", n)
	}
}

func TestGrantAnswers(t *testing.T) {
	t.Parallel()
	ok := `{"access_token":"shpat_a","scope":"read_orders","expires_in":3600,"refresh_token":"shprt_b","refresh_token_expires_in":7776000}`
	for name, test := range map[string]struct {
		status int
		body   string
		code   shopify.Code
		retry  bool
	}{
		"no JSON":            {200, "<html>", shopify.CodeShopUnreachable, true},
		"no token":           {200, `{}`, shopify.CodeShopUnreachable, true},
		"a token with lines": {200, strings.Replace(ok, "shpat_a", `a\r\nX: y`, 1), shopify.CodeShopUnreachable, true},
		"no refresh token":   {200, `{"access_token":"a","expires_in":3600}`, shopify.CodeShopUnreachable, true},
		"no end":             {200, `{"access_token":"a","refresh_token":"b"}`, shopify.CodeShopUnreachable, true},
		"less than nothing":  {200, strings.Replace(ok, "3600", "-1", 1), shopify.CodeShopUnreachable, true},
		"for ages":           {200, strings.Replace(ok, "3600", "9223372036854775807", 1), shopify.CodeShopUnreachable, true},
		"refused":            {400, `{"error":"invalid_grant"}`, shopify.CodeUnauthorized, false},
		"our app":            {400, `{"error":"application_cannot_be_found"}`, shopify.CodeInternal, true},
		"busy":               {429, "", shopify.CodeThrottled, true},
		"broken":             {502, "", shopify.CodeShopUnreachable, true},
		"elsewhere":          {302, "", shopify.CodeShopUnreachable, false},
		"frozen":             {402, "", shopify.CodeShopUnreachable, false},
	} {
		api := shopify.New(shopify.Options{Transport: answers(func(r *http.Request) *http.Response {
			return &http.Response{StatusCode: test.status, Header: http.Header{"Location": {"https://evil.example.com"}},
				Body: io.NopCloser(bytes.NewReader([]byte(test.body))), Request: r}
		})})
		_, err := api.Refresh(t.Context(), domain, app, "shprt_secret")
		e := wantCode(t, err, test.code, test.retry)
		if s := e.Error(); strings.Contains(s, "shprt_secret") || strings.Contains(s, app.Secret) {
			t.Errorf("%s: %s", name, s)
		}
	}
}

type answers func(*http.Request) *http.Response

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) { return a(r), nil }
