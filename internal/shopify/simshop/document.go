package simshop

import (
	"fmt"
	"maps"
	"sync"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/shopsight/shopsight/internal/shopify/cost"
)

// documents keeps the documents that were validated lately.
type documents struct {
	mu    sync.Mutex
	known map[string]*ast.QueryDocument
}

func (d *documents) get(schema *ast.Schema, text string) (*ast.QueryDocument, gqlerror.List) {
	d.mu.Lock()
	doc := d.known[text]
	d.mu.Unlock()
	if doc != nil {
		return doc, nil
	}
	doc, errs := gqlparser.LoadQuery(schema, text)
	if len(errs) > 0 {
		return nil, errs
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == nil || len(d.known) > 200 {
		d.known = make(map[string]*ast.QueryDocument)
	}
	d.known[text] = doc
	return doc, nil
}

// wait is the answer to a call that there are no points for.
func wait(requested int, status object) object {
	return object{
		{"errors", []any{object{{"message", "Throttled"}, {"extensions", object{{"code", "THROTTLED"},
			{"documentation", "https://shopify.dev/api/usage/rate-limits"}}}}}},
		{"extensions", object{{"cost", points(requested, nil, status)}}},
	}
}

// points is what an answer says about its cost: actual is nil when nothing was done for it.
func points(requested int, actual any, status object) object {
	return object{{"requestedQueryCost", requested}, {"actualQueryCost", actual}, {"throttleStatus", status}}
}

func tooDear(requested int) object {
	const documentation = "https://shopify.dev/api/usage/rate-limits"
	message := fmt.Sprintf(`Query cost is %d, which exceeds the single query max cost limit (%d).

See %s for more information on how the
cost of a query is calculated.

To query larger amounts of data with fewer limits, bulk operations should be used instead.
See https://shopify.dev/api/usage/bulk-operations/queries for usage details.
`, requested, cost.Max, documentation)
	return failed(message, object{
		{"code", "MAX_COST_EXCEEDED"},
		{"cost", requested},
		{"maxCost", cost.Max},
		{"documentation", documentation},
	})
}

// failed is an answer without data.
func failed(message string, extensions object) object {
	e := object{{"message", message}}
	if len(extensions) > 0 {
		e = append(e, member{"extensions", extensions})
	}
	return object{{"errors", []any{e}}}
}

// invalid is the answer to a document that the schema does not allow.
func invalid(errs gqlerror.List) object {
	out := make([]any, len(errs))
	for i, err := range errs {
		e := object{{"message", err.Message}}
		var at []any
		for _, l := range err.Locations {
			at = append(at, object{{"line", l.Line}, {"column", l.Column}})
		}
		out[i] = append(e, member{"locations", at}, member{"extensions", object{{"code", err.Rule}}})
	}
	return object{{"errors", out}}
}

// longest returns the length of the longest list in the arguments of the root fields.
func longest(op *ast.OperationDefinition, vars map[string]any) (n int) {
	for _, selected := range op.SelectionSet {
		if f, ok := selected.(*ast.Field); ok {
			for v := range maps.Values(f.ArgumentMap(vars)) {
				if l, ok := v.([]any); ok {
					n = max(n, len(l))
				}
			}
		}
	}
	return n
}
