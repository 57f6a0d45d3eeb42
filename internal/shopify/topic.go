package shopify

import "strings"

// Topic is what a webhook is about, as the header X-Shopify-Topic has it.
type Topic string

// The topics.
const (
	OrdersCreate       Topic = "orders/create"
	OrdersUpdated      Topic = "orders/updated"
	OrdersEdited       Topic = "orders/edited"
	OrdersDelete       Topic = "orders/delete"
	RefundsCreate      Topic = "refunds/create"
	ProductsCreate     Topic = "products/create"
	ProductsUpdate     Topic = "products/update"
	ProductsDelete     Topic = "products/delete"
	CustomersCreate    Topic = "customers/create"
	CustomersUpdate    Topic = "customers/update"
	CustomersDelete    Topic = "customers/delete"
	CustomersMerge     Topic = "customers/merge"
	AppUninstalled     Topic = "app/uninstalled"
	AppScopesUpdate    Topic = "app/scopes_update"
	ShopUpdate         Topic = "shop/update"
	BulkOperationsDone Topic = "bulk_operations/finish"

	// The three that the law asks for. They are set in the app's configuration, never subscribed to by the API.
	CustomersDataRequest Topic = "customers/data_request"
	CustomersRedact      Topic = "customers/redact"
	ShopRedact           Topic = "shop/redact"
)

// subject is what the body of a topic describes.
type subject int

const (
	aRecord subject = iota + 1
	aDeletion
	anEdit
	aRefund
	aMerge
	aShop
	scopesOf
	aBulkOperation
	aDataRequest
	aRedaction
	aShopRedaction
)

// topics say what is known of each. The fields are the least that a webhook is understood by: none of them is personal.
// A period leads into a field: https://shopify.dev/docs/apps/build/webhooks/customize/modify-payloads.
var topics = []struct {
	Topic
	of     Kind
	is     subject
	scope  string
	fields string
}{
	{OrdersCreate, Orders, aRecord, "read_orders", "id admin_graphql_api_id updated_at"},
	{OrdersUpdated, Orders, aRecord, "read_orders", "id admin_graphql_api_id updated_at"},
	{OrdersEdited, Orders, anEdit, "read_orders", "order_edit.id order_edit.order_id"},
	{OrdersDelete, Orders, aDeletion, "read_orders", "id"},
	{RefundsCreate, Orders, aRefund, "read_orders", "id admin_graphql_api_id order_id"},
	{ProductsCreate, Products, aRecord, "read_products", "id admin_graphql_api_id updated_at"},
	{ProductsUpdate, Products, aRecord, "read_products", "id admin_graphql_api_id updated_at"},
	{ProductsDelete, Products, aDeletion, "read_products", "id"},
	{CustomersCreate, Customers, aRecord, "read_customers", "id admin_graphql_api_id updated_at"},
	{CustomersUpdate, Customers, aRecord, "read_customers", "id admin_graphql_api_id updated_at"},
	{CustomersDelete, Customers, aDeletion, "read_customers", "id admin_graphql_api_id"},
	{CustomersMerge, Customers, aMerge, "read_customer_merge",
		"admin_graphql_api_customer_kept_id admin_graphql_api_customer_deleted_id status"},
	{AppUninstalled, 0, aShop, "", "id myshopify_domain"},
	{AppScopesUpdate, 0, scopesOf, "", "id previous current updated_at"},
	{ShopUpdate, 0, aShop, "", "id myshopify_domain updated_at"},
	{BulkOperationsDone, 0, aBulkOperation, "", "admin_graphql_api_id status type error_code"},
	{CustomersDataRequest, Customers, aDataRequest, "", ""},
	{CustomersRedact, Customers, aRedaction, "", ""},
	{ShopRedact, 0, aShopRedaction, "", ""},
}

// Topics returns the topics that can be subscribed to, in a fixed order.
func Topics() (all []Topic) {
	for _, t := range topics {
		if !t.Compliance() {
			all = append(all, t.Topic)
		}
	}
	return all
}

// Compliance tells whether it is one of the three that the law asks for.
func (t Topic) Compliance() bool {
	return t == CustomersDataRequest || t == CustomersRedact || t == ShopRedact
}

// Kind returns the kind of the records that it is about, 0 for none.
func (t Topic) Kind() Kind {
	i := t.index()
	if i < 0 {
		return 0
	}
	return topics[i].of
}

// Scope returns the access scope without which Shopify refuses a subscription, "" for none. That of merges is one of its
// own, which few apps have: without it a customer who was merged away is found missing by a sweep of the ids.
func (t Topic) Scope() string {
	i := t.index()
	if i < 0 {
		return ""
	}
	return topics[i].scope
}

// Fields returns the fields that a subscription asks for.
func (t Topic) Fields() []string {
	i := t.index()
	if i < 0 {
		return nil
	}
	return strings.Fields(topics[i].fields)
}

// Enum returns the topic as the Admin API writes it, such as ORDERS_CREATE.
func (t Topic) Enum() string { return strings.ToUpper(strings.ReplaceAll(string(t), "/", "_")) }

// topicOf returns the topic that the Admin API writes so. One that is not known stays as it is.
func topicOf(enum string) Topic {
	for _, t := range topics {
		if t.Enum() == enum {
			return t.Topic
		}
	}
	return Topic(enum)
}

func (t Topic) index() int {
	for i := range topics {
		if topics[i].Topic == t {
			return i
		}
	}
	return -1
}
