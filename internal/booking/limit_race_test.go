// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"sync/atomic"
	"testing"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
)

// Twenty confirm at once on ten days, in two processes, with one telephone and
// a mailbox each or the other way round: three come through.
func TestLimitAgainstACrowd(t *testing.T) {
	for name, of := range map[string]func(i int) person.Data{
		"one telephone": func(i int) person.Data { return reached(nobody(i).Email, guest.Phone) },
		"one mailbox":   func(i int) person.Data { return reached(guest.Email, nobody(i).Phone) },
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
				w := limited(t, e)
				books := []*booking.Bookings{w.Bookings, w.second()}
				holds := w.crowdHolds(of)
				var booked atomic.Int64
				crowd(len(holds), func(i int) {
					err := books[i%2].Confirm(t.Context(), w.tenant, holds[i], locale.DE)
					if err == nil {
						booked.Add(1)
						return
					}
					wantKind(t, err, fault.TooMany, "limit.person")
				})
				if booked.Load() != 3 || w.claimed("appointment") != 6 {
					t.Errorf("%d booked on %d ticks, want 3 on 6", booked.Load(), w.claimed("appointment"))
				}
				CheckClean(t, e.DB, w.kek)
			})
		})
	}
}

// crowdHolds are twenty forms that were filled in, on ten days.
func (w *town) crowdHolds(of func(i int) person.Data) []seal.Secret {
	w.Helper()
	days := []int{8, 9, 10, 11, 14, 15, 16, 17, 18, 21}
	var holds []seal.Secret
	for i := range 2 * len(days) {
		s := w.mustHold("meldung", at(days[i%len(days)], 9, 0))
		if _, err := w.SaveDetails(w.Context(), w.tenant, s, of(i)); err != nil {
			w.Fatal(err)
		}
		holds = append(holds, s)
	}
	return holds
}

// Twenty stand in a circle, each with the mailbox of one neighbour and the
// telephone of the other, and change their forms meanwhile: of two neighbours
// never both come through, and nobody is refused for nothing.
func TestLimitInACircle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := limited(t, e)
		w.exec("UPDATE tenant SET active_per_person = 1, revision = revision + 1")
		of := func(i int) person.Data { return reached(nobody(i/2).Email, nobody((i+1)/2%10).Phone) }
		holds := w.crowdHolds(of)
		n := len(holds)
		booked := make([]bool, n)
		crowd(n, func(i int) {
			for _, d := range []person.Data{of((i + 1) % n), of(i)} {
				if _, err := w.SaveDetails(t.Context(), w.tenant, holds[i], d); err != nil {
					t.Error(err)
				}
			}
			err := w.Confirm(t.Context(), w.tenant, holds[i], locale.DE)
			if booked[i] = err == nil; !booked[i] {
				wantKind(t, err, fault.TooMany, "limit.person")
			}
		})
		for i, got := range booked {
			left, right := booked[(i+n-1)%n], booked[(i+1)%n]
			if got == (left || right) {
				t.Errorf("visitor %d booked: %v, the neighbours: %v, %v", i, got, left, right)
			}
		}
	})
}
