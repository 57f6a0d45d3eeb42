package insights

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
)

// stretch is a run of whole days with its tally, of which the customers are wanted. A range that ends before it starts
// is empty.
type stretch struct {
	period.Range
	*tally
}

// distinct sets the customers of each stretch: those who ordered in it, each once. The other sums of the tallies must
// be there already.
//
// customer_gaps has, for each customer and each day on which they ordered, the day before it on which they did. Whoever
// ordered in [a, b] has exactly one first day there, whose gap reaches back beyond a; exactly one last day there, whose
// gap leads beyond b; and the other days there have gaps that lie inside. So each of these is the same number:
//
//	customers of the day       if a = b
//	new customers              if nobody ordered before a: the first day here is the first of all
//	Σ gaps (∞, [a, b])         if nobody ordered after b: the last day here is the last of all
//	Σ gaps ([a, b], < a)       the first days here
//	Σ daily customers − Σ gaps ([a, b], ≥ a)   all days here less those that are not the first
//
// The first two need no statement, and the third reads a row a day. Of the last two the one is chosen that can have
// fewer rows: the fourth soon after the store began, else the fifth, which for a month is at most 31 × 30 / 2 rows. The
// days are listed one by one, so that the key is entered for each of them and only these rows are read.
func (r reader) distinct(ctx context.Context, stretches []stretch) error {
	repeats := map[int]bool{}
	var all union
	for i, s := range stretches {
		length := int(s.To) - int(s.From) + 1
		switch {
		case length <= 1:
			s.customers = s.customerDays
			continue
		case s.From <= r.first || s.customerDays == s.fresh:
			s.customers = s.fresh
			continue
		case s.To >= r.last:
			all.add("SELECT "+strconv.Itoa(i)+", SUM(customers) FROM customer_gaps "+
				"WHERE tenant_id = ? AND generation = ? AND day = ? AND prev_day BETWEEN ? AND ?",
				r.sql.Tenant(), r.generation, period.Forever, s.From, s.To)
			continue
		}
		days, reach := s.Range, "<"
		if before := int(s.From) - int(r.first); before >= length/2 {
			repeats[i] = true
			days.From++ // a gap that ends on the first day cannot lie inside
			reach = ">="
		}
		all.add("SELECT "+strconv.Itoa(i)+", SUM(customers) FROM customer_gaps "+
			"WHERE tenant_id = ? AND generation = ? AND "+listed(days)+" AND prev_day "+reach+" ?",
			r.sql.Tenant(), r.generation, s.From)
	}
	return all.each(ctx, r.sql, "distinct customers", func(scan func(...any) error) error {
		var (
			i   int
			n   sum
			err error
		)
		if err = scan(&i, &n); err != nil {
			return err
		}
		s := stretches[i]
		if s.customers = int64(n); repeats[i] {
			s.customers, err = less(s.customerDays, int64(n))
		}
		return err
	})
}

// maxListed is how many days are listed one by one; beyond it the databases do better with a range.
const maxListed = 1000

// listed returns the condition that day is one of the days.
func listed(days period.Range) string {
	if int(days.To)-int(days.From) >= maxListed {
		return fmt.Sprintf("day BETWEEN %d AND %d", int(days.From), int(days.To))
	}
	var list strings.Builder
	for d := days.From; d <= days.To; d++ {
		if d > days.From {
			list.WriteByte(',')
		}
		list.WriteString(strconv.Itoa(int(d)))
	}
	return "day IN (" + list.String() + ")"
}

// cutDay adds to a tally what the last day of a span brought before the instant at which the span is cut. The tally
// holds the whole days from first to the one before, and its customers are set; those of the cut day who ordered in
// these days are not counted again. Test orders are not in the ledger and not added.
func (r reader) cutDay(ctx context.Context, s period.Span, first period.Day, t *tally) error {
	const statement = `
SELECT SUM(CASE WHEN kind = 1 THEN 1 ELSE 0 END), SUM(CASE WHEN kind = 1 AND customer_id IS NULL THEN 1 ELSE 0 END)`
	var part tally
	err := r.sql.Each(ctx, func(scan func(...any) error) error {
		return scan(append([]any{(*sum)(&part.orders), (*sum)(&part.guests)}, part.amounts()...)...)
	}, statement+", SUM("+strings.Join(amounts, "), SUM(")+`)
FROM ledger_entries WHERE tenant_id = ? AND generation = ? AND day = ? AND at < ?`,
		r.sql.Tenant(), r.generation, s.Range.To, s.EndsBefore)
	if err != nil {
		return fmt.Errorf("cut day: %w", err)
	}
	if part.orders > part.guests {
		if err := r.cutCustomers(ctx, s, first, &part); err != nil {
			return fmt.Errorf("customers of the cut day: %w", err)
		}
	}
	if err := t.add(part); err != nil {
		return err
	}
	t.customers, err = money.Add(t.customers, part.customers)
	return err
}

// cutCustomers counts who ordered on the cut day before the instant, but not from first to the day before. Nobody among
// them whose first order it was can have ordered earlier, so that the new ones are all counted too.
func (r reader) cutCustomers(ctx context.Context, s period.Span, first period.Day, t *tally) error {
	return r.sql.Each(ctx, func(scan func(...any) error) error {
		return scan((*sum)(&t.customers), (*sum)(&t.fresh))
	}, `
SELECT COUNT(*), SUM(fresh) FROM (
  SELECT e.customer_id, MAX(CASE WHEN c.first_order_id = e.order_id THEN 1 ELSE 0 END) AS fresh
  FROM ledger_entries e JOIN customers c ON c.tenant_id = e.tenant_id AND c.id = e.customer_id
  WHERE e.tenant_id = ? AND e.generation = ? AND e.day = ? AND e.at < ? AND e.kind = 1
    AND NOT EXISTS (SELECT 1 FROM customer_days d WHERE d.tenant_id = ? AND d.generation = ?
      AND d.customer_id = e.customer_id AND d.day BETWEEN ? AND ?)
  GROUP BY e.customer_id) ordered`,
		r.sql.Tenant(), r.generation, s.Range.To, s.EndsBefore,
		r.sql.Tenant(), r.generation, first, s.Range.To-1)
}
