package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"

	"github.com/shopsight/shopsight/internal/config"
	"github.com/shopsight/shopsight/internal/server"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
)

// simulatedApp is the client id of the app that may be installed on the simulated store.
const simulatedApp = "simulated"

// Simulate runs a simulated Shopify store until ctx ends, and writes to out how to connect to it.
func Simulate(ctx context.Context, cfg config.Simulate, out io.Writer) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	l, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return err
	}
	defer l.Close()
	shop := simshop.New(simshop.Options{Name: cfg.Name, Seed: cfg.Seed, Orders: cfg.Orders, Days: cfg.Days,
		Bucket: simshop.Bucket{Max: 20 * cfg.Points, Restore: cfg.Points}, BulkRate: cfg.Bulk,
		Webhooks: simshop.WebhookOptions{Secret: cfg.Secret}, App: simshop.App{ClientID: simulatedApp, Secret: cfg.Secret}})
	fmt.Fprintf(out, "A simulated store with %d orders, %d customers and %d products answers at http://%s until you press Ctrl-C.\n"+
		"Nothing is kept: before it starts again, disconnect what is connected to it, with deleteData.\n\n",
		len(shop.Orders()), len(shop.Customers()), len(shop.Products()), l.Addr())
	fmt.Fprintf(out, "# Run the service on it:\nSHOPSIGHT_SHOPIFY_URL=http://%s shopsight serve\n\n", l.Addr())
	fmt.Fprintf(out, "# Or run it with an app of its own, to connect by a click in the dashboard at http://127.0.0.1:8080/settings (the store is %s):\n"+
		"SHOPSIGHT_SHOPIFY_URL=http://%s SHOPSIGHT_PUBLIC_URL=http://127.0.0.1:8080 SHOPSIGHT_APP_CLIENT_ID=%s SHOPSIGHT_APP_SECRET=%s shopsight serve\n\n",
		shop.Domain(), l.Addr(), simulatedApp, cfg.Secret)
	fmt.Fprintf(out, "# Connect a tenant to it, with an access token of the service in TOKEN:\n"+
		"curl -s http://127.0.0.1:8080/graphql -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\\n"+
		"  -d '{\"query\":\"mutation { connectStore(input: {shopDomain: \\\"%s\\\", accessToken: \\\"%s\\\", apiSecretKey: \\\"%s\\\"}) { firstSync { id } userErrors { message } } }\"}'\n\n",
		shop.Domain(), shop.Token(), cfg.Secret)
	var life sync.WaitGroup
	ctx, stop := context.WithCancel(ctx)
	defer life.Wait()
	defer stop()
	life.Go(func() { shop.Run(ctx, cfg.Rate) })
	life.Go(func() { shop.RunWebhooks(ctx) })
	return server.Serve(ctx, l, shop, slog.New(slog.DiscardHandler))
}
