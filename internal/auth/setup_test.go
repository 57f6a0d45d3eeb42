package auth_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/auth"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// keySet is a key set of one key with its parts laid open, so that tests can sign what the package never would.
type keySet struct {
	private          []byte
	entry, kid, x, d string
	keys             *auth.Keys
	signer           ed25519.PrivateKey
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
	var set struct {
		Keys []struct{ Kid, X, D string }
	}
	var raw struct{ Keys []json.RawMessage }
	if err := json.Unmarshal(private, &set); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(private, &raw); err != nil {
		t.Fatal(err)
	}
	key := set.Keys[0]
	seed, err := base64.RawURLEncoding.DecodeString(key.D)
	if err != nil {
		t.Fatal(err)
	}
	return keySet{
		private: private, entry: string(raw.Keys[0]), kid: key.Kid, x: key.X, d: key.D,
		keys: keys, signer: ed25519.NewKeyFromSeed(seed),
	}
}

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
