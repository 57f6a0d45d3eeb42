package oracle

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"
)

// Scenario is a shop and the requests that fill it, all valid by the contract. Now is a fitting present: no instant
// of a record is later than it by more than a day.
type Scenario struct {
	Seed     uint64
	Shop     Shop
	Now      time.Time
	Requests []Op
}

// Random makes a scenario of about size orders. The same arguments give the same scenario.
//
// Records of one key have distinct updatedAt, or none where they all say the same and are never deleted, so that every
// order of the requests leads to the same numbers.
func Random(seed uint64, size int) Scenario {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 0x5eed)), taken: map[int64]bool{}, undated: map[int64]bool{}}
	m.makeShop()
	m.makeTimes()

	for range 2 + size/5 {
		m.productIDs = append(m.productIDs, m.newID())
	}
	for range 2 + size/4 {
		m.customerIDs = append(m.customerIDs, m.newID())
	}
	var pool records
	for _, id := range m.productIDs {
		if m.chance(75) { // the others stay placeholders
			pool.addProducts(m, id)
		}
	}
	for _, id := range m.customerIDs {
		if m.chance(75) {
			pool.addCustomers(m, id)
		} else if m.chance(20) { // deleted before it is known
			at := m.soon(m.past())
			pool.deletions = append(pool.deletions, deletion{"customer", m.write("Customer", id), at})
		}
	}
	for range max(1, size) {
		id := m.newID()
		m.orderIDs = append(m.orderIDs, id)
		pool.addOrders(m, id)
	}
	if m.chance(40) {
		pool.addPurge(m)
	}
	return Scenario{Seed: seed, Shop: m.shop, Now: m.now, Requests: pool.shuffled(m.Rand)}
}

// Shuffled is the same records in another order and in other requests. It gives the same numbers, though not the same
// counts of what was created, updated and unchanged.
func (s Scenario) Shuffled(seed uint64) Scenario {
	var pool records
	for _, op := range s.Requests {
		pool.products = append(pool.products, op.Products...)
		pool.customers = append(pool.customers, op.Customers...)
		pool.orders = append(pool.orders, op.Orders...)
		if op.Delete != nil {
			for _, id := range op.Delete.Products {
				pool.deletions = append(pool.deletions, deletion{"product", id, *op.Delete.DeletedAt})
			}
			for _, id := range op.Delete.Customers {
				pool.deletions = append(pool.deletions, deletion{"customer", id, *op.Delete.DeletedAt})
			}
			for _, id := range op.Delete.Orders {
				pool.deletions = append(pool.deletions, deletion{"order", id, *op.Delete.DeletedAt})
			}
		}
	}
	s.Requests = pool.shuffled(rand.New(rand.NewPCG(seed, 0x0ff)))
	return s
}

// records is all that a scenario sends, before it is put into requests.
type records struct {
	products  []ProductInput
	customers []CustomerInput
	orders    []OrderInput
	deletions []deletion
}

type deletion struct {
	kind, id string
	at       time.Time
}

// shuffled puts the records into requests of random sizes in a random order.
func (p records) shuffled(r *rand.Rand) []Op {
	var ops []Op
	for _, some := range pieces(r, p.products) {
		ops = append(ops, Op{Products: some})
	}
	for _, some := range pieces(r, p.customers) {
		ops = append(ops, Op{Customers: some})
	}
	for _, some := range pieces(r, p.orders) {
		ops = append(ops, Op{Orders: some})
	}
	together := map[time.Time]*DeleteRecordsInput{}
	for _, d := range p.deletions {
		at := d.at
		input := together[at]
		if input == nil || r.IntN(3) == 0 {
			input = &DeleteRecordsInput{DeletedAt: &at}
			together[at] = input
			ops = append(ops, Op{Delete: input})
		}
		switch d.kind {
		case "product":
			input.Products = append(input.Products, d.id)
		case "customer":
			input.Customers = append(input.Customers, d.id)
		default:
			input.Orders = append(input.Orders, d.id)
		}
	}
	r.Shuffle(len(ops), func(i, j int) { ops[i], ops[j] = ops[j], ops[i] })
	return ops
}

// pieces shuffles the records and cuts them into requests of 1 to 500.
func pieces[T any](r *rand.Rand, all []T) [][]T {
	all = append([]T(nil), all...)
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	largest := min(500, 1+len(all)/(1+r.IntN(5)))
	var out [][]T
	for len(all) > 0 {
		n := min(len(all), 1+r.IntN(largest))
		out = append(out, all[:n:n])
		all = all[n:]
	}
	return out
}

// maker makes one scenario.
type maker struct {
	*rand.Rand
	shop Shop
	now  time.Time
	hot  []time.Time // instants around which something may go wrong

	taken       map[int64]bool
	productIDs  []int64
	customerIDs []int64
	orderIDs    []int64
	undated     map[int64]bool // of records without updatedAt, which are never deleted
	placedAt    []time.Time    // of orders made before, to be repeated
}

