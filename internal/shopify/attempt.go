package shopify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/Khan/genqlient/graphql"
)

// The bounds of one attempt.
const (
	attemptTimeout = 30 * time.Second
	// maxBody bounds an answer, unpacked. The largest page that is asked for is a tenth of it.
	maxBody = 64 << 20
	// maxRefusal is how much is read of an answer that only says no.
	maxRefusal = 64 << 10
)

// attempt sends one document once; it is genqlient's client. What it returns is a *failure, or the context's error.
type attempt struct {
	*Client
	// subject is what the document asks for, which decides what of it may be missing; 0 for nothing.
	subject Kind
	// atLeast is what the store said that the document costs, when it said so before.
	atLeast int
	// token is what the document is sent with, and spent one that the store refused before.
	token, spent string
	// denied are the fields of the answer that the store keeps to itself.
	denied []string
}

var _ graphql.Client = (*attempt)(nil)

// MakeRequest sends the document when the store has room for it, and decodes its answer.
func (a *attempt) MakeRequest(ctx context.Context, req *graphql.Request, resp *graphql.Response) error {
	body, err := json.Marshal(req)
	if err != nil {
		return a.internal(err)
	}
	predicted, err := predict(req)
	if err != nil {
		return a.internal(err)
	}
	if !a.domain.valid() {
		return a.internal(errors.New("not the domain of a store"))
	}
	leave, err := a.shop.limiter.take(ctx, max(predicted, a.atLeast), a.tell)
	if err != nil {
		return err
	}
	// Not before: it may have waited for longer than a token is good for.
	if err := a.takeToken(ctx); err != nil {
		leave.settle(nil, 0)
		return err
	}
	request, err := a.request(ctx, body)
	if err != nil {
		leave.settle(nil, 0)
		return err
	}
	got, err := a.send(ctx, request)
	if err != nil {
		if f, ok := errors.AsType[*failure](err); ok && f.after > 0 {
			a.shop.limiter.close(f.after)
		}
		leave.settle(nil, 0)
		return err
	}
	leave.settle(got.Extensions.Cost.ThrottleStatus, got.Extensions.Cost.ActualQueryCost)
	return a.accept(got, resp.Data)
}

// takeToken finds the token to ask with.
func (a *attempt) takeToken(ctx context.Context) error {
	token, err := a.tokens(ctx, a.spent)
	if e, ok := errors.AsType[*Error](err); ok {
		return &failure{as: e}
	}
	if err != nil {
		return err
	}
	a.token = token
	a.used.Store(token)
	if !tokenValid(token) {
		return a.unauthorized(errors.New("the token is empty, or holds what no token holds"))
	}
	return nil
}

// request is where the token leaves the process: only towards what a checked domain names.
func (a *attempt) request(ctx context.Context, body []byte) (*http.Request, error) {
	url := a.domain.endpoint()
	if a.api.endpoint != nil {
		url = a.api.endpoint(a.domain)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, a.internal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "Shopsight")
	r.Header.Set("X-Shopify-Access-Token", a.token)
	return r, nil
}

func tokenValid(token string) bool {
	return token != "" && strings.Trim(token, "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"+
		"abcdefghijklmnopqrstuvwxyz{|}~") == ""
}

// answer is the body of an answer.
type answer struct {
	Data       json.RawMessage `json:"data"`
	Errors     json.RawMessage `json:"errors"`
	Extensions struct {
		Cost struct {
			RequestedQueryCost float64 `json:"requestedQueryCost"`
			ActualQueryCost    float64 `json:"actualQueryCost"`
			ThrottleStatus     *bucket `json:"throttleStatus"`
		} `json:"cost"`
		Search []struct {
			Query    string `json:"query"`
			Warnings []struct {
				Field   string `json:"field"`
				Message string `json:"message"`
				Code    string `json:"code"`
			} `json:"warnings"`
		} `json:"search"`
	} `json:"extensions"`

	version string
}

// send returns the answer to a request, however bad its content.
func (a *attempt) send(ctx context.Context, r *http.Request) (*answer, error) {
	limited, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	resp, err := a.api.http.Do(r.WithContext(limited))
	if err != nil {
		return nil, a.broken(ctx, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, maxRefusal))
		return nil, a.refused(resp, string(text))
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return nil, a.broken(ctx, err)
	}
	if len(body) > maxBody {
		return nil, a.malformed(errors.New("the answer is too large"))
	}
	got := &answer{version: resp.Header.Get("X-Shopify-API-Version")}
	if err := json.Unmarshal(body, got); err != nil {
		return nil, a.malformed(err)
	}
	return got, nil
}

