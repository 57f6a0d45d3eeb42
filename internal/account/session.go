package account

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/membership"
	"github.com/shopsight/shopsight/ent/session"
	"github.com/shopsight/shopsight/ent/user"
	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/viewer"
)

// maxSession is how long a session lasts however often it is refreshed. Unused, it ends after auth.RefreshLifetime.
const maxSession = 90 * 24 * time.Hour

// AuthPayload is the answer to sign-up, login and refresh: either tokens and their viewer, or user errors.
type AuthPayload struct {
	Viewer               *viewer.Viewer
	AccessToken          string
	AccessTokenExpiresAt time.Time
	RefreshToken         string
	UserErrors           []fault.UserError
}

// SuccessPayload is the answer to mutations that return nothing else.
type SuccessPayload struct {
	Success    bool
	UserErrors []fault.UserError
}

// refuse is the one answer to every credential that does not count.
func refuse(field []string, message string) *AuthPayload {
	return &AuthPayload{UserErrors: []fault.UserError{{Field: field, Message: message, Code: fault.CodeInvalidCredentials}}}
}

// openSession writes a new session. The context's viewer must be the system: nobody else opens sessions.
func (s *Service) openSession(ctx context.Context, tx *ent.Client, userID, tenantID int64, d Device) (*ent.Session, error) {
	now := s.instant()
	create := tx.Session.Create().SetID(s.store.NewID()).SetUserID(userID).SetTenantID(tenantID).
		SetCreatedAt(now).SetLastSeenAt(now).SetExpiresAt(now.Add(auth.RefreshLifetime))
	if agent := []rune(strings.ToValidUTF8(d.UserAgent, "�")); len(agent) > 0 {
		create.SetUserAgent(string(agent[:min(len(agent), 255)]))
	}
	if ip := d.IP.Unmap().WithZone(""); ip.IsValid() {
		create.SetIPAddress(ip.String())
	}
	row, err := create.Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("write the session: %w", err)
	}
	return row, nil
}

// admit signs the tokens of a session in its present generation.
func (s *Service) admit(row *ent.Session, role viewer.Role) (*AuthPayload, error) {
	access, expires, err := s.tokens.IssueAccess(auth.AccessClaims{
		UserID: row.UserID, TenantID: row.TenantID, SessionID: row.ID,
	})
	if err != nil {
		return nil, err
	}
	refresh, _, err := s.tokens.IssueRefresh(auth.RefreshClaims{
		UserID: row.UserID, SessionID: row.ID, Generation: int64(row.Generation),
	})
	if err != nil {
		return nil, err
	}
	return &AuthPayload{
		Viewer:      viewer.Person(row.TenantID, row.UserID, row.ID, role),
		AccessToken: access, AccessTokenExpiresAt: expires, RefreshToken: refresh,
	}, nil
}

// Refresh exchanges a refresh token for new tokens of the same session. Each refresh token works once. Showing one that
// was used ends the session: two parties hold it, and nobody can tell which of them is the thief. Every token that does
// not count answers INVALID_CREDENTIALS alike.
func (s *Service) Refresh(ctx context.Context, token string) (*AuthPayload, error) {
	field := []string{"refreshToken"}
	if token == "" {
		return &AuthPayload{UserErrors: []fault.UserError{{
			Field: field, Message: "a refresh token is needed", Code: fault.CodeRequired,
		}}}, nil
	}
	refused := refuse(field, "the refresh token is invalid, used or expired; log in again")
	c, err := s.tokens.VerifyRefresh(token)
	if err != nil {
		return refused, nil
	}
	// Whoever holds the token acts for that person alone.
	ctx = viewer.NewContext(ctx, &viewer.Viewer{UserID: c.UserID, SessionID: c.SessionID})
	var (
		row    *ent.Session
		role   viewer.Role
		reused bool
	)
	err = s.store.Tx(ctx, func(tx *ent.Client) error {
		row, role, reused = nil, "", false
		held, err := tx.Session.Get(ctx, c.SessionID)
		if ent.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		next, err := s.rotate(ctx, tx, held, int(c.Generation))
		if err != nil {
			return err
		}
		if !next {
			// Of several at once only one changed the generation; for the others theirs is an old one now.
			n, err := tx.Session.Update().
				Where(session.ID(held.ID), session.GenerationGT(int(c.Generation)), session.RevokedAtIsNil()).
				SetRevokedAt(s.instant()).Save(ctx)
			reused = n > 0
			return err
		}
		m, err := tx.Membership.Query().
			Where(membership.UserID(held.UserID), membership.TenantID(held.TenantID)).Only(ctx)
		if err != nil {
			return err
		}
		held.Generation = int(c.Generation) + 1
		row, role = held, viewer.Role(m.Role)
		return nil
	})
	switch {
	case ent.IsNotFound(err): // the membership ended in between, and the session with it
		return refused, nil
	case err != nil:
		return nil, fmt.Errorf("refresh the session: %w", err)
	case reused:
		s.seen.forget(c.SessionID)
		s.log.WarnContext(ctx, "session ended: a used refresh token was shown", "user", c.UserID, "session", c.SessionID)
		return refused, nil
	case row == nil:
		return refused, nil
	}
	return s.admit(row, role)
}

