package sync

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shopsight/shopsight/ent/syncrefusal"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/store"
)

// Refusal is a record of the store that could not be taken over as it is now, and why. An earlier state of it may be there.
type Refusal struct {
	id        int64
	Resource  string
	ShopifyID string
	Reason    string
	RefusedAt time.Time
}

// refuse keeps which records of a page were refused, and forgets it of those that were taken over, in the transaction that
// writes the page.
func (s *Service) refuse(ctx context.Context, q *store.SQL, resource string, p page, errs []fault.UserError) error {
	why := map[int64]string{}
	for _, e := range errs {
		if len(e.Field) < 2 {
			continue
		}
		n, err := strconv.Atoi(e.Field[1])
		if err != nil || n >= len(p.ids) || why[p.ids[n]] != "" {
			continue
		}
		why[p.ids[n]] = strings.TrimSpace(strings.Join(e.Field[2:], ".") + " " + e.Message)
	}
	if len(why) == 0 {
		any, err := refusals(ctx, q, resource, "")
		if err != nil || any == 0 {
			return err
		}
	}
	if err := forgive(ctx, q, resource, p.ids); err != nil {
		return err
	}
	now := s.Now().UTC().Truncate(time.Microsecond)
	for _, id := range p.ids {
		if why[id] == "" {
			continue
		}
		if _, err := q.Exec(ctx, "INSERT INTO sync_refusals (id, tenant_id, resource, shopify_id, reason, refused_at) VALUES (?, ?, ?, ?, ?, ?)",
			s.Store.NewID(), q.Tenant(), resource, id, why[id], now); err != nil {
			return err
		}
		delete(why, id) // a page may have a record twice
	}
	return nil
}

// refusals counts the records of a kind that are refused, those that match a condition.
func refusals(ctx context.Context, q *store.SQL, resource, condition string, args ...any) (n int, err error) {
	err = q.Each(ctx, func(scan func(...any) error) error { return scan(&n) },
		"SELECT COUNT(*) FROM sync_refusals WHERE tenant_id = ? AND resource = ?"+condition, append([]any{q.Tenant(), resource}, args...)...)
	return n, err
}

// forgive forgets that records were refused.
func forgive(ctx context.Context, q *store.SQL, resource string, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	args := []any{q.Tenant(), resource}
	for _, id := range ids {
		args = append(args, id)
	}
	_, err := q.Exec(ctx, "DELETE FROM sync_refusals WHERE tenant_id = ? AND resource = ? AND shopify_id IN (?"+strings.Repeat(", ?", len(ids)-1)+")", args...)
	return err
}

// absent narrows a query of refusals to records of which nothing is stored, not even an earlier state.
func (r resource) absent() string {
	return " AND NOT EXISTS (SELECT 1 FROM " + r.table + " t WHERE t.tenant_id = sync_refusals.tenant_id AND t.shopify_id = sync_refusals.shopify_id" +
		r.known() + ")"
}

// refusedBetween returns the numbers in a range of the records that are refused and of which nothing is stored.
func (j *job) refusedBetween(ctx context.Context, res resource, above, to int64) (map[int64]bool, error) {
	out := map[int64]bool{}
	err := j.Store.Read(ctx, func(q *store.SQL) error {
		clear(out)
		return q.Each(ctx, func(scan func(...any) error) error {
			var id int64
			err := scan(&id)
			out[id] = true
			return err
		}, "SELECT shopify_id FROM sync_refusals WHERE tenant_id = ? AND resource = ? AND shopify_id > ? AND shopify_id <= ?"+res.absent(),
			q.Tenant(), res.name, above, to)
	})
	return out, err
}

// complaint says which records of a run's kinds are refused, nil when none is.
func (j *job) complaint(ctx context.Context, q *store.SQL) (*shopify.Error, error) {
	for _, st := range j.run.Edges.Steps {
		n, err := refusals(ctx, q, st.Resource, "")
		if err != nil {
			return nil, err
		}
		if n == 0 {
			continue
		}
		var id int64
		var reason string
		if err := q.Each(ctx, func(scan func(...any) error) error { return scan(&id, &reason) },
			"SELECT shopify_id, reason FROM sync_refusals WHERE tenant_id = ? AND resource = ? ORDER BY id LIMIT 1", q.Tenant(), st.Resource); err != nil {
			return nil, err
		}
		what := resourceOf(st.Resource).table
		if n == 1 {
			what = strings.TrimSuffix(what, "s")
		}
		return &shopify.Error{Code: shopify.CodeInvalidData,
			Message: fmt.Sprintf("%d %s could not be taken over; the first: %d, %s", n, what, id, reason)}, nil
	}
	return nil, nil
}

// RefusalPage is a page of refused records, those that were refused first in front.
type RefusalPage struct {
	Refusals []*Refusal
	HasNext  bool
	list     list
}

// Cursor returns the cursor that stands on a record of the page.
func (p *RefusalPage) Cursor(r *Refusal) string { return p.list.cursor(r.id) }

// Refusals returns a page of the records of the tenant's store that could not be taken over. A size outside of 1 to 100 is
// fault.Invalid, a cursor of another list fault.InvalidCursor.
func (s *Service) Refusals(ctx context.Context, first int, after *string) (*RefusalPage, error) {
	if err := sized(first); err != nil {
		return nil, err
	}
	tenant, err := signedIn(ctx)
	if err != nil {
		return nil, err
	}
	p := &RefusalPage{list: list(fmt.Sprintf("refused records of %d", tenant))}
	q := s.Store.Client().SyncRefusal.Query()
	if after != nil {
		id, err := p.list.open(*after)
		if err != nil {
			return nil, err
		}
		q.Where(syncrefusal.IDGT(id))
	}
	rows, err := q.Order(syncrefusal.ByID()).Limit(first + 1).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the refused records: %w", err)
	}
	p.HasNext = len(rows) > first
	for _, row := range rows[:min(first, len(rows))] {
		p.Refusals = append(p.Refusals, &Refusal{id: row.ID, Resource: row.Resource, ShopifyID: fmt.Sprint(row.ShopifyID),
			Reason: row.Reason, RefusedAt: row.RefusedAt.UTC()})
	}
	return p, nil
}

// CountRefusals counts what Refusals pages through.
func (s *Service) CountRefusals(ctx context.Context) (int, error) {
	return s.Store.Client().SyncRefusal.Query().Count(ctx)
}
