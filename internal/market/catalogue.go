package market

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/shopsight/shopsight/internal/period"
)

// article is a product of the made-up store.
type article struct {
	section  *section
	title    string
	vendor   string
	number   int // the product's place in the catalogue, which its record's number follows
	price    int64
	status   string
	from, to period.Day // the days on which it is sold; those of a draft are none
	created  time.Time
	deleted  time.Time
	stock    *int
	giftCard bool
	skus     []sku
}

// sku is a variant of an article.
type sku struct {
	title, code string
	price       int64
}

// always is how many of the most popular articles are sold all the time, so that there is always something to buy.
const always = 12

// stock fills the catalogue. The order of the articles is that of their popularity; the gift card comes last and is
// bought on its own terms.
func (g *Generator) stock() {
	var all []article
	for i := range sections {
		for _, o := range sections[i].products {
			all = append(all, article{section: &sections[i], title: o.title, price: o.cents})
		}
	}
	d := g.dice(aboutCatalogue, 0)
	d.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	n := min(len(all), 64+g.opt.Orders/100)
	if g.opt.Products > 0 {
		n = max(g.opt.Products-1, 1)
	}
	for i, ideas := 0, len(all); len(all) < n; i++ {
		again := all[i%ideas]
		again.title = fmt.Sprintf("%s No. %d", again.title, 2+i/ideas)
		all = append(all, again)
	}
	all = all[:n]
	all = append(all, article{section: &giftCards, title: giftCards.products[0].title, price: giftCards.products[0].cents, giftCard: true})
	sum := int64(0)
	for i := range all {
		g.shelve(&all[i], i, d)
		if !all[i].giftCard {
			sum += 1_000_000 / int64(i+5) // a few sell much and many a little (Zipf)
			g.popular = append(g.popular, sum)
		}
	}
	g.catalogue = all
}

// shelve decides about an article whose price is still in cents of a dollar.
func (g *Generator) shelve(a *article, i int, d dice) {
	cents := a.price
	charm := !a.giftCard && d.chance(600)
	a.number, a.vendor, a.price = i, of(d, a.section.vendors), g.price(cents, charm)
	for _, v := range a.section.variants {
		a.skus = append(a.skus, sku{v.title, fmt.Sprintf("%s-%03d-%s", a.section.code, i+1, v.code), g.price(cents*v.percent/100, charm)})
	}
	a.status, a.from, a.to = "ACTIVE", period.NoDay, period.Forever
	opened := g.first.Start(g.opt.Zone)
	a.created = opened.Add(-time.Duration(d.between(3600, 400*24*3600)) * time.Second)
	inventory := d.between(4, 260)
	switch n := d.IntN(100); {
	case a.giftCard || i < always:
	case n < 5:
		a.status, a.to, inventory = "DRAFT", period.NoDay, 0
	case n < 13:
		a.status, a.to, inventory = "ARCHIVED", g.first+period.Day(g.opt.Days*d.between(30, 90)/100), d.between(0, 3)
		if at := (a.to + 2).Start(g.opt.Zone).Add(9 * time.Hour); n >= 10 && at.Before(g.cutoff) {
			a.deleted = at
		}
	case n < 28: // new in the time that the orders cover
		a.from = g.first + period.Day(g.opt.Days*d.between(10, 90)/100)
		if at := a.from.Start(g.opt.Zone).Add(-time.Hour); at.After(a.created) {
			a.created = at
		}
	case n < 34:
		inventory = 0
	case n < 36:
		inventory = -d.between(1, 6) // sold more than there was
	}
	if !a.giftCard {
		a.stock = &inventory
	}
}

// choose picks an article that is sold on a day.
func (g *Generator) choose(d dice, day period.Day) *article {
	for range 50 {
		i, _ := slices.BinarySearch(g.popular, 1+d.Int64N(g.popular[len(g.popular)-1]))
		if a := &g.catalogue[i]; a.from <= day && day <= a.to {
			return a
		}
	}
	return &g.catalogue[d.IntN(min(always, len(g.popular)))]
}

func (g *Generator) giftCard() *article { return &g.catalogue[len(g.catalogue)-1] }

// Products yields the catalogue.
func (g *Generator) Products() iter.Seq[Product] {
	return func(yield func(Product) bool) {
		for i := range g.catalogue {
			a := &g.catalogue[i]
			p := Product{Number: i, Title: a.title, Handle: handle(a.title), Vendor: a.vendor, Kind: a.section.kind, Status: a.status,
				Tags: slices.Clone(a.section.tags), Price: a.price, Inventory: a.stock, GiftCard: a.giftCard, CreatedAt: a.created,
				DeletedAt: a.deleted}
			updated := a.created
			if a.stock != nil && g.opt.Days > 1 { // the stock moves with the orders
				updated = g.cutoff.Add(-time.Duration(g.hash(aboutCatalogue, i+1)%(20*3600)+60) * time.Second)
			}
			if updated.Before(a.created) {
				updated = a.created
			}
			p.UpdatedAt = updated
			switch {
			case i < always:
				p.Tags = append(p.Tags, "bestseller")
			case a.from != period.NoDay:
				p.Tags = append(p.Tags, "new")
			case a.status == "ARCHIVED":
				p.Tags = append(p.Tags, "discontinued")
			}
			if !yield(p) {
				return
			}
		}
	}
}

// handle is the title as part of an address.
func handle(title string) string {
	words := strings.FieldsFunc(title, func(r rune) bool { return plain(string(r)) == "" && (r < '0' || r > '9') })
	for i, w := range words {
		var b strings.Builder
		for _, r := range w {
			if r >= '0' && r <= '9' {
				b.WriteRune(r)
			} else {
				b.WriteString(plain(string(r)))
			}
		}
		words[i] = b.String()
	}
	return strings.Join(words, "-")
}
