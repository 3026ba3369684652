// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/view"
)

// auditPage: who did what.
type auditPage struct {
	view.Layout
	Action   string
	Person   string // what is looked for, as it was typed
	Number   string // of an appointment
	Members  []auditMember
	Entries  []auditEntry
	OlderURL string
}

type auditMember struct {
	ID, Name string
	Chosen   bool
}

type auditEntry struct {
	At             time.Time // in the tenant's zone
	Year           int
	Who, Role      string // Role translated; empty where there is none
	What           string // translated
	Detail         string
	PersonID       string
	PersonURL      string // entries about that record
	Reference      string // grouped
	AppointmentURL string // entries about that appointment
	Place          locale.Text
	Subject        string // name of another account
}

// Inputs are the fields to search by.
func (p auditPage) Inputs() []view.Input {
	return []view.Input{
		{Name: "appointment", Label: "field.label.appointment", Type: "text", Value: p.Number, Error: p.ErrorFor("appointment")},
		{Name: "person", Label: "field.label.person", Type: "text", Value: p.Person},
	}
}

func (p *pages) auditRoutes() { p.get("/desk/audit", staff.ReadAudit, p.audit) }

// auditFields are the parts of the address that choose entries.
var auditFields = []string{"person", "appointment", "member"}

func (p *pages) audit(w http.ResponseWriter, r *request) error {
	q := r.URL.Query()
	names, err := p.accounts.Names(r.Context(), r.by)
	if err != nil {
		return err
	}
	page := auditPage{Layout: r.Layout("desk.audit.title"), Action: r.Path("/desk/audit"),
		Person: q.Get("person"), Number: q.Get("appointment"), Members: auditMembers(names, q.Get("member"))}
	list, err := p.bookings.Record(r.Context(), r.by, booking.RecordFilter{PersonID: q.Get("person"),
		Reference: q.Get("appointment"), StaffID: q.Get("member"), Before: q.Get("before")})
	if err != nil && !fault.Is(err, fault.Invalid) {
		return err
	}
	status := r.Show(&page.Layout, err)
	for _, e := range list {
		page.Entries = append(page.Entries, auditLine(r, e, names))
	}
	if len(list) == audit.PageSize {
		older := url.Values{"before": {list[len(list)-1].ID}}
		for _, f := range auditFields {
			if q.Get(f) != "" {
				older.Set(f, q.Get(f))
			}
		}
		page.OlderURL = r.Path("/desk/audit") + "?" + older.Encode()
	}
	return r.Render(w, status, p.views, "audit", page)
}

func auditMembers(names map[string]string, chosen string) []auditMember {
	ids := slices.SortedFunc(maps.Keys(names), func(a, b string) int { return strings.Compare(names[a]+a, names[b]+b) })
	var out []auditMember
	for _, id := range ids {
		out = append(out, auditMember{ID: id, Name: names[id], Chosen: id == chosen})
	}
	return out
}

// auditLine says who by name and role: this is the office's own page.
func auditLine(r *request, e booking.RecordEntry, names map[string]string) auditEntry {
	at := time.Unix(e.At, 0).In(r.Catalogue.Tenant.Zone)
	line := auditEntry{At: at, Year: at.Year(), What: r.Printer.T("audit." + string(e.Action)), Detail: e.Detail,
		PersonID: e.PersonID, Reference: booking.GroupReference(e.Reference), Subject: names[e.SubjectID]}
	line.Who, line.Role = auditActor(r, e.Actor, names)
	if e.PersonID != "" {
		line.PersonURL = r.Path("/desk/audit") + "?" + url.Values{"person": {e.PersonID}}.Encode()
	}
	if e.Reference != "" {
		line.AppointmentURL = r.Path("/desk/audit") + "?" + url.Values{"appointment": {e.Reference}}.Encode()
	}
	if l, ok := r.Catalogue.LocationByID(e.LocationID); ok {
		line.Place = l.Name
	}
	return line
}

// auditActor is who it was, and in which role. An account that is gone leaves
// its role.
func auditActor(r *request, a audit.Actor, names map[string]string) (string, string) {
	if a.Kind != audit.Staff {
		return r.Printer.T("desk.audit." + string(a.Kind)), ""
	}
	role := roleName(r.Printer, staff.Role(a.Role))
	if name := names[a.StaffID]; name != "" {
		return name, role
	}
	return role, ""
}
