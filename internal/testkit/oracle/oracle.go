// Package oracle is a second implementation of the store's numbers, for tests only.
//
// It is what the product is compared with, so it shares no code with it and follows the written definitions literally:
// every record is kept as it was sent, every answer is worked out from scratch from the stored orders, every amount is
// a big.Int or big.Rat, and every local day and hour is found by walking real instants through the zone. It is slow on
// purpose and knows neither rollups nor indexes.
//
// The inputs marshal to the GraphQL inputs of the same name, and the answers unmarshal from the GraphQL answers to the
// selections of fields.go, so that a test sends the very value that the oracle applied and compares with [Diff].
package oracle

import (
	"strings"
	"time"
	_ "time/tzdata" // the zones must not depend on the machine
)

// Shop is what the numbers of a store depend on, apart from its records.
type Shop struct {
	// Currency is the ISO 4217 code.
	Currency string
	// Digits is the number of decimals of the currency.
	Digits int
	// Zone is the store's timezone; its name is an IANA name.
	Zone *time.Location
	// WeekStart is the first day of a WEEK.
	WeekStart time.Weekday
}

// WeekStartsOn is the name of WeekStart in the enum Weekday, e.g. MONDAY.
func (s Shop) WeekStartsOn() string { return strings.ToUpper(s.WeekStart.String()) }

// Oracle holds the records of one shop. It is not safe for concurrent use.
type Oracle struct {
	// Now is the instant at which questions are asked, and of a deletion that names none.
	Now time.Time

	shop      Shop
	products  shelf[ProductInput]
	customers shelf[CustomerInput]
	orders    shelf[OrderInput]
	starts    map[time.Time]time.Time // a memory of startOf, which is slow
}

// New returns an oracle of an empty shop whose clock stands at the real present.
func New(shop Shop) *Oracle {
	return &Oracle{
		Now:       time.Now().UTC(),
		shop:      shop,
		products:  newShelf[ProductInput](),
		customers: newShelf[CustomerInput](),
		orders:    newShelf[OrderInput](),
		starts:    map[time.Time]time.Time{},
	}
}

// Shop returns the shop that the oracle was made for.
func (o *Oracle) Shop() Shop { return o.shop }
