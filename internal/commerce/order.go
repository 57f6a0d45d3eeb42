package commerce

import (
	"strconv"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/money"
)

// DataSource says where a record came from. The values are those of the API's enum.
type DataSource string

// The sources of records.
const (
	SourceShopify DataSource = "SHOPIFY"
	SourceAPI     DataSource = "API"
	SourceSample  DataSource = "SAMPLE"
	SourceFile    DataSource = "FILE"
)

// FinancialStatus says how far an order is paid. The values are those of the API's enum.
type FinancialStatus string

// The financial statuses.
const (
	FinancialPending           FinancialStatus = "PENDING"
	FinancialAuthorized        FinancialStatus = "AUTHORIZED"
	FinancialPartiallyPaid     FinancialStatus = "PARTIALLY_PAID"
	FinancialPaid              FinancialStatus = "PAID"
	FinancialPartiallyRefunded FinancialStatus = "PARTIALLY_REFUNDED"
	FinancialRefunded          FinancialStatus = "REFUNDED"
	FinancialVoided            FinancialStatus = "VOIDED"
	FinancialExpired           FinancialStatus = "EXPIRED"
)

// FulfillmentStatus says how far an order is delivered. The values are those of the API's enum.
type FulfillmentStatus string

// The fulfillment statuses.
const (
	FulfillmentUnfulfilled        FulfillmentStatus = "UNFULFILLED"
	FulfillmentPartiallyFulfilled FulfillmentStatus = "PARTIALLY_FULFILLED"
	FulfillmentFulfilled          FulfillmentStatus = "FULFILLED"
	FulfillmentRestocked          FulfillmentStatus = "RESTOCKED"
	FulfillmentOnHold             FulfillmentStatus = "ON_HOLD"
	FulfillmentScheduled          FulfillmentStatus = "SCHEDULED"
	FulfillmentInProgress         FulfillmentStatus = "IN_PROGRESS"
)

// MoneyBag is one amount in the store's currency and in the currency that the buyer saw.
type MoneyBag struct {
	ShopMoney money.Money
	// PresentmentMoney is the same as ShopMoney as long as no door takes in what the buyer saw.
	PresentmentMoney money.Money
}

// Order is an order as the API shows it. Its texts and instants are those of the source; nil where it said nothing.
type Order struct {
	// ID is the row; the API makes its global id of it.
	ID int64
	// ShopifyID is the identifier in Shopify, with its type: gid://shopify/Order/1.
	ShopifyID string
	Source    DataSource
	Name      string

	ProcessedAt                       time.Time
	CreatedAt, UpdatedAt, CancelledAt *time.Time

	FinancialStatus   FinancialStatus
	FulfillmentStatus FulfillmentStatus
	Test              bool
	Channel           *string
	// CustomerID is the row of the customer; nil for a guest.
	CustomerID *int64

	ShippingCountry, ShippingRegion, ShippingCity *string
	// DiscountCodes and Tags are never nil.
	DiscountCodes, Tags []string

	Subtotal, Discounts, Shipping, Taxes, Duties, Fees, Tips money.Money
	Total                                                    MoneyBag
	Refunded, NetSales                                       money.Money

	number int64
	peers  []*Order
}

// IsNode makes an order a Node of the API.
func (*Order) IsNode() {}

// Peers returns the orders that were read together with this one, itself among them: what is asked of one of them will be
// asked of the others, so it is fetched for all at once.
func (o *Order) Peers() []*Order { return o.peers }

// Place returns what CustomerOrderNumbers takes; false for an order that has no number: a guest's or a test.
func (o *Order) Place() (Place, bool) {
	if o.CustomerID == nil || o.Test {
		return Place{}, false
	}
	return Place{Customer: *o.CustomerID, At: o.ProcessedAt.UnixMicro(), Number: o.number}, true
}

