// Package fault is the vocabulary of errors that are meant for people.
//
// A service returns a fault when the caller can do something about it: the message is written for the caller and may
// be shown as it is. Every other error is ours: it is logged, and the caller sees only that something went wrong.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what sort of problem a fault is. The API translates each kind to one code of its contract.
type Kind string

// The kinds of faults.
const (
	// Invalid is input that cannot be right, whatever the state of the data.
	Invalid Kind = "invalid"
	// InvalidCursor is a page cursor that was made by another list, filter or order.
	InvalidCursor Kind = "invalid_cursor"
	// Unauthenticated is a request that needs a credential and has none that is valid.
	Unauthenticated Kind = "unauthenticated"
	// Forbidden is a request whose credential does not reach far enough.
	Forbidden Kind = "forbidden"
	// Conflict is input that is fine in itself but not in the present state of the data.
	Conflict Kind = "conflict"
	// RateLimited is a request that came too soon; RetryAfter says when to come again.
	RateLimited Kind = "rate_limited"
	// TooComplex is a query beyond the limits that protect the service.
	TooComplex Kind = "too_complex"
	// Timeout is a request that took longer than it may.
	Timeout Kind = "timeout"
	// Internal is the kind of every error that is not a fault.
	Internal Kind = "internal"
)

// Error is a fault: a kind, a message for the caller and, where it helps, the path into the caller's input.
type Error struct {
	Kind    Kind
	Message string
	// Field is the path into the input that is to blame, outermost first; nil when it concerns the whole request.
	Field []string
	// RetryAfter is set with RateLimited.
	RetryAfter time.Duration
}

// Error returns the message for the caller.
func (e *Error) Error() string { return e.Message }

// Errorf makes a fault of the given kind. The message is shown to the caller: no secrets, no personal data.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// At returns a copy of the fault that names the input to blame.
func (e *Error) At(field ...string) *Error {
	c := *e
	c.Field = field
	return &c
}

// KindOf returns the kind of the first fault in err's chain, Internal when there is none, and "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}
