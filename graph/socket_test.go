package graph_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/shopsight/shopsight/graph"
	"github.com/shopsight/shopsight/internal/live"
	"github.com/shopsight/shopsight/internal/viewer"
)

// socket is the client's end of a WebSocket.
type socket struct {
	*websocket.Conn
	t *testing.T
}

// open opens a WebSocket, with an Authorization header when there is one, from a page of another origin.
func (w *wire) open(authorization string) *socket {
	w.t.Helper()
	header := http.Header{"Origin": {"https://elsewhere.example"}}
	if authorization != "" {
		header.Set("Authorization", authorization)
	}
	d := websocket.Dialer{NetDialContext: w.dial, Subprotocols: []string{"graphql-ws", "graphql-transport-ws"}}
	conn, resp, err := d.Dial("ws://test/graphql", header)
	if err != nil {
		w.t.Fatal(err, resp)
	}
	if conn.Subprotocol() != "graphql-transport-ws" {
		w.t.Errorf("sub-protocol %q", conn.Subprotocol())
	}
	return &socket{conn, w.t}
}

// connect opens a WebSocket and signs in.
func (w *wire) connect(tenant int64) *socket {
	w.t.Helper()
	s := w.open("")
	s.say(fmt.Sprintf(`{"type":"connection_init","payload":{"Authorization":"Bearer %s"}}`, w.token(tenant)))
	s.hears(`{"type":"connection_ack"}`)
	return s
}

func (s *socket) say(text string) {
	if err := s.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		s.t.Log("write:", err)
	}
}

func (s *socket) run(id, query string) {
	b, err := json.Marshal(map[string]any{"type": "subscribe", "id": id, "payload": map[string]any{"query": query}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.say(string(b))
}

// hear returns the next message, or how the socket was closed.
func (s *socket) hear() string {
	_, b, err := s.ReadMessage()
	if e, ok := errors.AsType[*websocket.CloseError](err); ok {
		return fmt.Sprint(e.Code, " ", e.Text)
	}
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(b))
}

func (s *socket) hears(want ...string) {
	s.t.Helper()
	for _, w := range want {
		if got := s.hear(); got != w {
			s.t.Errorf("heard %s, want %s", got, w)
		}
	}
}

const (
	forbidden = "4403 the token is invalid or has expired"
	malformed = "4400 Malformed message"
)

func change(id string, kind live.Kind) string {
	return fmt.Sprintf(`{"id":%q,"type":"next","payload":{"data":{"dataChanged":{"kind":%q}}}}`, id, kind)
}

func TestSocket(t *testing.T) {
	t.Parallel()
	bubble(t, graph.Options{}, func(t *testing.T, w *wire) {
		s := w.connect(1)
		defer s.Close()
		s.say(`{"type":"ping"}`)
		s.hears(`{"type":"pong"}`)
		s.say(`{"type":"ping","payload":{"a":1}}`)
		s.hears(`{"type":"pong","payload":{"a":1}}`)
		s.say(`{"type":"pong"}`)
		s.run("q", `{ __typename }`)
		s.hears(`{"id":"q","type":"next","payload":{"data":{"__typename":"Query"},"extensions":{"cost":{"requested":1,"maximum":5000000}}}}`, `{"id":"q","type":"complete"}`)
		s.run("q", `mutation { __typename }`)
		s.hears(`{"id":"q","type":"next","payload":{"data":{"__typename":"Mutation"},"extensions":{"cost":{"requested":1,"maximum":5000000}}}}`, `{"id":"q","type":"complete"}`)
		s.run("a", `subscription { dataChanged { kind } }`)
		synctest.Wait()
		w.publish(2, live.Orders)
		w.publish(1, live.Orders)
		s.hears(change("a", live.Orders))
		s.run("b", `subscription { dataChanged { kind } }`)
		synctest.Wait()
		s.say(`{"type":"complete","id":"a"}`)
		s.say(`{"type":"complete","id":"unknown"}`)
		synctest.Wait()
		w.publish(1, live.Customers)
		s.hears(change("b", live.Customers))
		// Silence is no end, and neither is the time limit of a request.
		go func() { time.Sleep(10 * time.Minute); w.publish(1, live.All) }()
		s.hears(change("b", live.All))
		s.run("a", `subscription { dataChanged { kind } }`) // the name is free again
		synctest.Wait()
		w.publish(1, live.Products)
		got := map[string]bool{s.hear(): true, s.hear(): true}
		if !got[change("a", live.Products)] || !got[change("b", live.Products)] {
			t.Errorf("heard %v", got)
		}
		_ = s.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""))
		s.hears("1000 ")
	})
}

