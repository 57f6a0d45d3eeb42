package apitest_test

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/testkit/api"
	"github.com/shopsight/shopsight/internal/testkit/natsserver"
)

// Whoever listens to one replica hears what is written through another, and how far the syncs are that another does.
func TestReplicas(t *testing.T) {
	t.Parallel()
	w := &world{t: t, unscoped: map[string]string{}}
	w.now.Store(noon.UnixMicro())
	nats, url := natsserver.New(t), testkit.MySQLURL(t)
	defer func() {
		if t.Failed() {
			t.Log(w.log.String())
		}
	}()
	o := api.Options{Now: w.time, Observe: w.observe, Log: &w.log, Shopify: &w.shops, NATS: nats.URL(), Data: t.TempDir()}
	w.Service = api.Start(t, url, o)
	other := httptest.NewServer(api.Start(t, url, o).Handler)
	t.Cleanup(other.Close)

	p, stranger := w.signUp(nil), w.signUp(nil)
	heard, own := events(t, other.URL, p.Token, changes), events(t, w.listen(t), p.Token, changes)
	awake(t, p, heard, 1)
	send(t, p, ingestOrders, object{"shopifyId": "1", "name": "#1", "processedAt": "2026-11-20T09:30:00Z",
		"items": []any{object{"shopifyId": "1", "title": "Tea", "quantity": 1, "unitPrice": "9.95"}}})
	for l, name := range map[*listener]string{heard: "the other replica", own: "the same replica"} {
		for { // until the products that awake has sent are over
			a := l.hear()
			if text(a, "dataChanged.kind") == "ORDERS" {
				if got := text(a, "dataChanged.order.name"); got != "#1" {
					t.Errorf("%s tells of order %s", name, got)
				}
				break
			}
		}
	}

	_, run := w.simulate(t, p, simshop.Options{Orders: 40, CurrencyCode: "EUR"})
	progress := events(t, other.URL, p.Token, fmt.Sprintf(`subscription { syncProgress(runId: %q) { status } }`, run))
	if first := text(progress.hear(), "syncProgress.status"); first != "QUEUED" {
		t.Errorf("the first answer says %s", first)
	}
	w.working(t)
	for last := ""; last != "SUCCEEDED"; last = text(progress.hear(), "syncProgress.status") {
		if last == "FAILED" {
			t.Fatal("the sync has failed")
		}
	}

	// What was told while there was no connection is made up for.
	heard, strangers := events(t, other.URL, p.Token, changes), events(t, other.URL, stranger.Token, changes)
	nats.Stop()
	send(t, p, ingestProducts, object{"shopifyId": "9", "title": "Told to nobody"})
	nats.Start()
	for text(heard.hear(), "dataChanged.kind") != "ALL" {
	}
	for n := 0; ; n++ { // each is heard of, even if it falls into the outage
		send(t, stranger, ingestCustomers, object{"shopifyId": "9", "firstName": fmt.Sprint("Visitor ", n)})
		if text(strangers.hear(), "dataChanged.kind") == "CUSTOMERS" {
			break
		}
	}
}
