package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// shaped returns a struct that encodes to the same JSON: what somebody who wrote the answer's types by hand would give
// to encoding/json, which is faster with structs than with maps.
func shaped(answer []byte) (any, error) {
	var v any
	d := json.NewDecoder(bytes.NewReader(answer))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	to := reflect.New(shapeOf([]any{v}))
	if err := json.Unmarshal(answer, to.Interface()); err != nil {
		return nil, err
	}
	return to.Interface(), nil
}

// shapeOf returns the type of which all the values are.
func shapeOf(values []any) reflect.Type {
	some := slices.DeleteFunc(slices.Clone(values), func(v any) bool { return v == nil })
	if len(some) == 0 {
		return reflect.TypeFor[*string]()
	}
	var t reflect.Type
	switch first := some[0].(type) {
	case []any:
		var elements []any
		for _, v := range some {
			elements = append(elements, v.([]any)...)
		}
		return reflect.SliceOf(shapeOf(elements))
	case map[string]any:
		var fields []reflect.StructField
		for i, name := range slices.Sorted(maps.Keys(first)) {
			inside := make([]any, len(some))
			for k, v := range some {
				inside[k] = v.(map[string]any)[name]
			}
			fields = append(fields, reflect.StructField{
				Name: fmt.Sprintf("F%d", i), Type: shapeOf(inside), Tag: reflect.StructTag(fmt.Sprintf("json:%q", name)),
			})
		}
		t = reflect.StructOf(fields)
	case json.Number:
		t = reflect.TypeFor[int64]()
		if slices.ContainsFunc(some, func(v any) bool { return strings.ContainsAny(string(v.(json.Number)), ".eE") }) {
			t = reflect.TypeFor[float64]()
		}
	default:
		t = reflect.TypeOf(first)
	}
	if len(some) < len(values) {
		return reflect.PointerTo(t)
	}
	return t
}
