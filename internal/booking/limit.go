// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/slot"
)

// limit keeps a few from taking what is there for all: it answers TooMany
// "limit.person" when the person has as many coming appointments for one of
// the same services as the tenant allows at a time, and "limit.address" when
// the mailbox has too many that nobody verified. It locks the person's tokens,
// so that others who book for the same person wait until commit.
func (b *Bookings) limit(ctx context.Context, tx *db.Tx, v *View) error {
	tokens, err := b.Persons.LockTokens(ctx, tx, v.TenantID, v.Person)
	if err != nil {
		return err
	}
	have, err := countFor(ctx, tx, &v.Appointment, tokens)
	if err != nil {
		return err
	}
	rules := v.Tenant.Booking
	if err := limitPerson(have, rules.ActivePerPerson); err != nil || v.Person.EmailVerified {
		return err
	}
	return limitAddress(have, rules.UnverifiedPerAddress)
}

// limitPerson takes for one person whoever shares a mailbox or a telephone.
// Families do, which is why the number should not be one, and why it does not
// matter for how many people an appointment is.
func limitPerson(have tally, most int) error {
	if have.sameService >= most {
		return fault.New(fault.TooMany, "limit.person", "Max", most)
	}
	return nil
}

// limitAddress keeps one mailbox, which may be a stranger's, from being filled
// with mail about appointments that nobody has shown to want: it counts those
// that are still to come, and all that were made within a day.
func limitAddress(have tally, most int) error {
	if have.unverified >= most {
		return fault.New(fault.TooMany, "limit.address", "Max", most)
	}
	return nil
}

// tally is how many appointments there are for a person's mailbox or
// telephone.
type tally struct {
	sameService int // to come, with a service of the one that is being booked
	unverified  int // for the mailbox, to come or made within a day
}

// countFor counts what is booked for the owner of the tokens. It finds records
// by token and appointments by record, so that it reads as much as they have,
// however many there are of others. The two kinds are asked for one by one: of
// both at once either engine may prefer to read all tokens of the tenant.
func countFor(ctx context.Context, tx *db.Tx, a *Appointment, t person.Tokens) (tally, error) {
	var n tally
	err := tx.QueryRow(ctx, `SELECT
		COUNT(DISTINCT CASE WHEN x.coming AND EXISTS (
			SELECT 1 FROM appointment_service mine JOIN appointment_service theirs ON theirs.service_id = mine.service_id
			WHERE mine.appointment_id = $6 AND theirs.appointment_id = x.id) THEN x.id END),
		COUNT(CASE WHEN x.kind = 'email' AND x.email_verified IS NULL AND x.origin = 'online' AND (x.coming OR x.created > $7) THEN 1 END)
		FROM (SELECT t.kind, p.email_verified, a.id, a.created, a.origin, a.state IN ('unconfirmed', 'confirmed')
				AND (a.until = 0 OR a.until > $4) AND a.start_tick > $5 AS coming
			FROM (SELECT kind, person_id FROM person_token WHERE tenant_id = $1 AND kind = 'email' AND token = $2
				UNION ALL SELECT kind, person_id FROM person_token WHERE tenant_id = $1 AND kind = 'phone' AND token = $3) t
			JOIN person p ON p.id = t.person_id JOIN appointment a ON a.person_id = p.id AND a.state <> 'held') x`,
		a.TenantID, t.Email, t.Phone, tx.Unix(), int64(slot.TickOf(tx.Unix())), a.ID,
		tx.Now().Add(-24*time.Hour).Unix()).Scan(&n.sameService, &n.unverified)
	if err != nil {
		return n, fmt.Errorf("count appointments of a person: %w", err)
	}
	return n, nil
}
