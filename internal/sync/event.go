package sync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	entstore "github.com/shopsight/shopsight/ent/store"
	"github.com/shopsight/shopsight/ent/webhookevent"
	"github.com/shopsight/shopsight/internal/failpoint"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/store"
)

// What becomes of events.
const (
	eventRead         = "READ"
	eventDeleted      = "DELETED"
	eventKept         = "KEPT" // the store does not show the record, and would not if it had it
	eventMerged       = "MERGED"
	eventIgnored      = "IGNORED"
	eventUninstalled  = "UNINSTALLED"
	eventFailed       = "FAILED"
	eventDisconnected = "DISCONNECTED"
)

// records reads records of a kind again, and writes them with the events that are done by it.
func (i *inbox) records(ctx context.Context, res resource, ids []int64, told map[int64][]*ent.WebhookEvent) error {
	at := i.Now()
	asking, cancel := i.ask(ctx)
	p, gone, err := byID(asking, i.src, res, ids)
	cancel()
	if err != nil {
		return err
	}
	failpoint.Here(failpoint.InboxRead)
	hidden, err := i.hidden(ctx, res, gone)
	if err != nil {
		return err
	}
	done := map[string][]*ent.WebhookEvent{}
	var later []*ent.WebhookEvent
	for _, id := range p.ids {
		done[eventRead] = append(done[eventRead], told[id]...)
	}
	for _, id := range gone {
		switch {
		case hidden[id]:
			done[eventKept] = append(done[eventKept], told[id]...)
		case !deleted(told[id]) && told[id][0].Attempts+1 < inboxTries:
			// It was told of before it can be read, or was deleted and that is not told of yet.
			later = append(later, told[id]...)
		default:
			done[eventDeleted] = append(done[eventDeleted], told[id]...)
			p.batch.Deletions = append(p.batch.Deletions, ingest.Deletion{Kind: res.records, ShopifyID: id, At: at})
		}
	}
	p.batch.Commit = func(ctx context.Context, q *store.SQL, r ingest.Result) error {
		if err := i.refuse(ctx, q, res.name, p, r.UserErrors); err != nil {
			return err
		}
		if err := forgive(ctx, q, res.name, of(p.batch.Deletions, res.records)); err != nil {
			return err
		}
		for outcome, events := range done {
			if err := i.finished(ctx, q, outcome, events...); err != nil {
				return err
			}
		}
		if err := i.postponed(ctx, q, later); err != nil {
			return err
		}
		return i.hold(ctx, q, len(done) > 0)
	}
	r, err := i.Ingest.Apply(ctx, p.batch)
	if err != nil {
		return err
	}
	failpoint.Here(failpoint.InboxAfter)
	for _, e := range r.UserErrors {
		i.Log.InfoContext(ctx, "sync: a record is refused", "resource", res.name, "field", strings.Join(e.Field, "."), "reason", e.Message)
	}
	return nil
}

// deleted tells whether one of the events is a deletion.
func deleted(events []*ent.WebhookEvent) bool {
	return slices.ContainsFunc(events, func(e *ent.WebhookEvent) bool {
		t := shopify.Topic(e.Topic)
		return t == shopify.OrdersDelete || t == shopify.ProductsDelete || t == shopify.CustomersDelete
	})
}

// hidden returns those of our records that the store may have although it does not show them: what came from elsewhere, and
// old orders without the right to read them.
func (i *inbox) hidden(ctx context.Context, res resource, ids []int64) (map[int64]bool, error) {
	out := map[int64]bool{}
	if len(ids) == 0 {
		return out, nil
	}
	visible, args := "source = 'SHOPIFY'", []any{}
	if res.kind == shopify.Orders && !slices.Contains(i.row.Scopes, "read_all_orders") {
		visible, args = visible+" AND created_at > ?", append(args, i.Now().UTC().Add(-shown))
	}
	err := i.Store.Read(ctx, func(q *store.SQL) error {
		clear(out)
		args := append([]any{q.Tenant()}, args...)
		return q.Each(ctx, func(scan func(...any) error) error {
			var id int64
			err := scan(&id)
			out[id] = true
			return err
		}, "SELECT shopify_id FROM "+res.table+" WHERE tenant_id = ? AND CASE WHEN "+visible+" THEN 0 ELSE 1 END = 1"+res.known()+
			" AND shopify_id IN ("+marks(len(ids))+")", append(args, anys(ids)...)...)
	})
	return out, err
}

