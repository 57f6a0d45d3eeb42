package queue

import (
	"sync"
	"time"
)

// maxInMemory bounds the wakes of a lane that wait in memory.
const maxInMemory = 100_000

// memory holds wakes of a lane for this process alone, in the order in which they came: what the stream could not take.
type memory struct {
	filled chan struct{} // has an element when there may be a wake

	mu      sync.Mutex
	waiting []Job
	known   map[Job]bool // those that wait
	// failed counts the errors of claims in a row.
	failed map[Job]int
}

// inMemory returns the wakes of a lane that wait in memory.
func (q *Queue) inMemory(lane string) *memory {
	q.mu.Lock()
	defer q.mu.Unlock()
	m := q.memory[lane]
	if m == nil {
		m = &memory{filled: make(chan struct{}, 1), known: map[Job]bool{}, failed: map[Job]int{}}
		q.memory[lane] = m
	}
	return m
}

// add has a wake wait, unless one of the job does, or too many do.
func (m *memory) add(j Job) (ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known[j] {
		return true
	}
	if len(m.waiting) >= maxInMemory {
		return false
	}
	m.known[j] = true
	m.waiting = append(m.waiting, j)
	m.fill()
	return true
}

func (m *memory) fill() {
	select {
	case m.filled <- struct{}{}:
	default:
	}
}

// take returns the wake that has waited longest.
func (m *memory) take() (j Job, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.waiting) == 0 {
		return j, false
	}
	j = m.waiting[0]
	m.waiting = m.waiting[1:]
	delete(m.known, j)
	if len(m.waiting) > 0 {
		m.fill()
	}
	return j, true
}

// claimed notes how the claim of a job has ended. After an error its wake comes again later, a bounded number of times.
func (m *memory) claimed(j Job, failed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !failed || m.failed[j]+1 >= maxClaims {
		delete(m.failed, j)
		return
	}
	m.failed[j]++
	time.AfterFunc(backOff(m.failed[j]), func() { m.add(j) })
}
