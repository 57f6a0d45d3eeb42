package sync

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopsight/shopsight/ent"
	entstore "github.com/shopsight/shopsight/ent/store"
	"github.com/shopsight/shopsight/ent/syncrun"
	"github.com/shopsight/shopsight/ent/webhookevent"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/viewer"
)

// Store is the Shopify store of a tenant, as people may see it.
type Store struct {
	Name             string
	ShopDomain       string
	Status           string
	Scopes           []string
	ConnectedAt      time.Time
	LastSyncedAt     *time.Time
	SyncEveryMinutes int
	NextSyncAt       *time.Time
	// Webhooks is of the API's enum WebhookStatus; WebhookProblem says why it is not ACTIVE, if anything is wrong.
	Webhooks       string
	WebhookProblem *string
	LastWebhookAt  *time.Time
	// Connection is how the service may read it: OAuth or CustomApp, of the API's enum StoreConnection.
	Connection string
}

// ConnectStoreInput is how a store is reached.
type ConnectStoreInput struct {
	ShopDomain   string
	AccessToken  *string
	APISecretKey *string
}

// ConnectStorePayload is the answer to Connect.
type ConnectStorePayload struct {
	Store *Store
	// AuthorizeURL is where the browser goes on, when the store is to be connected by OAuth.
	AuthorizeURL *string
	FirstSync    *Run
	UserErrors   []fault.UserError
}

// StorePayload is the answer to Disconnect and Update.
type StorePayload struct {
	Store      *Store
	UserErrors []fault.UserError
}

// needed are the scopes without which there is nothing to sync.
var needed = []string{"read_products", "read_customers", "read_orders"}

// patience is how long a store that is to be connected may take to say who it is.
const patience = 10 * time.Second

// Current returns the tenant's store, nil when none was ever connected.
func (s *Service) Current(ctx context.Context) (*Store, error) {
	row, err := s.row(ctx)
	if err != nil || row == nil {
		return nil, err
	}
	return storeOf(row), nil
}

func storeOf(row *ent.Store) *Store {
	connection := CustomApp
	if row.ByApp {
		connection = ByOAuth
	}
	return &Store{Connection: connection, Name: row.Name, ShopDomain: row.ShopDomain, Status: row.Status, Scopes: row.Scopes,
		ConnectedAt: row.ConnectedAt.UTC(), LastSyncedAt: row.LastSyncedAt, SyncEveryMinutes: row.SyncEveryMinutes,
		NextSyncAt: row.NextSyncAt, Webhooks: row.Webhooks, WebhookProblem: row.WebhookProblem, LastWebhookAt: row.LastWebhookAt}
}

func (s *Service) row(ctx context.Context) (*ent.Store, error) {
	row, err := s.Store.Client().Store.Query().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the store: %w", err)
	}
	return row, nil
}

// Connect connects the viewer's tenant to a store by the token of a custom app, after asking the store whether it is
// good, and starts the first sync. The tenant takes over currency and timezone of the store. Sample data goes; other
// records stay, and are a CONFLICT when they are another store's or in another currency. Connecting the same store again
// replaces its token. Without a token, where the service has an app, it answers with the address at which the person goes on
// in a browser: see Depart.
func (s *Service) Connect(ctx context.Context, in ConnectStoreInput) (*ConnectStorePayload, error) {
	domain, err := shopify.ParseDomain(in.ShopDomain)
	if err != nil {
		return refused("shopDomain", fault.CodeInvalid, "%s", err), nil
	}
	if in.AccessToken == nil || strings.TrimSpace(*in.AccessToken) == "" {
		if slices.Contains(s.Connections(), ByOAuth) {
			return s.begin(ctx, domain)
		}
		return refused("accessToken", fault.CodeRequired,
			"is needed: give the Admin API access token of an app of the store; docs/shopify.md says how to get one. "+
				"(Whoever runs this service can set up an app of its own, which makes this needless.)"), nil
	}
	return s.connect(ctx, domain, given{Grant: shopify.Grant{AccessToken: strings.TrimSpace(*in.AccessToken)}, secret: in.APISecretKey})
}

