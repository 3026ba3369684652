// SPDX-License-Identifier: EUPL-1.2

// Package locale holds every text that people read, in every language, and
// writes dates and times the way each language does.
//
// Texts live in text/*.LANG.yaml, one flat key a line. Texts that an office
// writes itself (names of services, directions) are values of type Text and
// come from the database. This package does not decide which language a
// visitor gets beyond matching an Accept-Language header.
package locale

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
)

// Lang is a language code as in the first part of a page's path (BCP 47).
type Lang string

// The languages, German first: it is the fallback.
const (
	DE Lang = "de"
	EN Lang = "en"
)

// Langs lists all languages in the order of the language switch.
var Langs = []Lang{DE, EN}

//go:embed text/*.yaml
var files embed.FS

// Catalogue is the set of all texts. It is immutable and safe for concurrent
// use.
type Catalogue struct {
	printers map[Lang]*Printer
	matcher  language.Matcher
}

// Load reads the embedded texts. An error means that a text file is broken,
// which the tests rule out for a built program.
func Load() (*Catalogue, error) {
	bundle := i18n.NewBundle(language.German)
	bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	names, err := fs.Glob(files, "text/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list texts: %w", err)
	}
	for _, name := range names {
		if _, err := bundle.LoadMessageFileFS(files, name); err != nil {
			return nil, fmt.Errorf("load texts %s: %w", path.Base(name), err)
		}
	}
	c := &Catalogue{printers: map[Lang]*Printer{}}
	var tags []language.Tag
	for _, l := range Langs {
		c.printers[l] = &Printer{lang: l, loc: i18n.NewLocalizer(bundle, string(l))}
		tags = append(tags, language.Make(string(l)))
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

// Printer is the printer of a language; German for one that is unknown.
func (c *Catalogue) Printer(l Lang) *Printer {
	if p, ok := c.printers[l]; ok {
		return p
	}
	return c.printers[DE]
}

// Match picks the language for an Accept-Language header (RFC 9110, section
// 12.5.4), German when nothing fits.
func (c *Catalogue) Match(accept string) Lang {
	if len(accept) > 200 { // a longer list is no person's setting
		return DE
	}
	_, i := language.MatchStrings(c.matcher, accept)
	return Langs[i]
}

// Known tells whether s is the code of one of Langs.
func Known(s string) bool {
	for _, l := range Langs {
		if string(l) == s {
			return true
		}
	}
	return false
}

// Printer writes texts in one language.
type Printer struct {
	lang  Lang
	loc   *i18n.Localizer
	plain sync.Map // key -> text, for texts without arguments: most of a page
}

// Lang is the printer's language.
func (p *Printer) Lang() Lang { return p.lang }

// T is the text of a key. args are name and value pairs, used in the text as
// {{.Name}}. A key that does not exist is shown in angle quotes; a test rules
// it out.
func (p *Printer) T(key string, args ...any) string {
	if len(args) == 0 {
		if s, ok := p.plain.Load(key); ok {
			return s.(string)
		}
		s := p.localize(&i18n.LocalizeConfig{MessageID: key}, key)
		p.plain.Store(key, s)
		return s
	}
	return p.localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: data(args)}, key)
}

// N is T for a text with plural forms (CLDR), with the count as {{.N}}.
func (p *Printer) N(key string, n int, args ...any) string {
	d := data(args)
	d["N"] = n
	return p.localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: d, PluralCount: n}, key)
}

func (p *Printer) localize(c *i18n.LocalizeConfig, key string) string {
	s, err := p.loc.Localize(c)
	if err != nil {
		return "‹" + key + "›"
	}
	return strings.TrimSpace(s)
}

func data(args []any) map[string]any {
	d := make(map[string]any, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		d[fmt.Sprint(args[i])] = args[i+1]
	}
	return d
}
