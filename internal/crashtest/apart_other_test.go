//go:build unix && !linux

package crashtest_test

import "syscall"

// apart puts a process into a group of its own. Here it may outlive a test process that is killed.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
