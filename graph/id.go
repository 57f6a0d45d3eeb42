package graph

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"github.com/shopsight/shopsight/internal/fault"
)

// Kind is what a global id names.
type Kind string

// The kinds of records with a global id.
const (
	KindOrder     Kind = "Order"
	KindOrderItem Kind = "OrderItem"
	KindRefund    Kind = "Refund"
	KindProduct   Kind = "Product"
	KindCustomer  Kind = "Customer"
	KindTenant    Kind = "Tenant"
	KindUser      Kind = "User"
	KindSyncRun   Kind = "SyncRun"

	KindPrivacyRequest Kind = "PrivacyRequest"
)

// kinds says which kind the records of a type of the schema are.
var kinds = map[string]Kind{
	"Order": KindOrder, "OrderItem": KindOrderItem, "Refund": KindRefund, "Product": KindProduct,
	"Customer": KindCustomer, "Tenant": KindTenant, "TenantRef": KindTenant, "User": KindUser,
	"SyncRun": KindSyncRun, "PrivacyRequest": KindPrivacyRequest,
}

// references says which kind of record an input field names.
var references = map[string]Kind{
	"customerId": KindCustomer, "productId": KindProduct, "boughtProductId": KindProduct, "tenantId": KindTenant,
}

// EncodeID returns the global id of a record: opaque to clients, unique over all kinds, the same for ever.
func EncodeID(k Kind, id int64) string {
	b := append(make([]byte, 0, 64), k...)
	b = strconv.AppendInt(append(b, ':'), id, 10)
	return base64.RawURLEncoding.EncodeToString(b)
}

// DecodeID reads a global id. ok is false for every text that EncodeID does not return.
func DecodeID(s string) (k Kind, id int64, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return "", 0, false
	}
	name, number, found := strings.Cut(string(b), ":")
	id, err = strconv.ParseInt(number, 10, 64)
	known := name != "" && kinds[name] == Kind(name)
	if !found || err != nil || id < 1 || !known || EncodeID(Kind(name), id) != s {
		return "", 0, false
	}
	return Kind(name), id, true
}

// RowID returns the record that a global id of the kind names. ok is false for a malformed id and for one of another
// kind: as the argument of a lookup, both are exactly like a record that does not exist.
func RowID(s string, k Kind) (id int64, ok bool) {
	got, id, ok := DecodeID(s)
	return id, ok && got == k
}

// MarshalID writes an id that is text already.
func MarshalID(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalID reads an id as text; a whole number, which GraphQL allows for an id, becomes its digits.
func UnmarshalID(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case json.Number:
		if n := strings.TrimPrefix(string(v), "-"); digits(n) {
			return string(v), nil
		}
	case int64:
		return strconv.FormatInt(v, 10), nil
	case int:
		return strconv.Itoa(v), nil
	}
	return "", fault.Errorf(fault.Invalid, "must be a string or a whole number")
}

// MarshalRowID writes the number of a record as its global id. The kind is that of the type whose field is written, so
// that the service's structs hold plain numbers and no field of theirs needs a resolver.
func MarshalRowID(id int64) graphql.ContextMarshaler {
	return graphql.ContextWriterFunc(func(ctx context.Context, w io.Writer) error {
		k, ok := kinds[graphql.GetFieldContext(ctx).Object]
		if !ok {
			return fault.Errorf(fault.Internal, "type %s has no ids", graphql.GetFieldContext(ctx).Object)
		}
		graphql.MarshalString(EncodeID(k, id)).MarshalGQL(w)
		return nil
	})
}

// UnmarshalRowID reads a global id in an input field whose name says the kind, such as customerId. A malformed id, or one
// of another kind, is fault.Invalid: a filter that silently matched nothing would hide a mistake of the caller. Null is 0.
func UnmarshalRowID(ctx context.Context, v any) (int64, error) {
	if v == nil {
		return 0, nil
	}
	var k Kind
	if p := graphql.GetPathContext(ctx); p != nil && p.Field != nil {
		k = references[*p.Field]
	}
	s, _ := v.(string)
	id, ok := RowID(s, k)
	if !ok {
		return 0, fault.Errorf(fault.Invalid, "must be the id of a %s", strings.ToLower(string(k)))
	}
	return id, nil
}

// Node is anything that can be fetched again with the field node.
type Node interface {
	// IsNode marks the type; it does nothing.
	IsNode()
}
