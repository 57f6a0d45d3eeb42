package simshop

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/shopsight/shopsight/internal/market"
)

// Numbers begin where those of real stores are by now.
const (
	firstProduct  = 7_900_000_000_001
	firstCustomer = 6_700_000_000_001
	firstOrder    = 5_600_000_000_001
	firstID       = 14_200_000_000_000
)

// subjects are the kinds as events name them.
var subjects = map[Kind]string{KindProduct: "PRODUCT", KindCustomer: "CUSTOMER", KindOrder: "ORDER"}

// history fills the tables with what the market made up.
func (s *Shop) history() {
	for p := range s.market.Products() {
		s.event("create", subjects[KindProduct], firstProduct+int64(p.Number), p.CreatedAt, false)
		if !p.DeletedAt.IsZero() {
			s.event("destroy", subjects[KindProduct], firstProduct+int64(p.Number), p.DeletedAt, false)
			continue
		}
		s.tables[KindProduct].load(s.product(p))
	}
	for c := range s.market.Customers() {
		s.tables[KindCustomer].load(customer(c))
		s.known++
	}
	for o := range s.market.Orders() {
		s.tables[KindOrder].load(s.order(o))
		s.sold++
	}
	// What a store holds besides, and nobody asked for.
	s.event("destroy", "COLLECTION", s.id(), s.now().AddDate(0, -2, 0), false)
	s.event("create", "ORDER", firstOrder, s.now().AddDate(0, -1, 0), true)
}

// id returns a new id for anything that is in no table.
func (s *Shop) id() int64 {
	s.ids++
	return s.ids
}

func (s *Shop) event(action, subject string, about int64, at time.Time, comment bool) {
	e := &event{id: s.id(), action: action, subject: subject, about: about, at: second(at), comment: comment}
	s.tables[kindEvent].put(e.id, e, e.at)
}

func (s *Shop) product(p market.Product) *Product {
	out := &Product{ID: firstProduct + int64(p.Number), Title: p.Title, Handle: p.Handle, Vendor: p.Vendor,
		ProductType: p.Kind, Status: p.Status, Tags: tags(p.Tags), Price: p.Price, GiftCard: p.GiftCard, CreatedAt: second(p.CreatedAt),
		UpdatedAt: second(p.UpdatedAt)}
	if p.Inventory != nil {
		out.Inventory, out.TracksInventory = *p.Inventory, true
	}
	if p.Number%9 != 4 { // some have no picture yet
		out.ImageURL = s.pictureURL(p.Handle)
	}
	return out
}

func customer(c market.Customer) *Customer {
	return &Customer{ID: firstCustomer + int64(c.Number), FirstName: c.FirstName, LastName: c.LastName, Email: c.Email,
		Phone: strings.ReplaceAll(c.Phone, " ", ""), City: c.City, CountryCode: c.Country, Tags: tags(c.Tags),
		CreatedAt: second(c.CreatedAt), UpdatedAt: second(c.UpdatedAt)}
}

// sources are the channels as the Admin API names them.
var sources = map[string]string{"Online Store": "web", "Point of Sale": "pos", "Shop": "shop_app", "Instagram": "instagram"}

