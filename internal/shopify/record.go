package shopify

import "time"

// The records, as the store means them. Ids are the store's own numbers. Amounts are plain decimals in the store's
// currency, with whatever digits the store sent. An empty text is one that the store does not have, or keeps to itself.

// Product is a product.
type Product struct {
	ID          int64
	Title       string
	Handle      string
	Vendor      string
	ProductType string
	Status      string
	Tags        []string
	ImageURL    string
	// Price is the lowest of its variants.
	Price *string
	// Inventory is nil where the store does not count it.
	Inventory *int
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Customer is a customer.
type Customer struct {
	ID        int64
	FirstName string
	LastName  string
	Email     string
	Phone     string
	City      string
	Country   string
	Tags      []string
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Order is an order with all that belongs to it.
type Order struct {
	ID                int64
	Name              string
	CreatedAt         time.Time
	ProcessedAt       time.Time
	UpdatedAt         time.Time
	CancelledAt       *time.Time
	Test              bool
	SourceName        string
	Tags              []string
	CurrencyCode      string
	TaxesIncluded     bool
	FinancialStatus   string
	FulfillmentStatus string
	DiscountCodes     []string
	// CustomerID is nil for a guest.
	CustomerID      *int64
	ShippingCity    string
	ShippingRegion  string
	ShippingCountry string
	Taxes           string
	Duties          string
	Fees            string
	Tips            string
	// Shipping are its shipping lines, those too that were taken off later.
	Shipping []ShippingLine
	// LineQuantity is how many units Shopify says there are on the lines that make up the subtotal: gift cards are not.
	LineQuantity int
	Lines        []Line
	Refunds      []Refund
	Agreements   []Agreement
}

// ShippingLine is what a delivery costs after discounts, and its tax.
type ShippingLine struct{ Price, Tax string }

// Line is a line of an order, as it was sold: neither refunds nor removals change its quantity.
type Line struct {
	ID int64
	// ProductID is nil when the product is gone, or there never was one.
	ProductID    *int64
	Title        string
	VariantTitle string
	SKU          string
	Vendor       string
	Quantity     int
	UnitPrice    string
	// Discount is what was taken off the whole line, of the order's discounts too.
	Discount string
	Tax      string
	GiftCard bool
}

// Refund is a refund; what it gave back for what stands in its agreement.
type Refund struct {
	ID        int64
	CreatedAt time.Time
	Note      string
	Total     string
	Lines     []RefundLine
}

// RefundLine is pieces of a line that a refund is for. A refund has several for one line, if they fared differently.
type RefundLine struct {
	LineID   int64
	Quantity int
	// Restocked says that they went back on the shelf.
	Restocked bool
}

// Agreement is a change of what was sold, at the instant it happened: the sale itself, an edit, a return, a refund.
type Agreement struct {
	ID         int64
	Reason     string
	HappenedAt time.Time
	// RefundID is set with a refund.
	RefundID *int64
	Sales    []Sale
}

// Sale is one line of an agreement; quantity and amounts of what was taken back are negative.
type Sale struct {
	ID       int64
	Action   string
	LineType string
	Quantity int
	// Amount is after discounts and with its tax.
	Amount string
	Tax    string
	// LineID is the order's line that it is about, if it is about one.
	LineID *int64
}