// given is what a store is connected by.
type given struct {
	shopify.Grant
	// byApp tells that the store gave it to the service's own app.
	byApp bool
	// secret is the custom app's key that signs its webhooks; nil for none.
	secret *string
}

// another refuses a store while another one is connected.
func another(before *ent.Store, domain shopify.Domain) *ConnectStorePayload {
	if before == nil || before.Status == Disconnected || before.ShopDomain == string(domain) {
		return nil
	}
	return refused("shopDomain", fault.CodeConflict, "%s is connected; disconnect it first", before.ShopDomain)
}

func refused(field string, code fault.UserErrorCode, format string, args ...any) *ConnectStorePayload {
	return &ConnectStorePayload{UserErrors: []fault.UserError{
		{Field: []string{"input", field}, Code: code, Message: fmt.Sprintf(format, args...)}}}
}

// connect connects the viewer's tenant by what it was given.
func (s *Service) connect(ctx context.Context, domain shopify.Domain, by given) (*ConnectStorePayload, error) {
	refuse := func(field string, code fault.UserErrorCode, format string, args ...any) (*ConnectStorePayload, error) {
		return refused(field, code, format, args...), nil
	}
	before, err := s.row(ctx)
	if err != nil {
		return nil, err
	}
	if p := another(before, domain); p != nil {
		return p, nil
	}
	asking, cancel := context.WithTimeout(ctx, patience)
	shop, err := s.Source(domain, shopify.Static(by.AccessToken), func(time.Time) {}).Shop(asking)
	cancel()
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return refuse("shopDomain", fault.CodeShopUnreachable, "does not answer; try again in a moment")
	}
	if err != nil {
		if e, ok := errors.AsType[*shopify.Error](err); ok {
			field, code := refusal(e.Code)
			return refuse(field, code, "%s", e.Message)
		}
		return nil, fmt.Errorf("ask the store: %w", err)
	}
	if missing := lacking(shop.Scopes); len(missing) > 0 {
		return refuse("accessToken", fault.CodeScopeMissing, "the app may not %s: grant it in the store's admin, under the app's API access scopes",
			strings.Join(missing, ", "))
	}
	if held, err := s.held(ctx, domain); err != nil {
		return nil, err
	} else if held {
		return refuse("shopDomain", fault.CodeTaken, "is connected to another account; disconnect it there first")
	}
	if before != nil && before.ShopDomain != string(domain) {
		if there, err := s.imported(ctx); err != nil {
			return nil, err
		} else if there {
			return refuse("shopDomain", fault.CodeConflict, "the records of %s are still here: clear the data first", before.ShopDomain)
		}
	}
	if _, err := s.Ingest.ClearSample(ctx); err != nil {
		return nil, err
	}
	problems, err := s.Adopt(ctx, shop.CurrencyCode, shop.Timezone)
	if err != nil {
		return nil, fmt.Errorf("take over currency and timezone: %w", err)
	}
	if len(problems) > 0 {
		return refuse("shopDomain", fault.CodeConflict, "the store's currency is %s and its timezone %s: %s",
			shop.CurrencyCode, shop.Timezone, problems[0].Message)
	}
	first := startInput{trigger: FirstConnect, mode: firstMode(before, domain), resources: allResources()}
	row, begun, err := s.keep(ctx, domain, shop, by, before, first)
	for tries := 0; ent.IsConstraintError(err) && before != nil && tries < 3; tries++ { // a run was begun just now
		row, begun, err = s.keep(ctx, domain, shop, by, before, first)
	}
	if ent.IsConstraintError(err) { // somebody was quicker: another tenant, or the same one
		if held, err := s.held(ctx, domain); err != nil {
			return nil, err
		} else if held {
			return refuse("shopDomain", fault.CodeTaken, "is connected to another account; disconnect it there first")
		}
		return refuse("shopDomain", fault.CodeConflict, "a store is being connected already")
	}
	if err != nil {
		return nil, fmt.Errorf("keep the store: %w", err)
	}
	run, err := s.first(ctx, begun, first)
	if err != nil {
		return nil, err
	}
	s.nudges.add(wakeCheck(row))
	s.nudges.add(wakeInbox(row))
	return &ConnectStorePayload{Store: storeOf(row), FirstSync: run}, nil
}

