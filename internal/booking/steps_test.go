// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// subject is an appointment on which a function is tried.
type subject struct {
	id         string
	version    int64
	page, mail seal.Secret
	start      int64
}

// functions are all that somebody can do to an appointment.
var functions = []struct {
	name string
	do   func(w *town, s subject) error
}{
	{"arrive", func(w *town, s subject) error {
		return w.Arrive(w.Context(), w.member(staff.Clerk), s.id, s.version)
	}},
	{"call", func(w *town, s subject) error {
		return w.Call(w.Context(), w.member(staff.Clerk), s.id, s.version, w.counter("schalter-1"))
	}},
	{"finish", func(w *town, s subject) error {
		return w.Finish(w.Context(), w.member(staff.Clerk), s.id, s.version)
	}},
	{"missed", func(w *town, s subject) error {
		return w.Missed(w.Context(), w.member(staff.Clerk), s.id, s.version)
	}},
	{"back", func(w *town, s subject) error {
		return w.Back(w.Context(), w.member(staff.Clerk), s.id, s.version)
	}},
	{"move for", func(w *town, s subject) error {
		return w.MoveFor(w.Context(), w.member(staff.Clerk), s.id, s.version, "", s.start+86400)
	}},
	{"cancel for", func(w *town, s subject) error {
		return w.CancelFor(w.Context(), w.member(staff.Clerk), s.id, s.version)
	}},
	{"change contact", func(w *town, s subject) error {
		return w.ChangeContact(w.Context(), w.member(staff.Clerk), s.id, s.version, caller)
	}},
	{"move", func(w *town, s subject) error { return w.Move(w.Context(), w.tenant, s.page, "", s.start+86400) }},
	{"cancel", func(w *town, s subject) error { return w.Cancel(w.Context(), w.tenant, s.page) }},
	{"confirm", func(w *town, s subject) error { return w.Confirm(w.Context(), w.tenant, s.page, locale.DE) }},
	{"verify", func(w *town, s subject) error { return w.Verify(w.Context(), w.tenant, s.mail) }},
}

// same stands for a function that changes nothing.
const same = booking.State("")

// outcome is what a function answers and the state that it leads to.
type outcome struct {
	key   string
	state booking.State
}

// transitions is the whole table: for each state the outcome of each of the
// functions, in their order.
var transitions = map[booking.State][]outcome{
	booking.Unconfirmed: {{ok, booking.Arrived}, {ok, booking.Called}, {"visit.state", same}, {"visit.state", same},
		{"visit.state", same}, {ok, booking.Confirmed}, {ok, booking.Cancelled}, {ok, same},
		{ok, same}, {ok, booking.Cancelled}, {ok, same}, {ok, booking.Confirmed}},
	booking.Confirmed: {{ok, booking.Arrived}, {ok, booking.Called}, {"visit.state", same}, {"visit.not_yet", same},
		{"visit.state", same}, {ok, same}, {ok, booking.Cancelled}, {ok, same},
		{ok, same}, {ok, booking.Cancelled}, {ok, same}, {ok, same}},
	booking.Arrived: {{"visit.state", same}, {ok, booking.Called}, {"visit.state", same}, {ok, booking.NoShow},
		{ok, booking.Confirmed}, {"visit.here", same}, {"visit.here", same}, {ok, same},
		{"visit.here", same}, {"visit.here", same}, {ok, same}, {ok, same}},
	booking.Called: {{"visit.state", same}, {"visit.state", same}, {ok, booking.Served}, {ok, booking.NoShow},
		{ok, booking.Arrived}, {"visit.here", same}, {"visit.here", same}, {ok, same},
		{"visit.here", same}, {"visit.here", same}, {ok, same}, {ok, same}},
	booking.Served: {{"visit.state", same}, {"visit.state", same}, {"visit.state", same}, {"visit.state", same},
		{ok, booking.Called}, {"booking.past", same}, {"booking.past", same}, {ok, same},
		{"booking.past", same}, {"booking.past", same}, {ok, same}, {ok, same}},
	booking.NoShow: {{"visit.state", same}, {"visit.state", same}, {"visit.state", same}, {"visit.state", same},
		{ok, booking.Arrived}, {"booking.past", same}, {"booking.past", same}, {ok, same},
		{"booking.past", same}, {"booking.past", same}, {ok, same}, {ok, same}},
	booking.Cancelled: {{"visit.state", same}, {"visit.state", same}, {"visit.state", same}, {"visit.state", same},
		{"visit.state", same}, {"booking.cancelled", same}, {ok, same}, {"booking.cancelled", same},
		{"booking.cancelled", same}, {ok, same}, {"booking.cancelled", same}, {"booking.cancelled", same}},
	booking.Expired: {{"visit.state", same}, {"visit.state", same}, {"visit.state", same}, {"visit.state", same},
		{"visit.state", same}, {"booking.expired", same}, {"booking.expired", same}, {"booking.expired", same},
		{"booking.expired", same}, {"booking.expired", same}, {"booking.expired", same}, {ok, booking.Confirmed}},
	booking.Held: {{"visit.unknown", same}, {"visit.unknown", same}, {"visit.unknown", same}, {"visit.unknown", same},
		{"visit.unknown", same}, {"visit.unknown", same}, {"visit.unknown", same}, {"visit.unknown", same},
		{"error.link.text", same}, {"error.link.text", same}, {ok, booking.Confirmed}, {"error.link.text", same}},
}

