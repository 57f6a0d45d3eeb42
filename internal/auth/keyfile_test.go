package auth_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/testkit"
)

func newKeyFile(t *testing.T) auth.KeyFile {
	t.Helper()
	file := auth.KeyFile{Path: filepath.Join(t.TempDir(), "data", "keys.json"), Private: true}
	if created, err := file.Create(noon); err != nil || !created {
		t.Fatalf("Create() = %v, %v", created, err)
	}
	return file
}

// active returns the id of the key that signs.
func active(t *testing.T, file auth.KeyFile) string {
	t.Helper()
	d, err := file.Read()
	if err != nil {
		t.Fatal(err)
	}
	return d.Keys()[0].ID
}

func rotate(d *auth.Document) error {
	return errors.Join(d.Publish(noon), d.Promote(noon))
}

// onlyKeys fails the test when the folder of a key file holds anything else.
func onlyKeys(t *testing.T, file auth.KeyFile) {
	t.Helper()
	all, err := os.ReadDir(filepath.Dir(file.Path))
	if err != nil || len(all) != 1 || all[0].Name() != "keys.json" {
		t.Errorf("left behind: %v, %v", all, err)
	}
}

func TestKeyFileIsMadeOnce(t *testing.T) {
	t.Parallel()
	file := newKeyFile(t)
	info, err := os.Stat(file.Path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("key file: mode %v, err %v", info.Mode(), err)
	}
	first := active(t, file)
	if created, err := file.Create(noon); err != nil || created {
		t.Fatalf("second start: created %v, err %v", created, err)
	}
	if active(t, file) != first {
		t.Error("the second start has other keys")
	}
	onlyKeys(t, file)
}

func TestKeyFileByManyAtOnce(t *testing.T) {
	t.Parallel()
	file := auth.KeyFile{Path: filepath.Join(t.TempDir(), "data", "keys.json"), Private: true}
	var (
		wg      sync.WaitGroup
		mu      sync.Mutex
		creates int
		sets    = map[string]bool{}
	)
	for range 20 {
		wg.Go(func() {
			created, err := file.Create(noon)
			if err != nil {
				t.Error(err)
				return
			}
			d, err := file.Read()
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			sets[d.Keys()[0].ID] = true
			if created {
				creates++
			}
		})
	}
	wg.Wait()
	if creates != 1 || len(sets) != 1 {
		t.Errorf("%d creations, %d different sets; want one of each", creates, len(sets))
	}
	onlyKeys(t, file)
}

func TestKeyFileRefusesOpenAndBrokenFiles(t *testing.T) {
	t.Parallel()
	good := string(newKeySet(t).private)
	for name, c := range map[string]struct {
		content string
		mode    os.FileMode
		want    string
	}{
		"readable by the group":  {good, 0o640, "chmod 600"},
		"readable by all":        {good, 0o604, "chmod 600"},
		"writable by the group":  {good, 0o620, "chmod 600"},
		"empty":                  {"", 0o600, "not a document"},
		"cut":                    {good[:len(good)/2], 0o600, "not a document"},
		"larger than any keys":   {strings.Repeat(" ", 65<<10), 0o600, "larger than"},
		"a document of nothing":  {`{"keys":[]}`, 0o600, "active"},
		"something else instead": {`{"keys":[{"kty":"OKP"}]}`, 0o600, "not a document"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := auth.KeyFile{Path: filepath.Join(t.TempDir(), "keys.json"), Private: true}
			if err := os.WriteFile(file.Path, []byte(c.content), c.mode); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(file.Path, c.mode); err != nil {
				t.Fatal(err)
			}
			created, err := file.Create(noon)
			if err != nil || created {
				t.Fatalf("Create() = %v, %v", created, err)
			}
			if _, err := file.Read(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Read: %v; want an error with %q", err, c.want)
			}
			if err := file.Change(rotate); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Change: %v; want an error with %q", err, c.want)
			}
			if now, err := os.ReadFile(file.Path); err != nil || string(now) != c.content {
				t.Errorf("the file was changed (err %v)", err)
			}
		})
	}
}

// What an orchestrator mounts is readable by a group, and often a link.
func TestKeyFileOfAnotherMakeStays(t *testing.T) {
	t.Parallel()
	file := newKeyFile(t)
	if err := os.Chmod(file.Path, 0o640); err != nil {
		t.Fatal(err)
	}
	link := auth.KeyFile{Path: filepath.Join(t.TempDir(), "link.json")}
	if err := os.Symlink(file.Path, link.Path); err != nil {
		t.Fatal(err)
	}
	first := active(t, link)
	if err := link.Change(rotate); err != nil {
		t.Fatal(err)
	}
	if active(t, link) == first {
		t.Error("nothing changed")
	}
	if info, err := os.Lstat(link.Path); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became a file: %v, %v", info, err)
	}
	if info, err := os.Stat(file.Path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the file's mode became %v, %v", info.Mode(), err)
	}
}

