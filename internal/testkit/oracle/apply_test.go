package oracle_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/testkit/oracle"
)

// minute is a short way to write instants: minutes after an arbitrary one.
func minute(n int) *time.Time {
	m := time.Date(2026, 3, 1, 0, n, 0, 0, time.UTC)
	return &m
}

func simple(id, customer, price string, updated *time.Time) oracle.OrderInput {
	return oracle.OrderInput{ShopifyID: id, CustomerShopifyID: customer, ProcessedAt: *minute(0), UpdatedAt: updated,
		Items: []oracle.OrderItemInput{{Title: "x", Quantity: 1, UnitPrice: price}}}
}

func orders(o ...oracle.OrderInput) oracle.Op       { return oracle.Op{Orders: o} }
func customers(c ...oracle.CustomerInput) oracle.Op { return oracle.Op{Customers: c} }
func deletes(d oracle.DeleteRecordsInput) oracle.Op { return oracle.Op{Delete: &d} }

// TestApply plays short stories; each step says the op, its counts as created/updated/unchanged (for a deletion
// products/customers/orders), and all orders after it as "id customer number net", or those customers as "id orders".
func TestApply(t *testing.T) {
	t.Parallel()
	type step struct {
		op     oracle.Op
		counts string
		orders string
	}
	del := func(kind, id string, at *time.Time) oracle.Op {
		d := oracle.DeleteRecordsInput{DeletedAt: at}
		switch kind {
		case "order":
			d.Orders = []string{id}
		case "customer":
			d.Customers = []string{id}
		case "product":
			d.Products = []string{id}
		}
		return deletes(d)
	}
	for _, c := range []struct {
		name  string
		steps []step
	}{
		{"newer is applied, older is not, the same is unchanged however it is written", []step{
			{orders(simple("1", "", "1.50", minute(5))), "1/0/0", "1 - 1.50;"},
			{orders(simple("gid://shopify/Order/1", "", "1.5", minute(5))), "0/0/1", "1 - 1.50;"},
			{orders(simple("1", "", "2.00", minute(4))), "0/0/1", "1 - 1.50;"},
			{orders(simple("1", "", "3.00", minute(6))), "0/1/0", "1 - 3.00;"},
		}},
		{"the same instant with other content is applied", []step{
			{orders(simple("1", "", "1.00", minute(5)), simple("1", "", "2.00", minute(5))), "1/1/0", "1 - 2.00;"},
		}},
		{"the same content at a later instant moves the instant", []step{
			{orders(simple("1", "", "1.00", minute(1))), "1/0/0", "1 - 1.00;"},
			{orders(simple("1", "", "1.00", minute(9))), "0/0/1", "1 - 1.00;"},
			{orders(simple("1", "", "2.00", minute(5))), "0/0/1", "1 - 1.00;"},
		}},
		{"without an instant it is applied and the stored instant stays", []step{
			{orders(simple("1", "", "1.00", minute(5))), "1/0/0", "1 - 1.00;"},
			{orders(simple("1", "", "2.00", nil)), "0/1/0", "1 - 2.00;"},
			{orders(simple("1", "", "2.00", nil)), "0/0/1", "1 - 2.00;"},
			{orders(simple("1", "", "3.00", minute(4))), "0/0/1", "1 - 2.00;"},
			{orders(simple("1", "", "4.00", minute(5))), "0/1/0", "1 - 4.00;"},
		}},
		{"a deletion holds against what is older or of its instant", []step{
			{orders(simple("1", "", "1.00", minute(5))), "1/0/0", "1 - 1.00;"},
			{del("order", "1", minute(5)), "0/0/1", ""},
			{del("order", "1", minute(5)), "0/0/0", ""},
			{orders(simple("1", "", "2.00", minute(5))), "0/0/1", ""},
			{orders(simple("1", "", "3.00", minute(6))), "1/0/0", "1 - 3.00;"},
			{del("order", "1", minute(5)), "0/0/0", "1 - 3.00;"},
		}},
		{"a deletion that comes first is remembered", []step{
			{del("order", "1", minute(5)), "0/0/0", ""},
			{orders(simple("1", "", "1.00", minute(4))), "0/0/1", ""},
			{orders(simple("1", "", "1.00", nil)), "1/0/0", "1 - 1.00;"},
		}},
		{"a deleted customer's orders are guests' until the customer comes back", []step{
			{orders(simple("1", "7", "1.00", minute(1))), "1/0/0", "1 7#1 1.00;"},
			{customers(oracle.CustomerInput{ShopifyID: "7", UpdatedAt: minute(2)}), "1/0/0", "1 7#1 1.00;"},
			{del("customer", "gid://shopify/Customer/7", minute(3)), "0/1/0", "1 - 1.00;"},
			{orders(simple("2", "7", "2.00", minute(9))), "1/0/0", "1 - 1.00;2 - 2.00;"},
			{customers(oracle.CustomerInput{ShopifyID: "7", UpdatedAt: minute(2)}), "0/0/1", "1 - 1.00;2 - 2.00;"},
			{customers(oracle.CustomerInput{ShopifyID: "7", UpdatedAt: minute(4)}), "1/0/0", "1 7#1 1.00;2 7#2 2.00;"},
		}},
		{"an order that moves takes its place in the other history", []step{
			{orders(simple("10", "7", "1.00", minute(1)), simple("9", "8", "1.00", minute(1))), "2/0/0", "9 8#1 1.00;10 7#1 1.00;"},
			{orders(simple("10", "8", "1.00", minute(2))), "0/1/0", "9 8#1 1.00;10 8#2 1.00;"},
			{orders(simple("9", "", "1.00", minute(2))), "0/1/0", "9 - 1.00;10 8#1 1.00;"},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := oracle.New(shop(t, "USD", 2, "UTC"))
			for i, s := range c.steps {
				n, err := o.Apply(s.op)
				if err != nil {
					t.Fatal(err)
				}
				counts := fmt.Sprintf("%d/%d/%d", n.Created, n.Updated, n.Unchanged)
				if s.op.Delete != nil {
					counts = fmt.Sprintf("%d/%d/%d", n.Deleted.Products, n.Deleted.Customers, n.Deleted.Orders)
				}
				if counts != s.counts {
					t.Errorf("step %d: counts %s, want %s", i, counts, s.counts)
				}
				if got := story(t, o); got != s.orders {
					t.Errorf("step %d: orders %q, want %q", i, got, s.orders)
				}
			}
		})
	}
}

