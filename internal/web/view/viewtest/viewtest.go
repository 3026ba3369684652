// SPDX-License-Identifier: EUPL-1.2

// Package viewtest says what holds for every page, whoever it is for: its
// structure, names for what can be operated, nothing that the content policy
// would stop. It also makes the pages of a package from samples. It is not for
// production code.
package viewtest

import (
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// Check reports what is wrong with a page. html is its source, doc the same
// parsed.
func Check(t *testing.T, html string, doc *goquery.Document) {
	t.Helper()
	if n := doc.Find("h1").Length(); n != 1 {
		t.Errorf("%d h1", n)
	}
	if n := doc.Find("main").Length(); n != 1 {
		t.Errorf("%d main", n)
	}
	for _, bad := range []string{"‹", "<no value>", "ZgotmplZ", "%!"} {
		if strings.Contains(html, bad) {
			t.Errorf("contains %q", bad)
		}
	}
	checkHeadings(t, doc)
	checkIDs(t, doc)
	checkNames(t, doc)
	checkPolicy(t, doc)
}

// checkHeadings: no level is left out on the way down.
func checkHeadings(t *testing.T, doc *goquery.Document) {
	last := 0
	doc.Find("h1,h2,h3,h4,h5,h6").Each(func(_ int, h *goquery.Selection) {
		level := int(goquery.NodeName(h)[1] - '0')
		if level > last+1 {
			t.Errorf("heading %q: level %d after %d", strings.TrimSpace(h.Text()), level, last)
		}
		if strings.TrimSpace(h.Text()) == "" {
			t.Errorf("empty heading of level %d", level)
		}
		last = level
	})
}

// checkIDs: ids are unique, and everything that points to one finds it.
func checkIDs(t *testing.T, doc *goquery.Document) {
	ids := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, e *goquery.Selection) {
		id, _ := e.Attr("id")
		if ids[id] {
			t.Errorf("id %q twice", id)
		}
		ids[id] = true
	})
	for _, attr := range []string{"for", "form", "aria-describedby", "aria-labelledby"} {
		doc.Find("[" + attr + "]").Each(func(_ int, e *goquery.Selection) {
			for id := range strings.FieldsSeq(e.AttrOr(attr, "")) {
				if !ids[id] {
					t.Errorf("%s=%q points nowhere", attr, id)
				}
			}
		})
	}
	doc.Find(`a[href^="#"]`).Each(func(_ int, e *goquery.Selection) {
		if id := strings.TrimPrefix(e.AttrOr("href", ""), "#"); !ids[id] {
			t.Errorf("link to #%s points nowhere", id)
		}
	})
}

// checkNames: what can be operated says what it is.
func checkNames(t *testing.T, doc *goquery.Document) {
	doc.Find("input, select, textarea").Each(func(_ int, e *goquery.Selection) {
		if e.AttrOr("type", "") == "hidden" {
			return
		}
		if label := doc.Find(`label[for="` + e.AttrOr("id", "") + `"]`); label.Length() != 1 || strings.TrimSpace(label.Text()) == "" {
			t.Errorf("field %q has no label", e.AttrOr("name", ""))
		}
	})
	doc.Find("a[href], button, summary").Each(func(_ int, e *goquery.Selection) {
		if e.AttrOr("aria-hidden", "") != "true" && strings.TrimSpace(e.Text()+e.AttrOr("aria-label", "")) == "" {
			t.Errorf("%s without a name", goquery.NodeName(e))
		}
	})
	doc.Find("[aria-invalid]").Each(func(_ int, e *goquery.Selection) {
		if !strings.Contains(e.AttrOr("aria-describedby", ""), "-error") {
			t.Errorf("field %q does not name its error", e.AttrOr("name", ""))
		}
	})
	if table := doc.Find("table"); table.Length() != table.Find("caption").Length() {
		t.Error("table without a caption")
	}
}

// checkPolicy: nothing that the Content-Security-Policy would stop.
func checkPolicy(t *testing.T, doc *goquery.Document) {
	inline := regexp.MustCompile(`^(style|on[a-z]+)$`)
	doc.Find("*").Each(func(_ int, e *goquery.Selection) {
		for _, a := range e.Nodes[0].Attr {
			if inline.MatchString(a.Key) {
				t.Errorf("inline attribute %s", a.Key)
			}
			if (a.Key == "src" || a.Key == "href") && strings.Contains(a.Val, "//") && !outside(e) {
				t.Errorf("%s=%q leads elsewhere", a.Key, a.Val)
			}
		}
	})
	if n := doc.Find("style, script:not([src]), iframe, object, base").Length(); n > 0 {
		t.Errorf("%d elements that the policy forbids", n)
	}
}

// outside are links to other sites that are meant to be ones: nothing is fetched from
// there until somebody follows them.
func outside(e *goquery.Selection) bool { return e.Is(`a[rel=external][href^="https://"]`) }
