// SPDX-License-Identifier: EUPL-1.2

package message

import (
	"fmt"
	"time"

	"vorzimmer/internal/locale"
)

// DayFacts is what the mail with the list of a day says. It is in German like
// the rest of the office's work.
type DayFacts struct {
	Town  string
	Place string
	Day   time.Time // the date
	AsOf  time.Time // in the zone of the place
	Lines []string  // one for each who comes
	File  File      // the same, to print
}

// Day writes the mail with the list of a day to an office.
func Day(c *locale.Catalogue, to string, f DayFacts) (Mail, error) {
	p := c.Printer(locale.DE)
	l := &letter{Lang: p.Lang(), Greeting: p.T("mail.greeting"),
		Subject: p.T("mail.list.subject", "Day", p.DateShort(f.Day), "Place", f.Place)}
	if len(f.Lines) == 0 {
		l.lead(p.T("mail.list.none", "Day", p.Date(f.Day), "Place", f.Place))
	} else {
		l.lead(p.N("mail.list.lead", len(f.Lines), "Day", p.Date(f.Day), "Place", f.Place))
	}
	l.lead(p.T("mail.list.as_of", "When", longWhen(p, f.AsOf)))
	l.addList(p.T("mail.list.heading"), f.Lines...)
	l.Foot = []string{p.T("mail.list.secret"), p.T("mail.foot.automatic"), oneLine(f.Town)}
	m, err := l.mail(to)
	if err != nil {
		return Mail{}, fmt.Errorf("write list of a day: %w", err)
	}
	m.Files = []File{f.File}
	return m, nil
}
