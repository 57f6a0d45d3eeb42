package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/testkit"
)

// The slice that is kept must be what is cut: a document that was changed without it would be tested against too little.
func TestSliceIsFresh(t *testing.T) {
	t.Parallel()
	official := filepath.Join(testkit.Root(t), "../shared/shopify/admin-2026-10.graphql")
	if _, err := os.Stat(official); os.IsNotExist(err) {
		t.Skip("the official schema is not here")
	}
	documents, err := filepath.Glob("../*.graphql")
	if err != nil {
		t.Fatal(err)
	}
	documents = slices.DeleteFunc(documents, func(name string) bool { return name == "../admin.graphql" })
	var fresh strings.Builder
	if err := run(&fresh, official, documents); err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("../admin.graphql")
	if err != nil {
		t.Fatal(err)
	}
	if fresh.String() != string(kept) {
		t.Errorf("admin.graphql is not what slice cuts for %v", documents)
	}
}
