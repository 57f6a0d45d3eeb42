package sample_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/sample"
)

var now = time.Date(2026, time.November, 30, 15, 4, 5, 678_901_234, time.UTC)

func zone(tb testing.TB, name string) *time.Location {
	tb.Helper()
	loc, err := period.LoadZone(name)
	if err != nil {
		tb.Fatal(err)
	}
	return loc
}

func options(tb testing.TB, currency, in string, days, orders int) sample.Options {
	tb.Helper()
	return sample.Options{Days: days, Orders: orders, Currency: money.Currency(currency), Zone: zone(tb, in), Now: now}
}

// whole collects what a generator yields, and checks the form of the batches.
func whole(tb testing.TB, g *sample.Generator) (b ingest.Batch) {
	tb.Helper()
	for part := range g.Batches() {
		n := []int{len(part.Products), len(part.Customers), len(part.Orders)}
		if slices.Max(n) > ingest.MaxRecords || slices.Max(n) != n[0]+n[1]+n[2] || part.Source != ingest.SourceSample {
			tb.Errorf("a batch of %v records from %s", n, part.Source)
		}
		if n[0] > 0 && len(b.Customers)+len(b.Orders) > 0 || n[1] > 0 && len(b.Orders) > 0 {
			tb.Error("a batch is out of order")
		}
		b.Products = append(b.Products, part.Products...)
		b.Customers = append(b.Customers, part.Customers...)
		b.Orders = append(b.Orders, part.Orders...)
	}
	return b
}

func digest(tb testing.TB, b ingest.Batch) string {
	tb.Helper()
	text, err := json.Marshal([]any{b.Products, b.Customers, b.Orders})
	if err != nil {
		tb.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(text))
}

func TestSameDaySameData(t *testing.T) {
	t.Parallel()
	o := options(t, "EUR", "Europe/Berlin", 90, 1500)
	g := sample.Shop(7, o)
	first := whole(t, g)
	want := digest(t, first)
	if digest(t, whole(t, g)) != want {
		t.Error("a second reading of the same generator differs")
	}
	midnight := period.DayOf(now, o.Zone).Start(o.Zone)
	for _, at := range []time.Duration{time.Minute, 7 * time.Hour, 24*time.Hour - time.Nanosecond} {
		o.Now = midnight.Add(at)
		if digest(t, whole(t, sample.Shop(7, o))) != want {
			t.Errorf("the data of %s after midnight differ", at)
		}
	}
	o.Now = midnight.Add(24 * time.Hour)
	if digest(t, whole(t, sample.Shop(7, o))) == want {
		t.Error("the data of the next day are the same")
	}
	o.Now = now
	if digest(t, whole(t, sample.Shop(8, o))) == want {
		t.Error("another seed gives the same data")
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		days, orders int
		zone         string
		now          time.Time
	}{
		{1, 0, "UTC", now}, {1, 1, "UTC", now}, {1, 700, "Asia/Tokyo", now}, {2, 1, "UTC", now}, {0, -1, "UTC", now},
		{1095, 1, "America/St_Johns", now}, {1095, 600, "Pacific/Apia", time.Date(2012, 1, 5, 0, 0, 0, 0, time.UTC)},
		{400, 900, "America/Santiago", time.Date(2026, 9, 6, 12, 0, 0, 0, time.UTC)},
		{30, 3000, "America/New_York", time.Date(2026, 11, 1, 4, 0, 0, 1, time.UTC)}, // a nanosecond after midnight
		{30, 3000, "UTC", time.Date(2026, 11, 1, 0, 0, 20, 0, time.UTC)},             // in the minute of the renewals
	} {
		t.Run(fmt.Sprint(c.days, c.orders, c.zone), func(t *testing.T) {
			t.Parallel()
			o := options(t, "USD", c.zone, c.days, c.orders)
			o.Now = c.now
			g := sample.Shop(1, o)
			b := whole(t, g)
			want := max(c.orders, 0)
			if len(b.Orders) != want || len(b.Products) != g.Products() || len(b.Customers) != g.Customers() ||
				g.Records() != len(b.Products)+len(b.Customers)+len(b.Orders) {
				t.Errorf("%d products, %d customers, %d orders", len(b.Products), len(b.Customers), len(b.Orders))
			}
			today := period.DayOf(c.now, o.Zone)
			begin := (today - period.Day(max(c.days, 1)-1)).Start(o.Zone)
			for i, at := range instants(b) {
				if at.After(c.now) {
					t.Fatalf("%s lies in the future", i)
				}
			}
			for _, x := range b.Orders {
				if x.ProcessedAt.Before(begin) {
					t.Fatalf("order %s at %s is before the first day", *x.Name, x.ProcessedAt)
				}
			}
			if !slices.IsSortedFunc(b.Orders, func(a, b ingest.OrderInput) int { return a.ProcessedAt.Compare(b.ProcessedAt) }) {
				t.Error("orders are not in the order of time")
			}
			if n := len(b.Orders); n > 0 && period.DayOf(b.Orders[n-1].ProcessedAt, o.Zone) != today {
				t.Error("there is no order today")
			}
		})
	}
}

