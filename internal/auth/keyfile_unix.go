//go:build unix

package auth

import (
	"fmt"
	"os"
	"syscall"
)

// lock locks an open file for this process, without waiting. The lock ends with the file or the process.
func lock(file *os.File) error { return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }

// resemble gives a file the owner and the mode of another: the service must be able to read what root has changed.
func resemble(file, old *os.File) error {
	var have, want syscall.Stat_t
	if err := syscall.Fstat(int(file.Fd()), &have); err != nil {
		return err
	}
	if err := syscall.Fstat(int(old.Fd()), &want); err != nil {
		return err
	}
	if have.Uid != want.Uid || have.Gid != want.Gid {
		if err := file.Chown(int(want.Uid), int(want.Gid)); err != nil {
			return fmt.Errorf("it belongs to another user: run the command as that user: %w", err)
		}
	}
	return file.Chmod(os.FileMode(want.Mode & 0o777))
}
