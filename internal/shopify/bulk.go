package shopify

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// What bulk operations are asked with. It selects what pages select, in the shape that Shopify wants of such a query: no
// variables, every list by edges, and no list below another that is not one of pages.
var (
	//go:embed bulk_products.graphql
	bulkProducts string
	//go:embed bulk_customers.graphql
	bulkCustomers string
	//go:embed bulk_orders.graphql
	bulkOrders string
)

// bulkQuery returns what an operation for the records of a window is asked with.
func bulkQuery(kind Kind, w Window) string {
	filter := "null"
	if q := w.query(); q != nil {
		filter = strconv.Quote(*q)
	}
	text := map[Kind]string{Products: bulkProducts, Customers: bulkCustomers, Orders: bulkOrders}[kind]
	return strings.NewReplacer("($query: String)", "", "$query", filter).Replace(text)
}

// BulkOperation is a store's work at a file of all records of a window.
type BulkOperation struct {
	ID int64
	// Status is Shopify's: CREATED, RUNNING, COMPLETED, CANCELING, CANCELED, FAILED or EXPIRED, or a newer one.
	Status string
	// ErrorCode is why it failed.
	ErrorCode string
	CreatedAt time.Time
	// Objects are the lines of the file so far, Roots those of them that are records: the others are parts of records.
	Objects, Roots int64
	// Size is that of the file in bytes, once it is complete.
	Size int64

	query, url string
}

// Live tells whether the store still works at it. What is not completed then never will be.
func (o BulkOperation) Live() bool {
	return o.Status == "CREATED" || o.Status == "RUNNING" || o.Status == "CANCELING"
}

// Completed tells whether its file can be downloaded.
func (o BulkOperation) Completed() bool { return o.Status == "COMPLETED" }

// Reads tells whether it is an operation of ours for just these records, so that it may be taken over.
func (o BulkOperation) Reads(kind Kind, w Window) bool { return o.query == bulkQuery(kind, w) }

// NoSlotError says that the store runs as many operations for the app as it runs at once, and which, as far as it tells.
type NoSlotError struct{ Running []int64 }

func (e *NoSlotError) Error() string {
	return fmt.Sprintf("all slots for bulk operations are taken, by %d", e.Running)
}

// bulkListed is how many running operations are asked for. There are fewer.
const bulkListed = 10

// StartBulk has the store write a file of all records of a window, or returns the operation that does so already: an
// answer that is lost, or a process that ends, leaves one behind. Besides the errors of the other methods there is a
// *NoSlotError.
func (c *Client) StartBulk(ctx context.Context, kind Kind, w Window) (BulkOperation, error) {
	type started struct {
		operation BulkOperation
		busy      *NoSlotError
	}
	got, _, err := ask(ctx, c, 0, nil, func(a *attempt) (started, error) {
		running, err := bulkRunning(ctx, a, bulkListed)
		if err != nil {
			return started{}, err
		}
		if running.BulkOperations.Nodes == nil {
			return started{}, errors.New("no list of operations")
		}
		for i := range running.BulkOperations.Nodes {
			if o, err := readBulk(&running.BulkOperations.Nodes[i]); err != nil {
				return started{}, err
			} else if o.Live() && o.Status != "CANCELING" && o.Reads(kind, w) {
				return started{operation: o}, nil
			}
		}
		resp, err := bulkRun(ctx, a, bulkQuery(kind, w))
		switch {
		case err != nil:
			return started{}, err
		case resp.BulkOperationRunQuery == nil:
			return started{}, errors.New("no answer to bulkOperationRunQuery")
		}
		for _, e := range resp.BulkOperationRunQuery.UserErrors {
			if code := text(e.Code); code == "OPERATION_IN_PROGRESS" || code == "LIMIT_REACHED" {
				return started{busy: &NoSlotError{bulkIDs(e.Message)}}, nil
			}
			return started{}, a.internal(fmt.Errorf("bulkOperationRunQuery: %s", e.Message))
		}
		o, err := readBulk(resp.BulkOperationRunQuery.BulkOperation)
		return started{operation: o}, err
	})
	if err == nil && got.busy != nil {
		return BulkOperation{}, got.busy
	}
	return got.operation, err
}

// bulkIDs finds the ids of operations in a message, the only place where Shopify names them.
func bulkIDs(message string) (ids []int64) {
	for _, word := range strings.FieldsFunc(message, func(r rune) bool { return r == ' ' || r == ',' }) {
		if id, ok := localID("BulkOperation", strings.TrimSuffix(word, ".")); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// Bulk returns how an operation stands.
func (c *Client) Bulk(ctx context.Context, id int64) (BulkOperation, error) {
	got, _, err := ask(ctx, c, 0, nil, func(a *attempt) (BulkOperation, error) {
		resp, err := bulkByID(ctx, a, bulkID(id))
		switch {
		case err != nil:
			return BulkOperation{}, err
		case resp.BulkOperation == nil:
			return BulkOperation{}, &failure{as: c.noExport(fmt.Errorf("there is no operation %d", id))}
		}
		return readBulk(resp.BulkOperation)
	})
	return got, err
}

// CancelBulk has the store end an operation soon; Bulk tells when. One that has ended already, or never was, stays as it
// is.
func (c *Client) CancelBulk(ctx context.Context, id int64) error {
	_, _, err := ask(ctx, c, 0, nil, func(a *attempt) (struct{}, error) {
		_, err := bulkCancel(ctx, a, bulkID(id))
		return struct{}{}, err
	})
	return err
}

func bulkID(id int64) string { return "gid://shopify/BulkOperation/" + strconv.FormatInt(id, 10) }

func readBulk(o *bulkOperation) (BulkOperation, error) {
	r := reader{record: "bulk operation"}
	if o == nil {
		r.fail("is missing")
		return BulkOperation{}, r.err
	}
	got := BulkOperation{
		ID: r.id("BulkOperation", o.Id), Status: o.Status, ErrorCode: text(o.ErrorCode), CreatedAt: r.time("createdAt", o.CreatedAt),
		Objects: r.counter(o.ObjectCount), Roots: r.counter(o.RootObjectCount), query: o.Query, url: text(o.Url),
	}
	if o.FileSize != nil {
		got.Size = r.counter(*o.FileSize)
	}
	return got, r.err
}

// counter reads a number that is written as a text.
func (r *reader) counter(text string) int64 {
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		r.fail("has the count %q", text)
	}
	return int64(n)
}

// noExport is an operation without a file that could be read whole.
func (c *Client) noExport(cause error) *Error {
	return (&Error{
		Code: CodeIncomplete, cause: cause,
		Message: fmt.Sprintf("Shopify made no complete export of %s. Nothing of it was kept.", c.domain),
	}).clean(c.last())
}
