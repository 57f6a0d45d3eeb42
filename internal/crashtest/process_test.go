//go:build unix

package crashtest_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what should take seconds.
const patience = 3 * time.Minute

// lease is how long a run belongs to a process that has died, instead of 45 seconds.
const lease = 2 * time.Second

// quick is the settings with which tests do not wait as long as people may.
var quick = []string{"SHOPSIGHT_TEST_LEASE=" + lease.String(), "SHOPSIGHT_TEST_RECONCILE=500ms"}

// program is the path of the service, built with the points.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "shopsight-crash-")
	if err != nil {
		return "", err
	}
	built = dir
	path := filepath.Join(dir, "shopsight")
	out, err := exec.Command("go", "build", "-tags", "failpoint", "-o", path, "github.com/shopsight/shopsight/cmd/shopsight").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// built is the folder of the program, "" when no test needed it.
var built string

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		os.RemoveAll(built)
	}
	os.Exit(code)
}

// child is a process of the service. It does not outlive its test.
type child struct {
	testing.TB
	cmd  *exec.Cmd
	name string
	// ended is closed when the process is gone; err is how then.
	ended chan struct{}
	err   error
	log   output
	// url is where it answers, once ready is closed.
	url   string
	ready chan struct{}
}

// output is what a process has written so far.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
	seen func(text string)
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := o.text.Write(b)
	if o.seen != nil {
		o.seen(o.text.String())
	}
	return n, err
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// last returns the end of the output, without what is said of each request.
func (o *output) last(n int) string {
	var kept strings.Builder
	for line := range strings.Lines(o.String()) {
		if !strings.Contains(line, `"msg":"request"`) {
			kept.WriteString(line)
		}
	}
	text := kept.String()
	return text[max(0, len(text)-n):]
}

// has tells whether a text is part of the output.
func (o *output) has(text string) bool { return strings.Contains(o.String(), text) }

var answers = regexp.MustCompile(`shopsight answers at (http://[^/]+)/`)

// launch starts the service with arguments and variables. What it has written is shown when the test fails.
func launch(tb testing.TB, name string, env []string, args ...string) *child {
	tb.Helper()
	path, err := program()
	if err != nil {
		tb.Fatal(err)
	}
	c := &child{TB: tb, name: name, cmd: exec.Command(path, args...), ended: make(chan struct{}), ready: make(chan struct{})}
	c.log.seen = func(text string) {
		if m := answers.FindStringSubmatch(text); m != nil {
			c.url, c.log.seen = m[1], nil
			close(c.ready)
		}
	}
	c.cmd.Stdout, c.cmd.Stderr = &c.log, &c.log
	// Nothing of the environment of the test is a setting of the service.
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "SHOPSIGHT_") && !strings.HasPrefix(v, "DATABASE_URL=") && !strings.HasPrefix(v, "NATS_URL=") {
			c.cmd.Env = append(c.cmd.Env, v)
		}
	}
	c.cmd.Env = append(c.cmd.Env, env...)
	c.cmd.SysProcAttr = apart()
	started := make(chan error)
	go func() {
		// The kernel sends what apart asks for when the thread ends that has started the process.
		runtime.LockOSThread()
		err := c.cmd.Start()
		started <- err
		if err == nil {
			c.err = c.cmd.Wait()
			close(c.ended)
		}
		runtime.UnlockOSThread()
	}()
	if err := <-started; err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		c.signal(syscall.SIGKILL)
		<-c.ended
		if tb.Failed() {
			tb.Logf("%s (%v) wrote:\n%s", name, c.err, c.log.last(4000))
		}
	})
	return c
}

// signal sends a signal to the process and to all that it has started.
func (c *child) signal(s syscall.Signal) {
	select {
	case <-c.ended: // its number may be another's by now
	default:
		_ = syscall.Kill(-c.cmd.Process.Pid, s)
	}
}

// kill ends the process as a power cut would.
func (c *child) kill() {
	c.Helper()
	c.signal(syscall.SIGKILL)
	c.gone()
}

// stop ends the process as an administrator would, and fails the test unless it ends well.
func (c *child) stop() {
	c.Helper()
	c.signal(syscall.SIGTERM)
	if c.gone(); c.err != nil {
		c.Fatalf("%s does not stop well: %v", c.name, c.err)
	}
}

// gone waits for the end of the process.
func (c *child) gone() {
	c.Helper()
	select {
	case <-c.ended:
	case <-time.After(patience):
		c.Fatalf("%s does not end", c.name)
	}
}

// alive tells whether the process runs.
func (c *child) alive() bool {
	select {
	case <-c.ended:
		return false
	default:
		return true
	}
}

// up waits until the service answers, and tells whether it does: it may have been killed before. Any other end fails the
// test.
func (c *child) up() bool {
	c.Helper()
	select {
	case <-c.ready:
		return true
	case <-c.ended:
		c.killed()
		return false
	case <-time.After(patience):
		c.Fatalf("%s does not answer", c.name)
		return false
	}
}

// killed fails the test unless the process, which has ended, was killed.
func (c *child) killed() {
	c.Helper()
	if status, ok := c.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		c.Fatalf("%s has ended by itself: %v", c.name, c.err)
	}
}

// run runs a command of the program to its end and returns what it wrote.
func run(tb testing.TB, env []string, args ...string) (string, error) {
	tb.Helper()
	c := launch(tb, strings.Join(args, " "), env, args...)
	c.gone()
	return c.log.String(), c.err
}

// databaseIn is where a database of the service lies in its folder.
func databaseIn(dir string) string { return "sqlite:" + filepath.Join(dir, "shopsight.db") }
