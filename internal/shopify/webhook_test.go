package shopify_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/testkit"
)

var secret = []byte("hush")

func sign(secret []byte, body string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(body))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// delivery is the headers that Shopify sends with a body.
func delivery(topic shopify.Topic, body string) http.Header {
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set("X-Shopify-Topic", string(topic))
	h.Set("X-Shopify-Hmac-Sha256", sign(secret, body))
	h.Set("X-Shopify-Shop-Domain", string(domain))
	h.Set("X-Shopify-API-Version", "2026-10")
	h.Set("X-Shopify-Webhook-Id", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043")
	h.Set("X-Shopify-Event-Id", "98880550-7158-44d4-b7cd-2c97c8a091b5")
	h.Set("X-Shopify-Triggered-At", "2026-11-22T10:00:00.123456789Z")
	return h
}

// The bodies of each topic, as Shopify sends them to us, with the whole of one besides.
const (
	orderBody    = `{"id":820982911946154508,"admin_graphql_api_id":"gid://shopify/Order/820982911946154508","updated_at":"2026-11-22T05:00:00-05:00"}`
	productBody  = `{"id":788032119674292922,"admin_graphql_api_id":"gid://shopify/Product/788032119674292922","updated_at":"2026-11-22T10:00:00Z"}`
	customerBody = `{"id":9007199254740993,"email":"ada@example.com","first_name":"Ada","addresses":[{"city":"Berlin"}],` +
		`"admin_graphql_api_id":"gid://shopify/Customer/9007199254740993","updated_at":"2026-11-22T10:00:00Z"}`
	editBody    = `{"order_edit":{"id":7,"order_id":9007199254740993}}`
	refundBody  = `{"id":5,"admin_graphql_api_id":"gid://shopify/Refund/5","order_id":820982911946154508}`
	deletedBody = `{"id":788032119674292922}`
	goneBody    = `{"id":7,"tax_exemptions":[],"admin_graphql_api_id":"gid://shopify/Customer/7"}`
	mergeBody   = `{"admin_graphql_api_customer_kept_id":"gid://shopify/Customer/1","admin_graphql_api_customer_deleted_id":"gid://shopify/Customer/2","status":"completed"}`
	shopBody    = `{"id":548380009,"myshopify_domain":"example.myshopify.com","updated_at":"2026-11-22T10:00:00Z"}`
	scopesBody  = `{"id":1234,"previous":["read_orders"],"current":["read_customers","read_orders"],"updated_at":"2026-11-22T10:00:00.000Z"}`
	bulkBody    = `{"admin_graphql_api_id":"gid://shopify/BulkOperation/7177961701760","status":"completed","type":"query","error_code":null}`
	requestBody = `{"shop_id":954889,"shop_domain":"example.myshopify.com","orders_requested":[299938,280263],"customer":{"id":191167,"email":"john@example.com","phone":"555-625-1199"},"data_request":{"id":9999}}`
	redactBody  = `{"shop_id":954889,"shop_domain":"example.myshopify.com","customer":{"id":191167,"email":"john@example.com"},"orders_to_redact":[299938]}`
	closedBody  = `{"shop_id":954889,"shop_domain":"example.myshopify.com"}`
)

var bodies = map[shopify.Topic]string{
	shopify.OrdersCreate: orderBody, shopify.OrdersUpdated: orderBody, shopify.OrdersEdited: editBody,
	shopify.OrdersDelete: deletedBody, shopify.RefundsCreate: refundBody,
	shopify.ProductsCreate: productBody, shopify.ProductsUpdate: productBody, shopify.ProductsDelete: deletedBody,
	shopify.CustomersCreate: customerBody, shopify.CustomersUpdate: customerBody, shopify.CustomersDelete: goneBody,
	shopify.CustomersMerge: mergeBody, shopify.AppUninstalled: shopBody, shopify.AppScopesUpdate: scopesBody,
	shopify.ShopUpdate: shopBody, shopify.BulkOperationsDone: bulkBody,
	shopify.CustomersDataRequest: requestBody, shopify.CustomersRedact: redactBody, shopify.ShopRedact: closedBody,
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for topic, want := range map[shopify.Topic]shopify.Webhook{
		shopify.OrdersCreate:       {Kind: shopify.Orders, RecordID: 820982911946154508, UpdatedAt: at},
		shopify.OrdersUpdated:      {Kind: shopify.Orders, RecordID: 820982911946154508, UpdatedAt: at},
		shopify.OrdersEdited:       {Kind: shopify.Orders, RecordID: 9007199254740993},
		shopify.OrdersDelete:       {Kind: shopify.Orders, RecordID: 788032119674292922},
		shopify.RefundsCreate:      {Kind: shopify.Orders, RecordID: 820982911946154508, RefundID: 5},
		shopify.ProductsCreate:     {Kind: shopify.Products, RecordID: 788032119674292922, UpdatedAt: at},
		shopify.ProductsUpdate:     {Kind: shopify.Products, RecordID: 788032119674292922, UpdatedAt: at},
		shopify.ProductsDelete:     {Kind: shopify.Products, RecordID: 788032119674292922},
		shopify.CustomersCreate:    {Kind: shopify.Customers, RecordID: 9007199254740993, UpdatedAt: at},
		shopify.CustomersUpdate:    {Kind: shopify.Customers, RecordID: 9007199254740993, UpdatedAt: at},
		shopify.CustomersDelete:    {Kind: shopify.Customers, RecordID: 7},
		shopify.CustomersMerge:     {Kind: shopify.Customers, RecordID: 1, MergedID: 2},
		shopify.AppUninstalled:     {},
		shopify.AppScopesUpdate:    {Scopes: []string{"read_customers", "read_orders"}},
		shopify.ShopUpdate:         {},
		shopify.BulkOperationsDone: {BulkID: 7177961701760},
		shopify.CustomersDataRequest: {Kind: shopify.Customers, RecordID: 191167,
			Privacy: &shopify.PrivacyRequest{ID: 9999, CustomerID: 191167, Orders: []int64{299938, 280263}}},
		shopify.CustomersRedact: {Kind: shopify.Customers, RecordID: 191167,
			Privacy: &shopify.PrivacyRequest{CustomerID: 191167, Orders: []int64{299938}}},
		shopify.ShopRedact: {Privacy: &shopify.PrivacyRequest{}},
	} {
		want.Topic, want.Shop, want.APIVersion = topic, domain, "2026-10"
		want.ID, want.EventID = "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043", "98880550-7158-44d4-b7cd-2c97c8a091b5"
		want.TriggeredAt = at.Add(123456789)
		got, err := shopify.ParseWebhook(delivery(topic, bodies[topic]), []byte(bodies[topic]), secret)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v\n got %+v\nwant %+v", topic, err, got, want)
		}
	}
}

