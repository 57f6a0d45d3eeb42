package ingest

import (
	"context"
	"time"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/store"
)

// Source says where a record came from. The values are those of the API's enum DataSource.
type Source string

// The sources.
const (
	SourceShopify Source = "SHOPIFY"
	SourceAPI     Source = "API"
	SourceSample  Source = "SAMPLE"
	SourceFile    Source = "FILE"
)

// MaxRecords is how many records of one kind a batch may hold.
const MaxRecords = 500

// Batch is what every door hands to Apply: records as their source tells them, in the source's order. A record is the
// whole truth about itself. Ids are the store's own number or its gid, amounts are decimal strings in the tenant's
// currency: with too many digits they are refused, but rounded half to even when Shopify worked them out. Records of one
// key may stand in one batch more than once.
type Batch struct {
	Source    Source
	Products  []ProductInput
	Customers []CustomerInput
	Orders    []OrderInput
	// Deletions are applied after the records.
	Deletions []Deletion
	// Commit, when it is set, runs in the transaction of the batch once all else is written, so that a cursor that it
	// moves is neither ahead of the rows nor behind them. Its error undoes everything. It may run again, as the
	// transaction may.
	Commit func(ctx context.Context, q *store.SQL, res Result) error `json:"-"`
}

// Kind is a kind of record.
type Kind int8

// The kinds of records. The numbers are stored.
const (
	KindProduct  Kind = 1
	KindCustomer Kind = 2
	KindOrder    Kind = 3
)

// Deletion says that a record no longer exists. A record that is newer than At stays.
type Deletion struct {
	Kind      Kind
	ShopifyID int64
	At        time.Time
}

// Result says what became of a batch: Received = Created + Updated + Unchanged + Rejected.
type Result struct {
	Received, Created, Updated, Unchanged, Rejected int
	// Deleted counts what the deletions removed.
	Deleted Deleted
	// UserErrors names each refused record by its index, with all that is wrong with it.
	UserErrors []fault.UserError
}

// ProductInput is a product as its source tells it.
type ProductInput struct {
	ShopifyID         string
	Title             string
	Handle            *string
	Vendor            *string
	ProductType       *string
	Status            string // enum ProductStatus; empty: ACTIVE
	Tags              []string
	ImageURL          *string
	Price             *string
	InventoryQuantity *int
	CreatedAt         *time.Time
	UpdatedAt         *time.Time
}

// CustomerInput is a customer as the source tells it.
type CustomerInput struct {
	ShopifyID string
	FirstName *string
	LastName  *string
	Email     *string
	Phone     *string
	Country   *string
	City      *string
	Tags      []string
	CreatedAt *time.Time
	UpdatedAt *time.Time
}

// OrderInput is an order with all its children as the source tells it.
type OrderInput struct {
	ShopifyID         string
	Name              *string
	CustomerShopifyID *string
	ProcessedAt       time.Time
	CreatedAt         *time.Time
	UpdatedAt         *time.Time
	CancelledAt       *time.Time
	CurrencyCode      *money.Currency // nil: the tenant's
	FinancialStatus   string          // enum FinancialStatus; empty: PAID
	FulfillmentStatus string          // enum FulfillmentStatus; empty: UNFULFILLED
	Test              bool
	Channel           *string
	ShippingCountry   *string
	ShippingRegion    *string
	ShippingCity      *string
	DiscountCodes     []string
	Tags              []string
	Shipping          string // empty: 0, as with every amount here that is no pointer
	ShippingTax       *string
	Taxes             string
	Duties            string
	Fees              string
	Tips              string
	TaxesIncluded     bool
	Items             []OrderItemInput
	Refunds           []RefundInput
	Adjustments       []AdjustmentInput
}

// OrderItemInput is a line of an order. Without ShopifyID it is known by its position.
type OrderItemInput struct {
	ShopifyID        *string
	ProductShopifyID *string
	Title            string
	VariantTitle     *string
	Sku              *string
	Vendor           *string
	Quantity         int
	UnitPrice        string
	Discount         string
	GiftCard         bool
	Tax              *string // nil: its share of the order's taxes
}

// RefundInput gives back part of an order. Amount is the goods without tax, shipping, duties and fees.
type RefundInput struct {
	ShopifyID      string
	CreatedAt      time.Time
	Amount         string
	TaxAmount      string
	ShippingAmount string
	DutyAmount     string
	FeeAmount      string
	Note           *string
	Lines          []RefundLineInput
}

// RefundLineInput says which line a refund concerns.
type RefundLineInput struct {
	ItemShopifyID string
	Quantity      int
	Amount        string
	Restocked     bool
}

// AdjustmentInput is a dated edit of an order; its amounts reduce sales.
type AdjustmentInput struct {
	ShopifyID      string
	HappenedAt     time.Time
	Amount         string
	TaxAmount      string
	ShippingAmount string
	DutyAmount     string
	FeeAmount      string
}
