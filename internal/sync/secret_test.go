package sync_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

// keys is a box whose key changes, and that opens what older ones sealed.
type keys struct {
	now atomic.Int32
	// opened is called once, after a secret was opened.
	opened func()
}

func (k *keys) box() box { return box{byte(k.now.Load())} }

func (k *keys) Seal(plain []byte, bound string) ([]byte, error) { return k.box().Seal(plain, bound) }
func (k *keys) Open(sealed []byte, bound string) ([]byte, error) {
	plain, err := k.box().Open(sealed, bound)
	if f := k.opened; f != nil {
		k.opened = nil
		f()
	}
	return plain, err
}
func (k *keys) Current(sealed []byte) bool { return k.box().Current(sealed) }

const (
	secretToken = "shpat_0123456789abcdef0123456789abcdef"
	secretKey   = "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"
)

// withSecrets is a world whose store has a token and a key, and is synced.
func withSecrets(t *testing.T, s *store.Store, b sync.Box) *world {
	t.Helper()
	w := newWorld(t, s, options{shop: simshop.Options{Orders: 40, Token: secretToken}, pageSize: 20, box: b})
	key := secretKey
	in := input(domain, secretToken)
	in.APISecretKey = &key
	p, err := w.svc.Connect(w.ctx, in)
	if err != nil || len(p.UserErrors) > 0 {
		t.Fatal(p, err)
	}
	w.working()
	w.good(w.ended(p.FirstSync.ID))
	w.every(0)
	w.clock.pass(time.Minute)
	return w
}

// dump writes every value of every table.
func dump(t *testing.T, s *store.Store) []byte {
	t.Helper()
	db := testkit.DB(t, s)
	list := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	if s.Dialect() == "mysql" {
		list = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
	}
	var tables []string
	each(t, db, list, func(values []any) { tables = append(tables, fmt.Sprintf("%s", values[0])) })
	var out bytes.Buffer
	for _, table := range tables {
		each(t, db, "SELECT * FROM "+table, func(values []any) {
			fmt.Fprintf(&out, "%s", table)
			for _, v := range values {
				fmt.Fprintf(&out, "|%s", v)
			}
			out.WriteByte('\n')
		})
	}
	return out.Bytes()
}

func each(t *testing.T, db *sql.DB, query string, row func([]any)) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, to := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			to[i] = &values[i]
		}
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		row(values)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// Whoever has a dump of the database, or the log, has no secret; nor has whoever can write to the database.
func TestSecrets(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w := withSecrets(t, s, nil)
		w.shop.SetFaults(simshop.Faults{Malformed: 0.3, ServerError: 0.2})
		w.sync(sync.Full)
		w.shop.SetFaults(simshop.Faults{})
		w.shop.SetToken("other")
		w.sync(sync.Full)
		for _, secret := range []string{secretToken, secretKey} {
			if bytes.Contains(dump(t, s), []byte(secret)) {
				t.Errorf("a dump holds %s", secret)
			}
			if strings.Contains(w.log.String(), secret) {
				t.Errorf("the log holds %s", secret)
			}
		}
		if text := dump(t, s); !bytes.Contains(text, []byte(domain)) || !bytes.Contains(text, []byte("#1001")) {
			t.Error("the dump is none")
		}

		// Another tenant's row, with the ciphertext of this one.
		w.shop.SetToken(secretToken)
		w.stop() // it would take up the thief's runs, and ask its own shop
		thief := newWorld(t, s, options{shop: simshop.Options{Orders: 5, Token: "shpat_thief", Seed: 3}})
		thief.run("UPDATE stores SET held_domain = NULL")
		thief.synced()
		for _, column := range []string{"access_token", "api_secret"} {
			var sealed []byte
			err := testkit.DB(t, s).QueryRow("SELECT "+column+" FROM stores WHERE tenant_id = ?", viewer.FromContext(w.ctx).TenantID).Scan(&sealed)
			if err != nil || len(sealed) < 20 {
				t.Fatal(sealed, err)
			}
			thief.run("UPDATE stores SET "+column+" = ? WHERE tenant_id = ?", sealed, viewer.FromContext(thief.ctx).TenantID)
		}
		calls := thief.shop.Stats().Calls
		run := thief.sync(sync.Full)
		if run.Status != sync.Failed || run.Error.Code != "UNAUTHORIZED" || run.Error.Retryable || thief.shop.Stats().Calls != calls {
			t.Errorf("%s %+v", run.Status, run.Error)
		}
		if at, err := thief.svc.Current(thief.ctx); err != nil || at.Status != sync.NeedsReauth {
			t.Errorf("%+v %v", at, err)
		}
		thief.good(thief.ended(thief.connect().ID))
		thief.equal()
	})
}

