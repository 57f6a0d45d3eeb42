package queue

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/shopsight/shopsight/internal/failpoint"
)

// What the service is known by in a cluster. A wake's subject is jobSubjects, its lane, its tenant and its id.
const (
	streamName  = "shopsight-jobs"
	jobSubjects = "shopsight.jobs."
	// maxBytes has room for half a million wakes.
	maxBytes = 64 << 20
	// maxAge bounds the harm of a wake that waits and is not delivered, whyever: others of its job are refused.
	maxAge = time.Hour
)

var (
	errNotConnected = errors.New("not connected")
	errFull         = errors.New("the stream is full")
)

func (w wake) subject() string {
	return jobSubjects + w.lane + "." + strconv.FormatInt(w.job.Tenant, 10) + "." + strconv.FormatInt(w.job.ID, 10)
}

// parseJob returns the job of a subject of a lane. Whoever may write to the stream may write anything.
func parseJob(lane, subject string) (j Job, ok bool) {
	tail, ok := strings.CutPrefix(subject, jobSubjects+lane+".")
	tenant, id, two := strings.Cut(tail, ".")
	var errTenant, errID error
	j.Tenant, errTenant = strconv.ParseInt(tenant, 10, 64)
	j.ID, errID = strconv.ParseInt(id, 10, 64)
	return j, ok && two && errTenant == nil && errID == nil
}

// makeStream makes the stream when it is missing, and gives it the present shape otherwise. Several processes may do so.
func (q *Queue) makeStream(ctx context.Context) error {
	if !q.nc.IsConnected() {
		return errNotConnected
	}
	ctx, cancel := context.WithTimeout(ctx, 5*patience)
	defer cancel()
	c := jetstream.StreamConfig{
		Name: streamName, Description: "wakes of Shopsight's workers: each may be lost", Subjects: []string{jobSubjects + ">"},
		Retention: jetstream.WorkQueuePolicy, Storage: jetstream.FileStorage, Replicas: 1,
		// A second wake of a job is refused while the first waits.
		MaxMsgsPerSubject: 1, Discard: jetstream.DiscardNew, DiscardNewPerSubject: true,
		MaxBytes: maxBytes, MaxAge: maxAge, MaxMsgSize: 1 << 10,
	}
	if q.own != nil && q.own.inMemory() {
		c.Storage = jetstream.MemoryStorage
	}
	s, err := q.js.Stream(ctx, streamName)
	if err == nil {
		c.Replicas = s.CachedInfo().Config.Replicas
		s, err = q.js.UpdateStream(ctx, c)
		if err == nil && q.own != nil {
			err = readable(ctx, s)
		}
		if err == nil || q.own == nil {
			return q.made(err)
		}
		// Our own, of another shape or damaged.
		q.log.Warn("queue: the stream is made anew", "error", err)
		if err := q.js.DeleteStream(ctx, streamName); err != nil {
			return fmt.Errorf("delete the stream: %w", err)
		}
		err = jetstream.ErrStreamNotFound
	}
	if !errors.Is(err, jetstream.ErrStreamNotFound) {
		return fmt.Errorf("find the stream: %w", err)
	}
	if q.own == nil {
		c.Replicas = 3
		_, err := q.js.CreateStream(ctx, c)
		if api := (*jetstream.APIError)(nil); !errors.As(err, &api) {
			return q.made(err)
		}
		c.Replicas = 1 // as many as a single server, or a small cluster, can have
	}
	_, err = q.js.CreateStream(ctx, c)
	return q.made(err)
}

// readable reads all that waits, and compares it with what the stream knows about it. A wake that is damaged is not
// delivered, but those of its job may be refused all the same.
func readable(ctx context.Context, s jetstream.Stream) error {
	state := s.CachedInfo().State
	subjects := map[string]bool{}
	for next := state.FirstSeq; next <= state.LastSeq; {
		m, err := s.GetMsg(ctx, next, jetstream.WithGetMsgSubject(jobSubjects+">"))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			break
		}
		if err != nil {
			return fmt.Errorf("read what waits: %w", err)
		}
		subjects[m.Subject] = true
		next = m.Sequence + 1
	}
	if n := uint64(len(subjects)); n != state.Msgs || n != state.NumSubjects {
		return fmt.Errorf("%d wakes of %d jobs wait, and %d can be read", state.Msgs, state.NumSubjects, n)
	}
	return nil
}

func (q *Queue) made(err error) error {
	if err != nil {
		return fmt.Errorf("make the stream: %w", err)
	}
	if q.own != nil {
		q.own.opened()
	}
	return nil
}

// Wake asks for a worker of a lane, in whatever process, to look at a job. A lane is a word. At most one wake of a job
// waits at a time; one that is made while another is claimed by this process comes after that. It never fails: where the
// stream cannot be reached within moments, this process is woken, and whoever holds the jobs covers the rest. The end of
// ctx does not keep the wake from going out.
func (q *Queue) Wake(ctx context.Context, lane string, j Job) {
	w := wake{lane, j}
	err := errNotConnected
	if time.Now().UnixNano() >= q.rests.Load() {
		if q.own == nil || !q.own.gone() {
			err = q.publish(context.WithoutCancel(ctx), w)
		}
		if err == nil {
			q.reached()
			return
		}
		q.missing(err)
		q.repair(err)
	}
	if !q.inMemory(lane).add(j) {
		q.log.WarnContext(ctx, "queue: too many wakes wait in memory", "lane", lane)
	}
}

// publish writes a wake into the stream, unless one waits there.
func (q *Queue) publish(ctx context.Context, w wake) error {
	if !q.nc.IsConnected() {
		return errNotConnected
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for range 3 {
		before := q.acked.Load()
		failpoint.Here(failpoint.PublishBefore)
		_, err := q.js.Publish(ctx, w.subject(), nil, jetstream.WithRetryAttempts(0))
		failpoint.Here(failpoint.PublishAfter)
		api := (*jetstream.APIError)(nil)
		switch {
		case !errors.As(err, &api):
			return err
		case strings.Contains(api.Description, "maximum bytes exceeded"):
			return errFull
		case !strings.Contains(api.Description, "maximum messages per subject exceeded"):
			return err
		}
		// One waits, or is being claimed: then the claim may have seen the job as it was, and has to look again. Was it
		// acknowledged in between, this one has to be written.
		if q.lookAgain(w) || q.acked.Load() == before {
			return nil
		}
	}
	return nil
}
