package shopify_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit"
)

// jsonl writes a node as a file has it: what belongs to it in lines of their own.
func jsonl(t testing.TB, node object) (lines []string) {
	t.Helper()
	lists := map[string]string{"lineItems": "LineItem", "shippingLines": "ShippingLine", "agreements": "", "sales": ""}
	var write func(node object, parent any)
	write = func(node object, parent any) {
		own := maps.Clone(node)
		if parent != nil {
			own["__parentId"] = parent
		}
		var refunds list
		if all, ok := own["refunds"].(list); ok {
			for _, r := range all {
				r := maps.Clone(r.(object))
				delete(r, "refundLineItems")
				refunds = append(refunds, r)
			}
			own["refunds"] = append(list{}, refunds...)
		}
		for name := range lists {
			delete(own, name)
		}
		text, err := json.Marshal(own)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(text))
		for _, name := range slices.Sorted(maps.Keys(lists)) {
			c, _ := node[name].(object)
			nodes, _ := c["nodes"].(list)
			edges, _ := c["edges"].(list)
			for _, e := range edges {
				nodes = append(nodes, e.(object)["node"])
			}
			for i, n := range nodes {
				n := n.(object)
				if lists[name] != "" {
					n = with(n, "__typename", lists[name])
				}
				if name == "shippingLines" {
					n = with(n, "id", fmt.Sprintf("gid://shopify/ShippingLine/%d", i+1))
				}
				write(n, node["id"])
			}
		}
	}
	write(node, nil)
	return lines
}

// written returns an operation whose file, that is downloaded, has these lines.
func written(t testing.TB, lines ...string) (shopify.BulkOperation, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export")
	text := strings.Join(lines, "\n") + "\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	o := shopify.BulkOperation{ID: 1, Status: "COMPLETED", Objects: int64(len(lines)), Size: int64(len(text))}
	for _, l := range lines {
		if !strings.Contains(l, "__parentId") {
			o.Roots++
		}
	}
	return o, path
}

// bare is an order without refunds, of which nothing has to be asked for.
func bare(id, lines int) object { return with(order(id, lines), "refunds", list{}) }

// Wherever the lines stand, they come to the same orders, in the same order.
func TestBulkLinesAnywhere(t *testing.T) {
	t.Parallel()
	edit := agreement(2, connection("", sale(8), sale(9)))
	full := with(bare(1, 3), "agreements", edges("", agreement(1, connection("", sale(1), sale(2))), edit))
	c, _, _ := connect(t, orders(full, bare(32769, 1)))
	p, err := c.Orders(t.Context(), shopify.Window{}, "")
	if err != nil {
		t.Fatal(err)
	}
	lines := append(jsonl(t, full), jsonl(t, with(bare(32769, 1), "agreements",
		edges("", agreement(3, connection("", sale(1))))))...)
	p.Records[1].Agreements[0].ID = 3
	for i := range 20 {
		some := slices.Clone(lines)
		for j := range some {
			k := (j*7 + i*5) % len(some)
			some[j], some[k] = some[k], some[j]
		}
		if i == 1 {
			slices.Reverse(some)
		}
		o, path := written(t, some...)
		got, err := gather(c.BulkOrders(t.Context(), o, path, 0))
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(got, func(a, b shopify.Order) int { return int(a.ID - b.ID) })
		if !reflect.DeepEqual(got, p.Records) {
			t.Fatalf("got  %+v\nwant %+v", got, p.Records)
		}
	}
}

