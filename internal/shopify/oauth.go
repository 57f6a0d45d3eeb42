package shopify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
)

// App is an app of the Dev Dashboard, which merchants install, and in whose name tokens are asked for.
type App struct {
	ClientID string
	// Secret is the app's client secret. It signs what Shopify sends, and the app asks for tokens by it.
	Secret string
	// OldSecret still signs what Shopify sends for a while after the secret was changed; "" when there is none.
	OldSecret string
}

// Secrets returns what Shopify may have signed by: the present secret, and the one before it while there is one.
func (a App) Secrets() [][]byte {
	var out [][]byte
	for _, secret := range []string{a.Secret, a.OldSecret} {
		if secret != "" {
			out = append(out, []byte(secret))
		}
	}
	return out
}

// Grant is what a store gives an app: an access token, and what it is renewed by.
type Grant struct {
	AccessToken string
	// Scopes are what the token may do.
	Scopes []string
	// Life is how long the access token is good for; 0 is for ever, and then there is nothing to renew it by.
	Life time.Duration
	// RefreshToken gets the next grant, until RefreshLife is over. A store gives another one each time: the one before it goes
	// on working until anything of the new grant is used (Shopify, 28 August 2026), so that a grant that is lost on the way
	// can be asked for again.
	RefreshToken string
	RefreshLife  time.Duration
}

// Expires tells whether the grant has to be renewed.
func (g Grant) Expires() bool { return g.RefreshToken != "" }

// Authorize returns the page of the store on which its owner lets the app in. From there the browser goes on to redirect,
// with what ParseSigned reads: a code, and the state.
func (a *API) Authorize(d Domain, app App, redirect, state string, scopes []string) (string, error) {
	if !d.valid() {
		return "", errors.New("not the domain of a store")
	}
	q := url.Values{"client_id": {app.ClientID}, "scope": {strings.Join(scopes, ",")}, "redirect_uri": {redirect}, "state": {state}}
	return a.origin(d) + "/admin/oauth/authorize?" + q.Encode(), nil
}

// Exchange returns what a store gives for a code, which is good once and for a minute. The token expires, where Shopify lets
// it. A code that is not good is CodeUnauthorized.
func (a *API) Exchange(ctx context.Context, d Domain, app App, code string) (Grant, error) {
	return a.grant(ctx, d, app, map[string]string{"code": code, "expiring": "1"})
}

// Refresh returns the grant that follows another. It is not to be asked for by two at once. A refresh token that is not good
// is CodeUnauthorized; after any other error it may be good still.
func (a *API) Refresh(ctx context.Context, d Domain, app App, refreshToken string) (Grant, error) {
	return a.grant(ctx, d, app, map[string]string{"grant_type": "refresh_token", "refresh_token": refreshToken})
}

// offline is what Shopify calls the tokens of a store that nobody needs to be signed in for.
const offline = "urn:shopify:params:oauth:token-type:offline-access-token"

// Upgrade returns a grant that expires for an access token that does not, which is no longer good then.
func (a *API) Upgrade(ctx context.Context, d Domain, app App, accessToken string) (Grant, error) {
	return a.grant(ctx, d, app, map[string]string{
		"grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "expiring": "1",
		"subject_token": accessToken, "subject_token_type": offline, "requested_token_type": offline,
	})
}

// grantTimeout bounds one question for a token.
const grantTimeout = 20 * time.Second

// grant asks a store for a token, once. No error holds anything of what was sent or answered.
func (a *API) grant(ctx context.Context, d Domain, app App, ask map[string]string) (Grant, error) {
	if !d.valid() {
		return Grant{}, &Error{Code: CodeInternal, Message: "Something went wrong on our side. Please report this."}
	}
	ask["client_id"], ask["client_secret"] = app.ClientID, app.Secret
	body, err := json.Marshal(ask)
	if err != nil {
		return Grant{}, err
	}
	limited, cancel := context.WithTimeout(ctx, grantTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(limited, http.MethodPost, a.origin(d)+"/admin/oauth/access_token", bytes.NewReader(body))
	if err != nil {
		return Grant{}, &Error{Code: CodeInternal, Message: "Something went wrong on our side. Please report this."}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "Shopsight")
	passing := func(cause string) *Error {
		return &Error{Code: CodeShopUnreachable, Retryable: true, cause: errors.New(cause),
			Message: fmt.Sprintf("%s did not answer when it was asked for a token. It tends to pass.", d)}
	}
	resp, err := a.http.Do(r)
	if err != nil {
		if ctx.Err() != nil {
			return Grant{}, ctx.Err()
		}
		return Grant{}, passing("the connection failed")
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxRefusal))
	if err != nil {
		if ctx.Err() != nil {
			return Grant{}, ctx.Err()
		}
		return Grant{}, passing("the answer broke off")
	}
	if resp.StatusCode == http.StatusOK {
		g, err := readGrant(text)
		if err != nil {
			return Grant{}, passing(err.Error())
		}
		return g, nil
	}
	return Grant{}, refusedGrant(d, resp.StatusCode, text, passing)
}

