// SPDX-License-Identifier: EUPL-1.2

package view

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"sync"
	"sync/atomic"
	"testing"

	"vorzimmer/internal/locale"
)

// counted is a memo over two parts that count how often they are drawn.
func counted(t *testing.T) (*memo, *atomic.Int64) {
	t.Helper()
	var n atomic.Int64
	page, err := template.New("page").Funcs(template.FuncMap{"count": func() string {
		n.Add(1)
		return ""
	}}).Parse(`{{define "day"}}<b>{{.}}</b>{{count}}{{end}}{{define "week"}}<i>{{.}}</i>{{count}}{{end}}`)
	if err != nil {
		t.Fatal(err)
	}
	return newMemo(page), &n
}

func wantDrawn(t *testing.T, m *memo, name string, key, of any, want template.HTML) {
	t.Helper()
	if got, err := m.draw(name, key, of); err != nil || got != want {
		t.Errorf("%s %v: %q, %v, want %q", name, key, got, err, want)
	}
}

// A part is drawn once for each key, whatever it is given the next time, and
// with what is special in HTML escaped.
func TestMemoDrawsOnce(t *testing.T) {
	m, n := counted(t)
	type key struct {
		a [2]string
		b int
	}
	for range 3 {
		wantDrawn(t, m, "day", 1, "one <1>", "<b>one &lt;1&gt;</b>")
		wantDrawn(t, m, "day", 2, "two", "<b>two</b>")
		wantDrawn(t, m, "day", "1", "text", "<b>text</b>")
		wantDrawn(t, m, "day", int64(1), "long", "<b>long</b>")
		wantDrawn(t, m, "week", 1, "one", "<i>one</i>")
		wantDrawn(t, m, "day", key{[2]string{"a", "b"}, 1}, "struct", "<b>struct</b>")
		wantDrawn(t, m, "day", key{[2]string{"a", "c"}, 1}, "other", "<b>other</b>")
	}
	wantDrawn(t, m, "day", 1, "not looked at", "<b>one &lt;1&gt;</b>")
	if got := n.Load(); got != 7 {
		t.Errorf("%d parts were drawn, want 7", got)
	}
}

// However many keys there are, the memory is bounded; what is asked for often
// stays.
func TestMemoForgets(t *testing.T) {
	const maxParts = maxSize / 100 // no part counts less
	m, n := counted(t)
	wantDrawn(t, m, "day", "rare", "rare", "<b>rare</b>")
	for i := range 5 * maxParts {
		wantDrawn(t, m, "day", i, i, template.HTML(fmt.Sprintf("<b>%d</b>", i)))
		if i%(maxParts/4) == 0 {
			wantDrawn(t, m, "day", "often", "often", "<b>often</b>")
		}
		if len(m.young) > maxParts || len(m.aged) > maxParts {
			t.Fatalf("%d young and %d aged parts", len(m.young), len(m.aged))
		}
	}
	if got := n.Load(); got != 5*maxParts+2 {
		t.Errorf("%d parts were drawn, want %d", got, 5*maxParts+2)
	}
	wantDrawn(t, m, "day", "rare", "again", "<b>again</b>")
	wantDrawn(t, m, "day", "often", "again", "<b>often</b>")
}

// An error is returned, and tried again the next time.
func TestMemoError(t *testing.T) {
	broken := true
	page, err := template.New("page").Funcs(template.FuncMap{"may": func() (string, error) {
		if broken {
			return "", errors.New("boom")
		}
		return "fine", nil
	}}).Parse(`{{define "day"}}begins {{may}}{{end}}`)
	if err != nil {
		t.Fatal(err)
	}
	m := newMemo(page)
	for range 2 {
		if got, err := m.draw("day", 1, nil); err == nil || got != "" {
			t.Errorf("%q, %v", got, err)
		}
	}
	if _, err := m.draw("none", 1, nil); err == nil {
		t.Error("a part that does not exist was drawn")
	}
	broken = false
	wantDrawn(t, m, "day", 1, nil, "begins fine")
}

// Many pages are drawn at the same time from the first one on, each language
// with its own parts, and say what they would without a memory.
func TestMemoOnPages(t *testing.T) {
	const part = `{{define "day"}}<li>{{plain .Name}} {{t "layout.privacy"}}</li>{{end}}`
	s, err := newSet(t, map[string]string{
		"plain.html": part + `{{define "main"}}<h1>x</h1>{{template "day" .}}{{end}}`,
		"page.html":  part + `{{define "main"}}<h1>x</h1>{{memo "day" (plain .Name) .}}{{end}}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 60 {
				lang := locale.Langs[(worker+i)%len(locale.Langs)]
				p := page{Layout: Layout{Lang: lang}, Name: locale.Text{"de": fmt.Sprintf("<%d>", i%7)}}
				var got, want bytes.Buffer
				err1, err2 := s.Render(&got, lang, "page", p), s.Render(&want, lang, "plain", p)
				if err := errors.Join(err1, err2); err != nil {
					t.Error(err)
				} else if got.String() != want.String() {
					t.Errorf("%s %d: %s", lang, i, got.String())
				}
			}
		})
	}
	all.Wait()
}

// A key that cannot be compared is a mistake in the template, found by the
// first page that is drawn.
func TestMemoNeedsAKey(t *testing.T) {
	s, err := newSet(t, map[string]string{"page.html": `{{define "day"}}x{{end}}{{define "main"}}{{memo "day" .Languages .}}{{end}}`})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := s.Render(&b, locale.DE, "page", page{}); err == nil || b.Len() > 0 {
		t.Errorf("%q, %v", b.String(), err)
	}
}

type named struct{ key, text string }

func (n named) MemoKey() any { return n.key }
func (n named) Text() string { return n.text }

// Of many rows those with the same key are drawn once; their texts are their
// own, and are escaped.
func TestMemoOfMany(t *testing.T) {
	m, n := counted(t)
	rows := []Row{named{"a", "Ada"}, named{"a", "<Bert>"}, named{"b", ""}}
	for range 2 {
		got, err := m.each("day", "week", rows)
		want := template.HTML("<b>{a Ada}</b>Ada<i>{a Ada}</i>\n<b>{a Ada}</b>&lt;Bert&gt;<i>{a Ada}</i>\n<b>{b }</b><i>{b }</i>\n")
		if err != nil || got != want {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
	if got := n.Load(); got != 4 {
		t.Errorf("%d parts were drawn, want 4", got)
	}
	if _, err := m.each("day", "nothing", rows); err == nil {
		t.Error("drew a part that there is not")
	}
	if _, err := m.each("nothing", "day", rows); err == nil {
		t.Error("drew a part that there is not")
	}
}
