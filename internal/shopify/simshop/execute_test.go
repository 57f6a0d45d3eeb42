package simshop_test

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
)

// small is a store with a few records that are known to the last digit.
func small(t testing.TB, o simshop.Options) *simshop.Shop {
	t.Helper()
	o.CurrencyCode, o.Name = "EUR", "Ada's Tea"
	s, _ := setup(t, o)
	for _, p := range s.Products() {
		if err := s.Delete(simshop.KindProduct, p.ID, true); err != nil {
			t.Fatal(err)
		}
	}
	c := s.CreateCustomer(simshop.Customer{FirstName: "Ada", LastName: "O'Neil <b>", Email: "ada@example.com", CountryCode: "DE"})
	p := s.CreateProduct(simshop.Product{Title: "Darjeeling “№ 1”", Handle: "darjeeling", Price: 9_95, Inventory: -2, TracksInventory: true})
	s.CreateOrder(simshop.OrderInput{CustomerID: c.ID, TaxesIncluded: true, Shipping: 4_90, ShippingTax: 78, Tips: 50,
		Lines: []simshop.LineInput{{ProductID: p.ID, Price: 9_95, Quantity: 3, Discount: 2_00, Tax: 4_45},
			{Title: "Gift Card", Price: 25_00, Quantity: 1, GiftCard: true}}})
	return s
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	s := small(t, simshop.Options{})
	const order, product, customer = "gid://shopify/Order/5600000000001", "gid://shopify/Product/7900000000066", "gid://shopify/Customer/6700000000001"
	if s.Orders()[0].ID != 5600000000001 || s.Customers()[0].ID != 6700000000001 {
		t.Fatal(s.Orders()[0].ID, s.Customers()[0].ID)
	}
	ids := strings.NewReplacer("<order>", order, "<product>", product, "<customer>", customer)
	for _, test := range []struct {
		name, document string
		vars           map[string]any
		data           string
		errors         []string // code, then message, of each
	}{
		{"shop", `{shop{id name myshopifyDomain currencyCode ianaTimezone __typename}}`, nil, `{"shop":{"id":"gid://shopify/Shop/68123456789",
			"name":"Ada's Tea","myshopifyDomain":"simulated.myshopify.com","currencyCode":"EUR","ianaTimezone":"UTC","__typename":"Shop"}}`, nil},
		{"scopes", `{currentAppInstallation{accessScopes{handle}}}`, nil, `{"currentAppInstallation":{"accessScopes":
			[{"handle":"read_all_orders"},{"handle":"read_customers"},{"handle":"read_orders"},{"handle":"read_products"}]}}`, nil},
		{"aliases", `{a:shop{x:name x:name} b:shop{name}}`, nil, `{"a":{"x":"Ada's Tea"},"b":{"name":"Ada's Tea"}}`, nil},
		{"merged", `{shop{name} ...F} fragment F on QueryRoot{shop{id}}`, nil, `{"shop":{"name":"Ada's Tea","id":"gid://shopify/Shop/68123456789"}}`, nil},
		{"directives", `query($y:Boolean!){shop{name @skip(if:$y) id @include(if:$y)} ...@include(if:false){shop{currencyCode}}}`,
			map[string]any{"y": true}, `{"shop":{"id":"gid://shopify/Shop/68123456789"}}`, nil},
		{"texts", `{customers(first:1){nodes{firstName lastName}} products(first:1){nodes{title vendor totalInventory featuredMedia{preview{image{url}}}}}}`,
			nil, `{"customers":{"nodes":[{"firstName":"Ada","lastName":"O'Neil <b>"}]},"products":{"nodes":[{"title":"Darjeeling “№ 1”","vendor":"",
			"totalInventory":-2,"featuredMedia":null}]}}`, nil},
		{"address", `{customers(first:1){nodes{defaultAddress{city countryCodeV2} defaultEmailAddress{emailAddress} defaultPhoneNumber{phoneNumber}}}}`,
			nil, `{"customers":{"nodes":[{"defaultAddress":{"city":null,"countryCodeV2":"DE"},"defaultEmailAddress":{"emailAddress":"ada@example.com"},
			"defaultPhoneNumber":null}]}}`, nil},
		{"order", `query($id:ID!){order(id:$id){name createdAt cancelledAt subtotalLineItemsQuantity totalTaxSet{shopMoney{amount currencyCode}}
			originalTotalDutiesSet{shopMoney{amount}} totalTipReceivedSet{shopMoney{amount}} customer{id} shippingAddress{city}
			shippingLines(first:9){nodes{discountedPriceSet{shopMoney{amount}} taxLines{priceSet{shopMoney{amount}}}}}}}`,
			map[string]any{"id": order}, `{"order":{"name":"#1001","createdAt":"2026-11-23T15:04:05Z","cancelledAt":null,"subtotalLineItemsQuantity":3,
			"totalTaxSet":{"shopMoney":{"amount":"5.23","currencyCode":"EUR"}},"originalTotalDutiesSet":null,
			"totalTipReceivedSet":{"shopMoney":{"amount":"0.5"}},"customer":{"id":"<customer>"},"shippingAddress":null,
			"shippingLines":{"nodes":[{"discountedPriceSet":{"shopMoney":{"amount":"4.9"}},"taxLines":[{"priceSet":{"shopMoney":{"amount":"0.78"}}}]}]}}}`, nil},
		{"lines", `query($id:ID!){order(id:$id){lineItems(first:5){nodes{title quantity isGiftCard product{id} originalUnitPriceSet{shopMoney{amount}}
			discountAllocations{allocatedAmountSet{shopMoney{amount}}}}}}}`, map[string]any{"id": order}, `{"order":{"lineItems":{"nodes":[
			{"title":"Darjeeling “№ 1”","quantity":3,"isGiftCard":false,"product":{"id":"<product>"},"originalUnitPriceSet":{"shopMoney":{"amount":"9.95"}},
			"discountAllocations":[{"allocatedAmountSet":{"shopMoney":{"amount":"2.0"}}}]},{"title":"Gift Card","quantity":1,"isGiftCard":true,
			"product":null,"originalUnitPriceSet":{"shopMoney":{"amount":"25.0"}},"discountAllocations":[]}]}}}`, nil},
		{"sales", `query($id:ID!){order(id:$id){agreements(first:5){edges{node{__typename reason sales(first:9){nodes{__typename actionType lineType
			quantity totalAmount{shopMoney{amount}} ... on ProductSale{lineItem{title}}}}}}}}}`, map[string]any{"id": order}, `{"order":{"agreements":
			{"edges":[{"node":{"__typename":"OrderAgreement","reason":"ORDER","sales":{"nodes":[
			{"__typename":"ProductSale","actionType":"ORDER","lineType":"PRODUCT","quantity":3,"totalAmount":{"shopMoney":{"amount":"27.85"}},
			"lineItem":{"title":"Darjeeling “№ 1”"}},
			{"__typename":"GiftCardSale","actionType":"ORDER","lineType":"GIFT_CARD","quantity":1,"totalAmount":{"shopMoney":{"amount":"25.0"}}},
			{"__typename":"ShippingLineSale","actionType":"ORDER","lineType":"SHIPPING","quantity":null,"totalAmount":{"shopMoney":{"amount":"4.9"}}},
			{"__typename":"TipSale","actionType":"ORDER","lineType":"TIP","quantity":null,"totalAmount":{"shopMoney":{"amount":"0.5"}}}]}}}]}}}`, nil},
		{"nodes", `query($ids:[ID!]!){nodes(ids:$ids){__typename id ... on Order{name} ... on Product{handle}}}`,
			map[string]any{"ids": []string{product, "gid://shopify/Order/1", order, "nonsense", customer}}, `{"nodes":[
			{"__typename":"Product","id":"<product>","handle":"darjeeling"},null,{"__typename":"Order","id":"<order>","name":"#1001"},null,
			{"__typename":"Customer","id":"<customer>"}]}`, nil},
		{"no order", `{order(id:"gid://shopify/Order/1"){id}}`, nil, `{"order":null}`, nil},
		{"counts", `{productsCount{count precision} a:ordersCount(limit:null){count precision} b:ordersCount(limit:0){count precision}}`, nil,
			`{"productsCount":{"count":1,"precision":"EXACT"},"a":{"count":1,"precision":"EXACT"},"b":{"count":0,"precision":"AT_LEAST"}}`, nil},
		{"no first", `{orders{nodes{id}}}`, nil, `null`, []string{"", "you must provide one of first or last"}},
		{"too many", `{orders(first:251){nodes{id}}}`, nil, `null`, []string{"BAD_REQUEST", "first cannot exceed 250"}},
		{"too few", `{orders(first:0){nodes{id}}}`, nil, `null`, []string{"BAD_REQUEST", "first must be a positive number"}},
		{"a broken cursor", `{orders(first:1,after:"x"){nodes{id}}}`, nil, `null`, []string{"BAD_REQUEST", "Invalid cursor for current pagination sort."}},
		{"events may be null", `{events(first:0){nodes{id}} shop{name}}`, nil, `{"events":null,"shop":{"name":"Ada's Tea"}}`,
			[]string{"BAD_REQUEST", "first must be a positive number"}},
		{"a sort key that is not simulated", `{orders(first:1,sortKey:RELEVANCE){nodes{id}}}`, nil, `null`,
			[]string{"NOT_SIMULATED", "simshop does not simulate the sort key RELEVANCE"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := ask(t, s, test.document, test.vars)
			same(t, "data", a.Data, ids.Replace(test.data))
			var errors []string
			for _, e := range a.Errors {
				code, _ := e.Extensions["code"].(string)
				errors = append(errors, code, e.Message)
			}
			if strings.Join(errors, "|") != strings.Join(test.errors, "|") {
				t.Errorf("errors %q, want %q", errors, test.errors)
			}
		})
	}
}

