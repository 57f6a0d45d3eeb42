package media_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopsight/shopsight/internal/media"
)

func pngOf(width, height int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// vast is a PNG that says it has as many pixels as it can say.
func vast() []byte {
	b := pngOf(1, 1)
	copy(b[16:], []byte{0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff})
	sum := crc32.ChecksumIEEE(b[12:29])
	copy(b[29:], []byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)})
	return b
}

func encoded(encode func(io.Writer, image.Image) error) []byte {
	var b bytes.Buffer
	if err := encode(&b, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

var (
	jpegBytes = encoded(func(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, nil) })
	gifBytes  = encoded(func(w io.Writer, m image.Image) error { return gif.Encode(w, m, nil) })
	// One pixel each: lossy, lossless and extended.
	webps = []string{
		"UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA",
		"UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==",
		"UklGRhYAAABXRUJQVlA4WAoAAAAAAAAAAAAAAAAA",
	}
)

func webp(n int) []byte {
	b, err := base64.StdEncoding.DecodeString(webps[n])
	if err != nil {
		panic(err)
	}
	return b
}

// endless goes on as long as somebody reads, and counts.
type endless struct {
	begin []byte
	read  atomic.Int64
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.begin)
	e.begin = e.begin[n:]
	if n == 0 {
		clear(p)
		n = len(p)
	}
	e.read.Add(int64(n))
	return n, nil
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// answer is what a place on the internet says.
func answer(status int, header http.Header, body io.Reader) roundTrip {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(body), ContentLength: -1}, nil
	}
}

func gives(body []byte) roundTrip {
	return func(r *http.Request) (*http.Response, error) {
		return answer(http.StatusOK, http.Header{"Content-Type": {"text/html"}}, bytes.NewReader(body))(r)
	}
}

type scene struct {
	http.Handler
	asked atomic.Int32
}

// serve returns a service for which every record has its picture at the address.
func serve(t *testing.T, address string, transport http.RoundTripper) *scene {
	t.Helper()
	s := &scene{}
	c := media.Config{
		Find: func(_ context.Context, id string) (string, error) {
			if id == "broken" {
				return "", errors.New("no database")
			}
			return strings.ReplaceAll(address, "ID", id), nil
		},
		Fail: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusInternalServerError) },
		Now:  time.Now, Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if transport != nil {
		c.Transport = roundTrip(func(r *http.Request) (*http.Response, error) { s.asked.Add(1); return transport.RoundTrip(r) })
	}
	service, err := media.New(c)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/media/{id}", service)
	s.Handler = mux
	return s
}

func (s *scene) get(t *testing.T, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestServed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body []byte
		kind string
	}{
		"png": {pngOf(3, 2), "image/png"}, "jpeg": {jpegBytes, "image/jpeg"},
		"lossy": {webp(0), "image/webp"}, "lossless": {webp(1), "image/webp"}, "extended": {webp(2), "image/webp"},
		"as much as there may be": {append(pngOf(3, 2), make([]byte, 1_000_000-len(pngOf(3, 2)))...), "image/png"},
	} {
		s := serve(t, "https://pictures.example/ID.html", gives(c.body))
		w := s.get(t, "/media/a")
		if w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), c.body) {
			t.Errorf("%s: %d, %d bytes", name, w.Code, w.Body.Len())
			continue
		}
		tag := w.Header().Get("ETag")
		for header, want := range map[string]string{"Content-Type": c.kind, "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, max-age=86400", "Content-Length": fmt.Sprint(len(c.body))} {
			if got := w.Header().Get(header); got != want {
				t.Errorf("%s: %s is %q", name, header, got)
			}
		}
		if w := s.get(t, "/media/a", "If-None-Match", tag); len(tag) != 34 || w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("%s: tag %s: %d", name, tag, w.Code)
		}
		if s.asked.Load() != 1 {
			t.Errorf("%s: fetched %d times", name, s.asked.Load())
		}
	}
}

