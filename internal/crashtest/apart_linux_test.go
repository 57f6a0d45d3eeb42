package crashtest_test

import "syscall"

// apart puts a process into a group of its own, which ends with the test's process however that ends.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