func TestKeyFileIsChangedByOneAtATime(t *testing.T) {
	t.Parallel()
	file := newKeyFile(t)
	first := active(t, file)
	if err := file.Change(func(*auth.Document) error { return errors.New("no") }); err == nil || err.Error() != "no" {
		t.Errorf("Change() = %v", err)
	}
	err := file.Change(func(d *auth.Document) error {
		if err := file.Change(rotate); err == nil || !strings.Contains(err.Error(), "another command") {
			t.Errorf("a change during a change: %v", err)
		}
		if active(t, file) != first {
			t.Error("readers see a change that is not done")
		}
		return rotate(d)
	})
	if runtime.GOOS == "windows" {
		t.Skip("there is no lock here")
	}
	if err != nil || active(t, file) == first {
		t.Errorf("Change() = %v", err)
	}
	if info, err := os.Stat(file.Path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode became %v, %v", info.Mode(), err)
	}
	onlyKeys(t, file)
}

func TestKeyFileIsNeverHalfWritten(t *testing.T) {
	t.Parallel()
	if path := os.Getenv("SHOPSIGHT_TEST_KEY_FILE"); path != "" {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin) // ends with the process that started this one
			os.Exit(1)
		}()
		for { // until it is killed
			if err := (auth.KeyFile{Path: path, Private: true}).Change(turn); err != nil {
				t.Fatal(err)
			}
		}
	}
	file := newKeyFile(t)
	// What a killed process leaves goes with the next change.
	if err := os.WriteFile(filepath.Join(filepath.Dir(file.Path), ".keys.json.new"), []byte(`{"keys":[{"sta`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := file.Change(rotate); err != nil {
		t.Fatal(err)
	}
	onlyKeys(t, file)

	seed := testkit.Seed(t)
	dice := rand.New(rand.NewPCG(seed, 0))
	for kill := range 8 {
		before, err := os.Stat(file.Path)
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestKeyFileIsNeverHalfWritten$")
		cmd.Env = append(os.Environ(), "SHOPSIGHT_TEST_KEY_FILE="+file.Path)
		if _, err := cmd.StdinPipe(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// It is killed at some moment after it has begun; until then every read finds a whole document.
		for reads := 1 + dice.IntN(50); reads > 0; {
			if _, err := file.Read(); err != nil {
				t.Errorf("seed %d, kill %d: %v", seed, kill, err)
				break
			}
			if now, err := os.Stat(file.Path); err == nil && !os.SameFile(before, now) {
				reads--
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		if _, err := file.Read(); err != nil {
			t.Fatalf("seed %d, kill %d: %v", seed, kill, err)
		}
	}
	if err := file.Change(turn); err != nil {
		t.Fatal(err)
	}
	onlyKeys(t, file)
}

// turn takes the next step of a rotation, whatever it is.
func turn(d *auth.Document) error {
	if len(d.Drop(noon, true)) > 0 {
		return nil
	}
	if err := d.Publish(noon); err == nil {
		return nil
	}
	return d.Promote(noon)
}

func TestKeysFollowTheirFile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		file := newKeyFile(t)
		d, err := file.Read()
		if err != nil {
			t.Fatal(err)
		}
		keys, err := auth.NewKeys(d)
		if err != nil {
			t.Fatal(err)
		}
		box := keys.Box()
		ctx, cancel := context.WithCancel(t.Context())
		var log lines
		done := make(chan struct{})
		go func() {
			defer close(done)
			file.Follow(ctx, keys, slog.New(slog.NewTextHandler(&log, nil)))
		}()
		settle := func() {
			time.Sleep(auth.Settle)
			synctest.Wait()
		}
		follows := func(step string) {
			t.Helper()
			settle()
			if got := keys.About()[0].ID; got != active(t, file) {
				t.Errorf("%s: signs with %s", step, got)
			}
		}
		logged := func(step string, n int) {
			t.Helper()
			if got := log.all(); len(got) != n {
				t.Errorf("%s: %d lines in the log, want %d:\n%s", step, len(got), n, got)
			}
		}
		follows("nothing changed")
		logged("nothing changed", 0)
		ciphertext, err := box.Seal([]byte("x"), "row")
		if err != nil {
			t.Fatal(err)
		}
		if err := file.Change(rotate); err != nil {
			t.Fatal(err)
		}
		follows("rotated")
		logged("rotated", 1)
		if _, err := box.Open(ciphertext, "row"); err != nil || box.Current(ciphertext) {
			t.Errorf("the box did not follow: %v", err)
		}
		whole, err := os.ReadFile(file.Path)
		if err != nil {
			t.Fatal(err)
		}
		for _, broken := range []string{"", `{"keys":`} {
			before := keys.About()[0].ID
			if err := os.WriteFile(file.Path, []byte(broken), 0o600); err != nil {
				t.Fatal(err)
			}
			settle()
			if keys.About()[0].ID != before {
				t.Error("a broken file changed the keys")
			}
		}
		logged("broken", 2) // once for both, since nothing else is wrong with the second
		if err := os.Remove(file.Path); err != nil {
			t.Fatal(err)
		}
		settle()
		logged("missing", 3)
		if err := os.WriteFile(file.Path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		follows("back as it was")
		if err := file.Change(rotate); err != nil {
			t.Fatal(err)
		}
		follows("rotated again")
		logged("rotated again", 4)
		cancel()
		<-done
	})
}

// lines is a log that is read while it is written.
type lines struct {
	mu   sync.Mutex
	text []string
}

func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, string(line))
	return len(line), nil
}

func (l *lines) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.text)
}