// A file that cannot be right is an error, and goes.
func TestBadFiles(t *testing.T) {
	t.Parallel()
	good := jsonl(t, bare(1, 1)) // the order, its agreement with a sale, its line, its shipping line
	other := jsonl(t, bare(2, 1))
	without := func(part string) []string {
		return slices.DeleteFunc(slices.Clone(good), func(l string) bool { return strings.Contains(l, part) })
	}
	for name, lines := range map[string][]string{
		"no JSON":                    append(slices.Clone(good), "{"),
		"half a line":                append(slices.Clone(good), good[0][:20]),
		"an empty line":              append(slices.Clone(good), ""),
		"null":                       append(slices.Clone(good), "null"),
		"a list":                     append(slices.Clone(good), "[]"),
		"another kind":               append(slices.Clone(good), `{"id":"gid://shopify/Product/1"}`),
		"no id":                      append(slices.Clone(good), `{"name":"#1"}`),
		"an order twice":             append(slices.Clone(good), good[0]),
		"a line without its order":   append(slices.Clone(good), other[len(other)-2]),
		"a sale without its parents": append(slices.Clone(good), `{"id":"gid://shopify/Sale/1","__parentId":"gid://shopify/SalesAgreement/99"}`),
		"an agreement of no order":   append(slices.Clone(good), `{"id":"gid://shopify/SalesAgreement/99","__parentId":"gid://shopify/Order/99"}`),
		"a parent without a number":  append(slices.Clone(good), `{"id":"gid://shopify/Sale/1","__parentId":"gid://shopify/SalesAgreement/x"}`),
		"an amount":                  append(slices.Clone(good), strings.Replace(good[len(good)-1], "4.90", "x", 1)),
		"no order":                   without(`"name":"#1"`),
		"a number":                   {strings.Replace(good[0], `"test":false`, `"test":7`, 1)},
		"no instant":                 {strings.Replace(good[0], `"updatedAt":"`+moment+`"`, `"updatedAt":null`, 1)},
		"no refunds":                 {strings.Replace(good[0], `"refunds":[]`, `"refunds":null`, 1)},
		"no currency":                append([]string{strings.Replace(good[0], `"currencyCode":"EUR","cust`, `"currencyCode":"","cust`, 1)}, good[1:]...),
	} {
		c, _, _ := connect(t, nodes(nil))
		o, path := written(t, lines...)
		if name == "no order" {
			o.Roots = 0
		}
		_, err := gather(c.BulkOrders(t.Context(), o, path, 0))
		if err == nil {
			t.Errorf("%s passed", name)
			continue
		}
		wantCode(t, err, shopify.CodeInvalidData, true)
		left, _ := filepath.Glob(path + ".*")
		if len(left) > 0 {
			t.Errorf("%s: left %v", name, left)
		}
	}
	for name, change := range map[string]func(o *shopify.BulkOperation){
		"more lines": func(o *shopify.BulkOperation) { o.Objects++ }, "fewer lines": func(o *shopify.BulkOperation) { o.Objects-- },
		"more records": func(o *shopify.BulkOperation) { o.Roots++ }, "fewer records": func(o *shopify.BulkOperation) { o.Roots-- },
	} {
		c, _, _ := connect(t, nodes(nil))
		o, path := written(t, good...)
		change(&o)
		_, err := gather(c.BulkOrders(t.Context(), o, path, 0))
		wantCode(t, err, shopify.CodeInvalidData, true)
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: the file stays: %v", name, err)
		}
		text, _ := json.Marshal(product(1))
		o, path = written(t, string(text))
		change(&o)
		_, err = gather(c.BulkProducts(t.Context(), o, path, 0))
		wantCode(t, err, shopify.CodeInvalidData, true)
	}
	c, _, _ := connect(t, nodes(nil))
	_, err := gather(c.BulkCustomers(t.Context(), shopify.BulkOperation{}, filepath.Join(t.TempDir(), "none"), 0))
	wantCode(t, err, shopify.CodeInternal, false)
}

// Who stops reading, or whose time is over, leaves nothing behind.
func TestBulkReadingEnds(t *testing.T) {
	t.Parallel()
	lines := append(jsonl(t, bare(1, 1)), strings.ReplaceAll(strings.Join(jsonl(t, bare(2, 1)), "\n"), "SalesAgreement/1", "SalesAgreement/2"))
	o, path := written(t, strings.Split(strings.Join(lines, "\n"), "\n")...)
	c, _, _ := connect(t, nodes(nil))
	n := 0
	for _, err := range c.BulkOrders(t.Context(), o, path, 0) {
		if n++; err != nil {
			t.Fatal(err)
		}
		break
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	errStop := errors.New("stop")
	cancel(errStop)
	if _, err := gather(c.BulkOrders(ctx, o, path, 0)); !errors.Is(err, errStop) {
		t.Errorf("got %v, want the cause", err)
	}
	left, _ := filepath.Glob(path + "*")
	if n != 1 || len(left) != 1 {
		t.Errorf("after %d orders there are %v", n, left)
	}
}

// An order that changes between the export and now is read as it is now, if a part of it is; one that is deleted is left
// out.
func TestBulkOrdersThatChange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shop, c := simulate(t, simshop.Options{Orders: 300}, 0)
		shop.Change(100)
		o, path := fetched(t, c, shopify.Orders, shopify.Window{})
		time.Sleep(time.Minute)
		deleted := 0
		for i, old := range shop.Orders() {
			if len(old.Refunds) == 0 {
				continue
			}
			if i%2 == 0 {
				if err := shop.Delete(simshop.KindOrder, old.ID, false); err != nil {
					t.Fatal(err)
				}
				deleted++
			} else if err := shop.Touch(simshop.KindOrder, old.ID); err != nil {
				t.Fatal(err)
			}
		}
		got := exported(t, c.BulkOrders(t.Context(), o, path, 0))
		for i := range got {
			plain(&got[i])
		}
		if deleted == 0 {
			t.Error("nothing was deleted")
		}
		equal(t, got, shop.Orders(), func(o shopify.Order) int64 { return o.ID }, func(o *simshop.Order) shopify.Order { return expectOrder(shop, o) })
	})
}

