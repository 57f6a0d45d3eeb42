package apitest_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/viewer"
)

// From sign-up to logout, as a person goes.
func TestAccountFlow(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		got := ask(t, w.Anonymous(), `mutation($in: SignupInput!) { signup(input: $in) { accessToken accessTokenExpiresAt refreshToken userErrors { code }
			viewer { role user { id email name emailVerified createdAt } tenant { id slug name email logoUrl currencyCode timezone weekStartsOn createdAt members { role user { email } } dataSummary { orders firstOrderAt } } } } }`,
			object{"in": object{"email": " Hidden.Ada@Example.COM ", "password": "hidden horse battery", "name": " Ada ", "tenantName": " Ünïque Störe & Söns ", "logoUrl": "https://example.com/l.png", "currencyCode": "JPY", "timezone": "Asia/Tokyo"}})
		if at(got, "signup.accessToken") == nil || text(got, "signup.accessTokenExpiresAt") != "2026-11-20T12:15:00Z" {
			t.Fatalf("%v", got)
		}
		v := at(got, "signup.viewer")
		for path, want := range map[string]string{"role": "OWNER", "user.email": "hidden.ada@example.com", "user.name": "Ada", "user.emailVerified": "false", "user.createdAt": "2026-11-20T12:00:00Z",
			"tenant.slug": "unique-store-sons", "tenant.name": "Ünïque Störe & Söns", "tenant.email": "hidden.ada@example.com", "tenant.logoUrl": "https://example.com/l.png", "tenant.currencyCode": "JPY",
			"tenant.timezone": "Asia/Tokyo", "tenant.weekStartsOn": "MONDAY", "tenant.members.0.role": "OWNER", "tenant.members.0.user.email": "hidden.ada@example.com",
			"tenant.dataSummary.orders": "0", "tenant.dataSummary.firstOrderAt": "<nil>"} {
			if text(v, path) != want {
				t.Errorf("%s is %q, want %q", path, text(v, path), want)
			}
		}
		// What signup says is what every later request says.
		p := w.logIn("HIDDEN.ada@example.com", "hidden horse battery")
		later := ask(t, p.Client, `{ viewer { role user { id email name emailVerified createdAt } tenant { id slug name email logoUrl currencyCode timezone weekStartsOn createdAt members { role user { email } } dataSummary { orders firstOrderAt } } } tenant { id } node(id: "`+text(v, "tenant.id")+`") { id ... on Tenant { slug } } }`)
		if fmt.Sprint(at(later, "viewer")) != fmt.Sprint(v) || text(later, "tenant.id") != text(v, "tenant.id") || text(later, "node.slug") != "unique-store-sons" {
			t.Errorf("signed up as\n%v\nand am\n%v", v, later)
		}
		// What is left out has a default.
		plain := ask(t, w.Anonymous(), `mutation($in: SignupInput!) { signup(input: $in) { viewer { tenant { currencyCode timezone } } } }`,
			object{"in": object{"email": "plain@example.com", "password": "hidden horse battery", "tenantName": "Plain"}})
		if got := text(plain, "signup.viewer.tenant.currencyCode") + " " + text(plain, "signup.viewer.tenant.timezone"); got != "USD UTC" {
			t.Errorf("currency and timezone by default: %s", got)
		}
		// A slug in use gets a tail.
		other := w.signUp(object{"tenantName": "Unique store sons"})
		if !strings.HasPrefix(other.slug, "unique-store-sons-") {
			t.Errorf("slug %s", other.slug)
		}

		// Each refresh token works once; the second use ends the session, also for whoever has the newer ones.
		const refresh = `mutation($t: String) { auth: refresh(refreshToken: $t) { ` + credentials + ` } }`
		second := w.logIn(p.email, p.password)
		first := &person{Client: w.Anonymous(), email: p.email, password: p.password}
		w.pass(14 * time.Minute)
		first.enter(t, ask(t, w.Anonymous(), refresh, object{"t": p.refresh}))
		if first.refresh == p.refresh || first.Token == p.Token || first.tenant != p.tenant {
			t.Error("refresh gave the same again")
		}
		w.pass(2 * time.Minute)
		if a := say(p.Client, `{ tenant { id } }`); a.Status != 401 {
			t.Errorf("after 16 minutes the access token counts: %s", a.Body)
		}
		ask(t, first.Client, `{ tenant { id } }`)
		if got := ask(t, w.Anonymous(), refresh, object{"t": p.refresh}); text(got, "auth.userErrors.0.code") != "INVALID_CREDENTIALS" || at(got, "auth.accessToken") != nil {
			t.Errorf("a used refresh token: %v", got)
		}
		if a := say(first.Client, `{ tenant { id } }`); a.Status != 401 {
			t.Errorf("the session outlives the theft of its token: %s", a.Body)
		}
		if got := ask(t, w.Anonymous(), refresh, object{"t": first.refresh}); text(got, "auth.userErrors.0.code") != "INVALID_CREDENTIALS" {
			t.Errorf("the newer refresh token: %v", got)
		}
		again := &person{Client: w.Anonymous(), email: p.email, password: p.password}
		again.enter(t, ask(t, w.Anonymous(), refresh, object{"t": second.refresh}))

		// Logout ends one session, or all.
		third := w.logIn(p.email, p.password)
		if got := ask(t, third.Client, `mutation { logout { success userErrors { code } } }`); text(got, "logout.success") != "true" {
			t.Errorf("%v", got)
		}
		if say(third.Client, `{ __typename }`).Status != 401 || say(again.Client, `{ __typename }`).Status != 200 {
			t.Error("logout ended the wrong sessions")
		}
		third = w.logIn(p.email, p.password)
		ask(t, third.Client, `mutation { logout(allSessions: true) { success } }`)
		for _, ended := range []*person{third, again} {
			if say(ended.Client, `{ __typename }`).Status != 401 {
				t.Error("a session outlives logout from all")
			}
		}
		if say(other.Client, `{ __typename }`).Status != 401 { // 16 minutes old
			t.Error("another person's token does not run out")
		}
		w.discreet(t, p, first, second, third, again, other)
	})
}

