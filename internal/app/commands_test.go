package app_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/app"
	"github.com/shopsight/shopsight/internal/config"
)

// A command that looks at a database which is not there says so, and makes none.
func TestNoDatabase(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "typo")
	cfg := config.Database{Data: data}
	if _, err := app.Verify(t.Context(), cfg, io.Discard); err == nil || !strings.Contains(err.Error(), data) {
		t.Errorf("Verify: %v", err)
	}
	if err := app.Rebuild(t.Context(), cfg, io.Discard); err == nil || !strings.Contains(err.Error(), data) {
		t.Errorf("Rebuild: %v", err)
	}
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Errorf("the folder was made: %v", err)
	}
}
