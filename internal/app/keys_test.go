package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/account"
	"github.com/shopsight/shopsight/internal/app"
	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/config"
	"github.com/shopsight/shopsight/internal/secret"
	"github.com/shopsight/shopsight/internal/testkit"
)

// replicas starts services on one database with one key file.
func replicas(t *testing.T, n int, now func() time.Time, log slog.Handler) (all []*app.App, file auth.KeyFile) {
	t.Helper()
	cfg := config.Config{Database: config.Database{URL: testkit.SQLiteURL(t), Data: t.TempDir()}}
	unlimited := account.Limits{LoginsPerAccount: -1, LoginsPerAddress: -1, SignupsPerAccount: -1, SignupsPerAddress: -1}
	for range n {
		a, err := app.New(t.Context(), cfg, slog.New(log), app.Parts{Now: now, Limits: unlimited})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { a.Close() })
		all = append(all, a)
	}
	path, _ := cfg.Keyring().KeyFile()
	return all, auth.KeyFile{Path: path, Private: true}
}

// ask asks a service, and returns an error unless the answer is wholly good.
func ask(a *app.App, token, query string, into any) error {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		return err
	}
	r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	a.Handler.ServeHTTP(w, r)
	var answer struct {
		Data   json.RawMessage
		Errors []any
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK || len(answer.Errors) > 0 {
		return fmt.Errorf("status %d: %s", w.Code, w.Body)
	}
	return json.Unmarshal(answer.Data, into)
}

// person is somebody with a session.
type person struct {
	access, refresh string
	at              time.Time // when the access token was made
}

// enter takes the tokens that a mutation, called auth in the query, answers with.
func (p *person) enter(a *app.App, mutation string, now time.Time) error {
	var got struct {
		Auth struct {
			AccessToken, RefreshToken string
			UserErrors                []any
		}
	}
	err := ask(a, "", `mutation { auth: `+mutation+` { accessToken refreshToken userErrors { code message } } }`, &got)
	if err == nil && len(got.Auth.UserErrors) > 0 {
		err = fmt.Errorf("%v", got.Auth.UserErrors)
	}
	p.access, p.refresh, p.at = got.Auth.AccessToken, got.Auth.RefreshToken, now
	return err
}

// table stands for rows that hold sealed secrets.
type table struct {
	mu   sync.Mutex
	rows map[string][]byte
}

func (s *table) reseal(_ context.Context, box *secret.Box) (remaining int, err error) {
	for _, row := range s.keys() {
		err := s.update(row, func(old []byte) ([]byte, error) {
			if box.Current(old) {
				return old, nil
			}
			plaintext, err := box.Open(old, row)
			if err != nil {
				return nil, err
			}
			return box.Seal(plaintext, row)
		})
		if err != nil {
			return 0, err
		}
	}
	return 0, nil
}

func (s *table) keys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for row := range s.rows {
		all = append(all, row)
	}
	return all
}

