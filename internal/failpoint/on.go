//go:build failpoint && unix

package failpoint

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

var (
	armed Point
	stops bool
	left  atomic.Int64
)

func init() {
	text := os.Getenv("SHOPSIGHT_FAILPOINT")
	if text == "" {
		return
	}
	name, stop := strings.CutSuffix(text, ":stop")
	name, number, counted := strings.Cut(name, ":")
	n := int64(1)
	if counted {
		n, _ = strconv.ParseInt(number, 10, 64)
	}
	if !slices.Contains(slices.Concat(Points(), Renewals()), Point(name)) || n < 1 {
		refuse("SHOPSIGHT_FAILPOINT", text)
	}
	armed, stops = Point(name), stop
	left.Store(n)
}

// Here ends the process, or stops it, when it has come to the armed point often enough.
func Here(p Point) {
	if p != armed || left.Add(-1) != 0 {
		return
	}
	fmt.Fprintf(os.Stderr, "failpoint: %s\n", p)
	if stops {
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		return
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // not one more statement
}

// Duration returns what the environment variable SHOPSIGHT_TEST_NAME says, where it says something, so that a test does
// not wait as long as people may.
func Duration(name string, usual time.Duration) time.Duration {
	name = "SHOPSIGHT_TEST_" + strings.ToUpper(name)
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		refuse(name, text)
	}
	return d
}

func refuse(name, text string) {
	fmt.Fprintf(os.Stderr, "failpoint: %s=%s is nothing\n", name, text)
	os.Exit(2)
}
