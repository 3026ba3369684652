// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"sync/atomic"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// card is what the clerk sees of somebody.
func (w *town) card(personID string) *booking.Card {
	w.Helper()
	c, err := w.Card(w.Context(), w.member(staff.Clerk), personID)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

func (w *town) merge(kept, gone string) {
	w.Helper()
	if err := w.MergePersons(w.Context(), w.member(staff.Clerk), kept, gone); err != nil {
		w.Fatal(err)
	}
}

func (w *town) undo(mergeID string) {
	w.Helper()
	if err := w.UndoMerge(w.Context(), w.member(staff.Clerk), mergeID); err != nil {
		w.Fatal(err)
	}
}

// What belongs to one record belongs to the other afterwards, mails that were
// sent and mails that were not; links go on working, and within a day all goes
// back.
func TestMergeAndUndo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		_, kept := w.bookAs(called("Jörg", "Müller", 1), at(9, 9, 0))
		link, gone := w.bookAs(called("Jörgen", "Mulla", 2), at(10, 9, 0))
		w.sent()
		if err := w.Move(t.Context(), w.tenant, link, "", at(10, 10, 0)); err != nil { // with mails that wait
			t.Fatal(err)
		}
		for id, text := range map[string]string{kept.PersonID: "bleibt", gone.PersonID: "zieht um"} {
			if err := w.AddNote(t.Context(), w.member(staff.Clerk), id, text); err != nil {
				t.Fatal(err)
			}
		}
		before := w.view(link).Version
		w.merge(kept.PersonID, gone.PersonID)
		CheckClean(t, e.DB, w.kek)
		c := w.card(gone.PersonID) // of the record that it went into
		if c.PersonID != kept.PersonID || len(c.Coming) != 2 || len(c.Notes) != 2 || len(c.Merges) != 1 || c.Merges[0].LastName != "Mulla" {
			t.Fatalf("card after merging: %+v", c)
		}
		if v := w.view(link); v.PersonID != kept.PersonID || v.Version != before+1 {
			t.Errorf("the link shows %s in version %d", v.PersonID, v.Version)
		}
		for text, want := range map[string]int{"mulla": 0, "gast2@example.org": 0, "müller": 1, "gast1@example.org": 1} {
			if got := w.hits(w.member(staff.Clerk), text); len(got) != want {
				t.Errorf("%s finds %q", text, got)
			}
		}
		if got := w.sent(); len(got["gast2@example.org"]) != 2 { // booked, moved: the address of then
			t.Errorf("sent %v", got)
		}
		if err := w.Move(t.Context(), w.tenant, link, "", at(11, 10, 0)); err != nil {
			t.Fatal(err)
		}
		if err := w.AddNote(t.Context(), w.member(staff.Clerk), gone.PersonID, "danach"); err != nil {
			t.Fatal(err)
		}
		CheckClean(t, e.DB, w.kek)
		e.Clock.Advance(23*time.Hour + 59*time.Minute)
		w.undo(c.Merges[0].ID)
		CheckClean(t, e.DB, w.kek)
		a, b := w.card(kept.PersonID), w.card(gone.PersonID)
		if len(a.Notes) != 2 || len(b.Notes) != 1 || b.Notes[0].Text != "zieht um" || len(a.Merges) != 0 {
			t.Errorf("notes after undoing: %+v, %+v", a.Notes, b.Notes)
		}
		if len(a.Coming) != 1 || len(b.Coming) != 1 || b.Coming[0].AppointmentID != gone.ID || b.PersonID != gone.PersonID {
			t.Errorf("after undoing: %+v, %+v", a.Coming, b.Coming)
		}
		if got := w.hits(w.member(staff.Clerk), "mulla jörgen"); len(got) != 1 {
			t.Errorf("not found again: %q", got)
		}
		if err := w.Cancel(t.Context(), w.tenant, link); err != nil {
			t.Error(err)
		}
		w.sent()
		if n := w.number("SELECT COUNT(*) FROM message WHERE state <> 'sent'"); n != 0 {
			t.Errorf("%d mails do not go out", n)
		}
		wantKind(t, w.UndoMerge(t.Context(), w.member(staff.Clerk), c.Merges[0].ID), fault.Gone, "merge.over")
		for action, want := range map[string]int{"person.merged": 2, "person.unmerged": 2, "appointment.handed": 2} {
			if n := w.number("SELECT COUNT(*) FROM audit WHERE action = $1", action); n != want {
				t.Errorf("%d times %s on record, want %d", n, action, want)
			}
		}
	})
}

