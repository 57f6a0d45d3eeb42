package ledger

// Post returns the entries of an order and the numbers of its lines.
//
// The sale is always there, even when all its amounts are zero, because it carries the order itself. Any other entry
// that would change no metric is left out.
//
// A refund or an edit reverses in full what it says, even when that is more than remains of the sale, and on its own
// day, even when that lies before the sale or after the cancellation. The cancellation reverses whatever all of them
// leave, component by component: goods, shipping, tax, duties, fees, tips and gift cards. A component that refunds
// have overdrawn stays overdrawn. Units are never reversed.
//
// The input must be within the bounds of the package comment.
func Post(o Order) Result {
	lines, sale := sell(o)
	reversals := newReversals(o.Lines, lines)
	entries := []Entry{{Kind: Sale, At: o.ProcessedAt, Amounts: sale}}
	// left is what the order still comes to after all refunds and edits, whatever their dates.
	left := sale
	add := func(e Entry) {
		left = left.Add(e.Amounts)
		if !e.IsZero() {
			entries = append(entries, e)
		}
	}

	for _, r := range o.Refunds {
		back := Amounts{Reversal: r.Amount, Shipping: -r.Shipping, Tax: -r.Tax, Duty: -r.Duty, Fee: -r.Fee}
		back.GiftCard = -reversals.refund(r)
		add(Entry{Kind: Refunded, Ref: r.ID, At: r.At, Amounts: back})
	}
	for _, a := range o.Adjustments {
		reversals.spread(a.Amount)
		back := Amounts{Reversal: a.Amount, Shipping: -a.Shipping, Tax: -a.Tax, Duty: -a.Duty, Fee: -a.Fee}
		add(Entry{Kind: Edited, Ref: a.ID, At: a.At, Amounts: back})
	}
	if o.CancelledAt != nil {
		back := cancellation(left)
		reversals.cancel(back.Reversal)
		add(Entry{Kind: Cancelled, At: *o.CancelledAt, Amounts: back})
	}

	if o.Test {
		entries = nil
	}
	return Result{Entries: entries, Lines: lines}
}

// cancellation reverses what is left of an order, each component by itself and none that is already below zero.
func cancellation(left Amounts) Amounts {
	return Amounts{
		Reversal: max(0, left.Net()),
		Shipping: -max(0, left.Shipping),
		Tax:      -max(0, left.Tax),
		Duty:     -max(0, left.Duty),
		Fee:      -max(0, left.Fee),
		Tip:      -max(0, left.Tip),
		GiftCard: -max(0, left.GiftCard),
	}
}
