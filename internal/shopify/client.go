package shopify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shopsight/shopsight/internal/outbound"
)

// Options changes where and how stores are reached.
type Options struct {
	// Endpoint returns the URL that answers for a store; nil is the store itself. It is for an operator who tries the
	// service on a simulated store, and never made of what a tenant says: with it, private addresses are connected to.
	Endpoint func(Domain) string
	// Transport sends the requests; nil is one that connects to public addresses only, unless there is an Endpoint.
	Transport http.RoundTripper
	// PageSize bounds the records of a page; 0 is as many as Shopify lets through.
	PageSize int
	// Now and After are the clock, time.Now and time.After when nil.
	Now   func() time.Time
	After func(time.Duration) <-chan time.Time
	// Log takes one line for each attempt that failed; nothing is logged when nil.
	Log *slog.Logger
}

// API reaches stores. There is one in a process, since it keeps what each store lets an app ask for.
type API struct {
	endpoint func(Domain) string
	http     *http.Client
	pageSize int
	clock    clock
	log      *slog.Logger

	mu    sync.Mutex
	shops map[Domain]*shopState
}

// shopState is what is known of one store, whoever asks it.
type shopState struct {
	limiter *limiter
	pages   map[Kind]*size
}

// The largest pages. Pages of orders are bounded by their cost, the others by Shopify.
const (
	largestPage      = 250
	largestOrderPage = 100
)

