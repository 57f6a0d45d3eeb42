package auth

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/shopsight/shopsight/internal/secret"
)

const (
	// maxPairs bounds a document: one pair that is active, one that is next, those of the last month, and room.
	maxPairs = 16
	// rollout is how long a replica may go on signing with a key that was replaced: until it is restarted.
	rollout = 24 * time.Hour
)

// State is what a key is good for at present.
type State string

// The states, in the order in which a key goes through them.
const (
	// Next keys verify and open, so that every replica knows them before one of them signs and seals.
	Next State = "next"
	// Active keys sign and seal too.
	Active State = "active"
	// Old keys verify and open what they signed and sealed.
	Old State = "old"
)

// The uses of keys.
const (
	ForTokens  = "tokens"
	ForSecrets = "secrets"
)

// Key is what may be told about a key.
type Key struct {
	// ID is what tokens and ciphertexts call it.
	ID    string
	Use   string
	State State
	// Created is when it was made, Since when it came to its state.
	Created, Since time.Time
}

// Droppable returns when the last token of an old key has expired, wherever it was signed.
func (k Key) Droppable() time.Time { return k.Since.Add(rollout + RefreshLifetime + skew) }

// Document is all keys of the service, as they are stored. Keys come in pairs of one that signs tokens and one that seals
// secrets; a pair is made, used and dropped as a whole. One pair is active, at most one is next, any number is old. A
// document shows no key, however it is printed; Encode does.
type Document struct{ pairs []pair }

type pair struct {
	state          State
	created, since time.Time
	sign           json.RawMessage // a JSON web key (RFC 8037)
	seal           json.RawMessage // a key of package secret

	private        ed25519.PrivateKey
	signID, sealID string
}

// stored is how a document is written.
type stored struct {
	Keys []storedPair `json:"keys"`
}

type storedPair struct {
	State   State           `json:"state"`
	Created time.Time       `json:"created"`
	Since   time.Time       `json:"since"`
	Sign    json.RawMessage `json:"sign"`
	Seal    json.RawMessage `json:"seal"`
}

// NewDocument returns a document of one new pair, which is active.
func NewDocument(now time.Time) (*Document, error) {
	p, err := newPair(Active, now)
	if err != nil {
		return nil, err
	}
	return &Document{[]pair{p}}, nil
}

// ParseDocument reads what Encode wrote. It refuses everything that it does not understand to the last member: keys of
// another type or algorithm, public keys, a key twice, and any number of active pairs but one. Its errors hold no key.
func ParseDocument(data []byte) (*Document, error) {
	var s stored
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	err := dec.Decode(&s)
	if _, end := dec.Token(); err != nil || end != io.EOF {
		// The cause may quote the input, which is secret.
		return nil, errors.New("keys: not a document of keys as shopsight keys writes it")
	}
	if len(s.Keys) > maxPairs {
		return nil, fmt.Errorf("keys: there are %d pairs, at most %d are allowed", len(s.Keys), maxPairs)
	}
	d := &Document{}
	counts, ids := map[State]int{}, map[string]bool{}
	for i, e := range s.Keys {
		p, err := e.parse()
		if err != nil {
			return nil, fmt.Errorf("keys: pair %d: %w", i, err)
		}
		if ids[p.signID] || ids[p.sealID] {
			return nil, fmt.Errorf("keys: pair %d: another has a key of the same id", i)
		}
		ids[p.signID], ids[p.sealID] = true, true
		counts[p.state]++
		d.pairs = append(d.pairs, p)
	}
	if counts[Active] != 1 || counts[Next] > 1 {
		return nil, fmt.Errorf("keys: %d pairs are active and %d are next; one and at most one must be", counts[Active], counts[Next])
	}
	d.sort()
	return d, nil
}

