package apitest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/graph"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/viewer"
)

// A picture is served to those who may see its record; to everybody else it is as if there were no such record.
func TestMedia(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		shop := simshop.New(simshop.Options{Domain: "pictures.myshopify.com", Now: w.time})
		w.shops.Store(shop.Domain(), shop)
		const picture = "https://pictures.myshopify.com/cdn/shop/files/tea.png"
		owner, other := w.signUp(nil), w.signUp(nil)
		ids := func(p *person, logo string) (product, bare, tenant string) {
			send(t, p, ingestProducts, object{"shopifyId": "1", "title": "Tea", "imageUrl": picture}, object{"shopifyId": "2", "title": "Pot"})
			got := ask(t, p.Client, `{ products(first: 2) { nodes { id title } } tenant { id } }`, nil)
			for _, n := range list(got, "products.nodes") {
				if text(n, "title") == "Tea" {
					product = text(n, "id")
				} else {
					bare = text(n, "id")
				}
			}
			if logo != "" {
				ask(t, p.Client, `mutation($in: UpdateTenantInput!) { updateTenant(input: $in) { userErrors { message } } }`, object{"in": object{"logoUrl": logo}})
			}
			return product, bare, text(got, "tenant.id")
		}
		product, bare, tenant := ids(owner, picture)
		theirs, _, theirTenant := ids(other, picture)
		order := graph.EncodeID(graph.KindOrder, row(t, product))

		get := func(token, path string) *httptest.ResponseRecorder {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
			if token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			}
			rec := httptest.NewRecorder()
			w.Handler.ServeHTTP(rec, r)
			return rec
		}
		for _, p := range []*person{owner, w.join(owner, viewer.Viewing)} {
			for _, id := range []string{product, tenant} {
				if a := get(p.Token, "/media/"+id+"?v=1"); a.Code != 200 || a.Header().Get("Content-Type") != "image/png" ||
					a.Header().Get("Cache-Control") != "private, max-age=86400" || a.Header().Get("Content-Security-Policy") != "default-src 'none'; sandbox" {
					t.Errorf("%s: %d %v", id, a.Code, a.Header())
				}
			}
		}
		for name, c := range map[string]struct{ token, id string }{
			"nobody": {"", product}, "nobody's logo": {"", tenant}, "without a picture": {owner.Token, bare},
			"another tenant's product": {owner.Token, theirs}, "another tenant's logo": {owner.Token, theirTenant},
			"an order": {owner.Token, order}, "no such product": {owner.Token, graph.EncodeID(graph.KindProduct, 4711)},
			"no id": {owner.Token, "tea.png"}, "an address": {owner.Token, strings.ReplaceAll(picture, "/", "%2F")},
			"a role without scopes": {w.join(owner, "NOBODY").Token, product},
		} {
			if a := get(c.token, "/media/"+c.id); a.Code != 404 || a.Body.String() != "not found\n" {
				t.Errorf("%s: %d %s", name, a.Code, a.Body)
			}
		}
		if a := get("nonsense", "/media/"+product); a.Code != 401 {
			t.Errorf("a bad token: %d", a.Code)
		}
		for _, method := range []string{http.MethodPost, http.MethodDelete} {
			rec := httptest.NewRecorder()
			w.Handler.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), method, "/media/"+product, nil))
			if rec.Code != 405 {
				t.Errorf("%s: %d", method, rec.Code)
			}
		}
	})
}
