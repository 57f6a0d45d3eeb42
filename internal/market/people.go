package market

import (
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/shopsight/shopsight/internal/period"
)

// visitor is who places an order.
type visitor int

const (
	guest visitor = iota
	newcomer
	regular
)

// visit says who places the kth order, when so many customers are known. Newcomers become rarer while the store grows
// older.
func (g *Generator) visit(k, known int) visitor {
	if g.isTest(k) {
		return guest
	}
	h := g.hash(aboutVisits, k)
	switch {
	case h%1000 < 80:
		return guest
	case known == 0 || h>>20%1000 < uint64(720-330*min(k, g.opt.Orders)/max(g.opt.Orders, 1)) && !g.full(known):
		return newcomer
	}
	return regular
}

// full tells whether the store has as many customers as it may get.
func (g *Generator) full(known int) bool { return g.opt.Customers > 0 && known >= g.opt.Customers }

// loyalty is how seldom a customer comes back, from 1 for the most loyal: it accepts one of so many invitations. As all
// values are equally frequent, few customers place most of the orders: a power law.
func (g *Generator) loyalty(i int) int { return 1 + int(g.hash(aboutLoyalty, i)%200) }

// isLoyal tells whether the customer is one of the best.
func (g *Generator) isLoyal(i int) bool { return g.loyalty(i) <= 4 }

// comesBack picks who of the known customers places the kth order: rather a loyal one, rather one who is new.
func (g *Generator) comesBack(k, known int) int {
	d := g.dice(aboutBuyers, k)
	i := 0
	for range 500 {
		back := d.Float64()
		i = known - 1 - int(back*back*float64(known))
		if d.IntN(g.loyalty(i)) == 0 {
			break
		}
	}
	return i
}

// arrival is who orders when.
type arrival struct {
	slot
	number  int
	visitor visitor
	buyer   int // the customer's number, of newcomers and regulars
}

// arrivals yields who orders when. Who of the regulars it is is only worked out on demand.
func (g *Generator) arrivals(who bool) iter.Seq[arrival] {
	return func(yield func(arrival) bool) {
		k, known := 0, 0
		for i := range g.perDay {
			for _, s := range g.slots(g.first + period.Day(i)) {
				a := arrival{slot: s, number: k, visitor: g.visit(k, known)}
				switch {
				case a.visitor == newcomer:
					a.buyer = known
					known++
				case a.visitor == regular && who:
					a.buyer = g.comesBack(k, known)
				}
				if !yield(a) {
					return
				}
				k++
			}
		}
	}
}

// Customers yields those who order, in the order in which they first do, and then those who never did.
func (g *Generator) Customers() iter.Seq[Customer] {
	return func(yield func(Customer) bool) {
		for a := range g.arrivals(false) {
			if a.visitor != newcomer {
				continue
			}
			h := g.hash(aboutProspects, a.buyer)
			created := a.at // most sign up while they order, some have looked around before
			if h%4 == 0 {
				created = created.Add(-time.Duration(h>>8%(20*24*3600)) * time.Second)
			}
			if !yield(g.customer(a.buyer, created, a.at)) {
				return
			}
		}
		span := max(int64(g.cutoff.Sub(g.first.Start(g.opt.Zone))/time.Second), 1)
		for i := range g.prospects {
			at := g.cutoff.Add(-time.Duration(1+int64(g.hash(aboutProspects, g.buyers+i)>>1)%span) * time.Second)
			if !yield(g.customer(g.buyers+i, at, at)) {
				return
			}
		}
	}
}

// place is where the customer lives.
func (g *Generator) place(s stream, n int) (country, city) {
	d := g.dice(s, n)
	weights := make([]int, len(g.market.sells))
	for i, t := range g.market.sells {
		weights[i] = t.weight
	}
	c := countries[g.market.sells[d.weighted(weights)].country]
	return c, of(d, c.cities)
}

func (g *Generator) customer(i int, created, updated time.Time) Customer {
	d := g.dice(aboutPeople, i)
	home, city := g.place(aboutPlaces, i)
	language := languages[of(d, home.names)]
	given, family := of(d, language.given), of(d, language.family)
	c := Customer{Number: i, FirstName: display(given), LastName: display(family), Country: home.code, City: city.name,
		CreatedAt: created, UpdatedAt: updated}
	if d.chance(25) {
		c.FirstName = ""
	}
	if !d.chance(30) {
		// The number keeps namesakes apart; the domains are reserved for examples, so that no mail reaches anybody.
		c.Email = fmt.Sprintf("%s.%s%d@%s", plain(given), plain(family), i+1, of(d, []string{"example.com", "example.org"}))
	}
	if d.chance(350) {
		c.Phone = phone(d, home.code)
	}
	if g.isLoyal(i) {
		c.Tags = append(c.Tags, "VIP")
	}
	if d.chance(320) {
		c.Tags = append(c.Tags, "newsletter")
	}
	if g.isWholesale(i) {
		c.Tags = append(c.Tags, "wholesale")
	}
	return c
}

// isWholesale tells whether the customer buys to sell again.
func (g *Generator) isWholesale(i int) bool { return g.hash(aboutLoyalty, i)>>32%90 == 0 }

// phone returns a number of the ranges that are kept for fiction, empty where there is none.
func phone(d dice, country string) string {
	switch country {
	case "US", "CA":
		return fmt.Sprintf("+1 %s 555 01%02d", of(d, []string{"212", "415", "312", "206", "416"}), d.IntN(100))
	case "GB":
		return fmt.Sprintf("+44 20 7946 0%03d", d.IntN(1000))
	case "DE":
		return "+49 30 23125 " + strconv.Itoa(d.between(100, 999))
	case "AU":
		return fmt.Sprintf("+61 2 5550 %04d", d.IntN(10000))
	}
	return ""
}
