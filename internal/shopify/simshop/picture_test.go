package simshop_test

import (
	"bytes"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/shopify/simshop"
)

// Products have pictures at the store itself, each its own and always the same, for everybody.
func TestPictures(t *testing.T) {
	t.Parallel()
	shop := simshop.New(simshop.Options{Products: 20})
	client := &http.Client{Transport: shop}
	seen := map[string]string{}
	for _, p := range shop.Products() {
		if p.ImageURL == "" {
			continue
		}
		if !strings.HasPrefix(p.ImageURL, "https://"+shop.Domain()+"/") {
			t.Errorf("%s has its picture at %s", p.Handle, p.ImageURL)
		}
		var bodies [2]string
		for i := range bodies {
			resp, err := client.Get(p.ImageURL)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			bodies[i] = string(body)
		}
		m, err := png.Decode(bytes.NewReader([]byte(bodies[0])))
		if err != nil || m.Bounds().Dx() != 128 || bodies[0] != bodies[1] || seen[bodies[0]] != "" {
			t.Errorf("%s: %v, as %s", p.Handle, err, seen[bodies[0]])
		}
		seen[bodies[0]] = p.Handle
	}
	if len(seen) < 10 {
		t.Errorf("%d pictures", len(seen))
	}
}
