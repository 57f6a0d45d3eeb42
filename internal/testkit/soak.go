package testkit

import (
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

// Seed returns the seed of a random test and prints it. TEST_SEED repeats a run.
func Seed(tb testing.TB) uint64 {
	tb.Helper()
	seed := rand.Uint64()
	if text := os.Getenv("TEST_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			tb.Fatalf("TEST_SEED: %v", err)
		}
	}
	tb.Logf("TEST_SEED=%d", seed)
	return seed
}
