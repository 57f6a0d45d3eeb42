// Package privacy does what the law asks of whoever keeps data of people: it shows what is known of a person, forgets a
// person or a store for good, and remembers who has looked at personal data.
//
// A request is a row, committed before whoever brought it hears that it is taken, and worked on until it is done: so that
// it survives anything. What is to be forgotten is also kept in a journal beside the database, from which it is done
// again when the database is replaced by an older copy. Neither says anything of a person but the store's number.
package privacy

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/ent/customer"
	"github.com/shopsight/shopsight/ent/predicate"
	"github.com/shopsight/shopsight/ent/privacyrequest"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/viewer"
)

// The kinds of requests, as the API's enum PrivacyRequestKind and as they are stored.
const (
	// CustomerData asks for what is known of a customer. A person hands it over.
	CustomerData = "CUSTOMER_DATA"
	// CustomerRedact asks to forget a customer.
	CustomerRedact = "CUSTOMER_REDACT"
	// ShopRedact asks to forget the store, some time after the app was removed from it.
	ShopRedact = "SHOP_REDACT"
)

// The API's enum PrivacyRequestStatus, as it is stored.
const (
	Pending = "PENDING"
	Done    = "DONE"
)

// due is how long the law gives.
const due = 30 * 24 * time.Hour

// Shop is what a store needs for being forgotten: sync.Service.
type Shop interface {
	// ConnectedSince tells whether the tenant's store is connected, and was connected after an instant.
	ConnectedSince(ctx context.Context, at time.Time) (bool, error)
	// Erase removes all that is known of the tenant's store. It may be called again.
	Erase(ctx context.Context) error
	// RemoveExports removes files of stores that nobody needs any more.
	RemoveExports(ctx context.Context)
}

// Config is what a service is made of. Every field is needed but Journal and Log.
type Config struct {
	Store  *store.Store
	Ingest *ingest.Service
	Shop   Shop
	// Journal is the path of the file in which this process keeps what is to be forgotten; none is kept when it is empty.
	Journal string
	Now     func() time.Time
	Log     *slog.Logger
}

// Service keeps requests and access records. Its methods act on the tenant of the viewer in their context, but for Work.
type Service struct {
	Config
	journal journal
	wake    chan struct{}
	copied  time.Time // the journal has all that other processes have received before; Work alone uses it

	mu   sync.Mutex
	seen map[access]*views
}

// New returns a service. Nothing is forgotten until Work is called.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{Config: c, journal: journal{path: c.Journal}, wake: make(chan struct{}, 1), seen: map[access]*views{}}
}

// Received is a request as it comes in.
type Received struct {
	Kind string
	// CustomerID is the store's own number of the customer, 0 for none: of somebody who never was one too, people may ask.
	CustomerID int64
	// Orders are the store's own numbers of orders that are the customer's too.
	Orders []int64
	// EventID names the event: a second one of the same id has no effect.
	EventID string
	// TriggeredAt is when it happened at Shopify; ReceivedAt when it is zero.
	TriggeredAt time.Time
	ReceivedAt  time.Time
}

// Receive takes a request over for the viewer's tenant. When it returns nil the request is kept, and will be done; one that
// came before is not taken again. What cannot be one is fault.Invalid.
func (s *Service) Receive(ctx context.Context, r Received) error {
	_, err := s.receive(ctx, r)
	return err
}