// New returns an API.
func New(o Options) *API {
	a := &API{
		endpoint: o.Endpoint, pageSize: o.PageSize, clock: clock{o.Now, o.After}, log: o.Log, shops: map[Domain]*shopState{},
	}
	if a.pageSize <= 0 {
		a.pageSize = largestPage
	}
	switch {
	case o.Transport != nil:
		a.http = outbound.Client(o.Transport)
	case o.Endpoint != nil:
		a.http = outbound.Client(outbound.OpenTransport())
	default:
		a.http = outbound.Client(outbound.Transport(net.DefaultResolver))
	}
	if a.clock.now == nil {
		a.clock.now = time.Now
	}
	if a.clock.after == nil {
		a.clock.after = time.After
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	return a
}

// Client returns a client for one store. It costs nothing, and all clients of a store share its budget. It asks for a token
// before each request, and once more when the store refuses that one.
func (a *API) Client(d Domain, tokens Tokens) *Client {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.shops[d]
	if s == nil {
		s = &shopState{newLimiter(a.clock), map[Kind]*size{
			Products:  newSize(min(a.pageSize, largestPage)),
			Customers: newSize(min(a.pageSize, largestPage)),
			Orders:    newSize(min(a.pageSize, largestOrderPage)),
		}}
		a.shops[d] = s
	}
	return &Client{api: a, shop: s, domain: d, tokens: tokens, used: new(atomic.Value), tell: func(time.Time) {}}
}

// Client reads one store. Its methods return an *Error, or the context's error when that ended them; they may be called
// from several goroutines, which then take turns.
type Client struct {
	api    *API
	shop   *shopState
	domain Domain
	tokens Tokens
	// used is the last token that the store was asked with, which no error may show.
	used *atomic.Value
	tell func(until time.Time)
}

func (c *Client) last() string {
	token, _ := c.used.Load().(string)
	return token
}

// Throttled returns the same client, but with f told of each wait that the store's limits ask for, until when it may last.
// Waits after failures are none of those. Nothing is asked until f returns.
func (c *Client) Throttled(f func(until time.Time)) *Client {
	told := *c
	told.tell = f
	return &told
}

// Page is a part of a list.
type Page[T any] struct {
	Records []T
	// Next is what to ask for after this page, "" when it was the last.
	Next string
	// Denied are the fields that the store keeps to itself, such as "customer.defaultEmailAddress"; they are empty in
	// the records.
	Denied []string
}

// Shop is the store as a whole.
type Shop struct {
	ID           int64
	Name         string
	Domain       string
	CurrencyCode string
	Timezone     string
	// Scopes are what the token reaches.
	Scopes []string
}

// Shop asks who the store is and what the token reaches: the first thing to ask with a new token.
func (c *Client) Shop(ctx context.Context) (Shop, error) {
	got, _, err := ask(ctx, c, 0, nil, func(a *attempt) (Shop, error) {
		resp, err := shop(ctx, a)
		if err != nil {
			return Shop{}, err
		}
		r := reader{record: "shop"}
		s := Shop{
			ID: r.id("Shop", resp.Shop.Id), Name: resp.Shop.Name, Domain: resp.Shop.MyshopifyDomain,
			CurrencyCode: resp.Shop.CurrencyCode, Timezone: resp.Shop.IanaTimezone,
		}
		for _, scope := range resp.CurrentAppInstallation.AccessScopes {
			s.Scopes = append(s.Scopes, scope.Handle)
		}
		if s.CurrencyCode == "" || s.Timezone == "" || s.Domain == "" {
			r.fail("lacks a currency, timezone or domain")
		}
		return s, r.err
	})
	return got, err
}

// Count returns how many records of a kind were updated in a window. It is exact, or an error.
func (c *Client) Count(ctx context.Context, kind Kind, w Window) (int, error) {
	n, _, err := ask(ctx, c, kind, nil, func(a *attempt) (int, error) {
		n, precision, err := count(ctx, a, kind, w.query())
		switch {
		case err != nil:
			return 0, err
		case precision == nil:
			return 0, errors.New("no count")
		case *precision != "EXACT" || n < 0:
			return 0, &failure{as: &Error{
				Code: CodeIncomplete, cause: fmt.Errorf("%s: %d, %s", kind, n, *precision),
				Message: "Shopify did not count exactly. Please report this.",
			}}
		}
		return n, nil
	})
	return n, err
}

// count asks the document of a kind; there is no precision where there is no count.
func count(ctx context.Context, a *attempt, kind Kind, query *string) (n int, precision *string, err error) {
	switch kind {
	case Products:
		if r, err := productsCount(ctx, a, query); err != nil || r.ProductsCount == nil {
			return 0, nil, err
		} else {
			return r.ProductsCount.Count, &r.ProductsCount.Precision, nil
		}
	case Customers:
		if r, err := customersCount(ctx, a, query); err != nil || r.CustomersCount == nil {
			return 0, nil, err
		} else {
			return r.CustomersCount.Count, &r.CustomersCount.Precision, nil
		}
	case Orders:
		if r, err := ordersCount(ctx, a, query); err != nil || r.OrdersCount == nil {
			return 0, nil, err
		} else {
			return r.OrdersCount.Count, &r.OrdersCount.Precision, nil
		}
	}
	return 0, nil, a.internal(fmt.Errorf("count %s", kind))
}

// Deletion is a record that the store no longer has.
type Deletion struct {
	Kind Kind
	ID   int64
	At   time.Time
}

// Deletions returns what was deleted since an instant, oldest first, after the cursor of an earlier page or from the
// beginning. Shopify remembers a year, and not all: IDs finds the rest.
func (c *Client) Deletions(ctx context.Context, since time.Time, after string) (Page[Deletion], error) {
	query := "action:destroy"
	if !since.IsZero() {
		query += " AND created_at:>=" + instant(since)
	}
	p, _, err := ask(ctx, c, 0, nil, func(a *attempt) (Page[Deletion], error) {
		resp, err := deletionsPage(ctx, a, largestPage, optional(after), query)
		if err != nil {
			return Page[Deletion]{}, err
		}
		if resp.Events == nil {
			return Page[Deletion]{}, errors.New("no events")
		}
		info := resp.Events.PageInfo
		if err := info.check(resp.Events.Nodes != nil, optional(after)); err != nil {
			return Page[Deletion]{}, err
		}
		p, r := Page[Deletion]{Next: next(info)}, reader{record: "deletion"}
		for _, e := range resp.Events.Nodes {
			kind, ok := subjects[e.SubjectType]
			if !ok || e.Action != "destroy" {
				continue
			}
			p.Records = append(p.Records, Deletion{kind, r.id(kind.gid(), e.SubjectID), r.time("createdAt", e.CreatedAt)})
		}
		return p, r.err
	})
	return p, err
}

var subjects = map[string]Kind{"PRODUCT": Products, "CUSTOMER": Customers, "ORDER": Orders}

// LastID returns the greatest id of a kind, 0 when the store has no record of it. Ids only rise.
func (c *Client) LastID(ctx context.Context, kind Kind) (int64, error) {
	id, _, err := ask(ctx, c, kind, nil, func(a *attempt) (int64, error) {
		gids, _, err := idPage(ctx, a, kind, 1, nil, true)
		switch {
		case err != nil:
			return 0, err
		case gids == nil || len(gids) > 1:
			return 0, errors.New("a page without a list")
		case len(gids) == 0:
			return 0, nil
		}
		r := reader{record: "list of " + kind.String()}
		return r.id(kind.gid(), gids[0]), r.err
	})
	return id, err
}

// IDs returns the ids of a kind that are greater than one, ascending, and whether there are more. At most 250 come at
// once.
func (c *Client) IDs(ctx context.Context, kind Kind, greaterThan int64, first int) (ids []int64, more bool, err error) {
	// Shopify's > may mean >=: with two the list goes on in any case.
	first = min(max(first, 2), largestPage)
	query := "id:>" + strconv.FormatInt(greaterThan, 10)
	type page struct {
		ids  []int64
		more bool
	}
	p, _, err := ask(ctx, c, kind, nil, func(a *attempt) (page, error) {
		gids, info, err := idPage(ctx, a, kind, first, &query, false)
		if err != nil {
			return page{}, err
		}
		if gids == nil || info.HasNextPage == nil {
			return page{}, errors.New("a page without a list")
		}
		p, r := page{more: info.more()}, reader{record: "list of " + kind.String()}
		for _, gid := range gids {
			if id := r.id(kind.gid(), gid); id > greaterThan {
				p.ids = append(p.ids, id)
			}
		}
		if !slices.IsSorted(p.ids) {
			r.fail("is not sorted by id")
		}
		if p.more && len(p.ids) == 0 {
			r.fail("does not go on")
		}
		return p, r.err
	})
	return p.ids, p.more, err
}

func idPage(ctx context.Context, a *attempt, kind Kind, first int, query *string, reverse bool) ([]string, pageInfo, error) {
	switch kind {
	case Products:
		r, err := productIDs(ctx, a, first, query, reverse)
		return gids(r.Products.Nodes), r.Products.PageInfo, err
	case Customers:
		r, err := customerIDs(ctx, a, first, query, reverse)
		return gids(r.Customers.Nodes), r.Customers.PageInfo, err
	case Orders:
		r, err := orderIDs(ctx, a, first, query, reverse)
		return gids(r.Orders.Nodes), r.Orders.PageInfo, err
	}
	return nil, pageInfo{}, a.internal(fmt.Errorf("list the ids of %s", kind))
}

// gids returns the ids of nodes, nil for no list.
func gids[T any, P interface {
	*T
	GetId() string
}](nodes []T) []string {
	if nodes == nil {
		return nil
	}
	ids := make([]string, len(nodes))
	for i := range nodes {
		ids[i] = P(&nodes[i]).GetId()
	}
	return ids
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func next(p pageInfo) string {
	if p.more() {
		return p.EndCursor
	}
	return ""
}

// globalID writes an id as Shopify does.
func globalID(kind Kind, id int64) string {
	return "gid://shopify/" + kind.gid() + "/" + strconv.FormatInt(id, 10)
}

// localID reads the number of a gid of the given type, of any type when that is "". What follows a question mark is
// not part of it.
func localID(typ, gid string) (int64, bool) {
	rest, ok := strings.CutPrefix(gid, "gid://shopify/")
	name, digits, cut := strings.Cut(rest, "/")
	digits, _, _ = strings.Cut(digits, "?")
	id, err := strconv.ParseUint(digits, 10, 63)
	return int64(id), ok && cut && (typ == "" || name == typ) && err == nil && id > 0
}
