// Package archtest holds the rules of the house as tests: who imports whom, what is generated, and which calls are made
// where.
package archtest
