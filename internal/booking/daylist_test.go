// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"bytes"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/message"
	"vorzimmer/internal/message/mailtest"
	"vorzimmer/internal/message/smtp"
	"vorzimmer/internal/office"
	"vorzimmer/internal/paper/papertest"
	"vorzimmer/internal/person"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/assets"
)

// printing gives a book the font that lists are printed with.
func (w *town) printing(b *booking.Bookings) *booking.Bookings {
	w.Helper()
	set, err := assets.Load()
	if err != nil {
		w.Fatal(err)
	}
	b.Font = set.Font()
	return b
}

// restarted is the same book in a program that has just begun.
func (w *town) restarted() *booking.Bookings {
	return w.printing(&booking.Bookings{DB: w.Env.DB, Offices: office.NewStore(), Persons: person.NewVault(w.kek), Texts: w.Texts,
		Links: w.Links, From: w.From, Wake: w.Wake})
}

// lists leaves what is due and returns how many.
func (w *town) lists(b *booking.Bookings) int {
	w.Helper()
	n, err := b.SendDayLists(w.Context(), []string{w.tenant})
	w.fine(err)
	return n
}

// In the evening each office gets the list of the next day by mail, to read and
// to print, once, and nothing of it stays here.
func TestDayListByMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.printing(w.Bookings)
		server := mailtest.Start(t, mailtest.StartTLS)
		transport, err := smtp.New(server.Config(), w.Clock)
		w.fine(err)
		w.worker = message.NewWorker(e.DB, w.Persons.Key, transport, slog.New(slog.DiscardHandler))
		w.worker.ListKey = w.Persons.ListKey
		w.Clock.Set(time.Unix(at(7, 17, 55), 0))
		w.book("ausweis", at(8, 10, 0))
		w.book("ausweis", at(9, 10, 0)) // a day later
		r := forSomeone("trauung", at(8, 8, 0))
		r.Data.LastName = "=HYPERLINK(1)"
		_, _, err = w.BookFor(t.Context(), w.member(staff.Clerk), r)
		w.fine(err)
		r.Start, r.Data.LastName = at(8, 11, 0), "Abgesagt"
		gone, _, err := w.BookFor(t.Context(), w.member(staff.Clerk), r)
		w.fine(err)
		w.fine(w.CancelFor(t.Context(), w.member(staff.Clerk), gone.ID, gone.Version))
		w.mustHold("pass", at(8, 9, 0))
		_, err = w.worker.Step(t.Context())
		w.fine(err)
		before := len(server.Mails())

		if n := w.lists(w.Bookings); n != 0 {
			t.Fatalf("%d lists before the time", n)
		}
		w.Clock.Set(time.Unix(at(7, 18, 0), 0))
		if n := w.lists(w.Bookings); n != 2 {
			t.Fatalf("%d lists, want one for each location", n)
		}
		for _, b := range []*booking.Bookings{w.Bookings, w.restarted()} {
			if n := w.lists(b); n != 0 {
				t.Errorf("%d lists once more", n)
			}
		}
		w.wantSealedLists("Beispielhuber")
		CheckClean(t, e.DB, w.kek)
		if n, err := w.worker.Step(t.Context()); n != 2 || err != nil {
			t.Fatalf("%d mails, %v", n, err)
		}
		CheckClean(t, e.DB, w.kek)
		if n := w.number("SELECT COUNT(*) FROM message WHERE location_id IS NOT NULL AND sealed IS NULL AND state = 'sent'"); n != 2 {
			t.Errorf("%d lists are emptied", n)
		}
		if n := w.number("SELECT COUNT(*) FROM audit WHERE action = 'day.mailed' AND actor = 'system' AND detail = '2026-09-08'"); n != 2 {
			t.Errorf("%d lists in the audit", n)
		}
		for _, m := range server.Mails()[before:] {
			w.checkList(m)
		}
	})
}

// checkList looks at the mail with a list of Tuesday.
func (w *town) checkList(m mailtest.Received) {
	w.Helper()
	mail := mailtest.Parse(w.T, m.Raw)
	place := map[string]string{"buergerbuero@example.org": "Rathaus", "nord@example.org": "Bürgerbüro Nord"}[m.To]
	if got := mail.Word(w.T, "Subject"); place == "" || got != "Terminliste für Dienstag, 08.09. "+place {
		w.Errorf("subject %q to %s", got, m.To)
	}
	file := mail.Part(w.T, "application/pdf")
	drawn := strings.Join(papertest.Texts(w.T, []byte(file.Body)), "\n")
	text := mail.Part(w.T, "text/plain").Body
	here := place == "Rathaus"
	if key := map[bool]string{true: "rathaus", false: "nord"}[here]; file.FileName != "terminliste-"+key+"-2026-09-08.pdf" {
		w.Errorf("file %q", file.FileName)
	}
	for _, name := range []string{"Beispielhuber, Quirin", "=HYPERLINK(1), Walburga"} {
		if strings.Contains(drawn, name) != here || strings.Contains(text, name) != here {
			w.Errorf("%s: %q is on the list of the wrong place", place, name)
		}
	}
	if n := strings.Count(drawn, "10:00"); here && n != 1 {
		w.Errorf("10 o'clock %d times", n)
	}
	if strings.Contains(drawn+text, "Abgesagt") {
		w.Error("somebody is on the list who does not come")
	}
	if says := "noch niemand"; strings.Contains(text, says) == here || strings.Contains(text, "2 Personen") != here {
		w.Errorf("%s: the mail says %q", place, text)
	}
}

// wantSealedLists makes sure that lists that wait cannot be read.
func (w *town) wantSealedLists(text string) {
	w.Helper()
	for _, b := range w.sealed("SELECT sealed FROM message WHERE location_id IS NOT NULL") {
		if len(b) < 1000 || bytes.Contains(b, []byte(text)) || bytes.Contains(b, []byte("pdf")) {
			w.Errorf("%d bytes wait", len(b))
		}
	}
}

