package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"text/tabwriter"
	"time"

	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/config"
	"github.com/shopsight/shopsight/internal/secret"
	"github.com/shopsight/shopsight/internal/sync"
)

// reseal seals every stored secret that another key than the box's present one has sealed anew with that, and returns how
// many it had to leave.
func reseal(ctx context.Context, cfg config.Database, box *secret.Box) (remaining int, err error) {
	st, err := openExisting(ctx, cfg)
	if err != nil {
		return 0, err
	}
	defer st.Close()
	return sync.New(sync.Config{Store: st, Box: box, Log: logger(slog.LevelWarn)}).Reseal(ctx)
}

// openKeys reads the keys, or makes them in the data folder, and returns them with the file that they are in, if any.
func openKeys(cfg config.Config, log *slog.Logger, now time.Time) (*auth.Keys, *auth.KeyFile, error) {
	file := keyFile(cfg.Keyring())
	if file != nil && file.Private {
		if _, err := file.Create(now); err != nil {
			return nil, nil, err
		}
		if cfg.External() {
			log.Warn("the keys are in the data folder of this process; replicas on the same database need the same: give them to each by SHOPSIGHT_KEYS", "file", file.Path)
		}
	}
	d, err := readKeys(cfg.Keyring())
	if err != nil {
		return nil, nil, err
	}
	keys, err := auth.NewKeys(d)
	return keys, file, err
}

// keyFile returns the file that the keys are in, nil when they were given as text. A file in the data folder is the
// service's own; another may come from an orchestrator, with rights of its own.
func keyFile(cfg config.Keyring) *auth.KeyFile {
	path, own := cfg.KeyFile()
	if path == "" {
		return nil
	}
	return &auth.KeyFile{Path: path, Private: own}
}

func readKeys(cfg config.Keyring) (*auth.Document, error) {
	if file := keyFile(cfg); file != nil {
		return file.Read()
	}
	return auth.ParseDocument([]byte(cfg.KeyText()))
}

// ListKeys writes a table of the keys to out: nothing that is secret.
func ListKeys(cfg config.Keyring, out io.Writer) error {
	d, err := readKeys(cfg)
	if err != nil {
		return err
	}
	return list(d, time.Now(), out)
}

func list(d *auth.Document, now time.Time, out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "USE\tID\tSTATE\tSINCE\tMADE\tAGE")
	for _, k := range d.Keys() {
		state := string(k.State)
		if k.State == auth.Old {
			state += ", needed until " + k.Droppable().Format(time.DateOnly)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", k.Use, k.ID, state, k.Since.Format(time.DateTime), k.Created.Format(time.DateTime), age(now.Sub(k.Created)))
	}
	return w.Flush()
}

