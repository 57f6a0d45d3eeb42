package queue

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
)

// ownServer is a NATS server inside this process, without a port. It may be started again; connections find the present
// one. Whatever is wrong with its folder, it starts: with the folder made anew, or in memory.
type ownServer struct {
	dir string // "" is in memory
	log *slog.Logger

	mu     sync.Mutex
	server *server.Server // nil when it could not be started
	lock   *flock.Flock   // of dir, nil in memory
	temp   string         // a folder that is removed at the end, as a server without one takes one that others use
	// restarted is when it was, so that what cannot be mended is not tried all the time.
	restarted time.Time
}

// The files in the folder of the stream.
const (
	// lockFile is locked by the process that uses the folder.
	lockFile = "lock"
	// openingFile is there while the folder is being opened. If it is found there, the process has died of it.
	openingFile = "opening"
	// sumFile has the digest of what the last process left in storeFolder, if it has ended in order.
	sumFile = "sum"
	// storeFolder is what the server makes.
	storeFolder = "jetstream"
)

// InProcessConn connects to the server.
func (s *ownServer) InProcessConn() (net.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server == nil {
		return nil, errors.New("no server")
	}
	return s.server.InProcessConn()
}

func (s *ownServer) inMemory() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lock == nil
}

// start starts the server, in its folder if that can be used; fresh empties that.
func (s *ownServer) start(fresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dir != "" {
		err := s.startInFolder(fresh)
		if err == nil {
			return
		}
		s.log.Warn("queue: the folder of the stream cannot be used; wakes are kept in memory", "folder", s.dir, "error", err)
	}
	var err error
	if s.temp, err = os.MkdirTemp("", "shopsight-queue-"); err == nil {
		s.server, err = s.run(s.temp)
	}
	if err != nil {
		s.log.Error("queue: no stream; this process wakes itself", "error", err)
	}
}

// startInFolder locks the folder and starts the server in it. What is damaged there is made anew, best before the server
// reads it: one flipped bit, and version 2.15.2 takes all memory.
func (s *ownServer) startInFolder(fresh bool) (err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	lock := flock.New(filepath.Join(s.dir, lockFile))
	if ok, err := lock.TryLock(); err != nil || !ok {
		lock.Close()
		return errors.Join(err, errors.New("another process uses it"))
	}
	defer func() {
		if err != nil {
			lock.Close()
		}
	}()
	opening := filepath.Join(s.dir, openingFile)
	if _, err := os.Lstat(opening); err == nil {
		s.log.Warn("queue: the last process ended while it opened the stream; it is made anew", "folder", s.dir)
		fresh = true
	}
	sum := filepath.Join(s.dir, sumFile)
	if want, err := os.ReadFile(sum); err == nil && !fresh {
		if is, err := digest(filepath.Join(s.dir, storeFolder)); err != nil || is != string(want) {
			s.log.Warn("queue: the stream has been changed since it was closed; it is made anew", "folder", s.dir)
			fresh = true
		}
	}
	if err := os.RemoveAll(sum); err != nil {
		return err
	}
	if fresh {
		if err := os.RemoveAll(filepath.Join(s.dir, storeFolder)); err != nil {
			return err
		}
	}
	if err := os.WriteFile(opening, nil, 0o600); err != nil {
		return err
	}
	if s.server, err = s.run(s.dir); err != nil {
		s.log.Warn("queue: the stream cannot be opened; it is made anew", "folder", s.dir, "error", err)
		if err := os.RemoveAll(filepath.Join(s.dir, storeFolder)); err != nil {
			return err
		}
		if s.server, err = s.run(s.dir); err != nil {
			return err
		}
	}
	s.lock = lock
	return nil
}

// run starts a server on a folder.
func (s *ownServer) run(dir string) (srv *server.Server, err error) {
	defer func() {
		if p := recover(); p != nil { // of reading what is damaged
			err = fmt.Errorf("panic: %v", p)
		}
		if err != nil && srv != nil {
			srv.Shutdown()
			srv = nil
		}
	}()
	srv, err = server.NewServer(&server.Options{
		ServerName: "shopsight", DontListen: true, NoSigs: true, DisableJetStreamBanner: true,
		JetStream: true, StoreDir: dir, SyncAlways: true, JetStreamMaxMemory: 2 * maxBytes, JetStreamMaxStore: 2 * maxBytes,
	})
	if err != nil {
		return nil, err
	}
	srv.SetLoggerV2(serverLog{s.log}, false, false, false)
	srv.Start()
	if !srv.ReadyForConnections(5*patience) || !srv.JetStreamEnabled() {
		return srv, errors.New("the server does not start")
	}
	return srv, nil
}

// opened notes that the stream has been opened and is good.
func (s *ownServer) opened() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock != nil {
		_ = os.Remove(filepath.Join(s.dir, openingFile)) // if it stays, the folder is made anew next time
	}
}

// gone tells whether somebody has deleted the folder.
func (s *ownServer) gone() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock == nil {
		return false
	}
	for _, name := range []string{lockFile, storeFolder} {
		if _, err := os.Lstat(filepath.Join(s.dir, name)); errors.Is(err, fs.ErrNotExist) {
			return true
		}
	}
	return false
}

// broken tells whether the server is to be started again, on a new folder, given what the stream has answered.
func (s *ownServer) broken(cause error) bool {
	api := (*jetstream.APIError)(nil)
	broken := errors.As(cause, &api) || errors.Is(cause, jetstream.ErrJetStreamNotEnabled) || s.gone()
	s.mu.Lock()
	defer s.mu.Unlock()
	return (s.server == nil || broken) && time.Since(s.restarted) > 5*patience
}

// restart starts the server again, with nothing in its folder.
func (s *ownServer) restart() {
	s.log.Warn("queue: the stream is broken; it is made anew", "folder", s.dir)
	s.stop()
	s.start(true)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.restarted = time.Now()
}

// stop ends the server, and lets go of the folder.
func (s *ownServer) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != nil {
		s.server.Shutdown()
		s.server.WaitForShutdown()
		s.server = nil
		if s.lock != nil {
			if sum, err := digest(filepath.Join(s.dir, storeFolder)); err == nil {
				_ = os.WriteFile(filepath.Join(s.dir, sumFile), []byte(sum), 0o600) // the next process does without
			}
		}
	}
	if s.temp != "" {
		_ = os.RemoveAll(s.temp)
		s.temp = ""
	}
	if s.lock != nil {
		_ = s.lock.Close()
		s.lock = nil
	}
}

// digest returns a digest of the names and the contents of the files below a folder.
func digest(dir string) (string, error) {
	h := sha256.New()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		content := sha256.New()
		if _, err := io.Copy(content, f); err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		fmt.Fprintf(h, "%q %x\n", rel, content.Sum(nil))
		return err
	})
	return hex.EncodeToString(h.Sum(nil)), err
}

// serverLog passes a server's warnings and errors on.
type serverLog struct{ log *slog.Logger }

func (l serverLog) Warnf(format string, v ...any) {
	l.log.Warn("queue: server", "message", fmt.Sprintf(format, v...))
}
func (l serverLog) Errorf(format string, v ...any) {
	l.log.Error("queue: server", "message", fmt.Sprintf(format, v...))
}
func (l serverLog) Fatalf(format string, v ...any) { l.Errorf(format, v...) }
func (serverLog) Noticef(string, ...any)           {}
func (serverLog) Debugf(string, ...any)            {}
func (serverLog) Tracef(string, ...any)            {}
