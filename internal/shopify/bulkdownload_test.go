package shopify_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
)

const (
	exportURL  = "https://storage.googleapis.com/bucket/export?Signature=x"
	exportText = "{\"a\":1}\n{\"b\":\"two\"}\n{}\n"
)

// storage answers the call that tells of an operation, and then downloads.
type storage struct {
	url   string
	size  int64
	lines int
	serve func(w http.ResponseWriter, r *http.Request)
	asked []*http.Request
}

func (s *storage) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	if strings.HasSuffix(r.URL.Path, "/graphql.json") {
		w.Header().Set("X-Shopify-API-Version", shopify.Version)
		fmt.Fprintf(w, `{"data":{"bulkOperation":{"id":"gid://shopify/BulkOperation/1","status":"COMPLETED","createdAt":%q,"objectCount":"%d",`+
			`"rootObjectCount":"%d","fileSize":"%d","url":%q,"query":""}}}`, moment, s.lines, s.lines, s.size, s.url)
	} else {
		s.asked = append(s.asked, r)
		s.serve(w, r)
	}
	resp := w.Result()
	resp.Request = r
	if n := resp.ContentLength; n > int64(w.Body.Len()) { // what a connection does that ends too early
		resp.Body = io.NopCloser(io.MultiReader(resp.Body, readFunc(func([]byte) (int, error) { return 0, io.ErrUnexpectedEOF })))
	}
	return resp, nil
}

// whole serves the file as it should be.
func whole(w http.ResponseWriter, r *http.Request) {
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(exportText))
}

// download asks for an operation of a storage and downloads its file, of which a part is there.
func download(t *testing.T, s *storage, there string) (path string, err error) {
	t.Helper()
	if s.url == "" {
		s.url = exportURL
	}
	if s.size == 0 {
		s.size, s.lines = int64(len(exportText)), 3
	}
	clock := newClock()
	c := shopify.New(shopify.Options{Transport: s, Now: clock.Now, After: clock.After}).Client(domain, shopify.Static(token))
	o, err := c.Bulk(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "export")
	if there != "" {
		if err := os.WriteFile(path, []byte(there), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path, c.DownloadBulk(t.Context(), o, path)
}

func wantFile(t *testing.T, path, want string) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// A download goes on from wherever it was cut off, by this process or by the storage.
func TestDownloadsGoOn(t *testing.T) {
	t.Parallel()
	for cut := range len(exportText) + 1 {
		s := &storage{serve: whole}
		path, err := download(t, s, exportText[:cut])
		if err != nil {
			t.Fatalf("after %d bytes: %v", cut, err)
		}
		wantFile(t, path, exportText)
		for _, r := range s.asked {
			if want := fmt.Sprintf("bytes=%d-", cut); cut > 0 && r.Header.Get("Range") != want || r.Header.Get("X-Shopify-Access-Token") != "" ||
				strings.Contains(fmt.Sprint(r.Header, r.URL), token) {
				t.Errorf("asked with %v, want %s", r.Header, want)
			}
		}
		if want := 1; cut == len(exportText) && len(s.asked) != 0 || cut < len(exportText) && len(s.asked) != want {
			t.Errorf("after %d bytes asked %d times", cut, len(s.asked))
		}

		s = &storage{}
		s.serve = func(w http.ResponseWriter, r *http.Request) {
			if len(s.asked) == 1 {
				w.Header().Set("Content-Length", fmt.Sprint(len(exportText)))
				_, _ = io.WriteString(w, exportText[:cut])
				return
			}
			whole(w, r)
		}
		path, err = download(t, s, "")
		if err != nil {
			t.Fatalf("cut after %d bytes: %v", cut, err)
		}
		wantFile(t, path, exportText)
	}
}

func TestDownloadFaults(t *testing.T) {
	t.Parallel()
	status := func(code int) func(w http.ResponseWriter, r *http.Request) {
		return func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(code) }
	}
	ranged := func(header string) func(w http.ResponseWriter, r *http.Request) {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") == "" {
				whole(w, r)
				return
			}
			w.Header().Set("Content-Range", header)
			w.WriteHeader(http.StatusPartialContent)
			_, _ = io.WriteString(w, "nonsense")
		}
	}
	text := func(body string) func(w http.ResponseWriter, r *http.Request) {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(body)))
			_, _ = io.WriteString(w, body)
		}
	}
	for name, test := range map[string]struct {
		storage storage
		there   string
		code    shopify.Code // "" for success
		again   bool
	}{
		"a storage without ranges": {storage: storage{serve: text(exportText)}, there: exportText[:5]},
		"another range":            {storage: storage{serve: ranged("bytes 0-7/23")}, there: exportText[:5]},
		"no range":                 {storage: storage{serve: ranged("")}, there: exportText[:5]},
		"more than there is":       {storage: storage{serve: whole}, there: exportText + "{}\n"},
		"no such range": {storage: storage{serve: func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") != "" {
				w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
				return
			}
			whole(w, r)
		}}, there: exportText[:5]},
		"busy":         {storage: storage{serve: status(503)}, code: shopify.CodeShopUnreachable, again: true},
		"too many":     {storage: storage{serve: status(429)}, code: shopify.CodeShopUnreachable, again: true},
		"expired":      {storage: storage{serve: status(400)}, code: shopify.CodeIncomplete},
		"forbidden":    {storage: storage{serve: status(403)}, code: shopify.CodeIncomplete},
		"gone":         {storage: storage{serve: status(404)}, code: shopify.CodeIncomplete},
		"redirect":     {storage: storage{serve: status(302)}, code: shopify.CodeIncomplete},
		"no content":   {storage: storage{serve: status(204)}, code: shopify.CodeIncomplete},
		"a small file": {storage: storage{serve: text("{}\n")}, code: shopify.CodeIncomplete},
		"a large file": {storage: storage{serve: text(exportText + "{}\n")}, code: shopify.CodeIncomplete},
		"another total": {storage: storage{serve: ranged("bytes 5-12/13")}, there: exportText[:5],
			code: shopify.CodeIncomplete},
		"a file without end": {storage: storage{serve: func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Content-Length"] = nil
			_, _ = io.WriteString(w, strings.Repeat(exportText, 10))
		}}, code: shopify.CodeIncomplete},
		"lines are missing":   {storage: storage{serve: whole, size: int64(len(exportText)), lines: 4}, code: shopify.CodeIncomplete},
		"an unfinished line":  {storage: storage{serve: text(exportText[:7] + strings.Repeat(" ", len(exportText)-7))}, code: shopify.CodeIncomplete},
		"nothing at all ever": {storage: storage{serve: func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Length", "23") }}, code: shopify.CodeShopUnreachable, again: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, err := download(t, &test.storage, test.there)
			if test.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				wantFile(t, path, exportText)
				return
			}
			e := wantCode(t, err, test.code, test.again)
			if strings.Contains(e.Error(), "Signature") {
				t.Errorf("the error holds the address: %v", e)
			}
			if _, err := os.Stat(path); test.code == shopify.CodeIncomplete && !errors.Is(err, os.ErrNotExist) {
				t.Errorf("a file stays: %v", err)
			}
			if len(test.storage.asked) > 10 {
				t.Errorf("asked %d times", len(test.storage.asked))
			}
		})
	}
}

