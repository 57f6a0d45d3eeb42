package period_test

import (
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/period"
)

func TestInput(t *testing.T) {
	t.Parallel()
	preset := period.Today
	a, b := period.NewDay(2026, time.November, 1), period.NewDay(2026, time.November, 23)
	for name, c := range map[string]struct {
		in   period.Input
		good bool
	}{
		"a preset":              {period.Input{Preset: &preset}, true},
		"two days":              {period.Input{From: &a, To: &b}, true},
		"one day":               {period.Input{From: &a, To: &a}, true},
		"nothing":               {period.Input{}, false},
		"from alone":            {period.Input{From: &a}, false},
		"to alone":              {period.Input{To: &a}, false},
		"both forms":            {period.Input{Preset: &preset, To: &a}, false},
		"ends before it starts": {period.Input{From: &b, To: &a}, false},
	} {
		if err := c.in.Check(); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
	c := period.Calendar{Zone: time.UTC, Now: b.Start(time.UTC)}
	if r, p := (period.Input{From: &a, To: &b}).Resolve(c, period.NoDay, period.NoDay); r != (period.Range{From: a, To: b}) || p != "" {
		t.Error(r, p)
	}
	if r, p := (period.Input{Preset: &preset}).Resolve(c, period.NoDay, period.NoDay); r != (period.Range{From: b, To: b}) || p != period.Today {
		t.Error(r, p)
	}
}
