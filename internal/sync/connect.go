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
}

// ConnectStoreInput is how a store is reached.
type ConnectStoreInput struct {
	ShopDomain   string
	AccessToken  *string
	APISecretKey *string
}

// ConnectStorePayload is the answer to Connect.
type ConnectStorePayload struct {
	Store      *Store
	FirstSync  *Run
	UserErrors []fault.UserError
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
	return &Store{Name: row.Name, ShopDomain: row.ShopDomain, Status: row.Status, Scopes: row.Scopes,
		ConnectedAt: row.ConnectedAt.UTC(), LastSyncedAt: row.LastSyncedAt, SyncEveryMinutes: row.SyncEveryMinutes,
		NextSyncAt: row.NextSyncAt}
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
// replaces its token.
func (s *Service) Connect(ctx context.Context, in ConnectStoreInput) (*ConnectStorePayload, error) {
	refuse := func(field string, code fault.UserErrorCode, format string, args ...any) (*ConnectStorePayload, error) {
		return &ConnectStorePayload{UserErrors: []fault.UserError{
			{Field: []string{"input", field}, Code: code, Message: fmt.Sprintf(format, args...)}}}, nil
	}
	domain, err := shopify.ParseDomain(in.ShopDomain)
	if err != nil {
		return refuse("shopDomain", fault.CodeInvalid, "%s", err)
	}
	if in.AccessToken == nil || strings.TrimSpace(*in.AccessToken) == "" {
		return refuse("accessToken", fault.CodeRequired,
			"is needed: give the Admin API access token of an app of the store; docs/shopify.md says how to get one")
	}
	token := strings.TrimSpace(*in.AccessToken)
	before, err := s.row(ctx)
	if err != nil {
		return nil, err
	}
	if before != nil && before.Status != Disconnected && before.ShopDomain != string(domain) {
		return refuse("shopDomain", fault.CodeConflict, "%s is connected; disconnect it first", before.ShopDomain)
	}
	asking, cancel := context.WithTimeout(ctx, patience)
	shop, err := s.Source(domain, token, func(time.Time) {}).Shop(asking)
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
	var missing []string
	for _, scope := range needed {
		if !slices.Contains(shop.Scopes, scope) {
			missing = append(missing, scope)
		}
	}
	if len(missing) > 0 {
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
	row, err := s.keep(ctx, domain, shop, token, in.APISecretKey, before)
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
	if err := s.renew(ctx); err != nil {
		return nil, fmt.Errorf("go on with the new token: %w", err)
	}
	run, _, err := s.start(ctx, startInput{trigger: FirstConnect, mode: firstMode(before, domain), resources: allResources()})
	if err != nil {
		return nil, err
	}
	return &ConnectStorePayload{Store: storeOf(row), FirstSync: run}, nil
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

// keep writes the row of the store.
func (s *Service) keep(ctx context.Context, d shopify.Domain, shop shopify.Shop, token string, secret *string, before *ent.Store) (*ent.Store, error) {
	tenant := viewer.FromContext(ctx).TenantID
	sealed, err := s.Box.Seal([]byte(token), boundTo(tenant, "access_token"))
	if err != nil {
		return nil, err
	}
	var key []byte
	if secret != nil && *secret != "" {
		if key, err = s.Box.Seal([]byte(*secret), boundTo(tenant, "api_secret")); err != nil {
			return nil, err
		}
	}
	now := s.Now().UTC().Truncate(time.Microsecond)
	err = s.Store.Tx(ctx, func(tx *ent.Client) error {
		if before == nil {
			return tx.Store.Create().SetID(s.Store.NewID()).SetShopDomain(string(d)).SetHeldDomain(string(d)).
				SetName(shop.Name).SetStatus(Connected).SetScopes(shop.Scopes).SetAccessToken(sealed).SetAPISecret(key).
				SetConnectedAt(now).SetSyncEveryMinutes(everyMinutes).SetNextSyncAt(s.next(now, everyMinutes)).Exec(ctx)
		}
		u := tx.Store.Update().SetShopDomain(string(d)).SetHeldDomain(string(d)).SetName(shop.Name).
			SetStatus(Connected).SetScopes(shop.Scopes).SetAccessToken(sealed).SetConnectedAt(now)
		if key != nil {
			u.SetAPISecret(key)
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
			u.ClearLastSyncedAt()
			if key == nil {
				u.ClearAPISecret()
			}
		}
		return u.Exec(ctx)
	})
	if err != nil {
		return nil, err
	}
	return s.row(ctx)
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
	cancelExports := s.exports(ctx)
	err = s.Store.Tx(ctx, func(tx *ent.Client) error {
		return tx.Store.Update().SetStatus(Disconnected).ClearHeldDomain().ClearAccessToken().ClearAPISecret().
			SetScopes([]string{}).ClearNextSyncAt().Exec(ctx)
	})
	if err != nil {
		return nil, fmt.Errorf("disconnect the store: %w", err)
	}
	if err := s.Store.Commerce(ctx, func(q *store.SQL) error { return s.stop(ctx, q) }); err != nil {
		return nil, fmt.Errorf("end the sync: %w", err)
	}
	s.interrupt(ctx)
	cancelExports()
	if deleteData {
		if _, err := s.Ingest.ClearShopify(ctx, s.Forget); err != nil {
			return nil, err
		}
	}
	return s.now(ctx)
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
