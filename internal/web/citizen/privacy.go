// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"net/http"
	"strconv"
	"time"

	"vorzimmer/internal/document"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/notice"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// privacyPage is the privacy notice, in force or of earlier.
type privacyPage struct {
	view.Layout
	Number      int
	Since       string // date, translated
	Document    document.Document
	VersionsURL string
	CurrentURL  string // of the one in force; empty when this is it
}

// versionsPage lists all that the notice said, the newest first.
type versionsPage struct {
	view.Layout
	Versions []versionRow
}

type versionRow struct {
	Number  int
	Since   string // date, translated
	URL     string
	Current bool
}

const privacyPath = "/privacy"

// short are the addresses that stand on paper, and where they lead.
var short = map[string]string{"/datenschutz": privacyPath, "/impressum": "/imprint", "/barrierefreiheit": "/accessibility"}

// privacy is the notice in force.
func (p *pages) privacy(w http.ResponseWriter, r *web.Request) error {
	v, err := p.say.Notices.Current(r.Context(), r.Catalogue)
	if err != nil {
		return err
	}
	page := privacyPageOf(r, v)
	page.VersionsURL = r.Path(privacyPath + "/versions")
	return r.Render(w, http.StatusOK, p.views, "privacy", page)
}

func privacyPageOf(r *web.Request, v *notice.Version) privacyPage {
	doc, ok := v.Documents[r.Lang()]
	if !ok { // it is older than this language
		doc = v.Documents[locale.DE]
	}
	return privacyPage{Layout: r.Layout("notice.title"), Number: v.Number, Since: dayOf(r, v.Created), Document: doc}
}

// dayOf is the tenant's date of an instant.
func dayOf(r *web.Request, at int64) string {
	return r.Printer.Date(time.Unix(at, 0).In(r.Catalogue.Tenant.Zone))
}

// privacyVersions lists the versions. The newest that is stored need not be the one
// in force yet, so that comes first.
func (p *pages) privacyVersions(w http.ResponseWriter, r *web.Request) error {
	current, err := p.say.Notices.Current(r.Context(), r.Catalogue)
	if err != nil {
		return err
	}
	list, err := p.say.Notices.Versions(r.Context(), r.Tenant)
	if err != nil {
		return err
	}
	page := versionsPage{Layout: r.Layout("notice.versions.title")}
	for _, v := range list {
		page.Versions = append(page.Versions, versionRow{Number: v.Number, Since: dayOf(r, v.Created),
			URL: r.Path(versionPath(v.Number)), Current: v.Number == current.Number})
	}
	return r.Render(w, http.StatusOK, p.views, "versions", page)
}

func versionPath(number int) string { return privacyPath + "/version/" + strconv.Itoa(number) }

// privacyVersion is one version.
func (p *pages) privacyVersion(w http.ResponseWriter, r *web.Request) error {
	number, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || number < 1 || r.PathValue("n") != strconv.Itoa(number) {
		return fault.New(fault.NotFound, "error.notfound.text")
	}
	v, err := p.say.Notices.Version(r.Context(), r.Tenant, number)
	if err != nil {
		return err
	}
	current, err := p.say.Notices.Current(r.Context(), r.Catalogue)
	if err != nil {
		return err
	}
	page := privacyPageOf(r, v)
	page.VersionsURL = r.Path(privacyPath + "/versions")
	if v.Number != current.Number {
		page.CurrentURL = r.Path(privacyPath)
	}
	return r.Render(w, http.StatusOK, p.views, "privacy", page)
}

// shortTo sends visitors to a page in their language.
func shortTo(path string) web.Func {
	return func(w http.ResponseWriter, r *web.Request) error {
		w.Header().Set("Vary", "Accept-Language")
		return r.SeeOther(path)
	}
}
