package shopify_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopsight/shopsight/internal/shopify"
)

func TestLoudFailures(t *testing.T) {
	t.Parallel()
	good := object{"products": connection("", product(51))}
	warned := object{"data": good, "extensions": object{"search": list{object{
		"path": list{"products"}, "query": "updated_at:>x", "parsed": object{},
		"warnings": list{object{"field": "updated_at", "message": "no", "code": "invalid_value"}},
	}}}}
	header := func(version ...string) http.Header { return http.Header{"X-Shopify-Api-Version": version} }
	for name, test := range map[string]struct {
		answer reply
		code   shopify.Code
	}{
		"a search warning":  {reply{body: warned}, shopify.CodeIncomplete},
		"an older version":  {reply{body: object{"data": good}, header: header("2026-01")}, shopify.CodeIncomplete},
		"no version at all": {reply{body: object{"data": good}, header: header()}, shopify.CodeIncomplete},
		"an error of validation": {reply{body: object{"errors": list{object{
			"message": "Field 'x' doesn't exist", "extensions": object{"code": "undefinedField"},
		}}}}, shopify.CodeInternal},
		"an error without code":   {reply{body: object{"data": good, "errors": list{object{"message": "x"}}}}, shopify.CodeInternal},
		"a token that is void":    {reply{status: 401, body: "[API] Invalid API key"}, shopify.CodeUnauthorized},
		"a token that is refused": {reply{status: 403, body: object{"errors": "forbidden"}}, shopify.CodeUnauthorized},
		"a frozen store":          {reply{status: 402, body: ""}, shopify.CodeShopUnreachable},
		"a locked store":          {reply{status: 423, body: ""}, shopify.CodeShopUnreachable},
		"no store":                {reply{status: 404, body: "<html>"}, shopify.CodeShopUnreachable},
		"a redirect":              {reply{status: 301, header: http.Header{"Location": {"https://evil.example"}}, body: ""}, shopify.CodeShopUnreachable},
		"a bad request":           {reply{status: 400, body: "bad"}, shopify.CodeInternal},
		"an inactive store":       {failed(nil, "SHOP_INACTIVE"), shopify.CodeShopUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, f, _ := connect(t, always(test.answer))
			p, err := c.Products(t.Context(), shopify.Window{}, "")
			wantCode(t, err, test.code, false)
			if p.Records != nil || len(f.calls) != 1 {
				t.Errorf("got %d records after %d calls", len(p.Records), len(f.calls))
			}
		})
	}
}

