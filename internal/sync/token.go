package sync

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/shopsight/shopsight/ent"
	entstore "github.com/shopsight/shopsight/ent/store"
	"github.com/shopsight/shopsight/internal/failpoint"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/viewer"
)

// The bounds of the renewal of tokens.
const (
	// ahead is how long before its end a token is renewed; of one that lives for less than half an hour, a sixth of its life.
	ahead = 5 * time.Minute
	// lastChance is how long before nothing can renew a token any more it is renewed, although nobody asks for it.
	lastChance = 30 * 24 * time.Hour
	// idleEvery is how often such tokens are looked for.
	idleEvery = 10 * time.Minute
	// tokenRest is how long a token that is good for a while is left alone after it could not be renewed.
	tokenRest = 20 * time.Second
	// tokenPoll is how long who waits for a token waits before looking again.
	tokenPoll = 50 * time.Millisecond
)

// tokenLease is how long the one that renews a token has for it: longer than a store may take to answer.
var tokenLease = failpoint.Duration("token_lease", 30*time.Second)

// credential is the token of one store, as one reader of it knows it. It is read from the row when it ends, or when the store
// refuses it, and renewed when it is time. All methods may be called by many at once.
//
// Of all that ask in all processes, one at a time renews the token of a store: it raises the row's fence, and who has an older
// number writes nothing. The new pair is written in one statement before either token of it is used. Until then the old
// refresh token goes on working (Shopify, 28 August 2026): so an answer that is lost, and a process that ends between answer
// and write, cost a question more and nothing else.
type credential struct {
	*Service
	tenant int64

	mu    sync.Mutex
	token string
	// until is when the row is looked at again; zero: the token does not expire.
	until time.Time
	known bool
	fence int64
	// upgraded tells that a token that does not expire was tried to be exchanged for one that does.
	upgraded bool
}

// source returns the store of a row, which is the viewer's. The credential goes on to be the present one, as long as the
// store is connected.
func (s *Service) source(row *ent.Store, throttled func(until time.Time)) (Source, *credential) {
	c := &credential{Service: s, tenant: row.TenantID, fence: row.TokenFence}
	return s.Source(shopify.Domain(row.ShopDomain), c.get, throttled), c
}

// version is the fence of the token that was handed out last.
func (c *credential) version() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fence
}

