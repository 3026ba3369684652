// SPDX-License-Identifier: EUPL-1.2

// Package message tells citizens and offices by mail what became of an
// appointment or account, those who work there how to get in, offices in the
// evening who comes the next day, and the controller which barriers people meet.
//
// Citizen, Office, Staff, Account, Day and Controller write a mail. Enqueue puts it, sealed, into a row of the
// transaction that changed the appointment, so the mail exists exactly if the
// change does. A Worker sends the rows; several processes may run one each.
//
// Delivery is at least once. When the process dies, or the connection to mail
// server or database breaks, after the mail server took a mail and before the
// row says so, that mail goes out again, with the same Message-ID: at most one
// duplicate for each such accident.
//
// This package does not know offices, bookings or persons: callers hand it
// facts that are ready to print.
package message

import (
	"context"
	"errors"
)

// Kind is what a mail is about.
type Kind string

// The kinds. The office gets the first three and the last, staff the three before it.
const (
	Booked    Kind = "booked"
	Moved     Kind = "moved"
	Cancelled Kind = "cancelled"
	Verify    Kind = "verify"   // please confirm your e-mail address
	Expired   Kind = "expired"  // nobody confirmed it, the slot is free again
	Reminder  Kind = "reminder" // it is one day ahead, for those who want to be told

	Invited   Kind = "invited"   // here is your account
	Reset     Kind = "reset"     // somebody who manages it has reset it
	Forgotten Kind = "forgotten" // somebody asked for a new password

	DayList Kind = "day_list" // who comes on a day
)

// Recipient is who gets a mail.
type Recipient string

// The recipients.
const (
	ToCitizen Recipient = "citizen"
	ToOffice  Recipient = "office"
	ToStaff   Recipient = "staff"
	ToAccount Recipient = "account" // of a citizen, who has or is to get one

	ToController Recipient = "controller" // who answers for the pages
	ToOperator   Recipient = "operator"   // who runs the program
)

// OfTenant tells whether mails to r belong to the tenant alone: to no appointment,
// nobody who works there and no list. They are sealed under AccountKey, and emptied
// when they are given up.
func (r Recipient) OfTenant() bool { return r == ToAccount || r == ToController || r == ToOperator }

// Mail is one mail, ready to be put into MIME.
type Mail struct {
	To       string `json:"to"`      // one bare address
	Lang     string `json:"lang"`    // BCP 47
	Subject  string `json:"subject"` // one line
	Text     string `json:"text"`
	HTML     string `json:"html"`
	Calendar []byte `json:"calendar,omitempty"` // iCalendar; nil: none
	Method   string `json:"method,omitempty"`   // of Calendar
	Files    []File `json:"files,omitempty"`
}

// File is something attached to a mail.
type File struct {
	Name    string `json:"name"`
	Type    string `json:"type"` // media type
	Content []byte `json:"content"`
}

// Transport hands one mail on. id is the row's and the same each time the
// mail is tried. An error that Permanent wrapped means that trying again is of
// no use. Texts of errors are stored and logged, so they carry neither
// addresses nor contents.
type Transport interface {
	Send(ctx context.Context, id string, m Mail) error
}

// permanent marks an error that trying again does not cure.
type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Permanent marks err as final: the mail will never be taken. nil stays nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanent{err}
}

// IsPermanent tells whether an error in err's chain was marked by Permanent.
func IsPermanent(err error) bool {
	_, ok := errors.AsType[permanent](err)
	return ok
}
