package apitest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/membership"
	"github.com/shopsight/shopsight/internal/testkit/api"
	"github.com/shopsight/shopsight/internal/viewer"
)

const changes = `subscription { dataChanged { kind changedAt order { name } } }`

// listener receives the answers to a subscription over one of the transports.
type listener struct {
	t *testing.T
	// receive returns the next answer, or how it ended.
	receive func() (answer api.Answer, end string)
	leave   func()
}

// hear returns the data of the next answer, which must have no errors.
func (l *listener) hear() any {
	l.t.Helper()
	a, end := l.receive()
	if end != "" || len(a.Errors) > 0 {
		l.t.Fatalf("it ended with %q, errors %v", end, a.Errors)
	}
	return decode(l.t, a.Data)
}

// kinds hears so many changes and returns their kinds.
func (l *listener) kinds(n int) string {
	l.t.Helper()
	var out []string
	for range n {
		out = append(out, text(l.hear(), "dataChanged.kind"))
	}
	return strings.Join(out, " ")
}

// patience is how long a test waits for what should come at once, or within seconds.
const patience = time.Minute

// events subscribes over server-sent events. When it returns, no change will be missed.
func events(t *testing.T, url, token, query string) *listener {
	t.Helper()
	body, err := json.Marshal(object{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != 200 {
		t.Fatalf("status %d", resp.StatusCode)
	}
	lines := bufio.NewScanner(resp.Body)
	return &listener{t, func() (a api.Answer, end string) {
		name := ""
		for lines.Scan() {
			if n, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				name = n
			}
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && name == "next" {
				if err := json.Unmarshal([]byte(data), &a); err != nil {
					t.Fatal(err)
				}
				return a, ""
			}
			if name == "complete" {
				return a, name
			}
		}
		return a, "cut off"
	}, func() { cancel(); resp.Body.Close() }}
}

// socket subscribes over a WebSocket.
func socket(t *testing.T, url, token, query string) *listener {
	t.Helper()
	d := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}
	conn, _, err := d.DialContext(t.Context(), "ws"+strings.TrimPrefix(url, "http")+"/graphql", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	for _, m := range []object{
		{"type": "connection_init", "payload": object{"Authorization": "Bearer " + token}},
		{"type": "subscribe", "id": "1", "payload": object{"query": query}},
	} {
		if err := conn.WriteJSON(m); err != nil {
			t.Fatal(err)
		}
	}
	return &listener{t, func() (a api.Answer, end string) {
		for {
			var m struct {
				Type    string
				Payload json.RawMessage
			}
			if err := conn.ReadJSON(&m); err != nil {
				return a, err.Error()
			}
			switch m.Type {
			case "next":
				err = json.Unmarshal(m.Payload, &a)
			case "error":
				err = json.Unmarshal(m.Payload, &a.Errors)
			case "complete":
				return a, m.Type
			default:
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			return a, ""
		}
	}, func() { conn.Close() }}
}

// transports are the ways to subscribe. Over a socket nothing says when a subscription has begun.
var transports = map[string]func(t *testing.T, url, token, query string) *listener{"events": events, "socket": socket}

// listen serves the world to the network.
func (w *world) listen(t *testing.T) (url string) {
	s := httptest.NewServer(w.Handler)
	t.Cleanup(s.Close)
	return s.URL
}

// awake makes sure that a listener hears the person's changes: it changes something until it is heard.
func awake(t *testing.T, p *person, l *listener, mark int) {
	t.Helper()
	heard := make(chan struct{})
	go func() { defer close(heard); l.receive() }()
	for n := 1; ; n++ {
		send(t, p, ingestProducts, object{"shopifyId": mark, "title": strings.Repeat("x", n%200+1)})
		select {
		case <-heard:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Every change of a tenant's records is told to those who listen to that tenant, once reports show it, and to nobody else;
// what changes nothing is not told.
func TestLive(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		url := w.listen(t)
		p, other := w.signUp(nil), w.signUp(nil)
		const query = `subscription { dataChanged { kind changedAt order { name customer { displayName } items { title product { title } } } } }`
		first, second, others := events(t, url, p.Token, query), events(t, url, p.Token, query), events(t, url, other.Token, query)
		for _, l := range []*listener{first, second, others} {
			defer l.leave()
		}
		both := func(want string) (got any) {
			t.Helper()
			for _, l := range []*listener{first, second} {
				got = l.hear()
				if kind := text(got, "dataChanged.kind"); kind != want || text(got, "dataChanged.changedAt") != noon.Format(time.RFC3339) {
					t.Errorf("heard %v, want %s", got, want)
				}
			}
			return got
		}
		send(t, p, ingestProducts, object{"shopifyId": 1, "title": "Mug"}, object{"shopifyId": 2, "title": "Cup"})
		both("PRODUCTS")
		send(t, p, ingestCustomers, object{"shopifyId": 1, "firstName": "Ada"})
		both("CUSTOMERS")
		one := order(1, object{"name": "#1", "customerShopifyId": 1}, line(object{"productShopifyId": 1, "title": "A mug"}))
		send(t, p, ingestOrders, one)
		got := both("ORDERS")
		if text(got, "dataChanged.order") != "map[customer:map[displayName:Ada] items:[map[product:map[title:Mug] title:A mug]] name:#1]" {
			t.Errorf("heard %v", got)
		}
		send(t, p, ingestOrders, one) // says nothing new
		send(t, p, ingestOrders)
		send(t, other, ingestOrders, order(1, object{"name": "another tenant's"}))
		send(t, p, ingestOrders, order(2), order(3))
		if got := both("ORDERS"); at(got, "dataChanged.order") != nil {
			t.Errorf("two orders: %v", got)
		}
		if got := others.hear(); text(got, "dataChanged.order.name") != "another tenant's" {
			t.Errorf("the other tenant heard %v", got)
		}
		ask(t, p.Client, `mutation { deleteRecords(input: {orders: ["2"], customers: ["77"]}) { userErrors { message } } }`)
		if got := both("ORDERS"); at(got, "dataChanged.order") != nil {
			t.Errorf("a deleted order: %v", got)
		}
		ask(t, p.Client, `mutation { deleteRecords(input: {orders: ["2"], products: ["78"]}) { userErrors { message } } }`)
		ask(t, p.Client, `mutation { deleteRecords(input: {products: ["2"]}) { userErrors { message } } }`)
		both("PRODUCTS")
		ask(t, p.Client, `mutation { updateTenant(input: {timezone: "Asia/Tokyo"}) { userErrors { message } } }`)
		both("ALL")
		ask(t, p.Client, `mutation($s: String!) { clearAllData(input: {confirmSlug: $s, dryRun: true}) { userErrors { message } } }`, object{"s": p.slug})
		ask(t, p.Client, `mutation($s: String!) { clearAllData(input: {confirmSlug: $s}) { userErrors { message } } }`, object{"s": p.slug})
		both("ALL")
		send(t, other, ingestProducts, object{"shopifyId": 1, "title": "Mug"})
		if got := others.kinds(1); got != "PRODUCTS" {
			t.Errorf("the other tenant heard %s", got)
		}
		w.discreet(t, p, other)
	})
}

// A socket tells the same, and takes queries and mutations too.
func TestLiveOverASocket(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		url := w.listen(t)
		p, other := w.signUp(nil), w.signUp(nil)
		l := socket(t, url, p.Token, changes)
		defer l.leave()
		awake(t, p, l, 1)
		send(t, other, ingestOrders, order(1, object{"name": "another tenant's"}))
		send(t, p, ingestOrders, order(1, object{"name": "#1"}))
		got := l.hear()
		for text(got, "dataChanged.kind") == "PRODUCTS" { // that woke it
			got = l.hear()
		}
		if text(got, "dataChanged.kind") != "ORDERS" || text(got, "dataChanged.order.name") != "#1" {
			t.Errorf("heard %v", got)
		}
		write := socket(t, url, p.Token, `mutation { ingestCustomers(customers: [{shopifyId: 1}]) { created } }`)
		defer write.leave()
		if got := write.hear(); text(got, "ingestCustomers.created") != "1" {
			t.Errorf("wrote %v", got)
		}
		if got := l.kinds(1); got != "CUSTOMERS" {
			t.Errorf("heard %s", got)
		}
		read := socket(t, url, p.Token, `{ customers { totalCount } }`)
		defer read.leave()
		if got := read.hear(); text(got, "customers.totalCount") != "1" {
			t.Errorf("read %v", got)
		}
	})
}

// The limits of a request hold for a subscription, over both transports, before anything is read.
func TestLiveLimits(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		url := w.listen(t)
		p := w.signUp(nil)
		for name, subscribe := range transports {
			for query, want := range map[string]string{
				`subscription { dataChanged { order {` + strings.Repeat(" customer { orders(first: 1) { nodes {", 4) + ` id` + strings.Repeat(" } } }", 4) + ` } } }`: "QUERY_TOO_COMPLEX",
				`subscription { dataChanged {` + strings.ReplaceAll(aliases(16), "id", "kind") + ` } }`:                                                               "QUERY_TOO_COMPLEX",
				`subscription { dataChanged { order { ...A } } }` + bomb(40, "...F%[2]d ...F%[2]d"):                                                                   "QUERY_TOO_COMPLEX",
				`subscription { a: dataChanged { kind } b: dataChanged { kind } }`:                                                                                    "BAD_USER_INPUT",
				`subscription { __typename }`:  "GRAPHQL_VALIDATION_FAILED",
				`subscription { dataChanged }`: "GRAPHQL_VALIDATION_FAILED",
			} {
				l := subscribe(t, url, p.Token, query)
				if a, _ := l.receive(); len(a.Errors) == 0 || a.Errors[0].Code() != want {
					t.Errorf("%s, %s: %v", name, query, a.Errors)
				}
				l.leave()
			}
		}
		if v := verdict(say(p.Client, changes)); strings.Join(v, "") != "BAD_USER_INPUT" {
			t.Errorf("without a stream: %v", v)
		}
	})
}

