package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/shopsight/shopsight/graph"
	"github.com/shopsight/shopsight/internal/sync"
)

// The bounds of a webhook. Shopify waits five seconds for an answer, and tries again for hours.
const (
	maxWebhook      = 2 << 20
	webhookTimeout  = 4 * time.Second
	webhooksAtATime = 64
)

// webhooks answers what stores tell of: 200 once it is kept, 401 unless it is shown to be from a store that is connected,
// 400 when it cannot be understood, and 503 while it cannot be kept, so that it comes again. It reads nothing but the
// signed body and the headers of the delivery: no query, no cookie, no credential counts. The answers say no more than that.
func webhooks(receive func(context.Context, http.Header, []byte) error, log *slog.Logger) http.HandlerFunc {
	slots := make(chan struct{}, webhooksAtATime)
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			text(w, http.StatusMethodNotAllowed, "method not allowed")
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), webhookTimeout)
		defer cancel()
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()
		case <-ctx.Done():
			later(w)
			return
		}
		if r.ContentLength > maxWebhook {
			w.Header().Set("Connection", "close")
			text(w, http.StatusRequestEntityTooLarge, "too large")
			return
		}
		// Where the connection takes no deadline, as in a test, whoever sends slowly is cut off by the server's own.
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(webhookTimeout))
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxWebhook))
		if err == nil { // else the rest of the body would be waited for without end, after the answer
			_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
		}
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			text(w, http.StatusRequestEntityTooLarge, "too large")
			return
		}
		if err != nil {
			w.Header().Set("Connection", "close")
			text(w, http.StatusRequestTimeout, "the body did not come")
			return
		}
		switch err := receive(ctx, r.Header, body); {
		case err == nil:
			text(w, http.StatusOK, "ok")
		case errors.Is(err, sync.ErrForged):
			text(w, http.StatusUnauthorized, "not authorized")
		case errors.Is(err, sync.ErrMalformed):
			text(w, http.StatusBadRequest, "not understood")
		default:
			log.ErrorContext(ctx, "a webhook cannot be kept", "error", err, "request_id", graph.RequestID(ctx))
			later(w)
		}
	}
}

func later(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "10")
	text(w, http.StatusServiceUnavailable, "not now")
}
