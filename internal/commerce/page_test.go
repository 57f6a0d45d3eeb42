package commerce_test

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/commerce"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
)

// page is a page of any list.
type page struct {
	ids     []int64
	cursors []string
	info    commerce.PageInfo
	total   func(context.Context) (int, error)
}

// sorting is one order of one list.
type sorting struct {
	name  string
	table string
	// column and where say what the list is.
	column, where string
	desc          bool
	read          func(ctx context.Context, r *commerce.Reader, p commerce.Page) (page, error)
}

func sortings() []sorting {
	var all []sorting
	for _, d := range []commerce.SortDirection{commerce.Ascending, commerce.Descending} {
		desc := d == commerce.Descending
		for key, column := range map[commerce.OrderSortKey]string{
			commerce.OrderProcessedAt: "processed_at", commerce.OrderTotal: "total",
			commerce.OrderName: "name_key", commerce.OrderUpdatedAt: "updated_key",
		} {
			all = append(all, sorting{fmt.Sprint("orders ", key, d), "orders", column, "test = 0", desc,
				func(ctx context.Context, r *commerce.Reader, p commerce.Page) (page, error) {
					return orderPage(r.Orders(ctx, p, commerce.OrderFilter{}, commerce.OrderSort{Key: key, Direction: d}))
				}})
		}
		for key, column := range map[commerce.CustomerSortKey]string{
			commerce.CustomerLastOrderAt: "last_order_key", commerce.CustomerTotalSpent: "total_spent",
			commerce.CustomerOrdersCount: "orders_count", commerce.CustomerName: "name_key", commerce.CustomerCreatedAt: "created_key",
		} {
			all = append(all, sorting{fmt.Sprint("customers ", key, d), "customers", column, "listed = 1", desc,
				func(ctx context.Context, r *commerce.Reader, p commerce.Page) (page, error) {
					return customerPage(r.Customers(ctx, p, commerce.CustomerFilter{}, commerce.CustomerSort{Key: key, Direction: d}))
				}})
		}
		for key, column := range map[commerce.ProductSortKey]string{
			commerce.ProductTitle: "title_key", commerce.ProductCreatedAt: "created_key",
			commerce.ProductUpdatedAt: "updated_key", commerce.ProductInventory: "inventory_key",
		} {
			all = append(all, sorting{fmt.Sprint("products ", key, d), "products", column, "known = 1", desc,
				func(ctx context.Context, r *commerce.Reader, p commerce.Page) (page, error) {
					return productPage(r.Products(ctx, p, commerce.ProductFilter{}, commerce.ProductSort{Key: key, Direction: d}))
				}})
		}
	}
	return all
}

func orderPage(c *commerce.OrderConnection, err error) (p page, _ error) {
	if err != nil {
		return p, err
	}
	for i, e := range c.Edges {
		if e.Node != c.Nodes[i] {
			return p, fmt.Errorf("edge %d is not node %d", i, i)
		}
		p.ids, p.cursors = append(p.ids, e.Node.ID), append(p.cursors, e.Cursor)
	}
	p.info, p.total = c.PageInfo, c.TotalCount
	return p, nil
}

func customerPage(c *commerce.CustomerConnection, err error) (p page, _ error) {
	if err != nil {
		return p, err
	}
	for _, e := range c.Edges {
		p.ids, p.cursors = append(p.ids, e.Node.ID), append(p.cursors, e.Cursor)
	}
	p.info, p.total = c.PageInfo, c.TotalCount
	return p, nil
}

func productPage(c *commerce.ProductConnection, err error) (p page, _ error) {
	if err != nil {
		return p, err
	}
	for _, e := range c.Edges {
		p.ids, p.cursors = append(p.ids, e.Node.ID), append(p.cursors, e.Cursor)
	}
	p.info, p.total = c.PageInfo, c.TotalCount
	return p, nil
}

