package shopify_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/shopify"
)

const (
	domain = shopify.Domain("example.myshopify.com")
	token  = "shpat_0123456789abcdef"
)

// object is JSON.
type object = map[string]any

// list is JSON.
type list = []any

// clock is a clock on which waiting takes no time.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	waits []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.waits = append(c.waits, d)
	ch := make(chan time.Time, 1)
	ch <- c.now
	return ch
}

// call is a request as a store sees it.
type call struct {
	Op     string         `json:"operationName"`
	Query  string         `json:"query"`
	Vars   map[string]any `json:"variables"`
	Header http.Header    `json:"-"`
	URL    string         `json:"-"`
}

// reply is an answer of a store.
type reply struct {
	status int // 200 when 0
	header http.Header
	body   any   // marshalled, unless it is a string
	err    error // of the connection
}

// fake is a store that answers call after call, in memory. The last answer is repeated.
type fake struct {
	t       testing.TB
	answers []func(call) reply
	mu      sync.Mutex
	calls   []call
}

func (f *fake) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	c := call{Header: r.Header, URL: r.URL.String()}
	if err := json.Unmarshal(body, &c); err != nil {
		f.t.Errorf("request %q: %v", body, err)
	}
	f.mu.Lock()
	answer := f.answers[min(len(f.calls), len(f.answers)-1)]
	f.calls = append(f.calls, c)
	f.mu.Unlock()
	a := answer(c)
	if a.err != nil {
		return nil, a.err
	}
	text, ok := a.body.(string)
	if !ok {
		b, err := json.Marshal(a.body)
		if err != nil {
			f.t.Error(err)
		}
		text = string(b)
	}
	header := http.Header{"X-Shopify-Api-Version": {shopify.Version}}
	maps.Copy(header, a.header)
	return &http.Response{
		StatusCode: max(a.status, 0) + 200*b2i(a.status == 0), Header: header, Request: r,
		Body: io.NopCloser(bytes.NewReader([]byte(text))),
	}, nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (f *fake) ops() (ops []string) {
	for _, c := range f.calls {
		ops = append(ops, c.Op)
	}
	return ops
}

// always answers each call alike.
func always(r reply) func(call) reply { return func(call) reply { return r } }

// data is an answer without errors from a bucket that is full.
func data(d any) reply { return reply{body: object{"data": d, "extensions": costs(10, 1, 2000)}} }

func costs(requested, actual, available any) object {
	return object{"cost": object{
		"requestedQueryCost": requested, "actualQueryCost": actual,
		"throttleStatus": object{"maximumAvailable": 2000.0, "currentlyAvailable": available, "restoreRate": 100.0},
	}}
}

// failed is an answer with an error and, if there is any, data beside it.
func failed(d any, code string, path ...any) reply {
	return reply{body: object{
		"data": d, "extensions": costs(10, 1, 2000),
		"errors": list{object{"message": "no: " + code, "path": path, "extensions": object{"code": code}}},
	}}
}

// connect returns a client of a fake store.
func connect(t testing.TB, answers ...func(call) reply) (*shopify.Client, *fake, *clock) {
	t.Helper()
	f, c := &fake{t: t, answers: answers}, newClock()
	api := shopify.New(shopify.Options{Transport: f, Now: c.Now, After: c.After})
	return api.Client(domain, shopify.Static(token)), f, c
}

// wantCode checks that an error is an *Error of a code.
func wantCode(t *testing.T, err error, code shopify.Code, retryable bool) *shopify.Error {
	t.Helper()
	e, ok := errors.AsType[*shopify.Error](err)
	if !ok {
		t.Fatalf("got %v, want an error %s", err, code)
	}
	if e.Code != code || e.Retryable != retryable {
		t.Errorf("got %s (retryable: %v) %v, want %s (%v)", e.Code, e.Retryable, e, code, retryable)
	}
	if e.Message == "" {
		t.Error("the error has no message")
	}
	return e
}

// The records of a fake store.

func shopAnswer() object {
	return object{
		"shop": object{
			"id": "gid://shopify/Shop/1", "name": "Example", "myshopifyDomain": string(domain), "currencyCode": "EUR",
			"ianaTimezone": "Europe/Berlin",
		},
		"currentAppInstallation": object{"accessScopes": list{object{"handle": "read_orders"}, object{"handle": "read_products"}}},
	}
}

func connection(next string, nodes ...any) object {
	if nodes == nil {
		nodes = list{}
	}
	info := object{"hasNextPage": next != "", "endCursor": nil}
	if next != "" {
		info["endCursor"] = next
	}
	return object{"pageInfo": info, "nodes": nodes}
}

