// SPDX-License-Identifier: EUPL-1.2

package viewtest

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/web/assets"
	"vorzimmer/internal/web/view"
)

// Load reads the templates of a package, which lie in its folder templates, with
// the texts and the assets that the program has.
func Load(t *testing.T, templates fs.FS) (*view.Set, *locale.Catalogue) {
	t.Helper()
	catalogue, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	built, err := assets.Load()
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Sub(templates, "templates")
	if err != nil {
		t.Fatal(err)
	}
	views, err := view.New(files, catalogue, built)
	if err != nil {
		t.Fatal(err)
	}
	return views, catalogue
}

// Render returns the source of a page, and the same parsed.
func Render(t *testing.T, views *view.Set, lang locale.Lang, name string, page any) (string, *goquery.Document) {
	t.Helper()
	var b bytes.Buffer
	if err := views.Render(&b, lang, name, page); err != nil {
		t.Fatal(err)
	}
	html := b.String()
	doc, err := goquery.NewDocumentFromReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	return html, doc
}

// CheckSeen reports the templates of a package that no sample is made from. Those
// named part-… are parts of others.
func CheckSeen(t *testing.T, templates fs.FS, seen map[string]bool) {
	t.Helper()
	names, err := fs.Glob(templates, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		name = strings.TrimSuffix(strings.TrimPrefix(name, "templates/"), ".html")
		if !strings.HasPrefix(name, "part-") && !seen[name] {
			t.Errorf("%s is never rendered in these tests", name)
		}
	}
}
