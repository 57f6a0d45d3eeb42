// Package twin compares what a tenant has with the simulated store that it was read from: every record, and what the
// orders come to, worked out from the store's own sales.
package twin

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

// Equal fails the test unless the tenant has exactly the store's records, each as the store has it, and every number of
// the tenant is what its orders come to. The database is one of testkit's.
func Equal(tb testing.TB, s *store.Store, tenant int64, shop *simshop.Shop) {
	tb.Helper()
	r := reader{tb, testkit.DB(tb, s), tenant}
	got := r.records()
	want := recordsOf(shop)
	wrong, all := 0, len(want)
	for key, text := range want {
		if got[key] != text {
			if wrong++; wrong < 5 {
				tb.Errorf("%s: %q, the store has %q", key, got[key], text)
			}
		}
		delete(got, key)
	}
	for key := range got {
		if wrong++; wrong < 5 {
			tb.Errorf("%s is not in the store", key)
		}
	}
	if wrong > 0 {
		tb.Fatalf("%d records differ of %d", wrong, all)
	}
	var net int64
	err := r.db.QueryRow(`SELECT COALESCE(SUM(gross - discount - reversal), 0) FROM daily_sales WHERE tenant_id = ?`, tenant).Scan(&net)
	if want := SumsOf(shop).NetSales; err != nil || net != want {
		tb.Errorf("net sales of all days are %d, those of the store's orders %d: %v", net, want, err)
	}
	err = ingest.New(s, time.Now).Verify(viewer.NewContext(tb.Context(), viewer.Tenant(tenant)),
		func(d ingest.Difference) { tb.Errorf("verify: %s", d) })
	if err != nil {
		tb.Fatal(err)
	}
}

// Sums are what the orders of a store come to, without the test orders. Amounts are minor units.
type Sums struct {
	Orders, TestOrders int
	NetSales           int64
}

// SumsOf adds up the orders of a store.
func SumsOf(shop *simshop.Shop) (s Sums) {
	for _, o := range shop.Orders() {
		if o.Test {
			s.TestOrders++
			continue
		}
		s.Orders++
		s.NetSales += numbersOf(o).net
	}
	return s
}

// recordsOf returns the store's records, each by its kind and number as one line of what is to be stored.
func recordsOf(shop *simshop.Shop) map[string]string {
	out := map[string]string{}
	for _, p := range shop.Products() {
		inventory := "-"
		if p.TracksInventory {
			inventory = fmt.Sprint(p.Inventory)
		}
		out[fmt.Sprint("product ", p.ID)] = fmt.Sprint(p.Title, p.Vendor, p.Price, inventory, p.UpdatedAt.Unix())
	}
	for _, c := range shop.Customers() {
		out[fmt.Sprint("customer ", c.ID)] = fmt.Sprint(c.FirstName, "|", c.LastName, "|", c.Email, "|", c.Phone, "|", c.City, "|", c.UpdatedAt.Unix())
	}
	for _, o := range shop.Orders() {
		n := numbersOf(o)
		customer := o.CustomerID
		if shop.Customer(customer) == nil {
			customer = 0
		}
		out[fmt.Sprint("order ", o.ID)] = fmt.Sprint(o.Name, customer, o.ProcessedAt.Unix(), o.UpdatedAt.Unix(), o.Test, len(o.Lines), " ",
			n.total, " ", n.refunded, " ", n.net, " ", n.restocked)
	}
	return out
}

// reader reads what a tenant has, past the service.
type reader struct {
	testing.TB
	db     *sql.DB
	tenant int64
}