func product(id int) object {
	return object{
		"id": fmt.Sprintf("gid://shopify/Product/%d", id), "title": "Tea", "handle": "tea", "vendor": "Ada", "productType": "Tea",
		"status": "ACTIVE", "tags": list{"a"}, "totalInventory": 5, "tracksInventory": true,
		"createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-02T00:00:00Z",
		"priceRangeV2":  object{"minVariantPrice": object{"amount": "9.95"}},
		"featuredMedia": object{"__typename": "Hologram", "preview": object{"image": object{"url": "https://cdn.example/tea.png"}}},
	}
}

func customer(id int) object {
	return object{
		"id": fmt.Sprintf("gid://shopify/Customer/%d", id), "firstName": "Ada", "lastName": nil, "tags": list{},
		"createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-02T00:00:00Z",
		"defaultEmailAddress": object{"emailAddress": "ada@example.com"}, "defaultPhoneNumber": nil,
		"defaultAddress": object{"city": "Berlin", "countryCodeV2": "DE"},
	}
}

func amount(s string) object { return object{"shopMoney": object{"amount": s, "currencyCode": "EUR"}} }

const moment = "2026-01-02T00:00:00Z"

// order is an order with a line and a sale for each id from 1 to lines.
func order(id, lines int) object {
	var items, sales list
	for i := range lines {
		items = append(items, line(i+1))
		sales = append(sales, sale(i+1))
	}
	return object{
		"id": fmt.Sprintf("gid://shopify/Order/%d", id), "name": fmt.Sprintf("#%d", id), "createdAt": moment,
		"processedAt": moment, "updatedAt": moment, "cancelledAt": nil, "test": false, "sourceName": "web", "tags": list{},
		"currencyCode": "EUR", "taxesIncluded": true, "displayFinancialStatus": "PAID",
		"displayFulfillmentStatus": "UNFULFILLED", "discountCodes": list{"TEA"},
		"customer":                  object{"id": "gid://shopify/Customer/7"},
		"shippingAddress":           object{"city": "Berlin", "provinceCode": nil, "countryCodeV2": "DE"},
		"subtotalLineItemsQuantity": lines, "totalTaxSet": amount("1.00"), "originalTotalDutiesSet": nil,
		"originalTotalAdditionalFeesSet": nil, "totalTipReceivedSet": amount("0.0"),
		"lineItems": connection("", items...),
		"shippingLines": connection("", object{
			"discountedPriceSet": amount("4.90"),
			"taxLines":           list{object{"priceSet": amount("0.70")}, object{"priceSet": amount("0.08")}},
		}),
		"refunds": list{object{"id": "gid://shopify/Refund/5", "createdAt": moment, "note": nil, "totalRefundedSet": amount("1.0"),
			"refundLineItems": connection("", refundLine(1, true))}},
		"agreements": edges("", agreement(1, connection("", sales...))),
	}
}

func line(id int) object {
	return object{
		"id": fmt.Sprintf("gid://shopify/LineItem/%d", id), "title": "Tea", "variantTitle": nil, "sku": "T", "vendor": "Ada",
		"quantity": 1, "isGiftCard": false, "product": object{"id": "gid://shopify/Product/51"},
		"originalUnitPriceSet": amount("9.95"),
		"discountAllocations": list{
			object{"allocatedAmountSet": amount("0.1")}, object{"allocatedAmountSet": amount("0.20")},
		},
		"taxLines": list{object{"priceSet": amount("1.59")}},
	}
}

func refundLine(line int, restocked bool) object {
	return object{"quantity": 1, "restocked": restocked, "lineItem": object{"id": fmt.Sprintf("gid://shopify/LineItem/%d", line)}}
}

func agreement(id int, sales object) object {
	return object{
		"__typename": "OrderAgreement", "id": fmt.Sprintf("gid://shopify/SalesAgreement/%d", id), "reason": "ORDER",
		"happenedAt": moment, "sales": sales,
	}
}

func edges(next string, nodes ...object) object {
	c := connection(next)
	delete(c, "nodes")
	all := list{}
	for _, n := range nodes {
		all = append(all, object{"cursor": "at " + n["id"].(string), "node": n})
	}
	c["edges"] = all
	return c
}

func sale(id int) object {
	return object{
		"__typename": "ProductSale", "id": fmt.Sprintf("gid://shopify/Sale/%d", id), "actionType": "ORDER", "lineType": "PRODUCT",
		"quantity": 1, "totalAmount": amount("9.65"), "totalTaxAmount": amount("1.59"),
		"lineItem": object{"id": fmt.Sprintf("gid://shopify/LineItem/%d", id)},
	}
}

// with returns a copy of an object with other fields.
func with(o object, pairs ...any) object {
	o = maps.Clone(o)
	for p := range slices.Chunk(pairs, 2) {
		o[p[0].(string)] = p[1]
	}
	return o
}
