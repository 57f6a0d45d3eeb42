package simshop

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// App is the one app that may be installed on the store by OAuth.
type App struct {
	ClientID, Secret string
	// Scopes are what a merchant grants, of those that are asked for; nil grants them all.
	Scopes []string
	// TokenLife is how long an access token is good for, an hour if 0; what renews it is good for ninety days.
	TokenLife time.Duration
	// Everlasting gives tokens that do not expire, as an app of before April 2026 may have them.
	Everlasting bool
}

// OAuthFaults are what goes wrong with questions for tokens, besides the shares of Faults, which are of the API.
type OAuthFaults struct {
	// Lost is how many of the next answers break off on their way, after the store has given the token.
	Lost int
	// Down is how many of the next questions are answered with 503, and nothing is given.
	Down int
	// Slow is how long an answer takes.
	Slow time.Duration
	// Refused refuses every question, as when the merchant has taken the app off.
	Refused bool
}

const (
	authorizePath = "/admin/oauth/authorize"
	tokenPath     = "/admin/oauth/access_token"

	codeLife    = time.Minute
	refreshLife = 90 * 24 * time.Hour
	// retryLife is how long a refresh token goes on working whose successor was never used.
	retryLife = 30 * 24 * time.Hour
)

// oauth is what the store knows of the app.
type oauth struct {
	codes  map[string]*code
	access map[string]*pair
	// refresh has the pairs by their refresh token.
	refresh map[string]*pair
	faults  OAuthFaults
	// asking are the questions for tokens that are under way.
	asking int
}

// code is what the merchant's browser is sent back with.
type code struct {
	scopes  []string
	expires time.Time
}

// pair is an access token and what renews it.
type pair struct {
	access, refresh string
	scopes          []string
	expires         time.Time // zero: never
	renewable       time.Time
	// before is the pair that this one was given for, until either token of this one is used: then that is void.
	before *pair
}

// Grant is the click of a merchant on the page that authorize leads to: it lets the app in, and returns where the browser is
// sent.
func (s *Shop) Grant(authorize string) (callback string, err error) {
	u, err := url.Parse(authorize)
	if err != nil {
		return "", err
	}
	if u.Path != authorizePath {
		return "", fmt.Errorf("%s is not the page of an app", u.Path)
	}
	return s.install(u.Query())
}

// install lets the app in.
func (s *Shop) install(q url.Values) (callback string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	app := s.opt.App
	redirect, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case app.ClientID == "" || q.Get("client_id") != app.ClientID:
		return "", errors.New("Oauth error application_cannot_be_found: The application cannot be found")
	case err != nil || redirect.Host == "":
		return "", errors.New("Oauth error invalid_request: The redirect_uri is not whitelisted")
	case q.Get("grant_options[]") != "":
		return "", errors.New("only offline tokens are simulated")
	}
	var granted []string
	for scope := range strings.SplitSeq(q.Get("scope"), ",") {
		if app.Scopes == nil || slices.Contains(app.Scopes, scope) {
			granted = append(granted, scope)
		}
	}
	text := s.secret("code")
	s.oauth.codes[text] = &code{granted, s.opt.Now().Add(codeLife)}
	back := s.stamped()
	back.Set("code", text)
	if q.Has("state") {
		back.Set("state", q.Get("state"))
	}
	redirect.RawQuery = s.signed(back)
	return redirect.String(), nil
}

// Launch returns where Shopify sends the browser of a merchant who opens the app from the store's admin, or installs it from
// its page in the App Store: app is the address that is configured there.
func (s *Shop) Launch(app string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return app + "?" + s.signed(s.stamped())
}

// stamped is what every query of Shopify's has.
func (s *Shop) stamped() url.Values {
	return url.Values{"shop": {s.opt.Domain}, "timestamp": {strconv.FormatInt(s.opt.Now().Unix(), 10)},
		"host": {"YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvc2ltdWxhdGVk"}}
}

// signed returns a query with its signature.
func (s *Shop) signed(q url.Values) string {
	mac := hmac.New(sha256.New, []byte(s.opt.App.Secret))
	_, _ = io.WriteString(mac, strings.ReplaceAll(q.Encode(), "+", "%20"))
	q.Set("hmac", hex.EncodeToString(mac.Sum(nil)))
	return q.Encode()
}

// secret makes up a token or a code. The caller holds the lock.
func (s *Shop) secret(prefix string) string {
	return fmt.Sprintf("%s_%016x%016x", prefix, s.secrets.Uint64(), s.secrets.Uint64())
}

// SetOAuthFaults changes what goes wrong with questions for tokens from now on.
func (s *Shop) SetOAuthFaults(f OAuthFaults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.oauth.faults = f
}

// SetApp changes the app from now on, as when its secret is renewed or the merchant grants less.
func (s *Shop) SetApp(a App) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opt.App = a
}

// Everlast returns an access token of the app that does not expire, as those were that Shopify gave before expiring ones.
func (s *Shop) Everlast() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &pair{access: s.secret("shpat"), scopes: s.scopes}
	s.oauth.access[p.access] = p
	return p.access
}

// Revoke makes every token void that the app was given, as when it is taken off the store.
func (s *Shop) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.oauth.access)
	clear(s.oauth.refresh)
}

// admits tells whether a token is good now, and what it may do. Using it ends the one before. The caller holds the lock.
func (s *Shop) admits(token string) (scopes []string, ok bool) {
	if token == "" {
		return nil, false
	}
	if token == s.token {
		return s.scopes, true
	}
	p := s.oauth.access[token]
	if p == nil || !p.expires.IsZero() && !s.opt.Now().Before(p.expires) {
		return nil, false
	}
	s.used(p)
	return p.scopes, true
}