func story(t *testing.T, o *oracle.Oracle) string {
	t.Helper()
	var out string
	for _, ord := range o.Orders() {
		n, err := oracle.Number(ord.ShopifyID)
		if err != nil {
			t.Fatal(err)
		}
		who := "-"
		if ord.Customer != nil {
			c, err := oracle.Number(ord.Customer.ShopifyID)
			if err != nil {
				t.Fatal(err)
			}
			who = fmt.Sprintf("%d#%d", c, *ord.CustomerOrderNumber)
		}
		out += fmt.Sprintf("%d %s %s;", n, who, ord.NetSales.Amount)
	}
	return out
}

// TestPlaceholders: what only an order names counts as a customer, but is no record.
func TestPlaceholders(t *testing.T) {
	t.Parallel()
	o := oracle.New(shop(t, "USD", 2, "UTC"))
	o.Now = *minute(60)
	ord := simple("1", "7", "5.00", nil)
	ord.Items[0].ProductShopifyID = "3"
	apply(t, o, orders(ord), customers(oracle.CustomerInput{ShopifyID: "8"}))
	v, err := o.Overview(oracle.Range{Preset: "ALL_TIME"}, "")
	if err != nil {
		t.Fatal(err)
	}
	if v.Customers.Value != 1 || v.TotalCustomerRecords != 1 || o.DataSummary().Products != 0 {
		t.Errorf("%d customers ordered, %d on file, %d products", v.Customers.Value, v.TotalCustomerRecords, o.DataSummary().Products)
	}
	if o.Orders()[0].Items[0].Product != nil {
		t.Error("the line has a product that is not known")
	}
	same(t, "customers", []map[string]any{
		{"shopifyId": "gid://shopify/Customer/7", "ordersCount": 1, "totalSpent": map[string]any{"amount": "5.00"}},
		{"shopifyId": "gid://shopify/Customer/8", "ordersCount": 0, "averageOrderValue": nil, "firstOrderAt": nil},
	}, o.Customers())

	apply(t, o, oracle.Op{Products: []oracle.ProductInput{{ShopifyID: "3", Title: "P", UpdatedAt: minute(1)}}})
	if o.Orders()[0].Items[0].Product == nil {
		t.Error("the line misses its product")
	}
	apply(t, o, deletes(oracle.DeleteRecordsInput{Products: []string{"3"}, DeletedAt: minute(2)}))
	if got := o.Orders()[0]; got.Items[0].Product != nil || got.NetSales.Amount != "5.00" {
		t.Errorf("after the deletion of the product: %+v", got)
	}
}

func apply(t *testing.T, o *oracle.Oracle, ops ...oracle.Op) {
	t.Helper()
	for _, op := range ops {
		if _, err := o.Apply(op); err != nil {
			t.Fatal(err)
		}
	}
}

// TestWireForm: what is left out must not be sent, and amounts travel as strings.
func TestWireForm(t *testing.T) {
	t.Parallel()
	ord := simple("1", "", "1.50", nil)
	ord.Items[0].Tax = "0"
	_, field, variables := orders(ord).Request()
	got, err := json.Marshal(variables)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"r":[{"shopifyId":"1","processedAt":"2026-03-01T00:00:00Z","items":[{"title":"x","quantity":1,"unitPrice":"1.50","tax":"0"}]}]}`
	if string(got) != want || field != "ingestOrders" {
		t.Errorf("%s: %s, want %s", field, got, want)
	}
}
