package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
)

// cost is what something took, per run of it.
type cost struct{ cpu, wall time.Duration }

func (c cost) plus(o cost) cost { return cost{c.cpu + o.cpu, c.wall + o.wall} }

// timed runs f so many times and returns the cost of one.
func timed(n int, f func() error) (cost, error) {
	cpu, wall := cpuTime(), time.Now()
	for range n {
		if err := f(); err != nil {
			return cost{}, err
		}
	}
	return cost{(cpuTime() - cpu) / time.Duration(n), time.Since(wall) / time.Duration(n)}, nil
}

// slice is how long one turn of one side lasts at least: many collections of garbage, each side paying for its own.
const slice = 250 * time.Millisecond

// turns measures functions in turns, so that what else the machine does meets all of them alike. It returns the costs
// of each function by round.
func turns(rounds int, fs ...func() error) ([][]cost, error) {
	times := make([]int, len(fs))
	for i, f := range fs {
		for range 3 { // caches, pools, and what is made at first use
			if err := f(); err != nil {
				return nil, err
			}
		}
		c, err := timed(5, f)
		if err != nil {
			return nil, err
		}
		times[i] = int(min(max(slice/max(c.wall, 1), 3), 5000))
	}
	all := make([][]cost, len(fs))
	for range rounds {
		for i, f := range fs {
			runtime.GC()
			c, err := timed(times[i], f)
			if err != nil {
				return nil, err
			}
			all[i] = append(all[i], c)
		}
	}
	return all, nil
}

func cpuOf(c cost) float64  { return float64(c.cpu) }
func wallOf(c cost) float64 { return float64(c.wall) }

// middle is the median of one side of the costs.
func middle(costs []cost, of func(cost) float64) float64 {
	values := make([]float64, len(costs))
	for i, c := range costs {
		values[i] = of(c)
	}
	return median(values)
}

// ratio is the median of the ratios of the rounds.
func ratio(a, b []cost, of func(cost) float64) float64 {
	values := make([]float64, len(a))
	for i := range a {
		values[i] = of(a[i]) / of(b[i])
	}
	return median(values)
}

func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// resetPeak has the greatest memory of the process counted from now on.
func resetPeak() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // elsewhere the peak is that of the whole run, or unknown
}

// peak is the greatest resident memory since resetPeak, in MB; 0 where the system does not tell.
func peak() int { return memoryNow("VmHWM:") }

// memoryNow is one of the system's figures of the process's memory, in MB.
func memoryNow(name string) int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return kb >> 10
		}
	}
	return 0
}
