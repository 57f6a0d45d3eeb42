package testkit

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// Stopped tells whether a process has been stopped by a signal and not been let go on, as /proc or else ps has it.
func Stopped(pid int) bool {
	state := ""
	if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
		_, state, _ = strings.Cut(string(text), ") ") // the name before it may hold anything
	} else if out, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output(); err == nil {
		state = string(out)
	}
	return strings.HasPrefix(state, "T")
}
