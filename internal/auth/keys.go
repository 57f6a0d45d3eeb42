// Package auth turns credentials into viewers: it keeps the keys of the service, issues and verifies the two kinds of
// JSON web tokens, and reads the bearer token of an HTTP request.
//
// A token proves only who holds which session. Whether that session still counts, and with which role, is asked of the
// Sessions that the middleware is given, at each request.
package auth

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"

	"github.com/shopsight/shopsight/internal/secret"
)

// Keys is the keys in use: those of the document that it was last given. The active ones sign and seal, all verify and
// open. It is safe for concurrent use, and shows no key however it is printed.
type Keys struct {
	set atomic.Pointer[keySet]
	box *secret.Box
}

// keySet is what tokens are signed and verified with.
type keySet struct {
	signing   ed25519.PrivateKey
	signingID string
	verify    map[string]ed25519.PublicKey
	public    []byte
	about     []Key
}

// NewKeys returns the keys of a document.
func NewKeys(d *Document) (*Keys, error) {
	k := &Keys{box: new(secret.Box)}
	if err := k.Use(d); err != nil {
		return nil, err
	}
	return k, nil
}

// ParseKeys returns the keys of an encoded document.
func ParseKeys(data []byte) (*Keys, error) {
	d, err := ParseDocument(data)
	if err != nil {
		return nil, err
	}
	return NewKeys(d)
}

// GenerateKeys returns a new document of one pair, in the form that ParseKeys reads.
func GenerateKeys() ([]byte, error) {
	d, err := NewDocument(time.Now())
	if err != nil {
		return nil, err
	}
	return d.Encode()
}

// Use goes over to the keys of another document at once, for tokens and for the box. On an error nothing changes.
func (k *Keys) Use(d *Document) error {
	set := &keySet{verify: map[string]ed25519.PublicKey{}, about: d.Keys()}
	public := jwk.NewSet()
	var sealing [][]byte
	for _, p := range d.pairs { // the active one is the first
		if p.state == Active {
			set.signing, set.signingID = p.private, p.signID
		}
		set.verify[p.signID] = p.private.Public().(ed25519.PublicKey)
		key, err := webKey(set.verify[p.signID], p.signID)
		if err != nil {
			return fmt.Errorf("keys: %w", err)
		}
		if err := public.AddKey(key); err != nil {
			return fmt.Errorf("keys: %w", err)
		}
		sealing = append(sealing, p.seal)
	}
	var err error
	if set.public, err = json.Marshal(public); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	if err := k.box.Replace(sealing...); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	k.set.Store(set)
	return nil
}

// Box returns the box that seals secrets. It is always the same one, and goes over to other keys with k.
func (k *Keys) Box() *secret.Box { return k.box }

// About tells about every key: see Document.Keys.
func (k *Keys) About() []Key { return append([]Key(nil), k.set.Load().about...) }

// PublicJWKS returns the public halves of what signs tokens as a JSON web key set, for anybody who wants to verify them.
func (k *Keys) PublicJWKS() []byte { return append([]byte(nil), k.set.Load().public...) }

// Format prints no key, whatever is asked for.
func (*Keys) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue logs no key.
func (*Keys) LogValue() slog.Value { return slog.StringValue(redacted) }

// parseSigning reads a JSON web key of Ed25519 (RFC 8037) with its private half, and returns it with its kid. A key
// without one gets its thumbprint (RFC 7638). Its errors do not quote the input.
func parseSigning(data []byte) (ed25519.PrivateKey, string, error) {
	key, err := jwk.ParseKey(data)
	if err != nil {
		return nil, "", errors.New("not a JSON web key with its private half")
	}
	okp, ok := key.(jwk.OKPPrivateKey)
	if !ok || okp.Crv() != jwa.Ed25519 {
		return nil, "", errors.New("not an Ed25519 private key")
	}
	if alg := key.Algorithm().String(); alg != "" && alg != jwa.EdDSA.String() {
		return nil, "", errors.New("its alg is not EdDSA")
	}
	if use := key.KeyUsage(); use != "" && use != jwk.ForSignature.String() {
		return nil, "", errors.New("its use is not sig")
	}
	var private ed25519.PrivateKey
	if err := key.Raw(&private); err != nil {
		return nil, "", errors.New("its two halves do not belong together")
	}
	id := key.KeyID()
	if id == "" {
		sum, err := key.Thumbprint(crypto.SHA256)
		if err != nil {
			return nil, "", fmt.Errorf("thumbprint: %w", err)
		}
		id = base64.RawURLEncoding.EncodeToString(sum)
	}
	if len(id) > 128 {
		return nil, "", errors.New("its kid is longer than 128 bytes")
	}
	return private, id, nil
}

// generateSigning returns a new key that parseSigning reads.
func generateSigning() ([]byte, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	key, err := webKey(private, "")
	if err != nil {
		return nil, err
	}
	return json.Marshal(key)
}

// webKey dresses a raw key. An empty kid stands for the thumbprint.
func webKey(raw any, id string) (jwk.Key, error) {
	key, err := jwk.FromRaw(raw)
	if err != nil {
		return nil, err
	}
	if id == "" {
		if err := jwk.AssignKeyID(key); err != nil {
			return nil, err
		}
	} else if err := key.Set(jwk.KeyIDKey, id); err != nil {
		return nil, err
	}
	return key, errors.Join(key.Set(jwk.AlgorithmKey, jwa.EdDSA), key.Set(jwk.KeyUsageKey, jwk.ForSignature))
}
