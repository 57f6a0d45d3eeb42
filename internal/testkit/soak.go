package testkit

import (
	"hash/fnv"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// Size returns how large a test is: normal in `make test`, and long in `make soak`, which sets TEST_SOAK.
func Size(normal, long int) int {
	if os.Getenv("TEST_SOAK") != "" {
		return long
	}
	return normal
}

// Seed returns the seed of a random test and prints it: always the same in `make test`, which says whether a change may
// land and must not answer otherwise about the same change; another one each time in `make soak`, which looks for what
// nobody has thought of. TEST_SEED gives one.
func Seed(tb testing.TB) uint64 {
	tb.Helper()
	h := fnv.New64a()
	h.Write([]byte(tb.Name()))
	seed := h.Sum64()
	switch text := os.Getenv("TEST_SEED"); {
	case text != "":
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			tb.Fatalf("TEST_SEED: %v", err)
		}
	case os.Getenv("TEST_SOAK") != "":
		seed = rand.Uint64()
	}
	tb.Logf("TEST_SEED=%d", seed)
	return seed
}
