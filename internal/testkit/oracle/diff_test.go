package oracle_test

import (
	"slices"
	"testing"

	"github.com/shopsight/shopsight/internal/testkit/oracle"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	type m = map[string]any
	for _, c := range []struct {
		name      string
		want, got any
		diff      []string
	}{
		{"equal, with more than was asked for", m{"a": 1, "b": nil}, m{"a": 1, "b": nil, "c": 2}, nil},
		{"the same instant", m{"at": "2026-01-01T00:00:00Z"}, m{"at": "2026-01-01T01:00:00.000+01:00"}, nil},
		{"nearly the same float", m{"f": 1.0 / 3}, m{"f": 0.3333333333333}, nil},
		{"other values", m{"a": m{"x": "1.00"}, "b": true, "f": 0.5}, m{"a": m{"x": "1.0"}, "b": false, "f": 0.51},
			[]string{`.a.x: got "1.0", want "1.00"`, ".b: got false, want true", ".f: got 0.51, want 0.5"}},
		{"null is not zero", m{"a": nil, "b": 0}, m{"a": 0, "b": nil}, []string{".a: got 0, want null", ".b: got null, want 0"}},
		{"missing", m{"a": 1}, m{}, []string{".a: missing, want 1"}},
		{"lists", []int{1, 2}, []int{1, 3, 4}, []string{": got 3 elements, want 2", "[1]: got 3, want 2"}},
	} {
		if got := oracle.Diff(c.want, c.got); !slices.Equal(got, c.diff) {
			t.Errorf("%s: %q, want %q", c.name, got, c.diff)
		}
	}
}
