package ledger_test

import (
	"fmt"
	"time"

	"github.com/shopsight/shopsight/internal/ledger"
	"github.com/shopsight/shopsight/internal/money"
)

// A price of 100.00 euros including 10 % tax, 25 % off, of which 20.00 are refunded before the order is cancelled.
func ExamplePost() {
	cancelled := time.Date(2026, time.March, 9, 16, 0, 0, 0, time.UTC)
	result := ledger.Post(ledger.Order{
		ProcessedAt:   time.Date(2026, time.March, 1, 9, 30, 0, 0, time.UTC),
		CancelledAt:   &cancelled,
		TaxesIncluded: true,
		Lines:         []ledger.Line{{Key: "mug", Price: 100_00, Quantity: 1, Discount: 25_00}},
		Taxes:         6_82,
		Refunds: []ledger.Refund{
			{ID: 7, At: time.Date(2026, time.March, 5, 11, 0, 0, 0, time.UTC), Amount: 20_00, Tax: 2_00},
		},
	})
	for _, e := range result.Entries {
		eur := func(minor int64) string { return money.Format(minor, "EUR") }
		fmt.Printf("%s %-12s gross %s discount %s reversal %s net %s tax %s total %s\n", e.At.Format(time.DateOnly), e.Kind,
			eur(e.Gross), eur(e.Discount), eur(e.Reversal), eur(e.Net()), eur(e.Tax), eur(e.Total()))
	}
	// Output:
	// 2026-03-01 sale         gross 90.91 discount 22.73 reversal 0.00 net 68.18 tax 6.82 total 75.00
	// 2026-03-05 refund       gross 0.00 discount 0.00 reversal 20.00 net -20.00 tax -2.00 total -22.00
	// 2026-03-09 cancellation gross 0.00 discount 0.00 reversal 48.18 net -48.18 tax -4.82 total -53.00
}
