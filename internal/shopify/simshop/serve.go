package simshop

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/shopsight/shopsight/internal/shopify/cost"
)

// maxBody is the longest request that is read.
const maxBody = 1 << 20

// oldest is the oldest version that is still answered. A call of an older one falls forward to it.
const oldest = "2026-01"

// serve answers one call, or lets it fail. Pictures are everybody's. files is where the files of bulk operations are said to
// lie.
func (s *Shop) serve(w http.ResponseWriter, r *http.Request, files string) {
	if picture(w, r) || s.authorizes(w, r) {
		return
	}
	version, ok := versionOf(r.URL.Path)
	if !ok {
		refuse(w, http.StatusNotFound, `{"errors":"Not Found"}`)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if r.Method != http.MethodPost || err != nil {
		refuse(w, http.StatusBadRequest, `{"errors":"Bad Request"}`)
		return
	}
	s.mu.Lock()
	s.stats.Calls++
	faults, accident := s.faults, s.accident()
	scopes, ok := s.admits(r.Header.Get("X-Shopify-Access-Token"))
	s.mu.Unlock()
	if faults.Version != "" {
		version = faults.Version
	}
	w.Header().Set("X-Shopify-API-Version", version)
	if !ok {
		refuse(w, http.StatusUnauthorized,
			`{"errors":"[API] Invalid API key or access token (unrecognized login or wrong password)"}`)
		return
	}
	s.count(accident)
	switch accident {
	case tooMany:
		if after := faults.RetryAfter; after == "" {
			w.Header().Set("Retry-After", "2.0")
		} else if strings.ContainsAny(after, "0123456789") {
			w.Header().Set("Retry-After", after)
		}
		refuse(w, http.StatusTooManyRequests,
			`{"errors":"Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service."}`)
		return
	case serverError:
		status := s.brokenStatus()
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		fmt.Fprintf(w, "<html><body><h1>%d %s</h1></body></html>", status, http.StatusText(status))
		return
	case hanging:
		<-r.Context().Done()
		return
	}
	answer := appendJSON(nil, s.answer(body, accident, files, scopes))
	switch accident {
	case truncated: // the server closes the connection when less comes than was announced
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		answer = answer[:len(answer)/2]
	case malformed:
		answer = append(answer[:len(answer)/2], "<!DOCTYPE html>"...)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(answer)
}

// versionOf reads the version from a path, and returns the one that is answered.
func versionOf(path string) (string, bool) {
	version, ok := strings.CutPrefix(path, "/admin/api/")
	version, graphql := strings.CutSuffix(version, "/graphql.json")
	if !ok || !graphql || len(version) != len(Version) || version > Version {
		return "", false
	}
	return max(version, oldest), true
}

func refuse(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// brokenStatus is the status of a server error.
func (s *Shop) brokenStatus() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return []int{http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable}[s.luck.IntN(3)]
}

func (s *Shop) count(a accident) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch a {
	case none:
	case throttled, tooMany:
		s.stats.Throttled++
	default:
		s.stats.Failed++
	}
}

// answer executes the document of a request.
func (s *Shop) answer(body []byte, accident accident, files string, scopes []string) object {
	var request struct {
		Query         string         `json:"query"`
		Variables     map[string]any `json:"variables"`
		OperationName string         `json:"operationName"`
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&request); err != nil {
		return failed("Bad Request", object{{"code", "BAD_REQUEST"}})
	}
	doc, errs := s.docs.get(s.schema, request.Query)
	if len(errs) > 0 {
		return invalid(errs)
	}
	op := doc.Operations.ForName(request.OperationName)
	if op == nil {
		return failed("No operation named \""+request.OperationName+"\"", nil)
	}
	vars, err := validator.VariableValues(s.schema, op, request.Variables)
	if err != nil {
		return failed(err.Error(), object{{"code", "INVALID_VARIABLE"}})
	}
	return s.execute(op, vars, accident, files, scopes)
}

func (s *Shop) execute(op *ast.OperationDefinition, vars map[string]any, accident accident, files string, scopes []string) object {
	if n := longest(op, vars); n > maxIDs {
		return failed(fmt.Sprintf("The input array size of %d is greater than the maximum allowed of %d.", n, maxIDs),
			object{{"code", "MAX_INPUT_SIZE_EXCEEDED"}})
	}
	requested := cost.Of(s.schema, op, vars)
	if requested > cost.Max {
		return tooDear(requested)
	}
	s.mu.Lock()
	s.bucket.restore(s.opt.Now())
	if accident == throttled {
		status := s.bucket.status(min(s.bucket.left, float64(requested-1)))
		s.mu.Unlock()
		return wait(requested, status)
	}
	if !s.bucket.take(float64(requested), s.opt.Now()) {
		s.stats.Throttled++
		status := s.bucket.status(s.bucket.left)
		s.mu.Unlock()
		return wait(requested, status)
	}
	if s.stats.Operations == nil {
		s.stats.Operations = make(map[string]int)
	}
	s.stats.Operations[op.Name]++
	c := &call{shop: s, schema: s.schema, vars: vars, at: s.opt.Now(), scopes: scopes, faults: s.faults, files: files}
	s.mu.Unlock()

	if accident == internal {
		c.errors = []any{object{{"message", internalError().Error()}, {"extensions", internalError().extensions}}}
	}
	var data any
	actual := 0
	if accident != internal {
		root := s.schema.Query
		if op.Operation == ast.Mutation {
			root = s.schema.Mutation
		}
		o, points, ok := c.object(c.plan(root, []ast.SelectionSet{op.SelectionSet}), nil, nil)
		if actual = min(points, requested); ok {
			data = o
		}
		s.churn(c)
		for _, w := range c.exports {
			go w.write()
		}
	}
	return s.settle(c, data, requested, actual)
}

// settle gives back the points that were not needed, and puts the answer together.
func (s *Shop) settle(c *call, data any, requested, actual int) object {
	s.mu.Lock()
	s.bucket.left = min(s.bucket.Max, s.bucket.left+float64(requested-actual))
	points := points(requested, actual, s.bucket.status(s.bucket.left))
	s.mu.Unlock()
	out := object{{"data", data}}
	if len(c.errors) > 0 {
		out = append(out, member{"errors", c.errors})
	}
	extensions := object{{"cost", points}}
	if len(c.search) > 0 {
		extensions = append(extensions, member{"search", c.search})
	}
	return append(out, member{"extensions", extensions})
}

// churn changes one of the records that were just answered, by chance.
func (s *Shop) churn(c *call) {
	defer s.act()()
	if c.faults.Churn <= 0 || len(c.pages) == 0 || s.luck.Float64() >= c.faults.Churn {
		return
	}
	it := c.pages[s.luck.IntN(len(c.pages))]
	if o, ok := s.tables[it.kind].get(it.id).(*Order); ok && o.CancelledAt.IsZero() && o.open() >= 0 {
		s.alter(o, o.open(), &Changes{})
		return
	}
	_ = s.touch(it.kind, it.id) // gone in the meantime: that is a change too
}
