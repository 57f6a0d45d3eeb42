// Package sync keeps a tenant's records equal to those of its Shopify store.
//
// It knows which store that is and by which credential it is read, decides what to fetch, and hands it to ingest. A run
// reads each kind of record in the order of its last change, from where the last run ended, and moves the cursor in the
// transaction that writes a page: so a run that ends at any point is gone on with, and what comes twice does no harm. What
// a large store has at first comes from files that the store writes.
// Afterwards it proves that nothing is missing, by the store's own counts, and where they differ it compares every number.
//
// The rows of a run are the truth of the job. A worker takes a run for some time and under a number that is raised each
// time; whatever it writes is checked against that number, under the lock of the tenant's writers.
package sync

import (
	"context"
	"crypto/rand"
	"iter"
	"log/slog"
	"sync"
	"time"

	"github.com/shopsight/shopsight/internal/failpoint"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/queue"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/store"
)

// Source is a store that is read: shopify.Client.
type Source interface {
	Shop(ctx context.Context) (shopify.Shop, error)
	Count(ctx context.Context, k shopify.Kind, w shopify.Window) (int, error)
	LastID(ctx context.Context, k shopify.Kind) (int64, error)
	Products(ctx context.Context, w shopify.Window, after string) (shopify.Page[shopify.Product], error)
	Customers(ctx context.Context, w shopify.Window, after string) (shopify.Page[shopify.Customer], error)
	Orders(ctx context.Context, w shopify.Window, after string) (shopify.Page[shopify.Order], error)
	ProductsByID(ctx context.Context, ids []int64) ([]shopify.Product, []int64, error)
	CustomersByID(ctx context.Context, ids []int64) ([]shopify.Customer, []int64, error)
	OrdersByID(ctx context.Context, ids []int64) ([]shopify.Order, []int64, error)
	Deletions(ctx context.Context, since time.Time, after string) (shopify.Page[shopify.Deletion], error)
	IDs(ctx context.Context, k shopify.Kind, greaterThan int64, first int) (ids []int64, more bool, err error)

	StartBulk(ctx context.Context, k shopify.Kind, w shopify.Window) (shopify.BulkOperation, error)
	Bulk(ctx context.Context, id int64) (shopify.BulkOperation, error)
	CancelBulk(ctx context.Context, id int64) error
	DownloadBulk(ctx context.Context, o shopify.BulkOperation, path string) error
	BulkProducts(ctx context.Context, o shopify.BulkOperation, path string, behind int64) iter.Seq2[shopify.Exported[shopify.Product], error]
	BulkCustomers(ctx context.Context, o shopify.BulkOperation, path string, behind int64) iter.Seq2[shopify.Exported[shopify.Customer], error]
	BulkOrders(ctx context.Context, o shopify.BulkOperation, path string, behind int64) iter.Seq2[shopify.Exported[shopify.Order], error]

	Webhooks(ctx context.Context) ([]shopify.Subscription, error)
	Subscribe(ctx context.Context, topic shopify.Topic, uri string) (shopify.Subscription, error)
	Unsubscribe(ctx context.Context, id int64) error
}

// OAuth is how a store lets the service's own app in, and gives it tokens: shopify.API.
type OAuth interface {
	Authorize(d shopify.Domain, app shopify.App, redirect, state string, scopes []string) (string, error)
	Exchange(ctx context.Context, d shopify.Domain, app shopify.App, code string) (shopify.Grant, error)
	Refresh(ctx context.Context, d shopify.Domain, app shopify.App, refreshToken string) (shopify.Grant, error)
	Upgrade(ctx context.Context, d shopify.Domain, app shopify.App, accessToken string) (shopify.Grant, error)
}

// Box seals secrets: secret.Box. bound names the row that a secret belongs to.
type Box interface {
	Seal(plaintext []byte, bound string) ([]byte, error)
	Open(ciphertext []byte, bound string) ([]byte, error)
	Current(ciphertext []byte) bool
}

