package queue_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/queue"
	"github.com/shopsight/shopsight/internal/testkit/natsserver"
)

const lane = "backfill"

// soon is how long a condition may take on a busy machine.
const soon = time.Minute

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(soon); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", soon, what)
		}
	}
}

// logs is what was logged.
type logs struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *logs) has(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.all.String(), text)
}

func (l *logs) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func open(t *testing.T, c queue.Config) (*queue.Queue, *logs) {
	t.Helper()
	l := &logs{}
	c.Log = l.logger()
	q, err := queue.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	t.Cleanup(func() {
		if t.Failed() {
			l.mu.Lock()
			defer l.mu.Unlock()
			t.Logf("logged:\n%s", l.all.String())
		}
	})
	return q, l
}

// seen counts the claims of jobs.
type seen struct {
	mu     sync.Mutex
	claims []queue.Job
}

func (s *seen) add(j queue.Job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.claims = append(s.claims, j)
}

func (s *seen) count(j queue.Job) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.claims {
		if c == j {
			n++
		}
	}
	return n
}

func (s *seen) all() []queue.Job {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.claims)
}

// claim is one that finds nothing to do.
func (s *seen) claim(_ context.Context, j queue.Job) (func(context.Context), error) {
	s.add(j)
	return nil, nil
}

type claim = func(context.Context, queue.Job) (func(context.Context), error)

// work works until the returned function is called, which waits.
func work(t *testing.T, q *queue.Queue, slots int, c claim) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { q.Work(ctx, lane, slots, c) })
	stop = func() { cancel(); wg.Wait() }
	t.Cleanup(stop)
	return stop
}

func job(id int64) queue.Job { return queue.Job{Tenant: 7, ID: id} }

// kinds are the streams that everything has to hold on.
var kinds = []struct {
	name   string
	config func(t *testing.T) queue.Config
}{
	{"folder", func(t *testing.T) queue.Config { return queue.Config{Dir: filepath.Join(t.TempDir(), "stream")} }},
	{"memory", func(t *testing.T) queue.Config { return queue.Config{} }},
	{"server", func(t *testing.T) queue.Config { return queue.Config{URL: natsserver.New(t).URL()} }},
	{"no server", func(t *testing.T) queue.Config {
		s := natsserver.New(t)
		s.Stop()
		return queue.Config{URL: s.URL()}
	}},
}

func onEach(t *testing.T, test func(t *testing.T, q *queue.Queue)) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			q, _ := open(t, kind.config(t))
			test(t, q)
		})
	}
}

// check wakes a job and waits until it is claimed.
func check(t *testing.T, q *queue.Queue, id int64) {
	t.Helper()
	var s seen
	q.Wake(t.Context(), lane, job(id))
	defer work(t, q, 2, s.claim)()
	until(t, "the job is claimed", func() bool { return s.count(job(id)) > 0 })
}

func TestWakesOfAJobBecomeOne(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, q *queue.Queue) {
		for range 5 {
			q.Wake(t.Context(), lane, job(1))
			q.Wake(t.Context(), lane, queue.Job{Tenant: 8, ID: 1})
			q.Wake(t.Context(), "increment", job(1))
		}
		q.Wake(t.Context(), lane, job(2))
		var s seen
		stop := work(t, q, 1, s.claim)
		until(t, "the last is claimed", func() bool { return s.count(job(2)) == 1 })
		stop()
		if got, want := s.all(), []queue.Job{job(1), {Tenant: 8, ID: 1}, job(2)}; !slices.Equal(got, want) {
			t.Errorf("claimed %v, want %v", got, want)
		}
	})
}

func TestAWakeDuringAClaimComesAfterIt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, q *queue.Queue) {
		var s seen
		var under atomic.Int32
		work(t, q, 3, func(ctx context.Context, j queue.Job) (func(context.Context), error) {
			if s.count(j) == 0 {
				s.add(j)
				for range 3 {
					q.Wake(ctx, lane, j)
				}
				return nil, nil
			}
			under.Add(1)
			s.add(j)
			return nil, nil
		})
		q.Wake(t.Context(), lane, job(1))
		until(t, "the job is claimed again", func() bool { return under.Load() > 0 })
	})
}

