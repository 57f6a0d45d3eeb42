package apitest_test

import (
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit/api"
	"github.com/shopsight/shopsight/internal/viewer"
)

const (
	webhookState   = `{ tenant { store { status webhooks webhookProblem lastWebhookAt } } }`
	repairWebhooks = `mutation { repairWebhooks { store { webhooks webhookProblem } userErrors { field code message } } }`
)

// eventually waits until something is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !so(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it does not come about that %s", what)
		}
	}
}

// A store tells of its changes once its secret is known; what keeps it from that is said, and repaired.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.Service = api.Start(t, w.url, api.Options{Now: w.time, Observe: w.observe, Log: &w.log, Shopify: &w.shops,
			PublicURL: "https://shopsight.example.com"})
		p := w.signUp(nil)
		got := ask(t, p.Client, repairWebhooks)
		if text(got, "repairWebhooks.userErrors.0.code") != "NOT_FOUND" || at(got, "repairWebhooks.store") != nil {
			t.Errorf("without a store: %v", got)
		}
		const secret = "shpss_of_the_custom_app"
		shop, _ := w.simulate(t, p, simshop.Options{Orders: 40, Seed: 5,
			Webhooks: simshop.WebhookOptions{Secret: secret, Transport: simshop.Into(w.Handler)}})
		state := func() (webhooks, problem string) {
			got := ask(t, p.Client, webhookState)
			return text(got, "tenant.store.webhooks"), text(got, "tenant.store.webhookProblem")
		}
		w.working(t)
		w.finished(t, p)
		eventually(t, "it is known that nothing comes", func() bool { s, _ := state(); return s == "NOT_AVAILABLE" })
		if _, problem := state(); problem == "" {
			t.Error("nobody says why")
		}
		got = ask(t, p.Client, repairWebhooks)
		if text(got, "repairWebhooks.userErrors.0.code") != "CONFLICT" || text(got, "repairWebhooks.userErrors.0.message") == "" ||
			text(got, "repairWebhooks.store.webhooks") != "NOT_AVAILABLE" {
			t.Errorf("without the secret: %v", got)
		}

		ask(t, p.Client, connectStore, object{"in": object{"shopDomain": shop.Domain(), "accessToken": shop.Token(), "apiSecretKey": secret}})
		w.finished(t, p)
		eventually(t, "the store tells of its changes", func() bool { s, _ := state(); return s == "ACTIVE" })
		if got := ask(t, p.Client, webhookState); at(got, "tenant.store.webhookProblem") != nil || at(got, "tenant.store.lastWebhookAt") != nil {
			t.Errorf("before the first one: %v", got)
		}
		const orders = `{ overview(range: {preset: ALL_TIME}) { orders { value } } }`
		before := ask(t, p.Client, orders)
		w.pass(time.Second)
		sold := shop.Sell()
		shop.Deliver(t.Context())
		eventually(t, "the overview has the order", func() bool {
			return text(ask(t, p.Client, orders), "overview.orders.value") != text(before, "overview.orders.value")
		})
		if got := ask(t, p.Client, webhookState); text(got, "tenant.store.lastWebhookAt") != w.time().Format(time.RFC3339) {
			t.Errorf("after order %d: %v", sold.ID, got)
		}
		w.verify(t, p)

		// Whoever may not change data repairs nothing.
		analyst := w.join(p, viewer.Analyst)
		if r := analyst.Do(repairWebhooks, nil); len(r.Errors) != 1 || r.Errors[0].Code() != "FORBIDDEN" {
			t.Errorf("an analyst: %s", r.Body)
		}
		got = ask(t, p.Client, repairWebhooks)
		if at(got, "repairWebhooks.userErrors.0") != nil || text(got, "repairWebhooks.store.webhooks") != "ACTIVE" {
			t.Errorf("where nothing is wrong: %v", got)
		}
	})
}