// What Shopify may leave out, and what it sends besides, is read too.
func TestWebhooksThatDiffer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		topic shopify.Topic
		body  string
		alter func(http.Header)
		want  func(shopify.Webhook) bool
	}{
		"no event id": {shopify.OrdersCreate, orderBody, func(h http.Header) { h.Del("X-Shopify-Event-Id") },
			func(w shopify.Webhook) bool { return w.EventID == w.ID && w.ID != "" }},
		"no instant": {shopify.OrdersCreate, orderBody, func(h http.Header) { h.Del("X-Shopify-Triggered-At") },
			func(w shopify.Webhook) bool { return w.TriggeredAt.IsZero() }},
		"the domain in capitals": {shopify.ShopUpdate, strings.Replace(shopBody, "example", "Example", 1), nil,
			func(w shopify.Webhook) bool { return w.Shop == domain }},
		"a person who never was a customer": {shopify.CustomersRedact, strings.Replace(redactBody, "191167", "null", 1), nil,
			func(w shopify.Webhook) bool { return w.Privacy.CustomerID == 0 && len(w.Privacy.Orders) == 1 }},
		"a person without orders": {shopify.CustomersRedact, strings.Replace(redactBody, "[299938]", "[]", 1), nil,
			func(w shopify.Webhook) bool { return w.Privacy.CustomerID == 191167 && len(w.Privacy.Orders) == 0 }},
		"a whole refund": {shopify.RefundsCreate, `{"transactions":[{"amount":"1.5"}],` + refundBody[1:], nil,
			func(w shopify.Webhook) bool { return w.RefundID == 5 }},
	} {
		h := delivery(test.topic, test.body)
		if test.alter != nil {
			test.alter(h)
		}
		got, err := shopify.ParseWebhook(h, []byte(test.body), secret)
		if err != nil || !test.want(got) {
			t.Errorf("%s: %v, %+v", name, err, got)
		}
	}
}

