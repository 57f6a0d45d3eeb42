package app

import (
	"context"
	"net"
	"net/http"
	"net/url"

	"github.com/shopsight/shopsight/graph"
	"github.com/shopsight/shopsight/internal/commerce"
	"github.com/shopsight/shopsight/internal/outbound"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/viewer"
)

// picture returns where the picture of a record is that the viewer may see: of a product, or the logo of the opened tenant.
func (a *App) picture(reader *commerce.Reader) func(ctx context.Context, id string) (string, error) {
	return func(ctx context.Context, id string) (string, error) {
		v := viewer.FromContext(ctx)
		if v == nil {
			return "", nil
		}
		var address *string
		switch kind, row, _ := graph.DecodeID(id); {
		case kind == graph.KindProduct && v.Can(viewer.ReadProducts):
			found, err := reader.ProductsByID(ctx, []int64{row})
			if err != nil {
				return "", err
			}
			if p := found[row]; p != nil {
				address = p.ImageURL
			}
		case kind == graph.KindTenant && row == v.TenantID:
			t, err := a.Account.Tenant(ctx)
			if err != nil {
				return "", err
			}
			address = t.LogoURL
		}
		if address == nil {
			return "", nil
		}
		return *address, nil
	}
}

// pictureTransport returns what fetches pictures. What answers instead of stores, an operator's setting or a part of a
// test, also has the pictures of their hosts.
func pictureTransport(shopifyURL string, stores http.RoundTripper) http.RoundTripper {
	rest := outbound.Transport(net.DefaultResolver)
	if stores == nil && shopifyURL == "" {
		return rest
	}
	if stores == nil {
		open := outbound.OpenTransport()
		stores = roundTrip(func(r *http.Request) (*http.Response, error) {
			to, err := url.Parse(shopifyURL)
			if err != nil {
				return nil, err
			}
			there := r.Clone(r.Context())
			there.URL.Scheme, there.URL.Host, there.Host = to.Scheme, to.Host, to.Host
			return open.RoundTrip(there)
		})
	}
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		if _, err := shopify.ParseDomain(r.URL.Host); err == nil {
			return stores.RoundTrip(r)
		}
		return rest.RoundTrip(r)
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
