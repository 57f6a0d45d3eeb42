package simshop

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// kindBulk is the kind of bulk operations as global ids name it.
const kindBulk Kind = "BulkOperation"

const (
	firstBulk = 8_001_977_286_962
	// bulkSlots is how many bulk queries of one app run at once in a store.
	bulkSlots = 5
	// bulkRate is how many records an operation reads in a second, unless Options say otherwise.
	bulkRate = 2000
	// bulkQueued is how long an operation waits before it runs, bulkCanceling how long its end takes when it is cancelled,
	// and bulkKept how long its file is there.
	bulkQueued    = time.Second
	bulkCanceling = time.Second
	bulkKept      = 7 * 24 * time.Hour
	// bulkFiles is how many files are kept, so that a store that runs for long does not fill the disk.
	bulkFiles = 20
)

// bulk is a bulk operation. How far it is follows from the store's clock, but it does not end before its file is written.
type bulk struct {
	id      int64
	query   string
	created time.Time
	rate    float64
	faults  BulkFaults
	// signature is what makes its URL one that nobody guesses.
	signature string

	told bool // by a webhook; the store's lock guards it

	mu       sync.Mutex // guards what follows
	canceled time.Time  // zero: it is not
	written  time.Time  // zero: the file is not whole yet
	roots    int
	objects  int
	size     int64
	code     string // of what went wrong, empty if nothing did
	file     *os.File
}

// operation is a bulk operation as it stands at one instant.
type operation struct {
	*bulk
	status         string
	completed      time.Time
	roots, objects int
	size           int64
	code           string
}

// at returns the operation as it stands at an instant.
func (b *bulk) at(now time.Time) *operation {
	b.mu.Lock()
	defer b.mu.Unlock()
	o := &operation{bulk: b, status: "RUNNING"}
	began := b.created.Add(bulkQueued)
	end := began.Add(time.Duration(float64(b.roots) / b.rate * float64(time.Second))).Truncate(time.Second)
	if b.written.After(end) {
		end = b.written
	}
	switch {
	case !b.canceled.IsZero() && now.Before(b.canceled.Add(bulkCanceling)):
		o.status = "CANCELING"
	case !b.canceled.IsZero():
		o.status = "CANCELED"
	case now.Before(began):
		o.status = "CREATED"
	case b.faults.Stuck || b.written.IsZero() || now.Before(end):
		// So much as it may have read by now.
		o.roots = min(b.roots, int(now.Sub(began).Seconds()*b.rate))
		o.objects = b.objects * o.roots / max(b.roots, 1)
	default:
		o.status, o.completed = "COMPLETED", end
		o.roots, o.objects, o.size, o.code = b.roots, b.objects, b.size, b.code
		switch {
		case b.code != "":
			o.status = "FAILED"
		case now.After(end.Add(bulkKept)):
			o.status = "EXPIRED"
		}
	}
	return o
}

// live tells whether the operation takes a slot.
func (o *operation) live() bool {
	return o.status == "CREATED" || o.status == "RUNNING" || o.status == "CANCELING"
}

// url is where the file of an operation lies that ended so, nil if there is none.
func (o *operation) url(c *call, status string) any {
	if o.status != status || o.objects == 0 {
		return nil
	}
	return o.bulk.url(c.files, o.completed.Add(bulkKept))
}

func (o *operation) key() int64 { return o.id }

func (o *operation) when(sortKey string) (time.Time, bool) {
	switch sortKey {
	case "CREATED_AT":
		return o.created, true
	case "COMPLETED_AT":
		return o.completed, true
	}
	return time.Time{}, false
}

func (o *operation) terms(field string) ([]string, bool) {
	switch field {
	case "status":
		return []string{o.status}, true
	case "operation_type":
		return []string{"QUERY"}, true
	}
	return nil, false
}

// outcome is what a mutation answers: the operation that it is about, and what is wrong.
type outcome struct {
	operation *operation
	problems  []userError
}

type userError struct {
	field         any
	message, code string
}

var bulkFields = map[string]resolver{
	"id":              of(func(o *operation) any { return gid(kindBulk, o.id) }),
	"status":          of(func(o *operation) any { return o.status }),
	"type":            of(func(*operation) any { return "QUERY" }),
	"errorCode":       of(func(o *operation) any { return text(o.code) }),
	"createdAt":       of(func(o *operation) any { return instant(o.created) }),
	"completedAt":     of(func(o *operation) any { return instant(o.completed) }),
	"objectCount":     of(func(o *operation) any { return strconv.Itoa(o.objects) }),
	"rootObjectCount": of(func(o *operation) any { return strconv.Itoa(o.roots) }),
	"query":           of(func(o *operation) any { return o.query }),
	"fileSize": of(func(o *operation) any {
		if o.completed.IsZero() {
			return nil
		}
		return strconv.FormatInt(o.size, 10)
	}),
	"url":            with(func(c *call, o *operation, _ map[string]any) (any, error) { return o.url(c, "COMPLETED"), nil }),
	"partialDataUrl": with(func(c *call, o *operation, _ map[string]any) (any, error) { return o.url(c, "FAILED"), nil }),
}

