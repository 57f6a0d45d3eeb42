package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // for image.DecodeConfig
	_ "image/png"
	"io"
	"net/http"
	"net/url"
	"time"
)

// The bounds of one picture.
const (
	maxBytes  = 1_000_000
	maxPixels = 25_000_000 // what a browser makes of fewer bytes by far: 4 for each
	timeout   = 10 * time.Second
)

// picture is one that may be served.
type picture struct {
	kind string // its media type
	tag  string
	body []byte
}

func (p *picture) content() io.ReadSeeker { return bytes.NewReader(p.body) }

// fetch returns the picture at an address, nil when it is refused.
func (s *Service) fetch(ctx context.Context, address string) *picture {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	p, err := s.read(ctx, address)
	if err != nil {
		s.log.DebugContext(ctx, "a picture is not served", "error", err)
		return nil
	}
	return p
}

func (s *Service) read(ctx context.Context, address string) (*picture, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "https" || u.User != nil || u.Port() != "" && u.Port() != "443" {
		return nil, errors.New("only https without a user and at the usual port is fetched")
	}
	if u.Host == "cdn.shopify.com" { // which makes pictures of any size, and a small one is shown
		q := u.Query()
		q.Set("width", "256")
		u.RawQuery = q.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", "Shopsight")
	r.Header.Set("Accept", "image/webp, image/png, image/jpeg")
	r.Header.Set("Accept-Encoding", "identity") // and so nothing is decompressed here
	resp, err := s.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers with status %d", u.Host, resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxBytes {
		return nil, fmt.Errorf("%s has more than %d bytes", u.Host, maxBytes)
	}
	return judge(body)
}

// judge says by its bytes what a picture is, and refuses what is none.
func judge(body []byte) (*picture, error) {
	kind := http.DetectContentType(body)
	width, height, err := 0, 0, error(nil)
	switch kind {
	case "image/png", "image/jpeg":
		var c image.Config
		c, _, err = image.DecodeConfig(bytes.NewReader(body))
		width, height = c.Width, c.Height
	case "image/webp":
		width, height, err = webpSize(body)
	default:
		err = fmt.Errorf("%s is not served", kind)
	}
	if err != nil {
		return nil, err
	}
	if width < 1 || height < 1 || width > maxPixels/height {
		return nil, fmt.Errorf("%d by %d pixels are not served", width, height)
	}
	sum := sha256.Sum256(body)
	return &picture{kind: kind, tag: `"` + hex.EncodeToString(sum[:16]) + `"`, body: body}, nil
}

// webpSize reads the size of a picture from the first chunk after the RIFF header (RFC 9649), in each of the three forms
// that this chunk has.
func webpSize(b []byte) (width, height int, err error) {
	if len(b) < 30 {
		return 0, 0, io.ErrUnexpectedEOF
	}
	switch b = b[12:30]; string(b[:4]) {
	case "VP8X": // flags and three reserved bytes, then what is one less than width and height, 24 bits each
		return 1 + (int(b[12]) | int(b[13])<<8 | int(b[14])<<16), 1 + (int(b[15]) | int(b[16])<<8 | int(b[17])<<16), nil
	case "VP8L": // a signature, then 14 bits each
		bits := binary.LittleEndian.Uint32(b[9:])
		return 1 + int(bits&0x3fff), 1 + int(bits>>14&0x3fff), nil
	case "VP8 ": // a frame tag of three bytes and a start code of three, then 14 bits each with a scale above
		return int(binary.LittleEndian.Uint16(b[14:]) & 0x3fff), int(binary.LittleEndian.Uint16(b[16:]) & 0x3fff), nil
	}
	return 0, 0, errors.New("no WebP that is known")
}
