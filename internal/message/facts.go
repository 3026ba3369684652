// SPDX-License-Identifier: EUPL-1.2

package message

import (
	"strings"
	"time"
	"unicode"

	"vorzimmer/internal/locale"
)

// Facts is what a mail says about an appointment. Nothing in it was typed by
// a visitor, so all of it may go to a mailbox that nobody has confirmed. All
// strings are in Lang.
type Facts struct {
	Lang           locale.Lang // of the reader; German when empty
	ID             string      // of the appointment
	Sequence       int         // of the calendar entry (RFC 5545, 3.8.7.4)
	Host           string      // of the base URL; part of the calendar entry's UID
	Organizer      string      // address that the mail comes from
	Town           string
	Reference      string    // grouped: "4829 1375"
	Start, End     time.Time // in the location's zone
	Previous       time.Time // where a moved appointment was; zero: not said
	Services       []Line
	Sensitive      bool // Services say a lot about the reader: see withheld
	Minutes        int  // length for the citizen
	Place          string
	Address        []string // lines
	Phone          string
	Directions     string
	Bring          []string
	Fees           []string
	ManageURL      string
	VerifyURL      string    // for Verify
	VerifyMinutes  int       // for Verify: time to confirm
	VerifyDeadline time.Time // for Verify: until when the slot is kept, in the location's zone
	StartURL       string    // to book again, for Cancelled and Expired; empty: not offered
}

// Line is one service of an appointment.
type Line struct {
	Name     string
	Quantity int
}

// OfficeFacts is what the office learns in addition. Much of it was typed by a
// visitor. Empty fields are not shown.
type OfficeFacts struct {
	FirstName, LastName string
	Email, Phone        string
	Address             string
	BirthDate           string
	Note                string
	Counter             string // name, as the office wrote it
}

// oneLine makes s safe for a header or a line of text: control characters and
// line breaks become spaces; characters that turn the direction of what
// follows are dropped, since they can make a name look like another text
// (Unicode Standard Annex 9, section 2).
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}

// manyLines is oneLine for each line of s that says something.
func manyLines(s string) []string {
	var out []string
	for line := range strings.Lines(strings.ReplaceAll(s, "\r", "\n")) {
		if line = oneLine(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
