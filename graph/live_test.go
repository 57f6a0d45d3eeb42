package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopsight/shopsight/graph"
	"github.com/shopsight/shopsight/internal/live"
	"github.com/shopsight/shopsight/internal/viewer"
)

const changes = `subscription { dataChanged { kind changedAt } }`

func TestEvents(t *testing.T) {
	t.Parallel()
	bubble(t, graph.Options{}, func(t *testing.T, w *wire) {
		s := w.subscribe(w.token(1), changes)
		defer s.leave()
		if s.Header.Get("Cache-Control") != "no-store" || s.Header.Get("X-Accel-Buffering") != "no" || s.next() != ":" {
			t.Errorf("header %v", s.Header)
		}
		w.publish(2, live.Orders)
		w.publish(1, live.Orders)
		if got := s.next(); got != `event: next`+"\n"+`data: {"data":{"dataChanged":{"kind":"ORDERS","changedAt":"2000-01-01T00:00:00Z"}}}` {
			t.Errorf("event %q", got)
		}
		// An idle stream is kept alive, far beyond the time limits of a request and of the server.
		for n := range 20 {
			if got := s.next(); got != ":" {
				t.Fatalf("comment %d: %q", n, got)
			}
		}
		if since := time.Since(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)); since != 5*time.Minute {
			t.Errorf("20 comments after %v", since)
		}
		w.publish(1, live.All)
		if got := s.kinds(1); got[0] != "ALL" {
			t.Errorf("%v", got)
		}
	})
}

func TestEventsByGet(t *testing.T) {
	t.Parallel()
	bubble(t, graph.Options{}, func(t *testing.T, w *wire) {
		r := get("query", "subscription { dataChanged { kind } }")
		r.URL.Scheme, r.URL.Host, r.RequestURI = "http", "test", ""
		s := w.request(w.token(1), r)
		defer s.leave()
		s.next()
		w.publish(1, live.Products)
		if got := s.kinds(1); got[0] != "PRODUCTS" {
			t.Errorf("%v", got)
		}
	})
}

// A stream says why it ends where the client has to do something about it, and is cut off where it is to come again.
func TestEventsEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end   func(w *wire)
		after time.Duration
		code  any // nil for a stream that is cut off
	}{
		"expiry":  {func(*wire) {}, 15*time.Minute + 30*time.Second, graph.CodeUnauthenticated},
		"logout":  {func(w *wire) { w.sessions.set(1, "") }, 2 * time.Second, graph.CodeUnauthenticated},
		"service": {func(w *wire) { go w.handler.Close() }, 0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, graph.Options{}, func(t *testing.T, w *wire) {
				s, begun := w.subscribe(w.token(1), changes), time.Now()
				defer s.leave()
				c.end(w)
				r, ok := s.event()
				if took := time.Since(begun); took < c.after || took > c.after+2*time.Second || r.code() != c.code || ok != (c.code != nil) {
					t.Errorf("after %v: %+v, %v", took, r, ok)
				}
				if ok {
					if got := s.next(); got != "event: complete\ndata:" {
						t.Errorf("then %q", got)
					}
				}
				if got := s.next(); got != "" {
					t.Errorf("in the end %q", got)
				}
			})
		})
	}
}

// What the credential may see is asked for each event, not only where the stream began.
func TestEventsAreReadByTheViewerOfTheMoment(t *testing.T) {
	t.Parallel()
	bubble(t, graph.Options{}, func(t *testing.T, w *wire) {
		s := w.subscribe(w.token(1), changes)
		defer s.leave()
		w.sessions.set(1, viewer.Viewing)
		w.publish(1, live.Orders)
		if got := s.kinds(1); got[0] != "ORDERS" {
			t.Errorf("%v", got)
		}
		w.sessions.set(1, "NOBODY")
		w.publish(1, live.Orders)
		r, _ := s.event()
		if end, ok := s.event(); r.code() != graph.CodeForbidden || !ok || end.Data != nil || s.next() != "" {
			t.Errorf("%+v, then %+v", r, end)
		}
		// Nothing is told after the end of a session, not even before somebody looks.
		s = w.subscribe(w.token(2), changes)
		defer s.leave()
		w.sessions.set(2, "")
		w.publish(2, live.Orders)
		if r, _ := s.event(); r.code() != graph.CodeUnauthenticated || r.Data != nil {
			t.Errorf("%+v", r)
		}
		// A database that is away for a while ends nothing, as long as there is nothing to tell.
		s = w.subscribe(w.token(3), changes)
		defer s.leave()
		w.sessions.fail(errors.New("no database"))
		time.Sleep(10 * time.Second)
		w.sessions.fail(nil)
		w.publish(3, live.Orders)
		if got := s.kinds(1); got[0] != "ORDERS" {
			t.Errorf("%v", got)
		}
		w.sessions.fail(errors.New("no database"))
		w.publish(3, live.Orders)
		if r, _ := s.event(); r.code() != graph.CodeInternal {
			t.Errorf("%+v", r)
		}
	})
}

