package commerce

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// A cursor is a place in a list as text: the base64url of
//
//	version (1 byte) | digest of the list (8) | shopify_id (8) | sort value (8, or text)
//
// It is no secret and no proof: the place it names only moves a statement within the tenant's own rows. The digest keeps
// clients from using it where it means nothing.

const cursorVersion = 1

// header is the length of what precedes the sort value.
const header = 1 + len(digest{}) + 8

// maxText bounds a sort value of text, in bytes: the widest column holds 512 characters.
const maxText = 4 * 512

type digest [8]byte

// bind returns the list with the digest of everything that a cursor of it depends on. filter is in its normal form.
func (l list) bind(name string, tenant int64, filter any) list {
	text, _ := json.Marshal(struct { // texts, numbers and lists of them: it cannot fail
		Name   string
		Tenant int64
		Column string
		Desc   bool
		Filter any
	}{name, tenant, l.column, l.desc, filter})
	sum := sha256.Sum256(text)
	l.digest = digest(sum[:len(digest{})])
	return l
}

// seal returns the cursor of a place.
func (l list) seal(p place) string {
	b := make([]byte, 0, 64)
	b = append(b, cursorVersion)
	b = append(b, l.digest[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(p.number))
	switch v := p.value.(type) {
	case time.Time:
		b = binary.BigEndian.AppendUint64(b, uint64(v.UnixMicro()))
	case int64:
		b = binary.BigEndian.AppendUint64(b, uint64(v))
	case string:
		b = append(b, v...)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// open reads a cursor; ok is false for anything that seal could not have made for this list.
func (l list) open(cursor string) (p place, ok bool) {
	if len(cursor) > base64.RawURLEncoding.EncodedLen(header+maxText) {
		return place{}, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(b) < header || b[0] != cursorVersion || digest(b[1:1+len(digest{})]) != l.digest {
		return place{}, false
	}
	p.number = int64(binary.BigEndian.Uint64(b[header-8:]))
	b = b[header:]
	if l.kind == words {
		text := string(b)
		p.value = text
		return p, utf8.ValidString(text) && !strings.ContainsRune(text, 0)
	}
	if len(b) != 8 {
		return place{}, false
	}
	n := int64(binary.BigEndian.Uint64(b))
	if l.kind == numbers {
		p.value = n
		return p, true
	}
	// Instants that the databases can compare: years 1 to 9999.
	if n < -62_135_596_800_000_000 || n > 253_402_300_799_999_999 {
		return place{}, false
	}
	p.value = time.UnixMicro(n).UTC()
	return p, true
}
