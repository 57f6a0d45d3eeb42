package graph

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The bounds of one request.
const (
	// MaxBody is the longest body, in bytes.
	MaxBody = 8 << 20
	// Timeout is how long an operation may take.
	Timeout = 15 * time.Second
)

// Options is what a handler needs besides the schema. The zero value is good.
type Options struct {
	// Log takes one entry for each error that is ours; nothing is logged when nil.
	Log *slog.Logger
	// Limits bounds queries; DefaultLimits when zero.
	Limits Limits
	// Around wraps the execution of each operation that passed all checks, outermost first. It is where loaders are made.
	Around []graphql.OperationMiddleware
	// MaxBody and Timeout replace the constants of the same name when they are not 0.
	MaxBody int64
	Timeout time.Duration
}

// NewHandler returns the handler of the endpoint. The viewer comes with the request's context, and is nobody when there
// is none.
func NewHandler(es graphql.ExecutableSchema, o Options) http.Handler {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Limits == (Limits{}) {
		o.Limits = DefaultLimits
	}
	if o.MaxBody == 0 {
		o.MaxBody = MaxBody
	}
	if o.Timeout == 0 {
		o.Timeout = Timeout
	}
	s := executor.New(es)
	s.SetQueryCache(current{})
	h := errorHandling{o.Log}
	s.SetErrorPresenter(h.present)
	s.SetRecoverFunc(h.recover)
	s.Use(newDocuments(es.Schema(), o.Limits))
	s.Use(exactEnums{es.Schema()})
	s.Use(allowIntrospection{})
	s.Use(newAccess(es.Schema()))
	for _, f := range o.Around {
		s.AroundOperations(f)
	}
	return endpoint{s, h, transport{maxBody: o.MaxBody, timeout: o.Timeout}}
}

// endpoint is what gqlgen's handler.Server is, without its transports, of which none fits, and the libraries they bring.
type endpoint struct {
	exec   *executor.Executor
	errors errorHandling
	transport
}

func (e endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if value := recover(); value != nil {
			a := answer{w: w, ctx: r.Context(), media: responseMedia(r.Header.Values("Accept")), exec: e.exec}
			a.refuse(http.StatusInternalServerError, gqlerror.Wrap(e.errors.recover(r.Context(), value)))
		}
	}()
	e.Do(w, r.WithContext(graphql.StartOperationTrace(r.Context())), e.exec)
}

// allowIntrospection opens introspection to everybody whom access lets through.
type allowIntrospection struct{}

func (allowIntrospection) ExtensionName() string { return "Introspection" }

func (allowIntrospection) Validate(graphql.ExecutableSchema) error { return nil }

func (allowIntrospection) MutateOperationContext(_ context.Context, oc *graphql.OperationContext) *gqlerror.Error {
	oc.DisableIntrospection = false
	return nil
}
