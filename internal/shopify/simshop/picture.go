package simshop

import (
	"bytes"
	"hash/fnv"
	canvas "image"
	"image/color"
	"image/png"
	"net/http"
	"strings"
)

// pictures is the path below which the store has the pictures of its products, as Shopify does.
const pictures = "/cdn/shop/files/"

// pictureURL returns where the picture of a product is.
func (s *Shop) pictureURL(handle string) string {
	return "https://" + s.opt.Domain + pictures + handle + ".png"
}

// picture answers with the picture of a name, and tells whether the request is for one.
func picture(w http.ResponseWriter, r *http.Request) bool {
	name, ok := strings.CutPrefix(r.URL.Path, pictures)
	if !ok || r.Method != http.MethodGet {
		return false
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(draw(name))
	return true
}

// draw makes up a picture, the same for the same name: a pattern of squares, alike on the left and the right.
func draw(name string) []byte {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	bits := h.Sum64()
	light := color.RGBA{200 + uint8(bits>>58&31), 200 + uint8(bits>>53&31), 200 + uint8(bits>>48&31), 255}
	dark := color.RGBA{light.R - 120 - uint8(bits>>56&63), light.G - 120 - uint8(bits>>51&63), light.B - 120 - uint8(bits>>46&63), 255}
	const side, squares = 128, 8
	m := canvas.NewPaletted(canvas.Rect(0, 0, side, side), color.Palette{light, dark})
	for i := range m.Pix {
		x, y := i%side*squares/side, i/side*squares/side
		m.Pix[i] = uint8(bits>>(min(x, squares-1-x)+4*y)) & 1
	}
	var b bytes.Buffer
	_ = png.Encode(&b, m) // writing to memory does not fail
	return b.Bytes()
}
