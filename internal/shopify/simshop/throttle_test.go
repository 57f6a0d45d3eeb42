package simshop_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
)

func TestThrottle(t *testing.T) {
	t.Parallel()
	s, c := setup(t, simshop.Options{Orders: 30, Bucket: simshop.Bucket{Max: 100, Restore: 10}})
	const document = `{orders(first:50){nodes{id customer{id}}}}` // 2 + 7 * 2
	step := func(requested, actual int, left float64) {
		t.Helper()
		a := ask(t, s, document, nil)
		got := a.Extensions.Cost
		if got.RequestedQueryCost != requested || got.ThrottleStatus.CurrentlyAvailable != left || got.ThrottleStatus.MaximumAvailable != 100 ||
			got.ThrottleStatus.RestoreRate != 10 {
			t.Errorf("%s, want %d, %v left", a.text, requested, left)
		}
		switch {
		case actual < 0:
			if got.ActualQueryCost != nil || len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "THROTTLED" || strings.Contains(a.text, `"data"`) {
				t.Errorf("not throttled: %s", a.text)
			}
		case got.ActualQueryCost == nil || *got.ActualQueryCost != actual:
			t.Errorf("%s, want the actual cost %d", a.text, actual)
		}
	}
	step(16, 14, 86) // 30 orders, of which a few are of guests
	step(16, 14, 72)
	c.move(time.Second)
	step(16, 14, 68)
	for range 3 {
		ask(t, s, document, nil)
	}
	step(16, 14, 12)
	step(16, -1, 12)
	c.move(399 * time.Millisecond)
	step(16, -1, 15) // 15.99
	c.move(10 * time.Millisecond)
	step(16, 14, 2)
	c.move(time.Hour)
	step(16, 14, 86)
	if got := s.Stats(); got.Calls != 11 || got.Throttled != 2 || got.Operations[""] != 9 {
		t.Errorf("%+v", got)
	}
}

// Both answers have the form that real ones have.
func TestCostForm(t *testing.T) {
	t.Parallel()
	s, _ := setup(t, simshop.Options{Bucket: simshop.Bucket{Max: 2000, Restore: 100}})
	same(t, "extensions", decoded(t, ask(t, s, `{ordersCount{count}}`, nil).text, "extensions"), `{"cost":{"requestedQueryCost":10,
		"actualQueryCost":10,"throttleStatus":{"maximumAvailable":2000,"currentlyAvailable":1990,"restoreRate":100}}}`)
	s.SetFaults(simshop.Faults{Throttled: 1})
	same(t, "throttled", decoded(t, ask(t, s, `{ordersCount{count}}`, nil).text), `{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED",
		"documentation":"https://shopify.dev/api/usage/rate-limits"}}],"extensions":{"cost":{"requestedQueryCost":10,"actualQueryCost":null,
		"throttleStatus":{"maximumAvailable":2000,"currentlyAvailable":9,"restoreRate":100}}}}`)
}

// Nothing costs more than was asked for, and pages of few records cost less.
func TestActualCost(t *testing.T) {
	t.Parallel()
	s, _ := setup(t, simshop.Options{Orders: 300})
	for document, want := range map[string][2]int{
		`{shop{id}}`: {1, 1},
		`{order(id:"gid://shopify/Order/1"){customer{id}}}`:                              {2, 0},
		`{orders(first:250,query:"id:<0"){nodes{id}}}`:                                   {13, 2},
		`{orders(first:250,query:"id:<5600000000006"){nodes{id}}}`:                       {13, 5},
		`{orders(first:250){nodes{id}}}`:                                                 {13, 13},
		`{nodes(ids:["gid://shopify/Order/5600000000001","gid://shopify/Order/1"]){id}}`: {2, 1},
	} {
		a := ask(t, s, document, nil)
		if got := a.Extensions.Cost; got.ActualQueryCost == nil || got.RequestedQueryCost != want[0] || *got.ActualQueryCost != want[1] {
			t.Errorf("%s: %s, want %v", document, a.text[max(0, len(a.text)-200):], want)
		}
	}
}
