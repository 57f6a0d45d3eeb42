package ingest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/testkit"
)

// A country is checked here for every door: files and pages have no scalar of GraphQL before them.
func TestCountries(t *testing.T) {
	t.Parallel()
	s := testkit.SQLite(t)
	ctx, _ := testkit.Tenants(t, s)
	svc := ingest.New(s, clock)
	batch := ingest.Batch{Source: ingest.SourceFile}
	var want []string
	for i, c := range []struct {
		code    string
		refused bool
	}{{"DE", false}, {"", false}, {"XK", false}, {"PR", false}, {"QQ", true}, {"UK", true}, {"ZZ", true}, {"de", true}, {"DEU", true}, {"\xff\xff", true}} {
		batch.Customers = append(batch.Customers, ingest.CustomerInput{ShopifyID: fmt.Sprint(1 + i), Country: &c.code})
		batch.Orders = append(batch.Orders, order(1+i, "2026-11-01T10:00:00Z", func(o *ingest.OrderInput) { o.ShippingCountry = &c.code }))
		if c.refused {
			want = append(want, fmt.Sprintf("customers.%d.country INVALID", i), fmt.Sprintf("orders.%d.shippingCountry INVALID", i))
		}
	}
	res, err := svc.Apply(ctx, batch)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range res.UserErrors {
		got = append(got, strings.Join(e.Field, ".")+" "+string(e.Code))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || res.Rejected != len(want) || res.Created != 2*len(batch.Orders)-len(want) {
		t.Errorf("refused %v, want %v; %+v", got, want, res)
	}
}
