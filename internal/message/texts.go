// SPDX-License-Identifier: EUPL-1.2

package message

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"vorzimmer/internal/locale"
)

// Citizen writes the mail of a kind to the citizen. now is the time stamp of
// the calendar entry that comes with Booked, Moved and Cancelled. Of a sensitive
// service it tells as much as others may see who look at the mailbox.
func Citizen(c *locale.Catalogue, now time.Time, kind Kind, to string, f Facts) (Mail, error) {
	switch kind {
	case Booked, Moved, Cancelled, Verify, Expired, Reminder:
	default:
		return Mail{}, fmt.Errorf("write mail to the citizen: unknown kind %q", kind)
	}
	if kind == Verify && f.VerifyURL == "" {
		return Mail{}, errors.New("write mail to the citizen: the link to confirm is missing")
	}
	p := c.Printer(f.Lang)
	f = f.withheld()
	l := newLetter(p, "citizen", kind, f)
	l.lead(p.T("mail.citizen."+string(kind)+".lead",
		"When", longWhen(p, f.Start), "N", p.Minutes(f.VerifyMinutes)))
	if kind == Verify {
		l.lead(p.T("mail.citizen.verify.kept",
			"When", longWhen(p, f.Start), "Until", p.DayMonth(f.VerifyDeadline)+", "+p.Time(f.VerifyDeadline)))
	}
	l.lead(where(f))
	l.lead(p.T("mail.reference", "Reference", f.Reference))
	if f.Sensitive {
		l.lead(p.T("mail.sensitive.details", "Link", manageLabel(p, kind, f)))
	}
	citizenLinks(l, p, kind, f)
	citizenSections(l, p, kind, f)
	citizenFoot(l, p, kind, f)
	m, err := l.mail(to)
	if err != nil {
		return Mail{}, err
	}
	if method := calendarMethod(kind); method != "" {
		m.Method = method
		m.Calendar, err = f.ICS(c, now, method, to)
	}
	return m, err
}

func citizenLinks(l *letter, p *locale.Printer, kind Kind, f Facts) {
	switch kind {
	case Verify:
		l.Action = &link{p.T("mail.link.verify"), f.VerifyURL}
		l.link(manageLabel(p, kind, f), f.ManageURL)
	case Booked, Moved, Reminder:
		l.link(manageLabel(p, kind, f), f.ManageURL)
	default:
		if f.Sensitive { // the mail does not say what it was about
			l.link(manageLabel(p, kind, f), f.ManageURL)
		}
		l.link(p.T("mail.link.start"), f.StartURL)
	}
}

func citizenSections(l *letter, p *locale.Printer, kind Kind, f Facts) {
	if kind == Moved && !f.Previous.IsZero() {
		l.add(p.T("mail.title.previous"), longWhen(p, f.Previous))
	}
	if kind == Cancelled || kind == Expired {
		l.addList(p.T("mail.title.services"), serviceLines(f)...)
		return
	}
	l.addList(p.T("mail.title.bring"), f.Bring...)
	l.add(p.T("mail.title.place"), append([]string{f.Place}, f.Address...)...)
	l.add(p.T("mail.title.directions"), manyLines(f.Directions)...)
	l.addList(p.T("mail.title.services"), serviceLines(f)...)
	if f.Minutes > 0 {
		l.add(p.T("mail.title.minutes"), p.Minutes(f.Minutes))
	}
	l.addList(p.T("mail.title.fees"), f.Fees...)
}

func citizenFoot(l *letter, p *locale.Printer, kind Kind, f Facts) {
	if f.Phone != "" {
		l.Foot = append(l.Foot, p.T("mail.foot.phone", "Phone", oneLine(f.Phone)))
	}
	if kind == Verify {
		l.Foot = append(l.Foot, p.T("mail.foot.ignore"))
	} else {
		l.Foot = append(l.Foot, p.T("mail.foot.mistaken"))
	}
	l.Foot = append(l.Foot, p.T("mail.foot.automatic"), oneLine(f.Town))
}

// Office writes the mail of a kind to the office, which names the citizen. It
// has no calendar entry: an office keeps its list here. It names sensitive services
// like others, since the office prepares for them; the subject names none.
func Office(c *locale.Catalogue, kind Kind, to string, f Facts, o OfficeFacts) (Mail, error) {
	switch kind {
	case Booked, Moved, Cancelled:
	default:
		return Mail{}, fmt.Errorf("write mail to the office: unknown kind %q", kind)
	}
	p := c.Printer(f.Lang)
	l := newLetter(p, "office", kind, f)
	l.lead(p.T("mail.office."+string(kind)+".lead", "When", longWhen(p, f.Start)))
	l.lead(join(f.Place, o.Counter))
	l.lead(p.T("mail.reference", "Reference", f.Reference))
	if kind == Moved && !f.Previous.IsZero() {
		l.add(p.T("mail.title.previous"), longWhen(p, f.Previous))
	}
	if kind != Cancelled {
		l.link(p.T("mail.link.manage"), f.ManageURL)
	}
	l.add(p.T("mail.title.name"), o.FirstName+" "+o.LastName)
	l.add(p.T("mail.title.email"), o.Email)
	l.add(p.T("mail.title.phone"), o.Phone)
	l.add(p.T("mail.title.address"), manyLines(o.Address)...)
	l.add(p.T("mail.title.birthdate"), o.BirthDate)
	l.addList(p.T("mail.title.chosen"), serviceLines(f)...)
	if f.Minutes > 0 {
		l.add(p.T("mail.title.minutes"), p.Minutes(f.Minutes))
	}
	l.add(p.T("mail.title.note"), manyLines(o.Note)...)
	l.Foot = []string{p.T("mail.foot.automatic"), oneLine(f.Town)}
	return l.mail(to)
}

func newLetter(p *locale.Printer, reader string, kind Kind, f Facts) *letter {
	return &letter{
		Lang:     p.Lang(),
		Subject:  p.T("mail."+reader+"."+string(kind)+".subject", "When", p.DateShort(f.Start)+", "+p.Time(f.Start)),
		Greeting: p.T("mail.greeting"),
	}
}

func longWhen(p *locale.Printer, t time.Time) string { return p.Date(t) + ", " + p.Time(t) }

// where is the place with its address in one line.
func where(f Facts) string { return join(append([]string{f.Place}, f.Address...)...) }

// join puts commas between the parts that are not empty.
func join(parts ...string) string {
	var kept []string
	for _, part := range parts {
		if part = oneLine(part); part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ", ")
}

func serviceLines(f Facts) []string {
	var out []string
	for _, s := range f.Services {
		if s.Quantity > 1 {
			out = append(out, fmt.Sprintf("%d × %s", s.Quantity, s.Name))
		} else {
			out = append(out, s.Name)
		}
	}
	return out
}
