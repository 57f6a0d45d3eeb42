package simshop

import (
	"fmt"
	"slices"
	"strings"
)

// visible tells whether the token may see a record. Orders of more than 60 days ago need a scope of their own, and events
// are forgotten after a year.
func (c *call) visible(r record) bool {
	switch r := r.(type) {
	case *Order:
		return r.CreatedAt.After(c.at.AddDate(0, 0, -60)) || slices.Contains(c.scopes, "read_all_orders")
	case *event:
		return r.at.After(c.at.AddDate(-1, 0, 0))
	}
	return true
}

// scopeOf is what a field needs.
var scopeOf = map[string]string{
	"QueryRoot.product":        "read_products",
	"QueryRoot.products":       "read_products",
	"QueryRoot.productsCount":  "read_products",
	"QueryRoot.customer":       "read_customers",
	"QueryRoot.customers":      "read_customers",
	"QueryRoot.customersCount": "read_customers",
	"QueryRoot.order":          "read_orders",
	"QueryRoot.orders":         "read_orders",
	"QueryRoot.refund":         "read_orders",
	"QueryRoot.ordersCount":    "read_orders",
	"Order.customer":           "read_customers",
}

// refused says why a field may not be read, nil if it may.
func (c *call) refused(typ, field string) error {
	name := typ + "." + field
	if scope, ok := scopeOf[name]; ok && !slices.Contains(c.scopes, scope) {
		required := "`" + scope + "` access scope."
		return &problem{fmt.Sprintf("Access denied for %s field. Required access: %s", field, required), object{
			{"code", "ACCESS_DENIED"},
			{"documentation", "https://shopify.dev/api/usage/access-scopes"},
			{"requiredAccess", required},
		}}
	}
	if slices.Contains(c.faults.Denied, name) {
		const documentation = "https://shopify.dev/docs/apps/launch/protected-customer-data"
		message := fmt.Sprintf("This app is not approved to use the %s field. See %s for more details.", field, documentation)
		return &problem{message, object{
			{"code", "ACCESS_DENIED"},
			{"documentation", documentation},
			{"requiredAccess", "Access to protected customer data."},
		}}
	}
	return nil
}

func (c *call) denied(kind Kind) error {
	return c.refused("QueryRoot", strings.ToLower(string(kind)))
}
