package simshop

import (
	"bufio"
	"bytes"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/shopsight/shopsight/internal/shopify/cost"
)

// heldLines is how many lines are mixed with each other when nobody asked for groups.
const heldLines = 1000

// writer writes the file of a bulk operation, a line at a time: what it holds does not grow with the store.
type writer struct {
	*call
	bulk    *bulk
	root    ast.SelectionSet
	grouped bool
	shapes  map[shapeKey]*shape
	out     *bufio.Writer
	size    int64
	// held are the lines that wait for their turn, which is a matter of chance.
	held           [][]byte
	dice           *rand.Rand
	roots, objects int
	code           string
}

// shape is how the nodes of one type in one connection are written: a line with the fields of plan, and the nodes of each
// list in lines of their own.
type shape struct {
	plan  *plan
	lists []*planned
}

type shapeKey struct {
	list *planned
	typ  *ast.Definition
}

// newWriter returns a writer that may read what the call may. The caller holds the lock.
func newWriter(c *call, b *bulk, root ast.SelectionSet, grouped bool) *writer {
	fresh := &call{shop: c.shop, schema: c.schema, at: c.at, scopes: slices.Clone(c.scopes), faults: c.faults}
	return &writer{call: fresh, bulk: b, root: root, grouped: grouped, shapes: make(map[shapeKey]*shape),
		dice: rand.New(rand.NewPCG(uint64(c.shop.opt.Seed), uint64(b.id)))}
}

// write makes the file, and tells the operation of it. A file without a name goes when nobody has it open any more.
func (w *writer) write() {
	file, err := os.CreateTemp("", "simshop-*.jsonl")
	if err != nil {
		w.code = "INTERNAL_SERVER_ERROR"
	} else {
		_ = os.Remove(file.Name()) // where the system refuses that, the temporary folder keeps it
		w.out = bufio.NewWriterSize(file, 1<<16)
		w.all()
		if err := w.flush(); err != nil {
			w.code = "INTERNAL_SERVER_ERROR"
		}
	}
	b := w.bulk
	b.mu.Lock()
	defer b.mu.Unlock()
	b.written, b.roots, b.objects, b.size, b.code, b.file = w.shop.now(), w.roots, w.objects, w.size, w.code, file
}

// all writes the nodes of the root list, as long as nothing goes wrong.
func (w *writer) all() {
	list := w.plan(w.schema.Query, []ast.SelectionSet{w.root}).fields[0]
	if err := w.refused(w.schema.Query.Name, list.same[0].Name); err != nil {
		w.code = "ACCESS_DENIED"
		return
	}
	items, found, err := w.query(kindOf(w.root), list.same[0].Name, list.args)
	if err != nil {
		w.code = "INTERNAL_SERVER_ERROR"
		return
	}
	if list.args["reverse"] == true {
		items = slices.Clone(items)
		slices.Reverse(items)
	}
	omitted := 0
	for _, it := range items {
		if it.now == nil || !found.finds(it.seen) || !w.visible(it.now) {
			continue
		}
		if omitted++; omitted <= w.bulk.faults.Omitted {
			continue
		}
		w.roots++
		if w.node(list, it.now, ""); w.code != "" {
			return
		}
		w.tell()
	}
}

// tell lets the operation say how far it is, and ends the work when it was cancelled.
func (w *writer) tell() {
	b := w.bulk
	b.mu.Lock()
	defer b.mu.Unlock()
	b.roots, b.objects = w.roots, w.objects
	if !b.canceled.IsZero() {
		w.code = "CANCELED" // which nobody sees: it counts only for what was not cancelled
	}
}

// node writes a node and what belongs to it.
func (w *writer) node(list *planned, src any, parent string) {
	faults := w.bulk.faults
	if faults.Fail != "" && w.objects >= faults.After {
		w.code = faults.Fail
		return
	}
	shape := w.shape(list, src)
	o, _, _ := w.object(shape.plan, src, nil)
	if len(w.errors) > 0 {
		w.code = "ACCESS_DENIED"
		return
	}
	id := ""
	for _, m := range o {
		if m.key == "id" {
			id, _ = m.value.(string)
		}
	}
	if parent != "" {
		o = append(o, member{"__parentId", parent})
	}
	w.objects++
	w.line(o)
	for _, nested := range shape.lists {
		for _, child := range w.children(nested, src) {
			if w.node(nested, child, id); w.code != "" {
				return
			}
		}
	}
}

// shape returns how a node is written.
func (w *writer) shape(list *planned, src any) *shape {
	typ := w.schema.Types[typename(src)]
	node := w.schema.Types[list.same[0].Definition.Type.Name()].Fields.ForName("edges").Type.Name()
	node = w.schema.Types[node].Fields.ForName("node").Type.Name()
	if def := w.schema.Types[node]; !def.IsAbstractType() {
		typ = def
	}
	key := shapeKey{list, typ}
	if s := w.shapes[key]; s != nil {
		return s
	}
	var sets []ast.SelectionSet
	for _, f := range list.same {
		sets = append(sets, nodeOf(f))
	}
	s := &shape{plan: w.plan(typ, sets)}
	s.plan.fields = slices.DeleteFunc(s.plan.fields, func(f *planned) bool {
		def := f.same[0].Definition
		if def == nil || !cost.IsConnection(def) {
			return false
		}
		s.lists = append(s.lists, f)
		return true
	})
	w.shapes[key] = s
	return s
}

// children returns all nodes of a list within a node: page after page, whatever the query says of pages.
func (w *writer) children(list *planned, src any) (all []any) {
	args := maps.Clone(list.args)
	if args == nil {
		args = make(map[string]any)
	}
	args["first"], args["after"] = maxPage, nil
	for {
		v, err := list.resolve(w.call, src, args)
		p, ok := v.(*page)
		if err != nil || !ok {
			w.code = "ACCESS_DENIED"
			return nil
		}
		all = append(all, p.items...)
		if most := w.bulk.faults.Nested; most > 0 && len(all) >= most {
			return all[:most]
		}
		if !p.more {
			return all
		}
		args["after"] = p.positions[len(p.positions)-1].cursor()
	}
}

// line writes a line, or keeps it for later. The operation counts the lines that Faults leave out too.
func (w *writer) line(o object) {
	if w.objects <= w.bulk.faults.Missing {
		return
	}
	text := append(bytes.ReplaceAll(appendJSON(nil, o), []byte("/"), []byte(`\/`)), '\n')
	if w.grouped {
		w.put(text)
		return
	}
	if len(w.held) < heldLines {
		w.held = append(w.held, text)
		return
	}
	i := w.dice.IntN(len(w.held))
	w.put(w.held[i])
	w.held[i] = text
}

func (w *writer) put(line []byte) {
	n, _ := w.out.Write(line) // an error stays until flush
	w.size += int64(n)
}

func (w *writer) flush() error {
	w.dice.Shuffle(len(w.held), func(i, j int) { w.held[i], w.held[j] = w.held[j], w.held[i] })
	for _, line := range w.held {
		w.put(line)
	}
	return w.out.Flush()
}

// drop gives the room of the file back.
func (b *bulk) drop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.file != nil {
		b.file.Close()
		b.file = nil
	}
}

// content returns the file of an operation, nil if there is none.
func (b *bulk) content() io.ReadSeeker {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.file == nil {
		return nil
	}
	return io.NewSectionReader(b.file, 0, b.size)
}
