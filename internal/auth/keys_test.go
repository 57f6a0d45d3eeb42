package auth_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/auth"
)

func TestParseKeysRefuses(t *testing.T) {
	t.Parallel()
	a, b, c := newKeySet(t), newKeySet(t), newKeySet(t)
	with := func(change func(map[string]any)) string {
		var key map[string]any
		if err := json.Unmarshal([]byte(a.entry), &key); err != nil {
			t.Fatal(err)
		}
		change(key)
		out, err := json.Marshal(key)
		if err != nil {
			t.Fatal(err)
		}
		return document(pair("active", string(out), a.seal))
	}
	const symmetric = `{"kty":"oct","kid":"x","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"}`
	good := pair("active", a.entry, a.seal)
	many := []string{good}
	for range 16 {
		k := newKeySet(t)
		many = append(many, pair("old", k.entry, k.seal))
	}
	for name, keys := range map[string]string{
		"nothing":                 ``,
		"no document":             `[]`,
		"null":                    `null`,
		"no keys":                 `{"keys":[]}`,
		"cut":                     document(good)[:200],
		"more after it":           document(good) + `{}`,
		"a member nobody knows":   `{"kesy":[],` + document(good)[1:],
		"a pair's, likewise":      document(strings.Replace(good, "{", `{"note":"x",`, 1)),
		"public key":              with(func(k map[string]any) { delete(k, "d") }),
		"halves of two keys":      with(func(k map[string]any) { k["d"] = b.d }),
		"short private half":      with(func(k map[string]any) { k["d"] = "AAAA" }),
		"other curve":             with(func(k map[string]any) { k["crv"] = "X25519" }),
		"other algorithm":         with(func(k map[string]any) { k["alg"] = "HS256" }),
		"other use":               with(func(k map[string]any) { k["use"] = "enc" }),
		"endless kid":             with(func(k map[string]any) { k["kid"] = strings.Repeat("k", 129) }),
		"a set for a key":         document(pair("active", `{"keys":[`+a.entry+`]}`, a.seal)),
		"symmetric key":           document(pair("active", symmetric, a.seal)),
		"second one symmetric":    document(good, pair("old", symmetric, b.seal)),
		"no signing key":          document(pair("active", "null", a.seal)),
		"no sealing key":          document(pair("active", a.entry, "null")),
		"the two changed":         document(pair("active", a.seal, a.entry)),
		"none active":             document(pair("old", a.entry, a.seal)),
		"two active":              document(good, pair("active", b.entry, b.seal)),
		"two next":                document(good, pair("next", b.entry, b.seal), pair("next", c.entry, c.seal)),
		"another state":           document(good, pair("retired", b.entry, b.seal)),
		"one signing key twice":   document(good, pair("old", a.entry, b.seal)),
		"one sealing key twice":   document(good, pair("old", b.entry, a.seal)),
		"without its time":        document(strings.Replace(good, `"since":"2026-11-02T00:00:00Z",`, "", 1)),
		"used before it was made": document(strings.Replace(good, "2026-11-02", "2026-10-02", 1)),
		"seventeen pairs":         document(many...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := auth.ParseKeys([]byte(keys))
			if err == nil {
				t.Fatal("accepted")
			}
			for _, secret := range []string{a.d, b.d, "c2VjcmV0", sealed(t, a), sealed(t, b)} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error tells a key: %v", err)
				}
			}
		})
	}
	if _, err := auth.ParseKeys([]byte(document(many[:16]...))); err != nil {
		t.Errorf("sixteen pairs: %v", err)
	}
}

// sealed returns the material of a set's key for secrets.
func sealed(t *testing.T, k keySet) string {
	t.Helper()
	var key struct {
		Key []struct{ KeyData struct{ Value string } }
	}
	if err := json.Unmarshal([]byte(k.seal), &key); err != nil {
		t.Fatal(err)
	}
	return key.Key[0].KeyData.Value
}

func TestParseKeysNamesAKeyByItsThumbprint(t *testing.T) {
	t.Parallel()
	a := newKeySet(t)
	var key map[string]any
	if err := json.Unmarshal([]byte(a.entry), &key); err != nil {
		t.Fatal(err)
	}
	delete(key, "kid")
	delete(key, "alg")
	delete(key, "use")
	bare, err := json.Marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := auth.ParseKeys([]byte(document(pair("active", string(bare), a.seal))))
	if err != nil {
		t.Fatal(err)
	}
	if want := string(a.keys.PublicJWKS()); string(keys.PublicJWKS()) != want {
		t.Errorf("public set %s, want %s", keys.PublicJWKS(), want)
	}
}