func age(d time.Duration) string {
	switch d = max(d, 0); {
	case d < time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return fmt.Sprintf("%d days", d/(24*time.Hour))
}

// PublishKeys adds keys that verify and open, but do not sign or seal yet.
func PublishKeys(cfg config.Keyring, out io.Writer) error {
	r, err := newRotation(cfg, out)
	if err != nil {
		return err
	}
	return r.publish()
}

// PromoteKeys has the published keys sign and seal. The old ones go on verifying and opening.
func PromoteKeys(ctx context.Context, cfg config.Keyring, out io.Writer) error {
	r, err := newRotation(cfg, out)
	if err != nil {
		return err
	}
	return r.promote(ctx)
}

// RotateKeys publishes keys, unless some are published, waits until every process that follows the file knows them, and
// promotes them.
func RotateKeys(ctx context.Context, cfg config.Keyring, out io.Writer) error {
	r, err := newRotation(cfg, out)
	if err != nil {
		return err
	}
	return r.rotate(ctx)
}

// DropKeys removes the old keys that nothing needs any more, after it has sealed every stored secret anew; or every old
// key, when sessions may end.
func DropKeys(ctx context.Context, cfg config.Keyring, endSessions bool, out io.Writer) error {
	r, err := newRotation(cfg, out)
	if err != nil {
		return err
	}
	return r.drop(ctx, endSessions)
}

// rotation changes a key file for the commands.
type rotation struct {
	file *auth.KeyFile
	out  io.Writer
	now  func() time.Time
	wait func(context.Context, time.Duration) error
	// reseal seals stored secrets anew with the present key of the box, and returns how many it had to leave.
	reseal func(context.Context, *secret.Box) (remaining int, err error)
}

func newRotation(cfg config.Keyring, out io.Writer) (*rotation, error) {
	file := keyFile(cfg)
	if file == nil {
		return nil, errors.New("the keys are given as text, which no command can change: write the text to a file of mode " +
			"0600, give the command --keys=FILE, and give every replica the text that is in it then")
	}
	return &rotation{file: file, out: out, now: time.Now, wait: sleep,
		reseal: func(ctx context.Context, b *secret.Box) (int, error) { return reseal(ctx, cfg.Database, b) }}, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *rotation) publish() error {
	err := r.file.Change(func(d *auth.Document) error { return d.Publish(r.now()) })
	if err != nil {
		return err
	}
	fmt.Fprintln(r.out, "new keys are published: when every replica has them, shopsight keys promote has them sign and seal")
	return nil
}

func (r *rotation) promote(ctx context.Context) error {
	if err := r.settle(ctx, auth.Next); err != nil {
		return err
	}
	if err := r.file.Change(func(d *auth.Document) error { return d.Promote(r.now()) }); err != nil {
		return err
	}
	fmt.Fprintln(r.out, "the new keys sign and seal; the old ones are good for what they signed and sealed until shopsight keys drop")
	return nil
}

func (r *rotation) rotate(ctx context.Context) error {
	d, err := r.file.Read()
	if err != nil {
		return err
	}
	if _, published := since(d, auth.Next); !published {
		if err := r.file.Change(func(d *auth.Document) error { return d.Publish(r.now()) }); err != nil {
			return err
		}
	}
	return r.promote(ctx)
}

func (r *rotation) drop(ctx context.Context, endSessions bool) error {
	d, err := r.file.Read()
	if err != nil {
		return err
	}
	if _, any := since(d, auth.Old); !any {
		fmt.Fprintln(r.out, "there are no old keys")
		return nil
	}
	if len(d.Drop(r.now(), endSessions)) == 0 {
		return needed(d)
	}
	// A process that has not seen the promotion yet would seal with a key that is gone.
	if err := r.settle(ctx, auth.Active); err != nil {
		return err
	}
	var dropped []auth.Key
	err = r.file.Change(func(d *auth.Document) error {
		keys, err := auth.NewKeys(d)
		if err != nil {
			return err
		}
		dropped = d.Drop(r.now(), endSessions)
		left, err := r.reseal(ctx, keys.Box())
		if err != nil {
			return fmt.Errorf("no key was dropped: seal the stored secrets anew: %w", err)
		}
		if left > 0 {
			return fmt.Errorf("no key was dropped: %d stored secrets need an old one still", left)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, k := range dropped {
		fmt.Fprintf(r.out, "dropped: the key %s for %s\n", k.ID, k.Use)
	}
	return nil
}

// needed says why none of the old keys of a document may be dropped.
func needed(d *auth.Document) error {
	var first time.Time
	for _, k := range d.Keys() {
		if k.State == auth.Old {
			first = k.Droppable() // they come from the latest to the first
		}
	}
	return fmt.Errorf("sessions may need every old key still: the first may go on %s; --end-sessions drops them now, and "+
		"whoever has not refreshed a session since the rotation has to log in again", first.Format(time.DateTime))
}

// settle waits until whatever came to a state last has reached every process that follows the file.
func (r *rotation) settle(ctx context.Context, s auth.State) error {
	d, err := r.file.Read()
	if err != nil {
		return err
	}
	at, ok := since(d, s)
	if left := auth.Settle - r.now().Sub(at); ok && left > 0 {
		left = min(left, auth.Settle) // the clock may have been set back
		fmt.Fprintf(r.out, "waiting until every process knows the keys: %v\n", left.Round(time.Second))
		return r.wait(ctx, left)
	}
	return nil
}

// since returns since when the latest keys of a state are in it.
func since(d *auth.Document, s auth.State) (time.Time, bool) {
	for _, k := range d.Keys() {
		if k.State == s {
			return k.Since, true
		}
	}
	return time.Time{}, false
}
