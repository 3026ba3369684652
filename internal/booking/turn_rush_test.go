// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
)

// Fifty people with a form each reach for one slot in two processes: one has
// it, and when that one leaves, the next.
func TestFiftyFormsForOneSlot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		books := []*booking.Bookings{w.Bookings, w.alone()}
		for range 3 {
			var won atomic.Int64
			var winner atomic.Value
			crowd(50, func(i int) {
				once := seal.NewSecret()
				s, err := books[i%2].Hold(t.Context(), w.click(at(8, 10, 0), once, ""))
				switch {
				case err == nil && s == once:
					won.Add(1)
					winner.Store(s)
				case err == nil:
					t.Error("has somebody else's hold")
				default:
					wantKind(t, err, fault.Conflict, "booking.taken")
				}
			})
			if won.Load() != 1 || w.claimed("hold") != 12 {
				t.Fatalf("%d won, %d ticks are held", won.Load(), w.claimed("hold"))
			}
			if err := w.Release(t.Context(), w.tenant, winner.Load().(seal.Secret), nil); err != nil {
				t.Error(err)
			}
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// Many who wait for one day leave connections for those who want another one.
func TestLineLeavesRoomForOthers(t *testing.T) {
	w := newTown(t, dbtest.New(t, "postgres"))
	w.mustHold("ausweis", at(8, 8, 0)) // there is a row to wait for
	held := make(chan error, 30)
	err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.Exec(t.Context(), "UPDATE revision SET n = n WHERE day = $1", int64(slot.DateIn(at(8, 10, 0), berlin))); err != nil {
			return err
		}
		for range cap(held) {
			go func() {
				_, err := w.Hold(t.Context(), w.click(at(8, 10, 0), seal.NewSecret(), ""))
				held <- err
			}()
		}
		if err := waiting(t, tx); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // reached only by a failure
		defer cancel()
		_, err := w.Hold(ctx, w.click(at(9, 10, 0), seal.NewSecret(), ""))
		return err
	})
	if err != nil {
		t.Error(err)
	}
	won := 0
	for range cap(held) {
		if err := <-held; err == nil {
			won++
		} else {
			wantKind(t, err, fault.Conflict, "booking.taken")
		}
	}
	if won != 1 {
		t.Errorf("%d won", won)
	}
}