func refusedGrant(d Domain, status int, text []byte, passing func(string) *Error) error {
	var why struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(text, &why) // a page says nothing either
	cause := fmt.Errorf("status %d", status)
	switch {
	case why.Error == "invalid_client" || why.Error == "application_cannot_be_found" || why.Error == "unauthorized_client":
		// The operator's to mend: it says nothing of what the store has given.
		return &Error{Code: CodeInternal, Retryable: true, cause: fmt.Errorf("status %d: %s", status, why.Error),
			Message: "Shopify does not know our app by its client id and secret. Whoever runs this service has to set them right."}
	case status == http.StatusTooManyRequests, status == 430:
		e := passing(cause.Error())
		e.Code = CodeThrottled
		return e
	case status == http.StatusBadRequest, status == http.StatusUnauthorized, status == http.StatusForbidden:
		return &Error{Code: CodeUnauthorized, cause: cause,
			Message: fmt.Sprintf("Shopify no longer lets our app into %s. Connect the store again.", d)}
	case status >= 500, status == http.StatusRequestTimeout:
		return passing(cause.Error())
	}
	return &Error{Code: CodeShopUnreachable, cause: cause,
		Message: fmt.Sprintf("%s does not give our app a token. See in Shopify that the store is open, then connect it again.", d)}
}

// readGrant reads the answer to a question for a token.
func readGrant(text []byte) (Grant, error) {
	var got struct {
		AccessToken  string `json:"access_token"`
		Scope        string `json:"scope"`
		ExpiresIn    int64  `json:"expires_in"`
		RefreshToken string `json:"refresh_token"`
		RefreshLife  int64  `json:"refresh_token_expires_in"`
	}
	const longest = int64(10 * 365 * 24 * time.Hour / time.Second)
	switch err := json.Unmarshal(text, &got); {
	case err != nil:
		return Grant{}, errors.New("the answer is no JSON")
	case !tokenValid(got.AccessToken) || got.RefreshToken != "" && !tokenValid(got.RefreshToken):
		return Grant{}, errors.New("the answer has no token")
	case (got.ExpiresIn > 0) != (got.RefreshToken != ""), got.ExpiresIn < 0, got.RefreshLife < 0,
		got.ExpiresIn > longest, got.RefreshLife > longest, got.RefreshToken != "" && got.RefreshLife == 0:
		return Grant{}, errors.New("the answer does not say how long the token is good for")
	}
	g := Grant{AccessToken: got.AccessToken, Life: time.Duration(got.ExpiresIn) * time.Second, RefreshToken: got.RefreshToken,
		RefreshLife: time.Duration(got.RefreshLife) * time.Second}
	for scope := range strings.SplitSeq(got.Scope, ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			g.Scopes = append(g.Scopes, scope)
		}
	}
	return g, nil
}

// Signed is what Shopify sends a merchant's browser to an app with.
type Signed struct {
	Shop Domain
	// Code and State are there when a merchant has let the app in.
	Code, State string
}

// signedFor is how far the clocks may differ, and how long the browser may take.
const signedFor = 90 * time.Second

// ParseSigned reads the query of a request that a browser brings from Shopify, and sees that Shopify made it, for this app
// and just now. What is wrong is fault.Invalid, always in the same words. Each key stands there once: of two, somebody else
// might read the other.
//
// The signature is in hex: HMAC-SHA256, by the app's secret, of all other keys in order, as JavaScript's encodeURIComponent
// writes them (github.com/Shopify/shopify-app-js, hmac-validator.ts).
func ParseSigned(rawQuery string, app App, now time.Time) (Signed, error) {
	wrong := func() (Signed, error) {
		return Signed{}, fault.Errorf(fault.Invalid, "this does not come from Shopify, or came too late: begin again in the dashboard")
	}
	if len(rawQuery) > 8<<10 {
		return wrong()
	}
	q, err := url.ParseQuery(rawQuery)
	if err != nil {
		return wrong()
	}
	var pairs []string
	for key, values := range q {
		if len(values) != 1 {
			return wrong()
		}
		if key != "hmac" && key != "signature" {
			pairs = append(pairs, component(key)+"="+component(values[0]))
		}
	}
	slices.Sort(pairs)
	given, err := hex.DecodeString(q.Get("hmac"))
	if err != nil || !genuine(given, strings.Join(pairs, "&"), app) {
		return wrong()
	}
	stamp, err := strconv.ParseInt(q.Get("timestamp"), 10, 64)
	if err != nil || now.Sub(time.Unix(stamp, 0)).Abs() > signedFor {
		return wrong()
	}
	// Shopify writes the name in its plain form: nothing is trimmed or lower-cased here.
	s := Signed{Shop: Domain(q.Get("shop")), Code: q.Get("code"), State: q.Get("state")}
	if !s.Shop.valid() {
		return wrong()
	}
	return s, nil
}

// genuine tells whether one of the app's secrets has made a signature.
func genuine(given []byte, message string, app App) bool {
	ok := false
	for _, secret := range app.Secrets() {
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(message))
		ok = hmac.Equal(mac.Sum(nil), given) || ok
	}
	return ok
}

var javaScript = strings.NewReplacer("+", "%20", "%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*")

// component writes text as JavaScript's encodeURIComponent does.
func component(s string) string { return javaScript.Replace(url.QueryEscape(s)) }

// origin is where a store's pages are: beside its API.
func (a *API) origin(d Domain) string {
	if a.endpoint == nil {
		return "https://" + string(d)
	}
	base, _, _ := strings.Cut(a.endpoint(d), "/admin/api/")
	return base
}

// Tokens gives the access token that a store is asked with. refused is one that the store has just refused, or "": then it
// is another one, or the same if there is none. Its error is an *Error, or the context's.
type Tokens func(ctx context.Context, refused string) (string, error)

// Static is a token that nothing replaces.
func Static(token string) Tokens {
	return func(context.Context, string) (string, error) { return token, nil }
}