// records returns the tenant's records as recordsOf does.
func (r reader) records() map[string]string {
	r.Helper()
	out := r.rows("product", `SELECT shopify_id, title, vendor, price, inventory_quantity, updated_at FROM products
		WHERE tenant_id = ? AND known = TRUE`, func(scan func(...any) error) (string, error) {
		var title string
		var vendor sql.NullString
		var price, inventory sql.NullInt64
		var at time.Time
		err := scan(&title, &vendor, &price, &inventory, &at)
		n := "-"
		if inventory.Valid {
			n = fmt.Sprint(inventory.Int64)
		}
		return fmt.Sprint(title, vendor.String, price.Int64, n, at.Unix()), err
	})
	maps.Copy(out, r.rows("customer", `SELECT shopify_id, first_name, last_name, email, phone, city, updated_at FROM customers
		WHERE tenant_id = ? AND known = TRUE`, func(scan func(...any) error) (string, error) {
		var first, last, email, phone, city sql.NullString
		var at time.Time
		err := scan(&first, &last, &email, &phone, &city, &at)
		return fmt.Sprint(first.String, "|", last.String, "|", email.String, "|", phone.String, "|", city.String, "|", at.Unix()), err
	}))
	maps.Copy(out, r.rows("order", `SELECT o.shopify_id, o.name, COALESCE(c.shopify_id, 0), o.processed_at, o.updated_at, o.test,
		(SELECT COUNT(*) FROM order_items i WHERE i.tenant_id = o.tenant_id AND i.order_id = o.id), o.total, o.refunded, o.net_sales,
		(SELECT COALESCE(SUM(r.restocked_quantity), 0) FROM refunds r WHERE r.tenant_id = o.tenant_id AND r.order_id = o.id)
		FROM orders o LEFT JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id WHERE o.tenant_id = ?`,
		func(scan func(...any) error) (string, error) {
			var name string
			var customer, lines, total, refunded, net, restocked int64
			var at, updated time.Time
			var test bool
			err := scan(&name, &customer, &at, &updated, &test, &lines, &total, &refunded, &net, &restocked)
			return fmt.Sprint(name, customer, at.Unix(), updated.Unix(), test, lines, " ", total, " ", refunded, " ", net, " ", restocked), err
		}))
	return out
}

func (r reader) rows(kind, query string, text func(scan func(...any) error) (string, error)) map[string]string {
	r.Helper()
	rows, err := r.db.Query(query, r.tenant)
	if err != nil {
		r.Fatal(err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var id int64
		line, err := text(func(to ...any) error { return rows.Scan(append([]any{&id}, to...)...) })
		if err != nil {
			r.Fatal(err)
		}
		key := fmt.Sprint(kind, " ", id)
		if _, twice := out[key]; twice {
			r.Errorf("%s is there twice", key)
		}
		out[key] = line
	}
	if err := rows.Err(); err != nil {
		r.Fatal(err)
	}
	return out
}

// numbers are what an order comes to, worked out from the store's own sales.
type numbers struct{ total, refunded, net, restocked int64 }

func numbersOf(o *simshop.Order) (n numbers) {
	gift := map[int64]bool{}
	for _, l := range o.Lines {
		gift[l.ID] = l.GiftCard
	}
	for _, r := range o.Refunds {
		for _, l := range r.Lines {
			if l.Restocked {
				n.restocked += l.Quantity
			}
		}
	}
	sold := int64(0) // goods without tax: what a cancellation can still take back
	for _, a := range o.Agreements {
		for _, s := range a.Sales {
			if a.RefundID == 0 && s.Total > 0 {
				n.total += s.Total
			}
			goods := !gift[s.LineID] && !slices.Contains([]string{"SHIPPING", "TIP", "GIFT_CARD", "DUTY", "FEE", "ADDITIONAL_FEE"}, s.LineType)
			if goods {
				n.net += s.Total - s.Tax
				if s.Total > 0 && a.RefundID == 0 {
					sold += s.Total - s.Tax
				}
			}
			if a.RefundID != 0 && s.LineType != "TIP" && s.LineType != "GIFT_CARD" && !gift[s.LineID] {
				n.refunded -= s.Total
			}
		}
	}
	if !o.CancelledAt.IsZero() && n.net > 0 {
		n.net = 0
	}
	return n
}
