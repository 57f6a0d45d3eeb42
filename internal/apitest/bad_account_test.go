package apitest_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/testkit/api"
)

// refusal is a request that is refused, and what the answer says, as verdict writes it.
type refusal struct {
	name, query string
	vars        object
	want        string
}

// refuse holds that each request is refused as it should be, that it changes nothing, and that neither log nor answer
// repeats what is secret: every password and address of the cases has the word hidden in it.
func (w *world) refuse(t *testing.T, p *person, asker *api.Client, cases []refusal) {
	t.Helper()
	before, accounts := summary(t, p.Client), w.accounts(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a := say(asker, c.query, c.vars)
			if got := strings.Join(verdict(a), " | "); got != c.want {
				t.Errorf("refused as %q, want %q\n%.600s", got, c.want, a.Body)
			}
			if bytes.Contains(a.Body, []byte("hidden")) {
				t.Errorf("the answer repeats a secret: %.600s", a.Body)
			}
		})
	}
	if after := summary(t, p.Client); after != before {
		t.Errorf("changed\n%s\nto\n%s", before, after)
	}
	if after := w.accounts(t); after != accounts {
		t.Errorf("people, tenants and sessions were %v and are %v", accounts, after)
	}
	w.discreet(t, p)
}

// accounts counts people, tenants and sessions.
func (w *world) accounts(t *testing.T) (n [3]int) {
	t.Helper()
	c := w.Store.Client()
	for i, count := range []func() (int, error){
		func() (int, error) { return c.User.Query().Count(w.system) },
		func() (int, error) { return c.Tenant.Query().Count(w.system) },
		func() (int, error) { return c.Session.Query().Count(w.system) },
	} {
		var err error
		if n[i], err = count(); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// discreet holds that the log has no secret in it, and no error of ours.
func (w *world) discreet(t *testing.T, secrets ...*person) {
	t.Helper()
	log := w.log.String()
	words := []string{"hidden", `"level":"ERROR"`}
	for _, p := range secrets {
		words = append(words, p.Token, p.refresh, p.email, p.password)
	}
	for _, word := range words {
		if i := strings.Index(log, word); i >= 0 {
			t.Errorf("the log has %q: %s", word, log[max(0, i-300):min(len(log), i+300)])
		}
	}
}

const (
	signup = `mutation($in: SignupInput!) { signup(input: $in) { ` + credentials + ` } }`
	login  = `mutation($in: LoginInput!) { login(input: $in) { ` + credentials + ` } }`
)

func TestBadAccountInput(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("hidden", 50)
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		up := func(change object) object {
			in := object{"email": "hidden.new@example.com", "password": "hidden horse battery", "tenantName": "New"}
			for k, v := range change {
				in[k] = v
			}
			return object{"in": in}
		}
		in := func(email, password any) object { return object{"in": object{"email": email, "password": password}} }
		w.refuse(t, p, w.Anonymous(), []refusal{
			{"password of seven characters", signup, up(object{"password": "hidden7"}), "! TOO_SHORT input.password"},
			{"no password", signup, up(object{"password": ""}), "! REQUIRED input.password"},
			{"common password", signup, up(object{"password": "Password123"}), "! INVALID input.password"},
			{"password of 129 characters", signup, up(object{"password": long[:129]}), "! TOO_LONG input.password"},
			{"long password of many bytes", signup, up(object{"password": strings.Repeat("é😀", 65)}), "! TOO_LONG input.password"},
			{"password is the address", signup, up(object{"password": "hidden.new@example.com"}), "! INVALID input.password"},
			{"password is the store", signup, up(object{"password": "hidden store", "tenantName": "Hidden Store"}), "! INVALID input.password"},
			{"password a number", signup, up(object{"password": 12345678}), "BAD_USER_INPUT signup.input.password"},
			{"password a list", signup, up(object{"password": []string{"hidden"}}), "BAD_USER_INPUT variable.in.password"},
			{"password an object", signup, up(object{"password": object{"hidden": "hidden"}}), "BAD_USER_INPUT variable.in.password"},
			{"password null", signup, up(object{"password": nil}), "BAD_USER_INPUT variable.in.password"},
			{"password without quotes", `mutation { login(input: {email: "a@example.com", password: hidden}) { accessToken } }`, nil, "GRAPHQL_VALIDATION_FAILED"},
			{"password as the input", `mutation { login(input: "hidden") { accessToken } }`, nil, "GRAPHQL_VALIDATION_FAILED"},
			{"password as a field", `mutation { login(input: {email: "a@example.com", password: "hidden", secret: "hidden"}) { accessToken } }`, nil, "GRAPHQL_VALIDATION_FAILED"},
			{"unclosed password", `mutation { login(input: {email: "a@example.com", password: "hidden) { accessToken } }`, nil, "GRAPHQL_PARSE_FAILED"},

			{"no address", signup, up(object{"email": " "}), "! REQUIRED input.email"},
			{"no at", signup, up(object{"email": "hidden"}), "! INVALID input.email"},
			{"no domain", signup, up(object{"email": "hidden@"}), "! INVALID input.email"},
			{"one label", signup, up(object{"email": "hidden@localhost"}), "! INVALID input.email"},
			{"two ats", signup, up(object{"email": "hidden@hidden@example.com"}), "! INVALID input.email"},
			{"space inside", signup, up(object{"email": "hidden new@example.com"}), "! INVALID input.email"},
			{"display name", signup, up(object{"email": "Hidden <hidden@example.com>"}), "! INVALID input.email"},
			{"header injection", signup, up(object{"email": "hidden@example.com\r\nBcc: x@example.com"}), "! INVALID input.email"},
			{"no ASCII", signup, up(object{"email": "hidden\u212A@example.com"}), "! INVALID input.email"},
			{"hyphen at the edge", signup, up(object{"email": "hidden@-example.com"}), "! INVALID input.email"},
			{"address of 255 characters", signup, up(object{"email": long[:243] + "@example.com"}), "! TOO_LONG input.email"},
			{"address in use", signup, up(object{"email": strings.ToUpper(p.email)}), "! TAKEN input.email"},

			{"timezone empty", signup, up(object{"timezone": ""}), "! INVALID input.timezone"},
			{"timezone null", signup, up(object{"timezone": nil}), "BAD_USER_INPUT variable.in.timezone"},
			{"unknown timezone", signup, up(object{"timezone": "Mars/Olympus"}), "! INVALID input.timezone"},
			{"timezone of the machine", signup, up(object{"timezone": "Local"}), "! INVALID input.timezone"},
			{"timezone a path", signup, up(object{"timezone": "../../etc/passwd"}), "! INVALID input.timezone"},
			{"timezone an offset", signup, up(object{"timezone": "+02:00"}), "! INVALID input.timezone"},
			{"unknown currency", signup, up(object{"currencyCode": "ZZZ"}), "BAD_USER_INPUT signup.input.currencyCode"},
			{"currency in lower case", signup, up(object{"currencyCode": "eur"}), "BAD_USER_INPUT signup.input.currencyCode"},
			{"currency empty", signup, up(object{"currencyCode": ""}), "BAD_USER_INPUT signup.input.currencyCode"},
			{"store without a name", signup, up(object{"tenantName": " \t"}), "! REQUIRED input.tenantName"},
			{"store of 256 characters", signup, up(object{"tenantName": strings.Repeat("x", 256)}), "! TOO_LONG input.tenantName"},
			{"store with a line feed", signup, up(object{"tenantName": "a\nb"}), "! INVALID input.tenantName"},
			{"logo a script", signup, up(object{"logoUrl": "javascript:alert(1)"}), "BAD_USER_INPUT signup.input.logoUrl"},
			{"everything at once", signup, up(object{"email": "hidden", "password": "hidden", "tenantName": "", "timezone": "x"}),
				"! INVALID input.email | ! TOO_SHORT input.password | ! REQUIRED input.tenantName | ! INVALID input.timezone"},
			{"unknown field", signup, up(object{"shopColour": "x"}), "BAD_USER_INPUT variable.in.shopColour"},

			{"wrong password", login, in(p.email, "hidden wrong"), "! INVALID_CREDENTIALS"},
			{"unknown address", login, in("hidden.nobody@example.com", "hidden wrong"), "! INVALID_CREDENTIALS"},
			{"malformed address", login, in("hidden", "hidden wrong"), "! INVALID_CREDENTIALS"},
			{"empty password", login, in(p.email, ""), "! INVALID_CREDENTIALS"},
			{"endless password", login, in(p.email, p.password+strings.Repeat("x", 100_000)), "! INVALID_CREDENTIALS"},
			{"password in another case", login, in(p.email, strings.ToUpper(p.password)), "! INVALID_CREDENTIALS"},
			{"tenant that is none", login, object{"in": object{"email": p.email, "password": p.password, "tenantId": "x"}}, "BAD_USER_INPUT login.input.tenantId"},
			{"id of another kind", login, object{"in": object{"email": p.email, "password": p.password, "tenantId": encodeID("Order", 1)}}, "BAD_USER_INPUT login.input.tenantId"},
			{"tenant that does not exist", login, object{"in": object{"email": p.email, "password": p.password, "tenantId": encodeID("Tenant", 1)}}, "! NOT_FOUND input.tenantId"},

			{"no refresh token", `mutation { refresh { ` + credentials + ` } }`, nil, "! REQUIRED refreshToken"},
			{"null refresh token", `mutation { refresh(refreshToken: null) { ` + credentials + ` } }`, nil, "! REQUIRED refreshToken"},
			{"garbage as refresh token", `mutation { refresh(refreshToken: "hidden") { ` + credentials + ` } }`, nil, "! INVALID_CREDENTIALS refreshToken"},
			{"access token as refresh token", `mutation($t: String) { refresh(refreshToken: $t) { ` + credentials + ` } }`, object{"t": p.Token}, "! INVALID_CREDENTIALS refreshToken"},
			{"five guesses in one request", `mutation {` + strings.Repeat(` login(input: {email: "a@example.com", password: "hidden"}) { accessToken }`, 21) + `}`, nil, "QUERY_TOO_COMPLEX"},
		})
		// p is still who p was.
		if w.logIn(p.email, p.password).tenant != p.tenant {
			t.Error("the owner cannot log in any more")
		}
	})
}

