package oracle

import (
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"time"
)

// Diff lists where got differs from want, one line a place, after both went through JSON. Fields that want does not
// have are not looked at; instants are compared as instants, floats up to a relative error of 1e-9, all else exactly.
func Diff(want, got any) []string {
	w, err := generic(want)
	if err != nil {
		return []string{"want: " + err.Error()}
	}
	g, err := generic(got)
	if err != nil {
		return []string{"got: " + err.Error()}
	}
	var out []string
	compareValues("", w, g, &out)
	return out
}

func generic(v any) (any, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var out any
	return out, json.Unmarshal(text, &out)
}

func compareValues(path string, want, got any, out *[]string) {
	differ := func() { *out = append(*out, fmt.Sprintf("%s: got %s, want %s", path, short(got), short(want))) }
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			differ()
			return
		}
		keys := make([]string, 0, len(w))
		for k := range w {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			if _, there := g[k]; !there {
				*out = append(*out, fmt.Sprintf("%s.%s: missing, want %s", path, k, short(w[k])))
				continue
			}
			compareValues(path+"."+k, w[k], g[k], out)
		}
	case []any:
		g, ok := got.([]any)
		if !ok {
			differ()
			return
		}
		if len(g) != len(w) {
			*out = append(*out, fmt.Sprintf("%s: got %d elements, want %d", path, len(g), len(w)))
		}
		for i := range min(len(w), len(g)) {
			compareValues(fmt.Sprintf("%s[%d]", path, i), w[i], g[i], out)
		}
	case float64:
		g, ok := got.(float64)
		if !ok || math.Abs(g-w) > 1e-9*math.Max(1, math.Abs(w)) {
			differ()
		}
	case string:
		g, ok := got.(string)
		if !ok || g != w && !sameInstant(g, w) {
			differ()
		}
	default: // bool, nil
		if want != got {
			differ()
		}
	}
}

func sameInstant(a, b string) bool {
	x, err := time.Parse(time.RFC3339Nano, a)
	if err != nil {
		return false
	}
	y, err := time.Parse(time.RFC3339Nano, b)
	return err == nil && x.Equal(y)
}

func short(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	if len(text) > 120 {
		return string(text[:120]) + "..."
	}
	return string(text)
}
