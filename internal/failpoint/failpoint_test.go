//go:build unix

package failpoint_test

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/failpoint"
	"github.com/shopsight/shopsight/internal/testkit"
)

// probe is a program with a point in the middle.
const probe = `package main

import "github.com/shopsight/shopsight/internal/failpoint"

//go:noinline
func work(n int) int {
	failpoint.Here(failpoint.CommitBefore)
	return n + 1
}

//go:noinline
func plain(n int) int {
	return n + 1
}

func main() {
	for n := range 3 {
		println(work(n), plain(n))
	}
}
`

// build compiles the probe, with tags or without, and returns the program and the compiler's listing of it.
func build(t *testing.T, tags string) (program, listing string) {
	t.Helper()
	// Inside of the module, where internal packages may be imported; go list passes folders by that begin with a dot.
	dir, err := os.MkdirTemp(filepath.Join(testkit.Root(t), "internal", "failpoint"), ".probe-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	source := filepath.Join(dir, "main.go")
	if err := os.WriteFile(source, []byte(probe), 0o600); err != nil {
		t.Fatal(err)
	}
	program = filepath.Join(t.TempDir(), "probe")
	out, err := exec.Command("go", "build", "-tags", tags, "-gcflags", "-S", "-o", program, source).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program, string(out)
}

// Without the tag, a function with a point is compiled to the same code as one without.
func TestCostsNothing(t *testing.T) {
	t.Parallel()
	_, listing := build(t, "")
	_, tagged := build(t, "failpoint")
	if got, want := sizeOf(t, listing, "main.work"), sizeOf(t, listing, "main.plain"); got != want {
		t.Errorf("a function with a point takes %d bytes, one without %d", got, want)
	}
	// It would be nothing if the measure saw nothing.
	if got, want := sizeOf(t, tagged, "main.work"), sizeOf(t, tagged, "main.plain"); got <= want {
		t.Errorf("with the tag, a function with a point takes %d bytes, one without %d", got, want)
	}
}

// sizeOf reads from a listing how many bytes a function's code takes.
func sizeOf(t *testing.T, listing, function string) int {
	t.Helper()
	for line := range strings.Lines(listing) {
		if rest, ok := strings.CutPrefix(line, function+" STEXT "); ok {
			for _, word := range strings.Fields(rest) {
				if size, ok := strings.CutPrefix(word, "size="); ok {
					n, err := strconv.Atoi(size)
					if err != nil {
						t.Fatal(err)
					}
					return n
				}
			}
		}
	}
	t.Fatalf("%s is not in the listing:\n%.2000s", function, listing)
	return 0
}

func TestKills(t *testing.T) {
	t.Parallel()
	program, _ := build(t, "failpoint")
	for _, test := range []struct {
		env, out string
		ok       bool
	}{
		{"", "1 1\n2 2\n3 3\n", true},
		{"commit.before", "failpoint: commit.before\n", false},
		{"commit.before:3", "1 1\n2 2\nfailpoint: commit.before\n", false},
		{"commit.before:4", "1 1\n2 2\n3 3\n", true},
		{"commit.after", "1 1\n2 2\n3 3\n", true},
		{"commit.befor", "failpoint: SHOPSIGHT_FAILPOINT=commit.befor is nothing\n", false},
		{"commit.before:0", "failpoint: SHOPSIGHT_FAILPOINT=commit.before:0 is nothing\n", false},
	} {
		cmd := exec.Command(program)
		cmd.Env = append(os.Environ(), "SHOPSIGHT_FAILPOINT="+test.env)
		out, err := cmd.CombinedOutput()
		if (err == nil) != test.ok || string(out) != test.out {
			t.Errorf("%s: %v, %q, want %q", cmp.Or(test.env, "nothing"), err, out, test.out)
		}
		if killed := strings.Contains(test.out, "failpoint: commit"); killed && err.Error() != "signal: killed" {
			t.Errorf("%s: %v", test.env, err)
		}
	}
}

// A process that is stopped goes on where it stood when it is let.
func TestStops(t *testing.T) {
	t.Parallel()
	program, _ := build(t, "failpoint")
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), "SHOPSIGHT_FAILPOINT=commit.before:2:stop")
	pipe, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	want := "1 1\nfailpoint: commit.before\n"
	got := make([]byte, len(want))
	if _, err := io.ReadFull(pipe, got); err != nil || string(got) != want {
		t.Errorf("%q %v, want %q", got, err, want)
	}
	// It stops just after it has said so, and whoever is let go on before does not stop at all.
	for !testkit.Stopped(cmd.Process.Pid) {
		time.Sleep(time.Millisecond)
	}
	if err := cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(pipe)
	if err != nil || string(rest) != "2 2\n3 3\n" {
		t.Errorf("%q %v", rest, err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// Points names every constant, since tests go by it, and every point lies somewhere in the code.
func TestPoints(t *testing.T) {
	t.Parallel()
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, "failpoint.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{} // of the constants, by their text
	ast.Inspect(tree, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			names[text] = spec.Names[0].Name
		}
		return true
	})
	var code strings.Builder
	err = filepath.WalkDir(filepath.Join(testkit.Root(t), "internal"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		code.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	points := slices.Concat(failpoint.Points(), failpoint.Renewals())
	for _, p := range points {
		if names[string(p)] == "" || !strings.Contains(code.String(), "failpoint.Here(failpoint."+names[string(p)]+")") {
			t.Errorf("the code does not come by %s", p)
		}
	}
	slices.Sort(points)
	if len(slices.Compact(points)) != len(names) {
		t.Errorf("%d constants, and Points has %v", len(names), points)
	}
}