// first has the run worked on that was begun with the store's row; or, where one was active already, that one, by the new
// token.
func (s *Service) first(ctx context.Context, begun *ent.SyncRun, in startInput) (*Run, error) {
	if begun != nil {
		s.changed(ctx, begun.ID)
		s.wake(ctx, begun)
		return s.Run(ctx, begun.ID)
	}
	if err := s.renew(ctx); err != nil {
		return nil, fmt.Errorf("go on with the new token: %w", err)
	}
	run, _, err := s.start(ctx, in) // it may have ended just now
	return run, err
}

// firstMode reads everything, unless the store was connected before and only its token is new.
func firstMode(before *ent.Store, domain shopify.Domain) string {
	if before != nil && before.ShopDomain == string(domain) && before.LastSyncedAt != nil {
		return Incremental
	}
	return Full
}

// refusal says which argument an answer of the store is about.
func refusal(c shopify.Code) (field string, code fault.UserErrorCode) {
	switch c {
	case shopify.CodeUnauthorized:
		return "accessToken", fault.CodeInvalidCredentials
	case shopify.CodeScopeMissing:
		return "accessToken", fault.CodeScopeMissing
	}
	return "shopDomain", fault.CodeShopUnreachable
}

// held tells whether another tenant has the store.
func (s *Service) held(ctx context.Context, d shopify.Domain) (bool, error) {
	mine := viewer.FromContext(ctx).TenantID
	found, err := s.Store.Client().Store.Query().
		Where(entstore.HeldDomain(string(d)), entstore.TenantIDNEQ(mine)).
		Exist(viewer.NewContext(ctx, viewer.System("see whether another tenant holds the store")))
	if err != nil {
		return false, fmt.Errorf("look the store up: %w", err)
	}
	return found, nil
}

// imported tells whether records of a store are there.
func (s *Service) imported(ctx context.Context) (there bool, err error) {
	err = s.Store.Read(ctx, func(q *store.SQL) error {
		for _, r := range resources {
			err := q.Each(ctx, func(scan func(...any) error) error { there = true; return scan(new(int)) },
				"SELECT 1 FROM "+r.table+" WHERE tenant_id = ? AND source = 'SHOPIFY'"+r.known()+" LIMIT 1", q.Tenant())
			if err != nil || there {
				return err
			}
		}
		return nil
	})
	return there, err
}

