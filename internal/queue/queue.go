// Package queue wakes workers in all processes on one database, and carries signals among them.
//
// It knows no job and holds no truth. A job is a row that somebody else has committed before; a wake says "look at it".
// A wake may come twice, late, or to nobody: whoever holds the jobs looks by itself from time to time for those that
// nobody works on. So the folder of the stream, or the stream in a cluster, may be deleted at any time, damaged, or
// replaced by an old copy, and nothing is lost but time.
//
// Wakes are messages of a JetStream stream: of a server inside this process without a port, or of a NATS cluster. While
// the stream cannot be reached, a process wakes itself.
package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Config says where the stream is.
type Config struct {
	// URL is that of a NATS server or cluster with JetStream, or several with commas between; "" runs a server inside this
	// process. The first name and password (or token) in it count for all. What uses the same account of the cluster shares
	// the wakes: each database takes an account of its own.
	URL string
	// Dir is the folder of the stream of the server inside this process, made when it is missing; "" keeps the stream in
	// memory. What is in it has no worth beyond the wakes that wait.
	Dir string
	Log *slog.Logger
}

// Job is what a wake asks to look at.
type Job struct{ Tenant, ID int64 }

// Queue is open until it is closed. It is safe for concurrent use.
type Queue struct {
	log *slog.Logger
	// own is the server inside this process; nil when there is a cluster.
	own  *ownServer
	nc   *nats.Conn
	js   jetstream.JetStream
	base context.Context // of what this package does by itself

	stop       context.CancelFunc // ends base
	background sync.WaitGroup
	repairs    chan error
	// down tells that the stream could not be reached at the last try; it is logged when it changes.
	down atomic.Bool
	// rests is until when wakes do not try the stream, in Unix nanoseconds.
	rests atomic.Int64
	// acked counts the wakes that were acknowledged.
	acked atomic.Int64

	mu sync.Mutex
	// era ends when the connection or the stream is a new one; whoever listens to the stream begins anew.
	era    context.Context
	endEra context.CancelFunc
	// claims are those under way, of wakes from the stream.
	claims map[wake]*claim
	memory map[string]*memory // by lane
	ears   map[*ear]bool
}

// wake is what a message of the stream says.
type wake struct {
	lane string
	job  Job
}

// The times of the conversation with the stream.
const (
	// patience bounds how long a caller waits for the stream.
	patience = 2 * time.Second
	// rest is how long wakes do without the stream after it has not answered.
	rest = time.Second
)

// Open connects to the stream, and makes it when it is missing. A stream that cannot be reached is no error: it is logged,
// tried again for ever, and until then this process wakes itself. The only error is a URL that is none, without a word of
// it.
func Open(ctx context.Context, c Config) (*Queue, error) {
	q := &Queue{log: c.Log, repairs: make(chan error, 1), claims: map[wake]*claim{}, memory: map[string]*memory{},
		ears: map[*ear]bool{}}
	servers, options, err := q.options(c.URL)
	if err != nil {
		return nil, err
	}
	q.base, q.stop = context.WithCancel(context.WithoutCancel(ctx))
	q.era, q.endEra = context.WithCancel(q.base)
	if c.URL == "" {
		q.own = &ownServer{dir: c.Dir, log: c.Log}
		q.own.start(false)
		options = append(options, nats.InProcessServer(q.own), nats.ReconnectWait(20*time.Millisecond), nats.ReconnectJitter(0, 0))
	}
	q.nc, err = nats.Connect(servers, options...)
	if err == nil {
		q.js, err = jetstream.New(q.nc)
	}
	if err != nil {
		q.Close()
		return nil, fmt.Errorf("queue: %w", err)
	}
	if err := q.makeStream(ctx); err != nil {
		q.missing(err)
		q.repair(err)
	}
	q.background.Go(q.mend)
	return q, nil
}

