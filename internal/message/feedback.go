// SPDX-License-Identifier: EUPL-1.2

package message

import (
	"fmt"

	"vorzimmer/internal/locale"
)

// Feedback tells the controller of a barrier on the pages.
const Feedback Kind = "feedback"

// FeedbackFacts is what such a mail says. A visitor typed all but Town and Written.
// Empty fields are not shown.
type FeedbackFacts struct {
	Town         string
	Written      locale.Lang // language of the page on which it was typed
	Barrier      string      // may have several lines
	Page         string      // on which it is
	Email, Phone string      // for the answer; without either none can be given
}

// Controller writes a report of a barrier to who answers for the pages. It is in
// German like the rest of the office's work.
func Controller(c *locale.Catalogue, to string, f FeedbackFacts) (Mail, error) {
	p := c.Printer(locale.DE)
	l := &letter{Lang: p.Lang(), Greeting: p.T("mail.greeting"), Subject: p.T("mail.feedback.subject", "Town", oneLine(f.Town))}
	l.lead(p.T("mail.feedback.lead"))
	if f.Email == "" && f.Phone == "" {
		l.lead(p.T("mail.feedback.no_answer"))
	} else {
		l.lead(p.T("mail.feedback.answer"))
	}
	l.add(p.T("mail.feedback.barrier"), manyLines(f.Barrier)...)
	l.add(p.T("mail.feedback.page"), manyLines(f.Page)...)
	l.add(p.T("mail.title.email"), f.Email)
	l.add(p.T("mail.title.phone"), f.Phone)
	l.add(p.T("mail.feedback.lang"), c.Printer(f.Written).T("language.name"))
	l.Foot = []string{p.T("mail.feedback.unchecked"), p.T("mail.foot.automatic"), oneLine(f.Town)}
	m, err := l.mail(to)
	if err != nil {
		return Mail{}, fmt.Errorf("write report of a barrier: %w", err)
	}
	return m, nil
}
