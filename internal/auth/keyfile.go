package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"
)

const (
	// Settle is how long after a change of the file every process that follows it has gone over to its keys. It is
	// several looks.
	Settle = 5 * time.Second
	// look is how often Follow looks at the file.
	look = time.Second
	// maxKeyFile is far above what maxPairs pairs take.
	maxKeyFile = 64 << 10
)

// KeyFile is a file that holds a document of keys. Whoever reads it finds the document before a change or after it,
// never half of one, whatever is killed meanwhile.
type KeyFile struct {
	Path string
	// Private refuses a file that people other than its owner may read or write.
	Private bool
}

// Create makes the file with a document of new keys (mode 0600, in a folder of mode 0700 if that is missing too), unless
// it exists, and tells whether it did. Of several processes that start at once on an empty folder one creates it.
func (f KeyFile) Create(now time.Time) (created bool, err error) {
	if _, err := os.Stat(f.Path); !errors.Is(err, fs.ErrNotExist) {
		return false, nil // if it cannot be read, Read tells why
	}
	if created, err = f.create(now); err != nil {
		return false, fmt.Errorf("make the key file: %w", err)
	}
	return created, nil
}

// create writes a file of its own, makes that durable, and then links it to the path: linking fails when the path exists,
// so that nobody replaces another's keys.
func (f KeyFile) create(now time.Time) (created bool, err error) {
	dir := filepath.Dir(f.Path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return false, err
	}
	d, err := NewDocument(now)
	if err != nil {
		return false, err
	}
	temp, err := os.CreateTemp(dir, ".keys-*") // CreateTemp makes it with mode 0600
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.Remove(temp.Name())) }()
	if err := writeDocument(temp, d); err != nil {
		return false, err
	}
	if err := os.Link(temp.Name(), f.Path); errors.Is(err, fs.ErrExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	return true, syncDir(dir)
}

// Read returns the document in the file.
func (f KeyFile) Read() (*Document, error) {
	data, err := f.read()
	if err != nil {
		return nil, err
	}
	return f.parse(data)
}

func (f KeyFile) read() ([]byte, error) {
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	defer file.Close()
	return f.readFrom(file)
}

func (f KeyFile) readFrom(file *os.File) ([]byte, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	if f.Private && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("the key file %s is not a regular file", f.Path)
	}
	// Windows has no such bits; the folder's own rights protect the file there.
	if mode := info.Mode().Perm(); f.Private && mode&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("the key file %s is open to other users (mode %04o): run `chmod 600 %s`", f.Path, mode, f.Path)
	}
	data, err := io.ReadAll(io.LimitReader(file, maxKeyFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	if len(data) > maxKeyFile {
		return nil, fmt.Errorf("the key file %s is larger than %d bytes", f.Path, maxKeyFile)
	}
	return data, nil
}

func (f KeyFile) parse(data []byte) (*Document, error) {
	d, err := ParseDocument(data)
	if err != nil {
		return nil, fmt.Errorf("the key file %s: %w", f.Path, err)
	}
	return d, nil
}

// Follow has keys go over to what stands in the file whenever that changes, until ctx ends. While the file is missing or
// makes no sense, they stay as they are, and the log says so once.
func (f KeyFile) Follow(ctx context.Context, keys *Keys, log *slog.Logger) {
	if info, err := os.Stat(f.Path); err == nil && !info.Mode().IsRegular() {
		return // a pipe is read once
	}
	tick := time.NewTicker(look)
	defer tick.Stop()
	var (
		seen    []byte
		problem string
	)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		// The content tells a change from none; the time of a file may not.
		data, err := f.read()
		if err == nil && bytes.Equal(data, seen) {
			problem = ""
			continue
		}
		before := keys.About()
		if err == nil {
			err = f.use(keys, data)
		}
		switch {
		case err == nil:
			if !slices.Equal(keys.About(), before) {
				log.InfoContext(ctx, "the keys have changed", "file", f.Path, "signing", keys.set.Load().signingID)
			}
			seen, problem = data, ""
		case err.Error() != problem:
			problem = err.Error()
			log.ErrorContext(ctx, "the keys in use stay: their file cannot be read", "file", f.Path, "error", err)
		}
	}
}

func (f KeyFile) use(keys *Keys, data []byte) error {
	d, err := f.parse(data)
	if err != nil {
		return err
	}
	return keys.Use(d)
}

// Change replaces the document in the file by what change makes of it, or leaves it when change fails. One process at a
// time does so: others get an error meanwhile. The file keeps its owner and mode.
func (f KeyFile) Change(change func(*Document) error) error {
	path, err := filepath.EvalSymlinks(f.Path)
	if err != nil {
		return fmt.Errorf("change the key file: %w", err)
	}
	file, err := openLocked(path)
	if err != nil {
		return fmt.Errorf("change the key file: %w", err)
	}
	defer file.Close() // and with it the lock
	data, err := f.readFrom(file)
	if err != nil {
		return err
	}
	d, err := f.parse(data)
	if err != nil {
		return err
	}
	if err := change(d); err != nil {
		return err
	}
	if err := replace(path, file, d); err != nil {
		return fmt.Errorf("change the key file: %w", err)
	}
	return nil
}

// openLocked opens a file that others replace, and locks the one that stands at the path.
func openLocked(path string) (*os.File, error) {
	for {
		file, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return nil, err
		}
		if err := lock(file); err != nil {
			return nil, errors.Join(errors.New("another command changes it"), file.Close())
		}
		locked, err := file.Stat()
		if err != nil {
			return nil, errors.Join(err, file.Close())
		}
		if present, err := os.Stat(path); err == nil && os.SameFile(locked, present) {
			return file, nil
		}
		file.Close() // it was replaced before it was locked
	}
}

// replace writes a new file beside the old one, makes it durable, and renames it. Who holds the lock has its name alone,
// so that what a killed process left there goes with the next change.
func replace(path string, old *os.File, d *Document) (err error) {
	dir, base := filepath.Split(path)
	name := filepath.Join(dir, "."+base+".new")
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(name) // or else the next change does
		}
	}()
	if err := resemble(file, old); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := writeDocument(file, d); err != nil {
		return err
	}
	if err := os.Rename(name, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// writeDocument writes a document, makes it durable and closes the file.
func writeDocument(file *os.File, d *Document) error {
	data, err := d.Encode()
	if err == nil {
		_, err = file.Write(append(data, '\n'))
	}
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// syncDir makes a new name in a folder durable.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // a folder cannot be synced there
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
