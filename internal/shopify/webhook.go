package shopify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// What may be wrong with a webhook.
var (
	// ErrUnsigned says that it is not from Shopify, or not what Shopify signed. The answer is 401.
	ErrUnsigned = errors.New("not a webhook that Shopify signed")
	// ErrWebhook says that Shopify signed it and that it cannot be understood. The answer is 400.
	ErrWebhook = errors.New("not a webhook that is understood")
)

// MaxWebhook is the longest body that is read, in bytes. Ours have some hundred; those of privacy name all orders of a
// person.
const MaxWebhook = 2 << 20

// The bounds of what a webhook brings.
const (
	maxWebhookID = 128
	maxDepth     = 32
	maxScopes    = 256
)

// Webhook is what a store says has happened: a hint of what to read again, and never what to store. Nothing of a person
// is kept of it but the store's own numbers.
type Webhook struct {
	Topic Topic
	Shop  Domain
	// ID is one delivery's, the same for each retry of it.
	ID string
	// EventID is that of what happened: several topics may tell of it, and one topic of several records. It is ID when
	// Shopify sent none.
	EventID string
	// TriggeredAt is when it happened, zero when Shopify did not say. Retries come hours later.
	TriggeredAt time.Time
	// APIVersion is the one that the body is written in.
	APIVersion string

	// Kind and RecordID are the record to read again: of a refund and an edit the order, of a merge the customer that is
	// kept. Both are 0 for topics about none.
	Kind     Kind
	RecordID int64
	// UpdatedAt is that of the record in the body, zero where it has none.
	UpdatedAt time.Time
	// MergedID is the customer that a merge did away with, or would have: Shopify tells of failed ones too.
	MergedID int64
	// RefundID is that of a refund.
	RefundID int64
	// BulkID is the bulk operation that ended.
	BulkID int64
	// Scopes are those that the app has now, with AppScopesUpdate.
	Scopes []string
	// Privacy is set with the topics that the law asks for.
	Privacy *PrivacyRequest
}

// PrivacyRequest is what to hand out or to forget.
type PrivacyRequest struct {
	// ID is Shopify's number of a request for data, 0 of the others.
	ID int64
	// CustomerID is 0 when the person never was a customer, and with ShopRedact.
	CustomerID int64
	Orders     []int64
}

// WebhookShop returns the store that a webhook says it is from, for finding the secret to check it with. Nothing else may
// be done with it before. The error is ErrUnsigned.
func WebhookShop(h http.Header) (Domain, error) {
	name, err := one(h, "X-Shopify-Shop-Domain")
	if err != nil {
		return "", err
	}
	d, err := ParseDomain(name)
	if err != nil {
		return "", fmt.Errorf("%w: no domain of a store", ErrUnsigned)
	}
	return d, nil
}

// ParseWebhook checks that a request came from Shopify, by any of the secrets, and reads it. While a secret is replaced
// there are two; an empty one counts for nothing. The body is the bytes as they came. The error is ErrUnsigned or
// ErrWebhook.
//
// The signature covers the body alone: Shopify signs none of the headers, which name the topic, the store and the ids of
// the delivery (https://shopify.dev/docs/apps/build/webhooks/delivery-structure). Whoever has a signed body may send it
// again with other headers. Therefore the body must be of the shape of its topic, with the global id of the right type,
// and of the store that the headers name where it names one. What that leaves open, the receiver must bear:
//
//   - create and update of one kind look alike, and have the same effect;
//   - orders/delete and products/delete have an id and nothing else: a deletion is a hint, which is asked back from the
//     store before anything is deleted;
//   - app/uninstalled and shop/update look alike: the store is asked whether the token still counts;
//   - a record's body does not name its store. That of another store fails by its secret when each app has its own; with
//     one secret for all stores it makes us read a record again, which this store may not have;
//   - other ids make a delivery new: what it says is then done again, to the same end.
func ParseWebhook(h http.Header, body []byte, secrets ...[]byte) (Webhook, error) {
	signature, err := one(h, "X-Shopify-Hmac-Sha256")
	if err != nil {
		return Webhook{}, err
	}
	topic, err := one(h, "X-Shopify-Topic")
	if err != nil {
		return Webhook{}, err
	}
	shop, err := WebhookShop(h)
	if err != nil {
		return Webhook{}, err
	}
	switch {
	case len(h.Values("Content-Encoding")) > 0:
		return Webhook{}, fmt.Errorf("%w: it is encoded, and what is signed is not", ErrUnsigned)
	case len(body) == 0:
		return Webhook{}, fmt.Errorf("%w: no body", ErrUnsigned)
	case len(body) > MaxWebhook:
		return Webhook{}, fmt.Errorf("%w: the body is too long", ErrWebhook)
	case !signed(body, signature, secrets):
		return Webhook{}, fmt.Errorf("%w: another signature", ErrUnsigned)
	}
	w := Webhook{Topic: Topic(topic), Shop: shop}
	if err := w.envelope(h); err != nil {
		return Webhook{}, err
	}
	if err := w.content(body); err != nil {
		return Webhook{}, err
	}
	return w, nil
}

