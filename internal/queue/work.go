package queue

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/shopsight/shopsight/internal/failpoint"
)

const (
	// ackWait is how long after its delivery a wake comes again that nobody has answered for, as the process was killed.
	// A claim that takes longer says so.
	ackWait = 30 * time.Second
	// maxClaims is how often a wake comes whose claims fail. Then it is given up, so that it makes room for a new one.
	maxClaims = 20
	// asideFor is how many jobs a slot lets wait aside: each costs a lease that is renewed, and little memory.
	asideFor = 16
	// heartbeat is how often the stream says that it has nothing for us; twice without begins anew.
	heartbeat = 5 * time.Second
)

// backOff returns how long a wake waits after so many claims that failed.
func backOff(failed int) time.Duration {
	return min(time.Second<<min(max(failed, 1)-1, 10), time.Minute)
}

// claim is one under way.
type claim struct {
	claims int
	// again tells that a wake came meanwhile.
	again bool
}

// Work hands the wakes of a lane to claim, at most slots jobs at a time in this process, until ctx ends; then it waits for
// the jobs. claim returns the work to do, nil when there is none: somebody else has the job, or it is not due. The wake is
// acknowledged when claim has returned without error. After an error or a panic it comes again later, to whatever process,
// and is given up after a score of them. No two processes claim one wake at the same time, unless one does not answer for
// half a minute. The slot is held until the work has returned, but where it waits Aside; one that panics is logged.
//
// When ctx ends, wakes that have come but are not claimed go to other processes at once.
func (q *Queue) Work(ctx context.Context, lane string, slots int, claim func(context.Context, Job) (work func(context.Context), err error)) {
	slots = max(slots, 1)
	w := &worker{q: q, lane: lane, claim: claim, slots: make(chan struct{}, slots), aside: make(chan struct{}, asideFor*slots)}
	var sources sync.WaitGroup
	sources.Go(func() { w.fromStream(ctx) })
	sources.Go(func() { w.fromMemory(ctx) })
	sources.Wait()
	w.jobs.Wait()
}

// worker is one call of Work.
type worker struct {
	q     *Queue
	lane  string
	claim func(context.Context, Job) (func(context.Context), error)
	slots chan struct{}
	// aside holds the jobs that wait without a slot.
	aside chan struct{}
	jobs  sync.WaitGroup
}

// holding is the slot of a job, in the context of its work.
type holding struct {
	*worker
	held bool
}

// inSlot does what a slot is taken for, and gives it back.
func (w *worker) inSlot(ctx context.Context, do func(context.Context)) {
	h := &holding{worker: w, held: true}
	defer h.release()
	do(context.WithValue(ctx, holding{}, h))
}

func (h *holding) release() {
	if h.held {
		<-h.slots
	}
	h.held = false
}

// Aside has the work that ctx belongs to wait without its slot, which other jobs have meanwhile. Afterwards it waits for a
// slot again, before any job that is not begun; when ctx ends first, it goes on without one. Where so many wait already
// that they would be a burden, it keeps its slot. It is to be called by the goroutine that was given the work.
func Aside(ctx context.Context, wait func() error) error {
	h, ok := ctx.Value(holding{}).(*holding)
	if !ok || !h.held {
		return wait()
	}
	select {
	case h.aside <- struct{}{}:
		defer func() { <-h.aside }()
	default:
		return wait()
	}
	h.release()
	err := wait()
	select {
	case h.slots <- struct{}{}:
		h.held = true
	case <-ctx.Done():
	}
	return err
}

// fromMemory hands on the wakes that the stream could not take.
func (w *worker) fromMemory(ctx context.Context) {
	m := w.q.inMemory(w.lane)
	for {
		select {
		case <-m.filled:
		case <-ctx.Done():
			return
		}
		select {
		case w.slots <- struct{}{}:
		case <-ctx.Done():
			m.fill() // for whoever works next
			return
		}
		j, ok := m.take()
		if !ok {
			<-w.slots
			continue
		}
		w.jobs.Go(func() {
			w.inSlot(ctx, func(ctx context.Context) {
				work, err := w.look(ctx, j)
				m.claimed(j, err != nil)
				w.do(ctx, j, work)
			})
		})
	}
}

