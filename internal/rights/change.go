// SPDX-License-Identifier: EUPL-1.2

package rights

import (
	"context"
	"slices"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
)

// Records are those of whoever asks, as they are now, and how many more there are
// that are not opened. It answers what Subject does.
func (r *Rights) Records(ctx context.Context, by Asker) ([]*booking.Own, int, error) {
	var list []*booking.Own
	closed := 0
	err := r.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		s, err := r.Subject(ctx, tx, by)
		if err != nil {
			return err
		}
		closed = s.Closed
		for _, id := range s.Persons {
			o, err := r.Bookings.OwnRecord(ctx, tx, s.TenantID, id)
			if err != nil {
				return err
			}
			list = append(list, o)
		}
		return nil
	})
	return list, closed, err
}

// Restrict restricts the processing of all records of whoever asks (Art. 18 GDPR), or
// lifts that. Doing it twice does it once. It answers what Subject does.
func (r *Rights) Restrict(ctx context.Context, by Asker, on bool) error {
	return r.DB.Write(ctx, func(tx *db.Tx) error {
		s, err := r.Subject(ctx, tx, by)
		if err != nil {
			return err
		}
		for _, id := range s.Persons {
			if err := r.Bookings.RestrictOwn(ctx, tx, s.TenantID, id, on); err != nil && fault.Of(err) != fault.NotFound {
				return err
			}
		}
		return nil
	})
}

// Correct replaces what a record says about whoever asks (Art. 16 GDPR), at once, but
// for the e-mail address: another one is another mailbox. It tells whether the name
// was left to a clerk, because a service of a coming appointment wants that. It
// answers NotFound for a record of somebody else, Invalid "form.incomplete" with
// fields, Conflict "rights.correct.restricted", and what Subject does.
func (r *Rights) Correct(ctx context.Context, by Asker, personID string, typed person.Data) (bool, error) {
	left := false
	err := r.DB.Write(ctx, func(tx *db.Tx) error {
		left = false
		s, err := r.Subject(ctx, tx, by)
		if err != nil {
			return err
		}
		if !slices.Contains(s.Persons, personID) {
			return fault.New(fault.NotFound, "error.notfound.text")
		}
		return r.Bookings.CorrectOwn(ctx, tx, s.TenantID, personID, typed, func(t *office.Tenant, p *person.Person, firstName, lastName string) error {
			left = true
			return r.Requests.Leave(ctx, tx, t, p, firstName, lastName)
		})
	})
	return left, err
}
