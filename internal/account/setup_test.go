package account_test

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/account"
	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/viewer"
)

const goodPassword = "correct horse battery staple"

var device = account.Device{IP: netip.MustParseAddr("203.0.113.7"), UserAgent: "test"}

// clock is a time that stands still until a test moves it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// fixture is a service on one database, with what it was made of.
type fixture struct {
	*account.Service
	t      *testing.T
	store  *store.Store
	clock  *clock
	tokens *auth.Tokens
	zones  []string // that Rezone was called with
}

// setup makes a service; change may alter its configuration.
func setup(t *testing.T, s *store.Store, change ...func(*account.Config)) *fixture {
	t.Helper()
	private, err := auth.GenerateKeys()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := auth.ParseKeys(private)
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{t: t, store: s, clock: &clock{now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}}
	f.tokens = auth.NewTokens(keys, f.clock.read)
	c := account.Config{
		Store: s, Tokens: f.tokens, Now: f.clock.read,
		Rezone: func(ctx context.Context, tenantID int64, zone string) error {
			if v := viewer.FromContext(ctx); v.TenantID != tenantID {
				t.Errorf("rezone of %d for %+v", tenantID, v)
			}
			f.zones = append(f.zones, zone)
			return s.Tx(ctx, func(tx *ent.Client) error {
				return tx.Tenant.UpdateOneID(tenantID).SetTimezone(zone).Exec(ctx)
			})
		},
	}
	for _, fn := range change {
		fn(&c)
	}
	if f.Service, err = account.New(c); err != nil {
		t.Fatal(err)
	}
	return f
}

// newcomer is somebody who has nothing wrong.
func newcomer(email, tenant string) account.SignupInput {
	return account.SignupInput{Email: email, Password: goodPassword, TenantName: tenant, CurrencyCode: "USD", Timezone: "UTC"}
}

// signup makes the account of a newcomer.
func (f *fixture) signup(email, tenant string) *account.AuthPayload {
	f.t.Helper()
	p, err := f.Signup(f.t.Context(), newcomer(email, tenant), device)
	if err != nil || len(p.UserErrors) > 0 {
		f.t.Fatalf("sign-up of %s: %+v, %v", email, p, err)
	}
	return p
}

func (f *fixture) login(email, password string) (*account.AuthPayload, error) {
	return f.Login(f.t.Context(), account.LoginInput{Email: email, Password: password}, device)
}

// admits tells whether an access token counts now.
func (f *fixture) admits(access string) bool {
	f.t.Helper()
	c, err := f.tokens.VerifyAccess(access)
	if err != nil {
		f.t.Fatal(err)
	}
	v, err := f.Viewer(f.t.Context(), c)
	if err != nil && err != auth.ErrToken {
		f.t.Fatal(err)
	}
	return v != nil
}

// as returns the context in which the holder of the payload asks.
func (f *fixture) as(p *account.AuthPayload) context.Context {
	return viewer.NewContext(f.t.Context(), p.Viewer)
}

// system returns a context that sees everything.
func system(t *testing.T) context.Context {
	return viewer.NewContext(t.Context(), viewer.System("a test looks at rows"))
}

// told writes user errors as "field CODE, field CODE".
func told(errs []fault.UserError) string {
	var parts []string
	for _, e := range errs {
		field := "-"
		if len(e.Field) > 0 {
			field = e.Field[len(e.Field)-1]
		}
		parts = append(parts, field+" "+string(e.Code))
	}
	return strings.Join(parts, ", ")
}
