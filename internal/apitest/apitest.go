// Package apitest holds tests of the whole service through its one door, GraphQL over HTTP, on every engine: what bad
// input does, who may read what, what one tenant sees of another, and that lists, limits and accounts keep their
// promises end to end. What the schema can tell (its fields, arguments and scopes) is read from the schema, so that a new
// field cannot be forgotten.
package apitest