// While a secret is replaced, what was signed with either counts. An empty one signs nothing.
func TestWebhookSecrets(t *testing.T) {
	t.Parallel()
	body := []byte(orderBody)
	for name, test := range map[string]struct {
		signer  string
		secrets [][]byte
		good    bool
	}{
		"the new one":        {"new", [][]byte{[]byte("new"), []byte("old")}, true},
		"the old one":        {"old", [][]byte{[]byte("new"), []byte("old")}, true},
		"another":            {"other", [][]byte{[]byte("new"), []byte("old")}, false},
		"the old one, later": {"old", [][]byte{[]byte("new")}, false},
		"none":               {"", nil, false},
		"an empty one":       {"", [][]byte{nil, {}}, false},
		"an empty one first": {"new", [][]byte{{}, []byte("new")}, true},
	} {
		h := delivery(shopify.OrdersCreate, orderBody)
		h.Set("X-Shopify-Hmac-Sha256", sign([]byte(test.signer), orderBody))
		if _, err := shopify.ParseWebhook(h, body, test.secrets...); (err == nil) != test.good || err != nil && !errors.Is(err, shopify.ErrUnsigned) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestForgedWebhooks(t *testing.T) {
	t.Parallel()
	indented := func() string {
		var b bytes.Buffer
		if err := json.Indent(&b, []byte(orderBody), "", " "); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}()
	double := func(name string) func(http.Header) { return func(h http.Header) { h.Add(name, h.Get(name)) } }
	set := func(name, value string) func(http.Header) { return func(h http.Header) { h.Set(name, value) } }
	for name, test := range map[string]struct {
		signed, sent string
		alter        func(http.Header)
	}{
		"serialised anew":         {orderBody, indented, nil},
		"a line feed more":        {orderBody, orderBody + "\n", nil},
		"nothing":                 {orderBody, "", nil},
		"nothing, signed":         {"", "", nil},
		"wrong secret":            {orderBody, orderBody, set("X-Shopify-Hmac-Sha256", sign([]byte("hushh"), orderBody))},
		"no signature":            {orderBody, orderBody, func(h http.Header) { h.Del("X-Shopify-Hmac-Sha256") }},
		"an empty signature":      {orderBody, orderBody, set("X-Shopify-Hmac-Sha256", "")},
		"a signature in hex":      {orderBody, orderBody, set("X-Shopify-Hmac-Sha256", strings.Repeat("ab", 32))},
		"half a signature":        {orderBody, orderBody, set("X-Shopify-Hmac-Sha256", sign(secret, orderBody)[:24])},
		"a signature and a comma": {orderBody, orderBody, set("X-Shopify-Hmac-Sha256", sign(secret, orderBody)+", "+sign(secret, orderBody))},
		"two signatures":          {orderBody, orderBody, double("X-Shopify-Hmac-Sha256")},
		"a false and a good one":  {orderBody, orderBody, func(h http.Header) { h["X-Shopify-Hmac-Sha256"] = []string{"AAAA", sign(secret, orderBody)} }},
		"two topics":              {orderBody, orderBody, double("X-Shopify-Topic")},
		"two stores":              {orderBody, orderBody, double("X-Shopify-Shop-Domain")},
		"two ids":                 {orderBody, orderBody, double("X-Shopify-Webhook-Id")},
		"two event ids":           {orderBody, orderBody, double("X-Shopify-Event-Id")},
		"two instants":            {orderBody, orderBody, double("X-Shopify-Triggered-At")},
		"two versions":            {orderBody, orderBody, double("X-Shopify-API-Version")},
		"no topic":                {orderBody, orderBody, func(h http.Header) { h.Del("X-Shopify-Topic") }},
		"no store":                {orderBody, orderBody, func(h http.Header) { h.Del("X-Shopify-Shop-Domain") }},
		"compressed":              {orderBody, orderBody, set("Content-Encoding", "gzip")},
		"not compressed":          {orderBody, orderBody, set("Content-Encoding", "identity")},
		"no store's domain":       {orderBody, orderBody, set("X-Shopify-Shop-Domain", "example.com")},
		"a domain and a path":     {orderBody, orderBody, set("X-Shopify-Shop-Domain", "example.myshopify.com/x")},
		"another store's shop": {shopBody, shopBody, func(h http.Header) {
			h.Set("X-Shopify-Shop-Domain", "other.myshopify.com")
			h.Set("X-Shopify-Topic", "app/uninstalled")
		}},
		"ids that differ":          {strings.Replace(orderBody, "508,", "509,", 1), strings.Replace(orderBody, "508,", "509,", 1), nil},
		"an id by way of a float":  {`{"id":8e17,` + orderBody[25:], `{"id":8e17,` + orderBody[25:], nil},
		"a key in capitals":        {strings.Replace(orderBody, `"id"`, `"ID"`, 1), strings.Replace(orderBody, `"id"`, `"ID"`, 1), nil},
		"scopes that are no scope": {`{"previous":[],"current":["<b>"]}`, `{"previous":[],"current":["<b>"]}`, set("X-Shopify-Topic", "app/scopes_update")},
	} {
		h := delivery(shopify.OrdersCreate, test.signed)
		if test.alter != nil {
			test.alter(h)
		}
		if w, err := shopify.ParseWebhook(h, []byte(test.sent), secret); !errors.Is(err, shopify.ErrUnsigned) {
			t.Errorf("%s: %+v, %v", name, w, err)
		} else if !reflect.DeepEqual(w, shopify.Webhook{}) {
			t.Errorf("%s: %+v came with the error", name, w)
		}
	}
}

func TestWebhookOneBit(t *testing.T) {
	t.Parallel()
	for i := range len(orderBody) * 8 {
		body := []byte(orderBody)
		body[i/8] ^= 1 << (i % 8)
		if _, err := shopify.ParseWebhook(delivery(shopify.OrdersCreate, orderBody), body, secret); !errors.Is(err, shopify.ErrUnsigned) {
			t.Fatalf("bit %d of the body: %v", i, err)
		}
	}
	mac, err := base64.StdEncoding.DecodeString(sign(secret, orderBody))
	if err != nil {
		t.Fatal(err)
	}
	for i := range len(mac) * 8 {
		other := bytes.Clone(mac)
		other[i/8] ^= 1 << (i % 8)
		h := delivery(shopify.OrdersCreate, orderBody)
		h.Set("X-Shopify-Hmac-Sha256", base64.StdEncoding.EncodeToString(other))
		if _, err := shopify.ParseWebhook(h, []byte(orderBody), secret); !errors.Is(err, shopify.ErrUnsigned) {
			t.Fatalf("bit %d of the signature: %v", i, err)
		}
	}
}

// A body under the name of another topic is refused, unless the two look alike: then they mean the same, or are hints that
// the store is asked about.
func TestSwappedTopics(t *testing.T) {
	t.Parallel()
	alike := [][]shopify.Topic{
		{shopify.OrdersCreate, shopify.OrdersUpdated}, {shopify.ProductsCreate, shopify.ProductsUpdate},
		{shopify.CustomersCreate, shopify.CustomersUpdate}, {shopify.OrdersDelete, shopify.ProductsDelete},
		{shopify.AppUninstalled, shopify.ShopUpdate},
	}
	// An order's deletion has no type, a customer's has.
	untyped := []shopify.Topic{shopify.OrdersDelete, shopify.ProductsDelete}
	for topic, body := range bodies {
		for other := range bodies {
			same := other == topic || slices.ContainsFunc(alike, func(a []shopify.Topic) bool {
				return slices.Contains(a, topic) && slices.Contains(a, other)
			}) || slices.Contains(untyped, topic) && other == shopify.CustomersDelete
			_, err := shopify.ParseWebhook(delivery(other, body), []byte(body), secret)
			if same && err != nil || !same && !errors.Is(err, shopify.ErrUnsigned) {
				t.Errorf("%s sent as %s: %v", topic, other, err)
			}
		}
	}
}

// The store in a body is the one in the header.
func TestSwappedStores(t *testing.T) {
	t.Parallel()
	for topic, body := range bodies {
		if !strings.Contains(body, string(domain)) {
			continue
		}
		h := delivery(topic, body)
		h.Set("X-Shopify-Shop-Domain", "other.myshopify.com")
		if _, err := shopify.ParseWebhook(h, []byte(body), secret); !errors.Is(err, shopify.ErrUnsigned) {
			t.Errorf("%s: %v", topic, err)
		}
	}
}

func TestWebhooksThatAreNotUnderstood(t *testing.T) {
	t.Parallel()
	set := func(name, value string) func(http.Header) { return func(h http.Header) { h.Set(name, value) } }
	for name, test := range map[string]struct {
		body  string
		alter func(http.Header)
	}{
		"another topic":  {orderBody, set("X-Shopify-Topic", "carts/update")},
		"no id":          {orderBody, func(h http.Header) { h.Del("X-Shopify-Webhook-Id") }},
		"an endless id":  {orderBody, set("X-Shopify-Webhook-Id", strings.Repeat("a", 200))},
		"an id of lines": {orderBody, set("X-Shopify-Webhook-Id", "a\nb")},
		"no instant":     {orderBody, set("X-Shopify-Triggered-At", "yesterday")},
		"no JSON":        {"hello", nil},
		"a list":         {"[]", nil},
		"null":           {"null", nil},
		"two objects":    {orderBody + orderBody, nil},
		"a deep one":     {`{"a":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `,` + orderBody[1:], nil},
		"a long one":     {`{"note":"` + strings.Repeat("x", shopify.MaxWebhook) + `",` + orderBody[1:], nil},
	} {
		h := delivery(shopify.OrdersCreate, test.body)
		if test.alter != nil {
			test.alter(h)
		}
		if _, err := shopify.ParseWebhook(h, []byte(test.body), secret); !errors.Is(err, shopify.ErrWebhook) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The samples of Shopify's own documentation are understood.
func TestDocumentedPrivacyWebhooks(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "../shared/shopify/samples/compliance-webhooks.json"))
	if os.IsNotExist(err) {
		t.Skip("the samples are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	var samples map[string]json.RawMessage
	if err := json.Unmarshal(bytes.ReplaceAll(text, []byte("{shop}"), []byte("example")), &samples); err != nil {
		t.Fatal(err)
	}
	n := 0
	for topic, body := range samples {
		if strings.HasPrefix(topic, "_") {
			continue
		}
		n++
		if w, err := shopify.ParseWebhook(delivery(shopify.Topic(topic), string(body)), body, secret); err != nil {
			t.Errorf("%s: %v", topic, err)
		} else if strings.Contains(string(body), "191167") && w.Privacy.CustomerID != 191167 {
			t.Errorf("%s: %+v", topic, w)
		}
	}
	if n != 4 {
		t.Errorf("%d samples", n)
	}
}

// No body brings it down, and what it accepts has the id that the topic promises.
func FuzzWebhook(f *testing.F) {
	for topic, body := range bodies {
		f.Add(string(topic), body)
	}
	f.Fuzz(func(t *testing.T, topic, body string) {
		w, err := shopify.ParseWebhook(delivery(shopify.Topic(topic), body), []byte(body), secret)
		if err != nil {
			if !errors.Is(err, shopify.ErrUnsigned) && !errors.Is(err, shopify.ErrWebhook) {
				t.Error(err)
			}
			return
		}
		if w.Kind != 0 && w.RecordID <= 0 && w.Privacy == nil {
			t.Errorf("%s of nothing: %+v", topic, w)
		}
		if w.Topic.Compliance() != (w.Privacy != nil) {
			t.Errorf("%+v", w)
		}
	})
}
