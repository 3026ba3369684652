// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/message"
)

// messageOverdue is how long a message may wait behind its due time, in
// seconds.
const messageOverdue = 60 * 60

// cause is what makes a message: a kind of change, told to somebody.
type cause struct {
	to   message.Recipient
	kind message.Kind
}

// letter is a row of table message, with the wrapped key that opens it.
type letter struct {
	id, appointment, tenant, person string
	cause
	state       string
	due         int64
	sealed, key []byte  // nil: none
	keyTenant   *string // nil: no such person
}

// checkMessages proves that every message was caused by a change of its
// appointment, and opens those that still have their content.
func (b *batch) checkMessages(ctx context.Context) error {
	if err := b.countContacts(ctx); err != nil {
		return err
	}
	err := b.each(ctx, b.tx, "m.appointment_id", `SELECT m.id, m.appointment_id, m.tenant_id, m.person_id, m.recipient,
			m.kind, m.state, m.due, m.sealed, CASE WHEN m.sealed IS NOT NULL THEN p.sealed_key END, p.tenant_id
		FROM message m LEFT JOIN person p ON p.id = m.person_id
		WHERE m.appointment_id IS NOT NULL AND %s ORDER BY m.appointment_id, m.id`, func(scan db.Scan) error {
		var m letter
		if err := scan(&m.id, &m.appointment, &m.tenant, &m.person, &m.to,
			&m.kind, &m.state, &m.due, &m.sealed, &m.key, &m.keyTenant); err != nil {
			return err
		}
		b.counts.Messages++
		b.checkCause(&m)
		b.checkDelivery(&m, b.now, func() bool { return b.opens(&m) })
		return nil
	})
	if err != nil {
		return fmt.Errorf("read messages: %w", err)
	}
	return nil
}

// countContacts counts how often the desk changed who comes: a new address gets
// a mail of its own.
func (b *batch) countContacts(ctx context.Context) error {
	err := b.each(ctx, b.tx, "appointment_id", `SELECT appointment_id, COUNT(*) FROM audit
		WHERE appointment_id IS NOT NULL AND action = '`+string(actionContact)+`' AND %s GROUP BY appointment_id`, func(scan db.Scan) error {
		var id string
		var n int
		err := scan(&id, &n)
		if a := b.byID[id]; a != nil {
			a.contacts = n
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("count changes of contact data: %w", err)
	}
	return nil
}

func (b *batch) checkCause(m *letter) {
	a := b.byID[m.appointment]
	switch {
	case a == nil:
		b.wrong("owner", "message", m.id)
	case a.badState || a.badPerson:
		// Reported with the appointment; what caused this cannot be told.
	case m.tenant != a.tenant || m.person != a.person:
		b.wrong("message_person", "message", m.id)
	default:
		a.told[m.cause]++
		if a.told[m.cause] > a.causes(m.cause) {
			b.wrong("message_cause", "message", m.id)
		}
	}
}

// causes is how many changes of an appointment can have been told to somebody
// with a message of this kind, judging by what became of it. Several kinds may
// tell of a move: see tellMoved.
func (a *checked) causes(c cause) int {
	moves, cancelled := a.sequence, 0
	if a.state == Cancelled { // which raised the sequence once
		moves, cancelled = a.sequence-1, 1
	}
	confirmed := a.state == Confirmed || a.state == Cancelled || a.state.seen()
	switch {
	case a.state == Held:
		return 0
	case c.to == message.ToCitizen && c.kind == message.Verify:
		return 1 + moves + a.contacts
	case c.to == message.ToCitizen && c.kind == message.Expired && a.state != Unconfirmed:
		return 1 // confirmed perhaps: late, but its time was still free
	case c.to == message.ToCitizen && c.kind == message.Booked && confirmed:
		return 1 + a.contacts
	case c.to == message.ToCitizen && c.kind == message.Cancelled:
		return cancelled
	case c.to == message.ToCitizen && c.kind == message.Reminder && confirmed:
		return 1 + moves // one for each time that it had
	case c.to == message.ToOffice && c.kind == message.Booked && confirmed:
		return 1 + moves // new to another office
	case c.to == message.ToOffice && c.kind == message.Cancelled && confirmed:
		return cancelled + moves // gone to another office
	case (c.to == message.ToCitizen || c.to == message.ToOffice) && c.kind == message.Moved && confirmed:
		return moves
	}
	return 0
}

// checkDelivery makes sure that what is to be sent can be, and that nothing is
// left of what was.
func (c *checker) checkDelivery(m *letter, now int64, opens func() bool) {
	switch m.state {
	case "queued":
		if m.due < now-messageOverdue {
			c.warn("message_overdue", "message", m.id)
		}
	case "failed":
		c.warn("message_failed", "message", m.id)
	case "sent":
		if m.sealed != nil {
			c.wrong("message_kept", "message", m.id)
		}
		return
	default:
		c.wrong("message_state", "message", m.id)
		return
	}
	if m.sealed == nil {
		c.wrong("message_empty", "message", m.id)
	} else if !opens() {
		c.wrong("message_sealed", "message", m.id)
	}
}
