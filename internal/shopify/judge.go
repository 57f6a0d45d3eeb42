package shopify

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// graphError is one of an answer's errors.
type graphError struct {
	Message    string `json:"message"`
	Path       []any  `json:"path"`
	Extensions struct {
		Code           string `json:"code"`
		RequiredAccess string `json:"requiredAccess"`
	} `json:"extensions"`
}

// judge returns why an answer is no good because of its errors, or nil. Data beside an error counts for nothing, unless
// all that is missing is what a store may keep to itself: then a.denied names it.
func (a *attempt) judge(got *answer) *failure {
	if isNull(got.Errors) {
		return nil
	}
	var list []graphError
	if err := json.Unmarshal(got.Errors, &list); err != nil {
		return a.malformed(errors.New(string(got.Errors)))
	}
	var refused []graphError
	for _, e := range list {
		if e.Extensions.Code != "ACCESS_DENIED" {
			return a.failed(e, got)
		}
		if field, ok := a.dispensable(e.Path); ok && !isNull(got.Data) {
			a.deny(field)
		} else {
			refused = append(refused, e)
		}
	}
	if len(refused) > 0 {
		return a.scopeMissing(refused)
	}
	return nil
}

// failed is an error that fails the whole answer.
func (a *attempt) failed(e graphError, got *answer) *failure {
	cause := fmt.Errorf("%s: %s", e.Extensions.Code, e.Message)
	switch e.Extensions.Code {
	case "THROTTLED":
		f := &failure{retry: later, as: &Error{
			Code: CodeThrottled, Retryable: true, cause: cause, Message: busy(a.domain),
		}}
		cost := got.Extensions.Cost
		f.cost = int(min(max(cost.RequestedQueryCost, 0), maxCost))
		if b := cost.ThrottleStatus; b.valid() && cost.RequestedQueryCost > b.CurrentlyAvailable {
			f.after = seconds((cost.RequestedQueryCost - b.CurrentlyAvailable) / b.RestoreRate)
		}
		return f
	case "INTERNAL_SERVER_ERROR", "TIMEOUT", "MAX_COST_EXCEEDED":
		return &failure{retry: again, smaller: true, as: &Error{
			Code: CodeShopUnreachable, Retryable: true, cause: cause,
			Message: fmt.Sprintf("Shopify failed to answer for %s. It tends to pass; see shopifystatus.com.", a.domain),
		}}
	case "SHOP_INACTIVE":
		return &failure{as: &Error{
			Code: CodeShopUnreachable, cause: cause,
			Message: fmt.Sprintf("%s is not active. Reactivate it in Shopify, then sync again.", a.domain),
		}}
	}
	return a.internal(cause)
}

// personal are the fields, by the record they belong to, that Shopify keeps from apps without access to protected
// customer data. No number is made of them.
var personal = map[Kind][]string{
	Customers: {"firstName", "lastName", "defaultEmailAddress", "defaultPhoneNumber", "defaultAddress"},
	Orders:    {"shippingAddress"},
}

// dispensable returns the field of a record that an error's path leads into, as "customer.firstName", if the record is
// worth something without it. The path is that of a page, products.nodes.0.title, or of nodes, nodes.0.title.
func (a *attempt) dispensable(path []any) (field string, ok bool) {
	for i, p := range path {
		if name, ok := p.(string); ok && i > 0 && name != "nodes" {
			return a.subject.record() + "." + name, slices.Contains(personal[a.subject], name)
		}
	}
	return "", false
}

func (a *attempt) deny(field string) {
	if !slices.Contains(a.denied, field) {
		a.denied = append(a.denied, field)
	}
}

var scope = regexp.MustCompile("`((?:read|write)_[a-z_]{1,40})`")

// scopeMissing names the scopes that Shopify asks for, where it does: otherwise it is the access to customer data.
func (a *attempt) scopeMissing(refused []graphError) *failure {
	e := &Error{Code: CodeScopeMissing, cause: errors.New(refused[0].Message)}
	for _, r := range refused {
		for _, m := range scope.FindAllStringSubmatch(r.Extensions.RequiredAccess, 4) {
			if !slices.Contains(e.Scopes, m[1]) && len(e.Scopes) < 8 {
				e.Scopes = append(e.Scopes, m[1])
			}
		}
	}
	if len(e.Scopes) > 0 {
		e.Message = fmt.Sprintf("The app may not read all that a sync needs. Give it %s in the admin of %s under its API scopes, "+
			"install it again, and connect the store again.", strings.Join(e.Scopes, ", "), a.domain)
	} else {
		e.Message = fmt.Sprintf("The app may not read all that a sync needs. Give it access to products, orders, customers and "+
			"protected customer data in the admin of %s, and connect the store again.", a.domain)
	}
	return &failure{as: e}
}