// want returns the whole list, sorted here and not by the database.
func (s sorting) want(t *testing.T, shop *shop) []int64 {
	t.Helper()
	rows, err := shop.db.Query("SELECT id, "+s.column+", shopify_id FROM "+s.table+" WHERE tenant_id = ? AND "+s.where, shop.tenant)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	type row struct {
		id, number int64
		value      any
	}
	var all []row
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.id, &r.value, &r.number); err != nil {
			t.Fatal(err)
		}
		if b, ok := r.value.([]byte); ok {
			r.value = string(b)
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(x, y row) int {
		c := 0
		switch v := x.value.(type) {
		case time.Time:
			c = v.Compare(y.value.(time.Time))
		case int64:
			c = cmp.Compare(v, y.value.(int64))
		case string:
			c = strings.Compare(v, y.value.(string))
		default:
			t.Fatalf("%T", v)
		}
		if c = cmp.Or(c, cmp.Compare(x.number, y.number)); s.desc {
			return -c
		}
		return c
	})
	ids := make([]int64, len(all))
	for i, r := range all {
		ids[i] = r.id
	}
	return ids
}

// TestPagesWalkTheList walks every list in every order, forward and backward and by pages of several sizes: the pages
// put together are exactly the sorted list, and what they say about their neighbours is right.
func TestPagesWalkTheList(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		rng := seeded(t)
		a, b := newShop(t, s, "USD", "UTC"), newShop(t, s, "USD", "UTC")
		a.random(t, rng, 50)
		b.random(t, rng, 15)
		for _, list := range sortings() {
			want := list.want(t, a)
			walk(t, a, list, want, 2+rng.IntN(20))
			walk(t, a, list, want, len(want))
			walk(t, b, list, list.want(t, b), 1)
		}
	})
}

func walk(t *testing.T, shop *shop, list sorting, want []int64, size int) {
	t.Helper()
	var got []int64
	var cursors []string
	p := commerce.Page{First: &size}
	for {
		part, err := list.read(shop.ctx, shop.reader, p)
		if err != nil {
			t.Fatalf("%s: %v", list.name, err)
		}
		got, cursors = append(got, part.ids...), append(cursors, part.cursors...)
		if part.info.HasPreviousPage != (p.After != nil) || part.info.HasNextPage != (len(got) < len(want)) {
			t.Fatalf("%s: page of %d to %d of %d: %+v", list.name, size, len(got), len(want), part.info)
		}
		if !part.info.HasNextPage {
			if n, err := part.total(shop.ctx); err != nil || n != len(want) {
				t.Fatalf("%s: total %d, %v, want %d", list.name, n, err, len(want))
			}
			break
		}
		if *part.info.StartCursor != part.cursors[0] || *part.info.EndCursor != part.cursors[len(part.cursors)-1] {
			t.Fatalf("%s: cursors of the page are not those of its edges", list.name)
		}
		p.After = part.info.EndCursor
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%s: forward by %d\n got %v\nwant %v", list.name, size, got, want)
	}
	// An order has the same cursor wherever it was read.
	p, got = commerce.Page{Last: &size}, nil
	for {
		part, err := list.read(shop.ctx, shop.reader, p)
		if err != nil {
			t.Fatalf("%s: %v", list.name, err)
		}
		got = append(slices.Clone(part.ids), got...)
		from := len(want) - len(got)
		if part.info.HasNextPage != (p.Before != nil) || part.info.HasPreviousPage != (from > 0) {
			t.Fatalf("%s: page of %d from %d of %d backward: %+v", list.name, size, from, len(want), part.info)
		}
		if !slices.Equal(part.cursors, cursors[from:from+len(part.cursors)]) {
			t.Fatalf("%s: cursors depend on the direction of reading", list.name)
		}
		if !part.info.HasPreviousPage {
			break
		}
		p.Before = part.info.StartCursor
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%s: backward by %d\n got %v\nwant %v", list.name, size, got, want)
	}
}