func (s *table) update(row string, change func(old []byte) ([]byte, error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh, err := change(s.rows[row])
	if err == nil {
		s.rows[row] = fresh
	}
	return err
}

// load is people who ask without a pause.
type load struct {
	replicas []*app.App
	table    table
	turns    []chan struct{}

	mu  sync.RWMutex // held to move the clock
	now atomic.Pointer[time.Time]
}

func (l *load) clock() time.Time { return *l.now.Load() }

// move lets time pass between two requests.
func (l *load) move(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	later := l.clock().Add(d)
	l.now.Store(&later)
}

// goOn waits until everybody has asked some more.
func (l *load) goOn() {
	for _, turn := range l.turns {
		for range 3 {
			<-turn
		}
	}
}

// run is one person until the test is over: asks with an old token and a new one, reads secrets and writes some. The
// first row is written once.
func (l *load) run(name string, dice *rand.Rand, turn chan<- struct{}, stop <-chan struct{}) error {
	any := func() *app.App { return l.replicas[dice.IntN(len(l.replicas))] }
	var old, now person
	signup := fmt.Sprintf(`signup(input: {email: "%s@example.com", password: "correct horse battery", tenantName: "%[1]s"})`, name)
	if err := now.enter(any(), signup, l.clock()); err != nil {
		return err
	}
	old = now
	step := func() error {
		l.mu.RLock()
		defer l.mu.RUnlock()
		at := l.clock()
		if at.Sub(now.at) > auth.AccessLifetime/2 || dice.IntN(4) == 0 {
			if err := now.enter(any(), fmt.Sprintf(`refresh(refreshToken: %q)`, now.refresh), at); err != nil {
				return fmt.Errorf("refresh: %w", err)
			}
		}
		if at.Sub(old.at) > auth.AccessLifetime/2 {
			old = now
		}
		for _, token := range []string{old.access, now.access} {
			var got struct{ Viewer *struct{ Role string } }
			if err := ask(any(), token, `{ viewer { role } }`, &got); err != nil || got.Viewer == nil {
				return fmt.Errorf("viewer %v: %w", got.Viewer, err)
			}
		}
		row := fmt.Sprintf("store/%s/%d", name, dice.IntN(10))
		return l.table.update(row, func(sealed []byte) ([]byte, error) {
			if sealed != nil {
				if plaintext, err := app.Box(any()).Open(sealed, row); err != nil || string(plaintext) != row {
					return nil, fmt.Errorf("row %s: %q, %w", row, plaintext, err)
				}
			}
			if sealed != nil && (strings.HasSuffix(row, "/0") || dice.IntN(2) == 0) {
				return sealed, nil
			}
			return app.Box(any()).Seal([]byte(row), row)
		})
	}
	for {
		if err := step(); err != nil {
			return err
		}
		select {
		case turn <- struct{}{}:
		case <-stop:
			return nil
		default:
		}
	}
}

// Two replicas go through a whole rotation one after the other, while people use both: as with a rolling restart.
func TestRotationUnderLoad(t *testing.T) {
	t.Parallel()
	l := &load{table: table{rows: map[string][]byte{}}}
	start := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	l.now.Store(&start)
	var file auth.KeyFile
	l.replicas, file = replicas(t, 2, l.clock, slog.NewTextHandler(t.Output(), nil))

	seed := testkit.Seed(t)
	stop := make(chan struct{})
	var people sync.WaitGroup
	for i := range 4 {
		turn := make(chan struct{})
		l.turns = append(l.turns, turn)
		people.Go(func() {
			if err := l.run(fmt.Sprintf("person%d", i), rand.New(rand.NewPCG(seed, uint64(i))), turn, stop); err != nil {
				t.Errorf("seed %d: person %d: %v", seed, i, err)
			}
			close(turn)
		})
	}
	t.Cleanup(people.Wait)
	t.Cleanup(func() { close(stop) })

	var out bytes.Buffer
	r := app.Rotation{File: file, Out: &out, Now: l.clock, Reseal: l.table.reseal,
		Wait: func(context.Context, time.Duration) error { l.goOn(); return nil }}
	reach := func() {
		t.Helper()
		for _, a := range l.replicas {
			l.goOn()
			if err := app.ReadKeys(a); err != nil {
				t.Fatal(err)
			}
		}
		l.goOn()
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	first := ids(t, file)
	reach()
	must(r.Publish())
	reach()
	must(r.Promote(t.Context()))
	reach()
	if err := r.Drop(t.Context(), false); err == nil || !strings.Contains(err.Error(), "--end-sessions") {
		t.Errorf("dropped a key whose tokens count: %v", err)
	}
	for range 2 { // nobody may rest longer than a session does
		l.move(16 * 24 * time.Hour)
		l.goOn()
	}
	must(r.Drop(t.Context(), false))
	reach()

	left := ids(t, file)
	if len(left) != 2 || slices.ContainsFunc(left, func(id string) bool { return slices.Contains(first, id) }) {
		t.Errorf("keys %v became %v", first, left)
	}
	for _, row := range l.table.keys() {
		must(l.table.update(row, func(sealed []byte) ([]byte, error) {
			if !app.Box(l.replicas[0]).Current(sealed) {
				return nil, fmt.Errorf("row %s has an old key", row)
			}
			return sealed, nil
		}))
	}
}

// ids returns the ids of the keys in a file.
func ids(t *testing.T, file auth.KeyFile) []string {
	t.Helper()
	d, err := file.Read()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, k := range d.Keys() {
		all = append(all, k.ID)
	}
	return all
}

// A service that runs notices each change of its file by itself.
func TestRotationOfARunningService(t *testing.T) {
	t.Parallel()
	changes := make(chan struct{}, 16)
	all, file := replicas(t, 1, nil, watch{slog.NewTextHandler(t.Output(), nil), changes})
	a := all[0]
	ctx, cancel := context.WithCancel(t.Context())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- a.Run(ctx, listener) }()

	var p person
	if err := p.enter(a, `signup(input: {email: "ada@example.com", password: "correct horse battery", tenantName: "Ada"})`, time.Now()); err != nil {
		t.Fatal(err)
	}
	var got struct{ Viewer *struct{ Role string } }
	r := app.Rotation{File: file, Out: io.Discard, Now: time.Now,
		Wait:   func(context.Context, time.Duration) error { <-changes; return nil },
		Reseal: func(context.Context, *secret.Box) (int, error) { return 0, nil }}
	if err := r.Rotate(t.Context()); err != nil {
		t.Fatal(err)
	}
	// Drop waits too, until the promotion has arrived.
	if err := r.Drop(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if err := ask(a, p.access, `{ viewer { role } }`, &got); err != nil {
		t.Errorf("the old token before the drop has arrived: %v", err)
	}
	<-changes
	if err := ask(a, p.access, `{ viewer { role } }`, &got); err == nil {
		t.Error("the old token counts after its key was dropped")
	}
	if err := p.enter(a, `login(input: {email: "ada@example.com", password: "correct horse battery"})`, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := ask(a, p.access, `{ viewer { role } }`, &got); err != nil {
		t.Error(err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// watch tells of each change of the keys that a log tells of.
type watch struct {
	slog.Handler
	changes chan<- struct{}
}

func (w watch) Handle(ctx context.Context, r slog.Record) error {
	if r.Message == "the keys have changed" {
		w.changes <- struct{}{}
	}
	return w.Handler.Handle(ctx, r)
}

func TestDropKeepsWhatRowsNeed(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	file := auth.KeyFile{Path: filepath.Join(t.TempDir(), "keys.json"), Private: true}
	if _, err := file.Create(now); err != nil {
		t.Fatal(err)
	}
	var (
		out      bytes.Buffer
		waited   time.Duration
		left     int
		refusal  error
		resealed *secret.Box
	)
	r := app.Rotation{File: file, Out: &out, Now: func() time.Time { return now },
		Wait:   func(_ context.Context, d time.Duration) error { waited += d; return nil },
		Reseal: func(_ context.Context, b *secret.Box) (int, error) { resealed = b; return left, refusal }}
	if err := r.Drop(t.Context(), true); err != nil || resealed != nil || waited != 0 {
		t.Errorf("without an old key: %v", err)
	}
	if err := r.Rotate(t.Context()); err != nil || waited != auth.Settle {
		t.Errorf("Rotate: waited %v, %v", waited, err)
	}
	before, err := os.ReadFile(file.Path)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(step, want string, endSessions bool) {
		t.Helper()
		err := r.Drop(t.Context(), endSessions)
		if now, e := os.ReadFile(file.Path); e != nil || !bytes.Equal(now, before) || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v", step, err, e)
		}
	}
	refused("tokens count", "2026-12-24 12:00:30", false)
	now = now.AddDate(0, 0, 31).Add(30 * time.Second)
	left = 3
	refused("rows need it", "3 stored secrets", false)
	refused("rows need it, by force", "3 stored secrets", true)
	left, refusal = 0, errors.New("the database is away")
	refused("nobody knows", "the database is away", true)
	refusal = nil
	if err := r.Drop(t.Context(), false); err != nil || len(ids(t, file)) != 2 {
		t.Errorf("nothing needs it: %v", err)
	}
}

func TestAnInterruptedRotationGoesOn(t *testing.T) {
	t.Parallel()
	file := auth.KeyFile{Path: filepath.Join(t.TempDir(), "keys.json"), Private: true}
	if _, err := file.Create(time.Now()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	r := app.Rotation{File: file, Out: io.Discard, Now: time.Now,
		Wait: func(ctx context.Context, _ time.Duration) error { cancel(); return ctx.Err() }}
	if err := r.Rotate(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	published := ids(t, file)
	r.Wait = func(context.Context, time.Duration) error { return nil }
	if err := r.Rotate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, file); len(published) != 4 || got[0] != published[2] || len(got) != 4 {
		t.Errorf("%v became %v", published, got)
	}
}

func TestListKeysPrintsNoKey(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	var out bytes.Buffer
	r := app.Rotation{File: auth.KeyFile{Path: filepath.Join(t.TempDir(), "keys.json"), Private: true}, Out: &out,
		Now: func() time.Time { return now }, Wait: func(context.Context, time.Duration) error { return nil }}
	if _, err := r.File.Create(now); err != nil {
		t.Fatal(err)
	}
	now = now.AddDate(0, 0, 22)
	if err := errors.Join(r.Rotate(t.Context()), r.Publish()); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	now = now.Add(3 * time.Hour)
	if err := r.List(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`tokens +\S{43} +active +2026-11-23 12:00:00 +2026-11-23 12:00:00 +3 h`,
		`secrets +\d+ +next +2026-11-23 12:00:00 +2026-11-23 12:00:00 +3 h`,
		`tokens +\S{43} +old, needed until 2026-12-24 +2026-11-23 12:00:00 +2026-11-01 12:00:00 +22 days`,
	} {
		if !regexp.MustCompile(`(?m)^` + want + `$`).MatchString(out.String()) {
			t.Errorf("no line %s in:\n%s", want, &out)
		}
	}
	text, err := os.ReadFile(r.File.Path)
	if err != nil {
		t.Fatal(err)
	}
	material := regexp.MustCompile(`"(?:d|value)":"([^"]+)"`).FindAllSubmatch(text, -1)
	if len(material) != 6 {
		t.Fatalf("%d keys", len(material))
	}
	if err := app.ListKeys(config.Keyring{KeySource: config.KeySource{Keys: r.File.Path}}, &out); err != nil {
		t.Fatal(err)
	}
	for _, m := range material {
		if strings.Contains(out.String(), string(m[1])) {
			t.Errorf("prints a key:\n%s", &out)
		}
	}
}

// Text cannot be changed by a command, but it can be looked at, and the service runs with it.
func TestKeysAsText(t *testing.T) {
	t.Parallel()
	text, err := auth.GenerateKeys()
	if err != nil {
		t.Fatal(err)
	}
	cfg := config.Keyring{KeySource: config.KeySource{Keys: string(text)}}
	var out bytes.Buffer
	if err := app.ListKeys(cfg, &out); err != nil || !strings.Contains(out.String(), "active") {
		t.Errorf("list: %v\n%s", err, &out)
	}
	for name, err := range map[string]error{
		"rotate": app.RotateKeys(t.Context(), cfg, io.Discard), "publish": app.PublishKeys(cfg, io.Discard),
		"promote": app.PromoteKeys(t.Context(), cfg, io.Discard), "drop": app.DropKeys(t.Context(), cfg, true, io.Discard),
	} {
		if err == nil || !strings.Contains(err.Error(), "--keys=FILE") {
			t.Errorf("%s: %v", name, err)
		}
	}
	a, err := app.New(t.Context(), config.Config{Database: config.Database{URL: testkit.SQLiteURL(t), Data: t.TempDir()},
		KeySource: cfg.KeySource}, slog.New(slog.DiscardHandler), app.Parts{})
	if err != nil {
		t.Fatal(err)
	}
	a.Close()
}
