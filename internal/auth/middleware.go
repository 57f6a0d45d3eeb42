package auth

import (
	"context"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/viewer"
)

// Sessions knows which sessions count at this moment, and with which role.
type Sessions interface {
	// Viewer returns who holds the session of a verified token. A session that has ended, or whose person is no longer a
	// member of the tenant, is a fault.Unauthenticated.
	Viewer(ctx context.Context, c AccessClaims) (*viewer.Viewer, error)
}

// Middleware returns the HTTP middleware that puts the viewer of the bearer token into the request's context, and the
// credential for what outlives the request's moment.
//
// A request without an Authorization header passes through without a viewer. One whose header is not a bearer token that
// counts is answered with 401, `WWW-Authenticate: Bearer error="invalid_token"` and a GraphQL error UNAUTHENTICATED,
// always the same. When the sessions cannot be asked, fail answers the request; it gets the error, which is ours and not
// for the caller. Nothing but the header is read: a token in the URL or in a cookie counts for nothing.
func Middleware(tokens *Tokens, sessions Sessions, fail func(http.ResponseWriter, *http.Request, error)) func(http.Handler) http.Handler {
	door := NewAuthenticator(tokens, sessions)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			values, sent := r.Header["Authorization"]
			if !sent {
				next.ServeHTTP(w, r)
				return
			}
			if len(values) != 1 {
				unauthenticated(w, r)
				return
			}
			c, v, err := door.Authenticate(r.Context(), values[0])
			switch {
			case fault.KindOf(err) == fault.Unauthenticated:
				unauthenticated(w, r)
			case err != nil:
				fail(w, r, err)
			default:
				ctx := context.WithValue(r.Context(), credentialKey{}, c)
				next.ServeHTTP(w, r.WithContext(viewer.NewContext(ctx, v)))
			}
		})
	}
}

// unauthenticatedBody is a GraphQL response: clients find the reason where they look for every other.
const unauthenticatedBody = `{"errors":[{"message":"the token is invalid or has expired",` +
	`"extensions":{"code":"UNAUTHENTICATED"}}]}` + "\n"

func unauthenticated(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("WWW-Authenticate", `Bearer error="invalid_token"`)
	h.Set("Content-Type", contentType(r.Header.Values("Accept")))
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept")
	w.WriteHeader(http.StatusUnauthorized)
	_, _ = io.WriteString(w, unauthenticatedBody)
}

// contentType chooses between the two media types of a GraphQL response (GraphQL over HTTP): the one that the client
// likes better, and JSON where it does not say.
func contentType(accept []string) string {
	const graphQL, plain = "application/graphql-response+json", "application/json"
	best, quality := plain, 0.0
	for _, entry := range strings.Split(strings.Join(accept, ","), ",") {
		media, params, err := mime.ParseMediaType(entry)
		if err != nil || media != graphQL && media != plain {
			continue
		}
		q, err := strconv.ParseFloat(params["q"], 64)
		if params["q"] == "" || err != nil {
			q = 1
		}
		if q > quality {
			best, quality = media, q
		}
	}
	return best + "; charset=utf-8"
}