// Whatever is there instead of a picture, it is as if there were none.
func TestHostile(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	_, _ = z.Write(append(pngOf(3, 2), make([]byte, 50_000_000)...))
	_ = z.Close()
	forever := &endless{begin: pngOf(3, 2)}
	ok := gives(pngOf(3, 2))
	for name, c := range map[string]struct {
		address string // https://pictures.example/a.png when empty
		from    http.RoundTripper
	}{
		"svg":                {from: gives([]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`))},
		"svg after xml":      {from: gives([]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`))},
		"html called png":    {from: answer(200, http.Header{"Content-Type": {"image/png"}}, strings.NewReader("<html><script>alert(1)</script>"))},
		"text":               {from: gives([]byte("PNG"))},
		"gif":                {from: gives(gifBytes)},
		"nothing":            {from: gives(nil)},
		"the start of a png": {from: gives(pngOf(3, 2)[:16])},
		"the start of webp":  {from: gives(webp(0)[:16])},
		"another webp":       {from: gives([]byte("RIFF\x22\x00\x00\x00WEBPVP9 and so on, for a while"))},
		"no width":           {from: gives(bytes.Replace(webp(0), []byte{0x9d, 1, 0x2a, 1}, []byte{0x9d, 1, 0x2a, 0}, 1))},
		"vast":               {from: gives(vast())},
		"one byte too many":  {from: gives(append(pngOf(3, 2), make([]byte, 1_000_001-len(pngOf(3, 2)))...))},
		"10 MB":              {from: gives(append(pngOf(3, 2), make([]byte, 10_000_000)...))},
		"endless":            {from: answer(200, nil, forever)},
		"gzip bomb":          {from: answer(200, http.Header{"Content-Encoding": {"gzip"}}, &bomb)},
		"cut off":            {from: answer(200, nil, io.MultiReader(bytes.NewReader(pngOf(3, 2)), broken{}))},
		"no connection":      {from: roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("refused") })},
		"redirect inside":    {from: answer(302, http.Header{"Location": {"https://127.0.0.1/"}}, bytes.NewReader(pngOf(3, 2)))},
		"404 with a picture": {from: answer(404, nil, bytes.NewReader(pngOf(3, 2)))},
		"206":                {from: answer(206, nil, bytes.NewReader(pngOf(3, 2)))},
		"http":               {address: "http://pictures.example/a.png", from: ok},
		"file":               {address: "file:///etc/passwd", from: ok},
		"another port":       {address: "https://pictures.example:22/a.png", from: ok},
		"a user":             {address: "https://user:password@pictures.example/a.png", from: ok},
		"no URL":             {address: "https://%zz/", from: ok},
		"this machine":       {address: "https://127.0.0.1/a.png"},
		"its name":           {address: "https://localhost/a.png"},
		"in the network":     {address: "https://10.0.0.1/a.png"},
		"metadata":           {address: "https://169.254.169.254/latest/meta-data"},
		"IPv6":               {address: "https://[::1]/a.png"},
	} {
		if c.address == "" {
			c.address = "https://pictures.example/a.png"
		}
		s := serve(t, c.address, c.from)
		w := s.get(t, "/media/a")
		if w.Code != http.StatusNotFound || w.Body.String() != "not found\n" || w.Header().Get("ETag") != "" {
			t.Errorf("%s: %d %.100q", name, w.Code, w.Body)
		}
		if n := s.asked.Load(); n > 1 || c.address != "https://pictures.example/a.png" && n > 0 {
			t.Errorf("%s: asked %d times", name, n)
		}
	}
	if n := forever.read.Load(); n > 3_000_000 {
		t.Errorf("%d bytes were read of what has no end", n)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// Over a network: what a server compresses is not decompressed, and what it redirects to is not followed.
func TestRealServer(t *testing.T) {
	t.Parallel()
	var trapped atomic.Int32
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/good":
			if r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" || r.Header.Get("Accept-Encoding") != "identity" {
				t.Errorf("asked with %v", r.Header)
			}
			_, _ = w.Write(pngOf(3, 2))
		case "/redirect":
			http.Redirect(w, r, "/trap", http.StatusFound)
		case "/trap":
			trapped.Add(1)
			_, _ = w.Write(pngOf(3, 2))
		case "/gzip":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write(pngOf(3, 2))
			_ = z.Close()
		}
	}))
	t.Cleanup(server.Close)
	transport := server.Client().Transport.(*http.Transport)
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, server.Listener.Addr().String())
	}
	s := serve(t, "https://example.com/ID", transport)
	for id, status := range map[string]int{"good": 200, "redirect": 404, "gzip": 404} {
		if w := s.get(t, "/media/"+id, "Authorization", "Bearer secret", "Cookie", "a=b"); w.Code != status {
			t.Errorf("%s: %d", id, w.Code)
		}
	}
	if trapped.Load() > 0 {
		t.Error("a redirect was followed")
	}
}

