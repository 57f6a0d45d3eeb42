//go:build !failpoint || !unix

package failpoint

import "time"

// Here marks a point. It does nothing.
func Here(Point) {}

// Duration returns how long something usually takes.
func Duration(_ string, usual time.Duration) time.Duration { return usual }
