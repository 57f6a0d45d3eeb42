package simshop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	// fileHost is where the files of bulk operations lie when nobody serves the store under an address of its own.
	fileHost = "https://storage.googleapis.com"
	filePath = "/shopify-tiers-assets-simulated/bulk-operation-outputs/"
)

// url is the signed address of the file: who has it may read the file until it expires, without a token.
func (b *bulk) url(host string, expires time.Time) string {
	v := url.Values{"GoogleAccessId": {"simulated"}, "Expires": {strconv.FormatInt(expires.Unix(), 10)}, "Signature": {b.signature},
		"response-content-type": {"application/jsonl"}}
	return host + filePath + strconv.FormatInt(b.id, 10) + "?" + v.Encode()
}

// download serves a file of a bulk operation, or a part of it, as the storage does that Shopify puts it in.
func (s *Shop) download(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	faults, accident := s.faults, s.accident()
	if accident == truncated {
		faults.Bulk.Chunk = 1 + s.luck.Int64N(10_000)
	}
	s.stats.Downloads++
	s.mu.Unlock()
	switch accident {
	case tooMany:
		deny(w, http.StatusTooManyRequests, "SlowDown")
		return
	case serverError:
		deny(w, s.brokenStatus(), "InternalError")
		return
	case hanging:
		<-r.Context().Done()
		return
	}
	b := s.bulkOperation("gid://shopify/BulkOperation/" + strings.TrimPrefix(r.URL.Path, filePath))
	q := r.URL.Query()
	expires, err := strconv.ParseInt(q.Get("Expires"), 10, 64)
	switch {
	case r.Header.Get("X-Shopify-Access-Token") != "" || r.Header.Get("Authorization") != "":
		deny(w, http.StatusBadRequest, "InvalidArgument") // who sends a token there gives it away
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		deny(w, http.StatusMethodNotAllowed, "MethodNotAllowed")
	case b == nil:
		deny(w, http.StatusNotFound, "NoSuchKey")
	case err != nil || q.Get("Signature") != b.signature:
		deny(w, http.StatusForbidden, "SignatureDoesNotMatch")
	case faults.Bulk.Expired || s.now().After(time.Unix(expires, 0)):
		deny(w, http.StatusBadRequest, "ExpiredToken")
	default:
		if file := b.content(); file == nil {
			deny(w, http.StatusNotFound, "NoSuchKey")
		} else {
			w.Header().Set("Content-Type", "application/jsonl")
			w.Header().Set("ETag", `"`+b.signature+`"`)
			if n := faults.Bulk.Chunk; n > 0 {
				w = &short{w, n}
			}
			http.ServeContent(w, r, "", time.Time{}, file)
		}
	}
}

// deny is how the storage says no.
func deny(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml; charset=UTF-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<?xml version='1.0' encoding='UTF-8'?><Error><Code>%s</Code></Error>", code)
}

// short is an answer that breaks off after so many bytes.
type short struct {
	http.ResponseWriter
	left int64
}

var errBroken = errors.New("the connection breaks")

func (s *short) Write(b []byte) (int, error) {
	n, err := s.ResponseWriter.Write(b[:min(int64(len(b)), s.left)])
	if s.left -= int64(n); err == nil && n < len(b) {
		err = errBroken
	}
	return n, err
}

// stream answers a download in the process as a connection would: the body is read while it is written.
func (s *Shop) stream(r *http.Request) (*http.Response, error) {
	out, in := io.Pipe()
	p := &piped{header: http.Header{}, began: make(chan struct{}), body: in}
	ctx := r.Context()
	stop := context.AfterFunc(ctx, func() { _ = in.CloseWithError(ctx.Err()) })
	go func() {
		defer stop()
		s.download(p, r)
		p.WriteHeader(http.StatusOK)
		if p.written < p.length {
			_ = in.CloseWithError(io.ErrUnexpectedEOF)
		}
		_ = in.Close()
	}()
	select {
	case <-p.began:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return response(r, p.status, p.header, out, p.length), nil
}

// piped is an answer that is sent while it is written.
type piped struct {
	header          http.Header
	status          int
	began           chan struct{}
	body            *io.PipeWriter
	length, written int64
}

func (p *piped) Header() http.Header { return p.header }

func (p *piped) WriteHeader(status int) {
	if p.status != 0 {
		return
	}
	p.status = status
	p.length = -1
	if n, err := strconv.ParseInt(p.header.Get("Content-Length"), 10, 64); err == nil {
		p.length = n
	}
	close(p.began)
}

func (p *piped) Write(b []byte) (int, error) {
	p.WriteHeader(http.StatusOK)
	n, err := p.body.Write(b)
	p.written += int64(n)
	return n, err
}
