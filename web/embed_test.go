package web_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/shopsight/shopsight/web"
)

// inputs are what dist is made of; vite.config.ts has the same list.
var inputs = []string{"index.html", "package.json", "package-lock.json", "tsconfig.json", "documents.ts", "vite.config.ts", "public", "src"}

var testFile = regexp.MustCompile(`\.test\.tsx?$`)

// sources returns the files of the inputs by their path, without tests, which do not end up in dist.
func sources(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, input := range inputs {
		err := filepath.WalkDir(input, func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || testFile.MatchString(name) {
				return err
			}
			text, err := os.ReadFile(name)
			files[filepath.ToSlash(name)] = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// The committed dist was made of the committed sources. This needs no Node; that a build makes the same bytes is for
// those who have it.
func TestDistIsNotStale(t *testing.T) {
	t.Parallel()
	files := sources(t)
	var lines []string
	for name, text := range files {
		lines = append(lines, fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(text)), name))
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[66:], b[66:]) })
	want := fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(lines, ""))))
	text, err := fs.ReadFile(web.Dist(), "build.json")
	if err != nil {
		t.Fatal(err)
	}
	var build struct{ SHA256 string }
	if err := json.Unmarshal(text, &build); err != nil {
		t.Fatal(err)
	}
	if build.SHA256 != want {
		t.Errorf("web/dist was made of other sources: run npm ci && npm run build in web, and commit what it makes\nmade of %s\nsources %s", build.SHA256, want)
	}
}

var operation = regexp.MustCompile("graphql\\(/\\* GraphQL \\*/ `([^`]*)`")

// What the dashboard asks is what the contract has. A change of the contract that leaves this alone needs no new dist.
func TestOperationsFitTheSchema(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	var document strings.Builder
	for name, text := range sources(t) {
		if strings.HasPrefix(name, "src/gql/") {
			continue
		}
		for _, m := range operation.FindAllStringSubmatch(text, -1) {
			document.WriteString(m[1] + "\n")
		}
	}
	doc, errs := gqlparser.LoadQuery(schema, document.String())
	for _, err := range errs {
		t.Error(err)
	}
	if len(doc.Operations) < 5 {
		t.Errorf("found %d operations", len(doc.Operations))
	}
}

// The page names no place but its own, and no address of whoever built it.
func TestDistNamesNoOtherPlace(t *testing.T) {
	t.Parallel()
	elsewhere := regexp.MustCompile(`(src|href)="(https?:)?//`)
	err := fs.WalkDir(web.Dist(), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := fs.ReadFile(web.Dist(), name)
		if err != nil {
			return err
		}
		if strings.HasSuffix(name, ".html") && elsewhere.Match(text) {
			t.Errorf("%s loads something from elsewhere", name)
		}
		if strings.HasSuffix(name, ".map") || strings.Contains(string(text), "sourceMappingURL") || strings.Contains(string(text), "node_modules/") {
			t.Errorf("%s holds a source map or a path", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
