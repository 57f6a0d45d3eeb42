package market

import "math/rand/v2"

// stream separates the random choices about one thing from those about another, so that a record's properties follow
// from its number alone and can be worked out again wherever they are needed.
type stream uint64

const (
	aboutDays stream = iota + 1
	aboutTimes
	aboutCatalogue
	aboutVisits
	aboutLoyalty
	aboutBuyers
	aboutPlaces
	aboutPeople
	aboutProspects
	aboutOrders
	aboutGuests
	aboutOffsets
)

// dice are a source of random choices.
type dice struct{ *rand.Rand }

// dice returns those of the nth thing of a stream: the same ones each time.
func (g *Generator) dice(s stream, n int) dice {
	return dice{rand.New(rand.NewPCG(mix(g.seed+uint64(s)<<56), mix(uint64(n))))}
}

// hash is a single random number about the nth thing of a stream, much cheaper than dice.
func (g *Generator) hash(s stream, n int) uint64 {
	return mix(mix(g.seed+uint64(s)<<56) ^ uint64(n))
}

// mix spreads the bits of a number over all 64 (the last step of SplitMix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// chance comes true in so many of a thousand cases.
func (d dice) chance(permille int) bool { return d.IntN(1000) < permille }

// between returns a number from lo to hi, both included.
func (d dice) between(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// of picks one of a list.
func of[T any](d dice, list []T) T { return list[d.IntN(len(list))] }

// weighted picks an index by weight. The sum of the weights is positive.
func (d dice) weighted(weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := d.IntN(sum)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// every comes true for one of each period orders, whatever the seed: for what is rare, but has to be there in a small
// store too. Periods are primes, so that rare things do not always meet.
func (g *Generator) every(period, k int) bool {
	return (uint64(k)+g.hash(aboutOffsets, period))%uint64(period) == 0
}
