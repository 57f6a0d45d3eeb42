package graph

import (
	"context"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// CheckLimits measures a parsed document as the handler does before it validates it.
func CheckLimits(l Limits, doc *ast.QueryDocument) *gqlerror.Error { return l.check(doc) }

// DecodeBody reads the JSON of a request.
func DecodeBody(b []byte) (query string, variables map[string]any, err error) {
	p, err := decodeBody(b)
	if err != nil {
		return "", nil, err
	}
	return p.Query, p.Variables, nil
}

// CheckEscapes refuses escapes that stand for text that cannot be stored.
func CheckEscapes(b []byte) error { return checkEscapes(b) }

// TimeIsUp says whether a request may go on no longer.
func TimeIsUp(ctx context.Context) bool { return timeIsUp(ctx) }
