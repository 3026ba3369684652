// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"fmt"
	"testing"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// Citizens who confirm, and clerks who change a record or put two together, lock
// what leads to one mailbox, and one day: all of them come through.
func TestOrdersOfLocksThatCross(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.exec("UPDATE tenant SET active_per_person = 100, unverified_per_address = 100, revision = revision + 1")
		clerk := w.member(staff.Clerk)
		books := []*booking.Bookings{w.Bookings, w.second()}
		for round := range 3 {
			var holds []seal.Secret
			var records [2]*booking.View
			for i := range records {
				_, records[i] = w.bookAs(guest, at(8, 8+i, 15*round))
			}
			for i := range 6 {
				s := w.mustHold("meldung", at(8, 10, 15*i)+int64(round)*24*3600)
				_, err := w.SaveDetails(t.Context(), w.tenant, s, guest)
				w.fine(err)
				holds = append(holds, s)
			}
			version := w.version(records[0].ID)
			got := together(8, func(i int) error {
				b := books[i%2]
				switch i {
				case 6:
					d := guest
					d.Phone, d.Note = fmt.Sprintf("030 23125 99%d", round), "neu"
					return b.ChangeContact(t.Context(), clerk, records[0].ID, version, d)
				case 7:
					return b.MergePersons(t.Context(), clerk, records[0].PersonID, records[1].PersonID)
				}
				return b.Confirm(t.Context(), w.tenant, holds[i], locale.DE)
			})
			if got[ok] != 8 {
				t.Fatalf("round %d: %v", round, got)
			}
			if n := w.number("SELECT COUNT(*) FROM appointment WHERE person_id = $1 AND state = 'confirmed'", records[0].PersonID); n != 2 {
				t.Errorf("round %d: the record has %d appointments", round, n)
			}
		}
		CheckClean(t, e.DB, w.kek)
	})
}
