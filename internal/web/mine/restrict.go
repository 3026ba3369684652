// SPDX-License-Identifier: EUPL-1.2

package mine

import (
	"net/http"

	"vorzimmer/internal/web/view"
)

// restrictPage restricts the use of somebody's records, or lifts that.
type restrictPage struct {
	view.Layout
	Done    string // translated
	On      bool   // some record is restricted
	Off     bool   // some record is not
	Action  string
	BackURL string
}

func (p *pages) askRestrict(w http.ResponseWriter, r *request) error {
	list, _, err := p.rights.Records(r.Context(), r.by)
	if err != nil {
		return err
	}
	page := restrictPage{Layout: r.layout("mine.restrict.title", "/restrict"), Action: r.path("/restrict"), BackURL: r.back()}
	for _, o := range list {
		page.On = page.On || !o.Person.Restricted.IsZero()
		page.Off = page.Off || o.Person.Restricted.IsZero()
	}
	switch {
	case r.URL.Query().Has("on"):
		page.Done = r.Printer.T("mine.restrict.done")
	case r.URL.Query().Has("off"):
		page.Done = r.Printer.T("mine.restrict.lifted")
	}
	return r.Render(w, http.StatusOK, p.views, "restrict", page)
}

func (p *pages) restrict(_ http.ResponseWriter, r *request) error {
	on := r.PostForm.Get("restrict") == "on"
	if err := p.rights.Restrict(r.Context(), r.by, on); err != nil {
		return err
	}
	if on {
		return r.SeeOther(r.base + "/restrict?on")
	}
	return r.SeeOther(r.base + "/restrict?off")
}