func TestRetries(t *testing.T) {
	t.Parallel()
	good := data(object{"products": connection("", product(51))})
	for name, test := range map[string]struct {
		answer reply
		code   shopify.Code
	}{
		"a broken connection":     {reply{err: io.ErrUnexpectedEOF}, shopify.CodeShopUnreachable},
		"500":                     {reply{status: 500, body: "<html>"}, shopify.CodeShopUnreachable},
		"502":                     {reply{status: 502, body: ""}, shopify.CodeShopUnreachable},
		"503":                     {reply{status: 503, body: ""}, shopify.CodeShopUnreachable},
		"429":                     {reply{status: 429, body: ""}, shopify.CodeThrottled},
		"430":                     {reply{status: 430, body: ""}, shopify.CodeThrottled},
		"THROTTLED":               {failed(nil, "THROTTLED"), shopify.CodeThrottled},
		"INTERNAL_SERVER_ERROR":   {failed(nil, "INTERNAL_SERVER_ERROR"), shopify.CodeShopUnreachable},
		"an error beside data":    {failed(good.body.(object)["data"], "INTERNAL_SERVER_ERROR", "products", "nodes", 0), shopify.CodeShopUnreachable},
		"TIMEOUT":                 {failed(nil, "TIMEOUT"), shopify.CodeShopUnreachable},
		"a cut-off answer":        {reply{body: `{"data":{"products":{"pageInfo":{"hasNextPage":fal`}, shopify.CodeInvalidData},
		"a page of HTML":          {reply{body: `<html></html>`}, shopify.CodeInvalidData},
		"no answer":               {reply{body: ``}, shopify.CodeInvalidData},
		"null":                    {reply{body: `null`}, shopify.CodeInvalidData},
		"no data":                 {reply{body: `{}`}, shopify.CodeInvalidData},
		"no list":                 {data(object{}), shopify.CodeInvalidData},
		"no nodes":                {data(object{"products": object{"pageInfo": object{"hasNextPage": false}}}), shopify.CodeInvalidData},
		"no page info":            {data(object{"products": object{"nodes": list{product(1)}}}), shopify.CodeInvalidData},
		"more without a cursor":   {data(object{"products": with(connection(""), "pageInfo", object{"hasNextPage": true})}), shopify.CodeInvalidData},
		"a cursor that stands":    {data(object{"products": connection("here", product(51))}), shopify.CodeInvalidData},
		"a null among nodes":      {data(object{"products": connection("", nil)}), shopify.CodeInvalidData},
		"a foreign id":            {data(object{"products": connection("", with(product(1), "id", "gid://shopify/Order/1"))}), shopify.CodeInvalidData},
		"an id beyond 64 bits":    {data(object{"products": connection("", with(product(1), "id", "gid://shopify/Product/9223372036854775808"))}), shopify.CodeInvalidData},
		"no updatedAt":            {data(object{"products": connection("", with(product(1), "updatedAt", nil))}), shopify.CodeInvalidData},
		"a time that is none":     {data(object{"products": connection("", with(product(1), "updatedAt", "now"))}), shopify.CodeInvalidData},
		"a price that is none":    {data(object{"products": connection("", with(product(1), "priceRangeV2", object{"minVariantPrice": object{"amount": "1e3"}}))}), shopify.CodeInvalidData},
		"a text that is a number": {data(object{"products": connection("", with(product(1), "title", 5))}), shopify.CodeInvalidData},
		"errors that are a text":  {reply{body: object{"errors": "Internal"}}, shopify.CodeInvalidData},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := always(test.answer)
			c, _, _ := connect(t, bad, bad, always(good))
			p, err := c.Products(t.Context(), shopify.Window{}, "here")
			if err != nil || len(p.Records) != 1 {
				t.Errorf("after two of them: %d records, %v", len(p.Records), err)
			}
			c, f, clock := connect(t, bad)
			p, err = c.Products(t.Context(), shopify.Window{}, "here")
			wantCode(t, err, test.code, true)
			if p.Records != nil || len(f.calls) > 101 {
				t.Errorf("after nothing else: %d records after %d calls", len(p.Records), len(f.calls))
			}
			for _, wait := range clock.waits {
				if wait <= 0 || wait > 30*time.Second {
					t.Errorf("waited %s", wait)
				}
			}
		})
	}
}

func TestThrottledWaits(t *testing.T) {
	t.Parallel()
	throttled := func(requested, available float64) func(call) reply {
		return always(reply{body: object{
			"errors":     list{object{"message": "Throttled", "extensions": object{"code": "THROTTLED"}}},
			"extensions": costs(requested, nil, available),
		}})
	}
	c, _, clock := connect(t,
		throttled(344, 44),    // 300 points at 100 a second
		throttled(344, 343.5), // half a point
		throttled(1000, -200), // more than was asked for: it asks for that much now
		always(data(object{"products": connection("")})),
	)
	var told []time.Time
	start := clock.Now()
	if _, err := c.Throttled(func(until time.Time) { told = append(told, until) }).Products(t.Context(), shopify.Window{}, ""); err != nil {
		t.Fatal(err)
	}
	want := []time.Duration{3 * time.Second, 5 * time.Millisecond, 12 * time.Second}
	if !slices.Equal(clock.waits, want) {
		t.Errorf("waited %v, want %v", clock.waits, want)
	}
	if len(told) != 3 || !told[0].Equal(start.Add(3*time.Second)) || !told[2].Equal(clock.Now()) {
		t.Errorf("told of %v", told)
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"2.0": 2 * time.Second, "1": time.Second, "0.25": 250 * time.Millisecond, "1e1": 10 * time.Second,
		"Sun, 22 Nov 2026 10:00:07 GMT": 7 * time.Second,
		"99999999999":                   15 * time.Minute, "Inf": 15 * time.Minute, "Sun, 22 Nov 2099 10:00:07 GMT": 15 * time.Minute,
		// These say nothing: a back-off of our own.
		"": 0, "0": 0, "-5": 0, "NaN": 0, "soon": 0, "Sun, 22 Nov 2020 10:00:07 GMT": 0,
	} {
		c, _, clock := connect(t,
			always(reply{status: 429, header: http.Header{"Retry-After": {text}}, body: ""}),
			always(data(shopAnswer())))
		if _, err := c.Shop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(clock.waits) != 1 || want > 0 && clock.waits[0] != want || clock.waits[0] > max(want, time.Second) {
			t.Errorf("Retry-After %q: waited %v, want %v", text, clock.waits, want)
		}
	}
}

