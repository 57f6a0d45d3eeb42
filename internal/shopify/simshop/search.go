package simshop

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopsight/shopsight/internal/period"
)

// errNoValue is a filter like "updated_at:>", which Shopify answers with an internal error.
var errNoValue = errors.New("a comparator without a value")

// filter tells whether a record is found; nil finds all.
type filter func(record) bool

// warning is what Shopify makes of a part of a query that it did not understand: it says so, and finds everything.
type warning struct{ field, value, message, code string }

// search reads the query of one list.
type search struct {
	kind     Kind
	zone     *time.Location
	tokens   []token
	warnings []warning
	err      error
}

// token is a word of a query: a parenthesis, a connective, or a term.
type token struct {
	text       string // ( ) AND OR NOT, or empty for a term
	field      string
	comparator string
	value      string
	quoted     bool
}

// find reads a query as Shopify does, with everything that surprises people:
//
//   - A time is exact only in quotes. Without them its time of day is lost, and it stands for its whole day in the store's
//     zone. The day is all that counts for updated_at of customers too, quoted or not.
//   - Bounds of times are inclusive, those with > and < as well.
//   - What is not understood is a warning, and finds everything.
func find(query string, kind Kind, zone *time.Location) (filter, []warning, error) {
	s := &search{kind: kind, zone: zone, tokens: scan(query)}
	f := s.either()
	return f, s.warnings, s.err
}

// either reads terms that are joined by OR.
func (s *search) either() filter {
	f := s.all()
	for s.take("OR") {
		left, right := f, s.all()
		f = func(r record) bool { return left.finds(r) || right.finds(r) }
	}
	return f
}

// all reads terms that are joined by AND or by nothing.
func (s *search) all() (f filter) {
	for len(s.tokens) > 0 && s.tokens[0].text != "OR" && s.tokens[0].text != ")" {
		s.take("AND")
		if right := s.one(); right != nil {
			left := f
			f = func(r record) bool { return left.finds(r) && right(r) }
		}
	}
	return f
}

func (s *search) one() filter {
	switch {
	case s.take("NOT"):
		f := s.one()
		return func(r record) bool { return !f.finds(r) }
	case s.take("("):
		f := s.either()
		s.take(")")
		return f
	case len(s.tokens) == 0:
		return nil
	}
	t := s.tokens[0]
	s.tokens = s.tokens[1:]
	return s.term(t)
}

func (s *search) take(text string) bool {
	if len(s.tokens) == 0 || s.tokens[0].text != text {
		return false
	}
	s.tokens = s.tokens[1:]
	return true
}

func (f filter) finds(r record) bool { return f == nil || f(r) }

// times are the fields of each kind that hold an instant, with the sort key that knows it.
var times = map[Kind]map[string]string{
	KindProduct:  {"updated_at": "UPDATED_AT", "created_at": "CREATED_AT"},
	KindCustomer: {"updated_at": "UPDATED_AT", "customer_date": "CREATED_AT"},
	KindOrder:    {"updated_at": "UPDATED_AT", "created_at": "CREATED_AT", "processed_at": "PROCESSED_AT"},
	kindEvent:    {"created_at": "CREATED_AT"},
	kindBulk:     {"created_at": "CREATED_AT"},
}

// samples tell which fields each kind has.
var samples = map[Kind]record{KindProduct: &Product{}, KindCustomer: &Customer{}, KindOrder: &Order{}, kindEvent: &event{},
	kindBulk: &operation{}}

// accepted are the values of the fields that take no other.
var accepted = map[Kind]map[string][]string{kindBulk: {
	"status":         {"canceled", "canceling", "completed", "created", "failed", "running"},
	"operation_type": {"query", "mutation"},
}}

func (s *search) term(t token) filter {
	if t.comparator != "" && t.value == "" {
		s.err = errNoValue
		return nil
	}
	if key, ok := times[s.kind][t.field]; ok {
		return s.time(t, key)
	}
	if t.field == "id" {
		return s.id(t)
	}
	if _, ok := samples[s.kind].terms(t.field); !ok {
		s.warn(t, "Invalid search field for this query.", "invalid_field")
		return nil
	}
	if values := accepted[s.kind][t.field]; values != nil && !slices.Contains(values, strings.ToLower(t.value)) {
		s.warn(t, "Input `"+t.value+"` is not an accepted value.", "invalid_value")
		return nil
	}
	return func(r record) bool {
		words, _ := r.terms(t.field)
		for _, w := range words {
			if strings.EqualFold(w, t.value) || t.field == "" && strings.Contains(strings.ToLower(w), strings.ToLower(t.value)) {
				return true
			}
		}
		return false
	}
}

