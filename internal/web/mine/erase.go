// SPDX-License-Identifier: EUPL-1.2

package mine

import (
	"net/http"
	"strings"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/rights"
	"vorzimmer/internal/web/view"
)

// erasePage says what an erasure does, and has the button for it.
type erasePage struct {
	view.Layout
	Done      bool
	Coming    []coming
	Over      int
	Held      []held
	Closed    int
	Owner     bool
	SMS       string // names; empty: none
	AuditDays int
	Nothing   bool   // to erase
	Action    string // empty: nothing can be done now
	BackURL   string
}

// coming is an appointment that would be cancelled.
type coming struct {
	Begin     time.Time // in the location's zone
	Place     locale.Text
	Reference string
}

// held is a record that stays for now.
type held struct {
	References string
	Reason     string
	Until      time.Time
}

// askErase asks owners of accounts who they are before they decide.
func (p *pages) askErase(w http.ResponseWriter, r *request) error {
	if err := p.rights.MustProve(r.by); err != nil {
		return err
	}
	return p.renderErase(w, r, nil)
}

func (p *pages) renderErase(w http.ResponseWriter, r *request, problem error) error {
	plan, err := p.rights.Erasing(r.Context(), r.by)
	if err != nil {
		return err
	}
	page := erasePage{Layout: r.layout("mine.erase.title", "/erase"), Done: problem == nil && r.URL.Query().Has("done"), Over: plan.Over,
		Closed: plan.Closed, Owner: r.owner, SMS: strings.Join(plan.SMS, ", "), AuditDays: plan.AuditDays, Nothing: plan.Empty(), BackURL: r.back()}
	for _, v := range plan.Coming {
		page.Coming = append(page.Coming, coming{v.Begin(), v.Location.Name, booking.GroupReference(v.Reference)})
	}
	for _, h := range plan.Held {
		page.Held = append(page.Held, held{strings.Join(h.References, ", "), h.Reason, h.Until})
	}
	if !page.Nothing {
		page.Action = r.path("/erase")
	}
	return r.Render(w, r.Show(&page.Layout, problem), p.views, "erase", page)
}

// erase does it. Whoever has no account any more afterwards gets the page of that.
func (p *pages) erase(w http.ResponseWriter, r *request) error {
	f := r.PostForm
	wish := rights.Wish{Records: f.Get("records") == "yes", Account: f.Get("account") == "yes"}
	err := p.rights.Erase(r.Context(), r.by, wish, r.Lang())
	if fault.Is(err, fault.Invalid, fault.Conflict) {
		return p.renderErase(w, r, err)
	}
	if err != nil {
		return err
	}
	if r.owner && wish.Account {
		r.DropCookie(w)
		page := erasedPage{r.Layout("mine.erased.title"), r.Path("/")}
		page.Languages, page.AccountURL = nil, ""
		return r.Render(w, http.StatusOK, p.views, "erased", page)
	}
	return r.SeeOther(r.base + "/erase?done")
}

// erasedPage says that there is no account any more.
type erasedPage struct {
	view.Layout
	StartURL string
}
