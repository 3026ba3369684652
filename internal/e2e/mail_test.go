// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"vorzimmer/internal/message/mailtest"
)

// captured is a mail that the demonstration caught.
type captured struct {
	id      string
	to      string
	subject string
	text    string
	entry   entry // its calendar entry; without one it is empty
}

// entry is what matters of a calendar entry.
type entry struct {
	method   string
	uid      string
	sequence int
	status   string
	start    string
}

// mails are those that have been caught, oldest first, without the lists of the
// next day: those come when it is evening where the test runs.
func mails(t testing.TB, p *process) []captured {
	t.Helper()
	v := newVisitor(t, p)
	var all []captured
	v.page("/demo/mail").doc().Find(`main a[href^="/demo/mail/"]`).Each(func(_ int, s *goquery.Selection) {
		all = append(all, v.mail(s.AttrOr("href", "")))
	})
	slices.Reverse(all)
	return slices.DeleteFunc(all, func(m captured) bool { return strings.HasPrefix(m.subject, "Terminliste für ") })
}

func (v *visitor) mail(path string) captured {
	v.t.Helper()
	raw := v.page(path + "/raw.eml").Body
	m := mailtest.Parse(v.t, []byte(raw))
	c := captured{id: strings.TrimPrefix(path, "/demo/mail/"), to: strings.Trim(m.Header.Get("To"), "<>"),
		subject: m.Word(v.t, "Subject"), text: m.Part(v.t, "text/plain").Body}
	for _, part := range m.Parts {
		if part.Type == "text/calendar" {
			c.entry = parseEntry(v.t, part.Body)
			if own := part.Params["method"]; own != "" && own != c.entry.method {
				v.t.Errorf("mail %q: method %q around a calendar entry with %q", c.subject, own, c.entry.method)
			}
		}
	}
	return c
}

// parseEntry reads a calendar entry (RFC 5545) line by line.
func parseEntry(t testing.TB, ics string) entry {
	t.Helper()
	if !strings.Contains(ics, "BEGIN:VEVENT\r\n") {
		t.Fatalf("no calendar entry: %q", ics)
	}
	var e entry
	for line := range strings.SplitSeq(strings.ReplaceAll(ics, "\r\n ", ""), "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		name, _, _ = strings.Cut(name, ";")
		switch name {
		case "METHOD":
			e.method = value
		case "UID":
			e.uid = value
		case "STATUS":
			e.status = value
		case "DTSTART":
			e.start = value
		case "SEQUENCE":
			n, err := strconv.Atoi(value)
			if err != nil {
				t.Fatalf("sequence: %v", err)
			}
			e.sequence = n
		}
	}
	return e
}

// icsTime is a time of a form as a calendar entry has it.
func icsTime(t testing.TB, start string) string {
	t.Helper()
	n, err := strconv.ParseInt(start, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return time.Unix(n, 0).UTC().Format("20060102T150405Z")
}

// mailsTo waits until an address has got n mails.
func mailsTo(t testing.TB, p *process, address string, n int) []captured {
	t.Helper()
	var got []captured
	eventually(t, fmt.Sprintf("%d mails to one address", n), func() bool {
		got = slices.DeleteFunc(mails(t, p), func(m captured) bool { return m.to != address })
		return len(got) >= n
	})
	if len(got) != n {
		t.Fatalf("%d mails to one address, want %d", len(got), n)
	}
	return got
}

// offices are the addresses of the example's offices.
var offices = []string{"buergerbuero@example.org", "standesamt@example.org", "gewerbe@example.org"}

// officeMails are those among all that go to an office about an appointment.
func officeMails(all []captured, b appointment) []captured {
	return slices.DeleteFunc(slices.Clone(all), func(m captured) bool {
		return !slices.Contains(offices, m.to) || !strings.Contains(m.text, b.reference)
	})
}

var settled atomic.Int64

// settle waits until everything has been sent that was to be sent so far: it
// books an appointment of its own and waits for the mails about it, which
// come last.
func settle(t testing.TB, p *process) []captured {
	t.Helper()
	b := newVisitor(t, p).book(person(fmt.Sprintf("last%d@example.org", settled.Add(1))), 0, certificate)
	var all []captured
	eventually(t, "the last mails", func() bool {
		all = mails(t, p)
		return len(officeMails(all, b)) == 1 &&
			slices.ContainsFunc(all, func(m captured) bool { return m.to == b.email })
	})
	return slices.DeleteFunc(all, func(m captured) bool {
		return m.to == b.email || strings.Contains(m.text, b.reference)
	})
}

var manageLink = regexp.MustCompile(`http://\S+?/appointment/[A-Za-z0-9_-]+`)

// link is the path of the page that a mail leads to.
func (m captured) link(t testing.TB) string {
	t.Helper()
	u, err := url.Parse(manageLink.FindString(m.text))
	if err != nil || u.Path == "" {
		t.Fatalf("mail %q has no link", m.subject)
	}
	return u.Path
}
