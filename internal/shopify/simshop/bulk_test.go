package simshop_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
)

const (
	runBulk  = `mutation($query:String!){bulkOperationRunQuery(query:$query){bulkOperation{...o} userErrors{message code}}}` + bulkState
	pollBulk = `query($id:ID!){bulkOperation(id:$id){...o}}` + bulkState
	stopBulk = `mutation($id:ID!){bulkOperationCancel(id:$id){bulkOperation{...o}}}` + bulkState

	bulkState = ` fragment o on BulkOperation{id status errorCode createdAt completedAt objectCount rootObjectCount fileSize url query}`

	orderLines = `{orders{edges{node{id lineItems{edges{node{id title}}} agreements{edges{node{id sales{edges{node{id}}}}}}}}}}`
)

// begin starts an operation and returns its id.
func begin(t testing.TB, s *simshop.Shop, query string) string {
	t.Helper()
	a := ask(t, s, runBulk, map[string]any{"query": query})
	id, _ := at(a.Data, "bulkOperationRunQuery", "bulkOperation", "id").(string)
	if id == "" {
		t.Fatal(a.text)
	}
	return id
}

// poll returns an operation as it stands once all that is under way is done.
func poll(t testing.TB, s *simshop.Shop, id string) map[string]any {
	t.Helper()
	synctest.Wait()
	a := ask(t, s, pollBulk, map[string]any{"id": id})
	o, _ := at(a.Data, "bulkOperation").(map[string]any)
	return o
}

// finish lets an operation end.
func finish(t testing.TB, s *simshop.Shop, c *clock, id string) map[string]any {
	t.Helper()
	synctest.Wait()
	c.move(time.Hour)
	return poll(t, s, id)
}

func get(t testing.TB, s *simshop.Shop, url string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, url, nil)
	for p := range slices.Chunk(header, 2) {
		r.Header.Set(p[0], p[1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// lines decodes a file.
func lines(t testing.TB, file []byte) (all []map[string]any) {
	t.Helper()
	if len(file) > 0 && file[len(file)-1] != '\n' {
		t.Errorf("the file does not end with a line")
	}
	for scan := bufio.NewScanner(bytes.NewReader(file)); scan.Scan(); {
		var line map[string]any
		if err := json.Unmarshal(scan.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		all = append(all, line)
	}
	return all
}

func TestBulkLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := setup(t, simshop.Options{Orders: 100, BulkRate: 10})
		id := begin(t, s, orderLines)
		want := 0
		for _, o := range s.Orders() {
			want += 1 + len(o.Lines) + len(o.Agreements)
			for _, a := range o.Agreements {
				want += len(a.Sales)
			}
		}
		first := poll(t, s, id)
		if first["status"] != "CREATED" || first["objectCount"] != "0" || first["fileSize"] != nil || first["url"] != nil || first["query"] != orderLines {
			t.Errorf("at first %v", first)
		}
		c.move(6 * time.Second)
		half := poll(t, s, id)
		if half["status"] != "RUNNING" || half["rootObjectCount"] != "53" && half["rootObjectCount"] != "50" || half["objectCount"] == "0" ||
			half["url"] != nil || half["completedAt"] != nil {
			t.Errorf("then %v", half)
		}
		c.move(6 * time.Second)
		done := poll(t, s, id)
		if done["status"] != "COMPLETED" || done["rootObjectCount"] != "100" || done["objectCount"] != strconv.Itoa(want) || done["completedAt"] == nil {
			t.Fatalf("at last %v", done)
		}
		url := done["url"].(string)
		w := get(t, s, url)
		if w.Code != 200 || w.Header().Get("Content-Type") != "application/jsonl" || strconv.Itoa(w.Body.Len()) != done["fileSize"] ||
			!strings.Contains(w.Body.String(), `"gid:\/\/shopify\/Order\/`) {
			t.Errorf("%d %v %.200s", w.Code, w.Header(), w.Body)
		}
		if n := len(lines(t, w.Body.Bytes())); n != want {
			t.Errorf("%d lines, want %d", n, want)
		}
		c.move(7 * 24 * time.Hour)
		if late := poll(t, s, id); late["status"] != "EXPIRED" || late["url"] != nil {
			t.Errorf("a week later %v", late)
		}
		if w := get(t, s, url); w.Code != 400 || !strings.Contains(w.Body.String(), "ExpiredToken") {
			t.Errorf("a week later %d %s", w.Code, w.Body)
		}
	})
}

// Children stand anywhere, unless groups are asked for: then below their parents.
func TestBulkLines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := setup(t, simshop.Options{Orders: 300})
		early := map[bool]int{}
		for _, grouped := range []bool{false, true} {
			a := ask(t, s, strings.Replace(runBulk, "query:$query", fmt.Sprintf("query:$query,groupObjects:%v", grouped), 1),
				map[string]any{"query": orderLines})
			id, _ := at(a.Data, "bulkOperationRunQuery", "bulkOperation", "id").(string)
			file := lines(t, get(t, s, finish(t, s, c, id)["url"].(string)).Body.Bytes())
			known := map[any]bool{}
			for _, line := range file {
				if parent := line["__parentId"]; parent != nil && !known[parent] {
					early[grouped]++
				}
				known[line["id"]] = true
			}
			for _, line := range file {
				if parent := line["__parentId"]; parent != nil && !known[parent] {
					t.Errorf("%v belongs to nothing", line)
				}
			}
			for _, o := range s.Orders() {
				i := slices.IndexFunc(file, func(line map[string]any) bool { return line["id"] == gid("Order", o.ID) })
				if grouped && (i < 0 || file[i+1]["__parentId"] != gid("Order", o.ID) || file[i+1]["id"] != gid("LineItem", o.Lines[0].ID)) {
					t.Fatalf("below %v stands %v", file[i], file[i+1])
				}
			}
		}
		if early[true] != 0 || early[false] < 100 {
			t.Errorf("children before their parents: %v", early)
		}
		none := finish(t, s, c, begin(t, s, `{products(query:"id:1"){edges{node{id}}}}`))
		if none["status"] != "COMPLETED" || none["objectCount"] != "0" || none["url"] != nil {
			t.Errorf("of nothing: %v", none)
		}
		one := finish(t, s, c, begin(t, s, fmt.Sprintf(`{products(query:"id:%d"){edges{node{title}}}}`, s.Products()[0].ID)))
		if one["objectCount"] != "1" || one["fileSize"] == "0" {
			t.Errorf("of one: %v", one)
		}
	})
}

