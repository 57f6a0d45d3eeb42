package sync_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/testkit"
)

// Whatever is wrong with the answers in the middle of a run ends it aloud: the pages before stay, the cursor stays, and the
// next run brings everything.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		wrong     func(w *world)
		code      string
		message   string
		retryable bool
	}{
		{"search warning", always(simshop.Faults{Warning: true}), "INCOMPLETE", "did not understand a filter", false},
		{"another version", always(simshop.Faults{Version: "2026-07"}), "INCOMPLETE", "another version of its API", false},
		{"cut lists of lines", always(simshop.Faults{Cut: 1}), "INCOMPLETE", "did not tell all of an order", false},
		{"cut off", always(simshop.Faults{Truncated: 1}), "SHOP_UNREACHABLE", "did not answer", true},
		{"malformed", always(simshop.Faults{Malformed: 1}), "INVALID_DATA", "cut off or garbled", true},
		{"server error", always(simshop.Faults{ServerError: 1}), "SHOP_UNREACHABLE", "failed to answer", true},
		{"internal error", always(simshop.Faults{Internal: 1}), "SHOP_UNREACHABLE", "failed to answer", true},
		{"throttled", always(simshop.Faults{Throttled: 1}), "THROTTLED", "lets nothing through", true},
		{"too many calls", always(simshop.Faults{TooMany: 1}), "THROTTLED", "lets nothing through", true},
		{"missing scope", func(w *world) { w.shop.SetScopes("read_products", "read_customers") }, "SCOPE_MISSING", "read_orders", false},
		{"page without records", func(w *world) { w.damage(inPages(func(o map[string]any) { o["nodes"] = nil })) }, "INVALID_DATA", "garbled", true},
		{"page that does not say whether there are more", func(w *world) {
			w.damage(inPages(func(o map[string]any) { delete(o["pageInfo"].(map[string]any), "hasNextPage") }))
		}, "INVALID_DATA", "garbled", true},
		{"page that leads back", func(w *world) {
			w.damage(inPages(func(o map[string]any) { o["pageInfo"].(map[string]any)["endCursor"] = "" }))
		}, "INVALID_DATA", "garbled", true},
		{"a fault of ours", nil, "INTERNAL", "on our side", true},
		{"a panic of ours", nil, "INTERNAL", "on our side", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, s *store.Store) {
				w := newWorld(t, s, options{shop: simshop.Options{Orders: 60}, pageSize: 15})
				w.synced()
				if err := w.shop.Touch(simshop.KindOrder); err != nil {
					t.Fatal(err)
				}
				w.shop.Change(15)
				w.clock.pass(time.Minute)

				pages := 0
				var at map[string]string
				w.meet(func(_ context.Context, call string) error {
					if call != "Orders" {
						return nil
					}
					if pages++; pages == 3 {
						at = w.cursors()
						if c.wrong != nil {
							c.wrong(w)
						}
					}
					switch {
					case pages < 3 || c.wrong != nil:
						return nil
					case strings.Contains(c.name, "panic"):
						panic("a bug")
					}
					return errors.New("a bug")
				})
				run := w.sync(sync.Incremental)
				if run.Status != sync.Failed || run.Error == nil || run.Error.Code != c.code || run.Error.Retryable != c.retryable ||
					!strings.Contains(run.Error.Message, c.message) {
					t.Fatalf("%s %+v\n%s", run.Status, run.Error, w.log)
				}
				if run.Attempts > 1 != c.retryable {
					t.Errorf("tried %d times", run.Attempts)
				}
				if got := w.cursors(); !maps.Equal(got, at) {
					t.Errorf("the cursors were %v and are %v", at, got)
				}
				if got := run.Progress[2].Fetched; got != 30 {
					t.Errorf("%d orders are counted, of two pages", got)
				}
				w.shop.SetFaults(simshop.Faults{})
				w.shop.SetScopes("read_products", "read_customers", "read_orders", "read_all_orders")
				w.damage(nil)
				w.meet(nil)
				w.good(w.sync(sync.Incremental))
				w.equal()
			})
		})
	}
}

func always(f simshop.Faults) func(*world) { return func(w *world) { w.shop.SetFaults(f) } }

// inPages changes the list of a page of orders that says there are more.
func inPages(change func(list map[string]any)) func(string, []byte) []byte {
	return func(operation string, body []byte) []byte {
		var answer struct {
			Data       map[string]map[string]any `json:"data"`
			Extensions any                       `json:"extensions"`
		}
		if operation != "ordersPage" || json.Unmarshal(body, &answer) != nil {
			return body
		}
		list := answer.Data["orders"]
		if info, ok := list["pageInfo"].(map[string]any); !ok || info["hasNextPage"] != true {
			return body
		}
		change(list)
		body, _ = json.Marshal(answer)
		return body
	}
}