// What is at the other end of an address that a store gives is asked for nothing, unless it is where Shopify has files.
func TestHostileAddresses(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"http://storage.googleapis.com/export", "https://storage.googleapis.com.evil.example/export", "https://evil.example/export",
		"https://storage.googleapis.com@evil.example/export", "https://user:pass@storage.googleapis.com/export",
		"https://storage.googleapis.com:8443/export", "https://evilstorage.googleapis.com/export", "https://127.0.0.1/export",
		"https://[::1]/export", "https://169.254.169.254/latest/meta-data", "https://localhost/export", "file:///etc/passwd",
		"ftp://storage.googleapis.com/export", "//storage.googleapis.com/export", "/export", "export", "https:export", "https://", "::",
		"https://storage.googleapis.com%2eevil.example/export", "https://storage.googleapis.com\\@evil.example/", "https://STORAGE.googleapis.com./x",
		"gopher://storage.googleapis.com/", "javascript:alert(1)", "https://storage.googleapis.com/export#x", " https://storage.googleapis.com/export",
		"https://example.myshopify.com/export", "https://stоrage.googleapis.com/export", "https://0x7f000001/", "https://googleapis.com/export",
	} {
		s := &storage{url: url, serve: whole}
		_, err := download(t, s, "")
		wantCode(t, err, shopify.CodeInvalidData, false)
		if len(s.asked) != 0 {
			t.Errorf("%s was asked", url)
		}
	}
	if _, err := download(t, &storage{url: "https://bucket.storage.googleapis.com/export", serve: whole}, ""); err != nil {
		t.Error(err)
	}
}