// instants returns every instant of the records.
func instants(b ingest.Batch) map[string]time.Time {
	out := make(map[string]time.Time)
	add := func(name string, at *time.Time) {
		if at != nil {
			out[name] = *at
		}
	}
	for _, p := range b.Products {
		add("product created "+p.ShopifyID, p.CreatedAt)
		add("product updated "+p.ShopifyID, p.UpdatedAt)
	}
	for _, c := range b.Customers {
		add("customer created "+c.ShopifyID, c.CreatedAt)
		add("customer updated "+c.ShopifyID, c.UpdatedAt)
	}
	for _, o := range b.Orders {
		add("order processed "+o.ShopifyID, &o.ProcessedAt)
		add("order created "+o.ShopifyID, o.CreatedAt)
		add("order updated "+o.ShopifyID, o.UpdatedAt)
		add("order cancelled "+o.ShopifyID, o.CancelledAt)
		for _, r := range o.Refunds {
			add("refund "+r.ShopifyID, &r.CreatedAt)
		}
		for _, a := range o.Adjustments {
			add("adjustment "+a.ShopifyID, &a.HappenedAt)
		}
	}
	return out
}

func TestReferences(t *testing.T) {
	t.Parallel()
	b := whole(t, sample.Shop(3, options(t, "GBP", "Europe/London", 365, 6000)))
	products, customers := map[string]ingest.ProductInput{}, map[string]ingest.CustomerInput{}
	seen := map[string]bool{}
	once := func(kind, id string) {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil || n < ingest.FirstSampleID || seen[kind+id] {
			t.Errorf("%s %s is used twice, or is no number of sample data", kind, id)
		}
		seen[kind+id] = true
	}
	email := regexp.MustCompile(`^[a-z]+\.[a-z]+[0-9]+@example\.(com|org)$`)
	handle := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	for _, p := range b.Products {
		once("product", p.ShopifyID)
		if !handle.MatchString(*p.Handle) || seen[*p.Handle] {
			t.Errorf("handle %q", *p.Handle)
		}
		seen[*p.Handle] = true
		products[p.ShopifyID] = p
	}
	for _, c := range b.Customers {
		once("customer", c.ShopifyID)
		if c.Email != nil && (!email.MatchString(*c.Email) || seen[*c.Email]) {
			t.Errorf("email %q", *c.Email)
		} else if c.Email != nil {
			seen[*c.Email] = true
		}
		if !utf8.ValidString(*c.LastName) || c.CreatedAt.After(*c.UpdatedAt) {
			t.Errorf("%+v", c)
		}
		customers[c.ShopifyID] = c
	}
	for _, o := range b.Orders {
		once("order", o.ShopifyID)
		if o.CustomerShopifyID != nil && customers[*o.CustomerShopifyID].CreatedAt.After(o.ProcessedAt) {
			t.Errorf("order %s is before its customer", o.ShopifyID)
		}
		if len(o.Items) < 1 || len(o.Items) > 6 {
			t.Errorf("order %s has %d lines", o.ShopifyID, len(o.Items))
		}
		for _, it := range o.Items {
			once("line", *it.ShopifyID)
			p, ok := products[*it.ProductShopifyID]
			if !ok || p.Status == "DRAFT" || p.CreatedAt.After(o.ProcessedAt) || p.Title != it.Title {
				t.Errorf("order %s sells %+v", o.ShopifyID, p)
			}
		}
		for _, r := range o.Refunds {
			once("refund", r.ShopifyID)
			if !r.CreatedAt.After(o.ProcessedAt) || r.CreatedAt.After(*o.UpdatedAt) {
				t.Errorf("refund of %s at %s", o.ShopifyID, r.CreatedAt)
			}
		}
		for _, a := range o.Adjustments {
			once("adjustment", a.ShopifyID)
			if !a.HappenedAt.After(o.ProcessedAt) || a.HappenedAt.After(*o.UpdatedAt) {
				t.Errorf("adjustment of %s at %s", o.ShopifyID, a.HappenedAt)
			}
		}
	}
	o := options(t, "GBP", "Europe/London", 30, 50)
	o.FirstID = 1
	if first := whole(t, sample.Shop(3, o)); first.Products[0].ShopifyID != "1" || first.Orders[49].ShopifyID != "50" {
		t.Errorf("numbers begin with %s", first.Products[0].ShopifyID)
	}
}

func TestPrices(t *testing.T) {
	t.Parallel()
	form := map[string]string{"USD": `^\d+\.\d\d$`, "JPY": `^\d+$`, "KWD": `^\d+\.\d{3}$`, "EUR": `^\d+\.\d\d$`, "VND": `^\d+$`}
	for currency, form := range form {
		b := whole(t, sample.Shop(1, options(t, currency, "UTC", 10, 200)))
		least, most := int64(1)<<62, int64(0)
		for _, p := range b.Products {
			if !regexp.MustCompile(form).MatchString(*p.Price) {
				t.Errorf("%s: %s costs %s", currency, p.Title, *p.Price)
			}
			n, err := money.Parse(*p.Price, money.Currency(currency))
			if err != nil {
				t.Fatal(err)
			}
			least, most = min(least, n), max(most, n)
		}
		if least < 100 || most < 10*least {
			t.Errorf("%s: prices go from %d to %d", currency, least, most)
		}
		t.Logf("%s: %s costs %s", currency, b.Products[0].Title, *b.Products[0].Price)
	}
}

// A million orders are generated while they are read.
func BenchmarkShop(b *testing.B) {
	o := options(b, "USD", "America/New_York", 365, 1_000_000)
	o.FirstID = 1
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		for part := range sample.Shop(1, o).Batches() {
			n += len(part.Orders)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "orders/s")
}
