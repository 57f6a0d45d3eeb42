package period

import "time"

// Range is a run of local days, both ends included; From is never after To.
type Range struct{ From, To Day }

// Preset is a range that is named rather than dated. The values are those of the API's enum DateRangePreset.
type Preset string

// The presets. Those of n days or months end today; "to date" begins with the calendar unit that today is in; "last" is
// the full calendar unit before that.
const (
	Today         Preset = "TODAY"
	Yesterday     Preset = "YESTERDAY"
	Last7Days     Preset = "LAST_7_DAYS"
	Last30Days    Preset = "LAST_30_DAYS"
	Last90Days    Preset = "LAST_90_DAYS"
	Last12Months  Preset = "LAST_12_MONTHS"
	WeekToDate    Preset = "WEEK_TO_DATE"
	MonthToDate   Preset = "MONTH_TO_DATE"
	QuarterToDate Preset = "QUARTER_TO_DATE"
	YearToDate    Preset = "YEAR_TO_DATE"
	LastWeek      Preset = "LAST_WEEK"
	LastMonth     Preset = "LAST_MONTH"
	LastQuarter   Preset = "LAST_QUARTER"
	LastYear      Preset = "LAST_YEAR"
	AllTime       Preset = "ALL_TIME"
)

// Calendar is what is needed to read ranges as a store does. Zone may not be nil.
type Calendar struct {
	// Zone is where the store's days begin and end.
	Zone *time.Location
	// WeekStart is the first day of the store's week.
	WeekStart time.Weekday
	// Now is the present instant.
	Now time.Time
}

// Today returns the local day that holds Now.
func (c Calendar) Today() Day { return DayOf(c.Now, c.Zone) }

// Resolve returns the days of a preset. first and last are the first and the last local day with an entry, NoDay when
// there is none; only ALL_TIME uses them: it runs from first to the later of today and last, and is today without
// entries.
//
// LAST_12_MONTHS begins the day after today's date of twelve months ago, so that it never holds one date twice; 29
// February counts as the 28th in a year without it. A preset that does not exist is read as TODAY; the API's enum keeps
// those out.
func (c Calendar) Resolve(p Preset, first, last Day) Range {
	today := c.Today()
	week := today.weekStart(c.WeekStart)
	month, quarter, year := today.monthStart(1), today.monthStart(3), today.monthStart(12)
	switch p {
	case Yesterday:
		return Range{today - 1, today - 1}
	case Last7Days:
		return Range{today - 6, today}
	case Last30Days:
		return Range{today - 29, today}
	case Last90Days:
		return Range{today - 89, today}
	case Last12Months:
		return Range{today.addMonths(-12) + 1, today}
	case WeekToDate:
		return Range{week, today}
	case MonthToDate:
		return Range{month, today}
	case QuarterToDate:
		return Range{quarter, today}
	case YearToDate:
		return Range{year, today}
	case LastWeek:
		return Range{week - 7, week - 1}
	case LastMonth:
		return Range{month.addMonths(-1), month - 1}
	case LastQuarter:
		return Range{quarter.addMonths(-3), quarter - 1}
	case LastYear:
		return Range{year.addMonths(-12), year - 1}
	case AllTime:
		if first != NoDay {
			return Range{first, max(first, last, today)}
		}
	}
	return Range{today, today}
}

// Span is a range as instants: from StartsAt up to, not including, EndsBefore.
type Span struct {
	// Range holds the days; when Cut, the last of them counts in part.
	Range Range
	// StartsAt is the first instant of Range.From.
	StartsAt time.Time
	// EndsBefore is the first instant after Range.To or, when Cut, the instant of that day at which counting stops. It
	// equals the start of the day when no time of it counts, and StartsAt when the span lasts no time.
	EndsBefore time.Time
	// Cut says that Range.To counts only up to EndsBefore. All days before it count in full.
	Cut bool
}

// Span returns the instants of a range, uncut.
func (c Calendar) Span(r Range) Span {
	return Span{Range: r, StartsAt: r.From.Start(c.Zone), EndsBefore: (r.To + 1).Start(c.Zone)}
}
