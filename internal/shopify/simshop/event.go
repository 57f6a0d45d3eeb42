package simshop

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopsight/shopsight/internal/shopify"
)

// act begins an action: all webhooks of it have one event id. What it returns ends it.
func (s *Shop) act() (done func()) {
	s.mu.Lock()
	s.occasion = ""
	return func() {
		s.mu.Unlock()
		s.ring()
	}
}

// put replaces a record, or deletes it, and tells the subscriptions.
func (s *Shop) put(kind Kind, id int64, r record, at time.Time) {
	before := s.tables[kind].get(id)
	s.tables[kind].put(id, r, at)
	if len(s.subscriptions) == 0 {
		return
	}
	switch r := r.(type) {
	case nil:
		deleted := map[Kind]shopify.Topic{KindProduct: shopify.ProductsDelete, KindCustomer: shopify.CustomersDelete,
			KindOrder: shopify.OrdersDelete}
		s.emit(deleted[kind], func() object { return deletion(kind, id) })
	case *Product:
		s.emit(newOr(before == nil, shopify.ProductsCreate, shopify.ProductsUpdate), func() object { return s.restProduct(r) })
	case *Customer:
		s.emit(newOr(before == nil, shopify.CustomersCreate, shopify.CustomersUpdate), func() object { return s.restCustomer(r) })
	case *Order:
		s.emit(newOr(before == nil, shopify.OrdersCreate, shopify.OrdersUpdated), func() object { return s.restOrder(r) })
		if old, ok := before.(*Order); ok {
			s.emitParts(old, r)
		}
	}
}

// emitParts tells of the edits and refunds that an order did not have before.
func (s *Shop) emitParts(before, after *Order) {
	for i := range after.Agreements {
		a := &after.Agreements[i]
		if a.Reason == "ORDER_EDIT" && !slices.ContainsFunc(before.Agreements, func(b Agreement) bool { return b.ID == a.ID }) {
			s.emit(shopify.OrdersEdited, func() object { return s.restEdit(after, a) })
		}
	}
	for i := range after.Refunds {
		r := &after.Refunds[i]
		if !slices.ContainsFunc(before.Refunds, func(b Refund) bool { return b.ID == r.ID }) {
			s.emit(shopify.RefundsCreate, func() object { return s.restRefund(after, r) })
		}
	}
}

func newOr(first bool, created, updated shopify.Topic) shopify.Topic {
	if first {
		return created
	}
	return updated
}

// emit tells all subscriptions to a topic. The caller holds the lock.
func (s *Shop) emit(topic shopify.Topic, body func() object) {
	for _, sub := range s.subscriptions {
		if sub.topic == topic {
			s.enqueue(topic, sub.id, sub.uri, appendJSON(nil, trim(body(), sub.fields)))
		}
	}
}

// emitPrivacy tells of what the law asks for.
func (s *Shop) emitPrivacy(topic shopify.Topic, more ...member) {
	if s.opt.Webhooks.Compliance != "" {
		body := append(object{{"shop_id", int64(shopID)}, {"shop_domain", s.opt.Domain}}, more...)
		s.enqueue(topic, 0, s.opt.Webhooks.Compliance, appendJSON(nil, body))
	}
}

// uuid returns a new id as Shopify writes those of webhooks. A store that is made anew does not repeat them.
func (s *Shop) uuid() string {
	a, b := s.names.Uint64(), s.names.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, 0x8000|b>>48&0x3fff, b&0xffffffffffff)
}

// SetSecret changes the secret that webhooks are signed with from now on, those too that wait.
func (s *Shop) SetSecret(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opt.Webhooks.Secret = secret
}

// Uninstall removes the app: its token counts no longer, its subscriptions are gone, and app/uninstalled is the last thing
// that happened for them.
func (s *Shop) Uninstall() {
	defer s.act()()
	s.token = ""
	clear(s.oauth.access)
	clear(s.oauth.refresh)
	s.emit(shopify.AppUninstalled, s.restShop)
	s.subscriptions = nil
}

// RenameShop gives the store another name.
func (s *Shop) RenameShop(name string) {
	defer s.act()()
	s.opt.Name = name
	s.emit(shopify.ShopUpdate, s.restShop)
}

// MergeCustomers makes two customers one: the second is gone, and its orders are the first's. Nothing but customers/merge
// and the customer's absence tells that it is gone.
func (s *Shop) MergeCustomers(kept, gone int64) error {
	defer s.act()()
	if kept == gone || s.tables[KindCustomer].get(kept) == nil || s.tables[KindCustomer].get(gone) == nil {
		return ErrNone
	}
	for _, o := range s.ordersOf(gone) {
		if err := s.updateOrder(o, func(o *Order, _ time.Time) error { o.CustomerID = kept; return nil }); err != nil {
			return err
		}
	}
	s.tables[KindCustomer].put(gone, nil, s.now())
	s.emit(shopify.CustomersMerge, func() object {
		return object{{"admin_graphql_api_customer_kept_id", gid(KindCustomer, kept)},
			{"admin_graphql_api_customer_deleted_id", gid(KindCustomer, gone)}, {"admin_graphql_api_job_id", nil},
			{"status", "completed"}, {"errors", []any{}}}
	})
	return s.touch(KindCustomer, kept)
}

// ordersOf returns the ids of a customer's orders, ascending. The caller holds the lock.
func (s *Shop) ordersOf(customer int64) (ids []int64) {
	items, _ := s.tables[KindOrder].list("ID", false, time.Time{})
	for _, it := range items {
		if o, ok := it.now.(*Order); ok && o.CustomerID == customer {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// RequestData asks for what is known of a customer, who may be deleted already, and returns the number of the request.
func (s *Shop) RequestData(customer int64) int64 {
	defer s.act()()
	id := s.id()
	s.emitPrivacy(shopify.CustomersDataRequest, member{"orders_requested", s.orderIDs(customer)}, s.person(customer),
		member{"data_request", object{{"id", id}}})
	return id
}

// Redact asks to forget a customer, who may be deleted already. The store itself keeps what it has, so that a test sees
// whether it comes back.
func (s *Shop) Redact(customer int64) {
	defer s.act()()
	s.emitPrivacy(shopify.CustomersRedact, s.person(customer), member{"orders_to_redact", s.orderIDs(customer)})
}

// RedactShop asks to forget the store, as Shopify does 48 hours after the app was removed.
func (s *Shop) RedactShop() {
	defer s.act()()
	s.emitPrivacy(shopify.ShopRedact)
}

func (s *Shop) person(id int64) member {
	person := object{{"id", id}}
	if c, ok := s.tables[KindCustomer].get(id).(*Customer); ok {
		person = append(person, member{"email", text(c.Email)}, member{"phone", text(c.Phone)})
	}
	return member{"customer", person}
}

func (s *Shop) orderIDs(customer int64) any {
	return list(s.ordersOf(customer), func(id *int64) any { return *id })
}
