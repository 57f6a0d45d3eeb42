package apitest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/config"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/testkit/api"
)

// A person connects a store by clicks: from the dashboard to the store's page, and back.
func TestConnectByOAuth(t *testing.T) {
	t.Parallel()
	testkit.EachURL(t, func(t *testing.T, databaseURL string) {
		shop := simshop.New(simshop.Options{Domain: "tea.myshopify.com", Orders: 5, CurrencyCode: "EUR",
			App: simshop.App{ClientID: "our-app", Secret: "shpss_hush"}})
		const origin = "https://shopsight.example.com"
		s := api.Start(t, databaseURL, api.Options{Shopify: shop, PublicURL: origin,
			App: config.App{ClientID: "our-app", Secret: "shpss_hush", Scopes: "read_products,read_customers,read_orders"}})
		owner := s.SignUp("USD", "UTC", "MONDAY")
		var begun struct {
			StoreConnections []string
		}
		owner.Must("{ storeConnections }", nil, &begun)
		if strings.Join(begun.StoreConnections, " ") != "CUSTOM_APP OAUTH" {
			t.Error(begun)
		}
		var asked struct {
			ConnectStore struct {
				AuthorizeURL *string
				Store        *struct{ Name string }
				UserErrors   []struct{ Message string }
			}
		}
		const connect = `mutation { connectStore(input: {shopDomain: "tea.myshopify.com"}) { authorizeUrl store { name } userErrors { message } } }`
		owner.Must(connect, nil, &asked)
		if p := asked.ConnectStore; p.AuthorizeURL == nil || p.Store != nil || len(p.UserErrors) > 0 {
			t.Fatalf("%+v", p)
		}
		visit := func(address string, cookies []*http.Cookie) *http.Response {
			r := httptest.NewRequest(http.MethodGet, address, nil)
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			for _, c := range cookies {
				r.AddCookie(c)
			}
			w := httptest.NewRecorder()
			s.Handler.ServeHTTP(w, r)
			return w.Result()
		}
		left := visit(*asked.ConnectStore.AuthorizeURL, nil)
		page := left.Header.Get("Location")
		if !strings.HasPrefix(page, "https://tea.myshopify.com/admin/oauth/authorize?") || strings.Contains(page, "hush") {
			t.Fatal(left.StatusCode, page)
		}
		back, err := shop.Grant(page)
		if err != nil || !strings.HasPrefix(back, origin+"/auth/shopify/callback?") {
			t.Fatal(back, err)
		}
		if r := visit(back, nil); r.Header.Get("Location") != "/settings?connect_error=INVALID" {
			t.Error("another browser:", r.Header.Get("Location"))
		}
		if r := visit(back, left.Cookies()); r.Header.Get("Location") != "/settings?connected=1" {
			t.Error(r.Header.Get("Location"))
		}
		if r := visit(back, left.Cookies()); r.Header.Get("Location") != "/settings?connect_error=INVALID" {
			t.Error("once more:", r.Header.Get("Location"))
		}
		var seen struct {
			Tenant struct {
				CurrencyCode string
				Store        struct {
					Status, Connection string
					Scopes             []string
				}
			}
			SyncRuns struct{ TotalCount int }
		}
		owner.Must("{ tenant { currencyCode store { status connection scopes } } syncRuns { totalCount } }", nil, &seen)
		if st := seen.Tenant.Store; st.Status != "CONNECTED" || st.Connection != "OAUTH" || len(st.Scopes) != 3 ||
			seen.Tenant.CurrencyCode != "EUR" || seen.SyncRuns.TotalCount != 1 {
			t.Errorf("%+v", seen)
		}
	})
}
