package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/shopsight/shopsight/graph"
)

const (
	plain   = "application/json; charset=utf-8"
	graphQL = "application/graphql-response+json; charset=utf-8"
)

func post(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}

func get(values ...string) *http.Request {
	q := url.Values{}
	for i := 0; i < len(values); i += 2 {
		q.Add(values[i], values[i+1])
	}
	return httptest.NewRequest(http.MethodGet, "/graphql?"+q.Encode(), nil)
}

func with(r *http.Request, name, value string) *http.Request {
	r.Header.Set(name, value)
	return r
}

func TestBodies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, body string
		status     int
		want       string // in the message; empty for an answer
	}{
		{"query", `{"query":"{ __typename }"}`, 200, ""},
		{"nulls", `{"query":"{ __typename }","variables":null,"operationName":null,"extensions":null}`, 200, ""},
		{"unknown members", `{"query":"{ __typename }","id":1,"id":2}`, 200, ""},
		{"escaped quote and pair", `{"query":"{ __typename } # \u0022 \ud83d\ude00 \\ud83d\\ude00 \\\\u0000"}`, 200, ""},
		{"operation by name", `{"query":"query A { __typename } query B { nowhere: __typename }","operationName":"B"}`, 200, ""},
		{"empty", ``, 400, "is not valid JSON"},
		{"text", `hunter2`, 400, "is not valid JSON"},
		{"cut off", `{"query":"{ __typename }","variables":{"password":"hunter2"`, 400, "is not valid JSON"},
		{"trailing", `{"query":"{ __typename }"} hunter2`, 400, "more after"},
		{"batch", `[{"query":"{ __typename }"}]`, 400, "is a list"},
		{"string", `"{ __typename }"`, 400, "must be a JSON object"},
		{"null", `null`, 400, "must be a JSON object"},
		{"no query", `{"variables":{}}`, 400, "the query as text"},
		{"query null", `{"query":null}`, 400, "the query as text"},
		{"query a number", `{"query":1}`, 400, "the query as text"},
		{"spelled otherwise", `{"Query":"{ __typename }"}`, 400, "the query as text"},
		{"twice", `{"query":"{ __typename }","query":"{ tenant { id } }"}`, 400, "twice"},
		{"operationName a list", `{"query":"{ __typename }","operationName":[]}`, 400, "operationName"},
		{"variables text", `{"query":"{ __typename }","variables":"{}"}`, 400, "variables"},
		{"variables a list", `{"query":"{ __typename }","variables":[]}`, 400, "variables"},
		{"extensions a number", `{"query":"{ __typename }","extensions":1}`, 400, "extensions"},
		{"invalid UTF-8", "{\"query\":\"{ __typename }\",\"variables\":{\"a\":\"hunter2\xff\"}}", 400, "not valid UTF-8"},
		{"NUL", "{\"query\":\"{ __typename } \x00\"}", 400, "NUL"},
		{"escaped NUL", `{"query":"{ __typename }","variables":{"a":"hunter2\u0000"}}`, 400, "NUL"},
		{"lone high half", `{"query":"{ __typename }","variables":{"a":"\ud83d"}}`, 400, "surrogate"},
		{"lone low half", `{"query":"{ __typename }","variables":{"\uDE00":1}}`, 400, "surrogate"},
		{"halves the wrong way", `{"query":"{ __typename }","variables":{"a":"\ude00\ud83d"}}`, 400, "surrogate"},
		{"half before a letter", `{"query":"{ __typename }","variables":{"a":"\ud83d\u0041"}}`, 400, "surrogate"},
		{"deep", `{"query":"{ __typename }","variables":` + repeat(`{"a":`, 20_000) + "1" + repeat("}", 20_001), 400, "is not valid JSON"},
		{"NUL in the query's own escapes", `{"query":"{ order(id: \"\\u0000\") { id } }"}`, 200, "NUL"},
		{"braces in the query's own escapes", `{"query":"{ order(id: \"\\u{0}\") { id } }"}`, 200, "NUL"},
		{"half in the query's own escapes", `{"query":"{ order(id: \"\\ud83d\") { id } }"}`, 200, "surrogate"},
		{"syntax", `{"query":"{ login(password: \"hunter2\""}`, 200, "Expected Name"},
		{"no operation", `{"query":"fragment A on Query { __typename }"}`, 200, "no operation"},
		{"no such operation", `{"query":"query A { __typename } query B { __typename }"}`, 200, "not found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := setup(t, owner()).do(post(c.body))
			r := read(t, w)
			if w.Code != c.status || w.Header().Get("Content-Type") != plain {
				t.Errorf("status %d, type %s: %s", w.Code, w.Header().Get("Content-Type"), w.Body)
			}
			if c.want == "" && (len(r.Errors) > 0 || r.Data == nil) || !strings.Contains(r.message(), c.want) {
				t.Errorf("answer %s, want %q", w.Body, c.want)
			}
			if strings.Contains(w.Body.String(), "hunter2") {
				t.Errorf("the answer repeats the body: %s", w.Body)
			}
			if c.status == 400 && r.code() != graph.CodeBadUserInput {
				t.Errorf("code %v", r.code())
			}
			if c.want != "" && strings.Contains(w.Body.String(), `"data"`) {
				t.Errorf("an answer without execution has data: %s", w.Body)
			}
		})
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	const q = `{"query":"{ __typename }"}`
	const wrong = `{"query":"{ nowhere }"}`
	for _, c := range []struct {
		name    string
		request *http.Request
		status  int
		media   string
		want    string
	}{
		{"post", post(q), 200, plain, ""},
		{"charset", with(post(q), "Content-Type", "application/json; charset=UTF-8"), 200, plain, ""},
		{"another charset", with(post(q), "Content-Type", "application/json; charset=utf-16"), 415, plain, "UTF-8"},
		{"no type", with(post(q), "Content-Type", ""), 415, plain, "content type"},
		{"text", with(post(q), "Content-Type", "text/plain"), 415, plain, "content type"},
		{"form", with(post("query={__typename}"), "Content-Type", "application/x-www-form-urlencoded"), 415, plain, "content type"},
		{"multipart", with(post(q), "Content-Type", "multipart/form-data; boundary=x"), 415, plain, "content type"},
		{"graphql", with(post("{ __typename }"), "Content-Type", "application/graphql"), 415, plain, "content type"},
		{"compressed", with(post(q), "Content-Encoding", "gzip"), 415, plain, "compressed"},
		{"too long", post(`{"query":"` + repeat(" ", graph.MaxBody) + `"}`), 413, plain, "longer than 8388608 bytes"},
		{"too long, length unknown", httptest.NewRequest("POST", "/graphql", nil), 413, plain, "longer than 8388608 bytes"},
		{"get", get("query", "{ __typename }"), 200, plain, ""},
		{"get with variables", get("query", "query($s: Boolean!) { __typename @skip(if: $s) }", "variables", `{"s":false}`), 200, plain, ""},
		{"get without a query", get(), 400, plain, "the query"},
		{"get with a wrong variable", get("query", "{ __typename }", "variables", "[1]"), 400, plain, "variables"},
		{"get twice", get("query", "{ __typename }", "query", "{ __typename }"), 400, plain, "twice"},
		{"get with NUL", get("query", "{ __typename }\x00"), 400, plain, "NUL"},
		{"get with invalid UTF-8", get("query", "{ __typename } #\xff"), 400, plain, "UTF-8"},
		{"mutation by get", get("query", `mutation { clearAllData(input: {confirmSlug: "x"}) { deleted { orders } } }`), 405, plain, "by POST"},
		{"put", httptest.NewRequest("PUT", "/graphql", strings.NewReader(q)), 405, plain, "by POST"},
		{"head", httptest.NewRequest("HEAD", "/graphql?query={__typename}", nil), 405, plain, ""},

		{"any type", with(post(q), "Accept", "*/*"), 200, plain, ""},
		{"own type", with(post(q), "Accept", "application/graphql-response+json"), 200, graphQL, ""},
		{"the better one", with(post(q), "Accept", "application/json;q=0.5, application/graphql-response+json"), 200, graphQL, ""},
		{"the first of equals", with(post(q), "Accept", "application/json, application/graphql-response+json"), 200, plain, ""},
		{"an unknown type", with(post(q), "Accept", "text/html"), 200, plain, ""},
		{"invalid document", post(wrong), 200, plain, "Cannot query field"},
		{"invalid document, own type", with(post(wrong), "Accept", "application/graphql-response+json"), 400, graphQL, "Cannot query field"},
		{"syntax, own type", with(post(`{"query":"{"}`), "Accept", "application/graphql-response+json"), 400, graphQL, "Expected"},
		{"bad variable, own type", with(post(`{"query":"query($a: ID!) { order(id: $a) { id } }"}`), "Accept", "application/graphql-response+json"), 400, graphQL, "must be defined"},
		{"error of a field, own type", with(post(`{"query":"{ order(id: 1) { refunds { id } } nodes(ids: []) { id } }"}`), "Accept", "application/graphql-response+json"), 200, graphQL, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if strings.Contains(c.name, "length unknown") {
				c.request = with(c.request, "Content-Type", "application/json")
				c.request.ContentLength = -1
				c.request.Body = io.NopCloser(strings.NewReader(repeat(" ", graph.MaxBody+1)))
			}
			w := setup(t, owner()).do(c.request)
			r := read(t, w)
			if w.Code != c.status || w.Header().Get("Content-Type") != c.media || !strings.Contains(r.message(), c.want) {
				t.Errorf("status %d, type %s: %s", w.Code, w.Header().Get("Content-Type"), w.Body)
			}
			if w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("headers %v", w.Header())
			}
			if c.status == 405 && w.Header().Get("Allow") == "" {
				t.Error("no Allow header")
			}
		})
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	w := setup(t, nil).do(httptest.NewRequest("OPTIONS", "/graphql", nil))
	if w.Code != 204 || w.Header().Get("Allow") != "GET, POST, OPTIONS" || w.Body.Len() != 0 {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	s := shop()
	s.query["overview"] = resolver(func(ctx context.Context, _ map[string]any) (any, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	c := client{t, graph.NewHandler(s, graph.Options{Log: quiet(), Timeout: time.Millisecond}), owner()}
	r := c.ask(`{ tenant { name } overview { currencyCode } }`)
	if r.code() != graph.CodeTimeout {
		t.Errorf("code %v: %s", r.code(), r.message())
	}
}

func TestTimeIsUpBeforeItBegins(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := setup(t, owner()).do(post(`{"query":"{ tenant { name } }"}`).WithContext(ctx))
	if r := read(t, w); r.code() != graph.CodeTimeout {
		t.Errorf("answer %s", w.Body)
	}
}

// FuzzBody holds that what is let through is one JSON object in valid UTF-8 whose texts can be stored as they are.
func FuzzBody(f *testing.F) {
	for _, s := range []string{
		`{"query":"{ __typename }"}`, `{"query":"a","variables":{"a":"\ud83d\ude00"}}`, `{"query":"\u0000"}`, `[]`, `{"query":"a"}{}`,
		`{"query":"a","variables":{"a":[1e999,"\\u0000"]}}`, "{\"query\":\"\xff\"}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		query, variables, err := graph.DecodeBody(b)
		if err != nil {
			if len(err.Error()) > 60 {
				t.Fatalf("long message: %s", err)
			}
			return
		}
		if !json.Valid(b) || query == "" {
			t.Fatalf("let through: %q", b)
		}
		texts, err := json.Marshal([]any{query, variables})
		if err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(b) || bytes.Contains(texts, []byte(`\u0000`)) && !bytes.Contains(b, []byte(`\\u0000`)) {
			t.Fatalf("let through: %q", b)
		}
		if bytes.ContainsRune(texts, utf8.RuneError) && !bytes.ContainsRune(b, utf8.RuneError) && !bytes.Contains(bytes.ToLower(b), []byte(`\ufffd`)) {
			t.Fatalf("a character was lost: %q", b)
		}
	})
}