// OrderItem is a line of an order.
type OrderItem struct {
	ID                        int64
	OrderID                   int64
	Title                     string
	VariantTitle, SKU, Vendor *string
	// ProductID is the row of the product; nil for a custom item. The product may be one that is not known.
	ProductID                                  *int64
	Quantity, RefundedQuantity                 int
	GiftCard                                   bool
	UnitPrice, GrossSales, Discounts, NetSales money.Money

	peers []*OrderItem
}

// IsNode makes a line a Node of the API.
func (*OrderItem) IsNode() {}

// Peers returns the lines that were read together with this one, itself among them.
func (i *OrderItem) Peers() []*OrderItem { return i.peers }

// Refund gives back part of an order.
type Refund struct {
	ID                                int64
	OrderID                           int64
	CreatedAt                         time.Time
	Amount, TaxAmount, ShippingAmount money.Money
	DutyAmount, FeeAmount             money.Money
	Note                              *string
	RestockedQuantity                 int
}

// orders turns rows that were read together into orders, in the same order.
func (a asker) orders(rows []*ent.Order) []*Order {
	out := make([]*Order, len(rows))
	values := make([]Order, len(rows))
	for i, row := range rows {
		total := a.money(row.Total)
		values[i] = Order{
			ID: row.ID, ShopifyID: gid("Order", row.ShopifyID),
			Source: DataSource(row.Source), Name: row.Name,
			ProcessedAt: row.ProcessedAt, CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt, CancelledAt: row.CancelledAt,
			FinancialStatus: FinancialStatus(row.FinancialStatus), FulfillmentStatus: FulfillmentStatus(row.FulfillmentStatus),
			Test: row.Test, Channel: row.Channel, CustomerID: row.CustomerID,
			ShippingCountry: row.ShippingCountry, ShippingRegion: row.ShippingRegion, ShippingCity: row.ShippingCity,
			DiscountCodes: texts(row.DiscountCodes), Tags: texts(row.Tags),
			Subtotal: a.money(row.Subtotal), Discounts: a.money(row.Discounts), Shipping: a.money(row.Shipping),
			Taxes: a.money(row.Taxes), Duties: a.money(row.Duties), Fees: a.money(row.Fees), Tips: a.money(row.Tips),
			Total:    MoneyBag{ShopMoney: total, PresentmentMoney: total},
			Refunded: a.money(row.Refunded), NetSales: a.money(row.NetSales),
			number: row.ShopifyID, peers: out,
		}
		out[i] = &values[i]
	}
	return out
}

func (a asker) items(rows []*ent.OrderItem) []*OrderItem {
	out := make([]*OrderItem, len(rows))
	values := make([]OrderItem, len(rows))
	for i, row := range rows {
		values[i] = OrderItem{
			ID: row.ID, OrderID: row.OrderID,
			Title: row.Title, VariantTitle: row.VariantTitle, SKU: row.Sku, Vendor: row.Vendor, ProductID: row.ProductID,
			Quantity: int(row.Quantity), RefundedQuantity: int(row.RefundedQuantity), GiftCard: row.GiftCard,
			UnitPrice: a.money(row.UnitPrice), GrossSales: a.money(row.GrossSales),
			Discounts: a.money(row.Discounts), NetSales: a.money(row.NetSales),
			peers: out,
		}
		out[i] = &values[i]
	}
	return out
}

func (a asker) refund(row *ent.Refund) *Refund {
	return &Refund{
		ID: row.ID, OrderID: row.OrderID, CreatedAt: row.CreatedAt,
		Amount: a.money(row.Amount), TaxAmount: a.money(row.TaxAmount), ShippingAmount: a.money(row.ShippingAmount),
		DutyAmount: a.money(row.DutyAmount), FeeAmount: a.money(row.FeeAmount),
		Note: row.Note, RestockedQuantity: int(row.RestockedQuantity),
	}
}

// texts returns the list, empty rather than nil.
func texts(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// gid returns a record's identifier in Shopify.
func gid(kind string, number int64) string {
	return "gid://shopify/" + kind + "/" + strconv.FormatInt(number, 10)
}
