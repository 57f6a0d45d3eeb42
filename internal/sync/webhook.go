package sync

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	entstore "github.com/shopsight/shopsight/ent/store"
	"github.com/shopsight/shopsight/internal/failpoint"
	"github.com/shopsight/shopsight/internal/queue"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/viewer"
)

// What Receive may refuse. Every other error says that it may work later.
var (
	// ErrForged says that nothing shows that a webhook is from the store that it names. A store that nobody has connected
	// is no different.
	ErrForged = errors.New("not a webhook of a store that is connected")
	// ErrMalformed says that a webhook was signed by Shopify and cannot be understood.
	ErrMalformed = errors.New("not a webhook that is understood")
)

// shopRows bounds the tenants that may have records of one store: those that had it connected, one after the other.
const shopRows = 50

// Receive takes a webhook: a request's header and its body, as it came. When it returns nil the event is kept for good, and
// its effect is to come, once, however often it is delivered. ErrForged and ErrMalformed are for good too; nothing was
// written then. Any other error says that the same delivery may be taken later.
//
// Whose webhook it is, its header says, which nobody has signed: so it is checked by the secret of the very tenant that has
// the store connected, and has an effect there alone. What the law asks for concerns everybody who ever had the store.
func (s *Service) Receive(ctx context.Context, h http.Header, body []byte) error {
	var rows []*ent.Store
	shop, err := shopify.WebhookShop(h)
	if err == nil {
		if rows, err = s.tellable(ctx, shop, shopify.Topic(h.Get("X-Shopify-Topic")).Compliance()); err != nil {
			return err
		}
	}
	if len(rows) == 0 {
		// Checked all the same: the time that an answer takes is not to tell which stores are connected. What our own app's
		// secret has signed is from Shopify, and about a store that nobody has: there is nothing to do.
		_, err := shopify.ParseWebhook(h, body, append([][]byte{s.nobody}, s.App.Secrets()...)...)
		return refusedBecause(err)
	}
	refused := ErrForged
	taken := false
	for _, row := range rows {
		secrets, err := s.secretsOf(row)
		if err != nil {
			return err
		}
		w, err := shopify.ParseWebhook(h, body, secrets...)
		if err != nil {
			if why := refusedBecause(err); errors.Is(why, ErrMalformed) {
				refused = why
			}
			continue
		}
		taken = true
		ctx := viewer.NewContext(ctx, viewer.Tenant(row.TenantID))
		if w.Topic == shopify.ShopRedact && row.Status == Connected && !s.signedByItsApp(row, secrets, h, body) {
			continue // another app was removed, and this one goes on
		}
		if w.Topic.Compliance() {
			err = s.comply(ctx, w)
		} else {
			err = s.keepEvent(ctx, row, w)
		}
		if err != nil {
			return err
		}
	}
	if !taken {
		return refused
	}
	return nil
}

func refusedBecause(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, shopify.ErrWebhook):
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return ErrForged
}

// tellable returns the rows of a store: of whoever holds it, and with all of everybody who had it.
func (s *Service) tellable(ctx context.Context, shop shopify.Domain, all bool) ([]*ent.Store, error) {
	which := entstore.HeldDomain(string(shop))
	if all {
		which = entstore.ShopDomain(string(shop))
	}
	rows, err := s.Store.Client().Store.Query().Where(which).Order(entstore.ByID(sql.OrderDesc())).Limit(shopRows).
		All(viewer.NewContext(ctx, viewer.System("find whose store a webhook is from")))
	if err != nil {
		return nil, fmt.Errorf("find the store of a webhook: %w", err)
	}
	return rows, nil
}

// secretsOf returns what the webhooks of a store may be signed with.
func (s *Service) secretsOf(row *ent.Store) ([][]byte, error) {
	secrets := append([][]byte{s.nobody}, s.App.Secrets()...)
	if len(row.APISecret) == 0 {
		return secrets, nil
	}
	own, err := s.Box.Open(row.APISecret, boundTo(row.TenantID, "api_secret"))
	if err != nil { // a process may be about to learn the key
		return nil, fmt.Errorf("open the secret of a store's webhooks: %w", err)
	}
	return append(secrets, own), nil
}

// signedByItsApp tells whether what the secrets of a store have signed is from the app that the store is connected by.
func (s *Service) signedByItsApp(row *ent.Store, secrets [][]byte, h http.Header, body []byte) bool {
	ours := [][]byte{s.nobody}
	ours = append(ours, s.App.Secrets()...)
	if !row.ByApp {
		ours = append([][]byte{s.nobody}, secrets[len(ours):]...)
	}
	_, err := shopify.ParseWebhook(h, body, ours...)
	return err == nil
}

// comply hands on what the law asks for.
func (s *Service) comply(ctx context.Context, w shopify.Webhook) error {
	if s.Compliance == nil {
		return errors.New("nothing takes requests about personal data here")
	}
	return s.Compliance(ctx, w)
}

// keepEvent writes an event, unless it is there, and has a worker look at it.
func (s *Service) keepEvent(ctx context.Context, row *ent.Store, w shopify.Webhook) error {
	now := s.Now().UTC().Truncate(time.Microsecond)
	var triggered *time.Time
	if !w.TriggeredAt.IsZero() {
		at := w.TriggeredAt.UTC().Truncate(time.Microsecond)
		triggered = &at
	}
	failpoint.Here(failpoint.WebhookBefore)
	err := s.Store.Tx(ctx, func(tx *ent.Client) error {
		return tx.WebhookEvent.Create().SetID(s.Store.NewID()).SetTopic(string(w.Topic)).SetEventID(w.EventID).SetWebhookID(w.ID).
			SetShopifyID(w.RecordID).SetMergedID(w.MergedID).SetNillableTriggeredAt(triggered).SetReceivedAt(now).SetDueAt(now).Exec(ctx)
	})
	if err != nil && !ent.IsConstraintError(err) {
		return fmt.Errorf("keep a webhook: %w", err)
	}
	failpoint.Here(failpoint.WebhookAfter)
	if err == nil {
		s.nudges.add(wakeInbox(row))
	}
	return nil
}

// wake is one that goes to the queue.
type wake struct {
	lane string
	job  queue.Job
}

func wakeInbox(row *ent.Store) wake {
	return wake{inboxes, queue.Job{Tenant: row.TenantID, ID: row.ID}}
}

// nudges are the wakes that wait to go out: whoever delivers a webhook does not wait for the stream.
type nudges struct {
	mu      sync.Mutex
	waiting map[wake]bool
	some    chan struct{}
}

func newNudges() *nudges { return &nudges{waiting: map[wake]bool{}, some: make(chan struct{}, 1)} }

func (n *nudges) add(w wake) {
	n.mu.Lock()
	n.waiting[w] = true
	n.mu.Unlock()
	select {
	case n.some <- struct{}{}:
	default:
	}
}

func (n *nudges) take() []wake {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := make([]wake, 0, len(n.waiting))
	for w := range n.waiting {
		out = append(out, w)
	}
	clear(n.waiting)
	return out
}

// forward sends wakes on until ctx ends. What it does not get sent, the reconciler finds.
func (s *Service) forward(ctx context.Context) {
	for {
		select {
		case <-s.nudges.some:
		case <-ctx.Done():
			return
		}
		for _, w := range s.nudges.take() {
			s.Queue.Wake(ctx, w.lane, w.job)
		}
	}
}
