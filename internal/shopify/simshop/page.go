package simshop

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
)

// maxPage is the most nodes of a page, and maxIDs the most ids of a list of them.
const (
	maxPage = 250
	maxIDs  = 250
)

// page is a part of a list.
type page struct {
	items     []any
	positions []position
	more      bool // there is a page after it
	later     bool // there is one before it
}

type edge struct {
	node any
	at   position
}

// cursor writes a position. It is opaque to clients, and says nothing about other records: they may come and go.
func (p position) cursor() string {
	text, _ := json.Marshal(p) // two numbers always encode
	return base64.StdEncoding.EncodeToString(text)
}

// window is what the arguments of a connection ask for.
type window struct {
	first int
	after *position
}

func parseWindow(args map[string]any) (w window, err error) {
	if args["last"] != nil || args["before"] != nil {
		return w, &problem{"simshop does not simulate last and before", object{{"code", "NOT_SIMULATED"}}}
	}
	first, ok := integer(args["first"])
	switch {
	case !ok:
		return w, &problem{message: "you must provide one of first or last"}
	case first < 1:
		return w, &problem{"first must be a positive number", object{{"code", "BAD_REQUEST"}}}
	case first > maxPage:
		return w, &problem{fmt.Sprintf("first cannot exceed %d", maxPage), object{{"code", "BAD_REQUEST"}}}
	}
	w.first = first
	if after, ok := args["after"].(string); ok {
		w.after = new(position)
		text, err := base64.StdEncoding.DecodeString(after)
		if err != nil || json.Unmarshal(text, w.after) != nil {
			return w, &problem{"Invalid cursor for current pagination sort.", object{{"code", "BAD_REQUEST"}}}
		}
	}
	return w, nil
}

func integer(v any) (int, bool) {
	switch n := v.(type) {
	case int:
		return n, true
	case int64:
		return int(n), true
	case float64:
		return int(n), true
	case json.Number:
		i, err := strconv.Atoi(n.String())
		return i, err == nil
	}
	return 0, false
}

// nested pages through what belongs to one record.
func nested[T any](args map[string]any, all []T, value func(*T) (position, any)) (*page, error) {
	w, err := parseWindow(args)
	if err != nil {
		return nil, err
	}
	p := &page{items: []any{}}
	for i := range all {
		at, v := value(&all[i])
		switch {
		case w.after != nil && at.compare(*w.after) <= 0:
			p.later = true
			continue
		case len(p.items) == w.first:
			p.more = true
			return p, nil
		}
		p.items, p.positions = append(p.items, v), append(p.positions, at)
	}
	return p, nil
}

// connection keeps a missing page from becoming a value.
func connection(p *page, err error) (any, error) {
	if p == nil {
		return nil, err
	}
	return p, err
}