func (s *Service) receive(ctx context.Context, r Received) (*ent.PrivacyRequest, error) {
	tenant, err := tenantOf(ctx)
	if err != nil {
		return nil, err
	}
	known := slices.Contains([]string{CustomerData, CustomerRedact, ShopRedact}, r.Kind)
	if !known || r.EventID == "" || len(r.EventID) > 191 || r.CustomerID < 0 || slices.ContainsFunc(r.Orders, func(id int64) bool { return id < 1 }) {
		return nil, fault.Errorf(fault.Invalid, "this is no privacy request: it needs a kind, the id of its event, and numbers above 0")
	}
	if r.TriggeredAt.IsZero() {
		r.TriggeredAt = r.ReceivedAt
	}
	r.ReceivedAt, r.TriggeredAt = r.ReceivedAt.UTC().Truncate(time.Microsecond), r.TriggeredAt.UTC().Truncate(time.Microsecond)
	r.Orders = slices.Compact(slices.Sorted(slices.Values(r.Orders)))
	if r.Kind != CustomerData {
		// First, so that it is there however old a copy replaces the database in a moment. A disk that takes nothing must not
		// keep a demand of the law out: Work tries again to write it.
		if err := s.journal.add(lineOf(tenant, r)); err != nil {
			s.Log.ErrorContext(ctx, "privacy: write the journal", "error", err)
		}
	}
	row, err := s.keep(ctx, r)
	if err != nil {
		return nil, err
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return row, nil
}

// keep makes the row of a request, unless it is there.
func (s *Service) keep(ctx context.Context, r Received) (row *ent.PrivacyRequest, err error) {
	err = s.Store.Tx(ctx, func(tx *ent.Client) error {
		c := tx.PrivacyRequest.Create().SetID(s.Store.NewID()).SetKind(r.Kind).SetEventID(r.EventID).SetOrders(r.Orders).
			SetTriggeredAt(r.TriggeredAt).SetReceivedAt(r.ReceivedAt).SetDueAt(r.ReceivedAt.Add(due)).SetStatus(Pending)
		if r.Orders == nil {
			c.SetOrders([]int64{})
		}
		if r.CustomerID != 0 {
			c.SetCustomerNumber(r.CustomerID)
		}
		if r.Kind != CustomerData {
			c.SetWorkAt(r.ReceivedAt)
		}
		row, err = c.Save(ctx)
		return err
	})
	if ent.IsConstraintError(err) {
		row, err = s.Store.Client().PrivacyRequest.Query().Where(privacyrequest.EventID(r.EventID)).Only(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("keep the privacy request: %w", err)
	}
	return row, nil
}

// Request is a privacy request as people see it.
type Request struct {
	ID             int64
	Kind           string
	ReceivedAt     time.Time
	DueAt          time.Time
	Status         string
	CompletedAt    *time.Time
	CustomerNumber *string
	// CustomerID is the row of the customer, 0 when there is none.
	CustomerID int64
	// Orders counts the orders that the request names itself.
	Orders  int
	Outcome *string

	customer int64
	orders   []int64
}

// IsNode makes a request a Node of the API.
func (*Request) IsNode() {}

// requests turns rows into what people see.
func (s *Service) requests(ctx context.Context, rows []*ent.PrivacyRequest) ([]*Request, error) {
	var numbers []int64
	out := make([]*Request, len(rows))
	for i, row := range rows {
		out[i] = &Request{ID: row.ID, Kind: row.Kind, ReceivedAt: row.ReceivedAt.UTC(), DueAt: row.DueAt.UTC(), Status: row.Status,
			CompletedAt: row.DoneAt, Orders: len(row.Orders), Outcome: row.Outcome, orders: row.Orders}
		if n := row.CustomerNumber; n != nil {
			text := strconv.FormatInt(*n, 10)
			out[i].CustomerNumber, out[i].customer = &text, *n
			numbers = append(numbers, *n)
		}
	}
	if len(numbers) == 0 {
		return out, nil
	}
	people, err := s.Store.Client().Customer.Query().Where(customer.ShopifyIDIn(numbers...)).
		Select(customer.FieldID, customer.FieldShopifyID).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the customers of privacy requests: %w", err)
	}
	ids := map[int64]int64{}
	for _, c := range people {
		ids[c.ShopifyID] = c.ID
	}
	for _, r := range out {
		r.CustomerID = ids[r.customer]
	}
	return out, nil
}

// RequestPage is a page of requests, the newest first.
type RequestPage struct {
	Requests []*Request
	HasNext  bool
	list     list
}

// Cursor returns the cursor that stands on a request of the page.
func (p *RequestPage) Cursor(r *Request) string { return p.list.cursor(r.ID) }

// Requests returns a page of the tenant's requests, of all or of those in a state. A size outside of 1 to 100 is
// fault.Invalid, a cursor of another list fault.InvalidCursor.
func (s *Service) Requests(ctx context.Context, first int, after *string, status string) (*RequestPage, error) {
	tenant, err := tenantOf(ctx)
	if err != nil {
		return nil, err
	}
	p := &RequestPage{list: list(fmt.Sprintf("privacy requests of %d %s", tenant, status))}
	before, err := p.list.page(first, after)
	if err != nil {
		return nil, err
	}
	q := s.Store.Client().PrivacyRequest.Query().Where(inState(status)...)
	if before != 0 {
		q.Where(privacyrequest.IDLT(before))
	}
	rows, err := q.Order(privacyrequest.ByID(sql.OrderDesc())).Limit(first + 1).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the privacy requests: %w", err)
	}
	p.HasNext = len(rows) > first
	p.Requests, err = s.requests(ctx, rows[:min(first, len(rows))])
	return p, err
}

// CountRequests counts what Requests pages through.
func (s *Service) CountRequests(ctx context.Context, status string) (int, error) {
	return s.Store.Client().PrivacyRequest.Query().Where(inState(status)...).Count(ctx)
}

func inState(status string) []predicate.PrivacyRequest {
	if status == "" {
		return nil
	}
	return []predicate.PrivacyRequest{privacyrequest.Status(status)}
}

// Request returns one request of the viewer's tenant, nil when there is none of that id.
func (s *Service) Request(ctx context.Context, id int64) (*Request, error) {
	row, err := s.Store.Client().PrivacyRequest.Get(ctx, id)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the privacy request: %w", err)
	}
	out, err := s.requests(ctx, []*ent.PrivacyRequest{row})
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