// After a day the record that went is deleted for good, and the other stays.
func TestMergeIsFinished(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		_, a := w.bookAs(nobody(1), at(9, 9, 0))
		_, b := w.bookAs(nobody(2), at(10, 9, 0))
		s, c := w.bookAs(nobody(3), at(11, 9, 0)) // whose mails are not sent
		if err := w.AddNote(t.Context(), w.member(staff.Clerk), c.PersonID, "Notiz"); err != nil {
			t.Fatal(err)
		}
		w.exec("UPDATE message SET state = 'failed' WHERE appointment_id = $1", c.ID)
		w.merge(b.PersonID, c.PersonID)
		e.Clock.Advance(time.Minute)
		w.merge(a.PersonID, b.PersonID)
		merges := w.card(a.PersonID).Merges
		e.Clock.Advance(24*time.Hour - time.Minute)
		if n, err := w.Housekeep(t.Context()); n != 1 || err != nil {
			t.Fatalf("%d records, %v", n, err)
		}
		if n := w.number("SELECT COUNT(*) FROM person"); n != 2 {
			t.Errorf("%d records after the first, want 2", n)
		}
		CheckClean(t, e.DB, w.kek)
		e.Clock.Advance(time.Minute)
		wantKind(t, w.UndoMerge(t.Context(), w.member(staff.Clerk), merges[0].ID), fault.Gone, "merge.over")
		if n, err := w.Housekeep(t.Context()); n != 1 || err != nil {
			t.Fatalf("%d records, %v", n, err)
		}
		CheckClean(t, e.DB, w.kek)
		if c := w.card(a.PersonID); len(c.Coming) != 3 || len(c.Notes) != 1 || len(c.Merges) != 0 {
			t.Errorf("card %+v", c)
		}
		for _, table := range []string{"person_merge", "person_merge_appointment", "person_merge_note"} {
			if n := w.number("SELECT COUNT(*) FROM " + table); n != 0 {
				t.Errorf("%d rows are left of %s", n, table)
			}
		}
		if n := w.number("SELECT COUNT(*) FROM person"); n != 1 || w.view(s).PersonID != a.PersonID {
			t.Errorf("%d records, want 1", n)
		}
		_, err := w.Card(t.Context(), w.member(staff.Clerk), b.PersonID)
		if fault.Of(err) != fault.NotFound {
			t.Errorf("a deleted record: %v", err)
		}
	})
}