func (s storedPair) parse() (pair, error) {
	p := pair{state: s.State, created: s.Created.UTC(), since: s.Since.UTC(), sign: s.Sign, seal: s.Seal}
	if !slices.Contains(order, s.State) {
		return pair{}, errors.New("its state is none of next, active and old")
	}
	if s.Created.IsZero() || s.Since.Before(s.Created) {
		return pair{}, errors.New("it does not say since when it is what it is")
	}
	var err error
	if p.private, p.signID, err = parseSigning(s.Sign); err != nil {
		return pair{}, fmt.Errorf("the key for tokens: %w", err)
	}
	if p.sealID, err = secret.KeyID(s.Seal); err != nil {
		return pair{}, fmt.Errorf("the key for secrets: %w", err)
	}
	return p, nil
}

func newPair(state State, now time.Time) (pair, error) {
	sign, err := generateSigning()
	if err != nil {
		return pair{}, fmt.Errorf("generate a key for tokens: %w", err)
	}
	seal, err := secret.GenerateKey()
	if err != nil {
		return pair{}, fmt.Errorf("generate a key for secrets: %w", err)
	}
	now = now.UTC().Truncate(time.Second)
	return storedPair{state, now, now, sign, seal}.parse()
}

// Encode returns the document with all keys in clear.
func (d *Document) Encode() ([]byte, error) {
	var s stored
	for _, p := range d.pairs {
		s.Keys = append(s.Keys, storedPair{p.state, p.created, p.since, p.sign, p.seal})
	}
	return json.Marshal(s)
}

// Keys tells about every key: the active ones, the next ones, and the old ones from the latest to the first.
func (d *Document) Keys() []Key {
	var all []Key
	for _, p := range d.pairs {
		all = append(all, p.keys()...)
	}
	return all
}

func (p pair) keys() []Key {
	return []Key{{p.signID, ForTokens, p.state, p.created, p.since}, {p.sealID, ForSecrets, p.state, p.created, p.since}}
}

// Publish adds a new pair that is next. There must be none yet.
func (d *Document) Publish(now time.Time) error {
	if d.find(Next) != nil {
		return errors.New("there are published keys already: promote them first")
	}
	if len(d.pairs) == maxPairs {
		return fmt.Errorf("there are %d pairs of keys already: drop old ones first", maxPairs)
	}
	p, err := newPair(Next, now)
	if err != nil {
		return err
	}
	d.pairs = append(d.pairs, p)
	d.sort()
	return nil
}

// Promote makes the next pair the active one, and the active one old.
func (d *Document) Promote(now time.Time) error {
	next, active := d.find(Next), d.find(Active)
	if next == nil {
		return errors.New("there are no published keys to promote: publish some first")
	}
	now = now.UTC().Truncate(time.Second)
	// A clock that was set back must not make a key look as if it had come to its state before it was made.
	next.state, next.since = Active, latest(now, next.since)
	active.state, active.since = Old, latest(now, active.since)
	d.sort()
	return nil
}

// Drop removes every old pair whose tokens have all expired, or every old pair when sessions may end, and returns which
// keys those were. Nothing may be sealed by them any more: see Keys.Box.
func (d *Document) Drop(now time.Time, endSessions bool) []Key {
	var dropped []Key
	d.pairs = slices.DeleteFunc(d.pairs, func(p pair) bool {
		keys := p.keys()
		drop := p.state == Old && (endSessions || !now.Before(keys[0].Droppable()))
		if drop {
			dropped = append(dropped, keys...)
		}
		return drop
	})
	return dropped
}

var order = []State{Active, Next, Old}

func (d *Document) sort() {
	slices.SortStableFunc(d.pairs, func(a, b pair) int {
		if a.state != b.state {
			return slices.Index(order, a.state) - slices.Index(order, b.state)
		}
		return b.since.Compare(a.since)
	})
}

func (d *Document) find(s State) *pair {
	for i := range d.pairs {
		if d.pairs[i].state == s {
			return &d.pairs[i]
		}
	}
	return nil
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// Format prints no key, whatever is asked for.
func (*Document) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue logs no key.
func (*Document) LogValue() slog.Value { return slog.StringValue(redacted) }

const redacted = "[keys]"
