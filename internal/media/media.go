// Package media serves pictures from elsewhere, those of products and the logos of tenants, so that a page loads nothing
// off its own origin. A caller names a record, never an address: where its picture is, the records say.
//
// What comes from elsewhere is not trusted. It is fetched over https from public addresses alone, without redirects, is
// at most 1 MB, and is PNG, JPEG or WebP by its bytes, whatever its name and its headers say. It is fetched once, however
// many ask, and kept in memory for a day; what cannot be served is not asked for again for some minutes.
package media

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/shopsight/shopsight/internal/outbound"
)

// Config is what a Service is made of.
type Config struct {
	// Find returns where the picture of the record with a global id is, "" when there is none, and when whoever asks may
	// not see the record: that must not differ from one that does not exist.
	Find func(ctx context.Context, id string) (address string, err error)
	// Transport sends the requests; nil is one that connects to public addresses only.
	Transport http.RoundTripper
	// Fail answers a request because of an error that is ours.
	Fail func(http.ResponseWriter, *http.Request, error)
	// Now is the clock.
	Now func() time.Time
	// Log is told, at level debug, why a picture is not served; nil logs nothing.
	Log *slog.Logger
}

// Service answers with pictures. It is safe for concurrent use.
type Service struct {
	find   func(ctx context.Context, id string) (string, error)
	fail   func(http.ResponseWriter, *http.Request, error)
	client *http.Client
	cache  *cache
	log    *slog.Logger
}

// New returns a service. All of Config but Transport and Log is required.
func New(c Config) (*Service, error) {
	if c.Find == nil || c.Fail == nil || c.Now == nil {
		return nil, errors.New("media: Find, Fail and Now are required")
	}
	if c.Transport == nil {
		c.Transport = outbound.Transport(net.DefaultResolver)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{find: c.Find, fail: c.Fail, client: outbound.Client(c.Transport), log: c.Log}
	s.cache = newCache(s.fetch, c.Now)
	return s, nil
}

// policy keeps a browser that opens a picture by itself from running anything of it.
const policy = "default-src 'none'; sandbox"

// ServeHTTP answers GET and HEAD of a path with the value "id". Everything but a picture is 404, in the same words: an id
// that is none, a record of another tenant, one that the viewer may not see, one without a picture, and a picture that is
// refused.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	address, err := s.find(r.Context(), r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var p *picture
	if address != "" {
		p = s.cache.get(r.Context(), address)
	}
	if p == nil {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Content-Type", p.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "private, max-age=86400")
	h.Set("ETag", p.tag)
	http.ServeContent(w, r, "", time.Time{}, p.content())
}