func TestWhatIsNoSubscription(t *testing.T) {
	t.Parallel()
	const forms = "application/x-www-form-urlencoded"
	for _, c := range []struct {
		name, accept, content, body string
		nobody                      bool
		status                      int
		media                       string
		code                        any
	}{
		{name: "without a stream", accept: "application/json", body: changes, status: 200, media: plain, code: graph.CodeBadUserInput},
		{name: "without a stream, own type", accept: "application/graphql-response+json", body: changes, status: 400, media: graphQL, code: graph.CodeBadUserInput},
		{name: "anything", accept: "*/*", body: changes, status: 200, media: plain, code: graph.CodeBadUserInput},
		{name: "events refused", accept: "application/json, text/event-stream;q=0", body: changes, status: 200, media: plain, code: graph.CodeBadUserInput},
		{name: "query of a client that prefers JSON", accept: "application/json, text/event-stream", body: `{ __typename }`, status: 200, media: plain},
		{name: "query", body: `{ __typename }`, status: 200},
		{name: "query of a client that prefers events", accept: "application/json;q=0.5, text/event-stream", body: `{ __typename }`, status: 200},
		{name: "mutation", body: `mutation { __typename }`, status: 200},
		{name: "nobody", body: changes, nobody: true, status: 200, code: graph.CodeUnauthenticated},
		{name: "syntax", body: `subscription {`, status: 200, code: graph.CodeParseFailed},
		{name: "unknown field", body: `subscription { nothing }`, status: 200, code: graph.CodeValidationFailed},
		{name: "typename", body: `subscription { __typename }`, status: 200, code: graph.CodeValidationFailed},
		{name: "field and typename", body: `subscription { dataChanged { kind } __typename }`, status: 200, code: graph.CodeValidationFailed},
		{name: "introspection", body: `subscription { __schema { types { name } } }`, status: 200, code: graph.CodeValidationFailed},
		{name: "two fields", body: `subscription { a: dataChanged { kind } b: dataChanged { kind } }`, status: 200, code: graph.CodeBadUserInput},
		{name: "no field", body: `subscription { dataChanged @skip(if: true) { kind } }`, status: 200, code: graph.CodeBadUserInput},
		{name: "too many aliases", body: `subscription { dataChanged {` + repeat(" a: kind", 16) + ` } }`, status: 200, code: graph.CodeQueryTooComplex},
		{name: "a form", content: forms, body: changes, status: 415, media: plain, code: graph.CodeBadUserInput},
		{name: "text", content: "text/plain", body: changes, status: 415, media: plain, code: graph.CodeBadUserInput},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, graph.Options{}, func(t *testing.T, w *wire) {
				body, err := json.Marshal(map[string]string{"query": c.body})
				if err != nil {
					t.Fatal(err)
				}
				r, err := http.NewRequest(http.MethodPost, "http://test/graphql", bytes.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Content-Type", "application/json")
				if c.content != "" {
					r.Header.Set("Content-Type", c.content)
				}
				r.Header.Set("Accept", c.accept)
				token := w.token(1)
				if c.nobody {
					token = ""
				}
				s := w.request(token, r)
				defer s.leave()
				var got response
				if c.media == "" {
					c.media = "text/event-stream; charset=utf-8"
					got, _ = s.event()
					if end := s.next(); end != "event: complete\ndata:" || s.next() != "" {
						t.Errorf("then %q", end)
					}
				} else if err := json.NewDecoder(s.Body).Decode(&got); err != nil {
					t.Fatal(err)
				}
				if s.StatusCode != c.status || s.Header.Get("Content-Type") != c.media || got.code() != c.code || (got.Data != nil) != (c.code == nil) {
					t.Errorf("%d %v %+v", s.StatusCode, s.Header, got)
				}
				if c.code == graph.CodeBadUserInput && strings.Contains(c.name, "stream") && !strings.Contains(got.message(), "text/event-stream") {
					t.Errorf("does not say how: %s", got.message())
				}
			})
		})
	}
}