// A chain of merges comes apart in the opposite order.
func TestMergeChain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		_, a := w.bookAs(nobody(1), at(9, 9, 0))
		_, b := w.bookAs(nobody(2), at(10, 9, 0))
		_, c := w.bookAs(nobody(3), at(11, 9, 0))
		clerk := w.member(staff.Clerk)
		if err := w.AddNote(t.Context(), clerk, a.PersonID, "von A"); err != nil {
			t.Fatal(err)
		}
		w.merge(b.PersonID, a.PersonID)
		first := w.card(b.PersonID).Merges[0].ID
		w.merge(c.PersonID, b.PersonID)
		for _, tc := range []struct{ kept, gone, key string }{
			{c.PersonID, c.PersonID, "merge.same"}, {c.PersonID, a.PersonID, "merge.gone"}, {a.PersonID, c.PersonID, "merge.gone"},
			{b.PersonID, c.PersonID, "merge.gone"}, {c.PersonID, b.PersonID, "merge.gone"},
		} {
			wantKind(t, w.MergePersons(t.Context(), clerk, tc.kept, tc.gone), fault.Conflict, tc.key)
		}
		wantKind(t, w.UndoMerge(t.Context(), clerk, first), fault.Conflict, "merge.chain")
		for _, id := range []string{a.PersonID, b.PersonID, c.PersonID} {
			if got := w.card(id); got.PersonID != c.PersonID || len(got.Coming) != 3 || len(got.Notes) != 1 || len(got.Merges) != 1 {
				t.Errorf("card %+v", got)
			}
		}
		CheckClean(t, e.DB, w.kek)
		w.undo(w.card(c.PersonID).Merges[0].ID)
		if got := w.card(a.PersonID); got.PersonID != b.PersonID || len(got.Coming) != 2 || len(got.Notes) != 1 {
			t.Errorf("card %+v", got)
		}
		w.undo(first)
		for i, id := range []string{a.PersonID, b.PersonID, c.PersonID} {
			if got := w.card(id); got.PersonID != id || len(got.Coming) != 1 || len(got.Notes) != 1-min(i, 1) {
				t.Errorf("card %+v", got)
			}
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// Check knows what a merge promises.
func TestCheckFindsMerges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newKeyed(t, e)
		texts := w.Texts.Printer(locale.EN)
		look := func(what, key, row string) {
			t.Helper()
			all := findings(t, e.DB, w.kek)
			if len(all) != 1 || all[0].Key != checkKey+key || all[0].Row != row || texts.T(all[0].Key) == "‹"+all[0].Key+"›" {
				t.Errorf("%s: found %v", what, all)
			}
		}
		_, kept := w.bookAs(nobody(1), at(9, 9, 0))
		_, gone := w.bookAs(nobody(2), at(10, 9, 0))
		if err := w.AddNote(t.Context(), w.member(staff.Clerk), kept.PersonID, "Notiz"); err != nil {
			t.Fatal(err)
		}
		w.merge(kept.PersonID, gone.PersonID)
		CheckClean(t, e.DB, w.kek)
		row := "person_merge " + w.card(kept.PersonID).Merges[0].ID
		w.exec("INSERT INTO person_token (tenant_id, kind, token, person_id) VALUES ($1, 'name', $2, $3)", w.tenant, []byte{1}, gone.PersonID)
		look("a token", "merge", row)
		w.exec("DELETE FROM person_token WHERE person_id = $1", gone.PersonID)
		w.exec("DELETE FROM message")
		w.exec("UPDATE appointment SET person_id = $2 WHERE id = $1", gone.ID, gone.PersonID)
		look("an appointment", "merge", row)
		w.exec("UPDATE appointment SET person_id = $2 WHERE id = $1", gone.ID, kept.PersonID)
		w.exec("UPDATE person_merge SET tenant_id = 'nachbarort'")
		look("another tenant", "merge", row)
		w.exec("UPDATE person_merge SET tenant_id = $1", w.tenant)
		note := w.text("SELECT id FROM person_note")
		w.exec("UPDATE person_note SET sealed = (SELECT sealed FROM person WHERE id = $1)", kept.PersonID)
		look("a note", "note", "person_note "+note)
	})
}

