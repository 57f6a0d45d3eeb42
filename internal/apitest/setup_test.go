package apitest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/testkit/api"
	"github.com/shopsight/shopsight/internal/viewer"
)

// object is a JSON object.
type object = map[string]any

// noon is when the tests take place.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// world is the service on one engine, with its clock, its log and its statements in the test's hands.
type world struct {
	*api.Service
	t    *testing.T
	url  string // of the database
	data string // its folder
	log  journal

	now    atomic.Int64
	system context.Context

	mu         sync.Mutex
	statements []string
	unscoped   map[string]string // by statement, what testkit.Unscoped says
	watch      func(statement string)

	shops shops
}

// shops answers for the stores that a test simulates, by their domain.
type shops struct{ sync.Map }

// RoundTrip sends a request to the store, without a network.
func (s *shops) RoundTrip(r *http.Request) (*http.Response, error) {
	shop, ok := s.Load(r.URL.Host)
	if !ok {
		return nil, errors.New("no such host")
	}
	return shop.(*simshop.Shop).RoundTrip(r)
}

const connectStore = `mutation($in: ConnectStoreInput!) { connectStore(input: $in) { store { name shopDomain status scopes syncEveryMinutes } firstSync { id status mode trigger } userErrors { field code message } } }`

// simulate makes a store, and connects a tenant to it. Nothing is synced until w.Sync.Work runs.
func (w *world) simulate(t *testing.T, p *person, o simshop.Options) (*simshop.Shop, string) {
	t.Helper()
	o.Now = w.time
	if o.Domain == "" {
		o.Domain = fmt.Sprintf("shop-%d.myshopify.com", p.tenant)
	}
	shop := simshop.New(o)
	w.shops.Store(o.Domain, shop)
	got := ask(t, p.Client, connectStore, object{"in": object{"shopDomain": o.Domain, "accessToken": shop.Token()}})
	run := text(got, "connectStore.firstSync.id")
	if run == "" {
		t.Fatalf("not connected: %v", got)
	}
	return shop, run
}

// each runs fn once per engine, on a service of its own.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	testkit.EachURL(t, func(t *testing.T, url string) {
		w := &world{t: t, url: url, data: t.TempDir(), unscoped: map[string]string{}}
		w.now.Store(noon.UnixMicro())
		w.Service = w.start(t)
		w.system = viewer.NewContext(t.Context(), viewer.System("a test sets the scene"))
		fn(t, w)
	})
}

// start starts a service on the world's database and folder.
func (w *world) start(t *testing.T) *api.Service {
	return api.Start(t, w.url, api.Options{Now: w.time, Observe: w.observe, Log: &w.log, Shopify: &w.shops, Data: w.data})
}

func (w *world) time() time.Time { return time.UnixMicro(w.now.Load()).UTC() }

func (w *world) pass(d time.Duration) { w.now.Add(d.Microseconds()) }

func (w *world) observe(ctx context.Context, statement string) {
	w.mu.Lock()
	w.statements = append(w.statements, statement)
	watch := w.watch
	table, known := w.unscoped[statement]
	if !known { // which takes longer than most statements
		table = testkit.Unscoped(statement)
		w.unscoped[statement] = table
	}
	w.mu.Unlock()
	if table != "" && !viewer.FromContext(ctx).IsSystem() {
		w.t.Errorf("a statement reaches table %s without a condition on tenant_id:\n%s", table, statement)
	}
	if watch != nil {
		watch(statement)
	}
}

// during returns the statements that the service runs while fn does.
func (w *world) during(fn func()) []string {
	w.mu.Lock()
	from := len(w.statements)
	w.mu.Unlock()
	fn()
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.statements[from:])
}

// watching has fn told of each statement before it runs; nil ends it.
func (w *world) watching(fn func(statement string)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.watch = fn
}

// journal is a log that may be read while it is written.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

// person is somebody signed in.
type person struct {
	*api.Client
	email, password, refresh string
	user, tenant             int64
	slug                     string
}

const credentials = `accessToken refreshToken userErrors { field message code } viewer { user { id } tenant { id slug } }`

var people atomic.Int64

// signUp makes a person with a tenant. extra is more of the input.
func (w *world) signUp(extra object) *person {
	w.t.Helper()
	n := people.Add(1)
	p := &person{Client: w.Anonymous(), email: fmt.Sprintf("hidden.owner%d@example.com", n), password: fmt.Sprintf("hidden horse battery %d", n)}
	in := object{"email": p.email, "password": p.password, "tenantName": fmt.Sprintf("Store %d", n), "currencyCode": "EUR"}
	for k, v := range extra {
		in[k] = v
	}
	got := ask(w.t, p.Client, `mutation($in: SignupInput!) { auth: signup(input: $in) { `+credentials+` } }`, object{"in": in})
	p.enter(w.t, got)
	return p
}

// logIn signs in with address and password.
func (w *world) logIn(email, password string) *person {
	w.t.Helper()
	w.pass(time.Millisecond)
	p := &person{Client: w.Anonymous(), email: email, password: password}
	p.enter(w.t, ask(w.t, p.Client, `mutation($in: LoginInput!) { auth: login(input: $in) { `+credentials+` } }`,
		object{"in": object{"email": email, "password": password}}))
	return p
}

func (p *person) enter(t *testing.T, got any) {
	t.Helper()
	if text(got, "auth.accessToken") == "<nil>" {
		t.Fatalf("nobody signed in: %v", got)
	}
	p.Token, p.refresh = text(got, "auth.accessToken"), text(got, "auth.refreshToken")
	p.user, p.tenant = row(t, text(got, "auth.viewer.user.id")), row(t, text(got, "auth.viewer.tenant.id"))
	p.slug = text(got, "auth.viewer.tenant.slug")
}