func TestSocketOperationsThatFail(t *testing.T) {
	t.Parallel()
	bubble(t, graph.Options{}, func(t *testing.T, w *wire) {
		w.sessions.set(1, "NOBODY")
		s := w.connect(1)
		defer s.Close()
		for _, c := range []struct {
			query, kind string
			code        any
		}{
			{`{`, "error", graph.CodeParseFailed},
			{`{ nothing }`, "error", graph.CodeValidationFailed},
			{`{` + repeat(" a: __typename", 16) + ` }`, "error", graph.CodeQueryTooComplex},
			{`subscription { a: dataChanged { kind } b: dataChanged { kind } }`, "error", graph.CodeBadUserInput},
			{"{ __typename } \x00", "error", graph.CodeBadUserInput},
			{`subscription { dataChanged { kind } }`, "next", graph.CodeForbidden},
			{`{ overview(range: {preset: TODAY}) { currencyCode } }`, "next", graph.CodeForbidden},
		} {
			s.run("x", c.query)
			var m struct {
				ID, Type string
				Payload  json.RawMessage
			}
			text := s.hear()
			if err := json.Unmarshal([]byte(text), &m); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			var r response
			into := any(&r)
			if c.kind == "error" {
				into = &r.Errors
			}
			if err := json.Unmarshal(m.Payload, into); err != nil || m.ID != "x" || m.Type != c.kind || r.code() != c.code {
				t.Errorf("%s: %s", c.query, text)
			}
			if c.kind == "next" {
				s.hears(`{"id":"x","type":"complete"}`)
			}
		}
	})
}

// What is no message of the protocol closes the socket with the protocol's code.
func TestSocketCloses(t *testing.T) {
	t.Parallel()
	const subscription = `{"type":"subscribe","id":"a","payload":{"query":"subscription { dataChanged { kind } }"}}`
	for _, c := range []struct {
		name      string
		connected bool
		say       []string
		want      string
	}{
		{"no JSON", true, []string{`hunter2`}, malformed},
		{"cut off", true, []string{`{"type":"ping"`}, malformed},
		{"a list", true, []string{`[{"type":"ping"}]`}, malformed},
		{"null", true, []string{`null`}, malformed},
		{"no type", true, []string{`{}`}, malformed},
		{"unknown type", true, []string{`{"type":"start","id":"1"}`}, malformed},
		{"server's type", true, []string{`{"type":"next","id":"1"}`}, malformed},
		{"no UTF-8", true, []string{"{\"type\":\"ping\",\"payload\":\"\xff\"}"}, malformed},
		{"no id", true, []string{`{"type":"subscribe","payload":{"query":"{ __typename }"}}`}, malformed},
		{"a number for an id", true, []string{`{"type":"subscribe","id":1,"payload":{"query":"{ __typename }"}}`}, malformed},
		{"a long id", true, []string{`{"type":"complete","id":"` + repeat("x", 65) + `"}`}, malformed},
		{"no payload", true, []string{`{"type":"subscribe","id":"1"}`}, "4400 The payload is not valid JSON"},
		{"a batch", true, []string{`{"type":"subscribe","id":"1","payload":[]}`}, "4400 The payload is a list; send one operation a request"},
		{"no query", true, []string{`{"type":"subscribe","id":"1","payload":{}}`}, "4400 The payload must have the query as text"},
		{"the same id", true, []string{subscription, subscription}, "4409 Subscriber for a already exists"},
		{"a second init", true, []string{`{"type":"connection_init"}`}, "4429 Too many initialisation requests"},
		{"too long", true, []string{`{"type":"ping","payload":"` + repeat("x", 1<<10) + `"}`}, "1009 "},
		{"subscribe before init", false, []string{subscription}, "4401 Unauthorized"},
		{"no token", false, []string{`{"type":"connection_init"}`}, "4403 send one Authorization: Bearer <accessToken>"},
		{"null payload", false, []string{`{"type":"connection_init","payload":null}`}, "4403 send one Authorization: Bearer <accessToken>"},
		{"another member", false, []string{`{"type":"connection_init","payload":{"token":"x"}}`}, "4403 send one Authorization: Bearer <accessToken>"},
		{"no bearer", false, []string{`{"type":"connection_init","payload":{"Authorization":"x"}}`}, forbidden},
		{"a wrong token", false, []string{`{"type":"connection_init","payload":{"authorization":"Bearer x"}}`}, forbidden},
		{"two tokens", false, []string{`{"type":"connection_init","payload":{"authorization":"Bearer x","Authorization":"Bearer x"}}`}, "4403 send one Authorization: Bearer <accessToken>"},
		{"a token of another kind", false, []string{`{"type":"connection_init","payload":{"authorization":["Bearer x"]}}`}, malformed},
		{"a payload of text", false, []string{`{"type":"connection_init","payload":"Bearer x"}`}, malformed},
		{"a long init", false, []string{`{"type":"connection_init","payload":{"x":"` + repeat("x", 16<<10) + `"}}`}, "1009 "},
		{"no init", false, nil, "4408 Connection initialisation timeout"},
		{"pings, but no init", false, []string{`{"type":"ping"}`}, "4408 Connection initialisation timeout"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, graph.Options{MaxBody: 512}, func(t *testing.T, w *wire) {
				var s *socket
				if c.connected {
					s = w.connect(1)
				} else {
					s = w.open("")
				}
				defer s.Close()
				begun := time.Now()
				go func() {
					for _, text := range c.say {
						s.say(text)
					}
				}()
				got := s.hear()
				if got == `{"type":"pong"}` {
					got = s.hear()
				}
				if got != c.want {
					t.Errorf("heard %s", got)
				}
				if took := time.Since(begun); took > 0 != strings.HasSuffix(c.name, "no init") || took > 10*time.Second {
					t.Errorf("after %v", took)
				}
			})
		})
	}
}