// Who guesses learns nothing from the answer about whether there is such an account.
func TestWrongLoginsAnswerAlike(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		var bodies []string
		for _, c := range []struct{ email, password string }{
			{p.email, "hidden wrong"}, {"hidden.nobody@example.com", "hidden wrong"}, {"hidden.nobody@example.com", p.password},
			{p.email, ""}, {"", ""}, {"hidden", "hidden"}, {p.email, strings.Repeat("hidden", 1000)},
		} {
			a := say(w.Anonymous(), login, object{"in": object{"email": c.email, "password": c.password}})
			bodies = append(bodies, strings.TrimSpace(string(a.Body)))
			if a.Status != 200 || bodies[len(bodies)-1] != bodies[0] {
				t.Errorf("%q answers %d %s, unlike %s", c.email, a.Status, a.Body, bodies[0])
			}
		}
		w.discreet(t, p)
	})
}

// A credential that does not count is refused before anything is asked, always alike.
func TestBadCredentials(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.signUp(nil)
		parts := strings.Split(p.Token, ".")
		var first string
		for name, token := range map[string]string{
			"garbage": "hidden", "refresh token": p.refresh, "no signature": parts[0] + "." + parts[1] + ".",
			"none": "eyJhbGciOiJub25lIn0." + parts[1] + ".", "cut": p.Token[:len(p.Token)-2], "twice": p.Token + " " + p.Token,
		} {
			c := w.Anonymous()
			c.Token = token
			a := say(c, `{ __typename viewer { role } }`)
			if first == "" {
				first = string(a.Body)
			}
			if a.Status != 401 || strings.Join(verdict(a), "") != "UNAUTHENTICATED" || string(a.Body) != first {
				t.Errorf("%s: %d %s", name, a.Status, a.Body)
			}
		}
		w.pass(16 * minute)
		if a := say(p.Client, `{ viewer { role } }`); a.Status != 401 || string(a.Body) != first {
			t.Errorf("expired: %d %s", a.Status, a.Body)
		}
		w.discreet(t, p)
	})
}
