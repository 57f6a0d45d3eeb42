// Package auth turns credentials into viewers: it keeps the signing keys, issues and verifies the two kinds of JSON web
// tokens, and reads the bearer token of an HTTP request.
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

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
)

// maxKeys bounds a key set: one that signs, those before it that tokens of the last month still name, and room.
const maxKeys = 16

// Keys is a set of Ed25519 signing keys. The first signs, all verify: to rotate, put a new key first and drop an old one
// when the last token that it signed has expired. Keys is immutable.
type Keys struct {
	signing   ed25519.PrivateKey
	signingID string
	verify    map[string]ed25519.PublicKey
	public    []byte
}

// ParseKeys reads a JSON web key set of Ed25519 private keys (RFC 8037). A key without `kid` gets its thumbprint (RFC
// 7638). It refuses keys of any other type, public keys, a key that says it serves something other than EdDSA
// signatures, two keys of one kid, and sets that are empty or larger than 16. Its errors hold no key material.
func ParseKeys(data []byte) (*Keys, error) {
	set, err := jwk.Parse(data)
	if err != nil {
		// The cause may quote the input, which is secret.
		return nil, errors.New("signing keys: not a JSON web key set of private keys")
	}
	if set.Len() == 0 {
		return nil, errors.New("signing keys: the set is empty")
	}
	if set.Len() > maxKeys {
		return nil, fmt.Errorf("signing keys: the set has %d keys, at most %d are allowed", set.Len(), maxKeys)
	}
	k := &Keys{verify: make(map[string]ed25519.PublicKey, set.Len())}
	public := jwk.NewSet()
	for i := range set.Len() {
		key, _ := set.Key(i)
		private, id, err := privateKey(key)
		if err != nil {
			return nil, fmt.Errorf("signing keys: key %d: %w", i, err)
		}
		if _, taken := k.verify[id]; taken {
			return nil, fmt.Errorf("signing keys: key %d: its kid is not unique", i)
		}
		if i == 0 {
			k.signing, k.signingID = private, id
		}
		k.verify[id] = private.Public().(ed25519.PublicKey)
		entry, err := webKey(k.verify[id], id)
		if err != nil {
			return nil, fmt.Errorf("signing keys: key %d: %w", i, err)
		}
		if err := public.AddKey(entry); err != nil {
			return nil, fmt.Errorf("signing keys: key %d: %w", i, err)
		}
	}
	if k.public, err = json.Marshal(public); err != nil {
		return nil, fmt.Errorf("signing keys: %w", err)
	}
	return k, nil
}

// PublicJWKS returns the public halves as a JSON web key set, for anybody who wants to verify tokens.
func (k *Keys) PublicJWKS() []byte { return append([]byte(nil), k.public...) }

// privateKey checks one key of a set and returns it with its kid.
func privateKey(key jwk.Key) (ed25519.PrivateKey, string, error) {
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

// webKey dresses a raw key for a set. An empty kid stands for the thumbprint.
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

// GenerateKeys returns a new private key set of one key, in the form that ParseKeys reads.
func GenerateKeys() ([]byte, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("generate a signing key: %w", err)
	}
	key, err := webKey(private, "")
	if err != nil {
		return nil, fmt.Errorf("generate a signing key: %w", err)
	}
	set := jwk.NewSet()
	if err := set.AddKey(key); err != nil {
		return nil, fmt.Errorf("generate a signing key: %w", err)
	}
	return json.Marshal(set)
}
