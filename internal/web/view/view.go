// SPDX-License-Identifier: EUPL-1.2

// Package view turns a page's struct into HTML: it holds the layout that all
// pages share, the error page, and the functions that templates may use.
//
// A Set is made once for each audience from the folder of its templates.
// Every template is parsed for every language at start, so a broken one is
// found before the first visitor comes. This package knows no request and
// writes no header.
package view

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"strings"
	"sync/atomic"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/web/assets"
)

// partPrefix marks a file that only defines parts for the pages beside it.
const partPrefix = "part-"

//go:embed templates/*.html
var own embed.FS

// Set is the parsed templates of one audience. It is immutable and safe for
// concurrent use.
type Set struct {
	pages map[locale.Lang]map[string]*sheet
}

// sheet is a parsed template and how long the last one was that it drew, in bytes.
type sheet struct {
	*template.Template
	last atomic.Int64
}

// New parses every *.html file of fsys as the page of that name, together
// with the layout and with the files whose names begin with "part-". The page
// "error" is there in any case.
func New(fsys fs.FS, catalogue *locale.Catalogue, set *assets.Set) (*Set, error) {
	names, err := fs.Glob(fsys, "*.html")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	var parts, pages []string
	for _, name := range names {
		if strings.HasPrefix(name, partPrefix) {
			parts = append(parts, name)
		} else {
			pages = append(pages, name)
		}
	}
	s := &Set{pages: map[locale.Lang]map[string]*sheet{}}
	for _, lang := range locale.Langs {
		base := template.New("").Funcs(funcs(catalogue.Printer(lang), set))
		if _, err := base.ParseFS(own, "templates/layout.html", "templates/part-*.html"); err != nil {
			return nil, fmt.Errorf("parse layout: %w", err)
		}
		if len(parts) > 0 {
			if _, err := base.ParseFS(fsys, parts...); err != nil {
				return nil, fmt.Errorf("parse template parts: %w", err)
			}
		}
		s.pages[lang] = map[string]*sheet{}
		if err := s.add(lang, base, own, "templates/error.html"); err != nil {
			return nil, err
		}
		for _, page := range pages {
			if err := s.add(lang, base, fsys, page); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// add parses one page on top of a copy of what all pages share.
func (s *Set) add(lang locale.Lang, base *template.Template, fsys fs.FS, file string) error {
	t, err := base.Clone()
	if err != nil {
		return fmt.Errorf("copy layout for %s: %w", file, err)
	}
	m := newMemo(t)
	t.Funcs(template.FuncMap{"memo": m.draw, "memoEach": m.each})
	if _, err := t.ParseFS(fsys, file); err != nil {
		return fmt.Errorf("parse template %s: %w", file, err)
	}
	name := strings.TrimSuffix(file[strings.LastIndex(file, "/")+1:], ".html")
	s.pages[lang][name] = &sheet{Template: t.Lookup("layout")}
	return nil
}

// Render writes a page by its name, such as "start". data is the struct that
// the template expects; it embeds Layout. Nothing is written on an error, so
// that the caller can still answer with another page. An unknown language
// gets German.
func (s *Set) Render(b *bytes.Buffer, lang locale.Lang, name string, data any) error {
	pages, ok := s.pages[lang]
	if !ok {
		pages = s.pages[locale.DE]
	}
	t, ok := pages[name]
	if !ok {
		return fmt.Errorf("render %s: there is no such template", name)
	}
	before := b.Len()
	b.Grow(int(t.last.Load()))
	if err := t.Execute(b, data); err != nil {
		b.Truncate(before)
		return fmt.Errorf("render %s: %w", name, err)
	}
	t.last.Store(int64(b.Len() - before))
	return nil
}