// Every function in every state.
func TestTransitions(t *testing.T) {
	for state, want := range transitions {
		t.Run(string(state), func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
				w := newTown(t, e)
				w.early()
				w.exec("UPDATE tenant SET unverified_per_address = 100, revision = revision + 1")
				for i, f := range functions {
					s := w.in(state, at(7, 8, 15*(i%8)))
					if got := keyOf(f.do(w, s)); got != want[i].key {
						t.Errorf("%s: %q, want %q", f.name, got, want[i].key)
					}
					if v := w.view(s.page); want[i].state != same && v.State != want[i].state || want[i].state == same && v.State != state {
						t.Errorf("%s: %s, want %s", f.name, v.State, want[i].state)
					}
					w.leaveCounter(s)
				}
				CheckClean(t, e.DB, w.kek)
			})
		})
	}
}

// in is an appointment in a state, as people get it there.
func (w *town) in(state booking.State, start int64) subject {
	w.Helper()
	ctx, clerk := w.Context(), w.member(staff.Clerk)
	unconfirmed := state == booking.Unconfirmed || state == booking.Expired
	w.exec("UPDATE tenant SET confirm_email = $1, revision = revision + 1", unconfirmed)
	s := subject{start: start}
	if state == booking.Held {
		s.page = w.mustHold("meldung", start)
		_, err := w.SaveDetails(ctx, w.tenant, s.page, guest)
		w.fine(err)
		s.mail = s.page
	} else {
		for len(w.links) > 0 {
			<-w.links
		}
		s.page = w.book("meldung", start)
		s.mail = <-w.links
	}
	v := w.view(s.page)
	s.id, s.version = v.ID, v.Version
	switch state {
	case booking.Arrived, booking.NoShow:
		w.fine(w.Arrive(ctx, clerk, s.id, s.version))
	case booking.Called, booking.Served:
		w.fine(w.Call(ctx, clerk, s.id, s.version, w.counter("schalter-1")))
	case booking.Cancelled:
		w.fine(w.Cancel(ctx, w.tenant, s.page))
	case booking.Expired:
		now := w.Clock.Now()
		w.Clock.Advance(31 * time.Minute)
		_, err := w.Housekeep(ctx)
		w.fine(err)
		w.Clock.Set(now)
	}
	if state == booking.NoShow {
		w.fine(w.Missed(ctx, clerk, s.id, w.version(s.id)))
	}
	if state == booking.Served {
		w.fine(w.Finish(ctx, clerk, s.id, w.version(s.id)))
	}
	s.version = w.version(s.id)
	return s
}

// leaveCounter makes room at the counter for the next one.
func (w *town) leaveCounter(s subject) {
	w.Helper()
	if w.view(s.page).State == booking.Called {
		w.fine(w.Finish(w.Context(), w.member(staff.Clerk), s.id, w.version(s.id)))
	}
}

// Nobody can do what the role or the place does not allow, and for another
// tenant the appointment does not exist.
func TestStepsAskForRights(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		v, _ := w.bookFor("meldung", at(7, 8, 0))
		entry := func(by *staff.Member) error { _, err := w.Entry(t.Context(), by, v.ID); return err }
		steps := []struct {
			may []staff.Role
			do  func(by *staff.Member) error
		}{
			{[]staff.Role{staff.FrontDesk, staff.Clerk, staff.Admin}, entry},
			{[]staff.Role{staff.FrontDesk, staff.Clerk, staff.Admin}, func(by *staff.Member) error { return w.Arrive(t.Context(), by, v.ID, -1) }},
			{[]staff.Role{staff.Clerk, staff.Admin}, func(by *staff.Member) error { return w.Call(t.Context(), by, v.ID, -1, "") }},
			{[]staff.Role{staff.Clerk, staff.Admin}, func(by *staff.Member) error { return w.Finish(t.Context(), by, v.ID, -1) }},
			{[]staff.Role{staff.FrontDesk, staff.Clerk, staff.Admin}, func(by *staff.Member) error { return w.Missed(t.Context(), by, v.ID, -1) }},
			{[]staff.Role{staff.FrontDesk, staff.Clerk, staff.Admin}, func(by *staff.Member) error { return w.Back(t.Context(), by, v.ID, -1) }},
			{[]staff.Role{staff.FrontDesk, staff.Clerk, staff.Admin}, func(by *staff.Member) error {
				return w.MoveFor(t.Context(), by, v.ID, -1, "", at(8, 8, 0))
			}},
			{[]staff.Role{staff.FrontDesk, staff.Clerk, staff.Admin}, func(by *staff.Member) error { return w.CancelFor(t.Context(), by, v.ID, -1) }},
			{[]staff.Role{staff.FrontDesk, staff.Clerk, staff.Admin}, func(by *staff.Member) error {
				return w.ChangeContact(t.Context(), by, v.ID, -1, caller)
			}},
		}
		for i, step := range steps {
			for _, role := range staff.Roles {
				want := "staff.forbidden"
				for _, r := range step.may {
					if r == role {
						want = "visit.stale"
					}
				}
				if i == 0 && want == "visit.stale" {
					want = ok
				}
				by := w.member(role)
				if got := keyOf(step.do(by)); got != want {
					t.Errorf("step %d as %s: %q, want %q", i, role, got, want)
				}
				by.Everywhere, by.Locations = false, []string{w.place("nord").ID}
				if got := keyOf(step.do(by)); got != "staff.forbidden" {
					t.Errorf("step %d as %s elsewhere: %q", i, role, got)
				}
				by.Everywhere, by.TenantID = true, "nachbarort"
				if got := keyOf(step.do(by)); got != "visit.unknown" {
					t.Errorf("step %d as %s of another tenant: %q", i, role, got)
				}
			}
		}
		// Undoing a call is for those who call.
		id := w.called("meldung", at(7, 8, 15), "schalter-1")
		if got := keyOf(w.Back(t.Context(), w.member(staff.FrontDesk), id, w.version(id))); got != "staff.forbidden" {
			t.Errorf("the front desk undoes a call: %q", got)
		}
	})
}
