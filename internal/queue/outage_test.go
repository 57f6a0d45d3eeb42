package queue_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/shopsight/shopsight/internal/queue"
	"github.com/shopsight/shopsight/internal/testkit/natsserver"
)

// connect is another connection to a server.
func connect(t *testing.T, s *natsserver.Server) (jetstream.JetStream, *nats.Conn) {
	t.Helper()
	nc, err := nats.Connect(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return js, nc
}

// wakeUntilClaimed wakes a job again and again, as the reconciler of whoever holds the jobs does, until it is claimed.
func wakeUntilClaimed(t *testing.T, q *queue.Queue, s *seen, id int64) {
	t.Helper()
	next := time.Now()
	until(t, "the job is claimed", func() bool {
		if time.Now().After(next) {
			q.Wake(t.Context(), lane, job(id))
			next = time.Now().Add(100 * time.Millisecond)
		}
		return s.count(job(id)) > 0
	})
}

func TestFolderDeletedWhileRunning(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"", "lock", "jetstream", "jetstream/$G/streams", "jetstream/$G/streams/shopsight-jobs/msgs"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "stream")
			q, _ := open(t, queue.Config{Dir: dir})
			var s seen
			stop := work(t, q, 1, s.claim)
			id := int64(0)
			for range 3 {
				id++
				wakeUntilClaimed(t, q, &s, id)
				// The server may write a file meanwhile.
				until(t, "it is deleted", func() bool { return os.RemoveAll(filepath.Join(dir, what)) == nil })
				for range 20 {
					id++
					wakeUntilClaimed(t, q, &s, id)
				}
			}
			stop()
			q.Close()
			q, _ = open(t, queue.Config{Dir: dir})
			check(t, q, 1)
		})
	}
}

// After somebody has deleted the folder, it is made again while the process runs.
func TestDeletedFolderIsMadeAgain(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "stream")
	q, _ := open(t, queue.Config{Dir: dir})
	var s seen
	work(t, q, 1, s.claim)
	until(t, "it is deleted", func() bool { return os.RemoveAll(dir) == nil })
	until(t, "the folder is there", func() bool {
		q.Wake(t.Context(), lane, job(1))
		_, err := os.Stat(filepath.Join(dir, "jetstream"))
		return err == nil
	})
	wakeUntilClaimed(t, q, &s, 2)
}

func TestServerStopsAndStarts(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*server.Options){
		"with its stream":    func(*server.Options) {},
		"without its stream": func(o *server.Options) { o.StoreDir = "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := natsserver.New(t, func(o *server.Options) {
				if change(o); o.StoreDir == "" {
					o.StoreDir = t.TempDir()
				}
			})
			var queues [2]*queue.Queue
			var l [2]*logs
			var claimed [2]seen
			for i := range queues {
				queues[i], l[i] = open(t, queue.Config{URL: s.URL()})
				work(t, queues[i], 1, claimed[i].claim)
			}
			id := int64(0)
			for range 2 {
				id++
				queues[0].Wake(t.Context(), lane, job(id))
				until(t, "it is claimed", func() bool { return claimed[0].count(job(id))+claimed[1].count(job(id)) > 0 })
				s.Stop()
				for i := range queues {
					id++
					queues[i].Wake(t.Context(), lane, job(id))
					until(t, "the process that woke has claimed it", func() bool { return claimed[i].count(job(id)) > 0 })
				}
				if name == "without its stream" {
					s.Options.StoreDir = t.TempDir()
				}
				s.Start()
				// They hear of each other again: each claims jobs that the other has woken.
				for i := range queues {
					first := id + 1
					until(t, "the stream is reached again", func() bool {
						id++
						queues[i].Wake(t.Context(), lane, job(id))
						return slices.ContainsFunc(claimed[1-i].all(), func(j queue.Job) bool { return j.ID >= first })
					})
				}
			}
			if !l[0].has("cannot be reached") || !l[0].has("reached again") {
				t.Error("nothing tells of it")
			}
		})
	}
}

func TestStreamDeletedAtRuntime(t *testing.T) {
	t.Parallel()
	s := natsserver.New(t)
	js, _ := connect(t, s)
	var queues [2]*queue.Queue
	var claimed seen
	for i := range queues {
		queues[i], _ = open(t, queue.Config{URL: s.URL()})
		work(t, queues[i], 1, claimed.claim)
	}
	wakeUntilClaimed(t, queues[0], &claimed, 1)
	for id := int64(2); id < 6; id++ {
		until(t, "the stream is deleted", func() bool { return js.DeleteStream(t.Context(), "shopsight-jobs") == nil })
		wakeUntilClaimed(t, queues[id%2], &claimed, id)
		until(t, "the stream is made again", func() bool {
			queues[0].Wake(t.Context(), lane, job(99))
			_, err := js.Stream(t.Context(), "shopsight-jobs")
			return err == nil
		})
	}
	until(t, "the consumer is deleted", func() bool { return js.DeleteConsumer(t.Context(), "shopsight-jobs", lane) == nil })
	wakeUntilClaimed(t, queues[0], &claimed, 100)
}

// A stream that nobody can make, or that is full, is as good as none.
func TestStreamCannotBeMade(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*server.Options){
		"no JetStream": func(o *server.Options) { o.JetStream = false },
		"no room":      func(o *server.Options) { o.JetStreamMaxStore = 1 << 10 },
		"no password":  func(o *server.Options) { o.Username, o.Password = "shopsight", "secret" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q, l := open(t, queue.Config{URL: natsserver.New(t, change).URL()})
			check(t, q, 1)
			if !l.has("cannot be reached") {
				t.Error("nothing tells of it")
			}
		})
	}
}

