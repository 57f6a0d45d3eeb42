package simshop_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
)

// officialBulk is what captured operations were asked with.
const officialBulk = `mutation($query:String!){bulkOperationRunQuery(query:$query){bulkOperation{...o} userErrors{field message code}}}
fragment o on BulkOperation{id status type errorCode createdAt completedAt objectCount rootObjectCount fileSize url partialDataUrl query}`

func TestCapturedBulkRefusals(t *testing.T) {
	t.Parallel()
	var captured map[string]struct {
		Query    string
		Response struct {
			Data, Extensions any
		}
	}
	if err := json.Unmarshal([]byte(shared(t, "samples/bulk-validation-errors.json")), &captured); err != nil {
		t.Fatal(err)
	}
	for name, sample := range captured {
		s, _ := setup(t, simshop.Options{Schema: official(t), Bucket: simshop.Bucket{Max: 2000, Restore: 100}})
		a := ask(t, s, officialBulk, map[string]any{"query": sample.Query})
		if !reflect.DeepEqual(a.Data, sample.Response.Data) {
			want, _ := json.Marshal(sample.Response.Data)
			t.Errorf("%s:\n got %s\nwant %s", name, a.text, want)
		}
		if a.Extensions.Cost.RequestedQueryCost != 10 || *a.Extensions.Cost.ActualQueryCost != 10 {
			t.Errorf("%s: %s", name, a.text)
		}
	}
}

// Answers have the members of captured ones.
func TestCapturedBulk(t *testing.T) {
	t.Parallel()
	var captured struct {
		Run   any
		Polls []any
	}
	if err := json.Unmarshal([]byte(shared(t, "samples/bulk-run-and-poll.json")), &captured); err != nil {
		t.Fatal(err)
	}
	schema := official(t)
	synctest.Test(t, func(t *testing.T) {
		s, c := setup(t, simshop.Options{Orders: 20, Schema: schema, Bucket: simshop.Bucket{Max: 2000, Restore: 100}})
		run := ask(t, s, officialBulk, map[string]any{"query": at(captured.Run, "data", "bulkOperationRunQuery", "bulkOperation", "query")})
		id := at(run.Data, "bulkOperationRunQuery", "bulkOperation", "id")
		polled := `query($id:ID!){bulkOperation(id:$id){...o}}` + officialBulk[strings.Index(officialBulk, "\n"):]
		created := ask(t, s, polled, map[string]any{"id": id})
		synctest.Wait()
		c.move(time.Hour)
		done := ask(t, s, polled, map[string]any{"id": id})
		for i, test := range []struct {
			got  answer
			want any
		}{{run, captured.Run}, {created, captured.Polls[0]}, {done, captured.Polls[len(captured.Polls)-1]}} {
			var got any
			if err := json.Unmarshal([]byte(test.got.text), &got); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(kinds(got, ""), kinds(test.want, "")) {
				t.Errorf("answer %d is\n%v, want\n%v", i, kinds(got, ""), kinds(test.want, ""))
			}
		}
		if a := ask(t, s, `mutation($id:ID!){bulkOperationCancel(id:$id){bulkOperation{id} userErrors{field message}}}`, map[string]any{"id": id}); at(a.Data,
			"bulkOperationCancel", "userErrors", 0, "message") != "A bulk operation cannot be canceled when it is completed" {
			t.Error(a.text)
		}
		if a := ask(t, s, `mutation{bulkOperationCancel(id:"gid://shopify/BulkOperation/1"){bulkOperation{id} userErrors{message}}}`, nil); at(a.Data,
			"bulkOperationCancel", "userErrors", 0, "message") != "Bulk operation does not exist" {
			t.Error(a.text)
		}
	})
}

// kinds lists the members of a decoded value with the JSON type of each.
func kinds(v any, path string) []string {
	var out []string
	for _, m := range members(v, "") {
		keys := []any{}
		for _, key := range strings.Split(strings.TrimPrefix(m, "."), ".") {
			keys = append(keys, key)
		}
		value := at(v, keys...)
		if value == nil {
			out = append(out, m+" null")
		} else {
			out = append(out, m+" "+reflect.TypeOf(value).String())
		}
	}
	return out
}

// What an operation that failed has read can be had, by the address of partial data.
func TestPartialData(t *testing.T) {
	t.Parallel()
	schema := official(t)
	synctest.Test(t, func(t *testing.T) {
		s, c := setup(t, simshop.Options{Orders: 50, Schema: schema})
		s.SetFaults(simshop.Faults{Bulk: simshop.BulkFaults{Fail: "TIMEOUT", After: 20}})
		id := begin(t, s, orderLines)
		synctest.Wait()
		c.move(time.Hour)
		a := ask(t, s, `query($id:ID!){bulkOperation(id:$id){status url partialDataUrl}}`, map[string]any{"id": id})
		url, _ := at(a.Data, "bulkOperation", "partialDataUrl").(string)
		if url == "" || at(a.Data, "bulkOperation", "url") != nil {
			t.Fatal(a.text)
		}
		if n := len(lines(t, get(t, s, url).Body.Bytes())); n != 20 {
			t.Errorf("%d lines", n)
		}
	})
}

// What was not captured is refused too.
func TestBulkRefusals(t *testing.T) {
	t.Parallel()
	s, _ := setup(t, simshop.Options{})
	for query, want := range map[string]string{
		`{orders{edges{node{id}}} products{edges{node{id}}}}`: "more than one top level field",
		`query($q:String){orders(query:$q){edges{node{id}}}}`: "variables",
		`{orders{edges{node{nothing}}}}`:                      "nothing",
		`{`:                                                   "Invalid bulk query",
		`{shop{id}}`:                                          "at least one connection",
		`query a{orders{edges{node{id}}}} query b{orders{edges{node{id}}}}`:     "exactly one operation",
		`{orders{edges{node{id}}}}` + strings.Repeat(" ", 66_000):               "too long",
		`{orders{edges{node{number:id lineItems{edges{node{id}}}}}}}`:           "without 'id': orders",
		`{orders{edges{node{id refunds{refundLineItems{nodes{quantity}}}}}}}`:   "within a list",
		`{orders{edges{node{...on Order{lineItems{nodes{id}}}}}}}`:              "'lineItems'",
		`{orders{edges{node{...f}}}} fragment f on Order{lineItems{nodes{id}}}`: "'lineItems'",
	} {
		a := ask(t, s, runBulk, map[string]any{"query": query})
		text, _ := json.Marshal(at(a.Data, "bulkOperationRunQuery", "userErrors"))
		if at(a.Data, "bulkOperationRunQuery", "bulkOperation") != nil || !strings.Contains(string(text), want) ||
			!strings.Contains(string(text), `"INVALID"`) {
			t.Errorf("%.100s: %s", query, a.text)
		}
	}
}
