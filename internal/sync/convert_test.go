package sync_test

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

// placed is when the orders of the table are placed.
var placed = time.Date(2026, 11, 2, 15, 0, 0, 0, time.UTC)

// after is noon of the day that is so many days after an order.
func after(days int) time.Time {
	return placed.Truncate(24*time.Hour).AddDate(0, 0, days).Add(12 * time.Hour)
}

func line(id int64, quantity int, price string) shopify.Line {
	return shopify.Line{ID: id, Title: "Tea", Quantity: quantity, UnitPrice: price, Discount: "0", Tax: "0"}
}

func giftLine(id int64, price string) shopify.Line {
	l := line(id, 1, price)
	l.GiftCard = true
	return l
}

// sale reads "ORDER PRODUCT 1 x2 22.00 tax 2.00": action, type, line, pieces, amount and tax; all but the first two and the
// amount may be left out.
func sale(text string) shopify.Sale {
	words := strings.Fields(text)
	s := shopify.Sale{Action: words[0], LineType: words[1], Tax: "0"}
	for i := 2; i < len(words); i++ {
		switch n, err := strconv.ParseInt(words[i], 10, 64); {
		case words[i] == "tax":
			i++
			s.Tax = words[i]
		case strings.HasPrefix(words[i], "x"):
			s.Quantity, _ = strconv.Atoi(words[i][1:])
		case err == nil && n > 0 && i == 2 && i < len(words)-1:
			s.LineID = &n
		default:
			s.Amount = words[i]
		}
	}
	return s
}

func agreement(reason string, at time.Time, sales ...string) shopify.Agreement {
	a := shopify.Agreement{Reason: reason, HappenedAt: at}
	for _, s := range sales {
		a.Sales = append(a.Sales, sale(s))
	}
	return a
}

func bought(sales ...string) shopify.Agreement { return agreement("ORDER", placed, sales...) }

func edited(day int, sales ...string) shopify.Agreement {
	return agreement("ORDER_EDIT", after(day), sales...)
}

func returned(day int, sales ...string) shopify.Agreement {
	return agreement("RETURN", after(day), sales...)
}

// refunded is the agreement of refund 9.
func refunded(day int, sales ...string) shopify.Agreement {
	a := agreement("REFUND", after(day), sales...)
	id := int64(9)
	a.RefundID = &id
	return a
}

// of makes an order of lines and agreements. Its refund is listed when an agreement names one.
func of(lines []shopify.Line, agreements ...shopify.Agreement) shopify.Order {
	o := shopify.Order{ProcessedAt: placed, CreatedAt: placed, UpdatedAt: placed, CurrencyCode: "USD", FinancialStatus: "PAID",
		Lines: lines, Agreements: agreements}
	for i := range o.Agreements {
		o.Agreements[i].ID = int64(i + 1)
		if a := o.Agreements[i]; a.RefundID != nil && len(o.Refunds) == 0 {
			o.Refunds = []shopify.Refund{{ID: *a.RefundID, CreatedAt: a.HappenedAt}}
		}
	}
	return o
}

func with(o shopify.Order, change func(*shopify.Order)) shopify.Order {
	change(&o)
	return o
}

func goods(l ...shopify.Line) []shopify.Line { return l }

func included(o *shopify.Order)  { o.TaxesIncluded = true }
func cancelled(o *shopify.Order) { at := after(1); o.CancelledAt = &at }