// merged gives the orders of customers to those that they were merged into. The store is asked whether it was so: the one is
// there, and the other is not.
func (i *inbox) merged(ctx context.Context, events []*ent.WebhookEvent) error {
	at := i.Now()
	kept := map[int64]int64{}
	var ids []int64
	for _, e := range events {
		last, err := i.survivor(ctx, e.ShopifyID)
		if err != nil {
			return err
		}
		kept[e.MergedID] = last
		ids = append(ids, e.MergedID, last)
	}
	slices.Sort(ids)
	there, gone := map[int64]bool{}, map[int64]bool{}
	var pages []page
	for part := range slices.Chunk(slices.Compact(ids), fetchPage) {
		asking, cancel := i.ask(ctx)
		p, absent, err := byID(asking, i.src, resourceOf("CUSTOMERS"), part)
		cancel()
		if err != nil {
			return err
		}
		pages = append(pages, p)
		for _, id := range p.ids {
			there[id] = true
		}
		for _, id := range absent {
			gone[id] = true
		}
	}
	var merges []ingest.Merge
	done := map[string][]*ent.WebhookEvent{}
	var later []*ent.WebhookEvent
	for _, e := range events {
		switch to := kept[e.MergedID]; {
		case gone[e.MergedID] && there[to]:
			merges = append(merges, ingest.Merge{Gone: e.MergedID, Kept: to, At: at})
			done[eventMerged] = append(done[eventMerged], e)
		case e.Attempts+1 < inboxTries:
			later = append(later, e)
		default:
			done[eventIgnored] = append(done[eventIgnored], e)
		}
	}
	for _, p := range pages { // what is known of the survivors comes first: no order is without its customer
		p.batch.Commit = func(ctx context.Context, q *store.SQL, r ingest.Result) error {
			if err := i.refuse(ctx, q, "CUSTOMERS", p, r.UserErrors); err != nil {
				return err
			}
			return i.hold(ctx, q, false)
		}
		if _, err := i.Ingest.Apply(ctx, p.batch); err != nil {
			return err
		}
	}
	return i.Ingest.MergeCustomers(ctx, merges, func(ctx context.Context, q *store.SQL) error {
		for outcome, events := range done {
			if err := i.finished(ctx, q, outcome, events...); err != nil {
				return err
			}
		}
		if err := i.postponed(ctx, q, later); err != nil {
			return err
		}
		return i.hold(ctx, q, len(done) > 0)
	})
}

// survivor follows the merges that are known: whom a customer was merged into in the end.
func (i *inbox) survivor(ctx context.Context, customer int64) (int64, error) {
	for range 20 { // more, or a circle, is none of a store's
		next, err := i.Store.Client().WebhookEvent.Query().
			Where(webhookevent.MergedID(customer), webhookevent.Topic(string(shopify.CustomersMerge))).
			Order(webhookevent.ByID(sql.OrderDesc())).First(ctx)
		if ent.IsNotFound(err) {
			return customer, nil
		}
		if err != nil {
			return 0, fmt.Errorf("read merges: %w", err)
		}
		customer = next.ShopifyID
	}
	return customer, nil
}

// finished writes what became of events, in a writer's transaction.
func (i *inbox) finished(ctx context.Context, q *store.SQL, outcome string, events ...*ent.WebhookEvent) error {
	if len(events) == 0 {
		return nil
	}
	_, err := q.Exec(ctx, "UPDATE webhook_events SET done_at = ?, outcome = ? WHERE tenant_id = ? AND done_at IS NULL AND id IN ("+
		marks(len(events))+")", append([]any{i.Now().UTC().Truncate(time.Microsecond), outcome, q.Tenant()}, eventIDs(events)...)...)
	return err
}

// postponed lets events wait, each time for longer.
func (i *inbox) postponed(ctx context.Context, q *store.SQL, events []*ent.WebhookEvent) error {
	for _, e := range events {
		due := i.Now().UTC().Add(soon << (2 * min(e.Attempts, inboxTries))).Truncate(time.Microsecond)
		if _, err := q.Exec(ctx, "UPDATE webhook_events SET due_at = ?, attempts = ? WHERE tenant_id = ? AND id = ?",
			due, e.Attempts+1, q.Tenant(), e.ID); err != nil {
			return err
		}
	}
	return nil
}

