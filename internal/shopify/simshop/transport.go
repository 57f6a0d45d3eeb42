package simshop

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// RoundTrip answers a request in the process, without a network, as an http.RoundTripper does. An answer that is shorter
// than it says breaks off.
//
// Files of bulk operations are downloaded from another host than the store's, as in life.
func (s *Shop) RoundTrip(r *http.Request) (*http.Response, error) {
	if isFile(r) {
		return s.stream(r)
	}
	a := &memory{header: http.Header{}, status: http.StatusOK}
	s.serve(a, r, fileHost)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	length := int64(a.body.Len())
	body := io.Reader(&a.body)
	if n, err := strconv.ParseInt(a.header.Get("Content-Length"), 10, 64); err == nil && n > length {
		length, body = n, io.MultiReader(&a.body, broken{})
	}
	return response(r, a.status, a.header, io.NopCloser(body), length), nil
}

func response(r *http.Request, status int, header http.Header, body io.ReadCloser, length int64) *http.Response {
	return &http.Response{Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status, Proto: "HTTP/1.1",
		ProtoMajor: 1, ProtoMinor: 1, Header: header, Body: body, ContentLength: length, Request: r}
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