func TestBulkSlots(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := setup(t, simshop.Options{})
		s.SetFaults(simshop.Faults{Bulk: simshop.BulkFaults{Stuck: true}})
		var ids []string
		for range 5 {
			ids = append(ids, begin(t, s, `{orders{edges{node{id}}}}`))
		}
		full := ask(t, s, runBulk, map[string]any{"query": `{orders{edges{node{id}}}}`})
		same(t, "a sixth", at(full.Data, "bulkOperationRunQuery"), `{"bulkOperation":null,"userErrors":[{"message":
			"A bulk query operation for this app and shop is already in progress: `+strings.Join(ids, ", ")+`.","code":"OPERATION_IN_PROGRESS"}]}`)
		if o := finish(t, s, c, ids[0]); o["status"] != "RUNNING" {
			t.Errorf("a stuck one: %v", o)
		}
		list := func(query string) (found []any) {
			a := ask(t, s, `query($query:String){bulkOperations(first:10,query:$query){nodes{id}}}`, map[string]any{"query": query})
			for _, n := range at(a.Data, "bulkOperations", "nodes").([]any) {
				found = append(found, at(n, "id"))
			}
			return found
		}
		a := ask(t, s, stopBulk, map[string]any{"id": ids[2]})
		if at(a.Data, "bulkOperationCancel", "bulkOperation", "status") != "CANCELING" {
			t.Error(a.text)
		}
		if got := list("status:canceling"); len(got) != 1 || got[0] != ids[2] {
			t.Errorf("cancelling %v", got)
		}
		c.move(2 * time.Second)
		if o := poll(t, s, ids[2]); o["status"] != "CANCELED" || o["url"] != nil {
			t.Errorf("cancelled: %v", o)
		}
		for query, want := range map[string]int{"status:running": 4, "status:running OR status:canceled": 5, "": 5, "operation_type:mutation": 0} {
			if got := list(query); len(got) != want {
				t.Errorf("%q finds %v, want %d", query, got, want)
			}
		}
		if got := list(""); got[0] != ids[4] {
			t.Errorf("the newest is %v", got[0])
		}
		sixth := begin(t, s, `{orders{edges{node{id}}}}`)
		if o := poll(t, s, sixth); o["status"] != "CREATED" {
			t.Errorf("%v", o)
		}
		if o := poll(t, s, "gid://shopify/BulkOperation/1"); o != nil {
			t.Errorf("there is %v", o)
		}
		warned := ask(t, s, `{bulkOperations(first:1,query:"status:EXPIRED"){nodes{id}}}`, nil)
		if len(warned.Extensions.Search) != 1 || at(warned.Extensions.Search, 0, "warnings", 0, "code") != "invalid_value" {
			t.Error(warned.text)
		}
	})
}

func TestBulkFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		faults simshop.BulkFaults
		scopes []string
		check  func(o map[string]any, file int) bool
	}{
		"fails": {faults: simshop.BulkFaults{Fail: "INTERNAL_SERVER_ERROR", After: 17}, check: func(o map[string]any, _ int) bool {
			return o["status"] == "FAILED" && o["errorCode"] == "INTERNAL_SERVER_ERROR" && o["objectCount"] == "17" && o["url"] == nil
		}},
		"times out at once": {faults: simshop.BulkFaults{Fail: "TIMEOUT"}, check: func(o map[string]any, _ int) bool {
			return o["status"] == "FAILED" && o["errorCode"] == "TIMEOUT" && o["objectCount"] == "0"
		}},
		"no access": {scopes: []string{"read_products"}, check: func(o map[string]any, _ int) bool {
			return o["status"] == "FAILED" && o["errorCode"] == "ACCESS_DENIED" && o["url"] == nil
		}},
		"lines are missing": {faults: simshop.BulkFaults{Missing: 3}, check: func(o map[string]any, file int) bool {
			n, _ := strconv.Atoi(o["objectCount"].(string))
			return o["status"] == "COMPLETED" && file == n-3
		}},
		"lists are cut": {faults: simshop.BulkFaults{Nested: 1}, check: func(o map[string]any, file int) bool {
			return o["status"] == "COMPLETED" && o["rootObjectCount"] == "100" && file == 400
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, c := setup(t, simshop.Options{Orders: 100, Scopes: test.scopes})
				s.SetFaults(simshop.Faults{Bulk: test.faults})
				o, file := finish(t, s, c, begin(t, s, orderLines)), 0
				if url, ok := o["url"].(string); ok {
					file = len(lines(t, get(t, s, url).Body.Bytes()))
				}
				if !test.check(o, file) {
					t.Errorf("%v with %d lines", o, file)
				}
			})
		})
	}
}

func TestBulkDownloads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := setup(t, simshop.Options{Orders: 50})
		url := finish(t, s, c, begin(t, s, orderLines))["url"].(string)
		whole := get(t, s, url).Body.Bytes()
		part := get(t, s, url, "Range", "bytes=1000-")
		if part.Code != 206 || !bytes.Equal(part.Body.Bytes(), whole[1000:]) ||
			part.Header().Get("Content-Range") != fmt.Sprintf("bytes 1000-%d/%d", len(whole)-1, len(whole)) {
			t.Errorf("a part: %d %v", part.Code, part.Header())
		}
		for name, test := range map[string]struct {
			url    string
			header []string
			status int
		}{
			"another signature": {strings.Replace(url, "Signature=", "Signature=0", 1), nil, 403},
			"no signature":      {url[:strings.Index(url, "?")], nil, 403},
			"another file":      {strings.Replace(url, "962?", "963?", 1), nil, 404},
			"a token":           {url, []string{"X-Shopify-Access-Token", s.Token()}, 400},
			"past the end":      {url, []string{"Range", fmt.Sprintf("bytes=%d-", len(whole)+1)}, 416},
		} {
			if w := get(t, s, test.url, test.header...); w.Code != test.status {
				t.Errorf("%s: %d %.100s", name, w.Code, w.Body)
			}
		}
		s.SetFaults(simshop.Faults{Bulk: simshop.BulkFaults{Chunk: 100}})
		if w := get(t, s, url, "Range", "bytes=50-"); !bytes.Equal(w.Body.Bytes(), whole[50:150]) {
			t.Errorf("a broken one brought %d bytes", w.Body.Len())
		}
		s.SetFaults(simshop.Faults{Bulk: simshop.BulkFaults{Expired: true}})
		if w := get(t, s, url); w.Code != 400 {
			t.Errorf("expired: %d", w.Code)
		}
		s.SetFaults(simshop.Faults{ServerError: 1})
		if w := get(t, s, url); w.Code < 500 {
			t.Errorf("a server error: %d", w.Code)
		}
	})
}

// Served over the network, the files lie where the store is.
func TestBulkOverTheNetwork(t *testing.T) {
	t.Parallel()
	s, c := setup(t, simshop.Options{Orders: 50})
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	id, url := begin(t, s, orderLines), ""
	for tries := 0; url == "" && tries < 10_000; tries++ {
		c.move(time.Minute)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/admin/api/2026-10/graphql.json",
			strings.NewReader(fmt.Sprintf(`{"query":"{bulkOperation(id:\"%s\"){url}}"}`, id)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Shopify-Access-Token", s.Token())
		resp, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var a answer
		err = json.NewDecoder(resp.Body).Decode(&a)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		url, _ = at(a.Data, "bulkOperation", "url").(string)
	}
	if !strings.HasPrefix(url, server.URL+"/") {
		t.Fatalf("the file lies at %q", url)
	}
	s.SetFaults(simshop.Faults{Bulk: simshop.BulkFaults{Chunk: 100}})
	resp, err := server.Client().Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var got bytes.Buffer
	if n, err := got.ReadFrom(resp.Body); n != 100 || err == nil || resp.ContentLength < 1000 {
		t.Errorf("%d bytes of %d, %v", n, resp.ContentLength, err)
	}
}
