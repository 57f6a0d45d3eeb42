package commerce

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/product"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/store"
)

// ProductFilter says which products are wanted: those that meet every condition. A field that is not set is no condition,
// and neither is an empty list; another list means any of its values.
type ProductFilter struct {
	// Search has up to five words; each must begin a word of the title.
	Search              *string
	Status              []ProductStatus
	Vendor, ProductType []string
	// Tags are compared without regard to case.
	Tags []string
	// MaxInventory leaves out products without a number.
	MaxInventory *int
}

// ProductSortKey is by what products are sorted. The values are those of the API's enum.
type ProductSortKey string

// The sort keys of products.
const (
	ProductTitle     ProductSortKey = "TITLE"
	ProductCreatedAt ProductSortKey = "CREATED_AT"
	ProductUpdatedAt ProductSortKey = "UPDATED_AT"
	ProductInventory ProductSortKey = "INVENTORY"
)

// ProductSort is the order of a list of products; the zero value is by title.
type ProductSort struct {
	Key       ProductSortKey
	Direction SortDirection
}

// ProductConnection is a page of products.
type ProductConnection struct {
	Edges    []*ProductEdge
	Nodes    []*Product
	PageInfo PageInfo

	count func(context.Context) (int, error)
}

// ProductEdge is a product with its place in the list.
type ProductEdge struct {
	Cursor string
	Node   *Product
}

// TotalCount counts the products of the whole list. It asks the database when it is called.
func (c *ProductConnection) TotalCount(ctx context.Context) (int, error) { return c.count(ctx) }

// Products returns a page of the tenant's products, those whose record is known. A wrong page, filter or sort is
// fault.Invalid, a cursor of another list fault.InvalidCursor.
func (r *Reader) Products(ctx context.Context, p Page, f ProductFilter, s ProductSort) (*ProductConnection, error) {
	a, err := r.ask(ctx)
	if err != nil {
		return nil, err
	}
	l, where, unfiltered, err := r.productList(a, f, s)
	if err != nil {
		return nil, err
	}
	w, err := p.window(l)
	if err != nil {
		return nil, err
	}
	rows, err := r.db.Client().Product.Query().Where(where, w.beyond(l)).Order(w.sorted(l)).Limit(w.fetch()).All(ctx)
	if err != nil {
		return nil, fail(ctx, "list products", err)
	}
	rows, info := cut(w, rows)
	at := cursors(l, rows, func(row *ent.Product) place { return productPlace(l, row) }, &info)
	c := &ProductConnection{Nodes: a.products(rows), PageInfo: info, Edges: make([]*ProductEdge, len(rows))}
	for i, node := range c.Nodes {
		c.Edges[i] = &ProductEdge{at[i], node}
	}
	c.count = func(ctx context.Context) (int, error) {
		if unfiltered {
			n, err := r.counts(ctx)
			return n.products, err
		}
		n, err := r.db.Client().Product.Query().Where(where).Count(ctx)
		if err != nil {
			return 0, fail(ctx, "count products", err)
		}
		return n, nil
	}
	return c, nil
}

func (r *Reader) productList(a asker, in ProductFilter, s ProductSort) (l list, where cond, unfiltered bool, err error) {
	switch s.Key {
	case "", ProductTitle:
		l = list{column: product.FieldTitleKey, kind: words}
	case ProductCreatedAt:
		l = list{column: product.FieldCreatedKey, kind: instants}
	case ProductUpdatedAt:
		l = list{column: product.FieldUpdatedKey, kind: instants}
	case ProductInventory:
		l = list{column: product.FieldInventoryKey, kind: numbers}
	default:
		return l, nil, false, fault.Errorf(fault.Invalid, "products are not sorted by that").At("sort", "key")
	}
	if l.desc, err = direction(s.Direction, Ascending); err != nil {
		return l, nil, false, err
	}
	f := r.filter(a)
	f.searchProducts(&in.Search)
	oneOf(f, "status", product.FieldStatus, &in.Status)
	oneOf(f, "vendor", product.FieldVendor, &in.Vendor)
	oneOf(f, "productType", product.FieldProductType, &in.ProductType)
	f.tagged("tags", productTerms, store.TermTag, &in.Tags)
	if in.MaxInventory != nil {
		f.where(sql.FieldLTE(product.FieldInventoryQuantity, *in.MaxInventory))
	}
	unfiltered = len(f.conds) == 0
	f.where(sql.FieldEQ(product.FieldKnown, true))
	return f.seal(l, "products", product.Table, in, l.column, byNumber), all(f.conds...), unfiltered, f.err
}

// productPlace returns where a product stands in a list.
func productPlace(l list, row *ent.Product) place {
	p := place{row.TitleKey, row.ShopifyID}
	switch l.column {
	case product.FieldCreatedKey:
		p.value = row.CreatedKey
	case product.FieldUpdatedKey:
		p.value = row.UpdatedKey
	case product.FieldInventoryKey:
		p.value = row.InventoryKey
	}
	return p
}