// fromStream hands on the wakes of the stream, whatever becomes of it.
func (w *worker) fromStream(ctx context.Context) {
	for pause := 100 * time.Millisecond; ctx.Err() == nil; pause = min(2*pause, 5*time.Second) {
		begun := time.Now()
		era, end := w.q.thisEra(ctx)
		err := w.listen(ctx, era)
		end()
		switch {
		case ctx.Err() != nil:
			return
		case err == nil: // a new era
			pause = 100 * time.Millisecond
			continue
		case time.Since(begun) > time.Minute:
			pause = 100 * time.Millisecond
		}
		w.q.missing(err)
		w.q.repair(nil)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

// listen hands on wakes until ctx ends, or the era does, or an error has shown that the stream is not what it was.
//
// It asks for one at a time, and only while there is a slot for it, so that none waits here while another process could
// take it. jetstream.Messages would do so too, were it not for a race in v1.55.0: a wake that comes before the library has
// noted that it has asked for it keeps it from asking for the next, for ten seconds.
func (w *worker) listen(ctx, era context.Context) error {
	if !w.q.nc.IsConnected() {
		return errNotConnected
	}
	if err := w.makeConsumer(era); err != nil {
		return w.unless(era, err)
	}
	wakes, err := w.q.nc.SubscribeSync(w.q.nc.NewInbox())
	if err != nil {
		return w.unless(era, err)
	}
	w.q.reached()
	defer w.leave(ctx, wakes)
	for {
		select { // wait for a slot
		case w.slots <- struct{}{}:
			<-w.slots
		case <-era.Done():
			return nil
		}
		msg, err := w.ask(era, wakes)
		if err != nil {
			return w.unless(era, err)
		}
		if era.Err() != nil {
			w.answer(msg, nak)
			return nil
		}
		select {
		case w.slots <- struct{}{}:
			w.jobs.Go(func() { w.inSlot(ctx, func(ctx context.Context) { w.take(ctx, msg) }) })
		default: // a wake from memory was quicker
			w.answer(msg, nak)
		}
	}
}

// leave puts back what was on its way when the listening ended.
func (w *worker) leave(ctx context.Context, wakes *nats.Subscription) {
	if wakes.Drain() != nil {
		_ = wakes.Unsubscribe()
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	for {
		msg, err := wakes.NextMsgWithContext(ctx)
		if err != nil {
			return
		}
		if msg.Header.Get("Status") == "" {
			w.answer(msg, nak)
		}
	}
}

// ask asks for one wake, and waits until it comes.
func (w *worker) ask(ctx context.Context, wakes *nats.Subscription) (*nats.Msg, error) {
	for {
		request := fmt.Sprintf(`{"batch":1,"expires":%d,"idle_heartbeat":%d}`, 6*heartbeat, heartbeat)
		err := w.q.nc.PublishRequest("$JS.API.CONSUMER.MSG.NEXT."+streamName+"."+w.lane, wakes.Subject, []byte(request))
		if err != nil {
			return nil, err
		}
		for asked := true; asked; {
			msg, err := w.hear(ctx, wakes)
			if err != nil {
				return nil, err
			}
			switch status := msg.Header.Get("Status"); status {
			case "":
				return msg, nil
			case "100": // there is nothing yet
			case "404", "408": // there was nothing
				asked = false
			default:
				return nil, fmt.Errorf("the stream answers %s %s", status, msg.Header.Get("Description"))
			}
		}
	}
}

// hear waits for a message as long as the stream may be silent.
func (w *worker) hear(ctx context.Context, wakes *nats.Subscription) (*nats.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*heartbeat)
	defer cancel()
	return wakes.NextMsgWithContext(ctx)
}

// unless returns the error unless it is due to the end of the era.
func (w *worker) unless(era context.Context, err error) error {
	if era.Err() != nil {
		return nil
	}
	return err
}

// makeConsumer makes the consumer of the lane when it is missing. It remembers nothing on disk: what waits is what is in
// the stream.
func (w *worker) makeConsumer(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*patience)
	defer cancel()
	_, err := w.q.js.CreateOrUpdateConsumer(ctx, streamName, jetstream.ConsumerConfig{
		Durable: w.lane, FilterSubject: jobSubjects + w.lane + ".>", MemoryStorage: true,
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait, MaxDeliver: -1,
	})
	return err
}

// take claims the job of a message, answers the message, and does the work.
func (w *worker) take(ctx context.Context, msg *nats.Msg) {
	j, ok := parseJob(w.lane, msg.Subject)
	if !ok {
		w.q.log.WarnContext(ctx, "queue: a wake of nothing", "lane", w.lane)
		w.answer(msg, term)
		return
	}
	key := wake{w.lane, j}
	w.q.claiming(key)
	answered := make(chan struct{})
	var held sync.WaitGroup
	held.Go(func() { w.hold(msg, answered) })
	work, err := w.look(ctx, j)
	close(answered)
	held.Wait()
	if err == nil {
		w.ack(ctx, msg)
	} else {
		w.putBack(ctx, msg, j)
	}
	if again := w.q.claimed(key); again && err == nil {
		w.q.Wake(ctx, w.lane, j)
	}
	w.do(ctx, j, work)
}

// hold tells the stream that the message is still being claimed, until it is answered.
func (w *worker) hold(msg *nats.Msg, answered <-chan struct{}) {
	ticker := time.NewTicker(ackWait / 3)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			w.answer(msg, inProgress)
		case <-answered:
			return
		}
	}
}