// keep writes the row of the store, and with it those of its first run: nil when a run is active.
func (s *Service) keep(ctx context.Context, d shopify.Domain, shop shopify.Shop, by given, before *ent.Store, first startInput) (row *ent.Store, run *ent.SyncRun, err error) {
	tenant := viewer.FromContext(ctx).TenantID
	token, err := s.sealGrant(tenant, by.Grant)
	if err != nil {
		return nil, nil, err
	}
	var key []byte
	if by.secret != nil && *by.secret != "" {
		if key, err = s.Box.Seal([]byte(*by.secret), boundTo(tenant, "api_secret")); err != nil {
			return nil, nil, err
		}
	}
	now := s.Now().UTC().Truncate(time.Microsecond)
	begin := func(tx *ent.Client) error { // with the store's row: a process that ends now leaves no store that nobody reads
		run = nil
		active, err := tx.SyncRun.Query().Where(syncrun.Active(true)).Exist(ctx)
		if err != nil || active {
			return err
		}
		run, err = s.create(ctx, tx, first)
		return err
	}
	err = s.Store.Tx(ctx, func(tx *ent.Client) error {
		if before == nil {
			err := tx.Store.Create().SetID(s.Store.NewID()).SetShopDomain(string(d)).SetHeldDomain(string(d)).
				SetName(shop.Name).SetStatus(Connected).SetScopes(shop.Scopes).SetAPISecret(key).
				SetConnectedAt(now).SetSyncEveryMinutes(everyMinutes).SetNextSyncAt(s.next(now, everyMinutes)).
				SetWebhooks(Repairing).Exec(ctx)
			if err != nil {
				return err
			}
		}
		u := tx.Store.Update().SetShopDomain(string(d)).SetHeldDomain(string(d)).SetName(shop.Name).
			SetStatus(Connected).SetScopes(shop.Scopes).SetByApp(by.byApp).SetConnectedAt(now).
			SetWebhooks(Repairing).ClearWebhookProblem().ClearWebhooksCheckAt().ClearWebhookLease().SetWebhookStrikes(0).
			AddTokenFence(1).ClearTokenLeaseUntil() // a renewal that is under way writes nothing any more
		token.set(u)
		if key != nil {
			u.SetAPISecret(key)
		}
		if before == nil {
			if err := u.Exec(ctx); err != nil {
				return err
			}
			return begin(tx)
		}
		if before.SyncEveryMinutes > 0 {
			u.SetNextSyncAt(s.next(now, before.SyncEveryMinutes))
		}
		if before.ShopDomain != string(d) { // what is known of the other store says nothing of this one
			if _, err := tx.SyncCursor.Delete().Exec(ctx); err != nil {
				return err
			}
			if err := tx.SyncRun.Update().Where(syncrun.DeadLetter(true)).SetDeadLetter(false).Exec(ctx); err != nil {
				return err
			}
			if err := s.dropEvents(ctx, tx, eventDisconnected); err != nil {
				return err
			}
			u.ClearLastSyncedAt().ClearLastWebhookAt()
		}
		// Whoever comes back may come by another app, whose key is not the one that was kept for the demands of the law.
		if key == nil && (by.byApp || before.ShopDomain != string(d) || before.Status == Disconnected) {
			u.ClearAPISecret()
		}
		if err := u.Exec(ctx); err != nil {
			return err
		}
		return begin(tx)
	})
	if err != nil {
		return nil, nil, err
	}
	row, err = s.row(ctx)
	return row, run, err
}

// renew lets the tenant's active run, if there is one, be taken up anew: by the token that the store has now.
func (s *Service) renew(ctx context.Context) error {
	err := s.Store.Commerce(ctx, func(q *store.SQL) error {
		_, err := q.Exec(ctx, `UPDATE sync_runs SET fence = fence + 1, strikes = 0, status = ?, lease_until = ?
			WHERE tenant_id = ? AND active = TRUE`, Queued, s.Now().UTC().Truncate(time.Microsecond), q.Tenant())
		return err
	})
	if err != nil {
		return err
	}
	s.interrupt(ctx)
	run, err := s.active(ctx)
	if err == nil && run != nil {
		s.wake(ctx, run)
	}
	return err
}

// boundTo names the column of a tenant's row that a secret is sealed for.
func boundTo(tenant int64, column string) string {
	return "stores/" + strconv.FormatInt(tenant, 10) + "/" + column
}

// next says when a store is synced again: after its interval, and up to a tenth of it later, so that stores that were
// connected together do not stay together.
func (s *Service) next(now time.Time, minutes int) time.Time {
	d := time.Duration(minutes) * time.Minute
	return now.Add(d + rand.N(d/10+1)).Truncate(time.Microsecond)
}

