// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/person"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// watch is the desk of a town at which each look is somebody else's.
type watch struct {
	*town
	saw map[string]string // what each saw, by staff id
}

// look lets somebody new look.
func (w *watch) look(what string, f func(by *staff.Member) error) {
	w.Helper()
	by := w.member(staff.Admin)
	by.ID = fmt.Sprint("staff ", len(w.saw))
	w.saw[by.ID] = what
	w.fine(f(by))
	w.Clock.Advance(time.Hour)
}

func (w *watch) list(what, location string, date slot.Date) {
	w.Helper()
	w.look(what, func(by *staff.Member) error {
		_, err := w.Day(w.Context(), by, w.place(location).ID, date)
		return err
	})
}

func (w *watch) calendar(what string, from slot.Date) {
	w.Helper()
	w.look(what, func(by *staff.Member) error {
		_, err := w.Board(w.Context(), by, w.place("rathaus").ID, from, 7)
		return err
	})
}

// watchers are what those saw of whom the record of a filter tells.
func (w *watch) watchers(f booking.RecordFilter) []string {
	w.Helper()
	list, err := w.Record(w.Context(), w.member(staff.Officer), f)
	w.fine(err)
	saw := map[string]bool{}
	for _, e := range list {
		if what := w.saw[e.Actor.StaffID]; what != "" {
			saw[what] = true
		}
	}
	return slices.Sorted(maps.Keys(saw))
}

// The record of a person and of an appointment has all who saw them, also on a
// list, and nobody who saw only lists on which they were not.
func TestWhoSawWhom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		town := newTown(t, e)
		w := &watch{town, map[string]string{}}
		tuesday, nextDay := monday.AddDays(1), monday.AddDays(2)
		w.list("not yet there", "rathaus", tuesday)
		secret, v := w.bookAs(guest, at(8, 10, 0))
		w.list("the day", "rathaus", tuesday)
		w.list("not the next day", "rathaus", nextDay)
		w.list("not elsewhere", "nord", tuesday)
		w.calendar("the week", monday)
		w.calendar("not the week after", monday.AddDays(7))
		w.look("the search", func(by *staff.Member) error {
			_, _, err := w.FindPersons(t.Context(), by, guest.LastName)
			return err
		})
		w.look("not for another", func(by *staff.Member) error {
			_, _, err := w.FindPersons(t.Context(), by, "Niemand")
			return err
		})
		w.look("the preview", func(by *staff.Member) error {
			_, err := w.PreviewClosing(t.Context(), by, w.closing("", 8, 0, 9, 0))
			return err
		})
		w.look("the card", func(by *staff.Member) error {
			_, err := w.Card(t.Context(), by, v.PersonID)
			return err
		})
		w.fine(w.Move(t.Context(), w.tenant, secret, "", at(9, 9, 0)))
		w.list("no longer there", "rathaus", tuesday)
		w.list("the new day", "rathaus", nextDay)

		appointment := []string{"the day", "the new day", "the week"}
		if got := w.watchers(booking.RecordFilter{Reference: v.Reference}); !slices.Equal(got, appointment) {
			t.Errorf("the appointment was seen by %q", got)
		}
		person := []string{"the card", "the day", "the new day", "the preview", "the search", "the week"}
		if got := w.watchers(booking.RecordFilter{PersonID: v.PersonID}); !slices.Equal(got, person) {
			t.Errorf("the person was seen by %q", got)
		}
		if got := w.watchers(booking.RecordFilter{PersonID: v.PersonID, Reference: v.Reference}); !slices.Equal(got, appointment) {
			t.Errorf("both were seen by %q", got)
		}
	})
}

// A list that is open keeps itself up to date without another entry: who comes to
// it within that time was seen by it.
func TestWhoSawWhoCameLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.day(monday.AddDays(1))
		w.Clock.Advance(9 * time.Minute)
		_, v := w.bookAs(guest, at(8, 10, 0))
		w.day(monday.AddDays(1))
		list, err := w.Record(t.Context(), w.member(staff.Officer), booking.RecordFilter{PersonID: v.PersonID})
		w.fine(err)
		if !slices.ContainsFunc(list, func(e booking.RecordEntry) bool { return e.Action == "day.viewed" }) {
			t.Errorf("nobody saw them: %v", list)
		}
	})
}

// Each change of an appointment is recorded, whoever made it: also the booking of
// a citizen, and the deletion of the record that went into another.
func TestChangesOfCitizensAreRecorded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		secret, v := w.bookAs(guest, at(8, 10, 0))
		w.fine(w.Move(t.Context(), w.tenant, secret, "", at(9, 9, 0)))
		w.fine(w.Cancel(t.Context(), w.tenant, secret))
		other, _ := w.bookFor("ausweis", at(9, 10, 0))
		w.merge(other.PersonID, v.PersonID)
		w.Clock.Advance(person.UndoWithin)
		_, err := w.Housekeep(t.Context())
		w.fine(err)
		list, err := w.Record(t.Context(), w.member(staff.Officer), booking.RecordFilter{PersonID: v.PersonID})
		w.fine(err)
		var got []string
		for _, e := range list {
			got = append(got, string(e.Actor.Kind)+" "+string(e.Action))
		}
		want := []string{"system person.deleted", "staff person.merged", "citizen appointment.cancelled",
			"citizen appointment.moved", "citizen appointment.booked"}
		if !slices.Equal(got, want) {
			t.Errorf("recorded %q", got)
		}
	})
}
