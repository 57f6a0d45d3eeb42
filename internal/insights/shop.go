package insights

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/store"
)

// shop is what every report needs to know of its tenant.
type shop struct {
	currency   money.Currency
	timezone   string
	calendar   period.Calendar
	generation int64 // of ledger and rollups
	rebuilding bool
	sample     bool
	records    int64 // customers on file
	synced     *time.Time
	importing  bool // a store is connected, and no sync with it has ended yet
	// first and last are the first and the last local day with an entry, NoDay when there is none.
	first, last period.Day
}

// firstSampleID is the least id that sample data has; it is the only data that is kept there, but ids of a store may
// reach it too.
const firstSampleID = 9_000_000_000_000_000_000

// readShop reads the settings, which generation of numbers is in force, and its first and last day, in one statement: it
// is the first of a report, so that the snapshot begins with it. The search for sample data is three seeks in unique
// keys.
func readShop(ctx context.Context, q *store.SQL, now time.Time) (shop, error) {
	const statement = `
SELECT t.currency, t.timezone, t.week_starts_on, w.generation, w.next_generation <> 0 AND w.next_timezone <> t.timezone,
  w.customers,
  (SELECT d.day FROM daily_sales d WHERE d.tenant_id = t.id AND d.generation = w.generation AND d.entries > 0
    ORDER BY d.day LIMIT 1),
  (SELECT d.day FROM daily_sales d WHERE d.tenant_id = t.id AND d.generation = w.generation AND d.entries > 0
    ORDER BY d.day DESC LIMIT 1),
  EXISTS (SELECT 1 FROM orders o WHERE o.tenant_id = t.id AND o.shopify_id >= ? AND o.source = 'SAMPLE')
  OR EXISTS (SELECT 1 FROM customers c WHERE c.tenant_id = t.id AND c.shopify_id >= ? AND c.source = 'SAMPLE')
  OR EXISTS (SELECT 1 FROM products p WHERE p.tenant_id = t.id AND p.shopify_id >= ? AND p.source = 'SAMPLE'),
  st.last_synced_at, st.id IS NOT NULL AND st.status <> 'DISCONNECTED' AND st.last_synced_at IS NULL
FROM tenants t JOIN tenant_writes w ON w.tenant_id = t.id LEFT JOIN stores st ON st.tenant_id = t.id
WHERE t.id = ?`
	var (
		s           = shop{first: period.NoDay, last: period.NoDay}
		weekStart   int
		first, last sql.NullInt32
		found       bool
	)
	err := q.Each(ctx, func(scan func(...any) error) error {
		found = true
		return scan(&s.currency, &s.timezone, &weekStart, &s.generation, &s.rebuilding, &s.records, &first, &last, &s.sample, &s.synced, &s.importing)
	}, statement, int64(firstSampleID), int64(firstSampleID), int64(firstSampleID), q.Tenant())
	if err != nil {
		return shop{}, fmt.Errorf("settings: %w", err)
	}
	if !found {
		return shop{}, errors.New("settings: the tenant is gone")
	}
	if first.Valid && last.Valid {
		s.first, s.last = period.Day(first.Int32), period.Day(last.Int32)
	}
	zone, err := period.LoadZone(s.timezone)
	if err != nil {
		// A fault would blame the caller for a column of ours.
		return shop{}, fmt.Errorf("settings: zone: %v", err)
	}
	s.calendar = period.Calendar{Zone: zone, WeekStart: time.Weekday(weekStart), Now: now}
	return s, nil
}

// resolved returns a span as the API shows it.
func (s shop) resolved(span period.Span) ResolvedRange {
	return ResolvedRange{
		From: span.Range.From, To: span.Range.To,
		StartsAt: span.StartsAt, EndsBefore: span.EndsBefore, Timezone: s.timezone,
	}
}

// money returns minor units of the shop's currency as the API shows them.
func (s shop) money(minor int64) money.Money { return money.Money{Minor: minor, Currency: s.currency} }

// covers tells whether every entry of the shop lies in the range.
func (s shop) covers(r period.Range) bool { return r.From <= s.first && s.last <= r.To }
