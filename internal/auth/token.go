package auth

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"

	"github.com/shopsight/shopsight/internal/fault"
)

// What the tokens are good for, and how long.
const (
	// AccessLifetime is how long an access token counts.
	AccessLifetime = 15 * time.Minute
	// RefreshLifetime is how long a refresh token counts, and so how long a session may rest.
	RefreshLifetime = 30 * 24 * time.Hour

	issuer   = "shopsight"
	skew     = 30 * time.Second
	maxToken = 2048
)

// ErrToken is what every token that does not count gets, whatever is wrong with it.
var ErrToken error = fault.Errorf(fault.Unauthenticated, "the token is invalid or has expired")

// kind is one of the two sorts of tokens. They differ in type and audience, so that neither passes for the other.
type kind struct {
	typ, audience string
	lifetime      time.Duration
}

var (
	accessKind  = kind{"at+jwt", "shopsight-api", AccessLifetime}
	refreshKind = kind{"rt+jwt", "shopsight-refresh", RefreshLifetime}
)

// AccessClaims is what an access token says. It says no role: that is read from the membership at each request.
type AccessClaims struct {
	UserID, TenantID, SessionID int64
}

// RefreshClaims is what a refresh token says.
type RefreshClaims struct {
	UserID, SessionID int64
	// Generation counts the refreshes of the session; only the latest counts.
	Generation int64
}

// claims is the payload on the wire. Ids are strings because they may exceed what a JSON number holds exactly.
type claims struct {
	Issuer     string `json:"iss"`
	Audience   string `json:"aud"`
	Subject    string `json:"sub"`
	Session    string `json:"sid"`
	Tenant     string `json:"tenant,omitempty"`
	Generation *int64 `json:"gen,omitempty"`
	IssuedAt   int64  `json:"iat"`
	NotBefore  int64  `json:"nbf"`
	ExpiresAt  int64  `json:"exp"`
}

// Tokens issues and verifies tokens. It is safe for concurrent use.
type Tokens struct {
	keys *Keys
	now  func() time.Time
}

// NewTokens returns the issuer and verifier for keys, which may change; now is the clock.
func NewTokens(keys *Keys, now func() time.Time) *Tokens { return &Tokens{keys: keys, now: now} }

// IssueAccess signs an access token and returns it with the instant at which it expires.
func (t *Tokens) IssueAccess(c AccessClaims) (string, time.Time, error) {
	return t.issue(accessKind, claims{
		Subject: formatID(c.UserID), Session: formatID(c.SessionID), Tenant: formatID(c.TenantID),
	})
}

// IssueRefresh signs a refresh token and returns it with the instant at which it expires.
func (t *Tokens) IssueRefresh(c RefreshClaims) (string, time.Time, error) {
	return t.issue(refreshKind, claims{
		Subject: formatID(c.UserID), Session: formatID(c.SessionID), Generation: &c.Generation,
	})
}

// VerifyAccess returns what a valid access token says. Everything else gets ErrToken.
func (t *Tokens) VerifyAccess(token string) (AccessClaims, error) {
	c, _, err := t.verifyAccess(token)
	return c, err
}

// verifyAccess is VerifyAccess, and says when the token expires.
func (t *Tokens) verifyAccess(token string) (AccessClaims, time.Time, error) {
	p, err := t.verify(accessKind, token)
	if err != nil {
		return AccessClaims{}, time.Time{}, err
	}
	c := AccessClaims{UserID: p.id("sub"), TenantID: p.id("tenant"), SessionID: p.id("sid")}
	expires := p.time("exp")
	if p.bad {
		return AccessClaims{}, time.Time{}, ErrToken
	}
	return c, expires, nil
}

// VerifyRefresh returns what a valid refresh token says. Everything else gets ErrToken.
func (t *Tokens) VerifyRefresh(token string) (RefreshClaims, error) {
	p, err := t.verify(refreshKind, token)
	if err != nil {
		return RefreshClaims{}, err
	}
	c := RefreshClaims{UserID: p.id("sub"), SessionID: p.id("sid"), Generation: p.number("gen")}
	if p.bad || c.Generation < 0 {
		return RefreshClaims{}, ErrToken
	}
	return c, nil
}

func (t *Tokens) issue(k kind, c claims) (string, time.Time, error) {
	now := t.now().UTC().Truncate(time.Second)
	expires := now.Add(k.lifetime)
	c.Issuer, c.Audience = issuer, k.audience
	c.IssuedAt, c.NotBefore, c.ExpiresAt = now.Unix(), now.Unix(), expires.Unix()
	payload, err := json.Marshal(c)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("issue a token: %w", err)
	}
	header, keys := jws.NewHeaders(), t.keys.set.Load()
	err = errors.Join(header.Set(jws.TypeKey, k.typ), header.Set(jws.KeyIDKey, keys.signingID))
	if err != nil {
		return "", time.Time{}, fmt.Errorf("issue a token: %w", err)
	}
	token, err := jws.Sign(payload, jws.WithKey(jwa.EdDSA, keys.signing, jws.WithProtectedHeaders(header)))
	if err != nil {
		return "", time.Time{}, fmt.Errorf("issue a token: %w", err)
	}
	return string(token), expires, nil
}

// verify checks everything that both kinds have in common and returns the payload.
//
// The header is read by strict rules before any key is touched: exactly alg, kid and typ, each once. A header that brings
// a key along (jwk, jku, x5u, x5c), asks for extensions (crit, b64) or names another algorithm is not ours, whatever a
// library might make of it.
func (t *Tokens) verify(k kind, token string) (*object, error) {
	headerPart, payloadPart, ok := split(token)
	if !ok {
		return nil, ErrToken
	}
	header, ok := decodeObject(headerPart)
	if !ok || len(header.members) != 3 || header.text("alg") != jwa.EdDSA.String() || header.text("typ") != k.typ {
		return nil, ErrToken
	}
	key, known := t.keys.set.Load().verify[header.text("kid")]
	if !known || header.bad {
		return nil, ErrToken
	}
	if _, err := jws.Verify([]byte(token), jws.WithCompact(), jws.WithKey(jwa.EdDSA, key)); err != nil {
		return nil, ErrToken
	}
	p, ok := decodeObject(payloadPart)
	if !ok || p.text("iss") != issuer || p.text("aud") != k.audience {
		return nil, ErrToken
	}
	now := t.now()
	issued, notBefore, expires := p.time("iat"), p.time("nbf"), p.time("exp")
	if p.bad || issued.After(now.Add(skew)) || notBefore.After(now.Add(skew)) || !now.Before(expires.Add(skew)) {
		return nil, ErrToken
	}
	return p, nil
}

// split takes a compact token apart. It lets only the one spelling pass that an encoder writes, so that a token cannot be
// respelled: libraries ignore line breaks, padding and left-over bits.
func split(token string) (header, payload []byte, ok bool) {
	parts := strings.Split(token, ".")
	if len(token) > maxToken || len(parts) != 3 {
		return nil, nil, false
	}
	var decoded [3][]byte
	for i, part := range parts {
		b, err := base64.RawURLEncoding.Strict().DecodeString(part)
		if err != nil || strings.ContainsAny(part, "\r\n") {
			return nil, nil, false
		}
		decoded[i] = b
	}
	return decoded[0], decoded[1], len(decoded[2]) == ed25519.SignatureSize
}

func formatID(id int64) string { return strconv.FormatInt(id, 10) }