// order works out an order with its agreements.
func (s *Shop) order(m market.Order) *Order {
	at := second(m.PlacedAt)
	o := &Order{ID: firstOrder + int64(m.Number), Name: m.Name, CreatedAt: at, ProcessedAt: at, UpdatedAt: second(m.UpdatedAt),
		Test: m.Test, TaxesIncluded: m.TaxesIncluded, SourceName: cmp.Or(sources[m.Channel], m.Channel), Tags: tags(m.Tags),
		DiscountCodes: m.DiscountCodes, FinancialStatus: m.FinancialStatus, FulfillmentStatus: m.FulfillmentStatus,
		Tips: m.Tips, Duties: m.Duties, Fees: m.Fees}
	if m.Customer != nil {
		o.CustomerID = firstCustomer + int64(*m.Customer)
	}
	if m.ShipTo != nil {
		o.ShipTo = &Address{m.ShipTo.City, m.ShipTo.Region, m.ShipTo.Country}
	}
	if m.CancelledAt != nil {
		o.CancelledAt = second(*m.CancelledAt)
	}
	if m.Shipping > 0 {
		o.Shipping = []ShippingLine{{s.id(), "Standard", m.Shipping, parts(m.ShippingTax, false)}}
	}
	for _, l := range m.Lines {
		o.Lines = append(o.Lines, Line{ID: s.id(), ProductID: firstProduct + int64(l.Product), Title: l.Title,
			VariantTitle: l.Variant, SKU: l.SKU, Vendor: l.Vendor, Quantity: l.Quantity, CurrentQuantity: l.Quantity,
			UnitPrice: l.Price, Discounts: parts(l.Discount, m.Number%5 == 0), Taxes: parts(l.Tax, !m.TaxesIncluded), GiftCard: l.GiftCard})
	}
	s.agree(o, "ORDER", at, s.placed(o, func(i int) bool { return m.Lines[i].AddedAt.IsZero() }))
	for _, e := range m.Edits {
		sales := []Sale{s.back(o, e.Line, e.Quantity, e.Amount, e.Tax)}
		for i, l := range m.Lines {
			if l.AddedAt.Equal(e.At) {
				sales = append(sales, s.sale(o, i))
			}
		}
		s.agree(o, "ORDER_EDIT", second(e.At), sales)
	}
	for _, r := range m.Refunds {
		var sales []Sale
		var lines []RefundLine
		for _, l := range r.Lines {
			sales = append(sales, s.back(o, l.Line, l.Quantity, l.Amount, l.Tax))
			lines = append(lines, RefundLine{s.id(), o.Lines[l.Line].ID, l.Quantity, l.Restocked})
		}
		if len(r.Lines) == 0 && r.Amount+r.Tax != 0 {
			sales = append(sales, Sale{s.id(), "UPDATE", "ADJUSTMENT", 0, -(r.Amount + r.Tax), -r.Tax, 0})
		}
		if r.Shipping+r.ShippingTax != 0 {
			sales = append(sales, Sale{s.id(), "RETURN", "SHIPPING", 0, -(r.Shipping + r.ShippingTax), -r.ShippingTax, 0})
		}
		s.refund(o, second(r.At), r.Note, sales, lines)
	}
	slices.SortStableFunc(o.Agreements, func(a, b Agreement) int { return a.HappenedAt.Compare(b.HappenedAt) })
	return o
}

// agree adds what happened to an order.
func (s *Shop) agree(o *Order, reason string, at time.Time, sales []Sale) *Agreement {
	o.Agreements = append(o.Agreements, Agreement{ID: s.id(), Reason: reason, HappenedAt: at, Sales: sales})
	return &o.Agreements[len(o.Agreements)-1]
}

// refund gives back what the sales say.
func (s *Shop) refund(o *Order, at time.Time, note string, sales []Sale, lines []RefundLine) {
	r := Refund{ID: s.id(), CreatedAt: at, Note: note, Lines: lines}
	s.refunds[r.ID] = o.ID
	for _, sale := range sales {
		r.Total -= sale.Total
	}
	o.Refunds = append(o.Refunds, r)
	s.agree(o, "REFUND", at, sales).RefundID = r.ID
}

// placed returns the sales of an order as it is placed, of the lines that were sold then.
func (s *Shop) placed(o *Order, atFirst func(line int) bool) (sales []Sale) {
	for i := range o.Lines {
		if atFirst(i) {
			sales = append(sales, s.sale(o, i))
		}
	}
	for _, l := range o.Shipping {
		total := l.Price
		if !o.TaxesIncluded {
			total += sum(l.Taxes)
		}
		sales = append(sales, Sale{s.id(), "ORDER", "SHIPPING", 0, total, sum(l.Taxes), 0})
	}
	for _, extra := range o.extras() {
		extra.ID, extra.Action = s.id(), "ORDER"
		sales = append(sales, extra)
	}
	return sales
}

// extras are what an order charges besides goods and shipping.
func (o *Order) extras() []Sale {
	all := []Sale{{LineType: "TIP", Total: o.Tips}, {LineType: "DUTY", Total: o.Duties}, {LineType: "ADDITIONAL_FEE", Total: o.Fees}}
	return slices.DeleteFunc(all, func(s Sale) bool { return s.Total == 0 })
}

// sale returns the sale of a line.
func (s *Shop) sale(o *Order, line int) Sale {
	l := &o.Lines[line]
	return Sale{s.id(), "ORDER", l.saleType(), l.Quantity, l.total(o.TaxesIncluded), sum(l.Taxes), l.ID}
}

// back takes some units of a line back. Amount is without tax.
func (s *Shop) back(o *Order, line int, quantity, amount, tax int64) Sale {
	l := &o.Lines[line]
	l.CurrentQuantity -= quantity
	return Sale{s.id(), "RETURN", l.saleType(), -quantity, -(amount + tax), -tax, l.ID}
}

func (l *Line) saleType() string {
	if l.GiftCard {
		return "GIFT_CARD"
	}
	return "PRODUCT"
}

// parts splits an amount as Shopify may list it: one entry or two that add up to it, none for 0.
func parts(amount int64, two bool) []int64 {
	switch {
	case amount == 0:
		return nil
	case two && amount > 3:
		return []int64{amount - amount/4, amount / 4}
	}
	return []int64{amount}
}

// tags are sorted, as Shopify lists them.
func tags(list []string) []string {
	out := slices.Clone(list)
	slices.Sort(out)
	return out
}

func second(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