// TestPageDefaults: nothing at all is the first twenty, a cursor alone goes on in its direction by as many.
func TestPageDefaults(t *testing.T) {
	t.Parallel()
	shop := newShop(t, testkit.SQLite(t), "USD", "UTC")
	empty, err := shop.reader.Orders(shop.ctx, commerce.Page{}, commerce.OrderFilter{}, commerce.OrderSort{})
	if err != nil || len(empty.Edges) != 0 || empty.Nodes == nil || empty.PageInfo != (commerce.PageInfo{}) {
		t.Fatalf("empty store: %+v, %v", empty, err)
	}
	shop.random(t, seeded(t), 90)
	all := commerce.OrderFilter{IncludeTest: true}
	read := func(p commerce.Page) *commerce.OrderConnection {
		t.Helper()
		c, err := shop.reader.Orders(shop.ctx, p, all, commerce.OrderSort{})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	whole := read(commerce.Page{First: ptr(90)}).Nodes
	first := read(commerce.Page{})
	if names(first.Nodes) != names(whole[:20]) {
		t.Errorf("without arguments: %s", names(first.Nodes))
	}
	if got := read(commerce.Page{After: first.PageInfo.EndCursor}); names(got.Nodes) != names(whole[20:40]) {
		t.Errorf("after alone: %s", names(got.Nodes))
	}
	last := read(commerce.Page{Last: ptr(5)})
	if got := read(commerce.Page{Before: last.PageInfo.StartCursor}); names(got.Nodes) != names(whole[65:85]) {
		t.Errorf("before alone: %s", names(got.Nodes))
	}
	end := read(commerce.Page{After: last.PageInfo.EndCursor})
	if len(end.Nodes) != 0 || end.PageInfo.HasNextPage || end.PageInfo.StartCursor != nil {
		t.Errorf("after the last: %+v", end.PageInfo)
	}
}

// TestPageArguments: what cannot be a page is refused, with the argument's name.
func TestPageArguments(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		a, b := newShop(t, s, "USD", "UTC"), newShop(t, s, "USD", "UTC")
		a.example(t)
		b.example(t)
		one := commerce.Page{First: ptr(1)}
		cursor := func(p page, err error) *string {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			return &p.cursors[0]
		}
		own := cursor(orderPage(a.reader.Orders(a.ctx, one, commerce.OrderFilter{}, commerce.OrderSort{})))
		raw, err := base64.RawURLEncoding.DecodeString(*own)
		if err != nil {
			t.Fatal(err)
		}
		version, far := slices.Clone(raw), slices.Clone(raw)
		version[0]++
		for i := range 8 {
			far[len(far)-8+i] = 0x7f
		}
		encode := func(b []byte) *string { return ptr(base64.RawURLEncoding.EncodeToString(b)) }
		byTotal := commerce.OrderSort{Key: commerce.OrderTotal}
		paid := commerce.OrderFilter{FinancialStatus: []commerce.FinancialStatus{commerce.FinancialPaid}}
		for _, test := range []struct {
			name  string
			page  commerce.Page
			kind  fault.Kind
			field string
		}{
			{"none", commerce.Page{First: ptr(0)}, fault.Invalid, "first"},
			{"negative", commerce.Page{Last: ptr(-1)}, fault.Invalid, "last"},
			{"too many", commerce.Page{First: ptr(101)}, fault.Invalid, "first"},
			{"most", commerce.Page{First: ptr(100)}, "", ""},
			{"both sizes", commerce.Page{First: ptr(1), Last: ptr(1)}, fault.Invalid, "last"},
			{"both cursors", commerce.Page{After: own, Before: own}, fault.Invalid, "before"},
			{"first and before", commerce.Page{First: ptr(1), Before: own}, fault.Invalid, "before"},
			{"last and after", commerce.Page{Last: ptr(1), After: own}, fault.Invalid, "last"},
			{"own", commerce.Page{After: own}, "", ""},
			{"own backward", commerce.Page{Before: own}, "", ""},
			{"empty", commerce.Page{After: ptr("")}, fault.InvalidCursor, "after"},
			{"garbage", commerce.Page{Before: ptr("garbage")}, fault.InvalidCursor, "before"},
			{"padded", commerce.Page{After: ptr(*own + "=")}, fault.InvalidCursor, "after"},
			{"cut", commerce.Page{After: encode(raw[:len(raw)-1])}, fault.InvalidCursor, "after"},
			{"longer", commerce.Page{After: encode(append(slices.Clone(raw), 0))}, fault.InvalidCursor, "after"},
			{"huge", commerce.Page{After: ptr(strings.Repeat("A", 1<<20))}, fault.InvalidCursor, "after"},
			{"of another version", commerce.Page{After: encode(version)}, fault.InvalidCursor, "after"},
			{"beyond all calendars", commerce.Page{After: encode(far)}, fault.InvalidCursor, "after"},
			{"of another tenant", commerce.Page{After: cursor(orderPage(b.reader.Orders(b.ctx, one, commerce.OrderFilter{}, commerce.OrderSort{})))},
				fault.InvalidCursor, "after"},
			{"of another list", commerce.Page{After: cursor(customerPage(a.reader.Customers(a.ctx, one, commerce.CustomerFilter{}, commerce.CustomerSort{})))},
				fault.InvalidCursor, "after"},
			{"of another sort", commerce.Page{After: cursor(orderPage(a.reader.Orders(a.ctx, one, commerce.OrderFilter{}, byTotal)))},
				fault.InvalidCursor, "after"},
			{"of the other direction", commerce.Page{After: cursor(orderPage(a.reader.Orders(a.ctx, one, commerce.OrderFilter{},
				commerce.OrderSort{Direction: commerce.Ascending})))}, fault.InvalidCursor, "after"},
			{"of another filter", commerce.Page{After: cursor(orderPage(a.reader.Orders(a.ctx, one, paid, commerce.OrderSort{})))},
				fault.InvalidCursor, "after"},
		} {
			_, err := a.reader.Orders(a.ctx, test.page, commerce.OrderFilter{}, commerce.OrderSort{})
			wantFault(t, test.name, err, test.kind, test.field)
		}

		// Two spellings of one filter are one filter.
		p, err := orderPage(a.reader.Orders(a.ctx, one, commerce.OrderFilter{
			Search: ptr(" shirt  BLUE "), Tags: []string{"GIFT", "x", "gift"}, MinTotal: ptr("1"), Country: []string{}}, commerce.OrderSort{}))
		if err != nil || len(p.ids) != 1 {
			t.Fatal(p.ids, err)
		}
		if _, err := a.reader.Orders(a.ctx, commerce.Page{After: &p.cursors[0]}, commerce.OrderFilter{
			Search: ptr("Shirt blue"), Tags: []string{"X", "gift"}, MinTotal: ptr("01.00")}, commerce.OrderSort{
			Key: commerce.OrderProcessedAt, Direction: commerce.Descending}); err != nil {
			t.Error("the same filter in other words:", err)
		}
	})
}

