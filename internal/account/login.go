package account

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/membership"
	"github.com/shopsight/shopsight/ent/user"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/viewer"
)

// LoginInput is what a person shows to open a session.
type LoginInput struct {
	Email    string
	Password string
	// TenantID is the tenant to open; 0 is the one used last.
	TenantID int64
}

// Login opens a session. A wrong password and an unknown address answer alike, INVALID_CREDENTIALS, and take the same
// work. After ten failed guesses at one account in 15 minutes it is fault.RateLimited, whether or not there is such an
// account and whether or not the next guess is right.
func (s *Service) Login(ctx context.Context, in LoginInput, d Device) (*AuthPayload, error) {
	email := foldEmail(in.Email)
	done, err := s.limits.login(ctx, d.IP, email)
	if err != nil {
		if fault.KindOf(err) == fault.RateLimited {
			s.log.WarnContext(ctx, "login limited")
		}
		return nil, err
	}
	failed := false // what breaks off before the answer has taught nobody anything
	defer func() { done(failed) }()
	system := viewer.NewContext(ctx, viewer.System("login: find the person by address, open a session"))
	u, err := s.store.Client().User.Query().Where(user.Email(email)).Only(system)
	if ent.IsNotFound(err) {
		u, err = &ent.User{}, nil // whose empty hash nothing matches
	}
	if err != nil {
		return nil, fmt.Errorf("find the person: %w", err)
	}
	ok, stale, err := s.hashes.check(ctx, in.Password, u.PasswordHash)
	if err != nil {
		return nil, err
	}
	if !ok {
		failed = true
		s.log.WarnContext(ctx, "login refused", "user", u.ID)
		return refuse(nil, "the address or the password is wrong"), nil
	}
	m, err := s.choose(system, u.ID, in.TenantID)
	if ent.IsNotFound(err) {
		return &AuthPayload{UserErrors: []fault.UserError{{
			Field: []string{"input", "tenantId"}, Message: "you are not a member of this tenant", Code: fault.CodeNotFound,
		}}}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find the membership: %w", err)
	}
	hash := ""
	if stale {
		if hash, err = s.hashes.hash(ctx, in.Password); err != nil {
			return nil, err
		}
	}
	expired, err := s.expired(system, u.ID)
	if err != nil {
		return nil, err
	}
	var row *ent.Session
	err = s.store.Tx(system, func(tx *ent.Client) error {
		if hash != "" { // unless the password was changed meanwhile
			err := tx.User.Update().Where(user.ID(u.ID), user.PasswordHash(u.PasswordHash)).SetPasswordHash(hash).Exec(system)
			if err != nil {
				return err
			}
		}
		if err := tx.Membership.UpdateOneID(m.ID).SetLastUsedAt(s.instant()).Exec(system); err != nil {
			return err
		}
		if err := forget(system, tx, expired); err != nil {
			return err
		}
		row, err = s.openSession(system, tx, u.ID, m.TenantID, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("log in: %w", err)
	}
	s.log.InfoContext(ctx, "logged in", "user", u.ID, "tenant", m.TenantID, "session", row.ID)
	return s.admit(row, viewer.Role(m.Role))
}

// choose returns the membership under which a person enters: of the tenant that is asked for, or the one used last.
func (s *Service) choose(system context.Context, userID, tenantID int64) (*ent.Membership, error) {
	q := s.store.Client().Membership.Query().Where(membership.UserID(userID)).
		Order(membership.ByLastUsedAt(sql.OrderDesc()), membership.ByID())
	if tenantID != 0 {
		q.Where(membership.TenantID(tenantID))
	}
	return q.First(system)
}
