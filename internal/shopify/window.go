package shopify

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Kind is a kind of records.
type Kind int

// The kinds.
const (
	Products Kind = iota + 1
	Customers
	Orders
)

// String returns the name of the kind's list.
func (k Kind) String() string {
	switch k {
	case Products:
		return "products"
	case Customers:
		return "customers"
	case Orders:
		return "orders"
	}
	return fmt.Sprintf("Kind(%d)", int(k))
}

// record returns the name of one record.
func (k Kind) record() string { return strings.TrimSuffix(k.String(), "s") }

// gid returns Shopify's name for the type.
func (k Kind) gid() string {
	switch k {
	case Products:
		return "Product"
	case Customers:
		return "Customer"
	case Orders:
		return "Order"
	}
	return ""
}

// Window is a span of updatedAt, both ends inclusive. A zero end is open.
//
// UpTo, when it is not 0, leaves out the ids above it.
//
// Shopify keeps whole seconds: From is rounded down to one, To up. Of customers it matches whole days, so that a page
// and a count of them may hold more than the window. Its search index lags by seconds: let windows overlap.
type Window struct {
	From, To time.Time
	UpTo     int64
}

// query returns the filter, nil for none: an empty filter is an error of Shopify's. The times are quoted, because without
// quotes Shopify drops the time of day in silence.
func (w Window) query() *string {
	var terms []string
	if !w.From.IsZero() {
		terms = append(terms, "updated_at:>="+instant(w.From))
	}
	if !w.To.IsZero() {
		terms = append(terms, "updated_at:<="+instant(w.To.Add(time.Second-1)))
	}
	if w.UpTo != 0 {
		terms = append(terms, "id:<="+strconv.FormatInt(w.UpTo, 10))
	}
	if len(terms) == 0 {
		return nil
	}
	q := strings.Join(terms, " AND ")
	return &q
}

// instant writes a time for a filter, without its fraction.
func instant(t time.Time) string { return t.UTC().Format("'2006-01-02T15:04:05Z'") }
