//go:build unix

package crashtest_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/testkit/twin"
)

// account is a person whose tenant is to become equal to a simulated store.
type account struct {
	*testing.T
	gate  *gate
	shop  *simshop.Shop
	email string
	token string
	// since is when the token was given; it is good for 15 minutes.
	since time.Time
	// byApp connects the store by the page on which it lets the service's app in, and not by a token.
	byApp bool
	// run is the first run, once it is known.
	run string
}

const password = "correct horse battery staple"

func newAccount(t *testing.T, g *gate, shop *simshop.Shop) *account {
	return &account{T: t, gate: g, shop: shop, email: "owner@" + strings.TrimSuffix(shop.Domain(), ".myshopify.com") + ".example"}
}

// errDead says that a process died before it had answered, or in the middle of it.
var errDead = errors.New("the process has died")

var browser = &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}

// ask asks a process. What it does not answer because it has died is errDead; anything else that is no answer fails the
// test.
func (a *account) ask(c *child, query string, variables map[string]any, into any) error {
	a.Helper()
	if !c.up() {
		return errDead
	}
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		a.Fatal(err)
	}
	r, err := http.NewRequestWithContext(a.Context(), http.MethodPost, c.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		a.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if a.token != "" {
		r.Header.Set("Authorization", "Bearer "+a.token)
	}
	var answer struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	resp, err := browser.Do(r)
	if err == nil {
		err = json.NewDecoder(resp.Body).Decode(&answer)
		resp.Body.Close()
	}
	if _, lost := errors.AsType[*url.Error](err); lost || err != nil {
		// Whoever kills it from the outside may be a little faster than the news of it.
		select {
		case <-c.ended:
			return errDead
		case <-time.After(10 * time.Second):
			a.Fatalf("%s answers %v", c.name, err)
		}
	}
	if len(answer.Errors) > 0 {
		a.Fatalf("%s answers %+v to %.300s", c.name, answer.Errors, query)
	}
	if err := json.Unmarshal(answer.Data, into); err != nil {
		a.Fatal(err)
	}
	return nil
}

type userErrors []struct {
	Code, Message string
	Field         []string
}

// connect sees to it that the person has an account which is connected to the store, and finds the first run. It may be
// called again after a process has died in the middle of it.
func (a *account) connect(c *child) error {
	a.Helper()
	if a.token == "" || time.Since(a.since) > 10*time.Minute {
		a.token = ""
		if err := a.signIn(c); err != nil {
			return err
		}
	}
	if a.run != "" {
		return nil
	}
	var got struct {
		Tenant struct {
			Store *struct{ SyncEveryMinutes int }
		}
		SyncRuns struct {
			Nodes []struct{ ID, Trigger string }
		}
	}
	const question = `{ tenant { store { syncEveryMinutes } } syncRuns(first: 10) { nodes { id trigger } } }`
	if err := a.ask(c, question, nil, &got); err != nil {
		return err
	}
	if got.Tenant.Store == nil && a.byApp {
		if err := a.install(c); err != nil {
			return err
		}
		if err := a.ask(c, question, nil, &got); err != nil {
			return err
		}
	} else if got.Tenant.Store == nil {
		var connected struct {
			ConnectStore struct{ UserErrors userErrors }
		}
		if err := a.ask(c, `mutation($d: String!, $t: String!) { connectStore(input: {shopDomain: $d, accessToken: $t}) { userErrors { code message } } }`,
			map[string]any{"d": a.shop.Domain(), "t": a.shop.Token()}, &connected); err != nil {
			return err
		}
		if len(connected.ConnectStore.UserErrors) > 0 {
			a.Fatal(connected.ConnectStore.UserErrors)
		}
		if err := a.ask(c, question, nil, &got); err != nil {
			return err
		}
	}
	if got.Tenant.Store.SyncEveryMinutes != 0 { // a run of the schedule would be read with the first
		var updated struct {
			UpdateStore struct{ UserErrors userErrors }
		}
		if err := a.ask(c, `mutation { updateStore(input: {syncEveryMinutes: 0}) { userErrors { code message } } }`, nil, &updated); err != nil {
			return err
		}
	}
	if n := len(got.SyncRuns.Nodes); n != 1 || got.SyncRuns.Nodes[0].Trigger != "FIRST_CONNECT" {
		a.Fatalf("a store that was connected once has the runs %+v", got.SyncRuns.Nodes)
	}
	a.run = got.SyncRuns.Nodes[0].ID
	return nil
}