func (m *maker) chance(percent int) bool { return m.IntN(100) < percent }

func pick[T any](m *maker, from []T) T { return from[m.IntN(len(from))] }

// newID is a number that was not used before: mostly of Shopify's size, sometimes very small or very large, so that an
// order of ids as text would be noticed.
func (m *maker) newID() int64 {
	for {
		var n int64
		switch {
		case m.chance(30):
			n = 1 + m.Int64N(200)
		case m.chance(5):
			n = 1<<63 - 1 - m.Int64N(1000)
		default:
			n = 5_000_000_000_000 + m.Int64N(1_000_000_000_000)
		}
		if !m.taken[n] {
			m.taken[n] = true
			return n
		}
	}
}

// write is an id as a caller may send it.
func (m *maker) write(kind string, id int64) string {
	if m.chance(50) {
		return GID(kind, id)
	}
	return strconv.FormatInt(id, 10)
}

// versions are the updatedAt of the versions of one record and the instant of its deletion; nil where there is none.
func (m *maker) versions(id int64) (updated []*time.Time, deleted *time.Time) {
	if m.chance(10) {
		m.undated[id] = true
		return []*time.Time{nil}, nil
	}
	at := m.past()
	for range 1 + m.IntN(3) {
		at = at.Add(time.Duration(1+m.IntN(1_000_000)) * time.Millisecond)
		if m.chance(10) {
			at = at.Add(time.Duration(1+m.IntN(1000)) * time.Microsecond)
		}
		version := m.soon(at)
		for _, before := range updated {
			if !version.After(*before) {
				version = before.Add(time.Microsecond)
			}
		}
		updated = append(updated, &version)
	}
	if m.chance(12) {
		d := *pick(m, updated)
		switch m.IntN(3) {
		case 0: // at the very instant of a version: the deletion wins over that one
		case 1:
			d = d.Add(time.Microsecond)
		case 2:
			d = d.Add(-time.Microsecond)
		}
		deleted = &d
	}
	return updated, deleted
}

// copies is how often a version is sent.
func (m *maker) copies() int {
	if m.chance(15) {
		return 2
	}
	return 1
}

// addPurge deletes some records of all kinds at one instant.
func (p *records) addPurge(m *maker) {
	at := m.past()
	for _, some := range []struct {
		kind, gid string
		ids       []int64
	}{{"product", "Product", m.productIDs}, {"customer", "Customer", m.customerIDs}, {"order", "Order", m.orderIDs}} {
		for range m.IntN(3) {
			if id := pick(m, some.ids); !m.undated[id] {
				p.deletions = append(p.deletions, deletion{some.kind, m.write(some.gid, id), at})
			}
		}
	}
}

func (p *records) addProducts(m *maker, id int64) {
	updated, deleted := m.versions(id)
	for v, at := range updated {
		price := m.IntN(1_000_000)
		in := ProductInput{
			Title: fmt.Sprintf("Product %d.%d", id, v), Vendor: pick(m, []string{"", "Acme", "Fjord"}),
			Status: pick(m, []string{"", "ACTIVE", "DRAFT", "ARCHIVED"}), Price: m.money(int64(price)), UpdatedAt: at,
		}
		if m.chance(30) {
			stock := m.IntN(500) - 20
			in.InventoryQuantity = &stock
		}
		for range m.copies() {
			in.ShopifyID = m.write("Product", id)
			p.products = append(p.products, in)
		}
	}
	if deleted != nil {
		p.deletions = append(p.deletions, deletion{"product", m.write("Product", id), *deleted})
	}
}

func (p *records) addCustomers(m *maker, id int64) {
	updated, deleted := m.versions(id)
	for v, at := range updated {
		in := CustomerInput{
			FirstName: pick(m, []string{"", "Ada", "Zoë", "李"}), LastName: fmt.Sprintf("No %d.%d", id, v),
			Country: pick(m, []string{"", "DE", "US", "JP"}), UpdatedAt: at,
		}
		if m.chance(70) {
			in.Email = fmt.Sprintf("c%d.%d@example.com", id, v)
		}
		for range m.copies() {
			in.ShopifyID = m.write("Customer", id)
			p.customers = append(p.customers, in)
		}
	}
	if deleted != nil {
		p.deletions = append(p.deletions, deletion{"customer", m.write("Customer", id), *deleted})
	}
}

func (p *records) addOrders(m *maker, id int64) {
	updated, deleted := m.versions(id)
	var last OrderInput
	for v, at := range updated {
		if v == 0 || m.chance(40) {
			last = m.order(id)
		} else {
			last = m.changed(last, id)
		}
		last.UpdatedAt = at
		for range m.copies() {
			last.ShopifyID = m.write("Order", id)
			p.orders = append(p.orders, last)
		}
	}
	if deleted != nil {
		p.deletions = append(p.deletions, deletion{"order", m.write("Order", id), *deleted})
	}
}
