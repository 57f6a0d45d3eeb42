package sync

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopsight/shopsight/internal/country"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/shopify"
)

// The longest texts that ingest takes. A record is not lost for a longer one: it is cut.
const (
	maxText = 255
	maxNote = 5000
	maxURL  = 2048
	maxTags = 250
)

func addProduct(p *page, r shopify.Product) {
	p.saw(r.ID, r.UpdatedAt)
	in := ingest.ProductInput{
		ShopifyID: digits(r.ID), Title: title(r.Title), Handle: text(r.Handle), Vendor: text(r.Vendor), ProductType: text(r.ProductType),
		Status: r.Status, Tags: labels(r.Tags), ImageURL: link(r.ImageURL), Price: r.Price, InventoryQuantity: r.Inventory,
		CreatedAt: instant(r.CreatedAt), UpdatedAt: instant(r.UpdatedAt),
	}
	// A product that is unlisted is sold all the same, to whoever has its address.
	if !slices.Contains([]string{"ACTIVE", "DRAFT", "ARCHIVED"}, in.Status) {
		in.Status = "ACTIVE"
	}
	p.batch.Products = append(p.batch.Products, in)
}

func addCustomer(p *page, r shopify.Customer) {
	p.saw(r.ID, r.UpdatedAt)
	p.batch.Customers = append(p.batch.Customers, ingest.CustomerInput{
		ShopifyID: digits(r.ID), FirstName: text(r.FirstName), LastName: text(r.LastName), Email: text(r.Email), Phone: text(r.Phone),
		Country: countryOf(r.Country), City: text(r.City), Tags: labels(r.Tags),
		CreatedAt: instant(r.CreatedAt), UpdatedAt: instant(r.UpdatedAt),
	})
}

func addOrder(p *page, r shopify.Order) {
	p.saw(r.ID, r.UpdatedAt)
	p.announced += r.LineQuantity
	for _, l := range r.Lines {
		if !l.GiftCard {
			p.read += l.Quantity
		}
	}
	p.batch.Orders = append(p.batch.Orders, order(r))
}

// financialStatus translates the status that Shopify shows. One that we do not know is pending: nothing says that it is paid.
func financialStatus(s string) string {
	switch s {
	case "PAID", "PENDING", "AUTHORIZED", "PARTIALLY_PAID", "PARTIALLY_REFUNDED", "REFUNDED", "VOIDED", "EXPIRED":
		return s
	}
	return "PENDING"
}

// fulfillmentStatus translates the status that Shopify shows, some of which are only older names of others.
func fulfillmentStatus(s string) string {
	switch s {
	case "PARTIALLY_FULFILLED", "FULFILLED", "RESTOCKED", "ON_HOLD", "SCHEDULED", "IN_PROGRESS":
		return s
	case "FULFILLMENT_NOT_REQUIRED":
		return "FULFILLED"
	case "PENDING_FULFILLMENT":
		return "IN_PROGRESS"
	}
	return "UNFULFILLED"
}

// countryOf drops what is no country: Shopify has a code for unknown places.
func countryOf(s string) *string {
	if !country.Valid(s) {
		return nil
	}
	return &s
}

func digits(id int64) string { return strconv.FormatInt(id, 10) }

func optionalDigits(id *int64) *string {
	if id == nil {
		return nil
	}
	s := digits(*id)
	return &s
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func text(s string) *string { return orNil(cut(s, maxText)) }
func note(s string) *string { return orNil(cut(s, maxNote)) }

// cut takes away what ingest would refuse: what is too long, and what is no text.
func cut(s string, most int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most])
	}
	return s
}

// link drops an address that would have to be cut: it would lead elsewhere.
func link(s string) *string {
	if cut(s, maxURL) != s {
		return nil
	}
	return orNil(s)
}

// title is text that must not be empty.
func title(s string) string {
	if s = cut(s, maxText); strings.TrimSpace(s) != "" {
		return s
	}
	return "(untitled)"
}

func labels(in []string) []string {
	out := make([]string, 0, len(in))
	for _, s := range in {
		out = append(out, cut(s, maxText))
	}
	return out[:min(len(out), maxTags)]
}