// Disconnect forgets the store's token and ends what reads it. deleteData also removes everything that came from it.
func (s *Service) Disconnect(ctx context.Context, deleteData bool) (*StorePayload, error) {
	row, err := s.row(ctx)
	if err != nil {
		return nil, err
	}
	if row == nil {
		return noStore(), nil
	}
	s.unsubscribe(ctx, row)
	if err := s.leave(ctx, row, eventDisconnected); err != nil {
		return nil, err
	}
	if deleteData {
		if _, err := s.Ingest.ClearShopify(ctx, s.Forget); err != nil {
			return nil, err
		}
		err := s.Store.Tx(ctx, func(tx *ent.Client) error {
			return tx.Store.Update().Where(entstore.ID(row.ID), entstore.Status(Disconnected)).ClearAPISecret().Exec(ctx)
		})
		if err != nil {
			return nil, fmt.Errorf("forget the secret of the store's webhooks: %w", err)
		}
	}
	return s.now(ctx)
}

// leave forgets the token of a store and ends what reads it, unless, when it was uninstalled, it has been connected anew. Its events have an
// outcome then.
func (s *Service) leave(ctx context.Context, row *ent.Store, outcome string) error {
	cancelExports := s.exports(ctx)
	left := 0
	err := s.Store.Tx(ctx, func(tx *ent.Client) (err error) {
		u := tx.Store.Update().Where(entstore.ID(row.ID))
		if outcome == eventUninstalled {
			u.Where(entstore.ConnectedAt(row.ConnectedAt))
		}
		left, err = forgetToken(u).SetStatus(Disconnected).ClearHeldDomain().SetScopes([]string{}).
			ClearNextSyncAt().SetWebhooks(NotAvailable).ClearWebhookProblem().ClearWebhooksCheckAt().AddWebhookFence(1).Save(ctx)
		if err != nil || left == 0 {
			return err
		}
		return s.dropEvents(ctx, tx, outcome)
	})
	if err != nil {
		return fmt.Errorf("disconnect the store: %w", err)
	}
	if left == 0 {
		return nil
	}
	if err := s.Store.Commerce(ctx, func(q *store.SQL) error { return s.stop(ctx, q) }); err != nil {
		return fmt.Errorf("end the sync: %w", err)
	}
	s.interrupt(ctx)
	cancelExports()
	s.Changed(row.TenantID, 0)
	return nil
}

// dropEvents ends the events that wait.
func (s *Service) dropEvents(ctx context.Context, tx *ent.Client, outcome string) error {
	return tx.WebhookEvent.Update().Where(webhookevent.DoneAtIsNil()).SetOutcome(outcome).
		SetDoneAt(s.Now().UTC().Truncate(time.Microsecond)).Exec(ctx)
}

// now is the payload that shows the store as it is now.
func (s *Service) now(ctx context.Context) (*StorePayload, error) {
	st, err := s.Current(ctx)
	return &StorePayload{Store: st}, err
}

func noStore() *StorePayload {
	return &StorePayload{UserErrors: []fault.UserError{{Code: fault.CodeNotFound, Message: "no store is connected"}}}
}

// Update changes how often the store is synced: every so many minutes, 5 to 1440, or never with 0.
func (s *Service) Update(ctx context.Context, everyMinutes int) (*StorePayload, error) {
	if everyMinutes != 0 && (everyMinutes < 5 || everyMinutes > 1440) {
		return &StorePayload{UserErrors: []fault.UserError{{Field: []string{"input", "syncEveryMinutes"}, Code: fault.CodeInvalid,
			Message: "must be 0, which is never, or 5 to 1440"}}}, nil
	}
	row, err := s.row(ctx)
	if err != nil {
		return nil, err
	}
	if row == nil || row.Status == Disconnected {
		return noStore(), nil
	}
	err = s.Store.Tx(ctx, func(tx *ent.Client) error {
		u := tx.Store.Update().SetSyncEveryMinutes(everyMinutes)
		if everyMinutes == 0 {
			u.ClearNextSyncAt()
		} else {
			u.SetNextSyncAt(s.next(s.Now().UTC(), everyMinutes))
		}
		return u.Exec(ctx)
	})
	if err != nil {
		return nil, fmt.Errorf("change the store: %w", err)
	}
	return s.now(ctx)
}
