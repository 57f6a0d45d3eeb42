package auth_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/shopsight/shopsight/internal/auth"
)

func TestLoadOrCreateKeysMakesThemOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data", "keys.json")
	first, created, err := auth.LoadOrCreateKeys(path)
	if err != nil || !created {
		t.Fatalf("first start: created %v, err %v", created, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("key file: mode %v, err %v", info.Mode(), err)
	}
	second, created, err := auth.LoadOrCreateKeys(path)
	if err != nil || created {
		t.Fatalf("second start: created %v, err %v", created, err)
	}
	if string(first.PublicJWKS()) != string(second.PublicJWKS()) {
		t.Error("the second start has other keys")
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, err %v", left, err)
	}
}

func TestLoadOrCreateKeysByManyAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys.json")
	var (
		wg      sync.WaitGroup
		mu      sync.Mutex
		creates int
		sets    = map[string]bool{}
	)
	for range 20 {
		wg.Go(func() {
			keys, created, err := auth.LoadOrCreateKeys(path)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			sets[string(keys.PublicJWKS())] = true
			if created {
				creates++
			}
		})
	}
	wg.Wait()
	if creates != 1 || len(sets) != 1 {
		t.Errorf("%d creations, %d different sets; want one of each", creates, len(sets))
	}
}

func TestLoadOrCreateKeysRefusesOpenAndBrokenFiles(t *testing.T) {
	t.Parallel()
	good := string(newKeySet(t).private)
	for name, c := range map[string]struct {
		content string
		mode    os.FileMode
		want    string
	}{
		"readable by the group":   {good, 0o640, "chmod 600"},
		"readable by all":         {good, 0o604, "chmod 600"},
		"writable by the group":   {good, 0o620, "chmod 600"},
		"empty":                   {"", 0o600, "not a JSON web key set"},
		"cut":                     {good[:len(good)/2], 0o600, "not a JSON web key set"},
		"larger than any key set": {strings.Repeat(" ", 65<<10), 0o600, "larger than"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "keys.json")
			if err := os.WriteFile(path, []byte(c.content), c.mode); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, c.mode); err != nil {
				t.Fatal(err)
			}
			_, created, err := auth.LoadOrCreateKeys(path)
			if err == nil || created || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("created %v, err %v; want an error with %q", created, err, c.want)
			}
			if now, err := os.ReadFile(path); err != nil || string(now) != c.content {
				t.Errorf("the file was changed (err %v)", err)
			}
		})
	}
}

func TestParseKeysRefuses(t *testing.T) {
	t.Parallel()
	a, b := newKeySet(t), newKeySet(t)
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
		return `{"keys":[` + string(out) + `]}`
	}
	for name, set := range map[string]string{
		"no set":               `[]`,
		"empty set":            `{"keys":[]}`,
		"public key":           with(func(k map[string]any) { delete(k, "d") }),
		"halves of two keys":   with(func(k map[string]any) { k["d"] = b.d }),
		"short private half":   with(func(k map[string]any) { k["d"] = "AAAA" }),
		"other curve":          with(func(k map[string]any) { k["crv"] = "X25519" }),
		"other algorithm":      with(func(k map[string]any) { k["alg"] = "HS256" }),
		"other use":            with(func(k map[string]any) { k["use"] = "enc" }),
		"endless kid":          with(func(k map[string]any) { k["kid"] = strings.Repeat("k", 129) }),
		"the same key twice":   `{"keys":[` + a.entry + `,` + a.entry + `]}`,
		"symmetric key":        `{"keys":[{"kty":"oct","kid":"x","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"}]}`,
		"second one symmetric": `{"keys":[` + a.entry + `,{"kty":"oct","kid":"x","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"}]}`,
		"seventeen keys":       `{"keys":[` + a.entry + strings.Repeat(","+b.entry, 16) + `]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := auth.ParseKeys([]byte(set))
			if err == nil {
				t.Fatal("accepted")
			}
			for _, secret := range []string{a.d, b.d, "c2VjcmV0"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error tells a private key: %v", err)
				}
			}
		})
	}
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
	bare, err := json.Marshal(map[string]any{"keys": []any{key}})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := auth.ParseKeys(bare)
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
