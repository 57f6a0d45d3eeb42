package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/shopsight/shopsight/internal/fault"
)

// The codes of request-level errors, in `extensions.code`.
const (
	CodeUnauthenticated  = "UNAUTHENTICATED"
	CodeForbidden        = "FORBIDDEN"
	CodeBadUserInput     = "BAD_USER_INPUT"
	CodeInvalidCursor    = "INVALID_CURSOR"
	CodeParseFailed      = errcode.ParseFailed
	CodeValidationFailed = errcode.ValidationFailed
	CodeQueryTooComplex  = "QUERY_TOO_COMPLEX"
	CodeRateLimited      = "RATE_LIMITED"
	CodeTimeout          = "TIMEOUT"
	CodeInternal         = "INTERNAL"
)

var codes = map[fault.Kind]string{
	fault.Invalid:         CodeBadUserInput,
	fault.InvalidCursor:   CodeInvalidCursor,
	fault.Unauthenticated: CodeUnauthenticated,
	fault.Forbidden:       CodeForbidden,
	fault.Conflict:        CodeBadUserInput,
	fault.RateLimited:     CodeRateLimited,
	fault.TooComplex:      CodeQueryTooComplex,
	fault.Timeout:         CodeTimeout,
}

const (
	internalMessage = "something went wrong on our side; the request id helps us to find out what"
	timeoutMessage  = "the request took too long and was stopped"
)

// recovered is a panic that has been logged already.
type recovered struct{ value any }

func (r recovered) Error() string { return fmt.Sprintf("panic: %v", r.value) }

// timeIsUp says whether a request may go on no longer. A connection keeps the deadline with a clock of its own, so that its
// error may come a moment before the context has ended.
func timeIsUp(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && !time.Now().Before(deadline)
}

// errorHandling is the one place where errors become what the caller sees.
type errorHandling struct{ log *slog.Logger }

// present writes an error for the caller: a code, a message that is meant for people, and the path. An error that is not
// a fault is logged once and shows as INTERNAL with the request's id and nothing else.
func (h errorHandling) present(ctx context.Context, err error) *gqlerror.Error {
	out := &gqlerror.Error{Path: graphql.GetPath(ctx)}
	var cause error = err
	if e, ok := errors.AsType[*gqlerror.Error](err); ok {
		out.Locations = e.Locations
		if e.Path != nil {
			out.Path = e.Path
		}
		if code, ok := e.Extensions["code"].(string); ok && e.Err == nil {
			out.Extensions = maps.Clone(e.Extensions)
			delete(out.Extensions, "file")
			out.Message = e.Message
			if code == CodeValidationFailed {
				validation(out, e)
			}
			if code == CodeParseFailed {
				out.Message = quotedString.ReplaceAllString(e.Message, "$1")
			}
			return out
		}
		if e.Err != nil {
			cause = e.Err
		}
	}
	if f, ok := errors.AsType[*fault.Error](cause); ok && codes[f.Kind] != "" {
		out.Message = f.Message
		out.Extensions = map[string]any{"code": codes[f.Kind]}
		if len(f.Field) > 0 {
			out.Extensions["field"] = f.Field
		}
		if f.Kind == fault.RateLimited {
			out.Extensions["retryAfter"] = max(1, int(math.Ceil(f.RetryAfter.Seconds())))
		}
		return out
	}
	// Once the time is up, a driver may report the cancelled work as it likes. Before that, a timeout is somebody else's,
	// such as that of a database which cannot be reached.
	if timeIsUp(ctx) {
		out.Message = timeoutMessage
		out.Extensions = map[string]any{"code": CodeTimeout}
		return out
	}
	if _, logged := errors.AsType[recovered](cause); !logged {
		h.log.ErrorContext(ctx, "request failed", "error", cause, "path", out.Path.String(), "request_id", RequestID(ctx))
	}
	out.Message = internalMessage
	out.Extensions = map[string]any{"code": CodeInternal, "requestId": RequestID(ctx)}
	return out
}

// recover logs a panic with its stack.
func (h errorHandling) recover(ctx context.Context, value any) error {
	h.log.ErrorContext(ctx, "panic", "panic", fmt.Sprint(value), "path", graphql.GetPath(ctx).String(),
		"request_id", RequestID(ctx), "stack", string(debug.Stack()))
	return recovered{value}
}

var (
	quotedString = regexp.MustCompile(`(?s)((?:Block)?String) ".*"`)
	enumValue    = regexp.MustCompile(`(?s)^Value ".*" does not exist in (".*" enum\.)$`)
	notA         = regexp.MustCompile(`(?s)^.* is not a valid (\S+)$`)
	cannotUse    = regexp.MustCompile(`(?s)^cannot use value .* as (\S+)$`)
)

// validation takes the caller's values out of a message of the validator, and tells a bad variable, which is input, from
// a bad document.
func validation(out, e *gqlerror.Error) {
	if len(e.Path) > 0 && e.Path[0] == ast.PathName("variable") {
		out.Extensions["code"] = CodeBadUserInput
		out.Message = notA.ReplaceAllString(out.Message, "is not a valid $1")
		out.Message = cannotUse.ReplaceAllString(out.Message, "cannot be used as $1")
		return
	}
	if !strings.HasPrefix(e.Rule, "ValuesOfCorrectType") {
		return
	}
	out.Message = enumValue.ReplaceAllString(out.Message, "The value does not exist in $1")
	for _, mark := range []string{" value: ", ", found "} {
		if before, _, ok := strings.Cut(out.Message, mark); ok {
			out.Message = before + strings.TrimRight(strings.TrimSuffix(mark, " found "), ":, ") + "."
		}
	}
}

// inputError is a request-level error about the request as a whole.
func inputError(format string, args ...any) *gqlerror.Error {
	return gqlerror.Wrap(fault.Errorf(fault.Invalid, format, args...))
}
