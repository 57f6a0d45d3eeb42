package graph

import (
	"context"

	"github.com/shopsight/shopsight/internal/account"
)

type requestIDKey struct{}

// WithRequestID returns a context whose errors name the request.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID returns the id of the request, empty outside one.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

type deviceKey struct{}

// WithDevice returns a context that says what the request comes from, for sessions and throttles.
func WithDevice(ctx context.Context, d account.Device) context.Context {
	return context.WithValue(ctx, deviceKey{}, d)
}

// Device returns what the request comes from, the zero value where nobody has said it.
func Device(ctx context.Context) account.Device {
	d, _ := ctx.Value(deviceKey{}).(account.Device)
	return d
}