func eventIDs(events []*ent.WebhookEvent) []any {
	out := make([]any, len(events))
	for n, e := range events {
		out[n] = e.ID
	}
	return out
}

// marks is the list of placeholders for n values.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

func anys(ids []int64) []any {
	out := make([]any, len(ids))
	for n, id := range ids {
		out[n] = id
	}
	return out
}

// aboutShop does events about the store itself, and tells whether there is nothing left to do as it is not connected any
// more. The store is asked how things are: what an event says is older.
func (i *inbox) aboutShop(ctx context.Context, events []*ent.WebhookEvent) (over bool, err error) {
	done := map[string][]*ent.WebhookEvent{}
	asked := false
	var shop shopify.Shop
	var refused bool
	for _, e := range events {
		topic, outcome := shopify.Topic(e.Topic), eventIgnored
		switch topic {
		case shopify.AppUninstalled, shopify.AppScopesUpdate, shopify.ShopUpdate:
		default:
			done[outcome] = append(done[outcome], e)
			continue
		}
		if !asked {
			asked = true
			asking, cancel := i.ask(ctx)
			shop, err = i.src.Shop(asking)
			cancel()
			if e, ok := errors.AsType[*shopify.Error](err); ok && refuses(e) {
				refused = true
			} else if err != nil {
				return false, fmt.Errorf("ask the store: %w", err)
			}
		}
		switch {
		case topic == shopify.AppUninstalled && refused && (e.TriggeredAt == nil || !e.TriggeredAt.Before(i.row.ConnectedAt)):
			i.Log.InfoContext(ctx, "sync: the app was uninstalled", "shop", i.row.ShopDomain)
			return true, i.leave(ctx, i.row, eventUninstalled)
		case topic == shopify.AppUninstalled: // it is installed again, or never was away
		case refused:
			return false, err
		default:
			if outcome, err = i.adopt(ctx, shop, topic == shopify.ShopUpdate); err != nil {
				return false, err
			}
		}
		done[outcome] = append(done[outcome], e)
	}
	err = i.Store.Commerce(ctx, func(q *store.SQL) error {
		for outcome, events := range done {
			if err := i.finished(ctx, q, outcome, events...); err != nil {
				return err
			}
		}
		return i.hold(ctx, q, true)
	})
	if err == nil && refused {
		err = &shopify.Error{Code: shopify.CodeUnauthorized, Message: "The store refuses our token."}
	}
	return false, err
}

// adopt takes over what a store says of itself now. One that the app may not read any more waits for a new token; a currency
// that does not go with the records that are there stays as it was, and runs say so of every order.
func (i *inbox) adopt(ctx context.Context, shop shopify.Shop, moved bool) (outcome string, err error) {
	missing := lacking(shop.Scopes)
	err = i.Store.Tx(ctx, func(tx *ent.Client) error {
		u := tx.Store.Update().Where(entstore.ID(i.row.ID), entstore.Status(Connected), entstore.ConnectedAt(i.row.ConnectedAt)).
			SetName(shop.Name).SetScopes(shop.Scopes)
		if len(missing) > 0 {
			u.SetStatus(NeedsReauth).ClearNextSyncAt().SetWebhookProblem(mayNot(missing))
		}
		return u.Exec(ctx)
	})
	if err != nil {
		return "", fmt.Errorf("keep what the store says of itself: %w", err)
	}
	i.Changed(i.row.TenantID, 0)
	if !moved || len(missing) > 0 {
		return eventRead, nil
	}
	problems, err := i.Adopt(ctx, shop.CurrencyCode, shop.Timezone)
	if err != nil {
		return "", fmt.Errorf("take over currency and timezone: %w", err)
	}
	if len(problems) > 0 {
		i.Log.WarnContext(ctx, "sync: the store's currency or timezone cannot be taken over", "shop", i.row.ShopDomain,
			"currency", shop.CurrencyCode, "timezone", shop.Timezone, "reason", problems[0].Message)
		return eventIgnored, nil
	}
	return eventRead, nil
}

// lacking returns the scopes that an app needs and does not have.
func lacking(scopes []string) (missing []string) {
	for _, scope := range needed {
		if !slices.Contains(scopes, scope) {
			missing = append(missing, scope)
		}
	}
	return missing
}

func mayNot(missing []string) string {
	return fmt.Sprintf("The app may not %s any more: grant it in the store's admin, and connect the store again.", strings.Join(missing, ", "))
}
