package auth

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// maxKeyFile is far above what maxKeys keys take.
const maxKeyFile = 64 << 10

// LoadOrCreateKeys reads the key set in the file at path, or makes one of a new key there (mode 0600, in a folder of mode
// 0700 if that is missing too) and tells so. It refuses a file that people other than its owner may read or write.
//
// Several processes may start at once on an empty folder: all of them end with the same keys, and one of them created
// them. A crash leaves a whole file or none.
func LoadOrCreateKeys(path string) (keys *Keys, created bool, err error) {
	keys, err = loadKeys(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return keys, false, err
	}
	if created, err = createKeys(path); err != nil {
		return nil, false, fmt.Errorf("make the key file: %w", err)
	}
	// What counts is what stands in the file, which another process may have won.
	keys, err = loadKeys(path)
	return keys, created, err
}

func loadKeys(path string) (*Keys, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("the key file %s is not a regular file", path)
	}
	// Windows has no such bits; the folder's own rights protect the file there.
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("the key file %s is open to other users (mode %04o): run `chmod 600 %s`", path, mode, path)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	if len(data) > maxKeyFile {
		return nil, fmt.Errorf("the key file %s is larger than %d bytes", path, maxKeyFile)
	}
	keys, err := ParseKeys(data)
	if err != nil {
		return nil, fmt.Errorf("the key file %s: %w", path, err)
	}
	return keys, nil
}

// createKeys writes a new key set to a file of its own, makes that durable, and then links it to path: linking fails when
// path exists, so that nobody ever sees half a file or replaces another's keys. It returns false if path exists by then.
func createKeys(path string) (created bool, err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return false, err
	}
	data, err := GenerateKeys()
	if err != nil {
		return false, err
	}
	f, err := os.CreateTemp(dir, ".keys-*") // CreateTemp makes it with mode 0600
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, err = f.Write(append(data, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return false, err
	}
	if err := os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	return true, syncDir(dir)
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
