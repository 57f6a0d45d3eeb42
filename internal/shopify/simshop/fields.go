package simshop

import (
	"strings"
	"time"

	"github.com/shopsight/shopsight/internal/money"
)

// resolver answers one field of one type: with a value that the schema's type can be made of, or an error. nil is null.
type resolver func(c *call, src any, args map[string]any) (any, error)

// of is a resolver that needs nothing but the value itself.
func of[T any](f func(T) any) resolver {
	return func(_ *call, src any, _ map[string]any) (any, error) { return f(src.(T)), nil }
}

// with is a resolver that needs the call and the arguments too.
func with[T any](f func(*call, T, map[string]any) (any, error)) resolver {
	return func(c *call, src any, args map[string]any) (any, error) { return f(c, src.(T), args) }
}

// about is a resolver that asks the store, whatever the value.
func about(f func(*Shop) any) resolver {
	return func(c *call, _ any, _ map[string]any) (any, error) { return f(c.shop), nil }
}

// What values are besides records.
type (
	shopInfo     struct{}
	installation struct{}
	bag          int64 // minor units, as MoneyBag
	amount       int64 // minor units, as MoneyV2
	image        string
	count        struct {
		n     int
		exact bool
	}
	contact string // an email address or a telephone number
	// Lines, refunds, agreements and sales know their order.
	lineOf struct {
		order *Order
		*Line
	}
	refundOf struct {
		order *Order
		*Refund
	}
	refundLineOf struct {
		order *Order
		*RefundLine
	}
	agreementOf struct {
		order *Order
		*Agreement
	}
	saleOf struct {
		order *Order
		*Sale
	}
)

// typename returns the type of a value where the schema has an interface.
func typename(v any) string {
	switch v := v.(type) {
	case *Product:
		return "Product"
	case *Customer:
		return "Customer"
	case *Order:
		return "Order"
	case *event:
		if v.comment {
			return "CommentEvent"
		}
		return "BasicEvent"
	case refundOf:
		return "Refund"
	case image:
		return "MediaImage"
	case agreementOf:
		return agreementTypes[v.Reason]
	case saleOf:
		return saleTypes[v.LineType]
	}
	return ""
}

var agreementTypes = map[string]string{"ORDER": "OrderAgreement", "ORDER_EDIT": "OrderEditAgreement",
	"REFUND": "RefundAgreement"}

var saleTypes = map[string]string{"PRODUCT": "ProductSale", "GIFT_CARD": "GiftCardSale", "SHIPPING": "ShippingLineSale",
	"TIP": "TipSale", "DUTY": "DutySale", "ADDITIONAL_FEE": "AdditionalFeeSale", "ADJUSTMENT": "AdjustmentSale"}

// resolver returns what answers a field of a type: an error where the token may not read it, or nothing is simulated.
func (c *call) resolver(typ, field string) resolver {
	err := c.refused(typ, field)
	name := typ
	for _, family := range []string{"Connection", "Edge", "Sale", "Agreement", "Event"} {
		if strings.HasSuffix(typ, family) {
			name = family
		}
	}
	f := resolvers[name][field]
	switch {
	case err == nil && f != nil:
		return f
	case err == nil:
		err = &problem{"simshop does not simulate " + typ + "." + field, object{{"code", "NOT_SIMULATED"}}}
	}
	return func(*call, any, map[string]any) (any, error) { return nil, err }
}

