package shopify_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/cost"
	"github.com/shopsight/shopsight/internal/testkit"
)

func loadSchema(t testing.TB, name, text string) *ast.Schema {
	t.Helper()
	s, err := gqlparser.LoadSchema(&ast.Source{Name: name, Input: text})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// official returns the Admin schema as Shopify publishes it, which is too large to be kept with the project.
func official(t *testing.T) *ast.Schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "../shared/shopify/admin-"+shopify.Version+".graphql"))
	if os.IsNotExist(err) {
		t.Skip("the official schema is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	return loadSchema(t, "official", string(text))
}

// documents returns what is sent by itself, and what bulk operations are asked with.
func documents(t *testing.T) string {
	t.Helper()
	names, err := filepath.Glob("bulk_*.graphql")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range append(names, "operations.graphql") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

func TestDocumentsAreValid(t *testing.T) {
	t.Parallel()
	schema := loadSchema(t, "slice", shopify.AdminSchema)
	doc, errs := gqlparser.LoadQuery(schema, documents(t))
	if errs != nil {
		t.Fatal(errs)
	}
	if n := len(doc.Operations); n != 26+3 {
		t.Errorf("%d operations", n)
	}
	for _, op := range doc.Operations {
		mine := []string{"bulkRun", "bulkCancel", "webhookSubscribe", "webhookUnsubscribe"}
		if op.Operation != ast.Query && !slices.Contains(mine, op.Name) {
			t.Errorf("%s is a %s: of a store's records none is changed", op.Name, op.Operation)
		}
	}
}

// Against Shopify's own schema, what is deprecated there counts as an error.
func TestDocumentsAreValidOfficially(t *testing.T) {
	t.Parallel()
	schema := official(t)
	doc, errs := gqlparser.LoadQuery(schema, documents(t))
	if errs != nil {
		t.Fatal(errs)
	}
	var look func(set ast.SelectionSet)
	look = func(set ast.SelectionSet) {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				if d := s.Definition.Directives.ForName("deprecated"); d != nil {
					t.Errorf("%s.%s is deprecated: %s", s.ObjectDefinition.Name, s.Name, d.Arguments.ForName("reason").Value)
				}
				look(s.SelectionSet)
			case *ast.InlineFragment:
				look(s.SelectionSet)
			}
		}
	}
	for _, op := range doc.Operations {
		look(op.SelectionSet)
	}
	for _, f := range doc.Fragments {
		look(f.SelectionSet)
	}
}