// Where the operator has set what answers for stores, files come from there, and from nowhere else.
func TestOperatedDownloads(t *testing.T) {
	t.Parallel()
	var trapped atomic.Int32
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { trapped.Add(1) }))
	t.Cleanup(trap.Close)
	url := ""
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/export" {
			whole(w, r)
			return
		}
		s := &storage{url: url, size: int64(len(exportText)), lines: 3}
		resp, _ := s.RoundTrip(httptest.NewRequest(http.MethodPost, "http://x/graphql.json", nil))
		w.Header().Set("X-Shopify-API-Version", shopify.Version)
		_, _ = io.Copy(w, resp.Body)
	}))
	t.Cleanup(server.Close)
	c := shopify.New(shopify.Options{Endpoint: func(shopify.Domain) string { return server.URL + "/graphql.json" }}).Client(domain, shopify.Static(token))
	for _, url = range []string{server.URL + "/export", trap.URL + "/export", exportURL, "https" + strings.TrimPrefix(server.URL, "http") + "/export"} {
		o, err := c.Bulk(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "export")
		if err := c.DownloadBulk(t.Context(), o, path); url != server.URL+"/export" {
			wantCode(t, err, shopify.CodeInvalidData, false)
		} else if err != nil {
			t.Error(err)
		} else {
			wantFile(t, path, exportText)
		}
	}
	if trapped.Load() > 0 {
		t.Error("another host was asked")
	}
}

// A storage that sends nothing more is left after a while, and one that drips is not.
func TestStalledDownloads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &storage{url: exportURL, size: int64(len(exportText)), lines: 3}
		var calls int
		slow := roundTrip(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/graphql.json") {
				return s.RoundTrip(r)
			}
			calls++
			text, pause := exportText[:6], 20*time.Second
			if calls > 1 {
				text = exportText[6:]
			}
			i := 0
			return &http.Response{StatusCode: 200 + 6*b2i(calls > 1), ContentLength: -1, Request: r,
				Header: http.Header{"Content-Range": {fmt.Sprintf("bytes 6-%d/%d", len(exportText)-1, len(exportText))}},
				Body: io.NopCloser(readFunc(func(b []byte) (int, error) {
					if i == len(text) && calls > 1 {
						return 0, io.EOF
					}
					if i == len(text) {
						pause = time.Hour
					}
					select {
					case <-r.Context().Done():
						return 0, r.Context().Err()
					case <-time.After(pause):
					}
					b[0] = text[i]
					i++
					return 1, nil
				}))}, nil
		})
		c := shopify.New(shopify.Options{Transport: slow}).Client(domain, shopify.Static(token))
		o, err := c.Bulk(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "export")
		if err := c.DownloadBulk(t.Context(), o, path); err != nil || calls != 2 {
			t.Errorf("%v after %d calls", err, calls)
		}
		wantFile(t, path, exportText)
	})
}

// An operation that did not come to a good end has nothing to download.
func TestBulkWithoutAFile(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		faults          simshop.Faults
		cancel, expired bool
	}{
		"failed":          {faults: simshop.Faults{Bulk: simshop.BulkFaults{Fail: "INTERNAL_SERVER_ERROR", After: 5}}},
		"timed out":       {faults: simshop.Faults{Bulk: simshop.BulkFaults{Fail: "TIMEOUT", After: 1}}},
		"refused":         {faults: simshop.Faults{Denied: simshop.Protected()}},
		"short":           {faults: simshop.Faults{Bulk: simshop.BulkFaults{Missing: 1}}},
		"expired address": {faults: simshop.Faults{Bulk: simshop.BulkFaults{Expired: true}}},
		"cancelled":       {faults: simshop.Faults{Bulk: simshop.BulkFaults{Stuck: true}}, cancel: true},
		"expired":         {expired: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				shop, c := simulate(t, simshop.Options{Orders: 50}, 0)
				shop.SetFaults(test.faults)
				o, err := c.StartBulk(t.Context(), shopify.Customers, shopify.Window{})
				if err != nil {
					t.Fatal(err)
				}
				if test.cancel {
					if err := c.CancelBulk(t.Context(), o.ID); err != nil {
						t.Fatal(err)
					}
				}
				o = wait(t, c, o)
				if test.expired {
					time.Sleep(8 * 24 * time.Hour)
					if o, err = c.Bulk(t.Context(), o.ID); err != nil {
						t.Fatal(err)
					}
				}
				path := filepath.Join(t.TempDir(), "export")
				wantCode(t, c.DownloadBulk(t.Context(), o, path), shopify.CodeIncomplete, false)
				if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
					t.Errorf("a file stays: %v", err)
				}
			})
		})
	}
	t.Run("nothing to export", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			_, c := simulate(t, simshop.Options{Orders: 50}, 0)
			o, path := fetched(t, c, shopify.Orders, shopify.Window{UpTo: 1})
			if got := exported(t, c.BulkOrders(t.Context(), o, path, 0)); len(got) != 0 {
				t.Errorf("got %d orders", len(got))
			}
			if got := exported(t, c.BulkCustomers(t.Context(), o, path, 0)); len(got) != 0 {
				t.Errorf("got %d customers", len(got))
			}
		})
	})
}
