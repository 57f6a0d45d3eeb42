package sync

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/membership"
	"github.com/shopsight/shopsight/ent/oauthstate"
	"github.com/shopsight/shopsight/ent/tenant"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/viewer"
)

// How the service may read a store: of the API's enum StoreConnection.
const (
	// CustomApp is a token of an app of the merchant's own.
	CustomApp = "CUSTOM_APP"
	// ByOAuth is the service's own app, which the merchant lets in.
	ByOAuth = "OAUTH"
)

// Denial is why a store was not connected in the browser, "" when it was. There are no others: they stand in addresses.
type Denial string

// The denials.
const (
	// DeniedInvalid is a way that nobody began, that another browser went, that was gone before, or that Shopify did not sign.
	DeniedInvalid Denial = "INVALID"
	// DeniedExpired is a way that took too long.
	DeniedExpired Denial = "EXPIRED"
	// DeniedForbidden is a person who may not connect stores any more.
	DeniedForbidden Denial = "FORBIDDEN"
	// DeniedScope is an app that was granted too little.
	DeniedScope Denial = "SCOPE_MISSING"
	// DeniedTaken is a store that another tenant has.
	DeniedTaken Denial = "TAKEN"
	// DeniedConflict is a tenant that has another store, or records that do not go with this one.
	DeniedConflict Denial = "CONFLICT"
	// DeniedUnreachable is a store that does not answer, or gives no token.
	DeniedUnreachable Denial = "SHOP_UNREACHABLE"
)

const (
	// stateLife is how long a person has from the dashboard to the store's page and back.
	stateLife = 10 * time.Minute
	// maxStates is how many ways of one tenant are kept: older ones count no longer.
	maxStates = 20
	// The routes that are registered with Shopify.
	departPath = "/auth/shopify"
	arrivePath = "/auth/shopify/callback"
)

// Connections returns how stores can be connected to this service.
func (s *Service) Connections() []string {
	if s.App.ClientID == "" || s.App.Secret == "" || s.PublicURL == "" {
		return []string{CustomApp}
	}
	return []string{CustomApp, ByOAuth}
}

// begin writes down that the viewer sets out to connect a store by OAuth, and answers with where to go on.
func (s *Service) begin(ctx context.Context, domain shopify.Domain) (*ConnectStorePayload, error) {
	v := viewer.FromContext(ctx)
	if v.UserID == 0 {
		return nil, fault.Errorf(fault.Forbidden, "a store is connected by a person who is signed in")
	}
	before, err := s.row(ctx)
	if err != nil {
		return nil, err
	}
	if p := another(before, domain); p != nil {
		return p, nil
	}
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails
	state := base64.RawURLEncoding.EncodeToString(random)
	now := s.Now().UTC().Truncate(time.Microsecond)
	err = s.Store.Tx(ctx, func(tx *ent.Client) error {
		if _, err := tx.OAuthState.Delete().Where(oauthstate.ExpiresAtLTE(now)).Exec(ctx); err != nil {
			return err
		}
		ids, err := tx.OAuthState.Query().Order(oauthstate.ByID()).IDs(ctx)
		if err != nil {
			return err
		}
		if n := len(ids) - maxStates + 1; n > 0 {
			if _, err := tx.OAuthState.Delete().Where(oauthstate.IDIn(ids[:n]...)).Exec(ctx); err != nil {
				return err
			}
		}
		return tx.OAuthState.Create().SetID(s.Store.NewID()).SetUserID(v.UserID).SetShopDomain(string(domain)).
			SetStateHash(digest(state)).SetCreatedAt(now).SetExpiresAt(now.Add(stateLife)).Exec(ctx)
	})
	if err != nil {
		return nil, fmt.Errorf("begin to connect a store: %w", err)
	}
	return &ConnectStorePayload{AuthorizeURL: new(s.PublicURL + departPath + "?state=" + state)}, nil
}

func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// way finds what a state was written down for, while it counts. Whoever has the state is who it was given to, or somebody who
// was sent it: what it is for says nothing to others.
func (s *Service) way(ctx context.Context, state string) (*ent.OAuthState, Denial, error) {
	if state == "" {
		return nil, DeniedInvalid, nil
	}
	system := viewer.NewContext(ctx, viewer.System("find who set out to connect a store with this state"))
	rows, err := s.Store.Client().OAuthState.Query().Where(oauthstate.StateHash(digest(state))).Limit(2).All(system)
	switch {
	case err != nil:
		return nil, "", fmt.Errorf("find a state: %w", err)
	case len(rows) != 1 || rows[0].UsedAt != nil:
		return nil, DeniedInvalid, nil
	case !s.Now().Before(rows[0].ExpiresAt):
		return nil, DeniedExpired, nil
	}
	return rows[0], "", nil
}

// Way is what somebody is about to do who follows the address that Connect answered with.
type Way struct {
	// Shop is the store, and Account the name of the tenant that is to be connected to it.
	Shop, Account string
}

// Way tells what a state is for, so that who was sent its address by somebody else sees whose account it is. Nothing happens.
func (s *Service) Way(ctx context.Context, state string) (Way, Denial, error) {
	row, denial, err := s.way(ctx, state)
	if err != nil || denial != "" {
		return Way{}, denial, err
	}
	account, err := s.Store.Client().Tenant.Query().Where(tenant.ID(row.TenantID)).
		Only(viewer.NewContext(ctx, viewer.Tenant(row.TenantID)))
	if err != nil {
		return Way{}, "", fmt.Errorf("read whose state it is: %w", err)
	}
	return Way{Shop: row.ShopDomain, Account: account.Name}, "", nil
}