// What a job does last may be to wake itself: that comes, as the wake that it came from is out of the way.
func TestWorkWakesItself(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, q *queue.Queue) {
		var times atomic.Int32
		stop := work(t, q, 1, func(_ context.Context, j queue.Job) (func(context.Context), error) {
			return func(ctx context.Context) {
				if times.Add(1) < 50 {
					q.Wake(ctx, lane, j)
				}
			}, nil
		})
		q.Wake(t.Context(), lane, job(1))
		until(t, "fifty times", func() bool { return times.Load() == 50 })
		stop()
	})
}

func TestSlots(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, q *queue.Queue) {
		const slots, jobs = 3, 30
		var s seen
		var now, most atomic.Int32
		full, once := make(chan struct{}), sync.Once{}
		work(t, q, slots, func(_ context.Context, j queue.Job) (func(context.Context), error) {
			n := now.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			return func(context.Context) {
				if n == slots {
					once.Do(func() { close(full) })
				}
				<-full
				s.add(j)
				now.Add(-1)
			}, nil
		})
		for id := range int64(jobs) {
			q.Wake(t.Context(), lane, job(id))
		}
		select {
		case <-full:
		case <-time.After(soon):
			t.Fatal("the slots are not used")
		}
		until(t, "all are done", func() bool { return len(s.all()) == jobs })
		if most.Load() != slots {
			t.Errorf("%d at a time, want %d", most.Load(), slots)
		}
	})
}

// A job that waits aside lets others have its slot, gets one again before those that are not begun, and ends with its context.
func TestAside(t *testing.T) {
	t.Parallel()
	q, _ := open(t, queue.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var at, most atomic.Int32
	enter := func() {
		n := at.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
	}
	leave := func() { at.Add(-1) }
	let, ready := make(chan struct{}), make(chan struct{})
	var mu sync.Mutex
	var order []int64
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		q.Work(ctx, lane, 1, func(_ context.Context, j queue.Job) (func(context.Context), error) {
			return func(ctx context.Context) {
				enter()
				defer leave()
				switch j.ID {
				case 1:
					failed := errors.New("what it waited for")
					if err := queue.Aside(ctx, func() error { leave(); close(ready); <-let; return failed }); err != failed {
						t.Errorf("%v", err)
					}
					enter()
				case 2:
					close(let)
					time.Sleep(100 * time.Millisecond) // the first waits for the slot by now
				case 3:
					q.Wake(ctx, lane, queue.Job{Tenant: 1, ID: 4})
				case 4:
					_ = queue.Aside(ctx, func() error { leave(); cancel(); return nil })
					enter()
				}
				mu.Lock()
				defer mu.Unlock()
				order = append(order, j.ID)
			}, nil
		})
	}()
	q.Wake(ctx, lane, queue.Job{Tenant: 1, ID: 1})
	<-ready
	q.Wake(ctx, lane, queue.Job{Tenant: 1, ID: 2})
	q.Wake(ctx, lane, queue.Job{Tenant: 1, ID: 3})
	select {
	case <-ended:
	case <-time.After(soon):
		t.Fatal("the work does not end")
	}
	if want := []int64{2, 1, 3, 4}; !slices.Equal(order, want) || most.Load() != 1 {
		t.Errorf("%v, %d at a time", order, most.Load())
	}
	if err := queue.Aside(t.Context(), func() error { return nil }); err != nil { // outside of any work
		t.Error(err)
	}
}

