package shopify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Subscription is one to a topic, of this app in this store. Those that stand in the app's own configuration are not
// listed by Shopify.
type Subscription struct {
	ID int64
	// Topic is Shopify's enum value for a topic that this package does not know.
	Topic Topic
	URI   string
	// Fields are all that its bodies have; none stands for everything.
	Fields []string
	// Filter leaves out what it does not match; ours have none.
	Filter string
	// Format is JSON or XML.
	Format string
	// APIVersion is what bodies are written in. It is the app's, and cannot be chosen.
	APIVersion string
	CreatedAt  time.Time
}

// maxSubscriptionPages bounds what is read; an app has one subscription for each topic and address.
const maxSubscriptionPages = 20

// Webhooks returns all subscriptions of this app in this store, by id. Shopify removes one after eight failed deliveries
// in a row, without a word.
func (c *Client) Webhooks(ctx context.Context) ([]Subscription, error) {
	var all []Subscription
	after := ""
	for range maxSubscriptionPages {
		p, _, err := ask(ctx, c, 0, nil, func(a *attempt) (Page[Subscription], error) {
			resp, err := webhooksPage(ctx, a, largestPage, optional(after))
			if err != nil {
				return Page[Subscription]{}, err
			}
			list := resp.WebhookSubscriptions
			if err := list.PageInfo.check(list.Nodes != nil, optional(after)); err != nil {
				return Page[Subscription]{}, err
			}
			p := Page[Subscription]{Next: next(list.PageInfo)}
			for i := range list.Nodes {
				s, err := readSubscription(&list.Nodes[i])
				if err != nil {
					return Page[Subscription]{}, err
				}
				p.Records = append(p.Records, s)
			}
			return p, nil
		})
		if err != nil {
			return nil, err
		}
		all = append(all, p.Records...)
		if after = p.Next; after == "" {
			return all, nil
		}
	}
	return nil, &Error{Code: CodeInvalidData, cause: errors.New("too many subscriptions"),
		Message: fmt.Sprintf("%s lists thousands of webhooks of ours. Remove the app there and install it again.", c.domain)}
}

// Subscribe has the store tell of a topic at an address, with the topic's Fields, and returns the subscription, also when
// it is there already: an answer that is lost leaves one behind. The address is public, https, and has no redirect. A
// topic that the app may not hear of is CodeScopeMissing.
func (c *Client) Subscribe(ctx context.Context, topic Topic, uri string) (Subscription, error) {
	if topic.index() < 0 || topic.Compliance() {
		return Subscription{}, &Error{Code: CodeInternal, cause: fmt.Errorf("%q is not subscribed to", topic),
			Message: "Something went wrong on our side. Please report this."}
	}
	taken := false
	got, _, err := ask(ctx, c, 0, nil, func(a *attempt) (Subscription, error) {
		resp, err := webhookSubscribe(ctx, a, topic.Enum(), uri, topic.Fields())
		switch {
		case err != nil:
			return Subscription{}, err
		case resp.WebhookSubscriptionCreate == nil:
			return Subscription{}, errors.New("no answer to webhookSubscriptionCreate")
		}
		for _, e := range resp.WebhookSubscriptionCreate.UserErrors {
			if taken = strings.Contains(e.Message, "already been taken"); taken {
				return Subscription{}, nil
			}
			return Subscription{}, a.notSubscribed(topic, e.Message)
		}
		return readSubscription(resp.WebhookSubscriptionCreate.WebhookSubscription)
	})
	if err != nil || !taken {
		return got, err
	}
	all, err := c.Webhooks(ctx)
	if err != nil {
		return Subscription{}, err
	}
	for _, s := range all {
		if s.Topic == topic && s.URI == uri {
			return s, nil
		}
	}
	return Subscription{}, &Error{Code: CodeInvalidData, Retryable: true,
		cause: fmt.Errorf("a subscription to %s is there and is not listed", topic),
		Message: fmt.Sprintf("%s says that webhooks are set up, and does not list them. They may stand in the app's own configuration.",
			c.domain)}
}

// notSubscribed is a subscription that Shopify refuses.
func (a *attempt) notSubscribed(topic Topic, message string) *failure {
	cause := fmt.Errorf("subscribe to %s: %s", topic, message)
	lower := strings.ToLower(message)
	switch {
	case strings.Contains(lower, "protected customer data"), strings.Contains(lower, "permission"), strings.Contains(lower, "scope"):
		e := &Error{Code: CodeScopeMissing, cause: cause,
			Message: fmt.Sprintf("The app may not hear of %s in %s. Give it the access to do so, with protected customer data, and "+
				"install it again.", topic, a.domain)}
		if s := topic.Scope(); s != "" {
			e.Scopes = []string{s}
		}
		return &failure{as: e}
	case strings.Contains(lower, "address"), strings.Contains(lower, "uri"):
		return &failure{as: &Error{Code: CodeInternal, cause: cause,
			Message: "Shopify does not deliver webhooks to the address of this service. It has to be public, with https and a name."}}
	}
	return a.internal(cause)
}

// Unsubscribe ends a subscription. One that there is not is ended already.
func (c *Client) Unsubscribe(ctx context.Context, id int64) error {
	_, _, err := ask(ctx, c, 0, nil, func(a *attempt) (struct{}, error) {
		resp, err := webhookUnsubscribe(ctx, a, fmt.Sprintf("gid://shopify/WebhookSubscription/%d", id))
		switch {
		case err != nil:
			return struct{}{}, err
		case resp.WebhookSubscriptionDelete == nil:
			return struct{}{}, errors.New("no answer to webhookSubscriptionDelete")
		}
		for _, e := range resp.WebhookSubscriptionDelete.UserErrors {
			if !strings.Contains(e.Message, "does not exist") {
				return struct{}{}, a.internal(fmt.Errorf("webhookSubscriptionDelete: %s", e.Message))
			}
		}
		return struct{}{}, nil
	})
	return err
}

func readSubscription(s *webhookSubscription) (Subscription, error) {
	r := reader{record: "webhook subscription"}
	if s == nil {
		r.fail("is missing")
		return Subscription{}, r.err
	}
	return Subscription{
		ID: r.id("WebhookSubscription", s.Id), Topic: topicOf(s.Topic), URI: s.Uri, Fields: s.IncludeFields, Filter: text(s.Filter),
		Format: s.Format, APIVersion: s.ApiVersion.Handle, CreatedAt: r.time("createdAt", s.CreatedAt),
	}, r.err
}

// Fits tells whether a subscription tells of its topic just as one that Subscribe makes now.
func (s Subscription) Fits() bool {
	have, want := slices.Sorted(slices.Values(s.Fields)), slices.Sorted(slices.Values(s.Topic.Fields()))
	return s.Format == "JSON" && s.Filter == "" && slices.Equal(have, want)
}
