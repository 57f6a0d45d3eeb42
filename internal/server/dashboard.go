package server

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// nonceMark is what the build writes where the nonce of a response belongs.
const nonceMark = "__CSP_NONCE__"

// dashboardPolicy lets the page load what this origin serves, pictures that the page has fetched with its credential, and
// styles that carry the nonce, and nothing else.
const dashboardPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonceMark + "'; img-src 'self' data: blob:; " +
	"font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
	"object-src 'none'"

// dashboard serves a page and the files that it loads. The names of the files do not change with their content, so that
// versions can be compared; what makes them cacheable for ever is the prefix, a digest of them all. The page itself is
// made for each response, and names the prefix.
type dashboard struct {
	prefix string
	page   string
	files  map[string]*file
}

// newDashboard reads what was built.
func newDashboard(built fs.FS) (*dashboard, error) {
	d := &dashboard{files: map[string]*file{}}
	digest := sha256.New()
	err := fs.WalkDir(built, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := fs.ReadFile(built, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(digest, "%s %d\n", name, len(content))
		digest.Write(content)
		d.files[name] = &file{media: mediaType(name), plain: content}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the dashboard: %w", err)
	}
	index := d.files["index.html"]
	if index == nil {
		return nil, errors.New("read the dashboard: there is no index.html")
	}
	delete(d.files, "index.html")
	d.prefix = "/_/" + hex.EncodeToString(digest.Sum(nil)[:6]) + "/"
	d.page = strings.ReplaceAll(string(index.plain), `="./`, `="`+d.prefix)
	return d, nil
}

// ServeHTTP answers with the page, whatever the path is, since its routes are the page's own; and with 404 where a file is
// asked for that is not there: a script must not be told that it is HTML.
func (d *dashboard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if name, ok := strings.CutPrefix(r.URL.Path, d.prefix); ok && d.files[name] != nil {
		d.files[name].serve(w, r)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/_/") || path.Ext(r.URL.Path) != "" {
		text(w, http.StatusNotFound, "not found")
		return
	}
	nonce := rand.Text()
	h := w.Header()
	h.Set("Content-Security-Policy", strings.ReplaceAll(dashboardPolicy, nonceMark, nonce))
	h.Set("Content-Type", "text/html; charset=utf-8")
	write(w, r, []byte(strings.ReplaceAll(d.page, nonceMark, nonce)))
}

// file is one file of the dashboard. It is compressed when it is first asked for.
type file struct {
	media        string
	plain        []byte
	compress     sync.Once
	brotli, gzip []byte
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Type", f.media)
	h.Add("Vary", "Accept-Encoding")
	body := f.plain
	if accepts := accepted(r); f.compressible() && (accepts["br"] || accepts["gzip"]) {
		f.compress.Do(f.squeeze)
		if accepts["br"] {
			h.Set("Content-Encoding", "br")
			body = f.brotli
		} else {
			h.Set("Content-Encoding", "gzip")
			body = f.gzip
		}
	}
	write(w, r, body)
}

// compressible tells whether compression is worth it. Images are compressed already.
func (f *file) compressible() bool {
	return len(f.plain) > 1000 && f.media != "image/png"
}

// squeeze compresses the file. Writing to memory does not fail.
func (f *file) squeeze() {
	var br, gz bytes.Buffer
	b := brotli.NewWriterLevel(&br, 9)
	_, _ = b.Write(f.plain)
	_ = b.Close()
	z := gzip.NewWriter(&gz)
	_, _ = z.Write(f.plain)
	_ = z.Close()
	f.brotli, f.gzip = br.Bytes(), gz.Bytes()
}

// accepted returns the encodings that a client names and does not refuse.
func accepted(r *http.Request) map[string]bool {
	all := map[string]bool{}
	for entry := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, params, _ := strings.Cut(entry, ";")
		q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(params), "q="), 64)
		all[strings.ToLower(strings.TrimSpace(name))] = err != nil || q > 0
	}
	return all
}

// mediaType returns the media type of a file by its name. The table is ours: that of the operating system differs.
func mediaType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json":
		return "application/json"
	case ".png":
		return "image/png"
	}
	return "application/octet-stream"
}

// write answers with a body, or to HEAD with its length alone.
func write(w http.ResponseWriter, r *http.Request, body []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, bytes.NewReader(body))
	}
}