func TestErrorsAndPanics(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, q *queue.Queue) {
		var failing, panicking, broken, good seen
		work(t, q, 1, func(_ context.Context, j queue.Job) (func(context.Context), error) {
			switch j.ID {
			case 1:
				if failing.add(j); failing.count(j) == 1 {
					return nil, errors.New("no database")
				}
			case 2:
				if panicking.add(j); panicking.count(j) == 1 {
					panic("a claim")
				}
			case 3:
				return func(context.Context) { broken.add(j); panic("the work") }, nil
			default:
				good.add(j)
			}
			return nil, nil
		})
		for id := int64(1); id <= 4; id++ {
			q.Wake(t.Context(), lane, job(id))
		}
		until(t, "a failed claim comes again", func() bool { return failing.count(job(1)) == 2 })
		until(t, "a claim that panicked comes again", func() bool { return panicking.count(job(2)) == 2 })
		until(t, "the slot is free after work that panicked", func() bool { return good.count(job(4)) == 1 })
		if n := broken.count(job(3)); n != 1 {
			t.Errorf("work that panics was done %d times", n)
		}
		q.Wake(t.Context(), lane, job(5))
		until(t, "the next is claimed", func() bool { return good.count(job(5)) == 1 })
	})
}

func TestWorkWaitsForItsJobs(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, q *queue.Queue) {
		begun, done := make(chan struct{}), atomic.Bool{}
		stop := work(t, q, 1, func(context.Context, queue.Job) (func(context.Context), error) {
			return func(ctx context.Context) {
				close(begun)
				<-ctx.Done()
				time.Sleep(10 * time.Millisecond) // it gives the job back, which takes a moment
				done.Store(true)
			}, nil
		})
		q.Wake(t.Context(), lane, job(1))
		<-begun
		stop()
		if !done.Load() {
			t.Error("Work did not wait")
		}
		check(t, q, 2)
	})
}

// A wake that came before anybody worked, or after Work has ended, waits.
func TestWakesWait(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, q *queue.Queue) {
		check(t, q, 1)
		check(t, q, 1)
	})
}

func TestAWakeOfAnEndedContext(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, q *queue.Queue) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		q.Wake(ctx, lane, job(1))
		var s seen
		work(t, q, 1, s.claim)
		until(t, "the job is claimed", func() bool { return s.count(job(1)) == 1 })
	})
}

func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	s := natsserver.New(t)
	const jobs = 200
	var queues [2]*queue.Queue
	var claimed [2]seen
	var now [jobs]atomic.Int32
	for i := range queues {
		queues[i], _ = open(t, queue.Config{URL: s.URL()})
	}
	for i := range queues {
		other := make(chan struct{})
		work(t, queues[i], 2, func(_ context.Context, j queue.Job) (func(context.Context), error) {
			if now[j.ID].Add(1) != 1 {
				t.Errorf("two claims of job %d at a time", j.ID)
			}
			claimed[i].add(j)
			now[j.ID].Add(-1)
			return func(context.Context) {
				// Whoever is first leaves something for the other.
				if len(claimed[1-i].all()) == 0 {
					select {
					case <-other:
					case <-time.After(10 * time.Millisecond):
					}
				}
			}, nil
		})
	}
	for id := range int64(jobs) {
		queues[id%2].Wake(t.Context(), lane, job(id))
	}
	until(t, "all are claimed", func() bool { return len(claimed[0].all())+len(claimed[1].all()) >= jobs })
	for id := range int64(jobs) {
		if n := claimed[0].count(job(id)) + claimed[1].count(job(id)); n != 1 {
			t.Errorf("job %d was claimed %d times", id, n)
		}
	}
	for i := range claimed {
		if len(claimed[i].all()) == 0 {
			t.Errorf("process %d had nothing to do", i)
		}
	}
}

// A process with free slots gets what another has no slot for.
func TestABusyProcessLeavesWakes(t *testing.T) {
	t.Parallel()
	s := natsserver.New(t)
	busy, _ := open(t, queue.Config{URL: s.URL()})
	idle, _ := open(t, queue.Config{URL: s.URL()})
	begun, free := make(chan struct{}), make(chan struct{})
	var twice seen
	work(t, busy, 1, func(_ context.Context, j queue.Job) (func(context.Context), error) {
		twice.add(j)
		return func(context.Context) { close(begun); <-free }, nil
	})
	defer close(free)
	busy.Wake(t.Context(), lane, job(1))
	<-begun
	for id := int64(2); id < 10; id++ {
		busy.Wake(t.Context(), lane, job(id))
	}
	var got seen
	work(t, idle, 1, got.claim)
	until(t, "the other has done the rest", func() bool { return len(got.all()) == 8 })
	if n := len(twice.all()); n != 1 {
		t.Errorf("the busy one has claimed %d", n)
	}
}