func (s *search) id(t token) filter {
	n, err := strconv.ParseInt(t.value[strings.LastIndex(t.value, "/")+1:], 10, 64)
	if err != nil {
		s.warn(t, "Input `"+t.value+"` is not an accepted value.", "invalid_value")
		return nil
	}
	return func(r record) bool {
		switch id := r.key(); t.comparator {
		case ">":
			return id > n
		case ">=":
			return id >= n
		case "<":
			return id < n
		case "<=":
			return id <= n
		default:
			return id == n
		}
	}
}

func (s *search) time(t token, key string) filter {
	from, to, ok := s.span(t)
	if !ok {
		s.warn(t, "Input `"+t.value+"` is not an accepted value.", "invalid_value")
		return nil
	}
	return func(r record) bool {
		at, _ := r.when(key)
		switch t.comparator {
		case ">", ">=":
			return !at.Before(from)
		case "<", "<=":
			return !at.After(to)
		default:
			return !at.Before(from) && !at.After(to)
		}
	}
}

// span returns the first and the last instant that a value stands for.
func (s *search) span(t token) (from, to time.Time, ok bool) {
	date, rest, _ := strings.Cut(t.value, "T")
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return from, to, false
	}
	d := period.NewDay(day.Date())
	if rest != "" {
		at, err := time.Parse(time.RFC3339, t.value)
		if err != nil {
			return from, to, false
		}
		if t.quoted && s.kind != KindCustomer {
			return at, at, true
		}
		if t.quoted {
			d = period.DayOf(at, s.zone)
		}
	}
	return d.Start(s.zone), (d + 1).Start(s.zone).Add(-1), true
}

func (s *search) warn(t token, message, code string) {
	s.warnings = append(s.warnings, warning{t.field, t.comparator + t.value, message, code})
}

// scan cuts a query into words.
func scan(query string) (tokens []token) {
	for {
		query = strings.TrimLeft(query, " \t\n")
		if query == "" {
			return tokens
		}
		switch word := query[:end(query)]; {
		case query[0] == '(' || query[0] == ')':
			tokens = append(tokens, token{text: query[:1]})
			query = query[1:]
		case word == "AND" || word == "OR" || word == "NOT":
			tokens = append(tokens, token{text: word})
			query = query[len(word):]
		case query[0] == '-':
			tokens = append(tokens, token{text: "NOT"})
			query = query[1:]
		default:
			var t token
			t, query = scanTerm(query)
			tokens = append(tokens, t)
		}
	}
}

// scanTerm reads a field, a comparator and a value, or a value alone, and returns what follows.
func scanTerm(query string) (t token, rest string) {
	if colon := strings.IndexByte(query[:end(query)], ':'); colon > 0 && query[0] != '\'' && query[0] != '"' {
		t.field, query = query[:colon], query[colon+1:]
		for _, c := range []string{">=", "<=", ">", "<", "="} {
			if after, ok := strings.CutPrefix(query, c); ok {
				t.comparator, query = c, after
				break
			}
		}
	}
	if query != "" && (query[0] == '\'' || query[0] == '"') {
		if closing := strings.IndexByte(query[1:], query[0]); closing >= 0 {
			t.value, t.quoted = query[1:1+closing], true
			return t, query[closing+2:]
		}
	}
	n := end(query)
	t.value = query[:n]
	return t, query[n:]
}

// end returns where the first word ends.
func end(query string) int {
	if n := strings.IndexAny(query, " \t\n()"); n >= 0 {
		return n
	}
	return len(query)
}

func (p *Product) terms(field string) ([]string, bool) {
	switch field {
	case "":
		return []string{p.Title, p.Vendor, p.ProductType}, true
	case "title":
		return []string{p.Title}, true
	case "status":
		return []string{p.Status}, true
	case "vendor":
		return []string{p.Vendor}, true
	case "product_type":
		return []string{p.ProductType}, true
	case "tag":
		return p.Tags, true
	}
	return nil, false
}

func (c *Customer) terms(field string) ([]string, bool) {
	switch field {
	case "":
		return []string{c.FirstName, c.LastName, c.Email}, true
	case "first_name":
		return []string{c.FirstName}, true
	case "last_name":
		return []string{c.LastName}, true
	case "email":
		return []string{c.Email}, true
	case "country":
		return []string{c.CountryCode}, true
	case "tag":
		return c.Tags, true
	}
	return nil, false
}

func (o *Order) terms(field string) ([]string, bool) {
	switch field {
	case "", "name":
		return []string{o.Name}, true
	case "customer_id":
		return []string{strconv.FormatInt(o.CustomerID, 10)}, true
	case "financial_status":
		return []string{o.FinancialStatus}, true
	case "fulfillment_status":
		return []string{o.FulfillmentStatus}, true
	case "source_name":
		return []string{o.SourceName}, true
	case "test":
		return []string{strconv.FormatBool(o.Test)}, true
	case "tag":
		return o.Tags, true
	}
	return nil, false
}

func (e *event) terms(field string) ([]string, bool) {
	switch field {
	case "action":
		return []string{e.action}, true
	case "subject_type":
		return []string{e.subject}, true
	}
	return nil, false
}
