// SPDX-License-Identifier: EUPL-1.2

package message

import "vorzimmer/internal/locale"

// withheld is what a citizen's mailbox and calendar may say. Others look at them:
// of a sensitive service they learn neither name nor cost, what to bring nor
// how long it takes. All of it is on the page behind ManageURL.
func (f Facts) withheld() Facts {
	if f.Sensitive {
		f.Services, f.Bring, f.Fees, f.Minutes = nil, nil, nil, 0
	}
	return f
}

// calendarHead is the title and the place of a calendar entry, which stand in every
// view of a calendar. The name of an office may tell what it does.
func (f Facts) calendarHead(p *locale.Printer) (string, string) {
	if f.Sensitive {
		return p.T("mail.sensitive.summary"), join(f.Address...)
	}
	return p.T("mail.calendar.summary", "Place", oneLine(f.Place), "Town", oneLine(f.Town)), where(f)
}

// manageLabel says what the link to the appointment is good for: where the mail
// itself withholds something, also to see it.
func manageLabel(p *locale.Printer, kind Kind, f Facts) string {
	switch {
	case !f.Sensitive:
		return p.T("mail.link.manage")
	case kind == Cancelled || kind == Expired: // nothing left to move or cancel
		return p.T("mail.sensitive.see")
	}
	return p.T("mail.sensitive.manage")
}
