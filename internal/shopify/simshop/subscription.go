package simshop

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopsight/shopsight/internal/shopify"
)

// kindSubscription is the kind of subscriptions as global ids name it.
const kindSubscription Kind = "WebhookSubscription"

const firstSubscription = 1_780_000_000_001

// subscription is one to a topic.
type subscription struct {
	id      int64
	topic   shopify.Topic
	uri     string
	format  string
	filter  string
	fields  []string
	created time.Time
}

// Subscription is a subscription as tests see it.
type Subscription struct {
	ID     int64
	Topic  shopify.Topic
	URI    string
	Fields []string
}

// Subscriptions returns the subscriptions that there are, by id.
func (s *Shop) Subscriptions() (out []Subscription) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sub := range s.subscriptions {
		out = append(out, Subscription{sub.id, sub.topic, sub.uri, slices.Clone(sub.fields)})
	}
	return out
}

// DropSubscription removes a subscription, as Shopify does without a word.
func (s *Shop) DropSubscription(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unsubscribe(id)
}

func (s *Shop) unsubscribe(id int64) bool {
	before := len(s.subscriptions)
	s.subscriptions = slices.DeleteFunc(slices.Clone(s.subscriptions), func(sub *subscription) bool { return sub.id == id })
	return len(s.subscriptions) < before
}

// subscribed is what the mutations answer.
type subscribed struct {
	subscription *subscription
	deleted      any
	problems     []userError
}

var subscriptionFields = map[string]resolver{
	"id":               of(func(s *subscription) any { return gid(kindSubscription, s.id) }),
	"legacyResourceId": of(func(s *subscription) any { return strconv.FormatInt(s.id, 10) }),
	"topic":            of(func(s *subscription) any { return s.topic.Enum() }),
	"uri":              of(func(s *subscription) any { return s.uri }),
	"format":           of(func(s *subscription) any { return s.format }),
	"filter":           of(func(s *subscription) any { return text(s.filter) }),
	"includeFields":    of(func(s *subscription) any { return texts(s.fields) }),
	"apiVersion":       of(func(*subscription) any { return apiVersion(Version) }),
	"createdAt":        of(func(s *subscription) any { return instant(s.created) }),
	"updatedAt":        of(func(s *subscription) any { return instant(s.created) }),
}

// apiVersion is a version of the API as an object.
type apiVersion string

var subscribedFields = map[string]resolver{
	"webhookSubscription": of(func(s subscribed) any {
		if s.subscription == nil {
			return nil
		}
		return s.subscription
	}),
	"deletedWebhookSubscriptionId": of(func(s subscribed) any { return s.deleted }),
	"userErrors":                   of(func(s subscribed) any { return list(s.problems, func(e *userError) any { return *e }) }),
}

// listSubscriptions pages through the subscriptions, by id.
func listSubscriptions(c *call, _ any, args map[string]any) (any, error) {
	c.shop.mu.Lock()
	all := c.shop.subscriptions
	c.shop.mu.Unlock()
	uri, _ := args["uri"].(string)
	wanted, _ := args["topics"].([]any)
	var found []*subscription
	for _, s := range all {
		if (uri == "" || s.uri == uri) && (len(wanted) == 0 || slices.Contains(wanted, any(s.topic.Enum()))) {
			found = append(found, s)
		}
	}
	return connection(nested(args, found, func(s **subscription) (position, any) { return position{ID: (*s).id}, *s }))
}

// subscribe makes a subscription, if the app may hear of the topic and Shopify would deliver to the address. The messages
// are those that Shopify's users quote.
func (c *call) subscribe(args map[string]any) subscribed {
	enum, _ := args["topic"].(string)
	in, _ := args["webhookSubscription"].(map[string]any)
	uri, _ := in["uri"].(string)
	no := func(field, message string) subscribed {
		return subscribed{problems: []userError{{[]any{"webhookSubscription", field}, message, ""}}}
	}
	topic := shopify.Topic("")
	for _, t := range shopify.Topics() {
		if t.Enum() == enum {
			topic = t
		}
	}
	switch scope := topic.Scope(); {
	case topic == "":
		return no("topic", "simshop does not simulate the topic "+enum)
	case scope != "" && !slices.Contains(c.scopes, scope):
		return no("topic", "You do not have permission to create or update webhooks with "+string(topic)+
			" topic. This topic requires one of the following scopes: "+scope)
	case len(c.faults.Denied) > 0 && (topic.Kind() == shopify.Orders || topic.Kind() == shopify.Customers):
		return no("topic", "This app is not approved to subscribe to webhook topics containing protected customer data. "+
			"See https://shopify.dev/docs/apps/launch/protected-customer-data for more details.")
	}
	if problem := unreachable(uri); problem != "" {
		return no("uri", problem)
	}
	format, _ := in["format"].(string)
	if format == "" {
		format = "JSON"
	}
	filter, _ := in["filter"].(string)
	sub := &subscription{topic: topic, uri: uri, format: format, filter: filter, created: c.shop.now()}
	fields, _ := in["includeFields"].([]any)
	for _, f := range fields {
		if name, ok := f.(string); ok {
			sub.fields = append(sub.fields, name)
		}
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	for _, other := range c.shop.subscriptions {
		if other.topic == topic && other.uri == uri && other.format == format {
			return no("callbackUrl", "Address for this topic has already been taken")
		}
	}
	sub.id = firstSubscription + c.shop.subscriptionsMade
	c.shop.subscriptionsMade++
	c.shop.subscriptions = append(slices.Clone(c.shop.subscriptions), sub)
	return subscribed{subscription: sub}
}

// unreachable says what is wrong with an address, "" if nothing is. Shopify takes https alone; http is for a service on
// the same machine.
func unreachable(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Host == "" {
		return "Address is invalid"
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	local := host == "localhost" || ip != nil && ip.IsLoopback()
	switch {
	case u.Scheme != "https" && (u.Scheme != "http" || !local):
		return "Address protocol " + u.Scheme + ":// is not supported"
	case u.Scheme == "https" && (local || strings.HasSuffix(host, ".myshopify.com")):
		return "Address cannot be " + host
	}
	return ""
}

func (c *call) unsubscribe(id any) subscribed {
	n, ok := number(id, kindSubscription)
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	if !ok || !c.shop.unsubscribe(n) {
		return subscribed{problems: []userError{{[]any{"id"}, "Webhook subscription does not exist", ""}}}
	}
	return subscribed{deleted: id}
}