func TestSocketByHeader(t *testing.T) {
	t.Parallel()
	bubble(t, graph.Options{}, func(t *testing.T, w *wire) {
		s := w.open("Bearer " + w.token(1))
		defer s.Close()
		s.say(`{"type":"connection_init"}`)
		s.hears(`{"type":"connection_ack"}`)
		s.run("a", `subscription { dataChanged { kind } }`)
		synctest.Wait()
		w.publish(1, live.Orders)
		s.hears(change("a", live.Orders))
		// The first message counts more than the header.
		s = w.open("Bearer " + w.token(1))
		defer s.Close()
		s.say(`{"type":"connection_init","payload":{"Authorization":"Bearer ` + w.token(2) + `"}}`)
		s.hears(`{"type":"connection_ack"}`)
		s.run("a", `subscription { dataChanged { kind } }`)
		synctest.Wait()
		w.publish(1, live.Orders)
		w.publish(2, live.Products)
		s.hears(change("a", live.Products))
	})
}

func TestNoSocket(t *testing.T) {
	t.Parallel()
	bubble(t, graph.Options{}, func(t *testing.T, w *wire) {
		for _, c := range []struct {
			protocol, authorization string
			status                  int
		}{{"", "", 400}, {"graphql-ws", "", 400}, {"graphql-transport-ws", "Bearer x", 401}, {"graphql-transport-ws", "", 0}} {
			d := websocket.Dialer{NetDialContext: w.dial}
			header := http.Header{}
			if c.protocol != "" {
				d.Subprotocols = []string{c.protocol}
			}
			if c.authorization != "" {
				header.Set("Authorization", c.authorization)
			}
			conn, resp, err := d.Dial("ws://test/graphql", header)
			if err == nil {
				conn.Close()
			}
			if (err == nil) != (c.status == 0) || c.status != 0 && resp.StatusCode != c.status {
				t.Errorf("%+v: %v %v", c, resp, err)
			}
		}
	})
}