func TestForeignMessages(t *testing.T) {
	t.Parallel()
	s := natsserver.New(t)
	q, _ := open(t, queue.Config{URL: s.URL()})
	js, nc := connect(t, s)
	for _, subject := range []string{".", ".1", ".1.2.3", ".a.b", ".99999999999999999999.1", ".1.-", ".-1.x"} {
		subject = "shopsight.jobs." + lane + subject
		if _, err := js.Publish(t.Context(), subject, make([]byte, 900)); err != nil && subject[len(subject)-1] != '.' {
			t.Fatalf("%s: %v", subject, err)
		}
	}
	for range 3 {
		if err := nc.Publish("shopsight.jobs."+lane+".7.5", []byte("garbage")); err != nil {
			t.Fatal(err)
		}
	}
	var got seen
	work(t, q, 1, got.claim)
	q.Wake(t.Context(), lane, job(6))
	until(t, "the good ones are claimed", func() bool { return got.count(job(5)) == 1 && got.count(job(6)) == 1 })
	until(t, "nothing is left", func() bool {
		stream, err := js.Stream(t.Context(), "shopsight-jobs")
		return err == nil && stream.CachedInfo().State.Msgs == 0
	})
	if n := len(got.all()); n != 2 {
		t.Errorf("%d claims", n)
	}
}

// What is secret in a URL is used, and is neither in errors nor in logs.
func TestCredentials(t *testing.T) {
	t.Parallel()
	s := natsserver.New(t, func(o *server.Options) { o.Username, o.Password = "shopsight", "s3cr%t/" })
	token := natsserver.New(t, func(o *server.Options) { o.Authorization = "t0ken" })
	for _, test := range []struct {
		name, url string
		works     bool
	}{
		{"password", "nats://shopsight:s3cr%25t%2F@" + s.URL()[len("nats://"):], true},
		{"of several", s.URL() + ", nats://shopsight:s3cr%25t%2F@" + s.URL()[len("nats://"):], true},
		{"token", "nats://t0ken@" + token.URL()[len("nats://"):], true},
		{"wrong", "nats://shopsight:s3cr3t@" + s.URL()[len("nats://"):], false},
	} {
		t.Run(test.name, func(t *testing.T) { // one after the other, as some share a stream
			q, l := open(t, queue.Config{URL: test.url})
			check(t, q, 1)
			if works := !l.has("cannot be reached"); works != test.works {
				t.Errorf("the stream is reached: %t", works)
			}
			if l.has("s3cr") || l.has("t0ken") {
				t.Error("a secret is logged")
			}
		})
	}
	for _, bad := range []string{"nats://u:s3cr3t@", "nats://u:s3cr3t@host:port", "nats://u:s3cr%zz@host", "nats://u:s3cr3t@h\x00st", "u:s3cr3t@host"} {
		q, err := queue.Open(t.Context(), queue.Config{URL: bad, Log: (&logs{}).logger()})
		if err == nil {
			q.Close()
			t.Errorf("%q is taken for a URL", bad)
		} else if text := err.Error(); len(text) < 10 || strings.Contains(text, "s3cr") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestSignals(t *testing.T) {
	t.Parallel()
	s := natsserver.New(t)
	type heard struct {
		mu  sync.Mutex
		all map[string]int
	}
	var ears [3]heard
	var queues [3]*queue.Queue
	var stops [3]func()
	for i := range queues {
		queues[i], _ = open(t, queue.Config{URL: s.URL()})
		ears[i].all = map[string]int{}
		var err error
		stops[i], err = queues[i].Signals(func(data []byte) {
			ears[i].mu.Lock()
			defer ears[i].mu.Unlock()
			if data == nil {
				data = []byte("lost")
			}
			ears[i].all[string(data)]++
			if string(data) == "panic" {
				panic("an ear")
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	has := func(i int, what string) int {
		ears[i].mu.Lock()
		defer ears[i].mu.Unlock()
		return ears[i].all[what]
	}
	tell := func(i int, what string, hearers ...int) {
		t.Helper()
		until(t, "the others hear "+what, func() bool {
			queues[i].Signal([]byte(what))
			for _, h := range hearers {
				if has(h, what) == 0 {
					return false
				}
			}
			return true
		})
		if has(i, what) > 0 {
			t.Errorf("process %d hears itself", i)
		}
	}
	tell(0, "from 0", 1, 2)
	tell(1, "panic", 0, 2)
	tell(2, "from 2", 0, 1)
	queues[0].Signal(make([]byte, 4<<20)) // more than the server takes
	s.Stop()
	queues[0].Signal([]byte("into the void"))
	s.Start()
	tell(0, "after a restart", 1, 2)
	for i := range ears {
		until(t, "each hears that something may be lost", func() bool { return has(i, "lost") > 0 })
	}
	stops[2]()
	tell(0, "without 2", 1)
	tell(1, "without 2 either", 0)
	if has(2, "without 2") > 0 || has(2, "without 2 either") > 0 {
		t.Error("it hears after it has stopped")
	}

	own, _ := open(t, queue.Config{})
	stop, err := own.Signals(func([]byte) { t.Error("somebody is heard") })
	if err != nil {
		t.Fatal(err)
	}
	own.Signal([]byte("nobody is there"))
	stop()
}

// Nothing that is called after Close waits, fails or panics.
func TestClosed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, q *queue.Queue) {
		q.Close()
		q.Close()
		q.Signal([]byte("late"))
		q.Wake(t.Context(), lane, job(1))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		q.Work(ctx, lane, 1, func(context.Context, queue.Job) (func(context.Context), error) { return nil, nil })
	})
}
