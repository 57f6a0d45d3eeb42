package auth_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/auth"
)

var (
	accessClaims  = auth.AccessClaims{UserID: 1<<62 + 1, TenantID: 1<<61 + 3, SessionID: 7}
	refreshClaims = auth.RefreshClaims{UserID: 1<<62 + 1, SessionID: 7, Generation: 4}
)

func TestTokensRoundTrip(t *testing.T) {
	t.Parallel()
	tokens := newKeySet(t).tokens()
	access, expires, err := tokens.IssueAccess(accessClaims)
	if err != nil {
		t.Fatal(err)
	}
	if want := noon.Add(15 * time.Minute); !expires.Equal(want) {
		t.Errorf("access token expires %v, want %v", expires, want)
	}
	if got, err := tokens.VerifyAccess(access); err != nil || got != accessClaims {
		t.Errorf("access: %+v, %v", got, err)
	}
	refresh, expires, err := tokens.IssueRefresh(refreshClaims)
	if err != nil {
		t.Fatal(err)
	}
	if want := noon.Add(30 * 24 * time.Hour); !expires.Equal(want) {
		t.Errorf("refresh token expires %v, want %v", expires, want)
	}
	if got, err := tokens.VerifyRefresh(refresh); err != nil || got != refreshClaims {
		t.Errorf("refresh: %+v, %v", got, err)
	}
	first, _, err := tokens.IssueRefresh(auth.RefreshClaims{UserID: 1, SessionID: 1})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := tokens.VerifyRefresh(first); err != nil || got.Generation != 0 {
		t.Errorf("generation 0: %+v, %v", got, err)
	}
}

// The clocks of two replicas may differ by 30 seconds, no more.
func TestTokensCountForTheirTime(t *testing.T) {
	t.Parallel()
	k := newKeySet(t)
	access, expires, err := k.tokens().IssueAccess(accessClaims)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at   time.Time
		want bool
	}{
		{noon.Add(-31 * time.Second), false},
		{noon.Add(-30 * time.Second), true},
		{noon, true},
		{expires.Add(30*time.Second - time.Nanosecond), true},
		{expires.Add(30 * time.Second), false},
	} {
		if _, err := k.at(c.at).VerifyAccess(access); (err == nil) != c.want {
			t.Errorf("at %v: err %v, want it to count: %v", c.at, err, c.want)
		}
	}
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	old, fresh := newKeySet(t), newKeySet(t)
	keys, err := auth.ParseKeys(old.private)
	if err != nil {
		t.Fatal(err)
	}
	tokens := auth.NewTokens(keys, func() time.Time { return noon })
	issue := func(tokens *auth.Tokens) string {
		t.Helper()
		token, _, err := tokens.IssueAccess(accessClaims)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	first := issue(tokens)
	for _, step := range []struct {
		name, document       string
		verifiesOld, signing bool // with the old key
		verifiesNew          bool
	}{
		{"publish", document(pair("active", old.entry, old.seal), pair("next", fresh.entry, fresh.seal)), true, true, true},
		{"promote", document(pair("active", fresh.entry, fresh.seal), pair("old", old.entry, old.seal)), true, false, true},
		{"drop", document(pair("active", fresh.entry, fresh.seal)), false, false, true},
	} {
		d, err := auth.ParseDocument([]byte(step.document))
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if err := keys.Use(d); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if _, err := tokens.VerifyAccess(first); (err == nil) != step.verifiesOld {
			t.Errorf("%s: a token of the old key: %v", step.name, err)
		}
		if _, err := tokens.VerifyAccess(issue(fresh.tokens())); (err == nil) != step.verifiesNew {
			t.Errorf("%s: a token of the new key: %v", step.name, err)
		}
		if _, err := old.tokens().VerifyAccess(issue(tokens)); (err == nil) != step.signing {
			t.Errorf("%s: the old key verifies a token of now: %v", step.name, err)
		}
	}
}