// Documents that are not run at all have no data.
func TestRefusedDocuments(t *testing.T) {
	t.Parallel()
	s := small(t, simshop.Options{})
	for name, test := range map[string]struct {
		document string
		vars     map[string]any
		want     string
	}{
		"syntax":      {`{shop{`, nil, `Expected Name`},
		"field":       {`{shop{nothing}}`, nil, `Cannot query field "nothing"`},
		"variable":    {`query($n:Int!){orders(first:$n){nodes{id}}}`, nil, `must be defined`},
		"type":        {`query($n:Int!){orders(first:$n){nodes{id}}}`, map[string]any{"n": "many"}, `cannot use`},
		"mutation":    {`mutation{nothing}`, nil, `Cannot query field "nothing" on type "Mutation"`},
		"ids":         {`query($ids:[ID!]!){nodes(ids:$ids){id}}`, map[string]any{"ids": make([]string, 251)}, `The input array size of 251`},
		"cost":        {`{orders(first:250){nodes{lineItems(first:250){nodes{id product{id} taxLines{priceSet{shopMoney{amount}}}}} agreements(first:250){nodes{id sales(first:250){nodes{id}}}}}}}`, nil, `exceeds the single query max cost limit (1000)`},
		"fragment":    {`{...F} fragment F on QueryRoot{...F}`, nil, `Cannot spread fragment "F" within itself`},
		"two unnamed": {`{shop{id}} {shop{id}}`, nil, `This anonymous operation must be the only defined operation`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := ask(t, s, test.document, test.vars)
			if a.Data != nil || len(a.Errors) == 0 || !strings.Contains(a.Errors[0].Message, test.want) || strings.Contains(a.text, `"data"`) {
				t.Errorf("%s, want %q", a.text, test.want)
			}
		})
	}
}

