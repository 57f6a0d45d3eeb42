package commerce

import (
	"strconv"
	"strings"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/money"
)

// Customer is a customer as the API shows it. Who it is (names, email, phone, city) is there only for a viewer with
// READ_CUSTOMER_PII.
type Customer struct {
	// ID is the row; the API makes its global id of it.
	ID int64
	// ShopifyID is the identifier in Shopify, with its type.
	ShopifyID string
	Source    DataSource
	// DisplayName is first and last name, else "Customer" and the number; never made from the email.
	DisplayName                             string
	FirstName, LastName, Email, Phone, City *string
	Country                                 *string
	Tags                                    []string // never nil
	CreatedAt, FirstOrderAt, LastOrderAt    *time.Time
	// OrdersCount and what follows are lifetime numbers, without test orders.
	OrdersCount int
	TotalSpent  money.Money
	// AverageOrderValue is what the orders were worth when placed, by their number; nil without orders.
	AverageOrderValue *money.Money

	peers []*Customer
}

// IsNode makes a customer a Node of the API.
func (*Customer) IsNode() {}

// Peers returns the customers that were read together with this one, itself among them.
func (c *Customer) Peers() []*Customer { return c.peers }

func (a asker) customers(rows []*ent.Customer) []*Customer {
	out := make([]*Customer, len(rows))
	for i, row := range rows {
		c := &Customer{
			ID: row.ID, ShopifyID: gid("Customer", row.ShopifyID),
			Source: DataSource(row.Source), DisplayName: "Customer " + strconv.FormatInt(row.ShopifyID, 10),
			Country: row.Country, Tags: texts(row.Tags),
			CreatedAt: row.CreatedAt, FirstOrderAt: row.FirstOrderAt, LastOrderAt: row.LastOrderAt,
			OrdersCount: int(row.OrdersCount), TotalSpent: a.money(row.TotalSpent),
			peers: out,
		}
		if a.pii {
			if name := fullName(row.FirstName, row.LastName); name != "" {
				c.DisplayName = name
			}
			c.FirstName, c.LastName, c.Email, c.Phone, c.City = row.FirstName, row.LastName, row.Email, row.Phone, row.City
		}
		if row.OrdersCount > 0 {
			average := a.money(money.MulDiv(row.PlacedValue, 1, row.OrdersCount))
			c.AverageOrderValue = &average
		}
		out[i] = c
	}
	return out
}

// fullName returns first and last name as far as they are there.
func fullName(first, last *string) string {
	var name string
	if first != nil {
		name = *first
	}
	if last != nil {
		name += " " + *last
	}
	return strings.TrimSpace(name)
}
