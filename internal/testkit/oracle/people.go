package oracle

import (
	"fmt"
	"math/big"
	"sort"
	"time"
)

// CustomerRef names a customer in an answer.
type CustomerRef struct {
	ShopifyID string `json:"shopifyId"`
}

// RankedCustomer is the GraphQL type of the same name.
type RankedCustomer struct {
	Rank         int         `json:"rank"`
	Customer     CustomerRef `json:"customer"`
	Orders       int         `json:"orders"`
	NetSales     Money       `json:"netSales"`
	TotalSales   Money       `json:"totalSales"`
	ShareOfSales *float64    `json:"shareOfSales"`
}

// TopCustomers answers the query of the same name; by is a value of RankBy. Every customer with an order in the period
// takes part, with all entries of the period, largest first, of equal ones the smaller number. The share is of the total sales of the whole period,
// guests included, and null when these are zero.
func (o *Oracle) TopCustomers(r Range, first int, by string) ([]RankedCustomer, error) {
	v := o.look()
	s, err := o.resolve(r, v)
	if err != nil {
		return nil, err
	}
	all := o.tally(v, s).sums.total()
	of := map[int64]sums{}
	orders := map[int64]int{}
	for _, e := range v.entries {
		c := o.customerOf(e.order)
		if c == 0 || !o.in(s, e.at) {
			continue
		}
		if of[c] == nil {
			of[c] = sums{}
		}
		of[c].addAll(e.sums)
		if e.kind == "SALE" {
			orders[c]++
		}
	}
	measure := map[string]func(c int64) *big.Int{
		"TOTAL_SALES": func(c int64) *big.Int { return of[c].total() },
		"NET_SALES":   func(c int64) *big.Int { return of[c].net() },
		"ORDERS":      func(c int64) *big.Int { return whole(orders[c]) },
		"UNITS":       func(c int64) *big.Int { return of[c].get(units) },
	}[by]
	if measure == nil {
		return nil, fmt.Errorf("%q is nothing to rank by", by)
	}
	var numbers []int64
	for c := range orders {
		numbers = append(numbers, c)
	}
	sort.Slice(numbers, func(i, j int) bool {
		a, b := numbers[i], numbers[j]
		if larger := measure(a).Cmp(measure(b)); larger != 0 {
			return larger > 0
		}
		return a < b
	})
	ranked := []RankedCustomer{}
	for i, c := range numbers {
		if i == first {
			break
		}
		rc := RankedCustomer{
			Rank: i + 1, Customer: CustomerRef{GID("Customer", c)}, Orders: orders[c],
			NetSales: o.money(of[c].net()), TotalSales: o.money(of[c].total()),
		}
		if all.Sign() != 0 {
			share := float(ratio(of[c].total(), all))
			rc.ShareOfSales = &share
		}
		ranked = append(ranked, rc)
	}
	return ranked, nil
}

// Customer is the part of the GraphQL type of the same name that is worked out, over the whole history.
type Customer struct {
	ShopifyID         string     `json:"shopifyId"`
	OrdersCount       int        `json:"ordersCount"`
	TotalSpent        Money      `json:"totalSpent"`
	AverageOrderValue *Money     `json:"averageOrderValue"`
	FirstOrderAt      *time.Time `json:"firstOrderAt"`
	LastOrderAt       *time.Time `json:"lastOrderAt"`
	// Placeholder says that only orders name the customer, whose record has not come.
	Placeholder bool `json:"-"`
}

// Customers are all customers on file and all placeholders that a stored order names, by number.
func (o *Oracle) Customers() []Customer {
	v := o.look()
	known := map[int64]bool{} // value: has a record
	for n := range o.customers.records {
		known[n] = true
	}
	for _, ord := range o.ordered() {
		if c := o.customerOf(ord); c != 0 && !known[c] {
			known[c] = false
		}
	}
	var numbers []int64
	for n := range known {
		numbers = append(numbers, n)
	}
	sort.Slice(numbers, func(i, j int) bool { return numbers[i] < numbers[j] })
	out := []Customer{}
	for _, n := range numbers {
		t := tally{sums: sums{}}
		c := Customer{ShopifyID: GID("Customer", n), Placeholder: !known[n]}
		for _, ord := range v.orders {
			if o.customerOf(ord) != n {
				continue
			}
			at := ord.ProcessedAt
			if t.orders++; t.orders == 1 {
				c.FirstOrderAt = &at
			}
			c.LastOrderAt = &at
		}
		for _, e := range v.entries {
			if o.customerOf(e.order) == n {
				t.sums.addAll(e.sums)
			}
		}
		c.OrdersCount, c.TotalSpent, c.AverageOrderValue = t.orders, o.money(t.sums.total()), o.moneyOf(t.averageOrder())
		out = append(out, c)
	}
	return out
}

