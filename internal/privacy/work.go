package privacy

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/accessrecord"
	"github.com/shopsight/shopsight/ent/privacyrequest"
	"github.com/shopsight/shopsight/ent/tenant"
	"github.com/shopsight/shopsight/internal/viewer"
)

// The pace of the work.
const (
	// every is how often the table is looked at for what other processes have received and what failed.
	every = 5 * time.Second
	// claim is how long a request belongs to the process that has taken it up. Two that do the same work do no harm.
	claim = 30 * time.Second
	// tidy is how often the journal is completed and old access records go.
	tidy = time.Minute
	// batch bounds what one statement reads or deletes.
	batch = 500
	// reinstall is how long before a store is to be forgotten the app was removed from it: Shopify waits so long. A store
	// that was connected since has come back.
	reinstall = 48 * time.Hour
	// keepAccess is for how long access records are kept.
	keepAccess = 365 * 24 * time.Hour
)

// Work does what requests ask for, of every tenant, until the context ends: its viewer is the system. First it takes over
// what the journal has and the database has not, as after a backup was restored.
func (s *Service) Work(ctx context.Context) {
	flush, look := time.NewTicker(time.Second), time.NewTicker(every)
	defer flush.Stop()
	defer look.Stop()
	var tidied time.Time
	replayed := false
	for {
		if !replayed {
			replayed = s.try(ctx, "take over the journal", s.replay)
		}
		s.try(ctx, "work", s.Due)
		if now := time.Now(); replayed && now.Sub(tidied) >= tidy {
			tidied = now
			s.try(ctx, "complete the journal", s.copyRequests)
			s.try(ctx, "remove old access records", s.forgetAccess)
		}
		for waiting := true; waiting; {
			select {
			case <-ctx.Done():
				last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
				s.try(last, "write access records", s.Flush)
				cancel()
				return
			case <-flush.C:
				s.try(ctx, "write access records", s.Flush)
			case <-look.C:
				waiting = false
			case <-s.wake:
				waiting = false
			}
		}
	}
}

func (s *Service) try(ctx context.Context, what string, fn func(context.Context) error) bool {
	err := fn(ctx)
	if err != nil && ctx.Err() == nil {
		s.Log.ErrorContext(ctx, "privacy: "+what, "error", err)
	}
	return err == nil
}

// as returns the context for work inside one tenant.
func as(ctx context.Context, tenant int64) context.Context {
	return viewer.NewContext(ctx, viewer.Tenant(tenant))
}

// Due does what is to be done now. Its viewer is the system. What fails is tried again later, and does not hold up the rest.
func (s *Service) Due(ctx context.Context) error {
	rows, err := s.Store.Client().PrivacyRequest.Query().Where(privacyrequest.WorkAtLTE(s.Now().UTC())).
		Order(privacyrequest.ByID()).Limit(batch).All(ctx)
	if err != nil {
		return fmt.Errorf("find requests: %w", err)
	}
	for _, row := range rows {
		own := as(ctx, row.TenantID)
		taken, err := s.take(own, row)
		if err != nil {
			return err
		}
		if !taken {
			continue
		}
		outcome, err := s.do(own, row)
		if err == nil {
			err = s.finish(own, row.ID, outcome)
		}
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			s.Log.ErrorContext(ctx, "privacy: a request is tried again", "tenant", row.TenantID, "request", row.ID, "error", err)
			if err := s.again(own, row); err != nil {
				return err
			}
			continue
		}
		s.Log.InfoContext(ctx, "privacy: a request is done", "tenant", row.TenantID, "request", row.ID, "kind", row.Kind)
	}
	return nil
}

// take claims a request for a while.
func (s *Service) take(ctx context.Context, row *ent.PrivacyRequest) (ok bool, err error) {
	err = s.Store.Tx(ctx, func(tx *ent.Client) error {
		n, err := tx.PrivacyRequest.Update().Where(privacyrequest.ID(row.ID), privacyrequest.Status(Pending), privacyrequest.WorkAt(*row.WorkAt)).
			SetWorkAt(s.later(claim)).Save(ctx)
		ok = n == 1
		return err
	})
	return ok, err
}

// again has a request wait for its next attempt: longer each time, up to an hour.
func (s *Service) again(ctx context.Context, row *ent.PrivacyRequest) error {
	wait := min(time.Hour, 2*time.Second<<min(row.Attempts, 12))
	return s.Store.Tx(ctx, func(tx *ent.Client) error {
		return tx.PrivacyRequest.Update().Where(privacyrequest.ID(row.ID), privacyrequest.Status(Pending)).
			SetWorkAt(s.later(wait)).AddAttempts(1).Exec(ctx)
	})
}

