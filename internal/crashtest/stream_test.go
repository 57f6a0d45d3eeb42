//go:build unix

package crashtest_test

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// streamDir is where the queue has its stream, in the folder of the service.
const streamDir = "stream"

// The stream only wakes: without it, with an old one or with one that is cut off, a run goes on within a minute.
func TestStreamIsLost(t *testing.T) {
	t.Parallel()
	each(t, 2100, func(w *world, r *rand.Rand) {
		stream, old := filepath.Join(w.dir, streamDir), filepath.Join(t.TempDir(), "old")
		copyFolder := func(from, to string) {
			if err := os.RemoveAll(to); err != nil {
				w.Fatal(err)
			}
			if err := os.CopyFS(to, os.DirFS(from)); err != nil {
				w.Fatal(err)
			}
		}
		total := len(w.shop.Products()) + len(w.shop.Customers()) + len(w.shop.Orders())
		reach := func(c *child, n int) {
			w.Helper()
			if run, err := w.follow(c, func(r *syncRun) bool { return r.fetched() >= n }); err != nil || !run.active() {
				w.Fatalf("%+v %v", run, err)
			}
		}
		c := w.serve()
		reach(c, 1)
		c.kill()
		w.died(c)
		copyFolder(stream, old)
		for n, damage := range []struct {
			name string
			do   func()
		}{
			{"deleted", func() {
				if err := os.RemoveAll(stream); err != nil {
					w.Fatal(err)
				}
			}},
			{"an old copy", func() { copyFolder(old, stream) }},
			{"cut off", func() { w.cut(stream) }},
		} {
			c := w.serve()
			reach(c, total*(n+1)/5)
			c.kill()
			w.died(c)
			damage.do()
			c = w.serve()
			began := time.Now()
			before, err := w.look(c)
			if err != nil {
				w.Fatal(err)
			}
			reach(c, before.fetched()+1)
			took := time.Since(began)
			w.Logf("%s: the run has gone on after %s", damage.name, took)
			if took > time.Minute {
				w.Errorf("%s: the run has gone on after %s", damage.name, took)
			}
			c.kill()
			w.died(c)
		}
		w.done()
	})
}

// cut takes away the end of the last block of every stream in a folder.
func (w *world) cut(stream string) {
	w.Helper()
	blocks := 0
	err := filepath.WalkDir(stream, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".blk" {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		blocks++
		return os.Truncate(path, info.Size()*2/3)
	})
	if err != nil || blocks == 0 {
		w.Fatalf("%d blocks in %s: %v", blocks, stream, err)
	}
}
