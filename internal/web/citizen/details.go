// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// details shows the form for a held slot, with what was typed before.
func (p *pages) details(w http.ResponseWriter, r *web.Request) error {
	v, err := p.held(r)
	if err != nil {
		return err
	}
	if v.Person != nil {
		return p.renderDetails(w, r, v, v.Person.Data, nil)
	}
	var d person.Data
	if mine, ok := p.owner(r); ok {
		d = mine.Data
	}
	return p.renderDetails(w, r, v, d, nil)
}

// held opens the hold of the address. When it is booked already, the error
// sends the visitor to where its result is.
func (p *pages) held(r *web.Request) (*booking.View, error) {
	secret := secretOf(r)
	v, err := p.bookings.Open(r.Context(), r.Tenant, secret)
	switch {
	case err != nil:
		return nil, err
	case v.State == booking.Held:
		return v, nil
	case v.Active():
		return nil, r.SeeOther(holdPath(secret) + "/done")
	}
	return nil, r.SeeOther(managePath(secret))
}

func (p *pages) renderDetails(w http.ResponseWriter, r *web.Request, v *booking.View, d person.Data, problem error) error {
	page := detailsPage{Layout: r.Layout("details.title"), Summary: summaryOf(v), Hold: p.holdLine(r, v),
		Action: r.Path(holdPath(secretOf(r)))}
	page.Step = 3
	page.Languages = r.Languages(holdPath(secretOf(r)))
	status := r.Show(&page.Layout, problem)
	page.Form = formOf(d, page.Layout)
	if _, ok := p.owner(r); !ok {
		page.LoginURL = withQuery(r.Path(accountPath+"/login"), url.Values{"next": {holdPath(secretOf(r))}})
	} else {
		page.Filled = v.Person == nil && problem == nil
	}
	return r.Render(w, status, p.views, "details", page)
}

// saveDetails checks the form and goes on to the summary.
func (p *pages) saveDetails(w http.ResponseWriter, r *web.Request) error {
	v, err := p.held(r)
	if err != nil {
		return err
	}
	typed := person.Typed(r.PostForm.Get)
	d, fields := person.Check(typed, p.clock.Now())
	if len(fields) > 0 {
		return p.renderDetails(w, r, v, typed, &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: fields})
	}
	renewed, err := p.bookings.SaveDetails(r.Context(), r.Tenant, secretOf(r), d)
	if isLost(err) {
		return p.renderLost(w, r, v, err)
	}
	if err != nil {
		return err
	}
	if mine, ok := p.owner(r); ok {
		if err := p.bookings.ForAccount(r.Context(), r.Tenant, secretOf(r), mine.ID, mine.Data.Email); err != nil {
			return err
		}
	}
	path := holdPath(secretOf(r)) + "/check"
	if renewed {
		path += "?renewed"
	}
	return r.SeeOther(path)
}

// isLost tells whether a held slot cannot be had any more.
func isLost(err error) bool { return fault.Is(err, fault.Conflict, fault.Gone) }

// renderLost offers other times for a hold that is lost; what was typed goes
// along.
func (p *pages) renderLost(w http.ResponseWriter, r *web.Request, v *booking.View, problem error) error {
	sel := selectionOf(v)
	places, err := locations(r.Catalogue.LocationsFor(sel), v.Location.Key)
	if err != nil {
		places, err = locations(r.Catalogue.LocationsFor(sel), "")
	}
	if err != nil {
		return problem
	}
	return p.renderTaken(w, r, sel, places, v.Start.Unix(), secretOf(r), problem)
}

// extend gives more time and keeps what was typed, checked or not.
func (p *pages) extend(w http.ResponseWriter, r *web.Request) error {
	v, err := p.held(r)
	if err != nil {
		return err
	}
	if !p.holds.Allow(r.Network()) {
		return fault.New(fault.TooMany, "limit.network")
	}
	typed := typedAlong(r)
	err = p.bookings.Extend(r.Context(), r.Tenant, secretOf(r), typed)
	if isLost(err) {
		return p.renderLost(w, r, v, err)
	}
	if err != nil {
		return err
	}
	to := holdPath(secretOf(r))
	if typed == nil {
		to += "/check"
	}
	return r.SeeOther(to)
}

// typedAlong is the form of the details page, when the button was on it.
func typedAlong(r *web.Request) *person.Data {
	if !r.PostForm.Has(person.FieldLastName) {
		return nil
	}
	d := shorten(person.Typed(r.PostForm.Get))
	return &d
}

// release gives the slot back and shows the times again.
func (p *pages) release(w http.ResponseWriter, r *web.Request) error {
	v, err := p.held(r)
	if err != nil {
		return err
	}
	forget := p.forgetting(r)
	if err := p.bookings.Release(r.Context(), r.Tenant, secretOf(r), typedAlong(r), forget...); err != nil {
		return err
	}
	if len(forget) > 0 {
		r.DropCookie(w)
	}
	q := url.Values{"service": wantedOf(selectionOf(v)), "location": {v.Location.Key}}
	return r.SeeOther(withQuery(holdPath(secretOf(r))+"/times", q))
}

func (p *pages) holdLine(r *web.Request, v *booking.View) holdLine {
	path := r.Path(holdPath(secretOf(r)))
	left := v.Until - p.clock.Now().Unix()
	return holdLine{Until: zoned(v, v.Until), Seconds: max(left, 0), Expired: left <= 0,
		Extensions: max(v.Tenant.Booking.MaxExtensions-v.Extensions, 0), Renewed: r.URL.Query().Has("renewed"),
		ExtendURL: path + "/extend", ReleaseURL: path + "/release"}
}

func zoned(v *booking.View, unix int64) time.Time { return time.Unix(unix, 0).In(v.Location.Plan.Zone) }

// shorten bounds what is kept unchecked.
func shorten(d person.Data) person.Data {
	for _, s := range person.Texts(&d) {
		*s = strings.ToValidUTF8(*s, "")
		if runes := []rune(*s); len(runes) > 1000 {
			*s = string(runes[:1000])
		}
	}
	return d
}

// formOf fills the form of the details page, which shows what the layout says is
// wrong.
func formOf(d person.Data, l view.Layout) view.PersonForm {
	f := view.NewPersonForm(d, l)
	f.Who, f.Why, f.EmailHint, f.WithNote = "details.who", "details.voluntary_text", "details.email_hint", true
	return f
}
