// SPDX-License-Identifier: EUPL-1.2

package message

import (
	"errors"
	"fmt"
	"time"

	"vorzimmer/internal/locale"
)

// StaffFacts is what a mail to somebody who works at the office says.
type StaffFacts struct {
	Lang  locale.Lang
	Town  string
	URL   string    // of the page that sets a password
	Until time.Time // how long it can be used, in the town's zone
}

// Staff writes the mail of a kind to somebody who works at the office: Invited,
// Reset or Forgotten.
func Staff(c *locale.Catalogue, kind Kind, to string, f StaffFacts) (Mail, error) {
	if f.URL == "" {
		return Mail{}, errors.New("write mail to staff: the link is missing")
	}
	p := c.Printer(f.Lang)
	l := &letter{Lang: p.Lang(), Greeting: p.T("mail.greeting"), Action: &link{p.T("mail.staff.link"), f.URL}}
	town := oneLine(f.Town)
	switch kind {
	case Invited:
		l.Subject = p.T("mail.staff.subject.invited", "Town", town)
		l.lead(p.T("mail.staff.lead.invited", "Town", town))
	case Reset:
		l.Subject = p.T("mail.staff.subject.reset")
		l.lead(p.T("mail.staff.lead.reset"))
	case Forgotten:
		l.Subject = p.T("mail.staff.subject.forgotten")
		l.lead(p.T("mail.staff.lead.forgotten"))
	default:
		return Mail{}, fmt.Errorf("write mail to staff: unknown kind %q", kind)
	}
	l.lead(p.T("mail.staff.until", "Until", longWhen(p, f.Until)))
	if kind == Forgotten {
		l.Foot = append(l.Foot, p.T("mail.staff.ignore"))
	}
	l.Foot = append(l.Foot, p.T("mail.foot.automatic"), town)
	return l.mail(to)
}
