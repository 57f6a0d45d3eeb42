package sync_test

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

// equal compares every record and every number here with the store's.
func (w *world) equal() {
	w.Helper()
	db := testkit.DB(w, w.store)
	tenant := viewer.FromContext(w.ctx).TenantID
	currency := money.Currency("USD")

	want := map[string]string{}
	for _, p := range w.shop.Products() {
		inventory := "-"
		if p.TracksInventory {
			inventory = fmt.Sprint(p.Inventory)
		}
		want[fmt.Sprint("product ", p.ID)] = fmt.Sprint(p.Title, p.Vendor, p.Price, inventory, p.UpdatedAt.Unix())
	}
	got := w.rows(db, "product", `SELECT shopify_id, title, vendor, price, inventory_quantity, updated_at FROM products
		WHERE tenant_id = ? AND known = TRUE`, tenant, func(scan func(...any) error) (string, error) {
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
	for _, c := range w.shop.Customers() {
		want[fmt.Sprint("customer ", c.ID)] = fmt.Sprint(c.FirstName, "|", c.LastName, "|", c.Email, "|", c.Phone, "|", c.City, "|", c.UpdatedAt.Unix())
	}
	maps.Copy(got, w.rows(db, "customer", `SELECT shopify_id, first_name, last_name, email, phone, city, updated_at FROM customers
		WHERE tenant_id = ? AND known = TRUE`, tenant, func(scan func(...any) error) (string, error) {
		var first, last, email, phone, city sql.NullString
		var at time.Time
		err := scan(&first, &last, &email, &phone, &city, &at)
		return fmt.Sprint(first.String, "|", last.String, "|", email.String, "|", phone.String, "|", city.String, "|", at.Unix()), err
	}))
	var gross int64
	for _, o := range w.shop.Orders() {
		n := numbersOf(o)
		customer := o.CustomerID
		if w.shop.Customer(customer) == nil {
			customer = 0
		}
		want[fmt.Sprint("order ", o.ID)] = fmt.Sprint(o.Name, customer, o.ProcessedAt.Unix(), o.UpdatedAt.Unix(), o.Test, len(o.Lines), " ",
			money.Format(n.total, currency), " ", money.Format(n.refunded, currency), " ", money.Format(n.net, currency))
		if !o.Test {
			gross += n.net
		}
	}
	maps.Copy(got, w.rows(db, "order", `SELECT o.shopify_id, o.name, COALESCE(c.shopify_id, 0), o.processed_at, o.updated_at, o.test,
		(SELECT COUNT(*) FROM order_items i WHERE i.tenant_id = o.tenant_id AND i.order_id = o.id), o.total, o.refunded, o.net_sales
		FROM orders o LEFT JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id WHERE o.tenant_id = ?`, tenant,
		func(scan func(...any) error) (string, error) {
			var name string
			var customer, lines, total, refunded, net int64
			var at, updated time.Time
			var test bool
			err := scan(&name, &customer, &at, &updated, &test, &lines, &total, &refunded, &net)
			return fmt.Sprint(name, customer, at.Unix(), updated.Unix(), test, lines, " ",
				money.Format(total, currency), " ", money.Format(refunded, currency), " ", money.Format(net, currency)), err
		}))
	wrong := 0
	for key, text := range want {
		if got[key] != text {
			if wrong++; wrong < 5 {
				w.Errorf("%s: %q, the store has %q", key, got[key], text)
			}
		}
		delete(got, key)
	}
	for key := range got {
		if wrong++; wrong < 5 {
			w.Errorf("%s is not in the store", key)
		}
	}
	if wrong > 0 {
		w.Fatalf("%d records differ of %d", wrong, len(want))
	}
	var net int64
	if err := db.QueryRow(`SELECT COALESCE(SUM(gross - discount - reversal), 0) FROM daily_sales WHERE tenant_id = ?`, tenant).Scan(&net); err != nil || net != gross {
		w.Errorf("net sales of all days are %d, those of the store's orders %d: %v", net, gross, err)
	}
	err := ingest.New(w.store, w.clock.Now).Verify(w.ctx, func(d ingest.Difference) { w.Errorf("verify: %s", d) })
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) rows(db *sql.DB, kind, query string, tenant int64, text func(scan func(...any) error) (string, error)) map[string]string {
	w.Helper()
	rows, err := db.Query(query, tenant)
	if err != nil {
		w.Fatal(err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var id int64
		line, err := text(func(to ...any) error { return rows.Scan(append([]any{&id}, to...)...) })
		if err != nil {
			w.Fatal(err)
		}
		out[fmt.Sprint(kind, " ", id)] = line
	}
	return out
}

// numbers are what an order comes to, worked out from the store's own sales.
type numbers struct{ total, refunded, net int64 }

func numbersOf(o *simshop.Order) (n numbers) {
	gift := map[int64]bool{}
	for _, l := range o.Lines {
		gift[l.ID] = l.GiftCard
	}
	sold := int64(0) // goods without tax: what a cancellation can still take back
	for _, a := range o.Agreements {
		for _, s := range a.Sales {
			if a.RefundID == 0 && s.Total > 0 {
				n.total += s.Total
			}
			goods := !gift[s.LineID] && !slices.Contains([]string{"SHIPPING", "TIP", "GIFT_CARD", "DUTY", "FEE", "ADDITIONAL_FEE"}, s.LineType)
			back := a.RefundID != 0 && (goods || s.LineType == "SHIPPING" || s.LineType == "DUTY")
			if goods || a.RefundID != 0 && s.LineType == "DUTY" {
				n.net += s.Total - s.Tax
				if s.Total > 0 && a.RefundID == 0 {
					sold += s.Total - s.Tax
				}
			}
			if back {
				n.refunded -= s.Total
			}
		}
	}
	if !o.CancelledAt.IsZero() && n.net > 0 {
		n.net = 0
	}
	return n
}