// Payload is the answer to what people do about requests.
type Payload struct {
	PrivacyRequest *Request
	UserErrors     []fault.UserError
}

// Redact starts the forgetting of a customer by hand, as when a letter asks for it. confirm must be the customer's number.
// The customer is a row; NOT_FOUND when there is none. It cannot be undone.
func (s *Service) Redact(ctx context.Context, id int64, confirm string) (*Payload, error) {
	return s.start(ctx, id, CustomerRedact, func(number int64) []fault.UserError {
		if confirm == strconv.FormatInt(number, 10) {
			return nil
		}
		return []fault.UserError{{Field: []string{"input", "confirm"}, Code: fault.CodeConfirmationMismatch,
			Message: fmt.Sprintf("must be %d, the number of the customer, exactly", number)}}
	}, "input", "customerId")
}

// RequestData starts a request for what is known of a customer by hand. The customer is a row; NOT_FOUND when there is none.
func (s *Service) RequestData(ctx context.Context, id int64) (*Payload, error) {
	return s.start(ctx, id, CustomerData, func(int64) []fault.UserError { return nil }, "customerId")
}

func (s *Service) start(ctx context.Context, id int64, kind string, check func(number int64) []fault.UserError, field ...string) (*Payload, error) {
	c, err := s.Store.Client().Customer.Get(ctx, id)
	if ent.IsNotFound(err) {
		return &Payload{UserErrors: []fault.UserError{{Field: field, Code: fault.CodeNotFound, Message: "there is no such customer"}}}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the customer: %w", err)
	}
	if errs := check(c.ShopifyID); len(errs) > 0 {
		return &Payload{UserErrors: errs}, nil
	}
	row, err := s.receive(ctx, Received{Kind: kind, CustomerID: c.ShopifyID, ReceivedAt: s.Now(),
		EventID: "by hand: " + strconv.FormatInt(s.Store.NewID(), 10)})
	if err != nil {
		return nil, err
	}
	return s.payload(ctx, row.ID)
}

func (s *Service) payload(ctx context.Context, id int64) (*Payload, error) {
	r, err := s.Request(ctx, id)
	return &Payload{PrivacyRequest: r}, err
}

// Complete notes that a person has handed over what a request of the kind CustomerData asks for. NOT_FOUND when there is no
// such request, CONFLICT when it is of a kind that the service does by itself. Once more changes nothing.
func (s *Service) Complete(ctx context.Context, id int64) (*Payload, error) {
	r, err := s.Request(ctx, id)
	if err != nil {
		return nil, err
	}
	refuse := func(code fault.UserErrorCode, message string) (*Payload, error) {
		return &Payload{PrivacyRequest: r, UserErrors: []fault.UserError{{Field: []string{"id"}, Code: code, Message: message}}}, nil
	}
	if r == nil {
		return refuse(fault.CodeNotFound, "there is no such request")
	}
	if r.Kind != CustomerData {
		return refuse(fault.CodeConflict, "it is done by the service itself, and is then complete")
	}
	if err := s.finish(ctx, id, "The data was handed over."); err != nil {
		return nil, err
	}
	return s.payload(ctx, id)
}

// finish ends a request that is not done yet.
func (s *Service) finish(ctx context.Context, id int64, outcome string) error {
	err := s.Store.Tx(ctx, func(tx *ent.Client) error {
		return tx.PrivacyRequest.Update().Where(privacyrequest.ID(id), privacyrequest.Status(Pending)).SetStatus(Done).
			SetDoneAt(s.Now().UTC().Truncate(time.Microsecond)).SetOutcome(outcome).ClearWorkAt().Exec(ctx)
	})
	if err != nil {
		return fmt.Errorf("end the privacy request: %w", err)
	}
	return nil
}

func tenantOf(ctx context.Context) (int64, error) {
	v := viewer.FromContext(ctx)
	if v == nil || v.TenantID == 0 {
		return 0, fault.Errorf(fault.Unauthenticated, "sign in to see a tenant's data")
	}
	return v.TenantID, nil
}

// list is what a cursor belongs to.
type list string

func (l list) cursor(id int64) string {
	sum := sha256.Sum256([]byte(l))
	return base64.RawURLEncoding.EncodeToString(append(binary.BigEndian.AppendUint64(nil, uint64(id)), sum[:8]...))
}

// page checks the arguments of a page, and returns the id before which it lies, 0 for the first page.
func (l list) page(first int, after *string) (before int64, err error) {
	if first < 1 || first > 100 {
		return 0, fault.Errorf(fault.Invalid, "first must lie between 1 and 100").At("first")
	}
	if after == nil {
		return 0, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(*after)
	if err != nil || len(b) != 16 || l.cursor(int64(binary.BigEndian.Uint64(b))) != *after {
		return 0, fault.Errorf(fault.InvalidCursor, "after is not a cursor of this list").At("after")
	}
	return int64(binary.BigEndian.Uint64(b)), nil
}
