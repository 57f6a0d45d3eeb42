package shopify

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"
)

// maxLine bounds a line of a file. An order's own is some thousand bytes: its parts have lines of their own.
const maxLine = 16 << 20

// Exported is a record of a file. Place is how many of the file's records there are up to this one, in the order in which
// they are read, which is the same each time.
type Exported[T any] struct {
	Record T
	Place  int64
}

// BulkProducts reads the products of an operation from the file that DownloadBulk fetched, behind the one at a place; 0 is
// all. It ends with the first error; a file that cannot be right is removed.
func (c *Client) BulkProducts(ctx context.Context, o BulkOperation, path string, behind int64) iter.Seq2[Exported[Product], error] {
	return flat(ctx, c, o, path, behind, (*reader).product)
}

// BulkCustomers reads customers, as BulkProducts does.
func (c *Client) BulkCustomers(ctx context.Context, o BulkOperation, path string, behind int64) iter.Seq2[Exported[Customer], error] {
	return flat(ctx, c, o, path, behind, (*reader).customer)
}

// flat reads a file in which each line is a record.
func flat[N, T any](
	ctx context.Context, c *Client, o BulkOperation, path string, behind int64, read func(*reader, *N) T,
) iter.Seq2[Exported[T], error] {
	return func(yield func(Exported[T], error) bool) {
		var place int64
		n, err := eachLine(ctx, path, func(line []byte) error {
			if place++; place <= behind {
				return nil
			}
			var node N
			if err := json.Unmarshal(line, &node); err != nil {
				return errLine(err)
			}
			var r reader
			got := read(&r, &node)
			if r.err != nil {
				return errLine(r.err)
			}
			if !yield(Exported[T]{got, place}, nil) {
				return errStopped
			}
			return nil
		})
		if errors.Is(err, errStopped) {
			return
		}
		if err == nil && (n != o.Objects || n != o.Roots) {
			err = errLine(fmt.Errorf("%d lines where %d are counted, %d of them records", n, o.Objects, o.Roots))
		}
		if err != nil {
			yield(Exported[T]{}, c.unread(ctx, path, err))
		}
	}
}

// errStopped says that nobody wants any more.
var errStopped = errors.New("stopped")

// lineError is what is wrong with a file's content, and not with the disk.
type lineError struct{ error }

func errLine(err error) error { return lineError{err} }

// eachLine calls f with each line, which is good until f returns, and returns how many there were.
func eachLine(ctx context.Context, path string, f func(line []byte) error) (n int64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	s := bufio.NewScanner(file)
	s.Buffer(make([]byte, 1<<16), maxLine)
	for ; s.Scan(); n++ {
		if n%1000 == 0 && ctx.Err() != nil {
			return n, ctx.Err()
		}
		if err := f(s.Bytes()); err != nil {
			return n, err
		}
	}
	if errors.Is(s.Err(), bufio.ErrTooLong) {
		return n, errLine(s.Err())
	}
	return n, s.Err()
}

// unread returns what an error of reading a file is told as. A file that cannot be right is removed, so that the next
// download fetches it anew.
func (c *Client) unread(ctx context.Context, path string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("read an export of %s: %w", c.domain, context.Cause(ctx))
	}
	told, ok := errors.AsType[*Error](err)
	if !ok {
		if bad, ok := errors.AsType[lineError](err); ok {
			told = (&attempt{Client: c}).malformed(bad.error).as.clean(c.last())
		} else {
			told = c.disk(err)
		}
	}
	if told.Code == CodeInvalidData {
		_ = os.Remove(path)
	}
	return told
}

// spill keeps lines in a file in parts, so many that the lines of one part fit into memory. In memory it has a buffer for
// each part, whatever the number of lines.
type spill struct {
	file  *os.File
	parts []portion
	// part says which part a number belongs to.
	part func(number int64) int
	// buffer is how many bytes of a part are collected before they are written.
	buffer int
	size   int64
}

// portion is the lines of one part: those that are not in the file yet, and where the others are. orders is how many of
// them are orders.
type portion struct {
	buf    []byte
	blocks []block
	orders int64
}

type block struct {
	at int64
	n  int
}

const (
	spillPart    = 2 << 20 // bytes of the file whose lines make a part
	spillParts   = 4096    // at most
	spillBuffer  = 32 << 10
	spillBuffers = 8 << 20 // of all parts together
)

// portions is how many parts the lines of a file of size bytes are dealt out to.
func portions(size int64) int { return int(min(1+size/spillPart, spillParts)) }

// newSpill makes a spill of so many parts. A file of that name that a process left behind is written over.
func newSpill(path string, parts int, part func(int64) int) (*spill, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	return &spill{file: file, parts: make([]portion, parts), part: part, buffer: min(spillBuffers/parts, spillBuffer)}, nil
}

// mixed spreads numbers over parts. Those of one store have a common divisor: they are mixed first.
func mixed(parts int) func(int64) int {
	return func(number int64) int { return int(uint64(number) * 0x9e3779b97f4a7c15 >> 32 % uint64(parts)) }
}

// ranges gives each part the numbers from a bound to the next.
func ranges(bounds []int64) func(int64) int {
	return func(number int64) int {
		i, there := slices.BinarySearch(bounds, number)
		if there {
			i++
		}
		return i
	}
}

func (s *spill) close() {
	s.file.Close()
	_ = os.Remove(s.file.Name())
}

// add puts a line into the part of a number.
func (s *spill) add(number int64, kind byte, line []byte) error {
	i := s.part(number)
	p := &s.parts[i]
	if len(p.buf)+len(line)+2 > s.buffer {
		if err := s.flush(i); err != nil {
			return err
		}
	}
	if kind == anOrder {
		p.orders++
	}
	p.buf = append(p.buf, kind)
	p.buf = append(p.buf, line...)
	p.buf = append(p.buf, '\n')
	return nil
}

func (s *spill) flush(part int) error {
	p := &s.parts[part]
	n, err := s.file.WriteAt(p.buf, s.size)
	if n > 0 {
		p.blocks = append(p.blocks, block{s.size, n})
	}
	s.size += int64(n)
	p.buf = p.buf[:0]
	return err
}

// each calls f with the lines of some kinds in a part, in the order in which they were added. Nothing is added to the part
// any more, so that its buffer goes.
func (s *spill) each(part int, kinds string, f func(kind byte, line []byte) error) error {
	if err := s.flush(part); err != nil {
		return err
	}
	s.parts[part].buf = nil
	var buf []byte
	for _, b := range s.parts[part].blocks {
		if cap(buf) < b.n {
			buf = make([]byte, max(b.n, s.buffer))
		}
		buf = buf[:b.n]
		if _, err := s.file.ReadAt(buf, b.at); err != nil {
			return err
		}
		for rest := buf; len(rest) > 0; {
			line, after, _ := bytes.Cut(rest, []byte{'\n'})
			rest = after
			if strings.IndexByte(kinds, line[0]) < 0 {
				continue
			}
			if err := f(line[0], line[1:]); err != nil {
				return err
			}
		}
	}
	return nil
}
