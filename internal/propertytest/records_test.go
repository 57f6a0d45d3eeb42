package propertytest_test

import (
	"encoding/json"
	"slices"

	"github.com/shopsight/shopsight/internal/testkit/oracle"
)

// recorded are the questions about everything that is stored.
func recorded() []question {
	return []question{
		{"dataSummary", func(s *store) (json.RawMessage, string) {
			tenant, code := s.ask("tenant", `{ tenant { dataSummary `+oracle.DataSummaryFields+` } }`, nil)
			var of struct{ DataSummary json.RawMessage }
			if code == "" {
				s.decode(tenant, &of)
			}
			return of.DataSummary, code
		}, func(o *oracle.Oracle) (any, error) { return o.DataSummary(), nil }},

		{"orders", func(s *store) (json.RawMessage, string) {
			return s.list("orders", `filter: {includeTest: true}, sort: {key: PROCESSED_AT, direction: ASC}`, oracle.OrderFields)
		}, func(o *oracle.Oracle) (any, error) { return o.Orders(), nil }},

		{"customers and their histories", func(s *store) (json.RawMessage, string) {
			return s.list("customers", `sort: {key: ORDERS_COUNT, direction: ASC}`,
				`{ ...lifetime orders(first: 100) { totalCount nodes { shopifyId customerOrderNumber } } }`,
				`fragment lifetime on Customer `+oracle.CustomerFields)
		}, func(o *oracle.Oracle) (any, error) { return histories(o), nil }},
	}
}

// listed are the customers that the list shows, those with fewer orders first: all on file, and the placeholders that
// have ordered.
func listed(o *oracle.Oracle) []oracle.Customer {
	all := slices.DeleteFunc(o.Customers(), func(c oracle.Customer) bool { return c.Placeholder && c.OrdersCount == 0 })
	slices.SortStableFunc(all, func(a, b oracle.Customer) int { return a.OrdersCount - b.OrdersCount })
	return all
}

type historyEntry struct {
	ShopifyID           string `json:"shopifyId"`
	CustomerOrderNumber int    `json:"customerOrderNumber"`
}

type history struct {
	oracle.Customer
	Orders struct {
		TotalCount int            `json:"totalCount"`
		Nodes      []historyEntry `json:"nodes"`
	} `json:"orders"`
}

// histories are the customers of the list with their last 100 orders, newest first.
func histories(o *oracle.Oracle) []history {
	of := map[string][]historyEntry{}
	for _, ord := range o.Orders() {
		if ord.CustomerOrderNumber != nil {
			c := ord.Customer.ShopifyID
			of[c] = append(of[c], historyEntry{ord.ShopifyID, *ord.CustomerOrderNumber})
		}
	}
	out := []history{}
	for _, c := range listed(o) {
		h := history{Customer: c}
		nodes := of[c.ShopifyID]
		h.Orders.TotalCount = len(nodes)
		slices.Reverse(nodes)
		h.Orders.Nodes = append([]historyEntry{}, nodes[:min(len(nodes), 100)]...)
		out = append(out, h)
	}
	return out
}