// What is sent is what the client was generated with: no document of its largest size may cost more than Shopify takes.
func TestLargestDocumentsAreAffordable(t *testing.T) {
	t.Parallel()
	schema := loadSchema(t, "slice", shopify.AdminSchema)
	c, f, _ := connect(t, func(c call) reply {
		nodes := list{}
		ids, _ := c.Vars["ids"].([]any)
		for _, gid := range ids {
			switch n := gid.(string); {
			case strings.Contains(n, "Product"):
				nodes = append(nodes, with(product(1), "id", gid))
			case strings.Contains(n, "Customer"):
				nodes = append(nodes, with(customer(1), "id", gid))
			case strings.Contains(n, "Refund"):
				nodes = append(nodes, object{"id": gid, "order": object{"updatedAt": moment}, "refundLineItems": connection("")})
			default: // an order of which something is missing is asked for in its largest form
				nodes = append(nodes, with(order(1, 1), "id", gid, "subtotalLineItemsQuantity", 2))
			}
		}
		d := object{"nodes": nodes, "shop": shopAnswer()["shop"], "currentAppInstallation": shopAnswer()["currentAppInstallation"]}
		for _, name := range []string{"products", "customers", "orders", "events"} {
			d[name] = connection("")
			d[name+"Count"] = object{"count": 0, "precision": "EXACT"}
		}
		switch c.Op {
		case "ordersPage":
			d["orders"] = connection("", cut())
		case "bulkRunning":
			d["bulkOperations"] = object{"nodes": list{}}
		case "bulkRun":
			d["bulkOperationRunQuery"] = object{"bulkOperation": bulk("COMPLETED"), "userErrors": list{}}
		case "webhooksPage":
			d["webhookSubscriptions"] = connection("")
		case "webhookSubscribe":
			d["webhookSubscriptionCreate"] = object{"webhookSubscription": subscription(1, "ORDERS_CREATE"), "userErrors": list{}}
		case "webhookUnsubscribe":
			d["webhookSubscriptionDelete"] = object{"deletedWebhookSubscriptionId": "gid://shopify/WebhookSubscription/1", "userErrors": list{}}
		case "bulkByID":
			d["bulkOperation"] = bulk("COMPLETED")
		case "orderLines":
			d["order"] = object{"updatedAt": moment, "lineItems": connection("", line(2), line(3))}
		case "refundLinesPage":
			d["refund"] = object{"order": object{"updatedAt": moment}, "refundLineItems": connection("")}
		case "orderAgreements":
			d["order"] = object{"updatedAt": moment, "agreements": edges("")}
		case "agreementSales":
			d["order"] = object{"updatedAt": moment, "agreements": object{"nodes": list{object{
				"id": "gid://shopify/SalesAgreement/2", "sales": connection("")}}}}
		}
		return data(d)
	})
	ctx, w := t.Context(), shopify.Window{From: newClock().now}
	many := make([]int64, 500)
	for i := range many {
		many[i] = int64(i + 1)
	}
	var errs []error
	_, err := c.Shop(ctx)
	errs = append(errs, err)
	for _, kind := range []shopify.Kind{shopify.Products, shopify.Customers, shopify.Orders} {
		_, err := c.Count(ctx, kind, w)
		_, _, err2 := c.IDs(ctx, kind, 0, 1000)
		errs = append(errs, err, err2)
	}
	_, err1 := c.Products(ctx, w, "")
	_, err2 := c.Customers(ctx, w, "")
	_, err3 := c.Orders(ctx, w, "")
	_, err4 := c.Deletions(ctx, w.From, "")
	_, _, err5 := c.ProductsByID(ctx, many)
	_, _, err6 := c.CustomersByID(ctx, many)
	_, err7 := c.StartBulk(ctx, shopify.Orders, w)
	_, err8 := c.Bulk(ctx, 1)
	_, err9 := c.Webhooks(ctx)
	_, err10 := c.Subscribe(ctx, shopify.OrdersCreate, "https://service.example/webhooks/shopify")
	errs = append(errs, err7, err8, c.CancelBulk(ctx, 1), manyRefunds(t, c), err9, err10, c.Unsubscribe(ctx, 1))
	for _, err := range append(errs, err1, err2, err3, err4, err5, err6) {
		if err != nil {
			t.Error(err)
		}
	}
	if _, _, err := c.OrdersByID(ctx, many); err == nil {
		t.Error("an order that lacks a line passed")
	}
	dearest := map[string]int{}
	for _, call := range f.calls {
		doc, errs := gqlparser.LoadQuery(schema, call.Query)
		if errs != nil {
			t.Fatal(errs)
		}
		dearest[call.Op] = max(dearest[call.Op], cost.Of(schema, doc.Operations[0], call.Vars))
	}
	if len(dearest) != 26 {
		t.Errorf("asked %d operations", len(dearest))
	}
	for op, points := range dearest {
		if points < 1 || points > cost.Max {
			t.Errorf("%s costs %d points", op, points)
		}
		t.Log(op, points)
	}
}

// The order that Shopify's own tooling captured reads as the documents expect.
func TestCapturedErrors(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "../shared/shopify/samples/graphql-errors.json"))
	if os.IsNotExist(err) {
		t.Skip("the samples are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	var samples map[string]json.RawMessage
	if err := json.Unmarshal(text, &samples); err != nil {
		t.Fatal(err)
	}
	var warning object
	if err := json.Unmarshal(samples["search_warning"], &warning); err != nil {
		t.Fatal(err)
	}
	good := object{"products": connection("", product(51))}
	for name, test := range map[string]struct {
		body object
		code shopify.Code
	}{
		"ACCESS_DENIED":           {object{"data": nil, "errors": list{samples["ACCESS_DENIED"]}}, shopify.CodeScopeMissing},
		"BAD_REQUEST":             {object{"data": good, "errors": list{samples["BAD_REQUEST"]}}, shopify.CodeInternal},
		"MAX_INPUT_SIZE_EXCEEDED": {object{"errors": list{samples["MAX_INPUT_SIZE_EXCEEDED"]}}, shopify.CodeInternal},
		"search_warning":          {with(warning, "data", good), shopify.CodeIncomplete},
	} {
		c, _, _ := connect(t, always(reply{body: test.body}))
		_, err := c.Products(t.Context(), shopify.Window{}, "")
		e := wantCode(t, err, test.code, false)
		if name == "ACCESS_DENIED" && (len(e.Scopes) != 1 || e.Scopes[0] != "write_orders") {
			t.Errorf("%s names %q", name, e.Scopes)
		}
	}
}

// manyRefunds reads an export of an order with more refunds than are asked for at once.
func manyRefunds(t *testing.T, c *shopify.Client) error {
	t.Helper()
	refunds := list{}
	for i := range 200 {
		refunds = append(refunds, with(order(1, 1)["refunds"].(list)[0].(object), "id", fmt.Sprintf("gid://shopify/Refund/%d", i+1)))
	}
	o, path := written(t, jsonl(t, with(order(1, 1), "refunds", refunds))...)
	_, err := gather(c.BulkOrders(t.Context(), o, path, 0))
	return err
}
