package store

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The kinds of terms under which a record is found (tables order_terms, customer_terms, product_terms).
const (
	// TermTag is a tag, folded.
	TermTag = 1
	// TermCode is a discount code of an order, folded.
	TermCode = 2
	// TermWord is a word of a title or of a customer's name and address.
	TermWord = 3
)

// termRunes is what a term column holds.
const termRunes = 255

// Fold returns the form in which text is compared: lower case, without space around it, and no longer than a term.
// Writer and reader must both use it. Trailing space would not survive MySQL, which ignores it in comparisons.
func Fold(s string) string {
	s = strings.TrimSpace(strings.ToLower(s))
	if utf8.RuneCountInString(s) > termRunes {
		s = strings.TrimSpace(string([]rune(s)[:termRunes]))
	}
	return s
}

// Words returns the distinct words of the texts, folded: runs of letters, digits and the marks that belong to them.
func Words(texts ...string) []string {
	var words []string
	seen := map[string]bool{}
	for _, text := range texts {
		for word := range strings.FieldsFuncSeq(text, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
		}) {
			if w := Fold(word); w != "" && !seen[w] {
				seen[w] = true
				words = append(words, w)
			}
		}
	}
	return words
}