var outcomeFields = map[string]resolver{
	"bulkOperation": of(func(o outcome) any {
		if o.operation == nil {
			return nil
		}
		return o.operation
	}),
	"userErrors": of(func(o outcome) any { return list(o.problems, func(e *userError) any { return *e }) }),
}

var userErrorFields = map[string]resolver{
	"field":   of(func(e userError) any { return e.field }),
	"message": of(func(e userError) any { return e.message }),
	"code":    of(func(e userError) any { return text(e.code) }),
}

var mutations = map[string]resolver{
	"bulkOperationRunQuery": func(c *call, _ any, args map[string]any) (any, error) {
		query, _ := args["query"].(string)
		return c.runBulk(query, args["groupObjects"] == true), nil
	},
	"webhookSubscriptionCreate": func(c *call, _ any, args map[string]any) (any, error) { return c.subscribe(args), nil },
	"webhookSubscriptionDelete": func(c *call, _ any, args map[string]any) (any, error) { return c.unsubscribe(args["id"]), nil },
	"bulkOperationCancel":       func(c *call, _ any, args map[string]any) (any, error) { return c.cancelBulk(args["id"]), nil },
}

// runBulk begins an operation, if the query is one that Shopify takes and there is a slot.
func (c *call) runBulk(query string, grouped bool) outcome {
	root, problems := c.shop.bulkQuery(query)
	if len(problems) > 0 {
		var out outcome
		for _, message := range problems {
			out.problems = append(out.problems, userError{[]any{"query"}, message, "INVALID"})
		}
		return out
	}
	now := c.shop.now()
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	var running []string
	for _, b := range c.shop.bulks {
		if b.at(now).live() {
			running = append(running, gid(kindBulk, b.id))
		}
	}
	if len(running) >= bulkSlots {
		return outcome{problems: []userError{{nil, "A bulk query operation for this app and shop is already in progress: " +
			strings.Join(running, ", ") + ".", "OPERATION_IN_PROGRESS"}}}
	}
	b := &bulk{id: firstBulk + int64(len(c.shop.bulks)), query: query, created: now, rate: c.shop.opt.BulkRate,
		faults: c.faults.Bulk, signature: fmt.Sprintf("%016x", c.shop.secrets.Uint64())}
	c.shop.bulks = append(c.shop.bulks, b)
	if old := len(c.shop.bulks) - 1 - bulkFiles; old >= 0 {
		c.shop.bulks[old].drop()
	}
	c.exports = append(c.exports, newWriter(c, b, root, grouped))
	return outcome{operation: b.at(now)}
}

func (c *call) cancelBulk(id any) outcome {
	b := c.shop.bulkOperation(id)
	if b == nil {
		return outcome{problems: []userError{{[]any{"id"}, "Bulk operation does not exist", ""}}}
	}
	now := c.shop.now()
	o := b.at(now)
	switch {
	case !o.live():
		return outcome{o, []userError{{[]any{"id"}, "A bulk operation cannot be canceled when it is " + strings.ToLower(o.status), ""}}}
	case o.status != "CANCELING":
		b.mu.Lock()
		b.canceled = now
		b.mu.Unlock()
	}
	return outcome{operation: b.at(now)}
}

// bulkOperation returns an operation by its global id, nil if there is none.
func (s *Shop) bulkOperation(id any) *bulk {
	n, ok := number(id, kindBulk)
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := n - firstBulk; ok && i >= 0 && i < int64(len(s.bulks)) {
		return s.bulks[i]
	}
	return nil
}

// bulkOperations lists the operations, the newest first unless that is reversed.
func bulkOperations(c *call, _ any, args map[string]any) (any, error) {
	query, _ := args["query"].(string)
	found, warnings, err := find(query, kindBulk, c.shop.opt.Timezone)
	if err != nil {
		return nil, internalError()
	}
	c.warn("bulkOperations", query, warnings)
	key, _ := args["sortKey"].(string)
	sign := int64(-1)
	if args["reverse"] == true {
		sign = 1
	}
	c.shop.mu.Lock()
	bulks := slices.Clone(c.shop.bulks)
	c.shop.mu.Unlock()
	place := func(o **operation) (position, any) {
		value, _ := (*o).when(key)
		return position{sign * value.Unix(), sign * (*o).id}, *o
	}
	var all []*operation
	for _, b := range bulks {
		if o := b.at(c.shop.now()); found.finds(o) {
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b *operation) int {
		at, _ := place(&a)
		other, _ := place(&b)
		return at.compare(other)
	})
	return connection(nested(args, all, place))
}
