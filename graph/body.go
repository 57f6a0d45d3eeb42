package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
)

// What is refused in text. The database would store something else than was sent, or nothing.
var (
	errUTF8      = errors.New("is not valid UTF-8")
	errNUL       = errors.New("must not contain the character NUL")
	errSurrogate = errors.New("contains half of a surrogate pair")
)

// Errors about the form of a request. None repeats what was sent: a password may be in it.
var (
	errJSON      = errors.New("is not valid JSON")
	errTrailing  = errors.New("has more after the JSON object")
	errBatch     = errors.New("is a list; send one operation a request")
	errObject    = errors.New("must be a JSON object")
	errQuery     = errors.New("must have the query as text")
	errName      = errors.New("must have the operationName as text")
	errVariables = errors.New("must have the variables as an object")
	errExtension = errors.New("must have the extensions as an object")
)

// decodeBody reads the JSON of a request: one object with query, operationName, variables and extensions, each at most
// once and spelled exactly so. Other members are ignored, as the GraphQL over HTTP specification asks.
func decodeBody(b []byte) (*graphql.RawParams, error) {
	if !utf8.Valid(b) {
		return nil, errUTF8
	}
	if err := checkEscapes(b); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	switch t, err := d.Token(); {
	case err != nil:
		return nil, errJSON
	case t == json.Delim('['):
		return nil, errBatch
	case t != json.Delim('{'):
		return nil, errObject
	}
	d.UseNumber()
	p := &graphql.RawParams{}
	members := []*struct {
		name string
		into any
		err  error
		seen bool
		bad  bool
	}{
		{name: "query", into: &p.Query, err: errQuery},
		{name: "operationName", into: &p.OperationName, err: errName},
		{name: "variables", into: &p.Variables, err: errVariables},
		{name: "extensions", into: &p.Extensions, err: errExtension},
	}
	for d.More() {
		t, err := d.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return nil, errJSON
		}
		var into any = new(json.RawMessage)
		var bad *bool
		for _, m := range members {
			if m.name != name {
				continue
			}
			if m.seen {
				return nil, errors.New("has a member twice")
			}
			m.seen, into, bad = true, m.into, &m.bad
		}
		// Where it belongs at once: a batch of orders is long enough for each reading of it to count.
		err = d.Decode(into)
		if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && bad != nil {
			*bad = true
		} else if err != nil {
			return nil, errJSON
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, errJSON
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errTrailing
	}
	for _, m := range members {
		if m.bad {
			return nil, m.err
		}
	}
	if p.Query == "" {
		return nil, errQuery
	}
	return p, nil
}

// decodeJSON keeps numbers as they were written.
func decodeJSON(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errTrailing
	}
	return nil
}

// checkText refuses text that cannot be stored as it is.
func checkText(b []byte) error {
	if !utf8.Valid(b) {
		return errUTF8
	}
	if bytes.IndexByte(b, 0) >= 0 {
		return errNUL
	}
	return nil
}

// checkEscapes refuses the character NUL, and escapes in strings that stand for it or for half of a surrogate pair.
// JSON and GraphQL write escapes alike, but that GraphQL also has \u{…}; where a backslash is no escape, as in a comment
// or a block string, the same text is refused too, which costs nobody anything.
func checkEscapes(b []byte) error {
	if bytes.IndexByte(b, 0) >= 0 {
		return errNUL
	}
	for {
		i := bytes.IndexByte(b, '\\')
		if i < 0 || i+1 == len(b) {
			return nil
		}
		b = b[i+1:]
		if b[0] != 'u' {
			b = b[1:]
			continue
		}
		r, n, ok := hexEscape(b)
		if !ok {
			b = b[1:]
			continue
		}
		b = b[n:]
		switch {
		case r == 0:
			return errNUL
		case r >= 0xD800 && r < 0xDC00:
			if len(b) == 0 || b[0] != '\\' {
				return errSurrogate
			}
			low, n, ok := hexEscape(b[1:])
			if !ok || low < 0xDC00 || low > 0xDFFF {
				return errSurrogate
			}
			b = b[1+n:]
		case r >= 0xDC00 && r <= 0xDFFF:
			return errSurrogate
		}
	}
}

// hexEscape reads what follows the backslash of \uXXXX or \u{X…}. ok is false for anything else, which the parser refuses.
func hexEscape(b []byte) (r uint64, n int, ok bool) {
	if len(b) < 2 || b[0] != 'u' {
		return 0, 0, false
	}
	from, to := 1, 5
	if b[1] == '{' {
		end := bytes.IndexByte(b[:min(len(b), 12)], '}')
		if end < 0 {
			return 0, 0, false
		}
		from, to = 2, end
	}
	if len(b) < to {
		return 0, 0, false
	}
	r, err := strconv.ParseUint(string(b[from:to]), 16, 32)
	return r, max(to, from), err == nil
}