// A socket ends with its credential, whether or not anything runs on it, and with the service.
func TestSocketEnds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end   func(w *wire)
		after time.Duration
		want  string
	}{
		"expiry":  {func(*wire) {}, 15*time.Minute + 30*time.Second, forbidden},
		"logout":  {func(w *wire) { w.sessions.set(1, "") }, 2 * time.Second, forbidden},
		"event":   {func(w *wire) { w.sessions.set(1, ""); w.publish(1, live.Orders) }, 0, forbidden},
		"service": {func(w *wire) { go w.handler.Close() }, 0, "1001 the service is going away"},
	} {
		for _, query := range []string{"", `subscription { dataChanged { kind } }`} {
			if name == "event" && query == "" {
				continue
			}
			t.Run(name+" "+query, func(t *testing.T) {
				t.Parallel()
				bubble(t, graph.Options{}, func(t *testing.T, w *wire) {
					s, begun := w.connect(1), time.Now()
					defer s.Close()
					if query != "" {
						s.run("a", query)
						synctest.Wait()
					}
					c.end(w)
					got := s.hear()
					if took := time.Since(begun); got != c.want || took < c.after || took > c.after+2*time.Second {
						t.Errorf("after %v: %s", took, got)
					}
				})
			})
		}
	}
}

// The scopes of an operation are those that the credential has when it begins, and when an event is told.
func TestSocketScopes(t *testing.T) {
	t.Parallel()
	bubble(t, graph.Options{}, func(t *testing.T, w *wire) {
		s := w.connect(1)
		defer s.Close()
		s.run("a", `subscription { dataChanged { kind } }`)
		synctest.Wait()
		w.sessions.set(1, viewer.Role("NOBODY"))
		w.publish(1, live.Orders)
		if got := s.hear(); !strings.Contains(got, graph.CodeForbidden) || strings.Contains(got, "ORDERS") {
			t.Errorf("heard %s", got)
		}
		s.hears(`{"id":"a","type":"complete"}`)
	})
}

func TestSocketsAreBounded(t *testing.T) {
	t.Parallel()
	bubble(t, graph.Options{Streams: graph.Streams{Process: 3, Tenant: 1, Operations: 2}}, func(t *testing.T, w *wire) {
		s := w.connect(1)
		defer s.Close()
		second := w.open("Bearer " + w.token(1))
		defer second.Close()
		second.say(`{"type":"connection_init"}`)
		second.hears("1013 the tenant has too many open connections; close some, or come back later")
		synctest.Wait()
		s.run("a", `subscription { dataChanged { kind } }`)
		s.run("b", `subscription { dataChanged { kind } }`)
		s.run("c", `{ __typename }`)
		if got := s.hear(); !strings.Contains(got, `"id":"c","type":"error"`) || !strings.Contains(got, graph.CodeRateLimited) {
			t.Errorf("heard %s", got)
		}
		s.say(`{"type":"complete","id":"a"}`)
		synctest.Wait()
		s.run("c", `{ __typename }`)
		s.hears(`{"id":"c","type":"next","payload":{"data":{"__typename":"Query"},"extensions":{"cost":{"requested":1,"maximum":5000000}}}}`, `{"id":"c","type":"complete"}`)
		other, third := w.open(""), w.open("")
		defer third.Close()
		d := websocket.Dialer{NetDialContext: w.dial, Subprotocols: []string{"graphql-transport-ws"}}
		if _, resp, err := d.Dial("ws://test/graphql", nil); err == nil || resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" {
			t.Errorf("a fourth: %v %v", resp, err)
		}
		other.Close() // without a word
		synctest.Wait()
		w.connect(2).Close()
	})
}

// A client that does not read is given up, and so is one that does not answer pings.
func TestSocketOfNobody(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]bool{"does not read": false, "does not answer": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, graph.Options{Streams: graph.Streams{Process: 1, Tenant: 1, Operations: 10}}, func(t *testing.T, w *wire) {
				s := w.connect(1)
				defer s.Close()
				s.run("a", `subscription { dataChanged { kind } }`)
				synctest.Wait()
				s.SetPingHandler(func(string) error { return nil })
				if read {
					go func() { s.hear() }()
				} else {
					w.publish(1, live.Orders)
				}
				time.Sleep(time.Minute)
				synctest.Wait()
				w.connect(1).Close() // the place is free
			})
		})
	}
}
