package sync

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/shopsight/shopsight/ent"
	entstore "github.com/shopsight/shopsight/ent/store"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/queue"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/viewer"
)

// A store tells of what happens once it is subscribed to, and stops without a word when it could not deliver for hours. So
// what it is subscribed to is compared from time to time with what it should be, and repaired.

const (
	// checks is the lane of stores whose subscriptions are to be compared, with its slots in a process.
	checks     = "subscriptions"
	checkSlots = 2
	// checkEvery is how long after a comparison the next one is, and checkSoon after one that came to nothing.
	checkEvery = 24 * time.Hour
	checkSoon  = 5 * time.Minute
	// checkLease is how long a comparison may take; then another is begun.
	checkLease = 2 * time.Minute
)

// The API's enum WebhookStatus, as it is stored.
const (
	Active       = "ACTIVE"
	Repairing    = "REPAIRING"
	NotAvailable = "NOT_AVAILABLE"
)

// WebhookPath is the path at which webhooks are taken: by it a subscription is known as one of this service.
const WebhookPath = "/webhooks/shopify"

func wakeCheck(row *ent.Store) wake { return wake{checks, queue.Job{Tenant: row.TenantID, ID: row.ID}} }

// unable says why a store cannot tell of what happens, "" when it can.
func (s *Service) unable(row *ent.Store) string {
	switch {
	case s.WebhookURL == "":
		return "This service has no public address that the store could reach, so the store is asked for changes from time to time."
	case len(row.APISecret) == 0 && !row.ByApp: // the secret of our own app is ours
		return "The app's API secret key is not known here, so the store is asked for changes from time to time. " +
			"Connect the store again with the key, and changes arrive within seconds."
	}
	return ""
}

// rouseChecks wakes workers for the stores whose subscriptions are to be compared.
func (s *Service) rouseChecks(ctx context.Context) error {
	rows, err := s.Store.Client().Store.Query().
		Where(entstore.Status(Connected), entstore.Or(entstore.WebhooksCheckAtIsNil(), entstore.WebhooksCheckAtLTE(s.Now().UTC()))).
		Order(entstore.ByWebhooksCheckAt()).Limit(reconcileRuns).
		All(viewer.NewContext(ctx, viewer.System("find the stores whose webhooks are to be checked")))
	if err != nil {
		return err
	}
	for _, row := range rows {
		w := wakeCheck(row)
		s.Queue.Wake(ctx, w.lane, w.job)
	}
	return nil
}

// claimCheck takes the comparison of a store's subscriptions: nil when it is not due, or somebody else's.
func (s *Service) claimCheck(ctx context.Context, woken queue.Job) (func(context.Context), error) {
	ctx = viewer.NewContext(ctx, viewer.Tenant(woken.Tenant))
	row, err := s.row(ctx)
	if err != nil || row == nil || row.ID != woken.ID {
		return nil, err
	}
	taken, err := s.takeCheck(ctx, row)
	if err != nil || !taken {
		return nil, err
	}
	return func(ctx context.Context) {
		ctx = viewer.NewContext(ctx, viewer.Tenant(woken.Tenant))
		if err := s.check(ctx, row); err != nil && ctx.Err() == nil {
			s.Log.WarnContext(ctx, "sync: check a store's webhooks", "shop", row.ShopDomain, "error", err)
		}
	}, nil
}