// wantFault checks the kind of an error and the argument that it names last.
func wantFault(t *testing.T, name string, err error, kind fault.Kind, field string) {
	t.Helper()
	if fault.KindOf(err) != kind {
		t.Errorf("%s: %v, want kind %q", name, err, kind)
		return
	}
	if kind == "" {
		return
	}
	if f := err.(*fault.Error).Field; len(f) == 0 || f[len(f)-1] != field {
		t.Errorf("%s: field %v, want %s", name, f, field)
	}
}

// TestForgedCursors: whatever bytes a cursor holds, the answer is a page of the tenant's own list or a refusal, never an
// error of the database.
func TestForgedCursors(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		rng := seeded(t)
		a, b := newShop(t, s, "USD", "UTC"), newShop(t, s, "USD", "UTC")
		a.random(t, rng, 12)
		b.random(t, rng, 12)
		for _, list := range sortings() {
			own := list.want(t, a)
			p, err := list.read(a.ctx, a.reader, commerce.Page{First: ptr(3)})
			if err != nil {
				t.Fatal(err)
			}
			for range 8 {
				raw, err := base64.RawURLEncoding.DecodeString(p.cursors[rng.IntN(len(p.cursors))])
				if err != nil {
					t.Fatal(err)
				}
				// Behind the digest, which all but rules the rest out.
				for range 1 + rng.IntN(4) {
					raw[9+rng.IntN(len(raw)-9)] = byte(rng.Uint32())
				}
				if rng.IntN(4) == 0 {
					raw = raw[:9+rng.IntN(len(raw)-9)]
				}
				got, err := list.read(a.ctx, a.reader, commerce.Page{After: ptr(base64.RawURLEncoding.EncodeToString(raw))})
				if err != nil && fault.KindOf(err) != fault.InvalidCursor {
					t.Fatalf("%s: %x: %v", list.name, raw, err)
				}
				for _, id := range got.ids {
					if !slices.Contains(own, id) {
						t.Fatalf("%s: %x: a record that is not in the list", list.name, raw)
					}
				}
			}
		}
	})
}
