// Command bench measures the service against raw SQL on the same data, engine and machine, in one run, and prints the
// table of docs/performance.md. `make bench` runs it with a server of the MySQL family at hand.
//
// What it compares with is as bare as an honest service can be: a net/http handler that verifies the same token, runs
// the statements that the service was seen to run, with the same arguments, and encodes the same answer with
// encoding/json; and, for writing, plain INSERTs of 500 rows of what the service has written. Both sides are called in
// the process, without a network, whose cost would be the same on both and make every ratio look better.
//
// On a machine that others use too, CPU is the measure to trust: each pair is measured in turns, many times, and the
// median of the ratios counts.
//
//	BENCH_SIZES    orders of the stores, default 10000,100000,1000000
//	BENCH_ENGINES  default sqlite,mysql
//	BENCH_PARTS    default reads,writes; backfill is the first sync of a simulated store of each size
//	BENCH_ROUNDS   turns of each pair, default 9
//	BENCH_KEEP     a folder: stores are kept in it (and in the database shopsight_bench), and used again by the next run
//	BENCH_PROFILE  a folder: a CPU profile of each part is written to it
//	TEST_MYSQL_URL default mysql://root@127.0.0.1:3306/
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// settings are what the environment says.
type settings struct {
	sizes         []int
	engines       []string
	parts         []string
	rounds        int
	keep, profile string
	server        string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	set, err := read()
	if err != nil {
		return err
	}
	r := report{started: time.Now()}
	defer r.print(os.Stdout) // what was measured before an error counts too
	for _, engine := range set.engines {
		if err := measureEngine(ctx, set, engine, &r); err != nil {
			return fmt.Errorf("%s: %w", engine, err)
		}
	}
	return nil
}

func read() (settings, error) {
	set := settings{
		engines: strings.Split(cmp.Or(os.Getenv("BENCH_ENGINES"), "sqlite,mysql"), ","),
		parts:   strings.Split(cmp.Or(os.Getenv("BENCH_PARTS"), "reads,writes"), ","),
		keep:    os.Getenv("BENCH_KEEP"),
		profile: os.Getenv("BENCH_PROFILE"),
		server:  cmp.Or(os.Getenv("TEST_MYSQL_URL"), "mysql://root@127.0.0.1:3306/"),
	}
	for text := range strings.SplitSeq(cmp.Or(os.Getenv("BENCH_SIZES"), "10000,100000,1000000"), ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1000 {
			return set, fmt.Errorf("BENCH_SIZES: %q is no number of orders from 1000 up", text)
		}
		set.sizes = append(set.sizes, n)
	}
	var err error
	if set.rounds, err = strconv.Atoi(cmp.Or(os.Getenv("BENCH_ROUNDS"), "9")); err != nil || set.rounds < 1 {
		return set, fmt.Errorf("BENCH_ROUNDS: no number of turns")
	}
	return set, nil
}

// measureEngine measures everything on one engine: reading in one database that holds the stores of every size, writing
// in an empty one.
func measureEngine(ctx context.Context, set settings, engine string, r *report) error {
	parts := []struct {
		name string
		keep bool
		run  func(*database) error
	}{
		{"reads", set.keep != "", served(ctx, r, func(s *service) error {
			shops, err := loadShops(ctx, set, s, engine, r)
			if err != nil {
				return err
			}
			return measureReads(set, s, engine, shops, r)
		})},
		{"writes", false, served(ctx, r, func(s *service) error { return measureWrites(ctx, set, s, engine, r) })},
	}
	if slices.Contains(set.parts, "backfill") {
		if err := measureBackfill(ctx, set, engine, r); err != nil {
			return fmt.Errorf("backfill: %w", err)
		}
	}
	for _, part := range parts {
		if slices.Contains(set.parts, part.name) {
			if err := on(ctx, set, engine, part.keep, part.run); err != nil {
				return fmt.Errorf("%s: %w", part.name, err)
			}
		}
	}
	return nil
}

// on runs a part on a database of its own.
func on(ctx context.Context, set settings, engine string, keep bool, part func(*database) error) (err error) {
	db, err := openDatabase(ctx, set, engine, keep)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close()) }()
	return part(db)
}

// served runs a part with the service on its database.
func served(ctx context.Context, r *report, part func(*service) error) func(*database) error {
	return func(db *database) error {
		s, err := start(ctx, db, clock, "")
		if err != nil {
			return err
		}
		defer s.Close()
		if err := r.met(ctx, s); err != nil {
			return err
		}
		return part(s)
	}
}

// profiled runs f under the profiler when the settings ask for it.
func profiled(set settings, name string, f func() error) error {
	if set.profile == "" {
		return f()
	}
	if err := os.MkdirAll(set.profile, 0o755); err != nil {
		return err
	}
	out, err := os.Create(filepath.Join(set.profile, name+".prof"))
	if err != nil {
		return err
	}
	defer out.Close()
	if err := pprof.StartCPUProfile(out); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return f()
}

// say tells what is under way.
func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%s "+format+"\n", append([]any{time.Now().Format("15:04:05")}, args...)...)
}
