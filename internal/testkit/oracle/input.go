package oracle

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ProductInput marshals to the GraphQL input of the same name. An empty field is left out.
type ProductInput struct {
	ShopifyID         string     `json:"shopifyId"`
	Title             string     `json:"title"`
	Handle            string     `json:"handle,omitempty"`
	Vendor            string     `json:"vendor,omitempty"`
	ProductType       string     `json:"productType,omitempty"`
	Status            string     `json:"status,omitempty"`
	Tags              []string   `json:"tags,omitempty"`
	ImageURL          string     `json:"imageUrl,omitempty"`
	Price             string     `json:"price,omitempty"`
	InventoryQuantity *int       `json:"inventoryQuantity,omitempty"`
	CreatedAt         *time.Time `json:"createdAt,omitempty"`
	UpdatedAt         *time.Time `json:"updatedAt,omitempty"`
}

// CustomerInput marshals to the GraphQL input of the same name. An empty field is left out.
type CustomerInput struct {
	ShopifyID string     `json:"shopifyId"`
	FirstName string     `json:"firstName,omitempty"`
	LastName  string     `json:"lastName,omitempty"`
	Email     string     `json:"email,omitempty"`
	Phone     string     `json:"phone,omitempty"`
	Country   string     `json:"country,omitempty"`
	City      string     `json:"city,omitempty"`
	Tags      []string   `json:"tags,omitempty"`
	CreatedAt *time.Time `json:"createdAt,omitempty"`
	UpdatedAt *time.Time `json:"updatedAt,omitempty"`
}

// OrderItemInput marshals to the GraphQL input of the same name. An empty field is left out; Tax "0" is a tax of zero
// and not the same as none.
type OrderItemInput struct {
	ShopifyID        string `json:"shopifyId,omitempty"`
	ProductShopifyID string `json:"productShopifyId,omitempty"`
	Title            string `json:"title"`
	VariantTitle     string `json:"variantTitle,omitempty"`
	SKU              string `json:"sku,omitempty"`
	Vendor           string `json:"vendor,omitempty"`
	Quantity         int    `json:"quantity"`
	UnitPrice        string `json:"unitPrice"`
	Discount         string `json:"discount,omitempty"`
	GiftCard         bool   `json:"giftCard,omitempty"`
	Tax              string `json:"tax,omitempty"`
}

// RefundLineInput marshals to the GraphQL input of the same name.
type RefundLineInput struct {
	ItemShopifyID string `json:"itemShopifyId"`
	Quantity      int    `json:"quantity,omitempty"`
	Amount        string `json:"amount"`
	Restocked     bool   `json:"restocked,omitempty"`
}

// RefundInput marshals to the GraphQL input of the same name.
type RefundInput struct {
	ShopifyID      string            `json:"shopifyId"`
	CreatedAt      time.Time         `json:"createdAt"`
	Amount         string            `json:"amount"`
	TaxAmount      string            `json:"taxAmount,omitempty"`
	ShippingAmount string            `json:"shippingAmount,omitempty"`
	DutyAmount     string            `json:"dutyAmount,omitempty"`
	FeeAmount      string            `json:"feeAmount,omitempty"`
	Note           string            `json:"note,omitempty"`
	Lines          []RefundLineInput `json:"lines,omitempty"`
}

// AdjustmentInput marshals to the GraphQL input of the same name.
type AdjustmentInput struct {
	ShopifyID      string    `json:"shopifyId"`
	HappenedAt     time.Time `json:"happenedAt"`
	Amount         string    `json:"amount"`
	TaxAmount      string    `json:"taxAmount,omitempty"`
	ShippingAmount string    `json:"shippingAmount,omitempty"`
	DutyAmount     string    `json:"dutyAmount,omitempty"`
	FeeAmount      string    `json:"feeAmount,omitempty"`
}

