package account

import (
	"context"
	"crypto/rand"
	_ "embed"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/sync/semaphore"

	"github.com/shopsight/shopsight/internal/fault"
)

// The bounds of a password, in characters. 128 characters are at most 512 bytes.
const (
	minPassword      = 8
	maxPassword      = 128
	maxPasswordBytes = 512
)

//go:embed common.txt
var commonText string

// common holds the most used passwords in lower case.
var common = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "# ") {
			set[line] = true
		}
	}
	return set
})

// checkPassword returns what is wrong with a new password. Any characters will do, and none is changed; own holds what an
// attacker would try first for this account.
func checkPassword(password string, own ...string) (fault.UserErrorCode, string) {
	n := utf8.RuneCountInString(password)
	switch {
	case password == "":
		return fault.CodeRequired, "a password is needed"
	case !utf8.ValidString(password):
		return fault.CodeInvalid, "the password is not valid UTF-8"
	case n < minPassword:
		return fault.CodeTooShort, fmt.Sprintf("the password needs at least %d characters", minPassword)
	case n > maxPassword || len(password) > maxPasswordBytes:
		return fault.CodeTooLong, fmt.Sprintf("the password may have at most %d characters", maxPassword)
	case common()[strings.ToLower(password)]:
		return fault.CodeInvalid, "this password is among the most used ones; choose another"
	}
	for _, s := range own {
		if strings.EqualFold(strings.TrimSpace(password), strings.TrimSpace(s)) {
			return fault.CodeInvalid, "the password must differ from the name and the address of the account"
		}
	}
	return "", ""
}

// strength is what a password hash costs: the least that OWASP's password storage sheet advises for argon2id.
var strength = argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hasher hashes passwords, a few at a time: a flood of logins waits instead of taking all memory.
type hasher struct {
	slots *semaphore.Weighted
	dummy string // the hash of a password that nobody knows
}

func newHasher(atOnce int) (*hasher, error) {
	if atOnce <= 0 {
		atOnce = runtime.GOMAXPROCS(0)
	}
	dummy, err := argon2id.CreateHash(rand.Text(), &strength)
	if err != nil {
		return nil, fmt.Errorf("hash a password: %w", err)
	}
	return &hasher{slots: semaphore.NewWeighted(int64(atOnce)), dummy: dummy}, nil
}

// hash returns the hash of a new password in PHC form.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := h.slots.Acquire(ctx, 1); err != nil {
		return "", fmt.Errorf("wait to hash a password: %w", err)
	}
	defer h.slots.Release(1)
	hash, err := argon2id.CreateHash(password, &strength)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// check tells whether the password belongs to a stored hash, and whether that hash should be made anew. An empty hash
// stands for an account that does not exist: the answer is no, after the same work.
func (h *hasher) check(ctx context.Context, password, stored string) (ok, stale bool, err error) {
	known := stored != ""
	if !known {
		stored = h.dummy
	}
	if len(password) > maxPasswordBytes { // cannot be right, and is not to cost more
		known, password = false, password[:maxPasswordBytes]
	}
	if err := h.slots.Acquire(ctx, 1); err != nil {
		return false, false, fmt.Errorf("wait to check a password: %w", err)
	}
	defer h.slots.Release(1)
	match, params, err := argon2id.CheckHash(password, stored)
	if err != nil {
		return false, false, fmt.Errorf("check a password: %w", err)
	}
	return match && known, *params != strength, nil
}
