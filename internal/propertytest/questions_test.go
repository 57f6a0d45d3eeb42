package propertytest_test

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/shopsight/shopsight/internal/testkit/oracle"
)

// question is one question to the service, and how the oracle answers it.
type question struct {
	// name tells it in a failure.
	name string
	// ask returns the service's answer, or the code of the error that it answered with.
	ask func(s *store) (answer json.RawMessage, code string)
	// want is an error where the service is to answer BAD_USER_INPUT.
	want func(o *oracle.Oracle) (any, error)
}

// compare asks every store each question and compares the answers with the oracle's.
func compare(o *oracle.Oracle, stores []*store, questions []question) {
	for _, q := range questions {
		want, err := q.want(o)
		for _, s := range stores {
			got, code := q.ask(s)
			switch {
			case err != nil && code != "BAD_USER_INPUT":
				s.Errorf("%s: answered with code %q, want BAD_USER_INPUT: %v", q.name, code, err)
			case err == nil && code != "":
				s.Errorf("%s: answered with code %q", q.name, code)
			case err == nil:
				for i, d := range oracle.Diff(want, got) {
					if i == 12 {
						s.Errorf("%s: and more", q.name)
						break
					}
					s.Errorf("%s: %s", q.name, d)
				}
			}
		}
	}
}

// ask asks for one field and returns it.
func (s *store) ask(field, query string, variables map[string]any) (json.RawMessage, string) {
	a := s.client.Do(query, variables)
	if len(a.Errors) > 0 {
		return nil, a.Errors[0].Code()
	}
	var data map[string]json.RawMessage
	if err := json.Unmarshal(a.Data, &data); err != nil {
		s.Errorf("%v in %.200s", err, a.Data)
	}
	return data[field], ""
}

// list reads a whole list page by page.
func (s *store) list(field, arguments, selection string, fragments ...string) (json.RawMessage, string) {
	query := fmt.Sprintf(`query($after: String) { %s(first: 40, after: $after, %s) {
		totalCount pageInfo { hasNextPage endCursor } nodes %s } } %s`, field, arguments, selection, strings.Join(fragments, " "))
	nodes := []json.RawMessage{}
	var after *string
	for {
		answer, code := s.ask(field, query, map[string]any{"after": after})
		if code != "" {
			return nil, code
		}
		var page struct {
			TotalCount int
			PageInfo   struct {
				HasNextPage bool
				EndCursor   *string
			}
			Nodes []json.RawMessage
		}
		s.decode(answer, &page)
		nodes = append(nodes, page.Nodes...)
		if !page.PageInfo.HasNextPage {
			if page.TotalCount != len(nodes) {
				s.Errorf("%s: totalCount is %d, but the list has %d", field, page.TotalCount, len(nodes))
			}
			return s.encode(nodes), ""
		}
		after = page.PageInfo.EndCursor
	}
}

func (s *store) decode(from json.RawMessage, into any) {
	s.Helper()
	if err := json.Unmarshal(from, into); err != nil {
		s.Fatalf("%s: %v in %.200s", s.engine, err, from)
	}
}

func (s *store) encode(v any) json.RawMessage {
	s.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		s.Fatal(err)
	}
	return text
}

func overview(r oracle.Range, compareTo string) question {
	return question{fmt.Sprintf("overview %+v compared to %s", r, compareTo),
		func(s *store) (json.RawMessage, string) {
			return s.ask("overview", `query($r: DateRangeInput!, $c: Comparison!) { overview(range: $r, compareTo: $c) `+
				oracle.OverviewFields+` }`, map[string]any{"r": r, "c": compareTo})
		},
		func(o *oracle.Oracle) (any, error) { return o.Overview(r, compareTo) }}
}

func trend(r oracle.Range, interval, compareTo string) question {
	return question{fmt.Sprintf("salesTrend %+v by %s compared to %s", r, interval, compareTo),
		func(s *store) (json.RawMessage, string) {
			return s.ask("salesTrend", `query($r: DateRangeInput!, $i: Interval!, $c: Comparison!) {
				salesTrend(range: $r, interval: $i, compareTo: $c) `+oracle.TrendFields+` }`,
				map[string]any{"r": r, "i": interval, "c": compareTo})
		},
		func(o *oracle.Oracle) (any, error) { return o.Trend(r, interval, compareTo) }}
}

func topCustomers(r oracle.Range, first int, by string) question {
	return question{fmt.Sprintf("topCustomers %+v, %d by %s", r, first, by),
		func(s *store) (json.RawMessage, string) {
			return s.ask("topCustomers", `query($r: DateRangeInput!, $n: Int!, $by: RankBy!) {
				topCustomers(range: $r, first: $n, by: $by) `+oracle.RankedCustomerFields+` }`,
				map[string]any{"r": r, "n": first, "by": by})
		},
		func(o *oracle.Oracle) (any, error) { return o.TopCustomers(r, first, by) }}
}