// Order is the part of the GraphQL type of the same name that is worked out.
type Order struct {
	ShopifyID           string       `json:"shopifyId"`
	Test                bool         `json:"test"`
	ProcessedAt         time.Time    `json:"processedAt"`
	CancelledAt         *time.Time   `json:"cancelledAt"`
	Customer            *CustomerRef `json:"customer"`
	CustomerOrderNumber *int         `json:"customerOrderNumber"`
	Subtotal            Money        `json:"subtotal"`
	Discounts           Money        `json:"discounts"`
	Shipping            Money        `json:"shipping"`
	Taxes               Money        `json:"taxes"`
	Duties              Money        `json:"duties"`
	Fees                Money        `json:"fees"`
	Tips                Money        `json:"tips"`
	Total               MoneyBag     `json:"total"`
	Refunded            Money        `json:"refunded"`
	NetSales            Money        `json:"netSales"`
	Items               []OrderItem  `json:"items"`
}

// MoneyBag is the GraphQL type of the same name, without the presentment money.
type MoneyBag struct {
	ShopMoney Money `json:"shopMoney"`
}

// ProductRef names a product in an answer.
type ProductRef struct {
	ShopifyID string `json:"shopifyId"`
}

// OrderItem is the part of the GraphQL type of the same name that is worked out.
type OrderItem struct {
	Title            string      `json:"title"`
	Product          *ProductRef `json:"product"`
	Quantity         int         `json:"quantity"`
	RefundedQuantity int         `json:"refundedQuantity"`
	GiftCard         bool        `json:"giftCard"`
	UnitPrice        Money       `json:"unitPrice"`
	GrossSales       Money       `json:"grossSales"`
	Discounts        Money       `json:"discounts"`
	NetSales         Money       `json:"netSales"` // as sold: refunds do not reduce it
}

// Orders are all stored orders, tests too, by (processedAt, number). Amounts of an order are as charged, its netSales
// and the amounts of its items are those that the reports count, or would count if it were no test.
func (o *Oracle) Orders() []Order {
	out := []Order{}
	placed := map[int64]int{}
	for _, ord := range o.ordered() {
		view := Order{
			ShopifyID: GID("Order", number(ord.ShopifyID)), Test: ord.Test,
			ProcessedAt: ord.ProcessedAt, CancelledAt: ord.CancelledAt, Items: []OrderItem{},
			Shipping: o.money(o.amount(ord.Shipping)), Taxes: o.money(o.amount(ord.Taxes)),
			Duties: o.money(o.amount(ord.Duties)), Fees: o.money(o.amount(ord.Fees)), Tips: o.money(o.amount(ord.Tips)),
		}
		if c := o.customerOf(ord); c != 0 {
			view.Customer = &CustomerRef{GID("Customer", c)}
			if !ord.Test {
				placed[c]++
				nth := placed[c]
				view.CustomerOrderNumber = &nth
			}
		}
		subtotal, discounts, refunded, net := new(big.Int), new(big.Int), new(big.Int), new(big.Int)
		for i, l := range o.saleLines(ord) {
			it := ord.Items[i]
			subtotal, discounts = plus(subtotal, o.charged(it)), plus(discounts, o.amount(it.Discount))
			item := OrderItem{
				Title: it.Title, Quantity: it.Quantity, RefundedQuantity: refundedQuantity(ord, it), GiftCard: it.GiftCard,
				UnitPrice: o.money(o.amount(it.UnitPrice)), GrossSales: o.money(l.gross), Discounts: o.money(l.discount),
				NetSales: o.money(l.net),
			}
			if p := number(it.ProductShopifyID); p != 0 && o.products.records[p] != nil {
				item.Product = &ProductRef{GID("Product", p)}
			}
			view.Items = append(view.Items, item)
		}
		for _, f := range ord.Refunds {
			refunded = plus(refunded, o.amount(f.Amount), o.amount(f.TaxAmount), o.amount(f.ShippingAmount), o.amount(f.DutyAmount), o.amount(f.FeeAmount))
		}
		for _, e := range o.postAnyway(ord) {
			net = plus(net, e.sums.net())
		}
		total := plus(subtotal, o.amount(ord.Shipping), o.amount(ord.Duties), o.amount(ord.Fees), o.amount(ord.Tips))
		if !ord.TaxesIncluded {
			total = plus(total, o.amount(ord.Taxes))
		}
		view.Subtotal, view.Discounts, view.Total = o.money(subtotal), o.money(discounts), MoneyBag{o.money(total)}
		view.Refunded, view.NetSales = o.money(refunded), o.money(net)
		out = append(out, view)
	}
	return out
}

// DataSummary is the GraphQL type of the same name: records on file, without placeholders.
type DataSummary struct {
	Products     int        `json:"products"`
	Customers    int        `json:"customers"`
	Orders       int        `json:"orders"`
	OrderItems   int        `json:"orderItems"`
	FirstOrderAt *time.Time `json:"firstOrderAt"`
	LastOrderAt  *time.Time `json:"lastOrderAt"`
}

// DataSummary answers the field of the tenant. Test orders are records too.
func (o *Oracle) DataSummary() DataSummary {
	s := DataSummary{Products: len(o.products.records), Customers: len(o.customers.records)}
	for _, ord := range o.ordered() {
		at := ord.ProcessedAt
		if s.Orders++; s.Orders == 1 {
			s.FirstOrderAt = &at
		}
		s.LastOrderAt = &at
		s.OrderItems += len(ord.Items)
	}
	return s
}