// takeCheck moves a store to a later comparison, which this one will move again.
func (s *Service) takeCheck(ctx context.Context, row *ent.Store) (bool, error) {
	now := s.Now().UTC().Truncate(time.Microsecond)
	if row.Status != Connected || row.WebhooksCheckAt != nil && row.WebhooksCheckAt.After(now) {
		return false, nil
	}
	before := entstore.WebhooksCheckAtIsNil()
	if row.WebhooksCheckAt != nil {
		before = entstore.WebhooksCheckAt(*row.WebhooksCheckAt)
	}
	taken := 0
	err := s.Store.Tx(ctx, func(tx *ent.Client) (err error) {
		taken, err = tx.Store.Update().Where(entstore.ID(row.ID), entstore.Status(Connected), before).
			SetWebhooksCheckAt(now.Add(checkLease)).Save(ctx)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("take the check of a store's webhooks: %w", err)
	}
	return taken == 1, nil
}

// check compares what a store is subscribed to with what it should be, repairs it, and keeps what came of it.
func (s *Service) check(ctx context.Context, row *ent.Store) error {
	status, problem, next := Active, "", checkEvery
	var err error
	if problem = s.unable(row); problem != "" {
		status = NotAvailable
	} else {
		asking, cancel := context.WithTimeout(ctx, checkLease/2)
		problem, err = s.subscribe(asking, row)
		cancel()
		if err != nil {
			problem = explain(err).Message
		}
		if problem != "" {
			status, next = Repairing, checkSoon
		}
	}
	at := s.Now().UTC().Add(next + rand.N(next/10)).Truncate(time.Microsecond)
	keep := s.Store.Tx(ctx, func(tx *ent.Client) error {
		u := tx.Store.Update().Where(entstore.ID(row.ID), entstore.Status(Connected), entstore.ConnectedAt(row.ConnectedAt)).
			SetWebhooks(status).SetWebhooksCheckAt(at)
		if problem == "" {
			u.ClearWebhookProblem()
		} else {
			u.SetWebhookProblem(cut(problem, 1000))
		}
		return u.Exec(ctx)
	})
	s.Changed(row.TenantID, 0)
	return errors.Join(err, keep)
}

// subscribe has the store tell of everything that concerns us, once, at the present address. A topic that it refuses is in
// problem, and does not keep the others from coming.
func (s *Service) subscribe(ctx context.Context, row *ent.Store) (problem string, err error) {
	src, _ := s.source(row, func(time.Time) {})
	there, err := src.Webhooks(ctx)
	if err != nil {
		return "", err
	}
	missing := map[shopify.Topic]bool{}
	for _, t := range shopify.Topics() {
		if t != shopify.BulkOperationsDone && (t.Scope() == "" || slices.Contains(row.Scopes, t.Scope())) {
			missing[t] = true
		}
	}
	for _, sub := range there {
		switch {
		case !ours(sub.URI): // the app may serve somebody else too
		case sub.URI == s.WebhookURL && missing[sub.Topic] && sub.Fits():
			delete(missing, sub.Topic)
		default:
			if err := src.Unsubscribe(ctx, sub.ID); err != nil {
				return "", err
			}
			s.Log.InfoContext(ctx, "sync: a subscription is ended", "shop", row.ShopDomain, "topic", sub.Topic)
		}
	}
	for _, t := range shopify.Topics() {
		if !missing[t] {
			continue
		}
		_, err := src.Subscribe(ctx, t, s.WebhookURL)
		if e, ok := errors.AsType[*shopify.Error](err); ok && e.Code == shopify.CodeScopeMissing {
			problem = e.Message
			continue
		}
		if err != nil {
			return "", err
		}
		s.Log.InfoContext(ctx, "sync: a subscription is begun", "shop", row.ShopDomain, "topic", t)
	}
	return problem, nil
}

// ours tells whether a subscription is one of this service, wherever it was.
func ours(uri string) bool {
	u, err := url.Parse(uri)
	return err == nil && strings.HasSuffix(u.Path, WebhookPath) && (u.Scheme == "https" || u.Scheme == "http")
}

// unsubscribe has a store that is left tell of nothing any more, if it can be reached in a moment. What it delivers all the
// same is refused, until it stops.
func (s *Service) unsubscribe(ctx context.Context, row *ent.Store) {
	if row.Webhooks == NotAvailable || row.Status != Connected || len(row.AccessToken) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience/2)
	defer cancel()
	src, _ := s.source(row, func(time.Time) {})
	there, err := src.Webhooks(ctx)
	for _, sub := range there {
		if err == nil && sub.URI == s.WebhookURL {
			err = src.Unsubscribe(ctx, sub.ID)
		}
	}
	if err != nil {
		s.Log.InfoContext(ctx, "sync: a store that is left may still deliver webhooks", "shop", row.ShopDomain, "error", err)
	}
}

// RepairWebhooks compares what the tenant's store tells of with what it should, now, and repairs it. NOT_FOUND when no store
// is connected, CONFLICT when it cannot tell of anything, with what is missing.
func (s *Service) RepairWebhooks(ctx context.Context) (*StorePayload, error) {
	row, err := s.row(ctx)
	if err != nil {
		return nil, err
	}
	status := Disconnected
	if row != nil {
		status = row.Status
	}
	if problems := unavailable(status); len(problems) > 0 {
		return &StorePayload{UserErrors: problems}, nil
	}
	why := s.unable(row)
	if err := s.check(ctx, row); err != nil {
		s.Log.WarnContext(ctx, "sync: repair a store's webhooks", "shop", row.ShopDomain, "error", err)
	}
	p, err := s.now(ctx)
	if err == nil && why != "" {
		p.UserErrors = []fault.UserError{{Code: fault.CodeConflict, Message: why}}
	}
	return p, err
}
