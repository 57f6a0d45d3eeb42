package main

import (
	"reflect"
	"strings"
	"time"
	"unicode"
)

// input turns a record of package ingest into the variables of its mutation: names as in the schema, and what has no
// value left out.
func input(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		return input(v.Elem())
	case reflect.Slice:
		out := make([]any, v.Len())
		for i := range out {
			out[i] = input(v.Index(i))
		}
		return out
	case reflect.Struct:
		if t, ok := v.Interface().(time.Time); ok {
			return t.Format(time.RFC3339Nano)
		}
		out := map[string]any{}
		for i := range v.NumField() {
			if f := v.Field(i); !f.IsZero() {
				out[schemaName(v.Type().Field(i).Name)] = input(f)
			}
		}
		return out
	}
	return v.Interface()
}

// schemaName is the name of a Go field in the schema: shopifyId for ShopifyID.
func schemaName(field string) string {
	runes := []rune(strings.ReplaceAll(strings.ReplaceAll(field, "ID", "Id"), "URL", "Url"))
	runes[0] = unicode.ToLower(runes[0])
	return string(runes)
}
