package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"

	"github.com/shopsight/shopsight/internal/secret"
)

const (
	token = "shpat_0123456789abcdef0123456789abcdef"
	row   = "store/17/access_token"
)

func newKey(tb testing.TB) []byte {
	tb.Helper()
	key, err := secret.GenerateKey()
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

func newBox(tb testing.TB, keys ...[]byte) *secret.Box {
	tb.Helper()
	b, err := secret.NewBox(keys...)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func seal(tb testing.TB, b *secret.Box, plaintext, bound string) []byte {
	tb.Helper()
	ciphertext, err := b.Seal([]byte(plaintext), bound)
	if err != nil {
		tb.Fatal(err)
	}
	return ciphertext
}

func TestSealedSecretsOpenInTheirPlaceAlone(t *testing.T) {
	t.Parallel()
	b := newBox(t, newKey(t))
	for _, plaintext := range []string{token, "", "\x00\xff", strings.Repeat("x", 1<<16)} {
		ciphertext := seal(t, b, plaintext, row)
		if len(ciphertext) != len(plaintext)+secret.Overhead || plaintext == token && bytes.Contains(ciphertext, []byte(token)) {
			t.Errorf("%d bytes become %d", len(plaintext), len(ciphertext))
		}
		if got, err := b.Open(ciphertext, row); err != nil || string(got) != plaintext {
			t.Errorf("Open() = %q, %v", got, err)
		}
		for _, other := range []string{"", "store/18/access_token", "store/17/refresh_token", "store/1/7/access_token", row + " ", "Store/17/access_token"} {
			if got, err := b.Open(ciphertext, other); !errors.Is(err, secret.ErrOpen) || got != nil {
				t.Errorf("opened as %q: %q, %v", other, got, err)
			}
		}
	}
	if bytes.Equal(seal(t, b, token, row), seal(t, b, token, row)) {
		t.Error("one secret has the same ciphertext twice")
	}
	if _, err := b.Seal([]byte(token), ""); err == nil || strings.Contains(err.Error(), token) {
		t.Errorf("sealed for no place: %v", err)
	}
}

func TestChangedSecretsAreRefused(t *testing.T) {
	t.Parallel()
	b := newBox(t, newKey(t))
	ciphertext := seal(t, b, token, row)
	for i := range len(ciphertext) * 8 {
		changed := bytes.Clone(ciphertext)
		changed[i/8] ^= 1 << (i % 8)
		if _, err := b.Open(changed, row); !errors.Is(err, secret.ErrOpen) {
			t.Fatalf("bit %d turned: %v", i, err)
		}
	}
	for n := range ciphertext {
		if _, err := b.Open(ciphertext[:n], row); !errors.Is(err, secret.ErrOpen) {
			t.Fatalf("cut after %d bytes: %v", n, err)
		}
	}
	if _, err := b.Open(append(ciphertext, 0), row); !errors.Is(err, secret.ErrOpen) {
		t.Errorf("a byte more: %v", err)
	}
	if _, err := newBox(t, newKey(t)).Open(ciphertext, row); !errors.Is(err, secret.ErrOpen) {
		t.Errorf("by another key: %v", err)
	}
}

func TestKeysChange(t *testing.T) {
	t.Parallel()
	old, fresh := newKey(t), newKey(t)
	b := newBox(t, old)
	first := seal(t, b, token, row)
	step := func(name string, keys [][]byte, current, opens bool) {
		t.Helper()
		if err := b.Replace(keys...); err != nil {
			t.Fatal(err)
		}
		_, err := b.Open(first, row)
		if b.Current(first) != current || (err == nil) != opens {
			t.Errorf("%s: Current = %v, Open: %v", name, b.Current(first), err)
		}
		if next := seal(t, b, token, row); !b.Current(next) {
			t.Errorf("%s: what was sealed now is not current", name)
		}
	}
	step("the next key is published", [][]byte{old, fresh}, true, true)
	step("promoted", [][]byte{fresh, old}, false, true)
	if err := b.Replace(); err == nil {
		t.Error("a box of no keys")
	}
	if _, err := b.Open(first, row); err != nil {
		t.Errorf("a refused Replace changed the box: %v", err)
	}
	step("the old key is dropped", [][]byte{fresh}, false, false)
	for _, nothing := range [][]byte{nil, {}, {1}, {1, 0, 0, 0, 0}} {
		if b.Current(nothing) {
			t.Errorf("Current(%v)", nothing)
		}
	}
}

func TestKeysChangeWhileTheBoxIsUsed(t *testing.T) {
	t.Parallel()
	a, b := newKey(t), newKey(t)
	box := newBox(t, a, b)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				ciphertext, err := box.Seal([]byte(token), row)
				if err != nil {
					t.Error(err)
					return
				}
				if got, err := box.Open(ciphertext, row); err != nil || string(got) != token {
					t.Errorf("Open() = %q, %v", got, err)
				}
			}
		})
	}
	for range 200 {
		a, b = b, a
		if err := box.Replace(a, b); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
}