func TestPublicJWKSHoldsNoPrivateHalf(t *testing.T) {
	t.Parallel()
	a := newKeySet(t)
	var set struct{ Keys []map[string]string }
	if err := json.Unmarshal(a.keys.PublicJWKS(), &set); err != nil {
		t.Fatal(err)
	}
	if len(set.Keys) != 1 {
		t.Fatalf("%d keys", len(set.Keys))
	}
	want := map[string]string{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": a.kid, "x": a.x}
	if len(set.Keys[0]) != len(want) {
		t.Errorf("members %v, want %v", set.Keys[0], want)
	}
	for name, value := range want {
		if set.Keys[0][name] != value {
			t.Errorf("%s = %q, want %q", name, set.Keys[0][name], value)
		}
	}
}

func TestDocumentGoesThroughItsStates(t *testing.T) {
	t.Parallel()
	now := noon
	d, err := auth.NewDocument(now)
	if err != nil {
		t.Fatal(err)
	}
	check := func(step string, want ...string) {
		t.Helper()
		var got []string
		for _, k := range d.Keys() {
			if k.Use == auth.ForTokens {
				got = append(got, fmt.Sprintf("%s %s", k.State, k.Since.Format("01-02")))
			}
		}
		if !slices.Equal(got, want) || len(d.Keys()) != 2*len(want) {
			t.Errorf("%s: %q, want %q", step, got, want)
		}
		text, err := d.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := auth.ParseDocument(text)
		if err != nil || !slices.Equal(again.Keys(), d.Keys()) {
			t.Errorf("%s: does not come back as it was written: %v", step, err)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check("new", "active 11-23")
	if err := d.Promote(now); err == nil {
		t.Error("promoted what was not published")
	}
	must(d.Publish(now))
	check("published", "active 11-23", "next 11-23")
	if err := d.Publish(now); err == nil {
		t.Error("published twice")
	}
	if dropped := d.Drop(now.AddDate(1, 0, 0), true); dropped != nil {
		t.Errorf("dropped %v, which are not old", dropped)
	}
	first := d.Keys()[0].ID
	now = now.AddDate(0, 0, 1)
	must(d.Promote(now))
	check("promoted", "active 11-24", "old 11-24")
	now = now.AddDate(0, 0, 1)
	must(d.Publish(now))
	must(d.Promote(now))
	check("promoted again", "active 11-25", "old 11-25", "old 11-24")

	// A replica may sign with an old key for a day, what it signs counts for 30, and clocks differ by half a minute.
	until := noon.AddDate(0, 0, 1+31).Add(30 * time.Second)
	if got := d.Keys()[5].Droppable(); !got.Equal(until) {
		t.Errorf("droppable from %v, want %v", got, until)
	}
	if dropped := d.Drop(until.Add(-time.Second), false); dropped != nil {
		t.Errorf("dropped %v, which a token may name", dropped)
	}
	if dropped := d.Drop(until, false); len(dropped) != 2 || dropped[0].ID != first || dropped[1].Use != auth.ForSecrets {
		t.Errorf("dropped %v", dropped)
	}
	check("dropped", "active 11-25", "old 11-25")
	d.Drop(now, true)
	check("dropped by force", "active 11-25")

	must(d.Publish(now))
	must(d.Promote(now.AddDate(-1, 0, 0)))
	check("promoted by a clock that was set back", "active 11-25", "old 11-25")
	for range 14 {
		must(d.Publish(now))
		must(d.Promote(now))
	}
	if err := d.Publish(now); err == nil {
		t.Error("published without end")
	}
}

func TestKeysAreNotShown(t *testing.T) {
	t.Parallel()
	k := newKeySet(t)
	d, err := auth.ParseDocument(k.private)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	for _, v := range []any{k.keys, d, k.tokens(), k.keys.Box()} {
		logger.Info("x", "v", v, "in", struct{ V any }{v})
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		shown := string(text) + fmt.Sprintf("%v %+v %#v %s %d %x %v", v, v, v, v, v, v, struct{ V any }{v}) + log.String()
		for _, secret := range []string{k.d, fmt.Sprintf("%x", k.signer.Seed()), strings.Trim(fmt.Sprint(k.signer.Seed()), "[]"), sealed(t, k)} {
			if strings.Contains(shown, secret) {
				t.Errorf("%T shows a key", v)
			}
		}
	}
	for _, told := range k.keys.About() {
		if strings.Contains(fmt.Sprintf("%+v", told), k.d) {
			t.Error("About tells a key")
		}
	}
}

func FuzzParseKeys(f *testing.F) {
	good, err := auth.GenerateKeys()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"keys":[{"state":"active"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := auth.ParseDocument(data)
		if err != nil {
			return
		}
		text, err := d.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := auth.ParseDocument(text)
		if err != nil || !slices.Equal(again.Keys(), d.Keys()) {
			t.Errorf("does not come back as it was written: %v", err)
		}
		if _, err := auth.NewKeys(d); err != nil {
			t.Errorf("a document that parses has no keys: %v", err)
		}
	})
}
