package auth

import (
	"context"
	"strings"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/viewer"
)

// Authenticator tells who shows a bearer token.
type Authenticator struct {
	tokens   *Tokens
	sessions Sessions
}

// NewAuthenticator returns one that asks tokens whether a token is good, and sessions whether it still counts.
func NewAuthenticator(tokens *Tokens, sessions Sessions) *Authenticator {
	return &Authenticator{tokens, sessions}
}

// Authenticate reads the value of an Authorization header: the scheme Bearer and an access token. Everything that does not
// count gets ErrToken; another error is ours, and says that the sessions could not be asked.
func (a *Authenticator) Authenticate(ctx context.Context, authorization string) (*Credential, *viewer.Viewer, error) {
	scheme, token, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, nil, ErrToken
	}
	claims, expires, err := a.tokens.verifyAccess(token)
	if err != nil {
		return nil, nil, err
	}
	c := &Credential{by: a, claims: claims, expires: expires}
	v, err := c.Viewer(ctx)
	if err != nil {
		return nil, nil, err
	}
	return c, v, nil
}

// Credential is a token that was good when it was shown. What goes on after that moment, as a subscription does, keeps it
// to ask again.
type Credential struct {
	by      *Authenticator
	claims  AccessClaims
	expires time.Time
}

// Viewer returns who holds the credential at this moment: ErrToken once the token has expired or its session has ended.
func (c *Credential) Viewer(ctx context.Context) (*viewer.Viewer, error) {
	if !c.by.tokens.now().Before(c.expires.Add(skew)) {
		return nil, ErrToken
	}
	v, err := c.by.sessions.Viewer(ctx, c.claims)
	if fault.KindOf(err) == fault.Unauthenticated {
		return nil, ErrToken
	}
	return v, err
}

type credentialKey struct{}

// FromContext returns the credential with which a request came, nil when it came without one.
func FromContext(ctx context.Context) *Credential {
	c, _ := ctx.Value(credentialKey{}).(*Credential)
	return c
}
