package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Names of requests that rows about growth and depth refer to.
const (
	dashboardKind = "dashboard"
	firstPage     = "50 orders, first page"
	deepPage      = "50 orders, last page"
)

// report collects the rows of the table.
type report struct {
	started time.Time
	engines []string
	rows    [][]string
}

func (r *report) row(engine string, orders int, what, service, floor, ratio, target string, reached bool) {
	mark := "yes"
	switch {
	case target == "":
		mark = ""
	case !reached:
		mark = "**no**"
	}
	size := ""
	if orders > 0 {
		size = thousands(orders)
	}
	r.rows = append(r.rows, []string{engine, size, what, service, floor, ratio, target, mark})
}

// met notes the engine that a service runs on.
func (r *report) met(ctx context.Context, s *service) error {
	version, err := s.Store.Version(ctx)
	if err == nil && !slices.Contains(r.engines, version) {
		r.engines = append(r.engines, version)
	}
	return err
}

// reads adds the rows of one kind of request: every store's, and what grows with the store or the depth.
func (r *report) reads(engine, kind string, pairs []pair, costs [][]cost, peak int) {
	at := func(i int) (service, floor []cost) { return costs[2*i], costs[2*i+1] }
	for i, p := range pairs {
		service, floor := at(i)
		x := ratio(service, floor, cpuOf)
		r.row(engine, p.shop.orders, fmt.Sprintf("%s, %d statements", p.name, p.statements), both(service), both(floor),
			fmt.Sprintf("%.2f (wall %.2f)", x, ratio(service, floor, wallOf)), fmt.Sprintf("≤ %.0f", p.target), x <= p.target)
	}
	for i, p := range pairs {
		service, _ := at(i)
		switch {
		case p.name == deepPage:
			first, _ := at(i - 1)
			x := ratio(service, first, cpuOf)
			r.row(engine, p.shop.orders, "last page against the first", "", "", fmt.Sprintf("%.2f", x), "≤ 1.3", x <= 1.3)
		case i > 0 && kind == dashboardKind:
			least, _ := at(0)
			x := ratio(service, least, cpuOf)
			r.row(engine, p.shop.orders, p.name+" against "+thousands(pairs[0].shop.orders)+" orders", "", "",
				fmt.Sprintf("%.2f", x), "≤ 1.3", x <= 1.3)
		}
	}
	r.row(engine, 0, kind+": peak memory", fmt.Sprintf("%d MB", peak), "", "", "", true)
}

// load adds what filling a store took.
func (r *report) load(engine string, size int, l loaded) {
	var spent time.Duration
	for _, t := range l.Tenths {
		spent += t
	}
	r.row(engine, size, "load, in the process", fmt.Sprintf("%.0f orders/s", float64(size)/spent.Seconds()), "",
		fmt.Sprintf("last tenth %.2f × the first", float64(l.Tenths[9])/float64(l.Tenths[0])), "", true)
	r.row(engine, size, "load: peak memory", fmt.Sprintf("%d MB", l.Peak), "", "", "≤ 300 MB", l.Peak <= 300)
}

// backfill adds what the first sync of a store took.
func (r *report) backfill(engine string, b backfilled) {
	ours, raw := float64(b.orders)/b.writing.Seconds(), float64(b.rawOrders)/b.raw.wall.Seconds()
	size := int(math.Round(float64(b.orders)/1000)) * 1000
	r.row(engine, size, fmt.Sprintf("backfill: orders of an export, against the same %.1f rows an order, raw", float64(b.rows)/float64(b.rawOrders)),
		fmt.Sprintf("%.0f orders/s (CPU %.0f ms for 500)", ours, b.cpu.Seconds()*5e5/float64(b.orders)),
		fmt.Sprintf("%.0f orders/s (CPU %.0f ms for 500)", raw, b.raw.cpu.Seconds()*5e5/float64(b.rawOrders)), fmt.Sprintf("%.2f", ours/raw), "", true)
	r.row(engine, size, "backfill: time before the first order, of all orders, and after", fmt.Sprintf("%s, %s, %s",
		b.export.Round(time.Second), b.writing.Round(time.Second), b.proof.Round(time.Second)), "",
		fmt.Sprintf("last tenth %.2f × the second", float64(b.tenths[9]-b.tenths[8])/float64(b.tenths[1]-b.tenths[0])), "", true)
	r.row(engine, size, "backfill: memory at each tenth, and its peak", fmt.Sprintf("%s; %d MB", strings.Trim(fmt.Sprint(b.memory), "[]"), b.peak),
		"", "", "≤ 300 MB", b.peak <= 300)
}

// writes adds the rows of ingest against plain inserts.
func (r *report) writes(engine string, rounds []writeCosts, rows, statements int) {
	side := func(of func(writeCosts) cost) (costs []cost) {
		for _, c := range rounds {
			costs = append(costs, of(c))
		}
		return costs
	}
	api := side(func(c writeCosts) cost { return c.api })
	for _, against := range []struct {
		name   string
		costs  []cost
		target float64
	}{
		{fmt.Sprintf("the same %.1f rows an order, raw", float64(rows)/written), side(func(c writeCosts) cost { return c.raw }), 1. / 2},
		{"orders and items alone, raw", side(func(c writeCosts) cost { return c.bare }), 1. / 6},
	} {
		x := ratio(against.costs, api, wallOf)
		r.row(engine, written, fmt.Sprintf("ingest, %d statements a request of 500, against %s", statements, against.name),
			rate(api), rate(against.costs),
			fmt.Sprintf("%.2f (CPU %.2f)", x, ratio(against.costs, api, cpuOf)), fmt.Sprintf("≥ %.2f", against.target), x >= against.target)
	}
}

func rate(costs []cost) string {
	return fmt.Sprintf("%.0f orders/s (CPU %.0f ms a request)", written/middle(costs, wallOf)*1e9, middle(costs, cpuOf)/1e6/(written/500))
}

func (r *report) together(engine string, took time.Duration, failed int) {
	r.row(engine, written, fmt.Sprintf("ingest by %d clients of one tenant", clients),
		fmt.Sprintf("%.0f orders/s", written/took.Seconds()), "", fmt.Sprintf("%d failed", failed), "0 failed", failed == 0)
}

// both is CPU and time of one request.
func both(costs []cost) string {
	return fmt.Sprintf("%s (wall %s)", milli(middle(costs, cpuOf)), milli(middle(costs, wallOf)))
}

func milli(ns float64) string { return fmt.Sprintf("%.2f ms", ns/1e6) }

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// print writes the table.
func (r *report) print(w io.Writer) {
	fmt.Fprintf(w, "%s, %d cores, %s, %s %s/%s; %s; %s\n\n", processor(), runtime.NumCPU(), memory(), runtime.Version(), runtime.GOOS,
		runtime.GOARCH, strings.Join(r.engines, ", "), r.started.Format(time.DateOnly))
	fmt.Fprintln(w, "| engine | orders | what | service | floor | ratio | target | reached |")
	fmt.Fprintln(w, "|---|---:|---|---:|---:|---:|---:|---|")
	for _, row := range r.rows {
		fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | "))
	}
}

// processor names the machine's, where the system tells.
func processor() string { return field("/proc/cpuinfo", "model name", runtime.GOARCH) }

func memory() string { return field("/proc/meminfo", "MemTotal", "memory unknown") }

// field returns the first value of a name in one of the system's files.
func field(file, name, otherwise string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return otherwise
	}
	for line := range strings.Lines(string(text)) {
		if before, after, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(before) == name {
			return strings.TrimSpace(after)
		}
	}
	return otherwise
}