func TestForeignKeysAreRefused(t *testing.T) {
	t.Parallel()
	good := newKey(t)
	id, err := secret.KeyID(good)
	if err != nil || !strings.Contains(string(good), id) {
		t.Fatalf("KeyID() = %s, %v", id, err)
	}
	with := func(template *tinkpb.KeyTemplate) []byte {
		t.Helper()
		handle, err := keyset.NewHandle(template)
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&text)); err != nil {
			t.Fatal(err)
		}
		return text.Bytes()
	}
	bare := aead.XChaCha20Poly1305KeyTemplate()
	bare.OutputPrefixType = tinkpb.OutputPrefixType_RAW
	for name, key := range map[string][]byte{
		"nothing":           nil,
		"no JSON":           []byte("hunter2"),
		"null":              []byte("null"),
		"no keys":           []byte(`{"primaryKeyId":1,"key":[]}`),
		"cut":               good[:len(good)/2],
		"another algorithm": with(aead.AES256GCMKeyTemplate()),
		"without a prefix":  with(bare),
		"disabled":          []byte(strings.Replace(string(good), "ENABLED", "DISABLED", 1)),
		"destroyed":         []byte(strings.Replace(string(good), "ENABLED", "DESTROYED", 1)),
		"a short key":       []byte(`{"primaryKeyId":1,"key":[{"keyData":{"typeUrl":"type.googleapis.com/google.crypto.tink.XChaCha20Poly1305Key","value":"GgNhYmM=","keyMaterialType":"SYMMETRIC"},"status":"ENABLED","keyId":1,"outputPrefixType":"TINK"}]}`),
	} {
		_, err := secret.NewBox(key)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := secret.KeyID(key); err == nil {
			t.Errorf("%s has an id", name)
		}
	}
	if _, err := secret.NewBox(good, good); err == nil {
		t.Error("one key twice")
	}
}

func TestBoxShowsNoKey(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	var document struct {
		Key []struct{ KeyData struct{ Value []byte } }
	}
	if err := json.Unmarshal(key, &document); err != nil {
		t.Fatal(err)
	}
	material := document.Key[0].KeyData.Value[2:] // behind a tag and a length
	b := newBox(t, key)
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "box", b, "in", struct{ B *secret.Box }{b})
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	shown := log.String() + string(text) + fmt.Sprintf("%v %+v %#v %s %d %x", b, b, b, b, b, struct{ B *secret.Box }{b})
	for _, form := range []string{string(material), base64.StdEncoding.EncodeToString(material), fmt.Sprintf("%x", material), fmt.Sprint(material)} {
		if strings.Contains(shown, strings.Trim(form, "[]=")) {
			t.Errorf("shows its key: %s", shown)
		}
	}
	if !strings.Contains(shown, "[secret]") {
		t.Errorf("shown as %s", shown)
	}
}

func FuzzOpen(f *testing.F) {
	b := newBox(f, newKey(f), newKey(f))
	good := seal(f, b, token, row)
	f.Add(good, row)
	f.Add(good, "store/18/access_token")
	f.Add(good[:5], row)
	f.Add([]byte{}, "")
	f.Fuzz(func(t *testing.T, ciphertext []byte, bound string) {
		plaintext, err := b.Open(ciphertext, bound)
		if honest := bytes.Equal(ciphertext, good) && bound == row; (err == nil) != honest || honest && string(plaintext) != token {
			t.Errorf("Open(%x, %q) = %q, %v", ciphertext, bound, plaintext, err)
		}
		b.Current(ciphertext)
	})
}