// Shopify writes a point and a digit after it in every currency.
func TestDecimals(t *testing.T) {
	t.Parallel()
	for currency, want := range map[money.Currency]string{"EUR": "15.0", "JPY": "1500.0", "KWD": "1.5"} {
		s, _ := setup(t, simshop.Options{CurrencyCode: currency})
		p := s.CreateProduct(simshop.Product{Title: "Tea", Price: 1500})
		a := ask(t, s, `query($ids:[ID!]!){nodes(ids:$ids){... on Product{priceRangeV2{minVariantPrice{amount currencyCode}}}}}`,
			map[string]any{"ids": []string{gid("Product", p.ID)}})
		if got := at(a.Data, "nodes", 0, "priceRangeV2", "minVariantPrice", "amount"); got != want {
			t.Errorf("1500 minor units of %s are %v, want %s", currency, got, want)
		}
	}
}

// Every document of the client is answered in full, whichever schema it is validated against.
func TestOperations(t *testing.T) {
	t.Parallel()
	for name, schema := range map[string]func(*testing.T) *ast.Schema{
		"slice": func(*testing.T) *ast.Schema {
			return gqlparser.MustLoadSchema(&ast.Source{Input: shopify.AdminSchema})
		},
		"official": official,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			loaded := schema(t)
			s, _ := setup(t, simshop.Options{Orders: 300, Schema: loaded})
			text := operations(t)
			doc, err := gqlparser.LoadQuery(loaded, text)
			if err != nil {
				t.Fatal(err)
			}
			o := s.Orders()[0]
			ids := []string{gid("Order", o.ID), gid("Product", s.Products()[0].ID), gid("Customer", s.Customers()[0].ID), gid("Order", 1)}
			for _, op := range doc.Operations {
				a := decode(t, post(t, s, text, op.Name, map[string]any{"first": 20, "lines": 5, "shipping": 5, "refunded": 5, "agreements": 5, "sales": 5,
					"id": ids[0], "ids": ids, "reverse": false, "query": "created_at:>='2020-01-01T00:00:00Z'",
					"topic": "ORDERS_CREATE", "uri": "https://service.example/webhooks", "fields": []string{"id"}}))
				if len(a.Errors) > 0 || a.Data == nil {
					t.Errorf("%s: %.500s", op.Name, a.text)
				}
				if strings.HasPrefix(op.Name, "customer") {
					continue // they have no created_at
				}
				if len(a.Extensions.Search) > 0 {
					t.Errorf("%s: %v", op.Name, a.Extensions.Search)
				}
			}
		})
	}
}