// Several processes that look at the same moment leave each list once.
func TestDayListOfManyProcesses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.Clock.Set(time.Unix(at(7, 18, 0), 0))
		books := []*booking.Bookings{w.restarted(), w.restarted(), w.printing(w.second()), w.printing(w.second())}
		var left atomic.Int64
		crowd(len(books), func(i int) {
			n, err := books[i].SendDayLists(t.Context(), []string{w.tenant})
			if err != nil {
				t.Error(err)
			}
			left.Add(int64(n))
		})
		if n := w.number("SELECT COUNT(*) FROM message WHERE location_id IS NOT NULL"); n != 2 || left.Load() != 2 {
			t.Errorf("%d lists are stored, %d reported, want 2", n, left.Load())
		}
		if n := w.number("SELECT COUNT(*) FROM audit WHERE action = 'day.mailed'"); n != 2 {
			t.Errorf("%d in the audit", n)
		}
	})
}

// list is when a list was left, and for which day.
type list struct{ at, day string }

// walkLists lets time go by and returns the lists that the town hall got.
func (w *town) walkLists(from, until time.Time, step time.Duration) []list {
	w.Helper()
	var all []list
	for now := from; now.Before(until); now = now.Add(step) {
		w.Clock.Set(now)
		if w.lists(w.Bookings) == 0 {
			continue
		}
		day := w.number("SELECT COALESCE(MAX(day), 0) FROM message WHERE location_id = $1 AND created = $2", w.place("rathaus").ID, now.Unix())
		if day > 0 {
			all = append(all, list{now.In(berlin).Format("Mon 02.01. 15:04"), slot.Date(day).String()})
		}
	}
	return all
}

func wantLists(t *testing.T, got, want []list) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		var g, n list
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			n = want[i]
		}
		if g != n {
			t.Errorf("list %d: got %v, want %v", i, g, n)
		}
	}
}

// A list comes on the evening before the next day on which anybody works, or
// comes although nobody should, and not too early.
func TestDaysOfLists(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.printing(w.Bookings)
		w.book("ausweis", at(23, 10, 0)) // before it is closed
		w.change(`office_mail: nord@example.org`, "office_mail: nord@example.org\n    day_list: never",
			"locations:\n", "closures:\n  - {from: 2026-09-16, until: 2026-09-16}\n  - {from: 2026-09-21, until: 2026-09-30}\nlocations:\n")
		got := w.walkLists(time.Unix(at(7, 10, 0), 0), time.Date(2026, time.October, 2, 6, 0, 0, 0, berlin), time.Hour)
		wantLists(t, got, []list{
			{"Mon 07.09. 18:00", "2026-09-08"}, {"Tue 08.09. 18:00", "2026-09-09"}, {"Wed 09.09. 18:00", "2026-09-10"},
			{"Thu 10.09. 18:00", "2026-09-11"}, {"Fri 11.09. 18:00", "2026-09-14"}, {"Mon 14.09. 18:00", "2026-09-15"},
			{"Tue 15.09. 18:00", "2026-09-17"}, {"Thu 17.09. 18:00", "2026-09-18"},
			{"Fri 18.09. 18:00", "2026-09-23"}, // closed, but somebody was booked before
			{"Sat 26.09. 18:00", "2026-10-01"}, {"Thu 01.10. 18:00", "2026-10-02"},
		})
		if n := w.number("SELECT COUNT(*) FROM message WHERE location_id = $1", w.place("nord").ID); n != 0 {
			t.Errorf("%d lists for an office that wants none", n)
		}
	})
}

// Where the clock jumps over the time, or shows it twice, there is one list all
// the same, and the days of 23 and 25 hours are listed like others.
func TestListsWhenClocksChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.printing(w.Bookings)
		w.change("horizon_days: 60", "horizon_days: 365\n    day_list: \"02:30\"", "[mo, tu, we, th, fr]", "[sa, su, mo, tu]")
		lists := func(year int, month time.Month, day int) []list {
			from := time.Date(year, month, day, 15, 0, 0, 0, berlin)
			return w.walkLists(from, from.Add(72*time.Hour), 10*time.Minute)
		}
		wantLists(t, lists(2026, time.October, 23), []list{
			{"Sat 24.10. 02:30", "2026-10-25"}, {"Sun 25.10. 02:30", "2026-10-26"}, {"Mon 26.10. 02:30", "2026-10-27"}})
		wantLists(t, lists(2028, time.March, 24), []list{
			{"Sat 25.03. 02:30", "2028-03-26"}, {"Sun 26.03. 03:00", "2028-03-27"}, {"Mon 27.03. 02:30", "2028-03-28"}})
	})
}

// A program that was down in the evening sends the list when it is back, unless
// the night is over.
func TestListAfterANight(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.printing(w.Bookings)
		w.Clock.Set(time.Unix(at(8, 5, 55), 0))
		if n := w.lists(w.Bookings); n != 2 {
			t.Errorf("%d lists at night, want 2", n)
		}
		w.Clock.Set(time.Unix(at(9, 6, 0), 0))
		if n := w.lists(w.Bookings); n != 0 {
			t.Errorf("%d lists in the morning", n)
		}
		b := w.restarted()
		b.Font = nil
		w.Clock.Set(time.Unix(at(9, 18, 0), 0))
		if _, err := b.SendDayLists(t.Context(), []string{w.tenant, "nowhere"}); err == nil || !strings.Contains(err.Error(), "font") ||
			!strings.Contains(err.Error(), "tenant") {
			t.Errorf("without a font, and for no tenant: %v", err)
		}
	})
}