// A client that does not read holds up nobody, and is given up in the end.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	bubble(t, graph.Options{}, func(t *testing.T, w *wire) {
		slow, quick := w.subscribe(w.token(1), changes), w.subscribe(w.token(1), changes)
		defer slow.leave()
		defer quick.leave()
		quick.next()
		begun := time.Now()
		for range 100 {
			w.publish(1, live.Orders)
			quick.kinds(1)
		}
		if took := time.Since(begun); took != 0 {
			t.Errorf("the quick one waited for %v", took)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		n := 0
		for slow.next() != "" {
			n++
		}
		if n > 5 {
			t.Errorf("the slow one got %d events after a minute", n)
		}
	})
}

func TestStreamsAreBounded(t *testing.T) {
	t.Parallel()
	bubble(t, graph.Options{Streams: graph.Streams{Process: 3, Tenant: 2, Operations: 1}}, func(t *testing.T, w *wire) {
		refused := func(tenant int64, status int) {
			t.Helper()
			body, _ := json.Marshal(map[string]string{"query": changes})
			s := w.send(w.token(tenant), string(body))
			defer s.leave()
			var got response
			if err := json.NewDecoder(s.Body).Decode(&got); err != nil {
				t.Fatal(err)
			}
			if s.StatusCode != status || s.Header.Get("Retry-After") != "5" || got.code() != graph.CodeRateLimited {
				t.Errorf("%d %v %+v", s.StatusCode, s.Header, got)
			}
		}
		first, second := w.subscribe(w.token(1), changes), w.subscribe(w.token(1), changes)
		refused(1, 429)
		third := w.subscribe(w.token(2), changes)
		refused(2, 503)
		first.leave()
		synctest.Wait()
		fourth := w.subscribe(w.token(1), changes)
		refused(1, 503)
		for _, s := range []*stream{second, third, fourth} {
			s.leave()
		}
		synctest.Wait()
		w.handler.Close()
		refused(1, 503)
	})
}

// A field may answer at once, keep its distance between answers, have nothing to say to an event, fail, and end.
func TestFollow(t *testing.T) {
	t.Parallel()
	bubble(t, graph.Options{}, func(t *testing.T, w *wire) {
		var at []time.Duration
		var begun time.Time
		read := func(ctx context.Context, e live.Event) (*graph.DataChange, bool, error) {
			if deadline, ok := ctx.Deadline(); !ok || time.Until(deadline) != graph.Timeout {
				t.Errorf("until %v", deadline)
			}
			at = append(at, time.Since(begun))
			switch e.Record {
			case 2:
				return nil, false, nil
			case 3:
				return nil, false, errors.New("no database")
			case 4:
				panic("kaboom")
			}
			return &graph.DataChange{Kind: live.All, ChangedAt: e.At}, e.Record == 5, nil
		}
		w.serve(resolvers{&graph.Resolver{}, func(ctx context.Context) (<-chan *graph.DataChange, error) {
			return graph.Follow(ctx, w.hub, live.Orders, time.Second, read)
		}}, graph.Options{})
		begun = time.Now()
		s := w.subscribe(w.token(1), changes)
		defer s.leave()
		s.kinds(1)
		publish := func(records ...int64) {
			for _, r := range records {
				w.hub.Publish(live.Event{Tenant: 1, Kind: live.Orders, Record: r, At: time.Now()})
			}
			synctest.Wait()
		}
		publish(1)
		s.kinds(1)
		publish(1, 1, 1)
		s.kinds(1)
		time.Sleep(5 * time.Second)
		publish(2)
		publish(3)
		if r, _ := s.event(); r.code() != graph.CodeInternal {
			t.Errorf("%+v", r)
		}
		publish(5)
		s.kinds(1)
		if got := s.next(); got != "event: complete\ndata:" || s.next() != "" {
			t.Errorf("then %q", got)
		}
		want := []time.Duration{0, time.Second, 2 * time.Second, 7 * time.Second, 8 * time.Second, 9 * time.Second}
		if !slices.Equal(at, want) {
			t.Errorf("answered at %v, want %v", at, want)
		}
		s = w.subscribe(w.token(1), changes)
		defer s.leave()
		s.kinds(1)
		publish(4)
		if r, _ := s.event(); r.code() != graph.CodeInternal || strings.Contains(r.message(), "kaboom") {
			t.Errorf("%+v", r)
		}
	})
}
