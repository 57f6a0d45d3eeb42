// Package ent is the generated client of the database; schema/ holds what it is generated from, rule/ who may see what.
package ent

//go:generate go tool ent generate --feature privacy,intercept,sql/versioned-migration,schema/snapshot ./schema