// one returns the value of a header that is there once.
func one(h http.Header, name string) (string, error) {
	switch v := h.Values(name); len(v) {
	case 0:
		return "", fmt.Errorf("%w: no %s", ErrUnsigned, name)
	case 1:
		return v[0], nil
	}
	return "", fmt.Errorf("%w: more than one %s", ErrUnsigned, name)
}

// signed tells whether a signature is one of the body. It takes as long whichever secret fits.
func signed(body []byte, signature string, secrets [][]byte) bool {
	got, err := base64.StdEncoding.Strict().DecodeString(signature)
	if err != nil {
		return false
	}
	good := false
	for _, secret := range secrets {
		if len(secret) == 0 {
			continue
		}
		mac := hmac.New(sha256.New, secret)
		_, _ = mac.Write(body)
		if hmac.Equal(got, mac.Sum(nil)) {
			good = true
		}
	}
	return good
}

var (
	webhookIDs = regexp.MustCompile(`\A[!-~]{1,` + strconv.Itoa(maxWebhookID) + `}\z`)
	versions   = regexp.MustCompile(`\A[0-9a-z-]{0,16}\z`)
	scopeNames = regexp.MustCompile(`\A[a-z_]{1,64}\z`)
)

// envelope reads what the headers say of the delivery.
func (w *Webhook) envelope(h http.Header) (err error) {
	if w.Topic.index() < 0 {
		return fmt.Errorf("%w: another topic", ErrWebhook)
	}
	for name, to := range map[string]*string{"X-Shopify-Webhook-Id": &w.ID, "X-Shopify-Event-Id": &w.EventID,
		"X-Shopify-Api-Version": &w.APIVersion} {
		if len(h.Values(name)) == 0 {
			continue
		}
		if *to, err = one(h, name); err != nil {
			return err
		}
	}
	if w.EventID == "" {
		w.EventID = w.ID
	}
	if !webhookIDs.MatchString(w.ID) || !webhookIDs.MatchString(w.EventID) || !versions.MatchString(w.APIVersion) {
		return fmt.Errorf("%w: no id of a delivery", ErrWebhook)
	}
	if len(h.Values("X-Shopify-Triggered-At")) == 0 {
		return nil
	}
	at, err := one(h, "X-Shopify-Triggered-At")
	if err != nil {
		return err
	}
	if w.TriggeredAt, err = time.Parse(time.RFC3339Nano, at); err != nil {
		return fmt.Errorf("%w: no instant", ErrWebhook)
	}
	w.TriggeredAt = w.TriggeredAt.UTC()
	return nil
}

// content reads a signed body, and checks that it is one of the topic and the store.
func (w *Webhook) content(body []byte) error {
	if !shallow(body) {
		return fmt.Errorf("%w: the body is too deep", ErrWebhook)
	}
	var b payload
	if err := json.Unmarshal(body, &b); err != nil || b == nil {
		return fmt.Errorf("%w: the body is no JSON object", ErrWebhook)
	}
	w.Kind = w.Topic.Kind()
	var ok bool
	switch topics[w.Topic.index()].is {
	case aRecord:
		w.RecordID, ok = b.record(w.Kind.gid())
		ok = ok && b.time("updated_at", &w.UpdatedAt)
	case aDeletion:
		w.RecordID, ok = b.id("id")
		if b["admin_graphql_api_id"] != nil {
			w.RecordID, ok = b.record(w.Kind.gid())
		}
		ok = ok && b["updated_at"] == nil
	case anEdit:
		var edit payload
		ok = json.Unmarshal(b["order_edit"], &edit) == nil
		w.RecordID, ok = edit.id2(ok, "order_id")
	case aRefund:
		w.RefundID, ok = b.record("Refund")
		w.RecordID, ok = b.id2(ok, "order_id")
	case aMerge:
		w.RecordID, ok = b.gid(true, "admin_graphql_api_customer_kept_id", "Customer")
		w.MergedID, ok = b.gid(ok, "admin_graphql_api_customer_deleted_id", "Customer")
	case aShop:
		_, ok = b.id("id")
		ok = ok && b.shop("myshopify_domain") == w.Shop
	case scopesOf:
		ok = b["previous"] != nil && w.scopes(b["current"])
	case aBulkOperation:
		w.BulkID, ok = b.gid(true, "admin_graphql_api_id", "BulkOperation")
		ok = ok && b["status"] != nil && b["type"] != nil
	case aDataRequest, aRedaction, aShopRedaction:
		ok = w.privacy(b)
	}
	if !ok {
		return fmt.Errorf("%w: the body is not one of %s at %s", ErrUnsigned, w.Topic, w.Shop)
	}
	return nil
}

