package period

import "fmt"

// Input is a period as a caller asks for it: either Preset, or both From and To, inclusive days of the store.
type Input struct {
	Preset   *Preset
	From, To *Day
}

// Check returns what is wrong with an input that is neither of the two forms, for the caller to read.
func (in Input) Check() error {
	switch {
	case in.Preset != nil && (in.From != nil || in.To != nil):
		return fmt.Errorf("give either a preset, or from and to, not both")
	case in.Preset != nil:
		return nil
	case in.From == nil && in.To == nil:
		return fmt.Errorf("give a preset, or both from and to")
	case in.From == nil:
		return fmt.Errorf("from is missing: give both from and to")
	case in.To == nil:
		return fmt.Errorf("to is missing: give both from and to")
	case *in.From > *in.To:
		return fmt.Errorf("the range ends on %s, before it starts on %s", *in.To, *in.From)
	}
	return nil
}

// Resolve returns the days of an input that was checked, and its preset, "" without one. first and last are as in
// Calendar.Resolve.
func (in Input) Resolve(c Calendar, first, last Day) (Range, Preset) {
	if in.Preset == nil {
		return Range{From: *in.From, To: *in.To}, ""
	}
	return c.Resolve(*in.Preset, first, last), *in.Preset
}