// A subscription needs a credential and its scopes, and what lies inside asks for its own.
func TestLiveAccess(t *testing.T) {
	t.Parallel()
	s := contract(t)
	each(t, func(t *testing.T, w *world) {
		url := w.listen(t)
		for _, f := range rootFields(s.Subscription) {
			l := events(t, url, "", "subscription { "+call(s, f)+" }")
			a, _ := l.receive()
			if got := strings.Join(verdict(a), ""); got != "UNAUTHENTICATED "+f.Name {
				t.Errorf("%s asked by nobody: %s", f.Name, got)
			}
			l.leave()
		}
		owner := w.signUp(nil)
		p := w.join(owner, viewer.Viewing)
		role := func(role string) {
			if err := w.Store.Tx(w.system, func(tx *ent.Client) error {
				return tx.Membership.Update().Where(membership.TenantID(owner.tenant), membership.UserID(p.user)).SetRole(role).Exec(w.system)
			}); err != nil {
				t.Fatal(err)
			}
			w.pass(time.Second)
		}
		l := events(t, url, p.Token, `subscription { dataChanged { kind order { name customer { id } } } }`)
		defer l.leave()
		send(t, owner, ingestOrders, order(1, object{"name": "#1", "customerShopifyId": 1}))
		a, _ := l.receive()
		if got := strings.Join(verdict(a), ""); got != "FORBIDDEN dataChanged.order.customer" || text(decode(t, a.Data), "dataChanged.order.name") != "#1" {
			t.Errorf("a viewer hears %s %s", got, a.Data)
		}
		role("NOBODY")
		send(t, owner, ingestOrders, order(2))
		if a, _ := l.receive(); strings.Join(verdict(a), "") != "FORBIDDEN dataChanged" || len(a.Data) > 0 {
			t.Errorf("nobody in particular hears %v %s", a.Errors, a.Data)
		}
		for name, subscribe := range transports {
			l := subscribe(t, url, p.Token, changes)
			a, _ := l.receive()
			if _, end := l.receive(); strings.Join(verdict(a), "") != "FORBIDDEN dataChanged" || end != "complete" {
				t.Errorf("%s: %v, then %q", name, a.Errors, end)
			}
			l.leave()
		}
		w.discreet(t, p, owner)
	})
}

