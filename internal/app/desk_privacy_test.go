// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/document"
	"vorzimmer/internal/paper/papertest"
	"vorzimmer/internal/staff"
)

// Who may see the papers: those who answer for data protection and for the office.
func TestRolesOfThePapers(t *testing.T) {
	v := newOffice(t, dbtest.New(t, "sqlite"))
	want := map[staff.Role]int{staff.FrontDesk: http.StatusForbidden, staff.Clerk: http.StatusForbidden, staff.Operator: http.StatusForbidden,
		staff.Admin: http.StatusOK, staff.Officer: http.StatusOK}
	for _, role := range staff.Roles {
		b := v.login(v.hire(town, role, string(role)))
		for _, path := range []string{"", "/record", "/record.pdf", "/record.json", "/measures", "/measures.pdf", "/measures.json"} {
			if a := b.get("/en/desk/privacy" + path); a.StatusCode != want[role] {
				t.Errorf("%s, %q: status %d, want %d", role, path, a.StatusCode, want[role])
			}
		}
	}
}

// The record and the measures are a page, a PDF file and JSON, and say the same in
// each; those who have nothing to do with them do not get them.
func TestPapersOfTheOfficer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		clerk, officer := v.login(v.hire(town, staff.Clerk, "quirin")), v.login(v.hire(town, staff.Officer, "beauftragte"))
		before := v.count("SELECT COUNT(*) FROM audit")
		start := officer.get("/de/desk/privacy")
		officer.want(start, http.StatusOK)
		if start.Find(".desk-nav a[href='/de/desk/privacy'][aria-current=page]").Length() != 1 {
			t.Error("the page is not in the bar")
		}
		if text := start.Find("main").Text(); !strings.Contains(text, "Version 1, gilt seit Montag, 7. September 2026.") {
			t.Error("the version of the notice is missing")
		}
		for _, name := range []string{"record", "measures"} {
			path := "/de/desk/privacy/" + name
			if start.Find("a[href='"+path+"'], a[href='"+path+".pdf'], a[href='"+path+".json']").Length() != 3 {
				t.Errorf("the page does not lead to the three forms of %s", name)
			}
			for _, ending := range []string{"", ".pdf", ".json"} {
				clerk.want(clerk.get(path+ending), http.StatusForbidden)
			}
			page, pdf, data := officer.get(path), officer.get(path+".pdf"), officer.get(path+".json")
			officer.want(page, http.StatusOK)
			officer.want(pdf, http.StatusOK)
			officer.want(data, http.StatusOK)
			if data.Header.Get("Content-Disposition") != `attachment; filename="`+name+`-de.json"` || data.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s.json: %v", name, data.Header)
			}
			var doc document.Document
			if err := json.Unmarshal([]byte(data.body), &doc); err != nil {
				t.Fatal(err)
			}
			drawn := papertest.Texts(t, []byte(pdf.body))
			paper := strings.Join(drawn, "")
			if len(doc.Sections) < 5 || page.Find("h1").Text() != doc.Title || !strings.Contains(paper, doc.Title) {
				t.Errorf("%s: %d sections, %q", name, len(doc.Sections), doc.Title)
			}
			for _, s := range doc.Sections {
				if page.Find("h2#"+s.ID).Text() != s.Title {
					t.Errorf("%s: the page has not %q", name, s.Title)
				}
				if !strings.Contains(paper, s.Title) {
					t.Errorf("%s: the PDF file has not %q", name, s.Title)
				}
			}
			if !strings.Contains(paper, "Seite 1") || !strings.Contains(paper, "Stadt Kleinstadt") || !strings.Contains(paper, "7. September 2026") {
				t.Errorf("%s: number, town or date are missing on paper", name)
			}
		}
		if n := v.count("SELECT COUNT(*) FROM audit"); n != before {
			t.Errorf("%d looks at nobody's data are recorded", n-before)
		}
	})
}
