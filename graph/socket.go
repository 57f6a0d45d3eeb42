package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/viewer"
)

// subprotocol is the one that sockets speak: the GraphQL over WebSocket protocol of the client library graphql-ws.
const subprotocol = "graphql-transport-ws"

// The bounds of a socket.
const (
	initTimeout = 10 * time.Second // until the first message
	maxInit     = 16 << 10         // its length
	silence     = 40 * time.Second // how long a client may be silent, which is to answer pings
	closeWait   = time.Second      // until the client has confirmed the end
	maxID       = 64
)

// The codes with which the server closes a socket.
const (
	closeMalformed   = 4400
	closeNoInit      = 4401
	closeForbidden   = 4403
	closeInitTimeout = 4408
	closeTaken       = 4409
	closeSecondInit  = 4429
)

// message is one of the protocol, in either direction.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// serveSocket serves one WebSocket to its end. No cookie counts here, so that pages of any origin may open one: what they
// can do is what the bearer token that they send allows.
func (h *Handler) serveSocket(w http.ResponseWriter, r *http.Request) {
	a := h.answer(w, r)
	if !slices.Contains(websocket.Subprotocols(r), subprotocol) {
		a.refuse(http.StatusBadRequest, inputError("a WebSocket must offer the sub-protocol %s", subprotocol))
		return
	}
	ctx, end, place, err := h.streams.enter(r.Context())
	if err != nil {
		a.busy(http.StatusServiceUnavailable, err)
		return
	}
	defer place.leave()
	u := websocket.Upgrader{
		Subprotocols:    []string{subprotocol},
		CheckOrigin:     func(*http.Request) bool { return true },
		ReadBufferSize:  1 << 10,
		WriteBufferSize: 4 << 10,
		WriteBufferPool: &writeBuffers,
		Error: func(_ http.ResponseWriter, _ *http.Request, status int, _ error) {
			a.refuse(status, inputError("the WebSocket handshake is malformed"))
		},
	}
	conn, err := u.Upgrade(w, r, w.Header())
	if err != nil {
		return
	}
	s := &socket{h: h, conn: conn, place: place, caller: caller{auth.FromContext(ctx), end}, operations: map[string]*operation{}}
	s.serve(ctx)
}

// writeBuffers are what sockets write with: one that is silent needs none.
var writeBuffers sync.Pool

// socket is one connection. One goroutine reads; operations write as they are answered.
type socket struct {
	h      *Handler
	conn   *websocket.Conn
	place  *stream
	caller caller // by the header, until the first message names another credential
	ready  bool   // whether the first message has been answered

	mu         sync.Mutex // guards what follows, and writing
	closing    bool
	operations map[string]*operation
	running    int // operations that have not ended, those that the client has no more interest in included
}

// operation is one that runs.
type operation struct{ cancel context.CancelFunc }

func (s *socket) serve(ctx context.Context) {
	var work sync.WaitGroup
	defer work.Wait()
	defer s.conn.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tooLate := time.AfterFunc(initTimeout, func() { s.close(closeInitTimeout, "Connection initialisation timeout") })
	defer tooLate.Stop()
	ending := make(chan struct{})
	stop := context.AfterFunc(ctx, func() { defer close(ending); s.closeBecause(context.Cause(ctx)) })
	defer func() {
		if !stop() {
			<-ending
		}
	}()
	s.conn.SetReadLimit(maxInit)
	s.conn.SetPongHandler(func(string) error { s.heard(); return nil })
	for {
		s.heard()
		kind, text, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		if s.ended() { // what still comes is not for us any more
			continue
		}
		m, ok := readMessage(kind, text)
		switch {
		case !ok:
			s.close(closeMalformed, "Malformed message")
		case m.Type == "ping":
			s.write(message{Type: "pong", Payload: m.Payload})
		case m.Type == "pong":
		case m.Type == "connection_init" && s.ready:
			s.close(closeSecondInit, "Too many initialisation requests")
		case m.Type == "connection_init":
			tooLate.Stop()
			if s.begin(ctx, m.Payload) {
				work.Go(func() { s.caller.watch(ctx, s.ping) })
			}
		case m.Type == "complete":
			s.forget(m.ID)
		case !s.ready:
			s.close(closeNoInit, "Unauthorized")
		default:
			s.start(ctx, &work, m)
		}
	}
}

// readMessage reads one message of a client. The payload is not looked into.
func readMessage(kind int, text []byte) (m message, ok bool) {
	if kind != websocket.TextMessage || !utf8.Valid(text) || json.Unmarshal(text, &m) != nil {
		return m, false
	}
	switch m.Type {
	case "connection_init", "ping", "pong":
		return m, m.ID == ""
	case "subscribe", "complete":
		return m, m.ID != "" && len(m.ID) <= maxID
	}
	return m, false
}

