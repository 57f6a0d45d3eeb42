// Package simshop is a simulated Shopify store: the Admin GraphQL API over HTTP, with a believable catalogue and history
// behind it.
//
// It validates documents against the schema, pages, filters, counts, asks for points and throttles as Shopify does, runs
// bulk operations and delivers webhooks, with what surprises people there: see find for the filters and Faults for what
// goes wrong on demand. The store changes while it is read, by its methods or by [Shop.Run]. All methods may be called by
// many at once.
//
// What it does not know it refuses aloud: a field of the schema that no resolver stands for is the error NOT_SIMULATED.
package simshop

import (
	"hash/crc32"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/shopsight/shopsight/internal/market"
	"github.com/shopsight/shopsight/internal/money"
	"github.com/shopsight/shopsight/internal/shopify"
)

// Version is the version of the API that the store speaks.
const Version = shopify.Version

// Options say what store to simulate. The zero value is a store of the kind that most tests want: small, in dollars.
type Options struct {
	Domain string // "simulated.myshopify.com"
	Name   string // "Simulated Store"
	// Token is the access token that calls have to bring, "shpat_simulated" if empty. Shop.SetToken changes it.
	Token string
	// Scopes are what the token is allowed; nil stands for all that there are. Shop.SetScopes changes them.
	Scopes []string
	// App is the app that may be installed by OAuth; none if it has no client id.
	App App

	CurrencyCode money.Currency // "USD"
	Timezone     *time.Location // UTC
	// TaxesIncluded says whether prices include tax; nil stands for what is usual where the currency is.
	TaxesIncluded *bool

	// Seed makes the store: the same options give the same records. It also decides on random changes and faults.
	Seed int64
	// Days is how many days the history covers, 365 if 0, and Orders how many orders are in it, which may be none.
	// Products and Customers are how many there are; 0 stands for what goes with so many orders.
	Days, Orders, Products, Customers int

	// Now is the store's clock, time.Now if nil.
	Now func() time.Time
	// Bucket is the points to be spent; the zero value stands for a standard plan: 2,000, and 100 more every second.
	Bucket Bucket
	// BulkRate is how many records a bulk operation reads in a second, 2,000 if 0.
	BulkRate float64
	// Lag is how long searches do not see a change: lists and counts with a query.
	Lag time.Duration
	// Schema is what documents are validated against, the slice of the Admin API in package shopify if nil. The whole
	// official schema serves too.
	Schema *ast.Schema
	// Webhooks say how webhooks are delivered, once somebody calls Shop.Deliver or Shop.RunWebhooks.
	Webhooks WebhookOptions
}

// scopes are all that there are.
var scopes = []string{"read_all_orders", "read_customers", "read_orders", "read_products"}

// Shop is a simulated store. It serves the path /admin/api/VERSION/graphql.json, those of OAuth below /admin/oauth/, pictures below /cdn/shop/files/, whatever the
// host, and the files of bulk operations: as an http.Handler at the address that it was called at, as an http.RoundTripper at
// another host.
type Shop struct {
	opt    Options
	schema *ast.Schema
	market *market.Generator
	docs   documents

	mu     sync.Mutex // guards what follows
	tables map[Kind]*table
	// refunds are the ids of the orders that they are of.
	refunds map[int64]int64
	ids     int64      // the last id that was given to anything but a record of a table
	dice    *rand.Rand // what changes at random
	sold    int        // orders so far, customers, and products besides those of the market
	known   int
	added   int
	token   string
	scopes  []string
	bucket  bucket
	faults  Faults
	luck    *rand.Rand // what fails
	bulks   []*bulk
	secrets *rand.Rand // what signs the files
	stats   Stats
	oauth   oauth

	subscriptions     []*subscription // never changed, only replaced
	subscriptionsMade int64
	queue             queue      // of webhooks
	made              uint64     // webhooks so far
	occasion          string     // the event id of what happens now, empty until somebody is told of it
	names             *rand.Rand // the ids of webhooks
	post              *rand.Rand // what fails of them

	bell   chan struct{} // wakes those that deliver
	client *http.Client
}