// A subscription ends with the session, whoever ends it, and with the token.
func TestLiveEnds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		url := w.listen(t)
		p := w.signUp(nil)
		type ending struct {
			name string
			end  func(p *person)
		}
		for _, c := range []ending{
			{"logout", func(p *person) { ask(t, p.Client, `mutation { logout { success } }`) }},
			{"another process", func(p *person) {
				if err := w.Store.Tx(w.system, func(tx *ent.Client) error {
					return tx.Session.Update().SetRevokedAt(w.time()).Exec(w.system)
				}); err != nil {
					t.Error(err)
				}
				w.pass(time.Second)
			}},
			{"expiry", func(*person) { w.pass(16 * time.Minute) }},
		} {
			p = w.logIn(p.email, p.password)
			stream, conn := events(t, url, p.Token, changes), socket(t, url, p.Token, changes)
			awake(t, p, conn, 1)
			stream.hear()
			c.end(p)
			var last api.Answer
			for {
				a, end := stream.receive()
				if end != "" {
					if end != "complete" || strings.Join(verdict(last), "") != "UNAUTHENTICATED" {
						t.Errorf("%s: %q after %v", c.name, end, last)
					}
					break
				}
				last = a
			}
			for end := ""; end == ""; {
				if _, end = conn.receive(); end != "" && !strings.Contains(end, "4403") {
					t.Errorf("%s: %q", c.name, end)
				}
			}
			stream.leave()
			conn.leave()
		}
	})
}

