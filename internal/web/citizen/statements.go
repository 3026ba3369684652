// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"vorzimmer/internal/feedback"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/notice"
	"vorzimmer/internal/office"
	registers "vorzimmer/internal/privacy"
	"vorzimmer/internal/rights"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// Statements is what the pages that the law asks for need beside the catalogue.
type Statements struct {
	Base            func(tenantID string) *url.URL // where a tenant is served
	SecurityContact string                         // URL for security.txt; empty: the controller's mailbox
	Feedback        *feedback.Box
	Notices         *notice.Store
	Rights          *rights.Rights
}

// imprintPage: who offers this (DDG, section 5).
type imprintPage struct {
	view.Layout
	Provider      party
	RepresentedBy locale.Text // empty: not said
	VATID         string      // likewise
	Operators     []office.Processor
}

// accessibilityPage: the statement of Directive (EU) 2016/2102, Art. 7, with the
// parts of the model in Implementing Decision (EU) 2018/1523.
type accessibilityPage struct {
	view.Layout
	Site        string        // host name
	Laws        []locale.Text // of the Land
	Status      string        // fully, partly or not
	Barriers    []locale.Text // that the town knows, in addition to the program's
	Prepared    *time.Time    // when the town checked the pages; nil: it has not said so
	Contact     party
	FeedbackURL string
	Disputes    party
	Monitoring  party // without a name: not known, or the same as Disputes
	Both        bool  // Disputes does both
}

// party is somebody with an address; what is empty is not shown.
type party struct {
	Name                            locale.Text
	Street, City, Phone, Email, URL string
}

// Host is the host of its page.
func (p party) Host() string {
	u, err := url.Parse(p.URL)
	if err != nil {
		return p.URL
	}
	return u.Host
}

func (p *pages) imprint(w http.ResponseWriter, r *web.Request) error {
	page := imprintOf(&r.Catalogue.Tenant)
	page.Layout = r.Layout("imprint.title")
	return r.Render(w, http.StatusOK, p.views, "imprint", page)
}

func imprintOf(t *office.Tenant) imprintPage {
	page := imprintPage{Provider: controllerParty(t), RepresentedBy: t.Statements.RepresentedBy, VATID: t.Statements.VATID}
	for _, x := range t.Processors {
		if x.Role == "operator" {
			page.Operators = append(page.Operators, x)
		}
	}
	return page
}

func (p *pages) accessibility(w http.ResponseWriter, r *web.Request) error {
	page := accessibilityOf(&r.Catalogue.Tenant, p.say.Base(r.Tenant).Host)
	page.Layout = r.Layout("accessibility.title")
	page.FeedbackURL = r.Path(feedbackPath)
	return r.Render(w, http.StatusOK, p.views, "accessibility", page)
}

func accessibilityOf(t *office.Tenant, site string) accessibilityPage {
	said := t.Statements.Accessibility
	page := accessibilityPage{Site: site, Status: said.Status, Barriers: said.Barriers, Contact: contactParty(t)}
	if page.Status == "" {
		page.Status = "partly"
	}
	if said.Prepared != 0 {
		on := said.Prepared.UTC()
		page.Prepared = &on
	}
	land, ok := registers.LandOf(t.Land)
	if !ok {
		return page
	}
	for _, law := range land.Access.Laws {
		page.Laws = append(page.Laws, german(law))
	}
	page.Disputes, page.Both = authority(land.Access.Disputes), land.Access.Disputes == land.Access.Monitoring
	if !page.Both {
		page.Monitoring = authority(land.Access.Monitoring)
	}
	return page
}

// german is a name or title that stays as it is in every language.
func german(s string) locale.Text {
	if s == "" {
		return nil
	}
	return locale.Text{locale.DE: s}
}

func authority(a registers.Authority) party {
	return party{Name: german(a.Name), Street: a.Street, City: strings.TrimSpace(a.Postcode + " " + a.City), Phone: a.Phone, Email: a.Email, URL: a.URL}
}

func controllerParty(t *office.Tenant) party {
	c := t.Controller
	return party{Name: german(c.Name), Street: c.Street, City: c.Postcode + " " + c.City, Phone: c.Phone, Email: c.Email}
}

// contactParty is whom to tell of a barrier.
func contactParty(t *office.Tenant) party {
	who := controllerParty(t)
	who.Email = feedback.To(t)
	return who
}
