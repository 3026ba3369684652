// SPDX-License-Identifier: EUPL-1.2

package message

import (
	"errors"
	"fmt"
	"time"

	"vorzimmer/internal/locale"
)

// Overdue tells the operator that data should have been deleted by now.
const Overdue Kind = "overdue"

// OverdueFacts is what such a mail says: nothing about anybody.
type OverdueFacts struct {
	Tenant  string    // its key
	LastRun time.Time // the last run without an error that is too long ago; zero: it ran
	Lines   []OverdueLine
}

// OverdueLine is how many rows of a class are late.
type OverdueLine struct {
	Class string // key of the register
	N     int
}

// Operator writes to whoever runs the program, in German like the office's work.
func Operator(c *locale.Catalogue, to string, f OverdueFacts) (Mail, error) {
	if to == "" {
		return Mail{}, errors.New("write to the operator: the address is missing")
	}
	p := c.Printer(locale.DE)
	l := &letter{Lang: p.Lang(), Greeting: p.T("mail.greeting"), Subject: p.T("mail.overdue.subject", "Tenant", f.Tenant)}
	l.lead(p.T("mail.overdue.lead", "Tenant", f.Tenant))
	if !f.LastRun.IsZero() {
		l.lead(p.T("mail.overdue.last", "Last", longWhen(p, f.LastRun)))
	}
	var late []string
	for _, line := range f.Lines {
		late = append(late, fmt.Sprintf("%s: %d", p.T("privacy.class."+line.Class), line.N))
	}
	l.addList(p.T("mail.overdue.late"), late...)
	l.add(p.T("mail.overdue.do_title"), p.T("mail.overdue.do"))
	l.Foot = []string{p.T("mail.foot.automatic")}
	return l.mail(to)
}
