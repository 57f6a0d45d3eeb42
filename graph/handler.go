package graph

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/viewer"
)

// The bounds of one request.
const (
	// MaxBody is the longest body, in bytes.
	MaxBody = 8 << 20
	// Timeout is how long an operation may take; of a subscription, the answer to one event.
	Timeout = 15 * time.Second
)

// Options is what a handler needs besides the schema. The zero value is good.
type Options struct {
	// Log takes one entry for each error that is ours; nothing is logged when nil.
	Log *slog.Logger
	// SignIn reads the value of an Authorization header that a WebSocket sends in its first message; without it, a socket
	// must be opened with the header.
	SignIn func(ctx context.Context, authorization string) (*auth.Credential, *viewer.Viewer, error)
	// Limits bounds queries; DefaultLimits when zero.
	Limits Limits
	// Streams bounds what stays open; DefaultStreams when zero.
	Streams Streams
	// Around wraps the execution of each operation that passed all checks, and of each event of a subscription, outermost
	// first. It is where loaders are made.
	Around []graphql.OperationMiddleware
	// Witness is told of answers that show personal fields of customers; nobody is when nil.
	Witness Witness
	// MaxBody and Timeout replace the constants of the same name when they are not 0.
	MaxBody int64
	Timeout time.Duration
}

// Handler is the endpoint. It is what gqlgen's handler.Server is, without its transports, of which none fits, and the
// libraries they bring: they repeat what they could not read, know no bounds of time and number, and read a subscription's
// events under whoever began it, with what it had loaded then.
type Handler struct {
	exec    *executor.Executor
	errors  errorHandling
	signIn  func(ctx context.Context, authorization string) (*auth.Credential, *viewer.Viewer, error)
	streams *streams
	maxBody int64
	timeout time.Duration
}

// NewHandler returns the handler of the endpoint. The viewer and the credential come with the request's context
// (auth.Middleware); without a viewer, nobody asks. It is to be closed.
func NewHandler(es graphql.ExecutableSchema, o Options) *Handler {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.SignIn == nil {
		o.SignIn = func(context.Context, string) (*auth.Credential, *viewer.Viewer, error) {
			return nil, nil, auth.ErrToken
		}
	}
	if o.Limits == (Limits{}) {
		o.Limits = DefaultLimits
	}
	if o.Streams == (Streams{}) {
		o.Streams = DefaultStreams
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
	if o.Witness != nil {
		s.Use(newWitness(es.Schema(), o.Witness))
	}
	for _, f := range o.Around {
		s.AroundOperations(f)
	}
	return &Handler{exec: s, errors: h, signIn: o.SignIn, streams: newStreams(o.Streams), maxBody: o.MaxBody, timeout: o.Timeout}
}

// ServeHTTP answers one request, or serves a stream or a socket to its end.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if value := recover(); value != nil {
			a := h.answer(w, r)
			a.refuse(http.StatusInternalServerError, gqlerror.Wrap(h.errors.recover(r.Context(), value)))
		}
	}()
	r = r.WithContext(graphql.StartOperationTrace(r.Context()))
	if websocket.IsWebSocketUpgrade(r) {
		h.serveSocket(w, r)
		return
	}
	h.serve(w, r)
}

// Close ends every subscription and every socket, and returns when they have ended. Other requests are still answered.
func (h *Handler) Close() { h.streams.close() }

// allowIntrospection opens introspection to everybody whom access lets through.
type allowIntrospection struct{}

func (allowIntrospection) ExtensionName() string { return "Introspection" }

func (allowIntrospection) Validate(graphql.ExecutableSchema) error { return nil }

func (allowIntrospection) MutateOperationContext(_ context.Context, oc *graphql.OperationContext) *gqlerror.Error {
	oc.DisableIntrospection = false
	return nil
}
