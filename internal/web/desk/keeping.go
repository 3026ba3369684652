// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"strings"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/person"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/view"
)

func (p *pages) keepingRoutes() {
	p.post(personPage+"/keep", staff.KeepRecord, p.keepCustomer)
	p.post(personPage+"/keep/end", staff.KeepRecord, p.endKeeping)
	p.post(personPage+"/restrict", staff.RestrictRecord, p.restrictCustomer)
	p.post(personPage+"/unrestrict", staff.RestrictRecord, p.unrestrictCustomer)
}

// keeping is the part of a card about what nobody may delete or use for now.
type keeping struct {
	Restricted *decided // nil: not
	Holds      []holdLine
	Restrict   string // address; empty: not to this member, or done
	Unrestrict string // likewise
	Keep, End  string // addresses; empty: not to this member
	Until      view.Input
	Reason     view.Input
}

// decided is when something was, and by somebody in which role.
type decided struct {
	At   time.Time // in the tenant's zone
	Role string    // translated; empty where nobody knows any more
}

// holdLine is why a record is kept.
type holdLine struct {
	decided
	ID      string
	LastDay time.Time
	Reason  string
}

// Empty tells whether there is nothing to say and nothing to do.
func (k keeping) Empty() bool {
	return k.Restricted == nil && len(k.Holds) == 0 && k.Restrict == "" && k.Keep == ""
}

// Typed tells whether there is something in the form that was not accepted.
func (k keeping) Typed() bool {
	return k.Until.Value+k.Until.Error+k.Reason.Value+k.Reason.Error != ""
}

// keepForm is what was typed, and not accepted.
type keepForm struct{ until, reason string }

// addKeeping puts the part on a card. The layout has what is wrong already.
func (page *customerPage) addKeeping(r *request, c *booking.Card, typed keepForm) {
	path, k := r.Path(customerPath(c.PersonID)), &page.Keeping
	if c.Restricted != nil {
		d := r.decided(c.Restricted.Since, c.Restricted.Role)
		k.Restricted = &d
	}
	for _, h := range c.Holds {
		k.Holds = append(k.Holds, holdLine{r.decided(h.Created, h.Role), h.ID, h.LastDay.UTC(), h.Reason})
	}
	if c.MayRestrict && c.Restricted == nil {
		k.Restrict = path + "/restrict"
	}
	if c.MayRestrict && c.Restricted != nil {
		k.Unrestrict = path + "/unrestrict"
	}
	if c.MayKeep {
		k.Keep, k.End = path+"/keep", path+"/keep/end"
	}
	k.Until = view.Input{Name: person.FieldKeepUntil, Label: "field.label.keep-until", Hint: "desk.keeping.until_hint", Type: "date",
		Value: typed.until, Required: true, Error: page.ErrorFor(person.FieldKeepUntil)}
	k.Reason = view.Input{Name: person.FieldKeepReason, Label: "field.label.keep-reason", Hint: "desk.keeping.reason_hint", Rows: 3,
		Value: typed.reason, Required: true, Error: page.ErrorFor(person.FieldKeepReason)}
}

func (r *request) decided(at time.Time, role string) decided {
	d := decided{At: at.In(r.Catalogue.Tenant.Zone)}
	if role != "" {
		d.Role = r.Printer.T("desk.role." + role)
	}
	return d
}

// keepCustomer keeps a record. A date that is none is as wrong as one that is over.
func (p *pages) keepCustomer(w http.ResponseWriter, r *request) error {
	id := r.PathValue("id")
	typed := keepForm{strings.TrimSpace(r.PostForm.Get(person.FieldKeepUntil)), r.PostForm.Get(person.FieldKeepReason)}
	until, err := slot.ParseDate(typed.until)
	if err != nil {
		until = 0
	}
	if err := p.bookings.KeepForClaim(r.Context(), r.by, id, typed.reason, until); err != nil {
		return p.refused(w, r, err, told{keep: typed})
	}
	return r.SeeOther(customerPath(id) + "?held")
}

// endKeeping ends what the form names.
func (p *pages) endKeeping(w http.ResponseWriter, r *request) error {
	return p.decide(w, r, p.bookings.EndClaim(r.Context(), r.by, r.id("hold")), "ended")
}

func (p *pages) restrictCustomer(w http.ResponseWriter, r *request) error {
	return p.decide(w, r, p.bookings.Restrict(r.Context(), r.by, r.PathValue("id")), "restricted")
}

func (p *pages) unrestrictCustomer(w http.ResponseWriter, r *request) error {
	return p.decide(w, r, p.bookings.Unrestrict(r.Context(), r.by, r.PathValue("id")), "unrestricted")
}

// decide leads back to the card, which says what was done, or why not.
func (p *pages) decide(w http.ResponseWriter, r *request, err error, done string) error {
	if err != nil {
		return p.refused(w, r, err, told{})
	}
	return r.SeeOther(customerPath(r.PathValue("id")) + "?" + done)
}
