package commerce

import (
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/money"
)

// ProductStatus says whether a product is for sale. The values are those of the API's enum.
type ProductStatus string

// The statuses of products.
const (
	ProductActive   ProductStatus = "ACTIVE"
	ProductDraft    ProductStatus = "DRAFT"
	ProductArchived ProductStatus = "ARCHIVED"
)

// Product is something the store sells, as the API shows it.
type Product struct {
	// ID is the row; the API makes its global id of it.
	ID int64
	// ShopifyID is the identifier in Shopify, with its type.
	ShopifyID                   string
	Source                      DataSource
	Title                       string
	Handle, Vendor, ProductType *string
	Tags                        []string // never nil
	Status                      ProductStatus
	ImageURL                    *string
	CreatedAt, UpdatedAt        *time.Time
	Price                       *money.Money
	InventoryQuantity           *int

	peers []*Product
}

// IsNode makes a product a Node of the API.
func (*Product) IsNode() {}

// Peers returns the products that were read together with this one, itself among them.
func (p *Product) Peers() []*Product { return p.peers }

func (a asker) products(rows []*ent.Product) []*Product {
	out := make([]*Product, len(rows))
	for i, row := range rows {
		p := &Product{
			ID: row.ID, ShopifyID: gid("Product", row.ShopifyID),
			Source: DataSource(row.Source), Title: row.Title, Handle: row.Handle,
			Vendor: row.Vendor, ProductType: row.ProductType, Tags: texts(row.Tags),
			Status: ProductStatus(row.Status), ImageURL: row.ImageURL,
			CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt, Price: a.maybe(row.Price),
			peers: out,
		}
		if row.InventoryQuantity != nil {
			n := int(*row.InventoryQuantity)
			p.InventoryQuantity = &n
		}
		out[i] = p
	}
	return out
}
