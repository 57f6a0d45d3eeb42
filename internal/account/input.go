package account

import (
	"crypto/rand"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
)

// The bounds of texts.
const (
	maxEmail = 254 // RFC 5321 with its erratum 1690
	maxLocal = 64
	maxName  = 255
	maxURL   = 2048
	maxSlug  = 48
)

// problems collects what is wrong with a mutation's input.
type problems []fault.UserError

func (p *problems) add(code fault.UserErrorCode, field, format string, args ...any) {
	*p = append(*p, fault.UserError{Field: []string{"input", field}, Message: fmt.Sprintf(format, args...), Code: code})
}

// host is the domain of an address: at least two labels of letters, digits and inner hyphens.
var host = regexp.MustCompile(`\A(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\z`)

// foldEmail returns the form of an address that accounts are known by. Both parts are lower-cased: no mailbox in use
// distinguishes them, and people do not either. It leaves all but ASCII alone, which email then refuses: folding Unicode
// turns some letters into others (the Kelvin sign into k).
func foldEmail(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, strings.TrimSpace(s))
}

// email checks an address and returns it folded, or "" with the problem added.
func (p *problems) email(field, s string) string {
	s = foldEmail(s)
	switch {
	case s == "":
		p.add(fault.CodeRequired, field, "an email address is needed")
		return ""
	case len(s) > maxEmail:
		p.add(fault.CodeTooLong, field, "an email address has at most %d characters", maxEmail)
		return ""
	}
	a, err := mail.ParseAddress(s)
	local, domain, _ := strings.Cut(s, "@")
	if err != nil || a.Name != "" || a.Address != s || !printable(s) || len(local) > maxLocal || !host.MatchString(domain) {
		p.add(fault.CodeInvalid, field, "this is not an email address")
		return ""
	}
	return s
}

func printable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r >= unicode.MaxASCII }) < 0
}

// text checks a name and returns it without space around it, or "" with the problem added if it is required.
func (p *problems) text(field, s string, required bool) string {
	s = strings.TrimSpace(s)
	switch {
	case s == "" && required:
		p.add(fault.CodeRequired, field, "a name is needed")
	case utf8.RuneCountInString(s) > maxName:
		p.add(fault.CodeTooLong, field, "a name has at most %d characters", maxName)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		p.add(fault.CodeInvalid, field, "a name holds no control characters")
	default:
		return s
	}
	return ""
}

// link checks an absolute http or https URL and returns it.
func (p *problems) link(field, s string) string {
	if utf8.RuneCountInString(s) > maxURL {
		p.add(fault.CodeTooLong, field, "a URL has at most %d characters", maxURL)
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || !utf8.ValidString(s) ||
		strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		p.add(fault.CodeInvalid, field, "this is not an absolute http or https URL")
		return ""
	}
	return s
}

func (p *problems) currency(field, s string) string {
	c, err := money.ParseCurrency(s)
	if err != nil {
		p.add(fault.CodeInvalid, field, "this is not an ISO 4217 currency code, such as EUR")
	}
	return string(c)
}

func (p *problems) timezone(field, s string) string {
	if _, err := period.LoadZone(s); err != nil {
		p.add(fault.CodeInvalid, field, "this is not an IANA timezone, such as Europe/Berlin")
		return ""
	}
	return s
}

// latin spells the letters that have no decomposition.
var latin = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")

// slugOf makes the lower-case name of a tenant for URLs: letters a to z, digits and single hyphens. Accents go, other
// scripts leave nothing and become "store".
func slugOf(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(latin.Replace(strings.ToLower(name))) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case !unicode.IsMark(r) && r != '\'' && r != '’':
			gap = true
		}
		if b.Len() >= maxSlug {
			break
		}
	}
	if b.Len() == 0 {
		return "store"
	}
	return b.String()
}

// suffixed makes a slug unlike any other: numbers in a row would tell how many tenants share a name.
func suffixed(slug string) string { return slug + "-" + strings.ToLower(rand.Text()[:6]) }
