// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// decode fills c from a file and lists what is wrong with its form. What is
// right is filled in all the same, so that the rest can be checked too. The
// error means that the file is no YAML.
func decode(path string, content []byte, c *Config) ([]error, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(content, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(document.Content) == 0 { // empty, or comments alone
		return nil, nil
	}
	f := &form{path: path}
	f.check(document.Content[0], reflect.TypeFor[Config](), "")
	err := document.Content[0].Decode(c)
	if _, ofType := errors.AsType[*yaml.TypeError](err); ofType && len(f.problems) > 0 {
		err = nil // said already, in plainer words
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f.problems, nil
}

// form compares the nodes of a file with the types of the settings.
type form struct {
	path     string
	problems []error
}

func (f *form) fail(n *yaml.Node, format string, args ...any) {
	f.problems = append(f.problems, fmt.Errorf("%s:%d: %s", f.path, n.Line, fmt.Sprintf(format, args...)))
}

// check compares one node with a type. name is the way to it, like
// "mail.port"; empty for the file itself.
func (f *form) check(n *yaml.Node, t reflect.Type, name string) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.ShortTag() == "!!null" {
		return // a key without a value keeps its default
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		if n.Kind != yaml.MappingNode {
			f.fail(n, "%s must be a mapping, lines of the form key: value", cmp.Or(name, "the file"))
			return
		}
		f.keys(n, t, name)
	case reflect.Slice:
		if n.Kind != yaml.SequenceNode {
			f.fail(n, "%s must be a list, like [127.0.0.1]", name)
			return
		}
		for _, item := range n.Content {
			f.check(item, t.Elem(), name)
		}
	case reflect.Int:
		if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" {
			f.fail(n, "%s must be a whole number", name)
		}
	default:
		if n.Kind != yaml.ScalarNode {
			f.fail(n, "%s must be plain text", name)
		}
	}
}

// keys checks the keys of a mapping, and what stands under them.
func (f *form) keys(n *yaml.Node, t reflect.Type, name string) {
	var names []string
	var types map[string]reflect.Type
	if t.Kind() == reflect.Struct {
		names, types = knownKeys(t)
	}
	lines := map[string]int{} // by key
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if first, twice := lines[key.Value]; twice {
			f.fail(key, "key %q stands here twice, first on line %d: remove one", key.Value, first)
			n.Content = slices.Delete(n.Content, i, i+2) // with it nothing of the mapping would be filled in
			i -= 2
			continue
		}
		lines[key.Value] = key.Line
		inner := key.Value
		if name != "" {
			inner = name + "." + inner
		}
		if t.Kind() == reflect.Map {
			f.check(value, t.Elem(), inner)
			continue
		}
		if field, ok := types[key.Value]; ok {
			f.check(value, field, inner)
			continue
		}
		f.fail(key, "unknown key %q; the known ones are: %s", inner, strings.Join(names, ", "))
	}
}

// knownKeys are the keys of a struct in the order of its fields, and the types
// of their values.
func knownKeys(t reflect.Type) ([]string, map[string]reflect.Type) {
	var names []string
	types := map[string]reflect.Type{}
	for field := range t.Fields() {
		if key := field.Tag.Get("yaml"); key != "-" {
			names = append(names, key)
			types[key] = field.Type
		}
	}
	return names, types
}
