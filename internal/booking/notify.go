// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
)

// tellBoth leaves a mail to the citizen and one to the office.
func (b *Bookings) tellBoth(ctx context.Context, tx *db.Tx, v *View, k message.Kind) error {
	if err := b.tellCitizen(ctx, tx, v, k); err != nil {
		return err
	}
	return b.tellOffice(ctx, tx, v, k)
}

// tellMoved leaves the mails about a move; was is the appointment before it.
// An office hears of an appointment when it is confirmed, so one that was not
// is new to it, and one that goes to another office is cancelled at the first.
func (b *Bookings) tellMoved(ctx context.Context, tx *db.Tx, v, was *View) error {
	if v.State == Unconfirmed {
		return b.tellCitizen(ctx, tx, v, message.Verify)
	}
	if was.State == Unconfirmed {
		return b.tellBoth(ctx, tx, v, message.Booked)
	}
	if err := b.tellCitizen(ctx, tx, v, message.Moved); err != nil {
		return err
	}
	if officeMail(v) == officeMail(was) {
		return b.tellOffice(ctx, tx, v, message.Moved)
	}
	if err := b.tellOffice(ctx, tx, was, message.Cancelled); err != nil {
		return err
	}
	return b.tellOffice(ctx, tx, v, message.Booked)
}

// officeMail is where mails about an appointment go.
func officeMail(v *View) string { return cmp.Or(v.Counter.OfficeMail, v.Location.OfficeMail) }

// tellCitizen leaves a mail with a secret of its own, for whoever gave an
// address. Nothing that was typed goes into it, since nobody knows yet whose
// mailbox it is.
func (b *Bookings) tellCitizen(ctx context.Context, tx *db.Tx, v *View, k message.Kind) error {
	if v.Person.Data.Email == "" {
		return nil
	}
	s := seal.NewSecret()
	if err := addSecret(ctx, tx, v.ID, ChannelMail, s); err != nil {
		return err
	}
	f := b.Facts(v, v.Lang)
	f.ManageURL = b.Links.Manage(v.TenantID, v.Lang, s)
	if k == message.Verify {
		f.VerifyURL = b.Links.Verify(v.TenantID, v.Lang, s)
		f.VerifyMinutes = int(max(v.Until-tx.Unix(), 60) / 60)
		f.VerifyDeadline = time.Unix(v.Until, 0).In(v.Location.Plan.Zone)
	}
	m, err := message.Citizen(b.Texts, tx.Now(), k, v.Person.Data.Email, f)
	if err != nil {
		return fmt.Errorf("write mail to the citizen: %w", err)
	}
	return enqueue(ctx, tx, v, message.ToCitizen, k, m)
}

// tellOffice leaves the mail with name, contact data and services, in German
// like the rest of the office's work.
func (b *Bookings) tellOffice(ctx context.Context, tx *db.Tx, v *View, k message.Kind) error {
	s := seal.NewSecret()
	if err := addSecret(ctx, tx, v.ID, ChannelOffice, s); err != nil {
		return err
	}
	f := b.Facts(v, locale.DE)
	f.ManageURL = b.Links.Manage(v.TenantID, locale.DE, s)
	d := v.Person.Data
	m, err := message.Office(b.Texts, k, officeMail(v), f, message.OfficeFacts{
		FirstName: d.FirstName, LastName: d.LastName, Email: d.Email, Phone: d.Phone,
		Address: addressOf(d), BirthDate: germanDate(d.BirthDate), Note: d.Note,
		Counter: v.Counter.Name.In(locale.DE),
	})
	if err != nil {
		return fmt.Errorf("write mail to the office: %w", err)
	}
	return enqueue(ctx, tx, v, message.ToOffice, k, m)
}

func enqueue(ctx context.Context, tx *db.Tx, v *View, to message.Recipient, k message.Kind, m message.Mail) error {
	return message.Enqueue(ctx, tx, message.Row{TenantID: v.TenantID, AppointmentID: v.ID, PersonID: v.PersonID,
		Recipient: to, Kind: k, Mail: m, Key: v.Person.Key})
}

// uidDomain ends the ids of calendar entries. It is no host name: when the
// service moves to another address, entries must still be updated.
const uidDomain = "vorzimmer"

// Facts is what mails and calendar entries say about an appointment, without
// links that carry a secret.
func (b *Bookings) Facts(v *View, l locale.Lang) message.Facts {
	f := message.Facts{
		Lang: l, ID: v.ID, Sequence: v.Sequence, Host: uidDomain, Organizer: b.From,
		Town: v.Tenant.Name, Reference: GroupReference(v.Reference),
		Start: v.Begin(), End: v.End(), Previous: v.was, Minutes: v.Minutes,
		Place: v.Location.Name.In(l), Phone: v.Location.Phone, Directions: v.Location.Directions.In(l),
		Address:  []string{v.Location.Street, v.Location.Postcode + " " + v.Location.City},
		StartURL: b.Links.Start(v.TenantID, l), Sensitive: v.sensitive(),
	}
	for _, s := range v.Services {
		f.Services = append(f.Services, message.Line{Name: s.Service.Name.In(l), Quantity: s.Quantity})
		if fee := s.Service.Fee.In(l); fee != "" {
			f.Fees = append(f.Fees, s.Service.Name.In(l)+": "+fee)
		}
		for _, t := range s.Service.Bring {
			item := t.In(l)
			if len(v.Services) > 1 {
				item = s.Service.Name.In(l) + ": " + item
			}
			f.Bring = append(f.Bring, item)
		}
	}
	return f
}

// GroupReference writes a reference the way it is read out: "4829 1375".
func GroupReference(r string) string {
	if len(r) != 8 {
		return r
	}
	return r[:4] + " " + r[4:]
}

func addressOf(d person.Data) string {
	return strings.TrimSpace(d.Street + "\n" + strings.TrimSpace(d.Postcode+" "+d.City))
}

func germanDate(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return t.Format("02.01.2006")
}
