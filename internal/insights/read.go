package insights

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/store"
)

// reader reads the sums of one report from its snapshot. Every statement is bound to the tenant and to the generation
// that is in force.
type reader struct {
	sql *store.SQL
	shop
}

// amounts are the columns that ledger and daily sales share, in the order of tally.amounts.
var amounts = []string{
	"gross", "discount", "reversal", "shipping", "tax", "duty", "fee", "tip", "gift_card", "units",
}

// amounts lists where the columns of that name go.
func (t *tally) amounts() []any {
	return []any{
		(*sum)(&t.gross), (*sum)(&t.discount), (*sum)(&t.reversal), (*sum)(&t.shipping), (*sum)(&t.tax), (*sum)(&t.duty),
		(*sum)(&t.fee), (*sum)(&t.tip), (*sum)(&t.giftCard), (*sum)(&t.units),
	}
}

// totals returns the sums of each range of whole days from the daily rollup, in one statement. A range that ends before
// it starts is empty. Customers are not set: see distinct.
func (r reader) totals(ctx context.Context, ranges ...period.Range) ([]tally, error) {
	tallies := make([]tally, len(ranges))
	err := r.daily(ctx, func(column string) string { return "SUM(" + column + ")" }, "NULL", ranges,
		func(part int, _ period.Day, t tally) error { tallies[part] = t; return nil })
	return tallies, err
}

// days calls found for each day with sales in each of the ranges, in one statement. part tells which range it is in; a
// day may be in several.
func (r reader) days(ctx context.Context, ranges []period.Range, found func(part int, day period.Day, t tally) error) error {
	return r.daily(ctx, func(column string) string { return column }, "day", ranges, found)
}

func (r reader) daily(ctx context.Context, column func(string) string, day string, ranges []period.Range,
	found func(int, period.Day, tally) error,
) error {
	var columns strings.Builder
	for _, name := range append([]string{
		"orders", "guest_orders", "test_orders", "new_customers", "customers",
	}, amounts...) {
		columns.WriteString(", " + column(name))
	}
	var all union
	for part, days := range ranges {
		if days.From > days.To {
			continue
		}
		all.add("SELECT "+strconv.Itoa(part)+", "+day+columns.String()+
			" FROM daily_sales WHERE tenant_id = ? AND generation = ? AND day BETWEEN ? AND ?",
			r.sql.Tenant(), r.generation, days.From, days.To)
	}
	return all.each(ctx, r.sql, "daily sales", func(scan func(...any) error) error {
		var (
			part int
			on   sum
			t    tally
		)
		if err := scan(append([]any{
			&part, &on,
			(*sum)(&t.orders), (*sum)(&t.guests), (*sum)(&t.tests), (*sum)(&t.fresh), (*sum)(&t.customerDays),
		}, t.amounts()...)...); err != nil {
			return err
		}
		return found(part, period.Day(on), t)
	})
}

// union collects the arms of a UNION ALL, so that several questions take one round trip.
type union struct {
	arms []string
	args []any
}

func (u *union) add(arm string, args ...any) {
	u.arms = append(u.arms, arm)
	u.args = append(u.args, args...)
}

// maxArms is how many arms a statement may have. SQLite takes 500 by default.
const maxArms = 400

// each runs the arms, in one statement as long as they are not too many; none when there are no arms.
func (u *union) each(ctx context.Context, q *store.SQL, what string, row func(scan func(...any) error) error) error {
	arms, args := u.arms, u.args
	for len(arms) > 0 {
		n := min(len(arms), maxArms)
		statement := strings.Join(arms[:n], "\nUNION ALL ")
		bound := strings.Count(statement, "?")
		if err := q.Each(ctx, row, statement, args[:bound]...); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		arms, args = arms[n:], args[bound:]
	}
	return nil
}

// sum scans a sum of integers: null when there was nothing to add, and on MySQL a DECIMAL, which may be beyond 64 bits.
// That is an error, as is a float, which SQLite makes of integers that do not fit.
type sum int64

// Scan implements sql.Scanner.
func (s *sum) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*s = 0
	case int64:
		*s = sum(v)
	case []byte:
		n, err := strconv.ParseInt(string(v), 10, 64)
		*s = sum(n)
		return err
	default:
		return fmt.Errorf("a sum of 64 bits cannot be %T %v", value, value)
	}
	return nil
}

// instant scans a time, also where SQLite, which has no type for it, hands out the text that it keeps.
type instant time.Time

// Scan implements sql.Scanner.
func (i *instant) Scan(value any) error {
	switch v := value.(type) {
	case time.Time:
		*i = instant(v.UTC())
	case string:
		t, err := time.Parse("2006-01-02 15:04:05.999999999-07:00", v)
		*i = instant(t.UTC())
		return err
	default:
		return fmt.Errorf("an instant cannot be %T", value)
	}
	return nil
}
