package insights

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
)

// RankBy is what a ranking is ordered by. The values are those of the API's enum RankBy.
type RankBy string

// The orders of a ranking, the highest first.
const (
	ByTotalSales RankBy = "TOTAL_SALES"
	ByNetSales   RankBy = "NET_SALES"
	ByOrders     RankBy = "ORDERS"
	ByUnits      RankBy = "UNITS"
)

// column returns the column of customers with the lifetime value, and the expression over ledger entries with that of a
// period; false for a rank that does not exist.
func (by RankBy) column() (lifetime, entries string, ok bool) {
	switch by {
	case ByTotalSales:
		return "total_spent", totalOfEntries, true
	case ByNetSales:
		return "net_sales", netOfEntries, true
	case ByOrders:
		return "orders_count", ordersOfEntries, true
	case ByUnits:
		return "units_sold", "SUM(units)", true
	}
	return "", "", false
}

const (
	ordersOfEntries = "SUM(CASE WHEN kind = 1 THEN 1 ELSE 0 END)"
	netOfEntries    = "SUM(gross - discount - reversal)"
	totalOfEntries  = "SUM(gross - discount - reversal + shipping + tax + duty + fee)"
)

// MaxRanked is how many customers a ranking may have.
const MaxRanked = 100

// RankedCustomer is a customer's place in a ranking, with the numbers of the ranking's period.
type RankedCustomer struct {
	Rank int
	// CustomerID is the row id.
	CustomerID int64
	Orders     int
	NetSales   money.Money
	TotalSales money.Money
	// ShareOfSales is the share of the store's total sales of the period, those to guests included; nil when they are
	// zero.
	ShareOfSales *float64
}

