package auth_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/auth"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// keySet is the keys of a document of one pair with its parts laid open, so that tests can sign what the package never
// would.
type keySet struct {
	private                []byte
	entry, seal, kid, x, d string
	keys                   *auth.Keys
	signer                 ed25519.PrivateKey
}

func newKeySet(t *testing.T) keySet {
	t.Helper()
	private, err := auth.GenerateKeys()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := auth.ParseKeys(private)
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Keys []struct{ Sign, Seal json.RawMessage }
	}
	var key struct{ Kid, X, D string }
	if err := json.Unmarshal(private, &document); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(document.Keys[0].Sign, &key); err != nil {
		t.Fatal(err)
	}
	seed, err := base64.RawURLEncoding.DecodeString(key.D)
	if err != nil {
		t.Fatal(err)
	}
	return keySet{
		private: private, entry: string(document.Keys[0].Sign), seal: string(document.Keys[0].Seal),
		kid: key.Kid, x: key.X, d: key.D, keys: keys, signer: ed25519.NewKeyFromSeed(seed),
	}
}

// pair is a pair of keys as a document holds it.
func pair(state, sign, seal string) string {
	return fmt.Sprintf(`{"state":%q,"created":"2026-11-01T00:00:00Z","since":"2026-11-02T00:00:00Z","sign":%s,"seal":%s}`, state, sign, seal)
}

func document(pairs ...string) string { return `{"keys":[` + strings.Join(pairs, ",") + `]}` }

func (k keySet) tokens() *auth.Tokens { return k.at(noon) }

func (k keySet) at(now time.Time) *auth.Tokens {
	return auth.NewTokens(k.keys, func() time.Time { return now })
}

// sign makes a compact token of any header and payload with the set's key.
func (k keySet) sign(header, payload string) string {
	input := encode(header) + "." + encode(payload)
	return input + "." + encode(string(ed25519.Sign(k.signer, []byte(input))))
}

func encode(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
