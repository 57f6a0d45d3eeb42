//go:build unix

package crashtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
)

// gate is the way from the processes to the simulated stores. A process is known by the first part of the path that it
// asks, a store by its token.
type gate struct {
	url string

	mu    sync.Mutex
	shops map[string]*simshop.Shop // by their token
	// files are the requests for each file: from which byte on.
	files map[*simshop.Shop]map[string][]int64
	// asked counts the requests for pages, by store and page.
	asked map[*simshop.Shop]map[string]int
	// app is the store that lets an app in, whose tokens come and go: every request is for it; nil when there is none.
	app *simshop.Shop
	// meet is called before a page is answered.
	meet func(process string, shop *simshop.Shop)
}

// lists are the operations that read a page of records.
var lists = []string{"productsPage", "customersPage", "ordersPage"}

// newGate opens a gate. It is closed after the processes that it serves.
func newGate(t *testing.T) *gate {
	t.Helper()
	g := &gate{shops: map[string]*simshop.Shop{}, asked: map[*simshop.Shop]map[string]int{},
		files: map[*simshop.Shop]map[string][]int64{}}
	server := httptest.NewServer(g)
	g.url = server.URL
	t.Cleanup(server.Close)
	return g
}

// open lets processes ask a store.
func (g *gate) open(o simshop.Options) *simshop.Shop {
	o.Token = "shpat_" + o.Domain
	if o.Bucket == (simshop.Bucket{}) {
		o.Bucket = simshop.Bucket{Max: 1e6, Restore: 1e6} // waiting finds nothing
	}
	if o.BulkRate == 0 {
		o.BulkRate = 20_000
	}
	shop := simshop.New(o)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shops[o.Token], g.asked[shop], g.files[shop] = shop, map[string]int{}, map[string][]int64{}
	if o.App.ClientID != "" {
		g.app = shop
	}
	return shop
}

// ServeHTTP hands a request to its store.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	granting := strings.HasSuffix(r.URL.Path, "/admin/oauth/access_token")
	if r.Header.Get("X-Shopify-Access-Token") == "" && !granting {
		g.download(w, r)
		return
	}
	process, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	r.URL.Path = "/" + path
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	g.mu.Lock()
	shop, meet := g.shops[r.Header.Get("X-Shopify-Access-Token")], g.meet
	if g.app != nil {
		shop = g.app
	}
	g.mu.Unlock()
	if shop == nil {
		http.Error(w, `{"errors":"Not Found"}`, http.StatusNotFound)
		return
	}
	var request struct {
		OperationName string
		Variables     struct{ After *string }
	}
	if json.Unmarshal(body, &request) == nil && slices.Contains(lists, request.OperationName) {
		page := request.OperationName
		if request.Variables.After != nil {
			page += " after " + *request.Variables.After
		}
		g.mu.Lock()
		g.asked[shop][page]++
		g.mu.Unlock()
		if meet != nil {
			meet(process, shop)
		}
		answer := &answered{ResponseWriter: w}
		if shop.ServeHTTP(answer, r); answer.status == http.StatusUnauthorized { // its token has ended: the page was not read
			g.mu.Lock()
			g.asked[shop][page]--
			g.mu.Unlock()
		}
		return
	}
	shop.ServeHTTP(w, r)
}

// answered knows the status of an answer.
type answered struct {
	http.ResponseWriter
	status int
}

func (a *answered) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// download hands a request for a file to the store whose signature it shows.
func (g *gate) download(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	shops := slices.Collect(maps.Values(g.shops))
	g.mu.Unlock()
	for _, shop := range shops {
		probe, answer := r.Clone(r.Context()), httptest.NewRecorder()
		probe.Method = http.MethodHead
		if shop.ServeHTTP(answer, probe); answer.Code >= 300 {
			continue
		}
		var from int64
		_, _ = fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from) // without one it is all
		g.mu.Lock()
		g.files[shop][r.URL.Path] = append(g.files[shop][r.URL.Path], from)
		g.mu.Unlock()
		shop.ServeHTTP(w, r)
		return
	}
	http.Error(w, "there is no such file", http.StatusNotFound)
}

// onPage has do called before each page is answered, by the process that asks for it.
func (g *gate) onPage(do func(process string, shop *simshop.Shop)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.meet = do
}

// again counts the requests for pages of a store that had been asked for before.
func (g *gate) again(shop *simshop.Shop) (pages, again int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, n := range g.asked[shop] {
		pages, again = pages+1, again+max(0, n-1)
	}
	return pages, again
}

// downloads returns how many files of a store were asked for, and how often one was asked for from before where it had been
// asked for.
func (g *gate) downloads(shop *simshop.Shop) (files, anew int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, from := range g.files[shop] {
		files++
		for i := range from {
			if i > 0 && from[i] < from[i-1] {
				anew++
			}
		}
	}
	return files, anew
}

// eventually waits until something is so.
func eventually(t testing.TB, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it does not come about that %s", what)
		}
	}
}
