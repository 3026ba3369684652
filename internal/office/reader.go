// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// reader walks the nodes of a file and collects everything that is wrong with
// it, so that a person can correct it all at once.
type reader struct {
	name     string // of the file, for messages
	problems []problem
	defined  map[string]map[string]int // kind of thing, its key: line
	refs     []reference
}

// problem is one message and the line that it is about.
type problem struct {
	line int
	text string
}

func (r *reader) fail(line int, format string, args ...any) {
	r.problems = append(r.problems, problem{line, fmt.Sprintf(format, args...)})
}

// err joins the problems in the order of their lines; nil if there are none.
func (r *reader) err() error {
	slices.SortStableFunc(r.problems, func(a, b problem) int { return cmp.Compare(a.line, b.line) })
	var all []error
	for _, p := range r.problems {
		all = append(all, fmt.Errorf("%s:%d: %s", r.name, p.line, p.text))
	}
	return errors.Join(all...)
}

// need tells whether a key may be left out.
type need bool

const (
	required need = true
	optional need = false
)

// object is one mapping of the file. The keys that the code asks it for are
// the known ones; all others are errors.
type object struct {
	r      *reader
	what   string // "a service", for messages
	line   int
	keys   []*yaml.Node
	values map[string]*yaml.Node
	asked  []string
}

// object reads a mapping with read, then reports the keys that it did not ask for.
func (r *reader) object(n *yaml.Node, what string, read func(*object)) {
	if n.Kind != yaml.MappingNode {
		r.fail(n.Line, "%s must be a mapping, lines of the form key: value", what)
		return
	}
	o := &object{r: r, what: what, line: n.Line, values: map[string]*yaml.Node{}}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind != yaml.ScalarNode {
			r.fail(k.Line, "a key of %s must be plain text", what)
			continue
		}
		if first, twice := o.values[k.Value]; twice {
			r.fail(k.Line, "key %q stands twice in %s, first on line %d: remove one", k.Value, what, first.Line)
			continue
		}
		o.keys = append(o.keys, k)
		o.values[k.Value] = n.Content[i+1]
	}
	read(o)
	for _, k := range o.keys {
		if !slices.Contains(o.asked, k.Value) {
			r.fail(k.Line, "unknown key %q in %s: use one of %s", k.Value, what, strings.Join(o.asked, ", "))
		}
	}
}

// get is the value of a key, or nil if there is none that can be read.
func (o *object) get(key string, n need) *yaml.Node {
	o.asked = append(o.asked, key)
	v, ok := o.values[key]
	if !ok {
		if n == required {
			o.r.fail(o.line, "%q is missing in %s: add it", key, o.what)
		}
		return nil
	}
	if !o.r.usable(v, strconv.Quote(key)) {
		return nil
	}
	return v
}

// usable refuses what no place of a file may hold.
func (r *reader) usable(v *yaml.Node, what string) bool {
	switch {
	case v.Kind == yaml.AliasNode:
		r.fail(v.Line, "%s refers to another place of the file: write the value out", what)
		return false
	case v.Kind == yaml.ScalarNode && v.ShortTag() == "!!null":
		r.fail(v.Line, "%s is empty: give it a value or remove it", what)
		return false
	}
	return true
}

// number is a whole number from lo to hi that has to be there.
func (o *object) number(key string, lo, hi int) int {
	return o.integer(o.get(key, required), key, lo, lo, hi)
}

// numberOr is number, or standard when the key is absent.
func (o *object) numberOr(key string, standard, lo, hi int) int {
	return o.integer(o.get(key, optional), key, standard, lo, hi)
}

func (o *object) integer(v *yaml.Node, key string, standard, lo, hi int) int {
	if v == nil {
		return standard
	}
	i, err := strconv.Atoi(v.Value)
	// A number in quotes, octal or with a leading zero means something else to other readers.
	plain := err == nil && v.Kind == yaml.ScalarNode && v.ShortTag() == "!!int" && strconv.Itoa(i) == v.Value
	if !plain || i < lo || i > hi {
		o.r.fail(v.Line, "%q must be a whole number from %d to %d", key, lo, hi)
		return standard
	}
	return i
}

// flag is true or false, false when the key is absent.
func (o *object) flag(key string) bool { return o.flagOr(key, false) }

// flagOr is flag, or standard when the key is absent.
func (o *object) flagOr(key string, standard bool) bool {
	v := o.get(key, optional)
	if v == nil {
		return standard
	}
	if v.Kind != yaml.ScalarNode || v.ShortTag() != "!!bool" || v.Value != "true" && v.Value != "false" {
		o.r.fail(v.Line, "%q must be true or false", key)
		return false
	}
	return v.Value == "true"
}

// list reads each element of a sequence. A required one has at least one.
func (o *object) list(key string, n need, each func(*yaml.Node)) {
	v := o.get(key, n)
	if v == nil {
		return
	}
	if v.Kind != yaml.SequenceNode {
		o.r.fail(v.Line, "%q must be a list, lines that begin with a hyphen or [ ]", key)
		return
	}
	if n == required && len(v.Content) == 0 {
		o.r.fail(v.Line, "%q is an empty list: add at least one", key)
	}
	for _, e := range v.Content {
		if o.r.usable(e, "an element of "+strconv.Quote(key)) {
			each(e)
		}
	}
}

// objects is list for a sequence of mappings.
func (o *object) objects(key string, n need, what string, read func(*object)) {
	o.list(key, n, func(e *yaml.Node) { o.r.object(e, what, read) })
}