func TestPagesShrinkAndGrow(t *testing.T) {
	t.Parallel()
	bad, good := always(reply{status: 502, body: ""}), always(data(object{"orders": connection("")}))
	answers := slices.Repeat([]func(call) reply{bad}, 6)
	c, f, _ := connect(t, append(answers, good)...)
	for range 20 {
		if _, err := c.Orders(t.Context(), shopify.Window{}, ""); err != nil {
			t.Fatal(err)
		}
	}
	var got []int
	for _, call := range f.calls {
		got = append(got, int(call.Vars["first"].(float64)))
	}
	want := []int{100, 50, 25, 12, 10, 10, 10, 10, 10, 10, 20, 20, 20, 20, 40, 40, 40, 40, 80, 80, 80, 80, 100, 100, 100, 100}
	if !slices.Equal(got, want) {
		t.Errorf("asked for pages of %v, want %v", got, want)
	}
}

func TestDenied(t *testing.T) {
	t.Parallel()
	denied := func(d any, required string, paths ...list) reply {
		var errs list
		for _, path := range paths {
			errs = append(errs, object{"message": "Access denied", "path": path, "extensions": object{
				"code": "ACCESS_DENIED", "requiredAccess": required,
			}})
		}
		return reply{body: object{"data": d, "errors": errs, "extensions": costs(10, 1, 2000)}}
	}
	bare := with(customer(7), "firstName", nil, "defaultEmailAddress", nil)

	t.Run("personal", func(t *testing.T) {
		t.Parallel()
		c, _, _ := connect(t, always(denied(object{"customers": connection("", bare, customer(8))}, "",
			list{"customers", "nodes", 0, "firstName"},
			list{"customers", "nodes", 0, "defaultEmailAddress", "emailAddress"},
			list{"customers", "nodes", 1, "firstName"})))
		p, err := c.Customers(t.Context(), shopify.Window{}, "")
		if err != nil || len(p.Records) != 2 || p.Records[0].Email != "" || p.Records[1].Email == "" {
			t.Errorf("Customers = %+v, %v", p, err)
		}
		if want := []string{"customer.firstName", "customer.defaultEmailAddress"}; !slices.Equal(p.Denied, want) {
			t.Errorf("denied %q, want %q", p.Denied, want)
		}
	})
	t.Run("address", func(t *testing.T) {
		t.Parallel()
		c, _, _ := connect(t, always(denied(object{"orders": connection("", with(order(1, 1), "shippingAddress", nil))}, "",
			list{"orders", "nodes", 0, "shippingAddress", "city"})))
		p, err := c.Orders(t.Context(), shopify.Window{}, "")
		if err != nil || len(p.Records) != 1 || !slices.Equal(p.Denied, []string{"order.shippingAddress"}) {
			t.Errorf("Orders = %+v, %v", p, err)
		}
	})
	for name, answer := range map[string]reply{
		"root":              denied(nil, "`read_customers` access scope.", list{"customers"}),
		"record":            denied(object{"customers": connection("")}, "`read_customers` access scope.", list{"customers", "nodes", 0}),
		"number":            denied(object{"customers": connection("", bare)}, "`read_customers`", list{"customers", "nodes", 0, "updatedAt"}),
		"among dispensable": denied(object{"customers": connection("", bare)}, "`read_customers`", list{"customers", "nodes", 0, "firstName"}, list{"customers"}),
		"no data":           denied(nil, "`read_customers`", list{"customers", "nodes", 0, "firstName"}),
		"no path":           denied(object{"customers": connection("", bare)}, "`read_customers`", nil),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, f, _ := connect(t, always(answer))
			p, err := c.Customers(t.Context(), shopify.Window{}, "")
			e := wantCode(t, err, shopify.CodeScopeMissing, false)
			if !slices.Equal(e.Scopes, []string{"read_customers"}) || !strings.Contains(e.Message, "read_customers") {
				t.Errorf("the error names %q: %s", e.Scopes, e.Message)
			}
			if p.Records != nil || len(f.calls) != 1 {
				t.Errorf("got %d records after %d calls", len(p.Records), len(f.calls))
			}
		})
	}
	// An order without its customer would count as a guest's.
	t.Run("customer of an order", func(t *testing.T) {
		t.Parallel()
		c, _, _ := connect(t, always(denied(object{"orders": connection("", with(order(1, 1), "customer", nil))}, "",
			list{"orders", "nodes", 0, "customer"})))
		_, err := c.Orders(t.Context(), shopify.Window{}, "")
		wantCode(t, err, shopify.CodeScopeMissing, false)
	})
}

