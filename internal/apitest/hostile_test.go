package apitest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/shopsight/shopsight/internal/config"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/testkit/api"
)

// nowhere counts the requests that go out.
type nowhere struct{ asked atomic.Int64 }

func (n *nowhere) RoundTrip(*http.Request) (*http.Response, error) {
	n.asked.Add(1)
	return nil, errors.New("nobody is here")
}

// A name that is no store's is refused at every door, also where Shopify itself seems to have signed it: no request goes out,
// nobody is sent there, and nothing is kept.
func TestHostileShopNames(t *testing.T) {
	t.Parallel()
	const secret = "shpss_hush"
	testkit.EachURL(t, func(t *testing.T, databaseURL string) {
		out := &nowhere{}
		s := api.Start(t, databaseURL, api.Options{Shopify: out, PublicURL: "https://shopsight.example.com",
			App: config.App{ClientID: "our-app", Secret: secret, Scopes: "read_products,read_customers,read_orders"}})
		owner := s.SignUp("USD", "UTC", "MONDAY")
		mac := func(text string) []byte {
			m := hmac.New(sha256.New, []byte(secret))
			m.Write([]byte(text))
			return m.Sum(nil)
		}
		visit := func(path string, q url.Values) string {
			q.Set("timestamp", strconv.FormatInt(s.Sync.Now().Unix(), 10))
			q.Set("hmac", hex.EncodeToString(mac(strings.ReplaceAll(q.Encode(), "+", "%20"))))
			r := httptest.NewRequest(http.MethodGet, path+"?"+q.Encode(), nil)
			w := httptest.NewRecorder()
			s.Handler.ServeHTTP(w, r)
			return w.Header().Get("Location")
		}
		if len(testkit.HostileShops) < 60 {
			t.Errorf("%d names", len(testkit.HostileShops))
		}
		if to := visit("/auth/shopify", url.Values{"shop": {"tea.myshopify.com"}}); to != "/settings?connect=tea.myshopify.com" {
			t.Fatalf("a store's name is signed wrongly, so that the others prove nothing: %q", to)
		}
		for n, name := range testkit.HostileShops {
			for _, input := range []map[string]any{{"shopDomain": name}, {"shopDomain": name, "accessToken": "shpat_x", "apiSecretKey": "shpss_x"}} {
				answer := owner.Do(`mutation($in: ConnectStoreInput!) { connectStore(input: $in) { authorizeUrl store { name } userErrors { field } } }`,
					map[string]any{"in": input})
				text := string(answer.Body)
				refused := strings.Contains(text, `"field":["input","shopDomain"]`) && strings.Contains(text, `"authorizeUrl":null`) &&
					strings.Contains(text, `"store":null`)
				if !refused && !(strings.ContainsRune(name, 0) && answer.Errors[0].Code() == "BAD_USER_INPUT") {
					t.Errorf("connectStore, %.100q: %.300s", name, text)
				}
			}
			if n%10 == 3 { // it takes as long as a password should
				answer := s.Anonymous().Do(`mutation($in: SignupInput!) { signup(input: $in) { accessToken userErrors { field } } }`, map[string]any{"in": map[string]any{
					"email": fmt.Sprintf("hostile%d@example.com", n), "password": "correct horse battery staple", "tenantName": "Tea", "shopDomain": name, "accessToken": "shpat_x"}})
				if text := string(answer.Body); !strings.Contains(text, `"field":["input","shopDomain"]`) { // the account is there all the same
					t.Errorf("signup, %.100q: %.300s", name, text)
				}
			}
			for path, q := range map[string]url.Values{
				"/auth/shopify":          {"shop": {name}},
				"/auth/shopify/callback": {"shop": {name}, "code": {"c"}, "state": {"s"}},
			} {
				if to := visit(path, q); to != "/settings?connect_error=INVALID" {
					t.Errorf("%s, %.100q leads to %q", path, name, to)
				}
			}
			body := `{"id":1,"admin_graphql_api_id":"gid://shopify/Order/1","updated_at":"2026-11-24T00:00:00Z"}`
			r := httptest.NewRequest(http.MethodPost, "/webhooks/shopify", strings.NewReader(body))
			for key, value := range map[string]string{"Topic": "orders/create", "Shop-Domain": name, "Webhook-Id": "w", "Event-Id": "e",
				"Hmac-Sha256": base64.StdEncoding.EncodeToString(mac(body))} {
				r.Header.Set("X-Shopify-"+key, value)
			}
			w := httptest.NewRecorder()
			if s.Handler.ServeHTTP(w, r); w.Code != http.StatusUnauthorized {
				t.Errorf("a webhook of %.100q: %d", name, w.Code)
			}
		}
		if n := out.asked.Load(); n > 0 {
			t.Errorf("%d requests went out", n)
		}
		var seen struct {
			Tenant struct{ Store *struct{ Name string } }
		}
		if owner.Must("{ tenant { store { name } } }", nil, &seen); seen.Tenant.Store != nil {
			t.Errorf("%+v", seen.Tenant.Store)
		}
	})
}