// forgeries returns tokens that must not count, by name. Each differs from a good access token in one thing.
func forgeries(t *testing.T, k keySet) map[string]string {
	t.Helper()
	stranger := newKeySet(t)
	iat, exp := noon.Unix(), noon.Add(15*time.Minute).Unix()
	header := fmt.Sprintf(`{"alg":"EdDSA","kid":%q,"typ":"at+jwt"}`, k.kid)
	payload := fmt.Sprintf(`{"iss":"shopsight","aud":"shopsight-api","sub":"5","sid":"7","tenant":"3","iat":%d,"nbf":%d,"exp":%d}`, iat, iat, exp)
	good := k.sign(header, payload)
	if _, err := k.tokens().VerifyAccess(good); err != nil {
		t.Fatalf("the token that the forgeries are made from does not count: %v", err)
	}
	refresh, _, err := k.tokens().IssueRefresh(refreshClaims)
	if err != nil {
		t.Fatal(err)
	}

	// with replaces a part of the header or payload, which must be there.
	with := func(whole, old, fresh string) string {
		if !strings.Contains(whole, old) {
			t.Fatalf("%q is not in %q", old, whole)
		}
		return strings.Replace(whole, old, fresh, 1)
	}
	head := func(old, fresh string) string { return k.sign(with(header, old, fresh), payload) }
	body := func(old, fresh string) string { return k.sign(header, with(payload, old, fresh)) }
	mac := func(alg string, secret string) string {
		input := encode(with(header, "EdDSA", alg)) + "." + encode(payload)
		h := hmac.New(sha256.New, []byte(secret))
		if alg == "HS512" {
			h = hmac.New(sha512.New, []byte(secret))
		}
		h.Write([]byte(input))
		return input + "." + encode(string(h.Sum(nil)))
	}
	parts := strings.Split(good, ".")
	unsigned := func(header string) string { return encode(header) + "." + parts[1] + "." }
	public, err := base64.RawURLEncoding.DecodeString(k.x)
	if err != nil {
		t.Fatal(err)
	}
	kid := `"kid":"` + k.kid + `"`
	number := func(n int64) string { return fmt.Sprint(n) }

	return map[string]string{
		"alg none, no signature":         unsigned(with(header, "EdDSA", "none")),
		"alg None, no signature":         unsigned(with(header, "EdDSA", "None")),
		"alg NONE, no signature":         unsigned(with(header, "EdDSA", "NONE")),
		"alg nOnE, no signature":         unsigned(with(header, "EdDSA", "nOnE")),
		"alg none, good signature":       head("EdDSA", "none"),
		"alg empty":                      head("EdDSA", ""),
		"alg missing":                    head(`"alg":"EdDSA",`, ""),
		"alg in another case":            head("EdDSA", "EDDSA"),
		"alg Ed25519":                    head("EdDSA", "Ed25519"),
		"alg RS256":                      head("EdDSA", "RS256"),
		"alg ES256":                      head("EdDSA", "ES256"),
		"alg a number":                   head(`"EdDSA"`, "1"),
		"alg a list":                     head(`"EdDSA"`, `["EdDSA"]`),
		"alg under another case of name": head(`"alg"`, `"Alg"`),
		"alg twice":                      head(`{"alg"`, `{"alg":"none","alg"`),
		"HS256 with the public key":      mac("HS256", string(public)),
		"HS256 with the encoded key":     mac("HS256", k.x),
		"HS512 with the public set":      mac("HS512", string(k.keys.PublicJWKS())),
		"HS256 with an empty secret":     mac("HS256", ""),
		"no signature":                   parts[0] + "." + parts[1] + ".",
		"blank signature":                parts[0] + "." + parts[1] + "." + encode(strings.Repeat("\x00", 64)),
		"short signature":                good[:len(good)-4],
		"long signature":                 good + "AAAA",
		"one bit of the signature":       flip(good),
		"signature of another payload":   parts[0] + "." + encode(with(payload, `"5"`, `"6"`)) + "." + parts[2],
		"another's key, our kid":         stranger.sign(header, payload),
		"another's key, its kid":         stranger.sign(with(header, k.kid, stranger.kid), payload),
		"kid missing":                    head(`,`+kid, ""),
		"kid empty":                      head(k.kid, ""),
		"kid unknown":                    head(k.kid, "unknown"),
		"kid a path":                     head(k.kid, "../../../../dev/null"),
		"kid SQL":                        head(k.kid, "x' UNION SELECT 'key' --"),
		"kid a number":                   head(`"`+k.kid+`"`, "1"),
		"kid null":                       head(`"`+k.kid+`"`, "null"),
		"kid twice":                      head(kid, kid+`,"kid":"unknown"`),
		"jku":                            head("{", `{"jku":"https://evil.example/keys",`),
		"x5u":                            head("{", `{"x5u":"https://evil.example/cert",`),
		"x5c":                            head("{", `{"x5c":["MIIB"],`),
		"jwk of another, signed by it": stranger.sign(with(header, "{",
			`{"jwk":{"kty":"OKP","crv":"Ed25519","x":"`+stranger.x+`"},`), payload),
		"crit":                        head("{", `{"crit":["exp"],`),
		"b64 false":                   head("{", `{"b64":false,"crit":["b64"],`),
		"zip":                         head("{", `{"zip":"DEF",`),
		"typ missing":                 head(`,"typ":"at+jwt"`, ""),
		"typ JWT":                     head("at+jwt", "JWT"),
		"typ of a refresh token":      head("at+jwt", "rt+jwt"),
		"typ in another case":         head("at+jwt", "AT+JWT"),
		"typ with its full name":      head("at+jwt", "application/at+jwt"),
		"a refresh token":             refresh,
		"refresh claims, access type": body("shopsight-api", "shopsight-refresh"),
		"iss wrong":                   body(`"shopsight"`, `"shopsight.example"`),
		"iss missing":                 body(`"iss":"shopsight",`, ""),
		"iss in another case":         body(`"shopsight"`, `"Shopsight"`),
		"aud wrong":                   body("shopsight-api", "other-api"),
		"aud missing":                 body(`"aud":"shopsight-api",`, ""),
		"aud a list":                  body(`"shopsight-api"`, `["shopsight-api","other-api"]`),
		"exp past":                    body(`"exp":`+number(exp), `"exp":`+number(iat-30)),
		"exp missing":                 body(`,"exp":`+number(exp), ""),
		"exp a string":                body(`"exp":`+number(exp), `"exp":"`+number(exp)+`"`),
		"exp a fraction":              body(`"exp":`+number(exp), `"exp":`+number(exp)+`.5`),
		"exp beyond 64 bits":          body(`"exp":`+number(exp), `"exp":99999999999999999999`),
		"exp beyond the calendar":     body(`"exp":`+number(exp), `"exp":9223372036854775807`),
		"exp negative":                body(`"exp":`+number(exp), `"exp":-1`),
		"exp with an exponent":        body(`"exp":`+number(exp), `"exp":1e20`),
		"exp null":                    body(`"exp":`+number(exp), `"exp":null`),
		"exp twice":                   body(`"exp"`, `"exp":`+number(exp+1e6)+`,"exp"`),
		"nbf ahead":                   body(`"nbf":`+number(iat), `"nbf":`+number(iat+31)),
		"nbf missing":                 body(`,"nbf":`+number(iat), ""),
		"iat ahead":                   body(`"iat":`+number(iat), `"iat":`+number(iat+31)),
		"iat missing":                 body(`"iat":`+number(iat)+`,`, ""),
		"sub missing":                 body(`"sub":"5",`, ""),
		"sub a number":                body(`"sub":"5"`, `"sub":5`),
		"sub zero":                    body(`"sub":"5"`, `"sub":"0"`),
		"sub negative":                body(`"sub":"5"`, `"sub":"-5"`),
		"sub with a sign":             body(`"sub":"5"`, `"sub":"+5"`),
		"sub with a zero ahead":       body(`"sub":"5"`, `"sub":"05"`),
		"sub twice":                   body(`"sub"`, `"sub":"6","sub"`),
		"sub beyond 64 bits":          body(`"sub":"5"`, `"sub":"99999999999999999999"`),
		"tenant missing":              body(`"tenant":"3",`, ""),
		"tenant twice":                body(`"tenant"`, `"tenant":"4","tenant"`),
		"tenant under another case":   body(`"tenant"`, `"Tenant"`),
		"tenant of SQL":               body(`"tenant":"3"`, `"tenant":"3 OR 1=1"`),
		"sid missing":                 body(`"sid":"7",`, ""),
		"payload a list":              k.sign(header, "["+payload+"]"),
		"payload with more after it":  k.sign(header, payload+"{}"),
		"payload invalid UTF-8":       body("{", "{\"x\":\"\xff\","),
		"payload empty":               k.sign(header, ""),
		"payload cut":                 k.sign(header, payload[:len(payload)-1]),
		"header null":                 k.sign("null", payload),
		"header empty":                k.sign("", payload),
		"empty":                       "",
		"dots":                        "..",
		"two parts":                   parts[0] + "." + parts[1],
		"four parts":                  good + "." + parts[2],
		"five parts, encrypted":       parts[0] + "..." + parts[1] + "." + parts[2],
		"padded":                      good + "==",
		"line break inside":           parts[0] + "\n." + parts[1] + "." + parts[2],
		"space ahead":                 " " + good,
		"standard alphabet":           strings.NewReplacer("-", "+", "_", "/").Replace(k.sign(header, with(payload, "{", `{"x":"???>>>~~~",`))),
		"left-over bits":              respell(good),
		"JSON serialisation":          `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
		"longer than any token":       body("{", `{"x":"`+strings.Repeat("x", 2048)+`",`),
	}
}

// flip changes one bit of the signature.
func flip(token string) string {
	b := []byte(token)
	i := len(b) - 10
	if b[i] == 'A' {
		b[i] = 'B'
	} else {
		b[i] = 'A'
	}
	return string(b)
}

// respell sets a bit that the last character of the signature carries but no decoder reads.
func respell(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, token[len(token)-1])
	return token[:len(token)-1] + string(alphabet[last|1])
}

func TestForgedTokensAreRefused(t *testing.T) {
	t.Parallel()
	k := newKeySet(t)
	forged := forgeries(t, k)
	if len(forged) < 40 {
		t.Fatalf("only %d forgeries", len(forged))
	}
	for name, token := range forged {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c, err := k.tokens().VerifyAccess(token); err != auth.ErrToken || c != (auth.AccessClaims{}) {
				t.Errorf("claims %+v, err %v", c, err)
			}
			if name == "a refresh token" {
				return
			}
			if c, err := k.tokens().VerifyRefresh(token); err != auth.ErrToken || c != (auth.RefreshClaims{}) {
				t.Errorf("as a refresh token: claims %+v, err %v", c, err)
			}
		})
	}
}

func TestForgedRefreshTokensAreRefused(t *testing.T) {
	t.Parallel()
	k := newKeySet(t)
	access, _, err := k.tokens().IssueAccess(accessClaims)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(typ, aud, gen string) string {
		return k.sign(fmt.Sprintf(`{"alg":"EdDSA","kid":%q,"typ":%q}`, k.kid, typ),
			fmt.Sprintf(`{"iss":"shopsight","aud":%q,"sub":"5","sid":"7"%s,"iat":%d,"nbf":%[3]d,"exp":%d}`,
				aud, gen, noon.Unix(), noon.Add(time.Hour).Unix()))
	}
	if _, err := k.tokens().VerifyRefresh(sign("rt+jwt", "shopsight-refresh", `,"gen":1`)); err != nil {
		t.Fatalf("the token that the forgeries are made from does not count: %v", err)
	}
	for name, token := range map[string]string{
		"an access token":    access,
		"access type":        sign("at+jwt", "shopsight-refresh", `,"gen":1`),
		"access audience":    sign("rt+jwt", "shopsight-api", `,"gen":1`),
		"no generation":      sign("rt+jwt", "shopsight-refresh", ""),
		"negative":           sign("rt+jwt", "shopsight-refresh", `,"gen":-1`),
		"generation as text": sign("rt+jwt", "shopsight-refresh", `,"gen":"1"`),
		"generation twice":   sign("rt+jwt", "shopsight-refresh", `,"gen":1,"gen":2`),
		"half a generation":  sign("rt+jwt", "shopsight-refresh", `,"gen":1.5`),
	} {
		if _, err := k.tokens().VerifyRefresh(token); err != auth.ErrToken {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	private, err := auth.GenerateKeys()
	if err != nil {
		f.Fatal(err)
	}
	keys, err := auth.ParseKeys(private)
	if err != nil {
		f.Fatal(err)
	}
	tokens := auth.NewTokens(keys, func() time.Time { return noon })
	good, _, err := tokens.IssueAccess(accessClaims)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Fuzz(func(t *testing.T, token string) {
		if c, err := tokens.VerifyAccess(token); err == nil && (token != good || c != accessClaims) {
			t.Errorf("%q counts as %+v", token, c)
		}
		if _, err := tokens.VerifyRefresh(token); err == nil {
			t.Errorf("%q counts as a refresh token", token)
		}
	})
}