// join makes a person who belongs to the tenant of somebody else with a role, and signs the person in there.
func (w *world) join(owner *person, role viewer.Role) *person {
	w.t.Helper()
	own := w.signUp(nil)
	w.pass(time.Millisecond) // so that this is the tenant used last
	err := w.Store.Tx(w.system, func(tx *ent.Client) error {
		now := w.time()
		return tx.Membership.Create().SetID(w.Store.NewID()).SetTenantID(owner.tenant).SetUserID(own.user).
			SetRole(string(role)).SetJoinedAt(now).SetLastUsedAt(now).Exec(w.system)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	p := w.logIn(own.email, own.password)
	if p.tenant != owner.tenant {
		w.t.Fatalf("logged in to tenant %d, not %d", p.tenant, owner.tenant)
	}
	return p
}

// ask asks, fails the test on any error of the answer, and returns its data.
func ask(t *testing.T, c *api.Client, query string, variables ...object) any {
	t.Helper()
	a := say(c, query, variables...)
	if len(a.Errors) > 0 {
		t.Fatalf("%s\nin: %.600s", strings.Join(verdict(a), "\n"), query)
	}
	return decode(t, a.Data)
}

// say asks, and returns whatever the answer is.
func say(c *api.Client, query string, variables ...object) api.Answer {
	var vars object
	if len(variables) > 0 {
		vars = variables[0]
	}
	return c.Do(query, vars)
}

func decode(t *testing.T, b []byte) any {
	t.Helper()
	var v any
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v: %.300s", err, b)
	}
	return v
}

// at returns the value at a path of names and positions, nil where there is none.
func at(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case object:
			v = x[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

func text(v any, path string) string { return fmt.Sprint(at(v, path)) }

func list(v any, path string) []any { l, _ := at(v, path).([]any); return l }

// texts returns what each element of a list has at a path.
func texts(v any, path, inside string) []string {
	out := []string{}
	for _, e := range list(v, path) {
		out = append(out, text(e, inside))
	}
	return out
}

// verdict says in one line each what an answer refuses: the code and the path of errors, with the field in brackets where
// the error names one, and of user errors "!", the code and the field.
func verdict(a api.Answer) []string {
	var out []string
	for _, e := range a.Errors {
		line := e.Code() + " " + dotted(e.Path)
		if field, ok := e.Extensions["field"].([]any); ok {
			line += " (" + dotted(field) + ")"
		}
		out = append(out, strings.TrimSpace(line))
	}
	var v any
	if json.Unmarshal(a.Data, &v) == nil {
		if payloads, ok := v.(object); ok {
			names := make([]string, 0, len(payloads))
			for name := range payloads {
				names = append(names, name)
			}
			sort.Strings(names)
			for _, name := range names {
				for _, e := range list(payloads[name], "userErrors") {
					out = append(out, strings.TrimSpace("! "+text(e, "code")+" "+dotted(list(e, "field"))))
				}
			}
		}
	}
	return out
}

func dotted(path []any) string {
	parts := make([]string, len(path))
	for i, p := range path {
		parts[i] = fmt.Sprint(p)
	}
	return strings.Join(parts, ".")
}

const summaryQuery = `{ tenant { name timezone currencyCode weekStartsOn dataSummary { products customers orders orderItems firstOrderAt lastOrderAt } } }`

// summary returns what a tenant has, as text.
func summary(t *testing.T, c *api.Client) string {
	t.Helper()
	return fmt.Sprint(ask(t, c, summaryQuery))
}

// verify fails the test where a stored number of the person's tenant is not what the orders give.
func (w *world) verify(t *testing.T, p *person) {
	t.Helper()
	ctx := viewer.NewContext(t.Context(), viewer.Tenant(p.tenant))
	if err := w.Ingest.Verify(ctx, func(d ingest.Difference) { t.Error(d) }); err != nil {
		t.Error(err)
	}
}

// order returns an order with one line, which a case changes.
func order(id int, change ...object) object {
	o := object{"shopifyId": strconv.Itoa(id), "processedAt": "2026-11-01T10:00:00Z",
		"items": []any{object{"title": "Mug", "quantity": 1, "unitPrice": "10.00"}}}
	for _, c := range change {
		for k, v := range c {
			o[k] = v
		}
	}
	return o
}

// line returns the change of an order to one line that is changed so.
func line(change object) object {
	l := object{"shopifyId": "1", "title": "Mug", "quantity": 2, "unitPrice": "10.00"}
	for k, v := range change {
		l[k] = v
	}
	return object{"items": []any{l}}
}

const ingestOrders = `mutation($in: [OrderInput!]!) { ingestOrders(orders: $in) { received created updated unchanged rejected userErrors { field message code } } }`
const ingestCustomers = `mutation($in: [CustomerInput!]!) { ingestCustomers(customers: $in) { received created updated unchanged rejected userErrors { field message code } } }`
const ingestProducts = `mutation($in: [ProductInput!]!) { ingestProducts(products: $in) { received created updated unchanged rejected userErrors { field message code } } }`

// send writes records of one kind, all of which must be taken.
func send(t *testing.T, p *person, mutation string, records ...any) {
	t.Helper()
	for some := range slices.Chunk(records, 100) {
		a := say(p.Client, mutation, object{"in": some})
		if v := verdict(a); len(v) > 0 {
			t.Fatalf("refused: %v: %.500s", v, a.Body)
		}
	}
}

var position = regexp.MustCompile(`\.\d+`)

// row returns the number of the row that a global id names.
func row(t *testing.T, id string) int64 {
	t.Helper()
	_, n, ok := decodeID(id)
	if !ok {
		t.Fatalf("%q is no id", id)
	}
	return n
}