// OrderInput marshals to the GraphQL input of the same name. An empty field is left out; ShippingTax "0" is a tax of
// zero and not the same as none.
type OrderInput struct {
	ShopifyID         string            `json:"shopifyId"`
	Name              string            `json:"name,omitempty"`
	CustomerShopifyID string            `json:"customerShopifyId,omitempty"`
	ProcessedAt       time.Time         `json:"processedAt"`
	CreatedAt         *time.Time        `json:"createdAt,omitempty"`
	UpdatedAt         *time.Time        `json:"updatedAt,omitempty"`
	CancelledAt       *time.Time        `json:"cancelledAt,omitempty"`
	CurrencyCode      string            `json:"currencyCode,omitempty"`
	FinancialStatus   string            `json:"financialStatus,omitempty"`
	FulfillmentStatus string            `json:"fulfillmentStatus,omitempty"`
	Test              bool              `json:"test,omitempty"`
	Channel           string            `json:"channel,omitempty"`
	ShippingCountry   string            `json:"shippingCountry,omitempty"`
	ShippingRegion    string            `json:"shippingRegion,omitempty"`
	ShippingCity      string            `json:"shippingCity,omitempty"`
	DiscountCodes     []string          `json:"discountCodes,omitempty"`
	Tags              []string          `json:"tags,omitempty"`
	Shipping          string            `json:"shipping,omitempty"`
	ShippingTax       string            `json:"shippingTax,omitempty"`
	Taxes             string            `json:"taxes,omitempty"`
	Duties            string            `json:"duties,omitempty"`
	Fees              string            `json:"fees,omitempty"`
	Tips              string            `json:"tips,omitempty"`
	TaxesIncluded     bool              `json:"taxesIncluded,omitempty"`
	Items             []OrderItemInput  `json:"items"`
	Refunds           []RefundInput     `json:"refunds,omitempty"`
	Adjustments       []AdjustmentInput `json:"adjustments,omitempty"`
}

// DeleteRecordsInput marshals to the GraphQL input of the same name.
type DeleteRecordsInput struct {
	Orders    []string   `json:"orders,omitempty"`
	Customers []string   `json:"customers,omitempty"`
	Products  []string   `json:"products,omitempty"`
	DeletedAt *time.Time `json:"deletedAt,omitempty"`
}

// Op is one request that writes; exactly one of its fields is set.
type Op struct {
	Products  []ProductInput
	Customers []CustomerInput
	Orders    []OrderInput
	Delete    *DeleteRecordsInput
}

const ingestFields = `{ received created updated unchanged rejected userErrors { field message code } }`

// Request is the op as GraphQL: the mutation, whose answer stands under the returned field, and its variables.
func (op Op) Request() (query, field string, variables map[string]any) {
	switch {
	case op.Products != nil:
		return `mutation($r: [ProductInput!]!) { ingestProducts(products: $r) ` + ingestFields + ` }`,
			"ingestProducts", map[string]any{"r": op.Products}
	case op.Customers != nil:
		return `mutation($r: [CustomerInput!]!) { ingestCustomers(customers: $r) ` + ingestFields + ` }`,
			"ingestCustomers", map[string]any{"r": op.Customers}
	case op.Orders != nil:
		return `mutation($r: [OrderInput!]!) { ingestOrders(orders: $r) ` + ingestFields + ` }`,
			"ingestOrders", map[string]any{"r": op.Orders}
	}
	return `mutation($r: DeleteRecordsInput!) { deleteRecords(input: $r) { deleted { products customers orders orderItems } userErrors { field message code } } }`,
		"deleteRecords", map[string]any{"r": op.Delete}
}

// Number is the numeric id of `17` and of `gid://shopify/Order/17`.
func Number(id string) (int64, error) {
	text := id
	if strings.HasPrefix(id, "gid://") {
		text = id[strings.LastIndex(id, "/")+1:]
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%q is no id", id)
	}
	return n, nil
}

// GID is the identifier that the API shows, e.g. gid://shopify/Order/17.
func GID(kind string, number int64) string {
	return fmt.Sprintf("gid://shopify/%s/%d", kind, number)
}