// ack takes a wake out of the stream, and waits until it is: the next wake of the job would be refused otherwise.
func (w *worker) ack(ctx context.Context, msg *nats.Msg) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	failpoint.Here(failpoint.AckBefore)
	if _, err := w.q.nc.RequestWithContext(ctx, msg.Reply, []byte("+ACK")); err != nil {
		w.q.log.DebugContext(ctx, "queue: acknowledge a wake", "lane", w.lane, "error", err) // it comes again
	}
	failpoint.Here(failpoint.AckAfter)
	w.q.acked.Add(1)
}

// putBack has a wake come again whose claim has failed.
func (w *worker) putBack(ctx context.Context, msg *nats.Msg, j Job) {
	failed := 1
	if m, err := msg.Metadata(); err == nil {
		failed = int(min(m.NumDelivered, maxClaims))
	}
	switch {
	case ctx.Err() != nil:
		w.answer(msg, nak)
	case failed >= maxClaims:
		w.q.log.ErrorContext(ctx, "queue: a wake is given up", "lane", w.lane, "tenant", j.Tenant, "job", j.ID)
		w.answer(msg, term)
	default:
		w.answer(msg, fmt.Sprintf(`%s {"delay":%d}`, nak, backOff(failed)))
	}
}

// What a message is answered with.
const (
	nak        = "-NAK"
	term       = "+TERM"
	inProgress = "+WPI"
)

// answer answers a message. If that does not arrive, the wake comes again in time.
func (w *worker) answer(msg *nats.Msg, what string) {
	if err := w.q.nc.Publish(msg.Reply, []byte(what)); err != nil {
		w.q.log.Debug("queue: answer a wake", "lane", w.lane, "error", err)
	}
}

// look claims a job.
func (w *worker) look(ctx context.Context, j Job) (work func(context.Context), err error) {
	defer func() {
		if p := recover(); p != nil {
			work, err = nil, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		if err != nil && !errors.Is(err, context.Canceled) {
			w.q.log.ErrorContext(ctx, "queue: claim", "lane", w.lane, "tenant", j.Tenant, "job", j.ID, "error", err)
		}
	}()
	return w.claim(ctx, j)
}

// do does the work on a job, if there is any.
func (w *worker) do(ctx context.Context, j Job, work func(context.Context)) {
	defer func() {
		if p := recover(); p != nil {
			w.q.log.ErrorContext(ctx, "queue: work", "lane", w.lane, "tenant", j.Tenant, "job", j.ID,
				"error", fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	if work != nil {
		work(ctx)
	}
}

// claiming notes that a wake of the stream is being claimed.
func (q *Queue) claiming(w wake) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.claims[w] == nil {
		q.claims[w] = &claim{}
	}
	q.claims[w].claims++
}

// lookAgain has a wake that is being claimed come again, and tells whether it is.
func (q *Queue) lookAgain(w wake) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	c := q.claims[w]
	if c != nil {
		c.again = true
	}
	return c != nil
}

// claimed notes that a claim has ended, and tells whether the job is to be looked at again.
func (q *Queue) claimed(w wake) (again bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	c := q.claims[w]
	if c.claims--; c.claims == 0 {
		delete(q.claims, w)
	}
	again, c.again = c.again, false
	return again
}
