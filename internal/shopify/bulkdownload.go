package shopify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// fileHost is where Shopify puts the files of bulk operations.
const fileHost = "storage.googleapis.com"

// DownloadBulk fetches the file of a completed operation to a path, from where an earlier call got to: until the file is
// whole, nothing else may write there. A file that is not what the operation says, in bytes and in lines, or is no longer
// to be had, is removed, and an error.
//
// The address was signed for whoever has it, and is not the store's: the token does not go there.
func (c *Client) DownloadBulk(ctx context.Context, o BulkOperation, path string) error {
	if !o.Completed() {
		return c.noExport(fmt.Errorf("operation %d is %s %s", o.ID, o.Status, o.ErrorCode))
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return c.disk(err)
	}
	defer f.Close()
	if o.url != "" { // without any records there is no file
		if err := c.fill(ctx, o, f); err != nil {
			if e, ok := errors.AsType[*Error](err); ok && e.Code == CodeIncomplete {
				_ = os.Remove(path)
			}
			return err
		}
	}
	n, err := countLines(f)
	if err != nil {
		return c.disk(err)
	}
	if n != o.Objects {
		_ = os.Remove(path)
		return c.noExport(fmt.Errorf("operation %d has %d lines, and says %d", o.ID, n, o.Objects))
	}
	return nil
}

// fill fetches until the file has all its bytes. Each byte that comes is progress; tries without any are counted.
func (c *Client) fill(ctx context.Context, o BulkOperation, f *os.File) error {
	for failures := 0; ; failures++ {
		at, err := f.Seek(0, io.SeekEnd)
		if err == nil && at > o.Size {
			at, err = 0, restart(f)
		}
		if err != nil {
			return c.disk(err)
		}
		if at == o.Size {
			return nil
		}
		err = c.fetch(ctx, o, f, at)
		if ctx.Err() != nil {
			return fmt.Errorf("download from %s: %w", c.domain, context.Cause(ctx))
		}
		if err == nil {
			continue
		}
		if now, err := f.Seek(0, io.SeekEnd); err == nil && now > at {
			failures = 0
		}
		fail, ok := errors.AsType[*failure](err)
		if !ok {
			return c.disk(err)
		}
		if fail.retry == never || failures >= maxFailures-1 {
			return fail.as.clean(c.last())
		}
		wait := max(fail.after, backoff(500*time.Millisecond, 30*time.Second, failures))
		c.api.log.WarnContext(ctx, "download from shopify again", "shop", string(c.domain), "operation", o.ID, "from", at,
			"error", fail.as.clean(c.last()), "wait", wait.String(), "failures", failures)
		if err := c.pause(ctx, wait); err != nil {
			return fmt.Errorf("download from %s: %w", c.domain, context.Cause(ctx))
		}
	}
}

// fetch appends to a file of at bytes what a try brings. It returns a *failure, or an error of the disk.
func (c *Client) fetch(ctx context.Context, o BulkOperation, f *os.File, at int64) error {
	a := &attempt{Client: c}
	limited, cancel := context.WithCancel(ctx)
	defer cancel()
	stalled := time.AfterFunc(attemptTimeout, cancel)
	defer stalled.Stop()
	r, err := c.fileRequest(limited, o, at)
	if err != nil {
		return err
	}
	resp, err := c.api.http.Do(r)
	if err != nil {
		return a.broken(ctx, withoutURL(err))
	}
	defer resp.Body.Close()
	if err := c.fileAnswer(o, resp, at); err != nil {
		if !errors.Is(err, errRestart) {
			return err
		}
		if err := restart(f); err != nil {
			return err
		}
		return a.broken(ctx, errRestart)
	}
	if resp.StatusCode == http.StatusOK && at > 0 {
		if at, err = 0, restart(f); err != nil {
			return err
		}
	}
	body := &watched{r: resp.Body, alive: func() { stalled.Reset(attemptTimeout) }}
	n, err := io.Copy(f, io.LimitReader(body, o.Size-at+1))
	switch {
	case at+n > o.Size:
		return &failure{as: c.noExport(fmt.Errorf("operation %d has more than its %d bytes", o.ID, o.Size))}
	case body.err != nil:
		return a.broken(ctx, body.err)
	case err != nil:
		return err
	case at+n < o.Size:
		return a.broken(ctx, io.ErrUnexpectedEOF)
	}
	return nil
}

