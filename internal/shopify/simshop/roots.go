package simshop

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

var roots = map[string]resolver{
	"shop":                   func(*call, any, map[string]any) (any, error) { return shopInfo{}, nil },
	"currentAppInstallation": func(*call, any, map[string]any) (any, error) { return installation{}, nil },
	"products":               lists(KindProduct, "products"),
	"customers":              lists(KindCustomer, "customers"),
	"orders":                 lists(KindOrder, "orders"),
	"events":                 lists(kindEvent, "events"),
	"productsCount":          counts(KindProduct, "productsCount"),
	"customersCount":         counts(KindCustomer, "customersCount"),
	"ordersCount":            counts(KindOrder, "ordersCount"),
	"bulkOperations":         bulkOperations,
	"webhookSubscriptions":   listSubscriptions,
	"bulkOperation": func(c *call, _ any, args map[string]any) (any, error) {
		if b := c.shop.bulkOperation(args["id"]); b != nil {
			return b.at(c.shop.now()), nil
		}
		return nil, nil
	},
	"order":    single(KindOrder),
	"product":  single(KindProduct),
	"customer": single(KindCustomer),
	"refund":   func(c *call, _ any, args map[string]any) (any, error) { return c.refund(args["id"]), nil },
	"node":     func(c *call, _ any, args map[string]any) (any, error) { return c.node(args["id"]), nil },
	"nodes": func(c *call, _ any, args map[string]any) (any, error) {
		ids, _ := args["ids"].([]any)
		out := make([]any, len(ids))
		for i, id := range ids {
			out[i] = c.node(id)
		}
		return out, nil
	},
}

// lists pages through the records of a kind.
func lists(kind Kind, field string) resolver {
	return func(c *call, _ any, args map[string]any) (any, error) {
		w, err := parseWindow(args)
		if err != nil {
			return nil, err
		}
		items, found, err := c.query(kind, field, args)
		if err != nil {
			return nil, err
		}
		p := &page{items: []any{}}
		step, i := 1, 0
		if args["reverse"] == true {
			step, i = -1, len(items)-1
		}
		if w.after != nil {
			i = sort.Search(len(items), func(i int) bool { return items[i].compare(*w.after) > 0 })
			if step < 0 {
				i = sort.Search(len(items), func(i int) bool { return items[i].compare(*w.after) >= 0 }) - 1
			}
			p.later = true
		}
		for ; i >= 0 && i < len(items); i += step {
			it := items[i]
			if it.now == nil || !found.finds(it.seen) || !c.visible(it.now) {
				continue
			}
			if len(p.items) == w.first {
				p.more = true
				break
			}
			p.items, p.positions = append(p.items, it.now), append(p.positions, it.position)
			c.pages = append(c.pages, shown{kind, it.ID})
		}
		return p, nil
	}
}

// counts counts the records of a kind, up to a limit.
func counts(kind Kind, field string) resolver {
	return func(c *call, _ any, args map[string]any) (any, error) {
		args["sortKey"] = "ID"
		items, found, err := c.query(kind, field, args)
		if err != nil {
			return nil, err
		}
		n := 0
		for _, it := range items {
			if found.finds(it.seen) && c.visible(it.seen) {
				n++
			}
		}
		if limit, ok := integer(args["limit"]); ok && n > limit {
			return count{limit, false}, nil
		}
		return count{n, true}, nil
	}
}

// query returns the sorted records of a kind, and which of them the query finds.
func (c *call) query(kind Kind, field string, args map[string]any) ([]item, filter, error) {
	query, _ := args["query"].(string)
	var found filter
	if strings.TrimSpace(query) != "" {
		var warnings []warning
		var err error
		if found, warnings, err = find(query, kind, c.shop.opt.Timezone); err != nil {
			return nil, nil, internalError()
		}
		if c.faults.Warning {
			found, warnings = nil, []warning{{"updated_at", query, "Invalid search field for this query.", "invalid_field"}}
		}
		c.warn(field, query, warnings)
	}
	key, _ := args["sortKey"].(string)
	c.shop.mu.Lock()
	items, ok := c.shop.tables[kind].list(key, query != "", c.at)
	c.shop.mu.Unlock()
	if !ok {
		return nil, nil, &problem{"simshop does not simulate the sort key " + key, object{{"code", "NOT_SIMULATED"}}}
	}
	return items, found, nil
}

// warn says what was not understood of a query.
func (c *call) warn(field, query string, warnings []warning) {
	for _, w := range warnings {
		c.search = append(c.search, object{
			{"path", []any{field}},
			{"query", query},
			{"parsed", object{{"field", w.field}, {"match_all", w.value}}},
			{"warnings", []any{object{{"field", w.field}, {"message", w.message}, {"code", w.code}}}},
		})
	}
}

func single(kind Kind) resolver {
	return func(c *call, _ any, args map[string]any) (any, error) {
		id, ok := number(args["id"], kind)
		if !ok {
			return nil, &problem{"Invalid id: " + fmt.Sprint(args["id"]), object{{"code", "BAD_REQUEST"}}}
		}
		return c.record(kind, id), nil
	}
}

// node returns a record by its global id, nil if there is none.
func (c *call) node(id any) any {
	for _, kind := range []Kind{KindProduct, KindCustomer, KindOrder} {
		if n, ok := number(id, kind); ok && c.denied(kind) == nil {
			return c.record(kind, n)
		}
	}
	if _, ok := number(id, "Refund"); ok && c.denied("Refund") == nil {
		return c.refund(id)
	}
	return nil
}

// record returns what is there, nil if nothing is.
func (c *call) record(kind Kind, id int64) any {
	c.shop.mu.Lock()
	r := c.shop.tables[kind].get(id)
	c.shop.mu.Unlock()
	if r == nil || !c.visible(r) {
		return nil
	}
	return r
}

// refund returns a refund of an order that is there, nil if there is none.
func (c *call) refund(id any) any {
	n, _ := number(id, "Refund")
	c.shop.mu.Lock()
	order := c.shop.refunds[n]
	c.shop.mu.Unlock()
	o, _ := c.record(KindOrder, order).(*Order)
	if o == nil {
		return nil
	}
	return o.refund(n)
}

// number reads the global id of a record.
func number(id any, kind Kind) (int64, bool) {
	s, _ := id.(string)
	digits, ok := strings.CutPrefix(s, "gid://shopify/"+string(kind)+"/")
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, ok && err == nil
}

// cut takes the last line off a page that has more than one, by chance.
func (c *call) cut(p *page) any {
	if p == nil {
		return nil
	}
	if c.faults.Cut > 0 && len(p.items) > 1 && !p.more && c.lucky(c.faults.Cut) {
		p.items, p.positions = p.items[:len(p.items)-1], p.positions[:len(p.positions)-1]
	}
	return p
}

func (c *call) lucky(share float64) bool {
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	return c.shop.luck.Float64() < share
}

// internalError is what Shopify says when something broke on its side.
func internalError() *problem {
	const message = "Internal error. Looks like something went wrong on our end.\n" +
		"Request ID: 00000000-simulated (include this in support requests)."
	return &problem{message, object{{"code", "INTERNAL_SERVER_ERROR"}, {"requestId", "00000000-simulated"}}}
}