// signIn gets a token: that of a new account, with the store connected at once, or of the account that there is.
func (a *account) signIn(c *child) error {
	a.Helper()
	type payload struct {
		AccessToken string
		UserErrors  userErrors
	}
	var up struct{ Signup payload }
	in := map[string]any{"email": a.email, "password": password, "tenantName": a.shop.Domain()}
	if !a.byApp {
		in["shopDomain"], in["accessToken"] = a.shop.Domain(), a.shop.Token()
	}
	if err := a.ask(c, `mutation($in: SignupInput!) { signup(input: $in) { accessToken userErrors { code message field } } }`,
		map[string]any{"in": in}, &up); err != nil {
		return err
	}
	if a.token = up.Signup.AccessToken; a.token == "" {
		if e := up.Signup.UserErrors; len(e) != 1 || e[0].Code != "TAKEN" {
			a.Fatal(e)
		}
		var in struct{ Login payload }
		if err := a.ask(c, `mutation($e: String!, $p: String!) { login(input: {email: $e, password: $p}) { accessToken userErrors { code message } } }`,
			map[string]any{"e": a.email, "p": password}, &in); err != nil {
			return err
		}
		if a.token = in.Login.AccessToken; a.token == "" {
			a.Fatal(in.Login.UserErrors)
		}
	}
	a.since = time.Now()
	return nil
}

// syncRun is a run as the API shows it.
type syncRun struct {
	Status   string
	Attempts int
	Error    *struct{ Code, Message string }
	Progress []struct {
		Resource                                     string
		Fetched, Created, Updated, Unchanged, Failed int
		ExpectedTotal                                *int
	}
	Proof []struct {
		Resource                 string
		Expected                 *int
		Stored                   int
		LinesExpected, LinesRead *int
		Matches                  bool
	}
}

// active tells whether the run has not ended.
func (r *syncRun) active() bool { return r.Status == "QUEUED" || r.Status == "RUNNING" }

// fetched is how many records have come.
func (r *syncRun) fetched() (n int) {
	for _, p := range r.Progress {
		n += p.Fetched
	}
	return n
}

// look returns the first run as it stands.
func (a *account) look(c *child) (*syncRun, error) {
	a.Helper()
	if err := a.connect(c); err != nil {
		return nil, err
	}
	var got struct{ SyncRun *syncRun }
	err := a.ask(c, `query($id: ID!) { syncRun(id: $id) { status attempts error { code message }
		progress { resource fetched created updated unchanged failed expectedTotal }
		proof { resource expected stored linesExpected linesRead matches } } }`, map[string]any{"id": a.run}, &got)
	if err == nil && got.SyncRun == nil {
		a.Fatal("the run is gone")
	}
	return got.SyncRun, err
}

// exact fails the test unless the run has ended well, with its proof, has counted every record of the store once, and the
// reports say what the store's orders come to. It returns the number of the tenant.
func (a *account) exact(c *child) int64 {
	a.Helper()
	r, err := a.look(c)
	if err != nil {
		a.Fatal(err)
	}
	if r.Status != "SUCCEEDED" || r.Error != nil {
		a.Fatalf("the run has ended %s: %+v", r.Status, r.Error)
	}
	there := []int{len(a.shop.Products()), len(a.shop.Customers()), len(a.shop.Orders())}
	if len(r.Progress) != len(there) || len(r.Proof) != len(there) {
		a.Fatalf("%+v", r)
	}
	for i, p := range r.Progress {
		if p.Fetched != there[i] || p.Created != there[i] || p.Updated+p.Unchanged+p.Failed != 0 || p.ExpectedTotal == nil || *p.ExpectedTotal != there[i] {
			a.Errorf("the store has %d: %+v", there[i], p)
		}
		proof := r.Proof[i]
		if proof.Expected == nil || *proof.Expected != there[i] || proof.Stored != there[i] || !proof.Matches {
			a.Errorf("the store has %d: %+v", there[i], proof)
		}
	}
	if lines := r.Proof[2]; lines.LinesExpected == nil || lines.LinesRead == nil || *lines.LinesRead < *lines.LinesExpected {
		a.Errorf("lines of orders: %+v", lines)
	}
	var got struct {
		Tenant   struct{ ID string }
		Overview struct {
			Orders   struct{ Value int }
			NetSales struct{ Value struct{ Amount string } }
			Excluded struct{ TestOrders int }
		}
	}
	if err := a.ask(c, `{ tenant { id } overview(range: {preset: ALL_TIME}) { orders { value } netSales { value { amount } } excluded { testOrders } } }`,
		nil, &got); err != nil {
		a.Fatal(err)
	}
	sums := twin.SumsOf(a.shop)
	net, err := strconv.ParseInt(strings.Replace(got.Overview.NetSales.Value.Amount, ".", "", 1), 10, 64)
	if err != nil {
		a.Fatal(err)
	}
	if got.Overview.Orders.Value != sums.Orders || net != sums.NetSales || got.Overview.Excluded.TestOrders != sums.TestOrders {
		a.Errorf("the overview says %+v, the store's orders come to %+v", got.Overview, sums)
	}
	return a.number(got.Tenant.ID)
}