// rotate moves a session from the given generation to the next by one conditional statement, and tells whether it did.
func (s *Service) rotate(ctx context.Context, tx *ent.Client, held *ent.Session, generation int) (bool, error) {
	now := s.instant()
	expires := now.Add(auth.RefreshLifetime)
	if last := held.CreatedAt.Add(maxSession); expires.After(last) {
		expires = last
	}
	n, err := tx.Session.Update().
		Where(session.ID(held.ID), session.Generation(generation), session.RevokedAtIsNil(), session.ExpiresAtGT(now)).
		SetGeneration(generation + 1).SetLastSeenAt(now).SetExpiresAt(expires).Save(ctx)
	return n == 1, err
}

// Logout ends the session of the viewer, or all sessions of the person in every tenant. Their tokens stop counting at
// once, access tokens too; in other processes within a second.
func (s *Service) Logout(ctx context.Context, all bool) (*SuccessPayload, error) {
	v, err := person(ctx)
	if err != nil {
		return nil, err
	}
	err = s.store.Tx(ctx, func(tx *ent.Client) error {
		end := tx.Session.Update().Where(session.UserID(v.UserID), session.RevokedAtIsNil()).SetRevokedAt(s.instant())
		if !all {
			end.Where(session.ID(v.SessionID))
		}
		return end.Exec(ctx)
	})
	if err != nil {
		return nil, fmt.Errorf("log out: %w", err)
	}
	if all {
		s.seen.forgetAll()
	} else {
		s.seen.forget(v.SessionID)
	}
	s.log.InfoContext(ctx, "logged out", "user", v.UserID, "session", v.SessionID, "all", all)
	return &SuccessPayload{Success: true}, nil
}

// End ends the session of a refresh token, for whoever holds it. One that does not count, or has been used, ends nothing.
func (s *Service) End(ctx context.Context, token string) error {
	c, err := s.tokens.VerifyRefresh(token)
	if err != nil {
		return nil
	}
	ctx = viewer.NewContext(ctx, &viewer.Viewer{UserID: c.UserID, SessionID: c.SessionID})
	err = s.store.Tx(ctx, func(tx *ent.Client) error {
		return tx.Session.Update().
			Where(session.ID(c.SessionID), session.Generation(int(c.Generation)), session.RevokedAtIsNil()).
			SetRevokedAt(s.instant()).Exec(ctx)
	})
	if err != nil {
		return fmt.Errorf("end the session: %w", err)
	}
	s.seen.forget(c.SessionID)
	return nil
}

// Viewer returns who holds the session of a verified access token: auth.Middleware asks it at each request. A session that
// was ended, has expired, or whose person is no longer a member gets auth.ErrToken. The answer may be half a second old,
// but never older than a logout in this process.
func (s *Service) Viewer(ctx context.Context, c auth.AccessClaims) (*viewer.Viewer, error) {
	now, epoch := s.now(), s.seen.epoch()
	if h, ok := s.seen.get(c); ok {
		return h.viewer(), nil
	}
	// The token proves who it is; what the person may do is what this read is for.
	asker := viewer.NewContext(ctx, &viewer.Viewer{TenantID: c.TenantID, UserID: c.UserID, SessionID: c.SessionID})
	m, err := s.store.Client().Membership.Query().
		Where(membership.UserID(c.UserID), membership.TenantID(c.TenantID), membership.HasUserWith(user.HasSessionsWith(
			session.ID(c.SessionID), session.TenantID(c.TenantID), session.RevokedAtIsNil(), session.ExpiresAtGT(now.UTC())))).
		Only(asker)
	if ent.IsNotFound(err) {
		return nil, auth.ErrToken
	}
	if err != nil {
		return nil, fmt.Errorf("read the session: %w", err)
	}
	h := held{claims: c, role: viewer.Role(m.Role), at: now}
	s.seen.put(h, epoch)
	return h.viewer(), nil
}

// longEnded is how long an ended session is kept, so that it can still be told apart from one that never was.
const longEnded = 30 * 24 * time.Hour

// expired returns sessions of a person that nobody needs any more. They are looked up before the transaction that deletes
// them, so that it locks rows and not ranges.
func (s *Service) expired(ctx context.Context, userID int64) ([]int64, error) {
	limit := s.instant().Add(-longEnded)
	ids, err := s.store.Client().Session.Query().
		Where(session.UserID(userID), session.Or(session.ExpiresAtLT(limit), session.RevokedAtLT(limit))).
		Limit(100).IDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for ended sessions: %w", err)
	}
	return ids, nil
}

func forget(ctx context.Context, tx *ent.Client, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.Session.Delete().Where(session.IDIn(ids...)).Exec(ctx)
	return err
}