func TestSmallPicturesOfShopify(t *testing.T) {
	t.Parallel()
	var asked string
	s := serve(t, "https://cdn.shopify.com/s/files/1/tea.jpg?v=17", roundTrip(func(r *http.Request) (*http.Response, error) {
		asked = r.URL.String()
		return gives(jpegBytes)(r)
	}))
	if w := s.get(t, "/media/a"); w.Code != 200 || asked != "https://cdn.shopify.com/s/files/1/tea.jpg?v=17&width=256" {
		t.Errorf("%d, asked %s", w.Code, asked)
	}
}

func TestNobodyFound(t *testing.T) {
	t.Parallel()
	s := serve(t, "", gives(pngOf(3, 2)))
	if w := s.get(t, "/media/a"); w.Code != http.StatusNotFound || w.Body.String() != "not found\n" || s.asked.Load() != 0 {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	if w := s.get(t, "/media/broken"); w.Code != http.StatusInternalServerError {
		t.Errorf("a failing database: %d", w.Code)
	}
}

// A place that does not answer is given up, and left alone for some minutes; a picture is kept for a day.
func TestSlowAndRemembered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := true
		s := serve(t, "https://pictures.example/ID", roundTrip(func(r *http.Request) (*http.Response, error) {
			if slow {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return gives(pngOf(3, 2))(r)
		}))
		began := time.Now()
		if w := s.get(t, "/media/a"); w.Code != 404 || time.Since(began) != 10*time.Second {
			t.Errorf("%d after %v", w.Code, time.Since(began))
		}
		slow = false
		for _, step := range []struct {
			wait   time.Duration
			status int
			asked  int32
		}{{4 * time.Minute, 404, 1}, {2 * time.Minute, 200, 2}, {23 * time.Hour, 200, 2}, {2 * time.Hour, 200, 3}} {
			time.Sleep(step.wait)
			if w := s.get(t, "/media/a"); w.Code != step.status || s.asked.Load() != step.asked {
				t.Errorf("after another %v: %d, asked %d times", step.wait, w.Code, s.asked.Load())
			}
		}
	})
}

// Many who ask at once make one request, which does not end with the one who asked first.
func TestOneFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "https://pictures.example/ID", roundTrip(func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			if err := r.Context().Err(); err != nil {
				return nil, err
			}
			return gives(pngOf(3, 2))(r)
		}))
		leaving, leave := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, httptest.NewRequestWithContext(leaving, http.MethodGet, "/media/a", nil))
			if w.Code != 404 {
				t.Errorf("who left got %d", w.Code)
			}
		})
		synctest.Wait()
		for range 20 {
			all.Go(func() {
				if w := s.get(t, "/media/a"); w.Code != 200 {
					t.Errorf("status %d", w.Code)
				}
			})
		}
		synctest.Wait()
		leave()
		all.Wait()
		if n := s.asked.Load(); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

// Memory is bounded: what was not used for long is fetched again.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	large := append(pngOf(3, 2), make([]byte, 900_000)...)
	s := serve(t, "https://pictures.example/ID", roundTrip(func(r *http.Request) (*http.Response, error) { return gives(large)(r) }))
	const many = 100
	for i := range many {
		s.get(t, fmt.Sprint("/media/", i))
		s.get(t, "/media/0")
	}
	if n := s.asked.Load(); n != many {
		t.Errorf("asked %d times", n)
	}
	s.get(t, "/media/1")
	s.get(t, fmt.Sprint("/media/", many-1))
	if n := s.asked.Load(); n != many+1 {
		t.Errorf("asked %d times, though one of two was forgotten", n)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	if _, err := media.New(media.Config{}); err == nil {
		t.Error("no error")
	}
}
