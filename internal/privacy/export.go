package privacy

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/customer"
	"github.com/shopsight/shopsight/ent/order"
	"github.com/shopsight/shopsight/ent/predicate"
	"github.com/shopsight/shopsight/internal/money"
)

// mostOrders bounds an export: more than that is a till's walk-in record, and no person.
const mostOrders = 5000

type export struct {
	Customer *exportCustomer `json:"customer"`
	Currency string          `json:"currency"`
	Orders   []exportOrder   `json:"orders"`
	// LeftOut counts the orders beyond the first mostOrders.
	LeftOut int `json:"ordersLeftOut"`
}

type exportCustomer struct {
	Number    string     `json:"number"`
	Source    string     `json:"source"`
	FirstName *string    `json:"firstName"`
	LastName  *string    `json:"lastName"`
	Email     *string    `json:"email"`
	Phone     *string    `json:"phone"`
	Country   *string    `json:"country"`
	City      *string    `json:"city"`
	Tags      []string   `json:"tags"`
	CreatedAt *time.Time `json:"createdAt"`
	UpdatedAt *time.Time `json:"updatedAt"`
	Orders    int64      `json:"ordersCount"`
	Spent     string     `json:"totalSpent"`
}

type exportOrder struct {
	Number          string         `json:"number"`
	Name            string         `json:"name"`
	ProcessedAt     time.Time      `json:"processedAt"`
	CancelledAt     *time.Time     `json:"cancelledAt"`
	Paid            string         `json:"financialStatus"`
	Delivered       string         `json:"fulfillmentStatus"`
	Channel         *string        `json:"channel"`
	ShippingCountry *string        `json:"shippingCountry"`
	ShippingRegion  *string        `json:"shippingRegion"`
	ShippingCity    *string        `json:"shippingCity"`
	DiscountCodes   []string       `json:"discountCodes"`
	Tags            []string       `json:"tags"`
	Total           string         `json:"total"`
	Refunded        string         `json:"refunded"`
	Items           []exportItem   `json:"items"`
	Refunds         []exportRefund `json:"refunds"`
}

type exportItem struct {
	Title     string  `json:"title"`
	Variant   *string `json:"variant"`
	SKU       *string `json:"sku"`
	Quantity  int64   `json:"quantity"`
	UnitPrice string  `json:"unitPrice"`
	Discount  string  `json:"discount"`
}

type exportRefund struct {
	CreatedAt time.Time `json:"createdAt"`
	Amount    string    `json:"amount"`
	Note      *string   `json:"note"`
}

// Export returns what is known of the person whom a request of the kind CustomerData is about, as JSON; nil for requests of
// other kinds. It is made of the rows that are there when it is asked for: nothing personal is kept a second time.
func (s *Service) Export(ctx context.Context, r *Request) (*string, error) {
	if r.Kind != CustomerData {
		return nil, nil
	}
	tenant, err := tenantOf(ctx)
	if err != nil {
		return nil, err
	}
	c := s.Store.Client()
	t, err := c.Tenant.Get(ctx, tenant)
	if err != nil {
		return nil, fmt.Errorf("read the tenant: %w", err)
	}
	amount := func(n int64) string { return money.Format(n, money.Currency(t.Currency)) }
	out := export{Currency: t.Currency, Orders: []exportOrder{}}
	var which []predicate.Order
	if r.customer != 0 {
		person, err := c.Customer.Query().Where(customer.ShopifyID(r.customer)).Only(ctx)
		if err != nil && !ent.IsNotFound(err) {
			return nil, fmt.Errorf("read the customer: %w", err)
		}
		if person != nil {
			out.Customer = &exportCustomer{Number: strconv.FormatInt(person.ShopifyID, 10), Source: person.Source, FirstName: person.FirstName,
				LastName: person.LastName, Email: person.Email, Phone: person.Phone, Country: person.Country, City: person.City,
				Tags: slices.Concat([]string{}, person.Tags), CreatedAt: person.CreatedAt, UpdatedAt: person.UpdatedAt,
				Orders: person.OrdersCount, Spent: amount(person.TotalSpent)}
		}
		which = append(which, order.CustomerShopifyID(r.customer))
	}
	if len(r.orders) > 0 {
		which = append(which, order.ShopifyIDIn(r.orders...))
	}
	if len(which) == 0 { // somebody whom the store does not know
		which = append(which, order.ShopifyIDIn())
	}
	q := c.Order.Query().Where(order.Or(which...))
	n, err := q.Clone().Count(ctx)
	if err != nil {
		return nil, fmt.Errorf("count the orders: %w", err)
	}
	out.LeftOut = max(0, n-mostOrders)
	rows, err := q.Order(order.ByProcessedAt(sql.OrderDesc()), order.ByShopifyID(sql.OrderDesc())).Limit(mostOrders).WithItems().WithRefunds().All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the orders: %w", err)
	}
	for _, o := range rows {
		e := exportOrder{Number: strconv.FormatInt(o.ShopifyID, 10), Name: o.Name, ProcessedAt: o.ProcessedAt.UTC(), CancelledAt: o.CancelledAt,
			Paid: o.FinancialStatus, Delivered: o.FulfillmentStatus, Channel: o.Channel, ShippingCountry: o.ShippingCountry,
			ShippingRegion: o.ShippingRegion, ShippingCity: o.ShippingCity, DiscountCodes: slices.Concat([]string{}, o.DiscountCodes),
			Tags: slices.Concat([]string{}, o.Tags), Total: amount(o.Total), Refunded: amount(o.Refunded), Items: []exportItem{}, Refunds: []exportRefund{}}
		slices.SortFunc(o.Edges.Items, func(a, b *ent.OrderItem) int { return a.Position - b.Position })
		for _, it := range o.Edges.Items {
			e.Items = append(e.Items, exportItem{it.Title, it.VariantTitle, it.Sku, it.Quantity, amount(it.UnitPrice), amount(it.Discount)})
		}
		for _, re := range o.Edges.Refunds {
			e.Refunds = append(e.Refunds, exportRefund{re.CreatedAt.UTC(), amount(re.Amount), re.Note})
		}
		out.Orders = append(out.Orders, e)
	}
	text, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return nil, err
	}
	return new(string(text)), nil
}