// Config is what a service is made of. Every field is needed but App, PublicURL, After, Bulk, Log and those of webhooks.
type Config struct {
	Store  *store.Store
	Ingest *ingest.Service
	// Queue wakes workers. The rows of the runs are the truth: a wake that is lost costs seconds.
	Queue *queue.Queue
	// Source returns the store of a domain. throttled is told until when the store makes the caller wait.
	Source func(d shopify.Domain, tokens shopify.Tokens, throttled func(until time.Time)) Source
	OAuth  OAuth
	// App is the service's own app, which merchants install; without one, stores are connected by tokens of theirs.
	App shopify.App
	// AppScopes is what the app asks for.
	AppScopes []string
	// PublicURL is the origin at which browsers and Shopify reach the service, such as https://shopsight.example.com.
	PublicURL string
	Box       Box
	// Adopt gives the viewer's tenant the currency and the timezone of its store, or tells why it cannot.
	Adopt func(ctx context.Context, currency, timezone string) ([]fault.UserError, error)
	// Changed is told of every change of a run.
	Changed func(tenant, run int64)
	Now     func() time.Time
	// After is how the service waits; time.After when nil.
	After func(time.Duration) <-chan time.Time
	Bulk  Bulk
	// WebhookURL is where stores tell of what happens: an address that Receive is behind. Without one no store is asked to.
	WebhookURL string
	// Compliance takes what the law asks for, for the viewer's tenant: when it returns nil that is kept for good. While it is
	// nil nothing is taken.
	Compliance func(ctx context.Context, w shopify.Webhook) error
	Log        *slog.Logger
}

// Service connects stores and runs syncs. Its methods act on the tenant of the viewer in their context.
type Service struct {
	Config
	// suspect holds the one run that may be what ends the process.
	suspect chan struct{}
	nudges  *nudges
	// nobody is a secret that nothing is signed with.
	nobody []byte

	// idleLooked is when tokens that nobody asks for were looked for; the reconciler's own.
	idleLooked time.Time

	mu sync.Mutex
	// running are the runs that this process works on, by their tenant.
	running map[int64]*job
}

// New returns a service. Nothing is synced until Work is called.
func New(c Config) *Service {
	if c.After == nil {
		c.After = time.After
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	nobody := make([]byte, 32)
	_, _ = rand.Read(nobody) // it never fails
	return &Service{Config: c, suspect: make(chan struct{}, 1), nudges: newNudges(), nobody: nobody, running: make(map[int64]*job)}
}

// The bounds of the work.
const (
	// overlap is how far back of its cursor a run begins: the store's lists lag some seconds behind its records.
	overlap = 10 * time.Minute
	// maxAttempts bounds how often in a row a run is taken up without getting on.
	maxAttempts = 6
	// suspicious is from how many strikes on a run may be what ends the process. Of such, a process has one at a time before
	// it has got on: else those that were under way beside it would be counted out together with it.
	suspicious = 2
	// soon is how long a run waits after an error that may pass, where it had got on before.
	soon = 5 * time.Second
	// giveWay is how long a wait may be that a run keeps its slot for. A store lets the dearest page through within ten
	// seconds, a thousand points at a hundred a second: whoever waits longer is held up by something else.
	giveWay = 10 * time.Second
	// everyMinutes is how often a store is synced that nobody said otherwise of.
	everyMinutes = 15
)

// lease is how long a run belongs to the worker that took it, unless that says it is still there.
var lease = failpoint.Duration("lease", 45*time.Second)

// The API's enums, as they are stored.
const (
	Connected    = "CONNECTED"
	NeedsReauth  = "NEEDS_REAUTH"
	Disconnected = "DISCONNECTED"

	Full        = "FULL"
	Incremental = "INCREMENTAL"

	Queued             = "QUEUED"
	Running            = "RUNNING"
	Succeeded          = "SUCCEEDED"
	PartiallySucceeded = "PARTIALLY_SUCCEEDED"
	Failed             = "FAILED"
	Cancelled          = "CANCELLED"

	Manual       = "MANUAL"
	Scheduled    = "SCHEDULED"
	FirstConnect = "FIRST_CONNECT"
)

// resources are the kinds of records in the order in which they are read: orders name products and customers.
var resources = []resource{
	{"PRODUCTS", shopify.Products, ingest.KindProduct, "products", true},
	{"CUSTOMERS", shopify.Customers, ingest.KindCustomer, "customers", true},
	{"ORDERS", shopify.Orders, ingest.KindOrder, "orders", false},
}

// resource is one kind of record: the API's name of it, the store's and ours, and its table.
type resource struct {
	name    string
	kind    shopify.Kind
	records ingest.Kind
	table   string
	// placeholders tells that the table holds rows for records that were only named.
	placeholders bool
}

// known narrows a query of the table to records that are there, not only named.
func (r resource) known() string {
	if r.placeholders {
		return " AND known = TRUE"
	}
	return ""
}

func resourceOf(name string) resource {
	for _, r := range resources {
		if r.name == name {
			return r
		}
	}
	return resource{}
}
