// SPDX-License-Identifier: EUPL-1.2

package view

import (
	"fmt"
	"html/template"
	"strings"
	"sync"
)

// memo remembers parts of a page that were drawn before. A calendar has
// dozens of cells and buttons, most of them the same as on the page before,
// and to draw them is most of the work of the page. In a template,
//
//	{{memo "times" .Key .}}
//
// is like {{template "times" .}} for a part that is the same whenever the key
// is. Go must be able to compare the key. It is safe for concurrent use.
type memo struct {
	page *template.Template

	mu          sync.Mutex
	young, aged map[part]template.HTML
	size        int // of what is young, in bytes
}

// part tells drawn templates apart.
type part struct {
	name string
	key  any
}

// maxSize bounds the memory of a page in bytes: when the young parts have as
// many, they age, and those that aged without being asked for are gone.
const maxSize = 1 << 20

func newMemo(page *template.Template) *memo {
	return &memo{page: page, young: map[part]template.HTML{}}
}

func (m *memo) draw(name string, key, of any) (template.HTML, error) {
	p := part{name, key}
	if html, ok := m.known(p); ok {
		return html, nil
	}
	var b strings.Builder
	if err := m.page.ExecuteTemplate(&b, name, of); err != nil {
		return "", fmt.Errorf("draw %s: %w", name, err)
	}
	html := template.HTML(b.String()) // #nosec G203 -- drawn by html/template
	m.keep(p, html)
	return html, nil
}

// Row is one of many parts that are the same whenever the key is, but for a text
// in the middle, which is not remembered: it may be somebody's name.
type Row interface {
	MemoKey() any
	Text() string
}

// each draws rows. In a template,
//
//	{{memoEach "head" "tail" .Rows}}
//
// is like {{range .Rows}}{{memo "head" .Key .}}{{.Text}}{{memo "tail" .Key .}}{{end}},
// which takes several times as long.
func (m *memo) each(head, tail string, rows []Row) (template.HTML, error) {
	parts := make([]string, 0, 4*len(rows))
	for _, r := range rows {
		key := r.MemoKey()
		before, err := m.draw(head, key, r)
		if err != nil {
			return "", err
		}
		after, err := m.draw(tail, key, r)
		if err != nil {
			return "", err
		}
		parts = append(parts, string(before), template.HTMLEscapeString(r.Text()), string(after), "\n")
	}
	return template.HTML(strings.Join(parts, "")), nil // #nosec G203 -- drawn by html/template, or escaped
}

func (m *memo) known(p part) (template.HTML, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	html, ok := m.young[p]
	if !ok {
		if html, ok = m.aged[p]; ok {
			m.add(p, html)
		}
	}
	return html, ok
}

func (m *memo) keep(p part, html template.HTML) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.add(p, html)
}

func (m *memo) add(p part, html template.HTML) {
	if m.size >= maxSize {
		m.young, m.aged, m.size = map[part]template.HTML{}, m.young, 0
	}
	m.young[p] = html
	m.size += 2*len(html) + 100 // a key is about as long as what it stands for
}
