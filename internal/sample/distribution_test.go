package sample_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/period"
	"github.com/shopsight/shopsight/internal/sample"
)

// share checks that part of whole is within percent bounds.
func share(t *testing.T, what string, part, whole int, low, high float64) {
	t.Helper()
	p := 100 * float64(part) / float64(whole)
	t.Logf("%s: %d of %d (%.1f %%)", what, part, whole, p)
	if p < low || p > high {
		t.Errorf("%s: %.1f %%, want %v to %v", what, p, low, high)
	}
}

func TestDistribution(t *testing.T) {
	t.Parallel()
	o := options(t, "EUR", "Europe/Berlin", 1095, 20_000)
	b := whole(t, sample.Shop(5, o))
	days, months, hours, weekdays := map[period.Day]int{}, map[time.Month]int{}, [24]int{}, [7]int{}
	years := [3]int{}
	perCustomer, perProduct := map[string]int{}, map[string]int{}
	seen := map[string]int{}
	first := period.DayOf(now, o.Zone) - 1094
	var known int
	for _, x := range b.Orders {
		d := period.DayOf(x.ProcessedAt, o.Zone)
		_, month, _ := d.Date()
		days[d]++
		months[month]++
		years[(d-first)/365]++
		hours[x.ProcessedAt.In(o.Zone).Hour()]++
		weekdays[d.Weekday()]++
		switch {
		case x.Test:
			seen["test"]++
			if x.CustomerShopifyID != nil || len(x.Refunds) > 0 {
				t.Errorf("test order %s", x.ShopifyID)
			}
		case x.CustomerShopifyID == nil:
			seen["guest"]++
		default:
			known++
			perCustomer[*x.CustomerShopifyID]++
		}
		seen["channel "+*x.Channel]++
		seen["financial "+x.FinancialStatus]++
		seen["fulfillment "+x.FulfillmentStatus]++
		seen[fmt.Sprint("lines ", len(x.Items))]++
		for _, c := range x.DiscountCodes {
			seen["code "+c]++
		}
		for _, c := range x.Tags {
			seen["tag "+c]++
		}
		if x.CancelledAt != nil {
			seen["cancelled"]++
		}
		if len(x.Refunds) > 0 {
			seen["refunded"]++
			if len(x.Refunds) > 1 {
				seen["refunded twice"]++
			}
		}
		if len(x.Adjustments) > 0 {
			seen["adjusted"]++
		}
		if x.ShippingCountry != nil {
			seen["country "+*x.ShippingCountry]++
		}
		for what, s := range map[string]string{"shipping": x.Shipping, "taxes": x.Taxes, "duties": x.Duties, "fees": x.Fees, "tips": x.Tips} {
			if n, err := money.Parse(s, o.Currency); err == nil && n > 0 {
				seen[what]++
			}
		}
		if !x.TaxesIncluded {
			t.Errorf("order %s in euros excludes taxes", x.ShopifyID)
		}
		for _, it := range x.Items {
			perProduct[*it.ProductShopifyID]++
			if it.GiftCard {
				seen["gift card"]++
			}
			if it.Quantity > 5 {
				seen["bulk"]++
			}
		}
	}
	n := len(b.Orders)
	share(t, "guests", seen["guest"], n, 6.5, 9.5)
	share(t, "refunded", seen["refunded"], n, 5, 8)
	share(t, "cancelled", seen["cancelled"], n, 1.2, 2.6)
	share(t, "point of sale", seen["channel Point of Sale"], n, 4, 16)
	share(t, "first orders", len(perCustomer), known, 40, 70)
	counts := slices.Sorted(maps.Values(perCustomer))
	repeat := 0
	for _, c := range counts {
		if c > 1 {
			repeat++
		}
	}
	share(t, "customers who came back", repeat, len(counts), 22, 50)
	best := 0
	for _, c := range counts[len(counts)*9/10:] {
		best += c
	}
	share(t, "orders of the best tenth", best, known, 25, 60)
	if top := counts[len(counts)-1]; top < 10 {
		t.Errorf("the best customer ordered %d times", top)
	}
	sold := slices.Sorted(maps.Values(perProduct))
	if sold[len(sold)-1] < 5*sold[len(sold)/2] {
		t.Errorf("no product sells much better than another: %v", sold)
	}
	if months[time.November] < months[time.July]*11/10 || months[time.December] < months[time.February]*12/10 {
		t.Errorf("no season: %v", months)
	}
	if years[2] < years[0]*12/10 || years[2] > years[0]*22/10 {
		t.Errorf("no growth: %v", years)
	}
	if weekdays[time.Sunday] < weekdays[time.Saturday]*11/10 {
		t.Errorf("no week: %v", weekdays)
	}
	if hours[20] < 5*hours[4] || hours[12] < 2*hours[7] {
		t.Errorf("no day: %v", hours)
	}
	friday := period.NewDay(2025, time.November, 28)
	if days[friday] < 2*days[friday-7] {
		t.Errorf("no Black Friday: %d orders, a week before %d", days[friday], days[friday-7])
	}
	for _, what := range []string{"test", "refunded twice", "adjusted", "gift card", "bulk", "shipping", "taxes", "duties", "fees",
		"tips", "channel Online Store", "channel Shop", "channel Instagram", "financial PAID", "financial PENDING",
		"financial AUTHORIZED", "financial PARTIALLY_PAID", "financial PARTIALLY_REFUNDED", "financial REFUNDED",
		"financial VOIDED", "financial EXPIRED", "fulfillment UNFULFILLED", "fulfillment FULFILLED",
		"fulfillment PARTIALLY_FULFILLED", "fulfillment IN_PROGRESS", "fulfillment RESTOCKED", "lines 1", "lines 6", "code BLACKFRIDAY",
		"code CYBERMONDAY", "code WELCOME10", "code FREESHIP", "code FLASH20", "tag Subscription", "tag wholesale", "tag gift-wrap",
		"country DE", "country FR", "country CH"} {
		if seen[what] == 0 {
			t.Errorf("there is no %s", what)
		}
	}
	t.Log(seen)
	for _, p := range b.Products {
		seen["status "+p.Status]++
	}
	if seen["status ACTIVE"] < 50 || seen["status DRAFT"] == 0 || seen["status ARCHIVED"] == 0 {
		t.Errorf("products: %v", seen)
	}
	if c := len(b.Products); c < 60 || c > 150 {
		t.Errorf("%d products", c)
	}
}

// A store of the default size is what most people see first, so nothing that matters may be missing in it.
func TestDefaultSize(t *testing.T) {
	t.Parallel()
	for seed := range int64(20) {
		seen := map[string]bool{}
		for _, x := range whole(t, sample.Shop(seed, options(t, "USD", "America/New_York", 180, 600))).Orders {
			seen["test"] = seen["test"] || x.Test
			seen["guest"] = seen["guest"] || !x.Test && x.CustomerShopifyID == nil
			seen["refund"] = seen["refund"] || len(x.Refunds) > 0
			seen["cancellation"] = seen["cancellation"] || x.CancelledAt != nil
			seen["adjustment"] = seen["adjustment"] || len(x.Adjustments) > 0
			seen["code"] = seen["code"] || len(x.DiscountCodes) > 0
			seen["tip"] = seen["tip"] || x.Tips != ""
			seen["tax"] = seen["tax"] || x.Taxes != "0.00" && !x.TaxesIncluded
			for _, it := range x.Items {
				seen["gift card"] = seen["gift card"] || it.GiftCard
			}
		}
		for what, there := range seen {
			if !there {
				t.Errorf("seed %d has no %s", seed, what)
			}
		}
	}
}
