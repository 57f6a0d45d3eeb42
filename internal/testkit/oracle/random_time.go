package oracle

import "time"

var randomCurrencies = []Shop{
	{Currency: "JPY", Digits: 0}, {Currency: "KRW", Digits: 0},
	{Currency: "USD", Digits: 2}, {Currency: "EUR", Digits: 2}, {Currency: "CHF", Digits: 2},
	{Currency: "KWD", Digits: 3}, {Currency: "TND", Digits: 3},
}

var randomZones = []string{
	"UTC", "America/New_York", "Europe/Berlin", "America/Santiago", "Asia/Beirut", "Australia/Lord_Howe",
	"Pacific/Apia", "Africa/Cairo", "Asia/Kolkata", "America/Havana", "Pacific/Chatham",
}

func (m *maker) makeShop() {
	m.shop = pick(m, randomCurrencies)
	zone, err := time.LoadLocation(pick(m, randomZones))
	if err != nil { // cannot be: the zones are part of the program
		zone = time.UTC
	}
	m.shop.Zone = zone
	m.shop.WeekStart = pick(m, []time.Weekday{time.Monday, time.Monday, time.Sunday, time.Saturday})
}

// makeTimes chooses the present and the instants around which the records crowd: changes of the clock of the last
// years, the present, turns of months, quarters and years, and the leap day.
func (m *maker) makeTimes() {
	earliest := time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)
	m.now = earliest.Add(time.Duration(m.Int64N(int64(2 * 365 * 24 * time.Hour)))).Truncate(time.Microsecond)
	if changes := clockChanges(m.shop.Zone, earliest, earliest.AddDate(2, 0, 0)); len(changes) > 0 && m.chance(50) {
		// A present within two days of a change of the clock.
		m.now = pick(m, changes).Add(time.Duration(m.Int64N(int64(96*time.Hour))) - 48*time.Hour).Truncate(time.Microsecond)
	}
	local := m.now.In(m.shop.Zone)
	m.hot = append(m.hot, m.now)
	changes := clockChanges(m.shop.Zone, m.now.AddDate(-2, -1, 0), m.now)
	m.hot = append(m.hot, changes...)
	m.hot = append(m.hot, changes...) // twice as likely
	for _, d := range []time.Time{
		time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, m.shop.Zone),
		time.Date(local.Year(), local.Month()-1, 1, 0, 0, 0, 0, m.shop.Zone),
		time.Date(local.Year(), 1, 1, 0, 0, 0, 0, m.shop.Zone),
		time.Date(local.Year()-1, local.Month(), local.Day(), 0, 0, 0, 0, m.shop.Zone),
		time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, m.shop.Zone),
		time.Date(local.Year(), local.Month(), local.Day()-1, 0, 0, 0, 0, m.shop.Zone),
		time.Date(local.Year(), local.Month(), local.Day()-7, 0, 0, 0, 0, m.shop.Zone),
		time.Date(2024, 2, 29, 12, 0, 0, 0, m.shop.Zone),
	} {
		m.hot = append(m.hot, m.soon(d))
	}
	if m.shop.Zone.String() == "Pacific/Apia" && m.chance(40) { // the day that did not exist
		m.hot = append(m.hot, time.Date(2011, 12, 30, 10, 0, 0, 0, time.UTC))
	}
	// A scenario knows a few of them only, so that orders meet.
	m.Shuffle(len(m.hot), func(i, j int) { m.hot[i], m.hot[j] = m.hot[j], m.hot[i] })
	m.hot = m.hot[:min(len(m.hot), 2+m.IntN(6))]
}

// clockChanges are the instants, to the minute, at which the distance from UTC changes.
func clockChanges(zone *time.Location, from, to time.Time) []time.Time {
	offset := func(t time.Time) int { _, s := t.In(zone).Zone(); return s }
	var out []time.Time
	for t := from.Truncate(time.Hour); t.Before(to); t = t.Add(time.Hour) {
		if offset(t) == offset(t.Add(time.Hour)) {
			continue
		}
		minute := t
		for offset(minute) == offset(t) {
			minute = minute.Add(time.Minute)
		}
		out = append(out, minute)
	}
	return out
}

// soon is t, or the latest that a record may say.
func (m *maker) soon(t time.Time) time.Time {
	if latest := m.now.Add(20 * time.Hour); t.After(latest) {
		t = latest
	}
	return t.UTC().Truncate(time.Microsecond)
}

// past is an instant of a record: mostly near one of the hot ones.
func (m *maker) past() time.Time {
	within := func(d time.Duration) time.Duration { return time.Duration(m.Int64N(int64(2*d))) - d }
	at := m.now.Add(-time.Duration(m.Int64N(int64(400 * 24 * time.Hour))))
	switch k := m.IntN(100); {
	case k < 15:
		at = pick(m, m.hot)
	case k < 25:
		at = pick(m, m.hot).Add(-time.Microsecond)
	case k < 45:
		at = pick(m, m.hot).Add(within(2 * time.Hour))
	case k < 65:
		at = pick(m, m.hot).Add(within(40 * time.Hour))
	case k < 80: // around a local midnight
		l := pick(m, m.hot).In(m.shop.Zone)
		at = time.Date(l.Year(), l.Month(), l.Day()+m.IntN(3)-1, 0, 0, 0, 0, m.shop.Zone).Add(within(90 * time.Minute))
	case k < 83:
		at = m.now.Add(-time.Duration(m.Int64N(int64(3 * 365 * 24 * time.Hour))))
	}
	if m.chance(70) {
		at = at.Truncate(time.Second)
	}
	return m.soon(at)
}
