// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestReadingChangesNothing opens every link that leads from an appointment,
// as a mail scanner does, with the secret of a mail.
func TestReadingChangesNothing(t *testing.T) {
	p := startDemo(t, "")
	v := newVisitor(t, p)
	b := v.book(person("scanner@example.org"), 0, trade)
	link := mailsTo(t, p, b.email, 1)[0].link(t)
	before := v.page(link).text()
	links := map[string]bool{link + "/verify": true, link + "/calendar.ics": true}
	for _, path := range []string{link, link + "/move", link + "/cancel"} {
		links[path] = true
		v.page(path).doc().Find("a[href], link[href]").Each(func(_ int, s *goquery.Selection) {
			links[s.AttrOr("href", "")] = true
		})
	}
	if len(links) < 12 {
		t.Errorf("only %d links were found", len(links))
	}
	for to := range links {
		u, err := url.Parse(to)
		if err != nil || u.Path == "" {
			continue // within the page
		}
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			if a := v.send(v.request(method, to, nil)); a.Status >= 400 {
				t.Errorf("%s %s: status %d", method, secretInPath.ReplaceAllString(u.Path, "/$1/…"), a.Status)
			}
		}
	}
	if after := v.page(link).text(); after != before {
		t.Errorf("the appointment was\n%s\nand is now\n%s", before, after)
	}
	if slices.Contains(v.starts(trade), b.start) {
		t.Error("the time is free")
	}
	if all := settle(t, p); len(all) != 2 {
		t.Errorf("%d mails were sent, want the 2 about the booking", len(all))
	}
}
