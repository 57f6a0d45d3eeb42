package ingest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/live"
	"github.com/shopsight/shopsight/internal/store"
)

// Redacted counts what is anonymous after Redact.
type Redacted struct{ Customers, Orders int64 }

// Redact forgets a person for good: the customer of the number, unless it is 0, with all orders that name it, and the
// orders of the given numbers. Names, addresses, tags, codes, notes and the words by which they are found go; numbers,
// amounts and dates stay, so that no report changes. From the first transaction on, which remembers the numbers, no record
// of theirs is written with what is personal, whichever door it comes in by and however late.
//
// It works in transactions of bounded size, and may be called again after an interruption: what is done stays done.
func (s *Service) Redact(ctx context.Context, customer int64, orders []int64) (Redacted, error) {
	var done Redacted
	err := s.write(ctx, "", func(w *writer) (err error) {
		done = Redacted{}
		if err := w.remember(ctx, customer, orders); err != nil || customer == 0 {
			return err
		}
		done.Customers, err = w.redactCustomer(ctx, customer)
		return err
	})
	if err != nil {
		return Redacted{}, fmt.Errorf("redact: %w", err)
	}
	ids, err := s.ordersOf(ctx, customer, orders)
	if err != nil {
		return Redacted{}, fmt.Errorf("redact: %w", err)
	}
	for part := range chunks(ids, chunkRows) {
		if err := s.write(ctx, "", func(w *writer) error { return w.redactOrders(ctx, part) }); err != nil {
			return Redacted{}, fmt.Errorf("redact: %w", err)
		}
	}
	done.Orders = int64(len(ids))
	return done, nil
}

// remember writes down what is never to come back.
func (w *writer) remember(ctx context.Context, customer int64, orders []int64) error {
	tenant, now := w.q.Tenant(), w.now.Truncate(time.Microsecond)
	var rows []*redaction
	if customer != 0 {
		rows = append(rows, &redaction{tenant, KindCustomer, customer, now})
	}
	for _, id := range orders {
		rows = append(rows, &redaction{tenant, KindOrder, id, now})
	}
	return redactions.upsert(ctx, w.q, rows)
}

func (w *writer) redactCustomer(ctx context.Context, number int64) (int64, error) {
	rows, err := readIn(ctx, w.q, customers, "shopify_id", []int64{number})
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	r := &rows[0]
	hideCustomer(r)
	if _, err := remove(ctx, w.q, customerTerms.name, "customer_id", []int64{r.ID}); err != nil {
		return 0, err
	}
	w.touch(live.Customers, r.ID)
	return 1, customers.upsert(ctx, w.q, []*ent.Customer{r})
}

// ordersOf returns the ids of the orders that name a customer, and of those with the numbers. No index leads from a
// customer who was deleted to the orders, so that all of the tenant's are looked at: beside the writers, not as one.
func (s *Service) ordersOf(ctx context.Context, customer int64, numbers []int64) (ids []int64, err error) {
	err = s.store.Read(ctx, func(q *store.SQL) error {
		ids = nil
		row := func(scan func(...any) error) error {
			ids = append(ids, 0)
			return scan(&ids[len(ids)-1])
		}
		if customer != 0 {
			if err := q.Each(ctx, row, "SELECT id FROM orders WHERE tenant_id = ? AND customer_shopify_id = ?", q.Tenant(), customer); err != nil {
				return err
			}
		}
		for part := range chunks(numbers, chunkRows) {
			query, args := q.Build().Select("id").From(q.Build().Table(orders.name)).
				Where(sql.And(sql.EQ("tenant_id", q.Tenant()), sql.In("shopify_id", anys(part)...))).Query()
			if err := q.Each(ctx, row, query, args...); err != nil {
				return err
			}
		}
		return nil
	})
	slices.Sort(ids)
	return slices.Compact(ids), err
}

func (w *writer) redactOrders(ctx context.Context, ids []int64) error {
	rows, err := readIn(ctx, w.q, orders, "id", ids)
	if err != nil {
		return err
	}
	write := make([]*ent.Order, len(rows))
	numbers := make([]int64, len(rows))
	for i := range rows {
		write[i], numbers[i] = &rows[i], rows[i].ShopifyID
		hideOrder(write[i])
	}
	// By their own numbers too: when the store has deleted the customer, its orders come as a guest's.
	if err := w.remember(ctx, 0, numbers); err != nil {
		return err
	}
	if _, err := remove(ctx, w.q, orderTerms.name, "order_id", ids); err != nil {
		return err
	}
	query, args := w.q.Build().Update(refunds.name).SetNull("note").
		Where(sql.And(sql.EQ("tenant_id", w.q.Tenant()), sql.In("order_id", anys(ids)...), sql.NotNull("note"))).Query()
	if _, err := w.q.Exec(ctx, query, args...); err != nil {
		return err
	}
	w.touch(live.Orders, 0)
	return orders.upsertOnly(ctx, w.q, write, []string{"content_hash", "shipping_region", "shipping_city", "discount_codes", "tags"})
}

// hidden tells which of the numbers are of records that are to be forgotten.
func (w *writer) hidden(ctx context.Context, kind Kind, numbers []int64) (map[int64]bool, error) {
	if !w.redacts {
		return nil, nil
	}
	rows, err := readIn(ctx, w.q, redactions, "shopify_id", numbers, kindIs(kind))
	out := make(map[int64]bool, len(rows))
	for _, r := range rows {
		out[r.ShopifyID] = true
	}
	return out, err
}

// hideOrders takes what is personal out of the orders that are to be forgotten, by their own number or their customer's.
func (w *writer) hideOrders(ctx context.Context, recs []*orderRecord) error {
	if !w.redacts {
		return nil
	}
	var own, people []int64
	for _, r := range recs {
		own = append(own, r.row.ShopifyID)
		if c := r.row.CustomerShopifyID; c != nil {
			people = append(people, *c)
		}
	}
	byNumber, err := w.hidden(ctx, KindOrder, own)
	if err != nil {
		return err
	}
	byCustomer, err := w.hidden(ctx, KindCustomer, people)
	if err != nil {
		return err
	}
	var fresh []int64
	for _, r := range recs {
		if c := r.row.CustomerShopifyID; !byNumber[r.row.ShopifyID] {
			if c == nil || !byCustomer[*c] {
				continue
			}
			fresh = append(fresh, r.row.ShopifyID)
		}
		hideOrder(&r.row)
		for _, re := range r.refunds {
			re.Note = nil
		}
		r.row.ContentHash = r.digest()
	}
	return w.remember(ctx, 0, fresh)
}

// hideCustomer takes out of a row what is of the person. What is left is a number that only the store can lead back. The
// digest goes too, as somebody who guesses a name could try it on that.
func hideCustomer(r *ent.Customer) {
	r.FirstName, r.LastName, r.Email, r.Phone, r.City, r.Tags = nil, nil, nil, nil, nil, nil
	r.NameKey = nameKey(nil, nil, r.ShopifyID)
	r.ContentHash = nil
}

// hideOrder is hideCustomer for an order; its refunds have notes besides. The country stays, as a customer's does.
func hideOrder(r *ent.Order) {
	r.ShippingRegion, r.ShippingCity, r.DiscountCodes, r.Tags = nil, nil, nil, nil
	r.ContentHash = nil
}
