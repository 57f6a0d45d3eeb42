package oracle

import (
	"encoding/json"
	"fmt"
	"time"
)

// Counts is what a request reports of itself. Rejected is always 0: the oracle is given valid records only.
type Counts struct {
	Received  int `json:"received"`
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Rejected  int `json:"rejected"`
	// Deleted is what a deletion really took away; placeholders are not counted.
	Deleted Deleted `json:"-"`
}

// Deleted is the part of the answer to deleteRecords that is predicted.
type Deleted struct {
	Products   int `json:"products"`
	Customers  int `json:"customers"`
	Orders     int `json:"orders"`
	OrderItems int `json:"orderItems"`
}

// Apply writes one request and predicts its counts. Records of one request are taken one after the other.
// A record that cannot be read is an error, and then nothing of the request is written.
func (o *Oracle) Apply(op Op) (Counts, error) {
	switch {
	case op.Delete != nil:
		return o.applyDeletion(*op.Delete)
	case op.Products != nil:
		return ingest(o.products, op.Products, o.shop.Digits)
	case op.Customers != nil:
		return ingest(o.customers, op.Customers, o.shop.Digits)
	}
	return ingest(o.orders, op.Orders, o.shop.Digits)
}

func (o *Oracle) applyDeletion(input DeleteRecordsInput) (Counts, error) {
	at := o.Now
	if input.DeletedAt != nil {
		at = *input.DeletedAt
	}
	at = instant(at)
	var numbers [3][]int64
	for i, ids := range [][]string{input.Products, input.Customers, input.Orders} {
		for _, id := range ids {
			n, err := Number(id)
			if err != nil {
				return Counts{}, fmt.Errorf("delete: %w", err)
			}
			numbers[i] = append(numbers[i], n)
		}
	}
	var counts Counts
	for _, n := range numbers[0] {
		if o.products.remove(n, at) != nil {
			counts.Deleted.Products++
		}
	}
	for _, n := range numbers[1] {
		if o.customers.remove(n, at) != nil {
			counts.Deleted.Customers++
		}
	}
	for _, n := range numbers[2] {
		if gone := o.orders.remove(n, at); gone != nil {
			counts.Deleted.Orders++
			counts.Deleted.OrderItems += len(gone.value.Items)
		}
	}
	return counts, nil
}

// input is a record in normal form: numeric ids, defaults filled in, decimals with all digits, instants in UTC cut to
// microseconds. Two records say the same exactly when their normal forms are the same apart from updatedAt.
type input[T any] interface {
	normal(digits int) (T, error)
	id() string
	updated() *time.Time
	withoutUpdated() T
}

func ingest[T input[T]](on shelf[T], records []T, digits int) (Counts, error) {
	normal := make([]T, len(records))
	for i, r := range records {
		var err error
		if normal[i], err = r.normal(digits); err != nil {
			return Counts{}, fmt.Errorf("record %d: %w", i, err)
		}
	}
	counts := Counts{Received: len(records)}
	for _, r := range normal {
		number, err := Number(r.id())
		if err != nil {
			return Counts{}, err
		}
		content, err := json.Marshal(r.withoutUpdated())
		if err != nil {
			return Counts{}, err
		}
		switch on.put(number, r, string(content), r.updated()) {
		case created:
			counts.Created++
		case updated:
			counts.Updated++
		case unchanged:
			counts.Unchanged++
		}
	}
	return counts, nil
}

type outcome int

const (
	created outcome = iota
	updated
	unchanged
)

// shelf holds all records of one kind, by number.
type shelf[T any] struct {
	records map[int64]*record[T]
	graves  map[int64]time.Time // deleted, and not revived since
}

type record[T any] struct {
	value     T
	content   string
	updatedAt *time.Time // the stored one: a record without it does not move it
}

func newShelf[T any]() shelf[T] {
	return shelf[T]{records: map[int64]*record[T]{}, graves: map[int64]time.Time{}}
}

// put applies a record if it is newer.
func (s shelf[T]) put(number int64, value T, content string, at *time.Time) outcome {
	if deleted, gone := s.graves[number]; gone && at != nil && !at.After(deleted) {
		return unchanged
	}
	old := s.records[number]
	if old == nil {
		delete(s.graves, number)
		s.records[number] = &record[T]{value, content, at}
		return created
	}
	if at != nil && old.updatedAt != nil && at.Before(*old.updatedAt) {
		return unchanged
	}
	stored := old.updatedAt
	if at != nil {
		stored = at
	}
	// The same content still moves the stored instant: a version between the two must not come back later.
	s.records[number] = &record[T]{value, content, stored}
	if content == old.content {
		return unchanged
	}
	return updated
}

// remove deletes the record unless it is newer than the deletion, and returns it; nil if there was none to delete.
// The deletion is remembered even where there was no record, which may still be on its way.
func (s shelf[T]) remove(number int64, at time.Time) *record[T] {
	old := s.records[number]
	if old != nil && old.updatedAt != nil && old.updatedAt.After(at) {
		return nil
	}
	delete(s.records, number)
	if before, gone := s.graves[number]; !gone || before.Before(at) {
		s.graves[number] = at
	}
	return old
}

// deleted says whether the record was deleted and has not come back.
func (s shelf[T]) deleted(number int64) bool {
	_, gone := s.graves[number]
	return gone
}