func (s *Service) later(d time.Duration) time.Time {
	return s.Now().UTC().Add(d).Truncate(time.Microsecond)
}

// do does what a request asks for, and returns what that was. It may be done again.
func (s *Service) do(ctx context.Context, row *ent.PrivacyRequest) (outcome string, err error) {
	switch row.Kind {
	case CustomerRedact:
		var number int64
		if row.CustomerNumber != nil {
			number = *row.CustomerNumber
		}
		gone, err := s.Ingest.Redact(ctx, number, row.Orders)
		if err != nil {
			return "", err
		}
		outcome = fmt.Sprintf("%s and %s are anonymous; records of theirs that come later will be too.",
			count(gone.Customers, "customer"), count(gone.Orders, "order"))
	case ShopRedact:
		back, err := s.Shop.ConnectedSince(ctx, row.TriggeredAt.Add(-reinstall))
		if err != nil {
			return "", err
		}
		if back {
			return "Nothing was deleted: the store was connected again.", nil
		}
		if err := s.Shop.Erase(ctx); err != nil {
			return "", err
		}
		outcome = "The store, and everything that came from it, was deleted."
	default:
		return "", fmt.Errorf("there is nothing to do for a request of the kind %s", row.Kind)
	}
	s.Shop.RemoveExports(ctx)
	return outcome, s.Store.Scrub(ctx)
}

func count(n int64, what string) string {
	if n != 1 {
		what += "s"
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", n, what))
}

// replay takes over the requests of the journal that the database lacks.
func (s *Service) replay(ctx context.Context) error {
	lines, err := s.journal.read()
	if err != nil {
		return err
	}
	for _, l := range lines {
		own := as(ctx, l.Tenant)
		there, err := s.Store.Client().PrivacyRequest.Query().Where(privacyrequest.EventID(l.Event)).Exist(own)
		if err != nil {
			return err
		}
		if there {
			continue
		}
		// A tenant that is gone has nothing to forget.
		if ok, err := s.Store.Client().Tenant.Query().Where(tenant.ID(l.Tenant)).Exist(ctx); err != nil {
			return err
		} else if !ok {
			continue
		}
		if _, err := s.keep(own, l.received()); err != nil {
			return err
		}
		s.Log.WarnContext(ctx, "privacy: a request of the journal was not in the database", "tenant", l.Tenant, "kind", l.Kind)
	}
	return nil
}

// copyRequests brings the requests that other processes have received into the journal of this one.
func (s *Service) copyRequests(ctx context.Context) error {
	if s.journal.path == "" {
		return nil
	}
	began := s.Now().UTC()
	for after := int64(0); ; {
		rows, err := s.Store.Client().PrivacyRequest.Query().
			Where(privacyrequest.IDGT(after), privacyrequest.ReceivedAtGTE(s.copied), privacyrequest.KindNEQ(CustomerData)).Order(privacyrequest.ByID()).Limit(batch).All(ctx)
		if err != nil {
			return err
		}
		for _, row := range rows {
			r := Received{Kind: row.Kind, Orders: row.Orders, EventID: row.EventID, TriggeredAt: row.TriggeredAt.UTC(), ReceivedAt: row.ReceivedAt.UTC()}
			if row.CustomerNumber != nil {
				r.CustomerID = *row.CustomerNumber
			}
			if err := s.journal.add(lineOf(row.TenantID, r)); err != nil {
				return err
			}
			after = row.ID
		}
		if len(rows) < batch {
			s.copied = began.Add(-time.Hour) // clocks differ, and transactions take a while
			return nil
		}
	}
}

// forgetAccess removes access records that have been kept long enough, some at a time.
func (s *Service) forgetAccess(ctx context.Context) error {
	for {
		ids, err := s.Store.Client().AccessRecord.Query().Where(accessrecord.HourAtLT(s.Now().UTC().Add(-keepAccess))).Limit(batch).IDs(ctx)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := s.Store.Tx(ctx, func(tx *ent.Client) error {
			_, err := tx.AccessRecord.Delete().Where(accessrecord.IDIn(ids...)).Exec(ctx)
			return err
		}); err != nil {
			return err
		}
	}
}
