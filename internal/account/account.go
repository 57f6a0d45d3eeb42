// Package account knows people and the tenants that they belong to: sign-up, login, sessions and their tokens, and a
// tenant's own settings.
//
// What the caller can fix comes back as user errors in the payload, all of them at once. Faults refuse the request:
// RateLimited after too many tries, Unauthenticated and Forbidden without the viewer that a call needs. Reads and writes
// run under the viewer in the context; only sign-up, login and the opening of a session act as the system.
package account

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/viewer"
)

// Config is what a Service is made of.
type Config struct {
	Store  *store.Store
	Tokens *auth.Tokens
	// Rezone moves a tenant's reports to another timezone; UpdateTenant calls it with a zone that exists, the present one
	// included, which withdraws a move that is still under way.
	Rezone func(ctx context.Context, tenantID int64, zone string) error
	// Limits bounds how often strangers may try. The zero value is the default.
	Limits Limits
	// Hashes is how many passwords are hashed at once; each takes 19 MiB. 0 is one for each processor.
	Hashes int
	// Now is the clock.
	Now func() time.Time
	// Log gets one line for each sign-up, login, refusal and end of a session; nil logs nothing.
	Log *slog.Logger
}

// Service is the accounts of one installation. It is safe for concurrent use.
type Service struct {
	store  *store.Store
	tokens *auth.Tokens
	rezone func(ctx context.Context, tenantID int64, zone string) error
	hashes *hasher
	limits *limiter
	seen   *cache
	now    func() time.Time
	log    *slog.Logger
}

// New returns a service. All of Config but Limits, Hashes and Log is required.
func New(c Config) (*Service, error) {
	if c.Store == nil || c.Tokens == nil || c.Rezone == nil || c.Now == nil {
		return nil, errors.New("account: Store, Tokens, Rezone and Now are required")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	hashes, err := newHasher(c.Hashes)
	if err != nil {
		return nil, err
	}
	return &Service{
		store: c.Store, tokens: c.Tokens, rezone: c.Rezone, hashes: hashes,
		limits: newLimiter(c.Limits, c.Now), seen: newCache(c.Now), now: c.Now, log: c.Log,
	}, nil
}

// instant is the present time as the database keeps it.
func (s *Service) instant() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// Device is where a request comes from.
type Device struct {
	// IP is the client's address: the zero value for work that comes from no network.
	IP netip.Addr
	// UserAgent is what the client calls itself.
	UserAgent string
}

// User is a person.
type User struct {
	ID            int64
	Email         string
	Name          *string
	EmailVerified bool
	CreatedAt     time.Time
}

// Tenant is one store's account.
type Tenant struct {
	ID           int64
	Slug         string
	Name         string
	Email        string
	LogoURL      *string
	CreatedAt    time.Time
	CurrencyCode money.Currency
	Timezone     string
	WeekStartsOn time.Weekday
}

// IsNode says that a tenant can be fetched by its global id.
func (*Tenant) IsNode() {}

// TenantRef is a tenant as its members may see it before they switch to it.
type TenantRef struct {
	ID   int64
	Slug string
	Name string
}

// Membership is a person's place in a tenant.
type Membership struct {
	User     User
	Tenant   TenantRef
	Role     viewer.Role
	JoinedAt time.Time
}

// User returns the person who asks. A viewer who is no person is fault.Unauthenticated.
func (s *Service) User(ctx context.Context) (*User, error) {
	v, err := person(ctx)
	if err != nil {
		return nil, err
	}
	row, err := s.store.Client().User.Get(ctx, v.UserID)
	if err != nil {
		return nil, fmt.Errorf("read the person: %w", err)
	}
	u := userOf(row)
	return &u, nil
}

// person returns the viewer if it is somebody signed in.
func person(ctx context.Context) (*viewer.Viewer, error) {
	if v := viewer.FromContext(ctx); v != nil && v.UserID != 0 {
		return v, nil
	}
	return nil, fault.Errorf(fault.Unauthenticated, "sign in first")
}

// member returns the viewer if it has opened a tenant.
func member(ctx context.Context) (*viewer.Viewer, error) {
	if v := viewer.FromContext(ctx); v != nil && v.TenantID != 0 {
		return v, nil
	}
	return nil, fault.Errorf(fault.Unauthenticated, "sign in first")
}

// admin returns the viewer if it may change the tenant that it has opened.
func admin(ctx context.Context) (*viewer.Viewer, error) {
	v, err := member(ctx)
	if err == nil && !v.Can(viewer.AdminScope) {
		return nil, fault.Errorf(fault.Forbidden, "this needs the scope ADMIN")
	}
	return v, err
}

func userOf(row *ent.User) User {
	return User{
		ID: row.ID, Email: row.Email, Name: row.Name, EmailVerified: row.EmailVerified, CreatedAt: row.CreatedAt.UTC(),
	}
}

func tenantOf(row *ent.Tenant) *Tenant {
	return &Tenant{
		ID: row.ID, Slug: row.Slug, Name: row.Name, Email: row.Email, LogoURL: row.LogoURL,
		CreatedAt: row.CreatedAt.UTC(), CurrencyCode: money.Currency(row.Currency), Timezone: row.Timezone,
		WeekStartsOn: time.Weekday(row.WeekStartsOn),
	}
}
