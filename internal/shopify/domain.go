// Package shopify reads a store through Shopify's Admin API, so that nothing is missed and nothing is asked twice
// without need.
//
// A call either returns all that it promises or fails with an [Error] that says what a merchant can do. Throttling,
// failures of the network and of Shopify, answers cut short: these are retried inside. What would lose records in
// silence is an error: a filter that Shopify did not understand, an answer of another version of the API, an order
// whose lines do not add up. It knows no database and writes nothing to a store.
package shopify

import (
	"regexp"
	"strings"

	"github.com/shopsight/shopsight/internal/fault"
)

// Version is the version of the Admin API that the documents are written for. Shopify answers with another one in
// silence when it is no longer supported: that is an error here.
const Version = "2026-10"

// Domain is the name of a store under which Shopify knows it for ever, such as "example.myshopify.com". Make it with
// ParseDomain.
type Domain string

var domains = regexp.MustCompile(`\A[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com\z`)

// ParseDomain reads the domain of a store as people write it: space around it and upper case do not matter. Anything
// else is fault.Invalid: an address with a scheme, path, port or user, a domain of the store's own, any other host.
func ParseDomain(s string) (Domain, error) {
	s = strings.TrimSpace(s)
	d := Domain(strings.ToLower(s))
	// Lower-casing makes plain letters of some that are not, such as the Kelvin sign.
	if len(d) != len(s) || !d.valid() {
		return "", fault.Errorf(fault.Invalid, "not the domain of a Shopify store: it looks like example.myshopify.com, "+
			"and stands in the store's admin under Settings, Domains")
	}
	return d, nil
}

// valid holds for what ParseDomain returns. It is asked again before each request: a conversion makes any text a Domain.
func (d Domain) valid() bool { return domains.MatchString(string(d)) }

// endpoint is where the store itself answers.
func (d Domain) endpoint() string {
	return "https://" + string(d) + "/admin/api/" + Version + "/graphql.json"
}
