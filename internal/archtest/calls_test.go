package archtest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// rule forbids a name of another package, "pkg.Name", or a builtin, in hand-written code outside some packages.
type rule struct {
	name   string
	reason string
	// in are the folders, or files, whose code may use it.
	in []string
	// inMain lets commands use it, inTests test files.
	inMain, inTests bool
}

var rules = []rule{
	{
		name:   "privacy.DecisionContext",
		reason: "it switches the privacy rules off; viewer.System does so with a reason",
	},
	{
		name: "viewer.System", inTests: true,
		reason: "it sees every tenant",
		in:     []string{"internal/account", "internal/app", "internal/sync", "internal/testkit"},
	},
	{
		name: "context.Background", inMain: true, inTests: true,
		reason: "a context comes from the caller, with its viewer and its end",
		in:     []string{"internal/app", "internal/testkit"},
	},
	{
		name:   "context.TODO",
		reason: "a context comes from the caller",
	},
	{
		name:   "slog.Default",
		reason: "a logger is passed to the constructor",
	},
	{
		name:   "slog.SetDefault",
		reason: "a logger is passed to the constructor",
	},
	{
		name: "panic", inTests: true,
		reason: "an error is returned",
		in: []string{
			"internal/store/tables.go",      // a table that the same file misspells: no input reaches it
			"graph/scalar.go",               // gqlgen's marshallers return no error; its executor recovers and answers INTERNAL
			"graph/transport.go",            // an answer that cannot be encoded is a bug; the server recovers and answers 500
			"internal/server/server.go",     // strings in maps always encode
			"web/embed.go",                  // a folder that the same file embeds
			"internal/server/middleware.go", // passes http.ErrAbortHandler on, which is net/http's own way
		},
	},
	{
		name: "store.SQL", inTests: true,
		reason: "hand-written statements on a tenant's records belong to the packages that own them",
		in: []string{
			"internal/store", "internal/ingest", "internal/insights", "internal/commerce", "internal/sync", "internal/testkit",
			"internal/account/tenant.go", // the currency changes as a writer of the tenant, unless there are amounts
		},
	},
}

func TestCalls(t *testing.T) {
	t.Parallel()
	for file, text := range goFiles(t) {
		if generated(text) {
			continue
		}
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, file, text, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			continue
		}
		for at, name := range uses(tree) {
			for _, r := range rules {
				if r.name == name && !r.allows(file, tree.Name.Name) {
					t.Errorf("%s: %s is not for this file: %s", fset.Position(at), name, r.reason)
				}
			}
		}
	}
}

func (r rule) allows(file, pkg string) bool {
	if r.inTests && strings.HasSuffix(file, "_test.go") || r.inMain && pkg == "main" {
		return true
	}
	return slices.ContainsFunc(r.in, func(in string) bool { return file == in || strings.HasPrefix(file, in+"/") })
}

// uses returns what a file uses of other packages, as "pkg.Name", and its calls of builtins.
func uses(tree *ast.File) map[token.Pos]string {
	// A name under which a package is imported does not hide it.
	packages := map[string]string{}
	for _, spec := range tree.Imports {
		name := strings.Trim(spec.Path.Value, `"`)
		name = name[strings.LastIndex(name, "/")+1:]
		if spec.Name != nil {
			packages[spec.Name.Name] = name
		} else {
			packages[name] = name
		}
	}
	found := map[token.Pos]string{}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && packages[x.Name] != "" {
				found[n.Pos()] = packages[x.Name] + "." + n.Sel.Name
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok {
				found[f.Pos()] = f.Name
			}
		}
		return true
	})
	return found
}

func TestUses(t *testing.T) {
	t.Parallel()
	tree, err := parser.ParseFile(token.NewFileSet(), "x.go", `package x
import who "github.com/shopsight/shopsight/internal/viewer"
func f() { _ = who.System("x"); panic("no"); _ = "panic()" /* context.Background() */ }`, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, name := range uses(tree) {
		got = append(got, name)
	}
	slices.Sort(got)
	if want := []string{"panic", "viewer.System"}; !slices.Equal(got, want) {
		t.Errorf("uses = %v, want %v", got, want)
	}
}
