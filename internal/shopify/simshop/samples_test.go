package simshop_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
)

// Errors have the members that captured ones have, and their code.
func TestCapturedErrors(t *testing.T) {
	t.Parallel()
	var captured map[string]map[string]any
	if err := json.Unmarshal([]byte(shared(t, "samples/graphql-errors.json")), &captured); err != nil {
		t.Fatal(err)
	}
	s, _ := setup(t, simshop.Options{Scopes: []string{"read_products"}})
	for code, got := range map[string]any{
		"ACCESS_DENIED": decoded(t, ask(t, s, `{orders(first:1){nodes{id}}}`, nil).text, "errors", 0),
		"MAX_INPUT_SIZE_EXCEEDED": decoded(t, ask(t, s, `query($ids:[ID!]!){nodes(ids:$ids){id}}`,
			map[string]any{"ids": make([]string, 251)}).text, "errors", 0),
		"search_warning": map[string]any{"extensions": map[string]any{"search": decoded(t, ask(t, s,
			`{products(first:1,query:"status:EXPIRED id:x"){nodes{id}}}`, nil).text, "extensions", "search")}},
	} {
		if want := captured[code]; !slices.Equal(members(got, ""), members(want, "")) {
			t.Errorf("%s has %v, want %v", code, members(got, ""), members(want, ""))
		}
		if at(got, "extensions", "code") != at(captured[code], "extensions", "code") {
			t.Errorf("%s: %v", code, got)
		}
		if code == "MAX_INPUT_SIZE_EXCEEDED" && at(got, "message") != captured[code]["message"] {
			t.Errorf("%v", got)
		}
	}
}

// The cost of a count is that of the captured mutation: ten points, given back by the second.
func TestCapturedCost(t *testing.T) {
	t.Parallel()
	var captured map[string]any
	if err := json.Unmarshal([]byte(shared(t, "samples/bulk-run-and-poll.json")), &captured); err != nil {
		t.Fatal(err)
	}
	s, _ := setup(t, simshop.Options{Bucket: simshop.Bucket{Max: 2000, Restore: 100}})
	want, err := json.Marshal(at(captured, "run", "extensions"))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "extensions", decoded(t, ask(t, s, `{ordersCount{count}}`, nil).text, "extensions"), string(want))
}

// members lists the paths of all members, those of lists by their first element.
func members(v any, path string) (out []string) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out = append(out, path+"."+key)
			out = append(out, members(v[key], path+"."+key)...)
		}
	case []any:
		if len(v) > 0 {
			return members(v[0], path+"[]")
		}
	}
	return out
}