// figures is what depends on the timezone.
const figures = `query($from: Date!, $to: Date!) { overview(range: {from: $from, to: $to}) { range { startsAt endsBefore timezone } orders { value } newCustomers { value } netSales { value { amount } } freshness { rebuilding } }
	salesTrend(range: {from: $from, to: $to}) { points { label startsAt orders } totals { orders } } tenant { timezone currencyCode name weekStartsOn } }`

func TestUpdateTenant(t *testing.T) {
	t.Parallel()
	const update = `mutation($in: UpdateTenantInput!) { updateTenant(input: $in) { tenant { name logoUrl currencyCode timezone weekStartsOn } userErrors { field message code } } }`
	each(t, func(t *testing.T, w *world) {
		p, other := w.signUp(nil), w.signUp(nil)
		set := func(in object) string { return strings.Join(verdict(say(p.Client, update, object{"in": in})), " | ") }
		if v := set(object{"currencyCode": "KWD"}); v != "" {
			t.Errorf("currency without orders: %s", v)
		}
		if got := ask(t, p.Client, `{ overview { currencyCode netSales { value { amount currencyCode } } } }`); fmt.Sprint(at(got, "overview.netSales.value")) != "map[amount:0.000 currencyCode:KWD]" {
			t.Errorf("%v", got)
		}
		// Late on 31 October in New York, early on 1 November in London; the clocks go back in New York on the first.
		send(t, p, ingestOrders, order(1, object{"customerShopifyId": 1, "processedAt": "2026-11-01T02:00:00Z"}), order(2, object{"customerShopifyId": 1, "processedAt": "2026-11-01T05:30:00Z"}), order(3, object{"processedAt": "2026-11-02T04:59:00Z"}))
		before := summary(t, p.Client)
		for _, c := range []struct {
			in   object
			want string
		}{
			{object{"currencyCode": "EUR"}, "! CONFLICT input.currencyCode"},
			{object{"currencyCode": "ZZZ"}, "BAD_USER_INPUT updateTenant.input.currencyCode"},
			{object{"timezone": "Mars/Olympus", "name": "Changed"}, "! INVALID input.timezone"},
			{object{"timezone": ""}, "! INVALID input.timezone"},
			{object{"name": " "}, "! REQUIRED input.name"},
			{object{"name": strings.Repeat("x", 256)}, "! TOO_LONG input.name"},
			{object{"logoUrl": "ftp://example.com/x"}, "BAD_USER_INPUT updateTenant.input.logoUrl"},
			{object{"weekStartsOn": "SOMEDAY"}, "BAD_USER_INPUT variable.in.weekStartsOn"},
			{object{"name": "Changed", "weekStartsOn": "SUNDAY", "currencyCode": "EUR"}, "! CONFLICT input.currencyCode"},
			{object{"name": nil, "timezone": nil, "currencyCode": "KWD"}, ""},
		} {
			if v := set(c.in); v != c.want {
				t.Errorf("%v: %q, want %q", c.in, v, c.want)
			}
			if after := summary(t, p.Client); after != before {
				t.Errorf("%v changed\n%s\nto\n%s", c.in, before, after)
			}
		}
		orders := func() string {
			got := ask(t, p.Client, figures, object{"from": "2026-10-31", "to": "2026-11-02"})
			return fmt.Sprint(text(got, "tenant.timezone"), " ", text(got, "overview.range.timezone"), " ", texts(got, "salesTrend.points", "orders"), text(got, "overview.orders.value"), " ", text(got, "overview.freshness.rebuilding"))
		}
		if got := orders(); got != "UTC UTC [0 2 1]3 false" {
			t.Errorf("in London: %s", got)
		}
		if v := set(object{"timezone": "America/New_York", "name": "Moved", "weekStartsOn": "SATURDAY"}); v != "" {
			t.Errorf("moving: %s", v)
		}
		if got := orders(); got != "America/New_York America/New_York [1 2 0]3 false" {
			t.Errorf("in New York: %s", got)
		}
		got := ask(t, p.Client, figures, object{"from": "2026-11-01", "to": "2026-11-01"})
		for path, want := range map[string]string{"overview.range.startsAt": "2026-11-01T04:00:00Z", "overview.range.endsBefore": "2026-11-02T05:00:00Z", "overview.newCustomers.value": "0",
			"overview.netSales.value.amount": "20.000", "salesTrend.points.0.startsAt": "2026-11-01T04:00:00Z", "tenant.name": "Moved", "tenant.weekStartsOn": "SATURDAY"} {
			if text(got, path) != want {
				t.Errorf("%s is %s, want %s", path, text(got, path), want)
			}
		}
		if got := text(ask(t, other.Client, `{ tenant { timezone } }`), "tenant.timezone"); got != "UTC" {
			t.Errorf("another tenant moved to %s", got)
		}
		w.verify(t, p)
		// The data gone, the currency is free.
		ask(t, p.Client, `mutation($s: String!) { clearAllData(input: {confirmSlug: $s}) { deleted { orders } } }`, object{"s": p.slug})
		if v := set(object{"currencyCode": "EUR"}); v != "" {
			t.Errorf("currency after clearing: %s", v)
		}
		w.discreet(t, p, other)
	})
}

