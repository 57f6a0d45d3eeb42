package graph

import (
	"context"
	"errors"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/live"
	"github.com/shopsight/shopsight/internal/viewer"
)

// feed says what a field of Subscription answers, and when.
type feed[T any] struct {
	// kinds are the events of the viewer's tenant that the field answers.
	kinds []live.Kind
	// now has the first answer given at once, to the zero event.
	now bool
	// every is the shortest time between two answers; what happens meanwhile is answered after it.
	every time.Duration
	// read returns the answer to an event: nil when there is nothing to say. After the last answer the subscription ends;
	// an error is an answer too.
	read func(ctx context.Context, e live.Event) (answer *T, last bool, err error)
}

// follow is what the resolver of a field of Subscription returns.
//
// As the specification has it, the source of a subscription is opened once, and each of its events executes the operation:
// as a request of its own, with the viewer and the scopes of that moment, with loaders and a time limit of its own. So
// the resolver is called when the subscription begins, where the hub begins to listen, and again for each event, where
// the channel holds what was read, and no more.
func follow[T any](ctx context.Context, hub *live.Hub, f feed[T]) (<-chan *T, error) {
	s, ok := ctx.Value(subscriptionKey{}).(*subscription)
	if !ok {
		return nil, errors.New("follow: outside a subscription")
	}
	out := make(chan *T, 1)
	defer close(out)
	if s.listener == nil {
		s.listener, s.now, s.every = hub.Listen(viewer.FromContext(ctx).TenantID, f.kinds...), f.now, f.every
		return out, nil
	}
	answer, last, err := f.read(ctx, s.event)
	s.last = last
	if err != nil {
		return nil, err
	}
	if answer != nil {
		out <- answer
	}
	return out, nil
}

// DataChange says that something changed.
type DataChange struct {
	Kind      live.Kind
	ChangedAt time.Time
	// OrderID is the one order that was written; 0 for none.
	OrderID int64
}

// dataChanged is the answer to a change of data.
func dataChanged(_ context.Context, e live.Event) (*DataChange, bool, error) {
	c := &DataChange{Kind: e.Kind, ChangedAt: e.At}
	if e.Kind == live.Orders {
		c.OrderID = e.Record
	}
	return c, false, nil
}

type subscriptionKey struct{}

// subscription is one that is under way. Its fields are set where it begins and where an event is answered, one after the
// other.
type subscription struct {
	listener *live.Listener
	now      bool
	every    time.Duration
	rest     time.Duration // before the next answer
	event    live.Event    // the one at hand
	last     bool
}

// next waits for the event that is to be answered next.
func (s *subscription) next(ctx context.Context) (err error) {
	if s.rest > 0 {
		pause := time.NewTimer(s.rest)
		defer pause.Stop()
		select {
		case <-pause.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	s.rest = s.every
	if s.now {
		s.now = false
		return nil
	}
	s.event, err = s.listener.Next(ctx)
	return err
}

// caller is who holds a stream or a socket open.
type caller struct {
	credential *auth.Credential // nil for nobody
	end        context.CancelCauseFunc
}

// enter returns a context with the viewer of this moment. When the credential does not count any more, it ends the
// connection.
func (c caller) enter(ctx context.Context) (context.Context, error) {
	if c.credential == nil {
		return viewer.NewContext(ctx, nil), nil
	}
	v, err := c.credential.Viewer(ctx)
	if fault.KindOf(err) == fault.Unauthenticated {
		c.end(err)
	}
	if err != nil {
		return ctx, err
	}
	return viewer.NewContext(ctx, v), nil
}

// How often an open connection is looked after. An event is never answered to a credential that has ended; this ends a
// connection on which nothing happens.
const (
	recheck   = 2 * time.Second
	keepAlive = 15 * time.Second
)

// watch ends the connection once its credential does not count any more, and has it kept alive, until ctx ends.
func (c caller) watch(ctx context.Context, alive func() error) {
	check, ping := time.NewTicker(recheck), time.NewTicker(keepAlive)
	defer check.Stop()
	defer ping.Stop()
	for {
		select {
		case <-check.C:
			// A database that is away for a moment is no reason to send everybody away: they would all come back at once.
			_, _ = c.enter(ctx)
		case <-ping.C:
			if err := alive(); err != nil {
				c.end(err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// subscribe runs a subscription, and hands its answers to send, until there are no more or ctx ends or send fails. begun is
// called when nothing that changes from then on will be missed.
func (h *Handler) subscribe(ctx context.Context, c caller, p *graphql.RawParams, begun func() error, send func(*graphql.Response) error) error {
	s := &subscription{}
	ctx = context.WithValue(ctx, subscriptionKey{}, s)
	defer func() {
		if s.listener != nil {
			s.listener.Close()
		}
	}()
	tell := func() error {
		response := h.answerEvent(ctx, c, p)
		if response == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		return send(response)
	}
	if err := tell(); err != nil || s.listener == nil { // which may have been refused
		return err
	}
	if err := begun(); err != nil {
		return err
	}
	for !s.last {
		if err := s.next(ctx); err != nil {
			return err
		}
		s.last = true // unless the resolver is reached: who may not ask any more need not be told again
		if err := tell(); err != nil {
			return err
		}
	}
	return nil
}

// answerEvent executes a subscription for the event at hand, or to begin it. It returns nil when there is nothing to say.
func (h *Handler) answerEvent(ctx context.Context, c caller, p *graphql.RawParams) *graphql.Response {
	ctx, cancel := context.WithTimeout(graphql.StartOperationTrace(ctx), h.timeout)
	defer cancel()
	ctx, err := c.enter(ctx)
	if err != nil {
		return h.exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(err)})
	}
	oc, errs := h.prepare(ctx, p)
	if len(errs) > 0 {
		return h.exec.DispatchError(graphql.WithOperationContext(ctx, oc), errs)
	}
	return h.respond(ctx, oc)
}
