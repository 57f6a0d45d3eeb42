package insights

import (
	"fmt"

	"github.com/shopsight/shopsight/internal/money"
)

// tally is what the ledger adds up to over some stretch of time, in minor units and counts.
type tally struct {
	gross, discount, reversal, shipping, tax, duty, fee, tip, giftCard, units int64

	orders, guests, tests int64
	// fresh counts customers whose first order is in the stretch.
	fresh int64
	// customerDays counts each customer once for each day; customers each once. The first is a plain sum, the second is
	// not: see distinct.
	customerDays, customers int64
}

// sums lists what is added when two stretches become one. customers is not among it.
func (t *tally) sums() []*int64 {
	return []*int64{
		&t.gross, &t.discount, &t.reversal, &t.shipping, &t.tax, &t.duty, &t.fee, &t.tip, &t.giftCard, &t.units,
		&t.orders, &t.guests, &t.tests, &t.fresh, &t.customerDays,
	}
}

// add adds the sums of another stretch, or returns money.ErrRange. The caller sees to customers.
func (t *tally) add(other tally) error {
	more := other.sums()
	for i, sum := range t.sums() {
		var err error
		if *sum, err = money.Add(*sum, *more[i]); err != nil {
			return fmt.Errorf("add up: %w", err)
		}
	}
	return nil
}

// figures is a tally with what follows from it.
type figures struct {
	tally
	net, total, returning int64
	// average is the average order value; nil without an order.
	average *int64
}

// derive computes what follows from a tally by the formulas of the contract. A result beyond 64 bits is money.ErrRange.
func derive(t tally) (figures, error) {
	f := figures{tally: t, returning: t.customers - t.fresh}
	placed, err := less(t.gross, t.discount)
	if err == nil {
		f.net, err = less(placed, t.reversal)
	}
	f.total = f.net
	for _, part := range []int64{t.shipping, t.tax, t.duty, t.fee} {
		if err == nil {
			f.total, err = money.Add(f.total, part)
		}
	}
	if err != nil {
		return figures{}, fmt.Errorf("net and total sales: %w", err)
	}
	if t.orders > 0 {
		average := money.MulDiv(placed, 1, t.orders)
		f.average = &average
	}
	return f, nil
}

// less returns a - b, or money.ErrRange when that is beyond 64 bits.
func less(a, b int64) (int64, error) {
	d := a - b
	if (d < a) != (b > 0) {
		return 0, money.ErrRange
	}
	return d, nil
}