// resolvers are the fields by type; those of types that differ in name alone stand under what their names end in.
var resolvers = map[string]map[string]resolver{
	"QueryRoot": roots,
	"Mutation":  mutations,
	"Shop": {
		"id":              about(func(*Shop) any { return "gid://shopify/Shop/68123456789" }),
		"name":            about(func(s *Shop) any { return s.Name() }),
		"myshopifyDomain": about(func(s *Shop) any { return s.opt.Domain }),
		"currencyCode":    about((*Shop).currency),
		"ianaTimezone":    about(func(s *Shop) any { return s.opt.Timezone.String() }),
	},
	"AppInstallation": {
		"id": of(func(installation) any { return "gid://shopify/AppInstallation/512345678901" }),
		"accessScopes": with(func(c *call, _ installation, _ map[string]any) (any, error) {
			out := make([]any, len(c.scopes))
			for i, s := range c.scopes {
				out[i] = s
			}
			return out, nil
		}),
	},
	"AccessScope": {"handle": of(func(s string) any { return s })},
	"Count": {
		"count": of(func(n count) any { return n.n }),
		"precision": of(func(n count) any {
			if n.exact {
				return "EXACT"
			}
			return "AT_LEAST"
		}),
	},
	"Connection": {
		"nodes": of(func(p *page) any { return p.items }),
		"edges": of(func(p *page) any {
			out := make([]any, len(p.items))
			for i, it := range p.items {
				out[i] = edge{it, p.positions[i]}
			}
			return out
		}),
		"pageInfo": of(func(p *page) any { return p }),
	},
	"Edge": {
		"node":   of(func(e edge) any { return e.node }),
		"cursor": of(func(e edge) any { return e.at.cursor() }),
	},
	"PageInfo": {
		"hasNextPage":     of(func(p *page) any { return p.more }),
		"hasPreviousPage": of(func(p *page) any { return p.later }),
		"startCursor": of(func(p *page) any {
			if len(p.items) == 0 {
				return nil
			}
			return p.positions[0].cursor()
		}),
		"endCursor": of(func(p *page) any {
			if len(p.items) == 0 {
				return nil
			}
			return p.positions[len(p.items)-1].cursor()
		}),
	},
	"MoneyBag": {
		"shopMoney":        of(func(b bag) any { return amount(b) }),
		"presentmentMoney": of(func(b bag) any { return amount(b) }),
	},
	"MoneyV2": {
		"amount":       with(func(c *call, a amount, _ map[string]any) (any, error) { return c.decimal(int64(a)), nil }),
		"currencyCode": about((*Shop).currency),
	},
	"Event": {
		"id":          of(func(e *event) any { return gid(Kind(typename(e)), e.id) }),
		"action":      of(func(e *event) any { return e.action }),
		"createdAt":   of(func(e *event) any { return instant(e.at) }),
		"subjectId":   of(func(e *event) any { return gid(subjectKind(e.subject), e.about) }),
		"subjectType": of(func(e *event) any { return e.subject }),
	},
	"Product":              productFields,
	"ProductPriceRangeV2":  {"minVariantPrice": of(func(a amount) any { return a })},
	"MediaImage":           {"preview": of(func(i image) any { return i })},
	"MediaPreviewImage":    {"image": of(func(i image) any { return i })},
	"Image":                {"url": of(func(i image) any { return string(i) })},
	"Customer":             customerFields,
	"CustomerEmailAddress": {"emailAddress": of(func(t contact) any { return string(t) })},
	"CustomerPhoneNumber":  {"phoneNumber": of(func(t contact) any { return string(t) })},
	"MailingAddress": {
		"id":            of(func(a place) any { return a.id }),
		"city":          of(func(a place) any { return text(a.City) }),
		"provinceCode":  of(func(a place) any { return text(a.ProvinceCode) }),
		"countryCodeV2": of(func(a place) any { return text(a.CountryCode) }),
	},
	"Order":                            orderFields,
	"LineItem":                         lineFields,
	"DiscountAllocation":               {"allocatedAmountSet": of(func(b bag) any { return b })},
	"TaxLine":                          {"priceSet": of(func(b bag) any { return b })},
	"ShippingLine":                     shippingFields,
	"Refund":                           refundFields,
	"RefundLineItem":                   refundLineFields,
	"Agreement":                        agreementFields,
	"Sale":                             saleFields,
	"BulkOperation":                    bulkFields,
	"BulkOperationRunQueryPayload":     outcomeFields,
	"BulkOperationCancelPayload":       outcomeFields,
	"BulkOperationUserError":           userErrorFields,
	"UserError":                        userErrorFields,
	"WebhookSubscription":              subscriptionFields,
	"WebhookSubscriptionCreatePayload": subscribedFields,
	"WebhookSubscriptionDeletePayload": subscribedFields,
	"ApiVersion":                       {"handle": of(func(v apiVersion) any { return string(v) })},
}

// decimal writes an amount as Shopify does: with at least one digit after the point, whatever the currency, and no zeros
// that say nothing.
func (c *call) decimal(minor int64) string {
	s := money.Format(minor, c.shop.opt.CurrencyCode)
	whole, fraction, _ := strings.Cut(s, ".")
	if fraction = strings.TrimRight(fraction, "0"); fraction == "" {
		fraction = "0"
	}
	return whole + "." + fraction
}

func (s *Shop) currency() any { return string(s.opt.CurrencyCode) }

func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

// text is null when there is none.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func list[T any](from []T, value func(*T) any) []any {
	out := make([]any, len(from))
	for i := range from {
		out[i] = value(&from[i])
	}
	return out
}

func texts(from []string) any { return list(from, func(s *string) any { return *s }) }

func bags(amounts []int64) any { return list(amounts, func(a *int64) any { return bag(*a) }) }

// subjectKind is the kind that an event's subject has in a global id: COLLECTION is Collection.
func subjectKind(subject string) Kind {
	return Kind(subject[:1] + strings.ToLower(subject[1:]))
}
