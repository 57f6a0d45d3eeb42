package simshop

import "time"

// Bucket is what an app may spend in one store: Max points, of which Restore come back every second.
type Bucket struct{ Max, Restore float64 }

// bucket is a Bucket with what is in it.
type bucket struct {
	Bucket
	left float64
	at   time.Time
}

func newBucket(b Bucket, now time.Time) bucket {
	if b.Max <= 0 {
		b.Max = 2000
	}
	if b.Restore <= 0 {
		b.Restore = 100
	}
	return bucket{b, b.Max, now}
}

// restore puts back what has come back by now.
func (b *bucket) restore(now time.Time) {
	if passed := now.Sub(b.at); passed > 0 {
		b.left = min(b.Max, b.left+passed.Seconds()*b.Restore)
		b.at = now
	}
}

// take takes points out, if there are as many.
func (b *bucket) take(points float64, now time.Time) bool {
	b.restore(now)
	if points > b.left {
		return false
	}
	b.left -= points
	return true
}

// status is what an answer says about the bucket.
func (b *bucket) status(left float64) object {
	whole := max(0, int64(left))
	return object{{"maximumAvailable", b.Max}, {"currentlyAvailable", whole}, {"restoreRate", b.Restore}}
}
