package sync

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/predicate"
	entstore "github.com/shopsight/shopsight/ent/store"
	"github.com/shopsight/shopsight/ent/webhookevent"
	"github.com/shopsight/shopsight/internal/failpoint"
	"github.com/shopsight/shopsight/internal/queue"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/viewer"
)

// What a store tells of is a hint: the records that events name are read again by their numbers, many at a time, and written
// as a run writes them, with the events that are done by it. A worker takes a store's events up for some time and under a
// number, as it does a run, so that those of one store are worked on by one. No cursor moves: what is never told of, the next
// run brings.

const (
	// inboxes is the lane of stores that have told of something, with its slots in a process.
	inboxes    = "webhooks"
	inboxSlots = 4
	// inboxTurn is how many events are taken at a time. Then others have their turn.
	inboxTurn = 250
	// inboxTries is how often an event is tried that names a record which the store does not have, or that lets the work end
	// when it is alone.
	inboxTries = 4
)

// inbox is what a store has told of, taken by this worker.
type inbox struct {
	*Service
	row     *ent.Store
	fence   int64
	strikes int
	src     Source
	cred    *credential
	cancel  context.CancelCauseFunc
}

// claimInbox takes a store's events: nil when there are none, or somebody else has them.
func (s *Service) claimInbox(ctx context.Context, woken queue.Job) (func(context.Context), error) {
	ctx = viewer.NewContext(ctx, viewer.Tenant(woken.Tenant))
	waits, err := s.eventsWait(ctx)
	if err != nil || !waits {
		return nil, err
	}
	row, err := s.row(ctx)
	if err != nil || row == nil || row.ID != woken.ID || row.Status != Connected {
		return nil, err
	}
	now := s.Now().UTC().Truncate(time.Microsecond)
	taken := false
	err = s.Store.Commerce(ctx, func(q *store.SQL) error {
		n, err := q.Exec(ctx, `UPDATE stores SET webhook_fence = webhook_fence + 1, webhook_strikes = webhook_strikes + 1, webhook_lease = ?
			WHERE tenant_id = ? AND id = ? AND webhook_fence = ? AND (webhook_lease IS NULL OR webhook_lease <= ?)`,
			now.Add(lease), q.Tenant(), row.ID, row.WebhookFence, now)
		taken = n == 1
		return err
	})
	if err != nil || !taken {
		return nil, err
	}
	i := &inbox{Service: s, row: row, fence: row.WebhookFence + 1, strikes: row.WebhookStrikes + 1}
	return func(ctx context.Context) { i.work(viewer.NewContext(ctx, viewer.Tenant(woken.Tenant))) }, nil
}

// eventsWait tells whether the tenant's store has told of something that may be done now.
func (s *Service) eventsWait(ctx context.Context) (bool, error) {
	waits, err := s.Store.Client().WebhookEvent.Query().
		Where(webhookevent.DoneAtIsNil(), webhookevent.DueAtLTE(s.Now().UTC())).Exist(ctx)
	if err != nil {
		return false, fmt.Errorf("look for events: %w", err)
	}
	return waits, nil
}

// work does a turn, and lets others have the events after it.
func (i *inbox) work(process context.Context) {
	failpoint.Here(failpoint.InboxBefore)
	ctx, cancel := context.WithCancelCause(process)
	defer cancel(nil)
	i.cancel = cancel
	err := i.safely(ctx)
	if errors.Is(err, errTaken) {
		return
	}
	until := i.Now()
	if err != nil {
		switch w, ok := errors.AsType[waiting](context.Cause(ctx)); {
		case ok:
			until = w.until
		case process.Err() != nil:
		default:
			until = until.Add(min(soon<<min(i.strikes-1, 10), 10*time.Minute))
			i.Log.WarnContext(ctx, "sync: a store's events have to wait", "shop", i.row.ShopDomain, "strikes", i.strikes, "error", err)
		}
	}
	ctx, done := context.WithTimeout(context.WithoutCancel(process), 10*time.Second)
	defer done()
	if err := i.release(ctx, until, err); err != nil {
		if !errors.Is(err, errTaken) { // the end of the lease says so too
			i.Log.ErrorContext(ctx, "sync: give a store's events back", "shop", i.row.ShopDomain, "error", err)
		}
		return
	}
	// Who was told of an event while the events were taken has gone away.
	if more, err := i.eventsWait(ctx); err == nil && more && !until.After(i.Now()) {
		i.nudges.add(wakeInbox(i.row))
	}
}

