// Package secret seals what must not be read in a dump of the database, such as the tokens of stores.
//
// What is sealed is bound to its place: it opens only under the name of the row and column that it was sealed for, so
// that whoever can write to the database still cannot move one tenant's secret to another's row.
package secret

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"sync/atomic"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/xchacha20poly1305"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Overhead is how much longer a ciphertext is than its plaintext: the id of the key, a nonce and a tag.
const Overhead = prefixSize + 24 + 16

// prefixSize is what Tink puts ahead of a ciphertext: a 1 and the id of the key.
const prefixSize = 5

// ErrOpen is what every ciphertext that does not open gets.
var ErrOpen = errors.New("the secret does not open: it is damaged, was sealed for another row, or its key was dropped")

// Box seals and opens with a set of XChaCha20-Poly1305 keys, whose random nonces need no counting. It is safe for
// concurrent use, and shows none of its keys however it is printed.
type Box struct{ set atomic.Pointer[set] }

type set struct {
	aead tink.AEAD
	// prefix is how the ciphertexts of the sealing key begin.
	prefix []byte
}

// NewBox returns a box of keys as GenerateKey makes them. The first seals, all open.
func NewBox(keys ...[]byte) (*Box, error) {
	b := new(Box)
	if err := b.Replace(keys...); err != nil {
		return nil, err
	}
	return b, nil
}

// Replace gives the box other keys. What was sealed before opens as long as its key is among them. On an error the box
// keeps those that it has.
func (b *Box) Replace(keys ...[]byte) error {
	if len(keys) == 0 {
		return errors.New("a box needs a key")
	}
	m := keyset.NewManager()
	var first uint32
	for i, text := range keys {
		key, err := parse(text)
		if err != nil {
			return err
		}
		id, err := m.AddKey(key)
		if err != nil {
			return errors.New("two sealing keys have one id")
		}
		if i == 0 {
			first = id
		}
	}
	if err := m.SetPrimary(first); err != nil {
		return err
	}
	handle, err := m.Handle()
	if err != nil {
		return err
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return err
	}
	b.set.Store(&set{primitive, binary.BigEndian.AppendUint32([]byte{1}, first)})
	return nil
}

// Seal encrypts plaintext for the place that bound names, such as "store/17/access_token". Nothing else opens it.
func (b *Box) Seal(plaintext []byte, bound string) ([]byte, error) {
	if bound == "" {
		return nil, errors.New("seal a secret: it is bound to nothing")
	}
	ciphertext, err := b.set.Load().aead.Encrypt(plaintext, []byte(bound))
	if err != nil {
		return nil, fmt.Errorf("seal a secret: %w", err)
	}
	return ciphertext, nil
}

// Open decrypts what Seal made for the same bound. Everything else gets ErrOpen.
func (b *Box) Open(ciphertext []byte, bound string) ([]byte, error) {
	plaintext, err := b.set.Load().aead.Decrypt(ciphertext, []byte(bound))
	if err != nil || bound == "" {
		return nil, ErrOpen
	}
	return plaintext, nil
}

// Current tells whether a ciphertext names the key that seals now; one that does not is to be opened and sealed anew. It
// looks at nothing but the name.
func (b *Box) Current(ciphertext []byte) bool {
	return bytes.HasPrefix(ciphertext, b.set.Load().prefix)
}

// Format prints no key, whatever is asked for.
func (*Box) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue logs no key.
func (*Box) LogValue() slog.Value { return slog.StringValue(redacted) }

const redacted = "[secret]"

// GenerateKey returns a new key for NewBox: a Tink keyset of one key, as JSON in clear. Whoever reads it can open what
// it seals.
func GenerateKey() ([]byte, error) {
	parameters, err := xchacha20poly1305.NewParameters(xchacha20poly1305.VariantTink)
	if err != nil {
		return nil, err
	}
	m := keyset.NewManager()
	id, err := m.AddNewKeyFromParameters(parameters)
	if err != nil {
		return nil, err
	}
	if err := m.SetPrimary(id); err != nil {
		return nil, err
	}
	handle, err := m.Handle()
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&text))
	return text.Bytes(), err
}

// KeyID returns the name of a key that GenerateKey made. It is no secret: every ciphertext tells it.
func KeyID(key []byte) (string, error) {
	k, err := parse(key)
	if err != nil {
		return "", err
	}
	id, _ := k.IDRequirement()
	return strconv.FormatUint(uint64(id), 10), nil
}

// parse takes nothing but what GenerateKey makes. Its error does not quote the input.
func parse(text []byte) (*xchacha20poly1305.Key, error) {
	refused := errors.New("not a sealing key: a Tink keyset of one enabled XChaCha20-Poly1305 key with a prefix, in JSON")
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
	if err != nil || handle.Len() != 1 {
		return nil, refused
	}
	entry, err := handle.Primary()
	if err != nil || entry.KeyStatus() != keyset.Enabled {
		return nil, refused
	}
	key, ok := entry.Key().(*xchacha20poly1305.Key)
	if !ok || key.Parameters().(*xchacha20poly1305.Parameters).Variant() != xchacha20poly1305.VariantTink {
		return nil, refused
	}
	return key, nil
}
