// SPDX-License-Identifier: EUPL-1.2

package rights

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/office"
	"vorzimmer/internal/privacy"
)

// Wish is what somebody wants erased. Who has no account has records only.
type Wish struct{ Records, Account bool }

// Plan is what an erasure would do, and what it cannot reach.
type Plan struct {
	Coming    []*booking.View // would be cancelled
	Over      int             // how many appointments are past or cancelled
	Held      []Held          // stay for now
	Closed    int             // records of the same mailbox that are not opened
	Account   bool            // there is one
	SMS       []string        // providers that may have messages
	AuditDays int             // how long it stays on record what happened, without names
}

// Held is a record that the office keeps for a legal claim.
type Held struct {
	References []string // grouped
	Reason     string
	Until      time.Time // the last second, in the tenant's zone
}

// Empty tells whether there is nothing to erase.
func (p *Plan) Empty() bool { return len(p.Coming) == 0 && p.Over == 0 && !p.Account }

// Erasing says what Erase would do with the records. It changes nothing. It answers
// what Subject does.
func (r *Rights) Erasing(ctx context.Context, by Asker) (*Plan, error) {
	var plan *Plan
	err := r.DB.Read(ctx, func(tx *db.Tx) error {
		s, err := r.Subject(ctx, tx, by)
		if err != nil {
			return err
		}
		cat, err := r.Offices.Catalogue(ctx, tx, s.TenantID)
		if err != nil {
			return err
		}
		plan = &Plan{Closed: s.Closed, Account: s.AccountID != "", AuditDays: cat.Tenant.Retention.Amount(privacy.Audit)}
		for _, p := range cat.Tenant.Processors {
			if p.Role == "sms" {
				plan.SMS = append(plan.SMS, p.Name)
			}
		}
		for _, id := range s.Persons {
			o, err := r.Bookings.OwnRecord(ctx, tx, s.TenantID, id)
			if err != nil {
				return err
			}
			if len(o.Holds) > 0 {
				plan.Held = append(plan.Held, heldOf(&cat.Tenant, o))
				continue
			}
			coming := o.Coming(tx.Now())
			plan.Coming = append(plan.Coming, coming...)
			plan.Over += len(o.Appointments) - len(coming)
		}
		return nil
	})
	return plan, err
}

func heldOf(t *office.Tenant, o *booking.Own) Held {
	h := Held{Reason: o.Holds[0].Reason, Until: o.Holds[0].Until.Add(-time.Second).In(t.Zone)}
	for _, v := range o.Appointments {
		h.References = append(h.References, booking.GroupReference(v.Reference))
	}
	return h
}

// Erase erases at once (Art. 17 GDPR): the records with their appointments, of which
// those to come are cancelled, the account, or both. The offices are asked to delete
// their copies, and the person gets a last mail. Mails that wait for the person are
// withdrawn. Doing it twice is fine.
//
// It answers Conflict "rights.erase.held" when all that is left is kept for a legal
// claim, Invalid "rights.erase.nothing" when nothing is wanted, Forbidden
// "login.prove" for an account, and what Subject does.
func (r *Rights) Erase(ctx context.Context, by Asker, w Wish, l locale.Lang) error {
	if by.visit == nil {
		w = Wish{Records: true}
	}
	if err := r.MustProve(by); err != nil {
		return err
	}
	if w == (Wish{}) {
		return fault.New(fault.Invalid, "rights.erase.nothing")
	}
	err := r.DB.Write(ctx, func(tx *db.Tx) error {
		s, err := r.Subject(ctx, tx, by)
		if err != nil {
			return err
		}
		if w.Records {
			if err := r.eraseRecords(ctx, tx, s, by, w, l); err != nil {
				return err
			}
		}
		if w.Account {
			return r.Accounts.DeleteIn(ctx, tx, *by.visit)
		}
		return nil
	})
	if err == nil {
		r.Wake()
	}
	return err
}

// MustProve answers Forbidden "login.prove" unless the owner of an account has just
// proved who they are. A link is proof enough.
func (r *Rights) MustProve(by Asker) error {
	if by.visit == nil {
		return nil
	}
	return r.Accounts.MustProve(*by.visit)
}

func (r *Rights) eraseRecords(ctx context.Context, tx *db.Tx, s *Subject, by Asker, w Wish, l locale.Lang) error {
	gone, kept, err := r.Bookings.EraseOwn(ctx, tx, s.TenantID, s.Persons)
	if err != nil {
		return err
	}
	if len(gone) == 0 {
		if len(kept) > 0 && !w.Account {
			return fault.New(fault.Conflict, "rights.erase.held")
		}
		return nil
	}
	cat, err := r.Offices.Catalogue(ctx, tx, s.TenantID)
	if err != nil {
		return err
	}
	key, err := r.Key(ctx, tx, s.TenantID)
	if err != nil {
		return err
	}
	send := func(to message.Recipient, k message.Kind, m message.Mail, err error) error {
		if err != nil {
			return err
		}
		return message.Enqueue(ctx, tx, message.Row{TenantID: s.TenantID, Recipient: to, Kind: k, Mail: m, Key: key})
	}
	copies := copiesOf(r.Texts.Printer(locale.DE), gone, tx.Now())
	for _, box := range slices.Sorted(maps.Keys(copies)) {
		m, err := message.Erasure(r.Texts, box, cat.Tenant.Name, copies[box])
		if err := send(message.ToController, message.EraseCopy, m, err); err != nil {
			return err
		}
	}
	to, err := r.lastMailTo(ctx, tx, by, gone)
	if err != nil {
		return err
	}
	for _, address := range to {
		m, err := message.Account(r.Texts, message.Erased, address, message.AccountFacts{Lang: l, Town: cat.Tenant.Name})
		if err := send(message.ToAccount, message.Erased, m, err); err != nil {
			return err
		}
	}
	return nil
}

// copiesOf are the appointments about which offices have mails, by mailbox.
func copiesOf(p *locale.Printer, gone []*booking.Own, now time.Time) map[string][]message.Copy {
	copies := map[string][]message.Copy{}
	for _, o := range gone {
		coming := o.Coming(now)
		for _, v := range o.Appointments {
			one := message.Copy{Reference: booking.GroupReference(v.Reference)}
			if slices.Contains(coming, v) {
				one.Cancelled = fmt.Sprintf("%s, %s, %s, %s", p.Date(v.Begin()), p.Time(v.Begin()), v.Location.Name.In(locale.DE), v.Counter.Name.In(locale.DE))
			}
			if box := v.OfficeMail(); box != "" {
				copies[box] = append(copies[box], one)
			}
		}
	}
	return copies
}

// lastMailTo are the mailboxes that were shown to be the person's.
func (r *Rights) lastMailTo(ctx context.Context, tx *db.Tx, by Asker, gone []*booking.Own) ([]string, error) {
	var list []string
	add := func(address string) {
		if address != "" && !slices.ContainsFunc(list, func(known string) bool { return sameMailbox(known, address) }) {
			list = append(list, address)
		}
	}
	if by.visit != nil {
		mine, err := r.Accounts.Load(ctx, tx, *by.visit)
		if err != nil {
			return nil, err
		}
		add(mine.Data.Email)
	}
	for _, o := range gone {
		if o.Person.EmailVerified {
			add(o.Person.Data.Email)
		}
	}
	return list, nil
}