// scopes reads the scopes that the app has.
func (w *Webhook) scopes(text json.RawMessage) bool {
	if json.Unmarshal(text, &w.Scopes) != nil || w.Scopes == nil || len(w.Scopes) > maxScopes {
		return false
	}
	for _, s := range w.Scopes {
		if !scopeNames.MatchString(s) {
			return false
		}
	}
	return true
}

// privacy reads what the law asks for, by which each of the three differs from the others.
func (w *Webhook) privacy(b payload) (ok bool) {
	p := &PrivacyRequest{}
	_, ok = b.id("shop_id")
	ok = ok && b.shop("shop_domain") == w.Shop
	request, asked, redacted := b["data_request"] != nil, b["orders_requested"] != nil, b["orders_to_redact"] != nil
	orders := ""
	switch w.Topic {
	case CustomersDataRequest:
		orders, ok = "orders_requested", ok && request && !redacted
	case CustomersRedact:
		orders, ok = "orders_to_redact", ok && redacted && !request && !asked
	default:
		ok = ok && b["customer"] == nil && !request && !asked && !redacted
	}
	w.Privacy = p
	if !ok || w.Topic == ShopRedact {
		return ok
	}
	if request {
		var r payload
		ok = json.Unmarshal(b["data_request"], &r) == nil
		p.ID, ok = r.id2(ok, "id")
	}
	if text := b[orders]; ok && text != nil {
		ok = json.Unmarshal(text, &p.Orders) == nil
	}
	var person payload
	if text := b["customer"]; ok && text != nil {
		ok = json.Unmarshal(text, &person) == nil
	}
	if text := person["id"]; ok && text != nil && string(text) != "null" {
		p.CustomerID, ok = person.id("id")
	}
	for _, id := range p.Orders {
		ok = ok && id > 0
	}
	w.RecordID = p.CustomerID
	return ok && (p.CustomerID > 0 || len(p.Orders) > 0)
}

// payload is a JSON object of which only numbers and instants are read. Its keys are told apart exactly.
type payload map[string]json.RawMessage

// id reads a number of Shopify's, never by way of a float.
func (p payload) id(key string) (int64, bool) {
	id, err := strconv.ParseUint(string(p[key]), 10, 63)
	return int64(id), err == nil && id > 0
}

// id2 reads another number when all was well so far.
func (p payload) id2(ok bool, key string) (int64, bool) {
	id, good := p.id(key)
	return id, ok && good
}

// gid reads a global id of a type.
func (p payload) gid(ok bool, key, typ string) (int64, bool) {
	var text string
	if !ok || json.Unmarshal(p[key], &text) != nil {
		return 0, false
	}
	return localID(typ, text)
}

// record reads the id of a record, which stands there twice.
func (p payload) record(typ string) (int64, bool) {
	id, ok := p.id("id")
	global, ok := p.gid(ok, "admin_graphql_api_id", typ)
	return id, ok && id == global
}

func (p payload) time(key string, to *time.Time) bool {
	var text string
	if json.Unmarshal(p[key], &text) != nil {
		return false
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	*to = at.UTC()
	return err == nil
}

// shop reads the domain of a store, "" for none.
func (p payload) shop(key string) Domain {
	var text string
	if json.Unmarshal(p[key], &text) != nil {
		return ""
	}
	d, err := ParseDomain(text)
	if err != nil {
		return ""
	}
	return d
}

// shallow tells whether a text nests no deeper than is read.
func shallow(text []byte) bool {
	depth, quoted, escaped := 0, false, false
	for _, c := range text {
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped = c == '\\'
			quoted = c != '"'
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return false
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return true
}
