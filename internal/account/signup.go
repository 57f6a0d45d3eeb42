package account

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/user"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/viewer"
)

// SignupInput is what a new person tells.
type SignupInput struct {
	Email      string
	Password   string
	Name       *string
	TenantName string
	LogoURL    *string
	// CurrencyCode and Timezone have no default here: what is left out is the schema's business, and empty is INVALID.
	CurrencyCode string
	Timezone     string
}

// newcomer is checked input.
type newcomer struct {
	email, tenant            string
	name, logo               *string
	currency, timezone, slug string
}

// Signup makes a person, a tenant of which the person is the owner, and a session in it, all or nothing.
//
// An address that has an account is TAKEN: login comes at once here, so that there is nothing to hide, and tries are
// limited by address and by network instead (fault.RateLimited).
func (s *Service) Signup(ctx context.Context, in SignupInput, d Device) (*AuthPayload, error) {
	n, bad := checkSignup(in)
	system := viewer.NewContext(ctx, viewer.System("sign-up: look whether the address is taken, make person and tenant"))
	if n.email != "" {
		if err := s.limits.signup(ctx, d.IP, n.email); err != nil {
			if fault.KindOf(err) == fault.RateLimited {
				s.log.WarnContext(ctx, "sign-up limited")
			}
			return nil, err
		}
		taken, err := s.store.Client().User.Query().Where(user.Email(n.email)).Exist(system)
		if err != nil {
			return nil, fmt.Errorf("look for the address: %w", err)
		}
		if taken {
			bad.add(fault.CodeTaken, "email", "this address has an account; log in instead")
		}
	}
	if len(bad) > 0 {
		return &AuthPayload{UserErrors: bad}, nil
	}
	hash, err := s.hashes.hash(ctx, in.Password)
	if err != nil {
		return nil, err
	}
	row, err := s.enrol(system, n, hash, d)
	if errors.Is(err, errTaken) {
		bad.add(fault.CodeTaken, "email", "this address has an account; log in instead")
		return &AuthPayload{UserErrors: bad}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("sign up: %w", err)
	}
	s.log.InfoContext(ctx, "signed up", "user", row.UserID, "tenant", row.TenantID, "session", row.ID)
	return s.admit(row, viewer.Owner)
}

func checkSignup(in SignupInput) (newcomer, problems) {
	var (
		n   newcomer
		bad problems
	)
	n.email = bad.email("email", in.Email)
	local, _, _ := strings.Cut(foldEmail(in.Email), "@")
	own := []string{in.Email, local, in.TenantName, "shopsight"}
	if in.Name != nil {
		own = append(own, *in.Name)
		if name := bad.text("name", *in.Name, false); name != "" {
			n.name = &name
		}
	}
	if code, message := checkPassword(in.Password, own...); code != "" {
		bad.add(code, "password", "%s", message)
	}
	n.tenant = bad.text("tenantName", in.TenantName, true)
	n.slug = slugOf(n.tenant)
	if in.LogoURL != nil {
		logo := bad.link("logoUrl", *in.LogoURL)
		n.logo = &logo
	}
	n.currency = bad.currency("currencyCode", in.CurrencyCode)
	n.timezone = bad.timezone("timezone", in.Timezone)
	return n, bad
}

// errTaken says that another sign-up with the same address was faster.
var errTaken = errors.New("the address is taken")

// errSlug says that another tenant has the slug.
var errSlug = errors.New("the slug is taken")

// slugTries is far more than chance needs to find a slug that is free.
const slugTries = 5

// enrol writes everything that a new account consists of, under a slug that is free.
func (s *Service) enrol(system context.Context, n newcomer, hash string, d Device) (*ent.Session, error) {
	for try := 1; ; try++ {
		var row *ent.Session
		err := s.store.Tx(system, func(tx *ent.Client) (err error) {
			row, err = s.writeAccount(system, tx, n, hash, d)
			return err
		})
		if !errors.Is(err, errSlug) || try == slugTries {
			return row, err
		}
		n.slug = suffixed(slugOf(n.tenant))
	}
}

func (s *Service) writeAccount(system context.Context, tx *ent.Client, n newcomer, hash string, d Device) (*ent.Session, error) {
	now := s.instant()
	u, err := tx.User.Create().SetID(s.store.NewID()).SetEmail(n.email).SetPasswordHash(hash).SetNillableName(n.name).
		SetCreatedAt(now).Save(system)
	if ent.IsConstraintError(err) {
		return nil, errTaken
	}
	if err != nil {
		return nil, fmt.Errorf("write the person: %w", err)
	}
	t, err := tx.Tenant.Create().SetID(s.store.NewID()).SetSlug(n.slug).SetName(n.tenant).SetEmail(n.email).
		SetNillableLogoURL(n.logo).SetCurrency(n.currency).SetTimezone(n.timezone).SetCreatedAt(now).Save(system)
	if ent.IsConstraintError(err) {
		return nil, errSlug
	}
	if err != nil {
		return nil, fmt.Errorf("write the tenant: %w", err)
	}
	if err := tx.TenantWrites.Create().SetID(t.ID).Exec(system); err != nil {
		return nil, fmt.Errorf("write the tenant's lock: %w", err)
	}
	err = tx.Membership.Create().SetID(s.store.NewID()).SetTenantID(t.ID).SetUserID(u.ID).SetRole(string(viewer.Owner)).
		SetJoinedAt(now).SetLastUsedAt(now).Exec(system)
	if err != nil {
		return nil, fmt.Errorf("write the membership: %w", err)
	}
	return s.openSession(system, tx, u.ID, t.ID, d)
}
