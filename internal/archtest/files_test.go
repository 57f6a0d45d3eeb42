package archtest_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/testkit"
)

// goFiles returns the module's Go files, by slashed path from its root.
func goFiles(t *testing.T) map[string]string {
	t.Helper()
	root, files := testkit.Root(t), map[string]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(name) != ".go" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		files[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// generated tells a generated file by its first lines, as the go command does.
func generated(text string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "// Code generated ") && strings.HasSuffix(line, " DO NOT EDIT.") {
			return true
		}
		if strings.HasPrefix(line, "package ") {
			return false
		}
	}
	return false
}

// mark is a line of .gitattributes that says whether files are generated.
type mark struct {
	pattern string
	on      bool
}

func (m mark) matches(file string) bool {
	if dir, ok := strings.CutSuffix(m.pattern, "/**"); ok {
		return strings.HasPrefix(file, dir+"/")
	}
	ok, _ := path.Match(m.pattern, file)
	return ok
}

func marks(t *testing.T) (all []mark) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), ".gitattributes"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		for _, attribute := range fields[min(1, len(fields)):] {
			if strings.TrimPrefix(attribute, "-") == "linguist-generated" {
				all = append(all, mark{fields[0], !strings.HasPrefix(attribute, "-")})
			}
		}
	}
	return all
}

// Reviews fold marked files away: a hand-written one must not be among them, and a generated one should be.
func TestGeneratedMarks(t *testing.T) {
	t.Parallel()
	files, all := goFiles(t), marks(t)
	if len(all) == 0 {
		t.Fatal(".gitattributes marks nothing as generated")
	}
	used := make([]bool, len(all))
	for file, text := range files {
		marked := false
		for i, m := range all {
			if m.matches(file) {
				marked, used[i] = m.on, true
			}
		}
		switch {
		case marked && !generated(text):
			t.Errorf("%s is marked as generated, but does not say so itself", file)
		case !marked && generated(text):
			t.Errorf("%s is generated, but .gitattributes does not mark it", file)
		}
	}
	for i, m := range all {
		// Not all that is generated is Go.
		if base := strings.TrimSuffix(m.pattern, "/**"); !used[i] && strings.HasPrefix(base, "web/") {
			_, err := os.Stat(filepath.Join(testkit.Root(t), base))
			used[i] = err == nil
		}
		if !used[i] {
			t.Errorf(".gitattributes: no file matches %s", m.pattern)
		}
	}
}

// ent's raw statements would pass the privacy rules by.
func TestEntHasNoRawStatements(t *testing.T) {
	t.Parallel()
	for file, text := range goFiles(t) {
		if strings.HasPrefix(file, "ent/") && generated(text) &&
			(strings.Contains(text, ") ExecContext(ctx ") || strings.Contains(text, ") QueryContext(ctx ")) {
			t.Errorf("%s: generated with the feature sql/execquery", file)
		}
	}
}