// Depart returns the page of the store on which the merchant lets the app in. browser is a secret of the browser that goes
// there: from now on no other may bring the state back.
func (s *Service) Depart(ctx context.Context, state, browser string) (to string, denial Denial, err error) {
	row, denial, err := s.way(ctx, state)
	if err != nil || denial != "" {
		return "", denial, err
	}
	ctx = viewer.NewContext(ctx, viewer.Tenant(row.TenantID))
	if len(row.BrowserHash) == 0 {
		err := s.Store.Tx(ctx, func(tx *ent.Client) error {
			n, err := tx.OAuthState.Update().Where(oauthstate.ID(row.ID), oauthstate.BrowserHashIsNil(), oauthstate.UsedAtIsNil()).
				SetBrowserHash(digest(browser)).Save(ctx)
			if err == nil && n == 0 {
				denial = DeniedInvalid // another browser was quicker
			}
			return err
		})
		if err != nil || denial != "" {
			return "", denial, err
		}
	} else if !same(row.BrowserHash, browser) {
		return "", DeniedInvalid, nil
	}
	to, err = s.OAuth.Authorize(shopify.Domain(row.ShopDomain), s.App, s.PublicURL+arrivePath, state, s.AppScopes)
	return to, "", err
}

func same(hash []byte, secret string) bool {
	return len(hash) > 0 && secret != "" && subtle.ConstantTimeCompare(hash, digest(secret)) == 1
}

// Launched reads what Shopify sends a merchant with who opens or installs the app from Shopify's side, and returns the store.
// Nothing else happens: nobody is known to ask, so that no grant is begun.
func (s *Service) Launched(rawQuery string) (shop string, denial Denial) {
	if s.App.ClientID == "" {
		return "", DeniedInvalid
	}
	signed, err := shopify.ParseSigned(rawQuery, s.App, s.Now())
	if err != nil {
		return "", DeniedInvalid
	}
	return string(signed.Shop), ""
}

// Arrive takes a merchant's browser that comes back from the store's page, and connects the tenant of the person who set out,
// as Connect does. Shopify must have signed the query just now; the state must be there, not used and not too old; the browser
// must be the one that departed with it, the store the one that was named then, and the person still one who may connect
// stores. Otherwise nothing is kept, and only who fails after all of the first still has the state.
func (s *Service) Arrive(ctx context.Context, rawQuery, browser string) (Denial, error) {
	if s.App.ClientID == "" {
		return DeniedInvalid, nil
	}
	signed, err := shopify.ParseSigned(rawQuery, s.App, s.Now())
	if err != nil || signed.Code == "" {
		return DeniedInvalid, nil
	}
	row, denial, err := s.way(ctx, signed.State)
	if err != nil || denial != "" {
		return denial, err
	}
	if !same(row.BrowserHash, browser) || string(signed.Shop) != row.ShopDomain {
		s.Log.WarnContext(ctx, "sync: a store's page came back to another browser, or for another store", "tenant", row.TenantID)
		return DeniedInvalid, nil
	}
	ctx = viewer.NewContext(ctx, viewer.Tenant(row.TenantID))
	first := false
	err = s.Store.Tx(ctx, func(tx *ent.Client) error {
		n, err := tx.OAuthState.Update().Where(oauthstate.ID(row.ID), oauthstate.UsedAtIsNil()).
			SetUsedAt(s.Now().UTC().Truncate(time.Microsecond)).Save(ctx)
		first = n == 1
		return err
	})
	if err != nil || !first {
		return DeniedInvalid, err
	}
	member, err := s.Store.Client().Membership.Query().Where(membership.TenantID(row.TenantID), membership.UserID(row.UserID)).Only(ctx)
	if err != nil && !ent.IsNotFound(err) {
		return "", fmt.Errorf("see whether the person is a member: %w", err)
	}
	if err != nil || !slices.Contains(viewer.Role(member.Role).Scopes(), viewer.AdminScope) {
		return DeniedForbidden, nil
	}
	return s.arrived(viewer.NewContext(ctx, viewer.Person(row.TenantID, row.UserID, 0, viewer.Role(member.Role))), signed)
}

// arrived asks for the token, and connects the viewer's tenant.
func (s *Service) arrived(ctx context.Context, signed shopify.Signed) (Denial, error) {
	g, err := s.OAuth.Exchange(ctx, signed.Shop, s.App, signed.Code)
	if e, ok := errors.AsType[*shopify.Error](err); ok {
		s.Log.WarnContext(ctx, "sync: a store gives no token for a code", "shop", string(signed.Shop), "error", e)
		if e.Code == shopify.CodeUnauthorized {
			return DeniedInvalid, nil
		}
		return DeniedUnreachable, nil
	}
	if err != nil {
		return "", fmt.Errorf("exchange a code: %w", err)
	}
	for _, scope := range needed {
		if !slices.Contains(g.Scopes, scope) {
			return DeniedScope, nil
		}
	}
	p, err := s.connect(ctx, signed.Shop, given{Grant: g, byApp: true})
	if err != nil || len(p.UserErrors) == 0 {
		return "", err
	}
	var messages []string
	for _, e := range p.UserErrors {
		messages = append(messages, e.Message)
	}
	s.Log.InfoContext(ctx, "sync: a store was not connected by OAuth", "shop", string(signed.Shop), "problem", strings.Join(messages, "; "))
	switch p.UserErrors[0].Code {
	case fault.CodeTaken:
		return DeniedTaken, nil
	case fault.CodeConflict:
		return DeniedConflict, nil
	case fault.CodeScopeMissing:
		return DeniedScope, nil
	case fault.CodeShopUnreachable:
		return DeniedUnreachable, nil
	}
	return DeniedInvalid, nil
}
