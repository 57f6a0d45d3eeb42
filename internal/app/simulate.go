package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"

	"github.com/shopsight/shopsight/internal/config"
	"github.com/shopsight/shopsight/internal/server"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
)

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
		Bucket: simshop.Bucket{Max: 20 * cfg.Points, Restore: cfg.Points}, BulkRate: cfg.Bulk})
	fmt.Fprintf(out, "A simulated store with %d orders, %d customers and %d products answers at http://%s until you press Ctrl-C.\n"+
		"Nothing is kept: before it starts again, disconnect what is connected to it, with deleteData.\n\n",
		len(shop.Orders()), len(shop.Customers()), len(shop.Products()), l.Addr())
	fmt.Fprintf(out, "# Run the service on it:\nSHOPSIGHT_SHOPIFY_URL=http://%s shopsight serve\n\n", l.Addr())
	fmt.Fprintf(out, "# Connect a tenant to it, with an access token of the service in TOKEN:\n"+
		"curl -s http://127.0.0.1:8080/graphql -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\\n"+
		"  -d '{\"query\":\"mutation { connectStore(input: {shopDomain: \\\"%s\\\", accessToken: \\\"%s\\\"}) { firstSync { id } userErrors { message } } }\"}'\n\n",
		shop.Domain(), shop.Token())
	go shop.Run(ctx, cfg.Rate)
	return server.Serve(ctx, l, shop, slog.New(slog.DiscardHandler))
}
