package privacy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/accessrecord"
	"github.com/shopsight/shopsight/internal/viewer"
)

// access is one kind of looking: what is counted together for an hour.
type access struct {
	tenant, user      int64
	hour              int64 // Unix
	operation, fields string
}

type views struct{ customers, answers int64 }

// The bounds of what is kept in memory and in a column.
const (
	mostSeen     = 4096
	maxOperation = 64
)

// Seen notes that an answer to the viewer showed personal fields of so many customers; operation is the name that the query
// gave itself. It is counted in memory and written within a second, or at once when much is waiting, so that no answer
// waits for it: a process that is killed loses the last second.
func (s *Service) Seen(ctx context.Context, operation string, fields []string, customers int) {
	v := viewer.FromContext(ctx)
	if v == nil || v.TenantID == 0 || customers < 1 {
		return
	}
	slices.Sort(fields)
	a := access{tenant: v.TenantID, user: v.UserID, hour: s.Now().UTC().Truncate(time.Hour).Unix(),
		operation: short(operation), fields: strings.Join(slices.Compact(fields), " ")}
	s.mu.Lock()
	s.count(a, views{int64(customers), 1})
	full := len(s.seen) >= mostSeen
	s.mu.Unlock()
	if full {
		s.try(ctx, "write access records", s.Flush)
	}
}

func (s *Service) count(a access, n views) {
	if s.seen[a] == nil {
		s.seen[a] = &views{}
	}
	s.seen[a].customers += n.customers
	s.seen[a].answers += n.answers
}

// short bounds the name of an operation, which GraphQL makes of ASCII alone.
func short(name string) string { return name[:min(len(name), maxOperation)] }

// Flush writes what was noted, of every tenant. What cannot be written is kept for the next time.
func (s *Service) Flush(ctx context.Context) error {
	s.mu.Lock()
	seen := s.seen
	s.seen = map[access]*views{}
	s.mu.Unlock()
	byTenant := map[int64][]access{}
	for a := range seen {
		byTenant[a.tenant] = append(byTenant[a.tenant], a)
	}
	var failed error
	for tenant, all := range byTenant {
		// Everybody takes rows in one order, so that no two wait for each other.
		slices.SortFunc(all, func(a, b access) int {
			return cmp.Or(cmp.Compare(a.hour, b.hour), cmp.Compare(a.user, b.user), cmp.Compare(a.operation, b.operation), cmp.Compare(a.fields, b.fields))
		})
		for part := range slices.Chunk(all, batch) {
			if err := s.record(as(ctx, tenant), part, seen); err != nil {
				failed = errors.Join(failed, err)
				s.mu.Lock()
				for _, a := range part {
					s.count(a, *seen[a])
				}
				s.mu.Unlock()
			}
		}
	}
	return failed
}

// record adds views to the rows of their hours.
func (s *Service) record(ctx context.Context, part []access, seen map[access]*views) error {
	write := func() error {
		return s.Store.Tx(ctx, func(tx *ent.Client) error {
			for _, a := range part {
				hour, n := time.Unix(a.hour, 0).UTC(), seen[a]
				found, err := tx.AccessRecord.Update().Where(accessrecord.HourAt(hour), accessrecord.UserID(a.user),
					accessrecord.Operation(a.operation), accessrecord.Fields(a.fields)).
					AddCustomers(n.customers).AddAnswers(n.answers).Save(ctx)
				if err != nil {
					return err
				}
				if found == 0 {
					if err := tx.AccessRecord.Create().SetID(s.Store.NewID()).SetHourAt(hour).SetUserID(a.user).SetOperation(a.operation).
						SetFields(a.fields).SetCustomers(n.customers).SetAnswers(n.answers).Exec(ctx); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	err := write()
	if ent.IsConstraintError(err) {
		err = write() // another process has made the row
	}
	if err != nil {
		return fmt.Errorf("record who saw personal data: %w", err)
	}
	return nil
}

// AccessEntry says who was shown personal fields of customers in an hour.
type AccessEntry struct {
	id int64
	// Hour is its first instant.
	Hour time.Time
	// UserID is the person, 0 when no person asked.
	UserID    int64
	Operation string
	Fields    []string
	Customers int
	Answers   int
}

// AccessPage is a page of entries, the newest first.
type AccessPage struct {
	Entries []*AccessEntry
	HasNext bool
	list    list
}

// Cursor returns the cursor that stands on an entry of the page.
func (p *AccessPage) Cursor(e *AccessEntry) string { return p.list.cursor(e.id) }

// Access returns a page of who was shown personal data of the tenant, up to a year back. A size outside of 1 to 100 is
// fault.Invalid, a cursor of another list fault.InvalidCursor.
func (s *Service) Access(ctx context.Context, first int, after *string) (*AccessPage, error) {
	tenant, err := tenantOf(ctx)
	if err != nil {
		return nil, err
	}
	p := &AccessPage{list: list(fmt.Sprintf("access records of %d", tenant))}
	before, err := p.list.page(first, after)
	if err != nil {
		return nil, err
	}
	if err := s.Flush(ctx); err != nil {
		return nil, err
	}
	q := s.Store.Client().AccessRecord.Query()
	if before != 0 {
		q.Where(accessrecord.IDLT(before))
	}
	rows, err := q.Order(accessrecord.ByID(sql.OrderDesc())).Limit(first + 1).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the access records: %w", err)
	}
	p.HasNext = len(rows) > first
	for _, r := range rows[:min(first, len(rows))] {
		p.Entries = append(p.Entries, &AccessEntry{id: r.ID, Hour: r.HourAt.UTC(), UserID: r.UserID, Operation: r.Operation,
			Fields: strings.Fields(r.Fields), Customers: int(r.Customers), Answers: int(r.Answers)})
	}
	return p, nil
}

// CountAccess counts what Access pages through.
func (s *Service) CountAccess(ctx context.Context) (int, error) {
	return s.Store.Client().AccessRecord.Query().Count(ctx)
}