// safely does a turn. A record that makes it panic makes this turn fail alone.
func (i *inbox) safely(ctx context.Context) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return i.turn(ctx)
}

// release lets others have the events from a time on. A token that is refused ends it until there is another.
func (i *inbox) release(ctx context.Context, until time.Time, why error) error {
	e, known := errors.AsType[*shopify.Error](why)
	return i.Store.Commerce(ctx, func(q *store.SQL) error {
		if err := i.hold(ctx, q, false); err != nil {
			return err
		}
		if known && refuses(e) && i.cred != nil {
			if _, err := q.Exec(ctx, "UPDATE stores SET status = ?, next_sync_at = NULL WHERE tenant_id = ? AND status = ? AND token_fence = ?",
				NeedsReauth, q.Tenant(), Connected, i.cred.version()); err != nil {
				return err
			}
		}
		strikes := i.strikes
		if why == nil || until.Equal(i.Now()) {
			strikes = 0
		}
		_, err := q.Exec(ctx, "UPDATE stores SET webhook_lease = ?, webhook_strikes = ? WHERE tenant_id = ? AND id = ?",
			until.UTC().Truncate(time.Microsecond), strikes, q.Tenant(), i.row.ID)
		return err
	})
}

// hold keeps the events for this worker, in a writer's transaction; errTaken when they are no longer its own, so that nothing
// that the transaction writes stays. done tells that the transaction does some of them.
func (i *inbox) hold(ctx context.Context, q *store.SQL, done bool) error {
	mine := false
	if err := q.Each(ctx, func(scan func(...any) error) error { mine = true; return scan(new(int64)) },
		"SELECT id FROM stores WHERE tenant_id = ? AND id = ? AND webhook_fence = ?", q.Tenant(), i.row.ID, i.fence); err != nil {
		return err
	}
	if !mine {
		return errTaken
	}
	set, args := "webhook_lease = ?", []any{i.Now().UTC().Add(lease).Truncate(time.Microsecond)}
	if done {
		set += ", webhook_strikes = 0, last_webhook_at = (SELECT MAX(received_at) FROM webhook_events WHERE tenant_id = ?)"
		args = append(args, q.Tenant())
	}
	_, err := q.Exec(ctx, "UPDATE stores SET "+set+" WHERE tenant_id = ? AND id = ?", append(args, q.Tenant(), i.row.ID)...)
	return err
}