// used makes the pair void that another one was given for.
func (s *Shop) used(p *pair) {
	for old := p.before; old != nil; old = old.before {
		delete(s.oauth.access, old.access)
		delete(s.oauth.refresh, old.refresh)
	}
	p.before = nil
}

// authorizes serves the pages of OAuth, and tells whether a request is for one.
func (s *Shop) authorizes(w http.ResponseWriter, r *http.Request) bool {
	switch r.URL.Path {
	case authorizePath:
		s.authorizePage(w, r)
	case tokenPath:
		s.tokenPage(w, r)
	default:
		return false
	}
	return true
}

// authorizePage is where the merchant lets the app in.
func (s *Shop) authorizePage(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if r.Method == http.MethodPost {
		callback, err := s.install(r.URL.Query())
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, "<!doctype html><title>Simulated store</title><p>%s", html.EscapeString(err.Error()))
			return
		}
		http.Redirect(w, r, callback, http.StatusSeeOther)
		return
	}
	fmt.Fprintf(w, `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Install the app</title>
<body style="font-family: sans-serif; max-width: 32rem; margin: 4rem auto"><h1>%s</h1>
<p>An app asks to read: <b>%s</b>.</p><form method="post"><button>Install app</button></form>`,
		html.EscapeString(s.Name()), html.EscapeString(strings.ReplaceAll(r.URL.Query().Get("scope"), ",", ", ")))
}

// tokenPage answers a question for a token.
func (s *Shop) tokenPage(w http.ResponseWriter, r *http.Request) {
	var ask map[string]string
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<16)).Decode(&ask); err != nil || r.Method != http.MethodPost {
		refuse(w, http.StatusBadRequest, `{"error":"invalid_request","error_description":"The request is not valid"}`)
		return
	}
	s.mu.Lock()
	s.stats.Grants++
	s.oauth.asking++
	s.stats.GrantsAtOnce = max(s.stats.GrantsAtOnce, s.oauth.asking)
	slow := s.oauth.faults.Slow
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.oauth.asking--
		s.mu.Unlock()
	}()
	if slow > 0 {
		select {
		case <-time.After(slow):
		case <-r.Context().Done():
			return
		}
	}
	s.mu.Lock()
	status, body := s.give(ask)
	lost := false
	if status == http.StatusOK && s.oauth.faults.Lost > 0 {
		s.oauth.faults.Lost--
		lost = true
	}
	s.mu.Unlock()
	if lost { // the server closes the connection when less comes than was announced
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		body = body[:len(body)/2]
	}
	refuse(w, status, body)
}

// give answers a question for a token. The caller holds the lock.
func (s *Shop) give(ask map[string]string) (status int, body string) {
	no := func(status int, code, words string) (int, string) {
		return status, fmt.Sprintf(`{"error":%q,"error_description":%q}`, code, words)
	}
	if s.oauth.faults.Down > 0 {
		s.oauth.faults.Down--
		return http.StatusServiceUnavailable, "<html><body><h1>503 Service Unavailable</h1></body></html>"
	}
	app := s.opt.App
	if app.ClientID == "" || ask["client_id"] != app.ClientID || ask["client_secret"] != app.Secret {
		return no(http.StatusUnauthorized, "invalid_client", "Client authentication failed")
	}
	if s.oauth.faults.Refused {
		return no(http.StatusBadRequest, "invalid_grant", "The app is not installed on this shop")
	}
	next := &pair{}
	switch {
	case ask["code"] != "":
		c := s.oauth.codes[ask["code"]]
		delete(s.oauth.codes, ask["code"])
		if c == nil || !s.opt.Now().Before(c.expires) {
			return no(http.StatusBadRequest, "invalid_request", "The authorization code was not found or was already used")
		}
		next.scopes = c.scopes
	case ask["grant_type"] == "refresh_token":
		old := s.oauth.refresh[ask["refresh_token"]]
		if old == nil || !s.opt.Now().Before(old.renewable) {
			return no(http.StatusBadRequest, "invalid_grant", "This request requires an active refresh_token")
		}
		s.used(old)
		if most := s.opt.Now().Add(retryLife); old.renewable.After(most) {
			old.renewable = most
		}
		next.scopes, next.before = old.scopes, old
	case ask["grant_type"] == "urn:ietf:params:oauth:grant-type:token-exchange":
		old := s.oauth.access[ask["subject_token"]]
		if old == nil || !old.expires.IsZero() || ask["expiring"] != "1" || ask["subject_token_type"] != ask["requested_token_type"] ||
			ask["subject_token_type"] != "urn:shopify:params:oauth:token-type:offline-access-token" {
			return no(http.StatusBadRequest, "invalid_subject_token", "The subject token is not valid")
		}
		delete(s.oauth.access, old.access)
		next.scopes = old.scopes
	default:
		return no(http.StatusBadRequest, "invalid_request", "The request is missing a required parameter")
	}
	next.access = s.secret("shpat")
	s.oauth.access[next.access] = next
	answer := map[string]any{"access_token": next.access, "scope": strings.Join(next.scopes, ",")}
	if ask["grant_type"] != "" || ask["expiring"] == "1" && !app.Everlasting {
		life := app.TokenLife
		if life == 0 {
			life = time.Hour
		}
		next.refresh = s.secret("shprt")
		next.expires, next.renewable = s.opt.Now().Add(life), s.opt.Now().Add(refreshLife)
		s.oauth.refresh[next.refresh] = next
		answer["expires_in"], answer["refresh_token"], answer["refresh_token_expires_in"] = int(life.Seconds()), next.refresh,
			int(refreshLife.Seconds())
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return http.StatusInternalServerError, ""
	}
	return http.StatusOK, string(text)
}
