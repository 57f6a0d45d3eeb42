package insights_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"entgo.io/ent/dialect"

	"github.com/shopsight/shopsight/internal/insights"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
)

// recorder remembers the statements that are run with its context.
type recorder struct {
	mu         sync.Mutex
	statements []string
}

type recorderKey struct{}

func observe(ctx context.Context, statement string) {
	if r, ok := ctx.Value(recorderKey{}).(*recorder); ok {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.statements = append(r.statements, statement)
	}
}

// What a report costs is bounded: few statements, as many for a long period as for a short one, and none of them goes
// through a table or a tenant's part of it, or touches orders and their items, but for the seek that finds sample data.
func TestStatements(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on *store.Store) {
		rng := rand.New(rand.NewPCG(1, 3))
		now := time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)
		mine, sparse := testkit.Tenants(t, on)
		random(rng, time.UTC, now.AddDate(-2, 0, 0), now, 2500, 800).sealed().fill(t, mine, on)
		random(rng, time.UTC, now.AddDate(-2, 0, 0), now, 60, 800).sealed().fill(t, sparse, on) // few of whom have ordered
		numbers := make([]int64, 300)
		for i := range numbers {
			numbers[i] = int64(i + 1)
		}
		addProducts(t, on, mine, "API", numbers...)
		if on.Dialect() == dialect.MySQL {
			exec(t, on, "ANALYZE TABLE customers, orders, products, ledger_entries, daily_sales, customer_days, customer_gaps")
		}
		service := insights.New(on, func() time.Time { return now })
		db := testkit.DB(t, on)
		explained := map[string]bool{}

		ask := func(ctx context.Context, name string, limit int, report func(ctx context.Context) error) {
			t.Helper()
			var seen recorder
			if err := report(context.WithValue(ctx, recorderKey{}, &seen)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if n := len(seen.statements); n == 0 || n > limit {
				t.Errorf("%s takes %d statements, more than %d:\n%s", name, n, limit, strings.Join(seen.statements, "\n\n"))
			}
			for _, statement := range seen.statements {
				statement = bind(statement, tenantOf(ctx), now)
				if explained[statement] {
					continue
				}
				explained[statement] = true
				for _, problem := range explain(t, db, on.Dialect(), statement) {
					t.Errorf("%s: %s:\n%s", name, problem, statement)
				}
			}
		}
		for _, p := range []period.Preset{
			period.Today, period.Last30Days, period.LastQuarter, period.Last12Months, period.AllTime,
		} {
			for _, how := range comparisons {
				ask(mine, fmt.Sprintf("overview of %s against %s", p, how), 5, func(ctx context.Context) error {
					_, err := service.Overview(ctx, preset(p), how)
					return err
				})
			}
			for _, every := range intervals {
				if every == period.ByHour && p != period.Today && p != period.Last30Days {
					continue // too many points
				}
				ask(mine, fmt.Sprintf("trend of %s by %s", p, every), 6, func(ctx context.Context) error {
					_, err := service.SalesTrend(ctx, preset(p), every, period.PreviousPeriod)
					return err
				})
			}
			if p != period.Last30Days && p != period.AllTime {
				continue
			}
			for _, by := range ranks {
				for _, first := range []int{5, 100} {
					for _, ctx := range []context.Context{mine, sparse} {
						ask(ctx, fmt.Sprintf("top %d of %s by %s", first, p, by), 4, func(ctx context.Context) error {
							_, err := service.TopCustomers(ctx, preset(p), first, by)
							return err
						})
					}
				}
			}
		}
	}, testkit.Observe(observe))
}

// bind puts values into a statement's places that are like those it was asked with.
func bind(statement string, tenant int64, now time.Time) string {
	today := int(period.DayOf(now, time.UTC))
	for _, place := range []struct{ pattern, value string }{
		{`(\bt\.id|tenant_id) = \?`, fmt.Sprintf("$1 = %d", tenant)},
		{`generation = \?`, "generation = 1"},
		{`BETWEEN \? AND \?`, fmt.Sprintf("BETWEEN %d AND %d", today-29, today)},
		{`\bday = \? AND prev_day`, fmt.Sprintf("day = %d AND prev_day", period.Forever)},
		{`\bday (=|<) \?`, fmt.Sprintf("day $1 %d", today-30)},
		{`prev_day (<|>=) \?`, fmt.Sprintf("prev_day $1 %d", today-59)},
		{`\bat < \?`, "at < '" + now.AddDate(0, 0, -30).Format(time.DateTime) + "'"},
		{`shopify_id >= \?`, "shopify_id >= 9000000000000000000"},
		{`LIMIT \?`, "LIMIT 6"},
		{`= \?`, "= 1"},
	} {
		statement = regexp.MustCompile(place.pattern).ReplaceAllString(statement, place.value)
	}
	return statement
}

// explain returns what is wrong with the way in which the database answers a statement.
func explain(t *testing.T, db *sql.DB, engine, statement string) (problems []string) {
	t.Helper()
	command := "EXPLAIN "
	if engine == dialect.SQLite {
		command = "EXPLAIN QUERY PLAN "
	}
	rows, err := db.QueryContext(t.Context(), command+statement)
	if err != nil {
		t.Fatalf("%v:\n%s", err, statement)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, places := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			places[i] = &values[i]
		}
		if err := rows.Scan(places...); err != nil {
			t.Fatal(err)
		}
		step := map[string]string{}
		for i, column := range columns {
			step[column] = values[i].String
		}
		if engine == dialect.SQLite && badOnSQLite(step["detail"]) || engine == dialect.MySQL && badOnMySQL(step) {
			problems = append(problems, fmt.Sprint(step))
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return problems
}

// badOnSQLite tells of a step that it goes through a table, or a tenant's part of it, or reads orders. b and ordered are
// the names of subqueries, d is the daily sales of which one row is read.
func badOnSQLite(detail string) bool {
	what, rest, _ := strings.Cut(detail, " ")
	table, how, _ := strings.Cut(rest, " ")
	switch {
	case what == "SCAN":
		return table != "b" && table != "ordered" && table != "CONSTANT"
	case what != "SEARCH":
		return false
	case table == "o":
		return how != "USING INDEX order_tenant_id_shopify_id (tenant_id=? AND shopify_id>?)"
	case table == "orders" || table == "order_items":
		return true
	}
	return strings.HasSuffix(how, "(tenant_id=?)") || strings.HasSuffix(how, "(tenant_id=? AND generation=?)") && table != "d"
}

// badOnMySQL is the same. A reference by the tenant alone is good where it only gives the order in which a few rows are
// read.
func badOnMySQL(step map[string]string) bool {
	table, key := step["table"], step["key"]
	switch {
	case table == "" || strings.HasPrefix(table, "<"):
		return false
	case step["type"] == "ALL" || step["type"] == "index":
		return true
	case table == "o":
		return step["type"] != "range" || key != "order_tenant_id_shopify_id"
	case table == "orders" || table == "order_items":
		return true
	case key == "PRIMARY" && table != "d":
		return step["key_len"] == "12" // of a rollup: tenant and generation
	}
	return step["key_len"] == "8" && key != "PRIMARY" && strings.Contains(step["Extra"], "filesort")
}
