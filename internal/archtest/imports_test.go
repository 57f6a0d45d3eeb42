package archtest_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/testkit"
)

const module = "github.com/shopsight/shopsight"

// leaves may be imported by every package, and import nothing of the module but each other.
const leaves = "internal/viewer internal/fault internal/money internal/period internal/ledger internal/live internal/country internal/config internal/failpoint"

// imports says for each package which packages of the module its code may import besides the leaves. "x/..." stands for
// x and everything below it. Tests import what they need.
var imports = map[string]string{
	"cmd/shopsight": "internal/app",
	// The composition root. It alone may know everything, but no test code.
	"internal/app":    "ent/... graph/... internal/account internal/auth internal/commerce internal/ingest internal/insights internal/live internal/market internal/media internal/outbound internal/privacy internal/queue internal/sample internal/secret internal/server internal/shopify/... internal/store internal/sync web",
	"internal/server": "graph internal/auth internal/account internal/sync web",

	// The sample data is a door like the others: a mutation opens it.
	"graph":        "graph/loader internal/auth internal/account internal/ingest internal/sample internal/sync internal/commerce internal/insights internal/live internal/privacy ent/...",
	"graph/loader": "internal/commerce internal/insights",

	"internal/account":  "internal/auth internal/store ent/...",
	"internal/auth":     "internal/secret internal/store",
	"internal/ingest":   "internal/store ent/...",
	"internal/commerce": "internal/store ent/...",
	"internal/insights": "internal/store ent/...",
	"internal/media":    "internal/outbound",
	"internal/privacy":  "internal/ingest internal/store ent/...",
	"internal/sample":   "internal/ingest internal/market",
	"internal/sync":     "internal/ingest internal/shopify internal/queue internal/secret internal/store ent/...",

	"internal/store":      "ent/...",
	"internal/store/diff": "internal/store",
	"ent/...":             "ent/... internal/viewer",

	"internal/shopify":         "internal/outbound internal/shopify/cost",
	"internal/shopify/cost":    "",
	"internal/shopify/simshop": "internal/market internal/shopify internal/shopify/cost",
	"internal/shopify/slice":   "",
	"internal/market":          "",
	"internal/secret":          "",
	"internal/live":            "",
	"internal/outbound":        "",
	"internal/queue":           "",
	"web":                      "",

	// Tests of the whole, and nothing else.
	"internal/apitest":      "",
	"internal/archtest":     "",
	"internal/crashtest":    "",
	"internal/propertytest": "",

	// Measures the whole; nothing imports it.
	"internal/bench": "internal/app internal/account internal/auth internal/commerce internal/ingest internal/insights internal/sample internal/store internal/sync",

	"internal/testkit":             "...",
	"internal/testkit/api":         "internal/app internal/account internal/store internal/testkit",
	"internal/testkit/mysqlserver": "internal/testkit",
	"internal/testkit/natsserver":  "",
	"internal/testkit/twin":        "internal/ingest internal/shopify/simshop internal/store internal/testkit",
	// A second implementation of the numbers, worth something only as long as it shares no code with the first.
	"internal/testkit/oracle": none,
}

// none forbids even the leaves.
const none = "-"

func TestImports(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("go", "list", "-e", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...")
	cmd.Dir = testkit.Root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		name := inModule(fields[0])
		for _, path := range fields[1:] {
			if path == module || strings.HasPrefix(path, module+"/") {
				if problem := check(name, inModule(path)); problem != "" {
					t.Error(problem)
				}
			}
		}
		if _, ok := allowed(name); !ok {
			t.Errorf("%s is in no row of the table: say what it may import", name)
		}
	}
}

// The rule would hold anything if check refused nothing.
func TestImportsRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, path string
		ok         bool
	}{
		{"internal/insights", "internal/store", true},
		{"internal/insights", "internal/money", true},
		{"internal/insights", "ent/order", true},
		{"internal/insights", "internal/commerce", false},
		{"internal/insights", "graph", false},
		{"internal/ledger", "internal/money", true},
		{"internal/ledger", "internal/store", false},
		{"internal/app", "internal/testkit", false},
		{"internal/server", "internal/store", false},
		{"graph", "internal/store", false},
		{"ent/rule", "internal/viewer", true},
		{"ent/rule", "internal/fault", false},
		{"ent", "internal/store", false},
		{"internal/testkit/oracle", "internal/money", false},
		{"internal/unheard", "internal/money", true},
		{"internal/unheard", "internal/store", false},
	} {
		if problem := check(test.name, test.path); (problem == "") != test.ok {
			t.Errorf("check(%s, %s) = %q", test.name, test.path, problem)
		}
	}
}

func inModule(path string) string { return strings.TrimPrefix(strings.TrimPrefix(path, module), "/") }

// check returns what is wrong with one import, "" if nothing.
func check(name, path string) string {
	row, _ := allowed(name)
	if row == none {
		return name + " imports " + path + ", but may import nothing of the module"
	}
	if matches(row, path) {
		return ""
	}
	// ent is generated from a schema that knows who is asking and nothing else of the service.
	if matches(leaves, path) && name != "ent" && !strings.HasPrefix(name, "ent/") {
		return ""
	}
	return name + " imports " + path + ", which its row of the table does not allow"
}

// allowed returns the row of a package.
func allowed(name string) (string, bool) {
	if matches(leaves, name) {
		return "", true
	}
	if row, ok := imports[name]; ok {
		return row, true
	}
	for pattern, row := range imports {
		if strings.HasSuffix(pattern, "/...") && matches(pattern, name) {
			return row, true
		}
	}
	return "", false
}

func matches(patterns, path string) bool {
	for pattern := range strings.FieldsSeq(patterns) {
		if pattern == path || pattern == "..." {
			return true
		}
		if base, ok := strings.CutSuffix(pattern, "/..."); ok && (path == base || strings.HasPrefix(path, base+"/")) {
			return true
		}
	}
	return false
}
