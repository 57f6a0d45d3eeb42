package graph

import (
	"context"
	"errors"
	"time"

	"github.com/gorilla/websocket"

	"github.com/shopsight/shopsight/internal/fault"
)

// errGone is what an operation gets that has something to say to nobody.
var errGone = errors.New("the client is not interested any more")

// heard gives the client time to be silent again.
func (s *socket) heard() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closing {
		_ = s.conn.NetConn().SetReadDeadline(time.Now().Add(silence)) // a connection without deadlines is a test's
	}
}

func (s *socket) ended() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

// close tells the client why the socket ends, and gives it a moment to confirm. The goroutine that reads ends then.
func (s *socket) close(code int, reason string) {
	// Whoever writes at the moment may take longer than we wait.
	deadline := time.Now().Add(closeWait)
	_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), deadline)
	_ = s.conn.NetConn().SetDeadline(deadline)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closing = true
	_ = s.conn.NetConn().SetDeadline(deadline)
}

// closeBecause closes the socket for the reason for which its context has ended.
func (s *socket) closeBecause(cause error) {
	switch {
	case fault.KindOf(cause) == fault.Unauthenticated:
		s.close(closeForbidden, cause.Error())
	case errors.Is(cause, errClosing):
		s.close(websocket.CloseGoingAway, cause.Error())
	default:
		s.close(websocket.CloseNormalClosure, "")
	}
}

func (s *socket) ping() error {
	return s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTimeout))
}

// write sends a message. A client that does not take it in time is given up.
func (s *socket) write(m message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.send(m) // who reads learns of it too
}

func (s *socket) send(m message) error {
	_ = s.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	err := s.conn.WriteJSON(m)
	if err != nil {
		s.caller.end(err)
	}
	return err
}

// taken tells whether an operation of the name runs.
func (s *socket) taken(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.operations[id] != nil
}

// enter lets an operation run, unless too many do.
func (s *socket) enter(id string, op *operation) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running >= s.h.streams.limits.Operations {
		return false
	}
	s.running++
	s.operations[id] = op
	return true
}

// leave counts an operation off that has ended.
func (s *socket) leave(cancel context.CancelFunc) {
	cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
}

// say sends a message of an operation, unless the client is not interested any more: then it is errGone.
func (s *socket) say(op *operation, m message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.operations[m.ID] != op {
		return errGone
	}
	return s.send(m)
}

// end sends the last message of an operation. Its name is free before the client learns of it.
func (s *socket) end(op *operation, m message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.operations[m.ID] == op {
		delete(s.operations, m.ID)
		_ = s.send(m)
	}
}

// forget ends an operation in which the client has no more interest.
func (s *socket) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if op := s.operations[id]; op != nil {
		delete(s.operations, id)
		op.cancel()
	}
}