// What Shopify says of an order, and the entries that it has to become, both worked out by hand.
var orders = []struct {
	name  string
	order shopify.Order
	want  string
}{
	{"plain", of(goods(line(1, 2, "10.00")), bought("ORDER PRODUCT 1 x2 22.00 tax 2.00")), "sale gross 20.00 tax 2.00 units 2"},
	{"tax included", with(of(goods(line(1, 2, "11.00")), bought("ORDER PRODUCT 1 x2 22.00 tax 2.00")), included),
		"sale gross 20.00 tax 2.00 units 2"},
	{"discount of a line", of(goods(line(1, 2, "10.00")), bought("ORDER PRODUCT 1 x2 16.50 tax 1.50")),
		"sale gross 20.00 discount 5.00 tax 1.50 units 2"},
	{"discount, tax included", with(of(goods(line(1, 1, "100.00")), bought("ORDER PRODUCT 1 x1 75.00 tax 6.82")), included),
		"sale gross 90.91 discount 22.73 tax 6.82 units 1"},
	{"discount of the order", of(goods(line(1, 1, "30.00"), line(2, 1, "10.00")),
		bought("ORDER PRODUCT 1 x1 24.00", "ORDER PRODUCT 2 x1 8.00")), "sale gross 40.00 discount 8.00 units 2"},
	{"shipping", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 11.00 tax 1.00", "ORDER SHIPPING 5.50 tax 0.50")),
		"sale gross 10.00 shipping 5.00 tax 1.50 units 1"},
	{"shipping, tax included", with(of(goods(line(1, 1, "11.00")),
		bought("ORDER PRODUCT 1 x1 11.00 tax 1.00", "ORDER SHIPPING 5.50 tax 0.50")), included),
		"sale gross 10.00 shipping 5.00 tax 1.50 units 1"},
	{"duties, fees and a tip", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00", "ORDER DUTY 3.00",
		"ORDER ADDITIONAL_FEE 2.00", "ORDER FEE 1.00", "ORDER TIP 4.00")), "sale gross 10.00 duty 3.00 fee 3.00 tip 4.00 units 1"},
	{"gift card sold", of(goods(line(1, 1, "10.00"), giftLine(2, "50.00")),
		bought("ORDER PRODUCT 1 x1 10.00", "ORDER GIFT_CARD 2 x1 50.00")), "sale gross 10.00 gift 50.00 units 1"},
	{"gift card whose sale names no line", of(goods(giftLine(2, "50.00")), bought("ORDER GIFT_CARD x1 50.00")), "sale gift 50.00"},
	{"gift card refunded", of(goods(giftLine(2, "50.00")), bought("ORDER GIFT_CARD 2 x1 50.00"),
		refunded(2, "RETURN GIFT_CARD 2 x-1 -50.00")), "sale gift 50.00 | day 2 refund gift -50.00"},
	{"gift card with tax", of(goods(giftLine(2, "50.00")), bought("ORDER GIFT_CARD 2 x1 55.00 tax 5.00")), "sale tax 5.00 gift 50.00"},
	{"refund of a line", of(goods(line(1, 2, "10.00")), bought("ORDER PRODUCT 1 x2 22.00 tax 2.00"),
		refunded(3, "RETURN PRODUCT 1 x-1 -11.00 tax -1.00")),
		"sale gross 20.00 tax 2.00 units 2 | day 3 refund reversal 10.00 tax -1.00"},
	{"refund of shipping", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00", "ORDER SHIPPING 5.50 tax 0.50"),
		refunded(3, "RETURN SHIPPING -5.50 tax -0.50")),
		"sale gross 10.00 shipping 5.00 tax 0.50 units 1 | day 3 refund shipping -5.00 tax -0.50"},
	{"refund of more than the line", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00"),
		refunded(3, "RETURN PRODUCT 1 x-1 -10.00", "UPDATE ADJUSTMENT -2.00")), "sale gross 10.00 units 1 | day 3 refund reversal 12.00"},
	{"refund of less than the line", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00"),
		refunded(3, "RETURN PRODUCT 1 x-1 -10.00", "UPDATE ADJUSTMENT 3.00")), "sale gross 10.00 units 1 | day 3 refund reversal 7.00"},
	{"refund that charges", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00"), refunded(3, "UPDATE ADJUSTMENT 3.00")),
		"sale gross 10.00 fee 3.00 units 1"},
	{"refund of goodwill, tax included", with(of(goods(line(1, 1, "110.00")), bought("ORDER PRODUCT 1 x1 110.00 tax 10.00"),
		refunded(3, "UPDATE ADJUSTMENT -11.00 tax -1.00")), included), "sale gross 100.00 tax 10.00 units 1 | day 3 refund reversal 10.00 tax -1.00"},
	{"refund of a duty", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00", "ORDER DUTY 3.00"), refunded(3, "RETURN DUTY -3.00")),
		"sale gross 10.00 duty 3.00 units 1 | day 3 refund duty -3.00"},
	{"duty and fee taken off by an edit", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00", "ORDER DUTY 3.00", "ORDER ADDITIONAL_FEE 2.00"),
		edited(2, "RETURN DUTY -1.00", "RETURN ADDITIONAL_FEE -2.00")),
		"sale gross 10.00 duty 3.00 fee 2.00 units 1 | day 2 edit duty -1.00 fee -2.00"},
	{"refund of a tip", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00", "ORDER TIP 4.00"), refunded(3, "RETURN TIP -4.00")),
		"sale gross 10.00 tip 4.00 units 1"},
	{"refund of a part of the price", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00"), refunded(3, "UPDATE PRODUCT 1 x1 -2.00")),
		"sale gross 10.00 units 1 | day 3 refund reversal 2.00"},
	{"refund with an odd tax", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00"), refunded(3, "RETURN PRODUCT 1 x-1 -10.00 tax 0.01")),
		"sale gross 10.00 units 1 | day 3 refund reversal 10.00"},
	{"refund in two agreements", of(goods(line(1, 2, "10.00")), bought("ORDER PRODUCT 1 x2 20.00"),
		refunded(3, "RETURN PRODUCT 1 x-1 -10.00"), refunded(3, "UPDATE ADJUSTMENT 4.00")), "sale gross 20.00 units 2 | day 3 refund reversal 6.00"},
	{"refund that is not listed", with(of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00"),
		refunded(3, "RETURN PRODUCT 1 x-1 -10.00")), func(o *shopify.Order) { o.Refunds = nil }),
		"sale gross 10.00 units 1 | day 3 refund reversal 10.00"},
	{"refund without an instant", with(of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00"),
		refunded(3, "RETURN PRODUCT 1 x-1 -10.00")), func(o *shopify.Order) { o.Refunds[0].CreatedAt = time.Time{} }),
		"sale gross 10.00 units 1 | day 3 refund reversal 10.00"},
	{"restocked without money", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00"), refunded(3, "RETURN PRODUCT 1 x-1 0.00")),
		"sale gross 10.00 units 1"},
	{"edit that removes", of(goods(line(1, 2, "10.00")), bought("ORDER PRODUCT 1 x2 20.00"), edited(1, "RETURN PRODUCT 1 x-1 -10.00")),
		"sale gross 20.00 units 2 | day 1 edit reversal 10.00"},
	{"edit that adds", of(goods(line(1, 2, "10.00"), line(2, 1, "5.00")), bought("ORDER PRODUCT 1 x2 20.00"), edited(1, "ORDER PRODUCT 2 x1 5.00")),
		"sale gross 25.00 units 3"},
	{"edits that add and remove", of(goods(line(1, 2, "10.00"), line(2, 1, "5.00")), bought("ORDER PRODUCT 1 x2 20.00"),
		edited(1, "ORDER PRODUCT 2 x1 5.00"), edited(2, "RETURN PRODUCT 2 x-1 -5.00")), "sale gross 25.00 units 3 | day 2 edit reversal 5.00"},
	{"edit that removes shipping", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00", "ORDER SHIPPING 5.50 tax 0.50"),
		edited(1, "RETURN SHIPPING -5.50 tax -0.50")),
		"sale gross 10.00 shipping 5.00 tax 0.50 units 1 | day 1 edit shipping -5.00 tax -0.50"},
	{"discount by an edit", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00"), edited(1, "UPDATE PRODUCT 1 -3.00")),
		"sale gross 10.00 units 1 | day 1 edit reversal 3.00"},
	{"discount by an edit, and away again", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00"),
		edited(1, "UPDATE PRODUCT 1 -3.00"), edited(2, "UPDATE PRODUCT 1 3.00")), "sale gross 13.00 units 1 | day 1 edit reversal 3.00"},
	{"tax taken off by an edit", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 11.00 tax 1.00"), edited(1, "UPDATE PRODUCT 1 -1.00 tax -1.00")),
		"sale gross 10.00 tax 1.00 units 1 | day 1 edit tax -1.00"},
	{"price raised by an edit", of(goods(line(1, 3, "10.00")), bought("ORDER PRODUCT 1 x3 30.00"), edited(1, "UPDATE PRODUCT 1 1.00")),
		"sale gross 31.02 discount 0.02 units 3"},
	{"return, then its refund", with(of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00"), returned(2, "RETURN PRODUCT 1 x-1 -10.00"), refunded(4)),
		func(o *shopify.Order) { o.Refunds[0].Total = "10.00" }), "sale gross 10.00 units 1 | day 2 edit reversal 10.00"},
	{"return with a fee", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00"), returned(2, "RETURN PRODUCT 1 x-1 -10.00", "ORDER FEE 2.00")),
		"sale gross 10.00 fee 2.00 units 1 | day 2 edit reversal 10.00"},
	{"exchange", of(goods(line(1, 1, "10.00"), line(2, 1, "12.00")), bought("ORDER PRODUCT 1 x1 10.00"),
		returned(2, "RETURN PRODUCT 1 x-1 -10.00", "ORDER PRODUCT 2 x1 12.00")), "sale gross 22.00 units 2 | day 2 edit reversal 10.00"},
	{"exchange with a refund", of(goods(line(1, 1, "10.00"), line(2, 1, "7.00")), bought("ORDER PRODUCT 1 x1 10.00"),
		refunded(2, "RETURN PRODUCT 1 x-1 -10.00", "ORDER PRODUCT 2 x1 7.00")), "sale gross 17.00 units 2 | day 2 refund reversal 10.00"},
	{"cancelled with a refund", with(of(goods(line(1, 2, "10.00")), bought("ORDER PRODUCT 1 x2 22.00 tax 2.00"),
		refunded(1, "RETURN PRODUCT 1 x-2 -22.00 tax -2.00")), cancelled), "sale gross 20.00 tax 2.00 units 2 | day 1 refund reversal 20.00 tax -2.00"},
	{"cancelled without a refund", with(of(goods(line(1, 2, "10.00")), bought("ORDER PRODUCT 1 x2 20.00", "ORDER SHIPPING 5.00")), cancelled),
		"sale gross 20.00 shipping 5.00 units 2 | day 1 cancellation reversal 20.00 shipping -5.00"},
	{"test order", with(of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00")), func(o *shopify.Order) { o.Test = true }), ""},
	{"free", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 0.00")), "sale gross 10.00 discount 10.00 units 1"},
	{"without lines", of(nil, bought("ORDER TIP 4.00")), "sale tip 4.00"},
	{"line without pieces that was sold", of(goods(line(1, 0, "10.00")), bought("ORDER PRODUCT 1 x2 20.00"), edited(1, "RETURN PRODUCT 1 x-2 -20.00")),
		"sale gross 20.00 units 2 | day 1 edit reversal 20.00"},
	{"line without pieces at all", of(goods(line(1, 1, "10.00"), line(2, 0, "5.00")), bought("ORDER PRODUCT 1 x1 10.00"), refunded(1, "RETURN PRODUCT 2 x0 0.00")),
		"sale gross 10.00 units 1"},
	{"sale of a line that is not there", of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00", "ORDER PRODUCT 7 x1 5.00"),
		refunded(1, "RETURN PRODUCT 7 x-1 -5.00")), "sale gross 10.00 fee 5.00 units 1 | day 1 refund fee -5.00"},
	{"unknown enums", with(of(goods(line(1, 1, "10.00")), bought("ORDER PRODUCT 1 x1 10.00", "BARTER FAVOUR 2.00"), edited(1, "BARTER FAVOUR -1.00")),
		func(o *shopify.Order) { o.FinancialStatus, o.FulfillmentStatus = "PAID_IN_KIND", "TELEPORTED" }),
		"sale gross 10.00 fee 2.00 units 1 | day 1 edit fee -1.00"},
	{"older than agreements", with(of(goods(line(1, 2, "10.00"))), func(o *shopify.Order) {
		o.Lines[0].Discount, o.Lines[0].Tax = "5.00", "1.50"
		o.Shipping = []shopify.ShippingLine{{Price: "5.00", Tax: "0.50"}}
		o.Taxes, o.Tips = "2.00", "1.00"
		o.Refunds = []shopify.Refund{{ID: 9, CreatedAt: after(5), Total: "11.00", Lines: []shopify.RefundLine{{LineID: 1, Quantity: 1}, {LineID: 7, Quantity: 1}}}}
	}), "sale gross 20.00 discount 5.00 shipping 5.00 tax 2.00 tip 1.00 units 2 | day 5 refund reversal 10.00 tax -1.00"},
	{"older than agreements, tax included", with(of(goods(line(1, 1, "11.00"))), func(o *shopify.Order) {
		o.TaxesIncluded, o.Lines[0].Tax = true, "1.00"
		o.Shipping = []shopify.ShippingLine{{Price: "5.50", Tax: "0.50"}}
	}), "sale gross 10.00 shipping 5.00 tax 1.50 units 1"},
	{"more digits than the currency has", of(goods(line(1, 3, "0.333")), bought("ORDER PRODUCT 1 x3 0.999")),
		"sale gross 1.02 discount 0.02 units 3"},
	{"digits that round to nothing", of(goods(line(1, 1, "0.004")), bought("ORDER PRODUCT 1 x1 0.004")), "sale units 1"},
	{"yen", with(of(goods(line(1, 1, "1200.0")), bought("ORDER PRODUCT 1 x1 1320.0 tax 120.0")), func(o *shopify.Order) { o.CurrencyCode = "JPY" }),
		"sale gross 1200 tax 120 units 1"},
	{"dinars", with(of(goods(line(1, 3, "1.250")), bought("ORDER PRODUCT 1 x3 3.75"), refunded(1, "RETURN PRODUCT 1 x-1 -1.25")),
		func(o *shopify.Order) { o.CurrencyCode = "KWD" }), "sale gross 3.750 units 3 | day 1 refund reversal 1.250"},
}

// refundedPieces are the pieces that came back with refunds.
var refundedPieces = map[string]int{"plain": 0, "refund of a line": 1, "refund of a part of the price": 0, "restocked without money": 1,
	"gift card refunded": 1, "cancelled with a refund": 2, "older than agreements": 1}

// An order means in our reports what it means in Shopify's.
func TestOrders(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		db, tenants := testkit.DB(t, s), map[string]context.Context{}
		write := ingest.New(s, func() time.Time { return after(30) })
		for i, c := range orders {
			o := c.order
			o.ID = int64(1000 + i)
			ctx := tenants[o.CurrencyCode]
			if ctx == nil {
				ctx = testkit.Tenant(t, s, o.CurrencyCode, "UTC")
				tenants[o.CurrencyCode] = ctx
			}
			res, err := write.Apply(ctx, ingest.Batch{Source: ingest.SourceShopify, Orders: []ingest.OrderInput{sync.Order(o)}})
			if err != nil || res.Created != 1 {
				t.Errorf("%s: %+v, %v", c.name, res, err)
				continue
			}
			got, total := entries(t, db, ctx, o)
			if got != c.want {
				t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
			}
			if n, ok := refundedPieces[c.name]; ok {
				var got int
				err := db.QueryRow(`SELECT SUM(i.refunded_quantity) FROM order_items i JOIN orders o ON o.tenant_id = i.tenant_id AND o.id = i.order_id
					WHERE i.tenant_id = ? AND o.shopify_id = ?`, viewer.FromContext(ctx).TenantID, o.ID).Scan(&got)
				if err != nil || got != n {
					t.Errorf("%s: %d pieces came back, want %d: %v", c.name, got, n, err)
				}
			}
			if want := counted(o); total != want && !o.Test && len(o.Agreements) > 0 {
				t.Errorf("%s: all entries but a cancellation come to %d, the sales to %d", c.name, total, want)
			}
		}
		for _, ctx := range tenants {
			if err := write.Verify(ctx, func(d ingest.Difference) { t.Errorf("verify: %s", d) }); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// What went back on the shelf is told by the lines of a refund, what they are worth by its sales.
func TestRestocked(t *testing.T) {
	t.Parallel()
	none, some := shopify.RefundLine{LineID: 1, Quantity: 1}, shopify.RefundLine{LineID: 1, Quantity: 1, Restocked: true}
	two := shopify.RefundLine{LineID: 1, Quantity: 2, Restocked: true}
	for _, c := range []struct {
		name string
		told []shopify.RefundLine
		want string
	}{
		{"nothing told", nil, "1 x3 30.01"},
		{"none", []shopify.RefundLine{none, none, none}, "1 x3 30.01"},
		{"all", []shopify.RefundLine{some, two}, "1 x3 30.01 restocked"},
		{"some", []shopify.RefundLine{none, two}, "1 x1 10, 1 x2 20.01 restocked"},
		{"more than came back", []shopify.RefundLine{two, two}, "1 x3 30.01 restocked"},
		{"of another line", []shopify.RefundLine{{LineID: 2, Quantity: 3, Restocked: true}}, "1 x3 30.01"},
	} {
		o := of(goods(line(1, 3, "10.01"), line(2, 1, "1.00")), bought("ORDER PRODUCT 1 x3 30.03", "ORDER PRODUCT 2 x1 1.00"),
			refunded(1, "RETURN PRODUCT 1 x-3 -30.01"))
		o.Refunds[0].Lines = c.told
		var got []string
		for _, l := range sync.Order(o).Refunds[0].Lines {
			text := fmt.Sprintf("%s x%d %s", l.ItemShopifyID, l.Quantity, l.Amount)
			if l.Restocked {
				text += " restocked"
			}
			got = append(got, text)
		}
		if text := strings.Join(got, ", "); text != c.want {
			t.Errorf("%s: %s, want %s", c.name, text, c.want)
		}
	}
}

// entries writes the ledger's entries of an order, and sums those up that are no cancellation.
func entries(t *testing.T, db *sql.DB, ctx context.Context, o shopify.Order) (text string, total int64) {
	t.Helper()
	rows, err := db.Query(`SELECT e.kind, e.day, e.gross, e.discount, e.reversal, e.shipping, e.tax, e.duty, e.fee, e.tip, e.gift_card, e.units
		FROM ledger_entries e JOIN orders o ON o.tenant_id = e.tenant_id AND o.id = e.order_id
		WHERE e.tenant_id = ? AND o.shopify_id = ? ORDER BY e.kind, e.day`, viewer.FromContext(ctx).TenantID, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names := []string{"gross", "discount", "reversal", "shipping", "tax", "duty", "fee", "tip", "gift"}
	signs := []int64{1, -1, -1, 1, 1, 1, 1, 0, 0}
	var all []string
	for rows.Next() {
		var kind, day, units int64
		var n [9]int64
		if err := rows.Scan(&kind, &day, &n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6], &n[7], &n[8], &units); err != nil {
			t.Fatal(err)
		}
		words := []string{[]string{"", "sale", "refund", "edit", "cancellation"}[kind]}
		if kind != 1 {
			words = []string{"day", fmt.Sprint(day - placed.Unix()/86400), words[0]}
		}
		for i, name := range names {
			if n[i] != 0 {
				words = append(words, name, money.Format(n[i], money.Currency(o.CurrencyCode)))
			}
			if kind != 4 {
				total += signs[i] * n[i]
			}
		}
		if units != 0 {
			words = append(words, "units", fmt.Sprint(units))
		}
		all = append(all, strings.Join(words, " "))
	}
	return strings.Join(all, " | "), total
}

// counted sums up the sales of an order that are neither tips nor gift cards; the tax of a gift card is a tax.
func counted(o shopify.Order) (total int64) {
	for _, a := range o.Agreements {
		for _, s := range a.Sales {
			amount, _ := money.ParseRounded(s.Amount, money.Currency(o.CurrencyCode))
			tax, _ := money.ParseRounded(s.Tax, money.Currency(o.CurrencyCode))
			switch s.LineType {
			case "TIP":
			case "GIFT_CARD":
				total += tax
			default:
				total += amount
			}
		}
	}
	return total
}

// Nothing that a store may call its things keeps an order out.
func TestOddTexts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ü", 6000)
	at, customer, product := placed, int64(7), int64(8)
	in := sync.Order(shopify.Order{ID: 1, Name: long, ProcessedAt: at, UpdatedAt: at, CurrencyCode: "USD", CustomerID: &customer,
		SourceName: "we\x00b", ShippingCity: "\xff" + long, ShippingRegion: long, ShippingCountry: "ZZ", Tags: append(make([]string, 300), long),
		DiscountCodes: []string{long, "\x00"}, FinancialStatus: "", FulfillmentStatus: "",
		Lines:   []shopify.Line{{ID: 2, ProductID: &product, Title: " \x00 ", VariantTitle: long, SKU: long, Vendor: long, Quantity: 1, UnitPrice: "1"}},
		Refunds: []shopify.Refund{{ID: 3, Note: long + "\x00"}}})
	if *in.Channel != "web" || in.ShippingCountry != nil || in.Items[0].Title != "(untitled)" || in.FinancialStatus != "PENDING" ||
		in.FulfillmentStatus != "UNFULFILLED" || *in.CustomerShopifyID != "7" || *in.Items[0].ProductShopifyID != "8" {
		t.Errorf("%+v", in)
	}
	s := testkit.SQLite(t)
	ctx := testkit.Tenant(t, s, "USD", "UTC")
	res, err := ingest.New(s, func() time.Time { return after(1) }).Apply(ctx,
		ingest.Batch{Source: ingest.SourceShopify, Orders: []ingest.OrderInput{in}})
	if err != nil || res.Created != 1 {
		t.Errorf("%+v, %v", res, err)
	}
	// An amount that no order can have is refused, not read as something else.
	in = sync.Order(of(goods(line(1, 1, "99999999999999999999")), bought("ORDER PRODUCT 1 x1 99999999999999999999")))
	in.ShopifyID = "5"
	res, err = ingest.New(s, func() time.Time { return after(1) }).Apply(ctx, ingest.Batch{Source: ingest.SourceShopify, Orders: []ingest.OrderInput{in}})
	if err != nil || res.Rejected != 1 {
		t.Errorf("%+v, %v", res, err)
	}
}

// Every day of a store is ours too: what was taken back on the day it was, and what was sold, whenever it was added, on the
// day of its order.
func TestDays(t *testing.T) {
	t.Parallel()
	zones := []string{"America/New_York", "Asia/Tokyo", "Asia/Kuwait", "Europe/Berlin", "Pacific/Apia"}
	for i, currency := range []money.Currency{"USD", "JPY", "KWD", "EUR", "NZD"} {
		t.Run(string(currency), func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, s *store.Store) {
				zone, err := time.LoadLocation(zones[i])
				if err != nil {
					t.Fatal(err)
				}
				w := newWorld(t, s, options{shop: simshop.Options{Orders: testkit.Size(150, 3000), CurrencyCode: currency, Timezone: zone}})
				for range 20 {
					w.shop.Change(10)
					w.clock.pass(5 * time.Hour)
				}
				w.synced()
				want, orders := map[string]int64{}, map[string]int64{}
				for _, o := range w.shop.Orders() {
					if o.Test {
						continue
					}
					orders[o.ProcessedAt.In(zone).Format(time.DateOnly)]++
					for _, a := range o.Agreements {
						for _, sale := range a.Sales {
							at := o.ProcessedAt
							if sale.Total < 0 {
								at = a.HappenedAt
							}
							day := at.In(zone).Format(time.DateOnly)
							switch sale.LineType {
							case "PRODUCT", "ADJUSTMENT":
								want[day+" net sales"] += sale.Total - sale.Tax
							case "DUTY":
								want[day+" duties"] += sale.Total
							case "ADDITIONAL_FEE":
								want[day+" fees"] += sale.Total
							}
						}
					}
				}
				got := map[string]int64{}
				each(t, testkit.DB(t, s), "SELECT day, kind, gross - discount - reversal, duty, fee FROM ledger_entries", func(v []any) {
					day := time.Unix(v[0].(int64)*86400, 0).UTC().Format(time.DateOnly)
					if kind := v[1].(int64); kind != 4 { // a cancellation is no sale of Shopify's
						got[day+" net sales"] += v[2].(int64)
						got[day+" duties"] += v[3].(int64)
						got[day+" fees"] += v[4].(int64)
						if kind == 1 {
							orders[day]--
						}
					}
				})
				for day := range want {
					if got[day] != want[day] {
						t.Errorf("%s of %s, the store's are %s", day, money.Format(got[day], currency), money.Format(want[day], currency))
					}
					delete(got, day)
				}
				for day, n := range got {
					if n != 0 {
						t.Errorf("%s of %s, and nothing in the store", day, money.Format(n, currency))
					}
				}
				for day, n := range orders {
					if n != 0 {
						t.Errorf("%s: %d orders less than in the store", day, n)
					}
				}
			})
		})
	}
}
