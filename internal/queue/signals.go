package queue

import (
	"fmt"
	"maps"
	"runtime/debug"
	"slices"

	"github.com/nats-io/nats.go"
)

const signalSubject = "shopsight.signals"

// Signal tells every other process. It does not wait; what cannot be sent now is lost, so it may say no more than "look
// again".
func (q *Queue) Signal(data []byte) {
	if q.own != nil { // nobody else is there
		return
	}
	if err := q.nc.Publish(signalSubject, data); err != nil {
		q.log.Debug("queue: signal", "error", err)
	}
}

// Signals hands what other processes tell to hear until stop is called. What hear is given may be anything: whoever may
// connect to the cluster may send it. It is nil when signals may have been lost, as there was no connection or hear was
// slow. hear is to be safe for concurrent use.
func (q *Queue) Signals(hear func(data []byte)) (stop func(), err error) {
	e := &ear{func(data []byte) {
		defer func() {
			if p := recover(); p != nil {
				q.log.Error("queue: hear a signal", "error", fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		hear(data)
	}}
	s, err := q.nc.Subscribe(signalSubject, func(m *nats.Msg) {
		data := m.Data
		if data == nil {
			data = []byte{}
		}
		e.hear(data)
	})
	if err != nil {
		return nil, fmt.Errorf("queue: listen for signals: %w", err)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ears[e] = true
	return func() {
		_ = s.Unsubscribe()
		q.mu.Lock()
		defer q.mu.Unlock()
		delete(q.ears, e)
	}, nil
}

// ear is one call of Signals.
type ear struct{ hear func([]byte) }

// lost tells those who listen that signals may have been lost.
func (q *Queue) lost() {
	q.mu.Lock()
	ears := slices.Collect(maps.Keys(q.ears))
	q.mu.Unlock()
	for _, e := range ears {
		e.hear(nil)
	}
}