// The keys change while stores are synced, and no run notices. A secret that no key opens is forgotten, and keeps no other
// from its new key.
func TestReseal(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		k := &keys{}
		k.now.Store(7)
		w := withSecrets(t, s, k)
		lost := testkit.Tenant(t, s, "USD", "UTC")
		w.run("UPDATE stores SET held_domain = NULL")
		key := secretKey
		p, err := w.svc.Connect(lost, sync.ConnectStoreInput{ShopDomain: domain, AccessToken: pointer(secretToken), APISecretKey: &key})
		if err != nil || len(p.UserErrors) > 0 {
			t.Fatal(p, err)
		}
		if _, err := w.svc.Cancel(lost, p.FirstSync.ID); err != nil {
			t.Fatal(err)
		}
		tenant := viewer.FromContext(lost).TenantID
		w.run("UPDATE stores SET access_token = ? WHERE tenant_id = ?", []byte("\x07nonsense"), tenant)

		done := make(chan struct{})
		go func() {
			defer close(done)
			for n := int32(8); n < 40; n++ {
				k.now.Store(n)
				if left, err := w.svc.Reseal(t.Context()); err != nil || left != 0 {
					t.Errorf("%d secrets are left: %v", left, err)
				}
			}
		}()
		for range 5 {
			w.good(w.sync(sync.Full))
		}
		<-done
		w.equal()
		sealed := 0
		each(t, testkit.DB(t, s), "SELECT tenant_id, status, access_token, api_secret FROM stores", func(v []any) {
			if fmt.Sprint(v[0]) != fmt.Sprint(tenant) {
				for _, secret := range v[2:] {
					if b, ok := secret.([]byte); ok && k.Current(b) {
						sealed++
					}
				}
				return
			}
			if status := fmt.Sprintf("%s", v[1]); status != sync.NeedsReauth || v[2] != nil || !k.Current(v[3].([]byte)) {
				t.Errorf("what is lost: %q %v", status, v[2])
			}
		})
		if sealed != 2 {
			t.Errorf("%d secrets are sealed by the new key", sealed)
		}
		if !strings.Contains(w.log.String(), "a secret is lost") || strings.Contains(w.log.String(), "nonsense") {
			t.Errorf("the log:\n%s", w.log)
		}
		if left, err := w.svc.Reseal(t.Context()); left != 0 || err != nil {
			t.Error(left, err)
		}
	})
}

// A store that gets a new token while the old one is sealed anew keeps the new one.
func TestResealAndConnect(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		k := &keys{}
		k.now.Store(7)
		w := newWorld(t, s, options{shop: simshop.Options{Orders: 5}, box: k})
		w.clock.pass(time.Minute)
		w.connect()
		k.now.Store(8)
		k.opened = func() {
			w.shop.SetToken("shpat_another")
			w.connect()
		}
		if left, err := w.svc.Reseal(t.Context()); left != 0 || err != nil {
			t.Error(left, err)
		}
		w.working()
		w.good(w.latest())
		w.equal()
	})
}

func pointer[T any](v T) *T { return &v }
