package testkit

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/viewer"
)

// guard returns an observer that fails the test on a statement that reaches a tenant's records and does not say whose.
// What the system viewer asks is let through: it acts across tenants.
func guard(tb testing.TB) store.Observer {
	return func(ctx context.Context, statement string) {
		if viewer.FromContext(ctx).IsSystem() {
			return
		}
		if table := Unscoped(statement); table != "" {
			tb.Errorf("a statement reaches table %s without a condition on tenant_id:\n%s", table, statement)
		}
	}
}

// tenantTables are the tables of a tenant's records: all with tenant_id but those of accounts, where a person's own
// rows are found by the person.
var tenantTables = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, t := range store.Tables() {
		if t.HasColumn("tenant_id") && t.Name != "memberships" && t.Name != "sessions" {
			names[t.Name] = true
		}
	}
	return names
})

var (
	literal = regexp.MustCompile(`'(?:[^'\\]|''|\\.)*'`)
	token   = regexp.MustCompile("[a-z_][a-z0-9_]*|[(),.]")
)

// Unscoped returns a table of a tenant's records that a statement reaches without saying whose, "" if there is none:
// each table that it reads, changes or deletes from needs a tenant_id in a condition (WHERE, ON, USING), and each that
// it inserts into needs one among the columns. It counts and does not prove: it catches what was forgotten, not what
// was meant.
func Unscoped(statement string) string {
	p := scope{tokens: token.FindAllString(literal.ReplaceAllString(
		strings.NewReplacer("`", "", `"`, "").Replace(strings.ToLower(statement)), "''"), -1)}
	p.read()
	if p.named > p.scoped {
		return p.last
	}
	return ""
}

// scope reads a statement's tokens once, counting the tables and the conditions.
type scope struct {
	tokens        []string
	named, scoped int
	last          string
}

// clause says what the tokens at hand belong to.
type clause int

const (
	other clause = iota
	tables
	inserted // from INTO to VALUES or SELECT
	condition
)

func (p *scope) read() {
	var outer []clause
	at, previous := other, ""
	for i, tok := range p.tokens {
		switch tok {
		case "(":
			outer = append(outer, at)
		case ")":
			if n := len(outer); n > 0 {
				at, outer = outer[n-1], outer[:n-1]
			}
		case "from", "join":
			at = tables
		case "into":
			at = inserted
		case "update":
			// Not the UPDATE of an upsert or of FOR UPDATE.
			if at = other; previous != "key" && previous != "for" && previous != "do" {
				at = tables
			}
		case "where", "on", "using", "having":
			at = condition
		case "select", "set", "values", "group", "order", "limit", "union":
			at = other
		case "tenant_id":
			if at == condition || at == inserted {
				p.scoped++
			}
		default:
			named := previous == "from" || previous == "join" || previous == "into" || previous == "update" || previous == ","
			qualifies := i+1 < len(p.tokens) && p.tokens[i+1] == "."
			if (at == tables && named || at == inserted && previous == "into") && !qualifies && tenantTables()[tok] {
				p.named++
				p.last = tok
			}
		}
		previous = tok
	}
}