// Who goes on behind a place reads all that was not read before, and nothing twice, whatever has changed between.
func TestBulkBehindAPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shop, c := simulate(t, simshop.Options{Orders: 300}, 0)
		shop.Change(100)
		o, path := fetched(t, c, shopify.Orders, shopify.Window{})
		for _, place := range []int64{0, 1, 150, o.Roots - 1, o.Roots} {
			seen := map[int64]bool{}
			at := int64(0)
			for r, err := range c.BulkOrders(t.Context(), o, path, 0) {
				if err != nil || r.Place <= at {
					t.Fatal(r.Place, at, err)
				}
				if at = r.Place; at > place {
					break
				}
				seen[r.Record.ID] = true
			}
			for i, old := range shop.Orders() { // of these, orders that are read anew
				if n := len(old.Refunds); n > 0 && i%3 == 0 {
					_ = shop.Touch(simshop.KindOrder, old.ID)
				} else if n > 0 && i%10 == 0 {
					_ = shop.Delete(simshop.KindOrder, old.ID, false)
				}
			}
			rest, err := gather(c.BulkOrders(t.Context(), o, path, place))
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rest {
				if seen[r.ID] {
					t.Errorf("behind place %d order %d comes again", place, r.ID)
				}
				seen[r.ID] = true
			}
			for _, there := range shop.Orders() {
				if !seen[there.ID] {
					t.Errorf("behind place %d order %d is lost", place, there.ID)
				}
			}
		}
		o, path = fetched(t, c, shopify.Customers, shopify.Window{})
		all, err := gather(c.BulkCustomers(t.Context(), o, path, 0))
		if err != nil {
			t.Fatal(err)
		}
		rest, err := gather(c.BulkCustomers(t.Context(), o, path, 7))
		if err != nil || !reflect.DeepEqual(rest, all[7:]) {
			t.Errorf("%d customers behind the seventh of %d, %v", len(rest), len(all), err)
		}
	})
}

// many writes a file of so many orders of three lines.
func many(t testing.TB, n int) (shopify.BulkOperation, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	one := jsonl(t, bare(1, 3))
	o := shopify.BulkOperation{Status: "COMPLETED"}
	for i := range n {
		own := strings.NewReplacer("Order/1\"", fmt.Sprintf("Order/%d\"", (i+1)*32768), "SalesAgreement/1\"", fmt.Sprintf("SalesAgreement/%d\"", i+1))
		text := own.Replace(strings.Join(one, "\n")) + "\n"
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
		o.Objects, o.Roots, o.Size = o.Objects+int64(len(one)), o.Roots+1, o.Size+int64(len(text))
	}
	return o, path
}

// peak reads orders, and returns how many there were and how much memory was in use at most.
func peak(t testing.TB, c *shopify.Client, o shopify.BulkOperation, path string) (n int64, most uint64) {
	t.Helper()
	for _, err := range c.BulkOrders(t.Context(), o, path, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n%2000 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
	return n, most
}

// What reading holds in memory does not grow with the file. It is measured alone.
func TestBulkMemory(t *testing.T) {
	n, bound := testkit.Size(20_000, 200_000), uint64(64<<20)
	c, _, _ := connect(t, nodes(nil))
	o, path := many(t, n)
	start := time.Now()
	got, most := peak(t, c, o, path)
	t.Logf("%d orders of %d MB in %s with %d MB", got, o.Size>>20, time.Since(start), most>>20)
	if got != int64(n) || most > bound {
		t.Errorf("%d orders with %d bytes", got, most)
	}
}

func BenchmarkBulkOrders(b *testing.B) {
	c, _, _ := connect(b, nodes(nil))
	o, path := many(b, 200_000)
	b.SetBytes(o.Size)
	for b.Loop() {
		_, most := peak(b, c, o, path)
		b.ReportMetric(float64(most>>20), "MB")
	}
}

// FuzzBulkLines has a file hold anything at all: nothing passes that is not whole.
func FuzzBulkLines(f *testing.F) {
	for _, lines := range [][]string{
		jsonl(f, bare(1, 2)), jsonl(f, order(1, 1)), {"", "null", "{}"}, {`{"id":"gid://shopify/Order/1"}`},
		{`{"id":"gid://shopify/Sale/1","__parentId":"gid://shopify/Sale/1"}`}, {`{"__parentId":"gid://shopify/Order/1"}`},
	} {
		f.Add(strings.Join(lines, "\n"))
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Split(text, "\n")
		o, path := written(t, lines...)
		c, _, _ := connect(t, always(data(object{"nodes": list{nil}})))
		got, err := gather(c.BulkOrders(t.Context(), o, path, 0))
		if err == nil && int64(len(got)) > o.Roots {
			t.Errorf("%d orders in %d lines", len(got), len(lines))
		}
		o, path = written(t, lines...)
		products, err := gather(c.BulkProducts(t.Context(), o, path, 0))
		if err == nil && len(products) != len(lines) {
			t.Errorf("%d products in %d lines", len(products), len(lines))
		}
		o, path = written(t, lines...)
		_, _ = gather(c.BulkCustomers(t.Context(), o, path, 0))
	})
}
