// SPDX-License-Identifier: EUPL-1.2

package message

import (
	"fmt"

	"vorzimmer/internal/locale"
)

// The kinds of mail about an erasure that somebody wanted.
const (
	Erased    Kind = "erased"     // to the person: it is done
	EraseCopy Kind = "erase_copy" // to the mailbox of an office: delete its copies
)

// Copy is an appointment whose mails an office has to delete.
type Copy struct {
	Reference string // grouped
	Cancelled string // when and where it was to be, if that was still to come; else empty
}

// Erasure asks an office to delete its mails about appointments that the person had
// erased (Art. 17(2) and 19 GDPR), and says which are cancelled by that. It names
// nobody: it would be one copy more. It is in German like the rest of the office's
// work.
func Erasure(c *locale.Catalogue, to, town string, copies []Copy) (Mail, error) {
	p := c.Printer(locale.DE)
	l := &letter{Lang: p.Lang(), Greeting: p.T("mail.greeting"), Subject: p.T("mail.erase_copy.subject")}
	l.lead(p.T("mail.erase_copy.lead"))
	var references, cancelled []string
	for _, one := range copies {
		references = append(references, one.Reference)
		if one.Cancelled != "" {
			cancelled = append(cancelled, one.Reference+": "+one.Cancelled)
		}
	}
	l.addList(p.T("mail.erase_copy.references"), references...)
	l.addList(p.T("mail.erase_copy.cancelled"), cancelled...)
	l.Foot = []string{p.T("mail.erase_copy.why"), p.T("mail.foot.automatic"), oneLine(town)}
	m, err := l.mail(to)
	if err != nil {
		return Mail{}, fmt.Errorf("write request to delete copies: %w", err)
	}
	return m, nil
}
