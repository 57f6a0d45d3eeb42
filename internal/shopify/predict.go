package shopify

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/Khan/genqlient/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/shopsight/shopsight/internal/shopify/cost"
)

// maxCost is the most that one document may cost.
const maxCost = cost.Max

var schema = sync.OnceValues(func() (*ast.Schema, error) {
	return gqlparser.LoadSchema(&ast.Source{Name: "admin.graphql", Input: AdminSchema})
})

// documents are the operations that were asked for, by name. There are as many as in operations.graphql.
var documents sync.Map

// predict returns what a document will be asked for: it is exact for nine of ten, and near for the rest.
func predict(req *graphql.Request) (int, error) {
	s, err := schema()
	if err != nil {
		return 0, fmt.Errorf("load the schema: %w", err)
	}
	op, ok := documents.Load(req.OpName)
	if !ok {
		doc, err := gqlparser.LoadQuery(s, req.Query)
		if err != nil {
			return 0, fmt.Errorf("parse %s: %w", req.OpName, err)
		}
		op, _ = documents.LoadOrStore(req.OpName, doc.Operations[0])
	}
	text, err := json.Marshal(req.Variables)
	if err != nil {
		return 0, err
	}
	var vars map[string]any
	if err := json.Unmarshal(text, &vars); err != nil {
		return 0, err
	}
	return cost.Of(s, op.(*ast.OperationDefinition), vars), nil
}