// number returns the row that an id of the API's names.
func (a *account) number(id string) int64 {
	a.Helper()
	text, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil {
		a.Fatal(err)
	}
	n, err := strconv.ParseInt(strings.TrimPrefix(string(text), "Tenant:"), 10, 64)
	if err != nil {
		a.Fatal(err)
	}
	return n
}

// tenantID asks for the number of the tenant.
func (a *account) tenantID(c *child) int64 {
	a.Helper()
	var got struct{ Tenant struct{ ID string } }
	if err := a.ask(c, `{ tenant { id } }`, nil, &got); err != nil {
		a.Fatal(err)
	}
	return a.number(got.Tenant.ID)
}

// hook connects the store anew with the secret of its webhooks, and waits until it tells of everything.
func (a *account) hook(c *child) {
	a.Helper()
	var connected struct {
		ConnectStore struct {
			FirstSync  struct{ ID string }
			UserErrors userErrors
		}
	}
	if err := a.ask(c, `mutation($d: String!, $t: String!, $k: String!) { connectStore(input: {shopDomain: $d, accessToken: $t, apiSecretKey: $k})
		{ firstSync { id } userErrors { code message } } }`, map[string]any{"d": a.shop.Domain(), "t": a.shop.Token(), "k": webhookSecret}, &connected); err != nil {
		a.Fatal(err)
	}
	if len(connected.ConnectStore.UserErrors) > 0 {
		a.Fatal(connected.ConnectStore.UserErrors)
	}
	a.run = connected.ConnectStore.FirstSync.ID
	eventually(a, "the store tells of everything", func() bool {
		var got struct {
			Tenant struct {
				Store struct{ Webhooks string }
			}
		}
		if err := a.ask(c, `{ tenant { store { webhooks } } }`, nil, &got); err != nil {
			a.Fatal(err)
		}
		run, err := a.look(c)
		if err != nil {
			a.Fatal(err)
		}
		return got.Tenant.Store.Webhooks == "ACTIVE" && !run.active()
	})
}

// reconcile runs a sync of what has changed to its end.
func (a *account) reconcile(c *child) {
	a.Helper()
	var started struct {
		SyncStore struct {
			Run        struct{ ID string }
			UserErrors userErrors
		}
	}
	if err := a.ask(c, `mutation { syncStore { run { id } userErrors { code message } } }`, nil, &started); err != nil {
		a.Fatal(err)
	}
	if len(started.SyncStore.UserErrors) > 0 {
		a.Fatal(started.SyncStore.UserErrors)
	}
	a.run = started.SyncStore.Run.ID
	eventually(a, "the run ends", func() bool {
		run, err := a.look(c)
		if err != nil {
			a.Fatal(err)
		}
		if !run.active() && run.Status != "SUCCEEDED" {
			a.Fatalf("the run has ended %s: %+v", run.Status, run.Error)
		}
		return !run.active()
	})
}

// frugal fails the test when more pages were read again than a number of deaths allows, or more files downloaded anew than
// a number of moves to another folder.
func (a *account) frugal(deaths, moves int) {
	a.Helper()
	pages, again := a.gate.again(a.shop)
	if again > deaths {
		a.Errorf("%d of %d pages were read again, after %d deaths", again, pages, deaths)
	}
	files, anew := a.gate.downloads(a.shop)
	if files > 1 || anew > moves { // of the orders, if there are enough of them
		a.Errorf("%d files were downloaded, %d times anew", files, anew)
	}
	calls := a.shop.Stats().Operations
	a.Logf("%s: %d pages, %d read again, %d files, %d exports, %d questions for refunds, %d deaths", a.shop.Domain(), pages, again, files,
		calls["bulkRun"], calls["refundsByID"], deaths)
}

// equal compares every record in the database with the store's, when no process is left, and looks at the file of an
// embedded database.
func (a *account) equal(s *store.Store, tenant int64) {
	a.Helper()
	twin.Equal(a, s, tenant, a.shop)
}

// sound has `shopsight verify` work out every number anew, and the embedded database check its file.
func sound(t *testing.T, env []string, s *store.Store) {
	t.Helper()
	out, err := run(t, env, "verify")
	if err != nil || !strings.Contains(out, "differences: 0\n") {
		t.Errorf("verify: %v\n%s", err, out)
	}
	if !strings.HasPrefix(testkit.URL(t, s), "sqlite:") {
		return
	}
	var says string
	if err := testkit.DB(t, s).QueryRow("PRAGMA integrity_check").Scan(&says); err != nil || says != "ok" {
		t.Errorf("integrity_check: %q %v", says, err)
	}
}
