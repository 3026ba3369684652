// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/message"
	"vorzimmer/internal/office"
	"vorzimmer/internal/web"
)

// opened opens the appointment of the address. A hold has pages of its own:
// the error sends the visitor there.
func (p *pages) opened(r *web.Request) (*booking.View, error) {
	v, err := p.bookings.Open(r.Context(), r.Tenant, secretOf(r))
	if err != nil {
		return nil, err
	}
	if v.State == booking.Held {
		return nil, r.SeeOther(holdPath(secretOf(r)))
	}
	return v, nil
}

// manage shows an appointment to whoever has its link. It changes nothing.
func (p *pages) manage(w http.ResponseWriter, r *web.Request) error {
	v, err := p.opened(r)
	if err != nil {
		return err
	}
	path := r.Path(managePath(secretOf(r)))
	state := p.stateOf(v)
	page := managePage{Layout: r.Layout("manage.title." + state), Summary: summaryOf(v), State: state,
		Moved: r.URL.Query().Has("moved"), StartURL: r.Path("/"), RightsURL: r.Path(rightsPath)}
	if v.State == booking.Unconfirmed {
		page.ConfirmBy = zoned(v, v.Until)
	}
	if page.Kept, err = p.bookings.KeptOf(r.Context(), v); err != nil {
		return err
	}
	if changeable(state) || state == "past" {
		if page.AdoptURL, err = p.adoptURL(r, v); err != nil {
			return err
		}
	}
	if changeable(state) {
		page.MoveURL, page.CancelURL, page.CalendarURL = path+"/move", path+"/cancel", path+"/calendar.ics"
		if page.QR, err = p.manageCode(r, secretOf(r)); err != nil {
			return err
		}
	}
	return r.Render(w, http.StatusOK, p.views, "manage", page)
}

// stateOf is the state as people see it: what is over is past or expired, and who
// has been seen at the desk is here.
func (p *pages) stateOf(v *booking.View) string {
	now := p.clock.Now()
	switch {
	case v.RunOut(now):
		return string(booking.Expired)
	case v.Active() && !v.Begin().After(now):
		return "past"
	}
	switch v.State {
	case booking.Arrived, booking.Called:
		return "here"
	case booking.Served, booking.NoShow:
		return "past"
	}
	return string(v.State)
}

// changeable tells whether an appointment in this state can be moved or
// cancelled.
func changeable(state string) bool {
	return state == string(booking.Confirmed) || state == string(booking.Unconfirmed)
}

// calendarFile is the appointment as a file for the visitor's calendar.
func (p *pages) calendarFile(w http.ResponseWriter, r *web.Request) error {
	v, err := p.opened(r)
	if err != nil {
		return err
	}
	f := p.bookings.Facts(v, r.Lang())
	f.ManageURL = p.bookings.Links.Manage(r.Tenant, r.Lang(), secretOf(r))
	ics, err := f.ICS(p.site.Texts, p.clock.Now(), message.MethodPublish, "")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8; method=PUBLISH")
	w.Header().Set("Content-Disposition", `attachment; filename="termin.ics"`)
	_, _ = w.Write(ics)
	return nil
}

// chooseMove shows the times to which an appointment can move.
func (p *pages) chooseMove(w http.ResponseWriter, r *web.Request) error {
	v, err := p.opened(r)
	if err != nil {
		return err
	}
	if !changeable(p.stateOf(v)) {
		return r.SeeOther(managePath(secretOf(r)))
	}
	page, err := p.movePage(r, v, r.URL.Query(), 0)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if len(page.Errors) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return p.renderTimes(w, r, status, page)
}

func (p *pages) movePage(r *web.Request, v *booking.View, q url.Values, near int64) (timesPage, error) {
	path := r.Path(managePath(secretOf(r)))
	s := summaryOf(v)
	page := timesPage{Layout: r.Layout("times.move_title"), Moving: &s, BackURL: path, Action: path + "/move"}
	places, err := locations(r.Catalogue.LocationsFor(selectionOf(v)), cmp.Or(q.Get("location"), v.Location.Key))
	if err != nil && q.Get("location") == "" {
		// Its own location does that no longer; others may.
		places, err = locations(r.Catalogue.LocationsFor(selectionOf(v)), "")
	}
	if err != nil {
		return page, err
	}
	page.Hidden = []hidden{{"location", places[0].Key}}
	c := calendar{pages: p, r: r, query: q, path: path + "/move", places: places, near: near, keep: url.Values{},
		search: func(l *office.Location) booking.Search { return booking.SearchMove(l, &v.Appointment) }}
	return page, c.fill(&page)
}

// move puts the appointment at the chosen time.
func (p *pages) move(w http.ResponseWriter, r *web.Request) error {
	v, err := p.opened(r)
	if err != nil {
		return err
	}
	if !p.holds.Allow(r.Network()) {
		return fault.New(fault.TooMany, "limit.network")
	}
	start, err := strconv.ParseInt(r.PostForm.Get("start"), 10, 64)
	if err != nil {
		err = fault.Wrap(err, fault.Invalid, "time.free")
	} else {
		err = p.bookings.Move(r.Context(), r.Tenant, secretOf(r), r.PostForm.Get("location"), start)
	}
	if err == nil {
		return r.SeeOther(managePath(secretOf(r)) + "?moved")
	}
	if !fault.Is(err, fault.Conflict, fault.Invalid) {
		return err
	}
	page, problem := p.movePage(r, v, url.Values{"location": {r.PostForm.Get("location")}}, start)
	if problem != nil {
		return problem
	}
	return p.answerTaken(w, r, page, err)
}

// askCancel asks once. The link in a mail leads here, and mail scanners open
// links: nothing happens before the button.
func (p *pages) askCancel(w http.ResponseWriter, r *web.Request) error {
	v, err := p.opened(r)
	if err != nil {
		return err
	}
	path := r.Path(managePath(secretOf(r)))
	if !changeable(p.stateOf(v)) {
		return r.SeeOther(managePath(secretOf(r)))
	}
	page := cancelPage{Layout: r.Layout("cancel.title"), Summary: summaryOf(v), Action: path + "/cancel", BackURL: path}
	return r.Render(w, http.StatusOK, p.views, "cancel", page)
}

func (p *pages) cancel(w http.ResponseWriter, r *web.Request) error {
	if err := p.bookings.Cancel(r.Counting(), r.Tenant, secretOf(r)); err != nil {
		return err
	}
	return r.SeeOther(managePath(secretOf(r)))
}

// askVerify shows the button that confirms the mailbox.
func (p *pages) askVerify(w http.ResponseWriter, r *web.Request) error {
	v, err := p.opened(r)
	if err != nil {
		return err
	}
	if v.State != booking.Unconfirmed {
		return r.SeeOther(managePath(secretOf(r)))
	}
	page := verifyPage{Layout: r.Layout("verify.title"), Summary: summaryOf(v), By: zoned(v, v.Until),
		Action: r.Path(managePath(secretOf(r))) + "/verify"}
	return r.Render(w, http.StatusOK, p.views, "verify", page)
}

func (p *pages) verify(w http.ResponseWriter, r *web.Request) error {
	v, err := p.opened(r)
	if err != nil {
		return err
	}
	err = p.bookings.Verify(r.Context(), r.Tenant, secretOf(r))
	if isLost(err) && v.State != booking.Cancelled {
		return p.renderLost(w, r, v, err)
	}
	if err != nil {
		return err
	}
	return r.SeeOther(managePath(secretOf(r)))
}