// Whoever changes an appointment while its person is merged, back and forth and
// crosswise, writes to the right person: nothing is lost, nothing is left over.
func TestMergeInACrowd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		books := []*booking.Bookings{w.Bookings, w.second()}
		clerk := w.member(staff.Clerk)
		const pairs = 4
		var ids [2 * pairs]string
		var links [2 * pairs]seal.Secret
		for i := range ids {
			s, v := w.bookAs(nobody(i), at([]int{8, 9, 10, 11}[i/2], 9+i%2, 0))
			ids[i], links[i] = v.PersonID, s
		}
		hold := w.mustHold("meldung", at(8, 11, 0))
		shared := nobody(0) // waits for the tokens that a merge deletes
		shared.Phone = nobody(1).Phone
		if _, err := w.SaveDetails(t.Context(), w.tenant, hold, shared); err != nil {
			t.Fatal(err)
		}
		var merged [pairs]atomic.Int64
		merge := func(b *booking.Bookings, p, kept, gone int) error {
			err := b.MergePersons(t.Context(), clerk, ids[kept], ids[gone])
			if err == nil {
				merged[p].Add(1)
			}
			return err
		}
		jobs := []func(b *booking.Bookings, pair int) error{
			func(b *booking.Bookings, p int) error { return merge(b, p, 2*p, 2*p+1) },
			func(b *booking.Bookings, p int) error { return merge(b, p, 2*p+1, 2*p) },
			func(b *booking.Bookings, p int) error {
				return b.Move(t.Context(), w.tenant, links[2*p], "", at(14+p%3, 9, 30))
			},
			func(b *booking.Bookings, p int) error { return b.Cancel(t.Context(), w.tenant, links[2*p+1]) },
			func(b *booking.Bookings, p int) error { return b.AddNote(t.Context(), clerk, ids[2*p], "Notiz") },
			func(b *booking.Bookings, p int) error { return b.Confirm(t.Context(), w.tenant, hold, locale.DE) },
		}
		crowd(len(jobs)*pairs, func(i int) {
			err := jobs[i%len(jobs)](books[i%2], i/len(jobs))
			if f, ok := fault.As(err); err != nil && (!ok || f.Key != "merge.gone") {
				t.Errorf("job %d: %v", i%len(jobs), err)
			}
		})
		CheckClean(t, e.DB, w.kek)
		for p := range pairs {
			if n := merged[p].Load(); n != 1 {
				t.Errorf("pair %d was merged %d times", p, n)
			}
			c := w.card(ids[2*p])
			if len(c.Coming)+len(c.Past) != 2 || len(c.Past) != 1 || len(c.Merges) != 1 {
				t.Errorf("pair %d: %+v", p, c)
			}
		}
		crowd(2*pairs, func(i int) { // twice each
			c, err := books[i%2].Card(t.Context(), clerk, ids[2*(i/2)])
			if err != nil {
				t.Error(err)
				return
			}
			for _, m := range c.Merges {
				if err := books[i%2].UndoMerge(t.Context(), clerk, m.ID); err != nil {
					wantKind(t, err, fault.Gone, "merge.over")
				}
			}
		})
		CheckClean(t, e.DB, w.kek)
		for i, id := range ids {
			if c := w.card(id); c.PersonID != id || len(c.Coming)+len(c.Past) != 1 {
				t.Errorf("person %d: %+v", i, c)
			}
		}
		w.sent()
		CheckClean(t, e.DB, w.kek)
		if n := w.number("SELECT COUNT(*) FROM message WHERE state <> 'sent'"); n != 0 {
			t.Errorf("%d mails do not go out", n)
		}
	})
}

// Where all that was one of the two records' is deleted before a merge is undone,
// nothing is left of it, whichever it was; a note does not keep it.
func TestUndoLeavesNoEmptyRecord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		deleted := 30 // days after the appointment
		for i, oldIsKept := range []bool{true, false} {
			_, old := w.bookAs(nobody(2*i), at(9, 9+i, 0))
			_, young := w.bookAs(nobody(2*i+1), at(16, 9+i, 0))
			for _, id := range []string{old.PersonID, young.PersonID} {
				w.fine(w.AddNote(t.Context(), w.member(staff.Clerk), id, "Notiz"))
			}
			kept, gone := young.PersonID, old.PersonID
			if oldIsKept {
				kept, gone = gone, kept
			}
			w.sent()
			w.Clock.Set(time.Unix(monday.AddDays(1+deleted).At(600, berlin), 0))
			w.merge(kept, gone)
			merge := w.card(kept).Merges[0].ID
			if n := w.deleteOld(monday.AddDays(2+deleted), 0); n != 1 {
				t.Fatalf("%d appointments are left, want 1", n)
			}
			w.undo(merge)
			CheckClean(t, e.DB, w.kek)
			if w.number("SELECT COUNT(*) FROM person WHERE id = $1", old.PersonID) != 0 || w.number("SELECT COUNT(*) FROM person_note") != 1 {
				t.Error("a record without an appointment is left")
			}
			if c := w.card(young.PersonID); c.PersonID != young.PersonID || len(c.Coming)+len(c.Past) != 1 {
				t.Errorf("the other one: %+v", c)
			}
			w.records(old.PersonID, map[string]int{"person.deleted": 1})
			w.deleteOld(monday.AddDays(10+deleted), 0)
			w.Clock.Set(time.Unix(at(7, 8, 0), 0))
		}
	})
}
