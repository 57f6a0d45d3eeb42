package graph

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/viewer"
)

// serveEvents runs a subscription as server-sent events, in the "distinct connections mode" of the GraphQL over SSE
// protocol: each answer is an event next, and after the last one comes complete. A stream that ends without it was cut
// off, and the client may come back.
func (h *Handler) serveEvents(a answer, p *graphql.RawParams) {
	ctx, end, place, err := h.streams.enter(a.ctx)
	if err != nil {
		a.busy(http.StatusServiceUnavailable, err)
		return
	}
	defer place.leave()
	if v := viewer.FromContext(ctx); v != nil && v.TenantID != 0 {
		if err := place.of(v.TenantID); err != nil {
			a.busy(http.StatusTooManyRequests, err)
			return
		}
	}
	e := a.startEvents()
	c := caller{auth.FromContext(ctx), end}
	var watching sync.WaitGroup
	watched, rest := context.WithCancel(ctx)
	watching.Go(func() { c.watch(watched, e.comment) })
	err = h.subscribe(ctx, c, p, e.comment, func(r *graphql.Response) error { return e.next(encode(r, r.Data != nil)) })
	rest()
	watching.Wait()
	switch cause := context.Cause(ctx); {
	case fault.KindOf(cause) == fault.Unauthenticated:
		r := h.exec.DispatchError(a.ctx, gqlerror.List{gqlerror.Wrap(cause)})
		if e.next(encode(r, false)) == nil {
			_ = e.complete()
		}
	case err == nil:
		_ = e.complete()
	}
}

// busy refuses a stream for want of room.
func (a answer) busy(status int, err error) {
	if f, ok := err.(*fault.Error); ok {
		a.w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
	}
	a.refuse(status, gqlerror.Wrap(err))
}

// events writes server-sent events.
type events struct {
	mu      sync.Mutex
	w       http.ResponseWriter
	control *http.ResponseController
}

// startEvents begins a stream of events.
func (a answer) startEvents() *events {
	a.header(mediaEvents)
	a.w.Header().Set("X-Accel-Buffering", "no") // or a proxy may keep events until it has many
	a.w.WriteHeader(http.StatusOK)
	return &events{w: a.w, control: http.NewResponseController(a.w)}
}

func (e *events) next(body []byte) error {
	return e.send("event: next\ndata: " + string(body) + "\n\n")
}

// complete has a data field, as browsers drop an event without one.
func (e *events) complete() error { return e.send("event: complete\ndata:\n\n") }

// comment is what clients skip, and what tells them and every proxy between that the stream is alive.
func (e *events) comment() error { return e.send(":\n\n") }

// send writes text to the client at once, which may take the client some time but not for ever.
func (e *events) send(text string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	// Not every writer has a deadline; tests have none.
	_ = e.control.SetWriteDeadline(time.Now().Add(writeTimeout))
	if _, err := io.WriteString(e.w, text); err != nil {
		return err
	}
	if err := e.control.Flush(); err != nil {
		return err
	}
	_ = e.control.SetWriteDeadline(time.Time{})
	return nil
}
