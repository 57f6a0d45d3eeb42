package graph_test

import (
	"context"
	"encoding/base64"
	"math"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"github.com/shopsight/shopsight/graph"
	"github.com/shopsight/shopsight/internal/fault"
)

func TestIDs(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, k := range []graph.Kind{graph.KindOrder, graph.KindOrderItem, graph.KindRefund, graph.KindProduct, graph.KindCustomer, graph.KindTenant, graph.KindUser} {
		for _, n := range []int64{1, 123, math.MaxInt64} {
			s := graph.EncodeID(k, n)
			gotKind, got, ok := graph.DecodeID(s)
			if !ok || gotKind != k || got != n || seen[s] {
				t.Errorf("%s %d: %s, %d, %t", k, n, gotKind, got, ok)
			}
			seen[s] = true
		}
	}
	if got := graph.EncodeID(graph.KindOrder, 123); got != "T3JkZXI6MTIz" {
		t.Errorf("Order:123 is %s: ids are kept by clients and must not change", got)
	}
}

func TestMalformedIDs(t *testing.T) {
	t.Parallel()
	of := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for _, s := range []string{
		"", "1", "gid://shopify/Order/1", "T3JkZXI6MTIz=", " T3JkZXI6MTIz", "T3JkZXI6MTI\x7f",
		of("Order"), of("Order:"), of("Order:0"), of("Order:-1"), of("Order:+1"), of("Order:01"), of("Order:1 "), of("Order:9223372036854775808"),
		of("Shop:1"), of("order:1"), of("TenantRef:1"), of(":1"), of("Order:1:2"), of("Session:1"),
	} {
		if k, n, ok := graph.DecodeID(s); ok {
			t.Errorf("%q: %s %d", s, k, n)
		}
	}
	if _, ok := graph.RowID(graph.EncodeID(graph.KindOrder, 5), graph.KindCustomer); ok {
		t.Error("an order's id names a customer")
	}
	if id, ok := graph.RowID(graph.EncodeID(graph.KindOrder, 5), graph.KindOrder); !ok || id != 5 {
		t.Error("an order's id does not name the order")
	}
}

func TestRowIDsAreOfTheTypeTheyStandIn(t *testing.T) {
	t.Parallel()
	in := func(object string) (string, error) {
		ctx := graphql.WithFieldContext(t.Context(), &graphql.FieldContext{Object: object})
		var b strings.Builder
		err := graph.MarshalRowID(7).MarshalGQLContext(ctx, &b)
		return strings.Trim(b.String(), `"`), err
	}
	for object, kind := range map[string]graph.Kind{"Order": graph.KindOrder, "TenantRef": graph.KindTenant, "User": graph.KindUser} {
		if got, err := in(object); err != nil || got != graph.EncodeID(kind, 7) {
			t.Errorf("%s: %s, %v", object, got, err)
		}
	}
	if _, err := in("Viewer"); err == nil {
		t.Error("a type without ids got one")
	}
}

func TestRowIDsOfInputFields(t *testing.T) {
	t.Parallel()
	at := func(field string) context.Context {
		return graphql.WithPathContext(t.Context(), graphql.NewPathWithField(field))
	}
	if id, err := graph.UnmarshalRowID(at("boughtProductId"), graph.EncodeID(graph.KindProduct, 9)); err != nil || id != 9 {
		t.Errorf("%d, %v", id, err)
	}
	if id, err := graph.UnmarshalRowID(at("tenantId"), nil); err != nil || id != 0 {
		t.Errorf("%d, %v", id, err)
	}
	for field, v := range map[string]any{
		"customerId": graph.EncodeID(graph.KindProduct, 9), "productId": "9", "tenantId": int64(9), "otherId": graph.EncodeID(graph.KindOrder, 9),
	} {
		if _, err := graph.UnmarshalRowID(at(field), v); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func FuzzDecodeID(f *testing.F) {
	f.Add("T3JkZXI6MTIz")
	f.Fuzz(func(t *testing.T, s string) {
		if k, n, ok := graph.DecodeID(s); ok && graph.EncodeID(k, n) != s {
			t.Fatalf("%q is a second name of %s %d", s, k, n)
		}
	})
}