// A move to another timezone that is cut off goes on in the background, and until it is done reports keep the old zone and
// say so.
func TestMoveThatIsCutOff(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		send(t, p, ingestOrders, order(1, object{"processedAt": "2026-11-01T02:00:00Z"}))
		// cut begins a move and ends the request as soon as its first step is written down.
		cut := func(zone string) {
			t.Helper()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var begun atomic.Bool
			w.watching(func(statement string) {
				switch {
				case strings.Contains(statement, "next_generation = ?"):
					begun.Store(true)
				case begun.Load() && strings.Contains(statement, "FROM tenant_writes w"): // of the next transaction
					cancel()
				}
			})
			defer w.watching(nil)
			r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", strings.NewReader(`{"query":"mutation { updateTenant(input: {timezone: \"`+zone+`\"}) { tenant { timezone } userErrors { code } } }"}`))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+p.Token)
			rec := httptest.NewRecorder()
			w.Handler.ServeHTTP(rec, r)
			if v := decode(t, rec.Body.Bytes()); text(v, "errors.0.extensions.code") != "TIMEOUT" {
				t.Fatalf("not cut off: %s", rec.Body)
			}
		}
		state := func() string {
			got := ask(t, p.Client, figures, object{"from": "2026-10-31", "to": "2026-11-01"})
			return fmt.Sprint(text(got, "tenant.timezone"), " ", text(got, "overview.range.timezone"), " ", texts(got, "salesTrend.points", "orders"), " ", text(got, "overview.freshness.rebuilding"))
		}
		cut("America/New_York")
		if got := state(); got != "UTC UTC [0 1] true" {
			t.Errorf("cut off: %s", got)
		}
		// Who writes meanwhile keeps both.
		send(t, p, ingestOrders, order(2, object{"processedAt": "2026-11-01T03:00:00Z"}))
		if got := state(); got != "UTC UTC [0 2] true" {
			t.Errorf("meanwhile: %s", got)
		}
		w.verify(t, p)
		if err := w.Ingest.Resume(viewer.NewContext(t.Context(), viewer.Tenant(p.tenant))); err != nil {
			t.Fatal(err)
		}
		if got := state(); got != "America/New_York America/New_York [2 0] false" {
			t.Errorf("resumed: %s", got)
		}
		w.verify(t, p)

		// The running service goes on by itself.
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- w.Run(ctx, l) }()
		cut("Asia/Tokyo")
		for begun := time.Now(); !strings.HasSuffix(state(), " [0 2] false"); {
			if time.Since(begun) > 20*time.Second {
				t.Errorf("nobody went on: %s", state())
				break
			}
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if got := state(); got != "Asia/Tokyo Asia/Tokyo [0 2] false" {
			t.Errorf("in the end: %s", got)
		}
		w.verify(t, p)
		w.discreet(t, p)
	})
}

// Somebody who belongs to two tenants opens the one used last, or the one that is asked for.
func TestTwoTenants(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		owner := w.signUp(nil)
		p := w.join(owner, viewer.Admin)
		got := ask(t, p.Client, `{ viewer { memberships { role tenant { id slug } } } tenant { members { role user { email } } } }`)
		roles := texts(got, "viewer.memberships", "role")
		slices.Sort(roles)
		if fmt.Sprint(roles) != "[ADMIN OWNER]" || fmt.Sprint(texts(got, "tenant.members", "user.email")) != fmt.Sprint([]string{owner.email, p.email}) {
			t.Errorf("%v", got)
		}
		own := ""
		for _, m := range list(got, "viewer.memberships") {
			if text(m, "role") == "OWNER" {
				own = text(m, "tenant.id")
			}
		}
		w.pass(time.Second)
		in := ask(t, w.Anonymous(), login, object{"in": object{"email": p.email, "password": p.password, "tenantId": own}})
		if text(in, "login.viewer.tenant.id") != own {
			t.Errorf("asked for %s, opened %v", own, in)
		}
		if last := w.logIn(p.email, p.password); encodeID("Tenant", last.tenant) != own {
			t.Error("not the tenant used last")
		}
		// The same person, and in each tenant only its records.
		send(t, owner, ingestCustomers, object{"shopifyId": 1})
		mine := w.logIn(p.email, p.password)
		if summary(t, mine.Client) == summary(t, p.Client) || !strings.Contains(summary(t, mine.Client), "customers:0") || !strings.Contains(summary(t, p.Client), "customers:1") {
			t.Error("a person's tenants are mixed up")
		}
		w.discreet(t, p, owner)
	})
}