// A client that does not read holds up neither writers nor other listeners, and hears of what it missed when it does.
func TestLiveSlowReader(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		url := w.listen(t)
		p := w.signUp(nil)
		slow := events(t, url, p.Token, changes)
		defer slow.leave()
		for n := range 30 {
			send(t, p, ingestOrders, order(n+1, object{"name": "#1", "tags": []string{strings.Repeat("x", n)}}))
		}
		send(t, p, ingestProducts, object{"shopifyId": 1, "title": "last"})
		var heard []string
		for !slices.Contains(heard, "PRODUCTS") {
			heard = append(heard, slow.kinds(1))
		}
		if heard[0] != "ORDERS" || len(heard) > 32 {
			t.Errorf("heard %v", heard)
		}
	})
}

// When the service stops, it does not wait for those who listen.
func TestLiveStops(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan error, 1)
		go func() { stopped <- w.Run(ctx, l) }()
		url := "http://" + l.Addr().String()
		stream, conn := events(t, url, p.Token, changes), socket(t, url, p.Token, changes)
		defer stream.leave()
		defer conn.leave()
		awake(t, p, conn, 1)
		begun := time.Now()
		stop()
		if err := <-stopped; err != nil || time.Since(begun) > 10*time.Second {
			t.Errorf("stopped after %v: %v", time.Since(begun), err)
		}
		for name, l := range map[string]*listener{"cut off": stream, "1001": conn} {
			end := ""
			for end == "" {
				_, end = l.receive()
			}
			if !strings.Contains(end, name) {
				t.Errorf("ended with %q, want %s", end, name)
			}
		}
	})
}