// A page that lacks a record, and does not say so, is found out by the proof, which brings what is missing.
func TestLostRecords(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 120}, pageSize: 20})
		w.clock.pass(time.Minute)
		w.damage(inPages(func(o map[string]any) { o["nodes"] = o["nodes"].([]any)[3:] }))
		first := w.connect()
		w.working()
		run := w.ended(first.ID)
		w.good(run)
		w.equal()
		if w.shop.Stats().Operations["orderIDs"] < 2 {
			t.Error("nothing was compared")
		}
	})
}

// Fields that a store keeps to itself are empty, and everything else comes.
func TestDeniedFields(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 60}})
		w.shop.SetFaults(simshop.Faults{Denied: simshop.Protected()})
		w.synced()
		const named = "SELECT COUNT(*) FROM customers WHERE tenant_id = ? AND (first_name IS NOT NULL OR last_name IS NOT NULL OR email IS NOT NULL OR phone IS NOT NULL)"
		if n := w.number(named); n != 0 {
			t.Errorf("%d customers have names", n)
		}
		if n := w.number("SELECT COUNT(*) FROM customers WHERE tenant_id = ? AND city IS NOT NULL AND known = TRUE"); n == 0 {
			t.Error("no customer has a city")
		}
		if n := w.number("SELECT COUNT(*) FROM orders WHERE tenant_id = ?"); n != len(w.shop.Orders()) {
			t.Errorf("%d orders", n)
		}
		if !strings.Contains(w.log.String(), "customer.firstName") {
			t.Errorf("the log does not tell:\n%s", w.log)
		}
		// Once it is approved, a full run brings the names.
		w.shop.SetFaults(simshop.Faults{})
		w.good(w.sync(sync.Full))
		w.equal()
	})
}

// A token that counts no longer stops everything until there is another.
func TestUnauthorized(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 120}, pageSize: 20})
		w.synced()
		w.shop.Change(30)
		if err := w.shop.Touch(simshop.KindOrder); err != nil {
			t.Fatal(err)
		}
		w.clock.pass(time.Minute)
		pages := 0
		w.meet(func(_ context.Context, call string) error {
			if pages++; pages == 5 {
				w.shop.SetToken("shpat_another")
			}
			return nil
		})
		run := w.sync(sync.Incremental)
		if run.Status != sync.Failed || run.Error.Code != "UNAUTHORIZED" || run.Error.Retryable || run.Attempts != 1 ||
			!strings.Contains(run.Error.Message, "connect the store again") {
			t.Fatalf("%+v %+v", run, run.Error)
		}
		at, err := w.svc.Current(w.ctx)
		if err != nil || at.Status != sync.NeedsReauth || at.NextSyncAt != nil {
			t.Errorf("%+v, %v", at, err)
		}
		w.every(5)
		if p, err := w.svc.Start(w.ctx, sync.StartInput{Resources: []string{"ORDERS"}, Mode: sync.Full}); err != nil || p.Run != nil ||
			len(p.UserErrors) != 1 || !strings.Contains(p.UserErrors[0].Message, "connect it again") {
			t.Errorf("%+v, %v", p, err)
		}
		w.meet(nil)
		w.clock.pass(24 * time.Hour)
		w.svc.Nudge()
		again, err := w.svc.Latest(w.ctx)
		if err != nil || again.ID != run.ID {
			t.Errorf("there is a run more: %+v, %v", again, err)
		}

		next := w.connect()
		if next.Mode != sync.Incremental {
			t.Errorf("it reads all again: %s", next.Mode)
		}
		w.good(w.ended(next.ID))
		w.equal()
		if at, err = w.svc.Current(w.ctx); err != nil || at.Status != sync.Connected || !slices.Contains(at.Scopes, "read_all_orders") {
			t.Errorf("%+v, %v", at, err)
		}
	})
}

// A new token takes over from the old one in the middle of a run.
func TestNewToken(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 120}, pageSize: 20})
		w.clock.pass(time.Minute)
		first := w.connect()
		reached, goOn := make(chan struct{}), make(chan struct{})
		pages := 0
		w.meet(func(context.Context, string) error {
			if pages++; pages == 6 {
				close(reached)
				<-goOn
			}
			return nil
		})
		w.working()
		<-reached
		w.shop.SetToken("shpat_another")
		if again := w.connect(); again.ID != first.ID {
			t.Error("another run is made")
		}
		close(goOn)
		w.good(w.ended(first.ID))
		w.equal()
		if at, err := w.svc.Current(w.ctx); err != nil || at.Status != sync.Connected {
			t.Errorf("%+v, %v", at, err)
		}
	})
}