// Close ends the connection and the server inside this process. Work is to have ended before; wakes that come later are
// for nobody.
func (q *Queue) Close() {
	q.stop()
	q.background.Wait()
	if q.nc != nil {
		if q.nc.IsConnected() {
			_ = q.nc.FlushTimeout(patience) // signals on their way; those that are lost are lost
		}
		q.nc.Close()
	}
	if q.own != nil {
		q.own.stop()
	}
}

// options returns the addresses of the servers, without what is secret in them, and how to connect.
func (q *Queue) options(servers string) (string, []nats.Option, error) {
	options := []nats.Option{
		nats.Name("shopsight"), nats.NoEcho(), nats.Timeout(patience),
		nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.IgnoreAuthErrorAbort(), nats.ReconnectWait(time.Second),
		nats.PingInterval(20 * time.Second), nats.MaxPingsOutstanding(2),
		nats.ReconnectBufSize(-1), // a wake that cannot go out now takes the other way
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				q.missing(err)
			}
		}),
		nats.ConnectHandler(func(*nats.Conn) {
			if q.down.Load() { // Open did without
				q.repair(nil)
				q.lost()
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) {
			q.repair(nil)
			q.lost()
		}),
		nats.ReconnectErrHandler(func(_ *nats.Conn, err error) { q.missing(err) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			q.log.Warn("queue: connection", "error", err)
			if errors.Is(err, nats.ErrSlowConsumer) {
				q.lost()
			}
		}),
	}
	var plain []string
	var user *url.Userinfo
	for server := range strings.SplitSeq(servers, ",") {
		if server == "" {
			continue
		}
		u, err := url.Parse(strings.TrimSpace(server))
		if err != nil || u.Hostname() == "" { // the error would repeat what is secret
			return "", nil, errors.New("queue: the URL of the NATS server must be like nats://USER:PASSWORD@HOST:PORT")
		}
		if user == nil {
			user = u.User
		}
		u.User = nil
		plain = append(plain, u.String())
	}
	if password, ok := user.Password(); ok {
		options = append(options, nats.UserInfo(user.Username(), password))
	} else if user != nil {
		options = append(options, nats.Token(user.Username()))
	}
	return strings.Join(plain, ","), options, nil
}

// missing notes that the stream could not be reached.
func (q *Queue) missing(err error) {
	q.rests.Store(time.Now().Add(rest).UnixNano())
	if q.down.CompareAndSwap(false, true) {
		q.log.Warn("queue: the stream cannot be reached; this process wakes itself", "error", err)
	}
}

// reached notes that the stream answers.
func (q *Queue) reached() {
	q.rests.Store(0)
	if q.down.CompareAndSwap(true, false) {
		q.log.Info("queue: the stream is reached again")
	}
}

// repair has the stream made again, and those who listen to it begin anew. cause is what has shown that this is needed,
// nil when the connection is a new one. It does not wait.
func (q *Queue) repair(cause error) {
	select {
	case q.repairs <- cause:
	default: // somebody has asked already
	}
}

// mend does what repair asks for, until the queue is closed.
func (q *Queue) mend() {
	for {
		select {
		case cause := <-q.repairs:
			if q.own != nil && q.own.broken(cause) {
				q.own.restart()
				continue // the new connection asks again
			}
			if err := q.makeStream(q.base); err != nil {
				q.missing(err)
				continue // the next wake asks again, or whoever wants to work
			}
			q.reached()
			q.mu.Lock()
			q.endEra()
			q.era, q.endEra = context.WithCancel(q.base)
			q.mu.Unlock()
		case <-q.base.Done():
			return
		}
	}
}

// thisEra returns a context that ends with ctx, or when the stream or the connection is a new one.
func (q *Queue) thisEra(ctx context.Context) (context.Context, context.CancelFunc) {
	q.mu.Lock()
	defer q.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(q.era, cancel)
	return ctx, func() { stop(); cancel() }
}
