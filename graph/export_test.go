package graph

import (
	"context"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/shopsight/shopsight/internal/live"
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

// Follow answers a field of Subscription whose first answer is given at once, and the others in some distance.
func Follow[T any](ctx context.Context, hub *live.Hub, kind live.Kind, every time.Duration,
	read func(context.Context, live.Event) (*T, bool, error),
) (<-chan *T, error) {
	return follow(ctx, hub, feed[T]{kinds: []live.Kind{kind}, now: true, every: every, read: read})
}