// get is shopify.Tokens.
func (c *credential) get(ctx context.Context, refused string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known && c.token != refused && (c.until.IsZero() || c.Now().Before(c.until)) {
		return c.token, nil
	}
	ctx = viewer.NewContext(ctx, viewer.Tenant(c.tenant))
	for {
		done, err := c.look(ctx, refused)
		if err != nil {
			return "", err
		}
		if done {
			return c.token, nil
		}
		select {
		case <-time.After(tokenPoll):
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// look takes the token of the row, and renews it when it is time. It returns false when somebody else is doing that.
func (c *credential) look(ctx context.Context, refused string) (done bool, err error) {
	row, err := c.row(ctx)
	if err != nil {
		return false, err
	}
	if row == nil || len(row.AccessToken) == 0 {
		return false, &shopify.Error{Code: shopify.CodeUnauthorized, Message: "No store is connected. Connect one."}
	}
	if row.Status == NeedsReauth && row.ByApp {
		return false, reinstall(row.ShopDomain)
	}
	token, err := c.open(ctx, row, "access_token", row.AccessToken)
	if err != nil {
		return false, err
	}
	now := c.Now()
	keep := func(until time.Time) bool {
		c.token, c.until, c.known, c.fence = token, until, true, row.TokenFence
		return true
	}
	renewable := row.ByApp && c.App.ClientID != ""
	expires := row.TokenExpiresAt
	good := token != refused && (expires == nil || now.Before(*expires))
	switch {
	case !renewable:
		return keep(time.Time{}), nil
	case expires == nil && (c.upgraded || token == refused):
		return keep(time.Time{}), nil
	case expires != nil && good && row.TokenRenewAt != nil && now.Before(*row.TokenRenewAt):
		return keep(*row.TokenRenewAt), nil
	}
	if l := row.TokenLeaseUntil; l != nil && now.Before(*l) { // somebody renews it
		if good {
			return keep(now.Add(time.Second)), nil
		}
		return false, nil
	}
	err = c.renewToken(ctx, row, token)
	e, ok := errors.AsType[*shopify.Error](err)
	switch {
	case err == nil:
		c.upgraded = true
		return false, nil // what the row says now
	case ok && good && (e.Retryable || expires == nil):
		c.upgraded = true
		c.Log.WarnContext(ctx, "sync: renew a token", "shop", row.ShopDomain, "error", err)
		rest := now.Add(tokenRest)
		if expires != nil && expires.Before(rest) {
			rest = *expires
		}
		return keep(rest), nil
	}
	return false, err
}

// open reads a secret of a store.
func (s *Service) open(ctx context.Context, row *ent.Store, column string, sealed []byte) (string, error) {
	plain, err := s.Box.Open(sealed, boundTo(row.TenantID, column))
	if err != nil {
		s.Log.ErrorContext(ctx, "sync: a store's token does not open", "shop", row.ShopDomain, "error", err)
		// A process may be about to learn the key, so it is tried again; in the end somebody has to help.
		return "", &shopify.Error{Code: shopify.CodeUnauthorized, Retryable: true,
			Message: "The store's token cannot be read here any more. Connect the store again."}
	}
	return string(plain), nil
}

func reinstall(domain string) *shopify.Error {
	return &shopify.Error{Code: shopify.CodeUnauthorized,
		Message: fmt.Sprintf("Shopify no longer lets our app into %s. Connect the store again.", domain)}
}

// renewToken asks the store for the next token and writes it, unless somebody else is doing that or has just done it. Its
// error is an *shopify.Error, or ours.
func (c *credential) renewToken(ctx context.Context, row *ent.Store, token string) error {
	fence := row.TokenFence + 1
	mine, err := c.tokenRow(ctx, row.TokenFence, func(u *ent.StoreUpdate) {
		u.SetTokenFence(fence).SetTokenLeaseUntil(c.Now().UTC().Add(tokenLease).Truncate(time.Microsecond))
	})
	if err != nil || !mine {
		return err
	}
	d := shopify.Domain(row.ShopDomain)
	var g shopify.Grant
	if row.TokenExpiresAt == nil {
		g, err = c.OAuth.Upgrade(ctx, d, c.App, token)
	} else {
		var refresh string
		if refresh, err = c.open(ctx, row, "refresh_token", row.RefreshToken); err == nil {
			g, err = c.OAuth.Refresh(ctx, d, c.App, refresh)
		}
	}
	failpoint.Here(failpoint.TokenBefore)
	// What was answered is written, although who asked for the token may be gone.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tokenLease)
	defer cancel()
	if err != nil {
		e, ok := errors.AsType[*shopify.Error](err)
		lost := ok && e.Code == shopify.CodeUnauthorized && !e.Retryable && row.TokenExpiresAt != nil
		_, werr := c.tokenRow(ctx, fence, func(u *ent.StoreUpdate) {
			u.ClearTokenLeaseUntil()
			if lost {
				u.SetStatus(NeedsReauth).ClearNextSyncAt()
			}
		})
		if lost {
			c.Log.WarnContext(ctx, "sync: a token is renewed no longer", "shop", row.ShopDomain, "error", err)
		}
		return errors.Join(err, werr)
	}
	given, err := c.sealGrant(row.TenantID, g)
	if err != nil {
		return err
	}
	mine, err = c.tokenRow(ctx, fence, func(u *ent.StoreUpdate) {
		given.set(u)
		u.SetTokenFence(fence + 1).ClearTokenLeaseUntil()
		if len(g.Scopes) > 0 {
			u.SetScopes(g.Scopes)
		}
	})
	if err != nil {
		return fmt.Errorf("keep the next token: %w", err)
	}
	failpoint.Here(failpoint.TokenAfter)
	if mine {
		c.Log.InfoContext(ctx, "sync: a token was renewed", "shop", row.ShopDomain)
	}
	return nil
}

// tokenRow changes the row of the tenant's store if its fence is still the given one, and tells whether it was.
func (c *credential) tokenRow(ctx context.Context, fence int64, change func(*ent.StoreUpdate)) (mine bool, err error) {
	err = c.Store.Tx(ctx, func(tx *ent.Client) error {
		u := tx.Store.Update().Where(entstore.TokenFence(fence), entstore.ByApp(true), entstore.StatusNEQ(Disconnected))
		change(u)
		n, err := u.Save(ctx)
		mine = n == 1
		return err
	})
	return mine, err
}

// sealed is a grant as it is written.
type sealed struct {
	access, refresh                []byte
	expires, renew, refreshExpires *time.Time
}

// sealGrant seals a grant for the row of a tenant's store.
func (s *Service) sealGrant(tenant int64, g shopify.Grant) (k sealed, err error) {
	if k.access, err = s.Box.Seal([]byte(g.AccessToken), boundTo(tenant, "access_token")); err != nil || !g.Expires() {
		return k, err
	}
	now := s.Now().UTC().Truncate(time.Microsecond)
	k.expires, k.renew, k.refreshExpires = new(now.Add(g.Life)), new(now.Add(g.Life-min(ahead, g.Life/6))), new(now.Add(g.RefreshLife))
	k.refresh, err = s.Box.Seal([]byte(g.RefreshToken), boundTo(tenant, "refresh_token"))
	return k, err
}

// set writes the grant into the row of the store, all of it at once.
func (k sealed) set(u *ent.StoreUpdate) {
	u.SetAccessToken(k.access)
	if k.refresh == nil {
		u.ClearRefreshToken().ClearTokenExpiresAt().ClearTokenRenewAt().ClearRefreshExpiresAt()
		return
	}
	u.SetRefreshToken(k.refresh).SetTokenExpiresAt(*k.expires).SetTokenRenewAt(*k.renew).SetRefreshExpiresAt(*k.refreshExpires)
}

// forgetToken removes every trace of a store's token from its row, so that no renewal that is under way brings one back.
// The secret that a custom app signs by stays with the records: what the law asks for comes after the store has left too, and
// nothing else is taken from it then.
func forgetToken(u *ent.StoreUpdate) *ent.StoreUpdate {
	return u.ClearAccessToken().ClearRefreshToken().ClearTokenExpiresAt().ClearTokenRenewAt().
		ClearRefreshExpiresAt().ClearTokenLeaseUntil().SetByApp(false).AddTokenFence(1)
}

// renewIdle renews the tokens that nobody has asked for in so long that soon nothing could renew them.
func (s *Service) renewIdle(ctx context.Context) error {
	now := s.Now()
	if s.App.ClientID == "" || now.Before(s.idleLooked.Add(idleEvery)) {
		return nil
	}
	s.idleLooked = now
	system := viewer.NewContext(ctx, viewer.System("find the stores whose tokens end unused"))
	rows, err := s.Store.Client().Store.Query().Where(entstore.RefreshExpiresAtLTE(now.UTC().Add(lastChance)),
		entstore.Status(Connected), entstore.ByApp(true)).Order(entstore.ByRefreshExpiresAt()).Limit(reconcileRuns).All(system)
	if err != nil {
		return err
	}
	for _, row := range rows {
		c := &credential{Service: s, tenant: row.TenantID}
		if _, err := c.get(ctx, ""); err != nil && ctx.Err() == nil { // it keeps nobody else waiting
			s.Log.WarnContext(ctx, "sync: renew a token that nobody asked for", "tenant", row.TenantID, "error", err)
		}
	}
	return nil
}
