// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestAssets gets style sheet, script and icon in every form that they have.
func TestAssets(t *testing.T) {
	p := startDemo(t, "")
	v := newVisitor(t, p)
	found := assets(v.page("/de/"))
	if found.Length() != 3 {
		t.Errorf("the page loads %d files, want 3", found.Length())
	}
	found.Each(func(_ int, s *goquery.Selection) {
		path := s.AttrOr("href", s.AttrOr("src", ""))
		if !regexp.MustCompile(`^/assets/[a-z]+\.[0-9a-f]{8,}\.(css|js|svg)$`).MatchString(path) {
			t.Errorf("%s has no hash of its content in its name", path)
		}
		plain := v.page(path)
		for _, coding := range []string{"gzip", "br"} {
			r := v.request(http.MethodGet, path, nil)
			r.Header.Set("Accept-Encoding", coding)
			a := v.send(r)
			if got := a.Header.Get("Content-Encoding"); got != coding || a.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s: Content-Encoding %q for %q", path, got, coding)
			}
			if len(a.Body) >= len(plain.Body) {
				t.Errorf("%s: %d bytes as %s, %d without", path, len(a.Body), coding, len(plain.Body))
			}
			if coding == "gzip" && unzip(t, a.Body) != plain.Body {
				t.Errorf("%s: gzip holds something else", path)
			}
		}
		head := v.send(v.request(http.MethodHead, path, nil))
		if head.Status != http.StatusOK || head.Body != "" {
			t.Errorf("%s: HEAD answers %d with %d bytes", path, head.Status, len(head.Body))
		}
	})
}

func unzip(t *testing.T, s string) string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewBufferString(s))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
