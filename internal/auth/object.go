package auth

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"time"
	"unicode/utf8"
)

// object is a flat JSON object read by strict rules: names are compared exactly, none stands twice, and a member has the
// one type that is asked for. Any member that is missing or of another type sets bad.
//
// encoding/json into a struct would not do: it takes the last of two equal names, ignores their case, and leaves what is
// missing at zero.
type object struct {
	members map[string]json.RawMessage
	bad     bool
}

// decodeObject reads data, which must be one object and nothing else.
func decodeObject(data []byte) (*object, bool) {
	if !utf8.Valid(data) {
		return nil, false
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, false
	}
	o := &object{members: map[string]json.RawMessage{}}
	for dec.More() {
		t, err := dec.Token()
		name, isName := t.(string)
		if err != nil || !isName {
			return nil, false
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, false
		}
		if _, twice := o.members[name]; twice {
			return nil, false
		}
		o.members[name] = value
	}
	if _, err := dec.Token(); err != nil {
		return nil, false
	}
	_, err := dec.Token()
	return o, err == io.EOF
}

// text returns a member that is a string.
func (o *object) text(name string) string {
	raw := o.members[name]
	var s string
	if len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &s) != nil {
		o.bad = true
	}
	return s
}

// number returns a member that is a plain integer: no fraction, no exponent.
func (o *object) number(name string) int64 {
	n, err := strconv.ParseInt(string(o.members[name]), 10, 64)
	if err != nil {
		o.bad = true
	}
	return n
}

// id returns a member that is a positive integer in a string, in its one spelling.
func (o *object) id(name string) int64 {
	s := o.text(name)
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || formatID(n) != s {
		o.bad = true
	}
	return n
}

// time returns a member that is an instant in whole seconds, within the years 1970 to 9999, where sums cannot overflow.
func (o *object) time(name string) time.Time {
	n := o.number(name)
	if n < 0 || n > 253402300799 {
		o.bad = true
		n = 0
	}
	return time.Unix(n, 0)
}