// broken is a connection that failed, or took too long.
func (a *attempt) broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &failure{retry: again, smaller: true, as: &Error{
		Code: CodeShopUnreachable, Retryable: true, cause: err,
		Message: fmt.Sprintf("%s did not answer. It may be a passing disturbance; otherwise check the store's domain.", a.domain),
	}}
}

// refused is an answer that is not 200.
func (a *attempt) refused(resp *http.Response, text string) *failure {
	cause := fmt.Errorf("status %d: %s", resp.StatusCode, text)
	f := &failure{after: retryAfter(resp.Header.Get("Retry-After"), a.api.clock.now()), as: &Error{
		Code: CodeShopUnreachable, cause: cause,
	}}
	switch s := resp.StatusCode; {
	case s == http.StatusUnauthorized:
		f := a.unauthorized(cause)
		f.void = true
		return f
	case s == http.StatusForbidden:
		return a.unauthorized(cause)
	case s == http.StatusPaymentRequired, s == http.StatusLocked:
		f.as.Message = fmt.Sprintf("Shopify has frozen or locked %s. Settle it in the store's admin, then sync again.", a.domain)
	case s == http.StatusNotFound:
		f.as.Message = fmt.Sprintf("Shopify knows no store %s. Check the domain and connect the store again.", a.domain)
	case s >= 300 && s < 400:
		f.as.Message = fmt.Sprintf("%s sends us elsewhere, which is not followed. Connect the store by the domain that ends in "+
			".myshopify.com, as its admin shows it under Settings, Domains.", a.domain)
	case s == http.StatusTooManyRequests, s == 430: // 430 is Shopify's own, for what looks like abuse
		f.retry, f.as.Code, f.as.Retryable = later, CodeThrottled, true
		f.as.Message = busy(a.domain)
	case s == http.StatusRequestTimeout, s >= 500:
		f.retry, f.smaller, f.as.Retryable = again, true, true
		f.as.Message = fmt.Sprintf("Shopify failed to answer for %s. It tends to pass; see shopifystatus.com.", a.domain)
	default:
		return a.internal(cause)
	}
	return f
}

// retryAfter reads the header: seconds, with Shopify's fraction, or a date. What is neither is 0.
func retryAfter(text string, now time.Time) time.Duration {
	if s, err := strconv.ParseFloat(text, 64); err == nil {
		if math.IsNaN(s) || s <= 0 {
			return 0
		}
		return seconds(s)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(0, at.Sub(now)), longestWait)
	}
	return 0
}

// accept decodes the data of an answer that deserves it.
func (a *attempt) accept(got *answer, data any) error {
	if f := a.judge(got); f != nil {
		return f
	}
	if isNull(got.Data) {
		return a.malformed(errors.New("neither data nor an error"))
	}
	if got.version != Version {
		return &failure{as: &Error{
			Code: CodeIncomplete, cause: fmt.Errorf("asked for version %s, answered with %q", Version, got.version),
			Message: "Shopify answered with another version of its API than this version of Shopsight is made for. Update Shopsight.",
		}}
	}
	for _, s := range got.Extensions.Search {
		if len(s.Warnings) > 0 {
			return &failure{as: &Error{
				Code: CodeIncomplete,
				cause: fmt.Errorf("search %q: %s: %s", s.Query, s.Warnings[0].Code,
					s.Warnings[0].Message),
				Message: "Shopify did not understand a filter of ours, and may have answered with the wrong records. Nothing of it " +
					"was kept. Please report this.",
			}}
		}
	}
	if err := json.Unmarshal(got.Data, data); err != nil {
		return a.malformed(err)
	}
	return nil
}

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

// malformed is an answer that cannot be read, or lacks what it must have. The cause says where, not what stands there.
func (a *attempt) malformed(cause error) *failure {
	return &failure{retry: again, smaller: true, as: &Error{
		Code: CodeInvalidData, Retryable: true, cause: cause,
		Message: fmt.Sprintf("The answers of %s are cut off or garbled. If it does not pass, please report it.", a.domain),
	}}
}

func (a *attempt) unauthorized(cause error) *failure {
	return &failure{as: &Error{
		Code: CodeUnauthorized, cause: cause,
		Message: fmt.Sprintf("Shopify no longer accepts our access to %s. Check in the store's admin that the app is installed, "+
			"copy its Admin API access token, and connect the store again.", a.domain),
	}}
}

func (a *attempt) internal(cause error) *failure {
	return &failure{as: &Error{
		Code: CodeInternal, cause: cause, Message: "Something went wrong on our side. Please report this.",
	}}
}

func busy(d Domain) string {
	return fmt.Sprintf("Shopify lets nothing through for %s, since other apps or we ask for much. It goes on later by itself.", d)
}
