package simshop_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
)

// over sends a document over a real connection.
func over(t *testing.T, s *simshop.Shop, token, version string) (int, http.Header, []byte, error) {
	t.Helper()
	server := httptest.NewServer(s)
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+"/admin/api/"+version+"/graphql.json",
		strings.NewReader(`{"query":"{shop{name} ordersCount{count}}"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Shopify-Access-Token", token)
	res, err := server.Client().Do(r)
	if err != nil {
		return 0, nil, nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res.StatusCode, res.Header, body, err
}

func TestAccidents(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		faults simshop.Faults
		check  func(status int, h http.Header, body []byte, err error) bool
	}{
		"none": {simshop.Faults{}, func(status int, h http.Header, body []byte, err error) bool {
			return status == 200 && err == nil && json.Valid(body) && h.Get("X-Shopify-API-Version") == "2026-10"
		}},
		"throttled": {simshop.Faults{Throttled: 1}, func(status int, _ http.Header, body []byte, err error) bool {
			return status == 200 && err == nil && strings.Contains(string(body), "THROTTLED")
		}},
		"too many": {simshop.Faults{TooMany: 1}, func(status int, h http.Header, _ []byte, err error) bool {
			return status == 429 && err == nil && h.Get("Retry-After") == "2.0"
		}},
		"too many, without a hint": {simshop.Faults{TooMany: 1, RetryAfter: "none"}, func(status int, h http.Header, _ []byte, err error) bool {
			return status == 429 && err == nil && h["Retry-After"] == nil
		}},
		"server error": {simshop.Faults{ServerError: 1}, func(status int, _ http.Header, body []byte, err error) bool {
			return status >= 500 && err == nil && !json.Valid(body)
		}},
		"hanging": {simshop.Faults{Hanging: 1}, func(_ int, _ http.Header, _ []byte, err error) bool {
			return errors.Is(err, context.DeadlineExceeded)
		}},
		"truncated": {simshop.Faults{Truncated: 1}, func(status int, _ http.Header, _ []byte, err error) bool {
			return status == 200 && errors.Is(err, io.ErrUnexpectedEOF)
		}},
		"malformed": {simshop.Faults{Malformed: 1}, func(status int, _ http.Header, body []byte, err error) bool {
			return status == 200 && err == nil && len(body) > 0 && !json.Valid(body)
		}},
		"internal": {simshop.Faults{Internal: 1}, func(status int, _ http.Header, body []byte, err error) bool {
			return status == 200 && err == nil && strings.Contains(string(body), "INTERNAL_SERVER_ERROR") && strings.HasPrefix(string(body), `{"data":null`)
		}},
		"version": {simshop.Faults{Version: "2027-01"}, func(status int, h http.Header, _ []byte, err error) bool {
			return status == 200 && err == nil && h.Get("X-Shopify-API-Version") == "2027-01"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := setup(t, simshop.Options{})
			s.SetFaults(test.faults)
			if status, h, body, err := over(t, s, s.Token(), "2026-10"); !test.check(status, h, body, err) {
				t.Errorf("%d %v %s %v", status, h, body, err)
			}
		})
	}
}

// Shares are met, and the same seed fails the same calls.
func TestShares(t *testing.T) {
	t.Parallel()
	run := func() string {
		s, _ := setup(t, simshop.Options{Seed: 4})
		s.SetFaults(simshop.Faults{Throttled: 0.6, ServerError: 0.05})
		var trace strings.Builder
		for range 1000 {
			switch w := post(t, s, `{shop{id}}`, "", nil); {
			case w.Code >= 500:
				trace.WriteByte('5')
			case strings.Contains(w.Body.String(), "THROTTLED"):
				trace.WriteByte('t')
			default:
				trace.WriteByte('.')
			}
		}
		if got := s.Stats(); got.Calls != 1000 || got.Throttled < 550 || got.Throttled > 650 || got.Failed < 30 || got.Failed > 70 ||
			got.Operations[""] != 1000-got.Throttled-got.Failed {
			t.Errorf("%+v", got)
		}
		return trace.String()
	}
	if run() != run() {
		t.Error("the same seed fails other calls")
	}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	s, _ := setup(t, simshop.Options{})
	for token, want := range map[string]int{s.Token(): 200, "": 401, "shpat_other": 401} {
		if status, _, body, err := over(t, s, token, "2026-10"); err != nil || status != want {
			t.Errorf("token %q: %d %s %v", token, status, body, err)
		}
	}
	for version, want := range map[string]string{"2026-10": "2026-10", "2026-04": "2026-04", "2025-10": "2026-01", "2027-01": "", "unstable": ""} {
		if _, h, _, err := over(t, s, s.Token(), version); err != nil || h.Get("X-Shopify-API-Version") != want {
			t.Errorf("version %s: %v %v", version, h, err)
		}
	}
	s.SetToken("")
	if status, _, body, _ := over(t, s, "", "2026-10"); status != 401 ||
		string(body) != `{"errors":"[API] Invalid API key or access token (unrecognized login or wrong password)"}` {
		t.Errorf("a revoked token: %d %s", status, body)
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	s, c := setup(t, simshop.Options{Orders: 200, Days: 300})
	s.SetScopes("read_orders", "read_products")
	a := ask(t, s, `{customers(first:1){nodes{id}} shop{id}}`, nil)
	if a.Data != nil || len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "ACCESS_DENIED" ||
		a.Errors[0].Extensions["requiredAccess"] != "`read_customers` access scope." ||
		a.Errors[0].Message != "Access denied for customers field. Required access: `read_customers` access scope." {
		t.Error(a.text)
	}
	a = ask(t, s, `{customersCount{count} orders(first:2){nodes{id customer{id}}}}`, nil)
	if len(a.Errors) != 3 || at(a.Data, "customersCount") != nil || at(a.Data, "orders", "nodes", 1, "id") == nil ||
		at(a.Data, "orders", "nodes", 1, "customer") != nil {
		t.Error(a.text)
	}
	// Orders of more than 60 days ago need a scope of their own.
	want := 0
	for _, o := range s.Orders() {
		if o.CreatedAt.After(c.now().AddDate(0, 0, -60)) {
			want++
		}
	}
	a = ask(t, s, `query($id:ID!){ordersCount{count} orders(first:250){nodes{id}} order(id:$id){id}}`, map[string]any{"id": gid("Order", s.Orders()[0].ID)})
	if n := len(at(a.Data, "orders", "nodes").([]any)); want == 0 || want == 200 || n != want || at(a.Data, "ordersCount", "count") != float64(want) ||
		at(a.Data, "order") != nil {
		t.Errorf("%d orders, want %d: %.300s", n, want, a.text)
	}
}

// Protected fields are null, with an error each; a field that cannot be null takes its object with it.
func TestDenied(t *testing.T) {
	t.Parallel()
	s := small(t, simshop.Options{})
	s.SetFaults(simshop.Faults{Denied: simshop.Protected()})
	a := ask(t, s, `{customers(first:1){nodes{firstName tags defaultEmailAddress{emailAddress} defaultAddress{countryCodeV2}}}}`, nil)
	same(t, "data", a.Data, `{"customers":{"nodes":[{"firstName":null,"tags":[],"defaultEmailAddress":null,"defaultAddress":{"countryCodeV2":"DE"}}]}}`)
	if len(a.Errors) != 2 {
		t.Fatal(a.text)
	}
	same(t, "path", a.Errors[0].Path, `["customers","nodes",0,"firstName"]`)
	same(t, "path", a.Errors[1].Path, `["customers","nodes",0,"defaultEmailAddress","emailAddress"]`)
	for _, e := range a.Errors {
		if e.Extensions["code"] != "ACCESS_DENIED" {
			t.Error(e)
		}
	}
}

// What loses records in silence.
func TestSilentFaults(t *testing.T) {
	t.Parallel()
	s, c := setup(t, simshop.Options{Orders: 100})
	c.move(time.Minute)
	const document = `{orders(first:50,query:"updated_at:>='2099-01-01T00:00:00Z'"){nodes{id}}}`
	s.SetFaults(simshop.Faults{Warning: true})
	if a := ask(t, s, document, nil); len(a.Extensions.Search) != 1 || len(at(a.Data, "orders", "nodes").([]any)) != 50 {
		t.Errorf("%.300s", a.text)
	}
	if a := ask(t, s, `{orders(first:50){nodes{id}}}`, nil); len(a.Extensions.Search) != 0 {
		t.Errorf("%.300s", a.text)
	}
	s.SetFaults(simshop.Faults{Cut: 1})
	a := ask(t, s, `{orders(first:100){nodes{subtotalLineItemsQuantity lineItems(first:50){nodes{quantity isGiftCard} pageInfo{hasNextPage}}}}}`, nil)
	cut := 0
	for i, o := range at(a.Data, "orders", "nodes").([]any) {
		n := 0.0
		for _, l := range at(o, "lineItems", "nodes").([]any) {
			if at(l, "isGiftCard") == false {
				n += at(l, "quantity").(float64)
			}
		}
		if at(o, "lineItems", "pageInfo", "hasNextPage") == true {
			t.Errorf("order %d says that there are more lines", i)
		}
		if n < at(o, "subtotalLineItemsQuantity").(float64) {
			cut++
		}
	}
	if cut < 30 {
		t.Errorf("%d orders lack a line", cut)
	}
	before := s.Orders()
	s.SetFaults(simshop.Faults{Churn: 1})
	ask(t, s, `{orders(first:10){nodes{id}}}`, nil)
	moved := 0
	for _, o := range before {
		if now := s.Order(o.ID); now != o && now.UpdatedAt.After(o.UpdatedAt) {
			moved++
		}
	}
	if moved != 1 {
		t.Errorf("%d orders moved", moved)
	}
}
