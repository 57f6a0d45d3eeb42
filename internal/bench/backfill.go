package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/viewer"
)

// backfilled is what the first sync of a store took.
type backfilled struct {
	orders int
	// export is the time from the start to the first orders, writing the time of all orders, with its CPU.
	export, writing, proof time.Duration
	cpu                    time.Duration
	tenths                 [10]time.Duration
	// memory is the resident size of the process at each tenth of the orders, and peak the greatest, in MB.
	memory [10]int
	peak   int
	// raw is what plain inserts of the rows of rawOrders orders took, and rows how many there were.
	raw       cost
	rawOrders int
	rows      int
}

// measureBackfill lets a simulated store run in a process of its own, syncs a tenant with it for the first time, and then
// writes some of the orders' rows again by plain inserts.
func measureBackfill(ctx context.Context, set settings, engine string, r *report) error {
	binary, err := buildService(ctx)
	if err != nil {
		return err
	}
	defer os.RemoveAll(filepath.Dir(binary))
	for _, size := range set.sizes {
		err := on(ctx, set, engine, false, func(db *database) error {
			address, stop, err := simulate(ctx, binary, size)
			if err != nil {
				return err
			}
			defer stop()
			s, err := start(ctx, db, time.Now, address)
			if err != nil {
				return err
			}
			defer s.Close()
			if err := r.met(ctx, s); err != nil {
				return err
			}
			var b backfilled
			var tenant int64
			if err := profiled(set, fmt.Sprintf("%s-backfill-%d", engine, size), func() (err error) {
				b, tenant, err = backfill(ctx, s, size, engine)
				return err
			}); err != nil {
				return err
			}
			stop()
			if err := b.again(ctx, s, tenant); err != nil {
				return err
			}
			r.backfill(engine, b)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// buildService builds the service's binary, which simulates stores too.
func buildService(ctx context.Context) (string, error) {
	folder, err := os.MkdirTemp("", "shopsight-bench-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "shopsight")
	build := exec.CommandContext(ctx, "go", "build", "-o", path, "./cmd/shopsight")
	build.Stderr = os.Stderr
	return path, build.Run()
}

var answers = regexp.MustCompile(`answers at (http://\S+)`)

// simulate starts a store that lets itself be read as fast as it can be.
func simulate(ctx context.Context, binary string, orders int) (address string, stop func(), err error) {
	c := exec.CommandContext(ctx, binary, "simulate", "--addr", "127.0.0.1:0", "--rate", "0", "--orders", strconv.Itoa(orders),
		"--points", "1000000", "--bulk-rate", "1000000")
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := c.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		_ = c.Wait()
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := answers.FindStringSubmatch(lines.Text()); m != nil {
			return m[1], stop, nil
		}
	}
	stop()
	return "", nil, errors.New("the simulated store did not start")
}

// backfill connects a tenant to the store and follows the first sync to its end.
func backfill(ctx context.Context, s *service, size int, engine string) (b backfilled, tenant int64, err error) {
	token := "shpat_simulated"
	_, tenant, err = s.enter("backfill")
	if err != nil {
		return b, 0, err
	}
	as := viewer.NewContext(ctx, viewer.Tenant(tenant))
	working, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); s.Sync.Work(working) }()
	defer func() { cancel(); <-done }()
	resetPeak()
	began, cpu := time.Now(), cpuTime()
	p, err := s.Sync.Connect(as, sync.ConnectStoreInput{ShopDomain: "simulated.myshopify.com", AccessToken: &token})
	if err != nil || len(p.UserErrors) > 0 {
		return b, 0, fmt.Errorf("connect: %v %w", p, err)
	}
	var first, last, told time.Time
	tenth := 0
	for run := p.FirstSync; ; time.Sleep(50 * time.Millisecond) {
		if run, err = s.Sync.Run(as, run.ID); err != nil {
			return b, 0, err
		}
		orders := run.Progress[len(run.Progress)-1]
		if orders.Fetched > 0 && first.IsZero() {
			first, cpu = time.Now(), cpuTime()
			b.orders = -orders.Fetched // what was there before the clock runs
		}
		for ; tenth < 10 && orders.Fetched >= size*(tenth+1)/10; tenth++ {
			b.tenths[tenth], b.memory[tenth] = time.Since(first), memoryNow("VmRSS:")
			last, b.cpu = time.Now(), cpuTime()-cpu
		}
		if time.Since(told) > 10*time.Second {
			told = time.Now()
			say("%s: %d of %d orders, %d MB, at most %d", engine, max(0, orders.Fetched), size, memoryNow("VmRSS:"), peak())
		}
		if run.Active() {
			continue
		}
		if run.Status != sync.Succeeded || orders.Fetched < size {
			return b, 0, fmt.Errorf("the sync ended %s: %+v %+v", run.Status, run.Error, run.Progress)
		}
		b.orders += orders.Fetched
		b.export, b.writing, b.proof, b.peak = first.Sub(began), last.Sub(first), time.Since(last), peak()
		say("%s: synced %d orders in %s", engine, size, time.Since(began).Round(time.Millisecond))
		return b, tenant, nil
	}
}

// again writes the rows of the orders that were written last into another tenant, 500 orders in a transaction, in the order
// in which they came.
func (b *backfilled) again(ctx context.Context, s *service, tenant int64) error {
	const most, request = 20_000, 500
	_, other, err := s.enter("raw")
	if err != nil {
		return err
	}
	var from int64
	if err := s.db.raw.QueryRowContext(ctx, "SELECT MIN(id) FROM (SELECT id FROM orders WHERE tenant_id = ? ORDER BY id DESC LIMIT ?) o",
		tenant, most).Scan(&from); err != nil {
		return err
	}
	// Numbers are those of the rows, below zero.
	number := func(old int64) int64 { return -old }
	parents := map[string]string{
		"products":  "",
		"customers": " AND id IN (SELECT customer_id FROM orders WHERE tenant_id = @ AND id >= #)",
	}
	tx, err := s.db.begin(ctx, true)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // committed, or failed already
	for table, where := range parents {
		set, err := readRows(ctx, s.db, table, tenant, numbered(where, tenant, from))
		if err != nil {
			return err
		}
		moved := set.moved(other, number)
		if err := moved.insert(ctx, tx, moved.rows); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	requests := map[int64]int{} // by the number of an order
	days := map[[2]int64]int{}  // by a customer's day
	var sets []*rowset
	var rows [][][][]any
	for _, table := range []string{"orders", "order_items", "refunds", "refund_lines", "adjustments", "order_terms", "ledger_entries", "customer_days"} {
		where, key := " AND order_id >= #", "order_id"
		switch table {
		case "orders":
			where, key = " AND id >= #", "id"
		case "customer_days":
			where, key = parents["customers"], "customer_id"
			where = strings.Replace(where, "id IN", "customer_id IN", 1)
		}
		set, err := readRows(ctx, s.db, table, tenant, numbered(where, tenant, from))
		if err != nil {
			return err
		}
		of := set.column(key)
		slices.SortFunc(set.rows, func(a, b []any) int { return cmp.Compare(a[of].(int64), b[of].(int64)) })
		moved := set.moved(other, number)
		parts := make([][][]any, (most+request-1)/request)
		for i, row := range set.rows {
			n, day := requests[row[of].(int64)], [2]int64{}
			switch table {
			case "orders":
				n = i / request
				requests[row[of].(int64)] = n
			case "ledger_entries", "customer_days":
				day = [2]int64{set.value(row, "customer_id"), set.value(row, "day")}
			}
			if first, ok := days[day]; table == "ledger_entries" && !ok {
				days[day] = n
			} else if table == "customer_days" && !ok { // of other orders
				continue
			} else if table == "customer_days" {
				n = first
			}
			parts[n] = append(parts[n], moved.rows[i])
			b.rows++
		}
		if table == "orders" {
			b.rawOrders = len(set.rows)
		}
		sets, rows = append(sets, moved), append(rows, parts)
	}
	c := &copier{db: s.db, sets: sets, rows: rows}
	for n := range (b.rawOrders + request - 1) / request {
		one, err := timed(1, func() error { return c.write(ctx, n) })
		if err != nil {
			return err
		}
		b.raw = b.raw.plus(one)
	}
	return nil
}

func numbered(where string, tenant, from int64) string {
	return strings.NewReplacer("@", strconv.FormatInt(tenant, 10), "#", strconv.FormatInt(from, 10)).Replace(where)
}
