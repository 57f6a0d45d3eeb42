package graph_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopsight/shopsight/graph"
	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/live"
	syncer "github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/viewer"
)

// wire is the endpoint with its generated schema behind a server, on a network in memory, in a bubble with a clock of its
// own.
type wire struct {
	t        *testing.T
	hub      *live.Hub
	handler  *graph.Handler
	tokens   *auth.Tokens
	sessions *sessions
	client   *http.Client
	dial     func(context.Context, string, string) (net.Conn, error)
}

// sessions says who holds a session: an owner, unless it is told otherwise. A session has the number of its tenant.
type sessions struct {
	mu    sync.Mutex
	roles map[int64]viewer.Role
	err   error
}

func (s *sessions) Viewer(_ context.Context, c auth.AccessClaims) (*viewer.Viewer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	role, ok := s.roles[c.SessionID]
	if !ok {
		role = viewer.Owner
	}
	if role == "" {
		return nil, auth.ErrToken
	}
	return viewer.Person(c.TenantID, c.UserID, c.SessionID, role), nil
}

// set gives the holder of a session a role, or with "" ends the session.
func (s *sessions) set(session int64, role viewer.Role) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roles[session] = role
}

func (s *sessions) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

// pipes is a listener whose connections are pipes.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p pipes) Close() error   { close(p.done); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

var makeKeys = sync.OnceValues(func() (*auth.Keys, error) {
	b, err := auth.GenerateKeys()
	if err != nil {
		return nil, err
	}
	return auth.ParseKeys(b)
})

// bubble runs fn in a bubble. Whatever the endpoint has started must have ended when fn is over and the endpoint closed:
// else the bubble reports a deadlock.
func bubble(t *testing.T, o graph.Options, fn func(t *testing.T, w *wire)) {
	t.Helper()
	keys, err := makeKeys()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		w := &wire{t: t, hub: &live.Hub{}, tokens: auth.NewTokens(keys, time.Now), sessions: &sessions{roles: map[int64]viewer.Role{}}}
		o.SignIn = auth.NewAuthenticator(w.tokens, w.sessions).Authenticate
		w.serve(resolvers{&graph.Resolver{Live: w.hub}, nil}, o)
		fail := func(rw http.ResponseWriter, _ *http.Request, err error) { http.Error(rw, err.Error(), 599) }
		l := pipes{make(chan net.Conn), make(chan struct{})}
		endpoint := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.handler.ServeHTTP(rw, r) })
		server := &http.Server{Handler: auth.Middleware(w.tokens, w.sessions, fail)(endpoint), WriteTimeout: 90 * time.Second}
		var serving sync.WaitGroup
		serving.Go(func() { _ = server.Serve(l) })
		w.dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
			here, there := net.Pipe()
			select {
			case l.conns <- there:
				return here, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		transport := &http.Transport{DialContext: w.dial, DisableKeepAlives: true}
		w.client = &http.Client{Transport: transport}
		defer func() {
			w.handler.Close()
			if err := server.Close(); err != nil {
				t.Error(err)
			}
			serving.Wait()
			transport.CloseIdleConnections()
		}()
		fn(t, w)
	})
}

// serve has requests answered by other resolvers.
func (w *wire) serve(r resolvers, o graph.Options) {
	w.handler = graph.NewHandler(graph.NewExecutableSchema(graph.Config{Resolvers: r}), o)
}

// resolvers are those of the service, but for what a test has the subscription do.
type resolvers struct {
	*graph.Resolver
	changed func(context.Context) (<-chan *graph.DataChange, error)
}

func (r resolvers) Subscription() graph.SubscriptionResolver {
	if r.changed == nil {
		return r.Resolver.Subscription()
	}
	return r
}

func (r resolvers) DataChanged(ctx context.Context) (<-chan *graph.DataChange, error) {
	return r.changed(ctx)
}

func (r resolvers) SyncProgress(ctx context.Context, run *string) (<-chan *syncer.Run, error) {
	return r.Resolver.Subscription().SyncProgress(ctx, run)
}

// token returns the access token of a tenant's session.
func (w *wire) token(tenant int64) string {
	token, _, err := w.tokens.IssueAccess(auth.AccessClaims{UserID: 5, TenantID: tenant, SessionID: tenant})
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

func (w *wire) publish(tenant int64, kind live.Kind) {
	w.hub.Publish(live.Event{Tenant: tenant, Kind: kind, At: time.Now()})
}

// stream is what a client receives as server-sent events.
type stream struct {
	*http.Response
	t      *testing.T
	lines  *bufio.Reader
	cancel context.CancelFunc
}

func (s *stream) leave() {
	s.cancel()
	_ = s.Body.Close()
}

// send sends a body, as a client that takes events.
func (w *wire) send(token, body string) *stream {
	r, err := http.NewRequest(http.MethodPost, "http://test/graphql", strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	return w.request(token, r)
}

func (w *wire) request(token string, r *http.Request) *stream {
	if r.Header.Get("Accept") == "" {
		r.Header.Set("Accept", "text/event-stream")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	ctx, cancel := context.WithCancel(w.t.Context())
	resp, err := w.client.Do(r.WithContext(ctx))
	if err != nil {
		w.t.Fatal(err)
	}
	return &stream{resp, w.t, bufio.NewReader(resp.Body), cancel}
}

func (w *wire) subscribe(token, query string) *stream {
	w.t.Helper()
	b, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		w.t.Fatal(err)
	}
	s := w.send(token, string(b))
	if s.StatusCode != 200 || s.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" {
		b, _ := io.ReadAll(s.Body)
		w.t.Fatalf("%d %v %s", s.StatusCode, s.Header, b)
	}
	return s
}

// next returns the next event, ":" for a comment, and "" at the end.
func (s *stream) next() string {
	var b strings.Builder
	for {
		line, err := s.lines.ReadString('\n')
		if err != nil {
			if b.Len() > 0 {
				s.t.Errorf("half an event: %q", b.String())
			}
			return ""
		}
		if line == "\n" {
			return strings.TrimSuffix(b.String(), "\n")
		}
		b.WriteString(line)
	}
}

// event is next without comments, as a response: one that says nothing for complete, and ok false at the end.
func (s *stream) event() (r response, ok bool) {
	s.t.Helper()
	for {
		text := s.next()
		if text == ":" {
			continue
		}
		data, found := strings.CutPrefix(text, "event: next\ndata: ")
		if !found {
			if text != "" && text != "event: complete\ndata:" {
				s.t.Errorf("event %q", text)
			}
			return r, text != ""
		}
		if err := json.Unmarshal([]byte(data), &r); err != nil {
			s.t.Errorf("%v: %s", err, data)
		}
		return r, true
	}
}

// kinds reads so many events, which must be changes, and returns their kinds.
func (s *stream) kinds(n int) (out []string) {
	s.t.Helper()
	for range n {
		r, _ := s.event()
		var data struct{ DataChanged struct{ Kind string } }
		if err := json.Unmarshal(r.Data, &data); err != nil {
			s.t.Fatalf("%v: %+v", err, r)
		}
		out = append(out, data.DataChanged.Kind)
	}
	return out
}
