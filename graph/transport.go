package graph

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

const (
	mediaJSON    = "application/json"
	mediaGraphQL = "application/graphql-response+json"
)

// mostErrors is how many errors of one refused document are shown.
const mostErrors = 20

// transport speaks GraphQL over HTTP: queries and mutations by POST, queries by GET. It takes nothing that a browser
// sends to another site without asking first (forms, text), so that a page elsewhere cannot make requests, and it never
// repeats a body that it could not read. gqlgen's own transports do both.
type transport struct {
	maxBody int64
	timeout time.Duration
}

var _ graphql.Transport = transport{}

// Supports is true for every request: what is wrong with one is said in Do.
func (transport) Supports(*http.Request) bool { return true }

// Do answers one request.
func (t transport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	a := answer{w: w, media: responseMedia(r.Header.Values("Accept")), exec: exec, ctx: r.Context()}
	a.header()
	var (
		p      *graphql.RawParams
		status int
		err    error
	)
	switch r.Method {
	case http.MethodPost:
		p, status, err = t.readPost(w, r)
	case http.MethodGet:
		p, status, err = readGet(r)
	case http.MethodOptions:
		w.Header().Del("Content-Type")
		w.Header().Set("Allow", "GET, POST, OPTIONS")
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		w.Header().Set("Allow", "GET, POST, OPTIONS")
		status, err = http.StatusMethodNotAllowed, errors.New("must be sent by POST, or by GET for a query")
	}
	if err != nil {
		a.refuse(status, inputError("the request %s", err))
		return
	}
	p.Headers = r.Header
	ctx, cancel := context.WithTimeout(r.Context(), t.timeout)
	defer cancel()
	a.ctx = ctx
	t.run(a, r.Method, p)
}

func (t transport) run(a answer, method string, p *graphql.RawParams) {
	oc, errs := a.exec.CreateOperationContext(a.ctx, p)
	if len(errs) > 0 {
		if more, ok := oc.Stats.GetExtension(moreErrors).(gqlerror.List); ok {
			errs = append(errs, more...)
		}
		a.ctx = graphql.WithOperationContext(a.ctx, oc)
		// An answer in application/json is a success of HTTP whenever the request could be read.
		status := http.StatusOK
		if a.media == mediaGraphQL {
			status = http.StatusBadRequest
		}
		a.refuse(status, errs[:min(len(errs), mostErrors)]...)
		return
	}
	if method == http.MethodGet && oc.Operation.Operation != ast.Query {
		a.w.Header().Set("Allow", "POST")
		a.refuse(http.StatusMethodNotAllowed, inputError("a mutation must be sent by POST"))
		return
	}
	respond, ctx := a.exec.DispatchOperation(a.ctx, oc)
	response := respond(ctx)
	if response == nil {
		// gqlgen gives nothing when the time was up before it began.
		a.ctx = graphql.WithOperationContext(a.ctx, oc)
		a.refuse(http.StatusOK, gqlerror.Wrap(context.DeadlineExceeded))
		return
	}
	a.write(http.StatusOK, response, response.Data != nil)
}

// readPost reads the body. What is wrong with it comes as an error that completes the sentence "the request …".
func (t transport) readPost(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, int, error) {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != mediaJSON || len(r.Header.Values("Content-Type")) > 1 {
		return nil, http.StatusUnsupportedMediaType, errors.New("must have the content type application/json")
	}
	if c := params["charset"]; c != "" && !strings.EqualFold(c, "utf-8") {
		return nil, http.StatusUnsupportedMediaType, errors.New("must be in UTF-8")
	}
	if e := r.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return nil, http.StatusUnsupportedMediaType, errors.New("must not be compressed")
	}
	tooLong := errors.New("is longer than " + strconv.FormatInt(t.maxBody, 10) + " bytes")
	if r.ContentLength > t.maxBody {
		return nil, http.StatusRequestEntityTooLarge, tooLong
	}
	// A client that sends slowly must not hold a connection for ever. Not every writer has a deadline; tests have none.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(2 * t.timeout))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, t.maxBody))
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, http.StatusRequestEntityTooLarge, tooLong
	}
	if err != nil {
		return nil, http.StatusBadRequest, errors.New("ended before its body was complete")
	}
	p, err := decodeBody(body)
	return p, http.StatusBadRequest, err
}

// readGet reads the URL: query, operationName, variables and extensions, each at most once.
func readGet(r *http.Request) (*graphql.RawParams, int, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, http.StatusBadRequest, errors.New("has a malformed query string")
	}
	p := &graphql.RawParams{Query: q.Get("query"), OperationName: q.Get("operationName")}
	for _, name := range []string{"query", "operationName", "variables", "extensions"} {
		if len(q[name]) > 1 {
			return nil, http.StatusBadRequest, errors.New("has a parameter twice")
		}
		if err := checkText([]byte(q.Get(name))); err != nil {
			return nil, http.StatusBadRequest, err
		}
	}
	for _, m := range []struct {
		name string
		into any
		err  error
	}{{"variables", &p.Variables, errVariables}, {"extensions", &p.Extensions, errExtension}} {
		text := []byte(q.Get(m.name))
		if len(text) == 0 {
			continue
		}
		if err := checkEscapes(text); err != nil {
			return nil, http.StatusBadRequest, err
		}
		if decodeJSON(text, m.into) != nil {
			return nil, http.StatusBadRequest, m.err
		}
	}
	if p.Query == "" {
		return nil, http.StatusBadRequest, errQuery
	}
	return p, http.StatusOK, nil
}

// answer writes one response.
type answer struct {
	w     http.ResponseWriter
	ctx   context.Context
	exec  graphql.GraphExecutor
	media string
}

func (a answer) header() {
	h := a.w.Header()
	h.Set("Content-Type", a.media+"; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept")
}

// refuse answers a request that was not executed: errors, and no data.
func (a answer) refuse(status int, errs ...*gqlerror.Error) {
	a.write(status, a.exec.DispatchError(a.ctx, errs), false)
}

func (a answer) write(status int, r *graphql.Response, data bool) {
	body := struct {
		Errors     gqlerror.List   `json:"errors,omitempty"`
		Data       json.RawMessage `json:"data,omitempty"`
		Extensions map[string]any  `json:"extensions,omitempty"`
	}{Errors: r.Errors, Extensions: r.Extensions}
	if data {
		body.Data = r.Data
	}
	b, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	a.w.WriteHeader(status)
	// A client that has gone needs no answer.
	_, _ = a.w.Write(append(b, '\n'))
}

// responseMedia chooses between the two media types of a GraphQL response: the one that the client likes better, and
// application/json where it leaves the choice.
func responseMedia(accept []string) string {
	best, quality := mediaJSON, 0.0
	for entry := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		media, params, err := mime.ParseMediaType(entry)
		if err != nil || !slices.Contains([]string{mediaJSON, mediaGraphQL, "application/*", "*/*"}, media) {
			continue
		}
		q, err := strconv.ParseFloat(params["q"], 64)
		if params["q"] == "" || err != nil {
			q = 1
		}
		if q > quality {
			best, quality = media, q
		}
	}
	if best != mediaGraphQL {
		return mediaJSON
	}
	return best
}
