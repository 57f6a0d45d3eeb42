package commerce

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/internal/store"
)

const (
	// maxWords is how many words a search may have.
	maxWords = 5
	// maxSearch bounds its length in characters.
	maxSearch = 255
)

// terms is a table of terms.
type terms struct{ table, record string }

var (
	orderTerms    = terms{"order_terms", "order_id"}
	customerTerms = terms{"customer_terms", "customer_id"}
	productTerms  = terms{"product_terms", "product_id"}
)

// words splits a search at its spaces and folds it, as the writer folds what is searched.
func (f *filter) words(search **string) []string {
	if *search == nil {
		return nil
	}
	if utf8.RuneCountInString(**search) > maxSearch {
		f.refuse("search", "has more than %d characters", maxSearch)
		return nil
	}
	list := strings.Fields(store.Fold(**search))
	if len(list) > maxWords {
		f.refuse("search", "has more than %d words", maxWords)
		return nil
	}
	*search = nil
	if len(list) > 0 {
		normal := strings.Join(list, " ")
		*search = &normal
	}
	return list
}

// found is the condition that the record is among what any of the arms finds; the first arm calls it id. A word is looked
// up in several indexes, each by a range. Nothing to look in finds nothing.
//
// The union is in a table of its own because MariaDB runs one that stands in an IN for each row again, and it is UNION ALL
// because SQLite merges the arms of a UNION in the order of the ids, which takes other indexes than those of the ranges.
func (f *filter) found(u union) {
	if len(u.arms) == 0 {
		f.where(func(s *sql.Selector) { s.Where(sql.False()) })
		return
	}
	f.pick("SELECT found.id FROM ("+u.statement()+") AS found", u.args...)
}

// prefixed is the text of the condition that column begins with a prefix, which takes its two arguments. It is a range
// of the index in every engine; LIKE is none in SQLite, and knows wildcards.
func prefixed(column string) string { return column + " >= ? AND " + column + " < ?" }

// from and to are the arguments of prefixed.
func prefix(p string) (from, to any) { return p, p + string(utf8.MaxRune) }

// named returns a statement that selects, as id, the records that have each of the parts as a term of kind TermWord, the
// last one as the beginning of a term: the others were followed by something, so they are whole words. Otherwise
// ann@example.com would find anna@example.com.
func (t terms) named(tenant int64, parts []string) (statement string, args []any) {
	for i, p := range parts {
		if i == 0 {
			statement = "SELECT " + t.record + " AS id FROM " + t.table + " WHERE "
		} else {
			statement += " AND " + t.record + " IN (SELECT " + t.record + " FROM " + t.table + " WHERE "
		}
		statement += "tenant_id = ? AND kind = ? AND "
		args = append(args, tenant, store.TermWord)
		if i < len(parts)-1 {
			statement += "term = ?"
			args = append(args, p)
		} else {
			from, to := prefix(p)
			statement += prefixed("term")
			args = append(args, from, to)
		}
	}
	return statement + strings.Repeat(")", len(parts)-1), args
}

// lookups returns the lists of parts by which a word may be found in terms: as it is, which finds an email address, and
// split as the writer splits text. Of the parts of one word the first few count.
func lookups(word string) [][]string {
	parts := store.Words(word)
	if len(parts) > maxWords {
		parts = parts[:maxWords]
	}
	if len(parts) == 1 && parts[0] == word {
		return [][]string{parts}
	}
	list := [][]string{{word}}
	if len(parts) > 0 {
		list = append(list, parts)
	}
	return list
}

// searchOrders requires each word to begin the order's name, an item's SKU, a word of a product's title or, for a viewer
// who may know, of the customer's name or email.
func (f *filter) searchOrders(search **string) {
	for _, word := range f.words(search) {
		var u union
		bare := strings.TrimPrefix(word, "#")
		names := []string{"#" + bare, bare}
		if bare == "" {
			names = names[:1]
		}
		for _, name := range names {
			from, to := prefix(name)
			u.add("SELECT id FROM orders WHERE tenant_id = ? AND "+prefixed("name_key"), f.tenant, from, to)
		}
		from, to := prefix(word)
		u.add("SELECT order_id FROM order_items WHERE tenant_id = ? AND "+prefixed("sku_key"), f.tenant, from, to)
		for _, parts := range lookups(word) {
			products, args := productTerms.named(f.tenant, parts)
			u.add("SELECT order_id FROM order_items WHERE tenant_id = ? AND product_id IN ("+products+")",
				append([]any{f.tenant}, args...)...)
			if f.pii {
				customers, args := customerTerms.named(f.tenant, parts)
				u.add("SELECT id FROM orders WHERE tenant_id = ? AND customer_id IN ("+customers+")",
					append([]any{f.tenant}, args...)...)
			}
		}
		f.found(u)
	}
}

// searchCustomers requires each word to begin a word of the customer's name or the email, for a viewer who may know
// them. Everybody finds a customer by the whole number that stands in "Customer <number>", written with that word or
// without.
func (f *filter) searchCustomers(search **string) {
	list := f.words(search)
	for i, word := range list {
		if word == "customer" && i+1 < len(list) && isNumber(list[i+1]) {
			continue
		}
		var u union
		if number, err := strconv.ParseInt(word, 10, 64); err == nil && isNumber(word) {
			u.add("SELECT id FROM customers WHERE tenant_id = ? AND shopify_id = ?", f.tenant, number)
		}
		if f.pii {
			for _, parts := range lookups(word) {
				statement, args := customerTerms.named(f.tenant, parts)
				u.add(statement, args...)
			}
		}
		f.found(u)
	}
}

// searchProducts requires each word to begin a word of the title.
func (f *filter) searchProducts(search **string) {
	for _, word := range f.words(search) {
		var u union
		for _, parts := range lookups(word) {
			statement, args := productTerms.named(f.tenant, parts)
			u.add(statement, args...)
		}
		f.found(u)
	}
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
