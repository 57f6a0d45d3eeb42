package simshop

import "slices"

// Faults are what goes wrong on demand. Shares are of all calls, from 0 to 1, and add up to at most 1: a call meets one
// of them at the most. Which calls they are follows from the store's seed.
type Faults struct {
	Throttled   float64 // answered THROTTLED, though there are points
	TooMany     float64 // 429, with RetryAfter
	ServerError float64 // 500, 502 or 503
	Hanging     float64 // no answer until the client gives up
	Truncated   float64 // the connection ends within the answer
	Malformed   float64 // an answer that is no JSON
	Internal    float64 // the error INTERNAL_SERVER_ERROR, with status 200

	// RetryAfter is the header of a 429, "2.0" if empty; what has no digit leaves it out.
	RetryAfter string

	// Denied are fields that the app is not approved for, as "Customer.email": null and ACCESS_DENIED, while the rest is
	// answered. Protected returns all that Shopify protects.
	Denied []string
	// Version is what the header X-Shopify-API-Version says, instead of the version that is answered.
	Version string
	// Warning lets every query of a list or a count be misunderstood: it finds everything, with a search warning.
	Warning bool
	// Cut is the share of the lists of lines within other lists that lack their last line, and say that there is no more.
	Cut float64
	// Churn is the share of answered pages after which a record of that page changes.
	Churn float64
	// Bulk is what goes wrong with bulk operations. Of the shares above, TooMany, ServerError, Hanging and Truncated are of
	// downloads too.
	Bulk BulkFaults
	// Webhooks is what goes wrong with webhooks.
	Webhooks WebhookFaults
}

// BulkFaults are what goes wrong with bulk operations: with those that begin while it is set, but for Expired and Chunk.
type BulkFaults struct {
	// Fail is the errorCode that operations fail with after so many objects, of which there is partial data: ACCESS_DENIED,
	// INTERNAL_SERVER_ERROR or TIMEOUT.
	Fail  string
	After int
	// Stuck operations run for ever, until somebody cancels them.
	Stuck bool
	// Missing is how many lines the file lacks that objectCount counts.
	Missing int
	// Omitted is how many records an operation leaves out, in silence.
	Omitted int
	// Nested is how many nodes of a list within another are there, in silence; 0: all.
	Nested int
	// Expired refuses downloads as those of old URLs are refused.
	Expired bool
	// Chunk is after how many bytes a download breaks off; 0: never.
	Chunk int64
}

// Protected returns the fields of personal data that an app reads only after Shopify has approved of it.
func Protected() []string {
	return []string{"Order.email", "Order.phone", "Customer.firstName", "Customer.lastName", "Customer.displayName",
		"Customer.email", "Customer.phone", "CustomerEmailAddress.emailAddress", "CustomerPhoneNumber.phoneNumber",
		"MailingAddress.zip", "MailingAddress.name", "MailingAddress.phone"}
}

// SetFaults changes what goes wrong from now on; the zero value is a store without faults.
func (s *Shop) SetFaults(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Denied = slices.Clone(f.Denied)
	s.faults = f
}

// accident is what goes wrong with one call.
type accident int

const (
	none accident = iota
	throttled
	tooMany
	serverError
	hanging
	truncated
	malformed
	internal
)

// accident decides what goes wrong with the next call. The caller holds the lock.
func (s *Shop) accident() accident {
	f := s.faults
	n := s.luck.Float64()
	for i, share := range []float64{f.Throttled, f.TooMany, f.ServerError, f.Hanging, f.Truncated, f.Malformed, f.Internal} {
		if n -= share; n < 0 {
			return accident(i + 1)
		}
	}
	return none
}
