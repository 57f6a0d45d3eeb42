package app

import (
	"context"
	"io"
	"time"

	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/live"
	"github.com/shopsight/shopsight/internal/secret"
)

// Box returns the box that seals the service's secrets.
func Box(a *App) *secret.Box { return a.keys.Box() }

// ReadKeys has the service look at its key file now, as it does each second while it runs.
func ReadKeys(a *App) error {
	d, err := a.keyFile.Read()
	if err != nil {
		return err
	}
	return a.keys.Use(d)
}

// Rotation is the commands that change a key file, with a clock, a table of secrets and a way to wait.
type Rotation struct {
	File   auth.KeyFile
	Out    io.Writer
	Now    func() time.Time
	Wait   func(context.Context, time.Duration) error
	Reseal func(context.Context, *secret.Box) (remaining int, err error)
}

func (r Rotation) commands() *rotation { return &rotation{&r.File, r.Out, r.Now, r.Wait, r.Reseal} }

// List is shopsight keys list.
func (r Rotation) List() error {
	d, err := r.File.Read()
	if err != nil {
		return err
	}
	return list(d, r.Now(), r.Out)
}

// Rotate is shopsight keys rotate.
func (r Rotation) Rotate(ctx context.Context) error { return r.commands().rotate(ctx) }

// Publish is shopsight keys publish.
func (r Rotation) Publish() error { return r.commands().publish() }

// Promote is shopsight keys promote.
func (r Rotation) Promote(ctx context.Context) error { return r.commands().promote(ctx) }

// Drop is shopsight keys drop.
func (r Rotation) Drop(ctx context.Context, endSessions bool) error {
	return r.commands().drop(ctx, endSessions)
}

// Relay carries events between the listeners of processes.
type Relay = relay

// NewRelay returns a relay that sends by signal.
func NewRelay(hub *live.Hub, signal func([]byte)) *Relay { return newRelay(hub, signal, time.Now) }
