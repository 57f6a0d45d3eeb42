package privacy

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// line is a request in the journal.
type line struct {
	Tenant      int64     `json:"tenant"`
	Event       string    `json:"event"`
	Kind        string    `json:"kind"`
	Customer    int64     `json:"customer,omitempty"`
	Orders      []int64   `json:"orders,omitempty"`
	TriggeredAt time.Time `json:"triggeredAt"`
	ReceivedAt  time.Time `json:"receivedAt"`
}

func lineOf(tenant int64, r Received) line {
	return line{tenant, r.EventID, r.Kind, r.CustomerID, r.Orders, r.TriggeredAt, r.ReceivedAt}
}

func (l line) received() Received {
	return Received{Kind: l.Kind, CustomerID: l.Customer, Orders: l.Orders, EventID: l.Event, TriggeredAt: l.TriggeredAt, ReceivedAt: l.ReceivedAt}
}

// event is what there is one line of.
type event struct {
	tenant int64
	id     string
}

// journal is a file of requests, one a line, that only grows. What is added is on the disk when add returns. A line that was
// cut off by the end of the process counts for nothing: nobody was told that it is kept.
type journal struct {
	path string

	mu   sync.Mutex
	has  map[event]bool // nil before the file is read
	torn bool           // the file does not end with the end of a line
}

// read returns all lines.
func (j *journal) read() ([]line, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.load()
}

func (j *journal) load() ([]line, error) {
	j.has, j.torn = map[event]bool{}, false
	if j.path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(j.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		j.has = nil
		return nil, fmt.Errorf("read the journal of privacy requests: %w", err)
	}
	j.torn = len(text) > 0 && text[len(text)-1] != '\n'
	var out []line
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, len(text)+1)
	for lines.Scan() {
		var l line
		if json.Unmarshal(lines.Bytes(), &l) == nil && l.Tenant > 0 && l.Event != "" && !j.has[event{l.Tenant, l.Event}] {
			j.has[event{l.Tenant, l.Event}] = true
			out = append(out, l)
		}
	}
	return out, lines.Err()
}

// add writes a request that is not there yet.
func (j *journal) add(l line) (err error) {
	if j.path == "" {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.has == nil {
		if _, err := j.load(); err != nil {
			return err
		}
	}
	if j.has[event{l.Tenant, l.Event}] {
		return nil
	}
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if j.torn {
		text = append([]byte{'\n'}, text...)
	}
	if err := os.MkdirAll(filepath.Dir(j.path), 0o700); err != nil {
		return fmt.Errorf("make the folder of the journal: %w", err)
	}
	f, err := os.OpenFile(j.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		j.torn = true // until it is known to be whole
		_, err = f.Write(text)
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if err != nil {
		return fmt.Errorf("write the journal of privacy requests: %w", err)
	}
	j.torn, j.has[event{l.Tenant, l.Event}] = false, true
	return nil
}
