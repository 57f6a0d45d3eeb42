package simshop

import (
	"fmt"
	"slices"
	"time"
)

// Kind is a kind of record, as it stands in a record's global id.
type Kind string

// The kinds of records.
const (
	KindProduct  Kind = "Product"
	KindCustomer Kind = "Customer"
	KindOrder    Kind = "Order"
	kindEvent    Kind = "BasicEvent"
)

// Product is a product as the store knows it. Amounts here and below are minor units of the store's currency.
type Product struct {
	ID                   int64
	Title, Handle        string
	Vendor, ProductType  string
	Status               string // enum ProductStatus
	Tags                 []string
	ImageURL             string // empty: there is no image
	Price                int64  // of the cheapest variant
	Inventory            int
	TracksInventory      bool
	GiftCard             bool
	CreatedAt, UpdatedAt time.Time
}

// Customer is a customer as the store knows it. A text that the store does not know is empty.
type Customer struct {
	ID                   int64
	FirstName, LastName  string
	Email, Phone         string
	City, CountryCode    string
	Tags                 []string
	CreatedAt, UpdatedAt time.Time
}

// Order is an order as the store knows it.
//
// Its parts agree exactly: each line and each shipping line, with its tax, is the sum of the positive sales about it, so
// are tips, duties and fees; each refund is the sum of its agreement's sales, with the opposite sign.
type Order struct {
	ID                                int64
	Name                              string
	CreatedAt, ProcessedAt, UpdatedAt time.Time
	CancelledAt                       time.Time // zero: it stands
	Test, TaxesIncluded               bool
	SourceName                        string
	Tags, DiscountCodes               []string
	FinancialStatus                   string // enum OrderDisplayFinancialStatus
	FulfillmentStatus                 string // enum OrderDisplayFulfillmentStatus
	CustomerID                        int64  // 0: a guest. It stays when the customer is deleted; the API answers null then
	ShipTo                            *Address
	Lines                             []Line
	Shipping                          []ShippingLine
	Tips, Duties, Fees                int64
	Refunds                           []Refund
	Agreements                        []Agreement // in the order of time
}

// Address is where an order goes.
type Address struct{ City, ProvinceCode, CountryCode string }

// Line is a line of an order, as it was sold or added by an edit.
type Line struct {
	ID                  int64
	ProductID           int64 // it stays when the product is deleted; the API answers null then. 0: no product
	Title, VariantTitle string
	SKU, Vendor         string
	// Quantity counts the units that were removed or refunded too, CurrentQuantity those that are left.
	Quantity, CurrentQuantity int64
	UnitPrice                 int64
	Discounts                 []int64
	Taxes                     []int64
	GiftCard                  bool
}

// ShippingLine is a delivery that was paid for. Price is after discounts.
type ShippingLine struct {
	ID    int64
	Title string
	Price int64
	Taxes []int64
}

// Refund is money that was given back.
type Refund struct {
	ID        int64
	CreatedAt time.Time
	Note      string
	Total     int64
	Lines     []RefundLine
}

// RefundLine is units of a line that a refund is for.
type RefundLine struct {
	ID        int64
	LineID    int64
	Quantity  int64
	Restocked bool
}

// Agreement is something that changed what an order comes to: the order itself, an edit or a refund.
type Agreement struct {
	ID         int64
	Reason     string // enum OrderActionType
	HappenedAt time.Time
	RefundID   int64 // of a refund's agreement
	Sales      []Sale
}

// Sale is one change of an agreement. Total is after tax and discounts; it is negative when something is taken back.
type Sale struct {
	ID         int64
	Action     string // enum SaleActionType
	LineType   string // enum SaleLineType
	Quantity   int64
	Total, Tax int64
	LineID     int64 // of a product or a gift card
}

// Deletion is the event that a deletion leaves behind.
type Deletion struct {
	ID        int64 // of the event
	Kind      Kind
	SubjectID int64
	At        time.Time
}

// event is any event of the store. Kinds of subjects that the store does not hold occur too.
type event struct {
	id      int64
	action  string
	subject string // enum EventSubjectType
	about   int64
	at      time.Time
	comment bool // somebody wrote something: an event of another type
}

// gid writes a record's number as its global id.
func gid(kind Kind, id int64) string { return fmt.Sprintf("gid://shopify/%s/%d", kind, id) }

// units sums the quantities of the lines that the order's subtotal is made of.
func (o *Order) units() (n int64) {
	for _, l := range o.Lines {
		if !l.GiftCard {
			n += l.Quantity
		}
	}
	return n
}

// taxes sums the taxes on all lines and shipping lines.
func (o *Order) taxes() (n int64) {
	for _, l := range o.Lines {
		n += sum(l.Taxes)
	}
	for _, l := range o.Shipping {
		n += sum(l.Taxes)
	}
	return n
}

// refunded sums the refunds.
func (o *Order) refunded() (n int64) {
	for _, r := range o.Refunds {
		n += r.Total
	}
	return n
}

// sales sums what the agreements change, those with one of the reasons.
func (o *Order) sales(reasons ...string) (n int64) {
	for _, a := range o.Agreements {
		if slices.Contains(reasons, a.Reason) {
			for _, s := range a.Sales {
				n += s.Total
			}
		}
	}
	return n
}

// total is what the whole line costs the buyer, with tax.
func (l *Line) total(taxesIncluded bool) int64 {
	n := l.UnitPrice*l.Quantity - sum(l.Discounts)
	if !taxesIncluded {
		n += sum(l.Taxes)
	}
	return n
}

func sum(amounts []int64) (n int64) {
	for _, a := range amounts {
		n += a
	}
	return n
}
