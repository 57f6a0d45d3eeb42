package commerce

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/store"
)

// SortDirection is the direction of a list. The values are those of the API's enum.
type SortDirection string

// The directions.
const (
	Ascending  SortDirection = "ASC"
	Descending SortDirection = "DESC"
)

// maxValues is how many values a list of a filter may have.
const maxValues = 250

// filter gathers the conditions of a list from the caller's input, and what is wrong with it. The methods also bring the
// input into its normal form, so that two spellings of one filter have the same cursors.
type filter struct {
	asker
	now   time.Time
	conds []cond
	// picks tells whether a condition picks rows out of another table; see pick.
	picks bool
	// bounds are the columns whose values the filter bounds.
	bounds []string
	err    error
}

func (r *Reader) filter(a asker) *filter { return &filter{asker: a, now: r.now()} }

func (f *filter) where(c ...cond) { f.conds = append(f.conds, c...) }

// bound is a condition on a column that there may be an index for.
func (f *filter) bound(column string, c cond) {
	f.bounds = append(f.bounds, column)
	f.where(c)
}

// seal completes a list with what follows from its filter: whether it is read from the index of its order, and the
// digest of its cursors. The index begins with tenant_id and the columns given.
func (f *filter) seal(l list, name, table string, normal any, columns ...string) list {
	l.picked = f.picks
	elsewhere := func(column string) bool {
		return !slices.Contains(columns, column) && indexOn(table, "tenant_id", column) != ""
	}
	if !f.picks && !slices.ContainsFunc(f.bounds, elsewhere) {
		l.index = indexOn(table, append([]string{"tenant_id"}, columns...)...)
	}
	return l.bind(name, f.tenant, normal)
}

// refuse notes the first thing that is wrong.
func (f *filter) refuse(field, format string, args ...any) {
	if f.err == nil {
		f.err = fault.Errorf(fault.Invalid, field+" "+format, args...).At("filter", field)
	}
}

// oneOf is the condition that column has one of the values. No values, given or not, are no condition: that is what a
// choice of many means in which nothing is chosen.
func oneOf[T ~string](f *filter, field, column string, values *[]T) {
	if *values = distinct(f, field, *values); *values == nil {
		return
	}
	plain := make([]string, len(*values))
	for i, v := range *values {
		plain[i] = string(v)
	}
	f.where(sql.FieldIn(column, plain...))
}

// distinct returns the values in order and without repeats; nil for none.
func distinct[T ~string](f *filter, field string, values []T) []T {
	if len(values) == 0 {
		return nil
	}
	if len(values) > maxValues {
		f.refuse(field, "has %d values, more than %d", len(values), maxValues)
	}
	values = slices.Clone(values)
	slices.Sort(values)
	return slices.Compact(values)
}

// folded is distinct for values that are compared without regard to case.
func folded(f *filter, field string, values []string) []string {
	fold := make([]string, len(values))
	for i, v := range values {
		fold[i] = store.Fold(v)
	}
	return distinct(f, field, fold)
}

// tagged is the condition that the record has one of the terms of a kind.
func (f *filter) tagged(field string, t terms, kind int, values *[]string) {
	if *values = folded(f, field, *values); *values == nil {
		return
	}
	args := []any{f.tenant, kind}
	for _, v := range *values {
		args = append(args, v)
	}
	f.pick("SELECT "+t.record+" FROM "+t.table+" WHERE tenant_id = ? AND kind = ? AND term IN ("+marks(len(*values))+")", args...)
}

// amount reads an amount of the tenant's currency, and writes it as everybody would.
func (f *filter) amount(field string, text **string) (minor int64, given bool) {
	if *text == nil {
		return 0, false
	}
	minor, err := money.Parse(**text, f.currency)
	switch {
	case errors.Is(err, money.ErrDigits):
		f.refuse(field, "has more digits than %s has", f.currency)
	case errors.Is(err, money.ErrRange):
		f.refuse(field, "is too large")
	case err != nil:
		f.refuse(field, "must be a plain decimal number")
	}
	normal := money.Format(minor, f.currency)
	*text = &normal
	return minor, true
}

// between is the condition that an amount's column lies between two that may be missing.
func (f *filter) between(column, lowField string, low **string, highField string, high **string) {
	if minor, given := f.amount(lowField, low); given {
		f.bound(column, sql.FieldGTE(column, minor))
	}
	if minor, given := f.amount(highField, high); given {
		f.bound(column, sql.FieldLTE(column, minor))
	}
}

// during is the condition that an instant's column lies in a period; nothing for ALL_TIME.
func (f *filter) during(field, column string, d *period.Input) {
	if d == nil {
		return
	}
	if err := d.Check(); err != nil {
		f.refuse(field, "is not a period: %s", err)
	}
	if f.err != nil || d.Preset != nil && *d.Preset == period.AllTime {
		return
	}
	calendar := period.Calendar{Zone: f.zone, WeekStart: f.weekStart, Now: f.now}
	days, _ := d.Resolve(calendar, period.NoDay, period.NoDay)
	span := calendar.Span(days)
	f.bound(column, sql.FieldGTE(column, span.StartsAt))
	// No column holds a later instant, and no text of one compares rightly.
	if span.EndsBefore.Year() <= 9999 {
		f.bound(column, sql.FieldLT(column, span.EndsBefore))
	}
}

// pick is the condition that the row is one of those that a statement selects. The statement names the tenant itself: the
// privacy rule does not see it.
//
// The plus before the column of all but the first is nothing to the MySQL family. SQLite looks rows up by every list of
// ids that it finds, and by two lists at once it tries each pair; the plus tells it to test the second list only.
func (f *filter) pick(statement string, args ...any) {
	plus := ""
	if f.picks {
		plus = "+"
	}
	f.picks = true
	f.where(func(s *sql.Selector) {
		s.Where(sql.ExprP(plus+s.C("id")+" IN ("+statement+")", args...))
	})
}

// direction returns whether the list runs downwards.
func direction(d, otherwise SortDirection) (desc bool, err error) {
	switch cmp.Or(d, otherwise) {
	case Ascending:
		return false, nil
	case Descending:
		return true, nil
	}
	return false, fault.Errorf(fault.Invalid, "direction must be ASC or DESC").At("sort", "direction")
}

// marks returns n placeholders.
func marks(n int) string {
	b := make([]byte, 0, 2*n)
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '?')
	}
	return string(b)
}
