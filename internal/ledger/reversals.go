package ledger

import "github.com/shopsight/shopsight/internal/money"

// reversals attributes to the lines of an order what is taken back of it. It decides only which lines a reversal
// belongs to; how much is reversed is decided before, by the amount of the refund, the edit or the cancellation.
type reversals struct {
	lines   []LineAmounts
	byKey   map[string]int
	sold    []Line
	nets    []int64
	counted []int
}

func newReversals(sold []Line, lines []LineAmounts) *reversals {
	r := &reversals{lines: lines, sold: sold, byKey: make(map[string]int, len(sold))}
	for i, l := range sold {
		if _, ok := r.byKey[l.Key]; !ok {
			r.byKey[l.Key] = i
		}
		if !l.GiftCard {
			r.counted = append(r.counted, i)
			r.nets = append(r.nets, lines[i].Net)
		}
	}
	return r
}

// refund attributes a refund and returns the value of gift cards that it names, which is no part of its amount.
//
// A refund line counts for the line it names. What the refund lines leave of the amount (goodwill, or a line that the
// order does not have) is spread like a refund without lines. When they come to more than the amount (a fee for
// restocking was kept back), the amount is split in proportion to them.
func (r *reversals) refund(f Refund) (giftCards int64) {
	var targets []int
	var amounts []int64
	var named int64
	for _, rl := range f.Lines {
		i, ok := r.byKey[rl.LineKey]
		if !ok {
			continue
		}
		r.lines[i].RefundedQuantity += rl.Quantity
		if r.sold[i].GiftCard {
			giftCards += rl.Amount
			continue
		}
		targets = append(targets, i)
		amounts = append(amounts, rl.Amount)
		named += rl.Amount
	}
	if named > f.Amount {
		amounts = money.Allocate(f.Amount, amounts)
		named = f.Amount
	}
	for n, i := range targets {
		r.lines[i].Reversed += amounts[n]
	}
	r.spread(f.Amount - named)
	return giftCards
}

// spread attributes an amount to all counted lines by net value and largest remainder; evenly when all were free.
func (r *reversals) spread(amount int64) {
	r.allocate(amount, r.nets)
}

// cancel attributes what a cancellation reverses to the lines that still have something left. It is less than these
// have together when another line was refunded for more than it cost.
func (r *reversals) cancel(amount int64) {
	left := make([]int64, len(r.counted))
	for n, i := range r.counted {
		left[n] = max(0, r.lines[i].Net-r.lines[i].Reversed)
	}
	r.allocate(amount, left)
}

func (r *reversals) allocate(amount int64, weights []int64) {
	if amount == 0 || len(r.counted) == 0 {
		return
	}
	for n, share := range money.Allocate(amount, weights) {
		r.lines[r.counted[n]].Reversed += share
	}
}
