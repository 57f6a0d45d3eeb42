package shopify

import (
	"errors"
	"strings"
	"time"
	"unicode"
)

// Code says what sort of problem kept a store from being read. The values are those of the API's enum SyncErrorCode.
type Code string

// The codes of errors.
const (
	// CodeShopUnreachable is a store that does not answer, or not for us.
	CodeShopUnreachable Code = "SHOP_UNREACHABLE"
	// CodeUnauthorized is an access token that counts no longer.
	CodeUnauthorized Code = "UNAUTHORIZED"
	// CodeScopeMissing is an access token that does not reach far enough.
	CodeScopeMissing Code = "SCOPE_MISSING"
	// CodeThrottled is a store that let nothing through for long.
	CodeThrottled Code = "THROTTLED"
	// CodeInvalidData is an answer that cannot be right.
	CodeInvalidData Code = "INVALID_DATA"
	// CodeIncomplete is an answer that may lack records.
	CodeIncomplete Code = "INCOMPLETE"
	// CodeInternal is a fault of ours.
	CodeInternal Code = "INTERNAL"
)

// Error is why a store was not read.
type Error struct {
	Code Code
	// Message is written for the merchant and may be shown as it is. It says what to do, and holds nothing of what the
	// store answered.
	Message string
	// Retryable says that the same call may succeed later, without anybody doing anything.
	Retryable bool
	// Scopes are the access scopes that are missing, as far as Shopify named them, with CodeScopeMissing.
	Scopes []string

	cause error
}

// Error returns the message with its cause, for the log. Neither holds the token.
func (e *Error) Error() string {
	if e.cause == nil {
		return e.Message
	}
	return e.Message + ": " + e.cause.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// failure is one attempt at a document that did not succeed.
type failure struct {
	as *Error
	// retry says what to do about it.
	retry retry
	// after is how long the store wants to be left alone, 0 if it does not say. The limiter sees to it.
	after time.Duration
	// smaller says that a smaller page may succeed where this one failed.
	smaller bool
	// void says that the store knows the token no longer: it takes another one, if there is.
	void bool
	// cost is what the store said that the document costs, 0 if it did not.
	cost int
}

type retry int

const (
	never retry = iota
	// again is for what should not happen, and seldom does twice.
	again
	// later is for a store that works and is busy.
	later
)

// Error returns the text of what the failure is told as when it is not retried.
func (f *failure) Error() string { return f.as.Error() }

// clean returns an error whose cause is one short line for the log, without the token: what stores and networks say may
// hold anything.
func (e *Error) clean(token string) *Error {
	if e.cause == nil {
		return e
	}
	text := strings.ToValidUTF8(e.cause.Error(), "?")
	if token != "" {
		text = strings.ReplaceAll(text, token, "[token]")
	}
	if runes := []rune(text); len(runes) > maxCause {
		text = string(runes[:maxCause]) + "…"
	}
	cleaned := *e
	cleaned.cause = errors.New(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text))
	return &cleaned
}

// maxCause is how many characters of a cause are kept.
const maxCause = 300
