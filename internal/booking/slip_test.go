// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"testing"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// A slip is printed again by who may book there, with the secret of a slip of
// this appointment, and that is on record.
func TestSlipAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		mailed := w.book("ausweis", at(8, 9, 0))
		public := w.view(mailed)
		own, slip := w.bookFor("ausweis", at(8, 10, 0))
		clerk := w.member(staff.Clerk)
		printed := func() int {
			t.Helper()
			return w.number("SELECT COUNT(*) FROM audit WHERE action = 'appointment.slip' AND appointment_id = $1", own.ID)
		}
		elsewhere, stranger := *clerk, *clerk
		elsewhere.Everywhere, elsewhere.Locations = false, []string{w.place("nord").ID}
		stranger.TenantID = "anderswo"
		for name, c := range map[string]struct {
			by   *staff.Member
			id   string
			s    seal.Secret
			want fault.Kind
		}{
			"who only reads":             {w.member(staff.Officer), own.ID, slip, fault.Forbidden},
			"at another location":        {&elsewhere, own.ID, slip, fault.Forbidden},
			"of another tenant":          {&stranger, own.ID, slip, fault.NotFound},
			"no secret":                  {clerk, own.ID, "", fault.NotFound},
			"an invented secret":         {clerk, own.ID, seal.NewSecret(), fault.NotFound},
			"another appointment's":      {clerk, public.ID, slip, fault.NotFound},
			"a citizen's, and no slip's": {clerk, public.ID, mailed, fault.NotFound},
		} {
			if _, err := w.SlipAgain(t.Context(), c.by, c.id, c.s); fault.Of(err) != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := printed(); n != 0 {
			t.Errorf("%d on record after refusals", n)
		}
		got, err := w.SlipAgain(t.Context(), clerk, own.ID, slip)
		if err != nil || got.ID != own.ID || got.Reference != own.Reference || printed() != 1 {
			t.Errorf("%v, %d on record", err, printed())
		}
		w.fine(w.CancelFor(t.Context(), clerk, own.ID, w.version(own.ID)))
		if _, err := w.SlipAgain(t.Context(), clerk, own.ID, slip); fault.Of(err) != fault.Conflict {
			t.Errorf("cancelled: %v", err)
		}
		if w.entry(own.ID).State != booking.Cancelled {
			t.Error("not cancelled")
		}
	})
}