// fileRequest asks for the bytes from at on, of a file whose address may be trusted.
func (c *Client) fileRequest(ctx context.Context, o BulkOperation, at int64) (*http.Request, error) {
	u, err := url.Parse(o.url)
	if err != nil || !c.trusts(u) {
		return nil, &failure{as: &Error{
			Code: CodeInvalidData, cause: errors.New("the file of an operation lies where Shopify has no files"),
			Message: fmt.Sprintf("Shopify sends us elsewhere for an export of %s, which is not followed. Please report this.", c.domain),
		}}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, (&attempt{Client: c}).internal(errors.New("not an address"))
	}
	r.Header.Set("User-Agent", "Shopsight")
	r.Header.Set("Accept-Encoding", "identity") // bytes are counted as they are stored
	if at > 0 {
		r.Header.Set("Range", fmt.Sprintf("bytes=%d-", at))
	}
	return r, nil
}

// trusts tells whether a file may be fetched from an address: by https from where Shopify puts such files. Where the
// operator has set what answers for stores, it is that host and no other.
func (c *Client) trusts(u *url.URL) bool {
	if u.User != nil || u.Opaque != "" || u.Fragment != "" {
		return false
	}
	if c.api.endpoint != nil {
		e, err := url.Parse(c.api.endpoint(c.domain))
		return err == nil && u.Scheme == e.Scheme && u.Host == e.Host
	}
	return u.Scheme == "https" && (u.Host == fileHost || strings.HasSuffix(u.Host, "."+fileHost))
}

// errRestart says that what is there of the file is of no use.
var errRestart = errors.New("the storage does not go on from there")

// fileAnswer returns why an answer does not bring the file from at on, or all of it.
func (c *Client) fileAnswer(o BulkOperation, resp *http.Response, at int64) error {
	f := &failure{retry: again, after: retryAfter(resp.Header.Get("Retry-After"), c.api.clock.now()), as: &Error{
		Code: CodeShopUnreachable, Retryable: true, cause: fmt.Errorf("status %d of the file of operation %d", resp.StatusCode, o.ID),
		Message: fmt.Sprintf("Shopify failed to send an export of %s. It tends to pass; see shopifystatus.com.", c.domain),
	}}
	total := resp.ContentLength
	switch s := resp.StatusCode; {
	case s == http.StatusOK:
	case s == http.StatusPartialContent:
		var first, last int64
		if n, err := fmt.Sscanf(resp.Header.Get("Content-Range"), "bytes %d-%d/%d", &first, &last, &total); n != 3 || err != nil || first != at {
			return errRestart
		}
	case s == http.StatusRequestedRangeNotSatisfiable:
		return errRestart
	case s == http.StatusRequestTimeout, s == http.StatusTooManyRequests, s >= 500:
		return f
	default: // the address has expired, or leads elsewhere
		return &failure{as: c.noExport(f.as.cause)}
	}
	if total >= 0 && total != o.Size {
		return &failure{as: c.noExport(fmt.Errorf("the file of operation %d has %d bytes, and says %d", o.ID, total, o.Size))}
	}
	return nil
}

// watched tells of each sign of life of a body, and keeps its error apart from those of the disk.
type watched struct {
	r     io.Reader
	alive func()
	err   error
}

func (w *watched) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	if n > 0 {
		w.alive()
	}
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

// withoutURL takes the address out of an error: who reads it in a log could read the file.
func withoutURL(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

func restart(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.Seek(0, io.SeekStart)
	return err
}

// countLines counts the lines of a file. What has no end is no line.
func countLines(f *os.File) (lines int64, err error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	for buf := make([]byte, 1<<16); ; {
		n, err := f.Read(buf)
		lines += int64(bytes.Count(buf[:n], []byte{'\n'}))
		if err == io.EOF {
			return lines, nil
		}
		if err != nil {
			return 0, err
		}
	}
}

// disk is an error of this machine's files.
func (c *Client) disk(err error) *Error {
	return (&attempt{Client: c}).internal(err).as.clean(c.last())
}
