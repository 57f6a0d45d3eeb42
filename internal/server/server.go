// Package server is the HTTP side of the service: routes, request ids, one log line a request, headers, probes, and a
// server that starts and stops in good order. What the service answers is decided elsewhere.
package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/shopsight/shopsight/graph"
	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/sync"
)

// The bounds of a connection. The endpoint bounds bodies and operations itself.
const (
	readHeaderTimeout = 10 * time.Second
	writeTimeout      = 90 * time.Second // a slow body, an operation and a slow reader
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10 // a query by GET stands in the header
	shutdownTimeout   = 20 * time.Second
	readyTimeout      = 2 * time.Second
)

// Config is what the server serves.
type Config struct {
	// GraphQL is the endpoint.
	GraphQL http.Handler
	// Media answers with the picture of the record that the path value "id" names; nil is none.
	Media http.Handler
	// Webhooks takes what a store tells of: see sync.Service.Receive; nil is none.
	Webhooks func(ctx context.Context, h http.Header, body []byte) error
	// Connect is the way of merchants through OAuth; nil is none.
	Connect Connector
	// PublicURL is the origin at which browsers reach the service.
	PublicURL string
	// Origins are those of dashboards that are served from elsewhere: their pages may ask, and keep sessions in cookies.
	Origins []string
	// Auth puts the viewer of the credential into the request's context; nil puts nobody there.
	Auth func(http.Handler) http.Handler
	// Ready tells whether the service can answer; nil is always.
	Ready func(context.Context) error
	// Dashboard is the built dashboard, with its index.html; without it there is none.
	Dashboard fs.FS
	// Log takes one line for each request; nothing is logged when nil.
	Log *slog.Logger
}

// New returns the handler of every route: /graphql, /media/ with the id of a record, /webhooks/shopify, /auth/shopify
// and /auth/shopify/callback (the way of a merchant who lets the app in), /livez (the process runs), /readyz (it
// can answer), and the dashboard everywhere else. It fails when the dashboard cannot be read.
//
// Every answer names its request in X-Request-Id. The id is made here: one from outside could forge what the log says.
// A panic is logged with its stack and answered with 500.
func New(c Config) (http.Handler, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Auth == nil {
		c.Auth = func(next http.Handler) http.Handler { return next }
	}
	r := chi.NewRouter()
	r.Use(identify, logRequests(c.Log), recoverPanics(c.Log), secureHeaders, allowOrigins(c.Origins))
	r.Handle("/graphql", auth.CookieTransport(c.Auth(c.GraphQL), c.Origins...))
	if c.Media != nil {
		media := c.Auth(c.Media)
		r.Get("/media/{id}", media.ServeHTTP)
		r.Head("/media/{id}", media.ServeHTTP)
	}
	if c.Webhooks != nil {
		r.Handle(sync.WebhookPath, webhooks(c.Webhooks, c.Log))
	}
	if c.Connect != nil {
		connecting := &connecting{c.Connect, c.PublicURL, c.Log}
		r.Get("/auth/shopify", connecting.begin)
		r.Post("/auth/shopify", connecting.confirm)
		r.Get("/auth/shopify/callback", connecting.arrive)
	}
	r.Get("/livez", func(w http.ResponseWriter, _ *http.Request) { text(w, http.StatusOK, "alive") })
	r.Get("/readyz", ready(c.Ready, c.Log))
	r.NotFound(func(w http.ResponseWriter, _ *http.Request) { text(w, http.StatusNotFound, "not found") })
	r.MethodNotAllowed(func(w http.ResponseWriter, _ *http.Request) {
		text(w, http.StatusMethodNotAllowed, "method not allowed")
	})
	if c.Dashboard != nil {
		d, err := newDashboard(c.Dashboard)
		if err != nil {
			return nil, err
		}
		r.Get("/*", d.ServeHTTP)
		r.Head("/*", d.ServeHTTP)
	}
	return r, nil
}

func ready(check func(context.Context) error, log *slog.Logger) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		if check != nil {
			if err := check(ctx); err != nil {
				log.WarnContext(ctx, "not ready", "error", err)
				text(w, http.StatusServiceUnavailable, "not ready")
				return
			}
		}
		text(w, http.StatusOK, "ready")
	}
}

func text(w http.ResponseWriter, status int, s string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, s+"\n")
}

// Fail returns the function that answers a request with 500 because of an error that is ours: the error is logged, and
// the caller gets a GraphQL error INTERNAL that names the request.
func Fail(log *slog.Logger) func(http.ResponseWriter, *http.Request, error) {
	return func(w http.ResponseWriter, r *http.Request, err error) {
		log.ErrorContext(r.Context(), "request failed", "error", err, "request_id", graph.RequestID(r.Context()))
		internal(w, r)
	}
}

func internal(w http.ResponseWriter, r *http.Request) {
	body, err := json.Marshal(map[string]any{"errors": []any{map[string]any{
		"message":    "something went wrong on our side; the request id helps us to find out what",
		"extensions": map[string]any{"code": graph.CodeInternal, "requestId": graph.RequestID(r.Context())},
	}}})
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write(append(body, '\n'))
}

// Serve answers requests on the listener until ctx ends. Then it takes no new ones, gives those at work some time to
// finish, and returns nil; the error of a server that could not go on, or of requests that did not finish, otherwise.
func Serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: readHeaderTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	// The time to finish starts when ctx has ended already.
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	err := s.Shutdown(stop)
	if err != nil {
		err = fmt.Errorf("shut down: %w", errors.Join(err, s.Close()))
	}
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
