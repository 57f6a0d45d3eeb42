package graph

import (
	"bytes"
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
	mediaEvents  = "text/event-stream"
)

// mostErrors is how many errors of one refused document are shown.
const mostErrors = 20

// serve speaks GraphQL over HTTP: queries and mutations by POST, queries by GET, and subscriptions to whoever takes
// server-sent events. It takes nothing that a browser sends to another site without asking first (forms, text), so that
// a page elsewhere cannot make requests, and it never repeats a body that it could not read.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request) {
	a := h.answer(w, r)
	var (
		p      *graphql.RawParams
		status int
		err    error
	)
	switch r.Method {
	case http.MethodPost:
		p, status, err = h.readPost(w, r)
	case http.MethodGet:
		p, status, err = readGet(r)
	case http.MethodOptions:
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
	h.run(a, r.Method, p)
}

func (h *Handler) run(a answer, method string, p *graphql.RawParams) {
	ctx, cancel := context.WithTimeout(a.ctx, h.timeout)
	defer cancel()
	oc, errs := h.prepare(ctx, p)
	subscription := len(errs) == 0 && oc.Operation.Operation == ast.Subscription
	if subscription && !a.events {
		errs = gqlerror.List{inputError("a subscription has many answers: send Accept: text/event-stream to get them as " +
			"server-sent events, or open a WebSocket here with the sub-protocol graphql-transport-ws")}
	}
	switch {
	case len(errs) > 0:
		a.ctx = graphql.WithOperationContext(ctx, oc)
		// An answer in application/json is a success of HTTP whenever the request could be read.
		status := http.StatusOK
		if a.media == mediaGraphQL {
			status = http.StatusBadRequest
		}
		a.refuse(status, errs...)
	case method == http.MethodGet && oc.Operation.Operation == ast.Mutation:
		a.w.Header().Set("Allow", "POST")
		a.ctx = ctx
		a.refuse(http.StatusMethodNotAllowed, inputError("a mutation must be sent by POST"))
	case subscription:
		h.serveEvents(a, p)
	default:
		response := h.respond(ctx, oc)
		a.write(http.StatusOK, response, response.Data != nil)
	}
}

// prepare reads and checks an operation. Nothing runs yet.
func (h *Handler) prepare(ctx context.Context, p *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	oc, errs := h.exec.CreateOperationContext(ctx, p)
	if len(errs) > 0 {
		if more, ok := oc.Stats.GetExtension(moreErrors).(gqlerror.List); ok {
			errs = append(errs, more...)
		}
		return oc, errs[:min(len(errs), mostErrors)]
	}
	if oc.Operation.Operation == ast.Subscription {
		// The rule of the specification does not see aliases, nor what @skip leaves out.
		if n := len(roots(oc)); n != 1 {
			return oc, gqlerror.List{inputError("a subscription must select exactly one field, not %d", n)}
		}
	}
	return oc, nil
}

// roots returns the fields that a subscription selects.
func roots(oc *graphql.OperationContext) []graphql.CollectedField {
	return graphql.CollectFields(oc, oc.Operation.SelectionSet, []string{"Subscription"})
}

// respond runs an operation once. The response is nil when it is a subscription that has nothing to say.
func (h *Handler) respond(ctx context.Context, oc *graphql.OperationContext) *graphql.Response {
	respond, inner := h.exec.DispatchOperation(ctx, oc)
	if oc.Operation.Operation == ast.Subscription {
		// Or the paths of errors would begin inside the field.
		inner = graphql.WithFieldContext(inner, &graphql.FieldContext{Object: "Subscription", Field: roots(oc)[0]})
	}
	response := respond(inner)
	if response == nil && ctx.Err() != nil {
		// gqlgen gives nothing when the time was up before it began.
		ctx = graphql.WithOperationContext(ctx, oc)
		return h.exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(context.DeadlineExceeded)})
	}
	return response
}

// readPost reads the body. What is wrong with it comes as an error that completes the sentence "the request …".
func (h *Handler) readPost(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, int, error) {
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
	tooLong := errors.New("is longer than " + strconv.FormatInt(h.maxBody, 10) + " bytes")
	if r.ContentLength > h.maxBody {
		return nil, http.StatusRequestEntityTooLarge, tooLong
	}
	// A client that sends slowly must not hold a connection for ever. Not every writer has a deadline; tests have none.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(2 * h.timeout))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.maxBody))
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
	w      http.ResponseWriter
	ctx    context.Context
	exec   graphql.GraphExecutor
	media  string
	events bool // whether the client takes server-sent events at all
}

func (h *Handler) answer(w http.ResponseWriter, r *http.Request) answer {
	accept := r.Header.Values("Accept")
	media, events := responseMedia(accept)
	return answer{w: w, ctx: r.Context(), exec: h.exec, media: media, events: events}
}

// refuse answers a request that was not executed: errors, and no data.
func (a answer) refuse(status int, errs ...*gqlerror.Error) {
	a.write(status, a.exec.DispatchError(a.ctx, errs), false)
}

func (a answer) write(status int, r *graphql.Response, data bool) {
	body := encode(r, data)
	switch {
	case a.media != mediaEvents:
		a.header(a.media)
	case status == http.StatusOK:
		e := a.startEvents()
		if e.next(body) == nil {
			_ = e.complete()
		}
		return
	default: // what is no success of HTTP is no stream
		a.header(mediaJSON)
	}
	a.w.WriteHeader(status)
	// A client that has gone needs no answer.
	_, _ = a.w.Write(append(body, '\n'))
}

func (a answer) header(media string) {
	h := a.w.Header()
	h.Set("Content-Type", media+"; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept")
}

// encode writes a response, with its data or without. The data is JSON already and, being long, is not read once more.
func encode(r *graphql.Response, data bool) []byte {
	b := make([]byte, 0, len(r.Data)+256)
	member := func(name string, value []byte) {
		b = append(append(append(b, name...), value...), ',')
	}
	b = append(b, '{')
	if len(r.Errors) > 0 {
		member(`"errors":`, text(r.Errors))
	}
	if data && len(r.Data) > 0 {
		member(`"data":`, r.Data)
	}
	if len(r.Extensions) > 0 {
		member(`"extensions":`, text(r.Extensions))
	}
	return append(bytes.TrimSuffix(b, []byte{','}), '}')
}

// text writes a value as JSON.
func text(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// responseMedia chooses between the media types of a response: the one that the client likes best, the first of equals,
// and application/json where it leaves the choice. events says whether the client takes a stream of events if need be.
func responseMedia(accept []string) (best string, events bool) {
	best, quality := mediaJSON, 0.0
	for entry := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		media, params, err := mime.ParseMediaType(entry)
		if err != nil || !slices.Contains([]string{mediaJSON, mediaGraphQL, mediaEvents, "application/*", "*/*"}, media) {
			continue
		}
		q, err := strconv.ParseFloat(params["q"], 64)
		if params["q"] == "" || err != nil {
			q = 1
		}
		if q > quality {
			best, quality = media, q
		}
		if media == mediaEvents {
			events = q > 0
		}
	}
	if best != mediaGraphQL && best != mediaEvents {
		best = mediaJSON
	}
	return best, events
}
