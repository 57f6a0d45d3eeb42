package period

// Comparison says what a range is compared with. The values are those of the API's enum Comparison.
type Comparison string

// The comparisons.
const (
	// NoComparison compares with nothing.
	NoComparison Comparison = "NONE"
	// PreviousPeriod is the period of the same kind that ends where the range begins.
	PreviousPeriod Comparison = "PREVIOUS_PERIOD"
	// PreviousYear is the same dates a year before; 29 February becomes the 28th.
	PreviousYear Comparison = "PREVIOUS_YEAR"
	// PreviousYearMatchDayOfWeek is 364 days before, so that weekdays meet their like.
	PreviousYearMatchDayOfWeek Comparison = "PREVIOUS_YEAR_MATCH_DAY_OF_WEEK"
)

// Compare returns what r is compared with. p is the preset that r was resolved from at the same Now, "" for a range
// given by its dates. It returns false when there is nothing to compare with: NONE, ALL_TIME, and a range before the
// year 1.
//
// While r is unfinished, that is when it holds today, the other range counts only as long as r has run: whole days for
// the days before today, and on the day after them, the cut day, the time that has passed since today began. Time is real
// time: at noon of a day that lost an hour 11 hours count. What does not fit is clamped, first to the cut day, which
// counts in full when it is shorter than what has passed today, then to the other range: on 31 March all of February
// counts. Days are counted from the first day of each range, also for PREVIOUS_YEAR, where a leap day shifts them by one.
//
// A cut range ends with its cut day. A range that has ended or has not begun is compared with all of the other.
func (c Calendar) Compare(r Range, p Preset, how Comparison) (Span, bool) {
	if p == AllTime {
		return Span{}, false
	}
	var other Range
	switch how {
	case PreviousPeriod:
		other = previousPeriod(r, p)
	case PreviousYear:
		other = Range{r.From.addMonths(-12), r.To.addMonths(-12)}
	case PreviousYearMatchDayOfWeek:
		other = Range{r.From - 364, r.To - 364}
	default:
		return Span{}, false
	}
	if other.From < firstYear {
		return Span{}, false
	}
	return c.cut(other, r), true
}

// previousPeriod returns the calendar unit before the one that a calendar preset is in, whole, and for every other range
// of n days the n days before.
func previousPeriod(r Range, p Preset) Range {
	end := r.From - 1
	switch p {
	case WeekToDate, LastWeek:
		return Range{r.From - 7, end}
	case MonthToDate, LastMonth:
		return Range{r.From.addMonths(-1), end}
	case QuarterToDate, LastQuarter:
		return Range{r.From.addMonths(-3), end}
	case YearToDate, LastYear:
		return Range{r.From.addMonths(-12), end}
	case Last12Months:
		return Range{end.addMonths(-12) + 1, end}
	}
	return Range{r.From - (r.To - r.From + 1), end}
}

// cut returns the span of other up to the time that r has run by now.
func (c Calendar) cut(other, r Range) Span {
	today := c.Today()
	cutDay := other.From + (today - r.From)
	if today < r.From || today > r.To || cutDay > other.To {
		return c.Span(other)
	}
	s := c.Span(Range{other.From, cutDay})
	elapsed := c.Now.Sub(today.Start(c.Zone))
	if end := cutDay.Start(c.Zone).Add(elapsed); end.Before(s.EndsBefore) {
		s.EndsBefore, s.Cut = end, true
	}
	return s
}
