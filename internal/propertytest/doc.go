// Package propertytest tests the numbers of the whole service, through its API and on every engine, against the second
// implementation of package oracle. It has tests only.
//
// TestStores fills random stores with random records in random order, and after each step of a store's life compares
// every answer with the oracle's: after the first filling, after everything was sent once more, in another timezone, after
// a rebuild and after deletions. TestOverlappingRequests sends the same records from many clients at once.
//
// The seeds are printed, and new ones in each soak. TEST_SEED repeats a run, and the flag -seed one store:
//
//	go test ./internal/propertytest -run TestStores -seed 17
//
// `make soak` runs the same with more and larger stores.
package propertytest
