package simshop

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// RoundTrip answers a request in the process, without a network, as an http.RoundTripper does. An answer that is shorter
// than it says breaks off.
func (s *Shop) RoundTrip(r *http.Request) (*http.Response, error) {
	a := &memory{header: http.Header{}, status: http.StatusOK}
	s.serve(a, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	length := int64(a.body.Len())
	body := io.Reader(&a.body)
	if n, err := strconv.ParseInt(a.header.Get("Content-Length"), 10, 64); err == nil && n > length {
		length, body = n, io.MultiReader(&a.body, broken{})
	}
	return &http.Response{Status: strconv.Itoa(a.status) + " " + http.StatusText(a.status), StatusCode: a.status, Proto: "HTTP/1.1",
		ProtoMajor: 1, ProtoMinor: 1, Header: a.header, Body: io.NopCloser(body), ContentLength: length, Request: r}, nil
}

// memory keeps an answer.
type memory struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (m *memory) Header() http.Header         { return m.header }
func (m *memory) WriteHeader(status int)      { m.status = status }
func (m *memory) Write(b []byte) (int, error) { return m.body.Write(b) }

// broken is the rest of an answer that does not come.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