// New makes up a store.
func New(o Options) *Shop {
	if o.Domain == "" {
		o.Domain = "simulated.myshopify.com"
	}
	if o.Name == "" {
		o.Name = "Simulated Store"
	}
	if o.Token == "" {
		o.Token = "shpat_simulated"
	}
	if o.Scopes == nil {
		o.Scopes = scopes
	}
	if o.CurrencyCode == "" {
		o.CurrencyCode = "USD"
	}
	if o.Timezone == nil {
		o.Timezone = time.UTC
	}
	if o.Days == 0 {
		o.Days = 365
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.BulkRate <= 0 {
		o.BulkRate = bulkRate
	}
	if o.Schema == nil {
		o.Schema = slice()
	}
	if o.Webhooks.Retry <= 0 {
		o.Webhooks.Retry = retryPeriod / (1<<deliveryRetries - 1)
	}
	s := &Shop{opt: o, schema: o.Schema, tables: make(map[Kind]*table), refunds: make(map[int64]int64), ids: firstID, token: o.Token,
		scopes: slices.Clone(o.Scopes), dice: rand.New(rand.NewPCG(uint64(o.Seed), 1)),
		luck: rand.New(rand.NewPCG(uint64(o.Seed), 2)), secrets: rand.New(rand.NewPCG(uint64(o.Seed), 3)), bucket: newBucket(o.Bucket, o.Now())}
	s.names = rand.New(rand.NewPCG(uint64(o.Seed), uint64(o.Now().UnixNano())^uint64(crc32.ChecksumIEEE([]byte(o.Domain)))))
	s.post = rand.New(rand.NewPCG(uint64(o.Seed), 4))
	s.bell, s.client = make(chan struct{}, 1), deliverer(o.Webhooks.Transport)
	for _, k := range []Kind{KindProduct, KindCustomer, KindOrder, kindEvent} {
		s.tables[k] = newTable(o.Lag)
	}
	s.oauth = oauth{codes: map[string]*code{}, access: map[string]*pair{}, refresh: map[string]*pair{}}
	s.market = market.Shop(o.Seed, market.Options{Days: o.Days, Orders: o.Orders, Products: o.Products, Customers: o.Customers,
		Currency: o.CurrencyCode, Zone: o.Timezone, Now: o.Now(), TaxesIncluded: o.TaxesIncluded})
	s.history()
	return s
}

// slice is the project's part of the official schema, which a test of package shopify validates.
var slice = sync.OnceValue(func() *ast.Schema {
	return gqlparser.MustLoadSchema(&ast.Source{Name: "admin.graphql", Input: shopify.AdminSchema})
})

// ServeHTTP serves the API and the files of bulk operations.
func (s *Shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isFile(r) {
		s.download(w, r)
		return
	}
	s.serve(w, r, "http://"+r.Host)
}

// isFile tells whether a request is for the file of a bulk operation.
func isFile(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, filePath) }

// Domain returns the name under which Shopify knows the store.
func (s *Shop) Domain() string { return s.opt.Domain }

// Name returns what the store calls itself.
func (s *Shop) Name() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opt.Name
}

// Token returns the access token that calls have to bring.
func (s *Shop) Token() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token
}

// SetToken takes another access token from now on, as when an app is installed anew; "" takes none at all.
func (s *Shop) SetToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = token
}

// SetScopes changes what the token is allowed, and tells of it.
func (s *Shop) SetScopes(scopes ...string) {
	defer s.act()()
	before := s.scopes
	s.scopes = slices.Clone(scopes)
	s.emit(shopify.AppScopesUpdate, func() object {
		return object{{"id", int64(appID)}, {"previous", texts(before)}, {"current", texts(s.scopes)}, {"updated_at", s.local(s.now())}}
	})
}

// Stats counts calls since the store was made, and what was answered to them.
type Stats struct {
	Calls     int
	Throttled int // THROTTLED and 429
	Failed    int // by Faults, besides Throttled
	Downloads int // of files of bulk operations, or of parts of them
	// Grants are the questions for tokens, and GrantsAtOnce how many there were at one time at the most.
	Grants, GrantsAtOnce int
	Webhooks             WebhookStats
	// Operations counts the calls that were answered, by the name of the operation.
	Operations map[string]int
}

// Stats returns the counts so far.
func (s *Shop) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.stats
	out.Operations = make(map[string]int, len(s.stats.Operations))
	for name, n := range s.stats.Operations {
		out.Operations[name] = n
	}
	return out
}

// Products returns all products, by id. They are the store's own, and never change: a change puts another one there.
func (s *Shop) Products() []*Product { return all[*Product](s, KindProduct) }

// Customers returns all customers, by id, as Products does.
func (s *Shop) Customers() []*Customer { return all[*Customer](s, KindCustomer) }

// Orders returns all orders, by id, as Products does.
func (s *Shop) Orders() []*Order { return all[*Order](s, KindOrder) }

// Deletions returns the events that deletions left behind, in order.
func (s *Shop) Deletions() (out []Deletion) {
	for _, e := range all[*event](s, kindEvent) {
		for kind, subject := range subjects {
			if e.action == "destroy" && e.subject == subject {
				out = append(out, Deletion{e.id, kind, e.about, e.at})
			}
		}
	}
	return out
}

// Order returns an order, nil if there is none.
func (s *Shop) Order(id int64) *Order { return one[*Order](s, KindOrder, id) }

// Product returns a product, nil if there is none.
func (s *Shop) Product(id int64) *Product { return one[*Product](s, KindProduct, id) }

// Customer returns a customer, nil if there is none.
func (s *Shop) Customer(id int64) *Customer { return one[*Customer](s, KindCustomer, id) }

func all[R record](s *Shop, kind Kind) []R {
	s.mu.Lock()
	defer s.mu.Unlock()
	items, _ := s.tables[kind].list("ID", false, time.Time{})
	out := make([]R, len(items))
	for i, it := range items {
		out[i] = it.now.(R)
	}
	return out
}

func one[R record](s *Shop, kind Kind, id int64) (none R) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.tables[kind].get(id).(R); ok {
		return r
	}
	return none
}

// now is the store's time. Shopify's instants have whole seconds.
func (s *Shop) now() time.Time { return s.opt.Now().UTC().Truncate(time.Second) }