// turn does what the store has told of first.
func (i *inbox) turn(ctx context.Context) error {
	// The fewer at a time the more often nothing came of it: one record is not to keep the others from coming.
	n := max(inboxTurn>>(2*min(i.strikes-1, 10)), 1)
	events, err := i.Store.Client().WebhookEvent.Query().Where(webhookevent.DoneAtIsNil(), webhookevent.DueAtLTE(i.Now().UTC())).
		Order(webhookevent.ByDueAt(), webhookevent.ByID()).Limit(n).All(ctx)
	if err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	if len(events) == 0 {
		return nil
	}
	if n == 1 {
		if over, err := i.alone(ctx, events[0]); err != nil || over {
			return err
		}
	}
	i.reach()
	of := map[shopify.Kind]map[int64][]*ent.WebhookEvent{}
	var about, merges []*ent.WebhookEvent
	for _, e := range events {
		switch t := shopify.Topic(e.Topic); {
		case t == shopify.CustomersMerge:
			merges = append(merges, e)
		case t.Kind() == 0 || e.ShopifyID == 0:
			about = append(about, e)
		default:
			if of[t.Kind()] == nil {
				of[t.Kind()] = map[int64][]*ent.WebhookEvent{}
			}
			of[t.Kind()][e.ShopifyID] = append(of[t.Kind()][e.ShopifyID], e)
		}
	}
	if len(about) > 0 {
		if over, err := i.aboutShop(ctx, about); err != nil || over {
			return err
		}
	}
	for _, res := range resources { // products before customers before orders, which name both
		for part := range slices.Chunk(slices.Sorted(maps.Keys(of[res.kind])), fetchPage) {
			if err := i.records(ctx, res, part, of[res.kind]); err != nil {
				return fmt.Errorf("read %s again: %w", res.table, err)
			}
		}
		if res.kind == shopify.Customers && len(merges) > 0 {
			if err := i.merged(ctx, merges); err != nil {
				return fmt.Errorf("merge customers: %w", err)
			}
		}
	}
	return nil
}

// alone counts that an event is tried by itself, and gives it up when that was in vain too often. Runs bring what it names.
func (i *inbox) alone(ctx context.Context, e *ent.WebhookEvent) (over bool, err error) {
	over = e.Attempts >= inboxTries
	err = i.Store.Commerce(ctx, func(q *store.SQL) error {
		if over {
			if err := i.finished(ctx, q, eventFailed, e); err != nil {
				return err
			}
			return i.hold(ctx, q, true)
		}
		if _, err := q.Exec(ctx, "UPDATE webhook_events SET attempts = attempts + 1 WHERE tenant_id = ? AND id = ?", q.Tenant(), e.ID); err != nil {
			return err
		}
		return i.hold(ctx, q, false)
	})
	if over && err == nil {
		i.Log.ErrorContext(ctx, "sync: an event is given up", "shop", i.row.ShopDomain, "topic", e.Topic, "event", e.ID)
	}
	return over, err
}

// reach opens the way to the store.
func (i *inbox) reach() {
	i.src, i.cred = i.source(i.row, func(until time.Time) {
		if until.Sub(i.Now()) >= giveWay {
			i.cancel(waiting{until})
		}
	})
}

// refuses tells whether a store lets the token in no more, and nothing but another one helps.
func refuses(e *shopify.Error) bool { return e.Code == shopify.CodeUnauthorized && !e.Retryable }

// ask bounds a question to the store, so that the events are still this worker's when the answer is there.
func (i *inbox) ask(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, lease*2/3)
}

// rouseInboxes wakes workers for the stores that have told of something and that nobody works on.
func (s *Service) rouseInboxes(ctx context.Context) error {
	now := s.Now().UTC()
	rows, err := s.Store.Client().Store.Query().
		Where(entstore.Status(Connected), entstore.Or(entstore.WebhookLeaseIsNil(), entstore.WebhookLeaseLTE(now)), told(now)).
		Order(entstore.ByWebhookLease()).Limit(reconcileDue).
		All(viewer.NewContext(ctx, viewer.System("find the stores whose events wait")))
	if err != nil {
		return err
	}
	for _, row := range rows {
		w := wakeInbox(row)
		s.Queue.Wake(ctx, w.lane, w.job)
	}
	return nil
}

// told narrows stores to those that have told of something that may be done.
func told(now time.Time) predicate.Store {
	return func(of *sql.Selector) {
		events := sql.Table(webhookevent.Table)
		of.Where(sql.Exists(sql.Dialect(of.Dialect()).Select(events.C(webhookevent.FieldID)).From(events).Where(sql.And(
			sql.ColumnsEQ(events.C(webhookevent.FieldTenantID), of.C(entstore.FieldTenantID)),
			sql.IsNull(events.C(webhookevent.FieldDoneAt)), sql.LTE(events.C(webhookevent.FieldDueAt), now)))))
	}
}
