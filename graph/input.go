package graph

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/shopsight/shopsight/internal/account"
	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/viewer"
)

// MarshalCurrencyText writes a currency that a service keeps as text.
func MarshalCurrencyText(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalCurrencyText is UnmarshalCurrencyCode for a service that takes text.
func UnmarshalCurrencyText(v any) (string, error) {
	c, err := UnmarshalCurrencyCode(v)
	return string(c), err
}

// AuthPayload is what a person is given to ask with. What is nil is null in the answer.
type AuthPayload struct {
	Viewer               *viewer.Viewer
	AccessToken          *string
	AccessTokenExpiresAt *time.Time
	RefreshToken         *string
	UserErrors           []fault.UserError
}

// SignupInput is an account, and the store that it is connected to at once.
type SignupInput struct {
	account.SignupInput
	ShopDomain  *string
	AccessToken *string
}

// connectAtSignup connects who has just signed up to the store that the input names, if it does.
func (r *Resolver) connectAtSignup(ctx context.Context, p *AuthPayload, in SignupInput) (*AuthPayload, error) {
	if p.Viewer == nil || in.ShopDomain == nil && in.AccessToken == nil {
		return p, nil
	}
	connected, err := r.Sync.Connect(viewer.NewContext(ctx, p.Viewer), sync.ConnectStoreInput{ShopDomain: or(in.ShopDomain), AccessToken: in.AccessToken})
	if err != nil {
		return nil, err
	}
	p.UserErrors = append(p.UserErrors, connected.UserErrors...)
	return p, nil
}

// NewAuthPayload returns what account has decided as the API shows it.
func NewAuthPayload(p *account.AuthPayload) *AuthPayload {
	out := &AuthPayload{UserErrors: p.UserErrors}
	if p.Viewer != nil {
		out.Viewer, out.AccessToken, out.AccessTokenExpiresAt, out.RefreshToken =
			p.Viewer, &p.AccessToken, &p.AccessTokenExpiresAt, &p.RefreshToken
	}
	return out
}

// SignedIn returns the viewer who is to read what is selected inside the payload, nil when nobody signed in.
func (p *AuthPayload) SignedIn() *viewer.Viewer { return p.Viewer }

// keepToken leaves the refresh token to the cookie of a request that has one, and takes it out of the answer.
func keepToken(ctx context.Context, p *AuthPayload) *AuthPayload {
	if c := auth.CookieFrom(ctx); c != nil && p.RefreshToken != nil {
		c.Keep(*p.RefreshToken)
		p.RefreshToken = nil
	}
	return p
}

// shownToken returns the refresh token that a request shows: as an argument, or in its cookie.
func shownToken(ctx context.Context, argument *string) string {
	if c := auth.CookieFrom(ctx); c != nil && argument == nil {
		return c.Token()
	}
	return or(argument)
}

// dropToken empties the cookie of a request that has one. Its session may be another than that of the credential, when
// somebody else has signed in meanwhile: it would live on without anybody who holds it, and ends too.
func (r *Resolver) dropToken(ctx context.Context) error {
	c := auth.CookieFrom(ctx)
	if c == nil {
		return nil
	}
	c.Clear()
	return r.Account.End(ctx, c.Token())
}
