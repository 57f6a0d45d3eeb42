package insights

import (
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
)

// The pure functions of the package, for table tests.

// Percent is percent.
var Percent = percent

// Points returns the difference of two ratios in percentage points.
func Points(nowPart, nowWhole, beforePart, beforeWhole int64) *float64 {
	return points(fraction{nowPart, nowWhole}, fraction{beforePart, beforeWhole})
}

// Derived is what Derive returns.
type Derived struct {
	Net, Total, Returning int64
	Average               *int64
}

// Derive computes net and total sales, returning customers and average order value.
func Derive(gross, discount, reversal, shipping, tax, duty, fee, orders, customers, fresh int64) (Derived, error) {
	f, err := derive(tally{
		gross: gross, discount: discount, reversal: reversal, shipping: shipping, tax: tax, duty: duty, fee: fee,
		orders: orders, customers: customers, fresh: fresh,
	})
	return Derived{f.net, f.total, f.returning, f.average}, err
}

// OverviewOf assembles an overview in USD from net sales before and now.
func OverviewOf(now, before int64) (*Overview, error) {
	return newOverview(shop{currency: money.Currency("USD"), calendar: period.Calendar{}},
		[]tally{{gross: now}, {gross: before}})
}

// ScanSum scans a value of the database as a sum.
func ScanSum(value any) (int64, error) {
	var s sum
	err := s.Scan(value)
	return int64(s), err
}
