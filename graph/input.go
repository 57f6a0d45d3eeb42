package graph

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/shopsight/shopsight/internal/account"
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
