// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"bytes"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
)

// crowd runs f for n visitors at once and waits for all.
func crowd(n int, f func(i int)) {
	var ready, all sync.WaitGroup
	ready.Add(n)
	for i := range n {
		all.Go(func() {
			ready.Done()
			ready.Wait()
			f(i)
		})
	}
	all.Wait()
}

// second is the same book in another process: its own connections, catalogue,
// keys and snapshots. On SQLite, which one process serves, it is the same book.
func (w *town) second() *booking.Bookings {
	w.Helper()
	if w.Env.DB.Engine() == "sqlite" {
		return w.Bookings
	}
	d, err := db.Open(w.Context(), w.Location, w.Clock)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() {
		if err := d.Close(); err != nil {
			w.Error(err)
		}
	})
	return &booking.Bookings{DB: d, Offices: office.NewStore(), Persons: person.NewVault(w.kek), Texts: w.Texts,
		Links: w.Links, From: w.From, Wake: w.Wake}
}

func (w *town) holdAt(b *booking.Bookings, service string, start int64) (seal.Secret, error) {
	return b.Hold(w.Context(), booking.HoldRequest{TenantID: w.tenant, Wanted: []office.Wanted{{Key: service, Quantity: 1}},
		Location: "rathaus", Start: start, Lang: locale.DE})
}

// 200 visitors of two processes reach for one slot: one gets it, the others
// hear that it is taken and find others.
func TestRaceForTheLastSlot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		books := []*booking.Bookings{w.Bookings, w.second()}
		var won atomic.Int64
		crowd(200, func(i int) {
			_, err := w.holdAt(books[i%2], "trauung", at(8, 10, 0))
			switch {
			case err == nil:
				won.Add(1)
			case fault.Of(err) != fault.Conflict:
				t.Error(err)
			}
		})
		if won.Load() != 1 || w.claimed("hold") != 12 {
			t.Errorf("%d won, %d ticks held", won.Load(), w.claimed("hold"))
		}
		if !w.free("trauung", at(8, 11, 0)) {
			t.Error("no alternative is left")
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// 500 visitors book 50 slots: those who lose take one of the alternatives,
// until there are none. Exactly 50 get one.
func TestRushForFiftySlots(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.exec("UPDATE tenant SET unverified_per_address = 1000, revision = revision + 1")
		books := []*booking.Bookings{w.Bookings, w.second()}
		var slots []int64 // 45 minutes and a buffer: each taken slot takes three others with it
		for day := 8; len(slots) < 50; day++ {
			for hour := 8; hour < 12 && !w.weekend(day) && len(slots) < 50; hour++ {
				slots = append(slots, at(day, hour, 0))
			}
		}
		var booked atomic.Int64
		crowd(500, func(i int) {
			b := books[i%2]
			for n := range slots {
				s, err := w.holdAt(b, "trauung", slots[(i+n)%len(slots)])
				if fault.Of(err) == fault.Conflict && err != nil {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := b.SaveDetails(t.Context(), w.tenant, s, guest); err != nil {
					t.Error(err)
				}
				if err := b.Confirm(t.Context(), w.tenant, s, locale.DE); err != nil {
					t.Error(err)
				}
				booked.Add(1)
				return
			}
		})
		if booked.Load() != 50 || w.claimed("appointment") != 600 {
			t.Errorf("%d booked on %d ticks, want 50 on 600", booked.Load(), w.claimed("appointment"))
		}
		CheckClean(t, e.DB, w.kek)
	})
}

func (w *town) weekend(day int) bool {
	d := time.Unix(at(day, 12, 0), 0).In(berlin).Weekday()
	return d == time.Saturday || d == time.Sunday
}

// A hold runs out: its owner confirms while another visitor reaches for the
// slot. One of them has it.
func TestExpiryAgainstConfirm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.exec("UPDATE tenant SET unverified_per_address = 1000, revision = revision + 1")
		other := w.second()
		for round := range 12 {
			start := at(8+round/4, 8+round%4, 0)
			s := w.mustHold("trauung", start)
			if _, err := w.SaveDetails(t.Context(), w.tenant, s, guest); err != nil {
				t.Fatal(err)
			}
			w.Clock.Advance(10 * time.Minute) // to the second
			var confirmed, held atomic.Bool
			crowd(2, func(i int) {
				var err error
				if i == 0 {
					err = w.Confirm(t.Context(), w.tenant, s, locale.DE)
					confirmed.Store(err == nil)
				} else {
					_, err = w.holdAt(other, "trauung", start)
					held.Store(err == nil)
				}
				if err != nil && fault.Of(err) != fault.Conflict {
					t.Error(err)
				}
			})
			if confirmed.Load() == held.Load() {
				t.Errorf("round %d: confirmed %v, held by another %v", round, confirmed.Load(), held.Load())
			}
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// Days are closed and opened while people book, move and cancel: nothing is
// lost, and nothing new begins on a day after it was closed.
func TestClosuresWhilePeopleBook(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.exec("UPDATE tenant SET unverified_per_address = 1000, revision = revision + 1")
		books := []*booking.Bookings{w.Bookings, w.second()}
		crowd(9, func(i int) {
			if i == 8 {
				for n := range 6 {
					w.importClosed(n%2 == 0)
				}
				return
			}
			b := books[i%2]
			for n := range 10 {
				start := at(8+(i+n)%3, 8+i%4, 15*(n%4))
				s, err := w.holdAt(b, "meldung", start)
				if err == nil {
					_, err = b.SaveDetails(t.Context(), w.tenant, s, guest)
				}
				if err == nil {
					err = b.Confirm(t.Context(), w.tenant, s, locale.DE)
				}
				if err == nil && n%2 == 0 {
					err = b.Move(t.Context(), w.tenant, s, "", start+3600)
				}
				if err != nil && fault.Of(err) != fault.Conflict && fault.Of(err) != fault.TooMany {
					t.Error(err)
				}
			}
		})
		w.importClosed(true)
		_, err := w.hold("meldung", at(9, 9, 0))
		wantKind(t, err, fault.Conflict, "booking.taken")
		CheckClean(t, e.DB, w.kek)
	})
}

// importClosed imports the town with or without a closed Wednesday.
func (w *town) importClosed(closed bool) {
	w.Helper()
	content := bytes.Replace(officetest.Town, []byte("unverified_per_address: 5"), []byte("unverified_per_address: 100"), 1)
	if closed {
		content = bytes.Replace(content, []byte("\ngroups:"),
			[]byte("\nclosures:\n  - {from: 2026-09-09, until: 2026-09-09, reason: {de: zu, en: shut}}\ngroups:"), 1)
	}
	f, err := office.Parse("town.yaml", bytes.NewReader(content))
	if err != nil {
		w.Fatal(err)
	}
	err = w.Env.DB.Write(w.Context(), func(tx *db.Tx) error { return office.Import(w.Context(), tx, w.kek, f) })
	if err != nil {
		w.Error(err)
	}
}
