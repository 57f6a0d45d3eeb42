package commerce

import (
	"slices"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/store"
)

// Page says which part of a list is wanted: forward with First and After, backward with Last and Before. Nothing at all
// is the first page.
type Page struct {
	First  *int
	After  *string
	Last   *int
	Before *string
}

// The number of records of a page that does not say it, and the most that it may have.
const (
	DefaultPage = 20
	MaxPage     = 100
)

// PageInfo says where a page lies in its list. Ahead of the page, in the direction that was read, the answer is exact;
// behind it there are records whenever a cursor was given, since a cursor stands on one.
type PageInfo struct {
	HasNextPage, HasPreviousPage bool
	// StartCursor and EndCursor are nil on an empty page.
	StartCursor, EndCursor *string
}

// list is how the records of a list are ordered. Ties are broken by shopify_id, in the same direction, which together
// with the tenant is unique: so each record has one place.
type list struct {
	// column is the sort column; it is never null. It may be shopify_id itself.
	column string
	kind   kind
	desc   bool
	// index is the index that the list is read from; empty when the filter may have a better one.
	index string
	// picked tells that the filter looks rows up in other tables.
	picked bool
	// digest binds cursors to the list: its name, order, filter and tenant.
	digest digest
}

// kind is the type of a sort column.
type kind int8

const (
	instants kind = iota
	numbers
	words
)

// byNumber is the column that breaks ties.
const byNumber = "shopify_id"

// place is where a record stands in a list: the value of the sort column (time.Time, int64 or string) and its number.
type place struct {
	value  any
	number int64
}

// window is a page in the terms of a statement.
type window struct {
	limit    int
	backward bool
	from     *place
}

// window checks a page's arguments. A size out of bounds and both directions at once are fault.Invalid, a cursor that is
// not of this list fault.InvalidCursor.
func (p Page) window(l list) (window, error) {
	w := window{limit: DefaultPage, backward: p.Last != nil || p.Before != nil}
	if w.backward && (p.First != nil || p.After != nil) {
		field := "last"
		if p.Last == nil {
			field = "before"
		}
		return window{}, fault.Errorf(fault.Invalid,
			"a page is read forward with first and after, or backward with last and before, not both").At(field)
	}
	size, sizeField, cursor, cursorField := p.First, "first", p.After, "after"
	if w.backward {
		size, sizeField, cursor, cursorField = p.Last, "last", p.Before, "before"
	}
	if size != nil {
		if *size < 1 || *size > MaxPage {
			return window{}, fault.Errorf(fault.Invalid, "%s must lie between 1 and %d", sizeField, MaxPage).At(sizeField)
		}
		w.limit = *size
	}
	if cursor != nil {
		at, ok := l.open(*cursor)
		if !ok {
			return window{}, fault.Errorf(fault.InvalidCursor,
				"%s is not a cursor of this list; a cursor is good for the same filter and sort alone", cursorField).At(cursorField)
		}
		w.from = &at
	}
	return w, nil
}

// beyond holds for the records that come after the window's place in the direction of reading.
//
// The condition has the form that every engine turns into a range of the index (tenant_id, column, shopify_id): comparing
// rows of values makes MariaDB scan, and without the first term SQLite would sort. With the equality MariaDB also steps
// over ties, of which some columns have many.
func (w window) beyond(l list) cond {
	return func(s *sql.Selector) {
		if w.from == nil {
			return
		}
		within, past := sql.GTE, sql.GT
		if l.desc != w.backward {
			within, past = sql.LTE, sql.LT
		}
		number := past(s.C(byNumber), w.from.number)
		if l.column == byNumber {
			s.Where(number)
			return
		}
		column := s.C(l.column)
		s.Where(sql.And(within(column, w.from.value),
			sql.Or(past(column, w.from.value), sql.And(sql.EQ(column, w.from.value), number))))
	}
}

// sorted orders records in the direction of reading, and says from which index.
//
// Left to itself, MariaDB reads a page in the middle of a list from the beginning of the list: it takes the equality on
// tenant_id, which nearly every index begins with, for cheaper than the range. SQLite, which has no statistics, does the
// same with a few picked rows, and waits for them to come by; an expression is no order of an index, so that it begins
// with the rows.
func (w window) sorted(l list) cond {
	return func(s *sql.Selector) {
		direction := " ASC"
		if l.desc != w.backward {
			direction = " DESC"
		}
		column, number := s.C(l.column), s.C(byNumber)
		switch {
		case s.Dialect() == dialect.MySQL && l.index != "":
			table := s.TableName()
			s.From(sql.Table("`" + table + "` FORCE INDEX (`" + l.index + "`)").Unquote().As(table))
		case s.Dialect() == dialect.SQLite && l.picked:
			column, number = "+"+column, "+"+number
		}
		if l.column != byNumber {
			s.OrderExpr(sql.Expr(column + direction))
		}
		s.OrderExpr(sql.Expr(number + direction))
	}
}

// indexOn returns the name of the table's index that begins with the columns, empty when there is none.
func indexOn(table string, columns ...string) string {
	for _, t := range store.Tables() {
		if t.Name != table {
			continue
		}
		for _, index := range t.Indexes {
			if len(index.Columns) < len(columns) {
				continue
			}
			begins := true
			for i, c := range columns {
				begins = begins && index.Columns[i].Name == c
			}
			if begins {
				return index.Name
			}
		}
	}
	return ""
}

// fetch is how many rows are read for a page: one more tells whether the list goes on.
func (w window) fetch() int { return w.limit + 1 }

// cut turns the rows that were read into those of the page, in the order of the list.
func cut[R any](w window, rows []R) ([]R, PageInfo) {
	more := len(rows) > w.limit
	if more {
		rows = rows[:w.limit]
	}
	if w.backward {
		slices.Reverse(rows)
		return rows, PageInfo{HasNextPage: w.from != nil, HasPreviousPage: more}
	}
	return rows, PageInfo{HasNextPage: more, HasPreviousPage: w.from != nil}
}

// cursors returns the cursor of each row, and notes the first and the last in info.
func cursors[R any](l list, rows []R, at func(R) place, info *PageInfo) []string {
	out := make([]string, len(rows))
	for i, row := range rows {
		out[i] = l.seal(at(row))
	}
	if n := len(out); n > 0 {
		info.StartCursor, info.EndCursor = &out[0], &out[n-1]
	}
	return out
}
