package shopify

import _ "embed"

// AdminSchema is the slice of the Admin API's schema that operations.graphql is written against, in its definition
// language.
//
//go:embed admin.graphql
var AdminSchema string
