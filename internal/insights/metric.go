package insights

import (
	"fmt"
	"math"

	"github.com/shopsight/shopsight/internal/money"
)

// MoneyMetric is an amount of money, and how it changed. Previous, Change and ChangePercent are nil without a
// comparison, ChangePercent also when Previous is zero.
type MoneyMetric struct {
	Value         money.Money
	Previous      *money.Money
	Change        *money.Money
	ChangePercent *float64
	Definition    MetricDefinition
}

// CountMetric is a count, and how it changed; nil as in MoneyMetric.
type CountMetric struct {
	Value         int
	Previous      *int
	Change        *int
	ChangePercent *float64
	Definition    MetricDefinition
}

// AverageMetric is an average amount. Value and Previous are nil when there is nothing to average, Change and
// ChangePercent when either of them is.
type AverageMetric struct {
	Value         *money.Money
	Previous      *money.Money
	Change        *money.Money
	ChangePercent *float64
	Definition    MetricDefinition
}

// RateMetric is a ratio between 0 and 1. Value and Previous are nil when the denominator is zero, ChangePoints, the
// difference in percentage points, when either of them is.
type RateMetric struct {
	Value        *float64
	Previous     *float64
	ChangePoints *float64
	Definition   MetricDefinition
}

// metrics makes the metrics of one report: of the figures of its period and, unless nil, those that it is compared with.
// The first change beyond 64 bits is kept in err.
type metrics struct {
	shop        shop
	now, before *figures
	err         error
}

func (m *metrics) money(key MetricKey, value func(*figures) int64) MoneyMetric {
	average := m.average(key, func(f *figures) *int64 { v := value(f); return &v })
	return MoneyMetric{*average.Value, average.Previous, average.Change, average.ChangePercent, average.Definition}
}

func (m *metrics) average(key MetricKey, value func(*figures) *int64) AverageMetric {
	metric := AverageMetric{Definition: definitions[key]}
	now, before := value(m.now), (*int64)(nil)
	if m.before != nil {
		before = value(m.before)
	}
	metric.Value, metric.Previous = m.amount(now), m.amount(before)
	if now != nil && before != nil {
		change := m.change(key, *now, *before)
		metric.Change, metric.ChangePercent = m.amount(&change), percent(change, *before)
	}
	return metric
}

func (m *metrics) count(key MetricKey, value func(*figures) int64) CountMetric {
	now := value(m.now)
	metric := CountMetric{Value: int(now), Definition: definitions[key]}
	if m.before != nil {
		before := value(m.before)
		change := m.change(key, now, before)
		metric.Previous, metric.Change, metric.ChangePercent = new(int(before)), new(int(change)), percent(change, before)
	}
	return metric
}

func (m *metrics) rate(key MetricKey, value func(*figures) fraction) RateMetric {
	now := value(m.now)
	metric := RateMetric{Value: now.ratio(), Definition: definitions[key]}
	if m.before != nil {
		before := value(m.before)
		metric.Previous, metric.ChangePoints = before.ratio(), points(now, before)
	}
	return metric
}

func (m *metrics) amount(minor *int64) *money.Money {
	if minor == nil {
		return nil
	}
	amount := m.shop.money(*minor)
	return &amount
}

func (m *metrics) change(key MetricKey, now, before int64) int64 {
	change, err := less(now, before)
	if err != nil && m.err == nil {
		m.err = fmt.Errorf("change of %s: %w", key, err)
	}
	return change
}

// percent returns change / |before| × 100; nil when before is 0. It divides last, so that 7 of 100 is 7 and not
// 7.000000000000001.
func percent(change, before int64) *float64 {
	if before == 0 {
		return nil
	}
	p := 100 * float64(change) / math.Abs(float64(before))
	return &p
}

// fraction is a ratio that has not been divided yet.
type fraction struct{ part, whole int64 }

// ratio returns part / whole; nil when whole is 0.
func (f fraction) ratio() *float64 {
	if f.whole == 0 {
		return nil
	}
	r := float64(f.part) / float64(f.whole)
	return &r
}

// points returns the difference of two ratios in percentage points; nil when either has no value. It divides once, at
// the end, so that from 1/5 to 9/40 is 2.5 and not 2.4999999999999996.
func points(now, before fraction) *float64 {
	if now.whole == 0 || before.whole == 0 {
		return nil
	}
	a, b := float64(now.part)*float64(before.whole), float64(before.part)*float64(now.whole)
	p := 100 * (a - b) / (float64(now.whole) * float64(before.whole))
	return &p
}