// When a process ends, what it has not claimed goes to others at once, as well as what its claim has failed on.
func TestAnEndingProcessLeavesWakes(t *testing.T) {
	t.Parallel()
	s := natsserver.New(t)
	ending, _ := open(t, queue.Config{URL: s.URL()})
	other, _ := open(t, queue.Config{URL: s.URL()})
	begun := make(chan struct{})
	stop := work(t, ending, 1, func(ctx context.Context, _ queue.Job) (func(context.Context), error) {
		close(begun)
		<-ctx.Done()
		return nil, ctx.Err()
	})
	ending.Wake(t.Context(), lane, job(1))
	<-begun
	ending.Wake(t.Context(), lane, job(2))
	stop()
	var got seen
	begin := time.Now()
	work(t, other, 1, got.claim)
	until(t, "the other has both", func() bool { return got.count(job(1)) == 1 && got.count(job(2)) == 1 })
	if took := time.Since(begin); took > 20*time.Second { // less than a wake takes that nobody answered for
		t.Errorf("that took %v", took)
	}
}

// Processes come and go while jobs are woken: each is claimed, and none waits for a wake that got lost on the way.
func TestProcessesComeAndGo(t *testing.T) {
	t.Parallel()
	s := natsserver.New(t)
	first, _ := open(t, queue.Config{URL: s.URL()})
	second, _ := open(t, queue.Config{URL: s.URL()})
	var got seen
	work(t, first, 2, got.claim)
	begin := time.Now()
	for id := range int64(100) {
		stop := work(t, second, 2, got.claim)
		first.Wake(t.Context(), lane, job(id))
		stop()
		until(t, "the job is claimed", func() bool { return got.count(job(id)) > 0 })
	}
	if took := time.Since(begin); took > 25*time.Second {
		t.Errorf("that took %v: a wake was lost until it came again", took)
	}
}

func TestReopen(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "stream")
	q, _ := open(t, queue.Config{Dir: dir})
	for id := range int64(5) {
		q.Wake(t.Context(), lane, job(id))
	}
	var first seen
	stop := work(t, q, 1, func(_ context.Context, j queue.Job) (func(context.Context), error) {
		first.add(j)
		return func(ctx context.Context) { <-ctx.Done() }, nil
	})
	until(t, "one is claimed", func() bool { return len(first.all()) == 1 })
	stop()
	q.Close()
	q, l := open(t, queue.Config{Dir: dir})
	var s seen
	stop = work(t, q, 1, s.claim)
	until(t, "those that waited are claimed", func() bool { return len(s.all()) == 4 })
	stop()
	if got := append(first.all(), s.all()...); !slices.Equal(got, []queue.Job{job(0), job(1), job(2), job(3), job(4)}) {
		t.Errorf("claimed %v", got)
	}
	if l.has("level=WARN") || l.has("level=ERROR") {
		t.Error("there was something to warn of")
	}
}

func TestTwoProcessesOnOneFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "stream")
	first, _ := open(t, queue.Config{Dir: dir})
	first.Wake(t.Context(), lane, job(1))
	second, l := open(t, queue.Config{Dir: dir})
	if !l.has("kept in memory") {
		t.Error("the second says nothing")
	}
	check(t, second, 2)
	second.Close()
	first.Close()
	first, l = open(t, queue.Config{Dir: dir})
	if l.has("kept in memory") {
		t.Error("the folder stays locked")
	}
	var s seen
	work(t, first, 1, s.claim)
	until(t, "the first has its wake", func() bool { return s.count(job(1)) == 1 })
}