// begin answers the first message. It tells whether operations may follow.
func (s *socket) begin(ctx context.Context, payload json.RawMessage) bool {
	ctx, cancel := context.WithTimeout(ctx, s.h.timeout)
	defer cancel()
	tenant, err := s.signIn(ctx, payload)
	if err == nil && tenant != 0 {
		err = s.place.of(tenant)
	}
	switch fault.KindOf(err) {
	case "":
	case fault.Invalid:
		s.close(closeMalformed, err.Error())
		return false
	case fault.Unauthenticated:
		s.close(closeForbidden, err.Error())
		return false
	case fault.RateLimited:
		s.close(websocket.CloseTryAgainLater, err.Error())
		return false
	default:
		s.h.errors.present(ctx, err) // which logs it
		s.close(websocket.CloseTryAgainLater, "something went wrong on our side")
		return false
	}
	s.ready = true
	s.conn.SetReadLimit(s.h.maxBody)
	s.write(message{Type: "connection_ack"})
	return true
}

// signIn finds out who holds the socket: by the Authorization of the first message, as a browser cannot send headers, or
// by the header with which it was opened.
func (s *socket) signIn(ctx context.Context, payload json.RawMessage) (tenant int64, err error) {
	var members map[string]json.RawMessage
	if len(payload) > 0 && json.Unmarshal(payload, &members) != nil {
		return 0, fault.Errorf(fault.Invalid, "Malformed message")
	}
	var sent []string
	for name, value := range members {
		if strings.EqualFold(name, "Authorization") {
			var text string
			if json.Unmarshal(value, &text) != nil {
				return 0, fault.Errorf(fault.Invalid, "Malformed message")
			}
			sent = append(sent, text)
		}
	}
	var v *viewer.Viewer
	switch {
	case len(sent) == 1:
		s.caller.credential, v, err = s.h.signIn(ctx, sent[0])
	case len(sent) == 0 && s.caller.credential != nil:
		v, err = s.caller.credential.Viewer(ctx)
	default:
		return 0, fault.Errorf(fault.Unauthenticated, "send one Authorization: Bearer <accessToken>")
	}
	if err != nil {
		return 0, err
	}
	return v.TenantID, nil
}

// start begins an operation.
func (s *socket) start(ctx context.Context, work *sync.WaitGroup, m message) {
	if s.taken(m.ID) {
		s.close(closeTaken, fmt.Sprintf("Subscriber for %s already exists", m.ID))
		return
	}
	p, err := decodeBody(m.Payload)
	switch err {
	case nil:
	case errUTF8, errNUL, errSurrogate: // well-formed, but of no use
		s.fail(m.ID, nil, s.h.exec.DispatchError(ctx, gqlerror.List{inputError("the request %s", err)}))
		return
	default:
		s.close(closeMalformed, "The payload "+err.Error())
		return
	}
	ctx, cancel := context.WithCancel(graphql.StartOperationTrace(ctx))
	op := &operation{cancel}
	if !s.enter(m.ID, op) {
		cancel()
		s.fail(m.ID, nil, s.h.exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(busy("too many operations run on this connection"))}))
		return
	}
	work.Go(func() {
		defer s.leave(cancel)
		s.run(ctx, m.ID, op, p)
	})
}

// run runs one operation to its end.
func (s *socket) run(ctx context.Context, id string, op *operation, p *graphql.RawParams) {
	defer func() {
		if value := recover(); value != nil {
			s.fail(id, op, s.h.exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(s.h.errors.recover(ctx, value))}))
		}
	}()
	timed, cancel := context.WithTimeout(ctx, s.h.timeout)
	defer cancel()
	timed, err := s.caller.enter(timed)
	if err != nil {
		s.fail(id, op, s.h.exec.DispatchError(timed, gqlerror.List{gqlerror.Wrap(err)}))
		return
	}
	oc, errs := s.h.prepare(timed, p)
	if len(errs) > 0 {
		s.fail(id, op, s.h.exec.DispatchError(graphql.WithOperationContext(timed, oc), errs))
		return
	}
	next := func(r *graphql.Response) error { return s.say(op, message{id, "next", encode(r, r.Data != nil)}) }
	if oc.Operation.Operation == ast.Subscription {
		err = s.h.subscribe(ctx, s.caller, p, func() error { return nil }, next)
	} else {
		err = next(s.h.respond(timed, oc))
	}
	if err == nil {
		s.end(op, message{ID: id, Type: "complete"})
	}
}

// fail ends an operation, or one that has not begun, with errors.
func (s *socket) fail(id string, op *operation, r *graphql.Response) {
	m := message{id, "error", text(r.Errors)}
	if op == nil {
		s.write(m)
		return
	}
	s.end(op, m)
}