func TestTokenStaysInside(t *testing.T) {
	t.Parallel()
	for _, answer := range []reply{
		{status: 401, body: "bad token " + token}, {status: 500, body: token}, {status: 400, body: strings.Repeat(token, 50)},
		{body: "not JSON " + token}, {body: object{"errors": "the token " + token}}, {err: errors.New("dial " + token)},
		{body: object{"errors": list{object{"message": token, "extensions": object{"code": token}}}}},
		{body: object{"errors": list{object{"message": token, "extensions": object{"code": "ACCESS_DENIED"}}}}},
		{body: object{"data": shopAnswer()}, header: http.Header{"X-Shopify-Api-Version": {token}}},
		data(with(shopAnswer(), "shop", object{"id": token})),
	} {
		c, _, _ := connect(t, always(answer))
		_, err := c.Shop(t.Context())
		if err == nil {
			t.Errorf("%v: no error", answer)
			continue
		}
		for e := err; e != nil; e = errors.Unwrap(e) {
			if text := fmt.Sprintf("%v %+v %#v", e, e, e); strings.Contains(text, token) {
				t.Errorf("%v: the error holds the token: %s", answer, text)
			}
		}
	}
	for _, bad := range []string{"", "a b", "shpat_\nX: y", "shpat_\x00", "shpät"} {
		f := &fake{t: t, answers: []func(call) reply{always(data(shopAnswer()))}}
		_, err := shopify.New(shopify.Options{Transport: f}).Client(domain, shopify.Static(bad)).Shop(t.Context())
		wantCode(t, err, shopify.CodeUnauthorized, false)
		if len(f.calls) != 0 {
			t.Errorf("the token %q was sent", bad)
		}
	}
}

func TestAttemptsAreBoundedInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hangs := roundTrip(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		c := shopify.New(shopify.Options{Transport: hangs}).Client(domain, shopify.Static(token))
		start := time.Now()
		_, err := c.Shop(t.Context())
		wantCode(t, err, shopify.CodeShopUnreachable, true)
		if passed := time.Since(start); passed < 8*30*time.Second || passed > 8*60*time.Second {
			t.Errorf("gave up after %s", passed)
		}
	})
}

func TestContextEndsEveryWait(t *testing.T) {
	t.Parallel()
	errStop := errors.New("stop")
	for name, answer := range map[string]reply{
		"hanging":   {},
		"back-off":  {status: 500, body: ""},
		"throttled": failed(nil, "THROTTLED"),
		"429":       {status: 429, header: http.Header{"Retry-After": {"600"}}, body: ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeoutCause(t.Context(), 700*time.Millisecond, errStop)
				defer cancel()
				f := &fake{t: t, answers: []func(call) reply{always(answer)}}
				c := shopify.New(shopify.Options{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
					if answer.body == nil {
						<-r.Context().Done()
						return nil, r.Context().Err()
					}
					return f.RoundTrip(r)
				})}).Client(domain, shopify.Static(token))
				start := time.Now()
				_, err := c.Shop(ctx)
				if !errors.Is(err, errStop) {
					t.Errorf("got %v, want the cause", err)
				}
				if passed := time.Since(start); passed != 700*time.Millisecond {
					t.Errorf("ended after %s", passed)
				}
			})
		})
	}
}

// roundTrip is a transport.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// FuzzAnswers has a store answer anything at all.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []any{
		object{"products": connection("", product(51))}, object{"customers": connection("x", customer(7))},
		object{"orders": connection("", order(1, 2))}, object{"nodes": list{order(1, 2)}}, shopAnswer(),
		object{"orders": connection("", with(order(1, 2), "agreements", edges("x", agreement(1, connection("y")))))},
		object{"events": connection("")}, object{"ordersCount": object{"count": 1, "precision": "EXACT"}},
	} {
		b, err := json.Marshal(data(seed).body)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	for _, body := range []string{"", "null", "[]", `{"data":[]}`, `{"errors":{}}`, `{"errors":[{"path":[{}]}],"data":{}}`,
		`{"extensions":{"cost":{"throttleStatus":{"maximumAvailable":1e308,"currentlyAvailable":-1e308,"restoreRate":1e-300}}}}`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		c, _, _ := connect(t, always(reply{body: body}))
		ctx, w := t.Context(), shopify.Window{}
		_, _ = c.Shop(ctx)
		_, _ = c.Count(ctx, shopify.Orders, w)
		_, _ = c.Products(ctx, w, "")
		_, _ = c.Customers(ctx, w, "")
		_, _ = c.Orders(ctx, w, "")
		_, _, _ = c.OrdersByID(ctx, []int64{1})
		_, _ = c.Deletions(ctx, time.Time{}, "")
		_, _, _ = c.IDs(ctx, shopify.Customers, 0, 10)
		_, _ = c.LastID(ctx, shopify.Products)
	})
}
