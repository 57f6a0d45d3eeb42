package shopify_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/shopify"
)

const address = "https://service.example/webhooks/shopify"

// subscription is one as a store tells of it.
func subscription(id int, topic string) object {
	return object{"id": fmt.Sprintf("gid://shopify/WebhookSubscription/%d", id), "topic": topic, "uri": address, "format": "JSON", "filter": nil,
		"includeFields": list{"updated_at", "id", "admin_graphql_api_id"}, "apiVersion": object{"handle": "2026-10"}, "createdAt": moment}
}

func subscribed(o any, errors ...string) reply {
	all := list{}
	for _, e := range errors {
		all = append(all, object{"message": e})
	}
	return data(object{"webhookSubscriptionCreate": object{"webhookSubscription": o, "userErrors": all}})
}

func TestSubscriptions(t *testing.T) {
	t.Parallel()
	page := func(next string, nodes ...any) reply {
		return data(object{"webhookSubscriptions": connection(next, nodes...)})
	}
	c, f, _ := connect(t, always(page("more", subscription(1, "ORDERS_CREATE"))), always(page("", subscription(2, "CARTS_CREATE"))))
	got, err := c.Webhooks(t.Context())
	if err != nil || len(got) != 2 || got[0].ID != 1 || got[0].Topic != shopify.OrdersCreate || got[0].URI != address ||
		got[0].APIVersion != "2026-10" || !got[0].Fits() || got[1].Topic != "CARTS_CREATE" {
		t.Errorf("%v, %+v", err, got)
	}
	if f.calls[1].Vars["after"] != "more" {
		t.Errorf("the second page was asked for with %v", f.calls[1].Vars)
	}
	for name, change := range map[string]func(*shopify.Subscription){
		"of all fields":   func(s *shopify.Subscription) { s.Fields = nil },
		"with a filter":   func(s *shopify.Subscription) { s.Filter = "total_price:>10" },
		"in XML":          func(s *shopify.Subscription) { s.Format = "XML" },
		"of other fields": func(s *shopify.Subscription) { s.Fields = []string{"id", "email", "updated_at"} },
	} {
		s := got[0]
		if change(&s); s.Fits() {
			t.Errorf("a subscription %s fits", name)
		}
	}
	endless := 0
	c, _, _ = connect(t, func(call) reply {
		endless++
		return page(strings.Repeat("x", endless), subscription(1, "ORDERS_CREATE"))
	})
	_, err = c.Webhooks(t.Context())
	wantCode(t, err, shopify.CodeInvalidData, false)
}

func TestSubscribe(t *testing.T) {
	t.Parallel()
	c, f, _ := connect(t, always(subscribed(subscription(3, "ORDERS_EDITED"))))
	got, err := c.Subscribe(t.Context(), shopify.OrdersEdited, address)
	if err != nil || got.ID != 3 || got.Topic != shopify.OrdersEdited {
		t.Errorf("%v, %+v", err, got)
	}
	if v := f.calls[0].Vars; v["topic"] != "ORDERS_EDITED" || v["uri"] != address ||
		!slices.Equal(v["fields"].(list), list{"order_edit.id", "order_edit.order_id"}) {
		t.Errorf("asked with %v", v)
	}
	if _, err := c.Subscribe(t.Context(), shopify.CustomersRedact, address); err == nil || len(f.calls) != 1 {
		t.Errorf("subscribed to what the law asks for: %v", err)
	}
}

// An answer that was lost left a subscription behind: that one is returned.
func TestSubscribeTwice(t *testing.T) {
	t.Parallel()
	taken := subscribed(nil, "Address for this topic has already been taken")
	elsewhere := subscription(8, "ORDERS_CREATE")
	elsewhere["uri"] = address + "/other"
	c, _, _ := connect(t, always(taken), always(data(object{"webhookSubscriptions": connection("", subscription(7, "ORDERS_UPDATED"),
		elsewhere, subscription(9, "ORDERS_CREATE"))})))
	if got, err := c.Subscribe(t.Context(), shopify.OrdersCreate, address); err != nil || got.ID != 9 {
		t.Errorf("%v, %+v", err, got)
	}
	c, _, _ = connect(t, always(taken), always(data(object{"webhookSubscriptions": connection("")})))
	_, err := c.Subscribe(t.Context(), shopify.OrdersCreate, address)
	wantCode(t, err, shopify.CodeInvalidData, true)
}

func TestSubscriptionsRefused(t *testing.T) {
	t.Parallel()
	for message, code := range map[string]shopify.Code{
		"You do not have permission to create or update webhooks with orders/create topic. This topic requires one of the following scopes: read_orders":                                 shopify.CodeScopeMissing,
		"This app is not approved to subscribe to webhook topics containing protected customer data. See https://shopify.dev/docs/apps/launch/protected-customer-data for more details.": shopify.CodeScopeMissing,
		"Address protocol http:// is not supported": shopify.CodeInternal,
		"Something new": shopify.CodeInternal,
	} {
		c, f, _ := connect(t, always(subscribed(nil, message)))
		_, err := c.Subscribe(t.Context(), shopify.OrdersCreate, address)
		if e := wantCode(t, err, code, false); code == shopify.CodeScopeMissing && !slices.Equal(e.Scopes, []string{"read_orders"}) {
			t.Errorf("%q lacks %q", message, e.Scopes)
		}
		if len(f.calls) != 1 {
			t.Errorf("%q was tried %d times", message, len(f.calls))
		}
	}
}

func TestUnsubscribe(t *testing.T) {
	t.Parallel()
	answer := func(message string) reply {
		return data(object{"webhookSubscriptionDelete": object{"deletedWebhookSubscriptionId": nil, "userErrors": list{object{"message": message}}}})
	}
	for message, good := range map[string]bool{"Webhook subscription does not exist": true, "Something new": false} {
		c, f, _ := connect(t, always(answer(message)))
		if err := c.Unsubscribe(t.Context(), 5); (err == nil) != good {
			t.Errorf("%q: %v", message, err)
		}
		if f.calls[0].Vars["id"] != "gid://shopify/WebhookSubscription/5" {
			t.Errorf("asked with %v", f.calls[0].Vars)
		}
	}
}

// Each topic is one of Shopify's, and asks for what its bodies are read by.
func TestTopics(t *testing.T) {
	t.Parallel()
	known := official(t).Types["WebhookSubscriptionTopic"].EnumValues
	for _, topic := range shopify.Topics() {
		if known.ForName(topic.Enum()) == nil {
			t.Errorf("%s is no topic of Shopify's", topic.Enum())
		}
		if len(topic.Fields()) == 0 {
			t.Errorf("%s asks for everything", topic)
		}
		for _, field := range topic.Fields() {
			if body := bodies[topic]; !strings.Contains(body, `"`+field[strings.LastIndex(field, ".")+1:]+`"`) && topic != shopify.AppUninstalled {
				t.Errorf("%s asks for %s, which %s lacks", topic, field, body)
			}
		}
	}
	if len(shopify.Topics()) != 16 {
		t.Errorf("%d topics", len(shopify.Topics()))
	}
}
