// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"errors"
	"strings"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// ForSomeone is what a clerk books for somebody on the phone or at the counter.
type ForSomeone struct {
	Location string // key
	Wanted   []office.Wanted
	Start    int64 // unix seconds
	Data     person.Data
	PersonID string      // of the record that Data was taken from; empty: a new one
	Lang     locale.Lang // of the slip and the mails
	Overbook string      // why it may be beyond capacity; empty: it may not
	// Once is a secret that was made for the form, so that it books once, however
	// often it is sent; it may be empty.
	Once seal.Secret
}

// FreeFor lists what a clerk may book for others, as Free does: internal hours
// count; lead time and releases do not. It asks for Book at the location.
func (b *Bookings) FreeFor(ctx context.Context, by *staff.Member, s Search) ([]FreeDay, error) {
	if _, err := b.at(ctx, by, staff.Book, s.Location.ID); err != nil {
		return nil, err
	}
	s.internal = true
	return b.Free(ctx, s)
}

// BookFor books at once, without a hold, and returns the appointment and the
// secret for its slip. It asks for Book at the location. The limits for citizens
// do not count. Mail goes to the citizen if there is an address.
//
// A form that has booked before books nothing more, whatever it says by now and
// whatever has become of the appointment: the answer is that appointment as it
// is, with Again.
//
// With the id of a record the appointment is that person's, as long as name,
// telephone and e-mail address are those of the record; see personFor.
//
// With a reason, and the right Overbook, it books beyond capacity where nothing
// is free: onto an overflow counter, in hours of a counter that offers the
// services. The answers are Invalid "form.incomplete" with fields, "visit.reason"
// with Max and "visit.overbook_hours", Conflict "booking.taken", NotFound
// "location.unknown", Forbidden "staff.forbidden", and those of Select.
func (b *Bookings) BookFor(ctx context.Context, by *staff.Member, r ForSomeone) (*Entry, seal.Secret, error) {
	for {
		var e *Entry
		var secret seal.Secret
		err := b.DB.Write(ctx, func(tx *db.Tx) error {
			var err error
			e, secret, err = b.bookFor(ctx, tx, by, r)
			return err
		})
		full, ok := errors.AsType[*overflowing](err)
		if ok {
			if err := b.addOverflow(ctx, by.TenantID, full); err != nil {
				return nil, "", err
			}
			continue
		}
		if err != nil {
			return nil, "", err
		}
		b.Wake()
		return e, secret, nil
	}
}

func (b *Bookings) bookFor(ctx context.Context, tx *db.Tx, by *staff.Member, r ForSomeone) (*Entry, seal.Secret, error) {
	if e, err := b.bookedBefore(ctx, tx, by, r.Once); e != nil || err != nil {
		return e, r.Once, err
	}
	cat, err := b.Offices.Catalogue(ctx, tx, by.TenantID)
	if err != nil {
		return nil, "", err
	}
	a, err := requestFor(cat, by, &r, tx)
	if err != nil {
		return nil, "", err
	}
	if _, err := b.lockDays(ctx, tx, a.day()); err != nil {
		return nil, "", err
	}
	if err := b.unchanged(ctx, tx, cat, a.day()); err != nil {
		return nil, "", err
	}
	if e, err := b.bookedBefore(ctx, tx, by, r.Once); e != nil || err != nil { // while this waited
		return e, r.Once, err
	}
	counter, err := placeFor(ctx, tx, a, r.Overbook)
	if err != nil {
		return nil, "", err
	}
	p, err := b.personFor(ctx, tx, by, r)
	if err != nil {
		return nil, "", err
	}
	a.PersonID = p.ID
	a.sealReason(p.Key)
	secret, err := insert(ctx, tx, a, counter, ChannelSlip, r.Once)
	if err != nil {
		return nil, "", err
	}
	v, err := b.find(ctx, tx, by, staff.Book, a.ID)
	if err != nil {
		return nil, "", err
	}
	if err := record(ctx, tx, by.Actor(), &v.Appointment, deed{action: actionBooked}); err != nil {
		return nil, "", err
	}
	b.countBooked(tx, &v.Appointment)
	v.Person.Data.Note = r.Data.Note // another one was about another appointment
	return entry(v, &fitting{}), secret, b.tellBoth(ctx, tx, v, message.Booked)
}

// requestFor checks what a clerk asks for, and tidies what was typed.
func requestFor(cat *office.Catalogue, by *staff.Member, r *ForSomeone, tx *db.Tx) (*Appointment, error) {
	location, ok := cat.Location(r.Location)
	if !ok {
		return nil, fault.New(fault.NotFound, "location.unknown")
	}
	if err := by.May(staff.Book, location.ID); err != nil {
		return nil, err
	}
	r.Overbook = strings.TrimSpace(r.Overbook)
	if r.Overbook != "" {
		if err := by.May(staff.Overbook, location.ID); err != nil {
			return nil, err
		}
	}
	if ReasonProblem(r.Overbook) != "" {
		return nil, fault.New(fault.Invalid, "visit.reason", "Max", MaxReason)
	}
	sel, err := cat.Select(r.Wanted)
	if err != nil {
		return nil, err
	}
	d, fields := person.CheckAtDesk(r.Data, tx.Now())
	if len(fields) > 0 {
		return nil, &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: fields}
	}
	r.Data = d
	start, err := startOf(location, r.Start, tx.Now(), true)
	if err != nil {
		return nil, err
	}
	a := newAppointment(cat, location, sel, start, r.Lang)
	a.State, a.Origin = Confirmed, OriginDesk
	return a, nil
}

// bookedBefore is what a form has booked, as it is now, or nil. It asks for Book
// at its location.
func (b *Bookings) bookedBefore(ctx context.Context, tx *db.Tx, by *staff.Member, once seal.Secret) (*Entry, error) {
	if once == "" {
		return nil, nil
	}
	v, err := b.open(ctx, tx, by.TenantID, once)
	if fault.Of(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := by.May(staff.Book, v.Location.ID); err != nil {
		return nil, err
	}
	e := entry(v, &fitting{})
	e.Again = true
	return e, nil
}