// TopCustomers returns the customers who bought the most in a period, the highest first. Customers without an order in
// the period do not appear, even if a refund of theirs lies in it; those who appear have all their sales and reversals
// of the period counted. Of equal customers the one with the smaller number in the store comes first. first is 1 to
// MaxRanked, else fault.Invalid.
func (s *Service) TopCustomers(ctx context.Context, in period.Input, first int, by RankBy) ([]RankedCustomer, error) {
	if err := check(in); err != nil {
		return nil, err
	}
	if first < 1 || first > MaxRanked {
		return nil, fault.Errorf(fault.Invalid, "first must be between 1 and %d", MaxRanked).At("first")
	}
	lifetime, entries, ok := by.column()
	if !ok {
		return nil, fault.Errorf(fault.Invalid, "%.20q is not a ranking", string(by)).At("by")
	}
	var ranked []RankedCustomer
	err := s.report(ctx, "top customers", func(r reader) error {
		days, _ := in.Resolve(r.shop.calendar, r.shop.first, r.shop.last)
		totals, err := r.totals(ctx, days)
		if err != nil {
			return err
		}
		all, err := derive(totals[0])
		if err != nil {
			return err
		}
		var buyers []buyer
		switch {
		case all.orders == all.guests: // nobody to rank
		case r.covers(days):
			buyers, err = r.topOfAllTime(ctx, lifetime, first)
		default:
			buyers, err = r.topOfDays(ctx, days, entries, first)
		}
		ranked = make([]RankedCustomer, len(buyers))
		for i, b := range buyers {
			ranked[i] = RankedCustomer{
				Rank: i + 1, CustomerID: b.id, Orders: int(b.orders),
				NetSales: r.money(b.net), TotalSales: r.money(b.total), ShareOfSales: fraction{b.total, all.total}.ratio(),
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return ranked, nil
}

// buyer is a customer with the numbers of a period. value is the one that ranks.
type buyer struct {
	id, number                int64
	orders, net, total, value int64
}

// rank orders buyers by the value, the highest first, equal ones by the smaller number.
func rank(buyers []buyer) {
	slices.SortFunc(buyers, func(a, b buyer) int {
		return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(a.number, b.number))
	})
}

// tied tells whether the place of the last of the first n buyers is shared with a later one, so that the numbers decide
// who gets it: their value, and how many places they share. buyers are in order of value alone.
func tied(buyers []buyer, n int) (value int64, places int, ok bool) {
	if len(buyers) <= n || buyers[n].value != buyers[n-1].value {
		return 0, 0, false
	}
	value = buyers[n-1].value
	for _, b := range buyers[:n] {
		if b.value == value {
			places++
		}
	}
	return value, places, true
}

// topOfAllTime ranks by a lifetime column of customers. Each column has an index (tenant, column, number), which is read
// from its upper end. It cannot be read in the order of the ranking, where values fall and numbers rise: so one buyer
// more than wanted is read, and when that one shares the value of the last place, the buyers of this value are read again
// from the lower end of theirs.
//
// Customers without an order have the value 0 and can be many. So buyers with 0 and less are only looked for when there
// are too few above, and then among those with an order alone: +0 keeps the databases from entering by the value.
func (r reader) topOfAllTime(ctx context.Context, column string, first int) ([]buyer, error) {
	read := func(where string, args ...any) ([]buyer, error) {
		return r.buyers(ctx, "SELECT id, shopify_id, orders_count, net_sales, total_spent, "+column+
			" FROM customers WHERE tenant_id = ? AND "+where+" LIMIT ?", append([]any{r.sql.Tenant()}, args...)...)
	}
	top, err := read(column+" > 0 ORDER BY "+column+" DESC, shopify_id DESC", first+1)
	if err != nil {
		return nil, err
	}
	if value, places, ok := tied(top, first); ok {
		last, err := read(column+" = ? ORDER BY shopify_id", value, places)
		if err != nil {
			return nil, err
		}
		top = append(top[:first-places], last...)
	}
	top = top[:min(len(top), first)]
	if len(top) < first {
		rest, err := read("orders_count > 0 AND "+column+" + 0 <= 0 ORDER BY "+column+" + 0 DESC, shopify_id", first-len(top))
		if err != nil {
			return nil, err
		}
		top = append(top, rest...)
	}
	rank(top)
	return top, nil
}

// topOfDays ranks by the ledger entries of a range of days. Who shares the last place is decided as in topOfAllTime, so
// that the numbers of a hundred customers are looked up and not those of everybody who bought.
func (r reader) topOfDays(ctx context.Context, days period.Range, score string, first int) ([]buyer, error) {
	buyers := `SELECT b.customer_id, c.shopify_id, b.orders, b.net, b.total, b.score FROM (
  SELECT customer_id, ` + ordersOfEntries + " AS orders, " + netOfEntries + " AS net, " + totalOfEntries + " AS total, " + score + ` AS score
  FROM ledger_entries
  WHERE tenant_id = ? AND generation = ? AND day BETWEEN ? AND ? AND customer_id IS NOT NULL
  GROUP BY customer_id HAVING ` + ordersOfEntries + " > 0"
	// A cross join is a join like any other, but SQLite keeps to its order: it would rather go through all customers.
	const numbers = ") b CROSS JOIN customers c ON c.tenant_id = ? AND c.id = b.customer_id"
	tenant := r.sql.Tenant()

	top, err := r.buyers(ctx, buyers+" ORDER BY score DESC LIMIT ?"+numbers,
		tenant, r.generation, days.From, days.To, first+1, tenant)
	if err != nil {
		return nil, err
	}
	rank(top)
	if value, places, ok := tied(top, first); ok {
		last, err := r.buyers(ctx, buyers+" AND "+score+" = ?"+numbers+" ORDER BY c.shopify_id LIMIT ?",
			tenant, r.generation, days.From, days.To, value, tenant, places)
		if err != nil {
			return nil, err
		}
		top = append(top[:first-places], last...)
	}
	return top[:min(len(top), first)], nil
}

// buyers runs a statement that returns id, number, orders, net sales, total sales and the value that ranks.
func (r reader) buyers(ctx context.Context, statement string, args ...any) ([]buyer, error) {
	var buyers []buyer
	err := r.sql.Each(ctx, func(scan func(...any) error) error {
		var b buyer
		err := scan(&b.id, &b.number, (*sum)(&b.orders), (*sum)(&b.net), (*sum)(&b.total), (*sum)(&b.value))
		buyers = append(buyers, b)
		return err
	}, statement, args...)
	if err != nil {
		return nil, fmt.Errorf("rank: %w", err)
	}
	return buyers, nil
}
