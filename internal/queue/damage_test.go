package queue_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/queue"
)

// files returns the files below a folder.
func files(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func overwrite(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	old, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, change(old), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever happens to the folder between two runs, the next one works.
func TestFolderDamagedBetweenRuns(t *testing.T) {
	t.Parallel()
	each := func(suffix string, change func([]byte) []byte) func(*testing.T, string, string) {
		return func(t *testing.T, dir, _ string) {
			n := 0
			for _, f := range files(t, dir) {
				if strings.HasSuffix(f, suffix) && filepath.Base(f) != "lock" && filepath.Base(f) != "sum" {
					overwrite(t, f, change)
					n++
				}
			}
			if n == 0 {
				t.Fatalf("there is no file %s", suffix)
			}
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	garbage := func(b []byte) []byte {
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		return b
	}
	half := func(b []byte) []byte { return b[:len(b)/2] }
	empty := func([]byte) []byte { return nil }
	flip := func(b []byte) []byte {
		for range min(len(b), 8) {
			b[random.IntN(len(b))] ^= 1 << random.IntN(8)
		}
		return b
	}
	remove := func(t *testing.T, path string) {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
	type damage struct {
		name string
		// to does it to the folder; old is a copy of it as it was some wakes ago.
		to func(t *testing.T, dir, old string)
	}
	damages := []damage{
		{"nothing", func(*testing.T, string, string) {}},
		{"deleted", func(t *testing.T, dir, _ string) { remove(t, dir) }},
		{"emptied", func(t *testing.T, dir, _ string) { remove(t, filepath.Join(dir, "jetstream")) }},
		{"an old copy", func(t *testing.T, dir, old string) {
			remove(t, dir)
			if err := os.CopyFS(dir, os.DirFS(old)); err != nil {
				t.Fatal(err)
			}
		}},
		{"old and new mixed", func(t *testing.T, dir, old string) {
			for _, f := range files(t, old) {
				rel, _ := filepath.Rel(old, f)
				if b, err := os.ReadFile(f); err == nil && strings.HasSuffix(f, ".blk") {
					_ = os.WriteFile(filepath.Join(dir, rel), b, 0o600)
				}
			}
		}},
		{"a file in its place", func(t *testing.T, dir, _ string) {
			remove(t, dir)
			if err := os.WriteFile(dir, []byte("no folder"), 0o600); err != nil {
				t.Fatal(err)
			}
		}},
		{"a file in the place of the store", func(t *testing.T, dir, _ string) {
			remove(t, filepath.Join(dir, "jetstream"))
			if err := os.WriteFile(filepath.Join(dir, "jetstream"), []byte("no folder"), 0o600); err != nil {
				t.Fatal(err)
			}
		}},
		{"the process died of opening it", func(t *testing.T, dir, _ string) {
			each("", garbage)(t, dir, "")
			if err := os.WriteFile(filepath.Join(dir, "opening"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for _, file := range []string{".blk", "meta.inf", "index.db", ""} {
		for name, change := range map[string]func([]byte) []byte{"garbage": garbage, "cut": half, "empty": empty, "bits flipped": flip} {
			damages = append(damages, damage{file + " " + name, each(file, change)})
		}
		damages = append(damages, damage{file + " removed", func(t *testing.T, dir, _ string) {
			for _, f := range files(t, dir) {
				if strings.HasSuffix(f, file) {
					remove(t, f)
				}
			}
		}})
	}
	for _, d := range damages {
		if strings.HasSuffix(d.name, "garbage") || strings.HasSuffix(d.name, "flipped") {
			continue // a power failure cuts files or loses them
		}
		damages = append(damages, damage{d.name + ", after a kill", func(t *testing.T, dir, old string) {
			d.to(t, dir, old)
			_ = os.Remove(filepath.Join(dir, "sum")) // what a process leaves that ends in order
		}})
	}
	for _, damage := range damages {
		t.Run(damage.name, func(t *testing.T) {
			base := t.TempDir()
			dir, old := filepath.Join(base, "stream"), filepath.Join(base, "old")
			for round := range int64(2) {
				q, l := open(t, queue.Config{Dir: dir})
				check(t, q, 100+round)
				for id := range int64(10) {
					q.Wake(t.Context(), lane, job(id))
				}
				var s seen
				stop := work(t, q, 1, s.claim)
				until(t, "all are claimed", func() bool {
					for id := range int64(10) {
						if s.count(job(id)) == 0 {
							return false
						}
					}
					return true
				})
				stop()
				for id := range int64(20) {
					if id == 10 {
						q.Close()
						remove(t, old)
						if info, err := os.Stat(dir); err == nil && info.IsDir() {
							if err := os.CopyFS(old, os.DirFS(dir)); err != nil {
								t.Fatal(err)
							}
						}
						q, l = open(t, queue.Config{Dir: dir})
					}
					q.Wake(t.Context(), lane, job(id))
				}
				if l.has("cannot be reached") {
					t.Error("the stream does not work")
				}
				q.Close()
				if info, err := os.Stat(dir); err != nil || !info.IsDir() {
					return // it is no folder of ours: all was in memory
				}
				damage.to(t, dir, old)
			}
			q, _ := open(t, queue.Config{Dir: dir})
			check(t, q, 1)
		})
	}
}

// What a process leaves that is killed is what its folder holds while it runs.
func TestWakesSurviveAKill(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	dir, killed := filepath.Join(base, "stream"), filepath.Join(base, "killed")
	q, _ := open(t, queue.Config{Dir: dir})
	var s seen
	stop := work(t, q, 1, s.claim)
	q.Wake(t.Context(), lane, job(1))
	until(t, "the first is claimed", func() bool { return s.count(job(1)) == 1 })
	stop()
	for id := range int64(20) {
		q.Wake(t.Context(), lane, job(100+id))
	}
	if err := os.CopyFS(killed, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	q, l := open(t, queue.Config{Dir: killed})
	var again seen
	work(t, q, 1, again.claim)
	until(t, "those that waited are claimed", func() bool { return len(again.all()) >= 20 })
	if n := again.count(job(1)); n != 0 || l.has("made anew") {
		t.Errorf("the first was claimed %d times more; logged: made anew: %t", n, l.has("made anew"))
	}
}
