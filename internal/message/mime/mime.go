// SPDX-License-Identifier: EUPL-1.2

// Package mime puts a mail into the form in which it travels (RFC 5322 and
// MIME), the same for every transport. It sends nothing.
package mime

import (
	"bytes"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"

	"vorzimmer/internal/message"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"
)

// Sender is who mails come from.
type Sender struct {
	Name    string
	Address string // bare
}

// Check tells whether the address is one bare address.
func (s Sender) Check() error {
	if _, err := bare(s.Address); err != nil {
		return fmt.Errorf("sender: %w", err)
	}
	return nil
}

// Build makes the message. id becomes the left part of the Message-ID, at the
// Date. Every error is permanent and names no address.
func Build(from Sender, id string, at time.Time, m message.Mail) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := address(msg, from, id, m.To); err != nil {
		return nil, message.Permanent(err)
	}
	msg.SetDateWithValue(at)
	msg.Subject(oneLine(m.Subject))
	// Holiday notices and other robots must not answer (RFC 3834, section 5).
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	if m.Lang != "" {
		msg.SetGenHeader("Content-Language", oneLine(m.Lang))
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	if len(m.Calendar) > 0 {
		if err := calendar(msg, m); err != nil {
			return nil, message.Permanent(err)
		}
	}
	for _, f := range m.Files {
		err := msg.AttachReader(oneLine(f.Name), bytes.NewReader(f.Content), gomail.WithFileContentType(gomail.ContentType(oneLine(f.Type))))
		if err != nil {
			return nil, message.Permanent(fmt.Errorf("attach a file: %w", err))
		}
	}
	return msg, nil
}

func address(msg *gomail.Msg, from Sender, id, recipient string) error {
	sender, err := bare(from.Address)
	if err != nil {
		return fmt.Errorf("sender: %w", err)
	}
	to, err := bare(recipient)
	if err != nil {
		return fmt.Errorf("recipient: %w", err)
	}
	full := (&mail.Address{Name: oneLine(from.Name), Address: sender}).String()
	if err := msg.From(full); err != nil {
		return errNoAddress // the cause would quote it
	}
	if err := msg.To((&mail.Address{Address: to}).String()); err != nil {
		return errNoAddress
	}
	msg.SetMessageIDWithValue(id + "@" + sender[strings.LastIndexByte(sender, '@')+1:])
	return nil
}

// calendar adds the entry twice: as an alternative, by which mail programs
// offer to enter, move or remove it, and as a file for the others.
func calendar(msg *gomail.Msg, m message.Mail) error {
	switch m.Method {
	case message.MethodRequest, message.MethodCancel:
	default:
		return errors.New("calendar entry with a method that no mail has")
	}
	// Base64 keeps the line ends and folds of the entry as they are.
	msg.AddAlternativeString(gomail.ContentType("text/calendar; method="+m.Method), string(m.Calendar),
		gomail.WithPartEncoding(gomail.EncodingB64))
	// Not text/calendar, or some programs would process the entry twice.
	err := msg.AttachReader("termin.ics", bytes.NewReader(m.Calendar), gomail.WithFileContentType("application/ics"))
	if err != nil {
		return fmt.Errorf("attach calendar entry: %w", err)
	}
	return nil
}

// longestAddress is what fits into a path of 256 octets with its brackets
// (RFC 5321, section 4.5.3.1.3).
const longestAddress = 254

var errNoAddress = errors.New("not a mail address")

// bare checks that s is one address without a display name, comment or line
// break, and writes its domain in ASCII, as not every server takes another.
func bare(s string) (string, error) {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || oneLine(s) != s {
		return "", errNoAddress
	}
	at := strings.LastIndexByte(s, '@')
	domain, err := idna.Lookup.ToASCII(s[at+1:])
	if err != nil || at+1+len(domain) > longestAddress {
		return "", errNoAddress
	}
	return s[:at+1] + domain, nil
}

// oneLine keeps control characters out of headers.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}
